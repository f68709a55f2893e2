"""What a few stories say in fields that most leave empty: something on no list, by whom, how.

Nobody fills in every field of every form. So the stories are told first, and then a few of what
they ask say more: each row of `fuller_*` names a command, what more it says, and where. Nothing is
asked beside what was asked, so whatever is told after stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Final, TypeAlias
from uuid import UUID

from api.demonstration.chance import Chance
from api.demonstration.pending import Naming, Producing
from api.demonstration.telling import Step, Story, World
from domain.correction import ErasePersonalData
from domain.sitting import HoldConference
from domain.words import Code, Personal

_OTHER: Final = Code("other")
_FEW: Final = 2


@dataclass(frozen=True, kw_only=True)
class At:
    """One step of a story, and what a row may want to know of it."""

    world: World
    stories: Sequence[Story]
    story: Story
    number: int
    chance: Chance

    @cached_property
    def step(self) -> Step:
        """The step itself."""
        return self.story.steps[self.number]

    @cached_property
    def command(self) -> Any:  # noqa: ANN401 — any command
        """What it asks."""
        return bare(self.step.command)

    def words(self, text: str) -> Personal:
        """Make a passage about whoever the step is about."""
        return Personal(self.step.stream, text)

    def before(self, *kinds: type) -> list[Any]:
        """What of these kinds was asked earlier in the story."""
        asked = (bare(one.command) for one in self.story.steps[: self.number])
        return [one for one in asked if isinstance(one, kinds)]

    def after(self, *kinds: type) -> list[Any]:
        """What of these kinds is asked later in the story."""
        asked = (bare(one.command) for one in self.story.steps[self.number + 1 :])
        return [one for one in asked if isinstance(one, kinds)]

    @property
    def divided(self) -> bool:
        """Whether the meeting of the step is told to have had two parts."""
        ref = getattr(self.command, "conference", None)
        held = [
            one
            for one in (*self.before(HoldConference), *self.after(HoldConference))
            if one.conference == ref
        ]
        return any(len(one.parts) > 1 for one in held)

    def knows(self, of: str, code: str = _OTHER) -> bool:
        """Whether a list of the nation has a code."""
        return code in self.world.law.lists.get(of, ())


Value: TypeAlias = Any  # a text (made a passage), or what the field takes, or a way to find it
Where: TypeAlias = Callable[[At], bool]


def _anywhere(_at: At) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """What a kind of command says more, in up to so many places that `where` agrees to.

    `share` instead of `times`: in that share of them all.
    """

    command: type
    says: Callable[[At], dict[str, Value]]
    where: Where = _anywhere
    times: int = _FEW
    share: float | None = None


def bare(command: object) -> object:
    """Give a command that names what is looked up, without that."""
    return command.command if isinstance(command, Naming | Producing) else command


def more(
    command: type,
    *,
    where: Where = _anywhere,
    times: int = _FEW,
    share: float | None = None,
    **said: Value,
) -> More:
    """Give a row that fills in these fields; a text becomes a passage, a function is asked."""
    return More(command=command, says=lambda _: said, where=where, times=times, share=share)


def other(
    command: type, field: str, text: str, *, where: Where = _anywhere, times: int = 1, **also: Value
) -> More:
    """Give a row for what is on no list, said in words; where the nation's list allows that."""
    name = next(one.metadata["list"] for one in fields(command) if one.name == field)

    def says(at: At) -> dict[str, Value]:
        before = getattr(at.command, field)
        code: Value = (*before, _OTHER) if isinstance(before, tuple) else _OTHER
        return {field: code, f"{field}_other": text, **also}

    def there(at: At) -> bool:
        return at.knows(name) and where(at)

    return More(command=command, says=says, where=there, times=times)


def fill_in(
    world: World, chance: Chance, stories: Sequence[Story], rows: Sequence[More]
) -> list[Story]:
    """Give the same stories, some of what they ask saying more."""
    told, asked = list(stories), _asked(stories)
    for number, row in enumerate(rows):
        of_its_own = chance.of(number, row.command.__name__)
        every = (
            At(world=world, stories=told, story=told[where], number=step, chance=of_its_own)
            for where, step in asked[row.command]
        )
        fitting = [at for at in every if row.where(at)]
        if row.share is None:
            chosen = spread(of_its_own.mixed(fitting), row.times)
        else:
            chosen = [at for at in fitting if of_its_own.whether(row.share)]
        changed: defaultdict[UUID, dict[int, object]] = defaultdict(dict)
        for at in chosen:
            changed[at.story.case][at.number] = _said(at, row)
        for where, story in enumerate(told):
            if story.case in changed:
                told[where] = _with(story, changed[story.case])
    return told


def _asked(stories: Sequence[Story]) -> dict[type, list[tuple[int, int]]]:
    """Where each kind of command is asked: in which story, at which step; none that is erased."""
    asked: defaultdict[type, list[tuple[int, int]]] = defaultdict(list)
    for where, story in enumerate(stories):
        if any(isinstance(step.command, ErasePersonalData) for step in story.steps):
            continue
        for number, step in enumerate(story.steps):
            asked[type(bare(step.command))].append((where, number))
    return asked


def places(world: World, chance: Chance, stories: Sequence[Story], command: type) -> list[At]:
    """Give every place where a kind of command is asked."""
    return [
        At(world=world, stories=stories, story=stories[where], number=step, chance=chance)
        for where, step in _asked(stories)[command]
    ]


def spread(found: Sequence[At], times: int) -> list[At]:
    """Choose so many, one in each story: of those where nothing fails and the end is told first."""
    chosen: dict[UUID, At] = {}
    for at in sorted(found, key=lambda one: (bool(one.story.fails), not one.story.whole)):
        chosen.setdefault(at.story.case, at)
    return list(chosen.values())[:times]


def _said(at: At, row: More) -> object:
    """Give the command of a step, saying more."""
    said = {name: _value(at, value) for name, value in row.says(at).items()}
    asked = at.step.command
    named = {name: value for name, value in said.items() if isinstance(value, Naming)}
    plain = {name: value for name, value in said.items() if name not in named}
    filled: Any = replace(at.command, **plain)
    for one in named.values():
        return replace(one, command=filled)
    return replace(asked, command=filled) if isinstance(asked, Naming | Producing) else filled


def _value(at: At, value: Value) -> Value:
    if callable(value) and not isinstance(value, type):
        return _value(at, value(at))
    return at.words(value) if type(value) is str else value


def _with(story: Story, changed: dict[int, object]) -> Story:
    steps = tuple(
        replace(step, command=changed[number]) if number in changed else step
        for number, step in enumerate(story.steps)
    )
    return replace(story, steps=steps)


def looked_up(field: str, event: str, *, several: bool = False) -> Naming:
    """Give the version of the latest entry of a kind, looked up when the step is asked."""
    return Naming(command=None, field=field, event=event, several=several)
