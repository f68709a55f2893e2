"""The made-up authority: like the published figures, the same each time, and loadable in pieces."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from api.clock import SystemClock
from api.demonstration.calibration import (
    ENGLISH,
    FAILINGS,
    RISK_OUTCOME,
    SCOTTISH,
    SILENCE_DAYS,
)
from api.demonstration.load import load
from api.demonstration.telling import Story
from api.office import Office
from api.settings import Settings
from domain.adopting import PolicyAdopted
from domain.assessment import days_to_first_capacity
from domain.concern import LinkReferral, ReceiveReferral, ReferralReceived
from domain.conclusion import EnquiryConcluded
from domain.correction import PersonalDataErased
from domain.duty import Section42DutyDecided
from domain.enquiry import EnquiryOpened, InvestigatoryPowerUsed
from domain.filing import ReturnFiled
from domain.opening import RecordOpened
from domain.person import PersonRegistered, RegisterPerson
from domain.refusal import Refused
from domain.when import When
from domain.words import Fact, Forgotten, Personal
from domain.worker import WorkerRegistered
from tests.conftest import Database
from tests.doors.conftest import settings_for
from tests.told import TODAY, UNTIL, Told, told

SEED, CASES = 2014, 400
FEW = 14
NATIONS = ("england", "scotland")
POINTS = 0.06  # how far a share of the made-up authority may lie from the one it is made like

# What each failing is found by; the others leave their mark in the dates, see the tests below.
FOUND_AS = {
    "no_rationale": {"duty_without_rationale"},
    "minutes_late": {"minutes_late", "minutes_overdue"},
    "review_never_held": {"plan_review_overdue"},
    "refusal_unexplored": {"closed_on_request_without_risk", "closed_on_request_without_capacity"},
    "no_feedback": {"referrer_not_told", "feedback_overdue"},
    "absence_unexplained": {"absence_unexplained"},
    # Where the nation's cycle dates the plan, it is the review itself that is missed.
    "no_review_date": {"no_review_date", "review_date_required", "review_overdue"},
    "notes_lost": {"raw_notes_not_kept"},
    "comments_inserted": {"passage_unattested"},
    "amendment_refused": {"amendment_refused_unexplained"},
    "not_done_unexplained": {"no_action_unexplained"},
    "chronology_missing": {"no_chronology"},
    "allegation_left": {"allegation_not_found_on", "allegation_without_outcome"},
    "repeats_singly": {"repeats_dealt_with_singly"},
    "capacity_late": {"capacity_late"},
    "caused_not_returned": {"caused_enquiry_not_returned"},
    "issue_unanswered": {"issue_unanswered"},
    "review_late": {"review_decision_late"},
    "review_bare": {"review_decided_without_reasons"},
    "access_late": {"access_answered_late"},
    "rectification_unexplained": {"rectification_refused_unexplained"},
    "remedy_left": {"audit_remedy_overdue"},
    "exception_left": {"exception_not_reviewed"},
    "auditor_unknown": {"named_worker_not_registered"},
    "long_silence": {"nothing_recorded"},
    "altered": {"correction_unexplained"},
}
# What can fail under one nation's law alone.
ONLY_IN = {
    "chronology_missing": "scotland",
    "repeats_singly": "england",
    "caused_not_returned": "england",
}


def english() -> Told:
    """Give the whole English authority."""
    return told("england", seed=SEED, count=CASES)


def shares(codes: Iterable[str]) -> dict[str, float]:
    """Give the share of each code."""
    counted = Counter(codes)
    return {code: number / counted.total() for code, number in counted.items()}


def assert_like(found: Mapping[str, float], wanted: Mapping[str, float]) -> None:
    """Hold each share to the wanted one, within the tolerance."""
    total = sum(wanted.values())
    for code, share in wanted.items():
        assert found.get(code, 0) == pytest.approx(share / total, abs=POINTS), code


@pytest.mark.parametrize("nation", NATIONS)
def test_nobody_is_referred_before_they_are_known(nation: str) -> None:
    """A referral is about somebody registered by then, also where two come in on one day."""
    known: set[UUID] = set()
    for step in told(nation, seed=SEED, count=CASES).plan.steps:
        if isinstance(step.command, RegisterPerson):
            known.add(step.stream)
        if isinstance(step.command, ReceiveReferral):
            assert step.command.adult in known, step.moment


# ---------------------------------------------------------------------------- like the figures


def test_as_many_concerns_become_enquiries_as_are_published() -> None:
    """28.9 in a hundred concerns lead to a section 42 enquiry, and few to another."""
    found = shares(one.result for one in english().events(Section42DutyDecided))
    assert found["section_42"] == pytest.approx(0.289, abs=0.015)
    assert found["other_enquiry"] == pytest.approx(0.016, abs=0.012)


def test_each_person_has_as_many_enquiries_as_is_published() -> None:
    """There are 1.25 section 42 enquiries for each person who has one.

    Of some ninety persons three standard errors of the mean are 0.17; how many have a second is not
    drawn one by one, so that it lies nearer.
    """
    authority = english()
    adults: dict[UUID, UUID] = {one.case: one.adult for one in authority.plan.stories}
    had = [
        adults[case]
        for case, facts in authority.facts.items()
        for fact in facts
        if isinstance(fact.event, EnquiryOpened) and fact.event.kind == "section_42"
    ]
    assert len(had) / len(set(had)) == pytest.approx(1.25, abs=0.05)


def test_harm_and_place_are_spread_as_is_published() -> None:
    """What is alleged, and where, keeps to the published shares of types and locations."""
    alleged = [one for event in english().events(ReferralReceived) for one in event.allegations]
    assert_like(shares(one.type for one in alleged), ENGLISH.types)
    assert_like(shares(one.location for one in alleged), ENGLISH.locations)
    received = sum(1 for _ in english().events(ReferralReceived))
    assert len(alleged) / received == pytest.approx(1.33, abs=0.07)


def test_concluded_enquiries_answer_as_is_published() -> None:
    """Nine in ten risks are reduced or removed; capacity is answered once for each enquiry."""
    concluded = list(english().events(EnquiryConcluded))
    outcomes = shares(risk.outcome for one in concluded for risk in one.risks_found)
    assert_like(outcomes, RISK_OUTCOME)
    assert outcomes["reduced"] + outcomes["removed"] == pytest.approx(0.89, abs=POINTS)
    lacked = sum(one.capacity.startswith("lacked") for one in concluded) / len(concluded)
    assert lacked == pytest.approx(0.31, abs=0.08)
    assert all(one.triples and (one.risks_found or one.risks_not_found) for one in concluded)


@pytest.mark.parametrize(("nation", "figures"), [("england", ENGLISH), ("scotland", SCOTTISH)])
def test_people_are_as_old_and_of_the_gender_as_is_published(nation: str, figures: Any) -> None:  # noqa: ANN401
    """Ages and genders of the adults keep to the published shares."""
    authority = told(nation, seed=SEED, count=CASES)
    ages, genders = Counter[str](), Counter[str]()
    people = {
        facts[0].stream: facts[0].event
        for facts in authority.facts.values()
        if isinstance(facts[0].event, PersonRegistered)
    }
    first = {story.adult: story.received for story in reversed(authority.plan.stories)}
    for adult, received in first.items():
        details = people[adult].details
        genders[text(details.gender)] += 1
        born = text(details.date_of_birth)
        if len(born) > len("1950"):
            age = years(date.fromisoformat(born), received)
            ages[next(f"{low}" for low, high in figures.ages if low <= age <= high)] += 1
    assert_like(shares(genders.elements()), figures.genders)
    wanted = {f"{low}": share for (low, _high), share in figures.ages.items()}
    assert_like(shares(ages.elements()), wanted)


def years(born: date, on: date) -> int:
    """Give an age in whole years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def text(passage: object) -> str:
    """Give what a passage says."""
    assert isinstance(passage, Personal)
    return passage.text


