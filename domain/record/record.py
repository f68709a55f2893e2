"""The record as the domain sees it: events in, facts out, passages sealed in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

import orjson
from psycopg import Connection

from domain.record.encoding import (
    Catalogue,
    canonical,
    dump,
    dump_header,
    load,
    load_header,
    load_instant,
    passages,
)
from domain.record.envelope import Row
from domain.record.keyring import Keyring, NewKey
from domain.record.log import Append, Appended, Clock, Fence, Log, Prepared, StaleKey, StreamAppend
from domain.record.remembered import Said, mark
from domain.record.sealing import (
    SALT_BYTES,
    b64,
    key_as_written,
    key_of,
    opened_before,
    seal,
    unseal,
    unseal_by,
)
from domain.refusal import Corrupt, Refused
from domain.words import Actor, Fact, Forgotten, Header, Particulars, Passage, Personal

OPENING: Final = "record-opened.v1"
_RESEALS: Final = 5


@dataclass(frozen=True, slots=True)
class Part:
    """Events for one stream, to be recorded after `expected_version`."""

    stream: UUID
    expected_version: int
    events: tuple[object, ...]


class Record:
    """One log, read and written as events of the catalogue."""

    def __init__(
        self,
        log: Log,
        keyring: Keyring,
        catalogue: Catalogue,
        clock: Clock,
        entropy: Callable[[int], bytes],
    ) -> None:
        self.log = log
        self.keyring = keyring
        self._catalogue = catalogue
        self._clock = clock
        self._entropy = entropy
        self._simulated_until: datetime | None = None

    def now(self) -> datetime:
        """The time by this log's clock."""
        return self._clock.now()

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
        """Seal and record, all or nothing, if nothing overtook it; durable when this returns.

        `keys` were made by whoever asks, and become durable with it.

        Raises what `Log.append` raises, and Refused where a subject's data were erased (I13) or
        simulated time is offered to a real log.
        """
        self._refuse_simulation(parts)
        size = sum(len(part.events) for part in parts)
        for attempt in range(_RESEALS):
            first, beside = {"digest": digest.hex(), "events": size}, keys
            prepared = []
            for part in parts:
                rows = []
                for version, event in enumerate(part.events, part.expected_version + 1):
                    header = self._header(event, actor, particulars, command)
                    one = self._prepare(event, header, part.stream, version, first, keys=beside)
                    rows.append(one)
                    first, beside = {}, ()
                prepared.append(StreamAppend(part.stream, part.expected_version, tuple(rows)))
            append = Append(command, digest, tuple(prepared), fence)
            try:
                return self.log.append(append)
            except StaleKey:
                if attempt + 1 == _RESEALS:
                    raise
                self.keyring.stale(_subjects(append))
        raise StaleKey("keys were replaced over and over")

    def append_with(
        self,
        event: object,
        *,
        stream: UUID,
        actor: Actor,
        particulars: Particulars,
        command: UUID,
        keys: tuple[NewKey, ...],
        also: Callable[[Connection[Any], int], None],
    ) -> Appended:
        """Record one event, the first of a stream, with what `also` writes: both or neither.

        `keys` were made by whoever asks, and become durable with it. `also` is run under the log's
        lock, before the event is written, told the microsecond at which that is recorded, and may
        raise: then nothing is.

        Raises what `Log.append` raises: StaleKey too, since only who made the keys can make others.
        """
        digest = command.bytes * 2
        header = self._header(event, actor, particulars, command)
        first = {"digest": digest.hex(), "events": 1}
        prepared = self._prepare(event, header, stream, 1, first, keys=keys)
        part = StreamAppend(stream, 0, (prepared,))
        return self.log.append(Append(command, digest, (part,), also=also))

    def facts(self, stream: UUID, *, as_at: int | None = None) -> list[Fact[Any]]:
        """A stream as it was known at a position (None: now), passages opened.

        Raises:
            Corrupt: a row, a payload or a passage does not prove itself.
        """
        return self.open(self.log.stream(stream, as_at=as_at))

    def open(self, rows: Iterable[Row]) -> list[Fact[Any]]:
        """Rows as facts, their passages opened with one look at the keyring."""
        rows = list(rows)
        payloads = [_payload(row) for row in rows]
        keys = self.keyring.find({key_of(sealed) for data in payloads for sealed in passages(data)})
        return [self._fact(row, data, keys) for row, data in zip(rows, payloads, strict=True)]

    def without_words(self, rows: Iterable[Row]) -> list[Fact[Any]]:
        """Rows as facts, every passage in them Forgotten: where codes and dates alone are asked."""
        return [self._fact(row, _payload(row), {}) for row in rows]

    def unseal(self, sealed: Sequence[Mapping[str, Any]]) -> list[Passage]:
        """Passages that a view carried sealed; Forgotten where the key is gone."""
        numbers = [key_of(one) for one in sealed]
        keys = self.keyring.find(set(numbers))
        return [
            unseal_by(one, number, keys.get(number))
            for one, number in zip(sealed, numbers, strict=True)
        ]

    def unseal_again(self, sealed: Sequence[Mapping[str, Any]]) -> list[Passage]:
        """As `unseal`, of so many that are asked again and again that it pays to remember them."""
        remembered = self.keyring.remembered
        written = [key_as_written(one) for one in sealed]
        epoch = remembered.epoch(written)
        known = remembered.of(written, epoch)
        marks = [mark(one) for one in sealed] if epoch is not None else [0] * len(sealed)
        said = [
            before[0] if (before := known.get(name)) is not None and before[1] == at else None
            for name, at in zip(written, marks, strict=True)
        ]
        rest = [one for one, text in zip(sealed, said, strict=True) if text is None]
        opened = iter(self.unseal(rest))
        new = dict[str, Said]()
        found = list[Passage]()
        for one, name, at, text in zip(sealed, written, marks, said, strict=True):
            passage = next(opened) if text is None else opened_before(one, text)
            if text is None and isinstance(passage, Personal):
                new[name] = (passage.text, at)
            found.append(passage)
        remembered.keep(new, epoch)
        return found

    def forgotten(self, sealed: Sequence[Mapping[str, Any]]) -> list[bool]:
        """Whether each of some passages is forgotten, of which none is opened."""
        numbers = [key_of(one) for one in sealed]
        missing = self.keyring.missing(numbers)
        return [one in missing for one in numbers]

    def _header(
        self, event: object, actor: Actor, particulars: Particulars, command: UUID
    ) -> Header:
        name, version = self._catalogue.describe(type(event))
        return Header(
            name=name,
            version=version,
            occurred=particulars.occurred,
            recorded_by=actor.worker,
            performed_by=particulars.performed_by or actor.worker,
            role=particulars.performed_role or actor.role,
            organisation=particulars.performed_organisation or actor.organisation,
            purpose=particulars.purpose,
            correlation=particulars.correlation or command,
            command=command,
            causation=particulars.causation,
            known_to=particulars.known_to,
            source=particulars.source,
            source_recorded=particulars.source_recorded,
            performer_unknown=particulars.performer_unknown,
            unknown_workers=particulars.unknown_workers,
        )

    def _prepare(
        self,
        event: object,
        header: Header,
        stream: UUID,
        version: int,
        first: Mapping[str, Any],
        *,
        keys: tuple[NewKey, ...],
    ) -> Prepared:
        made = list(keys)

        def seal_passage(passage: Passage, path: str) -> dict[str, Any]:
            if isinstance(passage, Forgotten):
                raise Refused("forgotten", "L9", "a forgotten passage cannot be recorded again")
            key = self.keyring.make(passage.about)
            made.append(key)
            return seal(
                passage,
                key_id=key.id,
                key=key.key,
                place=f"{stream}/{version}{path}",
                entropy=self._entropy,
            )

        data = dump(event, seal_passage)
        return Prepared(
            f"{header.name}.v{header.version}",
            dump_header(header, salt=self._salt(), command=first),
            canonical({"salt": self._salt(), "data": data}),
            tuple(made),
        )

    def _salt(self) -> str:
        return b64(self._entropy(SALT_BYTES))

    def _fact(self, row: Row, data: dict[str, Any], keys: Mapping[UUID, bytes]) -> Fact[Any]:
        place = f"{row.stream}/{row.version}/"

        def open_passage(sealed: Mapping[str, Any], _path: str) -> Passage:
            if not sealed["at"].startswith(place):
                raise Corrupt(f"position {row.position}: a passage was moved here")
            return unseal(sealed, keys.get(key_of(sealed)))

        header = _read_header(row)
        if f"{header.name}.v{header.version}" != row.name:
            raise Corrupt(f"position {row.position}: its name is not the one in its header")
        try:
            cls = self._catalogue.resolve(header.name)
            data = self._catalogue.upcast(header.name, header.version, data)
        except KeyError:
            raise Corrupt(f"position {row.position}: the catalogue lacks {row.name}") from None
        event = load(cls, data, open_passage)
        return Fact(event, header, row.stream, row.version, row.position, row.recorded_at)

    def _refuse_simulation(self, parts: Sequence[Part]) -> None:
        """Simulated time exists only in a log whose first event says so, until its end date."""
        if not self._clock.simulated:
            return
        if self._simulated_until is None:
            self._simulated_until = self._read_simulation(parts)
        if self._simulated_until is None or self._clock.now() > self._simulated_until:
            raise Refused(
                "simulated-time",
                "clock",
                "simulated time is accepted only by a log opened as simulated, up to its end",
            )

    def _read_simulation(self, parts: Sequence[Part]) -> datetime | None:
        rows = self.log.at([1])
        if not rows:
            # The very first append decides: it must be the opening that says `simulated`.
            opening = parts[0].events[0]
            until = getattr(getattr(opening, "simulated", None), "until", None)
            return cast("datetime | None", until)
        if rows[0].name != OPENING:
            return None
        simulated = orjson.loads(rows[0].payload)["data"].get("simulated")
        return None if simulated is None else load_instant(simulated["until"])


def _payload(row: Row) -> dict[str, Any]:
    try:
        data: dict[str, Any] = orjson.loads(row.payload)["data"]
    except (KeyError, TypeError, ValueError):
        raise Corrupt(f"position {row.position}: its payload is not one of ours") from None
    return data


def _read_header(row: Row) -> Header:
    try:
        return load_header(orjson.loads(row.header))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Corrupt(f"position {row.position}: its header is not one of ours") from None


def _subjects(append: Append) -> set[UUID]:
    return {key.subject for part in append.streams for event in part.events for key in event.keys}
