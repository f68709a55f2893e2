"""A command that tells when it happened in a field of its own has said so, `occurred` or not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from api import schema
from api.forms.asking import turned
from api.forms.fields import COMMAND
from api.forms.reading import read as read_form
from api.forms.typed import Typed
from api.problems import problem_of
from api.values import Making
from domain.catalogue import COMMANDS
from domain.jurisdictions.england import ENGLAND
from domain.told import PART, PARTS, field_told_in
from domain.when import read
from tests.doors.conftest import Doors, referral
from tests.doors.test_forms_walk import body_of
from tests.given import given


def entries(doors: Doors, path: str) -> list[Any]:
    """Give the entries of a timeline."""
    answer = doors.get(path)
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["entries"]
    return found


def test_a_referral_happened_when_it_was_received(shared: Doors) -> None:
    """Asked as of a day after it, the case stands, with the day it was received."""
    answer = shared.post("/v1/cases", {"command": referral(shared.person(), received="2026-09-01")})
    case = answer.json()["stream"]
    summary = shared.get(f"/v1/cases/{case}?as_of=2026-10-10").json()
    assert summary["received"]["edtf"] == summary["received_on"] == "2026-09-01"
    (entry,) = entries(shared, f"/v1/cases/{case}/timeline?as_of=2026-10-10")
    assert entry["occurred"]["edtf"] == "2026-09-01"
    assert entries(shared, f"/v1/cases/{case}/timeline?as_of=2026-08-31") == []


def test_a_death_happened_when_the_person_died(shared: Doors) -> None:
    """In the person's timeline it stands at that day, as uncertain as it was told."""
    person = shared.person()
    path = f"/v1/persons/{person}/record-death"
    assert shared.post(path, {"command": {"died": "2026-05"}}, version=1).status_code == 201
    told = {one["name"]: one for one in entries(shared, f"/v1/persons/{person}/timeline")}
    assert told["person-died"]["occurred"]["edtf"] == "2026-05"


def test_each_decision_happened_on_its_day(shared: Doors) -> None:
    """A duty decided, an enquiry opened and one concluded stand at the days they tell."""
    case = shared.case(received="2026-09-01")
    path = f"/v1/cases/{case}"
    duty = {"criteria": [], "result": "duty_met", "decided_on": "2026-09-02"}
    shared_lists = shared.get("/v1/lists").json()["lists"]
    duty["result"] = next(iter(shared_lists["duty_result"]))
    asked = shared.post(f"{path}/decide-duty", {"command": duty}, version=1)
    assert asked.status_code == 201, asked.text
    opened = {"kind": "section_42", "opened_on": "2026-09-03"}
    asked = shared.post(f"{path}/open-enquiry", {"command": opened}, version=2)
    assert asked.status_code == 201, asked.text
    ended = {"enquiry": asked.json()["made"]["enquiry"], "concluded_on": "2026-10-01"}
    asked = shared.post(f"{path}/conclude-enquiry", {"command": ended}, version=3)
    assert asked.status_code == 201, asked.text
    days = [one["occurred"]["edtf"] for one in entries(shared, f"{path}/timeline")]
    assert days == ["2026-09-01", "2026-09-02", "2026-09-03", "2026-10-01"]


def test_what_tells_no_time_happens_now(shared: Doors) -> None:
    """Where nothing is said, the moment of recording is when it was."""
    case = shared.case()
    path = f"/v1/cases/{case}"
    asked = shared.post(f"{path}/record-communication-needs", {"command": {}}, version=1)
    assert asked.status_code == 201, asked.text
    last = entries(shared, f"{path}/timeline")[-1]
    at = read(last["occurred"]["edtf"]).earliest
    assert at is not None
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60


def test_what_is_said_goes_before_what_is_told_and_is_questioned(shared: Doors) -> None:
    """Both times sent are recorded as they are, and the two that cannot be are a finding."""
    person = shared.person()
    body = {"command": referral(person, received="2026-09-01"), "occurred": "2026-09-05"}
    case = shared.post("/v1/cases", body).json()["stream"]
    (entry,) = entries(shared, f"/v1/cases/{case}/timeline")
    assert entry["occurred"]["edtf"] == "2026-09-05"
    found = shared.get(f"/v1/cases/{case}/findings?show=all").json()["findings"]
    assert "times_told_apart" in {one["code"] for one in found}
    died = {"command": {"died": "2026-05-01"}, "occurred": "2026-05-02"}
    assert shared.post(f"/v1/persons/{person}/record-death", died, version=1).status_code == 201
    about = shared.get(f"/v1/cases/{case}/findings?show=all").json()["about_adult"]
    assert [one["code"] for one in about] == ["times_told_apart"]


def test_the_description_says_what_stands_for_a_time_left_out(shared: Doors) -> None:
    """Each request whose command tells its time says so beside `occurred`."""
    schemas = shared.client.get("/v1/openapi.json").json()["components"]["schemas"]
    said = {
        name: schemas[f"{name}Request"]["properties"]["occurred"]["description"]
        for name in ("ReceiveReferral", "RecordDeath", "DecideDuty", "HoldConference", "CloseCase")
    }
    assert "what `received` says" in said["ReceiveReferral"]
    assert "what `died` says" in said["RecordDeath"]
    assert "what `decided_on` says" in said["DecideDuty"]
    assert "`parts`" in said["HoldConference"]
    assert said["CloseCase"] == "When the thing recorded happened; left out, this moment."


TOLD = {name: field for name, one in COMMANDS.items() if (field := field_told_in(one.cls))}


@pytest.mark.parametrize("name", TOLD)
def test_a_time_told_that_lies_ahead_is_said_at_its_own_field(name: str) -> None:
    """Where nobody said when it happened, no error leads to that empty field of a form."""
    place = {PART: "part.started", PARTS: "parts.0.started"}.get(TOLD[name], TOLD[name])
    command = body_of(name, ENGLAND)[COMMAND]
    command.pop("action", None)  # of which this nation has no list
    around = command
    for step in place.split(".")[:-1]:
        around = around[int(step) if step.isdigit() else step]
    around[place.rpartition(".")[2]] = "2099-11-03"
    body = schema.request_model(name).model_validate({COMMAND: command})
    asked = schema.command_of(name, body, Making(UUID(int=1), UUID(int=2)))
    occurred = schema.particulars_of(body, asked, read("2026-12-24")).occurred
    refused = given().when(asked, on="2026-12-24", occurred=occurred.text).error
    assert refused is not None
    problem = problem_of(refused)
    assert problem is not None
    typed = read_form(name, Typed(((f"{COMMAND}.{place}.year", "2099"),)))
    typed.wrong.clear()
    assert list(turned(problem, typed).general) == []
    assert list(typed.wrong) == [f"{COMMAND}.{place}"]
