"""A plan that came from another system with no review date ahead is asked for one from then on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.agreement import DelegateReviewToCareManagement
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.monitoring import EndPlan, ReviewPlan, SetReviewDate
from domain.plan import AgreePlan, Terms
from domain.sitting import HoldConference
from domain.when import on_day
from domain.words import Code
from tests.controls import COUNCIL, PLAN, REVIEW, a_closure, a_conference
from tests.given import Given, at
from tests.spec.concern.test_brought_forward import A_DAY, BEFORE, DAY, SYSTEM, forward

RULES = ("R12", "R97", "R98")
CODE = "no_review_date"


def planned(nation: Jurisdiction = ENGLAND, met: str = BEFORE) -> Given:
    """Bring forward a case whose list tells of a plan, and of no date to review it."""
    ask = AgreePlan(plan=PLAN, origin=Code("imported"), terms=Terms())
    return (
        forward("conference", nation=nation, occurred=met)
        .when(ask, on=DAY, occurred=met, source=SYSTEM)
        .history
    )


PASSED = SetReviewDate(plan=PLAN, reason=Code("cycle"), on=date(2026, 9, 1))


def overdue(nation: Jurisdiction = ENGLAND, met: str = BEFORE, on: str = "2026-09-01") -> Given:
    """Bring it forward with a date that had passed by then."""
    dated = replace(PASSED, on=date.fromisoformat(on))
    return planned(nation, met).when(dated, on=DAY, occurred=BEFORE, source=SYSTEM).history


def test_a_plan_that_came_without_a_date_is_asked_for_one() -> None:
    """From the day after, lightly; its past is not judged (R97)."""
    planned().on(DAY).then_no_finding(CODE)
    planned().on("2027-07-06").then_finding(CODE, severity="low")
    dated = SetReviewDate(plan=PLAN, reason=Code("cycle"), on=date(2027, 9, 1))
    planned().when(dated, on="2027-07-20").on("2027-07-21").then_no_finding(CODE)
    ended = planned().when(EndPlan(plan=PLAN, reason=Code("risk_removed")), on="2027-07-20")
    ended.on("2027-07-21").then_no_finding(CODE)
    planned().also(at("2027-07-20", a_closure())).on("2027-07-21").then_no_finding(CODE)


def test_a_plan_whose_date_had_passed_is_asked_for_another() -> None:
    """A review may have answered it before; none is ahead (R98). One ahead is judged as any."""
    for day in ("2026-09-01", DAY.isoformat()):
        late = overdue(on=day).on("2027-07-06")
        late.then_finding(CODE, severity="low").then_no_finding("plan_review_overdue")
    overdue(on="2027-07-06").on("2027-07-06").then_no_finding(CODE)


@pytest.mark.parametrize(("nation", "last"), [(ENGLAND, "2027-11-02"), (SCOTLAND, "2027-10-05")])
def test_a_review_undone_one_limit_after_the_import_is_overdue(
    nation: Jurisdiction, last: str
) -> None:
    """Not since its day, but since the time that the authority gives: until then, lightly (R98)."""
    code, day = "plan_review_overdue", date.fromisoformat(last)
    late = overdue(nation)
    (one,) = (it for it in late.on(day).then_finding(CODE).findings() if it.code == CODE)
    assert "due by 1 September 2026" in one.words
    late.on(day).then_no_finding(code)
    after = late.on(day + A_DAY).then_no_finding(CODE).then_finding(code, severity="medium")
    (one,) = (it for it in after.findings() if it.code == code)
    assert one.since == on_day(day)
    assert "2026" not in one.words
    reviewed = ReviewPlan(plan=PLAN, result=Code("unchanged"))
    again = replace(PASSED, on=date(2028, 3, 1))
    ended = EndPlan(plan=PLAN, reason=Code("risk_removed"))
    left = DelegateReviewToCareManagement(
        plan=PLAN, process=Code("care_management"), agreed_by=(COUNCIL,)
    )
    for done in (reviewed, again, ended, left):
        late.when(done, on="2027-09-01").on("2028-01-10").then_no_finding(code)
    late.when(reviewed, on="2027-12-01").on("2028-01-10").then_no_finding(code)


@pytest.mark.parametrize(("nation", "asked"), [(ENGLAND, True), (SCOTLAND, False)])
def test_a_review_conference_since_is_a_review_of_a_plan_that_came(
    nation: Jurisdiction, *, asked: bool
) -> None:
    """As the list of reviews has it; the next date is asked for, where no cycle sets it (R98)."""
    late = overdue(nation).also(at("2027-08-20", a_conference("2027-08-20", REVIEW, "review")))
    held = late.when(HoldConference(conference=REVIEW, parts=()), on="2027-08-20").history
    after = held.on("2027-11-15").then_no_finding("plan_review_overdue")
    if asked:
        after.then_finding(CODE, severity="medium")
    else:
        after.then_no_finding(CODE)


def test_a_plan_that_came_with_its_next_review_set_is_overdue_once() -> None:
    """What was set for the next review conference is its date, and it alone passes (R98, R182)."""
    late = overdue(SCOTLAND, "2027-06-01").on("2027-12-01").then_finding("review_overdue")
    late.then_no_finding("plan_review_overdue")


@pytest.mark.parametrize(
    ("met", "not_asked", "dated"),
    [
        ("2027-06-01", (), True),
        ("2027-06-01", ("conference",), False),  # another may have been held
        ("2027-04-06", (), True),  # the review due the day after the import
        ("2027-04-05", (), False),  # on its day
    ],
)
def test_a_next_review_dates_a_plan_only_where_it_is_owed(
    met: str, not_asked: tuple[str, ...], *, dated: bool
) -> None:
    """What may have been kept in the other system dates no plan made here (R97, R182)."""
    came = forward("conference", *not_asked, nation=SCOTLAND, occurred=met)
    agree = AgreePlan(plan=PLAN, origin=Code("composed"), terms=Terms())
    here = came.when(agree, on="2027-07-20").on("2027-07-21")
    if dated:
        here.then_no_finding(CODE)
    else:
        here.then_finding(CODE, severity="medium")


@pytest.mark.parametrize(
    ("code", "last"), [("core_group_overdue", "2027-08-02"), ("review_overdue", "2027-10-05")]
)
def test_an_end_of_the_plan_after_that_leaves_it_overdue(code: str, last: str) -> None:
    """A plan that ended by then, or may have, is asked nothing; one that ended later was (R12)."""
    history, end = forward("plan", nation=SCOTLAND), EndPlan(plan=PLAN, reason=Code("risk_removed"))
    after = date.fromisoformat(last) + A_DAY
    for occurred, said in ((None, True), (last, False), ("2027", False), ("unknown", False)):
        ended = history.when(end, on=after, occurred=occurred).on("2027-12-01").findings()
        assert (code in {one.code for one in ended}) is said, occurred
