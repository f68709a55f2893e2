"""The tables of England's return that came later: each by small cases, as an ascii table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.conclusion import EnquiryConcluded, RiskFound, RiskNotFound
from domain.duty import ConcernCounted
from domain.jurisdictions.england import ENGLAND
from domain.person import Details, PersonDetailsRecorded, PersonRegistered
from domain.reviewing import ReviewedIndividual, SafeguardingReviewConcluded
from domain.words import Code, PersonRef, ReviewRef
from projections.rebuild import verify
from projections.returns import tables, whole
from projections.returns.england import words as said
from projections.returns.england.counting import SECOND, TOLD
from projections.returns.facts import FACTS, PEOPLE
from projections.returns.table import Filled, published
from tests.controls import ADULT, CASE, OTHER_CASE, ref, words
from tests.projections.conftest import Told, Views, corrected, shows, told
from tests.projections.test_returns import (
    an_enquiry,
    concluded,
    counts,
    facts,
    filled,
    left_out,
    referral,
)


def known(person: UUID = ADULT, /, **details: str) -> Told:
    """Give a person registered with these details."""
    found = Details(**{name: words(text, person) for name, text in details.items()})
    return told("2026-11-02", PersonRegistered(details=found), stream=person)


def answered(number: int = 0, **answers: Any) -> EnquiryConcluded:  # noqa: ANN401 — of any field
    """Give a conclusion with these answers."""
    return replace(concluded(number=number), **answers)


def given(filled: Filled, enquiry_type: str) -> Sequence[object]:
    """List the cells of a block that are not 0."""
    return [one for one in filled.cells if one.value and one.enquiry_type == enquiry_type]


def test_what_is_learned_of_an_adult_and_forgotten(views: Views) -> None:
    """As at before it was learned a gender is not known; forgotten, it is known at no position."""
    before = views.tell(known(name="Ada Example"), told("2026-11-02", referral("2025-05-01")))
    learned = PersonDetailsRecorded(details=Details(gender=words("male", ADULT)))
    views.tell(told("2026-11-03", learned))

    def gender(as_at: int | None) -> dict[str, int | None]:
        return counts(filled(views, "SG1b", as_at=as_at))

    assert [gender(before), gender(None)] == [{"Not Known": 1}, {"Male": 1}]
    views.forget(ADULT)
    assert [gender(before), gender(None)] == [{"Not Known": 1}, {"Not Known": 1}]
    assert verify(PEOPLE, views.connect).equal


def test_sg1d_counts_cases_by_their_support_reason(views: Views) -> None:
    """A person may repeat: SG1d counts each enquiry by its conclusion, a concern by its case's."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        an_enquiry(1, "other_enquiry"),
        an_enquiry(2),
        answered(0, primary_support_reason=Code("physical")),
        answered(1, primary_support_reason=Code("not_known")),
        told("2026-11-03", referral("2025-06-01"), stream=OTHER_CASE),
    )
    shows(
        [one for one in filled(views, "SG1d").cells if one.value],
        """
        enquiry_type          | category         | value | voluntary
        Safeguarding Concerns | Physical Support | 1     | yes
        Safeguarding Concerns | Not Known        | 1     | yes
        Section 42 Enquiries  | Physical Support | 1     | no
        Section 42 Enquiries  | Not Known        | 1     | no
        Other Enquiries       | Not Known        | 1     | yes
        """,
    )


def test_a_concern_has_the_answers_of_whatever_year_its_enquiry_is(views: Views) -> None:
    """An enquiry begun and concluded after the year says what the year's concern is about."""
    views.tell(
        told("2026-11-02", referral("2026-03-30")),
        an_enquiry(day="2026-04-02"),
        answered(primary_support_reason=Code("social")),
    )
    assert counts(filled(views, "SG1d")) == {"Social Support": 1}
    assert counts(filled(views, "SG1d", as_at=2)) == {"Not Known": 1}


