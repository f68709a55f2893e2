"""Histories of any events the catalogue has, made from their annotations; the same for a seed."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from api.clock import seeded
from domain.catalogue import CASE as CASES
from domain.catalogue import EVENTS, PERSON
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.when import When, read
from domain.words import Code, Digest, Forgotten, KnownTo, Personal, Slug
from tests.controls import ADULT, CASE, DAY, OTHER_CASE, SISTER, a_referral, ref
from tests.projections.conftest import Told

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
    """Give so many events in two cases and two people, recorded on days that do not go back."""
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
