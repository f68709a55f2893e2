"""A person erased in their own stream: also one whom no case names, by the same law."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.chronologies.entries import read_entries
from api.chronologies.loading import load, new_target
from api.chronologies.sheet import read_sheet
from api.office import Office
from api.register import Register
from domain import stored
from domain.erasure import erased_until as erasures
from domain.record.verification import verify
from domain.record.wrapping import requests_secret
from domain.words import Actor, Code, PersonRef, Slug, WorkerRef
from projections.rebuild import verify as compared
from tests.conftest import Database
from tests.doors.conftest import Doors, opened_doors, referral, settings_for
from tests.doors.test_erasure import ACCOUNT, approver, erase, told

NAME = "Nora Nowhere"
NUMBER = {"system": "nhs", "id": "000 000 0000"}


def erasure(scope: str = "person", **more: Any) -> dict[str, Any]:  # noqa: ANN401 — any JSON
    """Give what is to go, and on what ground: of an approval, or of the erasure by it."""
    return {
        "command": {
            "scope": scope,
            "retention_class": "contact_only",
            "authority": "erasure_request",
            **more,
        }
    }


def approved(
    doors: Doors,
    person: str,
    version: int = 1,
    scope: str = "person",
    **more: Any,  # noqa: ANN401 — any JSON
) -> tuple[int, str]:
    """Approve an erasure as another manager; give its status and what a refusal is called."""
    path = f"/v1/persons/{person}/approve-person-erasure"
    body = erasure(scope, **more)
    answer = doors.post(path, body, version=version, Holdfast_Worker="another")
    return answer.status_code, answer.json().get("code", "")


def erased(
    doors: Doors,
    person: str,
    version: int = 1,
    scope: str = "person",
    **more: Any,  # noqa: ANN401 — any JSON
) -> tuple[int, str]:
    """Have an erasure approved and ask for it; give its status and what a refusal is called."""
    first = approved(doors, person, version, scope, **more)
    if first != (201, ""):
        return first
    body = erasure(scope, approvals=[version + 1], **more)
    answer = doors.post(f"/v1/persons/{person}/erase-person", body, version=version + 1)
    return answer.status_code, answer.json().get("code", "")


def registered(doors: Doors) -> str:
    """Register somebody whom no case names, with a name and another system's number."""
    command = {"details": {"name": NAME, "postcode": "ZZ1 1ZZ"}, "external": [NUMBER]}
    answer = doors.post("/v1/persons", {"command": command})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["stream"])


def demand_whole(doors: Doors, forgotten: int) -> None:
    """Hold the record to its proof, and every view to what a rebuild makes."""
    office = doors.office
    with office.database.connect("holdfast_writer") as conn:
        named = partial(erasures, office.record.log)
        report = verify(conn, "cases", catalogue=stored, keyring=office.keyring, erased=named)
    report.demand()
    assert report.forgotten == forgotten
    doors.catch_up()
    for one in doors.followers:
        assert compared(
            one.projection,
            lambda: office.database.connect("holdfast_projector"),
            unseal=office.record.unseal,
        ).equal


def test_a_person_whom_no_case_names_is_forgotten(doors: Doors) -> None:
    """Erased in their own stream, nothing of the person opens, in any view and backwards in time.

    The record still proves itself and counts what was forgotten; live equals a rebuild.
    """
    person = registered(doors)
    before = doors.office.record.log.tail()
    assert NAME in doors.get(f"/v1/persons/{person}").text

    assert erased(doors, person) == (201, "")

    for path in ("", f"?as_at={before}", "/timeline", f"/timeline?as_at={before}"):
        answer = doors.get(f"/v1/persons/{person}{path}")
        assert answer.status_code == 200
        assert NAME not in answer.text
        assert "000 000 0000" not in answer.text
    assert doors.get(f"/persons/{person}").status_code == 200
    found = doors.client.post("/v1/search/persons", json={"name": NAME}).json()
    assert found["persons"] == []
    assert Register(doors.office).referred("nhs", "0000000000") == []
    demand_whole(doors, forgotten=3)


