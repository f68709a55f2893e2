from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.grid import Attendance, Part
from domain.invitation import ChairAppointed, ParticipantInvited
from domain.involvement import AdultInvited
from domain.minutes import (
    ApproveMinutes,
    CirculateMinutes,
    DraftMinutes,
    MinutesApproved,
    MinutesCirculated,
    MinutesDrafted,
    MinutesWithheld,
    ProduceRedactedCopy,
    Recipient,
    RedactedCopyProduced,
    Redaction,
    WithholdMinutes,
)
from domain.words import (
    Code,
    ConferenceRef,
    Digest,
    DocumentRef,
    Due,
    ParticipantRef,
    Slug,
)
from tests.controls import (
    CHAIR,
    CONFERENCE,
    COUNCIL,
    HEALTH,
    PARTICIPANT,
    POLICE,
    PRACTITIONER,
    a_closure,
    a_conference,
    a_conference_without_adult,
    a_held_conference,
    a_referral,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = (
    "R16", "R151", "R152", "R156", "R157", "R158", "R164", "R165",
)  # fmt: skip

DOCUMENT = DocumentRef(ref(90))
MASTER = Digest("a" * 64)
COPY = Digest("b" * 64)
OTHER_MASTER = Digest("c" * 64)
DUE = Due(
    on=date(2026, 12, 7),
    rule=Code("minutes_circulated"),
    start=date(2026, 11, 23),
    calendar=Slug("holidays-test/eng"),
)
DRAFTED = MinutesDrafted(conference=CONFERENCE, document=DOCUMENT, form=Code("multi_agency"))
APPROVED = MinutesApproved(
    conference=CONFERENCE, document=DOCUMENT, master=MASTER, approved_by=CHAIR
)
TO_GP = Recipient(
    participant=PARTICIPANT,
    role=Code("gp"),
    organisation=HEALTH,
    copy=MASTER,
    source=MASTER,
    method=Code("secure_email"),
)
TO_ADULT = Recipient(role=Code("adult"), copy=MASTER, source=MASTER, method=Code("by_hand"))


WHO_CAME = (
    Recipient(role=Code("investigating_officer"), organisation=COUNCIL, copy=MASTER, source=MASTER),
    Recipient(role=Code("police"), organisation=POLICE, copy=MASTER, source=MASTER),
)


def sent(*recipients: Recipient, outside: bool = False) -> MinutesCirculated:
    """Give copies that went to these."""
    return MinutesCirculated(conference=CONFERENCE, recipients=recipients, outside=outside, due=DUE)


def send(*recipients: Recipient, outside: bool = False) -> CirculateMinutes:
    """Ask to send copies to these."""
    return CirculateMinutes(conference=CONFERENCE, recipients=recipients, outside=outside)


def held(*more: object) -> Given:
    """Begin with a chaired conference on 23 November, its minutes due on 7 December, and these."""
    chair = ChairAppointed(
        conference=CONFERENCE,
        chair=CHAIR,
        role=Code("independent_chair"),
        organisation=COUNCIL,
        basis=Code("usual"),
    )
    invited = ParticipantInvited(
        conference=CONFERENCE, participant=PARTICIPANT, role=Code("gp"), organisation=HEALTH
    )
    meeting = replace(a_held_conference(), minutes_due=DUE)
    before = (a_referral(), a_conference(), chair, invited)
    return given(*before, at("2026-11-23", meeting), *more)


def test_minutes_are_drafted_and_approved() -> None:
    """A draft is handed in, and approving it makes one master by its digest (R16, R152)."""
    draft = DraftMinutes(conference=CONFERENCE, document=DOCUMENT, form=Code("multi_agency"))
    approve = ApproveMinutes(
        conference=CONFERENCE, document=DOCUMENT, master=MASTER, approved_by=CHAIR
    )
    held().when(draft).then(DRAFTED)
    outcome = held(DRAFTED).when(approve)
    outcome.then(APPROVED)
    assert outcome.history.case.approved_master == {CONFERENCE: MASTER}


def test_whoever_approves_is_named() -> None:
    """Without another name, the minutes were approved by whoever performed it (R152)."""
    ask = ApproveMinutes(conference=CONFERENCE, document=DOCUMENT, master=MASTER)
    event = held(DRAFTED).when(ask).events[0]
    assert isinstance(event, MinutesApproved)
    assert event.approved_by == PRACTITIONER


def test_the_chair_approves() -> None:
    """Minutes approved by somebody else are recorded, with a finding (R152)."""
    ask = ApproveMinutes(conference=CONFERENCE, document=DOCUMENT, master=MASTER)
    held(DRAFTED).when(ask).then_finding("approver_not_chair")
    by_chair = replace(ask, approved_by=CHAIR)
    held(DRAFTED).when(by_chair).then_no_finding("approver_not_chair")


def test_minutes_keep_to_a_pro_forma() -> None:
    """Minutes not on an agreed pro forma are a finding (R151)."""
    held(replace(DRAFTED, form=Code("none"))).then_finding("no_pro_forma")
    held(DRAFTED).then_no_finding("no_pro_forma")


def test_a_copy_is_of_the_master() -> None:
    """A copy of anything but the approved minutes is refused (I6)."""
    history = held(DRAFTED, APPROVED)
    history.when(send(replace(TO_GP, source=COPY))).then_refused("I6")
    history.when(send(TO_GP)).then(sent(TO_GP))


def test_no_copy_goes_out_before_there_is_a_master() -> None:
    """Before approval a copy is refused unless it says that it is an unapproved draft (I6)."""
    history = held(DRAFTED)
    history.when(send(TO_GP)).then_refused("I6")
    outcome = history.when(send(replace(TO_GP, unapproved_draft=True)))
    outcome.then_recorded(MinutesCirculated)
    outcome.then_finding("draft_circulated")
    held(DRAFTED, APPROVED).when(send(TO_GP)).then_no_finding("draft_circulated")


def test_one_wrong_copy_refuses_all_of_them() -> None:
    """Where one of several copies is not of the master, none is recorded as sent (I6)."""
    outcome = held(DRAFTED, APPROVED).when(send(TO_GP, replace(TO_ADULT, source=COPY)))
    outcome.then_refused("I6")


def test_a_later_approval_makes_a_new_master() -> None:
    """After amended minutes are approved, copies are of those (I6)."""
    amended = replace(APPROVED, master=OTHER_MASTER)
    history = held(DRAFTED, APPROVED, amended)
    history.when(send(TO_GP)).then_refused("I6")
    new = replace(TO_GP, source=OTHER_MASTER, copy=OTHER_MASTER)
    history.when(send(new)).then_recorded(MinutesCirculated)


def test_a_redacted_copy_is_of_a_master() -> None:
    """A redacted copy that names no approved minutes is refused (I7); an earlier master will do."""
    ask = ProduceRedactedCopy(
        conference=CONFERENCE,
        source=MASTER,
        copy=COPY,
        redactions=(Redaction(ground=Code("third_party"), part=1),),
    )
    amended = replace(APPROVED, master=OTHER_MASTER)

    held(DRAFTED).when(ask).then_refused("I7")
    held(DRAFTED, APPROVED).when(ask).then_recorded(RedactedCopyProduced)
    kept = replace(ask, document=DocumentRef(ref(91)))
    (event,) = held(DRAFTED, APPROVED).when(kept).events
    assert isinstance(event, RedactedCopyProduced)
    assert event.document == kept.document
    held(DRAFTED, APPROVED, amended).when(ask).then_recorded(RedactedCopyProduced)


def test_minutes_not_sent_by_their_day_are_overdue() -> None:
    """Minutes not circulated by the day they were due are a finding the day after (R156)."""
    held(DRAFTED).on("2026-12-07").then_no_finding("minutes_overdue")
    held(DRAFTED).on("2026-12-08").then_finding("minutes_overdue")
    held().on("2026-12-08").then_finding("minutes_overdue")


def test_minutes_sent_late_stay_late() -> None:
    """Minutes circulated after their day are late for good, and overdue no longer (R156)."""
    late = held(DRAFTED, APPROVED, at("2027-01-25", sent(TO_GP)))
    late.then_finding("minutes_late")
    late.then_no_finding("minutes_overdue")
    in_time = held(DRAFTED, APPROVED, at("2026-12-07", sent(TO_GP)))
    in_time.on("2027-06-01").then_no_finding("minutes_late")


def test_everybody_asked_gets_the_minutes_or_a_refusal() -> None:
    """Once circulated, an invitee with neither copy nor recorded refusal is a finding (R157)."""
    withheld = MinutesWithheld(
        conference=CONFERENCE,
        participant=PARTICIPANT,
        role=Code("gp"),
        reason=Code("third_party"),
    )
    history = held(DRAFTED, APPROVED)
    history.when(send(TO_ADULT, *WHO_CAME)).then_finding("minutes_not_sent")
    history.when(send(TO_ADULT, TO_GP, *WHO_CAME)).then_no_finding("minutes_not_sent")
    held(DRAFTED, APPROVED, withheld, sent(*WHO_CAME)).then_no_finding("minutes_not_sent")


def test_whoever_came_without_an_invitation_gets_the_minutes() -> None:
    """Somebody there whom no invitation names has a copy or a refusal too (R157).

    Told apart by role and agency; not the chair, who approved them.
    """
    code = "minutes_not_sent"
    officer, police = WHO_CAME
    history = held(DRAFTED, APPROVED)
    history.when(send(TO_GP, officer)).then_finding(code, severity="medium")
    history.when(send(TO_GP, officer, police)).then_no_finding(code)
    elsewhere = replace(police, organisation=HEALTH)
    history.when(send(TO_GP, officer, elsewhere)).then_finding(code)
    refused = MinutesWithheld(
        conference=CONFERENCE, role=Code("police"), organisation=POLICE, reason=Code("third_party")
    )
    held(DRAFTED, APPROVED, refused, sent(TO_GP, officer)).then_no_finding(code)


def test_an_adult_invited_who_did_not_come_has_the_minutes() -> None:
    """An adult invited and absent has the minutes, or a refusal, or whoever speaks for them (R157).

    Nothing is owed to one who was not invited.
    """
    code = "invited_adult_without_minutes"
    invited = AdultInvited(conference=CONFERENCE, method=Code("letter"), supports=())
    absent = at("2026-11-23", a_conference_without_adult())
    before = (a_referral(), a_conference(), invited, absent, DRAFTED, APPROVED)
    refused = MinutesWithheld(conference=CONFERENCE, role=Code("adult"), reason=Code("raises_risk"))
    given(*before, sent(TO_GP)).then_finding(code, severity="medium")
    given(*before, sent(TO_GP, TO_ADULT)).then_no_finding(code)
    for_them = replace(TO_ADULT, role=Code("representative"))
    given(*before, sent(TO_GP, for_them)).then_no_finding(code)
    given(*before, refused, sent(TO_GP)).then_no_finding(code)
    uninvited = (a_referral(), a_conference(), absent, DRAFTED, APPROVED, sent(TO_GP))
    given(*uninvited).then_no_finding(code)
    held(DRAFTED, APPROVED, invited, sent(TO_GP)).then_no_finding(code)


def test_withholding_gives_its_reason() -> None:
    """Minutes withheld for no recorded reason are a finding (R157)."""
    ask = WithholdMinutes(conference=CONFERENCE, role=Code("adult"))
    history = held(DRAFTED, APPROVED)
    history.when(ask).then_finding("withheld_unexplained")
    reasoned = replace(ask, reason=Code("raises_risk"))
    history.when(reasoned).then_no_finding("withheld_unexplained")
    told = replace(ask, rationale=words("He opens her post."))
    history.when(told).then_no_finding("withheld_unexplained")


def test_a_reason_given_later_explains_what_was_withheld() -> None:
    """Who is refused again with the reason is refused for it; nobody else is (R157)."""
    bare = MinutesWithheld(conference=CONFERENCE, role=Code("adult"), reason=Code("not_recorded"))
    said = replace(bare, reason=Code("raises_risk"))
    code = "withheld_unexplained"
    held(DRAFTED, APPROVED, bare, said).then_no_finding(code)
    held(DRAFTED, APPROVED, bare, replace(said, role=Code("gp"))).then_finding(code)
    ours, theirs = (
        replace(bare, role=Code("police"), organisation=one) for one in (POLICE, HEALTH)
    )
    held(DRAFTED, APPROVED, ours, replace(theirs, reason=said.reason)).then_finding(code)
    held(DRAFTED, APPROVED, said, bare).then_finding(code)


def test_an_adult_who_came_has_the_minutes() -> None:
    """Minutes neither shared with nor withheld from an adult who attended are a finding (R164)."""
    history = held(DRAFTED, APPROVED)
    history.when(send(TO_GP)).then_finding("adult_without_minutes")
    history.when(send(TO_GP, TO_ADULT)).then_no_finding("adult_without_minutes")
    refused = MinutesWithheld(conference=CONFERENCE, role=Code("adult"), reason=Code("raises_risk"))
    held(DRAFTED, APPROVED, refused, sent(TO_GP)).then_no_finding("adult_without_minutes")


def test_the_adults_copy_covers_the_parts_they_attended() -> None:
    """The adult's copy of a part they were not in, not redacted, is a finding (R165, G5)."""
    first = Part(
        number=1,
        reason=Code("third_party_information"),
        professionals_only=True,
        attendances=(attendance("chair"),),
    )
    second = replace(a_held_conference().parts[0], number=2, reason=Code("with_adult"))
    meeting = replace(a_held_conference(), parts=(first, second), minutes_due=DUE)
    history = given(a_referral(), a_conference(), at("2026-11-23", meeting), DRAFTED, APPROVED)
    redact = ProduceRedactedCopy(
        conference=CONFERENCE,
        source=MASTER,
        copy=COPY,
        redactions=(Redaction(ground=Code("third_party"), part=1),),
    )
    code = "part_not_attended"

    history.when(send(TO_ADULT)).then_finding(code)
    history.when(send(replace(TO_ADULT, parts=(1, 2)))).then_finding(code)
    history.when(send(replace(TO_ADULT, parts=(2,)))).then_finding(code)  # the same bytes
    history.when(send(replace(TO_ADULT, parts=(2,), copy=COPY))).then_no_finding(code)
    history.when(redact).when(send(replace(TO_ADULT, copy=COPY))).then_no_finding(code)


@pytest.mark.parametrize(
    ("redaction", "whole"),
    [
        (Redaction(ground=Code("third_party"), part=2), True),
        (Redaction(ground=Code("third_party"), sections=(Code("pach"),)), True),
        (Redaction(ground=Code("part_not_attended"), part=2), True),
        (Redaction(ground=Code("third_party"), part=1, passages=(3,)), False),
        (Redaction(ground=Code("part_not_attended"), place=words("The first part.")), False),
    ],
)
def test_what_is_left_out_is_of_the_part(redaction: Redaction, *, whole: bool) -> None:
    """A copy that leaves something else out covers the part no less (R165, G5)."""
    code = "part_not_attended"
    cut = RedactedCopyProduced(
        conference=CONFERENCE, source=MASTER, copy=COPY, redactions=(redaction,)
    )
    apart = in_two_parts(attendance("chair")).also(cut)
    outcome = apart.when(send(replace(TO_ADULT, copy=COPY)))
    if whole:
        outcome.then_finding(code, severity="high")  # the first was for professionals only
    else:
        outcome.then_no_finding(code)


def test_a_part_that_nobody_is_named_in_is_a_part() -> None:
    """A part of which no attendance is recorded is beyond whoever was in another (R164, R165).

    Less grave where it was not for professionals only.
    """
    code = "part_not_attended"
    in_two_parts().when(send(TO_ADULT)).then_finding(code, severity="high")
    open_to_all = in_two_parts(apart=False)
    open_to_all.when(send(TO_ADULT)).then_finding(code, severity="medium")
    open_to_all.when(send(replace(TO_ADULT, parts=(2,), copy=COPY))).then_no_finding(code)
    for said in ((2,), (1,), (9,)):  # the bytes of the master are the whole of it
        whole = replace(TO_ADULT, parts=said)
        in_two_parts().when(send(whole)).then_finding(code, severity="high")


def test_minutes_go_round_after_closing() -> None:
    """A closed case still takes its minutes, their approval and their circulation (I14)."""
    closed = held(DRAFTED, at("2026-12-01", a_closure()))
    approve = ApproveMinutes(
        conference=CONFERENCE, document=DOCUMENT, master=MASTER, approved_by=CHAIR
    )
    outcome = closed.when(approve, on="2026-12-04")
    outcome.then_recorded(MinutesApproved)
    outcome.when(send(TO_GP), on="2026-12-04").then_recorded(MinutesCirculated)


def test_circulation_carries_the_day_it_was_due() -> None:
    """What was sent says by when it was due, as the meeting had stored it (R156)."""
    event = held(DRAFTED, APPROVED).when(send(TO_GP)).events[0]
    assert isinstance(event, MinutesCirculated)
    assert event.due == DUE


def test_there_are_no_minutes_of_a_conference_never_called() -> None:
    """Minutes of a conference this case does not have are not found."""
    ask = DraftMinutes(conference=ConferenceRef(ref(599)), document=DOCUMENT)
    held().when(ask).then_not_found()


def in_two_parts(*first: Attendance, apart: bool = True) -> Given:
    """Begin with approved minutes of a meeting in two parts, the first with these people."""
    before = Part(
        number=1, reason=Code("pach_actions"), professionals_only=apart, attendances=first
    )
    gp = replace(attendance("gp", HEALTH), participant=PARTICIPANT)
    whole = a_held_conference(CONFERENCE, gp).parts[0]
    second = replace(whole, number=2, reason=Code("with_adult"))
    meeting = replace(a_held_conference(), parts=(before, second), minutes_due=DUE)
    return given(a_referral(), a_conference(), at("2026-11-23", meeting), DRAFTED, APPROVED)


def test_anybodys_copy_covers_the_parts_they_attended() -> None:
    """A copy of a part its recipient was not in, not redacted, is a finding (R157, R165, G5)."""
    code = "copy_beyond_parts"
    history = in_two_parts(attendance("chair"))
    history.when(send(TO_GP)).then_finding(code, severity="high")
    history.when(send(replace(TO_GP, parts=(2,)))).then_finding(code, severity="high")
    history.when(send(replace(TO_GP, parts=(2,), copy=COPY))).then_no_finding(code)
    open_to_all = in_two_parts(attendance("chair"), apart=False)
    open_to_all.when(send(TO_GP)).then_finding(code, severity="medium")
    there = in_two_parts(replace(attendance("gp", HEALTH), participant=PARTICIPANT))
    there.when(send(TO_GP)).then_no_finding(code)
    absent = replace(TO_GP, participant=ParticipantRef(ref(56)))  # of the absent the chair decides
    history.when(send(absent)).then_finding(code, severity="high")
