"""From a command to the record: the one place where the order of steps matters.

    authorise → answer again → look up → load → decide → seal and append

A command that was recorded before is answered from its positions, before anything is decided
again. What a decision needs from other cases is looked up here and written into the event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Protocol
from uuid import UUID

from domain import (
    adopting,
    authority,
    catalogue,
    filing,
    holds,
    joining,
    made,
    person,
    reading,
    stored,
)
from domain import case as cases
from domain.allocation import AllocateCase
from domain.authority_stream import Policies
from domain.calendar import PolicyCalendar
from domain.case import Case
from domain.catalogue import AUTHORITY, CASE, COMMANDS
from domain.closure import ReopenCase
from domain.concern import ReceiveReferral
from domain.corrected import Correcting, standing
from domain.correction import ApproveErasure, ErasePersonalData, PersonalDataErased
from domain.erased import Approving, Erasing, held, no_target
from domain.finding import Finding
from domain.forward import BringCaseForward
from domain.jurisdictions import Jurisdiction
from domain.performing import workers
from domain.person import Person
from domain.reading import Replay, as_understood, beside_as_seen, joined_facts, replayed
from domain.record.keyring import NewKey
from domain.record.log import Appended, Clock, CommandReused, Fence, Overtaken, Unavailable
from domain.record.record import Part, Record
from domain.recording import commands_recording
from domain.refusal import Conflict, NotFound, Refused, no_entry_words
from domain.stage import Context, Looking, check_particulars
from domain.when import LONDON, When
from domain.words import Actor, CaseRef, Fact, Particulars, PersonRef, subjects

_REMEMBERED: Final = 100_000  # people and workers
_LOOKS: Final = 5  # at the holds, while others are placed


class Lookups(Protocol):
    """What other streams know that a decision needs; read from the views, up to date."""

    def earlier_referrals(self, adult: PersonRef) -> tuple[When, ...]:
        """When earlier referrals about this adult were received, in any case, by first day."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A command as it came through a door.

    `expected_version` is the version its author saw (0 for a stream that does not exist yet);
    `id` tells a repeated request from a new one, `digest` (32 bytes) two requests under one id.
    `fence` is what its author looked at beyond the stream, who looks again when it is overtaken;
    `keys` open what it names beside the log, and become durable with it.
    `seen` is the last position of what other cases bring to this one, as its author saw it (0:
    nothing); None where they did not look, and decide by what is there.
    """

    command: object
    stream: UUID
    expected_version: int
    actor: Actor
    particulars: Particulars
    id: UUID
    digest: bytes
    fence: Fence | None = None
    keys: tuple[NewKey, ...] = ()
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Where a command now stands in the record: its positions, and its stream's new version."""

    stream: UUID
    version: int
    appended: Appended


