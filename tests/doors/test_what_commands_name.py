"""What a command names in other streams is looked up when it is recorded."""

from __future__ import annotations

from uuid import UUID, uuid4

from api import schema
from api.forms.fields import COMMAND, asked_of
from api.problems import pointer_of
from api.values import Making
from domain.catalogue import CASE, COMMANDS
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.refusal import NotFound
from tests.controls import a_referral
from tests.doors.conftest import Doors
from tests.doors.test_forms_walk import body_of
from tests.each import each
from tests.given import given


def test_a_cause_stands_in_the_record_already(shared: Doors) -> None:
    """An event may say which event led to it, and none that there is not."""
    here = f"/v1/cases/{shared.case()}/count-concern"
    command = {"counted": True, "rule": "framework_2020"}
    tail = shared.office.record.log.tail()
    refused = shared.post(here, {"command": command, "causation": tail + 1}, version=1)
    assert refused.status_code == 404
    assert "cause" in refused.json()["detail"]
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/causation"]
    assert shared.office.record.log.tail() == tail
    taken = shared.post(here, {"command": command, "causation": tail}, version=1)
    assert taken.status_code == 201, taken.text


def test_a_worker_never_seen_is_recorded_and_flagged(shared: Doors) -> None:
    """A case given to a reference nobody has is recorded and says so; no door says otherwise."""
    case = shared.case()
    here = f"/v1/cases/{case}"
    command = {"worker": str(uuid4()), "team": "north-team"}
    told = shared.post(f"{here}/allocate-case", {"command": {**command, "registered": True}})
    assert told.status_code == 422
    given = shared.post(
        f"{here}/allocate-case", {"command": command}, version=1, Holdfast_Role="manager"
    )
    assert given.status_code == 201, given.text
    found = shared.get(f"{here}/findings?show=all", Holdfast_Role="manager").json()["findings"]
    assert "worker_not_registered" in {one["code"] for one in found}


def test_a_worker_seen_before_is_not_flagged(shared: Doors) -> None:
    """A case given to somebody the record knows has no such finding."""
    case = shared.case()
    here = f"/v1/cases/{case}"
    (first, *_) = shared.get(f"{here}/timeline").json()["entries"]
    command = {"worker": first["recorded_by"], "team": "north-team"}
    given = shared.post(
        f"{here}/allocate-case", {"command": command}, version=1, Holdfast_Role="manager"
    )
    assert given.status_code == 201, given.text
    found = shared.get(f"{here}/findings?show=all", Holdfast_Role="manager").json()["findings"]
    assert "worker_not_registered" not in {one["code"] for one in found}


UNKNOWN = "unknown_allegation"
ASKED = [name for name, one in COMMANDS.items() if one.stream == CASE]


@each(ASKED)
def test_what_is_not_there_is_said_at_the_field_that_names_it(name: str) -> None:
    """Of a case with nothing but a referral, each reference is turned away where it stands."""
    nation = ENGLAND if ENGLAND.has(name) else SCOTLAND
    whole = body_of(name, nation)[COMMAND]
    left = [one for one in asked_of(name) if one.listed and not nation.lists.get(one.listed)]
    named = [one for one in asked_of(name) if one.kind == "reference" and not one.required]
    for kept in (None, *named):
        out = {one.name for one in (*left, *(one for one in named if one is not kept))}
        command = {field: said for field, said in whole.items() if field not in out}
        body = schema.request_model(name).model_validate({COMMAND: command})
        asked = schema.command_of(name, body, Making(UUID(int=1), UUID(int=2)))
        error = given(a_referral(), jurisdiction=nation).when(asked, on="2026-12-24").error
        if not isinstance(error, NotFound) and getattr(error, "code", "") != UNKNOWN:
            continue
        assert error is not None
        assert error.field is not None, str(error)
        at = command
        for step in pointer_of(error.field).split("/")[2:]:
            at = at[int(step) if step.isdigit() else step]
        assert getattr(error, "detail", str(error))[0].isupper(), str(error)
