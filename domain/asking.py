"""Everything that can be asked, one line each; what can be recorded stands in `catalogue`.

A command is asked under its name (`/v1/cases/{case}/link-referral`); nothing is stored under it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain import (
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
)

CASE: Final = "case"
PERSON: Final = "person"
AUTHORITY: Final = "authority"  # whose record this is: one stream, begun as the record is opened


@dataclass(frozen=True, slots=True)
class CommandType:
    """What may be asked: its class, and the kind of stream it is asked of."""

    cls: type[Any]
    stream: str = CASE


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
    "withdraw-nomination": CommandType(involvement.WithdrawNomination),
    # enabling
    "make-access-arrangements": CommandType(enabling.MakeAccessArrangements),
    "assess-adult-attendance-safety": CommandType(enabling.AssessAdultAttendanceSafety),
    "request-adult-supporter": CommandType(enabling.RequestAdultSupporter),
    # dividing
    "plan-conference-part": CommandType(dividing.PlanConferencePart),
    "agree-alternative-arrangement": CommandType(dividing.AgreeAlternativeArrangement),
    "uninvite-participant": CommandType(dividing.UninviteParticipant),
    "exclude-participant": CommandType(dividing.ExcludeParticipant),
    # sitting
    "hold-conference-part": CommandType(sitting.HoldConferencePart),
    "record-attendance": CommandType(sitting.RecordAttendance),
    "hold-conference": CommandType(sitting.HoldConference),
    "hold-core-group": CommandType(sitting.HoldCoreGroup),
    "record-adult-non-attendance": CommandType(sitting.RecordAdultNonAttendance),
    # tabling
    "table-report": CommandType(tabling.TableReport),
    "table-chronology": CommandType(tabling.TableChronology),
    "set-report-confidentiality": CommandType(tabling.SetReportConfidentiality),
    "permit-report-share": CommandType(tabling.PermitReportShare),
    "share-report": CommandType(tabling.ShareReport),
    # hearing
    "present-adult-views": CommandType(hearing.PresentAdultViews),
    "consider-report": CommandType(hearing.ConsiderReport),
    "record-agency-position": CommandType(hearing.RecordAgencyPosition),
    "decide-further-conference": CommandType(hearing.DecideFurtherConference),
    "record-agency-agreement": CommandType(hearing.RecordAgencyAgreement),
    # agenda
    "consider-agenda-item": CommandType(agenda.ConsiderAgendaItem),
    # determination
    "find-on-allegation": CommandType(determination.FindOnAllegation),
    "determine-adult-at-risk-status": CommandType(determination.DetermineAdultAtRiskStatus),
    "consider-protection-order": CommandType(determination.ConsiderProtectionOrder),
    "record-dissent": CommandType(determination.RecordDissent),
    "decide-residual-concern-action": CommandType(determination.DecideResidualConcernAction),
    # outcome
    "record-adult-outcome": CommandType(outcome.RecordAdultOutcome),
    "record-pach-outcome": CommandType(outcome.RecordPachOutcome),
    "record-adult-satisfaction": CommandType(outcome.RecordAdultSatisfaction),
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
    "explain-overdue-action": CommandType(monitoring.ExplainOverdueAction),
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
    # plan_copies
    "send-plan-to-adult": CommandType(plan_copies.SendPlanToAdult),
    "withhold-plan-from-adult": CommandType(plan_copies.WithholdPlanFromAdult),
    "permit-release": CommandType(plan_copies.PermitRelease),
    "send-plan-to-nominee": CommandType(plan_copies.SendPlanToNominee),
    # conclusion
    "cease-enquiry-at-adults-request": CommandType(conclusion.CeaseEnquiryAtAdultsRequest),
    "conclude-enquiry": CommandType(conclusion.ConcludeEnquiry),
    "reopen-enquiry": CommandType(conclusion.ReopenEnquiry),
    "record-risk-outcome": CommandType(conclusion.RecordRiskOutcome),
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
    "approve-erasure": CommandType(correction.ApproveErasure),
    "erase-personal-data": CommandType(correction.ErasePersonalData),
    # reference
    "add-case-reference": CommandType(reference.AddCaseReference),
    # intake
    "acknowledge-referral": CommandType(intake.AcknowledgeReferral),
    "contact-emergency-services": CommandType(intake.ContactEmergencyServices),
    "report-crime": CommandType(intake.ReportCrime),
    "record-consent-to-share": CommandType(intake.RecordConsentToShare),
    "override-consent-to-share": CommandType(intake.OverrideConsentToShare),
    "start-duty-to-inquire": CommandType(intake.StartDutyToInquire),
    "redirect-concern": CommandType(intake.RedirectConcern),
    "transfer-case": CommandType(intake.TransferCase),
    # causing
    "cause-enquiry": CommandType(causing.CauseEnquiry),
    "receive-caused-enquiry": CommandType(causing.ReceiveCausedEnquiry),
    "challenge-caused-enquiry": CommandType(causing.ChallengeCausedEnquiry),
    "open-large-scale-enquiry": CommandType(causing.OpenLargeScaleEnquiry),
    "close-large-scale-enquiry": CommandType(causing.CloseLargeScaleEnquiry),
    "open-parallel-process": CommandType(causing.OpenParallelProcess),
    "conclude-investigation": CommandType(causing.ConcludeInvestigation),
    # planning
    "hold-inter-agency-referral-discussion": CommandType(
        planning.HoldInterAgencyReferralDiscussion
    ),
    "hold-planning-meeting": CommandType(planning.HoldPlanningMeeting),
    "appoint-second-person": CommandType(planning.AppointSecondPerson),
    "agree-interim-plan": CommandType(planning.AgreeInterimPlan),
    # contact
    "record-adult-seen": CommandType(contact.RecordAdultSeen),
    "assess-need": CommandType(contact.AssessNeed),
    "explain-risk-to-adult": CommandType(contact.ExplainRiskToAdult),
    # information
    "request-agency-report": CommandType(information.RequestAgencyReport),
    "receive-agency-report": CommandType(information.ReceiveAgencyReport),
    "record-information-not-provided": CommandType(information.RecordInformationNotProvided),
    # advocacy
    "assess-substantial-difficulty": CommandType(advocacy.AssessSubstantialDifficulty),
    "appoint-advocate": CommandType(advocacy.AppointAdvocate),
    "refer-for-advocacy": CommandType(advocacy.ReferForAdvocacy),
    "record-advocacy-accepted": CommandType(advocacy.RecordAdvocacyAccepted),
    "record-advocacy-declined": CommandType(advocacy.RecordAdvocacyDeclined),
    "record-advocate-contribution": CommandType(advocacy.RecordAdvocateContribution),
    "record-advocate-challenge": CommandType(advocacy.RecordAdvocateChallenge),
    # best_interests
    "identify-key-decision-maker": CommandType(best_interests.IdentifyKeyDecisionMaker),
    "record-best-interests-decision": CommandType(best_interests.RecordBestInterestsDecision),
    # barring
    "identify-dbs-referral-duty": CommandType(barring.IdentifyDbsReferralDuty),
    "record-dbs-referral": CommandType(barring.RecordDbsReferral),
    # learning
    "start-serious-incident-process": CommandType(learning.StartSeriousIncidentProcess),
    "recommend-organisational-change": CommandType(learning.RecommendOrganisationalChange),
    "report-organisational-change": CommandType(learning.ReportOrganisationalChange),
    # provider
    "notify-regulator": CommandType(provider.NotifyRegulator),
    "share-concerns-with-authority": CommandType(provider.ShareConcernsWithAuthority),
    # answering
    "raise-issue": CommandType(answering.RaiseIssue),
    "respond-to-issue": CommandType(answering.RespondToIssue),
    "decide-carer-disclosure": CommandType(answering.DecideCarerDisclosure),
    # drafting
    "keep-raw-notes": CommandType(drafting.KeepRawNotes),
    "write-minute-passage": CommandType(drafting.WriteMinutePassage),
    "attest-minute-passage": CommandType(drafting.AttestMinutePassage),
    # amending
    "request-minute-amendment": CommandType(amending.RequestMinuteAmendment),
    "accept-minute-amendment": CommandType(amending.AcceptMinuteAmendment),
    "refuse-minute-amendment": CommandType(amending.RefuseMinuteAmendment),
    "consider-previous-minutes": CommandType(amending.ConsiderPreviousMinutes),
    # releasing
    "circulate-decisions": CommandType(releasing.CirculateDecisions),
    "assess-minutes-share-risk": CommandType(releasing.AssessMinutesShareRisk),
    # closing
    "record-adult-views-on-closure": CommandType(closing.RecordAdultViewsOnClosure),
    "complete-closure-checklist": CommandType(closing.CompleteClosureChecklist),
    # reviewing
    "consider-review-referral": CommandType(reviewing.ConsiderReviewReferral),
    "refer-for-review": CommandType(reviewing.ReferForReview),
    "decide-review-referral": CommandType(reviewing.DecideReviewReferral),
    "set-review-scope": CommandType(reviewing.SetReviewScope),
    "produce-chronology": CommandType(reviewing.ProduceChronology),
    "conclude-safeguarding-review": CommandType(reviewing.ConcludeSafeguardingReview),
    # auditing
    "challenge-factual-accuracy": CommandType(auditing.ChallengeFactualAccuracy),
    "resolve-factual-accuracy": CommandType(auditing.ResolveFactualAccuracy),
    "audit-case": CommandType(auditing.AuditCase),
    "complete-audit-remedy": CommandType(auditing.CompleteAuditRemedy),
    # rectifying
    "request-rectification": CommandType(rectifying.RequestRectification),
    "decide-rectification": CommandType(rectifying.DecideRectification),
    "tell-recipient": CommandType(rectifying.TellRecipient),
    # access_request
    "receive-subject-access-request": CommandType(access_request.ReceiveSubjectAccessRequest),
    "stop-subject-access-clock": CommandType(access_request.StopSubjectAccessClock),
    "restart-subject-access-clock": CommandType(access_request.RestartSubjectAccessClock),
    "extend-subject-access": CommandType(access_request.ExtendSubjectAccess),
    "answer-subject-access-request": CommandType(access_request.AnswerSubjectAccessRequest),
    # disclosing
    "make-disclosure": CommandType(disclosing.MakeDisclosure),
    # retaining
    "set-retention-class": CommandType(retaining.SetRetentionClass),
    "review-retention": CommandType(retaining.ReviewRetention),
    # excepting
    "grant-access-exception": CommandType(excepting.GrantAccessException),
    "review-access-exception": CommandType(excepting.ReviewAccessException),
    # forward
    "bring-case-forward": CommandType(forward.BringCaseForward),
    # answered
    "answer-finding": CommandType(answered.AnswerFinding),
    # joining
    "merge-case": CommandType(joining.MergeCase),
    "unmerge-case": CommandType(joining.UnmergeCase),
    "split-case": CommandType(joining.SplitCase),
    "end-split": CommandType(joining.EndSplit),
    # linking
    "link-large-scale-enquiry": CommandType(linking.LinkLargeScaleEnquiry),
    "unlink-large-scale-enquiry": CommandType(linking.UnlinkLargeScaleEnquiry),
    # person
    "register-person": CommandType(person.RegisterPerson, stream=PERSON),
    "record-person-details": CommandType(person.RecordPersonDetails, stream=PERSON),
    "record-death": CommandType(person.RecordDeath, stream=PERSON),
    "add-external-reference": CommandType(person.AddExternalReference, stream=PERSON),
    "correct-person-record": CommandType(person.CorrectPersonRecord, stream=PERSON),
    "approve-person-erasure": CommandType(person.ApprovePersonErasure, stream=PERSON),
    "erase-person": CommandType(person.ErasePerson, stream=PERSON),
    # authority
    "adopt-policy": CommandType(adopting.AdoptPolicy, stream=AUTHORITY),
    "file-return": CommandType(filing.FileReturn, stream=AUTHORITY),
    "approve-filing-erasure": CommandType(filing.ApproveFilingErasure, stream=AUTHORITY),
    "erase-filing": CommandType(filing.EraseFiling, stream=AUTHORITY),
}

_COMMAND_NAMES: Final = {kind.cls: name for name, kind in COMMANDS.items()}


def command_name(command: object) -> str:
    """Give the name a command is asked under.

    Raises:
        KeyError: the command is not in the catalogue (a programmer's error).
    """
    return _COMMAND_NAMES[type(command)]
