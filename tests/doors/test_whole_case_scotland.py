"""One case in Scotland from its third referral to its closing, through the doors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.doors.case_in_scotland import (
    CLOSED,
    CORE_GROUPS,
    FIRST,
    HELD,
    RECEIVED,
    REVIEWED,
    SECOND,
    began,
    closed,
    met,
)
from tests.doors.retold import Tell, telling
from tests.doors.scripted import Json, due


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Iterator[Tell]:
    """Give who tells a Scottish case up to the end of a part, on a database of this test's own."""
    with telling(request, "scotland", FIRST) as tell:
        yield tell


def test_the_third_referral_in_six_months_asks_for_a_conference(tell: Tell) -> None:
    """The door itself counts earlier referrals; the threshold stands until somebody decides."""
    case = tell(began)
    received = case.entry("referral-received")
    earlier = received["data"]["earlier_referrals"]
    assert [one["edtf"] for one in earlier] == [FIRST, SECOND]
    reached = [
        one["data"] for one in case.timeline() if one["name"] == "repeat-referral-threshold-reached"
    ]
    assert [one["count"] for one in reached] == [3, 4]
    assert [one["edtf"] for one in reached[0]["referrals"]] == [FIRST, SECOND, RECEIVED]
    assert {one["needed"] for one in reached} == {3}
    assert "threshold_without_conference" in case.codes()
    why = "He is in hospital; the inquiry goes on."
    against: Json = {"reason": "other_process", "rationale": why}
    case.ask("decide-conference-not-required", by="manager", **against)
    assert "threshold_without_conference" not in case.codes()


def test_the_conference_is_due_within_twenty_working_days(tell: Tell) -> None:
    """Twenty working days over St Andrew's Day end on 1 December, and a day later it is overdue."""
    case = tell(met)
    assert due(case.entry("referral-received"), "conference_due") == "2026-12-01"
    assert case.entry("referral-received")["data"]["conference_due"]["skipped"] == ["2026-11-30"]
    assert case.summary(as_at="2026-11-20")["conference_due"] == "2026-12-01"
    before = {"as_at": "2026-11-20"}
    assert "conference_overdue" not in case.codes(**before, on="2026-12-01")
    assert "conference_overdue" in case.codes(**before, on="2026-12-02")
    assert not {"conference_overdue", "conference_late"} & case.codes(on="2026-12-02")


def test_the_conference_decides_on_risk_and_orders_in_the_nations_own_terms(tell: Tell) -> None:
    """The criteria, the council officer, the powers, the status and the orders are recorded."""
    case = tell(met)
    names = case.names()
    assert "three-point-criteria-determined" in names
    assert "section42-duty-decided" not in names
    assert {"inquiry-opened", "council-officer-appointed", "investigatory-power-used"} <= {*names}
    assert case.entry("adult-at-risk-status-determined")["data"]["status"] == "at_risk"
    order = case.entry("protection-order-considered")["data"]
    assert (order["order"], order["decision"]) == ("banning", "keep_under_review")
    held = case.entry("conference-held")
    assert due(held, "minutes_due") == "2026-12-10"  # 10 working days
    assert due(held, "next_core_group") == CORE_GROUPS[0]
    assert due(held, "next_review") == "2027-02-25"
    not_listed = case.refused("conclude-enquiry", enquiry=case.refs["inquiry"],
                              concluded_on=HELD, capacity="perhaps")  # fmt: skip
    assert not_listed["rule"] == "I11"


def test_core_groups_every_four_weeks_and_a_review_in_three_months(tell: Tell) -> None:
    """Each meeting makes the next due; done in time nothing is criticised, left undone it is."""
    case = tell(closed)
    held = [one for one in case.timeline() if one["name"] == "core-group-held"]
    assert [one["occurred"]["edtf"] for one in held] == list(CORE_GROUPS)
    assert [due(one, "next_core_group") for one in held] == [*CORE_GROUPS[1:], "2027-03-17"]
    before = {"as_at": "2026-12-22"}
    assert "core_group_overdue" not in case.codes(**before, on=CORE_GROUPS[0])
    assert "core_group_overdue" in case.codes(**before, on="2026-12-24")
    late = {"as_at": "2027-02-18", "on": "2027-02-26"}
    assert {"review_overdue", "plan_review_overdue"} <= case.codes(**late)
    assert [one for one, _rule in case.overdue(**late)] == [case.case]
    assert case.overdue(on="2027-12-31") == []  # it is closed
    review = case.entry("conference-held")
    assert review["occurred"]["edtf"] == REVIEWED
    assert case.entry("adult-at-risk-status-determined")["data"]["status"] == "not_at_risk"
    # The report of the inquiry came after its seven working days: that stays.
    graver = [one["code"] for one in case.findings(on=CLOSED) if one["severity"] != "low"]
    assert graver == ["enquiry_late"]


def test_the_caseload_follows_the_case(tell: Tell) -> None:
    """Of three referrals about one adult one case stays open, and it leaves when it is closed."""
    case = tell(closed)
    assert case.caseload() == []
    (row,) = case.caseload(as_at="2026-12-15", team="west-team")
    assert (row["case"], row["stage"]) == (case.case, "plan")
    assert row["worker"] == case.worker("practitioner")
    assert case.caseload(as_at="2026-10-01") == []
    assert case.summary()["closed_on"] == CLOSED
