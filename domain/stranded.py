"""What entries of one case say of things that another has, since both are read apart (R150, L29).

In a case that reads another, what is decided there is of either. Parted again, its entries stay
where they were recorded, and name what is read elsewhere: neither case tells the whole of it. Both
say so, to record it anew where it belongs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from domain.finding import Finding
from domain.stage import Mark, found
from domain.words import CaseRef

HERE: Final = "here"
THERE: Final = "there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranded:
    """Entries that name what the other of two cases has: those read here, or those read there."""

    other: CaseRef
    where: str  # here | there
    at: Mark  # by what the two were parted, as it stands in this case
    entries: tuple[str, ...]  # by name


def left_behind(every: Iterable[Stranded]) -> Iterator[Finding]:
    """Say of each other case what stands in one of the two about what the other has."""
    for one in every:
        named = ", ".join(dict.fromkeys(name.replace("-", " ") for name in one.entries))
        words = f"Entries that are read here are about what another case has: {named}."
        if one.where == THERE:
            words = f"Entries that are read in another case are about what this one has: {named}."
        code, rules, count = "named_in_another_case", "R150 L29", len(one.entries)
        yield found(
            code,
            rules,
            "medium",
            words,
            at=one.at,
            subject=one.other,
            which=one.where,
            counted=count,
        )
