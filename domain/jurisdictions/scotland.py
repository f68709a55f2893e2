"""Scotland: the Adult Support and Protection (Scotland) Act 2007 and its national minimum dataset.

Time limits come from the seed procedure (R180, R182, R198) and from local practice where the
citation says so. Lists of the dataset whose full text was not public are marked in a comment.
"""

from __future__ import annotations

from typing import Final

from domain.jurisdictions import Jurisdiction, Limit
from domain.jurisdictions.both import GROUPS, LISTS
from domain.jurisdictions.deciding import DECISIONS
from domain.jurisdictions.enquiring import ENQUIRING
from domain.jurisdictions.following import FOLLOWING
from domain.jurisdictions.governing import GOVERNING, GOVERNING_LIMITS
from domain.jurisdictions.keeping import KEEPING, KEEPING_LIMITS
from domain.jurisdictions.meeting import MEETING
from domain.jurisdictions.orders import ORDER_LIMITS, ORDERS
from domain.words import Code

_LISTS: Final = {
    **LISTS,
    **ENQUIRING,
    **MEETING,
    **DECISIONS,
    **ORDERS,
    **KEEPING,
    **FOLLOWING,
    **GOVERNING,
    "annual_return": {"minimum_dataset": "Adult Support and Protection National Minimum Dataset"},
    "review_kind": {
        "learning_review": "Learning Review",
    },
    "chair_role": {  # R194
        "fieldwork_manager": "Fieldwork manager, social work",
        "operations_manager": "Operations manager, social work",
        "team_leader": "Team leader",
        "independent_chair": "Independent chair",
        "practitioner": "Practitioner",
        "manager_other_agency": "Manager of another agency",
        "other": "Other",
        "not_recorded": "Not recorded",
    },
    # Principal type of harm; the dataset's own annex was not public, trafficking was added 2024.
    "abuse_type": {
        "physical": "Physical harm",
        "sexual": "Sexual harm",
        "psychological": "Psychological or emotional harm",
        "financial": "Financial or material harm",
        "discriminatory": "Discriminatory harm",
        "institutional": "Institutional harm",
        "neglect": "Neglect",
        "domestic": "Domestic abuse",
        "trafficking": "Human trafficking and/or exploitation",
        "self_harm": "Self-harm",
        "self_neglect": "Self-neglect",
        "other": "Other",
        "not_recorded": "Not recorded",
    },
    # What is counted as a referral; a new version of a rule is a new code, and of a council's own
    # an edition (`ConcernCounted.edition`).
    "counting_rule": {
        "every_referral": "Every adult protection referral received",
        "local_threshold": "The council's own threshold; the reason says which",
    },
    "duty_criterion": {
        "unable_to_safeguard": "Unable to safeguard own well-being, property, rights or interests",
        "at_risk_of_harm": "At risk of harm",
        "more_vulnerable": (
            "Because affected by disability, mental disorder, illness or infirmity, "
            "more vulnerable to being harmed"
        ),
    },
    "duty_result": {
        "inquiry": "Council to inquire",
        "criteria_not_met": "Three-point criteria not met",
        "not_yet_known": "More information needed first",
    },
    "disposal": {
        "none": "No further action",
        "advice": "Advice and information",
        "social_work_assessment": "Social work assessment",
        "care_management": "Care management",
        "other_council_service": "Other council service",
        "health": "Health service",
        "external_agency": "External agency",
        "another_authority": "Another authority",
    },
    # One inquiry, with or without investigatory powers: the use of a power is its own event.
    "enquiry_kind": {"inquiry": "Inquiry"},
    "investigatory_power": {
        "visit": "Visit (section 7)",
        "interview": "Interview (section 8)",
        "medical_examination": "Medical examination (section 9)",
        "records": "Examination of records (section 10)",
    },
    "inquiry_urgency": {  # local guidance: at once for physical or sexual harm
        "immediate": "At once",
        "usual": "Within the usual time",
        "not_recorded": "Not recorded",
    },
    "second_person_role": {  # who goes with the council officer
        "council_officer": "Council officer",
        "social_worker": "Social worker",
        "nurse": "Nurse",
        "doctor": "Doctor",
        "police": "Police officer",
        "other": "Other",
        "not_recorded": "Not recorded",
    },
    "caused_body": {},
    "substantial_difficulty": {},
    "difficulty_area": {},
    "parallel_process": {
        **ENQUIRING["parallel_process"],
        "coroner": "Investigation by the Procurator Fiscal",
    },
    "advocate_basis": {
        "asp": "Adult Support and Protection (Scotland) Act 2007, section 6",
        "mental_health": "Mental Health (Care and Treatment) (Scotland) Act 2003, section 259",
        "general": "General advocacy",
        "not_recorded": "Not recorded",
    },
    "attorney_kind": {  # R62
        "welfare": "Welfare power of attorney",
        "finance": "Continuing power of attorney",
        "both": "Continuing and welfare power of attorney",
        "not_known": "Not known",
        "not_recorded": "Not recorded",
    },
    "authority_scope": {  # R63
        "welfare": "Welfare",
        "finance": "Financial",
        "both": "Welfare and financial",
        "one_matter": "One matter, under an intervention order",
        "not_known": "Not known",
        "not_recorded": "Not recorded",
    },
    "decision_authority": {  # R55
        "attorney": "Welfare attorney",
        "attorney_finance": "Continuing attorney",
        "deputy": "Guardian appointed by the sheriff",
        "intervener": "Person authorised by an intervention order",
        "court": "Sheriff",
        "best_interests": "Whoever is to act, for the benefit of the adult",
        "not_recorded": "Not recorded",
    },
    "action_after_enquiry": {
        "not_met_no_action": "Does not meet the three-point criteria: no further action",
        "not_met_other_support": (
            "Does not meet the three-point criteria: non-ASP support offered or provided"
        ),
        "met_other_support": ("Meets three-point criteria: non-ASP support provided or offered"),
        "met_ongoing": "Meets three-point criteria: ongoing ASP work",
        "met_no_opportunity": (
            "Meets three-point criteria: no opportunity for further ASP intervention"
        ),
        "pending": "Pending or unknown",
    },
    "regulatory_body": {  # R73
        "care_inspectorate": "Care Inspectorate",
        "social_services_council": "Scottish Social Services Council",
        "nursing_and_midwifery": "Nursing and Midwifery Council",
        "general_medical": "General Medical Council",
        "health_and_care_professions": "Health and Care Professions Council",
        "barring": "Disclosure Scotland",
        "mental_welfare_commission": "Mental Welfare Commission",
        "public_guardian": "Office of the Public Guardian",
        "charity_regulator": "Scottish Charity Regulator",
        "health_and_safety": "Health and Safety Executive",
        "other": "Other",
    },
    # Protection of Vulnerable Groups (Scotland) Act 2007, section 2: R135 to R137
    "barring_ground": {
        "harmed": "Harmed a protected adult",
        "placed_at_risk": "Placed a protected adult at risk of harm",
        "pornography": "Inappropriate conduct involving pornography",
        "sexual_conduct": "Inappropriate conduct of a sexual nature involving a protected adult",
        "medical_treatment": "Gave inappropriate medical treatment to a protected adult",
    },
    "review_criterion": {  # national guidance on Learning Reviews, 2022: R141
        "died_harm_or_neglect": "Died; harm or neglect a factor, or suspected to be",
        "died_suicide_or_accident": "Died by suicide or accident",
        "died_alleged_homicide": "Died; homicide is alleged",
        "serious_harm": "Alive, with serious harm or a risk of it",
        "not_involved": "Not supported under the Act, and concern that they were not",
    },
    "adult_outcome": {  # R105 to R126
        **MEETING["adult_outcome"],
        "care_act_assessment_services": "Social work assessment and services",
        "court_of_protection": "Involvement of the sheriff court",
        "advocacy_imca_referral": "Referral to independent advocacy",
        "mental_health_act": (
            "Action under the Mental Health (Care and Treatment) (Scotland) Act 2003"
        ),
        "direct_payment_review": "Review of self-directed support",
        "declaratory_relief": "Declarator of a court",
        "guardianship": "Guardianship (Adults with Incapacity (Scotland) Act 2000)",
        "sar_referral": "Referral for a Learning Review",
    },
    "pach_outcome": {  # R132
        **MEETING["pach_outcome"],
        "dbs_referral": "Referral under the Protecting Vulnerable Groups scheme",
    },
    "closure_reason": {
        "criteria_not_met": "Three-point criteria not met",
        "no_longer_at_risk": "No longer an adult at risk",
        "risk_reduced": "Risk reduced and accepted",
        "care_management": "Continues in care management",
        "adults_request": "Ceased at the adult's request",
        "moved": "Adult moved to another authority's area",
        "died": "Adult died",
        "other": "Other",
    },
    # Client groups; the dataset's full list was not public, the last four were added 2024.
    "health_condition": {
        "dementia": "Dementia",
        "mental_health": "Mental health problem",
        "learning_disability": "Learning disability",
        "physical_disability": "Physical disability",
        "infirmity_age": "Infirmity due to age",
        "substance_use": "Substance use",
        "other": "Other",
        "autism": "Autism or autism spectrum",
        "palliative_care": "Palliative care",
        "brain_injury": "Acquired brain injury",
        "alcohol_brain_damage": "Alcohol-related brain damage",
        "none": "None",
        "not_recorded": "Not recorded",
    },
    "gender": {
        "male": "Male",
        "female": "Female",
        "trans_or_non_binary": "Trans or non-binary",
        "other": "Other",
        "not_known": "Not known",
    },
    "ethnicity": {
        "white": "White",
        "mixed": "Mixed or multiple ethnic groups",
        "asian": "Asian, Scottish Asian or British Asian",
        "african": "African, Scottish African or British African",
        "caribbean_or_black": "Caribbean or Black",
        "other_group": "Other ethnic group",
        "refused": "Refused",
        "not_known": "Not known",
    },
}

