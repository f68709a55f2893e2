"""What of that which is counted was recorded wrongly, with nothing told instead.

A correction that names fields says that they are wrong, and has no field for what is right: that
stands in its words, for people to read. So what was recorded counts on, and is named as doubted
until it is withdrawn and recorded anew (a conclusion: until its enquiry is reopened and concluded
anew), until a time is told where the day was wrong, or until a correction that names no field says
that it was right.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from projections.returns import inquiries as steps
from projections.returns.adults import PEOPLE
from projections.returns.folding import FACTS
from projections.returns.rows import CONCERN, CONCLUDED, DECIDED, REVIEWED
from projections.table import valid_at

ADULT: Final = "adult"  # of a referral: whose case it is
_WHEN: Final = frozenset({"occurred"})
_DAY: Final = frozenset({"concluded_on"}) | _WHEN
_CAME: Final = frozenset({"received"}) | _WHEN
_REFERRED: Final = {
    steps.RECEIVED: _CAME,
    steps.LINKED: _CAME | {"reason"},
    DECIDED: frozenset({"counted"}),
}
_BEGUN: Final = {"enquiry-opened": frozenset({"kind", "opened_on"}) | _WHEN}
_ACTIVITY: Final = {**_REFERRED, **_BEGUN}
_PEOPLE: Final = {**_ACTIVITY, steps.RECEIVED: _CAME | {ADULT}}
_TRIGGERED: Final = {
    steps.OPENED: frozenset({"opened_on"}) | _WHEN,
    steps.POWER: frozenset({"power"}) | _WHEN,  # its time: where that decides (`Inquiry.dated`)
}
_WHOSE: Final = {**_TRIGGERED, steps.RECEIVED: frozenset({ADULT})}
_REVIEWED: Final = {REVIEWED: frozenset({"individuals"}) | _DAY}


def _ended(*fields: str) -> Mapping[str, frozenset[str]]:
    """Of a table of what was concluded in a year; the kind of the enquiry is its block."""
    return {CONCLUDED: frozenset(fields) | _DAY, "enquiry-opened": frozenset({"kind"})}


def _answered(field: str) -> Mapping[str, frozenset[str]]:
    """Of a table of what was answered of the inquiries triggered in a quarter."""
    return {**_TRIGGERED, CONCLUDED: frozenset({field})}


# What says of which kind a conference, plan or order is that is counted by another event of it.
KINDS_TOLD_BY: Final = frozenset(
    {steps.CONVENED, steps.APPLIED, steps.PLANNED, steps.PLAN_REVISED, steps.PLAN_ENDED}
)
# By table, of which events its figures are made, and of which fields of them.
READS: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    **dict.fromkeys(("SG1a", "SG1b", "SG1c"), _PEOPLE),
    "SG1d": {**_ACTIVITY, CONCLUDED: frozenset({"primary_support_reason"})},
    "SG1e": {**_ACTIVITY, CONCLUDED: frozenset({"health_conditions"})},
    "SG1f": _ACTIVITY,
    **dict.fromkeys(("SG2a", "SG2a_b1", "SG2b"), _ended("triples")),
    "SG2c": _ended("risks_found", "risks_not_found"),
    "SG2e": _ended("risks_found"),
    "SG3a": _ended("capacity"),
    "SG4a": _ended("outcomes"),
    **dict.fromkeys(("SG5a", "SG5b"), _REVIEWED),
    "1": _REFERRED,
    "Source": {
        one: fields if one == DECIDED else fields | {"referrer_role"}
        for one, fields in _REFERRED.items()
    },
    **dict.fromkeys(("2", "3", "Restated"), _TRIGGERED),
    **dict.fromkeys(("10", "11"), _answered("action")),
    **dict.fromkeys(("15a", "15b"), _answered("triples")),
    **dict.fromkeys(("17a", "17b"), _answered("health_conditions")),
    **dict.fromkeys(("Age", "Gender"), _WHOSE),
    "Conferences": {
        steps.CONVENED: frozenset({"kind"}),
        **dict.fromkeys((steps.HELD, steps.CORE_GROUP, steps.PART_HELD), _WHEN),
    },
    "ASPP": {
        **dict.fromkeys((steps.PLANNED, steps.PLAN_REVISED), frozenset({"terms"}) | _WHEN),
        steps.PLAN_ENDED: _WHEN,
    },
    "Orders": {
        steps.APPLIED: frozenset({"kind"}) | _WHEN,
        steps.GRANTED: frozenset({"power_of_arrest"}) | _WHEN,
    },
    "LSI": {steps.LARGE: _WHEN, steps.LARGE_LINKED: frozenset({"large_scale"}) | _WHEN},
}


_BORN: Final = frozenset({"date_of_birth"})
_AGED: Final = _BORN | {"died"}
# By table, which details of a person put them into a row; by which they are left out as no adult.
ROWS_BY: Final[Mapping[str, frozenset[str]]] = {
    "SG1a": _AGED,
    "SG1b": frozenset({"gender"}),
    "SG1c": frozenset({"ethnicity"}),
    "Age": _BORN,
    "Gender": frozenset({"gender"}),
}
LEFT_OUT_BY: Final = {code: _AGED if code.startswith("SG") else _BORN for code in READS}


class Doubt(NamedTuple):
    """Fields of an event that were recorded wrongly; what it is about, else the case.

    Of a person's own event `case` and `subject` are both the person.
    """

    case: UUID
    subject: UUID
    event: str
    fields: frozenset[str]


def doubted(conn: Connection[Any], as_at: int | None) -> Mapping[int, Doubt]:
    """By its position each event of what counts of which fields were recorded wrongly.

    Also of a person's own events, as far as what was told there is what is known of them.
    """
    query = sql.SQL(
        'SELECT "case", CASE what WHEN {} THEN "case" ELSE subject END, doubted FROM {}'
        " WHERE {} AND stands AND doubted <> '[]' UNION ALL"
        " SELECT person, person, doubted FROM {} WHERE {} AND doubted <> '[]'"
    ).format(
        CONCERN,
        sql.Identifier("views", FACTS.name),
        valid_at(as_at),
        sql.Identifier("views", PEOPLE.name),
        valid_at(as_at),
    )
    return {
        position: Doubt(case, subject, event, frozenset(fields))
        for case, subject, told in conn.execute(query)
        for position, event, fields in told
    }


def elsewhere(found: Mapping[int, Doubt]) -> Mapping[int, Doubt]:
    """Of these the ones that no step of a dataset tells: of decisions, and of people."""
    return {
        position: one
        for position, one in found.items()
        if one.event == DECIDED or one.event in PEOPLE.events
    }


def of_people(found: Mapping[int, Doubt], but: Collection[UUID]) -> Mapping[UUID, Sequence[int]]:
    """By person the events of theirs among these; of some, as who was forgotten, none."""
    told: dict[UUID, list[int]] = {}
    for position, one in found.items():
        if one.event in PEOPLE.events and one.subject not in but:
            told.setdefault(one.subject, []).append(position)
    return told
