"""The English case at its review.

Everybody in it is invented.
"""

from __future__ import annotations

from typing import Any, Final

from tests.doors.scripted import Json
from tests.doors.scripts.asked import At, New, Paper, Step, The, Who, each, hour, step
from tests.doors.scripts.england_conference import REVIEW_ON
from tests.doors.scripts.england_invited import GUESTS, PLACE, line

_REVIEW: Final[Json] = {"conference": The("review")}


_HELPER: Final[Json] = {
    "role": "other",
    "role_other": "The carer who comes at six",
    "organisation": "meadow-home-care",
}
_PREPARED: Final = [
    step(
        "2025-03-12",
        "manager",
        "convene-conference",
        conference=New("review"),
        kind="review",
        reason="review",
        planned_for=REVIEW_ON,
        convened_role="lead_agency_manager",
        agencies=["council", "health-trust", "meadow-home-care"],
    ),
    step(
        "2025-03-12",
        "manager",
        "appoint-chair",
        **_REVIEW,
        chair=Who("chair"),
        role="independent_chair",
        organisation="council",
        agency="social_work",
        basis="independent",
        line_management_link="no",
    ),
    step(
        "2025-03-12",
        "manager",
        "appoint-minute-taker",
        **_REVIEW,
        minute_taker=Who("minute_taker"),
        organisation="council",
    ),
    *each(
        "2025-03-12",
        "practitioner",
        "invite-participant",
        [
            {
                "participant": New(f"{who} at the review"),
                "role": role,
                "organisation": agency,
                "name": name,
            }
            for who, role, agency, name in GUESTS
            if who in {"chair", "minute taker", "officer", "nurse", "health manager", "provider"}
        ],
        **_REVIEW,
    ),
    step(
        "2025-03-12",
        "practitioner",
        "invite-participant",
        **_REVIEW,
        participant=New("friend at the review"),
        role="supporter",
        person=The("neighbour"),
        name="Bet Tranmer",
    ),
    step(
        "2025-03-12",
        "practitioner",
        "request-agency-report",
        **_REVIEW,
        agency="health-trust",
        subject="Her blood since the meeting.",
        due_on="2025-03-21",
    ),
    step(
        "2025-03-20",
        "practitioner",
        "receive-agency-report",
        **_REVIEW,
        agency="health-trust",
        report=New("nurse's second report"),
        summary="In range at each of six tests.",
    ),
    step(
        "2025-03-13",
        "practitioner",
        "invite-adult",
        **_REVIEW,
        method="in_person",
        supports=["supporter"],
    ),
    step(
        "2025-03-13",
        "practitioner",
        "inform-adult-of-conference",
        **_REVIEW,
        method="in_person",
        purpose_explained=True,
        attendees_named=True,
    ),
    step(
        "2025-03-13",
        "practitioner",
        "record-adult-attendance-view",
        **_REVIEW,
        wishes_to_attend="yes",
        wishes_supporter="yes",
    ),
    step(
        "2025-03-13",
        "practitioner",
        "make-access-arrangements",
        **_REVIEW,
        venue=PLACE,
        access_needs=["hearing_loop", "large_print"],
        adjustments=["accessible_venue", "supporter"],
    ),
]


def _there(who: str, role: str, agency: str | None, took: str) -> Json:
    return line(f"{who} at the review", role, agency, took)


def _said(command: str, /, **fields: Any) -> Step:  # noqa: ANN401 — any JSON
    """Give a step of the chair's at the review."""
    return step(REVIEW_ON, "chair", command, **_REVIEW, **fields)


