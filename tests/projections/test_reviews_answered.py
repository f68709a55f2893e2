"""Which dates a review answers, whose case it is, and what begins to wait from when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.allocation import CaseUnallocated
from domain.conclusion import EnquiryReopened
from domain.monitoring import PlanEnded, ReviewDateSet
from domain.plan import PlanRevised, Terms
from domain.when import read
from domain.words import Code, Due, PersonRef, PlanRef, Slug
from projections.rebuild import verify
from projections.refold import reviews
from projections.reviews import REVIEWS, overdue
from tests.controls import (
    ADULT,
    CASE,
    ENQUIRY,
    MANAGER,
    OTHER_CASE,
    PLAN,
    PRACTITIONER,
    REVIEW,
    SISTER,
    a_conclusion,
    a_conference,
    a_referral,
    an_enquiry,
    ref,
)
from tests.projections.conftest import Views, corrected, shows, told
from tests.projections.joins import split
from tests.projections.test_reviews import a_plan, a_review, allocated, due, held

ON = date(2027, 6, 1)
SECOND = PlanRef(ref(62))


def asked(views: Views, *names: str, **more: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """Follow, and give columns of what is overdue."""
    views.follow(REVIEWS)
    found = views.ask(overdue, on=ON, **more)
    return [tuple(getattr(one, name) for name in names) for one in found]


def test_a_review_answers_for_its_own_plan(views: Views) -> None:
    """A review of one plan leaves the date of another; a review conference answers for both."""
    views.tell(
        told("2026-11-02", a_referral()),
        a_plan(due("2026-12-14", "2026-11-02")),
        replace(a_plan(due("2026-12-21", "2026-11-02")), plan=SECOND),
        told("2026-12-10", a_review()),
    )
    assert asked(views, "why", "due_on") == [("past_due", date(2026, 12, 21))]
    views.tell(
        told("2027-01-04", a_conference("2027-01-11", REVIEW, "review")),
        told("2027-01-11", held(conference=REVIEW)),
    )
    assert asked(views, "why", "due_on", "reviews") == [("no_date", None, 2)]


def test_a_conference_that_is_no_review_answers_nothing(views: Views) -> None:
    """An initial conference leaves the plan's date, and counts as no review of it."""
    views.tell(
        told("2026-11-02", a_referral()),
        a_plan(due("2026-12-14", "2026-11-02")),
        a_conference(),
        told("2026-12-10", held()),
    )
    assert asked(views, "why", "due_on", "reviews") == [("past_due", date(2026, 12, 14), 0)]


def test_the_last_review_is_the_one_that_can_have_been_last(views: Views) -> None:
    """A review recorded late that was earlier counts, and does not become the last."""
    views.tell(
        told("2026-11-02", a_referral()),
        a_plan(),
        told("2027-01-12", a_review(), occurred="2027-01-11"),
        told("2027-01-13", a_review(), occurred="2026-12"),
    )
    assert asked(views, "reviewed_on", "reviewed_stated", "reviewed_at", "reviews") == [
        (date(2027, 1, 11), None, 3, 2)
    ]
    views.tell(told("2027-01-14", a_review(), occurred="2027-01-11"))
    assert asked(views, "reviewed_at", "reviews") == [(5, 3)]


def test_a_case_is_to_be_reviewed_by_whoever_holds_it(views: Views) -> None:
    """The team and the worker are those of the last allocation; an ended one leaves the team."""
    views.tell(told("2026-11-02", a_referral()), a_plan(), allocated("north-team"))
    assert asked(views, "team", "worker") == [("north-team", PRACTITIONER)]
    assert asked(views, "case", worker=PRACTITIONER, team="north-team") == [(CASE,)]
    assert asked(views, "case", worker=MANAGER) == asked(views, "case", team="south-team") == []
    views.tell(
        CaseUnallocated(previous=PRACTITIONER, team=Slug("south-team"), reason=Code("worker_left"))
    )
    assert asked(views, "team", "worker") == [("south-team", None)]


@pytest.mark.parametrize(("named", "adult"), [(SISTER, SISTER), (None, None)])
def test_a_case_that_began_with_entries_of_another(
    views: Views, named: PersonRef | None, adult: UUID | None
) -> None:
    """It is about whoever the split says; what it brings waits since it was begun there."""
    views.tell(told("2026-11-02", a_referral()), told("2026-11-03", an_enquiry()))
    views.tell(*split("2026-11-05", CASE, OTHER_CASE, 2, adult=named))
    assert asked(views, "case", "adult", "why", "since") == [
        (OTHER_CASE, adult, "never_reviewed", date(2026, 11, 3))
    ]
    assert verify(REVIEWS, views.connect).equal


