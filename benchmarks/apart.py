"""Asking in a process of its own, and hearing at once where it ended without an answer."""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from signal import Signals
from typing import Any


def apart(ask: Callable[..., Any], *given: object) -> Any:  # noqa: ANN401 — whatever `ask` answers
    """What a function answers in a new process, which nothing else is asked of.

    However long it takes: it is waited for as long as the process lives, and no longer.

    Raises RuntimeError: it gave none, with what it failed of or how the process ended.
    """
    context = multiprocessing.get_context("spawn")
    hears, tells = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(tells, ask, given))
    process.start()
    tells.close()  # the process alone holds it now: once it ends, whoever hears knows
    try:
        answered, answer = hears.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"{ask.__name__}: {_end(process.exitcode)} before it answered") from None
    process.join()
    if not answered:
        raise RuntimeError(f"{ask.__name__}: {answer}")
    return answer


def _answer(tells: Connection, ask: Callable[..., Any], given: tuple[object, ...]) -> None:
    try:
        answer = (True, ask(*given))
    except Exception:  # noqa: BLE001 — whatever it is, it is said where it was asked
        answer = (False, traceback.format_exc())
    tells.send(answer)


def _end(code: int | None) -> str:
    if code is not None and code < 0:
        return f"the process was ended by {Signals(-code).name}"
    return f"the process ended with {code}"
