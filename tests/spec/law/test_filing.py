"""A return that was filed stands as it was filed, and one filed again stands beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain import filing
from domain.filing import (
    ApproveFilingErasure,
    EraseFiling,
    FileReturn,
    FilingErased,
    FilingErasureApproved,
    ReturnFiled,
)
from domain.words import Actor, Code, Digest, DocumentRef, Slug
from tests.controls import ACTOR
from tests.erasing import ANOTHER
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


@pytest.mark.parametrize(("on", "over"), [("2026-03-31", False), ("2026-04-01", True)])
def test_a_return_is_of_a_period_that_is_over(on: str, *, over: bool) -> None:
    """Nothing is filed of a period before its last day has passed (I3)."""
    outcome = given().when(a_filing(), on=on)
    if over:
        outcome.then_recorded(ReturnFiled)
    else:
        outcome.then_refused("I3", code="not_yet_happened")


def test_a_return_that_breaks_a_rule_is_filed_nonetheless() -> None:
    """Which hard rules its figures broke is recorded with whoever filed it, and stops nothing."""
    (fact,) = given().when(replace(a_filing(), broken=(Slug("v6"),))).history.facts
    assert fact.event.broken == ("v6",)


KEPT: dict[str, Any] = {
    "retention_class": Code("filed_return"),
    "authority": Code("retention_ended"),
}


@pytest.mark.parametrize(
    ("target", "by", "law", "code"),
    [
        (1, ANOTHER, None, ""),
        (1, ACTOR, "L14", "same_approver"),
        (1, None, "L14", "not_approved"),
        (9, ANOTHER, "L9", "no_target"),
        (None, ANOTHER, "L9", "no_target"),
    ],
)
def test_what_was_filed_is_erased_on_two_peoples_word(
    target: int | None, by: Actor | None, law: str | None, code: str
) -> None:
    """One person approves that a filing goes and another erases it; that it was filed stays."""
    history = given().when(a_filing()).history
    asked = EraseFiling(target=target, **KEPT)
    if by is not None:
        outcome = history.when(ApproveFilingErasure(target=target, **KEPT), actor=by)
        if outcome.error:
            outcome.then_refused("L9", code=code)
            return
        outcome.then_recorded(FilingErasureApproved)
        history = outcome.history
        asked = replace(asked, approvals=(history.facts[-1].version,))
    outcome = history.when(asked, actor=ACTOR)
    if law is not None:
        outcome.then_refused(law, code=code)
        return
    outcome.then_recorded(FilingErased)
    state = filing.replay(outcome.history.facts)
    assert (set(state.erased), len(state.filed)) == ({target}, 1)
    outcome.when(asked).then_refused("L9", code="no_target")
