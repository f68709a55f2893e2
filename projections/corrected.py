"""A stream's events as they are now understood, for a fold that meets a correction.

A correction may take back any earlier event, or move it to another time, and what an event did to
a row cannot be undone from the row. So a fold that meets one recalls the stream (`Seen.earlier`)
and makes its rows again from what still stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from domain.corrected import TIME_TOLD_IN, same_time
from domain.correction import CORRECTION
from domain.person import CORRECTION as PERSON_CORRECTION
from domain.record.envelope import from_us
from domain.when import When
from projections.projection import Fold, Json, Key, Row, Seen

CORRECTED: Final = CORRECTION  # of a case
PERSON_CORRECTED: Final = PERSON_CORRECTION
_EITHER: Final = frozenset({CORRECTED, PERSON_CORRECTED})


def standing(seen: Iterable[Seen]) -> list[Seen]:
    """The events of one stream as now understood, as `domain.corrected.standing` has it.

    The last correction of each event decides: withdrawn events are left out, and those now
    understood to have happened at another time stand at that time.
    """
    events = list(seen)
    last: Mapping[int, Json] = {
        one.data["target"]: one.data for one in events if one.name in _EITHER
    }
    if not last:
        return events
    return [
        _understood(one, last.get(one.version))
        for one in events
        if one.version not in last or not last[one.version]["withdrawn"]
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


def concerns(correction: Seen) -> bool:
    """Whether a correction is of an event the projection reads."""
    target = correction.data["target"]
    return any(one.version == target for one in correction.earlier)


def again(fold: Fold, correction: Seen) -> dict[Key, Row | None]:
    """The rows a fold makes of a stream as it stands after a correction; None where one ended.

    `fold` must treat a correction itself as nothing.
    """
    rows: dict[Key, Row | None] = {}
    for one in standing([*correction.earlier, correction]):
        rows.update(fold(one, rows.get))
    return rows
