"""The death for which a case of an adult was closed, in those of theirs it is merged with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from domain import about_adult
from domain.case import findings
from domain.concern import ReferralReceived
from domain.duty import Section42DutyDecided
from domain.finding import Finding
from domain.jurisdictions.england import ENGLAND
from domain.person import PersonDied
from domain.reading import replayed
from domain.stage import Looking
from domain.when import read
from domain.words import Code, Fact, PersonRef
from tests.controls import CASE, OTHER_CASE, a_closure, ref
from tests.given import At, at, given
from tests.spec.closing.test_overdue_at_closing import DIED, received
from tests.spec.governing.test_reading_as_one import leading, merged_into
from tests.spec.people.test_the_adult_of_a_case import registered

RULES = ("R150",)

DUE = date(2026, 11, 3)  # the decision on the duty
LOOKING = Looking(on=date(2027, 3, 1), jurisdiction=ENGLAND)
REFERRAL = received(ENGLAND).facts[0]
END = at("2027-02-01", DIED)


def joined(
    *own: At, beside: tuple[At, ...] = (END,), adult: PersonRef | None = None, turned: bool = False
) -> Any:  # noqa: ANN401 — a case
    """Give a case with a decision overdue, and another merged with it that was closed for a death.

    `turned`: the case is the one that is read in the other.
    """
    about = replace(REFERRAL.event, adult=adult or REFERRAL.event.adult)
    first, second = (leading, merged_into) if not turned else (merged_into, leading)
    mine: list[Any] = [at("2026-11-02", REFERRAL.event), *own, at("2027-02-02", first(OTHER_CASE))]
    other: list[Any] = [at("2026-11-10", about), *beside, at("2027-02-02", second(CASE))]
    streams: dict[UUID, list[Fact[Any]]] = {}
    for number, (case, told) in enumerate(((CASE, mine), (OTHER_CASE, other))):
        facts = given(*told).facts
        streams[case] = [
            replace(one, stream=case, position=one.position * 2 + number) for one in facts
        ]
    return replayed(CASE, streams)


def overdue(case: Any) -> list[Finding]:  # noqa: ANN401 — a case
    """Give what is said of the decision that was due."""
    return [one for one in findings(case, LOOKING) if one.code == "duty_not_decided"]


def before_death(case: Any, died: str) -> list[Finding]:  # noqa: ANN401 — a case
    """Give what was overdue before the adult died."""
    told = PersonDied(died=read(died), cause_known=Code("not_known"))
    adult = given(registered(), told).person
    found = about_adult.findings(adult, case, LOOKING)
    return [one for one in found if one.code == "overdue_before_death"]


def test_what_was_due_is_spared_by_a_death_for_which_a_merged_case_was_closed() -> None:
    """Of the same adult, open or closed for something else, leading or read in the other (R150)."""
    assert isinstance(REFERRAL.event, ReferralReceived)
    for case in (joined(), joined(at("2027-02-01", a_closure())), joined(turned=True)):
        assert overdue(case) == []
    for other in (
        joined(beside=(at("2027-02-01", a_closure()),)),
        joined(adult=PersonRef(ref(77))),
        joined(beside=(at("2026-11-01", DIED),)),
    ):
        assert [one.due for one in overdue(other)] == [DUE]


def test_what_was_overdue_before_the_death_stays() -> None:
    """What is told of the adult names it in each of the cases that go by the death (R150)."""
    for case in (joined(), joined(at("2027-02-01", a_closure())), joined(turned=True)):
        assert [one.since for one in before_death(case, "2027-01-15")] != []
        assert before_death(case, "2026-11-03") == []


def test_an_enquiry_that_a_death_came_before_is_not_asked_in_a_merged_case() -> None:
    """Where the adult died before the time to open one was over, nobody could (R150)."""
    duty = at(
        "2026-11-03",
        Section42DutyDecided(
            criteria=(),
            result=Code("section_42"),
            met=True,
            disposal=None,
            decided_on=date(2026, 11, 3),
        ),
    )

    def unenquired(*beside: At) -> list[Finding]:
        case = joined(duty, beside=beside)
        return [one for one in findings(case, LOOKING) if one.code == "duty_without_enquiry"]

    for day, asked in (("2026-11-12", 0), ("2026-11-17", 0), ("2026-11-18", 1), ("2027-01-12", 1)):
        assert len(unenquired(at(day, DIED))) == asked
