"""Forgetting through the doors: once answered, nothing opens what was erased, ever again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Response

from api.office import Office
from domain.words import Code
from tests.conftest import Database
from tests.doors.conftest import Doors, opened_doors, referral, settings_for

ACCOUNT = "Two carers did not come."
NAME = "Ann Example"
HARMER = "Harry Harmdoer"


def approver(doors: Doors, name: str) -> str:
    """Give the reference of a worker who is known."""
    return str(doors.office.worker("https://issuer.example", name, None, Code("manager")))


def erasure(scope: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 — any JSON
    """Give what is to go, and on what ground: of an approval, or of the erasure by it."""
    return {
        "command": {
            "scope": scope,
            "retention_class": "case_record",
            "authority": "retention_ended",
            **more,
        }
    }


def approve(doors: Doors, case: str, scope: str, version: int | str, **more: Any) -> Response:  # noqa: ANN401
    """Approve an erasure as another manager."""
    here = f"/v1/cases/{case}/approve-erasure"
    return doors.post(here, erasure(scope, **more), version=version, Holdfast_Worker="another")


def asked(
    doors: Doors,
    case: str,
    scope: str,
    version: int,
    key: str | None = None,
    **more: Any,  # noqa: ANN401
) -> Response:
    """Have an erasure approved at a version, and ask for it."""
    first = approve(doors, case, scope, version, **more)
    if first.status_code != 201:
        return first
    body = erasure(scope, approvals=[version + 1], **more)
    here = f"/v1/cases/{case}/erase-personal-data"
    return doors.post(here, body, version=version + 1, key=key)


def erase(doors: Doors, case: str, scope: str, version: int, **more: Any) -> str:  # noqa: ANN401
    """Erase what another manager approved, in two entries; give the key that was used."""
    key = str(uuid4())
    answer = asked(doors, case, scope, version, key, **more)
    assert answer.status_code == 201, answer.text
    return key


def told(doors: Doors, case: str, **query: str) -> str:
    """Everything the timeline says."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return doors.get(f"/v1/cases/{case}/timeline?{asked}").text


def test_an_erased_case_is_forgotten_backwards_in_time(doors: Doors) -> None:
    """After a case is erased no view of it, now or as at an earlier position, gives its text."""
    adult = doors.person(name=NAME)
    case = doors.case(adult)
    position = str(doors.office.record.log.tail())
    assert ACCOUNT in told(doors, case)

    erase(doors, case, "case", 1)

    assert ACCOUNT not in told(doors, case)
    assert ACCOUNT not in told(doors, case, as_at=position)
    assert NAME in doors.get(f"/v1/persons/{adult}").text


def test_an_erased_person_is_forgotten_and_the_case_is_not(doors: Doors) -> None:
    """Erasing the person takes who they are, and leaves what is about the case."""
    adult = doors.person(name=NAME)
    case = doors.case(adult)

    erase(doors, case, "person", 1)

    assert NAME not in doors.get(f"/v1/persons/{adult}").text
    assert ACCOUNT in told(doors, case)


def test_one_passage_is_forgotten_alone(doors: Doors) -> None:
    """Erasing the passages of one entry leaves those of every other."""
    case = doors.case(doors.person(name=NAME))
    later = "The neighbour rang again."
    noted = doors.post(
        f"/v1/cases/{case}/annotate-entry",
        {"command": {"target": 1, "kind": "supplementary", "text": later}},
        version=1,
    )
    assert noted.status_code == 201, noted.text

    erase(doors, case, "passage", 2, target=1)

    assert ACCOUNT not in told(doors, case)
    assert later in told(doors, case)


