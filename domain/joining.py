"""Cases read as one, and entries read in another case: merged, split, and each of them ended.

Nothing is moved and nothing is rewritten. A merge or a split is an event in both cases, recorded
together, that says how they are read from then on; ending it is another such event, and as at an
earlier position everything is read as it was then. An entry that belongs to another person is split
off likewise: there is one case for an adult, and none holds another's data (R35, L29).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound, Refused, no_entry
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.words import CaseRef, Code, Fact, Passage, PersonRef, derived, listed, numbering

MERGED, LEADING = Code("merged"), Code("leading")
FROM, TO = Code("from"), Code("to")

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMerged:
    """Two cases are read as one from here on: `place` says which of the two this is.

    `adult` is whose case the other is. Where the reason is that one concern was entered twice, the
    case that is read in the other counts none.
    """

    other: CaseRef
    place: Code = listed("merge_place")
    reason: Code = listed("merge_reason")
    adult: PersonRef | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUnmerged:
    """The two cases are read apart again from here on; `merge` is this case's version of it."""

    other: CaseRef
    place: Code = listed("merge_place")
    merge: int = numbering()
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSplit:
    """Entries of one case are read in another from here on: `place` says which of the two this is.

    `entries` are versions in the case they were recorded in. `adult` is whose case they are read
    in; where it begins with this event, it is about nobody else.
    """

    other: CaseRef
    place: Code = listed("split_place")
    reason: Code = listed("split_reason")
    entries: tuple[int, ...]
    adult: PersonRef | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSplitEnded:
    """The entries are read where they were recorded; `split` is this case's version of it."""

    other: CaseRef
    place: Code = listed("split_place")
    split: int = numbering()
    rationale: Passage | None = None


