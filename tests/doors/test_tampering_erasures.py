"""An erasure put into the log past what makes one lawful: it is named, and what it took too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.correction import ErasureApproved, PersonalDataErased
from domain.person import PersonErased, PersonErasureApproved
from domain.record.record import Part
from domain.when import instant
from domain.words import Actor, Code, Due, Particulars, PersonRef, Slug, WorkerRef
from tests.doors.conftest import Cli, Doors
from tests.doors.test_erasure import NAME, approver, erase

WHAT: dict[str, Any] = {
    "retention_class": Code("case_record"),
    "authority": Code("retention_ended"),
}


def appended(doors: Doors, stream: UUID, version: int, event: object, worker: str) -> int:
    """Append an event as whoever has the application's login can; give where it stands."""
    record = doors.office.record
    one = Actor(worker=WorkerRef(UUID(worker)), role=Code("manager"), organisation=Slug("council"))
    told = record.append(
        [Part(stream, version, (event,))],
        actor=one,
        particulars=Particulars(occurred=instant(record.now()), purpose=Code("records_management")),
        command=(command := uuid4()),
        digest=command.bytes * 2,
    )
    return told.last


def due(doors: Doors) -> Due:
    """Give a day until which an approval may be used."""
    found = doors.office.handler.policies.calendar(()).due(
        "erasure_approval", doors.office.record.now().date()
    )
    assert found is not None
    return found


def alone(doors: Doors, case: UUID) -> int:
    """Erase on nobody's word."""
    gone = PersonalDataErased(scope=Code("case"), approvals=(), **WHAT)
    return appended(doors, case, 1, gone, approver(doors, "one"))


def by_oneself(doors: Doors, case: UUID) -> int:
    """Erase on one's own word."""
    one = approver(doors, "one")
    approved = ErasureApproved(scope=Code("case"), use_by=due(doors), **WHAT)
    appended(doors, case, 1, approved, one)
    gone = PersonalDataErased(scope=Code("case"), approvals=(2,), **WHAT)
    return appended(doors, case, 2, gone, one)


def of_something_else(doors: Doors, case: UUID) -> int:
    """Erase the case where the erasing of one entry was approved."""
    approved = ErasureApproved(scope=Code("passage"), target=1, use_by=due(doors), **WHAT)
    appended(doors, case, 1, approved, approver(doors, "another"))
    gone = PersonalDataErased(scope=Code("case"), approvals=(2,), **WHAT)
    return appended(doors, case, 2, gone, approver(doors, "one"))


def held(doors: Doors, case: str) -> None:
    """Place a hold on a case."""
    body = {"command": {"reason": "court"}}
    answer = doors.post(f"/v1/cases/{case}/place-legal-hold", body, version=1)
    assert answer.status_code == 201, answer.text


def under_a_hold(doors: Doors, case: UUID) -> int:
    """Erase on two people's word, while a hold stands."""
    held(doors, str(case))
    approved = ErasureApproved(scope=Code("case"), use_by=due(doors), **WHAT)
    appended(doors, case, 2, approved, approver(doors, "another"))
    gone = PersonalDataErased(scope=Code("case"), approvals=(3,), **WHAT)
    return appended(doors, case, 3, gone, approver(doors, "one"))


@pytest.mark.parametrize(
    ("forged", "why"),
    [
        (alone, "without the approvals"),
        (by_oneself, "without the approvals"),
        (of_something_else, "without the approvals"),
        (under_a_hold, "while a legal hold stood"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_an_erasure_past_its_law_is_named_and_what_it_took_is_not_lawful(
    doors: Doors, cli: Cli, forged: Callable[[Doors, UUID], int], why: str
) -> None:
    """Its position is told, and each passage that went by it, and neither is called lawful."""
    case = doors.case(doors.person(name=NAME))
    position = forged(doors, UUID(case))
    doors.office.erasure.carry_out()  # as the next start does
    said = cli("verify", "--json")
    assert said.code == 6
    (log,) = (one for one in said.json["logs"] if one["log"] == "cases")
    assert (log["forgotten"], log["missing"]) == (0, 1)
    first, second = sorted(log["problems"], key=lambda one: "passage" in one)
    assert first.startswith(f"position {position}: it erased {why}")
    assert f"the passage at {case}/1/" in second
    assert "no erasure in the log that was lawful" in second
    assert not any("lawful" in one or "rests on" in one for one in log["proved"])


def test_an_erasure_of_a_person_past_a_hold_elsewhere_is_named(doors: Doors, cli: Cli) -> None:
    """By their own record, while a hold stands on a case that names them."""
    person = doors.person(name=NAME)
    held(doors, doors.case(person))
    stream, kind = UUID(person), {**WHAT, "retention_class": Code("person_record")}
    approved = PersonErasureApproved(scope=Code("person"), use_by=due(doors), **kind)
    appended(doors, stream, 1, approved, approver(doors, "another"))
    gone = PersonErased(scope=Code("person"), approvals=(2,), **kind)
    position = appended(doors, stream, 2, gone, approver(doors, "one"))
    said = cli("verify", "--json")
    assert said.code == 6
    found = said.json["logs"][0]["problems"]
    first, second = sorted(found, key=lambda one: "passage" in one)
    assert first.startswith(f"position {position}: it erased while a legal hold stood")
    assert f"the passage at {person}/1/" in second


def test_an_erasure_after_a_hold_was_lifted_is_lawful(doors: Doors, cli: Cli) -> None:
    """A hold placed since, or ended before, takes nothing from it; of a person too."""
    person = PersonRef(UUID(doors.person(name=NAME)))
    case = doors.case(str(person))
    held(doors, case)
    answer = doors.post(f"/v1/cases/{case}/lift-legal-hold", {"command": {"hold": 2}}, version=2)
    assert answer.status_code == 201, answer.text
    erase(doors, case, "case", 3)
    erase(doors, case, "person", 5, person=str(person))
    answer = doors.post(
        f"/v1/cases/{case}/place-legal-hold", {"command": {"reason": "court"}}, version=7
    )
    said = cli("verify", "--json")
    assert said.code == 0, said.out
    assert any("each erasure rests on" in one for one in said.json["logs"][0]["proved"])
