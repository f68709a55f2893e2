"""One way to write each thing: base64, decimals and lines that are read as written or not at all.

Two texts of one proof would be two things to sign, to compare and to look up.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Final

HASH_BYTES: Final = 32
LARGEST: Final = 2**63 - 1  # what every implementation can count to
_DIGITS: Final = len(str(LARGEST))


class Wrong(ValueError):  # noqa: N818 — named as people say it, as in domain/refusal.py
    """What was handed in proves nothing; the words say why."""


class Malformed(Wrong):
    """It is not in the form that its specification gives it."""


class Unproved(Wrong):
    """It is in form, and does not show what it should."""


def b64(raw: bytes) -> str:
    """Standard base64 with padding (RFC 4648 §4)."""
    return b64encode(raw).decode("ascii")


def unb64(text: str, what: str) -> bytes:
    """The bytes of a base64 text, which has to be the only one that gives them."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError as error:
        raise Malformed(f"{what} is not base64") from error
    if b64(raw) != text:
        raise Malformed(f"{what} is base64 with bits or padding that nobody else would write")
    return raw


def unhash(text: str, what: str) -> bytes:
    """The 32 bytes of a hash in base64."""
    raw = unb64(text, what)
    if len(raw) != HASH_BYTES:
        raise Malformed(f"{what} has {len(raw)} bytes, not {HASH_BYTES}")
    return raw


def number(text: str, what: str, *, largest: int = LARGEST) -> int:
    """A decimal number without sign or leading zeros."""
    if not (text.isascii() and text.isdigit()):
        raise Malformed(f"{what} is not a decimal number")
    if text != "0" and text.startswith("0"):
        raise Malformed(f"{what} has leading zeros")
    if len(text) > _DIGITS or int(text) > largest:
        raise Malformed(f"{what} is more than {largest}")
    return int(text)


def utf8(raw: bytes, what: str, *, largest: int) -> str:
    """Text of a file: UTF-8, no control character but the newline, not larger than is allowed."""
    if len(raw) > largest:
        raise Malformed(f"{what} has more than {largest} bytes")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"{what} is not UTF-8") from error
    refuse_control(text, what)
    return text


def refuse_control(text: str, what: str) -> None:
    """Raise where a control character other than the newline stands in a text."""
    if any(letter < " " and letter != "\n" for letter in text):
        raise Malformed(f"{what} has a control character")


def grouped(index: int) -> list[str]:
    """An index as paths have it: its digits in groups of three."""
    text = str(index)
    text = text.zfill(-(-len(text) // 3) * 3)
    return [text[start : start + 3] for start in range(0, len(text), 3)]
