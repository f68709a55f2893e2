"""What is asked of a later episode is asked of what that one did, and of no earlier one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain import adopting
from domain.adopting import AdoptPolicy, OwnLimit
from domain.advocacy import (
    AdvocacyAccepted,
    AdvocacyDeclined,
    AdvocacyReferralMade,
    AdvocateAppointed,
    AdvocateContributed,
)
from domain.assessment import CapacityDecisionRecorded
from domain.closure import CaseReopened
from domain.concern import AllegationAdded, LinkReferral, ReceiveReferral, ReferralLinked
from domain.conclusion import EnquiryCeasedAtAdultsRequest
from domain.conference import ConferenceNotRequired
from domain.duty import ConcernCounted, Section42DutyDecided, ThreePointCriteriaDetermined
from domain.enquiry import EnquiryOpened, OpenEnquiry, PachIdentified
from domain.feedback import PachFeedbackDecided
from domain.hearing import ReportConsidered
from domain.information import AgencyReportReceived
from domain.invitation import ParticipantInvited
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.policy import Policy
from domain.releasing import DecisionsCirculated, Told
from domain.when import on_day, read
from domain.words import Code, EnquiryRef, Slug
from tests.controls import (
    ADULT,
    DAY,
    ENQUIRY,
    NATIONS,
    OFFICER,
    PACH,
    PARTICIPANT,
    POLICE,
    REPORT,
    REVIEW,
    SISTER,
    a_capacity,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    an_allegation,
    an_enquiry,
    ref,
    words,
)
from tests.given import Given, at, given
from tests.spec.correction.test_what_was_withdrawn import withdrawing

RULES = (
    *("R7", "R8", "R10", "R49", "R65", "R78"),
    *("R150", "R165", "R172", "R173", "R188", "R198"),
)

AGAIN = EnquiryRef(ref(77))
REOPENED = CaseReopened(reason=Code("new_referral"), rationale=words("Told anew."))
CAPACITY: CapacityDecisionRecorded = a_capacity()


def opening(nation: Jurisdiction, enquiry: EnquiryRef, day: str) -> OpenEnquiry:
    """Ask to open the nation's enquiry on a day."""
    on = date.fromisoformat(day)
    return OpenEnquiry(enquiry=enquiry, kind=nation.duty_enquiries[0], opened_on=on)


def once(nation: Jurisdiction, *done: object, policies: tuple[Policy, ...] = ()) -> Given:
    """Give a case enquired into in November, with that done, and closed on 8 December."""
    asked = ReceiveReferral(adult=ADULT, received=on_day(DAY), allegations=(an_allegation(),))
    begun = given(jurisdiction=nation, policies=policies).when(asked, on=DAY)
    opened = begun.when(opening(nation, ENQUIRY, "2026-11-03"), on="2026-11-03").history
    return opened.also(*done, at("2026-12-08", a_closure()))


def again(first: Given, *, enquired: bool = True) -> Given:
    """Reopen it in June by a concern received the day before, and enquire into that."""
    linked = LinkReferral(received=read("2027-05-31"))
    begun = first.also(at("2027-06-01", REOPENED)).when(linked, on="2027-06-01").history
    if not enquired:
        return begun
    return begun.when(opening(begun.jurisdiction, AGAIN, "2027-06-02"), on="2027-06-02").history


def late(history: Given) -> list[tuple[int | None, date | None]]:
    """Give where capacity is late, and past which day."""
    return [(one.position, one.due) for one in history.findings() if one.code == "capacity_late"]


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_capacity_is_asked_of_each_concern_that_began_an_episode(nation: Jurisdiction) -> None:
    """Capacity recorded for the first says nothing of the next; it has its own time (R49).

    No day for it is stored with a referral that is linked: it is late once it is past every way
    of counting the limit, of working days by the week and a week for holidays.
    """
    begun = again(once(nation, at("2026-11-04", CAPACITY)))
    (linked,) = (one for one in begun.facts if one.header.name == "referral-linked")
    last = date(2027, 7, 5)
    assert late(begun.on(last)) == []
    over = begun.on(last + timedelta(days=1))
    assert late(over) == [(linked.position, last)]
    over.then_finding("capacity_late", severity="medium")
    assert late(begun.also(at("2027-06-20", CAPACITY)).on("2027-12-01")) == []
    closed = begun.also(at("2027-07-01", a_closure())).on("2027-12-01")
    assert late(closed) == []
    left = begun.also(at("2027-08-01", a_closure())).on("2027-12-01")
    assert late(left) == [(linked.position, last)]


