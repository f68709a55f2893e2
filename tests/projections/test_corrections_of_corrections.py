"""The views understand an entry by all its corrections, as the case that decides does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from api.routes.timeline import Which, timeline
from domain.duty import Section42DutyDecided
from domain.words import Code
from projections.caseload import CASELOAD
from projections.chronology import CHRONOLOGY, chronology
from projections.decisions import DECISIONS
from projections.rebuild import verify
from projections.returns.folding import FACTS
from projections.reviews import REVIEWS
from tests.controls import CASE, a_conference, a_referral, an_enquiry
from tests.projections.conftest import Views, corrected, told

FIELDS = (Code("source"),)
COURSES = (
    ("withdraw", "fields"),
    ("move", "fields"),
    ("move", "bare"),
    ("move", "withdraw", "bare"),
    ("withdraw", "fields", "bare"),
    ("move", "withdraw", "fields", "bare"),
    ("move", "fields", "again"),
)
GONE = ("withdraw", "fields")
TIMES = {"move": "2026-10-26", "again": "2026-10-19"}


def saying(step: str, target: int, supersedes: int | None) -> object:
    """Give a correction of one kind."""
    event = corrected(
        target,
        supersedes=supersedes,
        occurred=TIMES.get(step),
        withdrawn=step == "withdraw",
    )
    return replace(event, fields=FIELDS) if step == "fields" else event


@pytest.mark.parametrize("course", COURSES, ids="-".join)
def test_the_views_and_the_timeline_agree(views: Views, course: tuple[str, ...]) -> None:
    """After every correction, and rebuilt, each says the same of an entry (I12, L5)."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-02", an_enquiry()),
        told("2026-11-04", a_conference()),
    )
    every = (CHRONOLOGY, DECISIONS, CASELOAD, REVIEWS, FACTS)
    views.follow(*every)
    for target in (2, 3):
        last: int | None = None
        for number, step in enumerate(course):
            views.tell(told(f"2026-11-{10 + number}", saying(step, target, last)))
            last = views.versions[CASE]
            if number % 2:  # some of them in one batch
                views.follow(*every)
    views.follow(*every)

    entries = timeline(views.record.facts(CASE), Which(by=date(2026, 12, 1)))
    theirs = views.ask(chronology, CASE)
    assert [seen(one) for one in theirs] == [
        (
            one.fact.version,
            one.occurred.text,
            None if one.stated is None else one.stated.text,
            one.corrected_by,
            one.withdrawn,
        )
        for one in entries
    ]
    by_version = {one.fact.version: one for one in entries}
    with views.connect() as conn:
        rows = conn.execute(
            "SELECT version, decided_on::text, corrected_by, withdrawn FROM views.decisions"
            " WHERE upper_inf(valid) ORDER BY version"
        ).fetchall()
        ((enquiries,),) = conn.execute(
            "SELECT count(*) FROM views.return_facts"
            " WHERE upper_inf(valid) AND stands AND what = 'enquiry'"
        ).fetchall()
    third = by_version[3]
    assert rows == [(3, third.occurred.text, third.corrected_by, third.withdrawn)]
    assert third.withdrawn == (course == GONE)
    assert enquiries == (course != GONE)
    moved = [TIMES[step] for step in course if step in TIMES]
    assert third.occurred.text == (moved[-1] if moved else "2026-11-04")
    for one in every:
        assert verify(one, views.connect).equal


def seen(entry: Any) -> tuple[object, ...]:  # noqa: ANN401 — an entry of the view
    """What a chronology says of how an entry is understood."""
    return (
        entry.version,
        entry.occurred,
        entry.stated_occurred,
        entry.corrected_by,
        entry.withdrawn,
    )


def test_a_decision_stands_again_at_the_day_last_understood(views: Views) -> None:
    """What names its day stays on it; withdrawn, and standing again, it is in the register."""
    decided = Section42DutyDecided(
        criteria=(),
        result=Code("section_42"),
        met=True,
        disposal=None,
        decided_on=date(2026, 11, 3),
    )
    views.tell(told("2026-11-02", a_referral()), told("2026-11-20", decided))
    views.tell(told("2026-11-21", corrected(2, withdrawn=True)))
    views.follow(DECISIONS)
    views.tell(told("2026-11-22", corrected(2, supersedes=3)))
    views.follow(DECISIONS)
    with views.connect() as conn:
        rows = conn.execute(
            "SELECT decided_on::text, corrected_by, withdrawn FROM views.decisions"
            " WHERE upper_inf(valid)"
        ).fetchall()
    assert rows == [("2026-11-03", 4, False)]
    assert verify(DECISIONS, views.connect).equal
