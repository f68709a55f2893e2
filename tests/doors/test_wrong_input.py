from __future__ import annotations

import asyncio
import base64
import json
import re
from typing import Any
from uuid import UUID

import psycopg
import pytest
from httpx2 import Response
from starlette.types import Message, Receive, Scope, Send

from api import guard
from api.app import make_app
from api.forms.labels import label
from tests.doors.conftest import Doors, referral

PRIVATE = "Mrs Quillfeather-Oddsock"
KEY = {"Idempotency-Key": "k-1"}
JSON = {"Content-Type": "application/json", **KEY}


def problem(answer: Response, status: int, kind: str) -> dict[str, Any]:
    """Expect that problem, in RFC 9457's form and without what was sent."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"/problems/{kind}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert "Quillfeather" not in answer.text
    return body


def pointers(body: dict[str, Any]) -> set[str]:
    """The places a problem points to."""
    return {error["pointer"] for error in body["errors"]}


@pytest.mark.parametrize(
    "body",
    [
        b'{"command": ',
        f'{{"{PRIVATE}"'.encode(),
        b"\xff\xfe",
        b"",
        b'["a list"]',
        b'"text"',
        b"[" * 5000,
        b'{"command": {"number": ' + b"9" * 5000 + b"}}",
    ],
)
def test_a_body_that_is_not_a_json_object_is_named_as_such(shared: Doors, body: bytes) -> None:
    """Bad JSON of any kind gets a clear problem."""
    answer = shared.client.post("/v1/cases", content=body, headers=JSON)
    problem(answer, 400, "bad-json")


@pytest.mark.parametrize(
    "body",
    [
        '{"command": %s, "command": %s}',
        '{"command": %s, "comm\\u0061nd": %s}',
        '{"command": {"referrer": {"Mrs Quillfeather": %s, "Mrs Quillfeather": %s}}}',
        '{"command": [{"x": [%s, {"y": %s, "y": 2}]}]}',
    ],
)
def test_a_name_that_stands_twice_in_an_object_is_turned_away(shared: Doors, body: str) -> None:
    """Of two values under one name neither is chosen: nothing is recorded, and no name is told."""
    tail = shared.office.record.log.tail()
    sent = json.dumps(referral("00000000-0000-4000-8000-00000000dead"))
    answer = shared.client.post("/v1/cases", content=body % (sent, sent), headers=JSON)
    assert pointers(problem(answer, 422, "invalid")) == {""}
    assert shared.office.record.log.tail() == tail


def test_a_search_is_for_one_name(shared: Doors) -> None:
    """A body that is only asked with is held to the same: each name once in an object."""
    sent = '{"name": "Ann", "name": "Mrs Quillfeather"}'
    answer = shared.client.post("/v1/search/persons", content=sent, headers=JSON)
    assert pointers(problem(answer, 422, "invalid")) == {""}


def test_a_body_must_say_that_it_is_json(shared: Doors) -> None:
    """A body without its type is turned away, so that no other site's form can send one."""
    answer = shared.client.post(
        "/v1/cases", content=json.dumps({"command": referral("x")}), headers=KEY
    )
    problem(answer, 415, "not-json")


def test_an_unknown_command_is_named_as_such(shared: Doors) -> None:
    """A command that is not in the catalogue gets a problem of its own."""
    answer = shared.post(f"/v1/cases/{shared.case()}/{PRIVATE}", {"command": {}}, version=1)
    problem(answer, 404, "unknown-command")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("received", "2026-02-30"),
        ("received", "31/12/2026"),
        ("received", f"2026 {PRIVATE}"),
        ("received", "0001-01-01"),
        ("received", "9999-12-31"),
        ("received", 20261102),
        ("adult", PRIVATE),
        ("channel", "By Telephone!"),
        ("referrer_confidential", True),
        ("account", ""),
        ("account", 7),
        ("account", {"about": PRIVATE, "text": "x"}),
        ("account", {"text": PRIVATE}),
        ("account", "half \ud800 of it"),
        ("account", "zero \x00"),
        ("account", "long " * 30_000),
        ("other_authority", PRIVATE),
        ("allegations", PRIVATE),
        ("allegations", {}),
    ],
)
def test_a_field_that_cannot_be_read_is_pointed_at(
    shared: Doors,
    field: str,
    value: Any,  # noqa: ANN401 — any JSON
) -> None:
    """An impossible date or value is pointed at, and never repeated."""
    sent = json.dumps({"command": {**referral(shared.person()), field: value}})
    answer = shared.client.post("/v1/cases", content=sent, headers=JSON)
    body = problem(answer, 422, "invalid")
    assert pointers(body) == {f"/command/{field}"}


