"""Loads the made-up authority into an empty record, through the same door as everything else.

The three years before a day are told in time order on a simulated clock, into a log whose opening
says that it is simulated until that day begins. From then on the same log goes on in real time.

A load that was killed goes on where it was. The opening of the record keeps the seed and the last
moment, so the same stories are planned again; the id of each thing asked is reckoned from nation,
seed and number, so what was recorded is known from what was not; and each request's digest covers
all those before it, so another version's stories are never told on behind these.

The last thing told is recorded at the last moment itself. Until then the record is half told, and
an `Office` whose time is real refuses to open it: entries of real time behind a half-told history
could never be told around, since a log runs forward only.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

import psycopg

from api.clock import SimulatedClock, SystemClock, entropy
from api.demonstration.pending import settled
from api.demonstration.people import Worker
from api.demonstration.stories import Plan, begins, tell
from api.demonstration.telling import Step
from api.office import Office
from api.remembering import RememberingRecord
from api.settings import Settings
from api.watching import Watch
from domain import case as rules
from domain import stored
from domain.adopting import AdoptPolicy
from domain.case import Case
from domain.catalogue import CASE, COMMANDS
from domain.concern import LinkReferral, ReceiveReferral
from domain.finding import Finding
from domain.handle import Ask, Handler, local_day
from domain.opening import Simulation
from domain.record.log import Log
from domain.record.record import Part
from domain.refusal import Refused
from domain.stage import Context
from domain.when import When, end_of, unknown
from domain.words import Code, Fact, Particulars, Personal, PersonRef
from domain.worker import WorkerRegistered

NATIONS: Final = {"english": "england", "scottish": "scotland"}
SEED: Final = 2014
CASES: Final = 400
_TOLD_EVERY: Final = 50  # steps between two words of progress
_FILED: Final = "filed"
_LAST: Final = "last"  # what the last thing told is called, where the others have numbers
_LOCK: Final = 0x44454D4F
_PATIENCE_S: Final = 5  # for the database to notice that an earlier load was killed
Progress = Callable[[int, int], None]


def load(
    settings: Settings,
    *,
    nation: str,
    today: date | None = None,
    seed: int = SEED,
    cases: int = CASES,
    progress: Progress = lambda _done, _total: None,
) -> None:
    """Load an `english` or `scottish` authority of the three years that end where `today` begins.

    `today` is by default the local day it is; the record keeps the one it was first loaded on.
    Loading again does nothing; after a load that was cut short it does the rest.

    Raises:
        Refused: the record is a real one, another nation's, being loaded by somebody else, or one
            whose load was cut short and cannot be completed; or a guard of its log is gone; with
            what can be done.
        ServerError: the embedded database ended for good; the same load again does the rest.
    """
    day = today or local_day(SystemClock().now())
    until = end_of(day - timedelta(days=1))
    ours = replace(settings, nation=NATIONS[nation])
    simulation = Simulation(seed=seed, until=until)
    clock = SimulatedClock(begins(until))
    with Office(ours, clock=clock, simulated=simulation) as office, _alone(office):
        begun = office.opening.simulated
        if begun is None or office.opening.nation != Code(ours.nation):
            raise Refused(
                "not-empty",
                "demonstration",
                "this record is in use: load the demonstration into an empty one "
                "(another HOLDFAST_DATA, or another database)",
            )
        loader = _Loader(office, clock, begun)
        watch = Watch(office)
        watch.look()

        def far(done: int, total: int) -> None:
            watch.look()
            progress(done, total)

        if office.half_told:
            told = partial(tell, office.jurisdiction, office.policies.calendar, office.authority)
            loader.run(told(seed=begun.seed, cases=cases, until=begun.until), far, office)
        elif not loader.ended:
            raise _cut_short("something was recorded in it since")


@contextmanager
def _alone(office: Office) -> Iterator[None]:
    """Keep a second load out; the database lets go of the lock with the connection."""
    with office.database.connect("holdfast_writer") as conn:
        conn.execute(f"SET lock_timeout = '{_PATIENCE_S}s'")
        try:
            conn.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        except psycopg.errors.LockNotAvailable:
            raise Refused(
                "being-loaded",
                "demonstration",
                "the demonstration is being loaded into this record already: let that finish",
            ) from None
        yield


def _cut_short(why: str) -> Refused:
    return Refused(
        "cut-short",
        "demonstration",
        f"the demonstration in this record was cut short and cannot be completed: {why}. Nothing "
        "is lost, and `holdfast serve` shows it as it is; for a whole one begin with an empty "
        "HOLDFAST_DATA, or another database",
    )


class _Loader:
    """Asks everything a plan has to ask that the record does not hold yet."""

    def __init__(self, office: Office, clock: SimulatedClock, begun: Simulation) -> None:
        self._name = f"{office.jurisdiction.code}/{begun.seed}"
        self._log: Log = office.record.log
        unasked: Any = _Unasked(self._log)
        self._record = RememberingRecord(unasked, office.keyring, stored, clock, entropy)
        self._clock = clock
        self._policies = office.policies
        self._earlier = Earlier()
        self._handler = _Handler(
            self._record,
            office.jurisdiction,
            office.policies.as_they_are(),
            clock,
            self._earlier,
            carry_out=office.erasure.carry_out,
        )

    @property
    def ended(self) -> bool:
        """Whether the record holds the whole load: its last thing was recorded."""
        return self._log.command(self._id(_LAST)) is not None

    def run(self, plan: Plan, progress: Progress, office: Office) -> None:
        """Ask the rest, in order, file the last return, and end at the last moment.

        Raises:
            Refused: what the record holds was planned by another version of Holdfast.
        """
        steps, digests = plan.steps, list(_digests(plan.steps))
        done = self._asked_before(steps)
        if done:
            self._same_so_far(done, digests[done - 1])
        else:
            for worker in plan.staff:
                self._register(worker, self._id(worker.ref))
        for number, step in enumerate(steps):
            if number >= done:
                self._ask(number, step, digests[number])
            self._earlier.note(step)
            if number % _TOLD_EVERY == 0:
                progress(number, len(steps))
        self._clock.move_to(plan.until)
        # The doors take long to import, which `holdfast demo` does meanwhile.
        from api.demonstration.filing import file_last_year  # noqa: PLC0415

        manager = plan.staff.teams[0].manager
        file_last_year(office, manager, plan.until, self._id(_FILED))
        self._register(plan.staff.visitor, self._id(_LAST))
        progress(len(steps), len(steps))

    def _asked_before(self, steps: Sequence[Step]) -> int:
        """How many steps the record holds: a search by halves, since they are asked in order."""
        return bisect_left(
            range(len(steps)), 1, key=lambda n: int(self._log.command(self._id(n)) is None)
        )

    def _same_so_far(self, done: int, digest: bytes) -> None:
        found = self._log.command(self._id(done - 1))
        if found is None or found[1] != digest:
            raise _cut_short("it was begun by another version of Holdfast")

    def _id(self, number: object) -> UUID:
        digest = hashlib.sha256(f"{self._name}/{number}".encode()).digest()
        return UUID(bytes=digest[:16], version=4)

    def _ask(self, number: int, step: Step, digest: bytes) -> None:
        self._clock.move_to(step.moment)
        facts = self._record.facts(step.stream)
        self._handler.handle(
            Ask(
                command=settled(step.command, facts, lambda: self._raised(step)),
                stream=step.stream,
                expected_version=len(facts),
                actor=step.actor,
                particulars=step.particulars,
                id=self._id(number),
                digest=digest,
            )
        )
        if isinstance(step.command, AdoptPolicy):  # the one thing that changes what is in force
            self._handler.policies = self._policies.as_they_are()

    def _raised(self, step: Step) -> list[Finding]:
        """What the case is criticised for on the day of a step."""
        case, _ = self._handler.case(step.stream)
        return list(self._handler.findings(case, local_day(step.moment)))

    def _register(self, worker: Worker, command: UUID) -> None:
        """Make a worker known, under the reference the plan has for them."""
        if self._log.command(command) is not None:
            return
        event = WorkerRegistered(
            issuer=Personal(worker.ref, worker.issuer),
            subject=Personal(worker.ref, worker.subject),
            name=Personal(worker.ref, worker.name),
        )
        self._record.append(
            [Part(worker.ref, 0, (event,))],
            actor=worker.actor,
            particulars=Particulars(occurred=unknown(), purpose=Code("records_management")),
            command=command,
            digest=hashlib.sha256(command.bytes).digest(),
        )


def _digests(steps: Sequence[Step]) -> Iterator[bytes]:
    """A digest for each step, of everything planned up to it."""
    so_far = hashlib.sha256()
    for step in steps:
        so_far.update(f"{step.moment.isoformat()} {step.stream} {step.command!r}".encode())
        yield so_far.digest()


class _Unasked:
    """The log, spared a question: what a load asks was never asked before, as it found out first.

    Should that be wrong all the same, the log itself takes no command twice.
    """

    def __init__(self, log: Log) -> None:
        self._log = log

    def command(self, _command: UUID) -> None:
        """Not in the log."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 — whatever a log has
        return getattr(self._log, name)


