"""The Scottish year at its initial conference, and the banning order it asks for.

Everybody in it is invented.
"""

from __future__ import annotations

from typing import Any, Final

from tests.doors.scripted import Json
from tests.doors.scripts.asked import New, Paper, Step, The, Who, step
from tests.doors.scripts.scotland_inquiry import AGENCIES, CRITERIA, INITIAL
from tests.doors.scripts.scotland_meetings import (
    BAN_ENDS,
    BANNED,
    REVIEWS,
    called,
    heard,
    parts,
    written,
)

_NAME: Final = "initial conference"
_AT: Final[Json] = {"conference": The(_NAME)}


def _chair(command: str, /, **fields: Any) -> Step:  # noqa: ANN401 — any JSON
    """Give a step of the chair's at the conference."""
    return step(INITIAL, "chair", command, **_AT, **fields)


_LED: Final = [
    *called(_NAME, "initial", "investigation", "2024-02-22", INITIAL),
    step(
        "2024-02-22",
        "practitioner",
        "table-chronology",
        **_AT,
        multi_agency="yes",
        covers_from="2023-11",
        covers_to="2024-02",
    ),
    step(
        "2024-02-22",
        "practitioner",
        "table-report",
        **_AT,
        report=The("report"),
        kind="investigation",
        organisation="council",
        content=Paper("the report of the inquiry"),
    ),
    step(
        "2024-02-22",
        "chair",
        "set-report-confidentiality",
        **_AT,
        set_by=Who("chair"),
        arrangement="attendees_only",
        return_or_destroy="return",
    ),
    step(
        INITIAL,
        "minute_taker",
        "hold-conference",
        **_AT,
        parts=parts(_NAME, INITIAL, "Said what she wants, twice."),
    ),
    *heard(
        _NAME,
        INITIAL,
        "I want my own key and nobody else's.",
        "A lock today and a court this week.",
    ),
]
_DECIDED: Final = [
    _chair(
        "assess-need",
        needs=["safety_at_home", "nutrition", "money"],
        summary="A door, food in the house, and her own card.",
    ),
    _chair(
        "assess-risk",
        level="high",
        recurrence="very_likely",
        factors="He is there at all hours.",
        rationale="Nothing yet keeps him out.",
    ),
    _chair(
        "determine-adult-at-risk-status",
        status="at_risk",
        criteria_met=list(CRITERIA),
        rationale="All three points are met today.",
    ),
    _chair(
        "consider-protection-order",
        order="banning",
        decision="apply",
        adult_consents="yes",
        rationale="The harm is serious, and she is safer where she is than moved.",
    ),
    _chair(
        "consider-protection-order",
        order="removal",
        decision="not_apply",
        adult_consents="no",
        rationale="It is her house, and he is to leave it.",
    ),
    _chair("consider-legal-advice", decision="needed", rationale="For the application."),
]
_AGREED: Final = [
    _chair(
        "agree-plan",
        plan=New("plan"),
        terms={
            "agreed_with": "adult",
            "aim": "remove",
            "actions": [
                {
                    "action": New("lock"),
                    "target": "environment",
                    "kind": "safety",
                    "owner": "calder-housing",
                    "due": "2024-03-01",
                    "outcome": The("wish"),
                    "description": "A new door and a lock, with one key.",
                },
                {
                    "action": New("meals"),
                    "target": "adult",
                    "kind": "support",
                    "owner": "health-board",
                    "due": "2024-03-07",
                    "description": "A dietitian, and a meal a day to begin with.",
                },
                {
                    "action": New("patrol"),
                    "target": "adult",
                    "kind": "safety",
                    "owner": "police",
                    "due": "2024-03-01",
                    "description": "The police pass each evening.",
                },
            ],
            "coordinator": Who("practitioner"),
            "coordinator_role": "Council officer",
            "monitored_by": "council",
            "contingency": "If he is seen inside she rings the number on the fridge.",
            "sharing": [
                {"organisation": one, "role": "agency_manager", "content": "full"}
                for one in AGENCIES[1:]
            ],
            "views_sought": "sought_expressed",
            "adults_part": "She chose the lock, and who holds the spare key: nobody.",
            "review": "dated",
            "review_on": REVIEWS[0][0],
        },
    ),
    _chair(
        "decide-pach-action",
        action=New("police letter"),
        pach=The("lodger"),
        kind="police",
        owner="police",
        due="2024-03-08",
        description="The police speak with him.",
    ),
    _chair(
        "decide-pach-action",
        action=New("housing offer"),
        pach=The("lodger"),
        kind="support",
        owner="calder-housing",
        due="2024-03-15",
        description="He is offered advice about a room of his own.",
    ),
    _chair(
        "decide-further-conference",
        decision="needed",
        by_date=REVIEWS[0][0],
        rationale="The order is to be looked at once it has run for a while.",
    ),
    _chair("assign-feedback", audience="adult", assignee=Who("practitioner")),
    _chair(
        "decide-pach-feedback",
        audience="pach",
        content="outcome",
        assignee=Who("practitioner"),
        rationale="That a court is asked, by its papers.",
    ),
]
_AFTER: Final = [
    *written(_NAME, INITIAL, "2024-03-01", "2024-03-07"),
    step("2024-03-01", "practitioner", "send-plan-to-adult", plan=The("plan"), method="by_hand"),
    step("2024-03-01", "practitioner", "give-feedback", audience="referrer", content="limited"),
    step("2024-03-01", "practitioner", "complete-action", action=The("lock"), result="done"),
    step("2024-03-01", "practitioner", "complete-action", action=The("patrol"), result="done"),
    step("2024-03-07", "practitioner", "complete-action", action=The("meals"), result="done"),
    step(
        "2024-03-08",
        "practitioner",
        "complete-action",
        action=The("police letter"),
        result="done",
    ),
    step(
        "2024-03-15",
        "practitioner",
        "complete-action",
        action=The("housing offer"),
        result="done",
    ),
]
BAN: Final = [
    step(
        "2024-03-04",
        "practitioner",
        "apply-for-protection-order",
        order=New("ban"),
        kind="banning",
        conference=The("initial conference"),
        applicant="council",
        adult_consents="yes",
        undue_pressure="not_in_question",
        subject=The("lodger"),
        grounds="He holds the house and her card against her.",
        planned_hearing=BANNED,
    ),
    step(
        BANNED,
        "practitioner",
        "record-protection-order-granted",
        order=The("ban"),
        granted_by="sheriff",
        sheriff="Sheriff A. Moncreiff",
        court="inverlaw-sheriff-court",
        adult_consents="yes",
        undue_pressure="not_in_question",
        power_of_arrest="yes",
        conditions="Not to come within fifty metres of the house.",
        effective_from=BANNED,
        expires_on=BAN_ENDS,
    ),
    step(
        BANNED,
        "practitioner",
        "record-protection-order-executed",
        order=The("ban"),
        served_on_subject="yes",
        property_protected="yes",
        note="He left with two bags.",
    ),
    step(
        "2024-04-11",
        "practitioner",
        "record-protection-order-varied",
        order=The("ban"),
        change="The bus stop is taken into the area.",
        expires_on=BAN_ENDS,
    ),
    step(
        BAN_ENDS,
        "practitioner",
        "record-protection-order-expired",
        order=The("ban"),
        afterwards="The police and the landlord have the plan; he is told to keep away.",
    ),
]

CONFERENCE: Final[list[Step]] = [*_LED, *_DECIDED, *_AGREED, *_AFTER, *BAN]