def test_an_erasure_cut_short_is_finished_at_the_next_start(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An erasure recorded just before a crash is carried out before anything is shown again."""
    settings = settings_for(database, tmp_path)
    with Office(settings) as office, opened_doors(office) as doors:
        case = doors.case(doors.person(name=NAME))
        with monkeypatch.context() as patch:
            patch.setattr(office.handler, "_carry_out", lambda: None)  # killed right here
            erase(doors, case, "case", 1)
        assert ACCOUNT in told(doors, case)
    with Office(settings) as office, opened_doors(office) as doors:
        assert ACCOUNT not in told(doors, case)


def test_an_erasure_asked_again_destroys_nothing_new(doors: Doors) -> None:
    """A repeated request is answered again; a case reopened since keeps its new passages."""
    case = doors.case(doors.person(name=NAME))
    key = erase(doors, case, "case", 1)
    reopened = doors.post(
        f"/v1/cases/{case}/reopen-case",
        {"command": {"reason": "new_information", "rationale": "It happened again."}},
        version=3,
    )
    assert reopened.status_code == 201, reopened.text

    body = erasure("case", approvals=[2])
    again = doors.post(f"/v1/cases/{case}/erase-personal-data", body, version=2, key=key)
    doors.office.erasure.carry_out()

    assert again.status_code == 200
    assert "It happened again." in told(doors, case)


def refused(doors: Doors, case: str, scope: str, version: int, **more: Any) -> tuple[int, str]:  # noqa: ANN401 — any JSON
    """Give the status and code of an erasure that must not be, approved as it may be."""
    answer = asked(doors, case, scope, version, **more)
    return answer.status_code, str(answer.json()["type"]).rpartition("/")[2]


def test_a_hold_on_any_case_of_a_person_protects_the_person(doors: Doors) -> None:
    """A person is not erased from one case while another case about them is held."""
    adult = doors.person(name=NAME)
    held, other = doors.case(adult), doors.case(adult)
    placed = doors.post(
        f"/v1/cases/{held}/place-legal-hold", {"command": {"reason": "court"}}, version=1
    )
    assert placed.status_code == 201, placed.text

    assert refused(doors, other, "person", 1)[0] == 422
    assert NAME in doors.get(f"/v1/persons/{adult}").text


def test_a_case_erases_only_its_own(doors: Doors) -> None:
    """Neither a stranger nor another case can be erased from a case, whatever is named."""
    case, other = doors.case(doors.person(name=NAME)), doors.case()
    stranger = doors.person(name="Somebody Else")
    for named in (stranger, other, str(uuid4())):
        assert refused(doors, case, "person", 1, person=named)[0] == 404
    assert "Somebody Else" in doors.get(f"/v1/persons/{stranger}").text


def test_somebody_whom_a_case_names_is_forgotten_from_it(doors: Doors) -> None:
    """Who is alleged to have caused harm is erased from a case that names them; it goes on."""
    adult, harmer = doors.person(name=NAME), doors.person(name=HARMER)
    case = doors.case(adult, account={"about": harmer, "text": f"{HARMER} shouted at her."})
    assert HARMER in told(doors, case)

    erase(doors, case, "person", 1, person=harmer)

    assert HARMER not in doors.get(f"/v1/persons/{harmer}").text
    assert HARMER not in told(doors, case)
    assert NAME in doors.get(f"/v1/persons/{adult}").text
    assert doors.get(f"/v1/cases/{case}").json()["erased"] is False
    noted = {"command": {"target": 1, "kind": "supplementary", "text": "She is well."}}
    answer = doors.post(f"/v1/cases/{case}/annotate-entry", noted, version=3)
    assert answer.status_code == 201, answer.text
    details = {"command": {"details": {"name": HARMER}}}
    again = doors.post(f"/v1/persons/{harmer}/record-person-details", details, version=1)
    assert again.json()["code"] == "erased"


def test_a_worker_whom_a_case_names_is_forgotten_from_it(doors: Doors) -> None:
    """A worker is erased from a case that names them, with everything that is about them."""
    worker = approver(doors, "somebody")
    case = doors.case(account={"about": worker, "text": "The officer fell ill."})
    erase(doors, case, "person", 1, person=worker)
    assert "fell ill" not in told(doors, case)
    assert doors.office.keyring.destroyed(UUID(worker))


def test_a_hold_protects_everybody_whom_its_case_names(doors: Doors) -> None:
    """Nobody is erased from one case while another that names them is held."""
    harmer = doors.person(name=HARMER)
    said = {"about": harmer, "text": f"{HARMER} was there."}
    held, other = doors.case(account=said), doors.case(account=said)
    placed = doors.post(
        f"/v1/cases/{held}/place-legal-hold", {"command": {"reason": "court"}}, version=1
    )
    assert placed.status_code == 201, placed.text
    assert refused(doors, other, "person", 1, person=harmer) == (422, "refused")
    assert HARMER in doors.get(f"/v1/persons/{harmer}").text
    lifted = doors.post(f"/v1/cases/{held}/lift-legal-hold", {"command": {"hold": 2}}, version=2)
    assert lifted.status_code == 201, lifted.text
    erase(doors, other, "person", 2, person=harmer)


def test_an_erasure_of_an_event_that_a_person_does_not_have_is_refused(doors: Doors) -> None:
    """What is to be forgotten of a person is there; a slip of the pen is not answered with yes."""
    adult = doors.person(name=NAME)
    case = doors.case(adult)
    assert refused(doors, case, "passage", 1, person=adult, target=2) == (422, "refused")
    assert NAME in doors.get(f"/v1/persons/{adult}").text


def test_a_text_is_about_somebody_who_can_be_forgotten(doors: Doors) -> None:
    """A text about a reference that nobody bears, or about another case, is pointed at."""
    adult, other = doors.person(name=NAME), doors.case()
    tail = doors.office.record.log.tail()
    for nobody in (str(uuid4()), other):
        said = {"about": nobody, "text": "It was he."}
        answer = doors.post("/v1/cases", {"command": referral(adult, account=said)})
        assert answer.status_code == 422
        assert answer.json()["code"] == "unknown_subject"
        (error,) = answer.json()["errors"]
        assert error["pointer"] == "/command/account"
        details = {"command": {"details": {"gp": said}}}
        answer = doors.post(f"/v1/persons/{adult}/record-person-details", details, version=1)
        assert answer.json()["errors"][0]["pointer"] == "/command/details/gp"
    assert doors.office.record.log.tail() == tail
    for known in (adult, doors.person(), approver(doors, "one")):
        doors.case(adult, account={"about": known, "text": "It was he."})


def test_somebody_of_whom_nothing_was_said_is_forgotten_too(doors: Doors) -> None:
    """A person without any detail is erased like another: nothing new is recorded of them (I13)."""
    adult = doors.person()
    case = doors.case(adult, account=None)
    erase(doors, case, "person", 1)

    details = {"command": {"details": {"name": NAME}}}
    later = doors.post(f"/v1/persons/{adult}/record-person-details", details, version=1)
    again = doors.post("/v1/cases", {"command": referral(adult, account=None)})
    assert [one.json()["code"] for one in (later, again)] == ["erased", "erased"]


def test_a_case_erased_twice_and_reopened_keeps_what_is_new(doors: Doors) -> None:
    """Each erasure is carried out once: what is recorded after a reopening is not its business."""
    case = doors.case(doors.person(name=NAME))
    erase(doors, case, "case", 1)
    erase(doors, case, "case", 3)
    reopened = doors.post(
        f"/v1/cases/{case}/reopen-case",
        {"command": {"reason": "new_information", "rationale": "It happened again."}},
        version=5,
    )
    assert reopened.status_code == 201, reopened.text
    assert doors.office.erasure.carry_out() == 0
    assert "It happened again." in told(doors, case)
    erase(doors, case, "case", 6)
    assert "It happened again." not in told(doors, case)


def test_an_erasure_carried_out_by_two_at_once_counts_once(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever carries out an erasure that another is at finds it done, so the next one is not."""
    case = doors.case(doors.person(name=NAME))
    with monkeypatch.context() as patch:
        patch.setattr(doors.office.handler, "_carry_out", lambda: None)
        erase(doors, case, "case", 1)
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda _: doors.office.erasure.carry_out(), range(4)))
    assert sorted(done) == [0, 0, 0, 1]


