"""England's category strings, to the letter, and the codes that are counted under each.

They are those of the publication code NHS England released in 2023, but for what is marked: the
sources seen do not have it, and it is to be held against the template before a return is filed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SECTION_42: Final = "section_42"
OTHER: Final = "other_enquiry"

CONCERNS: Final = "Safeguarding Concerns"
SECTION_42_ENQUIRIES: Final = "Section 42 Enquiries"
OTHER_ENQUIRIES: Final = "Other Enquiries"
CONCLUDED: Final = "Concluded Section 42 Enquiries"
CONCLUDED_OTHER: Final = "Concluded Other Enquiries"  # ours: no source seen names that block
REVIEWS: Final = "Count of Safeguarding Adult Reviews"
REVIEWED: Final = "Count of Individuals Involved in Safeguarding Adult Reviews"

# What was begun, and what was concluded, by the kind of enquiry.
BEGUN_AS: Final[Mapping[str, str]] = {SECTION_42: SECTION_42_ENQUIRIES, OTHER: OTHER_ENQUIRIES}
CONCLUDED_AS: Final[Mapping[str, str]] = {SECTION_42: CONCLUDED, OTHER: CONCLUDED_OTHER}

NOT_KNOWN: Final = "Not Known"  # of SG1a and SG1e: from memory
BANDS: Final[Mapping[str, range]] = {
    "18-64": range(18, 65),
    "65-74": range(65, 75),
    "75-84": range(75, 85),
    "85-94": range(85, 95),
    "95+": range(95, 200),
}
GENDERS: Final[Mapping[str, str]] = {"male": "Male", "female": "Female"}
ETHNICITIES: Final[Mapping[str, str]] = {
    "white": "White",
    "mixed": "Mixed / Multiple",
    "asian": "Asian / Asian British",
    "black": "Black / African / Caribbean / Black British",
    "other_group": "Other Ethnic Group",
    "refused": "Refused",
}
UNDECLARED: Final = "Undeclared / Not Known"
SUPPORT_REASONS: Final[Mapping[str, str]] = {
    "physical": "Physical Support",
    "sensory": "Sensory Support",
    "memory_and_cognition": "Support with Memory and Cognition",
    "learning_disability": "Learning Disability Support",
    "mental_health": "Mental Health Support",
    "social": "Social Support",
    "no_support_reason": "No Support Reason",
}
_LEARNING: Final = "Learning, Developmental or Intellectual Disability"
_PHYSICAL: Final = "Long Term Health Condition - Physical"
_NEUROLOGICAL: Final = "Long Term Health Condition - Neurological"
_SENSORY: Final = "Sensory Impairment"
_MENTAL: Final = "Mental Health Condition"
# The only two whose words a source seen has; the others are written as those are, from memory.
AUTISM: Final[Mapping[str, str]] = {
    "autism": f"{_LEARNING} (Autism excluding Asperger's Syndrome/ High Functioning Autism)",
    "asperger": f"{_LEARNING} (Asperger's Syndrome/ High Functioning Autism)",
}
CONDITIONS: Final[Mapping[str, str]] = {
    "physical_copd": f"{_PHYSICAL} (COPD)",
    "physical_cancer": f"{_PHYSICAL} (Cancer)",
    "physical_acquired_injury": f"{_PHYSICAL} (Acquired Physical Injury)",
    "physical_hiv_aids": f"{_PHYSICAL} (HIV/AIDS)",
    "physical_other": f"{_PHYSICAL} (Other)",
    "neurological_stroke": f"{_NEUROLOGICAL} (Stroke)",
    "neurological_parkinsons": f"{_NEUROLOGICAL} (Parkinson's)",
    "neurological_motor_neurone": f"{_NEUROLOGICAL} (Motor Neurone Disease)",
    "neurological_brain_injury": f"{_NEUROLOGICAL} (Acquired Brain Injury)",
    "neurological_other": f"{_NEUROLOGICAL} (Other)",
    "sensory_visual": f"{_SENSORY} (Visual)",
    "sensory_hearing": f"{_SENSORY} (Hearing)",
    "sensory_other": f"{_SENSORY} (Other)",
    "learning_disability": f"{_LEARNING} (Learning Disability)",
    **AUTISM,
    "learning_other": f"{_LEARNING} (Other)",
    "mental_health_dementia": f"{_MENTAL} (Dementia)",
    "mental_health_other": f"{_MENTAL} (Other)",
    "none": "No Relevant Long Term Reported Health Conditions",
}

TYPES: Final[Mapping[str, str]] = {
    "physical": "Physical Abuse",
    "sexual": "Sexual Abuse",
    "psychological": "Psychological Abuse",
    "financial": "Financial or Material Abuse",
    "discriminatory": "Discriminatory Abuse",
    "organisational": "Organisational Abuse",
    "neglect": "Neglect and Acts of Omission",
    "domestic": "Domestic Abuse",
    "sexual_exploitation": "Sexual Exploitation",
    "modern_slavery": "Modern Slavery",
    "self_neglect": "Self-Neglect",
}
SOURCES: Final[Mapping[str, str]] = {
    "service_provider": "Service Provider",
    "known": "Other - Known to individual",
    "unknown": "Other - Unknown to individual",
}
LOCATIONS: Final[Mapping[str, str]] = {
    "own_home": "Own Home",
    "in_the_community": "In the Community",
    "community_service": "Community Service",
    "care_home_nursing": "Care Home - Nursing",
    "care_home_residential": "Care Home - Residential",
    "hospital_acute": "Hospital - Acute",
    "hospital_mental_health": "Hospital - Mental Health",
    "hospital_community": "Hospital - Community",
    "other": "Other",
}
RISK_FOUND: Final[Mapping[str, str]] = {
    "action_taken": "Risk identified and action taken",
    "no_action_taken": "Risk identified and no action taken",
}
RISK_NOT_FOUND: Final[Mapping[str, str]] = {
    "inconclusive_action_taken": "Risk Assessment inconclusive and action taken",
    "inconclusive_no_action_taken": "Risk Assessment inconclusive and no action taken",
    "none_action_taken": "No risk identified and action taken",
    "none_no_action_taken": "No risk identified and no action taken",
    "ceased": "Enquiry ceased at individual's request and no action taken",
}
RISK_OUTCOMES: Final[Mapping[str, str]] = {
    "remained": "Risk remained",
    "reduced": "Risk reduced",
    "removed": "Risk removed",
}
CAPACITY: Final[Mapping[str, str]] = {
    "lacked": "Yes, they lacked capacity",
    "did_not_lack": "No, they did not lack capacity",
    "not_known": "Don't know",
    "not_recorded": "Not recorded",
}
SUPPORTED: Final = (
    "Of the enquiries recorded as Yes, in how many of these cases was support provided by an "
    "advocate, family or friend"
)
ASKED: Final[Mapping[str, str]] = {  # spelt otherwise than the same answers are in SG3a
    "asked_expressed": "Yes they were asked and outcomes were expressed",
    "asked_none_expressed": "Yes they were asked but no outcomes were expressed",
    "not_asked": "No",
    "not_known": "Don't Know",
    "not_recorded": "Not Recorded",
}
ACHIEVED: Final[Mapping[str, str]] = {
    "expressed_fully_achieved": "Fully Achieved",
    "expressed_partly_achieved": "Partially Achieved",
    "expressed_not_achieved": "Not Achieved",
}
DIED: Final = "died"
SURVIVED: Final = "survived"
REVIEW_FATES: Final[Mapping[str, str]] = {
    DIED: "Where one or more individuals died",
    SURVIVED: "Where no individuals died",
}
INDIVIDUAL_FATES: Final[Mapping[str, str]] = {
    DIED: "Who suffered serious harm and died",
    SURVIVED: "Who suffered serious harm and survived",
}
