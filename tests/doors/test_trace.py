"""What belongs to one request: both logs, all cases, each entry below the one that caused it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.doors.conftest import Cli, Doors, referral

MANAGER = {"Holdfast_Role": "manager"}


def traced(doors: Doors, correlation: str, **headers: str) -> dict[str, Any]:
    """Give what belongs to a correlation."""
    answer = doors.get(f"/v1/trace/{correlation}", **{**MANAGER, **headers})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def two_cases(doors: Doors) -> tuple[str, str, str]:
    """Give a correlation and two cases of it, of which the first caused the second."""
    correlation = str(uuid4())
    body = {"command": referral(doors.person()), "correlation": correlation}
    first = doors.post("/v1/cases", body)
    assert first.status_code == 201, first.text
    cause = first.json()["positions"][0]
    body = {**body, "command": referral(doors.person()), "causation": cause}
    second = doors.post("/v1/cases", body)
    assert second.status_code == 201, second.text
    return correlation, first.json()["stream"], second.json()["stream"]


def test_what_was_caused_stands_below_its_cause_over_cases(doors: Doors) -> None:
    """The entry that caused another is above it, whichever case each is of."""
    correlation, case, other = two_cases(doors)
    doors.case()  # of no such correlation
    found = traced(doors, correlation)
    (root,) = found["entries"]
    (below,) = root["caused"]
    assert (root["stream"], below["stream"], found["count"]) == (case, other, 2)
    assert (root["log"], root["name"], below["caused"]) == ("cases", "referral-received", [])
    assert below["causation"] == root["position"]
    assert root["recorded_by_name"]
    assert "account" not in str(found)
    assert found["basis"]["size"] == found["upto"]["cases"]


def test_a_reading_is_found_by_its_own_correlation(doors: Doors) -> None:
    """Entries of the log of readings are traced too, with the cases they were a look at."""
    case = doors.case()
    doors.get(f"/v1/cases/{case}")
    office = doors.office
    fact = office.readings.open(office.readings.log.read(0))[-1]
    (root,) = traced(doors, str(fact.header.correlation))["entries"]
    assert (root["log"], root["position"], root["cases"]) == ("readings", fact.position, [case])


def test_a_trace_is_a_reading_of_the_cases_in_it(doors: Doors) -> None:
    """It leaves a trace of its own kind, which names each case."""
    correlation, case, other = two_cases(doors)
    traced(doors, correlation)
    event = doors.readings()[-1]
    assert event.what == "trace"
    assert {str(one) for one in event.cases} == {case, other}


def test_of_a_restricted_case_the_place_alone_is_told(doors: Doors) -> None:
    """The tree keeps its form, and says nothing of what a restriction closes."""
    correlation, case, other = two_cases(doors)
    body = {"command": {"ground": "accuracy_contested"}}
    answer = doors.post(f"/v1/cases/{case}/restrict-processing", body, version=1, **MANAGER)
    assert answer.status_code == 201, answer.text
    (root,) = traced(doors, correlation)["entries"]
    assert root.keys() == {"log", "position", "restricted", "caused"}
    assert (root["restricted"], root["caused"][0]["stream"]) == (True, other)
    assert {str(one) for one in doors.readings()[-1].cases} == {other}


def test_whom_a_restricted_case_names_is_not_told_either(doors: Doors) -> None:
    """An entry of a person whom a restricted case names stands in the tree by its place (I16)."""
    correlation, person = str(uuid4()), doors.person()
    body = {"command": {"died": "2026-01"}, "correlation": correlation}
    answer = doors.post(f"/v1/persons/{person}/record-death", body, version=1)
    assert answer.status_code == 201, answer.text
    case = doors.case(person)
    assert traced(doors, correlation)["entries"][0]["stream"] == person
    body = {"command": {"ground": "accuracy_contested"}}
    answer = doors.post(f"/v1/cases/{case}/restrict-processing", body, version=1, **MANAGER)
    assert answer.status_code == 201, answer.text
    assert person not in str(traced(doors, correlation))


def test_nothing_under_a_correlation_is_not_found(shared: Doors) -> None:
    """A correlation nobody used is said to be none, and one that is no reference is refused."""
    assert shared.get(f"/v1/trace/{uuid4()}", **MANAGER).status_code == 404
    assert shared.get("/v1/trace/nobody", **MANAGER).status_code == 422
    assert shared.get(f"/v1/trace/{uuid4()}", Holdfast_Role="practitioner").status_code == 403


def test_the_command_line_draws_the_tree(cli: Cli, doors: Doors) -> None:
    """The same as JSON, and as a tree in text."""
    correlation, case, other = two_cases(doors)
    whole = traced(doors, correlation)
    said = cli("trace", correlation, "--role", "manager", "--json")
    assert said.code == 0, said.err
    assert said.json["entries"] == whole["entries"]
    lines = cli("trace", correlation, "--role", "manager").out.splitlines()
    first, second = (next(line for line in lines if one in line) for one in (case, other))
    assert first.index("cases") < second.index("cases")
    assert cli("trace", str(uuid4()), "--role", "manager").code == 3
    assert cli("trace", correlation, "--role", "practitioner").code == 2
