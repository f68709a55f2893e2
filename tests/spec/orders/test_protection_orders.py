from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.order import (
    ApplyForProtectionOrder,
    ProtectionOrderAppealed,
    ProtectionOrderApplied,
    ProtectionOrderExecuted,
    ProtectionOrderExpired,
    ProtectionOrderGranted,
    ProtectionOrderRecalled,
    ProtectionOrderRefused,
    ProtectionOrderVaried,
    RecordProtectionOrderAppealed,
    RecordProtectionOrderExecuted,
    RecordProtectionOrderExpired,
    RecordProtectionOrderGranted,
    RecordProtectionOrderRecalled,
    RecordProtectionOrderRefused,
    RecordProtectionOrderVaried,
)
from domain.when import read
from domain.words import Code, ConferenceRef, Due, OrderRef, Slug
from tests.controls import (
    CONFERENCE,
    PACH,
    a_capacity,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, Outcome, at, given

RULES = ("R204",)

ORDER = OrderRef(ref(78))
APPLY = ApplyForProtectionOrder(
    order=ORDER,
    conference=CONFERENCE,
    kind=Code("banning"),
    applicant=Code("council"),
    adult_consents=Code("yes"),
    undue_pressure=Code("not_in_question"),
    subject=PACH,
    grounds=words("He comes every pension day."),
    planned_hearing=read("2026-12-01"),
)
GRANT = RecordProtectionOrderGranted(
    order=ORDER,
    granted_by=Code("sheriff"),
    court=Slug("sheriff-court"),
    adult_consents=Code("yes"),
    undue_pressure=Code("not_in_question"),
    conditions=words("Not within the street."),
    power_of_arrest=Code("yes"),
)
DONE = RecordProtectionOrderExecuted(order=ORDER, served_on_subject=Code("yes"))
GRANTED_ON = "2026-12-01"  # a Tuesday


def conferred(*more: object) -> Given:
    """Begin with a Scottish conference held on 23 November, and these."""
    meeting = at("2026-11-23", a_held_conference())
    return given(a_referral(), a_conference(), *more, meeting, jurisdiction=SCOTLAND)


def granted(kind: str, by: str = "sheriff", **changes: object) -> Outcome:
    """Apply for an order of a kind and have it granted on 1 December."""
    ask = replace(GRANT, granted_by=Code(by), **changes)  # type: ignore[arg-type]  # each test names its own
    return conferred().when(replace(APPLY, kind=Code(kind))).when(ask, on=GRANTED_ON)


def grant_of(outcome: Outcome) -> ProtectionOrderGranted:
    """Give the grant just recorded."""
    (event,) = outcome.events
    assert isinstance(event, ProtectionOrderGranted)
    return event


def reckoned(due: Due | None) -> tuple[str, date, date] | None:
    """Give a due date's limit, start and day."""
    return None if due is None else (due.rule, due.start, due.on)


def test_an_order_is_applied_for() -> None:
    """An application says of what kind, by whom, the adult's consent, and whom it is to ban."""
    conferred().when(APPLY).then(
        ProtectionOrderApplied(
            order=ORDER,
            conference=CONFERENCE,
            kind=Code("banning"),
            applicant=Code("council"),
            adult_consents=Code("yes"),
            undue_pressure=Code("not_in_question"),
            subject=PACH,
            grounds=words("He comes every pension day."),
            planned_hearing=read("2026-12-01"),
        )
    )


def test_a_nation_without_such_orders_has_none() -> None:
    """Where the law knows no protection orders none is applied for, and none follows (I11)."""
    meeting = at("2026-11-23", a_held_conference())
    england = given(a_referral(), a_conference(), meeting, jurisdiction=ENGLAND)
    england.when(APPLY).then_refused("I11")
    england.when(DONE).then_not_found()


def test_an_order_has_a_reference_of_its_own() -> None:
    """A second application under one reference is refused (I1); steps of no order are not found."""
    conferred().when(APPLY).when(APPLY).then_refused("I1")
    conferred().when(replace(APPLY, conference=ConferenceRef(ref(599)))).then_not_found()
    for step in (
        GRANT,
        DONE,
        RecordProtectionOrderRefused(order=ORDER),
        RecordProtectionOrderExpired(order=ORDER),
    ):
        conferred().when(step).then_not_found()


@pytest.mark.parametrize(
    ("kind", "by", "limit", "last"),
    [
        ("assessment", "sheriff", "assessment_order", "2026-12-08"),
        ("banning", "sheriff", "banning_order", "2027-06-01"),
        ("temporary_banning", "sheriff", "temporary_banning_order", "2027-06-01"),
        ("warrant", "sheriff", "warrant_for_entry", "2026-12-04"),
        ("warrant", "justice_of_the_peace", "warrant_for_entry_urgent", "2026-12-02"),
    ],
)
def test_an_order_lasts_as_long_as_the_law_lets(kind: str, by: str, limit: str, last: str) -> None:
    """The end of an order is stored with the limit of the nation that set it, from its grant."""
    event = grant_of(granted(kind, by))
    start = date.fromisoformat(GRANTED_ON)
    assert reckoned(event.expires) == (limit, start, date.fromisoformat(last))
    assert event.longest == event.expires
    assert event.carry_out_by is None


def test_an_assessment_order_counts_from_the_date_it_states() -> None:
    """An order that states its first day lasts seven days after that, not after its grant."""
    event = grant_of(granted("assessment", effective_from=date(2026, 12, 3)))
    assert reckoned(event.expires) == ("assessment_order", date(2026, 12, 3), date(2026, 12, 10))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"expires_on": date(2026, 11, 30)}, "days_out_of_order"),
        ({"effective_from": date(2028, 2, 1)}, "days_out_of_order"),
        (
            {"effective_from": date(2028, 2, 1), "expires_on": date(2028, 3, 1)},
            "order_too_long",
        ),
        ({"expires_on": date(2027, 5, 1)}, None),
        ({"effective_from": date(2026, 12, 3), "expires_on": date(2027, 5, 1)}, None),
    ],
)
def test_a_banning_order_runs_from_its_grant(changes: dict[str, Any], code: str | None) -> None:
    """It runs out after its grant and its first day, and six months after the grant at most."""
    told = granted("banning", **changes)
    for one in ("days_out_of_order", "order_too_long"):
        (told.then_finding if one == code else told.then_no_finding)(one)


