"""Findings at the doors: shown while high and unanswered, answered, and listed over cases."""

from __future__ import annotations

from typing import Any

from tests.doors.conftest import Doors

RESTRICT = {"command": {"ground": "accuracy_contested"}}


def granted(doors: Doors) -> tuple[str, dict[str, Any]]:
    """Give a case whose access was excepted without a reason, and that high finding."""
    case = doors.case()
    worker = doors.get(f"/v1/cases/{case}/timeline").json()["entries"][0]["recorded_by"]
    body = {"command": {"worker": worker, "last_day": "2026-12-01"}}
    path = f"/v1/cases/{case}/grant-access-exception"
    answer = doors.post(path, body, version=1, Holdfast_Role="manager")
    assert answer.status_code == 201, answer.text
    return case, shown(doors, case)["exception_unexplained"]


def shown(doors: Doors, case: str, query: str = "") -> dict[str, Any]:
    """Give what is shown of a case's findings, by their codes."""
    answer = doors.get(f"/v1/cases/{case}/findings{query}")
    assert answer.status_code == 200, answer.text
    return {one["code"]: one for one in answer.json()["findings"]}


def answered(doors: Doors, case: str, finding: str, **headers: str) -> Any:  # noqa: ANN401 — a response
    """Answer a finding of a case that has two events."""
    command = {"finding": finding, "result": "explained", "reason": "Agreed by telephone."}
    headers = {"Holdfast_Role": "manager", **headers}
    path = f"/v1/cases/{case}/answer-finding"
    return doors.post(path, {"command": command}, version=2, **headers)


def test_what_is_high_and_unanswered_is_shown_unless_all_is_asked(doors: Doors) -> None:
    """A finding is shown while it is high and unanswered; all of them, with answers, when asked."""
    case, finding = granted(doors)
    before = doors.office.record.log.tail()
    assert {one["severity"] for one in shown(doors, case).values()} == {"high"}
    assert "exception_to_oneself" in shown(doors, case, "?show=all")
    assert answered(doors, case, finding["id"]).status_code == 201
    assert finding["code"] not in shown(doors, case)
    answer = shown(doors, case, "?show=all")[finding["code"]]["answer"]
    assert (answer["result"], answer["reason"]["text"]) == ("explained", "Agreed by telephone.")
    assert finding["code"] in shown(doors, case, f"?as_at={before}")
    page = doors.get(f"/cases/{case}").text
    _, _, listed = page.partition('<h2 id="findings">')
    listed, _, _ = listed.partition("<h2")
    assert finding["words"] not in listed
    assert "show=all" in listed
    assert finding["words"] in doors.get(f"/cases/{case}?show=all").text


def test_a_withdrawn_answer_shows_the_finding_again(doors: Doors) -> None:
    """Once its answer is withdrawn, a finding is shown as unanswered."""
    case, finding = granted(doors)
    answered(doors, case, finding["id"])
    body = {"command": {"target": 3, "reason": "entered_wrongly", "withdrawn": True}}
    path = f"/v1/cases/{case}/correct-record"
    answer = doors.post(path, body, version=3, Holdfast_Role="manager")
    assert answer.status_code == 201, answer.text
    assert shown(doors, case)[finding["code"]]["id"] == finding["id"]


def test_only_what_is_raised_is_answered_and_by_whom_may(doors: Doors) -> None:
    """An answer to nothing says what to do; a practitioner answers no finding."""
    case, finding = granted(doors)
    nothing = answered(doors, case, "0" * 64)
    assert nothing.status_code == 404
    assert "read its findings again" in nothing.text
    assert answered(doors, case, finding["id"], Holdfast_Role="practitioner").status_code == 403


def test_findings_are_listed_over_cases(doors: Doors) -> None:
    """Findings over cases: by rule and severity, unanswered first, with a trace of each case."""
    case, finding = granted(doors)
    other, again = granted(doors)
    assert answered(doors, case, finding["id"]).status_code == 201
    found = doors.get("/v1/findings").json()
    assert {one["case"] for one in found["findings"]} >= {other}
    assert finding["id"] not in {one["id"] for one in found["findings"]}
    assert set(map(str, doors.readings()[-1].cases)) == {case, other}
    every = doors.get("/v1/findings?show=all&rule=L13").json()
    assert {rule for one in every["findings"] for rule in one["rules"]} >= {"L13"}
    assert all("L13" in one["rules"] for one in every["findings"])
    states = [one["answer"] is not None for one in every["findings"]]
    assert states == sorted(states)
    assert any(states)
    low = doors.get("/v1/findings?show=all&severity=low").json()["findings"]
    assert {one["severity"] for one in low} <= {"low"}
    assert doors.get("/v1/findings?team=nobody").json()["cases_read"] == 0
    assert again["id"] in {one["id"] for one in found["findings"]}


def test_a_list_of_findings_is_read_page_by_page(doors: Doors) -> None:
    """Every page of a list is of one position; together they are the whole."""
    granted(doors)
    granted(doors)
    whole = doors.get("/v1/findings?show=all").json()
    path, rows = "/v1/findings?show=all&limit=2", []
    page = doors.get(path).json()
    while True:
        rows += page["findings"]
        if page["next"] is None:
            break
        page = doors.get(f"{path}&cursor={page['next']}").json()
    assert rows == whole["findings"]


def test_a_restricted_case_is_in_no_list_of_findings(doors: Doors) -> None:
    """A case that is restricted is counted in a list of findings, and not shown."""
    case, _ = granted(doors)
    path = f"/v1/cases/{case}/restrict-processing"
    answer = doors.post(path, RESTRICT, version=2, Holdfast_Role="manager")
    assert answer.status_code == 201, answer.text
    let_in = doors.get("/v1/findings?show=all").json()
    assert case in {one["case"] for one in let_in["findings"]}
    found = doors.get("/v1/findings?show=all", Holdfast_Worker="another").json()
    assert case not in {one["case"] for one in found["findings"]}
    assert found["restricted"] == 1
    through = doors.get("/v1/findings?show=all", Holdfast_Purpose="legal_claim").json()
    assert case in {one["case"] for one in through["findings"]}
