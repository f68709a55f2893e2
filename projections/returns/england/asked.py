"""Which cells of England's return are to be given, and which may be: said here and nowhere else.

A mandatory cell is white in the template, a voluntary one blue. Confirmed by guidance is SG1a alone
[S1]; the others are from memory or not seen, as the notes of each table say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from projections.returns import table
from projections.returns.england.words import (
    AUTISM,
    CONCERNS,
    CONCLUDED,
    REVIEWED,
    REVIEWS,
    SECTION_42_ENQUIRIES,
)
from projections.returns.table import Cell, Counted

# Table and population → the categories that are mandatory of it; None: all. Others are voluntary.
MANDATORY: Final[Mapping[tuple[str, str], Collection[str] | None]] = {
    ("SG1a", SECTION_42_ENQUIRIES): None,
    ("SG1b", SECTION_42_ENQUIRIES): None,
    ("SG1c", SECTION_42_ENQUIRIES): None,
    ("SG1d", SECTION_42_ENQUIRIES): None,
    ("SG1e", SECTION_42_ENQUIRIES): frozenset(AUTISM.values()),
    ("SG1f", CONCERNS): None,
    ("SG1f", SECTION_42_ENQUIRIES): None,
    **{(code, CONCLUDED): None for code in ("SG2a", "SG2b", "SG2c", "SG2e", "SG3a")},
    ("SG5a", REVIEWS): None,
    ("SG5b", REVIEWED): None,
}


def mandatory(code: str, enquiry_type: str, category: str) -> bool:
    """Whether a cell is to be given."""
    if (code, enquiry_type) not in MANDATORY:
        return False
    only = MANDATORY[code, enquiry_type]
    return only is None or category in only


def cell(
    code: str, enquiry_type: str, category: str, subcategory: str, counted: Iterable[Counted]
) -> Cell:
    """A cell that counts each of these once, mandatory or voluntary as the collection has it."""
    voluntary = not mandatory(code, enquiry_type, category)
    return table.cell(code, enquiry_type, category, subcategory, counted, voluntary=voluntary)
