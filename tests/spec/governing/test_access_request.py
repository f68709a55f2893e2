from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.access_request import (
    AnswerSubjectAccessRequest,
    ExtendSubjectAccess,
    ReceiveSubjectAccessRequest,
    RestartSubjectAccessClock,
    StopSubjectAccessClock,
    SubjectAccessRequestAnswered,
)
from domain.advice import LegalAdviceObtained
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.manifest import Given as Entry
from domain.manifest import Withheld
from domain.when import read
from domain.words import Code, Digest, DocumentRef, RequestRef
from tests.controls import ADULT, PACH, a_referral, a_risk, ref, words
from tests.given import Outcome, given

REQUEST = RequestRef(ref(300))
ASK = ReceiveSubjectAccessRequest(request=REQUEST)
STOP = StopSubjectAccessClock(request=REQUEST, reason=Code("identity"))
AGAIN = RestartSubjectAccessClock(request=REQUEST)
EXTEND = ExtendSubjectAccess(
    request=REQUEST, reason=Code("complex"), rationale=words("Nine volumes."), told=Code("yes")
)
ANSWER = AnswerSubjectAccessRequest(
    request=REQUEST,
    outcome=Code("given"),
    manifest=(Entry(entry=1, form=Code("as_recorded")),),
    digest=Digest("a" * 64),
)
KEPT = Withheld(entries=(1,), ground=Code("third_party"))
PART = replace(
    ANSWER, outcome=Code("given_in_part"), withheld=(KEPT,), told_of_complaint=Code("yes")
)


def asked(day: str = "2026-11-12", nation: Jurisdiction = ENGLAND) -> Outcome:
    """Give a request received on that day."""
    return given(a_referral(), jurisdiction=nation).when(ASK, on=day)


def due(outcome: Outcome) -> str:
    """The day the request is to be answered by."""
    one = outcome.history.case.access_request.requests[REQUEST]
    assert one.due is not None
    return str(one.due.on)


@pytest.mark.parametrize(
    ("nation", "day", "expected"),
    [
        (ENGLAND, "2026-11-10", "2026-12-10"),
        (ENGLAND, "2026-11-12", "2026-12-14"),  # a Saturday
        (ENGLAND, "2026-10-30", "2026-11-30"),
        (SCOTLAND, "2026-10-30", "2026-12-01"),  # Saint Andrew's Day
        (ENGLAND, "2027-01-31", "2027-03-01"),  # 28 February is a Sunday
        (ENGLAND, "2027-08-31", "2027-09-30"),
        (ENGLAND, "2026-11-25", "2026-12-29"),  # Christmas, a weekend, the substitute day
    ],
)
def test_a_request_is_due_in_a_month(nation: Jurisdiction, day: str, expected: str) -> None:
    """The same day a month later, or the month's last, or the next working day of the nation."""
    assert due(asked(day, nation)) == expected


def test_a_request_says_which_days_were_passed_over() -> None:
    """A day that moves to the next working day names those between, as every due date does."""
    one = asked("2026-11-05").history.case.access_request.requests[REQUEST]
    assert one.due is not None
    assert one.due.on == date(2026, 12, 7)
    assert one.due.skipped == (date(2026, 12, 5), date(2026, 12, 6))


def test_what_was_given_can_be_named_as_it_was_kept() -> None:
    """An answer names the document that was given, so that it can be opened later (L2, L3)."""
    document = DocumentRef(ref(301))
    (event,) = asked().when(replace(ANSWER, document=document)).events
    assert isinstance(event, SubjectAccessRequestAnswered)
    assert event.document == document
    (event,) = asked().when(ANSWER).events
    assert isinstance(event, SubjectAccessRequestAnswered)
    assert event.document is None


def test_a_request_is_answered_by_its_day() -> None:
    """A request not answered by its day, or answered after it, is a finding."""
    one = asked()
    one.on("2026-12-14").then_no_finding("access_overdue")
    one.on("2026-12-15").then_finding("access_overdue", severity="high")
    intime = one.when(ANSWER, on="2026-12-14").on("2027-02-01")
    intime.then_no_finding("access_answered_late").then_no_finding("access_overdue")
    late = one.when(ANSWER, on="2026-12-15")
    late.then_finding("access_answered_late").then_no_finding("access_overdue")


