"""What is due in a case by a date of another that is read in it, once that date is corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from domain import case as cases
from domain.concern import ReceiveReferral
from domain.correction import CorrectRecord
from domain.enquiry import OpenEnquiry
from domain.feedback import AssignFeedback
from domain.joining import CaseMerged, CaseUnmerged
from domain.jurisdictions.england import ENGLAND
from domain.reading import readers_as_they_stand, replayed, understood
from domain.sitting import HoldConference
from domain.stage import Context, Looking
from domain.when import on_day
from domain.words import Code, Fact
from tests.controls import (
    ACTOR,
    ADULT,
    CALENDARS,
    CASE,
    CONFERENCE,
    ENQUIRY,
    OFFICER,
    OTHER_CASE,
    a_conference,
    an_allegation,
)
from tests.given import at, given
from tests.spec.governing.test_reading_as_one import leading, merged_into

RULES = ("I12", "L5", "R150", "R182", "R198")

DAY = date(2026, 9, 7)  # a Monday with no holiday near
WEEK = timedelta(weeks=1)
LATER = date(2026, 11, 2)
MOVED = CorrectRecord(target=1, reason=Code("entered_wrongly"), occurred=on_day(DAY - WEEK))
OPENED = OpenEnquiry(enquiry=ENQUIRY, kind=Code("section_42"), opened_on=DAY + WEEK)


class Record:
    """Two cases, of which the other is read in the first: asked one after another."""

    def __init__(self) -> None:
        self.streams: dict[UUID, list[Fact[Any]]] = {CASE: [], OTHER_CASE: []}
        self.position = 0

    def tell(self, case: UUID, day: date, *events: object) -> None:
        """Record events in a case."""
        facts = given(*(at(day, one) for one in events), jurisdiction=ENGLAND).facts
        for fact in facts:
            self.position += 1
            version = len(self.streams[case]) + 1
            placed = replace(fact, stream=case, version=version, position=self.position)
            self.streams[case].append(placed)

    def ask(self, case: UUID, day: date, command: Any) -> None:  # noqa: ANN401
        """Ask something of a case as it is read."""
        now = datetime.combine(day, time(17), tzinfo=UTC)
        context = Context(
            now=now,
            today=day,
            occurred=on_day(day),
            actor=ACTOR,
            performed_by=ACTOR.worker,
            jurisdiction=ENGLAND,
            calendar=CALENDARS["england"],
        )
        of = replayed(case, self.streams) if self.streams[case] else cases.initial
        self.tell(case, day, *cases.decide(command, of, context))

    def merge(self, day: date) -> None:
        """Read the other case in the first."""
        self.tell(CASE, day, leading(OTHER_CASE))
        self.tell(OTHER_CASE, day, merged_into(CASE))

    def part(self, day: date) -> None:
        """Read the two apart again."""
        for case, other, place in ((CASE, OTHER_CASE, "leading"), (OTHER_CASE, CASE, "merged")):
            merge = max(
                fact.version
                for fact in self.streams[case]
                if isinstance(fact.event, CaseMerged) and fact.event.other == other
            )
            self.tell(case, day, CaseUnmerged(other=other, place=Code(place), merge=merge))

    def due(self, version: int = -1) -> Any:  # noqa: ANN401
        """Give by when an entry of the first case, the last, is due as now understood."""
        return understood(self.streams)[CASE][version].event.due

    def overdue(self, code: str, on: date) -> list[date | None]:
        """Give by when what is criticised so in the first case was due."""
        looking = Looking(on=on, jurisdiction=ENGLAND)
        found = cases.findings(replayed(CASE, self.streams), looking)
        return [one.due for one in found if one.code == code]


def received(record: Record, case: UUID, day: date) -> None:
    """Receive a referral."""
    alleged = (an_allegation(),) if case == OTHER_CASE else ()
    ask = ReceiveReferral(adult=ADULT, received=on_day(day), allegations=alleged)
    record.ask(case, day, ask)


def enquired() -> Record:
    """Open an enquiry in the first case that answers the referral of the other."""
    record = Record()
    received(record, OTHER_CASE, DAY)
    received(record, CASE, DAY + WEEK)
    record.merge(DAY + WEEK)
    record.ask(CASE, DAY + WEEK, OPENED)
    return record


def test_what_is_due_follows_a_date_corrected_in_the_case_it_was_counted_from() -> None:
    """An enquiry of the leading case is due, and overdue, by the corrected day of the referral."""
    record = enquired()
    stored = record.due()
    assert stored.start == DAY
    record.ask(OTHER_CASE, LATER, MOVED)
    now = record.due()
    assert (now.start, now.on, now.supersedes) == (DAY - WEEK, stored.on - WEEK, stored)
    assert now.corrected_by == record.position
    assert record.overdue("enquiry_overdue", stored.on) == [now.on]


def test_of_a_referral_withdrawn_in_the_other_case_it_is_due_by_what_stands() -> None:
    """Withdrawn, the enquiry goes by the referral of its own case; standing again, as before."""
    record = enquired()
    stored = record.due()
    gone = replace(MOVED, occurred=None, withdrawn=True)
    record.ask(OTHER_CASE, LATER, gone)
    assert record.due().start == DAY + WEEK
    back = replace(MOVED, occurred=None, supersedes=len(record.streams[OTHER_CASE]))
    record.ask(OTHER_CASE, LATER, back)
    assert record.due() == stored


def test_the_later_of_two_corrections_in_two_cases_says_what_is_due() -> None:
    """One of the enquiry itself, which is counted from the other's referral, moves nothing."""
    record = enquired()
    own = replace(MOVED, target=len(record.streams[CASE]), occurred=on_day(DAY + 2 * WEEK))
    record.ask(CASE, LATER, own)
    assert record.due(2).start == DAY
    record.ask(OTHER_CASE, LATER, MOVED)
    assert record.due(2).start == DAY - WEEK
    record.ask(CASE, LATER, replace(own, supersedes=len(record.streams[CASE])))
    assert record.due(2).start == DAY - WEEK


