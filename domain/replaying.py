"""A case entry by entry: state before, entry, state after, and the findings raised then.

For an auditor (procedure C.8): each entry is judged on the day it was recorded, by the policies
known at it. What days alone brought about since the entry before is told apart from what the entry
did. The state is what the stages remember, as a plain tree; a difference is of its leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from domain import case as cases
from domain.case import Case
from domain.cleared import states
from domain.finding import Finding
from domain.policy import known_by
from domain.stage import Looking
from domain.when import LONDON, When
from domain.words import Digest, Fact, Forgotten, Passage, Personal, Slug

Json: TypeAlias = Any
Said: TypeAlias = Callable[[Passage], Mapping[str, Json]]  # how a passage is shown

# What a case keeps of its entries themselves, which stand beside every step: no state of its own.
_ENTRIES: Final = frozenset(
    {"names", "kinds", "positions", "brought_names", "meetings", "meetings_at", "last"}
)
_STATE: Final = tuple(one.name for one in fields(Case) if one.name not in _ENTRIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry of a case, with the case before and after it, as it was understood there.

    `on` is the day it was recorded, by which both are judged, `policy` the version in force then.
    `raised` and `cleared` are findings that stand since this entry, or stood until it; `answered`
    those whose answer is another since. `arisen` and `lapsed` are those that days brought since the
    entry before, or took.
    """

    number: int  # of the replay, from 1
    fact: Fact[Any]
    before: Case
    after: Case
    on: date
    policy: Slug
    raised: tuple[Finding, ...]
    cleared: tuple[Finding, ...]
    answered: tuple[Finding, ...]
    arisen: tuple[Finding, ...]
    lapsed: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A leaf of the state that is another after an entry; None where there is none.

    `path` is a JSON Pointer (RFC 6901) into the tree that `tree` gives.
    """

    path: str
    before: Json
    after: Json


def steps(
    case: UUID,
    streams: Mapping[UUID, Sequence[Fact[Any]]],
    looking: Looking,
    *,
    shown: Container[int],
    skip: int = 0,
    limit: int | None = None,
) -> Iterator[Step]:
    """The steps of a case, of which `skip` are left out and `limit` given.

    `streams` are as for `cleared`, `shown` the positions of the entries that are read in the case:
    what happened elsewhere between two of them is told with the second. `looking` has the policies;
    of those, each entry is judged by the ones known before it.
    """
    before, number = cases.initial, 0
    last: Fact[Any] | None = None
    stood: _Judged | None = None  # what stood after the entry before, where that was asked
    for after, fact in states(case, streams):
        if fact.position not in shown:
            continue
        number += 1
        if number > skip:
            since = stood if stood is not None or last is None else _judge(before, looking, last)
            was = since if since is None else since.by(before, looking, fact)
            stood = _judge(after, looking, fact)
            yield _step(number, fact, (before, after), (since, was, stood))
        before, last = after, fact
        if limit is not None and number >= skip + limit:
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """The findings of a state on a day, by identity."""

    looking: Looking
    found: Mapping[Digest, Finding]

    def by(self, case: Case, looking: Looking, fact: Fact[Any]) -> _Judged:
        """The same state judged as a later entry was recorded."""
        return self if _then(looking, fact) == self.looking else _judge(case, looking, fact)


def _judge(case: Case, looking: Looking, fact: Fact[Any]) -> _Judged:
    """Judge a state as an entry was recorded."""
    then = _then(looking, fact)
    return _Judged(looking=then, found={one.identity: one for one in cases.findings(case, then)})


def _then(looking: Looking, fact: Fact[Any]) -> Looking:
    """By what was judged as an entry was recorded."""
    day = fact.recorded_at.astimezone(LONDON).date()
    return replace(looking, on=day, policies=known_by(looking.policies, fact.position))


def _step(
    number: int,
    fact: Fact[Any],
    states_: tuple[Case, Case],
    judged: tuple[_Judged | None, _Judged | None, _Judged],
) -> Step:
    """One step, of the state before and after it, and what stood before, on its day, and after."""
    stood, was = ({} if one is None else one.found for one in judged[:2])
    then, now = judged[2].looking, judged[2].found
    return Step(
        number=number,
        fact=fact,
        before=states_[0],
        after=states_[1],
        on=then.on,
        policy=Slug(then.law.policy),
        raised=_only(now, was),
        cleared=_only(was, now),
        answered=tuple(
            one for key, one in now.items() if key in was and was[key].answer != one.answer
        ),
        arisen=_only(was, stood),
        lapsed=_only(stood, was),
    )


def _only(some: Mapping[Digest, Finding], others: Mapping[Digest, Finding]) -> tuple[Finding, ...]:
    return tuple(one for key, one in some.items() if key not in others)


# --------------------------------------------------------------------------------------- states


class _Passage(dict[str, Json]):
    """A passage as it is shown: one leaf, whatever it is made of."""


def tree(case: Case, said: Said) -> dict[str, Json]:
    """The state of a case as a plain tree; what is empty or not known is left out of it."""
    return _named({name: getattr(case, name) for name in _STATE}, said)


def changes(before: Case, after: Case, said: Said) -> tuple[Change, ...]:
    """The leaves of the state that differ, by their paths, in order."""
    found = list[Change]()
    for name in _STATE:
        was, now = getattr(before, name), getattr(after, name)
        if was is now:
            continue
        old, new = (dict(_leaves(_named({name: one}, said), "")) for one in (was, now))
        found += [
            Change(path=path, before=old.get(path), after=new.get(path))
            for path in sorted(old.keys() | new.keys())
            if old.get(path) != new.get(path)
        ]
    return tuple(found)


def _plain(value: Any, said: Said) -> Json:  # noqa: ANN401 — whatever a stage remembers
    """A value as JSON; None where there is nothing in it."""
    match value:
        case None | bool() | int():
            return value
        case Personal() | Forgotten():
            return _Passage(said(value))
        case Mapping():
            return _named({_key(key): one for key, one in value.items()}, said)
        case frozenset() | set():
            return {_key(one): True for one in sorted(value, key=_key)}
        case tuple() | list():
            return [_plain(one, said) for one in value]
        case _ if is_dataclass(value) and not isinstance(value, type | When):
            return _named({one.name: getattr(value, one.name) for one in fields(value)}, said)
        case _:
            return _text(value)


def _text(value: object) -> str:
    """What is one thing, as text."""
    match value:
        case str() | UUID():
            return str(value)
        case When():
            return value.text
        case date() | datetime():
            return value.isoformat()
        case type():
            return value.__name__
        case _:
            raise TypeError(f"a state holds a {type(value).__name__}, which has no plain form")


def _named(values: Mapping[str, Any], said: Said) -> dict[str, Json]:
    plain = ((name, _plain(one, said)) for name, one in values.items())
    return {name: one for name, one in plain if one is not None and one not in ({}, [])}


def _key(value: object) -> str:
    """A key of a mapping, or a member of a set, as text."""
    if isinstance(value, tuple):
        return ",".join(map(_key, value))
    if is_dataclass(value) and not isinstance(value, type | When):
        return ",".join(_key(getattr(value, one.name)) for one in fields(value))
    return str(value) if value is None or isinstance(value, int) else _text(value)


def _leaves(value: Json, path: str) -> Iterator[tuple[str, Json]]:
    """The leaves of a plain value, each with its path; a passage is one leaf."""
    members: Iterable[tuple[object, Json]]
    if isinstance(value, dict) and value and not isinstance(value, _Passage):
        members = value.items()
    elif isinstance(value, list) and value:
        members = enumerate(value)
    else:
        if path and value is not None and value != []:
            yield path, value
        return
    for name, one in members:
        step = str(name).replace("~", "~0").replace("/", "~1")
        yield from _leaves(one, f"{path}/{step}")
