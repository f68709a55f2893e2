"""A case brought forward from another system: begun there, gone on with here."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.allocation import AllocateCase, AppointOfficer
from domain.assessment import RecordCapacityDecision
from domain.catalogue import EVENTS
from domain.closure import CloseCase
from domain.concern import ReceiveReferral
from domain.conclusion import ConcludeEnquiry
from domain.conference import ConveneConference
from domain.corrected import standing
from domain.correction import CorrectRecord, RecordCorrected
from domain.duty import DecideDuty
from domain.enquiry import OpenEnquiry
from domain.forward import (
    OF_ALLEGATIONS,
    OF_PREPARATION,
    OF_THE_WHOLE_CASE,
    OF_THIS_RECORD,
    OVERDUE,
    RESTS_ON,
    BringCaseForward,
    CaseBroughtForward,
    Matter,
)
from domain.joining import CaseSplit
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.monitoring import ReviewPlan, SetReviewDate
from domain.plan import AgreePlan, RevisePlan, Terms
from domain.policy import Policy
from domain.sitting import HoldConference, HoldCoreGroup
from domain.when import on_day, read
from domain.words import Code, ExternalReference, Personal, Slug
from tests.controls import (
    ADULT,
    CASE,
    CONFERENCE,
    COUNCIL,
    ENQUIRY,
    NATIONS,
    OFFICER,
    PLAN,
    PRACTITIONER,
    REVIEW,
    a_conference,
    a_held_conference,
    a_referral,
    an_allegation,
    an_enquiry,
    words,
)
from tests.given import At, Given, at, given
from tests.spec.law.test_any_history import TIMES, of

RULES = ("R12", "R177")
SYSTEM = Slug("case-system")
DAY = date(2027, 7, 5)  # of the import, a Monday
A_DAY = timedelta(days=1)
BEFORE = "2026-03-02"
EVERYTHING = tuple(Code(one) for one in ENGLAND.lists["brought_matter"])
BY_OTHERS = {name: kind for name, kind in EVENTS.items() if name != "case-brought-forward"}
STAGES = ("concern", "enquiry", "conference", "plan", "closed")


def brought(*not_asked: str, answer: str = "recorded") -> CaseBroughtForward:
    """Give a case another system kept, whose list told of everything but what is named."""
    return CaseBroughtForward(
        adult=ADULT,
        reference=ExternalReference(system=SYSTEM, id=Personal(CASE, "S-1")),
        stage=Code("plan"),
        matters=tuple(
            Matter(what=one, answer=Code("not_asked" if one in not_asked else answer))
            for one in EVERYTHING
        ),
    )


def forward(
    stage: str,
    *not_asked: str,
    nation: Jurisdiction = ENGLAND,
    occurred: str = BEFORE,
    kind: str = "initial",
) -> Given:
    """Bring a case forward at a stage: as much of it as a list tells, by the rules of a nation."""
    steps: dict[str, tuple[Any, ...]] = {
        "concern": (ReceiveReferral(adult=ADULT, received=read(occurred)),),
        "enquiry": (
            DecideDuty(
                criteria=(),
                result=Code(next(iter(nation.lists["duty_result"]))),
                decided_on=date(2026, 3, 2),
            ),
            AllocateCase(worker=PRACTITIONER, team=Slug("north"), registered=False),
            OpenEnquiry(
                enquiry=ENQUIRY,
                kind=Code(next(iter(nation.lists["enquiry_kind"]))),
                opened_on=date(2026, 3, 2),
            ),
            AppointOfficer(officer=OFFICER, organisation=COUNCIL),
        ),
        "conference": (
            ConveneConference(conference=CONFERENCE, kind=Code(kind), planned_for=read(occurred)),
            HoldConference(conference=CONFERENCE, parts=()),
        ),
        "plan": (
            AgreePlan(plan=PLAN, origin=Code("imported"), terms=Terms()),
            SetReviewDate(plan=PLAN, reason=Code("cycle"), on=date(2027, 8, 2)),
        ),
        "closed": (CloseCase(reason=Code("other"), reason_other=words("It was done.")),),
    }
    history = given(at(DAY, brought(*not_asked), source=SYSTEM), jurisdiction=nation)
    for one in STAGES[: STAGES.index(stage) + 1]:
        for command in steps[one]:
            history = history.when(command, on=DAY, occurred=occurred, source=SYSTEM).on(DAY)
    return history.on(DAY)


def ask(history: Given, *commands: Any, on: str = "2027-07-20") -> Given:  # noqa: ANN401 — commands of any stage
    """Record something in this record, some time after."""
    for command in commands:
        history = history.when(command, on=on).on(on)
    return history


def test_a_case_is_brought_forward_once() -> None:
    """A case of another system begins here by one event, and another cannot follow it (R12)."""
    command = BringCaseForward(
        adult=ADULT,
        reference=ExternalReference(system=SYSTEM, id=Personal(CASE, "S-1")),
        stage=Code("plan"),
        team=Slug("north"),
        matters=(Matter(what=Code("duty"), answer=Code("not_asked")),),
        author=words("Somebody"),
        notes=words("Kept elsewhere until now."),
    )
    first = given().when(command, on=DAY)
    first.then(
        CaseBroughtForward(
            adult=ADULT,
            reference=command.reference,
            stage=Code("plan"),
            team=Slug("north"),
            matters=command.matters,
            author=command.author,
            notes=command.notes,
        )
    )
    assert first.history.case.adult == ADULT
    first.when(command).then_refused("I1", code="case_exists")


def test_a_case_begun_here_is_not_brought_forward() -> None:
    """What began in this record is judged by it: it cannot be brought forward afterwards."""
    command = BringCaseForward(adult=ADULT, reference=brought().reference)
    given(a_referral()).when(command).then_refused("I1", code="case_exists")


def test_unknown_not_recorded_and_not_asked_stay_apart() -> None:
    """What is not known, what is blank and what no column asks for are three different answers."""
    answers = ("not_known", "not_recorded", "not_asked")
    matters = tuple(
        Matter(what=Code("duty"), answer=Code(one), stated=read("unknown")) for one in answers
    )
    event = replace(brought(), matters=matters)
    kept = given(at(DAY, event)).facts[0].event
    assert [one.answer for one in kept.matters] == list(answers)


# ------------------------------------------------------------------- what lies before


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("occurred", [BEFORE, "unknown", "2026", "2027-07-05", "/2027-07-05"])
def test_nothing_is_criticised_on_the_day_it_is_brought_forward(
    nation: Jurisdiction, stage: str, occurred: str
) -> None:
    """However far a case has come, nothing of the time before is criticised when it comes in."""
    assert forward(stage, nation=nation, occurred=occurred).findings() == []


@st.composite
def anything_before(draw: st.DrawFn) -> Given:
    """Make any history of the time before, by events of every kind, brought forward in one day."""
    nation = draw(st.sampled_from(NATIONS))
    drawn = draw(st.lists(of("case", BY_OTHERS, nation), max_size=12))
    events = [one for one in drawn if not _undoes_it(one)]
    placed = [At(DAY, one, draw(st.sampled_from(TIMES)), source=SYSTEM) for one in events]
    return given(jurisdiction=nation).also(at(DAY, brought(), source=SYSTEM), *placed).on(DAY)


def _undoes_it(one: object) -> bool:
    """What splits off the bringing forward, or withdraws it: nobody said it of the case then."""
    if isinstance(one, RecordCorrected):
        return one.target == 1 and one.withdrawn
    return isinstance(one, CaseSplit) and 1 in one.entries


@settings(max_examples=300, suppress_health_check=list(HealthCheck), derandomize=True)
@for_all(anything_before())
def test_no_finding_of_any_stage_is_about_the_time_before(history: Given) -> None:
    """Whatever is brought forward, by events of whichever stage, raises no finding that day."""
    assert history.findings() == []


def codes() -> set[str]:
    """Every code of a finding that the rules can raise, read from their source."""
    found, of_people = set[str](), {"person.py", "about_adult.py"}
    for path in (Path(__file__).parents[3] / "domain").glob("*.py"):
        if path.name in {*of_people, "forward.py", "finding.py", "jurisdictions"}:
            continue
        found |= _codes_in(ast.parse(path.read_text("utf-8")))
    return found


def _codes_in(tree: ast.AST) -> set[Any]:
    """The texts in a module that stand where a finding's code does: named `code`, or first."""
    found = set[Any]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "found" and node.args:
            found |= _texts(node.args[0])
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if getattr(target, "id", "") == "code":
                    found |= _texts(node.value)
                elif isinstance(target, ast.Tuple) and getattr(target.elts[0], "id", "") == "code":
                    found |= _texts(getattr(node.value, "elts", [node.value])[0])
        if isinstance(node, ast.Tuple):
            found |= {one.value for one in node.elts if isinstance(one, ast.Constant)}
    return {one for one in found if _is_code(one)}


