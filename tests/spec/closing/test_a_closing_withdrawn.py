"""A closing that is withdrawn is as if it had not been, also in what was counted from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.case import Case
from domain.closure import CaseClosed, CaseReopened, CloseCase, ReopenCase
from domain.corrected import standing
from domain.correction import CorrectRecord, RecordCorrected
from domain.duty import Criterion, DecideDuty
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.scotland import SCOTLAND
from domain.kept_until import kept_until
from domain.retaining import RetentionClassSet, ReviewRetention, SetRetentionClass
from domain.when import read
from domain.words import Code
from tests.controls import NATIONS, a_conference, a_referral, words
from tests.given import Given, Outcome, at, given

RULES = ("R150", "R154", "R166", "R198")

# With nothing that a closing says or leaves out left unsaid.
BARE = CaseClosed(
    reason=Code("adults_request"),
    views=Code("not_asked"),
    review_considered=Code("not_recorded"),
    contact_given=Code("not_recorded"),
)
CLOSE = CloseCase(reason=Code("died"), rationale=words("She died."))
CLASS = SetRetentionClass(retention_class=Code("case_record"), trigger=Code("case_closed"))
DESTROY = ReviewRetention(decision=Code("destroy"), rationale=words("Nobody asks for it."))
OVERDUE, UNDATED = "retention_review_overdue", "retention_undated"
YEARS_AFTER = "2040-01-01"
EACH = pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)


def withdrawn(history: Given | Outcome, target: int, on: str = "2026-12-10") -> Given:
    """Say that an entry did not happen, or again that it did."""
    told = history.history if isinstance(history, Outcome) else history
    ask = CorrectRecord(target=target, reason=Code("entered_wrongly"), withdrawn=True)
    return told.when(ask, on=on).history


def restored(history: Given, target: int, occurred: str | None = None) -> Given:
    """Take back that an entry was withdrawn, and say when it was, if at another time."""
    ask = CorrectRecord(
        target=target,
        supersedes=history.facts[-1].version,
        reason=Code("entered_wrongly"),
        understood=words("It was closed after all."),
        occurred=None if occurred is None else read(occurred),
    )
    return history.when(ask, on="2026-12-11").history


def begun(nation: Jurisdiction) -> Given:
    """Give a case with an open enquiry and a duty, as far as it came before its closing."""
    duty = DecideDuty(
        criteria=tuple(Criterion(criterion=one, answer=Code("yes")) for one in nation.criteria),
        result=Code("inquiry" if nation is SCOTLAND else "section_42"),
        decided_on=date(2026, 11, 3),
        rationale=words("Told by two people."),
    )
    first = given(at("2026-11-02", a_referral("2026-11-02")), jurisdiction=nation)
    return first.when(duty, on="2026-11-03").history.also(at("2026-11-09", a_conference()))


def codes(history: Given, on: str) -> dict[str, object]:
    """Give what is criticised by a day, but for what a correction breaks or brings."""
    told = {one.position for one in history.facts if isinstance(one.event, RecordCorrected)}
    found = [one for one in history.on(on).findings() if one.code != "nothing_recorded"]
    return {f"{one.code} {one.position}": one.words for one in found if one.position not in told}


def shown(case: Case) -> tuple[object, ...]:
    """Give what a summary and the rules know of a closing."""
    told = (case.closed, case.closed_at, case.closed_on, case.closed_for, case.last_closed)
    return (*told, case.stage, case.episodes, case.reopened, case.conference_due, case.decision_due)


@EACH
def test_nothing_of_a_closing_is_left_once_it_is_withdrawn(nation: Jurisdiction) -> None:
    """What is criticised and what is shown is that of the case that was never closed."""
    open_ = begun(nation)
    closed = open_.also(at("2026-12-01", BARE))
    gone = withdrawn(closed, closed.facts[-1].version)
    assert shown(closed.case) != shown(open_.case)
    assert shown(gone.case) == shown(open_.case)
    for on in ("2026-12-10", YEARS_AFTER):
        assert codes(gone, on) == codes(open_, on)
        assert codes(closed, on) != codes(open_, on)
    assert codes(restored(gone, closed.facts[-1].version), YEARS_AFTER) == codes(
        closed, YEARS_AFTER
    )


@EACH
def test_of_two_closings_the_other_counts_once_one_is_withdrawn(nation: Jurisdiction) -> None:
    """For what the case was closed, and when, is that of the closing that stands."""
    died = replace(BARE, reason=Code("died"))
    one = begun(nation).also(at("2026-12-01", BARE))
    two = one.also(at("2026-12-05", died))
    number = two.facts[-1].version
    assert (two.case.closed_for, str(two.case.closed_on)) == ("died", "2026-12-05")
    first = withdrawn(two, number)
    assert (first.case.closed_for, str(first.case.closed_on)) == ("adults_request", "2026-12-01")
    second = withdrawn(two, number - 1)
    assert (second.case.closed_for, str(second.case.closed_on)) == ("died", "2026-12-05")
    second.then_no_finding("closed_again")


@EACH
def test_a_reopening_that_is_withdrawn_leaves_the_case_closed(nation: Jurisdiction) -> None:
    """So nothing is begun anew."""
    closed = begun(nation).also(at("2026-12-01", BARE))
    again = closed.also(at("2026-12-05", CaseReopened(reason=Code("new_information"))))
    gone = withdrawn(again, again.facts[-1].version)
    assert shown(gone.case) == shown(closed.case)
    both = withdrawn(again, again.facts[-2].version)
    assert both.case.closed_at is None
    assert both.case.episodes == ()


# --------------------------------------------------------------------- how long the case is kept


def closed_in(year: int, earlier: int | None = None) -> Given:
    """Give a case closed at the end of November of a year, and, entered later, of an earlier."""
    closed = given(a_referral("2016-11-01")).when(CLOSE, on=f"{year}-11-30")
    if earlier is not None:
        closed = closed.when(CLOSE, on=f"{year}-12-01", occurred=f"{earlier}-11-30")
    assert closed.error is None
    return closed.history


def due(history: Given | Outcome) -> date | None:
    """By when it is to be looked at again, as now understood."""
    told = history.history if isinstance(history, Outcome) else history
    (event,) = (
        one.event for one in standing(told.facts) if isinstance(one.event, RetentionClassSet)
    )
    state = told.case.retaining.review_due
    assert state == event.review_due
    return None if state is None else state.on


def test_a_day_counted_from_a_closing_goes_with_it() -> None:
    """Nothing is counted from what did not happen, and it is counted again once it did (L15)."""
    classed = closed_in(2016).when(CLASS, on="2016-12-01").history
    assert due(classed) == date(2022, 11, 30)
    gone = withdrawn(classed, 2)
    assert due(gone) is None
    for on in ("2026-12-12", YEARS_AFTER):
        gone.on(on).then_no_finding(OVERDUE).then_no_finding(UNDATED)
    assert due(restored(gone, 2)) == date(2022, 11, 30)
    assert due(restored(gone, 2, "2018-11-30")) == date(2024, 11, 30)
    told = kept_until(gone.case, date(2026, 12, 12), latest=gone.facts[-1].version)
    assert (told.stands, told.review_due, told.closed, told.day) == ("open", None, None, None)


def test_it_is_counted_from_the_closing_that_stands() -> None:
    """Of two closings the one left says from when the case is kept (L15)."""
    classed = closed_in(2018, 2016).when(CLASS, on="2026-11-30").history
    assert due(classed) == date(2024, 11, 30)
    gone = withdrawn(classed, 2)
    assert due(gone) == date(2022, 11, 30)
    told = kept_until(gone.case, date(2026, 12, 12), latest=gone.facts[-1].version)
    assert told.stands == "due"
    gone.on("2026-12-12").then_finding(OVERDUE)
    assert due(withdrawn(classed, 3)) == date(2024, 11, 30)


def test_a_day_that_was_named_stays_as_it_was_named() -> None:
    """Somebody chose it, or counted it from something else (L15)."""
    for one in (
        replace(CLASS, review_on=date(2030, 1, 31)),
        replace(CLASS, trigger=Code("last_contact"), started=read("2016-11-30")),
        replace(CLASS, started=read("2015-11-30")),
    ):
        classed = closed_in(2016).when(one, on="2016-12-01")
        assert due(withdrawn(classed, 2)) == due(classed)


def test_nobody_is_asked_to_look_at_an_open_case() -> None:
    """Taken up again, or its closing withdrawn, it is kept as it is worked on (L15)."""
    for one in (CLASS, replace(CLASS, review_on=date(2022, 11, 30))):
        classed = closed_in(2016).when(one, on="2016-12-01").history
        classed.on("2026-11-30").then_finding(OVERDUE, severity="low")
        again = classed.when(ReopenCase(reason=Code("new_information")), on="2026-11-30")
        again.on(YEARS_AFTER).then_no_finding(OVERDUE)
        withdrawn(classed, 2).on(YEARS_AFTER).then_no_finding(OVERDUE)
    undated = closed_in(2016).when(replace(DESTROY, decision=Code("keep")), on="2016-12-01")
    undated.then_finding(UNDATED)
    undated.when(ReopenCase(reason=Code("new_information")), on="2026-11-30").then_no_finding(
        UNDATED
    )
    withdrawn(undated, 2).then_no_finding(UNDATED)


def test_a_case_closed_anew_is_asked_when_to_look_again() -> None:
    """The day went with the closing; the class is still known (R166, L15)."""
    gone = withdrawn(closed_in(2016).when(CLASS, on="2016-12-01"), 2)
    anew = gone.when(CLOSE, on="2027-02-01")
    anew.then_finding(UNDATED)
    anew.when(CLASS, on="2027-02-02").then_no_finding(UNDATED)
