"""One approved master by its digest: what was handed in, what was approved, what was sent."""

from __future__ import annotations

from dataclasses import replace

from domain.corrected import standing
from domain.correction import RecordCorrected
from domain.minutes import (
    MinutesApproved,
    MinutesCirculated,
    MinutesDrafted,
    Recipient,
    RedactedCopyProduced,
    Redaction,
)
from domain.words import Code, Digest, DocumentRef
from tests.controls import (
    CHAIR,
    CONFERENCE,
    POLICE,
    a_conference,
    a_held_conference,
    a_referral,
    ref,
)
from tests.given import Given, at, given

RULES = ("R152", "R157", "R165")

MINUTES = DocumentRef(ref(90))
MASTER, COPY, OTHER = Digest("a" * 64), Digest("b" * 64), Digest("c" * 64)
DRAFTED = MinutesDrafted(
    conference=CONFERENCE, document=MINUTES, form=Code("multi_agency"), digest=MASTER
)
APPROVED = MinutesApproved(
    conference=CONFERENCE, document=MINUTES, master=MASTER, approved_by=CHAIR
)
TO_POLICE = Recipient(role=Code("police"), organisation=POLICE, copy=MASTER, source=MASTER)
REDACTED = RedactedCopyProduced(
    conference=CONFERENCE,
    source=MASTER,
    copy=COPY,
    redactions=(Redaction(ground=Code("third_party"), passages=(1,)),),
)


def sent(*recipients: Recipient) -> MinutesCirculated:
    """Give copies that went to these."""
    return MinutesCirculated(conference=CONFERENCE, recipients=recipients, outside=False, due=None)


def held(*more: object) -> Given:
    """Begin with a conference held on 23 November, and these."""
    return given(a_referral(), a_conference(), at("2026-11-23", a_held_conference()), *more)


def test_what_is_approved_was_handed_in() -> None:
    """Minutes approved under a digest no draft was handed in with are not kept here (R152)."""
    code = "master_not_kept"
    held(DRAFTED, APPROVED).then_no_finding(code)
    held(APPROVED).then_finding(code, severity="low")
    held(replace(DRAFTED, digest=None), APPROVED).then_finding(code)
    held(APPROVED, DRAFTED).then_no_finding(code)


def test_what_is_approved_is_what_was_handed_in() -> None:
    """Minutes approved with another digest than their draft are a finding, until mended (R152)."""
    code = "approved_not_as_drafted"
    other = replace(DRAFTED, digest=OTHER)
    held(other, APPROVED).then_finding(code, severity="medium")
    held(other, APPROVED).then_no_finding("master_not_kept")
    held(DRAFTED, APPROVED).then_no_finding(code)
    held(other, DRAFTED, APPROVED).then_no_finding(code)
    held(other, APPROVED, replace(APPROVED, master=OTHER)).then_no_finding(code)


def test_a_copy_is_of_minutes_that_stand_as_approved() -> None:
    """A copy that went under an approval since withdrawn is a finding (R152, R157)."""
    code = "circulated_not_the_master"
    history = held(DRAFTED, APPROVED, sent(TO_POLICE))
    history.then_no_finding(code)
    withdrawn = RecordCorrected(
        target=5,
        supersedes=None,
        reason=Code("entered_wrongly"),
        asked_by=Code("worker"),
        withdrawn=True,
    )
    told = held(DRAFTED, APPROVED, sent(TO_POLICE), withdrawn)
    understood = replace(told, facts=standing(told.facts))
    understood.then_finding(code, severity="high")
    draft = sent(replace(TO_POLICE, unapproved_draft=True))
    held(DRAFTED, draft).then_no_finding(code)
    late = held(DRAFTED, APPROVED, sent(TO_POLICE), replace(APPROVED, master=OTHER))
    late.then_no_finding(code)


def test_a_copy_that_differs_says_what_it_leaves_out() -> None:
    """A copy neither the master nor a redacted copy made of it is a finding (R152, R165)."""
    code = "copy_unaccounted_for"
    cut = sent(replace(TO_POLICE, copy=COPY))
    held(DRAFTED, APPROVED, sent(TO_POLICE)).then_no_finding(code)
    held(DRAFTED, APPROVED, REDACTED, cut).then_no_finding(code)
    held(DRAFTED, APPROVED, cut).then_finding(code, severity="low")
    again = replace(APPROVED, master=OTHER)
    of_other = sent(replace(TO_POLICE, copy=COPY, source=OTHER))
    held(DRAFTED, APPROVED, REDACTED, again, of_other).then_finding(code)
