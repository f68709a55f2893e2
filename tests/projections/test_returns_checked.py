"""Each rule V1 to V13 over cells: where it holds, does not, and cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pytest

from domain.jurisdictions.england import ENGLAND
from projections.returns import tables
from projections.returns.england.councils import (
    COUNCILS,
    FORM,
    UnreadableListError,
    known,
    read_list,
    spells,
)
from projections.returns.england.naming import RULE
from projections.returns.england.words import AUTISM
from projections.returns.longform import place_of
from projections.returns.table import Cell
from projections.returns.validation import (
    CONCERNS,
    CONCLUDED,
    FAILED,
    INDIVIDUALS,
    NOT_CHECKED,
    OTHER,
    PASSED,
    REVIEWS,
    RULES,
    SECTION_42,
    Checked,
    Sent,
    refused,
    validate,
)
from projections.returns.variance import changes
from tests.projections.conftest import Views
from tests.projections.test_returns import facts

SHORT = {"concern": CONCERNS, "s42": SECTION_42, "other": OTHER, "done": CONCLUDED}
SHORT |= {"reviews": REVIEWS, "people": INDIVIDUALS}
# A return in which every rule holds: table, population, category, subcategory, value.
WHOLE = """
SG1a|concern|18-64||8
SG1a|s42|18-64||3
SG1a|other|18-64||1
SG1b|concern|Male||8
SG1b|s42|Male||3
SG1b|other|Male||1
SG1c|concern|White||8
SG1c|s42|White||3
SG1c|other|White||1
SG1d|concern|Physical Support||9
SG1d|s42|Physical Support||4
SG1d|other|Physical Support||1
SG1e|s42|{autism}||0
SG1e|s42|{asperger}||1
SG1f|concern|Total Number of Safeguarding Concerns||10
SG1f|s42|Total Number of Section 42 Safeguarding Enquiries||4
SG1f|other|Total Number of Other Safeguarding Enquiries||1
SG2a|done|Physical Abuse|Other - Known to individual|2
SG2a|done|Neglect and Acts of Omission|Service Provider|2
SG2a_b1|done|Physical Abuse|Own Home|2
SG2a_b1|done|Neglect and Acts of Omission|Own Home|2
SG2b|done|Own Home|Service Provider|2
SG2b|done|Own Home|Other - Known to individual|2
SG2c|done|Risk identified and action taken|Service Provider|2
SG2c|done|Risk identified and no action taken|Service Provider|0
SG2c|done|No risk identified and no action taken|Other - Known to individual|1
SG2e|done|Risk reduced|Service Provider|2
SG3a|done|Yes, they lacked capacity||2
SG3a|done|No, they did not lack capacity||1
SG3a|done|Don't know||0
SG3a|done|Not recorded||0
SG3a|done|{supported}||1
SG4a|done|Yes they were asked and outcomes were expressed||2
SG4a|done|Yes they were asked but no outcomes were expressed||1
SG4a|done|No||0
SG4a|done|Don't Know||0
SG4a|done|Not Recorded||0
SG4a|done|Fully Achieved||1
SG4a|done|Partially Achieved||1
SG4a|done|Not Achieved||0
SG5a|reviews|Where one or more individuals died||1
SG5a|reviews|Where no individuals died||0
SG5b|people|Who suffered serious harm and died||1
SG5b|people|Who suffered serious harm and survived||1
"""


def cells(text: str) -> list[Cell]:
    """Read cells, one a line; a value that is left out was not given."""
    found = []
    supported = "Of the enquiries recorded as Yes, in how many of these cases was support provided"
    text = text.replace("{supported}", f"{supported} by an advocate, family or friend")
    for code, category in AUTISM.items():
        text = text.replace(f"{{{code}}}", category)
    for line in text.strip().splitlines():
        table, of, category, subcategory, value = line.split("|")
        found.append(
            Cell(
                table=table,
                enquiry_type=SHORT[of],
                category=category,
                subcategory=subcategory,
                value=int(value) if value else None,
                counted=(),
            )
        )
    return found


def changed(*lines: str) -> list[Cell]:
    """Give the whole return with some of its figures replaced."""
    instead = {(*one[:-1],): one[-1] for one in (line.split("|") for line in lines)}
    text = [line.split("|") for line in WHOLE.strip().splitlines()]
    assert instead.keys() <= {(*one[:-1],) for one in text}
    return cells(
        "\n".join("|".join((*one[:-1], instead.get((*one[:-1],), one[-1]))) for one in text)
    )


def whole(given: Sequence[Cell]) -> Sent:
    """Send cells with all that goes with them."""
    return Sent(cells=given, last=given, signed=True)


def found(number: str, sent: Sent) -> tuple[Checked, ...]:
    """Test the rules of one number."""
    return validate(sent, [one for one in RULES if one.number == number])


def test_a_return_in_which_every_rule_holds() -> None:
    """Where all that a rule needs is given and agrees, the rule passed."""
    checked = validate(whole(cells(WHOLE)))
    assert {one.rule.number: one.outcome for one in checked if one.outcome != PASSED} == {}
    assert [one.rule.number for one in checked] == [
        *(f"V{number}" for number in range(1, 6)),
        *(f"V{number}" for number in range(5, 14)),
    ]
    assert not refused(checked)


BROKEN = [
    ("V1", True, ("SG1b|s42|Male||2",), "SG1a 3, SG1b 2, SG1c 3"),
    ("V2", True, ("SG1f|other|Total Number of Other Safeguarding Enquiries||0",), "0 cases"),
    ("V2", True, ("SG1a|concern|18-64||11",), "11 individuals (SG1a) and 10 cases"),
    ("V2", True, ("SG1a|other|18-64||0",), "0 individuals (SG1a) and 1 cases"),
    ("V3", False, ("SG1d|s42|Physical Support||2",), "2 support reasons"),
    ("V3", False, ("SG1d|s42|Physical Support||5",), "5 support reasons"),
    ("V4", False, ("SG1f|other|Total Number of Other Safeguarding Enquiries||7",), "7 other"),
    ("V5", True, ("SG2b|done|Own Home|Service Provider|4",), "4, of 3 concluded"),
    ("V5", False, ("SG2a|done|Physical Abuse|Other - Known to individual|0",), "SG2a: 2 in all"),
    ("V6", True, ("SG2e|done|Risk reduced|Service Provider|1",), "Service Provider: 1 outcomes"),
    ("V7", True, ("SG3a|done|Yes, they lacked capacity||0",), "1 supported, of 0"),
    ("V8", False, ("SG4a|done|No||1",), "4 answers in SG4a, 3 in SG3a"),
    ("V9", True, ("SG4a|done|Not Achieved||1",), "3 say whether"),
    ("V10", True, ("SG5b|people|Who suffered serious harm and died||0",), "0 who died"),
    ("V10", True, ("SG5a|reviews|Where no individuals died||2",), "3 reviews (SG5a) of 2"),
    ("V11", True, ("SG3a|done|Don't know||",), "mandatory and has empty cells"),
    ("V11", True, ("SG1d|s42|Physical Support||",), "mandatory and has empty cells"),
    ("V11", True, ("SG5a|reviews|Where no individuals died||",), "mandatory and has empty cells"),
    ("V11", True, ("SG4a|done|No||-1",), "below 0"),
    ("V12", False, ("SG2a_b1|done|Physical Abuse|Own Home|0",), "Physical Abuse: 2 by source"),
]


@pytest.mark.parametrize(("number", "hard", "lines", "says"), BROKEN)
def test_a_rule_that_does_not_hold_says_where(
    number: str, *, hard: bool, lines: tuple[str, ...], says: str
) -> None:
    """A broken rule is hard or soft, and names what it found and the cells."""
    checked = [one for one in found(number, whole(changed(*lines))) if one.rule.hard is hard]
    (one,) = checked
    assert one.outcome == FAILED
    assert says in " ".join(fault.says for fault in one.faults)
    assert all(fault.cells for fault in one.faults)
    assert refused(checked) is hard


LACKING = [
    ("V1", "SG1c"),
    ("V2", "SG1a"),
    ("V3", "SG1d"),
    ("V4", "SG1f"),
    ("V5", "SG3a"),
    ("V6", "SG2e"),
    ("V7", "SG3a"),
    ("V8", "SG4a"),
    ("V9", "SG4a"),
    ("V10", "SG5b"),
    ("V11", "SG2c"),
    ("V11", "SG1e"),
    ("V11", "SG5b"),
    ("V12", "SG2a_b1"),
]


@pytest.mark.parametrize(("number", "table"), LACKING)
@pytest.mark.parametrize("empty", [False, True])
def test_a_rule_about_what_is_not_given_is_not_checked(
    number: str, table: str, *, empty: bool
) -> None:
    """Without a table, or with a blank one, a rule says so and does not pass.

    A mandatory table that is blank is a fault, which only V11 is about.
    """
    given = [one for one in cells(WHOLE) if empty or one.table != table]
    given = [replace(one, value=None) if one.table == table else one for one in given]
    outcomes = {one.outcome for one in found(number, whole(given))}
    assert outcomes == ({FAILED} if empty and number == "V11" else {NOT_CHECKED})


def test_a_table_that_is_wrong_is_wrong_also_where_another_is_missing() -> None:
    """V1 compares what there is of its three tables."""
    given = [one for one in changed("SG1b|s42|Male||2") if one.table != "SG1c"]
    (one,) = found("V1", whole(given))
    assert (one.outcome, one.missing != ()) == (FAILED, True)


@pytest.mark.parametrize(
    ("signed", "outcome"), [(True, PASSED), (False, FAILED), (None, NOT_CHECKED)]
)
def test_the_sign_off(outcome: str, *, signed: bool | None) -> None:
    """V11 asks that the sign-off is complete; where nobody says, it was not checked."""
    (one,) = found("V11", Sent(cells=cells(WHOLE), signed=signed))
    assert one.outcome == outcome


def test_what_is_mandatory_is_said_in_one_place(views: Views) -> None:
    """A cell that a table says is mandatory may not be blank (V11), and any other may."""
    filled = [one.fill(facts(views)) for one in tables(ENGLAND.code, 2025)]
    given = [cell for one in filled for cell in one.cells]
    for voluntary in (True, False):
        blank = [replace(one, value=None) for one in given if one.voluntary is voluntary]
        kept = [one for one in given if one.voluntary is not voluntary]
        (checked,) = found("V11", whole([*kept, *blank]))
        assert checked.outcome == (PASSED if voluntary else FAILED)
        told = {place for fault in checked.faults for place in fault.cells}
        assert told == (set() if voluntary else {place_of(one) for one in blank})


def test_a_voluntary_blank_is_not_0() -> None:
    """A blank voluntary block breaks no rule; one of zeros is compared only where it was given."""
    blank = [replace(one, value=None) if one.table == "SG4a" else one for one in cells(WHOLE)]
    assert not refused(validate(whole(blank)))
    assert [one.outcome for one in found("V11", whole(blank))] == [PASSED]


@pytest.mark.parametrize(
    ("commented", "last", "outcome"),
    [((), WHOLE, FAILED), (("SG1f",), WHOLE, PASSED), ((), None, NOT_CHECKED)],
)
def test_a_variance_needs_a_comment(
    commented: tuple[str, ...], last: str | None, outcome: str
) -> None:
    """V13 asks for a comment on a table that differs much; without a year before it says so."""
    now = changed("SG1f|concern|Total Number of Safeguarding Concerns||16")
    sent = Sent(cells=now, last=None if last is None else cells(last), commented=commented)
    (one,) = found("V13", sent)
    assert one.outcome == outcome


@pytest.mark.parametrize(
    ("last", "now", "percent"),
    [(10, 16, 60), (10, 4, -60), (10, 14, None), (100, 125, None), (100, 126, 26), (0, 5, None)],
)
def test_a_variance_has_a_threshold(last: int, now: int, percent: int | None) -> None:
    """A figure varies by more than 25 % of the year before and by 5 at least; from 0 by 5."""
    (one, *_) = cells(WHOLE)
    found = changes([replace(one, value=now)], [replace(one, value=last)])
    assert [each.percent for each in found] == ([] if percent is None and last else [percent])
    assert changes([replace(one, value=now)], [replace(one, value=None)]) == ()
    assert {each.difference for each in found} <= {now - last}


LIST: Final = "year,code,name\n2025-26,211,One\n2025-26,E10000000,Two\n2024,212,Three\n"


@pytest.mark.parametrize(
    ("council", "listed", "outcome"),
    [
        (None, None, NOT_CHECKED),
        ("", None, FAILED),
        ("21", None, FAILED),
        ("S12000033", None, FAILED),
        ("U6Q5Z", None, NOT_CHECKED),
        ("211", None, NOT_CHECKED),
        ("211", 2025, PASSED),
        ("E10000000", 2025, PASSED),
        ("211", 2024, FAILED),
    ],
)
def test_a_return_names_a_council_that_submits_it(
    council: str | None, listed: int | None, outcome: str
) -> None:
    """V14 is hard: a code there is, of the form of one, and on the list of its year if there is."""
    known = None if listed is None else read_list(LIST)[listed]
    (one,) = validate(Sent(cells=(), council=council, listed=known), [RULE])
    assert (one.rule.hard, one.outcome) == (True, outcome)


@pytest.mark.parametrize(
    ("council", "year", "outcome", "says"),
    [
        ("102", 2022, PASSED, ""),
        ("102", 2023, FAILED, "102 is Cumbria until 2022-23"),
        ("E10000006", 2025, FAILED, "E10000006 is Cumbria until 2022-23"),
        ("H6X4G", 2022, FAILED, "H6X4G is Cumberland from 2023-24"),
        ("H6X4G", 2023, PASSED, ""),
        ("E06000064", 2025, PASSED, ""),
        ("811", 2018, PASSED, ""),
        ("811", 2019, FAILED, "811 is Poole until 2018-19"),
        ("738", 2018, FAILED, "738 is Bournemouth, Christchurch and Poole from 2019-20"),
        ("809", 2018, PASSED, ""),
        ("809", 2025, PASSED, ""),
        (
            "E10000009",
            2019,
            FAILED,
            "E10000009 is Dorset until 2018-19; for 2019-20 it is 809, or E06000059",
        ),
        (
            "612",
            2020,
            FAILED,
            "612 is Buckinghamshire until 2019-20; for 2020-21 it is 916, or E06000060",
        ),
        ("504", 2021, FAILED, "504 is Northamptonshire until 2020-21"),
        ("100", 2021, PASSED, ""),
        ("218", 2022, PASSED, ""),
        ("218", 2023, PASSED, ""),
        (
            "E10000023",
            2023,
            FAILED,
            "E10000023 is North Yorkshire until 2022-23; for 2023-24 it is 218, or E06000065",
        ),
        ("E08000019", 2024, PASSED, ""),
        (
            "E08000019",
            2025,
            FAILED,
            "E08000019 is Sheffield until 2024-25; for 2025-26 it is 207, or E08000039",
        ),
        ("E08000038", 2025, PASSED, ""),
        ("999", 2020, FAILED, "999 is none of the 151 councils listed for that year"),
        (
            "999",
            2021,
            NOT_CHECKED,
            (
                "999 is of no council known; the digits of West Northamptonshire, North "
                "Northamptonshire are not certain"
            ),
        ),
        ("A1B2C", 2025, FAILED, "A1B2C is none of the 153 councils listed for that year"),
        ("E07000008", 2025, FAILED, "E07000008 is none of the 153 councils listed for that year"),
        ("000", 2025, NOT_CHECKED, "000 stands for a council that is made up"),
        ("102", 2026, NOT_CHECKED, "which councils submit in that year is not known here"),
        ("102", 2017, NOT_CHECKED, "which councils submit in that year is not known here"),
    ],
)
def test_a_council_is_held_to_the_list_of_the_year(
    council: str, year: int, outcome: str, says: str
) -> None:
    """A code is a fault where it is certainly of no council of that year, and says whose it is."""
    (one,) = validate(Sent(cells=(), council=council, listed=known(year)), [RULE])
    said = [each.says for each in one.faults] + list(one.missing)
    assert (one.outcome, said) == (outcome, [says] if says else [])


@pytest.mark.parametrize(("year", "count"), COUNCILS.items())
def test_the_list_has_as_many_councils_as_were_counted(year: int, count: int) -> None:
    """Of a year there are as many as its publication counted, none twice, no code of two."""
    mine = [one for one in spells() if one.covers(year)]
    codes = [code for one in mine for code in one.codes]
    names = {one.name for one in mine}
    found = known(year)
    assert found is not None
    assert (len(mine), len(names), found.count) == (count, count, count)
    assert len(set(codes)) == len(codes) == len(found.names)


def test_every_line_of_the_list_has_its_codes_its_years_and_where_it_was_seen() -> None:
    """Codes have their form, no spell ends before it begins or runs into another, each was seen."""
    kinds = {"ascof-2025", "ascs-2021", "ascfr-2017", "pssex-2016", "ons-2025"}
    for one in spells():
        assert all(FORM.fullmatch(code) for code in one.codes), one
        assert one.ons_code[:3] in {"E06", "E08", "E09", "E10"}, one
        assert not one.code.startswith("E"), one
        assert one.last is None or one.first <= one.last, one
        assert one.seen, one
        assert set(one.seen) <= kinds, one
    once = [one for one in spells() if len(one.seen) == 1]
    assert {one.name for one in once} == {
        "Barnsley",
        "Sheffield",
        "Cumberland",
        "Westmorland and Furness",
        "North Northamptonshire",
        "West Northamptonshire",
        "North Yorkshire",
        "Somerset",
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "code,name\n",
        "year,code,name\n2025-27,211,One\n",
        "year,code,name\n2025,21,One\n",
        f"{LIST}2025,211,Again\n",
    ],
)
def test_a_list_of_councils_that_cannot_be_read_says_where(text: str) -> None:
    """Columns, a year, a code, and each council once a year: else it is no list."""
    with pytest.raises(UnreadableListError, match=r"line"):
        read_list(text)


def test_every_rule_is_broken_here_once() -> None:
    """Each number, and each strength of it, has a row that breaks it."""
    broken = {(number, hard) for number, hard, *_ in BROKEN} | {("V13", False)}
    assert broken == {(one.number, one.hard) for one in RULES}
    assert {number for number, _ in LACKING} | {"V13"} == {one.number for one in RULES}
