from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.assessment import DesiredOutcomeExpressed
from domain.invitation import ParticipantInvited
from domain.monitoring import ReviewPlan
from domain.plan import (
    Action,
    AgreePlan,
    DecidePlanNotRequired,
    PlanAgreed,
    PlanNotRequired,
    PlanRevised,
    RevisePlan,
    Sharing,
    Terms,
)
from domain.words import ActionRef, Code, ConferenceRef, Due, Slug
from tests.controls import (
    ACTION,
    CONFERENCE,
    COUNCIL,
    DAY,
    HEALTH,
    MANAGER,
    OUTCOME,
    PARTICIPANT,
    PLAN,
    POLICE,
    REVIEW,
    a_closure,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    an_enquiry,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = (
    "R1", "R12", "R41", "R48", "R74", "R75", "R76", "R83", "R84", "R90", "R91", "R92", "R93",
    "R97", "R98", "R99", "R100", "R101", "R104", "R179",
)  # fmt: skip

SAFETY = Action(
    action=ACTION,
    target=Code("adult"),
    kind=Code("safety"),
    description=words("A key safe, and a call every evening."),
    owner=HEALTH,
    due=date(2026, 12, 7),
    outcome=OUTCOME,
)
TERMS = Terms(
    kind=Code("protection"),
    agreed_with=Code("adult"),
    aim=Code("minimise"),
    actions=(SAFETY,),
    coordinator=MANAGER,
    monitored_by=COUNCIL,
    contingency=words("Respite at once."),
    sharing=(Sharing(organisation=HEALTH, role=Code("gp"), content=Code("summary")),),
    views_sought=Code("sought_expressed"),
    adults_part=words("She chose the hour of the calls."),
    review=Code("dated"),
    review_on=date(2027, 1, 18),
)
INVITED = ParticipantInvited(
    conference=CONFERENCE, participant=PARTICIPANT, role=Code("gp"), organisation=HEALTH
)
CHOSEN = Due(
    on=date(2027, 1, 18),
    rule=Code("chosen"),
    start=date(2026, 11, 23),
    calendar=Slug("as-decided"),
)


def agreed(terms: Terms = TERMS, due: Due | None = CHOSEN) -> PlanAgreed:
    """Give a plan of those terms agreed at the control conference."""
    return PlanAgreed(
        plan=PLAN,
        version=1,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=terms,
        review_due=due,
    )


def agree(terms: Terms = TERMS, **changes: object) -> AgreePlan:
    """Ask to agree a plan of those terms."""
    ask = AgreePlan(plan=PLAN, conference=CONFERENCE, terms=terms)
    return replace(ask, **changes)  # type: ignore[arg-type]  # each test changes what it says


# What the adult asked for, which the control's action serves.
WISHED = DesiredOutcomeExpressed(
    asked=Code("expressed"), outcome=OUTCOME, expressed_by=Code("adult")
)


def held(*more: object) -> Given:
    """Begin with a conference held on 23 November, the health board invited, and these."""
    meeting = at("2026-11-23", a_held_conference())
    return given(a_referral(), WISHED, a_conference(), INVITED, meeting, *more)


def lapses(terms: Terms) -> set[str]:
    """Name what is criticised of a plan of those terms that is not of the control's."""
    ours = {one.code for one in held().when(agree(terms)).history.findings()}
    control = {one.code for one in held().when(agree()).history.findings()}
    return {str(code) for code in ours - control}


def test_a_plan_is_agreed() -> None:
    """Agreeing a plan stores its terms, its first version and the review date it chose (R12)."""
    held().when(agree()).then(agreed())


def test_a_plan_reference_names_one_plan() -> None:
    """A second plan under the same reference is refused; its next version is a revision (I9)."""
    held(agreed()).when(agree()).then_refused("I9")


@pytest.mark.parametrize("version", [1, 3])
def test_a_version_may_not_skip_or_repeat(version: int) -> None:
    """After version 1 comes version 2 and no other (I9, R90)."""
    ask = RevisePlan(plan=PLAN, version=version, terms=TERMS)
    held(agreed()).when(ask).then_refused("I9")
    held(agreed()).when(replace(ask, version=2)).then_recorded(PlanRevised)


def test_a_plan_begins_at_its_first_version() -> None:
    """A plan composed here begins at 1; one brought from elsewhere keeps its number (I9, R12)."""
    held().when(agree(version=4)).then_refused("I9")
    held().when(agree(version=4, origin=Code("imported"))).then_recorded(PlanAgreed)


def test_a_plan_this_record_never_saw_may_be_revised() -> None:
    """Revising a plan made elsewhere is recorded, with a finding, and goes on from there (R12)."""
    ask = RevisePlan(plan=PLAN, version=3, terms=TERMS, conference=CONFERENCE)
    outcome = held().when(ask)

    outcome.then_recorded(PlanRevised)
    outcome.then_finding("plan_without_beginning")
    outcome.when(replace(ask, version=3)).then_refused("I9")
    outcome.when(replace(ask, version=4)).then_recorded(PlanRevised)
    held().when(agree()).then_no_finding("plan_without_beginning")


def test_an_earlier_version_stays_readable() -> None:
    """A revision is an event beside the version it replaces, which stays as it was (R90)."""
    history = held(agreed()).when(RevisePlan(plan=PLAN, version=2, terms=Terms())).history
    kinds = [type(fact.event) for fact in history.facts[-2:]]
    assert kinds == [PlanAgreed, PlanRevised]
    assert history.case.plan_version == 2


@pytest.mark.parametrize(
    ("target", "kind"), [("pach", "safety"), ("pach", "against"), ("adult", "against")]
)
def test_an_action_against_the_person_alleged_cannot_be_composed(target: str, kind: str) -> None:
    """An action against the person alleged to have caused harm is refused in a plan (I5, R100)."""
    against = replace(SAFETY, target=Code(target), kind=Code(kind))
    held().when(agree(replace(TERMS, actions=(SAFETY, against)))).then_refused("I5")


def test_support_for_the_person_alleged_is_allowed() -> None:
    """Support or services for the person alleged to have caused harm may stand in a plan (R100)."""
    support = replace(SAFETY, action=ActionRef(ref(62)), target=Code("pach"), kind=Code("support"))
    outcome = held().when(agree(replace(TERMS, actions=(SAFETY, support))))
    outcome.then_recorded(PlanAgreed)
    outcome.then_no_finding("plan_against_pach")


def test_a_plan_from_elsewhere_with_such_an_action_is_recorded() -> None:
    """A plan not made here that contains one is recorded as it was, and flagged high (R100)."""
    against = replace(SAFETY, kind=Code("against"))
    terms = replace(TERMS, actions=(SAFETY, against))
    outcome = held().when(agree(terms, origin=Code("imported")))
    outcome.then_recorded(PlanAgreed)
    outcome.then_finding("plan_against_pach", severity="high")


def test_a_good_plan_is_not_criticised() -> None:
    """A plan with all the sources ask for draws no finding of its own."""
    codes = {one.code for one in held(agreed()).findings()}
    assert not codes & {
        "plan_not_agreed", "plan_views_not_sought", "plan_without_adult", "no_coordinator",
        "no_monitoring", "no_contingency", "no_safety_action", "plan_not_person_centred",
        "owner_not_invited", "no_review_date", "review_date_required", "delegation_not_agreed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("agreed_with", Code("not_agreed"), "plan_not_agreed"),  # R74
        ("views_sought", Code("not_sought"), "plan_views_not_sought"),  # R104
        ("views_sought", Code("not_recorded"), "plan_views_not_sought"),  # R104
        ("adults_part", None, "plan_without_adult"),  # R48
        ("coordinator", None, "no_coordinator"),  # R93
        ("monitored_by", None, "no_monitoring"),  # R75, R91
        ("contingency", None, "no_contingency"),  # R76, R92
        ("actions", (replace(SAFETY, kind=Code("support")),), "no_safety_action"),  # R101
        ("actions", (replace(SAFETY, outcome=None),), "plan_not_person_centred"),  # R99
        ("actions", (replace(SAFETY, owner=Slug("housing")),), "owner_not_invited"),  # R41
        ("review_on", None, "no_review_date"),  # R97
    ],
)
def test_what_a_plan_leaves_out_is_criticised(field: str, value: object, code: str) -> None:
    """A plan that lacks one thing is recorded, and criticised for that thing alone."""
    changes: dict[str, object] = {field: value}
    terms = replace(TERMS, **changes)  # type: ignore[arg-type]  # the table names field and value
    assert lapses(terms) == {code}


