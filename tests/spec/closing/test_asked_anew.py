"""What is asked of each referral is asked anew once a case is taken up again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest

from domain.action import CarerAssessmentOffered
from domain.advocacy import AdvocacyReferralMade, AdvocateAppointed, SubstantialDifficultyAssessed
from domain.assessment import (
    AdvocacyConsidered,
    AdvocacyInformationGiven,
    CapacityDecisionRecorded,
    DesiredOutcomeExpressed,
    SupportServicesConsidered,
)
from domain.barring import DbsReferralMade
from domain.best_interests import BestInterestsDecisionRecorded
from domain.closing import AdultViewsOnClosureRecorded
from domain.closure import CaseReopened
from domain.conclusion import EnquiryCeasedAtAdultsRequest, EnquiryReopened
from domain.conference import ConferenceNotRequired
from domain.contact import RiskExplainedToAdult
from domain.duty import Section42DutyDecided
from domain.enquiry import EnquiryOpened
from domain.feedback import FeedbackGiven
from domain.information import AgencyReportRequested
from domain.intake import (
    ConcernRedirected,
    ConsentToShareOverriddenWithReason,
    ConsentToShareRecorded,
)
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.monitoring import PlanEnded
from domain.outcome import AdultOutcomeRecorded, AdultSatisfactionRecorded, PachOutcomeRecorded
from domain.plan import AgreePlan, PlanAgreed, Terms
from domain.provider import RegulatorNotified
from domain.reviewing import ReviewReferralConsidered, SarReferred
from domain.sharing import InformationShared
from domain.sitting import HoldConference
from domain.words import Code, ConferenceRef, EnquiryRef, PlanRef, ReviewRef, Slug
from tests.controls import (
    CONFERENCE,
    COUNCIL,
    ENQUIRY,
    PLAN,
    POLICE,
    REVIEW,
    a_capacity,
    a_closure,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    a_risk,
    an_enquiry,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given
from tests.spec.concern.test_brought_forward import SYSTEM, brought
from tests.spec.correction.test_what_was_withdrawn import withdrawing

RULES = (
    *("R2", "R5", "R7", "R11", "R13", "R19", "R24", "R49", "R55", "R71", "R78", "R80", "R81"),
    *("R82", "R88", "R112", "R120", "R141", "R143", "R154", "R171", "R177", "R186", "R187"),
    *("R188", "R212", "R215"),
)

THIRD = ConferenceRef(ref(52))
AGAIN = EnquiryRef(ref(77))
NEW = ConferenceRef(ref(53))
OPENED_AGAIN = EnquiryOpened(
    enquiry=AGAIN, kind=Code("section_42"), opened_on=date(2027, 6, 2), large_scale=False
)
ENDED_AGAIN = replace(a_conclusion(date(2027, 7, 1)), enquiry=AGAIN)
HELD = a_held_conference(NEW)
CALLED = a_conference("2027-06-20", NEW)
CONSIDERED = AdvocacyConsidered(
    decision=Code("not_needed"), substantial_difficulty=Code("no"), rationale=words("Speaks up.")
)
TOLD_OF_IT = AdvocacyInformationGiven(access_explained=Code("yes"))
SUPPORT = SupportServicesConsidered(services=(), rationale=words("None is needed."))
REFUSED = ConsentToShareRecorded(answer=Code("refused"), given_by=Code("adult"))
SHARED = InformationShared(conference=None, item=Code("report"), basis=Code("adults_consent"))


def capacity(decision: str) -> CapacityDecisionRecorded:
    """Give a capacity record about one decision."""
    return replace(a_capacity(), decision=Code(decision))


def asked(agency: str) -> AgencyReportRequested:
    """Give that an agency was asked for a report."""
    return AgencyReportRequested(agency=COUNCIL if agency == "council" else POLICE)


@dataclass(frozen=True)
class Anew:
    """What is criticised where `asks` stands and none of `answers` does.

    `with_it` stands with the answer in the first episode.
    """

    code: str
    answers: tuple[object, ...]
    asks: tuple[object, ...]
    nation: Jurisdiction = ENGLAND
    with_it: tuple[object, ...] = ()


def _on_request() -> object:
    return replace(a_closure(), reason=Code("adults_request"), reason_other=None)


AGAIN_OPEN = CaseReopened(reason=Code("new_referral"))
SITTING = (a_conference(), a_held_conference())
ANEW = (
    Anew("advocacy_not_considered", (CONSIDERED,), (CALLED, HELD), SCOTLAND, SITTING),
    Anew("support_not_considered", (SUPPORT,), (CALLED, HELD), SCOTLAND, SITTING),
    Anew("advocacy_not_explained", (TOLD_OF_IT,), (CALLED, HELD), SCOTLAND, SITTING),
    Anew("advocacy_access_not_explained", (TOLD_OF_IT,), (CALLED, HELD), SCOTLAND, SITTING),
    Anew(
        "no_initial_conference",
        (a_conference("2026-11-02", THIRD),),
        (replace(a_conference("2027-06-20", NEW, "review"), sequence=3),),
    ),
    Anew(
        "no_initial_conference",
        (a_conference("2026-11-02", THIRD),),
        (replace(a_conference("2027-06-20", NEW, "core_group"), sequence=3),),
        SCOTLAND,
    ),
    Anew("no_report", (a_report(),), (CALLED, HELD), with_it=SITTING),
    Anew(
        "outcomes_not_asked",
        (DesiredOutcomeExpressed(asked=Code("none_expressed"), expressed_by=Code("adult")),),
        (OPENED_AGAIN, ENDED_AGAIN),
        with_it=(an_enquiry(), a_conclusion()),
    ),
    Anew(
        "advocate_not_appointed",
        (AdvocateAppointed(basis=Code("not_recorded")),),
        (
            SubstantialDifficultyAssessed(
                result=Code("yes"), areas=(), appropriate_person=Code("no")
            ),
            CALLED,
            HELD,
        ),
        with_it=SITTING,
    ),
    Anew(
        "advocacy_referral_missing",
        (AdvocacyReferralMade(),),
        (AdultOutcomeRecorded(outcomes=(Code("advocacy_imca_referral"),)),),
    ),
    Anew(
        "nobody_decides",
        (
            BestInterestsDecisionRecorded(
                decision=Code("own_safety"),
                authority=Code("not_recorded"),
                consulted=(),
                imca=Code("not_considered"),
            ),
        ),
        (a_capacity("lacks_capacity"), CALLED, HELD),
    ),
    Anew(
        "risk_not_explained",
        (RiskExplainedToAdult(method=Code("not_recorded"), sensitive=Code("not_recorded")),),
        (CALLED, HELD),
        with_it=SITTING,
    ),
    Anew("agency_not_asked", (asked("council"), asked("police")), (CALLED, HELD), with_it=SITTING),
    Anew(
        "refusal_without_capacity",
        (capacity("protection_plan"), capacity("own_safety")),
        (AdultOutcomeRecorded(outcomes=(Code("adult_refused_intervention"),)),),
    ),
    Anew("closed_on_request_without_capacity", (capacity("own_safety"),), (_on_request(),)),
    Anew("closed_on_request_without_risk", (a_risk(),), (_on_request(),)),
    Anew(
        "ceased_without_capacity",
        (capacity("enquiry"),),
        (
            OPENED_AGAIN,
            EnquiryCeasedAtAdultsRequest(
                enquiry=AGAIN,
                requested_on=date(2027, 6, 10),
                coercion_considered=Code("yes"),
                others_at_risk_considered=Code("yes"),
            ),
        ),
    ),
    Anew(
        "ceased_without_risk",
        (a_risk(),),
        (
            OPENED_AGAIN,
            EnquiryCeasedAtAdultsRequest(
                enquiry=AGAIN,
                requested_on=date(2027, 6, 10),
                coercion_considered=Code("yes"),
                others_at_risk_considered=Code("yes"),
            ),
        ),
    ),
    Anew(
        "closed_without_views",
        (
            AdultViewsOnClosureRecorded(
                views=Code("agrees"), given_by=Code("adult"), explored=Code("yes")
            ),
        ),
        (replace(a_closure(), views=Code("not_asked")),),
    ),
    Anew(
        "review_not_considered",
        (
            ReviewReferralConsidered(
                criteria=(),
                view=Code("do_not_refer"),
                raised_by=Code("manager"),
                rationale=words("No failing."),
            ),
        ),
        (replace(a_closure(), review_considered=Code("not_recorded")),),
    ),
    Anew(
        "referrer_not_told",
        (
            FeedbackGiven(
                audience=Code("referrer"), content=Code("outcome"), method=Code("not_recorded")
            ),
        ),
        (a_closure(),),
        with_it=SITTING,
    ),
    Anew("services_not_considered", (SUPPORT,), (CALLED, HELD), with_it=SITTING),
    Anew(
        "carer_not_considered",
        (CarerAssessmentOffered(conference=None, answer=Code("accepted")),),
        (CALLED, a_held_conference(NEW, attendance("carer"))),
    ),
    Anew(
        "regulator_not_notified",
        (RegulatorNotified(body=Code("care_quality_commission")),),
        (OPENED_AGAIN, ENDED_AGAIN),
        with_it=(an_enquiry(), a_conclusion()),
    ),
    Anew(
        "concluded_without_conference",
        (ConferenceNotRequired(reason=Code("resolved"), rationale=words("None was found.")),),
        (EnquiryReopened(enquiry=ENQUIRY), a_conclusion(date(2027, 7, 1))),
        with_it=(an_enquiry(), a_conclusion()),
    ),
    Anew(
        "review_not_referred",
        (SarReferred(review=ReviewRef(ref(68)), criteria=()),),
        (AdultOutcomeRecorded(outcomes=(Code("sar_referral"),)),),
    ),
    Anew(
        "barring_outcome_without_referral",
        (
            DbsReferralMade(
                provider=Slug("home-care"), made_by=Slug("home-care"), confirmed=Code("yes")
            ),
        ),
        (PachOutcomeRecorded(subject=Code("individual"), outcomes=(Code("dbs_referral"),)),),
    ),
    Anew(
        "shared_after_refusal",
        (
            ConsentToShareOverriddenWithReason(
                ground=Code("not_recorded"), adult_told=Code("yes"), reason=words("Others.")
            ),
        ),
        (REFUSED, SHARED),
        with_it=(REFUSED,),
    ),
    Anew(
        "disposal_not_recorded",
        (ConcernRedirected(to=Code("advice"), adult_told=Code("yes"), referrer_told=Code("yes")),),
        (
            Section42DutyDecided(
                criteria=(),
                result=Code("no_enquiry"),
                met=False,
                disposal=None,
                decided_on=date(2027, 6, 10),
            ),
        ),
    ),
)


def named(one: object) -> str:
    """Name one of these."""
    return one.code if isinstance(one, Anew) else str(one)


def episodes(one: Anew, reason: str, *, answered: bool = False) -> Given:
    """A case whose first episode has the answer, closed in December and reopened in June."""
    before = [at("2026-11-20", event) for event in (*one.answers, *one.with_it)]
    closed = at("2026-12-08", a_closure())
    again = at("2027-06-01", CaseReopened(reason=Code(reason)))
    answers = one.answers if answered else ()
    later = [at("2027-06-15", event) for event in (*answers, *one.asks)]
    return given(a_referral(), *before, closed, again, *later, jurisdiction=one.nation)


def criticised(one: Anew, history: Given) -> Iterator[object]:
    """What is criticised so of what came after the reopening."""
    begun = next(fact for fact in history.facts if isinstance(fact.event, CaseReopened)).position
    for found in history.on("2027-07-20").findings():
        if found.code == one.code and (found.position or 0) > begun:
            yield found


@pytest.mark.parametrize("one", ANEW, ids=named)
def test_what_was_done_before_the_closing_is_asked_anew(one: Anew) -> None:
    """An answer of an earlier episode is none in the next; one of its own is.

    A case closed in error and taken up again goes on with what it had.
    """
    assert list(criticised(one, episodes(one, "new_referral")))
    assert not list(criticised(one, episodes(one, "new_referral", answered=True)))
    assert not list(criticised(one, episodes(one, "closed_in_error")))


def test_what_the_adult_said_of_an_earlier_outcome_is_not_said_of_a_later() -> None:
    """Satisfaction is asked of each outcome, also where it was told after the closing (R13)."""
    said = AdultSatisfactionRecorded(satisfied=Code("yes"))
    first = given(a_referral(), an_enquiry(), at("2026-11-20", a_conclusion()))
    closed = first.also(at("2026-12-08", a_closure()), at("2026-12-10", said))
    closed.then_no_finding("satisfaction_missing")
    again = closed.also(at("2027-06-01", AGAIN_OPEN), OPENED_AGAIN, at("2027-07-01", ENDED_AGAIN))
    again.then_finding("satisfaction_missing", severity="medium")
    again.also(at("2027-07-02", said)).then_no_finding("satisfaction_missing")


def test_what_was_due_under_a_plan_that_ended_is_due_no_more() -> None:
    """A plan agreed anew is carried out by its own meetings, not by those of before (R180)."""
    called = given(a_referral(), a_conference("2026-11-02"), jurisdiction=SCOTLAND)
    hold = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    agreed = called.when(hold).when(AgreePlan(plan=PLAN, terms=Terms())).history
    agreed.on("2027-07-20").then_finding("core_group_overdue").then_finding("review_overdue")
    ended = PlanEnded(plan=PLAN, reason=Code("other"), reason_other=words("The risk is gone."))
    over = agreed.also(at("2026-11-20", ended), at("2026-11-21", a_closure()))
    again = over.also(at("2027-06-01", AGAIN_OPEN))
    interim = again.when(AgreePlan(plan=PlanRef(ref(64)), terms=Terms()), on="2027-06-02")
    for code in ("core_group_overdue", "review_overdue"):
        interim.on("2027-07-20").then_no_finding(code)
    left = agreed.also(at("2026-11-21", a_closure()), at("2027-06-01", AGAIN_OPEN))
    left.on("2027-07-20").then_finding("review_overdue")


def test_of_a_case_brought_forward_a_later_episode_is_asked_in_full() -> None:
    """What another system may have had of before says nothing of an episode begun here (R12)."""
    begun = given(at("2026-09-30", brought(), source=SYSTEM), jurisdiction=SCOTLAND)
    first = begun.also(at("2026-11-20", a_conference()), HELD)
    first.then_no_finding("support_not_considered")
    opened = (at("2026-12-08", a_closure()), at("2027-06-01", AGAIN_OPEN))
    again = first.also(*opened, at("2027-06-15", CALLED), a_held_conference(THIRD))
    again.then_finding("support_not_considered")
    again.also(SUPPORT).then_no_finding("support_not_considered")


def test_a_plan_that_was_left_to_go_on_is_reviewed() -> None:
    """Whoever goes on with a plan of before reviews that; once it ended, there is none (R177)."""
    plan = PlanAgreed(
        plan=PLAN,
        version=1,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=Terms(),
        review_due=None,
    )
    called = replace(a_conference("2027-06-20", REVIEW, "review"), sequence=2)
    code = "no_initial_conference"
    begun = given(a_referral(), *SITTING, plan)
    closed = (at("2026-12-08", a_closure()), at("2027-06-01", AGAIN_OPEN), at("2027-06-15", called))
    begun.also(*closed).then_no_finding(code)
    ended = PlanEnded(plan=PLAN, reason=Code("other"), reason_other=words("The risk is gone."))
    begun.also(at("2026-12-01", ended), *closed).then_finding(code, severity="medium")


def test_a_report_of_before_is_not_what_a_later_conference_considers() -> None:
    """That a report is considered is asked of the episode it was made in (R19, R21)."""
    reopened = (at("2026-12-08", a_closure()), at("2027-06-01", AGAIN_OPEN))
    old = given(a_referral(), a_report(), *reopened, at("2027-06-15", CALLED), HELD)
    old.then_no_finding("report_not_considered").then_finding("no_report")
    new = given(a_referral(), *reopened, at("2027-06-10", a_report()), at("2027-06-15", CALLED))
    new.also(HELD).then_finding("report_not_considered").then_no_finding("no_report")


def test_what_came_before_the_reopening_was_recorded_is_of_the_episode_it_led_to() -> None:
    """Whoever acts first and records the reopening after has acted in time (R177, R186)."""
    closed = at("2026-12-08", a_closure())
    between = at("2027-05-30", CONSIDERED)
    opened = (at("2027-06-01", AGAIN_OPEN), at("2027-06-15", CALLED), HELD)
    first = given(a_referral(), CONSIDERED, *SITTING, closed, jurisdiction=SCOTLAND)
    first.also(between, *opened).then_no_finding("advocacy_not_considered")
    first.also(*opened).then_finding("advocacy_not_considered", severity="high")


def test_each_episode_is_asked_for_itself() -> None:
    """What is done in a later episode does not make up for an earlier one (R186)."""
    twice = given(
        a_referral(),
        *SITTING,
        at("2026-12-08", a_closure()),
        at("2027-06-01", AGAIN_OPEN),
        at("2027-06-10", SUPPORT),
        at("2027-06-15", CALLED),
        HELD,
        jurisdiction=SCOTLAND,
    )
    (found,) = [one for one in twice.findings() if one.code == "support_not_considered"]
    assert found.position == twice.facts[2].position


def test_a_withdrawn_reopening_begins_no_episode() -> None:
    """An episode begins where a closing was taken up, as that is now understood (I12, R177)."""
    third = at("2027-06-15", replace(a_conference("2027-06-20", REVIEW, "review"), sequence=2))
    code = "no_initial_conference"
    opened = given(
        a_referral(),
        a_conference(),
        at("2026-12-08", a_closure()),
        at("2027-06-01", AGAIN_OPEN),
        third,
    )
    opened.then_finding(code)
    opened.when(withdrawing(3)).when(withdrawing(4)).then_no_finding(code)
    assert [one.closed.position for one in opened.case.episodes] == [3]


def test_of_several_reopenings_each_begins_an_episode() -> None:
    """Each closing is followed by an episode where it was taken up, and by one alone (R150)."""
    again = (at("2027-06-01", AGAIN_OPEN), at("2027-06-02", AGAIN_OPEN))
    error = at("2028-02-01", CaseReopened(reason=Code("closed_in_error")))
    case = given(
        a_referral(),
        at("2026-12-08", a_closure()),
        *again,
        at("2028-01-08", a_closure()),
        error,
        at("2028-05-01", a_closure()),
        at("2028-06-01", AGAIN_OPEN),
    ).case
    assert [(one.closed.position, one.reopened.position) for one in case.episodes] == [
        (2, 3),
        (7, 8),
    ]
