"""A return that was filed is forgotten once its time has ended: on two people's word, for good."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.erasure import Erasures
from domain.filing import FilingErased, FilingErasureApproved
from domain.words import Code
from tests.conftest import OWNER, Database
from tests.doors.conftest import Cli, Doors
from tests.doors.copied import both, empty_place, newest, opened, restored
from tests.doors.test_erasing_a_person import erased
from tests.doors.test_erasure import approver
from tests.doors.test_filing import (
    AS,
    FILINGS,
    MANAGER,
    RECEIVED,
    YEAR,
    a_case,
    file,
    told,
)
from tests.doors.test_tampering_erasures import appended, due

WHAT = {"retention_class": "filed_return", "authority": "retention_ended"}


def ask(doors: Doors, name: str, worker: str, **more: Any) -> tuple[int, str]:  # noqa: ANN401 — any JSON
    """Ask of a filing as a manager; give the status, and what a refusal is called."""
    body = {"command": {**WHAT, **more}}
    version = told(doors, FILINGS)["version"]
    answer = doors.post(
        f"/v1/returns/{name}", body, version=version, Holdfast_Worker=worker, **MANAGER
    )
    return answer.status_code, answer.json().get("code", "")


def ended(doors: Doors, entry: int) -> tuple[int, str]:
    """Have the erasure of a filing approved by one manager, and asked for by another."""
    first = ask(doors, "approve-filing-erasure", "one", target=entry)
    if first != (201, ""):
        return first
    at = told(doors, FILINGS)["version"]
    return ask(doors, "erase-filing", "another", target=entry, approvals=[at])


def test_what_was_filed_is_forgotten_and_the_record_proves_itself(doors: Doors, cli: Cli) -> None:
    """Nothing opens what went, another filing stays, that it was filed stays, and all verifies."""
    case = a_case(doors)
    first, second = file(doors), file(doors)
    assert ended(doors, first["entry"]) == (201, "")
    assert ended(doors, first["entry"]) == (422, "no_target")
    assert [one["forgotten"] for one in told(doors, FILINGS)["filings"]] == [True, False]
    for path in ("", "/cells/SG1f/1", "/difference"):
        answer = doors.get(f"{first['links']['self']}{path}", **MANAGER)
        assert (answer.status_code, "Forgotten" in answer.text) == (404, True)
        assert case not in answer.text
    assert told(doors, second["links"]["self"])["tables"]
    for follower in doors.followers:
        follower.close()
    shown = cli("return", "show", "2025-26", "--filing", "1", *AS)
    assert (shown.code, "Forgotten" in shown.out, first["sha256"] in shown.out) == (0, True, True)
    assert case in cli("return", "show", "2025-26", "SG1f", "--filed", "--cases", *AS).out
    verified = cli("verify", "--json")
    assert verified.code == 0, verified.out


def test_the_year_before_is_reckoned_where_its_filing_was_forgotten(doors: Doors) -> None:
    """Checks say that what was filed of the year before is kept no more, and reckon it."""
    doors.case(received="2024-05-01")
    doors.catch_up()
    filed = doors.post("/v1/returns/2024/filings", {}, **MANAGER).json()
    assert "filing 1" in told(doors, f"{YEAR}/checks")["variance"]["compared"]
    assert ended(doors, filed["entry"]) == (201, "")
    said = told(doors, f"{YEAR}/checks")["variance"]["compared"]
    assert said.startswith("The year before was filed, and what was filed is kept no more")


@pytest.mark.parametrize("table", ["data_key", "subject_key"])
def test_a_key_taken_away_is_no_end_of_a_filing(
    doors: Doors, database: Database, cli: Cli, table: str
) -> None:
    """Where no entry ended it, it proves itself no more at any door, and none before stands in."""
    a_case(doors)
    file(doors)
    last = file(doors)
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute("SET session_replication_role = replica")
        gone = conn.execute(f"DELETE FROM keyring.{table} WHERE subject = %s", (last["document"],))
        assert gone.rowcount == 1
    here = last["links"]["self"]
    next_year = "/v1/returns/2026"
    for path in (here, f"{here}/cells/SG1f/1", f"{here}/difference", f"{next_year}/checks"):
        assert doors.get(path, **MANAGER).status_code == 500, path
    for path in (f"{YEAR}/report?format=html", f"{next_year}/report?format=html"):
        assert doors.get(path, **MANAGER).status_code == 500, path
    said = cli("verify", "--json")
    assert (said.code, last["document"] in said.json["documents"]["problems"][0]) == (6, True)
    assert ended(doors, last["entry"]) == (201, "")
    assert "kept no more" in told(doors, f"{next_year}/checks")["variance"]["compared"]


def test_an_end_that_a_restored_log_lost_is_an_end(
    doors: Doors, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Restored from before it, with the newest keyring, a filing is kept no more, and no fault."""
    a_case(doors)
    filed, outside = file(doors), tmp_path_factory.mktemp("outside")
    backup, keys = both(doors, outside)
    assert ended(doors, filed["entry"]) == (201, "")
    newest(doors, keys)
    master = doors.office.settings.master_key_file.read_bytes()
    with empty_place(database, outside / "place", master) as place:
        restored(place, backup, keys)
        with opened(place) as there:
            assert there.get(filed["links"]["self"], **MANAGER).status_code == 404
            said = told(there, "/v1/returns/2026/checks")["variance"]["compared"]
            assert "what was filed is kept no more" in said


