"""Forms in a real browser, by the keys alone and without scripts, read by axe as they go wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from tests.doors.conftest import Doors
from tests.doors.test_accessible import ASKED, NARROW, OVERFLOWING, WIDE
from tests.doors.test_pages import a_case

pytestmark = pytest.mark.page
Open = Callable[..., Page]


@pytest.fixture
def look(browser: Browser, address: str) -> Iterator[Open]:
    """Open a path; with scripts for axe alone, since the pages have none."""
    opened: list[Page] = []

    def at(path: str, width: int = WIDE, *, scripts: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        page = context.new_page()
        page.goto(address + path)
        opened.append(page)
        return page

    yield at
    for page in opened:
        page.context.close()


def press(page: Page, name: str) -> None:
    """Press a button by its keys."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def tab_to(page: Page, selector: str, most: int = 200) -> None:
    """Press Tab until something has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(selector)


def broken(page: Page) -> list[object]:
    """Give what axe finds wrong with a page."""
    page.evaluate(AXE_SCRIPT)
    asked = {**ASKED, "resultTypes": ["violations"]}  # of what is right no list is made
    found = page.evaluate(f"() => axe.run({json.dumps(asked)})")
    return [
        (one["id"], node["target"], node["failureSummary"])
        for one in found["violations"]
        for node in one["nodes"]
    ]


def test_something_is_recorded_by_the_keys_alone(shared: Doors, look: Open) -> None:
    """From the case to the list, the form, its mistakes, and back: Tab, arrows, Space and Enter."""
    case = a_case(shared)
    page = look(f"/cases/{case}")
    tab_to(page, f'a[href="/cases/{case}/record"]')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case}/record")
    tab_to(page, f'a[href="/cases/{case}/record/count-concern"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/record/count-concern")

    tab_to(page, 'button[value="record"]')
    page.keyboard.press("Enter")
    page.wait_for_selector("#problems:focus")  # the summary has the focus, once it is drawn
    assert page.title().startswith("Error: ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#command-counted-0:focus")  # its link leads to the field
    page.keyboard.press("Space")
    tab_to(page, "#command-rule-0")
    page.keyboard.press("Space")
    tab_to(page, 'button[value="record"]')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case}?recorded=*")
    assert "Recorded." in page.locator('[role="status"]').inner_text()


def test_enter_in_a_field_records_nothing(shared: Doors, look: Open) -> None:
    """What can never be taken back wants a button: Enter in a field keeps what was typed."""
    case = a_case(shared)
    page = look(f"/cases/{case}/record/allocate-case")
    page.locator("#command-team").fill("north-team")
    page.keyboard.press("Enter")
    page.wait_for_selector('[role="status"]')
    assert "kept as a draft" in page.locator('[role="status"]').inner_text()
    assert page.locator("#command-team").input_value() == "north-team"
    assert shared.office.handler.case(UUID(case))[0].version == 4


def test_another_row_has_the_focus(shared: Doors, look: Open) -> None:
    """Add another: the page comes back at the new row, and what stood before is there."""
    a_case(shared)
    page = look("/record/receive-referral")
    page.locator("#command-referrer_organisation").fill("police")
    press(page, "Add another of What is alleged")
    # A browser gives the focus as it draws the page, and not as it reads it.
    page.wait_for_selector("#command-allegations-1 :focus")
    assert page.locator("#command-referrer_organisation").input_value() == "police"
    press(page, "Remove What is alleged, number 2")
    page.wait_for_selector("#command-allegations-0")
    assert page.locator("#command-allegations-1").count() == 0


def test_a_browser_sends_what_tells_the_form_is_ours(shared: Doors, look: Open) -> None:
    """A browser that says where a form came from is believed; a page elsewhere is not."""
    case = a_case(shared)
    page = look(f"/cases/{case}/record/record-communication-needs")
    sent: list[dict[str, str]] = []
    page.on("request", lambda one: sent.append(one.all_headers()) if one.method == "POST" else None)
    press(page, "Record")
    press(page, "Record it all the same")
    page.wait_for_url(f"**/cases/{case}?recorded=*")
    assert {one["origin"] == "null" for one in sent} == {False}
    forged = (
        f'<form method="post" action="{page.url.partition("/cases")[0]}/cases/{case}'
        '/record/record-communication-needs"><button>Go</button></form>'
    )
    page.goto("about:blank")
    page.set_content(forged)
    press(page, "Go")
    page.wait_for_selector("h1")
    assert page.locator("h1").inner_text() == "This form was not sent from a page of this record"


@pytest.mark.long
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_pages_of_mistakes_break_no_rule_either(shared: Doors, look: Open, width: int) -> None:
    """What is wrong, who recorded first, what is given back: as accessible as the empty form."""
    case = a_case(shared)
    page = look(f"/cases/{case}/record/agree-plan", width, scripts=True)
    for summary in page.locator("summary").all():
        summary.click()  # all that can be opened
    assert broken(page) == []
    assert page.evaluate(OVERFLOWING) == []
    page.locator("#occurred-year").fill("26")
    page.locator("#command-terms-actions-0-due-day").fill("2")
    path = f"/v1/cases/{case}/record-communication-needs"
    assert shared.post(path, {"command": {}}, version=4).status_code == 201
    press(page, "Record")
    page.wait_for_selector("#problems")
    assert broken(page) == []
    assert page.evaluate(OVERFLOWING) == []
    assert page.locator("#meanwhile").count() == 1
    page.locator("#occurred-year").fill("")
    press(page, "Save and come back later")
    page.wait_for_url("**/drafts?saved=yes")
    assert broken(page) == []
    assert page.evaluate(OVERFLOWING) == []
