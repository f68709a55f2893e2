"""An authority adopts a policy, and each thing is judged by that of its own day (G14, G16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain import adopting
from domain.adopting import AdoptPolicy, ClosedDay, OwnLimit, PolicyAdopted
from domain.calendar import PolicyCalendar
from domain.concern import ReceiveReferral, ReferralReceived, RepeatReferralThresholdReached
from domain.conference import ConferenceNotRequired
from domain.duty import DecideDuty
from domain.jurisdictions import COUNTED_BACK, Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.policy import Policy, laid_over
from domain.refusal import Refused
from domain.sitting import ConferenceHeld, HoldConference
from domain.stored import upcast
from domain.when import on_day, read
from domain.words import Code, Due, Slug
from tests.controls import (
    ADULT,
    CONFERENCE,
    NATIONS,
    a_conference,
    a_held_conference,
    a_referral,
    an_allegation,
    words,
)
from tests.given import Given, at, given

RULES = ("R17", "R180", "R182", "R198", "R200")

CITE = words("Local procedure 4.2")


def own(name: str, amount: int, unit: str = "working_days") -> OwnLimit:
    """Give a limit of the authority's own."""
    return OwnLimit(name=Code(name), amount=amount, unit=Code(unit), cite=CITE)


def adopt(version: str, effective: str, *limits: OwnLimit, **more: Any) -> AdoptPolicy:  # noqa: ANN401 — any field
    """Ask for a policy to be adopted."""
    return AdoptPolicy(
        version=Slug(version), effective=date.fromisoformat(effective), limits=limits, **more
    )


def policy(
    version: str,
    effective: str,
    *limits: OwnLimit,
    adopted: int = 0,
    **more: Any,  # noqa: ANN401 — any field
) -> Policy:
    """Give a policy as it is reckoned by, adopted at a position (before everything)."""
    return adopting.policy_of(adopt(version, effective, *limits, **more), adopted)


def referred(day: str, *, earlier: tuple[str, ...] = ()) -> ReceiveReferral:
    """Receive a referral of a day, after others."""
    return ReceiveReferral(
        adult=ADULT,
        received=read(day),
        allegations=(an_allegation(),),
        earlier_referrals=tuple(map(read, earlier)),
    )


def conference_due(day: str, nation: Jurisdiction, *policies: Policy, on: str = "") -> Due | None:
    """Give by when the conference is due of a referral received on a day, recorded on another."""
    history = given(jurisdiction=nation, policies=policies)
    outcome = history.when(referred(day), on=on or day, occurred=day)
    (event,) = outcome.events
    assert isinstance(event, ReferralReceived)
    return event.conference_due


# ----------------------------------------------------------------------------------- adopting


def test_a_policy_is_recorded_as_it_was_adopted() -> None:
    """A policy is recorded whole, with the day it holds from and where each limit stands."""
    command = adopt(
        "local-1",
        "2026-04-01",
        own("initial_conference", 15),
        closed=(ClosedDay(day=date(2026, 12, 29), reason=words("Office closed")),),
        worked=(date(2026, 11, 30),),
        repeat_referrals=4,
        chair_roles=(Code("team_leader"),),
    )
    given(jurisdiction=SCOTLAND).when(command).then(
        PolicyAdopted(
            version=Slug("local-1"),
            effective=date(2026, 4, 1),
            limits=command.limits,
            closed=command.closed,
            worked=command.worked,
            repeat_referrals=4,
            chair_roles=command.chair_roles,
        )
    )


def test_a_later_policy_is_adopted_beside_the_first() -> None:
    """A second policy leaves the first as it is; each is known from where it was recorded."""
    outcome = given(jurisdiction=SCOTLAND).when(adopt("local-1", "2026-04-01"))
    later = outcome.when(adopt("local-2", "2026-11-10")).then_recorded(PolicyAdopted)
    known = adopting.replay(later.history.facts).policies
    assert [(one.version, one.adopted) for one in known] == [("local-1", 1), ("local-2", 2)]


def test_a_policy_may_be_adopted_after_its_day() -> None:
    """A policy whose day is past, or whose limit is longer than the nation's, is not refused."""
    asked = adopt("late", "2020-04-01", own("core_group", 52, "weeks"))
    given(jurisdiction=SCOTLAND).when(asked).then_recorded(PolicyAdopted)


