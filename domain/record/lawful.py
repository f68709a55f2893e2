"""What became of a key that is gone: whether a forgetting that the log names took it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias
from uuid import UUID

from domain.record.keyring import Keyring
from domain.refusal import Corrupt

UNREADABLE: Final = (AttributeError, KeyError, TypeError, ValueError)

# The subjects that the record's erasures name, and the keys of single passages.
Erased: TypeAlias = Callable[[], tuple[Collection[UUID], Collection[UUID]]]


class Fate(Enum):
    """Why a key is not there."""

    FORGOTTEN = "an erasure in the log names it"
    LOST = "an erasure did it that went with the end of the log"
    LISTED = "no erasure in the log names it"
    MISSING = "nobody forgot it"


@dataclass(slots=True)
class Forgettings:
    """The forgettings of a record, as keys that are gone are held to them.

    `erased` is asked after a key was found to be gone, since an erasure is recorded before it is
    carried out; without it what the keyring lists is believed. `restored`: the log was begun again
    from a copy, so that it may lack erasures. `blame` is told where they cannot be read.
    """

    keyring: Keyring
    erased: Erased | None
    restored: bool
    blame: Callable[[str], None]
    _named: tuple[Collection[UUID], Collection[UUID]] | None = field(default=None, init=False)

    def of(self, missing: Mapping[UUID, UUID]) -> dict[UUID, Fate]:
        """What became of each of these keys (key → subject)."""
        listed = self.keyring.listed(missing)
        lawful = self._lawful({key: missing[key] for key in listed})
        fates = {}
        for key in missing:
            if key in lawful:
                fates[key] = Fate.FORGOTTEN
            elif self.restored and listed.get(key):
                fates[key] = Fate.LOST
            else:
                fates[key] = Fate.LISTED if key in listed else Fate.MISSING
        return fates

    def _lawful(self, listed: Mapping[UUID, UUID]) -> set[UUID]:
        """Which of these keys (key → subject) an erasure in the log stands for."""
        if self.erased is None or not listed:
            return set(listed)
        lawful: set[UUID] = set()
        for fresh in (False, True):  # one may have been recorded since it was asked
            if fresh or self._named is None:
                try:
                    self._named = self.erased()
                except (Corrupt, *UNREADABLE) as error:
                    self.blame(f"the erasures cannot be read ({type(error).__name__})")
                    return set(listed)  # nothing is said of what they name
            subjects, keys = self._named
            lawful = {key for key, one in listed.items() if key in keys or one in subjects}
            if len(lawful) == len(listed):
                break
        return lawful
