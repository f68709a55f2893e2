"""What the returns count once, by whom, and of which concerns a decision is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.concern import ReferralLinked
from domain.conclusion import EnquiryReopened
from domain.duty import ConcernCounted
from domain.intake import CaseTransferred
from domain.jurisdictions.england import ENGLAND
from domain.when import read
from domain.words import Code, Slug
from projections.figures import FIGURES, rows_of
from projections.rebuild import verify
from projections.returns import tables
from projections.returns.england.counting import PARTED, REOPENED, SECOND
from projections.returns.exceptions import exceptions
from projections.returns.facts import FACTS
from tests.controls import CASE, ENQUIRY, OTHER_CASE, SISTER
from tests.projections.conftest import Views, corrected, told
from tests.projections.joins import end_split, merge, split
from tests.projections.test_returns import (
    an_enquiry,
    born,
    concluded,
    counts,
    facts,
    filled,
    left_out,
    referral,
)
from tests.projections.test_returns_counted import concluding, ended

CONCERNS = "Total Number of Safeguarding Concerns"
SECTION_42 = "Total Number of Section 42 Safeguarding Enquiries"
DAY = "2026-11-02"
(SG5A,) = (one for one in tables(ENGLAND.code, 2025) if one.code == "SG5a")


def linked(received: str, reason: str = "repeat") -> ReferralLinked:
    """Give a further referral of the case."""
    return ReferralLinked(
        reason=Code(reason),
        channel=Code("telephone"),
        referrer_role=Code("home_care"),
        referrer_confidential=Code("no"),
        received=read(received),
    )


def transferred(
    counted_by: str = "receiving", *, to: str = "northshire", accepted: str = "yes"
) -> CaseTransferred:
    """Give the lead to another authority, in whose area it is alleged to have occurred."""
    return CaseTransferred(
        authority=Slug(to),
        reason=Code("abuse_occurred_there"),
        counted_by=Code(counted_by),
        accepted=Code(accepted),
    )


def decided(*, counted: bool) -> ConcernCounted:
    """Give a decision whether a concern counts."""
    return ConcernCounted(counted=counted, rule=Code("local_threshold"))


@pytest.mark.parametrize("reason", ["duplicate", "new_information"])
def test_a_concern_received_twice_is_counted_once(views: Views, reason: str) -> None:
    """Linked as received again, or as news, it counts for none, named with the rule (R146)."""
    views.tell(told(DAY, referral("2026-05-01")), linked("2026-05-02", reason))
    found = filled(views, "SG1f", year=2026)
    assert counts(found) == {CONCERNS: 1}
    assert left_out(found) == [("no", [(CASE, 2)])]
    assert left_out(filled(views, "SG1a", year=2026)) == []
    with views.connect() as conn:
        figure = rows_of(conn, FIGURES["repeat_referrals"], on=views.clock.now().date())
    assert figure == [(1, 1)]


def test_a_case_that_another_authority_counts_is_not_counted_here(views: Views) -> None:
    """From a transfer to whoever counts it none of its concerns or enquiries counts here (R146).

    They are named; and count again once a later entry says that they are counted here.
    """
    tables = ("SG1f", "SG1a", "SG3a")

    def figures(as_at: int | None = None) -> list[dict[str, int | None]]:
        return [counts(filled(views, code, as_at=as_at)) for code in tables]

    before = views.tell(
        born("1940-06-01"), told(DAY, referral("2025-05-01")), an_enquiry(), concluded()
    )
    there = views.tell(transferred(), linked("2025-06-01"), an_enquiry(1))
    counted = figures(before)
    assert all(counted)
    assert figures() == [{}, {}, {}]
    ((_, named),) = left_out(filled(views, "SG1f"))
    assert [at for _, at in named] == [2, 6, 3, 7]
    assert left_out(filled(views, "SG3a")) == [("its", [(ENQUIRY, 4)])]
    views.tell(transferred("sending"))
    assert figures(there) == [{}, {}, {}]
    assert figures() == [{CONCERNS: 2, SECTION_42: 2}, *counted[1:]]
    assert verify(FACTS, views.connect).equal


def test_who_counts_a_case_is_asked_of_the_transfer_as_it_stands(views: Views) -> None:
    """A transfer withdrawn, or one that leaves the count here, moves nothing."""
    views.tell(told(DAY, referral("2025-05-01")), transferred())
    assert counts(filled(views, "SG1f")) == {}
    views.tell(corrected(2, withdrawn=True), transferred("not_decided"))
    assert counts(filled(views, "SG1f")) == {CONCERNS: 1}
    assert verify(FACTS, views.connect).equal


def test_a_refused_transfer_moves_no_count_and_one_back_brings_it_back(views: Views) -> None:
    """Refused by the one asked, it counts where it did; received here again, it counts here."""
    views.tell(told(DAY, referral("2025-05-01")), transferred(accepted="no"))
    assert counts(filled(views, "SG1f")) == {CONCERNS: 1}
    views.tell(transferred(), transferred(to="eastshire", accepted="no"))
    assert counts(filled(views, "SG1f")) == {}
    views.tell(transferred(to="council"))
    assert counts(filled(views, "SG1f")) == {CONCERNS: 1}
    assert verify(FACTS, views.connect).equal


def test_a_review_counts_here_whoever_counts_its_case(views: Views) -> None:
    """A review is the board's: who counts its case moves it not, and the table says the doubt."""
    views.tell(told(DAY, referral("2025-05-01")), transferred())
    views.tell(told(DAY, concluding("2026-03-02", ended(80, None, "died"))))
    found = filled(views, "SG5a")
    assert (counts(found), left_out(found)) == ({"Where one or more individuals died": 1}, [])
    assert any("whose board that was" in one for one in SG5A.notes)