@pytest.mark.parametrize(
    ("by", "carried_out", "moved_by", "lasts", "ends"),
    [
        ("sheriff", "removal_carried_out", "2026-12-04", "removal_order", "2026-12-09"),
        (
            "justice_of_the_peace",
            "removal_carried_out_urgent",
            "2026-12-02",
            "removal_order_urgent",
            "2026-12-03",
        ),
    ],
)
def test_a_removal_order_is_carried_out_and_lasts_from_then(
    by: str, carried_out: str, moved_by: str, lasts: str, ends: str
) -> None:
    """A removal order has hours to be carried out in, and its end is reckoned from that."""
    outcome = granted("removal", by)
    event = grant_of(outcome)
    start = date.fromisoformat(GRANTED_ON)
    assert reckoned(event.carry_out_by) == (carried_out, start, date.fromisoformat(moved_by))
    assert event.expires is None
    moved = outcome.when(replace(DONE, property_protected=Code("yes")), on="2026-12-02")
    (executed,) = moved.events
    assert isinstance(executed, ProtectionOrderExecuted)
    expected = (lasts, date(2026, 12, 2), date.fromisoformat(ends))
    assert reckoned(executed.expires) == expected
    assert reckoned(executed.longest) == expected
    assert executed.property_protected == "yes"


def test_the_court_may_state_an_earlier_end() -> None:
    """The end a court states is stored as stated, beside the longest the law lets."""
    event = grant_of(granted("banning", expires_on=date(2027, 3, 1)))
    assert reckoned(event.expires) == ("chosen", date(2026, 12, 1), date(2027, 3, 1))
    assert reckoned(event.longest) == ("banning_order", date(2026, 12, 1), date(2027, 6, 1))


def test_an_order_recorded_as_too_long_is_a_finding() -> None:
    """An end beyond the longest the law lets is recorded, and flagged (R204)."""
    granted("banning", expires_on=date(2027, 6, 1)).then_no_finding("order_too_long")
    granted("banning", expires_on=date(2027, 6, 2)).then_finding("order_too_long")
    served = granted("banning").when(DONE, on="2026-12-02")  # which changes nothing in that
    longer = RecordProtectionOrderVaried(order=ORDER, expires_on=date(2027, 6, 2))
    served.when(longer, on="2027-01-11").then_finding("order_too_long")


