"""Checkpoints: a tree's head as a note (c2sp.org/tlog-checkpoint v1.0.0), and who cosigned it.

A cosignature (c2sp.org/tlog-cosignature v1.0.1, Ed25519) says that a witness saw this head at that
time and that it goes on from every head of the log that it saw before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.record.merkle import EMPTY_ROOT
from domain.record.proof.note import (
    COSIGNATURE,
    Note,
    PublicKey,
    Verifying,
    demand_length,
    demand_name,
    holds,
    key_id,
    open_note,
    public_of,
    read_vkey,
)
from domain.record.proof.strict import (
    HASH_BYTES,
    LARGEST,
    Malformed,
    b64,
    grouped,
    number,
    refuse_control,
    unhash,
)

_LINES: Final = 3
_TOGETHER: Final = 256  # heads lie by the bundle of entries in which they end
_TIME_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a tree: whose it is, how many leaves, the tree hash.

    `extensions` are read where somebody else's log has them; ours writes none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for what, line in (
            ("the origin", self.origin),
            *(("an extension", x) for x in self.extensions),
        ):
            if not line:
                raise Malformed(f"{what} of the checkpoint is empty")
            if "\n" in line:
                raise Malformed(f"{what} of the checkpoint is more than a line")
            refuse_control(line, f"{what} of the checkpoint")
        if not 0 <= self.size <= LARGEST:
            raise Malformed("the size of the checkpoint cannot be")
        if len(self.root) != HASH_BYTES:
            raise Malformed(f"the root of the checkpoint has not {HASH_BYTES} bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise Malformed("the checkpoint is of an empty tree and has the root of another")


def checkpoint_text(head: Head) -> str:
    """The text that is signed."""
    return "".join(
        f"{line}\n" for line in (head.origin, str(head.size), b64(head.root), *head.extensions)
    )


def read_checkpoint(text: str) -> Head:
    """Read the text of a checkpoint's note."""
    if not text.endswith("\n"):
        raise Malformed("the checkpoint does not end in a newline")
    lines = text[:-1].split("\n")
    if len(lines) < _LINES:
        raise Malformed(f"the checkpoint has fewer than {_LINES} lines")
    origin, size, root, *extensions = lines
    return Head(
        origin,
        number(size, "the size of the checkpoint"),
        unhash(root, "the root of the checkpoint"),
        tuple(extensions),
    )


def open_checkpoint(raw: bytes, verifiers: Iterable[Verifying]) -> tuple[Head, Note]:
    """Open a checkpoint that one of the verifiers signed.

    Whether whoever signed may speak for the origin is asked of a policy (`policy.demand`).
    """
    note = open_note(raw, verifiers)
    return read_checkpoint(note.text), note


def cosigned(text: str | bytes, time: int) -> bytes:
    """What a witness signs: seconds since 1970 and the whole text of the checkpoint."""
    body = text.encode() if isinstance(text, str) else text
    return f"cosignature/v1\ntime {time}\n".encode() + body


def cosigned_at(payload: bytes) -> int:
    """When a cosignature says that it was made, in seconds since 1970."""
    if len(payload) <= _TIME_BYTES:
        raise Malformed("a cosignature is too short to have a time")
    return int.from_bytes(payload[:_TIME_BYTES], "big")


@dataclass(frozen=True, slots=True)
class CosignatureVerifier:
    """The key of a witness; `public` are its 32 bytes."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        demand_name(self.name)
        demand_length(self.public, "a public key")

    @classmethod
    def from_vkey(cls, vkey: str) -> CosignatureVerifier:
        """Read `<name>+<number>+<key>` of a witness."""
        key = read_vkey(vkey)
        if key.kind != COSIGNATURE:
            raise Malformed(
                f"the key of {key.name} is of kind {key.kind}, not a cosigner's Ed25519"
            )
        return cls(key.name, key.public)

    @property
    def key_id(self) -> bytes:
        """Its number, four bytes."""
        return key_id(self.name, COSIGNATURE, self.public)

    @property
    def vkey(self) -> str:
        """As it is written down and handed to others."""
        return PublicKey(self.name, COSIGNATURE, self.public).vkey

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Whether this witness cosigned the checkpoint, at the time the signature names."""
        if len(signature) <= _TIME_BYTES or (time := cosigned_at(signature)) > LARGEST:
            return False
        return holds(self.public, signature[_TIME_BYTES:], cosigned(text, time))


@dataclass(frozen=True, slots=True)
class CosignatureSigner:
    """A witness that signs at a time, in seconds since 1970; `seed` are its 32 secret bytes."""

    name: str
    seed: bytes = field(repr=False)
    time: int

    def __post_init__(self) -> None:
        demand_name(self.name)
        demand_length(self.seed, "a secret key")
        if not 0 < self.time <= LARGEST:
            raise Malformed("a cosignature has a time, in seconds since 1970")

    @property
    def verifier(self) -> CosignatureVerifier:
        """The key that checks what this witness signs."""
        return CosignatureVerifier(self.name, public_of(self.seed))

    @property
    def vkey(self) -> str:
        """The verifier's key as it is written down and handed to others."""
        return self.verifier.vkey

    @property
    def key_id(self) -> bytes:
        """Its number, four bytes."""
        return self.verifier.key_id

    def sign(self, text: bytes) -> bytes:
        """The time and the signature over a checkpoint's text; anything else is refused."""
        read_checkpoint(text.decode())
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(cosigned(text, self.time))
        return self.time.to_bytes(_TIME_BYTES, "big") + signature


def checkpoints_path(incarnation: int, size: int) -> str:
    """Where the checkpoint of a size is published, with those that end in the same 256 entries.

    So there are never more files of heads than of entries, however often a head is signed.
    """
    *groups, last = grouped(max(size - 1, 0) // _TOGETHER)
    return f"heads/{incarnation}/{''.join(f'x{one}/' for one in groups)}{last}"


def checkpoints(notes: Iterable[bytes]) -> bytes:
    """The bytes of a file of checkpoints: each behind its length, four bytes."""
    return b"".join(len(one).to_bytes(4, "big") + one for one in notes)


def read_checkpoints(raw: bytes) -> list[bytes]:
    """The checkpoints of such a file, signed notes. Raises Malformed."""
    found: list[bytes] = []
    start = 0
    while start < len(raw):
        begin = start + 4
        start = begin + int.from_bytes(raw[start:begin], "big")
        if begin > len(raw) or start > len(raw):
            raise Malformed("the file of checkpoints ends within one of them")
        found.append(raw[begin:start])
    return found
