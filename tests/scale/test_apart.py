"""What a benchmark asks in a process of its own: no answer is no wait, and says why."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from benchmarks.apart import apart


@pytest.mark.parametrize(
    ("ask", "given", "says"),
    [
        (int, "none", "int: .*ValueError: invalid literal"),
        (os._exit, 3, "_exit: the process ended with 3 before it answered"),
    ],
)
def test_a_process_that_ends_without_an_answer_says_how(
    ask: Callable[..., object], given: object, says: str
) -> None:
    """Whoever asked a process of its own learns at once that it failed or ended, and of what."""
    with pytest.raises(RuntimeError, match=f"(?s){says}"):
        apart(ask, given)


def test_a_process_of_its_own_answers() -> None:
    """What is asked in a process of its own is answered as it would be here."""
    assert apart(int, "12") == 12
