"""The page of reviews: what is to be looked at again, beside the page of the cases."""

from __future__ import annotations

import html
import re

from tests.doors.conftest import Doors
from tests.doors.test_pages import Outline


def enquiry(doors: Doors, day: str, name: str) -> str:
    """Begin a case whose enquiry began on a day; give its reference."""
    case = doors.case(doors.person(name=name), received=day)
    opened = {"kind": "section_42", "opened_on": day.partition("/")[0]}
    body = {"occurred": day, "command": opened}
    answer = doors.post(f"/v1/cases/{case}/open-enquiry", body, version=1)
    assert answer.status_code == 201, answer.text
    return case


def rows(page: str) -> list[tuple[str, str, str]]:
    """Give whom each line is about, its standing and its days."""
    found = re.findall(
        r'<a href="/cases/[^"]*">([^<]*)</a></th>.*?'
        r'data-label="Standing"[^>]*>(.*?)</td>.*?data-label="Days"[^>]*>(\d+)<',
        page,
        re.DOTALL,
    )
    return [(who, re.sub("<[^>]*>", "", standing), days) for who, standing, days in found]


def test_the_longest_overdue_stands_first(doors: Doors) -> None:
    """A review past its day comes before one to come, whoever holds it; and can be asked alone."""
    for day, name in (("2026-11-09", "Bea"), ("2026-11-02", "Ann"), ("2026-11-20", "Cora")):
        enquiry(doors, day, name)
    page = doors.get("/reviews?on=2026-12-18").text
    assert rows(page) == sorted(rows(page), key=lambda one: -int(one[2]))
    assert [who for who, _, days in rows(page) if int(days)] == ["Ann", "Bea"]
    assert rows(page)[-1] == ("Cora", "To come", "0")
    assert "3 reviews in 3 open cases, 2 past their day" in page
    assert "3 cases never reviewed" in page
    late = doors.get("/reviews?on=2026-12-18&overdue=true").text
    assert [who for who, _, _ in rows(late)] == ["Ann", "Bea"]
    assert '<option value="true" selected>' in late
    wrong = doors.get("/reviews?overdue=perhaps")
    assert wrong.status_code == 422
    assert "Which: This is true or false." in wrong.text


def test_the_pages_of_cases_and_reviews_lead_to_each_other(doors: Doors) -> None:
    """By the same clocks; and from a review to its case, by all that were asked."""
    case = enquiry(doors, "2026-11-02", "Ann")
    at = doors.office.record.log.tail()
    query = f"as_at={at}&on=2027-12-20&purpose=audit"
    for here, there in (("/", "/reviews"), ("/reviews", "/")):
        links = [
            one.attributes["href"] for one in Outline(doors.get(f"{here}?{query}").text).all("a")
        ]
        assert f"{there}?{query}" in links
        assert f"/cases/{case}?{query}" in links
    asked = f"as_at={at}&on=2027-12-20&as_of=2027-01-01&known_to=council"
    page = doors.get(f"/reviews?{asked}").text
    assert f'href="/cases/{case}?{html.escape(asked)}"' in page
    assert "as true at the end of 1 January 2027, as far as known to council" in page
    assert f'href="/reviews?{html.escape(asked)}"' in doors.get(f"/cases/{case}?{asked}").text


def test_nobody_is_named_among_the_reviews_who_may_not_be(doors: Doors) -> None:
    """A restricted case is counted and not shown, and for a role without names so is any."""
    open_to_all = enquiry(doors, "2026-11-02", "Ann Example")
    restricted = enquiry(doors, "2026-11-02", "Restricta Example")
    body = {"command": {"ground": "accuracy_contested"}}
    path = f"/v1/cases/{restricted}/restrict-processing"
    assert doors.post(path, body, version=2).status_code == 201
    page = doors.get("/reviews").text
    assert "Ann Example" in page
    assert "Restricta" not in page
    assert restricted[:8] not in page
    assert "1 on this page is of a case that is restricted" in page
    assert "Restricta" in doors.get("/reviews?purpose=protecting_others").text
    nameless = doors.get("/reviews", Holdfast_Role="analyst").text
    assert "Ann Example" not in nameless
    assert f"case {open_to_all[:8]}" in nameless
    assert (
        doors.client.get("/reviews", headers={"Holdfast-Role": "minute_taker"}).status_code == 403
    )


def test_what_may_not_have_happened_is_left_out_and_named(doors: Doors) -> None:
    """What may have happened and may not is named apart, and nothing rests on it."""
    enquiry(doors, "2026-11-02", "Ann")
    case = enquiry(doors, "2026-11-05/..", "Bea")
    page = doors.get("/reviews?as_of=2027-06-01").text
    assert [who for who, _, _ in rows(page)] == ["Ann"]
    left_out = page.partition('<h2 id="left-out">')[2]
    assert f"Case {case[:8]}" in left_out
    assert "? from 5 November 2026 on, with no end" in left_out
