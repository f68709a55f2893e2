"""A head is signed once the synchronous standby, a real one, has all that it covers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from domain.record import binaries, premises
from domain.record.migration import migrate
from domain.record.proof.integrating import Head, Integrator, NotDurable, Signs
from domain.record.proof.signing import head_signers
from domain.record.server import EmbeddedServer
from tests.conftest import AUTHORITY, LOGIN, OWNER, Database
from tests.record.conftest import House
from tests.record.proof.conftest import ORIGIN, SEED, fill, integrator
from tests.record.serving import Folders, ask, at, begin, linux_only, until

NAME = "standby_of_tests"
DATABASE = "postgres"
HEADS = "SELECT coalesce(max(size), 0) FROM record.head"
STATE = "SELECT max(sync_state) FROM pg_stat_replication"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
STOP_WAITING = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


@dataclass
class Signer:
    """The key of the log, and which sizes it was asked to sign."""

    sizes: list[int] = field(default_factory=list)

    def of(self, origin: str) -> Signs:
        """Give the key under one origin."""
        counted, key = self, head_signers(SEED)(origin)

        class Counting:
            vkey = key.vkey

            def head(self, size: int, root: bytes) -> bytes:
                counted.sizes.append(size)
                return key.head(size, root)

            def begins(self, continued: tuple[str, int, bytes], began_us: int) -> bytes:
                return key.begins(continued, began_us)

        return Counting()


@dataclass
class Asked:
    """Somebody who makes a head while others look on, and what came of it."""

    made: list[Head | Exception | None] = field(default_factory=list)

    @classmethod
    def of(cls, leader: Integrator) -> tuple[Asked, Thread]:
        """Begin."""
        asked = cls()

        def make() -> None:
            try:
                asked.made.append(leader.head())
            except NotDurable as error:
                asked.made.append(error)

        thread = Thread(target=make, daemon=True)
        thread.start()
        return asked, thread


def copied(primary: EmbeddedServer, root: Path) -> None:
    """Make a standby of a server in a folder, as whoever runs one does."""
    place = premises.find(primary.home, None)
    root.mkdir(mode=0o755)
    place.account.give(root)
    said = place.account.run(
        binaries.within_reach(binaries.find(None), place).program("pg_basebackup"),
        f"--dbname=host={place.sockets} port={premises.PORT} user={OWNER} application_name={NAME}",
        f"--pgdata={root / 'data'}",
        "--write-recovery-conf",
        "--checkpoint=fast",
    )
    assert said.returncode == 0, said.stderr


@contextmanager
def standing_by(root: Path) -> Iterator[EmbeddedServer]:
    """Have the standby run."""
    with at(root) as standby:
        assert ask(standby, "SELECT pg_is_in_recovery()")
        yield standby


@contextmanager
def waited_for(primary: EmbeddedServer) -> Iterator[Callable[[], None]]:
    """Give what has each commit wait for the standby from then on; at the end none waits."""

    def wait() -> None:
        ask(primary, f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'")
        ask(primary, "SELECT pg_reload_conf()")
        until(lambda: ask(primary, STATE) == "sync")

    try:
        yield wait
    finally:
        ask(primary, "ALTER SYSTEM RESET synchronous_standby_names")
        ask(primary, "SELECT pg_reload_conf()")


@linux_only
def test_nothing_is_signed_that_the_synchronous_standby_has_not(
    folders: Folders, cluster_made: Path, tmp_path: Path
) -> None:
    """While it is away no head is signed, asked twice or told not to wait; once it is back, one."""
    root, second = folders.base / "primary", folders.base / "standby"
    begin(root, cluster_made)
    with at(root) as primary:
        migrate(primary.conninfo(DATABASE, OWNER), authority=AUTHORITY, login=LOGIN)
        copied(primary, second)
        pool: Any = None
        house = House(Database(primary, DATABASE), tmp_path, SEED, pool)
        signer = Signer()
        with house.connect("holdfast_integrator") as conn, waited_for(primary) as wait:
            leader = integrator(conn, signs=signer.of)
            with standing_by(second) as standby:
                wait()
                assert leader.lead(ORIGIN)
                fill(house, 3)
                leader.integrate()
                leader.head()
                assert signer.sizes[-1] == 3
                until(lambda: ask(standby, HEADS) == 3)
                fill(house, 2)
                leader.integrate()
                signed = list(signer.sizes)
            for _ in range(2):  # the head's own commit, then the one that makes sure of it
                asked, thread = Asked.of(leader)
                until(lambda: ask(primary, WAITING) == 1)
                assert signer.sizes == signed
                assert ask(primary, STOP_WAITING)
                thread.join(20)
                assert [type(one) for one in asked.made] == [NotDurable]
                assert signer.sizes == signed
            asked, thread = Asked.of(leader)
            until(lambda: ask(primary, WAITING) == 1)
            assert asked.made == []
            with standing_by(second) as standby:
                thread.join(60)
                (head,) = asked.made
                assert isinstance(head, Head)
                assert head.size == 5
                assert signer.sizes == [*signed, 5]
                until(lambda: ask(standby, HEADS) == 5)
