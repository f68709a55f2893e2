"""The stories of a whole authority, planned before any is told: the same seed, the same stories.

Pure: nothing here records anything or asks what time it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Final
from uuid import UUID

from api.demonstration import calibration
from api.demonstration.acting import agree_more, disagree, tell_others
from api.demonstration.adopting import ANNOUNCED_DAYS, own_policy
from api.demonstration.afterthoughts import afterthoughts
from api.demonstration.afterwards import (
    carry_out,
    do_without_plan,
    find,
    monitor,
    plan,
    review,
    tell_adult,
    write_up,
)
from api.demonstration.calibration import FAILINGS, FIGURES, SILENCE_DAYS, TURNS, Figures
from api.demonstration.chance import Chance, Deck, Rota
from api.demonstration.conferring import (
    call_off,
    convene,
    explain_delay,
    hear,
    hold,
    involve,
    put_off,
    settle,
    write_instead,
)
from api.demonstration.dying import die
from api.demonstration.enquiring import (
    begin,
    catch_up_on_capacity,
    cease,
    conclude,
    decide_against_conference,
    fall_silent,
    finish,
    gather,
    report,
)
from api.demonstration.fuller import fill_in
from api.demonstration.fuller_also import ALSO, ask_also
from api.demonstration.fuller_rows import FULLER
from api.demonstration.governing import RECTIFIED
from api.demonstration.ordering import WAYS, seek_order
from api.demonstration.pairing import pair_up
from api.demonstration.people import Adult, Staff, adult, staff
from api.demonstration.preparing import prepare
from api.demonstration.referring import close, decide, refer, refer_again
from api.demonstration.taking_in import allege_more
from api.demonstration.telling import Step, Story, Telling, World
from api.demonstration.weighing import set_going, share_on, weigh
from domain.adopting import AdoptPolicy, policy_of
from domain.handle import local_day
from domain.jurisdictions import Jurisdiction
from domain.policy import Policy
from domain.when import on_day, start_of
from domain.words import CaseRef, Code, Particulars, WorkingDays

YEARS: Final = 3
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_ADOPTED_AT: Final = timedelta(hours=10, minutes=20)
_APART: Final = timedelta(days=14)  # between the end of one case and the next about the same adult


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An authority's staff and its stories; `steps` is all they ask, in time order."""

    staff: Staff
    begins: datetime
    until: datetime
    stories: tuple[Story, ...]
    steps: tuple[Step, ...]


@dataclass(slots=True, kw_only=True)
class _Known:
    """An adult known from an earlier case."""

    adult: Adult
    since: datetime  # when they were registered
    until: datetime  # the end of their last case; far away where nobody ended it
    enquired: bool
    died: bool = False


def begins(until: datetime) -> datetime:
    """Give the first moment of a made-up history that ends at `until`."""
    day = until.date()
    return start_of(date(day.year - YEARS, day.month, min(day.day, 28)))


def tell(
    law: Jurisdiction,
    calendar_of: Callable[[tuple[Policy, ...]], WorkingDays],
    authority: UUID,
    *,
    seed: int,
    cases: int,
    until: datetime,
) -> Plan:
    """Plan every story of an authority up to a moment, and the policy it adopts (`adopting`).

    `calendar_of` gives its working days under policies; the stories know from their beginning which
    days it will be closed, so that a load which goes on after it was adopted plans the same.
    """
    chance, first = Chance(law.code, seed), begins(until)
    figures = FIGURES[law.code]
    own = own_policy(law.code, local_day(until), authority)
    calendar = calendar_of((policy_of(own),))
    world = World(
        law=law,
        calendar=calendar,
        figures=figures,
        staff=staff(chance.of("staff")),
        decks=_decks(chance, figures),
        homes={year: chance.of("home", year).ref() for year in range(first.year, until.year + 1)},
        begins=first,
        until=until,
    )
    author = _Author(world, chance)
    span = until - first
    stories = []
    for number in range(cases):
        moment = first + span * ((number + chance.of("day", number).part()) / cases)
        story = author.write(number, moment.date(), until)
        if story.steps:  # what comes in on the last day off is written down after the end
            stories.append(story)
    stories = afterthoughts(world, chance.of("afterthoughts"), stories)
    stories = pair_up(world, chance.of("pairs"), stories)
    stories = ask_also(world, chance.of("also"), stories, ALSO)
    stories = fill_in(world, chance.of("fuller"), stories, FULLER)
    told = [step for story in stories for step in story.steps]
    told.append(_adopting(world, own, authority))
    told.sort(key=lambda step: step.moment)  # stable: what is asked in one moment keeps its order
    return Plan(
        staff=world.staff, begins=first, until=until, stories=tuple(stories), steps=tuple(told)
    )


def _adopting(world: World, own: AdoptPolicy, authority: UUID) -> Step:
    """Adopt a policy in good time before its day, in the authority's own stream."""
    day = own.effective - timedelta(days=ANNOUNCED_DAYS)
    while not world.calendar.works(day):
        day -= timedelta(days=1)
    return Step(
        moment=start_of(day) + _ADOPTED_AT,
        stream=authority,
        command=own,
        actor=world.staff.teams[0].manager.actor,
        particulars=Particulars(occurred=on_day(day)),
    )


