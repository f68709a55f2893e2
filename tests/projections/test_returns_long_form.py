"""The long form of a return: its columns and spellings, and exact figures apart from published."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from domain.jurisdictions.england import ENGLAND
from projections.returns import tables
from projections.returns.facts import Facts, Period
from projections.returns.longform import (
    COLUMNS,
    Exact,
    Place,
    PublishedFigure,
    as_csv,
    exact,
    publish,
    rows,
)
from projections.returns.table import Cell
from tests.projections.test_returns_checked import WHOLE, cells

NOBODY = Facts(
    period=Period(first=date(2025, 4, 1), last=date(2026, 3, 31)),
    concerns=(),
    doubtful=(),
    begun=(),
    concluded=(),
    sealed={},
    died={},
)
# Under which names the publisher's tables add up what stands in ours.
COLUMN_NAMES = """
SG1f Total Number of Safeguarding Concerns
SG1f Total Number of Section 42 Safeguarding Enquiries
SG1f Total Number of Other Safeguarding Enquiries
SG2a Physical Abuse
SG2a Sexual Abuse
SG2a Psychological Abuse
SG2a Financial or Material Abuse
SG2a Discriminatory Abuse
SG2a Organisational Abuse
SG2a Neglect and Acts of Omission
SG2a Domestic Abuse
SG2a Sexual Exploitation
SG2a Modern Slavery
SG2a Self-Neglect
SG2b Own Home
SG2b In the Community
SG2b Community Service
SG2b Care Home - Nursing
SG2b Care Home - Residential
SG2b Hospital - Acute
SG2b Hospital - Mental Health
SG2b Hospital - Community
SG2b Other
SG2c Risk identified and action taken
SG2c Risk identified and no action taken
SG2c Risk Assessment inconclusive and action taken
SG2c Risk Assessment inconclusive and no action taken
SG2c No risk identified and action taken
SG2c No risk identified and no action taken
SG2c Enquiry ceased at individual's request and no action taken
SG2e Risk remained
SG2e Risk reduced
SG2e Risk removed
SG3a Yes, they lacked capacity
SG3a No, they did not lack capacity
SG3a Don't know
SG3a Not recorded
SG3a Of the enquiries recorded as Yes, in how many of these cases was support provided by an \
advocate, family or friend
SG4a Yes they were asked and outcomes were expressed
SG4a Yes they were asked but no outcomes were expressed
SG4a No
SG4a Don't Know
SG4a Not Recorded
SG4a Fully Achieved
SG4a Partially Achieved
SG4a Not Achieved
SG5a Where one or more individuals died
SG5a Where no individuals died
SG5b Who suffered serious harm and died
SG5b Who suffered serious harm and survived
""".strip().splitlines()
_AUTISM = "SG1e Learning, Developmental or Intellectual Disability"
ROW_NAMES = f"""
SG1a 18-64
SG1a 65-74
SG1a 75-84
SG1a 85-94
SG1a 95+
SG1b Male
SG1b Female
SG1b Not Known
SG1c White
SG1c Mixed / Multiple
SG1c Asian / Asian British
SG1c Black / African / Caribbean / Black British
SG1c Other Ethnic Group
SG1c Refused
SG1c Undeclared / Not Known
SG1d Physical Support
SG1d Sensory Support
SG1d Support with Memory and Cognition
SG1d Learning Disability Support
SG1d Mental Health Support
SG1d Social Support
SG1d No Support Reason
SG1d Not Known
{_AUTISM} (Autism excluding Asperger's Syndrome/ High Functioning Autism)
{_AUTISM} (Asperger's Syndrome/ High Functioning Autism)
SG2b Service Provider
SG2b Other - Known to individual
SG2b Other - Unknown to individual
""".strip().splitlines()


def england() -> list[Cell]:
    """Fill every English table there is, with nobody."""
    return [one for table in tables(ENGLAND.code, 2025) for one in table.fill(NOBODY).cells]


def whole(found: list[Cell], *, simulated: bool = False) -> Exact:
    """Make a return of cells."""
    return exact(found, period="2025-26", council="999", simulated=simulated)


@pytest.mark.parametrize("code", [one.code for one in tables(ENGLAND.code, 2025)])
def test_a_table_has_every_name_that_the_publisher_adds_up(code: str) -> None:
    """Each column and row of the publication tables is filled, spelt to the letter (R148)."""
    places = [one.place for one in whole(england()).figures if one.place.table == code]
    for wanted, given in (
        (COLUMN_NAMES, {one.column_name for one in places}),
        (ROW_NAMES, {one.row_name for one in places}),
    ):
        assert {one for one in wanted if one.startswith(f"{code} ")} <= given


def test_the_long_form_is_a_row_a_figure_zeros_included() -> None:
    """CSV has the publisher's columns after the year, a row a cell in its order; 0 is written.

    What was not given (a voluntary block) is a row without a value, and no 0.
    """
    found = england()
    written = as_csv(whole(found))
    assert written == as_csv(whole(found[::-1]))
    head, *body = csv.reader(io.StringIO(written.decode(), newline=""))
    assert head == [
        *("YEAR", "CASSR_CODE", "TABLE_REFERENCE", "ENQUIRY_TYPE", "CATEGORY", "SUBCATEGORY"),
        *("COLUMN_NAME", "ROW_NAME", "VALUE"),
    ]
    assert len(body) == len(found)
    assert body == sorted(body)
    assert {row[:2] == ["2025-26", "999"] for row in body} == {True}
    assert {row[8] for row in body if row[2] != "SG4a"} == {"0"}
    assert {row[8] for row in body if row[2] == "SG4a"} == {""}


@pytest.mark.parametrize(
    ("place", "column", "row"),
    [
        (("SG1f", "", "Total Number of Safeguarding Concerns", ""), "SG1f …", ""),
        (("SG1a", "", "85-94", ""), "", "SG1a 85-94"),
        (("SG2a", "", "Self-Neglect", "Service Provider"), "SG2a Self-Neglect", ""),
        (("SG2b", "", "Own Home", "Service Provider"), "SG2b Own Home", "SG2b Service Provider"),
        (("SG4a", "", "Fully Achieved", ""), "SG4a Fully Achieved", ""),
        (("1", "", "Something of another nation", ""), "", ""),
    ],
)
def test_what_a_figure_is_called_where_it_is_added_up(
    place: tuple[str, str, str, str], column: str, row: str
) -> None:
    """A figure is added up under its category or its subcategory, as its table has it."""
    named = Place(*place)
    assert named.column_name == column.replace("…", named.category)
    assert named.row_name == row


def test_published_figures_are_of_another_type() -> None:
    """Publishing rounds each figure, and what comes out holds no exact one."""
    found = publish(whole(cells("SG1f|s42|Total||12\nSG1f|other|Total||4\nSG1a|s42|18-64||")))
    assert [one.written for one in found.figures] == ["10", "[c]", "[x]"]
    assert all(isinstance(one, PublishedFigure) for one in found.figures)
    assert not any(hasattr(one, "value") for one in found.figures)


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({"No": 0, "Fully Achieved": 0}, {"No": "[x]", "Fully Achieved": "[x]"}),
        (
            {"No": 7, "Fully Achieved": 0},
            {"No": "5", "Fully Achieved": "[x]", "Not Recorded": "[c]"},
        ),
    ],
)
def test_a_voluntary_block_of_zeros_was_not_given(
    answers: dict[str, int], shown: dict[str, str]
) -> None:
    """Of SG4a the answers, or what was achieved, are not given where all of them are 0."""
    blank = [one for one in cells(WHOLE) if one.table == "SG4a"]
    lines = "\n".join(f"SG4a|done|{one.category}||{answers.get(one.category, 0)}" for one in blank)
    found = {one.place.category: one.written for one in publish(whole(cells(lines))).figures}
    assert {name: found[name] for name in shown} == shown


def test_each_row_of_a_made_up_record_says_so() -> None:
    """A simulated record's long form has one column more, and SIMULATED in every row of it."""
    real, made_up = (whole(cells(WHOLE), simulated=one) for one in (False, True))
    assert {row[len(COLUMNS)] for row in rows(made_up)} == {"SIMULATED"}
    assert {row[len(COLUMNS)] for row in rows(publish(made_up))} == {"SIMULATED"}
    assert [row[: len(COLUMNS)] for row in rows(made_up)] == rows(real)
    assert as_csv(made_up).splitlines()[0].endswith(b",VALUE,SIMULATED")
