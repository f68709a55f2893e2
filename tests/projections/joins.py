"""Cases joined and parted in a told history: one event in each of the two, as it is recorded."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.joining import (
    FROM,
    LEADING,
    MERGED,
    TO,
    CaseMerged,
    CaseSplit,
    CaseSplitEnded,
    CaseUnmerged,
)
from domain.words import CaseRef, Code, PersonRef
from tests.projections.conftest import Told


def _both(day: str | date, one: UUID, event: object, other: UUID, its: object) -> tuple[Told, Told]:
    """Place the two; that of the other case stands first."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return Told(day=on, event=its, stream=other), Told(day=on, event=event, stream=one)


def merge(day: str | date, one: UUID, other: UUID, reason: str = "one_adult") -> tuple[Told, Told]:
    """Give a merge of one case into another."""
    why = Code(reason)
    return _both(
        day,
        one,
        CaseMerged(other=CaseRef(other), place=MERGED, reason=why),
        other,
        CaseMerged(other=CaseRef(one), place=LEADING, reason=why),
    )


def unmerge(
    day: str | date, one: UUID, other: UUID, merge: int, its_merge: int
) -> tuple[Told, Told]:
    """Give the end of a merge; `merge` and `its_merge` are the versions of it in the two."""
    return _both(
        day,
        one,
        CaseUnmerged(other=CaseRef(other), place=MERGED, merge=merge),
        other,
        CaseUnmerged(other=CaseRef(one), place=LEADING, merge=its_merge),
    )


def split(
    day: str | date, one: UUID, other: UUID, *entries: int, adult: PersonRef | None = None
) -> tuple[Told, Told]:
    """Give a split of entries of one case to another."""
    why = Code("wrong_person")
    return _both(
        day,
        one,
        CaseSplit(other=CaseRef(other), place=FROM, reason=why, entries=entries, adult=adult),
        other,
        CaseSplit(other=CaseRef(one), place=TO, reason=why, entries=entries, adult=adult),
    )


def end_split(
    day: str | date, one: UUID, other: UUID, split: int, its_split: int
) -> tuple[Told, Told]:
    """Give the end of a split; `split` and `its_split` are the versions of it in the two."""
    return _both(
        day,
        one,
        CaseSplitEnded(other=CaseRef(other), place=FROM, split=split),
        other,
        CaseSplitEnded(other=CaseRef(one), place=TO, split=its_split),
    )
