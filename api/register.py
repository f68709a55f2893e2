"""Who and what other systems call by which reference: keyed tokens, in memory.

Made from the record when it is first asked, and brought up to its end at every question: what was
recorded a moment ago must be found, or it would be taken in twice. It holds no number, only HMACs
under the record's search key; and a hit is looked at in the record itself before anybody is told,
so that what was forgotten is not found again.
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
    ExternalReferenceAdded,
    PersonRegistered,
)
from domain.words import ExternalReference, Fact, Passage, Personal

if TYPE_CHECKING:
    from api.office import Office

_READ: Final = (
    "person-registered",
    "external-reference-added",
    "referral-received",
    "referral-linked",
)
_NAMES: Final = [
    f"{name}.v{version}" for name in _READ for version in range(1, EVENTS[name].current_version + 1)
]
_PAGE: Final = 1000
_TOKEN_BYTES: Final = 16


def number_of(text: str) -> str:
    """A reference without the spaces and hyphens people put into it."""
    return re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text)).casefold()


class Register:
    """Finds streams by external reference. Safe for many threads."""

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

    def referred(self, system: str, identifier: str) -> list[UUID]:
        """The persons and cases that another system knows by this, in order."""
        number = number_of(identifier)
        with self._guard:
            self._catch_up()
            hits = set(self._streams.get(self._token(system, number), set()))
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
        for reference in _references(fact.event):
            for text in _texts([reference.id]):
                yield self._token(reference.system, number_of(text))

    def _token(self, *parts: str) -> bytes:
        message = "\x1f".join(parts).encode()
        return hmac.new(self._key, message, hashlib.sha256).digest()[:_TOKEN_BYTES]

    def _is_referred(self, stream: UUID, system: str, number: str) -> bool:
        """Whether the record still says so."""
        return any(
            number_of(text) == number
            for fact in self._office.record.facts(stream)
            for reference in _references(fact.event)
            if reference.system == system
            for text in _texts([reference.id])
        )


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
