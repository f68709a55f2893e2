"""Everything that can be recorded, one line each; what can be asked stands in `asking`.

A stored name never changes and is never given to another event: a class may be renamed or moved,
its name here stays. A retired event keeps its line, since old records hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain import (
    access,
    access_request,
    action,
    adopting,
    advice,
    advocacy,
    agenda,
    agreement,
    allocation,
    amending,
    answered,
    answering,
    assessment,
    auditing,
    barring,
    best_interests,
    causing,
    closing,
    closure,
    concern,
    conclusion,
    conference,
    contact,
    correction,
    determination,
    disclosing,
    dividing,
    drafting,
    duty,
    enabling,
    enquiry,
    excepting,
    feedback,
    filing,
    forward,
    hearing,
    information,
    intake,
    invitation,
    involvement,
    joining,
    learning,
    linking,
    minutes,
    monitoring,
    opening,
    order,
    outcome,
    oversight,
    person,
    plan,
    plan_copies,
    planning,
    provider,
    rectifying,
    reference,
    releasing,
    retaining,
    reviewing,
    sharing,
    sitting,
    tabling,
    worker,
)
from domain.asking import AUTHORITY, CASE, COMMANDS, PERSON, CommandType, command_name

__all__ = [  # whoever needs the names needs both halves
    "ACCESS",
    "AUTHORITY",
    "CASE",
    "COMMANDS",
    "EVENTS",
    "PERSON",
    "WORKER",
    "CommandType",
    "EventType",
    "command_name",
    "event_name",
]

WORKER: Final = "worker"
ACCESS: Final = "access"  # the log of readings; asked for by nobody, kept by the doors


@dataclass(frozen=True, slots=True)
class EventType:
    """How an event is stored: its class, the version of its shape, the kind of its stream."""

    cls: type[Any]
    current_version: int = 1
    stream: str = CASE


EVENTS: Final[Mapping[str, EventType]] = {
    # the record itself, and who records
    "record-opened": EventType(opening.RecordOpened, stream=AUTHORITY),
    "policy-adopted": EventType(adopting.PolicyAdopted, 2, stream=AUTHORITY),
    "return-filed": EventType(filing.ReturnFiled, stream=AUTHORITY),
    "filing-erasure-approved": EventType(filing.FilingErasureApproved, stream=AUTHORITY),
    "filing-erased": EventType(filing.FilingErased, stream=AUTHORITY),
    "worker-registered": EventType(worker.WorkerRegistered, stream=WORKER),
    # concern
    "referral-received": EventType(concern.ReferralReceived, 2),
    "referral-linked": EventType(concern.ReferralLinked, 3),
    "allegation-added": EventType(concern.AllegationAdded),
    "repeat-referral-threshold-reached": EventType(concern.RepeatReferralThresholdReached),
    "immediate-safety-action-taken": EventType(concern.ImmediateSafetyActionTaken),
    "communication-needs-recorded": EventType(concern.CommunicationNeedsRecorded),
    # duty
    "concern-counted": EventType(duty.ConcernCounted, 2),
    "section42-duty-decided": EventType(duty.Section42DutyDecided, 2),
    "three-point-criteria-determined": EventType(duty.ThreePointCriteriaDetermined, 2),
    # allocation
    "case-allocated": EventType(allocation.CaseAllocated),
    "case-unallocated": EventType(allocation.CaseUnallocated),
    "investigating-officer-appointed": EventType(allocation.InvestigatingOfficerAppointed),
    "council-officer-appointed": EventType(allocation.CouncilOfficerAppointed),
    # enquiry
    "enquiry-opened": EventType(enquiry.EnquiryOpened),
    "inquiry-opened": EventType(enquiry.InquiryOpened),
    "investigatory-power-used": EventType(enquiry.InvestigatoryPowerUsed),
    "pach-identified": EventType(enquiry.PachIdentified),
    "investigation-report-submitted": EventType(enquiry.InvestigationReportSubmitted),
    # assessment
    "capacity-decision-recorded": EventType(assessment.CapacityDecisionRecorded),
    "desired-outcome-expressed": EventType(assessment.DesiredOutcomeExpressed),
    "desired-outcome-evaluated": EventType(assessment.DesiredOutcomeEvaluated),
    "advocacy-considered": EventType(assessment.AdvocacyConsidered),
    "advocacy-information-given": EventType(assessment.AdvocacyInformationGiven, 2),
    "support-services-considered": EventType(assessment.SupportServicesConsidered),
    "risk-assessed": EventType(assessment.RiskAssessed),
    # conference
    "conference-convened": EventType(conference.ConferenceConvened),
    "conference-not-required": EventType(conference.ConferenceNotRequired, 2),
    "conference-rescheduled": EventType(conference.ConferenceRescheduled),
    "conference-cancelled": EventType(conference.ConferenceCancelled),
    "delay-reason-recorded": EventType(conference.DelayReasonRecorded),
    # invitation
    "chair-appointed": EventType(invitation.ChairAppointed, 2),
    "minute-taker-appointed": EventType(invitation.MinuteTakerAppointed),
    "participant-invited": EventType(invitation.ParticipantInvited),
    "apologies-received": EventType(invitation.ApologiesReceived),
    "written-contribution-received": EventType(invitation.WrittenContributionReceived),
    "family-attendance-decided": EventType(invitation.FamilyAttendanceDecided),
    # involvement
    "adult-invited": EventType(involvement.AdultInvited),
    "adult-not-invited": EventType(involvement.AdultNotInvited),
    "adult-informed-of-conference": EventType(involvement.AdultInformedOfConference),
    "adult-support-arranged": EventType(involvement.AdultSupportArranged),
    "adult-attendance-view-recorded": EventType(involvement.AdultAttendanceViewRecorded),
    "adult-representative-nominated": EventType(involvement.AdultRepresentativeNominated),
    "adult-declined-attendance": EventType(involvement.AdultDeclinedAttendance),
    "adult-views-obtained": EventType(involvement.AdultViewsObtained),
    "nomination-withdrawn": EventType(involvement.NominationWithdrawn),
    # enabling
    "access-arrangements-made": EventType(enabling.AccessArrangementsMade),
    "adult-attendance-safety-assessed": EventType(enabling.AdultAttendanceSafetyAssessed),
    "adult-supporter-requested": EventType(enabling.AdultSupporterRequested),
    # dividing
    "conference-part-planned": EventType(dividing.ConferencePartPlanned),
    "alternative-arrangement-agreed": EventType(dividing.AlternativeArrangementAgreed),
    "participant-uninvited": EventType(dividing.ParticipantUninvited),
    "participant-excluded": EventType(dividing.ParticipantExcluded),
    # sitting
    "conference-part-held": EventType(sitting.ConferencePartHeld),
    "attendance-recorded": EventType(sitting.AttendanceRecorded),
    "conference-held": EventType(sitting.ConferenceHeld),
    "core-group-held": EventType(sitting.CoreGroupHeld),
    "adult-non-attendance-recorded": EventType(sitting.AdultNonAttendanceRecorded),
    # tabling
    "report-tabled": EventType(tabling.ReportTabled),
    "chronology-tabled": EventType(tabling.ChronologyTabled, 2),
    "report-confidentiality-set": EventType(tabling.ReportConfidentialitySet),
    "report-share-permitted": EventType(tabling.ReportSharePermitted),
    "report-shared": EventType(tabling.ReportShared),
    # hearing
    "adult-views-presented": EventType(hearing.AdultViewsPresented, 2),
    "report-considered": EventType(hearing.ReportConsidered, 2),
    "agency-position-recorded": EventType(hearing.AgencyPositionRecorded),
    "further-conference-decided": EventType(hearing.FurtherConferenceDecided),
    "agency-agreement-recorded": EventType(hearing.AgencyAgreementRecorded),
    # agenda
    "agenda-item-considered": EventType(agenda.AgendaItemConsidered),
    # determination
    "abuse-finding": EventType(determination.AbuseFinding),
    "adult-at-risk-status-determined": EventType(determination.AdultAtRiskStatusDetermined),
    "protection-order-considered": EventType(determination.ProtectionOrderConsidered),
    "dissent-recorded": EventType(determination.DissentRecorded),
    "residual-concern-action-decided": EventType(determination.ResidualConcernActionDecided),
    # outcome
    "adult-outcome-recorded": EventType(outcome.AdultOutcomeRecorded),
    "pach-outcome-recorded": EventType(outcome.PachOutcomeRecorded),
    "adult-satisfaction-recorded": EventType(outcome.AdultSatisfactionRecorded),
    # plan
    "plan-agreed": EventType(plan.PlanAgreed),
    "plan-revised": EventType(plan.PlanRevised),
    "plan-not-required": EventType(plan.PlanNotRequired),
    "plan-not-agreed": EventType(plan.PlanNotAgreed),
    # monitoring
    "plan-reviewed": EventType(monitoring.PlanReviewed),
    "review-date-set": EventType(monitoring.ReviewDateSet),
    "plan-ended": EventType(monitoring.PlanEnded),
    "action-completed": EventType(monitoring.ActionCompleted),
    "action-overdue-explained": EventType(monitoring.ActionOverdueExplained),
    "pach-action-decided": EventType(monitoring.PachActionDecided),
    "pach-actions-reviewed": EventType(monitoring.PachActionsReviewed),
    # agreement
    "plan-coordinator-designated": EventType(agreement.PlanCoordinatorDesignated),
    "monitoring-responsibility-assigned": EventType(agreement.MonitoringResponsibilityAssigned),
    "contingency-agreed": EventType(agreement.ContingencyAgreed),
    "plan-sharing-agreed": EventType(agreement.PlanSharingAgreed),
    "adult-plan-involvement-recorded": EventType(agreement.AdultPlanInvolvementRecorded),
    "adult-plan-views-sought": EventType(agreement.AdultPlanViewsSought),
    "review-delegated-to-care-management": EventType(agreement.ReviewDelegatedToCareManagement),
    # action
    "action-agreed": EventType(action.ActionAgreed),
    "information-requested": EventType(action.InformationRequested),
    "no-further-action-considered": EventType(action.NoFurtherActionConsidered),
    "support-service-agreed": EventType(action.SupportServiceAgreed),
    "carer-assessment-offered": EventType(action.CarerAssessmentOffered),
    # advice
    "legal-advice-considered": EventType(advice.LegalAdviceConsidered),
    "legal-advice-obtained": EventType(advice.LegalAdviceObtained),
    "regulatory-action-considered": EventType(advice.RegulatoryActionConsidered),
    "regulatory-referral-decided": EventType(advice.RegulatoryReferralDecided),
    "regulatory-referral-made": EventType(advice.RegulatoryReferralMade),
    "proceedings-considered": EventType(advice.ProceedingsConsidered),
    "proceedings-outcome-recorded": EventType(advice.ProceedingsOutcomeRecorded),
    # sharing
    "information-sharing-decided": EventType(sharing.InformationSharingDecided),
    "information-shared": EventType(sharing.InformationShared),
    # oversight
    "plan-monitored": EventType(oversight.PlanMonitored),
    "plan-changed-urgently": EventType(oversight.PlanChangedUrgently),
    "plan-change-ratified": EventType(oversight.PlanChangeRatified),
    # order
    "protection-order-applied": EventType(order.ProtectionOrderApplied),
    "protection-order-granted": EventType(order.ProtectionOrderGranted),
    "protection-order-refused": EventType(order.ProtectionOrderRefused),
    "protection-order-executed": EventType(order.ProtectionOrderExecuted),
    "protection-order-varied": EventType(order.ProtectionOrderVaried),
    "protection-order-recalled": EventType(order.ProtectionOrderRecalled),
    "protection-order-appealed": EventType(order.ProtectionOrderAppealed),
    "protection-order-expired": EventType(order.ProtectionOrderExpired),
    # minutes
    "minutes-drafted": EventType(minutes.MinutesDrafted),
    "minutes-approved": EventType(minutes.MinutesApproved),
    "redacted-copy-produced": EventType(minutes.RedactedCopyProduced),
    "minutes-circulated": EventType(minutes.MinutesCirculated),
    "minutes-withheld": EventType(minutes.MinutesWithheld),
    # feedback
    "feedback-responsibility-assigned": EventType(feedback.FeedbackResponsibilityAssigned),
    "challenge-contact-named": EventType(feedback.ChallengeContactNamed),
    "pach-feedback-decided": EventType(feedback.PachFeedbackDecided),
    "feedback-given": EventType(feedback.FeedbackGiven, 2),
    "feedback-not-given": EventType(feedback.FeedbackNotGiven),
    # plan_copies
    "plan-sent-to-adult": EventType(plan_copies.PlanSentToAdult),
    "plan-withheld-from-adult": EventType(plan_copies.PlanWithheldFromAdult),
    "release-permitted": EventType(plan_copies.ReleasePermitted),
    "plan-sent-to-nominee": EventType(plan_copies.PlanSentToNominee),
    # conclusion
    "enquiry-ceased-at-adults-request": EventType(conclusion.EnquiryCeasedAtAdultsRequest),
    "enquiry-concluded": EventType(conclusion.EnquiryConcluded),
    "enquiry-reopened": EventType(conclusion.EnquiryReopened),
    "risk-outcome-recorded": EventType(conclusion.RiskOutcomeRecorded),
    # closure
    "closure-proposed": EventType(closure.ClosureProposed),
    "case-closed": EventType(closure.CaseClosed),
    "case-reopened": EventType(closure.CaseReopened),
    # correction
    "record-corrected": EventType(correction.RecordCorrected, 2),
    "entry-annotated": EventType(correction.EntryAnnotated),
    "chronology-entry-recorded": EventType(correction.ChronologyEntryRecorded, 2),
    "legal-hold-placed": EventType(correction.LegalHoldPlaced),
    "legal-hold-lifted": EventType(correction.LegalHoldLifted),
    "processing-restricted": EventType(correction.ProcessingRestricted),
    "processing-unrestricted": EventType(correction.ProcessingUnrestricted),
    "erasure-approved": EventType(correction.ErasureApproved),
    "personal-data-erased": EventType(correction.PersonalDataErased),
    # reference
    "case-reference-added": EventType(reference.CaseReferenceAdded),
    # intake
    "referral-acknowledged": EventType(intake.ReferralAcknowledged),
    "emergency-services-contacted": EventType(intake.EmergencyServicesContacted),
    "crime-reported": EventType(intake.CrimeReported),
    "consent-to-share-recorded": EventType(intake.ConsentToShareRecorded),
    "consent-to-share-overridden-with-reason": EventType(intake.ConsentToShareOverriddenWithReason),
    "duty-to-inquire-started": EventType(intake.DutyToInquireStarted),
    "concern-redirected": EventType(intake.ConcernRedirected),
    "case-transferred": EventType(intake.CaseTransferred),
    # causing
    "enquiry-caused": EventType(causing.EnquiryCaused),
    "caused-enquiry-returned": EventType(causing.CausedEnquiryReturned),
    "caused-enquiry-challenged": EventType(causing.CausedEnquiryChallenged),
    "large-scale-enquiry-opened": EventType(causing.LargeScaleEnquiryOpened),
    "large-scale-enquiry-closed": EventType(causing.LargeScaleEnquiryClosed),
    "parallel-process-opened": EventType(causing.ParallelProcessOpened),
    "investigation-concluded": EventType(causing.InvestigationConcluded),
    # planning
    "inter-agency-referral-discussion-held": EventType(planning.InterAgencyReferralDiscussionHeld),
    "planning-meeting-held": EventType(planning.PlanningMeetingHeld),
    "second-person-appointed": EventType(planning.SecondPersonAppointed),
    "interim-plan-agreed": EventType(planning.InterimPlanAgreed),
    # contact
    "adult-seen": EventType(contact.AdultSeen),
    "need-assessed": EventType(contact.NeedAssessed),
    "risk-explained-to-adult": EventType(contact.RiskExplainedToAdult),
    # information
    "agency-report-requested": EventType(information.AgencyReportRequested),
    "agency-report-received": EventType(information.AgencyReportReceived),
    "information-not-provided": EventType(information.InformationNotProvided),
    # advocacy
    "substantial-difficulty-assessed": EventType(advocacy.SubstantialDifficultyAssessed),
    "advocate-appointed": EventType(advocacy.AdvocateAppointed),
    "advocacy-referral-made": EventType(advocacy.AdvocacyReferralMade),
    "advocacy-accepted": EventType(advocacy.AdvocacyAccepted),
    "advocacy-declined": EventType(advocacy.AdvocacyDeclined),
    "advocate-contributed": EventType(advocacy.AdvocateContributed),
    "advocate-challenge-recorded": EventType(advocacy.AdvocateChallengeRecorded),
    # best_interests
    "key-decision-maker-identified": EventType(best_interests.KeyDecisionMakerIdentified),
    "best-interests-decision-recorded": EventType(best_interests.BestInterestsDecisionRecorded),
    # barring
    "dbs-referral-duty-identified": EventType(barring.DbsReferralDutyIdentified),
    "dbs-referral-made": EventType(barring.DbsReferralMade),
    # learning
    "serious-incident-process-started": EventType(learning.SeriousIncidentProcessStarted),
    "organisational-change-recommended": EventType(learning.OrganisationalChangeRecommended),
    "organisational-change-implemented": EventType(learning.OrganisationalChangeImplemented),
    # provider
    "regulator-notified": EventType(provider.RegulatorNotified),
    "concerns-shared-with-authority": EventType(provider.ConcernsSharedWithAuthority),
    # answering
    "adult-raised-issue": EventType(answering.AdultRaisedIssue),
    "issue-responded": EventType(answering.IssueResponded),
    "carer-disclosure-decided": EventType(answering.CarerDisclosureDecided),
    # drafting
    "raw-notes-kept": EventType(drafting.RawNotesKept),
    "minute-passage-written": EventType(drafting.MinutePassageWritten),
    "minute-passage-attested": EventType(drafting.MinutePassageAttested),
    # amending
    "minute-amendment-requested": EventType(amending.MinuteAmendmentRequested),
    "minute-amendment-accepted": EventType(amending.MinuteAmendmentAccepted),
    "minute-amendment-refused": EventType(amending.MinuteAmendmentRefused),
    "previous-minutes-considered": EventType(amending.PreviousMinutesConsidered),
    # releasing
    "decisions-circulated": EventType(releasing.DecisionsCirculated),
    "minutes-share-risk-assessed": EventType(releasing.MinutesShareRiskAssessed),
    # closing
    "adult-views-on-closure-recorded": EventType(closing.AdultViewsOnClosureRecorded),
    "closure-checklist-completed": EventType(closing.ClosureChecklistCompleted),
    # reviewing
    "review-referral-considered": EventType(reviewing.ReviewReferralConsidered),
    "sar-referred": EventType(reviewing.SarReferred),
    "review-referral-decided": EventType(reviewing.ReviewReferralDecided),
    "review-scope-set": EventType(reviewing.ReviewScopeSet),
    "chronology-produced": EventType(reviewing.ChronologyProduced),
    "safeguarding-review-concluded": EventType(reviewing.SafeguardingReviewConcluded),
    # auditing
    "factual-accuracy-challenged": EventType(auditing.FactualAccuracyChallenged),
    "factual-accuracy-resolved": EventType(auditing.FactualAccuracyResolved),
    "case-audited": EventType(auditing.CaseAudited),
    "audit-remedy-completed": EventType(auditing.AuditRemedyCompleted),
    # rectifying
    "rectification-requested": EventType(rectifying.RectificationRequested),
    "rectification-decided": EventType(rectifying.RectificationDecided),
    "recipient-told": EventType(rectifying.RecipientTold),
    # access_request
    "subject-access-request-received": EventType(access_request.SubjectAccessRequestReceived),
    "subject-access-clock-stopped": EventType(access_request.SubjectAccessClockStopped),
    "subject-access-clock-restarted": EventType(access_request.SubjectAccessClockRestarted),
    "subject-access-extended": EventType(access_request.SubjectAccessExtended),
    "subject-access-request-answered": EventType(access_request.SubjectAccessRequestAnswered),
    # disclosing
    "disclosure-made": EventType(disclosing.DisclosureMade),
    # retaining
    "retention-class-set": EventType(retaining.RetentionClassSet),
    "retention-reviewed": EventType(retaining.RetentionReviewed),
    # excepting
    "access-granted-exception": EventType(excepting.AccessGrantedException),
    "access-exception-reviewed": EventType(excepting.AccessExceptionReviewed),
    # forward
    "case-brought-forward": EventType(forward.CaseBroughtForward),
    # answered
    "finding-answered": EventType(answered.FindingAnswered),
    # joining
    "case-merged": EventType(joining.CaseMerged),
    "case-unmerged": EventType(joining.CaseUnmerged),
    "case-split": EventType(joining.CaseSplit),
    "case-split-ended": EventType(joining.CaseSplitEnded),
    # linking
    "large-scale-enquiry-linked": EventType(linking.LargeScaleEnquiryLinked),
    "large-scale-enquiry-unlinked": EventType(linking.LargeScaleEnquiryUnlinked),
    # person
    "person-registered": EventType(person.PersonRegistered, stream=PERSON),
    "person-details-recorded": EventType(person.PersonDetailsRecorded, stream=PERSON),
    "person-died": EventType(person.PersonDied, stream=PERSON),
    "external-reference-added": EventType(person.ExternalReferenceAdded, stream=PERSON),
    "person-record-corrected": EventType(person.PersonRecordCorrected, stream=PERSON),
    "person-erasure-approved": EventType(person.PersonErasureApproved, stream=PERSON),
    "person-erased": EventType(person.PersonErased, stream=PERSON),
    # access
    "record-viewed": EventType(access.RecordViewed, stream=ACCESS),
    "search-made": EventType(access.SearchMade, stream=ACCESS),
    "document-kept": EventType(access.DocumentKept, stream=ACCESS),
    "forgettings-lost": EventType(access.ForgettingsLost, stream=ACCESS),
    "proof-given": EventType(access.ProofGiven, stream=ACCESS),
    "quorum-changed": EventType(access.QuorumChanged, stream=ACCESS),
}

_EVENT_NAMES: Final = {kind.cls: name for name, kind in EVENTS.items()}


def event_name(event: object) -> str:
    """Give the name an event is stored under.

    Raises:
        KeyError: the event is not in the catalogue (a programmer's error).
    """
    return _EVENT_NAMES[type(event)]
