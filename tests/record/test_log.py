"""The log: dense order, optimistic versions, one write per command, append-only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from api.clock import FixedClock, SystemClock, entropy
from domain.record.log import Append, CommandReused, Log, Prepared, StreamAppend
from domain.refusal import Conflict, Corrupt, Refused
from tests.record.conftest import House


def one(stream: UUID, expected: int, count: int = 1, command: UUID | None = None) -> Append:
    """An append of opaque events."""
    events = tuple(Prepared("x.v1", entropy(20), entropy(20)) for _ in range(count))
    return Append(command or uuid4(), b"d" * 32, (StreamAppend(stream, expected, events),))


def whole(log: Log) -> list[int]:
    """Every position, each row checked against its leaf."""
    rows = log.read(0, limit=100_000)
    for row in rows:
        log.check(row)
    return [row.position for row in rows]


def test_positions_are_dense(house: House) -> None:
    """Positions run from 1 without a gap, across streams and appends of several events."""
    log = house.log()
    first = log.append(one(uuid4(), 0, 3))
    second = log.append(one(uuid4(), 0, 2))
    assert (first.first, first.last, second.first, second.last) == (1, 3, 4, 5)
    assert whole(log) == [1, 2, 3, 4, 5]


def test_a_conflict_burns_no_position(house: House) -> None:
    """A refused append leaves no gap behind it."""
    log, stream = house.log(), uuid4()
    log.append(one(stream, 0))
    with pytest.raises(Conflict):
        log.append(one(stream, 0))
    assert log.append(one(stream, 1)).first == 2


@pytest.mark.parametrize("expected", [0, 1, 3, 9])
def test_only_the_actual_version_is_accepted(house: House, expected: int) -> None:
    """An append that expects an earlier or a later version than the stream's is a Conflict."""
    log, stream = house.log(), uuid4()
    log.append(one(stream, 0, 2))
    with pytest.raises(Conflict):
        log.append(one(stream, expected))
    assert whole(log) == [1, 2]


def test_an_append_to_several_streams_is_all_or_nothing(house: House) -> None:
    """When one of several streams has moved, none of them is written."""
    log, moved, still = house.log(), uuid4(), uuid4()
    log.append(one(moved, 0))
    event = Prepared("x.v1", b"h", b"p")
    both = Append(
        uuid4(), b"d" * 32, (StreamAppend(still, 0, (event,)), StreamAppend(moved, 0, (event,)))
    )
    with pytest.raises(Conflict):
        log.append(both)
    assert log.stream(still) == []


def test_of_concurrent_appends_to_one_stream_one_wins(house: House) -> None:
    """Sixteen appends expecting the same version: one is written, fifteen get Conflict."""
    log, stream = house.log(), uuid4()

    def attempt(_: int) -> bool:
        try:
            log.append(one(stream, 0, 2))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        won = list(threads.map(attempt, range(16)))
    assert sum(won) == 1
    assert whole(log) == [1, 2]


def test_two_processes_share_one_order(house: House) -> None:
    """Two appenders that know nothing of each other interleave without gap, loss or double."""
    logs = [house.log(), house.log()]

    def write(number: int) -> list[int]:
        return [logs[number % 2].append(one(uuid4(), 0, 1 + number % 3)).first for _ in range(40)]

    with ThreadPoolExecutor(8) as threads:
        firsts = [first for got in threads.map(write, range(8)) for first in got]
    positions = whole(logs[0])
    assert positions == list(range(1, len(positions) + 1))
    assert len(set(firsts)) == len(firsts) == 320


def test_a_command_is_recorded_once(house: House) -> None:
    """The same command id and digest is answered with the positions it has already."""
    log, stream, command = house.log(), uuid4(), uuid4()
    first = log.append(one(stream, 0, 2, command))
    again = house.log().append(one(stream, 0, 2, command))
    assert (again.first, again.count, again.repeated) == (first.first, 2, True)
    assert whole(log) == [1, 2]


def test_a_command_id_serves_one_request(house: House) -> None:
    """The same command id with another digest is refused, and nothing is written."""
    log, stream, command = house.log(), uuid4(), uuid4()
    log.append(one(stream, 0, 1, command))
    other = Append(command, b"e" * 32, (StreamAppend(stream, 1, (Prepared("x.v1", b"h", b"p"),)),))
    with pytest.raises(CommandReused):
        log.append(other)
    assert whole(log) == [1]


def test_a_lost_answer_is_looked_up_not_repeated(house: House) -> None:
    """A commit whose answer never came is found by its command id and written once."""

    class Cut(psycopg.Connection[Any]):
        cuts = 0

        def execute(self, query: Any, *args: Any, **kwargs: Any) -> psycopg.Cursor[Any]:  # noqa: ANN401 — as its base
            done: psycopg.Cursor[Any] = super().execute(query, *args, **kwargs)
            text = query.as_string(self) if isinstance(query, sql.Composable) else str(query)
            if Cut.cuts and "INSERT" in text:
                Cut.cuts -= 1
                self.close()
                message = "server closed the connection unexpectedly"
                raise psycopg.OperationalError(message)
            return done

    log = house.log()
    log._writer._connect = lambda: Cut.connect(
        house.database.conninfo("holdfast_app"),
        autocommit=True,
        options="-c role=holdfast_writer",
    )
    log.append(one(uuid4(), 0))
    log._writer._tail = None  # so that it is decided; `test_pipe` has a guess whose answer is lost
    Cut.cuts = 1
    done = log.append(one(uuid4(), 0, 2))
    assert (done.first, done.count) == (2, 2)
    assert whole(log) == [1, 2, 3]