def _texts(node: ast.AST) -> set[Any]:
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant)}


def _is_code(value: object) -> bool:
    return isinstance(value, str) and value.replace("_", "").isalpha() and "_" in value


def test_what_is_told_apart_by_its_code_is_a_finding() -> None:
    """Every code that is treated apart for a case brought forward is one the rules can raise."""
    apart = (
        OF_THE_WHOLE_CASE | OF_PREPARATION | OF_ALLEGATIONS | OF_THIS_RECORD | {*RESTS_ON, *OVERDUE}
    )
    assert apart - codes() == set()
    assert OF_THE_WHOLE_CASE.isdisjoint(OF_PREPARATION)


WHOLE_CASE = [
    (
        "no_initial_conference",
        (
            ConveneConference(
                conference=REVIEW, kind=Code("review"), planned_for=read("2027-07-20")
            ),
        ),
    ),
    (
        "plan_without_beginning",
        (RevisePlan(plan=PLAN, version=3, terms=Terms()),),
    ),
    (
        "no_report",
        (
            ConveneConference(
                conference=REVIEW, kind=Code("review"), planned_for=read("2027-07-20")
            ),
            HoldConference(conference=REVIEW, parts=()),
        ),
    ),
    (
        "closed_on_request_without_capacity",
        (CloseCase(reason=Code("adults_request"), views=Code("agrees")),),
    ),
    ("referrer_not_told", (CloseCase(reason=Code("adults_request")),)),
]


