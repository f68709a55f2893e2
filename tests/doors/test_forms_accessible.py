"""Every form of both nations, in a case that holds something: by axe, and in a narrow window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from api.routes.commands import BEGINNING
from domain.authority import may
from domain.catalogue import AUTHORITY, CASE, COMMANDS
from domain.jurisdictions import Jurisdiction
from tests.conftest import Database
from tests.doors import case_in_england, case_in_scotland
from tests.doors.conftest import Doors, opened_doors
from tests.doors.scripted import an_office
from tests.doors.test_accessible import NARROW, OVERFLOWING, TWICE, WIDE
from tests.doors.test_forms_in_browser import broken

pytestmark = [pytest.mark.page, pytest.mark.long]
A_PAGE_MS = 300_000  # whatever else the machine does: slow is not what is looked for here
NATIONS = [("england", case_in_england.RECEIVED), ("scotland", case_in_scotland.FIRST)]


@pytest.fixture(params=NATIONS, ids=lambda one: one[0])
def served(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[Doors, str, str, str]]:
    """Give an office of a nation that really listens, its address, a case and its adult."""
    nation, first = request.param
    with an_office(database, tmp_path, nation, first) as office, opened_doors(office) as doors:
        met = (case_in_england if nation == "england" else case_in_scotland).met(doors)
        config = uvicorn.Config(doors.client.app, host="127.0.0.1", port=0, log_config=None)
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            thread.join(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        adult = office.handler.case(UUID(met.case))[0].adult
        yield doors, f"http://127.0.0.1:{port}", met.case, str(adult)
        server.should_exit = True
        thread.join(10)


def forms(nation: Jurisdiction, case: str, adult: str) -> Iterator[tuple[str, str]]:
    """Give the address of every form that a nation has, and a role that may fill it in."""
    for name, kind in COMMANDS.items():
        if kind.stream == AUTHORITY or not nation.has(name):
            continue
        at = (
            ""
            if name in BEGINNING
            else f"/cases/{case}"
            if kind.stream == CASE
            else f"/persons/{adult}"
        )
        role = next(
            one
            for one in ("manager", "chair", "minute_taker", "administrator", "integration")
            if may(one, name)
        )
        yield f"{at}/record/{name}", role


def opened(browser: Browser, width: int, role: str) -> Page:
    """Open a window of somebody in a role."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        extra_http_headers={"Holdfast-Role": role},
        bypass_csp=True,
    )
    context.set_default_timeout(A_PAGE_MS)
    return context.new_page()


def test_every_form_of_both_nations_breaks_no_rule(
    served: tuple[Doors, str, str, str], browser: Browser
) -> None:
    """Axe finds nothing with all opened that can be, and nothing lies outside a narrow window.

    Then with letters twice as large.
    """
    doors, address, case, adult = served
    windows: dict[str, Page] = {}
    found: list[tuple[str, object]] = []
    count = 0
    for path, role in forms(doors.office.jurisdiction, case, adult):
        if role not in windows:
            windows[role] = opened(browser, NARROW, role)
        page = windows[role]
        page.goto(address + path)
        page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
        found += [(path, one) for one in broken(page)]
        found += [(path, one) for one in page.evaluate(OVERFLOWING)]
        page.set_viewport_size({"width": WIDE // 2, "height": 900})
        page.add_style_tag(content=TWICE)
        found += [(f"{path}, twice as large", one) for one in page.evaluate(OVERFLOWING)]
        page.set_viewport_size({"width": NARROW, "height": 900})
        count += 1
    for page in windows.values():
        page.context.close()
    assert count > 200
    assert found == []
