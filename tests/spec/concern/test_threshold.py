from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.closure import CaseReopened
from domain.concern import (
    LinkReferral,
    ReceiveReferral,
    ReferralLinked,
    ReferralReceived,
    RepeatReferralThresholdReached,
)
from domain.duty import (
    CountConcern,
    Criterion,
    DecideDuty,
    Section42DutyDecided,
    ThreePointCriteriaDetermined,
)
from domain.enquiry import OpenEnquiry
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.policy import Policy
from domain.when import read
from domain.words import Code, Slug
from tests.controls import (
    ADULT,
    ENQUIRY,
    NATIONS,
    REVIEW,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    a_risk,
    an_allegation,
    an_enquiry,
    words,
)
from tests.given import Given, at, given

RULES = ("R154", "R198", "R200")


def receive(day: str, *earlier: str) -> ReceiveReferral:
    """Ask to record a referral, with the days of earlier ones."""
    return ReceiveReferral(
        adult=ADULT,
        received=read(day),
        allegations=(an_allegation(),),
        earlier_referrals=tuple(read(one) for one in earlier),
    )


def decide_duty(nation: Jurisdiction, result: str, answer: str = "yes") -> DecideDuty:
    """Ask to decide the duty with the same answer to every criterion."""
    return DecideDuty(
        criteria=tuple(Criterion(criterion=one, answer=Code(answer)) for one in nation.criteria),
        result=Code(result),
        decided_on=date(2026, 11, 3),
        rationale=words("Told by two people; the adult agrees."),
    )


def test_a_referral_starts_the_scottish_clock() -> None:
    """Receiving a referral in Scotland stores the day its conference is due, and how (R198)."""
    outcome = given(jurisdiction=SCOTLAND).when(receive("2026-11-02"))
    outcome.then_recorded(ReferralReceived)

    event = outcome.events[0]
    assert isinstance(event, ReferralReceived)
    assert event.conference_due is not None
    assert event.conference_due.on == date(2026, 12, 1)
    assert event.conference_due.skipped == (date(2026, 11, 30),)


def test_england_sets_no_date() -> None:
    """Where the nation gives no limit, none is invented (G3)."""
    outcome = given().when(receive("2026-11-02"))

    event = outcome.events[0]
    assert isinstance(event, ReferralReceived)
    assert event.conference_due is None


def test_a_case_begins_once() -> None:
    """A second referral into a case that has begun is refused; it is linked instead (I1)."""
    given(a_referral()).when(receive("2026-11-02")).then_refused("I1", code="case_exists")


def test_the_third_referral_in_six_months() -> None:
    """The third referral within six calendar months is marked, with the window it used (R200)."""
    outcome = given(jurisdiction=SCOTLAND).when(receive("2026-11-02", "2026-05-02", "2026-08-01"))
    outcome.then_recorded(ReferralReceived, RepeatReferralThresholdReached)

    reached = outcome.events[1]
    assert reached == RepeatReferralThresholdReached(
        count=3,
        needed=3,
        window_from=date(2026, 5, 2),
        window_to=date(2026, 11, 2),
        referrals=(read("2026-05-02"), read("2026-08-01"), read("2026-11-02")),
    )


@pytest.mark.parametrize(
    "earlier", [("2026-05-01", "2026-08-01"), ("2026-08-01",), ("2026-11-03", "2026-11-04")]
)
def test_fewer_than_three_in_the_window(earlier: tuple[str, ...]) -> None:
    """A referral before the window, or dated after this one, does not count (R200)."""
    asked = given(jurisdiction=SCOTLAND).when(receive("2026-11-02", *earlier), on="2026-11-05")
    asked.then_recorded(ReferralReceived)


