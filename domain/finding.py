"""How the record says "this was not done well": a finding criticises practice, never stops it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.words import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A criticism the source documents would make, in plain words that blame nobody.

    `rules` cites rows of the rules table (R1–R216); `position` is the event it hangs on (None for
    an absence that hangs on no single event); `since` is the day from which it stood.
    """

    code: Code
    rules: tuple[str, ...]
    severity: Code  # high | medium | low
    words: str
    position: int | None = None
    since: date | None = None
    subject: str | None = None  # a reference (allegation, conference, plan) that tells two apart


@dataclass(frozen=True, slots=True)
class Criticism:
    """What a finding says, before it is said of anything; stages keep theirs in one list."""

    code: Code
    rules: tuple[str, ...]
    severity: Code
    words: str

    def of(
        self,
        subject: UUID | None = None,
        *,
        position: int | None = None,
        since: date | None = None,
    ) -> Finding:
        """Say it of one conference, plan or allegation, at one event, since one day."""
        return Finding(
            code=self.code,
            rules=self.rules,
            severity=self.severity,
            words=self.words,
            position=position,
            since=since,
            subject=None if subject is None else str(subject),
        )


def criticism(code: str, rules: str, words: str, severity: str = "medium") -> Criticism:
    """Write one down: `rules` are the rule numbers, parted by spaces."""
    return Criticism(Code(code), tuple(rules.split()), Code(severity), words)
