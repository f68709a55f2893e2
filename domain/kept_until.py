"""Where a case stands on its way to being kept or forgotten, and what is to be done next.

A case's own entries say it: that it was closed, its class, what was decided when somebody looked,
the holds over it, who approved that it goes (L14 to L17, R166). Nothing here criticises; that is
`retaining`. What a list shows of a thousand cases is judged for each of them here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from domain.case import Case
from domain.erased import ENDED, Waiting
from domain.stage import Mark, after
from domain.words import Code, Due

DESTROY: Final = Code("destroy")
KEEP: Final = Code("keep")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A standing in words, what comes next, and the command that records it, where one does."""

    title: str
    words: str
    command: str | None = None


# In the order in which a list shows them: what waits for somebody first.
NEXT: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "approved": Step(
            title="Approved, waits for the second person",
            words="Somebody else than who approved it erases by that approval, before its day.",
            command="erase-personal-data",
        ),
        "to_approve": Step(
            title="To be destroyed, not approved",
            words="One person approves that it goes; another erases then.",
            command="approve-erasure",
        ),
        "due": Step(
            title="Review due",
            words="Somebody looks whether the case is still needed, and decides.",
            command="review-retention",
        ),
        "class_missing": Step(
            title="Class missing",
            words="Say by which class the case is kept, and counted from what.",
            command="set-retention-class",
        ),
        "undated": Step(
            title="Kept without a day",
            words="Say when to look again, or that it is kept permanently.",
            command="review-retention",
        ),
        "held": Step(
            title="On legal hold",
            words="Nothing is destroyed while a hold stands; lift it when its reason has ended.",
            command="lift-legal-hold",
        ),
        "still_tells": Step(
            title="Erased, and still tells what is read in it",
            words="Each case that is read in it is erased by itself: it is listed by its own step.",
        ),
        "kept": Step(title="Kept", words="Nothing before the day on which it is looked at again."),
        "forgotten": Step(
            title="Forgotten",
            words="Nothing, if the copy of the keyring was made anew since (holdfast keys backup).",
        ),
        "open": Step(title="Open", words="Nothing: how long it is kept is asked once it closed."),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One case: what is told of it, and what it rests on.

    `at` is where that was last said. `held` and `decision` are told whatever it stands at: a hold
    hides what waits behind it.
    """

    stands: str
    retention_class: Code | None = None
    review_due: Due | None = None
    decision: Code | None = None
    closed: Mark | None = None
    held: bool = False
    approvals: tuple[Waiting, ...] = ()
    at: Mark | None = None

    @property
    def step(self) -> Step:
        """The standing in words, and what comes next."""
        return NEXT[self.stands]

    @property
    def command(self) -> str | None:
        """The command that comes next."""
        return self.step.command

    @property
    def day(self) -> date | None:
        """By when, or since when: what a list is ordered by."""
        if self.approvals:
            return min(one.use_by for one in self.approvals)
        if self.stands in {"due", "kept"} and self.review_due is not None:
            return self.review_due.on
        return None if self.at is None else self.at.last


def kept_until(
    case: Case, on: date, *, latest: int, merged: Collection[Kept] = (), led_by_erased: bool = False
) -> Kept:
    """Where a case stands, judged by a day; `latest` is the version of its last entry.

    What was approved and is overtaken by a later entry, withdrawn, used or past its day waits for
    nobody (`erased`). `merged` is how the cases stand that are read in this one, where its own data
    were erased: it is not forgotten before they are. Of such a case, `led_by_erased`, nothing else
    is asked than that it goes too: what was decided of the two as one is carried out.
    """
    governed, retaining = case.correction, case.retaining
    withdrawn = governed.corrections.withdrawn
    waiting = tuple(
        one
        for one in governed.approvals.waiting(withdrawn, on, latest=latest)
        if led_by_erased or case.closed_at is not None or one.authority != ENDED  # none open ended
    )
    gone = governed.erased_with(case.adult) if case.erased else None
    if case.erased:
        done = all(one.stands == "forgotten" for one in merged)
        stands = "forgotten" if done else "still_tells"
    elif led_by_erased and not case.held and not waiting:
        stands = "to_approve"
    else:
        stands = _stands(case, on, waiting)
    return Kept(
        stands=stands,
        retention_class=retaining.retention_class,
        review_due=retaining.review_due,
        decision=_decision(case),
        closed=case.closed_at,
        held=case.held,
        approvals=() if case.erased else waiting,
        at=gone or _at(case, stands),
    )


def _stands(case: Case, on: date, waiting: tuple[Waiting, ...]) -> str:
    state, decision = case.retaining, _decision(case)
    if case.held:
        return "held"
    if waiting:
        return "approved"
    if case.closed_at is None:  # whatever stood before: nor is one asked that was taken up again
        return "open"
    if decision == DESTROY:
        return "to_approve"
    if state.review_due is not None:
        return "due" if on >= state.review_due.on else "kept"
    if decision is not None and decision != KEEP:
        return "kept"
    return "undated" if state.set_at is not None or decision is not None else "class_missing"


def _decision(case: Case) -> Code | None:
    """What was last decided, unless the case was classed anew or taken up again since.

    To destroy is decided of a closed case: what was decided while it was open is not used after.
    """
    state, reopened, closed = case.retaining, case.closure.reopened, case.closed_at
    if state.reviewed is None or state.dated_at != state.reviewed:
        return None
    if reopened and reopened[-1].position > state.reviewed.position:
        return None
    if state.decision == DESTROY and (closed is None or not after(state.reviewed, closed)):
        return None
    return state.decision


def _at(case: Case, stands: str) -> Mark | None:
    """Where what is told was last said."""
    if stands == "held":
        own = case.correction.holds.values()
        return max(own, key=lambda at: at.position, default=None)
    if stands in {"class_missing", "open"}:
        return case.closed_at
    return case.retaining.dated_at or case.closed_at
