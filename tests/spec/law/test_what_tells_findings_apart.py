"""What tells one finding from another: what it is about, never how it is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from api.clock import seeded
from domain.conclusion import RiskFound, RiskOutcomeRecorded
from domain.conference import ConferenceRescheduled
from domain.correction import RecordCorrected
from domain.finding import Finding, merged
from domain.jurisdictions import Jurisdiction
from domain.stage import Looking, Mark, found
from domain.stages import STAGES
from domain.when import on_day, read
from domain.words import AllegationRef, Code, Due, Slug
from tests.controls import (
    CONFERENCE,
    DAY,
    NATIONS,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    an_allegation,
    an_enquiry,
    ref,
)
from tests.given import At, Given, given
from tests.spec.law import test_a_good_case as good
from tests.spec.law.test_any_history import histories

SLIP = RecordCorrected(
    target=1,
    supersedes=None,
    reason=Code("entered_wrongly"),
    asked_by=Code("worker"),
    withdrawn=True,
)


def raised(history: Given) -> Iterator[Finding]:
    """Everything that the stages criticise, before findings of one fact are one."""
    looking = Looking(on=history.judged_on or history.day, jurisdiction=history.jurisdiction)
    case = history.case
    for name, stage in STAGES.items():
        yield from stage.findings(getattr(case, name), case, looking)


@cache
def good_events(nation: Code) -> tuple[At, ...]:
    """Give the events of a case handled as the sources ask, each where it was recorded."""
    (law,) = (one for one in NATIONS if one.code == nation)
    chapters = (good.before(law), good.prepared(law), good.held(law), good.after(law))
    told = good.told(law, *chapters, good.ending())
    return tuple(At(one.recorded_at.date(), one.event, one.occurred) for one in told.facts)


@st.composite
def flawed_cases(draw: st.DrawFn) -> Given:
    """Make a case as it may go: some of what a good one has, some of it withdrawn again."""
    nation, random = draw(st.sampled_from(NATIONS)), seeded(draw(st.integers(0, 2**32)))
    placed, corrected = list[At](), set[int]()
    for one in good_events(nation.code):
        if not placed or random.random() < 0.8:
            placed.append(one)
        target = random.randint(1, len(placed))
        if target not in corrected and random.random() < 0.1:
            corrected.add(target)
            placed.append(At(placed[-1].day, replace(SLIP, target=target), one.occurred))
    history = given(jurisdiction=nation).also(*placed)
    return history.on(history.day + timedelta(days=random.randint(0, 400)))


@settings(max_examples=150, suppress_health_check=list(HealthCheck), derandomize=True)
@for_all(st.one_of(histories(), flawed_cases()))
def test_two_facts_never_share_an_identity(history: Given) -> None:
    """Of any history, what is said in other words is another finding, or says so itself."""
    said: dict[str, Finding] = {}
    for one in raised(history):
        other = said.setdefault(one.identity, one)
        assert (one.code, one.words) == (other.code, other.words) or one.fact == other.fact


@settings(max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True)
@for_all(flawed_cases())
def test_saying_it_better_changes_no_identity(history: Given) -> None:
    """Reworded, cited otherwise or weighed otherwise, a finding keeps its identity."""
    for one in history.findings():
        better = replace(one, words="Said better.", rules=("R1",), severity=Code("low"))
        assert better.identity == one.identity


def test_what_tells_two_apart_is_their_identity() -> None:
    """Code, event, subject, which, how many and which day promised: each makes another finding."""
    due = Due(on=date(2026, 11, 9), rule=Code("x"), start=date(2026, 11, 2), calendar=Slug("y"))
    one = found("a", "R1", "low", "Said.", position=3, since=due, subject="b", which="c", counted=2)
    others = (
        replace(one, code=Code("b")),
        replace(one, position=4),
        replace(one, subject="c"),
        replace(one, which="d"),
        replace(one, counted=3),
        replace(one, due=date(2026, 11, 10)),
    )
    assert len({one.identity, *(other.identity for other in others)}) == 1 + len(others)
    assert replace(one, since=on_day(date(2026, 11, 3))).identity == one.identity
    nowhere = replace(one, position=None)
    assert replace(nowhere, since=read("2026-11-03")).identity != nowhere.identity


def test_a_finding_has_the_place_and_the_time_of_the_entry_it_hangs_on() -> None:
    """Made at an entry it stands since that entry's time, unless another time or day is said."""
    at = Mark(7, read("2026-11-04"))
    plain = found("a", "R1 R2", "low", "Said.", at=at)
    assert (plain.position, plain.since, plain.rules) == (7, at.when, ("R1", "R2"))
    assert (plain.subject, plain.which, plain.counted, plain.fact) == (None, None, None, None)
    assert (plain.due, plain.policy, plain.at_latest) == (None, None, False)
    other = found("a", "R1", "low", "Said.", at=at, since=date(2026, 11, 9), position=3)
    assert (other.position, other.since, other.due) == (7, read("2026-11-09"), None)
    due = Due(on=date(2026, 11, 9), rule=Code("x"), start=DAY, calendar=Slug("y"), policy=Slug("p"))
    late = found("a", "R1", "low", "Said.", at=at, since=due)
    assert (late.since, late.due, late.policy) == (read("2026-11-09"), due.on, "p")
    assert not late.at_latest
    vague = replace(due, started=read("2026-11"))
    assert found("a", "R1", "low", "Said.", at=at, since=vague).at_latest
    assert found("a", "R1", "low", "Said.", at=Mark(7, read("unknown"))).since is None
    assert found("a", "R1", "low", "Said.").position is None