def test_no_number_is_long_enough_to_be_somebodys(shared: Doors) -> None:
    """A count stands in clear: one as long as an NHS number is turned away, unrepeated."""
    entry = {"agency": "police", "text": "A call.", "number": 9434765919}
    answer = shared.post(
        f"/v1/cases/{shared.case()}/record-chronology-entry", {"command": entry}, version=1
    )
    assert pointers(problem(answer, 422, "invalid")) == {"/command/number"}
    assert "9434765919" not in answer.text


def test_a_field_that_a_command_lacks_is_not_repeated(shared: Doors) -> None:
    """An extra field is turned away without its name, which may be anything."""
    command = {**referral(shared.person()), PRIVATE: 1, "earlier_referrals": ["2026-01-01"]}
    body = problem(shared.post("/v1/cases", {"command": command}), 422, "invalid")
    assert pointers(body) == {"/command"}


def test_a_missing_field_is_pointed_at(shared: Doors) -> None:
    """What is required and left out is named."""
    body = problem(shared.post("/v1/cases", {"command": {"received": "2026"}}), 422, "invalid")
    assert pointers(body) == {"/command/adult"}
    body = problem(shared.post("/v1/cases", {}), 422, "invalid")
    assert pointers(body) == {"/command"}


def test_a_code_outside_its_nations_list_is_refused_with_its_rule(shared: Doors) -> None:
    """The domain's own refusal comes through with its code, rule and place."""
    answer = shared.post("/v1/cases", {"command": referral(shared.person(), channel="pigeon")})
    body = problem(answer, 422, "refused")
    assert (body["code"], body["rule"]) == ("not_in_list", "I11")
    assert pointers(body) == {"/command/channel"}
    assert "pigeon" not in answer.text


def test_what_lies_in_the_future_is_refused(shared: Doors) -> None:
    """I3 comes through as a refusal."""
    answer = shared.post(
        "/v1/cases", {"occurred": "2199-01-01", "command": referral(shared.person())}
    )
    body = problem(answer, 422, "refused")
    assert (body["rule"], pointers(body)) == ("I3", {"/occurred"})


def test_nobody_knew_of_it_in_the_future(shared: Doors) -> None:
    """I3 holds for what stands beside a command too, and is pointed at where it stands."""
    known = [{"agency": "police", "since": "2199-01-01"}]
    sent = {"known_to": known, "command": referral(shared.person())}
    body = problem(shared.post("/v1/cases", sent), 422, "refused")
    assert (body["rule"], pointers(body)) == ("I3", {"/known_to/0/since"})
    sent = {"source_recorded": "2199", "command": referral(shared.person())}
    body = problem(shared.post("/v1/cases", sent), 422, "refused")
    assert (body["rule"], pointers(body)) == ("I3", {"/source_recorded"})


def test_an_unknown_purpose_is_turned_away(shared: Doors) -> None:
    """A purpose is one of the list, of a command as of a reading."""
    body = {"purpose": "curiosity", "command": referral(shared.person())}
    assert pointers(problem(shared.post("/v1/cases", body), 422, "invalid")) == {"/purpose"}
    answer = shared.get(f"/v1/cases/{shared.case()}", Holdfast_Purpose="curiosity")
    problem(answer, 422, "invalid")