def test_scottish_inquiries_use_powers_as_is_published() -> None:
    """Three in ten inquiries use an investigatory power; one in two referrals leads to one."""
    authority = told("scotland", seed=SEED, count=CASES)
    inquiries = [one for one in authority.plan.stories if one.goes_on == "enquiry"]
    assert len(inquiries) / CASES == pytest.approx(0.51, abs=0.02)
    powers = sum(1 for _ in authority.events(InvestigatoryPowerUsed))
    assert powers / len(inquiries) == pytest.approx(0.30, abs=POINTS)
    kinds = Counter(
        str(one.kind)
        for story in authority.plan.stories
        for one in authority.case(story).conferences.values()
    )
    assert kinds["initial"] >= 15
    assert kinds["review"] >= 15
    assert kinds["core_group"] > kinds["review"]
    assert any(authority.case(story).concern.threshold for story in authority.plan.stories)


# ------------------------------------------------------------------------------- the failings


@pytest.mark.parametrize("nation", NATIONS)
def test_failings_come_in_realistic_shares(nation: str) -> None:
    """Each failing happens in its share of the stories that come to where it can happen."""
    stories = told(nation, seed=SEED, count=CASES).plan.stories
    for name, share in FAILINGS.items():
        if name == "repeat_not_linked":  # not drawn by its story: counted below, in its own test
            continue
        if ONLY_IN.get(name, nation) != nation:
            assert not any(name in one.could_fail for one in stories), name
            continue
        could = [one for one in stories if name in one.could_fail]
        did = [one for one in could if name in one.fails]
        assert did, f"nobody shows {name}"
        near = max(0.15, 1.5 / len(could))  # of a few, as near as a few can come
        assert len(did) / len(could) == pytest.approx(share, abs=near), name


