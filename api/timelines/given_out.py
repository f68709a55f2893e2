"""That a timeline was given out: the file kept sealed in each of its cases, and recorded there.

A request that is sent again finds what it recorded (`Run`), and gives the file as it was kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from uuid import UUID, uuid5

import orjson

from api.chronologies.writing import agency_by
from api.lookups import cases_naming
from api.office import Office
from api.problems import Problem
from api.routes import shown
from api.routes.door import Reader
from api.timelines.asked import Asked
from api.timelines.files import MEDIA, Paper
from api.timelines.gathering import Gathered
from api.timelines.people import Somebody
from api.timelines.rows import Line, Lines
from domain.handle import Ask, local_day
from domain.record.encoding import passages
from domain.record.log import CommandReused
from domain.refusal import Conflict, Refused
from domain.reviewing import ChronologyProduced, ProduceChronology
from domain.when import instant
from domain.words import DocumentRef, Fact, Particulars, Slug

_TRIES: Final = 20
_KEY_MEDIA: Final = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Where it is recorded that a timeline was given out, and kept: one of its cases."""

    case: UUID
    version: int
    position: int
    document: UUID
    pseudonyms: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One request for a timeline: sent again under its id, it is answered again.

    `digest` tells two requests under one id apart; None where nobody can send it again.
    """

    id: UUID
    digest: bytes | None = None

    def of(self, case: UUID) -> UUID:
        """The id of the command that records it in one of its cases."""
        return uuid5(self.id, f"given out {case}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A timeline as a file, and all that it was made of; nothing of it is kept or recorded yet."""

    gathered: Gathered
    lines: Lines
    known: Mapping[UUID, Somebody]
    paper: Paper
    content: bytes
    key: bytes | None
    called: frozenset[UUID]  # whom the key to the pseudonyms names


def before_by(reader: Reader, asked: Asked, run: Run) -> dict[UUID, Fact[ChronologyProduced]]:
    """What this run recorded already, by case. Raises CommandReused."""
    office, found = reader.office, dict[UUID, Fact[ChronologyProduced]]()
    if run.digest is None:
        return found
    named = (cases_naming(office, person) for person in asked.persons)
    for case in frozenset(asked.cases).union(*named):
        stood = office.record.log.command(run.of(case))
        if stood is None:
            continue
        appended, digest = stood
        if digest != run.digest:
            raise CommandReused
        (found[case],) = office.record.open(office.record.log.at([appended.last]))
    return found


def as_then(asked: Asked, first: Fact[ChronologyProduced]) -> Asked:
    """What was asked, of the position and the day on which it was first answered."""
    clocks = replace(asked.clocks, as_at=first.event.as_at)
    if asked.clocks.by_basis:
        clocks = replace(clocks, on=local_day(first.recorded_at), by_basis=False)
    return replace(asked, clocks=clocks)


def kept(reader: Reader, before: Mapping[UUID, Fact[ChronologyProduced]]) -> bytes:
    """The file as it was kept. Raises Problem: it was forgotten."""
    case, fact = min(before.items())
    named = {fact.position: [fact.event.digest]}
    kept = reader.office.documents.read(fact.event.document, case, named)
    if kept.content is None:
        raise Problem("not-found", "This timeline was forgotten: ask for it under a new key.")
    return kept.content


def record(
    reader: Reader,
    asked: Asked,
    made: Made,
    run: Run,
    before: Mapping[UUID, Fact[ChronologyProduced]],
) -> tuple[Given, ...]:
    """Keep the file for each of its cases, and record there that it was given out."""
    office = reader.office
    about, keys = _subjects(office, made, reader.actor.worker), _passages(office, made)
    given = []
    for case in made.gathered.recorded_in:
        document, secret = uuid5(run.id, f"timeline {case}"), uuid5(run.id, f"pseudonyms {case}")
        fact = before.get(case)
        if fact is None:
            keep = partial(
                office.documents.keep,
                case=case,
                about=about,
                passages=keys,
                by=reader.actor,
                purpose=reader.purpose,
            )
            digest = keep(document, made.content, MEDIA[asked.kind])
            if made.key is not None:
                keep(secret, made.key, _KEY_MEDIA)
            command = ProduceChronology(
                review=asked.review if _referred(made, case, asked) else None,
                document=DocumentRef(document),
                digest=digest,
                as_at=made.gathered.as_at,
                entries=sum(one.told is not None for one in made.lines.lines),
                period_from=asked.period.since,
                period_to=asked.period.until,
                agencies=_agencies(made.lines.lines),
                pseudonyms=None if made.key is None else DocumentRef(secret),
            )
            version_there, position = _ask(reader, case, command, run)
        else:
            version_there, position = fact.version, fact.position
        given.append(
            Given(
                case=case,
                version=version_there,
                position=position,
                document=document,
                pseudonyms=None if made.key is None else secret,
            )
        )
    return tuple(given)


def _ask(reader: Reader, case: UUID, command: ProduceChronology, run: Run) -> tuple[int, int]:
    """Record it; what others record meanwhile changes nothing of what was given out."""
    particulars = Particulars(
        occurred=instant(reader.office.clock.now()), purpose=reader.purpose, correlation=run.id
    )
    for _ in range(_TRIES):
        ask = Ask(
            command=command,
            stream=case,
            expected_version=len(reader.office.record.log.stream(case)),
            actor=reader.actor,
            particulars=particulars,
            id=run.of(case),
            digest=run.digest or bytes.fromhex(command.digest),
        )
        try:
            answer = reader.office.handler.handle(ask)
        except Conflict:
            continue
        return answer.version, answer.appended.last
    raise Refused("busy", "I1", "Others are recording in this case: ask again.")


def _referred(made: Made, case: UUID, asked: Asked) -> bool:
    """Whether the review was asked for in this case: of several, it may be one of them."""
    facts = made.gathered.streams.get(case, ())
    here = any(getattr(fact.event, "review", None) == asked.review for fact in facts)
    return asked.review is not None and (here or len(made.gathered.recorded_in) == 1)


def _agencies(lines: Sequence[Line]) -> tuple[Slug, ...]:
    """Whose entries are in it."""
    found = set[Slug]()
    for one in lines:
        if one.told is None:
            continue
        found.add(agency_by(one.told.fact))
    return tuple(sorted(found))


def _subjects(office: Office, made: Made, maker: UUID) -> list[UUID]:
    """Whom and what the file is about: forgetting any of them forgets it."""
    told = [one.told.fact for one in made.lines.lines if one.told is not None]
    named = {ref for fact in told for ref in shown.references(fact.event) if ref in made.known}
    subjects = {*made.gathered.looked, *named, *made.called, *(fact.stream for fact in told)}
    living = sorted(one for one in subjects if not office.keyring.destroyed(one))
    return living or [maker]  # of nobody and nothing that is left


def _passages(office: Office, made: Made) -> set[UUID]:
    """The keys of the passages in it that live; those forgotten are shown as forgotten."""
    lines = [one.told.fact for one in made.lines.lines if one.told is not None]
    places = {fact.position for fact in lines}
    targets = {(fact.stream, fact.version) for fact in lines}
    places |= {
        fact.position
        for fact in made.gathered.facts
        if (fact.stream, getattr(fact.event, "target", None)) in targets
    }
    rows = office.record.log.at(sorted(places))
    keys = {
        UUID(sealed["key"])
        for row in rows
        for sealed in passages(orjson.loads(row.payload)["data"])
    }
    return set(office.keyring.find(keys))
