"""What one stage may ask about the others, since stages never import one another.

`case` answers all of it by composing the stages' states; a stage names `Known` and reads only what
its rules need. Everything here is read-only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from domain.stage import Mark
from domain.words import (
    ActionRef,
    AllegationRef,
    Code,
    ConferenceRef,
    Digest,
    Due,
    ParticipantRef,
    PersonRef,
    PlanRef,
    ReportRef,
    Slug,
    WorkerRef,
)


class Convened(Protocol):
    """A conference as it was called (`conference.Conference`)."""

    @property
    def kind(self) -> Code:
        """One of `conference_kind`."""

    @property
    def convened(self) -> Mark:
        """Where it was called."""

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
    def declined(self) -> Mark | None:
        """Where the adult declined."""

    @property
    def informed(self) -> tuple[Mark, ...]:
        """Where the adult was told of the conference."""

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


class Laid(Protocol):
    """How one conference is laid out (`dividing.Layout`)."""

    @property
    def closed_parts(self) -> frozenset[int]:
        """The numbers of the parts planned for professionals only."""

    @property
    def alternative(self) -> bool:
        """Whether another arrangement than two parts was agreed."""

    def not_to_come(self, who: ParticipantRef, /) -> Mark | None:
        """Where somebody was last uninvited, or excluded from all of it; None where neither."""


class Attended(Protocol):
    """One line of an attendance grid (`grid.Attendance`)."""

    @property
    def participant(self) -> ParticipantRef | None:
        """Which invitation it answers; None for the adult and the uninvited."""

    @property
    def role(self) -> Code:
        """One of `participant_role`."""

    @property
    def organisation(self) -> Slug | None:
        """Whom they came for."""

    @property
    def present(self) -> bool:
        """Whether they were there, in whole, in part or remotely."""


class Sat(Protocol):
    """A conference that took place (`sitting.Sitting`)."""

    @property
    def held(self) -> Mark:
        """Where and when it was held."""

    @property
    def attendances(self) -> tuple[tuple[int, Attended], ...]:
        """Every line of every part, with the number of its part."""

    @property
    def part_numbers(self) -> frozenset[int]:
        """The numbers of its parts."""

    @property
    def adult_attended(self) -> bool:
        """Whether the adult was in any part."""

    @property
    def minutes_due(self) -> Due | None:
        """The day its minutes are due to be circulated."""


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
    def review_due(self) -> Due | None:
        """The review date agreed with it."""


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


class Capacity(Protocol):
    """One decision-specific capacity record (`assessment.Capacity`)."""

    @property
    def decision(self) -> Code:
        """The decision it is about."""

    @property
    def answer(self) -> Code:
        """One of `capacity_answer`."""


def not_to_come(known: Known, ref: ConferenceRef, who: ParticipantRef, invited: Invited) -> bool:
    """Say whether somebody was uninvited, or excluded from all of it, since they were invited."""
    layout = known.layouts.get(ref)
    at = None if layout is None else layout.not_to_come(who)
    return at is not None and at.position > invited.at.position


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
    def at(self) -> Mark:
        """Where it was submitted."""


class Known(Protocol):
    """What a stage may ask of the rest of the case."""

    @property
    def closed_at(self) -> Mark | None:
        """Where the case was closed; None while it is open."""

    @property
    def adult(self) -> PersonRef | None:
        """Whose case it is."""

    @property
    def allegations(self) -> Mapping[AllegationRef, object]:
        """Every allegation of the case."""

    @property
    def conferences(self) -> Mapping[ConferenceRef, Convened]:
        """Every conference called."""

    @property
    def rosters(self) -> Mapping[ConferenceRef, Roster]:
        """Who leads and who was invited, where anybody is recorded."""

    @property
    def involvements(self) -> Mapping[ConferenceRef, Involved]:
        """What was done for the adult's part, where anything is recorded."""

    @property
    def enablings(self) -> Mapping[ConferenceRef, Enabled]:
        """What was done so that the adult can come, where anything is recorded."""

    @property
    def access_needs(self) -> frozenset[Code]:
        """What the adult needs of access or communication, of `need`; none where none is known."""

    @property
    def layouts(self) -> Mapping[ConferenceRef, Laid]:
        """How each conference is laid out, where anything is recorded."""

    @property
    def partly_held(self) -> Collection[ConferenceRef]:
        """Conferences of which a part is recorded as held."""

    @property
    def sittings(self) -> Mapping[ConferenceRef, Sat]:
        """Every conference held."""

    @property
    def conference_considered(self) -> tuple[Mark, ...]:
        """Where a conference was convened, or decided not to be required, in order."""

    @property
    def not_required(self) -> tuple[Mark, ...]:
        """Where it was decided that no conference is required."""

    @property
    def delay_explained(self) -> bool:
        """Whether a reason for the delay of the conference is recorded (R198)."""

    @property
    def duty_refused_on(self) -> date | None:
        """The day it was decided that there is no duty to enquire; None where there is one."""

    @property
    def referrals(self) -> tuple[Mark, ...]:
        """Each referral of the case, with when it was received."""

    @property
    def report_marks(self) -> tuple[Mark, ...]:
        """Where investigation reports were submitted, in order."""

    @property
    def reports_submitted(self) -> tuple[Reported, ...]:
        """Every report submitted, of any kind, in order."""

    def reports_considered(self, ref: ConferenceRef) -> frozenset[Code]:
        """Give the kinds of report that a conference is recorded as considering."""

    @property
    def doubtful_findings(self) -> bool:
        """Whether an allegation is, as it stands, not proved or left open (R79)."""

    def met(self, ref: ConferenceRef) -> tuple[tuple[str, object], ...]:
        """Give every event that names a conference, with its stored name, in order."""

    @property
    def capacity_recorded(self) -> tuple[Capacity, ...]:
        """Every capacity decision recorded."""

    @property
    def decision_due(self) -> date | None:
        """By when, at the latest, the duty is to be decided; None where no limit applies."""

    @property
    def conference_due(self) -> date | None:
        """By when, at the latest, the first conference is due; None where no limit applies."""

    @property
    def concluded(self) -> Mark | None:
        """Where the enquiry was last concluded."""

    @property
    def enquiry_open(self) -> bool:
        """Whether an enquiry is open."""

    @property
    def plans(self) -> Mapping[PlanRef, Planned]:
        """Every plan agreed or revised in the case."""

    @property
    def plan_actions(self) -> Mapping[ActionRef, Owed]:
        """Every action of the current version of a plan."""

    @property
    def plan_active(self) -> bool:
        """Whether a plan is agreed and not ended."""

    def review_dated(self, plan: PlanRef) -> bool:
        """Say whether a review date was set for the plan apart from its terms."""

    @property
    def risk_marks(self) -> tuple[Mark, ...]:
        """Where risk was assessed."""

    @property
    def advocacy_considered(self) -> tuple[Mark, ...]:
        """Where advocacy was considered."""

    @property
    def pach(self) -> Collection[PersonRef]:
        """Every person identified as alleged to have caused harm."""

    @property
    def pach_known(self) -> bool:
        """Whether a person alleged to have caused harm is known in the case."""

    @property
    def approved_master(self) -> Mapping[ConferenceRef, Digest]:
        """The digest of the approved minutes of each conference."""

    def permits(self, version: int | None) -> bool:
        """Say whether the case's event of that version permits a release (I8)."""

    def permits_report(self, version: int | None, ref: ConferenceRef, report: ReportRef) -> bool:
        """Say whether that event permits a report of that conference to be shared (I8)."""

    def fields_at(self, version: int) -> frozenset[str]:
        """Give the names of the fields of the case's event of that version; none where none is."""

    def event_at(self, version: int) -> str | None:
        """Give the name of the case's event of that version; None where there is none."""
