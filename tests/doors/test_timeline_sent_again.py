"""A timeline asked for twice under one key is given out once (as every command)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from api.timelines import given_out
from tests.doors.conftest import Doors
from tests.doors.given_out import Json, file_of, line

PATH = "/v1/timelines"
FOR_A_REVIEW = {"Holdfast_Purpose": "review"}


def entries(doors: Doors, *cases: str) -> list[int]:
    """Give how many timelines of each case were given out, as its entries say."""
    named = [doors.get(f"/v1/cases/{case}/timeline").json()["entries"] for case in cases]
    return [sum(one["name"] == "chronology-produced" for one in told) for told in named]


@pytest.mark.parametrize("naming", ["recorded", "pseudonyms"])
def test_sent_again_it_is_answered_again_and_not_given_out_twice(doors: Doors, naming: str) -> None:
    """The same file by the same links, whatever was recorded since."""
    person = doors.person(name="Ann Example")
    case, other = doors.case(person), doors.case(person)
    line(doors, case, "2024-03-02", "Called.")
    body: Json = {"persons": [person], "naming": naming}
    key = str(uuid4())
    first = doors.post(PATH, body, key=key, **FOR_A_REVIEW)
    assert first.status_code == 201, first.text
    line(doors, case, "2024-03-03", "Called again.")
    again = doors.post(PATH, body, key=key, **FOR_A_REVIEW)
    assert again.status_code == 200, again.text
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    assert file_of(doors, again.json()) == file_of(doors, first.json())
    assert entries(doors, case, other) == [1, 1]


def test_another_request_under_the_key_is_turned_away(doors: Doors) -> None:
    """As any command's is; without a key nothing is given out."""
    case, key = doors.case(), str(uuid4())
    body: Json = {"cases": [case]}
    assert doors.post(PATH, body, key=key).status_code == 201
    answer = doors.post(PATH, {**body, "gaps": 30}, key=key)
    assert answer.json()["type"] == "/problems/key-reused", answer.text
    assert doors.post(PATH, body, key=key, **FOR_A_REVIEW).status_code == answer.status_code
    answer = doors.client.post(PATH, json=body)
    assert answer.json()["type"] == "/problems/idempotency-key", answer.text
    assert entries(doors, case) == [1]


def test_what_a_crash_left_unrecorded_is_recorded_by_the_same_request(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded in one case and not in the next: sent again it is recorded there too, and once."""
    case, other, key = doors.case(), doors.case(), str(uuid4())
    body: Json = {"cases": [case, other]}
    asked = given_out._ask

    def failing(*given: object) -> tuple[int, int]:
        if str(given[1]) == other:
            raise ConnectionError
        return asked(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(given_out, "_ask", failing)
        assert doors.post(PATH, body, key=key).status_code == 500
    assert entries(doors, case, other) == [1, 0]
    answer = doors.post(PATH, body, key=key)
    assert answer.status_code == 200, answer.text
    assert entries(doors, case, other) == [1, 1]
    files = [file_of(doors, answer.json(), of=at) for at in (0, 1)]
    assert files[0] == files[1]