def test_a_cut_before_commit_is_written_again(house: House) -> None:
    """A connection that dies before the INSERT costs nothing but a second attempt."""
    log = house.log()
    log.append(one(uuid4(), 0))
    log.append(one(uuid4(), 0))
    pipe, deciding = log._writer._pipe, log._writer._conn
    assert pipe is not None
    assert deciding is not None
    with psycopg.connect(house.database.conninfo(), autocommit=True) as admin:
        for conn in (pipe._conn, deciding):
            admin.execute("SELECT pg_terminate_backend(%s)", (conn.info.backend_pid,))
    assert log.append(one(uuid4(), 0)).first == 3
    assert whole(log) == [1, 2, 3]


def test_recorded_at_never_runs_backwards(house: House) -> None:
    """A clock up to two seconds behind the last entry is held at the last entry's time."""
    start = SystemClock().now()
    house.log(clock=FixedClock(start)).append(one(uuid4(), 0))
    late = house.log(clock=FixedClock(start - timedelta(seconds=1)))
    late.append(one(uuid4(), 0))
    first, second = late.read(0)
    assert second.recorded_us == first.recorded_us


def test_a_clock_that_is_behind_is_refused(house: House) -> None:
    """A clock over two seconds behind the last entry stops appends and says what to do."""
    start = SystemClock().now()
    house.log(clock=FixedClock(start)).append(one(uuid4(), 0))
    log = house.log(clock=FixedClock(start - timedelta(seconds=3)))
    with pytest.raises(Refused, match="set it right") as refused:
        log.append(one(uuid4(), 0))
    assert "by a machine whose clock ran ahead" in refused.value.detail  # true in either case


def test_a_clock_that_jumps_is_refused(house: House) -> None:
    """A wall clock that moves over a minute against the monotonic one stops appends."""
    clock = Ahead(timedelta())
    log = house.log(clock=clock)
    log.append(one(uuid4(), 0))
    clock.ahead = timedelta(seconds=61)
    with pytest.raises(Refused, match="restart"):
        log.append(one(uuid4(), 0))


class Ahead(SystemClock):
    """A machine's clock that somebody set wrong."""

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        """Wrong by that much."""
        return super().now() + self.ahead


@pytest.mark.parametrize("name", ["cases", "readings"])
@pytest.mark.parametrize("days", [3, -3])
def test_a_clock_that_is_not_the_databases_is_refused_before_its_first_entry(
    house: House, name: str, days: int
) -> None:
    """One machine with a fast clock closes the record to nobody: it is itself refused."""
    fast = house.log(name, clock=Ahead(timedelta(days=days)))
    for _ in range(2):
        with pytest.raises(Refused, match="find out which of the two is wrong") as refused:
            fast.append(one(uuid4(), 0))
        assert refused.value.code == "clock-apart"
    right = house.log(name)
    assert right.append(one(uuid4(), 0)).first == 1


def test_a_clock_is_held_to_the_databases_again_every_minute(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What drifts away slowly, and never jumps, is noticed too; set right it goes on."""
    clock = Ahead(timedelta())
    log = house.log(clock=clock)
    log.append(one(uuid4(), 0))
    for _ in range(4):
        clock.ahead += timedelta(seconds=20)
        log.append(one(uuid4(), 0))
    monkeypatch.setattr("domain.record.timekeeping.COMPARE_EVERY_S", 0.0)
    with pytest.raises(Refused, match="ahead of the database's"):
        log.append(one(uuid4(), 0))
    with house.connect() as conn:
        assert "ahead of the database's" in (log.clock_trouble(conn) or "")
    clock.ahead = timedelta(seconds=50)
    with house.connect() as conn:
        # Right enough; but what was recorded has not come yet, and that is said as it is.
        assert "ran ahead" in (log.clock_trouble(conn) or "")
    with pytest.raises(Refused, match="by a machine whose clock ran ahead"):
        log.append(one(uuid4(), 0))


def test_what_was_recorded_before_is_answered_again_by_a_wrong_clock(house: House) -> None:
    """A command that came in already is no new entry."""
    append = one(uuid4(), 0)
    house.log().append(append)
    assert house.log(clock=Ahead(timedelta(days=3))).append(append).repeated


def test_position_at_is_the_last_one_by_then(house: House) -> None:
    """For every row, position_at its moment is the last position of that moment."""
    clock = FixedClock(SystemClock().now())
    log = house.log(clock=clock)
    for _ in range(7):
        log.append(one(uuid4(), 0))
        clock.forward(timedelta(seconds=1))
    for row in log.read(0):
        assert log.position_at(row.recorded_at) == row.position
        assert log.position_at(row.recorded_at - timedelta(microseconds=1)) == row.position - 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record.cases SET name = 'y'",
        "DELETE FROM record.cases",
        "TRUNCATE record.cases",
        "ALTER TABLE record.cases DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "BEGIN; LOCK TABLE record.cases IN ACCESS EXCLUSIVE MODE",
        "DELETE FROM keyring.data_key",
        "UPDATE keyring.subject_key SET epoch = 9",
        "CREATE TABLE record.mine (x int)",
        "SET ROLE holdfast_owner",
    ],
)
def test_the_writer_may_only_read_and_append(house: House, statement: str) -> None:
    """The application's role is refused everything but SELECT and INSERT."""
    house.log().append(one(uuid4(), 0))
    with house.connect() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement.encode())


