"""The same command sent several times at once: recorded once, and answered alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from uuid import UUID

import pytest

from api.problems import Problem
from api.routes.commands import Running
from tests.doors.conftest import Doors, referral

COMMAND = UUID(int=7)


def test_twelve_at_once_are_answered_alike(shared: Doors) -> None:
    """One is recorded, and the others wait for it and are answered from the record."""
    body, start = {"command": referral(shared.person())}, Barrier(12)

    def send(_number: int) -> tuple[int, str, int]:
        start.wait(20)
        answer = shared.post("/v1/cases", body, key="at-once-12")
        return answer.status_code, answer.json()["stream"], answer.json()["version"]

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, range(12)))

    assert sorted(status for status, _, _ in answers) == [200] * 11 + [201]
    assert len({(stream, version) for _, stream, version in answers}) == 1


def test_whoever_waits_is_let_in_as_the_first_ends() -> None:
    """A second of the same command waits, and goes on once the first is done."""
    running, begun, may_go = Running(patience=20), Event(), Event()
    order = list[str]()

    def first() -> None:
        with running.alone(COMMAND):
            begun.set()
            assert may_go.wait(20)
            order.append("first")

    def second() -> None:
        with running.alone(COMMAND):
            order.append("second")

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(first)
        assert begun.wait(20)
        other = pool.submit(second)
        may_go.set()
        one.result()
        other.result()
    assert order == ["first", "second"]


def test_nobody_waits_without_end_and_not_everybody_waits() -> None:
    """After its patience a second gets 409; where many wait already, at once."""
    for running in (Running(patience=0.05), Running(patience=20)):
        if running._patience > 1:
            running._waiting = 20
        with running.alone(COMMAND), pytest.raises(Problem) as caught, running.alone(COMMAND):
            pass
        assert caught.value.kind == "still-running"
        with running.alone(UUID(int=8)):
            pass
