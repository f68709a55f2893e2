from __future__ import annotations

from tests.doors.conftest import Doors
from tests.doors.filling import get_form, problems, send


def test_a_form_records_what_the_same_request_would(shared: Doors) -> None:
    """What is typed into the form of a command is recorded as that command asked by JSON is."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/add-allegation")
    filled = form.pairs(
        command__allegation__type="neglect",
        command__allegation__source="provider_private",
        command__allegation__location="own_home",
    )
    answer = send(shared, form, "record", filled)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(f"/cases/{case}?recorded=")
    assert problems(answer) == []
    entries = shared.get(f"/v1/cases/{case}/timeline").json()["entries"]
    assert [one["name"] for one in entries][-1] == "allegation-added"