def test_an_erasure_is_approved_by_another_who_has_acted(doors: Doors) -> None:
    """Without an approval, or by one's own, nothing is forgotten; the field is pointed at (L14)."""
    case = doors.case(doors.person(name=NAME))
    here = f"/v1/cases/{case}/erase-personal-data"
    alone = doors.post(here, erasure("case"), version=1)
    assert (alone.status_code, alone.json()["code"]) == (422, "not_approved")
    assert alone.json()["errors"][0]["pointer"] == "/command/approvals"
    own = doors.post(f"/v1/cases/{case}/approve-erasure", erasure("case"), version=1)
    assert own.status_code == 201, own.text
    again = doors.post(here, erasure("case", approvals=[2]), version=2)
    assert (again.status_code, again.json()["code"]) == (422, "same_approver")
    assert again.json()["errors"][0]["pointer"] == "/command/approvals/0"
    other = doors.post(here, erasure("case", approvals=[2]), version=2, Holdfast_Role="auditor")
    assert other.status_code == 403
    assert ACCOUNT in told(doors, case)
    assert doors.post(
        here, erasure("case", approvals=[2]), version=2, Holdfast_Worker="another"
    ).is_success
    assert ACCOUNT not in told(doors, case)


def test_an_approval_is_given_in_ones_own_name(doors: Doors) -> None:
    """What one person records as another's approval is refused, and pointed at (L14)."""
    case, another = doors.case(), approver(doors, "one")
    body = {**erasure("case"), "performed_by": another}
    answer = doors.post(f"/v1/cases/{case}/approve-erasure", body, version=1)
    assert (answer.status_code, answer.json()["code"]) == (422, "approved_by_other")
    assert answer.json()["errors"][0]["pointer"] == "/performed_by"


