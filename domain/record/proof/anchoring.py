"""Time-stamps of tree heads by somebody outside (RFC 3161): all a head covers was there by then.

What is stamped are the bytes of the signed head as it is published. A stamp is believed where it
fits those bytes and its certificate leads to a root that was named, as of the time it says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from cryptography.x509 import Certificate, ObjectIdentifier
from psycopg import Connection
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from domain.record.envelope import to_us
from domain.record.migration import LOGS
from domain.record.proof.strict import Malformed, Unproved, Wrong
from domain.record.proof.tokens import altered, ordered

MEDIA: Final = "application/timestamp-query"
ANSWER_BYTES: Final = 100_000
_SHA256: Final = ObjectIdentifier("2.16.840.1.101.3.4.2.1")
Ask = Callable[[bytes], bytes]  # a request -> an answer, both DER


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A head that somebody outside stamped: the answer as it came (DER), and the time it says."""

    incarnation: int
    size: int
    stamp: bytes


def stamped(note: bytes, ask: Ask, roots: Sequence[Certificate]) -> tuple[bytes, datetime]:
    """Have a signed head stamped; the answer and the time it says, UTC.

    Raises:
        Malformed: the answer is none.
        Unproved: it is refused, or not believed.
    """
    request = TimestampRequestBuilder().data(note).hash_algorithm(HashAlgorithm.SHA256).build()
    raw = ask(request.as_bytes())
    try:
        answer = _read(raw)
    except ValueError:
        raise Malformed("the time-stamp authority's answer is no time-stamp") from None
    if answer.status not in {0, 1}:  # granted, also with changes (RFC 3161 §2.4.2)
        raise Unproved(f"the time-stamp authority refused: status {answer.status}")
    if request.nonce is not None and answer.tst_info.nonce != request.nonce:
        raise Unproved("the time-stamp answers another request")
    of_these(raw, note)  # or it would be kept, and never published
    return raw, when_stamped(raw, note, roots)


def _read(raw: bytes) -> TimeStampResponse:
    """A response as it came, its certificates in whichever order. Raises ValueError."""
    return decode_timestamp_response(ordered(raw))


def when_stamped(raw: bytes, note: bytes, roots: Sequence[Certificate]) -> datetime:
    """The time that a stamp of these bytes says, UTC.

    Raises:
        Malformed: it is no stamp.
        Unproved: it is of other bytes, or its certificate does not lead to one of the roots.
    """
    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        answer = _read(raw)
        builder.build().verify_message(answer, note)
    except VerificationError as error:
        raise Unproved(f"the time-stamp does not hold: {error}") from None
    except ValueError:
        raise Malformed("this is no time-stamp") from None
    return answer.tst_info.gen_time


def of_these(raw: bytes, note: bytes) -> datetime:
    """The time that a stamp of these bytes says, UTC; whoever gave it is not asked.

    Raises:
        Malformed: it is no stamp.
        Unproved: it is of other bytes, or was altered.
    """
    try:
        said = _read(raw).tst_info
    except ValueError:
        raise Malformed("it is no time-stamp that can be read") from None
    imprint = said.message_imprint
    if imprint.hash_algorithm != _SHA256 or imprint.message != sha256(note).digest():
        raise Unproved("it is a time-stamp of other bytes")
    if altered(raw):
        raise Unproved("its signature does not hold, whoever gave it")
    return said.gen_time


@dataclass(slots=True)
class Stamps:
    """What is kept as time-stamps of a log's heads: what is wrong, was found, is not shown."""

    wrong: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    not_shown: list[str] = field(default_factory=list)


def looked_at(conn: Connection[Any], log: str, roots: Sequence[Certificate]) -> Stamps:
    """Read each stamp, and hold it to the head that it is kept for.

    One that fits its head is no fault of the record's where it leads to none of the roots that are
    named by now: an authority may be another than it was.
    """
    told, of_heads, times = Stamps(), 0, list[tuple[int, datetime]]()
    for size, stamp, note in conn.execute(
        "SELECT a.size, a.stamp, s.note FROM record.anchor a"
        " JOIN record.signed_head s USING (log, incarnation, size)"
        " WHERE a.log = %s ORDER BY a.incarnation, a.size",
        (LOGS[log],),
        binary=True,
    ).fetchall():
        try:
            of_these(bytes(stamp), bytes(note))
        except Wrong as error:
            told.wrong.append(f"what is kept as the time-stamp of {size} entries: {error}")
            continue
        of_heads += 1
        if roots:
            with suppress(Wrong):
                times.append((size, when_stamped(bytes(stamp), bytes(note), roots)))
    if of_heads:
        told.found.append(f"{of_heads} time-stamps are of the heads they are kept for")
    if times:  # nobody's word is taken for a time but theirs who are believed
        covered = [f"entries 1 to {size} by {when:%Y-%m-%d %H:%M:%S} UTC" for size, when in times]
        ends = "; ".join(dict.fromkeys((covered[0], covered[-1])))
        told.found.append(f"{len(times)} of them lead to a root of HOLDFAST_TSA_CA_FILE: {ends}")
    if of_heads > len(times):
        told.not_shown.append(
            f"when {of_heads - len(times)} time-stamps were given, and who gave them: they lead to"
            " no root that is named here (HOLDFAST_TSA_URL, HOLDFAST_TSA_CA_FILE)"
        )
    if not of_heads:
        told.not_shown.append("by when anything was there: there is no time-stamp of a head")
    return told


def keep(conn: Connection[Any], log: str, anchor: Anchor, now: datetime) -> None:
    """Keep a stamp of a head; a head has one."""
    conn.execute(
        "INSERT INTO record.anchor VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (LOGS[log], anchor.incarnation, anchor.size, anchor.stamp, to_us(now)),
    )


def anchors(conn: Connection[Any], log: str, *, behind: tuple[int, int] = (0, 0)) -> list[Anchor]:
    """Every stamped head of a log, oldest first; behind one (incarnation, size), if asked."""
    rows = conn.execute(
        "SELECT incarnation, size, stamp FROM record.anchor WHERE log = %s"
        " AND (incarnation, size) > (%s, %s) ORDER BY incarnation, size",
        (LOGS[log], *behind),
        binary=True,
    ).fetchall()
    return [
        Anchor(incarnation=incarnation, size=size, stamp=bytes(stamp))
        for incarnation, size, stamp in rows
    ]


def last_anchored_us(conn: Connection[Any], log: str) -> int | None:
    """When the last stamp was kept, µs since 1970; None where none was."""
    row = conn.execute(
        "SELECT max(made_us) FROM record.anchor WHERE log = %s", (LOGS[log],)
    ).fetchone()
    return None if row is None else row[0]
