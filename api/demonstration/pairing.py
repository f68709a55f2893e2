"""Two cases of one adult read as one, or an entry of one read in the other; and some of it ended.

Only adults with two cases that both came to their end, and of whom nobody asked anything else
afterwards. Of some, one is still open and the other was closed: it is read there all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from api.demonstration import phrases
from api.demonstration.chance import Chance
from api.demonstration.desk import Desk
from api.demonstration.pending import Naming
from api.demonstration.telling import Step, Story, World
from domain.concern import RecordCommunicationNeeds
from domain.correction import RecordChronologyEntry
from domain.joining import EndSplit, MergeCase, SplitCase, UnmergeCase
from domain.words import Code, PersonRef

MERGES: Final = 0.0075  # assumed, both: how many of a hundred cases
SPLITS: Final = 0.0075
HIDDEN: Final = 0.0025  # of an open case into one that was closed already
_PAIR: Final = 2
_MOVABLE: Final = {
    RecordChronologyEntry: "chronology-entry-recorded",
    RecordCommunicationNeeds: "communication-needs-recorded",
}


def pair_up(world: World, chance: Chance, stories: Sequence[Story]) -> list[Story]:
    """Give the same stories, some of them joined."""
    told = {one.case: one for one in stories}
    left = {"merge": max(1, round(MERGES * len(stories)))}
    left["split"] = max(1, round(SPLITS * len(stories)))
    pairs = list(_pairs(stories))
    hidden = list(_hide(world, chance.of("hidden"), pairs, max(1, round(HIDDEN * len(stories)))))
    told |= {one.case: one for one in hidden}
    taken = {one.adult for one in hidden}
    pairs = [pair for pair in pairs if pair[0].adult not in taken]
    for first, second in chance.mixed(pairs):
        way = "split" if left["split"] and _movable(second) else "merge"
        if not left[way]:
            continue
        write = _split if way == "split" else _merge
        more = write(Desk(world, chance, second), first, end=left[way] % _PAIR == 1)
        if more[-1].moment <= world.until:
            told[second.case] = _with(second, more)
            left[way] -= 1
    return [told[one.case] for one in stories]


def _hide(
    world: World, chance: Chance, pairs: Sequence[tuple[Story, Story]], count: int
) -> Iterator[Story]:
    """Read open cases in ones that were closed already, where what is due is out of sight."""
    for pair in chance.mixed(pairs):
        still = [one for one in pair if not one.closed]
        ended = [one for one in pair if one.closed]
        if not count or not still or not ended:
            continue
        more = _merge(Desk(world, chance, still[0]), ended[0], end=False)
        if more[-1].moment <= world.until:
            yield _with(still[0], more)
            count -= 1


def _with(story: Story, more: Sequence[Step]) -> Story:
    steps = tuple(sorted((*story.steps, *more), key=lambda step: step.moment))
    return replace(story, steps=steps)


def _pairs(stories: Sequence[Story]) -> Iterator[tuple[Story, Story]]:
    """The two cases of each adult who has two, the earlier first."""
    of: defaultdict[PersonRef, list[Story]] = defaultdict(list)
    for story in stories:
        of[story.adult].append(story)
    for pair in of.values():
        if len(pair) == _PAIR and all(one.whole for one in pair):
            first, second = sorted(pair, key=lambda one: one.steps[0].moment)
            yield first, second


def _movable(story: Story) -> list[str]:
    """The kinds of entries of a story that may belong to the other."""
    kinds = dict.fromkeys(_MOVABLE.get(type(step.command)) for step in story.steps)
    return [one for one in kinds if one is not None]


def _merge(desk: Desk, first: Story, *, end: bool) -> list[Step]:
    """Read the later case in the earlier one."""
    moment = desk.later(max(desk.last, first.steps[-1].moment), 3, 30)
    joined = MergeCase(
        other=first.case,
        reason=Code("one_adult"),
        rationale=desk.words(phrases.ONE_CASE[0]) if desk.chance.whether(0.8) else None,
    )
    steps = [desk.step(moment, joined)]
    if end:
        again = UnmergeCase(other=first.case, rationale=desk.words(phrases.APART_AGAIN[0]))
        steps.append(desk.step(desk.later(moment, 20, 60), again))
    return steps


def _split(desk: Desk, first: Story, *, end: bool) -> list[Step]:
    """Read an entry of the later case in the earlier one."""
    moment = desk.later(max(desk.last, first.steps[-1].moment), 3, 30)
    belongs = SplitCase(
        other=first.case,
        reason=Code("wrong_case"),
        entries=(),  # looked up: the latest of its kind
        rationale=desk.words(phrases.SPLIT[0]),
    )
    event = _movable(desk.story)[0]
    named = Naming(command=belongs, field="entries", event=event, several=True)
    steps = [desk.step(moment, named)]
    if end:
        back = EndSplit(other=first.case, rationale=desk.words(phrases.APART_AGAIN[0]))
        steps.append(desk.step(desk.later(moment, 20, 60), back))
    return steps
