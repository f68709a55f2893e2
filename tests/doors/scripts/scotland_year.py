"""A complete Scottish year: referral, inquiry, orders, conference, core groups, reviews, closing.

Everybody in it is invented.
"""

from __future__ import annotations

from typing import Final

from tests.doors.scripts.asked import Tale, The, step
from tests.doors.scripts.scotland_conference import CONFERENCE
from tests.doors.scripts.scotland_inquiry import BEFORE, PEOPLE, WORKERS
from tests.doors.scripts.scotland_reviews import MEETINGS

CLOSED: Final = "2025-02-10"
_WHY: Final = "He is gone, the door is hers, and she manages her money."
_ENDED: Final = [
    step(
        "2025-02-05",
        "practitioner",
        "evaluate-desired-outcome",
        outcome=The("wish"),
        status="fully_achieved",
        evaluated_by="adult",
        words="One key. Look.",
    ),
    step(
        "2025-02-05",
        "practitioner",
        "record-adult-satisfaction",
        satisfied="yes",
        by_whom="adult",
        in_own_words="You came back each time you said you would.",
    ),
    step(
        "2025-02-05",
        "practitioner",
        "record-adult-outcome",
        outcomes=["advocacy_imca_referral", "finance_access_management"],
    ),
    step(
        "2025-02-06",
        "manager",
        "conclude-enquiry",
        enquiry=The("inquiry"),
        concluded_on="2025-02-06",
        triples=[
            {"type": "psychological", "source": "known_not_related", "location": "own_home"},
            {"type": "financial", "source": "known_not_related", "location": "own_home"},
        ],
        risks_found=[{"source": "known", "action": "action_taken", "outcome": "removed"}],
        capacity="did_not_lack",
        outcomes="expressed_fully_achieved",
        health_conditions=["brain_injury"],
        action="not_met_other_support",
        rationale=_WHY,
    ),
    step(
        "2025-02-07",
        "practitioner",
        "record-adult-views-on-closure",
        views="agrees",
        given_by="adult",
        words="Aye. I have the number.",
        explored="yes",
    ),
    step(
        CLOSED,
        "manager",
        "close-case",
        reason="no_longer_at_risk",
        views="agrees",
        rationale=_WHY,
        review_considered="yes",
        contact_given="yes",
        informed=["police", "health-board", "calder-housing"],
    ),
    step(
        CLOSED,
        "manager",
        "set-retention-class",
        retention_class="case_record",
        trigger="case_closed",
        review_on="2031-02-07",
        rationale=_WHY,
    ),
]
YEAR: Final = Tale(
    nation="scotland",
    people=PEOPLE,
    workers=WORKERS,
    steps=tuple(sorted((*BEFORE, *CONFERENCE, *MEETINGS, *_ENDED), key=lambda one: one.day)),
)
# The same up to the minutes of its first review.
TALE: Final = YEAR.until("2024-05-31")
