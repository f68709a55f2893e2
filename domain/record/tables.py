"""Whether the tables ask of their rows what `schema/*.sql` has them ask.

A constraint that is gone lets in what it was there to keep out; one that was added, or a default or
a type that was changed, lets in less, or something else than was written. So columns and
constraints are held to the same tables made anew from our own files, where views are made, and
thrown away. The expression of a leaf is not among them: `guards` reckons leaves themselves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from psycopg import Connection, sql

from domain.record.guards import FOLDER, statements

_LOGS: Final = ("cases", "readings")
_COMMENT: Final = re.compile(r"--[^'\n]*$", re.MULTILINE)
_STATEMENT: Final = re.compile(r"^(?:CREATE TABLE|ALTER TABLE) [^;]*;", re.MULTILINE)
_NAMED: Final = re.compile(r"\b(record|keyring|desk|views)\.(\w+)")
_CREATED: Final = re.compile(r"^CREATE TABLE IF NOT EXISTS (\w+)\.(\w+)")
_ELSEWHERE: Final = re.compile(r" OWNER TO | TRIGGER ")  # asked by `grants` and `guards`
_ANEW: Final = "~"  # what the name of a table made anew begins with: no view's does
_COLUMNS: Final = (
    "SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)"
    " || CASE WHEN a.attcollation <> t.typcollation"
    "    THEN ' COLLATE ' || a.attcollation::regcollation ELSE '' END,"
    " a.attnotnull, a.attidentity::text,"
    " CASE WHEN a.attname = 'leaf' THEN NULL ELSE a.attgenerated::text END,"
    " CASE WHEN a.attname = 'leaf' THEN NULL ELSE pg_get_expr(d.adbin, d.adrelid) END"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid"
    " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
    " WHERE n.nspname = ANY (%s) AND c.relname = ANY (%s) AND a.attnum > 0 AND NOT a.attisdropped"
)
# From PostgreSQL 18 on a column that may not be null is a constraint too: above, as the column's.
_CONSTRAINTS: Final = (
    "SELECT n.nspname, c.relname, o.conname, pg_get_constraintdef(o.oid),"
    " EXISTS (SELECT FROM pg_trigger g WHERE g.tgconstraint = o.oid AND g.tgisinternal"
    "  AND g.tgenabled <> 'O')"
    " FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = ANY (%s) AND c.relname = ANY (%s) AND o.contype NOT IN ('n', 't')"
)


class _Column(NamedTuple):
    type: str
    required: bool
    identity: str
    generated: str | None  # None of a leaf
    default: str | None


@dataclass(frozen=True, slots=True)
class Tables:
    """What some tables ask of their rows: by schema, table and name."""

    columns: Mapping[tuple[str, str, str], _Column]
    constraints: Mapping[tuple[str, str, str], tuple[str, bool]]  # as it says, whether it is off


_MADE: Final[dict[int, Tables]] = {}  # by the server's version


def differences(conn: Connection[Any]) -> Iterator[tuple[str, sql.Composed | None]]:
    """What is otherwise than our files make it, in words, and what would mend it.

    A column of another type, or one that is gone or too many, is mended by nobody but its owner.
    """
    wanted = _made(conn)
    places = {(schema, table) for schema, table, _ in wanted.columns}
    there = _read(conn, *zip(*places, strict=True))
    for key in sorted(wanted.columns.keys() | there.columns.keys()):
        if key[:2] in places:
            yield from _column(key, wanted.columns.get(key), there.columns.get(key))
    keys = sorted(wanted.constraints.keys() | there.constraints.keys())
    # A key that is pointed at before what points at it: so that each can be mended in turn.
    for key in sorted(keys, key=lambda one: wanted.constraints.get(one, ("",))[0][:7] == "FOREIGN"):
        if key[:2] in places:
            yield from _constraint(key, wanted.constraints.get(key), there.constraints.get(key))


def _column(
    key: tuple[str, str, str], wanted: _Column | None, there: _Column | None
) -> Iterator[tuple[str, sql.Composed | None]]:
    schema, table, name = key
    where = f"the column {name} of {schema}.{table}"
    if wanted is None or there is None:
        yield f"{where}, which is {'gone' if there is None else 'added'}", None
        return
    alter = sql.SQL("ALTER TABLE {} ALTER COLUMN {} ").format(
        sql.Identifier(schema, table), sql.Identifier(name)
    )
    if (wanted.type, wanted.identity, wanted.generated) != (
        there.type,
        there.identity,
        there.generated,
    ):
        yield where, None
        return
    if wanted.default != there.default:
        says = (
            sql.SQL("DROP DEFAULT")
            if wanted.default is None
            else sql.SQL("SET DEFAULT {}").format(sql.SQL(wanted.default))  # of our own files
        )
        yield f"the default of {name} of {schema}.{table}", alter + says
    if wanted.required != there.required:
        says = sql.SQL("SET NOT NULL" if wanted.required else "DROP NOT NULL")
        may = "may" if wanted.required else "may not"
        yield f"{where}, which {may} be null", alter + says


def _constraint(
    key: tuple[str, str, str], wanted: tuple[str, bool] | None, there: tuple[str, bool] | None
) -> Iterator[tuple[str, sql.Composed | None]]:
    schema, table, name = key
    where = f"the constraint {name} of {schema}.{table}"
    if wanted == there:
        return
    on, named = sql.Identifier(schema, table), sql.Identifier(name)
    drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(on, named)
    if wanted is None:
        yield f"{where}, which is added", drop
        return
    add = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(on, named, sql.SQL(wanted[0]))
    if there is None:
        yield f"{where}, which is gone", add
    elif there[0] == wanted[0]:
        yield f"{where}, which is switched off", sql.SQL("{}; {}").format(drop, add)
    else:
        yield where, sql.SQL("{}; {}").format(drop, add)


def _made(conn: Connection[Any]) -> Tables:
    """The same tables as our files make them: made where views are, read, and thrown away."""
    version = conn.info.server_version
    if version not in _MADE:
        homes = {table: schema for schema, table in _places()}
        with conn.transaction(force_rollback=True):
            conn.execute("SET LOCAL ROLE holdfast_projector")
            conn.execute("SET LOCAL client_min_messages = warning")
            said = "\n".join(_statements())
            conn.execute(_NAMED.sub(rf'views."{_ANEW}\2"', said).encode())
            made = _read(conn, ("views",), [_ANEW + table for table in homes])
        _MADE[version] = Tables(
            columns={_home(key, homes): one for key, one in made.columns.items()},
            constraints={
                _home(key, homes): (_plain(said, homes), off)
                for key, (said, off) in made.constraints.items()
            },
        )
    return _MADE[version]


def _home(key: tuple[str, str, str], homes: Mapping[str, str]) -> tuple[str, str, str]:
    _, table, name = key
    table = table.removeprefix(_ANEW)
    return homes[table], table, name.removeprefix(_ANEW)


def _plain(said: str, homes: Mapping[str, str]) -> str:
    """What a constraint says, of the tables that it would be on."""
    for table, schema in homes.items():
        said = said.replace(f'views."{_ANEW}{table}"', f"{schema}.{table}")
    return said


def _places() -> list[tuple[str, str]]:
    """Schema and name of each table that our files make."""
    found = (_CREATED.match(statement) for statement in _statements())
    return [(one[1], one[2]) for one in found if one]


def _statements() -> Iterator[str]:
    """The statements of our own files that make a table or change one."""
    for file in sorted(FOLDER.glob("*.sql")):
        text = file.read_text()
        for number, log in enumerate(_LOGS if "{log}" in text else _LOGS[:1], 1):
            said = _COMMENT.sub("", statements(text, log, number))
            yield from (one for one in _STATEMENT.findall(said) if not _ELSEWHERE.search(one))


def _read(conn: Connection[Any], schemas: Collection[str], tables: Collection[str]) -> Tables:
    asked = (list(schemas), list(tables))
    return Tables(
        columns={
            (schema, table, name): _Column(*said)
            for schema, table, name, *said in conn.execute(_COLUMNS, asked).fetchall()
        },
        constraints={
            (schema, table, name): (said, off)
            for schema, table, name, said, off in conn.execute(_CONSTRAINTS, asked).fetchall()
        },
    )
