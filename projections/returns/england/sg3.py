"""SG3 and SG4: whether the adult lacked capacity, and whether they were asked what they want.

Every concluded enquiry has exactly one answer: the four of SG3a add up to all that were concluded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from domain.jurisdictions.england import ENGLAND
from projections.returns.england.asked import cell
from projections.returns.england.counting import concluded, not_concluded
from projections.returns.england.words import ACHIEVED, ASKED, CAPACITY, SUPPORTED
from projections.returns.facts import BIRTH, ENQUIRIES, Enquiry, Facts
from projections.returns.table import (
    AS_UNKNOWN,
    Cell,
    Counted,
    Filled,
    Table,
    of_concluded,
    table,
)

_UNANSWERED: Final = "not_recorded"
_AGES: Final = "From memory: that the columns are age bands. They are left out here: one column."
_PARALLEL: Final = "Not seen: a block of other enquiries concluded; it is ours, and voluntary."


@table(
    "SG3a",
    title="Mental capacity, concluded enquiries",
    cites="Safeguarding Adults Collection, SG3a: whether the adult lacked capacity to make "
    "decisions relating to the enquiry; the four answers add up to all concluded enquiries",
    notes=("From memory: that it is mandatory for Section 42 enquiries.", _AGES, _PARALLEL),
    needs=(ENQUIRIES, BIRTH),
    answers=AS_UNKNOWN.format(CAPACITY["not_known"]),
)
def sg3a(facts: Facts) -> Filled:
    """Each concluded enquiry under exactly one answer; the supported are among the first."""

    def answered(one: Enquiry) -> str:
        return one.capacity or _UNANSWERED

    under = {"lacked_supported": SUPPORTED}
    cells = _answers("SG3a", facts, "concluded_capacity", answered, CAPACITY, under)
    return Filled(cells=cells, left_out=not_concluded("SG3a", facts))


@table(
    "SG4a",
    title="Making Safeguarding Personal, concluded enquiries",
    cites="Safeguarding Adults Collection, SG4a, by the publication code of 2023: whether the "
    "adult was asked for the outcomes they wish, and whether those were achieved; a block without "
    "any figure is one that was not given",
    notes=(
        "Derived: that the year is that of the conclusion.",
        "From memory: that it is voluntary, and that a representative may be asked instead.",
        _AGES,
        _PARALLEL,
    ),
    needs=(ENQUIRIES, BIRTH),
    answers=AS_UNKNOWN.format(ASKED["not_known"]),
)
def sg4a(facts: Facts) -> Filled:
    """Each concluded enquiry under exactly one answer; what was achieved is of the first."""

    def answered(one: Enquiry) -> str:
        return one.outcomes or _UNANSWERED

    cells = _answers("SG4a", facts, "concluded_outcomes", answered, ASKED, ACHIEVED)
    given = {one.enquiry_type for one in cells if one.value}
    return Filled(
        cells=tuple(
            replace(one, value=one.value if one.enquiry_type in given else None) for one in cells
        ),
        left_out=not_concluded("SG4a", facts),
    )


def _answers(  # noqa: PLR0917 — a table: its name, its facts, its list, and what is under which
    code: str,
    facts: Facts,
    listed: str,
    answered: Callable[[Enquiry], str],
    categories: Mapping[str, str],
    under: Mapping[str, str],
) -> tuple[Cell, ...]:
    """The rows of each block: one for each answer, and those that are asked under one of them."""
    cells = list[Cell]()
    for block, enquiries in concluded(facts).items():
        answers: dict[str, list[Counted]] = {answer: [] for answer in categories}
        finer: dict[str, list[Counted]] = {answer: [] for answer in under}
        for one in enquiries:
            said = answered(one)
            answers[ENGLAND.groups[listed].get(said, _UNANSWERED)].append(of_concluded(one))
            if said in finer:
                finer[said].append(of_concluded(one))
        rows = [(categories[answer], counted) for answer, counted in answers.items()]
        rows += [(under[answer], counted) for answer, counted in finer.items()]
        cells.extend(cell(code, block, row, "", counted) for row, counted in rows)
    return tuple(cells)


TABLES: Final[tuple[Table, ...]] = (sg3a, sg4a)
