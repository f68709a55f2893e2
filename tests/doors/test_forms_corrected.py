"""What a correction offers to name: what somebody told, and no day the record reckoned itself."""

from __future__ import annotations

from tests.doors.conftest import Doors
from tests.doors.filling import get_form


def test_no_day_that_was_reckoned_is_offered_to_be_put_right(shared: Doors) -> None:
    """It follows what it was counted from (I12); a day that somebody chose is theirs to correct."""
    case = shared.case(received="2026-11-02")
    form = f"/cases/{case}/record/correct-record?target=1"
    offered = get_form(shared, form).controls["command.fields.0"].answers
    assert {"received", "channel"} <= set(offered)
    assert not {"decision_due", "conference_due", "capacity_due"} & set(offered)
    for due_on, here in ((None, False), ("2026-12-01", True)):
        ask = {"agency": "police", "due_on": due_on}
        told = {"command": {key: value for key, value in ask.items() if value is not None}}
        version = 2 if here else 1
        path = f"/v1/cases/{case}/request-agency-report"
        answer = shared.post(path, told, version=version)
        assert answer.status_code == 201, answer.text
        assert ("due" in get_form(shared, form).controls["command.fields.0"].answers) is here
