"""A case closed more than once is closed or open, in every view, as the rules have it."""

from __future__ import annotations

from datetime import date

import pytest

from domain.closure import CaseReopened
from domain.words import Code
from projections.caseload import CASELOAD, caseload
from projections.reviews import REVIEWS, overdue
from tests.controls import a_closure, a_referral, an_enquiry
from tests.projections.conftest import Views, told

AGAIN = CaseReopened(reason=Code("new_information"))
ON = date(2027, 6, 1)


@pytest.mark.parametrize(
    ("days", "is_open"),
    [
        ([("closed", "2026-12-20"), ("closed", "2026-12-10"), ("again", "2026-12-15")], False),
        ([("closed", "2026-12-10"), ("again", "2026-12-20"), ("closed", "2026-12-15")], True),
        ([("closed", "2026-12-20"), ("again", "2026-12-15")], True),
        ([("closed", "2026-12-10"), ("again", "2026-12-10"), ("closed", "2026-12-10")], False),
    ],
)
def test_which_closing_counts_is_no_matter_of_entry(
    views: Views, days: list[tuple[str, str]], *, is_open: bool
) -> None:
    """A caseload and the reviews show a case as open where it is, whichever was entered first."""
    views.tell(told("2026-11-02", a_referral("2026-11-02")), told("2026-11-03", an_enquiry()))
    for kind, day in days:
        event = a_closure() if kind == "closed" else AGAIN
        views.tell(told("2026-12-31", event, occurred=day))
    views.follow(CASELOAD, REVIEWS)

    assert bool(views.ask(caseload, on=ON).rows) is is_open
    assert bool(views.ask(overdue, on=ON)) is is_open
