"""Of a case brought forward, whatever is criticised rests on nothing that may have been before."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from api.clock import seeded
from domain.when import When, read
from domain.words import Personal
from tests.controls import NATIONS
from tests.given import At, at, given
from tests.projections.histories import a_value
from tests.spec.concern.test_brought_forward import BEFORE, BY_OTHERS, DAY, SYSTEM, brought
from tests.spec.law.test_any_history import TIMES

RULES = ("R12",)
CAME = date(2026, 9, 30)  # no day that an event here tells is earlier
KINDS = [kind.cls for kind in BY_OTHERS.values() if kind.stream == "case"]
HISTORIES = 700


def moved(value: Any) -> Any:  # noqa: ANN401 — an event, and whatever is in it
    """An event of other conferences, plans and people than those of any other."""
    if isinstance(value, UUID):
        return UUID(int=value.int + 500)
    if isinstance(value, tuple):
        return tuple(map(moved, value))
    if is_dataclass(value) and not isinstance(value, type | When | Personal):
        return replace(
            value, **{one.name: moved(getattr(value, one.name)) for one in fields(value)}
        )
    return value


# What no entry of before could have answered, though the rules let it: an enquiry caused since by
# one concluded before, a second referral of the same case; what is named by the number of an entry,
# which one more entry moves; an investigation whose report is judged instead, if there is one; who
# holds a case, of which its list told that nobody does; and a decision on the duty that is entered
# as of before with a day behind one decided since, which it replaces.
LOOSELY = {
    "case_never_allocated",
    *("caused_enquiry_not_returned", "conference_late", "conference_overdue"),
    *(
        "duty_not_decided",
        "duty_without_rationale",
        "report_shared_without_permission",
        "reports_with_minutes",
    ),
    *("investigation_without_conference", "joined_unexplained", "shared_after_refusal"),
}
# An event after which nothing is asked any more, or everything again.
ENDING = (
    *("case-closed", "case-reopened", "case-transferred", "record-corrected", "case-merged"),
    "case-split",
)


def lost(random: Random) -> set[tuple[str, str]]:
    """What is criticised of a history that is not with one more event of before; and which."""
    nation = random.choice(NATIONS)
    earlier = moved(a_value(random, random.choice(KINDS)))
    entry = At(CAME, earlier, read(BEFORE), source=SYSTEM)
    after = [
        At(DAY, a_value(random, random.choice(KINDS)), random.choice(TIMES))
        for _ in range(random.randrange(1, 8))
    ]
    start, came = given(jurisdiction=nation), at(CAME, brought(), source=SYSTEM)
    alone, with_entry = start.also(came, *after).on(DAY), start.also(came, entry, *after).on(DAY)
    if with_entry.facts[1].header.name in ENDING:
        return set()
    if any(fact.header.name in {"record-corrected", "case-split"} for fact in alone.facts):
        return set()  # it names another entry in each of the two
    left = {one.code for one in with_entry.findings()}
    return {(one.code, type(earlier).__name__) for one in alone.findings() if one.code not in left}


def test_no_finding_rests_on_what_may_have_been_before() -> None:
    """Whatever is criticised since would be so whatever had been entered of the time before."""
    random = seeded(12)
    found = set[tuple[str, str]]().union(*(lost(random) for _ in range(HISTORIES)))
    assert {one for one in found if one[0] not in LOOSELY} == set()
