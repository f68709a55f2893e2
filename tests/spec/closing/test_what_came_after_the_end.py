"""What is dated after the closing, by a correction too, is named: a closed case takes none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.closure import CaseReopened
from domain.concern import AllegationAdded, LinkReferral
from domain.correction import CorrectRecord
from domain.duty import Criterion, DecideDuty
from domain.enquiry import OpenEnquiry
from domain.jurisdictions import Jurisdiction
from domain.plan import PlanAgreed, Terms
from domain.when import read
from domain.words import Code
from tests.controls import (
    CONFERENCE,
    ENQUIRY,
    NATIONS,
    PLAN,
    SECOND_ALLEGATION,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    an_allegation,
    an_enquiry,
    words,
)
from tests.given import At, Given, at, given

RULES = ("R150", "R154")
A_PLAN = PlanAgreed(
    plan=PLAN,
    version=1,
    conference=None,
    origin=Code("composed"),
    terms=Terms(),
    review_due=None,
)
CODE, EARLY = "begun_in_closed_case", "closed_before_referral"
EACH = pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)


def closed() -> Given:
    """Give a case whose conference was held on the 16th and that was closed on the 20th."""
    return given(
        at("2026-11-02", a_referral("2026-11-02")),
        at("2026-11-03", a_conference("2026-11-16")),
        at("2026-11-16", a_held_conference(CONFERENCE)),
        at("2026-11-20", a_closure()),
    )


def moved(history: Given, target: int, to: str) -> Given:
    """Say that an entry was of another day."""
    ask = CorrectRecord(target=target, reason=Code("entered_wrongly"), occurred=read(to))
    return history.when(ask, on="2026-12-10").history


def where(history: Given, code: str = CODE) -> list[int | None]:
    """Give where findings of a code hang."""
    return [one.position for one in history.findings() if one.code == code]


@pytest.mark.parametrize(
    ("target", "to", "hangs"),
    [
        (3, "2026-12-09", [3]),  # held after the closing
        (3, "2026-11-20", []),  # on its day
        (3, "2026-12", [3]),
        (3, "2026-11", []),  # perhaps before
        (2, "2026-11-24", [2]),  # called after it
        (4, "2026-11-13", [3]),  # the closing is the one that is moved
        (4, "2026-11-16", []),
    ],
)
def test_a_meeting_after_the_closing_by_correction(
    target: int, to: str, hangs: list[int | None]
) -> None:
    """It is named, whichever of the two was corrected; one that may have come before is not."""
    closed().then_no_finding(CODE)
    assert where(moved(closed(), target, to)) == hangs


def test_what_came_after_the_closing_is_said_to_have() -> None:
    """It is certain, and said so; reopened, the case may have it (R154)."""
    late = moved(closed(), 3, "2026-12-09").then_finding(CODE, severity="medium")
    (one,) = (one for one in late.findings() if one.code == CODE)
    assert one.words == "The case is closed, and this is dated after it was."
    again = at("2026-12-10", CaseReopened(reason=Code("new_information")))
    late.also(again).then_no_finding(CODE)


def test_an_enquiry_and_a_plan_after_the_closing_by_correction() -> None:
    """What is begun in a case is begun while it is open (R154)."""
    for begun in (an_enquiry(), A_PLAN):
        story = given(
            a_referral("2026-11-02"), at("2026-11-09", begun), at("2026-11-20", a_closure())
        )
        story.then_no_finding(CODE)
        assert where(moved(story, 2, "2026-12-01")) == [2]


@pytest.mark.parametrize(
    ("to", "fires"),
    [("2026-11-01", True), ("2026-10", True), ("2026-11-02", False), ("2026-11", False)],
)
def test_a_closing_before_the_referral(to: str, fires: bool) -> None:  # noqa: FBT001
    """One of the two days is wrong, and is asked about (R150)."""
    closed().then_no_finding(EARLY)
    story = moved(closed(), 4, to)
    assert where(story, EARLY) == ([4] if fires else [])
    if fires:
        story.then_finding(EARLY, severity="low")
    later = moved(closed(), 1, "2026-11-23")
    assert where(later, EARLY) == [4]


def test_a_referral_linked_to_a_closed_case_came_after_it_rightly() -> None:
    """Nothing is doubtful about that (R150)."""
    linked = closed().when(LinkReferral(received=read("2026-12-01")), on="2026-12-01")
    linked.then_no_finding(EARLY)


def decide(nation: Jurisdiction, result: str, day: str, answer: str = "yes") -> DecideDuty:
    """Ask to decide the duty on a day."""
    return DecideDuty(
        criteria=tuple(Criterion(criterion=one, answer=Code(answer)) for one in nation.criteria),
        result=Code(result),
        decided_on=date.fromisoformat(day),
        rationale=words("Told by two people; the adult agrees."),
    )


MET = {"england": "section_42", "scotland": "inquiry"}
REFUSED = {"england": "no_enquiry", "scotland": "criteria_not_met"}


@EACH
def test_the_decision_of_the_latest_day_counts(nation: Jurisdiction) -> None:
    """One of before, entered after it, takes no place of it (R154)."""
    begun = given(a_referral("2026-11-02"), jurisdiction=nation)
    met = begun.when(decide(nation, MET[nation.code], "2026-11-20"), on="2026-11-20")
    late = met.when(decide(nation, REFUSED[nation.code], "2026-11-05", "no"), on="2026-11-23")
    assert late.history.case.duty_met is True
    assert late.history.case.duty_refused == ()
    same = met.when(decide(nation, REFUSED[nation.code], "2026-11-20", "no"), on="2026-11-23")
    assert same.history.case.duty_met is False


@EACH
def test_an_enquiry_of_after_a_refusal_that_was_entered_late(nation: Jurisdiction) -> None:
    """Opened on the 9th it came after what was decided on the 5th, whichever was entered first."""
    code = "enquiry_without_duty"
    ask = OpenEnquiry(enquiry=ENQUIRY, kind=nation.duty_enquiries[0], opened_on=date(2026, 11, 9))
    opened = given(a_referral("2026-11-02"), jurisdiction=nation).when(ask, on="2026-11-09")
    for day, fires in (("2026-11-05", True), ("2026-11-09", False), ("2026-11-10", False)):
        refused = decide(nation, REFUSED[nation.code], day, "no")
        late = opened.when(refused, on="2026-11-12")
        (late.then_finding if fires else late.then_no_finding)(code)


@EACH
def test_an_enquiry_is_against_a_refusal_of_its_own_episode(nation: Jurisdiction) -> None:
    """What was decided before the closing says nothing of an enquiry opened after it (R154)."""
    code, no = "enquiry_without_duty", REFUSED[nation.code]
    ask = OpenEnquiry(enquiry=ENQUIRY, kind=nation.duty_enquiries[0], opened_on=date(2026, 12, 4))
    first = given(a_referral("2026-11-02"), jurisdiction=nation)
    first = first.when(decide(nation, no, "2026-11-03", "no"), on="2026-11-03").history
    end, reopened = a_closure(), CaseReopened(reason=Code("new_referral"))
    again = first.also(at("2026-11-20", end), at("2026-12-01", reopened))
    again.when(ask, on="2026-12-04").then_no_finding(code)
    anew = again.when(decide(nation, no, "2026-12-02", "no"), on="2026-12-02")
    anew.when(ask, on="2026-12-04").then_finding(code)


@EACH
def test_the_closing_asks_no_outcome_of_what_was_alleged_after_it(nation: Jurisdiction) -> None:
    """An outcome is asked by closing of each allegation there was by then (R10)."""
    added = AllegationAdded(allegation=replace(an_allegation(), ref=SECOND_ALLEGATION))
    for day, asked in (("2026-11-19", {1, 2}), ("2026-12-07", {1})):
        end = at("2026-11-20", a_closure())
        told = [at("2026-11-02", a_referral()), *sorted((at(day, added), end), key=_day)]
        found = given(*told, jurisdiction=nation).on("2027-03-01").findings()
        of = {one.position for one in found if one.code == "allegation_without_outcome"}
        assert of == asked


def _day(one: At) -> date:
    return one.day


@EACH
def test_an_allegation_is_answered_by_what_came_after_it(nation: Jurisdiction) -> None:
    """A decision on the duty entered before it, of a later day, was about it too (R10)."""
    code = "allegation_without_outcome"
    refused = decide(nation, REFUSED[nation.code], "2026-11-16", "no")
    for day, fires in (("2026-11-09", False), ("2026-11-18", True)):
        begun = given(replace(a_referral("2026-11-02"), allegations=()), jurisdiction=nation)
        decided = begun.when(refused, on="2026-11-16").history
        alleged = LinkReferral(received=read(day), allegations=(an_allegation(),))
        told = decided.when(alleged, on="2026-11-19").history.also(at("2026-11-20", a_closure()))
        (told.then_finding if fires else told.then_no_finding)(code)


@EACH
def test_a_late_entry_of_an_earlier_episode_decides_nothing_of_this(nation: Jurisdiction) -> None:
    """What was decided before the closing, and entered after it, was of what was known then."""
    ended = given(a_referral("2026-09-01"), at("2026-10-01", a_closure()), jurisdiction=nation)
    linked = ended.when(LinkReferral(received=read("2026-11-02")), on="2026-11-02").history
    again = linked.also(at("2026-11-02", CaseReopened(reason=Code("new_referral"))))
    old = again.when(decide(nation, MET[nation.code], "2026-09-03"), on="2026-11-03")
    old.on("2027-03-01").then_finding("duty_not_decided")
    new = again.when(decide(nation, MET[nation.code], "2026-11-02"), on="2026-11-03")
    new.on("2027-03-01").then_no_finding("duty_not_decided")
