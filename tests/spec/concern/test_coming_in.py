from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.concern import LinkReferral, ReceiveReferral, ReferralLinked, ReferralReceived
from domain.duty import Criterion, DecideDuty
from domain.intake import (
    AcknowledgeReferral,
    CaseTransferred,
    ConcernRedirected,
    ConsentToShareOverriddenWithReason,
    ConsentToShareRecorded,
    ContactEmergencyServices,
    CrimeReported,
    DutyToInquireStarted,
    EmergencyServicesContacted,
    OverrideConsentToShare,
    RecordConsentToShare,
    RedirectConcern,
    ReferralAcknowledged,
    ReportCrime,
    StartDutyToInquire,
    TransferCase,
)
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.scotland import SCOTLAND
from domain.sharing import InformationShared, InformationSharingDecided
from domain.stage import recorded
from domain.stored import upcast
from domain.when import read
from domain.words import AllegationRef, Code, ExternalReference, Slug
from tests.controls import (
    ADULT,
    ALLEGATION,
    COUNCIL,
    HEALTH,
    NATIONS,
    POLICE,
    a_referral,
    ref,
    words,
)
from tests.given import At, Given, at, given

RULES = ("R42", "R82", "R154", "R171")

THEIRS = ExternalReference(system=POLICE, id=words("FB/10023"))
ELSEWHERE = Slug("coastal-council")
ACKNOWLEDGED = AcknowledgeReferral(method=Code("telephone"), note=words("Will hear on Friday."))
CALLED = ContactEmergencyServices(
    services=(Code("police"), Code("ambulance")), by=COUNCIL, external=THEIRS, reason=words("Fell.")
)
CRIME = ReportCrime(
    to=POLICE, by=COUNCIL, allegations=(ALLEGATION,), external=THEIRS, adult_agreed=Code("yes")
)
CONSENT = RecordConsentToShare(
    answer=Code("given_in_part"),
    given_by=Code("adult"),
    recipients=(HEALTH,),
    limits=words("Not to her son."),
)
OVERRIDE = OverrideConsentToShare(
    ground=Code("others_at_risk"),
    reason=words("Two others live there."),
    recipients=(POLICE,),
    adult_told=Code("yes"),
)
REDIRECT = RedirectConcern(
    to=Code("advice"), organisation=HEALTH, adult_told=Code("yes"), rationale=words("No risk.")
)
SENT = InformationShared(
    conference=None, item=Code("concern"), organisation=POLICE, basis=Code("not_recorded")
)
REFUSED = ConsentToShareRecorded(answer=Code("refused"), given_by=Code("adult"))


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
@pytest.mark.parametrize(
    ("command", "event"),
    [
        (ACKNOWLEDGED, ReferralAcknowledged),
        (CALLED, EmergencyServicesContacted),
        (CRIME, CrimeReported),
        (CONSENT, ConsentToShareRecorded),
        (OVERRIDE, ConsentToShareOverriddenWithReason),
        (REDIRECT, ConcernRedirected),
    ],
)
def test_what_is_done_at_once_is_recorded(
    nation: Jurisdiction, command: object, event: type
) -> None:
    """What is done with a concern is recorded with all that was said of it, in both nations."""
    history = given(a_referral(), jurisdiction=nation)
    history.when(command).then(recorded(event, command))


def test_a_crime_is_about_allegations_of_the_case() -> None:
    """A crime reported about an allegation that the case does not have is not found."""
    stranger = replace(CRIME, allegations=(AllegationRef(ref(399)),))
    given(a_referral()).when(stranger).then_not_found()


def test_the_duty_to_inquire_begins_in_scotland() -> None:
    """That the council began to inquire has its urgency and the day by which it should be done."""
    ask = StartDutyToInquire(urgency=Code("immediate"), grounds=words("Was struck."))
    outcome = given(a_referral(), jurisdiction=SCOTLAND).when(ask)

    (event,) = outcome.then_recorded(DutyToInquireStarted).events
    assert isinstance(event, DutyToInquireStarted)
    assert (event.urgency, event.grounds) == (ask.urgency, ask.grounds)
    assert event.due is not None
    assert event.due.on == date(2026, 11, 11)  # seven working days
    given(a_referral()).when(ask).then_refused("I11")


