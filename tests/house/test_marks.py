"""Yes or no: what is an answer, what somebody marks, and what is asked to be done."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from api.forms.choices import Choices, roles
from api.forms.drawing import Drawing
from api.forms.fields import MARKS, NEW, Field, fields_of
from api.forms.typed import Typed
from api.pages.words import lines
from api.story.items import ITEMS
from api.story.saying import SENTENCES
from domain.catalogue import COMMANDS
from domain.hearing import AdultViewsPresented
from domain.jurisdictions import Jurisdiction, jurisdictions
from domain.words import Code, ConferenceRef
from tests.controls import CONFERENCE

TABLE: Final = Path(__file__).parents[1] / "spec" / "law" / "yes_or_no.csv"
NATIONS: Final = list(jurisdictions().values())


def flags(members: tuple[Field, ...]) -> Iterator[Field]:
    """Give every field that is yes or no, those within others too."""
    for one in members:
        if one.kind == "flag":
            yield one
        yield from flags(one.members)


def rows() -> dict[str, dict[str, str]]:
    """Give the table, by the field's owner and name."""
    with TABLE.open(encoding="utf-8") as file:
        return {row["field"]: row for row in csv.DictReader(file)}


def test_every_yes_or_no_says_which_it_is() -> None:
    """One that may be left out is a mark or an act: an answer has a third value, or is required."""
    found = {f"{one.owner}.{one.name}": one for name in COMMANDS for one in flags(fields_of(name))}
    assert found.keys() == rows().keys()
    for name, row in rows().items():
        assert row["why"]
        kind = {True: "given"}.get(found[name].required, row["kind"])
        assert row["kind"] == kind, name
        assert (found[name].name in MARKS) is (kind == "mark"), name
        assert kind in {"given", "mark", "act"}, name


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_a_mark_that_nobody_set_is_not_told(mark: str) -> None:
    """No sentence says anything where it is absent."""
    told = re.compile(rf"\{{{mark}=[^{{}}]*\bno:")
    assert not [name for name, one in {**SENTENCES, **ITEMS}.items() if told.search(one)]


def test_the_page_of_an_entry_says_nothing_of_what_nobody_marked() -> None:
    """Whose words they were was not marked: the page does not say No."""
    told = AdultViewsPresented(
        conference=ConferenceRef(CONFERENCE), presenter_role=Code("adult"), own_words=False
    )
    said = [line.label for line in lines(told, "adult-views-presented", NATIONS[0])]
    assert not any("own words" in one for one in said), said


@pytest.mark.parametrize("nation", NATIONS, ids=[one.code for one in NATIONS])
def test_a_form_asks_for_a_mark(nation: Jurisdiction) -> None:
    """Yes, or not marked: it is no question that was answered with No."""
    drawing = Drawing(
        typed=Typed(), wrong={}, choices=Choices(by={}), roles=roles(nation), nation=nation
    )
    every = (one for name in COMMANDS for node in drawing.command(name) for one in node.whole())
    asked = (one for one in every if one.look == "radios")
    marks = [
        one
        for one in asked
        if one.name.rpartition(".")[2] in MARKS
        if NEW not in {each.value for each in one.options}  # which enquiry it is, and no mark
    ]
    assert marks
    assert all([each.label for each in one.options] == ["Yes", "Not marked"] for one in marks)
