from __future__ import annotations

from domain.access_request import (
    ReceiveSubjectAccessRequest,
    RestartSubjectAccessClock,
    StopSubjectAccessClock,
    SubjectAccessRequestReceived,
)
from domain.closure import ProposeClosure
from domain.joining import Beside, MergeCase, SplitCase
from domain.words import CaseRef, Code, RequestRef
from tests.controls import OTHER_CASE, a_referral, ref
from tests.given import given

REQUEST = RequestRef(ref(300))
ASK = ReceiveSubjectAccessRequest(request=REQUEST)
MERGE = MergeCase(other=CaseRef(OTHER_CASE), reason=Code("one_adult"), beside=Beside(version=1))


def test_a_request_for_access_is_due_in_a_month() -> None:
    """A request for access is due the same day a month later, or on the next working day (L1)."""
    event = given(a_referral()).when(ASK, on="2026-11-12").events[0]
    assert isinstance(event, SubjectAccessRequestReceived)
    assert event.due is not None
    assert str(event.due.on) == "2026-12-14"


def test_days_waited_for_the_requester_are_not_counted() -> None:
    """The days on which the requester had to be waited for are added, and named (L1)."""
    asked = given(a_referral()).when(ASK, on="2026-11-12")
    stopped = asked.when(
        StopSubjectAccessClock(request=REQUEST, reason=Code("identity")), on="2026-11-16"
    )
    stopped.on("2027-03-01").then_no_finding("access_overdue")
    again = stopped.when(RestartSubjectAccessClock(request=REQUEST), on="2026-11-18")
    request = again.history.case.access_request.requests[REQUEST]
    assert request.due is not None
    assert str(request.due.on) == "2026-12-14"
    again.on("2026-12-14").then_no_finding("access_overdue")
    again.on("2026-12-15").then_finding("access_overdue")


def test_a_merged_case_takes_no_more() -> None:
    """A case that is read in another takes no more of what is read there (I14)."""
    merged = given(a_referral()).when(MERGE)
    merged.when(ProposeClosure(reason=Code("died"))).then_refused("I14", code="merged")
    assert merged.history.case.merged_into == OTHER_CASE


def test_what_governs_a_case_is_not_split_off() -> None:
    """Entries are split off that are read here and may be elsewhere (I12)."""
    split = SplitCase(
        other=CaseRef(OTHER_CASE),
        reason=Code("wrong_person"),
        entries=(1,),
        beside=Beside(version=1),
    )
    once = given(a_referral()).when(split)
    assert once.history.case.joining.elsewhere == {1}
    once.when(split).then_refused("I12", code="read_elsewhere")
