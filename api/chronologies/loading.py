"""Entries recorded, each by a command of its own, so that loading again adds only what is new.

A crash between two lines leaves the lines before it recorded and the rest not: the same import,
run again, goes on where it stopped. What is recorded already is told by its words (`standing`).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from api.chronologies.entries import Entry
from api.chronologies.sheet import RowError
from api.chronologies.standing import SIGNIFICANCE, SOURCE, Standing
from api.clock import entropy, new_reference
from api.lookups import ViewLookups
from api.office import Office
from api.remembering import RememberingRecord
from domain import stored
from domain.correction import AnnotateEntry, ChronologyEntryRecorded, RecordChronologyEntry
from domain.handle import Answer, Ask, Handler
from domain.person import Details, RegisterPerson
from domain.refusal import Conflict, Refused
from domain.resuming import Resuming
from domain.when import instant
from domain.words import Actor, CaseRef, Code, Fact, Particulars, Passage, Personal, PersonRef

_TRIES: Final = 20
Tell = Callable[[int, int], None]  # lines done, lines in all


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the lines go: a case, the adult it is about, and whether it is new."""

    case: CaseRef
    adult: PersonRef | None
    new: bool
    register: bool  # whether the adult has to be made known first

    @property
    def about(self) -> UUID:
        """Whose key the passages are sealed under."""
        return self.adult or self.case


@dataclass(slots=True, kw_only=True)
class Loaded:
    """What came of loading: how many lines were added, were there already, or refused."""

    added: int = 0
    already: int = 0
    noted: int = 0  # significance, as notes beside their entries
    refused: list[RowError] = field(default_factory=list)


def new_target(office: Office, named: bytes, adult: PersonRef | None) -> Target:
    """A case of its own for what somebody calls a chronology; the same name always has the same.

    Rows may be mended, and whole files longer, between two runs: so nothing of the file is in it.
    Its reference is keyed, as nothing in the log may tell what somebody called it.

    Raises:
        NotFound: nobody is known under the reference of the adult.
        Refused: the case of that name is about somebody else.
    """
    keyed = hmac.digest(office.wrapping.search_key(), b"chronology\x1f" + named, "sha256")
    case = CaseRef(_reference(office.authority.bytes, b"case", keyed))
    if adult is not None:
        office.handler.person(adult)
    if office.record.log.stream(case):
        there = target(office, case)
        if adult is not None and there.adult != adult:
            raise Refused(
                "other_adult",
                "C.4",
                "The chronology of that --reference is about somebody else: see that the reference "
                "is right, and give another to another chronology.",
            )
        return there
    person = adult or PersonRef(_reference(office.authority.bytes, b"adult", keyed))
    register = adult is None and not office.record.log.stream(person)
    return Target(case=case, adult=person, new=True, register=register)


def target(office: Office, case: CaseRef) -> Target:
    """An existing case, and whom it is about. Raises NotFound."""
    known, facts = office.handler.case(case)
    return Target(case=case, adult=known.adult or _adult(facts), new=False, register=False)


def _adult(facts: Sequence[Fact[Any]]) -> PersonRef | None:
    """Whom a case without a referral is about: the first person its first line names."""
    for fact in facts:
        if isinstance(fact.event, ChronologyEntryRecorded) and fact.event.persons:
            return fact.event.persons[0]
    return None


def load(
    office: Office,
    where: Target,
    entries: Sequence[Entry],
    *,
    actor: Actor,
    tell: Tell = lambda _done, _all: None,
) -> Loaded:
    """Record every entry that is not recorded yet.

    Raises:
        Refused: the actor may not. What one line alone is refused for stands in `Loaded.refused`.
        Unavailable: the database is away; run the same import again later.
    """
    loading = _Loading(office, where, new_reference(), actor)
    try:
        if where.register and where.adult is not None:
            loading.register(where.adult)
        for done, entry in enumerate(entries):
            tell(done, len(entries))
            loading.line(entry)
        tell(len(entries), len(entries))
    finally:
        loading.forget()
    return loading.loaded


