"""The lists of what a conference decides, and of its plan, that both nations share.

Those of its preparation and of who takes part stand in `preparing`, and come with these.

A code the rules test for by name (`adult`, `investigating_officer`, `initial`, `against`) is the
same in both nations; only its label may differ, in the nation's own value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.jurisdictions.preparing import PREPARING

_NOT_RECORDED: Final = {"not_recorded": "Not recorded"}
_OTHER: Final = {"other": "Other"}

DECIDING: Final[Mapping[str, Mapping[str, str]]] = {
    "finding": {  # R67
        "substantiated": "Substantiated",
        "partly_substantiated": "Partly substantiated",
        "not_substantiated": "Not substantiated",
        "inconclusive": "Inconclusive",
        "not_determined": "Not determined",
        "inconclusive_pending": "Inconclusive pending investigation",
    },
    "finding_standard": {"balance_of_probabilities": "Balance of probabilities"},
    "at_risk_status": {  # R184
        "at_risk": "At risk of harm",
        "not_at_risk": "Not at risk of harm",
        "not_determined": "Could not be determined",
    },
    "agenda_item": {  # R64 to R85, in the order of the procedure
        "investigation_report": "The report of the enquiry",
        "agency_reports": "Reports of other agencies",
        "current_risk": "Current levels of risk",
        "whether_abuse_occurred": "Whether abuse occurred",
        "recurrence": "Likelihood of the risk recurring",
        "further_action_or_information": "Further action or information required",
        "views_and_wishes": "Views, wishes and desired outcomes of the adult",
        "legal_advice": "Legal advice",
        "statutory_or_regulatory_action": "Statutory or regulatory action",
        "plan_reviewed_or_agreed": "Review of the plan, or agreement of one",
        "monitoring_and_coordination": "Who monitors and coordinates the plan",
        "contingency": "Contingency measures",
        "sharing_of_plan": "How the plan is shared",
        "actions_about_pach": "Action about the person alleged to have caused harm",
        "residual_concern": "Action where it was not proved and concerns remain",
        "support_and_services": "Support and services for the adult and carers",
        "further_sharing": "Further information to share, and with whom",
        "review_date": "A date of review",
        "further_conference": "Whether a further conference is required",
    },
    "agenda_outcome": {  # R8
        "considered": "Considered",
        "decided": "Considered, and a decision made",
        "deferred": "Put off",
        "not_applicable": "Does not apply",
        "not_considered": "Not considered",
    },
    "agreement_matter": {  # R196
        "risk": "Risk",
        "need": "Need",
        "plan": "Protection planning",
    },
    "agency_position": {  # R196
        "agrees": "Agrees",
        "disagrees": "Disagrees",
        "not_stated": "Not stated",
    },
    "further_conference": {  # R85
        "needed": "A further conference is needed",
        "not_needed": "No further conference is needed",
        "not_decided": "Not decided",
    },
    "core_group_effect": {  # R181
        "effective": "The plan is working",
        "partly_effective": "The plan is partly working",
        "not_effective": "The plan is not working",
        **_NOT_RECORDED,
    },
    "satisfaction": {  # R13
        "yes": "Satisfied",
        "partly": "Partly satisfied",
        "no": "Not satisfied",
        "not_asked": "Not asked",
        "could_not_be_ascertained": "Could not be ascertained",
    },
    "adult_outcome": {  # R105 to R126
        "increased_monitoring": "Increased monitoring",
        "relocated": "Relocated from property or service",
        "care_act_assessment_services": "Local authority assessment and services",
        "civil_action": "Civil action",
        "court_of_protection": "Involvement of the Court of Protection",
        "appointeeship_change": "Change of appointeeship",
        "finance_access_management": "Management of access to finances",
        "advocacy_imca_referral": "Referral to advocacy",
        "counselling_referral": "Referral for counselling",
        "care_package_change": "Increased or different care package",
        "mental_health_act": "Action under mental health law",
        "direct_payment_review": "Review of direct payments or support",
        "perpetrator_access_management": "Management of access to the alleged perpetrator",
        "declaratory_relief": "Declaratory relief",
        "complaints_referral": "Referral to complaints procedure",
        "adult_refused_intervention": "Adult refused intervention",
        "guardianship": "Guardianship",
        "sar_referral": "Referral for a Safeguarding Adults Review",
        "placing_authority_action": "Action by placing authority",
        "plan_or_risk_review": "Review of care and support plan or risk assessment",
        "no_further_action": "No further action",
        **_OTHER,
    },
    "pach_subject": {  # R127
        "individual": "An individual",
        "provider": "A provider",
        "organisation": "An organisation",
    },
    "pach_outcome": {  # R127 to R132; the sources' further list is missing (R138), these stand in
        "prosecution_or_caution": "Criminal prosecution or formal caution",
        "police_action": "Police action",
        "assessment_or_services_offered": "Offer of assessment or services",
        "removed_from_property_or_service": "Removal from property, support or services",
        "adult_access_management": "Management of access to the adult at risk",
        "dbs_referral": "Referral for barring",
        "professional_body_referral": "Referral to a registration body",
        "disciplinary_action": "Disciplinary action",
        "regulator_action": "Action by the regulator of care",
        "commissioner_action": "Action by contract compliance or the commissioner",
        "continued_monitoring": "Continued monitoring",
        "training_or_treatment": "Counselling, training or treatment",
        "exoneration": "Exoneration",
        "no_further_action": "No further action",
        "not_known": "Not known",
        **_OTHER,
    },
    "protection_order": {  # R204
        "assessment": "Assessment order",
        "removal": "Removal order",
        "banning": "Banning order",
        "temporary_banning": "Temporary banning order",
        "none_in_particular": "Protection orders in general",
    },
    "protection_order_decision": {
        "apply": "To apply",
        "not_apply": "Not to apply",
        "keep_under_review": "To keep under review",
    },
}

PLANNING: Final[Mapping[str, Mapping[str, str]]] = {
    "plan_kind": {
        "protection": "Protection plan",
        "safety": "Safety plan",
        "interim": "Interim plan",
        **_NOT_RECORDED,
    },
    "plan_agreed_with": {  # R74
        "adult": "The adult",
        "representative": "Representative",
        "best_interests": "In the adult's best interests",
        "not_agreed": "Not agreed",
        **_NOT_RECORDED,
    },
    "action_delay": {  # why an action is late
        "agency": "Waits for another agency",
        "adult": "The adult was not ready, or asked to wait",
        "no_service": "No worker or service was available",
        "parallel_process": "Waits for another process",
        "changed": "What is needed has changed",
        **_OTHER,
        "not_known": "Not known",
        **_NOT_RECORDED,
    },
    "plan_aim": {  # R89
        "remove": "To remove the risk",
        "minimise": "To minimise the risk",
        **_NOT_RECORDED,
    },
    "plan_origin": {  # I5, I9: what was imported or entered late is recorded as it was
        "composed": "Composed here",
        "imported": "Imported",
        "late_entry": "Entered late",
    },
    "views_sought": {  # R104
        "sought_expressed": "Steps were taken; the adult expressed wishes",
        "sought_not_expressed": "Steps were taken; no wishes were expressed",
        "not_sought": "No steps were taken",
        **_NOT_RECORDED,
    },
    "review_arrangement": {  # R97
        "dated": "A date was set",
        "delegated": "Left to care management or another review",
        "none_needed": "Decided that none is needed",
        "not_decided": "Not decided",
        **_NOT_RECORDED,
    },
    "plan_review_result": {
        "unchanged": "Continues unchanged",
        "revised": "To be revised",
        "ended": "To be ended",
        **_NOT_RECORDED,
    },
    "plan_not_required": {  # R1, R179
        "no_risk": "No continuing risk",
        "adult_declined": "The adult does not want one",
        "existing_plan": "An existing plan is enough",
        "care_management": "Met by care management",
        "died": "The adult died",
        **_OTHER,
        **_NOT_RECORDED,
    },
    "plan_end_reason": {
        "risk_removed": "Risk removed",
        "not_at_risk": "No longer at risk of harm",
        "adults_request": "At the adult's request",
        "others_request": "At somebody else's request",
        "care_management": "Continues in care management",
        "replaced": "Replaced by another plan",
        "moved": "The adult moved away",
        "died": "The adult died",
        **_OTHER,
        **_NOT_RECORDED,
    },
    "action_target": {  # R100
        "adult": "For the adult",
        "environment": "In the environment",
        "service": "In the service",
        "carer": "For a carer",
        "pach": "For the person alleged to have caused harm",
    },
    "action_kind": {  # R100 to R103
        "safety": "Safety",
        "involvement": "Involvement of the adult, a carer or an advocate",
        "support": "Support, treatment or therapy",
        "monitoring": "Monitoring",
        "information": "Further information",
        "legal": "Legal advice or action",
        "against": "Against the person alleged to have caused harm",
        **_OTHER,
    },
    "action_horizon": {  # R103
        "immediate": "Immediate",
        "longer_term": "Longer term",
        **_NOT_RECORDED,
    },
    "action_result": {
        "done": "Done",
        "partly_done": "Partly done",
        "not_done": "Not done",
        "no_longer_needed": "No longer needed",
    },
    "review_reason": {  # R83, R84, R97
        "plan_may_not_reduce_risk": "The plan may not reduce the risk",
        "enquiry_incomplete": "The enquiry is incomplete",
        "agreed_at_conference": "Agreed at the conference",
        "cycle": "The regular cycle",
        "change": "Circumstances changed",
        **_NOT_RECORDED,
    },
    "pach_action_kind": {  # R78
        "police": "Police action",
        "disciplinary": "Disciplinary action",
        "barring": "Referral for barring",
        "professional_body": "Referral to a professional body",
        "regulator": "Referral to the regulator",
        "contract": "Contract or commissioning action",
        "access": "Management of access to the adult",
        "assessment": "Assessment or services",
        "support": "Support for the person",
        "none": "No action",
        **_OTHER,
    },
    "content_level": {  # R77
        "full": "In full",
        "actions_only": "Their own actions only",
        "summary": "Summary",
        "none": "Nothing",
    },
}

MEETING: Final[Mapping[str, Mapping[str, str]]] = {
    **PREPARING,
    **DECIDING,
    **PLANNING,
}
