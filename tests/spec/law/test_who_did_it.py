from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, cast, get_type_hints

import pytest

from domain import case, person
from domain.catalogue import EVENTS
from domain.invitation import ChairAppointed, MinuteTakerAppointed
from domain.performing import _fields, workers
from domain.person import Details, PersonRegistered
from domain.plan import AgreePlan
from domain.stage import Looking
from domain.words import Code, WorkerRef
from tests.controls import (
    ADULT,
    CHAIR,
    CONFERENCE,
    COUNCIL,
    MINUTE_TAKER,
    PLAN,
    PRACTITIONER,
    a_conference,
    a_referral,
    words,
)
from tests.given import Given, given
from tests.spec.law.test_a_good_case import agreed
from tests.spec.law.test_catalogue import forms

RULES = ("R150",)
CODE = "performer_not_registered"
NAMED = "named_worker_not_registered"
STORED = tuple((name, kind.cls) for name, kind in EVENTS.items())


def naming_strangers(history: Given, *unknown: WorkerRef) -> Given:
    """Say that the last event names workers nobody is registered as."""
    *others, last = history.facts
    header = replace(last.header, unknown_workers=unknown)
    return replace(history, facts=(*others, replace(last, header=header)))


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


CHAIRED = ChairAppointed(
    conference=CONFERENCE,
    chair=CHAIR,
    role=Code("team_manager"),
    organisation=COUNCIL,
    basis=Code("usual"),
)


def test_a_worker_named_and_not_known_is_criticised() -> None:
    """Whoever chairs, decides or approves is a registered worker, or it is flagged (R150)."""
    history = given(a_referral(), a_conference(), CHAIRED)
    history.then_no_finding(NAMED)
    flagged = naming_strangers(history, CHAIR)
    flagged.then_finding(NAMED, severity="low")
    (found,) = (one for one in flagged.findings() if one.code == NAMED)
    assert (found.position, found.subject) == (3, str(CHAIR))
    assert "(chair)" in found.words
    as_known = replace(flagged, facts=flagged.facts[:2])
    as_known.then_no_finding(NAMED)
    replaced = flagged.also(MinuteTakerAppointed(conference=CONFERENCE, minute_taker=MINUTE_TAKER))
    assert [one.subject for one in replaced.findings() if one.code == NAMED] == [str(CHAIR)]


def test_each_unknown_worker_an_entry_names_is_a_finding_of_its_own() -> None:
    """Two unknown workers of one entry are two findings, and who it also was done by another."""
    both = naming_strangers(given(a_referral(), a_conference(), CHAIRED), CHAIR)
    also_done = by_a_stranger(both)
    codes = [one.code for one in also_done.findings() if one.code in {CODE, NAMED}]
    assert sorted(codes) == sorted([CODE, NAMED])


def test_workers_are_found_at_any_depth() -> None:
    """Workers are found wherever a command names them, within its terms and lists too (R150)."""
    terms = agreed()
    terms = replace(
        terms, actions=(replace(terms.actions[0], owner_worker=CHAIR), terms.actions[0])
    )
    plan = AgreePlan(plan=PLAN, conference=CONFERENCE, terms=terms)
    assert sorted(workers(plan)) == sorted([(CHAIR, "owner_worker"), (PRACTITIONER, "coordinator")])
    assert list(workers(a_referral())) == []


@pytest.mark.parametrize(("name", "cls"), STORED)
def test_every_reference_to_a_worker_is_looked_up(name: str, cls: type[Any]) -> None:
    """A field of an event that is a worker's reference is found as one, whatever it is called."""
    for form in forms(cls):
        for field, hint in get_type_hints(form).items():
            refers = "WorkerRef" in str(hint)
            assert _fields(cast("Hashable", form))[field] is refers, (
                f"{name}: {form.__name__}.{field}"
            )
