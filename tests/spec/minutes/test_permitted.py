from __future__ import annotations

from dataclasses import replace

import pytest

from domain.answering import CarerDisclosureDecided
from domain.best_interests import RecordBestInterestsDecision
from domain.invitation import ParticipantInvited
from domain.minutes import MinutesCirculated, Recipient
from domain.plan_copies import PermitRelease, ReleasePermitted
from domain.tabling import ReportRecipient, ReportSharePermitted
from domain.words import Code, Slug
from tests.controls import (
    CHAIR,
    CONFERENCE,
    HEALTH,
    PACH,
    PARTICIPANT,
    POLICE,
    REPORT,
    SISTER,
    attendance,
    words,
)
from tests.given import at
from tests.spec.minutes.test_circulating import (
    APPROVED,
    DRAFTED,
    MASTER,
    TO_GP,
    held,
    in_two_parts,
    send,
    sent,
)

RULES = ("R23", "R162", "R163", "R166", "R167")

REPORTS = Code("report")
EIGHTH = 8  # the version of what follows a conference held, with minutes approved
CARER_DECIDED = CarerDisclosureDecided(
    conference=CONFERENCE,
    carer=SISTER,
    decided_role=Code("managing_officer"),
    pach_information=Code("full"),
    basis=Code("adults_permission"),
)


@pytest.mark.parametrize("role", ["carer", "family", "supporter"])
def test_a_copy_by_permission_names_the_permission(role: str) -> None:
    """A carer or relative gets no copy from here without the event that permits it (I8, R167)."""
    recipient = replace(TO_GP, participant=None, role=Code(role), organisation=None)
    history = held(DRAFTED, APPROVED)

    history.when(send(recipient)).then_refused("I8")
    history.when(send(replace(recipient, authority=99))).then_refused("I8")
    history.when(send(replace(recipient, authority=2))).then_refused("I8")
    permit = PermitRelease(what=Code("minutes"), role=Code(role), basis=Code("adults_permission"))
    permitted = history.when(permit)
    permitted.then_recorded(ReleasePermitted)
    number = permitted.history.case.version
    permitted.when(send(replace(recipient, authority=number))).then_recorded(MinutesCirculated)


def test_a_release_outside_is_recorded_and_flagged() -> None:
    """A copy that went out without permission outside the system is recorded, flagged high (I8)."""
    recipient = replace(TO_GP, participant=None, role=Code("carer"), organisation=None)
    outcome = held(DRAFTED, APPROVED).when(send(recipient, outside=True))
    outcome.then_recorded(MinutesCirculated)
    outcome.then_finding("released_without_authority", severity="high")
    invited = held(DRAFTED, APPROVED).when(send(TO_GP))
    invited.then_no_finding("released_without_authority")


TO_FAMILY = replace(TO_GP, participant=None, role=Code("family"), organisation=None, person=SISTER)
HERS = RecordBestInterestsDecision(
    decision=Code("minutes_recipient"),
    authority=Code("best_interests"),
    consulted=(Code("advocate"),),
    recipient=SISTER,
)
HER_MINUTES = ReleasePermitted(
    what=Code("minutes"),
    person=SISTER,
    role=Code("family"),
    basis=Code("adults_permission"),
)


@pytest.mark.parametrize(
    "permission",
    [
        replace(HER_MINUTES, what=Code("report")),
        replace(HER_MINUTES, person=PACH),
        replace(HER_MINUTES, person=None, role=Code("police")),
        CARER_DECIDED,
    ],
)
def test_a_permission_is_for_one_document_and_one_person(permission: object) -> None:
    """What permits another document, or somebody else, permits no copy of minutes (R162, R167).

    Not from here (I8), and a copy sent outside that names it went without permission.
    """
    code = "released_without_authority"
    history = held(DRAFTED, APPROVED, permission)
    named = replace(TO_FAMILY, authority=history.case.version)
    history.when(send(named)).then_refused("I8")
    history.when(send(named, outside=True)).then_finding(code, severity="high")
    permitted = held(DRAFTED, APPROVED, HER_MINUTES)
    permitted.when(send(named)).then_no_finding(code)
    permitted.when(send(named, outside=True)).then_no_finding(code)


def test_a_decision_in_the_adults_interests_is_for_whom_it_names() -> None:
    """A decision about who has the minutes lets that person alone have them (R162, R163, I8)."""
    code = "released_without_authority"
    named = replace(TO_FAMILY, authority=EIGHTH, basis=Code("best_interests"))
    decided = held(DRAFTED, APPROVED).when(HERS)
    assert decided.history.case.version == EIGHTH
    decided.when(send(named)).then_no_finding(code)
    decided.when(send(replace(named, person=PACH))).then_refused("I8")
    decided.when(send(replace(named, person=None))).then_refused("I8")
    for other in (replace(HERS, recipient=None), replace(HERS, decision=Code("own_safety"))):
        held(DRAFTED, APPROVED).when(other).when(send(named)).then_refused("I8")


