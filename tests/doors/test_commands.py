from __future__ import annotations

from tests.doors.conftest import Doors, referral


def test_a_referral_begins_a_case_and_stands_in_its_timeline(doors: Doors) -> None:
    """POST /v1/cases answers with positions and an ETag, and the timeline shows what was sent."""
    adult = doors.person(name="Ann Example")
    answer = doors.post("/v1/cases", {"command": referral(adult)})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert answer.headers["ETag"] == f'"{body["version"]}"'
    assert body["positions"][0] <= body["positions"][1]
    assert list(body["made"]) == ["allegations/0/ref"]
    timeline = doors.get(body["links"]["timeline"])
    assert timeline.status_code == 200, timeline.text
    (entry,) = timeline.json()["entries"]
    assert entry["name"] == "referral-received"
    assert entry["data"]["account"]["text"] == "Two carers did not come."
    assert entry["data"]["allegations"][0]["ref"] == body["made"]["allegations/0/ref"]
