"""What happens to words in a real browser: back, twice, at the same time, too late, too much."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import api.guard
from api.identity import Development
from api.problems import Problem
from tests.doors.conftest import Doors
from tests.doors.test_forms import NEEDS, entries, names
from tests.doors.test_forms_in_browser import look, press  # noqa: F401 — a fixture of theirs
from tests.doors.test_pages import a_case

pytestmark = pytest.mark.page
Open = Callable[..., Page]
WORDS = "She said: “leave me be”.\n\nThen again."


def noted(page: Page, text: str = WORDS) -> None:
    """Fill in a note beside the first entry."""
    page.locator("#command-target-0").check()
    page.get_by_label("Supplementary statement").check()
    page.locator("#command-text").fill(text)


def test_going_away_and_back_loses_no_word(shared: Doors, look: Open) -> None:  # noqa: F811
    """A link pressed by mistake, and the Back button: every kind of field is as it was left."""
    case = a_case(shared)
    page = look(f"/cases/{case}/record/invite-participant")
    page.locator("#command-name").fill("Ann Example")
    page.locator("#command-reason").fill(WORDS)
    page.locator("#command-organisation").fill("Police")
    page.locator("#command-role").select_option("police")
    page.locator("#occurred-year").fill("2026")
    page.get_by_role("link", name="Cases", exact=True).click()
    page.wait_for_selector("h1:has-text('Cases')")
    page.go_back()
    expect(page.locator("#command-name")).to_have_value("Ann Example")
    expect(page.locator("#command-reason")).to_have_value(WORDS)
    expect(page.locator("#command-organisation")).to_have_value("Police")
    expect(page.locator("#command-role")).to_have_value("police")
    expect(page.locator("#occurred-year")).to_have_value("2026")


@pytest.mark.long  # two presses, below, come to the same page, and going back is above
def test_back_after_it_was_recorded_says_so(shared: Doors, look: Open) -> None:  # noqa: F811
    """The words are there again, and it is said that they are recorded, with where."""
    case = a_case(shared)
    page = look(f"/cases/{case}/record/annotate-entry")
    noted(page)
    press(page, "Record")
    page.wait_for_url("**?recorded=*")
    page.go_back()
    expect(page.locator("#command-text")).to_have_value(WORDS)
    said = page.locator('[role="status"]')
    expect(said).to_contain_text("You recorded this form a short while ago")
    said.get_by_role("link").click()
    page.wait_for_url("**?entry=*")
    assert names(shared, case).count("entry-annotated") == 1
    other = look(f"/cases/{case}/record/annotate-entry")  # another browser knows nothing of it
    assert other.locator('[role="status"]').count() == 0


def test_two_presses_record_once(shared: Doors, look: Open) -> None:  # noqa: F811
    """A double click on the button is one entry, and its page is shown."""
    case = a_case(shared)
    page = look(f"/cases/{case}/record/annotate-entry")
    noted(page)
    page.get_by_role("button", name="Record", exact=True).dblclick()
    # Looked at again and again: the second press gives up the way that the first had begun.
    expect(page).to_have_url(re.compile(r"\?recorded="))
    assert names(shared, case).count("entry-annotated") == 1


def test_somebody_recorded_first_and_words_and_file_are_there(shared: Doors, look: Open) -> None:  # noqa: F811
    """The other entry is shown, what was typed stays, and the file is not asked for again."""
    case = a_case(shared)
    page = look(f"/cases/{case}/record/receive-agency-report")
    page.locator("#command-agency").fill("Health Board")
    page.locator("#command-summary").fill(WORDS)
    file: Any = {"name": "Report.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 words"}
    page.locator("#command-file").set_input_files(file)
    path = f"/v1/cases/{case}/{NEEDS}"
    assert shared.post(path, {"command": {}}, version=4).status_code == 201
    press(page, "Record")
    page.wait_for_selector("#meanwhile:focus")
    assert page.locator("#command-summary").input_value() == WORDS
    expect(page.locator("#command-file-kept")).to_contain_text("Report.pdf")
    described = page.locator("#command-file").get_attribute("aria-describedby") or ""
    assert "command-file-kept" in described.split()
    press(page, "Record")
    page.wait_for_url("**?recorded=*")
    said = entries(shared, case)[-1]
    assert said["name"] == "agency-report-received"
    document = shared.get(f"/v1/cases/{case}/documents/{said['data']['document']}")
    assert document.content == b"%PDF-1.7 words"


def test_signed_out_meanwhile_and_nothing_is_lost(
    shared: Doors,
    look: Open,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The page says that nobody is identified, and sends the same words once somebody is."""
    case = a_case(shared)
    page = look(f"/cases/{case}/record/annotate-entry")
    noted(page)

    def fails(*_given: object, **_named: object) -> None:
        raise Problem("not-identified")

    with monkeypatch.context() as patched:
        patched.setattr(Development, "actor", fails)
        press(page, "Record")
        page.wait_for_selector("text=What you typed is not lost")
        assert page.title().startswith("Error: ")
        press(page, "Send it again")  # too soon: it is given back once more
        page.wait_for_selector("text=What you typed is not lost")
    press(page, "Send it again")
    page.wait_for_url("**?recorded=*")
    assert entries(shared, case)[-1]["data"]["text"]["text"] == WORDS