@pytest.mark.parametrize(
    ("transfers", "here"),
    [
        ([transferred(), transferred("sending", to="council")], 0),
        ([transferred(), transferred("not_decided", to="council")], 0),
        ([transferred(), transferred("receiving", to="council")], 1),
        ([transferred("sending", to="council")], 0),  # as it first came
        ([transferred("receiving", to="council")], 1),
        ([transferred("not_decided", to="council")], 1),
        ([transferred(), transferred("not_decided", to="eastshire")], 0),
        ([transferred(), transferred("sending", to="council", accepted="no")], 0),
        ([transferred("sending", to="council"), transferred("receiving", to="council")], 1),
    ],
)
def test_two_authorities_count_a_case_once(
    views: Views, transfers: list[CaseTransferred], here: int
) -> None:
    """Of a transfer here whoever sends is the other; one that decides nothing leaves it (R146)."""
    views.tell(told(DAY, referral("2025-05-01")), *transfers)
    assert counts(filled(views, "SG1f")).get(CONCERNS, 0) == here
    assert verify(FACTS, views.connect).equal


# After a case of May was given away on 1 June 2026: what is told, how many concerns and enquiries
# of 2026-27 count here, and what is said of them.
AFTER: dict[str, tuple[list[Any], tuple[int, int], list[str]]] = {
    "a further concern": ([linked("2026-07-01")], (1, 0), []),
    "and its enquiry": ([linked("2026-07-01"), an_enquiry(1, day="2026-07-02")], (1, 1), []),
    "one of before, told of late": ([linked("2026-05-20")], (0, 0), []),
    "of no certain day": ([linked("2026-05-20/2026-06-10")], (1, 0), ["it may have come before"]),
    "an enquiry alone": ([an_enquiry(1, day="2026-07-02")], (0, 1), ["the enquiry was begun here"]),
    "given away as well": (
        [linked("2026-07-01"), told("2026-11-05", transferred(), occurred="2026-07-05")],
        (0, 0),
        [],
    ),
    "come back, and not counted": (
        [linked("2026-07-01"), told("2026-11-05", transferred("sending", to="council"))],
        (0, 0),
        [],
    ),
    "come back": (
        [linked("2026-07-01"), told("2026-11-05", transferred(to="council"))],
        (2, 1),
        [],
    ),
    "recorded before, and after it by its day": (
        [linked("2026-07-01"), corrected(2, occurred="2026-06-20")],
        (1, 0),
        [],
    ),
}


@pytest.mark.parametrize("which", AFTER)
def test_what_comes_after_a_transfer_is_our_own(views: Views, which: str) -> None:
    """A transfer takes along what had come by its day; what came after it counts here (R146)."""
    told_, here, says = AFTER[which]
    given = told(DAY, transferred(), occurred="2026-06-01")
    views.tell(told(DAY, referral("2026-05-01")), an_enquiry(day="2026-05-02"), given, *told_)
    table = filled(views, "SG1f", year=2026)
    assert (counts(table).get(CONCERNS, 0), counts(table).get(SECTION_42, 0)) == here
    named = [one.says for one in exceptions(facts(views, year=2026), [table])]
    assert [one for one, start in zip(named, says, strict=True) if one.startswith(start)] == named
    assert verify(FACTS, views.connect).equal


@pytest.mark.parametrize(("counted_by", "named"), [("not_decided", 1), ("sending", 0)])
def test_a_transfer_that_does_not_say_who_counts_is_named(
    views: Views, counted_by: str, named: int
) -> None:
    """Where nothing says which of two authorities counts a case, its transfer is named once."""
    views.tell(told(DAY, referral("2025-05-01")), an_enquiry(), transferred(counted_by))
    found = exceptions(facts(views), [filled(views, "SG1f")])
    assert [(one.case, one.subject, one.position) for one in found] == [(CASE, CASE, 3)] * named


