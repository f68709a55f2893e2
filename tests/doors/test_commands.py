from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import UUID

import orjson
import pytest
from fastapi.testclient import TestClient

from api.app import create_app, make_app
from api.clock import entropy
from api.routes import commands
from api.routes.commands import Running, Sent, command_id, digest_of
from domain.authority import commands_of
from domain.catalogue import COMMANDS
from domain.handle import Answer, Ask
from domain.record.keyring import Keyring, forget
from domain.refusal import Refused
from domain.words import Actor, Code, Slug, WorkerRef
from tests.doors.conftest import HERE, ME, Doors, referral


def test_a_referral_begins_a_case_and_stands_in_its_timeline(shared: Doors) -> None:
    """POST /v1/cases answers with positions and an ETag, and the timeline shows what was sent."""
    adult = shared.person(name="Ann Example")
    answer = shared.post("/v1/cases", {"command": referral(adult)})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert answer.headers["ETag"] == f'"{body["version"]}"'
    assert body["positions"][0] <= body["positions"][1]
    assert list(body["made"]) == ["allegations/0/ref"]
    timeline = shared.get(body["links"]["timeline"])
    assert timeline.status_code == 200, timeline.text
    (entry,) = timeline.json()["entries"]
    assert entry["name"] == "referral-received"
    assert entry["data"]["account"]["text"] == "Two carers did not come."
    assert entry["data"]["allegations"][0]["ref"] == body["made"]["allegations/0/ref"]


def test_a_whole_sequence_of_commands_is_recorded_in_turn(shared: Doors) -> None:
    """What one answer makes and its ETag are what the next command needs."""
    case = shared.case()
    here = f"/v1/cases/{case}"
    opened = shared.post(
        f"{here}/open-enquiry",
        {"command": {"kind": "section_42", "opened_on": "2026-11-03"}},
        version=1,
    )
    assert opened.status_code == 201, opened.text
    convened = shared.post(
        f"{here}/convene-conference",
        {
            "performed_role": "chair",
            "known_to": [{"agency": "police", "since": "2026-11"}],
            "command": {"kind": "initial", "planned_for": "2026-12-01", "agencies": ["police"]},
        },
        version=opened.json()["version"],
    )
    assert convened.status_code == 201, convened.text
    state = shared.get(here).json()
    assert state["stage"] == "conference"
    assert state["conferences"] == [convened.json()["made"]["conference"]]
    assert state["open_enquiries"] == [opened.json()["made"]["enquiry"]]
    (last,) = [one for one in shared.get(f"{here}/timeline").json()["entries"] if one["known_to"]]
    assert last["known_to"][0]["agency"] == "police"
    assert last["role"] == "chair"


def test_what_the_adult_wants_has_a_reference_to_be_evaluated_by(shared: Doors) -> None:
    """A wish recorded without a reference is given one, and may be evaluated by it (R71)."""
    here = f"/v1/cases/{shared.case()}"
    silent = {"command": {"asked": "none_expressed"}}
    nothing = shared.post(f"{here}/record-desired-outcome", silent, version=1)
    assert nothing.json()["made"] == {}
    wish = {"command": {"asked": "expressed", "words": "To stay at home."}}
    made = shared.post(f"{here}/record-desired-outcome", wish, version=2).json()["made"]
    assert list(made) == ["outcome"]
    met = {"command": {**made, "status": "fully_achieved"}}
    assert shared.post(f"{here}/evaluate-desired-outcome", met, version=3).status_code == 201
    met["command"]["outcome"] = str(UUID(int=81, version=4))
    unknown = shared.post(f"{here}/evaluate-desired-outcome", met, version=4)
    assert unknown.status_code == 404, unknown.text
    assert [one["pointer"] for one in unknown.json()["errors"]] == ["/command/outcome"]


