"""When a plan is to be looked at again: which of the dates set for it counts, and what answers it.

A date is set with the terms of a plan, by a revision of them, or apart from them (R83, R97, R98).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.episode import same
from domain.finding import Finding
from domain.known import Known, Planned
from domain.lasting import REVIEW_ANEW, latest_of
from domain.lateness import came_late, explained, late
from domain.stage import Looking, Mark, after, due_by, found
from domain.when import on_day
from domain.words import ConferenceRef, Due, PlanRef, Slug

CORE_GROUP: Final = "core_group"  # of `conference_kind`
REVIEW: Final = "review"
CYCLE: Final = "review_conference"  # of the limits: where a nation has it, reviews come in a cycle
NO_REVIEW: Final = frozenset({CORE_GROUP, "progress"})  # which set no date for the next one: R182


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date to review a plan, the position of the event that set it, and the one before it."""

    due: Due
    position: int
    before: Dated | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arranged:
    """What a plan, and what is said of it, arrange about its review.

    `pressing`: the risk may not fall, or the enquiry is said to be incomplete.
    """

    pressing: bool
    delegated: bool
    agreed_by: frozenset[Slug]


def latest(*dates: Dated | None) -> Due | None:
    """The date set last, of those there are: it takes the place of any before it."""
    there = [one for one in dates if one is not None]
    return max(there, key=lambda one: one.position).due if there else None


def every(*dates: Dated | None) -> tuple[Due, ...]:
    """Every date that was set, in the order of being set."""
    found: list[Dated] = []
    for last in dates:
        one = last
        while one is not None:
            found.append(one)
            one = one.before
    return tuple(one.due for one in sorted(found, key=lambda one: one.position))


def answers(reviewed: date | None, *, on: date, set_on: date | None) -> bool:
    """Whether a review answers the date `on`, which was set on a day; overdue is the day after it.

    It does where it came after the day the date was set, or on that day where the review was due
    by then: what a review sets for the next is still ahead. `reviewed` is the latest day it can
    have been, `set_on` the earliest; None, not known, answers, since nothing is judged by it.
    """
    if reviewed is None or set_on is None:
        return True
    return reviewed > set_on or reviewed >= on


def over_by(due: Due, ended: Mark | None) -> bool:
    """Whether a plan had ended, or may have, by the day something of it was due."""
    return ended is not None and (ended.first is None or ended.first <= due.on)


def reviewed_late(ref: PlanRef, known: Known) -> Iterator[Finding]:
    """Say for which of its dates a plan was reviewed late, whatever was set for the next (C.7).

    Nothing is late by a date that another took the place of before that review.
    """
    reviews, dates = known.plan_reviews(ref), known.review_dates(ref)
    for number, due in enumerate(dates):
        answering = (
            one for one in reviews if answers(one.last, on=due.on, set_on=due.earliest_start)
        )
        at = came_late(answering, due, known)
        if at is None or over_by(due, known.plans_ended.get(ref)):
            continue
        if any(at.first is None or one.start < at.first for one in dates[number + 1 :]):
            continue
        why = explained(known, due.started or on_day(due.start), at.when)
        said = late("The review of a plan", at, due, why=why)
        one = found("plan_review_late", "R98", *said, at=at, since=due, subject=ref)
        plan = known.plans[ref]  # overdue it hung on the version then current: the first or last
        yield one.once("plan_review_overdue", plan.at.position, plan.agreed.position)


