"""What is dated before what it comes after: one of the two days is wrong, and is asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.agenda import AgendaItemConsidered
from domain.catalogue import EVENTS
from domain.correction import CorrectRecord
from domain.enquiry import InquiryOpened
from domain.hearing import FurtherConferenceDecided
from domain.joining import FROM, TO, CaseSplit
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.monitoring import PlanEnded
from domain.order_of_days import DECIDED
from domain.plan import PlanRevised
from domain.plan_copies import PlanSentToAdult, PlanSentToNominee, PlanWithheldFromAdult
from domain.when import read
from domain.words import CaseRef, Code
from tests.controls import (
    CONFERENCE,
    ENQUIRY,
    NATIONS,
    PLAN,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    a_risk,
    an_enquiry,
)
from tests.given import Given, at, given
from tests.spec.conference.test_agenda import FOUND
from tests.spec.governing.test_a_meeting_parted import WRONG, criticised
from tests.spec.governing.test_held_once_in_joined_cases import BARE, ONE, OTHER
from tests.spec.minutes.test_circulating import APPROVED, TO_ADULT, sent
from tests.spec.minutes.test_drafting import KEPT
from tests.spec.plan.test_carrying_out import AGREED
from tests.spec.plan.test_late_stays_late import DONE

RULES = ("R146", "R150", "R157")
CODE = "days_out_of_order"
HELD = "2026-11-23"
DAYS = {
    "held": HELD,
    "found": HELD,
    "agreed": HELD,
    "approved": "2026-11-25",
    "sent": "2026-11-26",
    "noted": HELD,
    "given": "2026-11-27",
    "handed": "2026-11-27",
    "withheld": "2026-11-27",
    "item": HELD,
    "further": HELD,
    "done": "2026-12-01",
    "ended": "2026-12-02",
}
ITEM = AgendaItemConsidered(
    conference=CONFERENCE, item=Code("legal_advice"), outcome=Code("considered")
)
FURTHER = FurtherConferenceDecided(conference=CONFERENCE, decision=Code("not_needed"))
HANDED = PlanSentToNominee(
    plan=PLAN, version=1, role=Code("advocate"), basis=Code("adults_permission"), outside=True
)
ENDED = PlanEnded(plan=PLAN, reason=Code("replaced"))


def told(plan: object = AGREED, sending: object = None, **other: str) -> Given:
    """Give a meeting and what came of it, each told on the last day of the year as of a day."""
    events = {
        "held": a_held_conference(),
        "found": FOUND,
        "agreed": plan,
        "approved": APPROVED,
        "sent": sending or sent(TO_ADULT),
        "noted": KEPT,
        "given": PlanSentToAdult(plan=PLAN, version=1, method=Code("post")),
        "handed": HANDED,
        "withheld": PlanWithheldFromAdult(plan=PLAN, reason=Code("raises_risk")),
        "item": ITEM,
        "further": FURTHER,
        "done": DONE,
        "ended": ENDED,
    }
    days = DAYS | other
    late = (at("2026-12-31", one, occurred=days[name]) for name, one in events.items())
    return given(a_referral(), a_conference(), *late)


@pytest.mark.parametrize(
    ("name", "day", "fires"),
    [
        ("found", "2026-11-22", True),
        ("found", "2026-11-22?", False),
        ("found", "2026-11", False),
        ("agreed", "2026-11-20", True),
        ("approved", "2026-11-22", True),
        ("approved", HELD, False),
        ("approved", "2026-11-27", True),
        ("sent", "2026-11-24", True),
        ("sent", "2026-11-25", False),
        ("done", "2026-11-22", True),
        ("done", HELD, False),
        ("ended", "2026-11-22", True),
        ("ended", "2026-11", False),
        ("held", "2026-11-24", True),
        ("noted", "2026-11-22", True),  # the notes of a meeting, before it
        ("noted", "2026-11", False),
        ("given", "2026-11-22", True),  # the plan to the adult, before there was one
        ("given", HELD, False),
        ("given", "2026-11-22?", False),
        ("handed", "2026-11-22", True),
        ("withheld", "2026-11-22", True),  # the plan kept from the adult, before there was one
        ("withheld", HELD, False),
        ("withheld", "2026-11-22?", False),
        ("item", "2026-10-23", True),
        ("item", HELD, False),
        ("further", "2026-10-23", True),
        ("further", "2026-11", False),
    ],
)
def test_what_comes_after_something_is_of_no_earlier_day(
    name: str, day: str, *, fires: bool
) -> None:
    """Decided before the meeting, sent before approved, ended before agreed: low, where certain."""
    told().then_no_finding(CODE)
    story = told(**{name: day})
    (story.then_finding if fires else story.then_no_finding)(CODE)
    if fires:
        story.then_finding(CODE, severity="low")


@pytest.mark.parametrize(
    ("days", "counts"),
    [
        ({"held": "2026-11-24"}, [4]),  # the plan, a finding, an item, a further conference
        ({"held": "2026-11-24", "further": "2026-11-24"}, [3]),
        ({"held": "2026-11-24", "further": "2026-11-20"}, [None, 3]),  # one day of its own
        ({"held": "2026-12-23"}, [4]),  # whatever was sent or done since is not asked about
        ({"held": "2026-12-23", "noted": "2026-11-22"}, [4, None]),
        ({"held": "2026-11-24", "further": "2026-11-20", "item": "2026-11-20"}, [4]),
        ({"held": "2026-11-24", "found": "2026-11", "further": "2026-11"}, [2]),
        ({"found": "2026-11-22", "item": "2026-11-22"}, [None, None]),  # as many are of its day
        ({"found": "2026-11-20", "item": "2026-11-21", "further": "2026-11-22"}, [None] * 3),
    ],
)
def test_one_wrong_day_of_a_meeting_is_asked_about_once(
    days: dict[str, str], counts: list[int | None]
) -> None:
    """Where most of what it decided is dated before it, it is asked about the meeting (R150)."""
    story = told(**days)
    found = [one for one in story.findings() if one.code == CODE]
    assert [one.counted for one in found] == counts
    names = {fact.position: fact.header.name for fact in story.facts}
    at_meeting = [names[one.position or 0] == "conference-held" for one in found]
    assert at_meeting == [count is not None for count in counts]


def enquired(
    opened: date = date(2026, 9, 15),
    ended: date = date(2026, 11, 2),
    received: str = "2026-09-10",
    *,
    large_scale: bool = False,
    nation: Jurisdiction = ENGLAND,
) -> Given:
    """Give a concern, an enquiry into it and its end, told on the last day of the year."""
    concern = at("2026-12-30", a_referral(received), occurred=received)
    told_here: object = replace(an_enquiry(opened), large_scale=large_scale)
    if nation == SCOTLAND:
        told_here = InquiryOpened(
            enquiry=ENQUIRY, kind=Code("inquiry"), opened_on=opened, large_scale=False
        )
    late = (
        at("2026-12-31", told_here, occurred=opened.isoformat()),
        at("2026-12-31", a_conclusion(ended), occurred=ended.isoformat()),
    )
    return given(concern, *late, jurisdiction=nation)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
@pytest.mark.parametrize(
    ("days", "fires"),
    [
        ({}, False),
        ({"ended": date(2025, 11, 2)}, True),  # a year too early
        ({"ended": date(2026, 9, 15)}, False),
        ({"opened": date(2025, 9, 15)}, True),
        ({"opened": date(2026, 9, 10)}, False),
        ({"opened": date(2025, 9, 15), "received": "2026?"}, False),
        ({"opened": date(2026, 9, 1), "received": "2026-09"}, False),
    ],
)
def test_an_enquiry_is_opened_on_a_concern_and_concluded_after(
    days: dict[str, Any], nation: Jurisdiction, *, fires: bool
) -> None:
    """Concluded before it was opened, or opened before any concern was received: low (R146)."""
    story = enquired(**days, nation=nation)
    (story.then_finding if fires else story.then_no_finding)(CODE)
    if fires:
        story.then_finding(CODE, severity="low")


def test_a_corrected_day_puts_an_enquiry_in_order() -> None:
    """Where the day is corrected, nothing is asked of it any more (R150)."""
    wrong = enquired(ended=date(2025, 11, 2))
    wrong.then_finding(CODE)
    right = CorrectRecord(target=3, reason=Code("entered_wrongly"), occurred=read("2026-11-02"))
    wrong.when(right, on="2027-01-04").then_no_finding(CODE)


def test_a_large_scale_enquiry_may_be_older_than_the_concern() -> None:
    """It was opened on the concern of another (R9)."""
    enquired(opened=date(2026, 3, 2), large_scale=True).then_no_finding(CODE)


@pytest.mark.parametrize(("entries", "fires"), [((2,), False), ((1, 2), True)])
def test_an_enquiry_split_off_is_held_to_its_own_concern(
    entries: tuple[int, ...], *, fires: bool
) -> None:
    """Read in another case without the concern it was opened on, it is held to none (R150)."""
    told: list[tuple[CaseRef, object]] = [
        (ONE, BARE),  # received on 2 November
        (ONE, an_enquiry(date(2026, 10, 1))),
        (OTHER, a_referral("2026-11-10")),
        (OTHER, CaseSplit(other=ONE, place=TO, reason=WRONG, entries=entries)),
        (ONE, CaseSplit(other=OTHER, place=FROM, reason=WRONG, entries=entries)),
    ]
    assert (CODE in criticised(OTHER, told)) is fires


def test_a_plan_is_sent_in_the_version_that_was_agreed_by_then() -> None:
    """One sent after it was agreed and before it was revised was not what was agreed since (R161).

    What was agreed elsewhere may have been sent before it was told here.
    """
    revised = PlanRevised(
        plan=PLAN,
        version=2,
        conference=None,
        origin=Code("composed"),
        terms=AGREED.terms,
        review_due=None,
    )
    for version, fires in ((1, False), (2, True)):
        given_so = PlanSentToAdult(plan=PLAN, version=version, method=Code("post"))
        late = at("2026-12-31", given_so, occurred="2026-11-27")
        story = told().also(at("2026-12-31", revised, occurred="2026-12-01"), late)
        (story.then_finding if fires else story.then_no_finding)(CODE)
        again = story.also(at("2026-12-31", replace(revised, version=3)))  # what is told stays
        (again.then_finding if fires else again.then_no_finding)(CODE)
    imported = replace(AGREED, origin=Code("imported"))
    days = dict.fromkeys(("given", "handed", "withheld"), "2026-11-20")
    told(plan=imported, **days).then_no_finding(CODE)


def test_what_is_decided_at_a_meeting_names_it() -> None:
    """Each of them is an event that says at which, so that its day can be asked about (R150)."""
    assert all(hasattr(EVENTS[name].cls, "conference") for name in DECIDED)


def test_what_is_weighed_for_a_meeting_may_be_older() -> None:
    """An assessment of risk, legal advice or the adult's views may be of before it (R66, R72)."""
    risk = replace(a_risk(), conference=CONFERENCE)
    told().also(at("2026-12-31", risk, occurred="2026-10-23")).then_no_finding(CODE)


def test_a_draft_is_sent_before_it_is_approved() -> None:
    """So the chair and those who were there can look at it (R156)."""
    draft = sent(replace(TO_ADULT, unapproved_draft=True))
    told(sending=draft, sent="2026-11-24").then_no_finding(CODE)


def test_a_plan_made_before_the_meeting_is_told_there() -> None:
    """One that was made elsewhere is of the day it was made (R12)."""
    plan = replace(AGREED, origin=Code("imported"))
    told(plan=plan, agreed="2026-11-20").then_no_finding(CODE)
    told(plan=plan, done="2026-11-20", ended="2026-11-20").then_no_finding(CODE)


def test_what_is_told_without_a_time_may_have_been_before() -> None:
    """A meeting entered as it was written up was held by then, and nobody says which day."""
    late = at("2026-11-30", a_held_conference(), occurred="2026-11-30T17:00:02Z")
    plan = at("2026-11-30", AGREED, occurred=HELD)
    given(a_referral(), a_conference(), late, plan).then_no_finding(CODE)
