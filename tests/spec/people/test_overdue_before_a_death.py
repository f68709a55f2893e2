"""What was overdue before the adult died is not put right by a closing for that death."""

from __future__ import annotations

import pytest

from domain import about_adult
from domain.finding import Finding
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.person import PersonDied, PersonErased
from domain.stage import Looking
from domain.when import read
from domain.words import Code, Forgotten
from tests.controls import ADULT, a_closure
from tests.given import at, given
from tests.spec.closing.test_overdue_at_closing import DIED, received
from tests.spec.people.test_the_adult_of_a_case import registered

RULES = ("R150",)

CODE = "overdue_before_death"


def said(
    died: str | None, *more: object, nation: Jurisdiction = ENGLAND, end: object = DIED
) -> list[Finding]:
    """What is said of a case whose decision was due early in November, closed in February."""
    case = received(nation).also(at("2027-02-01", end)).on("2027-03-01")
    told = [] if died is None else [PersonDied(died=read(died), cause_known=Code("not_known"))]
    adult = given(registered(), *told, *more).person
    looking = Looking(on=case.judged_on or case.day, jurisdiction=nation)
    return [one for one in about_adult.findings(adult, case.case, looking) if one.code == CODE]


@pytest.mark.parametrize(
    ("nation", "due", "after"),
    [(ENGLAND, "2026-11-03", "2026-11-04"), (SCOTLAND, "2026-11-04", "2026-11-05")],
    ids=["england", "scotland"],
)
def test_what_was_overdue_as_the_adult_died_was_so(
    nation: Jurisdiction, due: str, after: str
) -> None:
    """What was due before the day of the death; on it or after it nothing was (R150)."""
    (one,) = said("2027-01-15", nation=nation)
    assert (one.severity, one.position) == ("medium", 2)
    assert one.words.startswith("Overdue before the adult died: ")
    assert one.since is not None
    assert one.since.text == due
    assert len(said(after, nation=nation)) == 1
    assert said(due, nation=nation) == []


@pytest.mark.parametrize("died", ["2026-11", "2026", "unknown", "2027-01-15?", "../2027-01-15"])
def test_where_the_day_is_not_certain_the_kindest_reading_counts(died: str) -> None:
    """The adult may have died by then, or nobody knows: nothing is said (decision 8)."""
    assert said(died) == []
    assert len(said("2027-01")) == 1


def test_where_no_death_is_told_or_closed_for_nothing_is_said() -> None:
    """Without a death on record that is asked for; of another closing the case itself says it."""
    assert said(None) == []
    assert said("2027-01-15", end=a_closure()) == []
    erased = PersonErased(
        scope=Code("person"),
        retention_class=Code("case_record"),
        authority=Code("retention_ended"),
        approvals=(),
    )
    assert said("2027-01-15", registered(Forgotten(ADULT)), erased) == []
