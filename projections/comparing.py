"""Holding a view to a rebuild of it: what people read, and how it is defined.

Whoever has the database may leave a view's table as it was and change what is read of it: so the
rows are those of `views.<name>`, and its definition is held to one made anew. What hides rows from
some roles and not from the one that compares (row security, a view that asks as its reader) is
looked for by its name, and so is what would change what is written (rules, triggers).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, LiteralString

import psycopg
from psycopg import Connection, sql

from projections.table import Table

_BESIDE: Final[LiteralString] = (
    "SELECT relrowsecurity, relforcerowsecurity, reloptions,"
    " ARRAY(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid ORDER BY 1),"
    " ARRAY(SELECT rulename::text FROM pg_rewrite WHERE ev_class = c.oid"
    "  AND NOT (rulename = '_RETURN' AND ev_type = '1') ORDER BY 1),"
    " ARRAY(SELECT tgname::text FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal"
    "  ORDER BY 1)"
    " FROM pg_class c WHERE oid = to_regclass(%(name)s)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A rebuild beside a view, compared and thrown away: rows that only one of them has.

    `first_key` is the key of the first row that differs, and `first_position` the position from
    which on it is so. `as_made` is whether the view is defined as a rebuild defines it.
    """

    position: int
    rows: int
    only_live: int
    only_rebuilt: int
    first_key: tuple[str, ...] = ()
    first_position: int | None = None
    as_made: bool = True
    beside: tuple[str, ...] = ()

    @property
    def equal(self) -> bool:
        """Whether the view is what the record says."""
        return self.as_made and not self.beside and self.only_live == self.only_rebuilt == 0


def compare(conn: Connection[Any], live: Table, fresh: Table, *, upto: int) -> Verified:
    """How many versions a rebuild up to a position has, and which only one of the two has.

    Of the view the versions are compared as they were at that position. Where only the present is
    kept, since when it is so is left out: an event that was forgotten since is not seen by a
    rebuild, and a later one that said the same is.
    """
    made, beside = as_made(conn, live), _beside(conn, live, fresh)
    try:
        found = _rows(conn, sql.Identifier("views", live.projection.name), fresh, upto)
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
        if made:
            raise
        # There is no such view, or it lacks columns: what it was made of can be compared.
        found = _rows(conn, live.id, fresh, upto)
    return replace(found, as_made=made, beside=beside)


def as_made(conn: Connection[Any], live: Table) -> bool:
    """Whether the view is all of the table it shows: compared with one made so, and removed."""
    other = sql.Identifier("views", f"{live.name}_as_made")
    query = "SELECT pg_get_viewdef(to_regclass(%s)), pg_get_viewdef(to_regclass(%s))"
    with conn.transaction(force_rollback=True):
        conn.execute(sql.SQL("CREATE VIEW {} AS SELECT * FROM {}").format(other, live.id))
        names = [f"views.{live.projection.name}", f"views.{live.name}_as_made"]
        row = conn.execute(query, names).fetchone()
    return row is not None and row[0] == row[1]


def _beside(conn: Connection[Any], live: Table, fresh: Table) -> tuple[str, ...]:
    """What stands on the view and its table that a table made anew has not, in words."""
    found = list[str]()
    (options,) = conn.execute(_BESIDE, {"name": f"views.{fresh.name}"}).fetchall()
    for whose, name, made in (
        ("the view", live.projection.name, ()),
        ("its table", live.name, options[2] or ()),
    ):
        for secured, forced, now, *named in conn.execute(_BESIDE, {"name": f"views.{name}"}):
            found += [f"row security is enabled on {whose}"] * secured
            found += [f"row security is forced on {whose}"] * forced
            for what, names in zip(("policy", "rule", "trigger"), named, strict=True):
                found += [f"{whose} has the {what} {one}" for one in names]
            for one in sorted({*(now or ())} ^ {*made}):
                found.append(f"{whose} has {'no longer ' * (one in made)}the option {one}")
    return tuple(found)


def _rows(conn: Connection[Any], shown: sql.Identifier, fresh: Table, upto: int) -> Verified:
    projection = fresh.projection
    names = [*projection.key, *projection.columns]
    keys = sql.SQL(", ").join(
        sql.SQL("{}::text").format(sql.Identifier(name)) for name in projection.key
    )
    query = sql.SQL(
        "WITH live AS (SELECT {columns}, CASE WHEN {history} THEN int8range(lower(valid),"
        " CASE WHEN upper(valid) <= {upto} THEN upper(valid) END) END AS valid"
        " FROM {live} WHERE lower(valid) <= {upto}),"
        " fresh AS (SELECT {columns}, CASE WHEN {history} THEN valid END AS valid FROM {fresh}),"
        " only_live AS MATERIALIZED (TABLE live EXCEPT ALL TABLE fresh),"
        " only_fresh AS MATERIALIZED (TABLE fresh EXCEPT ALL TABLE live)"
        " SELECT (SELECT count(*) FROM fresh), (SELECT count(*) FROM only_live),"
        " (SELECT count(*) FROM only_fresh), (SELECT ARRAY[lower(valid)::text, {keys}] FROM"
        " (TABLE only_live UNION ALL TABLE only_fresh) d ORDER BY lower(valid), {keys} LIMIT 1)"
    ).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, names)),
        keys=keys,
        history=projection.history,
        upto=upto,
        live=shown,
        fresh=fresh.id,
    )
    row = conn.execute(query).fetchone()
    assert row is not None  # noqa: S101 — counts are always answered
    rows, only_live, only_rebuilt, first = row
    at, key = (None, ()) if first is None else (first[0], tuple(first[1:]))
    if first is not None and at is None:
        at = _since(conn, shown, fresh, key)
    return Verified(
        position=upto,
        rows=rows,
        only_live=only_live,
        only_rebuilt=only_rebuilt,
        first_key=key,
        first_position=None if at is None else int(at),
    )


def _since(
    conn: Connection[Any], shown: sql.Identifier, fresh: Table, key: tuple[str, ...]
) -> int | None:
    """Since when the row of a key is so: as the record has it, or else as the view has."""
    same = sql.SQL(" AND ").join(
        sql.SQL("{}::text = %s").format(sql.Identifier(name)) for name in fresh.projection.key
    )
    for table in (fresh.id, shown):
        query = sql.SQL("SELECT min(lower(valid)) FROM {} WHERE {}").format(table, same)
        row = conn.execute(query, key).fetchone()
        if row is not None and row[0] is not None:
            return int(row[0])
    return None