def test_the_words_a_name_is_searched_by_leave_no_byte(doors: Doors) -> None:
    """With the person's own erasure the search tokens are written anew, into other files."""
    person = registered(doors)
    doors.catch_up()

    def file() -> Any:  # noqa: ANN401 — what PostgreSQL calls it
        with doors.office.pool.connection() as conn:
            return conn.execute("SELECT pg_relation_filepath('views.people_tokens_g1')").fetchone()

    first = file()
    assert erased(doors, person) == (201, "")
    doors.catch_up()
    assert file() != first


def test_one_passage_of_a_person_is_forgotten_in_their_own_stream(doors: Doors) -> None:
    """What one event told is erased alone; what others told stays, and the event must be there."""
    person = registered(doors)
    details = {"command": {"details": {"address": "1 Example Road"}}}
    path = f"/v1/persons/{person}/record-person-details"
    assert doors.post(path, details, version=1).status_code == 201

    assert erased(doors, person, 2, "passage", target=9) == (422, "no_target")
    assert erased(doors, person, 2, "passage") == (422, "no_target")
    assert erased(doors, person, 2, "passage", target=2) == (201, "")

    text = doors.get(f"/v1/persons/{person}").text
    assert "Example Road" not in text
    assert NAME in text
    demand_whole(doors, forgotten=1)


def test_two_people_and_no_hold_stand_before_it(doors: Doors) -> None:
    """One person's word, or a hold on a case that names them, and nothing goes.

    Not even where the person is only spoken of in the case that is held.
    """
    person = registered(doors)
    path = f"/v1/persons/{person}/erase-person"
    assert doors.post(path, erasure(), version=1).json()["code"] == "not_approved"
    assert approved(doors, person) == (201, "")
    body = erasure(approvals=[2])
    own = doors.post(path, body, version=2, Holdfast_Worker="another")
    assert own.json()["code"] == "same_approver"

    case = doors.case(account={"about": person, "text": "She was there."})
    hold = {"command": {"reason": "court"}}
    assert doors.post(f"/v1/cases/{case}/place-legal-hold", hold, version=1).status_code == 201
    assert erased(doors, person, 2) == (422, "legal_hold")
    assert erased(doors, person, 3, "passage", target=1) == (422, "legal_hold")
    assert NAME in doors.get(f"/v1/persons/{person}").text

    lifted = doors.post(f"/v1/cases/{case}/lift-legal-hold", {"command": {"hold": 2}}, version=2)
    assert lifted.status_code == 201
    assert doors.post(path, body, version=4).status_code == 201
    assert "She was there." not in told(doors, case)


def test_only_a_manager_erases_a_person(doors: Doors) -> None:
    """Nobody else may, as with a case; and nobody is not erased."""
    person = registered(doors)
    for command in ("erase-person", "approve-person-erasure"):
        for role in ("practitioner", "auditor", "administrator"):
            path = f"/v1/persons/{person}/{command}"
            answer = doors.post(path, erasure(), version=1, Holdfast_Role=role)
            assert answer.status_code == 403
    assert erased(doors, str(uuid4()))[0] == 404
    assert erased(doors, doors.case())[0] == 404


def test_nothing_new_is_recorded_of_whoever_was_erased(doors: Doors) -> None:
    """After it their own stream takes nothing more, and no referral is about them (I13)."""
    person = registered(doors)
    assert erased(doors, person) == (201, "")
    details = {"command": {"details": {"name": NAME}}}
    later = doors.post(f"/v1/persons/{person}/record-person-details", details, version=3)
    again = doors.post("/v1/cases", {"command": referral(person, account=None)})
    assert [one.json()["code"] for one in (later, again)] == ["erased", "erased"]


