"""The tree of one log as the database has it: roots, proofs and tiles at any size up to its end.

Level 0 are the leaves, in the log itself. The roots of full trees of 256^level leaves are stored
(`integrating.py`), so that whatever is asked takes a few rows a level, however long the log is.
Everything else is reckoned anew each time: nothing here can be out of date.
"""

from __future__ import annotations

from typing import Any, Final

from psycopg import Connection, sql

from domain.record.merkle import (
    Node,
    consistency_nodes,
    fold,
    inclusion_nodes,
    peaks,
    proof_of,
    root_of,
)
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
        return fold([self._node(node) for node in peaks(0, size)])

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The audit path of leaf `index`, from 0, in the tree of `size` leaves (RFC 6962 §2.1.1).

        Raises:
            ValueError: there is no such leaf in that tree.
            Corrupt: a leaf is missing.
        """
        return proof_of(inclusion_nodes(index, size), self._node)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the tree of `new` leaves begins with that of `old` (RFC 6962 §2.1.2).

        Empty where either is the whole of the other, or nothing.

        Raises:
            ValueError: `old` is larger than `new`, or less than nothing.
            Corrupt: a leaf is missing.
        """
        return proof_of(consistency_nodes(old, new), self._node)

    def tile(self, level: int, index: int, width: int) -> list[bytes]:
        """The first `width` hashes of a tile, each of 32 bytes (tlog-tiles).

        Raises:
            Corrupt: one of them is missing.
        """
        kept = self._tiles.get((level, index), [])
        if len(kept) < width:
            kept = self._read(level, index)
            # What is not stored yet, or never was, is reckoned from the tiles below.
            while level and len(kept) < width:
                kept.append(root_of(self.tile(level - 1, index * TILE + len(kept), TILE)))
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

    def _node(self, node: Node) -> bytes:
        """The root of a complete subtree, which lies within one tile."""
        level, above = divmod(node.level, HEIGHT)
        first = node.index << above
        upto = first % TILE + (1 << above)
        return root_of(self.tile(level, first // TILE, upto)[first % TILE :])