def test_capacity_is_not_asked_of_a_later_concern_that_went_no_further() -> None:
    """An enquiry of before is none into what came since (R49)."""
    begun = again(once(ENGLAND, at("2026-11-04", CAPACITY)), enquired=False)
    assert late(begun.on("2027-12-01")) == []


def test_what_a_later_episode_does_is_nothing_of_an_earlier() -> None:
    """Neither its record of capacity, nor its enquiry and closing, is of the first (R49)."""
    missed = once(ENGLAND)
    assert late(missed) == [(1, date(2026, 11, 30))]
    twice = again(missed).also(at("2027-06-03", CAPACITY), at("2027-07-01", a_closure()))
    assert late(twice.on("2027-12-01")) == [(1, date(2026, 11, 30))]
    asked = ReceiveReferral(adult=ADULT, received=on_day(DAY), allegations=(an_allegation(),))
    short = given(jurisdiction=ENGLAND).when(asked, on=DAY).history
    in_time = again(short.also(at("2026-11-20", a_closure()))).also(at("2027-06-03", CAPACITY))
    assert late(in_time.also(at("2027-07-01", a_closure())).on("2027-12-01")) == []


def test_how_soon_capacity_is_recorded_anew_is_an_authoritys_own() -> None:
    """It is counted by the policy of the day that concern was received, which it names (R49)."""
    own = OwnLimit(
        name=Code("capacity_recorded"), amount=1, unit=Code("weeks"), cite=words("Local 4.2")
    )
    asked = AdoptPolicy(version=Slug("local-1"), effective=date(2027, 1, 1), limits=(own,))
    first = once(ENGLAND, at("2026-11-04", CAPACITY), policies=(adopting.policy_of(asked),))
    begun = again(first)
    assert late(begun.on("2027-06-07")) == []
    found = begun.on("2027-06-08").findings()
    names = {one.policy for one in found if one.code == "capacity_late"}
    assert names == {f"{ENGLAND.policy}/local-1"}


def test_a_closing_in_error_begins_no_episode() -> None:
    """A further referral to it asks for no decision anew, whenever it was linked (R150, R198)."""
    error = at("2026-12-10", CaseReopened(reason=Code("closed_in_error"), rationale=words("Slip.")))
    for nation in NATIONS:
        asked = ReceiveReferral(adult=ADULT, received=on_day(DAY), allegations=(an_allegation(),))
        begun = given(jurisdiction=nation).when(asked, on=DAY).history
        decided = Section42DutyDecided if nation is ENGLAND else ThreePointCriteriaDetermined
        met = decided(
            criteria=(),
            result=nation.duty_enquiries[0],
            met=True,
            disposal=None,
            decided_on=date(2026, 11, 4),
            rationale=words("Told by two people."),
        )
        closed = begun.also(at("2026-11-04", met), at("2026-12-08", a_closure()))
        again = LinkReferral(received=read("2026-12-09"))
        before = closed.when(again, on="2026-12-09").history.also(error)
        since = LinkReferral(received=read("2026-12-11"))
        after = closed.also(error).when(since, on="2026-12-11").history
        for one in (before, after):
            one.on("2027-12-01").then_no_finding("duty_not_decided")
            assert one.case.asked_anew is None
            assert one.case.decision_due == begun.case.decision_due
        (linked,) = (one.event for one in after.facts if isinstance(one.event, ReferralLinked))
        assert linked.decision_due is linked.conference_due is None
        later = after.also(at("2027-01-08", a_closure()), at("2027-06-01", REOPENED))
        anew = later.when(LinkReferral(received=read("2027-05-31")), on="2027-06-01").history
        anew.on("2027-12-01").then_finding("duty_not_decided")