@pytest.mark.parametrize(("code", "commands"), WHOLE_CASE, ids=[code for code, _ in WHOLE_CASE])
def test_what_may_have_been_there_before_is_not_missed(
    code: str, commands: tuple[Any, ...]
) -> None:
    """A capacity decision, a report, an earlier conference or plan may lie before (R12, R177)."""
    ask(given(at(DAY, a_referral(DAY))), *commands).then_finding(code)
    ask(forward("enquiry"), *commands).then_no_finding(code)


def test_an_allegation_made_before_may_have_been_found_on() -> None:
    """A conference is asked to find on what is alleged from now on (R10)."""
    made = at(DAY, a_referral(BEFORE, an_allegation()), occurred=BEFORE, source=SYSTEM)
    met = (
        at("2027-07-20", a_conference("2027-07-20")),
        at("2027-07-20", a_held_conference()),
    )
    code = "allegation_not_found_on"
    given(a_referral(BEFORE, an_allegation()), *met).then_finding(code)
    given(at(DAY, brought(), source=SYSTEM), made, *met).then_no_finding(code)


def test_a_conference_called_before_may_have_been_prepared_before() -> None:
    """Of a conference that was called before, held since, no preparation is missed (R36)."""
    late = at("2027-07-06", a_conference("2027-07-20"), occurred="2027-06-28")
    here = at("2027-07-06", a_conference("2027-07-20"))
    met = at("2027-07-20", a_held_conference())
    for called, then in ((late, Given.then_no_finding), (here, Given.then_finding)):
        history = given(at(DAY, brought(), source=SYSTEM), called, met)
        then(history, "adult_not_invited")
        then(history, "no_chair")
        history.then_finding("further_not_decided")  # of the meeting itself


