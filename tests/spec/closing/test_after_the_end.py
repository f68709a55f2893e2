"""What a closed case still takes, since it belongs to what the case holds."""

from __future__ import annotations

from dataclasses import replace

from domain.best_interests import BestInterestsDecisionRecorded
from domain.concern import LinkReferral, ReferralLinked
from domain.when import read
from domain.words import Code
from tests.controls import a_closure, a_referral
from tests.given import at, given
from tests.spec.enquiry.test_best_interests import DECISION


def test_a_new_concern_is_linked_to_the_case_that_was_closed() -> None:
    """A closed case takes that another referral came, for whoever looks at both (I14, R200)."""
    closed = given(a_referral(), at("2026-12-01", a_closure()))
    linked = LinkReferral(received=read("2026-12-10"), reason=Code("new_information"))
    closed.when(linked, on="2026-12-10").then_recorded(ReferralLinked)


def test_what_is_best_is_decided_of_what_is_still_sent() -> None:
    """Whether minutes may go to somebody is decided of a closed case too (I14, R163)."""
    closed = given(a_referral(), at("2026-12-01", a_closure()))
    sharing = replace(DECISION, decision=Code("sharing_information"))
    closed.when(sharing, on="2026-12-10").then_recorded(BestInterestsDecisionRecorded)
