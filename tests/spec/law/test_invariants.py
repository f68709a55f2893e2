from __future__ import annotations

from datetime import date

import pytest

from domain.assessment import AssessRisk, RiskAssessed
from domain.closure import CloseCase, ReopenCase
from domain.concern import AddAllegation, Allegation, ReceiveReferral, RecordImmediateSafetyAction
from domain.conference import ConveneConference
from domain.correction import (
    AnnotateEntry,
    ChronologyEntryRecorded,
    LegalHoldPlaced,
    PersonalDataErased,
    PlaceLegalHold,
    ProcessingRestricted,
    RecordChronologyEntry,
)
from domain.duty import Criterion, DecideDuty
from domain.monitoring import CompleteAction
from domain.person import Details, PersonRegistered, RecordDeath
from domain.stage import recorded
from domain.when import read
from domain.words import AllegationRef, Code, Forgotten
from tests.controls import (
    ACTION,
    ADULT,
    CASE,
    CONFERENCE,
    POLICE,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    a_risk,
    ref,
    words,
)
from tests.given import at, given

RULES = ("R126", "R150", "R155")

ASSESS = AssessRisk(level=Code("low"), rationale=words("Settled."))
CONVENE = ConveneConference(
    conference=CONFERENCE, kind=Code("initial"), planned_for=read("2026-12-20")
)
CLOSED = (at("2026-11-02", a_referral()), at("2026-12-01", a_closure()))
ERASED = PersonalDataErased(
    scope=Code("case"),
    retention_class=Code("case_record"),
    authority=Code("retention_ended"),
    approvals=(2,),
)
REOPEN = ReopenCase(reason=Code("new_referral"), rationale=words("Seen again."))


def test_what_has_not_happened_is_not_recorded() -> None:
    """A thing whose earliest moment lies after the recording is refused (I3)."""
    history = given(a_referral())

    history.when(ASSESS, on="2026-11-10", occurred="2026-11-11").then_refused("I3")
    history.when(ASSESS, on="2026-11-10", occurred="2026-11-10T17:30:00Z").then_refused("I3")


@pytest.mark.parametrize("occurred", ["2026-11-10", "2026-11", "2026-11-01/2026-12-31", "unknown"])
def test_what_may_have_happened_is_recorded(occurred: str) -> None:
    """Today, a span that has begun, and a time stated as unknown are all recorded (I2, I3)."""
    given(a_referral()).when(ASSESS, on="2026-11-10", occurred=occurred).then(
        recorded(RiskAssessed, ASSESS)
    )


def test_other_needs_text() -> None:
    """Choosing other without saying what is refused, at any depth (I11)."""
    bare = RecordImmediateSafetyAction(action=Code("other"))
    said = RecordImmediateSafetyAction(action=Code("other"), action_other=words("Locks changed."))
    deep = AddAllegation(
        allegation=Allegation(
            ref=AllegationRef(ref(39)),
            type=Code("neglect"),
            source=Code("known_relative"),
            location=Code("other"),
        )
    )

    given(a_referral()).when(bare).then_refused("I11", code="other_needs_text")
    given(a_referral()).when(deep).then_refused("I11", code="other_needs_text")
    assert given(a_referral()).when(said).error is None


def test_a_refusal_names_the_field_and_not_the_value() -> None:
    """A refusal tells where the fault is without repeating what was entered (I11)."""
    command = DecideDuty(
        criteria=(Criterion(criterion=Code("secret_words"), answer=Code("yes")),),
        result=Code("section_42"),
        decided_on=date(2026, 11, 2),
    )
    error = given(a_referral()).when(command).then_refused("I11").error

    assert getattr(error, "field", None) == "criteria[0].criterion"
    assert "secret_words" not in str(error)


def test_there_is_no_case_before_its_first_fact() -> None:
    """A case without facts takes a referral or a chronology entry, and is otherwise not there."""
    entry = RecordChronologyEntry(agency=POLICE, text=words("Seen at the door."))

    given().when(ASSESS).then_not_found()
    given().when(entry).then_recorded(ChronologyEntryRecorded)
    given().when(entry).when(
        ReceiveReferral(adult=ADULT, received=read("2026-11-02"))
    ).then_recorded(type(a_referral()))


