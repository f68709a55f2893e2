"""The states of the stages side by side: what a case remembers, and what one of them says at once.

A new stage is one line here, named as in `stages.STAGES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

import domain.access_request
import domain.action
import domain.advice
import domain.advocacy
import domain.agenda
import domain.agreement
import domain.allocation
import domain.amending
import domain.answered
import domain.answering
import domain.assessment
import domain.auditing
import domain.barring
import domain.best_interests
import domain.causing
import domain.closing
import domain.closure
import domain.concern
import domain.conclusion
import domain.conference
import domain.contact
import domain.correction
import domain.determination
import domain.disclosing
import domain.dividing
import domain.drafting
import domain.duty
import domain.enabling
import domain.enquiry
import domain.excepting
import domain.feedback
import domain.forward
import domain.hearing
import domain.information
import domain.intake
import domain.invitation
import domain.involvement
import domain.joining
import domain.learning
import domain.linking
import domain.minutes
import domain.monitoring
import domain.order
import domain.outcome
import domain.oversight
import domain.plan
import domain.plan_copies
import domain.planning
import domain.provider
import domain.rectifying
import domain.reference
import domain.releasing
import domain.retaining
import domain.reviewing
import domain.sharing
import domain.sitting
import domain.tabling
from domain.copies import Permission
from domain.led_elsewhere import Led, counted_by, given_to, led_elsewhere, of_the_case
from domain.living import Death
from domain.manifest import Holder
from domain.once import Taken
from domain.parted import Parted
from domain.performing import Stranger
from domain.read_while import ReadIn, While
from domain.reasons import Unreasoned
from domain.silence import Silence
from domain.stage import Mark, came_before
from domain.stranded import Stranded
from domain.when import When
from domain.words import (
    AllegationRef,
    CaseRef,
    Code,
    ConferenceRef,
    Due,
    Fact,
    PersonRef,
    PlanRef,
    Slug,
)


@dataclass(frozen=True, kw_only=True)
class States:
    """Every stage's state, with how many facts made them and of what kinds they were."""

    concern: domain.concern.State = domain.concern.initial
    duty: domain.duty.State = domain.duty.initial
    allocation: domain.allocation.State = domain.allocation.initial
    enquiry: domain.enquiry.State = domain.enquiry.initial
    assessment: domain.assessment.State = domain.assessment.initial
    conference: domain.conference.State = domain.conference.initial
    invitation: domain.invitation.State = domain.invitation.initial
    involvement: domain.involvement.State = domain.involvement.initial
    enabling: domain.enabling.State = domain.enabling.initial
    dividing: domain.dividing.State = domain.dividing.initial
    sitting: domain.sitting.State = domain.sitting.initial
    tabling: domain.tabling.State = domain.tabling.initial
    hearing: domain.hearing.State = domain.hearing.initial
    agenda: domain.agenda.State = domain.agenda.initial
    determination: domain.determination.State = domain.determination.initial
    outcome: domain.outcome.State = domain.outcome.initial
    plan: domain.plan.State = domain.plan.initial
    monitoring: domain.monitoring.State = domain.monitoring.initial
    agreement: domain.agreement.State = domain.agreement.initial
    action: domain.action.State = domain.action.initial
    advice: domain.advice.State = domain.advice.initial
    sharing: domain.sharing.State = domain.sharing.initial
    oversight: domain.oversight.State = domain.oversight.initial
    order: domain.order.State = domain.order.initial
    minutes: domain.minutes.State = domain.minutes.initial
    feedback: domain.feedback.State = domain.feedback.initial
    plan_copies: domain.plan_copies.State = domain.plan_copies.initial
    conclusion: domain.conclusion.State = domain.conclusion.initial
    closure: domain.closure.State = domain.closure.initial
    correction: domain.correction.State = domain.correction.initial
    reference: domain.reference.State = domain.reference.initial
    intake: domain.intake.State = domain.intake.initial
    causing: domain.causing.State = domain.causing.initial
    planning: domain.planning.State = domain.planning.initial
    contact: domain.contact.State = domain.contact.initial
    information: domain.information.State = domain.information.initial
    advocacy: domain.advocacy.State = domain.advocacy.initial
    best_interests: domain.best_interests.State = domain.best_interests.initial
    barring: domain.barring.State = domain.barring.initial
    learning: domain.learning.State = domain.learning.initial
    provider: domain.provider.State = domain.provider.initial
    answering: domain.answering.State = domain.answering.initial
    drafting: domain.drafting.State = domain.drafting.initial
    amending: domain.amending.State = domain.amending.initial
    releasing: domain.releasing.State = domain.releasing.initial
    closing: domain.closing.State = domain.closing.initial
    reviewing: domain.reviewing.State = domain.reviewing.initial
    auditing: domain.auditing.State = domain.auditing.initial
    rectifying: domain.rectifying.State = domain.rectifying.initial
    access_request: domain.access_request.State = domain.access_request.initial
    disclosing: domain.disclosing.State = domain.disclosing.initial
    retaining: domain.retaining.State = domain.retaining.initial
    excepting: domain.excepting.State = domain.excepting.initial
    answered: domain.answered.State = domain.answered.initial
    joining: domain.joining.State = domain.joining.initial
    linking: domain.linking.State = domain.linking.initial
    forward: domain.forward.State = domain.forward.initial
    told_before: frozenset[int] = frozenset()  # where what another system kept so far is told
    apart: tuple[Mark, ...] = ()  # what tells two times that cannot both be
    strangers: tuple[Stranger, ...] = ()  # who did, or is named in, what is recorded, unknown
    unreasoned: tuple[Unreasoned, ...] = ()  # decisions that stand without their reasons
    silences: tuple[Silence, ...] = ()  # days between two entries on which nothing was recorded
    deaths: tuple[Death, ...] = ()  # where the adult's death is told
    signs_of_life: tuple[Mark, ...] = ()  # what was done with them, who was alive
    last: Mark | None = None  # what was recorded last
    restricted_beside: bool = False  # a case that it reads, or is read in, is restricted
    leading_closed: int | None = None  # where the case that it is read in was closed, if it is
    merged_open: tuple[CaseRef, ...] = ()  # those read in it that are open by themselves
    died_told: Mark | None = None  # where the adult's own record alone tells their death, and when
    died_beside: Mark | None = None  # where one of the same adult's was closed for their death
    parted: tuple[Parted, ...] = ()  # the meetings of which another case has a half since a split
    stranded: tuple[Stranded, ...] = ()  # what is read in one case and names what another has
    # The exceptions of access of each of those cases.
    excepting_beside: tuple[domain.excepting.State, ...] = ()
    # What joined cases, now or before, have that permits something and is not read here.
    permitted_beside: Mapping[int, Permission] = field(default_factory=dict)
    # What else is had where this case's own entries are read: of these versions, None of all.
    taken_beside: tuple[tuple[frozenset[int] | None, Taken], ...] = ()
    held_beside: bool = False  # a legal hold stands on a case that shares entries with it
    was_about: PersonRef | None = None  # whose case it was by an entry that was withdrawn
    # What each entry has, or had, that only one may have, by its version.
    taken: Mapping[int, Taken] = field(default_factory=dict)
    version: int = 0
    names: tuple[str, ...] = ()  # the stored name of each event, the first at version 1
    kinds: tuple[type, ...] = ()  # its class likewise
    # Of each entry of another case that is read here, by the number it has here.
    brought_names: Mapping[int, str] = field(default_factory=dict)
    meetings_at: Mapping[ConferenceRef, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    positions: tuple[int, ...] = ()  # and where it stands in the record
    # Its entries that have due dates, by version: a correction may have them counted anew. Those of
    # other cases that are read here, by the numbers they have here; and as recorded, if otherwise.
    dated: Mapping[int, Fact[Any]] = field(default_factory=dict)
    as_recorded: Mapping[int, Fact[Any]] = field(default_factory=dict, compare=False)
    # Of each case of which entries are or were read in this one, while when.
    read_while: Mapping[UUID, tuple[While, ...]] = field(default_factory=dict, compare=False)
    # What has due dates where entries of this case are read: nothing of its own state.
    read_in: tuple[ReadIn, ...] = field(default=(), compare=False)
    given_out: tuple[Holder, ...] = ()  # who holds something of the case
    # Of each correction, and each note beside an entry that stands, the entry it is about.
    beside: Mapping[int, int] = field(default_factory=dict)
    meetings: Mapping[ConferenceRef, tuple[tuple[str, object], ...]] = field(default_factory=dict)
    given_amiss: tuple[Mark, ...] = ()  # what gave out entries that were another person's
    decided_then: Mapping[ConferenceRef, tuple[Mark, ...]] = field(default_factory=dict)
    agreed_then: Mapping[PlanRef, Mapping[int, Mark]] = field(default_factory=dict)  # by version

    @property
    def own_transfers(self) -> tuple[domain.intake.Transfer, ...]:
        """Its transfers to another authority, without those of what is merged into it."""
        return of_the_case(self.intake.transfers, self.joining.parted_from)

    @property
    def led_elsewhere(self) -> tuple[Led, ...]:
        """From when another authority led the case, and until when."""
        return led_elsewhere(self.own_transfers, self.closure.episodes)

    @property
    def led_by(self) -> Slug | None:
        """The authority to which the lead was given; None where it is this one (R146)."""
        given = given_to(self.own_transfers, self.closure.episodes)
        return None if given is None else given.authority

    @property
    def counted_by(self) -> Code | None:
        """Which of the two authorities counts a case that was transferred (R146)."""
        return counted_by(self.own_transfers)

    def large_scale_since(self, at: Mark, by: Mark | None) -> tuple[Mark, ...]:
        """Since when the case belonged to each large-scale enquiry that it had not left before.

        By whichever event says so: it was opened in the case, or the case linked to it.
        """
        every = (*self.causing.large_scale, *self.enquiry.large_scale, *self.linking.lasting(at))
        return every if by is None else tuple(one for one in every if came_before(one, by))

    @property
    def in_enquiry(self) -> frozenset[Slug]:
        """The agencies caused to enquire, asked for a report or giving one, or planning it."""
        told, caused = self.information, {one.to for one in self.enquiry.caused.values()}
        caused |= {to for _, to in self.causing.caused}
        asked = {one.agency for one in told.asked} | {agency for agency, _ in told.not_provided}
        gave = {one.organisation for one in self.enquiry.reports}
        gave |= {one.organisation for one in told.received}
        every = caused | asked | gave | self.planning.agencies
        return frozenset(one for one in every if one is not None)

    @property
    def brought_at(self) -> When | None:
        """When this case was brought forward; None where it was not."""
        return self.forward.brought_at

    @property
    def last_closed(self) -> Mark | None:
        """Where the case was last closed, also where it was reopened since."""
        return None if self.closure.last is None else self.closure.last.at

    @property
    def reopened(self) -> Mark | None:
        """Where the case was last reopened."""
        return self.closure.reopened[-1] if self.closure.reopened else None

    @property
    def sittings(self) -> Mapping[ConferenceRef, domain.sitting.Sitting]:
        """Every conference held."""
        return self.sitting.sittings

    @property
    def uncalled(self) -> tuple[Mark, ...]:
        """Where a conference was held of which no convening stands: it was held all the same."""
        called = self.conference.conferences
        held = self.sitting.sittings.items()
        return tuple(it.held for ref, it in held if ref not in called and not it.core_group)

    @property
    def plans(self) -> Mapping[PlanRef, domain.plan.Plan]:
        """Every plan agreed or revised."""
        return self.plan.plans

    @property
    def first_decision_due(self) -> Due | None:
        """By when the duty is to be decided on the first referral."""
        return self.concern.decision_due

    def but(self, **changes: Any) -> Self:  # noqa: ANN401 — of any field
        """The same case with other content of some fields, as `dataclasses.replace` gives it.

        Each event read makes another case of some seventy fields, of which it changes a few:
        asking for every field by its name was most of a replay.
        """
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, **changes)
        return other

    @property
    def put_off(self) -> Mapping[AllegationRef, Mark]:
        """Each allegation on which the finding was put off, last, and where."""
        return self.determination.put_off
