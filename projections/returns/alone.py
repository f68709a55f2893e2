"""One figure read by itself: less is read and opened than for its table, and it is the same figure.

It has no use for what only other figures count; and where it does not rest on an age in which row
somebody counts, births are opened of those in its row alone, to leave out whoever is no adult.
"""

from __future__ import annotations

from dataclasses import replace

from projections.returns.facts import BIRTH, Facts, Period
from projections.returns.table import Cell, Filled, Table


def needs_of_one(table: Table, period: Period, number: int) -> frozenset[str]:
    """What of the facts a figure of a table has a use for, by its number from 1."""
    if not table.spares:
        return table.needs
    none = Facts(
        period=period, concerns=(), doubtful=(), begun=(), concluded=(), sealed={}, died={}
    )
    types = [one.enquiry_type for one in table.fill(none).cells][number - 1 : number]
    return table.needs.difference(*(table.spares.get(one, ()) for one in types))


def but_ages(facts: Facts) -> Facts:
    """The facts without any date of birth."""
    return replace(facts, sealed={**facts.sealed, BIRTH: {}})


def births_of(facts: Facts, row: Cell | None) -> Facts:
    """The facts with the births of those a row counts alone, all sealed.

    The row is as it was filled when no age was known yet; None: the table has no such.
    """
    told = facts.sealed.get(BIRTH, {})
    counted = () if row is None else row.counted
    births = {one.subject: told[one.subject] for one in counted if one.subject in told}
    return replace(facts, sealed={BIRTH: births})


def grown(table: Table, facts: Facts, row: Cell | None) -> Filled:
    """A row without whoever was no adult, with what is to be known of it; none where it is none.

    The row is as it was filled when no age was known yet, and the facts have ages since.
    """
    if row is None or table.young is None:
        return Filled(cells=())
    children = table.young(facts)
    counted = row.counted
    if children:
        counted = tuple(one for one in counted if one.subject not in children)
    recorded = row.recorded.difference(children)
    left = replace(row, value=len(counted), counted=counted, recorded=recorded)
    return table.noted(facts, Filled(cells=(left,)))
