"""Protection orders, where the nation has them: each of the ways they can go, in turn."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from api.demonstration import phrases
from api.demonstration.telling import Telling
from domain.order import (
    ApplyForProtectionOrder,
    RecordProtectionOrderAppealed,
    RecordProtectionOrderExecuted,
    RecordProtectionOrderExpired,
    RecordProtectionOrderGranted,
    RecordProtectionOrderRecalled,
    RecordProtectionOrderRefused,
    RecordProtectionOrderVaried,
)
from domain.stage import months_after
from domain.when import on_day
from domain.words import Code, OrderRef, Slug

WAYS: Final = ("assessed", "banned", "refused", "removed", "entered", "forgotten")
_KINDS: Final = {
    "assessed": "assessment",
    "banned": "banning",
    "refused": "temporary_banning",
    "removed": "removal",
    "entered": "warrant",
    "forgotten": "banning",
}
_URGENT: Final = frozenset({"removed", "entered"})
_COURT: Final = Slug("fabledon-sheriff-court")  # a court that is not
_ORDER_MONTHS: Final = 6
_AGREES: Final = 0.8  # of those for whom an order is sought


def seek_order(tale: Telling) -> None:
    """Apply for an order, and tell how it went; some run out and nobody writes down their end."""
    if not tale.world.law.considers_protection_orders or not tale.turn("order"):
        return
    way = tale.world.decks["order_way"].draw()
    with tale.by_itself("order") as chance, tale.aside():
        ref = OrderRef(chance.ref())
        agrees = chance.whether(_AGREES)
        tale.ask(
            ApplyForProtectionOrder(
                order=ref,
                kind=Code(_KINDS[way]),
                applicant=Code("council"),
                adult_consents=Code("yes" if agrees else "no"),
                undue_pressure=_pressure(agrees=agrees),
                pressure_evidence=None if agrees else tale.words(phrases.PRESSURE),
                grounds=tale.words(phrases.DUTY_MET),
            ),
            tale.manager,
        )
        if way in _URGENT:
            _grant(tale, ref, way, agrees=agrees)
            tale.ask(RecordProtectionOrderExecuted(order=ref, property_protected=Code("yes")))
            _let_end(tale, ref, tale.day + timedelta(days=1))
            return
        tale.wait(2, 6)
        if way == "refused":
            why = tale.words(phrases.COURT_REFUSED)
            tale.ask(RecordProtectionOrderRefused(order=ref, reason=why), tale.manager)
            return
        granted_on = _grant(tale, ref, way, agrees=agrees)
        if way == "assessed":
            tale.wait(1, 3)
            tale.ask(RecordProtectionOrderExecuted(order=ref, property_protected=Code("yes")))
            _let_end(tale, ref, granted_on + timedelta(days=7))
        elif way == "banned":
            _ban(tale, ref, granted_on)


def _pressure(*, agrees: bool) -> Code:
    """Why the adult's refusal, if they refuse, need not stop it."""
    return Code("not_in_question" if agrees else "shown")


def _grant(tale: Telling, ref: OrderRef, way: str, *, agrees: bool) -> date:
    urgent = way in _URGENT
    granted = RecordProtectionOrderGranted(
        order=ref,
        granted_by=Code("justice_of_the_peace" if urgent else "sheriff"),
        court=None if urgent else _COURT,
        adult_consents=Code("yes" if agrees else "no"),
        undue_pressure=_pressure(agrees=agrees),
        conditions=tale.words(phrases.CONDITIONS),
        power_of_arrest=Code("yes" if way == "banned" else "no"),
    )
    tale.ask(granted, tale.manager)
    return tale.day


def _ban(tale: Telling, ref: OrderRef, granted_on: date) -> None:
    """Serve it, have it appealed against, changed by the sheriff, and recalled before its end."""
    served = RecordProtectionOrderExecuted(order=ref, served_on_subject=Code("yes"))
    tale.ask(served)
    tale.wait(3, 8)
    for status in ("pending", "dismissed"):
        against = RecordProtectionOrderAppealed(
            order=ref, appellant=Code("subject"), status=Code(status)
        )
        tale.ask(against, tale.manager)
        tale.wait(12, 20)
    change = tale.words(phrases.CONDITIONS)
    until = months_after(granted_on, _ORDER_MONTHS - 1)
    tale.ask(RecordProtectionOrderVaried(order=ref, change=change, expires_on=until), tale.manager)
    tale.wait(10, 30)
    over = tale.words(phrases.AFTER_ORDER)
    tale.ask(RecordProtectionOrderRecalled(order=ref, reason=over), tale.manager)


def _let_end(tale: Telling, ref: OrderRef, day: date) -> None:
    """Record its end as of the day on which its time ran out, once the office works again."""
    tale.at(day)
    after = tale.words(phrases.AFTER_ORDER)
    ended = RecordProtectionOrderExpired(order=ref, afterwards=after)
    tale.ask(ended, tale.manager, occurred=on_day(day))
