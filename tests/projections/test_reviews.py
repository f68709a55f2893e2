from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain import when
from domain.allocation import CaseAllocated
from domain.intake import CaseTransferred
from domain.monitoring import PlanEnded, PlanReviewed, ReviewDateSet
from domain.plan import PlanAgreed, Terms
from domain.sitting import ConferenceHeld, CoreGroupHeld
from domain.words import Code, Due, Slug
from projections.figures import FIGURES, rows_of
from projections.rebuild import verify
from projections.refold import reviews
from projections.reviews import REVIEWS, overdue
from tests.controls import (
    CONFERENCE,
    OTHER_CASE,
    PLAN,
    PRACTITIONER,
    REVIEW,
    a_closure,
    a_conference,
    a_referral,
    an_enquiry,
)
from tests.given import at, given
from tests.projections.conftest import Views, corrected, shows, told


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
    return PlanReviewed(plan=PLAN, conference=None, result=Code("unchanged"))


def allocated(team: str) -> CaseAllocated:
    """Give the case to somebody of a team."""
    return CaseAllocated(worker=PRACTITIONER, team=Slug(team), reason=Code("not_recorded"))


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
    """A plan is past due from the day after the date its event stores, till a review answers it."""
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
    assert views.ask(overdue, on=date(2026, 12, 28)) == []
    assert [one.why for one in views.ask(overdue, on=date(2027, 6, 1), as_at=agreed)] == [
        "past_due"
    ]


def test_a_review_that_sets_no_date_for_the_next(views: Views) -> None:
    """A plan once reviewed, with no date set for its next review, is found by that absence."""
    views.tell(
        told("2026-11-02", a_referral()),
        an_enquiry(),
        told("2026-11-10", a_plan(due("2026-12-22", "2026-11-10"))),
        told("2026-12-20", a_review()),
    )
    views.follow(REVIEWS)
    shows(
        views.ask(overdue, on=date(2026, 12, 23)),
        """
        case | why     | days | due_on | reviewed_on | reviews
        case | no_date | 3    | -      | 2026-12-20  | 1
        """,
    )
    views.tell(
        told(
            "2027-01-04",
            ReviewDateSet(
                plan=PLAN,
                reason=Code("plan_may_not_reduce_risk"),
                due=due("2027-02-01", "2027-01-04"),
            ),
        )
    )
    views.follow(REVIEWS)
    assert views.ask(overdue, on=date(2027, 2, 1)) == []


def test_a_date_of_something_else_does_not_hide_a_plan_without_one(views: Views) -> None:
    """A plan without a review date is found though the enquiry's date is still to come."""
    enquiry = replace(an_enquiry(), due=due("2027-06-01", "2026-11-02", "enquiry"))
    views.tell(told("2026-11-02", a_referral()), enquiry, told("2026-11-10", a_plan()))
    views.follow(REVIEWS)
    shows(
        views.ask(overdue, on=date(2026, 12, 10)),
        """
        case | why            | days
        case | never_reviewed | 30
        """,
    )


def test_the_view_and_the_findings_have_one_law(views: Views) -> None:
    """The view calls a plan's review past due on the days on which the rules find it overdue."""
    told_to_both = (
        told("2026-11-02", a_referral()),
        told("2026-11-10", a_plan(due("2026-12-22", "2026-11-10"))),
        told("2026-12-22", a_review()),
        told(
            "2026-12-22",
            ReviewDateSet(
                plan=PLAN,
                reason=Code("plan_may_not_reduce_risk"),
                due=due("2027-02-01", "2026-12-22"),
            ),
        ),
    )
    views.tell(*told_to_both)
    views.follow(REVIEWS)
    for upto in range(2, len(told_to_both) + 1):
        history = given(*(at(one.day, one.event) for one in told_to_both[:upto]))
        for day in ("2026-12-22", "2026-12-23", "2027-02-01", "2027-02-02"):
            found = [one.code for one in history.on(day).findings()]
            listed = views.ask(overdue, on=date.fromisoformat(day), as_at=upto)
            late = [one for one in listed if one.why == "past_due"]
            assert ("plan_review_overdue" in found) == bool(late), (upto, day)


