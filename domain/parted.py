"""A meeting whose entries were parted by a split: what of it the other case has (R150, L29).

Whoever splits off how a meeting was called, and leaves behind that it was held, has it in two
halves. That it was held counts in both; what the other case has of it is named, to go after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from domain.finding import Finding
from domain.stage import Mark, found
from domain.words import ConferenceRef

_CALLED: Final = "conference-convened"
_HELD: Final = frozenset({"conference-held", "core-group-held", "conference-part-held"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """A meeting of which this case has entries, and one it was parted from has more, by name."""

    conference: ConferenceRef
    at: Mark  # the split, as it stands in this case
    here: tuple[str, ...]
    there: tuple[str, ...]

    @property
    def held_there(self) -> bool:
        """Whether the other case has that it was held."""
        return not _HELD.isdisjoint(self.there)


def in_halves(meetings: Iterable[Parted]) -> Iterator[Finding]:
    """Say of each what the other case has: graver where it was called in one and held in another.

    What a meeting of two adults decided about the second goes to their case rightly: that is looked
    at, and no more.
    """
    for one in meetings:
        called, held = _CALLED in one.here, not _HELD.isdisjoint(one.here)
        apart = one.held_there and called and not held
        apart = apart or (_CALLED in one.there and held and not called)
        named = ", ".join(dict.fromkeys(name.replace("-", " ") for name in one.there))
        words = f"Of a meeting that is read here, another case has since a split: {named}."
        severity, count = "medium" if apart else "low", len(one.there)
        subject, code = one.conference, "meeting_parted"
        yield found(code, "R150 L29", severity, words, at=one.at, subject=subject, counted=count)
