"""What is appended to a log and what comes of it: values and errors, no behaviour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg import Connection

from domain.record.keyring import NewKey


class StaleKey(Exception):  # noqa: N818 — named for what it tells, as in domain.refusal
    """A passage was sealed under a key that has since been replaced: seal again."""


class CommandReused(Exception):  # noqa: N818 — as above
    """The command id was used before for another request."""


class Overtaken(Exception):  # noqa: N818 — as above
    """Something was recorded since that this was decided without: look again, then decide again."""


class Unavailable(Exception):  # noqa: N818 — as above
    """The database cannot be reached or cannot write now; nothing was half-written."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An event ready to be written: its name, header, payload, and the keys of its passages."""

    name: str
    header: bytes
    payload: bytes
    keys: tuple[NewKey, ...] = ()


@dataclass(frozen=True, slots=True)
class StreamAppend:
    """Events for one stream, all after `expected_version` (0 for a new stream)."""

    stream: UUID
    expected_version: int
    events: tuple[Prepared, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """What an append was decided by, beyond its own streams: no event of these names after that.

    `names` are as the log holds them, with version; `after` is the last position that was looked
    at. Held under the log's own lock, where nobody else can write: no lock held elsewhere while
    deciding, and lost, can let two through.
    """

    names: frozenset[str]
    after: int


@dataclass(frozen=True, slots=True)
class Append:
    """What one command writes, all or nothing. `digest` is of its request (32 bytes)."""

    command: UUID
    digest: bytes
    streams: tuple[StreamAppend, ...]
    fence: Fence | None = None
    # What must happen in the same transaction, told when that is recorded; written alone.
    also: Callable[[Connection[Any], int], None] | None = None
    size: int = field(init=False)  # how many events it holds

    def __post_init__(self) -> None:
        """Count the events once: whoever writes them asks four times."""
        object.__setattr__(self, "size", sum(len(part.events) for part in self.streams))

    @property
    def bytes(self) -> int:
        """How many bytes of headers and payloads it holds."""
        return sum(
            len(event.header) + len(event.payload) for part in self.streams for event in part.events
        )

    @property
    def keys(self) -> set[tuple[UUID, int]]:
        """The subject keys (subject, generation) that its passages' keys are wrapped with."""
        return {
            (key.subject, key.generation)
            for part in self.streams
            for event in part.events
            for key in event.keys
        }


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an append stands: positions `first` to `first + count - 1`.

    `repeated` tells that the command had been recorded before.
    """

    first: int
    count: int
    repeated: bool = False

    @property
    def last(self) -> int:
        """The last position."""
        return self.first + self.count - 1
