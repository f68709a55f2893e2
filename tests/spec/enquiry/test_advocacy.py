from __future__ import annotations

from dataclasses import replace

import pytest

from domain.advocacy import (
    AdvocacyAccepted,
    AdvocacyDeclined,
    AdvocacyReferralMade,
    AdvocateAppointed,
    AdvocateChallengeRecorded,
    AdvocateContributed,
    AppointAdvocate,
    AssessSubstantialDifficulty,
    RecordAdvocacyAccepted,
    RecordAdvocacyDeclined,
    RecordAdvocateChallenge,
    RecordAdvocateContribution,
    ReferForAdvocacy,
    SubstantialDifficultyAssessed,
)
from domain.assessment import AdvocacyConsidered
from domain.hearing import AdultViewsPresented
from domain.involvement import AdultDeclinedAttendance
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.outcome import AdultOutcomeRecorded
from domain.stage import recorded
from domain.words import Code, ConferenceRef, PersonRef, Slug
from tests.controls import (
    CONFERENCE,
    NATIONS,
    SISTER,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    an_enquiry,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = (
    "R2", "R24", "R54", "R70", "R112", "R186", "R187", "R188", "R191", "R192", "R193", "R208",
)  # fmt: skip

SERVICE = Slug("voices")
DIFFICULTY = AssessSubstantialDifficulty(
    result=Code("yes"),
    areas=(Code("retaining"), Code("communicating")),
    appropriate_person=Code("no"),
    evidence=words("Cannot hold on to what was said."),
)
DIFFICULT = recorded(SubstantialDifficultyAssessed, DIFFICULTY)
APPOINT = AppointAdvocate(basis=Code("general"), organisation=SERVICE, advocate=PersonRef(ref(13)))
APPOINTED = recorded(AdvocateAppointed, APPOINT)
REFER = ReferForAdvocacy(organisation=SERVICE, note=words("By telephone."))
ACCEPT = RecordAdvocacyAccepted(organisation=SERVICE, note=words("Gladly."))
DECLINE = RecordAdvocacyDeclined(reason=words("My sister speaks for me."))
SPOKE = RecordAdvocateContribution(
    conference=CONFERENCE,
    organisation=SERVICE,
    views=words("She wants to go home."),
    own_words=True,
    response=words("The plan now begins there."),
)
CHALLENGE = RecordAdvocateChallenge(
    conference=CONFERENCE,
    organisation=SERVICE,
    challenge=words("Nobody asked her."),
    response=words("She will be asked on Monday."),
)
CONSIDERED = AdvocacyConsidered(
    decision=Code("not_needed"), substantial_difficulty=Code("not_considered")
)


def called(*more: object, nation: Jurisdiction = ENGLAND) -> Given:
    """Begin with a conference called for 23 November, and these."""
    return given(a_referral(), a_conference(), *more, jurisdiction=nation)


def held(*before: object, nation: Jurisdiction = ENGLAND) -> Given:
    """Begin with that conference held after these."""
    return called(*before, at("2026-11-23", a_held_conference()), nation=nation)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
@pytest.mark.parametrize(
    ("command", "event"),
    [
        (APPOINT, AdvocateAppointed),
        (REFER, AdvocacyReferralMade),
        (ACCEPT, AdvocacyAccepted),
        (DECLINE, AdvocacyDeclined),
        (SPOKE, AdvocateContributed),
        (CHALLENGE, AdvocateChallengeRecorded),
    ],
)
def test_every_step_of_advocacy_is_recorded(
    nation: Jurisdiction, command: object, event: type
) -> None:
    """What an advocate is asked, says and objects to is recorded whole (R188, R191, R193)."""
    called(nation=nation).when(command).then(recorded(event, command))


def test_substantial_difficulty_is_a_test_of_one_nation() -> None:
    """Substantial difficulty, and in what, is assessed in England; Scotland has no such test."""
    called().when(DIFFICULTY).then(DIFFICULT)
    called(nation=SCOTLAND).when(DIFFICULTY).then_refused("I11")


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_an_advocate_is_appointed_under_the_nations_law(nation: Jurisdiction) -> None:
    """The basis of an appointment is one of the nation's own laws (B.3)."""
    bases = {"england": ("care_act", "asp"), "scotland": ("asp", "care_act")}
    own, foreign = bases[nation.code]
    history = called(nation=nation)
    history.when(AppointAdvocate(basis=Code(own))).then_recorded(AdvocateAppointed)
    history.when(AppointAdvocate(basis=Code(foreign))).then_refused("I11")


def test_an_adult_in_difficulty_is_not_left_alone() -> None:
    """Substantial difficulty with neither advocate nor other support is flagged high (R2, R24)."""
    code = "advocate_not_appointed"
    called(DIFFICULT).then_no_finding(code)
    held(DIFFICULT).then_finding(code, severity="high")
    for answer in (APPOINTED, AdvocacyDeclined()):
        held(DIFFICULT, answer).then_no_finding(code)
    supported = replace(DIFFICULT, appropriate_person=Code("yes"), person=SISTER)
    held(supported).then_no_finding(code)
    held(replace(DIFFICULT, result=Code("no"))).then_no_finding(code)
    concluded = given(a_referral(), an_enquiry(), DIFFICULT, a_conclusion())
    concluded.then_finding(code)


def test_what_was_said_when_advocacy_was_considered_counts() -> None:
    """Difficulty, or support, told with the consideration need not be told again (R24, R186)."""
    code = "advocate_not_appointed"
    said = replace(CONSIDERED, substantial_difficulty=Code("yes"))
    held(said).then_finding(code)
    held(DIFFICULT, replace(said, decision=Code("appropriate_person"))).then_no_finding(code)
    held(said, nation=SCOTLAND).then_no_finding(code)


@pytest.mark.parametrize("answer", [APPOINTED, AdvocacyAccepted(), AdvocacyDeclined()])
def test_appointing_shows_that_advocacy_was_considered(answer: object) -> None:
    """Advocacy accepted, declined or provided was considered, before the conference (R186)."""
    code = "advocacy_not_considered"
    held(nation=SCOTLAND).then_finding(code)
    held(answer, nation=SCOTLAND).then_no_finding(code)
    late = held(nation=SCOTLAND).also(at("2026-12-01", answer))
    late.then_finding(code)


def test_who_answers_an_offer_was_told_of_it() -> None:
    """An adult who accepted or declined an advocate was told of advocacy (R187)."""
    code = "advocacy_not_explained"
    held(APPOINTED, nation=SCOTLAND).then_finding(code)
    held(AdvocacyAccepted(), nation=SCOTLAND).then_no_finding(code)
    held(AdvocacyDeclined(), nation=SCOTLAND).then_no_finding(code)


def test_an_advocates_words_are_the_adults_voice() -> None:
    """What an advocate said at a conference counts as the adult's views put there (R54, R191)."""
    spoke = recorded(AdvocateContributed, SPOKE)
    declined = AdultDeclinedAttendance(conference=CONFERENCE, method=Code("telephone"))
    held(declined).then_finding("views_not_presented")
    after = held(declined).also(spoke)
    after.then_no_finding("views_not_presented")
    after.then_no_finding("views_by_another")
    assert spoke.speaks_for == "adult"
    elsewhere = held(declined).also(replace(spoke, conference=None))
    elsewhere.then_finding("views_not_presented")


def test_an_advocate_is_answered() -> None:
    """An advocate's view without a recorded response is a finding until there is one (R192)."""
    code = "advocate_unanswered"
    bare = held().when(replace(SPOKE, response=None))
    bare.then_finding(code)
    bare.when(SPOKE).then_no_finding(code)
    held().when(SPOKE).then_no_finding(code)
    elsewhere = replace(SPOKE, conference=None)
    held().when(replace(elsewhere, response=None)).then_finding(code)
    held().when(elsewhere).then_no_finding(code)


def test_an_advocate_is_answered_wherever_it_is_recorded() -> None:
    """Views an advocate put to the meeting, and the answer there, count alike (R192)."""
    code = "advocate_unanswered"
    put = AdultViewsPresented(
        conference=CONFERENCE, presenter_role=Code("advocate"), own_words=True
    )
    answered = replace(put, response=words("Agreed."))
    held().also(put).then_finding(code)
    held().also(answered).then_no_finding(code)
    held().also(put, recorded(AdvocateContributed, SPOKE)).then_no_finding(code)
    bare = recorded(AdvocateContributed, replace(SPOKE, response=None))
    held().also(bare, answered).then_no_finding(code)
    held().also(replace(put, presenter_role=Code("key_worker"))).then_no_finding(code)


def test_a_referral_for_advocacy_is_made() -> None:
    """Referral for advocacy as an outcome, without the referral itself, is a finding (R112)."""
    code = "advocacy_referral_missing"
    outcome = AdultOutcomeRecorded(outcomes=(Code("advocacy_imca_referral"),))
    called(outcome).then_finding(code)
    called(outcome, recorded(AdvocacyReferralMade, REFER)).then_no_finding(code)
    called(outcome, APPOINTED).then_no_finding(code)
    called(outcome, replace(CONSIDERED, decision=Code("referred"))).then_no_finding(code)
    called(AdultOutcomeRecorded(outcomes=(Code("civil_action"),))).then_no_finding(code)


def test_an_advocate_speaks_only_where_there_is_a_conference() -> None:
    """What an advocate said at a conference the case does not have is not found."""
    stranger = ConferenceRef(ref(599))
    called().when(replace(SPOKE, conference=stranger)).then_not_found()
    called().when(replace(CHALLENGE, conference=stranger)).then_not_found()