class _Loading:
    """One run: where the case's stream stands, and what came of each line.

    A line costs the same whichever it is: what was read of the case, and what it came to, are kept
    from one to the next, and of what others record only that is read. What is kept is in clear; it
    is dropped as soon as a key was destroyed, of whatever, and at the end.
    """

    def __init__(self, office: Office, where: Target, run: UUID, actor: Actor) -> None:
        self._office, self._where, self._run, self._actor = office, where, run, actor
        # Without memory every line would read, unseal and replay all the lines before it.
        self._resuming = Resuming()
        self._record = RememberingRecord(
            office.record.log, office.keyring, stored, office.clock, entropy
        )
        self._handler = Handler(
            self._record,
            office.jurisdiction,
            office.policies.as_they_are(),
            office.clock,
            ViewLookups(office),
            replay=self._resuming,
        )
        self._standing = Standing()
        self._look()
        self.loaded = Loaded()

    def forget(self) -> None:
        """Keep nothing of what was read."""
        self._resuming.drop()
        self._record.forget_all()
        self._standing.forget()

    def register(self, adult: PersonRef) -> None:
        """Make the adult known, without any detail: a chronology names nobody."""
        command = RegisterPerson(person=adult, details=Details())
        particulars = Particulars(
            occurred=instant(self._office.clock.now()), source=SOURCE, correlation=self._run
        )
        digest = hashlib.sha256(b"register" + adult.bytes).digest()
        self._handler.handle(
            Ask(
                command=command,
                stream=adult,
                expected_version=0,
                actor=self._actor,
                particulars=particulars,
                id=_reference(adult.bytes, b"register", digest),
                digest=digest,
            )
        )

    def line(self, entry: Entry) -> None:
        """Record one line that is not there yet, and beside it what a reviewer thinks of it."""
        for _ in range(_TRIES):
            if self._office.wrapping.epochs() != self._epochs:  # a key was destroyed
                self._look()
            try:
                version = self._version_of(entry)
            except Conflict:
                self._catch_up()  # others recorded meanwhile: perhaps this line
                continue
            if version is not None:
                for note in entry.significance:
                    self._note(version, note)
            return
        raise _busy()

    def _version_of(self, entry: Entry) -> int | None:
        """Where the line stands, from before or now; None where it is refused. Raises Conflict."""
        version = self._standing.version(entry)
        if version is not None:
            self.loaded.already += 1
            return version
        if wrong := self._standing.refuses(entry):
            self.loaded.refused.append(wrong)
            return None
        particulars = Particulars(
            occurred=entry.occurred,
            known_to=entry.known_to,
            source=SOURCE,
            source_recorded=entry.recorded,
            correlation=self._run,
        )
        try:
            answer = self._ask(self._command(entry), particulars)
        except Refused as refused:
            if refused.rule == "authority":
                raise  # not this line's fault: no line would be taken
            self.loaded.refused.append(
                RowError(row=entry.row, column=refused.field or "the row", remedy=refused.detail)
            )
            return None
        self.loaded.added += 1
        return self._standing.took(answer.version)

    def _note(self, target: int, text: str) -> None:
        """Significance is a later layer: dated today, outside the entry (C.3)."""
        command = AnnotateEntry(
            target=target, kind=Code(SIGNIFICANCE), text=Personal(self._where.about, text)
        )
        particulars = Particulars(
            occurred=instant(self._office.clock.now()), source=SOURCE, correlation=self._run
        )
        for _ in range(_TRIES):
            if self._standing.noted(target, text):
                return
            try:
                self._ask(command, particulars)
            except Conflict:
                self._catch_up()
                continue
            self._standing.note(target, text)
            self.loaded.noted += 1
            return
        raise _busy()

    def _command(self, entry: Entry) -> RecordChronologyEntry:
        adult = self._where.adult

        def passage(text: str | None) -> Passage | None:
            return None if text is None else Personal(self._where.about, text)

        return RecordChronologyEntry(
            agency=entry.agency,
            text=Personal(self._where.about, entry.text),
            source=passage(entry.source),
            persons=() if adult is None else (adult,),
            people=passage(entry.people),
            seen=passage(entry.seen),
            response=passage(entry.response),
            decision=passage(entry.decision),
            comment=passage(entry.comment),
            number=entry.number,
            ended=entry.ended,
            start_time=passage(entry.start_time),
            end_time=passage(entry.end_time),
            assertion=entry.assertion,
            agency_written=passage(entry.agency_written),
            known_to_written=passage(entry.known_to_written),
        )

    def _look(self) -> None:
        """Read the case as it now stands, and forget how it stood."""
        self.forget()
        # Before the facts: a key destroyed while they are read has them read again.
        self._epochs = self._office.wrapping.epochs()
        facts = self._record.facts(self._where.case)
        self._version = len(facts)
        self._standing.read(facts)

    def _catch_up(self) -> None:
        """Read what others recorded in the case."""
        since = self._record.catch_up(self._where.case)
        if since is None:
            self._look()
            return
        self._version += len(since)
        self._standing.add(since)

    def _ask(self, command: object, particulars: Particulars) -> Answer:
        """Ask at the version that was read. Raises Conflict: others recorded meanwhile."""
        number = new_reference()
        answer = self._handler.handle(
            Ask(
                command=command,
                stream=self._where.case,
                expected_version=self._version,
                actor=self._actor,
                particulars=particulars,
                id=number,
                digest=number.bytes * 2,
            )
        )
        self._version = answer.version
        return answer


def _busy() -> Refused:
    return Refused("busy", "I1", "Others are recording in this case: run the import again.")


def check(
    office: Office, where: Target, entries: Sequence[Entry]
) -> Iterator[tuple[Entry, bool, RowError | None]]:
    """Each entry, whether it is recorded already, and what it would be refused for.

    As a real run would find it, doing nothing.
    """
    standing = Standing()
    standing.read(office.record.facts(where.case))
    for entry in entries:
        there = standing.version(entry) is not None
        yield entry, there, None if there else standing.refuses(entry)


def _reference(scope: bytes, kind: bytes, digest: bytes) -> UUID:
    """A reference reckoned from what it stands for, so that asking twice asks the same."""
    return UUID(bytes=hashlib.sha256(scope + b"\x1f" + kind + digest).digest()[:16], version=5)
