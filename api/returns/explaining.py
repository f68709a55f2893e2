"""Why a figure of a return is what it is: the entries it counts, and what nearly counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from api.office import Office
from api.returns.making import Made
from api.returns.opening import gone_of, opens, parted
from api.routes.door import Reader
from domain.handle import local_day
from domain.refusal import NotFound
from projections.returns.longform import stamp
from projections.returns.near import ONCE, nearly
from projections.returns.table import Cell, Counted, Filled, LeftOut, Table

NEAR: Final = 100  # of what nearly counted for one reason, how many are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The entry by which something counts, or does not."""

    position: int
    event: str
    recorded_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing a figure counts, or nearly did: the entry that puts it there, and its day."""

    case: UUID
    subject: UUID
    position: int
    event: str
    recorded_on: date
    rule: str | None  # by which a concern counts or does not, where that was decided
    edition: str | None  # which one of the rule, where that was said
    decided: Decision | None  # and by which entry
    forgotten: bool
    simulated: bool

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "case": self.case,
            "subject": self.subject,
            "position": self.position,
            "event": self.event,
            "recorded_on": self.recorded_on,
            "rule": self.rule,
            "edition": self.edition,
            "decided": None if self.decided is None else self.decided.position,
            "decided_by": None if self.decided is None else self.decided.event,
            "decided_on": None if self.decided is None else self.decided.recorded_on,
            "forgotten": self.forgotten,
            **stamp(simulated=self.simulated),
            "links": {"case": f"/v1/cases/{self.case}"},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What stands under one reason: the first that may be opened, and how many there are in all."""

    why: str
    count: int
    lines: tuple[Line, ...]
    forgotten: int  # of how many it says this and no more
    restricted: int
    simulated: bool

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "why": self.why,
            "count": self.count,
            "lines": [one.told() for one in self.lines],
            "forgotten": self.forgotten,
            "restricted": self.restricted,
            **stamp(simulated=self.simulated),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A figure with all it rests on."""

    cell: Cell
    counted: Group
    near: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which figures of a table; what is left out may be any."""

    table: str
    category: str
    subcategory: str | None = None
    enquiry_type: str | None = None

    def means(self, cell: Cell) -> bool:
        """Whether a cell is one of them; how letters are cased is passed over."""
        return all(
            wanted is None or wanted.casefold() == is_.casefold()
            for wanted, is_ in (
                (self.table, cell.table),
                (self.category, cell.category),
                (self.subcategory, cell.subcategory),
                (self.enquiry_type, cell.enquiry_type),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What stands under one reason: the first of it, how many, and how many are closed as a row.

    `forgotten`: of how many it says Forgotten, and names none of them.
    """

    why: str
    count: int
    first: tuple[Counted, ...]
    forgotten: int
    closed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure that is to be explained, before anybody's cases are looked at."""

    cell: Cell
    counted: Part
    near: tuple[Part, ...]

    @property
    def named(self) -> Iterable[Counted]:
        """Everything it would name."""
        return (one for part in (self.counted, *self.near) for one in part.first)


def found(
    reader: Reader, made: Made, asked: Asked, most: int | None = None
) -> tuple[Table, Filled, list[Figure]]:
    """The table and the figures that are meant, each with what nearly counts.

    `most`: how many of what a figure counts are named; None: all. Of what nearly counts for one
    reason the first are, and how many there are.

    Raises:
        NotFound: there is no such table, or it has no such figure; what there is, is named.
    """
    for table, filled in made.tables:
        if table.code.casefold() != asked.table.casefold():
            continue
        cells = [one for one in filled.cells if asked.means(one)]
        if not cells:
            there = ", ".join(dict.fromkeys(f"“{one.category}”" for one in filled.cells))
            raise NotFound(f"{table.code} has no such figure here; its categories are: {there}.")
        return (
            table,
            filled,
            [
                Figure(
                    cell=one,
                    counted=_part(reader, one, "counted", most, closed=not opens(reader, one)),
                    near=tuple(
                        _part(
                            reader,
                            left,
                            left.why,
                            NEAR,
                            closed=not opens(reader, one if left.why == ONCE else left),
                        )
                        for left in nearly(one, made.facts, filled.within(one.enquiry_type))
                    ),
                )
                for one in cells
            ],
        )
    known = ", ".join(table.code for table, _ in made.tables)
    raise NotFound(f"This nation's return for that year has no such table here; it has: {known}.")


def _part(
    reader: Reader, group: Cell | LeftOut, why: str, most: int | None, *, closed: bool
) -> Part:
    count = len(group.counted)
    if closed:
        return Part(why=why, count=count, first=(), forgotten=0, closed=count)
    found = parted(reader.office, group)
    return Part(why=why, count=count, first=found.named[:most], forgotten=found.forgotten, closed=0)


def cases_of(figures: Iterable[Figure]) -> set[UUID]:
    """Every case that an explanation would name."""
    return {one.case for figure in figures for one in figure.named}


def explained(
    office: Office, figures: Sequence[Figure], closed: Collection[UUID]
) -> list[Explained]:
    """The figures with their entries, naming no case that is closed to whoever asks."""
    positions = {
        position
        for figure in figures
        for one in figure.named
        if one.case not in closed
        for position in (one.position, one.decided)
        if position is not None
    }
    rows = {row.position: row for row in office.record.log.at(sorted(positions))}

    def event_at(position: int) -> str:
        return rows[position].name.rpartition(".v")[0]

    def decision_at(position: int | None) -> Decision | None:
        if position is None:
            return None
        recorded_on = local_day(rows[position].recorded_at)
        return Decision(position=position, event=event_at(position), recorded_on=recorded_on)

    gone = gone_of(office, (one for figure in figures for one in figure.named))

    def group(part: Part) -> Group:
        lines = tuple(
            Line(
                case=one.case,
                subject=one.subject,
                position=one.position,
                event=event_at(one.position),
                recorded_on=local_day(rows[one.position].recorded_at),
                rule=one.rule,
                edition=one.edition,
                decided=decision_at(one.decided),
                forgotten=bool({one.case, one.subject} & gone),
                simulated=office.simulated,
            )
            for one in part.first
            if one.case not in closed
        )
        restricted = part.closed + sum(1 for one in part.first if one.case in closed)
        return Group(
            why=part.why,
            count=part.count,
            lines=lines,
            forgotten=part.forgotten,
            restricted=restricted,
            simulated=office.simulated,
        )

    return [
        Explained(
            cell=figure.cell,
            counted=group(figure.counted),
            near=tuple(group(one) for one in figure.near),
        )
        for figure in figures
    ]


def named(cell: Cell) -> dict[str, Any]:
    """A figure with its place, as JSON."""
    return {
        "enquiry_type": cell.enquiry_type,
        "category": cell.category,
        "subcategory": cell.subcategory,
        "value": cell.value,
    }
