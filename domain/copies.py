"""Who is given a document: whom a permission lets have it, and what one shows of copies of minutes.

A permission holds for whom it names and for what it is about, and for nobody and nothing else: R23,
R162, R167 (I8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from domain.facets import Sat
from domain.stage import OTHER, Mark, came_before
from domain.words import (
    Code,
    ConferenceRef,
    Digest,
    ParticipantRef,
    PersonRef,
    ReportRef,
    Slug,
    WorkerRef,
)

ADULT: Final = Code("adult")  # of `participant_role`
CARER: Final = Code("carer")  # what they may know is decided first: R167
# Who may have a copy only by somebody's express decision: R162, R167.
BY_PERMISSION: Final = frozenset({CARER, "family", "supporter"})
ONE_OF_THEM: Final = frozenset({ADULT, "chair", "minute_taker"})  # told by their role alone
MINUTES: Final = Code("minutes")  # of `release_subject`
PLAN: Final = Code("plan")
REPORT: Final = Code("report")
NO_BASIS: Final = Code("none")  # of `release_basis`
BY_DUTY: Final = frozenset({"regulator", "court_order"})  # of `release_basis`: no chair is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Somebody who is given a document, or may be; `role` is of `participant_role`."""

    participant: ParticipantRef | None = None
    person: PersonRef | None = None
    role: Code | None = None
    organisation: Slug | None = None

    def covers(self, other: Whom) -> bool:
        """Say whether a permission for this one is a permission for that one.

        Where it names somebody by a reference, for them alone; else for whoever comes in its role,
        and for its organisation where it names one. Names are free text and are not compared.
        """
        pairs = ((self.participant, other.participant), (self.person, other.person))
        named = [(mine, theirs) for mine, theirs in pairs if mine is not None]
        if named:
            told = [mine == theirs for mine, theirs in named if theirs is not None]
            return bool(told) and all(told)
        return self.role == other.role and self.organisation in {None, other.organisation}


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A document given to somebody: `what` is of `release_subject`, of which meeting if of one.

    `report` is which report it is.
    """

    what: Code
    to: Whom
    conference: ConferenceRef | None = None
    report: ReportRef | None = None


class Permission(Protocol):
    """What lets somebody have a document, as its stage remembers it."""

    @property
    def at(self) -> Mark:
        """Where it was given."""

    @property
    def conference(self) -> ConferenceRef | None:
        """The meeting it is of, where it is of one alone."""

    @property
    def says_of_pach(self) -> bool:
        """Whether it says what may be known of the person alleged to have caused harm (R167)."""

    def covers(self, release: Release, /) -> bool:
        """Say whether it permits that release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permitted:
    """A release permitted: what, for whom, and whether it says what it may hold of the harmer."""

    what: frozenset[Code]
    whom: Whom
    basis: Code
    says_of_pach: bool
    at: Mark
    conference: ConferenceRef | None = None  # it is of every meeting

    def covers(self, release: Release) -> bool:
        """Say whether it permits that release."""
        return release.what in self.what and self.whom.covers(release.to)


class LeftOut(Protocol):
    """What is left out of a copy (`minutes.Redaction`)."""

    @property
    def ground(self) -> Code:
        """One of `redaction_ground`."""

    @property
    def part(self) -> int | None:
        """The part of the meeting it is of; None where that is not said."""

    @property
    def passages(self) -> tuple[int, ...]:
        """The passages of the minutes that are left out, by their number."""

    @property
    def decided_by(self) -> WorkerRef | None:
        """Who decided it; None where that is not said."""


class Made(Protocol):
    """A redacted copy as it was made (`minutes.RedactedCopyProduced`)."""

    @property
    def source(self) -> Digest:
        """The minutes it was made from."""

    @property
    def copy(self) -> Digest:
        """The copy itself."""

    @property
    def redactions(self) -> tuple[LeftOut, ...]:
        """What is left out of it."""


class Seated(Protocol):
    """In what capacity somebody is there, or is told something."""

    @property
    def role(self) -> Code:
        """One of `participant_role`."""

    @property
    def organisation(self) -> Slug | None:
        """Whom they came for."""


class Named(Seated, Protocol):
    """Whom something went to, or was kept from, by the words of the record."""

    @property
    def participant(self) -> ParticipantRef | None:
        """Which invitation it answers; None for the adult and the uninvited."""


class Receiver(Named, Protocol):
    """Somebody who was given something (`plan_copies.PlanSentToNominee`)."""

    @property
    def person(self) -> PersonRef | None:
        """Who it is, where that is a person we know."""


