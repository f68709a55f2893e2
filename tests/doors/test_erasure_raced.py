"""What happens between an erasure's event and the loss of its keys, told step by step.

What is recorded in that moment dies with the keys it was sealed under, or is refused; nothing of
whoever is erased lives on under another key, and nothing recorded after a reopening is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from domain import holds, stored
from domain.erasure import erased_until as erasures
from domain.record.record import Record
from domain.record.verification import verify
from tests.doors.conftest import Doors
from tests.doors.test_erasing_a_person import NAME, erased, registered
from tests.doors.test_erasure import ACCOUNT, erase, refused, told

SAID = "She rang a moment later."


def meanwhile(doors: Doors, patch: pytest.MonkeyPatch, step: Callable[[], object]) -> None:
    """Do something after the next erasure's event and before its keys go."""
    handler = doors.office.handler
    carry_out = handler._carry_out

    def first() -> object:
        patch.setattr(handler, "_carry_out", carry_out)
        step()
        return carry_out()

    patch.setattr(handler, "_carry_out", first)


def details(doors: Doors, person: str, version: int, **said: str) -> tuple[int, str]:
    """Record details of a person; give the status and what a refusal is called."""
    body = {"command": {"details": said}}
    answer = doors.post(f"/v1/persons/{person}/record-person-details", body, version=version)
    return answer.status_code, answer.json().get("code", "")


def note(doors: Doors, case: str, version: int, about: str | None = None) -> tuple[int, str]:
    """Note something in a case, about itself or somebody."""
    text: Any = SAID if about is None else {"about": about, "text": SAID}
    body = {"command": {"target": 1, "kind": "supplementary", "text": text}}
    answer = doors.post(f"/v1/cases/{case}/annotate-entry", body, version=version)
    return answer.status_code, answer.json().get("code", "")


def reopened(doors: Doors, case: str, version: int) -> int:
    """Take a case up again."""
    body = {"command": {"reason": "new_information", "rationale": "It happened again."}}
    return doors.post(f"/v1/cases/{case}/reopen-case", body, version=version).status_code


def proves_itself(doors: Doors) -> None:
    """Hold the record to its proof."""
    with doors.office.database.connect("holdfast_writer") as conn:
        named, keyring = partial(erasures, doors.office.record.log), doors.office.keyring
        verify(conn, "cases", catalogue=stored, keyring=keyring, erased=named).demand()


