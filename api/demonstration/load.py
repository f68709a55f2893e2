"""Loads the made-up authority into an empty record, through the same door as everything else.

The three years before a day are told in time order on a simulated clock, into a log whose opening
says that it is simulated until that day begins. From then on the same log goes on in real time.

A load that was killed goes on where it was: the id of each thing asked is reckoned from nation,
seed and number, and the opening of the record keeps the seed and the last moment. Nothing else may
record meanwhile.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from api.clock import SimulatedClock, SystemClock, entropy
from api.demonstration.people import Worker
from api.demonstration.stories import Plan, begins, tell
from api.demonstration.telling import Step
from api.office import Office
from api.remembering import RememberingRecord
from api.settings import Settings
from domain import stored
from domain.concern import LinkReferral, ReceiveReferral
from domain.handle import Ask, Handler, local_day
from domain.opening import Simulation
from domain.record.log import Log
from domain.record.record import Part
from domain.refusal import Refused
from domain.when import end_of, unknown
from domain.words import Code, Particulars, Personal, PersonRef
from domain.worker import WorkerRegistered

NATIONS: Final = {"english": "england", "scottish": "scotland"}
SEED: Final = 2014
CASES: Final = 400
_TOLD_EVERY: Final = 50  # steps between two words of progress
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
        Refused: the record is a real one, another nation's, or a load cut short since which
            somebody recorded something in real time.
    """
    day = today or local_day(SystemClock().now())
    until = end_of(day - timedelta(days=1))
    ours = replace(settings, nation=NATIONS[nation])
    simulation = Simulation(seed=seed, until=until)
    clock = SimulatedClock(begins(until))
    with Office(ours, clock=clock, simulated=simulation) as office:
        begun = office.opening.simulated
        if begun is None or office.opening.nation != Code(ours.nation):
            raise Refused(
                "not-empty",
                "demonstration",
                "this record is in use: load the demonstration into an empty one "
                "(another HOLDFAST_DATA, or another database)",
            )
        law, calendar = office.jurisdiction, office.calendar
        plan = tell(law, calendar, seed=begun.seed, cases=cases, until=begun.until)
        _Loader(office, clock, plan, f"{law.code}/{begun.seed}/{cases}").run(progress)


class _Loader:
    """Asks everything a plan has to ask that the record does not hold yet."""

    def __init__(self, office: Office, clock: SimulatedClock, plan: Plan, name: str) -> None:
        self._plan = plan
        self._name = name
        self._log: Log = office.record.log
        self._record = RememberingRecord(self._log, office.keyring, stored, clock, entropy)
        self._clock = clock
        self._earlier = Earlier()
        self._handler = Handler(
            self._record, office.jurisdiction, office.calendar, clock, self._earlier
        )

    def run(self, progress: Progress) -> None:
        """Ask the rest, in order."""
        steps = self._plan.steps
        done = self._asked_before(steps)
        if done < len(steps):
            self._nobody_came_between()
        for worker in self._plan.staff if not done else ():
            self._register(worker)
        for number, step in enumerate(steps):
            if number >= done:
                self._ask(number, step)
            self._earlier.note(step)
            if number % _TOLD_EVERY == 0:
                progress(number, len(steps))
        progress(len(steps), len(steps))

    def _asked_before(self, steps: Sequence[Step]) -> int:
        """How many steps the record holds: a search by halves, since they are asked in order."""
        return bisect_left(
            range(len(steps)), 1, key=lambda n: int(self._log.command(self._id(n)) is None)
        )

    def _nobody_came_between(self) -> None:
        """Refuse to go on behind what was recorded in real time: a log runs forward only."""
        for row in self._log.at([self._log.tail()]):
            if row.recorded_at > self._plan.until:
                raise Refused(
                    "cut-short",
                    "demonstration",
                    "the demonstration was cut short and something was recorded since: "
                    "begin again with an empty HOLDFAST_DATA",
                )

    def _id(self, number: object) -> UUID:
        digest = hashlib.sha256(f"{self._name}/{number}".encode()).digest()
        return UUID(bytes=digest[:16], version=4)

    def _ask(self, number: int, step: Step) -> None:
        self._clock.move_to(step.moment)
        command = self._id(number)
        self._handler.handle(
            Ask(
                command=step.command,
                stream=step.stream,
                expected_version=len(self._record.facts(step.stream)),
                actor=step.actor,
                particulars=step.particulars,
                id=command,
                digest=hashlib.sha256(command.bytes).digest(),
            )
        )

    def _register(self, worker: Worker) -> None:
        """Make a worker known, under the reference the plan has for them."""
        command = self._id(worker.ref)
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


class Earlier:
    """Answers `domain.handle.Lookups` from what was asked so far, since no view follows a load."""

    def __init__(self) -> None:
        self._adults: dict[UUID, PersonRef] = {}
        self._days: defaultdict[PersonRef, list[date]] = defaultdict(list)

    def note(self, step: Step) -> None:
        """Keep the day of a referral."""
        command = step.command
        if isinstance(command, ReceiveReferral):
            self._adults[step.stream] = command.adult
        if isinstance(command, ReceiveReferral | LinkReferral):
            day = command.received.first_day
            if day is not None:
                self._days[self._adults[step.stream]].append(day)

    def cases_about(self, adult: PersonRef) -> tuple[UUID, ...]:
        """Every case about this adult so far."""
        return tuple(stream for stream, one in self._adults.items() if one == adult)

    def earlier_referrals(self, adult: PersonRef) -> tuple[date, ...]:
        """The days on which referrals about this adult were received before, in any case."""
        return tuple(sorted(self._days.get(adult, ())))