def test_sg1e_counts_each_different_condition(views: Views) -> None:
    """SG1e has an enquiry in each category it is of, once, and where none is known says so."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        an_enquiry(1),
        an_enquiry(2),
        answered(0, health_conditions=(Code("autism"), Code("physical_copd"), Code("autism"))),
        answered(1, health_conditions=(Code("none"),)),
        answered(2, health_conditions=(Code("not_recorded"),)),
    )
    found = filled(views, "SG1e")
    shows(
        given(found, said.SECTION_42_ENQUIRIES),
        f"""
        category                                          | value | voluntary
        Long Term Health Condition - Physical (COPD)      | 1     | yes
        {said.AUTISM["autism"]}                           | 1     | no
        No Relevant Long Term Reported Health Conditions  | 1     | yes
        Not Known                                         | 1     | yes
        """,
    )
    assert counts(found, said.CONCERNS) == {"No Relevant Long Term Reported Health Conditions": 1}


def test_every_condition_on_record_has_its_category() -> None:
    """Whatever the nation lists is a category, and nothing else is, in each list counted (R148)."""
    lists = {
        "abuse_type": said.TYPES,
        "location": said.LOCATIONS,
        "health_condition": said.CONDITIONS,
        "primary_support_reason": said.SUPPORT_REASONS,
        "ethnicity": said.ETHNICITIES,
        "risk_source": said.SOURCES,
        "risk_identified": said.RISK_FOUND,
        "risk_not_identified": said.RISK_NOT_FOUND,
        "risk_outcome": said.RISK_OUTCOMES,
    }
    unknown = {"not_known", "not_recorded"}
    for name, categories in lists.items():
        assert set(categories) == set(ENGLAND.lists[name]) - unknown, name


def found(source: str, action: str = "action_taken", outcome: str = "reduced") -> RiskFound:
    """Give a risk identified from a source."""
    return RiskFound(source=Code(source), action=Code(action), outcome=Code(outcome))


def not_found(source: str, assessment: str) -> RiskNotFound:
    """Give a source from which none was."""
    return RiskNotFound(source=Code(source), assessment=Code(assessment))


def test_sg2c_and_sg2e_count_by_source(views: Views) -> None:
    """SG2c has each source's assessment; SG2e what became of a risk, where one was identified."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        an_enquiry(1),
        answered(0, risks_found=(found("known"), found("unknown", "no_action_taken", "remained"))),
        answered(1, risks_not_found=(not_found("known", "ceased"),)),
    )
    shows(
        given(filled(views, "SG2c"), said.CONCLUDED),
        """
        category                                                   | subcategory             | value
        Risk identified and action taken                           | Other - Known to individual | 1
        Risk identified and no action taken | Other - Unknown to individual | 1
        Enquiry ceased at individual's request and no action taken | Other - Known to individual | 1
        """,
    )
    shows(
        given(filled(views, "SG2e"), said.CONCLUDED),
        """
        category      | subcategory                   | value
        Risk remained | Other - Unknown to individual | 1
        Risk reduced  | Other - Known to individual   | 1
        """,
    )
    assert filled(views, "SG2e").left_out == ()  # of the second nothing is asked


def test_a_risk_without_its_source_is_named(views: Views) -> None:
    """A risk from a source that is not recorded is in no cell of SG2c or SG2e, and is named."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        an_enquiry(1),
        answered(0, risks_found=(found("not_recorded"),)),
        answered(1),
    )
    enquiries = [ref(40), ref(41)]
    assert [counts(filled(views, code)) for code in ("SG2c", "SG2e")] == [{}, {}]
    assert [one.subject for one in filled(views, "SG2c").left_out[0].counted] == enquiries
    assert [one.subject for one in filled(views, "SG2e").left_out[0].counted] == enquiries[:1]


def test_sg4a_gives_every_enquiry_one_answer(views: Views) -> None:
    """SG4a's five answers add up to the enquiries concluded; what was achieved to the first."""
    views.tell(told("2026-11-02", referral("2025-05-01")))
    outcomes = ("expressed_fully_achieved", "expressed_not_achieved", "not_asked", "not_recorded")
    for number, code in enumerate(outcomes):
        views.tell(an_enquiry(number), answered(number, outcomes=Code(code)))
    found = filled(views, "SG4a")
    shows(
        [one for one in found.cells if one.enquiry_type == said.CONCLUDED],
        """
        category                                            | value | voluntary
        Yes they were asked and outcomes were expressed     | 2     | yes
        Yes they were asked but no outcomes were expressed  | 0     | yes
        No                                                  | 1     | yes
        Don't Know                                          | 0     | yes
        Not Recorded                                        | 1     | yes
        Fully Achieved                                      | 1     | yes
        Partially Achieved                                  | 0     | yes
        Not Achieved                                        | 1     | yes
        """,
    )
    others = [one.value for one in found.cells if one.enquiry_type == said.CONCLUDED_OTHER]
    assert others == [None] * 8  # nothing was given, and that is not 0
    assert published(others[0]) == "[x]"


