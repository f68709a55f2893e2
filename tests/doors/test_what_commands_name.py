"""What a command names in other streams is looked up when it is recorded."""

from __future__ import annotations

from uuid import uuid4

from tests.doors.conftest import Doors


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
