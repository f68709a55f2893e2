from __future__ import annotations

from dataclasses import replace

from domain import case, person
from domain.person import Details, PersonRegistered
from domain.stage import Looking
from tests.controls import ADULT, a_conference, a_referral, words
from tests.given import Given, given

RULES = ("R150",)
CODE = "performer_not_registered"


def by_a_stranger(history: Given) -> Given:
    """Say that the last event was done by somebody no worker is registered as."""
    *others, last = history.facts
    header = replace(last.header, performer_unknown=True)
    return replace(history, facts=(*others, replace(last, header=header)))


def test_a_thing_done_by_a_worker_not_known_is_criticised_in_a_case() -> None:
    """Whoever is said to have done it is a registered worker, or the entry is flagged (R150)."""
    history = given(a_referral(), a_conference())
    history.then_no_finding(CODE)
    flagged = by_a_stranger(history)
    flagged.then_finding(CODE, severity="medium")
    looking = Looking(on=history.day, jurisdiction=history.jurisdiction)
    (found,) = (one for one in case.findings(flagged.case, looking) if one.code == CODE)
    assert found.position == 2


def test_a_thing_done_by_a_worker_not_known_is_criticised_of_a_person() -> None:
    """In a person's own stream it is flagged likewise (R150)."""
    history = given(PersonRegistered(details=Details(name=words("June Example", ADULT))))
    looking = Looking(on=history.day, jurisdiction=history.jurisdiction)
    assert list(person.findings(history.person, looking)) == []
    found = person.findings(by_a_stranger(history).person, looking)
    assert [(one.code, one.position) for one in found] == [(CODE, 1)]
