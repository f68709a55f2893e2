"""What the conclusions of cases say, of whatever year, and which of it was recorded wrongly.

A correction that names fields says that they are wrong, and has no field for what is right: that
stands in its words, for people to read. So what was recorded counts on, and is named as doubted
until its enquiry is reopened and concluded anew, or until a time is told where the day was wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from psycopg import Connection, sql

from projections.returns.folding import FACTS
from projections.returns.rows import DAY_FIELDS, ENQUIRY
from projections.table import array_of, valid_at

SAYS_NOTHING: Final = frozenset({"not_known", "not_recorded"})  # of an answer in a conclusion
BY_CASE: Final = frozenset({"SG1d", "SG1e"})  # told of a concern by the conclusion of its case
_TRIPLES: Final = frozenset({"triples"}) | DAY_FIELDS
# By table, the fields of a conclusion that its figures are made of; those of England's are of the
# year of the conclusion besides.
READS: Final[Mapping[str, frozenset[str]]] = {
    "SG1d": frozenset({"primary_support_reason"}),
    "SG1e": frozenset({"health_conditions"}),
    "SG2a": _TRIPLES,
    "SG2a_b1": _TRIPLES,
    "SG2b": _TRIPLES,
    "SG2c": frozenset({"risks_found", "risks_not_found"}) | DAY_FIELDS,
    "SG2e": frozenset({"risks_found"}) | DAY_FIELDS,
    "SG3a": frozenset({"capacity"}) | DAY_FIELDS,
    "SG4a": frozenset({"outcomes"}) | DAY_FIELDS,
    **dict.fromkeys(("10", "11"), frozenset({"action"})),
    **dict.fromkeys(("15a", "15b"), frozenset({"triples"})),
    **dict.fromkeys(("17a", "17b"), frozenset({"health_conditions"})),
}


class Answers(NamedTuple):
    """What the conclusions of a case say: the last that says any, and the last there was."""

    support_reason: str | None
    conditions: Sequence[str]
    concluded: tuple[UUID, int]  # the enquiry, and where it was concluded


def answers(
    conn: Connection[Any], cases: Collection[UUID], as_at: int | None
) -> Mapping[UUID, Answers]:
    """What the conclusions of some cases say, whatever year those are of."""
    query = sql.SQL(
        'SELECT "case", support_reason, conditions::text, subject, concluded_at FROM {}'
        " WHERE {} AND what = {} AND stands AND concluded_on IS NOT NULL"
        ' AND "case" = ANY(%s::uuid[]) ORDER BY concluded_at'
    ).format(_VIEW, valid_at(as_at), ENQUIRY)
    found: dict[UUID, Answers] = {}
    cursor = conn.cursor(binary=True)
    for case, reason, told, enquiry, position in cursor.execute(query, (array_of(cases),)):
        before = found.get(case) or Answers(None, (), (enquiry, position))
        said = orjson.loads(told)
        found[case] = Answers(
            before.support_reason if reason in SAYS_NOTHING else reason,
            said if set(said) - SAYS_NOTHING else before.conditions,
            (enquiry, position),
        )
    return found


def doubted(conn: Connection[Any], as_at: int | None) -> Mapping[int, frozenset[str]]:
    """By the position of each conclusion the fields of it that were recorded wrongly."""
    query = sql.SQL(
        "SELECT concluded_at, doubted FROM {} WHERE {} AND stands AND doubted <> '[]'"
    ).format(_VIEW, valid_at(as_at))
    return {position: frozenset(fields) for position, fields in conn.execute(query)}


_VIEW: Final = sql.Identifier("views", FACTS.name)
