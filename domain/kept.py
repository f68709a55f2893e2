"""That a document was kept beside the logs, and what it is held to from then on.

Of the log of readings (`access.py`), since it changes no case; apart, because the record itself
writes and reads it (`record/entered.py`). Nothing it holds means anything outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.words import Digest, DocumentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A key that a document needs, and about whom it is.

    Nobody is named where it was destroyed before the document was taken into the log.
    """

    key: UUID
    about: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKept:
    """A document was kept, sealed, beside the logs: it is held to what this says.

    `row` commits to all that is stored of it. `as_at` is the last position of the log of cases by
    then: an erasure that was made good before that stands for none of its keys. `taken_in`: it was
    kept by a release that made no such entries, and is held to what was there when this was
    recorded, not when it was kept.
    """

    document: DocumentRef
    digest: Digest
    row: Digest
    shares: tuple[Share, ...] = ()
    as_at: int | None = None
    taken_in: bool = False