def test_the_clock_is_counted_anew_when_it_starts() -> None:
    """Days waited are added before the day is moved to a working day, twice if waited twice."""
    first = asked().when(STOP, on="2026-11-16").when(AGAIN, on="2026-11-18")
    assert due(first) == "2026-12-14"
    second = first.when(STOP, on="2026-11-20").when(AGAIN, on="2026-11-21")
    assert due(second) == "2026-12-15"
    days = second.history.case.access_request.requests[REQUEST].due
    assert days is not None
    assert days.skipped == (date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 20))
    second.on("2026-12-15").then_no_finding("access_overdue")
    second.on("2026-12-16").then_finding("access_overdue")


def test_a_clock_stopped_twice_waits_from_the_first() -> None:
    """Asking again while the clock stands starts no second wait."""
    one = asked().when(STOP, on="2026-11-16").when(STOP, on="2026-11-20")
    assert due(one.when(AGAIN, on="2026-11-26")) == "2026-12-22"


def test_a_clock_of_an_unknown_day_waits_only_days_that_must_have_been() -> None:
    """Stopped at an unknown day, it stood from its entry; restarted at one, it never stood."""
    stopped = asked().when(STOP, on="2026-11-16", occurred="unknown")
    assert due(stopped.when(AGAIN, on="2026-11-26")) == "2026-12-22"
    again = asked().when(STOP, on="2026-11-16").when(AGAIN, on="2026-11-26", occurred="unknown")
    assert due(again) == "2026-12-14"


@pytest.mark.parametrize("then", [(STOP, AGAIN), (EXTEND,)], ids=["waited", "extended"])
def test_counted_anew_a_request_keeps_the_time_it_came_as_stated(then: tuple[object, ...]) -> None:
    """What came on no certain day is due by the latest day that can be, also counted anew."""
    one = given(a_referral()).when(ASK, on="2026-11-12", occurred="2026-11-10/2026-11-12")
    for step in then:
        one = one.when(step, on="2026-11-16")
    due = one.history.case.access_request.requests[REQUEST].due
    assert due is not None
    assert (due.start, due.started) == (date(2026, 11, 12), read("2026-11-10/2026-11-12"))


def test_a_clock_that_stands_makes_nothing_late() -> None:
    """While the requester is waited for nothing is late, unless the day had passed before."""
    waiting = asked().when(STOP, on="2026-12-14")
    waiting.on("2027-03-01").then_no_finding("access_overdue")
    waiting.when(ANSWER, on="2027-03-01").then_no_finding("access_answered_late")
    after = asked().when(STOP, on="2026-12-15")
    after.then_finding("access_overdue")
    after.when(ANSWER, on="2026-12-16").then_finding("access_answered_late")


def test_a_request_is_extended_to_three_months() -> None:
    """An extended request is due three months from receipt, with the days waited."""
    longer = asked().when(EXTEND, on="2026-11-20")
    assert due(longer) == "2027-02-12"
    longer.on("2027-02-12").then_no_finding("access_overdue")
    longer.on("2027-02-13").then_finding("access_overdue")
    waited = longer.when(STOP, on="2026-11-23").when(AGAIN, on="2026-11-26")
    assert due(waited) == "2027-02-15"
    before = asked().when(STOP, on="2026-11-23").when(AGAIN, on="2026-11-26")
    assert due(before.when(EXTEND, on="2026-11-27")) == "2027-02-15"
    assert due(asked("2026-11-30").when(EXTEND)) == "2027-03-01"


def test_an_extension_is_told_within_the_first_month() -> None:
    """An extension after the first month is a finding; a second keeps the day of the first."""
    code = "access_extended_late"
    asked().when(EXTEND, on="2026-12-14").then_no_finding(code)
    asked().when(EXTEND, on="2026-12-15").then_finding(code)
    first = asked().when(EXTEND, on="2026-12-14")
    first.when(EXTEND, on="2026-12-20").then_no_finding(code)
    late = asked().when(EXTEND, on="2026-12-15")
    late.when(STOP, on="2026-12-16").when(AGAIN, on="2026-12-18").then_finding(code)


