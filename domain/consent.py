"""Whose refusal stops a protection order: the adult's, unless they cannot decide that (R204)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.known import Known
from domain.stage import Mark, could_precede
from domain.words import Code

# Capacity for one of these speaks of agreeing to any order, and for one more by its kind: R49.
_OF_ANY: Final = frozenset({"own_safety", "protection_plan"})
_OF_KIND: Final[Mapping[str, frozenset[str]]] = {
    "assessment": _OF_ANY | {"enquiry", "medical_treatment"},
    "removal": _OF_ANY | {"accommodation"},
    "banning": _OF_ANY | {"contact"},
    "temporary_banning": _OF_ANY | {"contact"},
}
NEEDS_CONSENT: Final = frozenset(_OF_KIND)  # of `order_kind`; a warrant asks for nobody's


def lacks_capacity(kind: Code, at: Mark, known: Known) -> bool:
    """Whether the last word by then on a decision that bears on an order is a lack of capacity."""
    last = {
        one.decision: one.answer
        for one in known.capacity_recorded
        if one.decision in _OF_KIND[kind] and could_precede(one.at.when, at.when)
    }
    return "lacks_capacity" in last.values()
