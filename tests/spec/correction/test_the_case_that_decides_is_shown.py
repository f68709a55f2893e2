"""What refuses a command is asked of the very case that every view shows."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain import case
from domain.case import Case
from domain.closure import CaseReopened, CloseCase, ReopenCase
from domain.concern import ReceiveReferral
from domain.conference import ConveneConference
from domain.corrected import standing, withdrawn
from domain.correction import CorrectRecord, PersonalDataErased, RecordCorrected
from domain.intake import CaseTransferred
from domain.jurisdictions.scotland import SCOTLAND
from domain.order import (
    ApplyForProtectionOrder,
    ProtectionOrderApplied,
    ProtectionOrderGranted,
    RecordProtectionOrderGranted,
)
from domain.plan import AgreePlan, PlanAgreed, Terms
from domain.sitting import HoldConference
from domain.states import States
from domain.when import on_day, read
from domain.words import Code, OrderRef, Slug
from tests.controls import (
    ADULT,
    CONFERENCE,
    DAY,
    PLAN,
    REVIEW,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    ref,
)
from tests.given import Given, at, given
from tests.spec.correction.test_what_was_withdrawn import restoring, withdrawing
from tests.spec.law.test_any_history import histories

RULES = ("I12", "I13", "I14", "R150")

# What a case keeps of every entry, also of one that was withdrawn: by it each is named, or stands
# again at another time.
_ENTRIES = {
    *("names", "kinds", "positions", "version", "taken", "was_about", "dated", "as_recorded"),
}
_STATES = [one.name for one in fields(States) if one.name not in _ENTRIES]
CONVENE = ConveneConference(conference=REVIEW, kind=Code("review"), planned_for=read("2027-02-01"))
CLOSED = at("2026-12-01", a_closure())  # version 3
REOPENED = at("2026-12-15", CaseReopened(reason=Code("new_information")))  # version 4


def begun(*more: object) -> Given:
    """A referral and a conference called, and these (versions from 3)."""
    return given(a_referral(), a_conference(), *more)


def shown(history: Given) -> Case:
    """Give the case as a view makes it: of what stands alone."""
    return case.replay(standing(history.facts))


def alike(history: Given) -> Given:
    """Expect that whatever a rule may ask of the case is as every view has it."""
    decides, shows = history.case, shown(history)
    other = [one for one in _STATES if getattr(decides, one) != getattr(shows, one)]
    assert not other, f"the case that decides is another in {other}"
    return history


@settings(max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True, deadline=None)
@for_all(histories(), st.data())
def test_of_any_history_the_case_that_decides_is_shown(history: Given, data: st.DataObject) -> None:
    """Whatever was withdrawn or re-dated, and put right again, both are one case (I12)."""
    history = replace(history, facts=tuple(_plain(history)))
    for _ in range(data.draw(st.integers(0, 3)) if history.facts else 0):
        target = data.draw(st.integers(1, len(history.facts)))
        moved = data.draw(st.sampled_from([None, read("2026-11-05"), read("2027-01")]))
        done = replace(withdrawing(target), withdrawn=moved is None, occurred=moved)
        history = history.also(
            RecordCorrected(
                target=done.target,
                reason=done.reason,
                asked_by=done.asked_by,
                supersedes=None,
                occurred=moved,
                withdrawn=done.withdrawn,
            )
        )
    history = replace(history, facts=tuple(_uncorrected(history)), kept=[])
    alike(history)
    assert list(history.case.names) == [fact.header.name for fact in history.facts]


def _plain(history: Given) -> list[Any]:
    """The facts of a history, without corrections and joins, which name what is not there."""
    left = ("record-corrected", "case-merged", "case-unmerged", "case-split", "case-split-ended")
    kept = [fact for fact in history.facts if fact.header.name not in left]
    return [
        replace(fact, version=number, position=number) for number, fact in enumerate(kept, start=1)
    ]


def _uncorrected(history: Given) -> list[Any]:
    """The facts of a history but for corrections of corrections, which are never recorded."""
    named = {one.version: one.header.name for one in history.facts}
    wrong = {
        fact.version
        for fact in history.facts
        if isinstance(fact.event, RecordCorrected)
        and named[fact.event.target] == "record-corrected"
    }
    return [] if wrong else list(history.facts)


def test_a_case_whose_closing_was_withdrawn_is_open() -> None:
    """What every view shows as open takes what an open case takes (I14, I12)."""
    closed = alike(begun(CLOSED))
    closed.when(CONVENE, on="2027-01-10").then_refused("I14", code="case_closed")
    gone = closed.when(withdrawing(3), on="2027-01-05").history
    alike(gone).when(CONVENE, on="2027-01-10").then_recorded(type(a_conference()))

    back = gone.when(restoring(3, supersedes=4), on="2027-01-06").history
    alike(back).when(CONVENE, on="2027-01-10").then_refused("I14", code="case_closed")
    again = gone.when(CloseCase(reason=Code("died")), on="2027-01-08").history
    alike(again).when(CONVENE, on="2027-01-10").then_refused("I14", code="case_closed")


def test_a_case_whose_reopening_was_withdrawn_is_closed() -> None:
    """What every view shows as closed is to be reopened first (I14, I12)."""
    open_again = alike(begun(CLOSED, REOPENED))
    open_again.when(CONVENE, on="2027-01-10").then_recorded(type(a_conference()))
    gone = alike(open_again.when(withdrawing(4), on="2027-01-05").history)
    gone.when(CONVENE, on="2027-01-10").then_refused("I14", code="case_closed")
    reopened = gone.when(ReopenCase(reason=Code("new_information")), on="2027-01-10")
    reopened.when(CONVENE, on="2027-01-10").then_recorded(type(a_conference()))


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [("2026-11-20", True, True), ("2027-01-20", False, True), ("unknown", False, False)],
)
def test_a_closing_re_dated_ends_the_case_on_its_day(day: str, before: bool, after: bool) -> None:  # noqa: FBT001
    """Late entries are taken up to the day on which it is now understood to have been (I14).

    Of a closing that nobody knows the day of, the day on which it was recorded counts.
    """
    moved = CorrectRecord(target=3, reason=Code("entered_wrongly"), occurred=read(day))
    closed = begun(CLOSED).when(moved, on="2027-01-30").history
    alike(closed)
    for occurred, refused in (("2026-11-25", before), ("2026-12-10", before or day == "unknown")):
        asked = closed.when(CONVENE, on="2027-02-01", occurred=occurred)
        assert (getattr(asked.error, "code", None) == "case_closed") is refused
    late = closed.when(CONVENE, on="2027-02-01", occurred="2027-01-25")
    assert (getattr(late.error, "code", None) == "case_closed") is (after or day == "unknown")


def test_what_the_closing_ended_is_criticised_again() -> None:
    """A finding that a closing ended stands again once that was withdrawn (R182, I12)."""
    called = given(a_referral(), a_conference("2026-11-02"), jurisdiction=SCOTLAND)
    held = called.when(HoldConference(conference=CONFERENCE, parts=a_held_conference().parts))
    active = held.when(AgreePlan(plan=PLAN, terms=Terms())).history
    code = "review_overdue"
    active.on("2027-06-01").then_finding(code)
    closed = active.when(CloseCase(reason=Code("died")), on="2026-11-20").history
    closed.on("2027-06-01").then_no_finding(code).then_finding("closed_without_rationale")
    gone = closed.when(withdrawing(5), on="2027-01-05").history
    alike(gone).on("2027-06-01").then_finding(code).then_no_finding("closed_without_rationale")


def test_forgetting_holds_whatever_was_withdrawn() -> None:
    """A case whose data were erased takes nothing new, also where its referral was withdrawn (I13).

    A reopening that was withdrawn has not given it new keys to be recorded under.
    """
    erased = PersonalDataErased(
        scope=Code("person"),
        person=ADULT,
        retention_class=Code("contact_only"),
        authority=Code("court_order"),
        approvals=(),
    )
    wrong = begun().when(withdrawing(1)).history.also(erased)
    assert wrong.case.erased
    wrong.when(CONVENE).then_refused("I13", code="erased")
    other = wrong.when(ReopenCase(reason=Code("new_information")))
    other.when(ReceiveReferral(adult=ADULT, received=on_day(DAY))).then_recorded(type(a_referral()))
    reopened = begun(erased).when(ReopenCase(reason=Code("new_information"))).history
    assert not alike(reopened).case.erased
    gone = alike(reopened.when(withdrawing(4)).history)
    assert gone.case.erased
    gone.when(CONVENE).then_refused("I13", code="erased")


ORDER = OrderRef(ref(69))
APPLIED = ProtectionOrderApplied(
    order=ORDER,
    conference=None,
    adult_consents=Code("yes"),
    kind=Code("banning"),
    applicant=Code("council"),
    undue_pressure=Code("not_in_question"),
)


@pytest.mark.parametrize(
    "event",
    [
        a_held_conference(),
        CaseTransferred(
            authority=Slug("other-council"),
            reason=Code("not_recorded"),
            counted_by=Code("not_decided"),
            accepted=Code("yes"),
        ),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_a_case_rests_on_is_withdrawn_for_both(event: object) -> None:
    """Withdrawn, re-dated and restored, it is the same where it decides and where it shows."""
    history = begun(event)
    gone = alike(alike(history).when(withdrawing(3)).history)
    alike(gone.when(restoring(3, supersedes=4)).history)
    assert withdrawn(gone.facts) == {3}


def test_an_order_granted_in_error_is_not_granted() -> None:
    """What a step of an order reckons from is what stands of it (L12, L13)."""
    grant = RecordProtectionOrderGranted(
        order=ORDER, granted_by=Code("sheriff"), undue_pressure=Code("not_in_question")
    )
    applied = given(a_referral(), APPLIED, jurisdiction=SCOTLAND)
    granted = applied.when(grant)
    granted.then_recorded(ProtectionOrderGranted)
    gone = alike(granted.when(withdrawing(3)).history)
    again = gone.when(grant)
    again.then_recorded(ProtectionOrderGranted)
    assert again.events == granted.events
    assert alike(again.history).case.order.orders.keys() == {ORDER}
    ask = ApplyForProtectionOrder(
        order=ORDER,
        kind=Code("banning"),
        applicant=Code("council"),
        undue_pressure=Code("not_in_question"),
    )
    alike(applied.when(withdrawing(2)).history).when(ask).then_recorded(ProtectionOrderApplied)


def test_a_plan_agreed_in_error_is_no_plan() -> None:
    """A plan that was withdrawn is neither active nor in the way of another (I9)."""
    ask = AgreePlan(plan=PLAN, terms=Terms())
    agreed = begun().when(ask)
    gone = alike(agreed.when(withdrawing(3)).history)
    assert not gone.case.plan_active
    again = gone.when(ask)
    again.then_recorded(PlanAgreed)
    assert alike(again.history).case.plan_active
    assert again.history.case.plan_version == 1
