"""Where a meeting had two parts: that something was said or decided in the second.

The first is without the adult, so what concerns them is decided in the part they are in.
"""

from __future__ import annotations

from typing import Any, Final

from api.demonstration.fuller import At, More, more, other
from domain.action import (
    AgreeAction,
    AgreeSupportService,
    ConsiderNoFurtherAction,
    OfferCarerAssessment,
)
from domain.advice import ConsiderRegulatoryAction, DecideRegulatoryReferral
from domain.advocacy import RecordAdvocateChallenge, RecordAdvocateContribution
from domain.agreement import (
    AgreeContingency,
    AgreePlanSharing,
    AssignMonitoringResponsibility,
    DelegateReviewToCareManagement,
    DesignatePlanCoordinator,
    RecordAdultPlanInvolvement,
    SeekAdultPlanViews,
)
from domain.amending import ConsiderPreviousMinutes
from domain.answering import DecideCarerDisclosure
from domain.assessment import AssessRisk
from domain.barring import IdentifyDbsReferralDuty
from domain.contact import AssessNeed, ExplainRiskToAdult
from domain.determination import (
    ConsiderProtectionOrder,
    DecideResidualConcernAction,
    DetermineAdultAtRiskStatus,
    FindOnAllegation,
    RecordDissent,
)
from domain.feedback import AssignFeedback, DecidePachFeedback, NameChallengeContact
from domain.hearing import (
    ConsiderReport,
    DecideFurtherConference,
    PresentAdultViews,
    RecordAgencyAgreement,
    RecordAgencyPosition,
)
from domain.invitation import AppointChair
from domain.learning import RecommendOrganisationalChange, StartSeriousIncidentProcess
from domain.monitoring import ReviewPlan
from domain.oversight import MonitorPlan, RatifyPlanChange
from domain.plan import AgreePlan, DecidePlanNotRequired, RecordPlanNotAgreed, RevisePlan
from domain.sharing import DecideInformationSharing, ShareInformation
from domain.tabling import (
    PermitReportShare,
    SetReportConfidentiality,
    ShareReport,
    TableChronology,
    TableReport,
)

_WITH_ADULT: Final = 2
_KINDS: Final[tuple[type[Any], ...]] = (
    AgreeAction,
    AgreeContingency,
    AgreePlan,
    AgreePlanSharing,
    AgreeSupportService,
    AssessNeed,
    AssessRisk,
    AssignFeedback,
    AssignMonitoringResponsibility,
    ConsiderNoFurtherAction,
    ConsiderPreviousMinutes,
    ConsiderProtectionOrder,
    ConsiderRegulatoryAction,
    ConsiderReport,
    DecideCarerDisclosure,
    DecideFurtherConference,
    DecideInformationSharing,
    DecidePachFeedback,
    DecidePlanNotRequired,
    DecideRegulatoryReferral,
    DecideResidualConcernAction,
    DelegateReviewToCareManagement,
    DesignatePlanCoordinator,
    DetermineAdultAtRiskStatus,
    ExplainRiskToAdult,
    FindOnAllegation,
    IdentifyDbsReferralDuty,
    MonitorPlan,
    NameChallengeContact,
    OfferCarerAssessment,
    PermitReportShare,
    PresentAdultViews,
    RatifyPlanChange,
    RecommendOrganisationalChange,
    RecordAdultPlanInvolvement,
    RecordAdvocateChallenge,
    RecordAdvocateContribution,
    RecordAgencyAgreement,
    RecordAgencyPosition,
    RecordDissent,
    RecordPlanNotAgreed,
    ReviewPlan,
    RevisePlan,
    SeekAdultPlanViews,
    SetReportConfidentiality,
    ShareInformation,
    ShareReport,
    StartSeriousIncidentProcess,
    TableChronology,
    TableReport,
)


def _unsaid(at: At) -> bool:
    return at.command.part is None and at.divided


PARTS: Final[tuple[More, ...]] = (
    *(more(kind, where=_unsaid, share=1.0, part=_WITH_ADULT) for kind in _KINDS),
    other(AppointChair, "role", "Head of adult care", times=2),
)
