"""The heads that lie in a published folder: what was promised to whoever reads it.

They are held to the log beside those that the database has, which somebody may have deleted there
and not here. Only what is not in the database costs a signature. A head is left behind only by a
restoring that somebody began with the key that signs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from psycopg import Connection

from domain.record.migration import LOGS
from domain.record.proof.checkpoint import Head, open_checkpoint, read_checkpoints
from domain.record.proof.lives import Incarnation, incarnations, unfounded
from domain.record.proof.note import Verifier
from domain.record.proof.place import Place
from domain.record.proof.strict import Unproved, Wrong
from domain.record.proof.tree import Tree
from domain.refusal import Corrupt

_HEADS: Final = "heads"
_CHECKPOINT: Final = "checkpoint"
_TOGETHER: Final = 256


@dataclass(slots=True)
class Lying:
    """What lies in a folder that the database lacks.

    `held`: the heads that the log has to contain, size → root. `behind`: of an incarnation the
    largest that a restoring left behind, by number.
    """

    held: dict[int, bytes] = field(default_factory=dict)
    behind: dict[int, int] = field(default_factory=dict)


def heads_there(
    conn: Connection[Any],
    log: str,
    place: Place,
    blame: Callable[[str], None],
    ours: Collection[bytes] | None = None,
) -> Lying:
    """The heads in a folder that the database lacks. What is no head of the log's is blamed."""
    every = incarnations(conn, log)
    lives = {one.number: one for one in every}
    limits = _limits(conn, log, every, ours)
    found = Lying()
    for number, bundle, path in files(place):
        one = lives.get(number)
        if one is None:
            blame(f"{path} lies in the published folder, of an incarnation that was removed")
            continue
        verifier = Verifier.from_vkey(one.vkey)
        try:
            notes = set(read_checkpoints(place.get(path) or b"")) - known(conn, log, number, bundle)
            there = [_head(note, verifier) for note in notes]
        except Wrong as error:
            blame(f"what the published folder has as {path} are no heads of this log: {error}")
            continue
        for head in there:
            if head.size > limits.get(number, head.size):
                found.behind[number] = max(head.size, found.behind.get(number, 0))
                continue
            if found.held.setdefault(head.size, head.root) != head.root:
                blame(f"two heads of {head.size} entries were signed, with different roots")
    return found


def hold(conn: Connection[Any], log: str, place: Place) -> None:
    """Hold a log to the largest head that lies published of each incarnation, before it is signed.

    Whatever was signed before that one, it goes on from; of one that ended in a restoring, up to
    where the next went on. A folder that cannot be read holds it to nothing, and is told when it is
    published there.

    Raises:
        Corrupt: the log does not go on from it.
    """
    lives = incarnations(conn, log)
    if not lives:
        return
    limits = _limits(conn, log, lives)
    with suppress(OSError):
        heads = [
            head
            for one in lives
            for verifier in (Verifier.from_vkey(one.vkey),)
            for head in (
                _checkpoint(place, verifier),
                _largest(place, verifier, one.number, limits.get(one.number)),
            )
            if head and head.size <= limits.get(one.number, head.size)
        ]
        tree = Tree(conn, log)
        for head in heads:
            if tree.size() < head.size or tree.root(head.size) != head.root:
                raise Corrupt(
                    f"a head of {head.size} entries of {log} lies published, and the log does not "
                    "go on from it: it was cut off, rewritten, or an older state was put back "
                    "without `holdfast restore`. Nothing is signed. Keep everything as it is and "
                    "run `holdfast verify`"
                )


def _limits(
    conn: Connection[Any],
    log: str,
    lives: list[Incarnation],
    ours: Collection[bytes] | None = None,
) -> dict[int, int]:
    """Up to which size each incarnation was gone on from that ended in a restoring, by number."""
    made_up = unfounded(conn, log, lives, ours)
    found: dict[int, int] = {}
    for one in reversed(lives):  # a later restoring may have been of an older copy
        if one.continued is not None and one not in made_up:
            found[one.number - 1] = min([one.continued[1], *found.values()])
    return found


def _checkpoint(place: Place, verifier: Verifier) -> Head | None:
    with suppress(Wrong):
        return _head(place.get(_CHECKPOINT) or b"", verifier)
    return None


def _largest(place: Place, verifier: Verifier, number: int, limit: int | None) -> Head | None:
    """The largest head of an incarnation that lies there and is signed; of what is not, none.

    Up to a limit, where there is one.
    """
    for incarnation, bundle, path in reversed(list(files(place))):
        if incarnation != number or (limit is not None and bundle * _TOGETHER > limit):
            continue
        found = []
        with suppress(Wrong):
            for note in read_checkpoints(place.get(path) or b""):
                with suppress(Wrong):
                    found.append(_head(note, verifier))
        found = [head for head in found if limit is None or head.size <= limit]
        if found:
            return max(found, key=lambda head: head.size)
    return None


def _head(note: bytes, verifier: Verifier) -> Head:
    head, _ = open_checkpoint(note, [verifier])
    if head.origin != verifier.name:
        raise Unproved("it is of another origin")
    return head


def files(place: Place) -> Iterator[tuple[int, int, str]]:
    """Each file of heads by its incarnation and the bundle of entries in which they end."""
    found = []
    for path in place.under(_HEADS):
        _, number, *groups = path.split("/")
        digits = "".join(group.removeprefix("x") for group in groups)
        if number.isascii() and number.isdecimal() and digits.isascii() and digits.isdecimal():
            found.append((int(number), int(digits), path))
    yield from sorted(found)


def known(conn: Connection[Any], log: str, incarnation: int, bundle: int) -> set[bytes]:
    """The heads that the database has signed of those that end in a bundle of entries."""
    rows = conn.execute(
        "SELECT note FROM record.signed_head WHERE log = %s AND incarnation = %s"
        " AND size BETWEEN %s AND %s",
        (LOGS[log], incarnation, bundle * _TOGETHER + (bundle > 0), (bundle + 1) * _TOGETHER),
        binary=True,
    )
    return {bytes(note) for (note,) in rows}