def test_linked_referrals_count() -> None:
    """Referrals linked to the open episode count to the three (R200)."""
    history = given(a_referral("2026-11-02"), jurisdiction=SCOTLAND)
    second = history.when(LinkReferral(received=read("2026-11-09")), on="2026-11-09")
    second.then_recorded(ReferralLinked)

    third = second.when(LinkReferral(received=read("2026-11-16")), on="2026-11-16")
    third.then_recorded(ReferralLinked, RepeatReferralThresholdReached)
    third.then_finding("threshold_without_conference")
    (said,) = [
        one.words for one in third.history.findings() if one.code == "threshold_without_conference"
    ]
    assert "3 referrals were received, and 3 ask for a conference" in said


def test_a_conference_still_to_come_answers_the_third_referral() -> None:
    """One called before the third, and not held before it nor called off, answers it (R200)."""
    code = "threshold_without_conference"
    ask, third = (
        LinkReferral(received=read("2026-11-09")),
        LinkReferral(received=read("2026-11-16")),
    )
    begun = given(a_referral("2026-11-02"), a_conference(), jurisdiction=SCOTLAND)
    second = begun.when(ask, on="2026-11-09")
    second.when(third, on="2026-11-16").then_no_finding(code)
    met = second.history.also(at("2026-11-10", a_held_conference()))
    met.when(third, on="2026-11-16").then_finding(code)


def test_the_third_referral_starts_the_time_to_a_conference() -> None:
    """Once the first's conference was held, a third asks for one from its own day (R198, R200)."""
    assert linked(SCOTLAND).facts[-1].event.conference_due is None  # the first's still goes on
    first = at("2026-11-05", a_held_conference())
    begun = given(a_referral("2026-11-02"), a_conference(), first, jurisdiction=SCOTLAND)
    second = begun.when(LinkReferral(received=read("2026-11-09")), on="2026-11-09")
    third = second.when(LinkReferral(received=read("2026-11-16")), on="2026-11-16")
    reached = third.events[-1]
    assert isinstance(reached, RepeatReferralThresholdReached)
    assert reached.conference_due is not None
    assert reached.conference_due.on == date(2026, 12, 15)
    third.on("2026-12-15").then_no_finding("conference_overdue")
    third.on("2026-12-16").then_finding("conference_overdue", severity="medium")
    again = a_conference("2026-12-10", REVIEW)
    held = third.history.also(at("2026-11-20", again), at("2026-12-10", a_held_conference(REVIEW)))
    held.on("2026-12-24").then_no_finding("conference_overdue").then_no_finding("conference_late")
    # Entered late, it is answered by what was held since it came, not since it was entered.
    met = second.history.also(at("2026-11-20", again), at("2026-12-10", a_held_conference(REVIEW)))
    entered = met.when(LinkReferral(received=read("2026-11-16")), on="2026-12-14")
    assert isinstance(entered.events[-1], RepeatReferralThresholdReached)
    entered.on("2026-12-24").then_no_finding("conference_overdue")
    england = replace(begun, jurisdiction=ENGLAND, kept=[])
    english = england.when(LinkReferral(received=read("2026-11-09")), on="2026-11-09")
    english = english.when(LinkReferral(received=read("2026-11-16")), on="2026-11-16")
    assert english.history.facts[-1].event.conference_due is None


def test_a_referral_that_reopens_a_case_starts_its_time_anew() -> None:
    """A referral that came while the case was closed has its own 20 working days (R198)."""
    begun = given(
        a_referral("2026-09-01"),
        a_conference("2026-09-21"),
        at("2026-09-21", a_held_conference()),
        at("2026-10-01", a_closure()),
        at("2026-11-16", CaseReopened(reason=Code("new_referral"))),
        jurisdiction=SCOTLAND,
    )
    ask = LinkReferral(received=read("2026-11-16"))
    outcome = begun.when(ask, on="2026-11-16")
    event = outcome.events[0]
    assert isinstance(event, ReferralLinked)
    assert event.conference_due is not None
    assert event.conference_due.on == date(2026, 12, 15)
    outcome.on("2026-12-15").then_no_finding("conference_overdue")
    outcome.on("2026-12-16").then_finding("conference_overdue")
    held = (at("2026-12-14", a_conference("2026-12-14", REVIEW)), a_held_conference(REVIEW))
    outcome.history.also(*held).on("2026-12-24").then_no_finding("conference_overdue")
    # Of a second one, of one before the closing, and of one that came once it was open again.
    for also, received in (
        (outcome.history, "2026-11-16"),
        (begun, "2026-09-28"),
        (begun, "2026-11-18"),
    ):
        linked_to_it = also.when(replace(ask, received=read(received)), on="2026-11-18").events[0]
        assert isinstance(linked_to_it, ReferralLinked)
        assert linked_to_it.conference_due is None


