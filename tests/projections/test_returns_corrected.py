"""What a return counts after something of it was withdrawn, and what it keeps of a conclusion."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from domain.concern import ReferralLinked
from domain.conclusion import EnquiryReopened, RiskFound, RiskNotFound
from domain.duty import ConcernCounted
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.when import read
from domain.words import Code
from projections.rebuild import verify
from projections.returns import england, tables
from projections.returns.england.words import CONCERNS, CONCLUDED, SECTION_42_ENQUIRIES
from projections.returns.facts import FACTS
from tests.controls import ADULT, CASE, ENQUIRY, OTHER_CASE, SISTER, a_referral
from tests.projections.conftest import Views, corrected, told
from tests.projections.joins import merge, split
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

ONE = {"Total Number of Safeguarding Concerns": 1}


def told_again(received: str) -> ReferralLinked:
    """Give a further referral of the case, received at a time."""
    return ReferralLinked(
        reason=Code("repeat"),
        channel=Code("telephone"),
        referrer_role=Code("home_care"),
        referrer_confidential=Code("no"),
        received=read(received),
    )


def columns(views: Views, subject: UUID, *names: str) -> tuple[Any, ...]:
    """Read columns of the present row of a case's concerns, or of an enquiry, as a dashboard."""
    views.follow(FACTS)
    with views.connect("holdfast_writer") as conn:
        found = conn.execute(
            f"SELECT {', '.join(names)} FROM views.return_facts"
            " WHERE subject = %s AND upper_inf(valid)",
            (subject,),
        ).fetchone()
    assert found is not None
    return tuple(found)


@pytest.mark.parametrize("counted", [True, False])
def test_a_decision_about_a_withdrawn_referral(views: Views, *, counted: bool) -> None:
    """A decision whether a concern counts, whose referral was withdrawn, stops no view."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        ConcernCounted(counted=counted, rule=Code("local_threshold")),
        told("2026-11-04", corrected(1, withdrawn=True)),
    )
    assert counts(filled(views, "SG1f")) == {}
    assert verify(FACTS, views.connect).equal


def test_a_concern_told_after_the_first_was_withdrawn(views: Views) -> None:
    """A case whose first referral was withdrawn counts the next, for the same adult."""
    views.tell(
        born("1940-06-01"),
        told("2026-11-02", referral("2025-05-01")),
        told("2026-11-04", corrected(1, withdrawn=True)),
        told("2026-11-05", told_again("2025-06-01")),
    )
    assert counts(filled(views, "SG1f")) == ONE
    assert counts(filled(views, "SG1a"), CONCERNS) == {"85-94": 1}
    assert left_out(filled(views, "SG1f")) == [("withdrawn", [(CASE, 2)])]
    assert verify(FACTS, views.connect).equal


@pytest.mark.parametrize(
    ("received", "named"),
    [("unknown", [2025, 2026]), ("../2025-06-01", [2025]), ("2026-04-01/..", [2026])],
)
def test_a_withdrawn_concern_of_an_open_time(views: Views, received: str, named: list[int]) -> None:
    """A concern withdrawn is named in every year in which it may have been received."""
    views.tell(
        told("2026-11-02", referral(received)),
        told("2026-11-04", corrected(1, withdrawn=True)),
    )
    found = {year: left_out(filled(views, "SG1f", year=year)) for year in (2025, 2026, 2027)}
    assert found == {year: [("withdrawn", [(CASE, 1)])] if year in named else [] for year in found}
    assert verify(FACTS, views.connect).equal


@pytest.mark.parametrize("order", [("unknown", "2026-05-01"), ("2026-05-01", "unknown")])
def test_one_of_two_concerns_withdrawn(views: Views, order: tuple[str, str]) -> None:
    """Where one of two referrals is withdrawn the other counts, whichever time is not known."""
    views.tell(told("2026-11-02", referral(order[0])), told("2026-11-03", told_again(order[1])))
    views.tell(told("2026-11-04", corrected(1, withdrawn=True)))
    now = filled(views, "SG1f", year=2026)
    before = filled(views, "SG1f", year=2026, as_at=2)
    assert counts(before) == ONE
    assert counts(now) == (ONE if order[0] == "unknown" else {})
    assert ("withdrawn", [(CASE, 1)]) in left_out(now)
    assert verify(FACTS, views.connect).equal


def test_an_enquiry_withdrawn_and_opened_again(views: Views) -> None:
    """An enquiry opened anew under its reference counts, and what was withdrawn stays named."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        told("2026-11-04", corrected(2, withdrawn=True)),
        an_enquiry(day="2025-06-01"),
    )
    found = filled(views, "SG1f")
    assert sum(counts(found, SECTION_42_ENQUIRIES).values()) == 1  # type: ignore[arg-type]
    assert left_out(found) == [("withdrawn", [(ENQUIRY, 2)])]


