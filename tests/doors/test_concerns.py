"""Every concern about one adult, seen together: at the API, on the page, on the command line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from api.office import Office
from domain.access import RecordViewed
from tests.conftest import Database
from tests.doors.conftest import Cli, Doors, opened_doors, referral, settings_for

MANAGER = {"Holdfast_Role": "manager"}


def ask(doors: Doors, case: str, version: int, name: str, **command: Any) -> dict[str, Any]:  # noqa: ANN401
    """Ask something of a case as a manager, and give the answer."""
    path = f"/v1/cases/{case}/{name}"
    answer = doors.post(path, {"command": command}, version=version, **MANAGER)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def gathered(doors: Doors, person: str, query: str = "", **headers: str) -> dict[str, Any]:
    """Read the concerns about somebody."""
    answer = doors.get(f"/v1/persons/{person}/concerns{query}", **headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def seen(body: dict[str, Any]) -> list[tuple[str, str, int | None, int | None]]:
    """Give what each row is, in order: its case, its kind, and how many so far."""
    return [(one["case"], one["what"], one["number"], one["within"]) for one in body["concerns"]]


def three_calls(doors: Doors) -> tuple[str, str, str]:
    """Tell of three calls about one adult by three agencies, in two cases; the adult and these."""
    adult = doors.person(name="Ann Example")
    first = doors.case(adult, received="2026-01-12", referrer_organisation="police")
    second = doors.case(adult, received="2026-11-02", referrer_organisation="home-care")
    again = {
        "received": "2026-06-20",
        "channel": "telephone",
        "referrer_role": "gp",
        "referrer_organisation": "surgery",
        "account": "The third call this year.",
    }
    ask(doors, first, 1, "link-referral", **again)
    ask(doors, second, 1, "contact-emergency-services", services=["police"], by="home-care")
    return adult, first, second


def test_calls_to_several_agencies_are_seen_together(shared: Doors) -> None:
    """Calls of several cases stand in one order, each with how many came so far (R11, R200)."""
    adult, first, second = three_calls(shared)
    body = gathered(shared, adult)
    assert seen(body) == [
        (first, "concern", 1, 1),
        (first, "concern", 2, 2),
        (second, "concern", 3, 2),
        (second, "emergency", None, None),
    ]
    assert [one["told_by"] for one in body["concerns"][:3]] == ["police", "surgery", "home-care"]
    assert {one["who"]: one["concerns"] for one in body["told_by"]} == {
        "police": 1,
        "surgery": 1,
        "home-care": 1,
    }
    assert {one["case"]: one["concerns"] for one in body["cases"]} == {first: 2, second: 1}
    assert body["concerns"][1]["text"]["text"] == "The third call this year."
    assert body["concerns"][0]["types"] == ["neglect"]


def test_a_concern_of_which_nothing_was_said_is_told(shared: Doors) -> None:
    """A further referral without an account is a row as any, at the API and on the page."""
    adult = shared.person()
    case = shared.case(adult)
    ask(shared, case, 1, "link-referral", received="2026-11-20")
    (_, row) = gathered(shared, adult)["concerns"]
    assert (row["what"], row["text"]) == ("concern", None)
    assert shared.get(f"/persons/{adult}").status_code == 200


def test_each_row_opens_to_its_entry(shared: Doors) -> None:
    """A row names the case, and the version and position of its entry there."""
    adult, _first, _second = three_calls(shared)
    for one in gathered(shared, adult)["concerns"]:
        entries = shared.get(f"/v1/cases/{one['case']}/timeline").json()["entries"]
        (entry,) = (each for each in entries if each["position"] == one["position"])
        assert (entry["version"], entry["name"]) == (one["version"], one["name"])


def test_they_are_as_known_at_a_position(shared: Doors) -> None:
    """What was recorded later is not there at an earlier position, nor is its case."""
    adult = shared.person(name="Ann Example")
    first = shared.case(adult, received="2026-01-12")
    before = shared.office.record.log.tail()
    second = shared.case(adult, received="2026-03-01")
    ask(shared, first, 1, "correct-record", target=1, reason="wrong_person", withdrawn=True)
    then = gathered(shared, adult, f"?as_at={before}")
    assert then["as_at"] == before
    assert seen(then) == [(first, "concern", 1, 1)]
    assert [one["case"] for one in then["cases"]] == [first]
    assert seen(gathered(shared, adult)) == [(second, "concern", 1, 1)]


def test_a_concern_withdrawn_is_shown_and_not_counted(shared: Doors) -> None:
    """A further call that was entered wrongly stands in its place, marked, without a number."""
    adult, first, second = three_calls(shared)
    ask(shared, first, 2, "correct-record", target=2, reason="wrong_person", withdrawn=True)
    body = gathered(shared, adult)
    assert seen(body)[:3] == [
        (first, "concern", 1, 1),
        (first, "concern", None, None),
        (second, "concern", 2, 1),
    ]
    assert [one["withdrawn"] for one in body["concerns"]] == [False, True, False, False]


def test_a_time_put_right_moves_a_concern(shared: Doors) -> None:
    """A concern stands at when it is now understood to have been received."""
    adult = shared.person(name="Ann Example")
    path = "/v1/cases"
    command = {"command": referral(adult, received="2026-04-01"), "occurred": "2026-04-01"}
    first = shared.post(path, command).json()["stream"]
    second = shared.case(adult, received="2026-05-01")
    moved = {"target": 1, "reason": "wrong_date", "occurred": "2026-06-01"}
    ask(shared, first, 1, "correct-record", **moved)
    assert [one["case"] for one in gathered(shared, adult)["concerns"]] == [second, first]


def test_one_concern_entered_twice_counts_once(shared: Doors) -> None:
    """Where two cases are of one concern and were merged, its referrals are no two concerns."""
    adult = shared.person(name="Ann Example")
    first = shared.case(adult, received="2026-01-12")
    second = shared.case(adult, received="2026-01-13")
    ask(shared, second, 1, "merge-case", other=first, reason="same_concern", rationale="One call.")
    body = gathered(shared, adult)
    assert seen(body) == [(first, "concern", 1, 1), (second, "concern", None, None)]
    merged = {one["case"]: one["merged_into"] for one in body["cases"]}
    assert merged == {first: None, second: first}


def test_a_case_that_only_names_somebody_is_not_among_theirs(shared: Doors) -> None:
    """What is told of an adult is not told of those named beside them."""
    adult, advocate = shared.person(name="Ann Example"), shared.person(name="Ada Advocate")
    case = shared.case(adult)
    line = "record-chronology-entry"
    ask(shared, case, 1, line, agency="police", text="Called.", persons=[adult])
    ask(shared, case, 2, line, agency="gp", text="Seen.", persons=[advocate])
    assert gathered(shared, advocate)["concerns"] == []
    told = gathered(shared, adult)["concerns"]
    assert {(one["what"], one["told_by"]) for one in told} == {
        ("concern", None),
        ("agency_entry", "police"),
        ("agency_entry", "gp"),
    }


def test_pages_are_of_one_position(shared: Doors) -> None:
    """The whole comes page by page, and each page is of the position of the first."""
    adult, first, _second = three_calls(shared)
    page = gathered(shared, adult, "?limit=3")
    assert (len(page["concerns"]), page["count"]) == (3, 4)
    ask(shared, first, 2, "link-referral", received="2026-10-01", account="Once more.")
    rest = gathered(shared, adult, f"?limit=3&cursor={page['next']}")
    assert (rest["as_at"], rest["count"], rest["next"]) == (page["as_at"], 4, None)
    assert [one["what"] for one in rest["concerns"]] == ["emergency"]


# ------------------------------------------------------------------------------- looking


def test_looking_names_the_person_and_every_case_it_opens(shared: Doors) -> None:
    """The trace names whom it is about and each case read; so each case's readings have it."""
    adult, first, second = three_calls(shared)
    before = len(shared.readings())
    position = shared.office.record.log.tail()
    gathered(shared, adult, f"?as_at={position}")
    (trace,) = shared.readings()[before:]
    assert isinstance(trace, RecordViewed)
    assert (trace.what, str(trace.person), trace.as_at) == ("concerns", adult, position)
    assert {str(one) for one in trace.cases} == {first, second}
    auditor = {"Holdfast_Role": "auditor"}
    for path in (f"/v1/cases/{first}", f"/v1/cases/{second}", f"/v1/persons/{adult}"):
        looked = shared.get(f"{path}/readings", **auditor).json()["readings"]
        assert [one["what"] for one in looked if one["what"] == "concerns"] == ["concerns"]


