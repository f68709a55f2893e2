"""What was told of a case that was given away, split or undone, in the returns of both nations."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from domain.filing import ReturnFiled
from domain.holds import WithoutWords, can_tell
from domain.intake import CaseTransferred
from domain.linking import LargeScaleEnquiryLinked
from domain.monitoring import PlanEnded
from domain.words import Code, LargeScaleRef, PersonRef, PlanRef, Slug
from projections.caseload import CASELOAD
from projections.large_scale import LARGE_SCALE
from projections.rebuild import verify
from projections.returns.exceptions import exceptions
from projections.returns.facts import FACTS
from projections.returns.reading import with_besides
from tests.controls import ADULT, CASE, OTHER_CASE, SISTER, a_referral, ref
from tests.projections.conftest import Views, corrected, told
from tests.projections.joins import split
from tests.projections.scottish import (
    Q1,
    Q2,
    TABLES,
    an_inquiry,
    at,
    counts,
    facts,
    linked,
    planned,
)
from tests.projections.test_returns import counts as counts_
from tests.projections.test_returns import filled, referral
from tests.projections.test_returns_counted_once import linked as linked_again
from tests.projections.test_returns_counted_once import transferred

DAY = "2026-11-02"
FILED = SimpleNamespace(annual_return="minimum_dataset", first=Q2.period.first, last=Q2.period.last)


def given(by: str = "receiving", to: str = "northshire") -> CaseTransferred:
    """Give a case away, or get it back."""
    return CaseTransferred(
        authority=Slug(to),
        reason=Code("abuse_occurred_there"),
        counted_by=Code(by),
        accepted=Code("yes"),
    )


def test_a_plan_agreed_here_after_a_transfer_goes_on(views: Views) -> None:
    """With the further referral it goes with, it is in place in the quarter after as well."""
    views.tell(
        *at("2027-04-02", a_referral("2027-04-01")),
        *at("2027-04-10", given()),
        *at("2027-04-20", linked("2027-04-20")),
        *at("2027-05-01", planned(0)),
        *at(
            "2027-08-01",
            replace(a_referral("2027-08-01"), adult=PersonRef(SISTER)),
            stream=OTHER_CASE,
        ),
    )
    here = [counts(TABLES["ASPP"].fill(facts(views, of))) for of in (Q1, Q2)]
    in_place = [{name: one[name] for name in one if name.startswith("In")} for one in here]
    assert [sum(one.values()) for one in in_place] == [1, 1], here


@pytest.mark.parametrize("ending", [None, {"withdrawn": True}, {"occurred": "2027-10-20"}])
def test_a_filing_can_tell_of_a_plan_whose_ending_was_corrected(
    views: Views, ending: dict[str, Any] | None
) -> None:
    """A plan that goes on, since its ending was none or later, is counted in a later quarter."""
    end = PlanEnded(plan=PlanRef(ref(60)), reason=Code("goals_met"))
    views.tell(
        *at("2027-04-02", a_referral("2027-04-01")),
        *at("2027-05-01", planned(0)),
        *at("2027-05-10", end),
    )
    if ending is not None:
        views.tell(*at("2027-05-11", corrected(3, **ending)))
    told_ = WithoutWords(views.record).facts(CASE)
    assert can_tell(told_, cast("ReturnFiled", FILED)) is (ending is not None)


def test_a_transfer_back_restates_by_itself(views: Views) -> None:
    """An inquiry that came back after its quarter is restated, by the entry that brought it."""
    views.tell(
        *at("2027-04-02", a_referral("2027-04-01")),
        *at("2027-04-05", an_inquiry("2027-04-05")),
        *at("2027-04-10", given()),
        *at("2027-07-20", given("receiving", "council")),
    )
    made = TABLES["Restated"].fill(facts(views, Q1))
    assert [each.position for one in made.cells for each in one.counted] == [4]


def test_what_england_asks_of_large_scale_enquiries_scotland_does_not(views: Views) -> None:
    """An investigation counts once, by its own reference; no table is named that is not there."""
    large = LargeScaleEnquiryLinked(large_scale=LargeScaleRef(ref(90)), adult_told=Code("yes"))
    views.tell(
        *at("2027-04-02", a_referral("2027-04-01")),
        *at("2027-04-05", large),
        *at("2027-04-10", given("not_decided")),
    )
    views.follow(CASELOAD, LARGE_SCALE)
    found = views.ask(with_besides, facts(views, Q1), None)
    told_ = exceptions(found, [one.filled(found) for one in TABLES.values()])
    ours = [one for one in told_ if "large-scale" in one.says or "transferred" in one.says]
    assert [(one.table, one.position) for one in ours] == [("", 3)]


def test_a_referral_split_off_with_its_transfer_is_given_away(views: Views) -> None:
    """Told in one case and both read in another, the one goes with the other, however made."""
    views.tell(told(DAY, referral("2025-05-01")), told(DAY, transferred()))
    views.tell(*split(DAY, CASE, OTHER_CASE, 1, 2, adult=ADULT))
    assert counts_(filled(views, "SG1f")) == {}
    assert verify(FACTS, views.connect).equal
    views.tell(told(DAY, linked_again("2025-06-01", "duplicate"), stream=OTHER_CASE))
    views.tell(told(DAY, corrected(3, occurred="2025-06-02"), stream=OTHER_CASE))
    assert counts_(filled(views, "SG1f")) == {}
