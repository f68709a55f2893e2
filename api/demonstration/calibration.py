"""What the made-up authority is made like: published ratios, and the failings reviews find.

England's figures are those published with the Safeguarding Adults Collection, Scotland's those of
the national minimum dataset and the survey before it. Where none is published the comment says
`assumed`. A made-up authority is no source for any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from domain.words import Code, Slug

Shares = Mapping[str, float]

COUNCIL: Final = Slug("council")
POLICE: Final = Slug("police")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One nation's shares, and its own codes for the turns a story takes.

    `ages` maps the lowest and highest age of a band to its share. `results` maps how a concern
    goes on (`enquiry`, `other`, `none`) to the code of the duty decision, `kinds` to that of the
    enquiry, `closings` (`none`, `done`, `risk`, `care`) to that of a closure.
    """

    goes_on: Shares
    enquiries_a_person: float
    conferences: float  # initial conferences for each enquiry that may lead to one
    powers: float  # share of enquiries that use investigatory powers
    types: Shares
    number_of_types: Mapping[int, float]
    locations: Shares
    sources: Mapping[str, Shares]  # by the kind of place
    referrers: Shares
    ages: Mapping[tuple[int, int], float]
    genders: Shares
    ethnicities: Shares
    conditions: Shares
    findings: Shares
    actions: Shares
    results: Mapping[str, str]
    kinds: Mapping[str, str]
    closings: Mapping[str, str]
    disposals: Shares
    health: Slug
    weeks_to_review: int
    working_days: Mapping[str, tuple[int, int]]  # the pace of the steps before a conference


# ------------------------------------------------------------------------------ both nations

RISK: Final[Shares] = {  # assumed, but for 65 % identified and acted on
    "action_taken": 0.65,
    "no_action_taken": 0.09,
    "inconclusive_action_taken": 0.06,
    "inconclusive_no_action_taken": 0.06,
    "none_action_taken": 0.05,
    "none_no_action_taken": 0.09,
}
RISK_OUTCOME: Final[Shares] = {  # 89 % reduced or removed; 25, 64 assumed
    "removed": 0.25,
    "reduced": 0.64,
    "remained": 0.11,
}
CAPACITY: Final[Shares] = {  # assumed: 31 % lacked, of whom 85 % were supported
    "lacked_supported": 0.264,
    "lacked_not_supported": 0.03,
    "lacked_support_not_recorded": 0.016,
    "did_not_lack": 0.60,
    "not_known": 0.05,
    "not_recorded": 0.04,
}
OUTCOMES: Final[Shares] = {  # assumed: 80 % asked; of those who said, 65, 28 and 7 %
    "expressed_fully_achieved": 0.42,
    "expressed_partly_achieved": 0.18,
    "expressed_not_achieved": 0.05,
    "asked_none_expressed": 0.15,
    "not_asked": 0.10,
    "not_known": 0.04,
    "not_recorded": 0.06,
}
SUPPORT_REASONS: Final[Shares] = {  # assumed
    "physical": 0.43,
    "mental_health": 0.13,
    "learning_disability": 0.13,
    "memory_and_cognition": 0.10,
    "social": 0.06,
    "sensory": 0.03,
    "no_support_reason": 0.06,
    "not_known": 0.06,
}
REPEATS: Final = 0.22  # assumed: concerns about an adult known from before
LINKED: Final = 0.18  # assumed: open enquiries that a further referral is joined to

CEASED: Final = 0.08  # assumed: enquiries the adult asks to end
DIED: Final = 0.06  # assumed: enquiries during which the adult dies
CALLED_OFF: Final = 0.12  # assumed: conferences cancelled and called anew
NO_PLAN: Final = 0.15  # assumed: conferences that find no plan is needed
PUT_OFF: Final = 0.12  # assumed: conferences moved to a later day
IMPORTED: Final = 0.15  # assumed: enquiries that take in what another agency wrote

# Enquiries into harm in a care home that belong to one large-scale enquiry, since the home is the
# same: those received in these days, counted from the first (assumed).
LARGE_SCALE_DAYS: Final = ((300, 450), (930, 1100))
# A waiting list: concerns of the last days before the end that wait for a worker (assumed).
WAITING_DAYS: Final = 63
WAITING_WORKING_DAYS: Final = (15, 45)

