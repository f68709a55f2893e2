"""Chapter closing: a case that was closed and taken up again is held to its times as before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.closure import ReopenCase
from domain.conclusion import ConcludeEnquiry
from domain.enquiry import OpenEnquiry
from domain.words import Code, EnquiryRef
from tests.controls import a_closure, a_conclusion, a_referral, an_enquiry, ref
from tests.given import Given, at, given

RULES = ("R4", "R147", "R154")
AGAIN = EnquiryRef(ref(77))


def taken_up_again() -> Given:
    """A case whose first enquiry was concluded, closed in December and reopened in June."""
    ended = (at("2026-11-20", a_conclusion()), at("2026-12-08", a_closure()))
    closed = given(a_referral(), an_enquiry(), *ended)
    return closed.when(ReopenCase(reason=Code("new_information")), on="2027-06-01").history


def test_what_is_late_after_a_reopening_is_late() -> None:
    """A closing before the time of an enquiry began does not excuse that it ended late (R4)."""
    ask = OpenEnquiry(enquiry=AGAIN, kind=Code("section_42"), opened_on=date(2027, 6, 1))
    opened = taken_up_again().when(ask, on="2027-06-01")
    end = ConcludeEnquiry(enquiry=AGAIN, concluded_on=date(2027, 6, 10))
    opened.when(end, on="2027-06-10").then_no_finding("enquiry_late")
    late = replace(end, concluded_on=date(2027, 12, 20))
    opened.when(late, on="2027-12-20").then_finding("enquiry_late")


def test_a_case_is_closed_once_its_enquiry_is_concluded() -> None:
    """A case closed while an enquiry goes on is a finding, until that is concluded (R147, R154)."""
    code = "closed_with_open_enquiry"
    begun = given(a_referral(), an_enquiry())
    begun.also(at("2026-12-08", a_closure())).then_finding(code, severity="medium")
    ended = begun.also(at("2026-11-20", a_conclusion()))
    ended.also(at("2026-12-08", a_closure())).then_no_finding(code)
    given(a_referral(), at("2026-12-08", a_closure())).then_no_finding(code)
