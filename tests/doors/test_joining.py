"""Cases read as one and parted again, asked over HTTP: one event in each of two cases, or none."""

from __future__ import annotations

from tests.doors.conftest import Doors
from tests.doors.scripted import Json


def names(doors: Doors, case: str) -> list[str]:
    """The stored names of a case's events, in order."""
    entries = doors.get(f"/v1/cases/{case}/timeline").json()["entries"]
    return [one["name"] for one in entries]


def asked(doors: Doors, case: str, command: str, version: int, **more: object) -> Json:
    """Expect a command to be recorded."""
    answer = doors.post(f"/v1/cases/{case}/{command}", {"command": more}, version=version)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def test_a_merge_stands_in_both_cases_and_is_ended_in_both(doors: Doors) -> None:
    """A merge and its end are each recorded in the two cases at once."""
    person = doors.person(name="Ann Example")
    one, other = doors.case(person), doors.case(person)
    asked(doors, one, "merge-case", 1, other=other, reason="same_concern")
    assert names(doors, one)[-1] == names(doors, other)[-1] == "case-merged"
    refused = doors.post(
        f"/v1/cases/{one}/merge-case",
        {"command": {"other": other, "reason": "same_concern"}},
        version=2,
    )
    assert refused.status_code == 422
    asked(doors, one, "unmerge-case", 2, other=other)
    assert names(doors, one)[-1] == names(doors, other)[-1] == "case-unmerged"


def test_an_entry_is_read_in_the_case_it_belongs_to(doors: Doors) -> None:
    """Entries parted from a case are named in both, and come back when the split is ended."""
    person, somebody = doors.person(name="Ann Example"), doors.person(name="Bea Example")
    one, other = doors.case(person), doors.case(somebody)
    body = {"occurred": "2026-11-03", "command": {"kind": "section_42", "opened_on": "2026-11-03"}}
    assert doors.post(f"/v1/cases/{one}/open-enquiry", body, version=1).status_code == 201
    asked(doors, one, "split-case", 2, other=other, entries=[2], reason="wrong_person")
    assert names(doors, one)[-1] == names(doors, other)[-1] == "case-split"
    asked(doors, one, "end-split", 3, other=other)
    assert names(doors, one)[-1] == names(doors, other)[-1] == "case-split-ended"


def test_a_case_is_not_merged_with_itself_or_with_nothing(doors: Doors) -> None:
    """The other case is another one, and there."""
    person = doors.person(name="Ann Example")
    case = doors.case(person)
    for other, status in ((case, 422), (person, 404)):
        body = {"command": {"other": other, "reason": "same_concern"}}
        answer = doors.post(f"/v1/cases/{case}/merge-case", body, version=1)
        assert answer.status_code == status, answer.text
    assert names(doors, case) == ["referral-received"]
