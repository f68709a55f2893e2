"""A reference that a correction lets stand again, while another case has come to carry it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.doors.conftest import Doors

SHARED = "reference_shared"


def reference(system: str = "police") -> dict[str, str]:
    """Give a reference nobody else has."""
    return {"system": system, "id": uuid4().hex}


def corrected(doors: Doors, case: str, version: int, **more: Any) -> Any:  # noqa: ANN401 — any JSON
    """Correct the first event of a case at that version; give the answer."""
    command = {"target": 1, "reason": "entered_wrongly", **more}
    answer = doors.post(f"/v1/cases/{case}/correct-record", {"command": command}, version=version)
    assert answer.status_code == 201, answer.text
    return answer.json()


def shared_findings(doors: Doors, case: str) -> list[int]:
    """Give the positions at which a shared reference is found."""
    found = doors.get(f"/v1/cases/{case}/findings?show=all").json()["findings"]
    return [one["position"] for one in found if one["code"] == SHARED]


def test_a_referral_that_stands_again_beside_another_is_noted_and_found(shared: Doors) -> None:
    """Withdrawn, sent again and then let stand after all, it is in two cases, and that is said."""
    adult, theirs = shared.person(), reference()
    first = shared.case(adult, external=[theirs])
    corrected(shared, first, 1, withdrawn=True)
    second = shared.case(adult, external=[theirs])
    assert shared_findings(shared, first) == []

    answer = corrected(shared, first, 2, withdrawn=False, supersedes=2)
    link = {"code": "reference-shared", "links": {"case": f"/v1/cases/{second}"}}
    assert answer["notes"] == [link]
    assert shared_findings(shared, first) == [answer["positions"][1]]
    assert second in str(shared.readings()[-3:])  # naming the other case is a look at it

    moved = corrected(shared, first, 3, supersedes=3, occurred="2026-11-01")
    assert moved["notes"] == [link]  # it is in both cases still
    assert shared_findings(shared, first) == [moved["positions"][1]]
    again = corrected(shared, first, 4, supersedes=4, withdrawn=True)
    assert again["notes"] == []
    assert shared_findings(shared, first) == []


def test_another_adult_of_the_same_incident_is_no_second_case(shared: Doors) -> None:
    """One incident may be about several adults: each has a case of their own, rightly."""
    theirs = reference()
    first = shared.case(external=[theirs])
    corrected(shared, first, 1, withdrawn=True)
    shared.case(external=[theirs])
    answer = corrected(shared, first, 2, withdrawn=False, supersedes=2)
    assert answer["notes"] == []
    assert shared_findings(shared, first) == []


def test_a_case_reference_that_stands_again_is_found_likewise(shared: Doors) -> None:
    """Of the name of a case itself, any other case that has come to bear it counts."""
    theirs, first, second = reference(), shared.case(), shared.case()
    added = {"command": {"reference": theirs}}
    for case in (first, second):
        answer = shared.post(f"/v1/cases/{case}/add-case-reference", added, version=1)
        assert answer.status_code == 201, answer.text
        if case == first:
            corrected(shared, first, 2, target=2, withdrawn=True)
            assert answer.json()["notes"] == []
    answer = corrected(shared, first, 3, target=2, supersedes=3)
    assert [one["links"]["case"] for one in answer["notes"]] == [f"/v1/cases/{second}"]
    assert shared_findings(shared, first) == [answer["positions"][1]]


def test_other_cases_are_looked_up_and_not_sent(shared: Doors) -> None:
    """Nobody may say in a correction which cases carry the same."""
    command = {"target": 1, "reason": "entered_wrongly", "elsewhere": [str(uuid4())]}
    path = f"/v1/cases/{shared.case()}/correct-record"
    assert shared.post(path, {"command": command}, version=1).status_code == 422


def test_a_timeline_names_no_case_that_may_not_be_opened(shared: Doors) -> None:
    """That another case carries the same stays to be seen; which one it is, once it may be read."""
    theirs, first, second = reference(), shared.case(), shared.case()
    added = {"command": {"reference": theirs}}
    for case in (second, first):
        answer = shared.post(f"/v1/cases/{case}/add-case-reference", added, version=1)
        assert answer.status_code == 201, answer.text
    path = f"/v1/cases/{first}/timeline"

    def named(query: str = "") -> list[str | None]:
        found: list[str | None] = shared.get(path + query).json()["entries"][-1]["data"][
            "elsewhere"
        ]
        return found

    assert named() == [second]
    ground = {"command": {"ground": "accuracy_contested"}}
    answer = shared.post(f"/v1/cases/{second}/restrict-processing", ground, version=2)
    assert answer.status_code == 201, answer.text
    assert named() == [None]
    assert second not in shared.get(path).text
