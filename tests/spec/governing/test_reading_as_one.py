"""Cases read as one: which entries of others are read in a case, and which of its own are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from domain import joined
from domain.allocation import CaseAllocated
from domain.case import findings, replay
from domain.closure import CaseReopened
from domain.concern import ReferralReceived
from domain.correction import EntryAnnotated, RecordCorrected
from domain.drafting import MinutePassageAttested, MinutePassageWritten
from domain.finding import Finding
from domain.forward import CaseBroughtForward
from domain.joining import FROM, CaseMerged, CaseSplit
from domain.jurisdictions.england import ENGLAND
from domain.minutes import MinutesDrafted
from domain.plan import PlanNotAgreed
from domain.plan_copies import ReleasePermitted
from domain.reading import joined_facts, replayed
from domain.stage import Looking
from domain.tabling import ReportRecipient, ReportShared, ReportSharePermitted
from domain.words import (
    CaseRef,
    Code,
    DocumentRef,
    Due,
    ExternalReference,
    Fact,
    Slug,
)
from tests.controls import (
    ADULT,
    CASE,
    CONFERENCE,
    DAY,
    MANAGER,
    OTHER_CASE,
    REPORT,
    SECOND_ALLEGATION,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    a_risk,
    an_allegation,
    an_enquiry,
    ref,
    words,
)
from tests.given import at, given
from tests.raised import hold_finding

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


def corrected(target: int) -> RecordCorrected:
    """Give a correction that says what is now understood of an entry."""
    return RecordCorrected(
        target=target,
        supersedes=None,
        reason=Code("entered_wrongly"),
        asked_by=Code("worker"),
        understood=words("Otherwise."),
    )


def test_a_case_is_read_in_a_third_from_the_later_of_two_merges() -> None:
    """By way of another it is read from where the last of the two merges came to be (R150)."""
    merged = stream(CASE, 10, a_referral(), merged_into(OTHER_CASE))
    for after, since in ((0, 12), (20, 22)):
        on = stream(OTHER_CASE, after, a_referral(), merged_into(THIRD_CASE))
        record: dict[UUID, list[Fact[Any]]] = {CASE: merged, OTHER_CASE: on}
        (third,) = joined.while_read(CASE, THIRD_CASE, record)
        (other,) = joined.while_read(CASE, OTHER_CASE, record)
        assert (third.since, third.until, other.since) == (since, None, 12)
        assert joined.while_read(THIRD_CASE, CASE, record) == ()
    gone = CaseSplit(other=FOURTH_CASE, place=FROM, reason=Code("wrong_person"), entries=(1,))
    on = stream(OTHER_CASE, 30, a_referral(), gone, merged_into(THIRD_CASE))
    split: dict[UUID, list[Fact[Any]]] = {CASE: merged, OTHER_CASE: on}
    (third,) = joined.while_read(CASE, THIRD_CASE, split)
    assert third.since == 33  # whatever was split off before


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


BREACH = "report_shared_without_permission"
TO_GP = ReportRecipient(role=Code("gp"), name=words("The family's doctor"))
ALLOWED = ReportSharePermitted(
    conference=CONFERENCE, report=REPORT, recipient=TO_GP, permitted_by=MANAGER
)
RELEASE = ReleasePermitted(what=Code("report"), role=Code("gp"), basis=Code("chairs_permission"))


def shared_in_merged(permission: object, number: int, *own: object) -> set[str]:
    """Give what is criticised where a case is read whose report was shared by an entry of its own.

    The permission is its version 4; `own` is recorded in the case it is read in, from version 2.
    """
    shared = ReportShared(
        conference=CONFERENCE, report=REPORT, recipient=TO_GP, permission=number, outside=True
    )
    meeting = (a_referral(), a_conference(), a_held_conference(), permission, shared)
    streams: dict[UUID, list[Fact[Any]]] = {
        CASE: stream(CASE, 0, a_referral(), *own, leading(OTHER_CASE)),
        OTHER_CASE: stream(OTHER_CASE, 10, *meeting, merged_into(CASE)),
    }
    return set(criticised(CASE, streams))


def test_a_permission_named_in_a_merged_case_is_that_of_its_own_case() -> None:
    """What was shared by permission was so where it is read too; a namesake permits nothing (R23).

    The numbers by which an entry names others are those of the case it was recorded in.
    """
    for permission in (ALLOWED, RELEASE):
        assert BREACH not in shared_in_merged(permission, 4)
        assert BREACH in shared_in_merged(permission, 3)
    assert BREACH in shared_in_merged(a_risk(), 4, RELEASE, RELEASE, RELEASE)


def test_an_entry_withdrawn_where_it_was_recorded_is_named_nowhere() -> None:
    """What names an entry that was withdrawn names none of the case it is read in (I12)."""
    shared = ReportShared(
        conference=CONFERENCE, report=REPORT, recipient=TO_GP, permission=4, outside=True
    )
    meeting = (a_referral(), a_conference(), a_held_conference(), RELEASE, shared)
    told = stream(OTHER_CASE, 10, *meeting, merged_into(CASE))
    streams: dict[UUID, list[Fact[Any]]] = {
        CASE: stream(CASE, 0, a_referral(), RELEASE, RELEASE, RELEASE, leading(OTHER_CASE)),
        OTHER_CASE: [one for one in told if one.version != 4],
    }
    (read,) = (
        one for one in joined.read(CASE, streams).facts if isinstance(one.event, ReportShared)
    )
    assert read.event.permission == joined.NOWHERE
    assert BREACH in criticised(CASE, streams)


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


def test_what_is_noted_beside_an_entry_is_read_wherever_that_is() -> None:
    """Notes and corrections of an entry are told in the case that reads it; of no other (R150)."""

    def note(target: int) -> EntryAnnotated:
        return EntryAnnotated(target=target, kind=Code("significance"), text=words("Missed."))

    told = (a_referral(), HELD, a_risk(), note(3), corrected(4), note(2), corrected(1))
    streams: dict[UUID, list[Fact[Any]]] = {
        CASE: stream(CASE, 0, a_referral(), note(1), leading(OTHER_CASE)),
        OTHER_CASE: stream(OTHER_CASE, 10, *told, merged_into(CASE)),
    }
    assert [one.version for one in joined.beside_brought(CASE, streams)] == [4, 5, 7]
    assert joined.beside_brought(OTHER_CASE, streams) == []
    split = CaseSplit(other=OTHER_CASE, place=FROM, reason=Code("wrong_case"), entries=(3,))
    parted: dict[UUID, list[Fact[Any]]] = {
        CASE: stream(CASE, 0, *told, split),
        OTHER_CASE: stream(OTHER_CASE, 10, a_referral()),
    }
    assert [one.version for one in joined.beside_brought(OTHER_CASE, parted)] == [4, 5]


HIDDEN, LEADS = "merged_into_closed", "closed_case_leads_open"


def joined_to_closed(*after: object) -> dict[UUID, list[Fact[Any]]]:
    """Give a case closed before an open one is read in it, and what follows in the closed one."""
    return {
        CASE: stream(CASE, 10, a_referral(), an_enquiry(), a_risk(), merged_into(OTHER_CASE)),
        OTHER_CASE: [
            *stream(OTHER_CASE, 0, a_referral(), a_closure()),
            *stream(OTHER_CASE, 11, *[a_referral()] * 2, leading(CASE))[2:],
            *stream(OTHER_CASE, 12, *[a_referral()] * 3, *after)[3:],
        ],
    }


def criticised(
    case: CaseRef, streams: dict[UUID, list[Fact[Any]]], *, as_at: int = 100
) -> dict[str, Finding]:
    """Give what is criticised in a case, by its code, as known at a position."""
    known = {
        one: [fact for fact in facts if fact.position <= as_at] for one, facts in streams.items()
    }
    looking = Looking(on=date(2026, 12, 1), jurisdiction=ENGLAND)
    found = list(findings(replayed(case, known), looking))
    names = {fact.position: fact.header.name for facts in known.values() for fact in facts}
    for one in found:
        hold_finding(one, None if one.position is None else names[one.position])
    return {one.code: one for one in found}


def test_an_open_case_read_in_a_closed_one_is_named_in_both() -> None:
    """An open case that is read in one closed before is named in each, until one is open (R150)."""
    streams = joined_to_closed()
    assert criticised(CASE, streams)[HIDDEN].position == 14
    assert criticised(OTHER_CASE, streams)[LEADS].position == 14
    reopened = joined_to_closed(CaseReopened(reason=Code("new_information")))
    assert HIDDEN not in criticised(CASE, reopened)
    assert LEADS not in criticised(OTHER_CASE, reopened)
    for case, code in ((CASE, HIDDEN), (OTHER_CASE, LEADS)):
        assert code in criticised(case, reopened, as_at=14)
        assert code not in criticised(case, reopened, as_at=13)


def test_a_referral_joined_to_an_open_case_has_no_conference_of_its_own() -> None:
    """The time to a conference ends where the case comes to be read in an open one (R198)."""
    due = Due(on=date(2026, 11, 30), rule=Code("x"), start=DAY, calendar=Slug("y"))
    begun = replace(a_referral(), conference_due=due)
    streams = joined_to_closed()
    streams[CASE] = stream(CASE, 10, begun, an_enquiry(), a_risk(), merged_into(OTHER_CASE))
    assert "conference_overdue" in criticised(CASE, streams)
    open_one = {**streams, OTHER_CASE: [one for one in streams[OTHER_CASE] if one.version != 2]}
    assert "conference_overdue" not in criticised(CASE, open_one)
    assert "conference_overdue" in criticised(CASE, open_one, as_at=13)


def test_another_cases_referral_moves_no_day_of_this_one() -> None:
    """By when this case is decided, met on and assessed is counted from its own referral (R150)."""

    def by(on: date) -> ReferralReceived:
        due = Due(on=on, rule=Code("x"), start=DAY, calendar=Slug("y"))
        return replace(a_referral(), decision_due=due, conference_due=due, capacity_due=due)

    early, late = by(date(2026, 11, 9)), by(date(2027, 3, 1))
    streams: dict[UUID, list[Fact[Any]]] = {
        CASE: stream(CASE, 0, early, an_enquiry(), leading(OTHER_CASE)),
        OTHER_CASE: stream(OTHER_CASE, 10, late, merged_into(CASE)),
    }
    found = criticised(CASE, streams)
    for code in ("conference_overdue", "capacity_late"):
        assert found[code].due == date(2026, 11, 9), code
    read = joined.read(CASE, streams)
    due = replay(read.facts, read.elsewhere).decision_due
    assert due is not None
    assert due.on == date(2026, 11, 9)


def test_what_another_system_told_of_a_case_read_here_is_of_the_time_before() -> None:
    """Of a case brought forward and read in another, its entries of before stay so (R150)."""
    system = Slug("case-system")
    begun = CaseBroughtForward(
        adult=ADULT,
        reference=ExternalReference(system=system, id=words("S-1")),
        stage=Code("plan"),
        matters=(),
    )
    told = (at("2027-07-05", one, source=system) for one in (begun, an_enquiry()))
    own = given(*told).facts
    streams: dict[UUID, list[Fact[Any]]] = {
        OTHER_CASE: [
            *(replace(one, stream=OTHER_CASE, position=one.position + 10) for one in own),
            *stream(OTHER_CASE, 10, begun, an_enquiry(), merged_into(CASE))[2:],
        ],
        CASE: stream(CASE, 0, a_referral(), leading(OTHER_CASE)),
    }
    read = joined.read(CASE, streams)
    case = replay(read.facts, read.elsewhere)
    assert case.adult == ADULT
    assert case.told_before == {12}
    (one,) = case.forward.every
    assert (case.forward.own, one.system, one.at.position) == (None, system, 11)


def test_what_is_recorded_of_a_merged_case_breaks_the_silence_of_the_one_that_leads() -> None:
    """Entries of a case that is read in another were recorded too, and end silences (R150)."""
    first, later = date(2026, 1, 5), date(2026, 12, 1)
    other = given(
        at(first, a_referral()), at("2026-04-20", a_risk()), at("2026-08-10", a_risk())
    ).facts
    merged = given(at(later, merged_into(CASE))).facts[0]
    own = given(at(first, a_referral()), at(later, leading(OTHER_CASE))).facts
    streams: dict[UUID, list[Fact[Any]]] = {
        OTHER_CASE: [
            *(replace(one, stream=OTHER_CASE, position=one.version + 1) for one in other),
            replace(merged, stream=OTHER_CASE, position=5, version=4),
        ],
        CASE: [replace(own[0], position=1), replace(own[1], position=6)],
    }
    assert "nothing_recorded" not in criticised(CASE, streams)
    alone = {**streams, OTHER_CASE: streams[OTHER_CASE][:1]}
    assert "nothing_recorded" in criticised(CASE, alone, as_at=5)
    assert "nothing_recorded" not in criticised(OTHER_CASE, streams)


def test_a_case_that_leads_may_be_closed_in_its_turn() -> None:
    """Cases read as one are closed by the one that leads; one closed before is no loss (R150)."""
    streams: dict[UUID, list[Fact[Any]]] = {
        CASE: stream(CASE, 10, a_referral(), merged_into(OTHER_CASE)),
        OTHER_CASE: stream(OTHER_CASE, 20, a_referral(), leading(CASE), a_closure()),
    }
    assert HIDDEN not in criticised(CASE, streams)
    assert LEADS not in criticised(OTHER_CASE, streams)
    both_closed: dict[UUID, list[Fact[Any]]] = {
        CASE: stream(CASE, 10, a_referral(), a_closure(), merged_into(OTHER_CASE)),
        OTHER_CASE: stream(OTHER_CASE, 0, a_referral(), a_closure(), leading(CASE)),
    }
    assert HIDDEN not in criticised(CASE, both_closed)
    assert LEADS not in criticised(OTHER_CASE, both_closed)
