"""Pseudonyms by purpose: the same within one, others in another, gone with whom they stand for.

What somebody is called is reckoned (HMAC-SHA-256) from the purpose, and the review it is for, under
a secret of their own that lies in the keyring. So whoever has two exports of two purposes cannot
tell that two pseudonyms are one person, whoever has the log alone can reckon none, and nobody can
once the person is forgotten. Nothing of it is stored in the log.

Names in free text are replaced wherever they stand as words, the longest first: every name that a
person was ever recorded under, and its parts. A part that several people share says so, and no
more. A part of a worker's name that is a word of the procedure too (`Safeguarding administrator`)
is replaced within the name only: alone it means the thing. A name that nobody recorded stays, as
does whatever else tells who somebody is. What the record itself says is nobody's words, and stays.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid5

from api.forms import labels
from api.office import Office
from api.timelines.people import Somebody
from domain.authority import ROLES
from domain.catalogue import EVENTS
from domain.jurisdictions import Jurisdiction
from domain.refusal import Refused

FORGOTTEN: Final = "[forgotten]"
ONE_OF_SEVERAL: Final = "[one of several people of this name]"
_LETTERS: Final = "23456789BCDFGHJKMNPQRSTVWXYZ"  # none that make words, or look like another
_HALF: Final = 4  # letters; two halves are 3.8e11 pseudonyms
_COMMON: Final = 4  # letters of a word of the procedure: `may` is somebody's name more often
_SHORTEST_PART: Final = 3
_AT_LEAST: Final = 4  # letters of a single name that is found however it is written
_PART: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_NO_NAMES: Final = frozenset(
    {"the", "and", "von", "van", "der", "den", "del", "mrs", "miss", "prof", "rev", "sir", "dame"}
)


def secret_of(subject: UUID) -> UUID:
    """The number of the secret from which somebody's pseudonyms are reckoned."""
    return uuid5(subject, "pseudonyms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A text with pseudonyms, and what stood in the place of each, in their order."""

    text: str
    was: tuple[str, ...] = ()


@dataclass(slots=True)
class Pseudonyms:
    """What everybody is called for one purpose; remembers whom it was asked for."""

    office: Office
    purpose: str
    review: UUID | None
    known: Mapping[UUID, Somebody]
    used: dict[UUID, str] = field(default_factory=dict)
    _find: re.Pattern[str] | None = None
    common: frozenset[str] = field(init=False)  # words of the procedure, in small letters
    _names: dict[str, set[UUID]] = field(default_factory=dict)
    _parts: dict[str, set[UUID]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Learn the names."""
        self.common = _words_of_the_procedure(self.office.jurisdiction)
        loose, exact = set[str](), set[str]()
        for one in self.known.values():
            for name in one.names:
                (loose if len(name) >= _AT_LEAST else exact).add(name)
                self._names.setdefault(_key(name), set()).add(one.ref)
                for part in _parts_of(name):
                    if one.worker and part.casefold() in self.common:
                        continue
                    exact.add(part)
                    self._parts.setdefault(part, set()).add(one.ref)
        if loose or exact:
            self._find = re.compile(_pattern(loose, exact))

    def of(self, ref: UUID) -> str:
        """What somebody, or a case, is called; `[forgotten]` where the secret was destroyed."""
        if ref not in self.used:
            self.used[ref] = self._reckon(ref)
        return self.used[ref]

    def replaced(self, text: str) -> Replaced:
        """A text with every name in it replaced."""
        if self._find is None:
            return Replaced(text=text)
        was: list[str] = []

        def put(found: re.Match[str]) -> str:
            whole, part = self._names.get(_key(found[0])), self._parts.get(found[0])
            whose = (whole or set()) | (part or set())
            called = self.of(*whose) if len(whose) == 1 else ONE_OF_SEVERAL
            if called != FORGOTTEN:  # else there is nothing to put back, and no place to find
                was.append(found[0])
            return called

        return Replaced(text=self._find.sub(put, text), was=tuple(was))

    def _reckon(self, ref: UUID) -> str:
        try:
            secret = self.office.keyring.secret(ref, secret_of(ref))
        except Refused:  # its keys were destroyed
            return FORGOTTEN
        scope = f"{self.purpose}\x1f{self.review or ''}".encode()
        number = int.from_bytes(hmac.digest(secret, b"pseudonym\x1f" + scope, "sha256"), "big")
        letters = []
        for _ in range(2 * _HALF):
            number, at = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[at])
        one = self.known.get(ref)
        kind = "Case" if one is None else "Worker" if one.worker else "Person"
        return f"{kind} {''.join(letters[:_HALF])}-{''.join(letters[_HALF:])}"


def restored(text: str, was: Sequence[str], pseudonyms: Iterable[str]) -> str:
    """The inverse of `Pseudonyms.replaced`, by the key: what stood there before."""
    names = sorted({*pseudonyms, ONE_OF_SEVERAL}, key=len, reverse=True)
    left = list(was)
    return re.sub(
        "|".join(map(re.escape, names)), lambda one: left.pop(0) if left else one[0], text
    )


def _words_of_the_procedure(nation: Jurisdiction) -> frozenset[str]:
    """The words in which entries and roles are called, and the nation's own terms."""
    roles = (each for name, each in nation.lists.items() if name.endswith("_role"))
    said = [
        *(labels.title(name, nation) for name in EVENTS),
        *(label for each in (ROLES, nation.terms, *roles) for label in each.values()),
    ]
    found = {one.casefold() for each in said for one in _PART.findall(each)}
    return frozenset(one for one in found if len(one) >= _COMMON)


def _key(name: str) -> str:
    """A name however it is written: in capitals, over two lines."""
    return " ".join(name.split()).casefold()


def _parts_of(name: str) -> list[str]:
    parts = _PART.findall(name)
    if len(parts) < 2:  # noqa: PLR2004 — a name of one word has no parts
        return []
    return [
        one
        for one in parts
        if len(one) >= _SHORTEST_PART and one[0].isupper() and one.casefold() not in _NO_NAMES
    ]


def _pattern(loose: set[str], exact: set[str]) -> str:
    """A pattern of all names, the longest first; only as words of their own."""
    every = [(one, f"(?i:{_spaced(one)})") for one in loose]
    every += [(one, _spaced(one)) for one in exact - loose]
    every.sort(key=lambda one: (-len(one[0]), one[0]))
    return rf"(?<!\w)(?:{'|'.join(pattern for _, pattern in every)})(?!\w)"


def _spaced(name: str) -> str:
    return r"\s+".join(map(re.escape, name.split()))
