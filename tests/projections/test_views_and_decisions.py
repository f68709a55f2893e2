"""What a view shows of a case and what a command meets are one: also of what was withdrawn."""

from __future__ import annotations

from datetime import date

import pytest

from domain.closure import CaseReopened
from domain.reading import replayed
from domain.words import Code
from projections.caseload import CASELOAD, caseload
from projections.rebuild import verify
from tests.controls import CASE, a_closure, a_referral
from tests.projections.conftest import Views, corrected, told

CLOSED = told("2026-12-01", a_closure())  # version 2
REOPENED = told("2026-12-15", CaseReopened(reason=Code("new_information")))  # version 3


@pytest.mark.parametrize(
    ("events", "is_open"),
    [
        ((CLOSED,), False),
        ((CLOSED, told("2026-12-20", corrected(2, withdrawn=True))), True),
        ((CLOSED, REOPENED), True),
        ((CLOSED, REOPENED, told("2026-12-20", corrected(3, withdrawn=True))), False),
        ((CLOSED, REOPENED, told("2026-12-20", corrected(2, withdrawn=True))), True),
        ((CLOSED, REOPENED, told("2026-12-20", corrected(2, occurred="2026-12-18"))), True),
        ((CLOSED, REOPENED, told("2026-12-20", corrected(3, occurred="2026-11-20"))), True),
        (
            (
                CLOSED,
                told("2026-12-20", corrected(2, withdrawn=True)),
                told("2026-12-21", corrected(2, supersedes=3)),
            ),
            False,
        ),
    ],
)
def test_a_case_is_open_in_the_caseload_where_it_takes_what_an_open_case_takes(
    views: Views, events: tuple[object, ...], *, is_open: bool
) -> None:
    """Closings and reopenings withdrawn, re-dated and put back are so in both (I12, I14)."""
    views.tell(told("2026-11-02", a_referral("2026-11-02")), *events)
    views.follow(CASELOAD)
    rows = views.ask(caseload, on=date(2027, 1, 10)).rows
    case = replayed(CASE, {CASE: views.record.facts(CASE)})
    assert (bool(rows), not case.closed) == (is_open, is_open)
    assert verify(CASELOAD, views.connect).equal
