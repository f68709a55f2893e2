"""Random bytes are drawn many at once; nobody is ever handed what somebody else was."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.clock import entropy, new_reference

SIZE = 16


def test_no_bytes_are_handed_out_twice() -> None:
    """Threads draw side by side, in sizes that do not divide what is drawn at once: all differ."""

    def draw(_thread: int) -> list[bytes]:
        return [entropy(SIZE + number % 7)[:SIZE] for number in range(2000)]

    with ThreadPoolExecutor(8) as threads:
        drawn = [one for each in threads.map(draw, range(8)) for one in each]
    assert len(set(drawn)) == len(drawn) == 16_000


@pytest.mark.parametrize("size", [1, SIZE, 4095, 4096, 4097, 100_000])
def test_as_many_bytes_are_drawn_as_were_asked_for(size: int) -> None:
    """However much is left of the last draw, the answer has the size asked for."""
    entropy(100)
    assert len(entropy(size)) == size


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where a process can be forked")
def test_a_forked_process_draws_its_own() -> None:
    """A child holds a copy of its parent's memory, and yet none of the parent's next bytes."""
    entropy(SIZE)  # so that there is something left to be copied
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, entropy(SIZE))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        drawn = answer.read()
    assert os.waitpid(child, 0)[1] == 0
    assert len(drawn) == SIZE
    assert drawn != entropy(SIZE)


def test_a_reference_is_a_random_uuid() -> None:
    """RFC 9562, version 4: nothing of the machine or of the hour is in it."""
    reference = new_reference()
    assert (reference.version, reference.variant) == (4, "specified in RFC 4122")
