from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest

from api.routes.paging import A_PAGE, MOST
from tests.doors.conftest import Doors

Json = dict[str, Any]
FINDINGS = ("findings", "cleared", "left_out", "about_adult")


def some_quick(paths: Iterable[str]) -> list[Any]:
    """Give each third path as it is, and the others as long."""
    return [
        one if at % 3 == 0 else pytest.param(one, marks=pytest.mark.long)
        for at, one in enumerate(paths)
    ]


# Every answer that can grow, and what of it a page holds a part of.
GROWING = {
    "/v1/cases": ("cases", "totals"),
    "/v1/reviews": ("reviews", "left_out"),
    "/v1/reviews?as_of=2028-01-01": ("reviews", "left_out"),
    "/v1/reviews/overdue?on=2028-01-01": ("cases",),
    "/v1/cases/{case}/timeline": ("entries",),
    "/v1/cases/{case}/findings?show=all&on=2028-01-01": FINDINGS,
    "/v1/cases/{case}/findings?show=all&as_of=2028-01-01": FINDINGS,
    "/v1/persons/{person}/timeline": ("entries",),
    "/v1/findings?show=all&on=2028-01-01": ("findings",),
    "/v1/cases/{case}/replay": ("steps",),
    "/v1/returns/2026/checks": ("exceptions",),
    "/v1/returns/2026/SG1f/cells/1": ("counted",),
    "/v1/returns/2026/SG1f/left-out/1": ("counted",),
}


def told(doors: Doors, path: str, **query: Any) -> Json:  # noqa: ANN401 — any parameter
    """Expect an answer, and give it."""
    answer = doors.client.get(_with(path, query))
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def _with(path: str, query: Json) -> str:
    for name, value in query.items():
        path += f"{'&' if '?' in path else '?'}{name}={value}"
    return path


def a_growing_case(doors: Doors) -> tuple[str, str]:
    """Give a case with three enquiries, one uncertain, one withdrawn; its adult died twice."""
    person = doors.person(name="Ann Example")
    for version in (1, 2):
        path = f"/v1/persons/{person}/record-death"
        answer = doors.post(path, {"command": {"died": "2026-01?"}}, version=version)
        assert answer.status_code == 201, answer.text
    case = doors.case(person)
    for version, day in enumerate(("2026-11-03", "2026-11-04", "2026-11-05/.."), start=1):
        body = {"occurred": day, "command": {"kind": "section_42", "opened_on": "2026-11-03"}}
        answer = doors.post(f"/v1/cases/{case}/open-enquiry", body, version=version)
        assert answer.status_code == 201, answer.text
    command = {"target": 3, "reason": "entered_wrongly", "withdrawn": True}
    answer = doors.post(f"/v1/cases/{case}/correct-record", {"command": command}, version=4)
    assert answer.status_code == 201, answer.text
    doors.catch_up()
    return case, person


def something_more(doors: Doors, case: str, person: str) -> None:
    """Record more of the case, of the person and in the list."""
    version = int(doors.client.get(f"/v1/cases/{case}").headers["ETag"].strip('"'))
    body = {"occurred": "2026-10-01", "command": {"kind": "section_42", "opened_on": "2026-10-01"}}
    answer = doors.post(f"/v1/cases/{case}/open-enquiry", body, version=version)
    assert answer.status_code == 201, answer.text
    version = int(doors.client.get(f"/v1/persons/{person}").headers["ETag"].strip('"'))
    path = f"/v1/persons/{person}/record-death"
    answer = doors.post(path, {"command": {"died": "2025-01?"}}, version=version)
    assert answer.status_code == 201, answer.text
    doors.case(person)
    doors.catch_up()


@pytest.mark.parametrize("path", some_quick(GROWING))
def test_the_pages_of_a_question_are_one_answer(doors: Doors, path: str) -> None:
    """Whatever is recorded between two pages, they are the whole of the first page's position."""
    case, person = a_growing_case(doors)
    a_growing_case(doors)
    asked, parts = path.format(case=case, person=person), GROWING[path]
    whole = told(doors, asked, limit=MOST)
    assert sum(len(whole[part]) for part in parts) > 1
    assert whole["next"] is None
    assert whole["count"] == len(whole[parts[0]])
    page = told(doors, asked, limit=1)
    walked = [page]
    while page["next"]:
        if len(walked) == 1:
            something_more(doors, case, person)
        page = told(doors, asked, limit=1, cursor=page["next"])
        walked.append(page)
    for page in walked:
        assert sum(len(page[part]) for part in parts) == 1
        assert {**page, **dict.fromkeys(parts, ()), "next": None} == {
            **whole,
            **dict.fromkeys(parts, ()),
        }
    for part in parts:
        assert [one for page in walked for one in page[part]] == whole[part], part
    assert told(doors, asked, limit=MOST) != whole  # what was recorded since would have shown
    again = told(doors, asked.partition("?")[0], as_at=whole["as_at"], limit=MOST)
    if "?" not in asked:
        assert [again[part] for part in parts] == [whole[part] for part in parts]


