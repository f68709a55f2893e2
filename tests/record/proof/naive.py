"""RFC 6962 §2.1 as it is written down: slow, short, and none of the code it judges."""

from __future__ import annotations

from hashlib import sha256

Leaves = list[bytes]


def made(count: int) -> Leaves:
    """Leaf hashes of a log of that many entries, each the decimal of its index."""
    return [sha256(b"\x00%d" % n).digest() for n in range(count)]


def split(size: int) -> int:
    """The largest power of two below a size."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def mth(leaves: Leaves) -> bytes:
    """MTH(D[n])."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: Leaves) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m: int, leaves: Leaves) -> list[bytes]:
    """PROOF(m, D[n]), for 0 < m <= n."""
    return _subproof(m, leaves, whole=True)


def _subproof(m: int, leaves: Leaves, *, whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*_subproof(m, leaves[:k], whole=whole), mth(leaves[k:])]
    return [*_subproof(m - k, leaves[k:], whole=False), mth(leaves[:k])]
