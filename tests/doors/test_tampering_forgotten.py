"""What is made to look forgotten, and what was: an erasure answers for every key that is gone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.conftest import LOGIN, OWNER, Database
from tests.doors.conftest import Cli
from tests.doors.test_cli import CHRONOLOGIES

Conn = psycopg.Connection[Any]
ABOUT = (
    "SELECT subject FROM keyring.data_key JOIN record.cases c ON c.stream = subject"
    " ORDER BY position DESC LIMIT 1"
)


@pytest.fixture
def kept(cli: Cli) -> None:
    """Record a case, with nothing of it forgotten."""
    path = str(CHRONOLOGIES / "june.csv")
    assert cli("import", "chronology", path, "--new-case", "--reference", "june").code == 0
    said = cli("verify", "--json")
    assert said.code == 0, said.err
    assert [one["forgotten"] for one in said.json["logs"]] == [0, 0]


@contextmanager
def keyring(database: Database) -> Iterator[Conn]:
    """Connect as a superuser, with the guards of the lists disarmed."""
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        for table in ("destroyed", "gone"):
            conn.execute(f"ALTER TABLE keyring.{table} DISABLE TRIGGER ALL")
        yield conn
        for table in ("destroyed", "gone"):
            conn.execute(f"ALTER TABLE keyring.{table} ENABLE TRIGGER ALL")
            for trigger in ("append_only", "never_truncated"):
                conn.execute(f"ALTER TABLE keyring.{table} ENABLE ALWAYS TRIGGER {trigger}")


def a_subject(conn: Conn, *, unrecorded: bool = False) -> None:
    """Destroy whatever opens a case, and list it as forgotten."""
    row = conn.execute(ABOUT).fetchone()
    assert row is not None
    conn.execute("DELETE FROM keyring.data_key WHERE subject = %s", row)
    conn.execute("DELETE FROM keyring.subject_key WHERE subject = %s", row)
    conn.execute("INSERT INTO keyring.destroyed VALUES (%s, 1, %s)", (*row, unrecorded))


def as_of_a_lost_erasure(conn: Conn) -> None:
    """Say that the erasure was lost as the record was restored; it never was."""
    a_subject(conn, unrecorded=True)


def five_passages(conn: Conn) -> None:
    """Destroy the keys of single passages, and list them."""
    row = conn.execute(ABOUT).fetchone()
    conn.execute(
        "WITH gone AS (DELETE FROM keyring.data_key WHERE id IN (SELECT id FROM keyring.data_key"
        " WHERE subject = %s LIMIT 5) RETURNING id) INSERT INTO keyring.gone SELECT id FROM gone",
        row,
    )


@pytest.mark.parametrize(
    "attack",
    [a_subject, as_of_a_lost_erasure, five_passages],
    ids=lambda attack: attack.__name__,
)
@pytest.mark.usefixtures("kept")
def test_a_forged_forgetting_is_found(
    cli: Cli, database: Database, attack: Callable[[Conn], None]
) -> None:
    """No erasure stands for it: the entry and the passage are named, and nothing is lawful."""
    with keyring(database) as conn:
        attack(conn)
    named_without_an_erasure(cli)


def named_without_an_erasure(cli: Cli) -> None:
    """Hold `verify` to what it has to say of a key that went and no erasure stands for."""
    said = cli("verify", "--json")
    assert said.code == 6
    (log,) = (one for one in said.json["logs"] if one["log"] == "cases")
    assert log["forgotten"] == 0
    assert log["missing"] > 0
    first = log["problems"][0]
    assert re.match(r"position \d+: the passage at [0-9a-f-]{36}/\d+/", first), first
    assert "no erasure" in first
    assert "lawfully" not in cli("verify").out.replace("or was lawfully forgotten", "")


@pytest.mark.usefixtures("kept")
def test_a_keeper_who_forgets_without_an_erasure_is_found(cli: Cli, database: Database) -> None:
    """The application may put the keeper's role on; with every guard armed it is still seen."""
    with psycopg.connect(database.conninfo(LOGIN), autocommit=True) as conn:
        conn.execute("SET ROLE holdfast_writer")
        row = conn.execute(ABOUT).fetchone()
        assert row is not None
        conn.execute("SET ROLE holdfast_keeper")
        conn.execute("DELETE FROM keyring.data_key WHERE subject = %s", row)
        conn.execute("DELETE FROM keyring.subject_key WHERE subject = %s", row)
        conn.execute("INSERT INTO keyring.destroyed VALUES (%s, 1)", row)
    named_without_an_erasure(cli)
