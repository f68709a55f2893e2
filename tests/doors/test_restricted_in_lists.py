"""What a restriction closes stands in no list over cases: it is counted, and nothing of it shown.

One rule for every list, at every door (L7, I16; `api/README.md`, Lists and a restriction).
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Final

import pytest

from tests.doors.conftest import Cli, Doors
from tests.doors.scripted import Json
from tests.doors.test_participation import a_meeting
from tests.doors.walking import read

RULES = ("I16", "L7")
ROOT: Final = Path(__file__).parents[2]
MANAGER = {"Holdfast_Role": "manager", "Holdfast_Worker": "manager"}
ON: Final = "on=2027-12-01"
LARGE: Final = "00000000-0000-4000-8000-000000000092"
# Every list over cases that the API gives.
LISTS: Final = (
    f"/v1/cases?{ON}",
    f"/v1/reviews?{ON}",
    f"/v1/reviews?{ON}&as_of=2027-11-01",
    f"/v1/reviews?{ON}&overdue=true",
    f"/v1/reviews/overdue?{ON}",
    f"/v1/findings?{ON}&show=all",
    "/v1/decisions",
    "/v1/participation?first=2026-01-01&last=2027-12-01&agency=council",
    f"/v1/large-scale-enquiries/{LARGE}/cases",
    f"/v1/figures/open_cases_by_team/cases?{ON}&team=",
)
PAGES: Final = (
    *("/", f"/reviews?{ON}", f"/findings?{ON}&show=all", "/audit/decisions"),
    f"/large-scale-enquiries/{LARGE}",
)
# What the API gives besides, which has no case in its address, and why it is none of these lists.
NONE: Final = {
    "/health": "about nobody",
    "/ready": "about nobody",
    "/v1/audits/sample": "whoever draws it again draws the same: a case says that it is restricted",
    "/v1/checkpoints/{log}": "about nobody",
    "/v1/events": "what happened where, for a follower, never what was said",
    "/v1/figures": "about nobody",
    "/v1/figures/{name}": "figures, which count all",
    "/v1/large-scale-enquiries": "figures, which count all",
    "/v1/large-scale-enquiries/{large_scale}/cases": "held to it above, of one enquiry",
    "/v1/figures/{name}/cases": "held to it above, by one of the figures",
    "/v1/lists": "about nobody",
    "/v1/policy": "about nobody",
    "/v1/retention": "held to it in test_retention",
    "/v1/returns/{year}": "about nobody",
    "/v1/returns/{year}/checks": "held to it below",
    "/v1/returns/{year}/explain": "held to it below",
    "/v1/returns/{year}/export": "held to it below",
    "/v1/returns/{year}/{table}": "figures, which count all",
    "/v1/returns/{year}/report": "published figures, which count all",
    "/v1/returns/{year}/{table}/cells/{number}": "held to it below, figure by figure",
    "/v1/returns/{year}/{table}/left-out/{number}": "held to it below, figure by figure",
    "/v1/returns/{year}/filings": "which there are, about nobody",
    "/v1/returns/{year}/filings/{number}": "figures, which count all",
    "/v1/returns/{year}/filings/{number}/cells/{table}/{cell}": "held to it in test_filing",
    "/v1/returns/{year}/filings/{number}/difference": "held to it in test_filing",
    "/v1/returns/{year}/filings/{number}/export": "figures, which count all",
    "/v1/returns/{year}/filings/{number}/left-out/{table}/{which}": "as its cells are",
    "/v1/trace/{correlation}": "one request, not a list: of such a case the place alone is told",
}


@pytest.fixture
def closed(doors: Doors) -> dict[str, str]:
    """Give a case that stands open, one that is restricted, and one that reads another so."""
    cases = {name: a_meeting(doors) for name in ("open", "restricted", "leading", "merged")}
    for case in cases.values():
        kind = {"kind": "section_42", "opened_on": "2026-11-10"}
        sent(doors, case, 3, "open-enquiry", **kind)
        sent(doors, case, 4, "link-large-scale-enquiry", large_scale=LARGE)
    for name, version in (("restricted", 5), ("merged", 5)):
        sent(doors, cases[name], version, "restrict-processing", ground="accuracy_contested")
    sent(doors, cases["merged"], 6, "merge-case", other=cases["leading"], reason="one_adult")
    return cases


def sent(doors: Doors, case: str, version: int, command: str, **said: object) -> None:
    """Record something of a case, as a manager."""
    path = f"/v1/cases/{case}/{command}"
    answer = doors.post(path, {"command": said}, version=version, **MANAGER)
    assert answer.status_code == 201, answer.text


def named(cases: dict[str, str], text: str) -> set[str]:
    """Give which of the cases an answer names."""
    return {name for name, case in cases.items() if case in text}


@pytest.mark.parametrize("path", LISTS)
def test_no_list_shows_a_case_that_a_restriction_closes(
    doors: Doors, closed: dict[str, str], path: str
) -> None:
    """Nor one that is read with it; how many they are is said, and nobody looked at them."""
    for query in ("", f"{'&' if '?' in path else '?'}as_at={doors.office.record.log.tail()}"):
        answer = doors.get(path + query, **MANAGER)
        assert answer.status_code == 200, answer.text
        assert named(closed, answer.text) == {"open"}
        assert answer.json()["restricted"] >= 2
        looked = {str(one) for one in doors.readings()[-1].cases}
        assert looked == {closed["open"]}
    through = doors.get(path, Holdfast_Purpose="legal_claim", **MANAGER)
    assert {"open", "restricted", "leading"} <= named(closed, through.text)
    assert through.json()["restricted"] == 0


@pytest.mark.parametrize("path", PAGES)
def test_no_page_shows_a_case_that_a_restriction_closes(
    doors: Doors, closed: dict[str, str], path: str
) -> None:
    """The pages leave out the same, and say how much."""
    page = doors.get(path, **MANAGER).text
    assert named(closed, page) == {"open"}
    assert "restricted, and nothing of them is shown" in " ".join(page.split())
    through = doors.get(f"{path}{'&' if '?' in path else '?'}purpose=legal_claim", **MANAGER).text
    assert {"open", "restricted", "leading"} <= named(closed, through)


def test_figures_count_what_a_restriction_closes(doors: Doors, closed: dict[str, str]) -> None:
    """A total counts every case, and names those that may be opened."""
    found = doors.get(f"/v1/cases?{ON}", **MANAGER).json()
    assert found["count"] == 3
    assert sum(one["count"] for one in found["totals"]) == 3
    assert [case for one in found["totals"] for case in one["cases"]] == [closed["open"]]
    late = doors.get(f"/v1/reviews/overdue?{ON}", **MANAGER).json()
    assert (late["count"], len(late["cases"]), late["restricted"]) == (3, 1, 2)
    assert "3 open cases" in doors.get("/", **MANAGER).text


@pytest.mark.parametrize("path", ["/", f"/reviews?{ON}"])
def test_a_page_of_nothing_but_what_is_closed_leads_on(
    doors: Doors, closed: dict[str, str], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Whoever turns the pages comes to what may be opened, whichever page it stands on."""
    for name in ("caseload", "reviews"):
        monkeypatch.setattr(f"api.pages.{name}.A_PAGE", 1)
    seen, pages, query = set[str](), 0, path
    while query:
        page = doors.get(query, **MANAGER).text
        seen |= named(closed, page)
        after = re.search(r'<a href="([^"]*)" rel="next">', page)
        query = "" if after is None else html.unescape(after[1]).partition("#")[0]
        pages += 1
    assert seen == {"open"}
    assert pages >= 3


