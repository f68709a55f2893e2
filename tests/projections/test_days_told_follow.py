"""The register and the returns count by the day an entry tells, as it is understood."""

from __future__ import annotations

from datetime import date

from domain.duty import Section42DutyDecided
from domain.words import Code
from projections.decisions import DECISIONS
from projections.rebuild import verify
from projections.returns.folding import FACTS
from tests.controls import ENQUIRY, a_conclusion, a_referral, an_enquiry
from tests.projections.conftest import Views, corrected, told
from tests.projections.test_returns_corrected import columns


def test_a_conclusion_counts_in_the_year_it_is_understood_to_be_of(views: Views) -> None:
    """Concluded in April, and not in March: it counts in the next year (R147)."""
    views.tell(told("2026-11-02", a_referral()), told("2026-11-02", an_enquiry()))
    views.tell(told("2027-03-31", a_conclusion(date(2027, 3, 31))))
    views.tell(told("2027-04-05", corrected(3, occurred="2027-04-01")))
    assert columns(views, ENQUIRY, "concluded_on") == (date(2027, 4, 1),)
    views.tell(told("2027-04-06", corrected(3, supersedes=4, withdrawn=True)))
    assert columns(views, ENQUIRY, "concluded_on") == (None,)
    views.tell(told("2027-04-07", corrected(3, supersedes=5)))
    assert columns(views, ENQUIRY, "concluded_on") == (date(2027, 4, 1),)
    assert verify(FACTS, views.connect).equal


def test_a_decision_stands_on_the_day_it_is_understood_to_be_of(views: Views) -> None:
    """In the register too, where the day it names is the one it was said to have happened on."""
    decided = Section42DutyDecided(
        criteria=(),
        result=Code("section_42"),
        met=True,
        disposal=None,
        decided_on=date(2026, 11, 3),
    )
    views.tell(told("2026-11-02", a_referral()), told("2026-11-03", decided))
    views.tell(told("2026-11-09", corrected(2, occurred="2026-11-04")))
    views.follow(DECISIONS)
    with views.connect() as conn:
        rows = conn.execute(
            "SELECT decided_on FROM views.decisions WHERE upper_inf(valid)"
        ).fetchall()
    assert rows == [(date(2026, 11, 4),)]
    assert verify(DECISIONS, views.connect).equal
