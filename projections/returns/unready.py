"""One thing to put right before a return is sent, and how it is told of what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from projections.returns.facts import Concern, Enquiry
from projections.returns.table import Counted

MISSING: Final = "missing"
UNANSWERED: Final = "unanswered"
IMPOSSIBLE: Final = "impossible"
UNKNOWN: Final = frozenset({"not_recorded", "not_known"})


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Unready:
    """One thing to put right: what it is about, where it was recorded, and what to do.

    `subject` is the enquiry, the adult or the case; `table` is where it shows, "" if in none.
    `personal`: it tells what a person's own record says of them.
    """

    kind: str
    table: str
    case: UUID
    subject: UUID
    position: int
    says: str
    remedy: str
    personal: bool = False


def of_concern(one: Concern, kind: str, says: str, remedy: str) -> Unready:
    """What is to be put right of a concern, at its entry."""
    return Unready(
        kind=kind,
        table="SG1f",
        case=one.case,
        subject=one.case,
        position=one.position,
        says=says,
        remedy=remedy,
    )


def of_enquiry(
    one: Enquiry, kind: str, says: str, remedy: str, *, table: str = "", at: int | None = None
) -> Unready:
    """What is to be put right of an enquiry, at its conclusion unless another entry is named."""
    return Unready(
        kind=kind,
        table=table,
        case=one.case,
        subject=one.enquiry,
        position=at or one.concluded_at or one.opened_at,
        says=says,
        remedy=remedy,
    )


def of_counted(one: Counted, kind: str, table: str, says: str, remedy: str) -> Unready:
    """What is to be put right of something that a table counts, or leaves out."""
    return Unready(
        kind=kind,
        table=table,
        case=one.case,
        subject=one.subject,
        position=one.position,
        says=says,
        remedy=remedy,
    )
