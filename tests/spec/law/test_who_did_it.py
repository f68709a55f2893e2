from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, cast, get_type_hints

import pytest

from domain import case, person
from domain.allocation import CaseAllocated
from domain.catalogue import EVENTS
from domain.invitation import ChairAppointed, MinuteTakerAppointed
from domain.performing import _fields, workers
from domain.person import Details, PersonRegistered
from domain.plan import AgreePlan
from domain.stage import Looking
from domain.words import Code, Slug, WorkerRef
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


TAKES_MINUTES = MinuteTakerAppointed(conference=CONFERENCE, minute_taker=MINUTE_TAKER)
CHAIR_GIVEN = CaseAllocated(
    worker=CHAIR, team=Slug("east"), reason=Code("first_allocation"), registered=True
)


def done_by(history: Given, worker: WorkerRef) -> Given:
    """Say that the last event was recorded by somebody."""
    *others, last = history.facts
    header = replace(last.header, recorded_by=worker, performed_by=worker)
    return replace(history, facts=(*others, replace(last, header=header)))


def named_strangers(history: Given) -> list[tuple[int | None, str | None]]:
    """Give where somebody unknown is named, and who."""
    return [(one.position, one.subject) for one in history.findings() if one.code == NAMED]


def test_a_colleague_named_before_they_sign_in_is_asked_about_until_the_case_meets_them() -> None:
    """An entry by them, or that names them as registered, clears what named them before (R150)."""
    early = naming_strangers(given(a_referral(), a_conference(), CHAIRED), CHAIR)
    assert named_strangers(early) == [(3, str(CHAIR))]
    assert named_strangers(early.also(TAKES_MINUTES)) == [(3, str(CHAIR))]
    assert named_strangers(early.also(CHAIRED)) == []
    assert named_strangers(early.also(CHAIR_GIVEN)) == []
    assert named_strangers(done_by(early.also(TAKES_MINUTES), CHAIR)) == []
    in_name_alone = by_a_stranger(done_by(early.also(TAKES_MINUTES), CHAIR))
    *others, last = in_name_alone.facts
    header = replace(last.header, recorded_by=PRACTITIONER)
    in_name_alone = replace(in_name_alone, facts=(*others, replace(last, header=header)))
    assert named_strangers(in_name_alone) == [(3, str(CHAIR))]


@pytest.mark.parametrize("registered", [False, None])
def test_whoever_a_case_is_given_to_is_met_where_the_entry_says_so(
    registered: bool | None,  # noqa: FBT001 — what the entry says
) -> None:
    """An allocation says itself whether its worker is registered; where not, nothing clears."""
    early = naming_strangers(given(a_referral(), a_conference(), CHAIRED), CHAIR)
    given_to = early.also(replace(CHAIR_GIVEN, registered=registered))
    assert named_strangers(given_to) == [(3, str(CHAIR))]


def test_one_unknown_worker_is_asked_about_once() -> None:
    """However often somebody unknown is named, it is one question, at the first entry (R150)."""
    once = naming_strangers(given(a_referral(), a_conference(), CHAIRED), CHAIR)
    twice = naming_strangers(once.also(CHAIRED), CHAIR)
    assert named_strangers(twice) == [(3, str(CHAIR))]
    another = naming_strangers(twice.also(TAKES_MINUTES), MINUTE_TAKER)
    assert named_strangers(another) == [(3, str(CHAIR)), (5, str(MINUTE_TAKER))]


def test_who_is_said_to_have_done_it_is_met_likewise() -> None:
    """Somebody unknown who records later in the case themselves was known since (R150)."""
    first = done_by(given(a_referral(), a_conference()), CHAIR)
    early = by_a_stranger(first)
    early.then_finding(CODE)
    early.also(TAKES_MINUTES).then_finding(CODE)
    done_by(early.also(TAKES_MINUTES), CHAIR).then_no_finding(CODE)


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
