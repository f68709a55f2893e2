"""Publishing one log's tree as a folder that any web server can carry (C2SP tlog-tiles).

    <folder>/checkpoint               the newest head, signed: what everything else is held to
    <folder>/tile/…                   the tree's tiles and the entries, which never change
    <folder>/heads/<incarnation>/<size>   every signed head, as it was
    <folder>/anchors/<size>.tsr       when a head was there, stamped outside; .of names it
    <folder>/continued/<incarnation>  from which head a later incarnation goes on
    <folder>/superseded/<incarnation> what an incarnation had published when a restore ended it
    <folder>/vkeys, policy            the key of each incarnation, and what makes a head believed

A checkpoint is put in its place last, once all that it covers lies safely beside it; each file
comes by a rename, so that nobody ever reads half of one. Killed anywhere, the folder is as it was,
with perhaps some files more, which the next time are written again, byte for byte the same.

A checkpoint that is there already is what was promised to whoever reads the folder: where the log
does not go on from it, nothing is published over it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Protocol

from psycopg import Connection, sql

from domain.record.migration import LOGS
from domain.record.proof.anchoring import anchors
from domain.record.proof.checkpoint import read_checkpoint
from domain.record.proof.integrating import Head, heads, incarnations
from domain.record.proof.note import Verifier, open_note, read_note
from domain.record.proof.policy import Policy, PolicyLog, policy_text, read_policy, satisfied
from domain.record.proof.strict import Wrong, b64
from domain.record.proof.tiles import entries_path, entry_bundle, tile_path
from domain.record.proof.tree import HEIGHT, TILE, Tree
from domain.refusal import Corrupt

CHECKPOINT: Final = "checkpoint"
POLICY: Final = "policy"
_BUNDLES: Final = 32  # read at once


class Place(Protocol):
    """Where files are put. A file that was put is there whole, or not at all, whatever happens."""

    def get(self, path: str) -> bytes | None:
        """What lies there; None where nothing does."""
        ...

    def put(self, path: str, raw: bytes) -> None:
        """Put a file, durable when this returns."""
        ...

    def drop(self, path: str) -> None:
        """Take away a folder of files that nobody needs."""
        ...

    def move(self, path: str, to: str) -> None:
        """Give a file or folder another name, if it is there and nothing has that name."""
        ...


class Folder:
    """A place on this machine's disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def get(self, path: str) -> bytes | None:
        """What lies there; None where nothing does."""
        try:
            return (self._root / path).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, path: str, raw: bytes) -> None:
        """Put a file by renaming it, durable when this returns."""
        target = self._root / path
        self._make(target.parent)
        beside = target.with_name(f".{target.name}.part")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
        _settle(target.parent)

    def drop(self, path: str) -> None:
        """Take away a folder of files that nobody needs."""
        target = self._root / path
        if target.is_dir():
            for one in target.iterdir():
                one.unlink()
            target.rmdir()

    def move(self, path: str, to: str) -> None:
        """Give a file or folder another name, if it is there and nothing has that name."""
        source, target = self._root / path, self._root / to
        if source.exists() and not target.exists():
            self._make(target.parent)
            source.rename(target)
            _settle(source.parent)
            _settle(target.parent)

    def drop_file(self, path: str) -> None:
        """Take away one file, if it is there."""
        target = self._root / path
        target.unlink(missing_ok=True)
        if target.parent.is_dir():
            _settle(target.parent)

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make(folder.parent)
        folder.mkdir(exist_ok=True)
        _settle(folder.parent)


