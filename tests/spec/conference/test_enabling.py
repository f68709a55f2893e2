from __future__ import annotations

from dataclasses import replace

import pytest

from domain.concern import CommunicationNeedsRecorded
from domain.enabling import (
    AccessArrangementsMade,
    AdultAttendanceSafetyAssessed,
    AdultSupporterRequested,
    AssessAdultAttendanceSafety,
    MakeAccessArrangements,
    RequestAdultSupporter,
)
from domain.enquiry import PachIdentified
from domain.invitation import ParticipantInvited
from domain.involvement import (
    AdultAttendanceViewRecorded,
    AdultDeclinedAttendance,
    AdultInvited,
    AdultNotInvited,
    AdultRepresentativeNominated,
    AdultSupportArranged,
    NominationWithdrawn,
    WithdrawNomination,
)
from domain.jurisdictions import Jurisdiction
from domain.when import read
from domain.words import Code, ConferenceRef, ParticipantRef
from tests.controls import (
    CONFERENCE,
    NATIONS,
    PACH,
    PARTICIPANT,
    PRACTITIONER,
    SISTER,
    a_conference,
    a_conference_without_adult,
    a_held_conference,
    a_referral,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R2", "R24", "R27", "R28", "R47", "R50", "R51", "R52")

ACCESS = AccessArrangementsMade(
    conference=CONFERENCE,
    venue=words("The day centre, on the ground floor."),
    access_needs=(Code("step_free_access"),),
    adjustments=(Code("accessible_venue"),),
    interpreter=Code("yes"),
    language=words("Polish"),
    communication_aids=words("A picture board."),
)
NEEDS = CommunicationNeedsRecorded(needs=(Code("hearing_loop"),))
INVITED = AdultInvited(conference=CONFERENCE, method=Code("letter"), supports=())
SAFETY = AdultAttendanceSafetyAssessed(
    conference=CONFERENCE,
    part=2,
    safe_to_attend=Code("yes"),
    wishes_to_attend=Code("yes"),
    assessed_by=PRACTITIONER,
    rationale=words("The nephew is not asked to this part."),
)
NOT_INVITED = AdultNotInvited(conference=CONFERENCE, reason=Code("safety"))
SUPPORTER = AdultSupporterRequested(
    conference=CONFERENCE,
    supporter=PARTICIPANT,
    person=SISTER,
    name=words("Her sister"),
    relationship=words("Sister"),
)
NOMINEE = AdultRepresentativeNominated(
    conference=CONFERENCE,
    person=PACH,
    scope=Code("attend"),
    alleged_to_have_caused_harm=Code("yes"),
)


def called(*more: object) -> Given:
    """Begin with a conference called for 23 November, and these."""
    return given(a_referral(), a_conference(), *more)


def held(*before: object) -> Given:
    """Begin with a conference held on 23 November after these."""
    return called(*before, at("2026-11-23", a_held_conference()))


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_what_enables_the_adult_is_recorded(nation: Jurisdiction) -> None:
    """Access, safety, a supporter and a withdrawn nomination are recorded in both nations (R27)."""
    history = replace(called(), jurisdiction=nation)
    history.when(
        MakeAccessArrangements(
            conference=CONFERENCE,
            venue=ACCESS.venue,
            access_needs=ACCESS.access_needs,
            adjustments=ACCESS.adjustments,
            interpreter=ACCESS.interpreter,
            language=ACCESS.language,
            communication_aids=ACCESS.communication_aids,
        )
    ).then(ACCESS)
    history.when(
        AssessAdultAttendanceSafety(
            conference=CONFERENCE,
            part=2,
            safe_to_attend=Code("yes"),
            wishes_to_attend=Code("yes"),
            rationale=SAFETY.rationale,
        )
    ).then(SAFETY)
    history.when(
        RequestAdultSupporter(
            conference=CONFERENCE,
            supporter=PARTICIPANT,
            person=SISTER,
            name=SUPPORTER.name,
            relationship=SUPPORTER.relationship,
        )
    ).then(SUPPORTER)
    history.when(WithdrawNomination(conference=CONFERENCE, withdrawn_by=Code("adult"))).then(
        NominationWithdrawn(conference=CONFERENCE, withdrawn_by=Code("adult"))
    )


def test_a_need_that_is_known_is_arranged_for() -> None:
    """A need of access or communication with nothing arranged is a finding (R27, R28)."""
    held(NEEDS, INVITED).then_finding("access_not_arranged", severity="medium")
    bare = replace(ACCESS, venue=None, adjustments=(), interpreter=Code("no"), language=None)
    bare = replace(bare, communication_aids=None)
    held(INVITED, bare).then_finding("access_not_arranged")
    held(NEEDS, INVITED, ACCESS).then_no_finding("access_not_arranged")


def test_what_was_arranged_elsewhere_counts() -> None:
    """Support offered with the invitation answers a need of access: nobody says it twice (R28)."""
    helped = replace(INVITED, supports=(Code("communication_aid"),))
    held(NEEDS, helped).then_no_finding("access_not_arranged")
    wanted = AdultSupportArranged(
        conference=CONFERENCE, needs=(Code("accessible_venue"),), arranged=()
    )
    held(wanted).then_finding("support_not_arranged")
    held(wanted, ACCESS).then_no_finding("support_not_arranged")


def test_access_is_not_asked_where_nobody_was_to_come() -> None:
    """Without a need, an invitation, or a wish to come, no arrangement is asked for (R27)."""
    none = CommunicationNeedsRecorded(needs=(Code("none"),))
    declined = AdultDeclinedAttendance(conference=CONFERENCE, method=Code("letter"))
    held(none, INVITED).then_no_finding("access_not_arranged")
    absent = at("2026-11-23", a_conference_without_adult())
    called(NEEDS, absent).then_no_finding("access_not_arranged")
    called(NEEDS, INVITED, declined, absent).then_no_finding("access_not_arranged")
    held(NEEDS).then_finding("access_not_arranged")  # who came was to come


def test_a_venue_alone_gives_nobody_an_interpreter() -> None:
    """A venue that will do meets a need of the place, none of language (R27, R28)."""
    code = "access_not_arranged"
    venue = replace(ACCESS, adjustments=(), interpreter=Code("no"), language=None)
    venue = replace(venue, communication_aids=None, access_needs=())
    step = CommunicationNeedsRecorded(needs=(Code("step_free_access"),))
    held(step, INVITED, venue).then_no_finding(code)
    speaks = CommunicationNeedsRecorded(needs=(Code("interpreter"),))
    held(speaks, INVITED, venue).then_finding(code)
    held(speaks, INVITED, replace(venue, interpreter=Code("yes"))).then_no_finding(code)


def test_an_adult_safe_and_wishing_to_come_is_invited() -> None:
    """An adult found safe to attend, wishing to, and not invited for safety is a finding (R47)."""
    called(SAFETY, NOT_INVITED).then_finding("not_invited_though_safe", severity="medium")
    called(SAFETY, NOT_INVITED, INVITED).then_no_finding("not_invited_though_safe")
    unwell = replace(NOT_INVITED, reason=Code("unwell"), rationale=words("In bed with a fever."))
    called(SAFETY, unwell).then_no_finding("not_invited_though_safe")
    later = replace(SAFETY, safe_to_attend=Code("no"))
    called(SAFETY, later, NOT_INVITED).then_no_finding("not_invited_though_safe")


def test_an_assessment_of_safety_explains_not_inviting() -> None:
    """The reason given with an assessment of safety need not be said again (R47)."""
    unsafe = replace(SAFETY, safe_to_attend=Code("no"))
    called(NOT_INVITED).then_finding("not_invited_unexplained")
    called(unsafe, NOT_INVITED).then_no_finding("not_invited_unexplained")
    bare = replace(unsafe, rationale=None)
    called(bare, NOT_INVITED).then_finding("not_invited_unexplained")


def test_a_wish_said_with_safety_is_a_wish_recorded() -> None:
    """Whether the adult wishes to attend, said with the assessment of safety, is known (R50)."""
    held(INVITED).then_finding("wish_not_asked")
    held(INVITED, SAFETY).then_no_finding("wish_not_asked")
    unknown = replace(SAFETY, wishes_to_attend=Code("not_known"))
    held(INVITED, unknown).then_finding("wish_not_asked")


def invitation(role: str, number: int) -> ParticipantInvited:
    """Give an invitation of somebody in that role."""
    return ParticipantInvited(
        conference=CONFERENCE, participant=ParticipantRef(ref(number)), role=Code(role)
    )


def test_a_supporter_asked_for_is_invited_or_refused_with_a_reason() -> None:
    """A supporter the adult asked for, not invited and without a reason, is a finding (R51)."""
    code = "supporter_not_invited"
    asked = held(SUPPORTER).then_finding(code, severity="medium")
    since = [one.since for one in asked.findings() if one.code == code]
    assert since == [read("2026-11-23")]  # until it met, they could still be asked
    held(SUPPORTER, invitation("family", 55)).then_no_finding(code)
    held(SUPPORTER, invitation("supporter", 56)).then_no_finding(code)
    held(SUPPORTER, invitation("police", 56)).then_finding(code)
    refused = replace(SUPPORTER, reason_not_invited=words("She is a witness."))
    held(refused).then_no_finding(code)
    came = a_held_conference(CONFERENCE, attendance("supporter", None))
    called(SUPPORTER, at("2026-11-23", came)).then_no_finding(code)


def test_a_wish_to_bring_somebody_is_followed_up() -> None:
    """A wish to bring somebody, with nobody on the adult's side asked, is a finding (R51)."""
    code = "supporter_not_invited"
    wish = AdultAttendanceViewRecorded(
        conference=CONFERENCE, wishes_to_attend=Code("yes"), wishes_supporter=Code("yes")
    )
    (one,) = (it for it in held(wish).findings() if it.code == code)
    assert one.since is not None
    assert one.since.text == "2026-11-23"  # until it met, somebody could still be asked
    held(wish, invitation("advocate", 56)).then_no_finding(code)
    held(wish, replace(wish, wishes_supporter=Code("no"))).then_no_finding(code)


def test_a_nominee_known_to_be_alleged_is_seen_without_being_said() -> None:
    """A nominee the case knows as alleged to have caused harm is a finding, high (R52)."""
    named = replace(NOMINEE, alleged_to_have_caused_harm=Code("not_known"))
    known = PachIdentified(person=PACH, allegations=(), adult_at_risk=Code("no"))
    called(named).then_no_finding("nominee_alleged")
    called(known, named).then_finding("nominee_alleged", severity="high")
    called(known, replace(named, person=SISTER)).then_no_finding("nominee_alleged")
    reasoned = replace(named, override_reason=words("She insists, and a neighbour sits in."))
    called(known, reasoned).then_no_finding("nominee_alleged")


def test_a_nomination_withdrawn_is_criticised_no_more() -> None:
    """Once the nomination is withdrawn, the nominee is criticised no more (R52)."""
    gone = NominationWithdrawn(conference=CONFERENCE, withdrawn_by=Code("adult"))
    called(NOMINEE).then_finding("nominee_alleged")
    called(NOMINEE, gone).then_no_finding("nominee_alleged")


def test_nothing_is_arranged_for_a_conference_never_called() -> None:
    """What names a conference this case does not have is not found."""
    ask = MakeAccessArrangements(conference=ConferenceRef(ref(599)))
    called().when(ask).then_not_found()
