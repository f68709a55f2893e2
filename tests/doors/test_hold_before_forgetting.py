"""A legal hold beats a forgetting at every step, whoever comes a moment earlier (L17)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from domain.correction import LegalHoldPlaced, PersonalDataErased
from tests.doors.conftest import Doors
from tests.doors.test_erasing_a_person import erased
from tests.doors.test_erasure import ACCOUNT, NAME, approve, asked, erase, erasure, refused, told
from tests.doors.test_erasure_raced import meanwhile, proves_itself

ROUNDS = 6


def record(
    doors: Doors,
    case: str,
    version: int | str,
    command: str,
    **fields: Any,  # noqa: ANN401 — any JSON
) -> dict[str, Any]:
    """Record something of a case; give the answer."""
    answer = doors.post(f"/v1/cases/{case}/{command}", {"command": fields}, version=version)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def hold(doors: Doors, case: str, version: int | str) -> dict[str, Any]:
    """Place a hold."""
    return record(doors, case, version, "place-legal-hold", reason="court")


def raised(doors: Doors, case: str) -> set[str]:
    """Give the codes of what is criticised in a case."""
    found = doors.get(f"/v1/cases/{case}/findings?show=all").json()["findings"]
    return {one["code"] for one in found}


def test_a_hold_before_the_review_stops_what_it_leads_to(doors: Doors) -> None:
    """Deciding to destroy is recorded and criticised; approved it may be; erased it is not."""
    case = doors.case(doors.person(name=NAME))
    hold(doors, case, 1)
    why = "Nobody asks for it."
    record(doors, case, 2, "review-retention", decision="destroy", rationale=why)
    assert "destruction_decided_under_hold" in raised(doors, case)
    assert refused(doors, case, "case", 3) == (422, "refused")
    assert refused(doors, case, "passage", 4, target=1) == (422, "refused")
    assert ACCOUNT in told(doors, case)


def test_a_hold_after_the_approval_stops_the_second_person(doors: Doors) -> None:
    """And once it is lifted the two act anew: what they approved has been added to (L14)."""
    case = doors.case(doors.person(name=NAME))
    assert approve(doors, case, "case", 1).status_code == 201
    hold(doors, case, 2)
    path = f"/v1/cases/{case}/erase-personal-data"
    body = erasure("case", approvals=[2])
    late = doors.post(path, body, version=3)
    assert (late.status_code, late.json()["code"]) == (422, "legal_hold")
    record(doors, case, 3, "lift-legal-hold", hold=3)
    again = doors.post(path, body, version=4)
    assert (again.status_code, again.json()["code"]) == (422, "approval_overtaken")
    assert ACCOUNT in told(doors, case)
    erase(doors, case, "case", 4)
    assert ACCOUNT not in told(doors, case)


def test_a_hold_on_a_case_that_is_read_with_it_stops_it(doors: Doors) -> None:
    """A case merged into one on hold is part of what is held."""
    adult = doors.person(name=NAME)
    leading, other = doors.case(adult), doors.case(adult)
    record(doors, other, 1, "merge-case", other=leading, reason="same_concern")
    hold(doors, leading, doors.get(f"/v1/cases/{leading}").headers["etag"].strip('"'))
    version = doors.office.handler.case(UUID(other))[1][-1].version
    assert refused(doors, other, "case", version) == (422, "refused")
    assert ACCOUNT in told(doors, leading)


def test_a_hold_that_comes_after_the_erasure_is_told_that_it_comes_late(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the two, what was recorded first decides, also while the keys still live.

    The record said by then that these data are no more, and nothing later makes that untrue. The
    hold is recorded, it stands, and its answer says that it keeps nothing of what went before it.
    """
    case = doors.case(doors.person(name=NAME))
    placed: list[dict[str, Any]] = []
    meanwhile(doors, monkeypatch, lambda: placed.append(hold(doors, case, 3)))
    assert asked(doors, case, "case", 1).status_code == 201
    (note,) = placed[0]["notes"]
    assert note["code"] == "held-after-erasure"
    assert ACCOUNT not in told(doors, case)
    assert doors.get(f"/v1/cases/{case}").json()["held"] is True
    other = doors.case()
    assert hold(doors, other, 1)["notes"] == []
    proves_itself(doors)


def test_of_a_hold_and_an_erasure_at_one_moment_the_first_recorded_decides(doors: Doors) -> None:
    """Asked by two at once, over and over: no erasure ever stands behind a hold on the person."""
    log = doors.office.record.log
    for _ in range(ROUNDS):
        adult = doors.person(name=NAME)
        held, other = doors.case(adult), doors.case(adult)
        assert approve(doors, other, "person", 1).status_code == 201
        start = Barrier(2)

        def place(case: str = held, start: Barrier = start) -> int:
            start.wait()
            body = {"command": {"reason": "court"}}
            return doors.post(f"/v1/cases/{case}/place-legal-hold", body, version=1).status_code

        def forget(case: str = other, start: Barrier = start) -> int:
            start.wait()
            body = erasure("person", approvals=[2])
            path = f"/v1/cases/{case}/erase-personal-data"
            return doors.post(path, body, version=2).status_code

        with ThreadPoolExecutor(2) as threads:
            one, two = threads.submit(place), threads.submit(forget)
        assert one.result() == 201
        facts = doors.office.record.open([*log.stream(UUID(held)), *log.stream(UUID(other))])
        holds = [one.position for one in facts if isinstance(one.event, LegalHoldPlaced)]
        gone = [one.position for one in facts if isinstance(one.event, PersonalDataErased)]
        assert (two.result() == 201) == bool(gone)
        assert all(at < holds[0] for at in gone)
        assert (NAME in doors.get(f"/v1/persons/{adult}").text) == (not gone)
    proves_itself(doors)


def test_a_hold_keeps_a_person_from_being_erased_in_their_own_stream(doors: Doors) -> None:
    """However they are asked to be forgotten."""
    adult = doors.person(name=NAME)
    hold(doors, doors.case(adult), 1)
    assert erased(doors, adult) == (422, "legal_hold")
    assert NAME in doors.get(f"/v1/persons/{adult}").text
