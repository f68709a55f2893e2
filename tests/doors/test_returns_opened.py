"""What of a return opens to whom, what is published of it, and what is said of it everywhere."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from tests.doors.conftest import Cli, Doors
from tests.doors.test_erasing_a_person import erased
from tests.doors.test_filing import AS, FILINGS, MANAGER, YEAR, a_case, file, told

ANALYST = {"Holdfast_Role": "analyst"}
LOOKS = ("--role", "analyst")


def read(doors: Doors, path: str, role: dict[str, str]) -> Any:  # noqa: ANN401 — any JSON
    """Read in a role."""
    answer = doors.get(path, **role)
    assert answer.status_code == 200, answer.text
    return answer.json()


def number_of(doors: Doors, table: str, category: str) -> int:
    """Give the number of the first figure of a category that is not 0."""
    cells = told(doors, f"{YEAR}/{table}")["cells"]
    return 1 + next(
        n for n, one in enumerate(cells) if one["category"] == category and one["value"]
    )


def test_a_row_that_is_a_detail_opens_to_whoever_may_read_details(doors: Doors, cli: Cli) -> None:
    """An analyst is told how many are in an age band, and not who; of other rows the cases."""
    adult = doors.person(name="Ann Example", date_of_birth="1950-01-01")
    case = a_case(doors, adult)
    filed = file(doors)["links"]["self"]
    band, gender = number_of(doors, "SG1a", "75-84"), number_of(doors, "SG1b", "Not Known")
    assert doors.get(f"/v1/cases/{case}", **ANALYST).status_code == 403
    asked = f"{YEAR}/explain?table=SG1a&category=75-84&enquiry_type=Safeguarding Concerns"
    for path in (f"{YEAR}/SG1a/cells/{band}", f"{filed}/cells/SG1a/{band}"):
        shut, opened = read(doors, path, ANALYST), read(doors, path, MANAGER)
        assert (shut["counted"], shut["count"], shut["restricted"]) == ([], 1, 1)
        assert [one["case"] for one in opened["counted"]] == [case]
    (figure,) = read(doors, asked, ANALYST)["figures"]
    assert (figure["counted"]["lines"], figure["counted"]["restricted"]) == ([], 1)
    for path in (f"{YEAR}/SG1b/cells/{gender}", f"{YEAR}/SG1f/cells/1", f"{filed}/cells/SG1f/1"):
        assert [one["case"] for one in read(doors, path, ANALYST)["counted"]] == [case], path
    unknown = read(doors, f"{YEAR}/checks", ANALYST)["exceptions"]
    assert {("SG1b", case), ("SG1c", case)} <= {(one["table"], one["case"]) for one in unknown}
    erased(doors, adult)
    doors.catch_up()
    for role, tables in ((ANALYST, set()), (MANAGER, {"SG1a"})):
        moved = read(doors, f"{filed}/difference", role)
        assert {one["table"] for one in moved["moved"]} == tables
    for follower in doors.followers:
        follower.close()
    shown = cli("return", "show", "2025-26", "SG1a", "--filed", "--cases", *LOOKS).out
    assert case not in shown
    assert "1 more are restricted" in shown
    assert "[forgotten]" in cli("return", "show", "2025-26", "SG1a", "--filed", "--cases", *AS).out


def test_what_a_persons_record_says_is_put_right_by_whoever_may_read_it(doors: Doors) -> None:
    """Who by their own record was not born yet is named to whoever may read details (R145)."""
    adult = doors.person(name="Ann Example", date_of_birth="1950-01-01")
    died = {"command": {"died": "1949-01-01"}}
    assert doors.post(f"/v1/persons/{adult}/record-death", died, version=1).status_code == 201
    case = a_case(doors, adult)
    for role, named in ((ANALYST, []), (MANAGER, [case])):
        found = read(doors, f"{YEAR}/checks", role)
        unborn = [one["case"] for one in found["exceptions"] if "not born" in one["says"]]
        assert (unborn, found["restricted"]) == (named, 1 - len(named))


def places(doors: Doors, filed: str) -> dict[str, list[Any]]:
    """Give what each figure of the adults of a filing names, by its category."""
    found: dict[str, list[Any]] = {}
    for code in ("SG1a", "SG1b", "SG1c"):
        (table,) = (one for one in told(doors, filed)["tables"] if one["code"] == code)
        for number, one in enumerate(table["cells"], start=1):
            if one["value"] and one["enquiry_type"] == "Safeguarding Concerns":
                page = told(doors, f"{filed}/cells/{code}/{number}")
                assert len(page["counted"]) + page["restricted"] == page["count"] == one["value"]
                found[one["category"]] = [each["case"] for each in page["counted"]]
    return found


@pytest.mark.parametrize("erasing", [{}, {"scope": "passage", "target": 1}])
def test_a_filing_joins_no_destroyed_detail_to_whom_it_was_told_of(
    doors: Doors, cli: Cli, erasing: dict[str, Any]
) -> None:
    """After an erasure a row that is a detail says Forgotten of one, and at no door of whom.

    Also where the details alone were erased, and nothing else of the person.
    """
    adult = doors.person(
        name="Ann Example", date_of_birth="1920-01-01", gender="female", ethnicity="white"
    )
    other = doors.person(
        name="Eve Example", date_of_birth="1921-01-01", gender="female", ethnicity="white"
    )
    child = doors.person(name="Ida Example", date_of_birth="2015-01-01")
    case, kept, young = (a_case(doors, one) for one in (adult, other, child))
    filed = file(doors)["links"]["self"]
    before = places(doors, filed)
    assert [sorted(one) for one in before.values()] == [sorted([case, kept])] * 3
    for one in (adult, child):
        assert erased(doors, one, **erasing) == (201, "")
    doors.catch_up()
    assert places(doors, filed) == {one: [kept, None] for one in before}
    paths = [f"{filed}/left-out/{code}/1" for code in ("SG1a", "SG1f")]
    for path in [*paths, f"{YEAR}/SG1f/left-out/1"]:
        (line,) = told(doors, path)["counted"]
        assert line == {**dict.fromkeys(line), "forgotten": True, "links": {}}, path
    explained = told(doors, f"{YEAR}/explain?table=SG1a&category=95%2B")["figures"]
    assert young not in json.dumps(explained)
    differs = told(doors, f"{filed}/difference")
    by = [{"position": None, "name": "person-erased"}]
    rows = [(one["table"], one["case"], one["subject"], one["by"]) for one in differs["moved"]]
    assert rows == [(code, None, None, by) for code in ("SG1a", "SG1b", "SG1c")]
    assert (differs["moved"][0]["forgotten"], differs["restricted"]) == (True, 0)
    assert differs["notes"][0].startswith("Of 1 counted then")
    for follower in doors.followers:
        follower.close()
    for words in (("show", "2025-26", "SG1a", "--filed", "--cases"), ("diff", "2025-26")):
        said = cli("return", *words, *AS).out
        assert "[forgotten]" in said
        assert not any(one in said for one in (case, adult, young, child))
    assert case not in cli("return", "diff", "2025-26", "--json", *AS).out
    authority = doors.office.authority
    document = told(doors, FILINGS)["filings"][0]["document"]
    whole = doors.get(f"/v1/cases/{authority}/documents/{document}", **MANAGER)
    assert whole.status_code == 404, whole.text


def test_a_detail_erased_is_joined_to_nobody_though_it_was_told_otherwise_since(
    doors: Doors,
) -> None:
    """A band filed by an entry erased alone says Forgotten; the one told since names its case."""
    adult = doors.person(name="Ann Example", date_of_birth="1920-01-01")
    case, other = a_case(doors, adult), a_case(doors, doors.person(date_of_birth="1920-01-01"))
    filed = file(doors)["links"]["self"]
    body = {"command": {"details": {"date_of_birth": "1950-01-01"}}}
    path = f"/v1/persons/{adult}/record-person-details"
    assert doors.post(path, body, version=1, **MANAGER).status_code == 201
    assert erased(doors, adult, 2, "passage", target=1) == (201, "")
    doors.catch_up()
    assert places(doors, filed)["95+"] == [other, None]
    moved = told(doors, f"{filed}/difference")["moved"]
    assert [(one["case"], one["to"][0]["category"]) for one in moved] == [(None, "75-84")]
    band = number_of(doors, "SG1a", "75-84")
    (line,) = told(doors, f"{YEAR}/SG1a/cells/{band}")["counted"]
    assert line["case"] == case


def test_a_gender_that_has_no_category_is_no_gender_that_is_not_known(doors: Doors) -> None:
    """It is counted as not known, is asked of nobody, and opens as a detail, also as filed."""
    told_of = {"gender": "other", "gender_other": "Non-binary"}
    adult = doors.person(name="Ann Example", date_of_birth="1950-01-01", **told_of)
    case = a_case(doors, adult)
    filed = file(doors)["links"]["self"]
    number = number_of(doors, "SG1b", "Not Known")
    for path in (f"{YEAR}/SG1b/cells/{number}", f"{filed}/cells/SG1b/{number}"):
        shut, opened = read(doors, path, ANALYST), read(doors, path, MANAGER)
        assert (shut["counted"], shut["restricted"]) == ([], 1)
        assert [one["case"] for one in opened["counted"]] == [case]
    asked = told(doors, f"{YEAR}/checks")["exceptions"]
    assert {one["table"] for one in asked if one["case"] == case} == {"SG1c"}


def test_what_is_published_names_no_case_and_no_exact_figure(
    doors: Doors, cli: Cli, tmp_path: Path
) -> None:
    """On the command line as in the file: guarded figures, and no case (R145)."""
    cases = [a_case(doors) for _ in range(8)]
    for follower in doors.followers:
        follower.close()
    table: tuple[str, ...] = ("return", "2025-26", "SG1f", "--published", *LOOKS)
    shown = cli(*table, "--json")
    assert [one["value"] for one in shown.json["cells"]] == ["10", "[c]", "[c]"]
    assert not {"counted", "left_out", "restricted"} & set(json.dumps(shown.json).split('"'))
    for said in (shown.out, cli(*table).out, cli(*table, "--csv").out):
        assert not any(case in said for case in cases)
        assert "Left out" not in said
    assert cli(*table, "--cases").code == 2
    out = tmp_path / "p.json"
    assert cli("return", "export", "2025-26", str(out), "--published", *LOOKS).code == 0
    given = json.loads(out.read_text("utf-8"))
    mine = {one["category"]: one["value"] for one in given["cells"] if one["table"] == "SG1a"}
    table = ("return", "2025-26", "SG1a", "--published", "--json", *LOOKS)
    cells = cli(*table).json["cells"]
    assert {one["category"]: one["value"] for one in cells} == mine


def test_doubts_and_what_was_forgotten_are_said_at_every_door(doors: Doors, cli: Cli) -> None:
    """A table's notes, and how many were lawfully forgotten, stand in each exact output of it."""
    adult = doors.person(name="Ann Example", date_of_birth="1950-01-01")
    a_case(doors, adult)
    erased(doors, adult)
    filed = file(doors)["links"]["self"]
    asked = "table=SG1a&category=Not Known&enquiry_type=Safeguarding Concerns"
    notes = [
        told(doors, f"{YEAR}/SG1a")["notes"],
        told(doors, f"{YEAR}/SG1a/cells/1")["notes"],
        told(doors, f"{YEAR}/explain?{asked}")["notes"],
        told(doors, f"{YEAR}/export?format=json")["tables"][0]["notes"],
        told(doors, f"{filed}/cells/SG1a/1")["notes"],
        told(doors, f"{filed}/export?format=json")["tables"][0]["notes"],
    ]
    first = notes[0]
    assert [one[:8] for one in first] == ["From mem", "Derived:", "Derived:", "Details "]
    assert "1 persons were lawfully forgotten" in first[-1]
    assert notes == [first] * len(notes)
    for path in (f"{YEAR}/export?format=xlsx", f"{filed}/export?format=xlsx"):
        book = load_workbook(io.BytesIO(doors.get(path, **MANAGER).content))
        lines = [str(row[1].value) for row in book["Notes"].iter_rows()]
        assert set(first) <= set(lines)
    published = told(doors, f"{YEAR}/export?format=json&figures=published")["tables"][0]["notes"]
    assert published == first[:-1]  # how many were forgotten is an exact figure
    for follower in doors.followers:
        follower.close()
    for words in (
        ("2025-26", "SG1a"),
        ("explain", "2025-26", "SG1a", "Not Known"),
        ("show", "2025-26", "SG1a", "--filed"),
    ):
        assert set(first) <= set(cli("return", *words, *AS).out.splitlines())


