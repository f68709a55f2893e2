"""What can only be done with, or for, a living adult is not asked of the time after their death."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain import about_adult
from domain.case import findings as judge
from domain.cleared import cleared
from domain.contact import AdultSeen
from domain.enquiry import InquiryOpened
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.living import OF_THE_LIVING
from domain.person import PersonDied
from domain.plan import PlanNotRequired
from domain.sitting import AdultNonAttendanceRecorded
from domain.stage import Looking, Mark
from domain.when import read
from domain.words import Code
from tests.controls import (
    CASE,
    CONFERENCE,
    ENQUIRY,
    a_conclusion,
    a_conference,
    a_conference_without_adult,
    an_enquiry,
    words,
)
from tests.given import At, Given, at, given
from tests.raised import findings
from tests.spec.closing.test_overdue_at_closing import DIED, EACH, received
from tests.spec.people.test_the_adult_of_a_case import registered

RULES = ("R2", "R25", "R49", "R56", "R58", "R70", "R71", "R88", "R150", "R168", "R186")

MET = "2026-12-10"
NO_PLAN = PlanNotRequired(
    conference=CONFERENCE, reason=Code("died"), rationale=words("She has died.")
)


def why_absent(reason: str) -> AdultNonAttendanceRecorded:
    """Say why the adult was not at the conference."""
    return AdultNonAttendanceRecorded(conference=CONFERENCE, reason=Code(reason))


def held(nation: Jurisdiction, *more: At) -> Given:
    """Give a conference of which nothing was prepared, and an end; capacity was due before it."""
    inquiry = InquiryOpened(
        enquiry=ENQUIRY, kind=Code("inquiry"), opened_on=date(2026, 11, 3), large_scale=False
    )
    opened = an_enquiry() if nation is ENGLAND else inquiry
    return (
        received(nation)
        .also(
            at("2026-11-03", opened),
            at("2026-12-01", a_conference(MET)),
            at(MET, a_conference_without_adult()),
            *more,
            at("2026-12-15", replace(a_conclusion(), concluded_on=date(2026, 12, 15))),
        )
        .on("2027-03-01")
    )


def of_the_living(case: Given) -> frozenset[str]:
    """Give the codes by which something is asked that takes a living adult."""
    return OF_THE_LIVING & {one.code for one in case.findings()}


@EACH
def test_nothing_of_the_living_is_asked_after_a_death(nation: Jurisdiction) -> None:
    """A meeting that is told of the death, whenever that is written down, asks nothing of them."""
    asked = {"capacity_late", "outcomes_not_asked", "purpose_not_explained", "views_not_presented"}
    asked |= {"feedback_not_assigned", "no_challenge_contact", "satisfaction_missing"}
    asked |= {"advocacy_not_considered"} if nation is SCOTLAND else set()
    assert asked <= of_the_living(held(nation, at(MET, why_absent("other"))))
    for told in (at(MET, why_absent("deceased")), at("2026-12-14", why_absent("deceased"))):
        assert of_the_living(held(nation, told)) == set()
    assert of_the_living(held(nation, at(MET, NO_PLAN))) == set()


@EACH
def test_what_was_owed_before_the_death_stays(nation: Jurisdiction) -> None:
    """A meeting held while they lived, and a day that was over when they were last seen."""
    later = held(nation).also(at("2027-02-01", DIED))
    assert "purpose_not_explained" in of_the_living(later)
    seen = at("2026-12-09", AdultSeen(alone=Code("yes"), place=Code("own_home")))
    dead = held(nation, seen, at(MET, why_absent("deceased")))
    assert of_the_living(dead) == {"capacity_late"}


def test_what_was_due_before_the_day_of_the_death_is_told_of_the_adult() -> None:
    """The case does not know that day: what is told of the adult does (R150)."""
    case = held(SCOTLAND, at(MET, why_absent("deceased")))
    looking = Looking(on=case.judged_on or case.day, jurisdiction=SCOTLAND)
    for died, overdue in (("2026-12-09", True), ("2026-11-10", False)):
        told = PersonDied(died=read(died), cause_known=Code("not_known"))
        adult = given(registered(), told).person
        found = list(about_adult.findings(adult, case.case, looking))
        assert any("capacity" in one.words for one in found) is overdue


def told(case: Given, died: str) -> Any:  # noqa: ANN401 — a case
    """Give a case by itself, with a death that the adult's own record alone tells."""
    at_end = case.facts[-1]
    mark = Mark(at_end.position + 1, read(died), at_end.recorded_at)
    return case.case.but(died_told=mark)


def asked_of(case: Any, nation: Jurisdiction) -> set[str]:  # noqa: ANN401 — a case
    """Give every code by which something is criticised in March 2027."""
    looking = Looking(on=date(2027, 3, 1), jurisdiction=nation)
    return {str(one.code) for one in judge(case, looking)}


@EACH
def test_of_the_dead_nothing_is_asked_where_their_own_record_alone_tells_it(
    nation: Jurisdiction,
) -> None:
    """What was owed before the day it tells stays as it was; what was due since is not asked."""
    case = received(nation).on("2027-03-01")
    alive = {str(one.code) for one in case.findings()}
    assert "duty_not_decided" in alive
    assert asked_of(told(case, "2027-02-20"), nation) == alive
    for died in ("2026-11-02", "unknown"):
        assert asked_of(told(case, died), nation) == set()
    met = held(nation)
    assert OF_THE_LIVING & asked_of(told(met, "2026-12-03"), nation) == {"capacity_late"}
    assert OF_THE_LIVING & asked_of(told(met, "2026-11-02"), nation) == set()


@pytest.mark.parametrize("since", [(at("2026-12-10", an_enquiry()),), ()], ids=["entry", "none"])
def test_what_a_death_ended_is_among_what_cleared(since: tuple[At, ...]) -> None:
    """It ceased as the death was told, by no entry of the case, whatever came since (R154)."""
    case = received(ENGLAND)
    first = case.facts[0]
    died = Mark(first.position + 1, read("2026-11-02"), datetime(2026, 12, 1, 9, tzinfo=UTC))
    later = case.also(*since).facts
    facts = [replace(one, position=one.position * 2 - 1) for one in later]
    looking = Looking(on=date(2027, 3, 1), jurisdiction=ENGLAND)
    found = {str(one.finding.code): one for one in cleared(CASE, {CASE: facts}, looking, died)}
    one = found["duty_not_decided"]
    assert (one.how, one.on, one.by) == ("recorded", date(2026, 12, 1), None)
    alive = {one.finding.code for one in cleared(CASE, {CASE: facts}, looking)}
    assert "duty_not_decided" not in alive


def test_what_takes_a_living_adult_is_not_raised_after_their_death_was_told() -> None:
    """An entry made after it raises nothing of the living, which would then cease at once (R2)."""
    case = held(ENGLAND)
    first = case.facts[0]
    died = Mark(first.position + 1, read("2026-11-02"), datetime(2026, 12, 1, 9, tzinfo=UTC))
    facts = [replace(one, position=one.position * 2 - 1) for one in case.facts]
    looking = Looking(on=date(2027, 3, 1), jurisdiction=ENGLAND)
    assert "capacity_late" in {one.code for one in case.on("2027-03-01").findings()}
    found = {one.finding.code for one in cleared(CASE, {CASE: facts}, looking, died)}
    assert "duty_not_decided" in found
    assert "capacity_late" not in found


def test_each_thing_asked_of_the_living_is_asked_somewhere() -> None:
    """Every code that is spared is one that the rules raise."""
    assert {one.code for one in findings()} >= OF_THE_LIVING
