"""Tiles and bundles byte for byte, their paths, and a tree read from them."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.record.merkle import Node, root_from_inclusion, root_of, verify_consistency
from domain.record.proof.strict import Malformed, Unproved
from domain.record.proof.tiles import (
    ENTRY_BYTES,
    LEVELS,
    Tile,
    TileReader,
    entries_path,
    entries_paths,
    entry_bundle,
    read_bundle,
    read_path,
    tile_hashes,
    tile_of,
    tile_path,
    tile_paths,
)
from tests.record.proof.naive import made, mth, path, proof

SIZES = range(1001)
LEAVES = made(SIZES[-1])


@cache
def mth_of(start: int, end: int) -> bytes:
    """MTH of a range of the leaves, by the definition."""
    return mth(LEAVES[start:end])


def naively(size: int) -> dict[str, bytes]:
    """Make every tile of a tree of at most 65,535 leaves as the specification defines it."""
    found = {}
    for level in (0, 1):
        span = 256**level
        full, partial = size // span // 256, size // span % 256
        for n in range(full + 1):
            width = 256 if n < full else partial
            if width:
                name = f"tile/{level}/{n:03}" + (f".p/{width}" if width < 256 else "")
                starts = [(n * 256 + i) * span for i in range(width)]
                found[name] = b"".join(mth_of(start, start + span) for start in starts)
    return found


def entries_of(size: int) -> dict[str, bytes]:
    """Make every bundle of a log whose entries are the decimals of their indices."""
    found = {}
    for first in range(0, size, 256):
        count = min(256, size - first)
        entries = [b"%d" % n for n in range(first, first + count)]
        raw = b"".join(bytes([0, len(entry)]) + entry for entry in entries)
        found[f"tile/entries/{first // 256:03}" + (f".p/{count}" if count < 256 else "")] = raw
    return found


def test_every_tile_is_the_defined_one() -> None:
    """For trees of no leaf to a thousand, the paths and every byte are the specification's."""
    for size in SIZES:
        wanted = naively(size)
        assert set(tile_paths(size)) == set(wanted)
        for name, raw in wanted.items():
            tile = read_path(name)
            assert tile.level is not None
            assert tile_of(tile.level, tile.index, tile.width, LEAVES[:size]) == raw
            assert b"".join(tile_hashes(raw, tile.width)) == raw


def test_every_bundle_is_the_defined_one() -> None:
    """For logs of no entry to a thousand, the bundles' paths and bytes are the specification's."""
    for size in SIZES:
        wanted = entries_of(size)
        assert list(entries_paths(size)) == list(wanted)
    for name, raw in entries_of(SIZES[-1]).items():
        tile = read_path(name)
        entries = [b"%d" % n for n in range(tile.index * 256, tile.index * 256 + tile.width)]
        assert entry_bundle(entries) == raw
        assert read_bundle(raw, tile.width) == read_bundle(raw) == entries


def test_the_example_of_the_specification_has_its_shape() -> None:
    """A tree of 70,000 has the tiles that the specification counts, one of 256 likewise."""
    wanted = {f"tile/0/{n:03}" for n in range(273)} | {"tile/0/273.p/112", "tile/1/000"}
    wanted |= {"tile/1/001.p/17", "tile/2/000.p/1"}
    assert set(tile_paths(70_000)) == wanted
    assert len(list(tile_paths(70_000))) == len(wanted)
    assert set(tile_paths(256)) == {"tile/0/000", "tile/1/000.p/1"}
    assert list(tile_paths(0)) == list(entries_paths(0)) == []