def test_one_fact_under_several_codes_is_named_so() -> None:
    """What several codes say alike is one finding where they name it, and else two."""
    one = found("a", "R1", "low", "Said.", position=3, fact="same")
    two = found("b", "R2", "high", "Said otherwise.", position=3, fact="same")
    assert merged([one, two]) == [replace(one, rules=("R1", "R2"), severity=Code("high"))]
    assert len(merged([replace(one, fact=None), replace(two, fact=None)])) == 2


@pytest.mark.parametrize(
    ("severities", "gravest"),
    [(("low", "medium"), "medium"), (("medium", "high"), "high"), (("unheard_of", "low"), "low")],
)
def test_of_one_fact_the_gravest_severity_stands(severities: tuple[str, str], gravest: str) -> None:
    """Whichever comes first, what is said of one fact is as grave as the gravest of it."""
    for first, second in (severities, severities[::-1]):
        one = found("a", "R1", first, "Said.", position=3, fact="same")
        two = found("b", "R2", second, "Said.", position=3, fact="same")
        assert [each.severity for each in merged([one, two])] == [gravest]


# What is said of the first meeting of a case, or of the next one due, whichever that is.
OF_THE_CASE = frozenset(
    {
        *("advocacy_not_considered", "support_not_considered", "advocacy_not_explained"),
        *("advocacy_access_not_explained", "core_group_overdue", "review_overdue"),
        "nothing_recorded",
    }
)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
@pytest.mark.parametrize("kind", ["initial", "review", "core_group", "outcome"])
def test_what_is_said_of_a_meeting_names_what_it_is_about(nation: Jurisdiction, kind: str) -> None:
    """Whatever a bare meeting lacks is said of that meeting, of an agency or an allegation."""
    bare = replace(a_held_conference(), parts=())
    history = given(a_referral(), a_conference(kind=kind), bare, jurisdiction=nation)
    found_ = [one for one in history.on("2027-12-31").findings() if one.position == 3]
    assert len(found_) > 1
    assert {one.code for one in found_ if one.subject is None} <= OF_THE_CASE


def test_each_source_of_risk_is_a_finding_of_its_own() -> None:
    """Where two sources of one conclusion differ from their allegations, there are two (R147)."""
    known = replace(an_allegation(1), source=Code("known_relative"))
    risks = tuple(
        RiskFound(source=Code(source), action=Code("action_taken"), outcome=Code("removed"))
        for source in ("service_provider", "known")
    )
    outcomes = [
        RiskOutcomeRecorded(
            allegation=AllegationRef(ref(30 + number)),
            action=Code("action_taken"),
            outcome=Code("remained"),
        )
        for number in range(2)
    ]
    history = given(
        replace(a_referral(), allegations=(an_allegation(), known)),
        an_enquiry(),
        *outcomes,
        replace(a_conclusion(), risks_found=risks),
    )
    found_ = [one for one in history.findings() if one.code == "risk_outcome_differs"]
    assert len({one.identity for one in found_}) == len({one.words for one in found_}) == 2


def test_a_meeting_put_off_and_missed_again_is_another_finding() -> None:
    """An answer to one missed day is none to the next: each day planned is its own (R14)."""
    first = given(a_referral(), a_conference("2026-11-23")).on("2026-11-24")
    moved = ConferenceRescheduled(
        conference=CONFERENCE, planned_for=read("2026-12-07"), reason=Code("other")
    )
    again = first.also(moved).on("2026-12-08")
    both = {
        one.identity
        for history in (first, again)
        for one in history.findings()
        if one.code == "not_held"
    }
    assert len(both) == 2