# What reviews, inspectors and the ombudsman find in records (procedure C.7), as shares of the
# stories that come to where it can happen.
FAILINGS: Final[Shares] = MappingProxyType(
    {
        "no_rationale": 0.18,  # a decision without its reasons
        "minutes_late": 0.25,  # six to nine weeks
        "review_never_held": 0.20,
        "long_silence": 0.06,  # 179 days and more with nothing recorded
        "repeat_not_linked": 0.15,  # dealt with singly while a case was open
        "refusal_unexplored": 0.25,  # closed when the adult said no, without asking further
        "capacity_late": 0.20,
        "no_feedback": 0.22,
        "absence_unexplained": 0.15,
        "unallocated": 0.15,
        "recorded_late": 0.12,
        "waiting_list": 0.50,  # of the last weeks: nobody to give a concern to
        "left_open": 0.07,  # everything done, and nobody closed the case
        "no_review_date": 0.08,
        "caused_not_returned": 0.20,  # an enquiry made by others that never comes back
        "chronology_missing": 0.25,  # where the nation expects one
        "not_done_unexplained": 0.20,  # nothing more to be done, and nobody said why
        "allegation_left": 0.12,  # came to light, and no outcome of it was ever recorded
        "repeats_singly": 0.05,  # one call after another, and nothing looked at them together
        "issue_unanswered": 0.30,  # raised by the adult or the family
        "review_late": 0.35,  # the board's decision about a review
        "review_bare": 0.35,  # the same, without its reasons
        "access_late": 0.30,  # to one's own data
        "rectification_unexplained": 0.25,
        "remedy_left": 0.35,  # what an audit asked for, and nobody did
        "auditor_unknown": 0.25,  # of audits: by somebody this record never met
        "exception_left": 0.35,  # access by way of exception, never looked at again
        "notes_lost": 0.10,  # with whoever took them
        "comments_inserted": 0.30,  # of minutes written passage by passage: a party's own words
        "amendment_refused": 0.30,  # of those asked for: refused without a reason
    }
)
TURNS: Final[Shares] = MappingProxyType(  # assumed: of what comes to where it may take the turn
    {
        "acknowledged": 0.10,
        "consent": 0.08,
        "crime": 0.10,  # of what may be one: told to the police
        "numbered": 0.05,  # a number in another system
        "started": 0.15,
        "redirected": 0.06,
        "transferred": 0.015,
        "discussed": 0.10,
        "planned": 0.10,
        "second_person": 0.12,
        "interim": 0.05,
        "parallel": 0.06,
        "caused": 0.10,
        "unlinked": 0.15,
        "seen": 0.35,
        "need": 0.12,
        "explained": 0.20,
        "difficulty": 0.20,
        "advocate_declined": 0.20,
        "decided_for": 0.50,
        "alleged": 0.04,
        "agencies_asked": 0.20,
        "investigation_ended": 0.25,
        "room": 0.20,
        "safe_to_come": 0.08,
        "uninvited": 0.05,
        "excluded": 0.05,
        "supporter": 0.06,
        "nominated": 0.08,
        "family": 0.08,
        "tabled": 0.50,
        "chronology": 0.20,  # where it is not expected
        "agreed": 0.04,
        "challenged": 0.30,  # of meetings an advocate speaks at
        "agenda": 0.15,
        "legal": 0.35,
        "proceedings": 0.06,
        "nothing_further": 0.20,
        "found_out": 0.08,
        "regulator": 0.50,  # of first meetings about a provider, as the five below
        "regulatory": 0.20,
        "authorities": 0.15,
        "barring": 0.40,
        "change": 0.25,
        "incident": 0.15,
        "pach_reviewed": 0.40,
        "shared": 0.12,
        "plan_disputed": 0.10,
        "coordinated": 0.15,
        "contingency": 0.15,
        "plan_shared": 0.15,
        "plan_views": 0.20,
        "date_set": 0.10,
        "delegated": 0.08,
        "one_action": 0.15,
        "service": 0.25,
        "carer": 0.15,
        "watched": 0.35,
        "changed": 0.20,
        "nominee": 0.10,
        "carer_told": 0.08,
        "raised": 0.15,
        "plan_withheld": 0.60,  # of plans not sent
        "order": 0.045,  # more than in life, so that every way they can go is shown
        "risk_settled": 0.08,
        "enquiry_reopened": 0.025,
        "closure_viewed": 0.15,
        "checklist": 0.12,
        "review_weighed": 0.03,
        "not_invited": 0.05,
        "delay_explained": 0.50,
        "by_passage": 0.14,  # minutes written passage by passage
        "amended": 0.18,  # minutes that somebody asks to have changed
        "withheld": 0.10,  # minutes kept from a provider
    }
)
SILENCE_DAYS: Final = (179, 450)
LATE_MINUTES_WEEKS: Final = (6, 9)
LATE_CAPACITY_DAYS: Final = (60, 110)

