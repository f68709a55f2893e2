"""Histories of any events the catalogue has, made from their annotations; the same for a seed."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date, timedelta
from random import Random
from typing import Any, cast
from uuid import UUID

from api.clock import seeded
from domain.catalogue import CASE as CASES
from domain.catalogue import EVENTS, PERSON
from domain.correction import RecordCorrected
from domain.joined import stays
from domain.joining import CaseMerged, CaseSplit, CaseSplitEnded, CaseUnmerged
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.when import When, read
from domain.words import Code, Digest, Forgotten, KnownTo, Personal, Slug
from tests.controls import ADULT, CASE, DAY, OTHER_CASE, SISTER, a_referral, ref
from tests.projections.conftest import Told, corrected
from tests.projections.joins import end_split, merge, split, unmerge

MARKER = "Marked"  # begins the text of every passage
TEAMS = ("north-team", "south-team", "police")
WHENS = (
    "2026-11-03",
    "2026-11",
    "2025",
    "2026-10-XX",
    "2026-11-01?",
    "/2011",
    "unknown",
    "2026-11-03T09:30:00Z",
)
NAMES = {
    kind: [name for name, one in EVENTS.items() if one.stream == kind] for kind in (CASES, PERSON)
}


def history(seed: int, length: int) -> list[Told]:
    """Give so many events in two cases and two people, recorded on days that do not go back.

    By an odd seed there is a third case, and the three are merged, split and parted as commands do
    it; by an even one what joins cases stands in one of them, as no command records it.
    """
    if seed % 2:
        return joined_history(seed, length)
    random, day, told = seeded(seed), DAY, list[Told]()
    for number in range(length):
        day += timedelta(days=random.choice((0, 0, 0, 1, 9)))
        kind = PERSON if random.random() < 0.15 else CASES
        stream = random.choice((ADULT, SISTER) if kind == PERSON else (CASE, OTHER_CASE))
        event = a_referral() if number < 2 else _event(random, kind)
        if number < 2:
            stream = (CASE, OTHER_CASE)[number]
        known = KnownTo(agency=Slug("police"), since=read(random.choice(WHENS)))
        told.append(
            Told(
                day=day,
                event=event,
                occurred=random.choice((None, *WHENS)),
                stream=UUID(int=stream.int),
                particulars={"known_to": (known,) if random.random() < 0.2 else ()},
            )
        )
    return told


def joined_history(seed: int, length: int) -> list[Told]:
    """Give so many events in three cases, a person, and a fourth case that only a split begins."""
    random, day, told, joins = seeded(seed), DAY, list[Told](), Joins()
    while len(told) < length - 1:
        day += timedelta(days=random.choice((0, 0, 0, 1, 9)))
        chance = random.random()
        if chance < 0.3:
            made: tuple[Told, ...] = joins.another(random, day)
        elif chance < 0.4:
            made = joins.correction(random, day)
        else:
            kind = PERSON if random.random() < 0.15 else CASES
            stream = random.choice((ADULT, SISTER) if kind == PERSON else joins.open)
            first = kind == CASES and not joins.told[stream]
            event = a_referral() if first else _event(random, kind)
            if isinstance(event, JOINING):
                continue
            when = random.choice((None, *WHENS))
            made = (Told(day=day, event=event, occurred=when, stream=UUID(int=stream.int)),)
        for one in made:
            told.append(one)
            if one.stream in joins.told:
                joins.told[one.stream].append(one.event)
    return told


JOINING = (CaseMerged, CaseUnmerged, CaseSplit, CaseSplitEnded)
THIRD_CASE, SPLIT_CASE = ref(3), ref(4)


@dataclasses.dataclass
class Joins:
    """What the cases of a history are joined to, so that no more is joined than may be."""

    told: dict[UUID, list[object]] = dataclasses.field(
        default_factory=lambda: {
            one: []
            for one in (UUID(int=CASE.int), UUID(int=OTHER_CASE.int), THIRD_CASE, SPLIT_CASE)
        }
    )
    into: dict[UUID, tuple[UUID, int, int]] = dataclasses.field(default_factory=dict)
    splits: list[tuple[UUID, UUID, int, int]] = dataclasses.field(default_factory=list)

    @property
    def open(self) -> list[UUID]:
        """The cases that take events: those not read in another; the fourth once it has begun."""
        return [
            one
            for one, told in self.told.items()
            if one not in self.into and (told or one != SPLIT_CASE)
        ]

    def another(self, random: Random, day: date) -> tuple[Told, ...]:
        """Give two events that join two cases or part them; none where nothing may be."""
        made = random.choice((self._merge, self._unmerge, self._split, self._end_split))
        return made(random, day)

    def correction(self, random: Random, day: date) -> tuple[Told, ...]:
        """Give a correction of an event of any case, also one read in another, that is no join."""
        stream = random.choice([one for one, told in self.told.items() if told] or [THIRD_CASE])
        targets = [
            version
            for version, event in enumerate(self.told[stream], 1)
            if not isinstance(event, (*JOINING, RecordCorrected))
        ]
        if not targets:
            return ()
        when = random.choice((None, "2026-11-03", "2026-10"))
        event = corrected(random.choice(targets), occurred=when, withdrawn=random.random() < 0.5)
        return (Told(day=day, event=event, stream=stream),)

    def _merge(self, random: Random, day: date) -> tuple[Told, ...]:
        one, other = random.choice(self.open), random.choice(self.open)
        if one == other or not self.told[one] or not self.told[other]:
            return ()
        self.into[one] = (other, len(self.told[one]) + 1, len(self.told[other]) + 1)
        return merge(day, one, other, random.choice(("one_adult", "same_concern")))

    def _unmerge(self, random: Random, day: date) -> tuple[Told, ...]:
        if not self.into:
            return ()
        one = random.choice(list(self.into))
        other, at, its = self.into.pop(one)
        return unmerge(day, one, other, at, its)

    def _split(self, random: Random, day: date) -> tuple[Told, ...]:
        one, other = random.choice(list(self.told)), random.choice([*self.open, SPLIT_CASE])
        if one == other or other in self.into:
            return ()
        gone = {
            version
            for case, _other, at, _its in self.splits
            if case == one
            for version in cast("CaseSplit", self.told[one][at - 1]).entries
        }
        free = [
            version
            for version, event in enumerate(self.told[one], 1)
            if version not in gone and not stays(type(event))
        ]
        if not free:
            return ()
        entries = sorted(random.sample(free, min(len(free), random.randrange(1, 4))))
        at = (len(self.told[one]) + 1, len(self.told[other]) + 1)
        self.splits.append((one, other, *at))
        return split(day, one, other, *entries, adult=SISTER)

    def _end_split(self, random: Random, day: date) -> tuple[Told, ...]:
        if not self.splits:
            return ()
        ended = self.splits.pop(random.randrange(len(self.splits)))
        return end_split(day, *ended)


def _event(random: Random, kind: str) -> object:
    # Half of them are what most views are made of, so that they meet one another in one case.
    common = [name for name in NAMES[kind] if name.startswith(("case-", "enquiry-", "plan-"))]
    names = common if common and random.random() < 0.5 else NAMES[kind]
    name = random.choice([one for one in names if one != "referral-received"])
    return a_value(random, EVENTS[name].cls)


def pool(kind: str) -> list[UUID]:
    """Give the references of one kind that there are, as `PersonRef`."""
    return [ref(sum(map(ord, kind)) + number) for number in range(2)]


def a_value(random: Random, hint: Any, listed: str | None = None) -> Any:  # noqa: ANN401
    """Give any value an annotation allows."""
    if hasattr(hint, "__supertype__"):  # references of one kind come from a pool of two
        return random.choice(pool(hint.__name__))
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        members = typing.get_args(hint)
        if set(members) >= {Personal, Forgotten}:
            if type(None) in members and random.random() < 0.5:
                return None
            return Personal(random.choice((CASE, ADULT)), f"{MARKER} {random.random()}")
        return a_value(random, random.choice(members), listed)
    if origin is tuple:
        member = typing.get_args(hint)[0]
        return tuple(a_value(random, member, listed) for _ in range(random.randrange(3)))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type) and hint is not When:
        hints = typing.get_type_hints(hint)
        return hint(
            **{
                one.name: a_value(random, hints[one.name], one.metadata.get("list"))
                for one in dataclasses.fields(hint)
            }
        )
    return _leaf(random, hint, listed)


def _leaf(random: Random, hint: Any, listed: str | None) -> Any:  # noqa: ANN401
    codes = [*ENGLAND.lists.get(listed or "", {}), *SCOTLAND.lists.get(listed or "", {})]
    made = {
        type(None): None,
        bool: random.random() < 0.5,
        int: random.randrange(1, 8),
        Code: Code(random.choice(codes or ["anything"])),
        Slug: Slug(random.choice(TEAMS)),
        Digest: Digest("0" * 64),
        UUID: ref(random.randrange(3)),
        date: DAY + timedelta(days=random.randrange(-30, 60)),
        When: read(random.choice(WHENS)),
    }
    return made[hint]
