"""Pages of an answer that can grow: every page of a question is of one position and one day.

An answer at a position is one answer for ever, so a page is a place in it. A cursor carries the
position, the day judged by and the place, and is sealed (HMAC-SHA-256, under a key of the record)
over the question too: it leads on in that question alone, and nobody makes one up.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Query
from starlette.requests import Request

from api.basis import Basis
from api.clocks import Clocks, Typed, read_position
from api.office import Office
from api.problems import invalid
from api.routes.door import AsAt, BasisOf, ClocksOf, OfficeOf, StandingOf, based, clocks_read

A_PAGE: Final = 100
MOST: Final = 500
_SEAL_BYTES: Final = 16
_LONGEST: Final = 100  # of a cursor, in characters
# What may differ from page to page of one question.
_APART: Final = frozenset({"cursor", "limit", "after", "wait", "purpose", "entry", "recorded"})
_WRONG: Final = (
    "This is no cursor that a page of this question gave: send it with every other parameter as "
    "that page had them, or leave it out and begin again."
)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Which part of an answer is asked for: by which clocks, after how many rows, how many.

    `clocks` are those of the question, with the position and the day that its first page settled.
    """

    clocks: Clocks
    skip: int
    limit: int
    question: bytes
    key: bytes = field(repr=False)

    def settled(self, office: Office) -> tuple[int, Clocks]:
        """The clocks with a position, so that whatever they read is all of one."""
        as_at = self.clocks.as_at
        as_at = office.record.log.tail() if as_at is None else as_at
        return as_at, replace(self.clocks, as_at=as_at, by_basis=False)

    def part(self, rows: Sequence[Row], *, before: int = 0) -> Sequence[Row]:
        """What of some rows stands on this page, where `before` rows of others come first."""
        first = self.skip - before
        return rows[max(0, first) : max(0, first + self.limit)]

    def next(self, as_at: int, count: int) -> str | None:
        """The cursor of the page after this one, of `count` rows at a position; None: the last."""
        rest = self.skip + self.limit
        return self.cursor(as_at, rest) if rest < count else None

    def cursor(self, as_at: int, skip: int) -> str:
        """The cursor of the page that begins after `skip` rows of the answer at a position."""
        plain = f"{as_at}.{skip}.{self.clocks.on.isoformat()}".encode()
        sealed = _seal(self.key, self.question, plain) + plain
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def paging(
    request: Request, office: Office, clocks: Clocks, cursor: str | None, limit: int
) -> Paging:
    """Read which page a request asks for; the first, where it has no cursor.

    Raises:
        Problem: `invalid`, where no page of this question gave the cursor.
    """
    sent = request.query_params.multi_items()
    asked = sorted((name, text) for name, text in sent if text and name not in _APART)
    first = Paging(
        clocks=clocks,
        skip=0,
        limit=limit,
        question=json.dumps([request.url.path, asked]).encode(),
        key=office.wrapping.search_key(),
    )
    if cursor is None:
        return first
    page = _after(office, first, cursor)
    basis = getattr(request.state, "basis", None)
    if isinstance(basis, Basis) and page.clocks.as_at is not None:
        basis.settle(page.clocks.as_at, page.clocks.on)
    return page


def _after(office: Office, first: Paging, cursor: str) -> Paging:
    """The page a cursor leads to. Raises Problem `invalid`."""
    wrong = invalid("/query/cursor", _WRONG)
    try:
        sealed = base64.urlsafe_b64decode(cursor[:_LONGEST] + "=" * (-len(cursor) % 4))
        seal, plain = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
        if not hmac.compare_digest(seal, _seal(first.key, first.question, plain)):
            raise wrong
        as_at, skip, on = plain.decode("ascii").split(".")
        position, _ = read_position(office, as_at)  # a record put back has fewer than it had
    except (binascii.Error, ValueError):
        raise wrong from None
    clocks = replace(first.clocks, as_at=position, by_basis=False, on=date.fromisoformat(on))
    return replace(first, clocks=clocks, skip=int(skip))


def _seal(key: bytes, question: bytes, plain: bytes) -> bytes:
    message = b"cursor\x1f" + question + b"\x1f" + plain
    return hmac.digest(key, message, "sha256")[:_SEAL_BYTES]


Cursor = Annotated[
    str | None, Query(description="`next` of the page before; all else as that page had it.")
]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many on a page at most.")]


def paged_standing(
    request: Request,
    office: OfficeOf,
    standing: StandingOf,
    cursor: Cursor = None,
    limit: Limit = A_PAGE,
) -> Paging:
    """A page of what is asked by `as_at` and `on`."""
    return paging(request, office, standing, cursor, limit)


def paged_clocks(
    request: Request,
    office: OfficeOf,
    clocks: ClocksOf,
    cursor: Cursor = None,
    limit: Limit = A_PAGE,
) -> Paging:
    """A page of what is asked by all four clocks."""
    return paging(request, office, clocks, cursor, limit)


def paged_then(
    request: Request,
    office: OfficeOf,
    basis: BasisOf,
    *,
    as_at: AsAt = None,
    cursor: Cursor = None,
    limit: Limit = A_PAGE,
) -> Paging:
    """A page of what is asked by `as_at` alone, since no day is judged by."""
    clocks = based(basis, clocks_read(office, Typed(as_at=as_at)), None)
    return paging(request, office, clocks, cursor, limit)


PagedThen = Annotated[Paging, Depends(paged_then)]
PagedStanding = Annotated[Paging, Depends(paged_standing)]
PagedClocks = Annotated[Paging, Depends(paged_clocks)]
