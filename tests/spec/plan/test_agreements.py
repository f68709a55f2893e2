from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.agreement import (
    AdultPlanInvolvementRecorded,
    AdultPlanViewsSought,
    AgreeContingency,
    AgreePlanSharing,
    AssignMonitoringResponsibility,
    ContingencyAgreed,
    DelegateReviewToCareManagement,
    DesignatePlanCoordinator,
    MonitoringResponsibilityAssigned,
    PlanCoordinatorDesignated,
    PlanSharingAgreed,
    RecordAdultPlanInvolvement,
    ReviewDelegatedToCareManagement,
    SeekAdultPlanViews,
)
from domain.jurisdictions import Jurisdiction
from domain.monitoring import ReviewDateSet
from domain.plan import PlanAgreed, PlanNotAgreed, RecordPlanNotAgreed, Terms
from domain.words import Code, ConferenceRef, Due, PlanRef, Slug
from tests.controls import (
    CONFERENCE,
    COUNCIL,
    HEALTH,
    MANAGER,
    NATIONS,
    PLAN,
    POLICE,
    a_conference,
    a_held_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = (
    "R1", "R48", "R74", "R75", "R76", "R77", "R91", "R92", "R93", "R94", "R95", "R97", "R98",
    "R104", "R179",
)  # fmt: skip

OTHER_PLAN = PlanRef(ref(69))
BARE = PlanAgreed(
    plan=PLAN,
    version=1,
    conference=CONFERENCE,
    origin=Code("composed"),
    terms=Terms(),
    review_due=None,
)
COORDINATOR = DesignatePlanCoordinator(
    plan=PLAN, conference=CONFERENCE, coordinator=MANAGER, role=words("Social worker.")
)
MONITOR = AssignMonitoringResponsibility(plan=PLAN, conference=CONFERENCE, organisation=COUNCIL)
CONTINGENCY = AgreeContingency(
    plan=PLAN, trigger=words("A visit is missed."), measure=words("Respite."), owner=COUNCIL
)
INVOLVED = RecordAdultPlanInvolvement(
    plan=PLAN, involvement=Code("chose_parts"), contributions=words("Chose the hour.")
)
SOUGHT = SeekAdultPlanViews(
    plan=PLAN, steps=(Code("easy_read"),), result=Code("sought_expressed"), views=words("Stay.")
)
DELEGATED = DelegateReviewToCareManagement(
    plan=PLAN,
    conference=CONFERENCE,
    process=Code("care_management"),
    agreed_by=(COUNCIL, POLICE),
    next_on=date(2027, 2, 1),
)


def planned(*more: object, plan: PlanAgreed = BARE, nation: Jurisdiction | None = None) -> Given:
    """Begin with a plan of empty terms agreed at a conference on 23 November, and these."""
    meeting = at("2026-11-23", a_held_conference())
    items = (a_referral(), a_conference(), meeting, plan, *more)
    return given(*items) if nation is None else given(*items, jurisdiction=nation)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_coordinator_is_designated(nation: Jurisdiction) -> None:
    """Who coordinates a plan is recorded alone, with their part, in both nations (R93, R94)."""
    planned(nation=nation).when(COORDINATOR).then(
        PlanCoordinatorDesignated(
            plan=PLAN,
            conference=CONFERENCE,
            coordinator=MANAGER,
            role=words("Social worker."),
            same_as_managing_officer=Code("not_recorded"),
        )
    )


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_monitoring_is_assigned(nation: Jurisdiction) -> None:
    """Which organisation monitors a plan is recorded alone, in both nations (R75, R91)."""
    planned(nation=nation).when(MONITOR).then(
        MonitoringResponsibilityAssigned(plan=PLAN, conference=CONFERENCE, organisation=COUNCIL)
    )


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_contingency_is_agreed(nation: Jurisdiction) -> None:
    """A contingency says what sets it off, what is done and by whom, in both nations (R76, R92)."""
    planned(nation=nation).when(CONTINGENCY).then(
        ContingencyAgreed(
            plan=PLAN,
            conference=None,
            trigger=words("A visit is missed."),
            measure=words("Respite."),
            owner=COUNCIL,
        )
    )


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_sharing_of_a_plan_is_agreed(nation: Jurisdiction) -> None:
    """Who is to have how much of a plan, on what basis, is recorded in both nations (R77, R95)."""
    ask = AgreePlanSharing(
        plan=PLAN,
        organisation=HEALTH,
        role=Code("gp"),
        content=Code("summary"),
        basis=Code("adults_consent"),
    )
    planned(nation=nation).when(ask).then(
        PlanSharingAgreed(
            plan=PLAN,
            conference=None,
            organisation=HEALTH,
            role=Code("gp"),
            content=Code("summary"),
            basis=Code("adults_consent"),
        )
    )


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_the_adults_part_and_wishes_are_recorded(nation: Jurisdiction) -> None:
    """How the adult took part, and the steps to learn their wishes, are recorded (R48, R104)."""
    planned(nation=nation).when(INVOLVED).then(
        AdultPlanInvolvementRecorded(
            plan=PLAN,
            conference=None,
            involvement=Code("chose_parts"),
            contributions=words("Chose the hour."),
        )
    )
    planned(nation=nation).when(SOUGHT).then(
        AdultPlanViewsSought(
            plan=PLAN,
            conference=None,
            steps=(Code("easy_read"),),
            result=Code("sought_expressed"),
            views=words("Stay."),
        )
    )


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_review_is_delegated(nation: Jurisdiction) -> None:
    """A review left to another process says to which, who agreed, and its own date (R97)."""
    due = Due(
        on=date(2027, 2, 1),
        rule=Code("chosen"),
        start=date(2026, 11, 23),
        calendar=Slug("as-decided"),
    )
    planned(nation=nation).when(DELEGATED).then(
        ReviewDelegatedToCareManagement(
            plan=PLAN,
            conference=CONFERENCE,
            process=Code("care_management"),
            agreed_by=(COUNCIL, POLICE),
            next_review=due,
        )
    )


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (COORDINATOR, "no_coordinator"),  # R93
        (MONITOR, "no_monitoring"),  # R75, R91
        (CONTINGENCY, "no_contingency"),  # R76, R92
        (INVOLVED, "plan_without_adult"),  # R48
        (SOUGHT, "plan_views_not_sought"),  # R104
    ],
)
def test_what_is_said_alone_need_not_stand_in_the_terms(ask: object, code: str) -> None:
    """What terms leave out and an event of its own says is not missing (R48, R75, R76, R93, R104).

    What one event says answers its own criticism, and no other.
    """
    before = {one.code for one in planned().findings()}
    after = {one.code for one in planned().when(ask).history.findings()}
    assert code in before
    assert before - after == {code}


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (AssignMonitoringResponsibility(plan=PLAN), "no_monitoring"),
        (AgreeContingency(plan=PLAN, owner=COUNCIL), "no_contingency"),
        (RecordAdultPlanInvolvement(involvement=Code("not_recorded")), "plan_without_adult"),
        (SeekAdultPlanViews(result=Code("not_sought")), "plan_views_not_sought"),
    ],
)
def test_what_says_nothing_answers_nothing(ask: object, code: str) -> None:
    """An event that names nobody and nothing leaves what was missing as it was (R75, R76)."""
    planned().when(ask).then_finding(code)


