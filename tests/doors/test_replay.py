"""A case replayed at the doors: each entry with what it changed, what it raised, and its leaf."""

from __future__ import annotations

import base64
import itertools
from typing import Any
from uuid import UUID

import pytest

from api.replaying import FINDINGS
from domain.access import RecordViewed
from tests.doors.conftest import Cli, Doors
from tests.doors.test_erasure import ACCOUNT, erase
from tests.doors.test_findings_answered import answered, granted
from tests.doors.test_joining import asked as asked_of

MANAGER = {"Holdfast_Role": "manager"}


def a_case(doors: Doors) -> str:
    """Give a case with an enquiry, and a conference nobody was asked to."""
    case = doors.case(doors.person(name="Ann Example"))
    opened = {"kind": "section_42", "opened_on": "2026-11-03"}
    body: dict[str, Any] = {"occurred": "2026-11-03", "command": opened}
    assert doors.post(f"/v1/cases/{case}/open-enquiry", body, version=1).status_code == 201
    convene = {
        "kind": "initial",
        "reason": "outcome_of_enquiry",
        "planned_for": "2026-11-20",
        "convened_role": "lead_agency_manager",
    }
    body = {"occurred": "2026-11-10", "command": convene}
    answer = doors.post(f"/v1/cases/{case}/convene-conference", body, version=2)
    held = {
        "conference": answer.json()["made"]["conference"],
        "parts": [{"number": 1, "reason": "whole", "attendances": []}],
    }
    body = {"occurred": "2026-11-20", "command": held}
    answer = doors.post(f"/v1/cases/{case}/hold-conference", body, version=3)
    assert answer.status_code == 201, answer.text
    return case


