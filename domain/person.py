"""One person, told nowhere else: who a reference is lives only in that person's own stream.

Every detail is a passage about the person, so that forgetting the person forgets them all. The
text of a listed detail is a code of the nation's list; a date is EDTF.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TypeAlias, assert_never

from domain.corrected import Correcting, Correction, Corrections, recorded_anew
from domain.erased import (
    Approvals,
    Approved,
    Approving,
    Erased,
    Erasing,
    no_target,
    own_name,
    refuse_undoing,
    use_by,
)
from domain.finding import Finding
from domain.performing import Stranger, still_unmet, unrecognised
from domain.refusal import NotFound, Refused, no_entry_words
from domain.stage import (
    Context,
    Looking,
    Mark,
    ahead,
    check_codes,
    check_happened,
    found,
    mark,
    recorded,
)
from domain.told import before, questioned, told_apart
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

CORRECTION = "person-record-corrected"  # the stored name of a correction

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecordCorrected(Correction):
    """An event of this person is now understood otherwise (I12, L5); `target` is its version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErasureApproved(Approved):
    """One person approved that this person's data go, which somebody else then records (L14)."""

    scope: Code = listed("person_erasure_scope")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErased(Erased):
    """This person's data were made unreadable for good, wherever they stand (L9, L10, L14).

    Also of a person whom no case names. Where the scope is one passage, those of one event of this
    stream.
    """

    scope: Code = listed("person_erasure_scope")


