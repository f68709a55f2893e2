"""Proofs of inclusion and of consistency against RFC 6962's own definition."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.record.merkle import (
    EMPTY_ROOT,
    Node,
    consistency_nodes,
    consistency_proof,
    fold,
    inclusion_nodes,
    inclusion_proof,
    leaf_hash,
    peaks,
    proof_of,
    root_from_inclusion,
    root_of,
    verify_consistency,
)
from tests.record.proof.naive import made, mth, path, proof

ENTRIES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")
LAST = "606162636465666768696a6b6c6d6e6f"
# The reference tree of Certificate Transparency, at each size from one leaf to eight.
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
REFERENCE = [leaf_hash(bytes.fromhex(text)) for text in (*ENTRIES, LAST)]
SMALL = 64
# RFC 6962 §2.1.3: the names its drawing gives to the nodes of a tree of seven leaves.
NAMED = {
    "a": Node(0, 0), "b": Node(0, 1), "c": Node(0, 2), "d": Node(0, 3), "e": Node(0, 4),
    "f": Node(0, 5), "g": Node(1, 0), "h": Node(1, 1), "i": Node(1, 2), "j": Node(0, 6),
    "k": Node(2, 0),
}  # fmt: skip
L = (NAMED["i"], NAMED["j"])  # l is the right half, which is not complete


def kept(leaves: list[bytes], node: Node) -> bytes:
    """Give the hash of a complete subtree, as a table of them would."""
    span = leaves[node.index << node.level : (node.index + 1) << node.level]
    assert len(span) == 1 << node.level, "not a complete subtree of this tree"
    return mth(span)


def spelled(*names: str) -> list[tuple[Node, ...]]:
    """Give the steps that the RFC names by letters."""
    return [L if name == "l" else (NAMED[name],) for name in names]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_reference_tree_is_the_published_one_at_every_size(size: int) -> None:
    """The tree of the first leaves has the published root, and goes on from every smaller one."""
    leaves = REFERENCE[:size]
    assert root_of(leaves).hex() == mth(leaves).hex() == ROOTS[size - 1]
    for old in range(1, size + 1):
        found = consistency_proof(old, leaves)
        older, newer = bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[size - 1])
        verify_consistency(old, size, older, newer, found)


def test_the_proofs_of_the_rfc_are_made_of_the_nodes_it_names() -> None:
    """The audit paths and consistency proofs of RFC 6962 §2.1.3, node by node."""
    assert inclusion_nodes(0, 7) == spelled("b", "h", "l")
    assert inclusion_nodes(3, 7) == spelled("c", "g", "l")
    assert inclusion_nodes(4, 7) == spelled("f", "j", "k")
    assert inclusion_nodes(6, 7) == spelled("i", "k")
    assert consistency_nodes(3, 7) == spelled("c", "d", "g", "l")
    assert consistency_nodes(4, 7) == spelled("l")
    assert consistency_nodes(6, 7) == spelled("i", "j", "k")


@pytest.mark.parametrize("size", range(1, SMALL + 1))
def test_every_proof_of_a_small_tree_is_the_defined_one(size: int) -> None:
    """For every leaf and every older size, the proof is the RFC's, and it is accepted."""
    leaves = made(size)
    root = mth(leaves)
    for index in range(size):
        steps = proof_of(inclusion_nodes(index, size), lambda node: kept(leaves, node))
        assert steps == path(index, leaves) == inclusion_proof(index, leaves)
        assert root_from_inclusion(index, size, leaves[index], steps) == root
    for old in range(1, size + 1):
        steps = proof_of(consistency_nodes(old, size), lambda node: kept(leaves, node))
        assert steps == proof(old, leaves) == consistency_proof(old, leaves)
        verify_consistency(old, size, mth(leaves[:old]), root, steps)


