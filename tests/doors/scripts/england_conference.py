"""The English case at its conference: two parts, what was heard, found and agreed.

The first part is without her and without the person alleged to have caused harm; both are in the
second. Everybody in it is invented.
"""

from __future__ import annotations

from typing import Any, Final

from tests.doors.scripted import Json
from tests.doors.scripts.asked import At, New, Step, The, Who, each, hour, step
from tests.doors.scripts.england_enquiry import HELD
from tests.doors.scripts.england_invited import line

REVIEW_ON: Final = "2025-03-24"
_AT: Final[Json] = {"conference": The("conference")}


def _chair(command: str, /, **fields: Any) -> Step:  # noqa: ANN401 — any JSON
    """Give a step of the chair's at the conference."""
    return step(HELD, "chair", command, **_AT, **fields)


def _apart(command: str, /, **fields: Any) -> Step:  # noqa: ANN401 — any JSON
    """Give a step of the chair's in the first part."""
    return _chair(command, part=1, **fields)


_PROFESSIONALS: Final = [
    line("chair", "chair", "council", "Led it, and said what may not leave the room."),
    line("minute taker", "minute_taker", "council", "Took the notes."),
    line("officer", "investigating_officer", "council", "Gave the report."),
    line("lawyer", "legal", "council", "Said what the council could apply for."),
    line("police", "police", "police", "Said what the bank's records show."),
    line("police manager", "agency_manager", "police", "Agreed what may be said in part two."),
    line("nurse", "other_health", "health-trust", "Said what the blood tests show."),
    line("health manager", "agency_manager", "health-trust", "Offered the daily visit."),
    line("provider", "agency_manager", "meadow-home-care", "Differed about two mornings."),
    line("GP", "gp", "larkfield-practice", "", how="apology"),
]

_HELD: Final = [
    step(
        HELD,
        "minute_taker",
        "hold-conference",
        **_AT,
        parts=[],
    ),
    step(
        HELD,
        "minute_taker",
        "hold-conference-part",
        **_AT,
        part={
            "number": 1,
            "reason": "criminal_investigation",
            "professionals_only": True,
            "started": hour(HELD, "10:00"),
            "ended": hour(HELD, "10:50"),
            "attendances": _PROFESSIONALS,
        },
    ),
    step(
        HELD,
        "minute_taker",
        "hold-conference-part",
        **_AT,
        part={
            "number": 2,
            "reason": "with_adult",
            "started": hour(HELD, "11:00"),
            "ended": hour(HELD, "12:35"),
            "attendances": [
                {
                    "role": "adult",
                    "attendance": "attended",
                    "participation": "Spoke first and last, and changed two points.",
                },
                line("friend", "supporter", None, "Sat beside her and spoke when she asked."),
                line("son there", "family", None, "Heard it, and said what he will do."),
                *_PROFESSIONALS,
            ],
        },
    ),
    step(HELD, "minute_taker", "keep-raw-notes", **_AT, document=New("notes"), form="handwritten"),
]

# ----------------------------------------------------------------------- what was heard

_HEARD: Final = [
    _chair(
        "present-adult-views",
        part=2,
        presenter_role="adult",
        views="I want to stay in my own home and I want my money where I can see it.",
        response="The meeting made both the aim of the plan.",
        own_words=True,
    ),
    _chair(
        "consider-report",
        kind="investigation",
        organisation="council",
        stated_wishes="yes",
        proposed_outcomes="yes",
    ),
    *each(
        HELD,
        "chair",
        "consider-report",
        [{"organisation": one} for one in ("police", "health-trust", "meadow-home-care")],
        **_AT,
        kind="agency",
    ),
    _chair(
        "consider-report",
        kind="specialist",
        organisation="health-trust",
        report=The("pharmacist's report"),
    ),
    _chair(
        "assess-need",
        part=2,
        needs=["medication", "money", "carer_support"],
        summary="Somebody to give the tablets, a way to see her money, and a rest for her son.",
    ),
    _chair(
        "assess-risk",
        level="medium",
        before="high",
        recurrence="possible",
        factors="The tablets are given by others now; the card is still in the house.",
        rationale="One risk has fallen and the other has not.",
    ),
    _chair(
        "explain-risk-to-adult",
        part=2,
        risks="What it would mean to bleed, or to have another stroke.",
        by=Who("practitioner"),
        method="in_person",
        sensitive="yes",
    ),
]

# ----------------------------------------------------------------------- what was found

