from __future__ import annotations

from dataclasses import replace

import pytest

from domain.contact import RiskExplainedToAdult
from domain.enabling import AccessArrangementsMade
from domain.grid import Part
from domain.hearing import (
    AdultViewsPresented,
    AgencyAgreementRecorded,
    AgencyPositionRecorded,
    ConsiderReport,
    DecideFurtherConference,
    FurtherConferenceDecided,
    PresentAdultViews,
    RecordAgencyPosition,
    ReportConsidered,
)
from domain.invitation import ParticipantInvited, WrittenContributionReceived
from domain.involvement import (
    AdultDeclinedAttendance,
    AdultSupportArranged,
    AdultViewsObtained,
)
from domain.jurisdictions import Jurisdiction
from domain.refusal import NotFound
from domain.sitting import RecordAttendance
from domain.stored import upcast
from domain.words import Code, ConferenceRef
from tests.controls import (
    CONFERENCE,
    COUNCIL,
    HEALTH,
    NATIONS,
    PARTICIPANT,
    POLICE,
    REVIEW,
    a_capacity,
    a_conference,
    a_conference_without_adult,
    a_held_conference,
    a_referral,
    a_report,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R21", "R49", "R54", "R64", "R65", "R70", "R85", "R195", "R196", "R208")

DECLINED = AdultDeclinedAttendance(conference=CONFERENCE, method=Code("letter"))


def presented(role: str) -> AdultViewsPresented:
    """Give the adult's views as put by somebody of that role."""
    return AdultViewsPresented(
        conference=CONFERENCE, presenter_role=Code(role), views=words("Stay home."), own_words=True
    )


def held(*before: object) -> Given:
    """Begin with a conference held after these."""
    meeting = at("2026-11-23", a_held_conference())
    return given(a_referral(), a_report(), a_conference(), *before, meeting)


def test_the_adults_views_are_put_to_the_meeting() -> None:
    """A meeting at which the adult's views were not put is a finding (R70, R208)."""
    held().then_finding("views_not_presented")
    held(presented("adult")).then_no_finding("views_not_presented")


@pytest.mark.parametrize("role", ["representative", "advocate", "key_worker"])
def test_an_absent_adults_views_come_through_somebody_of_theirs(role: str) -> None:
    """For an adult who declined, a representative, advocate or key worker speaks (R54)."""
    before = (a_referral(), a_report(), a_conference(), DECLINED)
    absent = at("2026-11-23", a_conference_without_adult())
    given(*before, presented(role), absent).then_no_finding("views_by_another")
    given(*before, presented("social_worker"), absent).then_finding("views_by_another")
    given(*before, absent).then_finding("views_not_presented")


def test_an_adult_who_came_may_be_spoken_for_by_anybody() -> None:
    """Of an adult who did not decline, who put their views is not criticised (R54)."""
    held(presented("social_worker")).then_no_finding("views_by_another")
    held(DECLINED, presented("social_worker")).then_no_finding("views_by_another")


def test_the_report_is_considered() -> None:
    """A report submitted and not considered by the meeting is a finding (R21, R64)."""
    considered = ReportConsidered(
        conference=CONFERENCE,
        kind=Code("investigation"),
        stated_wishes=Code("yes"),
        proposed_outcomes=Code("yes"),
    )
    held().then_finding("report_not_considered")
    held(considered).then_no_finding("report_not_considered")
    held(considered).then_no_finding("report_incomplete")


def test_the_report_holds_wishes_and_proposed_outcomes() -> None:
    """A report without the adult's stated wishes or proposed outcomes is a finding (R64)."""
    ask = ConsiderReport(
        conference=CONFERENCE, kind=Code("investigation"), proposed_outcomes=Code("no")
    )
    held().when(ask).then_finding("report_incomplete")
    agency = replace(ask, kind=Code("agency"), organisation=POLICE)
    held().when(agency).then_no_finding("report_incomplete")
    whole = replace(ask, proposed_outcomes=Code("yes"))
    held().when(ask).when(whole).then_no_finding("report_incomplete")
    held().when(whole).when(ask).then_finding("report_incomplete")


@pytest.mark.parametrize(
    ("submitted", "considered", "lacks"),
    [
        ("yes", "not_recorded", ""),  # considering it without an answer takes nothing back
        ("no", "not_recorded", "lacks"),
        ("not_recorded", "not_recorded", "is not recorded"),
        ("not_recorded", "yes", ""),
        ("yes", "no", "lacks"),
        ("", "not_recorded", "is not recorded"),  # none was submitted
    ],
)
def test_what_is_not_said_of_a_report_is_not_no(
    submitted: str, considered: str, lacks: str
) -> None:
    """A question left open is what the report as submitted says of it, or not recorded (R64)."""
    report = replace(a_report(), proposes_outcomes=Code(submitted or "no"))
    said = ReportConsidered(
        conference=CONFERENCE,
        kind=Code("investigation"),
        stated_wishes=Code("yes"),
        proposed_outcomes=Code(considered),
    )
    before = (a_referral(), *((report,) if submitted else ()), a_conference())
    case = given(*before, at("2026-11-23", a_held_conference()), said)
    found = [one.words for one in case.findings() if one.code == "report_incomplete"]
    assert [lacks in one for one in found] == ([True] if lacks else [])


@pytest.mark.parametrize("was", [True, False])
def test_an_answer_of_an_earlier_release_stays(was: bool) -> None:  # noqa: FBT001 — as it was stored
    """What was recorded as no is read as no, whoever left it so; as yes, as yes."""
    for name, fields in (
        ("report-considered", ("stated_wishes", "proposed_outcomes")),
        ("chronology-tabled", ("multi_agency",)),
        ("advocacy-information-given", ("access_explained",)),
    ):
        now = "yes" if was else "no"
        assert upcast(name, 1, dict.fromkeys(fields, was)) == dict.fromkeys(fields, now)


def test_every_agency_says_where_it_stands() -> None:
    """An agency that attended and whose agreement is not recorded is a finding (R196)."""
    agrees = AgencyPositionRecorded(
        conference=CONFERENCE, organisation=COUNCIL, position=Code("agrees")
    )
    police = replace(agrees, organisation=POLICE)
    silent = replace(police, position=Code("not_stated"))
    code = "position_not_recorded"

    held(agrees).then_finding(code)
    held(agrees, silent).then_finding(code)
    held(agrees, police).then_no_finding(code)


AGREES = AgencyPositionRecorded(conference=CONFERENCE, organisation=HEALTH, position=Code("agrees"))
ON_RISK = AgencyAgreementRecorded(
    conference=CONFERENCE, organisation=HEALTH, matters=(Code("risk"),), agrees=Code("yes")
)
EXPLAINED = replace(AGREES, reasons=words("By telephone, after the plan was read to them."))
WROTE = WrittenContributionReceived(conference=CONFERENCE, organisation=HEALTH)


def test_of_an_absent_agency_that_agreed_it_is_said_how() -> None:
    """An agency put down as agreeing, neither there nor writing, with no word how (R196)."""
    code = "absent_agreement_unexplained"
    for bare in (AGREES, ON_RISK):
        history = held(bare).then_finding(code)
        for answer in (EXPLAINED, WROTE, replace(AGREES, position=Code("disagrees"))):
            history.also(answer).then_no_finding(code)
        came = RecordAttendance(
            conference=CONFERENCE, part=1, line=attendance("other_health", HEALTH)
        )
        history.when(came).then_no_finding(code)
    for not_asked in (
        replace(AGREES, position=Code("disagrees")),
        replace(AGREES, organisation=POLICE),
    ):
        held(not_asked).then_no_finding(code)
    held(EXPLAINED, ON_RISK).then_no_finding(code)
    held(EXPLAINED, replace(AGREES, position=Code("disagrees")), AGREES).then_finding(code)
    unplaced = at("2026-11-23", a_held_conference(CONFERENCE, attendance("other_health", None)))
    given(a_referral(), a_conference(), unplaced, AGREES).then_no_finding(code)


def test_whether_to_meet_again_is_decided() -> None:
    """A meeting that did not decide on a further conference is a finding (R85)."""
    ask = DecideFurtherConference(conference=CONFERENCE, decision=Code("not_needed"))
    held().then_finding("further_not_decided")
    held().when(ask).then_no_finding("further_not_decided")
    open_ = replace(ask, decision=Code("not_decided"))
    held().when(open_).then_finding("further_not_decided")


def test_what_is_heard_is_recorded_as_given() -> None:
    """Each command about what the meeting heard records its own event."""
    steps = (
        (
            PresentAdultViews(conference=CONFERENCE, presenter_role=Code("advocate")),
            AdultViewsPresented,
        ),
        (ConsiderReport(conference=CONFERENCE, kind=Code("agency")), ReportConsidered),
        (
            RecordAgencyPosition(
                conference=CONFERENCE, organisation=POLICE, position=Code("disagrees")
            ),
            AgencyPositionRecorded,
        ),
        (
            DecideFurtherConference(conference=CONFERENCE, decision=Code("needed")),
            FurtherConferenceDecided,
        ),
    )
    for command, event in steps:
        held().when(command).then_recorded(event)


def test_a_core_group_is_not_asked_what_a_conference_is() -> None:
    """A core group monitors a plan: it need not hear the enquiry's report again (R177)."""
    group = a_conference(kind="core_group")
    meeting = at("2026-11-23", a_held_conference())
    history = given(a_referral(), a_report(), group, meeting)
    for code in ("views_not_presented", "report_not_considered", "further_not_decided"):
        history.then_no_finding(code)


def test_nothing_is_heard_at_a_conference_never_called() -> None:
    """What names a conference this case does not have is not found."""
    ask = ConsiderReport(conference=ConferenceRef(ref(599)), kind=Code("agency"))
    held().when(ask).then_not_found()


def came(*before: object) -> Given:
    """Begin with a conference that the adult attended, after a word put for them by another."""
    put = replace(presented("social_worker"), own_words=False)
    return held(put, *before)


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(
            AdultSupportArranged(
                conference=CONFERENCE, needs=(), arranged=(Code("trauma_informed"),)
            ),
            id="R209-trauma-informed",
        ),
        pytest.param(presented("adult"), id="R210-listening"),
        pytest.param(
            replace(presented("adult"), own_words=False, chose_not_to_share=Code("yes")),
            id="R211-share-what-they-choose",
        ),
        pytest.param(
            RiskExplainedToAdult(
                conference=CONFERENCE, method=Code("in_person"), sensitive=Code("yes")
            ),
            id="R212-honest-explanation",
        ),
        pytest.param(
            AdultSupportArranged(conference=CONFERENCE, needs=(), arranged=(Code("easy_read"),)),
            id="R213-inclusive-language",
        ),
    ],
)
def test_an_adult_who_came_was_enabled_to_speak(shown: object) -> None:
    """An adult who came, and nothing that shows how they could speak (each of R209 to R213).

    It is a finding; any one of the five answers it.
    """
    came().then_finding("voice_not_enabled", severity="low")
    came(shown).then_no_finding("voice_not_enabled")


