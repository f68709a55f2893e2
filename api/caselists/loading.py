"""Rows recorded, each as a case of its own, so that loading again adds only what is new.

Every reference of a case, and the id of every command, is reckoned from what the other system calls
it, under a key. So a crash between two entries leaves a case whose other entries the same import
records; a row met again is compared with what stands, and whatever differs is reported and left.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from api.caselists.columns import TITLE
from api.caselists.persons import People, Whom, alike, details_of
from api.caselists.rows import Listed, local_day, plain_number
from api.caselists.steps import NOT_RECORDED, WORDS_OF, Case, Import, Step, made_of, reference_of
from api.chronologies.sheet import RowError
from api.clock import entropy, new_reference
from api.intake import record_once
from api.lookups import ViewLookups
from api.office import Office
from api.problems import Problem
from api.register import Register
from api.remembering import RememberingRecord
from api.routes.door import Reader
from api.routes.people import restricted_among
from domain import stored
from domain.forward import CaseBroughtForward
from domain.handle import Ask, Handler
from domain.person import RegisterPerson
from domain.refusal import Conflict, Refused
from domain.when import When, instant
from domain.words import Actor, CaseRef, Fact, Forgotten, Particulars, PersonRef, Slug, WorkerRef

Tell = Callable[[int, int], None]  # rows done, rows in all
_TRIES: Final = 20
_ELSEWHERE: Final = "the record has a case of this reference that was not brought forward from here"
_CLOSED: Final = "the record has this case; reading it is restricted, so it was not compared"
# What 0.1.0 recorded of a plan where no column tells its kind.
_BEFORE: Final[Mapping[str, tuple[str, ...]]] = {NOT_RECORDED: ("protection",)}
_HALF: Final = (
    "this case was recorded in part when an import was cut short, and the row has changed since: "
    "import the row as it was, then correct what changed"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How a row stands to the record before it is recorded.

    `missing` are the entries it still wants: all of a new case, the rest of one cut short.
    `changed` are the columns in which the case has something else.
    """

    row: Listed
    case: CaseRef
    whom: Whom | None = None
    made: Case | None = None
    there: bool = False
    missing: tuple[Step, ...] = ()
    changed: tuple[str, ...] = ()
    wrong: RowError | None = None

    @property
    def new(self) -> bool:
        """Whether the record has nothing of it yet."""
        return not self.there and self.wrong is None

    @property
    def resumed(self) -> bool:
        """Whether an earlier import was cut short in the middle of it."""
        return self.there and bool(self.missing) and self.wrong is None


@dataclass(slots=True, kw_only=True)
class Loaded:
    """What came of loading: how many cases were brought forward, completed, or there already."""

    brought: int = 0
    completed: int = 0
    already: int = 0
    entries: int = 0
    refused: list[RowError] = field(default_factory=list)


