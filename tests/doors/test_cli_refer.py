"""`holdfast refer`: what another system calls a case, by the command line."""

from __future__ import annotations

import io

import pytest

from tests.conftest import Database
from tests.doors.conftest import Cli
from tests.doors.test_cli import CHRONOLOGIES, NOWHERE, plain, readings


@pytest.fixture
def june(cli: Cli) -> str:
    """Give the reference of a case made of June's chronology."""
    path = str(CHRONOLOGIES / "june.csv")
    return str(
        cli("import", "chronology", path, "--new-case", "--reference", path, "--json").json["case"]
    )


def test_a_case_is_given_the_name_another_system_has_for_it(
    cli: Cli, june: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is recorded as over HTTP, once, with its trace; the ID may come by standard input."""
    before = len(readings(database))
    said = cli("refer", june, "police", "CR 4711", "--json", "--purpose", "audit")
    assert said.code == 0, said.err
    assert (said.json["stream"], said.json["repeated"]) == (june, False)
    looked = readings(database)[before:]
    assert [(name, one["case"], one["door"], one["purpose"]) for name, one in looked] == [
        ("record-viewed.v1", june, "cli", "audit")
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("cr-4711\n"))
    again = cli("refer", june, "police", "--json")
    assert (again.json["version"], again.json["repeated"]) == (said.json["version"], True)
    external = cli("case", june, "--json").json["external"]
    assert [(one["what"], one["system"], one["id"]["text"]) for one in external] == [
        ("case", "police", "CR 4711")
    ]
    (entry,) = [
        one
        for one in cli("timeline", june, "--json").json["entries"]
        if one["name"] == "case-reference-added"
    ]
    assert (entry["purpose"], entry["role"]) == ("audit", "administrator")
    assert "was recorded before" in cli("refer", june, "police", "CR 4711").out


def test_a_reference_that_another_case_carries_is_named(
    cli: Cli, june: str, database: Database
) -> None:
    """The other case is named beside the answer, which is a look at it through this door."""
    path = str(CHRONOLOGIES / "ms-s.csv")
    other = cli("import", "chronology", path, "--new-case", "--reference", path, "--json").json[
        "case"
    ]
    assert cli("refer", other, "police", "CR 4711").code == 0
    said = cli("refer", june, "police", "CR 4711")
    assert said.code == 0, said.err
    assert f"the case {other} carries the same reference" in plain(said.out)
    _name, last = readings(database)[-1]
    assert (last["cases"], last["door"]) == ([other], "cli")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["nowhere", "police", "CR 4711"], 3, "There is no such case"),
        ([NOWHERE, "police", "CR 4711"], 3, "There is no such case"),
        (["june", "The Police", "CR 4711"], 2, "SYSTEM: "),
        (["june", "police", "CR 4711", "--document", "1"], 3, "brought no document to this case"),
        (["june", "police", ""], 2, "ID: "),
        (["june", "police", "CR 4711", "--role", "auditor"], 2, "This role may not record this"),
        (["june", "police", "CR 4711", "--purpose", "gossip"], 2, "--purpose is one of"),
        (["june"], 2, "something is missing (system)"),
    ],
)
def test_a_reference_that_cannot_be_recorded_says_why(
    cli: Cli, june: str, *, arguments: list[str], code: int, told: str
) -> None:
    """One line says what to mend; the ID is not repeated, and nothing is recorded."""
    said = cli("refer", *(june if one == "june" else one for one in arguments))
    assert (said.code, said.out) == (code, "")
    assert told in said.err
    assert said.err.count("\n") == 1
    assert "4711" not in said.err
    assert cli("case", june, "--json").json["external"] == []
