"""What is due follows the date it is counted from, once corrected; what was stored stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain import case
from domain.amending import RequestMinuteAmendment
from domain.barring import IdentifyDbsReferralDuty
from domain.case import Case
from domain.cleared import CORRECTED, Cleared, cleared
from domain.concern import ReceiveReferral
from domain.corrected import Followed, standing
from domain.correction import CorrectRecord
from domain.duty import DecideDuty
from domain.enquiry import OpenEnquiry, SubmitInvestigationReport
from domain.feedback import AssignFeedback
from domain.finding import Finding
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.rectifying import RequestRectification
from domain.sitting import HoldConference, HoldCoreGroup
from domain.stage import Looking
from domain.when import on_day, read
from domain.words import (
    AmendmentRef,
    BarringDutyRef,
    Code,
    Fact,
    RequestRef,
    Slug,
)
from tests.controls import (
    ADULT,
    ALLEGATION,
    CASE,
    CONFERENCE,
    ENQUIRY,
    OFFICER,
    REPORT,
    a_capacity,
    a_conference,
    a_referral,
    an_allegation,
    ref,
)
from tests.given import Given, at, given
from tests.spec.plan.test_agreeing import agreed

RULES = ("I12", "L5", "R150", "R156", "R169", "R180", "R182", "R198")

DAY = date(2026, 9, 7)  # a Monday with no holiday near
WEEK = timedelta(weeks=1)
LATER = date(2027, 6, 1)
REQUEST = RequestRef(ref(300))
HOLD = HoldConference(conference=CONFERENCE, parts=())


def received(nation: Jurisdiction, day: date = DAY) -> Given:
    """Begin with a referral of that day."""
    ask = ReceiveReferral(adult=ADULT, received=on_day(day), allegations=(an_allegation(),))
    return given(jurisdiction=nation).when(ask, on=day).history


def opened(nation: Jurisdiction) -> Given:
    """Open the nation's enquiry on the day of the referral."""
    kind = nation.duty_enquiries[0]
    ask = OpenEnquiry(enquiry=ENQUIRY, kind=kind, opened_on=DAY)
    return received(nation).when(ask, on=DAY).history


def reported(nation: Jurisdiction) -> Given:
    """Hand in the report of the enquiry."""
    ask = SubmitInvestigationReport(report=REPORT, author=OFFICER, covers=(ALLEGATION,))
    return opened(nation).when(ask, on=DAY).history


def called(nation: Jurisdiction) -> Given:
    """Convene the conference; no limit of the referral's runs."""
    return given(
        at(DAY - WEEK, a_referral(DAY - WEEK)), a_conference(DAY.isoformat()), jurisdiction=nation
    )


def held(nation: Jurisdiction) -> Given:
    """Hold it."""
    return called(nation).when(HOLD, on=DAY).history.also(at(DAY, agreed()))


def told(nation: Jurisdiction) -> Given:
    """Say who tells the adult what came of it."""
    ask = AssignFeedback(conference=CONFERENCE, audience=Code("adult"), assignee=OFFICER)
    return held(nation).when(ask, on=DAY + timedelta(days=1)).history


def grouped(nation: Jurisdiction) -> Given:
    """Hold a core group."""
    core = a_conference(DAY.isoformat(), kind="core_group")
    history = given(at(DAY - WEEK, a_referral(DAY - WEEK)), core, jurisdiction=nation)
    group = history.when(HoldCoreGroup(conference=CONFERENCE, parts=()), on=DAY).history
    return group.also(at(DAY, agreed()))


def amended(nation: Jurisdiction) -> Given:
    """Ask that minutes be amended."""
    ask = RequestMinuteAmendment(
        conference=CONFERENCE, amendment=AmendmentRef(ref(301)), role=Code("police")
    )
    return called(nation).when(ask, on=DAY).history


def rectifying(nation: Jurisdiction) -> Given:
    """Take in a request that the record be put right."""
    ask = RequestRectification(request=REQUEST, targets=(1,))
    return called(nation).when(ask, on=DAY).history


def barred(nation: Jurisdiction) -> Given:
    """Find that a provider has a duty to refer somebody for barring."""
    ask = IdentifyDbsReferralDuty(duty=BarringDutyRef(ref(302)), provider=Slug("agency"))
    return called(nation).when(ask, on=DAY).history


