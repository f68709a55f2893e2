"""What an answer of the command line rests on: in its JSON, at its foot, or beside a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from api.basis import Basis
from api.commands import show
from api.pages import words

_DIFFERS: Final = {"days": "setting of closed and worked days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rests:
    """The basis of an answer as it is told; `notes` are what is otherwise now than it was then."""

    told: Mapping[str, Any]  # as the answer's JSON has it
    words: str
    text: str
    notes: tuple[str, ...]

    @classmethod
    def of(cls, basis: Basis) -> Rests:
        """What is to be told of a basis, while the office is open."""
        told = basis.told()
        return cls(
            told=basis.named(), words=rests_on(told), text=basis.text(), notes=tuple(_notes(basis))
        )

    def json(self, answer: Mapping[str, Any]) -> None:
        """Print an answer as JSON with its basis."""
        show.as_json({**answer, "basis": self.told})
        self._beside()

    def foot(self) -> None:
        """Print it below an answer that people read."""
        show.say(self.words)
        show.say(f"Asked again by it, the answer is the same: --basis {self.text}")
        self._beside()

    def beside(self) -> None:
        """Say it beside an answer that other programs read as it is: figures, or a file."""
        show.tell(self.words)
        show.tell(f"Asked again by it, the answer is the same: --basis {self.text}")
        self._beside()

    def _beside(self) -> None:
        for one in self.notes:
            show.tell(one)


def rests_on(told: Mapping[str, Any]) -> str:
    """A basis in one line."""
    day = words.day(date.fromisoformat(told["on"]))
    return (
        f"As known at position {told['size']} of {told['origin']}, root {told['root']}, by "
        f"Holdfast {told['release']} and the policy {told['policy']}, judged by {day}."
    )


def _notes(basis: Basis) -> list[str]:
    """No part of the answer: where nothing forgotten was in it, it is the same bytes."""
    notes = []
    if differs := [_DIFFERS.get(one, one) for one in basis.differs()]:
        notes.append(f"The {' and '.join(differs)} of that basis is not that of now.")
    if gone := basis.forgotten():
        notes.append(
            f"Lawfully forgotten since that basis: {gone} passages. Where one of them stood in the "
            "answer, it says so."
        )
    return notes
