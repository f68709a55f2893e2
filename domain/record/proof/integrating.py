"""Making the tree over one log, and its signed heads: by one leader at a time, through any crash.

Steps, and what a crash after each leaves:

1. The roots of full tiles are added behind those there are, in one transaction a batch. They follow
   from the leaves: whoever leads next goes on behind the last.
2. A head (size and root) is committed. Nothing is signed yet, and nobody was told.
3. It is signed. Signing the same head again gives the same bytes (Ed25519, RFC 8032), so the next
   leader does it, whether or not anybody saw this signature.
4. The signed head is committed.

Only what lasts is signed: the head's own commit comes after everything it covers, so once that is
durable, on the synchronous standby too where there is one, all of it is. A commit that gave up
waiting for the standby says so in a warning, and its head is not signed before another commit was
waited for. A head that does not go on from the last is never made: where the log ends before it, or
its leaves have another root by now, the leader stops (`Corrupt`), and `holdfast verify` says more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from psycopg import Connection, sql
from psycopg.errors import Diagnostic

from domain.record.appending import Unavailable
from domain.record.envelope import to_us
from domain.record.merkle import EMPTY_ROOT, Frontier, root_of
from domain.record.migration import LOGS
from domain.record.proof.lives import Incarnation, incarnations, unfounded
from domain.record.proof.note import Verifier
from domain.record.proof.tree import HEIGHT, TILE, Tree
from domain.record.timekeeping import Clock
from domain.refusal import Corrupt, Refused

LEVELS: Final = 8  # 256^8 leaves: more than positions
BATCH: Final = 64 * TILE  # leaves read at once
_HEADS: Final = 1024  # read at once
LEAD: Final = 0x486F6C740000  # the lock of who leads, + the log's number


Witnessed = Callable[[bytes, int], bytes]
# The lives behind those of the log that are known by something else, by public keys of ours.
Elsewhere = Callable[[Sequence[Incarnation], Collection[bytes]], Sequence[Incarnation]]


def _nowhere(_lives: Sequence[Incarnation], _ours: Collection[bytes]) -> Sequence[Incarnation]:
    return ()


class Signs(Protocol):
    """A key as it signs the heads of one origin."""

    @property
    def vkey(self) -> str:
        """Its public half as it is handed to others."""
        ...

    def head(self, size: int, root: bytes) -> bytes:
        """The signed checkpoint; of the same head the same bytes."""
        ...

    def begins(self, continued: tuple[str, int, bytes], began_us: int) -> bytes:
        """What a life begins with that goes on from a head."""
        ...


class NotDurable(Exception):  # noqa: N818 — what it is, not that it is an error
    """A commit was not waited for by the synchronous standby: nothing it covers is signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A tree head: the root, 32 bytes, of the first `size` leaves; `note` is the signed one."""

    incarnation: int
    origin: str
    size: int
    root: bytes
    note: bytes


class Integrator:
    """Makes one log's tree and heads. For one thread, with a connection of its own.

    `lead` before anything else.
    """

    def __init__(
        self,
        conn: Connection[Any],
        log: str,
        *,
        clock: Clock,
        signs: Callable[[str], Signs],
        witnessed: Witnessed = lambda note, _size: note,
    ) -> None:
        """`conn` is the integrator's, in autocommit; `signs` gives the key for an origin.

        `witnessed` adds cosignatures to a signed head of so many entries; what it raises leaves the
        head unsigned, to be asked for again.
        """
        self.log = log
        self._conn = conn
        self._number = LOGS[log]
        self._clock = clock
        self._signs = signs
        self._witnessed = witnessed
        self._right: list[list[bytes]] = []  # by level, the hashes of the last tile, not full
        self._full: list[int] = [0] * (LEVELS + 1)  # by level, how many roots are stored
        self._size = 0
        self._headed: int | None = None  # the size of the last head
        self._left: list[tuple[int, str, int, bytes]] = []  # committed, and not signed yet
        self._unsure = False  # whether the standby may lack one of them
        self._incarnation: Incarnation | None = None
        self._warned = False
        conn.add_notice_handler(self._notice)

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return self._size

    @property
    def vkey(self) -> str:
        """The public key of the incarnation that is led."""
        assert self._incarnation is not None, "it leads"  # noqa: S101 — a programmer's proof
        return self._incarnation.vkey

    def lead(self, origin: str, *, vouching: bool = False) -> bool:
        """Take the lead, held until the connection ends; False: another process has it.

        What the one before left is taken on: a head that it committed is signed with the next.
        An empty database begins its first incarnation as `origin`. `vouching`: whoever has the key
        says that a last incarnation without a note was begun by an earlier release, as it did.

        Raises:
            Corrupt: the log does not go on from its last head.
            Refused: the key is not the one that its heads are signed with; with the remedy.
        """
        query = "SELECT pg_try_advisory_lock(%s)"
        if self._conn.execute(query, (LEAD + self._number,)).fetchone() != (True,):
            return False
        lives = incarnations(self._conn, self.log)
        self._incarnation = lives[-1] if lives else self.begin(origin, None)
        if self._signs(self._incarnation.origin).vkey != self._incarnation.vkey:
            raise Refused(
                "log-key",
                "start-up",
                f"the key that signs the heads of {self.log} is another than before: put back the "
                "file this record was signed with, from where its copy is kept. Nothing is signed "
                "until then; recording goes on",
            )
        for one in unfounded(self._conn, self.log, lives, self._ours()):
            if vouching and one.begun is None and one == lives[-1]:
                continue
            raise Corrupt(
                f"incarnation {one.number} of {self.log} was begun by nobody who has the key that "
                "signs: it was put into the database by hand, and nothing is signed under it. Keep "
                "everything as it is and run `holdfast verify`. Where an earlier release restored "
                "this record and nothing was signed since, and you know of it: `holdfast migrate "
                "--sign-restored` signs for it"
            )
        self._load()
        self._go_on()
        return True

    def begin_again(
        self, origin: Callable[[int], str], *, elsewhere: Elsewhere = _nowhere, lived: bool = False
    ) -> Incarnation:
        """Begin another incarnation of a log that was restored, from the last head it knows of.

        From nothing, where it knows of none: heads may have been signed after the backup. `origin`
        names the incarnation of a number. One that was begun and has no head yet stays as it is,
        but for one that was `lived` in: then this is another restoring, and goes on from where that
        one did. Those that are known `elsewhere`, and that the log does not know, were begun
        after the backup: they are taken in, and it is another one that begins. Takes the lead.

        Raises:
            Corrupt: the log does not contain that head.
            Unavailable: somebody else has the lead.
        """
        query = "SELECT pg_try_advisory_lock(%s)"
        if self._conn.execute(query, (LEAD + self._number,)).fetchone() != (True,):
            raise Unavailable(f"the proof of {self.log} is being made by another process: stop it")
        lives = incarnations(self._conn, self.log) or [self.begin(origin(1), None)]
        there = elsewhere(lives, self._ours())
        for one in there:
            self._insert(one)
        lives = [*lives, *there]
        last = newest(self._conn, self.log)
        begun = not there and (1 if last is None else last.incarnation) < len(lives) and not lived
        if begun and lives[-1] not in unfounded(self._conn, self.log, lives, self._ours()):
            return lives[-1]
        size, root = (0, EMPTY_ROOT) if last is None else (last.size, last.root)
        tree = Tree(self._conn, self.log)
        if last is not None and (tree.size() < size or tree.root(size) != root):
            raise Corrupt(f"the log of {self.log} does not contain its last head")
        return self.begin(origin(len(lives) + 1), (lives[-1].origin, size, root))

    def _ours(self) -> tuple[bytes]:
        """The public key of whoever signs now."""
        return (Verifier.from_vkey(self._signs(self.log).vkey).public,)

    def begin(self, origin: str, continued: tuple[str, int, bytes] | None) -> Incarnation:
        """Begin the next incarnation; `continued` is the head it goes on from, None at first."""
        number = len(incarnations(self._conn, self.log)) + 1
        key, now = self._signs(origin), to_us(self._clock.now())
        begun = None if continued is None else key.begins(continued, now)
        one = Incarnation(
            number=number,
            origin=origin,
            vkey=key.vkey,
            began_us=now,
            continued=continued,
            begun=begun,
        )
        self._insert(one)
        return one

    def _insert(self, one: Incarnation) -> None:
        went_on = one.continued or (None,) * 3
        self._conn.execute(
            "INSERT INTO record.incarnation VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (self._number, one.number, one.origin, one.vkey, one.began_us, *went_on, one.begun),
        )

    def integrate(self) -> int:
        """Take in every leaf there is; returns how many there were."""
        before = self._size
        while leaves := self._leaves():
            self._add(leaves)
        return self._size - before

    def head(self) -> Head | None:
        """Make, sign and keep a head of what was integrated; None where there is one already.

        Raises:
            NotDurable: the standby did not answer; ask again.
            Exception: what `witnessed` raises; ask again.
        """
        one = self._incarnation
        assert one is not None, "whoever makes a head leads"  # noqa: S101 — a programmer's proof
        if self._left:
            return self._sign_left()
        if self._headed is not None and self._size <= self._headed:
            return None
        size, root = self._size, self._root()
        with self._lasting():
            self._conn.execute(
                "INSERT INTO record.head VALUES (%s, %s, %s, %s, %s)",
                (self._number, one.number, size, root, to_us(self._clock.now())),
            )
            self._headed = size
            self._left.append((one.number, one.origin, size, root))
        return self._sign_left()

    def newest(self) -> Head:
        """The last head that was signed; there is one once a head was made."""
        found = newest(self._conn, self.log)
        assert found is not None, "a head was made"  # noqa: S101 — a programmer's proof
        return found

    # What the one before left

    def _load(self) -> None:
        """The right edge of the tree, from what is stored and the leaves behind it."""
        self._right = [[] for _ in range(LEVELS + 1)]
        full = 0  # leaves under full tiles of the level above
        for level in range(LEVELS - 1, 0, -1):
            begun = full // TILE**level
            rows = self._conn.execute(
                'SELECT "index", hash FROM record.subtree WHERE log = %s AND level = %s'
                ' AND "index" >= %s ORDER BY "index"',
                (self._number, level, begun),
                binary=True,
            ).fetchall()
            if [at for at, _ in rows] != list(range(begun, begun + len(rows))) or len(rows) >= TILE:
                raise Corrupt(f"the stored tree of {self.log} has a gap at level {level}")
            self._right[level] = [bytes(found) for _, found in rows]
            self._full[level] = begun + len(rows)
            full = (begun + len(rows)) * TILE**level
        self._size = full

    def _go_on(self) -> None:
        """Hold the log to its last head, and sign what was left unsigned."""
        one = self._incarnation
        assert one is not None, "it was begun"  # noqa: S101 — a programmer's proof
        # No other head is made while one is not signed, so that only the last can be left; what an
        # incarnation before this one left is never signed, since the log goes on from another.
        last = self._conn.execute(
            "SELECT h.size, h.root, s.note IS NULL FROM record.head h LEFT JOIN record.signed_head"
            " s USING (log, incarnation, size) WHERE h.log = %s AND h.incarnation = %s"
            " ORDER BY h.size DESC LIMIT 1",
            (self._number, one.number),
            binary=True,
        ).fetchone()
        tree = Tree(self._conn, self.log)
        held: list[tuple[int, bytes]] = [(last[0], bytes(last[1]))] if last else []
        if one.continued is not None:
            held.append(one.continued[1:])
        for size, root in held:
            if tree.size() < size or tree.root(size) != root:
                raise Corrupt(
                    f"the log of {self.log} does not go on from the tree head of {size} entries "
                    "that was made of it: it was cut off, rewritten, or restored by hand. Nothing "
                    "is signed. Keep everything as it is and run `holdfast verify`"
                )
        self._headed = None if last is None else last[0]
        self._left = [(one.number, one.origin, *held[0])] if last is not None and last[2] else []
        self._unsure = bool(self._left)

    # Taking in

    def _leaves(self) -> list[bytes]:
        query = sql.SQL(
            'SELECT "position", leaf FROM record.{} WHERE "position" > %s ORDER BY "position"'
            " LIMIT %s"
        ).format(sql.Identifier(self.log))
        rows = self._conn.execute(query, (self._size, BATCH), binary=True).fetchall()
        for place, (position, _) in enumerate(rows, self._size + 1):
            if position != place:
                raise Corrupt(f"position {place} is missing from the log of {self.log}")
        return [bytes(leaf) for _, leaf in rows]

    def _add(self, leaves: Sequence[bytes]) -> None:
        """Add leaves behind the last, and keep the roots of the tiles they fill.

        What is held in memory changes once the database has it.
        """
        right, full = [list(level) for level in self._right], list(self._full)
        rows: list[tuple[int, int, int, bytes]] = []
        for leaf in leaves:
            right[0].append(leaf)
            level = 0
            while len(right[level]) == TILE:
                root = root_of(right[level])
                right[level] = []
                level += 1
                rows.append((self._number, level, full[level], root))
                full[level] += 1
                right[level].append(root)
        if rows:
            with self._conn.transaction(), self._conn.cursor() as cursor:
                cursor.executemany("INSERT INTO record.subtree VALUES (%s, %s, %s, %s)", rows)
        self._right, self._full, self._size = right, full, self._size + len(leaves)

    def _root(self) -> bytes:
        edge = Frontier()
        for level in range(LEVELS - 1, -1, -1):
            for one in self._right[level]:
                edge.add(one, height=HEIGHT * level)
        return edge.root()

    # Signing

    def _sign_left(self) -> Head:
        """Sign what was committed and is not signed yet; the last of it is given.

        A head that another leader committed may not have been waited for: a commit of ours is.
        """
        if self._unsure:
            with self._lasting():
                self._conn.execute("SELECT pg_logical_emit_message(true, 'holdfast', 'heads')")
            self._unsure = False
        head = None
        while self._left:
            head = self._signed(*self._left[0])
            del self._left[0]
        assert head is not None, "something was left"  # noqa: S101 — a programmer's proof
        return head

    def _signed(self, incarnation: int, origin: str, size: int, root: bytes) -> Head:
        """Sign a head that lasts, and keep it signed."""
        note = self._witnessed(self._signs(origin).head(size, root), size)
        self._conn.execute(
            "INSERT INTO record.signed_head VALUES (%s, %s, %s, %s)",
            (self._number, incarnation, size, note),
        )
        return Head(incarnation=incarnation, origin=origin, size=size, root=root, note=note)

    @contextmanager
    def _lasting(self) -> Iterator[None]:
        """A transaction whose commit the standby has too. Raises NotDurable."""
        self._warned = False
        with self._conn.transaction():
            yield
        if self._warned:
            self._unsure = True
            raise NotDurable("the standby did not confirm")

    def _notice(self, said: Diagnostic) -> None:
        self._warned = self._warned or said.severity_nonlocalized == "WARNING"


def heads(
    conn: Connection[Any], log: str, *, incarnation: int, covering: int = 0
) -> Iterator[Head]:
    """Every signed head of an incarnation, oldest first; that cover so many leaves, if asked.

    A few at a time: in a year there are millions.
    """
    query = (
        "SELECT i.origin, size, root, note FROM record.signed_head s"
        " JOIN record.head h USING (log, incarnation, size)"
        " JOIN record.incarnation i ON i.log = s.log AND i.number = s.incarnation"
        " WHERE s.log = %s AND s.incarnation = %s AND size >= %s ORDER BY size LIMIT %s"
    )
    rows: list[Any] = [None] * _HEADS
    while len(rows) == _HEADS:
        asked = (LOGS[log], incarnation, covering, _HEADS)
        rows = conn.execute(query, asked, binary=True).fetchall()
        for origin, size, root, note in rows:
            head = Head(
                incarnation=incarnation,
                origin=origin,
                size=size,
                root=bytes(root),
                note=bytes(note),
            )
            yield head
            covering = size + 1


def covering(conn: Connection[Any], log: str, size: int) -> Head | None:
    """The first signed head that covers so many leaves: for ever the same; None while none does."""
    row = conn.execute(
        "SELECT incarnation, size FROM record.signed_head WHERE log = %s AND size >= %s"
        " ORDER BY incarnation, size LIMIT 1",
        (LOGS[log], size),
    ).fetchone()
    return None if row is None else head_of(conn, log, *row)


def newest(conn: Connection[Any], log: str) -> Head | None:
    """The last signed head of the last incarnation that has one."""
    row = conn.execute(
        "SELECT incarnation, size FROM record.signed_head WHERE log = %s"
        " ORDER BY incarnation DESC, size DESC LIMIT 1",
        (LOGS[log],),
    ).fetchone()
    return None if row is None else head_of(conn, log, *row)


def newest_until(conn: Connection[Any], log: str, incarnation: int, size: int) -> int | None:
    """The size of an incarnation's last signed head that is no larger; None where there is none."""
    row = conn.execute(
        "SELECT size FROM record.signed_head WHERE log = %s AND incarnation = %s AND size <= %s"
        " ORDER BY size DESC LIMIT 1",
        (LOGS[log], incarnation, size),
    ).fetchone()
    return None if row is None else int(row[0])


def head_of(conn: Connection[Any], log: str, incarnation: int, size: int) -> Head | None:
    """A signed head by its incarnation and size."""
    row = conn.execute(
        "SELECT i.origin, h.root, s.note FROM record.signed_head s"
        " JOIN record.head h USING (log, incarnation, size)"
        " JOIN record.incarnation i ON i.log = s.log AND i.number = s.incarnation"
        " WHERE s.log = %s AND s.incarnation = %s AND size = %s",
        (LOGS[log], incarnation, size),
        binary=True,
    ).fetchone()
    if row is None:
        return None
    return Head(
        incarnation=incarnation, origin=row[0], size=size, root=bytes(row[1]), note=bytes(row[2])
    )