def test_an_enquiry_is_opened_once(views: Views) -> None:
    """A second opening of an enquiry that stands changes nothing of it."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        an_enquiry(kind="other_enquiry", day="2025-06-01"),
    )
    assert columns(views, ENQUIRY, "what", "kind", "begun_on::text", "begun_at") == (
        "enquiry",
        "section_42",
        "2025-05-12",
        2,
    )


def test_what_was_withdrawn_of_a_concern_entered_twice(views: Views) -> None:
    """Of a concern entered twice it is said so; of one withdrawn, that it was withdrawn."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        told("2026-11-02", referral("2025-05-01"), stream=OTHER_CASE),
        told("2026-11-03", told_again("2025-06-01"), stream=OTHER_CASE),
        told("2026-11-04", corrected(2, withdrawn=True), stream=OTHER_CASE),
        *merge("2026-11-05", OTHER_CASE, CASE, "same_concern"),
    )
    found = filled(views, "SG1f")
    assert counts(found) == ONE
    assert {why: [at for _, at in which] for why, which in left_out(found)} == {
        "withdrawn": [3],
        "the": [2],
    }
    assert verify(FACTS, views.connect).equal


def test_every_answer_of_a_conclusion_stands_in_its_column(views: Views) -> None:
    """A dashboard reads what was answered when an enquiry was concluded; reopened, it has none."""
    ended = replace(
        concluded("neglect provider_private own_home"),
        risks_found=(
            RiskFound(
                source=Code("known"), action=Code("identified_action"), outcome=Code("reduced")
            ),
        ),
        risks_not_found=(RiskNotFound(source=Code("unknown"), assessment=Code("inconclusive")),),
        outcomes=Code("expressed_achieved"),
        primary_support_reason=Code("physical"),
        health_conditions=(Code("dementia"),),
        action=Code("no_action"),
    )
    told_of = (
        *("concluded_on::text", "capacity", "outcomes", "support_reason", "action"),
        *("concluded_at", "triples", "risks_found", "risks_not_found", "conditions"),
    )
    views.tell(told("2026-11-02", referral("2025-05-01")), an_enquiry(), ended)
    assert columns(views, ENQUIRY, *told_of) == (
        *("2025-09-01", "did_not_lack", "expressed_achieved", "physical", "no_action", 3),
        [["neglect", "provider_private", "own_home"]],
        [["known", "identified_action", "reduced"]],
        [["unknown", "inconclusive"]],
        ["dementia"],
    )
    views.tell(EnquiryReopened(enquiry=ENQUIRY, reason=None))
    assert columns(views, ENQUIRY, *told_of) == (*(None,) * 6, *([],) * 4)
    assert columns(views, ENQUIRY, "kind", "begun_on::text", "stands") == (
        "section_42",
        "2025-05-12",
        True,
    )


