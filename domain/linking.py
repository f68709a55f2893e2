"""The cases of one enquiry into a service: each adult's own, linked by the enquiry's reference.

There is one case for each adult, and none of them names another (R35, L29): what they share is a
reference that stands in each. Opening and closing such an enquiry stands in `causing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, after, found, mark, recorded
from domain.words import Code, Fact, LargeScaleRef, Passage, Slug, listed

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeScaleEnquiryLinked:
    """The case is one of those a large-scale enquiry is about (R3, R18)."""

    large_scale: LargeScaleRef
    provider: Slug | None = None
    adult_told: Code = listed("yes_no_not_recorded")
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeScaleEnquiryUnlinked:
    """The case is one of them no longer."""

    large_scale: LargeScaleRef
    rationale: Passage | None = None


Event: TypeAlias = LargeScaleEnquiryLinked | LargeScaleEnquiryUnlinked

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A link, and whether the adult is recorded as told of it."""

    told: bool
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The large-scale enquiries a case is or was part of, and where it left one without reasons."""

    links: Mapping[LargeScaleRef, Linked] = field(default_factory=dict)
    left: tuple[tuple[Linked, Mark], ...] = ()  # each link that ended, and where
    left_bare: tuple[Mark, ...] = ()

    def lasting(self, at: Mark) -> tuple[Mark, ...]:
        """Give where each link was made that had not ended before something."""
        ended = (one.at for one, end in self.left if not after(at, end))
        return (*ended, *(one.at for one in self.links.values()))


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case LargeScaleEnquiryLinked(large_scale=ref, adult_told=told):
            one = Linked(told=told == "yes", at=at)
            return replace(state, links={**state.links, ref: one})
        case LargeScaleEnquiryUnlinked(large_scale=ref, rationale=rationale):
            links = {key: one for key, one in state.links.items() if key != ref}
            left = (*state.left, *((one, at) for key, one in state.links.items() if key == ref))
            bare = state.left_bare if rationale is not None else (*state.left_bare, at)
            return replace(state, links=links, left=left, left_bare=bare)
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLargeScaleEnquiry:
    """Make the case one of those a large-scale enquiry is about."""

    large_scale: LargeScaleRef
    provider: Slug | None = None
    adult_told: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkLargeScaleEnquiry:
    """Take the case out of a large-scale enquiry."""

    large_scale: LargeScaleRef
    rationale: Passage | None = None


Command: TypeAlias = LinkLargeScaleEnquiry | UnlinkLargeScaleEnquiry


def decide(
    command: Command,
    state: State,
    known: Known,  # noqa: ARG001 — every stage is asked alike
    context: Context,  # noqa: ARG001
) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: the case is not part of that enquiry.
        Refused: it is part of it already.
    """
    there = command.large_scale in state.links
    match command:
        case LinkLargeScaleEnquiry():
            if there:
                words = "The case is part of this large-scale enquiry already."
                raise Refused("linked_already", "I12", words, field="large_scale")
            return (recorded(LargeScaleEnquiryLinked, command),)
        case UnlinkLargeScaleEnquiry():
            if not there:
                words = "This case is not part of that large-scale enquiry."
                raise NotFound(words, field="large_scale")
            return (recorded(LargeScaleEnquiryUnlinked, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise links the adult does not know of, and cases that left without reasons."""
    del known, context
    for ref, one in state.links.items():
        if not one.told:
            words = "The case is part of a large-scale enquiry; that the adult was told is not "
            words += "recorded."
            code = "large_scale_adult_not_told"
            yield found(code, "R3 R18", "low", words, at=one.at, subject=ref)
    for at in state.left_bare:
        words = "The case left a large-scale enquiry; the reasons are not recorded."
        yield found("large_scale_left_unexplained", "R154", "low", words, at=at)
