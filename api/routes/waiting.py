"""Seeing what one just recorded, and no answer at a position the views have not reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Final

from fastapi import Depends, Query
from psycopg import Connection

from api.office import Office
from api.problems import Problem
from api.routes.door import ActorOf, OfficeOf
from api.views import NAMES
from projections.health import furthest_behind, held_at, wait_for

LONGEST_S: Final = 10.0
BRIEFLY_S: Final = 1.0  # for a position asked by `as_at`; who wants to wait longer sends `after`


def waited(
    office: OfficeOf,
    _actor: ActorOf,
    after: Annotated[
        int | None,
        Query(
            ge=0, le=2**53, description="Wait until the view shows this position (10 s at most)."
        ),
    ] = None,
    wait: Annotated[
        float, Query(ge=0, le=LONGEST_S, description="How many seconds to wait at most.")
    ] = LONGEST_S,
) -> float:
    """Wait for `after`; returns how many seconds to wait for `as_at`.

    Raises:
        Problem, Behind: the record, or a view, has not come that far.
    """
    if after is None:
        return min(wait, BRIEFLY_S)
    if after > office.record.log.tail():
        raise Problem("behind", "The record itself has no such position yet.")
    with office.pool.connection() as conn:
        if not wait_for(conn, NAMES, after, timeout_s=wait):
            raise furthest_behind(conn, NAMES)
    return min(wait, BRIEFLY_S)


Wait = Annotated[float, Depends(waited)]


@contextmanager
def viewing(
    office: Office, views: Sequence[str], as_at: int | None, *, wait: float = BRIEFLY_S
) -> Iterator[tuple[Connection[Any], int]]:
    """Read views at one moment, and say the position the answer is of: every door's way to them.

    Not the log's last where `as_at` is left out, but where the views stand: the same question
    asked again by the position it was told must have the same answer.

    Raises:
        Behind: `as_at` is a position that one of them has not reached in `wait` seconds.
    """
    with office.pool.connection() as conn, held_at(conn, views, as_at, timeout_s=wait) as position:
        yield conn, position
