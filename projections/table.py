"""A projection's table: how a row version is written, found, ended; one table a generation.

Rows travel to the database as lines of text COPY: most values are texts already, and PostgreSQL
reads them on another processor. Live and rebuild use the same lines.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import orjson
from psycopg import Connection, sql

from projections.projection import Json, Key, Projection, Row

PRESENT: Final = sql.SQL("upper(valid) IS NULL")  # that a version is the present one
Line = tuple[Key, Row, int, int | None]  # key, row, from position, up to (None: still so)

# How a column is read back so that it equals what a fold made.
_READ: Final[Mapping[str, str]] = {
    "uuid": "{}::text",
    "date": "{}::text",
    "text": "{}",
    "int8": "{}",
    "bool": "{}",
    "jsonb": "{}::text",
    "timestamptz": "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
}


class Table:
    """One generation of a projection's table, `views.<name>_g<number>`."""

    def __init__(self, projection: Projection, number: int) -> None:
        self.projection = projection
        self.number = number
        self.name = f"{projection.name}_g{number}"
        self.id = sql.Identifier("views", self.name)
        self.encode = _encoder(projection)
        self._jsonb = [i for i, kind in enumerate(projection.columns.values()) if kind == "jsonb"]
        self._sql = _Statements(projection, self.id)

    def create(self, conn: Connection[Any]) -> None:
        """Make the table, without an index.

        The statistics tell the planner how few versions are present ones; it would guess a third.
        Later they would wait for an index that is being made. No parallel workers: a question reads
        some hundred rows by an index, and starting workers takes longer than reading them.
        """
        kinds = {**self.projection.key, **self.projection.columns}
        columns = sql.SQL(", ").join(
            sql.SQL("{} {}{}").format(
                sql.Identifier(name),
                sql.SQL(_ours(kind)),
                sql.SQL(" NOT NULL" if name in self.projection.key else ""),
            )
            for name, kind in kinds.items()
        )
        conn.execute(
            sql.SQL(
                "CREATE {unlogged} TABLE {table} ({columns}, valid int8range NOT NULL)"
                " WITH (autovacuum_vacuum_scale_factor = 0.05, parallel_workers = 0)"
            ).format(
                unlogged=sql.SQL("" if self.projection.history else "UNLOGGED"),
                table=self.id,
                columns=columns,
            )
        )
        if not self.projection.history:
            # A statistic quotes values, and stands in a table that is logged.
            for name in self.projection.columns:
                conn.execute(
                    sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET STATISTICS 0").format(
                        self.id, sql.Identifier(name)
                    )
                )
        conn.execute(sql.SQL("CREATE STATISTICS ON (upper(valid)) FROM {}").format(self.id))

    @property
    def quick_indexes(self) -> list[sql.Composed]:
        """What makes its ordinary indexes; unique: a key has one present version."""
        keys = sql.SQL(", ").join(map(sql.Identifier, self.projection.key))
        return [
            sql.SQL("CREATE UNIQUE INDEX ON {} ({}) WHERE {}").format(self.id, keys, PRESENT),
            *(self._index(one) for one in self.projection.indexes if not _over_ranges(one)),
        ]

    @property
    def slow_indexes(self) -> list[sql.Composed]:
        """What makes its indexes over ranges, which take as long as all others together."""
        return [self._index(one) for one in self.projection.indexes if _over_ranges(one)]

    def index(self, conn: Connection[Any], statements: Iterable[sql.Composed]) -> None:
        """Make some of its indexes."""
        for statement in statements:
            conn.execute(statement)

    def _index(self, index: str) -> sql.Composed:
        what = index.replace("{current}", PRESENT.as_string())
        return sql.SQL("CREATE INDEX ON {} {}").format(self.id, sql.SQL(_ours(what)))

    def show(self, conn: Connection[Any], *, replace: bool) -> None:
        """Make `views.<name>` show this generation; `replace` where the columns are the same.

        Else the figures made of it go with it (`figures.install` makes them again). Dashboards read
        those alone.
        """
        view = sql.Identifier("views", self.projection.name)
        if not replace:
            conn.execute(sql.SQL("DROP VIEW IF EXISTS {} CASCADE").format(view))
        conn.execute(sql.SQL("CREATE OR REPLACE VIEW {} AS SELECT * FROM {}").format(view, self.id))
        conn.execute(sql.SQL("GRANT SELECT ON {} TO holdfast_writer").format(view))

    def drop(self, conn: Connection[Any]) -> None:
        """Remove it, if it is there."""
        conn.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(self.id))

    def current(self, conn: Connection[Any], keys: Collection[Key]) -> dict[Key, tuple[int, Row]]:
        """The present rows of these keys, each with the position it is valid from."""
        if not keys:
            return {}
        width = len(self.projection.key)
        columns = [[str(part) for part in column] for column in zip(*keys, strict=True)]
        rows = conn.execute(self._sql.current, columns, prepare=True).fetchall()
        make = self.projection.row._make
        return {row[1 : width + 1]: (row[0], make(self._load(row[width + 1 :]))) for row in rows}

    def end(self, conn: Connection[Any], ended: Collection[tuple[Key, int]]) -> None:
        """End the present versions of these keys, each at its position."""
        if not ended:
            return
        columns = [
            [str(part) for part in column] for column in zip(*(k for k, _ in ended), strict=True)
        ]
        conn.execute(self._sql.end, [*columns, [at for _, at in ended]], prepare=True)

    def write(self, conn: Connection[Any], lines: Iterable[Line]) -> None:
        """Write row versions."""
        text = "".join([self.encode(*line) for line in lines])
        if text:
            with conn.cursor() as cursor, cursor.copy(self._sql.copy + sql.SQL(")")) as copy:
                copy.write(text)

    def write_anew(self, conn: Connection[Any]) -> None:
        """Write the rows it has into new files; the old are gone once the transaction commits.

        So nothing is left of the rows that ended: a row that is deleted stays in its file as dead
        bytes, also where VACUUM has passed. A crash leaves the old files with the old rows in them,
        and the batch that ended some still to be done.
        """
        with conn.cursor() as cursor:
            with cursor.copy(self._sql.copy_out) as out:
                rows = b"".join(bytes(part) for part in out)
            cursor.execute(sql.SQL("TRUNCATE {}").format(self.id))
            # Frozen: who began to read before this sees the rows too, and not an empty table.
            with cursor.copy(self.copy_frozen) as back:
                back.write(rows)

    @property
    def copy_frozen(self) -> sql.Composed:
        """COPY into a table made in the same transaction: its rows need no later visit."""
        return self._sql.copy + sql.SQL(", FREEZE)")

    def _load(self, values: Row) -> Row:
        if not self._jsonb:
            return values
        loaded = list(values)
        for i in self._jsonb:
            if loaded[i] is not None:
                loaded[i] = orjson.loads(loaded[i])
        return tuple(loaded)