@dataclass(frozen=True, kw_only=True)
class Period:
    """A due date: where it stands, what it is counted from, and what is said once it passed."""

    of: Callable[[Jurisdiction], Given]
    version: int
    field: str
    code: str
    target: int
    nations: tuple[Jurisdiction, ...] = (ENGLAND, SCOTLAND)


PERIODS = (
    Period(of=received, version=1, field="decision_due", code="duty_not_decided", target=1),
    Period(
        of=received,
        version=1,
        field="conference_due",
        code="conference_overdue",
        target=1,
        nations=(SCOTLAND,),
    ),
    Period(of=opened, version=1, field="capacity_due", code="capacity_late", target=1),
    Period(of=opened, version=2, field="due", code="enquiry_overdue", target=1, nations=(ENGLAND,)),
    Period(
        of=opened, version=2, field="due", code="enquiry_overdue", target=2, nations=(SCOTLAND,)
    ),
    Period(
        of=reported,
        version=3,
        field="conference_due",
        code="report_without_conference",
        target=3,
    ),
    Period(of=held, version=3, field="minutes_due", code="minutes_overdue", target=3),
    Period(
        of=held,
        version=3,
        field="decisions_due",
        code="decisions_not_circulated",
        target=3,
        nations=(SCOTLAND,),
    ),
    Period(
        of=held,
        version=3,
        field="next_core_group",
        code="core_group_overdue",
        target=3,
        nations=(SCOTLAND,),
    ),
    Period(
        of=held,
        version=3,
        field="next_review",
        code="review_overdue",
        target=3,
        nations=(SCOTLAND,),
    ),
    Period(of=grouped, version=3, field="minutes_due", code="minutes_overdue", target=3),
    Period(
        of=grouped,
        version=3,
        field="next_core_group",
        code="core_group_overdue",
        target=3,
        nations=(SCOTLAND,),
    ),
    Period(of=told, version=5, field="due", code="feedback_overdue", target=3),
    Period(of=amended, version=3, field="due", code="amendment_unanswered", target=3),
    Period(of=rectifying, version=3, field="due", code="rectification_overdue", target=3),
    Period(
        of=barred,
        version=3,
        field="due",
        code="barring_referral_not_made",
        target=3,
        nations=(SCOTLAND,),
    ),
)
EACH = [
    pytest.param(one, nation, id=f"{nation.code}-{one.of.__name__}-{one.field}-{one.target}")
    for one in PERIODS
    for nation in one.nations
]


def due_of(facts: tuple[Fact[Any], ...], one: Period) -> Any:  # noqa: ANN401 — or none
    """Give the due date of a period."""
    return getattr(facts[one.version - 1].event, one.field)


def move(history: Given, target: int, to: str | date, *, supersedes: int | None = None) -> Given:
    """Correct when an entry was, so much later that the day of the correction matters nowhere."""
    when = read(to) if isinstance(to, str) else on_day(to)
    ask = CorrectRecord(
        target=target, supersedes=supersedes, reason=Code("entered_wrongly"), occurred=when
    )
    moved = history.when(ask, on=LATER)
    assert moved.error is None
    return moved.history


def understood(facts: tuple[Fact[Any], ...]) -> Case:
    """Give the case as now understood."""
    return case.replay(standing(facts))


def found(history: Given, code: str, on: date, by: int | None = None) -> list[Finding]:
    """Give the findings of a code by a day, as known at an entry."""
    looking = Looking(on=on, jurisdiction=history.jurisdiction, policies=history.policies)
    of = understood(history.facts[:by])
    return [one for one in case.findings(of, looking) if one.code == code]


@pytest.mark.parametrize(("one", "nation"), EACH)
def test_what_is_due_follows_a_corrected_date(one: Period, nation: Jurisdiction) -> None:
    """It is counted from the corrected day, and says by which correction and instead of what."""
    history = one.of(nation)
    stored = due_of(history.facts, one)
    after = move(history, one.target, DAY - WEEK)
    now = due_of(standing(after.facts), one)

    assert isinstance(now, Followed)
    assert (now.start, now.on < stored.on) == (DAY - WEEK, True)
    assert (now.rule, now.calendar, now.policy) == (stored.rule, stored.calendar, stored.policy)
    assert (now.supersedes, now.corrected_by) == (stored, after.facts[-1].position)
    assert due_of(after.facts, one) == stored  # nothing that was recorded is changed
    assert due_of(standing(after.facts[:-1]), one) == stored