_PROVIDED: Final[Shares] = {
    "provider_private": 0.62,
    "provider_voluntary": 0.08,
    "provider_public": 0.08,
    "known_not_related": 0.12,
    "known_relative": 0.06,
    "unknown_not_related": 0.04,
}
_SOURCES: Final[Mapping[str, Shares]] = {  # assumed
    "home": {
        "known_relative": 0.45,
        "known_not_related": 0.20,
        "provider_private": 0.20,
        "provider_public": 0.03,
        "unknown_not_related": 0.10,
        "known_community_health": 0.02,
    },
    "care": _PROVIDED,
    "hospital": {
        "known_secondary_health": 0.60,
        "unknown_secondary_health": 0.15,
        "known_relative": 0.15,
        "known_not_related": 0.10,
    },
}
_REFERRERS: Final[Shares] = {  # assumed; the returns do not collect it in England
    "care_home": 0.17,
    "police": 0.16,
    "ambulance": 0.10,
    "hospital_acute": 0.10,
    "home_care": 0.09,
    "social_work": 0.09,
    "family": 0.08,
    "self": 0.04,
    "district_nurse": 0.03,
    "gp": 0.03,
    "housing_not_council": 0.03,
    "voluntary": 0.03,
    "hospital_mental_health": 0.02,
    "fire": 0.01,
    "anonymous": 0.02,
}

# ----------------------------------------------------------------------------------- England

ENGLISH: Final = Figures(
    # 2024-25: 185,270 section 42 and 10,285 other enquiries of 640,240 concerns
    goes_on={"enquiry": 0.289, "other": 0.016, "none": 0.695},
    enquiries_a_person=1.25,  # 2024-25: 1.245; 2023-24: 1.251
    conferences=0.32,  # no English count; the Scottish one, 2021/22: 1,818 of 5,656
    powers=0.0,
    # 2021-22 and 2019-20: neglect 31 %, physical 18.8, psychological 13.6, domestic and
    # self-neglect 5 to 7 each; the others assumed
    types={
        "neglect": 0.31,
        "physical": 0.188,
        "psychological": 0.136,
        "financial": 0.145,
        "domestic": 0.062,
        "self_neglect": 0.060,
        "organisational": 0.045,
        "sexual": 0.036,
        "discriminatory": 0.009,
        "sexual_exploitation": 0.005,
        "modern_slavery": 0.004,
    },
    number_of_types={1: 0.70, 2: 0.24, 3: 0.06},  # 1.36 for each enquiry
    # own home 46 to 48 %, residential homes 23 to 25; the others assumed
    locations={
        "own_home": 0.47,
        "care_home_residential": 0.24,
        "care_home_nursing": 0.10,
        "hospital_acute": 0.04,
        "hospital_mental_health": 0.02,
        "hospital_community": 0.01,
        "in_the_community": 0.05,
        "community_service": 0.03,
        "other": 0.04,
    },
    sources=_SOURCES,
    referrers=_REFERRERS,
    # 2021-22: 18 to 64 about 39 %, 65 to 84 about 35, 85 and over about 26
    ages={(18, 64): 0.39, (65, 74): 0.13, (75, 84): 0.22, (85, 94): 0.22, (95, 101): 0.04},
    genders={"female": 0.595, "male": 0.395, "other": 0.002, "not_known": 0.008},
    ethnicities={
        "white": 0.83,
        "asian": 0.04,
        "black": 0.03,
        "mixed": 0.01,
        "other_group": 0.01,
        "refused": 0.01,
        "not_known": 0.07,
    },
    conditions={
        "mental_health_dementia": 0.22,
        "physical_other": 0.20,
        "mental_health_other": 0.15,
        "learning_disability": 0.13,
        "neurological_stroke": 0.06,
        "physical_copd": 0.05,
        "sensory_hearing": 0.04,
        "autism": 0.03,
        "none": 0.12,
    },
    findings={  # assumed
        "substantiated": 0.36,
        "partly_substantiated": 0.15,
        "not_substantiated": 0.22,
        "inconclusive": 0.21,
        "not_determined": 0.06,
    },
    actions={},
    results={"enquiry": "section_42", "other": "other_enquiry", "none": "no_enquiry"},
    kinds={"enquiry": "section_42", "other": "other_enquiry"},
    closings={
        "none": "no_enquiry",
        "done": "enquiry_concluded",
        "risk": "risk_removed",
        "care": "care_management",
    },
    disposals={
        "advice": 0.30,
        "care_act_assessment": 0.22,
        "none": 0.18,
        "review": 0.14,
        "case_management": 0.10,
        "external_agency": 0.06,
    },
    health=Slug("health-trust"),
    weeks_to_review=6,
    working_days={"begin": (0, 2), "gather": (4, 20), "report": (15, 65), "notice": (8, 18)},
)

