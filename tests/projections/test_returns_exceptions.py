"""Whatever a return leaves out for want of an answer, or breaks a hard rule by, is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.jurisdictions.england import ENGLAND
from projections.returns import AGREEING, tables
from projections.returns.exceptions import exceptions
from projections.returns.facts import Concern, Enquiry, Facts, Review, financial_year
from projections.returns.unready import Unready
from projections.returns.validation import FAILED, RULES, Sent, validate
from tests.controls import ADULT, CASE, ENQUIRY, ref
from tests.projections.test_returns_laws import a_code, quick

# An enquiry in which everything was answered.
ANSWERED: Final = Enquiry(
    case=CASE,
    enquiry=ENQUIRY,
    adult=ADULT,
    kind="section_42",
    opened_on=date(2025, 5, 1),
    concluded_on=date(2025, 9, 1),
    capacity="did_not_lack",
    opened_at=2,
    concluded_at=3,
    triples=(("neglect", "known_relative", "own_home"),),
    outcomes="not_asked",
    support_reason="physical",
    conditions=("none",),
    risks_found=(("known", "action_taken", "reduced"),),
)
CONCERN: Final = Concern(
    case=CASE, adult=ADULT, first_day=date(2025, 4, 9), last_day=date(2025, 4, 9), position=1
)
REVIEW: Final = Review(
    case=CASE, review=ref(70), concluded_on=date(2025, 6, 1), position=9, individuals=()
)


def facts(*concluded: Enquiry, **more: Any) -> Facts:  # noqa: ANN401 — of any type
    """Give the facts of a year in which some enquiries about one known adult were concluded."""
    told: dict[str, Any] = {
        "period": financial_year(2025),
        "concerns": (),
        "doubtful": (),
        "begun": (),
        "concluded": concluded,
        "sealed": {},
        "died": {},
        "ages": {ADULT: (80,)},
        "genders": {ADULT: "male"},
        "ethnicities": {ADULT: "white"},
    }
    return Facts(**{**told, **more})


def listed(found: Facts) -> tuple[Unready, ...]:
    """Give what is to be put right."""
    filled = [one.filled(found) for one in tables(ENGLAND.code, 2025)]
    return exceptions(found, filled, AGREEING[ENGLAND.code](found))


@pytest.mark.parametrize(
    ("other", "table"),
    [
        ({}, None),
        ({"triples": ()}, "SG2a"),
        ({"triples": (("neglect", "known_relative", "not_recorded"),)}, "SG2a_b1"),
        ({"risks_found": ()}, "SG2c"),
        ({"risks_found": (("known", "action_taken", "not_recorded"),)}, "SG2e"),
        ({"risks_found": (("unknown", "action_taken", "reduced"),)}, "SG2c"),
        ({"risks_not_found": (("known", "none_action_taken"),)}, "SG2c"),
        (
            {
                "risks_found": tuple(
                    ("known", "action_taken", one) for one in ("removed", "reduced")
                )
            },
            "SG2c",
        ),
        (
            {
                "triples": (
                    ("neglect", "known_relative", "own_home"),
                    ("neglect", "unknown_police", "own_home"),
                )
            },
            "SG2c",
        ),
        ({"conditions": ("none", "physical_cancer")}, "SG1e"),
        ({"conditions": ("none", "none")}, None),
        ({"capacity": "lacked_support_not_recorded"}, "SG3a"),
        ({"capacity": "not_recorded"}, "SG3a"),
        ({"outcomes": "not_known"}, "SG4a"),
        ({"conditions": ()}, "SG1e"),
        ({"support_reason": "not_known"}, "SG1d"),
    ],
)
def test_an_enquiry_without_an_answer_is_named(other: dict[str, Any], table: str | None) -> None:
    """One answer missing, or two that cannot both be so: its case, enquiry, entry and remedy."""
    one = replace(ANSWERED, **other)
    found = listed(facts(one, begun=(one,)))
    told = [(each.table, each.case, each.subject, each.position) for each in found]
    assert told == ([] if table is None else [(table, CASE, ENQUIRY, 3)])
    assert all(each.remedy for each in found)


@pytest.mark.parametrize(("ages", "named"), [((17, 17), True), ((17, 18), False)])
def test_an_enquiry_about_a_child_is_named(ages: tuple[int, ...], *, named: bool) -> None:
    """Concluded about somebody under 18 it is in no table, and told to who may read details."""
    young = [one for one in listed(facts(ANSWERED, ages={ADULT: ages})) if one.personal]
    assert [(one.subject, one.position) for one in young] == [(ENQUIRY, 3)] * named


@pytest.mark.parametrize(
    ("individuals", "told"),
    [
        (((ADULT, "died"),), []),
        ((), ["SG5a"]),
        (((ADULT, "not_recorded"),), ["SG5a", "SG5b"]),
        (((ADULT, "died"), (ADULT, "survived")), ["SG5b"]),
    ],
)
def test_a_review_whose_fates_are_not_told_is_named(individuals: Any, told: list[str]) -> None:  # noqa: ANN401 — pairs
    """A review that does not say who died, or says both of one person."""
    found = listed(facts(reviews=(replace(REVIEW, individuals=individuals),)))
    assert [one.table for one in found] == told
    assert all(one.case == CASE for one in found)


def test_a_concern_that_no_enquiry_answers_is_not_listed() -> None:
    """What only a conclusion tells is asked for where one was made, and of the enquiry, once."""
    assert listed(facts(concerns=(CONCERN,))) == ()
    ended = replace(CONCERN, concluded=(ENQUIRY, 3))
    one = replace(ANSWERED, support_reason=None, conditions=())
    for more in ((), (one,)):
        found = listed(facts(*more, concerns=(ended,)))
        about = {(each.table, each.subject, each.position) for each in found}
        assert about == {("SG1d", ENQUIRY, 3), ("SG1e", ENQUIRY, 3)}


@pytest.mark.parametrize(
    ("rule", "edition", "adult", "asked"),
    [
        ("local_threshold", None, ADULT, [12]),
        ("local_threshold", "april-2024", ADULT, []),
        ("local_threshold", None, ref(91), []),  # forgotten
        ("framework_2020", None, ADULT, []),
        (None, None, ADULT, []),
    ],
)
def test_the_edition_of_a_council_s_own_threshold_is_asked_for(
    rule: str | None, edition: str | None, adult: UUID, asked: list[int]
) -> None:
    """Where a concern was decided on by a rule that has editions, and none was named (R146)."""
    one = replace(CONCERN, rule=rule, edition=edition, decided=12, adult=adult)
    for name in ("concerns", "contacts"):
        found = listed(facts(**{name: (one,)}, forgotten=frozenset({ref(91)})))
        says = [each.position for each in found if "edition" in each.says]
        assert says == asked, name
    in_scotland = exceptions(facts(concerns=(one,)), ())
    assert {each.table for each in in_scotland} <= {""}, "no table of its is SG1f"


def test_nothing_is_asked_for_that_was_forgotten() -> None:
    """Of whoever was lawfully forgotten no detail is to be recorded again, and the notes say it."""
    unknown = facts(concerns=(CONCERN,), ages={}, genders={}, ethnicities={})
    assert {one.table for one in listed(unknown)} == {"SG1a", "SG1b", "SG1c"}
    forgotten = replace(unknown, forgotten=frozenset({ADULT}))
    assert listed(forgotten) == ()
    for one in tables(ENGLAND.code, 2025):
        said = "Details of 1 persons were lawfully forgotten" in one.filled(forgotten).remarks[-1]
        assert said is not one.code.startswith("SG5")  # which reads no detail of anybody


FATES: Final = st.sampled_from(["died", "survived", "not_recorded"])


@st.composite
def enquiries(draw: Any, number: int) -> Enquiry:  # noqa: ANN401 — as Hypothesis draws
    """Give an enquiry whose answers need not agree."""
    source = st.sampled_from(["service_provider", "known", "unknown"])
    outcome = a_code("risk_outcome") | st.just("not_recorded")
    return replace(
        ANSWERED,
        enquiry=ref(200 + number),
        capacity=draw(a_code("concluded_capacity")),
        outcomes=draw(a_code("concluded_outcomes")),
        risks_found=draw(
            st.lists(st.tuples(source, a_code("risk_identified"), outcome), max_size=3)
        ),
        risks_not_found=draw(
            st.lists(st.tuples(source, a_code("risk_not_identified")), max_size=2)
        ),
    )


@st.composite
def reviews(draw: Any, number: int) -> Review:  # noqa: ANN401 — as Hypothesis draws
    """Give a review that says of some, once or twice, whether they died."""
    person = st.sampled_from([ADULT, ref(11), None])
    individuals = draw(st.lists(st.tuples(person, FATES), max_size=3))
    return replace(REVIEW, review=ref(300 + number), individuals=individuals)


@quick
@for_all(st.data())
def test_whatever_breaks_a_hard_rule_is_named(data: Any) -> None:  # noqa: ANN401 — as Hypothesis draws
    """Without the enquiries and reviews that are on the list every hard rule holds."""
    some = [data.draw(enquiries(number)) for number in range(3)]
    told = [data.draw(reviews(number)) for number in range(2)]
    named = {
        one.subject
        for one in listed(facts(*some, reviews=told))
        if one.table in {"SG2c", "SG2e", "SG5a", "SG5b"}
    }
    left = facts(
        *(one for one in some if one.enquiry not in named),
        reviews=[one for one in told if one.review not in named],
    )
    cells = [cell for one in tables(ENGLAND.code, 2025) for cell in one.filled(left).cells]
    hard = validate(Sent(cells=cells), [one for one in RULES if one.hard])
    assert [one.rule.number for one in hard if one.outcome == FAILED] == []