def test_the_adults_views_unsought_is_a_high_finding() -> None:
    """No practical steps to learn the adult's wishes about the plan is flagged high (R104)."""
    terms = replace(TERMS, views_sought=Code("not_sought"))
    held().when(agree(terms)).then_finding("plan_views_not_sought", severity="high")


def test_a_disagreement_with_its_reason_is_not_criticised() -> None:
    """A plan the adult does not agree with, and why, is good practice recorded (R74)."""
    terms = replace(
        TERMS, agreed_with=Code("not_agreed"), not_agreed_reason=words("She wants no callers.")
    )
    assert lapses(terms) == set()


def test_a_review_may_be_delegated_by_all() -> None:
    """A review left to another process needs every agency present to have agreed (R97)."""
    delegated = replace(TERMS, review=Code("delegated"), review_on=None)
    some = replace(delegated, delegation_agreed_by=(COUNCIL,))
    all_ = replace(delegated, delegation_agreed_by=(COUNCIL, POLICE))

    assert lapses(some) == {"delegation_not_agreed"}
    assert lapses(all_) == set()


def test_those_of_its_own_conferences_agree_to_a_delegation() -> None:
    """Only agencies of the conferences of a plan are asked to agree to its delegation (R97).

    Where nobody's attendance is recorded for an agency, they are those it was called for.
    """
    delegated = replace(
        TERMS,
        review=Code("delegated"),
        review_on=None,
        delegation_agreed_by=(COUNCIL, POLICE),
    )
    came = attendance("gp", HEALTH)
    other = (a_conference("2026-12-14", REVIEW), a_held_conference(REVIEW, came))
    code = "delegation_not_agreed"
    held(agreed(delegated, None), at("2026-12-14", other[0]), other[1]).then_no_finding(code)
    here = replace(agreed(delegated, None), conference=REVIEW)
    held(at("2026-12-14", other[0]), other[1], here).then_finding(code)
    alone = replace(delegated, delegation_agreed_by=(COUNCIL,))
    nobody = replace(a_held_conference(), parts=())
    unlisted = given(a_referral(), a_conference(), at("2026-11-23", nobody))
    unlisted.also(agreed(alone, None)).then_finding(code)
    unlisted.also(agreed(delegated, None)).then_no_finding(code)