def test_entries_brought_to_a_case_leave_it_its_adult(views: Views) -> None:
    """A case that has a referral of its own stays about that adult, whatever a split says."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", an_enquiry()),
        told("2026-11-04", a_referral(), stream=OTHER_CASE),
    )
    views.tell(*split("2026-11-05", CASE, OTHER_CASE, 2, adult=SISTER))
    assert asked(views, "case", "adult") == [(OTHER_CASE, ADULT)]


def test_an_enquiry_concluded_is_waited_for_no_more(views: Views) -> None:
    """Concluded it leaves the plan alone; reopened it is waited for since then."""
    views.tell(
        told("2026-11-02", a_referral()),
        replace(an_enquiry(), due=due("2026-12-01", "2026-11-02", "enquiry")),
        told("2026-11-09", a_plan()),
    )
    assert asked(views, "why", "due_on", "since") == [
        ("past_due", date(2026, 12, 1), date(2026, 11, 2))
    ]
    views.tell(told("2026-12-07", a_conclusion()))
    assert asked(views, "why", "since", "since_at") == [("never_reviewed", date(2026, 11, 9), 3)]
    views.tell(
        PlanEnded(plan=PLAN, reason=Code("aim_reached")),
        told("2027-01-04", EnquiryReopened(enquiry=ENQUIRY, reason=None)),
    )
    assert asked(views, "why", "since", "since_at") == [("never_reviewed", date(2027, 1, 4), 6)]


def test_what_has_ended_takes_the_dates_of_its_meetings_along(views: Views) -> None:
    """A date set for the next review is of no plan that is left; beside another plan it stays."""
    views.tell(
        told("2026-11-02", a_referral()),
        a_plan(),
        replace(a_plan(), plan=SECOND),
        a_conference(),
        told("2026-11-23", held(due("2027-02-23", "2026-11-23", "review_conference"))),
        told("2026-12-01", PlanEnded(plan=PLAN, reason=Code("aim_reached"))),
    )
    assert asked(views, "why", "due_on", "due_rule") == [
        ("past_due", date(2027, 2, 23), "review_conference")
    ]
    views.tell(told("2026-12-02", PlanEnded(plan=SECOND, reason=Code("aim_reached"))))
    assert asked(views, "why") == []


@pytest.mark.parametrize("sets", [True, False])
def test_a_revision_sets_a_date_or_leaves_the_one_there_was(views: Views, *, sets: bool) -> None:
    """A plan revised is the same plan, waited for since it was agreed."""
    revised = PlanRevised(
        plan=PLAN,
        version=2,
        conference=None,
        origin=Code("composed"),
        reason=None,
        terms=Terms(),
        review_due=due("2027-02-01", "2026-12-01") if sets else None,
    )
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-10", a_plan(due("2026-12-22", "2026-11-10"))),
        told("2026-12-01", revised),
    )
    assert asked(views, "due_on", "due_set_at", "since", "since_at") == [
        (date(2027, 2, 1) if sets else date(2026, 12, 22), 3 if sets else 2, date(2026, 11, 10), 2)
    ]


def test_of_two_dates_the_earliest_is_told(views: Views) -> None:
    """The earliest date not answered is the one told, of two alike the one set first."""
    chosen = ReviewDateSet(
        plan=SECOND,
        reason=Code("plan_may_not_reduce_risk"),
        due=due("2026-12-22", "2026-11-12", "reviewed_at_once"),
    )
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-10", a_plan(due("2026-12-22", "2026-11-10"))),
        told("2026-11-11", replace(a_plan(), plan=SECOND)),
        told("2026-11-12", chosen),
    )
    assert asked(views, "due_on", "due_rule", "due_set_at", "since_at") == [
        (date(2026, 12, 22), "chosen", 2, 2)
    ]


def test_a_time_corrected_to_lie_ahead_is_believed(views: Views) -> None:
    """What is now understood to have happened after it was recorded waits from that time on."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-10", a_plan()),
        told("2026-11-20", corrected(2, occurred="2026-11-16")),
    )
    assert asked(views, "since", "since_stated") == [(date(2026, 11, 16), None)]


def test_a_due_date_is_reckoned_from_the_earliest_day_it_can_be(views: Views) -> None:
    """A review between the first day a date can have been set on and the last may answer it."""
    uncertain: Due = replace(due("2026-12-28", "2026-11-30"), started=read("2026-11"))
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-30", a_plan(uncertain)),
        told("2026-11-30", a_review(), occurred="2026-11-20"),
    )
    assert asked(views, "why", "due_on") == [("no_date", None)]


def test_each_kind_of_meeting_has_one_date(views: Views) -> None:
    """The last date set for the next review replaces the one before it."""
    views.tell(
        told("2026-11-02", a_referral()),
        a_plan(),
        a_conference(),
        told("2026-11-23", held(due("2027-02-23", "2026-11-23", "review_conference"))),
        told("2026-11-24", held(due("2027-03-24", "2026-11-24", "review_conference"))),
    )
    views.follow(REVIEWS)
    shows(
        views.ask(reviews, on=date(2027, 1, 1)).rows,
        """
        what   | reference | why     | due_on     | due_set_at | since      | since_at
        plan   | plan      | to_come | -          | -          | 2026-11-02 | 2
        review | -         | to_come | 2027-03-24 | 5          | -          | -
        """,
    )
