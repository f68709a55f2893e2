"""A return is filed for good: given back byte for byte, opened, and compared with what is now."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from api.filed_since import unexplained
from api.filing import filing
from api.office import Office
from domain.opening import Simulation
from projections.returns.periods import Span
from tests.conftest import Database
from tests.doors.conftest import Cli, Doors, opened_doors, settings_for
from tests.doors.scripted import Script, an_office
from tests.doors.test_erasing_a_person import erased
from tests.doors.test_erasure import erase
from tests.doors.test_tampering import behind

AS = ("--role", "manager")
MANAGER = {"Holdfast_Role": "manager"}
YEAR = "/v1/returns/2025"  # over, as a year that is filed has to be
RECEIVED = "2026-03-02"
FILINGS = f"{YEAR}/filings"
# What an answer about a return has its rows under.
ROWS = {
    *("tables", "cells", "left_out", "figures", "filings", "rules", "exceptions", "changes"),
    *("counted", "near", "lines", "moved", "variance", "rows"),
}


def a_case(doors: Doors, adult: str | None = None) -> str:
    """Begin a case of 2025-26; give its reference."""
    return doors.case(adult, received=RECEIVED)


def file(doors: Doors, note: str | None = None, key: str | None = None) -> dict[str, Any]:
    """File the return of 2025-26; give the answer."""
    doors.catch_up()
    body = {} if note is None else {"note": note}
    answer = doors.post(FILINGS, body, key=key, **MANAGER)
    assert answer.status_code in {200, 201}, answer.text
    told: dict[str, Any] = answer.json()
    return told


def told(doors: Doors, path: str) -> Any:  # noqa: ANN401 — any JSON
    """Read as a manager."""
    answer = doors.get(path, **MANAGER)
    assert answer.status_code == 200, answer.text
    return answer.json()


def concerns(tables: dict[str, Any]) -> int:
    """Give how many concerns a filed return counts."""
    (table,) = (one for one in tables["tables"] if one["code"] == "SG1f")
    value: int = table["cells"][0]["value"]
    return value


def withdraw(doors: Doors, case: str, target: int = 1, version: int = 1) -> None:
    """Withdraw an entry of a case."""
    body = {
        "command": {"target": target, "withdrawn": True, "reason": "entered_wrongly"},
    }
    answer = doors.post(f"/v1/cases/{case}/correct-record", body, version=version, **MANAGER)
    assert answer.status_code == 201, answer.text


def test_what_was_filed_is_given_back_byte_for_byte(doors: Doors) -> None:
    """The bytes stay, whatever is recorded since, and are those whose SHA-256 the log holds."""
    a_case(doors)
    filed = file(doors, note="Sent by the portal.")
    first = doors.get(filed["links"]["self"], **MANAGER)
    assert sha256(first.content).hexdigest() == filed["sha256"] == first.headers["Holdfast-Filed"]
    assert concerns(first.json()) == 1
    assert first.json()["as_at"] == filed["as_at"]
    assert first.json()["basis"]["size"] == filed["as_at"]
    a_case(doors)
    again = doors.get(filed["links"]["self"], **MANAGER)
    assert again.content == first.content
    assert told(doors, f"{YEAR}/SG1f")["cells"][0]["value"] == 2
    assert filed["note"] == "Sent by the portal."


def test_a_second_filing_stands_beside_the_first(doors: Doors) -> None:
    """Filed again, both are listed, and each opens as it was; the same request files once."""
    a_case(doors)
    first = file(doors, key="once")
    assert file(doors, key="once") == first
    a_case(doors)
    second = file(doors)
    assert [one["filing"] for one in told(doors, FILINGS)["filings"]] == [1, 2]
    assert [concerns(told(doors, one["links"]["self"])) for one in (first, second)] == [1, 2]
    before = told(doors, f"{FILINGS}?as_at={second['as_at']}")
    assert [one["filing"] for one in before["filings"]] == [1]
    other = doors.post(FILINGS, {"note": "another"}, key="once", **MANAGER)
    assert other.status_code == 422, other.text


def test_a_request_by_other_clocks_is_another(doors: Doors) -> None:
    """One key answers the position it was sent with again, and no other, nor another basis."""
    a_case(doors)
    at = doors.office.record.log.tail()
    a_case(doors)
    doors.catch_up()

    def ask(key: str, query: str = "", **headers: str) -> int:
        return doors.post(f"{FILINGS}{query}", {}, key=key, **headers, **MANAGER).status_code

    then = f"?as_at={at}"
    basis = doors.get(f"{YEAR}/SG1f{then}", **MANAGER).headers["Holdfast-Basis"]
    assert [ask("then", then), ask("then", then), ask("then")] == [201, 200, 422]
    assert ask("then", f"?as_at={at + 1}") == ask("then", f"{then}&on=2026-11-01") == 422
    assert [ask("now"), ask("now", then), ask("now")] == [201, 422, 200]
    assert [ask("by", Holdfast_Basis=basis), ask("by")] == [201, 422]


def test_a_filing_names_its_council(database: Database, tmp_path: Path, cli: Cli) -> None:
    """The code is in what was filed, held to the list of the year, and no export names another."""
    known = tmp_path / "councils.csv"
    known.write_text("year,code,name\n2025-26,211,One\n2024-25,212,Two\n", "utf-8")
    named = {"HOLDFAST_COUNCIL": "211", "HOLDFAST_COUNCILS": str(known)}
    with (
        Office(settings_for(database, tmp_path, **named)) as office,
        opened_doors(office) as doors,
    ):
        a_case(doors)
        filed = file(doors)
        assert filed["broken"] == []
        assert told(doors, filed["links"]["self"])["council"] == "211"
        year = told(doors, YEAR)
        assert (year["councils"], year["council_name"]) == (1, "One")
        sheets = f"{filed['links']['self']}/export?format=xlsx"
        book = load_workbook(io.BytesIO(doors.get(sheets, **MANAGER).content))
        assert [row[1].value for row in book["Sign-off"].iter_rows(max_row=4)][2:] == ["One", "211"]
        rows = doors.get(f"{filed['links']['self']}/export", **MANAGER).text.splitlines()
        assert {row.split(",")[1] for row in rows[1:]} == {"211"}
        rules = {one["rule"]: one["outcome"] for one in told(doors, f"{YEAR}/checks")["rules"]}
        assert rules["V14"] == "passed"
        other = told(doors, "/v1/returns/2024/checks")["rules"][-1]
        assert (other["rule"], other["outcome"]) == ("V14", "failed")
        for follower in doors.followers:
            follower.close()
        out = tmp_path / "f.csv"
        asked = ("return", "export", "2025-26", str(out), "--filed", "--council", "999", *AS)
        assert "names council 211" in cli(*asked).err
        assert not out.exists()


def test_an_unreadable_list_of_councils_stops_no_filing_from_being_read(
    database: Database, tmp_path: Path
) -> None:
    """What was filed, its export and the report do without a name; checks and filing do not."""
    listed = tmp_path / "councils.csv"
    listed.write_text("year,code,name\n2025-26,211,One\n")
    known = {"HOLDFAST_COUNCIL": "211", "HOLDFAST_COUNCILS": str(listed)}
    with Office(settings_for(database, tmp_path, **known)) as office, opened_doors(office) as doors:
        a_case(doors)
        here = file(doors)["links"]["self"]
        listed.write_text("rubbish\n")
        shown = [f"{here}/export?format={kind}" for kind in ("csv", "json", "xlsx")]
        for path in (here, *shown, f"{YEAR}/report?format=html"):
            assert doors.get(path, **MANAGER).status_code == 200, path
        assert doors.get(f"{YEAR}/checks", **MANAGER).status_code == 422
        assert doors.post(FILINGS, {}, **MANAGER).status_code == 422


def test_an_export_without_a_council_says_so(doors: Doors, cli: Cli, tmp_path: Path) -> None:
    """What names no council is given out, with the hard rule that it breaks beside it."""
    a_case(doors)
    file(doors)
    for follower in doors.followers:
        follower.close()
    said = cli("return", "export", "2025-26", str(tmp_path / "r.csv"), *AS)
    assert (said.code, "V14: no council is named" in said.err) == (0, True)
    asked = ("return", "export", "2025-26", str(tmp_path / "f.csv"), "--filed")
    said = cli(*asked, "--council", "211", *AS)
    assert "names no council: 211 is of this file alone" in said.err


def test_who_may_file(doors: Doors) -> None:
    """A manager files; whoever else is told who may, and nothing is kept."""
    answer = doors.post(FILINGS, {}, Holdfast_Role="analyst")
    assert answer.status_code == 403
    assert told(doors, FILINGS)["count"] == 0
    assert doors.post("/v1/returns/2001/filings", {}, **MANAGER).status_code == 404
    assert doors.get(f"{FILINGS}/1", **MANAGER).status_code == 404


def test_a_correction_moves_what_is_so_now_and_nothing_that_was_filed(doors: Doors) -> None:
    """The difference names the case, the entry that moved it, and out of which cell it went."""
    case, kept = a_case(doors), a_case(doors)
    filed = file(doors)
    withdraw(doors, case)
    differs = told(doors, filed["links"]["difference"])
    assert {one["case"] for one in differs["moved"]} == {case}
    (moved,) = (one for one in differs["moved"] if one["table"] == "SG1f")
    assert [one["category"] for one in moved["from"]] == ["Total Number of Safeguarding Concerns"]
    assert moved["to"] == []
    assert moved["left_out"].startswith("withdrawn")
    assert [one["name"] for one in moved["by"]] == ["record-corrected"]
    assert {"filed": 2, "now": 1}.items() <= differs["cells"][-1].items()
    assert kept not in json.dumps(differs)
    assert concerns(told(doors, filed["links"]["self"])) == 2


def test_a_forgotten_case_stays_counted_and_says_so(doors: Doors) -> None:
    """What was filed counts it for good; opened it says forgotten, and now it is not known."""
    adult = doors.person(name="Ann Example", date_of_birth="1950-01-01")
    case = a_case(doors, adult)
    filed = file(doors)
    bands = filed["links"]["self"]
    erase(doors, case, "case", 1)
    erased(doors, adult)
    counted = told(doors, f"{bands}/cells/SG1f/1")
    assert counted["value"] == 1
    assert [(one["case"], one["forgotten"]) for one in counted["counted"]] == [(case, True)]
    differs = told(doors, filed["links"]["difference"])
    (moved,) = (one for one in differs["moved"] if one["table"] == "SG1a")
    assert [one["category"] for one in moved["from"]] == ["75-84"]
    assert [one["category"] for one in moved["to"]] == ["Not Known"]
    assert moved["forgotten"]
    assert "person-erased" in {one["name"] for one in moved["by"]}
    assert "not known" in differs["notes"][0]
    assert "not known" in told(doors, f"{YEAR}/SG1a")["notes"][0]


def test_a_figure_filed_names_no_restricted_case(doors: Doors) -> None:
    """What was filed opens as any list does: how many are closed is said, the figure is of all."""
    case, other = a_case(doors), a_case(doors)
    filed = file(doors)
    body = {"command": {"ground": "accuracy_contested"}}
    answer = doors.post(f"/v1/cases/{case}/restrict-processing", body, version=1, **MANAGER)
    assert answer.status_code == 201, answer.text
    counted = told(doors, f"{filed['links']['self']}/cells/SG1f/1")
    assert [one["case"] for one in counted["counted"]] == [other]
    assert (counted["count"], counted["restricted"]) == (2, 1)
    assert case not in doors.get(filed["links"]["self"], **MANAGER).text
    for one in (case, other):
        withdraw(doors, one, version=2 if one == case else 1)
    differs = told(doors, filed["links"]["difference"])
    assert {one["case"] for one in differs["moved"]} == {other}
    assert differs["count"] == len(differs["moved"]) + differs["restricted"]
    assert differs["restricted"]


def test_verify_holds_what_was_filed_to_the_log(doors: Doors, database: Database, cli: Cli) -> None:
    """A filed document that is taken away, or was never entered, is named by `verify`."""
    a_case(doors)
    filed = file(doors)
    assert cli("verify").code == 0
    with behind(database) as conn:
        conn.execute("DELETE FROM record.document WHERE id = %s", (filed["document"],))
    said = cli("verify", "--json")
    assert said.code == 6
    assert filed["document"] in said.json["documents"]["problems"][0]
    assert doors.get(filed["links"]["self"], **MANAGER).status_code == 500


@pytest.fixture
def made_up(database: Database, tmp_path: Path) -> Iterator[Doors]:
    """Give the doors of a record of made-up cases."""
    simulated = Simulation(seed=1, until=datetime(2020, 1, 1, tzinfo=UTC))
    with (
        Office(settings_for(database, tmp_path), simulated=simulated) as office,
        opened_doors(office) as doors,
    ):
        yield doors


def unstamped(told: Any, at: str = "") -> list[str]:  # noqa: ANN401 — any JSON
    """List where an answer, or a row of one, does not say that it is made up."""
    if isinstance(told, list):
        return [one for n, each in enumerate(told) for one in unstamped(each, f"{at}[{n}]")]
    if not isinstance(told, dict):
        return []
    rows = [one for name, each in told.items() if name in ROWS for one in unstamped(each, name)]
    bare = told.get("stamp") != "SIMULATED" and at != "variance"  # it is no row, and has some
    return [at or "the answer", *rows] if bare else rows


def test_what_is_made_up_is_stamped(made_up: Doors, cli: Cli) -> None:
    """In a simulated record every filing, page and row of a return says SIMULATED, at each door."""
    case = a_case(made_up)
    other = a_case(made_up)
    filed = file(made_up)
    withdraw(made_up, other)
    made_up.catch_up()
    concern = "table=SG1f&category=Total Number of Safeguarding Concerns"
    here = filed["links"]["self"]
    paths = (
        *(YEAR, f"{YEAR}/SG1f", f"{YEAR}/SG1f/cells/1", f"{YEAR}/SG1f/left-out/1"),
        *(f"{YEAR}/checks", f"{YEAR}/export?format=json", f"{YEAR}/explain?{concern}"),
        *(FILINGS, here, f"{here}/cells/SG1f/1", filed["links"]["difference"]),
        *("/v1/figures", "/v1/figures/open_cases_by_stage"),
    )
    assert {path: unstamped(told(made_up, path)) for path in paths} == {one: [] for one in paths}
    assert unstamped(filed) == []
    with made_up.office.database.connect("holdfast_reader") as conn:
        shown = conn.execute("SELECT stamp FROM views.figure_open_cases_by_stage").fetchall()
    assert shown == [("SIMULATED",)]
    for follower in made_up.followers:
        follower.close()
    calls: tuple[tuple[str, ...], ...] = (
        ("2025-26",),
        ("2025-26", "SG1f"),
        ("show", "2025-26", "--filed"),
        ("show", "2025-26", "SG1f"),
    )
    for asked in calls:
        answer = cli("return", *asked, "--json", *AS).json
        assert unstamped({"stamp": "SIMULATED", "tables": answer}) == [], asked
    assert unstamped(cli("figures", "open_cases_by_stage", "--json").json) == []
    assert unstamped({"stamp": "SIMULATED", "figures": cli("figures", "--json").json}) == []
    assert all("SIMULATED" in one for one in cli("figures").out.splitlines() if "_by_" in one)
    shown = cli("figures", "open_cases_by_stage").out.splitlines()
    assert ["SIMULATED" in one for one in shown if one.strip().startswith("concern")] == [True]
    said = cli("return", "2025-26", "SG1f", "--csv", *AS).out.splitlines()
    assert {one.rsplit(",", 1)[1] for one in said} == {"SIMULATED"}
    for asked in (
        ("2025-26", "SG1f", "--cases"),
        ("show", "2025-26", "SG1f", "--filed", "--cases"),
    ):
        shown = cli("return", *asked, *AS).out.splitlines()
        lines = [one for one in shown if case in one or "Total Number of" in one]
        assert lines
        assert [one for one in lines if "SIMULATED" not in one] == []


def test_the_year_before_is_as_it_was_filed(doors: Doors) -> None:
    """Checks compare with what was filed of the year before, as known then; else they say so."""
    case, *_ = (doors.case(received="2024-05-01") for _ in range(6))
    early = doors.office.record.log.tail()
    doors.catch_up()
    filed = doors.post("/v1/returns/2024/filings", {}, **MANAGER)
    assert filed.status_code == 201, filed.text
    withdraw(doors, case)

    def compared(as_at: str = "") -> tuple[str, int]:
        variance = told(doors, f"{YEAR}/checks{as_at}")["variance"]
        lasts = [one["last"] for one in variance["changes"] if one["table"] == "SG1f"]
        return variance["compared"], lasts[0]

    said, last = compared()
    assert ("as it was filed" in said, "filing 1" in said, last) == (True, True, 6)
    said, last = compared(f"?as_at={early}")
    assert (said.startswith("The year before is as its tables come out"), last) == (True, 6)


def test_the_command_line_files_shows_and_compares(doors: Doors, cli: Cli) -> None:
    """`return file`, `return show --filed` and `return diff` do as the interface does."""
    case = a_case(doors)
    for follower in doors.followers:
        follower.close()  # the command line follows for itself
    filed = cli("return", "file", "2025-26", "--json", *AS).json
    shown = cli("return", "show", "2025-26", "--filed", "--json", *AS)
    assert sha256(shown.out.encode()).hexdigest() == filed["sha256"]
    assert case in cli("return", "show", "2025-26", "SG1f", "--filed", "--cases", *AS).out
    withdraw(doors, case)
    said = cli("return", "diff", "2025-26", *AS).out
    assert case in said
    assert "record-corrected" in said
    assert cli("return", "show", "2025-26", "SG1f", *AS).code == 0
    assert cli("return", "show", "2020-21", "--filed", *AS).code == 3


def test_what_was_told_of_the_adult_since_is_named(doors: Doors) -> None:
    """A concern that counts no more, since its adult proves to be a child, says by which entry."""
    adult = doors.person(name="Ann Example", date_of_birth="1950-01-01")
    doors.case(adult, received="2026-01-12")
    filed = file(doors)
    body = {"command": {"details": {"date_of_birth": "2015-01-01"}}}
    path = f"/v1/persons/{adult}/record-person-details"
    assert doors.post(path, body, version=1, **MANAGER).status_code == 201
    doors.catch_up()
    differs = told(doors, filed["links"]["difference"])
    (moved,) = (one for one in differs["moved"] if one["table"] == "SG1f")
    assert moved["left_out"].startswith("under 18")
    assert [one["name"] for one in moved["by"]] == ["person-details-recorded"]
    assert not any("no entry" in one for one in differs["notes"])


@pytest.mark.parametrize("known", ["3", "2026-03-15"])
def test_a_year_is_filed_as_known_once_it_was_over(
    database: Database, tmp_path: Path, known: str
) -> None:
    """What was all known before its last day had passed is refused, late as it is filed (I3)."""
    with (
        an_office(database, tmp_path, "england", "2026-03-10") as office,
        opened_doors(office) as doors,
    ):
        record = Script(doors)
        a_case(doors)
        a_case(doors)
        record.on("2026-04-20")
        a_case(doors)
        doors.catch_up()
        refused = doors.post(f"{FILINGS}?as_at={known}", {}, **MANAGER)
        assert (refused.status_code, refused.json().get("code")) == (422, "not_yet_happened")
        last = doors.office.record.log.tail() - 1
        over = doors.post(f"{FILINGS}?as_at={last}", {}, **MANAGER)
        assert over.status_code == 201, over.text


def test_a_difference_is_of_what_is_known_since(doors: Doors) -> None:
    """What was known before the position that was filed is no difference since: it is refused."""
    early = doors.office.record.log.tail()
    a_case(doors)
    filed = file(doors)
    path = f"{filed['links']['difference']}?as_at={{}}"
    refused = doors.get(path.format(early), **MANAGER)
    assert (refused.status_code, f"position {filed['as_at']}" in refused.text) == (422, True)
    assert told(doors, path.format(filed["as_at"]))["moved"] == []


def test_what_was_filed_is_shown_as_known_then(doors: Doors, cli: Cli, tmp_path: Path) -> None:
    """Asked by a position, the last filing known then is shown at every door, and none before."""
    early = doors.office.record.log.tail()
    a_case(doors)
    first = file(doors)
    a_case(doors)
    second = file(doors)
    figure = f"{first['links']['self']}/cells/SG1f/1?as_at={{}}"
    assert told(doors, figure.format(first["position"]))["count"] == 1
    for path in (figure.replace("/1/cells", "/2/cells"), f"{FILINGS}/2/left-out/SG1f/1?as_at={{}}"):
        assert "No such return" in doors.get(path.format(first["position"]), **MANAGER).text, path
    assert doors.get(figure.format(early), **MANAGER).status_code == 404
    tail = doors.office.record.log.tail()
    for follower in doors.followers:
        follower.close()
    show = ("return", "show", "2025-26", "--filed", "--json", *AS, "--as-at")
    assert concerns(cli(*show, str(first["position"])).json) == 1
    assert concerns(cli(*show, str(second["position"])).json) == 2
    diff = ("return", "diff", "2025-26", "--json", *AS, "--as-at")
    for at, number in ((first["position"], 1), (second["position"] - 1, 1), (tail, 2)):
        assert cli(*diff, str(at)).json["filing"]["filing"] == number
    assert (
        f"by position {early}; the first is entry {first['position']}" in cli(*diff, str(early)).err
    )
    named = cli(*diff, str(first["position"]), "--filing", "2")
    assert f"Filed was what is known at position {second['as_at']}" in named.err
    export = ("return", "export", "2025-26", str(tmp_path / "f.json"), "--filed", *AS, "--as-at")
    for asked in (show, export):
        assert "No such return was filed" in cli(*asked, str(early)).err
        assert cli(*asked, str(first["position"]), "--filing", "2").code == 3
        assert "leave --on out" in cli(*asked, str(early), "--on", "2026-03-01").err
    assert "filing 1." in cli(*export, str(first["position"])).out


def test_other_rules_are_spoken_of_where_another_release_filed(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no entry explains what moved, other rules are named only of another release."""
    doors.case(received="2026-01-12")
    file(doors)
    filed = filing(doors.office, Span(year=2025))
    assert unexplained(doors.office, filed) == "no entry of it or of its adult was recorded since"
    monkeypatch.setattr("api.filed_since.release", lambda: "99.0")
    assert "the rules of 99.0 may be others" in unexplained(doors.office, filed)
