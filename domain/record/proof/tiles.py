"""Tiles (c2sp.org/tlog-tiles v0.1.0): a tree as files that never change, and reading it from them.

A tile of level l holds up to 256 hashes, each of a complete subtree of 256^l leaves; a bundle of
entries holds what 256 leaves hash. Where a tree ends, tiles are partial and have their width in
their path, so a path's content never changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.record.merkle import (
    Node,
    consistency_nodes,
    fold,
    inclusion_nodes,
    leaf_hash,
    peaks,
    proof_of,
    root_of,
)
from domain.record.proof.strict import HASH_BYTES, LARGEST, Malformed, Unproved, grouped, number

WIDTH: Final = 256
LEVELS: Final = 64
ENTRY_BYTES: Final = 65_535
_BITS: Final = 8  # 256 hashes are eight levels of the tree
_KEPT: Final = 1024  # tiles a reader remembers, 8 MiB
_PATH: Final = re.compile(
    r"tile/(?P<level>[0-9]+|entries)/(?P<index>(x[0-9]{3}/){0,6}[0-9]{3})(\.p/(?P<width>[0-9]+))?"
)

Fetch = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Tile:
    """Which tile: level None is a bundle of entries; a width of 256 is a full one."""

    level: int | None
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if self.level is not None and not 0 <= self.level < LEVELS:
            raise Malformed(f"a tile's level is 0 to {LEVELS - 1}")
        if not 0 <= self.index <= LARGEST:
            raise Malformed("a tile's index cannot be")
        if not 1 <= self.width <= WIDTH:
            raise Malformed(f"a tile's width is 1 to {WIDTH}")

    @property
    def path(self) -> str:
        """Where it is published."""
        *groups, last = grouped(self.index)
        level = "entries" if self.level is None else self.level
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{''.join(f'x{group}/' for group in groups)}{last}{partial}"


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """Where a tile of hashes is published."""
    return Tile(level, index, width).path


def entries_path(index: int, width: int = WIDTH) -> str:
    """Where a bundle of entries is published."""
    return Tile(None, index, width).path


def read_path(path: str) -> Tile:
    """Which tile or bundle a path is of; only the one way to write it is read."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise Malformed("it is not the path of a tile")
    level, width = found["level"], found["width"]
    tile = Tile(
        None if level == "entries" else number(level, "a tile's level"),
        int(found["index"].replace("x", "").replace("/", "")),
        WIDTH if width is None else number(width, "a tile's width"),
    )
    if tile.path != path:
        raise Malformed("it is not the path of a tile as everybody else would write it")
    return tile


def tile_paths(size: int) -> Iterator[str]:
    """Every tile of hashes that a tree of that size has, the partial ones too."""
    level = 0
    while size >> _BITS * level:
        yield from (tile.path for tile in _across(level, size >> _BITS * level))
        level += 1


def entries_paths(size: int) -> Iterator[str]:
    """Every bundle of entries that a tree of that size has."""
    yield from (tile.path for tile in _across(None, size))


def tile_of(level: int, index: int, width: int, leaves: Sequence[bytes]) -> bytes:
    """A tile's bytes, from all the leaf hashes: its hash i is MTH of the leaves under it."""
    tile, span = Tile(level, index, width), 1 << _BITS * level
    first = tile.index * WIDTH * span
    if first + width * span > len(leaves):
        raise Malformed("the tree has no such tile")
    starts = range(first, first + width * span, span)
    return b"".join(root_of(leaves[start : start + span]) for start in starts)


def tile_hashes(raw: bytes, width: int = WIDTH) -> list[bytes]:
    """The hashes in a tile of that width."""
    if len(raw) != width * HASH_BYTES:
        raise Malformed(f"the tile has {len(raw)} bytes, not {width * HASH_BYTES}")
    return [raw[start : start + HASH_BYTES] for start in range(0, len(raw), HASH_BYTES)]


