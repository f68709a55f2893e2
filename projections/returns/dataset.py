"""What Scotland's dataset is made of, put together from steps of cases: pure, of no day.

Sources: how the dataset counts is from what its maintainer publishes of its revisions. The point
an inquiry was triggered decides its quarter, whatever becomes of it later. A referral while an
inquiry is open is new information to that one, and so is an inquiry opened while another about the
adult is open: it is no new one, and what was done in it was done in the one that goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from projections.projection import Json
from projections.returns import inquiries as steps
from projections.returns.rows import TWICE, WITHDRAWN

USING: Final = "using"
WITHOUT: Final = "without"
NOT_CONCLUDED: Final = "not_concluded"  # whether a power will be used is open
NOT_RECORDED: Final = "not_recorded"
REPEAT: Final = "repeat"  # of the reasons a referral is linked: the one that makes it another


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

    @property
    def subject(self) -> UUID:
        """What a cell names as counted: what it is about, else the case."""
        return self.about or self.case


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """One inquiry: its trigger, and all that was done in it, in the order of the record.

    `goes_on_in` is the one that was open already when this one was opened.
    """

    opened: Step
    adult: UUID | None
    powers: Sequence[Step] = ()
    endings: Sequence[Step] = ()  # conclusions and reopenings
    goes_on_in: UUID | None = None

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
        """Its conclusion, unless it was reopened since."""
        last = self.endings[-1] if self.endings else None
        return last if last is not None and last.name == steps.CONCLUDED else None

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

    def recorded_by(self, day: date) -> str:
        """What it was by all that had been recorded of it by a day."""
        if self.opened.recorded_on > day:
            return NOT_RECORDED
        then = replace(
            self,
            powers=[one for one in self.powers if one.recorded_on <= day],
            endings=[one for one in self.endings if one.recorded_on <= day],
        )
        return then.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A referral, and whether it was decided that it counts (None: nothing was decided)."""

    step: Step
    counted: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A conference held, a plan agreed or ended, an order applied for or granted; with its kind."""

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

    `gone` is what counts not any more, with why. `sealed` are the date of birth and the gender of
    the adults of inquiries, still sealed; what is made of them in the door are `ages` (youngest and
    oldest on the day of the trigger, by inquiry) and `genders` (codes, by adult).
    """

    referrals: Sequence[Referral] = ()
    inquiries: Sequence[Inquiry] = ()
    conferences: Sequence[Thing] = ()
    plans: Sequence[Thing] = ()
    plans_ended: Sequence[Thing] = ()
    applied: Sequence[Thing] = ()
    granted: Sequence[tuple[Thing, str]] = ()  # and whether with a power of arrest
    large_scale: Sequence[LargeScale] = ()
    large_unlinked: Sequence[Step] = ()  # opened in a case that names no reference of it
    gone: Sequence[Step] = ()
    sealed: Mapping[tuple[str, UUID], Mapping[str, Json]] = field(default_factory=dict)
    ages: Mapping[UUID, Sequence[int]] = field(default_factory=dict)
    genders: Mapping[UUID, str] = field(default_factory=dict)


EMPTY: Final = Dataset()


def dataset(told: Iterable[Step]) -> Dataset:
    """Put together what some steps of cases say, in whatever order they come."""
    every = sorted(told, key=lambda one: one.position)
    stand = [one for one in every if one.why is None]

    def of(*names: str) -> list[Step]:
        return [one for one in stand if one.name in names]

    planned = {one.subject: one for one in reversed(of(steps.PLANNED))}
    called = {one.subject: one.code for one in of(steps.CONVENED)}
    applied = {one.subject: one for one in reversed(of(steps.APPLIED))}
    large, unlinked = _large_scale(of(steps.LARGE_LINKED), of(steps.LARGE))
    return Dataset(
        referrals=_referrals(stand),
        inquiries=_inquiries(stand),
        conferences=[
            Thing(step=one, kind=called.get(one.subject, _core_group(one)))
            for one in _first(of(steps.HELD, steps.CORE_GROUP))
        ],
        plans=[Thing(step=one, kind=one.code) for one in _first(of(steps.PLANNED))],
        plans_ended=[
            Thing(step=one, kind=planned[one.subject].code)
            for one in _first(of(steps.PLAN_ENDED))
            if one.subject in planned
        ],
        applied=[Thing(step=one, kind=one.code) for one in _first(of(steps.APPLIED))],
        granted=[
            (Thing(step=one, kind=applied[one.subject].code), one.code or NOT_RECORDED)
            for one in _first(of(steps.GRANTED))
            if one.subject in applied
        ],
        large_scale=large,
        large_unlinked=unlinked,
        gone=[one for one in every if one.why in {WITHDRAWN, TWICE}],
    )


def _core_group(held: Step) -> str | None:
    return "core_group" if held.name == steps.CORE_GROUP else None


def _first(told: Iterable[Step]) -> list[Step]:
    """The first event about each."""
    found: dict[UUID, Step] = {}
    for one in told:
        found.setdefault(one.subject, one)
    return list(found.values())


def _referrals(stand: Iterable[Step]) -> list[Referral]:
    decided: dict[tuple[UUID, UUID], bool] = {}
    found = list[Step]()
    for one in stand:
        if one.name == steps.COUNTED:
            decided[one.case, one.stream] = one.code == "counted"
        elif one.name in {steps.RECEIVED, steps.LINKED}:
            found.append(one)
    return [Referral(step=one, counted=decided.get((one.case, one.stream))) for one in found]


def _inquiries(stand: Sequence[Step]) -> list[Inquiry]:
    """Each inquiry with what was done in it, and in those opened while it was open."""
    adults: dict[UUID, UUID] = {}
    for one in stand:
        if one.adult is not None:
            adults.setdefault(one.case, one.adult)
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
    """The inquiries about one adult; one opened while another was open goes on in that one."""
    found = list[Inquiry]()
    for one in sorted(each, key=lambda inquiry: (inquiry.trigger, inquiry.opened.position)):
        number = next((n for n, other in enumerate(found) if _open(other, one.trigger)), None)
        if number is None:
            found.append(one)
            continue
        there = found[number]
        powers = sorted([*there.powers, *one.powers], key=lambda step: step.position)
        found[number] = replace(there, powers=powers)
        found.append(replace(one, goes_on_in=there.inquiry))
    return found


def _open(one: Inquiry, day: date) -> bool:
    """Whether an inquiry that counts was open on a day: its last ending by then was no conclusion.

    That it was reopened after that day makes nothing of what was opened meanwhile.
    """
    endings = [step for step in one.endings if step.day_to <= day]
    ended = bool(endings) and endings[-1].name == steps.CONCLUDED
    return one.goes_on_in is None and not ended


def _large_scale(
    linked: Sequence[Step], opened: Sequence[Step]
) -> tuple[list[LargeScale], list[Step]]:
    """Each investigation by its reference, and the openings that no reference is known of.

    Opened in a case that is linked to one alone, it was opened as that one.
    """
    parts: dict[UUID, list[Step]] = {}
    of_case: dict[UUID, set[UUID]] = {}
    for one in linked:
        parts.setdefault(one.subject, []).append(one)
        of_case.setdefault(one.case, set()).add(one.subject)
    unlinked = list[Step]()
    for one in opened:
        references = of_case.get(one.case, set())
        if len(references) == 1:
            parts[next(iter(references))].append(one)
        elif not references:
            unlinked.append(one)
    each = [LargeScale(reference=reference, parts=told) for reference, told in parts.items()]
    return each, unlinked
