"""The register of decisions at the doors: who decided what, why, on what, and by which policy."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from domain.access import RecordViewed
from tests.doors.conftest import Cli, Doors
from tests.doors.test_erasure import erase
from tests.doors.test_policy import adopt, limit

MANAGER = {"Holdfast_Role": "manager"}


def a_case(doors: Doors) -> str:
    """Give a case with a duty decided, and a conference decided against because of it."""
    case = doors.case(doors.person(name="Ann Example"))
    lists = doors.office.jurisdiction.lists
    criteria = [{"criterion": one, "answer": "yes"} for one in lists["duty_criterion"]]
    decided = {
        "criteria": criteria,
        "decided_on": "2026-11-03",
        "result": "section_42",
        "rationale": "Two carers in one week.",
        "evidence": [1],
        "options": "A visit by the nurse alone.",
    }
    sent(doors, case, "decide-duty", 1, decided, occurred="2026-11-03", **MANAGER)
    opened = {"kind": "section_42", "opened_on": "2026-11-03"}
    sent(doors, case, "open-enquiry", 2, opened, occurred="2026-11-03")
    convene = {
        "kind": "initial",
        "reason": "outcome_of_enquiry",
        "planned_for": "2026-11-20",
        "convened_role": "lead_agency_manager",
    }
    answer = sent(doors, case, "convene-conference", 3, convene, occurred="2026-11-10")
    conference = answer["made"]["conference"]
    part = {"number": 1, "reason": "whole", "attendances": []}
    held = {"conference": conference, "parts": [part]}
    sent(doors, case, "hold-conference", 4, held, occurred="2026-11-20")
    further = {"conference": conference, "decision": "not_needed"}
    sent(doors, case, "decide-further-conference", 5, further, occurred="2026-11-20", **MANAGER)
    return case


def sent(
    doors: Doors,
    case: str,
    command: str,
    version: int,
    content: dict[str, Any],
    *,
    occurred: str = "2026-11-20",
    **headers: str,
) -> dict[str, Any]:
    """Expect a command to be recorded."""
    body = {"occurred": occurred, "command": content}
    answer = doors.post(f"/v1/cases/{case}/{command}", body, version=version, **headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def register(doors: Doors, query: str = "", **headers: str) -> dict[str, Any]:
    """Give the register."""
    answer = doors.get(f"/v1/decisions{query}", **headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def names(found: dict[str, Any]) -> list[str]:
    """The names of the entries a register has."""
    return [one["name"] for one in found["decisions"]]


def test_a_register_says_who_decided_what_why_and_on_what(doors: Doors) -> None:
    """When, who, role, threshold answers, rationale, evidence, policy, link to the case then."""
    case = a_case(doors)
    duty, convened, further = register(doors)["decisions"]
    assert duty["name"] == "section42-duty-decided"
    assert (duty["role"], duty["kind"]) == ("manager", "threshold")
    assert {one["answer"] for one in duty["criteria"]} == {"yes"}
    assert duty["outcome"]["result"] == "section_42"
    assert duty["outcome"]["met"] is True
    assert duty["rationale"]["rationale"]["text"] == "Two carers in one week."
    position = duty["position"]
    assert duty["rationale"]["options"]["text"] == "A visit by the nurse alone."
    shown = {"named": [position - 1], "all": False, "upto": position - 1, "entries": 1}
    assert duty["evidence"] == shown
    assert duty["links"]["page"] == f"/cases/{case}?as_at={position}"
    assert doors.get(duty["links"]["case"]).json()["as_at"] == position
    assert duty["policy"] == doors.office.jurisdiction.policy
    assert duty["performed_by_name"]
    assert convened["name"] == "conference-convened"
    assert further["rationale"] == {"rationale": None}
    held = further["position"] - 1
    assert further["evidence"]["named"] == [convened["position"], held]
    assert further["evidence"]["all"] is False


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?from=2026-11-10", ["conference-convened", "further-conference-decided"]),
        ("?to=2026-11-10", ["section42-duty-decided", "conference-convened"]),
        ("?kind=threshold", ["section42-duty-decided"]),
        ("?kind=conference-convened", ["conference-convened"]),
        ("?kind=conference&by=manager", ["further-conference-decided"]),
        ("?by=practitioner", []),
        ("?team=north-team", []),
    ],
)
def test_a_register_is_narrowed(shared: Doors, query: str, found: list[str]) -> None:
    """By the days, the kind or the entry, the role, and the team that holds the case."""
    case = a_case(shared)
    whole = register(shared, f"{query}&limit=500")["decisions"]
    assert [one["name"] for one in whole if one["case"] == case] == found


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("?from=2026-12-01&to=2026-11-01", "/query/to"),
        ("?kind=whatever", "/query/kind"),
        ("?team=North Team", "/query/team"),
    ],
)
def test_what_is_wrong_with_the_question(shared: Doors, query: str, pointer: str) -> None:
    """Days the wrong way round, a kind there is none of, and no team are named."""
    answer = shared.get(f"/v1/decisions{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_as_known_then_a_later_decision_is_not_there(doors: Doors) -> None:
    """The register as at a position is one answer; what was withdrawn since stays and says so."""
    case = a_case(doors)
    before = register(doors)
    body = {"target": 2, "reason": "entered_wrongly", "withdrawn": True}
    sent(doors, case, "correct-record", 6, body, **MANAGER)
    now = register(doors)["decisions"]
    assert [one["withdrawn"] for one in now] == [True, False, False]
    assert register(doors, f"?as_at={before['as_at']}")["decisions"] == before["decisions"]
    first = register(doors, f"?as_at={before['decisions'][0]['position']}")
    assert names(first) == ["section42-duty-decided"]


def test_a_register_is_read_page_by_page(doors: Doors) -> None:
    """Every page is of one position; together they are the whole, whatever is recorded between."""
    a_case(doors)
    whole, rows = register(doors), list[Any]()
    page = register(doors, "?limit=2")
    while True:
        rows += page["decisions"]
        assert page["count"] == whole["count"]
        if page["next"] is None:
            break
        a_case(doors)
        page = register(doors, f"?limit=2&cursor={page['next']}")
    assert rows == whole["decisions"]


def test_decisions_of_a_restricted_case_are_withheld(doors: Doors) -> None:
    """What a restriction closes is counted, and neither shown nor said to have been looked at."""
    case, other = a_case(doors), a_case(doors)
    sent(doors, case, "restrict-processing", 6, {"ground": "accuracy_contested"}, **MANAGER)
    found = register(doors)
    assert {one["case"] for one in found["decisions"]} == {other}
    assert found["restricted"] == 4
    event = doors.readings()[-1]
    assert isinstance(event, RecordViewed)
    assert (event.what, event.cases) == ("decisions", (UUID(other),))
    open_ = register(doors, Holdfast_Purpose="legal_claim")
    assert {one["case"] for one in open_["decisions"]} == {case, other}


def test_each_decision_names_the_policy_of_its_day_as_known_then(doors: Doors) -> None:
    """One adopted between two decisions is named by the later alone, whatever its first day."""
    nation = doors.office.jurisdiction.policy
    before = a_case(doors)
    adopt(doors, "local-1", "2026-11-04", limit("enquiry", 15))
    after = a_case(doors)
    policies = {
        case: [one["policy"] for one in register(doors)["decisions"] if one["case"] == case]
        for case in (before, after)
    }
    assert policies[before] == [nation] * 3
    assert policies[after] == [nation, f"{nation}/local-1", f"{nation}/local-1"]
    steps = doors.get(f"/v1/cases/{before}/replay").json()["steps"]
    assert {one["policy"] for one in steps} == {nation}
    steps = doors.get(f"/v1/cases/{after}/replay").json()["steps"]
    assert {one["policy"] for one in steps} == {f"{nation}/local-1"}


def test_reasons_that_were_forgotten_are_forgotten(doors: Doors) -> None:
    """Once a case is erased, its decisions stand in the register without their words (L9)."""
    case = a_case(doors)
    erase(doors, case, "case", 6)
    found = register(doors)["decisions"]
    assert found[0]["rationale"]["rationale"]["forgotten"] is True
    assert "Two carers in one week." not in str(found)
    assert found[-1]["name"] == "erasure-approved"


@pytest.mark.parametrize(
    ("role", "status"),
    [("auditor", 200), ("manager", 200), ("analyst", 403), ("minute_taker", 403)],
)
def test_who_may_read_the_register(shared: Doors, role: str, status: int) -> None:
    """Whoever reads cases, and over cases."""
    assert shared.get("/v1/decisions", Holdfast_Role=role).status_code == status


def test_the_command_line_has_the_same_register(cli: Cli, doors: Doors) -> None:
    """The same rows, as JSON and as a table; wrong options are named."""
    a_case(doors)
    whole = register(doors)["decisions"]
    for follower in doors.followers:
        follower.close()  # the command line follows for itself
    said = cli("decisions", "--role", "manager", "--json")
    assert said.code == 0, said.err
    assert said.json["decisions"] == whole
    assert said.json["basis"]["policy"]
    text = cli("decisions", "--kind", "threshold", "--role", "auditor").out
    assert "Two carers in one week." in " ".join(text.split())
    part = cli("decisions", "--limit", "1", "--after", "1", "--role", "auditor", "--json").json
    assert (part["decisions"], part["next"]) == (whole[1:2], 2)
    for wrong in (("--from", "soon"), ("--kind", "any"), ("--by", "A Manager")):
        assert cli("decisions", *wrong, "--role", "auditor").code == 2
    early, late = "2026-12-01", "2026-11-01"
    assert cli("decisions", "--from", early, "--to", late, "--role", "auditor").code == 2
