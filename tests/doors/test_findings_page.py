"""Findings over the open cases: the page for people, and the command line."""

from __future__ import annotations

import html
import re
from unittest.mock import patch

import pytest

from api.office import Office
from tests.doors.conftest import Cli, Doors, opened_doors
from tests.doors.test_findings_answered import RESTRICT, answered, granted
from tests.doors.test_pages import Outline

MANAGER = ("--role", "manager")


def rows(page: str) -> list[tuple[str, str, str, str]]:
    """Give of each line its case, severity, rules and answer."""
    found = re.findall(
        r'<a href="/cases/([0-9a-f-]{36})[^"]*">[^<]*</a></th>.*?'
        r'data-label="Severity">(.*?)</td>.*?data-label="Rules">(.*?)</td>.*?'
        r'data-label="Answer">(.*?)</td>',
        page,
        re.DOTALL,
    )
    return [(case, re.sub("<[^>]*>", "", grave), cited, said) for case, grave, cited, said in found]


def test_the_page_lists_what_is_high_and_unanswered_first(doors: Doors) -> None:
    """High and unanswered alone, or all: unanswered first, each with its rules and sources."""
    case, finding = granted(doors)
    other, _ = granted(doors)
    assert answered(doors, case, finding["id"]).status_code == 201
    pressing = rows(doors.get("/findings").text)
    assert (other, "High", "L13, R154 (A196)", "–") in pressing
    assert {(grave, said) for _, grave, _, said in pressing} == {("High", "–")}
    every = rows(doors.get("/findings?show=all").text)
    assert (case, "High", "L13, R154 (A196)", "Explained: there was a reason") in every
    states = [said != "–" for _, _, _, said in every]
    assert states == sorted(states)
    assert any(states)
    assert set(map(str, doors.readings()[-1].cases)) == {case, other}


def test_the_page_is_narrowed_and_leads_to_the_case(doors: Doors) -> None:
    """By rule, severity and team, as known then; each line leads to its case by the same clocks."""
    case, _ = granted(doors)
    before = doors.office.record.log.tail() - 1
    assert {rule for _, _, rule, _ in rows(doors.get("/findings?rule=L13").text)} == {
        "L13, R154 (A196)"
    }
    medium = rows(doors.get("/findings?show=all&severity=medium").text)
    assert {grave for _, grave, _, _ in medium} == {"Medium"}
    assert rows(doors.get("/findings?show=all&team=nobodys").text) == []
    then = doors.get(f"/findings?show=all&as_at={before}&on=2027-01-04&purpose=audit").text
    links = [html.unescape(one.attributes["href"] or "") for one in Outline(then).all("a")]
    assert f"/cases/{case}?as_at={before}&on=2027-01-04&purpose=audit&show=all#findings" in links
    assert "L13" not in {rule.partition(",")[0] for _, _, rule, _ in rows(then)}
    assert doors.office.jurisdiction.policy in then


@pytest.mark.parametrize("query", ["rule=somebody", "severity=grave", "show=cleared", "rule=R5٣"])
def test_what_the_page_does_not_know_is_said(doors: Doors, query: str) -> None:
    """A rule, a severity or a choice that there is not is a page that says what to send."""
    answer = doors.get(f"/findings?{query}")
    assert answer.status_code == 422
    called = {"rule": "Rule", "severity": "Severity", "show": "Which"}[query.partition("=")[0]]
    assert f"{called}: This is" in answer.text
    assert "somebody" not in answer.text


def test_the_page_says_what_it_did_not_judge(doors: Doors) -> None:
    """Cases beyond those judged at once, and those restricted, are counted and not shown."""
    case, _ = granted(doors)
    granted(doors)
    with patch("api.routes.findings.MOST_READ", 1):
        assert "1 more open case was not judged" in doors.get("/findings").text
    path = f"/v1/cases/{case}/restrict-processing"
    assert doors.post(path, RESTRICT, version=2, Holdfast_Role="manager").status_code == 201
    # Whoever was let in by way of exception is shown it: another is not.
    page = doors.get("/findings?show=all", Holdfast_Worker="another").text
    assert case not in {one for one, _, _, _ in rows(page)}
    assert "1 case is restricted, and nothing of it is shown" in page
    through = doors.get("/findings?show=all&purpose=legal_claim").text
    assert case in {one for one, _, _, _ in rows(through)}


