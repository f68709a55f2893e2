"""Days and years that need not be looked up: counted from today, by the command line."""

from __future__ import annotations

import pytest

from tests.doors.conftest import Cli
from tests.doors.test_cli import CHRONOLOGIES


@pytest.fixture
def june(cli: Cli) -> str:
    """Give the reference of a case made of June's chronology."""
    path = str(CHRONOLOGIES / "june.csv")
    return str(
        cli("import", "chronology", path, "--new-case", "--reference", path, "--json").json["case"]
    )


def test_a_day_may_be_counted_back_from_today(cli: Cli, june: str) -> None:
    """`-0d` is today and `-1d` yesterday, by every clock that is a day; else it is no day."""
    assert june
    assert cli("caseload", "--as-at", "-0d", "--json").json["as_at"] > 0
    assert cli("caseload", "--as-at", "-1d", "--json").json["as_at"] == 0
    today = cli("caseload", "--json").json["on"]
    assert cli("caseload", "--on", "-0d", "--json").json["on"] == today
    assert cli("reviews", "--as-of", "-1d", "--json").json["as_of"] < today
    assert cli("caseload", "--as-at", "-1w").code == 2


def test_the_last_year_of_the_return_is_one_that_ended(cli: Cli, june: str) -> None:
    """`last` needs no year to be known, and is never one that goes on."""
    assert june
    said = cli("return", "last", "SG1f", "--json", "--role", "manager")
    assert said.code == 0, said.err
    assert said.json["last"] < cli("caseload", "--json").json["on"]
