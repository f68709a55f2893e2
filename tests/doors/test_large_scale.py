"""Large-scale enquiries, asked at every door: which there are, and the case of each adult."""

from __future__ import annotations

import json
from typing import Final

import pytest

from tests.doors.conftest import Cli, Doors

RULES = ("R3", "R18", "R35")
LARGE: Final = "00000000-0000-4000-8000-000000000092"
HERE: Final = f"/v1/large-scale-enquiries/{LARGE}/cases"
PAGE: Final = f"/large-scale-enquiries/{LARGE}"


@pytest.fixture
def cases(doors: Doors) -> list[str]:
    """Give two cases that are linked to one enquiry, the first of them named."""
    found = [doors.case(doors.person(name="Ann Example")), doors.case()]
    doors.linked(found[0], LARGE, provider="sunrise-home")
    doors.linked(found[1], LARGE)
    return found


def test_an_enquiry_leads_to_its_cases(doors: Doors, cases: list[str]) -> None:
    """It says of which provider and how many, and opens to each of them, as known at any time."""
    (one,) = doors.get("/v1/large-scale-enquiries").json()["enquiries"]
    assert (one["large_scale"], one["providers"], one["cases"]) == (LARGE, ["sunrise-home"], 2)
    behind = doors.get(one["links"]["cases"]).json()
    assert [each["case"] for each in behind["cases"]] == cases
    assert {each["stage"] for each in behind["cases"]} == {"concern"}
    assert doors.get(behind["cases"][0]["links"]["case"]).status_code == 200
    first = behind["cases"][0]["linked_at"]
    for as_at, there in ((first - 1, []), (first, cases[:1]), (first + 1, cases)):
        then = doors.get(f"{HERE}?as_at={as_at}").json()
        assert [each["case"] for each in then["cases"]] == there
        assert len(doors.get(f"/v1/large-scale-enquiries?as_at={as_at}").json()["enquiries"]) == (
            1 if there else 0
        )


def test_looking_at_the_cases_of_an_enquiry_leaves_a_trace(doors: Doors, cases: list[str]) -> None:
    """Whoever opens it has looked at each of its cases, and at none where they only count them."""
    for path, among in (("/v1/large-scale-enquiries", set()), (HERE, set(cases))):
        assert doors.get(path).status_code == 200
        looked = doors.readings()[-1]
        assert (looked.what, {str(one) for one in looked.cases}) == ("caseload", among)
        assert doors.get(path, Holdfast_Role="minute_taker").status_code == 403


def test_the_pages_lead_from_the_cases_to_an_enquiry_and_back(
    doors: Doors, cases: list[str]
) -> None:
    """Each adult's case stands there by name; an enquiry that nobody named has none."""
    assert 'href="/large-scale-enquiries"' in doors.get("/").text
    listed = doors.get("/large-scale-enquiries").text
    assert f'href="{PAGE}"' in listed
    assert "sunrise-home" in listed
    page = doors.get(PAGE).text
    assert all(f'href="/cases/{one}"' in page for one in cases)
    assert "Ann Example" in page
    assert "0 cases" in doors.get(f"{PAGE[:-1]}3").text
    assert doors.get("/large-scale-enquiries/none").status_code == 404


def test_the_command_line_says_the_same(doors: Doors, cases: list[str], cli: Cli) -> None:
    """Which enquiries there are, and of one its cases."""
    for follower in doors.followers:
        follower.close()  # the command line follows for itself
    assert LARGE in cli("large-scale").out
    said = json.loads(cli("large-scale", LARGE, "--json").out)
    assert [one["case"] for one in said["cases"]] == cases
