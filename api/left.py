"""What forgetting a person leaves: cases that name them and still tell something; and the like.

What is told about the person is gone. A passage about the case or about somebody else is theirs,
and may give the person's name: somebody has to read it, and erase it by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import orjson

from api.lookups import cases_naming
from domain.corrected import Correction, understood
from domain.record.encoding import passages

if TYPE_CHECKING:
    from api.office import Office

STILL_TELLS: Final = (
    "What is told there about the case or about other people is left, and may give this person's "
    "name: read it, and erase each passage that does by itself (scope passage)."
)
LATE: Final = (
    "These data were erased before this hold was recorded: it keeps what is recorded from now on, "
    "and nothing of what went."
)
# Of a correction: what was recorded stays as it was understood, and whoever made it is to know.
CORRECTS_NOTHING: Final = (
    "This correction says neither when it was, nor what is now understood, nor that it is "
    "withdrawn: it changes nothing. Correct the entry once more, and name this correction as the "
    "one that is replaced."
)


def changes_nothing(office: Office, stream: UUID, event: Any) -> bool:  # noqa: ANN401 — any event
    """Whether a correction says nothing, and takes nothing back that another said before it."""
    if not isinstance(event, Correction) or not event.bare:
        return False
    if event.fields or event.supersedes is None:
        return True
    rows = [row for row in office.record.log.stream(stream) if row.version <= event.supersedes]
    before = understood(office.record.open(rows))[event.target]
    return not (before.withdrawn or before.wrong)


def telling(office: Office, person: UUID) -> list[UUID]:
    """The cases that name somebody and in which any passage still opens, in their order."""
    return sorted(one for one in cases_naming(office, person) if _tells(office, one))


def _tells(office: Office, case: UUID) -> bool:
    keys = {
        UUID(sealed["key"])
        for row in office.record.log.stream(case)
        for sealed in passages(orjson.loads(row.payload)["data"])
    }
    return bool(office.keyring.find(keys))
