"""Due dates that follow a corrected date: which of them are counted from it, and what they become.

A due date stays in its event as it was stored. A correction that moves the time it is counted from
stores beside it what is due by that time, reckoned by the calendar and the policies known then, and
`corrected.standing` reads that in its place. A day somebody chose stays that day. What is recorded
after the correction is counted from the corrected time at once: that is the case that decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, TypeAlias, TypeVar

from domain.corrected import DAY_TOLD_IN_OF, TIME_TOLD_IN, DueAnew, same_time
from domain.hours import to_the_hour
from domain.known import Known
from domain.review_date import NO_REVIEW
from domain.stage import CHOSEN, Context, Mark, due_from, working
from domain.when import LONDON, When, on_day
from domain.words import Code, Due, Fact

T = TypeVar("T")
Moved: TypeAlias = Mapping[int, Sequence[When]]  # entry → every time its corrections told
_DAY: Final = timedelta(days=1)

_REFERRALS: Final = frozenset({"referral-received", "referral-linked"})
_MEETINGS: Final = frozenset({"conference-held", "core-group-held"})
_REQUESTS: Final = frozenset({"subject-access-request-received"})
_CLOSINGS: Final = frozenset({"case-closed"})  # of which nothing is due itself
_MEETING: Final[Mapping[str, str | None]] = {
    "minutes_due": "minutes_circulated",
    "decisions_due": "decisions_circulated",
    "next_core_group": "core_group",
}

# By stored name, the due dates that an entry has, each with its limit where that is always the same
# one: so that a date none could be reckoned from, and one now can, has what is due by it.
COUNTED: Final[Mapping[str, Mapping[str, str | None]]] = {
    "referral-received": {
        "decision_due": "duty_decision",
        "conference_due": "initial_conference",
        "capacity_due": "capacity_recorded",
    },
    "referral-linked": {"decision_due": None, "conference_due": None},
    "repeat-referral-threshold-reached": {"conference_due": None},
    "enquiry-opened": {"due": None},
    "inquiry-opened": {"due": None},
    "duty-to-inquire-started": {"due": "enquiry"},
    "enquiry-caused": {"due": "enquiry"},
    "investigation-report-submitted": {"conference_due": None},
    "investigation-concluded": {"conference_due": "conference_after_report"},
    "conference-held": {**_MEETING, "next_review": "review_conference"},
    "core-group-held": _MEETING,
    "minutes-circulated": {"due": None},
    "decisions-circulated": {"due": None},
    "feedback-responsibility-assigned": {"due": None},
    "protection-order-granted": {"carry_out_by": None, "expires": None, "longest": None},
    "protection-order-executed": {"expires": None, "longest": None},
    "dbs-referral-duty-identified": {"due": "barring_referral"},
    "minute-amendment-requested": {"due": "amendment_answered"},
    "sar-referred": {"due": "review_decision"},
    "rectification-requested": {"due": "rectification"},
    "subject-access-request-received": {"due": "subject_access"},
    "subject-access-clock-restarted": {"due": None},
    "subject-access-extended": {"due": None},
    "retention-class-set": {"review_due": None},
}
# Those that may be counted from the time of another entry, and of which.
FROM_OTHERS: Final[Mapping[str, frozenset[str]]] = {
    "repeat-referral-threshold-reached": _REFERRALS,
    "enquiry-opened": _REFERRALS,
    "inquiry-opened": _REFERRALS,
    "minutes-circulated": _MEETINGS,
    "decisions-circulated": _MEETINGS,
    "feedback-responsibility-assigned": _MEETINGS,
    "subject-access-clock-restarted": _REQUESTS,
    "subject-access-extended": _REQUESTS,
    "retention-class-set": _CLOSINGS,
}
# What a case keeps of its entries, so that what is due can be counted anew.
DATED: Final = frozenset({*COUNTED, *_CLOSINGS})
_ALWAYS: Final = frozenset({"minutes_circulated", "decisions_circulated"})  # see `due_from`
_ENQUIRIES: Final = frozenset({"enquiry-opened", "inquiry-opened"})
_ORDERS: Final = frozenset({"protection-order-granted", "protection-order-executed"})
_ON_WORKING_DAYS: Final = frozenset({"subject_access", "subject_access_extended", "rectification"})
_SAME: Final = ("conference", "request")  # what an entry and the one it is counted from both name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counting:
    """By what due dates are reckoned anew: the case's entries that have any, and what it knows."""

    dated: Mapping[int, Fact[Any]]
    moved: Moved
    known: Known
    context: Context
    target: int  # the entry that is corrected, which stands by that, also if it was withdrawn

    def sources(self, fact: Fact[Any]) -> Iterator[Fact[Any]]:
        """The entries that one's due dates may be counted from, besides itself."""
        names = FROM_OTHERS.get(fact.header.name, frozenset())
        if fact.header.name in _ENQUIRIES and not self.context.jurisdiction.enquiry_from_referral:
            return
        if getattr(fact.event, "trigger", "case_closed") != "case_closed":
            return  # how long it is kept is counted from something else
        for one in self.dated.values():
            stands = one.version == self.target or one.version not in self.known.withdrawn
            before = stands and one.version < fact.version
            if before and one.header.name in names and _linked(one, fact):
                yield one

    def source(self, fact: Fact[Any], due: Due) -> Fact[Any] | None:
        """The entry that a due date was counted from, by any time it was understood to have."""
        for one in self.sources(fact):
            if any(_counted_from(when, due, fact) for when in self._times(one)):
                return one
        return fact if began(fact, due) is not None else None

    def lost(self, fact: Fact[Any], start: Fact[Any]) -> str | None:
        """The limit of a day to look again that went with a closing, which stands again."""
        if fact.header.name != "retention-class-set" or start not in self.sources(fact):
            return None
        counted = any(when.text == fact.event.started.text for when in self._times(start))
        return f"retention_{fact.event.retention_class}" if counted else None

    def _times(self, fact: Fact[Any]) -> Iterator[When]:
        first = began(fact)
        if first is not None:
            yield first
            yield from self.moved.get(fact.version, ())

    def anew(self, fact: Fact[Any], rule: str, due: Due | None, when: When) -> Due | None:
        """Reckon a limit from another time, as it was reckoned for that entry then."""
        day = fact.recorded_at.astimezone(LONDON).date()
        then = replace(self.context, today=day)
        found = due_from(rule, when, then, always=rule in _ALWAYS)
        if found is not None and rule in _ON_WORKING_DAYS:
            waited = () if due is None else _waited(due, self.context)
            found = replace(found, on=found.on + _DAY * len(waited), skipped=waited)
            found = working(found, self.context.calendar)
        if fact.header.name in _ORDERS:
            found = to_the_hour(found, when, self.context.jurisdiction)
        return found


