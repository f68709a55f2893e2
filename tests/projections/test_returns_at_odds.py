"""Entries of a period's cases that do not go together are named, with what to do about each."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from domain.duty import ConcernCounted
from domain.jurisdictions.england import ENGLAND
from domain.linking import LargeScaleEnquiryLinked
from domain.person import PersonDied
from domain.when import read
from domain.words import Code, LargeScaleRef
from projections.caseload import CASELOAD
from projections.large_scale import LARGE_SCALE
from projections.rebuild import verify
from projections.returns import tables
from projections.returns.at_odds import at_odds
from projections.returns.exceptions import exceptions
from projections.returns.facts import FACTS, PEOPLE, Facts, financial_year, read_facts
from projections.returns.opened import opened
from projections.returns.reading import with_besides
from tests.controls import ADULT, CASE, ENQUIRY, OTHER_CASE, SISTER, a_closure, a_referral, ref
from tests.projections.conftest import Views, corrected, told
from tests.projections.joins import merge
from tests.projections.test_returns import an_enquiry, born, concluded, counts, referral
from tests.projections.test_returns_counted_once import linked

DAY = "2026-11-02"
SG1F = [one for one in tables(ENGLAND.code, 2025) if one.code == "SG1f"]


def found(views: Views, year: int = 2025) -> Facts:
    """Read the facts of a year, with what is asked of its cases besides."""
    views.follow(FACTS, PEOPLE, CASELOAD, LARGE_SCALE)
    facts = views.ask(read_facts, financial_year(year))
    return opened(views.ask(with_besides, facts, None), views.record.unseal)


odds = partial(at_odds, in_each=True)


def says(views: Views, year: int = 2025) -> list[tuple[str, int]]:
    """List what is said of a year, by the word it turns on, and the entry."""
    return [(one.says, one.position) for one in sorted(set(odds(found(views, year))))]


def counted(*, counts: bool) -> ConcernCounted:
    """Give a decision whether a concern counts."""
    return ConcernCounted(counted=counts, rule=Code("local_threshold"))


TOLD: dict[str, tuple[list[Any], list[tuple[str, int]], list[tuple[str, int]]]] = {
    "begun before, in one year": (
        [told(DAY, referral("2025-06-01")), an_enquiry(day="2025-05-12")],
        [("begun before its concern", 2)],
        [],
    ),
    "begun before, across the end of one": (
        [told(DAY, referral("2026-04-10")), an_enquiry(day="2026-03-20")],
        [("begun before its concern", 2)],
        [("begun before its concern", 2)],
    ),
    "begun on the day": ([told(DAY, referral("2025-05-12")), an_enquiry()], [], []),
    "begun after, across the end of one": (
        [told(DAY, referral("2026-03-20")), an_enquiry(day="2026-04-10")],
        [],
        [],
    ),
    "of a concern that does not count": (
        [told(DAY, referral("2025-05-01")), an_enquiry(), counted(counts=False)],
        [("decided of every concern", 2)],
        [],
    ),
    "of one that does": (
        [told(DAY, referral("2025-05-01")), an_enquiry(), counted(counts=True)],
        [],
        [],
    ),
    "of one withdrawn": (
        [told(DAY, referral("2025-05-01")), an_enquiry(), corrected(1, withdrawn=True)],
        [("was withdrawn by a correction", 2)],
        [],
    ),
    "and withdrawn itself": (
        [
            told(DAY, referral("2025-05-01")),
            an_enquiry(),
            corrected(1, withdrawn=True),
            corrected(2, withdrawn=True),
        ],
        [],
        [],
    ),
    "closed, and never concluded": (
        [told(DAY, referral("2025-05-01")), an_enquiry(), a_closure()],
        [("never concluded", 2)],
        [],
    ),
    "concluded and closed": (
        [told(DAY, referral("2025-05-01")), an_enquiry(), concluded(), a_closure()],
        [],
        [],
    ),
    "received about a day": (
        [told(DAY, referral("2026-03-31~"))],
        [("approximate or uncertain", 1)],
        [],
    ),
    "perhaps on it": ([told(DAY, referral("2026-03-31?"))], [("approximate or uncertain", 1)], []),
    "begun about a day, by a correction": (
        [
            told(DAY, referral("2025-05-01")),
            told(DAY, an_enquiry(), occurred="2025-05-12"),
            corrected(2, occurred="2025-05-12~"),
        ],
        [("approximate or uncertain", 2)],
        [],
    ),
    "between two days": ([told(DAY, referral("2026-03-29/2026-03-31"))], [], []),
    "born about a year": (
        [born("1940~"), told(DAY, referral("2025-05-01"))],
        [("birth is said to be approximate", 2)],
        [],
    ),
    "born in a year": ([born("1940"), told(DAY, referral("2025-05-01"))], [], []),
    "died about a day": (
        [
            born("1940-12-24"),
            told(DAY, referral("2025-05-01")),
            PersonDied(died=read("2025-12-24~"), cause_known=Code("not_known")),
        ],
        [("death is said to be approximate", 2)],
        [],
    ),
    "died before they were born": (
        [
            born("1950-01-01"),
            told(DAY, referral("2025-05-01")),
            PersonDied(died=read("1949-01-01"), cause_known=Code("not_known")),
        ],
        [("not born by the day", 2)],
        [],
    ),
}


@pytest.mark.parametrize("which", TOLD)
def test_what_does_not_go_together_is_named(views: Views, which: str) -> None:
    """It is named at its entry, in each year it is of, and what goes together is not."""
    events, *years = TOLD[which]
    views.tell(*events)
    for year, expected in zip((2025, 2026), years, strict=True):
        named = says(views, year)
        assert [at for _, at in named] == [at for _, at in expected]
        assert all(part in said for (said, _), (part, _) in zip(named, expected, strict=True))


def test_who_was_not_born_counts_as_not_known(views: Views) -> None:
    """A death before birth makes nobody a child: they count, of no age that is known (R146)."""
    death = PersonDied(died=read("1949-01-01"), cause_known=Code("not_known"))
    views.tell(born("1950-01-01"), told(DAY, referral("2025-05-01")), an_enquiry(), death)
    facts = found(views)
    (sg1a,) = (one for one in tables(ENGLAND.code, 2025) if one.code == "SG1a")
    assert counts(sg1a.fill(facts), "Section 42 Enquiries") == {"Not Known": 1}
    assert [one.subject for one in odds(facts) if one.personal] == [ADULT]


def test_a_case_that_a_large_scale_enquiry_links_has_an_enquiry(views: Views) -> None:
    """Each adult counts by an enquiry of their own case; a case linked without one is named."""
    third = ref(3)
    link = LargeScaleEnquiryLinked(large_scale=LargeScaleRef(ENQUIRY), adult_told=Code("yes"))
    views.tell(
        told("2025-09-01", referral("2025-09-01")),
        an_enquiry(day="2025-09-02"),
        link,
        told("2025-09-03", referral("2025-09-01"), stream=OTHER_CASE),
        told("2025-09-03", link, stream=OTHER_CASE),
        told("2025-09-03", referral("2025-09-01"), stream=third),
        told("2025-09-03", link, stream=third),
    )
    named = [(one.case, one.position) for one in odds(found(views))]
    assert named == [(OTHER_CASE, 5), (third, 7)]
    assert says(views, 2026) == []
    views.tell(told("2025-09-04", an_enquiry(1, day="2025-09-04"), stream=OTHER_CASE))
    views.tell(*merge("2025-09-05", third, CASE))
    assert says(views) == []


def test_a_further_case_of_somebody_registered_twice_is_named(views: Views) -> None:
    """Merged as one registered twice they stay two persons, and what is left is named (R146).

    Merged too, it counts for the same person; of two different people's cases nothing is said.
    """
    third = ref(3)
    views.tell(
        told(DAY, referral("2025-05-01")),
        told(DAY, hers("2025-06-01"), stream=OTHER_CASE),
        told(DAY, hers("2025-07-01"), stream=third),
    )
    assert says(views) == []
    views.tell(*merge("2026-11-03", OTHER_CASE, CASE, "registered_twice"))
    assert [(one.case, one.subject, one.position) for one in odds(found(views))] == [
        (third, SISTER, 3)
    ]
    assert people(views) == 2
    views.tell(*merge("2026-11-04", third, CASE, "registered_twice"))
    assert (says(views), people(views)) == ([], 1)
    assert verify(FACTS, views.connect).equal


def hers(received: str) -> object:
    """Give a referral of somebody else, or so it was registered."""
    return replace(a_referral(received), adult=SISTER)


def people(views: Views) -> int:
    """Count the adults of the concerns of a year."""
    (sg1b,) = (one for one in tables(ENGLAND.code, 2025) if one.code == "SG1b")
    told_ = counts(sg1b.fill(found(views)), "Safeguarding Concerns")
    return sum(one or 0 for one in told_.values())


def test_an_enquiry_between_two_concerns_is_of_the_first(views: Views) -> None:
    """Begun after a concern of the year before, and before a further one, it is in order."""
    views.tell(
        told(DAY, referral("2025-03-20")), an_enquiry(day="2025-04-05"), linked("2025-06-01")
    )
    assert says(views) == []
    assert exceptions(found(views), [each.filled(found(views)) for each in SG1F]) == ()
