"""What each stage shows of itself to the others: the shapes `known.Known` answers in. Read-only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from domain.grid import Attendance
from domain.stage import Mark
from domain.when import When
from domain.words import (
    Code,
    ConferenceRef,
    Due,
    ParticipantRef,
    PersonRef,
    PlanRef,
    ReportRef,
    Slug,
    WorkerRef,
)


class Delay(Protocol):
    """A reason given for a delay (`conference.Delay`)."""

    @property
    def conference(self) -> ConferenceRef | None:
        """Of which conference; None of what ran then."""

    @property
    def at(self) -> Mark:
        """Where it was given."""


class Convened(Protocol):
    """A conference as it was called (`conference.Conference`)."""

    @property
    def kind(self) -> Code:
        """One of `conference_kind`."""

    @property
    def convened(self) -> Mark:
        """Where it was called."""

    @property
    def planned_for(self) -> When:
        """The day it is planned for by now."""

    @property
    def sequence(self) -> int:
        """Its number in the case, from 1."""

    @property
    def agencies(self) -> tuple[Slug, ...]:
        """The agencies involved, whether or not they came."""

    @property
    def large_scale(self) -> bool:
        """Whether it belongs to a large-scale enquiry."""


class Invited(Protocol):
    """One invitation (`invitation.Invited`)."""

    @property
    def at(self) -> Mark:
        """Where they were invited."""

    @property
    def role(self) -> Code:
        """One of `participant_role`."""

    @property
    def organisation(self) -> Slug | None:
        """Whom they come for."""

    @property
    def worker(self) -> WorkerRef | None:
        """Which worker of this record it is, where it is one."""

    @property
    def person(self) -> PersonRef | None:
        """Who it is, where that is a person we know."""

    @property
    def contributed(self) -> Mark | None:
        """Where they wrote to the meeting instead of, or beside, coming."""


class Roster(Protocol):
    """Who leads a conference and who was asked to it (`invitation.Roster`)."""

    @property
    def chair(self) -> WorkerRef | None:
        """Who chairs; None where nobody is recorded."""

    @property
    def minute_taker(self) -> WorkerRef | None:
        """Who takes the record; None where nobody is recorded."""

    @property
    def invited(self) -> Mapping[ParticipantRef, Invited]:
        """Everybody invited but the adult."""

    @property
    def contributors(self) -> tuple[Slug, ...]:
        """Agencies that wrote without being on the list of invitations."""

    @property
    def wrote(self) -> tuple[tuple[Slug, Mark], ...]:
        """The same, each with when it did."""


class Involved(Protocol):
    """What was done for the adult's part in one conference (`involvement.Involvement`)."""

    @property
    def invited(self) -> Mark | None:
        """Where the adult was invited."""

    @property
    def not_invited(self) -> Mark | None:
        """Where it was recorded that the adult is not invited."""

    @property
    def not_invited_reason(self) -> Code | None:
        """Why not, of `adult_not_invited_reason`; None where it was not decided."""

    @property
    def arranged(self) -> frozenset[Code]:
        """What was arranged so that the adult can take part, of `attendance_support`."""

    @property
    def wished_supporter(self) -> Mark | None:
        """Where the adult said that they wish to bring somebody, if that was their last word."""

    @property
    def represented(self) -> bool:
        """Whether the adult named somebody to attend on their behalf."""

    @property
    def declined(self) -> Mark | None:
        """Where the adult declined."""

    @property
    def views(self) -> tuple[Mark, ...]:
        """Where the adult's views were obtained."""


class Enabled(Protocol):
    """What was done so that the adult can come to one conference (`enabling.Enabling`)."""

    @property
    def adjustments(self) -> frozenset[Code]:
        """What was arranged for access, of `attendance_support`."""

    @property
    def asked_of_attending(self) -> bool:
        """Whether the wish to attend is recorded with an assessment of safety."""

    @property
    def unsafe_explained(self) -> bool:
        """Whether attending was found not to be safe, with the reason."""

    @property
    def supporters(self) -> Collection[ParticipantRef]:
        """Those the adult wished to bring."""


class Laid(Protocol):
    """How one conference is laid out (`dividing.Layout`)."""

    @property
    def closed_parts(self) -> frozenset[int]:
        """The numbers of the parts planned for professionals only."""

    @property
    def starts(self) -> Mapping[int, When]:
        """When each part planned is to begin, where that was said."""

    @property
    def alternative(self) -> bool:
        """Whether another arrangement than two parts was agreed."""

    def not_to_come(self, who: ParticipantRef, /) -> Mark | None:
        """Where somebody was last uninvited, or excluded from all of it; None where neither."""


class Sat(Protocol):
    """A conference that took place (`sitting.Sitting`)."""

    @property
    def held(self) -> Mark:
        """Where and when it was held."""

    @property
    def attendances(self) -> tuple[tuple[int, Attendance], ...]:
        """Every line of every part, with the number of its part."""

    @property
    def part_numbers(self) -> frozenset[int]:
        """The numbers of its parts."""

    @property
    def apart(self) -> frozenset[int]:
        """The numbers of those that were for professionals only."""

    @property
    def adult_attended(self) -> bool:
        """Whether the adult was in any part."""

    @property
    def core_group(self) -> bool:
        """Whether it was held as a core group."""

    @property
    def minutes_due(self) -> Due | None:
        """The day its minutes are due to be circulated."""

    @property
    def next_core_group(self) -> Due | None:
        """By when the next core group is due."""

    @property
    def next_review(self) -> Due | None:
        """By when the next review conference is due."""

    @property
    def decisions_due(self) -> Due | None:
        """The day its decisions are due to go round, before its minutes."""


