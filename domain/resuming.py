"""A case gone on with: replayed once, then by each fact recorded since.

So no command of many about one case costs more than the one before it. Whoever records a chronology
of thousands of lines asks of one case thousands of times. What the case came to is kept between two
of them, and with it the last fact it came to that by: facts read anew are others, even where they
say the same, and begin a replay anew. So nothing that was kept outlives the facts it was kept of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from domain import case as cases
from domain.case import Case
from domain.concern import ReferralReceived
from domain.correction import RecordCorrected
from domain.joining import CaseMerged, CaseSplit, CaseSplitEnded, CaseUnmerged
from domain.reading import Kept, joined_facts, replayed
from domain.words import Fact

# By what a case is joined to others or parted from them, what decides how theirs count in it
# (`joined.read`), and what is understood otherwise by now: with any of these, what was read before
# is read otherwise.
_REREAD: Final = (
    CaseMerged,
    CaseSplit,
    CaseUnmerged,
    CaseSplitEnded,
    ReferralReceived,
    RecordCorrected,
)


@dataclass(frozen=True, slots=True)
class _Came:
    """What a case came to, by how many of its facts, and with what of the cases joined to it."""

    stream: UUID
    version: int
    last: Fact[Any]
    case: Case
    beside: Mapping[UUID, tuple[int, Fact[Any] | None]]


class Resuming:
    """Replays one case after another, each gone on with for as long as it is asked for.

    It takes the place of `reading.as_understood`, over a record that keeps what it read. For one
    thread, and for as long as that record: whoever lets go of its facts drops this too.
    """

    def __init__(self) -> None:
        self._came: _Came | None = None

    def __call__(self, record: Kept, stream: UUID, facts: list[Fact[Any]]) -> Case:
        """A case with what is read in it of others, as now understood."""
        came = self._came
        if came is None or not _goes_on(came, record, stream, facts):
            streams = joined_facts(record, stream, facts)
            case = replayed(stream, streams)
            beside = {one: _end(each) for one, each in streams.items() if one != stream}
        else:
            case, beside = came.case, dict(came.beside)
            for fact in _since(came, facts):
                case = cases.evolve(case, fact)
        self._came = _Came(stream, len(facts), facts[-1], case, beside) if facts else None
        return case

    def drop(self) -> None:
        """Keep nothing more of what was replayed."""
        self._came = None


def _goes_on(came: _Came, record: Kept, stream: UUID, facts: Sequence[Fact[Any]]) -> bool:
    """Whether these are the facts a case came to, and some that only add to them."""
    if came.stream != stream or len(facts) < came.version:
        return False
    if facts[came.version - 1] is not came.last:
        return False
    if any(isinstance(fact.event, _REREAD) for fact in _since(came, facts)):
        return False
    return all(_same(_end(record.facts(one)), end) for one, end in came.beside.items())


def _since(came: _Came, facts: Sequence[Fact[Any]]) -> Sequence[Fact[Any]]:
    return facts[came.version :]


def _end(facts: Sequence[Fact[Any]]) -> tuple[int, Fact[Any] | None]:
    """How many facts there are, and the last."""
    return len(facts), facts[-1] if facts else None


def _same(one: tuple[int, Fact[Any] | None], other: tuple[int, Fact[Any] | None]) -> bool:
    return one[0] == other[0] and one[1] is other[1]