@pytest.mark.parametrize(
    ("tile", "name"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(63, 0), "tile/63/000"),
        (Tile(2, 999, 1), "tile/2/999.p/1"),
        (Tile(2, 1000, 255), "tile/2/x001/000.p/255"),
        (Tile(None, 1234067, 17), "tile/entries/x001/x234/067.p/17"),
        (Tile(0, 2**63 - 1), "tile/0/x009/x223/x372/x036/x854/x775/807"),
    ],
)
def test_a_path_is_written_in_groups_of_three(tile: Tile, name: str) -> None:
    """A path is the specification's, and is read as what it is of."""
    assert tile.path == name
    assert read_path(name) == tile
    if tile.level is None:
        assert entries_path(tile.index, tile.width) == name
    else:
        assert tile_path(tile.level, tile.index, tile.width) == name


@given(st.none() | st.integers(0, LEVELS - 1), st.integers(0, 2**63 - 1), st.integers(1, 256))
def test_every_path_is_read_as_it_is_written(level: int | None, index: int, width: int) -> None:
    """Any tile's path leads back to the tile."""
    tile = Tile(level, index, width)
    assert read_path(tile.path) == tile


@pytest.mark.parametrize(
    "name",
    [
        "", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/00/000",
        "tile/64/000", "tile/-1/000", "tile/0/x000/000", "tile/0/x00/000", "tile/0/001/067",
        "tile/0/x001/x067", "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/01",
        "tile/0/000.p/256", "tile/0/000.p/257", "tile/0/000/", "/tile/0/000", "tile/0/000\n",
        "tile/0/../000", "tile/data/000", "tile/8/0/000", "tile/0/x001//067",
        "tile/0/\u0660\u0660\u0660",
        "tile/entries/000.p/256", "tile/0/x009/x223/x372/x036/x854/x775/808",
        "tile/0/" + "x999/" * 7 + "999", "tile/" + "1" * 5000 + "/000",
    ],
)  # fmt: skip
def test_a_malformed_path_is_refused(name: str) -> None:
    """What is not the one way to write a tile's path is refused."""
    with pytest.raises(Malformed):
        read_path(name)


@pytest.mark.parametrize(
    "tile", [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 2**63, 1), (0, 0, 0), (0, 0, 257)]
)
def test_a_tile_that_cannot_be_is_not_named(tile: tuple[int, int, int]) -> None:
    """A level, an index or a width that no tile can have is refused."""
    with pytest.raises(Malformed):
        Tile(*tile)


def test_a_tile_that_the_tree_has_not_is_not_made() -> None:
    """A tile that goes beyond the leaves is refused."""
    with pytest.raises(Malformed, match="no such tile"):
        tile_of(0, 0, 11, LEAVES[:10])
    with pytest.raises(Malformed, match="no such tile"):
        tile_of(1, 0, 2, LEAVES[:511])


def test_a_tile_of_another_length_is_refused() -> None:
    """A tile has exactly as many bytes as its width says."""
    for raw in (b"", bytes(31), bytes(33), bytes(64)):
        with pytest.raises(Malformed, match="bytes, not 32"):
            tile_hashes(raw, 1)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_is_read_as_it_was_written(entries: list[bytes]) -> None:
    """Any entries are bundled and read again; a bundle cut off anywhere is not the same."""
    raw = entry_bundle(entries)
    assert read_bundle(raw) == entries
    with pytest.raises(Malformed):
        read_bundle(raw[:-1], len(entries))


@pytest.mark.parametrize(
    "raw", [b"", b"\x00", b"\x00\x05abc", b"\x00\x00\x00", b"\x00\x00" * 257, b"\xff\xff" + b"x"]
)
def test_a_malformed_bundle_is_refused(raw: bytes) -> None:
    """A bundle that ends within an entry, is empty or too long is refused."""
    with pytest.raises(Malformed):
        read_bundle(raw)


def test_an_entry_fits_its_length() -> None:
    """An entry has at most 65,535 bytes, a bundle 1 to 256 of them, as many as its path says."""
    assert read_bundle(entry_bundle([bytes(ENTRY_BYTES)])) == [bytes(ENTRY_BYTES)]
    with pytest.raises(Malformed, match="65535 bytes"):
        entry_bundle([bytes(ENTRY_BYTES + 1)])
    for entries in ([], [b""] * 257):
        with pytest.raises(Malformed, match="1 to 256 entries"):
            entry_bundle(entries)
    with pytest.raises(Malformed, match="2 entries, not 3"):
        read_bundle(entry_bundle([b"a", b"b"]), 3)