Event: TypeAlias = (
    PersonRegistered
    | PersonDetailsRecorded
    | PersonDied
    | ExternalReferenceAdded
    | PersonRecordCorrected
    | PersonErasureApproved
    | PersonErased
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as the record knows them; `details` maps a field to its latest passage.

    `kinds` are the classes of the events told of them, the first at version 1.
    """

    registered: Mark | None = None
    details: Mapping[str, Passage] = field(default_factory=dict)
    external: tuple[ExternalReference, ...] = ()
    died: When | None = None  # as it was last told
    deaths: tuple[Mark, ...] = ()  # where it was told
    born: Mark | None = None  # where the date of birth was last told
    apart: tuple[Mark, ...] = ()  # what tells two times that cannot both be
    strangers: tuple[Stranger, ...] = ()  # who did, or is named in, what is recorded, unknown
    corrections: Corrections = field(default_factory=Corrections)
    approvals: Approvals = field(default_factory=Approvals)  # of erasures
    kinds: tuple[type, ...] = ()
    version: int = 0

    @property
    def known(self) -> bool:
        """Whether a registration stands."""
        return bool(self._registrations)

    @property
    def _registrations(self) -> frozenset[int]:
        told = enumerate(self.kinds, start=1)
        every = frozenset(version for version, kind in told if kind is PersonRegistered)
        return every - self.corrections.withdrawn

    def registered_anew(self, version: int) -> bool:
        """Whether that is a registration withdrawn, and another stands by now (I1)."""
        again = self.kinds[version - 1 : version] == (PersonRegistered,)
        return again and self.known and version not in self._registrations


State: TypeAlias = Person
initial = Person()


def evolve(state: Person, fact: Fact[Event]) -> Person:
    """Remember one fact; never reads what a passage says."""
    state = replace(
        state,
        apart=(*state.apart, *told_apart(fact)),
        strangers=still_unmet(state.strangers, fact),
        version=fact.version,
        kinds=(*state.kinds, type(fact.event)),
    )
    match fact.event:
        case PersonRegistered(details=details, external=external):
            return replace(
                state,
                registered=mark(fact),
                details={**state.details, **_told(details)},
                external=(*state.external, *external),
                born=_born(state, details, fact),
            )
        case PersonDetailsRecorded(details=details):
            told = {**state.details, **_told(details)}
            return replace(state, details=told, born=_born(state, details, fact))
        case PersonDied(died=died):
            return replace(state, died=died, deaths=(*state.deaths, mark(fact)))
        case ExternalReferenceAdded(reference=reference):
            return replace(state, external=(*state.external, reference))
        case PersonRecordCorrected() as event:
            return replace(state, corrections=state.corrections.after(event, fact))
        case PersonErasureApproved() as event:
            return replace(state, approvals=state.approvals.approved(event, fact))
        case PersonErased() as event:  # what went reads as forgotten
            return replace(state, approvals=state.approvals.erased(event, fact))
        case _:
            assert_never(fact.event)


def _told(details: Details) -> Mapping[str, Passage]:
    """The details that say something."""
    told = {one.name: getattr(details, one.name) for one in fields(details)}
    return {name: passage for name, passage in told.items() if passage is not None}


def _born(state: Person, details: Details, fact: Fact[Event]) -> Mark | None:
    """Where the date of birth was last told; what it is, stays in its passage."""
    return state.born if details.date_of_birth is None else mark(fact)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPersonRecord(Correcting):
    """Correct what was told of a person; where it was corrected before, name that correction.

    What this one does not speak of stays as it was understood: with `fields` alone, its time stays,
    and it stays withdrawn if it was. With a time in `occurred` it stands, at that time. With none
    of `fields`, `occurred` and `withdrawn`, what was withdrawn stands again.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovePersonErasure(Approving):
    """Approve the erasure of this person's data, or one event's, that somebody else records."""

    scope: Code = listed("person_erasure_scope")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePerson(Erasing):
    """Record the erasure of this person's data, or one event's, which is carried out with it."""

    scope: Code = listed("person_erasure_scope")


Command: TypeAlias = (
    RegisterPerson
    | RecordPersonDetails
    | RecordDeath
    | AddExternalReference
    | CorrectPersonRecord
    | ApprovePersonErasure
    | ErasePerson
)


def decide(command: Command, state: Person, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        Refused: the person is already registered (I1), it lies in the future (I3), a code is
            not in its list or a date of birth not a date (I11), or a correction corrects nothing,
            or a correction, or is unaware of an earlier one (I12), or withdraws an erasure (L9);
            an erasure of an event that is not there (L9), or on one person's word (L14).
        NotFound: nobody is registered under that reference.
    """
    check_codes(command, context.jurisdiction)
    check_happened(context, command)
    if state.registered is None and not isinstance(command, RegisterPerson):
        raise NotFound("There is no such person.")
    match command:
        case RegisterPerson():
            if state.known:
                raise Refused(
                    "person_exists", "I1", "This person is already registered; record details."
                )
            _check_birth(command.details, context)
            return (recorded(PersonRegistered, command),)
        case RecordPersonDetails():
            _check_birth(command.details, context)
            return (recorded(PersonDetailsRecorded, command),)
        case RecordDeath():
            return (recorded(PersonDied, command),)
        case AddExternalReference():
            return (recorded(ExternalReferenceAdded, command),)
        case CorrectPersonRecord():
            return (correct(command, state),)
        case ApprovePersonErasure():
            return (approve(command, state, context),)
        case ErasePerson():
            return (erase(command, state, context),)
        case _:
            assert_never(command)


def correct(command: CorrectPersonRecord, state: Person) -> PersonRecordCorrected:
    """Correct an event of this person, aware of every correction it already had (I12).

    Where it told details, each of them is a field that can be named.
    """
    kind = dict(enumerate(state.kinds, start=1)).get(command.target)
    known = set() if kind is None else {one.name for one in fields(kind)}
    if "details" in known:
        known |= {one.name for one in fields(Details)}
    there = None if kind is None else kind is not PersonRecordCorrected
    state.corrections.check(command, there=there, fields=known, of="person")
    if kind is PersonErased:
        refuse_undoing(withdrawn=command.withdrawn)
    if state.corrections.restores(command) and state.registered_anew(command.target):
        raise recorded_anew()
    return recorded(PersonRecordCorrected, command)


def approve(
    command: ApprovePersonErasure, state: Person, context: Context
) -> PersonErasureApproved:
    """Record that one person approves an erasure. Nothing goes by that alone."""
    own_name(context)
    _check_target(command, state)
    return recorded(PersonErasureApproved, command, use_by=use_by(context))


def erase(command: ErasePerson, state: Person, context: Context) -> PersonErased:
    """Record an erasure, on two people's word. No hold stands in this stream: `handle` asks cases.

    Raises:
        Refused: no event is named whose passages are to go, or it is not there; nobody else has
            approved the same.
    """
    _check_target(command, state)
    event = recorded(PersonErased, command)
    withdrawn, latest = state.corrections.withdrawn, state.version
    state.approvals.check(event, command.approvals, withdrawn, context, latest=latest)
    return event


def _check_target(command: ApprovePersonErasure | ErasePerson, state: Person) -> None:
    """Where the passages of one event are to go, it is named and there."""
    command.check(command.scope)
    if command.scope == "passage" and command.target not in range(1, state.version + 1):
        raise no_target(no_entry_words("person"))


def _check_birth(details: Details, context: Context) -> None:
    """A date of birth is EDTF, so that an age can be reckoned from it, and past (R146, I3)."""
    if not isinstance(details.date_of_birth, Personal):
        return
    field = "details.date_of_birth"
    try:
        born = read(details.date_of_birth.text)
    except ValueError as error:
        words = (
            "This is no date of birth: give the year, the month and the day, such as 1948-02-29, "
            "or the year alone where more is not known."
        )
        raise Refused("not_a_date", "I11", words, field=field) from error
    if ahead(born, context.now):
        words = "This lies in the future: give a day that has been, or leave it out."
        raise Refused("not_yet_happened", "I3", words, field=field)


def replay(facts: tuple[Fact[Event], ...]) -> Person:
    """The person as these facts make them: all of them, or those that stand (`corrected`)."""
    state = initial
    for fact in facts:
        state = evolve(state, fact)
    return state


# ----------------------------------------------------------------------------------- findings


def findings(state: Person, context: Looking) -> Iterator[Finding]:
    """Say where a death was told more than once: the last stands, which also puts the first right.

    It is no refusal: who learns the day later need not know that a death is recorded already. One
    of them withdrawn, nothing is left to criticise. Nor is a correction good that does not say
    what is now understood; and of two times that cannot both be, one is wrong.
    """
    yield from map(context.judged, _criticised(state))


def _criticised(state: Person) -> Iterator[Finding]:
    for at in state.deaths[1:]:
        words = "A death was recorded for somebody recorded as having died; this one stands."
        yield found("death_recorded_again", "R146", "medium", words, at=at)
    yield from _born_after_death(state)
    yield from questioned(state.apart)
    yield from unrecognised(state.strangers)
    yield from state.corrections.findings()
    yield from state.approvals.findings(state.corrections.withdrawn)


def _born_after_death(state: Person) -> Iterator[Finding]:
    """Say where a person died, however the two dates are read, before they were born (R150).

    Of what stands of both, whichever was recorded first; what was forgotten says nothing.
    """
    birth = state.details.get("date_of_birth")
    if state.died is None or state.born is None or not isinstance(birth, Personal):
        return
    if before(state.died, read(birth.text)):
        at = max(state.born, state.deaths[-1], key=lambda one: one.position)
        words = "The death recorded of this person lies before their date of birth."
        yield found("born_after_death", "R150", "medium", words, at=at)
