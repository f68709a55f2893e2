"""Due dates that follow a corrected date: which of them are counted from it, and what they become.

A due date stays in its event as it was stored. A correction that moves the time it is counted from
stores beside it what is due by that time, reckoned by the calendar and the policies known then, and
`corrected.standing` reads that in its place. One that withdraws what it is counted from stores what
is due by what stands in its place, or that nothing is. A day somebody chose stays that day. What is
recorded after the correction is counted from what is understood at once: that is the case that
decides. What a case has counted from an entry of another, since that is read in it, follows the
correction that stands in the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, TypeAlias, TypeVar

from domain.corrected import DAY_TOLD_IN_OF, TIME_TOLD_IN, DueAnew, same_time
from domain.hours import to_the_hour
from domain.known import Known
from domain.read_while import ReadIn
from domain.review_date import NO_REVIEW
from domain.stage import CHOSEN, Context, Mark, due_from, working
from domain.waiting import LIMITS, days_waited
from domain.when import LONDON, When, on_day
from domain.words import Code, Due, Fact

T = TypeVar("T")
Moved: TypeAlias = Mapping[int, Sequence[When]]  # entry → every time its corrections told
_DAY: Final = timedelta(days=1)

_REFERRALS: Final = frozenset({"referral-received", "referral-linked"})
_BEGUN: Final = {"decision_due": "duty_decision", "conference_due": "initial_conference"}
_MEETINGS: Final = frozenset({"conference-held", "core-group-held"})
_REQUESTS: Final = frozenset({"subject-access-request-received"})
_ENQUIRIES: Final = frozenset({"enquiry-opened", "inquiry-opened"})
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
# A request for access with what moves the day of its answer, counted through in one go.
_STOPPED: Final = "subject-access-clock-stopped"
_RESTARTED: Final = "subject-access-clock-restarted"
_EXTENDED: Final = "subject-access-extended"
_OF_REQUESTS: Final = frozenset({*_REQUESTS, _STOPPED, _RESTARTED, _EXTENDED})
# What a case keeps of its entries, so that what is due can be counted anew.
DATED: Final = frozenset({*COUNTED, *_CLOSINGS, _STOPPED})
# Counted from their own time where what they would be counted from is not there.
_OF_ITSELF: Final = frozenset({"feedback-responsibility-assigned", *_ENQUIRIES})
# Those that only the one entry brings about, and no other in its place.
_BROUGHT_ABOUT: Final = frozenset({"repeat-referral-threshold-reached"})
_ORDERS: Final = frozenset({"protection-order-granted", "protection-order-executed"})
_ON_WORKING_DAYS: Final = frozenset({"subject_access", "subject_access_extended", "rectification"})
_SAME: Final = ("conference", "request")  # what an entry and the one it is counted from both name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counting:
    """By what due dates are reckoned anew: the entries that have any, and what the case knows.

    Those of a case that this one is or was read in, too (`beside`): they may be counted from its
    entries, while they were read there.
    """

    dated: Mapping[int, Fact[Any]]
    moved: Moved
    known: Known
    context: Context
    beside: tuple[ReadIn, ...] = ()

    def stands(self, fact: Fact[Any]) -> bool:
        """Whether an entry stands, whatever becomes of the one corrected."""
        return not any(
            fact.version in gone
            for gone in (self.known.withdrawn, *(one.withdrawn for one in self.beside))
        )

    @property
    def counted_here(self) -> Iterator[Fact[Any]]:
        """Those whose due dates may be counted from one of the case: its own, and those beside."""
        for fact in self.dated.values():
            if fact.version > 0 or any(fact.version in one.dated for one in self.beside):
                yield fact

    def recorded(self, fact: Fact[Any]) -> Fact[Any] | None:
        """An entry as it was recorded, where it is known to be understood otherwise."""
        every = (self.known.as_recorded, *(one.as_recorded for one in self.beside))
        return next((one[fact.version] for one in every if fact.version in one), None)

    def was_there(self, one: Fact[Any], fact: Fact[Any]) -> bool:
        """Whether an entry could be seen where another was recorded, when it was."""
        if one.position >= fact.position:
            return False
        if one.stream == fact.stream:
            return True
        if fact.version > 0:  # of another case, read in this one as it was recorded
            spans = self.known.read_while.get(one.stream, ())
        else:
            beside = (it for it in self.beside if one.version > 0 and fact.version in it.dated)
            spans = tuple(span for it in beside for span in it.spans)
        return any(span.reads(one.position) and span.during(fact.position) for span in spans)

    def sources(self, fact: Fact[Any], start: Fact[Any]) -> Iterator[Fact[Any]]:
        """The entries that one's due dates may be counted from, besides itself.

        Of those that were withdrawn only the one corrected, which may stand again.
        """
        names = FROM_OTHERS.get(fact.header.name, frozenset())
        if fact.header.name in _ENQUIRIES and not self.context.jurisdiction.enquiry_from_referral:
            return
        if getattr(fact.event, "trigger", "case_closed") != "case_closed":
            return  # how long it is kept is counted from something else
        for one in self.dated.values():
            there = self.was_there(one, fact) and (one is start or self.stands(one))
            if there and one.header.name in names and _linked(one, fact):
                yield one

    def counted(self, fact: Fact[Any], field: str, start: Fact[Any]) -> Due | None:
        """The due date that was counted from one entry; None where none was.

        The one understood, or else the one recorded: it may be of a time that is not known any
        more. While the entry is withdrawn, the understood one goes by what stands in its place.
        """
        first = self.recorded(fact) or fact
        versions = (fact, first) if self.stands(start) else (first, fact)
        dues = (getattr(one.event, field) for one in versions)
        due: Due | None = next((one for one in dues if one is not None), None)
        if due is None or due.rule == CHOSEN or self._source(fact, due, start) is not start:
            return None
        return due

    def _source(self, fact: Fact[Any], due: Due, start: Fact[Any]) -> Fact[Any] | None:
        """The entry that a due date was counted from, by any time it was understood to have."""
        for one in self.sources(fact, start):
            if any(_counted_from(when, due, fact) for when in self._times(one)):
                return one
        return fact if began(fact, due) is not None else None

    def _times(self, fact: Fact[Any]) -> Iterator[When]:
        for one in (fact, self.recorded(fact)):
            first = None if one is None else began(one)
            if first is not None:
                yield first
                yield from self.moved.get(fact.version, ())

    def instead(self, fact: Fact[Any], start: Fact[Any]) -> When | None:
        """From when a due date is counted once the entry it was counted from is withdrawn.

        From the one other entry that is left, or the time of its own, as if the first had never
        been recorded.
        """
        name = fact.header.name
        others = (began(one) for one in self.sources(fact, start) if one is not start)
        left = [one for one in others if one is not None]
        if name in _ENQUIRIES:  # of several the first, if it had come by then (`enquiry`)
            left = [one for one in left if _by(one, fact.event.opened_on)][:1]
        if len(left) == 1 and name not in _BROUGHT_ABOUT:
            return left[0]
        return began(fact) if name in _OF_ITSELF else None

    def anew(
        self,
        fact: Fact[Any],
        rule: str,
        due: Due | None,
        when: When,
        waited: tuple[date, ...] | None = None,
    ) -> Due | None:
        """Reckon a limit from another time, as it was reckoned for that entry then."""
        day = fact.recorded_at.astimezone(LONDON).date()
        then = replace(self.context, today=day)
        found = due_from(rule, when, then)
        if found is not None and rule in _ON_WORKING_DAYS:
            if waited is None:
                waited = () if due is None else _waited(due, self.context)
            found = replace(found, on=found.on + _DAY * len(waited), skipped=waited)
            found = working(found, self.context.calendar)
        if fact.header.name in _ORDERS:
            found = to_the_hour(found, when, self.context)
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
    target: int, when: When | None, known: Known, moved: Moved, context: Context
) -> tuple[DueAnew, ...]:
    """Every due date that was counted from the time of an entry, counted from another (B.4).

    Without `when` the entry is withdrawn. `moved` are the times that corrections told before, of
    each entry: a due date recorded since may be counted from one of these.
    """
    start = known.dated.get(target)
    if start is None:
        return ()
    beside = tuple(one for one in known.read_in if one.reads(start.position))
    dated = {**known.dated, **{at: fact for one in beside for at, fact in one.dated.items()}}
    counting = _Counting(
        dated=dict(sorted(dated.items(), key=lambda one: one[1].position)) if beside else dated,
        moved=moved,
        known=known,
        context=context,
        beside=beside,
    )
    left = tuple(_left_alone(start, counting)) if when is None else ()
    # Whether it tells a time apart goes by what was recorded, as what is understood of it does.
    if began(counting.recorded(start) or start) is None:
        return left
    if start.header.name in _OF_REQUESTS:
        return tuple(_of_request(start, when, counting))
    if when is None:
        return (*left, *_fallen(start, counting))
    return tuple(_redated(start, when, counting))


def _redated(start: Fact[Any], when: When, counting: _Counting) -> Iterator[DueAnew]:
    """What is due by the time that an entry is now understood to have."""
    for fact, field, limit in _limits(counting):
        due = counting.counted(fact, field, start)
        if due is not None:
            rule: str | None = due.rule
        elif getattr(fact.event, field) is None:
            rule = _could_not_be(fact, start, field, limit, counting.known)
        else:
            continue
        if rule is not None:
            anew = counting.anew(fact, rule, due, when)
            if due is not None or anew is not None:
                yield DueAnew(of=fact.version, field=Code(field), due=anew)


def _fallen(start: Fact[Any], counting: _Counting) -> Iterator[DueAnew]:
    """What is due, of other entries, once one that dates were counted from is withdrawn."""
    for fact, field, _limit in _limits(counting):
        due = None if fact is start else counting.counted(fact, field, start)
        if due is not None:
            when = counting.instead(fact, start)
            anew = None if when is None else counting.anew(fact, due.rule, due, when)
            yield DueAnew(of=fact.version, field=Code(field), due=anew)


def _left_alone(start: Fact[Any], counting: _Counting) -> Iterator[DueAnew]:
    """What is due by the first of the referrals left, once that which began the case is withdrawn.

    They were joined to an episode that it had begun, and started no time of their own (R198).
    """
    own = (one for one in counting.dated.values() if one.version > 0 and one is not start)
    left = [one for one in own if one.header.name in _REFERRALS and counting.stands(one)]
    gone = start.header.name in _REFERRALS
    if not gone or not left or any(one.header.name == "referral-received" for one in left):
        return
    event = left[0].event
    if event.decision_due is None and event.conference_due is None:
        for field, rule in _BEGUN.items():
            due = counting.anew(left[0], rule, None, event.received)
            if due is not None:
                yield DueAnew(of=left[0].version, field=Code(field), due=due)


def _limits(counting: _Counting) -> Iterator[tuple[Fact[Any], str, str | None]]:
    for fact in counting.counted_here:
        for field, limit in COUNTED.get(fact.header.name, {}).items():
            yield fact, field, limit


def _of_request(start: Fact[Any], when: When | None, counting: _Counting) -> Iterator[DueAnew]:
    """By when a request for access is answered, counted through as its entries are understood.

    From its receipt, without the days waited from each stop to its restart, and by the longer limit
    once it was extended: a stop, restart or extension moved or withdrawn moves what comes after it.
    """
    received: tuple[Fact[Any], When] | None = None
    stopped: Mark | None = None
    waited: tuple[date, ...] = ()
    extended = False
    for fact in counting.dated.values():
        if fact.header.name not in _OF_REQUESTS or fact.event.request != start.event.request:
            continue
        at = when if fact is start else _understood(fact, counting.known)
        if at is not None:
            match fact.header.name:
                case "subject-access-clock-stopped":
                    stopped = stopped or Mark(0, at, fact.recorded_at)
                case "subject-access-clock-restarted":
                    waited, stopped = (*waited, *days_waited(stopped, at.first_day)), None
                case "subject-access-extended":
                    extended = True
                case _:
                    received = fact, at
        if fact.header.name == _STOPPED or at is None:
            continue
        due = None
        if received is not None:
            first, came = received
            due = counting.anew(first, LIMITS[extended], None, came, waited)
        recorded = counting.known.as_recorded
        if fact.version in recorded or not _same(due, fact.event.due):
            yield DueAnew(of=fact.version, field=Code("due"), due=due)


def _understood(fact: Fact[Any], known: Known) -> When | None:
    """When an entry is understood to have been; None where it is withdrawn."""
    return None if fact.version in known.withdrawn else fact.occurred


def _same(one: Due | None, other: Due | None) -> bool:
    """Whether two due dates are one day, reckoned alike."""
    if one is None or other is None:
        return one is other
    return (one.on, one.rule, one.start) == (other.on, other.rule, other.start)


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


def _by(when: When, day: date) -> bool:
    """Whether something had certainly been by a day."""
    return not when.unknown and when.last_day is not None and when.last_day <= day


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