@pytest.mark.parametrize("nation", NATIONS)
def test_every_planted_failing_is_found(nation: str) -> None:
    """A failing that was planted in a story is criticised in the case it made."""
    authority = told(nation, seed=SEED, count=CASES)
    planted = 0
    for story in authority.plan.stories:
        codes = {one.code for one in authority.findings(story)}
        for name in story.fails & set(FOUND_AS):
            if story.whole and (story.closed or name != "no_feedback"):
                planted += 1
                assert codes & FOUND_AS[name], f"{name} of {story.case} was not found"
    assert planted > CASES / 8


@pytest.mark.parametrize("nation", NATIONS)
def test_a_story_without_failings_draws_no_high_finding(nation: str) -> None:
    """Where nothing fails, nothing is criticised severely."""
    authority = told(nation, seed=SEED, count=CASES)
    well = [one for one in authority.plan.stories if one.whole and not one.fails]
    assert any(one.conference for one in well)
    for story in well:
        assert [one.code for one in authority.findings(story) if one.severity == "high"] == []


@pytest.mark.parametrize("nation", NATIONS)
def test_silence_and_lateness_show_in_the_dates(nation: str) -> None:
    """What has no finding of its own stands in the record: gaps, late answers, parallel cases."""
    authority = told(nation, seed=SEED, count=CASES)
    for story in authority.plan.stories:
        facts = authority.facts.get(story.case, [])
        if story.whole and "long_silence" in story.fails:
            assert longest_gap(facts) >= timedelta(days=SILENCE_DAYS[0])
        if story.whole and "capacity_late" in story.fails:
            state = authority.case(story)
            days = days_to_first_capacity(state.assessment, state.received_on)
            assert days is not None
            assert days >= 60
        if "unallocated" in story.fails and story.whole:
            assert "case-unallocated" in authority.case(story).names
    beside = [one for one in authority.plan.stories if "repeat_not_linked" in one.fails]
    assert beside
    for story in beside:
        assert open_before(authority, story)


def longest_gap(facts: list[Fact[Any]]) -> timedelta:
    """Give the longest time between two entries of a case."""
    return max(
        (later.recorded_at - one.recorded_at for one, later in pairwise(facts)),
        default=timedelta(),
    )


def open_before(authority: Told, story: Story) -> bool:
    """Say whether another case about the same adult was open when this one came in."""
    return any(
        other.case != story.case
        and other.adult == story.adult
        and other.received <= story.received
        and (authority.case(other).closed_on or TODAY) >= story.received
        for other in authority.plan.stories
    )


# ----------------------------------------------------------------------- the same each time


@pytest.mark.parametrize("nation", NATIONS)
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_no_seed_asks_for_anything_the_rules_refuse(nation: str, seed: int) -> None:
    """Whatever the seed, every step is permitted, in order of time, and never of the future."""
    authority = told(nation, seed=seed, count=60)
    moments = [step.moment for step in authority.plan.steps]
    assert moments == sorted(moments)
    assert moments[-1] <= UNTIL
    assert len({step.stream for step in authority.plan.steps}) >= 60


@pytest.mark.long  # the same seed and day in one process are asked each time
def test_another_process_plans_the_same_stories() -> None:
    """The plan depends on nation, seed and day alone, not on the process that makes it."""
    program = (
        "import hashlib; from tests.told import told;"
        f"plan = told('scotland', seed={SEED}, count=20).plan;"
        "print(hashlib.sha256(repr([(s.moment, s.stream, s.command) for s in plan.steps])"
        ".encode()).hexdigest())"
    )
    there = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        # Its sets have another order than those of this process.
        env={"PYTHONHASHSEED": "1", "PYTHONPATH": ":".join(sys.path)},
    ).stdout.strip()
    here = told("scotland", seed=SEED, count=20).plan.steps
    mine = repr([(step.moment, step.stream, step.command) for step in here])
    assert there == hashlib.sha256(mine.encode()).hexdigest()


