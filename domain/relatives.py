"""Who was asked to a conference, and on what footing a relative comes: no automatic right (R59).

What `invitation` remembers of each, and what it criticises of relatives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from domain.finding import Finding
from domain.known import Known, Sat, not_to_come
from domain.stage import Mark, after, could_precede, found
from domain.words import Code, ConferenceRef, ParticipantRef, PersonRef, Slug, WorkerRef

FAMILY: Final = "family"  # of `participant_role`
NOT_TO_COME: Final = "not_attend"  # of `attend_decision`
# Who lacks capacity for one of these may be spoken for by a relative at the meeting: R61.
OF_FAMILY: Final = frozenset(
    {"attending_conference", "own_safety", "sharing_information", "contact"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """One invitation, and what came of it before the meeting."""

    role: Code
    organisation: Slug | None
    at: Mark
    asked: tuple[Mark, ...]  # each time
    worker: WorkerRef | None = None
    person: PersonRef | None = None
    contributed: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyDecision:
    """On what footing a relative may come."""

    decision: Code
    basis: Code
    verified: Code
    alleged: Code
    at: Mark


def asked(
    ref: ConferenceRef,
    invited_to: Mapping[ParticipantRef, Invited],
    family: Mapping[ParticipantRef, FamilyDecision],
    known: Known,
) -> Iterator[Finding]:
    """Ask on what footing relatives were invited (R59 to R62)."""
    for participant, invited in invited_to.items():
        decision = family.get(participant)
        if not_to_come(known, ref, participant, invited):
            continue
        if invited.role == FAMILY and _without_basis(decision, invited):
            words = (
                "A relative was invited and neither the adult's wish nor another basis is noted."
            )
            yield found(
                "family_without_basis", "R59 R60", "high", words, at=invited.at, subject=ref
            )
    for participant, decision in family.items():
        if decision.decision == NOT_TO_COME:
            continue
        if decision.basis == "best_interests" and not _lacking(decision, known):
            words = "A relative attends in the adult's best interests; that the adult lacks "
            words += "capacity for that is not recorded."
            code = "family_without_capacity"
            yield found(code, "R61", "medium", words, at=decision.at, subject=ref)
        if decision.basis in {"lpa", "deputy"} and decision.verified != "yes":
            words = "A relative attends by legal authority, and the authority was not verified."
            yield found(
                "authority_not_verified", "R62 R63", "medium", words, at=decision.at, subject=ref
            )
        invitation = invited_to.get(participant)
        known_as = None if invitation is None else invitation.person
        if decision.alleged == "yes" or known_as in known.pach:
            words = "The relative admitted is recorded as alleged to have caused harm."
            yield found("family_alleged", "R62", "medium", words, at=decision.at, subject=ref)


def _without_basis(decision: FamilyDecision | None, invited: Invited) -> bool:
    """Whether nothing recorded carries an invitation, or it was made against a decision (R60)."""
    if decision is None or decision.basis == "not_recorded":
        return True
    return decision.decision == NOT_TO_COME and after(invited.at, decision.at)


def _lacking(decision: FamilyDecision, known: Known) -> bool:
    """Whether the adult was found, by then, to lack capacity for a decision that bears on it."""
    return any(
        one.answer == "lacks_capacity"
        and one.decision in OF_FAMILY
        and could_precede(one.at.when, decision.at.when)
        for one in known.capacity_recorded
    )


def came(
    ref: ConferenceRef, family: Mapping[ParticipantRef, FamilyDecision], sitting: Sat
) -> Iterator[Finding]:
    """Ask of each relative who came whether that was decided (R59)."""
    there = {
        line.participant for _, line in sitting.attendances if line.present and line.role == FAMILY
    }
    admitted = {who for who, one in family.items() if one.decision != NOT_TO_COME}
    if any(one not in admitted for one in there):
        words = "A relative was at the conference, and no decision that they may be is recorded."
        yield found("family_came_undecided", "R59", "medium", words, at=sitting.held, subject=ref)
