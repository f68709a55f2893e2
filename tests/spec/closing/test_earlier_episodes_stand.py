"""What is criticised of an earlier episode is not undone by what a later one decides or does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.closure import CaseReopened
from domain.duty import Section42DutyDecided
from domain.enquiry import EnquiryOpened
from domain.jurisdictions.england import ENGLAND
from domain.outcome import AdultSatisfactionRecorded
from domain.words import Code, EnquiryRef
from tests.controls import (
    a_capacity,
    a_closure,
    a_conclusion,
    a_referral,
    a_risk,
    an_enquiry,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R7", "R11", "R13", "R49", "R147", "R150", "R154")
AGAIN = EnquiryRef(ref(77))
OPENED_AGAIN = EnquiryOpened(
    enquiry=AGAIN, kind=Code("section_42"), opened_on=date(2027, 6, 2), large_scale=False
)
ENDED_AGAIN = replace(a_conclusion(date(2027, 7, 1)), enquiry=AGAIN)
ON_REQUEST = replace(a_closure(), reason=Code("adults_request"), reason_other=None)


def decided(day: str, *, met: bool, why: bool = True) -> Section42DutyDecided:
    """Give that there is a duty, or none."""
    return Section42DutyDecided(
        criteria=(),
        result=ENGLAND.duty_enquiries[0] if met else ENGLAND.no_duty_results[-2],
        met=met,
        disposal=None if met else Code("advice"),
        decided_on=date.fromisoformat(day),
        rationale=words("Told by two people.") if why else None,
    )


def reopened(reason: str = "new_information", day: str = "2027-06-01") -> object:
    """Give that the case was taken up again."""
    return at(day, CaseReopened(reason=Code(reason), rationale=words("Told anew.")))


def standing(history: Given, code: str) -> list[int | None]:
    """Give where that finding stands."""
    return [one.position for one in history.findings() if one.code == code]


def test_a_duty_that_no_enquiry_followed_stands_once_another_is_decided() -> None:
    """No enquiry, in an episode that is over, is not answered by the next (R150)."""
    code = "duty_without_enquiry"
    first = given(a_referral(), at("2026-11-04", decided("2026-11-04", met=True)))
    over = first.also(at("2027-01-10", a_closure()), reopened())
    none = over.also(at("2027-06-02", decided("2027-06-02", met=False))).on("2027-09-01")
    none.then_finding(code, severity="high")
    assert standing(none, code) == [2]
    another = over.also(at("2027-06-02", decided("2027-06-02", met=True)), OPENED_AGAIN)
    assert standing(another.on("2027-09-01"), code) == [2]
    both = over.also(at("2027-06-02", decided("2027-06-02", met=True))).on("2027-09-01")
    assert standing(both, code) == [2, 5]


def test_a_duty_that_an_enquiry_followed_or_that_was_decided_anew_does_not() -> None:
    """Of one episode the last decision counts; an enquiry of its own answers it (R154)."""
    code = "duty_without_enquiry"
    first = given(a_referral(), at("2026-11-04", decided("2026-11-04", met=True)))
    later = (reopened(), at("2027-06-02", decided("2027-06-02", met=False)))
    enquired = first.also(at("2026-11-05", an_enquiry()), at("2027-01-10", a_closure()), *later)
    enquired.on("2027-09-01").then_no_finding(code)
    anew = first.also(at("2026-11-09", decided("2026-11-09", met=False)))
    anew.also(at("2027-01-10", a_closure()), *later).on("2027-09-01").then_no_finding(code)
    wrong = (reopened("closed_in_error"), at("2027-06-02", decided("2027-06-02", met=False)))
    slip = first.also(at("2027-01-10", a_closure()), *wrong).on("2027-09-01")
    slip.then_no_finding(code)
    died = replace(a_closure(), reason=Code("died"), reason_other=None)
    gone = first.also(at("2026-11-06", died), *later).on("2027-09-01")
    gone.then_no_finding(code)


def test_a_decision_without_reasons_stands_once_another_is_decided() -> None:
    """Each episode's decision has its own reasons (R154)."""
    code = "duty_without_rationale"
    bare = decided("2026-11-04", met=False, why=False)
    first = given(a_referral(), at("2026-11-04", bare))
    over = first.also(at("2027-01-10", a_closure()), reopened())
    later = over.also(at("2027-06-02", decided("2027-06-02", met=False)))
    assert standing(later, code) == [2]
    anew = first.also(at("2026-11-06", decided("2026-11-06", met=False)))
    anew.then_no_finding(code)


def test_what_a_conclusion_lacks_stands_once_another_enquiry_is_concluded() -> None:
    """Each enquiry is counted: each has its answers, and the adult is asked (R13, R147)."""
    bare = replace(a_conclusion(date(2026, 11, 20)), risks_found=(), risks_not_found=())
    begun = given(a_referral(), an_enquiry())
    first = begun.also(at("2026-11-20", bare))
    over = first.also(at("2026-12-08", a_closure()), reopened(), at("2027-06-02", OPENED_AGAIN))
    said = at("2027-07-02", AdultSatisfactionRecorded(satisfied=Code("yes")))
    later = over.also(at("2027-07-01", ENDED_AGAIN), said)
    assert standing(later, "risk_source_unanswered") == [3]
    assert standing(later, "satisfaction_missing") == [3]
    asked = at("2026-11-21", AdultSatisfactionRecorded(satisfied=Code("yes")))
    rest = (at("2026-12-08", a_closure()), reopened(), at("2027-06-02", OPENED_AGAIN))
    full = begun.also(at("2026-11-20", a_conclusion()), asked, *rest)
    full = full.also(at("2027-07-01", ENDED_AGAIN), said)
    full.then_no_finding("risk_source_unanswered").then_no_finding("satisfaction_missing")
    twice = first.also(at("2026-11-25", a_conclusion(date(2026, 11, 25))))
    twice.then_no_finding("risk_source_unanswered")  # the same enquiry, concluded anew


def test_a_closing_on_request_unexplored_stands_once_the_case_is_reopened() -> None:
    """A refusal that was not explored is no better for what came after (R7, R11, R49; C.7)."""
    closed = given(a_referral(), at("2026-12-08", ON_REQUEST))
    explored = given(a_referral(), at("2026-12-01", a_capacity()), a_risk())
    explored = explored.also(at("2026-12-08", ON_REQUEST))
    for code in ("closed_on_request_without_capacity", "closed_on_request_without_risk"):
        closed.then_finding(code, severity="high")
        again = closed.also(reopened())
        again.then_finding(code, severity="high")
        late = again.also(at("2027-06-03", a_capacity()), a_risk())
        assert standing(late, code) == [2]
        assert standing(late.also(at("2027-07-01", a_closure())), code) == [2]
        closed.also(reopened("closed_in_error")).then_no_finding(code)
        explored.also(reopened()).then_no_finding(code)
