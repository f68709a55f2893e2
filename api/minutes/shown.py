"""Of an entry, what its sentence in the minutes is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from domain.advice import LegalAdviceObtained
from domain.assessment import CapacityDecisionRecorded
from domain.plan import Terms
from domain.sitting import CoreGroupHeld
from domain.tabling import ReportShared


def without(event: Any) -> Any:  # noqa: ANN401 — any event
    """The event without what stands elsewhere in the minutes, or in none."""
    terms = getattr(event, "terms", None)
    if isinstance(terms, Terms):
        return replace(event, terms=replace(terms, actions=()))
    if isinstance(event, LegalAdviceObtained) and event.privileged != "no":
        return replace(event, advice=None)
    if isinstance(event, CapacityDecisionRecorded):  # what was found, and not how
        return replace(event, evidence=None, support=None)
    if isinstance(event, CoreGroupHeld):  # who was there, and what is due, stand elsewhere
        return replace(event, parts=(), minutes_due=None, next_core_group=None, decisions_due=None)
    if isinstance(event, ReportShared):
        return replace(event, permission=None)  # which says it itself, just before
    return event
