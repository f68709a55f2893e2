"""A correction asks the authority of what it corrects, at every door alike."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors.conftest import Doors


def asked(doors: Doors, path: str, version: int, role: str, **fields: Any) -> tuple[int, str]:  # noqa: ANN401 — any JSON
    """Ask something in a role; give the status and what is said of it."""
    answer = doors.post(path, {"command": fields}, version=version, Holdfast_Role=role)
    return answer.status_code, str(answer.json().get("detail", ""))


def correction(doors: Doors, case: str, version: int, role: str, **more: Any) -> tuple[int, str]:  # noqa: ANN401 — any JSON
    """Ask for the correction of a case's entry."""
    path = f"/v1/cases/{case}/correct-record"
    return asked(doors, path, version, role, **{"reason": "entered_wrongly", **more})


@pytest.mark.parametrize(
    ("command", "fields", "shown"),
    [
        ("place-legal-hold", {"reason": "court"}, "held"),
        ("restrict-processing", {"ground": "accuracy_contested"}, "restricted"),
    ],
)
def test_a_minute_taker_ends_no_hold_and_no_restriction(
    doors: Doors, command: str, fields: dict[str, Any], shown: str
) -> None:
    """What a manager placed is withdrawn, re-dated or explained away by a manager alone."""
    case = doors.case()
    assert asked(doors, f"/v1/cases/{case}/{command}", 1, "manager", **fields)[0] == 201
    for role in ("minute_taker", "chair", "practitioner"):
        for change in ({"withdrawn": True}, {"occurred": "2026-11-01"}, {"understood": "No."}):
            status, said = correction(doors, case, 2, role, target=2, **change)
            assert (status, said.rpartition("Who may: ")[2]) == (403, "Manager.")
    seen = doors.get(f"/v1/cases/{case}", Holdfast_Purpose="legal_claim")
    assert seen.json()[shown] is True
    assert correction(doors, case, 2, "manager", target=2, withdrawn=True)[0] == 201


def test_a_correction_is_undone_by_whoever_might_have_made_it(doors: Doors) -> None:
    """To replace a correction asks what the correction asked."""
    case = doors.case()
    decided = {
        "criteria": [],
        "result": "section_42",
        "decided_on": "2026-11-03",
        "rationale": "She has needs.",
    }
    path = f"/v1/cases/{case}/decide-duty"
    status, said = asked(doors, path, 1, "manager", **decided)
    assert status == 201, said
    assert correction(doors, case, 2, "manager", target=2, withdrawn=True)[0] == 201
    undone = {"target": 2, "supersedes": 3, "understood": "It was decided."}
    assert correction(doors, case, 3, "chair", **undone)[0] == 403
    assert correction(doors, case, 3, "manager", **undone)[0] == 201


def test_a_person_is_corrected_by_whoever_may_record_of_them(doors: Doors) -> None:
    """A death is withdrawn by whoever may record one; a minute taker may not."""
    person = doors.person(name="Nora Nowhere")
    path = f"/v1/persons/{person}"
    assert asked(doors, f"{path}/record-death", 1, "manager", died="2026-11-01")[0] == 201
    wrong = {"target": 2, "reason": "wrong_person", "withdrawn": True}
    for role, status in (("minute_taker", 403), ("chair", 403), ("practitioner", 201)):
        assert asked(doors, f"{path}/correct-person-record", 2, role, **wrong)[0] == status


def test_a_correction_of_nothing_is_refused_by_the_rules(doors: Doors) -> None:
    """Where there is no such event the rules say so, and not authority."""
    case = doors.case()
    assert correction(doors, case, 1, "minute_taker", target=9)[0] == 422
