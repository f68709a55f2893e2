"""A time told twice is asked about where both cannot be; told once, in any field, it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any, get_type_hints

import pytest

from domain.catalogue import COMMANDS, EVENTS
from domain.concern import ReceiveReferral
from domain.conclusion import CeaseEnquiryAtAdultsRequest
from domain.correction import CorrectRecord, RecordChronologyEntry
from domain.duty import DecideDuty
from domain.enquiry import InquiryOpened
from domain.grid import Part
from domain.person import Details, PersonDied, PersonRegistered, findings
from domain.sitting import HoldConference
from domain.stage import Looking
from domain.told import field_told_in, time_told
from domain.when import When, instant, read
from domain.words import Code, Slug
from tests.controls import (
    ADULT,
    CONFERENCE,
    DAY,
    ENQUIRY,
    a_conclusion,
    a_referral,
    an_enquiry,
    words,
)
from tests.given import at, given
from tests.house.test_catalogue import plain

RULES = ("R7", "R150")
# Times of something else than what is recorded: of what is to come, or of a part within it.
OF_SOMETHING_ELSE = {
    ("convene-conference", "planned_for"),
    ("reschedule-conference", "planned_for"),
    ("allocate-case", "cover_until"),
    ("decide-pach-feedback", "due"),
    ("decide-pach-action", "due"),
    ("decide-further-conference", "by_date"),
    ("designate-plan-coordinator", "starts"),
    ("delegate-review-to-care-management", "next_on"),
    ("agree-action", "due"),
    ("request-information", "due"),
    ("agree-support-service", "planned_start"),
    ("decide-regulatory-referral", "due"),
    ("apply-for-protection-order", "planned_hearing"),
    ("record-protection-order-granted", "effective_from"),  # which may be later than its granting
    ("record-protection-order-granted", "expires_on"),
    ("record-protection-order-varied", "expires_on"),
    ("set-review-date", "on"),
    ("file-return", "first"),  # of the days that a return covers
    ("file-return", "last"),
    ("explain-overdue-action", "expected"),
    ("decide-family-attendance", "wish_recorded_on"),
    ("cease-enquiry-at-adults-request", "requested_on"),  # it may go on for a while after that
    ("cause-enquiry", "due_on"),
    ("cause-enquiry", "returned"),  # a late entry of both at once: when it came back
    ("challenge-caused-enquiry", "due_on"),
    ("agree-interim-plan", "review_on"),
    ("identify-dbs-referral-duty", "due_on"),
    ("recommend-organisational-change", "due"),
    ("request-agency-report", "due_on"),
    ("plan-conference-part", "planned_start"),
    ("plan-conference-part", "planned_end"),
    ("table-chronology", "covers_from"),
    ("table-chronology", "covers_to"),
    ("correct-record", "occurred"),  # of what is corrected
    ("correct-person-record", "occurred"),
    ("receive-referral", "earlier_referrals"),
    ("refer-for-review", "due_on"),
    ("set-review-scope", "period_from"),
    ("set-review-scope", "period_to"),
    ("produce-chronology", "period_from"),
    ("produce-chronology", "period_to"),
    ("challenge-factual-accuracy", "due_on"),
    ("set-retention-class", "started"),  # what it is counted from
    ("set-retention-class", "review_on"),
    ("review-retention", "review_on"),
    ("grant-access-exception", "last_day"),
    ("adopt-policy", "effective"),
    ("adopt-policy", "worked"),
}


def times(name: str) -> Iterator[str]:
    """Name the fields of a command that hold a time, not those of what is inside it."""
    cls = COMMANDS[name].cls
    hints = get_type_hints(cls)
    for one in fields(cls):
        if {When, date} & set(plain(hints[one.name])):
            yield one.name


@pytest.mark.parametrize("name", COMMANDS)
def test_what_tells_a_time_is_known_to_tell_it(name: str) -> None:
    """Each time of a command is when the thing happened, or is named here as another's."""
    told = field_told_in(COMMANDS[name].cls)
    assert {one for one in times(name) if one != told} == {
        field for command, field in OF_SOMETHING_ELSE if command == name
    }


def test_only_these_tell_a_time() -> None:
    """What has a field of such a name and no time in it, as the parts of minutes, tells none."""
    assert {name for name, kind in COMMANDS.items() if field_told_in(kind.cls)} == {
        *("receive-referral", "link-referral", "record-death", "decide-duty", "open-enquiry"),
        *("conclude-enquiry", "record-proceedings-outcome", "record-chronology-entry"),
        *("hold-conference", "hold-conference-part", "hold-core-group"),
        "conclude-safeguarding-review",
    }


def test_an_event_tells_its_time_where_its_command_does() -> None:
    """Whatever a command tells of its time stands in its event under the same name."""
    asked = {field_told_in(kind.cls) for kind in COMMANDS.values()}
    assert asked == {field_told_in(kind.cls) for kind in EVENTS.values()}


def part(started: str | None, ended: str | None) -> Part:
    """Give a part of a meeting that tells these times."""
    return Part(
        number=1,
        reason=Code("whole"),
        started=None if started is None else read(started),
        ended=None if ended is None else read(ended),
        attendances=(),
    )


MORNING, NOON = "2026-11-02T09:00:00Z", "2026-11-02T12:00:00Z"


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ((), None),
        ((part(None, None),), None),
        ((part("unknown", None),), None),
        ((part(MORNING, NOON),), "2026-11-02"),
        ((part(None, NOON), part(None, None)), "2026-11-02"),
        ((part("2026-11-02?", None),), "2026-11-02?"),
        ((part("2026-11", "2026-11"),), "2026-11"),
        ((part(MORNING, None), part(None, "2026-11-03")), "2026-11-02/2026-11-03"),
    ],
)
def test_a_meeting_was_held_when_its_parts_were(parts: tuple[Part, ...], told: str | None) -> None:
    """From the first beginning to the last end, in days; nothing is made up where none is told."""
    found = time_told(HoldConference(conference=CONFERENCE, parts=parts))
    assert (None if found is None else found.text) == told


