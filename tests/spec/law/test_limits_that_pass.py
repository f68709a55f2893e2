"""Limits that no due date is stored for: the authority's own, by the day they began to run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.finding import Finding
from domain.jurisdictions import Limit
from domain.jurisdictions.england import ENGLAND
from domain.policy import CLASSED, HELD, TOLD, Policy
from domain.words import Code, Slug
from tests.controls import DAY, a_closure, a_referral, an_enquiry
from tests.given import Given, at, given
from tests.spec.enquiry.test_causing import caused
from tests.spec.minutes.test_telling_each_referrer import TOLD as TELLS

RULES = ("R19", "R42", "R166", "R171")

LATER = date(2027, 6, 1)
CLOSED = (at(DAY, a_referral()), at(DAY, a_closure()))
# What asks for something, which limit that has, the finding, and the last day of the nation's.
EACH = pytest.mark.parametrize(
    ("history", "limit", "code", "last"),
    [
        (
            given(at(DAY, a_referral()), at(DAY, an_enquiry())),
            HELD,
            "case_never_allocated",
            DAY + timedelta(weeks=2),
        ),
        (caused(), HELD, "caused_enquiry_without_lead", DAY + timedelta(weeks=2)),
        (
            given(*CLOSED, at("2027-05-03", TELLS)),
            TOLD,
            "referrer_told_late",
            date(DAY.year, DAY.month + 1, DAY.day),
        ),
        (given(*CLOSED), CLASSED, "retention_class_missing", DAY + timedelta(weeks=4)),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)


def one_of(history: Given, code: str) -> Finding:
    """Give the one finding of a code that stands much later."""
    (one,) = (it for it in history.on(LATER).findings() if it.code == code)
    return one


def under(history: Given, limit: str, days: int, effective: date) -> Given:
    """Judge under a policy of that limit in days, effective from a day on."""
    own = Limit(amount=days, unit=Code("calendar_days"), counted_from="", cite="local")
    policy = Policy(version=Slug("own"), effective=effective, limits={limit: own})
    return replace(history, policies=(policy,), kept=[])


@EACH
def test_the_limit_is_that_of_the_policy_it_began_under(
    history: Given, limit: str, code: str, last: date
) -> None:
    """The nation's where the authority has none by then; its own where it has, and names it."""
    nations = one_of(history, code)
    assert (str(nations.since), nations.policy) == (last.isoformat(), ENGLAND.policy)
    own = one_of(under(history, limit, 5, DAY), code)
    assert str(own.since) == (DAY + timedelta(days=5)).isoformat()
    assert own.policy == f"{ENGLAND.policy}/own"
    later = one_of(under(history, limit, 5, DAY + timedelta(days=1)), code)
    assert (later.since, later.policy) == (nations.since, nations.policy)
    assert code not in {one.code for one in under(history, limit, 300, DAY).on(LATER).findings()}