@pytest.mark.parametrize(
    ("command", "rule", "field"),
    [
        (adopt("local-1", "2026-05-01"), "I1", "version"),
        (adopt("a", "2026-05-01", own("no_such_limit", 5)), "I11", "limits[0].name"),
        (adopt("a", "2026-05-01", own("subject_access", 5)), "I11", "limits[0].name"),
        (adopt("a", "2026-05-01", own("removal_order", 5)), "I11", "limits[0].name"),
        (adopt("a", "2026-05-01", own("enquiry", 5, "moons")), "I11", "limits[0].unit"),
        (adopt("a", "2026-05-01", chair_roles=(Code("mayor"),)), "I11", "chair_roles"),
        (
            adopt("a", "2026-05-01", chair_roles=(Code("team_leader"),) * 2),
            "I11",
            "chair_roles.team_leader",
        ),
        (adopt("2026.05.01", "2026-05-01"), "I11", "version"),
        (adopt("a", "2026-05-01", own("enquiry", 0)), "policy", "limits.enquiry"),
        (adopt("a", "2026-05-01", own("enquiry", 1300, "months")), "policy", "limits.enquiry"),
        (adopt("a", "2026-05-01", own("enquiry", 5), own("enquiry", 6)), "I11", "limits.enquiry"),
        (adopt("a", "2026-05-01", repeat_window_months=5000), "policy", "repeat_window_months"),
        (
            adopt("a", "2026-05-01", closed=(ClosedDay(day=date(2026, 5, 4)),) * 2),
            "I11",
            "closed.2026-05-04",
        ),
        (
            adopt(
                "a",
                "2026-05-01",
                closed=(ClosedDay(day=date(2026, 5, 4)),),
                worked=(date(2026, 5, 4),),
            ),
            "policy",
            "closed",
        ),
    ],
)
def test_what_no_policy_may_say(command: AdoptPolicy, rule: str, field: str) -> None:
    """What cannot be reckoned with, or what a law sets, is refused, and the field is named."""
    history = given(jurisdiction=SCOTLAND).when(adopt("local-1", "2026-04-01"))
    outcome = history.when(command).then_refused(rule)
    assert isinstance(outcome.error, Refused)
    assert outcome.error.field == field


# ------------------------------------------------------------------------------------ due dates


def test_a_due_date_names_the_policy_that_set_it() -> None:
    """A date is reckoned by the policy of the day its limit starts, and names it (R198)."""
    first = policy("local-1", "2026-11-10", own("initial_conference", 15))
    before = conference_due("2026-11-09", SCOTLAND, first)
    after = conference_due("2026-11-10", SCOTLAND, first)

    assert before is not None
    assert before.policy == SCOTLAND.policy
    assert before.on == date(2026, 12, 8)  # 20 working days; 30 November is a holiday in Scotland
    assert after is not None
    assert after.policy == f"{SCOTLAND.policy}/local-1"
    assert after.on == date(2026, 12, 2)


def test_a_policy_of_a_day_to_come_does_not_hold_yet() -> None:
    """What is reckoned before a policy's day goes by the one before it, though both are known."""
    now = policy("local-1", "2026-04-01", own("initial_conference", 15))
    later = policy("local-2", "2027-01-01", own("initial_conference", 5))
    assert conference_due("2026-11-10", SCOTLAND, now, later) == conference_due(
        "2026-11-10", SCOTLAND, now
    )


def test_a_late_entry_is_reckoned_by_the_policy_of_its_day() -> None:
    """A referral recorded after a policy's day, of a day before it, is reckoned as on that day."""
    later = policy("local-2", "2026-11-20", own("initial_conference", 5))
    assert conference_due("2026-11-10", SCOTLAND, later, on="2026-11-25") == conference_due(
        "2026-11-10", SCOTLAND
    )


def test_a_limit_the_nation_lacks_is_the_authoritys() -> None:
    """England has no national limit from referral to conference; an authority's own is reckoned."""
    local = policy("local-1", "2026-04-01", own("initial_conference", 15))
    assert conference_due("2026-11-10", ENGLAND) is None
    due = conference_due("2026-11-10", ENGLAND, local)
    assert due is not None
    assert (due.on, due.policy) == (date(2026, 12, 1), f"{ENGLAND.policy}/local-1")
    assert conference_due("2026-03-10", ENGLAND, local, on="2026-11-10") is None


def test_an_english_authority_has_meetings_of_its_own() -> None:
    """What England leaves to local practice is due where a policy says so (R180)."""
    hold = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    local = policy(
        "local-1",
        "2026-04-01",
        own("core_group", 4, "weeks"),
        own("review_conference", 3, "months"),
        own("decisions_circulated", 24, "hours"),
    )
    due = {}
    for policies in ((), (local,)):
        history = given(a_referral(), a_conference(), policies=policies)
        (event,) = history.when(hold, on="2026-11-23").events
        assert isinstance(event, ConferenceHeld)
        told = (event.next_core_group, event.next_review, event.decisions_due)
        due[len(policies)] = [None if one is None else one.on.isoformat() for one in told]
    assert due == {0: [None, None, None], 1: ["2026-12-21", "2027-02-23", "2026-11-24"]}


