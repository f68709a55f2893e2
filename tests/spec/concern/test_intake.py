from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.concern import (
    AddAllegation,
    AllegationAdded,
    CommunicationNeedsRecorded,
    ImmediateSafetyActionTaken,
    LinkReferral,
    ReceiveReferral,
    RecordCommunicationNeeds,
    ReferralReceived,
)
from domain.conference import ConferenceNotRequired, DelayReasonRecorded
from domain.duty import ConcernCounted, CountConcern, DecideDuty, ThreePointCriteriaDetermined
from domain.jurisdictions.scotland import SCOTLAND
from domain.when import read
from domain.words import Code, Slug
from tests.controls import (
    ADULT,
    SECOND_ALLEGATION,
    a_conference,
    a_held_conference,
    a_referral,
    an_allegation,
    words,
)
from tests.given import Given, at, given

RULES = ("R24", "R147", "R150", "R154", "R198", "R201")

NOT_REQUIRED = ConferenceNotRequired(reason=Code("not_occurred"), rationale=words("Shown not so."))
LATE = "2027-01-04"  # after 1 December 2026, by when a conference was due


def received_in_scotland() -> Given:
    """Begin with a referral received on 2 November 2026, its conference due on 1 December."""
    command = ReceiveReferral(
        adult=ADULT,
        received=read("2026-11-02"),
        adult_told=Code("yes"),
        allegations=(an_allegation(),),
    )
    outcome = given(jurisdiction=SCOTLAND).when(command).then_recorded(ReferralReceived)
    return outcome.on("2026-11-02")


def after(*items: object) -> Given:
    """Add events to that beginning."""
    history = received_in_scotland()
    return given(history.facts[0].event, *items, jurisdiction=SCOTLAND)


def test_an_allegation_is_one_triple() -> None:
    """Type, source and location of one allegation stay together; others join by reference."""
    history = given(a_referral()).when(AddAllegation(allegation=an_allegation(1)))
    history.then(AllegationAdded(allegation=an_allegation(1)))

    allegations = history.on("2026-11-02").case.allegations
    assert len(allegations) == 2
    assert allegations[SECOND_ALLEGATION].source == an_allegation(1).source


def test_the_day_of_receipt_may_be_unknown() -> None:
    """A referral whose day is not known had come by its entry: its dates are counted from that."""
    command = ReceiveReferral(adult=ADULT, received=read("unknown"))
    event = given(jurisdiction=SCOTLAND).when(command).then_recorded(ReferralReceived).events[0]

    assert isinstance(event, ReferralReceived)
    assert event.conference_due is not None
    assert event.conference_due.started == read("unknown")


def test_a_range_counts_from_its_beginning() -> None:
    """A referral received within a range of days starts the clock on the first of them."""
    command = ReceiveReferral(adult=ADULT, received=read("2026-11-02/2026-11-06"))
    event = given(jurisdiction=SCOTLAND).when(command).events[0]

    assert isinstance(event, ReferralReceived)
    assert event.conference_due is not None
    assert event.conference_due.on == date(2026, 12, 1)


def test_not_told_needs_a_reason() -> None:
    """An adult not told of the referral is criticised only where no reason is recorded (R154)."""
    untold = replace(a_referral(), adult_told=Code("no"))

    given(untold).then_finding("adult_not_told_without_reason")
    given(replace(untold, adult_not_told_reason=words("It would alert him."))).then_no_finding(
        "adult_not_told_without_reason"
    )


def test_a_further_referral_not_told_needs_a_reason_too() -> None:
    """A further referral is criticised so where it says the adult was not told, alone (R154)."""
    code = "adult_not_told_without_reason"
    bare = LinkReferral(received=read("2026-11-02"))
    untold = replace(bare, adult_told=Code("no"))
    begun = given(a_referral())
    begun.when(bare).then_no_finding(code)
    begun.when(untold).then_finding(code)
    explained = replace(untold, adult_not_told_reason=words("As before."))
    begun.when(explained).then_no_finding(code)


def test_the_scottish_conference_is_overdue_after_its_day() -> None:
    """A conference not held by its due date is overdue from the day after it (R198)."""
    history = received_in_scotland()

    history.on("2026-12-01").then_no_finding("conference_overdue")
    history.on("2026-12-02").then_finding("conference_overdue", severity="medium")


def test_a_late_conference_stays_late() -> None:
    """Holding it late does not undo the lateness; a reason by then makes it lighter (R198)."""
    held = (at("2026-12-03", a_conference()), at("2026-12-03", a_held_conference()))
    reason = DelayReasonRecorded(reason=words("The adult was in hospital."))

    after(*held).on(LATE).then_finding("conference_late", severity="medium")
    late, by_then = "conference_late", at("2026-12-03", reason)
    after(by_then, *held).on(LATE).then_finding(late, severity="low")
    after(*held, by_then).on(LATE).then_finding(late, severity="low")
    after(*held, at("2026-12-04", reason)).on(LATE).then_finding(late, severity="medium")
    after(*held).on(LATE).then_no_finding("conference_overdue")


