"""Which figures of a return open to whom, and the lines they open to.

Every figure opens to its cases and entries, to whoever makes the return. A row that is itself what
a person's own record says of them (an age band, a gender, an ethnicity) opens to whoever may read
who a person is: to others it would tell a sealed detail beside a reference. The row of what is not
known tells nothing and opens to all, so that a case can be named to the team that is to ask; but
where somebody in it recorded what has no row of its own (`Cell.recorded`), it is as the others.

Whoever was forgotten stays counted, and a row that is such a detail says of them Forgotten, and no
reference: it would else join what was destroyed to whom it was told of. So it does where only a
passage is forgotten in which such a detail was told, whichever was told since: a row that was filed
may be of that one.

A row that is an answer (a support reason, a type of risk) opens to whoever makes the return; but
one that was filed says Forgotten, and no reference, of a case that was forgotten since. As it is
reckoned now no row tells what was answered there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final
from uuid import UUID

from api.filing import forgotten
from api.office import Office
from api.returns.forgetting import ever_gone, gone_among
from api.routes.door import Reader
from api.routes.paging import Paging
from api.routes.people import open_among
from api.routes.waiting import viewing
from domain.words import Code
from projections.returns import RETURNS
from projections.returns.adults import adults_of, ever_told
from projections.returns.difference import Moved
from projections.returns.facts import BIRTH, FACTS, PEOPLE, SEALED
from projections.returns.longform import stamp
from projections.returns.table import Cell, Counted, Filled, LeftOut

_DETAILS: Final = "details"
_NOTHING_KNOWN: Final = frozenset({"not known", "undeclared / not known"})


def opens(reader: Reader, one: Cell | LeftOut | Moved) -> bool:
    """Whether whoever asks may see which cases and people this is of."""
    return reader.reads(_DETAILS) or not _tells(reader.office.jurisdiction.code, one)


def _tells(nation: Code, one: Cell | LeftOut | Moved) -> bool:
    """Whether to be named here is to be told of what a person's own record says."""
    if isinstance(one, LeftOut):
        return one.personal
    if isinstance(one, Moved) and one.personal:
        return True
    if not _personal(nation, one.table):
        return False
    return isinstance(one, Moved) or bool(one.recorded) or not _not_known(one)


def _not_known(one: Cell) -> bool:
    return one.category.casefold() in _NOTHING_KNOWN


def _personal(nation: Code, code: str) -> bool:
    """Whether a table of that code has rows that are details of a person."""
    return bool(_made_of(nation, code))


def _made_of(nation: Code, code: str) -> frozenset[str]:
    """Of which details of a person the rows of a table of that code are made; of none: empty."""
    every = (one for tables in RETURNS.get(nation, {}).values() for one in tables)
    same = (one for one in every if one.personal and one.code.casefold() == code.casefold())
    return frozenset(need for one in same for need in one.needs).intersection(SEALED)


@cache
def _answering(nation: Code) -> frozenset[str]:
    """The codes of the tables whose rows are what was answered in a case."""
    every = (one for tables in RETURNS.get(nation, {}).values() for one in tables)
    return frozenset(one.code.casefold() for one in every if one.answers is not None)


def _telling(nation: Code, one: Cell | LeftOut | Moved, *, filed: bool) -> frozenset[str]:
    """Which details are told by being named here, of which some may be known no more.

    None by a cell as it is reckoned: it is made of what is known.
    """
    if isinstance(one, Cell):
        return _made_of(nation, one.table) if filed else frozenset()
    if isinstance(one, LeftOut):
        return frozenset({BIRTH})
    return _made_of(nation, one.table) | ({BIRTH} if one.personal else set())


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """What a figure counts: what it names, and then of how many it says Forgotten and no more."""

    named: tuple[Counted, ...]
    forgotten: int


def parted(office: Office, one: Cell | LeftOut, *, filed: bool = False) -> Parted:
    """Part what a figure may name from what it may not name to anybody any more.

    `filed`: as it was filed, where a row of what is not known may have been of something known.
    """
    nation, named = office.jurisdiction.code, one.counted
    if filed and named and one.table.casefold() in _answering(nation):
        lost = gone_among(office, ((each.case, each.position) for each in named))
        named = tuple(each for each in named if each.position not in lost)
    cell = filed and isinstance(one, Cell) and _personal(nation, one.table)
    if cell or _tells(nation, one):
        gone = _of_the_forgotten(office, named, _telling(nation, one, filed=filed))
        named = tuple(each for each in named if each.case not in gone)
    return Parted(named=named, forgotten=len(one.counted) - len(named))


def _of_the_forgotten(
    office: Office, rows: Sequence[Counted | Moved], details: Collection[str]
) -> frozenset[UUID]:
    """The cases of some lines that were forgotten, or of which a subject or an adult was.

    Or of whom some entry told one of these details in a passage that is forgotten.
    """
    if not rows:
        return frozenset()
    parts = {one.case: {one.case, one.subject} for one in rows}
    for one in rows:
        parts[one.case].add(one.subject)
    with viewing(office, [FACTS.name, PEOPLE.name], None) as (conn, _):
        for case, adult in adults_of(conn, parts):
            parts[case].add(adult)
        every = {part for each in parts.values() for part in each}
        told = ever_told(conn, every, details)
    lost = office.record.forgotten([passage for _, passage in told])
    gone = forgotten(office, every) | {
        person for (person, _), is_lost in zip(told, lost, strict=True) if is_lost
    }
    return frozenset(case for case, each in parts.items() if each & gone)


