from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.clock import FixedClock
from api.office import Office
from api.readings import _NAMING, About, readings_of
from api.routes.door import MOST_CASES, Reader
from domain.access import RecordViewed
from domain.handle import local_day
from domain.words import Code
from tests.conftest import Database
from tests.doors.conftest import Cli, Doors, opened_doors, settings_for
from tests.doors.test_erasing_a_person import erased


def looked(doors: Doors, case: str, **query: str) -> list[dict[str, Any]]:
    """Ask who looked at a case."""
    answer = doors.client.get(f"/v1/cases/{case}/readings", params=query)
    assert answer.status_code == 200, answer.text
    readings: list[dict[str, Any]] = answer.json()["readings"]
    return readings


@pytest.mark.parametrize(
    ("path", "what", "door"),
    [
        ("/v1/cases", "caseload", "api"),
        ("/v1/reviews", "caseload", "api"),
        ("/v1/reviews?overdue=true&on=2028-01-01", "caseload", "api"),
        ("/v1/reviews?as_of=2026-11-20", "caseload", "api"),
        ("/v1/reviews/overdue?on=2028-01-01", "caseload", "api"),
        ("/v1/returns/2026/SG1f/cells/1?limit=500", "return", "api"),
        ("/v1/events?limit=1000", "event", "feed"),
        ("/", "caseload", "page"),
    ],
)
def test_an_answer_about_several_cases_names_each_in_its_trace(
    shared: Doors, path: str, what: str, door: str
) -> None:
    """Whoever is shown a list looked at every case in it, and is found by each of them."""
    cases = [shared.case(), shared.case()]
    opened = {"kind": "section_42", "opened_on": "2026-11-03"}
    body = {"occurred": "2026-11-03", "command": opened}
    for case in cases:
        answer = shared.post(f"/v1/cases/{case}/open-enquiry", body, version=1)
        assert answer.status_code == 201, answer.text
    shared.catch_up()
    before = len(shared.readings())
    text = shared.client.get(path, headers={"Holdfast-Purpose": "review"}).text
    (event,) = shared.readings()[before:]
    assert isinstance(event, RecordViewed)
    shown = {one for one in event.cases if str(one) in text}
    assert {UUID(case) for case in cases} <= shown == set(event.cases)
    for case in cases:
        (reading,) = looked(shared, case)
        assert (reading["what"], reading["door"]) == (what, door)
        assert reading["among"] == len(event.cases)


def test_a_page_of_the_list_names_the_cases_of_that_page(doors: Doors) -> None:
    """What the page of a list does not show is not said to have been looked at."""
    cases = {doors.case() for _ in range(3)}
    assert len(looked(doors, min(cases))) == 0
    doors.get("/?team=nobodys")
    assert doors.readings()[-1].cases == ()
    doors.get("/")
    assert {str(one) for one in doors.readings()[-1].cases} == cases


def test_many_cases_are_several_events(shared: Doors) -> None:
    """No event of the log of readings holds more than a thousand cases, and none is lost."""
    many = [uuid4() for _ in range(2 * MOST_CASES + 1)]
    office = shared.office
    reader = Reader(office=office, actor=office.system_actor, purpose=Code("audit"))
    before = len(shared.readings())
    reader.viewed("caseload", among=many)
    events = shared.readings()[before:]
    assert [len(one.cases) for one in events] == [MOST_CASES, MOST_CASES, 1]
    assert {one for event in events for one in event.cases} == set(many)
    (found,) = readings_of(office, About(cases=frozenset({many[0]})), upto=10**6, limit=10)
    assert found.among in {1, MOST_CASES}


def test_who_looked_at_a_case_is_answered(shared: Doors) -> None:
    """Who, when, what, by which door and why; asking stands in the next answer."""
    case = shared.case()
    shared.get(f"/v1/cases/{case}", Holdfast_Purpose="review", Holdfast_Role="chair")
    shared.get(f"/cases/{case}?as_at={shared.office.record.log.tail()}")
    first, second = looked(shared, case)
    assert (first["what"], first["door"], first["purpose"]) == ("case", "api", "review")
    assert (first["role"], first["among"]) == ("chair", 1)
    assert first["name"] == "Development identity"
    assert first["at"] < second["at"]
    assert (second["door"], second["purpose"]) == ("page", "safeguarding")
    assert looked(shared, case)[2]["what"] == "access_log"
    page = shared.client.get(f"/v1/cases/{case}/readings?limit=1").json()
    assert page["more"] is True
    rest = looked(shared, case, after=page["next"])
    assert [one["position"] for one in rest] > [first["position"]]
    assert rest[0] == second
    assert shared.client.get(f"/v1/cases/{uuid4()}/readings").status_code == 404