def test_too_much_is_answered_by_a_page_and_back_has_it_all(
    shared: Doors,
    look: Open,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is larger than can be kept is still in the browser, as the page says."""
    case = a_case(shared)
    page = look(f"/cases/{case}/record/annotate-entry")
    much = "Words. " * 5000
    noted(page, much)
    with monkeypatch.context() as patched:
        patched.setattr(api.guard, "MOST_OF_A_FORM", 10_000)
        press(page, "Record")
        page.wait_for_selector("h1:has-text('too large')")
    page.go_back()
    expect(page.locator("#command-text")).to_have_value(much)
    press(page, "Record")
    page.wait_for_url("**?recorded=*")
    assert entries(shared, case)[-1]["data"]["text"]["text"] == much


# ---------------------------------------------------------------------- what is wrong, and where

# A form, what is typed into it by the id of its field, and how many lines of mistakes it makes.
MISTAKES: list[tuple[str, dict[str, str], int]] = [
    ("annotate-entry", {}, 3),  # one of a list, one of radio buttons, a text: all missing
    ("receive-agency-report", {"command-agency": "Dr. Ann Example 0123456789"}, 1),
    (
        "grant-access-exception",
        {"command-worker-other": "somebody", "command-last_day-day": "7"},
        2,
    ),
    ("allocate-case", {"command-team": "North/team", "command-cover_until-month": "13"}, 3),
    ("write-minute-passage", {"command-number": "one", "command-conference": "first"}, 3),
    ("plan-conference-part", {"command-planned_start-text": "soon", "occurred-year": "26"}, 5),
    ("make-disclosure", {"command-manifest-0-entry-other": "x", "source_recorded-day": "1"}, 5),
    ("agree-plan", {"command-version": "-1", "command-terms-actions-0-due-day": "31"}, 4),
    ("correct-record", {"command-occurred-year": "2026", "command-occurred-text": "2025"}, 3),
]
TOLD = """() => [...document.querySelectorAll('#problems a')].map(link => {
  link.click();
  const field = document.querySelector(link.hash), group = field.closest('fieldset');
  const told = [field, ...(group ? [group] : [])]
    .flatMap(one => (one.getAttribute('aria-describedby') || '').split(' ').filter(Boolean))
    .map(id => document.getElementById(id)).filter(one => one && one.className === 'error');
  return {
    link: link.textContent,
    focused: document.activeElement === field || field.contains(document.activeElement),
    seen: field.checkVisibility(),
    told: told.map(one => one.textContent.replace('Error:', '').trim()),
  };
})"""


# Each is some seconds of a browser: these have every kind of field, the others run before an issue
# closes.
AT_ONCE = {"annotate-entry", "allocate-case", "make-disclosure", "agree-plan"}


@pytest.mark.parametrize(
    ("name", "typed", "count"),
    [pytest.param(*one, marks=() if one[0] in AT_ONCE else pytest.mark.long) for one in MISTAKES],
    ids=lambda one: str(one)[:30],
)
def test_each_mistake_is_said_above_and_at_its_field(
    shared: Doors,
    look: Open,  # noqa: F811
    name: str,
    typed: dict[str, str],
    count: int,
) -> None:
    """Each line of the summary moves the focus to a field that is in sight and told by it."""
    case = a_case(shared)
    page = look(f"/cases/{case}/record/{name}", scripts=True)
    page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
    for field, value in typed.items():
        page.locator(f"#{field}").fill(value)
    press(page, "Record")
    page.wait_for_selector("#problems:focus")
    assert page.title().startswith("Error: ")
    found = page.evaluate(TOLD)
    assert len(found) == page.locator("#problems li").count() == count, found
    for one in found:
        assert one["focused"], one
        assert one["seen"], one
        assert any(one["link"].endswith(told) for told in one["told"]), one
    for field, value in typed.items():
        assert page.locator(f"#{field}").input_value() == value