_FOUND: Final = [
    _chair(
        "find-on-allegation",
        allegation=The("neglect"),
        finding="substantiated",
        rationale="The count of the tablets, the blood tests and his own account agree.",
        decided_by=["council", "police", "health-trust"],
        dissent="Meadow Home Care holds that on two of the mornings she had refused them.",
    ),
    _chair(
        "find-on-allegation",
        allegation=The("money"),
        finding="inconclusive",
        rationale="She did ask him for some of it; for 640 pounds there is neither note nor word.",
        decided_by=["council", "police", "health-trust", "meadow-home-care"],
    ),
    _chair(
        "decide-residual-concern-action",
        allegation=The("money"),
        concern="The card and its number are still known to him.",
        action="The bank gives her a new card, and Bet goes with her to fetch it.",
    ),
    *each(
        HELD,
        "chair",
        "record-agency-position",
        [
            {"organisation": "council", "position": "agrees"},
            {"organisation": "police", "position": "agrees"},
            {"organisation": "health-trust", "position": "agrees"},
            {
                "organisation": "meadow-home-care",
                "position": "disagrees",
                "reasons": "Two of the nine mornings were refusals, and were not written down.",
            },
        ],
        **_AT,
    ),
    _chair(
        "record-dissent",
        organisation="meadow-home-care",
        role="agency_manager",
        reasons="It agrees with the plan, and not with the number of days found.",
    ),
    _apart(
        "consider-legal-advice",
        decision="needed",
        rationale="Whether a deputy could be asked for if the money goes on missing.",
    ),
    _apart(
        "obtain-legal-advice",
        organisation="council",
        advice="While she has capacity for her money there is nothing to apply for.",
        privileged="yes",
    ),
    _chair(
        "consider-regulatory-action",
        part=2,
        body="care_quality_commission",
        decision="not_needed",
        rationale="The provider put its own records right within the week.",
    ),
    _apart(
        "consider-proceedings",
        proceedings=New("criminal proceedings"),
        kind="criminal",
        status="pending",
        brought_by="police",
        rationale="Not enough evidence today does not bind anybody else; the police will say.",
    ),
]

# ----------------------------------------------------------------------- what was agreed

_PLAN: Final = [
    _chair(
        "agree-plan",
        plan=New("plan"),
        terms={
            "kind": "protection",
            "agreed_with": "adult",
            "aim": "minimise",
            "risks": [
                {"risk": "Tablets are missed.", "aim": "remove", "to_others": "no"},
                {
                    "risk": "Her card is used without her.",
                    "aim": "minimise",
                    "to_others": "no",
                },
            ],
            "actions": [
                {
                    "action": New("tablets"),
                    "target": "adult",
                    "kind": "safety",
                    "description": "The trust's nurse gives the tablets at nine each morning.",
                    "owner": "health-trust",
                    "due": "2025-02-12",
                    "horizon": "immediate",
                    "outcome": The("wish"),
                },
                {
                    "action": New("statement"),
                    "target": "adult",
                    "kind": "safety",
                    "description": "A new card, and the statements come to her in large print.",
                    "owner": "council",
                    "owner_worker": Who("practitioner"),
                    "due": "2025-02-21",
                    "outcome": The("wish"),
                },
                {
                    "action": New("visits"),
                    "target": "adult",
                    "kind": "involvement",
                    "description": "Oona sees her alone each fortnight and asks how it goes.",
                    "owner": "council",
                    "owner_worker": Who("practitioner"),
                    "due": "2025-02-24",
                },
                {
                    "action": New("rest"),
                    "target": "carer",
                    "kind": "support",
                    "description": "Two free afternoons a week for her son.",
                    "owner": "meadow-home-care",
                    "due": "2025-03-03",
                    "horizon": "longer_term",
                },
            ],
            "coordinator": Who("practitioner"),
            "coordinator_role": "Social worker",
            "monitored_by": "council",
            "contingency": "If a morning is missed the nurse rings the duty desk the same day.",
            "sharing": [
                {"organisation": "health-trust", "role": "other_health", "content": "full"},
                {
                    "organisation": "meadow-home-care",
                    "role": "provider",
                    "content": "actions_only",
                },
                {"organisation": "police", "role": "police", "content": "summary"},
            ],
            "views_sought": "sought_expressed",
            "adults_part": "She chose the hour, and struck out a key safe she did not want.",
            "review": "dated",
            "review_on": REVIEW_ON,
        },
    ),
    step(
        HELD,
        "chair",
        "set-review-date",
        plan=The("plan"),
        reason="plan_may_not_reduce_risk",
        on=REVIEW_ON,
    ),
    _chair(
        "agree-contingency",
        part=2,
        plan=The("plan"),
        trigger="The card is used again without her.",
        measure="Bet rings the bank with her, the same day.",
        owner="council",
    ),
    _chair(
        "seek-adult-plan-views",
        part=2,
        plan=The("plan"),
        steps=["in_person"],
        result="sought_expressed",
        views="Nine o'clock, and by the front door.",
    ),
    _chair(
        "record-adult-plan-involvement",
        part=2,
        plan=The("plan"),
        involvement="made_it_together",
        contributions="The hour, the door, and what the pendant is called.",
    ),
    *each(
        HELD,
        "chair",
        "record-agency-agreement",
        [{"organisation": one} for one in ("council", "police", "health-trust")],
        **_AT,
        part=2,
        matters=["risk", "need", "plan"],
        agrees="yes",
    ),
    _chair(
        "agree-support-service",
        part=2,
        beneficiary="adult",
        service="telecare",
        provider="council",
        planned_start="2025-02-17",
        note="A pendant, which she tried and liked.",
    ),
    _chair(
        "offer-carer-assessment",
        part=2,
        carer=The("son"),
        answer="accepted",
        note="He has cared for six years and never been asked.",
    ),
    _chair(
        "decide-information-sharing",
        item="outcome",
        organisation="larkfield-practice",
        role="gp",
        decision="share",
        basis="adults_consent",
        necessity="He prescribes the tablets.",
    ),
    _apart(
        "request-information",
        organisation="police",
        what="Whether the bank holds pictures from the machine.",
        due="2025-03-10",
    ),
    _chair(
        "decide-further-conference",
        decision="needed",
        by_date=REVIEW_ON,
        rationale="To see whether the money can be followed now.",
    ),
]