class Looking:
    """Looks up how rows stand to the record, doing nothing but leaving the trace of it."""

    def __init__(self, office: Office, reader: Reader, issuer: str) -> None:
        self.office, self.reader = office, reader
        self.register = Register(office)
        self.people = People(office, self.register, reader)
        self._issuer = issuer
        self._import = Import(
            nation=office.jurisdiction,
            today=local_day(office.clock.now()),
            workers=self._worker,
        )

    def at(self, rows: Iterable[Listed]) -> list[Found]:
        """Each row as it stands, before anything is recorded."""
        found = [self._row(one) for one in rows]
        cases = [one.case for one in found if one.there]
        if cases:
            self.reader.viewed("case", among=cases)
        self.people.looked()
        return found

    def perhaps_known(self, found: Sequence[Found]) -> list[tuple[int, str, str]]:
        """Rows whose adult is new and may be known: row, by what, and who or which row it is."""
        new = [one for one in found if one.whom is not None and one.whom.new]
        rows = [(one.row, "like_row", str(first)) for one, first in alike(one.row for one in new)]
        there = [
            (one.row.row, "person", str(person))
            for one in new
            for person in self.people.perhaps(one.row)
        ]
        self.people.looked()
        return sorted([*rows, *there])

    def again(self, found: Found) -> tuple[Found, PersonRef]:
        """A new row about somebody who was not known, after rows before it were recorded.

        One of them may have made that person known, under another of their references.
        """
        whom = self.people.whom(found.row)
        if isinstance(whom, RowError):
            raise Refused("two_people", "I1", whom.remedy)
        made = self._made(found.row, found.case, whom.person)
        again = replace(found, whom=whom, made=made, missing=(made.forward, *made.steps))
        return again, whom.person

    def _row(self, row: Listed) -> Found:
        case = self._case(row)
        facts = self.office.record.facts(case)
        others = [one for one in self._carrying(row) if one != case]
        if others:
            wrong = RowError(row=row.row, column=TITLE["reference"], remedy=_ELSEWHERE)
            return Found(row=row, case=case, wrong=wrong)
        if facts:
            return self._compared(row, case, facts)
        whom = self.people.whom(row)
        if isinstance(whom, RowError):
            return Found(row=row, case=case, wrong=whom)
        if whom.new and row.apart is not None:
            return Found(row=row, case=case, wrong=row.apart)
        made = self._made(row, case, whom.person)
        return Found(row=row, case=case, whom=whom, made=made, missing=(made.forward, *made.steps))

    def _compared(self, row: Listed, case: CaseRef, facts: Sequence[Fact[Any]]) -> Found:
        begun = facts[0].event
        if restricted_among(self.reader, [case]) or not isinstance(begun, CaseBroughtForward):
            wrong = RowError(row=row.row, column=TITLE["reference"], remedy=_CLOSED)
            return Found(row=row, case=case, there=True, wrong=wrong)
        made, whom = self._made(row, case, begun.adult), self.people.whom(row)
        standing = {fact.header.command: fact for fact in reversed(facts)}
        missing = tuple(one for one in made.steps if command_of(case, one) not in standing)
        changed = list(dict.fromkeys(_changed(made, case, standing, begun)))
        if facts[0].header.source_recorded != row.times.get("recorded"):
            changed.append("recorded")
        if isinstance(whom, RowError) or whom.person != begun.adult:
            changed.append("person")
        elif whom.differs:
            changed.extend(whom.differs)
        meant = {one.what for one in begun.matters if one.entered}
        cut_short = any(
            reference_of(case, f"command {name}") not in standing for name in _names(meant)
        )
        known = Found(row=row, case=case, made=made, there=True, changed=tuple(changed))
        if not cut_short:
            return known
        if changed:
            wrong = RowError(row=row.row, column=TITLE[changed[0]], remedy=_HALF)
            return replace(known, wrong=wrong)
        return replace(known, missing=missing)

    def _carrying(self, row: Listed) -> list[UUID]:
        """The cases that carry what the other system calls this one."""
        found = self.register.referred(row.system, row.reference)
        return [one for one in found if stored.is_case(self.office.record.facts(one)[0].event)]

    def _case(self, row: Listed) -> CaseRef:
        """The case a reference leads to: keyed, as nothing in the log tells what it is called."""
        key = self.office.wrapping.search_key()
        named = "\x1f".join(("case-list", "case", str(row.system), plain_number(row.reference)))
        keyed = hmac.digest(key, named.encode(), "sha256")
        return CaseRef(UUID(bytes=keyed[:16], version=5))

    def _made(self, row: Listed, case: CaseRef, adult: PersonRef) -> Case:
        return made_of(row, case, adult, self._import)

    def _worker(self, subject: str) -> WorkerRef:
        return self.office.worker_reference(self._issuer, subject)


def _names(meant: Iterable[str]) -> Iterator[str]:
    """The names of the entries that follow what was meant to be entered."""
    for what in meant:
        yield what
        if what in {"conference", "core_group"}:
            yield f"{what}_held"


def command_of(stream: UUID, step: Step) -> UUID:
    """The id of a command: the same for the same entry of the same case."""
    return reference_of(stream, f"command {step.name}")


def _changed(
    made: Case, case: CaseRef, standing: dict[UUID, Fact[Any]], begun: CaseBroughtForward
) -> Iterator[str]:
    """The columns in which a row says something else than the entries made of it."""
    yield from _differing(made.forward, begun, None)
    said = {one.what: one for one in begun.matters}
    meant = {one.what for one in begun.matters if one.entered}
    for one in made.forward.command.matters:
        stands = said.get(one.what, one)
        if replace(one, words=None) != replace(stands, words=None):
            yield _column(one.what)
        if not _alike(one.words, stands.words):
            yield WORDS_OF[one.what]
    for step in made.steps:
        fact = standing.get(command_of(case, step))
        if fact is not None:
            yield from _differing(step, fact.event, fact.header.occurred)
        elif step.name.removesuffix("_held") not in meant:
            yield _column(step.name)


def _differing(step: Step, event: Any, occurred: When | None) -> Iterator[str]:  # noqa: ANN401 — an event of any stage
    for name, column in step.told_in.items():
        if name == "on":  # a date to review by, kept with how it was reckoned
            same = step.command.on == event.due.on
        elif name == "terms":  # of which the list tells the kind
            kind = step.command.terms.kind
            same = event.terms.kind in (kind, *_BEFORE.get(kind, ()))
        else:
            same = _alike(getattr(step.command, name), getattr(event, name))
        if not same:
            yield column
    if step.dated is not None and occurred is not None and step.occurred.text != occurred.text:
        yield step.dated


def _alike(said: object, stands: object) -> bool:
    """Whether the same is said; what was forgotten says nothing else."""
    return said == stands or isinstance(stands, Forgotten)


