"""Killed under load: what was acknowledged is there, once; what was asked again is there once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from api.clock import seeded
from domain.record import cluster, writer
from domain.record.log import Append, Appended, Log, Prepared, StreamAppend, Unavailable
from domain.record.pipe import Pipe, Sent
from domain.record.server import EmbeddedServer
from tests.conftest import LOGIN
from tests.house.tracked import ROOT
from tests.record.conftest import House, opened, own_house

QUICK, LONG = 1, 50
THREADS = 8
seeds = pytest.mark.parametrize(
    "seed",
    [
        *range(1, QUICK + 1),
        *(pytest.param(seed, marks=pytest.mark.long) for seed in range(QUICK + 1, LONG + 1)),
    ],
)

# What a writing process does: says what it is about to ask, asks, says what it was told.
WRITER = """
import sys
from threading import Lock, Thread
from uuid import UUID
from tests.record.test_kill import append_of, say
from tests.record.test_loss import opened

say_alone = Lock()

def write(log, seed):
    for number in range(100_000):
        append = append_of(seed, number)
        with say_alone:
            say("asked", append.command, seed, number)
        done = log.append(append)
        with say_alone:
            say("told", append.command, done.first, done.count)

with opened(sys.argv[1]) as log:
    threads = [Thread(target=write, args=(log, int(sys.argv[2]) * 100 + n)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


def say(*words: object) -> None:
    """Write one line at once: what has been said is never lost with the process."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def append_of(seed: int, number: int) -> Append:
    """The same append for the same numbers, whoever asks: that is what a retry is."""
    random = seeded(seed * 1_000_000 + number)
    command, stream = (UUID(int=random.getrandbits(128), version=4) for _ in range(2))
    count = random.randint(1, 3)
    events = tuple(
        Prepared("x.v1", random.randbytes(30), random.randbytes(60)) for _ in range(count)
    )
    return Append(command, random.randbytes(32), (StreamAppend(stream, 0, events),))


@dataclass(slots=True)
class Account:
    """What writers asked, and what they were told."""

    asked: dict[UUID, tuple[int, int]] = field(default_factory=dict)
    told: dict[UUID, tuple[int, int]] = field(default_factory=dict)

    def read(self, said: bytes) -> None:
        """Take down what a process said; its last line may be cut off."""
        for line in said.decode().split("\n")[:-1]:
            kind, command, first, second = line.split()
            (self.asked if kind == "asked" else self.told)[UUID(command)] = int(first), int(second)

    def settle(self, house: House) -> None:
        """Nothing told is missing or elsewhere; everything asked, asked again, is there once."""
        log = house.log()
        for command, (first, count) in self.told.items():
            found = log.command(command)
            assert found is not None, "an acknowledged append is lost"
            assert (found[0].first, found[0].count) == (first, count)
        again = [log.append(append_of(*numbers)) for numbers in self.asked.values()]
        report = house.verify()
        report.demand()
        assert report.size == sum(done.count for done in again)
        assert report.size == sum(append_of(*numbers).size for numbers in self.asked.values())
        assert len({done.first for done in again}) == len(again)
        log.close()


@contextmanager
def writing(house: House, seed: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process of eight writing threads, already writing."""
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, house.database.conninfo(LOGIN), str(seed)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        assert child.stdout is not None
        child.stdout.close()


def listen(child: subprocess.Popen[bytes], lines: int) -> bytes:
    """Wait until a process has said so much."""
    assert child.stdout is not None
    return b"".join(child.stdout.readline() for _ in range(lines))


def rest(child: subprocess.Popen[bytes]) -> bytes:
    """What a killed process said before it died."""
    assert child.stdout is not None
    return child.stdout.read()


@seeds
def test_a_killed_writer_loses_nothing_it_was_told(house: House, seed: int) -> None:
    """A process killed while eight threads append leaves all that was acknowledged.

    Without gap or double; what it had asked, asked again under the same ids, is recorded once.
    """
    account, lines = Account(), seeded(seed).randint(20, 400)
    with writing(house, seed) as child:
        said = listen(child, lines)
        child.send_signal(signal.SIGKILL)
        account.read(said + rest(child))
    assert account.told
    account.settle(house)


def again(house: House) -> House:
    """The same house after its server was killed and started anew."""
    server: EmbeddedServer = house.database.server
    server.stop()
    server.start()
    return house


@seeds
def test_a_killed_server_loses_nothing_it_told(seed: int, cluster_made: Path) -> None:
    """The database killed while eight threads append comes back with all that was acknowledged.

    A writer that was cut off finds out what became of its appends, and goes on by itself.
    """
    account, random = Account(), seeded(seed)
    with own_house(cluster_made) as house:
        with writing(house, seed) as child:
            said = listen(child, random.randint(20, 400))
            pid = cluster.postmaster(house.database.server._place)
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            again(house)
            account.read(said + listen(child, 200))  # it goes on without being started anew
            child.send_signal(signal.SIGKILL)
            account.read(rest(child))
        assert account.told
        with opened(house.database, house.keys) as after:
            account.settle(after)


@dataclass(slots=True)
class Cuts:
    """Where connections are cut: seeded, before a statement is sent or after it was answered."""

    seed: int
    made: dict[str, int] = field(default_factory=lambda: {"before": 0, "on its way": 0, "after": 0})
    guard: Lock = field(default_factory=Lock)
    over: bool = False

    def pipe(self) -> type[Pipe]:
        """A pipe that is cut now and then: before a batch is sent, on its way, once committed."""
        cuts, random = self, seeded(self.seed + 1)

        class CutPipe(Pipe):
            def send(self, *batch: Any) -> Sent:  # noqa: ANN401 — as its base
                if self.chance() < 0.03:
                    self.cut("before")
                return super().send(*batch)

            def answer(self, sent: Sent) -> bool:
                chance = self.chance()
                if chance < 0.03:
                    self.cut("on its way")
                done = super().answer(sent)
                if 0.97 < chance < 1:
                    self.cut("after")
                return done

            def chance(self) -> float:
                with cuts.guard:
                    return 1.0 if cuts.over else random.random()

            def cut(self, where: str) -> None:
                with cuts.guard:
                    cuts.made[where] += 1
                self.close()
                raise psycopg.OperationalError("server closed the connection unexpectedly")

        return CutPipe

    def connection(self) -> type[psycopg.Connection[Any]]:
        """A connection that is cut now and then, at any statement, COMMIT included."""
        cuts, random = self, seeded(self.seed)

        class Cut(psycopg.Connection[Any]):
            def wait(self, gen: Any, **more: Any) -> Any:  # type: ignore[override]  # noqa: ANN401
                with cuts.guard:
                    chance = 1.0 if cuts.over else random.random()
                if chance < 0.05:
                    self.cut("before")
                done = super().wait(gen, **more)
                if chance > 0.95 and not cuts.over:
                    self.cut("after")
                return done

            def cut(self, where: str) -> None:
                with cuts.guard:
                    cuts.made[where] += 1
                self.close()
                raise psycopg.OperationalError("server closed the connection unexpectedly")

        return Cut


@seeds
def test_a_cut_before_or_after_commit_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Whenever the connection is cut, each append is recorded once and told where it stands.

    Before a statement was sent, or after it was carried out and before anybody was told.
    """
    log, cuts = house.log(), Cuts(seed)
    kind = cuts.connection()
    options = "-c role=holdfast_writer"

    def connect() -> psycopg.Connection[Any]:
        return kind.connect(house.database.conninfo(LOGIN), autocommit=True, options=options)

    log._writer._connect = connect
    monkeypatch.setattr(writer, "Pipe", cuts.pipe())
    account = Account()

    def write(thread: int) -> None:
        number = 0
        while number < 12 or min(cuts.made.values()) < 3:
            number += 1
            numbers = (seed * 100 + thread, number)
            append = append_of(*numbers)
            account.asked[append.command] = numbers
            done = _insist(log, append)
            account.told[append.command] = done.first, done.count

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(write, range(THREADS)))
    cuts.over = True
    assert len(account.told) == len(account.asked) >= THREADS * 12
    account.settle(house)


def _insist(log: Log, append: Append) -> Appended:
    """What a caller does that was told nothing certain: ask again with the same id."""
    for _ in range(100):
        try:
            return log.append(append)
        except Unavailable:
            continue
    raise AssertionError("the log never came back")


@seeds
def test_a_writer_whose_backend_is_ended_again_and_again(house: House, seed: int) -> None:
    """While the writer's backend is ended at random moments, every append is recorded once."""
    log, account, stop, random = house.log(), Account(), Event(), seeded(seed)

    def end() -> None:
        with psycopg.connect(house.database.conninfo(), autocommit=True) as admin:
            while not stop.wait(random.uniform(0.001, 0.03)):
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND query LIKE '%%command_digest%%'"
                    " AND pid <> pg_backend_pid()"
                )

    def write(thread: int) -> None:
        for number in range(25):
            numbers = (seed * 100 + thread, number)
            append = append_of(*numbers)
            account.asked[append.command] = numbers
            done = _insist(log, append)
            account.told[append.command] = done.first, done.count

    ending = Thread(target=end)
    ending.start()
    try:
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(write, range(THREADS)))
    finally:
        stop.set()
        ending.join()
    assert len(account.told) == THREADS * 25
    account.settle(house)