def test_a_cursor_leads_on_in_its_own_question_alone(shared: Doors) -> None:
    """Of another list, case, filter or clock, altered or made up, a cursor is turned away."""
    (case, person), (other, _) = a_growing_case(shared), a_growing_case(shared)
    of_cases = told(shared, "/v1/cases", limit=1)
    of_case = told(shared, f"/v1/cases/{case}/timeline", limit=1)
    of_then = told(shared, f"/v1/cases/{case}/timeline?as_of=2026-11-30", limit=1)
    whole = base64.urlsafe_b64decode(of_case["next"] + "==").decode("latin-1")
    altered = whole[:-12] + ("2" if whole[-12] != "2" else "3") + whole[-11:]
    wrong = (
        ("/v1/reviews", of_cases["next"]),
        ("/v1/reviews/overdue", of_cases["next"]),
        ("/v1/cases?team=north", of_cases["next"]),
        ("/v1/cases?on=2026-12-01", of_cases["next"]),
        (f"/v1/cases?as_at={of_cases['as_at']}", of_cases["next"]),
        (f"/v1/cases/{other}/timeline", of_case["next"]),
        (f"/v1/cases/{case}/findings?show=all", of_case["next"]),
        (f"/v1/persons/{person}/timeline", of_case["next"]),
        (f"/v1/cases/{case}/timeline?as_of=2026-11-30", of_case["next"]),
        (f"/v1/cases/{case}/timeline", of_then["next"]),
        (f"/v1/cases/{case}/timeline?known_to=police", of_case["next"]),
        (f"/v1/cases/{case}/timeline", _cursor(altered.encode("latin-1"))),
        (f"/v1/cases/{case}/timeline", of_case["next"][:-3]),
        (f"/v1/cases/{case}/timeline", _cursor(b"\0" * 16 + b"1.1.2026-11-02")),
        (f"/v1/cases/{case}/timeline", "1"),
        (f"/v1/cases/{case}/timeline", "x" * 5000),
        (f"/v1/cases/{case}/timeline", "%C3%A9"),
    )
    for path, cursor in wrong:
        answer = shared.client.get(_with(path, {"cursor": cursor}))
        assert answer.status_code == 422, path
        (error,) = answer.json()["errors"]
        assert error["pointer"] == "/query/cursor", path
        assert "begin again" in error["detail"]
    assert told(shared, f"/v1/cases/{case}/timeline", cursor=of_case["next"], limit=2)["entries"]