class Sent(Receiver, Protocol):
    """One copy of minutes and whom it went to (`minutes.Recipient`)."""

    @property
    def parts(self) -> tuple[int, ...]:
        """The parts of the meeting it covers; none for all of them."""

    @property
    def copy(self) -> Digest:
        """What was sent."""

    @property
    def source(self) -> Digest:
        """The minutes it was made from."""

    @property
    def unapproved_draft(self) -> bool:
        """Whether it was of a draft, and said so."""

    @property
    def basis(self) -> Code:
        """One of `release_basis`."""

    @property
    def authority(self) -> int | None:
        """The case version of what permits it."""


class WrittenUp(Protocol):
    """The minutes of one conference and where they went (`minutes.Minutes`)."""

    @property
    def drafted(self) -> Mark | None:
        """Where a draft was first handed in."""

    @property
    def decisions(self) -> tuple[int, ...]:
        """The case versions of the decisions the latest draft records."""

    @property
    def approvals(self) -> tuple[Mark, ...]:
        """Where they were approved, and approved anew."""

    @property
    def first_sent(self) -> Mark | None:
        """Where they were first recorded as sent, be it a draft."""

    @property
    def approved_sendings(self) -> tuple[Mark, ...]:
        """Where they were sent as they were approved, to whomever."""

    @property
    def produced(self) -> tuple[tuple[Mark, Made], ...]:
        """Every redacted copy made, in order."""

    @property
    def sent(self) -> tuple[tuple[Mark, Sent], ...]:
        """Every copy sent, in order."""

    @property
    def withheld(self) -> tuple[Named, ...]:
        """Everybody who was refused them."""

    @property
    def redacted(self) -> Mapping[Digest, tuple[LeftOut, ...]]:
        """What each redacted copy leaves out."""


def given(one: Receiver) -> Whom:
    """Whom a document went to, as a permission names them."""
    return Whom(
        participant=one.participant,
        person=one.person,
        role=one.role,
        organisation=one.organisation,
    )


def went_without(permitted: Mark | None, sent: Mark) -> str | None:
    """How grave it is that something was sent: less where it was permitted, but only afterwards.

    None where that was permitted before.
    """
    if permitted is None:
        return "high"
    return None if came_before(permitted, sent) else "medium"


def gravest(copies: Iterable[tuple[Mark, Mark | None]]) -> list[tuple[Mark, str]]:
    """Each sending with what went without permission, and how grave that is, in order.

    Of each copy is given where it was sent, and where what permits it was.
    """
    found = dict[Mark, str]()
    for at, permitted in copies:
        grave = went_without(permitted, at)
        if grave is not None and found.get(at) != "high":
            found[at] = grave
    return sorted(found.items(), key=lambda one: one[0].position)


def by_permission(one: Sent, sitting: Sat | None) -> bool:
    """Whether somebody may have a copy only by a decision: family, and whoever is like them (I8).

    That is somebody of no role the list has, who is there for no agency and attended nothing.
    Nobody else says who they are, so the word for their role alone opens nothing (R162, R167).
    """
    if one.role in BY_PERMISSION:
        return True
    if one.role != OTHER or one.organisation is not None or one.basis in BY_DUTY:
        return False
    there = () if sitting is None else sitting.attendances
    return not any(
        line.present
        and line.participant == one.participant
        and (line.role, line.organisation) == (one.role, None)
        for _, line in there
    )


def attended(one: Sent, sitting: Sat) -> frozenset[int]:
    """Give the numbers of the parts that whoever has a copy was in: by name, else by role."""
    return frozenset(
        number
        for number, line in sitting.attendances
        if line.present
        and (
            line.role == one.role
            if one.participant is None
            else line.participant == one.participant
        )
    )


def alike(one: Seated, other: Seated) -> bool:
    """Whether two words are of the same one: in the same role, for the same agency or none (R23).

    Of the adult and those who lead a meeting alone the role tells who it is without an agency that
    the other names; of family, and whoever is like them, it does not tell it at all.
    """
    same = one.organisation == other.organisation
    told = one.organisation is not None or one.role not in BY_PERMISSION
    alone = one.role in ONE_OF_THEM and one.organisation in {None, other.organisation}
    return one.role == other.role and ((same and told) or alone)


def was_there(one: Named, sitting: Sat) -> bool:
    """Whether somebody attended: by their invitation, else as who came in that role (R23)."""
    return any(
        line.present
        and (alike(one, line) if one.participant is None else line.participant == one.participant)
        for _, line in sitting.attendances
    )


def came(one: Named, sitting: Sat) -> bool:
    """Whether who has a copy attended: as above, or in that role where one names no agency (G4)."""
    if was_there(one, sitting):
        return True
    told = one.participant is None and one.role not in BY_PERMISSION
    return told and any(
        line.present and line.role == one.role and None in {one.organisation, line.organisation}
        for _, line in sitting.attendances
    )
