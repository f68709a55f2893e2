"""What is due follows a clock stopped, and what was withdrawn; what was stored stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.access_request import (
    AnswerSubjectAccessRequest,
    ExtendSubjectAccess,
    ReceiveSubjectAccessRequest,
    RestartSubjectAccessClock,
    StopSubjectAccessClock,
)
from domain.concern import LinkReferral
from domain.corrected import standing
from domain.correction import CorrectRecord
from domain.enquiry import OpenEnquiry
from domain.feedback import AssignFeedback
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.minutes import MinutesCirculated
from domain.sitting import HoldConference
from domain.when import on_day
from domain.words import Code, Digest
from tests.controls import CONFERENCE, ENQUIRY, OFFICER, words
from tests.given import Given, at
from tests.spec.correction.test_due_dates_follow import (
    DAY,
    HOLD,
    LATER,
    REQUEST,
    WEEK,
    called,
    found,
    held,
    move,
    received,
    told,
)
from tests.spec.governing.test_counted_from_the_closing import COUNTED, closed
from tests.spec.governing.test_open_and_kept import CLOSE, stands

RULES = ("I1", "I12", "L1", "L15", "R156", "R169")

STOP = StopSubjectAccessClock(request=REQUEST, reason=Code("clarification"))
RESTART = RestartSubjectAccessClock(request=REQUEST)
EXTEND = ExtendSubjectAccess(request=REQUEST, reason=Code("complex"), told=Code("yes"))
ANSWER = AnswerSubjectAccessRequest(request=REQUEST, outcome=Code("given"), digest=Digest("a" * 64))


def waited(*more: tuple[object, date]) -> Given:
    """A request (3), whose clock was stopped after a week (4), for a week (5), and these."""
    history = called(ENGLAND)
    asked = (
        (ReceiveSubjectAccessRequest(request=REQUEST), DAY),
        (STOP, DAY + WEEK),
        (RESTART, DAY + 2 * WEEK),
    )
    for ask, day in (*asked, *more):
        outcome = history.when(ask, on=day)
        assert outcome.error is None, outcome.error
        history = outcome.history
    return history


def withdraw(history: Given, target: int, *, supersedes: int | None = None) -> Given:
    """Say that an entry was not so."""
    ask = CorrectRecord(
        target=target, supersedes=supersedes, reason=Code("entered_wrongly"), withdrawn=True
    )
    outcome = history.when(ask, on=LATER)
    assert outcome.error is None, outcome.error
    return outcome.history


def restore(history: Given, target: int, supersedes: int) -> Given:
    """Say that an entry withdrawn before was so after all."""
    ask = CorrectRecord(
        target=target,
        supersedes=supersedes,
        reason=Code("entered_wrongly"),
        understood=words("It was so."),
    )
    return history.when(ask, on=LATER).history


def due(history: Given, version: int, field: str = "due") -> Any:  # noqa: ANN401 — or none
    """Give a due date as it is understood."""
    return next(
        getattr(one.event, field) for one in standing(history.facts) if one.version == version
    )


def test_a_clock_stopped_later_waited_less() -> None:
    """A stop or restart moved, or withdrawn, counts the days waited anew (L1)."""
    begun = waited()
    assert (due(begun, 3).on, due(begun, 5).on) == (date(2026, 10, 7), date(2026, 10, 14))
    assert due(move(begun, 4, DAY + WEEK + timedelta(days=5)), 5).on == date(2026, 10, 9)
    longer = move(begun, 5, DAY + 3 * WEEK)
    assert due(longer, 5).on == date(2026, 10, 21)
    assert due(longer, 5).supersedes == begun.facts[4].event.due
    assert due(withdraw(begun, 4), 5).on == date(2026, 10, 7)
    # And a request moved since counts by the clock as it is understood then.
    assert due(move(longer, 3, DAY - WEEK), 5).on == date(2026, 10, 14)


def test_what_comes_after_a_restart_follows_it() -> None:
    """An extension, and a later restart, are due without the days waited as now understood."""
    more = ((EXTEND, DAY + 3 * WEEK), (STOP, DAY + 4 * WEEK), (RESTART, DAY + 5 * WEEK))
    begun = waited(*more)
    assert (due(begun, 6).on, due(begun, 8).on) == (date(2026, 12, 14), date(2026, 12, 21))
    longer = move(begun, 5, DAY + 3 * WEEK)
    assert (due(longer, 6).on, due(longer, 8).on) == (date(2026, 12, 21), date(2026, 12, 29))
    plain = withdraw(begun, 6)
    assert (due(plain, 5).on, due(plain, 8).on) == (date(2026, 10, 14), date(2026, 10, 21))
    # Without the restart, the clock stood until the next.
    stood = withdraw(begun, 5)
    assert due(stood, 6).on == date(2026, 12, 7)
    assert due(stood, 8).on == date(2027, 1, 4)
    back = restore(stood, 5, len(stood.facts))
    assert [due(back, one) for one in (6, 8)] == [due(begun, one) for one in (6, 8)]


def test_an_answer_is_late_by_the_clock_as_understood() -> None:
    """Answered in time by a wait that was entered wrongly is answered late without it (L1)."""
    answered = waited((ANSWER, date(2026, 10, 12)))
    assert not found(answered, "access_answered_late", LATER)
    assert found(withdraw(answered, 4), "access_answered_late", LATER)
    late = waited((ANSWER, date(2026, 10, 16)))
    assert found(late, "access_answered_late", LATER)
    assert not found(move(late, 5, DAY + 3 * WEEK), "access_answered_late", LATER)


def test_a_clock_of_another_request_stays() -> None:
    """Nothing of one request moves by another; where nothing changes, nothing is stored."""
    begun = waited()
    (event,) = move(begun, 4, DAY + WEEK).facts[-1:]
    assert event.event.dues == ()


@pytest.mark.parametrize("nation", [ENGLAND, SCOTLAND], ids=lambda one: str(one.code))
def test_feedback_of_a_meeting_withdrawn_is_due_from_its_own_day(nation: Any) -> None:  # noqa: ANN401
    """As where no meeting was recorded as held: from the day it was assigned (R169)."""
    begun = told(nation)
    stored = due(begun, 5)
    assert stored.start == DAY
    gone = withdraw(begun, 3)
    assert (due(gone, 5).start, due(gone, 5).rule) == (DAY + timedelta(days=1), stored.rule)
    assert found(begun, "feedback_overdue", stored.on + timedelta(days=1))
    assert not found(gone, "feedback_overdue", stored.on + timedelta(days=1))
    # While it is withdrawn, a field put right moves nothing; standing again, the old day counts.
    named = gone.when(
        CorrectRecord(
            target=3,
            supersedes=len(gone.facts),
            reason=Code("entered_wrongly"),
            fields=(Code("source"),),
        ),
        on=LATER,
    ).history
    assert due(named, 5) == due(gone, 5)
    assert due(restore(named, 3, len(named.facts)), 5) == stored
    again = move(named, 3, DAY - WEEK, supersedes=len(named.facts))
    assert due(again, 5).start == DAY - WEEK
    twice = due(withdraw(again, 3, supersedes=len(again.facts)), 5)
    assert (twice.on, twice.start) == (due(gone, 5).on, due(gone, 5).start)


def test_minutes_sent_of_a_meeting_withdrawn_were_due_by_no_day() -> None:
    """Of a meeting that was not held, no minutes are due (R156)."""
    begun = held(ENGLAND)
    meeting = begun.facts[2].event
    sent = MinutesCirculated(
        conference=CONFERENCE,
        recipients=(),
        outside=False,
        due=meeting.minutes_due,
    )
    begun = begun.also(at(DAY + WEEK, sent))
    moved = move(begun, 3, DAY - WEEK)
    assert due(moved, 5).start == DAY - WEEK
    gone = withdraw(moved, 3, supersedes=6)
    assert due(gone, 5) is None
    assert due(restore(gone, 3, 7), 5) == due(moved, 5)


def test_an_enquiry_is_due_by_the_referral_that_is_left() -> None:
    """Where its referral is withdrawn: by another that had come by then, else by its opening."""
    second = LinkReferral(received=on_day(DAY + WEEK), allegations=())
    linked = received(ENGLAND).when(second, on=DAY + WEEK).history
    ask = OpenEnquiry(enquiry=ENQUIRY, kind=Code("section_42"), opened_on=DAY + 2 * WEEK)
    begun = linked.when(ask, on=DAY + 2 * WEEK).history
    number = len(begun.facts)
    assert due(begun, number).start == DAY
    assert due(withdraw(begun, 1), number).start == DAY + WEEK
    late = OpenEnquiry(enquiry=ENQUIRY, kind=Code("section_42"), opened_on=DAY + timedelta(days=2))
    early = linked.when(late, on=DAY + 2 * WEEK, occurred="2026-09-09").history
    assert due(withdraw(early, 1), number).start == DAY + timedelta(days=2)


def test_what_was_moved_to_no_known_day_is_counted_again_once_it_is_known() -> None:
    """A due date of another entry is counted from that until the day is known again."""
    begun = told(ENGLAND)
    lost = move(begun, 3, "unknown")
    assert due(lost, 5).started.unknown
    known = move(lost, 3, DAY - WEEK, supersedes=len(lost.facts))
    assert due(known, 5).start == DAY - WEEK


LINK = LinkReferral(received=on_day(DAY + WEEK))


@pytest.mark.parametrize(
    ("nation", "codes"),
    [
        (SCOTLAND, ("duty_not_decided", "conference_overdue")),
        (ENGLAND, ("duty_not_decided",)),  # no conference is limited
    ],
)
@pytest.mark.parametrize("reason", ["repeat", "duplicate", "new_information"])
@pytest.mark.parametrize("linked_first", [True, False])
def test_the_referral_left_starts_the_times_of_the_case(
    reason: str, nation: Jurisdiction, codes: tuple[str, ...], *, linked_first: bool
) -> None:
    """With the first referral withdrawn, all run from the one that stands (R150, R198)."""
    link = replace(LINK, reason=Code(reason))
    begun = received(nation)
    if linked_first:
        begun = withdraw(begun.when(link, on=DAY + WEEK).history, 1)
    else:
        begun = withdraw(begun, 1).when(link, on=LATER).history
    assert begun.case.decision_due is not None
    assert begun.case.decision_due.start == DAY + WEEK
    assert str(begun.case.received) == str(DAY + WEEK)
    for code in codes:
        assert found(begun, code, date(2027, 6, 1))
    number = 3 if linked_first else 2
    again = restore(begun, 1, number)
    dues = (again.case.decision_due, again.case.conference_by)
    assert [one.start for one in dues if one is not None] == [DAY] * len(codes)
    for code in codes:
        assert len(found(again, code, date(2027, 6, 1))) == 1


def test_of_several_referrals_left_the_first_that_stands_starts_the_times() -> None:
    """Withdrawn in its turn, it leaves them to the next; a further one starts none (R198)."""
    begun = received(SCOTLAND).when(LINK, on=DAY + WEEK).history
    later = LinkReferral(received=on_day(DAY + 2 * WEEK))
    begun = withdraw(begun.when(later, on=DAY + 2 * WEEK).history, 1)
    assert due(begun, 2, "conference_due").start == DAY + WEEK
    assert due(begun, 3, "conference_due") is None
    left = withdraw(begun, 2)
    assert left.case.conference_by is not None
    assert left.case.conference_by.start == DAY + 2 * WEEK
    (further,) = begun.when(replace(later, received=on_day(LATER)), on=LATER).events
    assert further.conference_due is None  # type: ignore[attr-defined]


def test_a_meeting_held_anew_is_counted_from() -> None:
    """What is assigned once the meeting stands anew is due from that (I1)."""
    gone = withdraw(told(ENGLAND), 3)
    anew = gone.when(HoldConference(conference=CONFERENCE, parts=HOLD.parts), on=LATER).history
    tell = AssignFeedback(conference=CONFERENCE, audience=Code("adult"), assignee=OFFICER)
    (event,) = anew.when(tell, on=LATER + WEEK).events
    assert event.due.start == LATER  # type: ignore[attr-defined]


def test_a_class_counted_from_a_closing_withdrawn_has_no_day() -> None:
    """Closed anew, the case is looked at once somebody says until when it is kept (L15)."""
    history = closed().when(COUNTED, on="2026-11-30").history
    assert due(history, 3, "review_due").on == date(2022, 11, 30)
    gone = withdraw(history, 2)
    assert due(gone, 3, "review_due") is None
    anew = gone.when(CLOSE, on=LATER)
    assert stands(anew, "2027-06-02").stands == "undated"