def received() -> Given:
    """Begin with a referral in Scotland whose duty is due two working days later."""
    ask = ReceiveReferral(adult=ADULT, received=read("2026-11-02"), adult_told=Code("yes"))
    return given(jurisdiction=SCOTLAND).when(ask).on("2026-11-05")


def test_beginning_to_inquire_is_what_is_due() -> None:
    """Where the council began to inquire, the duty is not said to be undecided (R150)."""
    history = received()
    history.then_finding("duty_not_decided")
    begun = history.when(StartDutyToInquire(urgency=Code("usual"))).on("2026-11-05")
    begun.then_no_finding("duty_not_decided")


def test_an_override_says_why() -> None:
    """Consent overridden without a reason is a finding; said again with one, it is not (R154)."""
    bare = replace(OVERRIDE, reason=None)
    code = "override_without_reason"
    given(a_referral()).when(bare).then_finding(code).when(OVERRIDE).then_no_finding(code)


def test_a_refusal_is_not_passed_over() -> None:
    """What is shared after a refusal rests on another basis, or on an override (R82)."""
    code = "shared_after_refusal"
    shared = SENT
    given(a_referral(), REFUSED, shared).then_finding(code)
    given(a_referral(), shared, REFUSED).then_no_finding(code)
    given(a_referral(), REFUSED, replace(shared, basis=Code("vital_interests"))).then_no_finding(
        code
    )
    override = recorded(ConsentToShareOverriddenWithReason, OVERRIDE)
    given(a_referral(), REFUSED, override, shared).then_no_finding(code)
    given(a_referral(), REFUSED, replace(REFUSED, answer=Code("given")), shared).then_no_finding(
        code
    )


def test_a_decision_to_share_may_rest_on_something_else() -> None:
    """What is shared after a refusal by a decision on another basis is no finding (R82)."""
    code = "shared_after_refusal"
    decided = InformationSharingDecided(
        conference=None,
        item=Code("concern"),
        organisation=POLICE,
        decision=Code("share"),
        basis=Code("safeguarding"),
        necessity=words("Two others live there."),
    )
    given(a_referral(), REFUSED, decided, SENT).then_no_finding(code)
    consent = replace(decided, basis=Code("adults_consent"))
    given(a_referral(), REFUSED, consent, SENT).then_finding(code)


def test_a_refusal_told_with_the_referral_need_not_be_told_again() -> None:
    """What the referral says of consent counts until the adult is asked again (R82)."""
    code = "shared_after_refusal"
    refused = replace(a_referral(), consent=Code("refused"))
    shared = SENT
    given(refused, shared).then_finding(code)
    given(refused, replace(REFUSED, answer=Code("given")), shared).then_no_finding(code)
    given(a_referral(), shared).then_no_finding(code)
    again = LinkReferral(received=read("2026-11-02"), consent=Code("refused"))
    agreed = replace(REFUSED, answer=Code("given"))
    for before, ask, told in (
        (agreed, again, True),  # told of the adult since, by a further referral
        (REFUSED, replace(again, consent=Code("given")), False),
        (REFUSED, replace(again, consent=Code("not_recorded")), True),
    ):
        (linked,) = given(a_referral()).when(ask).events
        later = given(a_referral(), before, linked, shared)
        (later.then_finding if told else later.then_no_finding)(code)


def linked_on(day: str, consent: str, received: str | None = None) -> At:
    """Give a further referral entered on a day, received then or before, that tells of consent."""
    ask = LinkReferral(received=read(received or day), consent=Code(consent))
    return at(day, *given(a_referral()).when(ask, on=day).events)


WITH_REFUSAL = replace(a_referral("2026-11-05"), consent=Code("refused"))
ASKED_AND_REFUSED = (a_referral(), at("2026-11-05", REFUSED))


@pytest.mark.parametrize(
    ("before", "since"),
    [
        ((WITH_REFUSAL, linked_on("2026-11-06", "given", "2026-11-02")), ()),  # entered late
        ((WITH_REFUSAL,), (linked_on("2026-12-20", "given"),)),
        ((WITH_REFUSAL,), (at("2026-12-20", replace(REFUSED, answer=Code("given"))),)),
        (ASKED_AND_REFUSED, (linked_on("2026-12-20", "refused"),)),
        (ASKED_AND_REFUSED, (at("2026-12-20", REFUSED),)),
    ],
)
def test_what_was_shared_is_held_to_what_was_last_told_before_it(
    before: tuple[object, ...], since: tuple[object, ...]
) -> None:
    """What was told before a refusal, or after the sharing, clears no sharing after it (R82)."""
    shared = at("2026-11-09", SENT)
    given(*before, shared, *since).then_finding("shared_after_refusal")


