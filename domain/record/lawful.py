"""What became of a key that is gone: whether a forgetting that the log names took it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias
from uuid import UUID

from domain.record.keyring import Keyring
from domain.refusal import Corrupt

UNREADABLE: Final = (AttributeError, KeyError, TypeError, ValueError)

# The subjects that the record's erasures name, each with the position before which these may have
# taken what is about it; the keys of single passages; and those that an erasure of their subject
# left to another, each with the position before which one that did not may have taken it.
Named: TypeAlias = tuple[Mapping[UUID, int], Collection[UUID], Mapping[UUID, int]]
Erased: TypeAlias = Callable[[], Named]
# What erasures took that a restoring lost: subjects, and keys of single passages.
Lost: TypeAlias = Callable[[], tuple[Collection[UUID], Collection[UUID]]]


@dataclass(frozen=True, slots=True)
class Accounts:
    """What entries of a log have to rest on, beyond their own bytes.

    `holds` says so where each does; `wrong` are the positions of those that do not, and why.
    """

    holds: str
    wrong: Callable[[], Iterable[tuple[int, str]]]


class Fate(Enum):
    """Why a key is not there."""

    FORGOTTEN = "an erasure in the log names it"
    LOST = "an erasure did it that went with the end of the log"
    LISTED = "no erasure in the log that was lawful names it"  # nor does what a restoring lost
    MISSING = "nobody forgot it"


@dataclass(slots=True)
class Forgettings:
    """The forgettings of a record, as keys that are gone are held to them.

    `erased` is asked after a key was found to be gone, since an erasure is recorded before it is
    carried out; without it what the keyring lists is believed. `restored`: the log was begun again
    from a copy, so that it may lack erasures; `lost` is what the log says they took, without it
    what the keyring lists as such is believed. `blame` is told where any of it cannot be read.
    """

    keyring: Keyring
    erased: Erased | None
    restored: bool
    lost: Lost | None
    blame: Callable[[str], None]
    _lost: tuple[Collection[UUID], Collection[UUID]] | None = field(default=None, init=False)
    _named: Named | None = field(default=None, init=False)

    def of(self, missing: Mapping[UUID, tuple[UUID, int]]) -> dict[UUID, Fate]:
        """What became of each of these keys (key → subject, position of what it opened)."""
        listed = self.keyring.listed({key: subject for key, (subject, _) in missing.items()})
        lawful = self._lawful({key: missing[key] for key in listed})
        rest = {
            key: missing[key][0] for key, may_be in listed.items() if may_be and key not in lawful
        }
        lost = self._taken(rest) if rest and self.restored else set[UUID]()
        fates = {}
        for key in missing:
            if key in lawful:
                fates[key] = Fate.FORGOTTEN
            elif key in lost:
                fates[key] = Fate.LOST
            else:
                fates[key] = Fate.LISTED if key in listed else Fate.MISSING
        return fates

    def _taken(self, listed: Mapping[UUID, UUID]) -> set[UUID]:
        """Which of these keys (key → subject) went by erasures that a restoring lost."""
        if self.lost is None:
            return set(listed)
        if self._lost is None:
            try:
                self._lost = self.lost()
            except (Corrupt, *UNREADABLE) as error:
                self.blame(f"what a restoring lost cannot be read ({type(error).__name__})")
                return set(listed)
        subjects, keys = self._lost
        return {key for key, one in listed.items() if key in keys or one in subjects}

    def _lawful(self, listed: Mapping[UUID, tuple[UUID, int]]) -> set[UUID]:
        """Which of these keys (key → subject, position) an erasure in the log stands for."""
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
            subjects, keys, left = self._named
            lawful = {
                key
                for key, (one, position) in listed.items()
                if key in keys or position < left.get(key, subjects.get(one, 0))
            }
            if len(lawful) == len(listed):
                break
        return lawful
