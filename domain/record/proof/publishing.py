"""Publishing one log's tree as a folder that any web server can carry (C2SP tlog-tiles).

    <folder>/checkpoint               the newest head, signed: what everything else is held to
    <folder>/tile/…                   the tree's tiles and the entries, which never change
    <folder>/heads/<incarnation>/<N>  every signed head, as it was, by the bundle where it ends
    <folder>/anchors/<incarnation>/<size>   a head that was stamped outside, and .tsr, its stamp
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

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import groupby, takewhile
from pathlib import Path
from threading import Event, get_ident
from typing import Any, Final

from psycopg import Connection, sql

from domain.record.migration import LOGS
from domain.record.proof.anchoring import anchors, of_these
from domain.record.proof.checkpoint import (
    checkpoints,
    checkpoints_path,
    read_checkpoint,
    read_checkpoints,
)
from domain.record.proof.integrating import Head, head_of, heads, newest_until
from domain.record.proof.lives import Incarnation, continued_text, incarnations
from domain.record.proof.note import Verifier, open_note, read_note
from domain.record.proof.place import Place
from domain.record.proof.policy import Policy, PolicyLog, policy_text, read_policy, satisfied
from domain.record.proof.strict import Wrong
from domain.record.proof.tiles import entries_path, entry_bundle, tile_path
from domain.record.proof.tree import HEIGHT, TILE, Tree
from domain.refusal import Corrupt

CHECKPOINT: Final = "checkpoint"
PATIENCE_S: Final = 10.0  # for another process to let go of a folder
_ASK_AGAIN_S: Final = 0.05
LOCK: Final = ".lock"
PART: Final = ".part-"
POLICY: Final = "policy"
VKEYS: Final = "vkeys"
_BUNDLES: Final = 32  # read at once
_TOGETHER: Final = 128  # files that are open at once


class Busy(OSError):  # noqa: N818 — what it is, not that it is an error
    """Another process is writing in a folder, and has been for too long to wait for it."""


class Folder:
    """A place on this machine's disk, or one that several machines share."""

    def __init__(self, root: Path, *, patience_s: float = PATIENCE_S) -> None:
        """`patience_s`: how long another who writes there is waited for."""
        self._root = root
        self._patience_s = patience_s
        self._waiting: dict[str, tuple[Path, int]] | None = None  # written, and not in place yet

    @contextmanager
    def locked(self, keep: str = "") -> Iterator[None]:
        """Have the folder for oneself: whoever else writes there has to wait.

        By flock, which ends with the process that has it, over a file that is taken away again, so
        that nothing of it is handed over. What one that was killed had begun goes, but for `keep`.

        Raises:
            Busy: another has had it for too long.
            OSError: it cannot be written, or its file system knows no locks.
        """
        self._make(self._root)
        held = self._take()
        try:
            for left in {*self._root.glob(f"{PART}*")} - {self._root / keep}:
                left.unlink(missing_ok=True)
            yield
        finally:
            # While it is still held: whoever waits finds that its file is gone, and asks again.
            with suppress(OSError):
                (self._root / LOCK).unlink()
            os.close(held)

    def _take(self) -> int:
        left = int(self._patience_s / _ASK_AGAIN_S)
        while True:
            held = os.open(self._root / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_at(held, self._root / LOCK):
                    return held
            except BlockingIOError:
                pass
            except BaseException:
                os.close(held)
                raise
            os.close(held)
            left -= 1
            if left < 0:
                raise Busy("another process is writing in this folder")
            Event().wait(_ASK_AGAIN_S)

    def get(self, path: str) -> bytes | None:
        """What lies there; None where nothing does."""
        try:
            return (self._root / path).read_bytes()
        except FileNotFoundError:
            return None

    def under(self, path: str) -> list[str]:
        """The files that lie in a folder and in those within, by their paths from here."""
        found = (self._root / path).rglob("*")
        return [one.relative_to(self._root).as_posix() for one in found if one.is_file()]

    def put(self, path: str, raw: bytes) -> None:
        """Put a file by renaming it, durable when this returns, or when `together` ends."""
        if self._waiting is None:
            with self.together():
                self._write(path, raw)
        else:
            if len(self._waiting) >= _TOGETHER or path in self._waiting:
                self._in_place()
            self._write(path, raw)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Have what is put within durable when this ends: a disk is asked once a file and folder.

        Each is written first, so that the disk has begun with all when it is waited for. Some may
        be there before the end, in any order; none is read within before it is there.
        """
        self._waiting = {}
        try:
            yield
            self._in_place()
        finally:
            for part, descriptor in self._waiting.values():
                os.close(descriptor)
                with suppress(OSError):  # where a disk is full it makes room
                    part.unlink()
            self._waiting = None

    def _write(self, path: str, raw: bytes) -> None:
        assert self._waiting is not None, "together"  # noqa: S101 — a programmer's proof
        self._make(self._root)
        # A name of its own, should two write here after all; in one place, to be found again.
        whose = f"{os.uname().nodename}-{os.getpid()}-{get_ident()}-{len(self._waiting)}"
        part = self._root / f"{PART}{whose}"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        self._waiting[path] = part, descriptor
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(raw)

    def _in_place(self) -> None:
        """Put what was written in its place: first all of its bytes are safe, then its names."""
        assert self._waiting is not None, "together"  # noqa: S101 — a programmer's proof
        for _, descriptor in self._waiting.values():
            os.fsync(descriptor)
        folders = set[Path]()
        for path in list(self._waiting):
            part, descriptor = self._waiting[path]
            target = self._root / path
            self._make(target.parent)
            part.replace(target)
            del self._waiting[path]
            os.close(descriptor)
            folders.add(target.parent)
        for folder in sorted(folders):
            _settle(folder)

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
        self._headed: int | None = None  # up to which size heads lie there, as far as we know
        self._anchored = (0, 0)  # the last stamped head that lies there
        self.left_out: dict[str, str] = {}  # a stamp that is not published, by its path: why

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

    def publish(self, head: Head) -> Head:
        """Publish a head, and every one before it that is not published yet.

        Gives the head that stands there now: a later one, where another process published it.

        Raises:
            Corrupt: the log does not go on from what is published.
            Busy: another process has been writing there for too long.
        """
        with self._place.locked():
            return self._publish(head)

    def tell(self) -> None:
        """Put from where each incarnation goes on, before the first head of the last is signed.

        For a witness that is asked to cosign that head, and knows the incarnation before. Raises
        what `publish` raises.
        """
        with self._place.locked():
            self._continued(incarnations(self._conn, self._log))

    def _publish(self, head: Head) -> Head:
        tree = Tree(self._conn, self._log)
        done, later = self._goes_on(tree, head)
        if later is not None:
            return later
        with self._place.together():
            self._entries(done, head.size)
            self._tiles(tree, done, head.size)
            self._told(done, head)
        self._place.put(CHECKPOINT, head.note)  # what it covers is on the disk by now
        self._since(done, head)
        self._tidied(done, head.size)
        return head

    def _goes_on(self, tree: Tree, head: Head) -> tuple[int, Head | None]:
        """How many entries are published already, in a tree that the head goes on from.

        And the head that is published, where it is a later one.
        """
        before = self.published()
        if before is None:
            self._put_aside(head.incarnation)  # the rest of it, where one was killed
            return 0, None
        origin, size, root = before
        known = {one.origin: one.number for one in incarnations(self._conn, self._log)}
        if origin not in known:
            raise Corrupt(
                f"the folder of {self._log} is published by another log ({origin}): name an empty "
                "folder for this one"
            )
        if known[origin] < head.incarnation:
            self._place.move(CHECKPOINT, f"superseded/{known[origin]}/{CHECKPOINT}")
            self._put_aside(head.incarnation)
            return 0, None
        if size > tree.size() or tree.root(size) != root:
            raise Corrupt(
                f"a checkpoint of {size} entries of {self._log} is published, and the log does not "
                "go on from it: it was cut off, rewritten, or an older state was put back without "
                "`holdfast restore`. Nothing is published over it"
            )
        if (known[origin], size) <= (head.incarnation, head.size):
            return size, None
        later = head_of(self._conn, self._log, known[origin], size)
        if later is None:
            raise Corrupt(f"a checkpoint of {self._log} is published that was not signed for it")
        return size, later

    def _put_aside(self, number: int) -> None:
        """Begin an incarnation beside what the one before published, which stays as it was.

        Whoever compares the two sees what a restore left out. The checkpoint was moved first, so
        that it is at no moment without its tiles; killed between, the next time moves these.
        """
        for earlier in range(number - 1, 0, -1):
            aside = f"superseded/{earlier}"
            if self._place.get(f"{aside}/{CHECKPOINT}") is not None:
                self._place.move("tile", f"{aside}/tile")
                return

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
        """Under which keys and origins heads are signed, and those of incarnations before."""
        lives = incarnations(self._conn, self._log)
        for one in lives:
            if not done and one.number < newest.incarnation:
                self._heads(one.number, 0, None)
        self._continued(lives)
        self._kept(VKEYS, "".join(f"{one.vkey}\n" for one in lives))
        self._kept(POLICY, policy_text(self._met(newest, lives[-1].vkey)).decode())

    def _continued(self, lives: Sequence[Incarnation]) -> None:
        for one in lives[1:]:
            self._kept(f"continued/{one.number}", continued_text(one).decode())

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

    def _since(self, done: int, newest: Head) -> None:
        """The heads since, this one among them, and stamps: once the checkpoint covers them.

        A head that is larger than the checkpoint would look like one whose log was cut off.
        """
        if self._headed is None:
            self._headed = self._lacking(newest.incarnation, done)
        self._heads(newest.incarnation, self._headed, newest.size)
        self._headed = newest.size
        self._stamped((newest.incarnation, newest.size))

    def _lacking(self, incarnation: int, done: int) -> int:
        """From which size on heads are missing: whoever was killed may have put a checkpoint alone.

        They are put from the smallest on, so that behind one that is there all are.
        """
        at = done
        while (last := newest_until(self._conn, self._log, incarnation, at)) is not None:
            if last in self._there(checkpoints_path(incarnation, last)):
                return at
            at = (last - 1) // TILE * TILE
        return 0

    def _heads(self, incarnation: int, since: int, until: int | None) -> None:
        start = since - since % TILE if since else 0
        found = heads(self._conn, self._log, incarnation=incarnation, covering=start)
        # One that was signed since is not published with this one.
        whole = takewhile(lambda head: until is None or head.size <= until, found)
        for path, group in groupby(whole, lambda head: checkpoints_path(incarnation, head.size)):
            self._bundled(path, {head.size: head.note for head in group})

    def _there(self, path: str) -> dict[int, bytes]:
        """The heads that lie in a file, by size. Raises Corrupt."""
        raw = self._place.get(path) or b""
        try:
            notes = read_checkpoints(raw)
            return {read_checkpoint(read_note(note)[0]).size: note for note in notes}
        except Wrong as error:
            raise Corrupt(
                f"what is published of {self._log} as {path} are no checkpoints: {error}"
            ) from None

    def _bundled(self, path: str, notes: dict[int, bytes]) -> None:
        """Put heads with those that lie there, which stay: a restored log may not know them."""
        there = self._there(path)
        if notes.keys() - there.keys():
            whole = {**notes, **there}
            self._place.put(path, checkpoints(whole[size] for size in sorted(whole)))

    def _stamped(self, last: tuple[int, int]) -> None:
        """Put each stamp beside the head that it is of; one that is of none stays out."""
        for anchor in anchors(self._conn, self._log, behind=self._anchored):
            if (at := (anchor.incarnation, anchor.size)) > last:
                break
            path = f"anchors/{anchor.incarnation}/{anchor.size}"
            if self._place.get(f"{path}.tsr") is None:
                head = head_of(self._conn, self._log, *at)
                assert head is not None, "it is of one"  # noqa: S101 — a constraint
                try:
                    of_these(anchor.stamp, head.note)
                except Wrong as error:
                    self.left_out[f"{path}.tsr"] = str(error)
                else:
                    self._place.put(path, head.note)
                    self._place.put(f"{path}.tsr", anchor.stamp)
            self._anchored = at

    def _kept(self, path: str, text: str) -> None:
        if self._place.get(path) != text.encode():
            self._place.put(path, text.encode())

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


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether an open file is the one that has this name now."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
