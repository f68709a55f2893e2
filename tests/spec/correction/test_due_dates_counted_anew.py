"""How a due date is counted anew from a corrected time, and which dates are counted from one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, get_args, get_type_hints

import pytest

from domain.access_request import (
    ReceiveSubjectAccessRequest,
    RestartSubjectAccessClock,
    StopSubjectAccessClock,
)
from domain.barring import IdentifyDbsReferralDuty
from domain.catalogue import EVENTS
from domain.concern import LinkReferral, ReceiveReferral
from domain.corrected import DAY_TOLD_IN_OF, standing
from domain.correction import CorrectRecord, RecordCorrected
from domain.enquiry import OpenEnquiry
from domain.feedback import AssignFeedback
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.policy import Policy
from domain.redated import COUNTED, DATED, FROM_OTHERS
from domain.stage import CHOSEN
from domain.stored import upcast
from domain.told import DAY_TOLD_IN, field_told_in
from domain.when import on_day, read
from domain.words import (
    BarringDutyRef,
    Code,
    Due,
    Fact,
    Slug,
)
from tests.controls import (
    ADULT,
    CONFERENCE,
    ENQUIRY,
    OFFICER,
    a_conference,
    a_referral,
    an_allegation,
    ref,
)
from tests.given import at, given
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
    opened,
    received,
)

RULES = ("I12", "L5", "R150", "R156", "R169", "R182", "R198")


def conference_due(facts: tuple[Fact[Any], ...]) -> Any:  # noqa: ANN401 — a due date of any kind
    """Give by when the conference of the referral is due."""
    return facts[0].event.conference_due


# ------------------------------------------------------------------------------ how it is counted


def test_the_last_correction_decides_what_is_due() -> None:
    """A later time takes the earlier one's place; one without a time leaves what is due."""
    once = move(received(SCOTLAND), 1, DAY - WEEK)
    again = move(once, 1, DAY + WEEK, supersedes=2)
    now = conference_due(standing(again.facts))
    stored = conference_due(again.facts)
    assert (now.start, now.supersedes, now.corrected_by) == (DAY + WEEK, stored, 3)

    back = CorrectRecord(target=1, supersedes=3, reason=Code("entered_wrongly"))
    left = again.when(back, on=LATER).history
    assert conference_due(standing(left.facts)) == now
    withdrawn = replace(back, withdrawn=True, occurred=on_day(DAY - WEEK))
    (event,) = again.when(withdrawn, on=LATER).events
    assert isinstance(event, RecordCorrected)
    assert event.dues == ()


def test_what_is_recorded_after_a_correction_is_counted_from_it() -> None:
    """An enquiry opened, or feedback assigned, since is due by what was understood then."""
    moved = move(received(ENGLAND), 1, DAY - WEEK)
    ask = OpenEnquiry(enquiry=ENQUIRY, kind=Code("section_42"), opened_on=DAY)
    (event,) = moved.when(ask, on=LATER).events
    assert event.due.start == DAY - WEEK  # type: ignore[attr-defined]
    back = move(moved.when(ask, on=LATER).history, 1, DAY + WEEK, supersedes=2)
    assert standing(back.facts)[2].event.due.start == DAY + WEEK

    later = move(held(ENGLAND), 3, DAY - WEEK)
    tell = AssignFeedback(conference=CONFERENCE, audience=Code("adult"), assignee=OFFICER)
    (event,) = later.when(tell, on=LATER).events
    assert event.due.start == DAY - WEEK  # type: ignore[attr-defined]


