"""While which entries of one case were read in another: what was counted from them meanwhile.

Two cases may be read as one, apart, and as one again. A due date was counted from an entry of the
other where that was read as it was recorded; and it follows a correction of that entry where the
entry is read there, then or later. Apart, each case keeps what it had as they were parted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.words import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class While:
    """From which position, and until which, entries of a case were read in another.

    `of` are their positions, None all of them; `until` is None where they still are.
    """

    since: int
    until: int | None
    of: frozenset[int] | None

    def reads(self, entry: int) -> bool:
        """Whether an entry, by its position, was among them."""
        return self.of is None or entry in self.of

    def during(self, position: int) -> bool:
        """Whether it was so as something was recorded there."""
        return self.since < position and (self.until is None or position < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadIn:
    """What has due dates in a case that read entries of this one: they may be counted from these.

    `spans` say while when it did, or does. The facts are under the negatives of their positions: as
    now understood, the withdrawn among them, and as recorded.
    """

    spans: tuple[While, ...]
    dated: Mapping[int, Fact[Any]]
    as_recorded: Mapping[int, Fact[Any]]
    withdrawn: frozenset[int]

    def reads(self, entry: int) -> bool:
        """Whether an entry of this case, by its position, is or was read there."""
        return any(one.reads(entry) for one in self.spans)
