"""A protection order as it stands, and what is asked of its steps (R204).

An order is applied for, granted, carried out while it lasts, and has an end; a step that lacks the
one before it, or is dated before it, is recorded all the same, and asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.finding import Finding
from domain.hours import done_late
from domain.known import Known
from domain.stage import CHOSEN, Looking, Mark, after, due_by, found, passed
from domain.told import certainly_before
from domain.when import in_words
from domain.words import Code, Due, OrderRef

FROM_CARRYING_OUT: Final = frozenset({"removal"})  # lasts from then, not from its grant
URGENT: Final = "justice_of_the_peace"  # who may grant in an urgent case, for a shorter time
# What section 40 of the Act lets a justice grant; every other order is a sheriff's alone.
_OF_A_JUSTICE: Final = frozenset({"removal", "warrant"})
_BANNING: Final = frozenset({"banning", "temporary_banning"})
# What is for nothing unless it is carried out while it lasts. A banning order binds by being made
# known, and a warrant is not needed where the door is opened.
_TO_BE_CARRIED_OUT: Final = frozenset({"removal", "assessment"})
# How long an application may wait for its answer. Neither the Act nor the Code of Practice sets a
# time: an assessment, a removal or an entry is sought because of serious harm that may be near,
# and a court hears it within days; a banning order is served on its subject, who may be heard.
_DECIDED_WITHIN: Final[Mapping[str, timedelta]] = {
    "assessment": timedelta(days=7),
    "removal": timedelta(days=7),
    "warrant": timedelta(days=7),
    "banning": timedelta(weeks=4),
    "temporary_banning": timedelta(weeks=4),
}
_FOUND_OVER: Final = timedelta(days=1)  # what ends with a day is found to be over on the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as it stands."""

    kind: Code
    consents: Code
    pressure: Code
    applied: Mark
    evidenced: bool = False  # whether it is said what shows the undue pressure
    hearing: date | None = None  # the last day for which it was planned
    granted_by: Code | None = None
    granted: Mark | None = None
    granted_first: Mark | None = None
    executed: Mark | None = None
    refused: Mark | None = None
    changed: tuple[Mark, ...] = ()  # varied
    over: tuple[Mark, ...] = ()  # recalled or expired
    recalled: Mark | None = None
    ended: Mark | None = None  # refused, recalled or expired
    effective: date | None = None  # from when it says that it is in force
    carry_out_by: Due | None = None
    expires: Due | None = None
    longest: Due | None = None

    @property
    def in_force(self) -> bool:
        """Whether it is granted and not at its end, as far as that is recorded."""
        return self.granted is not None and self.ended is None


def asked_of_steps(
    ref: OrderRef, order: Order, known: Known, context: Looking
) -> Iterator[Finding]:
    """Ask about what an order lacks, and about the days of its steps (R204)."""
    yield from _without_grant(ref, order)
    yield from _days(ref, order)
    yield from _undecided(ref, order, known, context)
    yield from _evidence(ref, order)
    if order.granted is not None:
        yield from _times(ref, order, order.granted, context)
        yield from _at_closing(ref, order, known, context)


def not_applied_for(ref: OrderRef, granted: Mark) -> Finding:
    """Ask for the application on which an order was granted."""
    words = "An order was granted; an application for it is not recorded."
    return found("order_not_applied_for", "R204", "low", words, at=granted, subject=ref)


def _without_grant(ref: OrderRef, order: Order) -> Iterator[Finding]:
    """Ask by what an order was carried out, or changed or ended, that nobody is said to grant."""
    done, granted, refused = order.executed, order.granted_first, order.refused
    if done is not None:
        words = None
        if refused is not None and (granted is None or _since_refused(order, done, refused)):
            words = "An order is recorded as carried out, and as refused before that."
            if not after(done, refused):
                words = "An order is recorded as carried out, and as refused."
        elif granted is None:
            words = "An order is recorded as carried out; that it was granted is not recorded."
        elif _dated_before(done, granted):
            words = "An order is recorded as carried out before it was granted."
        if words is not None:
            code = "order_carried_out_without_grant"
            yield found(code, "R204", "medium", words, at=done, subject=ref)
    if granted is None:
        for marks, what in ((order.changed, "changed by the court"), (order.over, "ended")):
            for at in marks:
                words = f"An order is recorded as {what}; that it was granted is not recorded."
                code = "order_changed_without_grant"
                yield found(code, "R204", "low", words, at=at, subject=ref)