# ------------------------------------------------------------------------- a tree read from tiles


def published(size: int) -> dict[str, bytes]:
    """What a log of up to a thousand entries publishes."""
    return {**naively(size), **entries_of(size)}


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 777, 1000])
def test_proofs_are_made_from_tiles(size: int) -> None:
    """The root and every proof are those that all the leaves give, and so are the entries."""
    leaves = LEAVES[:size]
    root = mth(leaves)
    reader = TileReader(published(size).get, {size: root})
    assert reader.root(size) == root
    for index in {0, 1, size // 2, 255, 256, size - 1} & set(range(size)):
        assert reader.inclusion(index, size) == path(index, leaves)
    for old in {1, 2, size // 2, 255, 256, 257, size - 1, size} & set(range(1, size + 1)):
        assert reader.consistency(old, size) == proof(old, leaves)
    assert reader.consistency(0, size) == []
    read = [entry for n in range(-(-size // 256)) for entry in reader.entries(n, size)]
    assert read == [b"%d" % n for n in range(size)]


def test_proofs_are_made_from_tiles_of_three_levels() -> None:
    """In a tree that has a third level of tiles, proofs made from them lead to its root."""
    leaves = made(66_000)
    older, newer = root_of(leaves[:65_600]), root_of(leaves)
    files = {
        name: tile_of(tile.level or 0, tile.index, tile.width, leaves)
        for name in tile_paths(len(leaves))
        for tile in [read_path(name)]
    }
    reader = TileReader(files.get, {66_000: newer})
    assert "tile/2/000.p/1" in files
    for index in (0, 65_535, 65_536, 65_999):
        steps = reader.inclusion(index, 66_000)
        assert root_from_inclusion(index, 66_000, leaves[index], steps) == newer
    verify_consistency(65_600, 66_000, older, newer, reader.consistency(65_600, 66_000))
    assert reader.subtree(Node(16, 0), 66_000) == root_of(leaves[:65_536])
    assert reader.subtree(Node(0, 5), 66_000) == leaves[5]
    files["tile/0/007"] = files["tile/0/008"]
    with pytest.raises(Unproved, match="tile/0/007 does not have the hash"):
        TileReader(files.get, {66_000: newer}).inclusion(7 * 256, 66_000)


def test_a_spoilt_tile_is_found() -> None:
    """Each tile that is spoilt is noticed by whoever reads it, whichever it is."""
    size, root = 777, mth(LEAVES[:777])
    files = naively(size)
    for name in files:
        spoilt = {**files, name: files[name][:-1] + bytes([files[name][-1] ^ 1])}
        reader = TileReader(spoilt.get, {size: root})
        with pytest.raises(Unproved, match=r"tile above|another root"):
            _ = [reader.inclusion(index, size) for index in range(0, size, 100)]


def test_without_a_believed_root_a_spoilt_edge_gives_another_root() -> None:
    """A reader that was given no root gives what the tiles say, for whoever asks to compare."""
    size = 300
    files = naively(size)
    files["tile/0/001.p/44"] = bytes(44 * 32)
    reader = TileReader(files.get)
    steps = reader.inclusion(3, size)
    assert reader.root(size) != mth(LEAVES[:size])
    assert root_from_inclusion(3, size, LEAVES[3], steps) == reader.root(size)


@pytest.mark.parametrize("change", [b"", b"x"])
def test_a_tile_that_is_cut_or_lengthened_is_refused(change: bytes) -> None:
    """A tile with a byte too many or too few is not read."""
    for name, raw in naively(300).items():
        spoilt = {**naively(300), name: raw + change if change else raw[:-1]}
        with pytest.raises(Malformed, match="the tile has"):
            TileReader(spoilt.get).inclusion(3, 300)


def test_a_tile_that_is_missing_is_named() -> None:
    """What is missing is said with its path."""
    files = naively(777)
    del files["tile/0/001"]
    with pytest.raises(Unproved, match=r"tile/0/001, which a tree of 777 entries has, is missing"):
        TileReader(files.get).inclusion(256, 777)


def test_a_partial_tile_may_have_given_way_to_the_full_one() -> None:
    """An older tree is read from full tiles that came since, its bundles likewise."""
    full = {**naively(1000), **entries_of(1000)}
    kept = {name: raw for name, raw in full.items() if ".p/" not in name}
    kept["tile/1/000.p/2"] = naively(700)["tile/1/000.p/2"]
    reader = TileReader(kept.get, {700: mth(LEAVES[:700])})
    assert reader.inclusion(699, 700) == path(699, LEAVES[:700])
    assert reader.entries(2, 700) == [b"%d" % n for n in range(512, 700)]
    kept["tile/0/002"] = kept["tile/0/002"][:-32]
    with pytest.raises(Malformed, match="8160 bytes, not 8192"):
        TileReader(kept.get).root(700)


def test_an_entry_that_is_not_its_leafs_is_named() -> None:
    """An entry changed, left out or exchanged is named with its index."""
    files = published(300)
    root = {300: mth(LEAVES[:300])}
    name = "tile/entries/001.p/44"
    entries = read_bundle(files[name])
    files[name] = entry_bundle([*entries[:5], b"other", *entries[6:]])
    with pytest.raises(Unproved, match="entry 261 is not"):
        TileReader(files.get, root).entries(1, 300)
    files[name] = entry_bundle(entries[:-1])
    with pytest.raises(Malformed, match="43 entries, not 44"):
        TileReader(files.get, root).entries(1, 300)
    with pytest.raises(Malformed, match="width"):
        TileReader(files.get, root).entries(2, 300)


@pytest.mark.parametrize("node", [Node(-1, 0), Node(0, -1), Node(0, 300), Node(8, 1), Node(9, 0)])
def test_a_subtree_that_is_not_there_is_refused(node: Node) -> None:
    """Only complete subtrees of the tree have a hash in its tiles."""
    with pytest.raises(Malformed, match="no such subtree"):
        TileReader(naively(300).get).subtree(node, 300)


def test_a_reader_forgets_and_reads_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that may keep few tiles gives the same proofs."""
    monkeypatch.setattr("domain.record.proof.tiles._KEPT", 1)
    reader = TileReader(naively(777).get, {777: mth(LEAVES[:777])})
    for index in (0, 300, 776, 0):
        assert reader.inclusion(index, 777) == path(index, LEAVES[:777])
    assert len(reader._full) == 1


def test_nothing_is_read_under_another_root() -> None:
    """Whatever is asked of a tree, a root that was believed is compared before it is answered."""
    size, root = 777, {777: bytes(32)}
    files = published(size)
    for ask in (
        lambda: TileReader(files.get, root).root(size),
        lambda: TileReader(files.get, root).inclusion(776, size),
        lambda: TileReader(files.get, root).consistency(300, size),
        lambda: TileReader(files.get, root).subtree(Node(9, 0), size),
        lambda: TileReader(files.get, root).entries(3, size),
    ):
        with pytest.raises(Unproved, match="another root than its checkpoint"):
            ask()


def test_one_reader_reads_trees_of_many_sizes() -> None:
    """Heads of one log that were published one after another are read by one reader."""
    files = {name: raw for size in (200, 256, 600, 777) for name, raw in naively(size).items()}
    reader = TileReader(files.get)
    for old, new in pairwise((200, 256, 600, 777)):
        steps = reader.consistency(old, new)
        verify_consistency(old, new, reader.root(old), reader.root(new), steps)
