"""How the record says "this was not done well": a finding criticises practice, never stops it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.when import When
from domain.words import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A criticism the source documents would make, in plain words that blame nobody.

    `rules` cites rows of the rules table (R1–R216), and by L and a number the law on records beside
    them (data protection, disclosure, retention); `position` is the event it hangs on (None for
    an absence that hangs on no single event); `since` is from when it stood, exactly as uncertain
    as that was stated, and None where it was stated not to be known. `at_latest`: that is a due
    date, and only the latest day it can have been (`Due.started`).
    """

    code: Code
    rules: tuple[str, ...]
    severity: Code  # high | medium | low
    words: str
    position: int | None = None
    since: When | None = None
    at_latest: bool = False
    subject: str | None = None  # a reference (allegation, conference, plan) that tells two apart
