"""A sample of cases to audit: drawn again the same, whoever draws it, with its basis."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from api.sampling import drawn, order
from api.schema import model
from domain.access import RecordViewed
from domain.catalogue import COMMANDS
from projections.caseload import Kept
from tests.doors.conftest import Cli, Doors

CASES = [UUID(int=number) for number in range(1, 60)]
RESTRICT = {"command": {"ground": "accuracy_contested"}}


def sampled(doors: Doors, query: str, **headers: str) -> dict[str, Any]:
    """Give a sample."""
    answer = doors.get(f"/v1/audits/sample?{query}", **headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def of(found: dict[str, Any]) -> list[str]:
    """The cases of a sample, in order."""
    return [one["case"] for one in found["cases"]]


def test_the_order_is_the_one_that_is_documented() -> None:
    """HMAC-SHA-256 of the reference under the method and the seed: nothing of ours is needed."""
    key = hmac.new(b"holdfast/sample/v1/7", str(CASES[0]).encode(), hashlib.sha256)
    assert order(7, CASES[0]) == key.digest()
    assert order(7, CASES[0]).hex() == (
        "e315bd5888d796a1194504a89342fe6b2694524dfb3b8a4469c491cfa273090e"
    )


def test_a_larger_sample_begins_with_the_smaller_and_seeds_differ() -> None:
    """The cases come in one order per seed, whatever order they are handed in."""
    kept = [Kept(case=one, team=None, open=True) for one in CASES]
    ten = drawn(7, kept, 10)
    assert drawn(7, reversed(kept), 20)[:10] == ten
    assert drawn(8, kept, 10) != ten
    assert len(drawn(7, kept, 1000)) == len(kept)


def test_the_same_seed_draws_the_same_cases_as_at_a_position(doors: Doors) -> None:
    """What is recorded later changes no sample as at a position; the basis names it."""
    for _ in range(5):
        doors.case()
    tail = doors.office.record.log.tail()
    first = sampled(doors, f"seed=1&size=3&as_at={tail}")
    assert (first["population"], len(first["cases"])) == (5, 3)
    assert first["basis"]["size"] == first["as_at"] == tail
    for _ in range(5):
        doors.case()
    asked = f"seed=1&size=3&as_at={tail}"
    again = sampled(doors, asked)
    assert again == first
    sent = {"Holdfast_Basis": doors.get(f"/v1/audits/sample?{asked}").headers["Holdfast-Basis"]}
    assert of(sampled(doors, "seed=1&size=3", **sent)) == of(first)  # which says as_at, too
    left_out = doors.get("/v1/audits/sample?seed=1&size=3")
    assert (left_out.status_code, left_out.json()["errors"][0]["pointer"]) == (422, "/query/as_at")
    assert sampled(doors, f"seed=1&size=5&as_at={tail}")["cases"][:3] == first["cases"]
    # Of five cases one seed draws in the order of another once in 120 times; of six seeds, never.
    orders = [of(sampled(doors, f"seed={seed}&size=5&as_at={tail}")) for seed in range(1, 7)]
    assert len({tuple(order) for order in orders}) > 1


def test_a_sample_is_of_open_or_closed_cases_of_a_team(doors: Doors) -> None:
    """By what a case was then: open, closed, and whose."""
    case, other = doors.case(), doors.case()
    body = {"occurred": "2026-11-20", "command": {"reason": "no_enquiry"}}
    answer = doors.post(f"/v1/cases/{case}/close-case", body, version=1, Holdfast_Role="manager")
    assert answer.status_code == 201, answer.text
    tail = doors.office.record.log.tail()
    asked = f"seed=1&size=9&as_at={tail}"
    assert of(sampled(doors, f"{asked}&which=open")) == [other]
    assert of(sampled(doors, f"{asked}&which=closed")) == [case]
    assert of(sampled(doors, f"{asked}&team=north-team")) == []
    assert set(of(sampled(doors, asked))) == {case, other}


def test_who_draws_changes_nothing_and_leaves_a_trace(doors: Doors) -> None:
    """A restricted case is drawn as any other, and said to be closed to whoever may not open it."""
    case = doors.case()
    answer = doors.post(
        f"/v1/cases/{case}/restrict-processing", RESTRICT, version=1, Holdfast_Role="manager"
    )
    assert answer.status_code == 201, answer.text
    asked = f"seed=1&size=9&as_at={doors.office.record.log.tail()}"
    closed, opened = sampled(doors, asked), sampled(doors, asked, Holdfast_Purpose="legal_claim")
    assert of(closed) == of(opened) == [case]
    assert [closed["cases"][0]["restricted"], opened["cases"][0]["restricted"]] == [True, False]
    event = doors.readings()[-1]
    assert isinstance(event, RecordViewed)
    assert (event.what, event.cases) == ("sample", (UUID(case),))


@pytest.mark.parametrize(
    ("command", "field", "most"),
    [
        ("audit-case", "seed", 2**53 - 1),
        ("audit-case", "as_at", 2**53 - 1),
        ("produce-chronology", "as_at", 2**53 - 1),
        ("file-return", "as_at", 2**53 - 1),
        ("produce-chronology", "entries", 999_999),  # a count
    ],
)
def test_what_a_sample_was_drawn_by_can_be_recorded(command: str, field: str, most: int) -> None:
    """A command takes any position of the record and any seed, and of counts six digits."""
    asked = model(COMMANDS[command].cls)

    def wrong(value: int) -> bool:
        try:
            asked.model_validate({field: value})
        except ValidationError as error:
            return (field,) in {one["loc"] for one in error.errors()}
        return False

    assert [wrong(-1), wrong(0), wrong(most), wrong(most + 1)] == [True, False, False, True]


@pytest.mark.parametrize("query", ["seed=1&size=3", "seed=-1&size=3&as_at=0", "seed=1&as_at=0"])
def test_a_sample_needs_seed_size_and_as_at(shared: Doors, query: str) -> None:
    """Without what makes it reproducible nothing is drawn."""
    assert shared.get(f"/v1/audits/sample?{query}").status_code == 422


def test_the_command_line_draws_the_same_sample(cli: Cli, doors: Doors) -> None:
    """The same cases as over the API, as JSON and as a table that says how to draw them again."""
    for _ in range(4):
        doors.case()
    tail = doors.office.record.log.tail()
    whole = sampled(doors, f"seed=5&size=2&as_at={tail}&which=open")
    asked = ("audit", "sample", "--seed", "5", "--as-at", str(tail), "--size", "2", "--open")
    for follower in doors.followers:
        follower.close()  # the command line follows for itself
    said = cli(*asked, "--role", "auditor", "--json")
    assert said.code == 0, said.err
    assert said.json == whole
    text = cli(*asked, "--role", "auditor").out
    assert of(whole)[0] in text
    assert f"--seed 5 --as-at {tail} --size 2" in text
    assert cli("audit", "sample", "--seed", "5", "--size", "2").code == 2
