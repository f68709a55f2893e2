"""What a copy of the minutes leaves out, and what stands in its place (R165).

What is left out has its ground and who decided it; of what nobody is recorded as having decided,
that. So it is of a part its reader did not attend, where no copy is recorded that leaves it out.
A ground that would itself give away what is withheld stands in the record and in the master's list
of copies, and not in a copy: that an investigation might be compromised tells whoever is
investigated of it, that somebody could be harmed tells whom they would harm that there is reason
to fear it, and that the referrer is named tells them where to look. It is so in every copy: one
made for the adult goes to whoever is alleged to have caused harm too, or is seen by them at home.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from api.chronologies.writing import said
from api.minutes.contents import ABOUT_PART, CLOSED, about_harm
from domain.grid import Part
from domain.jurisdictions import Jurisdiction
from domain.minutes import RedactedCopyProduced, Redaction
from domain.refusal import NotFound, Refused
from domain.words import Fact

UNDECIDED: Final = "nobody is recorded as having decided it"
NOT_THERE: Final = (
    f"Withheld: a part the recipient did not attend. {UNDECIDED[:1].upper()}{UNDECIDED[1:]}."
)
# Grounds that are not told in a copy; one in somebody's own words may say anything.
_TELLING: Final = frozenset({"criminal_investigation", "serious_harm", "referrer", "other"})
KEPT: Final = "the ground is kept in the record"
_MOST: Final = 3  # letters of an abbreviation that keeps its capitals


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What one copy leaves out.

    `chosen` are the parts it covers, none meaning all; `worker` gives a name.
    """

    parts: tuple[Part, ...]
    chosen: frozenset[int]
    redactions: tuple[Redaction, ...]
    nation: Jurisdiction
    worker: Callable[[UUID], str]

    @property
    def whole(self) -> bool:
        """Whether it leaves nothing out."""
        return not self.redactions and not any(self.part(one.number) for one in self.parts)

    def any_of(self, parts: tuple[int, ...]) -> bool:
        """Whether any of these parts is left in; none named are all of them."""
        return not parts or any(self.part(one) is None for one in parts)

    def section(self, code: str) -> str | None:
        """Why a whole section is left out, where whoever decided on the copy says so."""
        return next((self._withheld(cut) for cut in self.redactions if code in cut.sections), None)

    def part(self, part: int | None) -> str | None:
        """Why what fell in a part is left out; None where it is not, or fell in no part named."""
        if part is None:
            return None
        for one in self.redactions:
            if one.part == part:
                return self._withheld(one)
        return NOT_THERE if self.chosen and part not in self.chosen else None

    def harm(self, part: int | None) -> str | None:
        """Why what is about the person alleged to have caused harm, and fell in it, is left out."""
        cut = self.section(CLOSED)
        if cut is not None or part is not None:
            return cut or self.part(part)
        left = (self.part(one.number) for one in self.parts if one.professionals_only)
        return next(filter(None, left), None)

    def passage(self, number: int) -> str | None:
        """Why a passage is left out, where that was decided of this very one."""
        cuts = (cut for cut in self.redactions if number in cut.passages)
        return next((self._withheld(cut) for cut in cuts), None)

    def entry(self, fact: Fact[Any]) -> str | None:
        """Why an entry of the meeting is left out, as far as the section it stands in says none."""
        part = part_of(fact)
        about = self.harm(part) if about_harm(fact) else None
        asked = fact.event.part if fact.header.name in ABOUT_PART else part
        return about or self.part(asked)

    def _withheld(self, one: Redaction) -> str:
        by = self.decided(one)
        by = f"{by[:1].upper()}{by[1:]}"
        if one.ground in _TELLING:
            return f"Withheld. {by}; {KEPT}."
        return f"Withheld: {self.ground(one)}. {by}."

    def cut(self, one: Redaction) -> str:
        """On what ground something is left out and who decided it, inside a list of copies."""
        if one.ground in _TELLING and not self.whole:
            return f"{self.decided(one)}; {KEPT}"
        return f"{self.ground(one)}, {self.decided(one)}"

    def decided(self, one: Redaction) -> str:
        """Who decided that something is left out, inside a sentence; not whoever wrote it down."""
        return UNDECIDED if one.decided_by is None else f"decided by {self.worker(one.decided_by)}"

    def ground(self, one: Redaction) -> str:
        """On what ground something is left out, inside a sentence."""
        if one.ground == "other" and one.ground_other is not None:
            return said(one.ground_other)
        return low(self.nation.label("redaction_ground", one.ground))


def part_of(fact: Fact[Any]) -> int | None:
    """The part of its meeting in which an entry fell, where it says one."""
    if fact.header.name in ABOUT_PART:  # said beforehand, of a part
        return None
    part: int | None = getattr(fact.event, "part", None)
    return part


def copy_at(met: Sequence[Fact[Any]], version: int | None, case: UUID) -> Fact[Any] | None:
    """The entry that says what a copy leaves out; None where none is asked for.

    Raises:
        NotFound: no such copy is recorded.
        Refused: two cases have such a copy.
    """
    if version is None:
        return None
    copies = [
        one for one in met if one.version == version and isinstance(one.event, RedactedCopyProduced)
    ]
    copies = [one for one in copies if one.stream == case] or copies
    if not copies:
        raise NotFound("No such copy of the minutes of this conference is recorded.")
    if len(copies) > 1:
        words = "Two cases have a copy under that number: open it in the case it was recorded in."
        raise Refused("which_copy", "R165", words)
    return copies[0]


def redactions(copy: Fact[Any] | None) -> Iterator[Redaction]:
    """What a recorded copy leaves out.

    Raises:
        Refused: it leaves something out that no machine finds.
    """
    if copy is None:
        return
    for cut in copy.event.redactions:
        if not (cut.part or cut.sections or cut.passages):
            words = "That copy leaves something out at a place only people can find."
            raise Refused("no_place", "R165", words)
        yield cut


def low(label: str) -> str:
    """A label inside a sentence; an abbreviation keeps its capitals."""
    first = label.split(" ", 1)[0]
    return label if first[:_MOST].isupper() and len(first) > 1 else label[:1].lower() + label[1:]