def test_the_adults_part_may_be_told_before_there_is_a_plan() -> None:
    """What is said at a conference counts for the plan that it then agrees (R48, R104)."""
    ask = SeekAdultPlanViews(conference=CONFERENCE, result=Code("sought_not_expressed"))
    took_part = replace(INVOLVED, plan=None, conference=CONFERENCE)
    meeting = at("2026-11-23", a_held_conference())
    before = given(a_referral(), a_conference(), meeting).when(ask).when(took_part).history
    before.also(BARE).then_no_finding("plan_views_not_sought")
    before.also(BARE).then_no_finding("plan_without_adult")
    elsewhere = PlanAgreed(
        plan=PLAN,
        version=1,
        conference=None,
        origin=Code("composed"),
        terms=Terms(),
        review_due=None,
    )
    before.also(elsewhere).then_finding("plan_views_not_sought", severity="high")
    before.also(elsewhere).then_finding("plan_without_adult")


def test_a_delegation_is_agreed_by_all() -> None:
    """A review left elsewhere is in order once every agency that came agreed (R97)."""
    some = DelegateReviewToCareManagement(
        plan=PLAN, process=Code("care_management"), agreed_by=(COUNCIL,)
    )
    planned().then_finding("no_review_date")
    planned().when(some).then_finding("delegation_not_agreed")
    planned().when(DELEGATED).then_no_finding("delegation_not_agreed")
    planned().when(DELEGATED).then_no_finding("no_review_date")


@pytest.mark.parametrize("pressing", ["risk_may_not_fall", "enquiry_incomplete"])
def test_a_delegation_is_no_date_where_one_is_pressing(pressing: str) -> None:
    """A pressing reason asks for a date of our own, delegated or not, until it is set (R98, G7)."""
    flags: dict[str, bool] = {pressing: True}
    plan = PlanAgreed(
        plan=PLAN,
        version=1,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=Terms(**flags),  # type: ignore[arg-type]  # the flag named above
        review_due=None,
    )
    due = Due(
        on=date(2027, 1, 4),
        rule=Code("chosen"),
        start=date(2026, 11, 23),
        calendar=Slug("as-decided"),
    )
    dated = ReviewDateSet(plan=PLAN, reason=Code("plan_may_not_reduce_risk"), due=due)
    delegated = planned(plan=plan).when(DELEGATED).history
    delegated.then_finding("review_date_required")
    delegated.also(dated).then_no_finding("review_date_required")


@pytest.mark.parametrize(
    "ask",
    [
        DesignatePlanCoordinator(plan=OTHER_PLAN, coordinator=MANAGER),
        AgreeContingency(plan=PLAN, conference=ConferenceRef(ref(599))),
        SeekAdultPlanViews(plan=OTHER_PLAN, result=Code("sought_expressed")),
    ],
)
def test_what_is_agreed_is_of_a_plan_of_the_case(ask: object) -> None:
    """Nothing is agreed about a plan or at a conference this case does not have."""
    planned().when(ask).then_not_found()


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_plan_may_fail_to_be_agreed(nation: Jurisdiction) -> None:
    """That a plan was not agreed is recorded with who disagreed, why and what next (R74)."""
    meeting = at("2026-11-23", a_held_conference())
    history = given(a_referral(), a_conference(), meeting, jurisdiction=nation)
    ask = RecordPlanNotAgreed(
        conference=CONFERENCE,
        disagreed=Code("adult"),
        reason=words("She wants no callers."),
        next_step=words("Asked again in a week."),
    )
    outcome = history.when(ask)
    outcome.then(
        PlanNotAgreed(
            conference=CONFERENCE,
            disagreed=Code("adult"),
            reason=words("She wants no callers."),
            next_step=words("Asked again in a week."),
        )
    )
    outcome.then_no_finding("disagreement_unexplained")
    outcome.then_no_finding("no_plan_decision")
    history.when(RecordPlanNotAgreed(conference=CONFERENCE)).then_finding(
        "disagreement_unexplained"
    )
    history.when(RecordPlanNotAgreed(conference=ConferenceRef(ref(599)))).then_not_found()
