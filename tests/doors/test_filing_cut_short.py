"""A filing that is cut short, between what is kept and the entry that says it was filed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from api.filing import filing
from domain.access import DocumentKept
from domain.words import Digest
from projections.returns.periods import Span
from tests.conftest import LOGIN, OWNER, Database
from tests.doors.conftest import Cli, Doors
from tests.doors.test_erasure import approver
from tests.doors.test_filing import AS, FILINGS, MANAGER, YEAR, a_case, concerns, file, told
from tests.doors.test_tampering_erasures import appended

ROOT = Path(__file__).parents[2]


@contextmanager
def cut_short() -> Iterator[None]:
    """Cut every filing short as it is about to be recorded."""

    def never(*_: Any) -> int:  # noqa: ANN401 — whatever is asked
        raise RuntimeError

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("api.filing._recorded", never)
        yield


def unnamed(doors: Doors) -> list[bytes | None]:
    """Give what opens of each document that is kept and that no filing names."""
    office = doors.office
    facts = office.readings.open(office.readings.log.read(0))
    kept = {one.event.document for one in facts if isinstance(one.event, DocumentKept)}
    kept -= {UUID(one["document"]) for one in told(doors, FILINGS)["filings"]}
    return [office.documents.read(one, office.authority).content for one in sorted(kept)]


@pytest.mark.parametrize("other", ["/v1/returns/2024/filings", f"{FILINGS}?as_at={{}}"])
def test_a_filing_cut_short_lends_nothing_to_another(doors: Doors, other: str) -> None:
    """What the same key asks for then, another year or position, is filed as it was asked."""
    doors.case(received="2024-05-01")
    a_case(doors)
    at = doors.office.record.log.tail()
    a_case(doors)
    doors.catch_up()
    with cut_short():
        assert doors.post(FILINGS, {"note": "one"}, key="k", **MANAGER).status_code == 500
    answer = doors.post(other.format(at), {}, key="k", **MANAGER)
    assert answer.status_code == 201, answer.text
    filed = answer.json()
    opened = told(doors, filed["links"]["self"])
    same = ("year", "first", "last", "as_at", "annual_return")
    assert {one: opened[one] for one in same} == {one: filed[one] for one in same}
    assert concerns(opened) == 1
    assert told(doors, f"{filed['links']['difference']}?as_at={filed['as_at']}")["cells"] == []


def test_of_a_filing_cut_short_nothing_opens(doors: Doors, cli: Cli) -> None:
    """What it kept has no key, then or later, while the same request sent again is filed."""
    a_case(doors)
    doors.catch_up()
    with cut_short():
        assert doors.post(FILINGS, {}, key="k", **MANAGER).status_code == 500
    assert unnamed(doors) == [None]
    assert concerns(told(doors, file(doors, key="k")["links"]["self"])) == 1
    assert unnamed(doors) == [None]
    said = cli("verify", "--json")
    assert (said.code, said.json["documents"]["cut_short"]) == (0, 1)
    assert "1 documents that no entry names and nothing opens" in said.out
    assert "but for those that are counted apart" in said.out


def test_what_was_filed_is_held_to_the_entry_that_says_so(doors: Doors, cli: Cli) -> None:
    """A document of other days, position, figures or rules than its entry says proves nothing."""
    a_case(doors)
    file(doors)
    event = filing(doors.office, Span(year=2025)).event
    year = {"year": 2024, "first": date(2024, 4, 1), "last": date(2025, 3, 31)}
    others: list[dict[str, Any]] = [
        *(year, {"as_at": event.as_at - 1}, {"broken": ()}, {"sha256": Digest("0" * 64)})
    ]
    at = []
    for one in others:
        stream, version = doors.office.authority, told(doors, FILINGS)["version"]
        other = replace(event, **one)
        at.append(appended(doors, stream, version, other, approver(doors, "one")))
    filings = ["/v1/returns/2024/filings/1", *(f"{FILINGS}/{each}" for each in (2, 3, 4))]
    for path in (*filings, "/v1/returns/2024/report?format=html", f"{YEAR}/checks"):
        answer = doors.get(path, **MANAGER)
        assert (answer.status_code, "does not prove itself" in answer.text) == (500, True), path
    assert told(doors, f"{FILINGS}/1")["tables"]
    said = cli("verify", "--json")
    assert said.code == 6
    assert [one.split(":")[0] for one in said.json["beside_views"]] == [f"position {n}" for n in at]


KILLED = """
import os, signal, sys
from api import cli, filing
filing._recorded = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
sys.exit(cli.run(sys.argv[1:]))
"""


def test_of_a_process_killed_as_it_files_nothing_is_left_that_opens(
    doors: Doors, database: Database, cli: Cli
) -> None:
    """Killed for good, and filed again at the command line: one filing, one document that opens."""
    a_case(doors)
    for follower in doors.followers:
        follower.close()
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": database.conninfo(LOGIN),
        "HOLDFAST_OWNER_URL": database.conninfo(OWNER),
        "HOLDFAST_DATA": str(doors.office.settings.data),
    }
    command = [sys.executable, "-c", KILLED, "return", "file", "2025-26", *AS]
    done = subprocess.run(command, cwd=ROOT, env=environ, check=False)
    assert done.returncode == -signal.SIGKILL
    assert unnamed(doors) == [None]
    assert cli("return", "file", "2025-26", *AS).code == 0
    assert unnamed(doors) == [None]
    assert cli("verify").code == 0