def _decks(chance: Chance, figures: Figures) -> dict[str, Deck]:
    """Make the decks all stories draw from, so that the shares are the authority's."""
    shares = {
        "goes_on": figures.goes_on,
        "type": figures.types,
        "number": {str(number): share for number, share in figures.number_of_types.items()},
        "location": figures.locations,
        "referrer": figures.referrers,
        "gender": figures.genders,
        "age": {str(number): share for number, share in enumerate(figures.ages.values())},
        "finding": figures.findings,
        "action": figures.actions,
        "risk": calibration.RISK,
        "risk_outcome": calibration.RISK_OUTCOME,
        "capacity": calibration.CAPACITY,
        "outcomes": calibration.OUTCOMES,
        "support_reason": calibration.SUPPORT_REASONS,
        "team": {"0": 0.3, "1": 0.3, "2": 0.25, "3": 0.15},
        **{f"source-{kind}": sources for kind, sources in figures.sources.items()},
        **{name: {"yes": share, "no": 1 - share} for name, share in _choices(figures).items()},
    }
    decks = {name: Deck(chance.of("deck", name), of) for name, of in shares.items() if of}
    rotas = {"order_way": WAYS, "rectified": RECTIFIED}
    return {**decks, **{name: Rota(chance.of("deck", name), of) for name, of in rotas.items()}}


def _choices(figures: Figures) -> dict[str, float]:
    """What is decided yes or no, with its share."""
    return {
        **FAILINGS,
        **TURNS,
        "known": calibration.REPEATS,
        "enquired_before": 1 - 1 / figures.enquiries_a_person,
        "linked": calibration.LINKED,
        "confers": figures.conferences,
        "powers": figures.powers,
        "ceased": calibration.CEASED,
        "died": calibration.DIED,
        "called_off": calibration.CALLED_OFF,
        "put_off": calibration.PUT_OFF,
        "no_plan": calibration.NO_PLAN,
        "imported": calibration.IMPORTED,
    }


def _explained(tale: Telling, planned: date) -> bool:
    """Whether somebody says why a meeting comes after its time, where it does."""
    limit = tale.world.law.limits["initial_conference"].amount
    return planned > tale.working_day(tale.received, limit) and tale.turn("delay_explained")