def replayed(doors: Doors, case: str, query: str = "", **headers: str) -> dict[str, Any]:
    """Give the replay of a case."""
    answer = doors.get(f"/v1/cases/{case}/replay{query}", **headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_replay_says_what_each_entry_changed_and_raised(shared: Doors) -> None:
    """The state that differs, findings with their policy, who, and by every clock when."""
    case = a_case(shared)
    found = replayed(shared, case)
    assert [one["entry"]["name"] for one in found["steps"]] == [
        "referral-received",
        "enquiry-opened",
        "conference-convened",
        "conference-held",
    ]
    assert [one["number"] for one in found["steps"]] == [1, 2, 3, 4]
    changed = {one["path"]: one for one in found["steps"][1]["changes"]}
    assert (changed["/version"]["before"], changed["/version"]["after"]) == (1, 2)
    assert any(path.startswith("/enquiry/") for path in changed)
    raised = {one["code"]: one for one in found["steps"][-1]["findings"]["raised"]}
    assert raised["adult_not_invited"]["policy"] == found["steps"][-1]["policy"]
    entry = found["steps"][0]["entry"]
    assert {"recorded_at", "occurred", "known_to", "source_recorded"} <= entry.keys()
    assert {"recorded_by_name", "performed_by_name", "role", "organisation"} <= entry.keys()
    assert entry["data"]["account"]["text"] == "Two carers did not come."
    assert {"policy", "release", "size", "root", "origin", "on"} <= found["basis"].keys()


def test_the_receipt_of_a_step_has_its_leaf(shared: Doors) -> None:
    """The leaf is that of the row in the log, and the link names its position."""
    case = a_case(shared)
    for step in replayed(shared, case)["steps"]:
        (row,) = shared.office.record.log.at([step["entry"]["position"]])
        assert base64.b64decode(step["receipt"]["leaf"]) == row.leaf
        assert step["receipt"]["href"] == f"/v1/receipts/cases/{row.position}"
        assert step["receipt"]["position"] == row.position


def test_whole_states_are_given_where_they_are_asked_for(shared: Doors) -> None:
    """With full each step has the state before and after, and the chain has no gap."""
    case = a_case(shared)
    steps = replayed(shared, case, "?full=true")["steps"]
    assert "changes" not in steps[0]
    for one, after in itertools.pairwise(steps):
        assert after["before"] == one["after"]
    assert steps[-1]["after"]["version"] == len(steps)


def test_a_replay_as_at_a_position_is_one_answer(shared: Doors) -> None:
    """What is recorded later changes no answer as at a position, page by page."""
    case = a_case(shared)
    before = replayed(shared, case)
    tail = before["basis"]["size"]
    body = {"command": {"target": 2, "reason": "entered_wrongly", "withdrawn": True}}
    answer = shared.post(f"/v1/cases/{case}/correct-record", body, version=4, **MANAGER)
    assert answer.status_code == 201, answer.text
    again = replayed(shared, case, f"?as_at={tail}")
    assert again["steps"] == before["steps"]
    now = replayed(shared, case)["steps"]
    assert (now[1]["entry"]["withdrawn"], now[1]["changes"]) == (
        True,
        before["steps"][1]["changes"],
    )
    assert any(one["path"].startswith("/enquiry/") for one in now[-1]["changes"])
    page, rows = replayed(shared, case, "?limit=2"), list[Any]()
    while True:
        rows += page["steps"]
        if page["next"] is None:
            break
        page = replayed(shared, case, f"?limit=2&cursor={page['next']}")
    assert rows == now


def test_looking_leaves_a_trace_of_its_own_kind(doors: Doors) -> None:
    """A replay is a reading of the case, told apart from a look at it."""
    case = a_case(doors)
    replayed(doors, case)
    event = doors.readings()[-1]
    assert isinstance(event, RecordViewed)
    assert (event.what, event.case, event.as_at) == ("replay", UUID(case), None)


@pytest.mark.parametrize(
    ("role", "status"),
    [("auditor", 200), ("manager", 200), ("analyst", 403), ("connected_system", 403)],
)
def test_who_may_replay_a_case(shared: Doors, role: str, status: int) -> None:
    """Whoever may read the case; what is criticised is told to whoever may read that."""
    case = a_case(shared)
    answer = shared.get(f"/v1/cases/{case}/replay", Holdfast_Role=role)
    assert answer.status_code == status, answer.text
    if role == "auditor":
        assert set(answer.json()["steps"][0]["findings"]) == set(FINDINGS)


def test_findings_are_not_told_to_who_may_not_read_them(shared: Doors) -> None:
    """To a minute taker the steps have no findings, which is not: none."""
    case = a_case(shared)
    steps = replayed(shared, case, Holdfast_Role="minute_taker")["steps"]
    assert {one["findings"] for one in steps} == {None}


def test_a_restricted_case_is_not_replayed(doors: Doors) -> None:
    """A restriction closes the replay as it closes the case (I16)."""
    case = a_case(doors)
    body = {"command": {"ground": "accuracy_contested"}}
    answer = doors.post(f"/v1/cases/{case}/restrict-processing", body, version=4, **MANAGER)
    assert answer.status_code == 201, answer.text
    assert doors.get(f"/v1/cases/{case}/replay").status_code == 403
    assert doors.get(f"/v1/cases/{case}/replay", Holdfast_Purpose="legal_claim").status_code == 200


def test_an_answer_to_a_finding_is_told_where_it_was_given(doors: Doors) -> None:
    """The step of an answer names the finding that it answers."""
    case, finding = granted(doors)
    assert answered(doors, case, finding["id"]).status_code == 201
    (told,) = replayed(doors, case)["steps"][-1]["findings"]["answered"]
    assert (told["id"], told["answer"]["result"]) == (finding["id"], "explained")


def test_a_joined_case_is_replayed_with_what_it_reads(doors: Doors) -> None:
    """Entries of a case merged into it are steps; what only changed it says where it stands."""
    person = doors.person(name="Ann Example")
    case, other = doors.case(person), doors.case(person)
    asked_of(doors, other, "merge-case", 1, other=case, reason="same_concern")
    found = replayed(doors, case)
    assert [one["entry"] and one["entry"]["case"] for one in found["steps"]] == [
        case,
        other,
        case,
        None,
    ]
    assert found["steps"][-1]["elsewhere"]["case"] == other
    assert found["steps"][-1]["elsewhere"]["name"] == "case-merged"
    assert (found["count"], found["earlier"]) == (len(found["steps"]), [])
    assert [one["elsewhere"] for one in found["steps"][:-1]] == [None, None, None]


def test_what_a_joined_case_had_before_this_one_began_is_a_step(doors: Doors, cli: Cli) -> None:
    """Entries from before the case began are steps where it came to read them, and are named."""
    person = doors.person(name="Ann Example")
    other, case = doors.case(person), doors.case(person)
    asked_of(doors, other, "merge-case", 1, other=case, reason="one_adult")
    note = {"target": 1, "kind": "significance", "text": "A warning was missed."}
    assert doors.post(f"/v1/cases/{other}/annotate-entry", {"command": note}, version=2).is_success
    found = replayed(doors, case)
    assert [one["case"] for one in found["earlier"]] == [other]
    assert found["count"] == len(found["steps"]) == 5
    step = next(one for one in found["steps"] if one["elsewhere"] and one["entry"])
    assert step["entry"]["name"] == "referral-received"
    (before,) = (one for one in found["steps"] if one["number"] == step["number"] - 1)
    assert any(one["path"].startswith("/concern/") for one in before["changes"])
    shown = {one["entry"]["position"] for one in found["steps"] if one["entry"]}
    timeline = doors.get(f"/v1/cases/{case}/timeline").json()["entries"]
    assert shown == {one["position"] for one in timeline}
    assert "entry-annotated" in {one["name"] for one in timeline}
    page = doors.get(f"/cases/{case}/replay", Holdfast_Role="auditor").text
    for said in (page, cli("replay", case, "--role", "auditor").out):
        assert "A warning was missed." in said
        assert f"in case {other} before this one began" in said


def test_a_case_that_once_read_a_restricted_one_is_not_replayed(doors: Doors) -> None:
    """What was read in it for a time is in its state of that time: closed as that case is (I16)."""
    person = doors.person(name="Ann Example")
    case, other = doors.case(person), doors.case(person)
    asked_of(doors, other, "merge-case", 1, other=case, reason="one_adult")
    asked_of(doors, other, "unmerge-case", 2, other=case)
    replayed(doors, case)
    event = doors.readings()[-1]
    assert {str(one) for one in event.cases} == {case, other}
    body = {"command": {"ground": "accuracy_contested"}}
    answer = doors.post(f"/v1/cases/{other}/restrict-processing", body, version=3, **MANAGER)
    assert answer.status_code == 201, answer.text
    assert doors.get(f"/v1/cases/{case}").status_code == 200
    assert doors.get(f"/v1/cases/{case}/replay").status_code == 403
    assert doors.get(f"/v1/cases/{case}/replay", Holdfast_Purpose="legal_claim").status_code == 200


def test_what_was_forgotten_is_forgotten_at_every_step(doors: Doors) -> None:
    """Once a case is erased, no step of a replay, now or as at before, has its words (L9)."""
    case = doors.case(doors.person(name="Ann Example"))
    before = doors.office.record.log.tail()
    assert ACCOUNT in doors.get(f"/v1/cases/{case}/replay?full=true").text
    erase(doors, case, "case", 1)
    for query in ("?full=true", "", f"?full=true&as_at={before}"):
        answer = doors.get(f"/v1/cases/{case}/replay{query}")
        assert answer.status_code == 200, answer.text
        assert ACCOUNT not in answer.text
        assert answer.json()["steps"][0]["entry"]["data"]["account"]["forgotten"] is True


def test_what_was_entered_for_the_wrong_person_keeps_its_words_to_itself(doors: Doors) -> None:
    """A notice stands at every step in the place of words that are another's (L29)."""
    case = a_case(doors)
    body = {"command": {"target": 1, "reason": "wrong_person", "withdrawn": True}}
    before = doors.office.record.log.tail()
    answer = doors.post(f"/v1/cases/{case}/correct-record", body, version=4, **MANAGER)
    assert answer.status_code == 201, answer.text
    assert ACCOUNT not in doors.get(f"/v1/cases/{case}/replay?full=true").text
    assert ACCOUNT in doors.get(f"/v1/cases/{case}/replay?as_at={before}").text


def test_the_command_line_replays_a_case(cli: Cli, doors: Doors) -> None:
    """The same steps, as JSON and as text with the rule, the policy and the receipt of each."""
    case = a_case(doors)
    found = replayed(doors, case)
    said = cli("replay", case, "--role", "manager", "--json")
    assert said.code == 0, said.err
    assert said.json["steps"] == found["steps"]
    assert said.json["basis"]["policy"] == found["basis"]["policy"]
    text = cli("replay", case, "--role", "auditor").out
    assert "Two carers did not come." in text
    assert found["steps"][0]["receipt"]["leaf"] in text
    assert "raised: " in text
    assert "/enquiry/" in text
    assert cli("replay", case, "--full", "--role", "auditor").code == 0
    assert cli("replay", "nobody", "--role", "auditor").code == 3
