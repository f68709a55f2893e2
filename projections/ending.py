"""Whether a case is closed by all that was recorded of its end, as `domain.closure` has it.

A row keeps what was recorded: a closing entered late may lie before one that is there already, or
before the case was taken up again, and then does not count.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from domain.closure import ended_by, taken_up
from domain.episode import Episode
from domain.record.envelope import from_us
from domain.stage import Mark
from domain.when import When
from domain.words import Code
from projections.projection import Json, Seen

CLOSED: Final = "case-closed"
REOPENED: Final = "case-reopened"
IN_ERROR: Final = "closed_in_error"  # of `reopening_reason`: such a reopening begins no episode


def ending(seen: Seen) -> Json:
    """What a row keeps of a closing or a reopening: it goes into JSON."""
    return [seen.name, seen.position, seen.recorded_us, seen.occurred]


def closed_by(endings: Sequence[Json]) -> bool:
    """Whether the case is closed by what was kept of its closings and reopenings, in order."""
    marks = [(name, mark_of(*kept)) for name, *kept in endings]
    closings = [at for name, at in marks if name == CLOSED]
    reopened = [at for name, at in marks if name == REOPENED]
    return ended_by(closings, reopened) is not None


def episodes(endings: Sequence[Json], in_error: Collection[int]) -> tuple[Episode, ...]:
    """The later episodes of a case; `in_error` are the reopenings that begin none."""
    marks = [(name, mark_of(*kept)) for name, *kept in endings]
    closings = [at for name, at in marks if name == CLOSED]
    reopened = [at for name, at in marks if name == REOPENED]
    return tuple(
        Episode(closed=closed, closed_for=Code("not_recorded"), reopened=again)
        for closed, again in taken_up(closings, reopened, in_error)
    )


def mark_of(position: int, recorded_us: int, occurred: Json) -> Mark:
    """Where and when something happened, by what a row keeps of it."""
    first, last = (_instant(occurred.get(side)) for side in ("from", "to"))
    return Mark(position, When(occurred["edtf"], first, last), from_us(recorded_us))


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
