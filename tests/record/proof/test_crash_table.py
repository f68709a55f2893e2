"""The crash table: a process killed before each durable step, by SIGKILL.

A child takes in what was recorded, signs and publishes, and kills itself before step n. A step that
was made and not told is the state before the next one, so each is failed, and failed though made.
Steps are statements and commits of the database, the signature, and whatever changes the folder by
itself: a file made, put in its place or taken away, a folder made, moved or taken away. Its
connections and files end as those of any killed process. Power is not cut: what `fsync` is for is
read and reasoned (README, Not tested here).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.record.envelope import envelope
from domain.record.merkle import root_of
from domain.record.migration import LOGS
from domain.record.proof.checkpoint import open_checkpoint, read_checkpoint
from domain.record.proof.integrating import covering
from domain.record.proof.lives import incarnations
from domain.record.proof.note import Verifier, read_note
from domain.record.proof.policy import Policy, PolicyLog
from domain.record.proof.publishing import CHECKPOINT, Folder, Publisher
from domain.record.proof.receipt import Receipt, read_receipt, receipt_text, verify_receipt
from domain.record.proof.signing import HeadSigner, head_signers
from domain.record.proof.tiles import entries_paths, tile_paths
from domain.record.proof.tree import TILE, Tree
from tests.conftest import AUTHORITY, LOGIN
from tests.house.tracked import ROOT
from tests.record.conftest import House
from tests.record.proof.conftest import ORIGIN, SEED, fill, integrator

Steps = Callable[[Callable[[], Any]], Any]


class Killing:
    """Counts durable steps, and ends this process before one of them."""

    def __init__(self, at: int) -> None:
        self._at, self.made = at, 0

    def step(self, change: Callable[[], Any]) -> Any:  # noqa: ANN401 — what the change gives
        """Make a change, unless the process ends before it."""
        if self.made + 1 == self._at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.made += 1
        return change()


def watch_folder(folder: str, step: Steps) -> None:
    """Count what changes a folder, wherever it is done."""

    def watched(name: str, counts: Callable[..., bool] = lambda *_args: True) -> None:
        ask = getattr(os, name)

        def asked(path: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401 — as os has it
            if str(path).startswith(folder) and counts(*args):
                return step(lambda: ask(path, *args, **named))
            return ask(path, *args, **named)

        setattr(os, name, asked)

    for name in ("replace", "rename", "unlink", "mkdir", "rmdir"):
        watched(name)
    watched("open", lambda flags=0, *_mode: bool(flags & os.O_CREAT))


def live(conninfo: str, folder: str, at: int, incarnation: int) -> int:
    """Take in, sign and publish; what the child does. Gives how many steps there were.

    `incarnation`: the one that it has to be, begun if it is not there yet.
    """
    killing = Killing(at)
    watch_folder(folder, killing.step)

    class Watched(psycopg.Connection[Any]):
        def execute(self, query: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401 — as its base
            ask = super().execute
            if not str(query).lstrip().startswith(("INSERT", "SELECT pg_logical")):
                return ask(query, *args, **named)
            return killing.step(lambda: ask(query, *args, **named))

        def transaction(self, *args: Any, **named: Any) -> Any:  # noqa: ANN401 — as its base
            return Ending(super().transaction(*args, **named))

    class Ending:
        """A transaction whose commit is a step."""

        def __init__(self, inner: Any) -> None:  # noqa: ANN401 — psycopg's
            self._inner = inner

        def __enter__(self) -> Any:  # noqa: ANN401 — psycopg's
            return self._inner.__enter__()

        def __exit__(self, *how: object) -> Any:  # noqa: ANN401 — as psycopg's
            return killing.step(lambda: self._inner.__exit__(*how))

    class Signing(HeadSigner):
        def head(self, size: int, root: bytes) -> bytes:
            note: bytes = killing.step(lambda: HeadSigner.head(self, size, root))
            return note

    with Watched.connect(conninfo, autocommit=True, options="-c role=holdfast_integrator") as conn:
        if 1 < incarnation > len(incarnations(conn, "cases")):
            integrator(conn).begin_again(named)
        one = integrator(conn, signs=lambda origin: Signing(head_signers(SEED)(origin).signer))
        while not one.lead(ORIGIN):
            pass
        one.integrate()
        head = one.head() or one.newest()
        Publisher(conn, "cases", Folder(Path(folder))).publish(head)
    return killing.made


def named(incarnation: int) -> str:
    """The origin of an incarnation."""
    return f"{ORIGIN.rpartition('/')[0]}/{incarnation}"


def child(house: House, folder: Path, at: int = 0, incarnation: int = 1) -> int | None:
    """Run a process that kills itself before a step; how many there were, None where it was."""
    code = (
        "import sys; from tests.record.proof.test_crash_table import live;"
        " print(live(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))"
    )
    words = [house.database.conninfo(LOGIN), str(folder), str(at), str(incarnation)]
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, stdout=subprocess.PIPE, check=False
    )
    assert done.returncode in {0, -signal.SIGKILL}
    return None if done.returncode else int(done.stdout)


def receipts(house: House, size: int) -> dict[int, bytes]:
    """Every receipt that can be given now, by position."""
    given = {}
    with house.connect() as conn:
        tree = Tree(conn, "cases")
        for position in (1, TILE - 2, TILE, size):
            head = covering(conn, "cases", position)
            if head is not None:
                path = tuple(tree.inclusion(position - 1, head.size))
                given[position] = receipt_text(Receipt(position - 1, path, head.note))
    return given


def published(folder: Path) -> tuple[str, int, bytes] | None:
    """The checkpoint that lies there, signed by the one key; what it promises is there."""
    raw = Folder(folder).get(CHECKPOINT)
    if raw is None:
        return None
    origin = read_checkpoint(read_note(raw)[0]).origin
    head, _ = open_checkpoint(raw, [Verifier.from_vkey(head_signers(SEED)(origin).vkey)])
    for path in (*tile_paths(head.size), *entries_paths(head.size)):
        assert (folder / path).exists(), path
    return head.origin, head.size, head.root


def killed_before(
    house: House, folder: Path, at: int, *, count: int, incarnation: int = 1
) -> int | None:
    """Record, kill who publishes it before a step, and start another; None where one was killed.

    Whatever the step: what is published is as it was or new, whole, and receipts stay the same.
    """
    before = published(folder)
    leaves = fill(house, count)
    new = (named(incarnation), len(leaves), root_of(leaves))
    steps = child(house, folder, at, incarnation)
    aside = None if incarnation == 1 else folder / "superseded" / str(incarnation - 1)
    seen = published(folder)
    assert seen in {before, new} or (seen is None and aside and (aside / CHECKPOINT).exists())
    given = receipts(house, len(leaves))
    assert child(house, folder, incarnation=incarnation) is not None
    assert published(folder) == new
    after = receipts(house, len(leaves))
    assert {position: after[position] for position in given} == given, "a receipt stays the same"
    for position, text in after.items():
        (row,) = house.log().at([position])
        entry = envelope(LOGS["cases"], AUTHORITY, row)
        kept = read_receipt(text)
        origin = read_checkpoint(read_note(kept.checkpoint)[0]).origin
        verifier = Verifier.from_vkey(head_signers(SEED)(origin).vkey)
        verify_receipt(kept, entry, Policy((PolicyLog(verifier),), quorum=None))
    if aside is not None:
        assert (aside / CHECKPOINT).exists()
        assert (aside / "tile/0").exists()
    assert not list(folder.rglob(".*")), "nothing half is left"
    return steps


def every_step(kill: Callable[[int], int | None], some: range, *, at_least: int) -> None:
    """Go through the table until there is no such step; without gaps, or some of it."""
    for at in some:
        steps = kill(at)
        if steps is not None:
            assert at_least <= steps < at
            return
    assert some.step > 1, "the table has them all"


ALL = range(1, 500)
TABLE = pytest.mark.parametrize(
    "some", [range(1, 60, 9), pytest.param(ALL, marks=pytest.mark.long)], ids=["some", "all"]
)


@TABLE
def test_killed_at_any_step_the_same_tree_goes_on(
    house: House, tmp_path: Path, some: range
) -> None:
    """A tile is filled, a head signed, and all of it published beside what lay there."""
    folder = tmp_path / "cases"
    fill(house, TILE - 2)
    assert child(house, folder)
    every_step(lambda at: killed_before(house, folder, at, count=TILE), some, at_least=20)
    house.verify().demand()


@TABLE
def test_killed_at_any_step_of_the_first_publication(
    house: House, tmp_path: Path, some: range
) -> None:
    """In a folder that is not there yet, of a log that began, or of one that is long there."""

    def kill(at: int) -> int | None:
        return killed_before(house, tmp_path / str(at) / "cases", at, count=5)

    every_step(kill, some, at_least=20)


@TABLE
def test_killed_at_any_step_of_another_incarnation(
    house: House, tmp_path: Path, some: range
) -> None:
    """After a restore: what was published is put aside whole, and the next goes on from it."""
    folder = tmp_path / "cases"
    fill(house, 5)
    assert child(house, folder)

    def kill(at: int) -> int | None:
        with house.connect("holdfast_integrator") as conn:
            lives = len(incarnations(conn, "cases"))
        return killed_before(house, folder, at, count=5, incarnation=lives + 1)

    every_step(kill, some, at_least=20)
