"""To whom minutes go from here: to those of whom something recorded says why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.advocacy import AdvocateAppointed
from domain.agreement import PlanSharingAgreed
from domain.causing import EnquiryCaused
from domain.information import AgencyReportReceived, AgencyReportRequested
from domain.invitation import ParticipantInvited, WrittenContributionReceived
from domain.involvement import AdultRepresentativeNominated
from domain.minutes import MinutesCirculated, MinutesWithheld, Recipient
from domain.plan_copies import ReleasePermitted
from domain.planning import PlanningMeetingHeld
from domain.sharing import InformationSharingDecided
from domain.words import Code, ParticipantRef, Slug
from tests.controls import (
    CONFERENCE,
    COUNCIL,
    HEALTH,
    PLAN,
    POLICE,
    REPORT,
    SISTER,
    a_report,
    an_enquiry,
    ref,
    words,
)
from tests.spec.minutes.test_circulating import APPROVED, DRAFTED, MASTER, TO_GP, held, send
from tests.spec.plan.test_carrying_out import AGREED

RULES = ("R157", "R158", "R166")

ELSEWHERE = Slug("acme-homes")
EIGHTH = 8  # the version of what follows a conference held, with minutes approved
STRANGER = Recipient(
    role=Code("housing"),
    organisation=ELSEWHERE,
    copy=MASTER,
    source=MASTER,
    basis=Code("attended"),
)
PERMITTED = ReleasePermitted(
    what=Code("minutes"),
    role=Code("housing"),
    organisation=ELSEWHERE,
    basis=Code("chairs_permission"),
)
(SAFETY,) = AGREED.terms.actions
PLANNED = replace(AGREED, terms=replace(AGREED.terms, actions=(replace(SAFETY, owner=ELSEWHERE),)))
PLAN_SHARED = PlanSharingAgreed(
    plan=PLAN,
    conference=CONFERENCE,
    organisation=ELSEWHERE,
    role=Code("housing"),
    content=Code("summary"),
    basis=Code("safeguarding"),
)
SHARED = InformationSharingDecided(
    conference=None,
    item=Code("plan"),
    organisation=ELSEWHERE,
    decision=Code("share"),
    basis=Code("safeguarding"),
)
NOMINATED = AdultRepresentativeNominated(
    conference=CONFERENCE,
    person=SISTER,
    scope=Code("attend"),
    alleged_to_have_caused_harm=Code("no"),
)
INVITED = ParticipantInvited(
    conference=CONFERENCE,
    participant=ParticipantRef(ref(77)),
    role=Code("psychiatrist"),
    organisation=Slug("mind-trust"),
    person=SISTER,
)
HOMES = Slug("other-homes")
OPENED = replace(an_enquiry(), caused_to=ELSEWHERE)
CAUSED = EnquiryCaused(enquiry=OPENED.enquiry, to=HOMES, body=Code("provider"))
REPORT_ASKED = AgencyReportRequested(agency=ELSEWHERE)
REPORT_CAME = AgencyReportReceived(agency=ELSEWHERE, report=REPORT)
REPORTED = replace(a_report(), kind=Code("agency"), author=None, organisation=ELSEWHERE)
PLANNED_WITH = PlanningMeetingHeld(
    method=Code("meeting"), agencies=(ELSEWHERE,), decision=Code("enquire")
)
KEPT_FROM = MinutesWithheld(
    conference=CONFERENCE,
    role=Code("housing"),
    organisation=ELSEWHERE,
    reason=Code("confidentiality"),
)


def called(role: str, organisation: Slug | None, **more: object) -> Recipient:
    """Give somebody who is sent the minutes, by role and agency."""
    return replace(STRANGER, role=Code(role), organisation=organisation, **more)  # type: ignore[arg-type]  # its own fields


@pytest.mark.parametrize(
    ("history", "to"),
    [
        ((), STRANGER),
        ((), replace(STRANGER, authority=2)),  # the convening, which permits nothing
        ((), replace(STRANGER, participant=ParticipantRef(ref(404)))),
        ((), called("police", ELSEWHERE)),  # another police than the one that came
        ((), called("chair", ELSEWHERE)),
        ((), called("legal", Slug("private-solicitors"), basis=Code("information_sharing"))),
        ((), called("other", ELSEWHERE, role_other=words("Landlord"))),
        ((), called("observer", Slug("newspaper"), basis=Code("none"))),
        ((), called("key_worker", None)),
        ((), called("other_health", None, person=SISTER)),
        ((replace(OPENED, caused_to=None),), STRANGER),
        ((replace(REPORTED, organisation=HEALTH),), STRANGER),
        ((), called("advocate", ELSEWHERE)),
        ((), called("representative", None)),
        ((replace(PERMITTED, organisation=HEALTH),), STRANGER),
        ((replace(PERMITTED, what=Code("plan")),), STRANGER),
        ((replace(SHARED, decision=Code("not_share")),), STRANGER),
        ((replace(SHARED, decision=Code("not_share"), conference=CONFERENCE),), STRANGER),
        ((replace(PLAN_SHARED, content=Code("none")),), STRANGER),
        ((KEPT_FROM,), STRANGER),
    ],
)
def test_a_copy_goes_to_nobody_of_whom_nothing_says_why(
    history: tuple[object, ...], to: Recipient
) -> None:
    """Who was neither there, asked nor involved has minutes from here by permission alone (I8).

    What went outside is recorded, and flagged where it covers what they were not in.
    """
    before = held(DRAFTED, APPROVED, *history)
    before.when(send(to)).then_refused("I8", code="no_authority")
    before.when(send(to, outside=True)).then_recorded(MinutesCirculated)
    by_it = ReleasePermitted(
        what=Code("minutes"),
        role=to.role,
        role_other=to.role_other,
        organisation=to.organisation,
        basis=Code("chairs_permission"),
    )
    permitted = before.also(by_it)
    named = replace(to, authority=permitted.case.version)
    permitted.when(send(named)).then_no_finding("copy_beyond_parts")


@pytest.mark.parametrize(
    ("history", "to"),
    [
        ((), TO_GP),  # invited, who did not come
        ((), called("gp", HEALTH)),
        ((), called("other_health", HEALTH)),  # of an agency that was asked
        ((), called("police", POLICE)),
        ((), called("agency_manager", POLICE)),
        ((), called("legal", COUNCIL)),  # of this authority
        ((), called("investigating_officer", None)),
        ((), called("managing_officer", None)),
        ((), called("cqc", Slug("regulator"))),
        (
            (),
            called("other", Slug("nurses"), role_other=words("A court"), basis=Code("court_order")),
        ),
        ((WrittenContributionReceived(conference=CONFERENCE, organisation=ELSEWHERE),), STRANGER),
        ((PLANNED,), STRANGER),  # takes on part of the plan
        ((AGREED, PLAN_SHARED), STRANGER),
        ((SHARED,), STRANGER),
        ((PERMITTED,), STRANGER),
        ((PERMITTED,), replace(STRANGER, authority=EIGHTH)),
        ((INVITED,), called("other_health", None, person=SISTER)),  # however their part is called
        ((INVITED,), replace(STRANGER, participant=ParticipantRef(ref(404)), person=SISTER)),
        ((OPENED,), STRANGER),  # enquires for the authority
        ((OPENED, CAUSED), called("provider", HOMES)),
        ((REPORT_ASKED,), STRANGER),
        ((REPORT_CAME,), STRANGER),
        ((REPORTED,), STRANGER),
        ((PLANNED_WITH,), STRANGER),
        ((AdvocateAppointed(basis=Code("general")),), called("advocate", ELSEWHERE)),
        (
            (NOMINATED,),
            called("representative", None, person=SISTER),
        ),
    ],
)
def test_whoever_is_involved_needs_no_permission(
    history: tuple[object, ...], to: Recipient
) -> None:
    """Who was there or asked, their agency, the plan's, and whom it was decided for, have them."""
    held(DRAFTED, APPROVED, *history).when(send(to)).then_recorded(MinutesCirculated)
