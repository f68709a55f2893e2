"""Protection orders and warrants: applied for, granted or refused, carried out, and at their end.

How long each lasts, and by when it is to be carried out, are limits of the nation; a nation without
such orders has none in its lists. That one was considered stands in `determination` (R204).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, TypeAlias, assert_never

from domain.consent import NEEDS_CONSENT, lacks_capacity
from domain.finding import Finding
from domain.hours import to_the_hour
from domain.known import Known
from domain.order_steps import FROM_CARRYING_OUT, URGENT, Order, asked_of_steps, not_applied_for
from domain.refusal import NotFound, Refused
from domain.stage import (
    Context,
    Looking,
    Mark,
    after,
    chosen,
    could_precede,
    due_from,
    found,
    mark,
    recorded,
)
from domain.when import When, on_day
from domain.words import Code, ConferenceRef, Due, Fact, OrderRef, Passage, PersonRef, Slug, listed

# Orders a sheriff may not grant against the adult's refusal, but for undue pressure; a warrant
# for entry is none of them.
_ANSWERED: Final = frozenset({"shown", "lacks_capacity"})  # why a refusal may be passed over
# The limits of an order, by its kind: how long it lasts, and by when it is to be carried out.
_LASTS: Final = {
    "assessment": "assessment_order",
    "removal": "removal_order",
    "banning": "banning_order",
    "temporary_banning": "temporary_banning_order",
    "warrant": "warrant_for_entry",
}
_UNTOLD: Final = frozenset({"not_known", "not_recorded"})  # whether the adult consents
_CARRIED_OUT: Final = {"removal": "removal_carried_out"}

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionOrderApplied:
    """An order was applied for (R204). The adult, or an occupier, may apply for a banning order.

    `undue_pressure` says why the adult's refusal, if they refuse, need not stop it. `subject` is
    whom a banning order is to ban.
    """

    order: OrderRef
    conference: ConferenceRef | None
    kind: Code = listed("order_kind")
    applicant: Code = listed("order_applicant")
    adult_consents: Code = listed("yes_no_not_known")
    undue_pressure: Code = listed("undue_pressure")
    pressure_evidence: Passage | None = None
    subject: PersonRef | None = None
    grounds: Passage | None = None
    planned_hearing: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionOrderGranted:
    """An order was granted, on the day this occurred, by whom and on what conditions (R204).

    `carry_out_by` and `expires` are as the nation's limits reckon them, or as the court stated
    (`chosen`); `longest` is the latest the limit allows. None where no limit applies, or where it
    runs from the day the order is carried out: of one carried out before this was entered, only
    where what was reckoned then is not by this grant.
    """

    order: OrderRef
    granted_by: Code = listed("order_granted_by")
    sheriff: Passage | None = None
    court: Slug | None = None
    adult_consents: Code = listed("yes_no_not_known")
    undue_pressure: Code = listed("undue_pressure")
    conditions: Passage | None = None
    power_of_arrest: Code = listed("yes_no_not_recorded")
    effective_from: date | None = None
    carry_out_by: Due | None
    expires: Due | None
    longest: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionOrderRefused:
    """An order applied for was not granted, and why."""

    order: OrderRef
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionOrderExecuted:
    """An order was carried out or served, on the day this occurred.

    `expires` and `longest` where it lasts from then.
    """

    order: OrderRef
    served_on_subject: Code = listed("yes_no_not_recorded")
    property_protected: Code = listed("yes_no_not_recorded")
    note: Passage | None = None
    expires: Due | None
    longest: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionOrderVaried:
    """The court changed an order; `expires` where it changed that."""

    order: OrderRef
    change: Passage | None = None
    expires: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionOrderRecalled:
    """The court ended an order before its time, and why."""

    order: OrderRef
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionOrderAppealed:
    """The decision on an order was appealed against, and how that stands."""

    order: OrderRef
    appellant: Code = listed("order_appellant")
    status: Code = listed("appeal_status")
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionOrderExpired:
    """An order came to its end, and what protects the adult now."""

    order: OrderRef
    afterwards: Passage | None = None


Event: TypeAlias = (
    ProtectionOrderApplied
    | ProtectionOrderGranted
    | ProtectionOrderRefused
    | ProtectionOrderExecuted
    | ProtectionOrderVaried
    | ProtectionOrderRecalled
    | ProtectionOrderAppealed
    | ProtectionOrderExpired
)

# -------------------------------------------------------------------------------------- state


Going: TypeAlias = (
    ProtectionOrderGranted
    | ProtectionOrderRefused
    | ProtectionOrderExecuted
    | ProtectionOrderVaried
    | ProtectionOrderRecalled
    | ProtectionOrderAppealed
    | ProtectionOrderExpired
)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The orders of a case."""

    orders: Mapping[OrderRef, Order] = field(default_factory=dict)
    # The steps of orders of which no application is known, such as where its entry was withdrawn.
    unapplied: Mapping[OrderRef, tuple[tuple[Going, Mark], ...]] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    event, at = fact.event, mark(fact)
    if isinstance(event, ProtectionOrderApplied):
        order = Order(
            kind=event.kind,
            consents=event.adult_consents,
            pressure=event.undue_pressure,
            applied=at,
            evidenced=event.pressure_evidence is not None,
            hearing=None if event.planned_hearing is None else event.planned_hearing.last_day,
        )
        for step, then in state.unapplied.get(event.order, ()):  # applied for anew, or entered late
            order = _gone_on(order, step, then)
        left = {ref: steps for ref, steps in state.unapplied.items() if ref != event.order}
        return State(orders={**state.orders, event.order: order}, unapplied=left)
    known = state.orders.get(event.order)
    if known is None:
        steps = (*state.unapplied.get(event.order, ()), (event, at))
        return replace(state, unapplied={**state.unapplied, event.order: steps})
    gone_on = _gone_on(known, event, at)
    return replace(state, orders={**state.orders, event.order: gone_on})


