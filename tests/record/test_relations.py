"""Whether the database shows every row it has is asked of its catalogues, and put right."""

from __future__ import annotations

import pytest

from domain.record import relations, tables
from domain.record.migration import check, migrate, watch
from domain.record.relations import KEPT, unanswered
from domain.record.tables import differences
from domain.refusal import Refused
from tests.conftest import AUTHORITY, LOGIN, Database
from tests.record.test_migration import SAFE, as_owner, connected, refusal

POLICY = "CREATE POLICY few ON record.cases USING (version < 2)"
HOLLOW_NAMED = (
    "CREATE OR REPLACE FUNCTION record.named(payload bytea) RETURNS uuid[]"
    " LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT RETURN ARRAY[]::uuid[]"
)
UNCHECKED = (
    "ALTER TABLE record.head DISABLE TRIGGER ALL;"
    " ALTER TABLE record.head ENABLE ALWAYS TRIGGER append_only;"
    " ALTER TABLE record.head ENABLE ALWAYS TRIGGER never_truncated"
)
TWICE = "ALTER TABLE keyring.epoch DROP CONSTRAINT epoch_pkey CASCADE;"
PUT_ON = {
    "row security enabled on record.cases": "ALTER TABLE record.cases ENABLE ROW LEVEL SECURITY",
    "row security forced on keyring.gone": "ALTER TABLE keyring.gone FORCE ROW LEVEL SECURITY",
    "the policy few on record.cases": POLICY,
    "the rule none on record.document": "CREATE RULE none AS ON INSERT TO record.document"
    " DO INSTEAD NOTHING",
    "the trigger more on record.head": "CREATE TRIGGER more BEFORE INSERT ON record.head"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "the index record.more": "CREATE INDEX more ON record.cases (recorded_us)",
    "the index record.cases_command, which is gone": "DROP INDEX record.cases_command",
    "the function record.named": HOLLOW_NAMED,
    "the index record.readings_named": "DROP INDEX record.readings_named; CREATE INDEX"
    " readings_named ON record.readings USING gin (record.named(payload)) WHERE version < 1",
    "the constraint cases_check of record.cases, which is gone": "ALTER TABLE record.cases"
    " DROP CONSTRAINT cases_check",
    "the constraint few of record.cases, which is added": "ALTER TABLE record.cases"
    " ADD CONSTRAINT few CHECK (version < 99) NOT VALID",
    "the constraint document_media_check of record.document": "ALTER TABLE record.document"
    " DROP CONSTRAINT document_media_check, ADD CONSTRAINT document_media_check CHECK (true)",
    "the constraint head_log_incarnation_fkey of record.head, which is switched off": UNCHECKED,
    "the constraint data_key_subject_generation_fkey of keyring.data_key": "ALTER TABLE"
    " keyring.data_key ALTER CONSTRAINT data_key_subject_generation_fkey INITIALLY DEFERRED",
    "the default of name of record.readings": "ALTER TABLE record.readings ALTER name"
    " SET DEFAULT 'looked.v1'",
    "the default of unrecorded of keyring.destroyed": "ALTER TABLE keyring.destroyed"
    " ALTER unrecorded SET DEFAULT true",
    "the column header of record.cases, which may be null": "ALTER TABLE record.cases"
    " ALTER header DROP NOT NULL",
}


def test_each_table_that_the_files_make_is_held_to_them(database: Database) -> None:
    """None is passed over: a table that was altered would be taken for what this release makes."""
    made = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY (%s)"
    with connected(database) as conn:
        there = set(conn.execute(made, ([*KEPT],)).fetchall())
        assert not list(differences(conn))
    as_owner(database, *(f"ALTER TABLE {one}.{table} ADD more text" for one, table in there))
    with connected(database) as conn:
        said = {words for words, _ in differences(conn)}
    assert said == {f"the column more of {one}.{table}, which is added" for one, table in there}


