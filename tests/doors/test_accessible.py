"""WCAG 2.2 at level AA, as far as a machine can tell: in chromium, on every page there is."""

from __future__ import annotations

import html
import importlib
import json
import pkgutil
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

import api.pages
from tests.doors.conftest import Doors
from tests.doors.filling import get_form, send
from tests.doors.test_pages import a_case

pytestmark = pytest.mark.page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
ASKED = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},  # 2.5.8; off unless asked for
}
WIDE, NARROW = 1280, 320
# 1.4.12, the spacing a reader may set
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
    " word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"
)
TWICE = "html { font-size: 200% !important; }"  # 1.4.4
OVERFLOWING = """() => {
  const wide = document.documentElement.clientWidth;
  const seen = [];
  if (document.documentElement.scrollWidth > wide) seen.push('the page');
  for (const one of document.querySelectorAll('body *')) {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (!box.width || style.clipPath !== 'none') continue;
    const head = one.closest('thead');
    if (head && getComputedStyle(head).clipPath !== 'none') continue;  // for screen readers alone
    if (box.right > wide + 0.5) seen.push(one.outerHTML.slice(0, 80));
    const hides = style.overflowX !== 'visible' || style.overflowY !== 'visible';
    if (hides && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1))
      seen.push('cut off: ' + one.outerHTML.slice(0, 80));
  }
  return seen;
}"""
# Of radio buttons Tab meets the one that is chosen, or the first; arrows lead to the others.
STOPS = """() => { const first = one => {
  const alike = each => each.type === 'radio' && each.name === one.name;
  const all = [...one.form.elements].filter(alike);
  return all.find(each => each.checked) || all[0];
}; return [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(one => !one.disabled && one.checkVisibility() && one.getClientRects().length)
  .filter(one => one.type !== 'radio' || one === first(one))
  .map((one, number) => { one.dataset.stop = number; return number; }); }"""
FOCUSED = """() => {
  const one = document.activeElement, box = one.getClientRects()[0];  // a link may fill two lines
  const style = getComputedStyle(one);
  const at = [box.x + box.width / 2, box.y + box.height / 2];
  const top = document.elementFromPoint(...at);
  return {
    stop: one.dataset.stop === undefined ? null : Number(one.dataset.stop),
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    // A page is scrolled by whole pixels.
    seen: box.top >= 0 && box.bottom < innerHeight + 1 && one.contains(top),
  };
}"""


@pytest.fixture(scope="module")
def paths(shared: Doors) -> Iterator[tuple[str, ...]]:
    """Give the address of every page, and of what each says when something is wrong or missing."""
    case = a_case(shared, account="Longwordwithoutanyspaces" * 20)
    north = {"command": {"worker": "00000000-0000-4000-8000-000000000001", "team": "north"}}
    here = f"/v1/cases/{case}/allocate-case"
    assert shared.post(here, north, version=4).status_code == 201
    restricted = shared.case()
    shared.linked(case, restricted)  # an enquiry is called by any reference
    ground = {"command": {"ground": "accuracy_contested"}}
    there = f"/v1/cases/{restricted}/restrict-processing"
    assert shared.post(there, ground, version=1).status_code == 201
    shared.catch_up()
    with pytest.MonkeyPatch.context() as patched:
        # Short, so that there are pages to turn.
        rows = {"caseload": 1, "reviews": 1, "findings": 2, "case": 3, "person": 2}
        for name, count in rows.items():
            patched.setattr(f"api.pages.{name}.A_PAGE", count)
        found = _paths(shared, case, restricted)
        shared.catch_up()  # or every list would be waited for
        yield found


def _paths(shared: Doors, case: str, restricted: str) -> tuple[str, ...]:
    person = a_person(shared)
    return (
        *("/", "/?team=nobodys", "/?as_at=2020-01-01", "/?as_at=2026-02-30", "/?cursor=none"),
        *(f"/cases/{case}", f"/cases/{case}?as_of=2026-06-01", "/cases/nowhere"),
        *("/findings", "/findings?show=all&on=2028-01-01", "/findings?severity=grave"),
        f"/cases/{case}?show=all&on=2028-01-01",
        *("/reviews", "/reviews?as_of=2026-11-20&on=2028-01-01", "/reviews?overdue=true"),
        *("/returns", "/returns/2026/report", "/returns/2001/report"),
        *("/retention", "/retention?stands=due&on=2040-01-01", "/retention?stands=nothing"),
        *("/large-scale-enquiries", f"/large-scale-enquiries/{restricted}"),
        *(f"/cases/{restricted}", f"/cases/{case}/conferences/nothing/minutes"),
        *(f"/persons/{person}", "/persons/nobody"),
        *(next_page(shared, one) for one in ("/", f"/cases/{case}", f"/persons/{person}")),
        *("/problems/if-match", "/problems/nothing"),
        *audit_paths(shared, case),
        *recording_paths(shared, case, person),
    )