def test_a_day_of_its_own_is_not_moved() -> None:
    """What was received on a day stated apart stays due by that day; so does a day that is chosen.

    And an enquiry by a further referral stays due by its own opening.
    """
    ask = ReceiveReferral(adult=ADULT, received=on_day(DAY), allegations=())
    apart = given(jurisdiction=SCOTLAND).when(ask, on=DAY, occurred="2026-09-04").history
    (event,) = move(apart, 1, DAY - WEEK).facts[-1:]
    assert event.event.dues == ()
    alike = move(apart, 1, DAY)  # which makes the two no one time
    assert move(alike, 1, DAY - WEEK, supersedes=2).facts[-1].event.dues == ()

    duty = IdentifyDbsReferralDuty(
        duty=BarringDutyRef(ref(302)), provider=Slug("agency"), due_on=DAY + WEEK
    )
    history = called(SCOTLAND).when(duty, on=DAY).history
    assert history.facts[-1].event.due.rule == CHOSEN
    assert move(history, 3, DAY - WEEK).facts[-1].event.dues == ()

    second = LinkReferral(received=on_day(DAY + WEEK), allegations=())
    linked = opened(ENGLAND).when(second, on=DAY + WEEK).history
    assert move(linked, 3, DAY).facts[-1].event.dues == ()


def test_a_time_first_known_now_has_what_is_due_by_it() -> None:
    """What came nobody knew when is due by its entry, and once a day is known by that.

    So it is where the day is known no more.
    """
    ask = ReceiveReferral(adult=ADULT, received=read("unknown"), allegations=(an_allegation(),))
    unknown = given(jurisdiction=SCOTLAND).when(ask, on=DAY, occurred="unknown").history
    first = conference_due(unknown.facts)
    assert (first.start, first.started) == (DAY, read("unknown"))
    known = standing(move(unknown, 1, DAY - WEEK).facts)[0].event
    assert (known.conference_due.start, known.conference_due.supersedes) == (DAY - WEEK, first)
    none = replace(unknown.facts[0].event, conference_due=None)  # of an earlier release
    bare = given(at(DAY, none, occurred="unknown"), jurisdiction=SCOTLAND)
    assert standing(move(bare, 1, DAY - WEEK).facts)[0].event.conference_due.start == DAY - WEEK
    lost = move(received(SCOTLAND), 1, "unknown")
    assert standing(lost.facts)[0].event.conference_due.start == DAY
    meeting = standing(move(held(SCOTLAND), 3, "unknown").facts)[2].event
    assert {meeting.next_review.start, meeting.minutes_due.start} == {DAY}
    back = called(SCOTLAND).when(HOLD, on=DAY, occurred="unknown").history
    assert standing(move(back, 3, DAY).facts)[2].event.next_review.start == DAY
    progress = given(at(DAY, a_referral(DAY)), a_conference(kind="progress"), jurisdiction=SCOTLAND)
    back = progress.when(HOLD, on=DAY, occurred="unknown").history
    assert standing(move(back, 3, DAY).facts)[2].event.next_review is None


def test_an_uncertain_corrected_time_counts_from_its_last_day() -> None:
    """A date counted from it is the latest it can be, and says from what it was counted."""
    now = standing(move(received(SCOTLAND), 1, "2026-09-01/2026-09-03").facts)[0].event
    assert now.conference_due.start == date(2026, 9, 3)
    assert str(now.conference_due.started) == "2026-09-01/2026-09-03"


@pytest.mark.parametrize("nation", [ENGLAND, SCOTLAND], ids=lambda one: str(one.code))
def test_an_enquiry_was_opened_on_the_corrected_day(nation: Jurisdiction) -> None:
    """The day it says it was opened on follows, where it told that time and one day is certain."""
    (enquiry,) = standing(move(opened(nation), 2, DAY + WEEK).facts)[1:2]
    assert enquiry.event.opened_on == DAY + WEEK
    assert not found(move(opened(nation), 2, DAY + WEEK), "times_told_apart", LATER)
    (vague,) = standing(move(opened(nation), 2, "2026-09").facts)[1:2]
    assert vague.event.opened_on == DAY


def test_a_request_waits_as_long_as_it_did() -> None:
    """A request for one's data received earlier is due earlier, the days waited kept (L8)."""
    ask = ReceiveSubjectAccessRequest(request=REQUEST)
    begun = called(ENGLAND).when(ask, on=DAY).history
    stopped = begun.when(
        StopSubjectAccessClock(request=REQUEST, reason=Code("clarification")), on=DAY + WEEK
    ).history
    again = stopped.when(RestartSubjectAccessClock(request=REQUEST), on=DAY + 2 * WEEK).history
    moved = standing(move(again, 3, DAY - WEEK).facts)
    assert moved[2].event.due.on == date(2026, 9, 30)
    assert moved[4].event.due.on == date(2026, 10, 7)
    assert moved[4].event.due.skipped == again.facts[4].event.due.skipped


