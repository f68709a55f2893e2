"""A case closed and taken up again on a new concern: each round is judged by what it did itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.advice import ConsiderLegalAdvice
from domain.agenda import ConsiderAgendaItem
from domain.assessment import (
    AssessRisk,
    ConsiderAdvocacy,
    ConsiderSupportServices,
    EvaluateDesiredOutcome,
    GiveAdvocacyInformation,
    RecordCapacityDecision,
    RecordDesiredOutcome,
)
from domain.closure import ReopenCase
from domain.concern import LinkReferral, ReceiveReferral
from domain.contact import AssessNeed, ExplainRiskToAdult
from domain.determination import (
    ConsiderProtectionOrder,
    DetermineAdultAtRiskStatus,
    FindOnAllegation,
)
from domain.drafting import KeepRawNotes
from domain.duty import DecideDuty
from domain.enquiry import SubmitInvestigationReport
from domain.feedback import AssignFeedback, GiveFeedback
from domain.hearing import (
    ConsiderReport,
    DecideFurtherConference,
    PresentAdultViews,
    RecordAgencyPosition,
)
from domain.information import ReceiveAgencyReport, RequestAgencyReport
from domain.invitation import AppointChair, AppointMinuteTaker
from domain.involvement import (
    InformAdultOfConference,
    InviteAdult,
    RecordAdultAttendanceView,
    RecordAdultViews,
)
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.minutes import ApproveMinutes, CirculateMinutes, DraftMinutes
from domain.monitoring import CompleteAction, EndPlan
from domain.outcome import RecordAdultSatisfaction
from domain.plan import AgreePlan
from domain.plan_copies import SendPlanToAdult
from domain.provider import NotifyRegulator
from domain.reading import replayed
from domain.releasing import AssessMinutesShareRisk, CirculateDecisions
from domain.tabling import TableChronology
from domain.when import When, read
from domain.words import Code
from tests.controls import CASE, NATIONS, words
from tests.given import Given, given
from tests.spec.law.test_a_good_case import after, before, ending, held, prepared

RULES = ("R1", "R7", "R49", "R150", "R157", "R168", "R177", "R186", "R198")

LATER = timedelta(weeks=31)  # to days on which no office is closed that was open before
WEEK = timedelta(weeks=1)
NEW = 1 << 40  # what a second round names is not what the first did, but for people
Step = tuple[str, Any]
ON = date(2027, 6, 1)  # by which all that one round makes due has passed

# What may be left undone of a round, and the main findings that say so (of Scotland alone: below).
LEFT: dict[str, tuple[tuple[type, ...], frozenset[str]]] = {
    "no decision": ((DecideDuty,), frozenset({"duty_not_decided"})),
    "no capacity": ((RecordCapacityDecision,), frozenset({"capacity_late"})),
    "no wish": (
        (RecordDesiredOutcome, EvaluateDesiredOutcome),
        frozenset({"outcomes_not_asked", "plan_not_person_centred"}),
    ),
    "wish not judged": ((EvaluateDesiredOutcome,), frozenset({"outcome_not_evaluated"})),
    "no adult's view": (
        (RecordAdultViews, PresentAdultViews),
        frozenset({"views_not_presented"}),
    ),
    "adult not invited": ((InviteAdult,), frozenset({"adult_not_invited"})),
    "adult not asked": ((RecordAdultAttendanceView,), frozenset({"wish_not_asked"})),
    "adult not informed": ((InformAdultOfConference,), frozenset({"purpose_not_explained"})),
    "agency not asked": (
        (RequestAgencyReport, ReceiveAgencyReport, ConsiderReport),
        frozenset({"agency_not_asked"}),
    ),
    "report not given": (
        (ReceiveAgencyReport, ConsiderReport),
        frozenset({"report_not_received"}),
    ),
    "no report": (
        (SubmitInvestigationReport, ConsiderReport),
        frozenset({"no_report"}),
    ),
    "no chair": ((AppointChair,), frozenset({"no_chair"})),
    "no minute taker": ((AppointMinuteTaker,), frozenset({"no_minute_taker"})),
    "no need": ((AssessNeed,), frozenset({"need_not_assessed"})),
    "no risk": ((AssessRisk,), frozenset({"risk_not_assessed"})),
    "risk not explained": ((ExplainRiskToAdult,), frozenset({"risk_not_explained"})),
    "no status": ((DetermineAdultAtRiskStatus,), frozenset()),
    "no finding": ((FindOnAllegation,), frozenset()),
    "no position": ((RecordAgencyPosition,), frozenset({"position_not_recorded"})),
    "no advice": ((ConsiderLegalAdvice,), frozenset()),
    "no further": ((DecideFurtherConference,), frozenset({"further_not_decided"})),
    "no agenda": ((ConsiderAgendaItem,), frozenset()),
    "no plan": (
        (AgreePlan, SendPlanToAdult, CompleteAction, EndPlan),
        frozenset({"no_plan_decision"}),
    ),
    "plan left": ((EndPlan,), frozenset({"closed_with_active_plan"})),
    "plan not sent": ((SendPlanToAdult,), frozenset({"plan_not_sent"})),
    "feedback not assigned": ((AssignFeedback,), frozenset({"feedback_not_assigned"})),
    "no feedback": ((GiveFeedback,), frozenset({"feedback_overdue", "referrer_not_told"})),
    "no notes": ((KeepRawNotes,), frozenset({"raw_notes_not_kept"})),
    "no minutes": (
        (DraftMinutes, ApproveMinutes, AssessMinutesShareRisk, CirculateMinutes),
        frozenset({"minutes_overdue"}),
    ),
    "no decisions": ((CirculateDecisions,), frozenset()),
    "no regulator": ((NotifyRegulator,), frozenset({"regulator_not_notified"})),
    "no satisfaction": ((RecordAdultSatisfaction,), frozenset({"satisfaction_missing"})),
    "no advocacy": (
        (ConsiderAdvocacy, GiveAdvocacyInformation),
        frozenset(),
    ),
    "no support": ((ConsiderSupportServices,), frozenset()),
    "no chronology": ((TableChronology,), frozenset()),
    "no orders": ((ConsiderProtectionOrder,), frozenset()),
}
OF_SCOTLAND: dict[str, frozenset[str]] = {
    "no advocacy": frozenset({"advocacy_not_considered", "advocacy_not_explained"}),
    "no support": frozenset({"support_not_considered"}),
    "no chronology": frozenset({"no_chronology"}),
    "no orders": frozenset({"orders_not_considered"}),
    "no decisions": frozenset({"decisions_not_circulated"}),
    "no advice": frozenset({"legal_advice_not_considered"}),
}
OF_ENGLAND: dict[str, frozenset[str]] = {
    "no finding": frozenset({"allegation_not_found_on"}),
    "no agenda": frozenset({"agenda_incomplete"}),
}
# A plan of the first round that was left to go on is there still: the next is asked for it too.
GOES_ON: dict[str, frozenset[str]] = {
    "plan left": frozenset({"closed_with_active_plan", "plan_not_reviewed"})
}
# No day for it is stored with a later concern: by the latest that it can be, the round was over.
BY_ITS_DAY = frozenset({"capacity_late"})


def round_of(nation: Jurisdiction) -> list[Step]:
    """Give the steps of a case handled as the sources ask."""
    chapters = (before(nation), prepared(nation), held(nation), after(nation), ending())
    return [step for chapter in chapters for step in chapter]


def later(value: Any) -> Any:  # noqa: ANN401 — whatever a command holds
    """Give the same of the second round: its own references, and half a year on."""
    match value:
        case When():
            return read((date.fromisoformat(value.text) + LATER).isoformat())
        case date():
            return value + LATER
        case UUID() if (value.int & 0xFFFF) >= 30:
            return UUID(int=value.int + NEW)
        case tuple():
            return tuple(later(one) for one in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            held_ = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
            names = {one.name for one in fields(value) if one.name != "about"}
            return replace(value, **{name: later(held_[name]) for name in names & held_.keys()})
        case _:
            return value


def second(steps: list[Step]) -> list[Step]:
    """Give the second round: the case taken up again on a new concern, and the same done anew."""
    return [
        ((date.fromisoformat(day) + LATER).isoformat(), one)
        for day, command in steps
        for one in _begun_anew(later(command))
    ]


def _begun_anew(command: object) -> Iterator[object]:
    if not isinstance(command, ReceiveReferral):
        yield command
        return
    yield ReopenCase(reason=Code("new_referral"), rationale=words("A new concern came."))
    yield LinkReferral(
        reason=Code("repeat"), received=command.received, allegations=command.allegations
    )


def without(steps: list[Step], left: str) -> list[Step]:
    """Give a round without what is left undone in it."""
    kinds, _ = LEFT[left]
    kept = [(day, command) for day, command in steps if not isinstance(command, kinds)]
    return [(day, _unwished(one)) for day, one in kept] if RecordDesiredOutcome in kinds else kept


def _unwished(command: object) -> object:
    """Give the same plan, where nobody wished for anything that it could serve."""
    if not isinstance(command, AgreePlan):
        return command
    actions = tuple(replace(one, outcome=None) for one in command.terms.actions)
    return replace(command, terms=replace(command.terms, actions=actions))


def told(nation: Jurisdiction, steps: list[Step]) -> Given:
    """Ask everything in order; nothing is refused."""
    history = given(jurisdiction=nation)
    for day, command in steps:
        outcome = history.when(command, on=day)
        assert outcome.error is None, f"{command}: {outcome.error}"
        history = outcome.on(day)
    return history


def codes(history: Given) -> set[str]:
    """Give what is criticised."""
    return {one.code for one in history.findings()}


def codes_of_one(nation: Jurisdiction, left: str) -> set[str]:
    """Give what is criticised of one round in which that was left undone."""
    return codes(told(nation, without(round_of(nation), left)).on(ON))


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_two_rounds_well_run(nation: Jurisdiction) -> None:
    """Two rounds as the sources ask leave nothing to criticise, and at no time a high finding.

    Nor is anything said at a step of the second that is not at the same step of the first. And a
    case added to step by step, as histories are told here, is the case of all its events.
    """
    steps = round_of(nation)
    first, twice = told(nation, steps), told(nation, [*steps, *second(steps)])
    assert twice.case == replayed(CASE, {CASE: twice.facts})
    assert [(one.code, one.rules) for one in twice.on("2028-02-01").findings()] == []
    assert twice.case.stage == "closed"
    ahead = len(first.facts) + 1  # the reopening has none beside it in the first
    for number in range(1, len(twice.facts) + 1):
        known = replace(twice, facts=twice.facts[:number], kept=[])
        on = known.day
        at_last = twice.facts[number].recorded_at.date() if number < len(twice.facts) else ON
        for day in (on, min(on + WEEK, max(on, at_last))):
            found = known.on(day).findings()
            assert [one.code for one in found if one.severity == "high"] == []
            if number > ahead:
                same = replace(first, facts=first.facts[: number - ahead], kept=[])
                expected = codes(same.on(day - LATER))
                assert {one.code for one in found} <= expected, (number, day)


@pytest.mark.parametrize("left", LEFT)
@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_what_the_second_round_leaves_undone_is_said(nation: Jurisdiction, left: str) -> None:
    """The first, well run, makes up for nothing of it, neither before the closing nor after."""
    steps = round_of(nation)
    kinds = OF_SCOTLAND if nation is SCOTLAND else OF_ENGLAND
    expected = LEFT[left][1] | kinds.get(left, frozenset())
    left_open = [step for step in steps if step not in ending()]
    at_work = told(nation, [*steps, *second(without(left_open, left))]).on(ON + LATER)
    closed = told(nation, [*steps, *second(without(steps, left))]).on(ON + LATER)
    assert expected <= codes(at_work) | codes(closed)


@pytest.mark.parametrize("left", LEFT)
@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_what_a_round_leaves_undone_is_said_of_it_alone(nation: Jurisdiction, left: str) -> None:
    """Of two rounds it is said what the one that left it undone lacks, neither less nor more."""
    steps, alone = round_of(nation), codes_of_one(nation, left)
    now = told(nation, [*steps, *second(without(steps, left))])
    assert codes(now.on(ON + LATER)) | BY_ITS_DAY == alone | BY_ITS_DAY
    then = told(nation, [*without(steps, left), *second(steps)])
    assert codes(then.on(ON + LATER)) == alone - OF_THE_CLOSING | GOES_ON.get(left, frozenset())


# What is asked of a closing, until the case is taken up again.
OF_THE_CLOSING = frozenset({"closed_with_active_plan"})


def test_a_conference_late_in_the_second_round_is_late() -> None:
    """The first was in time, which says nothing of the next (R198)."""
    steps = round_of(SCOTLAND)
    met = next(number for number, (day, _) in enumerate(steps) if day == "2026-11-23")
    twice = told(SCOTLAND, [*steps, *second(steps[:met])])
    assert "conference_overdue" in codes(twice.on("2027-07-15"))
    assert "conference_overdue" not in codes(twice.on("2027-07-05"))
    assert ENGLAND.limits.get("initial_conference") is None
