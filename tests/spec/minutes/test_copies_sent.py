from __future__ import annotations

from dataclasses import replace

import pytest

from domain.finding import Finding
from domain.grid import Attendance, Part
from domain.invitation import ChairAppointed, ParticipantInvited
from domain.involvement import AdultInvited
from domain.minutes import (
    MinutesCirculated,
    MinutesWithheld,
    ProduceRedactedCopy,
    Recipient,
    RedactedCopyProduced,
    Redaction,
)
from domain.plan import Action, PlanAgreed, Terms
from domain.plan_copies import ReleasePermitted
from domain.sitting import ConferenceHeld, HoldConference, HoldCoreGroup
from domain.words import Code, ParticipantRef, Slug
from tests.controls import (
    ACTION,
    CHAIR,
    CONFERENCE,
    COUNCIL,
    HEALTH,
    PARTICIPANT,
    PLAN,
    POLICE,
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
from tests.spec.minutes.test_circulating import (
    APPROVED,
    COPY,
    DRAFTED,
    DUE,
    MASTER,
    TO_ADULT,
    TO_GP,
    WHO_CAME,
    held,
    send,
    sent,
)

RULES = ("R156", "R157", "R158", "R159", "R162", "R165")

OFFICER, TO_POLICE = WHO_CAME
PROVIDER = Slug("care-provider")
DRAFT = replace(TO_GP, unapproved_draft=True)


def told(history: Given, code: str) -> Finding:
    """Give the one finding of a code."""
    (one,) = [one for one in history.findings() if one.code == code]
    return one


# ------------------------------------------------------------------------------ in time: R156


def test_each_who_is_owed_the_minutes_has_them_in_time() -> None:
    """One copy in time makes nobody else's so; one finding says how many, and until when (R156)."""
    in_time, late = at("2026-12-04", sent(OFFICER)), at("2027-03-26", sent(TO_GP, TO_POLICE))
    last = at("2027-04-01", sent(TO_ADULT))
    one = told(held(DRAFTED, APPROVED, in_time, late), "minutes_late")
    assert "of those sent theirs, 2 had" in one.words
    assert "26 March 2027" in one.words
    assert one.severity == "medium"
    assert one.due == DUE.on
    again = told(held(DRAFTED, APPROVED, in_time, late, last), "minutes_late")
    assert "of those sent theirs, 3 had" in again.words
    assert "1 April 2027" in again.words
    assert again.position == one.position
    everybody = at("2026-12-07", sent(OFFICER, TO_GP, TO_POLICE, TO_ADULT))
    held(DRAFTED, APPROVED, everybody, late).on("2027-06-01").then_no_finding("minutes_late")


def test_a_copy_that_nobody_was_owed_is_not_late() -> None:
    """Whoever was neither there nor asked, or was refused at first, is not sent theirs late."""
    in_time = at("2026-12-04", sent(OFFICER, TO_GP, TO_POLICE, TO_ADULT))
    housing = Recipient(role=Code("housing"), organisation=COUNCIL, copy=MASTER, source=MASTER)
    history = held(DRAFTED, APPROVED, in_time, at("2027-03-26", sent(housing)))
    history.then_no_finding("minutes_late")
    refused = MinutesWithheld(
        conference=CONFERENCE, role=Code("police"), organisation=POLICE, reason=Code("third_party")
    )
    but_one = at("2026-12-04", sent(OFFICER, TO_GP, TO_ADULT))
    lifted = held(DRAFTED, APPROVED, but_one, refused, at("2027-03-26", sent(TO_POLICE)))
    lifted.then_no_finding("minutes_late")
    after = held(DRAFTED, APPROVED, but_one, at("2027-03-26", sent(TO_POLICE)), refused)
    after.then_finding("minutes_late")


def test_a_copy_that_may_have_been_in_time_is_not_late() -> None:
    """Where a copy went at a time that is not known, or that may be before its day (R156)."""
    in_time = at("2026-12-04", sent(OFFICER))
    for when in ("unknown", "2026-12"):
        history = held(DRAFTED, APPROVED, in_time, at("2027-03-26", sent(TO_POLICE), occurred=when))
        history.on("2027-06-01").then_no_finding("minutes_late")


def test_an_adult_who_was_asked_and_absent_is_owed_theirs() -> None:
    """The adult's copy is asked for by its day where they came or were invited (R156, R157)."""
    code = "minutes_late"
    invited = AdultInvited(conference=CONFERENCE, method=Code("letter"), supports=())
    meeting = replace(a_conference_without_adult(), minutes_due=DUE)
    in_time = at("2026-12-04", sent(OFFICER, TO_POLICE))
    late = at("2027-03-26", sent(TO_ADULT))
    begun = (a_referral(), a_conference())
    asked = (*begun, invited, at("2026-11-23", meeting), DRAFTED, APPROVED, in_time, late)
    given(*asked).then_finding(code)
    unasked = (*begun, at("2026-11-23", meeting), DRAFTED, APPROVED, in_time, late)
    given(*unasked).then_no_finding(code)


def test_a_draft_is_not_the_minutes() -> None:
    """A draft sent to one ends nothing for anybody: what is owed is what was approved (R152)."""
    drafted = held(DRAFTED, at("2026-12-01", sent(DRAFT)))
    drafted.on("2026-12-07").then_no_finding("minutes_overdue")
    drafted.on("2026-12-08").then_finding("minutes_overdue", severity="medium")
    # Nor is anybody missed out before the minutes themselves go round.
    drafted.on("2026-12-02").then_no_finding("minutes_not_sent")
    late = drafted.also(APPROVED, at("2027-03-26", sent(TO_GP)))
    late.then_no_finding("minutes_overdue").then_finding("minutes_late")
    in_time = drafted.also(APPROVED, at("2026-12-04", sent(TO_GP)))
    in_time.on("2027-06-01").then_no_finding("minutes_overdue").then_no_finding("minutes_late")


def test_a_draft_leaves_them_overdue_with_their_approval_outstanding() -> None:
    """What is said of minutes of which only a draft went round is true of them (R156)."""
    one = told(held(DRAFTED, at("2026-12-01", sent(DRAFT))).on("2027-01-15"), "minutes_overdue")
    assert "approved" in one.words


# --------------------------------------------------------- of a meeting at a time not known


@pytest.mark.parametrize("kind", ["initial", "core_group"])
def test_a_meeting_at_a_time_not_known_owes_its_minutes(kind: str) -> None:
    """Its minutes are due from the last day it can have been: the one it was recorded on (R156)."""
    parts = a_held_conference().parts
    ask = (HoldCoreGroup if kind == "core_group" else HoldConference)(
        conference=CONFERENCE, parts=parts
    )
    history = given(a_referral(), a_conference(kind=kind))
    event = history.when(ask, on="2026-11-23", occurred="unknown").events[0]
    assert event.minutes_due is not None  # type: ignore[attr-defined]
    assert event.minutes_due.on == DUE.on  # type: ignore[attr-defined]
    assert event.minutes_due.started.unknown  # type: ignore[attr-defined]
    assert event.next_core_group is None  # type: ignore[attr-defined]
    after = history.also(at("2026-11-23", event, occurred="unknown"))
    after.on("2026-12-07").then_no_finding("minutes_overdue")
    after.on("2026-12-08").then_finding("minutes_overdue")
    assert "at the latest" in told(after.on("2026-12-08"), "minutes_overdue").words


# --------------------------------------------------- somebody who attended nothing: R157, G5


def apart_and_together(*first: Attendance, invited: object = None, apart: bool = True) -> Given:
    """Begin with approved minutes of a meeting in two parts, the GP invited and away."""
    gone = Attendance(
        participant=PARTICIPANT,
        role=Code("gp"),
        organisation=HEALTH,
        attendance=Code("apology"),
    )
    before = Part(
        number=1,
        reason=Code("criminal_investigation"),
        professionals_only=apart,
        attendances=(attendance("chair"), attendance("police", POLICE), *first, gone),
    )
    second = replace(a_held_conference().parts[0], number=2, reason=Code("with_adult"))
    second = replace(second, attendances=(*second.attendances, gone))
    meeting = replace(a_held_conference(), parts=(before, second), minutes_due=DUE)
    asked = invited or ParticipantInvited(
        conference=CONFERENCE, participant=PARTICIPANT, role=Code("gp"), organisation=HEALTH
    )
    chair = ChairAppointed(
        conference=CONFERENCE,
        chair=CHAIR,
        role=Code("independent_chair"),
        organisation=COUNCIL,
        basis=Code("usual"),
    )
    held_at = at("2026-11-23", meeting)
    return given(a_referral(), a_conference(), chair, asked, held_at, DRAFTED, APPROVED)


@pytest.mark.parametrize("role", ["representative", "provider", "advocate", "observer", "gp"])
def test_who_attended_nothing_has_no_part(role: str) -> None:
    """Somebody in no part, whom nothing permits a copy, has the whole: a finding (R165, G5).

    As grave where no part was for professionals only, of an agency neither asked nor there.
    """
    code = "copy_beyond_parts"
    absent = Recipient(role=Code(role), organisation=PROVIDER, copy=MASTER, source=MASTER)
    history = apart_and_together()
    one = told(history.when(send(absent, outside=True)).history, code)
    assert one.severity == "high"
    assert "attended no part" in one.words
    open_to_all = apart_and_together(apart=False).when(send(absent, outside=True))
    open_to_all.then_finding(code, severity="high")
    cut = RedactedCopyProduced(
        conference=CONFERENCE,
        source=MASTER,
        copy=COPY,
        redactions=(Redaction(ground=Code("part_not_attended"), part=1, decided_by=CHAIR),),
    )
    outcome = history.also(cut).when(send(replace(absent, copy=COPY), outside=True))
    outcome.then_finding(code, severity="high")  # of the second part the chair decided nothing


def test_of_an_invited_absentee_the_chair_decides() -> None:
    """Whoever sent apologies has a copy by the chair's permission, named in it or not (G5)."""
    code = "copy_beyond_parts"
    permitted = ReleasePermitted(
        what=Code("minutes"),
        role=Code("gp"),
        organisation=HEALTH,
        basis=Code("chairs_permission"),
    )
    apart_and_together().when(send(TO_GP)).then_finding(code, severity="high")
    history = apart_and_together().also(permitted)
    history.when(send(TO_GP)).then_no_finding(code)
    history.when(send(replace(TO_GP, authority=history.case.version))).then_no_finding(code)
    apart_and_together().also(sent(TO_GP), permitted).then_finding(code)  # decided afterwards
    other = replace(permitted, role=Code("housing"))
    apart_and_together().also(other).when(send(TO_GP)).then_finding(code)
    report = replace(permitted, what=Code("report"))
    apart_and_together().also(report).when(send(TO_GP)).then_finding(code)


def test_an_invited_absentee_of_an_open_meeting() -> None:
    """Who was asked is owed the minutes (R157), and so is who takes on part of the plan (R158).

    Of others it weighs that the chair did not decide.
    """
    code = "copy_beyond_parts"
    held(DRAFTED, APPROVED).when(send(TO_GP)).then_no_finding(code)
    housing = replace(TO_GP, participant=None, role=Code("housing"), organisation=PROVIDER)
    outside = held(DRAFTED, APPROVED).when(send(housing, outside=True))
    outside.then_finding(code, severity="high")
    action = Action(
        action=ACTION,
        target=Code("service"),
        kind=Code("safety"),
        owner=PROVIDER,
        horizon=Code("immediate"),
    )
    plan = PlanAgreed(
        plan=PLAN,
        version=1,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=Terms(actions=(action,)),
        review_due=None,
    )
    held(DRAFTED, APPROVED, plan).when(send(housing)).then_no_finding(code)


def test_what_the_adult_permits_is_what_the_adult_may_have() -> None:
    """Their permission opens no part that was for professionals only; the chair's may (R162)."""
    code = "copy_beyond_parts"
    sister = replace(
        TO_GP, participant=None, role=Code("representative"), organisation=None, person=SISTER
    )
    permitted = ReleasePermitted(
        what=Code("minutes"),
        person=SISTER,
        role=Code("representative"),
        basis=Code("adults_permission"),
    )
    history = apart_and_together().also(permitted)
    history.when(send(sister)).then_finding(code, severity="high")
    history.when(send(replace(sister, parts=(2,), copy=COPY))).then_no_finding(code)
    by_chair = replace(permitted, basis=Code("chairs_permission"))
    apart_and_together().also(by_chair).when(send(sister)).then_no_finding(code)


def test_whoever_needs_permission_is_asked_for_it_once() -> None:
    """A relative's copy without permission is one finding; one for professionals only another."""
    code = "copy_beyond_parts"
    family = replace(
        TO_GP, participant=None, role=Code("family"), organisation=None, person=SISTER, copy=COPY
    )
    family = replace(family, parts=(2,))
    outcome = apart_and_together().when(send(family, outside=True))
    outcome.then_finding("released_without_authority").then_no_finding(code)
    whole = apart_and_together().when(send(replace(family, parts=()), outside=True))
    whole.then_finding(code, severity="high")


def test_of_those_who_have_the_minutes_by_another_rule_no_chair_is_asked() -> None:
    """The chair, who takes them, and a regulator are no absentees (R152, R159, R160)."""
    code = "copy_beyond_parts"
    bare = replace(TO_GP, participant=None, organisation=None)
    these = [replace(bare, role=Code(role)) for role in ("chair", "minute_taker", "cqc")]
    by_duty = replace(bare, role=Code("other"), role_other=words("The nurses' regulator."))
    these += [replace(by_duty, basis=Code(basis)) for basis in ("regulator", "court_order")]
    apart_and_together().when(send(*these)).then_no_finding(code)
    apart_and_together().when(send(by_duty, outside=True)).then_finding(code)


def test_where_nobody_is_recorded_as_there_nobody_is_absent() -> None:
    """Where no attendance is recorded of a meeting, nothing shows who was in no part of it."""
    meeting = ConferenceHeld(conference=CONFERENCE, parts=(), minutes_due=DUE)
    begun = (a_referral(), a_conference(), at("2026-11-23", meeting), DRAFTED, APPROVED)
    given(*begun).when(send(TO_GP)).then_no_finding("copy_beyond_parts")


# ------------------------------------------------------------------------ redacted copies: R165

CUT = Redaction(ground=Code("third_party"), part=1, decided_by=CHAIR)
FULL = ProduceRedactedCopy(conference=CONFERENCE, source=MASTER, copy=COPY, redactions=(CUT,))


def test_a_redacted_copy_leaves_something_out() -> None:
    """One with nothing left out, or that is the master itself, is recorded and flagged (R165)."""
    code = "redacted_copy_whole"
    history = held(DRAFTED, APPROVED)
    history.when(FULL).then_no_finding(code)
    for bare in (replace(FULL, redactions=()), replace(FULL, copy=MASTER)):
        outcome = history.when(bare)
        outcome.then_recorded(RedactedCopyProduced)
        outcome.then_finding(code, severity="medium")


def test_what_is_left_out_is_of_a_part_that_there_was() -> None:
    """One that leaves out a part the meeting did not have is recorded and flagged (R165)."""
    code = "redaction_of_no_part"
    history = held(DRAFTED, APPROVED)
    elsewhere = replace(FULL, redactions=(CUT, replace(CUT, part=9)))
    outcome = history.when(elsewhere)
    outcome.then_recorded(RedactedCopyProduced)
    outcome.then_finding(code, severity="medium")
    history.when(FULL).then_no_finding(code)
    unsaid = replace(FULL, redactions=(replace(CUT, part=None, sections=(Code("pach"),)),))
    history.when(unsaid).then_no_finding(code)
    meeting = ConferenceHeld(conference=CONFERENCE, parts=(), minutes_due=DUE)
    bare = given(a_referral(), a_conference(), at("2026-11-23", meeting), DRAFTED, APPROVED)
    bare.when(elsewhere).then_no_finding(code)  # of no part it is said that there was one


def test_who_decided_what_is_left_out_is_said() -> None:
    """One of which nobody is recorded as having decided it is recorded and flagged (R165)."""
    code = "redaction_undecided"
    history = held(DRAFTED, APPROVED)
    nobody = replace(FULL, redactions=(CUT, replace(CUT, decided_by=None)))
    outcome = history.when(nobody)
    outcome.then_recorded(RedactedCopyProduced)
    outcome.then_finding(code, severity="low")
    history.when(FULL).then_no_finding(code)


def test_a_copy_that_is_the_master_leaves_out_nothing() -> None:
    """What is said to be left out of it answers for no part (R165, G5)."""
    code = "copy_beyond_parts"
    whole = RedactedCopyProduced(
        conference=CONFERENCE,
        source=MASTER,
        copy=MASTER,
        redactions=(replace(CUT, part=1), replace(CUT, part=2)),
    )
    absent = Recipient(role=Code("observer"), organisation=HEALTH, copy=MASTER, source=MASTER)
    history = apart_and_together().also(whole)
    history.when(send(absent)).then_finding(code, severity="high")
    history.when(send(TO_ADULT)).then_finding("part_not_attended", severity="high")


def test_a_sending_that_names_nobody_is_of_the_minutes() -> None:
    """Where it is not said who had them, the first sending answers for all (R156)."""
    nobody = MinutesCirculated(conference=CONFERENCE, recipients=(), outside=True, due=DUE)
    held(DRAFTED, at("2026-12-04", nobody)).on("2027-01-15").then_no_finding("minutes_overdue")
    late = held(DRAFTED, at("2027-01-15", nobody))
    late.then_finding("minutes_late").then_no_finding("minutes_overdue")


def test_a_guest_who_is_not_to_come_is_owed_nothing() -> None:
    """A stranger to the meeting makes none late (R157)."""
    stranger = replace(TO_GP, participant=ParticipantRef(ref(56)))
    in_time = at("2026-12-04", sent(OFFICER))
    history = held(DRAFTED, APPROVED, in_time, at("2027-03-26", sent(stranger)))
    history.then_no_finding("minutes_late")
