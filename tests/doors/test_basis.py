"""An answer names what it rests on, and asked again by that it is the same bytes."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.basis import HEADER, decoded, encoded, release
from api.office import Office
from api.views import every
from domain.record.proof.tree import Tree
from projections.rebuild import rebuild
from tests.conftest import Database
from tests.doors.conftest import Doors, opened_doors, settings_for

LARGE = "00000000-0000-4000-8000-000000000092"
EXPLAIN = "explain?table=SG1a&category=Not Known"


def paths(case: str, person: str) -> list[str]:
    """Give an address of each kind of answer that names its basis."""
    return [
        f"/v1/cases/{case}",
        *(f"/v1/cases/{case}/{one}" for one in ("findings?show=all", "timeline", "circulation")),
        *(f"/v1/persons/{person}{one}" for one in ("", "/timeline", "/concerns")),
        *("/v1/cases", "/v1/reviews", "/v1/reviews/overdue", "/v1/findings?show=all"),
        "/v1/participation?first=2026-01-01&last=2026-12-31",
        *("/v1/large-scale-enquiries", f"/v1/large-scale-enquiries/{LARGE}/cases"),
        *("/v1/returns/2026", "/v1/returns/2026/SG1f", "/v1/returns/2026/SG1f/cells/1"),
        *(f"/v1/returns/2026/{one}" for one in ("checks", "export?format=json", EXPLAIN)),
        *("/v1/policy", "/v1/lists", "/v1/events"),
    ]


def test_asked_again_by_its_basis_an_answer_is_the_same_bytes(doors: Doors) -> None:
    """Whatever was recorded since, and whichever view was made anew (deliver 5)."""
    person = doors.person(name="Ann Example")
    case = doors.case(person)
    doors.linked(case, LARGE)
    asked = paths(case, person)
    first = {one: doors.get(one, Holdfast_Purpose="safeguarding") for one in asked}
    assert {one: got.status_code for one, got in first.items()} == dict.fromkeys(asked, 200)
    doors.linked(doors.case(person), LARGE)
    doors.renamed(person)
    doors.catch_up()
    for view in every(doors.office):
        rebuild(
            view,
            lambda: doors.office.database.connect("holdfast_projector"),
            unseal=doors.office.record.unseal,
        )
    again = {one: doors.get(one, **{HEADER: first[one].headers[HEADER]}) for one in asked}
    assert [one for one in asked if again[one].content != first[one].content] == []
    assert all("Holdfast-Basis-Differs" not in one.headers for one in again.values())


def test_a_basis_names_the_tree_and_by_what_it_was_judged(doors: Doors) -> None:
    """Size and root are those of the log of cases; the release and the policy are named."""
    doors.case()
    told: dict[str, Any] = decoded(doors.get("/v1/cases").headers[HEADER])
    tail = doors.office.record.log.tail()
    with doors.office.pool.connection() as conn:
        root = Tree(conn, "cases").root(tail)
    assert (told["size"], told["root"]) == (tail, base64.b64encode(root).decode())
    assert (told["release"], told["policy"]) == (release(), doors.office.jurisdiction.policy)
    assert set(told["projections"].values()) == {1}


@pytest.mark.parametrize(
    ("name", "value"), [("root", "AAAA"), ("size", 9999), ("origin", "elsewhere/cases/1")]
)
def test_a_basis_of_another_record_is_told(doors: Doors, name: str, value: object) -> None:
    """Root, size and origin are held to this log."""
    told = decoded(doors.get("/v1/policy").headers[HEADER])
    answer = doors.get("/v1/policy", **{HEADER: encoded({**told, name: value})})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/basis-differs")
    assert answer.json()["differs"] == [name]


def test_another_release_is_answered_and_said(doors: Doors) -> None:
    """Nobody is turned away for a release that came since; the answer says that it did."""
    told = decoded(doors.get("/v1/policy").headers[HEADER])
    answer = doors.get("/v1/policy", **{HEADER: encoded({**told, "release": "0.0.1"})})
    assert (answer.status_code, answer.headers["Holdfast-Basis-Differs"]) == (200, "release")


def test_other_days_of_the_office_are_said(database: Database, tmp_path: Path) -> None:
    """They are settings, in no log: asked again under others, the answer says so, as of another."""
    asked = ("/v1/policy", "/v1/cases", "/")
    with Office(settings_for(database, tmp_path)) as office, opened_doors(office) as doors:
        first = {one: doors.get(one).headers[HEADER] for one in asked}
        assert {decoded(one)["days"] for one in first.values()} == {"none"}
    said = dict[str, set[str | None]]()
    for setting in ("HOLDFAST_CLOSED_DAYS", "HOLDFAST_WORKED_DAYS"):
        settings = settings_for(database, tmp_path, **{setting: "2026-12-25"})
        with Office(settings) as office, opened_doors(office) as doors:
            answers = [doors.get(one, **{HEADER: first[one]}) for one in asked]
            assert [one.status_code for one in answers] == [200] * len(asked)
            said[setting] = {one.headers.get("Holdfast-Basis-Differs") for one in answers}
    assert list(said.values()) == [{"days"}, {"days"}]


@pytest.mark.parametrize("text", ["", "!", base64.urlsafe_b64encode(orjson.dumps([])).decode()])
def test_what_is_no_basis_is_turned_away(doors: Doors, text: str) -> None:
    """It is said which header it is, and not what was sent."""
    assert doors.get("/v1/policy", **{HEADER: text}).status_code == 422
