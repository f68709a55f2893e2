"""Which referrals are counted: the same one received again is no further one, nor is news of it."""

from __future__ import annotations

import pytest

from domain.concern import LinkReferral, ReferralLinked, RepeatReferralThresholdReached
from domain.jurisdictions.scotland import SCOTLAND
from domain.when import read
from domain.words import Code
from tests.controls import a_referral
from tests.given import Outcome, given

RULES = ("R200",)


def linked(*reasons: str) -> Outcome:
    """Join referrals to an open Scottish case of 2 November, a week apart, for these reasons."""
    outcome = None
    history = given(a_referral("2026-11-02"), jurisdiction=SCOTLAND)
    for day, reason in zip(("2026-11-09", "2026-11-16", "2026-11-23"), reasons, strict=False):
        ask = LinkReferral(received=read(day), reason=Code(reason))
        outcome = history.when(ask, on=day)
        history = outcome.history
    assert outcome is not None
    return outcome


@pytest.mark.parametrize("reason", ["duplicate", "new_information"])
def test_only_a_referral_of_its_own_counts(reason: str) -> None:
    """Neither the same referral received again nor news of the episode makes up three (R200)."""
    code = "threshold_without_conference"
    linked(reason, reason).then_recorded(ReferralLinked).then_no_finding(code)
    linked("repeat", reason).then_recorded(ReferralLinked).then_no_finding(code)
    linked(reason, "repeat").then_recorded(ReferralLinked).then_no_finding(code)
    third = linked("repeat", reason, "repeat")
    third.then_recorded(ReferralLinked, RepeatReferralThresholdReached).then_finding(code)
    reached = third.events[-1]
    assert isinstance(reached, RepeatReferralThresholdReached)
    assert reached.count == 3