@pytest.mark.parametrize(
    ("ended", "told"),
    [(None, None), ("2026-05-01", "/2026-05-01"), ("unknown", None), ("2026/..", None)],
)
def test_an_entry_had_happened_by_its_end(ended: str | None, told: str | None) -> None:
    """Of an entry that tells only its end, that is all that is known."""
    entry = RecordChronologyEntry(
        agency=Slug("police"), text=words("A call."), ended=None if ended is None else read(ended)
    )
    found = time_told(entry)
    assert (None if found is None else found.text) == told


def test_a_time_told_is_as_uncertain_as_it_is() -> None:
    """A referral received some time in October happened some time in October; a day is a day."""
    referral = ReceiveReferral(adult=ADULT, received=read("2026-10~"))
    assert time_told(referral) == read("2026-10~")
    decided = DecideDuty(criteria=(), result=Code("met"), decided_on=date(2026, 10, 5))
    assert time_told(decided) == read("2026-10-05")


@pytest.mark.parametrize(
    ("occurred", "received", "questioned"),
    [
        ("2026-10-30", "2026-11-02", True),
        ("2026-11-02", "2026-10", True),
        ("2026-11-02", "2026-11", False),
        ("2026-11-02T09:00:00Z", "2026-11-02", False),
        ("unknown", "2026-11-02", False),
        ("2026-11-02", "unknown", False),
        ("../2026-11-01", "2026-11-02", True),
        ("2026-11-01/..", "2026-11-02", False),
    ],
)
def test_two_times_that_cannot_both_be_are_questioned(
    occurred: str, received: str, *, questioned: bool
) -> None:
    """What is recorded stands, and is criticised where no reading of the two agrees."""
    history = given(at("2026-11-02", a_referral(received), occurred=occurred))
    if questioned:
        history.then_finding("times_told_apart", severity="medium")
    else:
        history.then_no_finding("times_told_apart")


@pytest.mark.parametrize(
    ("requested", "questioned"),
    [
        (date(2026, 11, 2), False),
        (date(2026, 11, 16), False),
        (date(2026, 11, 18), True),
    ],
)
def test_an_enquiry_may_cease_after_it_was_asked_for(requested: date, *, questioned: bool) -> None:
    """The day of the request is the request's own; only what ceased before it is asked (R7)."""
    ask = CeaseEnquiryAtAdultsRequest(enquiry=ENQUIRY, requested_on=requested)
    assert time_told(ask) is None
    history = given(a_referral(), at("2026-11-16", an_enquiry(date(2026, 11, 16))))
    ceased = history.when(ask, on="2026-11-18", occurred="2026-11-16").history
    if questioned:
        ceased.then_finding("times_told_apart")
    else:
        ceased.then_no_finding("times_told_apart")


def test_the_moment_a_door_set_is_no_second_time() -> None:
    """Where nobody stated when it occurred there is nothing to agree with."""
    history = given(at("2026-11-02", a_referral("2026-10-01")))
    (fact,) = history.facts
    for seconds, found in ((0, False), (3600, True)):
        moment = instant(fact.recorded_at - timedelta(seconds=seconds))
        stated = replace(fact, header=replace(fact.header, occurred=moment))
        codes = {one.code for one in replace(history, facts=(stated,)).findings()}
        assert ("times_told_apart" in codes) is found


def test_a_correction_of_one_of_them_settles_it() -> None:
    """Moved to the day the field tells, the two agree."""
    history = given(at("2026-11-02", a_referral(), occurred="2026-10-30"))
    moved = CorrectRecord(target=1, reason=Code("entered_wrongly"), occurred=read("2026-11-02"))
    after = history.when(moved).history
    history.then_finding("times_told_apart")
    understood(after).then_no_finding("times_told_apart")


def understood(history: Any) -> Any:  # noqa: ANN401 — a history of events
    """Give a history as now understood."""
    from domain.corrected import standing  # noqa: PLC0415 — beside its one use

    return replace(history, facts=standing(history.facts))


def test_a_day_that_counts_is_held_to_it_too() -> None:
    """An enquiry concluded on one day cannot have been concluded on another."""
    wrong = at("2026-11-30", a_conclusion(DAY), occurred="2026-11-20")
    given(a_referral(), wrong).then_finding("times_told_apart")
    right = at("2026-11-30", a_conclusion(DAY), occurred="2026-11-02")
    given(a_referral(), right).then_no_finding("times_told_apart")


def test_a_trigger_is_another_time() -> None:
    """An inquiry counts by its trigger, which may lie before it was begun."""
    opened = InquiryOpened(
        enquiry=ENQUIRY, kind=Code("section_42"), opened_on=DAY, large_scale=False
    )
    later = at("2026-11-30", opened, occurred="2026-11-20")
    given(a_referral(), later).then_no_finding("times_told_apart")


def test_a_death_told_of_two_days_is_questioned() -> None:
    """The same holds in a person's own stream."""
    died = PersonDied(died=read("2026-05-01"), cause_known=Code("not_known"))
    registered = at("2026-01-05", PersonRegistered(details=Details()))
    history = given(registered, at("2026-05-03", died, occurred="2026-05-02"))
    looking = Looking(on=DAY, jurisdiction=history.jurisdiction)
    assert [one.code for one in findings(history.person, looking)] == ["times_told_apart"]