def test_a_referral_says_who_made_it_and_whether_the_adult_agrees() -> None:
    """A referral, also one that is linked, keeps whom its referrer works for (B.3)."""
    ask = ReceiveReferral(
        adult=ADULT,
        received=read("2026-11-02"),
        referrer_organisation=HEALTH,
        consent=Code("given"),
    )
    (event,) = given().when(ask).then_recorded(ReferralReceived).events
    assert isinstance(event, ReferralReceived)
    assert (event.referrer_organisation, event.consent) == (HEALTH, "given")

    again = LinkReferral(received=read("2026-11-02"), referrer_organisation=POLICE)
    (linked,) = given(a_referral()).when(again).then_recorded(ReferralLinked).events
    assert isinstance(linked, ReferralLinked)
    assert linked.referrer_organisation == POLICE


def test_whether_the_referrer_stays_confidential_may_be_unknown() -> None:
    """Left out it is not recorded, and no `no`; what an earlier release recorded stays (B.3)."""
    for began, ask, event in (
        ((), ReceiveReferral(adult=ADULT, received=read("2026-11-02")), ReferralReceived),
        ((a_referral(),), LinkReferral(received=read("2026-11-02")), ReferralLinked),
    ):
        (told,) = given(*began).when(ask).then_recorded(event).events
        assert getattr(told, "referrer_confidential") == "not_recorded"  # noqa: B009 — of either
    for name in ("referral-received", "referral-linked"):
        for old, now in ((True, "yes"), (False, "no")):
            was = {"referrer_confidential": old}
            assert upcast(name, 1, was)["referrer_confidential"] == now


def test_a_redirection_says_why() -> None:
    """A concern sent elsewhere without reasons is a finding (R154)."""
    code = "redirection_unexplained"
    given(a_referral()).when(REDIRECT).then_no_finding(code)
    given(a_referral()).when(replace(REDIRECT, rationale=None)).then_finding(code)


def test_where_a_concern_went_need_not_be_said_twice() -> None:
    """Without a duty, where the concern was redirected says what was done instead (R154)."""
    no_duty = DecideDuty(
        criteria=(Criterion(criterion=Code("abuse_or_neglect"), answer=Code("no")),),
        result=Code("no_enquiry"),
        decided_on=date(2026, 11, 2),
        rationale=words("Nobody came."),
    )
    code = "disposal_not_recorded"
    decided = given(a_referral()).when(no_duty, on="2026-11-03").then_finding(code)
    decided.when(REDIRECT).then_no_finding(code)


@pytest.mark.parametrize(
    ("reason", "counted_by"),
    [("abuse_occurred_there", "receiving"), ("adult_lives_there", "not_decided")],
)
def test_the_authority_where_it_occurred_counts_it(reason: str, counted_by: str) -> None:
    """Where it is alleged to have occurred decides which authority leads and counts."""
    ask = TransferCase(authority=ELSEWHERE, reason=Code(reason), accepted=Code("yes"))
    expected = recorded(CaseTransferred, ask, counted_by=Code(counted_by))
    given(a_referral()).when(ask).then(expected)

    said = replace(ask, counted_by=Code("sending"))
    given(a_referral(), jurisdiction=SCOTLAND).when(said).then(recorded(CaseTransferred, said))


def test_a_transfer_is_accepted_and_explained() -> None:
    """A transfer nobody is recorded to have accepted, or without reasons, is a finding (R42)."""
    bare = TransferCase(authority=ELSEWHERE)
    whole = TransferCase(
        authority=ELSEWHERE, reason=Code("abuse_occurred_there"), accepted=Code("yes")
    )
    sent = given(a_referral()).when(bare)
    for code in ("transfer_not_accepted", "transfer_unexplained"):
        sent.then_finding(code).when(whole).then_no_finding(code)