def test_a_policys_own_days_are_said_in_what_it_reckons() -> None:
    """A day the office is closed is passed over and told; a holiday it works is counted."""
    closed = (ClosedDay(day=date(2026, 11, 12), reason=words("Local holiday")),)
    plain = conference_due("2026-11-10", SCOTLAND)
    local = policy("local-1", "2026-04-01", closed=closed, worked=(date(2026, 11, 30),))
    due = conference_due("2026-11-10", SCOTLAND, local)
    assert plain is not None
    assert due is not None
    assert plain.skipped == (date(2026, 11, 30),)
    assert due.skipped == (date(2026, 11, 12),)
    assert due.on == plain.on  # one day more, and one less


def test_a_policy_goes_before_a_setting_of_the_service() -> None:
    """Of a day that a setting closes, or works, the policy's word holds from its own day on."""
    day = date(2026, 12, 29)
    local = policy("local-1", "2026-12-01", worked=(day,))
    settings = {day: "the office is closed", day + timedelta(days=1): "the office is closed"}
    calendar = PolicyCalendar(SCOTLAND, (local,), closed=settings)
    before, after = (
        calendar.due("initial_conference", date(2026, *on)) for on in ((11, 27), (12, 7))
    )
    assert before is not None
    assert after is not None
    assert day not in after.skipped
    assert calendar.works(day)
    assert not calendar.works(day + timedelta(days=1))
    early = PolicyCalendar(SCOTLAND, (replace(local, effective=date(2027, 1, 1)),), closed=settings)
    assert not early.works(day)
    holiday = date(2026, 11, 30)
    shut = policy("local-1", "2026-11-01", closed=(ClosedDay(day=holiday, reason=words("Shut")),))
    later = (replace(shut, effective=date(2027, 1, 1)),)
    assert [
        PolicyCalendar(SCOTLAND, known, worked=frozenset({holiday})).works(holiday)
        for known in ((), later, (shut,))
    ] == [True, True, False]


# --------------------------------------------------------------------------- repeat referrals


EARLIER = ("2026-09-01", "2026-10-01")


def counted(*policies: Policy, received: str = "2026-11-10", on: str = "2026-11-10") -> int | None:
    """How many referrals ask for a conference where a third is received; None where none does."""
    history = given(jurisdiction=SCOTLAND, policies=policies)
    _received, *reached = history.when(referred(received, earlier=EARLIER), on=on).events
    return next(
        (one.needed for one in reached if isinstance(one, RepeatReferralThresholdReached)), None
    )


def test_repeat_referrals_are_counted_by_the_policy_of_the_day() -> None:
    """How many referrals ask for a conference is the policy's of the day this one came (R200)."""
    assert counted() == 3
    assert counted(policy("local-1", "2026-11-10", repeat_referrals=2)) == 2
    assert counted(policy("local-1", "2026-11-10", repeat_referrals=4)) is None
    assert counted(policy("local-1", "2026-11-11", repeat_referrals=4), on="2026-11-20") == 3
    assert counted(policy("local-1", "2026-11-10", repeat_window_months=1)) is None


# ----------------------------------------------------------------------------------- findings


def late(*policies: Policy) -> Given:
    """Give a referral whose conference was not held, judged long afterwards."""
    history = given(jurisdiction=SCOTLAND, policies=policies)
    return history.when(referred("2026-11-10"), on="2026-11-10").on("2027-06-01")


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_what_ends_the_time_to_a_conference_ends_the_authoritys_own(nation: Jurisdiction) -> None:
    """Held, decided against, or no duty by the authority's own day: the time ended by it (R198)."""
    local = policy("local-1", "2026-04-01", own("initial_conference", 15))
    history = given(jurisdiction=nation, policies=(local,))
    begun = history.when(referred("2026-11-10"), on="2026-11-10").history
    due = begun.case.conference_due
    assert due is not None
    against = ConferenceNotRequired(reason=Code("resolved"), rationale=words("No risk."))
    for day, judged in (
        (due, Given.then_no_finding),
        (due + timedelta(days=1), Given.then_finding),
    ):
        refuse = DecideDuty(criteria=(), result=nation.no_duty_results[0], decided_on=day)
        refused = begun.when(refuse, on=day).history
        held = begun.also(at(due, a_conference()), at(day, a_held_conference()))
        decided = begun.also(at(day, against))
        for one in (held, decided, refused):
            judged(one.on("2027-06-01"), "conference_late")
            one.on("2027-06-01").then_no_finding("conference_overdue")
    late = begun.also(at(due + timedelta(days=1), against)).on("2027-06-01")
    (said,) = (one.words for one in late.findings() if one.code == "conference_late")
    assert "was decided against on" in said
    begun.on(due).then_no_finding("conference_overdue")
    begun.on(due + timedelta(days=1)).then_finding("conference_overdue")


