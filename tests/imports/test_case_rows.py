"""Rows of a case list: whom they are about, and what is wrong with them."""

from __future__ import annotations

import pytest

from api.caselists.columns import CASE_LIST, COLUMNS, EXAMPLE
from api.caselists.rows import read_rows
from api.chronologies.sheet import LARGEST_CELL, read_sheet
from domain.concern import ReceiveReferral
from domain.correction import RestrictProcessing
from domain.person import Details, RegisterPerson
from domain.reference import AddCaseReference
from domain.when import on_day
from domain.words import (
    Code,
    ExternalReference,
    Personal,
    PersonRef,
    Slug,
)
from tests.controls import ref
from tests.imports.bringing import OPEN, SYSTEM, TODAY, Bringer, Lists, bringer, lists
from tests.imports.conftest import NOW

__all__ = ["bringer", "lists"]

# -------------------------------------------------------------------------------------- people


def test_a_person_is_matched_by_reference_alone(bringer: Bringer) -> None:
    """Two cases of one reference are of one person; a name alike makes nobody the same."""
    second = {**OPEN, "Case reference": "S-7"}
    namesake = {**OPEN, "Case reference": "S-8", "Person reference": "P-8"}
    bringer.bring(OPEN, second, namesake)
    adults = [bringer.facts(name)[0].event.adult for name in ("S-1", "S-7", "S-8")]
    assert adults[0] == adults[1] != adults[2]


def test_who_may_be_known_twice_is_reported(bringer: Bringer) -> None:
    """The same name and birth under other references is reported, in the list and the record."""
    bringer.bring(OPEN)
    known = bringer.facts()[0].event.adult
    rows = [
        {**OPEN, "Case reference": "S-8", "Person reference": "P-8", "Name": "EXAMPLE, violet"},
        {**OPEN, "Case reference": "S-9", "Person reference": "P-9", "Name": "Example Violet"},
    ]
    _, read = bringer.read(bringer.file(*rows))
    looking = bringer.looking()
    assert looking.perhaps_known(looking.at(read.rows)) == [
        (2, "person", str(known)),
        (3, "like_row", "2"),
        (3, "person", str(known)),
    ]
    names = [row.name for row in bringer.office.readings.log.read(0)]
    assert any(name.startswith("search-made") for name in names)
    assert any(name.startswith("record-viewed") for name in names)


def test_one_person_under_two_references_in_one_list(bringer: Bringer) -> None:
    """Whom a row makes known under two references, a later row finds by either."""
    both = {"Case reference": "S-1", "Person reference": "P-1", "NHS number": "999 000 0018"}
    nhs = {"Case reference": "S-2", "NHS number": "9990000018"}
    loaded = bringer.bring(both, nhs)
    assert (loaded.brought, loaded.refused) == (2, [])
    assert bringer.facts("S-1")[0].event.adult == bringer.facts("S-2")[0].event.adult


def test_references_of_two_people_are_wrong(bringer: Bringer) -> None:
    """A row whose references lead to two people records nothing, and says so."""
    for number, (system, id_) in enumerate(((SYSTEM, "P-1"), ("nhs", "9990000018"))):
        person = PersonRef(ref(600 + number))
        command = RegisterPerson(
            person=person,
            details=Details(),
            external=(ExternalReference(system=Slug(system), id=Personal(person, id_)),),
        )
        bringer.ask(person, command, version=0, number=10 + number)
    row = {"Case reference": "S-1", "Person reference": "P-1", "NHS number": "999 000 0018"}
    (found,) = bringer.found(row)
    assert found.wrong is not None
    assert "two people" in found.wrong.remedy
    assert bringer.bring(row).brought == 0


def test_what_the_record_has_of_a_person_stays(bringer: Bringer) -> None:
    """Another name, or a number the record does not have, is reported and not written over."""
    bringer.bring(OPEN)
    row = {**OPEN, "Case reference": "S-7", "Name": "V. Example", "NHS number": "999 000 0018"}
    (found,) = bringer.found(row)
    assert found.whom is not None
    assert (found.whom.differs, found.whom.unknown_numbers) == (("name",), ("nhs",))