def test_a_restricted_case_closes_them_all_but_for_a_purpose_that_reaches_through(
    doors: Doors,
) -> None:
    """While a case that names the adult is restricted, this is refused as the person is (L7)."""
    adult, first, second = three_calls(doors)
    version = doors.get(f"/v1/cases/{second}").json()["version"]
    ask(doors, second, version, "restrict-processing", ground="accuracy_contested")
    before = len(doors.readings())
    answer = doors.get(f"/v1/persons/{adult}/concerns")
    assert answer.status_code == doors.get(f"/v1/persons/{adult}").status_code == 403
    assert first not in answer.text
    assert len(doors.readings()) == before
    assert doors.get(f"/persons/{adult}").status_code == 403
    through = gathered(doors, adult, Holdfast_Purpose="protecting_others")
    assert {one["case"] for one in through["concerns"]} == {first, second}


def test_a_restriction_holds_over_what_was_known_before_it(doors: Doors) -> None:
    """Asked as at a position before the restriction, it is refused all the same (I16)."""
    adult, _first, second = three_calls(doors)
    position = doors.office.record.log.tail()
    version = doors.get(f"/v1/cases/{second}").json()["version"]
    ask(doors, second, version, "restrict-processing", ground="accuracy_contested")
    assert doors.get(f"/v1/persons/{adult}/concerns?as_at={position}").status_code == 403


