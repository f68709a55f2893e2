"""Forms of a case whose reading is restricted."""

from __future__ import annotations

from tests.doors.conftest import Doors
from tests.doors.filling import FORM, Form, encoded, get_form, send


def test_a_form_of_a_restricted_case_records_and_shows_nothing_of_it(shared: Doors) -> None:
    """What was typed before the restriction is kept and recorded; the rest is seen for a purpose.

    A restriction limits what is read, not what is recorded (I16).
    """
    adult = shared.person(name="Ann Unmistakable")
    case = shared.case(adult)
    before = get_form(shared, f"/cases/{case}/record/annotate-entry")
    ground = {"command": {"ground": "accuracy_contested"}}
    path = f"/v1/cases/{case}/restrict-processing"
    assert shared.post(path, ground, version=1).status_code == 201
    looked = len(shared.readings())
    pairs = before.pairs(command__target="1", command__kind="context", command__text="Words.")
    answer = send(shared, before, "record", pairs)
    assert answer.status_code == 412
    assert "Somebody recorded here since" in answer.text
    assert "Holdfast-Purpose" not in answer.text
    for shown in (answer.text, shared.get(f"/cases/{case}/record/annotate-entry").text):
        assert "Reading is restricted" in shown
        for hidden in ("Unmistakable", "Referral received", "Reading this record was restricted"):
            assert hidden not in shown
    assert len(shared.readings()) == looked
    form = get_form(shared, f"/drafts/{before.hidden('key')}")
    assert form.controls["command.text"].value == "Words."
    opened = Form.of(
        shared.client.post(
            f"/cases/{case}/record/annotate-entry?purpose=protecting_others",
            content=encoded([*form.pairs(), ("do", "keep")]),
            headers={"Content-Type": FORM, "Origin": "http://127.0.0.1"},
        )
    )
    assert opened.controls["command.target"].chosen == ["1"]
    assert opened.controls["command.text"].value == "Words."
    done = send(shared, Form.of(answer), "record")
    assert done.status_code == 200
    assert "is recorded" in done.text
    told = shared.get(f"/v1/cases/{case}/timeline", Holdfast_Purpose="protecting_others").json()
    assert told["entries"][-1]["name"] == "entry-annotated"
