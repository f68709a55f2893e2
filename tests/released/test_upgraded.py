"""A release's database upgraded as its operator does it: the proof begins over all that was there.

By the programs themselves: `holdfast migrate`, then `holdfast project`, which follows and proves.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from uuid import uuid4

import orjson
import psycopg
import pytest
from psycopg import sql

from api.keys import KEYRING
from domain.record.proof.exporting import VERIFIER
from domain.record.proof.strict import b64
from domain.record.server import EmbeddedServer
from domain.record.verification import verify
from tests.conftest import LOGIN, OWNER, Database
from tests.house.tracked import ROOT
from tests.released.__main__ import key_of, place, program
from tests.released.test_released import KEPT

SAID = "said.txt"
HOLDFAST = "import sys; from api.cli import run; sys.exit(run(sys.argv[1:]))"


@dataclass(frozen=True)
class Upgraded:
    """A release's database, not migrated yet, and the programs that are asked about it."""

    database: Database
    data: Path

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start `holdfast`, what it says in a file."""
        environ = {
            **os.environ,
            "DATABASE_URL": self.database.conninfo(LOGIN),
            "HOLDFAST_OWNER_URL": self.database.conninfo(OWNER),
            "HOLDFAST_DATA": str(self.data),
        }
        with (self.data / SAID).open("a") as said:
            return subprocess.Popen(
                [sys.executable, "-c", HOLDFAST, *words],
                cwd=ROOT,
                env=environ,
                stdout=said,
                stderr=subprocess.STDOUT,
                text=True,
            )


@contextmanager
def put_back(server: EmbeddedServer, folder: Path, kept: Path) -> Iterator[Upgraded]:
    """A release's database and keys as they were."""
    dump, keyring, _ = place(kept.parent.name, kept.stem)
    keys = folder / "keys"
    keys.mkdir()
    (keys / KEYRING).write_bytes(keyring.read_bytes())
    (keys / "master.key").write_bytes(key_of(kept.parent.name))
    database = Database(server=server, name=f"t_{uuid4().hex}")
    with psycopg.connect(server.conninfo("postgres", OWNER), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database.name)))
        to = f"--dbname={database.conninfo()}"
        subprocess.run([program("pg_restore"), "--exit-on-error", to, str(dump)], check=True)
        yield Upgraded(database, folder)
        admin.execute(f"DROP DATABASE {database.name} WITH (FORCE)")


@pytest.mark.parametrize("kept", KEPT, ids=str)
def test_the_proof_begins_over_what_a_release_recorded(
    server: EmbeddedServer, template_database: str, tmp_path: Path, kept: Path
) -> None:
    """Sizes and roots are those noted when it was released, signed and published to the last."""
    assert template_database
    noted = orjson.loads(place(kept.parent.name, kept.stem)[2].read_bytes())["logs"]
    published = tmp_path / "proof"
    with put_back(server, tmp_path, kept) as upgraded:
        assert upgraded.start("migrate").wait(120) == 0, (tmp_path / SAID).read_text()
        process = upgraded.start("project")
        try:
            for name, found in noted.items():
                until_published(published / name, found["size"], tmp_path / SAID)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
        # Not by `holdfast verify`, which leaves a trace: what was noted may be of days to come.
        with psycopg.connect(upgraded.database.conninfo(), autocommit=True) as conn:
            for name, found in noted.items():
                report = verify(conn, name)
                report.demand()
                assert report.root.hex() == found["root"]
    outside = subprocess.run(
        [sys.executable, str(VERIFIER / "verify.py"), str(published), "--json"],
        capture_output=True,
        check=False,
    )
    told = orjson.loads(outside.stdout)
    assert outside.returncode == 0, told
    assert {name: (one["size"], one["root"]) for name, one in told["logs"].items()} == {
        name: (found["size"], b64(bytes.fromhex(found["root"]))) for name, found in noted.items()
    }


def until_published(folder: Path, size: int, log: Path) -> None:
    """Wait until a checkpoint of this size lies there."""
    for _ in range(900):
        place = folder / "checkpoint"
        if place.exists() and place.read_text("utf-8").splitlines()[1] == str(size):
            return
        Event().wait(0.1)
    pytest.fail(log.read_text())
