"""The entries of one case as they are now understood, in the order in which things happened.

Read from the record itself and not from the chronology view: a case is few events, each proves
itself as it is read, and what was recorded a moment ago is there. A test holds the two to the same
answers.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from api.clocks import Clocks
from domain.corrected import (
    ByFact,
    DuesAnew,
    Followed,
    dues_by_all,
    follow,
    standing,
    understood,
)
from domain.correction import ChronologyEntryRecorded
from domain.when import When, end_of, start_of
from domain.words import Fact, Forgotten, Personal, Slug
from projections.refold import Happened, happened, knew, least

_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_LAST_NUMBER: Final = 2**63
_WRONG_PERSON: Final = "wrong_person"  # of `correction_reason`
MISPLACED: Final = (
    "Not shown: this was entered for the wrong person. It can be read as at an entry before that "
    "was recorded."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry as now understood; `stated` is when it was first said to have been, if otherwise.

    `corrected_by` is the position of its last correction, `withdrawn_by` of that which withdrew it,
    after which a field of it may have been put right. One that was entered for the wrong person
    is another's: what it says in words is not read here any more, only as at before that was seen.
    """

    fact: Fact[Any]
    occurred: When
    stated: When | None = None
    corrected_by: int | None = None
    withdrawn_by: int | None = None
    misplaced: bool = False
    dues: Mapping[str, Followed | None] = field(default_factory=dict)  # what is due now, by field

    @property
    def withdrawn(self) -> bool:
        """Whether it is now understood not to have happened, or not to belong here."""
        return self.withdrawn_by is not None

    @property
    def understood(self) -> Fact[Any]:
        """The fact with what is due by it now: each date says which it takes the place of."""
        if not self.dues:
            return self.fact
        return replace(self.fact, event=replace(self.fact.event, **self.dues))

    @property
    def number(self) -> int | None:
        """Its own number in the chronology it came from."""
        event = self.fact.event
        return event.number if isinstance(event, ChronologyEntryRecorded) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which entries are asked for: what may have been so by a day, what an agency knew by one."""

    as_of: date | None = None
    known_to: Slug | None = None
    by: date

    @classmethod
    def by_clocks(cls, clocks: Clocks) -> Which:
        """Which entries the clocks of a question ask for."""
        return cls(as_of=clocks.as_of, known_to=clocks.known_to, by=clocks.on)

    def holds(self, told: Told) -> bool:
        """Whether an entry is asked for; what may have been counts."""
        return self._had(told.occurred, told.fact) is not Happened.NO

    def doubts(self, told: Told) -> bool:
        """Whether an entry is asked for because it may have been so, or known, and may not."""
        return self._had(told.occurred, told.fact) is Happened.PERHAPS

    def certain(self, facts: Iterable[Fact[Any]]) -> Certain:
        """What of a case had certainly happened, as now understood; what may have is left out."""
        kept, left_out = list[Fact[Any]](), list[Fact[Any]]()
        for fact in standing(facts):
            had = self._had(fact.occurred, fact)
            if had is not Happened.NO:
                (kept if had is Happened.YES else left_out).append(fact)
        return Certain(facts=tuple(kept), left_out=tuple(left_out))

    def _had(self, occurred: When, fact: Fact[Any]) -> Happened:
        """Whether it had happened by its day, and the agency asked for knew of it by another."""
        return least(happened(occurred, self.as_of), self._knew(occurred, fact))

    def _knew(self, occurred: When, fact: Fact[Any]) -> Happened:
        if self.known_to is None:
            return Happened.YES
        theirs = getattr(fact.event, "agency", None)
        line = occurred if isinstance(fact.event, ChronologyEntryRecorded) else None
        return knew(
            fact.header,
            fact.recorded_at,
            theirs,
            agency=self.known_to,
            by=end_of(self.by),
            line=line,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Certain:
    """The facts that a judgement may rest on, and those left out because they are uncertain."""

    facts: tuple[Fact[Any], ...]
    left_out: tuple[Fact[Any], ...]


def timeline(
    facts: Iterable[Fact[Any]],
    which: Which,
    *others: Iterable[Fact[Any]],
    read: Container[int] | None = None,
    due: DuesAnew | None = None,
) -> list[Told]:
    """The entries asked for, by their earliest, then latest possible time; the unknown last.

    What is only known to have been by a day stands at that day. `others` are the streams of cases
    that bring entries to this one, `read` the positions of all that is read in it (None: all),
    `due` what corrections in joined cases say is due in another (`reading.due_beside`).
    """
    streams = [tuple(stream) for stream in (facts, *others)]
    told = (one for stream in streams for one in _understood(stream, due or {}))
    asked = (one for one in told if read is None or one.fact.position in read)
    return in_order(one for one in asked if which.holds(one))


def in_order(told: Iterable[Told]) -> list[Told]:
    """Entries by their earliest, then latest possible time; the unknown last."""
    return sorted(told, key=_order)


def _understood(every: Sequence[Fact[Any]], elsewhere: DuesAnew) -> list[Told]:
    """Each fact with what its corrections made of it, one after another.

    What is due by one also with those of other cases, of what it was counted from.
    """
    found = {one.version: Told(fact=one, occurred=one.occurred) for one in every}
    corrected = understood(every)
    for version, now in corrected.items():
        if version in found:
            found[version] = _corrected(found[version], now)
    for version, dues in dues_by_all(every, corrected.values(), elsewhere).items():
        one = found.get(version)
        if one is not None:
            now_due = {
                name: follow(getattr(one.fact.event, name), *due) for name, due in dues.items()
            }
            found[version] = replace(one, dues=now_due)
    return [_where_it_belongs(told) for told in found.values()]


def _where_it_belongs(told: Told) -> Told:
    """The entry, without its words where they are about somebody whose case this is not (L29)."""
    if not told.misplaced:
        return told
    return replace(told, fact=replace(told.fact, event=_unsaid(told.fact.event)))


def _unsaid(value: Any) -> Any:  # noqa: ANN401 — an event, or a value in it
    """The same with a notice in the place of each passage."""
    match value:
        case Personal():
            return Personal(value.about, MISPLACED)
        case tuple():
            return tuple(_unsaid(one) for one in value)
        case _ if is_dataclass(value) and not isinstance(value, type | When | Forgotten):
            return replace(
                value, **{one.name: _unsaid(getattr(value, one.name)) for one in fields(value)}
            )
        case _:
            return value


def _corrected(told: Told, now: ByFact) -> Told:
    """The entry as it is understood by all its corrections."""
    gone = now.withdrawn_by
    return replace(
        told,
        occurred=now.when or told.occurred,
        stated=None if now.when is None else told.occurred,
        corrected_by=None if now.last is None else now.last.position,
        withdrawn_by=None if gone is None else gone.position,
        misplaced=gone is not None and gone.event.reason == _WRONG_PERSON,
    )


def _order(told: Told) -> tuple[Any, ...]:
    when = told.occurred
    return (
        when.earliest is None and when.latest is None,
        when.earliest or (_FIRST if when.last_day is None else start_of(when.last_day)),
        when.latest or _LAST,
        _LAST_NUMBER if told.number is None else told.number,
        told.fact.position,
    )
