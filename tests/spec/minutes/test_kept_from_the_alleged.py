from __future__ import annotations

from dataclasses import replace

import pytest

from domain.dividing import AlternativeArrangementAgreed, ParticipantExcluded
from domain.drafting import MinutePassageWritten
from domain.enquiry import PachIdentified
from domain.grid import Attendance, Part
from domain.invitation import FamilyAttendanceDecided, ParticipantInvited
from domain.involvement import AdultRepresentativeNominated
from domain.minutes import Recipient, RedactedCopyProduced, Redaction
from domain.plan_copies import PlanSentToNominee, ReleasePermitted
from domain.sitting import AttendanceRecorded, ConferenceHeld, RecordAttendance
from domain.tabling import ReportRecipient, ReportShared, ReportSharePermitted
from domain.words import Code, ParticipantRef, Slug
from tests.controls import (
    ADULT,
    CHAIR,
    CONFERENCE,
    PACH,
    PLAN,
    REPORT,
    SISTER,
    a_conference,
    a_held_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, at, given
from tests.spec.minutes.test_circulating import (
    APPROVED,
    COPY,
    DRAFTED,
    MASTER,
    TO_GP,
    held,
    send,
    sent,
)

RULES = ("R23", "R32", "R52", "R59", "R157", "R162", "R165", "R166")

THEIRS = ParticipantRef(ref(56))
IDENTIFIED = PachIdentified(person=PACH, allegations=(), adult_at_risk=Code("not_known"))
INVITED = ParticipantInvited(
    conference=CONFERENCE,
    participant=THEIRS,
    role=Code("other"),
    role_other=words("Neighbour"),
    person=PACH,
)
CAME = Attendance(
    participant=THEIRS,
    role=Code("other"),
    role_other=words("Neighbour"),
    attendance=Code("attended"),
)
TO_THEM = Recipient(
    role=Code("other"),
    role_other=words("Neighbour"),
    person=PACH,
    copy=MASTER,
    source=MASTER,
)


def before(*more: object, identified: object = IDENTIFIED) -> Given:
    """Begin with a conference called after that person was identified, and these."""
    return given(a_referral(), at("2026-11-10", identified), a_conference(), *more)


def met(*lines: Attendance) -> object:
    """Give the conference held with the adult and these in its one part."""
    return at("2026-11-23", a_held_conference(CONFERENCE, *lines))


# ------------------------------------------------------------------------------- at a meeting


def test_an_invitation_to_all_of_it() -> None:
    """Inviting them to all of a meeting asks how they are kept apart from the adult (R32, R52)."""
    before(INVITED).then_finding("pach_invited_to_all", severity="high")
    before(replace(INVITED, parts=(2,))).then_no_finding("pach_invited_to_all")
    before(replace(INVITED, person=SISTER)).then_no_finding("pach_invited_to_all")
    apart = ParticipantExcluded(
        conference=CONFERENCE,
        participant=THEIRS,
        parts=(1,),
        reason=Code("alleged_to_have_caused_harm"),
        excluded_by=CHAIR,
    )
    before(INVITED, apart).then_no_finding("pach_invited_to_all")


def test_who_was_identified_only_afterwards() -> None:
    """Whoever was identified after the meeting was not known as alleged at it (R52)."""
    later = at("2026-12-10", IDENTIFIED)
    history = given(a_referral(), a_conference(), INVITED, met(CAME), later)
    history.then_no_finding("pach_invited_to_all")
    history.then_no_finding("pach_with_adult")


def test_beside_the_adult() -> None:
    """In one part with the adult they are a finding; with no adult in it they are not (R32)."""
    before(INVITED, met(CAME)).then_finding("pach_with_adult", severity="high")
    before(INVITED, met(replace(CAME, attendance=Code("apology")))).then_no_finding(
        "pach_with_adult"
    )
    own = Part(number=2, reason=Code("pach_actions"), attendances=(CAME,))
    whole = a_held_conference()
    parts = replace(whole, parts=(*whole.parts, own))
    before(INVITED, at("2026-11-23", parts)).then_no_finding("pach_with_adult")
    line = AttendanceRecorded(conference=CONFERENCE, part=1, line=CAME)
    before(INVITED, met(), at("2026-11-23", line)).then_finding("pach_with_adult")


def test_another_arrangement_answers() -> None:
    """Where another arrangement than parts was agreed, or the adult chose them, nothing is asked.

    (R35, R52)
    """
    agreed = AlternativeArrangementAgreed(
        conference=CONFERENCE, arrangement=words("By telephone, in turn.")
    )
    before(agreed, INVITED, met(CAME)).then_no_finding("pach_with_adult")
    chosen = AdultRepresentativeNominated(
        conference=CONFERENCE,
        person=PACH,
        scope=Code("not_recorded"),
        alleged_to_have_caused_harm=Code("yes"),
        override_reason=words("Her wish, with an advocate beside her."),
    )
    before(chosen, INVITED, met(CAME)).then_no_finding("pach_with_adult")
    without = replace(chosen, override_reason=None)
    before(without, INVITED, met(CAME)).then_finding("pach_with_adult")


def test_a_relative_whose_coming_was_weighed() -> None:
    """A decision that they come, with its reason, is the arrangement; without one it is not (R59).

    What the decision itself asks for is another finding (`family_alleged`).
    """
    decided = FamilyAttendanceDecided(
        conference=CONFERENCE,
        participant=THEIRS,
        decision=Code("attend_part"),
        basis=Code("adult_wish"),
        authority_verified=Code("not_known"),
        alleged_to_have_caused_harm=Code("yes"),
        rationale=words("She asked for it, alone."),
    )
    before(INVITED, decided, met(CAME)).then_no_finding("pach_with_adult")
    bare = replace(decided, rationale=None)
    before(INVITED, bare, met(CAME)).then_finding("pach_with_adult")


# -------------------------------------------------------------------------------- documents


PERMITTED = ReleasePermitted(
    what=Code("minutes"),
    person=PACH,
    role=Code("other"),
    role_other=words("Neighbour"),
    basis=Code("adults_permission"),
)


def test_the_whole_minutes() -> None:
    """Minutes with nothing left out are a finding, unless a decision names them (R165, R166)."""
    known = (at("2026-11-10", IDENTIFIED), DRAFTED, APPROVED)
    held(*known, sent(TO_THEM)).then_finding("minutes_to_pach", severity="high")
    held(*known, PERMITTED, sent(TO_THEM)).then_no_finding("minutes_to_pach")
    to_a_role = replace(PERMITTED, person=None)
    held(*known, to_a_role, sent(TO_THEM)).then_finding("minutes_to_pach")
    held(*known, replace(PERMITTED, basis=Code("none")), sent(TO_THEM)).then_finding(
        "minutes_to_pach"
    )
    held(*known, sent(replace(TO_THEM, person=SISTER))).then_no_finding("minutes_to_pach")


def test_by_their_invitation() -> None:
    """A copy that names their invitation is theirs too (R165)."""
    known = (at("2026-11-10", IDENTIFIED), INVITED, DRAFTED, APPROVED)
    theirs = replace(TO_THEM, person=None, participant=THEIRS)
    held(*known, sent(theirs)).then_finding("minutes_to_pach")


def test_a_copy_that_leaves_something_out() -> None:
    """A redacted copy is the arrangement for them (R165)."""
    cut = Redaction(ground=Code("third_party"), part=1, decided_by=CHAIR)
    made = RedactedCopyProduced(conference=CONFERENCE, source=MASTER, copy=COPY, redactions=(cut,))
    known = (at("2026-11-10", IDENTIFIED), DRAFTED, APPROVED, made)
    held(*known, sent(replace(TO_THEM, copy=COPY))).then_no_finding("minutes_to_pach")
    bare = replace(made, redactions=())
    known = (at("2026-11-10", IDENTIFIED), DRAFTED, APPROVED, bare)
    held(*known, sent(replace(TO_THEM, copy=COPY))).then_finding("minutes_to_pach")


def test_their_own_part() -> None:
    """Minutes of the part that they were in, and the adult was not, are theirs (R157, R165)."""
    own = Part(number=2, reason=Code("pach_actions"), attendances=(CAME,))
    whole = a_held_conference()
    meeting: ConferenceHeld = replace(whole, parts=(*whole.parts, own))
    history = before(INVITED, at("2026-11-23", meeting), DRAFTED, APPROVED)
    theirs = replace(TO_THEM, participant=THEIRS, parts=(2,), copy=COPY)
    history.also(sent(theirs)).then_no_finding("minutes_to_pach")
    history.also(sent(replace(theirs, parts=(1, 2)))).then_finding("minutes_to_pach")
    history.also(sent(replace(theirs, copy=MASTER))).then_finding("minutes_to_pach")


def test_a_report() -> None:
    """A report given to them is a finding, unless a decision names them (R23, R166)."""
    to = ReportRecipient(role=Code("other"), role_other=words("Neighbour"), person=PACH)
    shared = ReportShared(conference=CONFERENCE, report=REPORT, recipient=to, outside=True)
    before(shared).then_finding("report_to_pach", severity="high")
    allowed = ReportSharePermitted(conference=CONFERENCE, recipient=to, permitted_by=CHAIR)
    by = before(allowed).case.version
    before(allowed, replace(shared, permission=by)).then_no_finding("report_to_pach")
    other = replace(to, person=SISTER)
    before(replace(shared, recipient=other)).then_no_finding("report_to_pach")


def test_the_plan() -> None:
    """The adult's plan given to them is a finding, unless a decision names them (R162, R166)."""
    given_it = PlanSentToNominee(
        plan=PLAN,
        version=1,
        role=Code("other"),
        role_other=words("Neighbour"),
        person=PACH,
        basis=Code("none"),
        outside=True,
    )
    before(given_it).then_finding("plan_to_pach", severity="high")
    allowed = replace(PERMITTED, what=Code("plan"))
    before(allowed, given_it).then_no_finding("plan_to_pach")


def test_the_adult_as_the_person_alleged() -> None:
    """An adult identified in their own case as alleged to have caused harm is a finding (L29)."""
    before(identified=replace(IDENTIFIED, person=ADULT)).then_finding(
        "pach_is_adult", severity="medium"
    )
    before().then_no_finding("pach_is_adult")


# ------------------------------------------------------------------------------ whoever else


def test_no_role_of_the_list_and_no_agency() -> None:
    """Whoever is "other", for no agency and of no part, needs a permission as family does (I8)."""
    daughter = replace(TO_THEM, person=None, role_other=words("Her daughter"))
    history = held(DRAFTED, APPROVED)
    history.when(send(daughter)).then_refused("I8")
    history.when(send(daughter, outside=True)).then_finding("released_without_authority")
    permitted = replace(PERMITTED, person=None)
    history.also(permitted).when(
        send(replace(daughter, authority=history.also(permitted).case.version))
    ).then_no_finding("released_without_authority")
    of_agency = replace(daughter, organisation=TO_GP.organisation)
    history.when(send(of_agency)).then_no_finding("released_without_authority")


def test_whoever_was_there_needs_none() -> None:
    """Who is "other" and was in the meeting has the minutes of it (R157)."""
    line = CAME
    invited = replace(INVITED, person=None)
    history = before(invited, met(line), DRAFTED, APPROVED)
    theirs = replace(TO_THEM, person=None, participant=THEIRS)
    history.when(send(theirs)).then_no_finding("released_without_authority")
    history.when(send(replace(theirs, participant=None))).then_refused("I8")


@pytest.mark.parametrize("role", ["provider", "gp", "other_health", "advocate", "representative"])
def test_a_word_for_a_role_opens_nothing(role: str) -> None:
    """Of no part, of no agency that was asked or there, and by no permission: graver (R157)."""
    stranger = Recipient(
        role=Code(role), organisation=Slug("elsewhere"), copy=MASTER, source=MASTER
    )
    history = held(DRAFTED, APPROVED)
    history.also(sent(stranger)).then_finding("copy_beyond_parts", severity="high")
    asked = replace(stranger, organisation=TO_GP.organisation)
    graver = [
        one for one in history.also(sent(asked)).findings() if one.code == "copy_beyond_parts"
    ]
    assert all(one.severity != "high" for one in graver)  # and none where they were asked


# -------------------------------------------------------------------- what is not in the minutes


def _passage(number: int) -> MinutePassageWritten:
    return MinutePassageWritten(
        conference=CONFERENCE,
        number=number,
        section=Code("meeting"),
        text=words("What was said."),
        origin=Code("typed"),
        written_by=CHAIR,
    )


def test_a_passage_that_is_not_there() -> None:
    """Leaving out a passage that the minutes do not have leaves out nothing (R165)."""
    cut = Redaction(ground=Code("third_party"), passages=(1, 9), decided_by=CHAIR)
    made = RedactedCopyProduced(conference=CONFERENCE, source=MASTER, copy=COPY, redactions=(cut,))
    history = held(_passage(1), DRAFTED, APPROVED)
    history.also(made).then_finding("redaction_of_no_passage", severity="medium")
    one = replace(made, redactions=(replace(cut, passages=(1,)),))
    history.also(one).then_no_finding("redaction_of_no_passage")


def test_a_part_that_there_was_not() -> None:
    """A copy said to cover a part that the meeting did not have is a finding (R157)."""
    history = held(DRAFTED, APPROVED)
    history.also(sent(replace(TO_GP, parts=(1, 7)))).then_finding("copy_of_no_part")
    history.also(sent(replace(TO_GP, parts=(1,)))).then_no_finding("copy_of_no_part")


def test_an_invitation_that_nobody_was_given() -> None:
    """A line of the grid that names an invitation unknown to the case is not found."""
    unknown = RecordAttendance(conference=CONFERENCE, part=1, line=CAME)
    before(met()).when(unknown).then_not_found()
    before(INVITED, met()).when(unknown).then_recorded(AttendanceRecorded)
