"""Who was at a meeting: one table a part, with who they are, for whom, and the part they took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from api.chronologies.writing import said
from api.minutes.page import Table
from api.story.saying import Voice, agency
from domain.grid import Attendance, Part
from domain.invitation import ParticipantInvited
from domain.words import ParticipantRef

_Kind: TypeAlias = tuple[str, str | None, str | None]

# Who they are stands in one cell, so that the part they took has the room of a sentence.
HEADS: Final = ("Who", "Attendance", "May decide for agency", "Part they took")


def grid(part: Part, asked: Mapping[ParticipantRef, ParticipantInvited], voice: Voice) -> Table:
    """The table of one part (R33 to R46, R195)."""
    rows = tuple(_row(line, asked, voice) for line in part.attendances)
    return Table(heads=HEADS, rows=rows)


def _row(
    line: Attendance, asked: Mapping[ParticipantRef, ParticipantInvited], voice: Voice
) -> tuple[str, ...]:
    invited = None if line.participant is None else asked.get(line.participant)
    of = "" if line.organisation is None else agency_cell(line.organisation)
    return (
        in_one((role(line, voice), name(line, invited, voice), of)),
        voice.nation.label("attendance", line.attendance),
        ""
        if line.organisation is None or not line.present
        else voice.nation.label("yes_no_not_stated", line.delegated_authority),
        "" if line.participation is None else said(line.participation),
    )


def in_one(cells: tuple[str, str, str]) -> str:
    """`Manager of an agency involved, Petra Example (Example Care)`: somebody in one cell."""
    what, called, of = cells
    agency = "" if not of or of == what else f" ({of})"
    return f"{what}{f', {called}' if called else ''}{agency}"


def role(line: Attendance | ParticipantInvited, voice: Voice) -> str:
    """What somebody is at the meeting."""
    if line.role_other is not None:
        return said(line.role_other)
    return voice.nation.label("participant_role", line.role)


def name(line: Attendance, invited: ParticipantInvited | None, voice: Voice) -> str:
    """What they are called: as they were invited, else as whoever they are is known."""
    if line.role == "adult" and voice.adult is not None:
        return voice.named(voice.adult)
    if invited is None:
        return ""
    if invited.name is not None:
        return said(invited.name)
    if invited.worker is not None:
        return voice.worker(invited.worker)
    return "" if invited.person is None else voice.named(invited.person)


def missing(
    parts: Sequence[Part], asked: Mapping[ParticipantRef, ParticipantInvited], voice: Voice
) -> list[str]:
    """Everybody who was asked and of whom no part says whether they came.

    A line that names nobody who was asked is of one of its role and agency: where more of them are
    left than such lines, it is said that some came, or did not, and not which.
    """
    answered = {line.participant for part in parts for line in part.attendances}
    left: dict[_Kind, list[str]] = {}
    for ref, one in asked.items():
        if ref not in answered:
            left.setdefault(_kind(one), []).append(_asked(one, voice))
    there = Counter[_Kind]()
    for part in parts:  # who is in several is one
        there |= Counter(_kind(one) for one in part.attendances if one.participant is None)
    told = list[str]()
    for kind, each in left.items():
        number = there[kind]
        if not number:
            told += each
        elif number < len(each):
            told.append(f"{len(each) - number} of these, and not said which: {'; '.join(each)}")
    return told


def _kind(one: Attendance | ParticipantInvited) -> _Kind:
    other = None if one.role_other is None else said(one.role_other)
    return (one.role, other, one.organisation)


def _asked(one: ParticipantInvited, voice: Voice) -> str:
    called = "" if one.name is None else f", {said(one.name)}"
    of = "" if one.organisation is None else f" ({agency_cell(one.organisation)})"
    return f"{role(one, voice)}{of}{called}"


def agency_cell(organisation: str) -> str:
    """`The health trust` as a cell: an agency without its article."""
    named = agency(organisation).removeprefix("the ")
    return named[:1].upper() + named[1:]
