"""Whoever has the database, its triggers and its folders may change what they like: it is found.

Each attack is done as a superuser with every guard disarmed, on a record whose proof was handed
over before (`kept`). `holdfast verify --against` has to name where it begins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.record.encoding import canonical
from domain.record.merkle import EMPTY_ROOT
from domain.record.proof.note import Verifier
from domain.record.proof.signing import head_signers
from tests.conftest import OWNER, Database
from tests.doors.conftest import Cli
from tests.doors.test_cli import CHRONOLOGIES

Conn = psycopg.Connection[Any]
_GUARDED = ("cases", "readings", "document", "head", "signed_head", "subtree", "incarnation")
LAST = '(SELECT max("position") FROM record.cases)'


@pytest.fixture
def kept(cli: Cli, tmp_path: Path) -> Path:
    """Record two cases, and hand the proof over."""
    for name in ("june", "mr-h"):
        path = str(CHRONOLOGIES / f"{name}.csv")
        assert cli("import", "chronology", path, "--new-case", "--reference", name).code == 0
    folder = tmp_path / "kept"
    said = cli("export-proof", str(folder))
    assert said.code == 0, said.err
    assert cli("verify", "--against", str(folder)).code == 0
    return folder


@contextmanager
def behind(database: Database) -> Iterator[Conn]:
    """Connect as a superuser with every guard disarmed, and leaves that fit whatever is written."""
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        for table in _GUARDED:
            conn.execute(f"ALTER TABLE record.{table} DISABLE TRIGGER ALL")
        yield conn
        for table in _GUARDED:
            conn.execute(f"ALTER TABLE record.{table} ENABLE TRIGGER ALL")
            for trigger in ("append_only", "never_truncated"):
                conn.execute(f"ALTER TABLE record.{table} ENABLE ALWAYS TRIGGER {trigger}")
        for table in ("cases", "readings"):
            conn.execute(f"ALTER TABLE record.{table} ENABLE ALWAYS TRIGGER dense")


def a_payload(conn: Conn) -> int:
    """Change what an entry says, so that it is in form."""
    row = conn.execute('SELECT payload FROM record.cases WHERE "position" = 5').fetchone()
    assert row is not None
    payload = json.loads(row[0])
    payload["salt"] = "A" * 22
    conn.execute('UPDATE record.cases SET payload = %s WHERE "position" = 5', (canonical(payload),))
    return 5


def a_header(conn: Conn) -> int:
    """Change who did it."""
    row = conn.execute('SELECT header FROM record.cases WHERE "position" = 6').fetchone()
    assert row is not None
    header = json.loads(row[0])
    header["role"] = "manager" if header["role"] != "manager" else "chair"
    conn.execute('UPDATE record.cases SET header = %s WHERE "position" = 6', (canonical(header),))
    return 6


def an_envelope(conn: Conn) -> int:
    """Change whose stream an entry is of."""
    conn.execute(
        'UPDATE record.cases SET stream = gen_random_uuid(), version = 1 WHERE "position" = 7'
    )
    return 7


def one_deleted(conn: Conn) -> int:
    """Take one entry out."""
    conn.execute('DELETE FROM record.cases WHERE "position" = 8')
    return 9


def the_tail_deleted(conn: Conn) -> int:
    """Cut the end off, with the heads that knew of it."""
    row = conn.execute(f"SELECT {LAST}").fetchone()
    assert row is not None
    conn.execute("DELETE FROM record.signed_head; DELETE FROM record.head")
    conn.execute(f'DELETE FROM record.cases WHERE "position" > {row[0]} - 3')
    return int(row[0]) - 2


def renumbered(conn: Conn) -> int:
    """Take one out and close the gap, in the log and in its stream."""
    row = conn.execute('SELECT stream, version FROM record.cases WHERE "position" = 8').fetchone()
    assert row is not None
    conn.execute("DELETE FROM record.signed_head; DELETE FROM record.head")
    conn.execute('DELETE FROM record.cases WHERE "position" = 8')
    conn.execute(
        'UPDATE record.cases SET "position" = -"position" WHERE "position" > 8'.replace(
            '-"position"', '"position" + 1000000'
        )
    )
    conn.execute(
        'UPDATE record.cases SET "position" = "position" - 1000001 WHERE "position" > 1000000'
    )
    conn.execute(
        "UPDATE record.cases SET version = version + 1000000 WHERE stream = %s AND version > %s",
        row,
    )
    conn.execute(
        "UPDATE record.cases SET version = version - 1000001"
        " WHERE stream = %s AND version > 1000000",
        (row[0],),
    )
    return 8


def reordered(conn: Conn) -> int:
    """Let two entries of different streams change places."""
    rows = conn.execute(
        'SELECT a."position", b."position" FROM record.cases a JOIN record.cases b'
        ' ON b."position" = a."position" + 1 AND a.stream <> b.stream'
        ' WHERE a."position" > 2 ORDER BY 1 LIMIT 1'
    ).fetchone()
    assert rows is not None
    first, second = rows
    conn.execute('UPDATE record.cases SET "position" = 900000 WHERE "position" = %s', (first,))
    conn.execute('UPDATE record.cases SET "position" = %s WHERE "position" = %s', (first, second))
    conn.execute('UPDATE record.cases SET "position" = %s WHERE "position" = 900000', (second,))
    return int(first)


def inserted(conn: Conn) -> int:
    """Slip an entry in, and move all that follow."""
    conn.execute("DELETE FROM record.signed_head; DELETE FROM record.head")
    conn.execute('UPDATE record.cases SET "position" = "position" + 1000000 WHERE "position" >= 9')
    conn.execute(
        'UPDATE record.cases SET "position" = "position" - 999999 WHERE "position" >= 1000000'
    )
    conn.execute(
        'INSERT INTO record.cases ("position", stream, version, recorded_us, authority, name,'
        " header, payload) SELECT 9, gen_random_uuid(), 1, recorded_us, authority, name, header,"
        ' payload FROM record.cases WHERE "position" = 10'
    )
    return 9


def cases_swapped(conn: Conn) -> int:
    """Let two entries change what they say, and leave their places."""
    conn.execute(
        "UPDATE record.cases c SET header = o.header, payload = o.payload, name = o.name"
        ' FROM record.cases o WHERE (c."position", o."position") IN ((10, 12), (12, 10))'
    )
    return 10


def backdated(conn: Conn) -> int:
    """Say that an entry was written an hour before."""
    conn.execute(
        "UPDATE record.cases SET recorded_us = recorded_us - 3600000000"
        ' WHERE "position" <= 11 AND "position" >= 1'
    )
    return 1


def another_authority(conn: Conn) -> int:
    """Replay an entry as another authority's."""
    conn.execute('UPDATE record.cases SET authority = gen_random_uuid() WHERE "position" = 13')
    return 13


