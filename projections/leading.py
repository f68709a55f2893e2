"""Whether another authority leads a case, by what a row keeps of it: the rules' own law.

A row keeps each transfer, from which cases entries were split off to it, and which reopenings put a
closing in error right; its closings and reopenings it keeps besides (`ending`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from domain.intake import Transfer
from domain.led_elsewhere import Led, given_to, led_elsewhere, led_on, of_the_case
from domain.words import Code, Slug
from projections.ending import IN_ERROR, REOPENED, episodes, mark_of
from projections.joined import BEGINS
from projections.meetings import NO_DATE
from projections.projection import Json, Seen

TRANSFERRED: Final = "case-transferred"
TELLS: Final = frozenset({TRANSFERRED, BEGINS, REOPENED})
_ERROR: Final = "in-error"


def told(lead: Sequence[Json], seen: Seen) -> Sequence[Json]:
    """What a row keeps of who leads, after one of the events that tell it."""
    data = seen.data
    if seen.name == TRANSFERRED:
        of = None if seen.stream == seen.case else seen.stream
        at, by = [seen.position, seen.recorded_us, seen.occurred], seen.placed[3]
        return [*lead, [TRANSFERRED, at, data["accepted"], data["authority"], by, of]]
    if seen.name == BEGINS:
        return [*lead, [BEGINS, data["other"]]]
    return [*lead, [_ERROR, seen.position]] if data.get("reason") == IN_ERROR else lead


def led(lead: Sequence[Json], endings: Sequence[Json]) -> tuple[tuple[Led, ...], str | None]:
    """From when and until when another authority led, and which one does now."""
    if not any(name == TRANSFERRED for name, *_ in lead):
        return (), None
    parted = {UUID(other) for name, other, *_ in lead if name == BEGINS}
    later = episodes(endings, [at for name, at, *_ in lead if name == _ERROR])
    every = [_transfer(*kept) for name, *kept in lead if name == TRANSFERRED]
    own = of_the_case(every, parted)
    given = given_to(own, later)
    leads = None if given is None or not given.accepted else given.authority
    return led_elsewhere(own, later), leads


def here_again(one: Mapping[str, Json], away: Sequence[Led]) -> Mapping[str, Json]:
    """What is watched, as it is since the case is led here again.

    A day that passed elsewhere is owed by nobody here, and what has none waits from the return.
    """
    for since, until in away:
        if until is None or until.last is None:
            continue
        day, back = one["on"], until.last.isoformat()
        if day is not None and led_on(date.fromisoformat(day), since, until):
            one = {**one, **NO_DATE}
        if one["on"] is None and one["since"] is not None and one["since"] < back:
            one = {**one, "since": back, "stated": None, "at": until.position}
    return one


def _transfer(at: Json, answer: str, authority: str, by: str, of: str | None) -> Transfer:
    """A transfer, as far as it says who leads."""
    return Transfer(
        answer=Code(answer),
        explained=True,
        authority=Slug(authority),
        counted_by=Code("not_decided"),
        by=Slug(by),
        of=None if of is None else UUID(of),
        at=mark_of(*at),
    )
