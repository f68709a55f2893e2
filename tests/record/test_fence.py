"""A fence: what an append was decided by, and whether that still holds where it is written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest

from api.clock import entropy
from domain.record.log import Append, Fence, Log, Overtaken, Prepared, StreamAppend
from tests.record.conftest import House

TAKEN = "taken-in.v1"


def append(name: str, after: int | None = None) -> Append:
    """Give an append of one event of a name, fenced against others of `TAKEN` after a position."""
    event = Prepared(name, entropy(20), entropy(20))
    fence = None if after is None else Fence(names=frozenset({TAKEN}), after=after)
    return Append(uuid4(), b"d" * 32, (StreamAppend(uuid4(), 0, (event,)),), fence)


def test_what_was_recorded_since_stops_a_fenced_append(house: House) -> None:
    """An event that the fence names, after the position looked at, and nothing is written."""
    log, other = house.log(), house.log()
    log.append(append(TAKEN, after=0))
    other.append(append("x.v1"))
    with pytest.raises(Overtaken):
        other.append(append(TAKEN, after=0))
    assert log.tail() == 2
    assert other.append(append(TAKEN, after=1)).first == 3


def test_what_the_fence_does_not_name_is_no_matter(house: House) -> None:
    """Events of other names, before or after, stop nobody; nor does one at the position itself."""
    log = house.log()
    for _ in range(3):
        log.append(append("x.v1"))
    assert log.append(append(TAKEN, after=0)).first == 4
    assert log.append(append("x.v1", after=4)).first == 5


def test_a_fenced_command_sent_again_is_answered_again(house: House) -> None:
    """It is not overtaken by itself: the first answer is given again."""
    log, asked = house.log(), append(TAKEN, after=0)
    first = log.append(asked)
    again = log.append(asked)
    assert (again.first, again.repeated) == (first.first, True)


@pytest.mark.parametrize("logs", [1, 2])
def test_of_many_at_once_one_is_written(house: House, logs: int) -> None:
    """Of many that looked at the same position one is written, by one process or by several."""
    several = [house.log() for _ in range(logs)]
    together = Barrier(8)

    def attempt(number: int) -> bool:
        log: Log = several[number % logs]
        together.wait()
        try:
            log.append(append(TAKEN, after=0))
        except Overtaken:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        written = list(threads.map(attempt, range(8)))
    assert sum(written) == 1
    assert several[0].tail() == 1
