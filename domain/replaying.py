"""A case entry by entry: state before, entry, state after, and the findings raised then.

For an auditor (procedure C.8): each entry is judged on the day it was recorded, by the policies
known at it. What days alone brought about since the entry before is told apart from what the entry
did. The state is what the stages remember, as a plain tree; a difference is of its leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from domain import case as cases
from domain import joined
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
    {
        *("names", "kinds", "positions", "brought_names", "meetings", "meetings_at", "last"),
        *("dated", "as_recorded", "read_while", "read_in", "beside"),
    }
)
_STATE: Final = tuple(one.name for one in fields(Case) if one.name not in _ENTRIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """An entry that a case came by, with the case before and after it, as it was understood there.

    `elsewhere` says that it is none of those read in the case now: what stands in a joined case and
    changed this one (a merge, a correction there), or what was parted from this one since. Or that
    it stands in a joined case from before this one began: `by` is then the entry by which it came
    to be read here, and with which it is judged; of any other, `by` is itself.
    """

    number: int  # of the replay, from 1
    fact: Fact[Any]
    before: Case
    after: Case
    elsewhere: bool
    by: Fact[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of them judged, by the day it was recorded on (`on`) and the `policy` in force then.

    Or that of the entry by which it came to be read, where it stands from before the case began.


    `raised` and `cleared` are findings that stand since this entry, or stood until it; `answered`
    those whose answer is another since. `arisen` and `lapsed` are those that days brought since the
    entry before, or took.
    """

    passed: Passed
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

    `path` is a JSON Pointer (RFC 6901) into the tree that `Trees` gives.
    """

    path: str
    before: Json
    after: Json


def passed(
    case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]], *, shown: Container[int]
) -> list[Passed]:
    """Every entry that a case came by, in order, each beginning where the one before it ended.

    `streams` are as for `cleared`, `shown` the positions of the entries that are read in the case.
    """
    before, found = cases.initial, list[Passed]()
    came = _came(case, streams, shown)
    for after, fact in states(case, streams):
        elsewhere, more = fact.position not in shown, came.get(fact.position, ())
        told = [(fact, before, elsewhere), *((one, after, True) for one in more)]
        found += [
            Passed(number=number, fact=one, by=fact, before=was, after=after, elsewhere=away)
            for number, (one, was, away) in enumerate(
                # of a joined case, and nothing to this one
                told[1:] if elsewhere and after == before else told,
                len(found) + 1,
            )
        ]
        before = after
    return found


def _came(
    case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]], shown: Container[int]
) -> dict[int, list[Fact[Any]]]:
    """What is read in a case from before it began, by the position at which it came to be read."""
    every = sorted(fact.position for facts in streams.values() for fact in facts)
    began, found = streams[case][0].position, dict[int, list[Fact[Any]]]()
    waiting = {one for one in every if one < began and one in shown}
    for at in every:
        if waiting and at >= began:
            then = {
                one: [fact for fact in of if fact.position <= at] for one, of in streams.items()
            }
            read = (*joined.carried(case, then), *joined.beside_brought(case, then))
            now = {fact.position: fact for fact in read if fact.position in waiting}
            found[at] = [now[position] for position in sorted(now)]
            waiting -= now.keys()
    return found


def steps(
    every: Sequence[Passed], looking: Looking, *, skip: int = 0, limit: int | None = None
) -> Iterator[Step]:
    """Judge some of what a case came by: `limit` after the first `skip`.

    `looking` has the policies; of those, each entry is judged by the ones known before it.
    """
    last = every[skip - 1] if 0 < skip <= len(every) else None
    stood = None if last is None else _judge(last.after, looking, last.by)
    for one in every[skip:] if limit is None else every[skip : skip + limit]:
        was = None if stood is None else stood.by(one.before, looking, one.by)
        now = _judge(one.after, looking, one.by)
        yield _step(one, stood, was, now)
        stood = now


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


def _step(one: Passed, stood: _Judged | None, was: _Judged | None, now: _Judged) -> Step:
    """A step, by what stood after the entry before it, on its own day, and after it."""
    earlier, before = ({} if of is None else of.found for of in (stood, was))
    return Step(
        passed=one,
        on=now.looking.on,
        policy=Slug(now.looking.law.policy),
        raised=_only(now.found, before),
        cleared=_only(before, now.found),
        answered=tuple(
            found
            for key, found in now.found.items()
            if key in before and before[key].answer != found.answer
        ),
        arisen=_only(before, earlier),
        lapsed=_only(earlier, before),
    )


def _only(some: Mapping[Digest, Finding], others: Mapping[Digest, Finding]) -> tuple[Finding, ...]:
    return tuple(one for key, one in some.items() if key not in others)


# --------------------------------------------------------------------------------------- states


class _Passage(dict[str, Json]):
    """A passage as it is shown: one leaf, whatever it is made of."""


class Trees:
    """The states of a case as plain trees; what is empty or not known is left out of them.

    A stage that an entry did not touch is the same object after it: its branch is made once, and
    stands in both trees.
    """

    def __init__(self, said: Said) -> None:
        self._said = said
        self._made: dict[str, tuple[object, dict[str, Json]]] = {}  # of each stage the last

    def of(self, case: Case) -> dict[str, Json]:
        """The tree of one state."""
        whole: dict[str, Json] = {}
        for name in _STATE:
            stage, made = getattr(case, name), self._made.get(name)
            if made is None or made[0] is not stage:
                made = self._made[name] = stage, _named({name: stage}, self._said)
            whole |= made[1]
        return whole


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
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
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