@pytest.mark.parametrize("role", ["holdfast_owner", None])
@pytest.mark.parametrize("replication", ["origin", "replica"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE record.cases SET name = 'y'", "DELETE FROM record.cases", "TRUNCATE record.cases"],
)
def test_the_owner_is_stopped_by_the_triggers(
    house: House, statement: str, replication: str, role: str | None
) -> None:
    """Owner and superuser are refused by triggers, also in replication mode."""
    house.log().append(one(uuid4(), 0))
    with psycopg.connect(house.database.conninfo(), autocommit=True) as conn:
        conn.execute(f"SET session_replication_role = {replication}".encode())
        if role:
            conn.execute(f"SET ROLE {role}".encode())
        with pytest.raises(psycopg.DatabaseError) as refused:
            conn.execute(statement.encode())
    assert refused.value.sqlstate == "HF005"


@pytest.mark.parametrize(
    ("position", "version", "micros", "state"),
    [(3, 1, 0, "HF001"), (2, 5, 0, "HF002"), (2, 1, -(10**12), "HF003")],
)
def test_the_database_refuses_what_is_out_of_order(
    house: House, position: int, version: int, micros: int, state: str
) -> None:
    """A gap in the order or in a stream and a clock running backwards are refused by trigger."""
    log = house.log()
    log.append(one(uuid4(), 0))
    at = log.read(0)[0].recorded_us + micros
    with house.connect() as conn, pytest.raises(psycopg.DatabaseError) as refused:
        conn.execute(
            'INSERT INTO record.cases ("position", stream, version, recorded_us, authority, name,'
            " header, payload) VALUES (%s, %s, %s, %s, %s, 'x.v1', '', '')",
            (position, uuid4(), version, at, log.authority),
        )
    assert refused.value.sqlstate == state


def test_the_database_refuses_a_clock_running_backwards_within_one_write(house: House) -> None:
    """Of rows written together each is recorded no earlier than the one before it."""
    log = house.log()
    log.append(one(uuid4(), 0))
    at = log.read(0)[0].recorded_us
    insert = (
        'INSERT INTO record.cases ("position", stream, version, recorded_us, authority, name,'
        " header, payload) SELECT p, gen_random_uuid(), 1, t, %s, 'x.v1', '', ''"
        " FROM unnest(%s::int8[], %s::int8[]) AS a (p, t)"
    )
    with house.connect() as conn:
        with pytest.raises(psycopg.DatabaseError) as refused:
            conn.execute(insert, (log.authority, [2, 3, 4], [at + 1, at + 3, at + 2]))
        conn.execute(insert, (log.authority, [2, 3, 4], [at + 1, at + 2, at + 2]))
    assert refused.value.sqlstate == "HF003"
    assert log.tail() == 4


def test_another_authoritys_row_is_refused(house: House) -> None:
    """One database is one authority: a row of another is refused by trigger."""
    log = house.log()
    with house.connect() as conn, pytest.raises(psycopg.DatabaseError) as refused:
        conn.execute(
            'INSERT INTO record.cases ("position", stream, version, recorded_us, authority, name,'
            " header, payload) VALUES (1, %s, 1, 0, %s, 'x.v1', '', '')",
            (uuid4(), uuid4()),
        )
    assert refused.value.sqlstate == "HF004"
    assert log.tail() == 0


def test_a_row_that_does_not_hash_to_its_leaf_is_corrupt(house: House) -> None:
    """A row changed behind the triggers' back is found when it is read."""
    log, stream = house.log(), uuid4()
    log.append(one(stream, 0))
    with psycopg.connect(house.database.conninfo(), autocommit=True) as conn:
        house.damaged = True
        conn.execute("ALTER TABLE record.cases DISABLE TRIGGER append_only")
        conn.execute("ALTER TABLE record.cases ALTER leaf DROP EXPRESSION")
        conn.execute("UPDATE record.cases SET payload = 'changed'")
    with pytest.raises(Corrupt, match="position 1"):
        log.stream(stream)


def test_the_two_logs_have_orders_of_their_own(house: House) -> None:
    """The log of readings counts from 1 whatever the log of cases holds."""
    house.log("cases").append(one(uuid4(), 0, 5))
    assert house.log("readings").append(one(uuid4(), 0)).first == 1
