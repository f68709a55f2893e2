"""Two cases that each convened a conference under one reference, asked to be read as one."""

from __future__ import annotations

from uuid import uuid4

from tests.doors.conftest import Doors


def convened(doors: Doors, case: str, conference: str, version: int) -> None:
    """Convene a conference under a reference that the client chose."""
    command = {
        "conference": conference,
        "kind": "initial",
        "reason": "outcome_of_enquiry",
        "planned_for": "unknown",
    }
    answer = doors.post(
        f"/v1/cases/{case}/convene-conference", {"command": command}, version=version
    )
    assert answer.status_code == 201, answer.text


def test_cases_with_one_reference_of_two_conferences_are_not_merged(doors: Doors) -> None:
    """The merge is refused with what to do, and recorded once that was done."""
    person, ref = doors.person(name="Ann Example"), str(uuid4())
    one, other = doors.case(person), doors.case(person)
    convened(doors, one, ref, 1)
    convened(doors, other, ref, 1)
    merge = {"command": {"other": other, "reason": "same_concern"}}
    refused = doors.post(f"/v1/cases/{one}/merge-case", merge, version=2)
    assert refused.status_code == 422
    assert "reference" in refused.text
    assert refused.json()["errors"][0]["pointer"].endswith("other")

    withdraw = {"command": {"target": 2, "reason": "entered_wrongly", "withdrawn": True}}
    assert doors.post(f"/v1/cases/{one}/correct-record", withdraw, version=2).status_code == 201
    convened(doors, one, str(uuid4()), 3)
    assert doors.post(f"/v1/cases/{one}/merge-case", merge, version=4).status_code == 201
