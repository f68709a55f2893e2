"""Events as they are now understood, for a fold that meets a correction, a merge or a split.

A correction may take back any earlier event, or move it to another time, a merge or a split lets it
be read in another case, and what an event did to a row cannot be undone from the row. So a fold
that meets one recalls the stream, and those joined to it (`Seen.earlier`), and makes its rows again
from what still stands, where it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from math import inf
from typing import Any, Final, TypeAlias

from domain.corrected import DAY_TOLD_IN_OF, TIME_TOLD_IN, same_time
from domain.correction import CORRECTION
from domain.person import CORRECTION as PERSON_CORRECTION
from domain.record.envelope import from_us
from domain.when import When, on_day
from projections.joined import JOINED, Reading, acts
from projections.projection import Fold, Json, Key, Row, Seen, certain_day_of

CORRECTED: Final = CORRECTION  # of a case
PERSON_CORRECTED: Final = PERSON_CORRECTION
# What a fold of cases makes its rows again at, where it `concerns` them.
AGAIN: Final = JOINED | {CORRECTED}
_EITHER: Final = frozenset({CORRECTED, PERSON_CORRECTED})
_Place: TypeAlias = tuple[str, int]  # stream and version


def standing(seen: Iterable[Seen]) -> list[Seen]:
    """The events of some streams as now understood, as `domain.corrected.standing` has it.

    The last correction of each event decides: withdrawn events are left out, and those now
    understood to have happened at another time stand at that time.
    """
    events = list(seen)
    last: Mapping[_Place, Json] = {
        (one.stream, one.data["target"]): one.data for one in events if one.name in _EITHER
    }
    if not last:
        return events
    dues = _dues(events, last)
    return [
        _understood(one.with_fields(dues.get((one.stream, one.version), {})), correction)
        for one in events
        if (correction := last.get((one.stream, one.version))) is None
        or not correction["withdrawn"]
    ]


def _dues(events: Iterable[Seen], last: Mapping[_Place, Json]) -> Mapping[_Place, dict[str, Json]]:
    """The due dates that the corrections which stand reckoned anew, by the event that has them."""
    found: dict[_Place, dict[str, Json]] = {}
    for one in events:
        if one.name != CORRECTED or last[(one.stream, one.data["target"])] is not one.data:
            continue
        for due in one.data.get("dues", ()):
            found.setdefault((one.stream, due["of"]), {})[due["field"]] = due.get("due")
    return found


def _understood(one: Seen, correction: Json) -> Seen:
    """The event at its corrected time, also in the field that tells the same time or day."""
    when = None if correction is None else correction.get("occurred")
    if when is None:
        return one
    field = TIME_TOLD_IN.get(one.name)
    if field and same_time(_when(one.occurred), _when(one.data[field]), from_us(one.recorded_us)):
        return one.at(when, field=field)
    field, day = DAY_TOLD_IN_OF.get(one.name), certain_day_of(when)
    if field and day is not None:
        told = on_day(date.fromisoformat(one.data[field]))
        if same_time(_when(one.occurred), told, from_us(one.recorded_us)):
            one = one.with_fields({field: day})
    return one.at(when)


def _when(stored: Json) -> When:
    return When(stored["edtf"], _instant(stored.get("from")), _instant(stored.get("to")))


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def concerns(seen: Seen) -> bool:
    """Whether rows are to be made again at an event.

    At a correction of an event the projection reads; at what joins or parts cases, in one of them.
    """
    if seen.name in JOINED:
        return acts(seen)
    target = (seen.stream, seen.data["target"])
    return any((one.stream, one.version) == target for one in seen.earlier)


def reading(seen: Seen) -> Reading:
    """The streams an event recalls as they stand after it, and what of them is read where."""
    return Reading(standing([*seen.earlier, seen]))


def again(
    fold: Fold, seen: Seen, *, opened: Callable[[Any, Seen], Row] | None = None
) -> dict[Key, Row | None]:
    """The rows a fold makes of what an event recalls; None where one ended.

    `fold` must treat a correction itself as nothing; `opened` makes a row open where an open case
    comes to be read in one that was closed.
    """
    return remade(fold, reading(seen), opened=opened)


def remade(
    fold: Fold, read: Reading, *, opened: Callable[[Any, Seen], Row] | None = None
) -> dict[Key, Row | None]:
    """The rows a fold makes of what is read, as `again`."""
    rows: dict[Key, Row | None] = {}
    brought = [] if opened is None else list(read.brought_open)

    def bring(before: float) -> None:
        while opened is not None and brought and brought[0][1].position < before:
            case, merge = brought.pop(0)
            row = rows.get((case,))
            if row is not None:
                rows[(case,)] = opened(row, merge)

    for one in read.events:
        bring(one.position)
        rows.update(fold(one, rows.get))
    bring(inf)
    return rows
