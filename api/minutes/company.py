"""Whom one copy of the minutes may call what they are: all there were, or those it shows itself.

A copy that leaves anything out names nobody but whom its own grid names, and no otherwise than it
does there: who else had to do with the meeting would tell of what is withheld (R165, G5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from api.minutes.grid import agency_cell, name, role
from api.minutes.left_out import LeftOut
from api.story.saying import Voice
from domain.grid import Attendance
from domain.hearing import AdultViewsPresented
from domain.invitation import ParticipantInvited
from domain.words import Code, ParticipantRef

_ADULT: Final = "adult"
_ATTENDANCE: Final = "attendance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Those who were asked, with what one copy leaves out."""

    left: LeftOut
    asked: Mapping[ParticipantRef, ParticipantInvited]
    voice: Voice

    def cells(self, who: Any) -> tuple[str, str, str] | None:  # noqa: ANN401 — has a role at least
        """What they are, their name, and for whom; None where this copy does not show them."""
        if self.left.whole:
            line = Attendance(
                participant=who.participant,
                role=who.role,
                role_other=who.role_other,
                organisation=who.organisation,
                attendance=Code("not_recorded"),
            )
            called = self._name(line)
            person = getattr(who, "person", None)
            if not called and person is not None:
                called = self.voice.named(person)
            return self._cells(line, called)
        shown = self.line(who)
        return None if shown is None else self._cells(shown, self._name(shown))

    def line(self, who: Any) -> Attendance | None:  # noqa: ANN401 — as above
        """Their line in the grid of a part that this copy covers."""
        return next((line for line in self._lines() if _same(line, who)), None)

    def speaking(self, event: Any) -> Any:  # noqa: ANN401 — any event
        """Who put the adult's views, named only where this copy shows them in its grid."""
        if self.left.whole or not isinstance(event, AdultViewsPresented):
            return event
        shown = any(line.participant == event.presenter for line in self._lines())
        return replace(event, presenter=event.presenter if shown else None, presenter_name=None)

    def _lines(self) -> list[Attendance]:
        """The lines of the grids that this copy has."""
        if self.left.section(_ATTENDANCE) is not None:
            return []
        covered = [one for one in self.left.parts if self.left.part(one.number) is None]
        return [line for part in covered for line in part.attendances]

    def _name(self, line: Attendance) -> str:
        invited = None if line.participant is None else self.asked.get(line.participant)
        return name(line, invited, self.voice)

    def _cells(self, line: Attendance, called: str) -> tuple[str, str, str]:
        of = "" if line.organisation is None else agency_cell(line.organisation)
        return role(line, self.voice), called, of


def _same(line: Attendance, who: Any) -> bool:  # noqa: ANN401 — as above
    """Whether a line is theirs: by name, else the adult's, else of one role for one agency.

    The cells are the line's, so that a likeness tells nothing the grid does not.
    """
    if who.participant is not None or line.participant is not None:
        return line.participant is not None and line.participant == who.participant
    if _ADULT in {who.role, line.role}:
        return bool(line.role == who.role)
    alike = (line.role, line.organisation) == (who.role, who.organisation)
    return alike and line.role_other is None
