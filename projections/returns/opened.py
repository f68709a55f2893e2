"""The facts of a return with what its tables need of the sealed details of people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import orjson

from domain.words import Forgotten, Passage, Personal
from projections.projection import Json
from projections.returns.ages import ages_on, says_about
from projections.returns.facts import BIRTH, ETHNICITY, GENDER, SEALED, Facts


def opened(
    facts: Facts,
    unseal: Callable[[Sequence[Mapping[str, Json]]], Sequence[Passage]],
) -> Facts:
    """The facts with ages, genders and ethnicities; what is forgotten or unreadable gives none.

    A date of birth that is not one day may give two ages: both are kept, and a table decides
    whether they fall into one category.
    """
    sealed = [facts.sealed.get(detail, {}) for detail in SEALED]
    passages = iter(unseal([orjson.loads(one) for of in sealed for one in of.values()]))
    told: dict[str, list[tuple[UUID, str]]] = {}
    gone = set[UUID]()
    for detail, of in zip(SEALED, sealed, strict=True):
        found = told.setdefault(detail, [])
        for person, passage in zip(of, passages, strict=False):
            if isinstance(passage, Personal):
                found.append((person, passage.text))
            elif isinstance(passage, Forgotten):
                gone.add(person)
    ages, unborn = _aged(facts, told[BIRTH])
    return replace(
        facts,
        ages=ages,
        unborn=unborn,
        born_about=frozenset(person for person, text in told[BIRTH] if says_about(text)),
        genders=dict(told[GENDER]),
        ethnicities=dict(told[ETHNICITY]),
        forgotten=frozenset(gone),
    )


def as_filed(facts: Facts, under_age: frozenset[int], but: frozenset[UUID], every: Facts) -> Facts:
    """The facts with those forgotten, but for some, whose entry was left out as under age.

    `every` has all entries of the period: these facts, or where fewer were read, others of it.
    """
    begun = (*every.begun, *every.concluded)
    named = {one.adult for one in (*every.concerns, *every.doubtful) if one.position in under_age}
    named |= {one.adult for one in begun if {one.opened_at, one.concluded_at} & under_age}
    return replace(facts, under_age=facts.under_age | (facts.forgotten & (named - but)))


def _aged(
    facts: Facts, births: Iterable[tuple[UUID, str]]
) -> tuple[Mapping[UUID, Sequence[int]], frozenset[UUID]]:
    """The ages of those of whom any is known, on the last day of the period or at death.

    And those who were not born by then: of them no age is known, and they count as not known.
    """
    ages, unborn, end = dict[UUID, Sequence[int]](), set[UUID](), facts.period.last
    for person, born in births:
        if (died := facts.died.get(person)) is None:
            known = ages_on(born, end)
        else:
            first, last = died
            known = () if first is None else ages_on(born, min(first, end), min(last, end))
        if known and max(known) < 0:
            unborn.add(person)
        elif known:
            ages[person] = known
    return ages, frozenset(unborn)
