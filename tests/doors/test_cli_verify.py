"""What `holdfast verify` says: what was found, and what only a head kept elsewhere shows."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from tests.conftest import OWNER, Database
from tests.doors.conftest import Cli
from tests.doors.test_cli import CHRONOLOGIES


@pytest.fixture
def june(cli: Cli) -> str:
    """Give the reference of a case made of June's chronology."""
    path = str(CHRONOLOGIES / "june.csv")
    return str(
        cli("import", "chronology", path, "--new-case", "--reference", path, "--json").json["case"]
    )


def test_the_record_is_proved_and_held_to_an_earlier_head(cli: Cli, june: str) -> None:
    """Verify says what it proved; a tree head kept from it holds the record to its past."""
    assert june
    first = cli("verify", "--json", "--views")
    assert (first.code, first.json["ok"]) == (0, True)
    heads = [one["head"] for one in first.json["logs"]]
    later = cli("verify", "--head", heads[0], "--head", heads[1])
    assert later.code == 0
    assert "nothing was changed or cut off" in later.out
    assert "is consistent, and still contains" in later.out.splitlines()[0]
    same = "stands at the very head that is verified: nothing newer is proved by it"
    assert later.out.count(same) == 1, "of the cases: the readings have grown by this reading"
    alone = cli("verify")
    headline, warning, *_ = alone.out.splitlines()
    assert headline.startswith("The record of cases is consistent in itself: ")
    assert "rewritten together with their leaves" in warning
    assert "--head cases:SIZE:ROOT" in warning
    assert "proves itself" not in alone.out
    assert same not in alone.out
    log, size, root = heads[0].split(":")
    other = f"{log}:{size}:{'0' * len(root)}"
    assert cli("verify", "--head", other).code == 6
    assert cli("verify", "--head", "yesterday").code == 2


def test_a_stamp_that_is_none_is_code_6(cli: Cli, june: str, database: Database) -> None:
    """What is kept as a time-stamp and cannot be read is named; none at all is said too."""
    assert june
    assert cli("receipt", "1").code == 0
    assert "by when anything was there: there is no time-stamp" in cli("verify").out
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute(
            "INSERT INTO record.anchor SELECT log, incarnation, size, 'none', 0"
            " FROM record.signed_head WHERE log = 1 LIMIT 1"
        )
    said = cli("verify")
    assert said.code == 6
    assert "it is no time-stamp that can be read" in said.out


def test_a_stamp_that_is_none_is_not_handed_on(
    cli: Cli, june: str, database: Database, tmp_path: Path
) -> None:
    """An export leaves it out, also of an earlier one, says so, in its manifest too, and ends 6."""
    assert june
    folder = tmp_path / "handed"
    assert cli("export-proof", str(folder)).code == 0
    assert json.loads((folder / "manifest.json").read_bytes())["left_out"] == {}
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        row = conn.execute(
            "INSERT INTO record.anchor SELECT log, incarnation, size, 'none', 0"
            " FROM record.signed_head WHERE log = 1 LIMIT 1 RETURNING size"
        ).fetchone()
    assert row is not None
    path = f"anchors/1/{row[0]}.tsr"
    (folder / "cases" / path).parent.mkdir(parents=True)
    for name in (path, path.removesuffix(".tsr")):  # as a release before handed it on
        (folder / "cases" / name).write_bytes(b"none")
    said = cli("export-proof", str(folder))
    assert said.code == 6
    assert f"Left out: cases/{path}, since it is no time-stamp that can be read" in said.out
    left = json.loads((folder / "manifest.json").read_bytes())["left_out"]
    assert left == {f"cases/{path}": "it is no time-stamp that can be read"}
    assert not list(folder.rglob("anchors/*/*"))
    assert cli("verify", str(folder)).code == 0


def test_a_damaged_record_is_code_6(cli: Cli, june: str, database: Database) -> None:
    """Whoever got past the database's own guards is found out by verify, and by reading."""
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute("ALTER TABLE record.cases DISABLE TRIGGER append_only")
        conn.execute("ALTER TABLE record.cases ALTER leaf DROP EXPRESSION")
        conn.execute(
            "UPDATE record.cases SET header = header || ' '::bytea"
            " WHERE stream = %s AND version = 2",
            (june,),
        )
        conn.execute("ALTER TABLE record.cases ENABLE ALWAYS TRIGGER append_only")
    said = cli("verify")
    assert said.code == 6
    assert "does not hash to its leaf" in said.out
    assert said.out.startswith("The record of cases has ")
    said = cli("timeline", june)
    assert (said.code, said.out) == (6, "")


def test_a_row_rewritten_with_its_leaf_is_not_called_proved(
    cli: Cli, june: str, database: Database
) -> None:
    """Verify claims no more than it saw; the head kept before the rewrite finds it."""
    heads = [one["head"] for one in cli("verify", "--json").json["logs"]]
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute("ALTER TABLE record.cases DISABLE TRIGGER append_only")
        conn.execute(
            "UPDATE record.cases SET header = replace(convert_from(header, 'UTF8'),"
            ' \'"role":"\', \'"role":"x\')::bytea WHERE stream = %s AND version = 2',
            (june,),
        )
        conn.execute("ALTER TABLE record.cases ENABLE ALWAYS TRIGGER append_only")
    alone = cli("verify")
    assert alone.code == 0
    assert "is consistent in itself" in alone.out
    assert "rewritten together with their leaves" in alone.out
    held = cli("verify", "--head", heads[0])
    assert held.code == 6
    assert "had another root" in held.out


def test_migrate_says_that_a_start_is_still_refused(cli: Cli, database: Database) -> None:
    """What it does not mend it does not call up to date alone: the code tells a script so."""
    assert cli("migrate").code == 0
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute("GRANT INSERT ON record.cases TO pg_monitor")
    said = cli("migrate")
    assert said.code == 2
    assert "A start is still refused" in said.out
    assert "revoke" in said.err
