"""Cases that are joined, erased one by one: each goes with what is read in it, and says so."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from domain import stored
from domain.along import Along
from domain.erasure import Erasures, forgotten_since
from domain.record.verification import verify
from tests.doors.conftest import Doors
from tests.doors.test_erasure import ACCOUNT, approve, erasure, told
from tests.doors.test_joining import asked, joined, seen, version
from tests.doors.test_retention import standing

ENTRY = "The housing file is of somebody else."
WHY = "It was about Wanda all along."
OWN = "Wanda's neighbour rang."
NOTED = "Wanda says that it is false."


def notes(answer: Any) -> dict[str, list[str]]:  # noqa: ANN401 — any answer
    """Give the cases an answer names, by what it says of them."""
    assert answer.status_code == 201, answer.text
    found: dict[str, list[str]] = {}
    for one in answer.json()["notes"]:
        found.setdefault(one["code"], []).append(one["links"]["case"].removeprefix("/v1/cases/"))
    return found


def erase_by_last(doors: Doors, case: str, scope: str, **more: Any) -> Any:  # noqa: ANN401 — JSON
    """Ask for what the case's last entry approved."""
    body = erasure(scope, approvals=[version(doors, case)], **more)
    path = f"/v1/cases/{case}/erase-personal-data"
    return doors.post(path, body, version=seen(doors, case))


def erased(doors: Doors, case: str, scope: str = "case", **more: Any) -> dict[str, list[str]]:  # noqa: ANN401 — JSON
    """Erase a case on two people's word; give what approval and erasure both said of others."""
    before = notes(approve(doors, case, scope, seen(doors, case), **more))
    after = notes(erase_by_last(doors, case, scope, **more))
    assert before == after, "what is said before is what is said after"
    return after


def line(doors: Doors, case: str, text: str) -> int:
    """Record an entry of a chronology; give its version."""
    body = {"occurred": "2026-09-09", "command": {"agency": "housing", "source": "f", "text": text}}
    answer = doors.post(
        f"/v1/cases/{case}/record-chronology-entry", body, version=seen(doors, case)
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["version"])


def parted(doors: Doors) -> tuple[str, str]:
    """Begin a case, and split an entry off it to a case of somebody else, which goes on."""
    case, other = doors.case(doors.person(name="Yan Example")), str(uuid4())
    entries = [line(doors, case, ENTRY)]
    whose = {"adult": doors.person(name="Wanda Example"), "reason": "wrong_person"}
    more = {"other": other, "entries": entries, "rationale": WHY, **whose}
    asked(doors, case, "split-case", 2, **more)
    line(doors, other, OWN)
    return case, other


def telling(doors: Doors, case: str) -> set[str]:
    """Give which of the words above a case tells."""
    return {one for one in (ACCOUNT, ENTRY, WHY, OWN) if one in told(doors, case)}


def verified(doors: Doors, size: int | None = None) -> None:
    """Hold every key that is gone to the erasures that the log names.

    With all that can be forgotten recorded up to `size`, what went since is as many passages.
    """
    office = doors.office
    with office.pool.connection() as conn:
        erased = Erasures(office.record).until
        report = verify(conn, "cases", catalogue=stored, keyring=office.keyring, erased=erased)
    assert report.ok
    assert report.forgotten
    if size is not None:
        assert report.forgotten == forgotten_since(office.record.log, office.pool.connection, size)


def test_what_was_split_off_is_forgotten_with_the_case_it_is_read_in(doors: Doors) -> None:
    """An erased case tells nothing of its own and of what was split off to it; the other goes on.

    Both answers name the case from which an entry goes along; a hold on that one stops both (L17).
    """
    case, other = parted(doors)
    size = doors.office.record.log.tail()
    asked(doors, case, "place-legal-hold", seen(doors, case), reason="court")
    hold = version(doors, case)
    assert approve(doors, other, "case", seen(doors, other)).status_code == 201
    answer = erase_by_last(doors, other, "case")
    assert (answer.status_code, answer.json()["code"]) == (422, "legal_hold")
    asked(doors, case, "lift-legal-hold", seen(doors, case), hold=hold)
    assert telling(doors, other) == {ENTRY, WHY, OWN}
    assert erased(doors, other) == {"goes-along": [case]}
    assert telling(doors, other) == set()
    assert telling(doors, case) == {ACCOUNT, WHY}
    assert doors.office.erasure.carry_out() == 0
    verified(doors, size)