def test_an_enquiry_under_way_needs_a_date() -> None:
    """A plan agreed while the enquiry had brought no report yet has a date of its own (R84, R98).

    The record knows it without being told; not once the enquiry is concluded.
    """
    delegated = replace(
        TERMS,
        review=Code("delegated"),
        review_on=None,
        delegation_agreed_by=(COUNCIL, POLICE),
    )
    code, plan = "review_date_required", agreed(delegated, None)
    meeting = (a_conference(), at("2026-11-23", a_held_conference()))
    given(a_referral(), *meeting, plan).then_no_finding(code)
    given(a_referral(), an_enquiry(), *meeting, plan).then_finding(code)
    given(a_referral(), an_enquiry(), a_report(), *meeting, plan).then_no_finding(code)
    concluded = (an_enquiry(), *meeting, plan, a_conclusion())
    given(a_referral(), *concluded).then_no_finding(code)
    given(a_referral(), *meeting, plan, an_enquiry()).then_no_finding(code)


@pytest.mark.parametrize("pressing", ["risk_may_not_fall", "enquiry_incomplete"])
def test_a_date_is_needed_where_risk_may_not_fall(pressing: str) -> None:
    """A pressing reason for review asks for a date even where review is delegated (R98, G7)."""
    delegated = replace(
        TERMS,
        review=Code("delegated"),
        review_on=None,
        delegation_agreed_by=(COUNCIL, POLICE),
    )
    flags: dict[str, bool] = {pressing: True}
    terms = replace(delegated, **flags)  # type: ignore[arg-type]  # the flag named above
    assert lapses(terms) == {"review_date_required"}


def test_a_conference_agrees_a_plan_or_says_none_is_needed() -> None:
    """A conference held with neither plan nor decision against one is a finding (R1, R179)."""
    ask = DecidePlanNotRequired(
        conference=CONFERENCE, reason=Code("no_risk"), rationale=words("She has moved away.")
    )
    held().then_finding("no_plan_decision")
    held().when(agree()).then_no_finding("no_plan_decision")
    none = held().when(ask)
    none.then_recorded(PlanNotRequired)
    none.then_no_finding("no_plan_decision")


def test_a_review_that_looks_at_the_plan_has_decided_on_it() -> None:
    """A review that records reviewing its plan is no finding; one that does not is (R1, R179)."""
    earlier = at("2026-11-20", replace(agreed(), conference=None))
    meeting = at("2026-11-23", a_held_conference())
    ask = ReviewPlan(plan=PLAN, conference=CONFERENCE, result=Code("unchanged"))
    review = given(a_referral(), a_conference(kind="review"), INVITED, earlier, meeting)
    review.then_finding("no_plan_decision")
    review.when(ask).then_no_finding("no_plan_decision")
    review.when(replace(ask, conference=None)).then_finding("no_plan_decision")
    first = given(a_referral(), a_conference(), INVITED, earlier, meeting)
    first.when(ask).then_finding("no_plan_decision")  # an initial conference agrees its own


def test_deciding_against_a_plan_gives_its_rationale() -> None:
    """A decision that no plan is required, without a rationale, is a finding (R154, R179)."""
    bare = DecidePlanNotRequired(conference=CONFERENCE)
    held().when(bare).then_finding("no_plan_unexplained")
    said = replace(bare, rationale=words("She has moved away."))
    held().when(said).then_no_finding("no_plan_unexplained")


def test_a_closed_case_takes_no_new_plan() -> None:
    """A plan agreed after closing needs the case to be reopened first (I14)."""
    closed = held(at("2026-12-01", a_closure()))
    closed.when(agree(), on="2026-12-10").then_refused("I14")
    closed.when(agree(), on="2026-12-10", occurred="2026-11-23").then_recorded(PlanAgreed)


def test_a_plan_is_agreed_at_a_conference_of_the_case() -> None:
    """A plan that names a conference this case does not have is not found."""
    held().when(agree(conference=ConferenceRef(ref(599)))).then_not_found()


def test_a_plan_may_be_agreed_without_a_conference() -> None:
    """A manager may change a plan between conferences (B.3); the version goes on."""
    ask = RevisePlan(plan=PLAN, version=2, terms=TERMS, reason=words("The carer fell ill."))
    outcome = held(agreed()).when(ask)
    event = outcome.events[0]
    assert isinstance(event, PlanRevised)
    assert event.conference is None
    assert event.review_due is not None
    assert event.review_due.start >= DAY
