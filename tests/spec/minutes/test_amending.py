from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.amending import (
    AcceptMinuteAmendment,
    ConsiderPreviousMinutes,
    MinuteAmendmentAccepted,
    MinuteAmendmentRefused,
    MinuteAmendmentRequested,
    PreviousMinutesConsidered,
    RefuseMinuteAmendment,
    RequestMinuteAmendment,
)
from domain.drafting import MinutePassageWritten, WriteMinutePassage
from domain.invitation import ChairAppointed
from domain.minutes import MinutesApproved, MinutesDrafted
from domain.words import AmendmentRef, Code, ConferenceRef, Digest, DocumentRef
from tests.controls import (
    CHAIR,
    CONFERENCE,
    COUNCIL,
    PARTICIPANT,
    PRACTITIONER,
    REVIEW,
    a_conference,
    a_held_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R152", "R154", "R170")

AMENDMENT = AmendmentRef(ref(95))
MINUTES = DocumentRef(ref(90))
DRAFTED = MinutesDrafted(conference=CONFERENCE, document=MINUTES, form=Code("multi_agency"))
APPROVED = MinutesApproved(
    conference=CONFERENCE, document=MINUTES, master=Digest("a" * 64), approved_by=CHAIR
)
ASK = RequestMinuteAmendment(
    conference=CONFERENCE,
    amendment=AMENDMENT,
    participant=PARTICIPANT,
    role=Code("adult"),
    passage=1,
    wanted=words("It was a Tuesday."),
    reason=words("I was there."),
)
WHY = words("The diary says Tuesday.")
ACCEPTED = MinuteAmendmentAccepted(
    conference=CONFERENCE, amendment=AMENDMENT, decided_by=CHAIR, reason=WHY
)
REFUSED = MinuteAmendmentRefused(
    conference=CONFERENCE, amendment=AMENDMENT, decided_by=CHAIR, reason=WHY
)


def requested() -> MinuteAmendmentRequested:
    """Give the request as it is recorded on 27 November."""
    event = held().when(ASK, on="2026-11-27").events[0]
    assert isinstance(event, MinuteAmendmentRequested)
    return event


def held(*more: object) -> Given:
    """Begin with a chaired conference on 23 November, its minutes drafted and approved."""
    chair = ChairAppointed(
        conference=CONFERENCE,
        chair=CHAIR,
        role=Code("independent_chair"),
        organisation=COUNCIL,
        basis=Code("usual"),
    )
    meeting = at("2026-11-23", a_held_conference())
    return given(a_referral(), a_conference(), chair, meeting, DRAFTED, APPROVED, *more)


def asked(*more: object) -> Given:
    """Begin with minutes somebody asked on 27 November to amend, and these."""
    return held(at("2026-11-27", requested()), *more)


def test_anybody_may_ask_that_minutes_be_amended() -> None:
    """A request says who asks, what for and why, and by when it is to be answered (R152)."""
    event = requested()
    assert (event.role, event.wanted, event.reason) == ("adult", ASK.wanted, ASK.reason)
    assert event.due is not None
    assert event.due.on == date(2026, 12, 11)  # ten working days


def test_one_request_is_asked_once() -> None:
    """The reference of a request is its own: a second under it is refused (I1)."""
    asked().when(ASK).then_refused("I1", code="already_recorded")


def test_a_request_is_accepted_or_refused() -> None:
    """Whoever decides on an amendment is named, by default whoever performed it (R152)."""
    accept = AcceptMinuteAmendment(conference=CONFERENCE, amendment=AMENDMENT, reason=WHY)
    asked().when(accept).then(replace(ACCEPTED, decided_by=PRACTITIONER))
    refuse = RefuseMinuteAmendment(
        conference=CONFERENCE, amendment=AMENDMENT, decided_by=CHAIR, reason=WHY
    )
    asked().when(refuse).then(REFUSED)
    held().when(refuse).then_not_found()
    asked().when(replace(refuse, conference=ConferenceRef(ref(599)))).then_not_found()


def test_a_request_is_answered_in_time() -> None:
    """A request not answered by its day is a finding from the day after (R152, R170)."""
    code = "amendment_unanswered"
    asked().on("2026-12-11").then_no_finding(code)
    asked().on("2026-12-12").then_finding(code, severity="medium")
    asked(ACCEPTED).on("2026-12-12").then_no_finding(code)
    asked(REFUSED).on("2026-12-12").then_no_finding(code)


def test_a_refusal_gives_its_reason() -> None:
    """An amendment refused for no recorded reason is a finding (R154)."""
    code = "amendment_refused_unexplained"
    asked(replace(REFUSED, reason=None)).then_finding(code, severity="medium")
    asked(REFUSED).then_no_finding(code)
    asked(replace(ACCEPTED, reason=None)).then_no_finding(code)


def test_the_chair_decides_on_amendments() -> None:
    """An amendment decided on by somebody else than the chair is recorded, and flagged (R152)."""
    code = "amendment_not_by_chair"
    asked(replace(REFUSED, decided_by=PRACTITIONER)).then_finding(code)
    asked(REFUSED).then_no_finding(code)


def test_an_accepted_amendment_is_carried_out() -> None:
    """Approved minutes that were to be amended are approved anew, or it is a finding (R152)."""
    code = "amendment_not_made"
    asked(ACCEPTED).then_finding(code)
    asked(REFUSED).then_no_finding(code)
    asked(ACCEPTED, replace(APPROVED, master=Digest("c" * 64))).then_no_finding(code)


def test_a_passage_names_the_amendment_it_carries_out() -> None:
    """What is written anew names the accepted request it carries out; a refused one is not found.

    So that everybody who asked can see what came of it (R152).
    """
    ask = WriteMinutePassage(
        conference=CONFERENCE, number=1, text=words("A Tuesday."), amendment=AMENDMENT
    )
    asked(ACCEPTED).when(ask).then_recorded(MinutePassageWritten)
    asked(REFUSED).when(ask).then_not_found()


def two_meetings(*more: object) -> Given:
    """Begin with minutes of a first conference, and a review held on 14 December."""
    review = a_conference("2026-12-14", REVIEW, "review")
    return held(review, at("2026-12-14", a_held_conference(REVIEW)), *more)


def test_the_next_meeting_considers_the_minutes() -> None:
    """A conference looks at whether the minutes of the one before it are accurate (R152)."""
    ask = ConsiderPreviousMinutes(conference=REVIEW, previous=CONFERENCE)
    event = PreviousMinutesConsidered(
        conference=REVIEW, previous=CONFERENCE, accuracy=Code("agreed")
    )
    two_meetings().when(ask).then(event)
    two_meetings().when(replace(ask, previous=REVIEW)).then_not_found()


def test_accuracy_not_considered_is_criticised() -> None:
    """A conference that did not look at the minutes of the one before it is a finding (R152)."""
    code = "previous_minutes_not_considered"
    event = PreviousMinutesConsidered(
        conference=REVIEW, previous=CONFERENCE, accuracy=Code("disputed")
    )
    two_meetings().then_finding(code, severity="low")
    two_meetings(event).then_no_finding(code)
    two_meetings(replace(event, accuracy=Code("not_considered"))).then_finding(code)
    held().then_no_finding(code)  # there was none before it
    group = a_conference("2026-12-14", REVIEW, "core_group")
    held(group, at("2026-12-14", a_held_conference(REVIEW))).then_no_finding(code)