def of_person(doors: Doors, person: str, **query: str) -> dict[str, Any]:
    """Ask who looked at a person."""
    answer = doors.client.get(f"/v1/persons/{person}/readings", params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_who_looked_at_a_person_is_answered(shared: Doors) -> None:
    """Their own page, and every case that names them: as the adult, or spoken of in one passage."""
    person, stranger = shared.person(name="Ada Example"), shared.person()
    about, spoken = shared.case(person), shared.case(account={"about": person, "text": "She rang."})
    other = shared.case()
    shared.get(f"/v1/persons/{person}", Holdfast_Purpose="review", Holdfast_Role="chair")
    shared.get(f"/v1/cases/{about}")
    shared.get(f"/cases/{spoken}")
    shared.get(f"/v1/cases/{other}")
    shared.get(f"/v1/persons/{stranger}")
    body = of_person(shared, person)
    assert body["cases"] == sorted([about, spoken])
    seen = [
        (one["what"], one["person"], one["cases"], one["door"], one["purpose"])
        for one in body["readings"]
    ]
    assert seen == [
        ("person", True, [], "api", "review"),
        ("case", False, [about], "api", "safeguarding"),
        ("case", False, [spoken], "page", "safeguarding"),
    ]
    assert body["readings"][0]["role"] == "chair"
    assert body["readings"][0]["name"] == "Development identity"
    page = of_person(shared, person, limit="1")
    assert (len(page["readings"]), page["more"]) == (1, True)
    rest = of_person(shared, person, after=str(page["next"]))["readings"]
    assert rest[:2] == body["readings"][1:]
    for nobody in (str(uuid4()), about):
        assert shared.client.get(f"/v1/persons/{nobody}/readings").status_code == 404


def test_asking_who_looked_at_a_person_is_a_look_at_all_of_it(shared: Doors) -> None:
    """The question stands in the next answer, of the person and of each of the cases."""
    person = shared.person()
    case = shared.case(person)
    of_person(shared, person)
    (asked,) = of_person(shared, person)["readings"]
    assert (asked["what"], asked["person"], asked["cases"]) == ("access_log", True, [case])
    assert looked(shared, case)[0]["what"] == "access_log"


def test_who_looked_at_a_person_is_answered_after_their_erasure(doors: Doors) -> None:
    """Whoever was erased may have been looked at: the answer stays, and opens nothing of them."""
    person = doors.person(name="Ada Example")
    doors.get(f"/v1/persons/{person}")
    assert erased(doors, person) == (201, "")
    (reading,) = of_person(doors, person)["readings"]
    assert (reading["what"], reading["person"]) == ("person", True)


def test_a_reading_of_a_thing_is_found_by_an_index(doors: Doors) -> None:
    """Neither question reads the log of readings from end to end, however few statistics it has."""
    with doors.office.pool.connection() as conn:
        plan = conn.execute(
            b"EXPLAIN " + _NAMING.as_bytes(conn),
            ([uuid4(), uuid4()], 0, 10**6, ["record-viewed.v1"], 100),
        ).fetchall()
    text = "\n".join(line for (line,) in plan)
    assert "readings_named" in text
    assert "Seq Scan" not in text


def test_what_a_payload_names_is_told_of_any_bytes(doors: Doors) -> None:
    """References as they are written, each as it stands; of other bytes none, and no refusal."""
    one, two = uuid4(), uuid4()
    samples = {
        f'{{"data":{{"case":"{one}","cases":["{two}"]}}}}'.encode(): {one, two},
        f'"{one}'.encode(): {one},
        str(one).encode().upper(): set(),
        b"------------------------------------": set(),
        b'"----0000----0000----0000----00000000"': set(),
        bytes(range(256)): set(),
        b"": set(),
    }
    with doors.office.pool.connection() as conn:
        for sample, named in samples.items():
            row = conn.execute("SELECT record.named(%s)", (sample,)).fetchone()
            assert row is not None
            assert set(row[0]) == named, sample


@pytest.mark.parametrize(
    ("role", "status"),
    [("auditor", 200), ("manager", 200), ("administrator", 200), ("practitioner", 403)],
)
def test_those_who_work_a_case_do_not_read_who_looked(
    shared: Doors, role: str, status: int
) -> None:
    """The log of readings is for those who answer for it."""
    for path in (f"/v1/cases/{shared.case()}", f"/v1/persons/{shared.person()}"):
        assert shared.get(f"{path}/readings", Holdfast_Role=role).status_code == status


def test_a_reference_found_is_a_case_looked_at(shared: Doors) -> None:
    """A search that names a case leaves the trace of the case beside that of the search."""
    case = shared.case(external=[{"system": "police", "id": "CR 4711"}])
    asked = {"system": "police", "id": "CR4711"}
    assert shared.client.post("/v1/search/references", json=asked).is_success
    assert [str(one) for one in shared.readings()[-1].cases] == [case]


def test_the_command_line_leaves_and_answers_the_same(
    database: Database, tmp_path: Path, cli: Cli
) -> None:
    """caseload, reviews and a return's cases name each case; `readings` finds them."""
    with Office(settings_for(database, tmp_path)) as office, opened_doors(office) as doors:
        person = doors.person()
        case = doors.case(person)
        body = {"command": {"kind": "section_42", "opened_on": "2026-11-03"}}
        assert doors.post(f"/v1/cases/{case}/open-enquiry", body, version=1).is_success
    cli("caseload", "--purpose", "audit")
    cli("reviews")
    cli("return", "2026", "SG1f", "--role", "analyst")
    cli("return", "2026", "SG1f", "--cases", "--role", "analyst")
    found = cli("readings", case, "--json").json["readings"]
    assert [(one["what"], one["purpose"], one["door"]) for one in found] == [
        ("caseload", "audit", "cli"),
        ("caseload", "safeguarding", "cli"),
        ("return", "statistics", "cli"),
    ]
    assert cli("readings", case, "--role", "practitioner").code == 2
    said = cli("readings", case)
    assert said.code == 0
    assert "The log of readings" in said.out
    assert cli("readings", "nowhere").code == 3
    answer = cli("readings", "--person", person, "--json").json
    assert (answer["person"], answer["cases"]) == (person, [case])
    whats = [one["what"] for one in answer["readings"]]
    assert whats == ["caseload", "caseload", "return", "access_log", "access_log"]
    assert {tuple(one["cases"]) for one in answer["readings"]} == {(case,)}
    assert "the person" in cli("readings", "--person", person).out
    for wrong in ((), (case, "--person", person)):
        assert cli("readings", *wrong).code == 2
    assert cli("readings", "--person", "nowhere").code == 3


def test_who_had_looked_by_a_day_or_a_position(database: Database, tmp_path: Path) -> None:
    """as_at gives the looks by then: what came after it changes that answer no more.

    A look is traced by the system's clock, also where that of the record is another.
    """
    clock = FixedClock(datetime.now(UTC) - timedelta(days=3))
    settings = settings_for(database, tmp_path)
    with Office(settings, clock=clock) as office, opened_doors(office) as doors:
        case = doors.case()
        earlier = office.record.log.tail()
        assert doors.get(f"/v1/cases/{case}").is_success
        (look,) = looked(doors, case)
        day = local_day(datetime.fromisoformat(look["at"]))
        clock.forward(timedelta(days=7))
        doors.case()
        later = office.record.log.tail()
        assert looked(doors, case, as_at=(day - timedelta(days=1)).isoformat()) == []
        assert looked(doors, case, as_at=str(earlier)) == looked(doors, case, as_at="0") == []
        for then in (day.isoformat(), str(later)):
            assert looked(doors, case, as_at=then)[0] == look
        for wrong in ("yesterday", str(later + 9), "2990-01-01"):
            answer = doors.client.get(f"/v1/cases/{case}/readings", params={"as_at": wrong})
            assert answer.status_code == 422
