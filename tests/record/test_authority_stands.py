"""Whose record it is, and how often somebody was forgotten: neither is changed unnoticed."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest

from domain.record.migration import SCHEMA_VERSION, authority_of, check, migrate, watch
from domain.refusal import Refused
from tests.conftest import AUTHORITY, LOGIN, OWNER
from tests.record.conftest import House, note

LOST = (
    "ALTER TABLE record.authority DISABLE TRIGGER one_authority; DELETE FROM record.authority;"
    "ALTER TABLE record.authority ENABLE ALWAYS TRIGGER one_authority"
)


def as_superuser(house: House, statement: str) -> None:
    """Do what only whoever has the machine can."""
    with psycopg.connect(house.database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute(statement.encode())


@pytest.mark.parametrize("replication", ["origin", "replica"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record.authority SET id = gen_random_uuid()",
        "DELETE FROM record.authority",
        "TRUNCATE record.authority",
        "UPDATE keyring.destroyed SET generation = 9",
        "DELETE FROM keyring.destroyed",
        "TRUNCATE keyring.destroyed",
    ],
)
def test_owner_and_superuser_are_stopped(house: House, statement: str, replication: str) -> None:
    """What every leaf hashes stands, and so does the count of what was destroyed (L9)."""
    as_superuser(house, f"INSERT INTO keyring.destroyed VALUES ('{uuid4()}', 0)")
    with psycopg.connect(house.database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute(f"SET session_replication_role = {replication}".encode())
        with pytest.raises(psycopg.DatabaseError) as refused:
            conn.execute(statement.encode())
    assert refused.value.sqlstate == "HF005"
    # What a migration does goes on.
    as_superuser(house, f"UPDATE record.authority SET schema_version = {SCHEMA_VERSION}")


@pytest.mark.parametrize("verb", ["UPDATE keyring.destroyed SET generation = 9", "DELETE FROM"])
def test_who_destroys_keys_cannot_take_back_that_it_was_done(house: House, verb: str) -> None:
    """Else the next start would carry the erasure out again, on the keys made since (L9)."""
    statement = verb if " SET " in verb else f"{verb} keyring.destroyed"
    with (
        house.connect("holdfast_keeper") as conn,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        conn.execute(statement.encode())


def test_a_record_that_says_no_more_whose_it_is_is_refused_and_mended(house: House) -> None:
    """The row gone, nothing goes on; a migration puts back whom the rows name, and says so."""
    note(house.record(), uuid4())
    as_superuser(house, LOST)
    with house.connect() as conn:
        for look in (authority_of, watch, lambda one: check(one, {})):
            with pytest.raises(Refused, match="is missing") as refused:
                look(conn)
            assert refused.value.code == "authority"
            assert "holdfast migrate" in refused.value.detail
    done = migrate(house.database.conninfo(), authority=uuid4(), login=LOGIN)
    assert done.authority == AUTHORITY
    assert done.guards == ("the row of record.authority",)
    with house.connect() as conn:
        assert authority_of(conn) == AUTHORITY
        watch(conn)
    note(house.record(), uuid4())


def test_another_authority_than_the_rows_name_is_refused(house: House) -> None:
    """Nothing more is recorded under a name that the rows before do not have."""
    note(house.record(), uuid4())
    as_superuser(
        house,
        "ALTER TABLE record.authority DISABLE TRIGGER one_authority;"
        "UPDATE record.authority SET id = gen_random_uuid();"
        "ALTER TABLE record.authority ENABLE ALWAYS TRIGGER one_authority",
    )
    house.damaged = True
    with house.connect() as conn:
        for look in (watch, lambda one: check(one, {})):
            with pytest.raises(Refused, match="is not the one") as refused:
                look(conn)
            assert refused.value.code == "authority"


@pytest.mark.parametrize(
    ("table", "trigger"),
    [
        ("record.authority", "one_authority"),
        ("record.authority", "never_truncated"),
        ("keyring.destroyed", "append_only"),
        ("keyring.destroyed", "never_truncated"),
    ],
)
@pytest.mark.parametrize("harm", ["DISABLE TRIGGER", "ENABLE REPLICA TRIGGER"])
def test_a_guard_beside_the_logs_is_looked_at(
    house: House, table: str, trigger: str, harm: str
) -> None:
    """Disarmed, it is refused at a start and while the record is open; a migration puts it back."""
    as_superuser(house, f"ALTER TABLE {table} {harm} {trigger}")
    with house.connect() as conn, pytest.raises(Refused, match=f"{trigger} of {table}"):
        watch(conn)
    done = migrate(house.database.conninfo(), authority=uuid4(), login=LOGIN)
    assert done.guards == (f"{trigger} of {table}",)
    with house.connect() as conn:
        watch(conn)
