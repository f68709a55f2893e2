from __future__ import annotations

from dataclasses import replace

import pytest

from domain.answering import (
    AdultRaisedIssue,
    CarerDisclosureDecided,
    DecideCarerDisclosure,
    IssueResponded,
    RaiseIssue,
    RespondToIssue,
)
from domain.copies import Release, Whom
from domain.enquiry import PachIdentified
from domain.feedback import DecidePachFeedback, FeedbackGiven, PachFeedbackDecided
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.minutes import CirculateMinutes, MinutesApproved, MinutesCirculated, Recipient
from domain.plan_copies import ReleasePermitted
from domain.words import (
    Code,
    ConferenceRef,
    Digest,
    DocumentRef,
    IssueRef,
    PersonRef,
    PlanRef,
    Slug,
)
from tests.controls import (
    CHAIR,
    CONFERENCE,
    MANAGER,
    NATIONS,
    OFFICER,
    PACH,
    REPORT,
    SISTER,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R167", "R170", "R173", "R174", "R175")

ISSUE = IssueRef(ref(89))
SAID = words("Nobody asked me about the lock.")
RAISE = RaiseIssue(issue=ISSUE, conference=CONFERENCE, about=Code("plan"), words=SAID)
RAISED = AdultRaisedIssue(
    issue=ISSUE,
    conference=CONFERENCE,
    about=Code("plan"),
    raised_by=Code("adult"),
    words=SAID,
)
ANSWERED = IssueResponded(
    issue=ISSUE, outcome=Code("changed"), response=words("The lock stays."), answered_by=MANAGER
)
MASTER = Digest("a" * 64)
APPROVED = MinutesApproved(
    conference=CONFERENCE, document=DocumentRef(ref(90)), master=MASTER, approved_by=CHAIR
)
TO_CARER = Recipient(role=Code("carer"), person=SISTER, copy=MASTER, source=MASTER)
SENT = MinutesCirculated(conference=CONFERENCE, recipients=(TO_CARER,), outside=True, due=None)
DECIDE = DecideCarerDisclosure(
    conference=CONFERENCE,
    carer=SISTER,
    decided_by=MANAGER,
    decided_role=Code("managing_officer"),
    pach_information=Code("safety_only"),
    basis=Code("adults_permission"),
)
DECIDED = CarerDisclosureDecided(
    conference=CONFERENCE,
    carer=SISTER,
    decided_by=MANAGER,
    decided_role=Code("managing_officer"),
    pach_information=Code("safety_only"),
    basis=Code("adults_permission"),
)
OTHER_CARER = PersonRef(ref(98))
EMPLOYER = Slug("quiet-care")
KNOWN = PachIdentified(
    person=PACH, allegations=(), employer=EMPLOYER, adult_at_risk=Code("not_known")
)


def held(*more: object, nation: Jurisdiction = ENGLAND) -> Given:
    """Begin with a conference held on 23 November, and these."""
    meeting = at("2026-11-23", a_held_conference())
    return given(a_referral(), a_conference(), meeting, *more, jurisdiction=nation)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_the_adult_raises_an_issue_and_is_answered(nation: Jurisdiction) -> None:
    """What the adult raises about decisions or the plan, and the answer, are recorded (R170)."""
    raised = held(nation=nation).when(RAISE)
    raised.then(RAISED)
    answer = RespondToIssue(
        issue=ISSUE, outcome=Code("changed"), response=words("The lock stays."), answered_by=MANAGER
    )
    raised.when(answer).then(ANSWERED)


def test_an_issue_without_an_answer_is_a_finding() -> None:
    """An issue raised and not answered is a finding from the day after it was raised (R170)."""
    code = "issue_unanswered"
    raised = held(at("2026-11-25", RAISED))
    raised.on("2026-11-25").then_no_finding(code)
    raised.on("2026-11-26").then_finding(code)
    raised.also(ANSWERED).on("2026-11-26").then_no_finding(code)


def test_an_issue_is_of_the_case() -> None:
    """An issue has a reference of its own, and names what the case has (I1)."""
    held(RAISED).when(RAISE).then_refused("I1")
    held().when(replace(RAISE, conference=ConferenceRef(ref(599)))).then_not_found()
    held().when(replace(RAISE, plan=PlanRef(ref(699)))).then_not_found()
    held().when(RespondToIssue(issue=ISSUE, outcome=Code("explained"))).then_not_found()


def test_an_issue_after_the_end_is_recorded() -> None:
    """An adult may raise an issue after the case was closed, and is answered (I14, R170)."""
    closed = held(at("2026-12-20", a_closure()))
    raised = closed.when(RAISE, on="2027-01-10")
    raised.then_recorded(AdultRaisedIssue)
    answer = RespondToIssue(issue=ISSUE, outcome=Code("explained"))
    raised.when(answer, on="2027-01-11").then_recorded(IssueResponded)


def test_what_a_carer_may_know_is_decided_first() -> None:
    """No carer's copy goes out before it is decided what they may know (I8, R167)."""
    send = CirculateMinutes(conference=CONFERENCE, recipients=(TO_CARER,))
    history = held(APPROVED, KNOWN)
    history.when(send).then_refused("I8")
    decided = history.when(DECIDE)
    decided.then(DECIDED)
    named = replace(TO_CARER, authority=decided.history.case.version)
    released = decided.when(replace(send, recipients=(named,)))
    released.then_recorded(MinutesCirculated)
    released.then_no_finding("carer_disclosure_not_decided")


def test_a_carer_told_without_a_decision_is_a_finding() -> None:
    """A carer has a copy, and nobody decided what they may know: a finding (R167).

    Not where nobody is known to be alleged to have caused harm, and not where the permission says
    what of them the copy may hold.
    """
    code = "carer_disclosure_not_decided"
    held(APPROVED, KNOWN, SENT).then_finding(code)
    held(APPROVED, KNOWN, SENT, DECIDED).then_finding(code)
    held(APPROVED, KNOWN, DECIDED, SENT).then_no_finding(code)
    held(APPROVED, SENT).then_no_finding(code)
    to_gp = replace(SENT, recipients=(replace(TO_CARER, role=Code("gp"), person=None),))
    held(APPROVED, KNOWN, to_gp).then_no_finding(code)
    permitted = ReleasePermitted(
        what=Code("minutes"),
        role=Code("carer"),
        basis=Code("managing_officer"),
        pach_information=words("That he has left the house."),
    )
    held(APPROVED, KNOWN, permitted, SENT).then_no_finding(code)
    bare = replace(permitted, pach_information=None)
    held(APPROVED, KNOWN, bare, SENT).then_finding(code)


def test_what_a_carer_may_know_is_asked_of_whom_was_known_then() -> None:
    """Who came to be known as alleged only after the copy went is no part of it (R167).

    One identified by then and entered later is: the copy was not to go before it was decided.
    """
    code = "carer_disclosure_not_decided"
    told = held(APPROVED, at("2026-12-01", SENT))
    told.also(at("2026-12-05", KNOWN)).then_no_finding(code)
    told.also(at("2026-12-05", KNOWN, occurred="2026-11-30")).then_finding(code)
    told.also(at("2026-12-05", KNOWN, occurred="unknown")).then_no_finding(code)
    known = held(APPROVED, at("2026-12-05", KNOWN))
    known.also(at("2026-12-06", SENT)).then_finding(code)
    known.also(at("2026-12-06", SENT, occurred="2026-12-01")).then_no_finding(code)


def test_what_a_carer_may_know_was_decided_before() -> None:
    """A decision entered late counts from when it was made; one made late does not (R167)."""
    code = "carer_disclosure_not_decided"
    told = held(APPROVED, KNOWN, at("2026-12-01", SENT))
    told.also(at("2026-12-05", DECIDED)).then_finding(code)
    told.also(at("2026-12-05", DECIDED, occurred="2026-11-30")).then_no_finding(code)
    decided = held(APPROVED, KNOWN, at("2026-12-01", DECIDED))
    decided.also(at("2026-12-05", SENT)).then_no_finding(code)
    decided.also(at("2026-12-05", SENT, occurred="2026-11-30")).then_finding(code)


def test_the_managing_officer_decides_what_a_carer_knows() -> None:
    """Another than the managing officer deciding is recorded, with a finding (R167)."""
    code = "disclosure_not_by_manager"
    held().when(DECIDE).then_no_finding(code)
    held().when(replace(DECIDE, decided_role=Code("chair"))).then_finding(code)
    held().when(replace(DECIDE, decided_role=None)).then_finding(code)
    held().when(replace(DECIDE, conference=ConferenceRef(ref(599)))).then_not_found()


def test_a_carers_disclosure_permits_no_report() -> None:
    """What a carer may know lets nobody have a report of the conference (I8)."""
    case = held().when(DECIDE).history.case
    carer = Whom(person=SISTER, role=Code("carer"))
    release = Release(what=Code("minutes"), to=carer, conference=CONFERENCE)
    assert case.permits(case.version, release)
    assert not case.permits(case.version, replace(release, to=replace(carer, person=PACH)))
    report = replace(release, what=Code("report"), report=REPORT)
    assert not case.permits(case.version, report)


def test_what_one_carer_may_know_is_decided_for_them() -> None:
    """A decision about one carer, or of another meeting, lets no other carer know (R167)."""
    code = "carer_disclosure_not_decided"
    another = replace(DECIDED, carer=OTHER_CARER)
    elsewhere = replace(DECIDED, conference=ConferenceRef(ref(599)))
    permitted = ReleasePermitted(
        what=Code("minutes"),
        person=OTHER_CARER,
        role=Code("carer"),
        basis=Code("managing_officer"),
        pach_information=words("That he has left the house."),
    )
    of_plan = replace(permitted, person=SISTER, what=Code("plan"))
    for decided in (another, elsewhere, permitted, of_plan):
        held(APPROVED, KNOWN, decided, SENT).then_finding(code)
    for decided in (
        replace(DECIDED, conference=None),
        replace(DECIDED, carer=None),
        replace(permitted, person=SISTER),
    ):
        held(APPROVED, KNOWN, decided, SENT).then_no_finding(code)


def test_a_permission_alone_sends_no_carer_a_copy() -> None:
    """A carer's copy goes from here once it is decided what they may know as well (I8, R167)."""
    permission = ReleasePermitted(
        what=Code("minutes"), person=SISTER, role=Code("carer"), basis=Code("adults_permission")
    )
    history = held(APPROVED, permission)
    named = replace(TO_CARER, authority=history.case.version)
    send = CirculateMinutes(conference=CONFERENCE, recipients=(named,))
    history.when(send).then_recorded(MinutesCirculated)  # nobody is alleged: nothing to decide
    known = held(APPROVED, permission, KNOWN)
    known.when(send).then_refused("I8", code="disclosure_not_decided")
    known.when(replace(send, outside=True)).then_recorded(MinutesCirculated)
    known.when(DECIDE).when(send).then_recorded(MinutesCirculated)


def test_what_the_employer_is_told_is_decided_at_the_meeting() -> None:
    """Somebody at work alleged to have caused harm: what their employer is told is decided (R173).

    What they themselves are told is another decision.
    """
    code = "employer_feedback_not_decided"
    held().then_no_finding(code)
    held(replace(KNOWN, employer=None)).then_no_finding(code)
    held(KNOWN).then_finding(code)
    them = DecidePachFeedback(conference=CONFERENCE, content=Code("limited"), assignee=OFFICER)
    employer = replace(them, audience=Code("employer"), organisation=EMPLOYER)
    held(KNOWN).when(them).then_finding(code)
    told = held(KNOWN).when(employer)
    told.then(
        PachFeedbackDecided(
            conference=CONFERENCE,
            audience=Code("employer"),
            content=Code("limited"),
            organisation=EMPLOYER,
            assignee=OFFICER,
        )
    )
    told.then_no_finding(code)
    told.then_finding("pach_feedback_not_decided")


def test_each_telling_has_its_messenger() -> None:
    """Of each audience, nobody named to tell it is a finding (R174)."""
    code = "pach_feedback_unassigned"
    them = DecidePachFeedback(conference=CONFERENCE, content=Code("limited"), assignee=OFFICER)
    employer = replace(them, audience=Code("employer"), assignee=None)
    held(KNOWN).when(them).when(employer).then_finding(code)
    held(KNOWN).when(them).when(replace(employer, assignee=OFFICER)).then_no_finding(code)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_whoever_lacks_capacity_is_told_with_support(nation: Jurisdiction) -> None:
    """A person alleged who lacks capacity and is at risk, told with nobody's support: R175."""
    code = "pach_told_unsupported"
    alone = FeedbackGiven(audience=Code("pach"), content=Code("limited"), method=Code("in_person"))
    needs = replace(KNOWN, adult_at_risk=Code("yes"), lacks_capacity=Code("yes"))
    held(needs, alone, nation=nation).then_finding(code)
    held(needs, replace(alone, supported_by=words("His sister."))).then_no_finding(code)
    held(needs, replace(alone, audience=Code("employer"))).then_no_finding(code)
    held(KNOWN, alone).then_no_finding(code)
    held(replace(needs, lacks_capacity=Code("no")), alone).then_no_finding(code)
    held(replace(needs, adult_at_risk=Code("no")), alone).then_no_finding(code)