def linked(nation: Jurisdiction) -> Given:
    """Give a case in which a third referral makes up the number."""
    history = given(a_referral("2026-11-02"), jurisdiction=nation)
    second = history.when(LinkReferral(received=read("2026-11-09")), on="2026-11-09")
    return second.when(LinkReferral(received=read("2026-11-16")), on="2026-11-16").history


def test_what_repeats_ask_for_is_the_nations() -> None:
    """Three in six months ask for a conference in Scotland, in England for one look (R200)."""
    linked(SCOTLAND).then_finding("threshold_without_conference", severity="medium")
    linked(SCOTLAND).then_no_finding("repeats_dealt_with_singly")
    linked(ENGLAND).then_no_finding("threshold_without_conference")
    england = linked(ENGLAND).then_finding("repeats_dealt_with_singly", severity="medium")
    (found,) = (one for one in england.findings() if one.code == "repeats_dealt_with_singly")
    assert "Between 16 May 2026 and 16 November 2026, 3 referrals were received" in found.words


@pytest.mark.parametrize(
    "after", [a_risk(), an_enquiry(), a_conference()], ids=lambda e: type(e).__name__
)
def test_repeats_are_looked_at_together_by_what_follows(after: object) -> None:
    """Risk assessed, an enquiry or a conference since looks at them together (R11, R200)."""
    before = given(a_referral("2026-11-02"), a_risk(), jurisdiction=ENGLAND)
    second = before.when(LinkReferral(received=read("2026-11-09")), on="2026-11-09")
    third = second.when(LinkReferral(received=read("2026-11-16")), on="2026-11-16").history
    third.then_finding("repeats_dealt_with_singly")
    third.also(after).then_no_finding("repeats_dealt_with_singly")


def test_repeats_joined_to_an_open_enquiry_are_looked_at_by_it() -> None:
    """Calls that are linked to an enquiry while it is open are not dealt with singly (R200)."""
    opened = given(a_referral("2026-11-02"), an_enquiry(), jurisdiction=ENGLAND)
    second = opened.when(LinkReferral(received=read("2026-11-09")), on="2026-11-09")
    third = second.when(LinkReferral(received=read("2026-11-16")), on="2026-11-16").history
    third.then_no_finding("repeats_dealt_with_singly")


def test_how_many_repeats_are_too_many_is_an_authoritys_own() -> None:
    """In England too the count is the policy's, of the day the referral was received (R200)."""
    own = Policy(version=Slug("local-1"), effective=date(2026, 4, 1), repeat_referrals=2)
    history = given(a_referral("2026-11-02"), jurisdiction=ENGLAND, policies=(own,))
    second = history.when(LinkReferral(received=read("2026-11-09")), on="2026-11-09")
    second.then_finding("repeats_dealt_with_singly")
    more = replace(history, policies=(replace(own, repeat_referrals=4),))
    third = more.when(LinkReferral(received=read("2026-11-09")), on="2026-11-09").when(
        LinkReferral(received=read("2026-11-16")), on="2026-11-16"
    )
    third.then_no_finding("repeats_dealt_with_singly")


def test_repeats_as_they_were_known_earlier() -> None:
    """As at the third call nothing looked at them together; an enquiry cleared it (R200)."""
    history = linked(ENGLAND).also(at("2026-11-20", an_enquiry()))
    history.then_no_finding("repeats_dealt_with_singly")
    as_known = replace(history, facts=history.facts[:-1])
    as_known.then_finding("repeats_dealt_with_singly")


