"""What Scotland's tables make of the steps of cases, whatever the order they are read in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.returns import inquiries as steps
from projections.returns import scotland
from projections.returns.dataset import Step, Understanding, dataset
from projections.returns.england.counting import YOUNG
from projections.returns.filed import UNDER_AGE
from projections.returns.near import nearly
from projections.returns.periods import Span
from projections.returns.reading import as_filed
from projections.returns.scotland.nearly import NOT_APPLIED, NOT_GRANTED, OTHER_ORDER
from projections.returns.table import long_form
from tests.controls import ADULT, CASE, OTHER_CASE, ref
from tests.projections.conftest import shows
from tests.projections.scottish import (
    FIRST,
    NATION,
    Q1,
    Q2,
    SECOND,
    TABLES,
    a_step,
    an_empty,
    counts,
    left_out,
    total,
)


def test_the_actions_after_inquiries() -> None:
    """Indicators 10 and 11 have the six published answers, zeros included, one for each inquiry."""
    day = "2027-05-01"
    told_ = [
        replace(a_step(1, steps.OPENED, day, FIRST), adult=ref(201)),
        replace(a_step(2, steps.CONCLUDED, day, FIRST), code="met_other_support"),
        replace(a_step(3, steps.OPENED, day, SECOND, case=OTHER_CASE), adult=ref(202)),
        a_step(4, steps.POWER, day, SECOND, case=OTHER_CASE),
    ]
    found = an_empty(dataset(told_))
    shows(
        TABLES["10"].fill(found).cells,
        """
        category                                                                    | value
        Does not meet the three-point criteria - no further action                  | 0
        Does not meet the three-point criteria - non-ASP support offered or provided | 0
        Meets three-point criteria - non-ASP support provided or offered            | 1
        Meets three-point criteria - ongoing ASP work                               | 0
        Meets three-point criteria - no opportunity for further ASP intervention    | 0
        Pending / Unknown                                                           | 0
        """,
    )
    shows(
        [*TABLES["2"].fill(found).cells, *TABLES["3"].fill(found).cells],
        """
        enquiry_type                        | category                                                          | value
        Inquiries without investigatory powers | Count of inquiries concluded without use of investigatory powers | 1
        Inquiries using investigatory powers | Count of inquiries using investigatory powers                     | 1
        """,  # noqa: E501 — a table
    )
    assert counts(TABLES["11"].fill(found)) == {"Pending / Unknown": 1}


def test_orders_by_kind() -> None:
    """An order counts where applied for and where granted; an arrest not recorded is said so."""
    told_ = []
    for number, (kind, arrest) in enumerate(
        [("assessment", "no"), ("banning", "yes"), ("banning", "not_recorded"), ("warrant", "no")]
    ):
        order, day = ref(70 + number), "2027-06-01"
        told_.append(replace(a_step(2 * number + 1, steps.APPLIED, day, order), code=kind))
        if kind != "assessment":
            told_.append(replace(a_step(2 * number + 2, steps.GRANTED, day, order), code=arrest))
    filled = TABLES["Orders"].fill(an_empty(dataset(told_)))
    shows(
        [one for one in filled.cells if one.value],
        """
        category                                  | subcategory | value
        Assessment order                          | Applied for | 1
        Banning order                             | Applied for | 2
        Banning order with power of arrest        | Granted     | 1
        Banning order, power of arrest not recorded | Granted   | 1
        """,
    )
    assert left_out(filled) == {"a warrant for entry, which is no protection order": 2}


def test_orders_that_nearly_count() -> None:
    """Orders of another kind, those only applied for and those only granted are named with why."""
    day, before = "2027-06-01", "2027-03-01"
    told_ = [
        replace(a_step(1, steps.APPLIED, before, ref(70)), code="banning"),
        replace(a_step(2, steps.GRANTED, day, ref(70)), code="yes"),
        replace(a_step(3, steps.APPLIED, day, ref(71)), code="banning"),
        replace(a_step(4, steps.APPLIED, day, ref(72)), code="assessment"),
        replace(a_step(5, steps.GRANTED, day, ref(72)), code="no"),
    ]
    found = an_empty(dataset(told_))
    filled = TABLES["Orders"].fill(found)
    near = {
        (one.category, one.subcategory): {
            (left.why, each.position)
            for left in nearly(one, found, filled)
            for each in left.counted
        }
        for one in filled.cells
    }
    assert near["Banning order", "Applied for"] == {(OTHER_ORDER, 4), (NOT_APPLIED, 2)}
    assert near["Assessment order", "Applied for"] == {(OTHER_ORDER, 3)}
    assert near["Banning order with power of arrest", "Granted"] == {
        (OTHER_ORDER, 5),
        (NOT_GRANTED, 3),
    }


@pytest.mark.parametrize(
    ("first_ended", "reopened", "anew"),
    [
        (None, None, False),
        ("2027-05-22", None, False),  # it was used on the day of its end
        ("2027-05-21", None, True),  # used after it had ended
        ("2027-05-19", None, True),
        ("2027-05-20", None, True),
        ("2027-05-10", "2027-05-15", False),
        ("2027-05-10", "2027-05-25", True),  # reopened after it was opened
    ],
)
@pytest.mark.parametrize("case", [CASE, OTHER_CASE])
def test_no_new_inquiry_while_one_is_open(
    case: UUID, first_ended: str | None, reopened: str | None, *, anew: bool
) -> None:
    """An inquiry opened while one about the adult is open is none, in whichever of their cases.

    Powers used in it are powers of the one that goes on, as long as that one does.
    """
    told_ = [a_step(1, steps.OPENED, "2027-05-01", FIRST)]
    if first_ended:
        told_.append(a_step(2, steps.CONCLUDED, first_ended, FIRST))
    if reopened:
        told_.append(a_step(3, steps.REOPENED, reopened, FIRST))
    told_.append(a_step(4, steps.OPENED, "2027-05-20", SECOND, case=case))
    told_.append(a_step(5, steps.POWER, "2027-05-22", SECOND, case=case))
    found = an_empty(dataset(told_))
    (using,) = TABLES["3"].fill(found).cells
    assert [one.subject for one in using.counted] == [SECOND if anew else FIRST]
    goes_on = [one for one in TABLES["3"].fill(found).left_out if one.why.startswith("opened whi")]
    assert [each.subject for one in goes_on for each in one.counted] == ([] if anew else [SECOND])


DAY = "2027-05-01"
MAY, JULY = date(2027, 5, 3), date(2027, 7, 13)
ENDED = [a_step(1, steps.OPENED, DAY), replace(a_step(2, steps.CONCLUDED, DAY), code="met_ongoing")]
AWAY = replace(a_step(8, steps.TRANSFERRED, DAY), code="receiving")
ONCE: dict[str, tuple[list[Step], str, int, set[str]]] = {
    "a power used after its end moves it": (
        [*ENDED, a_step(3, steps.POWER, "2027-08-01")],
        "2",
        0,
        {"concluded without investigatory powers, and one was used afterwards"},
    ),
    "with which it counts, and is not left out": (
        [*ENDED, a_step(3, steps.POWER, "2027-08-01")],
        "3",
        1,
        set(),
    ),
    "of two conclusions the first answers": (
        [*ENDED, replace(a_step(3, steps.CONCLUDED, "2027-08-01"), code="pending")],
        "10",
        1,
        {"concluded a second time without having been reopened"},
    ),
    "another authority counts its case": ([*ENDED, AWAY], "2", 0, {"its case was transferred"}),
    "and counts it no more": (
        [*ENDED, AWAY, replace(AWAY, position=9, code="sending")],
        "2",
        1,
        set(),
    ),
    "but an inquiry that is begun later counts here": (
        [AWAY, a_step(9, steps.OPENED, "2027-05-20"), a_step(10, steps.POWER, "2027-05-21")],
        "3",
        1,
        set(),
    ),
    "and a referral that came later": (
        [
            a_step(1, steps.RECEIVED, DAY),
            AWAY,
            replace(a_step(9, steps.LINKED, "2027-05-20"), reason="repeat"),
        ],
        "1",
        1,
        {"its case was"},
    ),
    "not a conclusion of what was given away": (
        [*ENDED[:1], AWAY, a_step(9, steps.CONCLUDED, "2027-05-20")],
        "2",
        0,
        {"its case was"},
    ),
    "its referral too": ([a_step(1, steps.RECEIVED, DAY), AWAY], "1", 0, {"its case was"}),
    "withdrawn, when it was understood to be of another quarter": (
        [
            replace(
                a_step(1, steps.OPENED, "2027-07-13"),
                why="withdrawn",
                understood=[
                    Understanding(date(2027, 5, 1), 1, MAY, MAY, withdrawn=False),
                    Understanding(JULY, 2, JULY, JULY, withdrawn=False),
                    Understanding(JULY, 3, JULY, JULY, withdrawn=True),
                ],
            )
        ],
        "Restated",
        0,
        {"withdrawn by a correction"},
    ),
    "not what another case brings to it": (
        [*ENDED, replace(AWAY, stream=OTHER_CASE)],
        "2",
        1,
        set(),
    ),
}


@pytest.mark.parametrize("which", ONCE)
def test_what_is_counted_in_another_place_is_named(which: str) -> None:
    """An inquiry counts in one table of one authority, by one conclusion; elsewhere it is named."""
    told_, code, value, why = ONCE[which]
    found = an_empty(dataset(told_))
    assert total(found, code) == value
    named = left_out(TABLES[code].fill(found))
    assert len(named) == len(why)
    assert all(any(one.startswith(each) for one in named) for each in why)
    if code == "10":
        assert counts(TABLES[code].fill(found)) == {
            "Meets three-point criteria - ongoing ASP work": 1
        }


def a_plan(position: int, name: str, day: str, kind: str | None = None) -> Step:
    """Give a step of one plan."""
    return replace(a_step(position, name, day, ref(61)), code=kind)


def large(position: int, name: str, day: str, number: int, *, case: UUID = CASE) -> Step:
    """Give a step of a large-scale investigation."""
    return a_step(position, name, day, ref(90 + number), case=case)


INTERIM = a_plan(1, steps.PLANNED, "2027-04-12", "interim")
INTO = a_plan(2, steps.PLAN_REVISED, "2027-05-12", "protection")
OVER = a_plan(4, steps.PLAN_ENDED, "2027-06-12")
OPENED_LARGE = replace(large(1, steps.LARGE, "2027-06-20", 0), about=None)
FIRST_LINK = large(2, steps.LARGE_LINKED, "2027-07-12", 1)
OTHER_LINK = large(3, steps.LARGE_LINKED, "2027-07-14", 2)
APART = large(4, steps.LARGE_UNLINKED, "2027-07-15", 1)
NAMES_NONE = "opened in a case that names no reference of it"
PARTS: dict[str, tuple[list[Step], str, list[dict[str, int]], set[str]]] = {
    "an interim plan revised into a protection plan": (
        [INTERIM, INTO],
        "ASPP",
        [{"Begun": 1, "In place on the last day": 1}, {"In place on the last day": 1}],
        {"an interim or safety plan, or one whose kind is not recorded"},
    ),
    "and ended": (
        [INTERIM, INTO, OVER],
        "ASPP",
        [{"Begun": 1, "Ended": 1}, {}],
        {"an interim or safety plan, or one whose kind is not recorded"},
    ),
    "revised into the same kind, it began once": (
        [replace(INTERIM, code="protection"), INTO],
        "ASPP",
        [{"Begun": 1, "In place on the last day": 1}, {"In place on the last day": 1}],
        set(),
    ),
    "revised into another kind, it is over as what it was": (
        [
            replace(INTERIM, code="protection"),
            a_plan(3, steps.PLAN_REVISED, "2027-07-12", "safety"),
            replace(OVER, day_to=date(2027, 7, 20)),
        ],
        "ASPP",
        [{"Begun": 1, "In place on the last day": 1}, {"Ended": 1}],
        set(),
    ),
    "the end of a plan whose agreement was withdrawn": (
        [replace(INTERIM, why="withdrawn"), OVER],
        "ASPP",
        [{}, {}],
        {
            "ended, and that the plan was agreed does not stand",
            "withdrawn by a correction",
        },
    ),
    "revised, and its agreement was withdrawn": (
        [replace(INTERIM, why="withdrawn"), INTO, OVER],
        "ASPP",
        [{"Ended": 1}, {}],
        {
            "revised, and that the plan was agreed does not stand",
            "withdrawn by a correction",
        },
    ),
    "the grant of an order whose application was withdrawn": (
        [
            replace(a_step(1, steps.APPLIED, DAY), code="banning", why="withdrawn"),
            replace(a_step(2, steps.GRANTED, DAY), code="yes"),
        ],
        "Orders",
        [{}, {}],
        {
            "granted, and that it was applied for does not stand",
            "withdrawn by a correction",
        },
    ),
    "opened, and linked to two": (
        [OPENED_LARGE, FIRST_LINK, OTHER_LINK],
        "LSI",
        [{"Large scale investigations begun": 1}] * 2,
        set(),
    ),
    "linked to two, and opened": (
        [
            OPENED_LARGE,
            *(replace(one, day_from=MAY, day_to=MAY) for one in (FIRST_LINK, OTHER_LINK)),
        ],
        "LSI",
        [{"Large scale investigations begun": 2}, {}],
        {
            "opened in a case that names several references, all of them linked before",
        },
    ),
    "opened in two cases, one of them unlinked": (
        [
            OPENED_LARGE,
            FIRST_LINK,
            large(3, steps.LARGE_LINKED, "2027-07-02", 1, case=OTHER_CASE),
            APART,
        ],
        "LSI",
        [{}, {"Large scale investigations begun": 1}],
        {NAMES_NONE},
    ),
    "linked by mistake, and unlinked": (
        [replace(FIRST_LINK, day_from=date(2027, 6, 1), day_to=date(2027, 6, 1)), APART],
        "LSI",
        [{}, {}],
        {"linked to an investigation, and unlinked since"},
    ),
    "and linked to the right one": (
        [FIRST_LINK, OTHER_LINK, APART],
        "LSI",
        [{}, {"Large scale investigations begun": 1}],
        set(),
    ),
}


@pytest.mark.parametrize("which", PARTS)
def test_what_plans_orders_and_investigations_are_made_of(which: str) -> None:
    """A plan is what it was last revised into; a link that was undone, an end or grant alone, none.

    Whatever of the first quarter counts in none of its cells is named there.
    """
    told_, code, quarters, why = PARTS[which]
    filled = [TABLES[code].fill(an_empty(dataset(told_), one)) for one in (Q1, Q2)]
    assert [counts(one) for one in filled] == quarters
    assert set(left_out(filled[0])) == why


@pytest.mark.parametrize(
    ("ages", "band"),
    [
        ((16, 16), "16-24"),
        ((24, 25), "Not known"),  # of one of two bands
        ((65, 66), "65-84"),
        ((85, 85), "85+"),
        ((), "Not known"),
    ],
)
def test_bands_of_age(ages: tuple[int, ...], band: str) -> None:
    """Every age an adult can have lies in the band."""
    made = dataset([a_step(1, steps.OPENED, "2027-05-01"), a_step(2, steps.POWER, "2027-05-01")])
    found = TABLES["Age"].fill(an_empty(replace(made, ages={FIRST: ages})))
    assert counts(found) == {band: 1}


def test_whom_a_filed_return_left_out_as_under_age_stays_so() -> None:
    """Of somebody forgotten an entry that was left out for their age is left out still."""
    opened_, other = (
        a_step(1, steps.OPENED, DAY),
        a_step(3, steps.OPENED, DAY, SECOND, case=OTHER_CASE),
    )
    told_ = [opened_, a_step(2, steps.POWER, DAY), replace(other, adult=ref(202))]
    found = an_empty(dataset([*told_, a_step(4, steps.POWER, DAY, SECOND, case=OTHER_CASE)]))
    forgotten = replace(found, forgotten=frozenset({ADULT}))
    assert total(as_filed(NATION, forgotten, frozenset()), "3") == 2
    young = as_filed(NATION, forgotten, frozenset({1, 3}))
    assert total(young, "3") == total(young, "Age") == 1
    (left,) = TABLES["3"].fill(young).left_out
    assert [one.position for one in left.counted] == [1]
    assert left.why.startswith(UNDER_AGE)
    assert YOUNG.startswith(UNDER_AGE)


def test_unknown_indicators_have_no_figure() -> None:
    """Every number of the 19 is one that is known, or is named as unknown with no figure."""
    named = TABLES["Unknown"].fill(an_empty()).cells
    known = {int(code.rstrip("ab")) for code in TABLES if code[0].isdigit()}
    unknown = {int(one.category.removeprefix("Indicator ")) for one in named}
    assert known | unknown == set(range(1, 20))
    assert not known & unknown
    assert {one.value for one in named} == {None}


def some_steps(random: Random, count: int) -> list[Step]:
    """Give steps of some adults, each with a case of their own."""
    names = (steps.LINKED, steps.OPENED, steps.POWER, steps.CONCLUDED, steps.REOPENED)
    made = list[Step]()
    for position in range(1, count + 1):
        number = random.randrange(4)
        name = random.choice(names)
        day = date(2027, 4, 1) + timedelta(days=random.randrange(180))
        made.append(
            Step(
                position=position,
                case=ref(number),
                stream=ref(number),
                name=name,
                adult=ref(200 + number),
                about=None if name == steps.LINKED else ref(40 + 2 * number + random.randrange(2)),
                code=random.choice(("visit", "met_ongoing", "police", None)),
                reason="repeat" if name == steps.LINKED else None,
                day_from=day,
                day_to=day,
                recorded_on=day + timedelta(days=random.randrange(30)),
            )
        )
    return made


def whole(told_: Sequence[Step], of: Span) -> list[object]:
    """Fill every table of a period, as rows."""
    found = an_empty(dataset(told_), of)
    return [row for one in scotland.TABLES for row in long_form(one.fill(found).cells)]


@settings(max_examples=25, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_laws_of_the_dataset(seed: int) -> None:
    """Four quarters are the year; order of reading and others' steps change nothing of an adult's.

    Each inquiry triggered in a period is counted in one of 2 and 3, or is named as left out.
    """
    random = Random(seed)  # noqa: S311 — a history, not a secret
    told_ = some_steps(random, 40)
    year = Span(year=2027)
    quarters = [Span(year=2027, quarter=number) for number in (1, 2, 3, 4)]
    for code in ("1", "2", "3", "10", "11"):
        of_year = total(an_empty(dataset(told_), year), code)
        assert of_year == sum(total(an_empty(dataset(told_), one), code) for one in quarters)
    mixed = random.sample(told_, len(told_))
    assert whole(mixed, Q1) == whole(told_, Q1)
    parts = [[one for one in told_ if one.case == ref(number)] for number in range(4)]
    for code in ("1", "2", "3"):
        each = sum(total(an_empty(dataset(one), year), code) for one in parts)
        assert each == total(an_empty(dataset(told_), year), code)
    found = an_empty(dataset(told_), year)
    named = {each.subject for one in TABLES["2"].fill(found).left_out for each in one.counted}
    cells = (one for code in ("2", "3") for one in TABLES[code].fill(found).cells)
    counted = [each.subject for one in cells for each in one.counted]
    assert len(counted) == len(set(counted))
    assert named | {*counted} == {one.about for one in told_ if one.name == steps.OPENED}
    assert total(found, "10") == total(found, "2")
    assert total(found, "11") == total(found, "3")
