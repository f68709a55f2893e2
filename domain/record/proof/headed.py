"""The heads that lie in a published folder: what was promised to whoever reads it.

They are held to the log beside those that the database has, which somebody may have deleted there
and not here. Only what is not in the database costs a signature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from psycopg import Connection

from domain.record.migration import LOGS
from domain.record.proof.checkpoint import Head, open_checkpoint, read_checkpoints
from domain.record.proof.integrating import incarnations
from domain.record.proof.note import Verifier
from domain.record.proof.place import Place
from domain.record.proof.strict import Unproved, Wrong
from domain.record.proof.tree import Tree
from domain.refusal import Corrupt

_HEADS: Final = "heads"
_CHECKPOINT: Final = "checkpoint"
_TOGETHER: Final = 256


def heads_there(
    conn: Connection[Any], log: str, place: Place, blame: Callable[[str], None]
) -> dict[int, bytes]:
    """The heads in a folder that the database lacks and the log has to contain, size → root.

    Those that a restore left behind lie there and are none of these. What is no head of the log's
    is blamed.
    """
    lives = {one.number: one for one in incarnations(conn, log)}
    found: dict[int, bytes] = {}
    for number, bundle, path in _files(place):
        one, later = lives.get(number), lives.get(number + 1)
        if one is None:
            blame(f"{path} lies in the published folder, of an incarnation that was removed")
            continue
        verifier = Verifier.from_vkey(one.vkey)
        try:
            notes = set(read_checkpoints(place.get(path) or b"")) - _known(
                conn, log, number, bundle
            )
            there = [_head(note, verifier) for note in notes]
        except Wrong as error:
            blame(f"what the published folder has as {path} are no heads of this log: {error}")
            continue
        for head in there:
            if later is not None and later.continued and head.size > later.continued[1]:
                continue
            if found.setdefault(head.size, head.root) != head.root:
                blame(f"two heads of {head.size} entries were signed, with different roots")
    return found


def hold(conn: Connection[Any], log: str, place: Place) -> None:
    """Hold a log to the largest head that lies published of its incarnation, before more is signed.

    Whatever was signed before that one, it goes on from. A folder that cannot be read holds it to
    nothing, and is told when it is published there.

    Raises:
        Corrupt: the log does not go on from it.
    """
    lives = incarnations(conn, log)
    if not lives:
        return
    verifier = Verifier.from_vkey(lives[-1].vkey)
    with suppress(OSError):
        heads = [
            head
            for head in (_checkpoint(place, verifier), _largest(place, verifier, lives[-1].number))
            if head
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


def _checkpoint(place: Place, verifier: Verifier) -> Head | None:
    with suppress(Wrong):
        return _head(place.get(_CHECKPOINT) or b"", verifier)
    return None


def _largest(place: Place, verifier: Verifier, number: int) -> Head | None:
    """The largest head of an incarnation that lies there and is signed; of what is not, none."""
    for incarnation, _, path in reversed(list(_files(place))):
        if incarnation != number:
            continue
        found = []
        with suppress(Wrong):
            for note in read_checkpoints(place.get(path) or b""):
                with suppress(Wrong):
                    found.append(_head(note, verifier))
        if found:
            return max(found, key=lambda head: head.size)
    return None


def _head(note: bytes, verifier: Verifier) -> Head:
    head, _ = open_checkpoint(note, [verifier])
    if head.origin != verifier.name:
        raise Unproved("it is of another origin")
    return head


def _files(place: Place) -> Iterator[tuple[int, int, str]]:
    """Each file of heads by its incarnation and the bundle of entries in which they end."""
    found = []
    for path in place.under(_HEADS):
        _, number, *groups = path.split("/")
        digits = "".join(group.removeprefix("x") for group in groups)
        if number.isascii() and number.isdecimal() and digits.isascii() and digits.isdecimal():
            found.append((int(number), int(digits), path))
    yield from sorted(found)


def _known(conn: Connection[Any], log: str, incarnation: int, bundle: int) -> set[bytes]:
    """The heads that the database has signed of those that end in a bundle of entries."""
    rows = conn.execute(
        "SELECT note FROM record.signed_head WHERE log = %s AND incarnation = %s"
        " AND size BETWEEN %s AND %s",
        (LOGS[log], incarnation, bundle * _TOGETHER + (bundle > 0), (bundle + 1) * _TOGETHER),
        binary=True,
    )
    return {bytes(note) for (note,) in rows}