def test_sg2a_leaves_nothing_out_that_it_placed(views: Views) -> None:
    """An enquiry all of whose risks have a category is in no list of what is left out."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        concluded("neglect provider_private own_home", "physical known_relative own_home"),
    )
    found = filled(views, "SG2a")
    assert sum(counts(found, CONCLUDED).values()) == 2  # type: ignore[arg-type]
    assert found.left_out == ()


def test_sg2a_names_an_enquiry_without_any_risk(views: Views) -> None:
    """An enquiry concluded without a type and a source at all is named as left out."""
    views.tell(told("2026-11-02", referral("2025-05-01")), an_enquiry(), concluded())
    found = filled(views, "SG2a")
    assert counts(found) == {}
    assert [one.counted[0].subject for one in found.left_out] == [ENQUIRY]


def test_a_return_that_is_not_here_has_no_tables() -> None:
    """A nation without a return, and a year before the first there is, have no tables."""
    assert tables(SCOTLAND.code, 2023) == ()
    assert [tables(ENGLAND.code, year) for year in (2022, 2023, 2031)] == [
        (),
        england.TABLES,
        england.TABLES,
    ]


def test_the_adult_of_a_withdrawn_enquiry(views: Views) -> None:
    """SG1a names an adult whose only enquiry was withdrawn, though their concern still counts."""
    views.tell(
        born("1940-06-01"),
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        told("2026-11-04", corrected(2, withdrawn=True)),
    )
    found = filled(views, "SG1a")
    assert counts(found) == {"85-94": 1}
    assert left_out(found) == [("withdrawn", [(ADULT, 3)])]


def test_an_adult_is_counted_by_the_first_event_that_puts_them_there(views: Views) -> None:
    """Of an adult's concerns in two cases, and of their enquiries, SG1a shows the first recorded.

    A concluded enquiry is shown by its opening where it is counted as begun.
    """
    views.tell(
        told("2026-11-02", referral("2025-06-01"), stream=OTHER_CASE),
        told("2026-11-02", referral("2025-05-01")),
        told("2026-11-03", an_enquiry(1), stream=OTHER_CASE),
        told("2026-11-03", an_enquiry()),
        told("2026-11-04", concluded(number=1), stream=OTHER_CASE),
    )
    cells = [one for one in filled(views, "SG1a").cells if one.value]
    assert [[(one.case, one.subject, one.position) for one in cell.counted] for cell in cells] == [
        [(OTHER_CASE, ADULT, 1)],
        [(OTHER_CASE, ADULT, 3)],
    ]
    begun = filled(views, "SG1f").cells[1].counted
    assert [(one.case, one.position) for one in begun] == [(CASE, 4), (OTHER_CASE, 3)]
    done = filled(views, "SG3a").cells[1].counted
    assert [(one.case, one.position) for one in done] == [(OTHER_CASE, 5)]


def test_a_concern_read_in_another_case_is_about_that_cases_adult(views: Views) -> None:
    """What is told again of a case whose own referral was withdrawn is the leading case's adult's.

    So it is though that referral, about somebody else, was recorded before any other.
    """
    views.tell(
        told("2026-11-02", replace(a_referral("2025-05-01"), adult=SISTER), stream=OTHER_CASE),
        told("2026-11-02", referral("2025-05-02")),
        told("2026-11-03", told_again("2025-06-01"), stream=OTHER_CASE),
        told("2026-11-04", corrected(1, withdrawn=True), stream=OTHER_CASE),
        *merge("2026-11-05", OTHER_CASE, CASE),
    )
    assert [(one.case, one.adult, one.position) for one in facts(views).concerns] == [
        (CASE, ADULT, 2),
        (CASE, ADULT, 3),
    ]
    assert verify(FACTS, views.connect).equal


def test_a_case_that_began_by_a_split_has_no_concern_of_its_own(views: Views) -> None:
    """Its row says whose case it is; what was brought to it counts, and it does not."""
    views.tell(told("2026-11-02", referral("2025-05-01")), an_enquiry())
    views.tell(*split("2026-11-05", CASE, OTHER_CASE, 2, adult=SISTER))
    assert columns(views, OTHER_CASE, "what", "stands", "adult") == ("concern", False, SISTER)
    found = facts(views)
    assert [one.case for one in found.concerns] == [CASE]
    assert [(one.case, one.adult) for one in found.begun] == [(OTHER_CASE, SISTER)]
    assert found.withdrawn == []
