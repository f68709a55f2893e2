from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.auditing import (
    AuditCase,
    CaseAudited,
    ChallengeFactualAccuracy,
    CompleteAuditRemedy,
    Grade,
    RemedyAsked,
    ResolveFactualAccuracy,
)
from domain.correction import CorrectRecord
from domain.excepting import GrantAccessException, ReviewAccessException
from domain.linking import LinkLargeScaleEnquiry, UnlinkLargeScaleEnquiry
from domain.when import read
from domain.words import Actor, Code, LargeScaleRef, WorkerRef
from tests.controls import (
    ACTION,
    ACTOR,
    CHAIR,
    COUNCIL,
    MANAGER,
    OFFICER,
    PRACTITIONER,
    a_referral,
    ref,
    words,
)
from tests.given import Given, Outcome, given

RULES = ("R3", "R18", "R150", "R154")

WHY = words("The date in the report is of another visit.")
CHALLENGE = ChallengeFactualAccuracy(targets=(1,), text=WHY, due_on=date(2026, 12, 18))
ANSWER = ResolveFactualAccuracy(challenge=2, outcome=Code("not_upheld"), rationale=WHY)
REMEDY = RemedyAsked(action=ACTION, owner=COUNCIL, due_on=date(2026, 12, 18))
AUDIT = AuditCase(overall=Code("inadequate"), remedies=(REMEDY,))
LARGE = LargeScaleRef(ref(320))
LINK = LinkLargeScaleEnquiry(large_scale=LARGE, adult_told=Code("yes"))
UNLINK = UnlinkLargeScaleEnquiry(large_scale=LARGE, rationale=WHY)
GRANT = GrantAccessException(
    worker=OFFICER, ground=Code("out_of_hours"), rationale=WHY, last_day=date(2026, 11, 20)
)
JUSTIFIED = ReviewAccessException(exception=2, judged=Code("justified"), rationale=WHY)


def case() -> Given:
    """Begin with a referral."""
    return given(a_referral())


def by(worker: WorkerRef) -> Actor:
    """Somebody else who asks."""
    return replace(ACTOR, worker=worker)


def test_a_challenge_is_answered_by_its_day() -> None:
    """A challenge to accuracy without an answer by its day is a finding (R150)."""
    code = "accuracy_challenge_open"
    made = case().when(CHALLENGE)
    made.on("2026-12-18").then_no_finding(code)
    made.on("2026-12-19").then_finding(code)
    made.when(ANSWER).on("2026-12-19").then_no_finding(code)
    case().when(replace(CHALLENGE, due_on=None)).on("2028-12-19").then_no_finding(code)


def test_an_answer_to_a_challenge_has_reasons() -> None:
    """A challenge answered without reasons is a finding, unless it was withdrawn (R154)."""
    code = "accuracy_answer_unexplained"
    made = case().when(CHALLENGE)
    made.when(ANSWER).then_no_finding(code)
    bare = replace(ANSWER, rationale=None)
    made.when(bare).then_finding(code)
    made.when(replace(bare, outcome=Code("withdrawn"))).then_no_finding(code)


def test_a_challenge_upheld_is_followed_by_a_correction() -> None:
    """A challenge upheld, wholly or in part, without a correction is a finding (R150)."""
    code = "accuracy_upheld_uncorrected"
    made = case().when(CHALLENGE)
    made.when(ANSWER).then_no_finding(code)
    correct = CorrectRecord(target=1, reason=Code("wrong_date"), occurred=read("2026-11-01"))
    corrected = made.when(correct)
    for outcome in ("upheld", "partly_upheld"):
        upheld = replace(ANSWER, outcome=Code(outcome))
        made.when(upheld).then_finding(code)
        made.when(replace(upheld, corrections=(1,))).then_not_found()
        corrected.when(replace(upheld, corrections=(3,))).then_no_finding(code)


def test_a_challenge_is_of_this_case() -> None:
    """What is challenged, and what is answered, is of the case."""
    case().when(replace(CHALLENGE, targets=(1, 9))).then_not_found()
    case().when(ANSWER).then_not_found()
    case().when(CHALLENGE).when(replace(ANSWER, challenge=1)).then_not_found()


