"""What of several appends that wait together may be written: each is decided after those before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.clock import entropy
from domain.record.appending import (
    Append,
    Appended,
    CommandReused,
    Fence,
    Overtaken,
    Prepared,
    StaleKey,
    StreamAppend,
)
from domain.record.deciding import Pending, decide
from domain.record.keyring import NewKey
from domain.record.log_sql import Statements
from domain.refusal import Conflict
from tests.record.conftest import House, note

DIGEST = b"d" * 32


def of(
    *parts: tuple[UUID, int, int],
    command: UUID | None = None,
    digest: bytes = DIGEST,
    name: str = "x.v1",
    fence: Fence | None = None,
    keys: tuple[NewKey, ...] = (),
) -> Append:
    """Give an append of parts: a stream, the version expected, and how many events."""
    streams = tuple(
        StreamAppend(
            stream,
            expected,
            tuple(Prepared(name, entropy(20), entropy(20), keys) for _ in range(count)),
        )
        for stream, expected, count in parts
    )
    return Append(command or uuid4(), digest, streams, fence)


def decided(house: House, *appends: Append) -> tuple[list[int], Sequence[Pending]]:
    """Decide appends together: which may be written, by number, and what each has come to."""
    waiting = [Pending(one) for one in appends]
    with house.connect() as conn:
        going = decide(conn, Statements("cases"), waiting)
    return [waiting.index(one) for one in going], waiting


def conflict(pending: Pending) -> tuple[Any, ...]:
    """Give what a conflict says: the stream, the version expected and the one found."""
    assert isinstance(pending.error, Conflict)
    return pending.error.stream, pending.error.expected, pending.error.actual


def test_a_twin_waits_for_the_first(house: House) -> None:
    """The same request twice in one batch: one may be written, the other is not yet answered."""
    command, stream = uuid4(), uuid4()
    twin = of((stream, 0, 1), command=command)
    going, (_first, second, _third) = decided(house, twin, twin, of((uuid4(), 0, 1)))
    assert going == [0, 2]
    assert not second.settled


def test_a_command_id_serves_one_request_of_a_batch(house: House) -> None:
    """Another request under the same command id is refused at once, whatever stream it is for."""
    command = uuid4()
    going, (_first, second) = decided(
        house,
        of((uuid4(), 0, 1), command=command),
        of((uuid4(), 0, 1), command=command, digest=b"e" * 32),
    )
    assert going == [0]
    assert isinstance(second.error, CommandReused)


def test_a_command_that_was_refused_leaves_its_id_free(house: House) -> None:
    """A twin of what could not be written is decided for itself, not told to wait for it."""
    command, stream = uuid4(), uuid4()
    house.log().append(of((stream, 0, 2)))
    going, (first, second) = decided(
        house, of((stream, 1, 1), command=command), of((stream, 2, 1), command=command)
    )
    assert going == [1]
    assert conflict(first) == (stream, 1, 2)
    assert not second.settled


def test_what_was_recorded_before_is_answered_or_refused(house: House) -> None:
    """A command recorded before has its first answer; another request under its id has none."""
    log, command = house.log(), uuid4()
    log.append(of((uuid4(), 0, 3)))
    append = of((uuid4(), 0, 2), command=command)
    log.append(append)
    going, (again, other) = decided(
        house, append, of((uuid4(), 0, 2), command=command, digest=b"e" * 32)
    )
    assert going == []
    assert again.done == Appended(4, 2, repeated=True)
    assert again.error is None
    assert other.done is None
    assert isinstance(other.error, CommandReused)


@pytest.mark.parametrize("first", [-1, 0])
def test_a_stream_that_grows_within_a_batch(house: House, first: int) -> None:
    """Each append to a stream is held to where those before it in the batch leave it."""
    stream = uuid4()
    going, waiting = decided(
        house,
        of((stream, first, 2)),
        of((stream, first, 1)),
        of((stream, first + 2, 1)),
        of((stream, first + 2, 1)),
    )
    assert going == [0, 2]
    assert conflict(waiting[1]) == (stream, first, first + 2)
    assert conflict(waiting[3]) == (stream, first + 2, first + 3)


def test_one_append_may_write_to_a_stream_twice(house: House) -> None:
    """A second part for the same stream follows the first; one that does not is a conflict."""
    stream = uuid4()
    going, (_whole, torn) = decided(
        house, of((stream, 0, 2), (stream, 2, 1)), of((stream, 3, 2), (stream, 4, 1))
    )
    assert going == [0]
    assert conflict(torn) == (stream, 4, 5)


@pytest.mark.parametrize("expected", [1, 7])
def test_a_stream_nobody_has_written_is_at_no_version(house: House, expected: int) -> None:
    """It is found at version 0, for whoever expects it further on."""
    stream = uuid4()
    going, (one,) = decided(house, of((stream, expected, 1)))
    assert going == []
    assert conflict(one) == (stream, expected, 0)


def test_a_stream_is_not_begun_twice(house: House) -> None:
    """Whoever expects a stream without entries is told of the ones it has, from version 0 too."""
    stream, other = uuid4(), uuid4()
    house.log().append(of((stream, -1, 1)))
    house.log().append(of((other, 0, 1)))
    going, (again, next_, late) = decided(
        house, of((stream, -1, 1)), of((stream, 0, 1)), of((other, 0, 1))
    )
    assert going == [1]
    assert conflict(again) == (stream, -1, 0)
    assert not next_.settled
    assert conflict(late) == (other, 0, 1)


def test_a_fence_is_held_to_what_goes_before_it(house: House) -> None:
    """What the fence names, in the record behind it or earlier in the batch, stops an append."""
    house.log().append(of((uuid4(), 0, 1), name="taken-in.v1"))

    def fenced(after: int, name: str = "taken-in.v1") -> Append:
        fence = Fence(names=frozenset({"taken-in.v1"}), after=after)
        return of((uuid4(), 0, 1), name=name, fence=fence)

    going, waiting = decided(
        house, fenced(0), fenced(1, "x.v1"), fenced(1), fenced(1), of((uuid4(), 0, 1))
    )
    assert going == [1, 2, 4]
    assert [isinstance(one.error, Overtaken) for one in waiting] == [
        *(True, False, False, True, False)
    ]


def test_a_key_that_was_replaced_is_not_written_with(house: House) -> None:
    """Only what is sealed under keys that still stand is written; one that is gone is enough."""
    record, about, stranger = house.record(), uuid4(), uuid4()
    note(record, about)

    def key(subject: UUID, generation: int = 1) -> NewKey:
        return NewKey(uuid4(), entropy(32), subject, generation, entropy(60))

    with house.connect() as conn:
        found = conn.execute(
            "SELECT generation FROM keyring.subject_key WHERE subject = %s", (about,)
        ).fetchone()
    assert found is not None
    (stands,) = found
    going, waiting = decided(
        house,
        of((uuid4(), 0, 1), keys=(key(about, stands),)),
        of((uuid4(), 0, 1), keys=(key(about, stands + 1),)),
        of((uuid4(), 0, 1), keys=(key(about, stands), key(stranger, stands))),
        of((uuid4(), 0, 1)),
    )
    assert going == [0, 3]
    assert [isinstance(one.error, StaleKey) for one in waiting] == [False, True, True, False]
