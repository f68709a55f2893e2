"""The made-up authority is full: as much under way as in life, and every turn a case can take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from api.demonstration.afterthoughts import RETENTION_DAYS
from api.demonstration.calibration import ENGLISH, LARGE_SCALE_DAYS, SCOTTISH, WAITING_DAYS
from api.demonstration.load import load
from api.demonstration.people import TEAMS
from api.demonstration.telling import Story
from api.office import Office
from domain.closure import CaseClosed
from domain.concern import (
    AllegationAdded,
    ReferralLinked,
    ReferralReceived,
    RepeatReferralThresholdReached,
)
from domain.conference import (
    ConferenceCancelled,
    ConferenceConvened,
    ConferenceRescheduled,
)
from domain.correction import (
    ChronologyEntryRecorded,
    ErasureApproved,
    LegalHoldLifted,
    LegalHoldPlaced,
    PersonalDataErased,
    RecordCorrected,
)
from domain.determination import DissentRecorded
from domain.enquiry import EnquiryOpened, InquiryOpened
from domain.involvement import AdultDeclinedAttendance
from domain.person import ExternalReferenceAdded, PersonDied
from domain.sitting import ConferenceHeld, CoreGroupHeld
from domain.when import LONDON
from domain.words import Fact
from tests.conftest import Database
from tests.doors.conftest import opened_doors, settings_for
from tests.told import TODAY, UNTIL, Told, told

SEED, CASES = 2014, 400
ADJECTIVES = {"england": "english", "scotland": "scottish"}
NATIONS = tuple(ADJECTIVES)
FIRST = date(2022, 3, 31)


@pytest.fixture(params=NATIONS)
def authority(request: pytest.FixtureRequest) -> Told:
    """Give a whole authority of each nation."""
    return told(request.param, seed=SEED, count=CASES)


def facts_of(authority: Told, *kinds: type[Any]) -> Iterator[Fact[Any]]:
    """Give every fact whose event is of these classes."""
    for facts in authority.facts.values():
        yield from (fact for fact in facts if isinstance(fact.event, kinds))


def count(authority: Told, kind: type[Any]) -> int:
    """Count the events of a class."""
    return sum(1 for _ in facts_of(authority, kind))


def under_way(authority: Told) -> list[Story]:
    """Give the stories whose case is open at the end."""
    return [one for one in authority.plan.stories if not authority.case(one).closed]


# ------------------------------------------------------------------------------- at the end


def test_sixty_to_ninety_cases_are_open_at_the_end(authority: Told) -> None:
    """Of 400 cases 60 to 90 are under way on the last day, in every stage and every team."""
    going = under_way(authority)
    assert 60 <= len(going) <= 90
    stages = Counter(str(authority.case(one).stage) for one in going)
    assert stages["concern"] >= 10
    assert stages["enquiry"] >= 15
    assert stages["conference"] >= 1
    assert stages["plan"] >= 5
    assert {one.team.name for one in going} == set(TEAMS)


def test_some_are_unallocated_at_the_end(authority: Told) -> None:
    """Some open cases have no worker: those who wait, and some who lost theirs."""
    nobodys = [one for one in under_way(authority) if authority.case(one).worker is None]
    assert 4 <= len(nobodys) <= 20
    recent = [one for one in nobodys if "waiting_list" in one.fails]
    assert recent
    assert all((UNTIL.date() - one.received).days <= WAITING_DAYS for one in recent)


def test_some_are_overdue_for_review_and_some_never_had_one(authority: Told) -> None:
    """Of the plans in force some are past their review, some have no date, some no review ever."""
    cases = [authority.case(one) for one in under_way(authority)]
    plans = [
        (case, ref, plan)
        for case in cases
        for ref, plan in case.plans.items()
        if ref not in case.monitoring.ended
    ]
    overdue = [one for one in plans if one[2].dated and one[2].dated.due.on < TODAY]
    undated = [one for one in plans if one[2].dated is None]
    unreviewed = [one for one in plans if one[1] not in one[0].monitoring.reviews]
    assert len(overdue) >= 2
    assert undated
    assert 3 <= len(unreviewed) < len(plans)


# ------------------------------------------------------------------------------- the turns


def test_some_adults_die_and_nothing_happens_with_them_after(authority: Told) -> None:
    """A few adults die; what was called is cancelled, and no meeting is held with them again."""
    died = {fact.stream: fact for fact in facts_of(authority, PersonDied)}
    assert 5 <= len(died) <= 25
    assert any(fact.event.died.day is None for fact in died.values())
    for story in authority.plan.stories:
        if story.adult not in died:
            continue
        when = died[story.adult].recorded_at
        later = [one for one in authority.facts[story.case] if one.recorded_at > when]
        assert not any(isinstance(one.event, ConferenceHeld | CoreGroupHeld) for one in later)
        closed = [one.event for one in later if isinstance(one.event, CaseClosed)]
        assert all(one.reason == "died" for one in closed)
        assert story.received <= when.astimezone(LONDON).date()


def test_erasures_are_of_old_contacts_on_the_word_of_two(authority: Told) -> None:
    """Two or three contacts that led to nothing are erased, two years after they were closed."""
    erased = list(facts_of(authority, PersonalDataErased))
    assert 2 <= len(erased) <= 3
    managers = {team.manager.ref for team in authority.plan.staff.teams}
    stories: dict[UUID, Story] = {one.case: one for one in authority.plan.stories}
    for fact in erased:
        (version,) = fact.event.approvals
        approval = authority.facts[fact.stream][version - 1]
        assert isinstance(approval.event, ErasureApproved)
        people = {approval.header.recorded_by, fact.header.recorded_by}
        assert people <= managers
        assert len(people) == 2
        story = stories[fact.stream]
        closed_on = authority.case(story).closed_on
        assert story.goes_on == "none"
        assert closed_on is not None
        assert (fact.recorded_at.date() - closed_on).days >= RETENTION_DAYS
        assert sum(one.adult == story.adult for one in stories.values()) == 1


def test_holds_are_placed_and_some_lifted(authority: Told) -> None:
    """Some cases are held for a court, the police or an inquest; some holds are lifted."""
    placed = count(authority, LegalHoldPlaced)
    lifted = list(facts_of(authority, LegalHoldLifted))
    assert 4 <= placed <= 20
    assert 1 <= len(lifted) < placed
    for fact in lifted:
        hold = authority.facts[fact.stream][fact.event.hold - 1]
        assert isinstance(hold.event, LegalHoldPlaced)


def test_corrections_and_withdrawn_entries_name_what_they_should(authority: Told) -> None:
    """Some entries are corrected, some twice, some re-dated, and some withdrawn."""
    corrected = list(facts_of(authority, RecordCorrected))
    assert 12 <= len(corrected) <= 50
    targets: dict[str, set[str]] = {}
    for fact in corrected:
        target = authority.facts[fact.stream][fact.event.target - 1]
        targets.setdefault(str(fact.event.reason), set()).add(target.header.name)
        if fact.event.supersedes is not None:
            earlier = authority.facts[fact.stream][fact.event.supersedes - 1]
            assert isinstance(earlier.event, RecordCorrected)
    assert targets["wrong_person"] <= {
        "communication-needs-recorded",
        "immediate-safety-action-taken",
    }
    assert targets["wrong_date"] == {"chronology-entry-recorded"}
    assert targets["entered_wrongly"] == {"referral-received"}
    assert sum(fact.event.withdrawn for fact in corrected) >= 3
    assert any(fact.event.supersedes is not None for fact in corrected)


def test_other_agencies_entries_are_as_uncertain_as_they_came(authority: Told) -> None:
    """Imported entries say whose they are and when written; their times keep their doubt."""
    imported = list(facts_of(authority, ChronologyEntryRecorded))
    assert len(imported) >= 40
    times = {fact.occurred.text for fact in imported}
    assert {"20XX", "unknown"} <= times
    assert any(text.endswith("~") for text in times)
    assert any(text.endswith("?") for text in times)
    for fact in imported:
        assert fact.header.source == fact.event.agency
        assert fact.header.source_recorded is not None
        assert [one.agency for one in fact.header.known_to] == [fact.event.agency]


def test_some_enquiries_are_large_scale(authority: Told) -> None:
    """Several adults of one care home are looked into together: one case each, marked so."""
    large = [
        fact.recorded_at.astimezone(LONDON).date()
        for fact in facts_of(authority, EnquiryOpened, InquiryOpened)
        if fact.event.large_scale
    ]
    for first, last in LARGE_SCALE_DAYS:
        of_one = [day for day in large if first <= (day - FIRST).days <= last + 21]
        assert len(of_one) >= 2, "an enquiry of several adults"
    assert len(large) < CASES / 20


def test_conferences_are_cancelled_moved_declined_and_disputed(authority: Told) -> None:
    """Some conferences are called off and called anew, moved, declined, or end in dissent."""
    assert count(authority, ConferenceRescheduled) >= 2
    assert count(authority, DissentRecorded) >= 3
    assert count(authority, AdultDeclinedAttendance) >= 10
    assert count(authority, ConferenceCancelled) >= 1
    anew = 0
    for facts in authority.facts.values():
        called = [one for one in facts if isinstance(one.event, ConferenceConvened)]
        off = [one for one in facts if isinstance(one.event, ConferenceCancelled)]
        anew += any(one.position > off[0].position for one in called) if off else 0
    assert anew >= 1


def test_people_come_back_and_are_known_elsewhere(authority: Told) -> None:
    """Many adults have two cases or more; many are known by a number in another system."""
    cases = Counter(story.adult for story in authority.plan.stories)
    assert sum(number > 1 for number in cases.values()) >= 30
    assert count(authority, ExternalReferenceAdded) >= 60


def test_repeat_referrals_reach_the_threshold_in_scotland() -> None:
    """Three referrals within six months are noticed, linked ones and those of other cases."""
    authority = told("scotland", seed=SEED, count=CASES)
    reached = list(facts_of(authority, RepeatReferralThresholdReached))
    assert len(reached) >= 10
    for fact in reached:
        assert len(fact.event.referrals) == fact.event.count >= 3
        days = [one.day for one in fact.event.referrals]
        assert max(days) - min(days) <= timedelta(days=186)


# ----------------------------------------------------------------------- the published shares


def test_conferences_come_as_often_as_is_published() -> None:
    """Of inquiries with powers 32 in a hundred come to an initial conference; so in England."""
    for nation, figures in (("england", ENGLISH), ("scotland", SCOTTISH)):
        stories = told(nation, seed=SEED, count=CASES).plan.stories
        made = told(nation, seed=SEED, count=CASES)
        enquiries = [one for one in stories if one.goes_on == "enquiry"]
        might = len(enquiries) * (figures.powers or 1.0)
        held = [
            one
            for one in enquiries
            if one.conference or made.case(one).conferences  # those of adults who died too
        ]
        assert len(held) / might == pytest.approx(0.32, abs=0.08), nation


def test_neglect_and_own_home_lead_as_is_published() -> None:
    """31 in a hundred things alleged are neglect, 46 to 48 in a hundred places the own home."""
    authority = told("england", seed=SEED, count=CASES)
    alleged = [
        one
        for fact in facts_of(authority, ReferralReceived, ReferralLinked)
        for one in fact.event.allegations
    ]
    alleged += [fact.event.allegation for fact in facts_of(authority, AllegationAdded)]
    assert sum(one.type == "neglect" for one in alleged) / len(alleged) == pytest.approx(
        0.31, abs=0.04
    )
    assert sum(one.location == "own_home" for one in alleged) / len(alleged) == pytest.approx(
        0.47, abs=0.05
    )


def test_enquiries_for_each_concern_are_as_published() -> None:
    """All enquiries, section 42 and other, are 30.5 in a hundred concerns."""
    authority = told("england", seed=SEED, count=CASES)
    opened = count(authority, EnquiryOpened)
    assert opened / len(authority.plan.stories) == pytest.approx(0.305, abs=0.02)


# ----------------------------------------------------------------------- through every view


def look_everywhere(database: Database, folder: Path, nation: str, cases: int) -> None:
    """Load, follow for every view, judge and show every case."""
    settings = settings_for(database, folder)
    load(settings, nation=ADJECTIVES[nation], today=TODAY, seed=SEED, cases=cases)
    with Office(settings) as office, opened_doors(office) as doors:
        doors.catch_up()
        assert [one.poison for one in doors.followers] == [None] * len(doors.followers)
        views = doors.client.get("/ready").json()["projections"]
        assert {one["lag"] for one in views} == {0}
        plan = told(nation, seed=SEED, count=cases).plan
        for story in plan.stories:
            case, _facts = office.handler.case(story.case)
            tuple(office.handler.findings(case, TODAY))
            answer = doors.client.get(f"/cases/{story.case}")
            restricted = case.correction.restricted
            assert answer.status_code == (403 if restricted else 200), story.case
        assert doors.client.get("/").status_code == 200


@pytest.mark.parametrize("nation", ["england", pytest.param("scotland", marks=pytest.mark.long)])
def test_every_view_and_page_takes_a_few_cases(
    database: Database, tmp_path: Path, nation: str
) -> None:
    """No view stops, no finding fails, and every case has its page, the erased ones too."""
    look_everywhere(database, tmp_path, nation, 24)


@pytest.mark.long
@pytest.mark.parametrize("nation", NATIONS)
def test_every_view_and_page_takes_a_whole_authority(
    database: Database, tmp_path: Path, nation: str
) -> None:
    """The same of every case of a whole authority."""
    look_everywhere(database, tmp_path, nation, CASES)