def test_an_authority_that_is_none_silences_nothing() -> None:
    """A copy sent outside by an entry that permits nothing, or is not there, is flagged (R162)."""
    code = "released_without_authority"
    history = held(DRAFTED, APPROVED)
    for number in (2, 999):
        outside = history.when(send(replace(TO_FAMILY, authority=number), outside=True))
        outside.then_finding(code, severity="high")


def test_a_copy_goes_on_a_basis() -> None:
    """A copy sent on no recorded basis is a finding; none is taken for granted (R166).

    Not where it names what permits it, which has a basis of its own.
    """
    code = "released_without_basis"
    bare = Recipient(role=Code("gp"), organisation=HEALTH, copy=MASTER, source=MASTER)
    assert bare.basis == "none"
    history = held(DRAFTED, APPROVED, HER_MINUTES)
    history.when(send(bare)).then_finding(code, severity="medium")
    shared = replace(bare, basis=Code("information_sharing"))
    history.when(send(shared)).then_no_finding(code)
    by_permission = replace(TO_FAMILY, basis=Code("none"), authority=history.case.version)
    history.when(send(by_permission)).then_no_finding(code)


def test_a_permission_comes_before_what_it_permits() -> None:
    """What was permitted only after it had gone went without permission, less grave (R162, R167).

    By when each was, where that is certain; else by which was recorded first. Entered late, a
    permission is as early as it was.
    """
    code = "released_without_authority"
    named = sent(replace(TO_FAMILY, authority=EIGHTH), outside=True)
    for permitted, gone, severity in (
        (at("2026-12-01", HER_MINUTES), at("2026-12-02", named), None),
        (at("2026-12-02", HER_MINUTES), at("2026-12-02", named), None),
        (
            at("2026-12-02", HER_MINUTES),
            at("2026-12-03", named, occurred="2026-12-01"),
            "medium",
        ),
        (
            at("2026-12-02", HER_MINUTES, occurred="2026-12-02T15:00:00Z"),
            at("2026-12-02", named, occurred="2026-12-02T10:00:00Z"),
            "medium",
        ),
        (
            at("2026-12-02", HER_MINUTES, occurred="2026-11"),
            at("2026-12-03", named, occurred="2026-12-01"),
            None,
        ),
        (at("2026-12-02", HER_MINUTES, occurred="unknown"), at("2026-12-03", named), None),
    ):
        history = held(DRAFTED, APPROVED, permitted, gone)
        assert history.facts[EIGHTH - 1].event == HER_MINUTES
        if severity is None:
            history.then_no_finding(code)
        else:
            history.then_finding(code, severity=severity)
    late = held(DRAFTED, APPROVED, at("2026-12-01", sent(replace(TO_FAMILY, authority=EIGHTH + 1))))
    late.also(at("2026-12-05", HER_MINUTES)).then_finding(code, severity="medium")
    entered_late = at("2026-12-05", HER_MINUTES, occurred="2026-11-30")
    late.also(entered_late).then_no_finding(code)
    unknown = at("2026-12-05", HER_MINUTES, occurred="unknown")
    late.also(unknown).then_finding(code, severity="medium")


def test_the_gravest_of_a_sending_is_said() -> None:
    """Of copies that went without any permission and before one, the first is said (R162)."""
    code = "released_without_authority"
    before = replace(TO_FAMILY, authority=EIGHTH + 1)
    for copies in ((before, TO_FAMILY), (TO_FAMILY, before)):
        history = held(DRAFTED, APPROVED, at("2026-12-01", sent(*copies, outside=True)))
        (one,) = (
            each
            for each in history.also(at("2026-12-05", HER_MINUTES)).findings()
            if each.code == code
        )
        assert one.severity == "high"


def test_reports_go_after_they_were_permitted() -> None:
    """Reports that went with the minutes before that was permitted are a finding (R23, G4)."""
    code = "reports_with_minutes"
    named = replace(TO_GP, reports=(REPORT,), report_permission=EIGHTH)
    allowed = ReportSharePermitted(
        conference=CONFERENCE,
        report=REPORT,
        recipient=ReportRecipient(role=Code("gp"), participant=PARTICIPANT),
        permitted_by=CHAIR,
    )
    permitted = at("2026-12-02", allowed)
    after = held(DRAFTED, APPROVED, permitted, at("2026-12-03", sent(named)))
    after.then_no_finding(code)
    told_late = at("2026-12-03", sent(named), occurred="2026-12-01")
    held(DRAFTED, APPROVED, permitted, told_late).then_finding(code, severity="medium")


