"""What is dated before what it comes after: one of the two days is wrong, and is asked about.

A meeting considers and decides as it is held, its notes are kept, and its minutes drafted and
approved after it, in that order, and sent once they are, as an amendment is answered once it was
asked for; a plan is sent, withheld, or ends, and an action is done, once it was agreed; a clock
starts again once it was stopped; an enquiry is opened once a concern was received, and concluded
once it was opened (R146, R150, R157). Judged by days alone, and only where both are certain, by
what is now understood; a correction of either ends it. Where most of what a meeting decided is
dated before it, several on one day, that is asked once, at the meeting, and what came after it is
held to that day. That a meeting was before it was called is in `meeting_times`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from domain.episode import open_at
from domain.finding import Finding
from domain.minutes import Minutes
from domain.stage import Mark, due_by, found, mark
from domain.told import certainly_before
from domain.when import on_day
from domain.whole import Case
from domain.words import AmendmentRef, ConferenceRef, EnquiryRef, Fact, PlanRef

# What a meeting considers and decides, by stored name. What is weighed there (risk, need, advice,
# views) may be older, and what is done upon it (an application, a referral, an offer) begun before.
# Of a plan that was made elsewhere, or before, it is only told at the meeting.
DECIDED: Final = frozenset(
    {
        *("agenda-item-considered", "previous-minutes-considered", "report-considered"),
        *("adult-views-presented", "legal-advice-considered", "regulatory-action-considered"),
        *("proceedings-considered", "no-further-action-considered"),
        *("abuse-finding", "adult-at-risk-status-determined", "residual-concern-action-decided"),
        *("agency-position-recorded", "agency-agreement-recorded", "dissent-recorded"),
        *("protection-order-considered", "regulatory-referral-decided"),
        *("information-sharing-decided", "information-requested"),
        *("organisational-change-recommended", "further-conference-decided"),
        *("plan-agreed", "plan-revised", "plan-not-required", "plan-not-agreed", "plan-reviewed"),
        *("plan-change-ratified", "plan-coordinator-designated", "contingency-agreed"),
        *("monitoring-responsibility-assigned", "plan-sharing-agreed", "action-agreed"),
        *("review-delegated-to-care-management", "support-service-agreed"),
        *("pach-action-decided", "pach-actions-reviewed", "pach-feedback-decided"),
        "feedback-responsibility-assigned",
    }
)
_AGREED: Final = frozenset({"plan-agreed", "plan-revised"})
_HERE: Final = "composed"  # of `plan_origin`


def decided_then(
    before: Mapping[ConferenceRef, tuple[Mark, ...]], fact: Fact[Any]
) -> Mapping[ConferenceRef, tuple[Mark, ...]]:
    """What each meeting decided, with one more fact, where that decided something there."""
    ref: ConferenceRef | None = getattr(fact.event, "conference", None)
    here = getattr(fact.event, "origin", _HERE) == _HERE
    if ref is None or fact.header.name not in DECIDED or not here:
        return before
    return {**before, ref: (*before.get(ref, ()), mark(fact))}


def agreed_then(
    before: Mapping[PlanRef, Mapping[int, Mark]], fact: Fact[Any]
) -> Mapping[PlanRef, Mapping[int, Mark]]:
    """Where each version of a plan was agreed, with one more fact, where that agreed one here."""
    event: Any = fact.event
    if fact.header.name not in _AGREED or event.origin != _HERE:
        return before
    versions = {**before.get(event.plan, {}), event.version: mark(fact)}
    return {**before, event.plan: versions}


def out_of_order(case: Case) -> Iterator[Finding]:
    """Ask which day is right, of everything that is dated before what it comes after (R150)."""
    of_the_rest = (*_of_enquiries(case), *_of_access(case))
    for at, subject, words in (*_of_meetings(case), *_of_plans(case), *of_the_rest):
        yield found("days_out_of_order", "R150", "low", words, at=at, subject=subject)
    for at, ref, count in _dated_late(case):
        code = "days_out_of_order"
        words = f"This conference is dated after {count} entries that it considered or decided."
        yield found(code, "R150", "low", words, at=at, subject=ref, counted=count)
    for at, subject, after, words in (*_of_minutes(case), *_of_amendments(case)):
        code = "days_out_of_order"
        yield found(code, "R150", "low", words, at=at, subject=subject, which=after)


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
    for ref in case.sittings:
        met, kept = _met(case, ref), case.written_up.get(ref)
        for at in _all_before(case.decided_then.get(ref, ()), met):
            yield at, ref, "This is dated before the conference that considered or decided it."
        for at in _all_before(() if kept is None else kept.approvals, met):
            yield at, ref, "The minutes are dated as approved before the conference was held."
    for ref, kept in case.written_up.items():
        for at in kept.approved_sendings:
            if kept.approvals and all(_before(at, one) for one in kept.approvals):
                yield at, ref, "The minutes are dated as sent before they were approved."


def _met(case: Case, ref: ConferenceRef) -> Mark | None:
    """By what it is known when a meeting was: that it was held, or what was decided there.

    Where more of that is dated before the meeting than on its day or after it, and several on one
    day, the meeting's own day is in doubt: then it was on the day that most are of.
    """
    sitting = case.sittings.get(ref)
    if sitting is None:
        return None
    held, decided = sitting.held, case.decided_then.get(ref, ())
    before, last = [at for at in decided if _before(at, held)], held.when.last_day
    then = [at for at in decided if at.stated and last is not None and _from(at, last)]
    days = Counter((at.when.first_day, at.when.last_day) for at in before)
    most = max(days.values(), default=0)
    if len(before) <= len(then) or most == 1:
        return held
    of_most = (at for at in before if days[at.when.first_day, at.when.last_day] == most)
    return min(of_most, key=lambda at: at.when.last_day or date.max)


def _dated_late(case: Case) -> Iterator[tuple[Mark, ConferenceRef, int]]:
    """The meetings whose own day is in doubt, and by how much of what they decided."""
    for ref, sitting in case.sittings.items():
        met, held = _met(case, ref), sitting.held
        if met is not None and met is not held:
            decided = (at for at in case.decided_then.get(ref, ()) if _before(at, held))
            yield held, ref, sum(not _before(at, met) for at in decided)


def _from(at: Mark, day: date) -> bool:
    """Whether something was on a day, or after it, for certain."""
    return at.when.first_day is not None and at.when.first_day >= day


def _of_minutes(case: Case) -> Iterator[tuple[Mark, ConferenceRef, str, str]]:
    """Each further step with the minutes, before the one it comes after: by which, and the words.

    What is dated before several is asked about of each.
    """
    for ref, told in case.releasing.told.items():
        for at in _all_before((at for at, _ in told), _met(case, ref)):
            words = "The decisions are dated as sent before the conference was held."
            yield at, ref, "held", words
    for ref, draft in case.drafting.drafts.items():
        for at in _all_before(draft.notes, _met(case, ref)):
            words = "The notes of the meeting are dated as kept before the conference was held."
            yield at, ref, "held", words
    for ref, kept in case.minutes.minutes.items():
        met, drafted = _met(case, ref), kept.drafted
        for marks, done, after, first in (
            (() if drafted is None else (drafted,), "drafted", "held", met),
            (kept.sendings, "sent", "held", met),
            (kept.approvals, "approved", "drafted", drafted),
            (kept.sendings, "sent", "drafted", drafted),
        ):
            what = "the conference was held" if after == "held" else "they were drafted"
            for at in _all_before(marks, first):
                yield at, ref, after, f"The minutes are dated as {done} before {what}."
        yield from ((at, ref, after, words) for at, after, words in _of_copies(kept))


def _all_before(marks: Iterable[Mark], first: Mark | None) -> Iterator[Mark]:
    return (at for at in marks if first is not None and _before(at, first))


def _of_copies(kept: Minutes) -> Iterator[tuple[Mark, str, str]]:
    """A redacted copy made before the minutes were approved, or sent before it was made."""
    for at, _ in kept.produced:
        if kept.approvals and all(_before(at, one) for one in kept.approvals):
            yield at, "approved", "A redacted copy is dated before the minutes were approved."
    early = dict.fromkeys(
        at
        for at, one in kept.sent
        if (made := [it for it, copy in kept.produced if copy.copy == one.copy])
        and all(_before(at, it) for it in made)
    )
    for at in early:
        yield at, "made", "A redacted copy is dated as sent before it was made."


def _of_amendments(case: Case) -> Iterator[tuple[Mark, AmendmentRef, str, str]]:
    """An amendment asked for before there was a draft, or answered before it was asked for."""
    for ref, one in case.amending.asked.items():
        kept = case.minutes.minutes.get(one.conference)
        if kept is not None and kept.drafted is not None and _before(one.at, kept.drafted):
            words = "An amendment is dated as asked for before the minutes were drafted."
            yield one.at, ref, "drafted", words
        if one.answered is not None and _before(one.answered, one.at):
            words = "An amendment is dated as answered before it was asked for."
            yield one.answered, ref, "asked", words


def _of_plans(case: Case) -> Iterator[tuple[Mark, object, str]]:
    """What was sent, withheld, ended or done before it was agreed, where that was told here."""
    plans = {
        ref: plan
        for ref, plan in case.plan.plans.items()
        if plan.origin == _HERE and not plan.begun_elsewhere
    }
    for plan_ref, at in case.plans_ended.items():
        if plan_ref in plans and _before(at, plans[plan_ref].agreed):
            yield at, plan_ref, "The plan is dated as ended before it was agreed."
    for at, plan_ref, version in case.plan_copies.given:
        agreed_at = case.agreed_then.get(plan_ref, {}).get(version)
        if agreed_at is not None and _before(at, agreed_at):
            yield at, plan_ref, "The plan is dated as sent before it was agreed in that version."
    for at, plan_ref in case.plan_copies.withheld:
        if plan_ref in plans and _before(at, plans[plan_ref].agreed):
            yield at, plan_ref, "The plan is dated as withheld from the adult before it was agreed."
    agreed = {ref: one.at for ref, one in case.plan_actions.items() if one.plan in plans}
    agreed |= {ref: one.at for ref, one in case.agreed_actions.items() if ref not in agreed}
    for action, at in case.monitoring.done_first.items():
        if action in agreed and _before(at, agreed[action]):
            yield at, action, "The action is dated as done before it was agreed."


def _of_enquiries(case: Case) -> Iterator[tuple[Mark, EnquiryRef, str]]:
    """An enquiry opened before any concern was received, or concluded before it was opened.

    By the days they tell of themselves, as the returns count them. A case brought forward may have
    had its concern in the other system; a large-scale enquiry begins with the concern of another,
    and one that was split off may have left its own behind, in the case that it came from.
    """
    concerns = {one.stream for one in case.concern.counted}
    for ref, (_, day) in case.enquiry.kinds.items():
        opened = replace(case.enquiry.opened[ref], when=on_day(day))
        ended = case.conclusion.ended.get(ref)
        if ended is not None and _before(replace(ended.at, when=on_day(ended.on)), opened):
            yield ended.at, ref, "The enquiry is dated as concluded before it was opened."
        apart = case.brought_at is not None or case.large_scale(opened)
        early = (_before(opened, one) for one in case.referrals)
        if case.enquiry.streams[ref] in concerns and not apart and all(early):
            words = "The enquiry is dated as opened before the concern was received."
            yield case.enquiry.opened[ref], ref, words


def _of_access(case: Case) -> Iterator[tuple[Mark, object, str]]:
    """The time to answer a request for access begun again before it was stopped."""
    for ref, one in case.access_request.requests.items():
        early = (again for stopped, again in one.restarts if _before(again, stopped))
        for at in early:
            words = "The time to answer a request is dated as begun again before it was stopped."
            yield at, ref, words


def _before(early: Mark, late: Mark) -> bool:
    """Whether one is of an earlier day for certain than the other, of which somebody told a day.

    What is told without a time has that of its entry: it may have been before, and was not after.
    """
    last, first = early.when.last_day, late.when.first_day
    earlier = last is not None and first is not None and last < first
    return earlier and late.stated and certainly_before(early.when, late.when)