def test_a_lost_answer_asked_again_is_recorded_once(house: House) -> None:
    """A command whose process died before it could say so is answered with where it stands."""
    append = append_of(1, 1)
    first = house.log().append(append)
    for _ in range(3):
        repeated = house.log().append(append)
        assert repeated == Appended(first.first, first.count, repeated=True)
    assert house.verify().size == append.size


def test_twins_sent_at_once_are_recorded_once(house: House) -> None:
    """The same command sent by sixteen threads at once is written once and told to all."""
    log, append = house.log(), append_of(2, 2)
    for _ in range(5):
        log.append(
            Append(uuid4(), bytes(32), (StreamAppend(uuid4(), 0, append.streams[0].events),))
        )
    with ThreadPoolExecutor(16) as threads:
        told = list(threads.map(lambda _: log.append(append), range(16)))
    assert len({(done.first, done.count) for done in told}) == 1
    assert sum(not done.repeated for done in told) == 1


def test_one_bad_append_fails_alone(house: House) -> None:
    """An append the database cannot take is told so, and takes nobody else's with it."""
    log = house.log()
    log.append(append_of(3, 0))
    bad = Append(uuid4(), bytes(32), (StreamAppend(uuid4(), 0, (Prepared("x\0", b"h", b"p"),)),))
    outcomes: list[str] = []

    def ask(number: int) -> None:
        try:
            log.append(bad if number % 8 == 0 else append_of(3, number))
        except Unavailable as error:
            outcomes.append(str(error))

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(ask, range(1, 65)))
    assert len(outcomes) == 8
    assert all("nothing was written" in said for said in outcomes)
    assert house.verify().ok
