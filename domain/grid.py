"""The attendance grid of a meeting: its parts, and in each one line for everybody asked or there.

What is said later of a part or of somebody stands in the place of what was said before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.when import When
from domain.words import Code, ParticipantRef, Passage, Slug, listed

PRESENT = frozenset({"attended", "part_attended", "remote"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One line of the attendance grid of one part (R20, R33, R34, R46, R202).

    `participant` is the invitation it answers; None for the adult and for anybody not invited.
    """

    participant: ParticipantRef | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    attendance: Code = listed("attendance")
    delegated_authority: Code = listed("yes_no_not_stated", default=Code("not_stated"))
    participation: Passage | None = None

    @property
    def present(self) -> bool:
        """Whether they were there, in whole, in part or remotely."""
        return self.attendance in PRESENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a conference, with the one set of people who attended it (R29 to R34)."""

    number: int
    reason: Code = listed("part_reason")
    professionals_only: bool = False
    started: When | None = None
    ended: When | None = None
    attendances: tuple[Attendance, ...] = ()


def backwards(part: Part) -> bool:
    """Whether a part is said to have ended, for certain, before it began."""
    began = None if part.started is None else part.started.earliest
    ended = None if part.ended is None else part.ended.latest
    return began is not None and ended is not None and ended < began


def elsewhere(role: str, parts: Sequence[Part], closed: Sequence[Part]) -> bool:
    """Whether somebody of that role came to closed parts alone, though others were open."""
    there = [
        part for part in parts if any(one.present and one.role == role for one in part.attendances)
    ]
    return bool(there) and len(closed) < len(parts) and all(part in closed for part in there)


def lines_of(parts: Mapping[str, Part]) -> dict[str, Attendance]:
    """The lines of parts of a meeting, each by its place in the command that tells them."""
    return {
        f"{place}.attendances[{number}]": line
        for place, part in parts.items()
        for number, line in enumerate(part.attendances)
    }


def with_part(parts: tuple[Part, ...], part: Part) -> tuple[Part, ...]:
    """Put a part among the others; what was said of it before stands where it does not say."""
    said = {_whose(line) for line in part.attendances} - {None}
    before = [line for one in parts if one.number == part.number for line in one.attendances]
    kept = [line for line in before if line not in part.attendances and _whose(line) not in said]
    whole = replace(part, attendances=(*part.attendances, *kept))
    others = [one for one in parts if one.number != part.number]
    return tuple(sorted((*others, whole), key=lambda one: one.number))


def with_line(parts: tuple[Part, ...], number: int, line: Attendance) -> tuple[Part, ...]:
    """Put a line in its part, in the place of an earlier one about the same person."""
    bare = Part(number=number, reason=Code("not_recorded"), attendances=())
    part = next((one for one in parts if one.number == number), bare)
    whose = _whose(line)
    kept = [one for one in part.attendances if whose is None or _whose(one) != whose]
    whole = replace(part, attendances=(*kept, line))
    others = [one for one in parts if one.number != number]
    return tuple(sorted((*others, whole), key=lambda one: one.number))


def _whose(line: Attendance) -> ParticipantRef | Code | None:
    """Whom a line is about; None where that cannot be told."""
    if line.participant is not None:
        return line.participant
    return line.role if line.role == "adult" else None
