"""The core groups and the reviews of the Scottish year.

Everybody in it is invented.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from tests.doors.scripted import Json
from tests.doors.scripts.asked import New, Step, The, Who, step
from tests.doors.scripts.scotland_inquiry import CRITERIA
from tests.doors.scripts.scotland_meetings import (
    CORE_GROUPS,
    REVIEWS,
    called,
    heard,
    parts,
    written,
)


def _core_group(number: int, day: str, effect: str, summary: str, before: str) -> list[Step]:
    """A core group: what the plan achieves, with her there."""
    name = f"core group {number}"
    meeting: Json = {"conference": The(name)}
    asked = f"{day[:8]}01" if int(day[8:]) > 1 else before
    return [
        *called(name, "core_group", "review", asked, day),
        step(
            day,
            "minute_taker",
            "hold-core-group",
            **meeting,
            effect=effect,
            summary=summary,
            parts=parts(name, day, "Said how the month was."),
        ),
        step(
            day,
            "minute_taker",
            "monitor-plan",
            **meeting,
            plan=The("plan"),
            effect=effect,
            actions=[
                {
                    "action": The("lock"),
                    "effect": "effective",
                    "note": "Nobody has been through it unasked.",
                }
            ],
        ),
        step(
            day,
            "minute_taker",
            "present-adult-views",
            **meeting,
            presenter_role="adult",
            views="I sleep.",
            own_words=True,
            response="It is written down as she said it.",
        ),
        step(
            day,
            "minute_taker",
            "explain-risk-to-adult",
            **meeting,
            by=Who("practitioner"),
            method="in_person",
            risks="What to do if he comes.",
            sensitive="yes",
        ),
        *written(name, day, day, _days_later(day)),
    ]


def _days_later(day: str, days: int = 0) -> str:
    """Give the day the minutes go: a few days on, in the same month where it can be."""
    return (date.fromisoformat(day) + timedelta(days=days or 6)).isoformat()


def _ends(name: str, day: str, why: str) -> list[Step]:
    """End the plan: she is no longer at risk."""
    meeting: Json = {"conference": The(name)}
    return [
        step(day, "chair", "decide-plan-not-required", **meeting, reason="no_risk", rationale=why),
        step(day, "chair", "end-plan", plan=The("plan"), reason="not_at_risk", rationale=why),
        step(
            day, "chair", "consider-no-further-action", **meeting, considered="both", rationale=why
        ),
    ]


def _goes_on(name: str, number: int, day: str, why: str) -> list[Step]:
    """Go on with the plan, with an action more and another review."""
    meeting: Json = {"conference": The(name)}
    return [
        step(
            day,
            "chair",
            "agree-action",
            **meeting,
            action=New(f"action {number}"),
            plan=The("plan"),
            target="adult",
            kind="monitoring",
            owner="council",
            owner_worker=Who("practitioner"),
            due=REVIEWS[number][0],
            outcome=The("wish"),
            description="Morna asks her each Friday.",
            rationale=why,
        ),
        step(
            REVIEWS[number][0],
            "practitioner",
            "complete-action",
            action=The(f"action {number}"),
            result="done",
        ),
        step(
            day,
            "chair",
            "decide-plan-not-required",
            **meeting,
            reason="existing_plan",
            rationale=why,
        ),
        step(
            day,
            "chair",
            "set-review-date",
            plan=The("plan"),
            reason="cycle",
            on=REVIEWS[number][0],
        ),
    ]


def _review(number: int, day: str, status: str, why: str) -> list[Step]:
    """A review: whether she is still at risk, and whether the plan goes on."""
    name, last = f"review {number}", status == "not_at_risk"
    meeting: Json = {"conference": The(name)}

    def chair(command: str, /, **fields: Any) -> Step:  # noqa: ANN401 — any JSON
        return step(day, "chair", command, **meeting, **fields)

    return [
        *called(name, "review", "review", f"{day[:8]}02", day),
        step(
            day,
            "minute_taker",
            "hold-conference",
            **meeting,
            parts=parts(name, day, "Said how it is, and what she still wants."),
        ),
        step(
            day,
            "minute_taker",
            "consider-previous-minutes",
            **meeting,
            accuracy="agreed",
            previous=The("initial conference" if number == 1 else f"review {number - 1}"),
        ),
        *heard(name, day, "It is my house again.", "The meeting is glad of it."),
        chair(
            "assess-risk",
            level="low" if last else "medium",
            before="high" if number == 1 else "medium",
            recurrence="unlikely" if last else "possible",
            rationale=why,
        ),
        chair(
            "determine-adult-at-risk-status",
            status=status,
            criteria_met=[] if last else list(CRITERIA),
            rationale=why,
        ),
        chair("review-plan", plan=The("plan"), result="ended" if last else "unchanged"),
        *(_ends(name, day, why) if last else _goes_on(name, number, day, why)),
        chair("consider-legal-advice", decision="not_needed", rationale="Nothing is in dispute."),
        chair(
            "decide-further-conference", decision="not_needed" if last else "needed", rationale=why
        ),
        chair("assign-feedback", audience="adult", assignee=Who("practitioner")),
        chair(
            "decide-pach-feedback",
            audience="pach",
            content="outcome",
            assignee=Who("practitioner"),
            rationale="What concerns him, and no more.",
        ),
        chair(
            "review-pach-actions",
            pach=The("lodger"),
            result="nothing_more",
            summary="He keeps away.",
        ),
        *written(name, day, _days_later(day, 1), _days_later(day)),
    ]


MEETINGS: Final[list[Step]] = [
    *(
        one
        for number, (day, effect, said) in enumerate(CORE_GROUPS, 1)
        for one in _core_group(number, day, effect, said, day)
    ),
    *(
        one
        for number, (day, status, why) in enumerate(REVIEWS, 1)
        for one in _review(number, day, status, why)
    ),
]