_WHY: Final = "No morning was missed in six weeks, and she reads her own statements."
_MET_AGAIN: Final = [
    step(
        REVIEW_ON,
        "minute_taker",
        "hold-conference",
        **_REVIEW,
        parts=[],
    ),
    step(
        REVIEW_ON,
        "minute_taker",
        "hold-conference-part",
        **_REVIEW,
        part={
            "number": 1,
            "reason": "whole",
            "started": hour(REVIEW_ON, "14:00"),
            "ended": hour(REVIEW_ON, "14:50"),
            "attendances": [
                {
                    **_HELPER,
                    "attendance": "attended",
                    "delegated_authority": "yes",
                    "participation": "Said how the evenings are.",
                },
                {
                    "role": "adult",
                    "attendance": "attended",
                    "participation": "Said how it goes, and that she is done with meetings.",
                },
                _there("friend", "supporter", None, "Sat beside her."),
                _there("chair", "chair", "council", "Led it."),
                _there("minute taker", "minute_taker", "council", "Took the notes."),
                _there("officer", "investigating_officer", "council", "Said how the plan went."),
                _there("nurse", "other_health", "health-trust", "Said how the blood is."),
                _there("health manager", "agency_manager", "health-trust", "Agreed to go on."),
                _there("provider", "agency_manager", "meadow-home-care", "Agreed to go on."),
            ],
        },
    ),
    step(
        REVIEW_ON,
        "minute_taker",
        "keep-raw-notes",
        **_REVIEW,
        document=New("more notes"),
        form="handwritten",
    ),
    step(
        REVIEW_ON,
        "minute_taker",
        "consider-previous-minutes",
        **_REVIEW,
        previous=The("conference"),
        accuracy="agreed",
    ),
    _said(
        "present-adult-views",
        presenter_role="adult",
        own_words=True,
        views="It goes as I want it now. He comes for his tea and not for my card.",
        response="The plan can end.",
    ),
    _said(
        "explain-risk-to-adult",
        risks="What to do if a morning is missed.",
        sensitive="yes",
        method="in_person",
        by=Who("practitioner"),
    ),
    _said(
        "consider-report",
        kind="investigation",
        organisation="council",
        stated_wishes="yes",
        proposed_outcomes="yes",
    ),
    *each(
        REVIEW_ON,
        "chair",
        "consider-report",
        [{"organisation": one} for one in ("police", "health-trust", "meadow-home-care")],
        **_REVIEW,
        kind="agency",
    ),
    _said(
        "consider-report",
        kind="specialist",
        organisation="health-trust",
        report=The("pharmacist's report"),
    ),
    _said(
        "find-on-allegation",
        allegation=The("money"),
        finding="not_substantiated",
        supersedes=At("find-on-allegation"),
        rationale="The pictures show him and nobody else, and both say that she asked him.",
        decided_by=["council", "health-trust", "meadow-home-care"],
    ),
    _said("assess-risk", level="low", before="medium", recurrence="unlikely", rationale=_WHY),
    *each(
        REVIEW_ON,
        "chair",
        "record-agency-position",
        [{"organisation": one} for one in ("council", "health-trust", "meadow-home-care")],
        **_REVIEW,
        position="agrees",
    ),
    _said("review-plan", plan=The("plan"), result="ended", changes="The nurse's visit goes on."),
    _said("decide-plan-not-required", reason="care_management", rationale=_WHY),
    step(
        REVIEW_ON, "chair", "end-plan", plan=The("plan"), reason="care_management", rationale=_WHY
    ),
    _said("consider-no-further-action", considered="both", rationale=_WHY),
    _said("consider-legal-advice", decision="not_needed", rationale="Nothing is in dispute."),
    _said("decide-pach-action", action=New("nothing more"), pach=The("son"), kind="none"),
    _said("decide-further-conference", decision="not_needed", rationale=_WHY),
    _said("assign-feedback", audience="adult", assignee=Who("practitioner")),
    _said(
        "decide-pach-feedback",
        audience="pach",
        content="outcome",
        assignee=Who("practitioner"),
        rationale="That it ended, and that the help goes on.",
    ),
    step(
        "2025-03-25",
        "minute_taker",
        "circulate-decisions",
        **_REVIEW,
        recipients=[
            {"role": "other_health", "organisation": "health-trust"},
            {"role": "agency_manager", "organisation": "meadow-home-care"},
        ],
    ),
    step(
        "2025-03-25",
        "practitioner",
        "give-feedback",
        **_REVIEW,
        audience="adult",
        content="outcome",
        method="in_person",
    ),
    step(
        "2025-03-25",
        "practitioner",
        "give-feedback",
        **_REVIEW,
        audience="pach",
        content="outcome",
        method="in_person",
    ),
    step(
        "2025-03-27",
        "minute_taker",
        "draft-minutes",
        **_REVIEW,
        document=New("review minutes"),
        form="multi_agency",
        digest=Paper("the minutes of the review"),
        from_record=True,
    ),
    step(
        "2025-03-28",
        "chair",
        "approve-minutes",
        **_REVIEW,
        document=The("review minutes"),
        master=Paper("the minutes of the review"),
    ),
    step(
        "2025-03-28",
        "practitioner",
        "assess-minutes-share-risk",
        **_REVIEW,
        result="safe",
        role="adult",
        assessed_by=Who("practitioner"),
    ),
    step(
        "2025-03-28",
        "practitioner",
        "assess-minutes-share-risk",
        **_REVIEW,
        result="safe",
        role="supporter",
        assessed_by=Who("practitioner"),
        rationale="Bet keeps them in her own house.",
    ),
    step(
        "2025-03-28",
        "practitioner",
        "assess-minutes-share-risk",
        **_REVIEW,
        result="safe",
        role="other",
        role_other="The carer who comes at six",
        assessed_by=Who("practitioner"),
        rationale="She was there throughout, and is bound as they all are.",
    ),
    step(
        "2025-03-28",
        "chair",
        "permit-release",
        what="minutes",
        person=The("neighbour"),
        role="supporter",
        basis="adults_permission",
    ),
    step(
        "2025-03-31",
        "minute_taker",
        "circulate-minutes",
        **_REVIEW,
        recipients=[
            *(
                {
                    "participant": The(f"{who} at the review"),
                    "role": role,
                    "organisation": agency,
                    "copy": Paper("the minutes of the review"),
                    "source": Paper("the minutes of the review"),
                    "method": "secure_email",
                    "basis": "information_sharing",
                }
                for who, role, agency, _name in GUESTS
                if who
                in {"chair", "minute taker", "officer", "nurse", "health manager", "provider"}
            ),
            {
                **_HELPER,
                "copy": Paper("the minutes of the review"),
                "source": Paper("the minutes of the review"),
                "method": "by_hand",
                "basis": "attended",
            },
            {
                "role": "adult",
                "person": The("adult"),
                "copy": Paper("the minutes of the review"),
                "source": Paper("the minutes of the review"),
                "method": "by_hand",
                "basis": "attended",
            },
            {
                "participant": The("friend at the review"),
                "role": "supporter",
                "person": The("neighbour"),
                "copy": Paper("the minutes of the review"),
                "source": Paper("the minutes of the review"),
                "method": "by_hand",
                "basis": "adults_permission",
                "authority": At("permit-release"),
            },
        ],
    ),
]

REVIEW: Final[list[Step]] = [*_PREPARED, *_MET_AGAIN]