REFUSED = {"england": "no_enquiry", "scotland": "criteria_not_met"}
MET = {"england": "section_42", "scotland": "inquiry"}


def opened(nation: Jurisdiction, day: str, kind: str | None = None) -> OpenEnquiry:
    """Ask to open an enquiry on a day, of the kind under the duty unless another is named."""
    return OpenEnquiry(
        enquiry=ENQUIRY,
        kind=nation.duty_enquiries[0] if kind is None else Code(kind),
        opened_on=date.fromisoformat(day),
    )


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_an_enquiry_where_there_was_no_duty(nation: Jurisdiction) -> None:
    """An enquiry under the duty, begun after it was decided there is none, is named (R154)."""
    code = "enquiry_without_duty"
    refused = given(a_referral(), jurisdiction=nation).when(
        decide_duty(nation, REFUSED[nation.code], "no"), on="2026-11-03"
    )
    refused.then_no_finding(code)
    begun = refused.when(opened(nation, "2026-11-04"), on="2026-11-04")
    (found,) = (
        one for one in begun.then_finding(code, severity="medium").findings() if one.code == code
    )
    assert (found.position, found.subject) == (3, str(ENQUIRY))
    begun.when(decide_duty(nation, MET[nation.code]), on="2026-11-05").then_no_finding(code)
    before = refused.when(opened(nation, "2026-11-02"), on="2026-11-04")
    before.then_no_finding(code)
    history = given(a_referral(), jurisdiction=nation).when(opened(nation, "2026-11-02"))
    history.when(decide_duty(nation, REFUSED[nation.code], "no"), on="2026-11-03").then_no_finding(
        code
    )


def test_another_enquiry_needs_no_duty() -> None:
    """England's other enquiries are made where there is no duty to make any (R154)."""
    other = given(a_referral()).when(decide_duty(ENGLAND, "other_enquiry"), on="2026-11-03")
    made = other.when(opened(ENGLAND, "2026-11-04", "other_enquiry"), on="2026-11-04")
    made.then_no_finding("enquiry_without_duty")
    asked = other.when(opened(ENGLAND, "2026-11-04"), on="2026-11-04")
    asked.then_finding("enquiry_without_duty")


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_an_enquiry_on_a_concern_that_does_not_count(nation: Jurisdiction) -> None:
    """A concern enquired into under the duty and recorded as not counted is named."""
    code = "enquiry_on_concern_not_counted"
    (rule, *_) = nation.lists["counting_rule"]
    left_out = given(a_referral(), jurisdiction=nation).when(
        CountConcern(counted=False, rule=Code(rule))
    )
    left_out.then_no_finding(code)
    for history in (
        left_out.when(opened(nation, "2026-11-04"), on="2026-11-04").history,
        given(a_referral(), jurisdiction=nation)
        .when(opened(nation, "2026-11-02"))
        .when(CountConcern(counted=False, rule=Code(rule)))
        .history,
    ):
        history.then_finding(code, severity="medium")
        as_known = replace(history, facts=history.facts[:2])
        as_known.then_no_finding(code)
        counted = history.when(CountConcern(counted=True, rule=Code(rule)))
        counted.then_no_finding(code)


@pytest.mark.parametrize(
    ("nation", "result", "kind", "duty"),
    [
        (ENGLAND, "section_42", Section42DutyDecided, "arises"),
        (ENGLAND, "other_enquiry", Section42DutyDecided, "does not"),
        (SCOTLAND, "inquiry", ThreePointCriteriaDetermined, "arises"),
        (SCOTLAND, "criteria_not_met", ThreePointCriteriaDetermined, "does not"),
    ],
)
def test_the_duty_is_decided_in_the_nations_words(
    nation: Jurisdiction, result: str, kind: type, duty: str
) -> None:
    """The decision is recorded under the nation's own name, and says whether the duty arises."""
    outcome = given(a_referral(), jurisdiction=nation).when(
        decide_duty(nation, result), on="2026-11-03"
    )
    outcome.then_recorded(kind)

    event = outcome.events[0]
    assert isinstance(event, Section42DutyDecided | ThreePointCriteriaDetermined)
    assert event.met is (duty == "arises")


