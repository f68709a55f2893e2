"""Everything reviews, inspectors and the ombudsman criticise in records is in the demonstration.

The rows are those of procedure C.7, in one table (`tests/criticised.py`), which RULEBOOK.md shows.
Each is raised, unasked, by the findings of a case, or stands in the view that the row asks for; the
cases themselves are told like all others.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from api.demonstration.load import load
from api.office import Office
from domain import case as cases
from domain.assessment import days_to_first_capacity
from domain.catalogue import EVENTS, event_name
from domain.concern import ReferralReceived
from domain.reading import joined_facts, replayed
from domain.stage import Looking
from domain.words import Fact
from tests.codes import codes
from tests.conftest import Database
from tests.criticised import CRITICISMS, answered
from tests.doors.conftest import opened_doors, settings_for
from tests.told import TODAY, Told, told

SEED, CASES = 2014, 400
OPENAPI = Path(__file__).parents[2] / "api" / "openapi.json"
ADJECTIVES = {"england": "english", "scotland": "scottish"}
NATIONS = tuple(ADJECTIVES)
LATE_DAYS = 60  # from the referral to the first record of capacity


@lru_cache
def raised(nation: str) -> Counter[str]:
    """Count the cases of a whole authority that each finding is raised in."""
    authority = told(nation, seed=SEED, count=CASES)
    return Counter(
        code
        for story in authority.plan.stories
        for code in {str(one.code) for one in authority.findings(story)}
    )


@pytest.mark.parametrize(
    ("nation", "row"), [(nation, row) for nation in NATIONS for row in answered(nation)]
)
def test_each_criticism_is_raised_unasked(nation: str, row: str) -> None:
    """What reviews criticise is found by the record itself, where the nation asks for it (R154)."""
    assert answered(nation)[row] & raised(nation).keys(), row


def test_each_criticism_has_what_answers_it() -> None:
    """Each is a finding of the rules, or what it asks for stands in events and in a view."""
    known, views = set(codes()), orjson.loads(OPENAPI.read_bytes())["paths"]
    for one in CRITICISMS:
        assert set().union(*one.findings.values()) <= known, one.criticism
        assert one.findings or one.events, one.criticism
        assert set(one.events) <= set(EVENTS), one.criticism
        assert set(one.views) <= set(views), one.criticism


def test_each_event_that_answers_is_told_of() -> None:
    """What a criticism asks to be recorded is recorded somewhere in the made-up authorities."""
    seen = {
        event_name(event)
        for nation in NATIONS
        for event in told(nation, seed=SEED, count=CASES).events(object)
    }
    asked = {event for one in CRITICISMS for event in one.events}
    assert asked <= seen, asked - seen


@pytest.mark.parametrize("nation", NATIONS)
def test_no_criticism_is_of_most_cases(nation: str) -> None:
    """A made-up authority that fails everywhere would be no likeness: each is of few cases."""
    found = raised(nation)
    for said in answered(nation).values():
        for code in said:
            assert found[code] < CASES / 4, code


@pytest.mark.parametrize("nation", NATIONS)
def test_what_is_a_number_stands_in_the_record(nation: str) -> None:
    """How late capacity was assessed, and which call was the third, the record answers itself."""
    authority = told(nation, seed=SEED, count=CASES)
    cases = [authority.case(story) for story in authority.plan.stories]
    late = [days_to_first_capacity(one.assessment, one.received_on) or 0 for one in cases]
    assert max(late) >= LATE_DAYS
    earlier = [len(one.earlier_referrals) for one in authority.events(ReferralReceived)]
    assert max(earlier) >= 2


class _Kept:
    """The streams of an authority, as a record gives them."""

    def __init__(self, authority: Told) -> None:
        self._facts = authority.facts

    def facts(self, stream: UUID, *, as_at: int | None = None) -> list[Fact[Any]]:
        """The facts of a stream, all of them."""
        assert as_at is None
        return self._facts[stream]


@pytest.mark.parametrize("nation", NATIONS)
def test_an_open_case_in_a_closed_one_is_among_them(nation: str) -> None:
    """Few open cases are read in one that was closed already, and each is named in both (R150)."""
    authority = told(nation, seed=SEED, count=CASES)
    looking = Looking(on=TODAY, jurisdiction=authority.law, policies=authority.policies)
    kept, found = _Kept(authority), Counter[str]()
    for story in authority.plan.stories:
        streams = joined_facts(kept, story.case, authority.facts[story.case])
        if len(streams) > 1:
            case = replayed(story.case, streams)
            found.update(str(one.code) for one in cases.findings(case, looking))
    assert 1 <= found["merged_into_closed"] <= CASES / 100
    assert found["closed_case_leads_open"] == found["merged_into_closed"]


@pytest.mark.long
@pytest.mark.parametrize("nation", NATIONS)
def test_each_criticism_comes_through_the_door(
    database: Database, tmp_path: Path, nation: str
) -> None:
    """Whoever looks at the findings of a loaded authority reads every row there."""
    settings = settings_for(database, tmp_path)
    load(settings, nation=ADJECTIVES[nation], today=TODAY, seed=SEED, cases=CASES)
    with Office(settings) as office, opened_doors(office) as doors:
        doors.catch_up()
        listed = doors.client.get("/v1/findings?show=all").json()
        assert listed["cases_not_read"] == 0
        assert {"minutes_overdue", "plan_review_overdue", "nothing_recorded"} & {
            one["code"] for one in listed["findings"]
        }
        seen = set[str]()
        for story in told(nation, seed=SEED, count=CASES).plan.stories:
            answer = doors.client.get(f"/v1/cases/{story.case}/findings?show=all&limit=500")
            if answer.status_code != 403:  # a restricted one shows nothing
                seen |= {one["code"] for one in answer.json()["findings"]}
    for row, said in answered(nation).items():
        assert said & seen, row
