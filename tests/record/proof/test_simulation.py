"""Days in the life of a proof: leaders die anywhere, disks fail, and there is one tree.

From each seed follows everything that happens; a failing one is printed and can be run again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from domain.record.envelope import envelope
from domain.record.merkle import Frontier
from domain.record.migration import LOGS
from domain.record.proof.checkpoint import open_checkpoint
from domain.record.proof.integrating import covering
from domain.record.proof.note import Verifier
from domain.record.proof.policy import Policy, PolicyLog
from domain.record.proof.publishing import CHECKPOINT, Folder, Publisher
from domain.record.proof.receipt import Receipt, read_receipt, receipt_text, verify_receipt
from domain.record.proof.signing import HeadSigner, head_signers
from domain.record.proof.tree import TILE, Tree
from tests.conftest import AUTHORITY, a_folder
from tests.record.conftest import House
from tests.record.proof.conftest import ORIGIN, SEED, fill, integrator
from tests.record.proof.test_publishing import Failing

VERIFIER = Verifier.from_vkey(head_signers(SEED)(ORIGIN).vkey)


class Died(BaseException):
    """Stands for the end of the process."""


class Dying:
    """A connection on which the nth statement that changes anything is the last of its process."""

    def __init__(self, conn: psycopg.Connection[Any], left: int, *, made: bool) -> None:
        self._conn, self._left, self._made = conn, left, made

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 — whatever a connection has
        return getattr(self._conn, name)

    def execute(self, query: Any, *args: Any, **named: Any) -> psycopg.Cursor[Any]:  # noqa: ANN401 — as its base
        """Execute, or die before or after it."""
        if not str(query).lstrip().startswith(("INSERT", "SELECT pg_logical")):
            return self._conn.execute(query, *args, **named)
        self._left -= 1
        if self._left == 0 and not self._made:
            raise Died
        done = self._conn.execute(query, *args, **named)
        if self._left == 0:
            raise Died
        return done


class World:
    """A log, a folder, and what outsiders were given of it so far."""

    def __init__(self, house: House, folder: Path, random: Random) -> None:
        self.house, self.folder, self.random = house, folder, random
        self.roots = Frontier()
        self.known: dict[int, bytes] = {}  # by size, the root
        self.receipts: dict[int, bytes] = {}  # by position, as they were given
        self.published = 0
        self.append()

    def append(self) -> None:
        """Somebody records."""
        for leaf in fill(self.house, self.random.choice((1, 2, 5, 5, 30, TILE)), all_of_it=False):
            self.roots.add(leaf)
            self.known[self.roots.size] = self.roots.root()

    def lead(self) -> None:
        """A process leads for a while, and may die at any statement or any change of the disk."""
        fails = self.random.choice(("never", "statement", "disk", "signing"))
        made, at = self.random.random() < 0.5, self.random.randint(1, 8)
        with self.house.connect("holdfast_integrator") as conn:
            used: Any = Dying(conn, at, made=made) if fails == "statement" else conn
            place: Folder | Failing = Folder(self.folder)
            if fails == "disk":
                place = Failing(Folder(self.folder), at, made=made)
            signs = self._signs() if fails == "signing" else None
            one = integrator(used, signs=signs)
            try:
                while not one.lead(ORIGIN):
                    pass
                one.integrate()
                head = one.head() or one.newest()
                Publisher(used, "cases", place).publish(head)
            except (Died, OSError):
                return

    def look(self) -> None:
        """An outsider looks: what was published goes on, and every receipt still holds."""
        raw = Folder(self.folder).get(CHECKPOINT)
        if raw is not None:
            head, _ = open_checkpoint(raw, [VERIFIER])
            assert head.size >= self.published
            assert self.known[head.size] == head.root
            self.published = head.size
        position = self.random.randint(1, self.roots.size)
        with self.house.connect() as conn:
            found = covering(conn, "cases", position)
            if found is not None:
                path = tuple(Tree(conn, "cases").inclusion(position - 1, found.size))
                given = receipt_text(Receipt(position - 1, path, found.note))
                assert self.receipts.setdefault(position, given) == given
        policy = Policy((PolicyLog(VERIFIER),), quorum=None)
        for kept, text in self.random.sample(
            sorted(self.receipts.items()), min(3, len(self.receipts))
        ):
            (row,) = self.house.log().at([kept])
            verify_receipt(read_receipt(text), envelope(LOGS["cases"], AUTHORITY, row), policy)

    def _signs(self) -> Callable[[str], HeadSigner]:
        class Last(HeadSigner):
            def head(self, size: int, root: bytes) -> bytes:  # noqa: ARG002 — as its base
                raise Died

        return lambda origin: Last(head_signers(SEED)(origin).signer)


def live(house: House, folder: Path, seeds: range) -> None:
    """One log through many seeds, in each of which so much happens."""
    world = World(house, folder, Random(seeds.start))  # noqa: S311 — no secret
    for seed in seeds:
        world.random = Random(seed)  # noqa: S311 — no secret
        try:
            for _ in range(12):
                world.random.choice((world.append, world.lead, world.lead, world.look))()
            world.look()
        except BaseException:
            print(f"seed {seed}")  # noqa: T201 — to run it again
            raise


def test_one_tree_through_every_end(house: House) -> None:
    """Whoever dies where, what was published goes on and no receipt is invalidated (50 seeds)."""
    with a_folder() as folder:
        live(house, folder / "cases", range(50))


@pytest.mark.long
def test_one_tree_through_every_end_long(house: House) -> None:
    """The same of a thousand seeds."""
    with a_folder() as folder:
        live(house, folder / "cases", range(1000))