def arranged_findings(
    ref: PlanRef, plan: Planned, known: Known, context: Looking
) -> Iterator[Finding]:
    """Ask for a review date, or a delegation that everybody agreed and nothing forbids.

    A plan that has ended is not asked (R184); one that the nation's cycle dates is asked for no
    date (R182), and who agreed to leave its review to another process all the same (R97).
    """
    if ref in known.plans_ended:
        return
    arranged = _arranged(ref, plan, known)
    if (undated := _brought_undated(ref, plan, arranged, known, context)) is not None:
        yield undated
        return
    passed, cycle = _passed(ref, known, context), _in_cycle(plan, known, context)
    dated = known.review_due(ref) is not None and passed is None
    if (arranged.pressing or _incomplete(plan, known)) and not (dated or cycle):
        words = "The risk may not fall or the enquiry is incomplete, and no review date is set."
        code, rules = "review_date_required", "R83 R84 R98"
    elif arranged.delegated and not dated:
        if not _came(plan, known) - arranged.agreed_by:
            return
        words = "The review was left to another process without every agency agreeing."
        code, rules, passed = "delegation_not_agreed", "R97", None
    elif not (dated or cycle):
        words = "The plan has neither a review date nor a review delegated elsewhere."
        code, rules = "no_review_date", "R97"
    else:
        return
    yield found(code, rules, "medium", words, at=plan.at, since=passed, subject=ref)


def _arranged(ref: PlanRef, plan: Planned, known: Known) -> _Arranged:
    terms, said = plan.terms, known.said_of(ref)
    return _Arranged(
        pressing=terms.pressing,
        delegated=terms.review == "delegated" or said.delegated,
        agreed_by=frozenset((*terms.delegation_agreed_by, *said.delegation_agreed_by)),
    )


def seen_to(subject: str | None, known: Known) -> bool:
    """Whether a plan whose date had passed as it was brought forward is seen to in another way.

    A review conference was held since, the next is set, or its review is left to another process.
    """
    return any(
        bool(known.next_reviews) or _arranged(ref, plan, known).delegated or _answered(ref, known)
        for ref, plan in known.plans.items()
        if str(ref) == subject and _lapsed(ref, known)
    )


def _lapsed(ref: PlanRef, known: Known) -> bool:
    """Whether the date of a plan had passed as the case was brought forward."""
    brought = None if known.brought_at is None else known.brought_at.first_day
    due = known.review_due(ref)
    return brought is not None and due is not None and due.on <= brought


def _reviews_held(known: Known) -> list[Mark]:
    """Where a review conference was held, by an entry of this record's own: of every plan."""
    called, told = known.conferences, known.told_before
    return [
        one.held
        for ref, one in known.sittings.items()
        if one.held.position not in told and ref in called and called[ref].kind == REVIEW
    ]


def _reviewed(ref: PlanRef, known: Known) -> list[Mark]:
    """Where a plan was reviewed; one with a date from before it was brought, by a conference too.

    Any other date is answered by what is recorded of the plan itself.
    """
    own = known.plan_reviews(ref)
    return [*own, *_reviews_held(known)] if _lapsed(ref, known) else list(own)


def _answered(ref: PlanRef, known: Known) -> bool:
    """Whether a review answers the date last set for a plan."""
    due = known.review_due(ref)
    return due is not None and any(
        answers(one.last, on=due.on, set_on=due.earliest_start) for one in _reviewed(ref, known)
    )


def _brought_undated(
    ref: PlanRef, plan: Planned, arranged: _Arranged, known: Known, context: Looking
) -> Finding | None:
    """Ask for a date of a plan that came from another system with none ahead (R97, R98; C.3).

    Whether it was reviewed before by its day is not asked; that no day is set now, from then on,
    until one limit later it is the review that is asked for (`forward.asked_anew`).
    """
    came, due = known.brought_at, known.review_due(ref)
    brought = None if came is None else came.first_day
    if brought is None or brought >= context.on or known.closed_at is not None:
        return None
    agreed, lapsed = plan.agreed.first, _lapsed(ref, known)
    days = [at.first for at in _reviewed(ref, known)]
    since = any(day is None or day >= brought for day in days)  # of which the next is asked
    ahead = (due is not None and (since or not lapsed)) or known.next_reviews
    if ahead or arranged.delegated or agreed is None or agreed >= brought:
        return None
    words = "The plan was brought from another system with no review date ahead, and none is set."
    if due is not None and not _answered(ref, known):
        last = latest_of(REVIEW_ANEW, context.law_of(plan.agreed.position, came), brought)
        if last is not None and context.on > last:
            return None
        words = f"The plan was brought from another system; its review was due by {due_by(due)}, "
        words += "and neither a review nor another date for it is recorded since."
    return found("no_review_date", "R97", "low", words, at=plan.at, since=came, subject=ref)


