"""Taking in once what another system sends twice under different keys.

A person known by an external reference is not registered again, and a referral with one is not
received again about the same adult: the answer names what is there. Another adult may be in the
same incident, and so under the same reference, in a case of their own. A reference that a person,
a case or a document has already is not recorded again: the answer is the one given then. What was
withdrawn may meanwhile have come again: a correction that lets it stand after all is recorded with
the other cases that carry the same.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from api.office import Office
from api.problems import Problem
from api.register import NAMES, Register, busy, references_of
from api.routes.door import Reader
from api.routes.people import WHOM_TO_ASK, restricted_among, withheld
from domain import stored
from domain.concern import LinkReferral, ReceiveReferral, ReferralReceived
from domain.correction import CorrectRecord
from domain.forward import BringCaseForward
from domain.handle import Answer, Ask
from domain.person import AddExternalReference, RegisterPerson
from domain.record.log import Appended, Fence, Overtaken
from domain.reference import AddCaseReference, CaseReferenceAdded
from domain.words import CaseRef, ExternalReference, Fact, Personal, PersonRef

_LOOKS: Final = 20  # while others record what is looked at; each that is overtaken, one of them was


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """A command on its way in: what to ask, or where the same stands already."""

    ask: Ask
    before: Answer | None = None


def record_once(office: Office, register: Register, ask: Ask) -> Answer:
    """Ask for a command to be recorded; where it has external references, once.

    What was looked at before is held to at the append itself (`Fence`): whatever becomes of the
    lock meanwhile, no reference is taken in that was taken in since.

    Raises:
        Unavailable: others take in references all the time; nothing was recorded.
        Problem: `already-received`, with links to what holds the reference; not for a command
            that is itself being repeated, which is answered again.
        What `Handler.handle` raises.
    """
    references = _references(office, ask)
    if not references:
        return office.handler.handle(ask)
    with register.held():
        for _ in range(_LOOKS):
            if office.record.log.command(ask.id) is not None:
                return office.handler.handle(ask)
            fence = Fence(names=frozenset(NAMES), after=register.reached())
            taking = _taken(office, register, ask, references)
            if taking.before is not None:
                return taking.before
            with suppress(Overtaken):
                return office.handler.handle(replace(taking.ask, fence=fence))
    raise busy()


def _references(office: Office, ask: Ask) -> tuple[ExternalReference, ...]:
    """What a command takes in; of a correction, what it lets stand, though it was withdrawn."""
    match ask.command:
        case CorrectRecord(withdrawn=False, target=target):
            facts = (fact for fact in office.record.facts(ask.stream) if fact.version == target)
            return tuple(one for fact in facts for one in references_of(fact.event))
        case RegisterPerson() | ReceiveReferral() | LinkReferral() as command:
            return command.external
        case AddExternalReference(reference=reference) | AddCaseReference(reference=reference):
            return (reference,)
        case BringCaseForward(reference=reference):
            return (reference,)
        case _:
            return ()


def _taken(
    office: Office, register: Register, ask: Ask, references: tuple[ExternalReference, ...]
) -> Taking:
    """What to ask; or, where the same was recorded before, how that was answered."""
    command = ask.command
    if isinstance(command, CorrectRecord):
        return Taking(ask=_standing_elsewhere(office, register, ask, command, references))
    for one in references:
        if not isinstance(one.id, Personal):
            continue
        text = one.id.text
        adding = isinstance(command, AddCaseReference | AddExternalReference)
        if adding and (fact := _same_thing(register, ask, one.system, text)):
            return Taking(ask=ask, before=_answer_of(fact))
        if isinstance(command, AddCaseReference):
            elsewhere = _other_cases(office, register, ask.stream, one.system, text)
            return Taking(ask=replace(ask, command=replace(command, elsewhere=elsewhere)))
        _check(office, register, ask, one.system, text)
    return Taking(ask=ask)


def _same_thing(register: Register, ask: Ask, system: str, text: str) -> Fact[Any] | None:
    """The event by which the same person, case or document has the reference already."""
    target = getattr(ask.command, "target", None)
    for named in register.named(ask.stream, system, text):
        if named.version == target:
            return named.fact
    return None


def _answer_of(fact: Fact[Any]) -> Answer:
    return Answer(
        stream=fact.stream,
        version=fact.version,
        appended=Appended(fact.position, 1, repeated=True),
    )


def _other_cases(
    office: Office, register: Register, stream: UUID, system: str, text: str
) -> tuple[CaseRef, ...]:
    found = (one for one in register.referred(system, text) if one != stream)
    return tuple(CaseRef(one) for one in found if stored.is_case(office.record.facts(one)[0].event))


def _standing_elsewhere(
    office: Office,
    register: Register,
    ask: Ask,
    command: CorrectRecord,
    references: tuple[ExternalReference, ...],
) -> Ask:
    """A correction with the other cases that carry what it lets stand.

    Of a referral's reference, those of the same adult: others may be in the same incident.
    """
    target = next(one for one in office.record.facts(ask.stream) if one.version == command.target)
    whole = isinstance(target.event, CaseReferenceAdded)
    adult = _adult(office, ask.stream)
    if adult is None and isinstance(target.event, ReferralReceived):
        adult = target.event.adult  # withdrawn so far, and with it whom the case is about
    found = {
        case
        for one in references
        if isinstance(one.id, Personal)
        for case in _other_cases(office, register, ask.stream, one.system, one.id.text)
        if whole or _adult(office, case) == adult
    }
    return replace(ask, command=replace(command, elsewhere=tuple(sorted(found))))


def _check(office: Office, register: Register, ask: Ask, system: str, text: str) -> None:
    for stream in register.referred(system, text):
        if place := _same(office, ask, stream):
            if _closed(office, ask, stream):
                raise Problem("already-received", f"The record holds this already. {WHOM_TO_ASK}")
            _looked(office, ask, stream)
            raise Problem("already-received", links={"existing": place})


def _closed(office: Office, ask: Ask, stream: UUID) -> bool:
    """Whether a restriction keeps whoever asks from reading what is there: then it has no name."""
    reader = _reader(office, ask)
    if isinstance(ask.command, ReceiveReferral | LinkReferral | BringCaseForward):
        return bool(restricted_among(reader, [stream]))
    return withheld(reader, stream)


def _reader(office: Office, ask: Ask) -> Reader:
    return Reader(office=office, actor=ask.actor, purpose=ask.particulars.purpose)


def _looked(office: Office, ask: Ask, stream: UUID) -> None:
    """Naming what is there is a look at it; the trace is left before the answer."""
    reader = _reader(office, ask)
    if isinstance(ask.command, ReceiveReferral | LinkReferral | BringCaseForward):
        reader.viewed("case", case=stream)
    else:
        reader.viewed("person", person=stream)


def _same(office: Office, ask: Ask, stream: UUID) -> str | None:
    """Where a stream stands, if it is what the command would make a second time."""
    adult = _adult(office, stream)
    match ask.command:
        case RegisterPerson() | AddExternalReference():
            return f"/v1/persons/{stream}" if adult is None else None
        case ReceiveReferral(adult=about):
            return f"/v1/cases/{stream}" if adult == about else None
        case BringCaseForward():
            case = stored.is_case(office.record.facts(stream)[0].event)
            return f"/v1/cases/{stream}" if case else None
        case LinkReferral():
            return f"/v1/cases/{stream}" if stream == ask.stream else None
        case _:
            return None


def _adult(office: Office, stream: UUID) -> PersonRef | None:
    """Whom a case is about; None for the stream of a person."""
    rows = office.record.facts(stream)
    return office.handler.case(stream)[0].adult if stored.is_case(rows[0].event) else None
