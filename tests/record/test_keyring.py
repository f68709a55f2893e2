"""Keys: made once, found while they exist, destroyed for good, through any crash."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest

from api.clock import entropy
from domain.record.keyring import Keyring, WrappingKeys, forget, open_keyring
from domain.record.record import Record
from domain.record.wrapping import requests_secret
from domain.refusal import Corrupt, Refused
from domain.words import Forgotten, Personal
from tests.conftest import LOGIN
from tests.record.conftest import House, note


@dataclass(slots=True)
class Told:
    """Three people: one to be forgotten, one who loses one passage of two, one who loses none.

    Of the first two passages are kept: with the second, and with somebody who has no key yet.
    """

    record: Record
    gone: UUID = field(default_factory=uuid4)
    less: UUID = field(default_factory=uuid4)
    same: UUID = field(default_factory=uuid4)
    new: UUID = field(default_factory=uuid4)
    streams: dict[str, UUID] = field(default_factory=dict)
    passage: UUID | None = None

    def begin(self) -> Told:
        """Record what is to be forgotten and what is not."""
        for name, about in (
            ("gone", self.gone),
            ("lost", self.less),
            ("kept", self.less),
            ("same", self.same),
            ("moved", self.gone),
            ("moved anew", self.gone),
        ):
            self.streams[name] = uuid4()
            note(self.record, about, name, stream=self.streams[name])
        self.passage = self.key("lost")
        return self

    def key(self, name: str) -> UUID:
        """The id of the key of one passage."""
        payload = self.record.log.stream(self.streams[name])[0].payload
        return UUID(payload.split(b'"key":"')[1][:36].decode())

    def forget(self, conn: psycopg.Connection[Any], wrapping: WrappingKeys) -> None:
        """Forget the one, but for what is kept, and the one passage of the other."""
        assert self.passage is not None
        kept = {self.key("moved"): self.less, self.key("moved anew"): self.new}
        lost = [self.passage]
        forget(conn, wrapping, entropy, subjects=[self.gone], passages=lost, kept=kept)

    def opens(self, record: Record | None = None) -> set[str]:
        """The names of the passages that still open; the others are Forgotten."""
        found = set()
        for name, stream in self.streams.items():
            (fact,) = (record or self.record).facts(stream)
            if isinstance(fact.event.text, Personal):
                assert fact.event.text.text == name
                found.add(name)
            else:
                assert isinstance(fact.event.text, Forgotten)
        return found


MOVED = {"moved", "moved anew"}
LIVING = {"kept", "same", *MOVED}
ALL = {"gone", "lost", *LIVING}


def test_forgetting_is_exact(house: House) -> None:
    """A forgotten subject and a forgotten passage open nowhere; everything else still opens."""
    told = Told(house.record()).begin()
    assert told.opens() == ALL
    with house.connect("holdfast_keeper") as conn:
        told.forget(conn, house.wrapping())
    assert told.opens() == told.opens(house.record()) == LIVING


def test_what_was_kept_goes_with_whoever_it_lies_among_since(house: House) -> None:
    """Passages put under another's key are forgotten with that one, and by no second forgetting.

    Among the keys of somebody who went before nothing is put: it goes with its own.
    """
    told, wrapping = Told(house.record()).begin(), house.wrapping()
    with house.connect("holdfast_keeper") as conn:
        told.forget(conn, wrapping)
        forget(conn, wrapping, entropy, subjects=[told.gone])
        assert told.opens(house.record()) == LIVING
        forget(conn, wrapping, entropy, subjects=[told.less, told.new])
        assert told.opens(house.record()) == {"same"}
        kept = {told.key("same"): told.less}
        forget(conn, wrapping, entropy, subjects=[told.same], kept=kept)
        assert told.opens(house.record()) == set()


def test_one_epoch_is_left(house: House) -> None:
    """After a forgetting, file and database hold one epoch, and it is a new one."""
    told, wrapping = Told(house.record()).begin(), house.wrapping()
    (before,) = wrapping.epochs()
    with house.connect("holdfast_keeper") as conn:
        told.forget(conn, wrapping)
        rows = conn.execute("SELECT epoch FROM keyring.epoch").fetchall()
        used = conn.execute("SELECT DISTINCT epoch FROM keyring.subject_key").fetchall()
    (after,) = house.wrapping().epochs()
    assert after > before
    assert rows == used == [(after,)]


def test_nothing_is_sealed_about_the_erased_until_reopened(house: House) -> None:
    """About an erased subject nothing can be recorded until it is reopened (I13).

    The old passages stay forgotten.
    """
    told = Told(house.record()).begin()
    with house.connect("holdfast_keeper") as conn:
        told.forget(conn, house.wrapping())
    for record in (told.record, house.record()):
        with pytest.raises(Refused, match="erased"):
            note(record, told.gone)
    told.record.keyring.reopen(told.gone)
    told.record.keyring.reopen(told.gone)  # twice is once
    told.streams["gone again"] = uuid4()
    note(told.record, told.gone, "gone again", stream=told.streams["gone again"])
    assert told.opens() == {*LIVING, "gone again"}


def test_forgetting_somebody_without_keys_still_closes_them(house: House) -> None:
    """A subject about whom nothing was sealed yet can be erased too, and reopened."""
    record, about = house.record(), uuid4()
    with house.connect("holdfast_keeper") as conn:
        forget(conn, house.wrapping(), entropy, subjects=[about])
    with pytest.raises(Refused, match="erased"):
        note(record, about)
    record.keyring.reopen(about)
    assert note(record, about).first == 1


@pytest.mark.parametrize("alone", [True, False], ids=["by itself", "along"])
def test_what_a_request_could_be_tried_against_goes_with_its_passage(
    house: House, *, alone: bool
) -> None:
    """A single passage forgotten takes the secret of requests about the same subject with it.

    Also one that goes along with a case: its request was keyed by whom it is about.
    """
    told = Told(house.record()).begin()
    keyring, number = told.record.keyring, requests_secret(told.less)
    before = keyring.secret(told.less, number)
    assert keyring.secret(told.less, number) == before
    with house.connect("holdfast_keeper") as conn:
        lost, none = [told.key("lost")], list[UUID]()
        passages, along = (lost, none) if alone else (none, lost)
        forget(conn, house.wrapping(), entropy, passages=passages, along=along)
    keyring.stale([told.less])
    assert keyring.find([number]) == {}
    assert keyring.secret(told.less, number) != before


def test_a_reduced_subject_goes_on(house: House) -> None:
    """A subject that lost one passage can be written about, by those who remember its old key."""
    told = Told(house.record()).begin()
    with house.connect("holdfast_keeper") as conn:
        told.forget(conn, house.wrapping())
    told.streams["more"] = uuid4()
    note(told.record, told.less, "more", stream=told.streams["more"])
    assert told.opens() == {*LIVING, "more"}


class Killed(BaseException):
    """The process was killed here."""


@dataclass(slots=True)
class Steps:
    """Counts what touches the disk or the database, and dies at one of them.

    `at`: the step to die at; `after`: once it has been done, but before anybody was told.
    """

    at: int = 0
    after: bool = False
    done: int = 0

    @property
    def dead(self) -> bool:
        """Whether it has died: then nothing is done any more."""
        return 0 < self.at <= self.done

    def take(self, act: Callable[[], Any]) -> Any:  # noqa: ANN401 — whatever the act gives
        """Do one step, or die before or after it."""
        if self.dead:
            raise Killed
        self.done += 1
        if self.done == self.at and not self.after:
            raise Killed
        result = act()
        if self.done == self.at:
            raise Killed
        return result


def keeper(house: House, steps: Steps) -> psycopg.Connection[Any]:
    """A keeper's connection whose every statement, COMMIT included, is a step."""

    class Stepping(psycopg.Connection[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> psycopg.Cursor[Any]:  # noqa: ANN401 — psycopg's
            done: psycopg.Cursor[Any] = steps.take(
                lambda: psycopg.Connection.execute(self, query, params, **more)
            )
            return done

        def wait(self, gen: Any, **more: Any) -> Any:  # type: ignore[override]  # noqa: ANN401
            # BEGIN, COMMIT and ROLLBACK come here directly, everything else by way of `execute`.
            if gen.__name__ not in {"_enter_gen", "_exit_gen"}:
                return super().wait(gen, **more)
            return steps.take(lambda: psycopg.Connection.wait(self, gen, **more))

    return Stepping.connect(
        house.database.conninfo(LOGIN), autocommit=True, options="-c role=holdfast_keeper"
    )


def stepping(house: House, steps: Steps, patch: pytest.MonkeyPatch) -> WrappingKeys:
    """The file of wrapping keys; writing the new file and putting it in place are steps."""
    real = Path.replace
    patch.setattr(Path, "replace", lambda self, to: steps.take(lambda: real(self, to)))
    return house.wrapping()


def killed_at(house: House, told: Told, steps: Steps) -> bool:
    """Forget, dying at a step; whether it came to that."""
    with pytest.MonkeyPatch.context() as patch:
        wrapping, conn = stepping(house, steps, patch), keeper(house, steps)
        try:
            told.forget(conn, wrapping)
        except Killed:
            return True
        finally:
            conn.close()
    return False


@pytest.mark.parametrize(
    "after",
    [False, pytest.param(True, marks=pytest.mark.long)],
    ids=["failed", "done but untold"],
)
def test_a_forgetting_killed_at_any_step_is_whole_or_not_at_all(house: House, after: bool) -> None:  # noqa: FBT001
    """Killed before or after any step, forgetting has lost either nothing or just what was named.

    The keyring that is left opens with one epoch, and forgetting done again is done.
    """
    record = house.record()
    outcomes: list[bool] = []
    for at in range(1, 100):
        told = Told(record).begin()
        if not killed_at(house, told, Steps(at, after)):
            break
        reopened = house.record()  # brings file and database to one epoch
        (epoch,) = house.wrapping().epochs()
        with house.connect("holdfast_keeper") as conn:
            assert conn.execute("SELECT epoch FROM keyring.epoch").fetchall() == [(epoch,)]
        left = told.opens(reopened)
        assert left in (ALL, LIVING), f"step {at}"
        assert told.opens() == left, f"step {at}: a process that went on sees the same"
        outcomes.append(left == LIVING)
        with house.connect("holdfast_keeper") as conn:
            told.forget(conn, house.wrapping())
        assert told.opens() == LIVING
    assert len(outcomes) > 15
    assert outcomes == sorted(outcomes), "before the commit nothing, after it everything"
    assert outcomes[0] is False
    assert outcomes[-1] is True


def test_a_failed_forgetting_can_be_repeated_by_the_same_process(house: House) -> None:
    """A forgetting that failed and is done again by the same process loses nothing else."""
    told, wrapping = Told(house.record()).begin(), house.wrapping()
    steps = Steps(at=14)
    dying = keeper(house, steps)
    with pytest.raises(Killed):
        told.forget(dying, wrapping)
    dying.close()
    with house.connect("holdfast_keeper") as conn:
        told.forget(conn, wrapping)
    assert told.opens() == told.opens(house.record()) == LIVING


def test_opening_never_destroys_the_key_of_a_forgetting_under_way(house: House) -> None:
    """Processes that start while another forgets leave it its new wrapping key."""
    record, stop = house.record(), Event()
    steady = Told(record).begin()

    def start() -> int:
        starts = 0
        while not stop.is_set():
            with house.connect("holdfast_keeper") as conn:
                open_keyring(conn, house.wrapping())
            starts += 1
        return starts

    with ThreadPoolExecutor(2) as threads:
        starting = [threads.submit(start) for _ in range(2)]
        try:
            with house.connect("holdfast_keeper") as conn:
                for _ in range(15):
                    forget(conn, house.wrapping(), entropy, subjects=[uuid4()])
        finally:
            stop.set()
        assert sum(each.result() for each in starting) > 0
    assert steady.opens(house.record()) == ALL


def test_readers_and_writers_never_notice_a_forgetting(house: House) -> None:
    """While others forget again and again, appends succeed and what lives is read.

    There is no Corrupt, no lost key, no deadlock that anybody hears of.
    """
    record, stop = house.record(), Event()
    told = Told(record).begin()

    def work() -> int:
        own, rounds = house.record(), 0
        while not stop.is_set():
            about, stream = uuid4(), uuid4()  # a new subject each time: its key is made just now
            note(own, about, "new", stream=stream)
            note(own, told.same, "same", stream=stream, after=1)
            (new, same) = (fact.event.text for fact in house.record().facts(stream))
            assert (new, same) == (Personal(about, "new"), Personal(told.same, "same"))
            rounds += 1
        return rounds

    with ThreadPoolExecutor(3) as threads:
        working = [threads.submit(work) for _ in range(3)]
        try:
            with house.connect("holdfast_keeper") as conn:
                for _ in range(15):
                    forget(conn, house.wrapping(), entropy, subjects=[uuid4()])
        finally:
            stop.set()
        assert sum(each.result() for each in working) > 0
    assert told.opens(house.record()) == ALL


def test_the_search_key_is_made_once(house: House) -> None:
    """Many processes asking at once get one search key; it outlives a new epoch and master key."""
    house.record()
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(lambda _: house.wrapping().search_key(), range(32)))
    with house.connect("holdfast_keeper") as conn:
        forget(conn, house.wrapping(), entropy, subjects=[uuid4()])
    fresh = entropy(32)
    house.wrapping().rewrap(fresh)
    house.master = fresh
    assert found == {house.wrapping().search_key()}


def test_a_new_master_key_opens_what_the_old_one_did(house: House) -> None:
    """After changing the master key everything opens with the new one and nothing with the old."""
    told, old = Told(house.record()).begin(), house.master
    house.master = entropy(32)
    WrappingKeys(house.keys / "keyring.json", old, entropy).rewrap(house.master)
    assert told.opens(house.record()) == ALL
    with pytest.raises(Corrupt, match="master key"):
        WrappingKeys(house.keys / "keyring.json", old, entropy).epochs()


def test_an_older_keyring_file_is_refused(house: House) -> None:
    """With a copy of the file from before a forgetting the record does not open: newest copy."""
    told, file = Told(house.record()).begin(), house.keys / "keyring.json"
    older = file.read_bytes()
    with house.connect("holdfast_keeper") as conn:
        told.forget(conn, house.wrapping())
    newest = file.read_bytes()
    file.write_bytes(older)
    with pytest.raises(Corrupt, match="newest copy"):
        house.record()
    file.write_bytes(newest)
    assert told.opens(house.record()) == LIVING


def test_a_damaged_keyring_file_is_refused(house: House) -> None:
    """A keyring file that is not one is Corrupt, and its remedy is said."""
    house.record()
    file = house.keys / "keyring.json"
    one = orjson.loads(file.read_bytes())["1"]
    for damaged in (b"{", b"[]", b'{"1":5}', b'{"one":"x"}', b'{"1":"%s","2":"x"}' % one.encode()):
        file.write_bytes(damaged)
        with pytest.raises(Corrupt, match="newest copy"):
            house.record()
    (house.keys / "keyring.json").unlink()
    house.damaged = True


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_master_key_of_another_size_is_refused(tmp_path: Path, size: int) -> None:
    """Only 32 bytes are a master key; the refusal says how many there are and to restore it."""
    with pytest.raises(Refused, match=f"this one has {size}: restore"):
        WrappingKeys(tmp_path / "keyring.json", bytes(size), entropy)


def test_forgetting_inside_a_transaction_is_refused(house: House) -> None:
    """Within a transaction that may still be rolled back no wrapping key is destroyed."""
    house.record()
    with (
        house.connect("holdfast_keeper") as conn,
        conn.transaction(),
        pytest.raises(ValueError, match="autocommit"),
    ):
        forget(conn, house.wrapping(), entropy, subjects=[uuid4()])


def test_two_processes_make_one_key_for_a_new_subject(house: House) -> None:
    """Many that write about a new subject at once all end with the same subject key."""
    house.record()
    about, keyrings = uuid4(), [Keyring(house.pool, house.wrapping(), entropy) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda keyring: keyring.make(about), keyrings))
    assert {key.generation for key in made} == {1}
    with house.connect() as conn:
        (rows,) = conn.execute("SELECT count(*) FROM keyring.subject_key").fetchall()
    assert rows == (1,)


def test_a_keyring_makes_its_own_folder(house: House) -> None:
    """The folder of a new record's keyring need not be there, and is for its owner alone."""
    folder = house.keys / "not" / "there"
    wrapping = WrappingKeys(folder / "keyring.json", house.master, entropy)
    with house.connect("holdfast_keeper") as conn:
        open_keyring(conn, wrapping)
    assert (folder / "keyring.json").exists()
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_secret_about_somebody_lasts_until_they_are_forgotten(house: House) -> None:
    """Asked again it is the same, also after another passage was forgotten; then it is gone."""
    record, number = house.record(), uuid4()
    told = Told(record).begin()
    first = record.keyring.secret(told.less, number)
    other = record.keyring.secret(told.gone, uuid4())
    assert (len(first), first == other) == (32, False)
    with house.connect("holdfast_keeper") as conn:
        told.forget(conn, house.wrapping())
    assert house.record().keyring.secret(told.less, number) == first
    with house.connect("holdfast_keeper") as conn:
        forget(conn, house.wrapping(), entropy, subjects=[told.less], passages=[])
    fresh = house.record().keyring
    assert fresh.find([number]) == {}
    with pytest.raises(Refused, match="erased"):
        fresh.secret(told.less, number)
