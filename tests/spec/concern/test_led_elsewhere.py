"""Where another authority accepted a case, what is to be done in time after that is its to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain import case as cases
from domain.case import Case
from domain.closure import CaseReopened
from domain.concern import ReceiveReferral
from domain.intake import TransferCase
from domain.joining import FROM, LEADING, MERGED, TO, CaseMerged, CaseSplit
from domain.jurisdictions import Jurisdiction
from domain.led_elsewhere import OF_THE_LEAD
from domain.reading import replayed
from domain.sitting import HoldConference
from domain.stage import Looking
from domain.when import on_day
from domain.words import CaseRef, Code, Slug
from tests.controls import (
    ACTOR,
    ADULT,
    CASE,
    CONFERENCE,
    COUNCIL,
    DAY,
    NATIONS,
    OTHER_CASE,
    a_closure,
    a_conference,
    a_held_conference,
    an_allegation,
    an_enquiry,
    words,
)
from tests.given import Given, at, given
from tests.raised import findings

RULES = ("R42", "R150")

AWAY = TransferCase(
    authority=Slug("other-council"),
    reason=Code("abuse_occurred_there"),
    accepted=Code("yes"),
    rationale=words("It is alleged to have occurred there."),
)
ASK = ReceiveReferral(adult=ADULT, received=on_day(DAY), allegations=(an_allegation(),))
ENQUIRED = (at("2026-11-03", an_enquiry(date(2026, 11, 3))),)
MET = (*ENQUIRED, at("2026-11-04", a_conference()), at("2026-11-10", a_held_conference()))
LATER = "2027-06-01"
EACH_NATION = pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)

# What this authority has in hand itself, whoever leads: each with why.
KEPT_HERE = {
    **dict.fromkeys(
        ("access_answered_late", "access_overdue", "access_clock_stands", "withheld_not_reviewed"),
        "what a person asks of the data that are kept here",
    ),
    **dict.fromkeys(
        ("rectification_late", "rectification_overdue"),
        "that what is kept here is right",
    ),
    **dict.fromkeys(
        ("accuracy_challenge_open", "audit_remedy_overdue", "exception_not_reviewed"),
        "how this authority keeps and looks into its own record",
    ),
    **dict.fromkeys(
        ("retention_class_missing", "retention_review_overdue"),
        "how long what is kept here is kept",
    ),
    **dict.fromkeys(
        ("amendment_unanswered", "decisions_late", "decisions_not_circulated"),
        "what a meeting held here says of itself",
    ),
    **dict.fromkeys(
        ("minutes_late", "minutes_overdue", "raw_notes_late", "raw_notes_not_kept"),
        "what a meeting held here says of itself",
    ),
    **dict.fromkeys(
        ("barring_referral_awaited", "barring_referral_late", "barring_referral_not_made"),
        "a duty of law of whoever was found to have it",
    ),
    **dict.fromkeys(
        ("feedback_late", "feedback_overdue", "referrer_not_told", "referrer_told_late"),
        "that whoever spoke to this authority hears from it, if only where the case went",
    ),
    "review_decision_late": "what the board of this area decides",
}


def received(nation: Jurisdiction, *more: object) -> Given:
    """Begin with a referral, by its limits, and these."""
    return given(jurisdiction=nation).when(ASK, on=DAY).history.also(*more)


def of_the_lead(history: Given, day: str = LATER) -> frozenset[str]:
    """Give what is asked in time of whoever leads, by a day."""
    return OF_THE_LEAD & {str(one.code) for one in history.on(day).findings()}


def test_each_finding_of_time_is_of_the_lead_or_kept_here() -> None:
    """What is past a due date is asked of whoever leads, or of whoever keeps the record (R42)."""
    by_due_date = {one.code for one in findings() if one.since in {"due", "latest"}}
    assert by_due_date <= OF_THE_LEAD | KEPT_HERE.keys()
    assert not OF_THE_LEAD & KEPT_HERE.keys()
    assert {one.code for one in findings()} >= OF_THE_LEAD | KEPT_HERE.keys()


@EACH_NATION
@pytest.mark.parametrize("before", [(), ENQUIRED, MET], ids=["received", "enquired", "met"])
def test_after_a_transfer_time_is_asked_of_the_other(
    nation: Jurisdiction, before: tuple[object, ...]
) -> None:
    """What was to be done by a day after the transfer is asked of whoever leads by then (R42)."""
    history = received(nation, *before)
    asked = of_the_lead(history)
    assert asked
    late = {
        str(one.code)
        for one in history.on(LATER).findings()
        if one.since is not None and one.since.last_day and one.since.last_day < date(2026, 11, 11)
    }
    away = history.when(AWAY, on="2026-11-11").history
    assert of_the_lead(away) == asked & late
    refused = history.when(replace(AWAY, accepted=Code("not_known")), on="2026-11-11").history
    assert of_the_lead(refused) == asked


@EACH_NATION
def test_what_was_late_before_the_transfer_stays(nation: Jurisdiction) -> None:
    """A day that had passed by the transfer had passed here; one that it fell on had not (R150)."""
    code, history = "duty_not_decided", received(nation)
    due = history.facts[0].event.decision_due.on
    history.when(AWAY, on=due).on(LATER).then_no_finding(code)
    history.when(AWAY, on=due + timedelta(days=1)).on(LATER).then_finding(code)
    entered_late = history.when(AWAY, on="2026-12-20", occurred=due.isoformat())
    entered_late.on(LATER).then_no_finding(code)


@EACH_NATION
def test_a_case_taken_up_again_here_is_led_here(nation: Jurisdiction) -> None:
    """Of a case taken up again time is asked here anew, and not of what was between (R42)."""
    away = received(nation).when(AWAY, on="2026-11-03").history
    closed = away.also(at("2026-12-15", a_closure()))
    again = CaseReopened(reason=Code("new_information"))
    taken_up = closed.also(at("2027-03-01", again), at("2027-03-02", an_enquiry()))
    assert of_the_lead(taken_up, "2027-03-03") == of_the_lead(closed, "2027-03-03")
    asked = of_the_lead(taken_up, "2027-12-01")
    assert {"nothing_recorded", "case_never_allocated"} <= asked


def test_what_is_kept_here_is_asked_here() -> None:
    """The minutes of a meeting held here are due from here, whoever leads by then (R42)."""
    history = (
        received(NATIONS[0], *MET[:2])
        .when(HoldConference(conference=CONFERENCE, parts=()), on="2026-11-10")
        .history
    )
    away = history.when(AWAY, on="2026-11-11").history
    away.on(LATER).then_finding("minutes_overdue")


BACK = replace(AWAY, authority=COUNCIL)
NEXT = replace(AWAY, authority=Slug("third-council"))
NOT_THEY, NOT_KNOWN = Code("no"), Code("not_known")


@EACH_NATION
@pytest.mark.parametrize(
    ("later", "led_by"),
    [
        ((BACK,), None),
        ((replace(BACK, accepted=NOT_THEY),), AWAY.authority),
        ((replace(NEXT, accepted=NOT_THEY),), AWAY.authority),
        ((replace(NEXT, accepted=NOT_KNOWN),), AWAY.authority),
        ((NEXT,), NEXT.authority),
        ((NEXT, BACK), None),
        ((BACK, replace(NEXT, accepted=NOT_THEY)), None),
        ((BACK, NEXT), NEXT.authority),
    ],
    ids=["back", "not back", "refused", "unanswered", "on", "on, back", "back, refused", "again"],
)
def test_who_leads_is_whoever_accepted_it_last(
    nation: Jurisdiction, later: tuple[TransferCase, ...], led_by: Slug | None
) -> None:
    """The lead stays with whoever accepted it until another does, or this authority again (R42)."""
    history = received(nation).when(AWAY, on="2026-11-03").history
    for number, one in enumerate(later):
        history = history.when(one, on=date(2026, 11, 4 + number)).history
    assert history.case.led_by == led_by
    assert history.case.counted_by == ("sending" if led_by is None else "receiving")
    assert history.case.transferred == (led_by is not None)
    asked = of_the_lead(history, "2027-12-01")
    assert ("nothing_recorded" in asked) == (led_by is None)


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ((), None),
        (((AWAY, "receiving"), (BACK, "receiving")), "sending"),
        (((AWAY, "receiving"), (BACK, "sending")), "receiving"),
        (((AWAY, "receiving"), (BACK, "not_decided")), "receiving"),
        (((BACK, "sending"),), "receiving"),
        (((AWAY, "not_decided"), (BACK, "not_decided")), "not_decided"),
        (((AWAY, "sending"), (NEXT, "not_decided")), "sending"),
    ],
)
def test_who_counts_a_case_is_told_of_this_authority_and_the_other(
    told: tuple[tuple[TransferCase, str], ...], counts: str | None
) -> None:
    """Of a transfer here whoever sends is the other; one that decides nothing leaves it (R146)."""
    history = received(NATIONS[0])
    for one, by in told:
        history = history.when(replace(one, counted_by=Code(by))).history
    assert history.case.counted_by == counts


def test_a_lead_that_was_refused_was_not_given() -> None:
    """Whom a case was given to is told until they say no, and once it is here again it is not."""
    for answer, given_to in ((Code("yes"), AWAY.authority), (NOT_KNOWN, AWAY.authority)):
        history = received(NATIONS[0]).when(replace(AWAY, accepted=answer)).history
        assert history.case.led_by == given_to
        again = CaseReopened(reason=Code("new_information"))
        taken_up = history.also(at("2026-12-15", a_closure()), at("2027-03-01", again))
        assert taken_up.case.led_by is None
    refused = received(NATIONS[0]).when(replace(AWAY, accepted=NOT_THEY)).history
    assert refused.case.led_by is None


def test_a_case_comes_back_to_whoever_records_it_by_their_own_name() -> None:
    """An authority whose workers are of another name than the list's is itself by that (R42)."""
    ours = replace(ACTOR, organisation=Slug("north-shire"))
    away = received(NATIONS[0]).when(AWAY, on="2026-11-03", actor=ours).history
    back = replace(AWAY, authority=ours.organisation)
    assert away.case.transferred
    assert not away.when(back, on="2026-11-04", actor=ACTOR).history.case.transferred


