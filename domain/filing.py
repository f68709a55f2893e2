"""A return filed: that it was handed over, exactly what, and of which position, for good.

It stands in the authority's own stream, since it is of no case. The figures lie sealed beside the
log under a key of their own, which goes with no case and no person: what was filed stays as it was
filed, whatever is corrected, joined or forgotten since. A return that is filed again, as a council
does within the time it has for that, stands beside the first and replaces nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeAlias

from domain.refusal import Refused
from domain.stage import Context, check_codes, check_happened, recorded
from domain.words import Code, Digest, DocumentRef, Fact, Passage, listed

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFiled:
    """A return of a period was filed as it was known at a position (`as_at`).

    `document` holds its figures, and behind them the cases each of them counts; `digest` is that of
    the whole document, `sha256` of the figures alone, for whoever was handed them. `year` is the
    one it is asked by, `first` and `last` the days it covers.
    """

    annual_return: Code = listed("annual_return")
    year: int
    first: date
    last: date
    as_at: int
    document: DocumentRef
    digest: Digest
    sha256: Digest
    note: Passage | None = None


Event: TypeAlias = ReturnFiled

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Filings:
    """What was filed so far, in order; `version` is that of the authority's stream."""

    filed: tuple[Fact[ReturnFiled], ...] = ()
    version: int = 0

    def of(self, first: date, last: date) -> tuple[Fact[ReturnFiled], ...]:
        """Every filing of a period, the first first: the nth of them is filing n."""
        days = (first, last)
        return tuple(one for one in self.filed if (one.event.first, one.event.last) == days)


State: TypeAlias = Filings
initial: Final = Filings()


def evolve(state: Filings, fact: Fact[Any]) -> Filings:
    """Remember one fact of the authority's stream; of all else it says, nothing."""
    if not isinstance(fact.event, ReturnFiled):
        return replace(state, version=fact.version)
    return Filings(filed=(*state.filed, fact), version=fact.version)


def replay(facts: Iterable[Fact[Any]]) -> Filings:
    """What was filed by these facts of the authority's stream."""
    state = initial
    for fact in facts:
        state = evolve(state, fact)
    return state


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReturn:
    """File a return, whose document is kept already."""

    annual_return: Code = listed("annual_return")
    year: int
    first: date
    last: date
    as_at: int
    document: DocumentRef
    digest: Digest
    sha256: Digest
    note: Passage | None = None


Command: TypeAlias = FileReturn


def decide(command: Command, state: Filings, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    A return that is filed before its period ended, or once more, is neither refused nor changed.

    Raises:
        Refused: a code is not in its list (I11), or another filing has that document (I1).
    """
    check_happened(context, command)
    check_codes(command, context.jurisdiction)
    if any(one.event.document == command.document for one in state.filed):
        words = "That document was filed already: what is filed again is a document of its own."
        raise Refused("already_recorded", "I1", words, field="document")
    return (recorded(ReturnFiled, command),)
