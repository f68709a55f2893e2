"""Whom a case names, every door knows at once: a restriction hides them, a reading is found."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from api.lookups import cases_naming
from domain.words import Code
from projections.naming import NAMING
from tests.doors.conftest import Doors, referral
from tests.doors.test_lag import poisonable

NHS = {"system": "nhs", "id": "943 476 5919"}
WRONG = {"reason": "entered_wrongly", "asked_by": "worker", "withdrawn": True}


def registered(doors: Doors) -> str:
    """Register somebody who is found by a name and by a reference."""
    body = {"command": {"details": {"name": "Restricta Example"}, "external": [NHS]}}
    answer = doors.post("/v1/persons", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["stream"])


def ask(doors: Doors, case: str, version: int, name: str, **command: Any) -> None:  # noqa: ANN401
    """Record something of a case."""
    answer = doors.post(f"/v1/cases/{case}/{name}", {"command": command}, version=version)
    assert answer.status_code == 201, answer.text


def restrict(doors: Doors, case: str, version: int) -> None:
    """Restrict the reading of a case."""
    ask(doors, case, version, "restrict-processing", ground="accuracy_contested")


def restricted_and_withdrawn(doors: Doors, person: str) -> None:
    """Restrict a case about a person, whose referral is withdrawn afterwards."""
    case = doors.case(person)
    restrict(doors, case, 1)
    ask(doors, case, 2, "correct-record", target=1, **WRONG)


def restricted_without_referral(doors: Doors, person: str) -> None:
    """Restrict a case that began with an entry of another agency's chronology."""
    case = str(uuid4())
    entry = {"agency": "police", "text": "Called out.", "persons": [person]}
    ask(doors, case, 0, "record-chronology-entry", **entry)
    restrict(doors, case, 1)


def restricted_by_a_passage(doors: Doors, person: str) -> None:
    """Restrict a case about somebody else, in which one passage is about the person."""
    restrict(doors, doors.case(account={"about": person, "text": "She rang."}), 1)


def seen(doors: Doors, person: str, purpose: str) -> dict[str, bool]:
    """Tell which doors show a person, without bringing any view up to date."""
    asked = {"headers": {"Holdfast-Purpose": purpose}}

    def found(what: str, **body: str) -> bool:
        answer = doors.client.post(f"/v1/search/{what}", json=body, **asked)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        return person in answer.text

    def opened(path: str) -> bool:
        answer = doors.client.get(path, **asked)  # type: ignore[arg-type]
        assert answer.status_code in {200, 403}, answer.text
        return answer.status_code == 200

    return {
        "person": opened(f"/v1/persons/{person}"),
        "timeline": opened(f"/v1/persons/{person}/timeline"),
        "page": opened(f"/persons/{person}?purpose={purpose}"),
        "name": found("persons", name="Restricta"),
        "reference": found("references", **NHS),
    }


@pytest.mark.parametrize(
    "restricted",
    [restricted_and_withdrawn, restricted_without_referral, restricted_by_a_passage],
)
@pytest.mark.parametrize("followed", [True, False])
def test_whoever_a_restricted_case_names_is_shown_by_no_door(
    doors: Doors,
    restricted: Any,  # noqa: ANN401 — a callable
    followed: bool,  # noqa: FBT001
) -> None:
    """However the case names them, also withdrawn, and wherever the view stands (I16)."""
    person = registered(doors)
    doors.catch_up()
    assert all(seen(doors, person, "safeguarding").values())
    restricted(doors, person)
    if followed:
        doors.catch_up()
    assert not any(seen(doors, person, "safeguarding").values())
    doors.catch_up()
    assert all(seen(doors, person, "protecting_others").values())


def test_a_reference_search_counts_and_traces_whom_it_shows(doors: Doors) -> None:
    """Whoever a restriction hides is no hit of the search, and nobody looked at them."""
    person = registered(doors)
    restricted_and_withdrawn(doors, person)
    before = len(doors.readings())
    assert not seen(doors, person, "safeguarding")["reference"]
    searches = [one for one in doors.readings()[before:] if hasattr(one, "hits")]
    assert [one.hits for one in searches] == [0, 0]
    assert not any(getattr(one, "person", None) for one in doors.readings()[before:])


