from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from api.forms import labels
from api.pages import words
from api.problems import KINDS
from domain import when
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from tests.doors.conftest import Doors

VOID = {"meta", "link", "input", "br", "hr", "img"}


@dataclass(slots=True)
class Element:
    """An element of a page: what it is, what it says."""

    tag: str
    attributes: dict[str, str | None]
    text: str = ""
    inside: list[str] = field(default_factory=list)


class Outline(HTMLParser):
    """A page's elements in order; a tag left open or closed twice fails the test."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        element = Element(tag, dict(attrs), inside=[one.tag for one in self._open])
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close it; it must be the last opened."""
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        """Keep its text."""
        for one in self._open:
            one.text += data

    def all(self, tag: str) -> list[Element]:
        """Give every element of a tag."""
        return [one for one in self.elements if one.tag == tag]


def a_case(doors: Doors, **more: Any) -> str:  # noqa: ANN401 — any JSON
    """Record a case with an uncertain date, another agency's entry and a correction."""
    case = doors.case(doors.person(name="Ann <b>Example</b>"), **more)
    here = f"/v1/cases/{case}"
    for version, (path, body) in enumerate(
        (
            (
                "record-chronology-entry",
                {"occurred": "2026-05?", "command": {"agency": "police", "text": "A <i>call</i>."}},
            ),
            ("open-enquiry", {"command": {"kind": "section_42", "opened_on": "2026-11-03"}}),
            (
                "correct-record",
                {"command": {"target": 2, "reason": "wrong_date", "occurred": "2026-04"}},
            ),
        ),
        start=1,
    ):
        answer = doors.post(f"{here}/{path}", body, version=version)
        assert answer.status_code == 201, answer.text
    doors.catch_up()
    return case


def pages(doors: Doors) -> dict[str, str]:
    """Give every page there is, by its address."""
    case, person = a_case(doors), doors.person(name="Ann Example")
    doors.catch_up()  # or every list would be waited for
    found = {}
    for path in (
        "/",
        f"/cases/{case}",
        f"/persons/{person}",
        "/reviews",
        "/findings?show=all",
        "/?as_at=2026-02-30",
        "/cases/nowhere",
        "/?team=nobodys",
        "/problems/if-match",
    ):
        answer = doors.client.get(path)
        assert answer.headers["content-type"].startswith("text/html")
        found[path] = answer.text
    return found


