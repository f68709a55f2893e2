"""The 128 bytes that a leaf hashes, built here as the database builds them, to check each other.

Layout in `schema/30_envelope.sql`. Nothing in it means anything outside: no name, no event type.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from domain.record.merkle import leaf_hash
from domain.record.sealing import HEADER, PAYLOAD, header_commitment, payload_commitment

MAGIC: Final = b"HFST"
SCHEMA_VERSION: Final = 1
ENVELOPE_BYTES: Final = 128
_LAYOUT: Final = struct.Struct(">4sHH16sq16sqq32s32s")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a log as it is stored; `header` and `payload` are bytes, `leaf` 32 of them."""

    position: int
    stream: UUID
    version: int
    recorded_us: int
    name: str
    header: bytes
    payload: bytes
    leaf: bytes

    @property
    def recorded_at(self) -> datetime:
        """When it was written, UTC."""
        return from_us(self.recorded_us)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970 UTC, exact."""
    return (moment - _EPOCH) // _MICROSECOND


def from_us(us: int) -> datetime:
    """The inverse of `to_us`."""
    return _EPOCH + us * _MICROSECOND


def envelope(log: int, authority: UUID, row: Row) -> bytes:
    """The envelope of a row: what the published entry will be."""
    return _LAYOUT.pack(
        MAGIC,
        SCHEMA_VERSION,
        log,
        authority.bytes,
        row.position,
        row.stream.bytes,
        row.version,
        row.recorded_us,
        header_commitment(row.header),
        payload_commitment(row.payload),
    )


def leaf_of(log: int, authority: UUID, row: Row) -> bytes:
    """What the row's leaf must be."""
    return leaf_hash(envelope(log, authority, row))


def leaves_of(log: int, authority: UUID, rows: Iterable[Sequence[Any]]) -> list[bytes]:
    """What the leaves of many rows must be; as `leaf_of`, without a value for each on the way.

    A row begins with position, stream (16 bytes), version, recorded_us, name, header, payload.
    """
    pack, magic, schema, own = _LAYOUT.pack, MAGIC, SCHEMA_VERSION, authority.bytes
    return [
        sha256(
            b"\x00"
            + pack(
                magic,
                schema,
                log,
                own,
                row[0],
                row[1],
                row[2],
                row[3],
                sha256(HEADER + row[5]).digest(),
                sha256(PAYLOAD + row[6]).digest(),
            )
        ).digest()
        for row in rows
    ]
