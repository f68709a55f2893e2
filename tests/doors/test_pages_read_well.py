"""What only a look at a page tells: a day in words, room for a head, labels on one line."""

from __future__ import annotations

import re
from math import isclose

from playwright.sync_api import Browser

from api.audited import decision_rests_on
from api.minutes.page import Table
from tests.doors.browsing import address, browser  # noqa: F401 — fixtures
from tests.doors.conftest import Doors
from tests.doors.test_replay import a_case


def test_the_register_of_decisions_says_days_in_words(shared: Doors) -> None:
    """The heading of a decision has the day as every other page has it."""
    a_case(shared)
    said = shared.get("/audit/decisions", Holdfast_Role="manager").text
    heads = re.findall(r"<h2[^>]*>([^<]*)</h2>", said)
    assert heads
    for head in heads:
        assert re.match(r"\d{1,2} [A-Z][a-z]+ \d{4}: ", head), head


def test_one_entry_is_not_several() -> None:
    """A decision that came second rests on one entry."""
    assert decision_rests_on({"all": True, "upto": 30, "entries": 1}) == (
        "the one entry of the case to position 30"
    )
    assert decision_rests_on({"all": True, "upto": None, "entries": 2}) == (
        "all 2 entries of the case"
    )


def test_a_head_has_room_for_its_bold_letters() -> None:
    """A head of ten bold letters gets more room than ten plain ones below another head."""
    table = Table(heads=("Attendance", "It"), rows=(("Here", "attendance"),))
    first, second = table.shares
    assert first > second
    assert isclose(first + second, 1)


def test_labels_of_one_row_stand_on_one_line(browser: Browser, address: str) -> None:  # noqa: F811
    """What is said below one field does not lift it above its neighbours."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/findings")
    tops = page.eval_on_selector_all(
        ".filters label", "all => all.slice(0, 3).map(one => one.getBoundingClientRect().top)"
    )
    assert len({*tops}) == 1, tops
    page.close()
