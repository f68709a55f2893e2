"""An entry that says nothing of what is asked for does not answer it."""

from __future__ import annotations

from domain.answering import RespondToIssue
from domain.assessment import ConsiderSupportServices
from domain.best_interests import IdentifyKeyDecisionMaker
from domain.feedback import NameChallengeContact
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.words import Code
from tests.controls import (
    CONFERENCE,
    a_conference,
    a_conference_without_adult,
    a_held_conference,
    a_referral,
    words,
)
from tests.given import at, given
from tests.spec.enquiry import test_best_interests as deciding
from tests.spec.minutes import test_answering as answering

RULES = ("R55", "R58", "R80", "R170", "R186")
WITHOUT = at("2026-11-23", a_conference_without_adult())


def test_a_contact_that_is_nobody_is_none() -> None:
    """Whom the adult can contact is named, or it is a finding (R58)."""
    code, ask = "no_challenge_contact", NameChallengeContact(conference=CONFERENCE)
    history = given(a_referral(), a_conference(), WITHOUT).then_finding(code)
    history.when(ask).then_finding(code)
    named = NameChallengeContact(conference=CONFERENCE, contact=words("The duty team."))
    history.when(named).then_no_finding(code)


def test_an_answer_that_says_nothing_is_none() -> None:
    """An issue is answered by what was said or came of it, and by neither not at all (R170)."""
    code, raised = "issue_unanswered", answering.held().when(answering.RAISE).history
    raised.on("2027-02-01").then_finding(code)
    bare = RespondToIssue(issue=answering.ISSUE, outcome=Code("not_recorded"))
    raised.when(bare).on("2027-02-01").then_finding(code)
    said = RespondToIssue(
        issue=answering.ISSUE, outcome=Code("not_recorded"), response=words("The lock stays.")
    )
    raised.when(said).on("2027-02-01").then_no_finding(code)
    came = RespondToIssue(issue=answering.ISSUE, outcome=Code("changed"))
    raised.when(came).on("2027-02-01").then_no_finding(code)


def test_a_decision_maker_who_is_nobody_is_none() -> None:
    """Whoever decides for the adult is named, or it is said by what authority they do (R55)."""
    code, history = "nobody_decides", deciding.held(deciding.LACKS).then_finding("nobody_decides")
    nobody = IdentifyKeyDecisionMaker(
        decision=deciding.MAKER.decision, authority=Code("not_recorded")
    )
    history.when(nobody).then_finding(code)
    authority = next(one for one in ENGLAND.lists["decision_authority"])
    known = IdentifyKeyDecisionMaker(decision=deciding.MAKER.decision, authority=Code(authority))
    history.when(known).then_no_finding(code)


def test_services_that_are_none_are_said_to_be_none() -> None:
    """Services are considered where some are named, or that none is needed, or why (R80, R186)."""
    code, met = "support_not_considered", at("2026-11-23", a_held_conference())
    history = given(a_referral(), a_conference(), met, jurisdiction=SCOTLAND).then_finding(code)
    history.when(ConsiderSupportServices()).then_finding(code)
    none = ConsiderSupportServices(services=(Code("none_needed"),))
    history.when(none).then_no_finding(code)
    why = ConsiderSupportServices(rationale=words("Her daughter does it all."))
    history.when(why).then_no_finding(code)
