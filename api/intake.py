"""Taking in once what another system sends twice under different keys.

A person known by an external reference is not registered again, and a referral with one is not
received again about the same adult: the answer names what is there. Another adult may be in the
same incident, and so under the same reference, in a case of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from api.office import Office
from api.problems import Problem
from api.register import Register
from domain import stored
from domain.concern import LinkReferral, ReceiveReferral
from domain.handle import Ask
from domain.person import AddExternalReference, RegisterPerson
from domain.words import ExternalReference, Personal, PersonRef


@contextmanager
def once(office: Office, register: Register, ask: Ask) -> Iterator[None]:
    """Hold the register while a command with external references is recorded.

    Raises:
        Problem: `already-received`, with links to what holds the reference; not for a command
            that is itself being repeated, which is answered again.
    """
    references = _references(ask.command)
    if not references:
        yield
        return
    with register.held():
        if office.record.log.command(ask.id) is None:
            for one in references:
                _check(office, register, ask, one)
        yield


def _references(command: object) -> tuple[ExternalReference, ...]:
    match command:
        case RegisterPerson() | ReceiveReferral() | LinkReferral():
            return command.external
        case AddExternalReference(reference=reference):
            return (reference,)
        case _:
            return ()


def _check(office: Office, register: Register, ask: Ask, one: ExternalReference) -> None:
    if not isinstance(one.id, Personal):
        return
    found = register.referred(one.system, one.id.text)
    for stream in found:
        if place := _same(office, ask, stream):
            raise Problem("already-received", links={"existing": place})


def _same(office: Office, ask: Ask, stream: UUID) -> str | None:
    """Where a stream stands, if it is what the command would make a second time."""
    adult = _adult(office, stream)
    match ask.command:
        case RegisterPerson() | AddExternalReference():
            return f"/v1/persons/{stream}" if adult is None else None
        case ReceiveReferral(adult=about):
            return f"/v1/cases/{stream}" if adult == about else None
        case LinkReferral():
            return f"/v1/cases/{stream}" if stream == ask.stream else None
        case _:
            return None


def _adult(office: Office, stream: UUID) -> PersonRef | None:
    """Whom a case is about; None for the stream of a person."""
    rows = office.record.facts(stream)
    return office.handler.case(stream)[0].adult if stored.is_case(rows[0].event) else None
