"""Every decision says why: one without its reasons is named, by what it decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from domain.advice import ProceedingsConsidered
from domain.answering import CarerDisclosureDecided
from domain.assessment import AdvocacyConsidered
from domain.catalogue import event_name
from domain.closure import CaseReopened
from domain.conclusion import EnquiryReopened
from domain.correction import CorrectRecord, LegalHoldLifted, LegalHoldPlaced
from domain.determination import AdultAtRiskStatusDetermined, ProtectionOrderConsidered
from domain.feedback import PachFeedbackDecided
from domain.hearing import FurtherConferenceDecided
from domain.invitation import FamilyAttendanceDecided
from domain.jurisdictions.scotland import SCOTLAND
from domain.monitoring import PlanEnded
from domain.oversight import PlanChangeRatified
from domain.reasons import ASKED
from domain.words import Code, ParticipantRef, ProceedingsRef
from tests.controls import (
    CONFERENCE,
    ENQUIRY,
    PARTICIPANT,
    PLAN,
    REVIEW,
    SISTER,
    a_conclusion,
    a_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, given

RULES = ("R59", "R85", "R86", "R90", "R154", "R167", "R172", "R184", "R186", "R204")
WHY = words("Because of what was heard.")
NOT_KNOWN, OTHER = Code("not_known"), Code("not_recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One that states no reasons; how it says them, and what says them by itself."""

    event: Any
    reason: str = "rationale"
    why: object = WHY
    plain: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, object] = field(default_factory=dict)  # a decision about another thing


STATUS = Decision(
    event=AdultAtRiskStatusDetermined(conference=CONFERENCE, status=Code("at_risk")),
    elsewhere={"conference": REVIEW},
)
ORDER = Decision(
    event=ProtectionOrderConsidered(
        conference=CONFERENCE,
        order=Code("removal"),
        decision=Code("not_apply"),
        adult_consents=NOT_KNOWN,
    ),
    elsewhere={"order": Code("banning")},
)
CONCLUDED = Decision(event=replace(a_conclusion(), rationale=None), elsewhere={"enquiry": ref(41)})
REOPENED = Decision(event=EnquiryReopened(enquiry=ENQUIRY), reason="reason")
ENDED = Decision(
    event=PlanEnded(plan=PLAN, reason=Code("risk_removed")),
    plain={"reason": "died"},
    elsewhere={"plan": ref(62)},
)
RATIFIED = Decision(
    event=PlanChangeRatified(
        plan=PLAN, change=1, conference=CONFERENCE, decision=Code("not_ratified")
    ),
    elsewhere={"change": 2},
)
FEEDBACK = Decision(
    event=PachFeedbackDecided(
        conference=CONFERENCE, audience=Code("pach"), content=Code("none"), organisation=None
    ),
    elsewhere={"audience": Code("employer")},
)
FURTHER = Decision(
    event=FurtherConferenceDecided(conference=CONFERENCE, decision=Code("not_needed")),
    elsewhere={"conference": REVIEW},
)
CARER = Decision(
    event=CarerDisclosureDecided(
        carer=SISTER,
        decided_role=Code("managing_officer"),
        pach_information=Code("none"),
        basis=Code("none"),
    ),
    elsewhere={"carer": ref(13)},
)
CARERS_BASIS = replace(CARER, reason="basis", why=Code("best_interests"))
FAMILY = Decision(
    event=FamilyAttendanceDecided(
        conference=CONFERENCE,
        participant=PARTICIPANT,
        decision=Code("not_attend"),
        basis=OTHER,
        authority_verified=NOT_KNOWN,
        alleged_to_have_caused_harm=Code("no"),
    ),
    plain={"basis": "adult_wish"},
    elsewhere={"participant": ParticipantRef(ref(56))},
)
PROCEEDINGS = Decision(
    event=ProceedingsConsidered(
        proceedings=ProceedingsRef(ref(85)),
        conference=CONFERENCE,
        kind=Code("civil"),
        standard=Code("balance_of_probabilities"),
        status=Code("not_to_be_brought"),
    ),
    plain={"status": "pending"},
    elsewhere={"proceedings": ProceedingsRef(ref(86))},
)
ADVOCACY = Decision(
    event=AdvocacyConsidered(
        decision=Code("not_needed"), substantial_difficulty=Code("not_considered")
    ),
    plain={"decision": "offered_declined"},
)
TAKEN_UP = Decision(event=CaseReopened(reason=Code("new_information")))
LIFTED = Decision(event=LegalHoldLifted(hold=1))

