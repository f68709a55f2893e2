"""By when the next meeting about a plan is due, by what a row keeps of a case: the rules' own law.

A row keeps each meeting with what it set, each plan and the case's endings, since a plan that
ends, a meeting entered late and a case taken up again all change which date is owed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from domain.episode import Episode
from domain.lateness import furthest, under_a_plan, with_review
from domain.review_date import NO_REVIEW
from domain.stage import CHOSEN, Mark
from projections.ending import episodes, mark_of
from projections.projection import Json, Seen, certain_day_of, days_of

REVIEW: Final = "review"
CORE_GROUP: Final = "core_group"
# What a list of cases brought forward is asked, on which they rest (`domain.forward.RESTS_ON`).
_ASKED: Final = {REVIEW: "conference", CORE_GROUP: "core_group"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meeting:
    """A meeting, as a row keeps it."""

    held: Mark
    kept: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class _Set:
    """A date for the next meeting, as its event stores it."""

    on: date
    stored: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What `domain.episode` asks of a case."""

    episodes: tuple[Episode, ...]


def placed(seen: Seen) -> Json:
    """What a row keeps of where and when something happened."""
    return [seen.position, seen.recorded_us, seen.occurred]


def latest(seen: Seen) -> str:
    """The latest local day it can have happened: what is recorded as done was done by then."""
    first, last = days_of(seen.occurred)
    if last is not None and first is not None and first > seen.recorded_on:
        return last  # a time corrected later
    return seen.recorded_on if last is None else min(last, seen.recorded_on)


def stated(seen: Seen) -> str | None:
    """When it happened as it was stated; None where that is one certain day."""
    when = seen.occurred
    text: str = when["edtf"]
    return text if certain_day_of(when) is None else None


def meeting(seen: Seen, *, before: bool) -> Json:
    """What a row keeps of a meeting; `before`: of the time before the case was brought forward."""
    return {
        "at": placed(seen),
        "core_group": seen.name == "core-group-held",
        "before": before,
        "next_core_group": seen.data.get("next_core_group"),
        "next_review": seen.data.get("next_review"),
    }


def due_kept(due: Json, position: int) -> dict[str, Json]:
    """What a row keeps of a due date, and by which event it was set."""
    started = due.get("started")
    return {
        "on": due["on"],
        "at_latest": started is not None and due["rule"] != CHOSEN,
        "rule": due["rule"],
        "start": due["start"] if started is None else days_of(started)[0],
        "set_at": position,
    }


NO_DATE: Final[Mapping[str, Json]] = {
    "on": None,
    "at_latest": False,
    "rule": None,
    "start": None,
    "set_at": None,
}


class Row(Protocol):
    """What a row keeps of a case, as far as it is asked here."""

    @property
    def meetings(self) -> Mapping[str, Json]:
        """Each meeting held, as `meeting` keeps it."""

    @property
    def kinds(self) -> Mapping[str, str]:
        """As what each was called."""

    @property
    def plans(self) -> Mapping[str, Json]:
        """Each plan agreed or revised, with where it first was."""

    @property
    def ended(self) -> Sequence[str]:
        """What ended, plans among it."""

    @property
    def endings(self) -> Sequence[Json]:
        """The case's closings and reopenings."""

    @property
    def in_error(self) -> Sequence[int]:
        """The positions of the reopenings since a closing was an error."""

    @property
    def brought(self) -> Json:
        """That the case was brought forward, as `brought` keeps it; None where it was not."""


def owed(row: Row) -> Iterator[tuple[str, Json, int]]:
    """Each next meeting that is due while a plan is carried out: what, when, and set by which.

    Core groups and progress conferences set no date for the next review (R180, R182). A core group
    that a review takes the place of is due with it, by the date that this was set.
    """
    plans = [mark_of(*at) for ref, at in row.plans.items() if ref not in row.ended]
    every = {ref: _Meeting(held=mark_of(*one["at"]), kept=one) for ref, one in row.meetings.items()}
    held = under_a_plan(every, plans, _Known(episodes=episodes(row.endings, row.in_error)))
    sets = [
        one for ref, one in held if not (one.kept["core_group"] or row.kinds.get(ref) in NO_REVIEW)
    ]
    review = furthest([(_set(one.kept["next_review"]), one) for one in sets])
    group = furthest([(_set(one.kept["next_core_group"]), one) for _, one in held])
    for what, found in ((REVIEW, review), (CORE_GROUP, with_review(group, review))):
        if found is not None and _certain(row, what, *found):
            yield what, found[0].stored, found[1].held.position


def brought(seen: Seen, before: Json) -> Json:
    """What a row keeps of a case brought forward: that of its own, if there is one, is kept."""
    own = seen.case == seen.stream
    if not own and before is not None and before["own"]:
        return before
    matters = seen.data.get("matters", ())
    unasked = [one["what"] for one in matters if one["answer"] == "not_asked"]
    return {"on": seen.recorded_on, "own": own, "not_asked": unasked}


def _certain(row: Row, what: str, due: _Set, by: _Meeting) -> bool:
    """Whether a date is owed for certain of a case brought forward (`domain.forward.judged`).

    One that had passed as the case came may have been kept there; so may any, by what the list did
    not ask.
    """
    before = by.kept["before"]
    if row.brought is None or not (row.brought["own"] or before):
        return True
    asked = not before or _ASKED[what] not in row.brought["not_asked"]
    return asked and due.stored["on"] > row.brought["on"]


def _set(due: Json) -> _Set | None:
    return None if due is None else _Set(on=date.fromisoformat(due["on"]), stored=due)