def test_what_was_split_off_is_left_by_an_erasure_of_the_case_it_came_from(doors: Doors) -> None:
    """It belongs to the other case, which both answers name; it goes when that one is erased.

    Why they were parted stands in both, and goes in both with the first.
    """
    case, other = parted(doors)
    size = doors.office.record.log.tail()
    assert erased(doors, case) == {"kept-elsewhere": [other]}
    assert telling(doors, case) == set()
    assert telling(doors, other) == {ENTRY, OWN}
    verified(doors, size)
    assert erased(doors, other) == {"goes-along": [case]}
    assert telling(doors, other) == set()
    verified(doors, size)


def test_what_is_noted_beside_an_entry_is_forgotten_with_it(doors: Doors) -> None:
    """Recorded in the case it was split off from, it is kept with it in the other, and goes."""
    case, other = doors.case(doors.person(name="Yan Example")), str(uuid4())
    entry, note = line(doors, case, ENTRY), {"kind": "disputed", "text": NOTED}
    asked(doors, case, "annotate-entry", 2, target=entry, **note)
    whose = {"adult": doors.person(name="Wanda Example"), "reason": "wrong_person"}
    asked(doors, case, "split-case", 3, other=other, entries=[entry], **whose)
    assert erased(doors, case) == {"kept-elsewhere": [other]}
    assert NOTED in told(doors, other)
    verified(doors)
    assert erased(doors, other) == {"goes-along": [case]}
    assert NOTED not in told(doors, other)
    verified(doors)


def test_what_an_earlier_release_left_is_not_taken_at_a_start(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An erasure that was carried out takes nothing more, and what it left is not said to be gone.

    It went by its own case alone; a person who erases once more takes the rest along.
    """
    case, other = parted(doors)
    size = doors.office.record.log.tail()
    with monkeypatch.context() as patch:
        nothing = Along(taken={}, kept={}, left={}, brought=frozenset())
        patch.setattr("domain.erasure.along", lambda *_one, **_more: nothing)
        patch.setattr("domain.erasure.own", lambda *_one: frozenset())
        erased(doors, other)
    assert doors.office.erasure.carry_out() == 0
    assert telling(doors, other) == {ENTRY, WHY}
    verified(doors, size)
    assert erased(doors, other) == {"goes-along": [case]}
    assert telling(doors, other) == set()
    verified(doors, size)


def test_what_is_read_again_where_it_was_recorded_is_forgotten_there(doors: Doors) -> None:
    """Once a split is ended the entry goes with its own case, under whichever key it lies by then.

    The case it was split off to takes nothing of it along.
    """
    case, other = parted(doors)
    erased(doors, case)
    again = {"reason": "new_information", "rationale": "It happened again."}
    asked(doors, case, "reopen-case", seen(doors, case), **again)
    asked(doors, case, "end-split", seen(doors, case), other=other)
    assert erased(doors, other) == {}
    assert ENTRY in telling(doors, case)
    assert erased(doors, case) == {}
    assert telling(doors, case) == set()
    verified(doors)


def test_a_case_read_in_an_erased_one_is_named_and_listed_until_it_is_erased(doors: Doors) -> None:
    """Both answers name it; until it is erased too the leading case is not shown as finished."""
    person = doors.person(name="Yan Example")
    case, leading = doors.case(person), doors.case(person)
    line(doors, leading, OWN)
    joined(doors, case, leading)
    assert erased(doors, leading) == {"merged-still-tells": [case]}
    assert telling(doors, leading) == {ACCOUNT}
    assert standing(doors) == {leading: "still_tells", case: "to_approve"}
    (first,) = doors.get("/v1/retention?stands=to_approve").json()["cases"]
    assert (first["case"], first["command"]) == (case, "approve-erasure")

    answer = approve(doors, case, "case", seen(doors, case))
    assert notes(answer) == {}
    assert standing(doors) == {leading: "still_tells", case: "approved"}
    asked(doors, case, "place-legal-hold", seen(doors, case), reason="court")
    assert standing(doors)[case] == "held"
    hold = version(doors, case)
    asked(doors, case, "lift-legal-hold", seen(doors, case), hold=hold)
    assert erased(doors, case) == {}
    assert telling(doors, leading) == set()
    assert standing(doors) == {leading: "forgotten"}


@pytest.mark.parametrize("scope", ["case", "passage"])
def test_what_goes_is_named_where_it_is_read_too(doors: Doors, scope: str) -> None:
    """A merged case's words are taken from the case that reads them, and both answers say so."""
    person = doors.person(name="Yan Example")
    case, leading = doors.case(person), doors.case(person)
    joined(doors, case, leading)
    target = {"target": 1} if scope == "passage" else {}
    assert erased(doors, case, scope, **target) == {"gone-elsewhere": [leading]}