def named(history: Given) -> dict[str, str | None]:
    """Give the policy that each finding names."""
    return {one.code: one.policy for one in history.findings()}


def test_every_finding_names_what_it_was_judged_by() -> None:
    """A finding names the nation's version, and the authority's own where there is one (R198)."""
    assert set(named(late()).values()) == {SCOTLAND.policy}
    local = policy("local-1", "2026-04-01", own("initial_conference", 15))
    assert set(named(late(local)).values()) == {f"{SCOTLAND.policy}/local-1"}


def test_a_finding_past_a_due_date_names_what_set_the_date() -> None:
    """What is past a due date names the policy of the day its limit started (R198)."""
    first = policy("local-1", "2026-04-01", own("initial_conference", 15))
    second = policy("local-2", "2026-11-20", own("initial_conference", 5))
    assert named(late(first, second))["conference_overdue"] == f"{SCOTLAND.policy}/local-1"


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_policy_adopted_later_changes_no_finding(nation: Jurisdiction) -> None:
    """Findings of what was recorded before a policy was adopted are the same after it (R198)."""
    before = given(jurisdiction=nation).when(referred("2026-11-10"), on="2026-11-10")
    history = before.on("2027-06-01")
    afterwards = policy("local-1", "2026-01-01", own("initial_conference", 5), adopted=900)
    assert history.findings()
    assert replace(history, policies=(afterwards,)).findings() == history.findings()


# ----------------------------------------------------------------------------- every history


SAID = st.builds(
    adopt,
    st.sampled_from(["local-1", "local-2", "local-3"]),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(date.isoformat),
    st.builds(
        own,
        st.sampled_from([*SCOTLAND.lists["time_limit"], "removal_order"]),
        st.integers(-1, 40000),
        st.sampled_from([*SCOTLAND.lists["time_unit"], "moons"]),
    ),
    worked=st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=3).map(tuple),
    repeat_window_months=st.one_of(st.none(), st.integers(-1, 99999)),
)


@for_all(st.lists(SAID, max_size=6), st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_whatever_was_adopted_can_be_reckoned_by(asked: list[AdoptPolicy], day: date) -> None:
    """Whatever is asked, what is recorded of it replays at every prefix and can be reckoned by."""
    history = given(jurisdiction=SCOTLAND)
    for one in asked:
        outcome = history.when(one)
        history = history if outcome.error else outcome.history
    for length in range(len(history.facts) + 1):
        known = adopting.replay(history.facts[:length]).policies
        calendar = PolicyCalendar(SCOTLAND, known)
        for rule in SCOTLAND.limits:
            due = calendar.due(rule, day)
            assert due is not None
            assert due.on < day if rule in COUNTED_BACK else due.on >= day
        told = replace(history, facts=(), policies=known)
        assert not told.when(referred(day.isoformat()), on=day).error
        assert list(told.when(referred(day.isoformat()), on=day).on(day).findings()) is not None


def test_a_due_date_of_the_past_is_stored() -> None:
    """Adopting a policy leaves the date that a referral stored, whichever day it is of (R198)."""
    recorded = given(jurisdiction=SCOTLAND).when(referred("2026-11-10"), on="2026-11-10").history
    local = policy("local-1", "2026-01-01", own("initial_conference", 5))
    assert replace(recorded, policies=(local,)).case.conference_due == recorded.case.conference_due
    assert on_day(date(2026, 11, 10)) == recorded.case.received


def test_a_policy_of_an_earlier_release_leaves_the_chairs_to_the_nation() -> None:
    """What was adopted before that was asked says of no post that somebody may chair (R17)."""
    old = {"version": "local-1", "effective": date(2026, 4, 1)}
    assert PolicyAdopted(**upcast("policy-adopted", 1, old)).chair_roles == ()
    assert laid_over(SCOTLAND, policy("local-1", "2026-04-01")).chair_roles == SCOTLAND.chair_roles
