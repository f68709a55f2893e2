"""Batches on their way one behind another: each is judged for itself, whatever becomes of one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Event, get_ident
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.record import pipe as pipe_module
from domain.record.log import Append, Appended, Log
from domain.record.pipe import Pipe, Sent
from domain.refusal import Conflict
from tests.record.conftest import House
from tests.record.test_batches import PATIENCE_S, sending
from tests.record.test_log import one, whole


@contextmanager
def held(house: House) -> Iterator[psycopg.Connection[Any]]:
    """Keep every writer waiting in the middle of its INSERT."""
    with psycopg.connect(house.database.conninfo()) as admin:
        admin.execute("LOCK TABLE record.cases IN SHARE MODE")
        yield admin
        admin.rollback()


def flying(log: Log, number: int) -> None:
    """Wait until so many batches are on their way."""
    for _ in range(PATIENCE_S * 1000):
        if log._writer.flying == number and not log._leading:
            return
        Event().wait(0.001)
    raise AssertionError("they are not sent")


def ready(house: House) -> Log:
    """A log that knows where its tail is, its pipe open: the next append is guessed."""
    log = house.log()
    log.append(one(uuid4(), 0))
    log.append(one(uuid4(), 0))
    return log


def two(log: Log, first: Append, second: Append) -> tuple[Future[Appended], Future[Appended]]:
    """Send two batches, the second before the first is answered."""
    sent = sending(log, first)
    flying(log, 1)
    behind = sending(log, second)
    flying(log, 2)
    return sent, behind


def test_a_batch_is_sent_before_the_one_ahead_is_answered(house: House) -> None:
    """Two are on their way at once, a third waits; all stand in the order they came."""
    log = ready(house)
    with held(house):
        first, second = two(log, one(uuid4(), 0, 2), one(uuid4(), 0))
        third = sending(log, one(uuid4(), 0))
        for _ in range(PATIENCE_S * 1000):
            if log._queue:
                break
            Event().wait(0.001)
        assert log._writer.flying == 2
    answers = [each.result(PATIENCE_S) for each in (first, second, third)]
    assert [(one.first, one.count) for one in answers] == [(3, 2), (5, 1), (6, 1)]
    assert whole(log) == list(range(1, 7))


def test_few_that_wait_are_not_sent_behind_many(house: House) -> None:
    """Fewer than are on their way wait for the answer: batches do not become ever smaller."""
    log = ready(house)
    with held(house):
        first = sending(log, one(uuid4(), 0))
        flying(log, 1)
        log._aloft = 2
        second = sending(log, one(uuid4(), 0))
        for _ in range(PATIENCE_S * 1000):
            if log._queue:
                break
            Event().wait(0.001)
        assert (len(log._queue), log._writer.flying) == (1, 1)
    assert [each.result(PATIENCE_S).first for each in (first, second)] == [3, 4]


def test_what_is_behind_a_refused_batch_is_judged_for_itself(house: House) -> None:
    """A batch behind one that lost its race is recorded, at the place that one leaves free."""
    log, stream = ready(house), uuid4()
    log.append(one(stream, 0))
    with held(house):
        late, good = two(log, one(stream, 0), one(uuid4(), 0))
    assert isinstance(late.exception(PATIENCE_S), Conflict)
    assert good.result(PATIENCE_S).first == 4
    assert whole(log) == [1, 2, 3, 4]


def test_two_on_their_way_when_the_connection_ends_are_recorded_once(house: House) -> None:
    """A backend that ends in the middle of one batch with another behind it loses neither."""
    log = ready(house)
    with held(house) as admin:
        first, second = two(log, one(uuid4(), 0), one(uuid4(), 0))
        assert log._writer._pipe is not None
        ended = log._writer._pipe._conn.info.backend_pid
        admin.execute("SELECT pg_terminate_backend(%s)", (ended,))
    assert {first.result(PATIENCE_S).first, second.result(PATIENCE_S).first} == {3, 4}
    assert whole(log) == [1, 2, 3, 4]


def test_two_committed_whose_answers_are_lost_are_found(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commits nobody was told of are looked up by their command ids, and not written again."""
    log, again = ready(house), house.log()

    def answer(pipe: Pipe, _sent: Sent) -> bool:
        for _ in range(PATIENCE_S * 1000):
            if again.tail() == 4 or pipe.closed:
                break
            Event().wait(0.001)
        pipe.close()
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(Pipe, "answer", answer)
    with held(house):
        first, second = two(log, one(uuid4(), 0), one(uuid4(), 0))
    assert [
        (each.result(PATIENCE_S).first, each.result().repeated) for each in (first, second)
    ] == [
        (3, True),
        (4, True),
    ]
    assert whole(log) == [1, 2, 3, 4]


def test_an_interrupted_wait_keeps_nobody_behind_it_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread told to end while its batch is on its way leaves the next to be recorded."""
    log, wait = ready(house), pipe_module._wait
    told: list[int] = []

    def _wait(socket: int, events: int) -> None:
        if not told:
            told.append(get_ident())
            go.wait(PATIENCE_S)
            raise KeyboardInterrupt
        wait(socket, events)

    go = Event()
    monkeypatch.setattr(pipe_module, "_wait", _wait)
    streams: list[UUID] = [uuid4(), uuid4()]
    with held(house):
        first, second = two(log, one(streams[0], 0), one(streams[1], 0))
        go.set()
        assert isinstance(first.exception(PATIENCE_S), KeyboardInterrupt)
    assert second.result(PATIENCE_S).count == 1
    assert len(log.stream(streams[1])) == 1
    assert whole(log) == list(range(1, log.tail() + 1))


def test_a_guess_while_another_process_decides_is_decided(house: House) -> None:
    """Where somebody holds the log's lock nothing is guessed, and the append waits its turn."""
    log = ready(house)
    with psycopg.connect(house.database.conninfo()) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (log._sql.lock_number,))
        answer = sending(log, one(uuid4(), 0))
        for _ in range(PATIENCE_S * 1000):
            if log._writer._skip:
                break
            Event().wait(0.001)
        assert not answer.done()
        other.rollback()
    assert answer.result(PATIENCE_S).first == 3