# ---------------------------------------------------------------------------------- Scotland

SCOTTISH: Final = Figures(
    # 2021/22: further adult protection action in 51 % of referrals
    goes_on={"enquiry": 0.51, "none": 0.49},
    enquiries_a_person=1.25,  # assumed as in England
    conferences=0.32,  # 2021/22: 1,818 initial conferences of 5,656 investigations
    powers=0.30,  # 2024-25: 32,380 of 46,492 inquiries without powers, roughly
    types={  # assumed
        "physical": 0.20,
        "financial": 0.18,
        "psychological": 0.13,
        "neglect": 0.13,
        "self_neglect": 0.13,
        "self_harm": 0.09,
        "domestic": 0.05,
        "sexual": 0.05,
        "institutional": 0.02,
        "discriminatory": 0.01,
        "trafficking": 0.01,
    },
    number_of_types={1: 0.80, 2: 0.17, 3: 0.03},
    locations={
        "own_home": 0.55,
        "care_home_residential": 0.20,
        "care_home_nursing": 0.06,
        "in_the_community": 0.08,
        "hospital_acute": 0.04,
        "hospital_mental_health": 0.02,
        "other": 0.05,
    },
    sources=_SOURCES,
    referrers={**_REFERRERS, "police": 0.23},  # an unverified 23 % for 2024-25
    # 2021/22 investigations: 37 % aged 25 to 64, 18 % aged 85 and over
    ages={
        (16, 24): 0.08,
        (25, 64): 0.37,
        (65, 74): 0.15,
        (75, 84): 0.22,
        (85, 94): 0.16,
        (95, 101): 0.02,
    },
    genders={"female": 0.547, "male": 0.447, "trans_or_non_binary": 0.001, "not_known": 0.005},
    ethnicities={"white": 0.90, "asian": 0.02, "african": 0.01, "mixed": 0.01, "not_known": 0.06},
    conditions={  # 2021/22: mental health 19 %, infirmity due to age 18 %
        "mental_health": 0.19,
        "infirmity_age": 0.18,
        "dementia": 0.16,
        "learning_disability": 0.13,
        "physical_disability": 0.13,
        "substance_use": 0.10,
        "autism": 0.02,
        "brain_injury": 0.02,
        "none": 0.07,
    },
    findings={},
    actions={  # 2024-25: the commonest, without powers, is other support outside the criteria
        "not_met_other_support": 0.38,
        "not_met_no_action": 0.22,
        "met_other_support": 0.16,
        "met_ongoing": 0.17,
        "met_no_opportunity": 0.05,
        "pending": 0.02,
    },
    results={"enquiry": "inquiry", "none": "criteria_not_met"},
    kinds={"enquiry": "inquiry"},
    closings={
        "none": "criteria_not_met",
        "done": "risk_reduced",
        "risk": "no_longer_at_risk",
        "care": "care_management",
    },
    disposals={
        "advice": 0.30,
        "social_work_assessment": 0.24,
        "none": 0.18,
        "care_management": 0.12,
        "health": 0.10,
        "external_agency": 0.06,
    },
    health=Slug("health-board"),
    weeks_to_review=13,
    working_days={"begin": (0, 1), "gather": (1, 3), "report": (3, 5), "notice": (4, 5)},
)

FIGURES: Final[Mapping[str, Figures]] = {
    Code("england"): ENGLISH,
    Code("scotland"): SCOTTISH,
}