def _in_cycle(plan: Planned, known: Known, context: Looking) -> bool:
    """Whether the nation's reviews come in a cycle, and a conference set the date of the next.

    That is the date of every plan of its episode; that it has passed is said of the conference. One
    that may have been kept before the case was brought forward is none.
    """
    return CYCLE in context.jurisdiction.limits and any(
        not known.sittings[ref].core_group and same(known.sittings[ref].held, plan.agreed, known)
        for ref in known.next_reviews
    )


def brought_unplanned(known: Known, context: Looking, *, decided: bool) -> Iterator[Finding]:
    """Ask for a plan where a conference came from another system with none (R1, R179; C.3).

    What was decided at it is not asked; that the case has neither a plan nor a decision that none
    is required now, from then on, until a conference held here is asked itself.
    """
    came, told = known.brought_at, known.told_before
    brought = None if came is None else came.first_day
    if decided or brought is None or brought >= context.on or known.closed_at is not None:
        return
    held = [(ref, one.held) for ref, one in known.sittings.items() if _of_plans(ref, known)]
    if not held or any(at.position not in told for _, at in held):
        return
    ref, at = held[-1]
    words = "The conference was brought from another system with neither a plan nor a decision "
    words += "that none is required, and neither is recorded since."
    yield found("no_plan_since_brought", "R1 R179", "low", words, at=at, since=came, subject=ref)


def _of_plans(ref: ConferenceRef, known: Known) -> bool:
    """Whether a conference decides on plans: a core group does not."""
    called = known.conferences.get(ref)
    return called is None or called.kind != CORE_GROUP


def _passed(ref: PlanRef, known: Known, context: Looking) -> date | None:
    """Since when a plan has had no date to come: the last is past and was answered by a review.

    None where it has one, or never had. The date of the next review conference is one of every
    plan; of a closed case no further date is asked.
    """
    due = known.review_due(ref)
    if due is None or due.on >= context.on or known.closed_at is not None:
        return None
    if any(one.on > due.on for one in known.next_reviews.values()):
        return None
    if not _answered(ref, known):
        return None  # overdue, which is said elsewhere
    return max(due.on, *(one.last or due.on for one in _reviewed(ref, known)))


def _incomplete(plan: Planned, known: Known) -> bool:
    """Whether an enquiry was under way when a conference agreed the plan, and still is (R84).

    After its report nothing more is to be found out: what is to be done about it is the meeting's.
    """
    for ref in plan.conferences & known.sittings.keys():
        at = known.sittings[ref].held
        reports = [one.first for one in known.report_marks if same(one, at, known)]
        held, opened = at.last, [known.enquiries[one] for one in known.open_enquiries]
        before = [one.last for one in opened if after(at, one)]
        begun = any(held and day and day <= held for day in before)
        if begun and not any(day is None or held is None or day <= held for day in reports):
            return True
    return False


def _came(plan: Planned, known: Known) -> frozenset[Slug]:
    """The agencies that took part in the conferences of a plan, or were to (R97)."""
    came: set[Slug | None] = set()
    for ref in plan.conferences & known.conferences.keys():
        sitting = known.sittings.get(ref)
        lines = () if sitting is None else sitting.attendances
        there = {line.organisation for _, line in lines if line.present}
        came |= there - {None} or set(known.conferences[ref].agencies)
    return frozenset(one for one in came if one is not None)
