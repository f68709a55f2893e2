"""The reviews that a view calls past their day are those the rules find overdue, whatever happened.

But for what a closing, a transfer or the end of its plan left overdue: that stands with the rules
as it was, and is owed by nobody here any more, so that no list of what is to be held has it.
R180 and R182 hold while a plan is carried out: a conference of a case without one sets no date
that is owed, nor does one of a plan that ended, was withdrawn, or is of another episode.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from api.clock import seeded
from domain import case as cases
from domain.case import Case
from domain.closure import CaseClosed, CaseReopened
from domain.forward import CaseBroughtForward, Matter
from domain.intake import CaseTransferred
from domain.monitoring import PlanEnded, PlanReviewed, ReviewDateSet
from domain.plan import PlanNotRequired
from domain.reading import joined_facts, replayed
from domain.sitting import CoreGroupHeld
from domain.stage import Looking, mark
from domain.words import Code, Due, ExternalReference, Personal, PlanRef, Slug
from projections.rebuild import verify
from projections.refold import reviews
from projections.reviews import REVIEWS
from tests.controls import (
    ADULT,
    CASE,
    CONFERENCE,
    DAY,
    NATIONS,
    PLAN,
    REVIEW,
    a_closure,
    a_conference,
    a_referral,
    an_enquiry,
    ref,
)
from tests.projections.conftest import Told, Views, corrected, told
from tests.projections.joins import merge
from tests.projections.test_reviews import a_plan, due, held

RULES = ("R180", "R182")
OLD = Slug("old-system")
CODES = {"review_overdue": "review", "core_group_overdue": "core_group"}


def due_on(day: date, days: int) -> Due:
    """Give a date so many days after a meeting."""
    return due((day + timedelta(days=days)).isoformat(), day.isoformat(), "review_conference")


def known(views: Views, case: UUID, as_at: int) -> Case | None:
    """Give a case as it was known at a position; None where it had not begun."""
    facts = views.record.facts(case, as_at=as_at)
    return replayed(case, joined_facts(views.record, case, facts, as_at=as_at)) if facts else None


def found(now: Case | None, on: date) -> set[tuple[str, date, int]]:
    """Give what the rules find overdue of a case."""
    if now is None:
        return set()
    looking = Looking(on=on, jurisdiction=NATIONS[1])
    return {
        (CODES[one.code], one.due, one.position)
        for one in cases.findings(now, looking)
        if one.code in CODES and one.due is not None and one.position is not None
    }


def ended_after(views: Views, case: UUID, day: date, as_at: int) -> bool:
    """Whether it was closed, a plan of it ended, or it left, after a day, or on one not certain."""
    ends = [
        mark(fact).last
        for fact in views.record.facts(case, as_at=as_at)
        if isinstance(fact.event, PlanEnded | CaseClosed)
        or (isinstance(fact.event, CaseTransferred) and fact.event.accepted == "yes")
    ]
    return any(last is None or last > day for last in ends)


def shown(views: Views, on: date, as_at: int) -> dict[UUID, set[Any]]:
    """Give the meetings that the view calls past their day, by case, by a position."""
    listed: dict[UUID, set[Any]] = {}
    for one in views.ask(reviews, on=on, as_at=as_at).rows:
        if one.what in CODES.values() and one.overdue:
            listed.setdefault(one.case, set()).add((one.what, one.due_on, one.due_set_at))
    return listed


def a_meeting(random: Random, day: date) -> object:
    """Give a meeting that sets a date for the next, or none."""
    group = due_on(day, random.choice((1, 28))) if random.random() < 0.8 else None
    if random.random() < 0.4:
        return CoreGroupHeld(
            conference=random.choice((CONFERENCE, REVIEW)),
            parts=(),
            effect=Code("effective"),
            minutes_due=None,
            next_core_group=group,
        )
    event = held(
        due_on(day, random.choice((1, 28, 90))) if random.random() < 0.8 else None,
        random.choice((CONFERENCE, REVIEW)),
    )
    return type(event)(
        conference=event.conference,
        parts=(),
        minutes_due=None,
        next_core_group=group,
        next_review=event.next_review,
    )


def a_transfer(random: Random) -> CaseTransferred:
    """Give a transfer to one of two authorities, or back, and whether they accepted."""
    return CaseTransferred(
        authority=Slug(random.choice(("other-council", "third-council", "council"))),
        reason=Code("not_recorded"),
        counted_by=Code("not_decided"),
        accepted=Code(random.choice(("yes", "yes", "no", "not_recorded"))),
    )


def another(random: Random, day: date, so_far: int) -> object:
    """Give something that happens in a case: a meeting, or what decides whether its date counts."""
    plan = random.choice((PLAN, PlanRef(ref(62))))
    version = random.randrange(2, so_far + 1) if so_far > 1 else 1
    kind = random.choice(("initial", "review", "progress", "core_group"))
    agreed = a_plan(due_on(day, 30) if random.random() < 0.5 else None)
    makes: tuple[tuple[int, Any], ...] = (
        (6, a_meeting(random, day)),
        (3, a_conference(day.isoformat(), random.choice((CONFERENCE, REVIEW)), kind)),
        (4, agreed),
        (1, PlanNotRequired(conference=None, reason=Code("no_risk"))),
        (2, PlanEnded(plan=plan, reason=Code("aim_reached"))),
        (1, ReviewDateSet(plan=plan, reason=Code("other"), due=due_on(day, 9))),
        (1, PlanReviewed(plan=plan, conference=None, result=Code("unchanged"))),
        (1, an_enquiry()),
        (2, a_closure()),
        (1, a_transfer(random)),
        (2, CaseReopened(reason=Code(random.choice(("closed_in_error", "new_information"))))),
        (2, corrected(version, withdrawn=True)),
        (1, corrected(version, occurred=random.choice(("2026-11-20", "2026-11", "unknown")))),
    )
    return random.choices([one for _, one in makes], [weight for weight, _ in makes])[0]


def a_history(random: Random, case: UUID) -> list[Told]:
    """Give what happened in a case, from a referral or from another system."""
    day, first = DAY, Told(day=DAY, event=a_referral(), stream=case)
    brought = random.random() < 0.3
    if brought:
        unasked = random.sample(("conference", "core_group", "review"), random.randrange(3))
        came = CaseBroughtForward(
            adult=ADULT,
            reference=ExternalReference(system=OLD, id=Personal(case, "77")),
            stage=Code("not_recorded"),
            team=None,
            matters=tuple(Matter(what=Code(it), answer=Code("not_asked")) for it in unasked),
        )
        first = Told(day=DAY, event=came, stream=case)
    history = [first]
    for number in range(1, 14):
        day += timedelta(days=random.choice((0, 1, 9, 30)))
        then = day - timedelta(days=random.choice((0, 0, 0, 1, 20)))
        when = random.choice((None, None, then.isoformat(), "2026-11", "unknown"))
        more = {"source": OLD} if brought and random.random() < 0.4 else {}
        event = another(random, then, number)
        history.append(Told(day=day, event=event, occurred=when, stream=case, particulars=more))
    return history


@pytest.mark.parametrize("seed", range(3))
def test_what_is_past_its_day_is_what_the_rules_find_overdue(views: Views, seed: int) -> None:
    """Each meeting that is due, by the event that set it, at every position asked, by any day."""
    random = seeded(seed)
    every = [ref(1000 + number) for number in range(40)]
    histories = [one for case in every for one in a_history(random, case)]
    last = views.tell(*sorted(histories, key=lambda one: one.day))
    views.follow(REVIEWS)
    some = 0
    for as_at in (last, *random.sample(range(1, last), 6)):
        nows = {case: known(views, case, as_at) for case in every}
        for on in (date(2026, 12, 10), date(2027, 2, 1), date(2027, 9, 1)):
            listed = shown(views, on, as_at)
            for case in every:
                ruled, owed = found(nows[case], on), listed.get(case, set())
                assert owed <= ruled, (case, on, as_at)
                for one in ruled - owed:
                    assert ended_after(views, case, one[1], as_at), (case, on, as_at, one)
                some += len(owed)
    assert some > 60, "the histories meet no meeting that is overdue"
    assert verify(REVIEWS, views.connect).equal


def test_a_case_merged_into_another_brings_its_meetings(views: Views) -> None:
    """What was due in a case that is read in another is due there, while a plan is there."""
    other = ref(1001)
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-02", a_referral(), stream=other),
        told("2026-11-23", held(due_on(date(2026, 11, 23), 28)), stream=other),
    )
    views.tell(*merge("2026-11-24", other, CASE))
    last = views.tell(told("2026-11-25", a_plan()))
    views.follow(REVIEWS)
    day = date(2027, 1, 5)
    assert found(known(views, CASE, last), day) == shown(views, day, last)[UUID(int=CASE.int)]
    assert shown(views, day, last - 1) == {}


def test_where_no_plan_is_required_no_meeting_is_due(views: Views) -> None:
    """A conference reckons the next; that nothing is watched since, is what was decided (R180)."""
    meeting = held(due_on(date(2026, 11, 23), 90))
    told_to_both = (
        told("2026-11-02", a_referral()),
        a_conference(),
        told("2026-11-23", meeting),
        PlanNotRequired(conference=CONFERENCE, reason=Code("no_risk")),
        told("2026-11-24", a_plan()),
        told("2026-11-25", corrected(5, withdrawn=True)),
    )
    views.tell(*told_to_both)
    views.follow(REVIEWS)
    for as_at, listed in ((4, 0), (5, 1), (6, 0)):
        assert len(shown(views, date(2027, 6, 1), as_at)) == listed, as_at
