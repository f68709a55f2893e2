"""What one stage may ask about the others, since stages never import one another.

`case` answers all of it by composing the stages' states; a stage names `Known` and reads only what
its rules need. Everything here is read-only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from domain.copies import Sent, WrittenUp
from domain.doing import Doing
from domain.facets import (
    Advocacy,
    Agreed,
    Alleged,
    Capacity,
    Caused,
    Convened,
    Delay,
    Enabled,
    Heard,
    Invited,
    Involved,
    Laid,
    Outcomes,
    Owed,
    Planned,
    Question,
    Reported,
    Roster,
    Said,
    Sat,
    Shared,
)
from domain.known_after import KnownAfter
from domain.shared_with import SharedWith
from domain.stage import Mark, after
from domain.when import When
from domain.words import (
    ActionRef,
    AllegationRef,
    AmendmentRef,
    Code,
    ConferenceRef,
    Digest,
    Due,
    EnquiryRef,
    ParticipantRef,
    PersonRef,
    PlanRef,
    Slug,
    WorkerRef,
)

__all__ = [
    "Agreed",
    "Capacity",
    "Convened",
    "Enabled",
    "Invited",
    "Involved",
    "Known",
    "Laid",
    "Owed",
    "Planned",
    "Reported",
    "Roster",
    "Said",
    "Sat",
    "Sent",
    "WrittenUp",
    "not_to_come",
]


def not_to_come(known: Known, ref: ConferenceRef, who: ParticipantRef, invited: Invited) -> bool:
    """Say whether somebody was uninvited, or excluded from all of it, since they were invited."""
    layout = known.layouts.get(ref)
    at = None if layout is None else layout.not_to_come(who)
    return at is not None and after(at, invited.at)


def asked_to_one(known: Known) -> set[ParticipantRef]:
    """Give everybody invited to a meeting of the case, and whom the adult wished to bring (R51)."""
    invited = {who for roster in known.rosters.values() for who in roster.invited}
    return invited | {who for one in known.enablings.values() for who in one.supporters}


class Known(KnownAfter, Protocol):
    """What a stage may ask of the rest of the case."""

    @property
    def closed_at(self) -> Mark | None:
        """Where the case was closed; None while it is open."""

    @property
    def adult(self) -> PersonRef | None:
        """Whose case it is."""

    @property
    def allegations(self) -> Mapping[AllegationRef, Alleged]:
        """Every allegation of the case."""

    @property
    def planned(self) -> Mapping[ConferenceRef, When]:
        """For when each conference is planned, as it was last said."""

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

    def access_needs(self, at: Mark) -> frozenset[Code]:
        """Give what the adult needs of access or communication, of `need`, as it was last said.

        In that episode or before it: needs go on, and what is said of a later time is of that.
        """

    @property
    def layouts(self) -> Mapping[ConferenceRef, Laid]:
        """How each conference is laid out, where anything is recorded."""

    @property
    def partly_held(self) -> Collection[ConferenceRef]:
        """Conferences of which a part is recorded as held, or that were parted from that they were.

        By a split that took the one away and left the other (`parted`).
        """

    @property
    def sittings(self) -> Mapping[ConferenceRef, Sat]:
        """Every conference held."""

    @property
    def uncalled(self) -> tuple[Mark, ...]:
        """Where a conference was held of which no convening stands."""

    def conference_answers(self, at: Mark) -> bool:
        """Say whether a conference, or a decision against one, answers what asks for one there.

        One called or decided against afterwards does, and one called before that is still to come
        or was held afterwards; of those called before, not a core group, and none called off.
        """

    @property
    def not_required(self) -> tuple[Mark, ...]:
        """Where it was decided that no conference is required."""

    @property
    def not_required_on_request(self) -> tuple[Mark, ...]:
        """Where that was decided because the enquiry ceased at the adult's request (R7)."""

    @property
    def delays(self) -> tuple[Delay, ...]:
        """Every reason given for a delay (R198)."""

    @property
    def duty_refused(self) -> tuple[Mark, ...]:
        """Where it was decided, last in an episode, that there is no duty to enquire, that day."""

    @property
    def last_closed(self) -> Mark | None:
        """Where the case was last closed, also where it was reopened since."""

    @property
    def reopened(self) -> Mark | None:
        """Where the case was last reopened; None where it never was."""

    @property
    def led_from(self) -> Mark | None:
        """Where it came to be read in another case, which was open; None where it is in none."""

    @property
    def led_by_closed(self) -> Mark | None:
        """Where this open case came to be read in one that was closed already, and still is."""

    @property
    def leads_open(self) -> tuple[Mark, ...]:
        """Where open cases came to be read in this one, which was closed already, and still is."""

    @property
    def capacity_due(self) -> Due | None:
        """By when capacity is to be recorded first; None where no limit applies."""

    @property
    def enquiry_kinds(self) -> Mapping[EnquiryRef, tuple[Code, date]]:
        """Of each enquiry opened its kind, of `enquiry_kind`, and the day that counts."""

    @property
    def put_off(self) -> Mapping[AllegationRef, Mark]:
        """Each allegation on which the finding was put off, last, and where."""

    @property
    def answered_allegations(self) -> frozenset[AllegationRef]:
        """Every allegation of which a finding, an outcome or a risk is recorded by itself."""

    @property
    def answered_in_general(self) -> tuple[Mark, ...]:
        """Where something was decided of all that was alleged by then."""

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
    def doubtful_findings(self) -> tuple[Mark, ...]:
        """Where it was found of an allegation, as it stands, that it is not proved, or open."""

    def met(self, ref: ConferenceRef) -> tuple[tuple[str, object], ...]:
        """Give every event that names a conference, with its stored name, in order."""

    @property
    def capacity_recorded(self) -> tuple[Capacity, ...]:
        """Every capacity decision recorded."""

    def capacity_of(
        self, decisions: frozenset[Code], before: Mark | None, *, decided: bool = False
    ) -> bool:
        """Say whether capacity for one of them is recorded, and could have been before that (R49).

        `decisions` are of `capacity_decision`, the answer any, or, `decided`, any but that it could
        not be determined; without `before`, at any time. What was so in an earlier episode says
        nothing of a later: capacity is of its time.
        """

    @property
    def decision_due(self) -> Due | None:
        """By when the duty is to be decided; None where no limit applies."""

    @property
    def asked_anew(self) -> Mark | None:
        """The referral to a reopened case on which the duty is to be decided anew; else None."""

    @property
    def first_decision_due(self) -> Due | None:
        """By when the duty is to be decided on the first referral, however many followed."""

    @property
    def decisions_due(self) -> tuple[tuple[Mark, Due], ...]:
        """The referral that began each later episode, and by when it is decided on."""

    @property
    def begun_anew(self) -> tuple[Mark, ...]:
        """The referral that began each later episode, where one did, in order of entry."""

    @property
    def conference_due(self) -> date | None:
        """By when, at the latest, the first conference is due; None where no limit applies."""

    @property
    def ceased(self) -> tuple[Mark, ...]:
        """Where enquiries ceased at the adult's request."""

    @property
    def concluded(self) -> Mark | None:
        """Where the enquiry was last concluded."""

    @property
    def enquiries_concluded(self) -> Mapping[EnquiryRef, Mark]:
        """Every enquiry concluded and not reopened since, with where."""

    @property
    def enquiry_open(self) -> bool:
        """Whether an enquiry is open."""

    @property
    def open_enquiries(self) -> tuple[EnquiryRef, ...]:
        """The enquiries opened and not concluded, in order."""

    @property
    def enquiries_due(self) -> Mapping[EnquiryRef, Due]:
        """By when those should end of which neither a report nor an end is recorded."""

    @property
    def enquiries_done(self) -> Mapping[EnquiryRef, tuple[Due, tuple[Mark, ...]]]:
        """By when the others should end, and each report or end of theirs."""

    @property
    def plans(self) -> Mapping[PlanRef, Planned]:
        """Every plan agreed or revised in the case."""

    @property
    def plan_actions(self) -> Mapping[ActionRef, Owed]:
        """Every action of the current version of a plan."""

    @property
    def plan_active(self) -> bool:
        """Whether a plan is agreed and not ended."""

    @property
    def plans_ended(self) -> Mapping[PlanRef, Mark]:
        """Every plan that came to its end, with where."""

    @property
    def next_reviews(self) -> Mapping[ConferenceRef, Due]:
        """By when each conference held set the next review conference, where that is owed."""

    def plan_reviews(self, plan: PlanRef) -> tuple[Mark, ...]:
        """Give where the plan was reviewed, in order."""

    def review_due(self, plan: PlanRef) -> Due | None:
        """Give the date last set to review the plan, with its terms or apart from them."""

    def review_dates(self, plan: PlanRef) -> tuple[Due, ...]:
        """Give every date set to review the plan, in order."""

    def said_of(self, plan: PlanRef) -> Said:
        """Give what is said of the plan beside its terms."""

    @property
    def plan_sharing(self) -> tuple[SharedWith, ...]:
        """Each word on whom a plan is to be shared with, or no more: of its terms, and apart."""

    @property
    def plan_acted_at(self) -> frozenset[ConferenceRef]:
        """The conferences that agreed a plan with at least one action."""

    @property
    def plan_reviewed_at(self) -> Mapping[ConferenceRef, tuple[Mark, ...]]:
        """The conferences that looked at a plan again, and where that is recorded."""

    @property
    def agreed_actions(self) -> Mapping[ActionRef, Agreed]:
        """Every action agreed apart from the terms of a plan."""

    @property
    def doings(self) -> tuple[Doing, ...]:
        """What each action agreed apart from the terms of a plan is."""

    @property
    def acted_at(self) -> frozenset[ConferenceRef]:
        """The conferences that agreed an action or a service apart from the terms of a plan."""

    @property
    def pach_actions(self) -> Collection[ActionRef]:
        """Every action decided about the person alleged to have caused harm."""

    @property
    def monitored_at(self) -> frozenset[ConferenceRef]:
        """The meetings of which it is recorded what a plan achieves, apart from the meeting."""

    @property
    def support_considered(self) -> tuple[Mark, ...]:
        """Where services for the adult were considered, or stand in a plan."""

    @property
    def carer_supported(self) -> tuple[Mark, ...]:
        """Where support for a carer was agreed as an action, in a plan or apart from it."""

    @property
    def risk_marks(self) -> tuple[Mark, ...]:
        """Where risk was assessed."""

    def risk_open(self, at: Mark) -> bool:
        """Say whether risk was found when it was last assessed in the episode of something."""

    def risk_none(self, at: Mark) -> bool:
        """Say whether no risk was left when it was last assessed in the episode of something."""

    @property
    def advocacy_considered(self) -> tuple[Mark, ...]:
        """Where advocacy was considered, or a step taken that shows that it was."""

    @property
    def pach(self) -> Collection[PersonRef]:
        """Every person identified as alleged to have caused harm."""

    @property
    def pach_identified(self) -> Mapping[PersonRef, Mark]:
        """Where each of them was first identified."""

    @property
    def pach_known(self) -> bool:
        """Whether a person alleged to have caused harm is known in the case."""

    @property
    def approved_master(self) -> Mapping[ConferenceRef, Digest]:
        """The digest of the approved minutes of each conference."""

    @property
    def written_up(self) -> Mapping[ConferenceRef, WrittenUp]:
        """The minutes of each conference and where they went, where anything is recorded."""

    @property
    def amendments_accepted(self) -> Collection[AmendmentRef]:
        """Every amendment of minutes that was accepted."""

    def decided_at(self, ref: ConferenceRef) -> tuple[int, ...]:
        """Give the case versions of everything a conference decided, in order (R153)."""

    # Of intake and enquiry.

    @property
    def consent_told(self) -> tuple[tuple[Mark, bool], ...]:
        """Where referrals told of consent to sharing, and whether the adult refused it."""

    @property
    def inquiry_started(self) -> Mark | None:
        """Where the council began to inquire; None where no such beginning is recorded."""

    @property
    def redirected(self) -> tuple[Mark, ...]:
        """Where the concern was sent elsewhere than to an enquiry."""

    @property
    def enquiries(self) -> Mapping[EnquiryRef, Mark]:
        """Every enquiry opened, with where."""

    @property
    def caused_when_opened(self) -> Mapping[EnquiryRef, Caused]:
        """Whom enquiries were caused to by the event that opened them."""

    def large_scale(self, at: Mark, by: Mark | None = None) -> bool:
        """Say whether the case belonged to a large-scale enquiry in the episode of something.

        One it had left before that is none; nor is one that began only after `by`.
        """

    def key_worker(self, at: Mark) -> WorkerRef | None:
        """Give who held the case by then and still does, if they do not lead its enquiry."""

    @property
    def officer_organisations(self) -> frozenset[Slug]:
        """For whom the officers leading the enquiry work."""

    @property
    def interim_plans(self) -> frozenset[PlanRef]:
        """Every interim plan agreed before a conference."""

    @property
    def agency_reports(self) -> Mapping[Slug, tuple[Mark, ...]]:
        """Where each agency's reports came in, by whichever event says so."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """What further was asked for."""

    @property
    def information_shared(self) -> tuple[Shared, ...]:
        """What was shared, at a meeting or with others."""

    @property
    def shared_on_consent(self) -> tuple[Mark, ...]:
        """Where something was sent to others on no recorded basis but the adult's consent."""

    @property
    def advocacy_answers(self) -> tuple[Advocacy, ...]:
        """What was decided each time advocacy was considered."""

    @property
    def advocacy_told(self) -> tuple[Mark, ...]:
        """Where the adult answered an offer of advocacy, and so was told of it."""

    def advocacy_reached(self, at: Mark) -> bool:
        """Say whether in that episode the adult accepted advocacy, or one came or was asked.

        Not where the last they answered then was that they want none.
        """

    @property
    def advocate_spoke(self) -> frozenset[ConferenceRef | None]:
        """At which conferences an advocate spoke for the adult; None apart from any."""

    @property
    def hearings(self) -> Mapping[ConferenceRef, Heard]:
        """What each conference heard, where anything is recorded."""

    @property
    def adult_outcomes(self) -> tuple[Outcomes, ...]:
        """What came of it for the adult."""

    @property
    def minutes_sent(self) -> Mapping[ConferenceRef, Mark]:
        """Where the minutes of each conference were first sent to anybody."""
