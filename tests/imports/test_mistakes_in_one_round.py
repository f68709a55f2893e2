"""What is wrong with a case list is named in one round, on every row that has it."""

from __future__ import annotations

from tests.imports.bringing import OPEN, Bringer, bringer

__all__ = ["bringer"]

ONE, TWO = 2, 3  # rows of the list, whose first is its columns


def wrong(bringer: Bringer, *rows: dict[str, str]) -> set[tuple[int, str]]:
    """What is wrong with these rows: on which row, in which column."""
    _, read = bringer.read(bringer.file(*rows))
    assert {one.row for one in read.rows}.isdisjoint(one.row for one in read.errors)
    return {(one.row, one.column) for one in read.errors}


def test_a_doubled_reference_is_named_on_both(bringer: Bringer) -> None:
    """Which of them is right nobody knows but whoever wrote the list: neither is brought in."""
    both = {(ONE, "Case reference"), (TWO, "Case reference")}
    assert wrong(bringer, OPEN, OPEN) == both
    assert wrong(bringer, OPEN, {**OPEN, "Case reference": " s 1"}) == both
    assert wrong(bringer, OPEN, {**OPEN, "Case reference": "S-2"}) == set()


def test_it_is_named_where_one_of_them_has_another_mistake(bringer: Bringer) -> None:
    """A row with another mistake has its reference too, so the other is not offered as good."""
    both = {(ONE, "Case reference"), (TWO, "Case reference")}
    bad = {**OPEN, "Received": "the day before"}
    assert wrong(bringer, bad, OPEN) == {*both, (ONE, "Received")}
    assert wrong(bringer, OPEN, bad) == {*both, (TWO, "Received")}


def test_everything_before_it_was_received_is_named(bringer: Bringer) -> None:
    """The enquiry and the plan both, and not one after the other."""
    early = {
        **OPEN,
        "Received": "2026-03-02",
        "Duty decided": "2026-03-01",
        "Duty result": "Section 42 enquiry",
        "Enquiry opened": "2026-02-04",
        "Plan agreed": "2026-02-20",
    }
    found = wrong(bringer, early)
    assert {(ONE, "Plan agreed"), (ONE, "Enquiry opened")} <= found