def test_a_view_that_stopped_or_was_never_made_hides_no_naming(doors: Doors) -> None:
    """Beyond the view the log itself is asked, so that a restriction is never missed."""
    person = registered(doors)
    doors.catch_up()
    bad = poisonable(doors, NAMING.name)
    bad.set()
    case = doors.case(person)
    doors.catch_up()
    assert {str(one) for one in cases_naming(doors.office, UUID(person))} == {case}
    with doors.office.database.connect("holdfast_projector") as conn:
        conn.execute("DROP VIEW views.naming")
    assert {str(one) for one in cases_naming(doors.office, UUID(person))} == {case}


def test_a_view_of_other_code_is_not_relied_on(doors: Doors) -> None:
    """A view made where fewer fields were known to name somebody answers for nothing."""
    person = registered(doors)
    case = doors.case(person)
    doors.catch_up()
    with doors.office.database.connect("holdfast_projector") as conn:
        conn.execute("UPDATE views.generation SET version = 1 WHERE projection = 'naming'")
        conn.execute("UPDATE views.naming SET valid = int8range(lower(valid), lower(valid) + 1)")
    assert {str(one) for one in cases_naming(doors.office, UUID(person))} == {case}


def test_whom_a_case_is_not_about_has_no_earlier_referral_in_it(doors: Doors) -> None:
    """A case that only names somebody, or whose referral about them was withdrawn, is not one."""
    person = registered(doors)
    restricted_by_a_passage(doors, person)
    restricted_and_withdrawn(doors, person)
    first = doors.case(person)
    second = doors.case(person)
    told = {}
    for case in (first, second):
        (entry, *_) = doors.get(f"/v1/cases/{case}/timeline").json()["entries"]
        told[case] = len(entry["data"].get("earlier_referrals", []))
    assert told == {first: 0, second: 1}


def test_a_list_names_nobody_whom_another_case_restricts(doors: Doors) -> None:
    """The caseload and a case's page show the adult as restricted, unless the purpose opens it."""
    person = registered(doors)
    case = doors.case(person)
    doors.catch_up()
    for path in ("/", f"/cases/{case}"):
        assert "Restricta" in doors.get(path).text
    restricted_by_a_passage(doors, person)
    for path in ("/", f"/cases/{case}"):
        text = doors.get(path).text
        assert "Restricta" not in text
        assert "estricted (case" in text
        assert "Restricta" in doors.get(f"{path}?purpose=protecting_others").text


def test_what_is_received_again_names_nobody_who_is_restricted(doors: Doors) -> None:
    """It is said that something is there and whom to ask, without a reference or a trace (I16)."""
    person = registered(doors)
    incident = [{"system": "police", "id": "CR 7"}]
    case = doors.case(person, external=incident)
    restrict(doors, case, 1)
    before = len(doors.readings())
    again = (
        ("/v1/persons", {"details": {}, "external": [NHS]}),
        ("/v1/cases", referral(person, external=incident)),
    )
    for path, command in again:
        answer = doors.post(path, {"command": command})
        assert (answer.status_code, answer.json().get("links")) == (409, None)
        assert "ask a manager" in answer.json()["detail"]
        assert case not in answer.text
        assert person not in answer.text
    assert len(doors.readings()) == before
    for path, command in again:
        answer = doors.post(path, {"command": command, "purpose": "protecting_others"})
        assert answer.json()["links"]["existing"].endswith((case, person))


def test_a_reference_search_names_no_restricted_case(doors: Doors) -> None:
    """A case whose reading is restricted is no hit either; the answer says whom to ask (I16)."""
    number = {"system": "police", "id": "CR 8"}
    case = doors.case(external=[number])
    found = doors.client.post("/v1/search/references", json=number).json()
    assert (len(found["found"]), found["ask"]) == (1, None)
    restrict(doors, case, 1)
    answer = doors.client.post("/v1/search/references", json=number)
    assert answer.json()["found"] == []
    assert "ask a manager" in answer.json()["ask"]
    assert case not in answer.text
    through = {"Holdfast-Purpose": "protecting_others"}
    opened = doors.client.post("/v1/search/references", json=number, headers=through).json()
    assert [one["reference"] for one in opened["found"]] == [case]


