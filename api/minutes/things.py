"""What things are called in the minutes, with the entries that say so.

What an entry calls something may quote another entry. A kept file has to be forgotten with both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from api.story.saying import Voice
from domain.words import Fact


class Things(dict[UUID, str]):
    """By reference, what it is called; `used` are the positions of the entries that was told by."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[int] = set()
        self._made_of: dict[UUID, set[int]] = {}

    def __getitem__(self, ref: UUID) -> str:
        called = super().__getitem__(ref)
        self.used |= self._made_of.get(ref, set())
        return called

    def get(self, ref: UUID, default: Any = None) -> Any:  # noqa: ANN401 — as of any mapping
        """What it is called, where something is known of it."""
        return self[ref] if ref in self else default  # noqa: SIM401 — it would ask itself

    def __setitem__(self, ref: UUID, called: str) -> None:
        super().__setitem__(ref, called)
        self._made_of[ref] = self.used

    def learn(self, facts: Iterable[Fact[Any]], voice: Voice) -> None:
        """Take in what a voice, whose things these are, calls what each entry is about."""
        for fact in facts:
            self.used = {fact.position}  # and whatever is looked up for it
            voice.learn([fact])
        self.used = set()