def test_what_is_entered_late_of_the_time_before_is_not_criticised() -> None:
    """What somebody enters afterwards of the time before is of that time (R150)."""
    late = at("2027-07-12", a_held_conference(), occurred="2027-01-11")
    called = at("2027-07-12", a_conference("2027-01-11"), occurred="2027-01-04")
    assert given(at(DAY, brought(), source=SYSTEM), called, late).findings() == []


# --------------------------------------------------------------------- what follows


def test_a_duty_not_decided_since_is_criticised() -> None:
    """A duty whose day comes after the case is decided here, or criticised (R150)."""
    history = forward("concern", occurred="2027-07-05")
    history.on("2027-07-20").then_finding("duty_not_decided")
    forward("concern", occurred="2027-07-01").on("2027-07-19").then_no_finding("duty_not_decided")


def test_where_the_list_did_not_ask_nothing_is_missed() -> None:
    """Where the list has no column for it, the duty may have been decided (R150)."""
    history = forward("concern", "duty", occurred="2027-07-05")
    history.on("2027-07-20").then_no_finding("duty_not_decided")


def test_a_review_due_since_is_overdue() -> None:
    """A review whose day comes after is asked for from then on, and answered here (R98)."""
    history = forward("plan")
    history.on("2027-08-02").then_no_finding("plan_review_overdue")
    history.on("2027-08-03").then_finding("plan_review_overdue")
    done = ask(history, ReviewPlan(plan=PLAN, result=Code("unchanged")), on="2027-07-20")
    done.on("2027-08-03").then_no_finding("plan_review_overdue")


def test_a_review_overdue_when_it_came_in_is_no_finding() -> None:
    """A review whose day had passed may have been held: the list of reviews shows its date.

    That it is not held since either is another matter (`plan/test_brought_undated.py`).
    """
    history = forward("conference").when(
        AgreePlan(plan=PLAN, origin=Code("imported"), terms=Terms()),
        occurred=BEFORE,
        source=SYSTEM,
    )
    dated = history.when(
        SetReviewDate(plan=PLAN, reason=Code("cycle"), on=date(2026, 9, 1)),
        occurred=BEFORE,
        source=SYSTEM,
    )
    dated.on("2027-11-02").then_no_finding("plan_review_overdue")  # asked anew from then on


@pytest.mark.parametrize(
    ("nation", "stage", "code", "last", "matter"),
    [
        (ENGLAND, "concern", "duty_not_decided", "2027-07-19", "duty"),
        (ENGLAND, "enquiry", "enquiry_overdue", "2027-08-09", "conclusion"),
        (SCOTLAND, "concern", "conference_overdue", "2027-08-09", "conference"),
        (SCOTLAND, "plan", "core_group_overdue", "2027-08-02", "core_group"),
        (SCOTLAND, "plan", "review_overdue", "2027-10-05", "conference"),
    ],
)
def test_what_was_overdue_as_it_came_is_asked_anew(
    nation: Jurisdiction, stage: str, code: str, last: str, matter: str
) -> None:
    """One limit after the import, where its list asked and nothing ended it by then (R12)."""
    history = forward(stage, nation=nation)
    day = date.fromisoformat(last)
    history.on(day).then_no_finding(code)
    (one,) = [it for it in history.on(day + A_DAY).then_finding(code).findings() if it.code == code]
    assert one.since == on_day(day)
    then = Policy(version=Slug("local-1"), effective=date(2027, 1, 1))
    later = Policy(version=Slug("local-2"), effective=DAY + A_DAY)
    ours = replace(history, policies=(then, later), kept=[]).on(day + A_DAY).findings()
    assert {str(it.policy) for it in ours if it.code == code} == {f"{nation.policy}/local-1"}
    assert "2026" not in one.words
    forward(stage, matter, nation=nation).on(day + A_DAY).then_no_finding(code)
    for closed, said in ((last, False), (day + A_DAY, True)):
        end = CloseCase(reason=Code("other"), reason_other=words("It was done."))
        codes_then = {it.code for it in history.when(end, on=closed).on("2027-12-01").findings()}
        assert (code in codes_then) is (said and code != "conference_overdue")


