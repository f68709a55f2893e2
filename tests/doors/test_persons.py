"""What was told of a person, corrected: at the API, on the pages, on the command line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from api.office import Office
from domain.access import RecordViewed
from tests.conftest import Database
from tests.doors.conftest import Cli, Doors, opened_doors, settings_for

AGAIN = "death_recorded_again"
WITHDRAWN = {"target": 2, "reason": "wrong_person", "withdrawn": True}


def ask(doors: Doors, person: str, version: int, name: str, **command: Any) -> Any:  # noqa: ANN401
    """Ask something of a person, and give the answer."""
    answer = doors.post(f"/v1/persons/{person}/{name}", {"command": command}, version=version)
    assert answer.status_code == 201, answer.text
    return answer.json()


def died_twice(doors: Doors) -> str:
    """Register somebody said twice to have died."""
    person = doors.person(name="Ann Example")
    ask(doors, person, 1, "record-death", died="2026-01-02")
    ask(doors, person, 2, "record-death", died="2026-01-05")
    return person


def codes(found: list[dict[str, Any]]) -> list[str]:
    """List the codes of findings."""
    return [one["code"] for one in found]


def test_a_death_of_the_wrong_person_is_taken_back_at_the_door(shared: Doors) -> None:
    """A death withdrawn is not shown, is shown as at before, and stands in the timeline still."""
    person = shared.person(name="Ann Example")
    ask(shared, person, 1, "record-death", died="2026-01-02")
    at = shared.office.record.log.tail()
    done = ask(shared, person, 2, "correct-person-record", **WITHDRAWN)
    assert (done["version"], done["links"]["self"]) == (3, f"/v1/persons/{person}")

    here = f"/v1/persons/{person}"
    assert shared.get(here).json()["died"] is None
    assert shared.get(f"{here}?as_at={at}").json()["died"]["edtf"] == "2026-01-02"
    entries = shared.get(f"{here}/timeline").json()["entries"]
    seen = {one["version"]: (one["name"], one["withdrawn"], one["corrected_by"]) for one in entries}
    assert seen == {
        1: ("person-registered", False, None),
        2: ("person-died", True, done["positions"][0]),
        3: ("person-record-corrected", False, None),
    }
    before = shared.get(f"{here}/timeline?as_at={at}").json()["entries"]
    assert not any(one["withdrawn"] for one in before)


def test_a_correction_of_a_person_is_refused_by_the_field(shared: Doors) -> None:
    """A correction that passes over an earlier one is refused, and says which field is wrong."""
    person = died_twice(shared)
    ask(shared, person, 3, "correct-person-record", **WITHDRAWN)
    path = f"/v1/persons/{person}/correct-person-record"
    answer = shared.post(path, {"command": WITHDRAWN}, version=4)
    assert answer.status_code == 422
    assert "supersedes" in answer.text
    assert shared.post(path, {"command": WITHDRAWN}, version=3).status_code == 412
    roles = {"integrator": 403, "manager": 201}
    for role, status in roles.items():
        body = {"command": {**WITHDRAWN, "supersedes": 4}}
        assert shared.post(path, body, version=4, Holdfast_Role=role).status_code == status


def test_a_name_and_a_reference_taken_back_find_nobody(shared: Doors) -> None:
    """A search finds nobody by what was withdrawn; the same reference may then be given again."""
    person = shared.person(name="Quilla Example")
    ask(shared, person, 1, "record-person-details", details={"known_as": "Zebedee"})
    reference = {"system": "nhs", "id": "555 777 1234"}
    ask(shared, person, 2, "add-external-reference", reference=reference)

    def found(name: str) -> list[str]:
        shared.catch_up()
        answer = shared.client.post("/v1/search/persons", json={"name": name})
        return [one["person"] for one in answer.json()["persons"]]

    def referred() -> list[str]:
        answer = shared.client.post("/v1/search/references", json=reference)
        return [one["reference"] for one in answer.json()["found"]]

    assert (found("zebedee"), referred()) == ([person], [person])
    ask(shared, person, 3, "correct-person-record", **WITHDRAWN)
    ask(shared, person, 4, "correct-person-record", **{**WITHDRAWN, "target": 3})
    assert (found("zebedee"), found("quilla"), referred()) == ([], [person], [])
    assert shared.get(f"/v1/persons/{person}").json()["external"] == []
    ask(shared, person, 5, "add-external-reference", reference=reference)
    assert referred() == [person]


def test_a_second_death_is_shown_where_the_person_is(shared: Doors) -> None:
    """The finding stands at the person's doors and their cases', until one death is withdrawn."""
    person = died_twice(shared)
    case = shared.case(person)
    doors = (f"/v1/persons/{person}", f"/v1/cases/{case}/findings")
    members = ("findings", "about_adult")
    for path, member in zip(doors, members, strict=True):
        assert codes(shared.get(path).json()[member]) == [AGAIN]
    for path in (f"/persons/{person}", f"/cases/{case}"):
        page = shared.get(path).text
        assert "A death was recorded for somebody recorded as having died" in page
    there = rf'href="/persons/{person}\?entry=(\d+)#entry-\1"'
    assert re.search(there, shared.get(f"/cases/{case}").text)

    ask(shared, person, 3, "correct-person-record", **WITHDRAWN)
    for path, member in zip(doors, members, strict=True):
        assert shared.get(path).json()[member] == []
    page = shared.get(f"/persons/{person}").text
    assert "A death was recorded" not in page
    assert "<strong>Withdrawn</strong> since" in page
    assert "<dt>Died</dt><dd>5 January 2026</dd>" in page


def test_an_open_case_goes_by_the_death_that_the_adults_own_record_tells(shared: Doors) -> None:
    """Its page says so, to whoever may be told; nothing is asked of the dead, as at then (R150)."""
    person = shared.person()
    case = shared.case(person)
    path = f"/v1/cases/{case}/findings?show=all&on=2027-03-01"
    alive = codes(shared.get(path).json()["findings"])
    assert "duty_not_decided" in alive
    basis = shared.get(path).headers["Holdfast-Basis"]
    ask(shared, person, 1, "record-death", died="2026-11-02")
    answer = shared.get(path).json()
    assert answer["findings"] == []
    assert codes(answer["cleared"]) == alive
    assert codes(shared.get(path, Holdfast_Basis=basis).json()["findings"]) == alive

    before = len(shared.readings())
    assert "<dt>The adult died</dt><dd>2 November 2026</dd>" in shared.get(f"/cases/{case}").text
    assert person in {str(getattr(one, "person", None)) for one in shared.readings()[before:]}
    ask(shared, person, 2, "correct-person-record", **{**WITHDRAWN, "target": 2})
    assert "The adult died" not in shared.get(f"/cases/{case}").text
    assert codes(shared.get(path).json()["findings"]) == alive


def test_what_is_shown_of_a_person_beside_a_case_leaves_a_trace(shared: Doors) -> None:
    """Showing findings of the adult with a case is a look at the person, and recorded as one."""
    person = died_twice(shared)
    case = shared.case(person)
    before = len(shared.readings())
    shared.get(f"/cases/{case}")
    seen = [one for one in shared.readings()[before:] if isinstance(one, RecordViewed)]
    assert [(one.what, one.case is not None, one.person is not None) for one in seen] == [
        ("case", True, False),
        ("findings", False, True),
    ]
    shared.get(f"/persons/{person}")
    last = shared.readings()[-1]
    assert (last.what, str(last.person), last.door) == ("person", person, "page")


def test_a_restriction_hides_the_person_also_beside_another_case(doors: Doors) -> None:
    """Where one case restricts, no door shows the person's findings or page from another (I16)."""
    person = died_twice(doors)
    case, other = doors.case(person), doors.case(person)
    body = {"command": {"ground": "accuracy_contested"}}
    assert doors.post(f"/v1/cases/{other}/restrict-processing", body, version=1).status_code == 201

    assert doors.get(f"/v1/cases/{case}/findings").json()["about_adult"] == []
    assert "In what was told of the adult" not in doors.get(f"/cases/{case}").text
    for path in (f"/v1/persons/{person}/timeline", f"/persons/{person}"):
        assert doors.get(path).status_code == 403, path
    through = {"Holdfast_Purpose": "protecting_others"}
    found = doors.get(f"/v1/cases/{case}/findings", **through).json()["about_adult"]
    assert codes(found) == [AGAIN]
    assert doors.get(f"/persons/{person}?purpose=protecting_others").status_code == 200


