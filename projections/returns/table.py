"""A table of a return: a pure function of the facts, with where its rules are written down.

Cells are the long form in which a return is published and stored: table, enquiry type, category,
subcategory, value. Any template is a look-up in them. Every cell holds what it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Final, TypeAlias
from uuid import UUID

from projections.returns.answered import BY_CASE
from projections.returns.doubts import (
    ADULT,
    KINDS_TOLD_BY,
    LEFT_OUT_BY,
    READS,
    ROWS_BY,
    Doubt,
    of_people,
)
from projections.returns.facts import BIRTH, KNOWN, Concern, Enquiry, Facts, Withdrawn
from projections.returns.rows import DECIDED

SUPPRESSED: Final = "[c]"
MISSING: Final = "[x]"
FORGOTTEN: Final = (
    "Details of {} persons were lawfully forgotten: they are counted, and what was told of them is"
    " not known. Nor is whether they were adults: left out are only those whom the return of the"
    " period, as it was last filed, left out as under age."
)
FORGOTTEN_AGE: Final = (
    "Details of {} persons were lawfully forgotten: whether they were adults is not known. What is"
    " of them is counted, but for those whom the return of the period, as it was last filed, left"
    " out as under age."
)
CASES: Final = "Cases here that were lawfully forgotten: {}. {}"
BEFORE: Final = "They are counted as before."  # where no answer is read in a table
AS_UNKNOWN: Final = "They are counted as {}: what was answered in them is not known any more."
AS_NONE: Final = "They are left out: what was answered in them is not known any more."
CASE_GONE: Final = (
    "of a case that was lawfully forgotten: what was answered in it is not known, and this table "
    "has no category for that"
)
DOUBTED: Final = (
    "Of answers that are counted here a correction says that they were recorded wrongly, and none"
    " is recorded instead: they count as they were recorded, and what is checked of the return"
    " names each."
)
_PLACE: Final = attrgetter("case.int", "subject.int", "position")
_SMALLEST: Final = 5  # below it a count is suppressed, and counts are rounded to its multiples


# Not frozen, though nothing changes one: to make one that is takes four times as long (`Concern`).
@dataclass(slots=True, order=True, unsafe_hash=True)
class Counted:
    """One thing a cell counts: its case, its subject (enquiry, adult, case) and the event.

    `rule` is that by which it was decided that a concern counts, or that it does not, `edition`
    which one of the rule, where that was said, and `decided` the position of the entry that says
    so; None where that was not decided. Where a table is of what a conclusion answers of the case
    of something (SG1d, SG1e), `decided` is that conclusion.
    """

    case: UUID
    subject: UUID
    position: int
    rule: str | None = field(default=None, compare=False)
    edition: str | None = field(default=None, compare=False)
    decided: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure; None where the table was not given (a voluntary blank is not 0).

    `voluntary` says that it may be given, and need not. `recorded` are those in a category of
    what is not known of whom something is recorded that has no category of its own.
    """

    table: str
    enquiry_type: str
    category: str
    subcategory: str
    value: int | None
    counted: tuple[Counted, ...]
    voluntary: bool = False
    recorded: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What a table could not place in any of its categories, and why.

    `remedy` says what to do where it is for want of an answer; else there is nothing to be done.
    `personal`: the reason is what a person's own record says of them. `of`: what of it each enquiry
    type would have counted; None where that is not told apart, as in what was filed.
    """

    table: str
    why: str
    counted: tuple[Counted, ...]
    remedy: str = ""
    personal: bool = False
    of: Mapping[str, tuple[Counted, ...]] | None = field(default=None, compare=False)

    def within(self, enquiry_type: str) -> tuple[LeftOut, ...]:
        """What of it the figures of an enquiry type would have counted; nothing where none."""
        if self.of is None:
            return (self,)
        counted = self.of.get(enquiry_type)
        return (replace(self, counted=counted, of=None),) if counted else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A table as filled from the facts.

    `notes` are what no source says of it, `forgotten` of how many persons something was told that
    is known no more, and `lost` what that means here, and of how many cases likewise; all by
    `Table.filled`. So are those `doubted`: what is counted, and was recorded wrongly, by where that
    was.
    """

    cells: tuple[Cell, ...]
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    forgotten: int = 0
    lost: tuple[str, ...] = ()
    doubted: tuple[Counted, ...] = ()

    def within(self, enquiry_type: str) -> Filled:
        """The same, left out only what the figures of an enquiry type would have counted."""
        left = tuple(part for one in self.left_out for part in one.within(enquiry_type))
        return replace(self, left_out=left)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be known of its figures wherever they are shown exactly."""
        return (*self.notes, *self.lost)


Fill: TypeAlias = Callable[[Facts], Filled]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a return; `cites` says where its categories and rules come from.

    `notes` are what no source says: to be held against the template before it is filed. `needs` is
    what of the facts it has a use for (`read_facts`), and `spares` what of that the figures of one
    enquiry type have no use for. `young`: in which row somebody counts does not rest on their age,
    by which they are only left out: who those are. `personal`: each row is what a person's own
    record says of them, such as an age. `answers`: its rows are what was answered in a case, and
    what becomes of one that was lawfully forgotten; None: no answer is read, or of little.
    """

    code: str
    title: str
    cites: str
    fill: Fill
    notes: tuple[str, ...] = ()
    needs: frozenset[str] = KNOWN
    spares: Mapping[str, frozenset[str]] = field(default_factory=dict)
    young: Callable[[Facts], Collection[UUID]] | None = None
    personal: bool = False
    answers: str | None = None

    def filled(self, facts: Facts) -> Filled:
        """The table with its notes: what no source says of it, and how much was forgotten."""
        return self.noted(facts, self.fill(facts))

    def noted(self, facts: Facts, filled: Filled) -> Filled:
        """With its notes what was filled of it from these facts."""
        wrong = _doubted(self.code, facts, filled)
        return replace(
            filled,
            notes=(*self.notes, DOUBTED) if wrong else self.notes,
            forgotten=len(facts.forgotten),
            lost=self._lost(facts, filled),
            doubted=wrong,
        )

    def _lost(self, facts: Facts, filled: Filled) -> tuple[str, ...]:
        """What was lawfully forgotten, and what that means here: of persons, and of cases."""
        people, words = len(facts.forgotten), FORGOTTEN if self.personal else FORGOTTEN_AGE
        said = [words.format(people)] if people and BIRTH in self.needs else []
        if gone := _gone(facts, filled):
            said.append(CASES.format(len(gone), self.answers or BEFORE))
        return tuple(said)