DECISIONS: dict[str, tuple[list[Any], list[int]]] = {
    "not of what comes later": ([decided(counted=False), linked("2025-06-01")], [0, 1]),
    "nor does one of that change it": (
        [decided(counted=False), linked("2025-06-01"), decided(counted=True)],
        [0, 1],
    ),
    "and in reverse": (
        [decided(counted=True), linked("2025-06-01"), decided(counted=False)],
        [1, 0],
    ),
    "decided anew, with nothing new": (
        [decided(counted=False), decided(counted=True), linked("2025-06-01")],
        [1, 1],
    ),
    "of both, where neither was decided": ([linked("2025-06-01"), decided(counted=False)], [0, 0]),
    "withdrawn: the later one is not of it": (
        [
            decided(counted=False),
            linked("2025-06-01"),
            decided(counted=False),
            corrected(2, withdrawn=True),
        ],
        [1, 0],
    ),
    "withdrawn and decided again": (
        [
            decided(counted=True),
            linked("2025-06-01"),
            decided(counted=False),
            corrected(2, withdrawn=True),
            decided(counted=True),
            corrected(1),
        ],
        [1, 0],
    ),
}


@pytest.mark.parametrize("which", DECISIONS)
def test_a_decision_is_of_the_concerns_there_were(views: Views, which: str) -> None:
    """Whether a concern counts is decided of those that had come and were not decided by then."""
    events, expected = DECISIONS[which]
    views.tell(told(DAY, referral("2024-05-01")), *events)
    found = [filled(views, "SG1f", year=year) for year in (2024, 2025)]
    assert [counts(one).get(CONCERNS, 0) for one in found] == expected
    assert verify(FACTS, views.connect).equal


def test_a_decision_stays_with_a_concern_that_is_read_elsewhere(views: Views) -> None:
    """A concern that was split off, or whose case was merged, is as it was decided of it."""
    views.tell(told(DAY, referral("2024-05-01")), linked("2025-06-01"), decided(counted=False))
    views.tell(*split("2026-11-05", CASE, OTHER_CASE, 2), linked("2025-07-01"))
    assert counts(filled(views, "SG1f")) == {CONCERNS: 1}
    views.tell(*merge("2026-11-06", OTHER_CASE, CASE))
    assert counts(filled(views, "SG1f")) == {CONCERNS: 1}
    assert verify(FACTS, views.connect).equal


def test_a_reopened_enquiry_is_named_in_the_year_it_had_been_concluded_in(views: Views) -> None:
    """What was concluded in a year and reopened counts in none until it is concluded again."""
    views.tell(
        told(DAY, referral("2025-05-01")),
        an_enquiry(),
        concluded(day="2026-05-01"),
        told("2026-11-03", EnquiryReopened(enquiry=ENQUIRY, reason=None)),
    )
    found = filled(views, "SG3a", year=2026)
    assert counts(found) == {}
    assert [one.why for one in found.left_out] == [
        REOPENED.format(date(2026, 11, 3)),
    ]
    assert left_out(found) == [("concluded,", [(ENQUIRY, 3)])]
    views.tell(concluded(day="2026-11-04"))
    again = filled(views, "SG3a", year=2026)
    assert sum(counts(again).values()) == 1  # type: ignore[arg-type]
    assert again.left_out == ()
    assert verify(FACTS, views.connect).equal


def test_the_first_of_two_conclusions_stands(views: Views) -> None:
    """Concluded twice an enquiry stays in the year of the first, and the second is named.

    Once the first is withdrawn the second is the only one.
    """
    views.tell(
        told(DAY, referral("2025-05-01")),
        an_enquiry(),
        concluded(day="2025-09-01"),
        concluded(day="2026-05-01", capacity="lacked_supported"),
    )
    first, second = (filled(views, "SG3a", year=year) for year in (2025, 2026))
    assert counts(first) == {"No, they did not lack capacity": 1}
    assert counts(second) == {}
    assert [one.why for one in second.left_out] == [
        SECOND.format(date(2025, 9, 1)),
    ]
    assert left_out(second) == [("concluded", [(ENQUIRY, 4)])]
    views.tell(corrected(3, withdrawn=True))
    assert [bool(counts(filled(views, "SG3a", year=year))) for year in (2025, 2026)] == [
        False,
        True,
    ]
    assert verify(FACTS, views.connect).equal


@pytest.mark.parametrize("entries", [(2,), (3,)], ids=["the enquiry", "its conclusion"])
def test_a_conclusion_parted_from_its_enquiry_is_named_and_to_be_put_right(
    views: Views, entries: tuple[int, ...]
) -> None:
    """Split off one without the other, the conclusion is named where it would have counted."""
    views.tell(told(DAY, referral("2025-05-01")), an_enquiry(), concluded(day="2025-09-01"))
    views.tell(*split("2026-11-05", CASE, OTHER_CASE, *entries, adult=SISTER))
    found = filled(views, "SG3a")
    assert counts(found) == {}
    assert [one.why for one in found.left_out] == [PARTED]
    assert [at for _, which in left_out(found) for _, at in which] == [3]
    assert [one.says for one in exceptions(facts(views), [found])] == [PARTED]
    assert counts(filled(views, "SG1f")) == {CONCERNS: 1, SECTION_42: 1}
    views.tell(*end_split("2026-11-06", CASE, OTHER_CASE, 4, 1))
    assert [len(counts(found)) for found in (filled(views, "SG3a"),)] == [1]
    assert verify(FACTS, views.connect).equal