def audit_paths(doors: Doors, case: str) -> tuple[str, ...]:
    """Give the addresses of what auditors ask, with something in each, and of what is wrong."""
    correlation = doors.get("/v1/events?limit=1").json()["events"][0]["correlation"]
    return (
        *("/audit", "/audit/decisions", "/audit/decisions?from=2026-02-30"),
        *("/audit/sample?seed=7&size=5", "/audit/sample?seed=none&size=5"),
        *(f"/audit/trace?correlation={correlation}", "/audit/trace?correlation=nothing"),
        f"/cases/{case}/replay",
    )


def recording_paths(doors: Doors, case: str, person: str) -> tuple[str, ...]:
    """Give the addresses of what may be recorded, of some forms, and of a draft."""
    form = get_form(doors, f"/cases/{case}/record/annotate-entry")
    assert send(doors, form, "save", form.pairs(command__text="Words.")).status_code == 303
    return (
        *("/record", "/record/register-person", "/record/nothing"),
        *(f"/cases/{case}/record", f"/cases/{case}/record/allocate-case"),
        *(f"/persons/{person}/record", f"/persons/{person}/record/record-death"),
        *("/drafts", f"/drafts/{form.hidden('key')}"),
    )


def next_page(doors: Doors, path: str) -> str:
    """Give the address of the page after a page."""
    found = re.search(r'<a href="([^"]*)" rel="next">', doors.client.get(path).text)
    assert found is not None, path
    return html.unescape(found[1]).partition("#")[0]  # from the top, as a reader may go


def a_person(doors: Doors) -> str:
    """Give somebody said twice to have died, and one of the deaths corrected."""
    person = doors.person(name="Ann Example", address="Longwordwithoutanyspaces" * 20)
    died = {"died": "2026-01?"}
    wrong = {"target": 2, "reason": "wrong_date", "occurred": "2026-02"}
    asked = (("record-death", died), ("record-death", died), ("correct-person-record", wrong))
    for version, (name, command) in enumerate(asked, start=1):
        path = f"/v1/persons/{person}/{name}"
        assert doors.post(path, {"command": command}, version=version).status_code == 201
    return person


@pytest.fixture
def look(browser: Browser, address: str) -> Iterator[Any]:
    """Open a path as a reader has it: width, colours, and styles of their own.

    A reader has one window, in which each page replaces the one before: a window for every page
    would be a process of chromium's for every page. `anew`: in another tab, with no key pressed.
    """
    windows: dict[str, Page] = {}

    def at(
        path: str,
        width: int = WIDE,
        style: str | None = None,
        *,
        anew: bool = False,
        **how: Any,  # noqa: ANN401 — playwright's own
    ) -> Page:
        reader = repr((width, style, how))
        if reader not in windows:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, bypass_csp=style is not None, **how
            )
            windows[reader] = context.new_page()
        elif anew:
            before = windows[reader]
            windows[reader] = before.context.new_page()
            before.close()
        page = windows[reader]
        page.goto(address + path)
        if style is not None:
            page.add_style_tag(content=style)
        return page

    yield at
    for page in windows.values():
        page.context.close()


def routes_of_pages() -> list[str]:
    """Give how the address of each page is written."""
    return [
        route.path
        for module in pkgutil.iter_modules(api.pages.__path__, "api.pages.")
        for route in getattr(
            getattr(importlib.import_module(module.name), "router", None), "routes", ()
        )
        if "GET" in route.methods
    ]


def of_route(route: str, paths: tuple[str, ...]) -> list[str]:
    """Give the paths that lead to the page of a route."""
    pattern = re.sub(r"\{\w+\}", "[^/]+", route)
    return [path for path in paths if re.fullmatch(pattern, path.partition("?")[0])]


def test_every_page_is_looked_at(paths: tuple[str, ...]) -> None:
    """No page of api/pages is missing below."""
    routes = routes_of_pages()
    assert routes
    for route in routes:
        assert of_route(route, paths), route