def test_a_case_that_came_with_nobody_who_holds_it_is_asked_who_does() -> None:
    """One limit after the import, also where work on it began before (R42)."""
    opened = at(DAY, an_enquiry(date(2026, 3, 2)), occurred=BEFORE, source=SYSTEM)
    came = given(at(DAY, brought(), source=SYSTEM), opened)
    last = DAY + timedelta(weeks=2)
    came.on(last).then_no_finding("case_never_allocated")
    came.on(last + A_DAY).then_finding("case_never_allocated")
    forward("enquiry").on(last + A_DAY).then_no_finding("case_never_allocated")


def test_the_next_review_conference_is_asked_for_when_it_follows() -> None:
    """In Scotland the review conference three months on is due, where that is after (R182)."""
    history = forward("plan", nation=SCOTLAND, occurred="2027-06-14")
    history.on("2027-09-14").then_no_finding("review_overdue")
    history.on("2027-09-15").then_finding("review_overdue")
    unasked = forward("plan", "core_group", nation=SCOTLAND, occurred="2027-06-14")
    unasked.on("2027-09-15").then_no_finding("core_group_overdue")
    history.on("2027-09-15").then_finding("core_group_overdue")


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_core_group_follows_at_once(nation: Jurisdiction) -> None:
    """A core group can be held on a case the day it is brought forward, and is judged (R181)."""
    history = forward("plan", nation=nation)
    called = ConveneConference(
        conference=REVIEW, kind=Code("core_group"), planned_for=read("2027-07-05")
    )
    day = ask(history, called, HoldCoreGroup(conference=REVIEW, parts=()), on="2027-07-05")
    day.on(DAY).then_no_finding("plan_not_monitored")  # it may have met that morning
    after = ask(history, called, HoldCoreGroup(conference=REVIEW, parts=()), on="2027-07-06")
    after.then_finding("plan_not_monitored")
    after.then_finding("no_chair")


def test_a_review_and_a_closing_follow() -> None:
    """A review conference, a revised plan and the closing are accepted, and judged (R93, R13)."""
    history = ask(
        forward("plan"),
        ConveneConference(conference=REVIEW, kind=Code("review"), planned_for=read("2027-07-20")),
        HoldConference(conference=REVIEW, parts=()),
        RevisePlan(plan=PLAN, version=2, conference=REVIEW, terms=Terms()),
        CloseCase(reason=Code("adults_request")),
    )
    for code in ("plan_not_reviewed", "no_coordinator", "closed_without_rationale", "no_chair"):
        history.then_finding(code)


def test_what_is_decided_since_is_judged_by_itself() -> None:
    """A finding of incapacity recorded here says what it rests on, as in any case (R49)."""
    history = ask(
        forward("plan"),
        RecordCapacityDecision(
            decision=Code("own_safety"),
            answer=Code("lacks_capacity"),
            assessor_role=Code("social_worker"),
        ),
    )
    history.then_finding("capacity_without_evidence")


def test_an_enquiry_is_concluded_here_without_asking_after_what_came_before() -> None:
    """What the adult wished, and whether a conference was ruled out, may lie before (R5, R71)."""
    concluded = ConcludeEnquiry(
        enquiry=ENQUIRY,
        concluded_on=date(2027, 7, 20),
        triples=(),
        risks_found=(),
        risks_not_found=(),
    )
    history = ask(forward("enquiry"), concluded)
    for code in ("outcomes_not_asked", "concluded_without_conference", "satisfaction_missing"):
        history.then_no_finding(code)


def test_bringing_forward_that_was_withdrawn_protects_nothing() -> None:
    """Where it is now understood that the case began here, it is judged as any other."""
    history = forward("plan").when(
        CorrectRecord(target=1, reason=Code("entered_wrongly"), withdrawn=True), on="2027-07-06"
    )
    understood = replace(history.history, facts=standing(history.history.facts))
    assert understood.on("2027-07-06").findings() != []
