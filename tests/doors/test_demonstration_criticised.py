"""Everything reviews, inspectors and the ombudsman criticise in records is in the demonstration.

The rows are those of procedure C.7. Each is raised, unasked, by the findings of a case, or stands
in the view that the row asks for; the cases themselves are told like all others.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Final

import pytest

from api.demonstration.load import load
from api.office import Office
from domain.assessment import days_to_first_capacity
from domain.concern import ReferralReceived
from tests.conftest import Database
from tests.doors.conftest import opened_doors, settings_for
from tests.told import TODAY, told

SEED, CASES = 2014, 400
ADJECTIVES = {"england": "english", "scotland": "scottish"}
NATIONS = tuple(ADJECTIVES)
LATE_DAYS = 60  # from the referral to the first record of capacity

# Of each row of C.7, and of each half where it has several: the findings that say it. One of each
# set is enough, since a criticism may be made at several steps of a case.
FINDINGS: Final = {
    "a decision stated without reasoning": {"duty_without_rationale", "not_required_unexplained"},
    "no rationale for what was not done": {"no_action_unexplained"},
    "minutes weeks late": {"minutes_late", "minutes_overdue"},
    "notes lost with whoever took them": {"raw_notes_not_kept"},
    "another party's comments inserted": {"passage_unattested"},
    "amendments refused": {"amendment_refused_unexplained"},
    "updates to those who asked poor": {"referrer_not_told", "feedback_overdue"},
    "months with nothing recorded": {"nothing_recorded"},
    "what the family raised unanswered": {"issue_unanswered"},
    "records altered": {"correction_unexplained"},
    "a review decided late": {"review_decision_late"},
    "a review decided without reasons": {"review_decided_without_reasons"},
    "no review at all": {"plan_review_overdue"},
    "closed after a refusal, not explored": {
        "closed_on_request_without_risk",
        "closed_on_request_without_capacity",
    },
    "no recorded discussion of capacity": {"ceased_without_capacity", "nobody_decides"},
}
IN_ONE: Final = {  # what only one nation's law asks for
    "england": {"allegations without an outcome": {"allegation_not_found_on"}},
    "scotland": {
        "calls not linked, dealt with singly": {"threshold_without_conference"},
        "a weak chronology": {"no_chronology"},
    },
}


@lru_cache
def raised(nation: str) -> Counter[str]:
    """Count the cases of a whole authority that each finding is raised in."""
    authority = told(nation, seed=SEED, count=CASES)
    return Counter(
        code
        for story in authority.plan.stories
        for code in {str(one.code) for one in authority.findings(story)}
    )


@pytest.mark.parametrize("nation", NATIONS)
@pytest.mark.parametrize("row", FINDINGS)
def test_each_criticism_is_raised_unasked(nation: str, row: str) -> None:
    """What reviews criticise is found by the record itself, in both nations (R154)."""
    assert FINDINGS[row] & raised(nation).keys(), row


@pytest.mark.parametrize(
    ("nation", "row"), [(n, row) for n, rows in IN_ONE.items() for row in rows]
)
def test_what_one_nation_asks_for_is_raised_there(nation: str, row: str) -> None:
    """What only one nation's law asks for is found where that law holds."""
    assert IN_ONE[nation][row] & raised(nation).keys(), row


@pytest.mark.parametrize("nation", NATIONS)
def test_no_criticism_is_of_most_cases(nation: str) -> None:
    """A made-up authority that fails everywhere would be no likeness: each is of few cases."""
    found = raised(nation)
    for codes in (*FINDINGS.values(), *IN_ONE[nation].values()):
        for code in codes:
            assert found[code] < CASES / 4, code


@pytest.mark.parametrize("nation", NATIONS)
def test_what_is_a_number_and_no_finding_stands_in_the_record(nation: str) -> None:
    """How late capacity was assessed, and which call was the third, the record answers itself."""
    authority = told(nation, seed=SEED, count=CASES)
    cases = [authority.case(story) for story in authority.plan.stories]
    late = [days_to_first_capacity(one.assessment, one.received_on) or 0 for one in cases]
    assert max(late) >= LATE_DAYS
    earlier = [len(one.earlier_referrals) for one in authority.events(ReferralReceived)]
    assert max(earlier) >= 2


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
        codes = set[str]()
        for story in told(nation, seed=SEED, count=CASES).plan.stories:
            answer = doors.client.get(f"/v1/cases/{story.case}/findings?show=all&limit=500")
            if answer.status_code != 403:  # a restricted one shows nothing
                codes |= {one["code"] for one in answer.json()["findings"]}
    for row, said in {**FINDINGS, **IN_ONE[nation]}.items():
        assert said & codes, row
