"""An erasure as it has to be: approved by one person, then recorded by another."""

from __future__ import annotations

from typing import Any

from domain.correction import ApproveErasure, ErasePersonalData
from domain.person import ApprovePersonErasure, ErasePerson
from domain.stage import recorded
from domain.words import Actor, Code
from tests.controls import ACTOR, COUNCIL, MANAGER, OFFICER
from tests.given import Given, Outcome

Erasing = ErasePersonalData | ErasePerson
ANOTHER = Actor(worker=MANAGER, role=Code("manager"), organisation=COUNCIL)
A_THIRD = Actor(worker=OFFICER, role=Code("manager"), organisation=COUNCIL)


def approving(asked: Erasing, **otherwise: Any) -> ApproveErasure | ApprovePersonErasure:  # noqa: ANN401 — fields
    """Ask to approve an erasure, or one that is otherwise in what is named."""
    if isinstance(asked, ErasePerson):
        return recorded(ApprovePersonErasure, asked, **otherwise)
    return recorded(ApproveErasure, asked, **otherwise)


def approved(history: Given | Outcome, asked: Erasing, **when: Any) -> Outcome:  # noqa: ANN401 — as `Given.when`
    """Have somebody else than `ACTOR` approve it."""
    return history.when(approving(asked), **{"actor": ANOTHER, **when})


def erased(history: Given | Outcome, asked: Erasing, **when: Any) -> Outcome:  # noqa: ANN401 — as above
    """Have it approved and then recorded; what is refused is given back at once."""
    outcome = approved(history, asked, **when)
    if outcome.error:
        return outcome
    return outcome.when(by_the_last(outcome, asked), **{**when, "actor": ACTOR})


def by_the_last(history: Given | Outcome, asked: Erasing) -> Erasing:
    """Name the event recorded last as the approval that an erasure rests on."""
    given = history.history if isinstance(history, Outcome) else history
    return recorded(type(asked), asked, approvals=(given.facts[-1].version,))