def _cursor(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


@pytest.mark.parametrize("path", [*GROWING, "/v1/events", "/v1/cases/{case}/readings"])
def test_a_page_has_a_bound(shared: Doors, path: str) -> None:
    """No answer is longer than its bound; how many to a page may be left out."""
    case, person = a_growing_case(shared)
    asked = path.format(case=case, person=person)
    for limit in ("0", "-1", "1001", "many", ""):
        answer = shared.client.get(_with(asked, {"limit": limit}))
        assert answer.status_code == 422, limit
        assert answer.json()["errors"][0]["pointer"] == "/query/limit"
    route = path.partition("?")[0].replace("2026/checks", "{year}/checks")
    for part in ("cells", "left-out"):
        route = route.replace(f"2026/SG1f/{part}/1", f"{{year}}/{{table}}/{part}/{{number}}")
    (limited,) = [
        one["schema"]
        for one in shared.client.get("/v1/openapi.json").json()["paths"][route]["get"]["parameters"]
        if one["name"] == "limit"
    ]
    assert (limited["default"], limited["minimum"]) == (A_PAGE, 1)
    assert limited["maximum"] in {MOST, 1000}


def test_a_page_of_reviews_names_the_cases_on_it(doors: Doors) -> None:
    """What another page shows was not looked at: the trace names what this one shows."""
    cases = {a_growing_case(doors)[0] for _ in range(3)}
    for path, part in (("/v1/reviews", "reviews"), ("/v1/reviews/overdue?on=2028-01-01", "cases")):
        page, seen = told(doors, path, limit=1), set[str]()
        while True:
            (shown,) = page[part]
            assert doors.readings()[-1].cases == (UUID(shown["case"]),)
            seen.add(shown["case"])
            if page["next"] is None:
                break
            page = told(doors, path, limit=1, cursor=page["next"])
        assert seen == cases


def test_a_person_is_read_only_where_findings_about_them_are_shown(doors: Doors) -> None:
    """A page of findings without those in the adult's own stream is no reading of the adult."""
    case, person = a_growing_case(doors)
    asked = f"/v1/cases/{case}/findings?show=all&on=2028-01-01"
    page = told(doors, asked, limit=1)
    while True:
        read = [one.person for one in doors.readings()[-2:] if one.what == "findings"]
        assert (UUID(person) in read) is bool(page["about_adult"])
        if page["next"] is None:
            break
        page = told(doors, asked, limit=1, cursor=page["next"])
    assert page["about_adult"]


# ----------------------------------------------------------------------------------------- pages

PAGES = ("caseload", "reviews", "findings", "case", "person")
SHOWN = {
    "/": r'href="/cases/([0-9a-f-]{36})',
    "/?on=2028-01-01&purpose=audit": r'href="/cases/([0-9a-f-]{36})',
    "/reviews": r'href="/cases/([0-9a-f-]{36})',
    "/findings?show=all&severity=medium&on=2028-01-01": r'href="/cases/([0-9a-f-]{36})',
    "/reviews?as_of=2028-01-01&known_to=council": r'href="/cases/([0-9a-f-]{36})',
    "/cases/{case}": r'id="entry-(\d+)"',
    "/cases/{case}?as_of=2028-01-01&known_to=council": r'id="entry-(\d+)"',
    "/persons/{person}": r'id="entry-(\d+)"',
}


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every list of the pages turn after two rows."""
    for name in PAGES:
        monkeypatch.setattr(f"api.pages.{name}.A_PAGE", 2)


def shown(doors: Doors, path: str) -> str:
    """Expect a page, and give it."""
    answer = doors.client.get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def turn(page: str, rel: str) -> str | None:
    """Give where a page's link to the page beside it leads."""
    found = re.search(rf'<a href="([^"]*)" rel="{rel}">', page)
    return None if found is None else html.unescape(found[1])


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("path", some_quick(SHOWN))
def test_the_links_of_a_page_turn_one_answer(doors: Doors, path: str) -> None:
    """Next page leads through one position by the same clocks, and back, whatever is recorded."""
    case, person = a_growing_case(doors)
    for _ in range(2):
        a_growing_case(doors)
    at, asked = doors.office.record.log.tail(), path.format(case=case, person=person)
    first = shown(doors, asked)
    where, walked, seen = asked, [first], list[str]()
    something_more(doors, case, person)
    while link := turn(walked[-1], "next"):
        where = link
        walked.append(shown(doors, where))
    for number, page in enumerate(walked, start=1):
        assert f"Page {number} of {len(walked)}" in page
        assert f"(page {number} of {len(walked)})" in page.partition("</title>")[0]
        seen += re.findall(SHOWN[path], page)
    assert len(walked) > 1
    pinned = f"{asked}{'&' if '?' in asked else '?'}as_at={at}"
    whole, page = list[str](), shown(doors, pinned)
    while True:
        whole += re.findall(SHOWN[path], page)
        link = turn(page, "next")
        if link is None:
            break
        page = shown(doors, link)
    assert seen == whole
    back = turn(walked[1], "prev")
    assert back is not None
    again = shown(doors, back)
    assert re.findall(SHOWN[path], again) == re.findall(SHOWN[path], first)
    for name, value in parse_qsl(urlsplit(asked).query):
        if name != "purpose" or not asked.startswith("/cases"):
            field = rf'name="{name}"[^>]* value="{value}"|<option value="{value}" selected>'
            assert re.search(field, walked[-1]), name


@pytest.mark.usefixtures("short")
def test_a_link_to_an_entry_leads_to_the_page_that_has_it(doors: Doors) -> None:
    """Findings, corrections and what is left out point at entries, on whichever page they are."""
    case, person = a_growing_case(doors)
    wrong = {"target": 2, "reason": "wrong_date", "withdrawn": True}
    path = f"/v1/cases/{case}/correct-record"
    assert doors.post(path, {"command": wrong}, version=5).status_code == 201
    led = set[str]()
    asked = (f"/cases/{case}?on=2028-01-01", f"/cases/{case}?as_of=2028-01-01&on=2028-01-02")
    for one in (*asked, f"/persons/{person}?on=2028-01-01"):
        here: str | None = one
        while here is not None:
            page = shown(doors, here)
            for link in re.findall(r'href="([^"]*#entry-\d+)"', page):
                there, _, entry = html.unescape(link).partition("#")
                target = shown(doors, there) if there else page
                assert f'id="{entry}"' in target, (here, link)
                led.add(there.partition("?")[0])
            here = turn(page, "next")
    assert led == {"", f"/cases/{case}", f"/persons/{person}"}


@pytest.mark.usefixtures("short")
def test_a_page_that_is_turned_names_the_cases_on_it(doors: Doors) -> None:
    """Each page of a list for people leaves the trace of the cases it shows, and of no other."""
    for _ in range(3):
        a_growing_case(doors)
    for path in ("/", "/reviews", "/reviews?as_of=2028-01-01"):
        here: str | None = path
        while here is not None:
            page = shown(doors, here)
            cases = {UUID(one) for one in re.findall(SHOWN["/"], page)}
            assert set(doors.readings()[-1].cases) == cases
            here = turn(page, "next")


def test_a_page_turned_by_a_cursor_of_another_says_so(shared: Doors) -> None:
    """A cursor that no page of this question gave is a page that says what to do."""
    case, person = a_growing_case(shared)
    cursor = told(shared, f"/v1/cases/{case}/timeline", limit=1)["next"]
    for path in ("/", "/reviews", "/findings", f"/cases/{case}", f"/persons/{person}"):
        for one in (cursor, "made-up"):
            answer = shared.client.get(f"{path}?cursor={one}")
            assert answer.status_code == 422, path
            assert "Page: This is no cursor that a page of this question gave" in answer.text
