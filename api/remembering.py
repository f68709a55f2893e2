"""A record for whoever writes one stream over and over: what was read or written stays in memory.

It may be behind what others wrote meanwhile. That does no harm: the log itself compares versions
when something is appended, and whoever gets its Conflict forgets the stream and reads it again, or
catches up with it.

It holds passages in clear, also once they are forgotten. So whoever keeps it for long
forgets all of it when a key was destroyed (`WrappingKeys.epochs` tells), and at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from domain.record.keyring import NewKey
from domain.record.log import Appended, Fence
from domain.record.record import Part, Record
from domain.words import Actor, Fact, Particulars

_PAGE: Final = 1000  # rows


class RememberingRecord(Record):
    """A record that keeps the facts of the streams it read and wrote. For one thread."""

    def __init__(self, *parts: Any) -> None:  # noqa: ANN401 — those of Record
        """Take what a Record takes."""
        super().__init__(*parts)
        self._kept: dict[UUID, list[Fact[Any]]] = {}

    def facts(self, stream: UUID, *, as_at: int | None = None) -> list[Fact[Any]]:
        """A stream, from memory where it was read before."""
        if as_at is not None:
            return super().facts(stream, as_at=as_at)
        if stream not in self._kept:
            self._kept[stream] = super().facts(stream)
        return self._kept[stream]

    def forget(self, stream: UUID) -> None:
        """Read it anew when it is next asked for."""
        self._kept.pop(stream, None)

    def forget_all(self) -> None:
        """Read every stream anew when it is next asked for."""
        self._kept.clear()

    def catch_up(self, stream: UUID) -> list[Fact[Any]] | None:
        """What others recorded in a stream since it was read; None where it is to be read anew.

        Raises:
            Corrupt: a row, a payload or a passage does not prove itself.
        """
        kept = self._kept.get(stream)
        if not kept:
            return None
        after, found = kept[-1].position, list[Fact[Any]]()
        while rows := self.log.read(after, limit=_PAGE):
            after = rows[-1].position
            own = [row for row in rows if row.stream == stream]
            for row in own:
                self.log.check(row)
            found += self.open(own)
        expected = range(len(kept) + 1, len(kept) + len(found) + 1)
        if [fact.version for fact in found] != list(expected):
            self.forget(stream)
            return None
        kept += found
        return found

    def append(
        self,
        parts: Sequence[Part],
        *,
        actor: Actor,
        particulars: Particulars,
        command: UUID,
        digest: bytes,
        fence: Fence | None = None,
        keys: tuple[NewKey, ...] = (),
    ) -> Appended:
        """Record, then keep what was recorded of the streams that are remembered."""
        appended = super().append(
            parts,
            actor=actor,
            particulars=particulars,
            command=command,
            digest=digest,
            fence=fence,
            keys=keys,
        )
        position, now = appended.first, self._clock.now()
        for part in parts:
            if appended.repeated:
                self.forget(part.stream)
            kept = self._kept.get(part.stream, [])
            for event in part.events:
                header = self._header(event, actor, particulars, command)
                kept.append(Fact(event, header, part.stream, len(kept) + 1, position, now))
                position += 1
        return appended