def _gone_on(order: Order, event: Going, at: Mark) -> Order:
    """Remember one step of an order's life."""
    match event:
        case ProtectionOrderGranted(adult_consents=consents, undue_pressure=pressure):
            return replace(
                order,
                granted=at,
                granted_first=order.granted_first or at,
                granted_by=event.granted_by,
                ended=order.ended if order.ended and after(order.ended, at) else None,
                consents=order.consents if consents in _UNTOLD else consents,
                pressure=order.pressure if pressure == "not_recorded" else pressure,
                effective=event.effective_from,
                carry_out_by=event.carry_out_by,
                expires=event.expires or (order.expires if _carried_out(order, at.when) else None),
                longest=event.longest or (order.longest if _carried_out(order, at.when) else None),
            )
        case ProtectionOrderExecuted(expires=expires, longest=longest):
            return replace(
                order,
                executed=order.executed or at,
                expires=expires or order.expires,
                longest=longest or order.longest,
            )
        case ProtectionOrderVaried(expires=expires):
            changed = (*order.changed, at)
            return replace(order, changed=changed, expires=expires or order.expires)
        case ProtectionOrderRefused():
            before = order.granted is not None and after(order.granted, at)
            return replace(order, refused=at, ended=order.ended if before else at)
        case ProtectionOrderRecalled():
            return replace(order, recalled=at, over=(*order.over, at), ended=at)
        case ProtectionOrderExpired():
            return replace(order, over=(*order.over, at), ended=at)
        case ProtectionOrderAppealed():
            return order
        case _:
            assert_never(event)


def _carried_out(order: Order, granted: When) -> bool:
    """Whether an order that lasts from being carried out may have been so after such a grant."""
    done = order.executed
    return (
        order.kind in FROM_CARRYING_OUT and done is not None and could_precede(granted, done.when)
    )


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyForProtectionOrder:
    """Record that an order was applied for."""

    order: OrderRef
    conference: ConferenceRef | None = None
    kind: Code = listed("order_kind")
    applicant: Code = listed("order_applicant")
    adult_consents: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    undue_pressure: Code = listed("undue_pressure")
    pressure_evidence: Passage | None = None
    subject: PersonRef | None = None
    grounds: Passage | None = None
    planned_hearing: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProtectionOrderGranted:
    """Record that an order was granted; `expires_on` where the court stated its end."""

    order: OrderRef
    granted_by: Code = listed("order_granted_by")
    sheriff: Passage | None = None
    court: Slug | None = None
    adult_consents: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    undue_pressure: Code = listed("undue_pressure")
    conditions: Passage | None = None
    power_of_arrest: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    effective_from: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProtectionOrderRefused:
    """Record that an order was not granted."""

    order: OrderRef
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProtectionOrderExecuted:
    """Record that an order was carried out or served."""

    order: OrderRef
    served_on_subject: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    property_protected: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProtectionOrderVaried:
    """Record that the court changed an order."""

    order: OrderRef
    change: Passage | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProtectionOrderRecalled:
    """Record that the court ended an order before its time."""

    order: OrderRef
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProtectionOrderAppealed:
    """Record that the decision on an order was appealed against."""

    order: OrderRef
    appellant: Code = listed("order_appellant")
    status: Code = listed("appeal_status")
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProtectionOrderExpired:
    """Record that an order came to its end."""

    order: OrderRef
    afterwards: Passage | None = None