def _column(what: str) -> str:
    """The column that tells a matter first."""
    columns = {"referral": "received", "allocation": "worker_id", "duty": "duty_result"}
    columns |= {"officer": "officer_id", "enquiry": "enquiry_opened", "closing": "closed"}
    columns |= {"conclusion": "enquiry_concluded"}
    name = what.removesuffix("_held")
    return columns.get(name, name)


class Loading:
    """One run: records what is missing of each row."""

    def __init__(self, looking: Looking, actor: Actor) -> None:
        self._looking, self._actor = looking, actor
        self._office, self._run = looking.office, new_reference()
        # Without memory every entry would read, and unseal, all those of its case before it.
        self._record = RememberingRecord(
            self._office.record.log, self._office.keyring, stored, self._office.clock, entropy
        )
        self._earlier = _Earlier(self._office)
        self._handler = Handler(
            self._record,
            self._office.jurisdiction,
            self._office.policies.as_they_are(),
            self._office.clock,
            self._earlier,
        )
        self.loaded = Loaded()

    def all(self, rows: Sequence[Found], tell: Tell = lambda _done, _all: None) -> Loaded:
        """Record every row that is missing, or the rest of it.

        Raises:
            Refused: the actor may not. What one row is refused for stands in `Loaded.refused`.
            Unavailable: the database is away; run the same import again later.
        """
        for done, one in enumerate(rows):
            tell(done, len(rows))
            self._row(one)
        tell(len(rows), len(rows))
        return self.loaded

    def _row(self, found: Found) -> None:
        if found.wrong is not None:
            return
        if not found.missing:
            self.loaded.already += 1
            return
        for _ in range(_TRIES):
            try:
                self._bring(found)
            except Conflict:
                self._record.forget(found.case)  # others recorded meanwhile, perhaps this row
                continue
            except Problem as problem:
                self._refuse(found, problem.detail or _ELSEWHERE)
            except Refused as refused:
                if refused.rule == "authority":
                    raise  # not this row's fault: none would be taken
                self._refuse(found, refused.detail)
            else:
                self.loaded.brought += found.new
                self.loaded.completed += found.resumed
            self._record.forget(found.case)
            return
        self._refuse(found, "others are recording in this case: run the import again")

    def _refuse(self, found: Found, remedy: str) -> None:
        self.loaded.refused.append(RowError(row=found.row.row, column="the row", remedy=remedy))

    def _bring(self, found: Found) -> None:
        """Record what is missing of a row: its adult, the case, then its entries in order."""
        if found.whom is not None and found.whom.new:
            found, person = self._looking.again(found)
            self._register(found.row, person)
        for step in found.missing:
            self._entry(found, step)

    def _register(self, row: Listed, person: PersonRef) -> None:
        """Make the adult known, once: also where another import of the same did a moment ago."""
        if self._office.record.log.stream(person):
            return
        command = RegisterPerson(
            person=person,
            details=details_of(row, person),
            external=self._looking.people.external(row, person),
        )
        now = instant(self._office.clock.now())
        ask = self._ask(row, person, Step(name="register", command=command, occurred=now), 0)
        record_once(self._office, self._looking.register, ask)
        self._earlier.new(person)

    def _entry(self, found: Found, step: Step) -> None:
        id_ = command_of(found.case, step)
        facts = self._record.facts(found.case)
        if any(fact.header.command == id_ for fact in facts):
            return  # recorded meanwhile, by another import of the same
        ask = self._ask(found.row, found.case, step, len(facts))
        if step.name == "forward":
            now = instant(self._office.clock.now())
            ask = replace(ask, particulars=replace(ask.particulars, occurred=now))
            record_once(self._office, self._looking.register, ask)
            self._record.forget(found.case)
        else:
            self._handler.handle(ask)
        self.loaded.entries += 1

    def _ask(self, row: Listed, stream: UUID, step: Step, version: int) -> Ask:
        """A command of a row; its id is the same for the same entry of the same stream."""
        number = command_of(stream, step)
        return Ask(
            command=step.command,
            stream=stream,
            expected_version=version,
            actor=self._actor,
            particulars=Particulars(
                occurred=step.occurred,
                source=Slug(row.system),
                source_recorded=row.times.get("recorded"),
                correlation=self._run,
            ),
            id=number,
            digest=hashlib.sha256(number.bytes).digest(),
        )


class _Earlier:
    """Earlier referrals of an adult; of one made known in this run, those of this run alone."""

    def __init__(self, office: Office) -> None:
        self._view = ViewLookups(office)
        self._office = office
        self._new: set[PersonRef] = set()

    def new(self, person: PersonRef) -> None:
        """Remember that nobody else can have recorded anything of somebody yet."""
        self._new.add(person)

    def earlier_referrals(self, adult: PersonRef) -> tuple[When, ...]:
        """When referrals about this adult were received before, in any case."""
        if adult not in self._new:
            return self._view.earlier_referrals(adult)
        self._new.discard(adult)  # this is the first; whatever follows is looked up
        return ()
