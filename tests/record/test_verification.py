"""What a verification finds: each kind of damage, done behind the triggers' back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import orjson
import psycopg
import pytest

from api.clock import entropy
from domain.record.encoding import canonical
from domain.record.keyring import forget
from domain.record.merkle import root_of
from domain.record.verification import verify
from domain.refusal import Corrupt
from tests.record.conftest import House, note


@contextmanager
def behind(house: House) -> Iterator[psycopg.Connection[Any]]:
    """Connect as a superuser who has disarmed every guard, and makes leaves fit again."""
    house.damaged = True
    with psycopg.connect(house.database.conninfo(), autocommit=True) as conn:
        conn.execute("ALTER TABLE record.cases DISABLE TRIGGER ALL")
        yield conn


def filled(house: House) -> None:
    """Six events of six commands in two streams."""
    record, streams = house.record(), (uuid4(), uuid4())
    for number in range(6):
        note(record, uuid4(), f"passage {number}", stream=streams[number % 2], after=number // 2)


def rewritten(conn: psycopg.Connection[Any], column: str, change: dict[str, Any]) -> None:
    """Change members of position 3's header or payload; the database makes the leaf anew."""
    row = conn.execute(f'SELECT {column} FROM record.cases WHERE "position" = 3').fetchone()
    assert row is not None
    value = {**orjson.loads(row[0]), **change}
    conn.execute(f'UPDATE record.cases SET {column} = %s WHERE "position" = 3', (canonical(value),))


def test_a_whole_log_proves_itself(house: House) -> None:
    """A log nobody touched has no problem, its size, its root, and says what was not proved."""
    filled(house)
    report = house.verify()
    assert (report.ok, report.size, report.passages, report.forgotten) == (True, 6, 6, 0)
    assert report.root == root_of(row.leaf for row in house.logs[0].read(0))
    assert len(report.proved) == 6
    assert "rewritten together with its leaf" in report.not_proved[0], "said before all else"
    assert any("recorded truly" in sentence for sentence in report.not_proved)


def test_without_keys_less_is_claimed(house: House) -> None:
    """Where no catalogue and no keyring were given, the report claims nothing about contents."""
    filled(house)
    house.opaque = True
    report = house.verify()
    assert report.ok
    assert not any("sealed" in sentence or "opens" in sentence for sentence in report.proved)
    with house.connect() as conn:
        alone = verify(conn, "cases", keyring=house.record().keyring)
    assert alone.ok
    assert not any("opens" in sentence for sentence in alone.proved), "nothing was looked at"


def test_a_forgotten_passage_is_counted_not_blamed(house: House) -> None:
    """Lawful forgetting leaves a log that proves itself, and is counted."""
    record, subject = house.record(), uuid4()
    note(record, subject)
    note(record, uuid4())
    with house.connect("holdfast_keeper") as conn:
        forget(conn, house.wrapping(), entropy, subjects=[subject])
    report = house.verify()
    assert (report.ok, report.passages, report.forgotten) == (True, 2, 1)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ('DELETE FROM record.cases WHERE "position" = 3', "position 4 follows 2"),
        (
            'UPDATE record.cases SET "position" = 9 WHERE "position" = 6',
            "position 9 follows 5",
        ),
        ('UPDATE record.cases SET version = 9 WHERE "position" = 6', "version 9 follows 2"),
        (
            'UPDATE record.cases SET recorded_us = 0 WHERE "position" = 3',
            "recorded before the entry before it",
        ),
        (
            "UPDATE record.cases SET authority = gen_random_uuid() WHERE position = 3",
            "another authority",
        ),
        ("UPDATE record.cases SET payload = 'x' WHERE position = 3", "cannot be read"),
        ("UPDATE record.cases SET name = 'note-taken.v2' WHERE position = 3", "its name is not"),
        ("UPDATE record.cases SET name = 'other.v1' WHERE position = 3", "its name is not"),
        ("UPDATE record.cases SET command_id = gen_random_uuid() WHERE position = 3", "command"),
        (
            (
                "UPDATE record.cases SET command_id = NULL, command_digest = NULL,"
                " command_events = NULL WHERE position = 3"
            ),
            "cannot be read",
        ),
        ("UPDATE record.cases SET command_digest = 'x' WHERE position = 3", "command"),
        ("UPDATE record.cases SET command_events = 2 WHERE position = 3", "command"),
    ],
)
def test_each_damage_is_found(house: House, statement: str, found: str) -> None:
    """A row taken out, moved, backdated or changed in any column is a problem that is named."""
    filled(house)
    with behind(house) as conn:
        conn.execute(statement.encode())
    report = house.verify()
    assert found in " ".join(report.problems)
    with pytest.raises(Corrupt, match="problem"):
        report.demand()


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("header", {"name": "other"}),
        ("header", {"v": 2}),
        ("header", {"salt": "AAAA"}),
        ("header", {"command": {"id": str(uuid4()), "digest": "00" * 32, "events": 1}}),
        ("payload", {"salt": ""}),
        ("payload", {"data": {"kind": "telephone", "text": {"sealed": "in clear"}}}),
    ],
)
def test_a_content_that_does_not_belong_is_found(
    house: House, column: str, change: dict[str, Any]
) -> None:
    """A header or payload exchanged for one the leaf was made anew for is found by its content."""
    filled(house)
    with behind(house) as conn:
        rewritten(conn, column, change)
    assert not house.verify().ok


def test_a_leaf_that_is_only_claimed_is_found(house: House) -> None:
    """A row whose leaf column was made to lie does not hash to it."""
    filled(house)
    with behind(house) as conn:
        conn.execute("ALTER TABLE record.cases ALTER leaf DROP EXPRESSION")
        conn.execute("UPDATE record.cases SET leaf = sha256('x') WHERE position = 3")
    assert house.verify().problems == ["position 3: it does not hash to its leaf"]


def test_what_a_dba_rewrites_consistently_is_found_by_a_head_kept_elsewhere(house: House) -> None:
    """An end cut off leaves a log that is whole in itself; a tree head kept elsewhere tells."""
    filled(house)
    before = house.verify()
    with behind(house) as conn:
        conn.execute("DELETE FROM record.cases WHERE position = 6")
    assert house.verify().ok
    cut = house.verify(heads={6: before.root})
    assert cut.problems == [
        "position 6: there was a tree of 6 entries: the end of the log is missing"
    ]
    note(house.record(), uuid4(), "another sixth")
    changed = house.verify(heads={6: before.root})
    assert changed.problems == ["the tree of 6 entries had another root"]


def test_a_head_that_still_holds_is_a_proof(house: House) -> None:
    """A log that grew since a tree head was kept still contains that tree."""
    filled(house)
    before = house.verify()
    note(house.record(), uuid4())
    after = house.verify(heads={6: before.root})
    assert after.ok
    assert any("kept elsewhere" in sentence for sentence in after.proved)
    assert "newer than the tree heads" in after.not_proved[0], "one entry is"
    covered = house.verify(heads={after.size: after.root})
    assert not any("tree head" in sentence for sentence in covered.not_proved)
