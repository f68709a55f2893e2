"""Time-stamps of tree heads by somebody outside (RFC 3161): all a head covers was there by then.

What is stamped are the bytes of the signed head as it is published. A stamp is believed where it
fits those bytes and its certificate leads to a root that was named, as of the time it says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.x509 import Certificate
from psycopg import Connection
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from domain.record.envelope import to_us
from domain.record.migration import LOGS
from domain.record.proof.strict import Malformed, Unproved

MEDIA: Final = "application/timestamp-query"
ANSWER_BYTES: Final = 100_000
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
        answer = decode_timestamp_response(raw)
    except ValueError:
        raise Malformed("the time-stamp authority's answer is none") from None
    if answer.status not in {0, 1}:  # granted, also with changes (RFC 3161 §2.4.2)
        raise Unproved(f"the time-stamp authority refused: status {answer.status}")
    if request.nonce is not None and answer.tst_info.nonce != request.nonce:
        raise Unproved("the time-stamp answers another request")
    return raw, when_stamped(raw, note, roots)


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
        answer = decode_timestamp_response(raw)
        builder.build().verify_message(answer, note)
    except VerificationError as error:
        raise Unproved(f"the time-stamp does not hold: {error}") from None
    except ValueError:
        raise Malformed("this is no time-stamp") from None
    return answer.tst_info.gen_time


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
