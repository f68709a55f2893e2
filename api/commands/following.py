"""The views behind the commands: brought up to date, followed, rebuilt, and how far they lag."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from threading import Event
from typing import Any, Final

from psycopg import Connection

from api.commands import show
from api.office import Office
from api.proving import Proving
from api.watching import Watch, Watching
from domain.record.log import Unavailable
from domain.refusal import Refused
from projections.batch import Poison
from projections.health import Health, health, wait_for
from projections.projection import Projection
from projections.rebuild import prepare
from projections.runner import Follower, serve

PROJECTOR: Final = "holdfast_projector"
_WAIT_S: Final = 60.0


def connector(office: Office) -> Callable[[], Connection[Any]]:
    """How a follower connects."""
    return partial(office.database.connect, PROJECTOR)


def follower(office: Office, projection: Projection) -> Follower:
    """Whoever follows for one projection."""
    return Follower(projection, connector(office), unseal=office.record.unseal)


def up_to_date(office: Office, projections: Sequence[Projection]) -> None:
    """Bring views up to the end of the record: here, or by whoever follows already.

    Raises:
        Unavailable: a view has stopped, or whoever follows does not get there in a minute.
    """
    tail = office.record.log.tail()
    prepare(connector(office), tuple(projections))
    for projection in projections:
        with follower(office, projection) as one:
            if one.lead():
                _catch_up(one)
                continue
        with office.pool.connection() as conn:
            if not wait_for(conn, [projection.name], tail, timeout_s=_WAIT_S):
                raise Unavailable(
                    f"the view {projection.name} is behind or has stopped: see `holdfast lag`"
                )


def _catch_up(one: Follower) -> None:
    try:
        one.catch_up()
    except Refused as refused:
        if refused.code != "other-code":
            raise
        one.rebuild()
        one.catch_up()
    if one.poison is not None:
        raise stopped(one.projection.name, one.poison)


def stopped(name: str, poison: Poison) -> Unavailable:
    """What to say of a view that met an event it cannot fold."""
    return Unavailable(
        f"the view {name} stopped before position {poison.position} ({poison.event}, "
        f"{poison.error}); the record itself is whole: mend the projection, then run "
        f"`holdfast rebuild {name}`"
    )


def follow(office: Office, projections: Sequence[Projection]) -> list[Poison]:
    """Follow the record until SIGINT or SIGTERM; returns what stopped some views before.

    Raises:
        Refused: a guard of the log is gone; with the remedy.
        ServerError: the embedded database ended for good; with the remedy.
    """
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    Watch(office, show.tell).look()
    prepare(connector(office), tuple(projections))
    with Watching(office, stop.set, say=show.tell) as watching, Proving(office):
        poisons = serve([follower(office, projection) for projection in projections], stop)
    if watching.trouble is not None:
        raise watching.trouble
    return poisons


def how_far(office: Office, projections: Sequence[Projection]) -> list[Health]:
    """The health of the projections."""
    with office.pool.connection() as conn:
        return health(conn, [projection.name for projection in projections])


def seconds_behind(one: Health, now: datetime) -> float:
    """For how long the first event a view has not folded has stood in the record."""
    return 0.0 if one.behind_since is None else max(0.0, (now - one.behind_since).total_seconds())


def named(names: Sequence[str], every: Sequence[Projection]) -> list[Projection]:
    """The projections of these names; all where none is named. Raises Refused."""
    known = {projection.name: projection for projection in every}
    if not set(names) <= known.keys():
        raise Refused("option", "usage", f"The projections are {', '.join(known)}.")
    return [known[name] for name in names] if names else list(every)