def test_a_note_names_no_restricted_case(doors: Doors) -> None:
    """A reference that a restricted case carries too is noted without that case's name."""
    number = {"system": "police", "id": "CR 9"}
    first, second = doors.case(), doors.case()
    ask(doors, first, 1, "add-case-reference", reference=number)
    restrict(doors, first, 2)
    body = {"command": {"reference": number}}
    answer = doors.post(f"/v1/cases/{second}/add-case-reference", body, version=1)
    (note,) = answer.json()["notes"]
    assert (note["code"], note["links"]) == ("reference-shared", {})
    assert "ask a manager" in note["detail"]
    assert first not in answer.text


def test_who_did_a_thing_is_looked_up_as_it_is_recorded(doors: Doors) -> None:
    """A doer whom nobody registered is recorded and criticised; a known worker is not (R150)."""
    known = str(doors.office.worker("https://issuer.example", "known", None, Code("manager")))
    case = doors.case()
    note = {"command": {"target": 1, "kind": "context", "text": "Noted."}}
    path = f"/v1/cases/{case}/annotate-entry"
    for version, who in enumerate((known, str(uuid4())), 1):
        answer = doors.post(path, {**note, "performed_by": who}, version=version)
        assert answer.status_code == 201, answer.text
    found = doors.get(f"/v1/cases/{case}/findings?show=all").json()["findings"]
    at = [one["position"] for one in found if one["code"] == "performer_not_registered"]
    assert at == [doors.office.record.log.tail()]


def test_who_is_named_is_looked_up_as_it_is_recorded(doors: Doors) -> None:
    """A chair whom nobody registered is recorded and criticised; a known one is not (R150)."""
    known = str(doors.office.worker("https://issuer.example", "known", None, Code("manager")))
    stranger = str(uuid4())
    case = doors.case()
    here = f"/v1/cases/{case}"
    conference = str(uuid4())
    convened = {
        "conference": conference,
        "kind": "initial",
        "reason": "outcome_of_enquiry",
        "planned_for": "2099-11-23",
        "convened_role": "lead_agency_manager",
    }
    chair = {"conference": conference, "role": "team_manager", "organisation": "council"}
    asked = (
        ("convene-conference", convened),
        ("appoint-chair", {**chair, "chair": known}),
        ("appoint-chair", {**chair, "chair": stranger}),
    )
    for version, (name, command) in enumerate(asked, 1):
        answer = doors.post(
            f"{here}/{name}", {"command": command}, version=version, Holdfast_Role="manager"
        )
        assert answer.status_code == 201, answer.text
    listed = doors.get(f"{here}/findings?show=all").json()["findings"]
    found = [one for one in listed if one["code"] == "named_worker_not_registered"]
    assert [one["position"] for one in found] == [doors.office.record.log.tail()]
    assert "(chair)" in found[0]["words"]


def test_a_colleague_named_before_they_sign_in_is_met_when_they_record(doors: Doors) -> None:
    """What named them unknown clears with their own first entry in the case (R150)."""
    issuer, subject, manager = "https://issuer.example", "newcomer", Code("manager")
    newcomer = str(doors.office.worker_reference(issuer, subject))
    case = doors.case()
    here = f"/v1/cases/{case}"
    note = {"command": {"target": 1, "kind": "context", "text": "Noted."}}
    for version in (1, 2):
        said = {**note, "performed_by": newcomer}
        assert doors.post(f"{here}/annotate-entry", said, version=version).status_code == 201
    listed = doors.get(f"{here}/findings?show=all").json()["findings"]
    asked = [one for one in listed if one["code"] == "performer_not_registered"]
    assert len(asked) == 2
    doors.office.worker(issuer, subject, None, manager)
    again = {**note, "performed_by": newcomer}
    assert doors.post(f"{here}/annotate-entry", again, version=3).status_code == 201
    body = doors.get(f"{here}/findings?show=all").json()
    assert not [one for one in body["findings"] if one["code"] == "performer_not_registered"]
    ceased = [one for one in body["cleared"] if one["code"] == "performer_not_registered"]
    assert [one["cleared"]["how"] for one in ceased] == ["recorded", "recorded"]
