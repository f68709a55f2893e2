"""What a form is recorded of: a case, a person, or something that it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from api.clocks import Typed as Asked
from api.forms.choices import MERGED_WITH, SPLIT_TO, Choice, Choices, choices
from api.forms.labels import title
from api.forms.stages import WITHOUT_FORM
from api.names import Names
from api.pages import words
from api.pages.lists import Adults
from api.problems import Problem
from api.routes.commands import BEGINNING
from api.routes.door import Reader, clocks_read
from api.routes.people import opened, restricted_among, withheld
from api.standing import stands
from api.tag import Tag
from domain import joined
from domain.authority import denied, may, who_may
from domain.case import Case
from domain.catalogue import CASE, COMMANDS
from domain.joining import FROM, MERGED
from domain.jurisdictions import Jurisdiction, jurisdictions
from domain.refusal import NotFound
from domain.words import Fact, PersonRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a form stands: the kind of stream and which, None for one that is begun."""

    kind: str | None
    stream: UUID | None

    @property
    def at(self) -> str:
        """The address of its page; empty where it is only begun."""
        return "" if self.kind is None else f"/{self.kind}s/{self.stream}"

    @property
    def here(self) -> str:
        """The address that its forms stand under."""
        return f"{self.at}/record"

    def form(self, name: str) -> str:
        """The address of a command's form."""
        return f"{self.here}/{name}"

    def door(self, name: str) -> str:
        """The address at which the same command is asked by JSON."""
        return f"/v1{self.at}/{name}" if self.kind else BEGINNING[name]

    def holds(self, name: str) -> bool:
        """Whether a command is one of those recorded here."""
        if name not in COMMANDS or (name in BEGINNING) is not (self.kind is None):
            return False
        if name in WITHOUT_FORM:
            return False
        return self.kind in {None, COMMANDS[name].stream}


BEGUN = Place(kind=None, stream=None)
_PARTED_BY: Final = {MERGED: MERGED_WITH, FROM: SPLIT_TO}


def place_of(kind: str, reference: str) -> Place:
    """A case's or a person's place. Raises NotFound."""
    try:
        return Place(kind=kind, stream=UUID(reference))
    except ValueError:
        raise NotFound(f"There is no such {kind}.") from None


def check(reader: Reader, place: Place, name: str) -> None:
    """Hold a form to a command there is, that the nation has and the role may ask for.

    Raises:
        NotFound: there is no such command here.
        Problem: `other-nation`, with what to record instead, or `not-permitted`.
    """
    if not place.holds(name):
        raise NotFound("There is no such thing to record here.")
    if not reader.office.jurisdiction.has(name):
        raise _of_another_nation(reader.office.jurisdiction, place, name)
    if not may(reader.actor.role, name):
        raise Problem("not-permitted", denied(who_may(name)))


