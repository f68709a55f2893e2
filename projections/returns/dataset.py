"""What Scotland's dataset is made of, put together from steps of cases: pure, of no day.

Sources: how the dataset counts is from what its maintainer publishes of its revisions. The point
an inquiry was triggered decides its quarter, whatever becomes of it later. A referral while an
inquiry is open is new information to that one, and so is an inquiry opened while another about the
adult is open: it is no new one, and what was done in it was done in the one that goes on. A power
used in it after that one had ended is none of that one's: from then on it stands for itself.

A plan counts by what it is: agreed as an interim one and revised into a protection plan, it is one
from the day of the revision, and one revised into another kind has ended as what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from projections.projection import Json
from projections.returns import inquiries as steps
from projections.returns.rows import COUNTS, ELSEWHERE, YOUNG
from projections.returns.transferring import Came, Transfer, went

T = TypeVar("T")
USING: Final = "using"
WITHOUT: Final = "without"
NOT_CONCLUDED: Final = "not_concluded"  # whether a power will be used is open
NOT_RECORDED: Final = "not_recorded"


class Understanding(NamedTuple):
    """How a step was understood from a day on, by an entry: when it was, and whether withdrawn.

    `wrong` are its fields that were recorded wrongly, with nothing told instead.
    """

    since: date
    by: int
    day_from: date | None
    day_to: date
    withdrawn: bool
    wrong: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An event that counts, where it is read; what its fields mean stands in `inquiries.py`."""

    position: int
    case: UUID
    stream: UUID
    name: str
    why: str | None = None
    adult: UUID | None = None
    about: UUID | None = None
    code: str | None = None
    reason: str | None = None
    day_from: date | None
    day_to: date
    recorded_on: date
    harms: Sequence[str] = ()
    groups: Sequence[str] = ()
    understood: Sequence[Understanding] = ()  # in order, of one that was corrected
    changed: int = 0  # since which position it is read as it is: a merge or split may have moved it

    @property
    def subject(self) -> UUID:
        """What a cell names as counted: what it is about, else the case."""
        return self.about or self.case

    @property
    def wrong(self) -> frozenset[str]:
        """Its fields that are now understood to have been recorded wrongly."""
        return self.understood[-1].wrong if self.understood and self.why is None else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """One inquiry: its trigger, and all that was done in it, in the order of the record.

    `goes_on_in` is the one that was open already when this one was opened; `dated` are, of both,
    the powers of this one: by their day it goes on there, or counts by itself.
    """

    opened: Step
    adult: UUID | None
    powers: Sequence[Step] = ()
    endings: Sequence[Step] = ()  # conclusions and reopenings
    goes_on_in: UUID | None = None
    dated: Sequence[Step] = ()

    @property
    def inquiry(self) -> UUID:
        """Its reference."""
        return self.opened.subject

    @property
    def trigger(self) -> date:
        """The day that decides its quarter."""
        return self.opened.day_to

    @property
    def concluded(self) -> Step | None:
        """Its conclusion, unless it was reopened since; of two the first stands."""
        found: Step | None = None
        for one in self.endings:
            found = (found or one) if one.name == steps.CONCLUDED else None
        return found

    @property
    def more_conclusions(self) -> Sequence[Step]:
        """The conclusions told after one that stood, without a reopening between."""
        pairs = pairwise(self.endings)
        return [two for one, two in pairs if one.name == two.name == steps.CONCLUDED]

    @property
    def had_ended_without(self) -> bool:
        """Whether it had been concluded before the first power was used in it."""
        ended = [one for one in self.endings if one.name == steps.CONCLUDED]
        return bool(self.powers and ended) and ended[0].position < self.powers[0].position

    @property
    def kind(self) -> str:
        """Which of the two it counts as, or that it counts as neither yet."""
        if self.powers:
            return USING
        return NOT_CONCLUDED if self.concluded is None else WITHOUT

    @property
    def decided(self) -> Step:
        """The event that makes it what it is: the first power used, else its end, or trigger."""
        return self.powers[0] if self.powers else self.concluded or self.opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A referral, and whether it counts; by which rule and entry, where that was decided."""

    step: Step
    counted: bool = True
    rule: str | None = None
    edition: str | None = None
    decided: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A conference held, a plan begun or ended, an order applied for or granted; with its kind."""

    step: Step
    kind: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeScale:
    """One large-scale investigation: every event by which a case is known to be part of it."""

    reference: UUID
    parts: Sequence[Step]

    @property
    def begun(self) -> Step:
        """It began by the last day its first event can have been on, and on the first at most."""
        first = min(self.parts, key=lambda one: (one.day_to, one.position))
        known = [one.day_from for one in self.parts if one.day_from is not None]
        opens = min(known) if len(known) == len(self.parts) else None
        return replace(first, day_from=opens, about=self.reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """All that the tables of the dataset count, of the cases that were read.

    `adults` are those of the cases; `gone` is what counts not, with why. `sealed` are the date of
    birth and the gender of the adults, still sealed; what is made of them in the door are `ages`
    (youngest and oldest on the day of the trigger, by inquiry) and `genders` (codes, by adult).
    `then` are the quarters of the period as they were understood when they ended.
    """

    told: Sequence[Step] = ()  # all that it is made of
    adults: Mapping[UUID, UUID] = field(default_factory=dict)
    referrals: Sequence[Referral] = ()
    inquiries: Sequence[Inquiry] = ()
    conferences: Sequence[Thing] = ()
    parts_alone: Sequence[Thing] = ()  # held of a conference that is not recorded as held
    plans: Sequence[Thing] = ()  # each time that one became what it is
    plans_ended: Sequence[Thing] = ()  # each time that one was it no more
    applied: Sequence[Thing] = ()
    granted: Sequence[tuple[Thing, str]] = ()  # and whether with a power of arrest
    alone: Sequence[Step] = ()  # ended, granted or revised, and where it began is not known
    large_scale: Sequence[LargeScale] = ()
    large_unlinked: Sequence[Step] = ()  # opened in a case that names no reference of it
    large_unclear: Sequence[Step] = ()  # opened in one that names several, all of them before
    large_left: Sequence[Step] = ()  # linked, and unlinked since
    gone: Sequence[Step] = ()
    parted: Sequence[Step] = ()  # of inquiries that were split off without them
    sealed: Mapping[tuple[str, UUID], Mapping[str, Json]] = field(default_factory=dict)
    ages: Mapping[UUID, Sequence[int]] = field(default_factory=dict)
    genders: Mapping[UUID, str] = field(default_factory=dict)
    then: Mapping[date, Then] = field(default_factory=dict)  # by the last day of each quarter


class Then(NamedTuple):
    """A quarter as it was understood when it ended, and the position that is of.

    Of one since whose end nothing was recorded there is none.
    """

    at: int
    found: Dataset


EMPTY: Final = Dataset()


def dataset(told: Iterable[Step]) -> Dataset:
    """Put together what some steps of cases say, in whatever order they come."""
    every = _elsewhere(ordered := sorted(told, key=lambda one: one.position))
    stand = [one for one in every if one.why is None]

    def of(*names: str) -> list[Step]:
        return [one for one in stand if one.name in names]

    held = of(steps.HELD, steps.CORE_GROUP)
    called = {one.subject: one.code for one in of(steps.CONVENED)}
    applied = {one.subject: one for one in reversed(of(steps.APPLIED))}
    granted = _first(of(steps.GRANTED))
    plans, plans_ended, ended_alone = _plans(
        of(steps.PLANNED, steps.PLAN_REVISED, steps.PLAN_ENDED)
    )
    large = _large_scale(of(steps.LARGE_LINKED, steps.LARGE_UNLINKED), of(steps.LARGE))
    adults = _adults(stand)
    return Dataset(
        told=ordered,
        adults=adults,
        referrals=[Referral(step=one) for one in of(steps.RECEIVED, steps.LINKED)],
        inquiries=_inquiries(stand, adults),
        conferences=[
            Thing(step=one, kind=called.get(one.subject, _core_group(one))) for one in _first(held)
        ],
        parts_alone=[
            Thing(step=one, kind=called.get(one.subject))
            for one in _first(of(steps.PART_HELD))
            if one.subject not in {each.subject for each in held}
        ],
        plans=plans,
        plans_ended=plans_ended,
        applied=[Thing(step=one, kind=one.code) for one in _first(of(steps.APPLIED))],
        granted=[
            (Thing(step=one, kind=applied[one.subject].code), one.code or NOT_RECORDED)
            for one in granted
            if one.subject in applied
        ],
        alone=[*ended_alone, *(one for one in granted if one.subject not in applied)],
        large_scale=large.investigations,
        large_unlinked=large.unlinked,
        large_unclear=large.unclear,
        large_left=large.left,
        gone=[one for one in every if one.why is not None],
        parted=_parted(stand),
    )


def _elsewhere(every: Sequence[Step]) -> list[Step]:
    """The steps; those of a case that another authority counts are said to count there.

    The last transfer that took it along decides, of the case a step is read in or of the one it was
    recorded in (`transferring.py`); one that was refused, or does not say who counts it, decides
    nothing. What is done in an inquiry goes with that, and all else with the referral or inquiry
    that came last before it.
    """
    transfers, begun = dict[UUID, list[Step]](), dict[UUID, list[Step]]()
    for one in (each for each in every if each.why is None):
        if one.name == steps.TRANSFERRED and one.code is not None:
            transfers.setdefault(one.case, []).append(one)
        elif _begins(one):
            begun.setdefault(one.case, []).append(one)

    def away(one: Step) -> bool:
        told = [each for each in transfers[one.case] if each.stream in {one.case, one.stream}]
        kept = [Transfer(each.position, each.day_from, each.day_to, each.code) for each in told]
        return went(_came(one, begun.get(one.case, ())), kept).elsewhere is not None

    return [
        replace(one, why=ELSEWHERE)
        if one.why is None and one.case in transfers and away(one)
        else one
        for one in every
    ]


def _begins(one: Step) -> bool:
    """Whether with it something begins that a transfer may come before."""
    if one.name == steps.LINKED:
        return one.reason in COUNTS
    return one.name in {steps.RECEIVED, steps.OPENED}


def _came(one: Step, begun: Sequence[Step]) -> Came:
    """When the referral or inquiry came with which a step goes; itself where there is none."""
    if one.name in {steps.POWER, steps.CONCLUDED, steps.REOPENED}:
        mine = [each for each in begun if each.name == steps.OPENED and each.about == one.about]
    else:
        mine = [] if _begins(one) else [each for each in begun if each.position < one.position]
    of = mine[-1] if mine else one
    return Came(of.position, of.day_from, of.day_to, began=of.name == steps.RECEIVED)


def without(found: Dataset, young: Callable[[Step], bool]) -> Dataset:
    """The dataset without what is of somebody who was no adult yet, which is named."""
    gone = list[Step]()

    def adults(told: Sequence[T], step: Callable[[T], Step]) -> list[T]:
        gone.extend(replace(step(one), why=YOUNG) for one in told if young(step(one)))
        return [one for one in told if not young(step(one))]

    return replace(
        found,
        referrals=adults(found.referrals, lambda one: one.step),
        inquiries=adults(found.inquiries, lambda one: one.opened),
        conferences=adults(found.conferences, lambda one: one.step),
        parts_alone=adults(found.parts_alone, lambda one: one.step),
        plans=adults(found.plans, lambda one: one.step),
        plans_ended=adults(found.plans_ended, lambda one: one.step),
        applied=adults(found.applied, lambda one: one.step),
        granted=adults(found.granted, lambda one: one[0].step),
        alone=adults(found.alone, lambda one: one),
        gone=[*found.gone, *gone],
    )


def _core_group(held: Step) -> str | None:
    return "core_group" if held.name == steps.CORE_GROUP else None


def _first(told: Iterable[Step]) -> list[Step]:
    """The first event about each."""
    found: dict[UUID, Step] = {}
    for one in told:
        found.setdefault(one.subject, one)
    return list(found.values())


def _adults(stand: Iterable[Step]) -> dict[UUID, UUID]:
    """Whose each case is."""
    adults: dict[UUID, UUID] = {}
    for one in stand:
        if one.adult is not None:
            adults.setdefault(one.case, one.adult)
    return adults


def _plans(told: Iterable[Step]) -> tuple[list[Thing], list[Thing], list[Step]]:
    """Where plans became what they are, where they were it no more, and what is of none agreed.

    A version of the same kind changes nothing, and of two endings the first stands.
    """
    begun, ended, alone = list[Thing](), list[Thing](), list[Step]()
    kinds: dict[UUID, str | None] = {}
    over = set[UUID]()
    for one in told:
        plan = one.subject
        if plan in over:
            continue
        if one.name == steps.PLAN_ENDED:
            over.add(plan)
            if plan in kinds:
                ended.append(Thing(step=one, kind=kinds[plan]))
            else:
                alone.append(one)
        elif plan not in kinds or kinds[plan] != one.code:
            if plan in kinds:
                ended.append(Thing(step=one, kind=kinds[plan]))
            elif one.name == steps.PLAN_REVISED:
                alone.append(one)
            begun.append(Thing(step=one, kind=one.code))
            kinds[plan] = one.code
    return begun, ended, alone


def _parted(stand: Sequence[Step]) -> list[Step]:
    """The powers used and conclusions whose inquiry is read in another case, and not in theirs."""
    cases: dict[UUID, set[UUID]] = {}
    for one in stand:
        if one.name == steps.OPENED:
            cases.setdefault(one.subject, set()).add(one.case)
    return [
        one
        for one in stand
        if one.name in {steps.POWER, steps.CONCLUDED}
        and one.case not in cases.get(one.subject, {one.case})
    ]


def _inquiries(stand: Sequence[Step], adults: Mapping[UUID, UUID]) -> list[Inquiry]:
    """Each inquiry with what was done in it, and in those opened while it was open."""
    found: dict[tuple[UUID, UUID], Inquiry] = {}
    for one in stand:
        key = (one.case, one.subject)
        if one.name == steps.OPENED:
            found.setdefault(key, Inquiry(opened=one, adult=adults.get(one.case)))
        elif key in found and one.name == steps.POWER:
            found[key] = replace(found[key], powers=[*found[key].powers, one])
        elif key in found and one.name in {steps.CONCLUDED, steps.REOPENED}:
            found[key] = replace(found[key], endings=[*found[key].endings, one])
    of_adults: dict[UUID, list[Inquiry]] = {}
    for each in found.values():
        of_adults.setdefault(each.adult or each.opened.case, []).append(each)
    return [one for each in of_adults.values() for one in _continued(each)]


def _continued(each: Iterable[Inquiry]) -> list[Inquiry]:
    """The inquiries about one adult; one opened while another was open goes on in that one.

    But where a power was used in it after that one had ended: then it counts by itself.
    """
    found = list[Inquiry]()
    for one in sorted(each, key=lambda inquiry: (inquiry.trigger, inquiry.opened.position)):
        number = next((n for n, other in enumerate(found) if _open(other, one.trigger)), None)
        if number is None:
            found.append(one)
            continue
        there = found[number]
        later = [step for step in one.powers if _after(there, step)]
        powers = [*there.powers, *(step for step in one.powers if step not in later)]
        powers.sort(key=lambda step: step.position)
        found[number] = replace(there, powers=powers, dated=[*there.dated, *one.powers])
        goes_on_in = None if later else there.inquiry
        here = later or one.powers
        found.append(replace(one, powers=here, dated=one.powers, goes_on_in=goes_on_in))
    return found


def _open(one: Inquiry, day: date) -> bool:
    """Whether an inquiry that counts was open on a day: its last ending by then was no conclusion.

    That it was reopened after that day makes nothing of what was opened meanwhile.
    """
    endings = [step for step in one.endings if step.day_to <= day]
    ended = bool(endings) and endings[-1].name == steps.CONCLUDED
    return one.goes_on_in is None and not ended


def _after(one: Inquiry, power: Step) -> bool:
    """Whether a power was used after an inquiry had ended, and not on the day of its end."""
    return power.day_from is not None and not _open(one, power.day_from - timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Large:
    investigations: Sequence[LargeScale]
    unlinked: Sequence[Step]
    unclear: Sequence[Step]
    left: Sequence[Step]


def _large_scale(links: Iterable[Step], opened: Iterable[Step]) -> _Large:
    """Each investigation by its reference, and what is of none that is known.

    A case that was unlinked is part of it no longer, and makes it count no longer: mostly the link
    was a mistake, and there is no other way to tell which was. Linked anew, it is from then on.

    An opening belongs to the reference that the case was linked to next, for a reference is made
    when an investigation is opened and the link follows it; where none came after it, to the only
    one there is. The others begin by their own first links: what one case tells of another
    investigation says nothing of when theirs began.
    """
    standing: dict[tuple[UUID, UUID], list[Step]] = {}  # by stream and reference
    left = list[Step]()
    for one in links:
        place = (one.stream, one.subject)
        if one.name == steps.LARGE_LINKED:
            standing.setdefault(place, []).append(one)
        else:
            left.extend(standing.pop(place, ()))
    parts: dict[UUID, list[Step]] = {}
    of_case: dict[UUID, list[Step]] = {}
    for one in sorted((one for each in standing.values() for one in each), key=_by_day):
        parts.setdefault(one.subject, []).append(one)
        of_case.setdefault(one.case, []).append(one)
    unlinked, unclear = list[Step](), list[Step]()
    for one in opened:
        linked = of_case.get(one.case, [])
        after = [each.subject for each in linked if each.day_to >= one.day_to]
        if after or len({each.subject for each in linked}) == 1:
            parts[after[0] if after else linked[0].subject].append(one)
        else:
            (unclear if linked else unlinked).append(one)
    each = [LargeScale(reference=reference, parts=told) for reference, told in parts.items()]
    return _Large(investigations=each, unlinked=unlinked, unclear=unclear, left=left)


def _by_day(one: Step) -> tuple[date, int]:
    return one.day_to, one.position
