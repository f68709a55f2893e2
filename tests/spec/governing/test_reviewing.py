from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.outcome import AdultOutcomeRecorded
from domain.reviewing import (
    ConcludeSafeguardingReview,
    ConsiderReviewReferral,
    DecideReviewReferral,
    ProduceChronology,
    ReferForReview,
    ReviewedIndividual,
    ReviewReferralDecided,
    SafeguardingReviewConcluded,
    SarReferred,
    SetReviewScope,
)
from domain.words import Code, ConferenceRef, Digest, DocumentRef, ReviewRef
from tests.controls import (
    ADULT,
    CONFERENCE,
    COUNCIL,
    NATIONS,
    a_closure,
    a_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R122", "R141", "R154")

WHY = words("Three agencies knew and none told the others.")
REVIEW = ReviewRef(ref(86))
REFER = ReferForReview(
    review=REVIEW,
    conference=CONFERENCE,
    referred_by=COUNCIL,
    criteria=(Code("alive"),),
    rationale=WHY,
    due_on=date(2026, 12, 18),
)
REFERRED = SarReferred(review=REVIEW, referred_by=COUNCIL, criteria=(Code("alive"),), rationale=WHY)
DECIDE = DecideReviewReferral(review=REVIEW, decision=Code("no_review"), rationale=WHY)
SCOPE = SetReviewScope(review=REVIEW, period_from=date(2025, 1, 1), period_to=date(2025, 12, 31))
CHRONOLOGY = ProduceChronology(
    review=REVIEW, document=DocumentRef(ref(400)), digest=Digest("a" * 64), as_at=2, entries=2
)
END = ConcludeSafeguardingReview(
    review=REVIEW,
    concluded_on=date(2026, 11, 2),
    individuals=(ReviewedIndividual(person=ADULT, fate=Code("died")),),
    published=Code("yes"),
)


def case(*more: object, nation: Jurisdiction = ENGLAND) -> Given:
    """Begin with a conference called, and these."""
    return given(a_referral(), a_conference(), *more, jurisdiction=nation)


def test_a_review_is_asked_for_with_its_criteria() -> None:
    """Who asked for a review, by which of the nation's criteria and why, is recorded (R141)."""
    event = case().when(REFER).then_recorded(SarReferred).events[0]
    assert isinstance(event, SarReferred)
    assert event.due is not None
    assert event.due.on == date(2026, 12, 18)
    assert replace(event, due=None, conference=None) == REFERRED
    scottish = replace(REFER, criteria=(Code("serious_harm"),))
    case(nation=SCOTLAND).when(scottish).then_recorded(SarReferred)
    case(nation=SCOTLAND).when(REFER).then_refused("I11")
    case().when(scottish).then_refused("I11")


def test_a_review_is_asked_for_once() -> None:
    """One reference serves one referral, and what follows names a referral of the case (I12)."""
    asked = case().when(REFER)
    asked.when(REFER).then_refused("I12", code="reference_used")
    asked.when(replace(REFER, review=ReviewRef(ref(88)))).then_recorded(SarReferred)
    case().when(replace(REFER, conference=ConferenceRef(ref(599)))).then_not_found()
    for command in (DECIDE, SCOPE, CHRONOLOGY, END):
        case().when(command).then_not_found()
        assert asked.when(command).error is None


def test_a_closed_case_is_still_referred() -> None:
    """A review is asked for, decided and scoped after the case was closed (R141)."""
    closed = case(at("2026-12-20", a_closure()))
    closed.when(REFER, on="2027-02-01").when(DECIDE, on="2027-03-01").then_recorded(
        ReviewReferralDecided
    )


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_review_is_concluded(nation: Jurisdiction) -> None:
    """A review asked for ends with whom it was of and who died, decided on or not (R141)."""
    asked = case(nation=nation).when(replace(REFER, criteria=()))
    ended = asked.when(END).then_recorded(SafeguardingReviewConcluded).events[0]
    assert ended == SafeguardingReviewConcluded(
        review=REVIEW,
        concluded_on=date(2026, 11, 2),
        individuals=(ReviewedIndividual(person=ADULT, fate=Code("died")),),
        published=Code("yes"),
    )


def test_a_review_concluded_a_second_time_is_asked_about() -> None:
    """Concluded again, though the first conclusion was not corrected, a review says so (R141)."""
    code = "review_concluded_again"
    once = case().when(replace(REFER, criteria=())).when(END).history
    once.then_no_finding(code)
    later = replace(END, concluded_on=date(2026, 12, 1))
    twice = once.when(later, on="2026-12-01").then_finding(code, severity="low")
    assert [one.subject for one in twice.findings() if one.code == code] == [str(REVIEW)]


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_review_as_an_outcome_is_asked_for(nation: Jurisdiction) -> None:
    """A statutory review as an outcome, and nobody asked for one, is a finding (R122)."""
    code = "review_not_referred"
    plain = replace(REFERRED, criteria=())
    review = AdultOutcomeRecorded(outcomes=(Code("sar_referral"),))
    other = AdultOutcomeRecorded(outcomes=(Code("civil_action"),))
    case(review, nation=nation).then_finding(code)
    case(review, plain, nation=nation).then_no_finding(code)
    case(other, nation=nation).then_no_finding(code)
    case(plain, review, nation=nation).then_no_finding(code)
    over = case(nation=nation).when(replace(REFER, criteria=())).when(DECIDE).history
    over.also(review).then_finding(code)  # what was decided before is another review
    over.also(review, replace(plain, review=ReviewRef(ref(96)))).then_no_finding(code)


def test_a_decision_on_a_review_is_timely_though_no_day_was_promised() -> None:
    """Without a promised day, a decision is due by a limit of our own, or the authority's (C.7)."""
    code = "review_decision_late"
    asked = case().when(replace(REFER, due_on=None), on="2026-12-01")
    (event,) = asked.events
    assert isinstance(event, SarReferred)
    assert event.due is not None
    assert (event.due.on, event.due.rule) == (date(2027, 3, 1), "review_decision")
    asked.on("2027-03-01").then_no_finding(code)
    asked.on("2027-03-02").then_finding(code, severity="medium")
    decided = asked.when(DECIDE, on="2027-02-26")
    decided.on("2027-03-02").then_no_finding(code)


def test_a_review_is_asked_for_with_reasons() -> None:
    """A review asked for without its criteria or its reasons is a finding (R141, R154)."""
    code = "review_unexplained"
    case(REFERRED).then_no_finding(code)
    case(replace(REFERRED, criteria=())).then_finding(code)
    case(replace(REFERRED, rationale=None)).then_finding(code)


def test_a_review_is_considered_with_reasons() -> None:
    """Whether to refer a case was considered, and not why, is a finding (R141, R154)."""
    code = "review_considered_without_reasons"
    case().when(ConsiderReviewReferral(rationale=WHY)).then_no_finding(code)
    case().when(ConsiderReviewReferral()).then_finding(code)


def test_a_review_is_decided_with_reasons() -> None:
    """A decision about a review without its reasons is a finding, until another has them (R141)."""
    code = "review_decided_without_reasons"
    bare = case(REFERRED).when(replace(DECIDE, rationale=None))
    bare.then_finding(code)
    bare.when(DECIDE).then_no_finding(code)
    case(REFERRED).when(DECIDE).then_no_finding(code)


def test_a_review_is_decided_by_its_day() -> None:
    """A review not decided by the day promised, or decided after it, is a finding (R141).

    Asking for more is no decision.
    """
    code = "review_decision_late"
    asked = case().when(REFER)
    asked.on("2026-12-18").then_no_finding(code)
    asked.on("2026-12-19").then_finding(code)
    asked.when(DECIDE, on="2026-12-18").on("2027-01-10").then_no_finding(code)
    asked.when(DECIDE, on="2026-12-19").then_finding(code)
    more = replace(DECIDE, decision=Code("more_information"))
    asked.when(more, on="2026-12-18").on("2026-12-19").then_finding(code)
    case(REFERRED).on("2028-12-19").then_no_finding(code)  # as it was stored before, without a day
    # What was answered of the one is not answered of the other.
    still, late = asked.on("2026-12-20"), asked.when(DECIDE, on="2026-12-19").history
    told = {one.identity for it in (still, late) for one in it.findings() if one.code == code}
    assert len(told) == 2


@pytest.mark.parametrize(
    ("asked", "decided", "told"),
    [
        ("2026-11-10", "2026-12-19", "came on 19 December 2026, 39 days after it was asked for."),
        ("2026-11", "2026-12-19", "19 December 2026, at least 19 days after it was asked for."),
        ("2026-11-10", "2026-12-19/2026-12-24", "at the earliest on 19 December 2026, at least 39"),
        ("unknown", "2026-12-19", "at least 18 days after"),  # it was before its entry
        ("2026-11-10", None, "was due by 18 December 2026, and is not recorded."),
    ],
)
def test_a_late_decision_says_its_day_and_how_long_it_took(
    asked: str, decided: str | None, told: str
) -> None:
    """By when it was due, when it came, and after how many days at the least (R141)."""
    event = case().when(REFER).events[0]
    assert isinstance(event, SarReferred)
    history = case(at("2026-12-01", replace(REFERRED, due=event.due), occurred=asked))
    if decided is not None:
        (made,) = history.when(DECIDE, on="2027-01-04").events
        history = history.also(at("2027-01-04", made, occurred=decided))
    (late,) = (
        one for one in history.on("2027-01-05").findings() if one.code == "review_decision_late"
    )
    assert told in late.words


def test_how_long_a_decision_took_is_counted() -> None:
    """A decision tells how many days it took at the least, and nothing where unknown (R141)."""
    asked = case(at("2026-11-10", REFERRED))
    known = asked.when(DECIDE, on="2026-11-24").events[0]
    assert isinstance(known, ReviewReferralDecided)
    assert known.elapsed_days == 14
    vague = asked.when(DECIDE, on="2026-12-24", occurred="2026-12").events[0]
    assert isinstance(vague, ReviewReferralDecided)
    assert vague.elapsed_days == 21
    unknown = asked.when(DECIDE, on="2026-12-24", occurred="unknown").events[0]
    assert isinstance(unknown, ReviewReferralDecided)
    assert unknown.elapsed_days is None


def test_a_review_looks_at_a_period() -> None:
    """A period that ends before it begins is a finding; one day is a period (R141)."""
    code = "review_period_backwards"
    asked = case(REFERRED)
    asked.when(SCOPE).then_no_finding(code)
    asked.when(replace(SCOPE, period_to=date(2025, 1, 1))).then_no_finding(code)
    asked.when(replace(SCOPE, period_to=date(2024, 12, 31))).then_finding(code)
    asked.when(replace(SCOPE, period_to=None)).then_no_finding(code)


def test_a_chronology_is_of_a_period_that_was_set() -> None:
    """A chronology given out for a review before its scope was set is a finding (R141)."""
    code = "chronology_before_scope"
    asked = case(REFERRED)
    asked.when(CHRONOLOGY).then_finding(code)
    asked.when(SCOPE).when(CHRONOLOGY).then_no_finding(code)
    case().when(replace(CHRONOLOGY, review=None)).then_no_finding(code)
