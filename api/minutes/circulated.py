"""Who has the minutes: a line a copy, of which, what it covers, what was left out, on what ground.

As it is recorded (R157 to R160, R164, R165), with who was refused them and why. How and where a
copy was sent is in the record, and not here: that is nobody's but theirs. Of minutes that were
approved anew it says which somebody holds, and that others are in their place. A copy that leaves
something out lists those alone whom it shows (`company`); what others' copies cover or leave out it
does not say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.chronologies.writing import said
from api.editions import editions
from api.minutes.company import Company
from api.minutes.grid import in_one
from api.minutes.left_out import UNDECIDED, low
from api.minutes.page import Paragraph, Table
from api.story.saying import time as time_in_words
from domain.minutes import (
    MinutesCirculated,
    MinutesWithheld,
    Recipient,
    RedactedCopyProduced,
    Redaction,
)
from domain.words import Digest, Fact

HEADS: Final = ("Who", "Sent", "Which minutes", "Covers", "Left out, and why")
NOT_NAMED: Final = (
    "Of those who have the minutes, or were refused them, this copy names those alone whom it shows"
    " as there or away. The others, and what was left out for them, are withheld, as from each copy"
    f" that leaves something out; {UNDECIDED}."
)
_REFUSED: Final = "Refused the minutes:"
_WHOLE: Final = "All of it"
_DRAFT: Final = "A draft, not approved"
_UNAPPROVED: Final = "None that stand as approved"
_UNTOLD: Final = ("Not said in this copy",) * 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What is put together for a section, with the positions of the entries it is made of."""

    lines: tuple[Paragraph, ...] = ()
    table: Table | None = None
    used: frozenset[int] = frozenset()


def circulated(met: Sequence[Fact[Any]], company: Company, own: Digest | None) -> Listed:
    """The list of who has copies; nothing where none is recorded as sent or refused.

    `own` is the digest of this copy, where it is one that is recorded to leave something out.
    """
    listing = _Listing(met, company, own)
    sent = [one for one in met if isinstance(one.event, MinutesCirculated)]
    refused = [one for one in met if isinstance(one.event, MinutesWithheld)]
    rows = [row for one in sent for row in listing.rows(one)]
    lines = list[Paragraph]()
    if not company.left.whole:
        lines += [NOT_NAMED] if sent or refused else []
    elif refused:
        lines += [_REFUSED, tuple(listing.refused(one) for one in refused)]
    table = Table(heads=HEADS, rows=tuple(rows)) if rows else None
    return Listed(lines=tuple(lines), table=table, used=frozenset(listing.used))


class _Listing:
    """Writes the rows, and remembers what they were made of."""

    def __init__(self, met: Sequence[Fact[Any]], company: Company, own: Digest | None) -> None:
        self._company, self._left, self._voice = company, company.left, company.voice
        copies = [one for one in met if isinstance(one.event, RedactedCopyProduced)]
        self._redacted = {one.event.copy: one for one in copies}
        self._editions = editions(met)
        self._own = own
        self._every = {one.number for one in self._left.parts}
        self._covered = {one for one in self._every if self._left.part(one) is None}
        self.used = set[int]()

    def rows(self, fact: Fact[Any]) -> Iterator[tuple[str, ...]]:
        """A row for each recipient of one sending whom this copy shows."""
        for one in fact.event.recipients:
            covers = {*(_parts_of(one) or self._every)} & self._covered
            cells = self._company.cells(one)
            if cells is not None and (covers or self._left.whole):
                self.used.add(fact.position)
                sent = time_in_words(fact.occurred)
                covered = _WHOLE if covers == self._every else _parts(covers)
                told = (covered, self._omitted(one)) if self._tells_of(one) else _UNTOLD
                yield (in_one(cells), sent, self._which(one), *told)

    def _tells_of(self, one: Recipient) -> bool:
        """Whether this copy says what one covers: of others than itself only if it is whole."""
        return self._left.whole or one.copy == self._own

    def refused(self, fact: Fact[Any]) -> str:
        """Somebody who was refused the minutes, with the ground."""
        event = fact.event
        self.used.add(fact.position)
        who = in_one(self._company.cells(event) or ("", "", ""))
        label = self._voice.nation.label("withheld_reason", event.reason)
        reason = low(label) if event.reason_other is None else said(event.reason_other)
        if event.reason == "not_recorded":
            reason = "the reason is not recorded"
        return f"{who}: {reason}"

    def _which(self, one: Recipient) -> str:
        """Of which minutes their copy is: as approved on which day, and whether replaced since."""
        if one.unapproved_draft:
            return _DRAFT
        edition = self._editions.get(one.source)
        if edition is None:
            return _UNAPPROVED
        self.used.add(edition.position)
        return _capital(edition.words)

    def _omitted(self, one: Recipient) -> str:
        """What their copy leaves out."""
        cut = [f"{_capital(what)}: {why}" for what, why in self._cut(one)]
        bare = one.copy == one.source or bool(one.parts)
        return "; ".join(cut) or ("Nothing" if bare else "Not recorded")

    def _cut(self, one: Recipient) -> Iterator[tuple[str, str]]:
        """Each place left out of a copy, and on what ground."""
        made, parts = self._redacted.get(one.copy), _parts_of(one)
        said_of = set[int | None]()
        if made is not None:
            self.used.add(made.position)
            for cut in made.event.redactions:
                yield self._place(cut), self._left.cut(cut)
                said_of.add(cut.part)
        for part in self._left.parts:
            if parts and part.number not in {*parts, *said_of}:
                yield f"part {part.number}", self._absent(one, part.number)

    def _place(self, cut: Redaction) -> str:
        """Where something is left out."""
        where = [f"part {cut.part}"] if cut.part is not None else []
        label = self._voice.nation.label
        where += [low(label("minutes_section", code)) for code in cut.sections]
        where += [f"passage {number}" for number in cut.passages]
        return ", ".join(where) or "a place in it"

    def _absent(self, one: Recipient, number: int) -> str:
        """Why a part is not in a copy of which nothing else is recorded."""
        parts = (part for part in self._left.parts if part.number == number)
        there = any(
            line.present and (line.participant, line.role) == (one.participant, one.role)
            for part in parts
            for line in part.attendances
        )
        ground = self._voice.nation.label("redaction_ground", "part_not_attended")
        return f"{'the reason is not recorded' if there else low(ground)}, and {UNDECIDED}"


def _parts_of(one: Recipient) -> tuple[int, ...]:
    """The parts a copy is of, none meaning all: those who have the minutes themselves have all."""
    return () if one.copy == one.source else one.parts


def _parts(numbers: set[int]) -> str:
    told = [str(one) for one in sorted(numbers)]
    if len(told) == 1:
        return f"Part {told[0]}"
    return f"Parts {', '.join(told[:-1])} and {told[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