def test_an_erasure_is_shown_as_it_was_whatever_is_corrected(doors: Doors) -> None:
    """An erasure's entry is not withdrawn: what is gone is not shown as being there (L9)."""
    case = doors.case(doors.person(name=NAME))
    erase(doors, case, "passage", 1, target=1)
    undo = {"target": 3, "reason": "entered_wrongly", "withdrawn": True, "understood": "A slip."}
    path = f"/v1/cases/{case}/correct-record"
    answer = doors.post(path, {"command": undo}, version=3)
    assert (answer.status_code, answer.json()["code"]) == (422, "erased_for_good")
    assert answer.json()["errors"][0]["pointer"] == "/command/withdrawn"
    said = {"command": {**undo, "withdrawn": False}}
    assert doors.post(path, said, version=3).status_code == 201


def test_an_erasure_of_one_passage_names_it(doors: Doors) -> None:
    """A passage is not erased without saying which, in whose stream."""
    adult = doors.person(name=NAME)
    case = doors.case(adult)
    assert refused(doors, case, "passage", 1)[0] == 422

    erase(doors, case, "passage", 1, person=adult, target=1)

    assert NAME not in doors.get(f"/v1/persons/{adult}").text
    assert ACCOUNT in told(doors, case)


def test_nothing_new_is_recorded_about_the_forgotten(doors: Doors) -> None:
    """A person whose data were erased gets no new referral and no new entry, text or none (I13)."""
    adult = doors.person(name=NAME)
    erase(doors, doors.case(adult), "person", 1)

    again = doors.post("/v1/cases", {"command": {**referral(adult), "account": None}})
    died = doors.post(
        f"/v1/persons/{adult}/record-death", {"command": {"died": "2026-11"}}, version=1
    )

    assert (again.status_code, died.status_code) == (422, 422)


def test_a_forgotten_name_is_not_searched_for(doors: Doors) -> None:
    """Erasing a person takes their name out of the search as well."""
    adult = doors.person(name=NAME)
    case = doors.case(adult)
    doors.catch_up()
    erase(doors, case, "person", 1)
    doors.catch_up()

    with doors.office.pool.connection() as conn:
        rows = conn.execute(
            "SELECT count(*) FROM views.people_tokens WHERE person = %s", (adult,)
        ).fetchone()

    assert rows == (0,)