def test_what_an_audit_asks_for_is_done() -> None:
    """What an audit asks for and is not done by its day is a finding (R154)."""
    code = "audit_remedy_overdue"
    audited = case().when(AUDIT)
    audited.on("2026-12-18").then_no_finding(code)
    audited.on("2026-12-19").then_finding(code)
    done = CompleteAuditRemedy(action=ACTION)
    audited.when(done).on("2026-12-19").then_no_finding(code)
    case().when(done).then_not_found()
    undated = replace(AUDIT, remedies=(replace(REMEDY, due_on=None),))
    case().when(undated).on("2028-12-19").then_no_finding(code)


def test_an_audit_that_finds_the_work_wanting_asks_for_something() -> None:
    """Work found wanting, and nothing asked for, is a finding; good work needs nothing (R154)."""
    code = "audit_without_remedy"
    case().when(AUDIT).then_no_finding(code)
    for grade in ("inadequate", "requires_improvement"):
        case().when(replace(AUDIT, overall=Code(grade), remedies=())).then_finding(code)
    for grade in ("good", "outstanding", "not_graded"):
        case().when(replace(AUDIT, overall=Code(grade), remedies=())).then_no_finding(code)


def test_an_audit_rests_on_entries_of_the_case() -> None:
    """A grade names the entries it rests on; whoever records an audit made it, or who is named."""
    grade = Grade(question=Code("risk"), grade=Code("good"), evidence=(1,))
    for auditor in (None, MANAGER):
        event = case().when(replace(AUDIT, grades=(grade,), auditor=auditor)).events[0]
        assert isinstance(event, CaseAudited)
        assert event.auditor == (auditor or PRACTITIONER)
    wrong = replace(grade, evidence=(1, 9))
    case().when(replace(AUDIT, grades=(grade, wrong))).then_not_found()


def granted(command: GrantAccessException = GRANT) -> Outcome:
    """Give an exception granted by the manager."""
    return case().when(command, actor=by(MANAGER))


def test_an_exception_has_its_reason() -> None:
    """Access given by way of exception without a reason is a finding (R154)."""
    code = "exception_unexplained"
    granted().then_no_finding(code)
    granted(replace(GRANT, rationale=None)).then_finding(code, severity="high")


def test_nobody_grants_themselves_an_exception() -> None:
    """Access by way of exception given by whoever has it is a finding."""
    code = "exception_to_oneself"
    granted().then_no_finding(code)
    granted(replace(GRANT, worker=MANAGER)).then_finding(code)


def test_an_exception_is_looked_at_again() -> None:
    """An exception that has ended and was not looked at again is a finding."""
    code = "exception_not_reviewed"
    made = granted()
    made.on("2026-11-20").then_no_finding(code)
    made.on("2026-11-21").then_finding(code)
    made.when(JUSTIFIED, actor=by(CHAIR)).on("2026-11-21").then_no_finding(code)
    case().when(JUSTIFIED).then_not_found()
    made.when(replace(JUSTIFIED, exception=1)).then_not_found()


def test_an_exception_is_looked_at_by_somebody_else() -> None:
    """An exception looked at by whoever gave it, or had it, is a finding."""
    code = "exception_reviewed_by_oneself"
    made = granted()
    made.then_no_finding(code)
    made.when(JUSTIFIED, actor=by(CHAIR)).then_no_finding(code)
    made.when(JUSTIFIED, actor=by(MANAGER)).then_finding(code)
    made.when(JUSTIFIED, actor=by(OFFICER)).then_finding(code)


def test_the_adult_is_told_of_a_large_scale_enquiry() -> None:
    """A case linked to a large-scale enquiry the adult is not told of is a finding (R3, R18)."""
    code = "large_scale_adult_not_told"
    case().when(LINK).then_no_finding(code)
    untold = case().when(replace(LINK, adult_told=Code("no")))
    untold.then_finding(code)
    untold.when(UNLINK).then_no_finding(code)


def test_a_case_leaves_a_large_scale_enquiry_with_reasons() -> None:
    """A case that left a large-scale enquiry without reasons is a finding (R154)."""
    code = "large_scale_left_unexplained"
    linked = case().when(LINK)
    linked.when(UNLINK).then_no_finding(code)
    linked.when(replace(UNLINK, rationale=None)).then_finding(code)


def test_a_case_is_linked_once() -> None:
    """A case is part of a large-scale enquiry once, and may come back to it (I12)."""
    linked = case().when(LINK)
    linked.when(LINK).then_refused("I12", code="linked_already")
    case().when(UNLINK).then_not_found()
    assert linked.when(UNLINK).when(LINK).error is None