def test_a_role_beside_a_command_is_one_of_a_list(shared: Doors) -> None:
    """Who did it is said by a known role, so that no name gets into what stands in clear."""
    body = {"performed_role": "mrs_quillfeather", "command": referral(shared.person())}
    answer = problem(shared.post("/v1/cases", body), 422, "invalid")
    assert pointers(answer) == {"/performed_role"}


@pytest.mark.parametrize("key", [None, "", "a b", "x" * 129])
def test_a_command_needs_a_key_of_its_own(shared: Doors, key: str | None) -> None:
    """A missing or unusable Idempotency-Key is explained."""
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = shared.client.post(
        "/v1/cases", json={"command": referral(shared.person())}, headers=headers
    )
    assert "Idempotency-Key" in problem(answer, 400, "idempotency-key")["detail"]


def test_a_body_beyond_the_limit_is_turned_away(shared: Doors) -> None:
    """A huge body gets a problem whether or not it says how large it is."""
    huge = json.dumps({"command": {"account": PRIVATE * 100_000}}).encode()
    problem(shared.client.post("/v1/cases", content=huge, headers=JSON), 413, "body-too-large")
    pieces = (huge[at : at + 65536] for at in range(0, len(huge), 65536))
    problem(shared.client.post("/v1/cases", content=pieces, headers=JSON), 413, "body-too-large")


@pytest.mark.parametrize("sizes", [{"content-length": str(1 << 40)}, {}])
@pytest.mark.parametrize("silent", [False, True])
def test_a_body_without_end_is_not_read_for_ever(
    monkeypatch: pytest.MonkeyPatch, sizes: dict[str, str], *, silent: bool
) -> None:
    """Of a body too large a bounded part is read, for a bounded time; then it is answered."""
    monkeypatch.setattr(guard, "DRAINED_S", 0.01 if silent else 60.0)
    read, sent = 0, []

    async def receive() -> Message:
        nonlocal read
        if silent and read > guard.MOST_BYTES:
            await asyncio.Event().wait()
        read += 1 << 16
        return {"type": "http.request", "body": b"x" * (1 << 16), "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(name.encode(), value.encode()) for name, value in sizes.items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/cases",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), *headers],
    }

    async def reads_all(_scope: Scope, receive: Receive, _send: Send) -> None:
        while (await receive()).get("more_body"):
            pass

    asyncio.run(guard.Guard(reads_all)(scope, receive, send))
    assert sent[0]["status"] == 413
    assert guard.MOST_BYTES < read <= guard.MOST_BYTES + guard.DRAINED_BYTES + (2 << 16)


def test_a_command_on_a_stream_needs_the_version_that_was_read(shared: Doors) -> None:
    """Without If-Match 428, with another version 412, with anything else 400; nothing recorded."""
    case = shared.case()
    path = f"/v1/cases/{case}/record-communication-needs"
    body: dict[str, Any] = {"command": {}}
    problem(shared.post(path, body), 428, "version-required")
    problem(shared.post(path, body, version=7), 412, "stale-version")
    for wrong in ("*", "1", 'W/"1"', '"1", "2"', '"one"', '"01"'):
        problem(shared.post(path, body, If_Match=wrong), 400, "if-match")
    assert shared.get(f"/v1/cases/{case}").headers["ETag"] == '"1"'
    assert shared.post(path, body, version=1).status_code == 201


def test_nobody_finds_what_is_not_there(shared: Doors) -> None:
    """An unknown case or person, or a reference that is none, is answered plainly."""
    nowhere = "00000000-0000-4000-8000-00000000dead"
    problem(shared.get(f"/v1/cases/{nowhere}"), 404, "not-found")
    problem(shared.get(f"/v1/cases/{shared.person()}"), 404, "not-found")
    problem(shared.get(f"/v1/persons/{nowhere}"), 404, "not-found")
    problem(shared.get(f"/v1/cases/{PRIVATE}"), 422, "invalid")
    problem(shared.get(f"/{PRIVATE}"), 404, "not-found")
    problem(shared.client.delete("/v1/cases"), 405, "method-not-allowed")
    path = f"/v1/cases/{nowhere}/record-communication-needs"
    person = shared.person()
    for version in (0, 1, 7):  # whether it exists is asked before which version was read
        problem(shared.post(path, {"command": {}}, version=version), 404, "not-found")
        for other, command in (
            (f"/v1/cases/{person}/record-communication-needs", {}),
            (f"/v1/persons/{nowhere}/record-death", {"died": "2026-01-05"}),
            (f"/v1/persons/{shared.case()}/record-death", {"died": "2026-01-05"}),
        ):
            problem(shared.post(other, {"command": command}, version=version), 404, "not-found")


