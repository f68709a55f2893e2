"""What a projection is: a pure fold of the record's events into row versions.

A fold is handed events as they are stored: references and dates are the texts of their JSON, a
personal passage is the sealed object. It gives back whole rows; whoever runs it writes them, each
valid over a range of positions. Nothing here touches a database, a clock or a key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, TypeAlias

import orjson

from domain.catalogue import EVENTS
from domain.stored import upcast
from domain.when import LONDON
from domain.words import Passage

Json: TypeAlias = Any
Key: TypeAlias = tuple[Any, ...]
# A row is the projection's NamedTuple. It is written as a new version only when it is not equal to
# the one before it, so everything in it is a column somebody is shown.
Row: TypeAlias = tuple[Any, ...]
Current: TypeAlias = Callable[[Key], Any]
Changes: TypeAlias = Sequence[tuple[Key, Row | None]]

# `text` is a code, an identifier or a stored time, as everything is that stands unsealed in the
# record: it holds no character that COPY would read otherwise.
TYPES: Final = frozenset({"uuid", "text", "date", "timestamptz", "int8", "bool", "jsonb"})
_DAY_LENGTH: Final = len("2026-11-02")
# A header is canonical JSON, in which a quotation mark inside a text never stands bare: what this
# finds is the fields themselves. Reading the whole of it takes longer than all else a fold does.
_PLACED: Final = re.compile(
    rb'"occurred":\{"edtf":"([^"\\]*)"(?:,"from":"([^"\\]*)")?(?:,"to":"([^"\\]*)")?\}'
    rb',"organisation":"([^"\\]+)"'
).search
_UNCERTAIN: Final = re.compile("[?~%]").search
_HOUR_US: Final = 3_600_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Seen:
    """One event as a fold sees it; header and data are decoded when first asked for.

    `name` is the stored name without its version; `data` has the event's current shape (older
    shapes are brought up to it); `opened` holds the passages a projection asked to have opened,
    `earlier` what it recalls: events before this one of the stream it names, in order, and of the
    cases joined to that. `stream` is where it stands, `case` where it is read: the same but for
    what a fold makes again of joined cases.
    """

    __slots__ = (
        "_data",
        "_header",
        "_payload",
        "case",
        "earlier",
        "name",
        "opened",
        "position",
        "recorded_us",
        "shape",
        "stream",
        "version",
    )

    position: int
    stream: str
    version: int
    recorded_us: int

    def __init__(self, row: Row) -> None:
        """`row` holds position, stream, version, recorded_us, stored name, header and payload."""
        self.position, self.stream, self.version, self.recorded_us, stored, header, payload = row
        self.name, self.shape = split(stored)
        self._header: Json = header
        self._payload: bytes = payload
        self._data: Json = None
        self.case = self.stream
        self.opened: Sequence[Passage] = ()
        self.earlier: Sequence[Seen] = ()

    @property
    def header(self) -> dict[str, Json]:
        """Who, when it was so and why, as `domain.record.encoding.dump_header` wrote it."""
        if type(self._header) is bytes:
            self._header = orjson.loads(self._header)
        header: dict[str, Json] = self._header
        return header

    @property
    def data(self) -> dict[str, Json]:
        """The event's own fields."""
        if self._data is None:
            data = orjson.loads(self._payload)["data"]
            self._data = data if self.shape == shape_now(self.name) else self._upcast(data)
        found: dict[str, Json] = self._data
        return found

    @property
    def occurred(self) -> Json:
        """When it happened, as the header stores it."""
        edtf, first, last, _ = self.placed
        bounds = {"from": first, "to": last}
        return {"edtf": edtf, **{name: one for name, one in bounds.items() if one is not None}}

    @property
    def placed(self) -> tuple[str, str | None, str | None, str]:
        """When it happened (EDTF, first and last instant), and whose knowledge it was."""
        if type(self._header) is bytes and (found := _PLACED(self._header)) is not None:
            edtf, first, last, organisation = found.groups()
            return (
                edtf.decode(),
                None if first is None else first.decode(),
                None if last is None else last.decode(),
                organisation.decode(),
            )
        when = self.header["occurred"]
        return when["edtf"], when.get("from"), when.get("to"), self.header["organisation"]

    @property
    def known_to(self) -> Json:
        """Who else knew of it, since when; None where nobody is named."""
        if type(self._header) is bytes and b'"known_to":' not in self._header:
            return None
        return self.header.get("known_to")

    @property
    def source_recorded(self) -> Json:
        """When the source it came from had recorded it; None where it came from none."""
        if type(self._header) is bytes and b'"source_recorded":' not in self._header:
            return None
        return self.header.get("source_recorded")

    @property
    def source(self) -> str | None:
        """The system it was brought in from; None where it was recorded here."""
        if type(self._header) is bytes and b'"source":' not in self._header:
            return None
        found: str | None = self.header.get("source")
        return found

    @property
    def happened_on(self) -> str:
        """The local day it happened; the day of recording where that is not one certain day."""
        edtf, first, last, _ = self.placed
        return _certain(edtf, first, last) or self.recorded_on

    @property
    def occurred_on(self) -> str:
        """The first local day it can have happened; the day of recording where that is unknown."""
        return day_of(self.occurred) or self.recorded_on

    @property
    def recorded_on(self) -> str:
        """The local day on which it was recorded."""
        return _local_day(self.recorded_us // _HOUR_US)

    def at(self, occurred: Json, *, field: str | None = None) -> Seen:
        """The same event, now understood to have happened at another (stored) time.

        `field` is the one of its own that tells the same time, where it has one.
        """
        other = copy(self)
        other._header = {**self.header, "occurred": occurred}  # noqa: SLF001 — one of its own
        if field is not None:
            other._data = {**self.data, field: occurred}  # noqa: SLF001 — as above
        return other

    def with_fields(self, told: Mapping[str, Json]) -> Seen:
        """The same event, some of its fields now understood otherwise."""
        if not told:
            return self
        other = copy(self)
        other._data = {**self.data, **told}  # noqa: SLF001 — one of its own
        return other

    def read_in(self, case: str, told: Mapping[str, Json]) -> Seen:
        """The same event as it is read in another case; `told` are fields said otherwise there."""
        other = copy(self)
        other.case = case
        if told:
            other._data = {**self.data, **told}  # noqa: SLF001 — one of its own
        return other

    def _upcast(self, data: dict[str, Json]) -> dict[str, Json]:
        return upcast(self.name, self.shape, data)


Fold: TypeAlias = Callable[[Seen, Current], Changes]


def target_of(seen: Seen) -> tuple[str, int] | None:
    """The event of its own stream that one points at (`target`)."""
    return seen.stream, seen.data["target"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A view of the record: what it reads, the table it makes, and how.

    `version` changes with any change of the fold or the columns: the view is then rebuilt.
    `events` are stored names without version. `key` and `columns` map names to SQL types (of
    `TYPES`); `row` is the NamedTuple of the columns. `indexes` are what follows the table's name
    in CREATE INDEX; `valid` is a column like any other there, and "{current}" the condition that a
    version is the present one.
    `touches` names every key that `fold` may ask for; `fold` gives rows, or None where a key has no
    row any more. Both are pure.
    """

    name: str
    version: int
    events: frozenset[str]
    key: Mapping[str, str]
    columns: Mapping[str, str]
    row: Any
    indexes: tuple[str, ...]
    touches: Callable[[Seen], Iterable[Key]]
    fold: Fold
    # The events that may touch a row an earlier event made; None where any may. A rebuild holds
    # in memory only rows that can still change.
    revisits: frozenset[str] | None = None
    # The events that name another, and whose fold is handed it (`Seen.earlier`), with all else of
    # its stream before them unless `recalls_stream` is False; nothing where the projection does not
    # read the event named. `names` says which it is: stream and version, None where it is none.
    recalls: frozenset[str] = frozenset()
    recalls_stream: bool = True
    names: Callable[[Seen], tuple[str, int] | None] = target_of
    # The events after which not even the bytes of a row that ended may stay in the table's files:
    # where they touch a row, the table is written anew in the transaction of their batch.
    forgets: frozenset[str] = frozenset()
    # The events whose fields the fold reads; None: of all. The others come without their payload.
    reads: frozenset[str] | None = None
    # The sealed passages a fold must read; they are opened for it, many at once.
    opens: Callable[[Seen], Sequence[Json]] | None = None
    # False: only the present is kept, and the table is emptied by a crash (search tokens).
    history: bool = True

    def __post_init__(self) -> None:
        """Hold the declaration to what the runner relies on (a programmer's error otherwise)."""
        if tuple(self.columns) != self.row._fields:
            raise TypeError(f"{self.name}: the columns are not the fields of its row")
        kinds = list(self.columns.values())
        if sorted(kinds, key=lambda kind: kind == "jsonb") != kinds or "jsonb" in self.key.values():
            raise TypeError(f"{self.name}: its jsonb columns stand last")
        unknown = {*self.key.values(), *self.columns.values()} - TYPES
        named = self.events | self.recalls | (self.revisits or set()) | (self.reads or set())
        named |= self.forgets
        if unknown or not named <= EVENTS.keys():
            raise TypeError(f"{self.name}: {unknown or named - EVENTS.keys()} is not known")

    @property
    def stored_names(self) -> list[str]:
        """Every name, with version, under which its events can stand in the log."""
        return stored_names(self.events)


def stored_names(events: Collection[str]) -> list[str]:
    """The names with every version there has been, as the log holds them."""
    return [
        f"{name}.v{shape}"
        for name in sorted(events)
        for shape in range(1, EVENTS[name].current_version + 1)
    ]


@lru_cache(maxsize=1024)
def split(stored: str) -> tuple[str, int]:
    """`conference-convened.v1` → (`conference-convened`, 1)."""
    name, _, shape = stored.rpartition(".v")
    return name, int(shape)


@lru_cache(maxsize=1024)
def shape_now(name: str) -> int:
    """The current version of an event's shape."""
    return EVENTS[name].current_version


def day_of(when: Mapping[str, Json]) -> str | None:
    """The first local day of a stored time; None where its beginning is not known."""
    text: str = when["edtf"]
    if _is_day(text):
        return text
    first = when.get("from")
    return None if first is None else _day_of_instant(first)


def days_of(when: Mapping[str, Json]) -> tuple[str | None, str | None]:
    """The first and the last local day a stored time can have been; None where a side is open."""
    first, last = when.get("from"), when.get("to")
    return (
        None if first is None else _day_of_instant(first),
        None if last is None else _day_of_instant(last),
    )


def days_by(when: Mapping[str, Json], recorded_on: str) -> tuple[str | None, str]:
    """The first day a stored time can have been (None: open), and the last.

    What is recorded as done was done by then; only a time corrected afterwards may lie behind it.
    """
    first, last = days_of(when)
    if first is not None and first > recorded_on:
        return first, last or first
    return first, recorded_on if last is None else min(last, recorded_on)


def is_about(when: Mapping[str, Json]) -> bool:
    """Whether a stored time is said to be approximate or uncertain, so that it has no bounds."""
    return _UNCERTAIN(when["edtf"]) is not None


def certain_day_of(when: Mapping[str, Json]) -> str | None:
    """The local day of a stored time; None where it is uncertain or not exactly one day."""
    return _certain(when["edtf"], when.get("from"), when.get("to"))


def latest_day_of(when: Mapping[str, Json]) -> str | None:
    """The last local day a stored time can have been; None where that is unknown or doubted."""
    last = when.get("to")
    return None if last is None or _UNCERTAIN(when["edtf"]) else _day_of_instant(last)


def _certain(text: str, first: str | None, last: str | None) -> str | None:
    if _is_day(text):
        return text
    if first is None or last is None or _UNCERTAIN(text):
        return None
    day = _day_of_instant(first)
    return day if day == _day_of_instant(last) else None


def _is_day(text: str) -> bool:
    """Whether a stored time is one plain day: what its bounds say too, it says itself."""
    return len(text) == _DAY_LENGTH and text.replace("-", "").isdigit()


@lru_cache(maxsize=65536)
def _day_of_instant(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(LONDON).date().isoformat()


@lru_cache(maxsize=65536)
def _local_day(hours: int) -> str:
    """The local day of an hour since 1970; British time differs from UTC by whole hours."""
    return (_EPOCH + timedelta(hours=hours)).astimezone(LONDON).date().isoformat()


def days_between(first: str, last: str) -> int:
    """Whole days from one day to a later one; 0 where it is not later."""
    if last <= first:
        return 0
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).days
