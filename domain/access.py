"""The log of readings: looking leaves a trace (procedure E, L11 and L12).

These stand in streams of their own, apart from the cases, and are read by those who answer an adult
or an auditor who asks who looked. Who looked, when and for which organisation is in the header of
each. No text that was searched for or read is kept, only what was opened.

What was put there to be read stands here too, each document that was kept (`kept.py`), what a
record that was restored can no longer show to anybody, and who has to vouch for what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from domain.kept import DocumentKept
from domain.words import CaseRef, Code, Digest, PersonRef, Slug, listed

__all__ = [
    "DocumentKept",
    "Event",
    "ForgettingsLost",
    "HeadGiven",
    "ProofGiven",
    "QuorumChanged",
    "RecordViewed",
    "SearchMade",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordViewed:
    """Somebody opened a record, through one of the doors, for a purpose.

    `cases` are those that an answer about several showed, at most 1,000; of more there are several
    of these events. `as_at` is the position up to which they asked to see it; None for the present.
    `exceptions` are the positions of the access exceptions by which they were let in (L13).
    """

    case: CaseRef | None = None
    person: PersonRef | None = None
    cases: tuple[CaseRef, ...] = ()
    what: Code = listed("view_subject")
    door: Code = listed("view_door")
    purpose: Code = listed("purpose")
    as_at: int | None = None
    exceptions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchMade:
    """Somebody searched, and got this many hits; what they searched for is not kept."""

    hits: int
    door: Code = listed("view_door")
    purpose: Code = listed("purpose")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgettingsLost:
    """The record was restored, and had been made to forget by erasures that it does not hold.

    `incarnation` is the number under which the log of readings goes on. `subjects` and `keys` (of
    single passages) are what these took, by the newest keyring: what else is missing nobody lost.
    Recorded once an incarnation, at the first start of it.
    """

    incarnation: int
    subjects: tuple[UUID, ...] = ()
    keys: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadGiven:
    """Up to where a log was given: its incarnation, how many entries, and their tree hash."""

    incarnation: int
    size: int
    root: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofGiven:
    """All that was recorded was handed over with its proof, what is personal still sealed (L12).

    `recipient` is the agency that has it. `manifest` is the digest of the file that names each file
    of it, so that what was given can be told from what was made later.
    """

    recipient: Slug
    purpose: Code = listed("purpose")
    manifest: Digest
    record: HeadGiven
    readings: HeadGiven


@dataclass(frozen=True, slots=True, kw_only=True)
class QuorumChanged:
    """From here on others have to cosign a head than before, or nobody: at least `needed` of them.

    `witnesses` are those that this rests on, each by the SHA-256 of its key; `policy` is that of
    what is asked of which keys, whatever a file calls them: each key in hexadecimal, a group as
    `(LEAST of MEMBER MEMBER)` with its members in order; None where nobody has to. Recorded by
    whoever signs heads, before the first that is signed by it.
    """

    needed: int
    witnesses: tuple[Digest, ...] = ()
    policy: Digest | None = None


Event: TypeAlias = (
    RecordViewed | SearchMade | DocumentKept | ForgettingsLost | ProofGiven | QuorumChanged
)