def entry_bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of a bundle: each entry behind its length, two bytes."""
    if not 1 <= len(entries) <= WIDTH:
        raise Malformed(f"a bundle has 1 to {WIDTH} entries")
    if any(len(entry) > ENTRY_BYTES for entry in entries):
        raise Malformed(f"an entry has more than {ENTRY_BYTES} bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def read_bundle(raw: bytes, width: int | None = None) -> list[bytes]:
    """The entries of a bundle; with a width it has to have that many."""
    entries: list[bytes] = []
    start = 0
    while start < len(raw):
        begin = start + 2
        start = begin + int.from_bytes(raw[start:begin], "big")
        if begin > len(raw) or start > len(raw):
            raise Malformed("the bundle ends within an entry")
        entries.append(raw[begin:start])
        if len(entries) > WIDTH:
            raise Malformed(f"a bundle has 1 to {WIDTH} entries")
    if not entries:
        raise Malformed(f"a bundle has 1 to {WIDTH} entries")
    if width not in {None, len(entries)}:
        raise Malformed(f"the bundle has {len(entries)} entries, not {width}")
    return entries


class TileReader:
    """A tree read from its tiles. Each is checked against those above it, up to the root.

    `fetch` gives what is published under a path, None where nothing is. `roots` are tree hashes
    that are believed, by size, because a checkpoint that was opened has them: a tree of that size
    with another root is refused. Without one, whoever asks compares `root` himself.
    """

    def __init__(self, fetch: Fetch, roots: Mapping[int, bytes] | None = None) -> None:
        self._fetch = fetch
        self._roots = dict(roots or {})
        self._edges: dict[int, bytes] = {}  # sizes whose right edge was read, and its root
        self._full: dict[tuple[int, int, int], list[bytes]] = {}  # tiles that were checked

    def root(self, size: int) -> bytes:
        """The tree hash that the partial tiles of a tree of that size have together."""
        if size not in self._edges:
            root = fold([self._read(node, size) for node in peaks(0, size)])
            if self._roots.get(size, root) != root:
                raise Unproved(f"the tiles of {size} entries have another root than its checkpoint")
            self._edges[size] = root
        return self._edges[size]

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The audit path of an entry, which leads to `root(size)`."""
        self.root(size)
        return proof_of(inclusion_nodes(index, size), lambda node: self._read(node, size))

    def consistency(self, old: int, new: int) -> list[bytes]:
        """That the tree of `new` entries begins with its first `old`."""
        self.root(new)
        return proof_of(consistency_nodes(old, new), lambda node: self._read(node, new))

    def subtree(self, node: Node, size: int) -> bytes:
        """The hash of a complete subtree within a tree of that size."""
        if node.level < 0 or not 0 <= node.index < size >> node.level:
            raise Malformed("the tree has no such subtree")
        self.root(size)
        return self._read(node, size)

    def leaves(self, index: int, size: int) -> list[bytes]:
        """The leaf hashes of bundle `index` in a tree of that size, checked up to its root."""
        self.root(size)
        return self._tile(0, index, size)

    def entries(self, index: int, size: int) -> list[bytes]:
        """The entries of bundle `index`, each of which hashes to its leaf in the tree."""
        width = min(WIDTH, size - index * WIDTH)
        self.root(size)
        raw, published = self._bytes(Tile(None, index, width), size)
        found = read_bundle(raw, published)[:width]
        leaves = self._tile(0, index, size)
        for place, leaf in enumerate(leaves):
            if leaf_hash(found[place]) != leaf:
                raise Unproved(f"entry {index * WIDTH + place} is not the one its leaf hashes")
        return found

    def _read(self, node: Node, size: int) -> bytes:
        level, below = divmod(node.level, _BITS)
        index, place = divmod(node.index << below, WIDTH)
        return root_of(self._tile(level, index, size)[place : place + (1 << below)])

    def _tile(self, level: int, index: int, size: int) -> list[bytes]:
        """A tile's hashes, checked: a full one by the tile above, the edge's by the root."""
        width = min(WIDTH, (size >> _BITS * level) - index * WIDTH)
        key = (level, index, width if width < WIDTH else size)
        if key in self._full:
            return self._full[key]
        tile = Tile(level, index, width)
        raw, published = self._bytes(tile, size)
        hashes = tile_hashes(raw, published)[:width]
        if width == WIDTH and root_of(hashes) != self._read(Node(_BITS * (level + 1), index), size):
            raise Unproved(f"{tile.path} does not have the hash that the tile above it gives it")
        if len(self._full) >= _KEPT:
            self._full.clear()
        self._full[key] = hashes
        return hashes

    def _bytes(self, tile: Tile, size: int) -> tuple[bytes, int]:
        """What is published of a tile, and the width of that."""
        raw = self._fetch(tile.path)
        if raw is not None:
            return raw, tile.width
        # A partial tile may be gone once the full one is there, which begins with it.
        raw = self._fetch(Tile(tile.level, tile.index).path)
        if raw is None:
            raise Unproved(f"{tile.path}, which a tree of {size} entries has, is missing")
        return raw, WIDTH


def _across(level: int | None, count: int) -> Iterator[Tile]:
    full, width = divmod(count, WIDTH)
    yield from (Tile(level, index) for index in range(full))
    if width:
        yield Tile(level, full, width)