def test_the_last_filing_that_is_kept_goes_on(doors: Doors) -> None:
    """Where the last was erased, report, checks and ages go by the one before, and say which."""
    child = doors.person(name="Ann Example", date_of_birth="2012-01-01")
    a_case(doors, child)
    first = file(doors)
    erased(doors, child)
    assert ended(doors, file(doors)["entry"]) == (201, "")
    doors.catch_up()
    report = doors.get(f"{YEAR}/report?format=html", **MANAGER).text
    assert f"as filed (filing 1, entry {first['position']} of the record" in report
    assert "Filed again since (filing 2), which is kept no more." in report
    said = told(doors, "/v1/returns/2026/checks")["variance"]["compared"]
    assert ("filing 1;" in said, "(filing 2), which is kept no more" in said) == (True, True)
    assert told(doors, f"{YEAR}/SG1f")["cells"][0]["value"] == 0


def test_a_filing_takes_two_people(doors: Doors) -> None:
    """Nobody erases what was filed on their own word, nor anything that was not filed."""
    a_case(doors)
    entry = file(doors)["entry"]
    assert ask(doors, "erase-filing", "one", target=entry) == (422, "not_approved")
    assert ask(doors, "approve-filing-erasure", "one", target=1) == (422, "no_target")
    assert ask(doors, "approve-filing-erasure", "one", target=entry) == (201, "")
    at = told(doors, FILINGS)["version"]
    alone = ask(doors, "erase-filing", "one", target=entry, approvals=[at])
    assert alone == (422, "same_approver")
    assert told(doors, f"{FILINGS}/1")["tables"]


HELD: dict[str, tuple[str, bool]] = {
    "of the year": (RECEIVED, True),
    "perhaps of the year": ("unknown", True),
    "of another year": ("2025-03-31", False),
    "told since": (RECEIVED, False),
}


@pytest.mark.parametrize("which", HELD)
def test_a_legal_hold_beats_the_end_of_a_filing(doors: Doors, which: str) -> None:
    """While a hold stands on a case it can tell of nothing goes; a hold on another keeps nothing.

    The list of filings names the case, and whoever verifies finds nothing amiss.
    """
    received, keeps = HELD[which]
    case = "" if which == "told since" else doors.case(received=received)
    entry = file(doors)["entry"]
    case = case or doors.case(received=received)
    hold = {"command": {"reason": "court"}}
    answer = doors.post(f"/v1/cases/{case}/place-legal-hold", hold, version=1)
    assert answer.status_code == 201, answer.text
    held = {"cases": [case] if keeps else [], "restricted": 0}
    assert [one["held"] for one in told(doors, FILINGS)["filings"]] == [held]
    assert ended(doors, entry) == ((422, "legal_hold") if keeps else (201, ""))
    found = list(Erasures(doors.office.record).accounts().wrong())
    assert found == []


def test_a_hold_on_a_restricted_case_is_counted(doors: Doors, cli: Cli) -> None:
    """Whoever may not open the case is told that one keeps what was filed, and not which."""
    case = a_case(doors)
    entry = file(doors)["entry"]
    for name, command in (
        ("place-legal-hold", {"reason": "court"}),
        ("restrict-processing", {"ground": "accuracy_contested"}),
    ):
        version = len(doors.office.record.log.stream(UUID(case)))
        path = f"/v1/cases/{case}/{name}"
        answer = doors.post(path, {"command": command}, version=version, **MANAGER)
        assert answer.status_code == 201, answer.text
    listed = told(doors, FILINGS)
    assert listed["filings"][0]["held"] == {"cases": [], "restricted": 1}
    assert ask(doors, "approve-filing-erasure", "one", target=entry) == (201, "")
    for follower in doors.followers:
        follower.close()
    refused = cli("return", "end", "2025-26", *AS)
    assert refused.code == 2
    assert "cases that this can tell of: 1" in refused.err
    assert ("1 more are restricted" in refused.err, case in refused.err) == (True, False)


def test_the_command_line_ends_a_filing(doors: Doors, cli: Cli) -> None:
    """`return end` approves or erases: by oneself it is refused, by another's word it is done."""
    a_case(doors)
    entry = file(doors)["entry"]
    for follower in doors.followers:
        follower.close()
    end = ("return", "end", "2025-26", *AS)
    assert cli("return", "end", "2025-26", "--role", "analyst").code == 2
    assert cli(*end, "--approve").code == 0
    assert cli(*end).code == 2  # they approved it themselves
    assert ask(doors, "approve-filing-erasure", "one", target=entry) == (201, "")
    done = cli(*end)
    assert (done.code, "Forgotten" in done.out) == (0, True), done.err
    assert "Forgotten" in cli("return", "show", "2025-26", "--filed", *AS).out


def test_a_filing_erased_past_its_law_is_named(doors: Doors, cli: Cli) -> None:
    """Put into the log by another way, on one person's word, `verify` names it and what it took."""
    a_case(doors)
    filed = file(doors)
    kind = {name: Code(code) for name, code in WHAT.items()}
    stream, at = doors.office.authority, told(doors, FILINGS)["version"]
    one = approver(doors, "one")
    approved = FilingErasureApproved(target=filed["entry"], use_by=due(doors), **kind)
    appended(doors, stream, at, approved, one)
    gone = FilingErased(target=filed["entry"], approvals=(at + 1,), **kind)
    position = appended(doors, stream, at + 1, gone, one)
    doors.office.erasure.carry_out()
    said = cli("verify", "--json")
    assert said.code == 6
    assert f"position {position}: it erased without the approvals" in said.out
    assert filed["document"] in said.out
