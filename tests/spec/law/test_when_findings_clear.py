"""When findings clear: what stood and no longer does, when it ceased, and by what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from time import process_time
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain import joined
from domain.assessment import DesiredOutcomeEvaluated, DesiredOutcomeExpressed
from domain.case import findings as findings_of
from domain.case import replay
from domain.cleared import CORRECTED, PASSED, RECORDED, Cleared, cleared
from domain.corrected import standing
from domain.correction import CorrectRecord, RecordCorrected
from domain.drafting import MinutePassageWritten
from domain.excepting import GrantAccessException, ReviewAccessException
from domain.finding import Finding
from domain.joining import CaseMerged
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.stage import Looking
from domain.when import LONDON
from domain.words import Code, Digest, Fact, WorkerRef
from tests.controls import (
    CASE,
    CONFERENCE,
    MINUTE_TAKER,
    NATIONS,
    OTHER_CASE,
    OUTCOME,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, given
from tests.spec.law import test_a_good_case as good
from tests.spec.law.test_any_history import histories
from tests.spec.law.test_what_tells_findings_apart import flawed_cases


def ceased(history: Given) -> list[Cleared]:
    """What stood in a history and no longer does, by the day it is judged."""
    looking = Looking(on=history.judged_on or history.day, jurisdiction=history.jurisdiction)
    streams: dict[UUID, list[Fact[Any]]] = {CASE: list(history.facts)}
    return list(cleared(CASE, streams, looking))


def understood(history: Given, facts: tuple[Fact[Any], ...], on: date) -> dict[Digest, Finding]:
    """What stands in the case of some facts, as understood by a day."""
    streams: dict[UUID, list[Fact[Any]]] = {CASE: list(standing(facts))}
    reading = joined.read(CASE, streams)
    looking = Looking(on=on, jurisdiction=history.jurisdiction)
    case = replay(reading.facts, reading.elsewhere)
    return {one.identity: one for one in findings_of(case, looking)}


@settings(max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True)
@for_all(st.one_of(histories(), flawed_cases()))
def test_every_finding_clears_or_stands_for_a_stated_reason(history: Given) -> None:
    """Whatever was raised at any entry stands now, or ceased on a day, by an entry or the day."""
    on = history.judged_on or history.day
    gone = {one.finding.identity: one for one in ceased(history)}
    stands = understood(history, history.facts, on)
    assert not gone.keys() & stands.keys()

    for number, fact in enumerate(history.facts, 1):
        day = min(fact.recorded_at.astimezone(LONDON).date(), on)
        for key in understood(history, history.facts[:number], day).keys() - stands.keys():
            one = gone[key]
            assert one.how in {RECORDED, CORRECTED, PASSED}
            assert (one.by is None) == (one.how == PASSED)
            assert one.on <= on
            if one.by is not None:
                assert one.by.position > fact.position
                assert (one.how == CORRECTED) == isinstance(one.by.event, RecordCorrected)


@settings(max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True)
@for_all(st.one_of(histories(), flawed_cases()))
def test_the_clearing_is_where_the_record_shows_it(history: Given) -> None:
    """What ceased with an entry stood up to the one before it, and does not stand after it."""
    for one in ceased(history):
        if one.by is None:
            continue
        before = history.facts[: one.by.version - 1]
        key = one.finding.identity
        assert key in understood(history, before, one.on)
        assert key not in understood(history, history.facts[: one.by.version], one.on)
        assert one.instead is None or one.instead in understood(
            history, history.facts[: one.by.version], one.on
        )


GRANT = GrantAccessException(worker=WorkerRef(ref(77)), last_day=date(2026, 12, 1))


def of(history: Given, code: str) -> Cleared:
    """What ceased under that code, once."""
    (one,) = [one for one in ceased(history) if one.finding.code == code]
    return one


def test_a_finding_clears_with_the_entry_that_answers_it() -> None:
    """What was missing and then came is cleared on the day of the entry that brought it (L13)."""
    granted = given(a_referral()).when(GRANT).history
    reviewed = granted.when(
        ReviewAccessException(exception=2, judged=Code("justified")), on="2026-12-14"
    ).history
    one = of(reviewed.on("2027-01-04"), "exception_not_reviewed")
    assert one.by is not None
    assert (one.how, one.on, one.by.header.name) == (
        RECORDED,
        date(2026, 12, 14),
        "access-exception-reviewed",
    )
    granted.on("2026-12-14").then_finding("exception_not_reviewed")
    assert ceased(granted.on("2026-12-14")) == []


def test_a_finding_clears_with_the_correction_that_withdraws_its_entry() -> None:
    """What hangs on an entry that is withdrawn is cleared by the correction that says so (L13)."""
    granted = given(a_referral()).when(GRANT).history
    slip = CorrectRecord(target=2, reason=Code("entered_wrongly"), withdrawn=True)
    one = of(granted.when(slip, on="2026-11-09").history, "exception_unexplained")
    assert one.by is not None
    assert (one.how, one.on, one.by.version) == (CORRECTED, date(2026, 11, 9), 3)


def test_what_stands_again_is_not_cleared() -> None:
    """A finding whose entry was withdrawn and stands again is a finding, and not cleared (L13)."""
    granted = given(a_referral()).when(GRANT).history
    slip = CorrectRecord(target=2, reason=Code("entered_wrongly"), withdrawn=True)
    again = CorrectRecord(target=2, supersedes=3, reason=Code("entered_wrongly"))
    history = granted.when(slip).history.when(again).history
    assert "exception_unexplained" not in {one.finding.code for one in ceased(history)}


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_long_case_is_judged_at_each_entry_in_well_under_a_second(nation: Jurisdiction) -> None:
    """Of a case of some fifty entries, of a good one all that was raised cleared, in a second."""
    chapters = (good.before(nation), good.prepared(nation), good.held(nation))
    history = good.told(nation, *chapters, good.after(nation), good.ending())
    begun = process_time()
    found = ceased(history)
    took = process_time() - begun
    assert len(history.facts) > 45
    assert took < 1
    assert {one.how for one in found} == {RECORDED}
    assert history.findings() == []


def test_no_more_is_judged_than_had_come_by_the_day() -> None:
    """Judged by a day before an exception ended, nothing of its end had stood and cleared (L13)."""
    granted = given(a_referral()).when(GRANT).history
    review = ReviewAccessException(exception=2, judged=Code("justified"))
    reviewed = granted.when(review, on="2026-12-14").history
    early = ceased(reviewed.on("2026-11-30"))
    assert "exception_not_reviewed" not in {one.finding.code for one in early}


def test_an_entry_withdrawn_before_it_came_never_stood() -> None:
    """In a record that withdraws what comes after, that raises nothing and clears nothing."""
    granted = given(a_referral()).when(GRANT)
    (event,) = granted.events
    slip = RecordCorrected(
        target=3,
        supersedes=None,
        reason=Code("entered_wrongly"),
        asked_by=Code("worker"),
        withdrawn=True,
    )
    assert "exception_unexplained" in {one.code for one in granted.history.findings()}
    codes = {one.finding.code for one in ceased(given(a_referral()).also(slip, event))}
    assert "exception_unexplained" not in codes


def test_what_ceases_as_days_pass_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ceased without any entry is said to have, by the day it was judged."""
    only = Finding(code=Code("early"), rules=("R1",), severity=Code("low"), words="Early.")

    def until(_case: object, looking: Looking) -> list[Finding]:
        return [only] if looking.on < date(2026, 11, 30) else []

    monkeypatch.setattr("domain.case.findings", until)
    (one,) = ceased(given(a_referral()).on("2026-12-01"))
    assert (one.finding, one.how, one.by, one.on) == (only, PASSED, None, date(2026, 12, 1))


