"""Every due date that stands open is on the page of a case, with the entry that explains it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from api.pages import words
from api.pages.owed import Owed, owed
from domain.jurisdictions import Jurisdiction
from tests.controls import NATIONS
from tests.doors.conftest import Doors
from tests.given import Given, given
from tests.spec.law.test_a_good_case import after, before, held, prepared


def run(nation: Jurisdiction, *chapters: Any) -> Given:  # noqa: ANN401 — chapters of a good case
    """Give a good case as far as these chapters tell it."""
    history = given(jurisdiction=nation)
    for chapter in chapters:
        for day, command in chapter:
            history = history.when(command, on=day).on(day)
    return history


def due(history: Given, on: str) -> tuple[Owed, ...]:
    """What is due in it, by a day."""

    def judge(day: date) -> Any:  # noqa: ANN401 — findings
        return history.on(day.isoformat()).findings()

    return owed(judge, date.fromisoformat(on), history.facts, history.jurisdiction)


def called(history: Given, on: str, *, late: bool | None = None) -> set[str]:
    """How what is due is called, or what of it is overdue, or is not."""
    return {one.what for one in due(history, on) if late in {None, one.overdue}}


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_what_is_due_is_what_would_be_late(nation: Jurisdiction) -> None:
    """Each finding that a day passing would bring has its day among what is due before (R150)."""
    for chapters in (before(nation)[:1], before(nation), [*before(nation), *prepared(nation)]):
        history = run(nation, chapters)
        now = history.day.isoformat()
        for code, day in (
            (one.code, one.due)
            for one in history.on("2040-01-01").findings()
            if one.due is not None and one.due >= history.day
        ):
            assert day in {it.day for it in due(history, now)}, code


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_referral_alone_has_its_decision_due(nation: Jurisdiction) -> None:
    """Whoever looks at a new case is not told that nothing is due; overdue is said."""
    history = run(nation, before(nation)[:1])
    duty = nation.terms["duty"]
    assert duty in called(history, "2026-11-02", late=False)
    assert duty in called(history, "2027-11-02", late=True)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_after_a_meeting_its_minutes_are_due(nation: Jurisdiction) -> None:
    """And until they are sent; each date names the entry that it hangs on."""
    met = run(nation, before(nation), prepared(nation), held(nation))
    assert "minutes of a conference" in called(met, met.day.isoformat())
    assert all(one.position is not None for one in due(met, met.day.isoformat()))
    done = run(nation, before(nation), prepared(nation), held(nation), after(nation))
    assert "minutes of a conference" not in called(done, done.day.isoformat())


def test_a_page_says_what_is_due(doors: Doors) -> None:
    """With the entry that it hangs on, and overdue in words; never that nothing is (R150)."""
    case = doors.case(received="2026-11-02")
    page = doors.get(f"/cases/{case}").text
    assert "Nothing is due by a recorded date" not in page
    duty = words.capital(doors.office.jurisdiction.terms["duty"])
    assert re.search(rf'<a href="#entry-\d+">{duty}</a>', page)
    early = doors.get(f"/cases/{case}?on=2026-11-03").text
    assert "<strong>Overdue</strong>" not in early
    assert "<strong>Overdue</strong>" in doors.get(f"/cases/{case}?on=2027-06-01").text
