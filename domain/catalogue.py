"""Everything that can be recorded and everything that can be asked, one line each.

A stored name never changes and is never given to another event: a class may be renamed or moved,
its name here stays. A retired event keeps its line, since old records hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain import (
    access,
    action,
    advice,
    agreement,
    allocation,
    assessment,
    closure,
    concern,
    conclusion,
    conference,
    correction,
    determination,
    duty,
    enquiry,
    feedback,
    hearing,
    invitation,
    involvement,
    minutes,
    monitoring,
    opening,
    order,
    oversight,
    person,
    plan,
    reference,
    sharing,
    sitting,
    worker,
)

CASE: Final = "case"
PERSON: Final = "person"
WORKER: Final = "worker"
AUTHORITY: Final = "authority"
ACCESS: Final = "access"  # the log of readings; asked for by nobody, kept by the doors


@dataclass(frozen=True, slots=True)
class EventType:
    """How an event is stored: its class, the version of its shape, the kind of its stream."""

    cls: type[Any]
    current_version: int = 1
    stream: str = CASE


@dataclass(frozen=True, slots=True)
class CommandType:
    """What may be asked: its class, and the kind of stream it is asked of."""

    cls: type[Any]
    stream: str = CASE


EVENTS: Final[Mapping[str, EventType]] = {
    # the record itself, and who records
    "record-opened": EventType(opening.RecordOpened, stream=AUTHORITY),
    "worker-registered": EventType(worker.WorkerRegistered, stream=WORKER),
    # concern
    "referral-received": EventType(concern.ReferralReceived),
    "referral-linked": EventType(concern.ReferralLinked),
    "allegation-added": EventType(concern.AllegationAdded),
    "repeat-referral-threshold-reached": EventType(concern.RepeatReferralThresholdReached),
    "immediate-safety-action-taken": EventType(concern.ImmediateSafetyActionTaken),
    "communication-needs-recorded": EventType(concern.CommunicationNeedsRecorded),
    # duty
    "concern-counted": EventType(duty.ConcernCounted),
    "section42-duty-decided": EventType(duty.Section42DutyDecided),
    "three-point-criteria-determined": EventType(duty.ThreePointCriteriaDetermined),
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
    "advocacy-information-given": EventType(assessment.AdvocacyInformationGiven),
    "support-services-considered": EventType(assessment.SupportServicesConsidered),
    "risk-assessed": EventType(assessment.RiskAssessed),
    # conference
    "conference-convened": EventType(conference.ConferenceConvened),
    "conference-not-required": EventType(conference.ConferenceNotRequired),
    "conference-rescheduled": EventType(conference.ConferenceRescheduled),
    "conference-cancelled": EventType(conference.ConferenceCancelled),
    "delay-reason-recorded": EventType(conference.DelayReasonRecorded),
    # invitation
    "chair-appointed": EventType(invitation.ChairAppointed),
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
    # sitting
    "conference-held": EventType(sitting.ConferenceHeld),
    "core-group-held": EventType(sitting.CoreGroupHeld),
    "adult-non-attendance-recorded": EventType(sitting.AdultNonAttendanceRecorded),
    # hearing
    "adult-views-presented": EventType(hearing.AdultViewsPresented),
    "report-considered": EventType(hearing.ReportConsidered),
    "agency-position-recorded": EventType(hearing.AgencyPositionRecorded),
    "further-conference-decided": EventType(hearing.FurtherConferenceDecided),
    # determination
    "abuse-finding": EventType(determination.AbuseFinding),
    "adult-at-risk-status-determined": EventType(determination.AdultAtRiskStatusDetermined),
    "protection-order-considered": EventType(determination.ProtectionOrderConsidered),
    "dissent-recorded": EventType(determination.DissentRecorded),
    "residual-concern-action-decided": EventType(determination.ResidualConcernActionDecided),
    "adult-outcome-recorded": EventType(determination.AdultOutcomeRecorded),
    "pach-outcome-recorded": EventType(determination.PachOutcomeRecorded),
    "adult-satisfaction-recorded": EventType(determination.AdultSatisfactionRecorded),
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
    "feedback-given": EventType(feedback.FeedbackGiven),
    "feedback-not-given": EventType(feedback.FeedbackNotGiven),
    "plan-sent-to-adult": EventType(feedback.PlanSentToAdult),
    "plan-withheld-from-adult": EventType(feedback.PlanWithheldFromAdult),
    "release-permitted": EventType(feedback.ReleasePermitted),
    "plan-sent-to-nominee": EventType(feedback.PlanSentToNominee),
    # conclusion
    "enquiry-ceased-at-adults-request": EventType(conclusion.EnquiryCeasedAtAdultsRequest),
    "enquiry-concluded": EventType(conclusion.EnquiryConcluded),
    "enquiry-reopened": EventType(conclusion.EnquiryReopened),
    # closure
    "closure-proposed": EventType(closure.ClosureProposed),
    "case-closed": EventType(closure.CaseClosed),
    "case-reopened": EventType(closure.CaseReopened),
    # correction
    "record-corrected": EventType(correction.RecordCorrected),
    "entry-annotated": EventType(correction.EntryAnnotated),
    "chronology-entry-recorded": EventType(correction.ChronologyEntryRecorded),
    "legal-hold-placed": EventType(correction.LegalHoldPlaced),
    "legal-hold-lifted": EventType(correction.LegalHoldLifted),
    "processing-restricted": EventType(correction.ProcessingRestricted),
    "processing-unrestricted": EventType(correction.ProcessingUnrestricted),
    "personal-data-erased": EventType(correction.PersonalDataErased),
    # reference
    "case-reference-added": EventType(reference.CaseReferenceAdded),
    # person
    "person-registered": EventType(person.PersonRegistered, stream=PERSON),
    "person-details-recorded": EventType(person.PersonDetailsRecorded, stream=PERSON),
    "person-died": EventType(person.PersonDied, stream=PERSON),
    "external-reference-added": EventType(person.ExternalReferenceAdded, stream=PERSON),
    "person-record-corrected": EventType(person.PersonRecordCorrected, stream=PERSON),
    "person-erased": EventType(person.PersonErased, stream=PERSON),
    # access
    "record-viewed": EventType(access.RecordViewed, stream=ACCESS),
    "search-made": EventType(access.SearchMade, stream=ACCESS),
}

COMMANDS: Final[Mapping[str, CommandType]] = {
    # concern
    "receive-referral": CommandType(concern.ReceiveReferral),
    "link-referral": CommandType(concern.LinkReferral),
    "add-allegation": CommandType(concern.AddAllegation),
    "record-immediate-safety-action": CommandType(concern.RecordImmediateSafetyAction),
    "record-communication-needs": CommandType(concern.RecordCommunicationNeeds),
    # duty
    "count-concern": CommandType(duty.CountConcern),
    "decide-duty": CommandType(duty.DecideDuty),
    # allocation
    "allocate-case": CommandType(allocation.AllocateCase),
    "unallocate-case": CommandType(allocation.UnallocateCase),
    "appoint-officer": CommandType(allocation.AppointOfficer),
    # enquiry
    "open-enquiry": CommandType(enquiry.OpenEnquiry),
    "use-investigatory-power": CommandType(enquiry.UseInvestigatoryPower),
    "identify-pach": CommandType(enquiry.IdentifyPach),
    "submit-investigation-report": CommandType(enquiry.SubmitInvestigationReport),
    # assessment
    "record-capacity-decision": CommandType(assessment.RecordCapacityDecision),
    "record-desired-outcome": CommandType(assessment.RecordDesiredOutcome),
    "evaluate-desired-outcome": CommandType(assessment.EvaluateDesiredOutcome),
    "consider-advocacy": CommandType(assessment.ConsiderAdvocacy),
    "give-advocacy-information": CommandType(assessment.GiveAdvocacyInformation),
    "consider-support-services": CommandType(assessment.ConsiderSupportServices),
    "assess-risk": CommandType(assessment.AssessRisk),
    # conference
    "convene-conference": CommandType(conference.ConveneConference),
    "decide-conference-not-required": CommandType(conference.DecideConferenceNotRequired),
    "reschedule-conference": CommandType(conference.RescheduleConference),
    "cancel-conference": CommandType(conference.CancelConference),
    "record-delay-reason": CommandType(conference.RecordDelayReason),
    # invitation
    "appoint-chair": CommandType(invitation.AppointChair),
    "appoint-minute-taker": CommandType(invitation.AppointMinuteTaker),
    "invite-participant": CommandType(invitation.InviteParticipant),
    "receive-apologies": CommandType(invitation.ReceiveApologies),
    "receive-written-contribution": CommandType(invitation.ReceiveWrittenContribution),
    "decide-family-attendance": CommandType(invitation.DecideFamilyAttendance),
    # involvement
    "invite-adult": CommandType(involvement.InviteAdult),
    "decide-not-to-invite-adult": CommandType(involvement.DecideNotToInviteAdult),
    "inform-adult-of-conference": CommandType(involvement.InformAdultOfConference),
    "arrange-adult-support": CommandType(involvement.ArrangeAdultSupport),
    "record-adult-attendance-view": CommandType(involvement.RecordAdultAttendanceView),
    "nominate-adult-representative": CommandType(involvement.NominateAdultRepresentative),
    "record-adult-declined-attendance": CommandType(involvement.RecordAdultDeclinedAttendance),
    "record-adult-views": CommandType(involvement.RecordAdultViews),
    # sitting
    "hold-conference": CommandType(sitting.HoldConference),
    "hold-core-group": CommandType(sitting.HoldCoreGroup),
    "record-adult-non-attendance": CommandType(sitting.RecordAdultNonAttendance),
    # hearing
    "present-adult-views": CommandType(hearing.PresentAdultViews),
    "consider-report": CommandType(hearing.ConsiderReport),
    "record-agency-position": CommandType(hearing.RecordAgencyPosition),
    "decide-further-conference": CommandType(hearing.DecideFurtherConference),
    # determination
    "find-on-allegation": CommandType(determination.FindOnAllegation),
    "determine-adult-at-risk-status": CommandType(determination.DetermineAdultAtRiskStatus),
    "consider-protection-order": CommandType(determination.ConsiderProtectionOrder),
    "record-dissent": CommandType(determination.RecordDissent),
    "decide-residual-concern-action": CommandType(determination.DecideResidualConcernAction),
    "record-adult-outcome": CommandType(determination.RecordAdultOutcome),
    "record-pach-outcome": CommandType(determination.RecordPachOutcome),
    "record-adult-satisfaction": CommandType(determination.RecordAdultSatisfaction),
    # plan
    "agree-plan": CommandType(plan.AgreePlan),
    "revise-plan": CommandType(plan.RevisePlan),
    "decide-plan-not-required": CommandType(plan.DecidePlanNotRequired),
    "record-plan-not-agreed": CommandType(plan.RecordPlanNotAgreed),
    # monitoring
    "review-plan": CommandType(monitoring.ReviewPlan),
    "set-review-date": CommandType(monitoring.SetReviewDate),
    "end-plan": CommandType(monitoring.EndPlan),
    "complete-action": CommandType(monitoring.CompleteAction),
    "decide-pach-action": CommandType(monitoring.DecidePachAction),
    "review-pach-actions": CommandType(monitoring.ReviewPachActions),
    # agreement
    "designate-plan-coordinator": CommandType(agreement.DesignatePlanCoordinator),
    "assign-monitoring-responsibility": CommandType(agreement.AssignMonitoringResponsibility),
    "agree-contingency": CommandType(agreement.AgreeContingency),
    "agree-plan-sharing": CommandType(agreement.AgreePlanSharing),
    "record-adult-plan-involvement": CommandType(agreement.RecordAdultPlanInvolvement),
    "seek-adult-plan-views": CommandType(agreement.SeekAdultPlanViews),
    "delegate-review-to-care-management": CommandType(agreement.DelegateReviewToCareManagement),
    # action
    "agree-action": CommandType(action.AgreeAction),
    "request-information": CommandType(action.RequestInformation),
    "consider-no-further-action": CommandType(action.ConsiderNoFurtherAction),
    "agree-support-service": CommandType(action.AgreeSupportService),
    "offer-carer-assessment": CommandType(action.OfferCarerAssessment),
    # advice
    "consider-legal-advice": CommandType(advice.ConsiderLegalAdvice),
    "obtain-legal-advice": CommandType(advice.ObtainLegalAdvice),
    "consider-regulatory-action": CommandType(advice.ConsiderRegulatoryAction),
    "decide-regulatory-referral": CommandType(advice.DecideRegulatoryReferral),
    "make-regulatory-referral": CommandType(advice.MakeRegulatoryReferral),
    "consider-proceedings": CommandType(advice.ConsiderProceedings),
    "record-proceedings-outcome": CommandType(advice.RecordProceedingsOutcome),
    # sharing
    "decide-information-sharing": CommandType(sharing.DecideInformationSharing),
    "share-information": CommandType(sharing.ShareInformation),
    # oversight
    "monitor-plan": CommandType(oversight.MonitorPlan),
    "change-plan-urgently": CommandType(oversight.ChangePlanUrgently),
    "ratify-plan-change": CommandType(oversight.RatifyPlanChange),
    # order
    "apply-for-protection-order": CommandType(order.ApplyForProtectionOrder),
    "record-protection-order-granted": CommandType(order.RecordProtectionOrderGranted),
    "record-protection-order-refused": CommandType(order.RecordProtectionOrderRefused),
    "record-protection-order-executed": CommandType(order.RecordProtectionOrderExecuted),
    "record-protection-order-varied": CommandType(order.RecordProtectionOrderVaried),
    "record-protection-order-recalled": CommandType(order.RecordProtectionOrderRecalled),
    "record-protection-order-appealed": CommandType(order.RecordProtectionOrderAppealed),
    "record-protection-order-expired": CommandType(order.RecordProtectionOrderExpired),
    # minutes
    "draft-minutes": CommandType(minutes.DraftMinutes),
    "approve-minutes": CommandType(minutes.ApproveMinutes),
    "produce-redacted-copy": CommandType(minutes.ProduceRedactedCopy),
    "circulate-minutes": CommandType(minutes.CirculateMinutes),
    "withhold-minutes": CommandType(minutes.WithholdMinutes),
    # feedback
    "assign-feedback": CommandType(feedback.AssignFeedback),
    "name-challenge-contact": CommandType(feedback.NameChallengeContact),
    "decide-pach-feedback": CommandType(feedback.DecidePachFeedback),
    "give-feedback": CommandType(feedback.GiveFeedback),
    "decide-against-feedback": CommandType(feedback.DecideAgainstFeedback),
    "send-plan-to-adult": CommandType(feedback.SendPlanToAdult),
    "withhold-plan-from-adult": CommandType(feedback.WithholdPlanFromAdult),
    "permit-release": CommandType(feedback.PermitRelease),
    "send-plan-to-nominee": CommandType(feedback.SendPlanToNominee),
    # conclusion
    "cease-enquiry-at-adults-request": CommandType(conclusion.CeaseEnquiryAtAdultsRequest),
    "conclude-enquiry": CommandType(conclusion.ConcludeEnquiry),
    "reopen-enquiry": CommandType(conclusion.ReopenEnquiry),
    # closure
    "propose-closure": CommandType(closure.ProposeClosure),
    "close-case": CommandType(closure.CloseCase),
    "reopen-case": CommandType(closure.ReopenCase),
    # correction
    "correct-record": CommandType(correction.CorrectRecord),
    "annotate-entry": CommandType(correction.AnnotateEntry),
    "record-chronology-entry": CommandType(correction.RecordChronologyEntry),
    "place-legal-hold": CommandType(correction.PlaceLegalHold),
    "lift-legal-hold": CommandType(correction.LiftLegalHold),
    "restrict-processing": CommandType(correction.RestrictProcessing),
    "unrestrict-processing": CommandType(correction.UnrestrictProcessing),
    "erase-personal-data": CommandType(correction.ErasePersonalData),
    # reference
    "add-case-reference": CommandType(reference.AddCaseReference),
    # person
    "register-person": CommandType(person.RegisterPerson, stream=PERSON),
    "record-person-details": CommandType(person.RecordPersonDetails, stream=PERSON),
    "record-death": CommandType(person.RecordDeath, stream=PERSON),
    "add-external-reference": CommandType(person.AddExternalReference, stream=PERSON),
    "correct-person-record": CommandType(person.CorrectPersonRecord, stream=PERSON),
    "erase-person": CommandType(person.ErasePerson, stream=PERSON),
}

_EVENT_NAMES: Final = {kind.cls: name for name, kind in EVENTS.items()}
_COMMAND_NAMES: Final = {kind.cls: name for name, kind in COMMANDS.items()}


def event_name(event: object) -> str:
    """Give the name an event is stored under.

    Raises:
        KeyError: the event is not in the catalogue (a programmer's error).
    """
    return _EVENT_NAMES[type(event)]


def command_name(command: object) -> str:
    """Give the name a command is asked under.

    Raises:
        KeyError: the command is not in the catalogue (a programmer's error).
    """
    return _COMMAND_NAMES[type(command)]