def test_a_filing_is_given_whole(doors: Doors, cli: Cli, tmp_path: Path) -> None:
    """Which cells are voluntary, the rule a concern counts by, what is left out; and as files."""
    case = a_case(doors)
    body = {
        "occurred": "2026-03-03",
        "command": {"counted": True, "rule": "local_threshold", "edition": "april-2024"},
    }
    assert doors.post(f"/v1/cases/{case}/count-concern", body, version=1).status_code == 201
    a_case(doors)
    a_case(doors)
    other = doors.case(received="unknown")
    filed = file(doors)["links"]["self"]
    whole = told(doors, filed)
    now = told(doors, f"{YEAR}/SG1f")
    (table,) = (one for one in whole["tables"] if one["code"] == "SG1f")
    assert [one["voluntary"] for one in table["cells"]] == [False, False, True]
    assert [one["voluntary"] for one in now["cells"]] == [False, False, True]
    counted = told(doors, f"{filed}/cells/SG1f/1")["counted"]
    assert counted == told(doors, f"{YEAR}/SG1f/cells/1")["counted"]
    by = {(one["rule"], one["edition"]) for one in counted if one["case"] == case}
    assert by == {("local_threshold", "april-2024")}
    left = told(doors, f"{filed}/left-out/SG1f/1")
    assert (left["why"], left["count"]) == (table["left_out"][0]["why"], 1)
    assert [one["case"] for one in left["counted"]] == [other]
    assert doors.get(f"{filed}/left-out/SG1f/9", **MANAGER).status_code == 404
    exact = doors.get(f"{filed}/export", **MANAGER)
    rows = list(csv.reader(io.StringIO(exact.text)))[1:]
    assert {row[3]: row[-1] for row in rows if row[2] == "SG1f"}["Safeguarding Concerns"] == "3"
    assert len(rows) == sum(len(one["cells"]) for one in whole["tables"])
    public = doors.get(f"{filed}/export?format=xlsx&figures=published", **MANAGER).content
    shown = [one.value for row in load_workbook(io.BytesIO(public))["SG1f"] for one in row]
    assert "[c]" in shown
    assert not any(isinstance(one, int) for one in shown)
    for follower in doors.followers:
        follower.close()
    out = tmp_path / "f.csv"
    assert cli("return", "export", "2025-26", str(out), "--filed", *AS).code == 0
    assert out.read_bytes() == exact.content
    lines = cli("return", "show", "2025-26", "SG1f", "--filed", "--cases", *AS).out
    assert "local_threshold, april-2024" in lines
    assert other in lines
    asked = ("explain", "2025-26", "SG1f", "Total Number of Safeguarding Concerns", *AS)
    assert "local_threshold, april-2024" in cli("return", *asked).out


