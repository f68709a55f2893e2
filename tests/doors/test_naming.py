"""Whom a case names, every door knows at once: a restriction hides them, a reading is found."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from api.lookups import cases_naming
from projections.naming import NAMING
from tests.doors.conftest import Doors
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