@pytest.mark.parametrize("nation", NATIONS)
def test_a_result_its_criteria_do_not_support(nation: Jurisdiction) -> None:
    """A duty found although a criterion fails is recorded, and criticised (R154)."""
    result = "section_42" if nation is ENGLAND else "inquiry"
    history = given(a_referral(), jurisdiction=nation)

    code, day = "duty_differs_from_criteria", "2026-11-03"

    history.when(decide_duty(nation, result, "no"), on=day).then_finding(code)
    history.when(decide_duty(nation, result), on=day).then_no_finding(code)


def test_no_decision_on_record() -> None:
    """A concern without a decision is criticised once the time for one has passed (R150)."""
    history = given().when(receive("2026-11-02"), on="2026-11-02").history

    history.on("2026-11-03").then_no_finding("duty_not_decided")
    history.on("2026-11-04").then_finding("duty_not_decided")


def test_a_day_that_closed_later_makes_nothing_late_in_time() -> None:
    """By when the duty is to be decided is told as it was reckoned, not by today's calendar (R150).

    A finding of the past is otherwise another finding tomorrow.
    """
    (event, *_) = given().when(receive("2026-11-02"), on="2026-11-02").events

    assert isinstance(event, ReferralReceived)
    assert event.decision_due is not None
    assert event.decision_due.on == date(2026, 11, 3)
    later = replace(event, decision_due=replace(event.decision_due, on=date(2026, 11, 20)))
    given(at("2026-11-02", later)).on("2026-11-20").then_no_finding("duty_not_decided")
    given(at("2026-11-02", later)).on("2026-11-21").then_finding("duty_not_decided")


@pytest.mark.parametrize(("nation", "due"), [(ENGLAND, "2026-11-17"), (SCOTLAND, "2026-11-18")])
def test_a_reopened_case_is_asked_for_its_duty_anew(nation: Jurisdiction, due: str) -> None:
    """The first referral after a reopening has its own time to decide (R150; B.4)."""
    code = "duty_not_decided"
    results = {"england": "section_42", "scotland": "inquiry"}
    decided = decide_duty(nation, results[nation.code])
    reopened = at("2026-11-16", CaseReopened(reason=Code("new_referral")))
    before = given(jurisdiction=nation).when(receive("2026-09-01"), on="2026-09-01").history
    old = replace(decided, decided_on=date(2026, 9, 2))
    # What was never decided of the first stands beside it: its day was before the closing.
    for earlier, left in ((before, 1), (before.when(old, on="2026-09-02").history, 0)):
        again = earlier.also(at("2026-10-01", a_closure()), reopened)
        ask = LinkReferral(received=read("2026-11-16"))
        linked = again.when(ask, on="2026-11-16").history
        late = date.fromisoformat(due) + timedelta(days=1)
        found = [it for it in linked.on(due).findings() if it.code == code]
        assert [it.position for it in found] == [1] * left
        (one,) = [it for it in linked.on(late).findings() if it.code == code and it not in found]
        assert one.position != 1
        assert one.since == read(due)
        anew = replace(decided, decided_on=date(2026, 11, 17))
        decided_anew = linked.when(anew, on="2026-11-17").on(late)
        assert [it for it in decided_anew.findings() if it.code == code] == found
        further = linked.when(replace(ask, received=read("2026-11-20")), on="2026-11-20").events[0]
        assert isinstance(further, ReferralLinked)
        assert further.decision_due is None
    reviewed = before.when(old, on="2026-09-02").history
    closed_in_error = reviewed.also(at("2026-10-01", a_closure()), reopened)
    closed_in_error.on("2027-01-01").then_no_finding(code)


def test_a_code_of_the_other_nation() -> None:
    """A code that is not in this nation's list is refused (I11)."""
    command = decide_duty(SCOTLAND, "inquiry")
    given(a_referral()).when(command).then_refused("I11", code="not_in_list")