Following: TypeAlias = (
    RecordProtectionOrderGranted
    | RecordProtectionOrderRefused
    | RecordProtectionOrderExecuted
    | RecordProtectionOrderVaried
    | RecordProtectionOrderRecalled
    | RecordProtectionOrderAppealed
    | RecordProtectionOrderExpired
)
Command: TypeAlias = ApplyForProtectionOrder | Following


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the order or the conference is not of this case.
        Refused: the order's reference is already used (I1).
    """
    if isinstance(command, ApplyForProtectionOrder):
        if command.conference is not None and command.conference not in known.conferences:
            raise NotFound("There is no such conference in this case.", field="conference")
        if command.order in state.orders:
            raise Refused("already_recorded", "I1", "That order has been recorded already.")
        return (recorded(ProtectionOrderApplied, command),)
    order = state.orders.get(command.order)
    if order is None:
        raise NotFound("There is no such order in this case.", field="order")
    return (_follow(command, order, context),)


def _follow(command: Following, order: Order, context: Context) -> Event:
    """Record one step of an order's life."""
    match command:
        case RecordProtectionOrderGranted():
            return grant(command, order, context)
        case RecordProtectionOrderRefused():
            return recorded(ProtectionOrderRefused, command)
        case RecordProtectionOrderExecuted():
            return execute(command, order, context)
        case RecordProtectionOrderVaried(expires_on=on):
            due = None if on is None else chosen(on, context)
            return recorded(ProtectionOrderVaried, command, expires=due)
        case RecordProtectionOrderRecalled():
            return recorded(ProtectionOrderRecalled, command)
        case RecordProtectionOrderAppealed():
            return recorded(ProtectionOrderAppealed, command)
        case RecordProtectionOrderExpired():
            return recorded(ProtectionOrderExpired, command)
        case _:
            assert_never(command)


def grant(
    command: RecordProtectionOrderGranted, order: Order, context: Context
) -> ProtectionOrderGranted:
    """Grant an order for as long as the law lets: that is from its grant.

    An assessment order may state the date that it runs from (section 11).
    """
    start = context.occurred
    if command.effective_from is not None and order.kind in _FROM_A_STATED_DATE:
        start = on_day(command.effective_from)
    carry_out = _limit(_CARRIED_OUT, order.kind, command.granted_by, context.occurred, context)
    longest = None
    if order.kind not in FROM_CARRYING_OUT:
        longest = _limit(_LASTS, order.kind, command.granted_by, start, context)
    elif order.executed is not None and _carried_out(order, context.occurred):
        done = order.executed.when
        longest = _limit(_LASTS, order.kind, command.granted_by, done, context)
        if longest is not None and order.longest is not None and longest.rule == order.longest.rule:
            longest = None  # as it was reckoned when it was carried out
    on = command.expires_on
    return recorded(
        ProtectionOrderGranted,
        command,
        carry_out_by=carry_out,
        expires=longest if on is None else chosen(on, context),
        longest=longest,
    )


def execute(
    command: RecordProtectionOrderExecuted, order: Order, context: Context
) -> ProtectionOrderExecuted:
    """Carry out an order; one that lasts from then has its end reckoned here, unless stated."""
    longest = None
    if order.kind in FROM_CARRYING_OUT:
        longest = _limit(_LASTS, order.kind, order.granted_by, context.occurred, context)
    expires = longest if order.expires is None else None
    return recorded(ProtectionOrderExecuted, command, expires=expires, longest=longest)


def _limit(
    limits: Mapping[str, str], kind: Code, granted_by: Code | None, start: When, context: Context
) -> Due | None:
    """Reckon a limit of an order, the shorter one where a justice of the peace granted it."""
    rule = limits.get(kind)
    if rule is None:
        return None
    urgent = due_from(f"{rule}_urgent", start, context) if granted_by == URGENT else None
    return to_the_hour(urgent or due_from(rule, start, context), start, context)


_FROM_A_STATED_DATE: Final = frozenset({"assessment"})
# What a court, or the end of an order's time, does to it also after the case is closed (I14).
AFTERWARDS: Final = (
    RecordProtectionOrderGranted,
    RecordProtectionOrderRefused,
    RecordProtectionOrderExecuted,
    RecordProtectionOrderVaried,
    RecordProtectionOrderRecalled,
    RecordProtectionOrderAppealed,
    RecordProtectionOrderExpired,
)

# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise orders against a refusal, and ask about what their steps lack (R204)."""
    for ref, steps in state.unapplied.items():
        at = next((at for step, at in steps if isinstance(step, ProtectionOrderGranted)), None)
        if at is not None:
            yield not_applied_for(ref, at)
    for ref, order in state.orders.items():
        yield from _consent(ref, order, known)
        yield from asked_of_steps(ref, order, known, context)


def _consent(ref: OrderRef, order: Order, known: Known) -> Iterator[Finding]:
    """Ask why an order goes against what the adult wants."""
    if order.kind not in NEEDS_CONSENT or order.consents != "no" or order.pressure in _ANSWERED:
        return
    if lacks_capacity(order.kind, order.granted or order.applied, known):
        return
    words = "An order was {} against the adult's refusal, and no undue pressure is recorded."
    if order.granted is not None:
        said, at = words.format("granted"), order.granted
        yield found("order_granted_against_refusal", "R204", "high", said, at=at, subject=ref)
    elif order.ended is None:
        said, at = words.format("applied for"), order.applied
        yield found("order_sought_against_refusal", "R204", "medium", said, at=at, subject=ref)