def test_days_waited_lengthen_the_first_month_too() -> None:
    """Days waited for the requester are added to the time in which an extension is told."""
    waited = asked().when(STOP, on="2026-11-16").when(AGAIN, on="2026-11-26")
    assert due(waited) == "2026-12-22"
    waited.when(EXTEND, on="2026-12-22").then_no_finding("access_extended_late")
    waited.when(EXTEND, on="2026-12-23").then_finding("access_extended_late")


def test_an_extension_is_told_and_explained() -> None:
    """An extension the person was not told of, or without a reason, is a finding (R154)."""
    told, why = "access_extension_not_told", "access_extension_unexplained"
    asked().when(EXTEND).then_no_finding(told).then_no_finding(why)
    untold = asked().when(replace(EXTEND, told=Code("no")))
    untold.then_finding(told).then_no_finding(why)
    untold.when(EXTEND).then_no_finding(told)
    asked().when(replace(EXTEND, rationale=None)).then_no_finding(why)
    bare = replace(EXTEND, rationale=None, reason=Code("not_recorded"))
    asked().when(bare).then_finding(why)


def test_what_is_kept_back_has_its_ground() -> None:
    """Everything kept back from a person has a ground; without one it is a finding (R154)."""
    code = "access_withheld_without_ground"
    asked().when(PART).then_no_finding(code)
    asked().when(replace(PART, withheld=())).then_finding(code)
    unknown = replace(KEPT, ground=Code("not_recorded"))
    asked().when(replace(PART, withheld=(KEPT, unknown))).then_finding(code)
    asked().when(replace(PART, outcome=Code("refused"), withheld=())).then_finding(code)
    asked().when(ANSWER).then_no_finding(code)


def test_whoever_is_refused_is_told_of_the_right_to_complain() -> None:
    """Data kept back, and the right to complain not told, is a finding."""
    code = "access_complaint_not_told"
    asked().when(PART).then_no_finding(code)
    asked().when(replace(PART, told_of_complaint=Code("no"))).then_finding(code)
    asked().when(ANSWER).then_no_finding(code)


def test_what_was_given_has_a_digest() -> None:
    """What was given without a digest of it is a finding; nothing held needs none."""
    code = "access_given_without_digest"
    asked().when(ANSWER).then_no_finding(code)
    asked().when(replace(ANSWER, digest=None)).then_finding(code)
    asked().when(replace(PART, digest=None)).then_finding(code)
    nothing = replace(ANSWER, outcome=Code("nothing_held"), digest=None, manifest=())
    asked().when(nothing).then_no_finding(code)


ADVICE_ENTRY = Entry(entry=2, form=Code("as_recorded"))
CUT = Entry(entry=1, form=Code("redacted"))


@pytest.mark.parametrize(
    ("code", "amiss", "right"),
    [
        ("privileged_disclosed", (ADVICE_ENTRY,), ANSWER.manifest),
        ("redacted_without_ground", (CUT,), (replace(CUT, ground=Code("third_party")),)),
        ("disclosure_without_manifest", (), ANSWER.manifest),
        (
            "given_and_kept_back",
            (replace(CUT, form=Code("as_recorded"), ground=Code("third_party")),),
            (replace(CUT, ground=Code("third_party")),),
        ),
    ],
)
def test_what_is_given_is_judged_as_what_is_disclosed(
    code: str, amiss: tuple[Entry, ...], right: tuple[Entry, ...]
) -> None:
    """Legal advice, a part left out and which entries: by the rules of a disclosure (R72, R165)."""
    advised = given(a_referral(), LegalAdviceObtained(conference=None, privileged=Code("yes")))
    case = advised.when(ASK, on="2026-11-12")
    for answer in (ANSWER, PART):
        case.when(replace(answer, manifest=amiss)).then_finding(code)
        case.when(replace(answer, manifest=right)).then_no_finding(code)
        case.when(replace(answer, manifest=amiss, outcome=Code("refused"))).then_no_finding(code)