def _of_another_nation(nation: Jurisdiction, place: Place, name: str) -> Problem:
    """Say whose procedure a command is of, and lead to what stands in its place here."""
    owner = next(one for one in jurisdictions().values() if one.has(name))
    return Problem(
        "other-nation",
        f"“{title(name, owner)}” is a step of {owner.name}'s procedure ({owner.law}). This record "
        f"is kept in {nation.name}, by the {nation.law}, which has no such step.",
        instead=[(title(one, nation), place.form(one)) for one in nation.instead[name]],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What stands so far where a form is recorded, looked at with a trace."""

    facts: Sequence[Fact[Any]]
    called: str
    names: Names
    choices: Choices
    about: frozenset[UUID]  # with whom a draft is to be forgotten
    beside: Sequence[Fact[Any]] = ()  # what other cases bring to this one, and what corrects that
    closed: Tag | None = None  # how much stands, where none of it may be read or is here

    @property
    def seen(self) -> Tag:
        """What was just read of the stream, and of what others bring to it; 0 for one begun."""
        if self.closed is not None:
            return self.closed
        beside = max((one.position for one in self.beside), default=0)
        return Tag(self.facts[-1].version if self.facts else 0, beside)


def look(reader: Reader, place: Place) -> Opened:
    """Read what stands there, and leave the trace of it before anything is shown.

    Where a restriction closes it nothing of it is given, and it can be recorded in still: a
    restriction limits what is read, not what is recorded (I16).

    Raises:
        NotFound: there is no such case or person.
        Problem: `not-permitted`.
    """
    if place.stream is None:
        names = Names(reader.office, None)
        begun = choices(reader, (), names)
        return Opened(
            facts=(), called="A new record", names=names, choices=begun, about=frozenset()
        )
    if place.kind == CASE:
        return _case(reader, place.stream)
    return _person(reader, place.stream)


def _case(reader: Reader, stream: UUID) -> Opened:
    reader.may("case")
    office = reader.office
    found = stands(office, stream, clocks_read(office, Asked()))
    state, facts = found.case, found.facts
    names, beside = Names(office, None), joined.brought(stream, found.streams)
    about = frozenset({stream} | ({state.adult} if state.adult else set()))
    if reader.closed(found.now, stream):
        whole = Opened(
            facts=facts, beside=beside, called="", names=names, choices=Choices(by={}), about=about
        )
        return _unseen(reader, f"Case {str(stream)[:8]}", whole)
    reader.viewed("case", case=stream, among=found.among)
    called = Adults.of(reader, names, [(stream, state.adult)]).called(stream, state.adult)
    return Opened(
        facts=facts,
        beside=beside,
        called=called[:1].upper() + called[1:],
        names=names,
        choices=choices(
            reader,
            facts,
            names,
            _findings(reader, state),
            beside=beside,
            joined=_joined(reader, state, facts),
        ),
        about=about,
    )


def _unseen(reader: Reader, called: str, whole: Opened) -> Opened:
    """What stands somewhere, with nothing of it: how much it is, and with whom it is forgotten."""
    chosen = choices(reader, (), whole.names)
    return Opened(
        facts=(),
        called=called,
        names=whole.names,
        choices=replace(chosen, unseen=True),
        about=whole.about,
        closed=whole.seen,
    )


def closed(reader: Reader, place: Place) -> bool:
    """Whether a restriction closes the page of a place to this reader."""
    if place.stream is None:
        return False
    if place.kind == CASE:
        return bool(restricted_among(reader, [place.stream]))
    return withheld(reader, place.stream)


def _joined(reader: Reader, state: Case, facts: Sequence[Fact[Any]]) -> dict[str, Sequence[Choice]]:
    """The cases that this one is read in, or that read entries of it: each by what joined them.

    One that this reader may not open is not among them.
    """
    standing = state.joining.standing
    closed = restricted_among(reader, {one.event.other for one in standing.values()})
    by = {MERGED_WITH: list[Choice](), SPLIT_TO: list[Choice]()}
    for fact in facts:
        one = standing.get(fact.version)
        kind = None if one is None else _PARTED_BY.get(one.event.place)
        if one is not None and kind is not None and one.event.other not in closed:
            entry = title(fact.header.name, reader.office.jurisdiction)
            said = f"Case {str(one.event.other)[:8]}: {entry}, {words.time(fact.occurred)}"
            by[kind].append((str(one.event.other), said))
    return {**by}


def _findings(reader: Reader, state: Case) -> list[Choice]:
    """The findings of today, for one that is answered."""
    if not reader.reads("findings"):
        return []
    today = clocks_read(reader.office, Asked()).on
    found = reader.office.handler.findings(state, today)
    return [(str(one.identity), one.words) for one in found if one.answer is None]


def _person(reader: Reader, stream: UUID) -> Opened:
    if not reader.reads("details"):
        raise Problem("not-permitted", "Your role may not read this.")
    names = Names(reader.office, None)
    if withheld(reader, stream):
        reader.may("person")
        told = reader.office.handler.told_of(stream)
        whole = Opened(
            facts=told,
            called="",
            names=names,
            choices=Choices(by={}),
            about=frozenset({stream}),
        )
        return _unseen(reader, f"Person {str(stream)[:8]}", whole)
    facts = opened(reader, stream, clocks_read(reader.office, Asked()))
    return Opened(
        facts=facts,
        called=names.person(PersonRef(stream)),
        names=names,
        choices=choices(reader, facts, names),
        about=frozenset({stream}),
    )
