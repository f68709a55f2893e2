"""Forgetting through the doors: once answered, nothing opens what was erased, ever again."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.office import Office
from tests.conftest import Database
from tests.doors.conftest import Doors, opened_doors, settings_for

ACCOUNT = "Two carers did not come."
NAME = "Ann Example"


def erasure(scope: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 — any JSON
    """Give the command that two people approved."""
    return {
        "command": {
            "scope": scope,
            "retention_class": "case_record",
            "authority": "retention_ended",
            "approved_by": str(uuid4()),
            "also_approved_by": str(uuid4()),
            **more,
        }
    }


def erase(doors: Doors, case: str, scope: str, version: int, **more: Any) -> str:  # noqa: ANN401
    """Erase as an administrator; give the idempotency key that was used."""
    key = str(uuid4())
    here = f"/v1/cases/{case}/erase-personal-data"
    answer = doors.post(here, erasure(scope, **more), version=version, key=key)
    assert answer.status_code == 201, answer.text
    return key


def told(doors: Doors, case: str, **query: str) -> str:
    """Everything the timeline says."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return doors.get(f"/v1/cases/{case}/timeline?{asked}").text


def test_an_erased_case_is_forgotten_backwards_in_time(doors: Doors) -> None:
    """After a case is erased no view of it, now or as at an earlier position, gives its text."""
    adult = doors.person(name=NAME)
    case = doors.case(adult)
    position = str(doors.office.record.log.tail())
    assert ACCOUNT in told(doors, case)

    erase(doors, case, "case", 1)

    assert ACCOUNT not in told(doors, case)
    assert ACCOUNT not in told(doors, case, as_at=position)
    assert NAME in doors.get(f"/v1/persons/{adult}").text


def test_an_erased_person_is_forgotten_and_the_case_is_not(doors: Doors) -> None:
    """Erasing the person takes who they are, and leaves what is about the case."""
    adult = doors.person(name=NAME)
    case = doors.case(adult)

    erase(doors, case, "person", 1)

    assert NAME not in doors.get(f"/v1/persons/{adult}").text
    assert ACCOUNT in told(doors, case)


def test_one_passage_is_forgotten_alone(doors: Doors) -> None:
    """Erasing the passages of one entry leaves those of every other."""
    case = doors.case(doors.person(name=NAME))
    later = "The neighbour rang again."
    noted = doors.post(
        f"/v1/cases/{case}/annotate-entry",
        {"command": {"target": 1, "kind": "supplementary", "text": later}},
        version=1,
    )
    assert noted.status_code == 201, noted.text

    erase(doors, case, "passage", 2, target=1)

    assert ACCOUNT not in told(doors, case)
    assert later in told(doors, case)


def test_an_erasure_cut_short_is_finished_at_the_next_start(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An erasure recorded just before a crash is carried out before anything is shown again."""
    settings = settings_for(database, tmp_path)
    with Office(settings) as office, opened_doors(office) as doors:
        case = doors.case(doors.person(name=NAME))
        with monkeypatch.context() as patch:
            patch.setattr(office.handler, "_carry_out", lambda: None)  # killed right here
            erase(doors, case, "case", 1)
        assert ACCOUNT in told(doors, case)
    with Office(settings) as office, opened_doors(office) as doors:
        assert ACCOUNT not in told(doors, case)


def test_an_erasure_asked_again_destroys_nothing_new(doors: Doors) -> None:
    """A repeated request is answered again; a case reopened since keeps its new passages."""
    case = doors.case(doors.person(name=NAME))
    key = erase(doors, case, "case", 1)
    reopened = doors.post(
        f"/v1/cases/{case}/reopen-case",
        {"command": {"reason": "new_information", "rationale": "It happened again."}},
        version=2,
    )
    assert reopened.status_code == 201, reopened.text

    body = erasure("case")
    again = doors.post(f"/v1/cases/{case}/erase-personal-data", body, version=1, key=key)
    doors.office.erasure.carry_out()

    assert again.status_code == 422  # another body under the same key
    assert "It happened again." in told(doors, case)
