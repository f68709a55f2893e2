"""Large-scale enquiries, asked at every door: which there are, and the case of each adult."""

from __future__ import annotations

import json
from typing import Final

import pytest

from tests.doors.conftest import Cli, Doors
from tests.doors.filling import Form, get_form, problems, send

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
    told = doors.get(f"/cases/{cases[0]}").text
    assert "Case linked to a large-scale enquiry" in told
    assert LARGE not in told
    assert "0 cases" in doors.get(f"{PAGE[:-1]}3").text
    assert doors.get("/large-scale-enquiries/none").status_code == 404


def test_the_command_line_says_the_same(doors: Doors, cases: list[str], cli: Cli) -> None:
    """Which enquiries there are, and of one its cases."""
    for follower in doors.followers:
        follower.close()  # the command line follows for itself
    assert LARGE in cli("large-scale").out
    said = json.loads(cli("large-scale", LARGE, "--json").out)
    assert [one["case"] for one in said["cases"]] == cases


# ----------------------------------------------------------------------------------- the form

FIELD: Final = "command.large_scale"


def form_of(doors: Doors, case: str, query: str = "") -> Form:
    """Open the form that links a case to an enquiry."""
    doors.catch_up()
    return get_form(doors, f"/cases/{case}/record/link-large-scale-enquiry{query}")


def links(doors: Doors, case: str) -> list[str]:
    """Give the enquiries that the entries of a case link it to."""
    told = doors.get(f"/v1/cases/{case}/timeline").json()["entries"]
    return [one["data"]["large_scale"] for one in told if one["name"].endswith("-linked")]


def test_an_enquiry_is_chosen_in_the_form_and_not_typed(doors: Doors, cases: list[str]) -> None:
    """It says the provider and how many cases; a case of it may begin another, and choose none."""
    third = doors.case()
    form = form_of(doors, third)
    assert (form.controls[FIELD].answers, form.controls[FIELD].chosen) == ([LARGE, "new"], [])
    assert f"{FIELD}.other" not in form.controls
    page = doors.client.get(form.action).text
    assert "sunrise-home: 2 cases since" in page
    assert send(doors, form, "record", form.pairs(**{FIELD: LARGE})).status_code == 303
    assert links(doors, third) == [LARGE]
    assert len(doors.get(HERE).json()["cases"]) == 3
    assert form_of(doors, cases[0]).controls[FIELD].answers == ["new"]


def test_a_new_enquiry_is_begun_by_its_form(doors: Doors, cases: list[str]) -> None:
    """Its reference is made, and the next case can choose it; nothing chosen is asked about."""
    form = form_of(doors, cases[0])
    assert form.controls[FIELD].chosen == ["new"]
    answer = send(doors, form, "record", form.pairs(command__provider="Ferry Lodge"))
    assert answer.status_code == 303, answer.text
    (_, made) = links(doors, cases[0])
    again = form_of(doors, cases[1])
    assert again.controls[FIELD].answers == [made, "new"]
    refused = send(doors, again)
    assert refused.status_code == 422
    assert "Choose one of those there are, or a new one." in str(problems(refused))


def test_an_enquiry_no_case_is_linked_to_any_more_can_be_meant(doors: Doors) -> None:
    """Its reference begins it anew: nothing refuses it, and it stands in no other case."""
    case = doors.case()
    form = form_of(doors, case, f"?large_scale={LARGE}")
    assert form.controls[FIELD].chosen == [LARGE]
    assert send(doors, form, "record-now").status_code == 303
    assert links(doors, case) == [LARGE]


def test_the_form_of_a_restricted_case_offers_every_enquiry(doors: Doors, cases: list[str]) -> None:
    """Which of them the case is part of goes unsaid, and opening it is a look at no case."""
    ground = {"command": {"ground": "accuracy_contested"}}
    path = f"/v1/cases/{cases[0]}/restrict-processing"
    assert doors.post(path, ground, version=2).status_code == 201
    assert form_of(doors, cases[0]).controls[FIELD].answers == [LARGE, "new"]
    looked = doors.readings()[-1]
    assert (looked.what, looked.case, looked.cases) == ("caseload", None, ())