def _gone(facts: Facts, filled: Filled) -> set[UUID]:
    """The cases of what a table counts, or for that leaves out, that were lawfully forgotten."""
    if not facts.gone:
        return set()
    left = [one for one in filled.left_out if one.why == CASE_GONE]
    every: tuple[Cell | LeftOut, ...] = (*filled.cells, *left)
    return {each.case for one in every for each in one.counted if each.position in facts.gone}


def _doubted(code: str, facts: Facts, filled: Filled) -> tuple[Counted, ...]:
    """What a table reads that a correction says was recorded wrongly, where it was recorded."""
    reads = READS.get(code, {})
    wrong = {
        position: one
        for position, one in facts.doubted.items()
        if one.fields & reads.get(one.event, frozenset())
    }
    every: tuple[Cell | LeftOut, ...] = (*filled.cells, *filled.left_out)
    told = [*_of_people(code, facts, every), *_of_cases(code, facts, every, wrong)]
    return _in_order(told)


def _of_people(code: str, facts: Facts, every: Iterable[Cell | LeftOut]) -> Iterable[Counted]:
    """What was told wrongly of a person by which a table places them, or leaves them out."""
    told = of_people(facts.doubted, facts.forgotten)
    if not told:
        return ()
    entries: Sequence[Concern | Enquiry] = (
        *(*facts.concerns, *facts.doubtful),
        *(*facts.begun, *facts.concluded),
    )
    adults = {**facts.dataset.adults, **{one.case: one.adult for one in entries if one.adult}}
    found: dict[int, Counted] = {}
    for each in every:
        if isinstance(each, LeftOut) and not each.personal:
            continue
        by = (LEFT_OUT_BY if isinstance(each, LeftOut) else ROWS_BY).get(code, frozenset())
        for one in each.counted:
            who = one.subject if one.subject in told else adults.get(one.case, one.case)
            for at in told.get(who, ()):
                if facts.doubted[at].fields & by:
                    found.setdefault(at, Counted(one.case, who, at))
    return found.values()


def _of_cases(
    code: str, facts: Facts, every: Iterable[Cell | LeftOut], wrong: Mapping[int, Doubt]
) -> Iterable[Counted]:
    """What was told wrongly of what a table counts or leaves out, or of whether it counts."""
    if not wrong:
        return ()
    reads = READS[code]
    ended = concluded_by(facts) if code in BY_CASE else {}
    rests = _rests(facts)
    whose: dict[UUID, list[int]] = {}  # by case, the entries that say wrongly whose it is
    for position, one in wrong.items():
        if ADULT in one.fields & reads[one.event]:
            whose.setdefault(one.case, []).append(position)
    read: set[int | None] = {
        position
        for each in every
        for one in each.counted
        for position in (
            one.position,
            *rests.get(one.subject, ()),
            *ended.get(one.subject, ())[1:],
            *whose.get(one.case, ()),
        )
    }
    if DECIDED in reads:
        concerns = (*facts.concerns, *facts.doubtful)
        read |= {one.decided for one in concerns if one.position in read}
        read |= {one.decided for one in facts.contacts}
    told = ((position, one) for position, one in wrong.items() if position in read)
    return [Counted(one.case, one.subject, position) for position, one in told]


