"""Pseudonyms by purpose: the same within one, others in another, gone with whom they stand for.

What somebody is called is reckoned (HMAC-SHA-256) from the purpose, and the review it is for, under
a secret of their own that lies in the keyring. So whoever has two exports of two purposes cannot
tell that two pseudonyms are one person, whoever has the log alone can reckon none, and nobody can
once the person is forgotten. Nothing of it is stored in the log.

Names in free text are replaced wherever they stand as words, the longest first: every name that a
person was ever recorded under, and its parts, in any case and normal form and with any apostrophe
or hyphen, since whoever types in a hurry or in capitals names nobody less. What is an ordinary word
too (`will`, `ordinary.py`) is replaced by itself only where it begins with a capital: else it means
the thing. A name of two letters is replaced as it was recorded. A part that several people share
says so, and no more. A part of a worker's name that is a word of the procedure too (`Safeguarding
administrator`) is replaced within the name only. A name that nobody recorded stays, as does one
without its accents or with an ending (`Roses`), and whatever else tells who somebody is: the report
says so. What the record itself says is nobody's words, and stays.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from unicodedata import normalize
from uuid import UUID, uuid5

from api.forms import labels
from api.office import Office
from api.timelines.folded import Folded
from api.timelines.ordinary import ORDINARY
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
_SHORTEST_PART: Final = 3  # letters: `JO` in capitals is an abbreviation more often
_PART: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_HYPHENED: Final = re.compile(r"[^\W\d_]+(?:[-'\u2010\u2011\u2019][^\W\d_]+)+")
_LETTER: Final = r"[^\W_]"
_IDENTIFIER: Final = re.compile(r"[a-z0-9][a-z0-9_-]*(?=: |$)")
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
    _whose: dict[str, set[UUID]] = field(default_factory=dict)  # by names and parts as compared
    _ordinary: frozenset[str] = field(init=False)
    _spelled: dict[str, set[str]] = field(default_factory=dict)  # of two letters, as recorded

    def __post_init__(self) -> None:
        """Learn the names."""
        self.common = _words_of_the_procedure(self.office.jurisdiction)
        self._ordinary = ORDINARY | self.common
        for one in self.known.values():
            for name in one.names:
                self._learn(name, one.ref)
                for part in _parts_of(name):
                    if not (one.worker and part.casefold() in self.common):
                        self._learn(part, one.ref)
        if self._whose:
            self._find = re.compile(_pattern(self._whose))

    def _learn(self, name: str, ref: UUID) -> None:
        key = _key(name)
        if not key:  # of signs alone, which stand in no text as a word
            return
        self._whose.setdefault(key, set()).add(ref)
        if len(key) < _SHORTEST_PART:
            self._spelled.setdefault(key, set()).add(normalize("NFC", name))

    def of(self, ref: UUID) -> str:
        """What somebody, or a case, is called; `[forgotten]` where the secret was destroyed."""
        if ref not in self.used:
            self.used[ref] = self._reckon(ref)
        return self.used[ref]

    def replaced(self, text: str) -> Replaced:
        """A text with every name in it replaced."""
        if self._find is None:
            return Replaced(text=text)
        told, was, done, folded = list[str](), list[str](), 0, Folded.of(text)
        for match in self._find.finditer(folded.text):
            first, last = folded.place(match)
            stood = text[first:last]
            whose = self._meant(" ".join(match[0].split()), stood)
            if not whose:
                continue
            called = self.of(*whose) if len(whose) == 1 else ONE_OF_SEVERAL
            if called != FORGOTTEN:  # else there is nothing to put back, and no place to find
                was.append(stood)
            told += [text[done:first], called]
            done = last
        return Replaced(text="".join([*told, text[done:]]), was=tuple(was))

    def in_identifiers(self, text: str) -> Replaced:
        """A text of identifiers with every name in them replaced: they have no capitals to tell by.

        One that has a name in it becomes words: `mary-example` is looked at as `Mary Example`.
        """
        was = list[str]()

        def words(match: re.Match[str]) -> str:
            as_words = re.sub("[-_]", " ", match[0]).title()
            found = self.replaced(as_words)
            was.extend(found.was)
            return match[0] if found.text == as_words else found.text

        return Replaced(text=_IDENTIFIER.sub(words, text), was=tuple(was))

    def _meant(self, key: str, stood: str) -> set[UUID]:
        """Whose name it is that stands there; nobody's where it means the thing."""
        if key in self._spelled and normalize("NFC", stood) not in self._spelled[key]:
            return set()
        words = re.split(r"[ -]", key)
        if " " not in key and not stood[0].isupper() and self._ordinary.issuperset(words):
            return set()
        return self._whose[key]

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
    """A name however it is written: in capitals, over two lines, its accents apart."""
    return " ".join(Folded.of(name).text.split())


def _parts_of(name: str) -> list[str]:
    """The words of a name that are names by themselves; one that has a hyphen, and each half."""
    parts = _PART.findall(normalize("NFC", name))
    if len(parts) < 2:  # noqa: PLR2004 — a name of one word has no parts
        return []
    small = name.islower()  # typed in small letters: what is an ordinary word is no name then
    whole = [one for one in _HYPHENED.findall(normalize("NFC", name)) if one not in parts]
    return [
        one
        for one in [*whole, *parts]
        if len(one) >= _SHORTEST_PART
        and (one[0].isupper() or (small and one not in ORDINARY))
        and one.casefold() not in _NO_NAMES
    ]


def _pattern(names: Iterable[str]) -> str:
    """A pattern of all names as compared, the longest first; only as words of their own."""
    every = sorted(names, key=lambda one: (-len(one), one))
    return rf"(?<!{_LETTER})(?:{'|'.join(map(_spaced, every))})(?!{_LETTER})"


def _spaced(name: str) -> str:
    return r"\s+".join(map(re.escape, name.split()))