def began(fact: Fact[Any], due: Due | None = None) -> When | None:
    """The time of an entry that its own due dates are counted from, and that a correction moves.

    None where it tells another time, and is counted from that: a referral received on a day that
    is not the one it is said to have occurred on, an order in force from a day of its own.
    """
    event, name = fact.event, fact.header.name
    told: When | None = None
    if name in TIME_TOLD_IN:
        told = getattr(event, TIME_TOLD_IN[name])
    elif name in DAY_TOLD_IN_OF:
        told = on_day(getattr(event, DAY_TOLD_IN_OF[name]))
    elif name == "retention-class-set":
        told = event.started
    elif name == "protection-order-granted" and due is not None and due != event.carry_out_by:
        told = None if event.effective_from is None else on_day(event.effective_from)
    if told is None:
        return fact.occurred
    return told if same_time(fact.occurred, told, fact.recorded_at) else None


def redated(
    target: int, when: When, known: Known, moved: Moved, context: Context
) -> tuple[DueAnew, ...]:
    """Every due date that was counted from the time of an entry, counted from another (B.4).

    `moved` are the times that corrections told before, of each entry: a due date recorded since may
    be counted from one of these.
    """
    counting = _Counting(
        dated=known.dated, moved=moved, known=known, context=context, target=target
    )
    return tuple(_redated(target, when, counting))


def recounted(target: int, known: Known, moved: Moved, context: Context) -> tuple[DueAnew, ...]:
    """What was counted from a closing that is withdrawn: from the one that stands, or from none.

    Whatever else is due from an entry that did not happen stands in that, or is asked by others.
    """
    if known.event_at(target) not in _CLOSINGS:
        return ()
    left = known.closed_without(known.position_at(target))
    counting = _Counting(
        dated=known.dated, moved=moved, known=known, context=context, target=target
    )
    return tuple(_redated(target, None if left is None else left.when, counting))


def _redated(target: int, when: When | None, counting: _Counting) -> Iterator[DueAnew]:
    start = counting.dated.get(target)
    if start is None or began(start) is None:
        return
    for fact in counting.dated.values():
        for field, limit in COUNTED.get(fact.header.name, {}).items():
            due: Due | None = getattr(fact.event, field)
            if due is None:
                rule = _could_not_be(fact, start, field, limit, counting.known)
                rule = rule or counting.lost(fact, start)
            elif due.rule == CHOSEN or counting.source(fact, due) is not start:
                continue
            else:
                rule = due.rule
            if rule is not None:
                anew = None if when is None else counting.anew(fact, rule, due, when)
                if due is not None or anew is not None:
                    yield DueAnew(of=fact.version, field=Code(field), due=anew)


def _could_not_be(
    fact: Fact[Any], start: Fact[Any], field: str, limit: str | None, known: Known
) -> str | None:
    """The limit of a date that was not reckoned only because nobody knew from when."""
    unknown = began(fact)
    if fact is not start or unknown is None or not unknown.unknown:
        return None
    if field == "next_review":
        called = known.conferences.get(fact.event.conference)
        return None if called is None or called.kind in NO_REVIEW else limit
    return limit


def _linked(one: Fact[Any], other: Fact[Any]) -> bool:
    """Whether two entries name the same meeting or request, where both name one."""
    both = ((getattr(one.event, name, None), getattr(other.event, name, None)) for name in _SAME)
    return all(mine is None or theirs is None or mine == theirs for mine, theirs in both)


def _counted_from(when: When, due: Due, fact: Fact[Any]) -> bool:
    """Whether a due date of an entry was counted from a time, as that was known when recorded."""
    if due.started is not None:
        return due.started.text == when.text
    return due.start == Mark(0, when, fact.recorded_at).last


def _waited(due: Due, context: Context) -> tuple[date, ...]:
    """The days for which a request's time stood still: those passed over that are not its last."""
    waited = list(due.skipped)
    day = due.on - _DAY
    while waited and waited[-1] == day and not context.calendar.works(day):
        waited.pop()
        day -= _DAY
    return tuple(waited)
