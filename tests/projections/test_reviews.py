from __future__ import annotations

from datetime import date

from domain.monitoring import PlanEnded, PlanReviewed, ReviewDateSet
from domain.plan import PlanAgreed, Terms
from domain.sitting import ConferenceHeld, CoreGroupHeld
from domain.words import Code, Due, Slug
from projections.rebuild import verify
from projections.reviews import REVIEWS, overdue
from tests.controls import (
    CONFERENCE,
    OTHER_CASE,
    PLAN,
    REVIEW,
    a_closure,
    a_conference,
    a_referral,
    an_enquiry,
)
from tests.projections.conftest import Views, shows, told


def due(on: str, start: str, rule: str = "chosen") -> Due:
    """Give a due date as an event stores it."""
    return Due(
        on=date.fromisoformat(on),
        rule=Code(rule),
        start=date.fromisoformat(start),
        calendar=Slug("as-decided"),
    )


def a_plan(review_due: Due | None = None) -> PlanAgreed:
    """Give a plan, with a date to review it or without."""
    return PlanAgreed(
        plan=PLAN,
        version=1,
        conference=None,
        origin=Code("composed"),
        terms=Terms(),
        review_due=review_due,
    )


def a_review() -> PlanReviewed:
    """Give a review of the plan."""
    return PlanReviewed(plan=PLAN, conference=None, result=Code("continues"))


def held(next_review: Due | None = None, conference: object = CONFERENCE) -> ConferenceHeld:
    """Give a conference that sets the date of the next review."""
    return ConferenceHeld(
        conference=conference,  # type: ignore[arg-type]
        parts=(),
        minutes_due=None,
        next_core_group=None,
        next_review=next_review,
    )


def test_past_its_stored_day(views: Views) -> None:
    """A plan is overdue from the day after the date its event stores, until a review answers it."""
    agreed = views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-10", a_plan(due("2026-12-22", "2026-11-10"))),
    )
    views.follow(REVIEWS)
    assert views.ask(overdue, on=date(2026, 12, 22)) == []
    shows(
        views.ask(overdue, on=date(2026, 12, 23)),
        """
        case | why      | days | due_on     | due_rule | due_set_at | reviews
        case | past_due | 1    | 2026-12-22 | chosen   | 2          | 0
        """,
    )

    views.tell(told("2026-12-28", a_review()))
    views.follow(REVIEWS)
    assert views.ask(overdue, on=date(2027, 6, 1)) == []
    assert len(views.ask(overdue, on=date(2027, 6, 1), as_at=agreed)) == 1


def test_no_review_event_at_all(views: Views) -> None:
    """A case with a plan or an open enquiry and neither a date nor a review is found by absence."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", an_enquiry()),
        told("2026-11-05", a_referral(), stream=OTHER_CASE),
        told("2026-11-09", a_plan(), stream=OTHER_CASE),
    )
    views.follow(REVIEWS)
    shows(
        views.ask(overdue, on=date(2026, 11, 20)),
        """
        case       | why            | days | due_on | since      | since_at | reviews
        case       | never_reviewed | 17   | -      | 2026-11-03 | 2        | 0
        other-case | never_reviewed | 11   | -      | 2026-11-09 | 4        | 0
        """,
    )
    assert views.ask(overdue, on=date(2026, 11, 3)) == []


def test_the_next_date_set_at_a_review_stands(views: Views) -> None:
    """A date set at the review itself, before it was recorded, is not answered by it."""
    views.tell(
        told("2026-11-02", a_referral()),
        a_plan(due("2026-12-14", "2026-11-02")),
        told(
            "2026-12-14",
            ReviewDateSet(plan=PLAN, reason=Code("routine"), due=due("2027-02-01", "2026-12-14")),
        ),
        told("2026-12-14", a_review()),
    )
    views.follow(REVIEWS)
    assert views.ask(overdue, on=date(2027, 2, 1)) == []
    shows(
        views.ask(overdue, on=date(2027, 2, 2)),
        """
        case | why      | due_on     | due_set_at | reviewed_on | reviewed_at | reviews
        case | past_due | 2027-02-01 | 3          | 2026-12-14  | 4           | 1
        """,
    )


def test_a_review_conference_answers_and_sets_the_next(views: Views) -> None:
    """A conference called as a review is one; any conference may set the date of the next."""
    views.tell(
        told("2026-11-02", a_referral()),
        an_enquiry(),
        a_conference(),
        told("2026-11-23", held(due("2027-02-23", "2026-11-23", "review_conference"))),
        a_plan(),
        told("2027-01-11", a_conference("2027-02-22", REVIEW, "review")),
        told("2027-02-22", held(due("2027-05-22", "2027-02-22", "review_conference"), REVIEW)),
    )
    views.follow(REVIEWS)
    shows(
        views.ask(overdue, on=date(2027, 3, 1), as_at=6),
        """
        case | why      | due_on     | due_rule          | due_set_at | reviews
        case | past_due | 2027-02-23 | review_conference | 4          | 0
        """,
    )
    assert views.ask(overdue, on=date(2027, 3, 1)) == []
    assert views.ask(overdue, on=date(2027, 5, 23))[0].reviews == 1


def test_a_core_group_is_no_review(views: Views) -> None:
    """A core group answers the date set for the next core group, and no review of the plan."""
    views.tell(
        told("2026-11-02", a_referral()),
        a_plan(due("2026-12-14", "2026-11-02")),
        told(
            "2026-12-01",
            CoreGroupHeld(
                conference=CONFERENCE,
                parts=(),
                effect=Code("reduced"),
                minutes_due=None,
                next_core_group=due("2026-12-29", "2026-12-01", "core_group"),
            ),
        ),
    )
    views.follow(REVIEWS)
    assert [one.due_rule for one in views.ask(overdue, on=date(2026, 12, 15))] == ["chosen"]
    views.tell(told("2026-12-15", a_review()))
    views.follow(REVIEWS)
    assert [one.due_rule for one in views.ask(overdue, on=date(2026, 12, 30))] == ["core_group"]


def test_nothing_is_overdue_of_what_has_ended(views: Views) -> None:
    """A plan that ended and a case that is closed are to be reviewed no more."""
    views.tell(
        told("2026-11-02", a_referral()),
        a_plan(due("2026-12-14", "2026-11-02")),
        told("2026-12-01", PlanEnded(plan=PLAN, reason=Code("aim_reached"))),
        told("2026-11-02", a_referral(), stream=OTHER_CASE),
        told("2026-12-01", an_enquiry(), stream=OTHER_CASE),
        told("2026-12-02", a_closure(), stream=OTHER_CASE),
    )
    views.follow(REVIEWS)
    assert views.ask(overdue, on=date(2027, 6, 1)) == []
    assert len(views.ask(overdue, on=date(2027, 6, 1), as_at=5)) == 1
    assert verify(REVIEWS, views.connect).equal