def test_a_case_read_with_this_one_may_clear_a_finding() -> None:
    """What another case holds clears a finding here with the entry that lets it be read (R71)."""
    wish = DesiredOutcomeExpressed(
        asked=Code("expressed"),
        outcome=OUTCOME,
        words=words("To stay at home."),
        expressed_by=Code("adult"),
    )
    here = given(a_referral(), wish, a_conclusion()).facts
    met = DesiredOutcomeEvaluated(
        outcome=OUTCOME, status=Code("fully_achieved"), evaluated_by=Code("adult")
    )
    merged = CaseMerged(other=CASE, place=Code("merged"), reason=Code("same_concern"))
    there = [
        replace(one, stream=OTHER_CASE, position=one.position + 10)
        for one in given(a_referral(), met, merged).facts
    ]
    looking = Looking(on=date(2026, 11, 30), jurisdiction=ENGLAND)
    alone = {one.finding.code for one in cleared(CASE, {CASE: here}, looking)}
    assert "outcome_not_evaluated" not in alone
    found = cleared(CASE, {CASE: here, OTHER_CASE: there}, looking)
    (one,) = [one for one in found if one.finding.code == "outcome_not_evaluated"]
    assert one.by is not None
    assert (one.by.stream, one.by.header.name, one.how) == (OTHER_CASE, "case-merged", RECORDED)


@settings(max_examples=100, suppress_health_check=list(HealthCheck), derandomize=True)
@for_all(histories())
def test_every_prefix_of_any_history_can_be_judged(history: Given) -> None:
    """Whatever was recorded first, up to any entry, replays and can be judged (R150)."""
    for number in range(len(history.facts) + 1):
        replace(history, facts=standing(history.facts[:number])).findings()


def test_a_finding_that_grew_clears_with_the_one_that_counts_more() -> None:
    """Two where there was one is another finding; the first cleared, and names it (R150)."""

    def passage(number: int) -> MinutePassageWritten:
        return MinutePassageWritten(
            conference=CONFERENCE,
            number=number,
            section=Code("other"),
            text=words("They met."),
            origin=Code("not_recorded"),
            written_by=MINUTE_TAKER,
        )

    code = "passage_origin_missing"
    one = given(a_referral(), a_conference(), a_held_conference()).also(passage(1))
    both = one.also(passage(2))
    (was,) = [found for found in one.findings() if found.code == code]
    (now,) = [found for found in both.findings() if found.code == code]
    gone = of(both, code)
    assert (was.counted, now.counted) == (1, 2)
    assert (gone.finding, gone.how, gone.instead) == (was, RECORDED, now.identity)
    assert gone.by is not None
    assert gone.by.version == len(both.facts)