def test_a_policy_of_the_corrected_day_counts() -> None:
    """What is due by the corrected day is by the policy of that day, of those known by now."""
    nation = SCOTLAND
    limit = replace(nation.limits["initial_conference"], amount=10)
    policy = Policy(
        version=Slug("local-1"), effective=DAY, limits={"initial_conference": limit}, adopted=0
    )
    history = replace(received(nation), policies=(policy,))
    begun = given(jurisdiction=nation, policies=(policy,))
    ask = ReceiveReferral(adult=ADULT, received=on_day(DAY), allegations=())
    history = begun.when(ask, on=DAY).history
    now = standing(move(history, 1, DAY - WEEK).facts)[0].event.conference_due
    assert (now.policy, now.supersedes.policy) == (nation.policy, f"{nation.policy}/local-1")
    assert now.on == date(2026, 9, 28)


# -------------------------------------------------------------------------------- of every event

# Of these no date is counted from when the entry happened: somebody chose the day, it is counted
# back from one that is planned, or forth from the day of recording, which nothing corrects.
NOT_COUNTED = {
    *("plan-agreed", "plan-revised", "review-date-set", "review-delegated-to-care-management"),
    *("protection-order-varied", "caused-enquiry-challenged", "interim-plan-agreed"),
    *("agency-report-requested", "factual-accuracy-challenged", "retention-reviewed"),
    *("erasure-approved", "person-erasure-approved", "filing-erasure-approved"),
}


def dates_of(cls: type) -> set[str]:
    """Give the fields of an event that are due dates."""
    hints = get_type_hints(cls)
    return {one for one, hint in hints.items() if Due in (hint, *get_args(hint))}


def test_every_due_date_follows_or_is_counted_from_nothing_that_moves() -> None:
    """Each due date of each event is told here, under the name it has."""
    told_here = {name: set(fields) for name, fields in COUNTED.items()}
    every = {name: dates_of(kind.cls) for name, kind in EVENTS.items()}
    assert told_here == {
        name: dates for name, dates in every.items() if dates and name not in NOT_COUNTED
    }
    assert {name for name, dates in every.items() if dates} >= NOT_COUNTED
    assert FROM_OTHERS.keys() <= COUNTED.keys()
    assert {one for names in FROM_OTHERS.values() for one in names} <= DATED
    for name, field in DAY_TOLD_IN_OF.items():
        assert date in {(hint := get_type_hints(EVENTS[name].cls)[field]), *get_args(hint)}
    told = {name for name, kind in EVENTS.items() if field_told_in(kind.cls) in DAY_TOLD_IN}
    assert told == DAY_TOLD_IN_OF.keys()


def test_a_correction_of_an_older_release_moves_no_due_date() -> None:
    """Version 1 reckoned none anew: what was stored stays due, as it was answered then."""
    data = {"target": 1, "reason": "entered_wrongly", "asked_by": "worker"}
    assert upcast("record-corrected", 1, data) == data
    bare = RecordCorrected(
        target=1,
        supersedes=None,
        reason=Code("entered_wrongly"),
        asked_by=Code("worker"),
        occurred=on_day(DAY - WEEK),
    )
    history = received(SCOTLAND).also(at(LATER, bare))
    assert conference_due(standing(history.facts)) == conference_due(history.facts)


def test_a_correction_says_which_dates_it_moves() -> None:
    """Each stands in it with the entry that has it, so that a view needs nothing but the record."""
    (event,) = (
        received(SCOTLAND)
        .when(
            CorrectRecord(target=1, reason=Code("entered_wrongly"), occurred=on_day(DAY - WEEK)),
            on=LATER,
        )
        .events
    )
    assert isinstance(event, RecordCorrected)
    assert [(one.of, one.field) for one in event.dues] == [
        (1, "decision_due"),
        (1, "conference_due"),
        (1, "capacity_due"),
    ]
    assert {type(one.due) for one in event.dues} == {Due}  # what stands instead is read, not stored
