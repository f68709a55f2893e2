"""One figure read by itself: less is read and opened than for its table, and it is the same figure.

It has no use for what only other figures count; and where it does not rest on an age in which row
an entry counts, ages are asked of those in its row alone, to leave out whoever is no adult.
"""

from __future__ import annotations

from dataclasses import replace

from projections.returns.facts import BIRTH, Facts, Period
from projections.returns.table import Cell, Table


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


def of_row(facts: Facts, row: Cell | None) -> Facts:
    """The facts of the cases in a row alone, with their adults' births, all sealed.

    The row is as it was filled when no age was known yet; None: the table has no such.
    """
    cases = set() if row is None else {one.case for one in row.counted}
    concerns = [one for one in facts.concerns if one.case in cases]
    begun = [one for one in facts.begun if one.case in cases]
    adults = {one.adult for one in concerns} | {one.adult for one in begun}
    births = facts.sealed.get(BIRTH, {})
    return replace(
        facts,
        concerns=concerns,
        begun=begun,
        sealed={BIRTH: {person: one for person, one in births.items() if person in adults}},
    )
