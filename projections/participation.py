"""Which agencies take part in conferences: asked, there, sorry, silent, and with a report (R206).

One row per conference. What is said of an agency is by its name as it stands in invitations, the
attendance grid and reports; a line of the grid that answers an invitation and names no organisation
is the invited one's. Somebody of the agency who was there in any part makes the agency there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from domain.grid import PRESENT
from projections.corrected import AGAIN, again, concerns
from projections.projection import Changes, Current, Json, Key, Projection, Seen
from projections.table import valid_at

_APOLOGY: Final = "apology"


class ParticipationRow(NamedTuple):
    """A conference and who took part.

    `invited`: the agency of each invitation. `apologies`: the invitations they answer. `lines` of
    the attendance grid, by part and invitation, or by part and place where none is answered:
    {"agency", "attendance"}. `reports`: the agencies that gave one.
    """

    case: str
    kind: str | None
    held_on: str | None  # the local day; the day of recording where that is not one certain day
    invited: Mapping[str, str]
    apologies: Sequence[str]
    lines: Mapping[str, Mapping[str, Json]]
    reports: Sequence[str]


def touches(seen: Seen) -> Iterable[Key]:
    """The conference an event is of; a correction or a join, every one of the cases concerned."""
    if seen.name in AGAIN:
        return dict.fromkeys(key for one in seen.earlier for key in _of(one))
    return _of(seen)


def _of(seen: Seen) -> Sequence[Key]:
    if seen.name not in _STEPS:
        return ()
    conference = seen.data.get("conference")  # a report may be for no conference
    return () if conference is None else ((conference,),)


def fold(seen: Seen, current: Current) -> Changes:
    """The conference's row after an event.

    After a correction, a merge or a split it is made again from what now stands, where it is read.
    """
    if seen.name not in AGAIN:
        return _fold(seen, current)
    if not concerns(seen):
        return ()
    rows = again(_fold, seen)
    return [(key, rows.get(key)) for key in touches(seen)]


def _fold(seen: Seen, current: Current) -> Changes:
    for key in _of(seen):
        row = current(key) or ParticipationRow(seen.case, None, None, {}, [], {}, [])
        return ((key, _STEPS[seen.name](row, seen)),)
    return ()


def _convened(row: ParticipationRow, seen: Seen) -> ParticipationRow:
    return row._replace(kind=seen.data["kind"])


def _invited(row: ParticipationRow, seen: Seen) -> ParticipationRow:
    agency = seen.data.get("organisation")
    if agency is None:
        return row
    return row._replace(invited={**row.invited, seen.data["participant"]: agency})


def _sorry(row: ParticipationRow, seen: Seen) -> ParticipationRow:
    return row._replace(apologies=[*row.apologies, seen.data["participant"]])


def _held(row: ParticipationRow, seen: Seen) -> ParticipationRow:
    row = row._replace(held_on=seen.happened_on)
    for part in seen.data.get("parts", ()):
        row = _came(row, seen, part["number"], part.get("attendances", ()))
    return row


def _part(row: ParticipationRow, seen: Seen) -> ParticipationRow:
    part = seen.data["part"]
    return _came(row, seen, part["number"], part.get("attendances", ()))


def _attended(row: ParticipationRow, seen: Seen) -> ParticipationRow:
    return _came(row, seen, seen.data["part"], [seen.data["line"]])


def _came(
    row: ParticipationRow, seen: Seen, part: int, attendances: Sequence[Json]
) -> ParticipationRow:
    """Lines of the grid; one that answers an invitation replaces what was said of it before."""
    lines = dict(row.lines)
    for number, line in enumerate(attendances):
        who = line.get("participant")
        agency = line.get("organisation") or row.invited.get(who)
        if agency is not None:
            place = who or f"{seen.position}.{number}"
            lines[f"{part}/{place}"] = {"agency": agency, "attendance": line["attendance"]}
    return row._replace(lines=lines)


def _reported(row: ParticipationRow, seen: Seen) -> ParticipationRow:
    agency = seen.data.get("agency") or seen.data.get("organisation")
    if agency is None or agency in row.reports:
        return row
    return row._replace(reports=[*row.reports, agency])


_STEPS: Final[Mapping[str, Callable[[ParticipationRow, Seen], ParticipationRow]]] = {
    "conference-convened": _convened,
    "participant-invited": _invited,
    "apologies-received": _sorry,
    "conference-held": _held,
    "core-group-held": _held,
    "conference-part-held": _part,
    "attendance-recorded": _attended,
    "agency-report-received": _reported,
    "report-tabled": _reported,
}

PARTICIPATION: Final = Projection(
    name="participation",
    version=3,
    events=frozenset(_STEPS) | AGAIN,
    recalls=AGAIN,
    key={"conference": "uuid"},
    columns={
        "case": "uuid",
        "kind": "text",
        "held_on": "date",
        "invited": "jsonb",
        "apologies": "jsonb",
        "lines": "jsonb",
        "reports": "jsonb",
    },
    row=ParticipationRow,
    indexes=("(held_on) WHERE {current}",),
    touches=touches,
    fold=fold,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How an agency took part in the conferences held in a time.

    `invited`, `there`, `apologies`, `absent` and `reports` are numbers of conferences; `absent` are
    those it was invited to and neither came to nor sent an apology for. `conferences` are all of
    them as (conference, case), so that every number opens.
    """

    agency: str
    invited: int
    there: int
    apologies: int
    absent: int
    reports: int
    conferences: tuple[tuple[UUID, UUID], ...]


def participation(
    conn: Connection[Any], *, first: date, last: date, as_at: int | None = None
) -> Sequence[Taken]:
    """Each agency in the conferences held from `first` to `last`, by name."""
    query = sql.SQL(
        'SELECT conference, "case", invited, apologies, lines, reports FROM views.participation'
        " WHERE {valid} AND held_on BETWEEN %s AND %s ORDER BY held_on, conference"
    ).format(valid=valid_at(as_at))
    found: dict[str, list[tuple[UUID, UUID, frozenset[str]]]] = {}
    for conference, case, *told in conn.execute(query, (first, last)).fetchall():
        for agency, said in _agencies(*told).items():
            found.setdefault(agency, []).append((conference, case, frozenset(said)))
    return [_taken(agency, found[agency]) for agency in sorted(found)]


def _agencies(
    invited: Mapping[str, str],
    apologies: Sequence[str],
    lines: Mapping[str, Mapping[str, Json]],
    reports: Sequence[str],
) -> dict[str, set[str]]:
    """What is said of each agency in one conference."""
    said: dict[str, set[str]] = {}
    for agency in invited.values():
        said.setdefault(agency, set()).add("invited")
    for participant in apologies:
        if participant in invited:
            said[invited[participant]].add(_APOLOGY)
    for line in lines.values():
        what = "there" if line["attendance"] in PRESENT else line["attendance"]
        said.setdefault(line["agency"], set()).add(what)
    for agency in reports:
        said.setdefault(agency, set()).add("report")
    return said


def _taken(agency: str, every: Sequence[tuple[UUID, UUID, frozenset[str]]]) -> Taken:
    said = [one for _conference, _case, one in every]
    away = [one for one in said if "there" not in one]
    return Taken(
        agency=agency,
        invited=sum("invited" in one for one in said),
        there=sum("there" in one for one in said),
        apologies=sum(_APOLOGY in one for one in away),
        absent=sum("invited" in one and _APOLOGY not in one for one in away),
        reports=sum("report" in one for one in said),
        conferences=tuple((conference, case) for conference, case, _ in every),
    )
