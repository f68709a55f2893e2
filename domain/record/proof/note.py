"""Signed notes (c2sp.org/signed-note v1.0.0): a text, an empty line, a line for each signature.

A key is known by its name and a number of four bytes. Signatures of keys that nobody gave us are
let be; one of a key that we were given and that does not hold spoils the whole note.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.record.proof.strict import Malformed, Unproved, Wrong, b64, refuse_control, unb64, utf8

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04
ECDSA: Final = 0x02  # its number is reckoned otherwise, so it is not checked here
KEY_BYTES: Final = 32
SIGNATURES: Final = 100  # the specification asks for at least 16; as many as Go's own code reads
NOTE_BYTES: Final = 1_000_000
_ID_BYTES: Final = 4
_DASH: Final = "— "
_HEX: Final = frozenset("0123456789abcdef")


class Signing(Protocol):
    """A key that signs notes."""

    @property
    def name(self) -> str:
        """The key's name."""

    @property
    def key_id(self) -> bytes:
        """Its number, four bytes."""

    def sign(self, text: bytes) -> bytes:
        """What stands behind the number in the signature line."""


class Verifying(Protocol):
    """A key that tells whether a signature is its own. Two are equal if their key and kind are."""

    @property
    def name(self) -> str:
        """The key's name."""

    @property
    def key_id(self) -> bytes:
        """Its number, four bytes."""

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Whether this key made the signature over the text."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: `payload` is what stands behind the key's number."""

    name: str
    key_id: bytes
    payload: bytes

    @property
    def line(self) -> str:
        """The line, with its newline."""
        return f"{_DASH}{self.name} {b64(self.key_id + self.payload)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note that was opened: `by` holds the keys whose signatures are in `verified`."""

    text: str
    verified: tuple[Signature, ...]
    unverified: tuple[Signature, ...]
    by: tuple[Verifying, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Who signed, of those we know."""
        return tuple(signature.name for signature in self.verified)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A verifier key in parts: its kind is the signature type's byte."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Its number."""
        return key_id(self.name, self.kind, self.public)

    @property
    def vkey(self) -> str:
        """As it is written down and handed to others."""
        return f"{self.name}+{self.key_id.hex()}+{b64(bytes([self.kind]) + self.public)}"


@dataclass(frozen=True, slots=True)
class Verifier:
    """An Ed25519 key that checks notes; `public` are its 32 bytes."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        demand_name(self.name)
        demand_length(self.public, "a public key")

    @classmethod
    def from_vkey(cls, vkey: str) -> Verifier:
        """Read `<name>+<number>+<key>` of an Ed25519 key."""
        key = read_vkey(vkey)
        if key.kind != ED25519:
            raise Malformed(f"the key of {key.name} is of kind {key.kind}, not an Ed25519 key")
        return cls(key.name, key.public)

    @property
    def key_id(self) -> bytes:
        """Its number, four bytes."""
        return key_id(self.name, ED25519, self.public)

    @property
    def vkey(self) -> str:
        """As it is written down and handed to others."""
        return PublicKey(self.name, ED25519, self.public).vkey

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Whether this key made the signature over the text."""
        return holds(self.public, signature, text)


@dataclass(frozen=True, slots=True)
class Signer:
    """An Ed25519 key that signs notes; `seed` are its 32 secret bytes.

    Ed25519 is deterministic: the same text signed again is the same note.
    """

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        demand_name(self.name)
        demand_length(self.seed, "a secret key")

    @classmethod
    def from_skey(cls, skey: str) -> Signer:
        """Read `PRIVATE+KEY+<name>+<number>+<key>`; no message repeats any of it."""
        parts = skey.split("+", 4)
        if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:  # noqa: PLR2004 — the form above
            raise Malformed("a secret key is written PRIVATE+KEY+<name>+<number>+<base64>")
        name, number, text = parts[2:]
        raw = unb64(text, "the secret key")
        if raw[:1] != bytes([ED25519]):
            raise Malformed("the secret key is not an Ed25519 key")
        signer = cls(name, raw[1:])
        if signer.key_id.hex() != number:
            raise Malformed("the number of the secret key is not the one of its name and key")
        return signer

    @property
    def skey(self) -> str:
        """As it is kept in secret."""
        key = b64(bytes([ED25519]) + self.seed)
        return f"PRIVATE+KEY+{self.name}+{self.key_id.hex()}+{key}"

    @property
    def verifier(self) -> Verifier:
        """The key that checks what this one signs."""
        return Verifier(self.name, public_of(self.seed))

    @property
    def vkey(self) -> str:
        """The verifier's key as it is written down and handed to others."""
        return self.verifier.vkey

    @property
    def key_id(self) -> bytes:
        """Its number, four bytes."""
        return self.verifier.key_id

    def sign(self, text: bytes) -> bytes:
        """The signature over a note's text."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(text)


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The number of a key: SHA-256(name ‖ 0x0A ‖ kind ‖ key), its first four bytes."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:_ID_BYTES]


def read_vkey(vkey: str) -> PublicKey:
    """Read a verifier key of any kind; the number has to be the one of its name and key."""
    name, number, text = (*vkey.split("+", 2), "", "")[:3]
    if not (number and text):
        raise Malformed("a verifier key is written <name>+<number>+<base64>")
    demand_name(name)
    if len(number) != 2 * _ID_BYTES or not set(number) <= _HEX:
        raise Malformed("the number of a verifier key is eight digits of small hexadecimal")
    raw = unb64(text, "the verifier key")
    if len(raw) < 2:  # noqa: PLR2004 — the byte of its kind, and a key
        raise Malformed("the verifier key is empty")
    key = PublicKey(name, raw[0], raw[1:])
    if key.kind in {ED25519, COSIGNATURE}:
        demand_length(key.public, "a public key")
    if key.kind != ECDSA and key.key_id.hex() != number:
        raise Malformed(f"the number of the key of {name} is not the one of its name and key")
    return key


def sign(text: str, signers: Sequence[Signing], *, already: Sequence[Signature] = ()) -> bytes:
    """Make a note of a text.

    Args:
        text: ends in a newline.
        signers: whose signatures are added, in order.
        already: signatures that stand there, kept before the new ones; one of the same key as a
            new one gives way to it.
    """
    if not text.endswith("\n"):
        raise Malformed("the text of a note ends in a newline")
    refuse_control(text, "the text")
    raw = text.encode()
    new = [Signature(one.name, one.key_id, one.sign(raw)) for one in signers]
    made = {(one.name, one.key_id) for one in new}
    lines = [*(one for one in already if (one.name, one.key_id) not in made), *new]
    note = (text + "\n" + "".join(one.line for one in lines)).encode()
    read_note(note)  # what we could not read, nobody is given
    return note


def read_note(raw: bytes) -> tuple[str, tuple[Signature, ...]]:
    """Take a note apart and check no signature: its text, and the lines under it."""
    whole = utf8(raw, "the note", largest=NOTE_BYTES)
    text, parted, below = whole.rpartition("\n\n")
    if not parted:
        raise Malformed("the note has no empty line between its text and its signatures")
    if not below.endswith("\n"):
        what = "has no signature" if not below else "does not end in a newline"
        raise Malformed(f"the note {what}")
    lines = below[:-1].split("\n")
    if len(lines) > SIGNATURES:
        raise Malformed(f"the note has more than {SIGNATURES} signatures")
    return text + "\n", tuple(_signature(line) for line in lines)


def open_note(raw: bytes, verifiers: Iterable[Verifying]) -> Note:
    """Read a note that at least one of the verifiers signed.

    Raises: Malformed; Unproved where a signature of a known key does not hold, or none is known.
    """
    known = _known(verifiers)
    text, signatures = read_note(raw)
    verified: dict[tuple[str, bytes], Signature] = {}
    unverified: dict[Signature, None] = {}
    for signature in signatures:
        key = (signature.name, signature.key_id)
        if key not in known:
            unverified[signature] = None
        elif known[key].verify(text.encode(), signature.payload):
            verified.setdefault(key, signature)
        else:
            raise Unproved(f"the signature of {signature.name} does not fit the note")
    if not verified:
        raise Unproved("the note is signed by nobody whose key was given")
    by = tuple(known[key] for key in verified)
    return Note(text, tuple(verified.values()), tuple(unverified), by)


def _known(verifiers: Iterable[Verifying]) -> dict[tuple[str, bytes], Verifying]:
    known: dict[tuple[str, bytes], Verifying] = {}
    for one in verifiers:
        if known.setdefault((one.name, one.key_id), one) != one:
            raise Wrong(f"two different keys of {one.name} have one number")
    return known


def _signature(line: str) -> Signature:
    if not line.startswith(_DASH):
        raise Malformed("a signature line begins with a dash (U+2014) and a space")
    name, _, text = line.removeprefix(_DASH).partition(" ")
    demand_name(name)
    raw = unb64(text, f"the signature of {name}")
    if len(raw) <= _ID_BYTES:
        raise Malformed(f"the signature of {name} is too short")
    return Signature(name, raw[:_ID_BYTES], raw[_ID_BYTES:])


def demand_name(name: str) -> None:
    """Raise where a text cannot be a key's name."""
    if not name:
        raise Malformed("the name of a key is missing")
    if "+" in name or any(letter.isspace() for letter in name):
        raise Malformed("the name of a key has a space or a plus")
    refuse_control(name, "the name of a key")
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise Malformed("the name of a key is not UTF-8") from error


def demand_length(key: bytes, what: str) -> None:
    """Raise where a key has not 32 bytes."""
    if len(key) != KEY_BYTES:
        raise Malformed(f"{what} has {len(key)} bytes, not {KEY_BYTES}")


def public_of(seed: bytes) -> bytes:
    """The public half of a secret Ed25519 key."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature over a message is that key's."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):  # ValueError: no point of the curve
        return False
    return True
