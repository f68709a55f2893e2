"""The views follow a due date that a correction moves, and answer as before it as known then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.corrected import DueAnew
from domain.words import Code, Due, Slug
from projections.rebuild import verify
from projections.returns.folding import FACTS
from projections.reviews import REVIEWS, overdue
from tests.controls import (
    CASE,
    CONFERENCE,
    ENQUIRY,
    OTHER_CASE,
    a_conference,
    a_held_conference,
    a_referral,
    an_enquiry,
)
from tests.projections.conftest import Told, Views, corrected, told
from tests.projections.joins import merge, unmerge
from tests.projections.test_returns_corrected import columns
from tests.projections.test_reviews import a_plan

HELD = a_held_conference(CONFERENCE)


def due(on: str, start: str, rule: str) -> Due:
    """Give a due date as the rules reckon it."""
    return Due(
        on=date.fromisoformat(on),
        rule=Code(rule),
        start=date.fromisoformat(start),
        calendar=Slug("holidays-0.109/sct"),
    )


def moved(of: int, field: str, now: Due | None) -> tuple[DueAnew, ...]:
    """Give what a correction says is due now."""
    return (DueAnew(of=of, field=Code(field), due=now),)


def test_a_review_is_due_by_the_corrected_day_of_its_meeting(views: Views) -> None:
    """Overdue is by what is understood; as at before the correction, by what was stored (R182)."""
    stored = due("2027-02-23", "2026-11-23", "review_conference")
    begun = views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-02", a_conference("2026-11-23")),
        told("2026-11-23", replace(HELD, next_review=stored)),
        told("2026-11-23", a_plan()),
    )
    views.follow(REVIEWS)
    day = date(2027, 2, 10)
    assert views.ask(overdue, on=day) == []

    earlier = due("2027-02-09", "2026-11-09", "review_conference")
    once = replace(corrected(3, occurred="2026-11-09"), dues=moved(3, "next_review", earlier))
    then = views.tell(told("2026-12-01", once))
    views.follow(REVIEWS)
    (row,) = views.ask(overdue, on=day)
    assert (row.why, row.due_on, row.due_set_at, row.days) == ("past_due", earlier.on, 3, 1)
    assert views.ask(overdue, on=day, as_at=begun) == []

    later = due("2027-03-01", "2026-12-01", "review_conference")
    again = corrected(3, supersedes=5, occurred="2026-12-01")
    views.tell(told("2026-12-02", replace(again, dues=moved(3, "next_review", later))))
    views.follow(REVIEWS)
    assert views.ask(overdue, on=date(2027, 3, 1)) == []
    assert [one.due_on for one in views.ask(overdue, on=day, as_at=then)] == [earlier.on]

    views.tell(told("2026-12-03", corrected(3, supersedes=6)))
    views.follow(REVIEWS)
    assert views.ask(overdue, on=date(2027, 3, 1)) == []
    assert [one.due_on for one in views.ask(overdue, on=date(2027, 3, 2))] == [later.on]
    assert verify(REVIEWS, views.connect).equal


def test_an_enquiry_is_due_by_the_corrected_day_of_its_referral(views: Views) -> None:
    """A date of one entry moves with the correction of another (B.4); and may be no more."""
    stored = due("2026-11-30", "2026-11-02", "enquiry")
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", replace(an_enquiry(), due=stored)),
    )
    earlier = due("2026-11-23", "2026-10-26", "enquiry")
    once = replace(corrected(1, occurred="2026-10-26"), dues=moved(2, "due", earlier))
    views.tell(told("2026-11-04", once))
    views.follow(REVIEWS)
    assert [one.due_on for one in views.ask(overdue, on=date(2026, 11, 24))] == [earlier.on]
    unknown = corrected(1, supersedes=3, occurred="unknown")
    views.tell(told("2026-11-05", replace(unknown, dues=moved(2, "due", None))))
    views.follow(REVIEWS)
    assert [one.why for one in views.ask(overdue, on=date(2026, 12, 1))] == ["never_reviewed"]
    assert verify(REVIEWS, views.connect).equal


def test_an_enquiry_counts_by_the_corrected_day_it_was_opened(views: Views) -> None:
    """A return counts it begun on the day that is understood, where that is one certain day."""
    views.tell(told("2026-11-02", a_referral()), told("2026-11-02", an_enquiry()))
    views.tell(told("2026-11-03", corrected(2, occurred="2026-10-26")))
    assert columns(views, ENQUIRY, "begun_on") == (date(2026, 10, 26),)
    assert verify(FACTS, views.connect).equal


def test_an_enquiry_whose_referral_is_withdrawn_is_due_by_what_stands(views: Views) -> None:
    """By its own opening now; put right in a field since, still; standing again, as before."""
    stored = due("2026-11-30", "2026-11-02", "enquiry")
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-09", replace(an_enquiry(), due=stored)),
    )
    own = due("2026-12-07", "2026-11-09", "enquiry")
    gone = replace(corrected(1, withdrawn=True), dues=moved(2, "due", own))
    views.tell(told("2026-11-10", gone))
    views.follow(REVIEWS)
    views.tell(told("2026-11-11", replace(corrected(1, supersedes=3), fields=(Code("source"),))))
    views.follow(REVIEWS)
    assert views.ask(overdue, on=date(2026, 12, 7)) == []
    assert [one.due_on for one in views.ask(overdue, on=date(2026, 12, 8))] == [own.on]
    views.tell(told("2026-11-12", corrected(1, supersedes=4)))
    views.follow(REVIEWS)
    assert [one.due_on for one in views.ask(overdue, on=date(2026, 12, 1))] == [stored.on]
    assert verify(REVIEWS, views.connect).equal


def test_an_enquiry_is_due_by_a_referral_corrected_in_the_case_it_was_read_from(
    views: Views,
) -> None:
    """A correction in a merged case moves what the leading one counted from its entry (B.4)."""
    stored = due("2026-11-30", "2026-11-02", "enquiry")
    views.tell(
        Told(day=date(2026, 11, 2), event=a_referral(), stream=OTHER_CASE),
        told("2026-11-02", a_referral()),
        *merge("2026-11-02", OTHER_CASE, CASE),
    )
    opened = views.tell(told("2026-11-03", replace(an_enquiry(), due=stored)))
    views.follow(REVIEWS)
    earlier = due("2026-11-23", "2026-10-26", "enquiry")
    once = replace(corrected(1, occurred="2026-10-26"), dues=moved(-opened, "due", earlier))
    views.tell(Told(day=date(2026, 11, 4), event=once, stream=OTHER_CASE))
    views.follow(REVIEWS)
    day = date(2026, 11, 24)
    assert [one.due_on for one in views.ask(overdue, on=day)] == [earlier.on]
    assert views.ask(overdue, on=day, as_at=opened) == []
    assert verify(REVIEWS, views.connect).equal


def test_what_is_corrected_while_two_cases_are_apart_counts_while_they_are_one(
    views: Views,
) -> None:
    """What the leading case counted keeps its day, until the other is read in it again (B.4)."""
    stored = due("2026-11-30", "2026-11-02", "enquiry")
    views.tell(
        Told(day=date(2026, 11, 2), event=a_referral(), stream=OTHER_CASE),
        told("2026-11-02", a_referral()),
        *merge("2026-11-02", OTHER_CASE, CASE),
    )
    opened = views.tell(told("2026-11-03", replace(an_enquiry(), due=stored)))
    views.tell(*unmerge("2026-11-04", OTHER_CASE, CASE, 2, 2))
    views.follow(REVIEWS)
    earlier = due("2026-11-23", "2026-10-26", "enquiry")
    once = replace(corrected(1, occurred="2026-10-26"), dues=moved(-opened, "due", earlier))
    views.tell(Told(day=date(2026, 11, 5), event=once, stream=OTHER_CASE))
    views.follow(REVIEWS)
    day = date(2026, 11, 24)
    assert views.ask(overdue, on=day) == []
    views.tell(*merge("2026-11-06", OTHER_CASE, CASE))
    views.follow(REVIEWS)
    assert [one.due_on for one in views.ask(overdue, on=day)] == [earlier.on]
    views.tell(*unmerge("2026-11-07", OTHER_CASE, CASE, 5, 5))
    back = corrected(1, supersedes=4, occurred="2026-11-02")
    again = replace(back, dues=moved(-opened, "due", stored))
    views.tell(Told(day=date(2026, 11, 8), event=again, stream=OTHER_CASE))
    views.follow(REVIEWS)
    assert [one.due_on for one in views.ask(overdue, on=day)] == [earlier.on]
    assert verify(REVIEWS, views.connect).equal