@pytest.mark.parametrize("command", [ASSESS, CONVENE, CloseCase(reason=Code("died"))])
def test_a_closed_case_takes_nothing_new(command: object) -> None:
    """What came after the closing needs the case to be reopened first (I14)."""
    closed = given(*CLOSED)
    closed.when(command, on="2026-12-10").then_refused("I14", code="case_closed")

    reopened = closed.when(REOPEN, on="2026-12-09")
    assert reopened.when(command, on="2026-12-10").error is None


@pytest.mark.parametrize(
    ("told", "refused"), [("16:59:59Z", False), ("17:00:00Z", False), ("17:00:01Z", True)]
)
def test_the_day_of_the_closing_is_told_by_its_moments(told: str, refused: bool) -> None:  # noqa: FBT001
    """What happened a moment after the closing came after it, on the same day too (I14)."""
    day = CLOSED[-1].day
    closed = given(CLOSED[0], at(day, CLOSED[1].event, occurred=f"{day}T17:00:00Z"))
    asked = closed.when(CONVENE, on="2026-12-02", occurred=f"{day}T{told}")
    if refused:
        asked.then_refused("I14", code="case_closed")
    else:
        assert asked.error is None


@pytest.mark.parametrize("occurred", ["2026-11-20", "2026-12-01", "2026-11", "unknown"])
def test_a_closed_case_takes_late_entries(occurred: str) -> None:
    """What happened, or may have happened, before the closing is recorded late (I14)."""
    assert given(*CLOSED).when(ASSESS, on="2026-12-10", occurred=occurred).error is None


@pytest.mark.parametrize(
    "command",
    [
        CompleteAction(action=ACTION, result=Code("done")),
        AnnotateEntry(target=1, kind=Code("context"), text=words("Seen in another light.")),
        PlaceLegalHold(reason=Code("police")),
    ],
)
def test_a_closed_case_takes_what_belongs_to_it(command: object) -> None:
    """Completions, corrections and holds are taken by a closed case whenever they happen (I14)."""
    outcome = given(*CLOSED).when(command, on="2026-12-10")

    assert getattr(outcome.error, "rule", None) != "I14"


def test_nothing_new_after_erasure() -> None:
    """After erasure a case takes nothing of practice until it is reopened (I13)."""
    erased = given(*CLOSED, at("2033-01-10", ERASED))
    assert erased.case.erased

    erased.when(ASSESS, on="2033-02-01", occurred="2026-11-20").then_refused("I13", code="erased")
    reopened = erased.when(REOPEN, on="2033-02-01")
    assert reopened.when(ASSESS, on="2033-02-01").error is None


def test_a_restricted_case_takes_more() -> None:
    """Restriction limits reading; what happens is recorded all the same (I16)."""
    restricted = given(a_referral(), ProcessingRestricted(ground=Code("accuracy_contested")))

    assert restricted.case.restricted
    assert restricted.when(ASSESS).error is None


def test_a_hold_is_known_to_the_case() -> None:
    """A legal hold stands until it is lifted, and the case says so (L17)."""
    assert given(a_referral(), LegalHoldPlaced(reason=Code("court"))).case.held


def test_a_forgotten_history_replays() -> None:
    """A case whose every passage was forgotten replays and is judged like before (L9)."""
    said = RecordImmediateSafetyAction(
        action=Code("other"), action_other=words("Locks changed."), conference_needed=True
    )
    whole = given(a_referral()).when(said)
    event = whole.events[0]
    forgotten = type(event)(
        **{
            name: Forgotten(CASE) if name == "action_other" else getattr(event, name)
            for name in event.__dataclass_fields__  # type: ignore[attr-defined]
        }
    )

    assert given(a_referral(), forgotten).case == whole.on("2026-11-02").case


def test_the_case_tells_its_names_and_versions() -> None:
    """A case knows the stored name of each of its events by its version (I12)."""
    case = given(a_referral(), a_conference(), a_held_conference(), a_risk()).case

    assert case.version == 4
    assert case.event_at(2) == "conference-convened"
    assert case.event_at(0) is None
    assert case.event_at(5) is None
    assert case.known_version(4)
    assert case.event_names[1] == "referral-received"
    assert case.stage == "conference"


def test_a_command_tells_of_nothing_that_lies_ahead() -> None:
    """I3 holds for every time a command tells of, not only for when it occurred."""
    died = RecordDeath(died=read("2150-01-01"))
    given(PersonRegistered(details=Details())).when(died).then_refused("I3")
