from __future__ import annotations

from dataclasses import replace

import pytest

from domain.action import SupportServiceAgreed
from domain.answering import CarerDisclosureDecided
from domain.determination import AbuseFinding
from domain.drafting import (
    AttestMinutePassage,
    KeepRawNotes,
    MinutePassageAttested,
    MinutePassageWritten,
    RawNotesKept,
    WriteMinutePassage,
)
from domain.jurisdictions.scotland import SCOTLAND
from domain.minutes import MinutesApproved, MinutesDrafted
from domain.monitoring import PachActionsReviewed
from domain.oversight import PlanChangeRatified
from domain.words import AmendmentRef, Code, ConferenceRef, Digest, DocumentRef, Slug
from tests.controls import (
    ALLEGATION,
    CHAIR,
    CONFERENCE,
    MINUTE_TAKER,
    PLAN,
    PRACTITIONER,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R16", "R150", "R152", "R153")

NOTES = DocumentRef(ref(91))
MINUTES = DocumentRef(ref(90))
MASTER = Digest("a" * 64)
KEPT = RawNotesKept(
    conference=CONFERENCE, document=NOTES, form=Code("handwritten"), kept_by=MINUTE_TAKER
)
TYPED = MinutePassageWritten(
    conference=CONFERENCE,
    number=1,
    section=Code("discussion"),
    text=words("The rota was talked over."),
    origin=Code("typed"),
    written_by=MINUTE_TAKER,
)
BY_TOOL = replace(TYPED, number=2, origin=Code("ai_drafted"), tool=Slug("north-drafter"))
DRAFTED = MinutesDrafted(conference=CONFERENCE, document=MINUTES, form=Code("multi_agency"))
APPROVED = MinutesApproved(
    conference=CONFERENCE, document=MINUTES, master=MASTER, approved_by=CHAIR
)


def held(*more: object) -> Given:
    """Begin with a conference held on 23 November, and these."""
    return given(a_referral(), a_conference(), at("2026-11-23", a_held_conference()), *more)


def attested(*numbers: int, version: int) -> MinutePassageAttested:
    """Give the chair's word for passages, written by the event of that version."""
    return MinutePassageAttested(
        conference=CONFERENCE, numbers=numbers, versions=(version,), attested_by=CHAIR
    )


def test_raw_notes_are_kept_as_they_were_taken() -> None:
    """The notes of a meeting are kept before anything is made of them, by whoever says so (R16)."""
    ask = KeepRawNotes(conference=CONFERENCE, document=NOTES, form=Code("handwritten"))
    held().when(ask).then(replace(KEPT, kept_by=PRACTITIONER))
    held().when(replace(ask, kept_by=MINUTE_TAKER)).then(KEPT)


def test_notes_not_kept_are_missed_after_a_day() -> None:
    """A meeting whose notes are not kept is criticised from the second day after it (R16)."""
    code = "raw_notes_not_kept"
    held().on("2026-11-24").then_no_finding(code)
    held().on("2026-11-25").then_finding(code, severity="low")
    held(KEPT).on("2026-12-25").then_no_finding(code)


def test_notes_are_kept_at_once() -> None:
    """Notes kept more than a day after the meeting are late, for good (R16)."""
    code = "raw_notes_late"
    held(at("2026-11-24", KEPT)).on("2027-01-01").then_no_finding(code)
    held(at("2026-11-25", KEPT)).on("2027-01-01").then_finding(code)
    unsure = held(at("2026-11-30", KEPT, occurred="unknown"))
    unsure.on("2027-01-01").then_no_finding(code)


def test_a_passage_says_how_it_was_made() -> None:
    """Each passage has its place, how it was made, by which tool and who wrote it (R150)."""
    ask = WriteMinutePassage(
        conference=CONFERENCE,
        number=2,
        text=TYPED.text,
        origin=Code("ai_drafted"),
        tool=Slug("north-drafter"),
        written_by=MINUTE_TAKER,
    )
    held().when(ask).then(BY_TOOL)
    event = held().when(replace(ask, written_by=None)).events[0]
    assert isinstance(event, MinutePassageWritten)
    assert event.written_by == PRACTITIONER


def test_a_passage_has_a_place() -> None:
    """A passage with no place of its own is refused; one of no conference is not found (I1)."""
    ask = WriteMinutePassage(conference=CONFERENCE, number=0, text=TYPED.text)
    held().when(ask).then_refused("I1", code="no_place")
    nowhere = replace(ask, number=1, conference=ConferenceRef(ref(599)))
    held().when(nowhere).then_not_found()
    unasked = replace(ask, number=1, amendment=AmendmentRef(ref(95)))
    held().when(unasked).then_not_found()


@pytest.mark.parametrize("tool", [None, Slug("north-drafter")])
def test_a_passage_of_unknown_making_is_criticised(tool: Slug | None) -> None:
    """How a passage was made, and by which tool where one drafted it, is asked for (R150)."""
    code = "passage_origin_missing"
    held(TYPED).then_no_finding(code)
    held(replace(TYPED, origin=Code("not_recorded"))).then_finding(code)
    by_tool = held(replace(BY_TOOL, tool=tool))
    by_tool.then_finding(code) if tool is None else by_tool.then_no_finding(code)


def test_whoever_attests_stands_by_the_wording() -> None:
    """A passage is attested as it is worded; written anew it stands for nobody again (R152)."""
    history = held(TYPED)
    ask = AttestMinutePassage(conference=CONFERENCE, numbers=(1,), attested_by=CHAIR)
    history.when(ask).then(attested(1, version=4))
    code = "passage_unattested"
    whole = held(TYPED, attested(1, version=4), DRAFTED, APPROVED)
    whole.then_no_finding(code)
    held(TYPED, DRAFTED, APPROVED).then_finding(code, severity="low")
    held(TYPED, attested(1, version=4), TYPED, DRAFTED, APPROVED).then_finding(code)
    held(TYPED, DRAFTED).then_no_finding(code)  # nothing is approved yet


def test_what_a_tool_drafted_is_attested_before_approval() -> None:
    """Approved minutes with a passage a tool drafted and nobody attested are criticised (R152)."""
    code = "drafted_passage_unattested"
    held(BY_TOOL, DRAFTED, APPROVED).then_finding(code, severity="medium")
    held(TYPED, DRAFTED, APPROVED).then_no_finding(code)
    held(BY_TOOL, attested(2, version=4), DRAFTED, APPROVED).then_no_finding(code)


def test_nobody_attests_what_is_not_written() -> None:
    """A passage that is not there, or none at all, is attested by nobody."""
    ask = AttestMinutePassage(conference=CONFERENCE, numbers=(1,))
    held().when(ask).then_not_found()
    held(TYPED).when(replace(ask, numbers=())).then_not_found()


def test_the_minutes_record_the_decisions() -> None:
    """A decision of the conference that the draft does not record is a finding (R153)."""
    found = AbuseFinding(
        conference=CONFERENCE,
        allegation=ALLEGATION,
        finding=Code("substantiated"),
        standard=Code("balance_of_probabilities"),
        rationale=words("Seen on two visits."),
        supersedes=None,
    )
    code = "decision_not_in_minutes"
    held(found).then_no_finding(code)  # there are no minutes yet
    held(found, DRAFTED).then_finding(code, severity="medium")
    held(found, replace(DRAFTED, decisions=(4,))).then_no_finding(code)
    held(found, replace(DRAFTED, decisions=(4,)), found).then_finding(code)


@pytest.mark.parametrize(
    ("event", "decides"),
    [
        (
            SupportServiceAgreed(
                conference=CONFERENCE, beneficiary=Code("adult"), service=Code("day_service")
            ),
            True,
        ),
        (
            PachActionsReviewed(
                conference=CONFERENCE, result=Code("more_needed"), adult_at_risk=Code("no")
            ),
            True,
        ),
        (
            PlanChangeRatified(
                plan=PLAN, change=1, conference=CONFERENCE, decision=Code("ratified")
            ),
            True,
        ),
        (
            CarerDisclosureDecided(  # which the managing officer decides: R167
                conference=CONFERENCE,
                decided_role=Code("managing_officer"),
                pach_information=Code("none"),
                basis=Code("none"),
            ),
            False,
        ),
    ],
)
def test_what_a_meeting_settles_is_a_decision_of_it(event: object, *, decides: bool) -> None:
    """A service, a change ratified, what was done about the person alleged: decisions (R153)."""
    meeting = at("2026-11-23", a_held_conference())
    history = given(a_referral(), a_conference(), meeting, event, DRAFTED, jurisdiction=SCOTLAND)
    (history.then_finding if decides else history.then_no_finding)("decision_not_in_minutes")


def test_minutes_are_made_after_closing() -> None:
    """A closed case still takes the notes and passages of its meetings (I14)."""
    closed = held(at("2026-12-01", a_closure()))
    ask = KeepRawNotes(conference=CONFERENCE, document=NOTES)
    closed.when(ask, on="2026-12-04").then_recorded(RawNotesKept)
    passage = WriteMinutePassage(conference=CONFERENCE, number=1, text=TYPED.text)
    closed.when(passage, on="2026-12-04").then_recorded(MinutePassageWritten)