@given(st.integers(1, 400), st.data())
def test_proofs_of_a_larger_tree_are_the_defined_ones(size: int, data: st.DataObject) -> None:
    """Beyond the small trees, any leaf's path and any older tree's proof are the RFC's."""
    leaves = made(size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    found = proof_of(inclusion_nodes(index, size), lambda node: kept(leaves, node))
    assert found == path(index, leaves)
    shown = proof_of(consistency_nodes(old, size), lambda node: kept(leaves, node))
    assert shown == proof(old, leaves)
    verify_consistency(old, size, mth(leaves[:old]), mth(leaves), shown)


@given(st.integers(1, 2**62), st.data())
def test_a_proof_asks_for_no_node_too_many(size: int, data: st.DataObject) -> None:
    """The nodes of a proof lie in the tree, apart from one another, and none could be joined.

    With the leaf, or with the leaves that the older tree ends in, they cover the tree: fewer would
    not do.
    """
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    below = consistency_nodes(old, size)
    own = [] if old == size or old & (old - 1) else [Node(old.bit_length() - 1, 0)]
    for steps, beside in ((inclusion_nodes(index, size), [Node(0, index)]), (below, own)):
        if old == size and steps is below:
            assert steps == []
            continue
        spans = sorted(
            (node.index << node.level, (node.index + 1) << node.level)
            for node in [*(node for step in steps for node in step), *beside]
        )
        assert spans[0][0] == 0
        assert spans[-1][1] == size
        assert all(left[1] == right[0] for left, right in pairwise(spans))
        for step in steps:
            levels = [node.level for node in step]
            assert levels == sorted(set(levels), reverse=True)  # equal neighbours would be one node


@given(st.integers(1, 300), st.data())
def test_a_wrong_consistency_proof_shows_nothing(size: int, data: st.DataObject) -> None:
    """A proof changed, shortened, lengthened or of other roots is refused."""
    leaves = made(size)
    old = data.draw(st.integers(1, size))
    older, newer, right = mth(leaves[:old]), mth(leaves), proof(old, leaves)
    other = bytes(32)
    with pytest.raises(ValueError, match="root"):
        verify_consistency(old, size, other, newer, right)
    with pytest.raises(ValueError, match="root"):
        verify_consistency(old, size, older, other, right)
    with pytest.raises(ValueError, match="too long"):
        verify_consistency(old, size, older, newer, [*right, other])
    if right:
        with pytest.raises(ValueError, match="too short"):
            verify_consistency(old, size, older, newer, right[:-1])
        place = data.draw(st.integers(0, len(right) - 1))
        changed = [*right[:place], other, *right[place + 1 :]]
        with pytest.raises(ValueError, match="does not lead to"):
            verify_consistency(old, size, older, newer, changed)
        with pytest.raises(ValueError, match="32 bytes"):
            verify_consistency(old, size, older, newer, [right[0] + b"x", *right[1:]])
    if old > 1:  # the same proof said to be of another older size
        with pytest.raises(ValueError, match=r"root|too"):
            verify_consistency(old - 1, size, older, newer, right)


def test_a_tree_without_leaves_begins_every_tree() -> None:
    """Nothing has to be shown of an empty tree, and nothing may be."""
    leaves = made(5)
    assert consistency_proof(0, leaves) == []
    assert consistency_nodes(0, 5) == []
    verify_consistency(0, 5, EMPTY_ROOT, mth(leaves), [])
    verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    with pytest.raises(ValueError, match="too long"):
        verify_consistency(0, 5, EMPTY_ROOT, mth(leaves), [bytes(32)])
    with pytest.raises(ValueError, match="empty"):
        verify_consistency(0, 5, bytes(32), mth(leaves), [])
    with pytest.raises(ValueError, match="two roots"):
        verify_consistency(0, 0, EMPTY_ROOT, bytes(32), [])


def test_a_larger_tree_begins_no_smaller_one() -> None:
    """An older tree cannot be larger than the newer one."""
    with pytest.raises(ValueError, match="larger"):
        verify_consistency(3, 2, bytes(32), bytes(32), [])
    with pytest.raises(ValueError, match="larger"):
        consistency_nodes(3, 2)
    with pytest.raises(ValueError, match="larger"):
        consistency_proof(-1, made(2))


@pytest.mark.parametrize("index", [-1, 3])
def test_a_leaf_that_is_not_there_has_no_nodes(index: int) -> None:
    """A leaf outside the tree has no audit path."""
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_nodes(index, 3)


def test_peaks_are_the_bits_of_a_size() -> None:
    """A tree is made of complete subtrees, one for each bit of its size, and they give its root."""
    assert peaks(0, 13) == (Node(3, 0), Node(2, 2), Node(0, 12))
    assert peaks(8, 13) == (Node(2, 2), Node(0, 12))
    assert peaks(5, 5) == ()
    leaves = made(13)
    assert fold([kept(leaves, node) for node in peaks(0, 13)]) == mth(leaves)
    assert fold([]) == EMPTY_ROOT