def test_every_page_can_be_found_ones_way_about(shared: Doors) -> None:
    """Landmarks, one first heading, no heading skipped, a skip link first, a language, a title."""
    for path, page in pages(shared).items():
        outline = Outline(page)
        assert outline.all("html")[0].attributes["lang"] == "en-GB", path
        assert len(outline.all("main")) == len(outline.all("header")) == 1
        assert len(outline.all("footer")) == 1
        levels = [int(one.tag[1]) for one in outline.elements if re.fullmatch("h[1-6]", one.tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        first = outline.all("a")[0]
        assert first.attributes["href"] == "#main"
        assert outline.all("main")[0].attributes["id"] == "main"
        assert outline.all("title")[0].text.strip()
        ids = [one.attributes["id"] for one in outline.elements if "id" in one.attributes]
        assert len(ids) == len(set(ids))


def test_every_table_and_field_says_what_it_is(shared: Doors) -> None:
    """Tables have captions and scopes, fields have labels, hints are tied to their fields."""
    for page in pages(shared).values():
        outline = Outline(page)
        assert len(outline.all("caption")) == len(outline.all("table"))
        assert all(one.attributes.get("scope") in {"col", "row"} for one in outline.all("th"))
        labelled = {one.attributes.get("for") for one in outline.all("label")}
        for one in [*outline.all("input"), *outline.all("select")]:
            assert one.attributes["id"] in labelled
        assert all(one.text.strip() for one in outline.all("a"))
        assert all(one.attributes.get("aria-label") for one in outline.all("nav"))


def test_no_page_runs_anything(shared: Doors) -> None:
    """No script, no inline style, no event attribute, nothing from elsewhere; a policy says so."""
    for path, page in pages(shared).items():
        outline = Outline(page)
        assert not outline.all("script")
        assert not outline.all("style")
        for one in outline.elements:
            assert not {name for name in one.attributes if name.startswith("on") or name == "style"}
            for name in ("href", "src", "action"):
                assert (one.attributes.get(name) or "/").startswith(("/", "#")), path
        policy = shared.client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert shared.client.get(path).headers["cache-control"] == "no-store"


def test_the_type_of_a_problem_leads_to_what_it_means(shared: Doors) -> None:
    """Every kind has its page, with what to do; an unknown kind is not repeated."""
    for kind, one in KINDS.items():
        answer = shared.client.get(f"/problems/{kind}")
        assert answer.status_code == 200
        assert one.title in html.unescape(answer.text)
        assert one.remedy in html.unescape(answer.text)
    unknown = shared.client.get("/problems/private-words")
    assert unknown.status_code == 404
    assert "private-words" not in unknown.text


def test_what_was_recorded_is_shown_as_text(shared: Doors) -> None:
    """Whatever a record holds is text on a page, never markup."""
    page = shared.get(f"/cases/{a_case(shared)}").text
    assert "Ann &lt;b&gt;Example&lt;/b&gt;" in page
    assert "A &lt;i&gt;call&lt;/i&gt;." in page


def test_the_page_of_a_case_says_when_it_was_known_and_what_is_not(shared: Doors) -> None:
    """Uncertain times begin with ?, nothing has a false midnight, corrections are told."""
    page = shared.get(f"/cases/{a_case(shared)}").text
    assert "April 2026, first recorded as ? May 2026" in page
    assert "00:00" not in page
    assert "Corrected since" in page
    assert "Neglect" in page  # a label of the nation, not a code
    case = a_case(shared)
    assert shared.get(f"/cases/{case}?as_at=2020-01-01").status_code == 404


def test_the_filters_of_the_caseload_choose(doors: Doors) -> None:
    """Team and worker choose among the cases; as known on a day before, there were none."""
    case, other = doors.case(), doors.case()
    team = {"command": {"worker": "00000000-0000-4000-8000-000000000001", "team": "north"}}
    assert doors.post(f"/v1/cases/{case}/allocate-case", team, version=1).status_code == 201
    whole = doors.get("/").text
    assert f"/cases/{case}" in whole
    assert f"/cases/{other}" in whole
    north = doors.get("/?team=north").text
    assert f"/cases/{case}" in north
    assert f"/cases/{other}" not in north
    before = doors.get("/?as_at=2020-01-01").text
    assert f"/cases/{case}" not in before
    assert "at the end of 1 January 2020" in before


def test_an_uncertain_referral_is_shown_as_uncertain(doors: Doors) -> None:
    """No page and no summary gives a day to a referral that has none."""
    case = doors.case(received="20XX")
    for path in ("/", f"/cases/{case}"):
        stands, _, _ = doors.get(path).text.partition('<h2 id="findings">')
        assert "? 20XX" in stands
        assert "1 January 2000" not in stands
    summary = doors.get(f"/v1/cases/{case}").json()
    assert summary["received_on"] is None
    assert summary["received"]["edtf"] == "20XX"
    assert summary["received"]["uncertain"] is True


def test_a_page_of_the_past_shows_the_name_known_then(doors: Doors) -> None:
    """Under as_at a person is called as they were known there, not as they are called now."""
    person = doors.person(name="Ann Before")
    case = doors.case(person)
    at = doors.office.record.log.tail()
    changed = {"command": {"details": {"name": "Ann After"}}}
    answer = doors.post(f"/v1/persons/{person}/record-person-details", changed, version=1)
    assert answer.status_code == 201, answer.text
    for path in ("/", f"/cases/{case}"):
        now, then = doors.get(path).text, doors.get(f"{path}?as_at={at}").text
        assert "Ann After" in now
        assert "Ann Before" not in now
        assert "Ann Before" in then
        assert "Ann After" not in then


@pytest.mark.parametrize(
    ("edtf", "said"),
    [
        ("2026-11-02", "2 November 2026"),
        ("2026-11", "? November 2026"),
        ("2026", "? 2026"),
        ("2026-11-02?", "? 2 November 2026"),
        ("2026~", "? about 2026"),
        ("unknown", "? not known"),
        ("2026-01-01/2026-02", "? 1 January 2026 to February 2026"),
        ("/2026-02-03", "? by 3 February 2026"),
        ("../2026-02-03", "? always up to 3 February 2026"),
        ("2026-02-03/", "? from 3 February 2026"),
        ("2026-02-03/..", "? from 3 February 2026 on, with no end"),
        ("2026-07-02T13:30:00Z", "2 July 2026, 14:30"),
        ("201X", "? 201X"),
    ],
)
def test_a_time_is_said_no_more_precisely_than_it_is_known(edtf: str, said: str) -> None:
    """Each kind of time reads as what it is."""
    assert words.time(when.read(edtf)) == said


def test_words_of_the_nation_stand_in_titles() -> None:
    """Abbreviations of ours are written out as the nation writes them."""
    assert labels.title("pach-identified", ENGLAND).startswith("Person alleged")
    assert labels.title("section42-duty-decided", ENGLAND) == "Section 42 duty decided"
    assert labels.title("open-enquiry", ENGLAND) == "Open the safeguarding enquiry"
    assert labels.title("open-enquiry", SCOTLAND) == "Open the inquiry"
    assert labels.title("enquiry-concluded", SCOTLAND) == "Inquiry concluded"
    assert words.day(date(2026, 11, 2)) == "2 November 2026"


# ----------------------------------------------------------------------------- in a real browser


@pytest.fixture
def look(browser: Browser) -> Iterator[Callable[[str, int], Page]]:
    """Open an address at a width, without scripts, as some people read."""
    opened: list[Page] = []

    def at(url: str, width: int) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 700}, java_script_enabled=False
        )
        page = context.new_page()
        page.goto(url)
        opened.append(page)
        return page

    yield at
    for page in opened:
        page.context.close()


