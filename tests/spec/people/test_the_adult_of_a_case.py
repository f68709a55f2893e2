"""What a case and what was told of its adult say of one another: a death, and an age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from domain import about_adult
from domain.finding import Finding
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.person import Details, PersonDied, PersonErased, PersonRegistered
from domain.stage import Looking
from domain.when import read
from domain.words import Code, Forgotten, Passage
from tests.controls import ADULT, DAY, NATIONS, a_closure, a_referral, words
from tests.given import given

RULES = ("R1",)

DEATH, AGE = "closed_for_unrecorded_death", "referred_under_age"
CLOSED = replace(a_closure(), reason=Code("died"), reason_other=None)
DIED = PersonDied(died=read("2026-10-30"), cause_known=Code("not_known"))


def registered(born: Passage | None = None) -> PersonRegistered:
    """Give the adult, with a date of birth or none."""
    return PersonRegistered(details=Details(name=words("June Example", ADULT), date_of_birth=born))


def said(
    told: Sequence[object], case: Sequence[object], nation: Jurisdiction = ENGLAND
) -> list[Finding]:
    """Give what is said of the two together."""
    adult, of = given(*told).person, given(*case).case
    return list(about_adult.findings(adult, of, Looking(on=DAY, jurisdiction=nation)))


def codes(*given_: object, nation: Jurisdiction = ENGLAND, born: str, received: str) -> list[str]:
    """Give the codes of what is said of somebody of that birth, referred on that day."""
    told = [registered(words(born, ADULT)), *given_]
    return [one.code for one in said(told, [a_referral(received)], nation)]


def test_a_case_closed_for_a_death_asks_for_the_death() -> None:
    """A case closed because the adult died, whose death nobody recorded, is asked about."""
    (one,) = said([registered()], [a_referral(), CLOSED])
    assert (one.code, one.severity) == (DEATH, "medium")
    assert DEATH not in [one.code for one in said([registered(), DIED], [a_referral(), CLOSED])]
    assert said([registered()], [a_referral(), a_closure()]) == []


def test_of_somebody_forgotten_no_death_is_asked() -> None:
    """What was told of the adult is forgotten: nothing says that their death was not (L9)."""
    gone = registered(Forgotten(ADULT))
    assert said([gone], [a_referral(), CLOSED]) == []
    erased = PersonErased(
        scope=Code("person"),
        retention_class=Code("case_record"),
        authority=Code("retention_ended"),
        approvals=(),
    )
    assert said([registered(), erased], [a_referral(), CLOSED]) == []


@pytest.mark.parametrize("nation", NATIONS)
def test_from_the_birthday_on_somebody_is_an_adult(nation: Jurisdiction) -> None:
    """Referred on the day before it they are under age; on the birthday they are not (R1)."""
    year = 2026 - nation.adult_age
    assert codes(born=f"{year}-06-15", received="2026-06-14", nation=nation) == [AGE]
    assert AGE not in codes(born=f"{year}-06-15", received="2026-06-15", nation=nation)


def test_each_nation_has_its_own_age() -> None:
    """Seventeen is under age in England, and an adult in Scotland (procedure B.1)."""
    assert codes(born="2009-01-01", received="2026-06-15", nation=ENGLAND) == [AGE]
    assert codes(born="2009-01-01", received="2026-06-15", nation=SCOTLAND) == []


def test_whoever_is_born_on_a_leap_day_is_of_age_on_the_first_of_march() -> None:
    """Of a year without 29 February, its last day is the day before the birthday (R1)."""
    assert codes(born="2008-02-29", received="2026-02-28") == [AGE]
    assert codes(born="2008-02-29", received="2026-03-01") == []


@pytest.mark.parametrize(
    ("born", "received", "fires"),
    [
        ("2008", "2026-06-15", False),  # may have been of age since January
        ("2009", "2026-06-15", True),
        ("2008-06", "2026-06-01", False),
        ("2008-07", "2026-06-30", True),
        ("20XX", "2026-06-15", False),
        ("2010?", "2026-06-15", False),
        ("2010~", "2026-06-15", False),
        ("unknown", "2026-06-15", False),
        ("2009-05-01", "2027", False),  # may have been after the birthday
        ("2009-05-01", "2026-06", True),
        ("2009-05-01", "unknown", False),
    ],
)
def test_only_what_is_certain_is_said(born: str, received: str, *, fires: bool) -> None:
    """Of an uncertain birth or referral the kindest reading counts (decision 8)."""
    assert codes(born=born, received=received) == ([AGE] if fires else [])


def test_a_birth_not_known_or_forgotten_says_nothing() -> None:
    """Without a date of birth nobody has an age (L9)."""
    assert said([registered()], [a_referral()]) == []
    assert said([registered(Forgotten(ADULT))], [a_referral()]) == []
    young = registered(words("2015-01-01", ADULT))
    (one,) = said([young], [a_referral()])
    assert (one.code, one.severity) == (AGE, "medium")
    assert "2015" not in one.words
