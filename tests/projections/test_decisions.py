"""The register of decisions over cases, told as events and shown in the order of their days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from domain.allocation import CaseAllocated
from domain.duty import Section42DutyDecided
from domain.words import Code, Slug
from projections.caseload import CASELOAD
from projections.decisions import DECISIONS, Decided, Wanted, decisions
from tests.controls import (
    CASE,
    OFFICER,
    OTHER_CASE,
    a_capacity,
    a_closure,
    a_conference,
    a_referral,
)
from tests.projections.conftest import Views, corrected, told

NORTH = Slug("north-team")


def register(
    views: Views, wanted: Wanted | None = None, *, as_at: int | None = None, limit: int = 100
) -> list[Decided]:
    """Give the decisions asked for, at a position or the last."""
    views.follow(CASELOAD, DECISIONS)
    at = views.record.log.tail() if as_at is None else as_at
    rows: Sequence[Any]
    rows, count = views.ask(decisions, wanted or Wanted(), as_at=at, skip=0, limit=limit)
    assert count >= len(rows)
    return list(rows)


def places(rows: list[Decided]) -> list[int]:
    """The positions of some decisions."""
    return [one.position for one in rows]


@pytest.fixture
def told_views(views: Views) -> Views:
    """Give two cases: one with a conference and closed, the other with a capacity decision."""
    held = CaseAllocated(worker=OFFICER, team=NORTH, reason=Code("new_case"))
    views.tell(
        told("2026-11-02", a_referral()),  # 1
        told("2026-11-02", a_referral(), stream=OTHER_CASE),
        told("2026-11-03", held),
        told("2026-11-10", a_conference()),
        told("2026-11-11", a_capacity(), stream=OTHER_CASE, occurred="2026-11-04"),
        told("2026-12-01", a_closure()),
    )
    return views


def test_decisions_stand_in_the_order_of_their_days(told_views: Views) -> None:
    """What is no decision is not among them; each stands at the day it was taken (R154)."""
    assert places(register(told_views)) == [5, 4, 6]
    assert [one.case for one in register(told_views)] == [OTHER_CASE, CASE, CASE]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(first=date(2026, 11, 5)), [4, 6]),
        (Wanted(last=date(2026, 11, 10)), [5, 4]),
        (Wanted(kind="preparation"), [4]),
        (Wanted(kind="case-closed"), [6]),
        (Wanted(role="practitioner"), [5, 4, 6]),
        (Wanted(role="manager"), []),
        (Wanted(team=NORTH), [4, 6]),
        (Wanted(team="south-team"), []),
    ],
)
def test_a_register_is_asked_by_day_kind_role_and_team(
    told_views: Views, wanted: Wanted, found: list[int]
) -> None:
    """By the day it was taken, what it is, in which role, and the team that holds the case."""
    assert places(register(told_views, wanted)) == found


def test_a_decision_withdrawn_stays_and_says_so(told_views: Views) -> None:
    """A correction is named beside the decision; before it, the row is as it was known."""
    before = told_views.record.log.tail()
    told_views.tell(
        told("2026-12-02", corrected(3, withdrawn=True)),
        told("2026-12-03", corrected(4, occurred="2026-11-30")),
    )
    assert [one.corrected_by for one in register(told_views, as_at=before)] == [None] * 3
    rows = {one.position: one.corrected_by for one in register(told_views)}
    assert rows == {5: None, 4: 7, 6: 8}
    assert places(register(told_views, Wanted(first=date(2026, 11, 20)))) == [6]


def test_a_decision_stands_on_the_day_it_says_it_was_taken(views: Views) -> None:
    """What names its day in a field of its own stands there, whenever it was entered (R154)."""
    decided = Section42DutyDecided(
        criteria=(),
        result=Code("section_42"),
        met=True,
        disposal=None,
        decided_on=date(2026, 11, 3),
    )
    views.tell(told("2026-11-02", a_referral()), told("2026-11-20", decided))
    (row,) = register(views, Wanted(last=date(2026, 11, 5)))
    assert row.decided_on == date(2026, 11, 3)
    views.tell(told("2026-11-21", corrected(2, occurred="2026-11-04")))
    (row,) = register(views)
    assert (row.decided_on, row.corrected_by) == (date(2026, 11, 3), 3)


def test_a_correction_of_no_decision_makes_no_row(views: Views) -> None:
    """Where what is corrected decided nothing, the register has nothing."""
    views.tell(told("2026-11-02", a_referral()), told("2026-11-03", corrected(1, withdrawn=True)))
    assert register(views) == []


def test_a_page_says_how_many_there_are(told_views: Views) -> None:
    """A part of the register counts the whole of it."""
    told_views.follow(CASELOAD, DECISIONS)
    at = told_views.record.log.tail()
    rows, count = told_views.ask(decisions, Wanted(), as_at=at, skip=1, limit=1)
    assert (places(rows), count) == ([4], 3)
