"""The lists of what follows from the outcomes, which both nations share.

What only one nation's law says (grounds for barring, criteria of a review, who regulates care, and
how an outcome is called there) stands in that nation's value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_NOT_RECORDED: Final = {"not_recorded": "Not recorded"}
_OTHER: Final = {"other": "Other"}

FOLLOWING: Final[Mapping[str, Mapping[str, str]]] = {
    "leaving_reason": {  # R134
        "resigned": "Resigned",
        "retired": "Retired",
        "redundant": "Made redundant",
        "transferred": "Transferred to other work",
        **_NOT_RECORDED,
    },
    "process_concern": {  # R141
        "safeguarding_process": "How the safeguarding process was carried out",
        "interagency_working": "How agencies worked together",
        **_OTHER,
    },
    "change_area": {  # R139
        "staffing": "Staffing",
        "recruitment": "Recruitment",
        "training": "Training",
        "practice_and_culture": "Working practices and culture",
        "risk_monitoring": "Monitoring of risk",
        "quality_assurance": "Quality assurance",
        **_OTHER,
    },
    "change_source": {  # R139, R140
        "conference": "A case conference",
        "enquiry": "The enquiry",
        "complaint": "A complaint",
        "review": "A statutory review",
        "serious_incident": "A serious incident process",
        "regulator": "A regulator",
        **_OTHER,
        **_NOT_RECORDED,
    },
    "issue_about": {  # R170
        "decision": "A decision of the conference",
        "plan": "The plan",
        "minutes": "The minutes",
        "conduct": "How the conference was conducted",
        "enquiry": "The enquiry",
        **_OTHER,
        **_NOT_RECORDED,
    },
    "issue_outcome": {  # R170
        "changed": "Something was changed",
        "explained": "Explained; nothing was changed",
        "further_conference": "Goes to a further conference",
        "complaint": "Goes to the complaints procedure",
        "withdrawn": "Withdrawn by the adult",
        **_OTHER,
        **_NOT_RECORDED,
    },
    "pach_information": {  # R167
        "none": "Nothing",
        "outcome_only": "The outcome alone",
        "safety_only": "What keeps the adult safe",
        "full": "All that stands in the copy",
        **_NOT_RECORDED,
    },
}
