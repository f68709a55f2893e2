"""What was overdue, and answered so, keeps that answer once it is done and was late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.answered import AnswerFinding
from domain.cleared import cleared
from domain.duty import DecideDuty
from domain.finding import Finding
from domain.monitoring import ActionCompleted, PlanReviewed
from domain.sitting import HoldConference, HoldCoreGroup
from domain.stage import Looking
from domain.words import Code, Fact, Personal
from tests.controls import ACTION, CASE, PLAN, REVIEW, a_conference, a_report
from tests.given import Given, at
from tests.spec.concern.test_done_late import opened, received
from tests.spec.governing.test_access_request import ANSWER, asked
from tests.spec.minutes.test_circulating import APPROVED, DRAFTED, TO_GP, sent
from tests.spec.minutes.test_circulating import held as written_up
from tests.spec.plan.test_carrying_out import planned
from tests.spec.plan.test_the_cycle_of_reviews import MET, begun

RULES = ("R4", "R73", "R90", "R98", "R150", "R154", "R156", "R180", "R182", "R198")

WHY = Personal(CASE, "The worker was ill.")
ON, THEN = "2027-03-10", "2027-03-11"
DONE = ActionCompleted(action=ACTION, result=Code("done"))
REVIEWED = PlanReviewed(plan=PLAN, conference=None, result=Code("unchanged"))
DECIDED = DecideDuty(criteria=(), result=Code("inquiry"), decided_on=date(2027, 3, 11))
CALLED = at(ON, a_conference(ON, REVIEW, "review"))
GROUP = at(ON, a_conference(ON, REVIEW, "core_group"))
FIRST = at(ON, a_conference(ON))
HELD = HoldConference(conference=REVIEW, parts=MET.parts)


def one_of(history: Given, code: str) -> Finding:
    """The finding of that code."""
    (one,) = (it for it in history.findings() if it.code == code)
    return one


@pytest.mark.parametrize(
    ("history", "overdue", "done", "late"),
    [
        (received().also(FIRST), "conference_overdue", MET, "conference_late"),
        (received(), "duty_not_decided", DECIDED, "duty_decided_late"),
        (opened(), "enquiry_overdue", at(THEN, a_report()), "enquiry_late"),
        (begun().also(GROUP), "core_group_overdue", HoldCoreGroup, "core_group_late"),
        (begun().also(CALLED), "core_group_overdue", HELD, "core_group_late"),
        (begun().also(CALLED), "review_overdue", HELD, "review_late"),
        (planned(), "plan_review_overdue", at(THEN, REVIEWED), "plan_review_late"),
        (planned(), "action_overdue", at(THEN, DONE), "action_late"),
        (asked(), "access_overdue", ANSWER, "access_answered_late"),
        (
            written_up(DRAFTED, APPROVED),
            "minutes_overdue",
            at(THEN, sent(TO_GP)),
            "minutes_late",
        ),
    ],
)
def test_an_answer_to_what_was_overdue_answers_that_it_was_late(
    history: Any,  # noqa: ANN401 — a history, or what came of asking for one
    overdue: str,
    done: Any,  # noqa: ANN401
    late: str,
) -> None:
    """It is one fact, said otherwise; answered anew, the later answer stands (R154)."""
    history = getattr(history, "history", history)
    if done is HoldCoreGroup:
        done = HoldCoreGroup(conference=REVIEW, parts=MET.parts)
    was = one_of(history.on(ON), overdue)
    ask = AnswerFinding(finding=was.identity, result=Code("explained"), reason=WHY)
    answered = history.when(ask, on=ON).history
    now = (
        answered.also(done) if hasattr(done, "day") else answered.when(done, on=THEN).history
    ).on("2027-03-12")
    now.then_no_finding(overdue)
    one = one_of(now, late)
    assert one.answer is not None
    assert one.answer.result == "explained"
    again = replace(ask, finding=one.identity, result=Code("accepted"))
    anew = one_of(now.when(again, on="2027-03-12").history, late).answer
    assert anew is not None
    assert anew.result == "accepted"
    streams: dict[UUID, list[Fact[Any]]] = {CASE: list(now.facts)}
    looking = Looking(on=now.day, jurisdiction=now.jurisdiction)
    ceased = {it.finding.identity: it.instead for it in cleared(CASE, streams, looking)}
    assert ceased[was.identity] == one.identity
