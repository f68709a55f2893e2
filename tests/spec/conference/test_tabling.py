from __future__ import annotations

from dataclasses import replace

import pytest

from domain.answering import CarerDisclosureDecided
from domain.dividing import ParticipantUninvited
from domain.hearing import ReportConsidered
from domain.invitation import ChairAppointed, ParticipantInvited
from domain.involvement import AdultInvited
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.plan_copies import ReleasePermitted
from domain.tabling import (
    ChronologyTabled,
    PermitReportShare,
    ReportConfidentialitySet,
    ReportRecipient,
    ReportShared,
    ReportSharePermitted,
    ReportTabled,
    SetReportConfidentiality,
    ShareReport,
    TableChronology,
    TableReport,
)
from domain.when import read
from domain.words import Code, ConferenceRef, Digest, ReportRef
from tests.controls import (
    CHAIR,
    CONFERENCE,
    COUNCIL,
    HEALTH,
    NATIONS,
    PARTICIPANT,
    POLICE,
    PRACTITIONER,
    REPORT,
    SISTER,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R21", "R22", "R23", "R178")

TABLED = ReportTabled(
    conference=CONFERENCE,
    report=REPORT,
    kind=Code("investigation"),
    organisation=COUNCIL,
    tabled_version=1,
    content=Digest("a" * 64),
)
KEPT = ReportConfidentialitySet(
    conference=CONFERENCE,
    arrangement=Code("read_at_meeting"),
    return_or_destroy=Code("return"),
    set_by=CHAIR,
)
GUEST = ParticipantInvited(
    conference=CONFERENCE, participant=PARTICIPANT, role=Code("police"), organisation=POLICE
)
TO_GUEST = ReportRecipient(participant=PARTICIPANT, role=Code("police"), organisation=POLICE)
TO_GP = ReportRecipient(role=Code("gp"), name=words("The family's doctor"))
SHARED = ReportShared(conference=CONFERENCE, report=REPORT, recipient=TO_GP, outside=False)
PERMITTED = ReportSharePermitted(
    conference=CONFERENCE, report=REPORT, recipient=TO_GP, permitted_by=CHAIR
)
RELEASED = ReleasePermitted(what=Code("report"), role=Code("gp"), basis=Code("chairs_permission"))
CARER_DECIDED = CarerDisclosureDecided(
    conference=CONFERENCE,
    decided_role=Code("managing_officer"),
    pach_information=Code("full"),
    basis=Code("adults_permission"),
)
CHAIRED = ChairAppointed(
    conference=CONFERENCE,
    chair=CHAIR,
    role=Code("team_manager"),
    organisation=COUNCIL,
    basis=Code("usual"),
)
ADULT_ASKED = AdultInvited(conference=CONFERENCE, method=Code("letter"), supports=())
CONSIDERED = ReportConsidered(
    conference=CONFERENCE,
    kind=Code("investigation"),
    stated_wishes=Code("yes"),
    proposed_outcomes=Code("yes"),
)
HELD = at("2026-11-23", a_held_conference())
ATTENDED = at(
    "2026-11-23",
    a_held_conference(CONFERENCE, replace(attendance("police"), participant=PARTICIPANT)),
)


def called(*more: object, nation: Jurisdiction = ENGLAND) -> Given:
    """Begin with a report and a conference called for 23 November, and these."""
    return given(a_referral(), a_report(), a_conference(), *more, jurisdiction=nation)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_what_lies_before_a_meeting_is_recorded(nation: Jurisdiction) -> None:
    """Reports tabled, kept, permitted and shared are recorded in both nations (R21 to R23)."""
    history = called(nation=nation)
    table = TableReport(
        conference=CONFERENCE, report=REPORT, organisation=COUNCIL, content=Digest("a" * 64)
    )
    history.when(table).then(TABLED)
    since, until = read("2024"), read("2026-11")
    chronology = ChronologyTabled(
        conference=CONFERENCE, multi_agency=Code("yes"), covers_from=since, covers_to=until
    )
    ask = TableChronology(
        conference=CONFERENCE, multi_agency=Code("yes"), covers_from=since, covers_to=until
    )
    history.when(ask).then(chronology)
    history.when(
        SetReportConfidentiality(
            conference=CONFERENCE,
            arrangement=Code("read_at_meeting"),
            return_or_destroy=Code("return"),
            set_by=CHAIR,
        )
    ).then(KEPT)
    permit = PermitReportShare(conference=CONFERENCE, report=REPORT, recipient=TO_GP)
    permitted = history.when(permit)
    permitted.then(replace(PERMITTED, permitted_by=PRACTITIONER))
    share = ShareReport(conference=CONFERENCE, report=REPORT, recipient=TO_GP, permission=4)
    permitted.when(share).then(replace(SHARED, permission=4))


def since(history: Given, code: str) -> str | None:
    """From when the one finding of a code has stood, as it was stated."""
    (one,) = [it for it in history.findings() if it.code == code]
    return None if one.since is None else one.since.text


def test_a_report_is_missed_from_the_meeting_on() -> None:
    """Until a meeting is held a report can still be laid before it, so from then it is missed."""
    code = "report_not_tabled"
    agency = replace(a_report(), report=ReportRef(ref(71)), kind=Code("agency"))
    before = called(at("2026-11-12", agency), CONSIDERED)
    before.then_no_finding(code)
    assert since(before.also(HELD), code) == "2026-11-23"


def test_confidence_is_missed_from_the_meeting_or_the_report_on() -> None:
    """Confidence can be set until the meeting; of a report that came later, from its coming."""
    code = "confidentiality_not_set"
    before = called(at("2026-11-12", TABLED))
    before.then_no_finding(code)
    assert since(before.also(HELD), code) == "2026-11-23"
    assert since(called(HELD, at("2026-11-23", TABLED)), code) == "2026-11-23"
    assert since(called(HELD, at("2026-11-25", TABLED)), code) == "2026-11-25"
    before.also(HELD, KEPT).then_no_finding(code)


def test_a_report_submitted_lies_before_the_meeting() -> None:
    """A report submitted, neither tabled nor considered, is a finding, said once (R21)."""
    agency = replace(a_report(), report=ReportRef(ref(71)), kind=Code("agency"))
    code = "report_not_tabled"
    called(HELD).then_finding("report_not_considered").then_no_finding(code)
    called(agency, CONSIDERED, HELD).then_finding(code, severity="low")
    called(agency, HELD).then_finding(code)  # also where no report at all was considered
    tabled = replace(TABLED, report=agency.report, kind=Code("agency"))
    called(agency, CONSIDERED, tabled, HELD).then_no_finding(code)
    heard = replace(CONSIDERED, kind=Code("agency"))
    called(agency, CONSIDERED, heard, HELD).then_no_finding(code)
    called(CONSIDERED, HELD, at("2026-11-25", agency)).then_no_finding(code)


def test_a_version_tabled_stays_as_it_was() -> None:
    """One version of a report tabled with two contents is a finding; a new version is not (R21)."""
    other = replace(TABLED, content=Digest("b" * 64))
    called(TABLED, TABLED).then_no_finding("tabled_version_changed")
    called(TABLED, other).then_finding("tabled_version_changed", severity="medium")
    called(TABLED, replace(other, tabled_version=2)).then_no_finding("tabled_version_changed")


def test_a_chronology_lies_before_an_initial_conference_where_expected() -> None:
    """Where the nation expects a chronology, an initial conference without is a finding (R178)."""
    chronology = ChronologyTabled(conference=CONFERENCE, multi_agency=Code("yes"))
    called(HELD, nation=SCOTLAND).then_finding("no_chronology", severity="low")
    called(chronology, HELD, nation=SCOTLAND).then_no_finding("no_chronology")
    called(HELD).then_no_finding("no_chronology")


def test_the_chair_defines_how_reports_are_kept() -> None:
    """A report tabled without an arrangement of confidence by the chair is a finding (R22)."""
    code = "confidentiality_not_set"
    called(TABLED).then_no_finding(code)
    called(TABLED, HELD).then_finding(code, severity="medium")
    called(TABLED, KEPT, HELD).then_no_finding(code)
    called(TABLED, replace(KEPT, report=REPORT), HELD).then_no_finding(code)
    called(TABLED, replace(KEPT, report=ReportRef(ref(71))), HELD).then_finding(code)
    called(CHAIRED, KEPT).then_no_finding("confidentiality_not_by_chair")
    by_another = replace(KEPT, set_by=PRACTITIONER)
    called(CHAIRED, by_another).then_finding("confidentiality_not_by_chair", severity="low")


def test_a_report_goes_no_further_without_permission() -> None:
    """The system gives no report to somebody who did not attend without permission (R23, I8)."""
    ask = ShareReport(conference=CONFERENCE, report=REPORT, recipient=TO_GP)
    called(HELD).when(ask).then_refused("I8", code="no_authority")
    called(HELD).when(replace(ask, permission=99)).then_refused("I8")
    called(HELD).when(replace(ask, permission=2)).then_refused("I8")
    called(PERMITTED, HELD).when(replace(ask, permission=4)).then_recorded(ReportShared)
    other = replace(PERMITTED, report=ReportRef(ref(71)))
    called(other, HELD).when(replace(ask, permission=4)).then_refused("I8")
    every = replace(PERMITTED, report=None)
    called(every, HELD).when(replace(ask, permission=4)).then_recorded(ReportShared)
    called(RELEASED, HELD).when(replace(ask, permission=4)).then_recorded(ReportShared)


@pytest.mark.parametrize(
    "permission",
    [
        replace(PERMITTED, recipient=ReportRecipient(role=Code("family"), person=SISTER)),
        replace(PERMITTED, recipient=ReportRecipient(role=Code("gp"), organisation=HEALTH)),
        replace(PERMITTED, recipient=ReportRecipient(participant=PARTICIPANT, role=Code("gp"))),
        replace(RELEASED, what=Code("minutes")),
        replace(RELEASED, role=Code("family")),
        replace(RELEASED, person=SISTER),
        CARER_DECIDED,
    ],
)
def test_a_permission_is_for_whom_it_names(permission: object) -> None:
    """A permission for somebody else, or for another document, lets nobody have a report (R23)."""
    ask = ShareReport(conference=CONFERENCE, report=REPORT, recipient=TO_GP, permission=4)
    history = called(permission, HELD)
    history.when(ask).then_refused("I8", code="no_authority")
    outside = history.when(replace(ask, outside=True))
    outside.then_finding("report_shared_without_permission", severity="high")


def test_a_permission_names_one_person() -> None:
    """Where a permission names a person, they have the report in whatever role (R23)."""
    hers = replace(PERMITTED, recipient=ReportRecipient(role=Code("family"), person=SISTER))
    ask = ShareReport(
        conference=CONFERENCE,
        report=REPORT,
        recipient=ReportRecipient(role=Code("carer"), person=SISTER),
        permission=4,
        outside=True,
    )
    code = "report_shared_without_permission"
    called(hers, HELD).when(ask).then_no_finding(code)
    called(replace(RELEASED, person=SISTER), HELD).when(ask).then_no_finding(code)
    unnamed = replace(ask, recipient=ReportRecipient(role=Code("family")))
    called(hers, HELD).when(unnamed).then_finding(code)


def test_whoever_attends_may_have_the_reports() -> None:
    """Whoever attended, or is still to come, has reports without further permission (R23)."""
    ask = ShareReport(conference=CONFERENCE, report=REPORT, recipient=TO_GUEST)
    gone = ParticipantUninvited(
        conference=CONFERENCE, participant=PARTICIPANT, reason=Code("replaced")
    )
    called().when(ask).then_refused("I8")
    called(GUEST).when(ask).then_recorded(ReportShared)
    called(GUEST, gone).when(ask).then_refused("I8")
    called(GUEST, HELD).when(ask).then_refused("I8")
    called(GUEST, ATTENDED).when(ask).then_recorded(ReportShared)
    code = "report_shared_without_permission"
    called(GUEST).when(ask).then_no_finding(code)
    called(GUEST, ATTENDED).when(ask).then_no_finding(code)
    afterwards = replace(ask, outside=True)
    called(GUEST, ATTENDED).when(afterwards, on="2026-12-14").then_no_finding(code)
    called(GUEST, HELD).when(afterwards, on="2026-12-14").then_finding(code)


@pytest.mark.parametrize(
    ("to", "there"),
    [
        (ReportRecipient(role=Code("police"), organisation=POLICE), True),
        (ReportRecipient(role=Code("adult")), True),
        (ReportRecipient(role=Code("chair"), organisation=COUNCIL), True),
        (ReportRecipient(role=Code("police"), organisation=HEALTH), False),
        (ReportRecipient(role=Code("housing"), organisation=POLICE), False),
        (ReportRecipient(role=Code("police")), False),  # of which police is not said
        (ReportRecipient(role=Code("family")), False),
        (ReportRecipient(role=Code("representative")), True),  # who came for no agency either
    ],
)
def test_whoever_is_told_by_role_and_agency_attended_as_such(
    to: ReportRecipient, *, there: bool
) -> None:
    """Who came in that role for that agency attended, as the adult did, invited or not (R23)."""
    family = attendance("family", None)  # whom the word for a role alone does not tell
    came = a_held_conference(CONFERENCE, family, attendance("representative", None))
    history = called(at("2026-11-23", came))
    ask = ShareReport(conference=CONFERENCE, report=REPORT, recipient=to)
    outside = history.when(replace(ask, outside=True))
    code = "report_shared_without_permission"
    if there:
        history.when(ask).then_recorded(ReportShared)
        outside.then_no_finding(code)
    else:
        history.when(ask).then_refused("I8", code="no_authority")
        outside.then_finding(code, severity="high")


@pytest.mark.parametrize(
    ("asked", "to"),
    [
        (GUEST, replace(TO_GUEST, participant=None)),
        (ADULT_ASKED, ReportRecipient(role=Code("adult"))),
    ],
)
def test_whoever_is_asked_may_be_told_by_role_and_agency(
    asked: object, to: ReportRecipient
) -> None:
    """Before the meeting, who is asked to it and still to come has reports, however named (R23)."""
    ask = ShareReport(conference=CONFERENCE, report=REPORT, recipient=to)
    called().when(ask).then_refused("I8")
    called(asked).when(ask).then_no_finding("report_shared_without_permission")


def test_a_report_shared_outside_is_recorded_and_flagged() -> None:
    """A report given without permission outside the system is recorded, flagged high (R23)."""
    ask = ShareReport(conference=CONFERENCE, report=REPORT, recipient=TO_GP, outside=True)
    code = "report_shared_without_permission"
    called(HELD).when(ask).then_finding(code, severity="high")
    called(PERMITTED, HELD).when(replace(ask, permission=4)).then_no_finding(code)


def test_a_report_goes_after_it_was_permitted() -> None:
    """A report that went before that was permitted is a finding; entered late it is none (R23)."""
    code = "report_shared_without_permission"
    ask = ShareReport(
        conference=CONFERENCE, report=REPORT, recipient=TO_GP, permission=4, outside=True
    )
    for permission in (PERMITTED, RELEASED):
        history = called(at("2026-12-05", permission), HELD)
        history.when(ask, on="2026-12-06").then_no_finding(code)
        before = history.when(ask, on="2026-12-06", occurred="2026-12-01")
        before.then_finding(code, severity="medium")
        entered_late = called(at("2026-12-05", permission, occurred="2026-11-30"), HELD)
        entered_late.when(ask, on="2026-12-06", occurred="2026-12-01").then_no_finding(code)


def test_the_chair_permits() -> None:
    """Permission to share a report by somebody other than the chair is a finding (R23)."""
    called(CHAIRED, PERMITTED).then_no_finding("share_not_by_chair")
    by_another = replace(PERMITTED, permitted_by=PRACTITIONER)
    called(CHAIRED, by_another).then_finding("share_not_by_chair", severity="medium")


def test_nothing_is_tabled_at_a_conference_never_called() -> None:
    """What names a conference this case does not have is not found."""
    ask = TableReport(conference=ConferenceRef(ref(599)), report=REPORT)
    called().when(ask).then_not_found()
