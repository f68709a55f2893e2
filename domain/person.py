"""One person, told nowhere else: who a reference is lives only in that person's own stream.

Every detail is a passage about the person, so that forgetting the person forgets them all. The
text of a listed detail is a code of the nation's list; a date is EDTF.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, check_codes, check_happened, found, mark, recorded
from domain.when import When, read
from domain.words import (
    Code,
    ExternalReference,
    Fact,
    Passage,
    Personal,
    PersonRef,
    Slug,
    listed,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What may be known of a person; None is "says nothing", never "unknown"."""

    name: Passage | None = None
    known_as: Passage | None = None
    date_of_birth: Passage | None = None  # EDTF
    gender: Passage | None = listed("gender", default=None)
    gender_other: Passage | None = None
    ethnicity: Passage | None = listed("ethnicity", default=None)
    accommodation: Passage | None = listed("accommodation", default=None)
    accommodation_other: Passage | None = None
    language: Passage | None = None
    address: Passage | None = None
    postcode: Passage | None = None
    telephone: Passage | None = None
    email: Passage | None = None
    gp: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRegistered:
    """A person is known to the record, under a reference of their own (R146)."""

    details: Details
    external: tuple[ExternalReference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetailsRecorded:
    """Some details were learned or put right; what is None stays as it was (R146)."""

    details: Details
    told_by: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDied:
    """The person died; `died` may be a range, and is never made more precise than it is known."""

    died: When
    cause_known: Code = listed("cause_of_death_known")
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalReferenceAdded:
    """What another system calls the same person."""

    reference: ExternalReference


Event: TypeAlias = PersonRegistered | PersonDetailsRecorded | PersonDied | ExternalReferenceAdded

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as the record knows them; `details` maps a field to its latest passage."""

    registered: Mark | None = None
    details: Mapping[str, Passage] = field(default_factory=dict)
    external: tuple[ExternalReference, ...] = ()
    died: When | None = None  # as it was last told
    deaths: tuple[Mark, ...] = ()  # where it was told
    version: int = 0


State: TypeAlias = Person
initial = Person()


def evolve(state: Person, fact: Fact[Event]) -> Person:
    """Remember one fact; never reads what a passage says."""
    state = replace(state, version=fact.version)
    match fact.event:
        case PersonRegistered(details=details, external=external):
            return replace(
                state,
                registered=mark(fact),
                details={**state.details, **_told(details)},
                external=(*state.external, *external),
            )
        case PersonDetailsRecorded(details=details):
            return replace(state, details={**state.details, **_told(details)})
        case PersonDied(died=died):
            return replace(state, died=died, deaths=(*state.deaths, mark(fact)))
        case ExternalReferenceAdded(reference=reference):
            return replace(state, external=(*state.external, reference))
        case _:
            assert_never(fact.event)


def _told(details: Details) -> Mapping[str, Passage]:
    """The details that say something."""
    told = {one.name: getattr(details, one.name) for one in fields(details)}
    return {name: passage for name, passage in told.items() if passage is not None}


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPerson:
    """Make a person known; `person` is the reference the door made, the stream's own."""

    person: PersonRef
    details: Details
    external: tuple[ExternalReference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPersonDetails:
    """Record details learned or put right."""

    details: Details
    told_by: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeath:
    """Record that the person died."""

    died: When
    cause_known: Code = listed("cause_of_death_known", default=Code("not_known"))
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddExternalReference:
    """Record what another system calls the person."""

    reference: ExternalReference


Command: TypeAlias = RegisterPerson | RecordPersonDetails | RecordDeath | AddExternalReference


def decide(command: Command, state: Person, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        Refused: the person is already registered (I1), it lies in the future (I3), or a code is
            not in its list or a date of birth not a date (I11).
        NotFound: nobody is registered under that reference.
    """
    check_codes(command, context.jurisdiction)
    check_happened(context, command)
    if state.registered is None and not isinstance(command, RegisterPerson):
        raise NotFound("There is no such person.")
    match command:
        case RegisterPerson():
            if state.registered is not None:
                raise Refused(
                    "person_exists", "I1", "This person is already registered; record details."
                )
            _check_birth(command.details)
            return (recorded(PersonRegistered, command),)
        case RecordPersonDetails():
            _check_birth(command.details)
            return (recorded(PersonDetailsRecorded, command),)
        case RecordDeath():
            return (recorded(PersonDied, command),)
        case AddExternalReference():
            return (recorded(ExternalReferenceAdded, command),)
        case _:
            assert_never(command)


def _check_birth(details: Details) -> None:
    """A date of birth is EDTF, so that an age can be reckoned from it (R146)."""
    if not isinstance(details.date_of_birth, Personal):
        return
    try:
        read(details.date_of_birth.text)
    except ValueError as error:
        raise Refused(
            "not_a_date", "I11", "A date of birth is a date.", field="details.date_of_birth"
        ) from error


def replay(facts: tuple[Fact[Event], ...]) -> Person:
    """The person as all these facts make them."""
    state = initial
    for fact in facts:
        state = evolve(state, fact)
    return state


# ----------------------------------------------------------------------------------- findings


def findings(state: Person, context: Looking) -> Iterator[Finding]:
    """Say where a death was told more than once: the last stands, which also puts the first right.

    It is no refusal, since a wrong day of death could then never be corrected (procedure A.3).
    """
    del context
    for at in state.deaths[1:]:
        words = "A death was recorded for somebody recorded as having died; this one stands."
        yield found("death_recorded_again", "R146", "medium", words, at=at)
