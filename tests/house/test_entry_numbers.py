"""Whatever in an event is a number says what it numbers, and one that names an entry is followed.

An entry that is read in another case names the entries of its own case by numbers that would be
those of other entries there (`domain.joined`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import orjson
import pytest

from domain import joined
from domain.catalogue import EVENTS
from domain.joined import NOWHERE
from domain.joining import CaseMerged
from domain.stages import OF_EVENT
from domain.words import Code, Fact, numbered, renumbered
from tests.controls import CASE, OTHER_CASE, a_referral
from tests.each import each
from tests.given import given
from tests.house.test_catalogue import parts
from tests.stored.test_stored import loaded, path_of

# How many, how long, how much.
COUNTS = {
    *("adults", "amount", "count", "elapsed_days", "hits", "needed", "size"),
    *("repeat_referrals", "repeat_window_months", "seed", "sequence"),
    "year",  # of the calendar
}
# A place of its own within a meeting, its minutes, a list or a decision; a version of a document;
# which beginning of a log.
PLACES = {
    "incarnation",
    *("part", "parts", "number", "numbers", "passage", "passages", "recipient"),
    *("tabled_version", "version"),
}
POSITIONS = {"as_at", "exceptions", "position", "sent_at"}  # in the whole log
# Those of the case that the entries were recorded in, which may be the other one; and how many.
OTHERWISE = {("case-split", "entries"), ("chronology-produced", "entries")}
CARRIED = [
    name for name, kind in EVENTS.items() if kind.cls in OF_EVENT and not joined.stays(kind.cls)
]


@each(EVENTS)
def test_a_number_says_what_it_numbers(name: str) -> None:
    """Each is a count, a place, a position, or declared to name an entry (`words.numbering`)."""
    unsaid = [
        where
        for where, field, types in parts(EVENTS[name].cls)
        if int in types
        and (name, where) not in OTHERWISE
        and ("entry" in field.metadata) == (where.rpartition(".")[2] in COUNTS | PLACES | POSITIONS)
    ]
    assert unsaid == []


def read_elsewhere(event: Any) -> Any:  # noqa: ANN401 — any event
    """Give an event of a case as it is read in another, where its own is at version 2."""
    here = CaseMerged(other=OTHER_CASE, place=Code("leading"), reason=Code("one_adult"))
    there = CaseMerged(other=CASE, place=Code("merged"), reason=Code("one_adult"))
    told = [
        replace(one, stream=OTHER_CASE, position=one.position + 10)
        for one in given(a_referral(), a_referral(), there).facts
    ]
    told[1] = replace(told[1], event=event)
    streams: dict[UUID, list[Fact[Any]]] = {
        CASE: list(given(a_referral(), here).facts),
        OTHER_CASE: told,
    }
    (brought,) = (
        one for one in joined.read(CASE, streams).facts if one.version == -told[1].position
    )
    return brought.event


def given_number(number: int, _was: int) -> int:
    """Give one number, whatever stood there."""
    return number


@pytest.mark.parametrize("name", CARRIED)
def test_no_number_of_an_entry_is_left_as_it_was(name: str) -> None:
    """Read in another case, an entry names each entry by its place there, or as one not there."""
    version = EVENTS[name].current_version
    event = loaded(name, version, orjson.loads(path_of(name, version).read_bytes()))
    fields = [field for field, _ in numbered(event)]
    for number, place in ((1, -11), (2, -12), (9, NOWHERE), (-5, -5)):
        brought = read_elsewhere(renumbered(event, partial(given_number, number)))
        assert list(numbered(brought)) == [(field, place) for field in fields]
        assert renumbered(brought, abs) == renumbered(event, partial(given_number, abs(place)))
