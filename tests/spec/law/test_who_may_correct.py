from __future__ import annotations

import pytest

from domain.authority import ROLES, denied, may, who_may
from domain.catalogue import EVENTS
from domain.recording import commands_recording

RULES = ("I12", "I16", "L17")

CORRECTIONS = ("correct-record", "correct-person-record")


def correctors(event: str, correction: str = "correct-record") -> tuple[str, ...]:
    """Give the roles that may correct an event of that name."""
    return who_may(correction, correcting=commands_recording(event))


@pytest.mark.parametrize(
    "event",
    [
        "legal-hold-placed",
        "legal-hold-lifted",
        "processing-restricted",
        "processing-unrestricted",
        "section42-duty-decided",
        "three-point-criteria-determined",
        "case-closed",
        "erasure-approved",
        "personal-data-erased",
    ],
)
def test_only_a_manager_corrects_what_needs_a_managers_name(event: str) -> None:
    """What only a manager may record nobody else withdraws by a correction (I12, I16, L17)."""
    assert correctors(event) == ("manager",)


def test_whoever_may_record_an_entry_may_correct_it() -> None:
    """A correction asks for both marks of the table: of itself, and of what it corrects."""
    assert correctors("referral-received") == ("practitioner", "manager")
    assert correctors("abuse-finding") == ("chair", "manager")
    assert "minute_taker" in correctors("conference-held")
    assert "integrator" not in correctors("referral-received")
    assert correctors("person-died", "correct-person-record") == ("practitioner", "manager")


@pytest.mark.parametrize("correction", CORRECTIONS)
@pytest.mark.parametrize("event", EVENTS)
def test_no_correction_reaches_further_than_its_role(event: str, correction: str) -> None:
    """Whoever may ask none of the commands that record an event may not correct it."""
    recording = commands_recording(event)
    for role in ROLES:
        allowed = may(role, correction) and any(may(role, one) for one in recording)
        assert (role in correctors(event, correction)) is allowed


def test_what_no_command_records_nobody_corrects() -> None:
    """The opening of a record, or a worker's registration, is not put right by a correction."""
    assert correctors("record-opened") == correctors("worker-registered") == ()


def test_a_lack_of_authority_says_whose_it_is() -> None:
    """Whoever may not is told who may."""
    assert denied(("chair", "manager")).endswith("Who may: Chair, Manager.")
    assert denied(()).endswith("Who may: nobody.")
