"""The tree as the database has it is RFC 6962's, at every size, whoever made it and however far."""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise

import pytest

from domain.record.merkle import EMPTY_ROOT, Frontier, inclusion_proof, node_hash, root_of
from domain.record.proof.tree import TILE, Tree
from domain.refusal import Corrupt
from tests.record.conftest import House
from tests.record.proof.conftest import ORIGIN, fill, integrator

SMALL = 40
WHOLE = TILE * TILE + 3 * TILE + 7  # two levels stored, and an edge at each


def consistency_proof(old: int, leaves: list[bytes], *, whole: bool = True) -> list[bytes]:
    """The proof by its definition (RFC 6962 §2.1.2)."""
    size = len(leaves)
    if old == size:
        return [] if whole else [root_of(leaves)]
    split = 1 << (size - 1).bit_length() - 1
    if old <= split:
        return [*consistency_proof(old, leaves[:split], whole=whole), root_of(leaves[split:])]
    rest = consistency_proof(old - split, leaves[split:], whole=False)
    return [*rest, root_of(leaves[:split])]


def test_roots_and_proofs_are_those_of_the_definition(house: House) -> None:
    """At every small size roots, audit paths and consistency proofs are RFC 6962's."""
    leaves = fill(house, SMALL)
    with house.connect("holdfast_integrator") as conn:
        tree = Tree(conn, "cases")
        assert (tree.size(), tree.root(0)) == (SMALL, EMPTY_ROOT)
        for size in range(1, SMALL + 1):
            assert tree.root(size) == root_of(leaves[:size])
            for index in range(size):
                assert tree.inclusion(index, size) == inclusion_proof(index, leaves[:size])
            for old in range(1, size + 1):
                assert tree.consistency(old, size) == consistency_proof(old, leaves[:size])
            assert tree.consistency(0, size) == []


def test_what_is_not_there_has_no_proof(house: House) -> None:
    """A leaf or a tree beyond the end is refused, and one that is missing is corrupt."""
    fill(house, 3)
    with house.connect("holdfast_integrator") as conn:
        tree = Tree(conn, "cases")
        for index, size in ((3, 3), (-1, 3), (0, 0)):
            with pytest.raises(ValueError, match="no such leaf"):
                tree.inclusion(index, size)
        with pytest.raises(ValueError, match="no such trees"):
            tree.consistency(4, 3)
        with pytest.raises(Corrupt):
            tree.root(4)


def test_large_trees_are_made_of_stored_roots(house: House) -> None:
    """Past full tiles of two levels roots and proofs are those reckoned from every leaf."""
    leaves = fill(house, WHOLE)
    sizes = [1, TILE, TILE + 1, 2 * TILE - 1, TILE * TILE, TILE * TILE + 1, WHOLE - 1, WHOLE]
    edge, roots = Frontier(), {}
    for leaf in leaves:
        edge.add(leaf)
        if edge.size in sizes:
            roots[edge.size] = edge.root()
    with house.connect("holdfast_integrator") as conn:
        one = integrator(conn)
        assert one.lead(ORIGIN)
        assert one.integrate() == WHOLE
        tree = Tree(conn, "cases")
        assert {size: tree.root(size) for size in sizes} == roots
        head = one.head()
        assert head is not None
        assert (head.size, head.root) == (WHOLE, roots[WHOLE])
        for index in (0, TILE - 1, TILE * TILE - 1, TILE * TILE, WHOLE - 1):
            assert root_by(index, WHOLE, leaves[index], tree.inclusion(index, WHOLE)) == head.root
        for old, new in pairwise(sizes):
            assert begins_with(old, new, tree.consistency(old, new), roots)


def root_by(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """The root that an audit path leads to, by its definition."""
    if size == 1:
        assert not path
        return leaf
    split = 1 << (size - 1).bit_length() - 1
    if index < split:
        return node_hash(root_by(index, split, leaf, path[:-1]), path[-1])
    return node_hash(path[-1], root_by(index - split, size - split, leaf, path[:-1]))


def begins_with(old: int, new: int, path: list[bytes], roots: dict[int, bytes]) -> bool:
    """Whether the proof leads from the old root to the new one (RFC 9162 §2.1.4.2)."""
    if old & (old - 1) == 0:
        path = [roots[old], *path]
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for step in path[1:]:
        if node & 1 or node == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, step)
        node, last = node >> 1, last >> 1
    return (first, second, last) == (roots[old], roots[new], 0)


def test_the_empty_tree_has_a_head(house: House) -> None:
    """Before anything is recorded there is a head of nothing, so that its beginning is known."""
    fill(house, 0)
    with house.connect("holdfast_integrator") as conn:
        one = integrator(conn, "readings")
        assert one.lead("council.example/readings/1")
        head = one.head()
        assert head is not None
        assert (head.size, head.root) == (0, sha256(b"").digest())
        assert one.head() is None