def test_an_order_may_be_refused() -> None:
    """A refusal ends what was applied for, with its reason."""
    ask = RecordProtectionOrderRefused(order=ORDER, reason=words("No serious harm was shown."))
    refused = conferred().when(APPLY).when(ask, on=GRANTED_ON)
    refused.then(ProtectionOrderRefused(order=ORDER, reason=words("No serious harm was shown.")))
    assert not refused.history.case.order.orders[ORDER].in_force


def test_an_order_is_varied_recalled_and_appealed() -> None:
    """What a court does to an order afterwards is recorded step by step, and a recall ends it."""
    outcome = granted("banning")
    varied = outcome.when(
        RecordProtectionOrderVaried(
            order=ORDER, change=words("The shop is left out."), expires_on=date(2027, 4, 1)
        ),
        on="2027-01-11",
    )
    (event,) = varied.events
    assert isinstance(event, ProtectionOrderVaried)
    assert reckoned(event.expires) == ("chosen", date(2027, 1, 11), date(2027, 4, 1))
    appealed = varied.when(
        RecordProtectionOrderAppealed(
            order=ORDER, appellant=Code("subject"), status=Code("pending")
        )
    )
    appealed.then(
        ProtectionOrderAppealed(order=ORDER, appellant=Code("subject"), status=Code("pending"))
    )
    assert appealed.history.case.order.orders[ORDER].in_force
    recalled = appealed.when(RecordProtectionOrderRecalled(order=ORDER, reason=words("He died.")))
    recalled.then(ProtectionOrderRecalled(order=ORDER, reason=words("He died.")))
    assert not recalled.history.case.order.orders[ORDER].in_force


def test_an_order_that_ran_out_says_what_protects_the_adult_now() -> None:
    """The day after its end, an order whose end is not recorded is a finding (R204)."""
    history = granted("banning").history
    history.on("2027-06-01").then_no_finding("order_end_not_recorded")
    history.on("2027-06-02").then_finding("order_end_not_recorded")
    ask = RecordProtectionOrderExpired(order=ORDER, afterwards=words("The lock was changed."))
    ended = history.when(ask, on="2027-06-01")
    ended.then(ProtectionOrderExpired(order=ORDER, afterwards=words("The lock was changed.")))
    ended.on("2027-06-02").then_no_finding("order_end_not_recorded")


def test_a_removal_is_carried_out_within_its_hours() -> None:
    """Past its time undone, or done after it, is a finding; done within it is not (R204)."""
    history = granted("removal").history
    history.on("2026-12-04").then_no_finding("order_not_carried_out")
    history.on("2026-12-05").then_finding("order_not_carried_out")
    in_time = history.when(DONE, on="2026-12-04")
    in_time.on("2026-12-05").then_no_finding("order_not_carried_out")
    in_time.then_no_finding("order_carried_out_late")
    late = history.when(DONE, on="2026-12-05")
    late.then_finding("order_carried_out_late")
    late.then_no_finding("order_not_carried_out")


@pytest.mark.parametrize("pressure", ["not_shown", "not_recorded"])
def test_an_order_against_a_refusal_needs_undue_pressure(pressure: str) -> None:
    """An order granted against the adult's refusal without undue pressure is high (R204)."""
    no, why = Code("no"), Code(pressure)
    apply = replace(APPLY, adult_consents=no, undue_pressure=why)
    conferred().when(apply).then_finding("order_sought_against_refusal", severity="medium")
    grant = replace(GRANT, adult_consents=no, undue_pressure=why)
    outcome = conferred().when(apply).when(grant, on=GRANTED_ON)
    outcome.then_finding("order_granted_against_refusal", severity="high")
    outcome.then_no_finding("order_sought_against_refusal")


@pytest.mark.parametrize("pressure", ["shown", "lacks_capacity"])
def test_a_refusal_may_be_passed_over_for_a_reason(pressure: str) -> None:
    """Undue pressure, or that the adult lacks capacity, answers the refusal (R204)."""
    apply = replace(APPLY, adult_consents=Code("no"), undue_pressure=Code(pressure))
    conferred().when(apply).then_no_finding("order_sought_against_refusal")
    grant = replace(GRANT, adult_consents=Code("not_known"), undue_pressure=Code("not_recorded"))
    outcome = conferred().when(apply).when(grant, on=GRANTED_ON)
    outcome.then_no_finding("order_granted_against_refusal")


