"""What moved since a return was filed is told thing by thing, and what stayed is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from projections.returns.difference import By, Changed, difference
from projections.returns.filed import FiledTable, read, written
from projections.returns.table import Counted, Filled, Table, cell, named
from tests.controls import ADULT, CASE, OTHER_CASE, SISTER

ONE, OTHER = Counted(CASE, ADULT, 3), Counted(OTHER_CASE, SISTER, 5)


def filled(
    young: Iterable[Counted], old: Iterable[Counted], lost: Iterable[Counted] = ()
) -> Filled:
    """Give a table of two bands."""
    cells = (cell("T", "All", "young", "", young), cell("T", "All", "old", "", old))
    return Filled(cells=cells, left_out=named("T", "not asked", lost))


def filed(table: Filled) -> Sequence[FiledTable]:
    """Give it as it was filed, through its document."""
    of = Table(code="T", title="Bands", cites="a guidance", fill=lambda _facts: table)
    return read(written({"year": 2025}, [(of, table)])).tables


def since(streams: Iterable[UUID]) -> Mapping[UUID, Sequence[By]]:
    """Give one entry of each stream."""
    return {one: [By(9, "record-corrected")] if one == CASE else [] for one in streams}


def test_a_document_gives_back_what_was_written() -> None:
    """A return read from its document is cell for cell, and case for case, what was filed."""
    table = filled([ONE], [OTHER], [ONE])
    assert filed(table)[0].filled == table


def test_what_moved_says_out_of_where_and_into_where() -> None:
    """One thing in another cell is named with both, and with the entries since of its streams."""
    found = difference(filed(filled([ONE, OTHER], [])), {"T": filled([OTHER], [ONE])}, since)
    (moved,) = found.moved
    assert (moved.case, moved.subject) == (CASE, ADULT)
    assert (moved.was, moved.now) == ((("All", "young", ""),), (("All", "old", ""),))
    assert moved.by == (By(9, "record-corrected"),)
    assert found.changed == (
        Changed(table="T", place=("All", "young", ""), filed=2, now=1),
        Changed(table="T", place=("All", "old", ""), filed=0, now=1),
    )


def test_one_of_two_concerns_of_a_case_is_named() -> None:
    """A case that is counted twice in a cell, and once now, moved: the figure is told whole."""
    twice = [Counted(CASE, CASE, 3), Counted(CASE, CASE, 4)]
    found = difference(filed(filled(twice, [])), {"T": filled(twice[:1], [])}, since)
    assert [(one.case, one.was, one.now) for one in found.moved] == [
        (CASE, (("All", "young", ""),), ())
    ]


def test_what_is_left_out_now_says_why() -> None:
    """A thing counted nowhere now is told with the reason for which the table leaves it out."""
    found = difference(filed(filled([ONE], [])), {"T": filled([], [], [ONE])}, since)
    assert [(one.now, one.left_out) for one in found.moved] == [((), "not asked")]


def test_what_stayed_is_not_named() -> None:
    """A thing put where it was by another event moved nowhere; a table gone is named as lacking."""
    again = Counted(CASE, ADULT, 8)
    same = difference(filed(filled([ONE], [])), {"T": filled([again], [])}, since)
    assert (same.moved, same.changed, same.lacking) == ((), (), ())
    assert difference(filed(filled([ONE], [])), {}, since).lacking == ("T",)
