"""Protection orders and warrants of the Adult Support and Protection (Scotland) Act 2007.

Sections 11 to 42. A limit in hours is counted from the hour of the grant or the removal; where only
the day is recorded it ends with the day on which it runs out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.jurisdictions import Limit
from domain.words import Code

# The commands by which an order goes on from its application; without one none of them is taken.
ORDER_STEPS: Final = (
    "record-protection-order-granted",
    "record-protection-order-refused",
    "record-protection-order-executed",
    "record-protection-order-varied",
    "record-protection-order-recalled",
    "record-protection-order-appealed",
    "record-protection-order-expired",
)
ORDERS: Final[Mapping[str, Mapping[str, str]]] = {
    "order_kind": {
        "assessment": "Assessment order (section 11)",
        "removal": "Removal order (section 14)",
        "banning": "Banning order (section 19)",
        "temporary_banning": "Temporary banning order (section 21)",
        "warrant": "Warrant for entry (section 37)",
    },
    "order_applicant": {
        "council": "The council",
        "adult": "The adult",
        "occupier": "An occupier of the place",
        "not_recorded": "Not recorded",
    },
    "undue_pressure": {  # section 35
        "not_in_question": "The adult does not refuse",
        "shown": "The adult refuses under undue pressure",
        "lacks_capacity": "The adult lacks capacity; pressure need not be shown",
        "not_shown": "The adult refuses, and no undue pressure is shown",
        "not_recorded": "Not recorded",
    },
    "order_granted_by": {
        "sheriff": "Sheriff",
        "justice_of_the_peace": "Justice of the peace, in an urgent case (section 40)",
    },
    "order_appellant": {
        "council": "The council",
        "adult": "The adult",
        "subject": "Whom the order bans",
        "occupier": "An occupier of the place",
        "not_recorded": "Not recorded",
    },
    "appeal_status": {
        "pending": "Pending",
        "upheld": "The appeal was upheld",
        "dismissed": "The appeal was dismissed",
        "withdrawn": "Withdrawn",
    },
    # A manager changes a plan at once; the next conference ratifies it (local guidance).
    "urgent_change_reason": {
        "new_harm": "New harm, or risk of it",
        "adults_circumstances": "The adult's circumstances changed",
        "service_failed": "A service or carer could not go on",
        "adults_wish": "At the adult's wish",
        "order": "An order was granted, refused or ended",
        "other": "Other",
        "not_recorded": "Not recorded",
    },
    "ratification": {
        "ratified": "Agreed to",
        "ratified_with_changes": "Agreed to with changes",
        "not_ratified": "Not agreed to",
    },
}


def _limit(amount: int, unit: str, counted_from: str, cite: str) -> Limit:
    """Give a limit of the Act."""
    return Limit(
        amount=amount, unit=Code(unit), counted_from=counted_from, cite=f"2007 Act, {cite}"
    )


_GRANT: Final = "the day the order was granted"

ORDER_LIMITS: Final[Mapping[str, Limit]] = {
    "assessment_order": _limit(
        7, "calendar_days", "the date the order states, or that of its grant", "section 11"
    ),
    "removal_carried_out": _limit(72, "hours", _GRANT, "section 14"),
    "removal_carried_out_urgent": _limit(12, "hours", _GRANT, "section 40(7)(a)"),
    "removal_order": _limit(7, "calendar_days", "the day the adult was moved", "section 14"),
    "removal_order_urgent": _limit(24, "hours", "the day the adult was moved", "section 40(7)(b)"),
    "banning_order": _limit(6, "months", _GRANT, "section 19"),
    "temporary_banning_order": _limit(6, "months", _GRANT, "section 21"),
    "warrant_for_entry": _limit(72, "hours", _GRANT, "section 37(2)(a)"),
    "warrant_for_entry_urgent": _limit(12, "hours", _GRANT, "section 40(8)"),
}