def _rests(facts: Facts) -> Mapping[UUID, Sequence[int]]:
    """On which other events it rests that something counts as it does, by what is counted."""
    rests: dict[UUID, list[int]] = {}
    for one in (*facts.begun, *facts.concluded):
        rests[one.enquiry] = [one.opened_at]
    for each in facts.dataset.inquiries:
        by = (each.opened, *each.powers[:1], *each.dated, each.concluded)
        rests[each.inquiry] = [step.position for step in by if step is not None]
    for step in facts.dataset.told:
        if step.name in KINDS_TOLD_BY:
            rests.setdefault(step.subject, []).append(step.position)
    return rests


def concluded_by(facts: Facts) -> Mapping[UUID, tuple[UUID, int]]:
    """By which enquiry, and where, it is told what a concern's case or an enquiry says."""
    ended = {one.case: one.concluded for one in facts.concerns if one.concluded is not None}
    for one in (*facts.begun, *facts.concluded):
        if one.concluded_at is not None:
            ended[one.enquiry] = (one.enquiry, one.concluded_at)
    return ended


def table(
    code: str,
    *,
    title: str,
    cites: str,
    notes: tuple[str, ...] = (),
    needs: Iterable[str] = KNOWN,
    spares: Mapping[str, frozenset[str]] | None = None,
    young: Callable[[Facts], Collection[UUID]] | None = None,
    personal: bool = False,
    answers: str | None = None,
) -> Callable[[Fill], Table]:
    """Declare a pure function of facts to be a table of a return."""

    def declare(fill: Fill) -> Table:
        return Table(
            code=code,
            title=title,
            cites=cites,
            fill=fill,
            notes=notes,
            needs=frozenset(needs),
            spares=spares or {},
            young=young,
            personal=personal,
            answers=answers,
        )

    return declare


def named(
    code: str,
    why: str,
    counted: Iterable[Counted],
    *,
    of: str | Mapping[str, Iterable[Counted]] | None = None,
    remedy: str = "",
    personal: bool = False,
) -> tuple[LeftOut, ...]:
    """Say what a table leaves out for one reason; nothing where there is none of it.

    `of`: the enquiry type that would have counted it all, or what each would have.
    """
    each = _in_order(counted)
    if not each:
        return ()
    parts = {of: each} if isinstance(of, str) else of
    told = None if parts is None else {block: _in_order(part) for block, part in parts.items()}
    return (LeftOut(table=code, why=why, counted=each, remedy=remedy, personal=personal, of=told),)


def _in_order(counted: Iterable[Counted]) -> tuple[Counted, ...]:
    """Sorted, by numbers: comparing the things themselves takes ten times as long."""
    return tuple(sorted(counted, key=_PLACE))


def of_withdrawn(one: Withdrawn) -> Counted:
    """What was withdrawn, as a table names it."""
    return Counted(one.case, one.subject, one.position)


def of_concern(one: Concern) -> Counted:
    """A concern as a cell counts it."""
    return Counted(one.case, one.case, one.position, one.rule, one.edition, one.decided)


def of_begun(one: Enquiry) -> Counted:
    """An enquiry as a cell counts it that counts what was begun."""
    return Counted(one.case, one.enquiry, one.opened_at)


def of_concluded(one: Enquiry) -> Counted:
    """An enquiry as a cell counts it that counts what was concluded."""
    return Counted(one.case, one.enquiry, one.concluded_at or one.opened_at)


def cell(
    code: str,
    enquiry_type: str,
    category: str,
    subcategory: str,
    counted: Iterable[Counted],
    *,
    voluntary: bool = False,
) -> Cell:
    """A cell that counts each of these once."""
    each = _in_order(counted)
    return Cell(
        table=code,
        enquiry_type=enquiry_type,
        category=category,
        subcategory=subcategory,
        value=len(each),
        counted=each,
        voluntary=voluntary,
    )


def long_form(cells: Iterable[Cell]) -> Sequence[tuple[str, str, str, str, int | None]]:
    """The cells as rows of the published file, in its order; the same facts give the same bytes."""
    return sorted(
        (one.table, one.enquiry_type, one.category, one.subcategory, one.value) for one in cells
    )


def published(value: int | None) -> str:
    """An exact count as it is published: under 5 suppressed, else to the nearest 5.

    Sums are added up before, never after. Source: the publication code of 2023.
    """
    if value is None:
        return MISSING
    if value < _SMALLEST:
        return SUPPRESSED
    return str((value + _SMALLEST // 2) // _SMALLEST * _SMALLEST)