def test_what_does_not_enable_is_no_evidence() -> None:
    """Transport, a choice not recorded, or support at another conference shows no voice (R209)."""
    code = "voice_not_enabled"
    ride = AdultSupportArranged(conference=CONFERENCE, needs=(), arranged=(Code("transport"),))
    came(ride).then_finding(code)
    elsewhere = replace(ride, conference=REVIEW, arranged=(Code("easy_read"),))
    came(elsewhere).then_finding(code)
    unsaid = replace(presented("adult"), own_words=False)
    came(unsaid).then_finding(code)


def test_arrangements_of_access_are_evidence_too() -> None:
    """Inclusive language arranged with the venue counts as if arranged with the support (R213)."""
    made = AccessArrangementsMade(
        conference=CONFERENCE,
        access_needs=(),
        adjustments=(Code("sign_language"),),
        interpreter=Code("yes"),
    )
    came(made).then_no_finding("voice_not_enabled")


def test_an_adult_who_was_absent_is_not_asked_about() -> None:
    """Where the adult did not come, how they could speak there is not asked (R209)."""
    lines = a_held_conference().parts[0].attendances[1:]
    part = replace(a_held_conference().parts[0], attendances=lines)
    meeting = replace(a_held_conference(), parts=(part,))
    put = replace(presented("advocate"), own_words=False)
    history = given(a_referral(), a_conference(), put, at("2026-11-23", meeting))
    history.then_no_finding("voice_not_enabled")
    history.on("2026-11-24").then_no_finding("risk_not_explained")


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_what_the_adult_keeps_to_themself_is_recorded(nation: Jurisdiction) -> None:
    """That the adult chose not to share something is recorded; not recorded is no answer (R211)."""
    ask = PresentAdultViews(
        conference=CONFERENCE, presenter_role=Code("adult"), chose_not_to_share=Code("yes")
    )
    history = given(a_referral(), a_conference(), jurisdiction=nation)
    event = history.when(ask).events[0]
    assert isinstance(event, AdultViewsPresented)
    assert event.chose_not_to_share == "yes"
    plain = history.when(
        PresentAdultViews(conference=CONFERENCE, presenter_role=Code("adult"))
    ).events[0]
    assert isinstance(plain, AdultViewsPresented)
    assert plain.chose_not_to_share == "not_recorded"


