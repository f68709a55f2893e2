"""Which of the waiting appends may be written: decided under the log's lock, one by one."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection

from domain.record.appending import (
    Append,
    Appended,
    CommandReused,
    Fence,
    Overtaken,
    StaleKey,
)
from domain.record.log_sql import Statements
from domain.refusal import Conflict


@dataclass(slots=True, eq=False)
class Pending:
    """An append that waits, and what became of it."""

    append: Append
    wake: Lock = field(default_factory=Lock)
    lead: bool = False
    woken: bool = False
    gone: bool = False  # interrupted: nobody waits for it any more
    following: Pending | None = None  # whom it wakes when it is woken
    done: Appended | None = None
    error: BaseException | None = None

    @property
    def settled(self) -> bool:
        """Whether it was written, or refused."""
        return self.done is not None or self.error is not None


def decide(
    conn: Connection[Any], statements: Statements, waiting: Sequence[Pending]
) -> list[Pending]:
    """Settle those that were recorded before or cannot be written; what may be written, in order.

    Runs in a transaction that holds the log's lock, so that what it reads stays true.
    """
    recorded = commands(conn, statements, [pending.append.command for pending in waiting])
    streams = {part.stream for pending in waiting for part in pending.append.streams}
    versions = dict(conn.execute(statements.versions, (list(streams),)).fetchall())
    living = _living(conn, {key for pending in waiting for key in pending.append.keys})
    going: list[Pending] = []
    taken: dict[UUID, bytes] = {}
    for pending in waiting:
        append = pending.append
        before = recorded.get(append.command)
        if before is not None:
            _answer_again(pending, *before)
        elif append.command in taken:
            # A twin sent at the same moment is answered once the first is written.
            if not hmac.compare_digest(taken[append.command], append.digest):
                pending.error = CommandReused("this command id was used for another request")
        elif clash := _clash(append, versions):
            pending.error = clash
        elif append.fence is not None and _overtaken(conn, statements, append.fence, going):
            pending.error = Overtaken("what this was decided by has changed")
        elif not append.keys <= living:
            pending.error = StaleKey("a key was replaced while the passage was being sealed")
        else:
            taken[append.command] = append.digest
            for part in append.streams:
                versions[part.stream] = part.expected_version + len(part.events)
            going.append(pending)
    return going


def commands(
    conn: Connection[Any], statements: Statements, asked: Collection[UUID]
) -> dict[UUID, tuple[Appended, bytes]]:
    """Where these commands were recorded, and their requests' digests; of those that were."""
    rows = conn.execute(statements.commands, (list(asked),), prepare=True).fetchall()
    return {
        command: (Appended(first, count, repeated=True), digest)
        for command, digest, count, first in rows
    }


def is_lost(error: psycopg.Error) -> bool:
    """Whether the server may have committed although we were not told."""
    state = error.sqlstate
    if state is None:  # raised by the client: a lost connection, or a value it would not send
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return state[:2] == "08" or state in {"57P01", "57P02", "57P03", "57P05", "25P03", "25P04"}


def why(error: Exception) -> str:
    """What a person can do about it, without what was being written."""
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    if state == "53100":
        return "the disk is full: free space, then try again; nothing was lost"
    if state is not None and state[:2] == "53":
        return "the database is out of resources: try again shortly; nothing was lost"
    if isinstance(error, psycopg.Error) and not is_lost(error):
        named = f" (SQLSTATE {state})" if state is not None else ""
        return f"the database refused the write{named}; nothing was written"
    return "the database cannot be reached: check that it is running, then try again"


def _clash(append: Append, versions: dict[UUID, int]) -> Conflict | None:
    """The first stream that is not where the append expects it.

    A stream nobody has written stands at -1 here, so that it may begin at version 0 or 1.
    """
    ahead: dict[UUID, int] = {}
    for part in append.streams:
        at = ahead.get(part.stream, versions.get(part.stream, -1))
        if at != part.expected_version and not (at == -1 and part.expected_version == 0):
            return Conflict(part.stream, part.expected_version, max(at, 0))
        ahead[part.stream] = part.expected_version + len(part.events)
    return None


def _overtaken(
    conn: Connection[Any], statements: Statements, fence: Fence, going: Sequence[Pending]
) -> bool:
    """Whether an event that the fence names stands behind it, or is about to."""
    names = {
        event.name for pending in going for part in pending.append.streams for event in part.events
    }
    if not fence.names.isdisjoint(names):
        return True
    found = conn.execute(statements.since, (fence.after, list(fence.names))).fetchone()
    return found is not None and bool(found[0])


def _living(conn: Connection[Any], keys: set[tuple[UUID, int]]) -> set[tuple[UUID, int]]:
    if not keys:
        return set()
    rows = conn.execute(
        "SELECT s.subject, s.generation FROM keyring.subject_key s"
        " JOIN unnest(%s::uuid[], %s::int4[]) AS k (subject, generation)"
        " USING (subject, generation)",
        ([key[0] for key in keys], [key[1] for key in keys]),
    ).fetchall()
    return {(subject, generation) for subject, generation in rows}


def _answer_again(pending: Pending, before: Appended, digest: bytes) -> None:
    if hmac.compare_digest(digest, pending.append.digest):
        pending.done = before
    else:
        pending.error = CommandReused("this command id was used for another request")