# About whoever is alleged to have caused harm: apart from the plan.
_HARM: Final = [
    _apart(
        "decide-pach-action",
        action=New("police interview"),
        pach=The("son"),
        kind="police",
        description="The police speak with him about the 640 pounds.",
        owner="police",
        due="2025-03-10",
    ),
    _chair(
        "decide-pach-action",
        action=New("carer's course"),
        pach=The("son"),
        kind="support",
        description="A carers' course on medicines.",
        owner="health-trust",
        due="2025-03-14",
    ),
    _apart(
        "review-pach-actions",
        pach=The("son"),
        result="more_needed",
        adult_at_risk="no",
        summary="So far he was only asked not to give the tablets.",
    ),
]

_TELLING: Final = [
    _chair("assign-feedback", audience="adult", assignee=Who("practitioner")),
    _chair(
        "name-challenge-contact",
        contact="Femi Adair, in writing or by telephone, within ten days or later.",
        told_adult="yes",
    ),
    _chair(
        "decide-pach-feedback",
        audience="pach",
        pach=The("son"),
        content="limited",
        rationale="What was found on each, and not what the police asked the bank.",
        assignee=Who("practitioner"),
        due="2025-02-12",
    ),
]

# ------------------------------------------------------- the nineteen considerations, in order

CONSIDERED: Final = (
    ("investigation_report", "Oona took the meeting through it; her wishes are on its first page."),
    ("agency_reports", "The police, the trust and Meadow Home Care were each heard and asked."),
    ("current_risk", "Medium: lower for the tablets, not for the money."),
    ("whether_abuse_occurred", "Each allegation was taken by itself, on what is more likely."),
    ("recurrence", "Possible, while he has the card's number."),
    ("further_action_or_information", "The pictures from the machine are asked for."),
    ("views_and_wishes", "Her two wishes were read back to her; both can be met."),
    ("legal_advice", "The council's lawyer advised in the first part."),
    ("statutory_or_regulatory_action", "None is called for; the provider has put it right."),
    ("plan_reviewed_or_agreed", "The interim plan worked, and is taken into the new one."),
    ("monitoring_and_coordination", "The council watches over it and Oona coordinates."),
    ("contingency", "One missed morning is enough to ring."),
    ("sharing_of_plan", "In full to the trust, their own part to the provider."),
    ("actions_about_pach", "Decided apart from the plan; help for him is part of it."),
    ("residual_concern", "The money was not proved, and the card is changed all the same."),
    ("support_and_services", "A pendant for her and an assessment for her son."),
    ("further_sharing", "The outcome goes to her GP, as she wishes."),
    ("review_date", "Six weeks, since the plan may not bring the risk about money down."),
    ("further_conference", "One more, on the day of the review."),
)
# What of them was taken in the first part.
CONSIDERED_APART: Final = frozenset(
    {"further_action_or_information", "legal_advice", "actions_about_pach"}
)
_AGENDA: Final = each(
    HELD,
    "chair",
    "consider-agenda-item",
    [
        {"item": item, "discussion": said, "part": 1 if item in CONSIDERED_APART else 2}
        for item, said in CONSIDERED
    ],
    **_AT,
    outcome="decided",
)

CONFERENCE: Final[list[Step]] = [
    *_HELD,
    *_HEARD,
    *_FOUND,
    *_PLAN,
    *_HARM,
    *_TELLING,
    *_AGENDA,
    step(
        "2025-02-11",
        "minute_taker",
        "circulate-decisions",
        **_AT,
        decisions=[At("agree-plan"), At("decide-further-conference")],
        recipients=[
            {"role": "other_health", "organisation": "health-trust", "method": "secure_email"},
            {"role": "police", "organisation": "police", "method": "secure_email"},
            {"role": "agency_manager", "organisation": "meadow-home-care"},
        ],
    ),
]