Event: TypeAlias = CaseMerged | CaseUnmerged | CaseSplit | CaseSplitEnded

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A merge or a split that stands, as one of its cases remembers it."""

    event: CaseMerged | CaseSplit
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What this case is joined to, by the version of the event that says so."""

    standing: Mapping[int, Joined] = field(default_factory=dict)

    @property
    def into(self) -> CaseRef | None:
        """The case this one is read in; None where it stands by itself."""
        merged = (one.event for one in self.standing.values() if one.event.place == MERGED)
        return next((event.other for event in merged), None)

    @property
    def led_from(self) -> Mark | None:
        """Where it came to be read in another."""
        merged = (one.at for one in self.standing.values() if one.event.place == MERGED)
        return next(merged, None)

    @property
    def leading_since(self) -> Mapping[CaseRef, Mark]:
        """The cases that are read in this one, and since where."""
        joins = self.standing.values()
        return {one.event.other: one.at for one in joins if one.event.place == LEADING}

    @property
    def parted_from(self) -> frozenset[CaseRef]:
        """The cases of which entries were split off to this one, and which are not read whole."""
        others = (one.event.other for one in self.standing.values() if one.event.place == TO)
        return frozenset(others) - self.leading_since.keys()

    @property
    def begun_for(self) -> PersonRef | None:
        """Whose case this is, where it began by a split."""
        to = (one.event for one in self.standing.values() if one.event.place == TO)
        return next((event.adult for event in to), None)

    @property
    def elsewhere(self) -> frozenset[int]:
        """The entries that are read in another case."""
        return frozenset(
            version
            for one in self.standing.values()
            if isinstance(one.event, CaseSplit) and one.event.place == FROM
            for version in one.event.entries
        )

    def with_other(self, other: CaseRef, place: Code) -> int | None:
        """The last version by which this case is joined to another so; None where it is not."""
        found_ = [
            version
            for version, one in self.standing.items()
            if one.event.other == other and one.event.place == place
        ]
        return found_[-1] if found_ else None


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case CaseMerged() | CaseSplit() as event:
            one = Joined(event=event, at=mark(fact))
            return replace(state, standing={**state.standing, fact.version: one})
        case CaseUnmerged(merge=version) | CaseSplitEnded(split=version):
            left = {key: one for key, one in state.standing.items() if key != version}
            return replace(state, standing=left)
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the other case is: looked up, and nobody sends it.

    `version` is where its stream stands, 0 where there is none; `joins` its own version of what
    joins it to this case. `registered` is whether the adult named in the command is. `in_both` says
    what would be two things under one reference, were they read together (`made`).
    """

    version: int = 0
    itself: bool = False
    adult: PersonRef | None = None
    merged: bool = False
    erased: bool = False
    joins: int | None = None
    registered: bool = True
    in_both: Code | None = derived("what `made` says that entries begin", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCase:
    """Read this case in the other one from now on."""

    other: CaseRef
    reason: Code = listed("merge_reason")
    rationale: Passage | None = None
    beside: Beside | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergeCase:
    """Read this case apart again from the one it was merged with."""

    other: CaseRef
    rationale: Passage | None = None
    beside: Beside | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitCase:
    """Read entries of this case in another; one that is not there begins, for the adult named."""

    other: CaseRef
    reason: Code = listed("split_reason")
    entries: tuple[int, ...]
    adult: PersonRef | None = None
    rationale: Passage | None = None
    beside: Beside | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSplit:
    """Read what was split off to another case here again."""

    other: CaseRef
    rationale: Passage | None = None
    beside: Beside | None = None


Command: TypeAlias = MergeCase | UnmergeCase | SplitCase | EndSplit


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded in this case; `counterpart` gives the other's.

    Raises:
        NotFound: the other case, an entry, the adult, or what is to be ended is not there, in this
            case or in the other.
        Refused: a case would be read in itself or in one that is itself read elsewhere, an entry
            in two others, what governs a case alone in another, or two things as one.
    """
    del context
    beside = command.beside or Beside(version=1)
    match command:
        case MergeCase():
            _check_other(beside)
            if beside.version == 0:
                raise NotFound("There is no such other case.", field="other")
            if state.into is not None:
                words = "This case is read in another already: end that first."
                raise Refused("merged_already", "I12", words, field="other")
            _check_apart(beside)
            return (recorded(CaseMerged, command, place=MERGED, adult=beside.adult),)
        case UnmergeCase(other=other):
            version = _ending(state, other, MERGED, command.beside)
            return (recorded(CaseUnmerged, command, place=MERGED, merge=version),)
        case SplitCase():
            _check_other(beside)
            _check_entries(command, state, known)
            _check_apart(beside)
            adult = _adult(command, beside)
            return (recorded(CaseSplit, command, place=FROM, adult=adult),)
        case EndSplit(other=other):
            version = _ending(state, other, FROM, command.beside)
            _check_apart(beside)
            return (recorded(CaseSplitEnded, command, place=FROM, split=version),)
        case _:
            assert_never(command)


def counterpart(event: Event, case: CaseRef, adult: PersonRef | None, beside: Beside) -> Event:
    """Give what the other case records of the same: `case` is this one, `adult` whose it is.

    Raises:
        NotFound: what is to be ended does not stand in the other case.
    """
    match event:
        case CaseMerged():
            return replace(event, other=case, place=LEADING, adult=adult)
        case CaseSplit():
            return replace(event, other=case, place=TO)
        case CaseUnmerged():
            return replace(event, other=case, place=LEADING, merge=_there(beside))
        case CaseSplitEnded():
            return replace(event, other=case, place=TO, split=_there(beside))
        case _:
            assert_never(event)


def side(command: Any) -> Code:  # noqa: ANN401 — one of the commands above
    """The place the other case has in what a command ends or makes."""
    return LEADING if isinstance(command, MergeCase | UnmergeCase) else TO