@pytest.mark.parametrize("as_at", ["2026-02-30", "yesterday", "-1", "9999-12-31", "1e9", "٣"])
def test_a_moment_that_cannot_be_read_is_pointed_at(shared: Doors, as_at: str) -> None:
    """An impossible as_at is turned away."""
    answer = shared.client.get("/v1/cases", params={"as_at": as_at})
    assert pointers(problem(answer, 422, "invalid")) == {"/query/as_at"}


@pytest.mark.parametrize(
    "plain", ["9" * 20 + ".0", "1." + "9" * 20, "1", "1.", ".1", "1.-1", "1.0.0"]
)
def test_a_cursor_that_no_page_gave_is_pointed_at(shared: Doors, plain: str) -> None:
    """A made-up cursor is turned away, also where its numbers are beyond every position."""
    cursor = base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")
    answer = shared.client.get("/v1/cases", params={"cursor": cursor})
    assert pointers(problem(answer, 422, "invalid")) == {"/query/cursor"}


@pytest.mark.parametrize("role", ["Bob Smith", "", "MANAGER", "x" * 5000])
def test_a_header_that_names_no_role_is_turned_away(shared: Doors, role: str) -> None:
    """Whatever stands in the role header is a role or 403."""
    answer = shared.client.get("/v1/lists", headers={"Holdfast-Role": role})
    assert "Holdfast-Role" in problem(answer, 403, "not-permitted")["detail"]


def test_a_parameter_that_a_question_does_not_have_is_turned_away(shared: Doors) -> None:
    """Every question of /v1 refuses a mistyped parameter, and names those it has."""
    asked = 0
    for path, operations in make_app().openapi()["paths"].items():
        if "get" not in operations or not path.startswith("/v1/"):
            continue
        named = [one["name"] for one in operations["get"]["parameters"] if one["in"] == "query"]
        answer = shared.client.get(re.sub(r"{\w+}", str(UUID(int=7)), path) + f"?asat=1&{PRIVATE}")
        body = problem(answer, 422, "invalid")
        assert pointers(body) == {"/query"}
        told = body["errors"][0]["detail"].partition("known: ")[2].rstrip(".")
        assert told == (", ".join(sorted(named)) or "none"), path
        asked += 1
    assert asked >= 8
    assert shared.get("/v1/cases?as_at=1&limit=2").status_code == 200
    assert shared.client.get("/health?now=1").status_code == 200


def test_a_parameter_that_stands_twice_is_turned_away(shared: Doors) -> None:
    """Every parameter that is no list is sent once: which of two was meant nobody can know."""
    asked = 0
    for path, operations in make_app().openapi()["paths"].items():
        if "get" not in operations or not path.startswith("/v1/"):
            continue
        here = re.sub(r"{\w+}", str(UUID(int=7)), path).replace("{year}", "2026")
        for one in operations["get"]["parameters"]:
            if one["in"] == "query" and "array" not in str(one["schema"]):  # a list may be sent on
                answer = shared.client.get(f"{here}?{one['name']}=1&{one['name']}={PRIVATE}")
                body = problem(answer, 422, "invalid")
                assert pointers(body) == {f"/query/{one['name']}"}, path
                asked += 1
    assert asked >= 30