def test_who_speaks_for_the_adult_was_asked_to_come() -> None:
    """Whoever put the adult's views is named by an invitation of the case, or not found (R54)."""
    asked = ParticipantInvited(
        conference=CONFERENCE, participant=PARTICIPANT, role=Code("advocate"), name=words("Isla")
    )
    ask = PresentAdultViews(
        conference=CONFERENCE, presenter_role=Code("advocate"), presenter=PARTICIPANT
    )
    given(a_referral(), a_conference(), asked).when(ask).then(
        AdultViewsPresented(
            conference=CONFERENCE,
            presenter_role=Code("advocate"),
            presenter=PARTICIPANT,
            own_words=False,
        )
    )
    assert isinstance(given(a_referral(), a_conference()).when(ask).error, NotFound)


def test_views_rest_on_capacity_for_what_they_are_about() -> None:
    """Views heard, and no capacity to decide on their safety recorded, are a finding (R49)."""
    code = "views_without_capacity"
    sought = AdultViewsObtained(conference=CONFERENCE, method=Code("in_person"), own_words=True)
    held().then_no_finding(code)
    for views in (sought, presented("adult")):
        held(views).then_finding(code, severity="low")
        held(a_capacity(), views).then_no_finding(code)
        held(views, a_capacity("presumed")).then_no_finding(code)  # presumed is recorded too
        of_money = replace(a_capacity(), decision=Code("finances"))
        held(of_money, views).then_finding(code)
    late = given(a_referral(), a_conference(), sought, at("2026-11-23", a_held_conference()))
    late.then_finding(code)
    late.also(at("2026-12-14", a_capacity())).then_finding(code)


