"""Chapter law: a day on which something was done has come; one on which it is planned need not."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, get_type_hints

import pytest

from domain.asking import COMMANDS
from domain.conclusion import CeaseEnquiryAtAdultsRequest, ConcludeEnquiry
from domain.enquiry import OpenEnquiry
from domain.stage import PAST_DAYS
from domain.when import When
from domain.words import Code
from tests.controls import DAY, ENQUIRY, a_referral, an_enquiry
from tests.given import given

RULES = ("R4", "R146")
TOMORROW: Final = DAY + timedelta(days=1)
AHEAD: Final = {
    "due", "due_on", "review_on", "on", "expected", "starts", "next_on", "by_date", "cover_until",
    "planned_start", "effective_from", "expires_on", "period_from", "period_to", "last_day",
    "effective", "day", "worked",
}  # fmt: skip


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (OpenEnquiry(enquiry=ENQUIRY, kind=Code("section_42"), opened_on=TOMORROW), "opened_on"),
        (ConcludeEnquiry(enquiry=ENQUIRY, concluded_on=TOMORROW), "concluded_on"),
        (CeaseEnquiryAtAdultsRequest(enquiry=ENQUIRY, requested_on=TOMORROW), "requested_on"),
    ],
    ids=lambda one: one if isinstance(one, str) else type(one).__name__,
)
def test_what_was_done_on_a_day_was_so_by_now(command: Any, field: str) -> None:  # noqa: ANN401 — a command
    """A day still to come is refused at its field, today is not (I3)."""
    begun = () if isinstance(command, OpenEnquiry) else (an_enquiry(),)
    history = given(a_referral(), *begun)
    refused = history.when(command, on=DAY).then_refused("I3", code="not_yet_happened")
    assert getattr(refused.error, "field", None) == field
    assert history.when(replace(command, **{field: DAY}), on=DAY).events


def test_every_day_of_a_command_lies_behind_or_ahead() -> None:
    """A field with a day that is in neither list was not thought of (I3)."""
    found = set[str]()

    def walk(cls: type) -> None:
        hints = get_type_hints(cls)
        for one in fields(cls):
            hint = hints[one.name]
            inner = {hint, *getattr(hint, "__args__", ())}
            inner |= {deep for it in inner for deep in getattr(it, "__args__", ())}
            if date in inner:
                found.add(one.name)
            for it in inner:
                if isinstance(it, type) and is_dataclass(it) and it is not When:
                    walk(it)

    for kind in COMMANDS.values():
        walk(kind.cls)
    assert found == AHEAD | PAST_DAYS