# A reader's other ways are looked at before an issue closes: each is some seconds a page.
MORE = pytest.mark.long


@pytest.mark.parametrize(
    "how",
    [
        "each",
        *(
            pytest.param(one, marks=MORE)
            for one in ("light", "dark", "narrow", "forced", "twice", "spaced")
        ),
    ],
)
def test_no_rule_of_wcag_is_broken(look: Any, paths: tuple[str, ...], how: str) -> None:  # noqa: ANN401
    """Axe finds no violation, and no contrast it could not judge, however the page is read.

    A page of each route as it is; before an issue closes every page, whatever it says, and those
    with most in them also with each of a reader's own ways.
    """
    more: dict[str, dict[str, Any]] = {
        "each": {"color_scheme": "light"},
        "light": {"color_scheme": "light"},
        "dark": {"color_scheme": "dark"},
        "narrow": {"width": NARROW},
        "forced": {"forced_colors": "active"},
        "twice": {"style": TWICE},
        "spaced": {"style": SPACED},
    }
    some: dict[str, Iterable[str]] = {
        "each": dict.fromkeys(of_route(route, paths)[0] for route in routes_of_pages()),
        "light": paths,
    }
    for path in some.get(how, paths[:1] + paths[5:6] + paths[8:9]):
        page = look(path, **more[how])
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate(f"() => axe.run({json.dumps(ASKED)})")
        broken = [
            (one["id"], node["target"], node["failureSummary"])
            for one in found["violations"]
            for node in one["nodes"]
        ]
        assert broken == [], path
        passed = {one["id"] for one in found["passes"]}
        assert passed >= {"target-size", "html-has-lang", "document-title"}
        assert how == "forced" or "color-contrast" in passed
        unsure = [one for one in found["incomplete"] if one["id"] == "color-contrast"]
        if how != "forced":  # there the colours are the reader's own
            assert [node["html"] for one in unsure for node in one["nodes"]] == [], path


@pytest.mark.parametrize(
    ("width", "style"),
    [
        pytest.param(NARROW, None),
        pytest.param(NARROW, SPACED, marks=MORE),
        pytest.param(WIDE, TWICE, marks=MORE),
        pytest.param(WIDE // 2, TWICE, marks=MORE),
        pytest.param(WIDE, SPACED, marks=MORE),
    ],
    ids=["320px", "320px-spaced", "twice", "640px-twice", "spaced"],
)
def test_nothing_is_cut_off_or_scrolls_sideways(
    look: Any,  # noqa: ANN401
    paths: tuple[str, ...],
    width: int,
    style: str | None,
) -> None:
    """Narrow, with letters twice as large or far apart, all of a page is there (1.4.4, 10, 12)."""
    for path in paths:
        assert look(path, width, style).evaluate(OVERFLOWING) == [], path


@pytest.mark.parametrize("width", [pytest.param(WIDE, marks=MORE), NARROW])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    look: Any,  # noqa: ANN401
    paths: tuple[str, ...],
    width: int,
) -> None:
    """Tab meets every stop once, in the page's order, outlined and in sight (2.1.1, 2.4.3, 7, 11).

    A date's own parts are stops of the same field. Each time at the pages with most in them, and
    before an issue closes at every one.
    """
    for path in paths if width == WIDE else paths[:1] + paths[5:6] + paths[8:9]:
        page = look(path, width, anew=True)  # for past the last stop the keys are the browser's
        stops = page.evaluate(STOPS)
        met: list[int] = []
        for _ in range(4 * len(stops) + 1):
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
            if focused["stop"] is None:
                break  # past the last: the browser's own
            assert focused["seen"], (path, focused)
            if met[-1:] != [focused["stop"]]:  # else another part of it, which the browser marks
                assert focused["outlined"], (path, focused)
                met.append(focused["stop"])
        assert met == stops, path


def test_a_chosen_scheme_never_makes_a_page_unreadable(look: Any, paths: tuple[str, ...]) -> None:  # noqa: ANN401
    """A page that is light stays light with its fields, or is dark with all of them (1.4.3)."""
    for scheme in ("light", "dark"):
        page = look(paths[0], color_scheme=scheme)
        colours = page.evaluate(
            "() => ['body', 'input', 'select'].map(name =>"
            " getComputedStyle(document.querySelector(name)).backgroundColor)"
        )
        assert len(set(colours)) == 1, (scheme, colours)
