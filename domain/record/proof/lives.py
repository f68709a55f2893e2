"""The lives of a log: from its beginning, or from a restoring, until the next restoring.

A life that a restoring began is begun by a note of its own key: from which head it goes on, and
when. The database alone cannot make one, so that nobody without the key begins a log anew beside
what was signed of it. Earlier releases kept no such note; theirs are known by a head that was
signed in that life, which takes the same key.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from psycopg import Connection

from domain.record.migration import LOGS
from domain.record.proof.checkpoint import open_checkpoint
from domain.record.proof.note import Verifier, open_note
from domain.record.proof.strict import Wrong, b64

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incarnation:
    """A life of a log.

    `continued` is the head that it goes on from: origin, size, root; None for the first. `begun` is
    the signed note that it began with, where it has one.
    """

    number: int
    origin: str
    vkey: str
    began_us: int
    continued: tuple[str, int, bytes] | None
    begun: bytes | None = None

    @property
    def day(self) -> str:
        """The day on which it began (UTC)."""
        return moment(self.began_us)[:10]


def moment(us: int) -> str:
    """A time of ours as it is written for others, to the second."""
    return (_EPOCH + timedelta(microseconds=us)).strftime("%Y-%m-%dT%H:%M:%SZ")


def beginning(origin: str, continued: tuple[str, int, bytes], began_us: int) -> str:
    """What whoever has the key signs when a log begins again: from where, as what, and when."""
    before, size, root = continued
    return f"{before}\n{size}\n{b64(root)}\ngoes on as {origin} since {moment(began_us)}\n"


def continued_text(one: Incarnation) -> bytes:
    """From where a life goes on, as it is published: the note it began with, where it has one."""
    assert one.continued is not None, "the first goes on from nothing"  # noqa: S101 — a programmer's proof
    return (
        one.begun
        or beginning(one.origin, one.continued, one.began_us).rpartition("goes on")[0].encode()
    )


def incarnations(conn: Connection[Any], log: str) -> list[Incarnation]:
    """Every life of a log, oldest first."""
    rows = conn.execute(
        "SELECT number, origin, vkey, began_us, continued_origin, continued_size, continued_root,"
        " begun FROM record.incarnation WHERE log = %s ORDER BY number",
        (LOGS[log],),
        binary=True,
    ).fetchall()
    return [
        Incarnation(
            number=number,
            origin=origin,
            vkey=vkey,
            began_us=began_us,
            continued=None if from_origin is None else (from_origin, size, bytes(root)),
            begun=None if begun is None else bytes(begun),
        )
        for number, origin, vkey, began_us, from_origin, size, root, begun in rows
    ]


def unfounded(
    conn: Connection[Any],
    log: str,
    lives: Sequence[Incarnation],
    ours: Collection[bytes] | None = None,
) -> list[Incarnation]:
    """The lives that nobody with a key began: put into the database by hand.

    `lives` are all of a log's. `ours` are the public keys that whoever asks knows to be the
    record's own; without them a note of any key will do.
    """
    strange = () if ours is None else _of_strange_keys(lives, ours)
    return [one for one in lives if one in strange or not _founded(conn, log, one)]


def _of_strange_keys(
    lives: Sequence[Incarnation], ours: Collection[bytes]
) -> Collection[Incarnation]:
    """The lives under a key that neither signed the life before, nor is one of ours.

    Where keys were lost more than once: nor one of those from which a life of ours goes on.
    """
    keys = [_public(one) for one in lives]
    known = [not at for at in range(len(lives))]
    for at in range(1, len(lives)):
        known[at] = keys[at] in ours or (known[at - 1] and keys[at] == keys[at - 1])
    vouched = False
    for at in range(len(lives) - 1, 0, -1):
        went_on = lives[at].continued
        vouched = vouched or keys[at] in ours
        vouched = vouched and went_on is not None and went_on[0] == lives[at - 1].origin
        known[at - 1] = known[at - 1] or vouched
    return [one for one, well in zip(lives, known, strict=True) if not well]


def _public(one: Incarnation) -> bytes | None:
    with suppress(Wrong):
        return Verifier.from_vkey(one.vkey).public
    return None


def _founded(conn: Connection[Any], log: str, one: Incarnation) -> bool:
    named = re.fullmatch(rf".+/{log}/{one.number}", one.origin) is not None
    if one.continued is None or not named:
        return named
    with suppress(Wrong):
        verifier = Verifier.from_vkey(one.vkey)
        if verifier.name != one.origin:
            return False
        if one.begun is not None:
            text = open_note(one.begun, [verifier]).text
            return text == beginning(one.origin, one.continued, one.began_us)
        row = conn.execute(
            "SELECT note FROM record.signed_head WHERE log = %s AND incarnation = %s LIMIT 1",
            (LOGS[log], one.number),
            binary=True,
        ).fetchone()
        return row is not None and open_checkpoint(row[0], [verifier])[0].origin == one.origin
    return False