@pytest.mark.parametrize(
    ("form", "entry", "kept", "fires"),
    [
        ("as_recorded", 1, (1,), True),
        ("as_recorded", 1, (2, 1), True),
        ("as_recorded", 1, (2,), False),
        ("as_recorded", 1, (), False),
        ("redacted", 1, (1,), False),  # something in it is kept back
        ("summary", 1, (1,), False),
        ("dates_only", 1, (1,), False),
    ],
)
def test_what_is_given_as_it_was_recorded_is_not_kept_back(
    form: str, entry: int, kept: tuple[int, ...], *, fires: bool
) -> None:
    """An answer that gives the whole of an entry and keeps it back contradicts itself (L2)."""
    code = "given_and_kept_back"
    case = given(a_referral(), a_risk()).when(ASK, on="2026-11-12")
    out = Entry(entry=entry, form=Code(form), ground=Code("third_party"))
    out = replace(out, ground=None) if form == "as_recorded" else out
    withheld = (Withheld(entries=kept, ground=Code("third_party")),) if kept else ()
    answer = replace(PART, manifest=(out,), withheld=withheld)
    told = case.when(answer)
    (told.then_finding if fires else told.then_no_finding)(code)
    if fires:
        told.then_finding(code, severity="medium")
        case.when(replace(answer, outcome=Code("given"))).then_finding(code)
        case.when(replace(answer, outcome=Code("refused"))).then_no_finding(code)  # none was given


def test_nothing_is_given_to_whoever_is_not_shown_to_be_the_person() -> None:
    """Proof that is said not to be there is a finding with what was given, unless it came since."""
    code = "access_given_unproved"
    unproved = replace(ASK, identity_proved=Code("no"))
    case = given(a_referral()).when(unproved, on="2026-11-12")
    case.when(ANSWER).then_finding(code, severity="high")
    case.when(replace(ANSWER, outcome=Code("refused"), manifest=())).then_no_finding(code)
    waiting = case.when(STOP, on="2026-11-13")
    waiting.when(ANSWER).then_no_finding(code).then_finding("access_given_before_identity")
    waiting.when(AGAIN, on="2026-11-16").when(ANSWER, on="2026-11-17").then_no_finding(code)
    asked().when(ANSWER).then_no_finding(code)


def test_a_case_holds_something_about_its_adult() -> None:
    """That nothing is held is no answer to the adult whose case it is."""
    code = "access_nothing_held"
    nothing = replace(ANSWER, outcome=Code("nothing_held"), digest=None, manifest=())
    case = given(a_referral())
    of_adult = case.when(replace(ASK, about=ADULT), on="2026-11-12")
    of_adult.when(nothing).then_finding(code, severity="medium")
    of_adult.when(ANSWER).then_no_finding(code)
    case.when(replace(ASK, about=PACH), on="2026-11-12").when(nothing).then_no_finding(code)


@pytest.mark.parametrize(("again", "fires"), [("2026-11-15", True), ("2026-11-16", False)])
def test_a_clock_starts_again_once_it_was_stopped(again: str, *, fires: bool) -> None:
    """Begun again on a day before its stop, one of the two days is wrong."""
    told = asked().when(STOP, on="2026-11-20", occurred="2026-11-16")
    told = told.when(AGAIN, on="2026-11-20", occurred=again)
    (told.then_finding if fires else told.then_no_finding)("days_out_of_order")


def test_what_cannot_be_asked_of_a_request() -> None:
    """One reference serves one request, answered once, of entries of the case (I12)."""
    asked().when(ASK).then_refused("I12", code="reference_used")
    asked().when(AGAIN).then_refused("I12", code="clock_runs")
    for command in (STOP, AGAIN, EXTEND, ANSWER):
        given(a_referral()).when(command).then_not_found()
        asked().when(ANSWER).when(command).then_refused("I12", code="already_answered")
    (entry,) = ANSWER.manifest
    asked().when(replace(ANSWER, manifest=(replace(entry, entry=9),))).then_not_found()
    asked().when(replace(ANSWER, manifest=(entry, entry))).then_refused("L22", code="entry_twice")
    asked().when(replace(PART, withheld=(replace(KEPT, entries=(1, 9)),))).then_not_found()