def test_how_everybody_took_part_is_recorded() -> None:
    """A meeting of which it is not said how somebody who came took part is a finding (R195)."""
    code = "participation_not_recorded"
    silent = replace(attendance("gp"), participation=None)
    held().then_no_finding(code)
    before = (a_referral(), a_conference())
    meeting = a_held_conference(CONFERENCE, silent)
    given(*before, at("2026-11-23", meeting)).then_finding(code, severity="low")
    for line in (
        replace(silent, attendance=Code("apology")),
        replace(silent, role=Code("minute_taker")),
    ):
        there = a_held_conference(CONFERENCE, line)
        given(*before, at("2026-11-23", there)).then_no_finding(code)
    told = replace(silent, participation=words("Spoke of the falls."))
    two = a_held_conference(CONFERENCE, silent, told)  # of one role, and neither named
    given(*before, at("2026-11-23", two)).then_finding(code)
    adult = replace(attendance("adult", None), participation=None)
    closing = Part(number=2, reason=Code("whole"), attendances=(adult,))
    both = replace(a_held_conference(), parts=(*a_held_conference().parts, closing))
    given(*before, at("2026-11-23", both)).then_no_finding(code)  # of the adult, said of another
    named = replace(silent, participant=PARTICIPANT)
    part = Part(number=2, reason=Code("third_party_information"), attendances=(named,))
    spoke = replace(named, participation=words("Spoke of the medicines."))
    whole = a_held_conference(CONFERENCE, spoke)
    twice = replace(whole, parts=(*whole.parts, part))
    given(*before, at("2026-11-23", twice)).then_no_finding(code)  # said of another part
