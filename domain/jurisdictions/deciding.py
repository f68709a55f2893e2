"""The lists of what conferences decide beyond findings and plans, which both nations share.

`not_decided`, `not_recorded` and `not_known` are different answers and stay different codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_NOT_RECORDED: Final = {"not_recorded": "Not recorded"}
_OTHER: Final = {"other": "Other"}

PLANS: Final[Mapping[str, Mapping[str, str]]] = {
    "plan_disagreement": {  # R74
        "adult": "The adult did not agree",
        "representative": "The representative did not agree",
        "best_interests": "Not found to be in the adult's best interests",
        "agency": "An agency did not agree",
        **_OTHER,
        **_NOT_RECORDED,
    },
    "plan_involvement": {  # R48
        "made_it_together": "Made it together with the adult",
        "chose_parts": "The adult chose or changed parts of it",
        "consulted": "The adult was consulted",
        "through_representative": "Through a representative or an advocate",
        "declined": "The adult did not wish to take part",
        "not_able": "The adult was not able to take part",
        **_NOT_RECORDED,
    },
    "review_process": {  # R97
        "care_management": "Care management review",
        "care_programme_approach": "Care programme approach",
        "health_and_social_care": "Health and social care review",
        **_OTHER,
    },
    "pach_review_result": {  # R78
        "more_needed": "More is needed",
        "nothing_more": "Nothing more is needed",
        "not_decided": "Not decided",
    },
}

ACTING: Final[Mapping[str, Mapping[str, str]]] = {
    "further_action": {  # R69
        "action": "No further action is needed",
        "information": "No further information is needed",
        "both": "Neither further action nor information is needed",
    },
    "support_for": {  # R80, R81
        "adult": "For the adult",
        "carer": "For a carer",
    },
    "offer_answer": {
        "accepted": "Accepted",
        "declined": "Declined",
        "considering": "Being considered",
        **_NOT_RECORDED,
    },
}

WEIGHING: Final[Mapping[str, Mapping[str, str]]] = {
    "legal_advice": {  # R72
        "needed": "Legal advice is needed",
        "not_needed": "No legal advice is needed",
        "not_decided": "Not decided",
    },
    "regulatory_action": {  # R73
        "needed": "To be told, or asked to act",
        "not_needed": "Not needed",
        "not_decided": "Not decided",
    },
    "regulatory_referral": {
        "make": "To make the referral",
        "not_make": "Not to make it",
    },
    "proceedings_kind": {  # R86
        "criminal": "Criminal",
        "civil": "Civil",
        "disciplinary": "Disciplinary",
    },
    "proceedings_standard": {  # R86
        "beyond_reasonable_doubt": "Beyond reasonable doubt",
        "balance_of_probabilities": "Balance of probabilities",
    },
    "proceedings_status": {  # R87
        "pending": "Not decided yet",
        "begun": "Begun",
        "not_to_be_brought": "Not to be brought",
        "not_known": "Not known",
    },
    "proceedings_outcome": {  # R87
        "conviction_or_caution": "Conviction or caution",
        "acquittal": "Acquittal",
        "insufficient_evidence": "Not brought: insufficient evidence",
        "not_in_public_interest": "Not brought: not in the public interest",
        "order_made": "An order was made",
        "claim_upheld": "The claim was upheld",
        "claim_dismissed": "The claim was dismissed",
        "misconduct_found": "Misconduct was found",
        "no_misconduct_found": "No misconduct was found",
        "withdrawn": "Withdrawn or settled",
        "no_further_action": "No further action",
        "not_known": "Not known",
        **_OTHER,
    },
}

SHARING: Final[Mapping[str, Mapping[str, str]]] = {
    "shared_item": {  # R82, R203
        "plan": "The plan",
        "risk_assessment": "The assessment of risk",
        "report": "A report",
        "concern": "The concern and what is alleged",
        "outcome": "The outcome",
        "needs": "The adult's needs and how to meet them",
        "pach": "About the person alleged to have caused harm",
        "chronology": "A chronology",
        **_OTHER,
    },
    "sharing_decision": {
        "share": "To share",
        "share_part": "To share a part",
        "not_share": "Not to share",
    },
    "sharing_basis": {  # R77, R82
        "adults_consent": "The adult's consent",
        "legal_duty": "A duty in law",
        "public_task": "A public body's task in law",
        "vital_interests": "To protect somebody's life",
        "safeguarding": "Safeguarding of an adult at risk, without consent",
        "prevention_of_crime": "Prevention or detection of crime",
        "court_order": "An order of a court",
        **_NOT_RECORDED,
    },
}

DECISIONS: Final[Mapping[str, Mapping[str, str]]] = {**PLANS, **ACTING, **WEIGHING, **SHARING}
