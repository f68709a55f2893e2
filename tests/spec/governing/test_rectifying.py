from __future__ import annotations

from dataclasses import replace

import pytest

from domain.correction import AnnotateEntry
from domain.disclosing import MakeDisclosure
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.manifest import Given as Entry
from domain.minutes import MinutesCirculated
from domain.minutes import Recipient as Copy
from domain.plan_copies import PlanSentToAdult, PlanSentToNominee
from domain.rectifying import (
    DecideRectification,
    RectificationDecided,
    RequestRectification,
    TellRecipient,
)
from domain.releasing import DecisionsCirculated, Told
from domain.sharing import InformationShared
from domain.tabling import ReportRecipient, ReportShared
from domain.words import Code, Digest, RequestRef
from tests.controls import (
    CONFERENCE,
    HEALTH,
    PLAN,
    POLICE,
    REPORT,
    SISTER,
    a_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, Outcome, given

REQUEST = RequestRef(ref(310))
ASK = RequestRectification(request=REQUEST, targets=(1,))
NOTE = AnnotateEntry(target=1, kind=Code("supplementary"), text=words("She says not."))
GRANT = DecideRectification(
    request=REQUEST,
    decision=Code("granted"),
    rationale=words("It was another day."),
    told_of_complaint=Code("yes"),
)
REFUSE = replace(GRANT, decision=Code("refused"))
MINUTES = MinutesCirculated(
    conference=CONFERENCE,
    recipients=(
        Copy(
            role=Code("police"), organisation=POLICE, copy=Digest("a" * 64), source=Digest("b" * 64)
        ),
        Copy(
            role=Code("other"),
            role_other=words("A neighbour"),
            person=SISTER,
            copy=Digest("c" * 64),
            source=Digest("b" * 64),
        ),
    ),
    outside=False,
    due=None,
)
DISCLOSE = MakeDisclosure(
    to=Code("police"),
    organisation=POLICE,
    ground=Code("crime"),
    manifest=(Entry(entry=1, form=Code("as_recorded"), digest=Digest("d" * 64)),),
    digest=Digest("e" * 64),
)


def case(*more: object, nation: Jurisdiction = ENGLAND) -> Given:
    """Begin with a conference called, and these."""
    return given(a_referral(), a_conference(), *more, jurisdiction=nation)


def decided(command: DecideRectification, *more: object) -> RectificationDecided:
    """Decide a request in a case with these, and give what is recorded."""
    event = case(*more).when(ASK).when(command).then_recorded(RectificationDecided).events[0]
    assert isinstance(event, RectificationDecided)
    return event


@pytest.mark.parametrize(
    ("nation", "day", "last", "late"),
    [
        (ENGLAND, "2026-11-12", "2026-12-14", "2026-12-15"),
        (ENGLAND, "2027-01-29", "2027-03-01", "2027-03-02"),
        (ENGLAND, "2026-10-30", "2026-11-30", "2026-12-01"),
        (SCOTLAND, "2026-10-30", "2026-12-01", "2026-12-02"),
    ],
)
def test_a_request_is_decided_in_a_month(
    nation: Jurisdiction, day: str, last: str, late: str
) -> None:
    """A request not decided within the month, or decided after it, is a finding."""
    asked = case(nation=nation).when(ASK, on=day)
    asked.on(last).then_no_finding("rectification_overdue")
    asked.on(late).then_finding("rectification_overdue")
    intime = asked.when(REFUSE, on=last).on(late)
    intime.then_no_finding("rectification_overdue").then_no_finding("rectification_late")
    after = asked.when(REFUSE, on=late)
    after.then_finding("rectification_late").then_no_finding("rectification_overdue")


@pytest.mark.parametrize("decision", ["refused", "partly_granted", "statement_added"])
def test_what_is_not_put_right_as_asked_is_explained(decision: str) -> None:
    """Less than was asked wants its reasons and the right to complain told (R154)."""
    why, complaint = "rectification_refused_unexplained", "rectification_complaint_not_told"
    less = replace(GRANT, decision=Code(decision))
    asked = case().when(ASK)
    asked.when(less).then_no_finding(why).then_no_finding(complaint)
    bare = asked.when(replace(less, rationale=None, told_of_complaint=Code("no")))
    bare.then_finding(why).then_finding(complaint)
    full = asked.when(replace(GRANT, rationale=None, told_of_complaint=Code("no")))
    full.then_no_finding(why).then_no_finding(complaint)


def test_a_request_granted_is_carried_out() -> None:
    """A request granted names the correction or the statement made; without, it is a finding."""
    code = "rectification_not_carried_out"
    asked = case().when(ASK)
    asked.when(GRANT).then_finding(code)
    asked.when(REFUSE).then_no_finding(code)
    noted = asked.when(NOTE)
    noted.when(replace(GRANT, entries=(4,))).then_no_finding(code)
    noted.when(replace(GRANT, entries=(1,))).then_not_found()
    noted.when(replace(GRANT, entries=(9,))).then_not_found()


def test_whoever_holds_a_copy_is_to_be_told() -> None:
    """Minutes, plans, reports, what was shared, decided or disclosed each name whom to tell."""
    told = InformationShared(
        conference=None, item=Code("plan"), organisation=HEALTH, basis=Code("legal_duty")
    )
    event = decided(
        GRANT,
        MINUTES,
        PlanSentToAdult(plan=PLAN, version=1, method=Code("post")),
        PlanSentToNominee(
            plan=PLAN,
            version=1,
            role=Code("family"),
            person=SISTER,
            basis=Code("adults_permission"),
            outside=False,
        ),
        ReportShared(
            conference=CONFERENCE,
            report=REPORT,
            recipient=ReportRecipient(role=Code("police"), organisation=POLICE),
            outside=False,
        ),
        told,
        DecisionsCirculated(
            conference=CONFERENCE,
            recipients=(Told(role=Code("gp"), organisation=HEALTH),),
            due=None,
        ),
        replace(told, organisation=None),  # to the meeting: its minutes say the same
    )
    holds = [(one.number, one.sent_at, one.what) for one in event.recipients]
    assert holds == [
        (1, 3, "minutes"),
        (2, 3, "minutes"),
        (3, 4, "plan"),
        (4, 5, "plan"),
        (5, 6, "report"),
        (6, 7, "information"),
        (7, 8, "decisions"),
    ]
    who = [(one.organisation, one.role, one.person) for one in event.recipients]
    assert who == [
        (POLICE, "police", None),
        (None, "other", SISTER),
        (None, "adult", None),
        (None, "family", SISTER),
        (POLICE, "police", None),
        (HEALTH, None, None),
        (HEALTH, "gp", None),
    ]
    assert event.recipients[0].copy == Digest("a" * 64)
    disclosed = case().when(DISCLOSE).when(ASK).when(GRANT).events[0]
    assert isinstance(disclosed, RectificationDecided)
    (one,) = disclosed.recipients
    assert (one.what, one.organisation, one.copy) == ("disclosure", POLICE, Digest("e" * 64))


def test_only_what_went_out_after_the_entry_is_told() -> None:
    """Whoever was given something before the first of the entries holds no copy of it."""
    asked = case(MINUTES, a_referral()).when(replace(ASK, targets=(4,)))
    event = asked.when(GRANT).events[0]
    assert isinstance(event, RectificationDecided)
    assert event.recipients == ()
    both = case(MINUTES, a_referral()).when(replace(ASK, targets=(4, 1))).when(GRANT).events[0]
    assert isinstance(both, RectificationDecided)
    assert len(both.recipients) == 2
    assert decided(REFUSE, MINUTES).recipients == ()


def test_each_holder_is_told() -> None:
    """As long as one holder of a copy is not recorded as told, that is a finding."""
    code = "recipients_not_told"
    tell = TellRecipient(request=REQUEST, recipient=1, method=Code("post"))
    made: Outcome = case(MINUTES).when(ASK).when(GRANT)
    made.then_finding(code)
    first = made.when(tell)
    first.then_finding(code)
    first.when(replace(tell, recipient=2)).then_no_finding(code)
    made.when(replace(tell, recipient=3)).then_not_found()
    case(MINUTES).when(ASK).when(tell).then_not_found()
    case().when(ASK).when(GRANT).then_no_finding(code)


def test_what_cannot_be_asked_to_be_put_right() -> None:
    """A request names entries of the case, under a reference of its own (I12)."""
    case().when(ASK).when(ASK).then_refused("I12", code="reference_used")
    case().when(replace(ASK, targets=())).then_refused("I12", code="no_target")
    case().when(replace(ASK, targets=(1, 9))).then_not_found()
    case().when(GRANT).then_not_found()
