"""Two things under one reference are not read as one: joined cases keep them apart."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any
from uuid import UUID

import pytest

from domain import made
from domain.catalogue import CASE as OF_CASES
from domain.catalogue import EVENTS
from domain.corrected import standing
from domain.correction import RecordCorrected
from domain.joining import FROM, Beside, CaseSplit, EndSplit, MergeCase, SplitCase, UnmergeCase
from domain.plan import Action, PlanAgreed, Terms
from domain.refusal import Refused
from domain.words import ActionRef, CaseRef, Code, ConferenceRef, Fact, PlanRef
from tests.controls import (
    CASE,
    CONFERENCE,
    OTHER_CASE,
    a_conference,
    a_referral,
    a_report,
    an_allegation,
    an_enquiry,
    ref,
)
from tests.given import given

RULES = ("R150",)

OTHER = CaseRef(OTHER_CASE)
MERGE = MergeCase(other=OTHER, reason=Code("one_adult"))
BARE = replace(a_referral(), allegations=())


def stream(case: UUID, *events: object, first: int) -> dict[UUID, list[Fact[Any]]]:
    """Give what was recorded of a case, from that position on, as now understood."""
    facts = given(*events).facts
    placed = [
        replace(one, stream=case, position=first + number) for number, one in enumerate(facts)
    ]
    return {case: list(standing(placed))}


def both(command: object, one: list[object], other: list[object]) -> str | None:
    """Say what would be two things under one reference."""
    own, others = stream(CASE, *one, first=1), stream(OTHER_CASE, *other, first=101)
    return made.in_both(command, CASE, own, OTHER_CASE, others)


def a_plan(plan: PlanRef) -> PlanAgreed:
    """Give a plan of one action, whose reference is always the same."""
    action = Action(action=ActionRef(ref(61)), kind=Code("safety"), target=Code("adult"), due=None)
    terms = Terms(actions=(action,))
    return PlanAgreed(
        plan=plan,
        version=1,
        conference=None,
        origin=Code("composed"),
        terms=terms,
        review_due=None,
    )


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (a_conference(), "conference"),
        (an_enquiry(), "enquiry"),
        (a_report(), "report"),
        (replace(a_referral(), allegations=(an_allegation(),)), "allegation"),
    ],
)
def test_what_both_cases_began_is_named(event: object, kind: str) -> None:
    """Of one reference under which each of two cases began something, its kind is said (I1)."""
    assert both(MERGE, [BARE, event], [BARE, event]) == kind
    assert both(MERGE, [BARE, event], [BARE]) is None


def test_an_action_of_two_plans_is_two_things() -> None:
    """The terms of a plan begin actions, each under its own reference (I1)."""
    one, other = a_plan(PlanRef(ref(60))), a_plan(PlanRef(ref(160)))
    assert both(MERGE, [BARE, one], [BARE, other]) == "action"
    assert both(MERGE, [BARE, one], [BARE, one]) in {"plan", "action"}


def test_what_was_withdrawn_in_one_of_them_is_no_second_thing() -> None:
    """The remedy helps: the entry withdrawn in one case, the two may be read as one (I12)."""
    withdrawn = RecordCorrected(
        target=2, supersedes=None, reason=Code("entered_wrongly"), asked_by=Code("worker"),
        withdrawn=True,
    )  # fmt: skip
    again = replace(a_conference(), conference=ConferenceRef(ref(151)))
    assert both(MERGE, [BARE, a_conference()], [BARE, a_conference(), withdrawn, again]) is None


def test_what_is_split_off_meets_nothing_of_its_reference() -> None:
    """Only the entries that are named come to the other case (I1)."""
    split = SplitCase(other=OTHER, reason=Code("wrong_person"), entries=(2,))
    assert both(split, [BARE, a_conference()], [BARE, a_conference()]) == "conference"
    assert (
        both(replace(split, entries=(1,)), [BARE, a_conference()], [BARE, a_conference()]) is None
    )


def test_what_comes_back_meets_nothing_of_its_reference() -> None:
    """A conference convened anew under the reference of one that was split off stays apart (I1)."""
    away = CaseSplit(other=OTHER, place=FROM, reason=Code("wrong_person"), entries=(2,))
    story: list[object] = [BARE, a_conference(), away]
    assert both(EndSplit(other=OTHER), story, [BARE]) is None
    assert both(EndSplit(other=OTHER), [*story, a_conference()], [BARE]) == "conference"


def test_cases_that_would_lose_one_of_two_things_are_not_joined() -> None:
    """A merge, a split and the end of one are refused, and told what to do first (I1)."""
    two = Beside(version=1, joins=2, in_both=Code("conference"))
    case = given(a_referral(), a_conference())
    split = SplitCase(other=OTHER, reason=Code("wrong_person"), entries=(2,))
    parted = case.when(replace(split, beside=Beside(version=1)))
    for history, command in (
        (case, replace(MERGE, beside=two)),
        (case, replace(split, beside=two)),
        (parted, EndSplit(other=OTHER, beside=two)),
    ):
        refused = history.when(command).then_refused("I1", code="reference_in_both")
        assert isinstance(refused.error, Refused)
        assert refused.error.field == "other"
        assert "conference" in refused.error.detail
        assert str(CONFERENCE) not in refused.error.detail
    merged = case.when(replace(MERGE, beside=Beside(version=1)))
    assert merged.when(UnmergeCase(other=OTHER, beside=two)).events


@pytest.mark.parametrize("name", sorted(made.MAKES))
def test_what_makes_something_is_an_event_with_that_field(name: str) -> None:
    """Each row of the table is of an event of a case, and of a field it has."""
    assert EVENTS[name].stream == OF_CASES
    field = made.MAKES[name][1].partition(".")[0]
    assert field in {one.name for one in fields(EVENTS[name].cls)}
