"""Where a statutory review that several cases tell of is counted: in the one that told it first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection, sql

from projections.returns.folding import FACTS
from projections.returns.rows import REVIEW
from projections.table import array_of, valid_at


def first_told(
    conn: Connection[Any], reviews: Collection[UUID], as_at: int | None
) -> Mapping[UUID, tuple[int, date]]:
    """Where each review was first told to have ended, in whichever case, and when it had."""
    if not reviews:
        return {}
    query = sql.SQL(
        "SELECT DISTINCT ON (subject) subject, concluded_at, concluded_on FROM {}"
        " WHERE {} AND what = {} AND stands AND subject = ANY(%s::uuid[])"
        " ORDER BY subject, concluded_at"
    ).format(sql.Identifier("views", FACTS.name), valid_at(as_at), REVIEW)
    told = conn.execute(query, (array_of(set(reviews)),)).fetchall()
    return {review: (position, day) for review, position, day in told}
