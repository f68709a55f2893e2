"""An erasure's answer names the cases that still tell something where the person stood."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.doors.conftest import Doors
from tests.doors.filling import get_form, send
from tests.doors.test_audit_sample import RESTRICT
from tests.doors.test_erasing_a_person import approved, erasure, registered
from tests.doors.test_erasure import approve, asked, erase


def told(answer: Any) -> list[str]:  # noqa: ANN401 — any answer
    """Give the cases that an answer names as still telling."""
    notes = [one for one in answer.json()["notes"] if one["code"] == "still-tells"]
    assert all("erase each passage" in one["detail"] for one in notes)
    return [one["links"].get("case", "closed").removeprefix("/v1/cases/") for one in notes]


def spoken_of(doors: Doors, person: str) -> str:
    """Give a case of another adult, in which something is told of somebody."""
    account = {"about": person, "text": "Nora was there."}
    return str(doors.case(doors.person(name="Somebody Else"), account=account))


def test_a_case_of_the_person_and_one_that_speaks_of_them_are_named(doors: Doors) -> None:
    """By their references, in the one answer; a case that never named them is not."""
    adult = str(doors.person(name="Nora Nowhere"))
    own, other = str(doors.case(adult)), str(doors.case())
    details = {"command": {"kind": "supplementary", "target": 1, "text": f"Ask {other}."}}
    beside = spoken_of(doors, adult)
    here = f"/v1/cases/{beside}/annotate-entry"
    assert doors.post(here, details, version=1).status_code == 201
    answer = asked(doors, own, "person", 1)
    assert answer.status_code == 201, answer.text
    assert told(answer) == sorted([own, beside])


def test_a_case_in_which_nothing_opens_any_more_is_not_named(doors: Doors) -> None:
    """Everything in it was about the person, or its own passages went by an erasure before."""
    adult = str(doors.person(name="Nora Nowhere"))
    emptied, about = str(doors.case(adult)), spoken_of(doors, adult)
    erase(doors, emptied, "case", 1)
    assert approved(doors, adult) == (201, "")
    body = erasure(approvals=[2])
    path = f"/v1/persons/{adult}/erase-person"
    key = str(uuid4())
    answer = doors.post(path, body, version=2, key=key)
    assert answer.status_code == 201, answer.text
    assert told(answer) == []
    assert about
    assert told(doors.post(path, body, version=2, key=key)) == [], "asked again, the same"


@pytest.mark.parametrize("scope", ["case", "passage"])
def test_what_is_erased_of_a_case_leaves_no_list(doors: Doors, scope: str) -> None:
    """Where no person is forgotten nobody asks where else they are told of."""
    adult = str(doors.person(name="Nora Nowhere"))
    case = str(doors.case(adult))
    spoken_of(doors, adult)
    more = {"target": 1} if scope == "passage" else {}
    answer = asked(doors, case, scope, 1, None, **more)
    assert answer.status_code == 201, answer.text
    assert told(answer) == []


def test_a_case_that_is_restricted_is_spoken_of_without_its_name(doors: Doors) -> None:
    """That there is one, and whom to ask."""
    adult = registered(doors)
    case = str(doors.case(adult))
    there = f"/v1/cases/{case}/restrict-processing"
    assert doors.post(there, RESTRICT, version=1, Holdfast_Role="manager").status_code == 201
    assert approved(doors, adult) == (201, "")
    path = f"/v1/persons/{adult}/erase-person"
    answer = doors.post(path, erasure(approvals=[2]), version=2)
    assert answer.status_code == 201, answer.text
    assert told(answer) == ["closed"]
    assert case not in answer.text


def test_the_form_says_it_before_anything_else(doors: Doors) -> None:
    """With the address of each case, and what to do there."""
    adult = str(doors.person(name="Nora Nowhere"))
    case = str(doors.case(adult))
    assert approve(doors, case, "person", 1).status_code == 201
    form = get_form(doors, f"/cases/{case}/record/erase-personal-data")
    pairs = form.pairs(
        command__scope="person",
        command__retention_class="case_record",
        command__authority="retention_ended",
        command__approvals__0="2",
    )
    answer = send(doors, form, "record", pairs)
    assert answer.status_code == 200, answer.text
    assert f'href="/cases/{case}' in answer.text
    assert "read it, and erase each passage" in answer.text
    assert "The same reference" not in answer.text