class Publisher:
    """Publishes one log's heads in one place. For one thread."""

    def __init__(
        self,
        conn: Connection[Any],
        log: str,
        place: Place,
        *,
        policy: Policy | None = None,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> None:
        """`progress` hears of how many entries of how many lie there.

        `policy`: whose witnesses and quorum stand in the published one, beside this log's key.
        """
        self._conn = conn
        self._log = log
        self._number = LOGS[log]
        self._place = place
        self._policy = policy or Policy(quorum=None)
        self._progress = progress

    def published(self) -> tuple[str, int, bytes] | None:
        """The checkpoint that lies there: origin, size, root; None where none does.

        Raises:
            Corrupt: something else lies there.
        """
        raw = self._place.get(CHECKPOINT)
        if raw is None:
            return None
        try:
            head = read_checkpoint(read_note(raw)[0])
        except Wrong as error:
            why = f"what is published as the checkpoint of {self._log} is none: {error}"
            raise Corrupt(why) from None
        return head.origin, head.size, head.root

    def publish(self, head: Head) -> None:
        """Publish a head, and every one before it that is not published yet.

        Raises:
            Corrupt: the log does not go on from what is published.
        """
        tree = Tree(self._conn, self._log)
        done = self._goes_on(tree, head)
        if done > head.size:  # another process published a later one meanwhile
            return
        self._entries(done, head.size)
        self._tiles(tree, done, head.size)
        self._told(done, head)
        self._place.put(CHECKPOINT, head.note)
        self._tidied(done, head.size)

    def _goes_on(self, tree: Tree, head: Head) -> int:
        """How many entries are published already, in a tree that the head goes on from."""
        before = self.published()
        if before is None:
            return 0
        origin, size, root = before
        known = {one.origin for one in incarnations(self._conn, self._log)}
        if origin not in known:
            raise Corrupt(
                f"the folder of {self._log} is published by another log ({origin}): name an empty "
                "folder for this one"
            )
        if origin != head.origin:
            self._put_aside(origin)
            return 0
        if size > tree.size() or tree.root(size) != root:
            raise Corrupt(
                f"a checkpoint of {size} entries of {self._log} is published, and the log does not "
                "go on from it: it was cut off, rewritten, or an older state was put back without "
                "`holdfast restore`. Nothing is published over it"
            )
        return size

    def _put_aside(self, origin: str) -> None:
        """Begin another incarnation beside what the one before published, which stays as it was.

        Whoever compares the two sees what a restore left out. The checkpoint is moved last: killed
        before, the next time moves the rest.
        """
        lives = incarnations(self._conn, self._log)
        aside = f"superseded/{next(one.number for one in lives if one.origin == origin)}"
        for path in ("tile", CHECKPOINT):
            self._place.move(path, f"{aside}/{path}")

    # What lies beside a checkpoint

    def _entries(self, done: int, size: int) -> None:
        query = sql.SQL(
            'SELECT record.envelope(%s::smallint, authority, "position", stream, version,'
            ' recorded_us, header, payload) FROM record.{} WHERE "position" > %s'
            ' AND "position" <= %s ORDER BY "position"'
        ).format(sql.Identifier(self._log))
        step = _BUNDLES * TILE
        for start in range(done - done % TILE, size, step):
            end = min(start + step, size)
            rows = self._conn.execute(query, (self._number, start, end), binary=True).fetchall()
            if len(rows) != end - start:
                raise Corrupt(f"entries of {self._log} are missing before position {end}")
            for at, bundle in _parted([bytes(entry) for (entry,) in rows]):
                index = start // TILE + at
                self._place.put(entries_path(index, len(bundle)), entry_bundle(bundle))
            self._progress(end, size)

    def _tiles(self, tree: Tree, done: int, size: int) -> None:
        level = 0
        while size >> HEIGHT * level:
            there, count = done >> HEIGHT * level, size >> HEIGHT * level
            for index in range(there // TILE, -(-count // TILE)):
                width = min(TILE, count - index * TILE)
                hashes = tree.tile(level, index, width)
                self._place.put(tile_path(level, index, width), b"".join(hashes))
            level += 1

    def _told(self, done: int, newest: Head) -> None:
        """The heads since, and under which keys and origins they are signed."""
        lives = incarnations(self._conn, self._log)
        last = (newest.incarnation, newest.size)
        for head in heads(self._conn, self._log, covering=done):
            if (head.incarnation, head.size) > last:
                break  # signed since, and not published with this one
            path = f"heads/{head.incarnation}/{head.size}"
            if self._place.get(path) is None:
                self._place.put(path, head.note)
        for anchor in anchors(self._conn, self._log):
            if (anchor.incarnation, anchor.size) > last:
                break
            of = f"heads/{anchor.incarnation}/{anchor.size}"
            if self._place.get(f"anchors/{anchor.size}.tsr") is None:
                self._place.put(f"anchors/{anchor.size}.of", of.encode())
                self._place.put(f"anchors/{anchor.size}.tsr", anchor.stamp)
        for one in lives[1:]:
            assert one.continued is not None, "the database has it so"  # noqa: S101 — a constraint
            origin, size, root = one.continued
            self._kept(f"continued/{one.number}", f"{origin}\n{size}\n{b64(root)}\n")
        self._kept("vkeys", "".join(f"{one.vkey}\n" for one in lives))
        self._kept(POLICY, policy_text(self._met(newest, lives[-1].vkey)).decode())

    def _met(self, newest: Head, vkey: str) -> Policy:
        """The policy that is asked for, once a head meets it; until then the one before.

        A head that was signed before a witness was asked for has to hold for whoever reads it.
        """
        logs = (PolicyLog(Verifier.from_vkey(vkey)),)
        for one in (self._policy, self._published_policy()):
            policy = replace(one, logs=logs)
            if satisfied(open_note(newest.note, policy.verifiers), policy):
                return policy
        return Policy(logs, quorum=None)

    def _published_policy(self) -> Policy:
        try:
            return read_policy(self._place.get(POLICY) or b"quorum none\n")
        except Wrong:
            return Policy(quorum=None)  # what lies there is none, and is written over

    def _kept(self, path: str, text: str) -> None:
        raw = text.encode()
        if self._place.get(path) != raw:
            self._place.put(path, raw)

    def _tidied(self, done: int, size: int) -> None:
        """Partial tiles go once the full one lies there, which begins with each of them."""
        for full in range(done // TILE, size // TILE):
            self._place.drop(f"{entries_path(full)}.p")
        level = 0
        while size >> HEIGHT * level:
            for full in range((done >> HEIGHT * level) // TILE, (size >> HEIGHT * level) // TILE):
                self._place.drop(f"{tile_path(level, full)}.p")
            level += 1


def _parted(entries: Sequence[bytes]) -> Iterator[tuple[int, Sequence[bytes]]]:
    for at, start in enumerate(range(0, len(entries), TILE)):
        yield at, entries[start : start + TILE]


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