@pytest.mark.parametrize(
    ("role", "findings", "timeline"),
    [
        ("practitioner", True, 200),
        ("minute_taker", False, 200),
        ("integrator", False, 403),
        ("analyst", None, 403),
    ],
)
def test_each_role_is_shown_of_a_person_what_it_may_read(
    shared: Doors, *, role: str, findings: bool | None, timeline: int
) -> None:
    """Findings are null for a role that reads none; no text goes to a role that reads no text."""
    person = died_twice(shared)
    answer = shared.get(f"/v1/persons/{person}", Holdfast_Role=role)
    assert answer.status_code == (403 if findings is None else 200)
    if findings is not None:
        assert (answer.json()["findings"] is not None) is findings
    for path in (f"/v1/persons/{person}/timeline", f"/persons/{person}"):
        assert shared.get(path, Holdfast_Role=role).status_code == timeline
    page = shared.get(f"/persons/{person}", Holdfast_Role=role).text
    assert ("Not shown to this role" in page) is (role == "minute_taker")


def test_the_command_line_shows_findings_about_the_adult(
    database: Database, tmp_path: Path, cli: Cli
) -> None:
    """`case` names what would be criticised in what was told of its adult."""
    with Office(settings_for(database, tmp_path)) as office, opened_doors(office) as doors:
        case = doors.case(died_twice(doors))
    assert "Findings in the adult's own record" in cli("case", case, "--role", "manager").out
    assert codes(cli("case", case, "--role", "manager", "--json").json["about_adult"]) == [AGAIN]
