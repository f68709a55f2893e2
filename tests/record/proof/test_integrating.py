"""Making the tree and its heads: one leader, the same tree through any crash."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from domain.record.merkle import root_of
from domain.record.migration import LOGS
from domain.record.proof.integrating import LEAD, covering, heads, newest
from domain.record.proof.lives import incarnations
from domain.record.proof.signing import HeadSigner, head_signers
from domain.record.proof.tree import TILE, Tree
from domain.refusal import Corrupt, Refused
from tests.record.conftest import House
from tests.record.proof.conftest import ORIGIN, SEED, fill, integrator


class Killed(BaseException):
    """Stands for the end of the process at this place."""


@contextmanager
def leading(house: House, **how: Any) -> Iterator[Any]:  # noqa: ANN401 — what integrator takes
    """Lead for a while, as a process does."""
    with house.connect("holdfast_integrator") as conn:
        one = integrator(conn, **how)
        assert one.lead(ORIGIN)
        yield one


def gone(house: House) -> None:
    """Wait until the database has seen whoever led go."""
    with house.connect() as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (LEAD + LOGS["cases"],))
        conn.execute("SELECT pg_advisory_unlock_all()")


def test_one_leads(house: House) -> None:
    """While one makes the tree of a log nobody else does; once it is gone the next one goes on."""
    leaves = fill(house, 3)
    with house.connect("holdfast_integrator") as other:
        waiting = integrator(other)
        with leading(house) as one:
            one.integrate()
            assert not waiting.lead(ORIGIN)
        gone(house)
        assert waiting.lead(ORIGIN)
        waiting.integrate()
        head = waiting.head()
    assert head is not None
    assert head.root == root_of(leaves)
    assert [one.number for one in incarnations_of(house)] == [1]


def incarnations_of(house: House) -> list[Any]:
    """Every life of the log of cases."""
    with house.connect() as conn:
        return incarnations(conn, "cases")


def test_a_tree_is_gone_on_with(house: House) -> None:
    """However often whoever makes it ends, and wherever, the tree and its heads are the same."""
    leaves: list[bytes] = []
    for count in (1, TILE - 2, 1, 1, TILE, 3 * TILE + 5):
        leaves = fill(house, count)
        with leading(house) as one:
            one.integrate()
            head = one.head()
        assert head is not None
        assert (head.size, head.root) == (len(leaves), root_of(leaves))
    with house.connect() as conn:
        found = list(heads(conn, "cases", incarnation=1))
        assert [one.root for one in found] == [root_of(leaves[: one.size]) for one in found]
        assert newest(conn, "cases") == found[-1]


def test_a_head_that_was_not_signed_is_signed_next(house: House) -> None:
    """Killed between committing a head and signing it, the next leader signs the same head."""
    leaves = fill(house, 5)

    class Dying(HeadSigner):
        def head(self, size: int, root: bytes) -> bytes:  # noqa: ARG002 — as its base
            raise Killed

    with leading(house, signs=lambda origin: Dying(head_signers(SEED)(origin).signer)) as one:
        one.integrate()
        with pytest.raises(Killed):
            one.head()
    fill(house, 2)
    with leading(house) as one:
        one.integrate()
        found = one.head()
        with house.connect() as conn:
            assert covering(conn, "cases", 1) == newest(conn, "cases") == found
        assert (found.size, found.root) == (5, root_of(leaves))
        assert found.note == head_signers(SEED)(ORIGIN).head(5, root_of(leaves))
        assert one.head().size == 7


def test_the_first_head_that_covers_a_position_stays_the_same(house: House) -> None:
    """A receipt asked for again is of the same head, however many came since."""
    for _ in range(3):
        fill(house, 4)
        with leading(house) as one:
            one.integrate()
            one.head()
    with house.connect() as conn:
        sizes = [getattr(covering(conn, "cases", size), "size", None) for size in (1, 4, 5, 12, 13)]
    assert sizes == [4, 4, 8, 12, None]


@pytest.mark.parametrize(
    "damage",
    [
        'DELETE FROM record.cases WHERE "position" > 4',
        "UPDATE record.cases SET payload = '\\x00' WHERE \"position\" = 2",
    ],
)
def test_a_log_that_was_changed_is_signed_no_more(house: House, damage: str) -> None:
    """Cut off, or rewritten with its leaves, a log does not go on from its last head."""
    fill(house, 6)
    with leading(house) as one:
        one.integrate()
        one.head()
    house.damaged = True
    with psycopg.connect(house.database.conninfo(), autocommit=True) as conn:
        conn.execute("ALTER TABLE record.cases DISABLE TRIGGER ALL")
        conn.execute(damage.encode())
    with (
        house.connect("holdfast_integrator") as conn,
        pytest.raises(Corrupt, match="does not go on from the tree head of 6 entries"),
    ):
        integrator(conn).lead(ORIGIN)


@pytest.mark.parametrize("table", ["subtree", "incarnation", "head", "signed_head"])
def test_what_was_signed_is_never_changed(house: House, table: str) -> None:
    """No head, and nothing that is stored of the tree, is edited or deleted, by whomever."""
    fill(house, TILE)
    with leading(house) as one:
        one.integrate()
        one.head()
    for statement in (f"UPDATE record.{table} SET log = 1", f"DELETE FROM record.{table}"):
        with (
            psycopg.connect(house.database.conninfo(), autocommit=True) as conn,
            pytest.raises(psycopg.DatabaseError) as refused,
        ):
            conn.execute(statement.encode())
        assert refused.value.sqlstate == "HF005"
        with (
            house.connect("holdfast_integrator") as conn,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            conn.execute(statement.encode())
    with house.connect() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(f"INSERT INTO record.{table} DEFAULT VALUES".encode())
    with house.connect("holdfast_integrator") as conn:
        assert Tree(conn, "cases").root(TILE)


def test_another_key_signs_nothing(house: House) -> None:
    """A key that is not the one of the incarnation is refused: nobody would know it."""
    with leading(house):
        pass
    gone(house)
    with (
        house.connect("holdfast_integrator") as conn,
        pytest.raises(Refused, match="put back the file"),
    ):
        integrator(conn, signs=head_signers(bytes(32))).lead(ORIGIN)
