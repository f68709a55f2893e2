"""The demonstration's stories played through the rules alone, without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from api.demonstration.load import Earlier
from api.demonstration.stories import Plan, tell
from api.demonstration.telling import Step, Story
from domain import case as cases
from domain import person
from domain.allocation import AllocateCase
from domain.authority import may
from domain.calendar import PolicyCalendar
from domain.case import Case
from domain.catalogue import (
    COMMANDS,
    EVENTS,
    PERSON,
    command_name,
    event_name,
)
from domain.concern import ReceiveReferral
from domain.finding import Finding
from domain.handle import local_day
from domain.jurisdictions import Jurisdiction, jurisdictions
from domain.recording import commands_recording
from domain.stage import Context, Looking
from domain.when import end_of
from domain.words import Fact, Header

TODAY = date(2025, 4, 1)  # long past, so that the record can go on in real time anywhere
UNTIL = end_of(date(2025, 3, 31))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Every story of an authority, as the rules answer it."""

    law: Jurisdiction
    plan: Plan
    facts: dict[UUID, list[Fact[Any]]]
    states: dict[UUID, Any]

    def case(self, story: Story) -> Case:
        """Give the case a story makes."""
        state = self.states[story.case]
        assert isinstance(state, Case)
        return state

    def events(self, *kinds: type[Any]) -> Iterator[Any]:
        """Give every event of these classes, stream by stream."""
        for facts in self.facts.values():
            yield from (fact.event for fact in facts if isinstance(fact.event, kinds))

    def findings(self, story: Story) -> list[Finding]:
        """Give what the sources would criticise in a story, the day after its last moment."""
        looking = Looking(on=TODAY, jurisdiction=self.law)
        return list(cases.findings(self.case(story), looking))


@lru_cache(maxsize=8)
def told(nation: str, *, seed: int, count: int) -> Told:
    """Plan an authority and put everything it asks to the rules; a refusal is a failed test."""
    law = jurisdictions()[nation]
    calendar = PolicyCalendar(law)
    plan = tell(law, calendar, seed=seed, cases=count, until=UNTIL)
    facts: dict[UUID, list[Fact[Any]]] = defaultdict(list)
    states: dict[UUID, Any] = {}
    earlier = Earlier()
    position = 0
    for step in plan.steps:
        name = command_name(step.command)
        assert may(step.actor.role, name), f"{step.actor.role} may not ask {name}"
        rules: Any = person if COMMANDS[name].stream == PERSON else cases
        command = step.command
        if isinstance(command, ReceiveReferral):
            command = replace(command, earlier_referrals=earlier.earlier_referrals(command.adult))
        if isinstance(command, AllocateCase):
            command = replace(command, registered=True)  # a load begins with its workers
        earlier.note(step)
        state = states.get(step.stream, rules.initial)
        for event in rules.decide(command, state, _context(step, law, calendar)):
            position += 1
            assert name in commands_recording(event_name(event))
            fact = _fact(step, event, len(facts[step.stream]) + 1, position)
            facts[step.stream].append(fact)
            state = rules.evolve(state, fact)
        states[step.stream] = state
    return Told(law=law, plan=plan, facts=dict(facts), states=states)


def _context(step: Step, law: Jurisdiction, calendar: PolicyCalendar) -> Context:
    return Context(
        now=step.moment,
        today=local_day(step.moment),
        occurred=step.particulars.occurred,
        actor=step.actor,
        performed_by=step.particulars.performed_by or step.actor.worker,
        jurisdiction=law,
        calendar=calendar,
    )


def _fact(step: Step, event: object, version: int, position: int) -> Fact[Any]:
    name, told_by = event_name(event), step.particulars
    header = Header(
        name=name,
        version=EVENTS[name].current_version,
        occurred=told_by.occurred,
        recorded_by=step.actor.worker,
        performed_by=told_by.performed_by or step.actor.worker,
        role=told_by.performed_role or step.actor.role,
        organisation=step.actor.organisation,
        purpose=told_by.purpose,
        correlation=step.stream,
        command=step.stream,
        known_to=told_by.known_to,
        source=told_by.source,
        source_recorded=told_by.source_recorded,
    )
    return Fact(event, header, step.stream, version, position, step.moment)
