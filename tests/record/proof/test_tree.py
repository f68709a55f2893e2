"""The tree as the database has it is RFC 6962's, at every size, whoever made it and however far."""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise

import pytest

from domain.record.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    root_from_inclusion,
    root_of,
    verify_consistency,
)
from domain.record.proof.tree import TILE, Tree
from domain.refusal import Corrupt
from tests.record.conftest import House
from tests.record.proof.conftest import ORIGIN, fill, integrator

SMALL = 40
WHOLE = TILE * TILE + 3 * TILE + 7  # two levels stored, and an edge at each


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
        with pytest.raises(ValueError, match="larger"):
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
            path = tree.inclusion(index, WHOLE)
            assert root_from_inclusion(index, WHOLE, leaves[index], path) == head.root
        for old, new in pairwise(sizes):
            path = tree.consistency(old, new)
            verify_consistency(old, new, roots[old], roots[new], path)


def test_a_tree_that_nobody_made_yet_is_the_same(house: House) -> None:
    """A root is reckoned from the leaves alone where nothing of the tree is stored, or not all."""
    leaves = fill(house, 3 * TILE + 5)
    with house.connect() as conn:
        assert Tree(conn, "cases").root(len(leaves)) == root_of(leaves)
    with house.connect("holdfast_integrator") as conn:
        one = integrator(conn)
        assert one.lead(ORIGIN)
        one.integrate()
    more = fill(house, 2 * TILE)
    with house.connect() as conn:
        assert Tree(conn, "cases").root(len(more)) == root_of(more)
        with pytest.raises(Corrupt):
            Tree(conn, "cases").root(len(more) + 1)


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
