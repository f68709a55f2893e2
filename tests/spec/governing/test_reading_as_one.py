"""Cases read as one: which entries of others are read in a case, and which of its own are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from domain import joined
from domain.allocation import CaseAllocated
from domain.case import replay
from domain.drafting import MinutePassageAttested, MinutePassageWritten
from domain.joining import CaseMerged, CaseSplit
from domain.minutes import MinutesDrafted
from domain.plan import PlanNotAgreed
from domain.reading import joined_facts
from domain.words import CaseRef, Code, DocumentRef, Fact, Slug
from tests.controls import (
    CASE,
    CONFERENCE,
    MANAGER,
    OTHER_CASE,
    SECOND_ALLEGATION,
    a_conference,
    a_held_conference,
    a_referral,
    a_risk,
    an_allegation,
    an_enquiry,
    ref,
    words,
)
from tests.given import given

THIRD_CASE, FOURTH_CASE = CaseRef(ref(3)), CaseRef(ref(4))
HELD = CaseAllocated(worker=MANAGER, team=Slug("south-team"), reason=Code("not_recorded"))


def stream(case: CaseRef, after: int, *events: object) -> list[Fact[Any]]:
    """Give the facts of a case, recorded at the positions after one."""
    facts = given(*events).facts
    return [replace(one, stream=case, position=one.position + after) for one in facts]


def merged_into(case: CaseRef) -> CaseMerged:
    """Give what a case records that is read in another from here on."""
    return CaseMerged(other=case, place=Code("merged"), reason=Code("one_adult"))


def leading(case: CaseRef) -> CaseMerged:
    """Give what the case records that the other is read in."""
    return CaseMerged(other=case, place=Code("leading"), reason=Code("one_adult"))


def test_whatever_is_joined_to_what_is_joined_is_gathered() -> None:
    """A case is read with those joined to it, and with those joined to them, each once (R150)."""
    record = {
        CASE: stream(CASE, 0, a_referral(), leading(OTHER_CASE), leading(FOURTH_CASE)),
        FOURTH_CASE: stream(FOURTH_CASE, 5, a_referral(), merged_into(CASE)),
        OTHER_CASE: stream(OTHER_CASE, 10, a_referral(), merged_into(CASE), leading(THIRD_CASE)),
        THIRD_CASE: stream(THIRD_CASE, 20, a_referral(), an_enquiry(), merged_into(OTHER_CASE)),
    }
    asked = list[Any]()

    class Kept:
        def facts(self, case: Any, *, as_at: int | None) -> list[Fact[Any]]:  # noqa: ANN401
            assert as_at is None
            asked.append(case)
            return record[case]

    kept: Any = Kept()
    streams = joined_facts(kept, CASE, record[CASE])
    assert streams == record
    assert sorted(asked) == sorted([OTHER_CASE, THIRD_CASE, FOURTH_CASE])
    read = joined.read(CASE, streams)
    assert replay(read.facts, read.elsewhere).enquiry_open
    alone = joined_facts(kept, CASE, record[CASE][:1])
    assert alone == {CASE: record[CASE][:1]}


def test_an_entry_of_another_case_has_no_version_here() -> None:
    """What is read of others stands in the order recorded, under versions no entry here has."""
    streams: dict[UUID, list[Fact[Any]]] = {
        CASE: stream(CASE, 0, a_referral(), leading(OTHER_CASE), a_risk()),
        OTHER_CASE: stream(OTHER_CASE, 1, an_enquiry(), merged_into(CASE)),
    }
    streams[CASE] = [replace(one, position=one.position * 3) for one in streams[CASE]]
    read = joined.read(CASE, streams)
    assert [(one.position, one.version) for one in read.facts] == [(2, -2), (3, 1), (6, 2), (9, 3)]
    assert read.elsewhere == frozenset()


def test_minutes_read_in_another_case_record_and_attest_what_they_did() -> None:
    """The entries that a draft records, and a chair attests, are the same where they are read."""
    passage = MinutePassageWritten(
        conference=CONFERENCE,
        number=1,
        section=Code("discussion"),
        text=words("The rota was talked over."),
        origin=Code("typed"),
        written_by=MANAGER,
    )
    attested = MinutePassageAttested(
        conference=CONFERENCE, numbers=(1,), versions=(5,), attested_by=MANAGER
    )
    found = PlanNotAgreed(
        conference=CONFERENCE, disagreed=Code("not_recorded"), reason=words("The rota.")
    )
    drafted = MinutesDrafted(
        conference=CONFERENCE,
        document=DocumentRef(ref(90)),
        form=Code("multi_agency"),
        decisions=(4,),
    )
    meeting = (a_referral(), a_conference(), a_held_conference(), found, passage)
    own = stream(OTHER_CASE, 10, *meeting, attested, drafted, merged_into(CASE))
    streams: dict[UUID, list[Fact[Any]]] = {
        CASE: stream(CASE, 0, a_referral(), leading(OTHER_CASE)),
        OTHER_CASE: own,
    }
    read = joined.read(CASE, streams)
    case = replay(read.facts, read.elsewhere)
    assert case.drafting.drafts[CONFERENCE].passages[1].attested
    assert case.written_up[CONFERENCE].decisions == case.decided_at(CONFERENCE) == (-14,)


def test_what_was_split_off_is_read_there_and_here_no_more() -> None:
    """The entries named in a split are read in the other case; what governs one alone stays."""
    split = CaseSplit(
        other=OTHER_CASE, place=Code("from"), reason=Code("wrong_case"), entries=(2, 3)
    )
    streams: dict[UUID, list[Fact[Any]]] = {
        CASE: stream(CASE, 0, a_referral(), an_enquiry(), HELD, a_risk(), split),
        OTHER_CASE: stream(
            OTHER_CASE, 10, a_referral("2026-11-02", replace(an_allegation(1))), HELD
        ),
    }
    here, there = joined.read(CASE, streams), joined.read(OTHER_CASE, streams)
    assert here.elsewhere == {2, 3}
    assert [type(one.event).__name__ for one in there.facts] == [
        "EnquiryOpened",
        "ReferralReceived",
        "CaseAllocated",
    ]
    case = replay(there.facts, there.elsewhere)
    assert case.enquiry_open
    assert set(case.allegations) == {SECOND_ALLEGATION}
    assert not replay(here.facts, here.elsewhere).enquiry_open
