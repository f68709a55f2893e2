"""The laws of England's tables, over facts of any authority: no record is needed for them.

Of the ten laws of a return 2 to 5; the others are in `test_returns_laws_in_time`. Over what is
recorded 4 and 5 are held in `test_returns_laws_of_events`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.jurisdictions.england import ENGLAND
from projections.returns import whole
from projections.returns.england import words as said
from projections.returns.facts import Concern, Enquiry, Facts, Review, financial_year
from projections.returns.gone import bare, told
from projections.returns.table import CASE_GONE, Filled, long_form
from projections.returns.validation import FAILED, RULES, Sent, validate
from tests.controls import ref

PEOPLE: Final = [ref(10 + number) for number in range(4)]
CASES: Final = [ref(1 + number) for number in range(5)]
DAYS: Final = st.dates(date(2025, 4, 1), date(2026, 3, 31))
LISTS: Final = ENGLAND.lists
quick = settings(
    max_examples=20, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)


def a_code(name: str) -> st.SearchStrategy[str]:
    """Give any code of a list."""
    return st.sampled_from(sorted(LISTS[name]))


@st.composite
def concerns(draw: Any, number: int) -> Concern:  # noqa: ANN401 — as Hypothesis draws
    """Give a concern of any adult, or of one not named."""
    day = draw(DAYS)
    return Concern(
        case=draw(st.sampled_from(CASES)),
        adult=draw(st.sampled_from([*PEOPLE, None])),
        first_day=day,
        last_day=day,
        position=number,
        support_reason=draw(st.none() | a_code("primary_support_reason")),
        conditions=draw(st.lists(a_code("health_condition"), max_size=2)),
        told_at=(300 + number, 300 + number),
    )


@st.composite
def enquiries(draw: Any, number: int) -> Enquiry:  # noqa: ANN401 — as Hypothesis draws
    """Give an enquiry of either kind; each source of risk has one answer."""
    sources = draw(st.lists(st.sampled_from(sorted(said.SOURCES)), unique=True))
    found = draw(st.integers(0, len(sources)))
    risk = st.tuples(a_code("risk_identified"), a_code("risk_outcome"))
    return Enquiry(
        case=draw(st.sampled_from(CASES)),
        enquiry=ref(1000 + number),
        adult=draw(st.sampled_from([*PEOPLE, None])),
        kind=draw(st.sampled_from([said.SECTION_42, said.OTHER])),
        opened_on=draw(DAYS),
        concluded_on=draw(DAYS),
        capacity=draw(a_code("concluded_capacity")),
        opened_at=number,
        concluded_at=100 + number,
        triples=draw(
            st.lists(
                st.tuples(a_code("abuse_type"), a_code("source_of_risk"), a_code("location")),
                max_size=3,
            )
        ),
        outcomes=draw(a_code("concluded_outcomes")),
        support_reason=draw(a_code("primary_support_reason")),
        conditions=draw(st.lists(a_code("health_condition"), max_size=2)),
        risks_found=[(one, *draw(risk)) for one in sources[:found]],
        risks_not_found=[(one, draw(a_code("risk_not_identified"))) for one in sources[found:]],
    )


@st.composite
def reviews(draw: Any, number: int) -> Review:  # noqa: ANN401 — as Hypothesis draws
    """Give a review of individuals of each of whom it is known whether they died."""
    fates = draw(st.lists(st.sampled_from([said.DIED, said.SURVIVED]), min_size=1, max_size=3))
    return Review(
        case=draw(st.sampled_from(CASES)),
        review=ref(2000 + number),
        concluded_on=draw(DAYS),
        position=200 + number,
        individuals=[(None, fate) for fate in fates],
    )


@st.composite
def authorities(draw: Any) -> Facts:  # noqa: ANN401 — as Hypothesis draws
    """Give the facts of a year; of some adults the age, the gender or the ethnicity is known."""

    def of_some(values: st.SearchStrategy[Any]) -> dict[UUID, Any]:
        known: dict[UUID, Any] = draw(st.dictionaries(st.sampled_from(PEOPLE), values))
        return known

    told = [draw(enquiries(number)) for number in range(draw(st.integers(0, 5)))]
    return Facts(
        period=financial_year(2025),
        concerns=[draw(concerns(50 + number)) for number in range(draw(st.integers(0, 5)))],
        doubtful=(),
        begun=told,
        concluded=told,
        sealed={},
        died={},
        reviews=[draw(reviews(number)) for number in range(draw(st.integers(0, 2)))],
        ages=of_some(st.integers(18, 100).map(lambda age: (age,))),
        genders=of_some(a_code("gender")),
        ethnicities=of_some(a_code("ethnicity")),
    )


def figures(facts: Facts, *groups: str) -> list[tuple[object, ...]]:
    """List every figure of the tables whose codes begin so, or of all."""
    tables = whole(ENGLAND.code, 2025, facts)
    chosen = [one for code, one in tables.items() if code.startswith(groups or "SG")]
    return [row for one in chosen for row in long_form(one.cells)]


def totals(filled: Filled) -> Counter[str]:
    """Add up each block of a table."""
    found: Counter[str] = Counter()
    for one in filled.cells:
        found[one.enquiry_type] += one.value or 0
    return found


@quick
@for_all(authorities())
def test_the_tables_fit_one_another(facts: Facts) -> None:
    """Whatever was recorded, each adult, case and answer is counted as often as it is to be."""
    tables = whole(ENGLAND.code, 2025, facts)
    people = totals(tables["SG1a"])
    activity = totals(tables["SG1f"])
    assert people == totals(tables["SG1b"]) == totals(tables["SG1c"])
    assert all(people[block] <= activity[block] for block in activity)
    assert {block for block, n in people.items() if n} == {b for b, n in activity.items() if n}
    assert totals(tables["SG1d"]) == activity
    cells = {
        (one.table, one.enquiry_type, one.category, one.subcategory): one.value or 0
        for table in tables.values()
        for one in table.cells
    }
    for block in (said.CONCLUDED, said.CONCLUDED_OTHER):
        concluded = sum(cells["SG3a", block, answer, ""] for answer in said.CAPACITY.values())
        kind = {one: kind for kind, one in said.CONCLUDED_AS.items()}[block]
        assert concluded == sum(one.kind == kind for one in facts.concluded)
        assert cells["SG3a", block, said.SUPPORTED, ""] <= cells["SG3a", block, _yes(), ""]
        assert concluded == sum(cells["SG4a", block, one, ""] for one in said.ASKED.values())
        asked = cells["SG4a", block, said.ASKED["asked_expressed"], ""]
        assert asked == sum(cells["SG4a", block, one, ""] for one in said.ACHIEVED.values())
        for source in said.SOURCES.values():
            assert sum(
                cells["SG2e", block, one, source] for one in said.RISK_OUTCOMES.values()
            ) == (sum(cells["SG2c", block, one, source] for one in said.RISK_FOUND.values()))
        in_sg2 = [n for key, n in cells.items() if key[0][:3] == "SG2" and key[1] == block]
        assert all(n <= concluded for n in in_sg2)
    died = (cells["SG5a", said.REVIEWS, said.REVIEW_FATES[said.DIED], ""] > 0) == (
        cells["SG5b", said.REVIEWED, said.INDIVIDUAL_FATES[said.DIED], ""] > 0
    )
    assert died
    assert totals(tables["SG5b"])[said.REVIEWED] >= totals(tables["SG5a"])[said.REVIEWS]


def _yes() -> str:
    return said.CAPACITY["lacked"]


@quick
@for_all(authorities(), st.data())
def test_law_2_a_further_enquiry_adds_one_case_and_nobody(
    facts: Facts, data: st.DataObject
) -> None:
    """One more enquiry of a kind an adult has leaves SG1a to SG1c as they are, and SG1f one up."""
    if not facts.begun:
        return
    one = data.draw(st.sampled_from(list(facts.begun)))
    more = replace(facts, begun=[*facts.begun, replace(one, enquiry=ref(3000), opened_at=3000)])
    people = ("SG1a", "SG1b", "SG1c")
    assert figures(more, *people) == figures(facts, *people)
    before, after = (totals(whole(ENGLAND.code, 2025, one)["SG1f"]) for one in (facts, more))
    after.subtract(before)
    assert +after == Counter({said.BEGUN_AS[one.kind]: 1})


@quick
@for_all(authorities(), st.data())
def test_law_3_a_further_source_of_the_same_kind_changes_nothing(
    facts: Facts, data: st.DataObject
) -> None:
    """A second source of one kind, at the same place and of the same type, changes no figure."""
    groups = ENGLAND.groups["source_of_risk"]

    def more(one: Enquiry) -> Enquiry:
        alike = [
            (
                kind,
                data.draw(st.sampled_from([c for c in groups if groups[c] == groups[source]])),
                at,
            )
            for kind, source, at in one.triples
        ]
        return replace(one, triples=[*one.triples, *alike])

    assert figures(replace(facts, concluded=[more(one) for one in facts.concluded])) == figures(
        facts
    )


@quick
@for_all(authorities(), st.randoms(use_true_random=False))
def test_law_4_the_order_of_what_is_counted_changes_nothing(facts: Facts, random: Any) -> None:  # noqa: ANN401
    """In whatever order the facts stand, every figure is the same."""

    def mixed(ones: Any) -> list[Any]:  # noqa: ANN401 — facts of any kind
        return list(random.sample(list(ones), len(ones)))

    other = replace(
        facts,
        concerns=mixed(facts.concerns),
        begun=mixed(facts.begun),
        concluded=mixed(facts.concluded),
        reviews=mixed(facts.reviews),
    )
    assert figures(other) == figures(facts)


@quick
@for_all(authorities())
def test_law_5_two_people_who_are_one_are_one_less_at_most(facts: Facts) -> None:
    """Where two people turn out to be one, each metric of SG1a to SG1c loses one at most.

    What counts cases and conclusions stays as it is.
    """
    one, other = PEOPLE[:2]

    def joined(each: Any) -> Any:  # noqa: ANN401 — a concern or an enquiry
        return replace(each, adult=one) if each.adult == other else each

    merged = replace(
        facts,
        concerns=list(map(joined, facts.concerns)),
        begun=list(map(joined, facts.begun)),
        concluded=list(map(joined, facts.concluded)),
    )
    for code in ("SG1a", "SG1b", "SG1c"):
        before, after = (totals(whole(ENGLAND.code, 2025, f)[code]) for f in (facts, merged))
        assert all(before[block] - after[block] in {0, 1} for block in before)
    cases = ("SG1d", "SG1e", "SG1f", "SG2", "SG3", "SG4", "SG5")
    assert figures(merged, *cases) == figures(facts, *cases)


@quick
@for_all(authorities())
def test_whoever_is_forgotten_stays_counted(facts: Facts) -> None:
    """Without any adult's details each block adds up to what it was, under what is not known."""
    forgotten = replace(facts, ages={}, genders={}, ethnicities={})
    for code, label in (
        ("SG1a", said.NOT_KNOWN),
        ("SG1b", said.NOT_KNOWN),
        ("SG1c", said.UNDECLARED),
    ):
        before, after = (whole(ENGLAND.code, 2025, one)[code] for one in (facts, forgotten))
        assert totals(before) == totals(after)
        assert {one.category for one in after.cells if one.value} <= {label}
    others = ("SG1d", "SG1e", "SG1f", "SG2", "SG3", "SG4", "SG5")
    assert figures(forgotten, *others) == figures(facts, *others)