def codes_beside(nation: Jurisdiction, here: Given, there: Given) -> tuple[frozenset[str], Case]:
    """Give what is found of a case as it is read with another, and the case."""
    theirs = [
        replace(one, stream=OTHER_CASE, position=one.position + 100)  # entered after ours
        for one in there.facts
    ]
    both = replayed(CASE, {CASE: list(here.facts), OTHER_CASE: theirs})
    looking = Looking(on=date.fromisoformat(LATER), jurisdiction=nation)
    return frozenset(str(one.code) for one in cases.findings(both, looking)), both


def asked_beside(nation: Jurisdiction, here: Given, there: Given) -> tuple[frozenset[str], Case]:
    """Give what is asked in time of a case as it is read with another, and the case."""
    found, both = codes_beside(nation, here, there)
    return OF_THE_LEAD & found, both


def merged(other: CaseRef, place: Code) -> CaseMerged:
    """Give what one of two cases records that are read as one."""
    return CaseMerged(other=other, place=place, reason=Code("one_adult"))


def parted(other: CaseRef, place: Code) -> CaseSplit:
    """Give what one of two cases records where the second entry of one goes to the other."""
    return CaseSplit(other=other, place=place, reason=Code("wrong_case"), entries=(2,))


@EACH_NATION
def test_a_transfer_is_of_the_case_it_was_recorded_in(nation: Jurisdiction) -> None:
    """A case that leads another is led here still, though that had been transferred (R42, R150)."""
    away = received(nation).when(AWAY, on="2026-11-03").history
    ours, leads = received(nation, *MET), at("2026-11-12", merged(OTHER_CASE, LEADING))
    alone, read_here = ours.also(leads), at("2026-11-12", merged(CASE, MERGED))
    asked, both = asked_beside(nation, alone, away.also(read_here))
    assert both.brought_names, "the other is read here"
    assert asked >= of_the_lead(alone)
    assert of_the_lead(alone)
    assert (both.led_by, both.counted_by, both.transferred) == (None, None, False)
    left = ours.when(AWAY, on="2026-11-11").history
    asked, both = asked_beside(nation, left.also(leads), received(nation).also(read_here))
    assert (both.led_by, both.transferred) == (AWAY.authority, True)
    assert asked <= of_the_lead(left)


@EACH_NATION
def test_a_transfer_that_was_split_off_is_of_the_case_it_went_to(nation: Jurisdiction) -> None:
    """A transfer entered in the wrong case is of the right one once it is read there (R42)."""
    away = received(nation).when(AWAY, on="2026-11-03").history
    here = received(nation).also(at("2026-11-12", parted(OTHER_CASE, TO)))
    asked, both = asked_beside(nation, here, away.also(at("2026-11-12", parted(CASE, FROM))))
    assert (both.led_by, both.transferred) == (AWAY.authority, True)
    assert not asked


def test_whether_a_transfer_was_accepted_is_asked_of_each_case() -> None:
    """That another case's transfer was accepted, does not say that of this one (R42)."""
    ours, code = received(NATIONS[0]), "transfer_not_accepted"
    bare = ours.when(replace(AWAY, accepted=NOT_KNOWN), on="2026-11-03").history
    here = bare.also(at("2026-11-12", merged(OTHER_CASE, LEADING)))
    there = ours.when(AWAY, on="2026-11-04").history.also(at("2026-11-12", merged(CASE, MERGED)))
    assert code in codes_beside(NATIONS[0], here, there)[0]