class _Handler(Handler):
    """A handler that remembers every case as far as it has come, rather than replay it each time.

    Thousands of things are asked here in one go; everywhere else a case is asked one.
    """

    def __init__(self, *parts: Any, **named: Any) -> None:  # noqa: ANN401 — those of Handler
        super().__init__(*parts, **named)
        self._cases: dict[UUID, Case] = {}

    def _decide(
        self,
        name: str,
        command: Any,  # noqa: ANN401 — as in Handler
        facts: list[Fact[Any]],
        context: Context,
    ) -> tuple[object, ...]:
        if not facts or COMMANDS[name].stream != CASE:
            return super()._decide(name, command, facts, context)
        case = self._cases.get(facts[0].stream, rules.initial)
        for fact in facts[case.version :]:
            case = rules.evolve(case, fact)
        self._cases[facts[0].stream] = case
        return rules.decide(command, case, context)


class Earlier:
    """Answers `domain.handle.Lookups` from what was asked so far, since no view follows a load."""

    def __init__(self) -> None:
        self._adults: dict[UUID, PersonRef] = {}
        self._received: defaultdict[PersonRef, list[When]] = defaultdict(list)

    def note(self, step: Step) -> None:
        """Keep when a referral was received."""
        command = step.command
        if isinstance(command, ReceiveReferral):
            self._adults[step.stream] = command.adult
        if isinstance(command, ReceiveReferral | LinkReferral):
            self._received[self._adults[step.stream]].append(command.received)

    def earlier_referrals(self, adult: PersonRef) -> tuple[When, ...]:
        """When referrals about this adult were received before, in any case, in that order."""
        return tuple(self._received.get(adult, ()))
