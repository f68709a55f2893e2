"""A row of what the returns count, and what each event makes of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from projections.corrected import WITHIN, days_told
from projections.projection import Json, Seen, days_by, is_about

CONCERN: Final = "concern"
ENQUIRY: Final = "enquiry"
REVIEW: Final = "review"  # a statutory review that was concluded
# Why something counts not.
WITHDRAWN: Final = "withdrawn"
TWICE: Final = "twice"  # cases were merged: the concern had been entered in two
PARTED: Final = "parted"  # of a conclusion: its enquiry was split off, and is read in another case
TOLD: Final = "told"  # of a review: another case told of it first, and it counts there
YOUNG: Final = "young"  # its adult was none yet
ELSEWHERE: Final = "elsewhere"  # its case was transferred, and another authority counts it
REOPENED: Final = "reopened"  # of a conclusion: the enquiry was reopened after it
SECOND: Final = "second"  # of a conclusion: another stood already
UNSURE: Final = "unsure"  # its time was corrected to one that may not be of the period
OWN: Final = "repeat"  # of the reasons a referral is linked: the one that makes it another
COUNTS: Final = frozenset({None, OWN})  # of why a referral was linked: a concern of its own
REFERRALS: Final = frozenset({"referral-received", "referral-linked"})
OPENED: Final = frozenset({"enquiry-opened", "inquiry-opened"})
CONCLUDED: Final = "enquiry-concluded"
OF_ENQUIRIES: Final = OPENED | {CONCLUDED, "enquiry-reopened"}
REVIEWED: Final = "safeguarding-review-concluded"
DECIDED: Final = "concern-counted"
_DECISION: Final = ("counted", "rule", "edition")
TRANSFERRED: Final = "case-transferred"
RECEIVING: Final = "receiving"  # of who counts a case that is transferred: not this authority
SENDING: Final = "sending"
_OTHER: Final = {RECEIVING: SENDING, SENDING: RECEIVING}
_OURS: Final = "council"  # what every entry calls the authority whose record this is
SUBJECTS: Final[Mapping[str, str]] = {ENQUIRY: "enquiry", REVIEW: "review"}  # in which field
# What a table names where it was withdrawn.
NAMED: Final[Mapping[str, str]] = {
    **dict.fromkeys(REFERRALS, "concern"),
    **dict.fromkeys(OPENED, "begun"),
    CONCLUDED: "concluded",
    REVIEWED: "reviewed",
}
_UNCONCLUDED: Final[Mapping[str, Json]] = {
    "concluded_from": None,
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


def counting(seen: Seen) -> str | None:
    """Who counts a case by what a transfer says: `sending` is this authority, `receiving` another.

    Of one to this authority, as where a case comes or comes back, the sending one is the other.
    None where it was refused, or nothing was decided: the decision before it stays in force.
    """
    transfer = seen.data
    by: str = transfer["counted_by"]
    if transfer["accepted"] == "no" or by not in _OTHER:
        return None
    here = transfer["authority"] in {_OURS, seen.placed[3]}
    return _OTHER[by] if here else by


class FactRow(NamedTuple):
    """Concerns of a case, under the reference of that they were told in, or an enquiry or review.

    What is read in another case is that one's. The concerns told in one case share a row: a
    decision whether they count names none, and is of all of them that were undecided (`governed`).
    Those of each case merged into one stand apart, since it was decided of them there.
    """

    what: str
    stands: bool  # False: none of it counts, and it is kept to be named
    adult: str | None
    kind: str | None  # of an enquiry
    begun_on: str | None  # the earliest a referral can have come (None: open), or it was opened
    last_on: str  # the latest one can have come, at most the day on which it was recorded
    concluded_from: str | None  # the earliest it can have been concluded (None: open)
    concluded_on: str | None  # the latest, and mostly the same
    capacity: str | None
    outcomes: str | None
    support_reason: str | None
    action: str | None
    begun_at: int
    concluded_at: int | None
    doubled: str | None  # of concerns: as whom else their adult was registered, before a merge
    elsewhere: int | None  # of an enquiry: the transfer by which another authority counts it
    # [position, first day (None: open), last day, why it was linked (None: it began the case),
    # the decision whether it counts (None: there is none), whether it does, by which rule and
    # edition; where its case was transferred: by which transfer another authority counts it, what
    # is unsettled in that and by which transfer] of each
    referrals: Sequence[Sequence[Json]]
    # [what, why, position, first day, last day, whether it counted else] of each that counts not
    withdrawn: Sequence[Sequence[Json]]
    lapsed: Sequence[Sequence[Json]]  # [why, position, day, since] of conclusions that count not
    triples: Sequence[Sequence[str]]  # [type, source, location]
    risks_found: Sequence[Sequence[str]]  # [source, action, outcome]
    risks_not_found: Sequence[Sequence[str]]  # [source, assessment]
    conditions: Sequence[str]
    individuals: Sequence[Sequence[str | None]]  # [person, fate] of those a review was about
    # [position, name, fields that were recorded wrongly, with none instead] of each event it is of
    doubted: Sequence[Sequence[Json]]
    # [position, first day (None: open), last day, who counts the case (None: not said)] of each
    transfers: Sequence[Sequence[Json]]
    about: Sequence[int]  # the entries whose day is said to be approximate
    unsettled: Sequence[Json]  # [why, transfer]: what is doubtful in where an enquiry counts


def events_of(row: FactRow) -> frozenset[int | None]:
    """The positions of the events that a row says something of."""
    of_concerns = (at for one in row.referrals for at in (one[0], one[4]))
    return frozenset({row.begun_at, row.concluded_at, *of_concerns})


def subject_of(seen: Seen) -> str | None:
    """The enquiry or the review that an event is of; None where it is of a concern."""
    field = SUBJECTS.get(what_of(seen))
    subject: str | None = None if field is None else seen.data[field]
    return subject


def what_of(seen: Seen) -> str:
    """Which kind of row an event makes or changes."""
    if seen.name in OF_ENQUIRIES:
        return ENQUIRY
    return REVIEW if seen.name == REVIEWED else CONCERN


def governed(row: FactRow | None) -> frozenset[int]:
    """The concerns that a decision is of that is recorded now, by their positions."""
    referrals = [] if row is None else row.referrals
    decisions = {one[0]: one[4] or 0 for one in referrals}
    if 0 in decisions.values():
        return frozenset(one for one, decision in decisions.items() if not decision)
    last = max(decisions.values(), default=0)
    return frozenset(one for one, decision in decisions.items() if decision == last)


def decided(row: FactRow, by: Mapping[int, Seen]) -> FactRow:
    """The row with the decision of each concern that one is of."""
    referrals = [
        one
        if (it := by.get(one[0])) is None
        else [*one[:4], it.position, *(it.data.get(name) for name in _DECISION), *one[8:]]
        for one in row.referrals
    ]
    row = row._replace(referrals=referrals)
    still = events_of(row)
    return row._replace(doubted=[one for one in row.doubted if one[0] in still])


def fallen(one: Seen, enquiries: Mapping[str, Seen]) -> FactRow:
    """A row for what has none of its own, or none any more; `enquiries` are as they were opened."""
    _, last = days(one)
    row = _begun(what_of(one), last, one.position)
    told = enquiries.get(one.data.get("enquiry", ""), one)
    return row._replace(stands=False, kind=told.data.get("kind"))


def split_off(seen: Seen) -> FactRow:
    """Whose case it is that began with entries of another; no concern of its own."""
    row = _begun(CONCERN, seen.recorded_on, seen.position)
    return row._replace(stands=False, adult=seen.data.get("adult"))


class Fallen(NamedTuple):
    """An event that counts not, why, and whether it counted else."""

    seen: Seen
    why: str
    counted: bool


def with_fallen(row: FactRow, more: Fallen) -> FactRow:
    """The row with one more event that counts not; it is found in the years of that event."""
    one = more.seen
    first, last = days(one)
    if row.what == CONCERN:
        begun = None if first is None or row.begun_on is None else min(row.begun_on, first)
        row = row._replace(begun_on=begun, last_on=max(row.last_on, last))
    return row._replace(
        kind=row.kind or one.data.get("kind"),
        withdrawn=[
            *row.withdrawn,
            [NAMED[one.name], more.why, one.position, first, last, more.counted],
        ],
    )


def days(one: Seen) -> tuple[str | None, str]:
    """The first and last day by which an event is counted in a year."""
    if one.name in REFERRALS:
        return _received(one)
    return days_told(one, "opened_on" if one.name in OPENED else "concluded_on")


def about(row: FactRow, seen: Seen) -> FactRow:
    """A row with an entry it is made of, where the day that counts is said to be approximate."""
    when = seen.data["received"] if seen.name in REFERRALS else seen.data.get(WITHIN)
    if when is None or not is_about(when):
        return row
    return row._replace(about=[*row.about, seen.position])


def _begun(what: str, day: str, position: int) -> FactRow:
    return FactRow(
        what=what,
        stands=True,
        adult=None,
        doubled=None,
        kind=None,
        begun_on=day,
        last_on=day,
        begun_at=position,
        elsewhere=None,
        referrals=[],
        withdrawn=[],
        lapsed=[],
        doubted=[],
        transfers=[],
        about=[],
        unsettled=[],
        **_UNCONCLUDED,
    )


def referred(row: FactRow | None, seen: Seen) -> FactRow:
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
    return about(row, seen)._replace(
        stands=True,
        last_on=max(row.last_on, last),
        referrals=[
            *row.referrals,
            [seen.position, first, last, seen.data.get("reason"), *([None] * 4)],
        ],
    )


def _received(seen: Seen) -> tuple[str | None, str]:
    """The first day it can have come, and the last: it had come when it was recorded."""
    return days_by(seen.data["received"], seen.recorded_on)


def opened(seen: Seen, before: FactRow | None, case: FactRow | None) -> FactRow:
    """An enquiry of the adult of its case; what was withdrawn under its reference stays named."""
    first, last = days(seen)
    row = _begun(ENQUIRY, last, seen.position)._replace(
        begun_on=first,
        adult=None if case is None else case.adult,
        kind=seen.data["kind"],
        transfers=[] if case is None else case.transfers,
    )
    row = about(row, seen)
    return row if before is None else row._replace(withdrawn=before.withdrawn)


def reviewed(before: FactRow | None, seen: Seen, case: FactRow | None) -> FactRow:
    """A review that ended; of two conclusions the first stands, as of an enquiry."""
    first, last = days(seen)
    if before is not None and before.stands:
        over = [SECOND, seen.position, last, before.concluded_on]
        return before._replace(lapsed=[*before.lapsed, over])
    return _begun(REVIEW, last, seen.position)._replace(
        begun_on=first,
        adult=None if case is None else case.adult,
        concluded_from=first,
        concluded_on=last,
        concluded_at=seen.position,
        withdrawn=[] if before is None else before.withdrawn,
        individuals=[[one.get("person"), one["fate"]] for one in seen.data.get("individuals", ())],
    )


def reopened(row: FactRow, seen: Seen) -> FactRow:
    """An enquiry that goes on: its conclusion counts no more, and is kept with the day of that."""
    if row.concluded_on is None:
        return row
    _, day = days_by(seen.occurred, seen.recorded_on)
    over = [REOPENED, row.concluded_at, row.concluded_on, day]
    doubted = [one for one in row.doubted if one[0] != row.concluded_at]
    return row._replace(**_UNCONCLUDED, lapsed=[*row.lapsed, over], doubted=doubted)


def concluded(row: FactRow, seen: Seen) -> FactRow:
    """An enquiry with its answers; one that is concluded already keeps those it has."""
    data = seen.data
    first, last = days(seen)
    if row.concluded_on is not None:
        over = [SECOND, seen.position, last, row.concluded_on]
        return row._replace(lapsed=[*row.lapsed, over])
    return about(row, seen)._replace(
        concluded_from=first,
        concluded_on=last,
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