# Where the answers of a case that was forgotten count, by table; the others have no such row.
UNKNOWN: Final = {
    "SG1d": said.NOT_KNOWN,
    "SG1e": said.NOT_KNOWN,
    "SG3a": said.CAPACITY["not_known"],
    "SG4a": said.ASKED["not_known"],
}


def placed(filled: Filled, case: UUID, *, others: bool) -> Counter[tuple[str, str, str, int]]:
    """Give where a case is counted, or all others are, each by its entry."""
    return Counter(
        (cell.enquiry_type, cell.category, cell.subcategory, one.position)
        for cell in filled.cells
        for one in cell.counted
        if (one.case != case) is others
    )


def broken(facts: Facts) -> set[str]:
    """Give the hard rules that do not hold."""
    cells = [cell for one in whole(ENGLAND.code, 2025, facts).values() for cell in one.cells]
    sent = Sent(cells=cells, council="211", signed=True, gone=facts.gone)
    hard = [one for one in RULES if one.hard]
    return {one.rule.number for one in validate(sent, hard) if one.outcome == FAILED}


@quick
@for_all(authorities(), st.sampled_from(CASES))
def test_a_forgotten_case_is_not_known_and_nothing_else_moves(facts: Facts, case: UUID) -> None:
    """Its answers are in the row of what is not known, or left out; all else is as it was.

    Also whom it is about, and how many concerns and enquiries there are; no hard rule breaks by it.
    """
    gone = bare(facts, {position for _, position in told(facts, {case})})
    before, after = (whole(ENGLAND.code, 2025, one) for one in (facts, gone))
    for code, filled in after.items():
        there, here = (placed(one, case, others=False) for one in (before[code], filled))
        assert placed(filled, case, others=True) == placed(before[code], case, others=True), code
        left = sum(len(one.counted) for one in filled.left_out if one.why == CASE_GONE)
        if code in {"SG1a", "SG1b", "SG1c", "SG1f"}:
            assert (here, left) == (there, 0)
        elif code in UNKNOWN:
            assert {category for _, category, *_ in here} <= {UNKNOWN[code]}
            assert {one[-1] for one in here} == {one[-1] for one in there}
            assert left == 0
        else:
            of = gone.reviews if code.startswith("SG5") else gone.concluded
            assert (here, left) == (Counter(), sum(one.case == case for one in of))
        assert any("lawfully forgotten: 1." in one for one in filled.lost) is bool(here or left)
    assert broken(gone) <= broken(facts)
