from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.answering import CarerDisclosureDecided
from domain.best_interests import RecordBestInterestsDecision
from domain.enquiry import PachIdentified
from domain.feedback import (
    AssignFeedback,
    ChallengeContactNamed,
    DecideAgainstFeedback,
    DecidePachFeedback,
    FeedbackGiven,
    FeedbackNotGiven,
    FeedbackResponsibilityAssigned,
    GiveFeedback,
    NameChallengeContact,
    PachFeedbackDecided,
)
from domain.plan import PlanAgreed, PlanRevised, Terms
from domain.plan_copies import (
    PermitRelease,
    PlanSentToAdult,
    PlanSentToNominee,
    PlanWithheldFromAdult,
    ReleasePermitted,
    SendPlanToAdult,
    SendPlanToNominee,
    WithholdPlanFromAdult,
)
from domain.words import Code, ConferenceRef, PlanRef, Slug
from tests.controls import (
    CONFERENCE,
    HEALTH,
    OFFICER,
    PACH,
    PARTICIPANT,
    PLAN,
    REVIEW,
    SISTER,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    a_risk,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = (
    "R57", "R58", "R78", "R161", "R162", "R168", "R169", "R171", "R172", "R173", "R174",
)  # fmt: skip

ADULT_AUDIENCE = Code("adult")
AGREED = PlanAgreed(
    plan=PLAN,
    version=1,
    conference=CONFERENCE,
    origin=Code("composed"),
    terms=Terms(),
    review_due=None,
)
ASSIGN = AssignFeedback(conference=CONFERENCE, audience=ADULT_AUDIENCE, assignee=OFFICER)
TELL = GiveFeedback(conference=CONFERENCE, audience=ADULT_AUDIENCE, content=Code("limited"))


def held(*more: object, adult_came: bool = True) -> Given:
    """Begin with a conference on 23 November, with or without the adult, and these."""
    meeting = a_held_conference()
    if not adult_came:
        lines = tuple(one for one in meeting.parts[0].attendances if one.role != "adult")
        meeting = replace(meeting, parts=(replace(meeting.parts[0], attendances=lines),))
    return given(a_referral(), a_conference(), at("2026-11-23", meeting), *more)


def test_somebody_is_to_tell_the_adult() -> None:
    """A conference that named nobody to report back to the adult is a finding (R57, R168)."""
    held().then_finding("feedback_not_assigned")
    outcome = held().when(ASSIGN)
    outcome.then_recorded(FeedbackResponsibilityAssigned)
    outcome.then_no_finding("feedback_not_assigned")


def test_telling_the_adult_has_a_day() -> None:
    """Naming who tells the adult stores by when, and a day later it is overdue (R169)."""
    outcome = held().when(ASSIGN)
    event = outcome.events[0]

    assert isinstance(event, FeedbackResponsibilityAssigned)
    assert event.due is not None
    assert event.due.on == date(2026, 11, 25)
    outcome.on("2026-11-25").then_no_finding("feedback_overdue")
    outcome.on("2026-11-26").then_finding("feedback_overdue")
    meeting = at("2026-11-23", a_held_conference(), occurred="2026-11")  # the day is not known
    unsure = given(a_referral(), a_conference(), meeting).when(ASSIGN)
    unsure.on("2027-01-20").then_finding("feedback_overdue")
    told = outcome.when(TELL, on="2026-11-24")
    told.then_recorded(FeedbackGiven)
    told.on("2026-12-24").then_no_finding("feedback_overdue")


def test_naming_nobody_is_naming_nobody() -> None:
    """That somebody is to tell the adult, without who, leaves nobody to do it (R57, R168)."""
    held().when(replace(ASSIGN, assignee=None)).then_finding("feedback_not_assigned")
    absent = held(adult_came=False)
    absent.when(replace(ASSIGN, assignee=None)).then_finding("feedback_not_assigned")
    absent.when(ASSIGN).then_no_finding("feedback_not_assigned")


def test_the_day_is_counted_from_the_conference() -> None:
    """However late somebody is named, the adult is to be told as soon after the meeting (R169)."""
    late = held().when(ASSIGN, on="2026-12-14").events[0]
    assert isinstance(late, FeedbackResponsibilityAssigned)
    assert late.due is not None
    assert (late.due.start, late.due.on) == (date(2026, 11, 23), date(2026, 11, 25))
    before = given(a_referral(), a_conference(), at("2026-11-20", a_risk()))
    early = before.when(ASSIGN).events[0]  # not held yet: from the day it was decided
    assert isinstance(early, FeedbackResponsibilityAssigned)
    assert early.due is not None
    assert early.due.start == date(2026, 11, 20)


def test_an_adult_who_is_not_to_be_told_is_not_waited_for() -> None:
    """A decision not to tell the adult, as where they died, answers the duty to (R169)."""
    died = DecideAgainstFeedback(
        conference=CONFERENCE, audience=ADULT_AUDIENCE, reason=Code("died")
    )
    assigned = held().when(ASSIGN)
    assigned.when(died).on("2026-12-24").then_no_finding("feedback_overdue")
    other = replace(died, audience=Code("referrer"))
    assigned.when(other).on("2026-12-24").then_finding("feedback_overdue")


def test_what_the_adult_is_told_is_of_one_conference() -> None:
    """Feedback about another conference does not answer what was owed of this one (R169)."""
    assigned = held(a_conference("2026-12-07", REVIEW, kind="review")).when(ASSIGN)
    of_review = replace(TELL, conference=REVIEW)
    assigned.when(of_review).on("2026-12-24").then_finding("feedback_overdue")
    assigned.when(replace(TELL, conference=None)).on("2026-12-24").then_no_finding(
        "feedback_overdue"
    )
    told_first = held().when(TELL).when(ASSIGN)
    told_first.on("2026-12-24").then_no_finding("feedback_overdue")


def test_telling_others_has_no_day_of_its_own() -> None:
    """No limit is invented for telling anybody but the adult (G3)."""
    event = held().when(replace(ASSIGN, audience=Code("referrer"))).events[0]
    assert isinstance(event, FeedbackResponsibilityAssigned)
    assert event.due is None


def test_an_absent_adult_can_disagree() -> None:
    """An adult who was absent, and has nobody to contact, is a finding (R58)."""
    ask = NameChallengeContact(conference=CONFERENCE, contact=words("The chair, by telephone."))
    held(adult_came=False).then_finding("no_challenge_contact")
    outcome = held(adult_came=False).when(ask)
    outcome.then_recorded(ChallengeContactNamed)
    outcome.then_no_finding("no_challenge_contact")
    held().then_no_finding("no_challenge_contact")


def test_what_the_person_alleged_is_told_is_decided_at_the_meeting() -> None:
    """A conference that did not decide on telling the person alleged is flagged high (R172)."""
    known = PachIdentified(person=PACH, allegations=(), adult_at_risk=Code("no"))
    ask = DecidePachFeedback(conference=CONFERENCE, content=Code("none"), assignee=OFFICER)
    code = "pach_feedback_not_decided"

    held().then_no_finding(code)
    held(known).then_finding(code, severity="high")
    decided = held(known).when(ask)
    decided.then_recorded(PachFeedbackDecided)
    decided.then_no_finding(code)
    decided.then_no_finding("pach_feedback_unassigned")


def test_nothing_is_decided_on_whom_nobody_knew() -> None:
    """Of a person identified after the meeting it did not have to decide what they hear (R172)."""
    known = PachIdentified(
        person=PACH, allegations=(), employer=Slug("acorn-care"), adult_at_risk=Code("no")
    )
    codes = ("pach_feedback_not_decided", "employer_feedback_not_decided")
    for code in codes:
        held(at("2026-11-24", known)).then_no_finding(code)
        held(at("2027-02-01", known)).then_no_finding(code)
        held(at("2027-02-01", known, occurred="2026-11-20")).then_finding(code)
        held(at("2027-02-01", known, occurred="2026-11")).then_no_finding(code)  # perhaps after


def test_each_employer_is_decided_on() -> None:
    """What one employer is told decides nothing of another's staff (R173)."""
    code = "employer_feedback_not_decided"
    one = PachIdentified(
        person=PACH, allegations=(), employer=Slug("acorn-care"), adult_at_risk=Code("no")
    )
    two = replace(one, person=SISTER, employer=Slug("birch-nursing"))
    told = DecidePachFeedback(
        conference=CONFERENCE,
        audience=Code("employer"),
        content=Code("limited"),
        organisation=Slug("acorn-care"),
        assignee=OFFICER,
    )
    unnamed = replace(told, organisation=None)
    held(one).then_finding(code, severity="medium")
    held(one).when(told).then_no_finding(code)
    held(one).when(unnamed).then_no_finding(code)  # there is only that one
    held(one, two).when(told).then_finding(code)
    held(one, two).when(unnamed).then_finding(code)
    both = held(one, two).when(told).when(replace(told, organisation=Slug("birch-nursing")))
    both.then_no_finding(code)


def test_somebody_is_to_tell_the_person_alleged() -> None:
    """A decision to tell the person alleged that names nobody to do it is a finding (R174)."""
    ask = DecidePachFeedback(conference=CONFERENCE, content=Code("limited"))
    held().when(ask).then_finding("pach_feedback_unassigned")
    nothing = replace(ask, content=Code("none"))
    held().when(nothing).then_no_finding("pach_feedback_unassigned")  # nobody has to do that


def test_what_to_do_about_the_person_alleged_is_decided() -> None:
    """A person alleged to have caused harm and no decision about them is a finding (R78)."""
    known = PachIdentified(person=PACH, allegations=(), adult_at_risk=Code("no"))
    code, meeting = "pach_not_decided", at("2026-11-23", a_held_conference())
    held().then_no_finding(code)
    held(at("2026-12-01", known)).then_no_finding(code)  # identified only since
    held(at("2026-12-01", known, occurred="2026-11-20")).then_finding(code)  # and told only since
    given(a_referral(), known, a_conference(), meeting).then_finding(code)
    held(at("2026-12-01", known, occurred="2026-10")).then_finding(code)  # some day before it
    group = (a_conference("2026-11-23", CONFERENCE, "core_group"), meeting)
    given(a_referral(), known, *group).then_no_finding(code)  # which carries out what was decided


def test_the_referrer_is_told_before_closing() -> None:
    """A case closed with the referrer neither told nor refused is a finding (R171)."""
    told = FeedbackGiven(
        audience=Code("referrer"), content=Code("limited"), method=Code("telephone")
    )
    code = "referrer_not_told"
    held().then_no_finding(code)
    held(at("2026-12-01", a_closure())).then_finding(code)
    held(told, at("2026-12-01", a_closure())).then_no_finding(code)


def test_not_telling_somebody_is_recorded_with_its_reason() -> None:
    """Deciding not to tell the referrer is an answer too, also after closing (R171, I14)."""
    ask = DecideAgainstFeedback(audience=Code("referrer"), reason=Code("anonymous"))
    outcome = held(at("2026-12-01", a_closure())).when(ask, on="2026-12-04")
    outcome.then_recorded(FeedbackNotGiven)
    outcome.then_no_finding("referrer_not_told")


def test_not_telling_somebody_has_a_reason() -> None:
    """A decision not to tell somebody without a reason or a word on it is a finding (R171)."""
    code = "feedback_refusal_unexplained"
    ask = DecideAgainstFeedback(audience=Code("referrer"))
    held().when(ask).then_finding(code, severity="low")
    held().when(replace(ask, reason=Code("anonymous"))).then_no_finding(code)
    held().when(replace(ask, rationale=words("She asked not to be."))).then_no_finding(code)


def test_the_adult_has_the_plan() -> None:
    """A plan neither sent to the adult nor withheld is a finding (R161)."""
    outcome = held(AGREED).when(SendPlanToAdult(plan=PLAN))
    held(AGREED).then_finding("plan_not_sent")
    outcome.then_recorded(PlanSentToAdult)
    outcome.then_no_finding("plan_not_sent")
    event = outcome.events[0]
    assert isinstance(event, PlanSentToAdult)
    assert event.version == 1


def test_the_adult_has_each_version_of_the_plan() -> None:
    """Once a plan is revised, the version sent before answers for the new one no more (R161).

    That it is withheld stands for what comes after, until a version is sent.
    """
    code = "plan_not_sent"
    first = PlanSentToAdult(plan=PLAN, version=1, method=Code("by_hand"))
    second = replace(first, version=2)
    revised = PlanRevised(
        plan=PLAN,
        version=2,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=Terms(),
        review_due=None,
    )
    kept = PlanWithheldFromAdult(
        plan=PLAN, reason=Code("raises_risk"), risk_basis=words("He reads her post.")
    )
    held(AGREED, first).then_no_finding(code)
    held(AGREED, first, revised).then_finding(code, severity="medium")
    held(AGREED, first, revised, second).then_no_finding(code)
    held(AGREED, kept, revised).then_no_finding(code)
    held(AGREED, kept, first, revised).then_finding(code)


def test_a_plan_is_withheld_for_a_stated_risk() -> None:
    """Withholding the plan answers the duty; not saying how it raises risk is a finding (R161)."""
    ask = WithholdPlanFromAdult(plan=PLAN)
    bare = held(AGREED).when(ask)
    bare.then_recorded(PlanWithheldFromAdult)
    bare.then_no_finding("plan_not_sent")
    bare.then_finding("plan_withheld_unexplained")
    said = replace(ask, risk_basis=words("He reads her post."))
    held(AGREED).when(said).then_no_finding("plan_withheld_unexplained")


@pytest.mark.parametrize(
    "permit",
    [
        PermitRelease(
            what=Code("plan"), person=SISTER, role=Code("family"), basis=Code("best_interests")
        ),
        RecordBestInterestsDecision(decision=Code("minutes_recipient"), recipient=SISTER),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_plan_goes_to_somebody_else_by_permission(permit: object) -> None:
    """The system releases no plan to another person without the event that permits it (I8).

    That is a permission, or a decision in the adult's interests that names them (R162).
    """
    ask = SendPlanToNominee(plan=PLAN, role=Code("family"), person=SISTER)
    history = held(AGREED)
    history.when(ask).then_refused("I8")
    history.when(replace(ask, authority=99)).then_refused("I8")
    history.when(replace(ask, authority=2)).then_refused("I8")
    permitted = history.when(permit)
    permitted.then_no_finding("permission_without_basis")
    number = permitted.history.case.version
    sent = permitted.when(replace(ask, authority=number)).then_recorded(PlanSentToNominee)
    sent.then_no_finding("plan_released_without_authority")


def test_a_permission_for_the_plan_is_for_whom_it_names() -> None:
    """What permits the minutes, or somebody else, permits no copy of the plan (R162, I8)."""
    code = "plan_released_without_authority"
    ask = SendPlanToNominee(plan=PLAN, role=Code("family"), person=SISTER)
    hers = ReleasePermitted(
        what=Code("plan"), person=SISTER, role=Code("family"), basis=Code("adults_permission")
    )
    decided = CarerDisclosureDecided(
        conference=CONFERENCE,
        carer=SISTER,
        decided_role=Code("managing_officer"),
        pach_information=Code("none"),
        basis=Code("adults_permission"),
    )
    for permission in (
        replace(hers, what=Code("report")),
        replace(hers, person=PACH),
        replace(decided, carer=PACH),
        replace(decided, carer=None),
    ):
        history = held(AGREED, permission)
        named = replace(ask, authority=history.case.version)
        history.when(named).then_refused("I8")
        history.when(replace(named, outside=True)).then_finding(code, severity="high")
    for permission in (hers, replace(hers, person=None)):
        history = held(AGREED, permission)
        named = replace(ask, authority=history.case.version, outside=True)
        history.when(named).then_no_finding(code)
    to_carer = replace(ask, role=Code("carer"), outside=True)
    for permission in (decided, replace(decided, carer=None)):
        history = held(AGREED, permission)
        named = replace(to_carer, authority=history.case.version)
        history.when(named).then_no_finding(code)
        history.when(replace(named, role=Code("family"))).then_finding(code)
    nowhere = replace(ask, authority=999, outside=True)
    held(AGREED, hers).when(nowhere).then_finding(code, severity="high")


def test_a_permission_that_names_nobody_is_for_its_role_and_agency() -> None:
    """A plan goes by a permission for a role to who comes in it, for that agency (R162, I8)."""
    code = "plan_released_without_authority"
    friends = ReleasePermitted(
        what=Code("plan"), role=Code("supporter"), basis=Code("adults_permission")
    )
    ask = SendPlanToNominee(plan=PLAN, role=Code("supporter"), name=words("A friend"))
    history = held(AGREED, friends)
    named = replace(ask, authority=history.case.version)
    history.when(named).then_recorded(PlanSentToNominee).then_no_finding(code)
    others = (replace(named, role=Code("police")), replace(named, role=Code("family")))
    for other in others:
        history.when(other).then_refused("I8")
        history.when(replace(other, outside=True)).then_finding(code, severity="high")
    nurses = replace(friends, role=Code("other_health"), organisation=HEALTH)
    history = held(AGREED, nurses)
    named = replace(named, role=Code("other_health"), authority=history.case.version)
    history.when(named).then_refused("I8")
    history.when(replace(named, organisation=HEALTH)).then_recorded(PlanSentToNominee)
    invited = replace(named, organisation=HEALTH, participant=PARTICIPANT)
    history.when(invited).then_recorded(PlanSentToNominee).then_no_finding(code)


def test_a_plan_goes_after_it_was_permitted() -> None:
    """A plan that went before that was permitted is a finding; entered late it is none (R162)."""
    code = "plan_released_without_authority"
    hers = ReleasePermitted(
        what=Code("plan"), person=SISTER, role=Code("family"), basis=Code("adults_permission")
    )
    history = held(AGREED, at("2026-12-05", hers))
    gone = SendPlanToNominee(
        plan=PLAN, role=Code("family"), person=SISTER, authority=history.case.version
    )
    before = history.when(gone, on="2026-12-06", occurred="2026-12-01")
    before.then_finding(code, severity="medium")
    history.when(gone, on="2026-12-06").then_no_finding(code)
    entered_late = held(AGREED, at("2026-12-05", hers, occurred="2026-11-30"))
    entered_late.when(gone, on="2026-12-06", occurred="2026-12-01").then_no_finding(code)


def test_a_permission_has_a_basis() -> None:
    """A release permitted on no recorded basis is a finding (R162, R166)."""
    bare = PermitRelease(what=Code("plan"), role=Code("family"), basis=Code("none"))
    held(AGREED).when(bare).then_finding("permission_without_basis")


def test_a_plan_released_outside_is_recorded_and_flagged() -> None:
    """A plan that went out elsewhere without permission is recorded, flagged high (R162)."""
    ask = SendPlanToNominee(plan=PLAN, role=Code("family"), person=SISTER, outside=True)
    outcome = held(AGREED).when(ask)
    outcome.then_recorded(PlanSentToNominee)
    outcome.then_finding("plan_released_without_authority", severity="high")


def test_what_names_nothing_of_the_case_is_not_found() -> None:
    """A plan or conference this case does not have is not found."""
    held().when(SendPlanToAdult(plan=PlanRef(ref(699)))).then_not_found()
    held().when(replace(ASSIGN, conference=ConferenceRef(ref(599)))).then_not_found()
