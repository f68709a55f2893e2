"""Who spoke for the adult, as a story and the minutes name them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.minutes.company import Company
from api.minutes.left_out import LeftOut
from api.story.saying import Voice
from domain.grid import Attendance, Part
from domain.hearing import AdultViewsPresented
from domain.invitation import ParticipantInvited
from domain.words import Code, Slug
from tests.controls import CONFERENCE, NATIONS, PARTICIPANT, ref, words
from tests.given import given

RULES = ("R54",)

ASKED = ParticipantInvited(
    conference=CONFERENCE,
    participant=PARTICIPANT,
    role=Code("advocate"),
    organisation=Slug("tay"),
    name=words("Isla Roan"),
)
PUT = AdultViewsPresented(
    conference=CONFERENCE,
    presenter_role=Code("advocate"),
    views=words("Home."),
    own_words=False,
)
NAMED = replace(PUT, presenter=PARTICIPANT)


def voice() -> Voice:
    """Whoever tells it."""
    return Voice(nation=NATIONS[0], worker=str, person=lambda _: None, adult=None, case=ref(9))


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (PUT, "The advocate put the adult's views: “Home.”"),
        (
            NAMED,
            "Isla Roan (independent advocate of Tay) put the adult's views, as advocate: “Home.”",
        ),
        (
            replace(PUT, presenter_name=words("Isla Roan")),
            "The advocate, “Isla Roan”, put the adult's views: “Home.”",
        ),
    ],
)
def test_who_spoke_for_the_adult_is_named(event: AdultViewsPresented, told: str) -> None:
    """Whoever put the views is called as they were invited, or by the name that was told (R54)."""
    said = voice()
    *before, last = given(ASKED, event).facts
    said.learn(before)
    assert said.say(last)[0] == told


@pytest.mark.parametrize(("part", "left"), [(1, NAMED), (2, PUT)])
def test_a_copy_names_who_spoke_where_its_grid_does(part: int, left: AdultViewsPresented) -> None:
    """A copy of one part names whoever put the views where they were in that part (R165)."""
    line = Attendance(participant=PARTICIPANT, role=Code("advocate"), attendance=Code("attended"))
    parts = (
        Part(number=1, reason=Code("with_adult"), attendances=(line,)),
        Part(number=2, reason=Code("with_adult")),
    )
    copy = LeftOut(
        parts=parts, chosen=frozenset({part}), redactions=(), nation=NATIONS[0], worker=str
    )
    company = Company(left=copy, asked={PARTICIPANT: ASKED}, voice=voice())
    assert company.speaking(replace(NAMED, presenter_name=words("Isla Roan"))) == left
