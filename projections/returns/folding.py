"""What the returns count: one narrow row per concern, per enquiry and per review concluded.

Answers stand as codes; which category a code is counted under is the return's affair. What a
correction withdrew, or was entered twice, is no longer counted from that position on, and is kept
to be named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from projections.corrected import AGAIN, concerns, reading
from projections.joined import BEGINS, cases_of
from projections.projection import Changes, Current, Json, Key, Projection, Row, Seen, days_by

CONCERN: Final = "concern"
ENQUIRY: Final = "enquiry"
REVIEW: Final = "review"  # a statutory review that was concluded


class FactRow(NamedTuple):
    """Concerns of a case, under the reference of that they were told in, or an enquiry or review.

    What is read in another case is that one's. The concerns of each case merged into one stand
    apart, since it was decided of each whether they count.
    """

    what: str
    stands: bool  # False: none of it counts, and it is kept to be named
    adult: str | None
    kind: str | None  # of an enquiry
    counted: bool | None  # of concerns: whether it was decided that they are counted
    rule: str | None  # by which rule that was decided
    begun_on: str | None  # the earliest a referral can have come (None: open), or it was opened
    last_on: str  # the latest one can have come, at most the day on which it was recorded
    concluded_on: str | None
    capacity: str | None
    outcomes: str | None
    support_reason: str | None
    action: str | None
    begun_at: int
    concluded_at: int | None
    referrals: Sequence[Sequence[Json]]  # [position, first day, last day] of each; None where open
    withdrawn: Sequence[Sequence[Json]]  # [what, why, position, first day, last day] that count not
    triples: Sequence[Sequence[str]]  # [type, source, location]
    risks_found: Sequence[Sequence[str]]  # [source, action, outcome]
    risks_not_found: Sequence[Sequence[str]]  # [source, assessment]
    conditions: Sequence[str]
    individuals: Sequence[Sequence[str | None]]  # [person, fate] of those a review was about


def touches(seen: Seen) -> Iterable[Key]:
    """The concerns of the case, and what an event names; a correction or a join, all."""
    if seen.name not in AGAIN:
        return _keys(seen, seen.stream)
    cases = cases_of(seen)
    subjects = {subject for one in seen.earlier if (subject := _subject(one)) is not None}
    return [(case, subject) for case in cases for subject in cases | subjects]


def _keys(seen: Seen, told_in: str) -> tuple[Key, ...]:
    """The concerns told in one case, and what an event names, in the case they are read."""
    concern, subject = (seen.case, told_in), _subject(seen)
    return (concern,) if subject is None else (concern, (seen.case, subject))


def _subject(seen: Seen) -> str | None:
    """The enquiry or the review that an event is of; None where it is of a concern."""
    field = _SUBJECTS.get(_what(seen))
    subject: str | None = None if field is None else seen.data[field]
    return subject


def _what(seen: Seen) -> str:
    """Which kind of row an event makes or changes."""
    if seen.name in _OF_ENQUIRIES:
        return ENQUIRY
    return REVIEW if seen.name == _REVIEWED else CONCERN


def fold(seen: Seen, current: Current) -> Changes:
    """The row an event makes or changes; after a correction or a join, all of those concerned."""
    if seen.name not in AGAIN:
        return _fold(seen, current, seen.stream)
    if not concerns(seen):
        return ()
    rows = _Again(seen).rows
    return [(key, rows.get(key)) for key in touches(seen)]


def _fold(seen: Seen, current: Current, told_in: str) -> Changes:
    """The row an event makes or changes; an enquiry's adult is the case's."""
    case = (seen.case, told_in)
    if seen.name == BEGINS:
        return () if current(case) is not None else ((case, _split_off(seen)),)
    if seen.name in _REFERRALS:
        return ((case, _referred(current(case), seen)),)
    if seen.name == "concern-counted":
        data, known = seen.data, current(case)
        told = {"counted": data["counted"], "rule": data["rule"]}
        return () if known is None else ((case, known._replace(**told)),)
    subject = _subject(seen)
    if subject is None:
        return ()
    key = (seen.case, subject)
    row: FactRow | None = current(key)
    if seen.name == _REVIEWED:
        return ((key, _reviewed(row, seen, current(case))),)
    if seen.name in _OPENED:
        return () if row is not None and row.stands else ((key, _opened(seen, row, current(case))),)
    if row is None or not row.stands:
        return ()
    if seen.name == "enquiry-concluded":
        return ((key, _concluded(row, seen)),)
    return ((key, row._replace(**_UNCONCLUDED)),)


class _Again:
    """The rows of a case, and of those joined to it, made again from what stands, where it is read.

    What counts not is noted in them; what has no row any more gets one to say so.
    """

    def __init__(self, seen: Seen) -> None:
        self.rows: dict[Key, Row | None] = {}
        self._reading = reading(seen)
        events = self._reading.events
        self._leads = _leads(events)
        self._folded = set[int]()
        alone = [one for one in events if not self._reading.twice(one)]
        self._take(alone)
        twice: dict[str, list[Seen]] = {}
        for one in events:
            if self._reading.twice(one):
                twice.setdefault(one.stream, []).append(one)
        for once_more in twice.values():
            self._take(self._first_of_all(once_more))
        self._keep(seen)

    def _take(self, events: Iterable[Seen]) -> None:
        for one in events:
            self._folded.add(one.position)
            self.rows.update(_fold(one, self.rows.get, self._told_in(one)))

    def _told_in(self, one: Seen) -> str:
        """Under whose reference concerns stand: the first of a case without its own, under its."""
        return one.case if self._leads.get(one.case) == one.stream else one.stream

    def _first_of_all(self, events: Sequence[Seen]) -> list[Seen]:
        """What counts of a case whose concern another has: what that one has none of."""
        there = {
            row.what  # type: ignore[attr-defined]
            for (case, _), row in self.rows.items()
            if case == events[0].case and row is not None and row.stands  # type: ignore[attr-defined]
        }
        return [one for one in events if _what(one) not in there]

    def _keep(self, seen: Seen) -> None:
        """Note in the rows what counts not.

        Whose case it is stays as it was recorded, also where the referral that says so was
        withdrawn.
        """
        kept = {one.position for one in self._reading.kept}
        adults: dict[str, str | None] = {}
        for one in seen.earlier:
            case = self._reading.case_of(one) if one.name in _NAMED else None
            if case is None:
                continue
            adults[case] = adults.get(case) or one.data.get("adult")
            twice = one.position in kept and one.position not in self._folded
            here = one.read_in(case, {})
            key = _keys(here, self._told_in(here))[-1]
            found: Any = self.rows.get(key)
            if twice or one.position not in kept or found is None or not found.stands:
                why = TWICE if twice else WITHDRAWN
                self.rows[key] = _with_fallen(found or _fallen(one), one, why)
        for key, row in self.rows.items():
            if row is not None and row.adult is None:  # type: ignore[attr-defined]
                adult = self._reading.adult_of(key[0]) or adults.get(key[0])
                self.rows[key] = row._replace(adult=adult)  # type: ignore[attr-defined]


def _leads(events: Iterable[Seen]) -> Mapping[str, str]:
    """Of each case the one whose referral it has: its own, or else the first that is read in it."""
    leads: dict[str, str] = {}
    for one in events:
        if one.name in _REFERRALS:
            leads.setdefault(one.case, one.stream)
            if one.stream == one.case:
                leads[one.case] = one.stream
    return leads


def _fallen(one: Seen) -> FactRow:
    """A row for what has none of its own, or none any more."""
    _, last = _days(one)
    row = _begun(_what(one), last, one.position)
    return row._replace(stands=False, kind=one.data.get("kind"))


def _split_off(seen: Seen) -> FactRow:
    """Whose case it is that began with entries of another; no concern of its own."""
    row = _begun(CONCERN, seen.recorded_on, seen.position)
    return row._replace(stands=False, adult=seen.data.get("adult"))


def _with_fallen(row: FactRow, one: Seen, why: str) -> FactRow:
    """The row with one more event that counts not; it is found in the years of that event."""
    first, last = _days(one)
    if row.what == CONCERN:
        begun = None if first is None or row.begun_on is None else min(row.begun_on, first)
        row = row._replace(begun_on=begun, last_on=max(row.last_on, last))
    return row._replace(
        kind=row.kind or one.data.get("kind"),
        withdrawn=[*row.withdrawn, [_NAMED[one.name], why, one.position, first, last]],
    )


def _days(one: Seen) -> tuple[str | None, str]:
    """The first and last day by which an event is counted in a year."""
    data = one.data
    if one.name in _REFERRALS:
        return _received(one)
    day: str = data["opened_on"] if one.name in _OPENED else data["concluded_on"]
    return day, day


# Why something counts not.
WITHDRAWN: Final = "withdrawn"
TWICE: Final = "twice"  # its case was merged: the concern had been entered twice
_REFERRALS: Final = frozenset({"referral-received", "referral-linked"})
_OPENED: Final = frozenset({"enquiry-opened", "inquiry-opened"})
_OF_ENQUIRIES: Final = _OPENED | {"enquiry-concluded", "enquiry-reopened"}
_REVIEWED: Final = "safeguarding-review-concluded"
_SUBJECTS: Final[Mapping[str, str]] = {ENQUIRY: "enquiry", REVIEW: "review"}  # in which field
# What a table names where it was withdrawn.
_NAMED: Final[Mapping[str, str]] = {
    **dict.fromkeys(_REFERRALS, "concern"),
    **dict.fromkeys(_OPENED, "begun"),
    "enquiry-concluded": "concluded",
    _REVIEWED: "reviewed",
}
_UNCONCLUDED: Final[Mapping[str, Json]] = {
    "concluded_on": None,
    "capacity": None,
    "outcomes": None,
    "support_reason": None,
    "action": None,
    "concluded_at": None,
    "triples": [],
    "risks_found": [],
    "risks_not_found": [],
    "conditions": [],
    "individuals": [],
}


def _begun(what: str, day: str, position: int) -> FactRow:
    return FactRow(
        what=what,
        stands=True,
        adult=None,
        kind=None,
        counted=None,
        rule=None,
        begun_on=day,
        last_on=day,
        begun_at=position,
        referrals=[],
        withdrawn=[],
        **_UNCONCLUDED,
    )


def _referred(row: FactRow | None, seen: Seen) -> FactRow:
    """A referral stands with the first and last day on which it can have reached the council."""
    first, last = _received(seen)
    if row is None:
        row = _begun(CONCERN, last, seen.position)._replace(
            adult=seen.data.get("adult"), begun_on=first
        )
    elif first is None or row.begun_on is None:
        row = row._replace(begun_on=None)
    else:
        row = row._replace(begun_on=min(row.begun_on, first))
    return row._replace(
        stands=True,
        last_on=max(row.last_on, last),
        referrals=[*row.referrals, [seen.position, first, last]],
    )


def _received(seen: Seen) -> tuple[str | None, str]:
    """The first day it can have come, and the last: it had come when it was recorded."""
    return days_by(seen.data["received"], seen.recorded_on)


def _opened(seen: Seen, before: FactRow | None, case: FactRow | None) -> FactRow:
    row = _begun(ENQUIRY, seen.data["opened_on"], seen.position)._replace(
        adult=None if case is None else case.adult, kind=seen.data["kind"]
    )
    return row if before is None else row._replace(withdrawn=before.withdrawn)


def _reviewed(before: FactRow | None, seen: Seen, case: FactRow | None) -> FactRow:
    """A review as it was last said to have ended."""
    data = seen.data
    return _begun(REVIEW, data["concluded_on"], seen.position)._replace(
        adult=None if case is None else case.adult,
        concluded_on=data["concluded_on"],
        concluded_at=seen.position,
        withdrawn=[] if before is None else before.withdrawn,
        individuals=[[one.get("person"), one["fate"]] for one in data.get("individuals", ())],
    )


def _concluded(row: FactRow, seen: Seen) -> FactRow:
    data = seen.data
    return row._replace(
        concluded_on=data["concluded_on"],
        capacity=data["capacity"],
        outcomes=data["outcomes"],
        support_reason=data["primary_support_reason"],
        action=data.get("action"),
        concluded_at=seen.position,
        triples=[[one["type"], one["source"], one["location"]] for one in data.get("triples", ())],
        risks_found=[
            [one["source"], one["action"], one["outcome"]] for one in data.get("risks_found", ())
        ],
        risks_not_found=[
            [one["source"], one["assessment"]] for one in data.get("risks_not_found", ())
        ],
        conditions=data.get("health_conditions", []),
    )


FACTS: Final = Projection(
    name="return_facts",
    version=9,
    events=frozenset({*_REFERRALS, *_OF_ENQUIRIES, _REVIEWED, "concern-counted"}) | AGAIN,
    recalls=AGAIN,
    key={"case": "uuid", "subject": "uuid"},
    columns={
        "what": "text",
        "stands": "bool",
        "adult": "uuid",
        "kind": "text",
        "counted": "bool",
        "rule": "text",
        "begun_on": "date",
        "last_on": "date",
        "concluded_on": "date",
        "capacity": "text",
        "outcomes": "text",
        "support_reason": "text",
        "action": "text",
        "begun_at": "int8",
        "concluded_at": "int8",
        "referrals": "jsonb",
        "withdrawn": "jsonb",
        "triples": "jsonb",
        "risks_found": "jsonb",
        "risks_not_found": "jsonb",
        "conditions": "jsonb",
        "individuals": "jsonb",
    },
    row=FactRow,
    # What has one day is found by it; what has several, or was withdrawn, is little.
    indexes=(
        "(last_on)",
        "(concluded_on)",
        "(last_on) WHERE begun_on IS DISTINCT FROM last_on",
        '("case") WHERE concluded_on IS NOT NULL',
        "(begun_at) WHERE withdrawn <> '[]'",
    ),
    touches=touches,
    fold=fold,
)
