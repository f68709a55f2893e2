"""A case another system kept so far: from when it waits here, and what is to be reviewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.forward import CaseBroughtForward
from domain.words import Code, ExternalReference, Slug
from projections.caseload import CASELOAD, caseload
from projections.rebuild import verify
from projections.refold import reviews
from projections.reviews import REVIEWS, overdue
from tests.controls import (
    ADULT,
    CASE,
    OTHER_CASE,
    REVIEW,
    SISTER,
    a_conference,
    a_referral,
    an_enquiry,
    words,
)
from tests.projections.conftest import Told, Views, shows, told
from tests.projections.joins import merge
from tests.projections.test_reviews import a_plan, a_review, due, held

SYSTEM = Slug("old-system")


def forward(team: str | None = "north-team") -> CaseBroughtForward:
    """Give a case that another system kept so far."""
    return CaseBroughtForward(
        adult=ADULT,
        reference=ExternalReference(system=SYSTEM, id=words("S-1")),
        stage=Code("plan"),
        team=None if team is None else Slug(team),
        matters=(),
    )


def before(event: object, occurred: str) -> Told:
    """Place an entry about the time before the case came forward."""
    return told("2026-11-02", event, occurred=occurred, source=SYSTEM)


def test_a_case_brought_forward_waits_from_then_on(views: Views) -> None:
    """Nobody holds it, its team is the one that was named, and its waiting begins here."""
    views.tell(
        told("2026-11-02", forward()),
        told("2026-11-05", forward(None), stream=OTHER_CASE),
    )
    views.follow(CASELOAD)
    shows(
        views.ask(caseload, on=date(2026, 11, 20)).rows,
        """
        case       | adult | stage   | team       | worker | received | unallocated_days | at_least
        case       | adult | concern | north-team | -      | unknown  | 18               | yes
        other-case | adult | concern | -          | -      | unknown  | 15               | yes
        """,
    )


def test_a_referral_that_follows_says_since_when_the_concern_was_known(views: Views) -> None:
    """The first referral of a case brought forward is when it was received; a later one is not.

    Who held it before it came is not told, nor whether anybody did: it waited so long at least.
    """
    referral = replace(a_referral("2026-08-03"), adult=SISTER)
    views.tell(told("2026-11-02", forward()), before(referral, "2026-08-03"))
    views.tell(before(a_referral("2026-09-07"), "2026-09-07"))
    views.follow(CASELOAD)
    shows(
        views.ask(caseload, on=date(2026, 11, 20)).rows,
        """
        case | adult  | received   | received_on | received_at | unallocated_days | at_least
        case | sister | 2026-08-03 | 2026-08-03  | 2           | 18               | yes
        """,
    )


def test_reviews_elsewhere_are_not_known_here(views: Views) -> None:
    """A plan of before is watched from the day it came, and never called never reviewed."""
    views.tell(told("2026-11-02", forward()), before(a_plan(), "2026-03-02"))
    views.follow(REVIEWS)
    shows(
        views.ask(overdue, on=date(2026, 11, 20)),
        """
        case | adult | team       | why     | days | since      | since_stated | since_at
        case | adult | north-team | no_date | 18   | 2026-11-02 | -            | 2
        """,
    )
    assert [one.why for one in views.ask(reviews, on=date(2026, 11, 20)).rows] == ["no_date"]


def test_a_plan_made_here_is_watched_from_its_own_day(views: Views) -> None:
    """What was recorded here after a case came forward is since when it says itself."""
    views.tell(told("2026-11-02", forward()), told("2026-11-12", a_plan(), occurred="2026-11-09"))
    views.follow(REVIEWS)
    shows(
        views.ask(overdue, on=date(2026, 11, 20)),
        """
        case | why     | days | since
        case | no_date | 11   | 2026-11-09
        """,
    )


@pytest.mark.parametrize(
    ("on", "source", "kept"),
    [
        ("2026-11-01", SYSTEM, False),
        ("2026-11-02", SYSTEM, True),
        ("2026-11-01", None, True),
        ("2026-11-01", Slug("another-system"), True),
    ],
)
def test_a_reckoned_date_that_had_passed_before(
    views: Views, on: str, source: Slug | None, *, kept: bool
) -> None:
    """A date the rules reckoned from an entry of before is set only where it is still to come."""
    enquiry = replace(an_enquiry(), due=due(on, "2026-10-05", "enquiry"))
    entry = told("2026-11-02", enquiry, occurred="2026-10-05")
    entry = replace(entry, particulars={} if source is None else {"source": source})
    views.tell(told("2026-11-02", forward()), entry)
    views.follow(REVIEWS)
    found = views.ask(overdue, on=date(2026, 11, 20))
    assert [one.due_on for one in found] == [date.fromisoformat(on) if kept else None]
    assert [one.why for one in found] == ["past_due" if kept else "no_date"]


@pytest.mark.parametrize("kind", ["next_review", "next_core_group"])
def test_a_meeting_of_before_sets_no_date_that_had_passed(views: Views, kind: str) -> None:
    """The next meeting that was due before the case came forward may have been held there."""
    passed = due("2026-09-01", "2026-06-01", kind)
    of_review = kind == "next_review"
    views.tell(
        told("2026-11-02", forward()),
        before(a_conference("2026-06-01"), "2026-05-20"),
        before(a_plan(), "2026-06-01"),
        before(
            replace(
                held(passed if of_review else None), next_core_group=None if of_review else passed
            ),
            "2026-06-01",
        ),
    )
    views.follow(REVIEWS)
    assert [one.why for one in views.ask(overdue, on=date(2026, 11, 20))] == ["no_date"]


def test_a_case_brought_forward_and_read_in_another(views: Views) -> None:
    """Read in another case it leaves that case its own adult and team; its reviews stay unknown."""
    views.tell(
        told("2026-11-02", replace(a_referral(), adult=SISTER)),
        told("2026-11-02", forward("south-team"), stream=OTHER_CASE),
        replace(before(a_plan(), "2026-03-02"), stream=OTHER_CASE),
        *merge("2026-11-05", OTHER_CASE, CASE),
    )
    views.follow(REVIEWS)
    shows(
        views.ask(overdue, on=date(2026, 11, 20)),
        """
        case | adult  | team | why     | days
        case | sister | -    | no_date | 18
        """,
    )
    assert verify(REVIEWS, views.connect).equal


def test_a_review_here_answers_what_came_from_elsewhere(views: Views) -> None:
    """A date the other system had stays until a review answers it."""
    views.tell(
        told("2026-11-02", forward()),
        before(a_plan(due("2026-10-01", "2026-03-02")), "2026-03-02"),
    )
    views.follow(REVIEWS)
    assert [one.due_on for one in views.ask(overdue, on=date(2026, 11, 20))] == [date(2026, 10, 1)]
    views.tell(told("2026-11-18", a_review()))
    views.follow(REVIEWS)
    shows(
        views.ask(overdue, on=date(2026, 11, 20)),
        """
        case | why     | days | reviews
        case | no_date | 2    | 1
        """,
    )


def test_a_conference_that_is_no_review_sets_no_date_for_one(views: Views) -> None:
    """Neither a core group nor a meeting of progress sets the date of the next review (R182)."""
    views.tell(
        told("2026-11-02", a_referral()),
        a_plan(),
        a_conference(),
        told("2026-11-03", a_conference("2026-11-09", REVIEW, "progress")),
        told("2026-11-09", held(due("2026-11-16", "2026-11-09", "review_conference"), REVIEW)),
    )
    views.follow(REVIEWS)
    shows(
        views.ask(overdue, on=date(2026, 11, 20)),
        """
        case | why            | due_on | reviews
        case | never_reviewed | -      | 0
        """,
    )
