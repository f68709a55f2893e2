"""Decisions for an adult who lacks capacity for them: who decides, and what, in whose interests.

Nations name the authority to decide differently (`decision_authority`); that the adult lacks
capacity for a decision stands in `assessment`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.copies import MINUTES, PLAN, Permitted, Whom
from domain.episode import same, within
from domain.finding import Finding
from domain.known import Capacity, Known
from domain.stage import Context, Looking, Mark, after, found, mark, recorded
from domain.when import in_order
from domain.words import Code, Fact, Passage, PersonRef, WorkerRef, listed

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDecisionMakerIdentified:
    """Who decides for the adult, about what, and by what authority (R55).

    `person` where it is somebody with a power or an order, `worker` where a professional decides.
    """

    decision: Code = listed("capacity_decision")
    decision_other: Passage | None = None
    person: PersonRef | None = None
    worker: WorkerRef | None = None
    authority: Code = listed("decision_authority")
    verified: Code = listed("yes_no_not_recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class BestInterestsDecisionRecorded:
    """What was decided in the adult's interests, who was consulted, and why (R55, R61, R163).

    Of a decision about the minutes `recipient` is who shall have them, and the plan (R162).
    """

    decision: Code = listed("capacity_decision")
    decision_other: Passage | None = None
    authority: Code = listed("decision_authority")
    maker: PersonRef | None = None
    worker: WorkerRef | None = None
    decided: Passage | None = None
    consulted: tuple[Code, ...] = listed("consulted")
    consulted_other: Passage | None = None
    imca: Code = listed("yes_no_not_considered")
    recipient: PersonRef | None = None
    rationale: Passage | None = None


Event: TypeAlias = KeyDecisionMakerIdentified | BestInterestsDecisionRecorded

# -------------------------------------------------------------------------------------- state


_MINUTES = Code("minutes_recipient")  # of `capacity_decision`
_BASIS = Code("best_interests")  # of `release_basis`


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """For which decisions somebody decides, and what was decided without its reasons.

    `permitted` is by the case version of the decision that permits it.
    """

    makers: frozenset[Code] = frozenset()
    decided: tuple[tuple[Code, Mark], ...] = ()
    unexplained: tuple[tuple[Code, Mark], ...] = ()
    unconsulted: tuple[tuple[Code, Mark], ...] = ()
    permitted: Mapping[int, Permitted] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact; a later decision about the same takes the place of the earlier."""
    at = mark(fact)
    match fact.event:
        case KeyDecisionMakerIdentified(authority="not_recorded", person=None, worker=None):
            return state  # which says neither who decides nor by what right
        case KeyDecisionMakerIdentified(decision=decision):
            return replace(state, makers=state.makers | {decision})
        case BestInterestsDecisionRecorded() as event:
            of = event.decision
            bare = ((of, at),) if event.rationale is None else ()
            alone = () if event.consulted else ((of, at),)
            to = event.recipient if of == _MINUTES else None
            more = {} if to is None else {fact.version: _permitted(to, at)}
            return replace(
                state,
                decided=(*state.decided, (of, at)),
                unexplained=(*_without(of, state.unexplained), *bare),
                unconsulted=(*_without(of, state.unconsulted), *alone),
                permitted={**state.permitted, **more},
            )
        case _:
            assert_never(fact.event)


def _permitted(recipient: PersonRef, at: Mark) -> Permitted:
    """Remember who shall have the minutes and the plan: they alone (R162, R163).

    What a carer may know of the person alleged to have caused harm is decided apart (R167).
    """
    return Permitted(
        what=frozenset({MINUTES, PLAN}),
        whom=Whom(person=recipient),
        basis=_BASIS,
        says_of_pach=False,
        at=at,
    )