@pytest.mark.parametrize("silent", ["not_known", "not_recorded"])
def test_a_granting_that_says_nothing_of_consent_leaves_what_was_said(silent: str) -> None:
    """Whoever refused as it was applied for has not consented since, if nobody says so (R204)."""
    apply = replace(APPLY, adult_consents=Code("no"), undue_pressure=Code("not_in_question"))
    grant = replace(GRANT, adult_consents=Code(silent), undue_pressure=Code("not_recorded"))
    outcome = conferred().when(apply).when(grant, on=GRANTED_ON)
    outcome.then_finding("order_granted_against_refusal")


def test_pressure_need_not_be_shown_where_capacity_is_lacking() -> None:
    """Where a capacity record says that the adult lacks it, no pressure is asked for (R204)."""
    apply = replace(APPLY, adult_consents=Code("no"), undue_pressure=Code("not_recorded"))
    conferred().when(apply).then_finding("order_sought_against_refusal")
    conferred(a_capacity("lacks_capacity")).when(apply).then_no_finding(
        "order_sought_against_refusal"
    )


@pytest.mark.parametrize(
    ("kind", "decision", "bears"),
    [
        ("banning", "contact", True),
        ("banning", "protection_plan", True),
        ("banning", "accommodation", False),
        ("banning", "finances", False),
        ("temporary_banning", "contact", True),
        ("temporary_banning", "minutes_recipient", False),
        ("removal", "accommodation", True),
        ("removal", "contact", False),
        ("assessment", "medical_treatment", True),
        ("assessment", "enquiry", True),
        ("assessment", "contact", False),
    ],
)
def test_capacity_is_for_the_decision_that_the_order_bears_on(
    kind: str, decision: str, *, bears: bool
) -> None:
    """A lack of capacity for something else does not pass over a refusal (R204)."""
    lacks = replace(a_capacity("lacks_capacity"), decision=Code(decision))
    no, bare = Code("no"), Code("not_recorded")
    ask = replace(APPLY, kind=Code(kind), adult_consents=no, undue_pressure=bare)
    grant = replace(GRANT, adult_consents=no, undue_pressure=bare)
    history = conferred(lacks).when(ask)
    granted_ = history.when(grant, on=GRANTED_ON)
    if bears:
        history.then_no_finding("order_sought_against_refusal")
        granted_.then_no_finding("order_granted_against_refusal")
    else:
        history.then_finding("order_sought_against_refusal")
        granted_.then_finding("order_granted_against_refusal", severity="high")


def test_the_last_word_on_capacity_before_an_order_counts() -> None:
    """Capacity found since, or lacking only afterwards, leaves the refusal standing (R204)."""
    ask = replace(APPLY, adult_consents=Code("no"), undue_pressure=Code("not_recorded"))
    code = "order_sought_against_refusal"
    lacks, has = a_capacity("lacks_capacity"), a_capacity()
    conferred(lacks, has).when(ask).then_finding(code)
    conferred(has, lacks).when(ask).then_no_finding(code)
    later = at("2027-01-11", lacks)
    conferred().when(ask, on="2026-12-01").history.also(later).then_finding(code)


def test_a_warrant_asks_for_nobodys_consent() -> None:
    """A warrant for entry is no order that a refusal stops."""
    apply = replace(
        APPLY,
        kind=Code("warrant"),
        adult_consents=Code("no"),
        undue_pressure=Code("not_recorded"),
    )
    conferred().when(apply).then_no_finding("order_sought_against_refusal")


def test_the_court_goes_on_after_the_case_is_closed() -> None:
    """What a court does is recorded of a closed case; a new application needs it open (I14)."""
    closed = granted("banning").history.also(at("2026-12-20", a_closure()))
    recalled = closed.when(RecordProtectionOrderRecalled(order=ORDER), on="2027-01-11")
    recalled.then_recorded(ProtectionOrderRecalled)
    another = replace(APPLY, order=OrderRef(ref(79)))
    closed.when(another, on="2027-01-11").then_refused("I14")
