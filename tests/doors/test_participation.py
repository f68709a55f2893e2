"""How agencies take part, asked over HTTP."""

from __future__ import annotations

from tests.doors.conftest import Doors
from tests.doors.scripted import Json

BETWEEN = "first=2026-11-01&last=2026-11-30"


def a_meeting(doors: Doors) -> str:
    """Give a case with a conference of three lines of attendance, one agency's twice."""
    case = doors.case(doors.person(name="Ann Example"))
    convene = {
        "kind": "initial",
        "reason": "outcome_of_enquiry",
        "planned_for": "2026-11-23",
        "convened_role": "lead_agency_manager",
    }
    body: Json = {"occurred": "2026-11-10", "command": convene}
    answer = doors.post(f"/v1/cases/{case}/convene-conference", body, version=1)
    assert answer.status_code == 201, answer.text
    conference = answer.json()["made"]["conference"]
    lines = [
        {"role": role, "organisation": agency, "attendance": "attended"}
        for role, agency in (
            ("chair", "council"),
            ("police", "police"),
            ("agency_manager", "council"),
        )
    ]
    part = {"number": 1, "reason": "whole", "attendances": lines}
    held: Json = {
        "occurred": "2026-11-23",
        "command": {"conference": conference, "parts": [part]},
    }
    answer = doors.post(f"/v1/cases/{case}/hold-conference", held, version=2)
    assert answer.status_code == 201, answer.text
    return case


def test_each_number_opens_to_its_conferences(doors: Doors) -> None:
    """Agencies are counted by conference, and an agency's conferences name their cases (R206)."""
    case = a_meeting(doors)
    found = doors.get(f"/v1/participation?{BETWEEN}").json()
    assert [(one["agency"], one["there"]) for one in found["agencies"]] == [
        ("council", 1),
        ("police", 1),
    ]
    behind = doors.get(f"/v1/participation?{BETWEEN}&agency=police").json()
    assert [one["case"] for one in behind["conferences"]] == [case]
    assert behind["count"] == found["agencies"][1]["conferences"] == 1
    assert doors.get("/v1/participation?first=2026-12-01&last=2026-12-31").json()["agencies"] == []


def test_a_time_that_ends_before_it_begins_is_turned_away(doors: Doors) -> None:
    """Days the wrong way round are named, and nothing is answered."""
    answer = doors.get("/v1/participation?first=2026-12-01&last=2026-11-01")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/last"


def test_an_agencys_conferences_leave_a_trace(doors: Doors) -> None:
    """Whoever opens a number has looked at the cases behind it."""
    case = a_meeting(doors)
    doors.get(f"/v1/participation?{BETWEEN}&agency=police")
    looked = doors.get(f"/v1/cases/{case}/readings").json()["readings"]
    assert "caseload" in {one["what"] for one in looked}