def _since_refused(order: Order, done: Mark, refused: Mark) -> bool:
    """Whether the last word of the court before an order was carried out is a refusal."""
    granted = order.granted
    return after(done, refused) and (granted is None or after(refused, granted))


def _days(ref: OrderRef, order: Order) -> Iterator[Finding]:
    """Ask which day is right, of a decision or an end that is dated before what it follows."""
    applied, granted = order.applied, order.granted_first
    for at, what in ((granted, "granted"), (order.refused, "refused")):
        if at is not None and _day_before(at, applied):
            words = f"The order is dated as {what} before it was applied for."
            yield found("days_out_of_order", "R150 R204", "low", words, at=at, subject=ref)
    for marks, what in ((order.changed, "changed"), (order.over, "ended")):
        for at in marks:
            if granted is not None and _day_before(at, granted):
                words = f"The order is dated as {what} before it was granted."
                yield found("days_out_of_order", "R150 R204", "low", words, at=at, subject=ref)
    yield from _over_before_it_began(ref, order)


def _over_before_it_began(ref: OrderRef, order: Order) -> Iterator[Finding]:
    """Ask which day is right, of an end before the grant, or before it is in force."""
    at, expires = order.granted, order.expires
    if at is None or expires is None:
        return
    words, first = None, at.when.first_day
    if order.effective is not None and expires.on < order.effective:
        words = "The order is dated as running out before it is in force."
    elif first is not None and expires.on < first:
        words = "The order is dated as running out before it was granted."
    if words is not None:
        code, rules = "days_out_of_order", "R150 R204"
        yield found(code, rules, "low", words, at=at, subject=ref, which="runs out")


def _undecided(ref: OrderRef, order: Order, known: Known, context: Looking) -> Iterator[Finding]:
    """Ask what came of an application that was not decided in good time, or by the closing."""
    if order.granted is not None or order.ended is not None:
        return
    applied, closed = order.applied, known.closed_at
    begun, within = applied.last, _DECIDED_WITHIN.get(order.kind)
    code, last = "order_undecided", None
    if begun is not None and within is not None:
        last = max(begun + within, order.hearing or begun)
    if closed is not None and (last is None or closed.last is None or closed.last <= last):
        words = "The case was closed, and what came of an application for an order is not recorded."
        yield found(code, "R204", "medium", words, at=applied, since=closed.when, subject=ref)
    elif last is not None and last < context.on:
        at_latest = "" if applied.day is not None else " at the latest"
        words = f"What came of an application for an order was to be known by {in_words(last)}"
        words += f"{at_latest}, and is not recorded."
        since = passed(applied, last)
        yield found(code, "R204", "medium", words, at=applied, since=since, subject=ref)


def _evidence(ref: OrderRef, order: Order) -> Iterator[Finding]:
    """Ask what shows the undue pressure on which a refusal was to be passed over (section 35)."""
    if order.consents == "no" and order.pressure == "shown" and not order.evidenced:
        words = "The adult refuses an order under undue pressure; what shows that is not recorded."
        at = order.applied
        yield found("pressure_evidence_missing", "R204", "low", words, at=at, subject=ref)