def parted_moves(office: Office, rows: Sequence[Moved]) -> tuple[list[Moved], list[Moved]]:
    """What moved, and apart from it what tells of the forgotten what is not known: of no reference.

    A detail of somebody, or what was answered in a case.

    The latter stand by what is told of them, and not in the order of cases.
    """
    nation = office.jurisdiction.code
    telling: dict[frozenset[str], list[Moved]] = defaultdict(list)
    for one in rows:
        if _tells(nation, one):
            telling[_telling(nation, one, filed=True)].append(one)
    shut = list[Moved]()
    for details, some in telling.items():
        gone = _of_the_forgotten(office, some, details)
        shut.extend(one for one in some if one.case in gone)
    answers = [one for one in rows if one.table.casefold() in _answering(nation)]
    lost = ever_gone(office, (one.case for one in answers))
    shut.extend(one for one in answers if one.case in lost)
    apart = {id(one) for one in shut}
    shut = [one for one in rows if id(one) in apart]
    return [one for one in rows if id(one) not in apart], sorted(
        shut, key=lambda one: (one.table, one.was, one.now)
    )


def without(
    reader: Reader, filled: Filled, closed: Collection[UUID], *, filed: bool = False
) -> Filled:
    """A filled table that names nothing that is closed to whoever asks; its figures count all."""

    def opened(one: Cell | LeftOut) -> tuple[Counted, ...]:
        named = _named(reader, one, filed=filed)
        return tuple(each for each in named if each.case not in closed)

    return replace(
        filled,
        cells=tuple(replace(one, counted=opened(one)) for one in filled.cells),
        left_out=tuple(replace(one, counted=opened(one)) for one in filled.left_out),
    )


def _named(reader: Reader, one: Cell | LeftOut, *, filed: bool) -> tuple[Counted, ...]:
    return parted(reader.office, one, filed=filed).named if opens(reader, one) else ()


def bare(reader: Reader, one: Cell | LeftOut, *, filed: bool = False) -> int:
    """Of how many a figure says Forgotten, and no reference, to whoever may open it."""
    return parted(reader.office, one, filed=filed).forgotten if opens(reader, one) else 0


def counted_cases(reader: Reader, filled: Filled, *, filed: bool = False) -> set[UUID]:
    """Every case that a filled table names to whoever asks, counted or left out."""
    every: tuple[Cell | LeftOut, ...] = (*filled.cells, *filled.left_out)
    return {one.case for group in every for one in _named(reader, group, filed=filed)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of what a figure counts: what it names to whoever asks, and how many it does not."""

    opened: list[Counted]
    forgotten: int
    restricted: int


def page_of(reader: Reader, paging: Paging, group: Cell | LeftOut, *, filed: bool = False) -> Page:
    """The page that is asked for; what it says Forgotten of comes last."""
    if not opens(reader, group):
        closed = len(paging.part(group.counted))
        return Page(opened=[], forgotten=0, restricted=closed)
    found = parted(reader.office, group, filed=filed)
    part = paging.part(found.named)
    opened = open_among(reader, part)
    gone = paging.part(range(found.forgotten), before=len(found.named))
    return Page(opened=opened, forgotten=len(gone), restricted=len(part) - len(opened))


def lines(office: Office, rows: Iterable[Counted], forgotten: int = 0) -> list[dict[str, Any]]:
    """What a figure counts, as it is told at every door.

    A case, what of it, the entry, the rule by which it counts or does not, the position of the
    entry that decided so, and whether it was forgotten; then a line of no reference for each of
    whom it says no more than that.
    """
    every = list(rows)
    gone = gone_of(office, every)
    made_up = stamp(simulated=office.simulated)
    told: list[dict[str, Any]] = [
        {
            "case": one.case,
            "subject": one.subject,
            "position": one.position,
            "rule": one.rule,
            "edition": one.edition,
            "decided": one.decided,
            "forgotten": bool({one.case, one.subject} & gone),
            **made_up,
            "links": {"case": f"/v1/cases/{one.case}"},
        }
        for one in every
    ]
    return [*told, *({**_NOBODY, **made_up} for _ in range(forgotten))]


def ruled(rule: str | None, edition: str | None) -> str:
    """The rule a concern counts by, with its edition, in one cell of a list."""
    return ", ".join(one for one in (rule, edition) if one)


_NOBODY: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("case", "subject", "position", "rule", "edition", "decided")),
    "forgotten": True,
    "links": {},
}


def gone_of(office: Office, rows: Iterable[Counted | Moved]) -> frozenset[UUID]:
    """Which cases and persons of some lines were forgotten."""
    return forgotten(office, (part for one in rows for part in (one.case, one.subject)))
