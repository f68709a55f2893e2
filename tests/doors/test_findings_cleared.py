"""Findings that cleared, at the doors: what stood, until when, and which entry ended it."""

from __future__ import annotations

from typing import Any

from tests.doors.conftest import Cli, Doors
from tests.doors.test_findings_answered import granted
from tests.doors.test_joining import asked

MANAGER = ("--role", "manager")


def withdrawn(doors: Doors) -> tuple[str, dict[str, Any]]:
    """Give a case that raised a high finding, whose entry was then withdrawn."""
    case, finding = granted(doors)
    body = {"command": {"target": 2, "reason": "entered_wrongly", "withdrawn": True}}
    path = f"/v1/cases/{case}/correct-record"
    answer = doors.post(path, body, version=2, Holdfast_Role="manager")
    assert answer.status_code == 201, answer.text
    return case, finding


def findings_of(doors: Doors, case: str, query: str) -> dict[str, Any]:
    """Give the answer about a case's findings."""
    answer = doors.get(f"/v1/cases/{case}/findings{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_what_cleared_is_shown_when_asked_for(doors: Doors) -> None:
    """A finding that cleared is told with its day, how, and the entry that ended it (R154)."""
    case, finding = withdrawn(doors)
    tail = doors.office.record.log.tail()
    found = findings_of(doors, case, "?show=cleared")
    assert found["findings"] == []
    gone = {one["id"]: one for one in found["cleared"]}
    assert found["cleared_count"] == len(gone)
    one = dict(gone[finding["id"]])
    ended = one.pop("cleared")
    assert one == finding
    assert (ended["how"], ended["position"], ended["name"], ended["case"]) == (
        "corrected",
        tail,
        "record-corrected",
        case,
    )
    every = findings_of(doors, case, "?show=all")
    assert every["cleared"] == found["cleared"]
    assert finding["id"] not in {one["id"] for one in every["findings"]}


def test_as_known_before_it_cleared_it_stood(doors: Doors) -> None:
    """As known before, the finding stands and nothing has cleared; unasked, none is reckoned."""
    case, finding = withdrawn(doors)
    before = doors.office.record.log.tail() - 1
    then = findings_of(doors, case, f"?show=all&as_at={before}")
    assert finding["id"] in {one["id"] for one in then["findings"]}
    assert (then["cleared"], then["cleared_count"]) == ([], 0)
    assert findings_of(doors, case, "")["cleared_count"] is None


def test_what_cleared_is_of_the_record_and_not_of_what_was_so(doors: Doors) -> None:
    """By as_of or known_to nothing is reckoned as cleared, and asking for it says why."""
    case, _ = withdrawn(doors)
    answer = doors.get(f"/v1/cases/{case}/findings?show=cleared&as_of=2026-12-01")
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/query/show"
    assert "leave out as_of" in error["detail"]
    every = findings_of(doors, case, "?show=all&known_to=police")
    assert (every["cleared"], every["cleared_count"]) == ([], None)
    page = doors.get(f"/cases/{case}?show=all&as_of=2026-12-01").text
    assert "Not reckoned here" in page


def test_what_cleared_is_read_page_by_page(doors: Doors) -> None:
    """Every page of it is of one position; together they are the whole."""
    case, _ = withdrawn(doors)
    whole, rows = findings_of(doors, case, "?show=cleared")["cleared"], []
    page = findings_of(doors, case, "?show=cleared&limit=1")
    while True:
        rows += page["cleared"]
        if page["next"] is None:
            break
        page = findings_of(doors, case, f"?show=cleared&limit=1&cursor={page['next']}")
    assert len(whole) > 1
    assert rows == whole


def test_the_page_of_a_case_shows_what_cleared(doors: Doors) -> None:
    """On the page of all findings stands what cleared, with links to what it hung on and ended."""
    case, finding = withdrawn(doors)
    tail = doors.office.record.log.tail()
    assert 'id="cleared"' not in doors.get(f"/cases/{case}").text
    page = doors.get(f"/cases/{case}?show=all").text
    _, _, gone = page.partition('<h3 id="cleared">')
    gone, _, _ = gone.partition("<h2")
    assert finding["words"] in gone
    assert f'cleared by a correction: <a href="#entry-{tail}">Entry corrected</a>' in gone


def test_the_page_names_an_entry_of_a_case_that_is_read_with_it(doors: Doors) -> None:
    """What a joined case cleared is told by that case's entry, to which this page has no link."""
    person = doors.person(name="Ann Example")
    case, other = doors.case(person), doors.case(person)
    asked(doors, case, "open-enquiry", 1, kind="section_42", opened_on="2026-11-03")
    (enquiry,) = doors.get(f"/v1/cases/{case}").json()["open_enquiries"]
    asked(doors, case, "conclude-enquiry", 2, enquiry=enquiry, concluded_on="2026-11-20")
    asked(doors, other, "record-desired-outcome", 1, asked="none_expressed")
    asked(doors, other, "merge-case", 2, other=case, reason="one_adult")
    every = findings_of(doors, case, "?show=cleared")["cleared"]
    (gone,) = [one for one in every if one["code"] == "outcomes_not_asked"]
    assert (gone["cleared"]["case"], gone["cleared"]["name"]) == (other, "case-merged")
    page = doors.get(f"/cases/{case}?show=all").text
    assert "Cases read as one, in a case read with this one" in page
    assert f'#entry-{gone["cleared"]["position"]}"' not in page


def test_each_rule_stands_with_the_line_of_its_source(doors: Doors, cli: Cli) -> None:
    """Beside every rule of the sources stands the line it is from (R154 in A196)."""
    case, finding = granted(doors)
    assert finding["seeds"] == {"R154": "A196"}
    page = doors.get(f"/cases/{case}").text
    assert "L13, R154 (A196)" in page
    assert doors.office.jurisdiction.policy in page
    assert "R154 (A196)" in cli("case", case, *MANAGER).out


def test_the_command_line_shows_what_cleared(doors: Doors, cli: Cli) -> None:
    """With --all the command line tells what cleared; as JSON it always does."""
    case, finding = withdrawn(doors)
    assert finding["words"] not in cli("case", case, *MANAGER).out
    every = cli("case", case, *MANAGER, "--all").out
    assert "corrected" in every
    assert "Entry corrected" in every
    gone = cli("case", case, *MANAGER, "--json").json["cleared"]
    assert finding["id"] in {one["id"] for one in gone}
    assert cli("case", case, *MANAGER, "--json", "--as-of", "2026-12-01").json["cleared"] is None