def test_a_restricted_case_is_not_compared(bringer: Bringer) -> None:
    """Of a case whose reading is restricted, a row learns nothing."""
    bringer.bring(OPEN)
    facts = bringer.facts()
    restrict = RestrictProcessing(ground=Code("accuracy_contested"))
    bringer.ask(facts[0].stream, restrict, version=len(facts), number=20)
    (found,) = bringer.found({**OPEN, "Name": "Violet Other"})
    assert found.wrong is not None
    assert (found.changed, "restricted" in found.wrong.remedy) == ((), True)


# --------------------------------------------------------------------------------- wrong rows

OTHERWISE = {**OPEN, "Case reference": "S-5", "Name": "Vera Example"}
THIRD = {**OPEN, "Case reference": "S-6", "Person reference": "P-6", "Name": "Olive Example"}
WRONG = [
    ({"Case reference": ""}, "Case reference"),
    ({"Received": "03/2026/02"}, "Received"),
    ({"Received": "2027-03-02"}, "Received"),
    ({"Received": "1940-01-01"}, "Received"),
    ({"Date of birth": "not a day"}, "Date of birth"),
    ({"Stage": "somewhere"}, "Stage"),
    ({"NHS number": "999 000 0019"}, "NHS number"),
    ({"NHS number": "12345"}, "NHS number"),
    ({"CHI number": "1234567890"}, "CHI number"),
    ({"Allegations": "Sexual abuse | Sibling"}, "Allegations"),
    ({"Allegations": "a | b | c | d"}, "Allegations"),
    ({"Allegations": "Sexual abuse | | Other"}, "Allegations"),
    ({"Duty result": "perhaps"}, "Duty result"),
    ({"Enquiry opened": ""}, "Enquiry opened"),
    ({"Duty result": "", "Enquiry kind": ""}, "Enquiry kind"),
    ({"Enquiry concluded": "2026-03-01"}, "Enquiry concluded"),
    ({"Team": ""}, "Team"),
    ({"Officer appointed": "2026-01-01"}, "Officer appointed"),
    ({"Team": "07700 900123"}, "Team"),
    ({"Conference kind": ""}, "Conference kind"),
    ({"Conference kind": "Core group"}, "Conference kind"),
    ({"Last conference": "2025"}, "Last conference"),
    ({"Plan agreed": ""}, "Plan agreed"),
    ({"Plan agreed": "2026-01-01"}, "Plan agreed"),
    ({"Review due": "in spring"}, "Review due"),
    ({"Review due": "2026-03"}, "Review due"),
    ({"Review due": "2026-01-20", "Plan agreed": "unknown"}, "Review due"),
    ({"Closed": "2026-05-01"}, "Closed"),
    ({"Stage": "Closed", "Closed": "2026-01-01"}, "Closed"),
    ({"Notes": "x" * (LARGEST_CELL + 1)}, "Notes"),
]


@pytest.mark.parametrize(
    ("cells", "column"), WRONG, ids=[f"{c}-{n}" for n, (_, c) in enumerate(WRONG)]
)
def test_a_wrong_row_is_named_by_its_column(
    lists: Lists, cells: dict[str, str], column: str
) -> None:
    """What is wrong is said by row and column, with what to do, and never repeats the cell."""
    _, read = lists.read(lists.file({**OPEN, **cells}, columns=[*OPEN, *cells]))
    assert read.rows == ()
    assert column in {error.column for error in read.errors}
    assert {error.row for error in read.errors} == {2}
    for error in read.errors:
        for cell in cells.values():
            assert len(cell) < 3 or cell not in error.remedy


CHOOSE, AS = "choose one of: ", "write it as type | source | location"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("Sexual abuse | Sibling", (f"allegation 1, part 2 (Source of risk): {CHOOSE}Service",)),
        (
            "rough | | Own home",
            (f"allegation 1, part 1 (Type of abuse or neglect): {CHOOSE}Physical abuse; ",),
        ),
        ("Sexual abuse | | At sea", (f"allegation 1, part 3 (Where it happened): {CHOOSE}Own",)),
        ("Sexual abuse; | | Other", ("allegation 2, part 3 (Where it happened): for Other",)),
        ("Sexual abuse; a | b | c | d", (f"allegation 2 has 4 parts: {AS}",)),
        ("a | b", ("allegation 1, part 1 (Type of", "allegation 1, part 2 (Source of risk): ")),
    ],
)
def test_of_a_wrong_allegation_the_part_is_named(
    lists: Lists, cell: str, said: tuple[str, ...]
) -> None:
    """Which allegation of the cell, which of its parts, what that is, and what it may be."""
    _, read = lists.read(lists.file({**OPEN, "Allegations": cell}))
    assert {(one.row, one.column) for one in read.errors} == {(2, "Allegations")}
    assert [one.remedy.startswith(words) for one, words in zip(read.errors, said, strict=True)] == [
        True for _ in said
    ]


