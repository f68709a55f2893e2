"""Where what is done to one story's record afterwards is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from api.demonstration.chance import Chance
from api.demonstration.people import Worker
from api.demonstration.telling import Step, Story, World
from domain.handle import local_day
from domain.when import on_day, start_of
from domain.words import Code, Particulars, Personal

_DAY: Final = timedelta(days=1)


class Desk:
    """Where one story's afterthought is written."""

    def __init__(self, world: World, chance: Chance, story: Story) -> None:
        self.world = world
        self.chance = chance
        self.story = story
        self.manager = story.team.manager
        self.last = story.steps[-1].moment
        self.failings: dict[str, bool] = {}
        self.entries = [step for step in story.steps if step.stream == story.case]

    def words(self, text: str) -> Personal:
        """Make a passage about the case."""
        return Personal(self.story.case, text)

    def later(self, moment: datetime, low: int, high: int) -> datetime:
        """Give a moment that many days on, or on the working day after."""
        day = local_day(moment) + timedelta(days=self.chance.between(low, high))
        while not self.world.calendar.works(day):
            day += _DAY
        return start_of(day) + timedelta(minutes=self.chance.between(60 * 9, 60 * 16))

    def version(self, moment: datetime) -> int:
        """Give the version the case has come to by a moment."""
        return sum(step.moment <= moment for step in self.entries)

    def step(self, moment: datetime, command: object, by: Worker | None = None) -> Step:
        """Ask something of the case, of that day; by default as its manager."""
        return Step(
            moment=moment,
            stream=self.story.case,
            command=command,
            actor=(by or self.manager).actor,
            particulars=Particulars(occurred=on_day(local_day(moment))),
        )

    def fail(self, name: str) -> bool:
        """Say whether this afterthought goes wrong."""
        self.failings[name] = self.world.decks[name].draw() == Code("yes")
        return self.failings[name]

    def told(self, *commands: type) -> list[int]:
        """Give the versions of the entries these commands made."""
        return [n for n, one in enumerate(self.entries, 1) if isinstance(one.command, commands)]


Kind: TypeAlias = tuple[str, float, Callable[[Desk], list[Step]]]
