"""One case by the clocks of a question: as known, as true, and as it stands now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from api.clocks import Clocks
from api.office import Office
from api.routes.timeline import Told, Which, timeline
from api.tag import Tag
from domain import joined, person, stored
from domain.case import Case, replay
from domain.cleared import Cleared, cleared
from domain.finding import Finding
from domain.reading import due_beside, joined_facts, replayed, understood
from domain.refusal import NotFound
from domain.stage import Mark
from domain.words import Fact

DEATH: Final = "person-died"


@dataclass(frozen=True, kw_only=True)
class Stands:
    """A case by some clocks.

    `case` is what had certainly happened and was known; its version, and whose case it is, are
    those of `facts`: everything recorded in it by `as_at`. `streams` has these, and those of every
    case joined to it by then. `left_out` may have happened by `as_of`, and may not. `now` says
    whether it is restricted: a restriction holds over the past too (I16), also that of a case
    whose entries were read in it then.
    """

    clocks: Clocks
    case: Case
    facts: list[Fact[Any]]
    left_out: tuple[Fact[Any], ...]
    now: Case
    streams: Mapping[UUID, list[Fact[Any]]]
    died: Mark | None = None  # where the adult's own record tells their death, by the same clocks

    @cached_property
    def brought(self) -> frozenset[UUID]:
        """The other cases whose entries are read in this one."""
        case = self.facts[0].stream
        return frozenset(one.stream for one in joined.carried(case, self.streams)) - {case}

    @property
    def position(self) -> int:
        """The position the answer is of: the last of the case, and of all that are joined to it."""
        return _position(self.streams)

    @property
    def tag(self) -> Tag:
        """What was seen of the case and of those read in it, for whoever records on it."""
        beside = joined.brought_until(self.facts[0].stream, self.streams)
        return Tag(self.case.version, beside)

    @property
    def among(self) -> frozenset[UUID]:
        """The cases that a look at this one is a look at, where it is more than one."""
        return self.brought | {self.facts[0].stream} if self.brought else frozenset()

    @cached_property
    def understood(self) -> tuple[Fact[Any], ...]:
        """What is read in this case as now understood, each fact as it stands in its own case.

        So its version is of that case: `stream` says which.
        """
        case, kept = self.facts[0].stream, understood(self.streams)
        away = joined.moved(kept[case])
        own = (fact for fact in kept[case] if fact.version not in away)
        return tuple(sorted([*own, *joined.carried(case, kept)], key=lambda fact: fact.position))

    def place(self, stream: UUID, number: int) -> int | None:
        """The position of the entry that one of a case names by a number; None of none known.

        A number is a version in that case or, of an entry read in it, the negative of a position.
        """
        return -number if number < 0 else self._places.get((stream, number))

    @cached_property
    def _places(self) -> Mapping[tuple[UUID, int], int]:
        told = ((one, fact) for one, facts in self.streams.items() for fact in facts)
        return {(one, fact.version): fact.position for one, fact in told}

    def entries(self, of_adult: Sequence[Fact[Any]] = ()) -> list[Told]:
        """The timeline: each entry read in the case, as it stands in the one it was recorded in.

        With what was noted beside it there, and what corrects it.

        `of_adult` is what was told of the adult, in their own stream, of which their death is told
        among the entries of the case.
        """
        own, case = self.facts, self.facts[0].stream
        away = joined.moved(own)
        read = {fact.position for fact in own if fact.version not in away}
        read.update(fact.position for fact in joined.carried(case, self.streams))
        read.update(fact.position for fact in joined.beside_brought(case, self.streams))
        read.update(fact.position for fact in of_adult if fact.header.name == DEATH)
        others = (of_adult, *(self.streams[one] for one in self.brought))
        which, due = Which.by_clocks(self.clocks), due_beside(self.streams)
        return timeline(own, which, *others, read=read, due=due)

    def findings(self, office: Office, on: date | None = None) -> list[Finding]:
        """What the sources would criticise; nothing where nothing had happened yet.

        By the day of the clocks, or by another.
        """
        if not self.case.names:
            return []
        day = self.clocks.on if on is None else on
        return list(office.handler.findings(self.case, day, as_at=self.clocks.as_at))

    def cleared(self, office: Office) -> tuple[Cleared, ...] | None:
        """What stood and no longer does, as at; None by `as_of` or `known_to`.

        Those ask what was so, or known to somebody; what a case was judged to lack, and when it
        ceased to, is of what had been recorded by then.
        """
        if self.clocks.narrowed:
            return None
        looking = office.handler.looking(self.clocks.on, as_at=self.clocks.as_at)
        died = self.case.died_told
        return cleared(self.facts[0].stream, self.streams, looking, died)


def stands(office: Office, reference: UUID, clocks: Clocks) -> Stands:
    """A case by the clocks. Raises NotFound where nothing of it was recorded by `as_at`."""
    now, streams = _read(office, reference)
    whole = now
    if clocks.as_at is not None and _position(streams) > clocks.as_at:
        whole, streams = _read(office, reference, clocks.as_at)
    facts = streams[reference]
    found = Stands(clocks=clocks, case=whole, facts=facts, left_out=(), now=now, streams=streams)
    closed = [one for one in map(_now(office), sorted(found.brought)) if one.restricted]
    if closed:
        beside = (*now.excepting_beside, *(let for one in closed for let in one.restricting))
        found = replace(found, now=replace(now, restricted_beside=True, excepting_beside=beside))
    found = _narrowed(found) if clocks.narrowed else found
    died = _died(office, found.case.adult, clocks)
    case = found.case
    alone = not case.deaths and case.died_beside is None  # it tells of none itself
    return replace(found, died=died, case=case.but(died_told=died) if alone and died else case)


def _died(office: Office, adult: UUID | None, clocks: Clocks) -> Mark | None:
    """Where the adult's own record tells their death, and when that was; not once it is forgotten.

    It goes into what the case is judged by, and is shown to nobody here.
    """
    if adult is None or not any(
        row.name.startswith(DEATH) for row in office.record.log.stream(adult)
    ):
        return None
    facts = Which.by_clocks(clocks).certain(office.record.facts(adult, as_at=clocks.as_at)).facts
    told = person.replay(facts)
    if told.died is None or not told.deaths or person.PersonErased in told.kinds:
        return None
    return replace(told.deaths[-1], when=told.died)


def _read(
    office: Office, reference: UUID, as_at: int | None = None
) -> tuple[Case, dict[UUID, list[Fact[Any]]]]:
    """A case with the streams it was made of, each read once: its tag is of what is shown."""
    facts = office.record.facts(reference, as_at=as_at)
    if not facts or not stored.is_case(facts[0].event):
        raise NotFound("There is no such case, or there was none by then.")
    streams = joined_facts(office.record, reference, facts, as_at=as_at)
    return replayed(reference, streams), streams


def _by_then(at: Mark | None, as_of: date | None) -> Mark | None:
    """Where something stands that had certainly been by the end of a day; None: asked of no day."""
    certain = as_of is None or (at is not None and at.last is not None and at.last <= as_of)
    return at if certain else None


def _now(office: Office) -> Callable[[UUID], Case]:
    return lambda one: office.handler.case(one)[0]


def _position(streams: Mapping[UUID, list[Fact[Any]]]) -> int:
    return max(facts[-1].position for facts in streams.values() if facts)


def _narrowed(found: Stands) -> Stands:
    """The same by what had certainly happened, or was known to an agency.

    What is read where is as it is known, whatever day is asked by, as corrections are.
    """
    reference, whole = found.facts[0].stream, found.case
    kept = understood(found.streams)
    reading = joined.read(reference, kept)
    certain = Which.by_clocks(found.clocks).certain(reading.facts)
    case = replay(certain.facts, reading.elsewhere, reading.twice)
    stood = {one.position: one for facts in kept.values() for one in facts}
    left_out = (one for one in certain.left_out if one.version not in reading.elsewhere)
    return replace(
        found,
        case=replace(
            case,
            version=whole.version,
            concern=replace(case.concern, adult=whole.adult),
            forward=whole.forward,  # what lay before is not judged, over the past either
            told_before=whole.told_before,
            was_about=whole.was_about,
            restricted_beside=whole.restricted_beside,
            excepting_beside=whole.excepting_beside,
            held_beside=whole.held_beside,
            died_beside=_by_then(whole.died_beside, found.clocks.as_of),
            permitted_beside=whole.permitted_beside,
        ),
        left_out=tuple(stood[one.position] for one in left_out),
    )
