"""A return that was filed stands as it was filed, and one filed again stands beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from domain import filing
from domain.filing import FileReturn, ReturnFiled
from domain.words import Code, Digest, DocumentRef
from tests.given import given

DOCUMENT = DocumentRef(UUID(int=0xF11E))


def a_filing(document: UUID = DOCUMENT) -> FileReturn:
    """Give the return of 2025-26 as it was known at a position."""
    return FileReturn(
        annual_return=Code("safeguarding_adults_collection"),
        year=2025,
        first=date(2025, 4, 1),
        last=date(2026, 3, 31),
        as_at=7,
        document=DocumentRef(document),
        digest=Digest("a" * 64),
        sha256=Digest("b" * 64),
    )


def test_a_return_filed_again_stands_beside_the_first() -> None:
    """Filing one year twice records two filings, numbered in the order in which they were filed."""
    again = replace(a_filing(UUID(int=0xF12E)), as_at=9)
    state = filing.replay(given().when(a_filing()).when(again).history.facts)
    assert [one.event.as_at for one in state.of(date(2025, 4, 1), date(2026, 3, 31))] == [7, 9]
    assert state.of(date(2025, 4, 1), date(2025, 6, 30)) == ()


def test_a_document_is_filed_once() -> None:
    """What was filed under a document's number is not filed under it again (I1)."""
    given().when(a_filing()).when(a_filing()).then_refused("I1")


@pytest.mark.parametrize("on", ["2025-06-01", "2026-11-02"])
def test_a_return_is_filed_whenever_it_is(on: str) -> None:
    """A return is recorded as filed before its period ended and after, as it was (principle 2)."""
    given().when(a_filing(), on=on).then_recorded(ReturnFiled)
