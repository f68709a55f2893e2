from __future__ import annotations

from dataclasses import replace

import pytest

from domain.catalogue import EVENTS
from domain.correction import CorrectRecord
from domain.reference import DOCUMENTS, AddCaseReference, CaseReferenceAdded
from domain.stages import STAGES, members
from domain.words import Code, ExternalReference, Personal, Slug
from tests.controls import CASE, OTHER_CASE, a_closure, a_referral, a_report
from tests.given import given
from tests.spec.correction.test_what_was_withdrawn import withdrawing

THEIRS = ExternalReference(system=Slug("council-system"), id=Personal(CASE, "C-4711"))


def test_a_case_is_called_what_another_system_calls_it() -> None:
    """A reference of the case itself has no target."""
    given(a_referral()).when(AddCaseReference(reference=THEIRS)).then(
        CaseReferenceAdded(reference=THEIRS)
    )


def test_a_document_is_called_what_another_system_calls_it() -> None:
    """A reference of a report names the event that brought it."""
    given(a_referral(), a_report()).when(AddCaseReference(reference=THEIRS, target=2)).then(
        CaseReferenceAdded(reference=THEIRS, target=2)
    )


@pytest.mark.parametrize("target", [3, 9])
def test_what_is_no_document_has_no_reference(target: int) -> None:
    """A reference names the case or a document in it, and not any other event."""
    history = given(a_referral(), a_report(), CaseReferenceAdded(reference=THEIRS))
    history.when(AddCaseReference(reference=THEIRS, target=target)).then_not_found()


def test_a_case_that_has_not_begun_has_no_reference() -> None:
    """There is nothing yet that another system could mean."""
    given().when(AddCaseReference(reference=THEIRS)).then_not_found()


def test_a_closed_case_takes_a_reference() -> None:
    """Another system may name a case after its end (I14: it belongs to what the case holds)."""
    given(a_referral(), a_closure()).when(AddCaseReference(reference=THEIRS)).then_recorded(
        CaseReferenceAdded
    )


def test_a_reference_that_another_case_carries_is_recorded_and_questioned() -> None:
    """R150: it may be one matter in two cases, or a slip; either way both stand on record."""
    history = given(a_referral())
    shared = AddCaseReference(reference=THEIRS, elsewhere=(OTHER_CASE,))
    history.when(shared).then_finding("reference_shared", severity="low")
    history.when(AddCaseReference(reference=THEIRS)).on("2026-12-01").then_no_finding(
        "reference_shared"
    )


def test_a_reference_that_stands_again_beside_another_case_is_questioned() -> None:
    """R150: also where it is a correction that lets it stand, and no more once it is withdrawn."""
    history = given(a_referral(), CaseReferenceAdded(reference=THEIRS)).when(withdrawing(2)).history
    again = CorrectRecord(
        target=2, supersedes=3, reason=Code("entered_wrongly"), elsewhere=(OTHER_CASE,)
    )
    stands = history.when(again).history
    stands.then_finding("reference_shared", severity="low")
    stands.when(replace(withdrawing(2), supersedes=4)).then_no_finding("reference_shared")


def test_documents_are_brought_by_events_of_a_case() -> None:
    """Every event that may be named is one of the catalogue, and of a case."""
    of_cases = {cls for stage in STAGES.values() for cls in members(stage.Event)}
    assert {EVENTS[name].cls for name in DOCUMENTS} <= of_cases
