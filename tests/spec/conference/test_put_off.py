"""A finding on an allegation that was put off waits for something, and not for ever."""

from __future__ import annotations

import pytest

from domain.outcome import AdultOutcomeRecorded
from domain.words import Code
from tests.controls import (
    ALLEGATION,
    a_closure,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    an_enquiry,
)
from tests.given import Given, at, given
from tests.spec.conference.test_findings_on_allegations import a_finding

RULES = ("R10",)

CODE = "allegation_without_outcome"
MET = at("2026-11-23", a_held_conference())


def found(value: str, *more: object) -> Given:
    """A conference of 23 November that found that, during an enquiry, and these."""
    finding = at("2026-11-23", a_finding(value))
    return given(a_referral(), an_enquiry(), a_conference(), MET, finding, *more)


@pytest.mark.parametrize("end", [at("2026-12-10", a_conclusion()), at("2026-12-20", a_closure())])
@pytest.mark.parametrize("value", ["not_determined", "inconclusive_pending"])
def test_what_was_put_off_is_found_by_the_end(value: str, end: object) -> None:
    """Put off and then left, once the enquiry is concluded or the case closed (R10, C.7)."""
    found(value).on("2028-11-23").then_no_finding(CODE)
    found(value, end).then_finding(CODE, severity="medium")
    found("inconclusive", end).then_no_finding(CODE)
    later = at("2026-12-05", a_finding("substantiated", supersedes=5))
    found(value, later, end).then_no_finding(CODE)
    outcome = AdultOutcomeRecorded(outcomes=(Code("no_further_action"),), allegation=ALLEGATION)
    found(value, at("2026-12-05", outcome), end).then_no_finding(CODE)
