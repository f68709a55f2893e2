"""What nearly counts in a figure of a return, each reason with its rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from psycopg import Connection, sql

from projections.returns.facts import Enquiry, Facts, Period
from projections.returns.folding import CONCERN
from projections.returns.table import (
    Cell,
    Counted,
    Filled,
    LeftOut,
    named,
    of_begun,
    of_concern,
    of_concluded,
)
from projections.table import valid_at

_OF_KIND: Final = {
    "Safeguarding Concerns": None,
    "Section 42 Enquiries": "section_42",
    "Other Enquiries": "other_enquiry",
    "Concluded Section 42 Enquiries": "section_42",
    "Concluded Other Enquiries": "other_enquiry",
}
_CONCERNS: Final = "Safeguarding Concerns"
NOT_A_CONCERN: Final = (
    "decided not to be a concern that counts: what reaches the council is not yet one"
)
ONCE: Final = "of an adult who is counted already: each adult is counted once"
ANOTHER_KIND: Final = "an enquiry of the other kind: it has its own count"
NOT_CONCLUDED: Final = (
    "begun in the year and not concluded in it: an enquiry's details count when it is concluded"
)
BEGUN_BEFORE: Final = (
    "concluded in the year and not begun in it: what is begun counts in the year it began in"
)


def nearly(cell: Cell, facts: Facts, filled: Filled, contacts: Iterable[Counted]) -> list[LeftOut]:
    """What a figure does not count, and might have: a line for each reason, with what it is of.

    First what the whole table leaves out. `contacts` were decided not to count (`not_counted`).
    """
    code, kind = cell.table, _OF_KIND.get(cell.enquiry_type)
    reasons: list[tuple[str, Iterable[Counted]]] = []
    if cell.enquiry_type == _CONCERNS:
        reasons = [(NOT_A_CONCERN, contacts), (ONCE, _more(cell, map(of_concern, facts.concerns)))]
    elif kind is not None and cell.enquiry_type.startswith("Concluded"):
        done = {one.enquiry for one in facts.concluded}
        begun = (one for one in facts.begun if one.kind == kind and one.enquiry not in done)
        reasons = [
            (NOT_CONCLUDED, map(of_begun, begun)),
            (ANOTHER_KIND, map(of_concluded, _others(facts.concluded, kind))),
        ]
    elif kind is not None:
        here = {one.enquiry for one in facts.begun}
        before = (one for one in facts.concluded if one.kind == kind and one.enquiry not in here)
        mine = (of_begun(one) for one in facts.begun if one.kind == kind)
        reasons = [
            (ONCE, _more(cell, mine, _adults(facts.begun))),
            (BEGUN_BEFORE, map(of_concluded, before)),
            (ANOTHER_KIND, map(of_begun, _others(facts.begun, kind))),
        ]
    return [*filled.left_out, *(one for why, of in reasons for one in named(code, why, of))]


def _others(enquiries: Iterable[Enquiry], kind: str) -> Iterator[Enquiry]:
    return (one for one in enquiries if one.kind != kind)


def _adults(enquiries: Iterable[Enquiry]) -> Callable[[Counted], object]:
    adults = {one.enquiry: one.adult or one.case for one in enquiries}
    return lambda one: adults.get(one.subject)


def _more(
    cell: Cell, events: Iterable[Counted], adult: Callable[[Counted], object] | None = None
) -> list[Counted]:
    """What else there is of the adults, or cases, that a figure counts by an earlier event."""
    by_case = {one.case: one.subject for one in cell.counted}
    subjects, counted = set(by_case.values()), {one.position for one in cell.counted}
    return [
        one
        for one in events
        if one.position not in counted
        and (by_case.get(one.case) if adult is None else adult(one)) in subjects
    ]


def not_counted(
    conn: Connection[Any], period: Period, *, as_at: int | None = None
) -> Sequence[Counted]:
    """The contacts that may be of a period and were decided not to be concerns that count."""
    query = sql.SQL(
        'SELECT "case", referrals FROM views.return_facts WHERE {valid} AND what = {what}'
        " AND counted IS FALSE AND stands"
        " AND coalesce(begun_on, {first}) <= {last} AND last_on >= {first}"
    ).format(valid=valid_at(as_at), what=CONCERN, first=period.first, last=period.last)
    return sorted(
        Counted(case, case, position)
        for case, referrals in conn.execute(query).fetchall()
        for position, first, last in referrals
        if (first is None or date.fromisoformat(first) <= period.last)
        and date.fromisoformat(last) >= period.first
    )
