"""What somebody saw of a case or a person: the version, and how far those read in it had come.

A version is one stream's. A case that is read with others is decided on by all of them, so its tag
(the ETag of its answers, and what its forms carry) names both: `"7"` of one that stands by itself,
`"7-212"` of one whose others had last been recorded in at position 212. Whoever records says what
they saw, and nothing is recorded where any of it has changed since.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TAG: Final = re.compile(r"(0|[1-9]\d{0,17})(?:-([1-9]\d{0,17}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tag:
    """A version of a stream, and the last position of the cases read in it (0: there are none)."""

    version: int
    beside: int = 0

    def __str__(self) -> str:
        return f"{self.version}-{self.beside}" if self.beside else f"{self.version}"

    @classmethod
    def read(cls, text: str) -> Tag:
        """A tag as it was sent. Raises ValueError, without what was sent."""
        found = _TAG.fullmatch(text)
        if found is None:
            raise ValueError("no tag")
        return cls(int(found[1]), int(found[2] or 0))
