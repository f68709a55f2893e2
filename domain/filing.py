"""A return filed: that it was handed over, exactly what, and of which position, for good.

It stands in the authority's own stream, since it is of no case. The figures lie sealed beside the
log under a key of their own, which goes with no case and no person: what was filed stays as it was
filed, whatever is corrected, joined or forgotten since. A return that is filed again, as a council
does within the time it has for that, stands beside the first and replaces nothing.

How long it is kept is the authority's to say. Once that time has ended its key is destroyed, on two
people's word as with any erasure (`erased`): that it was filed, when and of which days, stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, TypeAlias, assert_never

from domain.erased import (
    Approvals,
    Approved,
    Approving,
    Erased,
    Erasing,
    no_target,
    own_name,
    use_by,
)
from domain.refusal import Refused
from domain.stage import Context, check_codes, check_happened, recorded
from domain.words import Code, Digest, DocumentRef, Fact, Passage, Slug, listed

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFiled:
    """A return of a period was filed as it was known at a position (`as_at`).

    `document` holds its figures, and behind them the cases each of them counts; `digest` is that of
    the whole document, `sha256` of the figures alone, for whoever was handed them. `year` is the
    one it is asked by, `first` and `last` the days it covers. `broken` are the hard rules of the
    collection that its figures broke: whoever recorded this filed it nonetheless.
    """

    annual_return: Code = listed("annual_return")
    year: int
    first: date
    last: date
    as_at: int
    document: DocumentRef
    digest: Digest
    sha256: Digest
    broken: tuple[Slug, ...]
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingErasureApproved(Approved):
    """One person approved that what was filed goes, which somebody else then records (L14).

    `target` is the version, in this stream, of the entry that says it was filed.
    """

    retention_class: Code = listed("filing_retention_class")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingErased(Erased):
    """What was filed was made unreadable for good: its figures and the cases behind them (L9, L14).

    `target` is the version, in this stream, of the entry that says it was filed; that entry stays.
    """

    retention_class: Code = listed("filing_retention_class")


Event: TypeAlias = ReturnFiled | FilingErasureApproved | FilingErased

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Filings:
    """What was filed so far, in order; `version` is that of the authority's stream.

    `erased` are the erasures of what was filed, by the version of the filing.
    """

    filed: tuple[Fact[ReturnFiled], ...] = ()
    version: int = 0
    approvals: Approvals = field(default_factory=Approvals)
    erased: Mapping[int, Fact[FilingErased]] = field(default_factory=dict)

    def at(self, version: int | None) -> Fact[ReturnFiled] | None:
        """The filing whose entry has that version."""
        return next((one for one in self.filed if one.version == version), None)

    def of(self, first: date, last: date) -> tuple[Fact[ReturnFiled], ...]:
        """Every filing of a period, the first first: the nth of them is filing n."""
        days = (first, last)
        return tuple(one for one in self.filed if (one.event.first, one.event.last) == days)


State: TypeAlias = Filings
initial: Final = Filings()


def evolve(state: Filings, fact: Fact[Any]) -> Filings:
    """Remember one fact of the authority's stream; of all else it says, nothing."""
    state, event = replace(state, version=fact.version), fact.event
    match event:
        case ReturnFiled():
            return replace(state, filed=(*state.filed, fact))
        case FilingErasureApproved():
            return replace(state, approvals=state.approvals.approved(event, fact))
        case FilingErased():
            erased = {**state.erased, event.target or 0: fact}
            return replace(state, approvals=state.approvals.erased(event, fact), erased=erased)
        case _:
            return state


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
    broken: tuple[Slug, ...] = ()
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveFilingErasure(Approving):
    """Approve that what was filed is erased, which somebody else will carry out."""

    retention_class: Code = listed("filing_retention_class")


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseFiling(Erasing):
    """Record the erasure of what was filed, which is carried out with it, by its approvals."""

    retention_class: Code = listed("filing_retention_class")


Command: TypeAlias = FileReturn | ApproveFilingErasure | EraseFiling


def decide(command: Command, state: Filings, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    A return that breaks a rule of the collection, or is filed once more, is neither refused nor
    changed.

    Raises:
        Refused: a code is not in its list (I11), the period is not over (I3), or another filing
            has that document (I1); what is to be erased was not filed, or is erased already (L9),
            or nobody else approved it (L14).
    """
    check_happened(context, command)
    check_codes(command, context.jurisdiction)
    match command:
        case FileReturn():
            check_over(command.last, context.today)
            return (_file(command, state),)
        case ApproveFilingErasure():
            own_name(context)
            _check_target(command, state)
            return (recorded(FilingErasureApproved, command, use_by=use_by(context)),)
        case EraseFiling():
            _check_target(command, state)
            event = recorded(FilingErased, command)
            state.approvals.check(event, command.approvals, (), context, latest=state.version)
            return (event,)
        case _:
            assert_never(command)


def check_over(last: date, today: date) -> None:
    """Hold a return to a period that is over: of one that is not, nothing can have been filed yet.

    Raises:
        Refused: its last day is not past (I3).
    """
    if last >= today:
        words = f"There is nothing to file yet: the period ends on {last.isoformat()}."
        raise Refused("not_yet_happened", "I3", words, field="last")


def check_known(last: date, known_until: date) -> None:
    """Hold a filing to what was known once its period was over, however late it is filed.

    Raises:
        Refused: all of it was known before its last day had passed (I3).
    """
    if known_until <= last:
        words = f"As known then the period was not over: it ends on {last.isoformat()}."
        raise Refused("not_yet_happened", "I3", words, field="as_at")


def _file(command: FileReturn, state: Filings) -> ReturnFiled:
    if any(one.event.document == command.document for one in state.filed):
        words = "That document was filed already: what is filed again is a document of its own."
        raise Refused("already_recorded", "I1", words, field="document")
    return recorded(ReturnFiled, command)


def _check_target(command: ApproveFilingErasure | EraseFiling, state: Filings) -> None:
    """What is to go was filed, and is there still."""
    if state.at(command.target) is None:
        raise no_target("Name the entry that says the return was filed.")
    if command.target in state.erased:
        raise no_target("What was filed there was erased already.")