def test_roles_that_read_no_case_read_no_concerns(shared: Doors) -> None:
    """A connected system and an analyst are turned away; nobody is found under a wrong name."""
    adult, _first, _second = three_calls(shared)
    for role in ("integrator", "analyst"):
        answer = shared.get(f"/v1/persons/{adult}/concerns", Holdfast_Role=role)
        assert answer.status_code == 403, role
    nobody = shared.get(f"/v1/persons/{_first}/concerns")
    assert nobody.status_code == 404


# -------------------------------------------------------------------------- the other doors


def test_the_persons_page_shows_them_and_opens_each(shared: Doors) -> None:
    """The page has a row for each, whose link leads to its entry in its case, and its trace."""
    adult, first, second = three_calls(shared)
    before = len(shared.readings())
    page = shared.get(f"/persons/{adult}").text
    links = re.findall(r'href="(/cases/[^"]+entry=(\d+)#entry-\d+)"', page)
    assert len(links) == 4
    assert "3 received, in 2 cases." in page
    assert "The third call this year." in page
    traces = [one for one in shared.readings()[before:] if one.what == "concerns"]
    assert [{str(case) for case in one.cases} for one in traces] == [{first, second}]
    for at, position in links:
        case_page = shared.get(at.replace("&amp;", "&").partition("#")[0])
        assert case_page.status_code == 200
        assert f'id="entry-{position}"' in case_page.text


def test_somebody_without_cases_has_none(shared: Doors) -> None:
    """Nothing is told of whom no case is about."""
    person = shared.person(name="Bea Example")
    assert gathered(shared, person)["concerns"] == []
    page = shared.get(f"/persons/{person}").text
    assert re.search(r"Concerns in all cases</h2>\s*<p>None\.</p>", page)


def test_the_command_line_shows_the_same(database: Database, tmp_path: Path, cli: Cli) -> None:
    """The command gives the rows of the API, leaves the same trace, and refuses as it does."""
    with Office(settings_for(database, tmp_path)) as office, opened_doors(office) as doors:
        adult, first, second = three_calls(doors)
        rows = gathered(doors, adult)["concerns"]
        position = office.record.log.tail()
        doors.catch_up()
    told = cli("concerns", adult, "--json").json
    assert told["concerns"] == rows
    assert told["as_at"] >= position  # whoever asks is registered first
    text = cli("concerns", adult).out
    assert "Received from" in text
    assert first in text
    earlier = cli("concerns", adult, "--json", "--as-at", str(rows[0]["position"])).json
    assert [one["case"] for one in earlier["concerns"]] == [first]
    assert cli("concerns", adult, "--role", "analyst").code == 2
    assert cli("concerns", second).code == 3
    with Office(settings_for(database, tmp_path)) as office:
        looked = [fact.event for fact in office.readings.open(office.readings.log.read(0))]
    traces = [one for one in looked if isinstance(one, RecordViewed) and one.door == "cli"]
    assert [one.what for one in traces] == ["concerns"] * 3
    assert {str(one) for one in traces[0].cases} == {first, second}