def test_a_review_due_on_the_day_its_date_was_set(views: Views) -> None:
    """A review on the very day it was due answers, though the date was set on that day too."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-10", a_plan(due("2026-11-10", "2026-11-10"))),
        told("2026-11-10", a_review()),
    )
    views.follow(REVIEWS)
    assert [one.why for one in views.ask(overdue, on=date(2026, 11, 11))] == ["no_date"]


def test_an_uncertain_time_is_read_kindly(views: Views) -> None:
    """Waiting counts from the latest day it can have begun; what was stated stands beside it."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-12-15", a_plan(), occurred="2026-11"),
        told("2026-12-15", a_referral(), stream=OTHER_CASE),
        told("2026-12-15", a_plan(), occurred="20XX", stream=OTHER_CASE),
    )
    views.follow(REVIEWS)
    shows(
        views.ask(overdue, on=date(2026, 12, 20)),
        """
        case       | why            | days | since      | since_stated
        case       | never_reviewed | 20   | 2026-11-30 | 2026-11
        other-case | never_reviewed | 5    | 2026-12-15 | 20XX
        """,
    )


def test_a_review_that_may_answer_its_date_does(views: Views) -> None:
    """A review that can have come after its date was set answers it; one that cannot does not."""
    agreed = a_plan(due("2026-12-22", "2026-11-15"))
    views.tell(
        told("2026-11-15", a_referral()),
        agreed,
        told("2026-12-28", a_review(), occurred="2026-11"),
        told("2026-12-28", a_referral(), stream=OTHER_CASE),
        told("2026-12-28", agreed, occurred="2026-11-15", stream=OTHER_CASE),
        told("2026-12-28", a_review(), occurred="2026-10", stream=OTHER_CASE),
    )
    views.follow(REVIEWS)
    shows(
        views.ask(overdue, on=date(2026, 12, 29)),
        """
        case       | why      | reviewed_on | reviewed_stated
        case       | no_date  | 2026-11-30  | 2026-11
        other-case | past_due | 2026-10-31  | 2026-10
        """,
    )


def test_what_was_withdrawn_counts_no_more(views: Views) -> None:
    """A review withdrawn answers nothing from that position on; before it, it still does."""
    before = views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-10", a_plan(due("2026-12-22", "2026-11-10"))),
        told("2026-12-20", a_review()),
    )
    views.tell(told("2027-01-04", corrected(3, withdrawn=True)))
    views.follow(REVIEWS)
    day = date(2027, 1, 5)
    assert [one.why for one in views.ask(overdue, on=day, as_at=before)] == ["no_date"]
    shows(
        views.ask(overdue, on=day),
        """
        case | why      | due_on     | reviews | reviewed_on
        case | past_due | 2026-12-22 | 0       | -
        """,
    )
    views.tell(told("2027-01-06", corrected(3, supersedes=4)))
    views.follow(REVIEWS)
    assert [one.reviews for one in views.ask(overdue, on=day)] == [1]
    assert verify(REVIEWS, views.connect).equal


def test_a_plan_withdrawn_is_to_be_reviewed_no_more(views: Views) -> None:
    """A plan, an allocation or a closing that was withdrawn is as if it had not been."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-10", a_plan(due("2026-12-22", "2026-11-10"))),
        told("2026-11-11", allocated("north-team")),
        told("2026-11-12", allocated("south-team")),
        told("2026-12-01", a_closure()),
    )
    views.tell(told("2027-01-04", corrected(4, withdrawn=True)), corrected(5, withdrawn=True))
    views.follow(REVIEWS)
    day = date(2027, 1, 5)
    assert [one.team for one in views.ask(overdue, on=day)] == ["north-team"]
    views.tell(told("2027-01-06", corrected(2, withdrawn=True)))
    views.follow(REVIEWS)
    assert views.ask(overdue, on=day) == []


def test_a_case_all_of_which_was_withdrawn(views: Views) -> None:
    """A case of which nothing stands any more has no row, and may be told of again."""
    views.tell(told("2026-11-02", a_referral()), told("2026-11-10", a_plan()))
    views.tell(told("2026-11-20", corrected(1, withdrawn=True)), corrected(2, withdrawn=True))
    views.follow(REVIEWS)
    assert views.ask(overdue, on=date(2027, 1, 5)) == []
    views.tell(told("2026-11-21", corrected(2, supersedes=4)))
    views.follow(REVIEWS)
    assert len(views.ask(overdue, on=date(2027, 1, 5))) == 1
    assert verify(REVIEWS, views.connect).equal


def test_a_corrected_time_decides(views: Views) -> None:
    """A review now understood to have been before its date was set answers it no more."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-10", a_plan(due("2026-12-22", "2026-11-10"))),
        told("2026-12-20", a_review()),
        told("2027-01-04", corrected(3, occurred="2026-11-05")),
    )
    views.follow(REVIEWS)
    assert [one.why for one in views.ask(overdue, on=date(2027, 1, 5))] == ["past_due"]