def _times(ref: OrderRef, order: Order, at: Mark, context: Looking) -> Iterator[Finding]:
    """Ask whether an order was carried out in time, lasts no longer than it may, and has ended."""
    by, expires, done = order.carry_out_by, order.expires, order.executed
    if order.granted_by == URGENT and order.kind not in _OF_A_JUSTICE:
        words = (
            "An order is recorded as granted by a justice of the peace, who may grant a removal "
            "order or a warrant for entry; any other is for a sheriff."
        )
        yield found("order_granted_by_justice", "R204", "low", words, at=at, subject=ref)
    if by is None and order.kind in _TO_BE_CARRIED_OUT:
        by = expires
    if by is not None and done is None and by.on < context.on and not _ended_by(order, by):
        words = f"An order was to be carried out by {due_by(by)}; that it was is not recorded."
        yield found("order_not_carried_out", "R204", "medium", words, at=at, since=by, subject=ref)
    if done is not None and _late(order, done, at, context):
        words = f"An order was carried out{_on(done)}, after the time allowed for it{_by(by)}."
        one = found("order_carried_out_late", "R204", "medium", words, at=done, subject=ref)
        due = None if by is None else by.on
        yield one.once("order_not_carried_out", at.position, due=due)
    if expires is None:
        return
    if order.longest is not None and expires.on > order.longest.on:
        words = "An order is recorded as lasting longer than such an order can."
        yield found("order_too_long", "R204", "medium", words, at=at, subject=ref)
    if order.ended is None and expires.on < context.on:
        words = f"An order ran out by {due_by(expires)}; its end, and what protects the adult now, "
        words += "is not recorded."
        yield found(
            "order_end_not_recorded", "R204", "medium", words, at=at, since=expires, subject=ref
        )
    for end in order.over:
        if end == order.ended and end.stated and _later_than(end, expires.on + _FOUND_OVER):
            words = f"An order is recorded as ended{_on(end)}, later than its own time ran out"
            words += f"{_by(expires)}."
            one = found("order_end_late", "R204", "low", words, at=end, subject=ref)
            yield one.once("order_end_not_recorded", at.position, due=expires.on)


def _on(at: Mark) -> str:
    """Say on which day something was, or that it was then at the earliest; nothing if not known."""
    earliest = "at the earliest " if at.when.uncertain else ""
    return "" if at.first is None else f" {earliest}on {in_words(at.first)}"


def _by(due: Due | None) -> str:
    return "" if due is None else f" (by {due_by(due)})"


def _ended_by(order: Order, by: Due) -> bool:
    """Whether a court took an order back before the time to carry it out had run.

    That it ran out is no such end: what was not carried out by then was not carried out.
    """
    back = order.recalled or order.refused
    return back is not None and back == order.ended and not _later_than(back, by.on)


def _late(order: Order, done: Mark, at: Mark, context: Looking) -> bool:
    """Whether an order was carried out after its hours, after its time, or after its end."""
    limits = (order.carry_out_by, *_while_it_lasts(order))
    if any(one is not None and done_late(done, one, at, context) for one in limits):
        return True
    return any(end == order.ended and _dated_before(end, done) for end in order.over)


def _while_it_lasts(order: Order) -> tuple[Due | None, ...]:
    """By when an order is carried out: by its end, where that does not run from carrying it out."""
    if order.kind not in FROM_CARRYING_OUT:
        return (order.longest, order.expires)
    stated = order.expires is not None and order.expires.rule == CHOSEN
    return (order.expires,) if stated else ()


def _at_closing(ref: OrderRef, order: Order, known: Known, context: Looking) -> Iterator[Finding]:
    """Ask who holds the date on which a banning order ends, once nobody works on the case."""
    closed, expires = known.closed_at, order.expires
    if closed is None or not order.in_force or order.kind not in _BANNING:
        return
    if expires is None or expires.on >= context.on:  # later, its end is asked for
        words = "The case is closed while a banning order is in force: its end is a date to hold."
        yield found("order_in_force_at_closing", "R204", "low", words, at=closed, subject=ref)


def _dated_before(early: Mark, late: Mark) -> bool:
    """Whether one is certainly before the other, of which somebody told when it was.

    What is told without a time has that of its entry: it may have been before, and was not after.
    """
    return late.stated and certainly_before(early.when, late.when)


def _day_before(early: Mark, late: Mark) -> bool:
    """The same by whole days: of one day, both may stand in any order."""
    last, first = early.when.last_day, late.when.first_day
    return last is not None and first is not None and last < first and _dated_before(early, late)


def _later_than(at: Mark, day: date) -> bool:
    """Whether something was certainly after a day."""
    return at.first is not None and at.first > day
