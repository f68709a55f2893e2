"""When findings cleared: which stood earlier in a case and no longer do, and what made them cease.

Nothing is kept of it. The case is judged again as it stood after each of its events, so that an
answer as at a position is one answer for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain import case as cases
from domain.case import Case
from domain.corrected import Correction
from domain.finding import Finding
from domain.reading import replayed
from domain.stage import Looking, Mark
from domain.when import LONDON
from domain.words import Code, Digest, Fact

RECORDED: Final = Code("recorded")  # an event supplied what was missing, or changed what was so
CORRECTED: Final = Code("corrected")  # a correction withdrew or re-dated what it rested on
PASSED: Final = Code("passed")  # a day passed, and nothing was recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """A finding as it last stood, and where it ceased to stand.

    `on` is the day by which the case was judged when it no longer stood; `by` the event it ceased
    with, None where only days had passed, or it is none of the case's. `instead` is the identity of
    the finding of the same code, event and subject that stands in its place from there: one that
    has grown, or shrunk; or of what was overdue, and came late.
    """

    finding: Finding
    how: Code  # recorded | corrected | passed
    on: date
    by: Fact[Any] | None
    instead: Digest | None = None


def cleared(
    case: UUID,
    streams: Mapping[UUID, Sequence[Fact[Any]]],
    looking: Looking,
    died: Mark | None = None,
) -> tuple[Cleared, ...]:
    """What stood in a case and no longer does, in the order in which it ceased (the last time).

    `streams` has the facts of the case as recorded, and those of every case joined to it
    (`reading.joined_facts`), up to the position asked about; `looking` the day to judge by. `died`
    is where the adult's own record tells their death: what takes a living adult ceases there, and
    by no entry of the case.

    Exact as to events: each is judged just before it, by the day it was recorded, and just after.
    Approximate as to days: what became late between two entries is seen at the second of them, and
    what both arose and ceased between them by days alone is not seen; no rule has such a thing now.
    A passage forgotten since is forgotten at every earlier position too.
    """
    trail, by = _Trail(), None
    for alive, fact in states(case, streams):
        state = (
            alive if died is None or died.position > fact.position else alive.but(died_told=died)
        )
        if by is not None and state.died_told is not None and by[0].died_told is None:
            by = _at_death(trail, by[0], state.died_told, looking)
        day = min(fact.recorded_at.astimezone(LONDON).date(), looking.on)
        if by is not None and by[1] != day:
            trail.judged(by[0], replace(looking, on=day), None)
        trail.judged(state, replace(looking, on=day), fact)
        by = (state, day)
    if by is not None and died is not None and by[0].died_told is None:
        by = _at_death(trail, by[0], died, looking)
    if by is not None and by[1] != looking.on:
        trail.judged(by[0], looking, None)
    return tuple(trail.cleared.values())


def _at_death(trail: _Trail, alive: Case, died: Mark, looking: Looking) -> tuple[Case, date]:
    """Judge a case just before its adult's own record tells their death, and just after."""
    told = died.recorded_at
    day = looking.on if told is None else min(told.astimezone(LONDON).date(), looking.on)
    trail.judged(alive, replace(looking, on=day), None)
    state = alive.but(died_told=died)
    trail.judged(state, replace(looking, on=day), None, how=RECORDED)
    return state, day


@dataclass(slots=True)
class _Trail:
    """What stands so far, and what has ceased to, by identity."""

    stands: dict[Digest, Finding] = field(default_factory=dict)
    cleared: dict[Digest, Cleared] = field(default_factory=dict)

    def judged(
        self, case: Case, looking: Looking, by: Fact[Any] | None, how: Code | None = None
    ) -> None:
        """Judge the case once more, after an event or (None) at the end of a day."""
        now = {one.identity: one for one in cases.findings(case, looking)}
        ended = [one for one in self.stands if one not in now]
        new = {_place(one): key for key, one in now.items() if key not in self.stands}
        late = {was: key for key, one in now.items() for was in one.before}
        for key in ended:
            one = self.stands[key]
            self.cleared[key] = Cleared(
                finding=one,
                how=how or _how(by),
                on=looking.on,
                by=by,
                instead=late.get(key) or new.get(_place(one)),
            )
        for key in now.keys() & self.cleared.keys():
            del self.cleared[key]  # it stands again
        self.stands = now


def _place(one: Finding) -> tuple[object, ...]:
    """Where a finding stands, however much it counts and which day it is past."""
    return one.fact or one.code, one.position, one.subject


def _how(by: Fact[Any] | None) -> Code:
    if by is None:
        return PASSED
    return CORRECTED if isinstance(by.event, Correction) else RECORDED


def states(
    case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]
) -> Iterator[tuple[Case, Fact[Any]]]:
    """The case as understood after each fact that is its own, or another's that it reads.

    One fact is added to the state before it, except where a correction or a joined case may have
    changed what was before: there it is replayed from the beginning.
    """
    own, alone = streams[case], len(streams) == 1
    if not own:
        return
    targets = {one.event.target for one in own if isinstance(one.event, Correction)}
    state = cases.initial
    every = sorted((fact for facts in streams.values() for fact in facts), key=_position)
    for fact in every:
        if fact.position < own[0].position:
            continue
        plain = alone and not isinstance(fact.event, Correction) and fact.version not in targets
        state = cases.evolve(state, fact) if plain else _replayed(case, streams, fact.position)
        yield state, fact


def _replayed(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]], by: int) -> Case:
    """The case from its beginning, as it was understood at a position."""
    then = {one: [fact for fact in facts if fact.position <= by] for one, facts in streams.items()}
    return replayed(case, then)


def _position(fact: Fact[Any]) -> int:
    return fact.position