@pytest.mark.parametrize("what", PUT_ON)
def test_what_can_hide_rows_is_refused_and_migrate_takes_it_away(
    database: Database, what: str
) -> None:
    """What stands between a reader and the rows is named by a start and a watch, mended once."""
    as_owner(database, PUT_ON[what])
    with connected(database) as conn:
        refused = refusal(conn)
        with pytest.raises(Refused, match=what):
            watch(conn)
    assert refused.code == "relations"
    assert what in refused.detail
    assert what in migrate(database.conninfo(), authority=AUTHORITY, login=LOGIN).guards
    with connected(database) as conn:
        check(conn, SAFE)
        watch(conn)
    again = migrate(database.conninfo(), authority=AUTHORITY, login=LOGIN)
    assert again.guards == ()


@pytest.mark.parametrize(
    ("done", "what"),
    [
        (
            "ALTER TABLE record.cases ALTER command_events TYPE bigint",
            "the column command_events of record.cases",
        ),
        (
            "ALTER TABLE record.document ADD more text",
            "the column more of record.document, which is added",
        ),
        (
            f"{TWICE} INSERT INTO keyring.epoch VALUES (7), (7)",
            "the constraint epoch_pkey of keyring.epoch, which is gone",
        ),
    ],
)
def test_what_no_statement_mends_stays_refused(database: Database, done: str, what: str) -> None:
    """A column that is otherwise, and a row against a constraint, are left for the owner to see."""
    as_owner(database, done)
    for _ in range(2):
        with connected(database) as conn:
            refused = refusal(conn)
        assert refused.code == "relations"
        assert what in refused.detail
        assert what in migrate(database.conninfo(), authority=AUTHORITY, login=LOGIN).guards


NAMED = "9c2fe2a6-ffd8-486a-b2a5-5c10da840177"
READING = (
    'INSERT INTO record.readings ("position", stream, version, recorded_us, authority, name,'
    " header, payload) SELECT 1, gen_random_uuid(), 1, 1, id, 'looked.v1', '',"
    f" convert_to('\"{NAMED}\"', 'UTF8') FROM record.authority"
)


def test_an_index_is_made_anew_with_the_function_it_holds(database: Database) -> None:
    """Readings that an index left out, by a function that was hollowed, are listed again."""
    as_owner(database, HOLLOW_NAMED, READING)
    migrate(database.conninfo(), authority=AUTHORITY, login=LOGIN)
    with connected(database) as conn:
        conn.execute("SET enable_seqscan = off")
        query = "SELECT count(*) FROM record.readings WHERE record.named(payload) @> %s::uuid[]"
        assert conn.execute(query, ([NAMED],)).fetchone() == (1,)


def test_an_index_that_was_made_while_its_function_was_hollow_is_found(database: Database) -> None:
    """Function and index are defined as they should be, and what the index leaves out is told."""
    with connected(database) as conn:
        ((honest,),) = conn.execute("SELECT pg_get_functiondef('record.named'::regproc)").fetchall()
        as_owner(database, READING)
        assert unanswered(conn) is None
        as_owner(database, HOLLOW_NAMED, "REINDEX INDEX record.readings_named", honest)
        check(conn, SAFE)
        assert unanswered(conn) == f"0 of 1 readings that name {NAMED}"
        as_owner(database, "REINDEX INDEX record.readings_named")
        assert unanswered(conn) is None


@pytest.mark.parametrize("by_hand", ["", "CREATE SCHEMA views"])
def test_views_that_were_dropped_are_refused_and_migrate_makes_them_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch, by_hand: str
) -> None:
    """Views are disposable: without them nothing is needed to be told what they are made in."""
    monkeypatch.setattr(tables, "_MADE", {})  # as in a process that has not looked yet
    monkeypatch.setattr(relations, "_MADE", {})
    as_owner(database, "DROP SCHEMA views CASCADE", *([by_hand] if by_hand else []))
    with connected(database) as conn:
        assert "holdfast migrate" in str(refusal(conn))
    assert migrate(database.conninfo(), authority=AUTHORITY, login=LOGIN).guards == ()
    with connected(database) as conn:
        check(conn, SAFE)
