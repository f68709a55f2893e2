"""Whether the log's guards are in force and do what `schema/*.sql` has them do.

A trigger that stands in its place and refuses nothing is worse than none. So its function is held
to our own files word for word, its timing to what they ask, and the leaf that the database computes
for a row to the one that is computed here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from psycopg import Connection, sql

from domain.record.envelope import Row, leaf_of

FOLDER: Final = Path(__file__).with_name("schema")
_FUNCTION: Final = re.compile(
    r"CREATE OR REPLACE FUNCTION record\.(\w+)\(\) RETURNS trigger\n"
    r"LANGUAGE plpgsql SET search_path = pg_catalog AS \$\$(.*?)\$\$;",
    re.DOTALL,
)
# What pg_trigger.tgtype says, bit by bit.
_ROW, _BEFORE, _INSERT, _DELETE, _UPDATE, _TRUNCATE = 1, 2, 4, 8, 16, 32
_TIMING: Final = {
    "dense": _INSERT,
    "append_only": _ROW | _BEFORE | _DELETE | _UPDATE,
    "never_truncated": _BEFORE | _TRUNCATE,
}
_CHANGE: Final = "refuse_change"
_ANOTHER: Final = "refuse_another_authority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What a trigger does: whenever it fires, always if enabled `A`, the text of its function."""

    timing: int
    enabled: str
    unconditional: bool  # without WHEN, without columns, without arguments
    rows: str | None  # what its function calls the rows added
    function: str
    plain: bool  # in PL/pgSQL, with the rights of whoever asks, on a search path of its own
    body: str


def statements(text: str, log: str, number: int) -> str:
    """One file's statements for one log."""
    # Names and numbers of our own, never input: plain replacement, since the SQL has braces.
    return text.replace("{log}", log).replace("{number}", str(number))


def altered(conn: Connection[Any], log: str, number: int, *, words: bool = True) -> list[str]:
    """The names of the guards that are missing, disabled or altered.

    Without `words` what a guard's function says is left out: another release had it otherwise.
    """
    found = _found(conn, f"record.{log}")
    wanted = _wanted(log, number)
    if not words:
        found, wanted = _wordless(found), _wordless(wanted)
    return [name for name, guard in wanted.items() if found.get(name) != guard]


def altered_beside(
    conn: Connection[Any], table: str, *, words: bool = True, authority: bool = False
) -> list[str]:
    """As `altered`, of a table beside the logs, which is in no order and has no leaves.

    Of `record.authority` one trigger lets the version of the schema change.
    """
    found, wanted = _found(conn, table), dict(_wanted("cases", 1))
    del wanted["dense"]
    if authority:
        one = wanted.pop("append_only")
        body = _bodies("cases", 1)[_ANOTHER]
        wanted["one_authority"] = replace(one, function=_ANOTHER, body=body)
    if not words:
        found, wanted = _wordless(found), dict(_wordless(wanted))
    return [name for name, guard in wanted.items() if found.get(name) != guard]


def _wordless(guards: Mapping[str, Guard]) -> Mapping[str, Guard]:
    return {name: replace(guard, body="") for name, guard in guards.items()}


def _wanted(log: str, number: int) -> Mapping[str, Guard]:
    """The guards as our own files make them."""
    bodies = _bodies(log, number)
    functions = {"dense": f"{log}_dense"}
    return {
        name: Guard(
            timing=timing,
            enabled="A",
            unconditional=True,
            rows="added" if name == "dense" else None,
            function=functions.get(name, _CHANGE),
            plain=True,
            body=bodies[functions.get(name, _CHANGE)],
        )
        for name, timing in _TIMING.items()
    }


def _bodies(log: str, number: int) -> Mapping[str, str]:
    """What the functions of our own files say, by name."""
    texts = (statements(file.read_text(), log, number) for file in sorted(FOLDER.glob("*.sql")))
    return {name: body for text in texts for name, body in _FUNCTION.findall(text)}


def _found(conn: Connection[Any], table: str) -> Mapping[str, Guard]:
    rows = conn.execute(
        "SELECT t.tgname, t.tgtype::int, t.tgenabled::text,"
        " t.tgqual IS NULL AND t.tgattr::text = '' AND t.tgnargs = 0, t.tgnewtable,"
        " p.proname, n.nspname = 'record' AND l.lanname = 'plpgsql' AND NOT p.prosecdef"
        " AND coalesce(p.proconfig = ARRAY['search_path=pg_catalog'], false), p.prosrc"
        " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang"
        " WHERE t.tgrelid = to_regclass(%s) AND NOT t.tgisinternal",
        (table,),
    ).fetchall()
    return {
        name: Guard(
            timing=timing,
            enabled=enabled,
            unconditional=unconditional,
            rows=added,
            function=function,
            plain=plain,
            body=body,
        )
        for name, timing, enabled, unconditional, added, function, plain, body in rows
    }


def computes_leaves(conn: Connection[Any], log: str, number: int) -> bool:
    """Whether the column `leaf` is generated, and for a row made up now as it is reckoned here."""
    found = conn.execute(
        "SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a"
        " JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
        " WHERE a.attrelid = to_regclass(%s) AND a.attname = 'leaf' AND a.attgenerated = 's'",
        (f"record.{log}",),
    ).fetchone()
    if found is None:
        return False
    # The database would evaluate it at every append; here it is given a row that nobody foresaw.
    query = sql.SQL(
        'SELECT "position", stream, version, recorded_us, name, header, payload, ({leaf}),'
        " authority"
        ' FROM (SELECT (random() * 1e15)::bigint AS "position", gen_random_uuid() AS stream,'
        " (random() * 1e9)::bigint AS version, (random() * 1e15)::bigint AS recorded_us,"
        " gen_random_uuid() AS authority, 'made-up'::text AS name,"
        " uuid_send(gen_random_uuid()) AS header, uuid_send(gen_random_uuid()) AS payload"
        " OFFSET 0) AS sample"
    ).format(leaf=sql.SQL(found[0]))
    row = conn.execute(query).fetchone()
    if row is None:
        return False
    *columns, authority = row
    sample = Row(*columns)
    return leaf_of(number, authority, sample) == sample.leaf