def test_feedback_assigned_after_a_meeting_of_the_other_case_follows_that() -> None:
    """Whoever tells the adult does so by the corrected day of the meeting that was held there."""
    record = Record()
    received(record, CASE, DAY)
    received(record, OTHER_CASE, DAY)
    record.tell(OTHER_CASE, DAY, a_conference(DAY.isoformat()))
    record.ask(OTHER_CASE, DAY, HoldConference(conference=CONFERENCE, parts=()))
    record.merge(DAY + WEEK)
    tell = AssignFeedback(conference=CONFERENCE, audience=Code("adult"), assignee=OFFICER)
    record.ask(CASE, DAY + WEEK, tell)
    assert record.due().start == DAY
    record.ask(OTHER_CASE, LATER, replace(MOVED, target=3))
    assert record.due().start == DAY - WEEK


def test_what_is_counted_after_two_cases_are_joined_goes_by_corrections_of_before() -> None:
    """A referral corrected before its case was read here is counted from its corrected day."""
    record = Record()
    received(record, OTHER_CASE, DAY)
    record.ask(OTHER_CASE, DAY + WEEK, MOVED)
    received(record, CASE, DAY + WEEK)
    record.merge(DAY + WEEK)
    record.ask(CASE, DAY + WEEK, OPENED)
    assert record.due().start == DAY - WEEK


def test_what_was_counted_before_two_cases_were_joined_is_its_own() -> None:
    """A referral of the same day, of a case merged later, is not what an enquiry goes by.

    Nor, once they are read apart again, is one that it was counted from.
    """
    record = Record()
    received(record, OTHER_CASE, DAY)
    received(record, CASE, DAY)
    record.ask(CASE, DAY + WEEK, OPENED)
    record.merge(DAY + WEEK)
    record.ask(OTHER_CASE, LATER, MOVED)
    assert record.streams[OTHER_CASE][-1].event.dues[-1].of > 0
    assert record.due(1).start == DAY

    parted = enquired()
    parted.part(LATER)
    parted.ask(OTHER_CASE, LATER, MOVED)
    assert parted.due(2).start == DAY


def test_a_date_corrected_while_two_cases_are_apart_counts_once_they_are_one_again() -> None:
    """Counted while they were one, it is due by what is understood once they are one again."""
    record = enquired()
    record.part(LATER)
    record.ask(OTHER_CASE, LATER, MOVED)
    record.merge(LATER)
    assert record.due(2).start == DAY - WEEK
    record.part(LATER)
    assert record.due(2).start == DAY - WEEK  # as it was when they were parted


def test_what_two_cases_had_as_they_were_parted_stays_while_they_are_apart() -> None:
    """Moved while they were one, it stays so whatever is corrected in the other meanwhile."""
    record = enquired()
    record.ask(OTHER_CASE, LATER, MOVED)
    record.part(LATER)
    for day in (DAY - 2 * WEEK, DAY):
        last = max(
            fact.version for fact in record.streams[OTHER_CASE] if hasattr(fact.event, "target")
        )
        record.ask(OTHER_CASE, LATER, replace(MOVED, occurred=on_day(day), supersedes=last))
        assert record.due(2).start == DAY - WEEK
    record.merge(LATER)
    assert record.due(2).start == DAY


def test_only_what_was_counted_while_two_cases_were_one_follows() -> None:
    """Joined again, an enquiry of their first time as one follows; one from between does not."""
    record = enquired()
    record.part(LATER)
    record.merge(LATER)
    record.ask(OTHER_CASE, LATER, MOVED)
    assert record.due(2).start == DAY - WEEK

    between = Record()
    received(between, OTHER_CASE, DAY)
    received(between, CASE, DAY)
    between.merge(DAY)
    between.part(DAY)
    between.ask(CASE, DAY + WEEK, OPENED)
    between.merge(DAY + WEEK)
    between.ask(OTHER_CASE, LATER, MOVED)
    assert between.due(3).start == DAY


def test_a_correction_is_held_to_the_cases_that_it_may_move_something_in() -> None:
    """Of a case that is read in another, the version of that other is known as it is decided."""
    record = enquired()

    class Kept:
        def facts(self, case: UUID, *, as_at: int | None = None) -> list[Fact[Any]]:
            assert as_at is None
            return record.streams[case]

    stands = {
        one: readers_as_they_stand(Kept(), one, record.streams[one]) for one in record.streams
    }
    assert stands == {CASE: {}, OTHER_CASE: {CASE: len(record.streams[CASE])}}
