"""What is dated before what it comes after: one of the two days is wrong, and is asked about.

A meeting decides as it is held, and its minutes are approved after it and sent once they are; a
plan ends, and an action is done, once it was agreed (R150, R157). Judged by days alone, and only
where both are certain, by what is now understood; a correction of either ends it. That a meeting
was before it was called is in `meeting_times`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from domain.episode import open_at
from domain.finding import Finding
from domain.stage import Mark, due_by, found, mark
from domain.told import certainly_before
from domain.whole import Case
from domain.words import ConferenceRef, Fact

# What a meeting decides, by stored name. Of a plan that was made elsewhere, or before, it is only
# told at the meeting.
_DECIDED: Final = frozenset({"plan-agreed", "plan-revised", "abuse-finding"})
_HERE: Final = "composed"  # of `plan_origin`


def decided_then(
    before: Mapping[ConferenceRef, tuple[Mark, ...]], fact: Fact[Any]
) -> Mapping[ConferenceRef, tuple[Mark, ...]]:
    """What each meeting decided, with one more fact, where that decided something there."""
    ref: ConferenceRef | None = getattr(fact.event, "conference", None)
    here = getattr(fact.event, "origin", _HERE) == _HERE
    if ref is None or fact.header.name not in _DECIDED or not here:
        return before
    return {**before, ref: (*before.get(ref, ()), mark(fact))}


def out_of_order(case: Case) -> Iterator[Finding]:
    """Ask which day is right, of everything that is dated before what it comes after (R150)."""
    for at, subject, words in (*_of_meetings(case), *_of_plans(case)):
        yield found("days_out_of_order", "R150", "low", words, at=at, subject=subject)


def approved_early(case: Case) -> Iterator[Finding]:
    """L14, L15: what is approved to go since its time of keeping ended, while that ran.

    By the day to look again that had been set by then, of the class by which it is to go.
    """
    kept = case.retaining
    due, dated = kept.review_due, kept.dated_at
    if due is None or dated is None:
        return
    for at in case.correction.approvals.ended_of(kept.retention_class):
        early = at.last is not None and at.last < due.on and dated.position < at.position
        if early and not open_at(at, case.closed_at, case):
            words = f"It was approved to erase what is to be kept until {due_by(due)}."
            yield found("erasure_approved_early", "L15", "high", words, at=at)


def _of_meetings(case: Case) -> Iterator[tuple[Mark, ConferenceRef, str]]:
    """What was decided at a meeting, or written of it, before it was held, or sent too early."""
    for ref, sitting in case.sittings.items():
        for at in case.decided_then.get(ref, ()):
            if _before(at, sitting.held):
                yield at, ref, "This is dated before the conference that it was decided at."
        kept = case.written_up.get(ref)
        for at in () if kept is None else kept.approvals:
            if _before(at, sitting.held):
                words = "The minutes are dated as approved before the conference was held."
                yield at, ref, words
    for ref, kept in case.written_up.items():
        for at in kept.approved_sendings:
            if kept.approvals and all(_before(at, one) for one in kept.approvals):
                yield at, ref, "The minutes are dated as sent before they were approved."


def _of_plans(case: Case) -> Iterator[tuple[Mark, object, str]]:
    """What ended or was done before it was agreed, of what was agreed first in this record."""
    plans = {
        ref: plan
        for ref, plan in case.plan.plans.items()
        if plan.origin == _HERE and not plan.begun_elsewhere
    }
    for plan_ref, at in case.plans_ended.items():
        if plan_ref in plans and _before(at, plans[plan_ref].agreed):
            yield at, plan_ref, "The plan is dated as ended before it was agreed."
    agreed = {ref: one.at for ref, one in case.plan_actions.items() if one.plan in plans}
    agreed |= {ref: one.at for ref, one in case.agreed_actions.items() if ref not in agreed}
    for action, at in case.monitoring.done_first.items():
        if action in agreed and _before(at, agreed[action]):
            yield at, action, "The action is dated as done before it was agreed."


def _before(early: Mark, late: Mark) -> bool:
    """Whether one is of an earlier day for certain than the other, of which somebody told a day.

    What is told without a time has that of its entry: it may have been before, and was not after.
    """
    last, first = early.when.last_day, late.when.first_day
    earlier = last is not None and first is not None and last < first
    return earlier and late.stated and certainly_before(early.when, late.when)