def _ending(state: State, other: CaseRef, place: Code, beside: Beside | None) -> int:
    """This case's version of what is to be ended, which stands in the other one too."""
    version = state.with_other(other, place)
    if version is None:
        raise NotFound("This case is not joined to that one so.", field="other")
    if beside is not None:
        _check_not_erased(beside)
        _there(beside)
    return version


def _there(beside: Beside) -> int:
    """The other case's version of what joins it to this one."""
    if beside.joins is None:
        raise NotFound("That case is not joined to this one so.", field="other")
    return beside.joins


def _check_other(beside: Beside) -> None:
    if beside.itself:
        raise Refused("joined_to_itself", "I12", "Name another case than this.", field="other")
    _check_not_erased(beside)
    if beside.merged:
        words = "The other case is itself read in another: name the one that leads."
        raise Refused("merged_elsewhere", "I12", words, field="other")


def _check_apart(beside: Beside) -> None:
    """Two things under one reference would be read as one, and what is found of one be lost."""
    if beside.in_both is not None:
        words = (
            f"Both cases have a thing of their own under one reference ({beside.in_both}): record "
            "one of the two again under a new reference and withdraw its entry, then join them."
        )
        raise Refused("reference_in_both", "I1", words, field="other")


def _check_not_erased(beside: Beside) -> None:
    """I13: nothing new is recorded in the other case either once its data were erased."""
    if beside.erased:
        words = "The data of the other case were erased; reopen it first."
        raise Refused("erased", "I13", words, field="other")


def _check_entries(command: SplitCase, state: State, known: Known) -> None:
    """Hold what is split off to entries of this case that are read here, and may be elsewhere."""
    if not command.entries:
        words = "Name the entries that belong to the other case, by their versions in this one."
        raise Refused("no_entries", "I12", words, field="entries")
    for number, version in enumerate(command.entries):
        if known.event_at(version) is None:
            raise no_entry(f"entries[{number}]")
        if version in state.elsewhere:
            words = "This entry is read in another case already: end that first."
            raise Refused("read_elsewhere", "I12", words, field=f"entries[{number}]")
        if not known.may_be_read_elsewhere(version):
            words = "This entry governs the case it stands in: record it in the other one anew."
            raise Refused("stays_here", "I12", words, field=f"entries[{number}]")


def _adult(command: SplitCase, beside: Beside) -> PersonRef | None:
    """Whose case the entries are read in: the other's adult, or the one named for a new case."""
    if beside.version:
        return beside.adult or command.adult
    if command.adult is None:
        words = "Name the adult whose case begins with these entries."
        raise Refused("no_adult", "L29", words, field="adult")
    if not beside.registered:
        raise NotFound("There is no such person: register the adult first.", field="adult")
    return command.adult


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise what is joined: of two adults, without reasons, or an open case in a closed one."""
    del context
    yield from _hidden(known)
    for one in state.standing.values():
        event = one.event
        if event.rationale is None:
            words = "Cases were joined or parted; the reasons are not recorded."
            yield found("joined_unexplained", "R154", "low", words, at=one.at, subject=event.other)
        if not isinstance(event, CaseMerged) or event.reason == "registered_twice":
            continue
        if event.adult is not None and known.adult is not None and event.adult != known.adult:
            words = "Cases of two people are read as one."
            code = "merged_of_two_people"
            yield found(code, "R35 L29", "high", words, at=one.at, subject=event.other)


def _hidden(known: Known) -> Iterator[Finding]:
    """R150: what is due in an open case is followed somewhere, also where it is read in another."""
    if known.led_by_closed is not None:
        words = (
            "This open case is read in one that was closed already and has not been reopened; what "
            "is due in it is due there."
        )
        yield found("merged_into_closed", "R150", "medium", words, at=known.led_by_closed)
    for at in known.leads_open:
        words = (
            "An open case is read in this one, which was closed already and has not been reopened; "
            "what is due in it is due here."
        )
        yield found("closed_case_leads_open", "R150", "medium", words, at=at)
