"""Figures for dashboards over the doors: each is what the lists say, and names nobody."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from projections.figures import FIGURES
from tests.doors.conftest import Cli, Doors

ANALYST = {"Holdfast_Role": "analyst"}


def figure(doors: Doors, name: str) -> list[dict[str, Any]]:
    """Give the rows of a figure."""
    answer = doors.get(f"/v1/figures/{name}", **ANALYST)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


def read(doors: Doors, path: str) -> dict[str, Any]:
    """Give an answer."""
    answer = doors.get(path)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_every_figure_is_there_and_names_nobody(shared: Doors) -> None:
    """An analyst, who reads no case, reads each; none gives a reference of a case or an adult."""
    adult = shared.person()
    case = shared.case(adult)
    told = shared.get("/v1/figures", **ANALYST).json()["figures"]
    assert {one["name"] for one in told} == FIGURES.keys()
    for one in told:
        answer = shared.get(one["links"]["self"], **ANALYST)
        assert answer.status_code == 200, answer.text
        assert case not in answer.text
        assert adult not in answer.text
        rows = csv.reader(io.StringIO(shared.get(f"{one['links']['self']}?format=csv").text))
        assert next(rows) == one["columns"]
    assert shared.get("/v1/figures/no_such", **ANALYST).status_code == 404
    assert shared.get("/v1/figures", Holdfast_Role="integrator").status_code == 403


@pytest.mark.parametrize("name", [one for one in FIGURES if one.startswith("open_cases_by_")])
def test_open_cases_are_those_of_the_caseload(shared: Doors, name: str) -> None:
    """Whichever way they are counted, they are the cases that the caseload lists."""
    shared.case()
    count = shared.get("/v1/cases").json()["count"]
    rows, nobody = figure(shared, name), 0
    if name == "open_cases_by_worker":
        nobody = sum(one["held_by_nobody"] for one in figure(shared, "open_cases_by_team"))
        assert sum(one["cases_held"] * one["workers"] for one in rows) == count - nobody
    else:
        assert sum(one["cases"] for one in rows) == count
    opened = [read(shared, one["links"]["opens"]) for one in rows]
    assert sum(one["count"] for one in opened) == count - nobody
    mine = {one["case"] for each in opened for one in each["cases"]}
    assert len(mine) == sum(len(one["cases"]) for one in opened)


def test_a_row_is_asked_by_what_it_is_called(shared: Doors) -> None:
    """What the row of a figure has not is refused, and a row of nothing counts no case."""
    shared.case()
    path = "/v1/figures/open_cases_by_stage/cases"
    assert shared.get(f"{path}?team=one").status_code == 422
    assert shared.get("/v1/figures/no_such/cases").status_code == 404
    none = read(shared, f"{path}?stage=no_such")
    assert (none["count"], none["cases"], none["row"]) == (0, [], {"stage": "no_such"})
    before = len(shared.readings())
    found = read(shared, f"{path}?stage=concern")
    looks = shared.readings()[before:]
    assert {str(one) for each in looks for one in each.cases} >= {
        one["case"] for one in found["cases"]
    }


def test_looking_at_a_figure_leaves_a_trace(shared: Doors) -> None:
    """A figure is a look at the caseload, of the position it is told as at."""
    before = len(shared.readings())
    at = shared.get("/v1/figures/open_cases_by_age").json()["as_at"]
    (event,) = shared.readings()[before:]
    assert (event.what, event.as_at) == ("caseload", at)


def test_the_command_line_gives_the_same(doors: Doors, cli: Cli) -> None:
    """`holdfast figures` names them, and gives each as a table, as CSV and as JSON."""
    doors.case()
    for follower in doors.followers:
        follower.close()  # the command line follows for itself
    assert "repeat_referrals" in cli("figures").out
    said = cli("figures", "open_cases_by_stage", "--csv")
    assert said.out.splitlines() == ["stage,cases", "concern,1"]
    told = cli("figures", "open_cases_by_stage", "--json").json
    assert told["rows"] == [{"stage": "concern", "cases": 1}]
    assert "SIMULATED" not in cli("figures", "open_cases_by_stage").out
    assert cli("figures", "no_such").code == 3
