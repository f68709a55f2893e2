"""Information: what more is to be shared and with whom, and what was.

What an agency told the meeting is shared with those at it. What went to somebody else has a
decision behind it (R82), and of the plan only what its own list allows (R77), as it was then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound
from domain.shared_with import SharedWith, allowed
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.words import Code, ConferenceRef, Fact, Passage, Slug, listed

PLAN = "plan"
_SHARE = frozenset({"share", "share_part"})

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationSharingDecided:
    """What more is to be shared, or not, with whom, on what basis and why it is needed (R82, R96).

    The recipient is an agency (`organisation`), somebody in a part (`role`), or both.
    """

    conference: ConferenceRef | None
    part: int | None = None
    item: Code = listed("shared_item")
    item_other: Passage | None = None
    organisation: Slug | None = None
    role: Code | None = listed("participant_role", default=None)
    role_other: Passage | None = None
    decision: Code = listed("sharing_decision")
    basis: Code = listed("sharing_basis")
    necessity: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationShared:
    """Information was shared, by whom and on what basis (R203).

    At a conference and without a recipient (`organisation` or `role`) it was told to the meeting.
    """

    conference: ConferenceRef | None
    part: int | None = None
    item: Code = listed("shared_item")
    item_other: Passage | None = None
    shared_by: Slug | None = None
    organisation: Slug | None = None
    role: Code | None = listed("participant_role", default=None)
    role_other: Passage | None = None
    basis: Code = listed("sharing_basis")
    summary: Passage | None = None


Event: TypeAlias = InformationSharingDecided | InformationShared

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Something sent, or to be sent, to somebody."""

    item: Code
    organisation: Slug | None
    role: Code | None
    shared_by: Slug | None
    basis: Code
    at: Mark

    @property
    def unnamed(self) -> bool:
        """Whether it is not said who has it."""
        return self.organisation is None and self.role is None

    def allowed_by(self, other: Shared) -> bool:
        """Whether a decision covers this, or may: the same thing, to the same agency or part."""
        to_them = self.unnamed or self.is_to(other.organisation, other.role)
        return self.item == other.item and to_them

    def is_to(self, organisation: Slug | None, role: Code | None) -> bool:
        """Whether this went to that agency or, where either names none, to that part."""
        if self.organisation is not None and organisation is not None:
            return self.organisation == organisation
        return self.role is not None and self.role == role


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was decided to be shared, and what went to somebody outside the meeting."""

    decided: tuple[Shared, ...] = ()
    refused: tuple[Shared, ...] = ()  # decided not to be shared
    told: tuple[Shared, ...] = ()  # whoever heard it, the meeting alone included
    sent: tuple[Shared, ...] = ()
    unexplained: tuple[Mark, ...] = ()

    def rests_on(self, one: Shared) -> tuple[Code, ...]:
        """The bases of something that was sent: its own, and that of each decision covering it."""
        return (one.basis, *(other.basis for other in self.decided if one.allowed_by(other)))

    @property
    def shared_with(self) -> tuple[SharedWith, ...]:
        """With whom something is to be shared, by agency or part."""
        return tuple(
            SharedWith(organisation=one.organisation, role=one.role, agreed=True, at=one.at)
            for one in self.decided
            if not one.unnamed
        )


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at, event = mark(fact), fact.event
    one = Shared(
        item=event.item,
        organisation=event.organisation,
        role=event.role,
        shared_by=event.shared_by if isinstance(event, InformationShared) else None,
        basis=event.basis,
        at=at,
    )
    match event:
        case InformationSharingDecided(decision=decision, necessity=necessity):
            bare = () if necessity is not None else (at,)
            yes, no = ((one,), ()) if decision in _SHARE else ((), (one,))
            return replace(
                state,
                decided=(*state.decided, *yes),
                refused=(*state.refused, *no),
                unexplained=(*state.unexplained, *bare),
            )
        case InformationShared(conference=conference):
            state = replace(state, told=(*state.told, one))
            if one.unnamed and conference is not None:
                return state  # told to the meeting: nobody else has it
            return replace(state, sent=(*state.sent, one))
        case _:
            assert_never(event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideInformationSharing:
    """Decide what more is to be shared, or not."""

    conference: ConferenceRef | None = None
    part: int | None = None
    item: Code = listed("shared_item")
    item_other: Passage | None = None
    organisation: Slug | None = None
    role: Code | None = listed("participant_role", default=None)
    role_other: Passage | None = None
    decision: Code = listed("sharing_decision", default=Code("share"))
    basis: Code = listed("sharing_basis", default=Code("not_recorded"))
    necessity: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareInformation:
    """Record that information was shared, at the meeting or with somebody else."""

    conference: ConferenceRef | None = None
    part: int | None = None
    item: Code = listed("shared_item")
    item_other: Passage | None = None
    shared_by: Slug | None = None
    organisation: Slug | None = None
    role: Code | None = listed("participant_role", default=None)
    role_other: Passage | None = None
    basis: Code = listed("sharing_basis", default=Code("not_recorded"))
    summary: Passage | None = None


Command: TypeAlias = DecideInformationSharing | ShareInformation


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,  # noqa: ARG001
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference was never convened in this case.
    """
    if command.conference is not None and command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case DecideInformationSharing():
            return (recorded(InformationSharingDecided, command),)
        case ShareInformation():
            return (recorded(InformationShared, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:  # noqa: ARG001
    """Criticise what was shared beyond what was decided."""
    for at in state.unexplained:
        words = "A decision about sharing information does not say why it is, or is not, needed."
        yield found("sharing_unexplained", "R82 R96 R154", "low", words, at=at)
    for one in state.sent:
        said = [*_words(one, state.decided, agreed=True), *_words(one, state.refused, agreed=False)]
        if one.item != PLAN and not allowed(one.at, said):
            words = "Information was shared and no decision to share it is recorded."
            yield found("shared_without_decision", "R82 R96", "medium", words, at=one.at)
        if one.item == PLAN and not allowed(one.at, [*said, *_listed(one, known)]):
            words = "The plan was shared with somebody not among those it was agreed to go to."
            yield found("plan_shared_beyond", "R77 R95", "medium", words, at=one.at)


def _words(one: Shared, decided: Iterable[Shared], *, agreed: bool) -> Iterator[SharedWith]:
    """What was decided of this, yes or no; that somebody is not to have it is of them alone."""
    for it in decided:
        if one.allowed_by(it) and (agreed or not one.unnamed):
            yield SharedWith(organisation=it.organisation, role=it.role, agreed=agreed, at=it.at)


def _listed(one: Shared, known: Known) -> Iterator[SharedWith]:
    """What any plan of the case, or an agreement on it, says of whom this went to."""
    for it in known.plan_sharing:
        if one.is_to(it.organisation, it.role) or (one.unnamed and it.agreed):
            yield it
