"""The crash table: a process killed before and after each durable step, by SIGKILL.

A child takes in what was recorded, signs and publishes, and kills itself at step n: before it was
made, or made and not told. Its connections and files end as those of any killed process.
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
from domain.record.proof.checkpoint import open_checkpoint
from domain.record.proof.integrating import covering
from domain.record.proof.note import Verifier
from domain.record.proof.policy import Policy, PolicyLog
from domain.record.proof.publishing import CHECKPOINT, Folder, Publisher
from domain.record.proof.receipt import Receipt, read_receipt, receipt_text, verify_receipt
from domain.record.proof.signing import HeadSigner, head_signers
from domain.record.proof.tree import TILE, Tree
from tests.conftest import AUTHORITY, LOGIN
from tests.house.tracked import ROOT
from tests.record.conftest import House
from tests.record.proof.conftest import ORIGIN, SEED, fill, integrator

VERIFIER = Verifier.from_vkey(head_signers(SEED)(ORIGIN).vkey)
STEPS = 25  # more than there are: the last ones end by themselves
QUICK = {1, 2, 3, 4, 5, 8}  # the tree, a head, its commit, its signature, kept; a file


class Killing:
    """Counts durable steps, and ends this process at one of them."""

    def __init__(self, at: int, *, made: bool) -> None:
        self._left, self._made = at, made

    def step(self, change: Callable[[], Any]) -> Any:  # noqa: ANN401 — what the change gives
        """Make a change, unless the process ends before it."""
        self._left -= 1
        if self._left == 0 and not self._made:
            os.kill(os.getpid(), signal.SIGKILL)
        done = change()
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done


def live(conninfo: str, folder: str, at: int, made: bool) -> None:  # noqa: C901, FBT001 — classes; of a command line
    """Take in, sign and publish; what the child does."""
    killing = Killing(at, made=made)

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

    class Place(Folder):
        def put(self, path: str, raw: bytes) -> None:
            killing.step(lambda: Folder.put(self, path, raw))

        def drop(self, path: str) -> None:
            killing.step(lambda: Folder.drop(self, path))

    class Signing(HeadSigner):
        def head(self, size: int, root: bytes) -> bytes:
            note: bytes = killing.step(lambda: HeadSigner.head(self, size, root))
            return note

    with Watched.connect(conninfo, autocommit=True, options="-c role=holdfast_integrator") as conn:
        one = integrator(conn, signs=lambda origin: Signing(head_signers(SEED)(origin).signer))
        while not one.lead(ORIGIN):
            pass
        one.integrate()
        head = one.head() or one.newest()
        Publisher(conn, "cases", Place(Path(folder))).publish(head)


def child(house: House, folder: Path, at: int, *, made: bool) -> int:
    """Run a process that kills itself; how it ended."""
    code = (
        "import sys; from tests.record.proof.test_crash_table import live;"
        " live(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == 'made')"
    )
    words = [house.database.conninfo(LOGIN), str(folder), str(at), "made" if made else "failed"]
    return subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, check=False).returncode


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


def published(folder: Path) -> tuple[int, bytes]:
    """Size and root of the checkpoint that lies there, signed by the one key."""
    head, _ = open_checkpoint(Folder(folder).get(CHECKPOINT) or b"", [VERIFIER])
    return head.size, head.root


def at_step(house: House, folder: Path, at: int, *, made: bool) -> bool:
    """Kill a process at a step and start another; whether the step was there to be killed at."""
    fill(house, TILE - 2)
    assert child(house, folder, 0, made=False) == 0
    before = published(folder)
    leaves = fill(house, TILE + 5)
    ended = child(house, folder, at, made=made)
    assert ended in {0, -signal.SIGKILL}
    size, root = published(folder)
    assert size in {before[0], len(leaves)}
    assert root == root_of(leaves[:size]), "what is published is the old tree or the new one"
    given = receipts(house, len(leaves))
    assert child(house, folder, 0, made=False) == 0
    assert published(folder) == (len(leaves), root_of(leaves))
    after = receipts(house, len(leaves))
    assert {position: after[position] for position in given} == given, "a receipt stays the same"
    policy = Policy((PolicyLog(VERIFIER),), quorum=None)
    for position, text in after.items():
        (row,) = house.log().at([position])
        verify_receipt(read_receipt(text), envelope(LOGS["cases"], AUTHORITY, row), policy)
    house.verify().demand()
    return ended != 0


steps = pytest.mark.parametrize(
    "at",
    [at if at in QUICK else pytest.param(at, marks=pytest.mark.long) for at in range(1, STEPS + 1)],
)


@steps
@pytest.mark.parametrize("made", [False, True], ids=["failed", "failed though made"])
def test_killed_at_any_step_the_same_tree_goes_on(
    house: House,
    tmp_path: Path,
    at: int,
    made: bool,  # noqa: FBT001 — a parameter
) -> None:
    """Killed at a step of integrating, signing or publishing, whoever is next goes on."""
    killed = at_step(house, tmp_path / "cases", at, made=made)
    assert killed or at not in QUICK, "there was such a step"
    assert killed or at > 12, "there are so many steps"
    assert not killed or at < STEPS, "the table has them all"
