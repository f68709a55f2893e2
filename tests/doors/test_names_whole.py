"""A name stands whole in a list, however large its letters: it is broken where no line holds it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.doors.conftest import Doors
from tests.doors.test_accessible import OVERFLOWING, TWICE

pytestmark = pytest.mark.page
FAMILY = "Lanternbury"
# Over how many lines each name is set that a line has the room for.
LINES = """name => {
  const seen = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.data.indexOf(name);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walk.currentNode, at);
    range.setEnd(walk.currentNode, at + name.length);
    seen.push(new Set([...range.getClientRects()].map(one => Math.round(one.top))).size);
  }
  return seen;
}"""


@pytest.mark.parametrize("width", [1280, 1100, 800, 640, 320])
@pytest.mark.parametrize("style", [None, TWICE], ids=["once", "twice"])
def test_a_name_in_a_list_is_not_broken(
    shared: Doors, browser: Browser, address: str, width: int, style: str | None
) -> None:
    """In the findings and the cases, at every width and twice as large (1.4.4, 1.4.10)."""
    if not shared.get("/findings?show=all").text.count(FAMILY):
        shared.case(shared.person(name=f"Ebba {FAMILY}"))
        shared.catch_up()
    context = browser.new_context(
        viewport={"width": width, "height": 900}, bypass_csp=style is not None
    )
    page: Any = context.new_page()
    for path in ("/findings?show=all&on=2028-01-01", "/"):
        page.goto(address + path)
        if style is not None:
            page.add_style_tag(content=style)
        lines = page.evaluate(f"({LINES})({json.dumps(FAMILY)})")
        assert lines, path
        assert set(lines) == {1}, (path, lines)
        assert page.evaluate(OVERFLOWING) == [], path
    context.close()
