"""A closing that is withdrawn leaves nothing behind in any view."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.closure import CaseReopened
from domain.conclusion import EnquiryConcluded
from domain.words import Code, EnquiryRef
from projections.caseload import CASELOAD
from projections.rebuild import verify
from projections.returns.facts import FACTS
from projections.reviews import REVIEWS
from tests.controls import (
    CASE,
    ENQUIRY,
    OTHER_CASE,
    a_closure,
    a_conclusion,
    a_referral,
    an_enquiry,
    ref,
)
from tests.projections.conftest import Views, corrected, told

CLOSED = replace(a_closure(), reason=Code("adults_request"), reason_other=None)
SECOND = EnquiryRef(ref(78))
BOTH = ((CASE, ENQUIRY), (OTHER_CASE, SECOND))
# What names a row, or where in the record something of it stands: differs from case to case.
_APART = frozenset({"case", "subject", "valid", "adult"})


def rows(views: Views, table: str, case: UUID) -> list[dict[str, Any]]:
    """Read a case's present rows of a view, but for what tells one case from another."""
    with views.connect("holdfast_writer") as conn:
        found = conn.execute(
            f'SELECT * FROM views.{table} WHERE "case" = %s AND upper_inf(valid)', (case,)
        )
        names = [one.name for one in found.description or ()]
        told = [
            {
                name: value
                for name, value in zip(names, row, strict=True)
                if name not in _APART and not name.endswith("_at") and not _places(value)
            }
            for row in found
        ]
        return sorted(told, key=repr)


def _places(value: Any) -> bool:  # noqa: ANN401 — a cell of any kind
    """Whether a cell holds positions or references, which are each case's own."""
    return isinstance(value, dict | list) and bool(value)


def test_every_view_shows_the_case_as_one_that_was_never_closed(views: Views) -> None:
    """Closed, and the closing withdrawn: its rows are those of its neighbour (I12)."""
    for case, _enquiry in BOTH:
        views.tell(told("2026-11-02", a_referral("2026-11-02"), stream=case))
    for case, enquiry in BOTH:
        views.tell(told("2026-11-03", replace(an_enquiry(), enquiry=enquiry), stream=case))
    views.tell(told("2026-11-05", CLOSED, stream=CASE))
    views.follow(CASELOAD, REVIEWS, FACTS)
    assert rows(views, "caseload", CASE) != rows(views, "caseload", OTHER_CASE)
    views.tell(told("2026-11-06", corrected(3, withdrawn=True), stream=CASE))
    views.follow(CASELOAD, REVIEWS, FACTS)
    for table in ("caseload", "reviews", "return_facts"):
        own = rows(views, table, CASE)
        assert own, table
        assert own == rows(views, table, OTHER_CASE), table
    for projection in (CASELOAD, REVIEWS, FACTS):
        assert verify(projection, views.connect).equal


def test_a_reopening_after_it_begins_nothing_anew(views: Views) -> None:
    """Nor is one left that took up what was not closed."""
    for case, _enquiry in BOTH:
        views.tell(told("2026-11-02", a_referral("2026-11-02"), stream=case))
    for case, enquiry in BOTH:
        views.tell(told("2026-11-03", replace(an_enquiry(), enquiry=enquiry), stream=case))
    for case, enquiry in BOTH:
        ended: EnquiryConcluded = replace(a_conclusion(), enquiry=enquiry)
        views.tell(told("2026-11-04", ended, stream=case))
    views.tell(
        told("2026-11-05", CLOSED, stream=CASE),
        told("2026-11-06", CaseReopened(reason=Code("new_information")), stream=CASE),
        told("2026-11-09", corrected(5, withdrawn=True), stream=CASE),
        told("2026-11-09", corrected(4, withdrawn=True), stream=CASE),
    )
    views.follow(CASELOAD, REVIEWS, FACTS)
    for table in ("caseload", "reviews", "return_facts"):
        assert rows(views, table, CASE) == rows(views, table, OTHER_CASE), table
