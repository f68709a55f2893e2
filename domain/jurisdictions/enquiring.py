"""The lists of intake, threshold and enquiry that both nations share, beyond those of `both`.

What only one nation's law knows (who may be caused to enquire, a second person on a visit) has its
codes in that nation's value, and none in the other's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_NOT_RECORDED: Final = {"not_recorded": "Not recorded"}
_OTHER: Final = {"other": "Other"}

COMING_IN: Final[Mapping[str, Mapping[str, str]]] = {
    "emergency_service": {
        "police": "Police",
        "ambulance": "Ambulance",
        "fire": "Fire and rescue",
        **_OTHER,
    },
    "consent_to_share": {
        "given": "Asked: given",
        "given_in_part": "Asked: given within limits",
        "refused": "Asked: refused",
        "no_answer": "Asked: no answer given",
        "not_asked": "Not asked",
        "could_not_be_asked": "Could not be asked",
        **_NOT_RECORDED,
    },
    "consent_override": {  # R82, R154
        "others_at_risk": "Others are at risk",
        "crime": "To prevent or detect a serious crime",
        "vital_interests": "To protect life",
        "pressure": "The refusal may have been made under pressure",
        "lacks_capacity": "The adult lacks capacity to decide about it",
        "staff_involved": "Somebody employed to care is implicated",
        "legal_duty": "A duty in law, or an order of a court",
        **_OTHER,
        **_NOT_RECORDED,
    },
    "transfer_reason": {
        "abuse_occurred_there": "It is alleged to have occurred in that authority's area",
        "adult_lives_there": "The adult lives in that authority's area",
        "conflict_of_interest": "Conflict of interest",
        **_OTHER,
        **_NOT_RECORDED,
    },
    "counting_authority": {  # R146: it is counted once
        "receiving": "The authority to which it was transferred",
        "sending": "The authority from which it was transferred",
        "not_decided": "Not decided",
    },
}

PREPARING: Final[Mapping[str, Mapping[str, str]]] = {
    "discussion_method": {
        "meeting": "Meeting",
        "video": "Video call",
        "telephone": "Telephone",
        "email": "E-mail",
        **_NOT_RECORDED,
    },
    "discussion_decision": {
        "enquire": "To enquire",
        "enquire_jointly": "To enquire jointly with the police",
        "criminal_first": "A criminal investigation first",
        "another_process": "Another process",
        "no_enquiry": "Not to enquire",
        "not_decided": "Not decided",
    },
    "large_scale_reason": {
        "several_adults": "Several adults may have been harmed",
        "provider_concerns": "Concerns about a provider",
        "culture": "Concerns about practice or culture",
        **_OTHER,
        **_NOT_RECORDED,
    },
    "parallel_process": {
        "police": "Police investigation",
        "disciplinary": "Disciplinary process",
        "serious_incident": "Serious incident investigation",
        "coroner": "Coroner's investigation",
        "health_and_safety": "Health and safety investigation",
        "regulator": "Action by the regulator",
        "complaint": "Complaint",
        "court": "Court proceedings",
        "children": "Child protection",
        **_OTHER,
    },
    "parallel_effect": {
        "continues": "The enquiry continues beside it",
        "joint": "The two are made jointly",
        "waits": "The enquiry waits for it",
        "not_decided": "Not decided",
    },
    "care_need": {  # R178
        "personal_care": "Personal care",
        "nutrition": "Food and drink",
        "mobility": "Moving about",
        "communication": "Communication",
        "mental_health": "Mental health",
        "physical_health": "Physical health",
        "medication": "Medication",
        "accommodation": "Where to live",
        "money": "Money",
        "company": "Company and activity",
        "safety_at_home": "Safety at home",
        "carer_support": "Support for a carer",
        "none": "None",
        **_OTHER,
    },
}

INFORMATION: Final[Mapping[str, Mapping[str, str]]] = {
    "information_withheld": {
        "no_response": "No response",
        "refused": "Refused",
        "no_consent": "The adult did not consent",
        "not_held": "Does not hold any",
        "restricted": "The law restricts it",
        "criminal_investigation": "It may compromise a criminal investigation",
        **_OTHER,
        **_NOT_RECORDED,
    },
}

DECIDING_FOR: Final[Mapping[str, Mapping[str, str]]] = {
    "speaks_for": {  # R191: an advocate's words are the adult's voice
        "adult": "The adult, as they asked",
        "adult_uninstructed": "The adult, who could not say what to ask for",
    },
    "consulted": {
        "adult": "The adult",
        "family": "Family",
        "carer": "Carer",
        "attorney_or_deputy": "Somebody with authority to decide",
        "advocate": "Advocate",
        "gp": "GP",
        "other_health": "Other health professional",
        "social_worker": "Social worker",
        "provider": "Care provider",
        **_OTHER,
    },
}

ENQUIRING: Final[Mapping[str, Mapping[str, str]]] = {
    **COMING_IN,
    **PREPARING,
    **INFORMATION,
    **DECIDING_FOR,
}