def test_a_record_holds_what_was_planned(database: Database, tmp_path: Path) -> None:
    """What is loaded is what the rules make of the plan: every event, moment, place and word."""
    settings = settings_for(database, tmp_path)
    load(settings, nation="scottish", today=TODAY, seed=SEED, cases=FEW)
    planned = told("scotland", seed=SEED, count=FEW)
    facts = recorded(settings)
    assert comparable(facts) == comparable(
        [fact for stream in planned.facts.values() for fact in stream]
    )
    gone = erased(facts)
    assert gone
    for one in facts:
        if one.stream in gone:
            assert all(isinstance(passage, Forgotten) for passage in said(one.event))
    workers = [one for one in facts if isinstance(one.event, WorkerRegistered)]
    assert len(workers) == len(list(planned.plan.staff)) + 1
    assert facts[-1] == workers[-1], "the visitor comes last"
    assert [type(one.event) for one in facts].count(ReturnFiled) == 0, "no tables then"
    assert facts[-1].recorded_at == UNTIL


def test_the_log_goes_on_in_real_time(database: Database, tmp_path: Path) -> None:
    """After the load people record in the same log now, which says for ever that it is made up."""
    settings = settings_for(database, tmp_path)
    load(settings, nation="english", today=TODAY, seed=SEED, cases=3)
    with Office(settings) as office:
        assert office.simulated
        own = office.record.open(office.record.log.stream(office.authority))
        assert [type(one.event) for one in own].count(ReturnFiled) == 1, "the last whole year's"
        tail = office.record.log.tail()
        office.worker("made-up", "somebody", None, office.system_actor.role)
        (now,) = office.record.open(office.record.log.at([tail + 1]))
        (last,) = office.record.open(office.record.log.at([tail]))
        assert last.recorded_at <= UNTIL < now.recorded_at <= SystemClock().now()


def test_a_real_record_takes_no_made_up_cases(database: Database, tmp_path: Path) -> None:
    """A record that was not opened as simulated refuses the demonstration and stays as it is."""
    settings = settings_for(database, tmp_path)
    with Office(settings) as office:
        before = office.record.log.tail()
    with pytest.raises(Refused, match="empty"):
        load(settings, nation="english", today=TODAY, seed=SEED, cases=3)
    with Office(settings) as office:
        assert office.record.log.tail() == before


def test_each_referral_knows_those_before_it() -> None:
    """A referral names the days of all earlier ones about the adult, linked or of other cases."""
    authority = told("scotland", seed=SEED, count=CASES)
    seen: defaultdict[object, list[When]] = defaultdict(list)
    adults: dict[UUID, UUID] = {one.case: one.adult for one in authority.plan.stories}
    for step in authority.plan.steps:
        if isinstance(step.command, ReceiveReferral | LinkReferral):
            adult = adults[step.stream]
            if isinstance(step.command, ReceiveReferral):
                event = authority.facts[step.stream][0].event
                assert event.earlier_referrals == tuple(seen[adult])
                assert event.conference_due is not None
            seen[adult].append(step.command.received)
    assert any(len(times) >= 3 for times in seen.values())


def erased(facts: Iterable[Fact[Any]]) -> set[UUID]:
    """Give the streams of cases and persons that were erased whole."""
    events = [(one.stream, one.event) for one in facts if isinstance(one.event, PersonalDataErased)]
    return {event.person or stream for stream, event in events if event.scope != "passage"}


def erased_alone(facts: Iterable[Fact[Any]]) -> set[tuple[UUID, int | None]]:
    """Give the entries whose passages alone were erased, each by its stream and version."""
    events = [(one.stream, one.event) for one in facts if isinstance(one.event, PersonalDataErased)]
    return {(event.person or stream, event.target) for stream, event in events}


def said(value: object) -> Iterator[Any]:
    """Give every passage of an event, however deep it lies."""
    if isinstance(value, Personal | Forgotten):
        yield value
    elif isinstance(value, tuple):
        for member in value:
            yield from said(member)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from said(getattr(value, one.name))


def recorded(settings: Settings) -> list[Fact[Any]]:
    """Give every fact of the log of cases."""
    with Office(settings) as office:
        rows = office.record.log.read(0, limit=100_000)
        return office.record.open(rows)


def comparable(facts: Iterable[Fact[Any]]) -> list[tuple[object, ...]]:
    """Give what has to be the same: everything but keys, salts and the record's own beginnings.

    Of what was erased only what kind of thing was said can be compared.
    """
    facts = list(facts)
    gone, alone = erased(facts), erased_alone(facts)
    return sorted(
        (
            fact.stream,
            fact.version,
            fact.recorded_at,
            fact.header.name,
            fact.header.occurred.text,
            fact.header.recorded_by,
            fact.header.performed_by,
            fact.header.known_to,
            type(fact.event).__name__ if lost else repr(fact.event),
            str([] if lost else [one.text for one in said(fact.event)]),
        )
        for fact in facts
        for lost in [fact.stream in gone or (fact.stream, fact.version) in alone]
        if not isinstance(fact.event, RecordOpened | WorkerRegistered | PolicyAdopted | ReturnFiled)
    )