@pytest.mark.parametrize(("one", "nation"), EACH)
def test_what_is_late_follows_a_corrected_date(one: Period, nation: Jurisdiction) -> None:
    """A finding appears, or goes, as known since the correction; as known before, it does not."""
    history = one.of(nation)
    due = due_of(history.facts, one).on
    late = due + timedelta(days=1)
    assert found(history, one.code, due) == []
    assert found(history, one.code, late)

    earlier = move(history, one.target, DAY - WEEK)
    (appeared,) = found(earlier, one.code, due)
    assert appeared.due == due_of(standing(earlier.facts), one).on
    assert found(earlier, one.code, due, len(history.facts)) == []

    later = move(history, one.target, DAY + WEEK)
    assert found(later, one.code, late) == []
    assert found(later, one.code, late, len(history.facts))


@pytest.mark.parametrize(("one", "nation"), EACH)
def test_a_finding_that_goes_by_a_correction_says_so(one: Period, nation: Jurisdiction) -> None:
    """What was late by the wrong day alone is cleared, by the correction (promise 3)."""
    history = one.of(nation)
    after = history
    correct = CorrectRecord(
        target=one.target,
        reason=Code("entered_wrongly"),
        occurred=on_day(DAY + timedelta(days=1)),
    )
    late = due_of(history.facts, one).on + timedelta(days=1)
    after = history.when(correct, on=late).history

    gone = [it for it in ceased(after, late) if it.finding.code == one.code]
    assert [(it.how, it.by and it.by.position) for it in gone] == [
        (CORRECTED, after.facts[-1].position)
    ]


def ceased(history: Given, on: date) -> tuple[Cleared, ...]:
    """What stood and no longer does."""
    looking = Looking(on=on, jurisdiction=history.jurisdiction)
    streams: dict[UUID, list[Fact[Any]]] = {CASE: list(history.facts)}
    return cleared(CASE, streams, looking)


# ---------------------------------------------------------------------------- what was done late


def met(day: date, nation: Jurisdiction = SCOTLAND) -> Given:
    """Hold the first conference on a day; in Scotland it is due on 5 October."""
    return received(nation).also(at(day, a_conference(day.isoformat()))).when(HOLD, on=day).history


def test_a_conference_is_late_by_the_day_the_referral_came() -> None:
    """The 20 working days are those from the corrected day of receipt, either way (R198)."""
    code, due = "conference_late", date(2026, 10, 5)
    assert received(SCOTLAND).case.conference_due == due
    in_time = met(due)
    assert not found(in_time, code, LATER)
    assert found(move(in_time, 1, DAY - WEEK), code, LATER)
    late = met(due + WEEK)
    assert found(late, code, LATER)
    assert not found(move(late, 1, DAY + WEEK), code, LATER)


@pytest.mark.parametrize("nation", [ENGLAND, SCOTLAND], ids=lambda one: str(one.code))
def test_a_duty_is_decided_late_by_the_day_the_referral_came(nation: Jurisdiction) -> None:
    """The decision on the duty is late by the corrected day of receipt, either way (R150)."""
    code, due = "duty_decided_late", received(nation).case.decision_due
    assert due is not None

    def decided(day: date) -> Given:
        result = Code("inquiry" if nation is SCOTLAND else "section_42")
        ask = DecideDuty(criteria=(), result=result, decided_on=day)
        return received(nation).when(ask, on=day).history

    assert not found(decided(due.on), code, LATER)
    assert found(move(decided(due.on), 1, DAY - WEEK), code, LATER)
    late = decided(due.on + timedelta(days=3))
    assert found(late, code, LATER)
    assert not found(move(late, 1, DAY + WEEK), code, LATER)


@pytest.mark.parametrize("nation", [ENGLAND, SCOTLAND], ids=lambda one: str(one.code))
def test_capacity_is_recorded_late_by_the_day_the_referral_came(nation: Jurisdiction) -> None:
    """The first record of capacity is late by the corrected day of receipt, either way (R49)."""
    code, due = "capacity_late", opened(nation).case.capacity_due
    assert due is not None

    def assessed(day: date) -> Given:
        return opened(nation).also(at(day, a_capacity()))

    assert not found(assessed(due.on), code, LATER)
    assert found(move(assessed(due.on), 1, DAY - WEEK), code, LATER)
    late = assessed(due.on + timedelta(days=3))
    assert found(late, code, LATER)
    assert not found(move(late, 1, DAY + WEEK), code, LATER)