# The Act of 2007 has inquiries; what both nations' rules and lists say has England's word.
_WORDING: Final = (
    ("duty to enquire", "duty to make inquiries"),
    ("enquir", "inquir"),
    ("Enquir", "Inquir"),
)


def _worded(said: str) -> str:
    for word, own in _WORDING:
        said = said.replace(word, own)
    return said


SCOTLAND: Final = Jurisdiction(
    code=Code("scotland"),
    name="Scotland",
    law="Adult Support and Protection (Scotland) Act 2007, Part 1",
    policy="scotland-2026.3",
    adult_age=16,
    subdivision="SCT",
    terms={
        "concern": "adult protection referral",
        "duty": "three-point determination",
        "enquiry": "inquiry",
        "officer": "council officer",
        "managing_officer": "team manager",
        "conference": "adult support and protection case conference",
        "review_conference": "review case conference",
        "core_group": "core group",
        "plan": "adult support and protection plan",
        "report": "inquiry report",
        "source_of_risk": "source of harm",
        "harm": "harm",
        "person_causing_harm": "person alleged to have caused harm",
        "advocate": "independent advocate",
        "attorney": "welfare attorney",
        "deputy": "guardian appointed by the sheriff",
        "best_interests": "benefit to the adult",
        "board": "Adult Protection Committee",
        "review": "Learning Review",
        "regulator": "Care Inspectorate",
        "barring": "Protecting Vulnerable Groups scheme",
        "return": "Adult Support and Protection National Minimum Dataset",
    },
    lists={name: {code: _worded(said) for code, said in of.items()} for name, of in _LISTS.items()},
    wording=_WORDING,
    groups=GROUPS,
    criteria=(Code("unable_to_safeguard"), Code("at_risk_of_harm"), Code("more_vulnerable")),
    duty_event="three-point-criteria-determined",
    enquiry_event="inquiry-opened",
    officer_event="council-officer-appointed",
    duty_enquiries=(Code("inquiry"),),
    care_regulators=(Code("care_inspectorate"),),
    no_duty_results=(Code("criteria_not_met"), Code("not_yet_known")),
    # The council inquires itself, and others are to co-operate (the Act, sections 4 and 5); what is
    # left to another as the inquiry is opened comes back all the same. Whether advocacy is needed
    # is considered without a test of difficulty (section 6).
    instead={
        "cause-enquiry": ("request-agency-report",),
        "assess-substantial-difficulty": ("consider-advocacy",),
    },
    limits={
        "initial_conference": Limit(
            amount=20,
            unit=Code("working_days"),
            counted_from="the day the referral was received",
            cite="R198: within 20 working days of receipt of the referral",
        ),
        "duty_decision": Limit(
            amount=2,
            unit=Code("working_days"),
            counted_from="the day the referral was received",
            cite="council guidance: duty to inquire starts within two working days; local",
        ),
        "enquiry_opened": Limit(
            amount=7,
            unit=Code("calendar_days"),
            counted_from="the day the three-point criteria were found to be met",
            cite="council guidance: duty to inquire starts within two working days; local",
        ),
        "enquiry": Limit(
            amount=7,
            unit=Code("working_days"),
            counted_from="the day the inquiry was opened",
            cite="council guidance: duty to inquire finished within seven working days; local",
        ),
        "conference_after_report": Limit(
            amount=5,
            unit=Code("working_days"),
            counted_from="the day the inquiry report was submitted",
            cite="council guidance: within five working days of the report; local",
        ),
        "core_group": Limit(
            amount=4,
            unit=Code("weeks"),
            counted_from="the day of the last core group or conference; in the fortnight before a "
            "review conference is due, with that",
            cite="R180: core groups every four weeks",
        ),
        "review_conference": Limit(
            amount=3,
            unit=Code("months"),
            counted_from="the day of the last initial or review conference",
            cite="R182: review conference three-monthly",
        ),
        "decisions_circulated": Limit(
            amount=24,
            unit=Code("hours"),
            counted_from="the day of the conference",
            cite="regional guidance: decisions and actions within 24 hours; local",
        ),
        "minutes_circulated": Limit(
            amount=10,
            unit=Code("working_days"),
            counted_from="the day of the conference",
            cite="R156; regional guidance: minute and plan within ten working days",
        ),
        "amendment_answered": Limit(
            amount=10,
            unit=Code("working_days"),
            counted_from="the day the amendment was asked for",
            cite="R152; a local default, the sources give no figure",
        ),
        "feedback_to_adult": Limit(
            amount=2,
            unit=Code("working_days"),
            counted_from="the day of the conference",
            cite="R169: as soon as possible; a local default",
        ),
        "barring_referral": Limit(
            amount=3,
            unit=Code("months"),
            counted_from="the day the duty to refer arose",
            cite="Protection of Vulnerable Groups (Scotland) Act 2007, section 9: three months",
        ),
        **ORDER_LIMITS,
        **KEEPING_LIMITS,
        **GOVERNING_LIMITS,  # no period of retention: the figure was not seen (L16)
    },
    chair_roles=(Code("fieldwork_manager"), Code("operations_manager")),
    chair_agencies=(Code("social_work"),),
    capacity_law="Adults with Incapacity (Scotland) Act 2000",
    considers_protection_orders=True,
    considers_advocacy_first=True,
    core_groups=True,
    expects_chronology=True,
    agenda=(),  # its process names no list: what it asks for stands in rules of its own
    decides_abuse=False,
    repeat_referrals=3,
    repeat_window_months=6,
    repeats_ask_for_conference=True,
    enquiry_from_referral=False,
    returns=("nmds",),
)
