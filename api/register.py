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
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import psycopg

from domain.catalogue import EVENTS
from domain.concern import ReferralLinked, ReferralReceived
from domain.corrected import standing
from domain.forward import CaseBroughtForward
from domain.person import ExternalReferenceAdded, PersonRegistered
from domain.record.log import Unavailable
from domain.reference import DOCUMENTS, CaseReferenceAdded
from domain.words import ExternalReference, Fact, Passage, Personal

if TYPE_CHECKING:
    from api.office import Office

_READ: Final = (
    "person-registered",
    "external-reference-added",
    "referral-received",
    "referral-linked",
    "case-reference-added",
    "case-brought-forward",
)
NAMES: Final = [
    f"{name}.v{version}" for name in _READ for version in range(1, EVENTS[name].current_version + 1)
]
_PAGE: Final = 1000
_TOKEN_BYTES: Final = 16
_LOCK: Final = 0x486F6C646E756D62  # "Holdnumb", of this database
PATIENCE_S: Final = 10.0  # for whoever takes in another reference at this moment


def number_of(text: str) -> str:
    """A reference without the spaces and hyphens people put into it."""
    return re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text)).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedThing:
    """What an external reference names: a person, a case, or what an event of one brought.

    `what` is `person`, `case`, `referral` or another of `DOCUMENTS`; `version` is of the event that
    brought a referral or document, None for the whole stream. `fact` is the event that says so.
    """

    what: str
    version: int | None
    reference: ExternalReference
    fact: Fact[Any]


class Register:
    """Finds streams by external reference. Safe for many threads."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._key = office.wrapping.search_key()
        self._taking_in = Lock()
        self._guard = Lock()
        self._reached = 0
        self._streams: dict[bytes, set[UUID]] = {}

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else takes in references meanwhile; for what must not be taken in twice.

        Where the lock is lost, two may look at once: that is why what is taken in has a fence
        besides (`api.intake`), which the log itself holds. The lock spares them from finding out.

        In no process: the database's own lock is held, for a transaction that does nothing else,
        so that it is let go of whatever happens, also to this process. Only one thread of a
        process waits for it, since each that does has a connection of the pool.

        Raises:
            Unavailable: others took longer than `PATIENCE_S`; nothing was recorded.
        """
        if not self._taking_in.acquire(timeout=PATIENCE_S):
            raise busy()
        done = False
        try:
            with self._office.pool.connection() as conn, conn.transaction():
                try:
                    conn.execute(
                        "SELECT set_config('lock_timeout', %s, true)", (f"{PATIENCE_S:g}s",)
                    )
                    conn.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                except psycopg.errors.LockNotAvailable:
                    raise busy() from None
                yield
                done = True
        except psycopg.OperationalError:
            # The lock was lost on the way, and with it nothing: what was recorded is recorded, and
            # was held to its fence.
            if not done:
                raise
        finally:
            self._taking_in.release()

    def reached(self) -> int:
        """The position up to which the record is looked at from now on, or beyond."""
        with self._guard:
            self._catch_up()
            return self._reached

    def referred(self, system: str, identifier: str) -> list[UUID]:
        """The persons and cases that another system knows by this, in order."""
        with self._guard:
            self._catch_up()
            token = self._token(system, number_of(identifier))
            hits = set(self._streams.get(token, set()))
        return sorted(one for one in hits if self.named(one, system, identifier))

    def named(self, stream: UUID, system: str, identifier: str) -> list[NamedThing]:
        """What of a stream another system knows by this, as the record still says."""
        number = number_of(identifier)
        return [
            one
            for one in references_in(self._office.record.facts(stream))
            if one.reference.system == system
            for text in _texts([one.reference.id])
            if number_of(text) == number
        ]

    def _catch_up(self) -> None:
        log = self._office.record.log
        tail = log.tail()
        while self._reached < tail:
            rows = log.read(self._reached, upto=tail, names=NAMES, limit=_PAGE)
            for fact in self._office.record.open(rows):
                for token in self._tokens(fact):
                    self._streams.setdefault(token, set()).add(fact.stream)
            self._reached = rows[-1].position if len(rows) == _PAGE else tail

    def _tokens(self, fact: Fact[Any]) -> Iterator[bytes]:
        for reference in references_of(fact.event):
            for text in _texts([reference.id]):
                yield self._token(reference.system, number_of(text))

    def _token(self, *parts: str) -> bytes:
        message = "\x1f".join(parts).encode()
        return hmac.new(self._key, message, hashlib.sha256).digest()[:_TOKEN_BYTES]


def references_in(facts: Sequence[Fact[Any]]) -> Iterator[NamedThing]:
    """Every external reference in the facts of one stream, with what it names.

    As now understood: what a correction withdrew names nothing any more.
    """
    names = {fact.version: fact.header.name for fact in facts}
    for fact in standing(facts):
        what, version = "person", None
        match fact.event:
            case ReferralReceived() | ReferralLinked():
                what, version = "referral", fact.version
            case CaseReferenceAdded(target=None) | CaseBroughtForward():
                what = "case"
            case CaseReferenceAdded(target=int(target)):
                what, version = DOCUMENTS[names[target]], target
            case _:
                pass
        for reference in references_of(fact.event):
            yield NamedThing(what=what, version=version, reference=reference, fact=fact)


def busy() -> Unavailable:
    """Say that others take in references; nothing was recorded."""
    return Unavailable("Other references are being taken in: send the same command again.")


def references_of(event: object) -> tuple[ExternalReference, ...]:
    """What other systems call what an event recorded."""
    match event:
        case PersonRegistered() | ReferralReceived() | ReferralLinked():
            return event.external
        case ExternalReferenceAdded(reference=reference) | CaseReferenceAdded(reference=reference):
            return (reference,)
        case CaseBroughtForward(reference=reference):
            return (reference,)
        case _:
            return ()


def _texts(passages: Iterable[Passage | None]) -> Iterator[str]:
    """What is said, of what is not forgotten."""
    return (one.text for one in passages if isinstance(one, Personal))
