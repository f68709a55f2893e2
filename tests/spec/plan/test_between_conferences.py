from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.enquiry import PachIdentified
from domain.grid import Part
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.monitoring import DecidePachAction, PachActionsReviewed, ReviewPachActions
from domain.oversight import (
    ChangePlanUrgently,
    Effect,
    MonitorPlan,
    PlanChangedUrgently,
    PlanChangeRatified,
    PlanMonitored,
    RatifyPlanChange,
)
from domain.plan import Action, PlanAgreed, Terms
from domain.sitting import CoreGroupHeld
from domain.words import ActionRef, Code, ConferenceRef, PersonRef, PlanRef
from tests.controls import (
    ACTION,
    CONFERENCE,
    COUNCIL,
    MANAGER,
    NATIONS,
    PACH,
    PLAN,
    POLICE,
    PRACTITIONER,
    REVIEW,
    SISTER,
    a_conference,
    a_held_conference,
    a_referral,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R78", "R90", "R154", "R181")
NOT_KNOWN = Code("not_known")

SAFETY = Action(
    action=ACTION,
    target=Code("adult"),
    kind=Code("safety"),
    owner=COUNCIL,
    due=date(2026, 12, 7),
)
AGREED = PlanAgreed(
    plan=PLAN,
    version=1,
    conference=CONFERENCE,
    origin=Code("composed"),
    terms=Terms(actions=(SAFETY,)),
    review_due=None,
)
MONITORED = MonitorPlan(
    plan=PLAN,
    conference=REVIEW,
    effect=Code("partly_effective"),
    actions=(Effect(action=ACTION, effect=Code("effective")),),
)
CHANGE = ChangePlanUrgently(
    plan=PLAN, reason=Code("service_failed"), change=words("Respite from tonight.")
)
CHANGED = PlanChangedUrgently(
    plan=PLAN,
    version=1,
    reason=Code("service_failed"),
    change=words("Respite from tonight."),
    manager=MANAGER,
)
LATER = at("2027-02-22", a_held_conference(REVIEW))


def planned(*more: object, nation: Jurisdiction = SCOTLAND, second: str = "review") -> Given:
    """Begin with a plan agreed on 23 November, a second meeting called, and these."""
    meeting = at("2026-11-23", a_held_conference())
    called = a_conference("2027-02-22", REVIEW, kind=second)
    items = (a_referral(), a_conference(), meeting, AGREED, called, *more)
    return given(*items, jurisdiction=nation)


def a_core_group() -> CoreGroupHeld:
    """Give a core group that says nothing of what the plan achieves."""
    lines = (attendance("adult", None), attendance("chair"), attendance("police", POLICE))
    return CoreGroupHeld(
        conference=REVIEW,
        parts=(Part(number=1, reason=Code("whole"), attendances=lines),),
        effect=Code("not_recorded"),
        minutes_due=None,
        next_core_group=None,
    )


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_plan_is_monitored_action_by_action(nation: Jurisdiction) -> None:
    """What a plan achieves is recorded as a whole and for each action, in both (R90, R181)."""
    planned(nation=nation).when(MONITORED).then(
        PlanMonitored(
            plan=PLAN,
            conference=REVIEW,
            effect=Code("partly_effective"),
            actions=(Effect(action=ACTION, effect=Code("effective")),),
        )
    )


def test_a_core_group_says_what_the_plan_achieves() -> None:
    """A core group that says it neither with the meeting nor apart is a finding (R181)."""
    met = planned(at("2026-12-21", a_core_group()), second="core_group")
    met.then_finding("plan_not_monitored")
    met.when(MONITORED).then_no_finding("plan_not_monitored")
    by_action = replace(MONITORED, effect=Code("not_recorded"))
    met.when(by_action).then_no_finding("plan_not_monitored")
    met.when(replace(by_action, actions=())).then_finding("plan_not_monitored")
    met.when(replace(MONITORED, conference=None)).then_finding("plan_not_monitored")


def test_what_is_monitored_is_of_the_case() -> None:
    """Nothing is said of a plan, a meeting or an action this case does not have."""
    unknown = Effect(action=ActionRef(ref(699)), effect=Code("effective"))
    planned().when(replace(MONITORED, plan=PlanRef(ref(699)))).then_not_found()
    planned().when(replace(MONITORED, conference=ConferenceRef(ref(599)))).then_not_found()
    planned().when(replace(MONITORED, actions=(unknown,))).then_not_found()


def test_a_manager_changes_a_plan_at_once() -> None:
    """An urgent change says which version it changed, what, why and which manager did (R90)."""
    planned().when(replace(CHANGE, manager=MANAGER)).then(CHANGED)
    planned().when(CHANGE).then(replace(CHANGED, manager=PRACTITIONER))
    planned().when(replace(CHANGE, plan=PlanRef(ref(699)))).then_not_found()


def test_an_urgent_change_is_scotlands() -> None:
    """Where no conference ratifies what a manager changed, it is not recorded so (I11)."""
    planned(nation=ENGLAND).when(CHANGE).then_refused("I11")


def test_an_urgent_change_says_what_was_changed() -> None:
    """An urgent change without a word of what was changed is a finding (R90, R154)."""
    planned().when(CHANGE).then_no_finding("urgent_change_unexplained")
    planned().when(replace(CHANGE, change=None)).then_finding("urgent_change_unexplained")


def test_the_next_conference_ratifies_it() -> None:
    """A conference held after an urgent change that does not ratify it is a finding (R90)."""
    changed = planned(at("2026-12-10", CHANGED))
    changed.then_no_finding("urgent_change_not_ratified")
    met = planned(at("2026-12-10", CHANGED), LATER)
    met.then_finding("urgent_change_not_ratified")
    ask = RatifyPlanChange(
        plan=PLAN,
        change=6,
        conference=REVIEW,
        decision=Code("ratified"),
        rationale=words("It kept her safe."),
    )
    ratified = met.when(ask)
    ratified.then(
        PlanChangeRatified(
            plan=PLAN,
            change=6,
            conference=REVIEW,
            decision=Code("ratified"),
            rationale=words("It kept her safe."),
        )
    )
    ratified.then_no_finding("urgent_change_not_ratified")
    met.when(replace(ask, decision=Code("not_ratified"))).then_no_finding(
        "urgent_change_not_ratified"
    )


def test_an_earlier_conference_could_not_ratify_it() -> None:
    """Neither a conference before the change, nor of its day, nor a core group is asked (R90)."""
    same_day = at("2027-02-22", CHANGED)
    planned(LATER, at("2027-02-23", CHANGED)).then_no_finding("urgent_change_not_ratified")
    planned(LATER, same_day).then_no_finding("urgent_change_not_ratified")
    group = at("2026-12-21", a_core_group())
    planned(at("2026-12-10", CHANGED), group, second="core_group").then_no_finding(
        "urgent_change_not_ratified"
    )


def test_only_an_urgent_change_of_the_plan_is_ratified() -> None:
    """What is ratified is an urgent change of that plan, by its version in the case."""
    ask = RatifyPlanChange(plan=PLAN, change=4, conference=REVIEW, decision=Code("ratified"))
    error = planned(at("2026-12-10", CHANGED), LATER).when(ask).then_not_found().error
    assert error is not None
    assert error.field == "change"


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_what_was_done_about_the_person_alleged_is_reviewed(nation: Jurisdiction) -> None:
    """A review of what was done about that person says what is still needed (R78)."""
    ask = ReviewPachActions(
        conference=CONFERENCE,
        pach=PACH,
        result=Code("more_needed"),
        adult_at_risk=Code("yes"),
        summary=words("Suspended; the hearing is in March."),
    )
    planned(nation=nation).when(ask).then(
        PachActionsReviewed(
            conference=CONFERENCE,
            pach=PACH,
            result=Code("more_needed"),
            adult_at_risk=Code("yes"),
            summary=words("Suspended; the hearing is in March."),
        )
    )
    planned().when(replace(ask, conference=ConferenceRef(ref(599)))).then_not_found()


def identified(*persons: PersonRef, more: tuple[object, ...] = ()) -> Given:
    """Begin with persons identified before a conference and a review were held, and these."""
    told = (PachIdentified(person=one, allegations=(), adult_at_risk=NOT_KNOWN) for one in persons)
    first = (a_conference(), at("2026-11-23", a_held_conference()), *more)
    review = (a_conference("2027-02-22", REVIEW, "review"), a_held_conference(REVIEW))
    return given(a_referral(), *told, *first, review[0], at("2027-02-22", review[1]))


def undecided(history: Given) -> set[str | None]:
    """At which conferences nothing was decided about somebody alleged to have caused harm."""
    return {one.subject for one in history.findings() if one.code == "pach_not_decided"}


def test_that_nothing_more_is_needed_is_a_decision() -> None:
    """A review that finds nothing more needed decides about that person; no other does (R78)."""
    ask = ReviewPachActions(conference=CONFERENCE, result=Code("nothing_more"))
    history = identified(PACH)
    assert undecided(history) == {str(CONFERENCE), str(REVIEW)}
    assert undecided(history.when(ask).history) == {str(REVIEW)}
    more = replace(ask, result=Code("more_needed"))
    assert undecided(history.when(more).history) == {str(CONFERENCE), str(REVIEW)}


def test_each_conference_decides_about_each_person_it_knows_of() -> None:
    """What was decided about one person, or at one conference, answers no other (R78)."""
    history = identified(PACH, SISTER)
    here = DecidePachAction(action=ACTION, conference=CONFERENCE, pach=PACH, kind=Code("none"))
    one = history.when(here).history
    assert undecided(one) == {str(CONFERENCE), str(REVIEW)}
    other = replace(here, action=ActionRef(ref(68)), pach=SISTER)
    both = one.when(other).history
    assert undecided(both) == {str(REVIEW)}
    anybody = replace(here, action=ActionRef(ref(69)), conference=REVIEW, pach=None)
    assert undecided(both.when(anybody).history) == {str(REVIEW)}  # which of them is not said


def test_who_is_identified_between_two_conferences_is_of_the_second() -> None:
    """A person identified after a conference does not make that one criticised (R78)."""
    known = PachIdentified(person=PACH, allegations=(), adult_at_risk=NOT_KNOWN)
    assert undecided(identified(more=(at("2026-12-01", known),))) == {str(REVIEW)}
