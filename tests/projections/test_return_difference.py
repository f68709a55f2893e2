"""What moved since a return was filed is told thing by thing, and what stayed is not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from domain.holds import COUNTED, LASTING
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from projections.corrected import AGAIN
from projections.returns import RETURNS
from projections.returns import difference as difference_
from projections.returns.difference import AS_ONE, By, Changed, difference, moving
from projections.returns.facts import PEOPLE
from projections.returns.filed import FiledTable, read, written
from projections.returns.reading import VIEWS, views
from projections.returns.rows import DECIDED, TRANSFERRED
from projections.returns.table import FORGOTTEN, Counted, Filled, Table, cell, named
from tests.controls import ADULT, CASE, ENQUIRY, OTHER_CASE, SISTER

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


def since(streams: Iterable[UUID], _: Iterable[int] = ()) -> Mapping[UUID | int, Sequence[By]]:
    """Give one entry of one case."""
    return {one: [By(9, "record-corrected")] if one == CASE else [] for one in streams}


def test_a_document_gives_back_what_was_written() -> None:
    """A return read from its document is cell for cell, and case for case, what was filed."""
    by = replace(ONE, rule="framework_2020", decided=4)
    before = replace(OTHER, rule="framework_2020")  # filed before the entry was told
    table = filled([by], [before], [ONE])
    found = filed(table)[0].filled
    assert found == table
    assert [(each.rule, each.decided) for one in found.cells for each in one.counted] == [
        ("framework_2020", 4),
        ("framework_2020", None),
    ]


def test_a_document_without_words_of_the_forgotten_says_it_of_persons() -> None:
    """A filing of before tables said what was lost has how many persons were forgotten alone."""
    of = Table(code="T", title="Bands", cites="a guidance", fill=lambda _facts: filled([], []))
    whole = written({"year": 2025}, [(of, replace(filled([ONE], []), forgotten=2))])
    (table,) = read(whole.replace(b'"lost":[],', b"")).tables
    assert table.filled.remarks == (FORGOTTEN.format(2),)


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


def test_what_is_counted_has_no_reason_for_being_left_out() -> None:
    """A thing counted elsewhere now, of which the table leaves something out too, says where."""
    also = Counted(OTHER_CASE, ADULT, 5)  # another concern about the same adult
    before, after = filled([ONE], [], [also]), filled([], [ONE], [also])
    (moved,) = difference(filed(before), {"T": after}, since).moved
    assert (moved.was, moved.now) == ((("All", "young", ""),), (("All", "old", ""),))
    assert (moved.was_left_out, moved.left_out) == (None, None)
    (gone,) = difference(filed(before), {"T": filled([], [], [also])}, since).moved
    assert (gone.was_left_out, gone.left_out) == (None, "not asked")


def test_what_stayed_is_not_named() -> None:
    """A thing put where it was by another event moved nowhere; a table gone is named as lacking."""
    again = Counted(CASE, ADULT, 8)
    same = difference(filed(filled([ONE], [])), {"T": filled([again], [])}, since)
    assert (same.moved, same.changed, same.lacking) == ((), (), ())
    assert difference(filed(filled([ONE], [])), {}, since).lacking == ("T",)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (Counted(CASE, ADULT, 3), Counted(OTHER_CASE, ADULT, 5)),  # by another of their cases
        (Counted(OTHER_CASE, ENQUIRY, 5), Counted(CASE, ENQUIRY, 5)),  # the case was merged
        (Counted(OTHER_CASE, OTHER_CASE, 5), Counted(CASE, CASE, 5)),
    ],
)
def test_a_thing_is_the_same_in_whichever_case(was: Counted, now: Counted) -> None:
    """An adult, an enquiry or a concern that is counted where it was, of another case, stayed."""
    same = difference(filed(filled([was], [])), {"T": filled([now], [])}, since)
    assert (same.moved, same.changed) == ((), ())


def test_what_is_left_out_in_another_case_says_why() -> None:
    """A concern that is read in another case now, and left out there, is told with the reason."""
    was, now = Counted(OTHER_CASE, OTHER_CASE, 5), Counted(CASE, CASE, 5)
    found = difference(filed(filled([was], [])), {"T": filled([], [], [now])}, since)
    assert [(one.case, one.left_out, one.by) for one in found.moved] == [
        (OTHER_CASE, "not asked", (By(9, "record-corrected"),))
    ]
    back = difference(filed(filled([], [], [was])), {"T": filled([now], [])}, since)
    assert [(one.was, one.was_left_out) for one in back.moved] == [((), "not asked")]


@pytest.mark.parametrize(
    ("led", "still", "told"),
    [
        (SISTER, [OTHER], OTHER_CASE),  # the case is read in another, whose adult counts
        (SISTER, [], None),  # that one counts not either
        (None, [OTHER], None),  # it is read by itself
        (ADULT, [OTHER], None),  # in another of theirs: they would count by that
    ],
)
def test_an_adult_who_is_counted_in_the_other_case_says_so(
    led: UUID | None, still: Sequence[Counted], told: UUID | None
) -> None:
    """Of two cases read as one an adult counts by one: the other row says so, and by which case."""

    def merged(streams: Iterable[UUID], _: Iterable[int] = ()) -> Mapping[UUID | int, Sequence[By]]:
        return {one: [By(9, "case-merged")] for one in streams}

    def led_by(case: UUID, *, now: bool) -> UUID | None:
        return led if case == CASE and now else None

    found = difference(
        filed(filled([ONE], [OTHER])), {"T": filled([], still)}, merged, led_by=led_by
    )
    (moved,) = (one for one in found.moved if one.case == CASE)
    assert (moved.counted_in, moved.left_out) == (told, AS_ONE if told else None)
    again = difference(
        filed(filled([], still)),
        {"T": filled([ONE], still)},
        merged,
        led_by=lambda case, *, now: None if now else led_by(case, now=True),
    )
    (back,) = again.moved
    assert (back.was_counted_in, back.was_left_out) == (told, AS_ONE if told else None)


def test_whatever_a_return_reads_can_move_it() -> None:
    """What explains what moved are the events of each view that the nation's return asks.

    What is asked of its cases besides (`besides.py`) moves no figure.
    """
    every = Path(difference_.__file__).parent.rglob("*.py")
    sources = [one for one in every if one.name != "besides.py"]
    asked = {name for one in sources for name in re.findall(r"FROM views\.(\w+)", one.read_text())}
    assert asked == {one.name for one in VIEWS}
    for nation in RETURNS:
        events = {name for one in views(nation) for name in one.events}
        assert moving(nation) == events | {"personal-data-erased", "person-erased"}
    assert "conference-held" not in moving(ENGLAND.code)
    listed = {ENGLAND.code: ENGLAND, SCOTLAND.code: SCOTLAND}
    beside = AGAIN | {TRANSFERRED, DECIDED}
    counted = {
        code: frozenset(name for one in views(nation) if one != PEOPLE for name in one.events)
        for nation, of in listed.items()
        for code in of.lists["annual_return"]
    }
    assert {code: names - beside for code, names in counted.items()} == COUNTED
    assert LASTING.keys() == COUNTED.keys()
    assert all(one in VIEWS for nation in RETURNS for one in views(nation))
