"""What an erasure is, in a case's stream or a person's: its form, and what refuses it.

An erasure is the one thing that no later event can put right. So it names what is to go, two people
answer for it, and no hold stands over it (procedure E L9, L14, L17).
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.refusal import Refused
from domain.words import Code, WorkerRef, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """Personal data were made unreadable for good, on two people's word (L9, L10, L14).

    Says what kind of data and by what authority, and holds none of it. `target` is the version of
    the event whose passages alone went, where it was not everything.
    """

    retention_class: Code = listed("retention_class")
    authority: Code = listed("erasure_authority")
    target: int | None = None
    approved_by: WorkerRef
    also_approved_by: WorkerRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing:
    """Record the erasure that is carried out with this event."""

    retention_class: Code = listed("retention_class")
    authority: Code = listed("erasure_authority")
    target: int | None = None
    approved_by: WorkerRef
    also_approved_by: WorkerRef

    def check(self, scope: Code) -> None:
        """Hold it to a passage that is named, and to two people (L9, L14).

        Raises:
            Refused: one of these is missing.
        """
        if scope == "passage" and self.target is None:
            raise no_target("Name the event whose passages are to go.")
        if self.approved_by == self.also_approved_by:
            raise Refused(
                "one_approver",
                "L14",
                "An erasure needs the approval of two people.",
                field="also_approved_by",
            )


def no_target(words: str) -> Refused:
    """Say that the event whose passages are to go is not named, or not there."""
    return Refused("no_target", "L9", words, field="target")


def held(words: str) -> Refused:
    """Say that a legal hold stands over it."""
    return Refused("legal_hold", "L17", words)