class ArrangesReview(Protocol):
    """What the terms of a plan arrange about its review (`plan.Terms`)."""

    @property
    def pressing(self) -> bool:
        """Whether they say that the risk may not fall, or that the enquiry is not complete."""

    @property
    def review(self) -> Code:
        """How it is to be reviewed, of `plan_review`."""

    @property
    def delegation_agreed_by(self) -> tuple[Slug, ...]:
        """The agencies that agreed to leave its review to another process."""


class Planned(Protocol):
    """A plan as last agreed or revised (`plan.Plan`)."""

    @property
    def version(self) -> int:
        """Its current version."""

    @property
    def agreed(self) -> Mark:
        """Where its first version was recorded."""

    @property
    def at(self) -> Mark:
        """Where its current version was recorded."""

    @property
    def conferences(self) -> frozenset[ConferenceRef]:
        """The conferences that agreed or revised it."""

    @property
    def terms(self) -> ArrangesReview:
        """Its current terms."""


class Owed(Protocol):
    """An action somebody took on (`plan.Owed`)."""

    @property
    def plan(self) -> PlanRef:
        """The plan it belongs to."""

    @property
    def owner(self) -> Slug | None:
        """The agency that took it on."""

    @property
    def due(self) -> date | None:
        """The day it is due."""

    @property
    def at(self) -> Mark:
        """Where it was agreed."""


class Agreed(Protocol):
    """An action agreed, of a plan or of none (`action.Agreed`)."""

    @property
    def plan(self) -> PlanRef | None:
        """The plan it was added to; None where it belongs to none."""

    @property
    def due(self) -> date | None:
        """The day it is due."""

    @property
    def at(self) -> Mark:
        """Where it was agreed."""


class Said(Protocol):
    """What is said of a plan beside its terms (`agreement.Said`)."""

    @property
    def coordinated(self) -> bool:
        """Whether a coordinator was designated."""

    @property
    def monitored(self) -> bool:
        """Whether monitoring was assigned."""

    @property
    def contingency(self) -> bool:
        """Whether a contingency measure was agreed."""

    @property
    def involved(self) -> bool:
        """Whether the adult's part in making it is recorded."""

    @property
    def views_sought(self) -> bool:
        """Whether practical steps were taken to learn the adult's wishes about it."""

    @property
    def delegated(self) -> bool:
        """Whether its review was left to another process."""

    @property
    def delegation_agreed_by(self) -> tuple[Slug, ...]:
        """The agencies that agreed to that."""


class Capacity(Protocol):
    """One decision-specific capacity record (`assessment.Capacity`)."""

    @property
    def decision(self) -> Code:
        """The decision it is about."""

    @property
    def answer(self) -> Code:
        """One of `capacity_answer`."""

    @property
    def decided(self) -> bool:
        """Whether it says that they have capacity, or not."""

    @property
    def evidenced(self) -> bool:
        """Whether it says what it rests on."""

    @property
    def at(self) -> Mark:
        """Where it stands."""


class Reported(Protocol):
    """A report submitted (`enquiry.Report`)."""

    @property
    def ref(self) -> ReportRef:
        """Which report."""

    @property
    def kind(self) -> Code:
        """One of `report_kind`."""

    @property
    def organisation(self) -> Slug | None:
        """Whose report it is."""

    @property
    def says(self) -> tuple[Code, Code]:
        """Whether it states the adult's wishes, and proposes outcomes."""

    @property
    def at(self) -> Mark:
        """Where it was submitted."""


class Caused(Protocol):
    """Whom an enquiry was caused to by the event that opened it (`enquiry.Caused`)."""

    @property
    def to(self) -> Slug:
        """The body that enquires."""

    @property
    def due(self) -> Due | None:
        """By when."""

    @property
    def at(self) -> Mark:
        """Where it was opened."""


class Shared(Protocol):
    """Something told to other agencies (`sharing.Shared`)."""

    @property
    def role(self) -> Code | None:
        """In what part whoever was told has it, of `participant_role`; None where not said."""

    @property
    def shared_by(self) -> Slug | None:
        """Who told it."""

    @property
    def at(self) -> Mark:
        """Where it was recorded."""


class Question(Protocol):
    """Something further that is to be found out (`action.Question`)."""

    @property
    def organisation(self) -> Slug | None:
        """The agency that was asked."""

    @property
    def due(self) -> date | None:
        """By when."""

    @property
    def at(self) -> Mark:
        """Where it was asked for."""


class Advocacy(Protocol):
    """Advocacy considered (`assessment.Advocacy`)."""

    @property
    def decision(self) -> Code:
        """One of `advocacy_decision`."""

    @property
    def substantial_difficulty(self) -> Code:
        """One of `yes_no_not_considered`."""

    @property
    def at(self) -> Mark:
        """Where it was considered."""


class Heard(Protocol):
    """What a conference heard (`hearing.Heard`)."""

    @property
    def advocate(self) -> Mark | None:
        """Where an advocate put the adult's views."""

    @property
    def advocate_answered(self) -> bool:
        """Whether what the advocate put has an answer."""

    @property
    def agency_reports(self) -> frozenset[Slug | None]:
        """Whose reports it considered; None where that is not recorded."""


class Outcomes(Protocol):
    """What came of it for the adult or whoever is alleged (`outcome.Outcomes`, `PachOutcomes`)."""

    @property
    def codes(self) -> frozenset[Code]:
        """Values of `adult_outcome`, or of `pach_outcome`."""

    @property
    def at(self) -> Mark:
        """Where it was recorded."""


class Alleged(Protocol):
    """An allegation (`concern.Alleged`)."""

    @property
    def type(self) -> Code:
        """One of `abuse_type`."""

    @property
    def source(self) -> Code:
        """One of `source_of_risk`."""

    @property
    def at(self) -> Mark:
        """Where it was alleged."""
