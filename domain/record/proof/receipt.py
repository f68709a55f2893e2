"""Receipts (c2sp.org/tlog-proof@v1, a draft): that an entry stands in a log, for whoever keeps it.

It holds the entry's place, its way up to the root and a checkpoint with that root; not the entry,
which whoever checks has to have. Nobody has to be asked to check one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from domain.record.merkle import leaf_hash, root_from_inclusion
from domain.record.proof.checkpoint import Head, read_checkpoint
from domain.record.proof.note import NOTE_BYTES, Verifier, read_note
from domain.record.proof.policy import Policy, demand
from domain.record.proof.strict import (
    HASH_BYTES,
    LARGEST,
    Malformed,
    Unproved,
    b64,
    number,
    unb64,
    unhash,
    utf8,
)

FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
SUFFIX: Final = ".tlog-proof"
STEPS: Final = 63  # no tree that can be counted is higher
EXTRA_BYTES: Final = 49_000  # in base64 a line that Go's readers take, 64 KiB
_RECEIPT_BYTES: Final = NOTE_BYTES + 100_000


@dataclass(frozen=True, slots=True)
class Receipt:
    """A proof that the entry at `index` is in the tree of the checkpoint, kept as it was signed.

    `extra` is signed by nobody and proves nothing.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.index <= LARGEST:
            raise Malformed("the index of the receipt cannot be")
        if len(self.path) > STEPS:
            raise Malformed(f"the receipt has more than {STEPS} steps")
        if any(len(step) != HASH_BYTES for step in self.path):
            raise Malformed(f"a step of the receipt has not {HASH_BYTES} bytes")
        if self.extra is not None and not 0 < len(self.extra) <= EXTRA_BYTES:
            raise Malformed(
                f"what else the receipt holds is 1 to {EXTRA_BYTES} bytes, or not there"
            )
        text, _ = read_note(self.checkpoint)
        if self.index >= read_checkpoint(text).size:
            raise Malformed("the checkpoint of the receipt is of a tree without that entry")


def receipt_text(receipt: Receipt) -> bytes:
    """The file of a receipt."""
    lines = [
        FIRST_LINE,
        *([] if receipt.extra is None else [f"extra {b64(receipt.extra)}"]),
        f"index {receipt.index}",
        *map(b64, receipt.path),
        "",
    ]
    return "".join(f"{line}\n" for line in lines).encode("ascii") + receipt.checkpoint


def read_receipt(raw: bytes) -> Receipt:
    """Read the file of a receipt; nothing is proved yet."""
    text = utf8(raw, "the receipt", largest=_RECEIPT_BYTES)
    above, parted, below = text.partition("\n\n")
    if not parted:
        raise Malformed("the receipt has no empty line before its checkpoint")
    first, *lines = above.split("\n")
    if first != FIRST_LINE:
        raise Malformed(f"the receipt does not begin with {FIRST_LINE}")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = unb64(lines.pop(0).removeprefix("extra "), "what else the receipt holds")
    if not (lines and lines[0].startswith("index ")):
        raise Malformed("the receipt does not say which entry it is for")
    index = number(lines.pop(0).removeprefix("index "), "the index of the receipt")
    path = tuple(unhash(line, "a step of the receipt") for line in lines)
    return Receipt(index, path, below.encode(), extra)


def verify_receipt(
    receipt: Receipt, entry: bytes, policy: Policy, *, logs: Iterable[Verifier] = ()
) -> Head:
    """The head of the tree that holds the entry; raises Unproved if it is not shown.

    Args:
        receipt: as it was read.
        entry: the bytes that the leaf hashes; for Holdfast the envelope, 128 bytes.
        policy: whose log and witnesses have to have signed the checkpoint.
        logs: keys of logs that are believed besides those of the policy.
    """
    head = demand(receipt.checkpoint, policy, logs=logs)
    _lead(receipt, entry, head)
    return head


def leads(receipt: Receipt, entry: bytes) -> None:
    """Hold a receipt to the root in its own checkpoint, whoever signed that, before it is given.

    Raises:
        Unproved: its way up from the entry ends elsewhere.
    """
    text, _ = read_note(receipt.checkpoint)
    _lead(receipt, entry, read_checkpoint(text))


def _lead(receipt: Receipt, entry: bytes, head: Head) -> None:
    try:
        root = root_from_inclusion(receipt.index, head.size, leaf_hash(entry), receipt.path)
    except ValueError as error:
        raise Unproved(f"the receipt does not fit its tree: {error}") from error
    if root != head.root:
        raise Unproved(f"the entry is not the one at index {receipt.index} of the tree")
