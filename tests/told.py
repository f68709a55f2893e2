"""The demonstration's stories played through the rules alone, without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from api.demonstration.load import Earlier
from api.demonstration.pending import settled
from api.demonstration.stories import Plan, tell
from api.demonstration.telling import Step, Story
from domain import adopting, joining, person
from domain import case as cases
from domain.allocation import AllocateCase
from domain.authority import may
from domain.calendar import PolicyCalendar
from domain.case import Case
from domain.catalogue import (
    AUTHORITY,
    CASE,
    COMMANDS,
    EVENTS,
    PERSON,
    command_name,
    event_name,
)
from domain.concern import ReceiveReferral
from domain.correction import RecordCorrected
from domain.finding import Finding
from domain.handle import local_day
from domain.jurisdictions import Jurisdiction, jurisdictions
from domain.performing import workers
from domain.policy import Policy
from domain.reading import replayed
from domain.recording import commands_recording
from domain.stage import Context, Looking
from domain.when import end_of
from domain.words import CaseRef, Fact, Header, WorkerRef

TODAY = date(2025, 4, 1)  # long past, so that the record can go on in real time anywhere
UNTIL = end_of(date(2025, 3, 31))
WHOSE = UUID(int=0x60A1)  # the authority, where no record has one of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Every story of an authority, as the rules answer it."""

    law: Jurisdiction
    plan: Plan
    facts: dict[UUID, list[Fact[Any]]]
    states: dict[UUID, Any]
    policies: tuple[Policy, ...]

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
        looking = Looking(on=TODAY, jurisdiction=self.law, policies=self.policies)
        return list(cases.findings(self.case(story), looking))


@lru_cache(maxsize=8)
def told(nation: str, *, seed: int, count: int) -> Told:
    """Plan an authority and put everything it asks to the rules; a refusal is a failed test."""
    law = jurisdictions()[nation]
    calendar_of = partial(PolicyCalendar, law)
    plan = tell(law, calendar_of, WHOSE, seed=seed, cases=count, until=UNTIL)
    facts: dict[UUID, list[Fact[Any]]] = defaultdict(list)
    states: dict[UUID, Any] = {}
    earlier, known = Earlier(), tuple[Policy, ...]()
    calendar = calendar_of(known)
    registered = {one.ref for one in plan.staff}
    position = 1 + len(registered)  # the opening of a record, and those who record
    for step in plan.steps:
        looking = Looking(on=local_day(step.moment), jurisdiction=law, policies=known)
        state = states.get(step.stream, cases.initial)
        raised = partial(_raised, state, looking)
        command: Any = settled(step.command, facts[step.stream], raised)
        name = command_name(command)
        assert may(step.actor.role, name), f"{step.actor.role} may not ask {name}"
        rules: Any = _RULES[COMMANDS[name].stream]
        if isinstance(command, ReceiveReferral):
            command = replace(command, earlier_referrals=earlier.earlier_referrals(command.adult))
        if isinstance(command, AllocateCase):
            command = replace(command, registered=True)  # a load begins with its workers
        earlier.note(step)
        if isinstance(command, joining.Command):
            command = replace(command, beside=_other(command, step.stream, states, facts))
        state = states.get(step.stream, rules.initial)
        decided = rules.decide(command, state, _context(step, law, calendar, known))
        named = () if isinstance(command, AllocateCase) else workers(command)
        unknown = tuple(dict.fromkeys(one for one, _ in named if one not in registered))
        for other, event in _counterparts(command, step.stream, decided, states):
            position += 1
            fact = _fact(step, event, len(facts[other]) + 1, position, stream=other)
            facts[other].append(fact)
            states[other] = cases.evolve(states[other], fact)
        for event in decided:
            position += 1
            assert name in commands_recording(event_name(event))
            fact = _fact(step, event, len(facts[step.stream]) + 1, position, unknown=unknown)
            facts[step.stream].append(fact)
            state = rules.evolve(state, fact)
        if any(isinstance(event, RecordCorrected) for event in decided):
            state = replayed(step.stream, {step.stream: facts[step.stream]})
        states[step.stream] = state
        if step.stream == WHOSE:
            known = state.policies
            calendar = calendar_of(known)
    return Told(law=law, plan=plan, facts=dict(facts), states=states, policies=known)


_RULES = {PERSON: person, AUTHORITY: adopting, CASE: cases}


def _other(
    command: Any,  # noqa: ANN401 — one that joins two cases, or parts them
    stream: UUID,
    states: dict[UUID, Any],
    facts: dict[UUID, list[Fact[Any]]],
) -> joining.Beside:
    case: Case = states[command.other]
    return joining.Beside(
        version=len(facts[command.other]),
        adult=case.adult,
        merged=case.merged_into is not None,
        erased=case.erased,
        joins=case.joining.with_other(CaseRef(stream), joining.side(command)),
    )


def _counterparts(
    command: Any,  # noqa: ANN401 — any that is asked
    stream: UUID,
    decided: Iterable[Any],
    states: dict[UUID, Any],
) -> list[tuple[UUID, object]]:
    """What the other case records with it, where two are joined or parted: it stands first."""
    if not isinstance(command, joining.Command) or command.beside is None:
        return []
    case, adult = CaseRef(stream), states[stream].adult
    return [
        (command.other, joining.counterpart(event, case, adult, command.beside))
        for event in decided
    ]


def _raised(case: Case, looking: Looking) -> list[Finding]:
    return list(cases.findings(case, looking))


def _context(
    step: Step, law: Jurisdiction, calendar: PolicyCalendar, known: tuple[Policy, ...]
) -> Context:
    return Context(
        now=step.moment,
        today=local_day(step.moment),
        occurred=step.particulars.occurred,
        actor=step.actor,
        performed_by=step.particulars.performed_by or step.actor.worker,
        jurisdiction=law,
        calendar=calendar,
        policies=known,
    )


def _fact(
    step: Step,
    event: object,
    version: int,
    position: int,
    *,
    stream: UUID | None = None,
    unknown: tuple[WorkerRef, ...] = (),
) -> Fact[Any]:
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
        unknown_workers=unknown,
    )
    return Fact(event, header, stream or step.stream, version, position, step.moment)
