"""How facts look in an answer: JSON as they are stored, with their passages open or forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from uuid import UUID

from api.editions import Edition
from api.register import NamedThing
from api.routes.timeline import Told
from domain.calendar import PolicyCalendar
from domain.cleared import Cleared
from domain.finding import Finding, FindingAnswer
from domain.manifest import Holder
from domain.procedure import rules
from domain.record.encoding import Json, dump, dump_instant
from domain.stage import at_latest
from domain.when import When
from domain.words import Digest, Due, Fact, Forgotten, Passage


def passage(said: Passage, _path: str = "") -> dict[str, Json]:
    """A passage: its text, or that it was forgotten."""
    if isinstance(said, Forgotten):
        return {"about": str(said.about), "forgotten": True}
    return {"about": str(said.about), "text": said.text}


def when(time: When) -> dict[str, Json]:
    """A time as it is known, with its bounds; never a false midnight."""
    return {
        "edtf": time.text,
        "from": None if time.earliest is None else dump_instant(time.earliest),
        "to": None if time.latest is None else dump_instant(time.latest),
        "uncertain": time.uncertain,
    }


def entry(
    told: Told, closed: Collection[UUID] = (), days: PolicyCalendar | None = None
) -> dict[str, Json]:
    """One entry of a timeline, as it is now understood.

    Wherever it names one of the cases in `closed`, which the reader may not open, null stands. By
    `days` a due date that falls on no working day says why, and which working days are beside it.
    """
    fact, header = told.fact, told.fact.header
    recorded = header.source_recorded
    return {
        "position": fact.position,
        "version": fact.version,
        "name": header.name,
        "occurred": when(told.occurred),
        "stated_occurred": None if told.stated is None else when(told.stated),
        "corrected_by": told.corrected_by,
        "withdrawn": told.withdrawn,
        "recorded_at": dump_instant(fact.recorded_at),
        "recorded_by": str(header.recorded_by),
        "performed_by": str(header.performed_by),
        "role": str(header.role),
        "organisation": str(header.organisation),
        "purpose": str(header.purpose),
        "source": header.source,
        "source_recorded": None if recorded is None else when(recorded),
        "known_to": [
            {"agency": str(one.agency), "since": when(one.since)} for one in header.known_to
        ],
        "data": without(data_of(fact.event, days), {str(one) for one in closed}),
        "dues": [_anew(told, name, days) for name in told.dues],
    }


def _anew(told: Told, name: str, days: PolicyCalendar | None) -> dict[str, Json]:
    """What is due by a corrected time: `data` keeps the date stored, which this supersedes."""
    was, now = getattr(told.fact.event, name), told.dues[name]
    return {
        "field": name,
        "due": None if now is None else _due(now, days),
        "supersedes": None if was is None else _due(was, days),
        "corrected_by": None if now is None else now.corrected_by,
    }


def _due(due: Due, days: PolicyCalendar | None) -> dict[str, Json]:
    told = {one.name: getattr(due, one.name) for one in fields(Due)}
    return {**dump(Due(**told), passage), **_beside(due, days)}


def _beside(due: Due, days: PolicyCalendar | None) -> dict[str, Json]:
    """Of a due date: whether it is only the latest day it can be; where it is no working day."""
    found = None if days is None else days.landing(due)
    if found is None:
        return {"at_latest": at_latest(due)}
    beside = {"why": found.why, "before": str(found.before), "after": str(found.after)}
    return {"at_latest": at_latest(due), "no_working_day": beside}


def references(value: object) -> Iterator[UUID]:
    """Every reference in an event, whatever it names."""
    if isinstance(value, UUID):
        yield value
    elif isinstance(value, tuple):
        for member in value:
            yield from references(member)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from references(getattr(value, one.name))


def without(value: Json, closed: Collection[str]) -> Json:
    """Stored JSON with null for each reference in `closed`."""
    if not closed:
        return value
    match value:
        case str():
            return None if value in closed else value
        case list():
            return [without(one, closed) for one in value]
        case dict():
            return {name: without(one, closed) for name, one in value.items()}
        case _:
            return value


def data_of(event: Any, days: PolicyCalendar | None = None) -> dict[str, Json]:  # noqa: ANN401 — any event
    """What an event says; of each due date also what `_beside` says of it."""
    data = dump(event, passage)
    for one in fields(event):
        if isinstance(due := getattr(event, one.name), Due):
            data[one.name].update(_beside(due, days))
    return data


def left_out(fact: Fact[Any]) -> dict[str, Json]:
    """An entry that a judgement leaves out, because it may have happened by the day and may not."""
    return {
        "case": str(fact.stream),
        "position": fact.position,
        "version": fact.version,
        "name": fact.header.name,
        "occurred": when(fact.occurred),
    }


def external(one: NamedThing) -> dict[str, Json]:
    """What another system calls something, and what that is."""
    return {
        "what": one.what,
        "version": one.version,
        "system": str(one.reference.system),
        "id": passage(one.reference.id),
    }


def holder(one: Holder, approved: Mapping[Digest, Edition]) -> dict[str, Json]:
    """Somebody who holds something of a case, and the entry that says so.

    Of a copy of approved minutes, `edition` says when and by which entry these were approved, and
    whether others took their place since.
    """
    told = dump(one, passage)
    told.pop("at")
    of = None if one.source is None or one.draft else approved.get(one.source)
    edition: Json = None
    if of is not None:
        edition = {
            "position": of.position,
            "approved": when(of.approved),
            "replaced": of.replaced,
        }
    return {"position": one.at.position, "occurred": when(one.at.when), **told, "edition": edition}


def finding(one: Finding) -> dict[str, Json]:
    """A finding in an answer, with the lines of the sources its rules stand in, and its answer.

    Of a rule that is none of the sources' (a law's, or the record's own) `seeds` says nothing.
    `policy` is the version of the procedure it was judged by: the nation's and, after a stroke, the
    authority's own; of what is past a due date, the one that set that date.
    """
    table = rules()
    return {
        "id": str(one.identity),
        "seeds": {rule: table[rule].seed for rule in one.rules if rule in table},
        "answer": None if one.answer is None else _answer(one.answer),
        "code": str(one.code),
        "rules": list(one.rules),
        "severity": str(one.severity),
        "words": one.words,
        "position": one.position,
        "since": None if one.since is None else one.since.text,
        "at_latest": one.at_latest,
        "subject": one.subject,
        "policy": one.policy,
    }


def cleared(one: Cleared) -> dict[str, Json]:
    """A finding that stood, with when it ceased to, how, and by which entry.

    The entry's position is of the case named beside it, which may be one joined to this.
    """
    by = one.by
    told: dict[str, Json] = {
        "how": str(one.how),
        "on": one.on.isoformat(),
        "case": None if by is None else str(by.stream),
        "position": None if by is None else by.position,
        "name": None if by is None else by.header.name,
        "occurred": None if by is None else when(by.occurred),
        "recorded_at": None if by is None else dump_instant(by.recorded_at),
        "instead": one.instead,
    }
    return {**finding(one.finding), "cleared": told}


def _answer(one: FindingAnswer) -> dict[str, Json]:
    return {
        "result": str(one.result),
        "reason": None if one.reason is None else passage(one.reason),
        "by": str(one.by),
        "role": str(one.role),
        "occurred": when(one.when),
        "position": one.position,
    }
