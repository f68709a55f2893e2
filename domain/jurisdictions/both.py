"""The lists both nations share: a code and the words a person reads for it, in order.

`not_recorded`, `not_known` and `not_asked` are different answers and stay different codes.
A nation's value takes these and adds or replaces its own (`{**LISTS, "abuse_type": ...}`).
Rule numbers in the comments are rows of the rules table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_YES_NO: Final = {"yes": "Yes", "no": "No"}

ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    "yes_no_not_known": {
        **_YES_NO,
        "not_known": "Not known",
        "not_recorded": "Not recorded",
    },
    "yes_no_not_stated": {**_YES_NO, "not_stated": "Not stated"},
    "yes_no_not_recorded": {**_YES_NO, "not_recorded": "Not recorded"},
    "yes_no_not_considered": {**_YES_NO, "not_considered": "Not considered"},
}

INTAKE: Final[Mapping[str, Mapping[str, str]]] = {
    # A referral is not everywhere the same thing: an alert, or an alert past the threshold.
    "referral_stage": {
        "concern": "Concern received",
        "threshold_met": "Threshold already decided to be met",
    },
    "referral_channel": {
        "telephone": "Telephone",
        "email": "E-mail",
        "form": "Form",
        "letter": "Letter",
        "in_person": "In person",
        "police_report": "Police report",
        "other": "Other",
        "not_recorded": "Not recorded",
    },
    "referral_source": {
        "self": "The adult",
        "family": "Friend, family or neighbour",
        "voluntary": "Voluntary organisation",
        "hospital_acute": "Hospital: acute",
        "hospital_mental_health": "Hospital: mental health",
        "hospital_community": "Hospital: community",
        "gp": "GP",
        "district_nurse": "District nurse",
        "health_visitor": "Health visitor",
        "tissue_viability": "Tissue viability service",
        "pharmacist": "Pharmacist",
        "other_health": "Other health professional",
        "housing_not_council": "Housing other than the council's",
        "council_service": "Council service",
        "social_work": "Social work or social care team",
        "home_care": "Home care provider",
        "care_home": "Care home",
        "other_commissioned": "Other commissioned service",
        "police": "Police",
        "ambulance": "Ambulance service",
        "fire": "Fire and rescue service",
        "regulator": "Regulator",
        "anonymous": "Anonymous",
        "other": "Other",
        "not_recorded": "Not recorded",
    },
    "link_reason": {
        "repeat": "A further referral about the same adult",
        "duplicate": "The same referral received again",
        "new_information": "New information for the open episode",
    },
    "safety_action": {
        "emergency_services": "Emergency services called",
        "crime_reported": "Reported to the police as a crime",
        "medical_attention": "Medical attention arranged",
        "moved_to_safety": "Adult moved to a safe place",
        "contact_prevented": "Contact with the person of concern prevented",
        "support_increased": "Support or supervision increased",
        "other": "Other",
    },
    "location": {
        "own_home": "Own home",
        "in_the_community": "In the community",
        "community_service": "Community service",
        "care_home_nursing": "Care home: nursing",
        "care_home_residential": "Care home: residential",
        "hospital_acute": "Hospital: acute",
        "hospital_mental_health": "Hospital: mental health",
        "hospital_community": "Hospital: community",
        "other": "Other",
        "not_recorded": "Not recorded",
    },
    # The detail people know; `groups["source_of_risk"]` folds it into the three the returns count.
    "source_of_risk": {
        "provider_public": "Service provider: public",
        "provider_private": "Service provider: private",
        "provider_voluntary": "Service provider: voluntary",
        "known_self": "The adult (self-neglect or self-harm)",
        "known_relative": "Known: relative",
        "known_not_related": "Known: not related",
        "known_primary_health": "Known: primary health care",
        "known_secondary_health": "Known: secondary health care",
        "known_community_health": "Known: community health care",
        "known_social_care_staff": "Known: social care staff (assessment and care management)",
        "known_police": "Known: police",
        "known_regulator": "Known: regulator",
        "known_other_public": "Known: other public sector",
        "known_other_private": "Known: other private sector",
        "known_other_voluntary": "Known: other voluntary sector",
        "unknown_not_related": "Unknown: not related",
        "unknown_primary_health": "Unknown: primary health care",
        "unknown_secondary_health": "Unknown: secondary health care",
        "unknown_community_health": "Unknown: community health care",
        "unknown_social_care_staff": "Unknown: social care staff (assessment and care management)",
        "unknown_police": "Unknown: police",
        "unknown_regulator": "Unknown: regulator",
        "unknown_other_public": "Unknown: other public sector",
        "unknown_other_private": "Unknown: other private sector",
        "unknown_other_voluntary": "Unknown: other voluntary sector",
        "not_recorded": "Not recorded",
    },
    "risk_source": {
        "service_provider": "Service provider",
        "known": "Other: known to the individual",
        "unknown": "Other: unknown to the individual",
        "not_recorded": "Not recorded",
    },
}

GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "source_of_risk": {
        code: "service_provider" if code.startswith("provider_") else code.partition("_")[0]
        for code in INTAKE["source_of_risk"]
        if code != "not_recorded"
    }
    | {"not_recorded": "not_recorded"},
    # What the concluded answers count as: the row of the return, then what is asked under it.
    "concluded_capacity": {
        "lacked_supported": "lacked",
        "lacked_not_supported": "lacked",
        "lacked_support_not_recorded": "lacked",
        "did_not_lack": "did_not_lack",
        "not_known": "not_known",
        "not_recorded": "not_recorded",
    },
    "concluded_outcomes": {
        "expressed_fully_achieved": "asked_expressed",
        "expressed_partly_achieved": "asked_expressed",
        "expressed_not_achieved": "asked_expressed",
        "asked_none_expressed": "asked_none_expressed",
        "not_asked": "not_asked",
        "not_known": "not_known",
        "not_recorded": "not_recorded",
    },
}

ENQUIRY: Final[Mapping[str, Mapping[str, str]]] = {
    "allocation_reason": {
        "first_allocation": "First allocation",
        "worker_left": "Worker left",
        "absence_cover": "Cover for an absence",
        "workload": "Workload",
        "conflict_of_interest": "Conflict of interest",
        "adults_request": "At the adult's request",
        "transfer": "Transfer between teams",
        "other": "Other",
        "not_recorded": "Not recorded",
    },
    "report_kind": {
        "investigation": "Report of the enquiry",
        "agency": "Report of another agency",
        "specialist": "Specialist report",
    },
    "report_author": {  # R19: who wrote it, where that is no worker of this record
        "officer": "The officer leading the enquiry",
        "social_worker": "Social worker",
        "health": "Health professional",
        "police": "Police",
        "provider": "Provider of care",
        "commissioner": "Commissioner of services",
        "regulator": "Regulator of care",
        "independent": "Independent investigator",
        "other": "Other",
        "not_known": "Not known",
        "not_recorded": "Not recorded",
    },
    # The combined answers make a support or an achievement without its Yes impossible to say.
    "concluded_capacity": {
        "lacked_supported": "Lacked capacity; supported by an advocate, family or friend",
        "lacked_not_supported": "Lacked capacity; not supported",
        "lacked_support_not_recorded": "Lacked capacity; support not recorded",
        "did_not_lack": "Did not lack capacity",
        "not_known": "Not known",
        "not_recorded": "Not recorded",
    },
    "concluded_outcomes": {
        "expressed_fully_achieved": "Asked, outcomes expressed: fully achieved",
        "expressed_partly_achieved": "Asked, outcomes expressed: partially achieved",
        "expressed_not_achieved": "Asked, outcomes expressed: not achieved",
        "asked_none_expressed": "Asked, no outcomes expressed",
        "not_asked": "Not asked",
        "not_known": "Not known",
        "not_recorded": "Not recorded",
    },
    # Where a risk was identified there is a risk outcome; elsewhere there can be none.
    "risk_identified": {
        "action_taken": "Risk identified and action taken",
        "no_action_taken": "Risk identified and no action taken",
    },
    "risk_outcome": {
        "remained": "Risk remained",
        "reduced": "Risk reduced",
        "removed": "Risk removed",
    },
    "risk_not_identified": {
        "inconclusive_action_taken": "Risk assessment inconclusive and action taken",
        "inconclusive_no_action_taken": "Risk assessment inconclusive and no action taken",
        "none_action_taken": "No risk identified and action taken",
        "none_no_action_taken": "No risk identified and no action taken",
        "ceased": "Enquiry ceased at individual's request and no action taken",
    },
    "primary_support_reason": {
        "physical": "Physical support",
        "sensory": "Sensory support",
        "memory_and_cognition": "Support with memory and cognition",
        "learning_disability": "Learning disability support",
        "mental_health": "Mental health support",
        "social": "Social support",
        "no_support_reason": "No support reason",
        "not_known": "Not known",
    },
}

ASSESSMENT: Final[Mapping[str, Mapping[str, str]]] = {
    "capacity_decision": {  # R49: a capacity record is about one decision
        "own_safety": "Decisions about own safety",
        "attending_conference": "Attending the conference",
        "sharing_information": "Sharing of information",
        "enquiry": "Decisions relating to the enquiry",
        "protection_plan": "The protection plan",
        "minutes_recipient": "Who receives the minutes",
        "finances": "Finances",
        "accommodation": "Where to live",
        "medical_treatment": "Medical treatment",
        "contact": "Contact with others",
        "other": "Other",
    },
    "capacity_answer": {
        "has_capacity": "Has capacity",
        "lacks_capacity": "Lacks capacity",
        "presumed": "Presumed to have capacity",
        "not_determined": "Could not be determined",
    },
    "assessor_role": {
        "social_worker": "Social worker",
        "enquiry_officer": "Officer leading the enquiry",
        "gp": "GP",
        "psychiatrist": "Psychiatrist",
        "other_health": "Other health professional",
        "other": "Other",
        "not_recorded": "Not recorded",
    },
    "outcomes_asked": {
        "expressed": "Asked, outcomes expressed",
        "none_expressed": "Asked, none expressed",
        "not_asked": "Not asked",
        "not_known": "Not known",
    },
    "expressed_by": {
        "adult": "The adult",
        "representative": "Representative",
        "advocate": "Advocate",
        "family": "Family member",
        "not_recorded": "Not recorded",
    },
    "outcome_status": {  # R71
        "fully_achieved": "Fully achieved",
        "partly_achieved": "Partly achieved",
        "not_achieved": "Not achieved",
        "likely": "Likely to be achieved",
        "unlikely": "Unlikely to be achieved",
    },
    "advocacy_decision": {
        "advocate_appointed": "Independent advocate appointed",
        "referred": "Referred for advocacy",
        "offered_accepted": "Offered and accepted",
        "offered_declined": "Offered and declined",
        "appropriate_person": "An appropriate person supports the adult",
        "not_needed": "Considered and not needed",
        "not_available": "Needed and not available",
    },
    "risk_level": {
        "none": "None",
        "low": "Low",
        "medium": "Medium",
        "high": "High",
        "not_determined": "Could not be determined",
    },
    "risk_method": {  # R11
        "judgement": "Professional judgement",
        "tool": "A structured tool",
        "with_adult": "Together with the adult",
        "multi_agency": "Together with other agencies",
        "other": "Other",
        "not_recorded": "Not recorded",
    },
    "recurrence": {
        "unlikely": "Unlikely",
        "possible": "Possible",
        "likely": "Likely",
        "very_likely": "Very likely",
        "not_assessed": "Not assessed",
    },
    "support_service": {
        "care_at_home": "Care at home",
        "residential_care": "Residential or nursing care",
        "day_service": "Day service",
        "advocacy": "Advocacy",
        "counselling": "Counselling or therapy",
        "medical_treatment": "Medical treatment",
        "housing": "Housing support",
        "money_management": "Help with money",
        "telecare": "Telecare or alarm",
        "substance_use": "Drug or alcohol service",
        "carer_support": "Support for a carer",
        "other": "Other",
        "none_needed": "None needed",
    },
    "need": {
        "interpreter": "Interpreter",
        "sign_language": "Sign language",
        "easy_read": "Easy read",
        "large_print": "Large print",
        "audio": "Audio",
        "hearing_loop": "Hearing loop",
        "step_free_access": "Step-free access",
        "quiet_room": "Quiet room",
        "communication_aid": "Communication aid",
        "more_time": "More time",
        "other": "Other",
        "none": "None",
    },
}

CLOSING: Final[Mapping[str, Mapping[str, str]]] = {
    "closure_views": {
        "agrees": "Asked: agrees",
        "disagrees": "Asked: disagrees",
        "no_view": "Asked: no view given",
        "not_asked": "Not asked",
        "could_not_be_asked": "Could not be asked",
        "not_recorded": "Not recorded",
    },
    "reopening_reason": {
        "new_information": "New information",
        "new_referral": "New referral",
        "closed_in_error": "Closed in error",
        "adults_request": "At the adult's request",
        "review_finding": "A review or audit asked for it",
        "other": "Other",
    },
}

PEOPLE: Final[Mapping[str, Mapping[str, str]]] = {
    "gender": {
        "male": "Male",
        "female": "Female",
        "other": "Other",
        "not_known": "Not known",
    },
    "accommodation": {
        "owner": "Owner occupier",
        "tenant": "Tenant",
        "supported": "Supported accommodation",
        "care_home": "Care home",
        "hospital": "Hospital",
        "homeless": "No fixed home",
        "other": "Other",
        "not_recorded": "Not recorded",
    },
    "cause_of_death_known": {
        "known": "Known",
        "awaited": "Awaited",
        "not_known": "Not known",
    },
}

LISTS: Final[Mapping[str, Mapping[str, str]]] = {
    **ANSWERS,
    **INTAKE,
    **ENQUIRY,
    **ASSESSMENT,
    **CLOSING,
    **PEOPLE,
}
