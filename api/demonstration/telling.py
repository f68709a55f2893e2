"""One story being told: what is asked, of which stream, by whom, and at what moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from api.demonstration.calibration import Figures
from api.demonstration.chance import Chance, Deck
from api.demonstration.people import Adult, Staff, Team, Worker
from domain.concern import Allegation
from domain.jurisdictions import Jurisdiction
from domain.when import LONDON, When, on_day
from domain.words import (
    Actor,
    CaseRef,
    Code,
    EnquiryRef,
    KnownTo,
    LargeScaleRef,
    OutcomeRef,
    Particulars,
    Personal,
    PersonRef,
    ReportRef,
    Slug,
    WorkingDays,
)

_OPENS: Final = time(9)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something asked at a moment; or, of a worker's own stream, an event of their registration."""

    moment: datetime
    stream: UUID
    command: object
    actor: Actor
    particulars: Particulars


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One case: how it went on, what failed in it, and everything asked until the last moment.

    `could_fail` are the failings it came to where they can happen, `fails` those that did. `whole`
    says that it came to its end before the last moment; what fails after that is not asked.
    `closed` says that its end was the closing of the case.
    """

    case: CaseRef
    adult: PersonRef
    received: date
    goes_on: str
    conference: bool
    could_fail: frozenset[str]
    fails: frozenset[str]
    whole: bool
    closed: bool
    team: Team
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What every story of one authority shares."""

    law: Jurisdiction
    calendar: WorkingDays
    figures: Figures
    staff: Staff
    decks: Mapping[str, Deck]
    homes: Mapping[int, UUID]  # the large-scale enquiry of each year
    begins: datetime
    until: datetime


@dataclass(slots=True, kw_only=True)
class Telling:
    """A story as far as it is told. `now` goes forward, except that an aside is told and left."""

    world: World
    chance: Chance
    case: CaseRef
    adult: Adult
    team: Team
    holder: Worker
    received: date
    now: datetime
    goes_on: str = "none"
    referrals: int = 1
    registered: bool = False
    beside: bool = False  # another case about the same adult is open
    large_scale: bool = False
    closed: bool = False
    died: bool = False
    allegations: tuple[Allegation, ...] = ()
    enquiry: EnquiryRef | None = None
    outcomes: list[OutcomeRef] = field(default_factory=list)
    pach: PersonRef | None = None
    advocate: PersonRef | None = None
    caused: Slug | None = None  # who enquires for the council
    caused_again: bool = False  # and is asked again
    asked_of: list[Slug] = field(default_factory=list)  # agencies asked for what they know
    reported: list[Slug] = field(default_factory=list)  # those who told it
    report: ReportRef | None = None
    left_out: bool = False  # the adult, of the meeting under way
    home: LargeScaleRef | None = None  # the enquiry into a home that this is part of
    capacity: str = "not_recorded"  # the answers the enquiry ends with
    asked: str = "not_recorded"
    risk: Code = field(default=Code("high"))  # as it was last assessed
    wishes_told: bool = True  # in the report
    failings: dict[str, bool] = field(default_factory=dict)  # those that could, and did or not
    shown: set[str] = field(default_factory=set)  # failings that happened at least once
    steps: list[Step] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The local day it is in the story."""
        return self.now.astimezone(LONDON).date()

    @property
    def capable(self) -> bool:
        """Whether the adult is found able to decide."""
        return not self.capacity.startswith("lacked")

    @property
    def manager(self) -> Worker:
        """Who manages the team that has the case."""
        return self.team.manager

    def words(self, options: Sequence[str]) -> Personal:
        """Choose a text and make it a passage about the case."""
        return self.passage(self.chance.one(options))

    def passage(self, text: str) -> Personal:
        """Make a passage about the case."""
        return Personal(self.case, text)

    def fail(self, name: str) -> bool:
        """Say whether this story has a failing it comes to where it can happen."""
        if name not in self.failings:
            self.failings[name] = self.world.decks[name].draw() == Code("yes")
        return self.failings[name]

    def fail_here(self, name: str) -> bool:
        """As `fail`, of what can go wrong again and again: at first, then one time in three."""
        if not self.fail(name):
            return False
        again = name in self.shown
        self.shown.add(name)
        return not again or self.chance.whether(1 / 3)

    def turn(self, name: str) -> bool:
        """Say whether this story takes a turn, as often as the figures have it."""
        return self.world.decks[name].draw() == Code("yes")

    @contextmanager
    def by_itself(self, name: str) -> Iterator[Chance]:
        """Tell something whose choices change nothing of what is told after it."""
        before = self.chance
        self.chance = before.of(name, len(self.steps))
        yield self.chance
        self.chance = before

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Tell what goes on beside the rest, then come back to where the story was."""
        before = self.now
        yield
        self.now = before

    def at(self, day: date) -> None:
        """Go on to a day, or the working day after it; some time in its morning."""
        while not self.world.calendar.works(day):
            day += _DAY
        minutes = self.chance.between(0, 300)
        moment = datetime.combine(day, _OPENS, LONDON) + timedelta(minutes=minutes)
        self.now = max(self.now, moment.astimezone(self.now.tzinfo))

    def wait(self, low: int, high: int) -> None:
        """Go on by that many working days, some number between the two."""
        self.at(self.working_day(self.day, self.chance.between(low, high)))

    def pace(self, step: str) -> None:
        """Go on by the nation's own number of working days for a step."""
        self.wait(*self.world.figures.working_days[step])

    def working_day(self, start: date, count: int) -> date:
        """Count working days on from a day."""
        day = start
        while count:
            day += _DAY
            count -= self.world.calendar.works(day)
        return day

    def last_working_day(self, day: date) -> date:
        """Give the day itself, or the working day before it."""
        while not self.world.calendar.works(day):
            day -= _DAY
        return day

    def ask(
        self,
        command: object,
        by: Worker | None = None,
        *,
        occurred: When | None = None,
        done_by: Worker | None = None,
        known_to: tuple[Slug, ...] = (),
        stream: UUID | None = None,
        source: Slug | None = None,
        source_recorded: When | None = None,
    ) -> None:
        """Ask something, a few minutes after the last; by default the holder, of today."""
        self.now += timedelta(minutes=self.chance.between(1, 6), seconds=self.chance.between(0, 59))
        when = occurred or on_day(self.day)
        particulars = Particulars(
            occurred=when,
            performed_by=None if done_by is None else done_by.ref,
            performed_role=None if done_by is None else done_by.role,
            known_to=tuple(KnownTo(agency=agency, since=when) for agency in known_to),
            source=source,
            source_recorded=source_recorded,
        )
        self.steps.append(
            Step(
                moment=self.now,
                stream=stream or self.case,
                command=command,
                actor=(by or self.holder).actor,
                particulars=particulars,
            )
        )
