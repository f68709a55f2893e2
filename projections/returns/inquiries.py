"""What Scotland's dataset counts: one row for each event that it is made of, where it is read.

A row says when that was, by the first and the last day it can have been, and when it was recorded.
What came of an inquiry is put together where it is asked for (`dataset.py`): a power used a year
later is one more row, and the inquiry's own stays as it is. What a correction withdrew, or was
entered twice, keeps its row and says so; what was corrected says besides how it was understood
before, since when, for whoever asks what a quarter was when it was submitted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from domain.corrected import Understood
from projections.corrected import (
    AGAIN,
    CORRECTED,
    concerns,
    days_told,
    reading,
    understood_after,
    understood_at,
)
from projections.joined import BEGINS
from projections.projection import Changes, Current, Json, Key, Projection, Seen, days_by
from projections.returns.rows import TWICE, WITHDRAWN, counting
from projections.returns.twice import entered_twice

RECEIVED: Final = "referral-received"
LINKED: Final = "referral-linked"
TRANSFERRED: Final = "case-transferred"
OPENED: Final = "inquiry-opened"
POWER: Final = "investigatory-power-used"
CONCLUDED: Final = "enquiry-concluded"
REOPENED: Final = "enquiry-reopened"
CONVENED: Final = "conference-convened"
HELD: Final = "conference-held"
PART_HELD: Final = "conference-part-held"
CORE_GROUP: Final = "core-group-held"
PLANNED: Final = "plan-agreed"
PLAN_REVISED: Final = "plan-revised"
PLAN_ENDED: Final = "plan-ended"
APPLIED: Final = "protection-order-applied"
GRANTED: Final = "protection-order-granted"
LARGE: Final = "large-scale-enquiry-opened"
LARGE_LINKED: Final = "large-scale-enquiry-linked"
LARGE_UNLINKED: Final = "large-scale-enquiry-unlinked"


class StepRow(NamedTuple):
    """An event that counts: whose case it is read in, under which reference, and when it was.

    `stream` is where it was recorded: a transfer of a case acts on what was recorded in it, and of
    one that others are read in on those too.
    """

    case: str
    stream: str
    name: str  # of the event
    why: str | None  # it counts not: withdrawn, or the same concern was entered twice
    adult: str | None  # where the event says whose case it is
    about: str | None  # the inquiry, conference, plan, order or large-scale investigation
    code: str | None  # its kind, source, power, action or who counts, as the record's lists have it
    reason: str | None  # for which a further referral was linked
    day_from: str | None  # None: open
    day_to: str
    recorded_on: str
    harms: Sequence[str]
    groups: Sequence[str]
    # How it was understood, one after another: [day from which, by which entry, first and last day
    # it can have been, whether withdrawn, which fields were recorded wrongly]. Of what was never
    # corrected there is none.
    understood: Sequence[Sequence[Json]]


def _day(field: str) -> Callable[[Seen], tuple[str | None, str]]:
    def told(seen: Seen) -> tuple[str | None, str]:
        return days_told(seen, field)

    return told


def _received(seen: Seen) -> tuple[str | None, str]:
    return days_by(seen.data["received"], seen.recorded_on)


def _happened(seen: Seen) -> tuple[str | None, str]:
    return days_by(seen.occurred, seen.recorded_on)


# By event: the field that names what it is about, and the one with its code.
_ABOUT: Final[Mapping[str, tuple[str | None, str | None]]] = {
    RECEIVED: (None, "referrer_role"),
    LINKED: (None, "referrer_role"),
    TRANSFERRED: (None, None),
    OPENED: ("enquiry", "kind"),
    POWER: ("enquiry", "power"),
    CONCLUDED: ("enquiry", "action"),
    REOPENED: ("enquiry", None),
    CONVENED: ("conference", "kind"),
    HELD: ("conference", None),
    PART_HELD: ("conference", None),
    CORE_GROUP: ("conference", None),
    PLANNED: ("plan", None),
    PLAN_REVISED: ("plan", None),
    PLAN_ENDED: ("plan", None),
    APPLIED: ("order", "kind"),
    GRANTED: ("order", "power_of_arrest"),
    LARGE: (None, "reason"),
    LARGE_LINKED: ("large_scale", None),
    LARGE_UNLINKED: ("large_scale", None),
}
_DAYS: Final[Mapping[str, Callable[[Seen], tuple[str | None, str]]]] = {
    RECEIVED: _received,
    LINKED: _received,
    OPENED: _day("opened_on"),
    CONCLUDED: _day("concluded_on"),
}


def touches(seen: Seen) -> Iterable[Key]:
    """The event's own row; after a correction or a join, those of the cases concerned."""
    if seen.name not in AGAIN:
        return ((seen.position,),)
    return [(one.position,) for one in seen.earlier if one.name in _ABOUT or one.name == BEGINS]


