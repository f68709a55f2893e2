"""The desk a command sits at: the office opened, who is asking, how far back, and the views ready.

The command line acts as the account of the operating system it runs under. Whoever may run it
beside the database and its keys could read both anyway; what it looks at leaves the same trace.
"""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from api.basis import Basis, basis_for
from api.clocks import Clocks, Typed, UnreadableError, read_clocks
from api.commands import show
from api.commands.options import Asking, Then
from api.commands.resting import Rests
from api.office import Office
from api.problems import Problem
from api.routes.door import THROUGH_RESTRICTION, Reader, based
from api.settings import Settings, read_settings, usable
from api.watching import Watch
from domain.authority import ROLES
from domain.case import Case
from domain.handle import local_day
from domain.refusal import NotFound, Refused
from domain.words import Actor, Code, Slug

CLI: Final = Code("cli")
ISSUER: Final = "local"
_DAYS_AGO: Final = re.compile(r"-(\d{1,5})d", re.ASCII)
COUNCIL: Final = Slug("council")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An open office and somebody at it; `basis` is what is answered rests on."""

    office: Office
    reader: Reader
    basis: Basis

    @property
    def actor(self) -> Actor:
        """Whoever asks."""
        return self.reader.actor

    def may(self, subject: str) -> bool:
        """Whether this role may read that."""
        return self.reader.reads(subject)

    def must(self, subject: str, case: UUID | None = None) -> None:
        """Turn away a role that may not read that, but for an exception. Raises Refused."""
        try:
            self.reader.may(subject, case)
        except Problem:
            words = "This role may not read this: see --role."
            raise Refused("not_permitted", "authority", words) from None

    def opened(self, case: Case, reference: UUID) -> Case:
        """Hold a restriction of reading (L7, I16). Raises Refused."""
        if self.reader.closed(case, reference):
            purposes = ", ".join(sorted(THROUGH_RESTRICTION))
            raise Refused(
                "restricted", "L7", f"Reading this case is restricted to --purpose {purposes}."
            )
        return case

    def viewed(
        self,
        what: str,
        *,
        case: UUID | None = None,
        person: UUID | None = None,
        among: Iterable[UUID] = (),
        as_at: int | None = None,
    ) -> None:
        """Leave the trace of a reading, before anything is shown."""
        self.reader.viewed(what, case=case, person=person, among=among, as_at=as_at)

    def clocks(self, then: Then) -> Clocks:
        """Read the options that are clocks; what is left out is as the basis has it.

        Raises Refused, naming the option.
        """
        as_at, on, as_of = map(self._counted, (then.as_at, then.on, then.as_of))
        typed = Typed(as_at=as_at, on=on, as_of=as_of, known_to=then.known_to)
        try:
            return based(self.basis, read_clocks(self.office, typed), on or as_of)
        except UnreadableError as wrong:
            option = f"--{wrong.clock.replace('_', '-')}"
            raise Refused("option", "usage", f"{option}: {wrong.words}") from None

    def rests(self) -> Rests:
        """What has been answered here rests on, to be told of it."""
        return Rests.of(self.basis)

    def _counted(self, text: str | None) -> str | None:
        """`-500d` as the day 500 days before today; anything else as it was typed."""
        back = None if text is None else _DAYS_AGO.fullmatch(text)
        if back is None:
            return text
        return (self.today - timedelta(days=int(back[1]))).isoformat()

    @property
    def today(self) -> date:
        """The local day by the record's clock."""
        return local_day(self.office.clock.now())


def reference(text: str, what: str) -> UUID:
    """A reference somebody typed. Raises NotFound, without repeating it."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(f"There is no such {what}: give its reference, a UUID.") from None


@contextmanager
def at_desk(asking: Asking, *, begins: bool = False, adds: bool = False) -> Iterator[Desk]:
    """Open the office for one command. One that `begins` a record, or `adds` to it, looks first.

    Raises:
        Refused: there is no record yet (unless the command `begins` one), an option is not in its
            list, or a guard of the log is gone, which is looked at before the first write.
    """
    settings = read_settings()
    role = role_of(asking, settings)
    with usable("HOLDFAST_DATA", settings.data):
        there = not settings.embedded or (settings.data / "postgresql").exists()
    if not there and not begins:
        raise Refused(
            "no-record",
            "start-up",
            "There is no record here yet. `holdfast migrate` makes a real and empty one, of the "
            "nation that HOLDFAST_NATION names (england where it is not set: it stays so); "
            "`holdfast demo` makes one of made-up cases to look around in, where real ones never "
            "belong. HOLDFAST_DATA or DATABASE_URL names another.",
        )
    with Office(settings, say=show.tell) as office:
        if asking.purpose not in office.jurisdiction.lists["purpose"]:
            purposes = ", ".join(office.jurisdiction.lists["purpose"])
            raise Refused("option", "usage", f"--purpose is one of {purposes}.")
        if begins or adds:
            Watch(office, show.tell).look()
        yield desk_of(office, role, Code(asking.purpose), asking.basis)


def desk_of(office: Office, role: Code, purpose: Code, basis: str | None = None) -> Desk:
    """The desk of this account at an open office. Raises Refused: it is no basis of this record."""
    name = account()
    worker = office.worker(ISSUER, f"{os.getuid()}/{name}", name, role)
    actor = Actor(worker=worker, role=role, organisation=COUNCIL)
    reader = Reader(office=office, actor=actor, purpose=purpose, door=CLI)
    return Desk(office=office, reader=reader, basis=_basis(office, basis))


def _basis(office: Office, sent: str | None) -> Basis:
    """The basis that was typed, else of now. Raises Refused."""
    try:
        return basis_for(office, None, sent, {}, place="--basis")
    except Problem as problem:
        wrong = problem.members.get("errors", ({"detail": problem.detail},))[0]["detail"]
        raise Refused("option", "usage", f"--basis: {wrong}") from None


def role_of(asking: Asking, settings: Settings) -> Code:
    """The role asked for; a manager of one's own record, an administrator of a server's."""
    role = asking.role or ("manager" if settings.embedded else "administrator")
    if role not in ROLES:
        raise Refused("option", "usage", f"--role is one of {', '.join(ROLES)}.")
    return Code(role)


def account() -> str:
    """The name of the account this runs under; its number where it has no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