def test_a_return_that_breaks_a_hard_rule_is_filed_and_says_so(doors: Doors, cli: Cli) -> None:
    """The answer, what was filed and its entry name the rule and who filed it nonetheless."""
    case, enquiry = a_case(doors), str(uuid4())
    risk = {"source": "known", "action": "action_taken"}
    asked: dict[str, dict[str, Any]] = {
        "open-enquiry": {"opened_on": "2026-03-03", "kind": "section_42"},
        "conclude-enquiry": {
            "concluded_on": "2026-03-20",
            "triples": [{"type": "neglect", "source": "known_relative", "location": "own_home"}],
            "risks_found": [{**risk, "outcome": "reduced"}, {**risk, "outcome": "removed"}],
            "capacity": "did_not_lack",
            "outcomes": "not_asked",
            "primary_support_reason": "physical",
            "health_conditions": ["none"],
        },
    }
    for version, (name, told_of) in enumerate(asked.items(), start=1):
        body = {"command": {"enquiry": enquiry, **told_of}}
        answer = doors.post(f"/v1/cases/{case}/{name}", body, version=version, **MANAGER)
        assert answer.status_code == 201, answer.text
    filed = file(doors)
    assert filed["broken"] == ["V6", "V14"]
    assert filed["filed_by"]
    assert told(doors, FILINGS)["filings"][0]["broken"] == ["V6", "V14"]
    broken, unnamed = told(doors, filed["links"]["self"])["broken"]
    assert unnamed["faults"] == ["no council is named"]
    assert broken["rule"] == "V6"
    assert "2 outcomes of risk (SG2e), 1 risks" in broken["faults"][0]
    listed = told(doors, f"{YEAR}/checks")["exceptions"]
    about = {(one["table"], one["case"], one["subject"]) for one in listed}
    assert ("SG2c", case, enquiry) in about
    for follower in doors.followers:
        follower.close()
    shown = cli("return", "show", "2025-26", "SG2e", "--filed", *AS).out
    assert f"Filed nonetheless by {filed['filed_by']}" in shown
    assert broken["faults"][0] in shown
    assert "Filed nonetheless by" in cli("return", "file", "2025-26", *AS).out


@pytest.mark.parametrize("year", ["2026", "2140"])
def test_a_year_that_is_not_over_is_not_filed(doors: Doors, cli: Cli, year: str) -> None:
    """Nothing is there to file yet, which is said with the day on which it ends."""
    doors.catch_up()
    answer = doors.post(f"/v1/returns/{year}/filings", {}, **MANAGER)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_yet_happened")
    assert f"ends on {int(year) + 1}-03-31" in answer.json()["detail"]
    for follower in doors.followers:
        follower.close()
    assert "nothing to file yet" in cli("return", "file", year, *AS).err