class Handler:
    """Asks of one record, by the law of one nation and the policies of one authority."""

    def __init__(
        self,
        record: Record,
        jurisdiction: Jurisdiction,
        policies: Policies,
        clock: Clock,
        lookups: Lookups,
        *,
        carry_out: Callable[[], object] = lambda: None,
        replay: Replay = as_understood,
    ) -> None:
        """`carry_out` carries out the erasures recorded so far (`domain.erasure`)."""
        self.record = record
        self.jurisdiction = jurisdiction
        self.policies = policies
        self.clock = clock
        self._lookups = lookups
        self._carry_out = carry_out
        self._replay = replay
        self._known: set[UUID] = set()  # people and workers: who is registered once is for ever

    def handle(self, ask: Ask) -> Answer:
        """Record what was asked, durable when this returns.

        Raises:
            Refused: the actor may not, what stands beside the command in clear is no known code or
                name, or the rules say no (I1–I16).
            NotFound: there is no such case or person, or no event that is named as the cause.
            Conflict: the stream is not at the expected version, or more was recorded of what others
                bring to the case than was seen; nothing was recorded.
            CommandReused: the id was used for another request.
            Overtaken: what its fence names was recorded since; nothing was recorded.
            Unavailable: the database is away; nothing was half-written.
        """
        if not isinstance(ask.command, Erasing):
            return self._handle(ask)
        for _ in range(_LOOKS):
            # A hold recorded before the erasure stops it, also one placed, or standing again,
            # while it is decided.
            fence = Fence(names=holds.HOLDING, after=self.record.log.tail())
            with suppress(Overtaken):
                return self._handle(replace(ask, fence=fence))
        raise Unavailable("Holds are being placed: send the same command again.")

    def _handle(self, ask: Ask) -> Answer:
        name = catalogue.command_name(ask.command)
        self._authorise(ask, name)
        check_particulars(
            ask.particulars,
            ask.actor,
            self.jurisdiction,
            authority.ROLES,
            now=self.clock.now(),
        )
        before = self.record.log.command(ask.id)
        if before is not None:
            return self._again(ask, *before)
        self._check_cause(ask.particulars)
        command = self._look_up(ask.command, ask.stream)
        self._refuse_strangers(command, ask.stream)
        self._refuse_about_nobody(command, ask.stream)
        facts = self.record.facts(ask.stream)
        _refuse_nowhere(command, facts, ask.expected_version)
        if len(facts) != ask.expected_version:
            raise Conflict(ask.stream, ask.expected_version, len(facts))
        unchanged, fence = self._unchanged(ask, facts)
        events = self._decide(name, command, facts, self._context(ask))
        self._give_new_keys(command, facts)
        self._refuse_rash_erasure(command, ask.stream, events)
        part = Part(ask.stream, ask.expected_version, events)
        # Point of no return: once append answers, it happened.
        appended = self.record.append(
            [*unchanged, *self._beside(command, ask.stream, events, facts), part],
            actor=ask.actor,
            particulars=self._known_or_not(ask.particulars, command),
            command=ask.id,
            digest=ask.digest,
            fence=fence,
            keys=ask.keys,
        )
        if isinstance(command, Erasing):
            self._carry_out()
        return Answer(
            stream=ask.stream, version=ask.expected_version + len(events), appended=appended
        )

    def _unchanged(self, ask: Ask, facts: list[Fact[Any]]) -> tuple[list[Part], Fence | None]:
        """The cases read in this one, which are to stay as its author saw them. Raises Conflict.

        And, of a correction, those that it is read in, whose dates are counted anew with it.
        """
        beside = dict[UUID, int]()
        if ask.seen is not None and facts:
            beside = beside_as_seen(self.record, ask.stream, facts, ask.seen)
        if isinstance(ask.command, Correcting):
            beside |= reading.readers_as_they_stand(self.record, ask.stream, facts)
        # So that their versions are compared where nobody else can write: a fence takes the lock.
        fence = Fence(names=frozenset(), after=0) if beside else None
        return [Part(one, at, ()) for one, at in beside.items()], ask.fence or fence

    def _authorise(self, ask: Ask, name: str) -> None:
        """Hold whoever asks to their role; whoever corrects an event, to the authority over it."""
        roles = authority.who_may(name)
        if isinstance(ask.command, Correcting):
            target = self._event_at(ask.stream, ask.command.target)
            if target is not None:  # where there is none, the rules say so
                recording = commands_recording(target)
                roles = authority.who_may(name, correcting=recording)
        if ask.actor.role not in roles:
            raise Refused("not_permitted", "authority", authority.denied(roles))

    def case(self, stream: UUID, *, as_at: int | None = None) -> tuple[Case, list[Fact[Any]]]:
        """A case as known at a position, with the facts as they were recorded. Raises NotFound.

        The case is as now understood, as it is where something is decided: what a correction
        withdrew does nothing in it.
        """
        facts = self.record.facts(stream, as_at=as_at)
        if not facts or not stored.is_case(facts[0].event):
            raise NotFound("There is no such case, or there was none by then.")
        return self._replayed(stream, facts, as_at=as_at), facts

    def _replayed(self, stream: UUID, facts: list[Fact[Any]], *, as_at: int | None = None) -> Case:
        """A case with what is read in it of others, as now understood."""
        if as_at is None:
            return self._replay(self.record, stream, facts)
        return replayed(stream, joined_facts(self.record, stream, facts, as_at=as_at))

    def person(self, stream: UUID, *, as_at: int | None = None) -> person.Person:
        """A person as known at a position, as is now understood. Raises NotFound."""
        return person.replay(standing(self.told_of(stream, as_at=as_at)))

    def told_of(self, stream: UUID, *, as_at: int | None = None) -> list[Fact[Any]]:
        """What was recorded of a person up to a position. Raises NotFound."""
        facts = self.record.facts(stream, as_at=as_at)
        if not facts or not isinstance(facts[0].event, person.PersonRegistered):
            raise NotFound("There is no such person, or there was none by then.")
        return facts

    def looking(self, on: date, *, as_at: int | None = None) -> Looking:
        """By what is judged on a day: the nation's law, and the policies known at a position."""
        known = self.policies.known(as_at)
        return Looking(on=on, jurisdiction=self.jurisdiction, policies=known)

    def working_days(self, as_at: int | None = None) -> PolicyCalendar:
        """The authority's working days by the policies known at a position."""
        return self.policies.calendar(self.policies.known(as_at))

    def findings(
        self, of: Case | Person, on: date, *, as_at: int | None = None
    ) -> Iterator[Finding]:
        """What the sources would criticise in a case, or in what was told of a person, by a day."""
        looking = self.looking(on, as_at=as_at)
        if isinstance(of, Person):
            return person.findings(of, looking)
        return cases.findings(of, looking)

    def _again(self, ask: Ask, appended: Appended, digest: bytes) -> Answer:
        if digest != ask.digest:
            raise CommandReused("this command id was used for another request")
        if isinstance(ask.command, Erasing):
            self._carry_out()  # a first attempt may have been cut short after its event
        rows = self.record.log.at([appended.last])
        return Answer(stream=rows[0].stream, version=rows[0].version, appended=appended)

    def _refuse_strangers(self, command: object, stream: UUID) -> None:
        """A referral is about a registered person, and about nobody whose data were erased (I13).

        Nor is anything new recorded of such a person in their own stream.
        """
        if isinstance(command, ReceiveReferral | BringCaseForward):
            about: UUID = command.adult
            if not self._registered(about, "person-registered"):
                raise NotFound("There is no such person: register the adult first.", field="adult")
        elif isinstance(command, joining.SplitCase) and command.adult is not None:
            about = command.adult
        elif COMMANDS[catalogue.command_name(command)].stream == CASE:
            return  # `domain.case` knows whether its data were erased
        else:
            about = stream
            again = isinstance(command, Approving | Erasing)
            if again and self.record.keyring.unrecorded(about):
                return  # an erasure that a restored log lost is recorded again, so that it says so
        if self.record.keyring.destroyed(about):
            raise Refused(
                "erased",
                "I13",
                "These data were erased: reopen a case about the person, or register them anew.",
            )

    def _refuse_rash_erasure(
        self, command: object, stream: UUID, events: tuple[object, ...]
    ) -> None:
        """An erasure cannot be undone: what it names is there, and no hold on any case it touches.

        That two people have acted, its stage has seen to: both acts stand in the one stream.
        """
        if not isinstance(command, Erasing):
            return
        for event in events:
            if isinstance(event, filing.FilingErased):
                if by := holds.holding_filed(self.record, stream, event.target):
                    raise held(f"A legal hold stands on cases that this can tell of: {len(by)}.")
                continue
            about: UUID | None = stream
            if isinstance(event, PersonalDataErased):
                about = event.person
                if about and event.scope == "passage" and not self._event_at(about, event.target):
                    raise no_target(no_entry_words("person"))
            if about is not None and holds.held_for(self.record, about):
                raise held("A legal hold stands on a case that names this person.")

    def _refuse_about_nobody(self, command: object, stream: UUID) -> None:
        """A passage is about somebody who can be forgotten, or nothing would ever take it (L9).

        That is the case, or the person, whose stream it is, or a person or worker we know: the
        adult is one of these.
        """
        own = _of_authority(command)  # it is read by everybody, and about nobody
        for about, field in subjects(command):
            if about != stream and (own or not self._is_known(about)):
                raise Refused(
                    "unknown_subject",
                    "L9",
                    "There is nobody under the reference that this text is said to be about.",
                    field=field,
                )

    def _is_known(self, reference: UUID) -> bool:
        """Whether a person or worker was ever registered under a reference."""
        if reference not in self._known:
            if not self._registered(reference, "person-registered", "worker-registered"):
                return False
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known.add(reference)
        return True

    def _event_at(self, stream: UUID, version: int | None) -> str | None:
        """The name of a stream's event of that version, whatever its shape; None without one."""
        rows = self.record.log.stream(stream)
        names = (row.name.rpartition(".v")[0] for row in rows if row.version == version)
        return next(names, None)

    def _check_cause(self, particulars: Particulars) -> None:
        """What is said to have led to an event stands in the record already."""
        cause = particulars.causation
        if cause is not None and not self.record.log.at([cause]):
            words = "There is no event at the position that is named as the cause."
            raise NotFound(words, field="causation")

    def _registered(self, stream: UUID, *names: str) -> bool:
        """Whether a stream begins with one of these events."""
        rows = self.record.log.stream(stream)
        return bool(rows) and rows[0].name.rpartition(".v")[0] in names

    def _give_new_keys(self, command: object, facts: list[Fact[Any]]) -> None:
        """Record a case reopened after erasure under new keys; the old stay destroyed (I13).

        The adult may have been erased from another case, or in their own stream.
        """
        if not isinstance(command, ReopenCase):
            return
        # An erasure recorded whose keys still live (its process died, or is at it now) would later
        # take the new keys for the old ones, and what is recorded from now on with them.
        self._carry_out()
        case = self._replayed(facts[0].stream, facts)
        for one in (facts[0].stream, case.adult or case.was_about):
            if one is not None and self.record.keyring.destroyed(one):
                self.record.keyring.reopen(one)

    def _look_up(self, command: object, stream: UUID) -> object:
        if isinstance(command, ReceiveReferral):
            known = self._lookups.earlier_referrals(command.adult)
            return replace(command, earlier_referrals=known)
        if isinstance(command, AllocateCase):
            registered = self._registered(command.worker, "worker-registered")
            return replace(command, registered=registered)
        if isinstance(command, joining.Command):
            return replace(command, beside=self._other(command, stream))
        if isinstance(command, ErasePersonalData | ApproveErasure) and command.person is not None:
            somebody = self._is_known(command.person)
            return replace(
                command, named=somebody and holds.names(self.record, stream, command.person)
            )
        return command

    def _known_or_not(self, particulars: Particulars, command: object) -> Particulars:
        """The particulars, with which of the workers they and the command name are not registered.

        Who a case is given to has said so in a field of its own since before.
        """
        doer = particulars.performed_by
        named = () if isinstance(command, AllocateCase) else workers(command)
        refs = dict.fromkeys(one for one, _ in named if one != doer)
        unknown = [one for one in refs if not self._registered(one, "worker-registered")]
        stranger = doer is not None and not self._registered(doer, "worker-registered")
        return replace(particulars, performer_unknown=stranger, unknown_workers=tuple(unknown))

    def _other(self, command: joining.Command, stream: UUID) -> joining.Beside:
        """What stands in the case that another is to be joined to, or parted from."""
        facts = self.record.facts(command.other)
        if facts and not stored.is_case(facts[0].event):
            raise NotFound("There is no such other case.", field="other")
        case, here = self._replayed(command.other, facts), self.record.facts(stream)
        own, others = (
            reading.understood(joined_facts(self.record, one, of))
            for one, of in ((stream, here), (command.other, facts))
        )
        adult = command.adult if isinstance(command, joining.SplitCase) else None
        return joining.Beside(
            version=len(facts),
            itself=command.other == stream,
            adult=case.adult,
            merged=case.merged_into is not None,
            erased=case.erased,
            joins=case.joining.with_other(CaseRef(stream), joining.side(command)),
            registered=adult is None or self._registered(adult, "person-registered"),
            in_both=made.in_both(command, stream, own, command.other, others),
        )

    def _beside(
        self, command: object, stream: UUID, events: tuple[object, ...], facts: list[Fact[Any]]
    ) -> list[Part]:
        """What the other case records with it, where a command joins two or parts them.

        It stands first: the last event of an answer is of the case that was asked.
        """
        if not isinstance(command, joining.Command) or command.beside is None:
            return []
        adult = self._replayed(stream, facts).adult
        case = CaseRef(stream)
        others = tuple(
            joining.counterpart(event, case, adult, command.beside)
            for event in events
            if isinstance(event, joining.Event)
        )
        return [Part(command.other, command.beside.version, others)]

    def _context(self, ask: Ask) -> Context:
        now, known = self.clock.now(), self.policies.known()
        return Context(
            now=now,
            today=local_day(now),
            occurred=ask.particulars.occurred,
            actor=ask.actor,
            performed_by=ask.particulars.performed_by or ask.actor.worker,
            jurisdiction=self.jurisdiction,
            calendar=self.policies.calendar(known),
            policies=known,
        )

    def _decide(
        self,
        name: str,
        command: Any,  # noqa: ANN401 — one of the catalogue's, and its module knows which
        facts: list[Fact[Any]],
        context: Context,
    ) -> tuple[object, ...]:
        if COMMANDS[name].stream == CASE:
            if facts and not stored.is_case(facts[0].event):
                raise NotFound("There is no such case.")
            case = self._replayed(facts[0].stream, facts) if facts else cases.initial
            return cases.decide(command, case, context)
        if COMMANDS[name].stream == AUTHORITY:
            if isinstance(command, filing.Command):
                return filing.decide(command, filing.replay(facts), context)
            return adopting.decide(command, adopting.replay(facts), context)
        if facts and not isinstance(facts[0].event, person.PersonRegistered):
            raise NotFound("There is no such person.")
        return person.decide(command, person.replay(tuple(facts)), context)


def _refuse_nowhere(command: object, facts: list[Fact[Any]], expected_version: int) -> None:
    """Ask whether the case or person exists before asking its version: of nothing, none was read.

    What begins a stream is held to the version alone; the first line of a chronology may begin one.
    """
    if isinstance(command, ReceiveReferral | person.RegisterPerson):
        return
    if not facts and expected_version == 0 and not _of_authority(command):
        return  # the stage knows whether it may begin here
    kind = COMMANDS[catalogue.command_name(command)].stream
    if not facts or stored.kind_of(facts[0].event) != kind:
        raise NotFound(f"There is no such {kind}.")


def _of_authority(command: object) -> bool:
    return COMMANDS[catalogue.command_name(command)].stream == AUTHORITY


def local_day(moment: datetime) -> date:
    """The day it is in the United Kingdom at a moment."""
    return moment.astimezone(LONDON).date()
