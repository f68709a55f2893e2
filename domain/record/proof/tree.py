"""The tree of one log as the database has it: roots, proofs and tiles at any size up to its end.

Level 0 are the leaves, in the log itself. The roots of full trees of 256^level leaves are stored
(`integrating.py`), so that whatever is asked takes a few rows a level, however long the log is.
Everything else is reckoned anew each time: nothing here can be out of date.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, Final

from psycopg import Connection, sql

from domain.record.merkle import EMPTY_ROOT, node_hash
from domain.record.migration import LOGS
from domain.refusal import Corrupt

HEIGHT: Final = 8
TILE: Final = 1 << HEIGHT  # hashes of a full tile


class Tree:
    """One log's tree, read over a connection that may read the log and what is stored of its tree.

    Tiles that were read are kept for as long as this lives: one for every question, or for a while.
    """

    def __init__(self, conn: Connection[Any], log: str) -> None:
        self._conn = conn
        self._log = log
        self._number = LOGS[log]
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def size(self) -> int:
        """How many leaves there are now."""
        query = sql.SQL('SELECT "position" FROM {} ORDER BY "position" DESC LIMIT 1')
        row = self._conn.execute(query.format(self._table)).fetchone()
        return 0 if row is None else int(row[0])

    def root(self, size: int) -> bytes:
        """The root of the first `size` leaves. Raises Corrupt where one of them is missing."""
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The audit path of leaf `index`, from 0, in the tree of `size` leaves (RFC 6962 §2.1.1).

        Raises:
            ValueError: there is no such leaf in that tree.
            Corrupt: a leaf is missing.
        """
        if not 0 <= index < size:
            raise ValueError("no such leaf")
        low, high, path = 0, size, list[bytes]()
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._range(middle, high))
                high = middle
            else:
                path.append(self._range(low, middle))
                low = middle
        path.reverse()
        return path

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the tree of `new` leaves begins with that of `old` (RFC 6962 §2.1.2).

        Empty where either is the whole of the other, or nothing.

        Raises:
            ValueError: `old` is larger than `new`, or less than nothing.
            Corrupt: a leaf is missing.
        """
        if not 0 <= old <= new:
            raise ValueError("no such trees")
        if old in {0, new}:
            return []
        low, high, path = 0, new, list[bytes]()
        while old != high:
            middle = low + _split(high - low)
            if old <= middle:
                path.append(self._range(middle, high))
                high = middle
            else:
                path.append(self._range(low, middle))
                low = middle
        if low:  # a subtree that the verifier has no other way to know
            path.append(self._range(low, high))
        path.reverse()
        return path

    def tile(self, level: int, index: int, width: int) -> list[bytes]:
        """The first `width` hashes of a tile, each of 32 bytes (tlog-tiles).

        Raises:
            Corrupt: one of them is missing.
        """
        kept = self._tiles.get((level, index), [])
        if len(kept) < width:
            kept = self._read(level, index)
            self._tiles[level, index] = kept
        if len(kept) < width:
            raise Corrupt(f"the tree of {self._log} lacks hashes of tile {index} of level {level}")
        return kept[:width]

    @property
    def _table(self) -> sql.Identifier:
        return sql.Identifier("record", self._log)

    def _read(self, level: int, index: int) -> list[bytes]:
        first = index * TILE
        if level:
            rows = self._conn.execute(
                'SELECT "index", hash FROM record.subtree WHERE log = %s AND level = %s'
                ' AND "index" >= %s AND "index" < %s ORDER BY "index"',
                (self._number, level, first, first + TILE),
                binary=True,
            ).fetchall()
        else:
            query = sql.SQL(
                'SELECT "position" - 1, leaf FROM {} WHERE "position" > %s AND "position" <= %s'
                ' ORDER BY "position"'
            ).format(self._table)
            rows = self._conn.execute(query, (first, first + TILE), binary=True).fetchall()
        whole: list[bytes] = []
        for place, (at, found) in enumerate(rows, first):
            if at != place:
                break
            whole.append(bytes(found))
        return whole

    def _range(self, low: int, high: int) -> bytes:
        """The tree hash of the leaves from `low` to before `high`.

        `low` begins a complete subtree at least as large as the range, as every range does into
        which a tree is split.
        """
        parts: list[bytes] = []
        while low < high:
            height = (high - low).bit_length() - 1
            parts.append(self._complete(height, low >> height))
            low += 1 << height
        return reduce(lambda right, left: node_hash(left, right), reversed(parts))

    def _complete(self, height: int, index: int) -> bytes:
        """The root of the full tree of 2^height leaves that `index` such trees stand before."""
        level, above = divmod(height, HEIGHT)
        first = index << above
        hashes = self.tile(level, first // TILE, first % TILE + (1 << above))[first % TILE :]
        return folded(hashes)


def folded(hashes: Sequence[bytes]) -> bytes:
    """The root over 1, 2, 4 … hashes of full trees of one size."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1
