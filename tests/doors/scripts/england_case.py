"""A complete English case with a conference in two parts, from the concern to its closing.

Everybody in it is invented.
"""

from __future__ import annotations

from typing import Final

from tests.doors.scripts.asked import Tale, The, step
from tests.doors.scripts.england_afterwards import AFTERWARDS
from tests.doors.scripts.england_conference import CONFERENCE, REVIEW_ON
from tests.doors.scripts.england_enquiry import ENQUIRY, PEOPLE, WORKERS
from tests.doors.scripts.england_invited import PREPARED
from tests.doors.scripts.england_minutes import MINUTES
from tests.doors.scripts.england_review import REVIEW

CLOSED: Final = "2025-04-07"


_CLOSED: Final = [
    step(
        REVIEW_ON,
        "practitioner",
        "evaluate-desired-outcome",
        outcome=The("wish"),
        status="fully_achieved",
        evaluated_by="adult",
        words="I am in my own chair, am I not.",
    ),
    step(
        REVIEW_ON,
        "practitioner",
        "record-adult-satisfaction",
        satisfied="yes",
        by_whom="adult",
        in_own_words="You asked me before you did things.",
    ),
    step(
        "2025-04-02",
        "practitioner",
        "record-adult-outcome",
        outcomes=["care_package_change", "finance_access_management"],
    ),
    step(
        "2025-04-02",
        "practitioner",
        "record-pach-outcome",
        subject="individual",
        outcomes=["police_action", "assessment_or_services_offered"],
    ),
    step(
        "2025-04-02",
        "practitioner",
        "record-risk-outcome",
        allegation=The("neglect"),
        action="action_taken",
        outcome="removed",
        rationale="The nurse gives the tablets.",
    ),
    step(
        "2025-04-02",
        "practitioner",
        "record-risk-outcome",
        allegation=The("money"),
        action="action_taken",
        outcome="reduced",
        rationale="She sees what leaves her account.",
    ),
    step(
        "2025-04-03",
        "manager",
        "conclude-enquiry",
        enquiry=The("enquiry"),
        concluded_on="2025-04-03",
        triples=[
            {"type": "neglect", "source": "known_relative", "location": "own_home"},
            {"type": "financial", "source": "known_relative", "location": "own_home"},
        ],
        risks_found=[{"source": "known", "action": "action_taken", "outcome": "reduced"}],
        capacity="did_not_lack",
        outcomes="expressed_fully_achieved",
        primary_support_reason="physical",
        health_conditions=["neurological_stroke"],
        rationale="Both risks are as low as she wants them made.",
    ),
    step(
        "2025-04-04",
        "practitioner",
        "record-adult-views-on-closure",
        views="agrees",
        given_by="adult",
        words="I know whom to ring.",
        explored="yes",
    ),
    step(
        "2025-04-04",
        "practitioner",
        "consider-review-referral",
        view="do_not_refer",
        raised_by="manager",
        rationale="She is well, and the agencies worked together.",
    ),
    step(
        "2025-04-04",
        "practitioner",
        "complete-closure-checklist",
        items=[
            {"item": one, "answer": "done"}
            for one in (
                "adults_agreement",
                "contact_given",
                "organisations_informed",
                "referrer_feedback",
                "pach_action",
                "outcomes_evaluated",
                "review_considered",
                "lessons",
            )
        ]
        + [
            {"item": one, "answer": "not_needed"}
            for one in ("other_service_users", "childrens_referral")
        ],
    ),
    step(
        "2025-04-04",
        "practitioner",
        "propose-closure",
        reason="risk_reduced",
        rationale="The plan has ended and the help goes on.",
    ),
    step(
        CLOSED,
        "manager",
        "close-case",
        reason="risk_reduced",
        views="agrees",
        views_words="I know whom to ring.",
        rationale="The plan has ended and the help goes on.",
        review_considered="yes",
        contact_given="yes",
        informed=["police", "health-trust", "meadow-home-care"],
    ),
    step(
        CLOSED,
        "manager",
        "set-retention-class",
        retention_class="case_record",
        trigger="case_closed",
        started=CLOSED,
        rationale="As the schedule has it.",
    ),
]

TALE: Final = Tale(
    nation="england",
    people=PEOPLE,
    workers=WORKERS,
    steps=tuple(
        sorted(
            (*ENQUIRY, *PREPARED, *CONFERENCE, *MINUTES, *AFTERWARDS, *REVIEW, *_CLOSED),
            key=lambda one: one.day,
        )
    ),
)