def test_a_conference_in_time() -> None:
    """A conference held on its due date is in time (R198)."""
    held = (at("2026-12-01", a_conference()), at("2026-12-01", a_held_conference()))

    after(*held).on(LATE).then_no_finding("conference_late")


@pytest.mark.parametrize("ending", ["not_required", "criteria_not_met"])
def test_what_ends_the_clock(ending: str) -> None:
    """Deciding that no conference is required, or that there is no duty, ends the clock (R198)."""
    not_met = ThreePointCriteriaDetermined(
        criteria=(),
        result=Code("criteria_not_met"),
        met=False,
        disposal=Code("advice"),
        decided_on=date(2026, 11, 2),
        rationale=words("Able to safeguard himself."),
    )
    event = NOT_REQUIRED if ending == "not_required" else not_met

    after(at("2026-11-04", event)).on(LATE).then_no_finding("conference_overdue")


def test_waiting_for_information_ends_nothing() -> None:
    """A determination put off until more is known leaves the clock running (R198)."""
    waiting = DecideDuty(criteria=(), result=Code("not_yet_known"), decided_on=date(2026, 11, 2))

    received_in_scotland().when(waiting, on="2026-11-04").on(LATE).then_finding(
        "conference_overdue"
    )


def test_urgent_action_asks_for_a_conference() -> None:
    """Urgent action flagged for a conference is answered by one or by deciding against (R201)."""
    urgent = ImmediateSafetyActionTaken(action=Code("moved_to_safety"), conference_needed=True)
    code = "urgent_action_without_conference"

    given(a_referral(), urgent).then_finding(code)
    given(a_referral(), replace(urgent, conference_needed=False)).then_no_finding(code)
    given(a_referral(), urgent, a_conference()).then_no_finding(code)
    given(a_referral(), urgent, NOT_REQUIRED).then_no_finding(code)
    given(a_referral(), a_conference(), urgent).then_no_finding(code)
    met = at("2026-11-03", a_held_conference())
    given(a_referral(), a_conference(), met, at("2026-11-05", urgent)).then_finding(code)


def test_a_linked_referral_starts_no_clock() -> None:
    """New information for an open episode is linked; the due date of the first stays (R198)."""
    linked = received_in_scotland().when(
        LinkReferral(received=read("2026-11-20"), reason=Code("new_information")), on="2026-11-20"
    )
    due = linked.on("2026-11-20").case.conference_due

    assert due == date(2026, 12, 1)


def test_counting_is_a_decision_of_its_own() -> None:
    """Whether a concern counts is recorded with the rule it was decided by, and its edition."""
    rule, edition = Code("local_threshold"), Slug("april-2024")
    command = CountConcern(counted=False, rule=rule, edition=edition)

    given(a_referral()).when(command).then(
        ConcernCounted(counted=False, rule=rule, edition=edition)
    )


def test_needs_are_recorded() -> None:
    """What the adult needs to take part is recorded at the start (R24, R28)."""
    command = RecordCommunicationNeeds(needs=(Code("interpreter"), Code("large_print")))

    given(a_referral()).when(command).then(
        CommunicationNeedsRecorded(needs=(Code("interpreter"), Code("large_print")))
    )


def test_no_duty_says_what_instead() -> None:
    """A concern that does not lead to the duty says what was done instead (R154)."""
    command = DecideDuty(criteria=(), result=Code("criteria_not_met"), decided_on=date(2026, 11, 2))
    history = received_in_scotland()

    history.when(command, on="2026-11-03").then_finding("disposal_not_recorded")
    history.when(command, on="2026-11-03").then_finding("duty_without_rationale")
    advised = replace(command, disposal=Code("advice"), rationale=words("He declined."))
    history.when(advised, on="2026-11-03").then_no_finding("disposal_not_recorded")
    history.when(advised, on="2026-11-03").then_no_finding("duty_without_rationale")


def test_an_allegation_is_made_once() -> None:
    """A reference that an allegation of the case has is refused for another (I1)."""
    history = given(a_referral())
    again = an_allegation()
    history.when(AddAllegation(allegation=again)).then_refused("I1", code="allegation_exists")
    linked = LinkReferral(received=read("2026-11-02"), allegations=(again,))
    history.when(linked).then_refused("I1", code="allegation_exists")
    twice = LinkReferral(received=read("2026-11-02"), allegations=(an_allegation(1),) * 2)
    history.when(twice).then_refused("I1", code="allegation_exists")
    first = ReceiveReferral(adult=ADULT, received=read("2026-11-02"), allegations=(again, again))
    given().when(first).then_refused("I1", code="allegation_exists")
    history.when(AddAllegation(allegation=an_allegation(1))).then_recorded(AllegationAdded)