def test_a_case_about_whoever_was_erased_is_taken_up_again_by_reopening_it(doors: Doors) -> None:
    """The adult of a case is forgotten in their own stream; reopening the case gives a new key."""
    adult = doors.person(name=NAME)
    case = doors.case(adult)
    assert erased(doors, adult) == (201, "")
    assert ACCOUNT in told(doors, case)

    said = {"about": adult, "text": "She came back."}
    noted = {"command": {"target": 1, "kind": "supplementary", "text": said}}
    path = f"/v1/cases/{case}/annotate-entry"
    assert doors.post(path, noted, version=1).json()["code"] == "erased"
    reopened = {"command": {"reason": "new_information"}}
    answer = doors.post(f"/v1/cases/{case}/reopen-case", reopened, version=1)
    assert answer.status_code == 201, answer.text
    assert doors.post(path, noted, version=2).status_code == 201
    assert doors.office.erasure.carry_out() == 0
    assert "She came back." in told(doors, case)
    assert NAME not in doors.get(f"/v1/persons/{adult}").text


def test_both_ways_of_erasing_one_person_are_each_carried_out_once(doors: Doors) -> None:
    """An erasure from a case and one in the person's own stream count as two, each done once."""
    adult = doors.person(name=NAME)
    case = doors.case(adult)
    erase(doors, case, "person", 1)
    reopened = {"command": {"reason": "new_information"}}
    assert doors.post(f"/v1/cases/{case}/reopen-case", reopened, version=3).is_success
    details = {"command": {"details": {"known_as": "Nonie"}}}
    assert doors.post(f"/v1/persons/{adult}/record-person-details", details, version=1).is_success
    assert "Nonie" in doors.get(f"/v1/persons/{adult}").text
    assert erased(doors, adult, 2) == (201, "")
    assert "Nonie" not in doors.get(f"/v1/persons/{adult}").text
    assert doors.office.erasure.carry_out() == 0


def test_a_persons_erasure_cut_short_is_finished_at_the_next_start(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded just before a crash, it is carried out before anything is shown again."""
    settings = settings_for(database, tmp_path)
    with Office(settings) as office, opened_doors(office) as doors:
        person = registered(doors)
        with monkeypatch.context() as patch:
            patch.setattr(office.handler, "_carry_out", lambda: None)  # killed right here
            assert erased(doors, person) == (201, "")
        assert NAME in doors.get(f"/v1/persons/{person}").text
    with Office(settings) as office, opened_doors(office) as doors:
        assert NAME not in doors.get(f"/v1/persons/{person}").text


def test_the_same_erasure_sent_again_is_answered_again(doors: Doors) -> None:
    """A repeated request is answered from the record, also when its keys are gone."""
    person = registered(doors)
    assert approved(doors, person) == (201, "")
    body, path = erasure(approvals=[2]), f"/v1/persons/{person}/erase-person"
    first = doors.post(path, body, version=2, key="again")
    second = doors.post(path, body, version=2, key="again")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["positions"] == second.json()["positions"]


def secrets(doors: Doors, person: str) -> int:
    """Count whatever key or secret there is about a person."""
    with doors.office.pool.connection() as conn:
        row = conn.execute(
            "SELECT (SELECT count(*) FROM keyring.data_key WHERE subject = %(who)s OR id = %(by)s)"
            " + (SELECT count(*) FROM keyring.subject_key WHERE subject = %(who)s)",
            {"who": person, "by": requests_secret(UUID(person))},
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_with_the_person_go_the_secrets_of_requests_and_imported_lines(
    doors: Doors, tmp_path: Path
) -> None:
    """No key and no secret about the person is left by which words could be tried."""
    office, person = doors.office, registered(doors)
    file = tmp_path / "lines.csv"
    file.write_text("Start date,Agency,Source,Event\n2026-10-01,Police,Log,She rang.\n")
    sheet = read_sheet(file)
    read = read_entries(
        sheet, jurisdiction=office.jurisdiction, now=office.clock.now(), agency=None
    )
    where = new_target(office, sheet.digest, PersonRef(UUID(person)))
    manager = WorkerRef(UUID(approver(doors, "one")))
    actor = Actor(worker=manager, role=Code("manager"), organisation=Slug("council"))
    assert load(office, where, read.entries, actor=actor).added == 1
    assert secrets(doors, person) > 0
    assert erased(doors, person) == (201, "")
    assert secrets(doors, person) == 0
    demand_whole(
        doors, forgotten=3 + 3
    )  # of the line: what it says, its file, how Police is written
