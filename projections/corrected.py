"""Events as they are now understood, for a fold that meets a correction, a merge or a split.

A correction may take back any earlier event, or move it to another time, a merge or a split lets it
be read in another case, and what an event did to a row cannot be undone from the row. So a fold
that meets one recalls the stream, and those joined to it (`Seen.earlier`), and makes its rows again
from what still stands, where it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from math import inf
from typing import Any, Final, TypeAlias, TypeVar

from domain.corrected import DAY_TOLD_IN_OF, TIME_TOLD_IN, Understood, same_time
from domain.correction import CORRECTION
from domain.person import CORRECTION as PERSON_CORRECTION
from domain.record.envelope import from_us
from domain.when import When, on_day
from projections.joined import JOINED, Reading, acts
from projections.projection import Fold, Json, Key, Row, Seen, certain_day_of, days_by

CORRECTED: Final = CORRECTION  # of a case
PERSON_CORRECTED: Final = PERSON_CORRECTION
# What a fold of cases makes its rows again at, where it `concerns` them.
AGAIN: Final = JOINED | {CORRECTED}
_EITHER: Final = frozenset({CORRECTED, PERSON_CORRECTED})
# What is said of an event beside its fields where the time that one of them tells as a day is now
# understood as more than one.
WITHIN: Final = "within"
_Place: TypeAlias = tuple[str, int]  # stream and version
C = TypeVar("C")


def standing(seen: Iterable[Seen]) -> list[Seen]:
    """The events of some streams as now understood, as `domain.corrected.standing` has it.

    By all corrections of each: withdrawn events are left out, and those now understood to have
    happened at another time stand at that time.
    """
    events = list(seen)
    told = _told(events)
    if not told:
        return events
    dues = _dues(told, events)
    return [
        understood_at(
            one.with_fields(dues.get((one.stream, one.version), {})),
            None if now is None else now.when,
        )
        for one in events
        if (now := told.get((one.stream, one.version))) is None or not now.withdrawn
    ]


def _told(events: Iterable[Seen]) -> dict[_Place, Understood[Json, Seen]]:
    """What is understood of each event that was corrected."""
    told: dict[_Place, Understood[Json, Seen]] = {}
    for one in events:
        if one.name in _EITHER:
            place = (one.stream, one.data["target"])
            told[place] = understood_after(told.get(place), one, one)
    return told


def understood_after(
    before: Understood[Json, C] | None, seen: Seen, correction: C
) -> Understood[Json, C]:
    """What is understood of an entry with one more correction, by stored times."""
    data = seen.data
    return (before or Understood()).after(
        correction,
        withdrawn=data["withdrawn"],
        occurred=data.get("occurred"),
        fields=data.get("fields", ()),
    )


def wrong_in(seen: Iterable[Seen]) -> Mapping[int, tuple[str, list[str]]]:
    """By its position the name of each event of which fields are understood to be wrong, and which.

    Of some events, and of all corrections of them.
    """
    events: dict[_Place, Seen] = {}
    told: dict[_Place, Understood[Json, Seen]] = {}
    for one in seen:
        if one.name not in _EITHER:
            events[one.stream, one.version] = one
        elif (place := (one.stream, one.data["target"])) in events:
            told[place] = understood_after(told.get(place), one, one)
    return {
        events[place].position: (events[place].name, sorted(now.wrong))
        for place, now in told.items()
        if now.wrong
    }


def _dues(
    told: Mapping[_Place, Understood[Json, Seen]], events: Sequence[Seen]
) -> Mapping[_Place, dict[str, Json]]:
    """The due dates reckoned anew with what is understood, by the event that has them.

    One of another case, which reads what was corrected, is named by the negative of its position:
    it is due by what was understood as the two were parted, if they were.
    """
    said = [(by, due, (by.stream, due["of"])) for by, due in _reckoned(told) if due["of"] > 0]
    corrections = [one for one in events if one.name == CORRECTED]
    named = {due["of"] for one in corrections for due in one.data.get("dues", ()) if due["of"] < 0}
    places = {-it.position: (it.stream, it.version) for it in events if -it.position in named}
    for of, place in places.items():
        held = _told(one for one in corrections if _holds(one, place[0], events))
        said += [(by, due, place) for by, due in _reckoned(held) if due["of"] == of]
    found: dict[_Place, dict[str, Json]] = {}
    for _by, due, place in sorted(said, key=lambda one: one[0].position):
        found.setdefault(place, {})[due["field"]] = due.get("due")
    return found


def _reckoned(told: Mapping[_Place, Understood[Json, Seen]]) -> Iterator[tuple[Seen, Json]]:
    """Each due date that holds, with the correction that says so."""
    by = (one.dues_by for one in told.values())
    return ((one, due) for one in by if one is not None for due in one.data.get("dues", ()))


def _holds(correction: Seen, case: str, events: Sequence[Seen]) -> bool:
    """Whether what one corrects is read in a case, or was since: else the two were apart before."""
    target = (correction.stream, correction.data["target"])
    of = [one for one in events if (one.stream, one.version) == target]
    at = correction.position
    cuts = [at, *(one.position for one in events if one.name in JOINED and one.position > at), inf]
    read = (Reading([one for one in events if one.position < cut]) for cut in cuts)
    return any(reading.read_by(one, case) for reading in read for one in of)


def understood_at(one: Seen, when: Json) -> Seen:
    """The event at its corrected time, if any, also in the field that tells that time or day."""
    if when is None:
        return one
    field = TIME_TOLD_IN.get(one.name)
    if field and same_time(_when(one.occurred), _when(one.data[field]), from_us(one.recorded_us)):
        return one.at(when, field=field)
    field, day = DAY_TOLD_IN_OF.get(one.name), certain_day_of(when)
    if field and one.data.get(field) is not None:
        told = on_day(date.fromisoformat(one.data[field]))
        if same_time(_when(one.occurred), told, from_us(one.recorded_us)):
            one = one.with_fields({WITHIN: when} if day is None else {field: day})
    return one.at(when)


def days_told(one: Seen, field: str) -> tuple[str | None, str]:
    """The first day (None: open) and the last that an event's field tells, as now understood.

    They are one, but where a correction told the time as one that is not a certain day: the field
    itself has then the day that was recorded, which is no longer believed.
    """
    within = one.data.get(WITHIN)
    if within is not None:
        return days_by(within, one.recorded_on)
    day: str = one.data[field]
    return day, day


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
