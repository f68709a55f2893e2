"""The figures of a return as anybody may have them: the one way, whichever door they leave by.

Suppressed, rounded, and no suppressed one can be worked out from the others. The table that stands
beside a return in the public report guards them too, so that every output of the same figures
suppresses alike; it is not among what is given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from api.filed import Filing
from api.filing import opened_facts, with_details
from api.office import Office
from api.routes.waiting import viewing
from domain.refusal import NotFound
from projections.returns import BESIDE, LAWS, QUARTERLY
from projections.returns.filed import FiledReturn
from projections.returns.guarding import Protected, protect
from projections.returns.longform import Exact, exact
from projections.returns.periods import Span, said_of
from projections.returns.reading import read_return, views
from projections.returns.table import Cell, Table


def published(
    office: Office,
    of: Span,
    cells: Iterable[Cell],
    as_at: int,
    *,
    council: str | None = None,
    filed: bool = False,
) -> Protected:
    """A whole return, by its exact cells and the position they are of, as it may be published.

    `filed`: they are as they were filed.

    Where a return is by quarters, those are published, each guarded by itself; a year beside them
    would tell by subtraction what they suppress.

    Raises:
        NotFound: it is such a year.
    """
    check_published(office, of)
    beside = BESIDE.get(office.jurisdiction.code, ())
    whole = [*cells, *cells_of(office, of, beside, as_at, filed=filed)]
    return only_filed(protected(office, of, whole, council=council), beside_return(office))


def check_published(office: Office, of: Span) -> None:
    """Hold what is published to quarters where a return has such. Raises NotFound."""
    if of.quarter is None and office.jurisdiction.code in QUARTERLY:
        words = f"This nation's figures are published by quarters: {said_of(of.quarters)}."
        raise NotFound(words)


def given(
    office: Office, found: Filing, filed: FiledReturn, *, public: bool, council: str | None = None
) -> Exact | Protected:
    """The figures of a return as it was filed: exact, or as they may be published.

    `council` is the code they are under, where it is not that which was filed.
    """
    of, as_at = found.of, found.event.as_at
    cells = [cell for one in filed.tables for cell in one.filled.cells]
    if council is None:
        council = filed.heading.get("council") or office.council
    if public:
        return published(office, of, cells, as_at, council=council, filed=True)
    return exact(cells, period=of.name, council=council, simulated=found.simulated)


def protected(
    office: Office, of: Span, cells: Sequence[Cell], *, council: str | None = None
) -> Protected:
    """Some figures as they may be told to everybody."""
    council = office.council if council is None else council
    whole = exact(cells, period=of.name, council=council, simulated=office.simulated)
    values = {one.place: one.value for one in whole.figures if one.value is not None}
    laws = LAWS[office.jurisdiction.code](values)
    return protect(whole, laws, first=beside_return(office))


def beside_return(office: Office) -> frozenset[str]:
    """The codes of the tables that are in no return."""
    return frozenset(one.code for one in BESIDE.get(office.jurisdiction.code, ()))


def only_filed(figures: Protected, beside: Collection[str]) -> Protected:
    """The figures of the tables that were filed: those beside the return were in no filing."""
    filed = tuple(one for one in figures.figures if one.place.table not in beside)
    return replace(figures, figures=filed)


def cells_of(
    office: Office, of: Span, asked: Sequence[Table], position: int, *, filed: bool = False
) -> list[Cell]:
    """The figures of some tables as known at a position.

    `filed`: they stand beside what was filed, in which a case that was forgotten since counts as it
    did. So it does in these: else the one beside the other would tell what it had answered.
    """
    if not asked:
        return []
    nation = office.jurisdiction.code
    names = [one.name for one in views(nation)]
    with viewing(office, names, position) as (conn, _):
        facts = read_return(conn, nation, of.period, as_at=position)
    facts = (with_details if filed else opened_facts)(office, facts, position)
    return [cell for one in asked for cell in one.fill(facts).cells]