def test_rows_are_held_to_one_another(lists: Lists) -> None:
    """A case that stands twice is wrong in both rows, a person told in two ways in the later."""
    twice = {**OPEN, "Case reference": "s 1"}
    other = {**OPEN, "Case reference": "S-3"}
    otherwise = {**OPEN, "Case reference": "S-4", "Date of birth": "1942"}
    _, read = lists.read(lists.file(OPEN, twice, other, otherwise))
    assert [(error.row, error.column) for error in read.errors] == [
        (2, "Case reference"),
        (3, "Case reference"),
        (5, "Date of birth"),
    ]
    assert [row.row for row in read.rows] == [4]


def test_a_name_told_in_two_ways_is_wrong_of_who_is_not_known(bringer: Bringer) -> None:
    """Of somebody the record knows it is reported by its row, and the other rows are recorded."""
    sister = {**OPEN, "Case reference": "S-4", "Name": "Viola Example"}
    first, later = bringer.found(OPEN, sister)
    assert (first.wrong, later.new) == (None, False)
    assert later.wrong is not None
    assert (later.wrong.row, later.wrong.column) == (3, "Name")
    assert bringer.bring(OPEN, sister).brought == 1
    known, unheard, new = bringer.found({**OPEN, "Name": "Viola Example"}, OTHERWISE, THIRD)
    assert [one.wrong for one in (known, unheard, new)] == [None, None, None]
    assert known.changed == ("name",)
    assert unheard.whom is not None
    assert unheard.whom.differs == ("name",)
    assert bringer.bring({**OPEN, "Name": "Viola Example"}, OTHERWISE, THIRD).brought == 2


def test_a_duty_decided_before_the_concern_came_is_recorded_and_said(bringer: Bringer) -> None:
    """As the record has it: what two days say stands, and which is right is asked (R150)."""
    row = {**OPEN, "Duty decided": "2026-02-01"}
    (found,) = bringer.found(row)
    assert (found.wrong, found.new) == (None, True)
    assert found.made is not None
    assert "duty_decided" in {column for column, _ in found.made.notes}
    assert bringer.bring(row).refused == []
    (plain,) = bringer.found({**OPEN, "Case reference": "S-9"})
    assert plain.made is not None
    assert "duty_decided" not in {column for column, _ in plain.made.notes}


def test_a_list_without_a_system_says_so(lists: Lists) -> None:
    """Every row says which system it comes from, or the whole list does."""
    sheet = read_sheet(lists.file(OPEN), CASE_LIST)
    nation = lists.nation
    read = read_rows(sheet, jurisdiction=nation, now=NOW, system=None)
    assert [(error.row, error.column) for error in read.errors] == [(2, "Source system")]


def test_a_case_of_that_reference_that_began_here_is_not_joined(bringer: Bringer) -> None:
    """A reference that another case of the record carries already is reported, not recorded."""
    bringer.bring(OPEN)
    begun, other = bringer.facts()[0].event, ref(700)
    received = ReceiveReferral(adult=begun.adult, received=on_day(TODAY))
    bringer.ask(other, received, version=0, number=30)
    named = ExternalReference(system=Slug(SYSTEM), id=Personal(other, "S-20"))
    bringer.ask(other, AddCaseReference(reference=named), version=1, number=31)
    (found,) = bringer.found({**OPEN, "Case reference": "S-20"})
    assert found.wrong is not None
    assert found.wrong.column == "Case reference"


def test_the_example_can_be_imported(bringer: Bringer) -> None:
    """The made-up row of the template is one that can be recorded."""
    row = {column.title: EXAMPLE.get(column.name, "") for column in COLUMNS}
    assert bringer.bring(row).brought == 1