def test_a_review_conference_stands_in_for_a_core_group(views: Views) -> None:
    """The clock of core groups is satisfied by a review conference (G14)."""
    views.tell(
        told("2026-11-02", a_referral()),
        a_plan(due("2027-06-01", "2026-11-02")),
        a_conference(),
        a_conference("2026-12-20", REVIEW, "review"),
        told("2026-11-23", replace(held(), next_core_group=due("2026-12-21", "2026-11-23"))),
    )
    views.follow(REVIEWS)
    assert [one.why for one in views.ask(overdue, on=date(2026, 12, 22))] == ["past_due"]
    views.tell(told("2026-12-20", held(due("2027-03-20", "2026-12-20"), REVIEW)))
    views.follow(REVIEWS)
    assert views.ask(overdue, on=date(2026, 12, 22)) == []


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
            ReviewDateSet(
                plan=PLAN,
                reason=Code("plan_may_not_reduce_risk"),
                due=due("2027-02-01", "2026-12-14"),
            ),
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
                effect=Code("effective"),
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


@pytest.mark.parametrize(
    ("rule", "started", "latest"),
    [("core_group", "2026-11", True), ("core_group", None, False), ("chosen", "2026-11", False)],
)
def test_a_date_reckoned_from_an_uncertain_time_is_the_latest(
    views: Views, rule: str, started: str | None, *, latest: bool
) -> None:
    """It is said of a date to come as of one past; not of a day that somebody chose."""
    since = None if started is None else when.read(started)
    dated = replace(due("2026-12-28", "2026-11-30", rule), started=since)
    group = CoreGroupHeld(
        conference=CONFERENCE,
        parts=(),
        effect=Code("effective"),
        minutes_due=None,
        next_core_group=dated,
    )
    views.tell(told("2026-11-02", a_referral()), a_plan(), told("2026-12-01", group))
    views.follow(REVIEWS)
    for on in (date(2026, 12, 15), date(2027, 1, 15)):
        rows = views.ask(reviews, on=on).rows
        assert {one.what: one.at_latest for one in rows} == {"core_group": latest, "plan": False}
    assert views.ask(overdue, on=date(2027, 1, 15))[0].at_latest is latest


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


def test_what_another_authority_leads_is_not_overdue_here(views: Views) -> None:
    """Nothing of a case that was accepted elsewhere is overdue; once back, what passed there not.

    Whatever has no date then waits from the day it came back (R42).
    """

    def transferred(authority: str) -> CaseTransferred:
        return CaseTransferred(
            authority=Slug(authority),
            reason=Code("not_recorded"),
            counted_by=Code("not_decided"),
            accepted=Code("yes"),
        )

    here = views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-10", a_plan(due("2026-12-22", "2026-11-10"))),
    )
    away = views.tell(told("2026-12-01", transferred("other-council")))
    back = views.tell(told("2027-01-11", transferred("council")))
    views.follow(REVIEWS)
    late, day = FIGURES["overdue_by_band"], date(2027, 1, 21)
    for as_at, led_by, why, days in (
        (here, None, "past_due", 30),
        (away, "other-council", "past_due", 30),
        (back, None, "never_reviewed", 10),
    ):
        (one,) = views.ask(reviews, on=day, as_at=as_at).rows
        assert (one.led_by, one.why, one.days) == (led_by, why, days)
        assert one.overdue == (led_by is None)
        listed = [(it.why, it.days) for it in views.ask(overdue, on=day, as_at=as_at)]
        counted = views.ask(rows_of, late, on=day, as_at=as_at)
        assert listed == ([] if led_by else [(why, days)])
        assert bool(counted) == (led_by is None)
    assert verify(REVIEWS, views.connect).equal
