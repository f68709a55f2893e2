"""What auditors ask, as plain pages: the same as the command line and the interface tell."""

from __future__ import annotations

import html
import re
from uuid import uuid4

import pytest

from api.basis import HEADER
from tests.doors.conftest import Doors
from tests.doors.test_replay import a_case
from tests.doors.test_trace import two_cases

AUDITOR = {"Holdfast_Role": "auditor"}
MANAGER = {"Holdfast_Role": "manager"}


def text_of(doors: Doors, path: str, status: int = 200, role: str = "manager") -> str:
    """Give what a page says, without its marks."""
    answer = doors.get(path, Holdfast_Role=role)
    assert answer.status_code == status, answer.text
    assert "text/html" in answer.headers["content-type"]
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", answer.text)).split())


def test_a_case_is_replayed_on_a_page(shared: Doors) -> None:
    """Each entry by its position, with what it raised, its policy and its leaf; page by page."""
    case = a_case(shared)
    steps = shared.get(f"/v1/cases/{case}/replay", **AUDITOR).json()["steps"]
    said = text_of(shared, f"/cases/{case}/replay", role="auditor")
    assert f"{len(steps)} entries in the order in which they were recorded" in said
    for one in steps:
        assert one["receipt"]["leaf"] in said
        assert f"judged on {one['judged_on']} by {one['policy']}" in said
    assert "raised:" in said
    assert shared.readings()[-1].what == "replay"
    assert f'href="/cases/{case}/replay' in shared.get(f"/cases/{case}", **AUDITOR).text
    assert shared.get(f"/cases/{case}/replay", Holdfast_Role="analyst").status_code == 403


def test_no_link_carries_what_its_page_does_not_take(shared: Doors) -> None:
    """From each page that was asked by a position and a day, every link opens."""
    case, at = a_case(shared), shared.office.record.log.tail()
    adult = shared.get(f"/v1/cases/{case}", **MANAGER).json()["adult"]
    pages = (f"/cases/{case}", f"/persons/{adult}", "/", "/reviews", "/findings", "/retention")
    links = set[str]()
    asking = [f"{page}?as_at={at}&on=2027-06-01" for page in pages]
    for page in (*asking, f"/cases/{case}?as_of=2027-06-01&known_to=police"):
        asked = shared.get(f"{page}&purpose=audit", **MANAGER)
        assert asked.status_code == 200, asked.text
        links |= set(re.findall(r'href="(/[^"#]*\?[^"#]*)', asked.text))
    named = {re.sub(r"[0-9a-f-]{36}", "", one): html.unescape(one) for one in sorted(links)}
    assert any("/replay?" in one for one in named)
    refused = [one for one in named.values() if shared.get(one, **MANAGER).status_code == 422]
    assert refused == []


def test_a_replay_is_turned_page_by_page(shared: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page is of one position."""
    monkeypatch.setattr("api.pages.audits.A_PAGE", 2)
    case = a_case(shared)
    page = shared.get(f"/cases/{case}/replay", **AUDITOR).text
    found = re.search(r'<a href="([^"]*)" rel="next">', page)
    assert found is not None
    assert "page 2 of 2" in text_of(shared, html.unescape(found[1]), role="auditor")


def test_the_register_of_decisions_is_a_page(shared: Doors) -> None:
    """Each decision with who took it, on what it rests, and the case as it was known then."""
    case = a_case(shared)
    told = shared.get("/v1/decisions?limit=500", **MANAGER).json()
    said = text_of(shared, "/audit/decisions")
    assert f"{told['count']} decisions" in said
    assert "rests on" in said
    assert text_of(shared, "/audit/decisions?kind=nothing", 422)
    assert text_of(shared, "/audit/decisions?from=2026-12-01&to=2026-01-01", 422)
    assert text_of(shared, "/audit/decisions", 403, role="analyst")
    assert case


def test_a_sample_is_drawn_on_a_page(shared: Doors) -> None:
    """The cases of the same seed as the interface draws, in their order, each to be replayed."""
    for _ in range(3):
        shared.case()
    at = shared.office.record.log.tail()
    told = shared.get(f"/v1/audits/sample?seed=7&size=3&as_at={at}", **AUDITOR).json()
    page = shared.get(f"/audit/sample?seed=7&size=3&as_at={at}", **AUDITOR).text
    drawn = re.findall(r'<th scope="row"><a href="/cases/([0-9a-f-]{36})', page)
    assert drawn == [one["case"] for one in told["cases"]]
    assert f'href="/cases/{drawn[0]}/replay?as_at={at}"' in page
    assert text_of(shared, "/audit/sample?seed=7&size=0", 422)
    assert text_of(shared, "/audit/sample?seed=x&size=1", 422)


def test_a_trace_is_a_page(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry stands below its cause; the logs are looked through a part at a time."""
    correlation, case, other = two_cases(doors)
    page = doors.get(f"/audit/trace?correlation={correlation}", **MANAGER).text
    assert page.index(case) < page.index(other)
    assert text_of(doors, f"/audit/trace?correlation={uuid4()}", 404)
    assert text_of(doors, "/audit/trace?correlation=none", 404)
    assert text_of(doors, f"/audit/trace?correlation={correlation}&after=x", 422)
    monkeypatch.setattr("api.tracing.SPAN", 2)
    seen, path = "", f"/audit/trace?correlation={correlation}"
    for _ in range(50):
        page = doors.client.get(path, headers={"Holdfast-Role": "manager"}).text
        seen += page
        found = re.search(r'<a href="([^"]*)" rel="next">', page)
        if found is None:
            break
        path = html.unescape(found[1])
    assert case in seen
    assert other in seen


def test_the_interface_goes_through_the_logs_part_by_part(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page after page by one basis holds what one page would, and nothing twice."""
    correlation, *_cases = two_cases(doors)
    whole = doors.get(f"/v1/trace/{correlation}", **MANAGER)
    monkeypatch.setattr("api.tracing.SPAN", 3)
    held = {**MANAGER, HEADER: whole.headers[HEADER]}
    found, after = [], "0.0"
    for _ in range(50):
        answer = doors.get(f"/v1/trace/{correlation}?after={after}", **held)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        found += [*told["entries"], *(each for one in told["entries"] for each in one["caused"])]
        if told["next"] is None:
            break
        after = told["next"]
    (root,) = whole.json()["entries"]
    assert {one["position"] for one in found} == {
        root["position"],
        *(one["position"] for one in root["caused"]),
    }


def test_what_auditors_may_ask_is_one_page(shared: Doors) -> None:
    """It has what the role may ask, and says nothing of any case."""
    assert "/audit/trace" in shared.get("/audit", **MANAGER).text
    assert "/audit/trace" not in shared.get("/audit", Holdfast_Role="chair").text
    assert text_of(shared, "/audit", 403, role="analyst")


def test_pages_say_what_they_rest_on(shared: Doors) -> None:
    """At the foot and in the headers: size, root, release, procedure; and where the same is."""
    case = a_case(shared)
    person = shared.get(f"/v1/cases/{case}").json()["adult"]
    for path in (
        *("/", "/reviews", "/findings", f"/cases/{case}", f"/persons/{person}"),
        *(f"/cases/{case}/replay", "/audit/decisions", "/audit/sample?seed=1&size=1"),
    ):
        answer = shared.get(path, **MANAGER)
        assert answer.status_code == 200, path
        assert HEADER in answer.headers, path
        again = re.search(r'<a href="([^"]*)">This page again', answer.text)
        assert again is not None, path
        assert "This page rests on the first" in answer.text
        assert shared.get(html.unescape(again[1]), **MANAGER).status_code == 200
