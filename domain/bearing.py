"""Capacity for what: which decisions bear on the adult's protection, and on refusing it (R49)."""

from __future__ import annotations

from typing import Final

from domain.known import Known
from domain.words import Code

_FINANCES: Final = Code("finances")
_BEARING: Final = frozenset(
    {
        *(Code("own_safety"), Code("enquiry"), Code("protection_plan")),
        *(Code("accommodation"), Code("medical_treatment"), Code("contact")),
    }
)


def of_protection(known: Known) -> frozenset[Code]:
    """Give the decisions that bear on protection; on money only where harm to it is alleged."""
    financial = any(one.type == "financial" for one in known.allegations.values())
    return _BEARING | {_FINANCES} if financial else _BEARING
