"""The days a command tells: one that says when something was does not lie ahead."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Final, get_args, get_type_hints

import pytest

from domain.catalogue import COMMANDS
from domain.conclusion import ConcludeEnquiry
from domain.duty import DecideDuty
from domain.enquiry import OpenEnquiry
from domain.refusal import Refused
from domain.stage import WAS_ON
from domain.when import read
from domain.words import Code, EnquiryRef
from tests.controls import ENQUIRY, a_referral, an_enquiry, ref
from tests.given import given

RULES = ("R150",)

# The other days of commands: planned, or the bounds of what is asked for.
MAY_LIE_AHEAD: Final = frozenset(
    {
        *("due", "due_on", "by_date", "expected", "next_on", "review_on", "last_day", "on"),
        *("cover_until", "effective", "effective_from", "expires_on", "starts"),
        *("planned_start", "period_from", "period_to", "worked", "day"),
        *("first", "last"),  # of the days a return covers
    }
)
ANOTHER = EnquiryRef(ref(41))
TODAY, TOMORROW = date(2026, 11, 10), date(2026, 11, 11)
COMMANDS_OF_A_DAY = [
    (DecideDuty(criteria=(), result=Code("section_42"), decided_on=TOMORROW), "decided_on"),
    (OpenEnquiry(enquiry=ANOTHER, kind=Code("section_42"), opened_on=TOMORROW), "opened_on"),
    (ConcludeEnquiry(enquiry=ENQUIRY, concluded_on=TOMORROW), "concluded_on"),
]
OPENED = an_enquiry(date(2026, 11, 3))


def days_in(cls: Any, found: dict[str, set[str]], among: str) -> dict[str, set[str]]:  # noqa: ANN401 — a class
    """Name every field of a plain day in a class and in what it holds, with where it stands."""
    hints = get_type_hints(cls)
    for one in fields(cls):
        for inner in types_of(hints[one.name]):
            if inner is date:
                found.setdefault(one.name, set()).add(among)
            elif is_dataclass(inner) and inner.__module__.startswith("domain"):
                days_in(inner, found, among)
    return found


def types_of(hint: Any) -> list[type]:  # noqa: ANN401 — an annotation is any object
    """Give the types an annotation is made of."""
    if isinstance(hint, type):
        return [hint]
    return [one for member in get_args(hint) for one in types_of(member)]


def test_every_day_of_a_command_was_or_is_to_be() -> None:
    """A new field of a day says which of the two it is (I3)."""
    found: dict[str, set[str]] = {}
    for name, kind in COMMANDS.items():
        days_in(kind.cls, found, name)

    assert found.keys() >= WAS_ON
    assert {name: found[name] for name in found.keys() - WAS_ON - MAY_LIE_AHEAD} == {}


@pytest.mark.parametrize(("command", "name"), COMMANDS_OF_A_DAY)
def test_what_was_lies_in_no_day_to_come(command: Any, name: str) -> None:  # noqa: ANN401 — of several
    """A decision, an opening or an end of a day to come is refused at its field (I3)."""
    history = given(a_referral(), OPENED)
    refused = history.when(command, on=TODAY).then_refused("I3", code="not_yet_happened")
    assert isinstance(refused.error, Refused)
    assert refused.error.field == name
    assert history.when(command, on=TOMORROW).error is None


def test_what_is_planned_may_lie_ahead() -> None:
    """A day that something is due, or to be reviewed, lies ahead as a matter of course (I3)."""
    assert not WAS_ON & MAY_LIE_AHEAD


def test_a_range_that_ends_before_it_begins_is_told_so() -> None:
    """What is wrong with a reversed range is that its end lies before its start (R150)."""
    with pytest.raises(ValueError, match="the end of this range lies before its start"):
        read("2026-06-01/2026-05-01")
    with pytest.raises(ValueError, match="a date is YYYY-MM-DD"):
        read("the first of June")
    assert read("2026-05-01/2026-06-01").latest is not None
