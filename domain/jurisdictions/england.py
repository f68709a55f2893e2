"""England: the Care Act 2014, the annual Safeguarding Adults Collection, practice of the time.

Time limits are local practice unless the citation names a law: ship them as defaults, and let
an authority give its own. No figure here is national law.
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
from domain.jurisdictions.orders import ORDER_STEPS
from domain.words import Code

_LISTS: Final = {
    **LISTS,
    **ENQUIRING,
    **MEETING,
    **DECISIONS,
    **KEEPING,
    **FOLLOWING,
    **GOVERNING,
    "review_kind": {
        "mandatory": "Safeguarding Adults Review, Care Act 2014, section 44(1) to (3)",
        "discretionary": "Safeguarding Adults Review, section 44(4)",
    },
    "chair_role": {
        "safeguarding_adults_manager": "Safeguarding adults manager",
        "team_manager": "Team manager",
        "service_manager": "Service manager",
        "independent_chair": "Independent chair",
        "practitioner": "Practitioner",
        "manager_other_agency": "Manager of another agency",
        "not_recorded": "Not recorded",
    },
    "abuse_type": {
        "physical": "Physical abuse",
        "sexual": "Sexual abuse",
        "psychological": "Psychological abuse",
        "financial": "Financial or material abuse",
        "discriminatory": "Discriminatory abuse",
        "organisational": "Organisational abuse",
        "neglect": "Neglect and acts of omission",
        "domestic": "Domestic abuse",
        "sexual_exploitation": "Sexual exploitation",
        "modern_slavery": "Modern slavery",
        "self_neglect": "Self-neglect",
        "not_recorded": "Not recorded",
    },
    # What is counted as a concern; a new version of a rule is a new code.
    "counting_rule": {
        "framework_2020": "What constitutes a safeguarding concern: LGA and ADASS framework, 2020",
        "reported_or_identified": "Whatever is reported to the council or identified by it",
        "local_threshold": "The council's own threshold; the reason says which",
    },
    "duty_criterion": {
        "needs_care_and_support": "Has needs for care and support (met or not)",
        "abuse_or_neglect": "Is experiencing, or at risk of, abuse or neglect",
        "unable_to_protect": "Because of those needs cannot protect themself",
    },
    "duty_result": {
        "section_42": "Section 42 enquiry",
        "other_enquiry": "Other safeguarding enquiry",
        "no_enquiry": "No safeguarding enquiry",
        "not_yet_known": "More information needed first",
    },
    "disposal": {
        "none": "No further action",
        "advice": "Advice and information",
        "care_act_assessment": "Care Act assessment",
        "case_management": "Case management",
        "review": "Review of care and support",
        "other_council_service": "Other council service",
        "external_agency": "External agency",
        "another_authority": "Another authority",
    },
    "enquiry_kind": {
        "section_42": "Section 42 enquiry",
        "other_enquiry": "Other safeguarding enquiry",
    },
    "investigatory_power": {},
    "inquiry_urgency": {},
    "second_person_role": {},
    "caused_body": {  # who may be caused to enquire; the duty stays with the council
        "nhs": "NHS body",
        "provider": "Care provider",
        "police": "Police",
        "housing": "Housing provider",
        "council_service": "Another service of the council",
        "voluntary": "Voluntary organisation",
        "other": "Other",
    },
    "substantial_difficulty": {  # Care Act 2014, section 68: not the same as lacking capacity
        "yes": "Has substantial difficulty",
        "no": "Has no substantial difficulty",
        "not_determined": "Could not be determined",
    },
    "difficulty_area": {
        "understanding": "Understanding information",
        "retaining": "Retaining it",
        "using_or_weighing": "Using or weighing it",
        "communicating": "Communicating views, wishes or feelings",
    },
    "advocate_basis": {
        "care_act": "Care Act 2014, section 68",
        "imca": "Independent mental capacity advocate",
        "imha": "Independent mental health advocate",
        "general": "General advocacy",
        "not_recorded": "Not recorded",
    },
    "decision_authority": {  # R55
        "attorney": "Attorney under a Lasting Power of Attorney (health and welfare)",
        "attorney_finance": "Attorney under a Lasting Power of Attorney (property and affairs)",
        "deputy": "Deputy appointed by the Court of Protection",
        "court": "Court of Protection",
        "best_interests": "Whoever is to act, in the adult's best interests",
        "not_recorded": "Not recorded",
    },
    "action_after_enquiry": {},
    "regulatory_body": {  # R73
        "care_quality_commission": "Care Quality Commission",
        "social_work_england": "Social Work England",
        "nursing_and_midwifery": "Nursing and Midwifery Council",
        "general_medical": "General Medical Council",
        "health_and_care_professions": "Health and Care Professions Council",
        "barring": "Disclosure and Barring Service",
        "public_guardian": "Office of the Public Guardian",
        "charity_regulator": "Charity Commission",
        "health_and_safety": "Health and Safety Executive",
        "other": "Other",
    },
    "barring_ground": {  # Safeguarding Vulnerable Groups Act 2006, section 35: R135 to R137
        "relevant_conduct": "Relevant conduct",
        "harm_test": "The harm test is satisfied",
        "relevant_offence": "Caution or conviction for a relevant offence",
    },
    "review_criterion": {  # Care Act 2014, section 44: R141
        "died": "Died, and abuse or neglect is known or suspected; concern how agencies worked",
        "alive": "Alive, and serious abuse or neglect is known or suspected; concern likewise",
        "discretionary": "The board may arrange a review of any other case",
    },
    "adult_outcome": {  # R105 to R126
        **MEETING["adult_outcome"],
        "care_act_assessment_services": (
            "Local authority assessment and services under the Care Act"
        ),
        "advocacy_imca_referral": "Referral to advocacy or an Independent Mental Capacity Advocate",
        "mental_health_act": "Action under the Mental Health Act",
        "guardianship": "Guardianship (Mental Health Act 1983, section 7)",
    },
    "pach_outcome": {  # R132
        **MEETING["pach_outcome"],
        "dbs_referral": "Referral to the Disclosure and Barring Service",
    },
    # No protection orders, nor a manager's change ratified by the next conference (B.3, B.8).
    "order_kind": {},
    "order_applicant": {},
    "undue_pressure": {},
    "order_granted_by": {},
    "order_appellant": {},
    "appeal_status": {},
    "urgent_change_reason": {},
    "ratification": {},
    "closure_reason": {
        "enquiry_concluded": "Enquiry concluded",
        "risk_removed": "Risk removed",
        "risk_reduced": "Risk reduced and accepted",
        "adults_request": "Ceased at the adult's request",
        "no_enquiry": "No enquiry needed",
        "care_management": "Continues in care management",
        "moved": "Adult moved to another authority's area",
        "died": "Adult died",
        "other": "Other",
    },
    "health_condition": {
        "physical_copd": "Physical: chronic obstructive pulmonary disease",
        "physical_cancer": "Physical: cancer",
        "physical_acquired_injury": "Physical: acquired physical injury",
        "physical_hiv_aids": "Physical: HIV/AIDS",
        "physical_other": "Physical: other",
        "neurological_stroke": "Neurological: stroke",
        "neurological_parkinsons": "Neurological: Parkinson's",
        "neurological_motor_neurone": "Neurological: motor neurone disease",
        "neurological_brain_injury": "Neurological: acquired brain injury",
        "neurological_other": "Neurological: other",
        "sensory_visual": "Sensory: visual impairment",
        "sensory_hearing": "Sensory: hearing impairment",
        "sensory_other": "Sensory: other",
        "learning_disability": "Learning disability",
        "autism": "Autism (excluding Asperger's syndrome / high functioning autism)",
        "asperger": "Asperger's syndrome / high functioning autism",
        "learning_other": "Learning, developmental or intellectual: other",
        "mental_health_dementia": "Mental health: dementia",
        "mental_health_other": "Mental health: other",
        "none": "No relevant long-term reported health condition",
        "not_recorded": "Not recorded",
    },
    "ethnicity": {
        "white": "White",
        "mixed": "Mixed / multiple",
        "asian": "Asian / Asian British",
        "black": "Black / African / Caribbean / Black British",
        "other_group": "Other ethnic group",
        "refused": "Refused",
        "not_known": "Undeclared / not known",
    },
}

ENGLAND: Final = Jurisdiction(
    code=Code("england"),
    name="England",
    law="Care Act 2014, sections 42 to 47 and 68",
    policy="england-2026.1",
    adult_age=18,
    subdivision="ENG",
    terms={
        "concern": "safeguarding concern",
        "duty": "section 42 decision",
        "enquiry": "safeguarding enquiry",
        "officer": "enquiry officer",
        "managing_officer": "safeguarding adults manager",
        "conference": "safeguarding case conference",
        "review_conference": "review conference",
        "core_group": "core group",
        "plan": "safeguarding plan",
        "report": "enquiry report",
        "source_of_risk": "source of risk",
        "harm": "abuse or neglect",
        "person_causing_harm": "person alleged to have caused harm",
        "advocate": "independent advocate",
        "attorney": "Lasting Power of Attorney",
        "deputy": "deputy appointed by the Court of Protection",
        "best_interests": "best interests",
        "board": "Safeguarding Adults Board",
        "review": "Safeguarding Adults Review",
        "regulator": "Care Quality Commission",
        "barring": "Disclosure and Barring Service",
        "return": "Safeguarding Adults Collection",
    },
    lists=_LISTS,
    groups=GROUPS,
    criteria=(
        Code("needs_care_and_support"),
        Code("abuse_or_neglect"),
        Code("unable_to_protect"),
    ),
    duty_event="section42-duty-decided",
    enquiry_event="enquiry-opened",
    officer_event="investigating-officer-appointed",
    duty_enquiries=(Code("section_42"),),
    care_regulators=(Code("care_quality_commission"),),
    no_duty_results=(Code("other_enquiry"), Code("no_enquiry"), Code("not_yet_known")),
    # No powers of investigation, no council officer's second person, and courts instead of orders.
    instead={
        "start-duty-to-inquire": ("decide-duty",),
        "use-investigatory-power": ("record-adult-seen", "request-agency-report"),
        "appoint-second-person": ("appoint-officer", "hold-planning-meeting"),
        "change-plan-urgently": ("revise-plan",),
        "ratify-plan-change": ("revise-plan",),
        "apply-for-protection-order": ("consider-proceedings",),
        **dict.fromkeys(ORDER_STEPS, ("record-proceedings-outcome",)),
    },
    limits={
        "duty_decision": Limit(
            amount=1,
            unit=Code("working_days"),
            counted_from="the day the concern was received",
            cite="regional procedures of 2015: the end of the working day after referral; local",
        ),
        "enquiry": Limit(
            amount=20,
            unit=Code("working_days"),
            counted_from="the day its referral was received; of a further one, its opening",
            cite="regional procedures of 2015: four working weeks from the referral; local",
        ),
        "conference_after_report": Limit(
            amount=20,
            unit=Code("working_days"),
            counted_from="the day the enquiry report was submitted",
            cite="regional procedures of 2015: within four working weeks; local",
        ),
        "minutes_circulated": Limit(
            amount=10,
            unit=Code("working_days"),
            counted_from="the day of the conference",
            cite="R156: agreed timescales; ten working days is common local practice",
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
        **KEEPING_LIMITS,
        **GOVERNING_LIMITS,
        # No national period: schedules of two councils, each to be replaced by the authority's own.
        "retention_case_record": Limit(
            amount=72,
            unit=Code("months"),
            counted_from="the last contact, or the closing of the case",
            cite="L15: one council's schedule of 2024, case and six years; local",
        ),
        "retention_contact_only": Limit(
            amount=24,
            unit=Code("months"),
            counted_from="the last contact",
            cite="L15: one council's schedule, after the NHS Records Code; local",
        ),
    },
    chair_roles=(
        Code("safeguarding_adults_manager"),
        Code("team_manager"),
        Code("service_manager"),
        Code("independent_chair"),
    ),
    chair_agencies=(),
    capacity_law="Mental Capacity Act 2005",
    considers_protection_orders=False,
    considers_advocacy_first=False,
    core_groups=False,
    expects_chronology=False,
    agenda=tuple(Code(item) for item in _LISTS["agenda_item"]),
    decides_abuse=True,
    # A local default: C.7 asks that repeats be counted, and only the other nation's source has a
    # figure (G16).
    repeat_referrals=3,
    repeat_window_months=6,
    repeats_ask_for_conference=False,
    enquiry_from_referral=True,
    returns=("sac",),
)
