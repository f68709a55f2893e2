from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from api import register
from api.clock import entropy
from api.office import Office
from api.register import number_of
from api.routes import search
from domain.access import RecordViewed, SearchMade
from domain.record.forgetting import forget
from tests.conftest import LOGIN, Database
from tests.doors.conftest import Cli, Doors, opened_doors, referral, settings_for

NHS = {"system": "nhs", "id": "943 476 5919"}


def found(doors: Doors, **asked: str) -> list[Any]:
    """Search for a name, or for a reference."""
    doors.catch_up()
    what = "persons" if "name" in asked else "references"
    answer = doors.client.post(f"/v1/search/{what}", json=asked)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return list(body["persons"] if "name" in asked else body["found"])


def registered(doors: Doors, name: str, *external: dict[str, str]) -> str:
    """Register a person by name, with what other systems call them."""
    body = {"command": {"details": {"name": name}, "external": list(external)}}
    answer = doors.post("/v1/persons", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["stream"])


def test_a_person_is_found_by_any_words_of_their_name(shared: Doors) -> None:
    """Case, accents and order do not count; every word asked must be there."""
    person = registered(shared, "Zoë O'Nevertheless-Brown")
    for name in ("zoe brown", "BROWN Zoë", "o'nevertheless"):
        assert [one["person"] for one in found(shared, name=name)] == [person]
    assert found(shared, name="zoe smith") == []
    assert found(shared, name="!?") == []
    change = {"command": {"details": {"known_as": "Zed"}}}
    assert shared.post(f"/v1/persons/{person}/record-person-details", change, version=1).is_success
    (hit,) = found(shared, name="zed onevertheless")
    assert hit["details"]["known_as"]["text"] == "Zed"


def test_a_search_leaves_its_trace_and_so_does_every_hit(shared: Doors) -> None:
    """How many were found is kept, and who was shown; what was searched for is not."""
    person = registered(shared, "Traceable Person")
    before = len(shared.readings())
    found(shared, name="traceable")
    made, hit = shared.readings()[before:]
    assert isinstance(made, SearchMade)
    assert made.hits == 1
    assert isinstance(hit, RecordViewed)
    assert hit.person == UUID(person)


def test_a_reference_is_found_however_it_is_spaced(shared: Doors) -> None:
    """(system, id) finds the person, and the case whose referral carried it."""
    person = registered(shared, "Numbered", {"system": "nhs", "id": "9434765870"})
    police = {"system": "police", "id": "CR-77/26"}
    case = shared.case(person, external=[police])
    assert [one["reference"] for one in found(shared, system="nhs", id="943 476 5870")] == [person]
    (hit,) = found(shared, system="police", id="cr77/26")
    assert (hit["kind"], hit["reference"]) == ("case", case)
    assert hit["links"] == {"case": f"/v1/cases/{case}"}
    assert found(shared, system="police", id="9434765870") == []


def test_a_person_found_by_a_reference_is_a_person_read(shared: Doors) -> None:
    """The trace of the search holds how many; beside it stands the trace of each person named."""
    reference = {"system": "nhs", "id": "5990128088"}
    person = registered(shared, "Referred To", reference)
    before = len(shared.readings())
    found(shared, **reference)
    made, hit = shared.readings()[before:]
    assert isinstance(made, SearchMade)
    assert (made.hits, hit.person, hit.what) == (1, UUID(person), "person")


