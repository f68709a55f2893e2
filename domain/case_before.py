"""What a case answers about intake, enquiry, outcomes and its governing; `whole` answers the rest.

Where two events can say the same thing, both are heard here, so that no stage has to know which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import domain.action
import domain.assessment
import domain.determination
import domain.enquiry
import domain.hearing
import domain.outcome
import domain.sharing
from domain.closure import ended_by
from domain.copies import CARER, Permission, Release, Sent
from domain.correction import CORRECTION
from domain.episode import Episode, same, within
from domain.facets import Reported
from domain.joined import stays
from domain.shared_with import SharedWith
from domain.stage import Mark, came_before
from domain.states import States
from domain.to_conference import Again, present, running
from domain.when import When
from domain.words import (
    AllegationRef,
    CaseRef,
    Code,
    ConferenceRef,
    Due,
    EnquiryRef,
    OutcomeRef,
    PersonRef,
    PlanRef,
    Slug,
)


@dataclass(frozen=True, kw_only=True)
class CaseBefore(States):
    """The part of a case that answers what `known.Known` asks of intake and enquiry."""

    @property
    def consent_told(self) -> tuple[tuple[Mark, bool], ...]:
        """Where referrals told of consent to sharing, and whether the adult refused it."""
        return self.concern.consent_told

    @property
    def not_required_on_request(self) -> tuple[Mark, ...]:
        """Where no conference was held to be required as the enquiry ceased on request."""
        return self.conference.not_required_on_request

    @property
    def conference_by(self) -> Due | None:
        """By when the conference of the episode that goes on is due; not once there is no duty."""
        if self.duty.refused_on is not None:
            return None
        told, closed = self.concern, self.closure.closed
        at = None if closed is None else closed.at
        return present(told.conference_due, told.again, at, self, self.conference.not_required)

    @property
    def conference_due(self) -> date | None:
        """By which day that is, at the latest."""
        return None if self.conference_by is None else self.conference_by.on

    @property
    def inquiry_started(self) -> Mark | None:
        """Where the council began to inquire."""
        return self.intake.started

    @property
    def redirected(self) -> tuple[Mark, ...]:
        """Where the concern was sent elsewhere."""
        return self.intake.redirected

    @property
    def enquiries(self) -> Mapping[EnquiryRef, Mark]:
        """Every enquiry opened."""
        return self.enquiry.opened

    @property
    def caused_when_opened(self) -> Mapping[EnquiryRef, domain.enquiry.Caused]:
        """Whom enquiries were caused to by the event that opened them."""
        return self.enquiry.caused

    def large_scale(self, at: Mark, by: Mark | None = None) -> bool:
        """Say whether the case belonged to a large-scale enquiry in the episode of something."""
        return bool(within(self.large_scale_since(at, by), at, self))

    @property
    def officer_organisations(self) -> frozenset[Slug]:
        """For whom the officers leading the enquiry work."""
        return self.allocation.officer_organisations

    @property
    def interim_plans(self) -> frozenset[PlanRef]:
        """Every interim plan agreed before a conference."""
        return self.planning.interim

    @property
    def agency_reports(self) -> Mapping[Slug, tuple[Mark, ...]]:
        """Where each agency's reports came in, by whichever event says so."""
        both: dict[Slug, tuple[Mark, ...]] = {}
        reports: tuple[Reported, ...] = (*self.enquiry.reports, *self.information.received)
        for one in reports:
            if one.kind == "agency" and one.organisation is not None:
                both[one.organisation] = (*both.get(one.organisation, ()), one.at)
        return both

    @property
    def questions(self) -> tuple[domain.action.Question, ...]:
        """What further was asked for."""
        return self.action.questions

    @property
    def information_shared(self) -> tuple[domain.sharing.Shared, ...]:
        """What was shared, at a meeting or with others."""
        return self.sharing.told

    @property
    def plan_sharing(self) -> tuple[SharedWith, ...]:
        """Each word on whom a plan is to be shared with, or no more: of its terms, and apart.

        Of the terms of a version that another replaced it is known who, and not when: since the
        first plan.
        """
        plans = self.plan.plans.values()
        first = min((one.agreed for one in plans), key=lambda at: at.position, default=None)
        ever = (
            ()
            if first is None
            else tuple(
                SharedWith(organisation=organisation, role=role, agreed=True, at=first)
                for organisation, role in self.plan.shared_with
            )
        )
        current = tuple(
            SharedWith(
                organisation=one.organisation,
                role=one.role,
                agreed=one.content != "none",
                at=plan.at,
            )
            for plan in plans
            for one in plan.terms.sharing
        )
        return (*ever, *current, *self.agreement.shared_with)

    @property
    def sharing_decided(self) -> tuple[SharedWith, ...]:
        """Each decision to share information with an agency, or with somebody in a part (R82)."""
        return self.sharing.shared_with

    @property
    def shared_on_consent(self) -> tuple[Mark, ...]:
        """Where something was sent to others on no recorded basis but the adult's consent."""
        consent = {"adults_consent", "not_recorded"}
        sent = self.sharing.sent
        return tuple(one.at for one in sent if consent.issuperset(self.sharing.rests_on(one)))

    @property
    def advocacy_answers(self) -> tuple[domain.assessment.Advocacy, ...]:
        """What was decided each time advocacy was considered."""
        return self.assessment.advocacy

    @property
    def advocacy_told(self) -> tuple[Mark, ...]:
        """Where the adult answered an offer of advocacy."""
        return self.advocacy.told

    def advocacy_reached(self, at: Mark) -> bool:
        """Say whether in that episode the adult accepted advocacy, or an advocate came of it."""
        one = self.advocacy
        told = within(one.told, at, self)
        accepted = bool(told) and told[-1] not in one.declined
        return accepted or bool(within((*one.provided, *one.spoke_at), at, self))

    @property
    def advocate_spoke(self) -> frozenset[ConferenceRef | None]:
        """At which conferences an advocate spoke for the adult."""
        return self.advocacy.spoke

    @property
    def hearings(self) -> Mapping[ConferenceRef, domain.hearing.Heard]:
        """What each conference heard."""
        return self.hearing.heard

    @property
    def adult_outcomes(self) -> tuple[domain.outcome.Outcomes, ...]:
        """What came of it for the adult."""
        return self.outcome.outcomes

    @property
    def minutes_sent(self) -> Mapping[ConferenceRef, Mark]:
        """Where the minutes of each conference were first sent to anybody."""
        first = ((ref, one.first_sent) for ref, one in self.minutes.minutes.items())
        return {ref: at for ref, at in first if at is not None}

    def risk_open(self, at: Mark) -> bool:
        """Say whether risk was found when it was last assessed in the episode of something."""
        return self._risk_last(at) not in {None, "none", "not_determined"}

    def risk_none(self, at: Mark) -> bool:
        """Say whether no risk was left when it was last assessed in the episode of something."""
        return self._risk_last(at) == "none"

    def _risk_last(self, at: Mark) -> Code | None:
        risks = [one.level for one in self.assessment.risks if same(one.at, at, self)]
        return risks[-1] if risks else None

    @property
    def referrers(self) -> Mapping[int, tuple[Code, Slug | None]]:
        """Of each referral, by its position, in what part whoever made it has it, and for whom."""
        return self.concern.referrers

    @property
    def referral_numbers(self) -> Mapping[int, int]:
        """The position of each referral, by the number that names its entry in the case."""
        return self.concern.numbers

    @property
    def pach_outcomes(self) -> tuple[domain.outcome.PachOutcomes, ...]:
        """What came of it for whoever is alleged to have caused harm."""
        return self.outcome.pach_outcomes

    @property
    def outcomes_expressed(self) -> Mapping[OutcomeRef, Mark]:
        """Every outcome the adult, or somebody for them, said they want."""
        return self.assessment.outcomes

    @property
    def regulators_told(self) -> tuple[tuple[Code, Slug | None, Mark], ...]:
        """The body each referral was made to, by whom, and where."""
        return self.advice.told

    @property
    def risks_shown(self) -> tuple[tuple[Code, Mark], ...]:
        """The source of each allegation found to be so and of each risk identified, and where."""
        alleged = self.concern.allegations
        proved = (
            (alleged[ref].source, one.at)
            for ref, one in self.determination.current.items()
            if one.finding in domain.determination.PROVED and ref in alleged
        )
        every = self.conclusion.risks.values()
        found = ((source, one.at) for risks in every for source, one in risks.items())
        return (*proved, *found)

    @property
    def provider_enquiries(self) -> tuple[Mark, ...]:
        """Where a large-scale enquiry was opened over concerns about a provider."""
        return self.causing.about_provider

    @property
    def pach_at_work(self) -> tuple[tuple[Slug | None, Mark], ...]:
        """Each person identified as alleged to have caused harm: at work for whom, and where."""
        return tuple((employer, at) for _, employer, at in self.enquiry.identified)

    def pach_of(self, at: Mark) -> tuple[tuple[PersonRef, Slug | None, Mark], ...]:
        """Give each identification of one of them in the episode of something else."""
        return tuple(one for one in self.enquiry.identified if same(one[2], at, self))

    @property
    def pach_needs_support(self) -> bool:
        """Whether one of them lacks capacity and may be an adult at risk."""
        return self.enquiry.pach_needs_support

    @property
    def carers_told(self) -> tuple[tuple[ConferenceRef, Mark, Sent], ...]:
        """Every copy of minutes that a carer was sent, of which meeting, and where."""
        copies = ((ref, *one) for ref, kept in self.minutes.minutes.items() for one in kept.sent)
        return tuple((ref, at, one) for ref, at, one in copies if one.role == CARER)

    @property
    def permissions(self) -> Mapping[int, Permission]:
        """What lets somebody have a document, by its version."""
        theirs = {**self.plan_copies.permitted, **self.best_interests.permitted}
        return {**theirs, **self.answering.decided, **self.tabling.permissions}

    def permits(self, version: int | None, release: Release) -> bool:
        """Say whether the event of that version permits that release from here (I8)."""
        one = None if version is None else self.permissions.get(version)
        return one is not None and one.covers(self._known_as(release))

    def _known_as(self, release: Release) -> Release:
        """The same with the person behind the invitation it names, where nothing else says who.

        A permission names a person and a copy the invitation they had: both are of one (R162).
        """
        to = release.to
        if to.person is not None or to.participant is None:
            return release
        invited = (one.invited.get(to.participant) for one in self.invitation.rosters.values())
        people = (one.person for one in invited if one is not None)
        return replace(release, to=replace(to, person=next(people, None)))

    def permitted(self, version: int | None, release: Release) -> Mark | None:
        """Give where what is named permits that release, also where it is read elsewhere now."""
        if version is None:
            return None
        one = self.permissions.get(version) or self.permitted_beside.get(version)
        covers = one is not None and one.covers(self._known_as(release))
        return one.at if one is not None and covers else None

    def permitted_on(self, release: Release, before: Mark | None = None) -> frozenset[Code]:
        """Give the basis of each permission given, before that, which lets them have it."""
        every = {**self.plan_copies.permitted, **self.best_interests.permitted}.values()
        before_it = (one for one in every if before is None or came_before(one.at, before))
        return frozenset(one.basis for one in before_it if one.covers(self._known_as(release)))

    def carer_decided(
        self, release: Release, before: Mark | None = None, named: int | None = None
    ) -> bool:
        """Say whether it was decided, before that, what of the harmer that carer may know.

        Where it is judged, what is read elsewhere now counts too, if it is named or is of the
        meeting: another's decisions in general are not about this case.
        """
        every, release = {**self.permissions}, self._known_as(release)
        if before is not None:
            every |= {
                number: one
                for number, one in self.permitted_beside.items()
                if number == named or one.conference is not None
            }
        covering = [one.at for one in every.values() if one.says_of_pach and one.covers(release)]
        return any(before is None or came_before(at, before) for at in covering)

    @property
    def risk_explained(self) -> tuple[tuple[ConferenceRef | None, Mark], ...]:
        """At which conferences the risks were explained to the adult, and where that is told."""
        return self.contact.explained

    @property
    def advocacy_considered(self) -> tuple[Mark, ...]:
        """Where advocacy was considered, or a step taken that shows that it was."""
        return (*(one.at for one in self.assessment.advocacy), *self.advocacy.answers)

    @property
    def transferred(self) -> bool:
        """Whether another authority leads, which accepted that."""
        return any(until is None for _, until in self.led_elsewhere)

    @property
    def closed_for(self) -> Code | None:
        """For what the case was closed."""
        return None if self.closure.closed is None else self.closure.closed.reason

    def closed_without(self, position: int) -> Mark | None:
        """Give where the case would be closed without the closing there; None: it would be open."""
        every = (one.at for one in self.closure.closings)
        left = [at for at in every if at.position != position]
        return ended_by(left, self.closure.reopened)

    @property
    def closure_viewed(self) -> tuple[tuple[Code, Mark], ...]:
        """What the adult thinks of closing, as recorded apart from the closing, and where."""
        viewed = self.closing.viewed
        said = viewed is not None and viewed.views not in {"not_asked", "not_recorded"}
        return ((viewed.views, viewed.at),) if viewed is not None and said else ()

    @property
    def review_considered(self) -> tuple[Mark, ...]:
        """Where a statutory review was thought of, apart from the closing."""
        return (*self.reviewing.considered, *self.closing.done("review_considered"))

    @property
    def episodes(self) -> tuple[Episode, ...]:
        """Every later episode of the case: where it had been closed, and was taken up again."""
        return self.closure.episodes

    @property
    def asked_anew(self) -> Mark | None:
        """The referral on which the duty is to be decided anew."""
        return self.begun_anew[-1] if self.begun_anew else None

    @property
    def begun_anew(self) -> tuple[Mark, ...]:
        """The referral that began each later episode."""
        return tuple(one.at for one in self._asked_again)

    @property
    def decisions_due(self) -> tuple[tuple[Mark, Due], ...]:
        """The referral that began each later episode, and by when it is decided on."""
        return tuple((one.at, one.due) for one in self._asked_again)

    @property
    def _asked_again(self) -> tuple[Again, ...]:
        closed = None if self.closure.closed is None else self.closure.closed.at
        return running(self.concern.asked_again, closed, self)

    @property
    def decision_due(self) -> Due | None:
        """By when the duty is to be decided; None where no limit applies."""
        asked = self._asked_again
        return asked[-1].due if asked else self.concern.decision_due

    @property
    def led_from(self) -> Mark | None:
        """Where it came to be read in another case, which was open."""
        return None if self.led_by_closed is not None else self.joining.led_from

    @property
    def led_by_closed(self) -> Mark | None:
        """Where this open case came to be read in one that was closed already, and still is."""
        led, ended = self.joining.led_from, self.leading_closed
        if led is None or ended is None or self.closure.closed is not None:
            return None
        return led if ended < led.position else None

    @property
    def leads_open(self) -> tuple[Mark, ...]:
        """Where open cases came to be read in this one, which was closed already, and still is."""
        closed = self.closure.closed
        if closed is None:
            return ()
        led = self.joining.leading_since
        since = (led[one] for one in self.merged_open if one in led)
        return tuple(at for at in since if closed.at.position < at.position)

    @property
    def capacity_due(self) -> Due | None:
        """By when capacity is to be recorded first."""
        return self.concern.capacity_due

    @property
    def enquiry_kinds(self) -> Mapping[EnquiryRef, tuple[Code, date]]:
        """Of each enquiry opened its kind, and the day that counts."""
        return self.enquiry.kinds

    @property
    def answered_allegations(self) -> frozenset[AllegationRef]:
        """Every allegation of which a finding, an outcome or a risk is recorded by itself."""
        adults = (one.allegation for one in self.outcome.outcomes)
        theirs = (one.allegation for one in self.outcome.pach_outcomes)
        every = (*adults, *theirs, *self.conclusion.outcomes)
        named = frozenset(one for one in every if one is not None)
        return named | (self.determination.current.keys() - self.determination.put_off.keys())

    @property
    def answered_in_general(self) -> tuple[Mark, ...]:
        """Where something was decided of all that was alleged by then."""
        concluded, refused = self.conclusion.concluded, self.duty.refused_at
        return (
            *self.determination.determined,
            *(at for one in self.plan.plans.values() for at in (one.agreed, one.at)),
            *self.plan.not_required,
            *self.intake.redirected,
            *(() if concluded is None else (concluded,)),
            *(() if refused is None else (refused,)),
        )

    @property
    def merged_into(self) -> CaseRef | None:
        """The case this one is read in; None where it stands by itself."""
        return self.joining.into

    @property
    def begun(self) -> bool:
        """Whether anything stands in the case, but for what corrected it."""
        told = enumerate(self.names, start=1)
        return any(name != CORRECTION and one not in self.withdrawn for one, name in told)

    def recorded_anew(self, version: int) -> bool:
        """Say whether what only one may have, and that event had, another has now (`once`)."""
        had, gone = self.taken.get(version), self.withdrawn
        if had is None or version not in gone:
            return False
        others = (took for at, took in self.taken.items() if at != version and at not in gone)
        beside = (took for of, took in self.taken_beside if of is None or version in of)
        return not all(had.isdisjoint(one) for one in (*others, *beside))

    @property
    def withdrawn(self) -> frozenset[int]:
        """The versions of events that are now understood not to have happened."""
        return self.correction.corrections.withdrawn

    @property
    def redated_to(self) -> Mapping[int, When]:
        """When an event is now understood to have happened, where that was corrected."""
        return self.correction.corrections.times

    def position_at(self, version: int) -> int:
        """Give where the event of that version stands in the record; 0 where there is none."""
        return self.positions[version - 1] if 1 <= version <= len(self.positions) else 0

    def may_be_read_elsewhere(self, version: int) -> bool:
        """Say whether the event of that version may be read in another case (`joined`)."""
        return 1 <= version <= len(self.kinds) and not stays(self.kinds[version - 1])