def test_enquiries_of_both_kinds_have_blocks_of_their_own(views: Views) -> None:
    """Another enquiry counts in the voluntary block of each table, and not in the first."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(0, "other_enquiry"),
        replace(
            concluded("neglect provider_private own_home"), risks_found=(found("service_provider"),)
        ),
    )
    for code in ("SG2a", "SG2a_b1", "SG2b", "SG2c", "SG2e", "SG3a", "SG4a"):
        table = filled(views, code)
        assert [len(given(table, said.CONCLUDED)), len(given(table, said.CONCLUDED_OTHER))] == [
            0,
            1,
        ], code
        assert {one.voluntary for one in table.cells if one.enquiry_type == said.CONCLUDED} == {
            code in {"SG2a_b1", "SG4a"}
        }
        assert all(one.voluntary for one in given(table, said.CONCLUDED_OTHER))  # type: ignore[attr-defined]


def test_the_young_are_in_no_table(views: Views) -> None:
    """What is about somebody under 18 throughout counts in no table, and is named in each."""
    views.tell(
        known(date_of_birth="2010-01-01"),
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        concluded("neglect provider_private own_home"),
    )
    for code, table in whole(ENGLAND.code, 2025, facts(views)).items():
        assert counts(table) == {}, code
        if not code.startswith("SG5"):
            assert [why for why, _ in left_out(table)] == ["under"], code


def test_a_concern_says_by_which_rule_it_counts(views: Views) -> None:
    """What counts as a concern names the rule by which that was decided; None where nothing was."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        ConcernCounted(counted=True, rule=Code("framework_2020")),
        told("2026-11-03", referral("2025-06-01"), stream=OTHER_CASE),
    )
    for code in ("SG1d", "SG1f"):
        (concerns,) = given(filled(views, code), said.CONCERNS)
        assert [(one.case, one.rule) for one in concerns.counted] == [  # type: ignore[attr-defined]
            (CASE, "framework_2020"),
            (OTHER_CASE, None),
        ]


def test_every_table_says_what_no_source_does() -> None:
    """Each note of a table says at its beginning what it rests on, and each table has a source."""
    for table in tables(ENGLAND.code, 2025):
        assert table.cites
        for note in table.notes:
            assert note.startswith(("From memory: ", "Derived: ", "Not seen: ")), note


def ended(number: int, *fates: str, day: str = "2025-09-01") -> SafeguardingReviewConcluded:
    """Give a review concluded, `died ADULT` for somebody named and the fate alone for others."""
    return SafeguardingReviewConcluded(
        review=ReviewRef(ref(80 + number)),
        concluded_on=date.fromisoformat(day),
        individuals=tuple(
            ReviewedIndividual(
                person=PersonRef(ADULT) if one.endswith("ADULT") else None,
                fate=Code(one.split()[0]),
            )
            for one in fates
        ),
        published=Code("yes"),
    )


def test_sg5_counts_reviews_and_individuals(views: Views) -> None:
    """SG5 counts the reviews concluded in the year, and everybody they were about, by who died."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        ended(0, "died ADULT", "survived", "survived"),
        ended(1, "survived ADULT"),
        ended(2, "not_recorded", "survived"),
        ended(3),
        ended(4, "died", day="2026-04-01"),
    )
    shows(
        [one for code in ("SG5a", "SG5b") for one in filled(views, code).cells],
        """
        table | category                               | value
        SG5a  | Where one or more individuals died     | 1
        SG5a  | Where no individuals died              | 1
        SG5b  | Who suffered serious harm and died     | 1
        SG5b  | Who suffered serious harm and survived | 4
        """,
    )
    assert left_out(filled(views, "SG5a")) == [("whether", [(ref(82), 4), (ref(83), 5)])]
    assert left_out(filled(views, "SG5b")) == [("whether", [(ref(82), 4)])]
    assert verify(FACTS, views.connect).equal


@pytest.mark.parametrize(
    ("stream", "day", "why"),
    [
        (CASE, "2026-05-01", SECOND),
        (OTHER_CASE, "2026-05-01", TOLD),
        (OTHER_CASE, "2025-09-01", TOLD),
    ],
)
def test_a_review_counts_once_by_what_was_told_first(
    views: Views, stream: UUID, day: str, why: str
) -> None:
    """Told a second time, in its case or in another, a review stays in its year; that is named."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        ended(0, "died ADULT"),
        told("2026-11-03", referral("2025-05-01"), stream=OTHER_CASE),
        told("2026-11-03", ended(0, "survived", day=day), stream=stream),
    )
    year = 2025 if day < "2026-04" else 2026
    for code in ("SG5a", "SG5b"):
        assert len(counts(filled(views, code))) == 1
        again = filled(views, code, year=year)
        assert [one.why for one in again.left_out] == [why.format(date(2025, 9, 1))]
        assert len(counts(again)) == (year == 2025)
    views.tell(corrected(2, withdrawn=True))
    assert len(counts(filled(views, "SG5a", year=year))) == 1
    assert verify(FACTS, views.connect).equal
