"""Whether the database's relations show all their rows, and are defined as `schema/*.sql` does.

A row that is there and is shown to nobody but a verification is found by no hash. So what can come
between a reader and a row is looked for by its name: row security, policies, rules, triggers, a
table that is added to one of ours, an index or a function that answers for the rows. Functions are
held to the same ones made anew and thrown away, since each PostgreSQL writes them in its own words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import Connection, sql

from domain.record.guards import FOLDER
from domain.record.tables import differences
from domain.refusal import Refused

KEPT: Final = ("record", "keyring", "desk")
VIEWS: Final = ("views",)
_LOGS: Final = ("cases", "readings")
_TREE: Final = {
    "subtree": 'log, level, "index"',
    "incarnation": "log, number",
    "head": "log, incarnation, size",
    "signed_head": "log, incarnation, size",
    "anchor": "log, incarnation, size",
}
_KEYS: Final = {
    **{f"record.{log}": '"position"' for log in _LOGS},
    "record.authority": "one",
    "record.document": "id",
    **{f"record.{name}": columns for name, columns in _TREE.items()},
    "keyring.epoch": "epoch",
    "keyring.subject_key": "subject, generation",
    "keyring.data_key": "id",
    "keyring.destroyed": "subject, generation",
    "keyring.gone": "id",
    "desk.draft": "id",
}
# Every index, as PostgreSQL says it. One that is not here may answer otherwise than its table.
_INDEXES: Final = {
    **{
        f"{table}_pkey": f"UNIQUE INDEX {table.split('.')[1]}_pkey ON {table} USING btree ({key})"
        for table, key in _KEYS.items()
    },
    **{
        f"record.{log}_{name}": f"UNIQUE INDEX {log}_{name} ON record.{log} USING btree {of}"
        for log in _LOGS
        for name, of in (
            ("command", "(command_id) WHERE (command_id IS NOT NULL)"),
            ("stream_version_key", "(stream, version)"),
        )
    },
    "record.document_digest_key": "UNIQUE INDEX document_digest_key ON record.document USING btree"
    " (digest)",
    "record.incarnation_origin_key": "UNIQUE INDEX incarnation_origin_key ON record.incarnation"
    " USING btree (origin)",
    "record.readings_named": "INDEX readings_named ON record.readings USING gin"
    " (record.named(payload)) WITH (gin_pending_list_limit='512')",
    "keyring.data_key_subject": "INDEX data_key_subject ON keyring.data_key USING btree (subject)",
    "desk.draft_owner": "INDEX draft_owner ON desk.draft USING btree (owner, saved_us)",
}
_FUNCTION: Final = re.compile(
    r"^CREATE OR REPLACE FUNCTION record\.(\w+)(\([^$;]*?;)$", re.DOTALL | re.MULTILINE
)
_TRIGGER: Final = re.compile(r"^CREATE OR REPLACE TRIGGER (\w+) [^;]*? ON ([\w.{}]+)", re.MULTILINE)
_INDEXED_BY: Final = {"named": "record.readings_named"}  # answers by what a function said once
_MADE: Final[dict[int, frozenset[tuple[Any, ...]]]] = {}  # by the server's version


@dataclass(frozen=True, slots=True)
class Strange:
    """Something that is not as this release makes it, in words; `undo` takes it away."""

    words: str
    undo: sql.Composed | None = None


def refuse(conn: Connection[Any], *, definitions: bool = True) -> None:
    """Refuse what is not as this release makes it; `definitions` too, unless it is an older one's.

    Raises:
        Refused: with the remedy.
    """
    found = [one.words for one in strange(conn, missing=definitions)]
    if definitions:
        found += [words for words, _ in differences(conn)]
        found += [f"the function {name}" for name in altered(conn, made(conn))]
    if found:
        raise Refused(
            "relations",
            "start-up",
            f"put on, or defined otherwise than this release does: {', '.join(found)}. It can hide "
            "rows from those who read, or let in what is refused, and only the database's owner or "
            "a superuser can do that: "
            "find out who did, and why, before anything is changed, and keep a copy. Then run "
            "`holdfast migrate`, which takes it away or makes it anew and says what, then "
            "`holdfast verify`. What it leaves, its owner has to take away",
        )


def strange(
    conn: Connection[Any], schemas: Collection[str] = KEPT, *, missing: bool = True
) -> list[Strange]:
    """What stands on the relations of some schemas, and the indexes of ours that are otherwise.

    Without `missing` an index that is not there is none: an older release did without.
    """
    found = [*_on(conn, schemas)]
    if "record" in schemas:
        found += _indexes(conn, missing=missing)
    return found


def _on(conn: Connection[Any], schemas: Collection[str]) -> Iterator[Strange]:
    rows = conn.execute(
        "SELECT n.nspname, c.relname, relkind::text, relrowsecurity, relforcerowsecurity,"
        " ARRAY(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid ORDER BY 1),"
        " ARRAY(SELECT rulename::text FROM pg_rewrite WHERE ev_class = c.oid"
        "  AND NOT (rulename = '_RETURN' AND ev_type = '1') ORDER BY 1),"
        " ARRAY(SELECT tgname::text FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal"
        "  ORDER BY 1),"
        " ARRAY(SELECT format('%%I.%%I', s.nspname, k.relname) FROM pg_inherits"
        "  JOIN pg_class k ON k.oid = inhrelid JOIN pg_namespace s ON s.oid = k.relnamespace"
        "  WHERE inhparent = c.oid ORDER BY 1),"
        " CASE WHEN relkind = 'v' THEN reloptions END"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = ANY (%s) AND relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1, 2",
        (list(schemas),),
    ).fetchall()
    ours = _triggers()
    for schema, name, kind, secured, forced, policies, rules, triggers, added, options in rows:
        table, where = sql.Identifier(schema, name), f"{schema}.{name}"
        if where in _KEYS and kind != "r":
            yield Strange(f"{where}, which is no table")
        for there, word, undo in (
            (secured, "enabled", "DISABLE"),
            (forced, "forced", "NO FORCE"),
        ):
            if there:
                change = sql.SQL("ALTER TABLE {} " + undo + " ROW LEVEL SECURITY")
                yield Strange(f"row security {word} on {where}", change.format(table))
        for what, names in (
            ("POLICY", policies),
            ("RULE", rules),
            ("TRIGGER", [one for one in triggers if (where, one) not in ours]),
        ):
            for one in names:
                drop = sql.SQL("DROP " + what + " {} ON {}").format(sql.Identifier(one), table)
                yield Strange(f"the {what.lower()} {one} on {where}", drop)
        yield from (Strange(f"the option {one} on {where}") for one in options or ())
        for one in added if where in _KEYS else ():
            yield Strange(f"the table {one} added to {where}")


def _triggers() -> frozenset[tuple[str, str]]:
    """The triggers of our own files: table and name."""
    return frozenset(
        (table.replace("{log}", log), name)
        for file in FOLDER.glob("*.sql")
        for name, table in _TRIGGER.findall(file.read_text())
        for log in _LOGS
    )


def _indexes(conn: Connection[Any], *, missing: bool) -> Iterator[Strange]:
    rows = conn.execute(
        "SELECT n.nspname, x.relname, pg_get_indexdef(i.indexrelid),"
        " EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid)"
        " FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid"
        " JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = ANY (%s) ORDER BY 1, 2",
        (list(KEPT),),
    ).fetchall()
    lacking = set(_INDEXES)
    for schema, name, told, constrains in rows:
        where = f"{schema}.{name}"
        lacking.discard(where)
        # `index` is a word that some versions put into quotation marks.
        if _plain(told) != _plain(f"CREATE {_INDEXES.get(where)}"):
            drop = sql.SQL("DROP INDEX {}").format(sql.Identifier(schema, name))
            yield Strange(f"the index {where}", None if constrains else drop)
    if missing:
        yield from (Strange(f"the index {where}, which is gone") for where in sorted(lacking))


def _plain(definition: str) -> str:
    return definition.replace('"', "")


def functions(conn: Connection[Any], schema: str = "record") -> frozenset[tuple[str, Any]]:
    """What the functions say that our files define by an expression, by name."""
    rows = conn.execute(
        "SELECT p.proname, pg_get_function_sqlbody(p.oid), p.prosrc, l.lanname, provolatile::text,"
        " p.proparallel::text, p.proisstrict, p.prosecdef, p.proretset, p.proconfig::text,"
        " p.prorettype::regtype::text, pg_get_function_arguments(p.oid)"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " JOIN pg_language l ON l.oid = p.prolang"
        " WHERE n.nspname = %s AND p.proname = ANY (%s)",
        (schema, list(_texts())),
    )
    return frozenset(rows.fetchall())


def made(conn: Connection[Any]) -> frozenset[tuple[Any, ...]]:
    """The same functions as our files make them: made where views are, read, and thrown away."""
    version = conn.info.server_version
    if version not in _MADE:
        with conn.transaction(force_rollback=True):
            conn.execute("SET LOCAL ROLE holdfast_projector")
            for name, text in _texts().items():
                conn.execute(f"CREATE FUNCTION views.{name}{text}".encode())
            _MADE[version] = functions(conn, "views")
    return _MADE[version]


def altered(conn: Connection[Any], wanted: frozenset[tuple[Any, ...]]) -> list[str]:
    """Which of these functions are otherwise, missing, or more than there should be."""
    return sorted({f"record.{name}" for name, *_ in wanted ^ functions(conn)})


def made_anew(conn: Connection[Any], before: frozenset[tuple[Any, ...]]) -> list[str]:
    """Which functions are otherwise than before; an index of what one said is remade."""
    there = {f"record.{name}" for name, *_ in before}
    changed = [one for one in altered(conn, before) if one in there]
    for one in changed:
        index = _INDEXED_BY.get(one.removeprefix("record."))
        if index is not None:
            conn.execute(sql.SQL("REINDEX INDEX {}").format(sql.Identifier(*index.split("."))))
    return [f"the function {one}" for one in changed]


def taken_away(conn: Connection[Any], *, missing: bool) -> list[str]:
    """Take away what was put on our relations, and an index that the files make anew; say what."""
    found = strange(conn, missing=missing)
    for one in found:
        if one.undo is not None:
            conn.execute(one.undo)
    if missing:
        _make_room(conn)
    otherwise = list(differences(conn)) if missing else []
    for _, mending in otherwise:
        # What a row that was let in stands against stays as it is, for the owner to see to.
        with suppress(psycopg.IntegrityError, psycopg.ProgrammingError), conn.transaction():
            if mending is not None:
                conn.execute(mending)
    return [one.words for one in found] + [words for words, _ in otherwise]


def _make_room(conn: Connection[Any]) -> None:
    """Make the views, in whose schema tables are made anew: backups have none, and all may go.

    As the owner, in the transaction of a migration.
    """
    for file in ("00_roles.sql", "10_schemas.sql", "80_tracking.sql", "86_proving.sql"):
        conn.execute((FOLDER / file).read_bytes())
    conn.execute("ALTER SCHEMA views OWNER TO holdfast_projector")


def unanswered(conn: Connection[Any]) -> str | None:
    """What the index of whom readings name leaves out, in words; None where it has all of them.

    It answers by what its function said when each was put in, which may not be what it says now.
    """
    with conn.transaction():
        conn.execute("SET LOCAL enable_seqscan = off")  # as whoever asks for one among very many
        row = conn.execute(
            "SELECT found, n, reference FROM (SELECT reference, n, (SELECT count(*)"
            "  FROM record.readings WHERE record.named(payload) @> ARRAY[reference]) AS found"
            '  FROM (SELECT reference, count(DISTINCT "position") AS n FROM record.readings,'
            "   unnest(record.named(payload)) AS reference GROUP BY 1) AS said) AS asked"
            " WHERE n <> found LIMIT 1"
        ).fetchone()
    return None if row is None else "{} of {} readings that name {}".format(*row)


def _texts() -> Mapping[str, str]:
    """What follows the name of each function that our files define by an expression."""
    texts = (file.read_text() for file in sorted(FOLDER.glob("*.sql")))
    return {name: rest for text in texts for name, rest in _FUNCTION.findall(text)}