class _Statements:
    """The SQL of one table, composed once; every name is ours, never input."""

    def __init__(self, projection: Projection, table: sql.Identifier) -> None:
        names = [*projection.key, *projection.columns]
        keys = list(projection.key.items())
        arrays = sql.SQL(", ").join(
            sql.SQL("%s::text[]::{}[]").format(sql.SQL(_ours(kind))) for _, kind in keys
        )
        aliases = sql.SQL(", ").join(sql.Identifier(f"k_{name}") for name, _ in keys)
        match = sql.SQL(" AND ").join(
            sql.SQL("t.{} = k.{}").format(sql.Identifier(name), sql.Identifier(f"k_{name}"))
            for name, _ in keys
        )
        shown = sql.SQL(", ").join(
            sql.SQL(_READ[kind]).format(sql.SQL("t.{}").format(sql.Identifier(name)))
            for name, kind in {**projection.key, **projection.columns}.items()
        )
        columns = sql.SQL(", ").join(map(sql.Identifier, names))
        self.copy = sql.SQL("COPY {} ({}, valid) FROM STDIN WITH (NULL 'None'").format(
            table, columns
        )
        self.copy_out = sql.SQL("COPY {} ({}, valid) TO STDOUT WITH (NULL 'None')").format(
            table, columns
        )
        self.current = sql.SQL(
            "SELECT lower(t.valid), {shown} FROM {table} t"
            " JOIN unnest({arrays}) AS k ({aliases}) ON {match} WHERE upper(t.valid) IS NULL"
        ).format(shown=shown, table=table, arrays=arrays, aliases=aliases, match=match)
        change = (
            "UPDATE {table} t SET valid = int8range(lower(t.valid), k.k_at) FROM {found}"
            if projection.history
            else "DELETE FROM {table} t USING {found}"
        )
        found = sql.SQL("unnest({arrays}, %s::int8[]) AS k ({aliases}, k_at)").format(
            arrays=arrays, aliases=aliases
        )
        self.end = sql.SQL(_ours(change + " WHERE upper(t.valid) IS NULL AND {match}")).format(
            table=table, found=found, match=match
        )


def in_team(team: str | None, as_at: int | None) -> sql.Composable:
    """The condition that a row is of a team (None: of any), as its indexes find it.

    Those over ranges hold the hash of the team: a number is sorted in half the time of a text.
    """
    if team is None:
        return sql.SQL("true")
    if as_at is None:
        return sql.SQL("team = {}").format(team)
    return sql.SQL("(hashtext(team) = hashtext({team}) AND team = {team})").format(team=team)


def array_of(references: Iterable[UUID]) -> str:
    """References as the text of an array: for tens of thousands the quickest way to send them."""
    return f"{{{','.join([f'{one.int:032x}' for one in references])}}}"


def valid_at(as_at: int | None) -> sql.Composable:
    """The condition that a version is the one of a position; None: the present one."""
    if as_at is None:
        return PRESENT
    return sql.SQL("valid @> {}::int8").format(as_at)


def _ours(text: str) -> Json:
    """SQL that a projection of ours declares: code, never input (sql.SQL wants a literal)."""
    return text


def _over_ranges(index: str) -> bool:
    return index.startswith("USING gist")


def _encoder(projection: Projection) -> Callable[[Key, Row, int, int | None], str]:
    """A row version as a line of text COPY; nothing is `None`, flags are `True` and `False`.

    One formatting operation a row: this is where a rebuild spends its time.
    """
    plain = sum(kind != "jsonb" for kind in projection.columns.values())
    cells = "\t".join(["%s"] * (len(projection.key) + len(projection.columns)))
    still, ended = f"{cells}\t[%d,)\n", f"{cells}\t[%d,%d)\n"

    def encode(key: Key, row: Row, low: int, high: int | None) -> str:
        if high is None:
            return still % (*key, *row[:plain], *map(_json, row[plain:]), low)
        return ended % (*key, *row[:plain], *map(_json, row[plain:]), low, high)

    return encode


def _json(value: Json) -> str | None:
    if not value:
        return None if value is None else "{}" if type(value) is dict else "[]"
    # orjson writes control characters as escapes, so the backslash is all COPY could misread.
    text = orjson.dumps(value).decode()
    return text.replace("\\", "\\\\") if "\\" in text else text
