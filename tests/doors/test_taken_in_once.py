"""What another system sends is taken in once, also where the lock that keeps others out is lost.

Two offices of one record stand for two servers. The first is stopped just before it records, its
lock's connection is cut by the database, and the second takes in the same meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.office import Office
from api.register import _LOCK
from tests.conftest import Database
from tests.doors.conftest import Doors, opened_doors, referral, settings_for

NHS = {"system": "nhs", "id": "943 476 5919"}
INCIDENT = {"system": "police", "id": "CR 4711"}


@pytest.fixture
def second(office: Office, database: Database, tmp_path: Path) -> Iterator[Doors]:
    """Give the doors of another server of the same record, on the same keys."""
    del office  # opened first: it made the keys
    with Office(settings_for(database, tmp_path)) as other, opened_doors(other) as opened:
        yield opened


Cut = Callable[[], int]


@pytest.fixture
def cut(owner: psycopg.Connection[Any], database: Database) -> Cut:
    """Give a way to end every connection that holds the lock of intake; it says how many."""

    def end() -> int:
        rows = owner.execute(
            "SELECT pg_terminate_backend(l.pid, 5000) FROM pg_locks l JOIN pg_stat_activity a"
            " USING (pid) WHERE l.locktype = 'advisory' AND l.granted AND a.datname = %s"
            " AND (l.classid::bigint << 32 | l.objid::bigint) = %s",
            (database.name, _LOCK),
        ).fetchall()
        return sum(ended for (ended,) in rows)

    return end


def before_recording(
    doors: Doors, patch: pytest.MonkeyPatch, step: Callable[[], object]
) -> list[object]:
    """Do something just before the next command of these doors is written; give what came of it."""
    record, done = doors.office.record, list[object]()
    append = record.append

    def first(*parts: Any, **more: Any) -> Any:  # noqa: ANN401 — as the record's own
        patch.setattr(record, "append", append)
        done.append(step())
        return append(*parts, **more)

    patch.setattr(record, "append", first)
    return done


def person_command(name: str) -> dict[str, Any]:
    """Give the command that registers somebody under another system's number."""
    return {"command": {"details": {"name": name}, "external": [NHS]}}


def test_a_person_is_registered_once_though_the_lock_was_cut(
    doors: Doors, second: Doors, cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second server registers; the first finds at its append that it was overtaken."""
    doors.person()

    def step() -> str:
        assert cut() == 1
        answer = second.post("/v1/persons", person_command("Ada Example"))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["stream"])

    done = before_recording(doors, monkeypatch, step)
    answer = doors.post("/v1/persons", person_command("Ada Example"))

    assert answer.status_code == 409
    assert answer.json()["links"] == {"existing": f"/v1/persons/{done[0]}"}
    found = doors.client.post("/v1/search/references", json=NHS).json()["found"]
    assert [one["reference"] for one in found] == done


def test_a_referral_is_received_once_though_the_lock_was_cut(
    doors: Doors, second: Doors, cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is an incident about the same adult; another adult's in it is not held up by that."""
    adult, sister = doors.person(), doors.person()
    command = {"command": referral(adult, external=[INCIDENT])}

    def step() -> list[str]:
        assert cut() == 1
        return [second.case(one, external=[INCIDENT]) for one in (adult, sister)]

    done = before_recording(doors, monkeypatch, step)
    answer = doors.post("/v1/cases", command)

    (cases,) = done
    assert isinstance(cases, list)
    assert answer.status_code == 409
    assert answer.json()["links"] == {"existing": f"/v1/cases/{cases[0]}"}
    found = doors.client.post("/v1/search/references", json=INCIDENT).json()["found"]
    assert {one["reference"] for one in found} == set(cases)


def test_a_reference_that_came_meanwhile_is_noted(
    doors: Doors, second: Doors, cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that another case got in that moment is recorded, and the answer names that case."""
    here, there = doors.case(), doors.case()
    added = {"command": {"reference": INCIDENT}}

    def step() -> int:
        assert cut() == 1
        path = f"/v1/cases/{there}/add-case-reference"
        return second.post(path, added, version=1).status_code

    done = before_recording(doors, monkeypatch, step)
    answer = doors.post(f"/v1/cases/{here}/add-case-reference", added, version=1)

    assert done == [201]
    assert answer.status_code == 201, answer.text
    assert answer.json()["notes"] == [
        {"code": "reference-shared", "links": {"case": f"/v1/cases/{there}"}}
    ]


def test_a_lock_lost_to_nobody_fails_nobody(
    doors: Doors, second: Doors, cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody took in the same meanwhile the command is recorded, and answered so."""
    second.person()
    doors.person()
    done = before_recording(doors, monkeypatch, cut)
    answer = doors.post("/v1/persons", person_command("Ada Example"))
    assert done == [1]
    assert answer.status_code == 201, answer.text
    assert doors.post("/v1/persons", person_command("Ada Example")).status_code == 409


def test_a_command_that_was_recorded_is_answered_again_though_overtaken(
    doors: Doors, second: Doors
) -> None:
    """Sent again through another server, the same command is answered as the first time."""
    first = doors.post("/v1/persons", person_command("Ada Example"), key="one")
    again = second.post("/v1/persons", person_command("Ada Example"), key="one")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["stream"] == again.json()["stream"]