class _Author:
    """Writes the stories one after another, remembering the adults of those before."""

    def __init__(self, world: World, chance: Chance) -> None:
        self._world = world
        self._chance = chance
        self._known: list[_Known] = []
        self._owed = 0  # enquiries due to somebody known, while nobody was

    def write(self, number: int, received: date, until: datetime) -> Story:
        """Write the story of one concern, received on a day."""
        chance = self._chance.of("case", number)
        goes_on = self._world.decks["goes_on"].draw()
        known, beside = self._somebody(chance, goes_on, start_of(received))
        team = self._world.staff.teams[int(self._world.decks["team"].draw())]
        tale = Telling(
            world=self._world,
            chance=chance,
            case=CaseRef(chance.ref()),
            adult=known.adult if known else self._newcomer(chance, received),
            team=team,
            holder=chance.one(team.practitioners),
            received=received,
            now=start_of(received),
            goes_on=goes_on,
            registered=known is not None,
            beside=beside,
            failings={"repeat_not_linked": True} if beside else {},
        )
        conference = self._tell(tale)
        steps = sorted(tale.steps, key=lambda step: step.moment)
        ended = steps[-1].moment if tale.closed else _NEVER
        self._remember(tale, known, steps[0].moment, ended)
        told = tuple(takewhile(lambda step: step.moment <= until, steps))
        return Story(
            case=tale.case,
            adult=tale.adult.ref,
            received=received,
            goes_on=goes_on,
            conference=conference,
            could_fail=frozenset(tale.failings),
            fails=frozenset(name for name, did in tale.failings.items() if did),
            whole=len(told) == len(steps),
            closed=tale.closed and len(told) == len(steps),
            team=tale.team,
            steps=told,
        )

    def _yes(self, name: str) -> bool:
        return self._world.decks[name].draw() == Code("yes")

    def _newcomer(self, chance: Chance, day: date) -> Adult:
        figures = self._world.figures
        band = list(figures.ages)[int(self._world.decks["age"].draw())]
        gender = self._world.decks["gender"].draw()
        return adult(chance.of("adult"), figures, day, band=band, gender=gender)

    def _somebody(
        self, chance: Chance, goes_on: Code, received: datetime
    ) -> tuple[_Known | None, bool]:
        """Choose an adult known from before, as often as the figures have it, or None.

        Says too whether a case about them is open, to which the concern should have been joined.
        """
        alive = [one for one in self._known if not one.died]
        free = [one for one in alive if one.until < received - _APART]
        if goes_on == Code("enquiry"):
            self._owed += self._yes("enquired_before")
            before = [one for one in free if one.enquired]
            if not before or not self._owed:
                return None, False
            self._owed -= 1
            return chance.one(before), False
        if not self._yes("known"):
            return None, False
        busy = [one for one in alive if one.since < received < one.until]
        if busy and self._yes("repeat_not_linked"):
            return chance.one(busy), True
        return (chance.one(free) if free else None), False

    def _remember(
        self, tale: Telling, known: _Known | None, begun: datetime, ended: datetime
    ) -> None:
        """Keep the adult in mind."""
        enquired = tale.goes_on == Code("enquiry")
        if known is None:
            new = _Known(
                adult=tale.adult, since=begun, until=ended, enquired=enquired, died=tale.died
            )
            self._known.append(new)
            return
        known.died = tale.died
        known.until = max(known.until, ended)
        known.enquired = known.enquired or enquired

    def _tell(self, tale: Telling) -> bool:
        """Tell a story to its end; says whether it came to a conference."""
        refer(tale)
        decide(tale)
        if tale.goes_on == Code("none"):
            decided = tale.now
            tale.wait(0, 12)
            self._call_again(tale, decided)
            close(tale, "none")
            return False
        begin(tale)
        if self._yes("ceased"):
            cease(tale)
            return False
        main = tale.goes_on == Code("enquiry")
        powers = main and self._yes("powers")
        confers = main and (powers or not self._world.figures.powers) and self._yes("confers")
        tale.capacity = self._world.decks["capacity"].draw()
        tale.asked = self._world.decks["outcomes"].draw()
        dies = self._yes("died") and not tale.beside
        if dies:
            tale.failings["capacity_late"] = False
        gather(tale, powers=powers)
        if not dies:
            seek_order(tale)
        if self._yes("linked"):
            law = self._world.law
            more = (law.repeat_referrals or 2) - 1 if law.repeats_ask_for_conference else 1
            for _ in range(more):
                tale.wait(0, 2)
                refer_again(tale)
        if dies:
            die(tale, conferring=confers)
            conclude(tale)
            finish(tale, "done")
            return False
        if tale.fail("long_silence"):
            fall_silent(tale, *SILENCE_DAYS)
        report(tale)
        if confers:
            self._confer(tale)
        else:
            decide_against_conference(tale)
            conclude(tale)
            self._leave(tale)
            finish(tale, tale.chance.one(("done", "done", "risk", "care")))
        return confers

    def _call_again(self, tale: Telling, since: datetime) -> None:
        """Tell of calls up to now that were each dealt with singly, where more is not asked for."""
        law, ended = self._world.law, tale.day
        if law.repeats_ask_for_conference or not tale.fail("repeats_singly"):
            return
        closing, tale.now = tale.now, since
        with tale.by_itself("repeats") as chance:
            for _ in range((law.repeat_referrals or 1) - 1):
                tale.at(tale.day + timedelta(days=chance.between(0, (ended - tale.day).days // 2)))
                refer_again(tale)
        tale.now = max(closing, tale.now)

    def _leave(self, tale: Telling) -> None:
        """Leave something on file that was alleged late, where no meeting finds on each."""
        if not self._world.law.decides_abuse and tale.fail("allegation_left"):
            allege_more(tale, kept=False)

    def _confer(self, tale: Telling) -> None:
        """Tell of the conference, its plan, and what came of it."""
        law = tale.world.law
        notice = tale.chance.between(*tale.world.figures.working_days["notice"])
        late = tale.chance.whether(0.15)
        planned = tale.working_day(tale.day, notice + (tale.chance.between(12, 25) if late else 0))
        meeting = convene(tale, "initial", planned, "investigation")
        if self._yes("called_off"):
            call_off(tale, meeting, tale.chance.drawn({"agency": 4, "report": 3, "chair": 2}))
            planned = tale.working_day(planned, tale.chance.between(8, 30))
            meeting = convene(tale, "initial", planned, "investigation")
        if "initial_conference" in law.limits and (
            (late and tale.chance.whether(0.6)) or _explained(tale, planned)
        ):
            with tale.by_itself("delay"):
                explain_delay(tale, meeting)
        involve(tale, meeting)
        if self._yes("put_off"):
            meeting = put_off(tale, meeting)
        write_instead(tale, meeting)
        prepare(tale, meeting)
        hold(tale, meeting)
        hear(tale, meeting)
        weigh(tale, meeting)
        if law.decides_abuse and tale.fail("allegation_left"):
            allege_more(tale, kept=False)
        planless = self._yes("no_plan")
        find(tale, meeting, at_risk=not planless)
        if planless:
            do_without_plan(tale, meeting)
            catch_up_on_capacity(tale)
            conclude(tale, at_risk=False)
            finish(tale, "risk")
            return
        set_going(tale, meeting)
        disagree(tale, meeting)
        made = plan(tale, meeting)
        agree_more(tale, meeting, made)
        share_on(tale, meeting)
        settle(tale, meeting, further=True)
        tell_adult(tale, made)
        write_up(tale, meeting)
        tell_others(tale, meeting, made)
        carry_out(tale, made)
        catch_up_on_capacity(tale)
        conclude(tale)
        monitor(tale, made)
        review(tale, made)
        if not (tale.fail("no_review_date") or tale.fail("review_never_held")):
            finish(tale, "risk")
