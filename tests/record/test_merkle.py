"""The tree: RFC 6962's known answers, and proofs that fit their roots."""

from __future__ import annotations

from base64 import b64decode
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.record.envelope import ENVELOPE_BYTES, Row, envelope, leaf_of
from domain.record.merkle import (
    EMPTY_ROOT,
    Frontier,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_from_inclusion,
    root_of,
)

# The eight leaves of the Certificate Transparency reference tree, and its root at every size.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
SHORT = st.lists(st.binary(max_size=3).map(leaf_hash), min_size=1, max_size=70)


def split(size: int) -> int:
    """The largest power of two below a size, the slow way."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962 §2.1 writes it down."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node_hash(by_definition(leaves[:k]), by_definition(leaves[k:]))


@pytest.mark.parametrize(
    ("entry", "answer"),
    [
        (b"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (b"L123456", "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"),
    ],
)
def test_leaf_hashes_are_the_published_ones(entry: bytes, answer: str) -> None:
    """The leaf hash of a known entry is the known answer."""
    assert leaf_hash(entry).hex() == answer


def test_the_node_hash_is_the_published_one() -> None:
    """The hash of two known nodes is the known answer."""
    known = "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    assert node_hash(b"N123", b"N456").hex() == known


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    """A log without entries has the SHA-256 of nothing as its root."""
    known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert EMPTY_ROOT.hex() == known
    assert root_of([]) == Frontier().root() == EMPTY_ROOT


def test_the_reference_tree_has_its_published_root() -> None:
    """The eight reference leaves have the published root."""
    root = root_of(leaf_hash(leaf) for leaf in LEAVES)
    assert root == b64decode("XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=")


@given(SHORT)
def test_the_frontier_agrees_with_the_definition(leaves: list[bytes]) -> None:
    """At every size the growing tree has the root that the definition gives."""
    frontier = Frontier()
    for size, leaf in enumerate(leaves, 1):
        frontier.add(leaf)
        assert frontier.size == size
        assert frontier.root() == by_definition(leaves[:size])


@given(SHORT, st.data())
def test_an_inclusion_proof_leads_to_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    """The audit path of any leaf gives the root, and gives another one for another leaf."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = inclusion_proof(index, leaves)
    assert root_from_inclusion(index, len(leaves), leaves[index], path) == root_of(leaves)
    other = root_from_inclusion(index, len(leaves), leaf_hash(b"something else"), path)
    assert other != root_of(leaves)


@given(SHORT, st.data())
def test_a_path_of_the_wrong_length_is_refused(leaves: list[bytes], data: st.DataObject) -> None:
    """A path with a step too many or too few proves nothing."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = inclusion_proof(index, leaves)
    with pytest.raises(ValueError, match="too long"):
        root_from_inclusion(index, len(leaves), leaves[index], [*path, leaves[0]])
    if path:
        with pytest.raises(ValueError, match="too short"):
            root_from_inclusion(index, len(leaves), leaves[index], path[:-1])


@pytest.mark.parametrize("index", [-1, 3])
def test_a_leaf_outside_the_tree_has_no_proof(index: int) -> None:
    """Asking for a leaf that is not there is refused on both sides."""
    leaves = [leaf_hash(b"%d" % n) for n in range(3)]
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(index, leaves)
    with pytest.raises(ValueError, match="no such leaf"):
        root_from_inclusion(index, 3, leaves[0], [])


def test_the_envelope_is_laid_out_as_published() -> None:
    """The envelope has 128 bytes, each field at the offset the schema's page names."""
    row = Row(5, UUID(int=7), 3, 1_700_000_000_000_000, "x.v1", b"head", b"load", b"")
    made = envelope(2, UUID(int=9), row)
    assert len(made) == ENVELOPE_BYTES == 128
    assert made[:8] == b"HFST\x00\x01\x00\x02"
    assert made[8:24] == UUID(int=9).bytes
    assert made[24:32] == (5).to_bytes(8, "big")
    assert made[32:48] == UUID(int=7).bytes
    assert made[48:56] == (3).to_bytes(8, "big")
    assert made[56:64] == (1_700_000_000_000_000).to_bytes(8, "big")
    assert leaf_of(2, UUID(int=9), row) == leaf_hash(made)
