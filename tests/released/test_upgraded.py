"""A release's database upgraded as its operator does it: the proof begins over all that was there.

By the programs themselves: `holdfast migrate`, then `holdfast project`, which follows and proves.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event
from uuid import uuid4

import orjson
import psycopg
import pytest
from psycopg import sql

from api.keys import KEYRING
from domain.record.proof.checkpoint import read_checkpoint
from domain.record.proof.exporting import VERIFIER
from domain.record.proof.note import read_note
from domain.record.proof.strict import b64
from domain.record.server import EmbeddedServer
from domain.record.verification import verify
from tests.conftest import LOGIN, OWNER, Database
from tests.house.tracked import ROOT
from tests.released.__main__ import key_of, place, program
from tests.released.test_released import KEPT

HOLDFAST = "import sys; from api.cli import run; sys.exit(run(sys.argv[1:]))"


@pytest.mark.parametrize("kept", KEPT, ids=str)
def test_the_proof_begins_over_what_a_release_recorded(
    server: EmbeddedServer, template_database: str, tmp_path: Path, kept: Path
) -> None:
    """Sizes and roots are those noted when it was released, signed and published to the last."""
    assert template_database
    dump, keyring, notes = place(kept.parent.name, kept.stem)
    keys, log = tmp_path / "keys", tmp_path / "said.txt"
    keys.mkdir()
    (keys / KEYRING).write_bytes(keyring.read_bytes())
    (keys / "master.key").write_bytes(key_of(kept.parent.name))
    database = Database(server=server, name=f"t_{uuid4().hex}")
    environ = {
        **os.environ,
        "DATABASE_URL": database.conninfo(LOGIN),
        "HOLDFAST_OWNER_URL": database.conninfo(OWNER),
        "HOLDFAST_DATA": str(tmp_path),
    }

    def holdfast(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", HOLDFAST, *words],
            cwd=ROOT,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )

    with psycopg.connect(server.conninfo("postgres", OWNER), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database.name)))
        try:
            to = f"--dbname={database.conninfo()}"
            subprocess.run([program("pg_restore"), "--exit-on-error", to, str(dump)], check=True)
            migrated = holdfast("migrate")
            assert migrated.returncode == 0, migrated.stderr
            noted = orjson.loads(notes.read_bytes())["logs"]
            with log.open("w") as said, subprocess.Popen(
                [sys.executable, "-c", HOLDFAST, "project"],
                cwd=ROOT,
                env=environ,
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=subprocess.STDOUT,
            ) as process:  # fmt: skip
                try:
                    for name, found in noted.items():
                        until_published(tmp_path / "proof" / name, found["size"], log)
                finally:
                    process.send_signal(signal.SIGINT)
                    process.wait(60)
            for name, found in noted.items():
                raw = (tmp_path / "proof" / name / "checkpoint").read_bytes()
                head = read_checkpoint(read_note(raw)[0])
                assert (head.size, head.root.hex()) == (found["size"], found["root"])
            outside = subprocess.run(
                [sys.executable, str(VERIFIER / "verify.py"), str(tmp_path / "proof"), "--json"],
                capture_output=True,
                check=False,
            )
            told = orjson.loads(outside.stdout)
            assert outside.returncode == 0, told
            assert {name: one["root"] for name, one in told["logs"].items()} == {
                name: b64(bytes.fromhex(found["root"])) for name, found in noted.items()
            }
            # Not by `holdfast verify`, which leaves a trace: what was noted may be of days to come.
            with psycopg.connect(database.conninfo(), autocommit=True) as conn:
                for name in noted:
                    report = verify(conn, name)
                    report.demand()
                    assert report.root.hex() == noted[name]["root"]
        finally:
            admin.execute(f"DROP DATABASE {database.name} WITH (FORCE)")


def until_published(folder: Path, size: int, log: Path) -> None:
    """Wait until a checkpoint of this size lies there."""
    for _ in range(900):
        place = folder / "checkpoint"
        if place.exists() and place.read_text("utf-8").splitlines()[1] == str(size):
            return
        Event().wait(0.1)
    pytest.fail(log.read_text())
