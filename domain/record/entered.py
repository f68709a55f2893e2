"""That a document was kept, as the log of readings says it: the entry, and what is held to it.

A document lies in a table beside the logs, so that its row alone proves nothing: whoever can write
there could take it away, or put another with a digest of its own. So every document has an entry in
the log of readings, recorded in the transaction that wrote the row. It names the document, the
digest that an event of a case holds, the keys that open it and whose they are, and commits to the
whole row:

    row = SHA-256(ROW ‖ id ‖ 1 ‖ case, or 0 ‖ digest ‖ media's length in 2 bytes ‖ media
                  ‖ how many keys in 4 bytes ‖ keys ‖ nonce ‖ sealed)

When it was written is no part of that: it is when the entry was recorded or, where an earlier
release kept it, no later than that. Nothing it holds means anything outside. In the log of
readings, since it changes no case.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson

from domain.kept import DocumentKept, Share
from domain.record.encoding import load
from domain.record.envelope import Row
from domain.refusal import Corrupt
from domain.words import Digest, DocumentRef, Forgotten, Passage

NAME: Final = "document-kept.v1"
ROW: Final = b"holdfast/document-row/v1\n"


class Stored(NamedTuple):
    """A row of `record.document`; `kept_at` is the position of its entry in the log of readings."""

    number: UUID
    case: UUID | None
    digest: bytes
    keys: list[UUID]
    media: str
    nonce: bytes
    sealed: bytes
    kept_at: int | None
    recorded_us: int | None = None  # that is known once it is written

    def commitment(self) -> Digest:
        """What an entry says of the whole row; the module says how."""
        media = self.media.encode()
        told = sha256(ROW + self.number.bytes)
        told.update(b"\0" if self.case is None else b"\1" + self.case.bytes)
        told.update(self.digest + len(media).to_bytes(2) + media + len(self.keys).to_bytes(4))
        told.update(b"".join(one.bytes for one in self.keys) + self.nonce)
        told.update(self.sealed)
        return Digest(told.hexdigest())

    def entry(
        self, owners: Mapping[UUID, UUID], as_at: int, *, taken_in: bool = False
    ) -> DocumentKept:
        """What the log is to say of it; `owners` is about whom each key is, as far as known.

        `as_at` is how far the log of cases was; `taken_in` where it was kept before it is entered.
        """
        return DocumentKept(
            document=DocumentRef(self.number),
            digest=Digest(self.digest.hex()),
            row=self.commitment(),
            shares=tuple(Share(key=one, about=owners.get(one)) for one in self.keys),
            as_at=as_at,
            taken_in=taken_in,
        )


class Entry(NamedTuple):
    """What the log of readings says of a document, and where."""

    position: int
    said: DocumentKept
    recorded_us: int

    @property
    def place(self) -> str:
        """Where it stands and what it is about, as a fault begins."""
        return f"position {self.position}: document {self.said.document}"

    def trouble(self, row: Stored | None) -> str | None:
        """Why what is stored is not what was kept, in words; None where it is."""
        if row is None:
            return f"{self.place}: it was kept, and is not there any more"
        said = self.said
        if row.kept_at != (None if said.taken_in else self.position):
            return f"{self.place}: what is stored under its number names another entry of the log"
        # Of the moment of its entry, in whose transaction it is written, or older if taken in.
        moment = row.recorded_us or 0
        dated = moment <= self.recorded_us if said.taken_in else moment == self.recorded_us
        if not dated or row.digest.hex() != said.digest or row.commitment() != said.row:
            return f"{self.place}: what is stored is not what was kept"
        return None


def other_digest(position: int) -> str:
    """Say which entry of a case holds another digest of a document than the one that is kept."""
    return f"position {position} of the record of cases holds another digest of it"


def entry_of(row: Row) -> Entry:
    """Read an entry. Raises Corrupt: it is none, or cannot be read."""
    try:
        data = orjson.loads(row.payload)["data"]
    except (KeyError, TypeError, ValueError):
        data = None
    if row.name != NAME or data is None:
        raise Corrupt(f"position {row.position}: it says of no document that it was kept")
    try:
        said: DocumentKept = load(DocumentKept, data, _no_passage)
    except Corrupt:
        words = f"position {row.position}: what it says of a document cannot be read"
        raise Corrupt(words) from None
    return Entry(row.position, said, row.recorded_us)


def _no_passage(_sealed: Mapping[str, Any], _path: str) -> Passage:
    return Forgotten(UUID(int=0))  # never asked: the class has none
