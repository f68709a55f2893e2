"""What the tests of Scotland's dataset tell, and how they read its tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.concern import ReferralLinked
from domain.conclusion import EnquiryConcluded, Triple
from domain.conference import ConferenceConvened
from domain.enquiry import InquiryOpened, InvestigatoryPowerUsed
from domain.jurisdictions.scotland import SCOTLAND
from domain.order import ProtectionOrderApplied, ProtectionOrderGranted
from domain.plan import PlanAgreed, Terms
from domain.sitting import ConferenceHeld
from domain.when import on_day, read
from domain.words import (
    Code,
    ConferenceRef,
    EnquiryRef,
    OrderRef,
    PlanRef,
)
from projections.returns import scotland
from projections.returns.dataset import Dataset, Step
from projections.returns.facts import Facts
from projections.returns.periods import Span
from projections.returns.reading import opened, read_return
from projections.returns.reading import views as views_of
from projections.returns.table import Filled
from tests.controls import ADULT, CASE, ref
from tests.projections.conftest import Told, Views, told

NATION = SCOTLAND.code


Q1, Q2 = (Span(year=2027, quarter=number) for number in (1, 2))


TABLES = {one.code: one for one in scotland.TABLES}


FIRST, SECOND = (EnquiryRef(ref(40 + number)) for number in (0, 1))


def an_inquiry(day: str, enquiry: EnquiryRef = FIRST) -> InquiryOpened:
    """Give an inquiry triggered on a day."""
    return InquiryOpened(
        enquiry=enquiry,
        kind=Code("inquiry"),
        opened_on=date.fromisoformat(day),
        large_scale=False,
    )


def a_power(enquiry: EnquiryRef = FIRST, power: str = "visit") -> InvestigatoryPowerUsed:
    """Give the use of a power."""
    return InvestigatoryPowerUsed(enquiry=enquiry, power=Code(power))


def ended(
    day: str,
    enquiry: EnquiryRef = FIRST,
    *,
    action: str | None = "met_ongoing",
    harms: Sequence[str] = ("physical",),
    groups: Sequence[str] = ("dementia",),
) -> EnquiryConcluded:
    """Give an inquiry's conclusion."""
    return EnquiryConcluded(
        enquiry=enquiry,
        concluded_on=date.fromisoformat(day),
        triples=tuple(
            Triple(type=Code(one), source=Code("known_relative"), location=Code("own_home"))
            for one in harms
        ),
        risks_found=(),
        risks_not_found=(),
        capacity=Code("not_recorded"),
        outcomes=Code("not_recorded"),
        primary_support_reason=Code("not_known"),
        health_conditions=tuple(map(Code, groups)),
        action=None if action is None else Code(action),
    )


def linked(day: str, reason: str = "repeat") -> ReferralLinked:
    """Give a further referral of the case."""
    return ReferralLinked(
        reason=Code(reason),
        channel=Code("telephone"),
        referrer_role=Code("police"),
        referrer_confidential=Code("no"),
        received=on_day(date.fromisoformat(day)),
    )


def called(number: int, kind: str) -> ConferenceConvened:
    """Give a conference that was convened."""
    return ConferenceConvened(
        conference=ConferenceRef(ref(50 + number)),
        kind=Code(kind),
        reason=Code("investigation"),
        planned_for=read("unknown"),
        sequence=1,
        convened_role=Code("not_recorded"),
        large_scale=False,
        complex_case=False,
        agencies=(),
    )


def held(number: int) -> ConferenceHeld:
    """Give that it was held."""
    return ConferenceHeld(conference=ConferenceRef(ref(50 + number)), parts=())


def planned(number: int, kind: str = "protection") -> PlanAgreed:
    """Give a plan that was agreed."""
    return PlanAgreed(
        plan=PlanRef(ref(60 + number)),
        version=1,
        conference=None,
        origin=Code("composed"),
        terms=Terms(kind=Code(kind)),
        review_due=None,
    )


def applied(number: int, kind: str) -> ProtectionOrderApplied:
    """Give an application for an order."""
    return ProtectionOrderApplied(
        order=OrderRef(ref(70 + number)),
        conference=None,
        kind=Code(kind),
        applicant=Code("council"),
        adult_consents=Code("not_known"),
        undue_pressure=Code("not_recorded"),
    )


def granted(number: int, arrest: str = "not_recorded") -> ProtectionOrderGranted:
    """Give that it was granted."""
    return ProtectionOrderGranted(
        order=OrderRef(ref(70 + number)),
        granted_by=Code("sheriff"),
        adult_consents=Code("not_known"),
        undue_pressure=Code("not_recorded"),
        power_of_arrest=Code(arrest),
        carry_out_by=None,
        expires=None,
        longest=None,
    )


def at(day: str, *events: object, stream: UUID = CASE) -> list[Told]:
    """Place events on a day, in a case."""
    return [told(day, one, stream=stream) for one in events]


def an_empty(found: Dataset | None = None, of: Span = Q1) -> Facts:
    """Give facts of a period with a dataset alone."""
    return Facts(
        period=of.period,
        concerns=(),
        doubtful=(),
        begun=(),
        concluded=(),
        sealed={},
        died={},
        dataset=found or Dataset(),
    )


def a_step(position: int, name: str, day: str, about: UUID = FIRST, *, case: UUID = CASE) -> Step:
    """Give a step of a case of the adult, recorded on its day."""
    on = date.fromisoformat(day)
    return Step(
        position=position,
        case=case,
        stream=case,
        name=name,
        adult=ADULT,
        about=about,
        day_from=on,
        day_to=on,
        recorded_on=on,
    )


def facts(views: Views, of: Span = Q1, *, as_at: int | None = None) -> Facts:
    """Read the facts of a period as a door does."""
    views.follow(*views_of(NATION))
    found: Facts = views.ask(read_return, NATION, of.period, as_at=as_at)
    return opened(NATION, found, views.record.unseal)


def counts(filled: Filled) -> dict[str, int]:
    """List the cells that are not 0, by category; of all enquiry types together."""
    found: dict[str, int] = {}
    for one in filled.cells:
        if one.value:
            name = " / ".join(filter(None, (one.category, one.subcategory)))
            found[name] = found.get(name, 0) + one.value
    return found


def total(found: Facts, code: str) -> int:
    """Add up the figures of a table."""
    return sum(one.value or 0 for one in TABLES[code].fill(found).cells)


def left_out(filled: Filled) -> dict[str, int]:
    """List what is left out, by the beginning of why."""
    return {one.why.split(":")[0]: len(one.counted) for one in filled.left_out}