def test_what_a_figure_of_a_return_counts_names_none_of_them(
    doors: Doors, closed: dict[str, str]
) -> None:
    """The figure stays, and opens to the cases that may be opened (C.3)."""
    year = doors.get("/v1/returns/2026", **MANAGER).json()
    seen = 0
    for table in year["tables"]:
        filled = doors.get(f"/v1/returns/2026/{table['code']}", **MANAGER).json()
        for group in (*filled["cells"], *filled["left_out"]):
            if not group["value"]:
                continue
            behind = doors.get(group["links"]["counted"], **MANAGER).json()
            cases = {one["case"] for one in behind["counted"]}
            assert cases <= {closed["open"]}
            assert len(behind["counted"]) + behind["restricted"] == behind["count"]
            assert behind["count"] == group["value"]
            seen += behind["restricted"]
    assert seen
    for asked in ("checks", "explain?table=SG1f&category=Total Number of Safeguarding Concerns"):
        said = doors.get(f"/v1/returns/2026/{asked}", **MANAGER).text
        assert named(closed, said) == {"open"}
        assert re.search(r'"restricted":[1-9]', said)
    for kind in ("json", "xlsx", "csv"):
        given = doors.get(f"/v1/returns/2026/export?format={kind}", **MANAGER)
        said = read(given.content, given.headers["content-type"])
        assert named(closed, said) <= {"open"}
        assert ("are of cases that are restricted" in said) is (kind == "xlsx")


def test_the_command_line_shows_none_of_them(
    doors: Doors, closed: dict[str, str], cli: Cli
) -> None:
    """Nor as JSON; how many they are is said."""
    for follower in doors.followers:
        follower.close()  # the command line follows for itself
    for asked in (
        ("caseload", "--on", "2027-12-01"),
        ("reviews", "--on", "2027-12-01"),
        ("reviews", "--on", "2027-12-01", "--as-of", "2027-11-01"),
        ("findings", "--on", "2027-12-01", "--all"),
        ("decisions",),
        ("large-scale", LARGE),
        ("return", "2026", "SG1a", "--cases"),
        ("return", "check", "2026"),
    ):
        for form in ((), ("--json",)):
            said = cli(*asked, *form, "--role", "manager")
            # A check ends with 1 where a hard rule is broken: no council is named here.
            assert said.code == int("check" in asked), said.err
            assert named(closed, said.out) <= {"open"}, asked
            told: Json = json.loads(said.out) if form else {}
            assert "restricted" in said.out, asked
            assert not form or told["restricted"] >= 2, asked
            through = cli(*asked, *form, "--role", "manager", "--purpose", "legal_claim")
            assert {"open", "restricted"} <= named(closed, through.out), asked


def test_every_list_of_the_api_is_held_to_this() -> None:
    """What is asked for without naming a case, a person or a document is a list, or is said not."""
    paths = json.loads((ROOT / "api/openapi.json").read_text("utf-8"))["paths"]
    asked = {
        path
        for path, what in paths.items()
        if "get" in what and not any(f"{{{one}}}" in path for one in ("case", "person", "position"))
    }
    listed = {path.partition("?")[0] for path in LISTS} | set(NONE)
    assert sorted(asked - listed) == []