def test_one_sending_is_criticised_once() -> None:
    """Several copies that went astray in one sending are one finding, so that none is doubled."""
    astray = replace(TO_GP, participant=None, role=Code("carer"), organisation=None)
    history = held(DRAFTED, APPROVED, sent(astray, astray, outside=True))
    codes = [one for one in history.findings() if one.code == "released_without_authority"]
    assert len(codes) == 1


def test_reports_go_with_the_minutes_to_those_who_attended() -> None:
    """An invitee who did not attend has no report with the minutes but by permission (G4, R23)."""
    attached = replace(TO_GP, reports=(REPORT,))
    history = held(DRAFTED, APPROVED)
    history.when(send(TO_GP)).then_recorded(MinutesCirculated)
    history.when(send(attached)).then_refused("I8", code="no_authority")
    outside = history.when(send(attached, outside=True))
    outside.then_finding("reports_with_minutes", severity="high")
    recipient = ReportRecipient(participant=PARTICIPANT, role=Code("gp"))
    permitted = ReportSharePermitted(
        conference=CONFERENCE, report=REPORT, recipient=recipient, permitted_by=CHAIR
    )
    allowed = held(DRAFTED, APPROVED, permitted)
    named = replace(attached, report_permission=allowed.case.version)
    allowed.when(send(attached)).then_refused("I8")
    allowed.when(send(named)).then_no_finding("reports_with_minutes")
    there = in_two_parts(attendance("chair"))
    there.when(send(attached)).then_no_finding("reports_with_minutes")
    another = replace(attached, participant=None, organisation=POLICE)  # a GP of nobody who came
    there.when(send(another)).then_refused("I8", code="no_authority")


@pytest.mark.parametrize(
    ("line", "to", "there"),
    [
        (("representative", None), ("representative", None), True),
        (("social_worker", None), ("social_worker", None), True),
        (("social_worker", HEALTH), ("social_worker", None), True),  # of which is not said
        (("social_worker", None), ("social_worker", HEALTH), True),
        (("social_worker", HEALTH), ("social_worker", POLICE), False),
        (("social_worker", None), ("housing", None), False),
        (("family", None), ("family", None), False),  # of whom the word for a role tells nothing
    ],
)
def test_reports_go_with_the_minutes_to_who_came_in_that_role(
    line: tuple[str, Slug | None], to: tuple[str, Slug | None], *, there: bool
) -> None:
    """Told by role, whoever has them came, unless for another agency; family by name (R23, G4)."""
    history = in_two_parts(attendance("chair"), attendance(*line))
    role, agency = to
    attached = replace(
        TO_GP, participant=None, role=Code(role), organisation=agency, reports=(REPORT,)
    )
    outcome = history.when(send(attached, outside=True))
    if there:
        outcome.then_no_finding("reports_with_minutes")
    else:
        outcome.then_finding("reports_with_minutes", severity="high")


@pytest.mark.parametrize("called", ["observer", "other"])
def test_reports_go_with_the_minutes_to_who_came_as_a_person(called: str) -> None:
    """Who was asked as a person and came has theirs, however the copy calls their part (R23)."""
    role, other = Code("other"), words("Her landlord.")
    came = replace(attendance("other", None), participant=PARTICIPANT, role_other=other)
    asked = ParticipantInvited(
        conference=CONFERENCE,
        participant=PARTICIPANT,
        role=role,
        role_other=other,
        person=SISTER,
    )
    named = Recipient(
        role=Code(called),
        role_other=other if called == "other" else None,
        person=SISTER,
        copy=MASTER,
        source=MASTER,
        reports=(REPORT,),
    )
    outcome = in_two_parts(attendance("chair"), came).also(asked).when(send(named, outside=True))
    outcome.then_no_finding("reports_with_minutes").then_no_finding("released_without_authority")


def test_a_permission_for_a_report_is_for_whom_it_names() -> None:
    """Reports go with the minutes by a permission for them, and for whoever has them (R23, G4)."""
    attached = replace(TO_GP, reports=(REPORT,))
    hers = ReportSharePermitted(
        conference=CONFERENCE,
        recipient=ReportRecipient(role=Code("family"), person=SISTER),
        permitted_by=CHAIR,
    )
    minutes = ReleasePermitted(
        what=Code("minutes"), role=Code("gp"), basis=Code("chairs_permission")
    )
    for permission in (hers, minutes, replace(minutes, what=REPORTS, role=Code("police"))):
        history = held(DRAFTED, APPROVED, permission)
        named = replace(attached, report_permission=history.case.version)
        history.when(send(named)).then_refused("I8")
        history.when(send(named, outside=True)).then_finding("reports_with_minutes")
    history = held(DRAFTED, APPROVED, replace(minutes, what=REPORTS))
    named = replace(attached, report_permission=history.case.version)
    history.when(send(named)).then_no_finding("reports_with_minutes")
