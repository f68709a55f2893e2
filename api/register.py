"""Who and what is known under a name or another system's reference: keyed tokens, in memory.

Made from the record when it is first asked, and brought up to its end at every question, so that
what was recorded a moment ago is found. It holds no name and no number, only HMACs of them under
the record's search key; and a hit is looked at in the record itself before anybody is told, so
that what was forgotten is not found again.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from domain.catalogue import EVENTS
from domain.concern import ReferralLinked, ReferralReceived
from domain.person import (
    Details,
    ExternalReferenceAdded,
    PersonDetailsRecorded,
    PersonRegistered,
)
from domain.words import ExternalReference, Fact, Passage, Personal, PersonRef

if TYPE_CHECKING:
    from api.office import Office

_READ: Final = (
    "person-registered",
    "person-details-recorded",
    "external-reference-added",
    "referral-received",
    "referral-linked",
)
_NAMES: Final = [
    f"{name}.v{version}" for name in _READ for version in range(1, EVENTS[name].current_version + 1)
]
_PAGE: Final = 1000
_TOKEN_BYTES: Final = 16
_WORD: Final = re.compile(r"[^\W_]+")


def words_of(text: str) -> frozenset[str]:
    """The words of a name, without case or accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in plain if not unicodedata.combining(one))
    return frozenset(_WORD.findall(bare))


def number_of(text: str) -> str:
    """A reference without the spaces and hyphens people put into it."""
    return re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text)).casefold()


class Register:
    """Finds streams by name and by external reference. Safe for many threads."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._key = office.wrapping.search_key()
        self._guard = RLock()
        self._reached = 0
        self._streams: dict[bytes, set[UUID]] = {}

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else takes in references meanwhile; for what must not be taken in twice."""
        with self._guard:
            yield

    def named(self, text: str) -> list[PersonRef]:
        """Everybody who is or was known by all these words, in the order of their references."""
        words = words_of(text)
        if not words:
            return []
        with self._guard:
            self._catch_up()
            found = [self._streams.get(self._token("name", one), set()) for one in words]
        hits = set.intersection(*found)
        return sorted(PersonRef(one) for one in hits if self._is_named(one, words))

    def referred(self, system: str, identifier: str) -> list[UUID]:
        """The persons and cases that another system knows by this, in order."""
        number = number_of(identifier)
        with self._guard:
            self._catch_up()
            hits = set(self._streams.get(self._token("reference", system, number), set()))
        return sorted(one for one in hits if self._is_referred(one, system, number))

    def _catch_up(self) -> None:
        log = self._office.record.log
        tail = log.tail()
        while self._reached < tail:
            rows = log.read(self._reached, upto=tail, names=_NAMES, limit=_PAGE)
            for fact in self._office.record.open(rows):
                for token in self._tokens(fact):
                    self._streams.setdefault(token, set()).add(fact.stream)
            self._reached = rows[-1].position if len(rows) == _PAGE else tail

    def _tokens(self, fact: Fact[Any]) -> Iterator[bytes]:
        for text in _texts(_names(fact.event)):
            for word in words_of(text):
                yield self._token("name", word)
        for reference in _references(fact.event):
            for text in _texts([reference.id]):
                yield self._token("reference", reference.system, number_of(text))

    def _token(self, *parts: str) -> bytes:
        message = "\x1f".join(parts).encode()
        return hmac.new(self._key, message, hashlib.sha256).digest()[:_TOKEN_BYTES]

    def _is_named(self, stream: UUID, words: frozenset[str]) -> bool:
        """Whether the record still says so."""
        said: set[str] = set()
        for fact in self._office.record.facts(stream):
            for text in _texts(_names(fact.event)):
                said |= words_of(text)
        return words <= said

    def _is_referred(self, stream: UUID, system: str, number: str) -> bool:
        """Whether the record still says so."""
        return any(
            number_of(text) == number
            for fact in self._office.record.facts(stream)
            for reference in _references(fact.event)
            if reference.system == system
            for text in _texts([reference.id])
        )


def _names(event: object) -> list[Passage | None]:
    details: Details | None = None
    if isinstance(event, PersonRegistered | PersonDetailsRecorded):
        details = event.details
    return [] if details is None else [details.name, details.known_as]


def _references(event: object) -> tuple[ExternalReference, ...]:
    match event:
        case PersonRegistered() | ReferralReceived() | ReferralLinked():
            return event.external
        case ExternalReferenceAdded(reference=reference):
            return (reference,)
        case _:
            return ()


def _texts(passages: Iterable[Passage | None]) -> Iterator[str]:
    """What is said, of what is not forgotten."""
    return (one.text for one in passages if isinstance(one, Personal))