def test_the_cases_behind_those_judged_are_judged_next(doors: Doors) -> None:
    """Each open case is judged once, however few at a time, by API and page."""
    every = {granted(doors)[0] for _ in range(3)}
    manager = {"Holdfast_Role": "manager"}
    with patch("api.routes.findings.MOST_READ", 2), patch("api.pages.findings.MOST_READ", 2):
        first = doors.get("/v1/findings?show=all", **manager).json()
        path = f"/v1/findings?show=all&cases_from={first['cases_next']}&as_at={first['as_at']}"
        second = doors.get(path, **manager).json()
        page = doors.get("/findings?show=all").text
        (link,) = re.findall(r'href="(/findings[?][^"]*cases_from=2[^"]*)"', page)
        behind = doors.get(link.replace("&amp;", "&")).text
    counts = [(one["cases_read"], one["cases_not_read"]) for one in (first, second)]
    assert counts == [(2, 1), (1, 2)]
    assert (first["cases_next"], second["cases_next"]) == (2, None)
    there = [{row["case"] for row in one["findings"]} for one in (first, second)]
    assert there[0] | there[1] == every
    assert not there[0] & there[1]
    assert {case for case, _, _, _ in rows(behind)} == there[1]
    assert "judge those behind them" not in behind
    for wrong in ("-1", "x", "9999999"):
        assert doors.get(f"/v1/findings?cases_from={wrong}", **manager).status_code == 422
        assert doors.get(f"/findings?cases_from={wrong}").status_code == 422


def test_the_page_says_that_its_list_is_behind(doors: Doors) -> None:
    """What the view of the cases has not reached is not in the list, and the page says so."""
    first, _ = granted(doors)
    doors.catch_up()
    doors.case()
    with patch("api.pages.lists.BRIEFLY_S", 0.01):
        now = doors.client.get("/findings").text
    assert "not in this list yet" in now
    assert {case for case, _, _, _ in rows(now)} == {first}
    assert "not in this list yet" not in doors.get("/findings").text


def test_who_may_not_read_findings_is_told_so(doors: Doors) -> None:
    """An analyst counts and reads no finding."""
    assert doors.get("/findings", Holdfast_Role="analyst").status_code == 403


def test_the_command_line_goes_on_behind_those_judged(office: Office, cli: Cli) -> None:
    """What was not judged is asked for from the place that the answer names."""
    with opened_doors(office) as doors:
        every = {granted(doors)[0] for _ in range(3)}
    with patch("api.routes.findings.MOST_READ", 2):
        first = cli("findings", *MANAGER, "--all", "--json").json
        behind = cli("findings", *MANAGER, "--all", "--from", str(first["cases_next"]), "--json")
        assert f"by --from 2 --as-at {first['as_at']}" in cli("findings", *MANAGER).out
    there = [{row["case"] for row in one["findings"]} for one in (first, behind.json)]
    assert there[0] | there[1] == every
    assert [len(one) for one in there] == [2, 1]


def test_the_command_line_lists_findings_over_cases(office: Office, cli: Cli) -> None:
    """As a table or as JSON, by rule, severity and team, as known then; looking leaves a trace."""
    with opened_doors(office) as doors:  # whose followers would keep the command line waiting
        case, finding = granted(doors)
    before = str(office.record.log.tail() - 1)
    said = cli("findings", *MANAGER)
    assert said.code == 0
    assert case in said.out
    assert "R154 (A196)" in said.out
    assert "findings in 1 open cases." in said.out
    assert set(map(str, doors.readings()[-1].cases)) == {case}
    found = cli("findings", *MANAGER, "--json", "--all").json
    assert finding["id"] in {one["id"] for one in found["findings"]}
    high = cli("findings", *MANAGER, "--json", "--all", "--severity", "high").json
    assert found["count"] == len(found["findings"]) > len(high["findings"]) > 0
    then = cli("findings", *MANAGER, "--json", "--as-at", before, "--rule", "L13").json
    assert then["findings"] == []
    assert cli("findings", *MANAGER, "--json", "--team", "nobodys").json["cases_read"] == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--rule", "somebody"),
        ("--severity", "grave"),
        ("--team", "Some Body"),
        ("--role", "analyst"),
    ],
)
def test_the_command_line_says_what_it_does_not_know(cli: Cli, options: tuple[str, str]) -> None:
    """An option out of its list, or a role that may not read findings, is one line that says so."""
    cli("caseload")
    said = cli("findings", *options)
    assert said.code == 2
    assert options[1] not in said.err or options[1] == "analyst"
    assert len(said.err.splitlines()) == 1