def test_a_search_says_that_there_are_more(shared: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the most it shows, an answer says so and how to narrow it; else that it is all."""
    monkeypatch.setattr(search, "MOST", 2)
    for first in ("Ada", "Bea", "Cleo"):
        registered(shared, f"{first} Samename")
    shared.catch_up()
    for name, shown, more in (("samename", 2, True), ("samename ada", 1, False)):
        answer = shared.client.post("/v1/search/persons", json={"name": name}).json()
        assert (len(answer["persons"]), answer["more"]) == (shown, more)
        assert ("another word" in (answer["narrow"] or "")) == more


def test_what_is_sent_twice_is_taken_in_once(shared: Doors) -> None:
    """A known reference under a new key is answered with where it stands; nothing is recorded."""
    person = registered(shared, "Once Only", NHS)
    tail = shared.office.record.log.tail()
    again = shared.post("/v1/persons", {"command": {"details": {}, "external": [NHS]}})
    assert again.status_code == 409
    assert again.json()["type"] == "/problems/already-received"
    assert again.json()["links"] == {"existing": f"/v1/persons/{person}"}
    assert "943" not in again.text
    assert shared.office.record.log.tail() == tail
    assert shared.readings()[-1].person == UUID(person)  # it was named: somebody looked
    incident = [{"system": "police", "id": "CR 1"}]
    case = shared.case(person, external=incident)
    repeated = shared.post("/v1/cases", {"command": referral(person, external=incident)})
    assert repeated.json()["links"] == {"existing": f"/v1/cases/{case}"}
    assert shared.readings()[-1].case == UUID(case)
    other = shared.case(registered(shared, "Somebody Else"), external=incident)
    assert other != case


def test_a_repeated_command_is_answered_again_in_spite_of_its_reference(shared: Doors) -> None:
    """The same key and body is the same command, not a second taking in."""
    body = {"command": {"details": {}, "external": [{"system": "nhs", "id": "4010232137"}]}}
    assert shared.post("/v1/persons", body, key="taken").status_code == 201
    assert shared.post("/v1/persons", body, key="taken").status_code == 200


def test_what_is_sent_twice_at_once_is_taken_in_once(shared: Doors) -> None:
    """Many at the same moment with one reference make one person."""
    body = {"command": {"details": {}, "external": [{"system": "nhs", "id": "1111111111"}]}}
    with ThreadPoolExecutor(7) as pool:
        sent = [pool.submit(shared.post, "/v1/persons", body) for _ in range(7)]
        answers = [one.result() for one in sent]
    assert sorted(one.status_code for one in answers) == [201] + [409] * 6


def test_what_is_sent_to_two_servers_at_once_is_taken_in_once(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two offices on one record, many at the same moment with one reference: one person."""
    monkeypatch.setattr(register, "PATIENCE_S", 120.0)  # however busy this machine is
    settings = settings_for(database, tmp_path)
    with (
        Office(settings) as one,
        Office(settings) as other,
        opened_doors(one) as here,
        opened_doors(other) as there,
        ThreadPoolExecutor(4) as pool,
    ):
        for doors in (here, there):
            doors.person()  # a route is made ready by its first request
        for number in range(3):
            external = [{"system": "nhs", "id": f"222222222{number}"}]
            body = {"command": {"details": {}, "external": external}}
            sent = [pool.submit(doors.post, "/v1/persons", body) for doors in (here, there) * 2]
            answers = [asked.result() for asked in sent]
            assert sorted(each.status_code for each in answers) == [201] + [409] * 3
            (person,) = {each.json()["stream"] for each in answers if each.status_code == 201}
            links = {each.json()["links"]["existing"] for each in answers if each.is_error}
            assert links == {f"/v1/persons/{person}"}


def test_whoever_takes_in_waits_for_others_only_so_long(
    doors: Doors, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another process takes in and does not end, the answer is to try again; then it works.

    Who takes in no reference waits for nobody.
    """
    monkeypatch.setattr(register, "PATIENCE_S", 0.3)
    body = {"command": {"details": {}, "external": [NHS]}}
    doors.person()  # whoever asks is known by now
    with psycopg.connect(database.conninfo(LOGIN)) as another:
        another.execute("SELECT pg_advisory_xact_lock(%s)", (register._LOCK,))
        tail = doors.office.record.log.tail()
        answer = doors.post("/v1/persons", body, key="waits")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
        assert doors.office.record.log.tail() == tail
        doors.person(name="Without Reference")
    assert doors.post("/v1/persons", body, key="waits").status_code == 201
    refused = doors.post("/v1/persons", {"command": {"details": {}, "external": [NHS]}})
    assert refused.status_code == 409
    other = {"command": {"details": {}, "external": [{"system": "nhs", "id": "1"}]}}
    assert doors.post("/v1/persons", other).status_code == 201  # a refusal let go of it too


def test_the_forgotten_are_not_found(doors: Doors) -> None:
    """Once the keys are gone neither name nor reference finds anybody, without a restart."""
    person = registered(doors, "Forgettable", NHS)
    assert found(doors, name="forgettable")
    with doors.office.database.connect("holdfast_keeper") as conn:
        forget(conn, doors.office.wrapping, entropy, subjects=[UUID(person)])
    assert found(doors, name="forgettable") == []
    assert found(doors, **NHS) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("persons", {}),
        ("persons", {"name": ""}),
        ("persons", {"name": "x" * 201}),
        ("persons", {"name": "Private", "Private": 1}),
        ("references", {"system": "Private System", "id": "1"}),
        ("references", {"system": "nhs"}),
    ],
)
def test_a_search_that_cannot_be_read_is_turned_away(
    shared: Doors, path: str, body: dict[str, Any]
) -> None:
    """Wrong input is pointed at and not repeated."""
    answer = shared.client.post(f"/v1/search/{path}", json=body)
    assert answer.status_code == 422
    assert "Private" not in answer.text


def test_a_connected_system_searches_by_reference_alone(shared: Doors) -> None:
    """An integrator gets no names."""
    role = {"Holdfast-Role": "integrator"}
    assert (
        shared.client.post("/v1/search/persons", json={"name": "a"}, headers=role).status_code
        == 403
    )
    answer = shared.client.post("/v1/search/references", json=NHS, headers=role)
    assert answer.status_code == 200


def test_numbers_are_compared_as_people_write_them() -> None:
    """Spaces, hyphens and case do not count."""
    assert number_of(" 943-476 5919 ") == "9434765919"


COUNCIL = {"system": "council-system", "id": "C 4711/26"}


def submitted(doors: Doors, case: str) -> int:
    """Submit a report in a case of one entry; give the version that brought it."""
    body = {"command": {"author": "00000000-0000-4000-8000-000000000001"}}
    answer = doors.post(f"/v1/cases/{case}/submit-investigation-report", body, version=1)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["version"])


def called(doors: Doors, case: str, version: int, reference: dict[str, str], **more: int) -> Any:  # noqa: ANN401 — a response
    """Record what another system calls a case or a document in it."""
    body = {"command": {"reference": reference, **more}}
    return doors.post(f"/v1/cases/{case}/add-case-reference", body, version=version)


def test_a_case_and_its_documents_are_found_by_their_references(shared: Doors) -> None:
    """(system, id) finds the case, and says which document of it is called so."""
    case = shared.case()
    version = submitted(shared, case)
    theirs = {"system": "council-system", "id": "C-100"}
    report = {"system": "documents", "id": "R 100"}
    assert called(shared, case, 2, theirs).status_code == 201
    assert called(shared, case, 3, report, target=version).status_code == 201
    (hit,) = found(shared, system="council-system", id="c100")
    assert (hit["reference"], hit["names"]) == (case, [{"what": "case", "version": None}])
    (hit,) = found(shared, system="documents", id="R100")
    assert (hit["reference"], hit["names"]) == (case, [{"what": "report", "version": version}])
    summary = shared.get(f"/v1/cases/{case}").json()
    assert [(one["what"], one["id"]["text"]) for one in summary["external"]] == [
        ("case", "C-100"),
        ("report", "R 100"),
    ]
    assert called(shared, case, 4, report, target=3).status_code == 404


def test_the_same_reference_of_the_same_thing_is_recorded_once(shared: Doors) -> None:
    """Sent again under another key, it is answered as the first time, and no event is added."""
    case = shared.case()
    first = called(shared, case, 1, COUNCIL)
    tail = shared.office.record.log.tail()
    again = called(shared, case, 2, {"system": "council-system", "id": "c4711/26"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert shared.office.record.log.tail() == tail
    person = registered(shared, "Twice Told")
    body = {"command": {"reference": {"system": "nhs", "id": "7777777777"}}}
    path = f"/v1/persons/{person}/add-external-reference"
    one, other = shared.post(path, body, version=1), shared.post(path, body, version=2)
    assert (one.status_code, other.status_code) == (201, 200)
    assert one.json() == other.json()


def test_a_reference_of_another_case_is_recorded_and_flagged(shared: Doors) -> None:
    """The answer names the other case, a finding stands, and the naming is on record."""
    theirs = {"system": "council-system", "id": "C-200"}
    one, other = shared.case(), shared.case()
    assert called(shared, one, 1, theirs).json()["notes"] == []
    answer = called(shared, other, 1, theirs)
    assert answer.status_code == 201
    flag = {"code": "reference-shared", "links": {"case": f"/v1/cases/{one}"}}
    assert answer.json()["notes"] == [flag]
    assert shared.readings()[-1].cases == (UUID(one),)
    codes = [
        each["code"]
        for each in shared.get(f"/v1/cases/{other}/findings?show=all").json()["findings"]
    ]
    assert "reference_shared" in codes
    both = {hit["reference"] for hit in found(shared, **theirs)}
    assert both == {one, other}
    assert called(shared, other, 2, theirs).json() == answer.json()


def test_a_reference_taken_back_is_not_found_and_may_be_given_again(shared: Doors) -> None:
    """What a correction withdrew names nothing any more."""
    theirs = {"system": "council-system", "id": "C-300"}
    case = shared.case()
    assert called(shared, case, 1, theirs).status_code == 201
    wrong = {"command": {"target": 2, "reason": "wrong_person", "withdrawn": True}}
    assert shared.post(f"/v1/cases/{case}/correct-record", wrong, version=2).status_code == 201
    assert found(shared, **theirs) == []
    assert called(shared, case, 3, theirs).status_code == 201


def test_a_reference_of_a_case_is_forgotten_with_it(doors: Doors) -> None:
    """It is a passage about the case: sealed, and gone with its keys."""
    case = doors.case()
    assert called(doors, case, 1, COUNCIL).status_code == 201
    assert found(doors, **COUNCIL)
    assert b"4711" not in b"".join(row.payload for row in doors.office.record.log.read(0))
    with doors.office.database.connect("holdfast_keeper") as conn:
        forget(conn, doors.office.wrapping, entropy, subjects=[UUID(case)])
    assert found(doors, **COUNCIL) == []
    (one,) = doors.get(f"/v1/cases/{case}").json()["external"]
    assert one["id"]["forgotten"] is True


def test_the_command_line_shows_what_others_call_a_case(
    database: Database, tmp_path: Path, cli: Cli
) -> None:
    """`case` names the external references of a case and of its documents."""
    with Office(settings_for(database, tmp_path)) as office, opened_doors(office) as doors:
        case = doors.case()
        assert called(doors, case, 1, COUNCIL).status_code == 201
    assert "The case is C 4711/26 in council-system" in cli("case", case).out
    (one,) = cli("case", case, "--json").json["external"]
    assert (one["what"], one["id"]["text"]) == ("case", "C 4711/26")