def rewritten_with_heads(conn: Conn) -> int:
    """Rewrite an entry, and everything here that knew it."""
    at = a_payload(conn)
    conn.execute("DELETE FROM record.signed_head; DELETE FROM record.head")
    return at


def restored_by_nobody(conn: Conn) -> int:
    """Rewrite an entry, and say that the log was restored from before it: without the key."""
    at = rewritten_with_heads(conn)
    conn.execute("DELETE FROM record.subtree WHERE log = 1")
    row = conn.execute("SELECT origin, vkey FROM record.incarnation WHERE log = 1").fetchone()
    assert row is not None
    origin = f"{row[0][:-1]}2"
    vkey = Verifier(origin, Verifier.from_vkey(row[1]).public).vkey
    conn.execute(
        "INSERT INTO record.incarnation VALUES (1, 2, %s, %s, 1, %s, 0, %s, %s)",
        (origin, vkey, row[0], EMPTY_ROOT, b"none"),
    )
    return at


def restored_under_a_key_of_nobodys(conn: Conn) -> int:
    """As that, with a key of whoever did it, and a note that this key signed."""
    at = rewritten_with_heads(conn)
    conn.execute("DELETE FROM record.subtree WHERE log = 1")
    row = conn.execute("SELECT origin FROM record.incarnation WHERE log = 1").fetchone()
    assert row is not None
    signer = head_signers(b"nobody's" * 4)(f"{row[0][:-1]}2")
    conn.execute(
        "INSERT INTO record.incarnation VALUES (1, 2, %s, %s, 1, %s, 0, %s, %s)",
        (
            signer.signer.name,
            signer.vkey,
            row[0],
            EMPTY_ROOT,
            signer.begins((row[0], 0, EMPTY_ROOT), 1),
        ),
    )
    return at


@pytest.mark.parametrize(
    "attack",
    [
        a_payload,
        a_header,
        an_envelope,
        one_deleted,
        the_tail_deleted,
        renumbered,
        reordered,
        inserted,
        cases_swapped,
        backdated,
        another_authority,
        rewritten_with_heads,
        restored_by_nobody,
        restored_under_a_key_of_nobodys,
    ],
    ids=lambda attack: attack.__name__,
)
def test_what_is_changed_is_found_where_it_begins(
    cli: Cli, kept: Path, database: Database, attack: Callable[[Conn], int]
) -> None:
    """Whatever was changed, the first position that is not as it was recorded is named."""
    with behind(database) as conn:
        at = attack(conn)
    said = cli("verify", "--json", "--against", str(kept))
    assert said.code == 6
    problems = [one for log in said.json["logs"] for one in log["problems"]]
    named = [int(found) for one in problems for found in re.findall(r"position (\d+):", one)]
    assert min(named) == at