def test_the_same_request_is_answered_again_from_its_positions(shared: Doors) -> None:
    """Same key and body: the same answer, marked as repeated, and nothing recorded twice."""
    body = {"command": referral(shared.person())}
    first = shared.post("/v1/cases", body, key="once-1")
    tail = shared.office.record.log.tail()
    again = shared.post("/v1/cases", body, key="once-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    assert again.headers["ETag"] == first.headers["ETag"]
    assert shared.office.record.log.tail() == tail


def test_another_process_answers_again_too(shared: Doors) -> None:
    """What was recorded is known from the record, not from the memory of whoever recorded it."""
    body = {"command": referral(shared.person())}
    first = shared.post("/v1/cases", body, key="once-5")
    with TestClient(create_app(shared.office), base_url=HERE, client=ME) as other:
        again = other.post("/v1/cases", json=body, headers={"Idempotency-Key": "once-5"})
    assert again.status_code == 200
    assert again.json() == first.json()


def test_a_repeated_command_is_answered_again_whatever_came_after(shared: Doors) -> None:
    """A command repeated after others were recorded is answered as it was, not refused as stale."""
    case = shared.case()
    path = f"/v1/cases/{case}/record-communication-needs"
    first = shared.post(path, {"command": {}}, version=1, key="once-2")
    assert shared.post(path, {"command": {}}, version=2).status_code == 201
    again = shared.post(path, {"command": {}}, version=1, key="once-2")
    assert again.status_code == 200, again.text
    assert again.json() == first.json()


def test_another_body_under_the_same_key_is_turned_away(shared: Doors) -> None:
    """The same key with another body, path or version is a mistake, and says so."""
    body = {"command": referral(shared.person())}
    assert shared.post("/v1/cases", body, key="once-3").status_code == 201
    other = shared.post("/v1/cases", {**body, "source": "paper"}, key="once-3")
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/key-reused"
    assert shared.post("/v1/persons", {"command": {"details": {}}}, key="once-3").status_code == 422


def test_a_key_belongs_to_its_worker() -> None:
    """Two workers who use the same key ask two commands."""

    def actor(number: int) -> Actor:
        return Actor(
            worker=WorkerRef(UUID(int=number)), role=Code("manager"), organisation=Slug("council")
        )

    one, other = bytes(32), bytes([1] * 32)  # secrets of two records
    assert command_id(actor(1), "k", one) == command_id(actor(1), "k", one)
    assert command_id(actor(1), "k", one) != command_id(actor(2), "k", one)
    assert command_id(actor(1), "k", one) != command_id(actor(1), "k", other)


def test_no_digest_tells_a_forgotten_word_from_another(
    shared: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who holds the log, every key that is left and the request's form cannot try words against it.

    The digest beside a command is reckoned with a secret that went with whom the words are about.
    """
    reckoned: list[tuple[Sent, object]] = []

    def heard(sent: Sent, command: object, keyring: Keyring, secret: bytes) -> bytes:
        reckoned.append((sent, command))
        return digest_of(sent, command, keyring, secret)

    monkeypatch.setattr(commands, "digest_of", heard)
    body = {"command": {"details": {"date_of_birth": "1941-03-07"}}}
    answer = shared.post("/v1/persons", body, key="intake-2026-0017").json()
    (row,) = shared.office.record.log.at([answer["positions"][0]])
    told = orjson.loads(row.header)["command"]["digest"]
    (sent, command), keyring = reckoned[-1], shared.office.keyring
    secret = shared.office.wrapping.search_key()
    assert digest_of(sent, command, keyring, secret).hex() == told
    plain = [sent.key, "POST", sent.path, sent.if_match, json.loads(sent.raw)]
    assert hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest() != told

    person = UUID(answer["stream"])
    with shared.office.database.connect("holdfast_keeper") as conn:
        forget(conn, shared.office.wrapping, entropy, subjects=[person])
    keyring.stale([person])
    with pytest.raises(Refused):
        digest_of(sent, command, keyring, secret)
    keyring.reopen(person)
    assert digest_of(sent, command, keyring, secret).hex() != told


def test_a_command_still_running_is_not_started_twice(
    shared: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a command is being recorded, the same one gets 409 and says when to come again."""
    begun, may_go = Event(), Event()
    handle = shared.office.handler.handle

    def slow(ask: Ask) -> Answer:
        begun.set()
        assert may_go.wait(20)
        return handle(ask)

    body = {"command": referral(shared.person())}
    monkeypatch.setattr(shared.office.handler, "handle", slow)
    monkeypatch.setattr(shared.client.app.state.running, "_patience", 0.2)  # type: ignore[attr-defined]  # Starlette's own
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(shared.post, "/v1/cases", body, key="once-4")
        assert begun.wait(20)
        second = shared.post("/v1/cases", body, key="once-4")
        may_go.set()
        assert second.status_code == 409
        assert second.json()["type"] == "/problems/still-running"
        assert second.headers["Retry-After"]
        assert first.result().status_code == 201
    assert shared.post("/v1/cases", body, key="once-4").status_code == 200


def test_a_running_command_is_let_go_when_it_fails() -> None:
    """A command that failed does not keep its id."""
    running, command = Running(), UUID(int=7)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), running.alone(command):
            raise ZeroDivisionError


def test_a_case_that_exists_is_not_begun_again(shared: Doors) -> None:
    """A second beginning of the same case or person is a conflict, not a stale version."""
    case = shared.case()
    answer = shared.post("/v1/cases", {"case": case, "command": referral(shared.person())})
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/already-exists"
    body = {"command": {"person": shared.person(), "details": {}}}
    assert shared.post("/v1/persons", body).status_code == 409


def test_every_command_has_one_route_and_its_own_schema() -> None:
    """The catalogue and the interface name the same commands, each once."""
    document = make_app().openapi()
    operations: list[dict[str, Any]] = [
        one["post"] for one in document["paths"].values() if "post" in one
    ]
    named = [one["operationId"] for one in operations if one["operationId"] in COMMANDS]
    assert sorted(named) == sorted(COMMANDS)
    for one in operations:
        if one["operationId"] in COMMANDS:
            required = {two.get("$ref", "").rpartition("/")[2] for two in one["parameters"]}
            assert "Idempotency-Key" in required
            begins = one["operationId"] in {"receive-referral", "register-person", "file-return"}
            assert ("If-Match" in required) is not begins


def test_a_role_asks_only_what_it_may(shared: Doors) -> None:
    """Another role gets 403, before anything else is looked at."""
    for name in ("close-case", "erase-personal-data"):
        assert name not in commands_of("practitioner")
        answer = shared.client.post(
            f"/v1/cases/{shared.case()}/{name}",
            json={"command": {"reason": "other"}}
            if name == "close-case"
            else {
                "command": {
                    "scope": "case",
                    "retention_class": "case",
                    "authority": "retention",
                    "approvals": [2],
                }
            },
            headers={"Idempotency-Key": "role", "Holdfast-Role": "practitioner"},
        )
        assert answer.status_code == 403
        assert answer.json()["type"] == "/problems/not-permitted"


def test_a_passage_may_be_about_somebody_else(shared: Doors) -> None:
    """A text alone is about the case; with `about` it is about whom it names."""
    other = shared.person()
    case = shared.case(referrer={"about": other, "text": "Her neighbour"})
    (entry,) = shared.get(f"/v1/cases/{case}/timeline").json()["entries"]
    assert entry["data"]["referrer"]["about"] == other
    assert entry["data"]["account"]["about"] == case
