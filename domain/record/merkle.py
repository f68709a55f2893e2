"""The Merkle tree of RFC 6962 §2.1 over the log's envelopes: hashes, roots and proofs, pure.

Sizes and indices are counts of leaves; hashes are 32 bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 ‖ entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: enough to append leaves and know the root at each size."""

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # roots of full subtrees, largest first

    def add(self, leaf: bytes, *, height: int = 0) -> None:
        """Append one leaf hash, or the root of a full tree of 2^height leaves.

        Before a full tree stand whole trees of its size only: else it would not be one here.
        """
        carry, size = leaf, self.size >> height
        while size & 1:
            carry = node_hash(self._peaks.pop(), carry)
            size >>= 1
        self._peaks.append(carry)
        self.size += 1 << height

    def root(self) -> bytes:
        """The tree hash at the present size."""
        if not self._peaks:
            return EMPTY_ROOT
        result = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            result = node_hash(peak, result)
        return result


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The tree hash of leaf hashes given in order."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The audit path of leaf `index` (from 0) in the tree of all `leaves` (RFC 6962 §2.1.1)."""
    if not 0 <= index < len(leaves):
        raise ValueError("no such leaf")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(index, leaves[:split]), root_of(leaves[split:])]
    return [*inclusion_proof(index - split, leaves[split:]), root_of(leaves[:split])]


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root that an audit path implies (RFC 9162 §2.1.3.2). Raises ValueError if it cannot."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    node, last, result = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise ValueError("the path is too long")
        if node & 1 or node == last:
            result = node_hash(step, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, step)
        node, last = node >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return result


def _split(size: int) -> int:
    """The largest power of two below `size` (> 1)."""
    return 1 << (size - 1).bit_length() - 1