def test_a_command_has_no_parameters(shared: Doors) -> None:
    """A command says all in its body: `dry_run` in its address would be recorded for good."""
    case = shared.case()
    tail = shared.office.record.log.tail()
    for path in ("/v1/cases", f"/v1/cases/{case}/record-communication-needs"):
        answer = shared.post(f"{path}?dry_run=true", {"command": {}}, version=1)
        assert pointers(problem(answer, 422, "invalid")) == {"/query"}
    answer = shared.client.post(f"/v1/search/persons?name={PRIVATE}", json={"name": "x"})
    assert pointers(problem(answer, 422, "invalid")) == {"/query"}
    assert shared.get(f"/v1/cases/{case}").headers["ETag"] == '"1"'
    assert shared.office.record.log.tail() == tail


def test_a_page_turns_away_what_it_cannot_read(shared: Doors) -> None:
    """A page refuses a parameter it lacks or has twice, names those there are, and repeats none."""
    case = shared.case()
    for path, known in (
        ("/", "as_at, cursor, on, purpose, team, worker"),
        (f"/cases/{case}", "as_at, as_of, cursor, entry, known_to, on, purpose, recorded, show"),
    ):
        answer = shared.client.get(f"{path}?asat=2026-01-01&{PRIVATE}=1")
        assert answer.status_code == 422
        assert f"known: {known}." in answer.text
        assert "Quillfeather" not in answer.text
        for name in ("as_at", "on", "purpose"):
            answer = shared.client.get(f"{path}?{name}=2026-01-01&{name}={PRIVATE}")
            assert answer.status_code == 422
            called = label("query", name, shared.office.jurisdiction)
            assert f"{called}: This stands here more" in answer.text
            assert "Quillfeather" not in answer.text
        answer = shared.client.get(f"{path}?on=2026-02-30")
        assert "Judged by: This is a day of the calendar" in answer.text
    assert shared.client.get("/problems/invalid?x=1").status_code == 422


def test_a_dead_database_is_said_and_nothing_is_lost(
    doors: Doors, owner: psycopg.Connection[Any]
) -> None:
    """While the database is away every door says so; the same command then goes through once."""
    adult, name = doors.person(), doors.office.pool.connection
    with name() as conn:
        database = conn.info.dbname
    owner.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false')
    owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database,)
    )
    body = {"command": referral(adult)}
    answer = doors.post("/v1/cases", body, key="again")
    problem(answer, 503, "unavailable")
    assert answer.headers["Retry-After"]
    assert doors.client.get("/ready").status_code == 503
    assert doors.client.get("/health").json()["database"] == "down"
    owner.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS true')
    for _ in range(50):
        answer = doors.post("/v1/cases", body, key="again")
        if answer.status_code != 503:
            break
    assert answer.status_code == 201, answer.text
    assert doors.post("/v1/cases", body, key="again").status_code == 200


def test_a_full_disk_is_said_and_nothing_is_half_recorded(
    doors: Doors, owner: psycopg.Connection[Any]
) -> None:
    """When the disk is full the problem says what to do; afterwards the command goes through."""
    del owner
    adult, tail = doors.person(), doors.office.record.log.tail()
    with doors.office.pool.connection() as conn:
        database = conn.info.dbname
    with psycopg.connect(
        doors.office.database.conninfo("postgres"),
        dbname=database,
        user="postgres",
        autocommit=True,
    ) as conn:
        conn.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
        )
        conn.execute(
            "CREATE TRIGGER no_room BEFORE INSERT ON record.cases EXECUTE FUNCTION no_room()"
        )
        body = {"command": referral(adult)}
        answer = doors.post("/v1/cases", body, key="again")
        assert "disk is full" in problem(answer, 503, "unavailable")["detail"]
        assert doors.office.record.log.tail() == tail
        conn.execute("DROP TRIGGER no_room ON record.cases")
    assert doors.post("/v1/cases", body, key="again").status_code == 201


def test_an_error_nobody_foresaw_keeps_its_words_to_itself(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the answer nor the log holds the message of an unforeseen error."""

    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError(PRIVATE)

    case = doors.case()
    monkeypatch.setattr("api.routes.cases.stands", fail)
    problem(doors.client.get(f"/v1/cases/{case}"), 500, "unexpected")
    assert "RuntimeError" in caplog.text
    assert "Quillfeather" not in caplog.text