@pytest.mark.page
@pytest.mark.long  # tests/doors/test_accessible.py asks it of more pages
def test_pages_fit_a_narrow_screen(
    shared: Doors, address: str, look: Callable[[str, int], Page]
) -> None:
    """At 320 pixels nothing scrolls sideways (WCAG 2.2, 1.4.10)."""
    case = a_case(shared, account="Longwordwithoutanyspaces" * 20)
    lists = ("/", "/reviews", "/findings?show=all")
    for path in (*lists, f"/cases/{case}?show=all", "/cases/nowhere"):
        page = look(address + path, 320)
        for element in page.locator("main, header, table, form, li, dd").all():
            box = element.bounding_box()
            assert box is None or box["x"] + box["width"] <= 320.5, path


@pytest.mark.page
def test_the_keyboard_reaches_everything_in_order(
    shared: Doors, address: str, look: Callable[[str, int], Page]
) -> None:
    """Tab goes first to the skip link, then down the page; what has the focus is outlined."""
    a_case(shared)
    page = look(f"{address}/", 1280)
    main = (
        "Cases",
        "Reviews",
        "Findings",
        "Returns",
        "Retention",
        "Audit",
        "Record",
    )
    for expected in ("Skip to the main content", "Holdfast", *main, "Your drafts"):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.inner_text().strip() == expected
    page.keyboard.press("Tab")
    assert page.locator("#team:focus").count() == 1
    assert page.locator("#team:focus-visible").count() == 1


@pytest.mark.page
def test_a_case_is_found_by_the_keyboard_alone(
    shared: Doors, address: str, look: Callable[[str, int], Page]
) -> None:
    """A link of the caseload opens its case, whose form asks for it as known on a day."""
    case = a_case(shared)
    page = look(f"{address}/", 1280)
    page.locator(f'a[href="/cases/{case}"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case}")
    assert page.locator("h1").inner_text() == "Ann <b>Example</b>"
    page.locator("#as_at").fill("2020-01-01")
    page.locator("form button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**as_at=2020-01-01**")
    assert page.locator("h1").inner_text() == "There is nothing there"


def test_a_restricted_case_says_for_which_purposes_it_opens(shared: Doors) -> None:
    """The page offers the purposes that reach through, in words, and no other (L7)."""
    case = shared.case()
    path = f"/v1/cases/{case}/restrict-processing"
    assert (
        shared.post(path, {"command": {"ground": "accuracy_contested"}}, version=1).status_code
        == 201
    )
    page = shared.client.get(f"/cases/{case}")
    assert page.status_code == 403
    offered = re.findall(r'<option value="([a-z_]+)">', page.text)
    assert set(offered) == {"consent", "legal_claim", "protecting_others", "public_interest"}
    assert "Holdfast-Purpose" not in page.text
    assert shared.client.get(f"/cases/{case}?purpose={offered[0]}").status_code == 200


def test_a_case_says_who_leads_it_and_what_stands_in_its_way(shared: Doors) -> None:
    """Transferred, it names the authority that leads and who counts it; so is a hold."""
    case = shared.case()
    sent = {"command": {"authority": "north-shire", "reason": "abuse_occurred_there"}}
    before = shared.client.get(f"/v1/cases/{case}").json()
    assert (before["led_by"], before["counted_by"]) == (None, None)
    assert shared.post(f"/v1/cases/{case}/transfer-case", sent, version=1).status_code == 201
    hold = {"command": {"reason": "coroner"}}
    assert shared.post(f"/v1/cases/{case}/place-legal-hold", hold, version=2).status_code == 201
    found = shared.client.get(f"/v1/cases/{case}").json()
    assert (found["led_by"], found["counted_by"]) == ("north-shire", "receiving")
    page = shared.get(f"/cases/{case}").text
    assert "north-shire; who counts it: Another authority" in page
    assert "Nothing in it may be destroyed" in page