def fold(seen: Seen, current: Current) -> Changes:
    """The event's own row; after a correction or a join, all of those concerned, made again."""
    del current
    if seen.name not in AGAIN:
        return (((seen.position,), _row(seen)),)
    if not concerns(seen):
        return ()
    rows = _again(seen)
    return [(key, rows.get(key)) for key in touches(seen)]


def _again(seen: Seen) -> Mapping[Key, StepRow]:
    """The rows as they now stand, where they are read, with what counts not any more."""
    read = reading(seen)
    twice = entered_twice(read)
    rows: dict[Key, StepRow] = {}
    understood = _understood([*seen.earlier, seen])
    for one in read.events:
        if one.name in _ABOUT or one.name == BEGINS:
            why = TWICE if one.position in twice else None
            told = understood.get(one.position, [])
            rows[one.position,] = _row(one)._replace(why=why, understood=told)
    kept = {one.position for one in read.kept}
    for one in seen.earlier:
        if one.name in _ABOUT and one.position not in kept:
            case = read.case_of(one)
            if case is not None:
                told = understood[one.position]
                first, last = told[-1][2:4]
                rows[one.position,] = _row(one.read_in(case, {}))._replace(
                    why=WITHDRAWN, day_from=first, day_to=last, understood=told
                )
    return rows


def _understood(every: Iterable[Seen]) -> Mapping[int, list[list[Json]]]:
    """By its position how each event that was corrected was understood, and since when."""
    steps: dict[tuple[str, int], Seen] = {}
    now: dict[tuple[str, int], Understood[Json, Seen]] = {}
    told: dict[int, list[list[Json]]] = {}
    for one in every:
        if one.name in _ABOUT:
            steps[one.stream, one.version] = one
        place = (one.stream, one.data["target"]) if one.name == CORRECTED else None
        if place is None or place not in steps:
            continue
        step = steps[place]
        now[place] = said = understood_after(now.get(place), one, one)
        so_far = told.setdefault(
            step.position, [[step.recorded_on, step.position, *_days(step), False, []]]
        )
        days = _days(understood_at(step, said.when))
        wrong = sorted(said.wrong)
        so_far.append([one.recorded_on, one.position, *days, said.withdrawn, wrong])
    return told


def _row(seen: Seen) -> StepRow:
    about, code = _ABOUT.get(seen.name, (None, None))
    data = seen.data
    first, last = _days(seen)
    return StepRow(
        case=seen.case,
        stream=seen.stream,
        name=seen.name,
        why=None,
        adult=data.get("adult"),
        about=None if about is None else data[about],
        code=_code(seen) if code is None else data.get(code),
        reason=data["reason"] if seen.name == LINKED else None,
        day_from=first,
        day_to=last,
        recorded_on=seen.recorded_on,
        harms=_different(one["type"] for one in data.get("triples", ())),
        groups=_different(data.get("health_conditions", ())),
        understood=[],
    )


def _days(seen: Seen) -> tuple[str | None, str]:
    """The first and the last day it can have been."""
    return _DAYS.get(seen.name, _happened)(seen)


def _code(seen: Seen) -> str | None:
    """What an event says that has no one field for it."""
    data: Mapping[str, Json] = seen.data
    if seen.name == TRANSFERRED:
        return counting(seen)
    if seen.name in {PLANNED, PLAN_REVISED}:
        kind: str | None = data["terms"].get("kind")
        return kind
    return None


def _different(codes: Iterable[str]) -> Sequence[str]:
    return list(dict.fromkeys(codes))


INQUIRIES: Final = Projection(
    name="return_inquiries",
    version=8,
    events=frozenset(_ABOUT) | AGAIN,
    recalls=AGAIN,
    key={"position": "int8"},
    columns={
        "case": "uuid",
        "stream": "uuid",
        "name": "text",
        "why": "text",
        "adult": "uuid",
        "about": "uuid",
        "code": "text",
        "reason": "text",
        "day_from": "date",
        "day_to": "date",
        "recorded_on": "date",
        "harms": "jsonb",
        "groups": "jsonb",
        "understood": "jsonb",
    },
    row=StepRow,
    indexes=('("case")', "(day_to)"),
    touches=touches,
    fold=fold,
)
