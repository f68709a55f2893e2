"""Appends that wait for one another: each is answered, whoever of them is interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Event, Lock, Thread
from uuid import uuid4

import pytest

from domain.record import log as log_module
from domain.record.deciding import Pending
from domain.record.log import Append, Appended, Log
from tests.record.conftest import House
from tests.record.test_log import one, whole

PATIENCE_S = 30  # only a failure waits that long
WAITING = 6


class _CutShort:
    """The lock of a waiting thread that is interrupted when it is told, or once it is woken."""

    def __init__(self, told: Event) -> None:
        self._told = told
        self._held = False

    def acquire(self) -> None:
        """Take it; whoever would wait is interrupted instead."""
        if self._held:
            self._told.wait(PATIENCE_S)
            raise KeyboardInterrupt
        self._held = True

    def release(self) -> None:
        """Wake who waits: it is interrupted as it wakes."""
        self._told.set()


@contextmanager
def held_batches(
    log: Log, monkeypatch: pytest.MonkeyPatch, before: Callable[[], None], second: int
) -> Iterator[Event]:
    """Hold the first batch until told, and do something before the second is written."""
    go, batches, write = Event(), [], log._write

    def _write(batch: Sequence[Pending]) -> None:
        batches.append(len(batch))
        if len(batches) == 1:
            assert go.wait(PATIENCE_S)
        else:
            before()
        write(batch)

    monkeypatch.setattr(log, "_write", _write)
    yield go
    assert batches == [1, second]


def sending(log: Log, append: Append) -> Future[Appended]:
    """Append in a thread that ends with the tests, so that a failure does not wait for it."""
    answer: Future[Appended] = Future()

    def send() -> None:
        try:
            answer.set_result(log.append(append))
        except BaseException as error:  # noqa: BLE001 — an interruption is what is looked for
            answer.set_exception(error)

    Thread(target=send, daemon=True).start()
    return answer


def queued(log: Log, number: int) -> None:
    """Wait until so many appends wait, behind one that is being written."""
    for _ in range(PATIENCE_S * 1000):
        if log._leading and len(log._queue) == number:
            return
        Event().wait(0.001)
    raise AssertionError("they do not come to wait")


@pytest.mark.parametrize(
    ("which", "when"),
    [(0, "as it is told to lead")]
    + [
        (which, when)
        for which in (1, WAITING // 2, WAITING - 1)
        for when in ("while its batch is written", "as it wakes")
    ],
)
def test_a_thread_interrupted_while_it_waits_keeps_nobody_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch, which: int, when: str
) -> None:
    """Whoever of a batch is interrupted, every other is answered, and what was begun is written."""
    log, told = house.log(), Event()
    written = WAITING - (when == "as it is told to lead")  # its own is taken back: nobody began it
    log.append(one(uuid4(), 0))
    appends = [one(uuid4(), 0) for _ in range(WAITING)]

    def pending(append: Append) -> Pending:
        cut = append is appends[which]
        return Pending(append, wake=_CutShort(told) if cut else Lock())  # type: ignore[arg-type]

    def interrupt() -> None:
        if when == "while its batch is written":
            told.set()
            assert isinstance(sent[which + 1].exception(PATIENCE_S), KeyboardInterrupt)

    monkeypatch.setattr(log_module, "Pending", pending)
    with held_batches(log, monkeypatch, interrupt, written) as go:
        sent = [sending(log, one(uuid4(), 0))]
        for number, append in enumerate(appends):
            queued(log, number)  # each takes its place before the next comes
            sent.append(sending(log, append))
        queued(log, WAITING)
        go.set()
        cut = sent[which + 1]
        others = [answer for answer in sent if answer is not cut]
        assert [answer.result(PATIENCE_S).count for answer in others] == [1] * WAITING
        assert isinstance(cut.exception(PATIENCE_S), KeyboardInterrupt)
    assert whole(log) == list(range(1, written + 3))