@pytest.mark.parametrize(
    ("attack", "refused"), [(restored_by_nobody, 6), (restored_under_a_key_of_nobodys, 2)]
)
def test_nothing_is_signed_under_an_incarnation_that_nobody_began(
    cli: Cli, kept: Path, database: Database, attack: Callable[[Conn], int], refused: int
) -> None:
    """A restoring made up in the database is signed under by no leader, and named by `verify`."""
    with behind(database) as conn:
        at = attack(conn)
    assert cli("export-proof", str(kept.with_name("fresh"))).code == refused
    with psycopg.connect(database.conninfo(OWNER)) as conn:
        query = "SELECT count(*) FROM record.signed_head WHERE log = 1"
        assert conn.execute(query).fetchone() == (0,)
    found = wrongs(cli)
    assert any("incarnation 2 was begun by nobody who has the key" in one for one in found)
    assert not any("incarnation 2 goes on since" in one for one in found)
    assert any(f"position {at}: another entry stands here" in one for one in found)


def test_whoever_has_the_key_signs_for_a_restore_of_an_earlier_release(
    cli: Cli, kept: Path, database: Database
) -> None:
    """It signed nothing when it restored, so that the key says it later, when it is asked to."""
    assert kept.is_dir()
    with behind(database) as conn:
        for log in (1, 2):
            row = conn.execute(
                "SELECT i.origin, i.vkey, h.size, h.root FROM record.incarnation i"
                " JOIN record.head h USING (log) WHERE log = %s ORDER BY size DESC",
                (log,),
            ).fetchone()
            assert row is not None
            origin = f"{row[0][:-1]}2"
            vkey = Verifier(origin, Verifier.from_vkey(row[1]).public).vkey
            conn.execute(
                "INSERT INTO record.incarnation VALUES (%s, 2, %s, %s, 1, %s, %s, %s, NULL)",
                (log, origin, vkey, row[0], row[2], row[3]),
            )
    assert cli("verify").code == 6
    said = cli("migrate", "--sign-restored")
    assert said.code == 0, said.err
    assert cli("verify").code == 0


def test_a_changed_head_is_found(cli: Cli, kept: Path, database: Database) -> None:
    """A head of another root, signed by nobody or by another key, is no head of this log."""
    assert kept.is_dir()
    with behind(database) as conn:
        conn.execute("UPDATE record.head SET root = %s WHERE log = 1", (bytes(32),))
    said = cli("verify", "--json")
    assert said.code == 6
    assert any(
        "had another root when it was signed" in one for one in said.json["logs"][0]["problems"]
    )


def test_a_changed_projection_is_found(cli: Cli, kept: Path, database: Database) -> None:
    """A view that says otherwise than the record does is found by making it anew."""
    assert kept.is_dir()
    assert cli("verify", "--views").code == 0
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        tables = conn.execute(
            "SELECT format('views.%I', c.relname) FROM pg_class c JOIN pg_namespace n"
            " ON n.oid = c.relnamespace WHERE n.nspname = 'views' AND c.relkind = 'r'"
            " AND c.relname LIKE 'chronology%'"
        ).fetchall()
        assert tables
        for (table,) in tables:
            conn.execute(f"DELETE FROM {table} WHERE ctid = (SELECT min(ctid) FROM {table})")
    said = cli("verify", "--views", "--json")
    assert said.code == 6
    assert [name for name, one in said.json["views"].items() if not one["equal"]] == ["chronology"]


def digest(folder: Path) -> str:
    """What all files of a folder come to."""
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    return sha256(b"".join(one.read_bytes() for one in files)).hexdigest()


def test_a_changed_publication_is_found(cli: Cli, kept: Path, tmp_path: Path) -> None:
    """A tile or entry that was changed where it is published does not fit its checkpoint."""
    before = digest(kept)
    folder = next(one for one in tmp_path.rglob("proof") if one.is_dir())
    tile = next((folder / "cases" / "tile" / "0").rglob("*[0-9]"))
    while tile.is_dir():
        tile = next(tile.iterdir())
    raw = bytearray(tile.read_bytes())
    raw[0] ^= 1
    tile.write_bytes(bytes(raw))
    said = cli("verify", "--json", "--against", str(kept))
    assert said.code == 6
    assert any("the published folder" in one for one in said.json["logs"][0]["problems"])
    assert digest(kept) == before