DECISIONS = [
    ("status_unexplained", STATUS, "medium"),
    ("orders_unexplained", ORDER, "medium"),
    ("conclusion_unexplained", CONCLUDED, "medium"),
    ("enquiry_reopened_unexplained", REOPENED, "low"),
    ("plan_end_unexplained", ENDED, "medium"),
    ("ratification_unexplained", RATIFIED, "low"),
    ("pach_feedback_unexplained", FEEDBACK, "medium"),
    ("further_meeting_unexplained", FURTHER, "low"),
    ("carer_disclosure_unexplained", CARER, "low"),
    ("carer_disclosure_without_basis", CARERS_BASIS, "medium"),
    ("family_decision_unexplained", FAMILY, "low"),
    ("proceedings_unexplained", PROCEEDINGS, "low"),
    ("advocacy_unexplained", ADVOCACY, "low"),
    ("reopening_unexplained", TAKEN_UP, "low"),
    ("hold_lifted_unexplained", LIFTED, "low"),
]


def case(*more: object) -> Given:
    """Begin with a referral and two conferences called, where each of these can be decided."""
    called = (a_conference(), a_conference(conference=REVIEW, kind="review"))
    return given(a_referral(), *called, *more, jurisdiction=SCOTLAND)


@pytest.mark.parametrize(("code", "one", "severity"), DECISIONS)
def test_a_decision_says_why(code: str, one: Decision, severity: str) -> None:
    """A decision without its reasons is a finding; with them, it is none (R154)."""
    case(one.event).then_finding(code, severity=severity)
    case(replace(one.event, **{one.reason: one.why})).then_no_finding(code)


@pytest.mark.parametrize(("code", "one", "severity"), DECISIONS)
def test_a_later_decision_about_the_same_takes_its_place(
    code: str, one: Decision, severity: str
) -> None:
    """Decided again with its reasons, a decision wants none any more; another still does (R154)."""
    explained = replace(one.event, **{one.reason: one.why})
    if not one.elsewhere:
        case(one.event, explained).then_finding(code, severity=severity)
        return
    case(one.event, explained).then_no_finding(code)
    case(explained, one.event).then_finding(code)
    case(one.event, replace(explained, **one.elsewhere)).then_finding(code, severity=severity)


@pytest.mark.parametrize(("code", "one", "severity"), DECISIONS)
def test_what_says_why_by_itself_is_reason_enough(code: str, one: Decision, severity: str) -> None:
    """The adult's own answer, a fact, or somebody else's decision wants no reasons here (R154)."""
    assert severity
    for name, plain in one.plain.items():
        case(replace(one.event, **{name: Code(plain)})).then_no_finding(code)


def test_every_kind_of_decision_is_of_an_event() -> None:
    """Each row asks of an event that is stored, and of fields that it has (R154)."""
    assert {code for code, _, _ in DECISIONS} == set(ASKED)
    for code, one, _ in DECISIONS:
        asked = ASKED[code]
        assert asked.event == event_name(one.event)
        assert asked.reason == one.reason
        assert {*asked.of, *asked.plain} <= set(type(one.event).__slots__)


def test_a_hold_that_a_correction_withdraws_says_why() -> None:
    """What no longer protects says why, whether it was lifted or taken back (L17)."""
    code = "hold_lifted_unexplained"
    held = given(a_referral(), LegalHoldPlaced(reason=Code("court")))
    gone = CorrectRecord(target=2, reason=Code("entered_wrongly"), withdrawn=True)
    out = held.when(gone)
    out.then_finding(code, severity="low")
    held.when(replace(gone, understood=words("It is of another case."))).then_no_finding(code)
    out.when(replace(gone, supersedes=3, withdrawn=False)).then_no_finding(code)
    other = given(a_referral(), LegalHoldPlaced(reason=Code("court")), a_conference())
    other.when(replace(gone, target=3)).then_no_finding(code)


def test_orders_are_decided_one_by_one() -> None:
    """Two orders decided at one conference without reasons are two findings (R204)."""
    banning = replace(ORDER.event, order=Code("banning"))
    found = [one for one in case(ORDER.event, banning).findings() if one.rules[0] == "R204"]
    assert [one.position for one in found if one.code == "orders_unexplained"] == [4, 5]
