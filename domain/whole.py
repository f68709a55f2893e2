"""A case as its stages together show it: what any of them, and any view, may ask of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Final

import domain.action
import domain.agreement
import domain.assessment
import domain.concern
import domain.conference
import domain.determination
import domain.dividing
import domain.duty
import domain.enabling
import domain.invitation
import domain.involvement
import domain.minutes
import domain.monitoring
import domain.plan
import domain.sitting
from domain.case_before import CaseBefore
from domain.doing import Doing
from domain.episode import begun_or_at, of_episode, within
from domain.facets import Reported
from domain.forward import owed_reviews
from domain.review_date import every, latest
from domain.stage import Mark, after, could_precede
from domain.when import When, on_day
from domain.words import (
    ActionRef,
    AllegationRef,
    AmendmentRef,
    Code,
    ConferenceRef,
    Digest,
    Due,
    EnquiryRef,
    PersonRef,
    PlanRef,
    WorkerRef,
)

# What a meeting decides, as it is recorded: R153.
_DECISIONS: Final = frozenset(
    {
        *("abuse-finding", "adult-at-risk-status-determined", "protection-order-considered"),
        *("residual-concern-action-decided", "further-conference-decided", "plan-agreed"),
        *("plan-revised", "plan-not-required", "plan-not-agreed", "pach-action-decided"),
        *("legal-advice-considered", "regulatory-referral-decided", "pach-feedback-decided"),
        *("action-agreed", "information-sharing-decided", "feedback-responsibility-assigned"),
        *("plan-change-ratified", "support-service-agreed", "pach-actions-reviewed"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Case(CaseBefore):
    """One case as its facts make it; answers what the stages may ask of one another."""

    @property
    def adult(self) -> PersonRef | None:
        """Whose case it is; None before a referral."""
        return self.concern.adult or self.joining.begun_for or self.forward.adult

    @property
    def stage(self) -> Code:
        """How far it has come: concern, enquiry, conference, plan or closed."""
        if self.closed:
            return Code("closed")
        if self.plan_active:
            return Code("plan")
        if self.conferences:
            return Code("conference")
        if self.enquiry.opened:
            return Code("enquiry")
        return Code("concern")

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return self.closure.closed is not None

    @property
    def closed_at(self) -> Mark | None:
        """Where it was closed; None while it is open."""
        return None if self.closure.closed is None else self.closure.closed.at

    @property
    def closed_on(self) -> date | None:
        """The day it was closed; None while it is open, or where that is not one certain day."""
        return None if self.closed_at is None else self.closed_at.day

    @property
    def received_on(self) -> date | None:
        """The day the first referral reached the council; None where it is not one certain day."""
        received = self.received
        return None if received is None or received.uncertain else received.day

    @property
    def received(self) -> When | None:
        """When the first referral reached the council, as it was stated."""
        return self.concern.received[0].when if self.concern.received else None

    @property
    def referrals(self) -> tuple[Mark, ...]:
        """Each referral, with when it was received."""
        return self.concern.received

    @property
    def allegations(self) -> Mapping[AllegationRef, domain.concern.Alleged]:
        """Every allegation."""
        return self.concern.allegations

    @property
    def duty_met(self) -> bool | None:
        """Whether there is a duty to enquire; None where that is not decided."""
        return None if self.duty.duty is None else self.duty.duty.met

    @property
    def worker(self) -> WorkerRef | None:
        """Who holds the case."""
        return self.allocation.worker

    def key_worker(self, at: Mark) -> WorkerRef | None:
        """Give who held the case by then and still does, if they do not lead its enquiry."""
        one = self.allocation
        by_then = one.since is not None and after(at, one.since)
        return one.worker if by_then and one.worker != one.officer else None

    @property
    def enquiry_open(self) -> bool:
        """Whether an enquiry is open."""
        return bool(self.open_enquiries)

    @property
    def open_enquiries(self) -> tuple[EnquiryRef, ...]:
        """The enquiries opened and not concluded, in order."""
        ended = self.conclusion.ended
        return tuple(one for one in self.enquiry.opened if one not in ended)

    @property
    def enquiries_due(self) -> Mapping[EnquiryRef, Due]:
        """By when those should end of which neither a report nor an end is recorded."""
        done, dues = self.enquiries_done, self.enquiry.dues
        return {one: dues[one] for one in self.enquiry.opened if one in dues and one not in done}

    @property
    def enquiries_done(self) -> Mapping[EnquiryRef, tuple[Due, tuple[Mark, ...]]]:
        """By when the others should end, and each report or end of theirs.

        After the report nothing more is to be found out, and what follows has limits of its own.
        """
        every = {one: self._over(one) for one in self.enquiry.opened}
        dues = self.enquiry.dues
        return {one: (dues[one], at) for one, at in every.items() if at and one in dues}

    def _over(self, ref: EnquiryRef) -> tuple[Mark, ...]:
        """Where an enquiry was over: its report, the end of what was investigated, or its own."""
        opened, ended = self.enquiry.opened[ref], self.conclusion.ended.get(ref)
        reports = (at for at in self.report_marks if after(at, opened))
        over = (one.at for one in self.causing.concluded if one.enquiry == ref)
        on = () if ended is None else (replace(ended.at, when=on_day(ended.on)),)
        return (*reports, *over, *on)

    @property
    def enquiries_concluded(self) -> Mapping[EnquiryRef, Mark]:
        """Every enquiry concluded and not reopened since."""
        return {ref: one.at for ref, one in self.conclusion.ended.items()}

    @property
    def ceased(self) -> tuple[Mark, ...]:
        """Where enquiries ceased at the adult's request."""
        return tuple(one.at for one in self.conclusion.ceased)

    @property
    def concluded(self) -> Mark | None:
        """Where the enquiry was last concluded."""
        return self.conclusion.concluded

    @property
    def pach(self) -> tuple[PersonRef, ...]:
        """Every person identified as alleged to have caused harm."""
        return self.enquiry.pach

    @property
    def pach_identified(self) -> Mapping[PersonRef, Mark]:
        """Where each of them was first identified."""
        return self.enquiry.pach_identified

    @property
    def pach_known(self) -> bool:
        """Whether a person alleged to have caused harm is known."""
        return bool(self.enquiry.pach)

    @property
    def report_marks(self) -> tuple[Mark, ...]:
        """Where investigation reports were submitted."""
        return tuple(one.at for one in self.enquiry.reports if one.kind == "investigation")

    @property
    def reports_submitted(self) -> tuple[Reported, ...]:
        """Every report submitted, of any kind, by whichever event says so."""
        return (*self.enquiry.reports, *self.information.received)

    def reports_considered(self, ref: ConferenceRef) -> frozenset[Code]:
        """Give the kinds of report that a conference is recorded as considering."""
        heard = self.hearing.heard.get(ref)
        return frozenset() if heard is None else heard.reports

    @property
    def doubtful_findings(self) -> tuple[Mark, ...]:
        """Where it was found of an allegation, as it stands, that it is not proved or left open."""
        current = self.determination.current.values()
        return tuple(one.at for one in current if one.finding in domain.determination.DOUBTFUL)

    def met(self, ref: ConferenceRef) -> tuple[tuple[str, object], ...]:
        """Give every event that names a conference, with its stored name, in order."""
        return self.meetings.get(ref, ())

    @property
    def capacity_recorded(self) -> tuple[domain.assessment.Capacity, ...]:
        """Every capacity decision."""
        return self.assessment.capacity

    def capacity_of(
        self, decisions: frozenset[Code], before: Mark | None, *, decided: bool = False
    ) -> bool:
        """Say whether capacity for one of them is recorded of that time, and by then."""
        every = (one for one in self.capacity_recorded if not decided or one.decided)
        asked = [one.at for one in every if one.decision in decisions]
        if before is None:
            return bool(asked)
        return any(could_precede(at.when, before.when) for at in within(asked, before, self))

    @property
    def risk_marks(self) -> tuple[Mark, ...]:
        """Where risk was assessed."""
        return tuple(one.at for one in self.assessment.risks)

    @property
    def conferences(self) -> Mapping[ConferenceRef, domain.conference.Conference]:
        """Every conference called."""
        return self.conference.conferences

    @property
    def planned(self) -> Mapping[ConferenceRef, When]:
        """For when each conference is planned, as it was last said."""
        return {ref: one.planned_for for ref, one in self.conferences.items()}

    @property
    def rosters(self) -> Mapping[ConferenceRef, domain.invitation.Roster]:
        """Who leads each conference and who was invited."""
        return self.invitation.rosters

    @property
    def involvements(self) -> Mapping[ConferenceRef, domain.involvement.Involvement]:
        """What was done for the adult's part in each conference."""
        return self.involvement.involvements

    @property
    def enablings(self) -> Mapping[ConferenceRef, domain.enabling.Enabling]:
        """What was done so that the adult can come to each conference."""
        return self.enabling.enablings

    def access_needs(self, at: Mark) -> frozenset[Code]:
        """Give what the adult needs of access or communication, as it was last said by then."""
        later = [one.reopened for one in self.episodes if not after(at, one.reopened)]
        said = (
            needs
            for one, needs in self.concern.needs
            if not any(after(one, again) for again in later)
        )
        return ([frozenset[Code](), *said])[-1]

    @property
    def layouts(self) -> Mapping[ConferenceRef, domain.dividing.Layout]:
        """How each conference is laid out."""
        return self.dividing.layouts

    @property
    def partly_held(self) -> frozenset[ConferenceRef]:
        """Conferences of which a part is recorded as held, here or where a split left that."""
        held_there = (one.conference for one in self.parted if one.held_there)
        return frozenset({*self.sitting.told, *held_there})

    def conference_answers(self, at: Mark) -> bool:
        """Say whether a conference, or a decision against one, answers what asks for one there."""
        begun = begun_or_at(at, self)
        considered = (one for one in self.conference.considered if of_episode(one, begun, self))
        if any(one.position > at.position or after(one, at) for one in considered):
            return True
        held = (one for one in self.uncalled if of_episode(one, begun, self))
        if any(could_precede(at.when, one.when) for one in held):
            return True
        for ref in self.conference.standing:
            sitting, called = self.sittings.get(ref), self.conferences[ref].convened
            if not of_episode(called if sitting is None else sitting.held, begun, self):
                continue
            if sitting is None or could_precede(at.when, sitting.held.when):
                return True
        return False

    @property
    def not_required(self) -> tuple[Mark, ...]:
        """Where it was decided that no conference is required."""
        return self.conference.not_required

    @property
    def delays(self) -> tuple[domain.conference.Delay, ...]:
        """Every reason given for a delay."""
        return self.conference.delays

    @property
    def duty_refused(self) -> tuple[Mark, ...]:
        """Where it was decided, last in an episode, that there is no duty to enquire."""
        every = domain.duty.last_of_each(self.duty, self)
        return tuple(one.at for one in every if one.refused)

    @property
    def plan_version(self) -> int:
        """The version of the plan last agreed or revised; 0 where there is none."""
        return self.plan.version

    @property
    def plan_active(self) -> bool:
        """Whether a plan is agreed and not ended."""
        return any(ref not in self.monitoring.ended for ref in self.plans)

    @property
    def plan_actions(self) -> Mapping[ActionRef, domain.plan.Owed]:
        """Every action of the current version of a plan."""
        return self.plan.actions

    @property
    def plans_ended(self) -> Mapping[PlanRef, Mark]:
        """Every plan that came to its end, with where."""
        return self.monitoring.ended

    @property
    def next_reviews(self) -> Mapping[ConferenceRef, Due]:
        """By when each conference held set the next review conference, where that is owed."""
        return owed_reviews(self.forward, self)

    def plan_reviews(self, plan: PlanRef) -> tuple[Mark, ...]:
        """Give where the plan was reviewed, in order."""
        return self.monitoring.reviews.get(plan, ())

    def review_due(self, plan: PlanRef) -> Due | None:
        """Give the date last set to review the plan, with its terms or apart from them."""
        made = self.plans.get(plan)
        return latest(None if made is None else made.dated, self.monitoring.due.get(plan))

    def review_dates(self, plan: PlanRef) -> tuple[Due, ...]:
        """Give every date set to review the plan, in order."""
        return every(self.plans[plan].dated, self.monitoring.due.get(plan))

    def said_of(self, plan: PlanRef) -> domain.agreement.Said:
        """Give what is said of the plan beside its terms."""
        made = self.plans.get(plan)
        return self.agreement.of(plan, () if made is None else made.conferences)

    @property
    def plan_acted_at(self) -> frozenset[ConferenceRef]:
        """The conferences that agreed a plan with at least one action."""
        return self.plan.acted_at

    @property
    def plan_reviewed_at(self) -> Mapping[ConferenceRef, tuple[Mark, ...]]:
        """The conferences that looked at a plan again, and where that is recorded."""
        return self.monitoring.reviewed_at

    @property
    def agreed_actions(self) -> Mapping[ActionRef, domain.action.Agreed]:
        """Every action agreed apart from the terms of a plan."""
        return self.action.actions

    @property
    def doings(self) -> tuple[Doing, ...]:
        """What each action agreed apart from the terms of a plan is."""
        return self.action.doings

    @property
    def acted_at(self) -> frozenset[ConferenceRef]:
        """The conferences that agreed an action or a service apart from the terms of a plan."""
        return self.action.acted_at

    @property
    def pach_actions(self) -> Mapping[ActionRef, domain.monitoring.Pach]:
        """Every action decided about the person alleged to have caused harm."""
        return self.monitoring.pach

    @property
    def monitored_at(self) -> frozenset[ConferenceRef]:
        """The meetings of which it is recorded what a plan achieves, apart from the meeting."""
        return self.oversight.monitored_at

    @property
    def support_considered(self) -> tuple[Mark, ...]:
        """Where services for the adult were considered, or stand in a plan."""
        theirs = (at for target, at in self._supporting if target not in {"pach", "carer"})
        return (*self.assessment.support, *theirs)

    @property
    def carer_supported(self) -> tuple[Mark, ...]:
        """Where support for a carer was agreed as an action, in a plan or apart from it."""
        return tuple(at for target, at in self._supporting if target == "carer")

    @property
    def _supporting(self) -> Iterator[tuple[Code, Mark]]:
        """For whom each action that supports is, in a plan or apart from it, and where it stands.

        That of a plan stood in it since it was agreed, for all that is known of earlier versions.
        """
        for plan in self.plans.values():
            for one in (it for it in plan.terms.actions if it.kind == "support"):
                yield from ((one.target, plan.agreed), (one.target, plan.at))
        yield from ((one.target, one.at) for one in self.doings if one.kind == "support")

    @property
    def approved_master(self) -> Mapping[ConferenceRef, Digest]:
        """The digest of the approved minutes of each conference."""
        return self.minutes.masters

    @property
    def written_up(self) -> Mapping[ConferenceRef, domain.minutes.Minutes]:
        """The minutes of each conference and where they went."""
        return self.minutes.minutes

    @property
    def amendments_accepted(self) -> frozenset[AmendmentRef]:
        """Every amendment of minutes that was accepted."""
        return self.amending.accepted

    def met_at(self, ref: ConferenceRef) -> tuple[tuple[int, str], ...]:
        """Give every event that names a conference: its case version and stored name, in order."""
        return self.meetings_at.get(ref, ())

    def decided_at(self, ref: ConferenceRef) -> tuple[int, ...]:
        """Give the case versions of everything a conference decided, in order (R153)."""
        return tuple(version for version, name in self.met_at(ref) if name in _DECISIONS)

    @property
    def erased(self) -> bool:
        """Whether the data were erased, and the case not reopened since with a new key (I13)."""
        about = self.adult or self.was_about
        erased, reopened = self.correction.erased_with(about), self.closure.reopened
        if erased is None:
            return False
        return not reopened or reopened[-1].position < erased.position

    @property
    def restricted(self) -> bool:
        """Whether processing is restricted: reads limited, appends allowed (I16).

        Also where that is so of a case whose entries are read here, or that this one is read in.
        """
        return self.correction.restricted or self.restricted_beside

    @property
    def restricting(self) -> tuple[domain.excepting.State, ...]:
        """The exceptions of access of each case whose restriction closes this one."""
        own = (self.excepting,) if self.correction.restricted else ()
        return (*own, *self.excepting_beside)

    @property
    def held(self) -> bool:
        """Whether a legal hold stands: nothing may be destroyed (L17).

        Also one on a case that this one shares entries with.
        """
        return self.correction.held or self.held_beside

    @property
    def event_names(self) -> Mapping[int, str]:
        """The stored name of each event, by its version in the case."""
        return dict(enumerate(self.names, start=1))

    def event_at(self, version: int) -> str | None:
        """Give the stored name of the event of that version; None where there is none."""
        return self.names[version - 1] if 1 <= version <= len(self.names) else None

    def fields_at(self, version: int) -> frozenset[str]:
        """Give the names of the fields of the event of that version; none where there is none."""
        if not 1 <= version <= len(self.kinds):
            return frozenset()
        return frozenset(one.name for one in fields(self.kinds[version - 1]))

    def known_version(self, version: int) -> bool:
        """Whether the case has an event of that version (I12)."""
        return self.event_at(version) is not None
