"""Of whom the minutes say that nothing is recorded, where a line of the grid names nobody asked."""

from __future__ import annotations

import pytest

from api.minutes.grid import missing
from api.minutes.things import Things
from api.story.saying import Voice
from domain.grid import Attendance, Part
from domain.invitation import ParticipantInvited
from domain.words import Code, ParticipantRef, Slug
from tests.controls import CONFERENCE, HEALTH, NATIONS, POLICE, ref, words


@pytest.mark.parametrize(
    ("asked", "parts", "told"),
    [
        ((), ((),), []),
        (("Ann",), ((),), ["Police (Police), Ann"]),
        (("Ann",), ((POLICE,),), []),
        (("Ann",), ((HEALTH,),), ["Police (Police), Ann"]),  # of another agency
        (("Ann", "Bo"), ((POLICE, POLICE),), []),
        (("Ann",), ((POLICE,), (POLICE,)), []),
        (
            ("Ann", "Bo"),
            ((POLICE,), (POLICE,)),  # one, in both parts
            ["1 of these, and not said which: Police (Police), Ann; Police (Police), Bo"],
        ),
    ],
)
def test_who_came_unnamed_answers_for_one_of_their_agency(
    asked: tuple[str, ...], parts: tuple[tuple[Slug, ...], ...], told: list[str]
) -> None:
    """One asked, one line of that role and agency: nobody says they are not recorded as there."""
    things = Things()
    voice = Voice(
        nation=NATIONS[0],
        worker=str,
        person=lambda _: None,
        adult=None,
        case=ref(9),
        things=things,
    )
    who = {
        ParticipantRef(ref(number)): ParticipantInvited(
            conference=CONFERENCE,
            participant=ParticipantRef(ref(number)),
            role=Code("police"),
            organisation=POLICE,
            name=words(name),
        )
        for number, name in enumerate(asked)
    }
    came = [
        Part(
            number=number,
            reason=Code("whole"),
            attendances=tuple(
                Attendance(role=Code("police"), organisation=one, attendance=Code("attended"))
                for one in each
            ),
        )
        for number, each in enumerate(parts, start=1)
    ]
    assert missing(came, who, voice) == told
