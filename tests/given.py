"""Given these events, when this is asked, then that is recorded, refused or criticised.

No database: the domain alone. Every law of the rulebook is told in these words::

    given(a_referral()).when(DecideDuty(...)).then(Section42DutyDecided(...))
    given(a_referral(), at("2026-12-24", ...)).on("2027-01-15").then_finding("not_held")
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from typing import Any
from uuid import UUID

import pytest

from domain import adopting, case, filing, person
from domain.calendar import PolicyCalendar
from domain.catalogue import (
    AUTHORITY,
    COMMANDS,
    EVENTS,
    PERSON,
    command_name,
    event_name,
)
from domain.finding import Finding
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.policy import Policy
from domain.reading import replayed
from domain.recording import commands_recording
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, check_codes
from domain.stages import OF_EVENT
from domain.when import When, in_words, on_day, read
from domain.words import Actor, Code, Digest, Fact, Header, Slug, WorkerRef
from tests import clearing
from tests.controls import ACTOR, ADULT, CALENDARS, CASE, DAY, ref
from tests.raised import hold_finding, hold_refusal
from tests.since import hold_since

_FIVE_O_CLOCK = time(17, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class At:
    """An event, the day on which it happened and was recorded, by whom, and out of what source."""

    day: date
    event: object
    occurred: When
    by: Actor = ACTOR
    source: Slug | None = None


def at(
    day: str | date,
    event: object,
    *,
    occurred: str | None = None,
    by: Actor = ACTOR,
    source: Slug | None = None,
) -> At:
    """Place an event on a day; `occurred` (EDTF) where it happened at another time."""
    when = date.fromisoformat(day) if isinstance(day, str) else day
    return At(when, event, read(occurred) if occurred is not None else on_day(when), by, source)


def given(
    *items: object, jurisdiction: Jurisdiction = ENGLAND, policies: tuple[Policy, ...] = ()
) -> Given:
    """Begin with these events, each bare or placed by `at`; a bare one keeps the day before it."""
    for item in items:  # an event no list allows could never have been recorded
        check_codes(item.event if isinstance(item, At) else item, jurisdiction)
    facts = tuple(_facts(items, (), DAY))
    return Given(jurisdiction=jurisdiction, facts=facts, policies=policies)


def _facts(items: Iterable[object], before: tuple[Fact[Any], ...], day: date) -> list[Fact[Any]]:
    """Put events behind the facts before them."""
    facts = list(before)
    for item in items:
        placed = item if isinstance(item, At) else At(day, item, on_day(day))
        day = placed.day
        facts.append(_fact(placed, len(facts) + 1))
    return facts


def _fact(placed: At, number: int) -> Fact[Any]:
    """Make the fact of an event; position and version are the same number."""
    name = event_name(placed.event)
    header = Header(
        name=name,
        version=EVENTS[name].current_version,
        occurred=placed.occurred,
        recorded_by=placed.by.worker,
        performed_by=placed.by.worker,
        role=placed.by.role,
        organisation=placed.by.organisation,
        purpose=Code("safeguarding"),
        correlation=ref(900),
        command=ref(1000 + number),
        source=placed.source,
    )
    recorded_at = datetime.combine(placed.day, _FIVE_O_CLOCK) + timedelta(seconds=number)
    stream = ADULT if EVENTS[name].stream == PERSON else CASE
    return Fact(placed.event, header, UUID(int=stream.int), number, number, recorded_at)


def _reach_back(facts: Iterable[Fact[Any]]) -> bool:
    """Whether an event among them changes how one before it is understood, or where it is read."""
    return any(OF_EVENT.get(type(fact.event)) in {"correction", "joining"} for fact in facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A history, a nation, and the day by which it is judged (that of the last event)."""

    jurisdiction: Jurisdiction
    facts: tuple[Fact[Any], ...] = ()
    judged_on: date | None = None
    policies: tuple[Policy, ...] = ()
    # The case of facts already replayed: a law asks it of one history many times.
    kept: list[tuple[tuple[Fact[Any], ...], case.Case]] = field(
        default_factory=list, repr=False, compare=False
    )

    @property
    def day(self) -> date:
        """The day of the last event."""
        return self.facts[-1].recorded_at.date() if self.facts else DAY

    @property
    def case(self) -> case.Case:
        """The case these events make, as now understood.

        What stands behind a case already replayed is added to it, unless something in the history
        reaches back; that both are one case is a law (`spec/closing/test_two_rounds`).
        """
        known, found = self.kept[0] if self.kept else ((), case.initial)
        if known is not self.facts:
            if _reach_back(self.facts) or self.facts[: len(known)] != known:
                found = replayed(CASE, {CASE: self.facts})
            else:
                found = reduce(case.evolve, self.facts[len(known) :], found)
            self.kept[:] = [(self.facts, found)]
        return found

    @property
    def calendar(self) -> PolicyCalendar:
        """The working days of an authority of that nation, under its policies."""
        plain = CALENDARS[self.jurisdiction.code]
        return PolicyCalendar(self.jurisdiction, self.policies) if self.policies else plain

    @property
    def person(self) -> person.Person:
        """The person these events make."""
        return person.replay(self.facts)

    def also(self, *items: object) -> Given:
        """Add events as an old record may hold them, with codes that no list has any more."""
        return replace(self, facts=tuple(_facts(items, self.facts, self.day)), kept=[*self.kept])

    def on(self, day: str | date) -> Given:
        """Judge by that day."""
        return replace(self, judged_on=date.fromisoformat(day) if isinstance(day, str) else day)

    def when(
        self,
        command: object,
        *,
        on: str | date | None = None,
        occurred: str | None = None,
        actor: Actor = ACTOR,
        performed_by: WorkerRef | None = None,
        source: Slug | None = None,
    ) -> Outcome:
        """Ask something, on the day of the last event or another, about then or another time."""
        day = date.fromisoformat(on) if isinstance(on, str) else on or self.day
        when = read(occurred) if occurred is not None else on_day(day)
        context = Context(
            now=datetime.combine(day, _FIVE_O_CLOCK) + timedelta(seconds=len(self.facts) + 1),
            today=day,
            occurred=when,
            actor=actor,
            performed_by=performed_by or actor.worker,
            jurisdiction=self.jurisdiction,
            calendar=self.calendar,
            policies=self.policies,
        )
        try:
            events = self._decide(command, context)
        except (Refused, NotFound) as error:
            if isinstance(error, Refused):
                hold_refusal(error)
            return Outcome(history=self, error=error)
        for event in events:  # what a correction of it asks is read from this list
            assert command_name(command) in commands_recording(event_name(event))
        placed = [At(day, event, when, actor, source) for event in events]
        after = replace(self, facts=tuple(_facts(placed, self.facts, day)), kept=[*self.kept])
        return Outcome(history=after, events=events)

    def _decide(self, command: Any, context: Context) -> tuple[object, ...]:  # noqa: ANN401
        """Ask the aggregate whose stream the command is for."""
        if COMMANDS[command_name(command)].stream == PERSON:
            return person.decide(command, self.person, context)
        if COMMANDS[command_name(command)].stream == AUTHORITY:
            if isinstance(command, filing.Command):
                return filing.decide(command, filing.replay(self.facts), context)
            return adopting.decide(command, adopting.replay(self.facts), context)
        return case.decide(command, self.case, context)

    def findings(self) -> list[Finding]:
        """Every criticism of the case by the day it is judged.

        Each is a sentence, hangs on an event that the case has, and is raised as `tests.raised`
        says: every law told in these words holds findings to that.
        """
        looking = Looking(
            on=self.judged_on or self.day, jurisdiction=self.jurisdiction, policies=self.policies
        )
        found = list(case.findings(self.case, looking))
        names = {fact.position: fact.header.name for fact in self.facts}
        assert all(one.position in names for one in found)
        assert all(one.words[:1].isupper() and one.words.endswith(".") for one in found)
        # Past a due date a finding says which that was, whatever else it says.
        undated = {one.code for one in found if one.due and in_words(one.due) not in one.words}
        assert not undated, f"their words name no day: {undated}"
        for one in found:
            hold_finding(one, None if one.position is None else names[one.position])
        for look in clearing.watching:
            look(self, found)
        return found

    def then_finding(self, code: str, *, severity: str | None = None) -> Given:
        """Expect that criticism, of that severity if one is named."""
        found = [one for one in self.findings() if one.code == code]
        assert found, f"no finding {code}; there are {sorted({f.code for f in self.findings()})}"
        if severity is not None:
            assert {one.severity for one in found} == {severity}
        hold_since(found, self.day, self.judged_on or self.day, self._standing)
        return self

    def _standing(self, on: date) -> set[Digest]:
        """What stands in the case by a day."""
        looking = Looking(on=on, jurisdiction=self.jurisdiction, policies=self.policies)
        return {one.identity for one in case.findings(self.case, looking)}

    def then_no_finding(self, code: str) -> Given:
        """Expect that it is not criticised."""
        found = [one for one in self.findings() if one.code == code]
        assert not found, f"unexpected: {found}"
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of asking: events recorded behind the history, or a refusal."""

    history: Given
    events: tuple[object, ...] = ()
    error: Refused | NotFound | None = field(default=None)

    def then(self, *events: object) -> Outcome:
        """Expect exactly these events."""
        assert self.error is None, f"refused: {self.error}"
        assert self.events == events
        return self

    def then_recorded(self, *kinds: type) -> Outcome:
        """Expect events of exactly these classes."""
        assert self.error is None, f"refused: {self.error}"
        assert tuple(type(event) for event in self.events) == kinds
        return self

    def then_refused(self, rule: str, *, code: str | None = None) -> Outcome:
        """Expect a refusal by that rule."""
        assert isinstance(self.error, Refused), f"not refused: {self.events or self.error}"
        assert self.error.rule == rule
        if code is not None:
            assert self.error.code == code
        return self

    def then_not_found(self) -> Outcome:
        """Expect that there is nothing there."""
        assert isinstance(self.error, NotFound), f"found: {self.events or self.error}"
        return self

    def on(self, day: str | date) -> Given:
        """Judge what was recorded by that day."""
        return self._recorded().on(day)

    def then_finding(self, code: str, *, severity: str | None = None) -> Given:
        """Expect that what was recorded is criticised so."""
        return self._recorded().then_finding(code, severity=severity)

    def then_no_finding(self, code: str) -> Given:
        """Expect that what was recorded is not criticised so."""
        return self._recorded().then_no_finding(code)

    def when(
        self,
        command: object,
        *,
        on: str | date | None = None,
        occurred: str | None = None,
        actor: Actor = ACTOR,
        source: Slug | None = None,
    ) -> Outcome:
        """Ask something else after it."""
        return self._recorded().when(command, on=on, occurred=occurred, actor=actor, source=source)

    def _recorded(self) -> Given:
        """The history with what was recorded; a refusal here is a failed test."""
        if self.error is not None:
            pytest.fail(f"refused: {self.error}")
        return self.history
