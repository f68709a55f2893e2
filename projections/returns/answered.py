"""What the conclusions of cases say, of whatever year."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from psycopg import Connection, sql

from projections.returns.folding import FACTS
from projections.returns.rows import ENQUIRY
from projections.table import array_of, valid_at

SAYS_NOTHING: Final = frozenset({"not_known", "not_recorded"})  # of an answer in a conclusion
BY_CASE: Final = frozenset({"SG1d", "SG1e"})  # told of a concern by the conclusion of its case


class Answers(NamedTuple):
    """What the conclusions of a case say: the last that says any, and the last there was."""

    support_reason: str | None
    conditions: Sequence[str]
    concluded: tuple[UUID, int]  # the enquiry, and where it was concluded
    told_at: tuple[int | None, int | None] = (None, None)  # where the reason, and the conditions
    every: Sequence[tuple[int, str | None, Sequence[str]]] = ()  # of each what it says, if any


def answers(
    conn: Connection[Any], cases: Collection[UUID], as_at: int | None
) -> Mapping[UUID, Answers]:
    """What the conclusions of some cases say, whatever year those are of.

    Not those that another authority counts, to which the case was transferred.

    The cases stand in a query within, where the planner does not count them: it would read every
    conclusion there is rather than look up some thousand cases by their index.
    """
    query = sql.SQL(
        'SELECT "case", support_reason, conditions::text, subject, concluded_at FROM {}'
        " WHERE {} AND what = {} AND stands AND concluded_on IS NOT NULL AND elsewhere IS NULL"
        ' AND "case" = ANY((SELECT %s::uuid[])::uuid[]) ORDER BY concluded_at'
    ).format(_VIEW, valid_at(as_at), ENQUIRY)
    found: dict[UUID, Answers] = {}
    cursor = conn.cursor(binary=True)
    for case, reason, told, enquiry, position in cursor.execute(query, (array_of(cases),)):
        before = found.get(case) or Answers(None, (), (enquiry, position))
        said = orjson.loads(told)
        silent, none_said = reason in SAYS_NOTHING, not set(said) - SAYS_NOTHING
        reason_at, conditions_at = before.told_at
        found[case] = Answers(
            before.support_reason if silent else reason,
            before.conditions if none_said else said,
            (enquiry, position),
            (reason_at if silent else position, conditions_at if none_said else position),
            (*before.every, (position, None if silent else reason, () if none_said else said)),
        )
    return found


_VIEW: Final = sql.Identifier("views", FACTS.name)