def test_what_is_told_of_a_person_as_they_are_erased_dies_with_them(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A detail, a note in a case and a referral of that moment leave nothing of the person open."""
    person, case = registered(doors), doors.case()
    known: list[Any] = []

    def step() -> None:
        known.append(details(doors, person, 3, address=SAID))
        known.append(note(doors, case, 1, about=person))
        known.append(doors.case(person, account={"about": person, "text": SAID}))

    meanwhile(doors, monkeypatch, step)
    assert erased(doors, person) == (201, "")

    assert known[:2] == [(201, ""), (201, "")]
    texts = [
        doors.get(f"/v1/persons/{person}/timeline").text,
        told(doors, case),
        told(doors, known[2]),
    ]
    assert all(SAID not in text and NAME not in text for text in texts)
    assert doors.office.keyring.destroyed(UUID(person))
    assert details(doors, person, 4, address=SAID) == (422, "erased")
    assert note(doors, case, 2, about=person) == (422, "erased")
    proves_itself(doors)


def test_a_passage_sealed_before_and_written_after_is_refused(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sealed while the key lived and written when it was gone, it is sealed again, and refused."""
    person, case = registered(doors), doors.case()
    log = doors.office.record.log
    append = log.append

    def late(asked: Any) -> Any:  # noqa: ANN401 — as the log's own
        monkeypatch.setattr(log, "append", append)
        assert erased(doors, person) == (201, "")
        return append(asked)

    monkeypatch.setattr(log, "append", late)
    assert note(doors, case, 1, about=person) == (422, "erased")
    assert SAID not in told(doors, case)
    proves_itself(doors)


def test_a_case_reopened_before_its_keys_are_gone_keeps_what_is_recorded_after(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reopening carries out the erasure before it, so no later one takes what is new.

    So it is where whoever recorded the erasure died before the keys were gone, and another process
    reopens the case.
    """
    case = doors.case(doors.person(name=NAME))
    with monkeypatch.context() as patch:
        patch.setattr(doors.office.handler, "_carry_out", lambda: None)  # killed right here
        erase(doors, case, "case", 1)
    assert reopened(doors, case, 3) == 201
    assert ACCOUNT not in told(doors, case)
    assert note(doors, case, 4) == (201, "")
    assert doors.office.erasure.carry_out() == 0
    text = told(doors, case)
    assert SAID in text
    assert "It happened again." in text
    proves_itself(doors)


def test_a_case_reopened_in_the_moment_of_its_erasure_is_whole(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Erasure, reopening, keys lost: what the reopening gave keys to is not what is destroyed."""
    case = doors.case(doors.person(name=NAME))
    meanwhile(doors, monkeypatch, lambda: reopened(doors, case, 3))
    erase(doors, case, "case", 1)
    assert ACCOUNT not in told(doors, case)
    assert "It happened again." in told(doors, case)
    assert note(doors, case, 4) == (201, "")


@pytest.mark.parametrize("own", [True, False])
def test_a_hold_placed_while_an_erasure_is_decided_stops_it(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, *, own: bool
) -> None:
    """Of a hold and an erasure asked at one moment the one recorded first decides."""
    adult = doors.person(name=NAME)
    held, other = doors.case(adult), doors.case(adult)
    looked = holds.held_for

    def placed(record: Record, person: UUID) -> bool:
        monkeypatch.setattr(holds, "held_for", looked)
        found = looked(record, person)
        hold = {"command": {"reason": "court"}}
        assert doors.post(f"/v1/cases/{held}/place-legal-hold", hold, version=1).is_success
        return found

    monkeypatch.setattr(holds, "held_for", placed)
    asked = erased(doors, adult) if own else refused(doors, other, "person", 1)
    assert asked == (422, "legal_hold" if own else "refused")
    assert NAME in doors.get(f"/v1/persons/{adult}").text


def test_a_hold_that_stands_again_while_an_erasure_is_decided_stops_it(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lifting withdrawn at that moment lets its hold stand, as one placed then would."""
    adult = doors.person(name=NAME)
    held, other = doors.case(adult), doors.case(adult)
    for number, (command, fields) in enumerate(
        (("place-legal-hold", {"reason": "court"}), ("lift-legal-hold", {"hold": 2})), 1
    ):
        body = {"command": fields}
        assert doors.post(f"/v1/cases/{held}/{command}", body, version=number).is_success
    looked = holds.held_for

    def withdrawn(record: Record, person: UUID) -> bool:
        monkeypatch.setattr(holds, "held_for", looked)
        found = looked(record, person)
        body = {"command": {"target": 3, "reason": "entered_wrongly", "withdrawn": True}}
        assert doors.post(f"/v1/cases/{held}/correct-record", body, version=3).is_success
        return found

    monkeypatch.setattr(holds, "held_for", withdrawn)
    assert refused(doors, other, "person", 1) == (422, "refused")
    assert NAME in doors.get(f"/v1/persons/{adult}").text


def test_a_hold_shown_as_standing_stops_its_own_cases_erasure(doors: Doors) -> None:
    """What the case says of its hold is what an erasure of it is judged by."""
    case = doors.case()
    for number, (command, fields) in enumerate(
        (
            ("place-legal-hold", {"reason": "court"}),
            ("lift-legal-hold", {"hold": 2}),
            ("correct-record", {"target": 3, "reason": "entered_wrongly", "withdrawn": True}),
        ),
        1,
    ):
        body = {"command": fields}
        assert doors.post(f"/v1/cases/{case}/{command}", body, version=number).is_success
    assert doors.get(f"/v1/cases/{case}").json()["held"] is True
    assert refused(doors, case, "case", 4) == (422, "refused")
    assert ACCOUNT in told(doors, case)
