"""Seeing what one just recorded: a view is asked to wait until it has reached a position."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Query

from api.problems import Problem
from api.routes.door import ActorOf, OfficeOf
from api.views import NAMES
from projections.health import wait_for

LONGEST_S: Final = 10.0


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
) -> None:
    """Wait for `after`. Raises Problem `behind`."""
    if after is None:
        return
    if after > office.record.log.tail():
        raise Problem("behind", "The record itself has no such position yet.")
    with office.pool.connection() as conn:
        there = wait_for(conn, NAMES, after, timeout_s=wait)
    if not there:
        raise Problem("behind")


Wait = Annotated[None, Depends(waited)]
