"""The Merkle tree of RFC 6962 §2.1 over the log's envelopes: hashes, roots and proofs, pure.

Sizes and indices are counts of leaves; hashes are 32 bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class Node:
    """A complete subtree: leaves `index << level` up to `(index + 1) << level`."""

    level: int
    index: int


# The subtrees that make one hash of a proof, largest first: where the tree ends raggedly, several.
Step = tuple[Node, ...]


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
        return fold(self._peaks)


def fold(peaks: Sequence[bytes]) -> bytes:
    """The tree hash over complete subtrees that get smaller from left to right."""
    if not peaks:
        return EMPTY_ROOT
    result = peaks[-1]
    for peak in reversed(peaks[:-1]):
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


def consistency_proof(old: int, leaves: Sequence[bytes]) -> list[bytes]:
    """That the tree of all `leaves` begins with the tree of the first `old` (RFC 6962 §2.1.2).

    Empty where nothing has to be shown: the older tree has no leaf, or it is the same tree.
    """
    return proof_of(
        consistency_nodes(old, len(leaves)),
        lambda node: root_of(leaves[node.index << node.level : (node.index + 1) << node.level]),
    )


def verify_consistency(
    old: int, new: int, root_old: bytes, root_new: bytes, path: Sequence[bytes]
) -> None:
    """Raise ValueError unless the path shows that the older tree is the newer one's beginning.

    RFC 9162 §2.1.4.2, and for an older tree without leaves: there is nothing to show.
    """
    if not 0 <= old <= new:
        raise ValueError("the older tree is larger than the newer one")
    if any(len(step) != _HASH_BYTES for step in path):
        raise ValueError(f"a step of the path has not {_HASH_BYTES} bytes")
    if old == 0 and root_old != EMPTY_ROOT:
        raise ValueError("the older tree is empty and has the root of another")
    if old in {0, new}:
        if path:
            raise ValueError("the path is too long")
        if old == new and root_old != root_new:
            raise ValueError("two trees of one size have two roots")
        return
    first, second = _roots_from_consistency(old, new, root_old, path)
    if first != root_old:
        raise ValueError("the path does not lead to the older root")
    if second != root_new:
        raise ValueError("the path does not lead to the newer root")


def _roots_from_consistency(
    old: int, new: int, root_old: bytes, path: Sequence[bytes]
) -> tuple[bytes, bytes]:
    # An older tree that is complete is a node of the newer one: its root stands for the first step.
    steps = [root_old, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        raise ValueError("the path is too short")
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ValueError("the path is too long")
        if node & 1 or node == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, step)
        node, last = node >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return first, second


def inclusion_nodes(index: int, size: int) -> list[Step]:
    """Of which subtrees the audit path of a leaf is made, step by step from the leaf up.

    With their hashes at hand (`proof_of`) a proof costs no more than its own length to make.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    return _around(index, index + 1, 0, size)


def consistency_nodes(old: int, new: int) -> list[Step]:
    """Of which subtrees the proof is made that a tree of `old` leaves begins one of `new`."""
    if not 0 <= old <= new:
        raise ValueError("the older tree is larger than the newer one")
    if old in {0, new}:
        return []
    # The smallest complete subtree at the older tree's right edge, and what stands around it. It is
    # left out where it is the older tree itself, whose root whoever checks already has.
    width = old & -old
    steps = _around(old - width, old, 0, new)
    return steps if width == old else [peaks(old - width, old), *steps]


def proof_of(steps: Iterable[Step], hash_of: Callable[[Node], bytes]) -> list[bytes]:
    """The hashes of a proof, from those of the subtrees it is made of."""
    return [fold([hash_of(node) for node in step]) for step in steps]


def peaks(start: int, end: int) -> Step:
    """The complete subtrees that make up leaves `start` to `end`, largest first.

    `start` has to be a multiple of a power of two that is no smaller than what follows it.
    """
    found: list[Node] = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(Node(level, start >> level))
        start += 1 << level
    return tuple(found)


def _around(low: int, high: int, start: int, end: int) -> list[Step]:
    """What stands beside the way down from a tree to the complete subtree `low` to `high`."""
    beside: list[Step] = []
    while (start, end) != (low, high):
        middle = start + _split(end - start)
        if high <= middle:
            beside.append(peaks(middle, end))
            end = middle
        else:
            beside.append(peaks(start, middle))
            start = middle
    return beside[::-1]


def _split(size: int) -> int:
    """The largest power of two below `size` (> 1)."""
    return 1 << (size - 1).bit_length() - 1
