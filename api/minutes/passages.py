"""What somebody wrote into the minutes: each passage with how it was made and who stands by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from api.chronologies.writing import said
from api.minutes.left_out import LeftOut
from api.story.saying import Voice, agency
from domain.drafting import MinutePassageAttested, MinutePassageWritten
from domain.words import Fact


class Passages:
    """The passages of one meeting's minutes, as one copy has them.

    `used` takes in the position of each that was told.
    """

    def __init__(
        self, met: Sequence[Fact[Any]], left: LeftOut, voice: Voice, used: set[int]
    ) -> None:
        self._met, self._left, self._voice, self._used = met, left, voice, used

    def of(self, section: str) -> list[Fact[Any]]:
        """Those of a section as last written, by their number."""
        written = {one.event.number: one for one in self._every}
        return [one for _number, one in sorted(written.items()) if one.event.section == section]

    def written(self, number: int) -> list[Fact[Any]]:
        """Each wording of a passage, the earlier ones too."""
        return [one for one in self._every if one.event.number == number]

    def say(self, one: Fact[Any]) -> str:
        """A passage with how it was made and who attested it, or why it is left out."""
        event = one.event
        if (cut := self._left.passage(event.number)) is not None:
            return f"{event.number}. {cut}"
        self._used.add(one.position)
        return f"{event.number}. {said(event.text)} [{'; '.join(self._made(one))}]"

    def _made(self, one: Fact[Any]) -> Iterator[str]:
        """How a passage was made, by whom, and who stands by it."""
        event = one.event
        origin = self._voice.nation.label("passage_origin", event.origin)
        yield f"{origin} ({agency(event.tool)})" if event.tool else origin
        yield f"written by {self._voice.worker(event.written_by)}"
        if event.amendment is not None:
            yield "as amended on request"
        yield f"attested by {self._attested.get(one.position, 'nobody')}"

    @cached_property
    def _every(self) -> list[Fact[Any]]:
        return [one for one in self._met if isinstance(one.event, MinutePassageWritten)]

    @cached_property
    def _attested(self) -> dict[int, str]:
        """By the position of a passage, who attested it."""
        places = {(one.stream, one.version): one.position for one in self._met}
        attested: dict[int, str] = {}
        for one in self._met:
            if isinstance(one.event, MinutePassageAttested):
                by = self._voice.worker(one.event.attested_by)
                # An entry of another case is named by its position there (`domain.joined`).
                stood = (places.get((one.stream, of), -of) for of in one.event.versions)
                attested |= dict.fromkeys(stood, by)
        return attested