def test_a_closing_that_is_withdrawn_with_its_reopening_began_nothing() -> None:
    """What a referral linked in between made due is due no more; the first time stands (R150)."""
    asked = ReceiveReferral(adult=ADULT, received=on_day(DAY), allegations=(an_allegation(),))
    begun = given(jurisdiction=SCOTLAND).when(asked, on=DAY).history
    closed = begun.also(at("2026-12-08", a_closure()), at("2027-06-01", REOPENED))
    linked = closed.when(LinkReferral(received=read("2027-05-31")), on="2027-06-01").history
    assert linked.case.decision_due != begun.case.decision_due
    shut, opened = (one.version for one in linked.facts[-3:-1])
    undone = linked.when(withdrawing(shut)).when(withdrawing(opened)).history
    assert undone.case.decision_due == begun.case.decision_due
    assert undone.case.asked_anew is None
    late = [one for one in undone.on("2027-12-01").findings() if one.code == "conference_overdue"]
    assert [one.position for one in late] == [1]


CEASED = EnquiryCeasedAtAdultsRequest(
    enquiry=ENQUIRY,
    requested_on=date(2026, 11, 20),
    coercion_considered=Code("yes"),
    others_at_risk_considered=Code("yes"),
    rationale=words("She wants it left."),
)


def test_a_request_is_of_the_episode_it_was_made_in() -> None:
    """That the adult asked for an end then is no request of theirs now, nor the reverse (R7)."""
    code = "adults_request_not_recorded"
    against = ConferenceNotRequired(
        reason=Code("adult_request"), rationale=words("She wants no meeting.")
    )
    first = given(a_referral(), an_enquiry(), at("2026-11-20", CEASED), against)
    closed = first.also(at("2026-12-08", a_closure())).then_no_finding(code)
    later = closed.also(at("2027-06-01", REOPENED), at("2027-06-15", against))
    found = [one.position for one in later.findings() if one.code == code]
    assert found == [later.facts[-1].position]
    asked = replace(CEASED, requested_on=date(2027, 6, 14))
    later.also(at("2027-06-14", asked)).then_no_finding(code)
    never = given(a_referral(), an_enquiry(), at("2026-11-20", against))
    over = never.also(at("2026-12-08", a_closure()), at("2027-06-01", REOPENED))
    now = over.also(at("2027-06-14", asked))
    assert [one.position for one in now.findings() if one.code == code] == [3]


def test_an_advocate_of_before_tells_nobody_how_to_reach_one_now() -> None:
    """How to reach an advocate is told again, or one comes of it, in each episode (R188)."""
    code = "advocacy_access_not_explained"
    second = (a_conference("2027-06-20", REVIEW), at("2027-06-20", a_held_conference(REVIEW)))
    declined = AdvocacyDeclined(reason=words("She speaks for herself."))
    for reached in (
        AdvocacyAccepted(),
        AdvocateAppointed(basis=Code("not_recorded")),
        AdvocacyReferralMade(),
        AdvocateContributed(speaks_for=Code("adult"), own_words=True, response=words("Heard.")),
    ):
        met = (a_conference(), at("2026-11-23", a_held_conference()))
        first = given(a_referral(), reached, *met, jurisdiction=SCOTLAND).then_no_finding(code)
        over = first.also(at("2026-12-08", a_closure()), at("2027-06-01", REOPENED))
        later = over.also(at("2027-06-10", second[0]), second[1])
        found = [one.position for one in later.findings() if one.code == code]
        assert found == [later.facts[-1].position]
        again = over.also(at("2027-06-09", reached), second[0], second[1])
        again.then_no_finding(code)
        told = over.also(at("2027-06-09", declined), second[0], second[1])
        assert [one.position for one in told.findings() if one.code == code] == [
            told.facts[-1].position
        ]


ONE = PachIdentified(
    person=PACH, allegations=(), adult_at_risk=Code("no"), employer=Slug("home-care")
)
TWO = replace(ONE, person=SISTER, employer=Slug("day-centre"))
TOLD = PachFeedbackDecided(
    conference=REVIEW, audience=Code("pach"), content=Code("limited"), assignee=OFFICER
)
LIMITED = replace(TOLD, audience=Code("employer"))
MET_AGAIN = (
    at("2027-06-10", a_conference("2027-06-20", REVIEW)),
    at("2027-06-20", a_held_conference(REVIEW)),
)


def where(history: Given, code: str) -> list[int | None]:
    """Give the entries that it is criticised of."""
    return [one.position for one in history.findings() if one.code == code]


