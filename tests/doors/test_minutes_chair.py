"""The minutes say who led the meeting, in which role, for whom, and of what kind of agency."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from api.minutes.shown import chair
from domain.invitation import ChairAppointed
from domain.jurisdictions import jurisdictions
from domain.words import Code, Slug
from tests.controls import words
from tests.doors.retold import Story
from tests.doors.scripts.asked import Tale
from tests.doors.scripts.england_case import TALE as ENGLISH
from tests.doors.scripts.reading import pdf_text, read_back
from tests.doors.scripts.scotland_year import YEAR
from tests.doors.test_script_england import tale as english
from tests.doors.test_script_scotland import year as scottish
from tests.each import each
from tests.stored import __main__ as stored

SHONA = (
    "Chair: Shona Lammer (operations manager, social work), for the council"
    " (social work or social care)."
)
AGENCIES = jurisdictions()["england"].lists["chair_agency"]


def appointed(role: str, agency: str) -> ChairAppointed:
    """Give somebody asked to chair, for the council."""
    event = stored.example(ChairAppointed, count(1))
    return ChairAppointed(
        conference=event.conference,
        chair=event.chair,
        role=Code(role),
        organisation=Slug("council"),
        agency=Code(agency),
        basis=Code("usual"),
    )


@each(jurisdictions(), [one for one in AGENCIES if one != "not_recorded"])
def test_the_kind_of_agency_stands_behind_the_name(nation: str, agency: str) -> None:
    """A short name says whose worker it is, and nothing of its kind (R15, R18, R194)."""
    law = jurisdictions()[nation]
    told = chair(appointed("independent_chair", agency), "Femi Adair", law)
    label = law.label("chair_agency", agency)
    assert told == (
        f"Chair: Femi Adair (independent chair), for the council ({label[:1].lower()}{label[1:]})."
    )


@each(jurisdictions())
def test_what_is_not_recorded_is_not_made_up(nation: str) -> None:
    """Without the kind of agency the name alone stands; a role nobody wrote down says so."""
    law = jurisdictions()[nation]
    told = chair(appointed("independent_chair", "not_recorded"), "Femi Adair", law)
    assert told == "Chair: Femi Adair (independent chair), for the council."
    own = replace(appointed("other", "not_recorded"), role_other=words("Head of adult care"))
    assert "(Head of adult care)" in chair(own, "Femi Adair", law)
    told = chair(appointed("not_recorded", "police"), "Femi Adair", law)
    assert told == "Chair: Femi Adair (role not recorded), for the council (police)."


@pytest.mark.parametrize(
    ("tale", "story", "meeting", "line"),
    [
        (
            ENGLISH,
            english,
            "conference",
            "Chair: Femi Adair (independent chair), for the council (social work or social care).",
        ),
        (
            YEAR,
            scottish,
            "initial conference",
            SHONA,
        ),
    ],
    ids=["england", "scotland"],
)
def test_it_stands_in_the_files(
    request: pytest.FixtureRequest, tale: Tale, story: Story, meeting: str, line: str
) -> None:
    """In Word and in the PDF, of either nation."""
    with read_back(request, tale, story) as reading:
        assert line in reading.word(meeting)
        assert line in pdf_text(reading.pdf(meeting))