def test_a_published_proof_is_verified_as_an_outsider_does(cli: Cli, kept: Path) -> None:
    """`holdfast verify FOLDER` asks the verifier of one file, and needs no record for it."""
    assert cli("verify", str(kept)).code == 0
    entries = next((kept / "cases" / "tile" / "entries").rglob("000*"))
    file = next(entries.iterdir()) if entries.is_dir() else entries
    raw = bytearray(file.read_bytes())
    raw[-1] ^= 1
    file.write_bytes(bytes(raw))
    assert cli("verify", str(kept)).code == 6
    assert cli("verify", str(kept / "absent")).code == 2
    assert cli("verify", str(kept), "--views").code == 2


def wrongs(cli: Cli, *words: str) -> list[str]:
    """Everything that `verify` names, of both logs and of the documents."""
    said = cli("verify", "--json", *words)
    assert said.code == 6
    found = [one for log in said.json["logs"] for one in log["problems"]]
    return [*found, *said.json["documents"]["problems"]]


def test_a_changed_data_key_is_found(cli: Cli, kept: Path, database: Database) -> None:
    """A key put in the place of another opens nothing else: what it would have to open is named."""
    assert kept.is_dir()
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute(
            "UPDATE keyring.data_key d SET wrapped = o.wrapped FROM keyring.data_key o"
            " WHERE d.id = (SELECT min(id::text)::uuid FROM keyring.data_key)"
            " AND o.id = (SELECT max(id::text)::uuid FROM keyring.data_key)"
        )
    assert wrongs(cli)


def test_swapped_ciphertexts_are_found(cli: Cli, kept: Path, database: Database) -> None:
    """A passage in the place of another is named where it stands, also by its place in the tree."""
    with behind(database) as conn:
        rows = conn.execute(
            'SELECT "position", payload FROM record.cases'
            " WHERE position('\"sealed\"'::bytea in payload) > 0 ORDER BY 1 LIMIT 2"
        ).fetchall()
        (first, one), (second, other) = ((at, json.loads(raw)) for at, raw in rows)
        path, twin = sealed_at(one["data"]), sealed_at(other["data"])
        path[0][path[1]], twin[0][twin[1]] = twin[0][twin[1]], path[0][path[1]]
        for at, payload in ((first, one), (second, other)):
            conn.execute(
                'UPDATE record.cases SET payload = %s WHERE "position" = %s',
                (canonical(payload), at),
            )
    named = [one for one in wrongs(cli, "--against", str(kept)) if f"position {first}:" in one]
    assert any("was moved here" in one for one in named)
    assert any("another entry stands here" in one for one in named)


def sealed_at(value: Any) -> tuple[Any, Any]:  # noqa: ANN401 — JSON
    """Where in a payload the first sealed passage stands: what holds it, and under which name."""
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        members = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, member in members:
            if isinstance(member, dict) and "sealed" in member:
                return holder, key
            if isinstance(member, dict | list):
                waiting.append(member)
    raise AssertionError("nothing is sealed there")


def test_a_changed_document_is_found(cli: Cli, kept: Path, database: Database) -> None:
    """A document that was kept, as a copy that was circulated is, is not exchanged unnoticed."""
    assert kept.is_dir()
    path, again = str(CHRONOLOGIES / "mr-h.csv"), ("--new-case", "--reference", "mr-h", "--json")
    case = str(cli("import", "chronology", path, *again).json["case"])
    given = kept.parent / "given.csv"
    assert cli("timeline", "export", str(given), "--case", case).code == 0
    assert cli("verify").code == 0
    with behind(database) as conn:
        changed = "set_byte(sealed, 3, 7 # get_byte(sealed, 3))"
        conn.execute(f"UPDATE record.document SET sealed = {changed}".encode())
    assert any("what is stored is not what was kept" in one for one in wrongs(cli))


def test_what_cases_are_judged_by_is_not_changed_backwards(
    cli: Cli, kept: Path, database: Database
) -> None:
    """The law and the policy are entries like any: what was in force cannot be said otherwise."""
    with behind(database) as conn:
        row = conn.execute('SELECT payload FROM record.cases WHERE "position" = 1').fetchone()
        assert row is not None
        opening = json.loads(row[0])
        opening["data"]["nation"] = "scotland"
        conn.execute(
            'UPDATE record.cases SET payload = %s WHERE "position" = 1', (canonical(opening),)
        )
    assert any("position 1: another entry" in one for one in wrongs(cli, "--against", str(kept)))