def met_twice(first: tuple[object, ...], *later: object, then: tuple[object, ...] = ()) -> Given:
    """Give a case with that in a first episode without a conference, and that in one with one."""
    begun = given(a_referral(), *first, at("2026-12-08", a_closure()))
    opened = begun.also(at("2027-06-01", REOPENED), *(at("2027-06-05", one) for one in later))
    return opened.also(*MET_AGAIN, *then)


@pytest.mark.parametrize(
    ("code", "told"),
    [("pach_feedback_not_decided", TOLD), ("employer_feedback_not_decided", LIMITED)],
)
def test_who_was_alleged_to_have_caused_harm_before_is_not_told_anew(
    code: str, told: PachFeedbackDecided
) -> None:
    """A conference decides on telling whoever was identified in its episode (R172, R173)."""
    assert where(met_twice((ONE,)), code) == []
    newly = met_twice((ONE,), TWO)
    assert where(newly, code) == [newly.facts[-1].position]
    assert where(met_twice((ONE,), TWO, then=(told,)), code) == []  # of the only one
    same = met_twice((ONE,), ONE)
    assert where(same, code) == [same.facts[-1].position]
    assert where(met_twice((ONE,), ONE, then=(told,)), code) == []
    first = (ONE, a_conference(), at("2026-11-23", a_held_conference()))
    assert where(met_twice(first), code) == [4]


def test_nothing_is_decided_anew_about_who_was_alleged_before() -> None:
    """What is done about the harmer of an earlier episode was for its conference (R78, R8)."""
    code = "pach_not_decided"
    assert where(met_twice((ONE,)), code) == []
    newly = met_twice((ONE,), TWO)
    assert where(newly, code) == [newly.facts[-1].position]


def test_what_was_alleged_before_is_not_found_on_anew() -> None:
    """A later conference finds on what was alleged in its episode, and on no more (R10)."""
    code = "allegation_not_found_on"
    assert where(met_twice(()), code) == []
    added = met_twice((), AllegationAdded(allegation=an_allegation(1)))
    assert where(added, code) == [added.facts[-1].position]


def test_a_report_of_before_is_not_for_a_later_conference() -> None:
    """An agency's report is for the conferences of its episode (R65)."""
    code = "agency_report_not_considered"
    report = AgencyReportReceived(agency=POLICE, report=REPORT)
    considered = ReportConsidered(
        conference=REVIEW,
        kind=Code("agency"),
        organisation=POLICE,
        stated_wishes=Code("no"),
        proposed_outcomes=Code("no"),
    )
    assert where(met_twice((report,)), code) == []
    newly = met_twice((report,), report)
    assert where(newly, code) == [5]
    assert where(met_twice((report,), report, then=(considered,)), code) == []
    met = (report, a_conference(), at("2026-11-23", a_held_conference()))
    assert where(met_twice(met, report, then=(considered,)), code) == [2]


def test_that_a_concern_counts_is_decided_of_each_episode() -> None:
    """An enquiry is on the concern of its episode, as that was last counted."""
    code = "enquiry_on_concern_not_counted"
    opened = EnquiryOpened(
        enquiry=AGAIN, kind=Code("section_42"), opened_on=date(2027, 6, 5), large_scale=False
    )
    not_counted = ConcernCounted(counted=False, rule=Code("local_threshold"))
    counted = replace(not_counted, counted=True)
    assert where(met_twice((not_counted,), opened), code) == []
    assert where(met_twice((), not_counted, opened), code) == [4]
    first = (not_counted, an_enquiry())
    assert where(met_twice(first), code) == [2]
    assert where(met_twice(first, counted, opened), code) == [2]
    assert where(met_twice((counted, an_enquiry()), not_counted, opened), code) == [6]


def test_a_decision_on_nobody_by_name_is_of_the_only_one_of_its_episode() -> None:
    """What one of an earlier episode is sent rests on no decision about another (R165, R172)."""
    code = "decisions_to_pach"
    hears = replace(TOLD, content=Code("outcome"))
    for person, found in ((SISTER, False), (PACH, True)):
        invited = ParticipantInvited(
            conference=REVIEW, participant=PARTICIPANT, role=Code("family"), person=person
        )
        sent = DecisionsCirculated(
            conference=REVIEW,
            recipients=(Told(role=Code("family"), participant=PARTICIPANT),),
            due=None,
        )
        later = met_twice((ONE,), TWO, then=(invited, hears, at("2027-06-21", sent)))
        assert bool(where(later, code)) is found
