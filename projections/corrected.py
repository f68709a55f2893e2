"""Events as they are now understood, for a fold that meets a correction, a merge or a split.

A correction may take back any earlier event, or move it to another time, a merge or a split lets it
be read in another case, and what an event did to a row cannot be undone from the row. So a fold
that meets one recalls the stream, and those joined to it (`Seen.earlier`), and makes its rows again
from what still stands, where it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from math import inf
from typing import Any, Final

from domain.corrected import TIME_TOLD_IN, same_time
from domain.correction import CORRECTION
from domain.person import CORRECTION as PERSON_CORRECTION
from domain.record.envelope import from_us
from domain.when import When
from projections.joined import JOINED, Reading, acts
from projections.projection import Fold, Json, Key, Row, Seen

CORRECTED: Final = CORRECTION  # of a case
PERSON_CORRECTED: Final = PERSON_CORRECTION
# What a fold of cases makes its rows again at, where it `concerns` them.
AGAIN: Final = JOINED | {CORRECTED}
_EITHER: Final = frozenset({CORRECTED, PERSON_CORRECTED})


def standing(seen: Iterable[Seen]) -> list[Seen]:
    """The events of some streams as now understood, as `domain.corrected.standing` has it.

    The last correction of each event decides: withdrawn events are left out, and those now
    understood to have happened at another time stand at that time.
    """
    events = list(seen)
    last: Mapping[tuple[str, int], Json] = {
        (one.stream, one.data["target"]): one.data for one in events if one.name in _EITHER
    }
    if not last:
        return events
    return [
        _understood(one, correction)
        for one in events
        if (correction := last.get((one.stream, one.version))) is None
        or not correction["withdrawn"]
    ]


def _understood(one: Seen, correction: Json) -> Seen:
    """The event at its corrected time, also in the field that tells the same time."""
    when = None if correction is None else correction.get("occurred")
    if when is None:
        return one
    field = TIME_TOLD_IN.get(one.name)
    if field and same_time(_when(one.occurred), _when(one.data[field]), from_us(one.recorded_us)):
        return one.at(when, field=field)
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
