"""What the caseload keeps of a case once it is closed, reopened or parted, and what it adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.allocation import CaseUnallocated
from domain.closure import CaseReopened
from domain.plan import PlanAgreed, Terms
from domain.words import Code, Slug
from projections.caseload import CASELOAD, caseload, totals
from projections.rebuild import verify
from tests.controls import (
    ADULT,
    CASE,
    MANAGER,
    OTHER_CASE,
    PLAN,
    PRACTITIONER,
    SISTER,
    a_closure,
    a_conference,
    a_referral,
    an_enquiry,
    ref,
)
from tests.projections.conftest import Views, shows, told
from tests.projections.joins import split
from tests.projections.test_caseload import allocated, unallocated

ON = date(2026, 11, 20)


def test_a_case_reopened_is_as_far_as_it_had_come(views: Views) -> None:
    """Closed after an enquiry and opened again, it stands at the enquiry and waits from then."""
    views.tell(
        told("2026-11-02", a_referral("2026-11-02")),
        told("2026-11-03", an_enquiry()),
        told("2026-11-05", a_closure()),
    )
    views.tell(told("2026-11-12", CaseReopened(reason=Code("new_information"))))
    views.follow(CASELOAD)
    shows(
        views.ask(caseload, on=ON).rows,
        """
        case | stage   | kind       | opened_on  | unallocated_since | unallocated_days | stage_at
        case | enquiry | section_42 | 2026-11-12 | 2026-11-12        | 11               | 4
        """,
    )


def test_a_case_that_somebody_held_when_it_was_closed(views: Views) -> None:
    """Reopened it is still that worker's, and no day of it was without one."""
    views.tell(
        told("2026-11-02", a_referral("2026-11-02")),
        told("2026-11-02", allocated()),
        told("2026-11-05", a_closure()),
        told("2026-11-12", CaseReopened(reason=Code("new_information"))),
    )
    views.follow(CASELOAD)
    shows(
        views.ask(caseload, on=ON).rows,
        """
        case | worker       | unallocated_since | unallocated_days
        case | practitioner | -                 | 0
        """,
    )


def test_nobody_waits_for_a_closed_case(views: Views) -> None:
    """An allocation that ends while the case is closed begins no waiting, until it is reopened."""
    views.tell(
        told("2026-11-02", a_referral("2026-11-02")),
        told("2026-11-02", allocated()),
        told("2026-11-05", a_closure()),
        told("2026-11-06", unallocated()),
        told("2026-11-12", CaseReopened(reason=Code("new_information"))),
    )
    views.follow(CASELOAD)
    shows(
        views.ask(caseload, on=ON).rows,
        """
        case | worker | unallocated_since | unallocated_days
        case | -      | 2026-11-12        | 8
        """,
    )


def test_waiting_goes_on_where_it_was_said_again_that_nobody_holds_it(views: Views) -> None:
    """An allocation ended twice waits from the first time; a team left open stays."""
    views.tell(
        told("2026-11-02", a_referral("2026-11-02")),
        told("2026-11-02", allocated()),
        told("2026-11-05", unallocated()),
        told(
            "2026-11-09",
            CaseUnallocated(previous=MANAGER, team=Slug("south-team"), reason=Code("worker_left")),
        ),
    )
    views.follow(CASELOAD)
    shows(
        views.ask(caseload, on=ON).rows,
        """
        case | team       | unallocated_since | unallocated_days | held_at
        case | south-team | 2026-11-05        | 15               | 4
        """,
    )


def test_a_plan_told_twice_has_ended_when_it_ended(views: Views) -> None:
    """The stage was reached by the first agreement of a plan, whatever is agreed of it again."""
    plan = PlanAgreed(
        plan=PLAN,
        version=1,
        conference=None,
        origin=Code("composed"),
        terms=Terms(),
        review_due=None,
    )
    views.tell(
        told("2026-11-02", a_referral("2026-11-02")),
        told("2026-11-03", plan),
        told("2026-11-04", replace(plan, version=2)),
    )
    views.follow(CASELOAD)
    (row,) = views.ask(caseload, on=ON).rows
    assert (row.stage, row.stage_at) == ("plan", 2)


@pytest.mark.parametrize("adult", [SISTER, None])
def test_a_referral_brought_to_a_case_that_began_without_one(views: Views, adult: object) -> None:
    """It says since when the concern was known and whom it is about, if nobody was named."""
    views.tell(told("2026-11-02", a_referral("2026-10-26")), told("2026-11-03", a_conference()))
    views.tell(*split("2026-11-05", CASE, OTHER_CASE, 2, adult=adult))  # type: ignore[arg-type]
    views.tell(*split("2026-11-06", CASE, OTHER_CASE, 1))
    views.follow(CASELOAD)
    (row,) = views.ask(caseload, on=ON).rows
    assert (row.case, row.adult) == (OTHER_CASE, adult or ADULT)
    assert (row.received, row.received_on) == ("2026-10-26", date(2026, 10, 26))
    assert (row.received_at, row.unallocated_since) == (1, date(2026, 11, 5))
    assert verify(CASELOAD, views.connect).equal


def test_totals_are_of_one_worker_in_one_team(views: Views) -> None:
    """A worker's cases in two teams are two lines; the database counts what the rows count."""
    views.tell(
        told("2026-11-02", a_referral("2026-11-02")),
        told("2026-11-04", allocated(PRACTITIONER, "north-team")),
        told("2026-11-02", a_referral("2026-11-02"), stream=OTHER_CASE),
        told("2026-11-05", allocated(PRACTITIONER, "south-team"), stream=OTHER_CASE),
    )
    views.follow(CASELOAD)
    shows(
        views.ask(caseload, on=ON).totals,
        """
        team       | worker       | count | unallocated_days | cases
        north-team | practitioner | 1     | 2                | case
        south-team | practitioner | 1     | 3                | other-case
        """,
    )


def test_totals_stand_in_one_order(views: Views) -> None:
    """By team, then by worker, what nobody holds first: in the database as among the rows."""
    holders = ((PRACTITIONER, "north-team"), (MANAGER, "south-team"), (MANAGER, "north-team"))
    views.tell(told("2026-11-02", a_referral("2026-11-02"), stream=ref(5)))
    for number, (worker, team) in reversed(list(enumerate(holders, 6))):
        views.tell(
            told("2026-11-02", a_referral("2026-11-02"), stream=ref(number)),
            told("2026-11-03", allocated(worker, team), stream=ref(number)),
        )
    views.tell(told("2026-11-09", unallocated(), stream=ref(6)))
    views.tell(
        told("2026-11-02", a_referral("2026-11-02"), stream=ref(9)),
        told("2026-11-12", allocated(), stream=ref(9)),
    )
    views.follow(CASELOAD)
    expected = """
        team       | worker       | count | unallocated_days
        -          | -            | 1     | 18
        north-team | -            | 1     | 12
        north-team | practitioner | 1     | 10
        north-team | manager      | 1     | 1
        south-team | manager      | 1     | 1
        """
    shows(views.ask(caseload, on=ON).totals, expected)
    shows(views.ask(totals, on=ON), expected)
