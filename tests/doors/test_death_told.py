"""The adult's death, told where the case is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.doors.conftest import Doors
from tests.doors.scripted import Script
from tests.doors.scripts.asked import Tale, The, ask, step
from tests.doors.scripts.reading import Reading, read_back

RECEIVED, DIED, ENTERED = "2025-03-03", "2025-03-10", "2025-03-12"
TALE = Tale(
    nation="england",
    people={"adult": {"name": "Wilf Sorrel"}},
    workers={"practitioner": "Oona Strake", "manager": "Judith Vane"},
    steps=(
        step(
            RECEIVED,
            "practitioner",
            "receive-referral",
            adult=The("adult"),
            received=RECEIVED,
            account="He has not been seen since Friday.",
            allegations=[{"type": "self_neglect", "source": "known_self", "location": "own_home"}],
        ),
        step(
            ENTERED,
            "practitioner",
            "record-death",
            died=DIED,
            cause_known="awaited",
            note="Found by the postwoman.",
        ),
        step(
            "2025-03-14",
            "manager",
            "close-case",
            reason="died",
            views="could_not_be_asked",
            rationale="He died before anybody could see him.",
            review_considered="yes",
        ),
    ),
)


def tale(doors: Doors) -> Script:
    """Tell it whole."""
    return ask(doors, TALE)


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Iterator[Reading]:
    """Give the case at its end, on a database of this test's own."""
    with read_back(request, TALE, tale) as reading:
        yield reading


def test_the_adults_death_stands_in_the_story_of_the_case(told: Reading) -> None:
    """It is told where the case ended, on its day, before the closing that follows from it."""
    story = told.story()
    death = "10 March 2025: The adult died. What they died of: awaited."
    assert death in story
    assert "“Found by the postwoman.”" in story
    assert story.index("How it ended") < story.index(death) < story.index("The case was closed")


def test_a_death_is_told_as_it_was_known(told: Reading) -> None:
    """Before it was entered nobody could tell of it; whoever is shown no details is told none."""
    assert "The adult died" not in told.story("--as-at", "2025-03-11")
    assert "The adult died" in told.story("--as-at", ENTERED)
    assert "The adult died" not in told.story("--as-of", "2025-03-09")
    assert "The adult died" not in told.story("--known-to", "police")


def test_whoever_reads_of_a_death_has_looked_at_the_person(told: Reading) -> None:
    """The trace names the person, whose own record tells of it."""
    told.story()
    readings = told.case.doors.readings()
    assert told.case.adult in {str(getattr(one, "person", None)) for one in readings}