def _without(of: Code, marks: tuple[tuple[Code, Mark], ...]) -> tuple[tuple[Code, Mark], ...]:
    return tuple(one for one in marks if one[0] != of)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyKeyDecisionMaker:
    """Note who decides for the adult."""

    decision: Code = listed("capacity_decision")
    decision_other: Passage | None = None
    person: PersonRef | None = None
    worker: WorkerRef | None = None
    authority: Code = listed("decision_authority", default=Code("not_recorded"))
    verified: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBestInterestsDecision:
    """Note what was decided in the adult's interests."""

    decision: Code = listed("capacity_decision")
    decision_other: Passage | None = None
    authority: Code = listed("decision_authority", default=Code("not_recorded"))
    maker: PersonRef | None = None
    worker: WorkerRef | None = None
    decided: Passage | None = None
    consulted: tuple[Code, ...] = listed("consulted", default=())
    consulted_other: Passage | None = None
    imca: Code = listed("yes_no_not_considered", default=Code("not_considered"))
    recipient: PersonRef | None = None
    rationale: Passage | None = None


Command: TypeAlias = IdentifyKeyDecisionMaker | RecordBestInterestsDecision


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded; nothing here refuses."""
    del state, known, context
    match command:
        case IdentifyKeyDecisionMaker():
            return (recorded(KeyDecisionMakerIdentified, command),)
        case RecordBestInterestsDecision():
            return (recorded(BestInterestsDecisionRecorded, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say what the sources would criticise in how it was decided for the adult."""
    del context
    yield from _nobody_decides(state, known)
    yield from _minutes(state, known)
    for _, at in state.unexplained:
        words = "A decision was made for the adult; the reasons are not recorded."
        yield found("best_interests_unexplained", "R154", "medium", words, at=at)
    for _, at in state.unconsulted:
        words = "A decision was made for the adult; nobody is recorded as consulted about it."
        yield found("best_interests_unconsulted", "R55", "low", words, at=at)


def _lacking(known: Known, of: Mark | None = None) -> list[tuple[Code, Capacity]]:
    """The last word of an episode on each decision, where the adult lacks capacity for it.

    Of the episode of something, or of each: capacity is of its time (R49).
    """
    last: dict[tuple[Code, int], Capacity] = {}
    for one in known.capacity_recorded:
        if of is not None and not same(one.at, of, known):
            continue
        number = 0 if of is not None else sum(after(one.at, it.reopened) for it in known.episodes)
        key = (one.decision, number)
        if key not in last or after(one.at, last[key].at):
            last[key] = one
    return [(key[0], one) for key, one in last.items() if one.answer == "lacks_capacity"]


def _nobody_decides(state: State, known: Known) -> Iterator[Finding]:
    """R55: once anything has been decided, the record says who decides for the adult."""
    ends = [sitting.held for sitting in known.sittings.values()]
    ends += [] if known.concluded is None else [known.concluded]
    for of, one in _lacking(known):
        settled = _settled(of, one.at, state, known)
        ended = [end for end in ends if after(end, one.at) and same(one.at, end, known)]
        if not settled and ended:
            words = (
                "The adult lacks capacity for a decision; neither who decides it nor what was "
                "decided for them is recorded."
            )
            since = min(ended, key=lambda end: in_order(end.when)).when
            code = "nobody_decides"
            yield found(code, "R55", "medium", words, at=one.at, since=since, subject=of)


def _settled(of: Code, at: Mark, state: State, known: Known) -> bool:
    """Whether it is known who decides that, or it was decided, in the episode of something else.

    Whoever decides for the adult goes on doing so; a decision is of its time.
    """
    decided = (done for which, done in state.decided if which == of)
    return of in state.makers or bool(within(decided, at, known))


def _minutes(state: State, known: Known) -> Iterator[Finding]:
    """R163: it is decided who has the minutes of an adult who cannot decide that themself."""
    for ref, at in known.minutes_sent.items():
        lacking = [of for of, _ in _lacking(known, at)]
        of_it = (one for one in known.capacity_recorded if same(one.at, at, known))
        asked = any(one.decision == _MINUTES for one in of_it)
        lacks = _MINUTES in lacking if asked else bool(lacking)
        if not lacks or _settled(_MINUTES, at, state, known):
            continue
        words = (
            "The adult lacks capacity and minutes were sent; no decision about who should have "
            "them is recorded."
        )
        yield found("minutes_without_decision", "R163", "medium", words, at=at, subject=ref)
