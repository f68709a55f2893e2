"""A timeline explains its abbreviations to whoever reviews it (procedure C.4)."""

from __future__ import annotations

import io
import json

import pytest
from docx import Document
from openpyxl import load_workbook

from api.timelines.glossary import NOT_EXPLAINED, glossary, meanings
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from tests.doors.conftest import Doors
from tests.doors.given_out import file_of, give, line, words_of


def in_text(text: str) -> dict[str, str | None]:
    """Give the abbreviations of one line of text with what they mean."""
    return {one.short: one.meaning for one in glossary([{"text": text}], ENGLAND)}


def test_what_is_known_is_explained_and_what_is_not_is_named() -> None:
    """A meaning only where there is one; words, numbers and sentences are no abbreviations."""
    found = in_text("The GP told the MASH; two IMCAs and A&E knew. XQZ said No. I agree, 12:30.")
    assert found == {
        "A&E": "accident and emergency department",
        "GP": "general practitioner",
        "IMCA": "independent mental capacity advocate",
        "MASH": "multi-agency safeguarding hub",
        "XQZ": None,
    }
    assert in_text("Nobody came. Ann Example was seen at home on Monday.") == {}


def test_a_nation_has_its_own() -> None:
    """What is said in one nation alone is explained there alone."""
    assert "CQC" in meanings(ENGLAND)
    assert "CQC" not in meanings(SCOTLAND)
    assert "MHO" in meanings(SCOTLAND)
    assert "MHO" not in meanings(ENGLAND)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "docx", "json"])
def test_every_kind_of_file_has_it_and_an_import_passes_it_over(shared: Doors, kind: str) -> None:
    """With the first line each stands on; what nobody explains says so."""
    case = shared.case()
    line(shared, case, "2024-03-02", "The GP rang XQZ.")
    content = file_of(shared, give(shared, case, format=kind))
    if kind == "json":
        told = {one["abbreviation"]: one for one in json.loads(content)["glossary"]}
        assert told["GP"]["meaning"] == "general practitioner"
        assert told["XQZ"]["meaning"] is None
        return
    if kind == "xlsx":
        rows = [*load_workbook(io.BytesIO(content))["Abbreviations"].iter_rows(values_only=True)]
        said = " ".join(map(str, rows))
    elif kind == "docx":
        tables = Document(io.BytesIO(content)).tables
        said = " ".join(cell.text for row in tables[1].rows for cell in row.cells)
    else:
        said = words_of(content, kind)
    assert "general practitioner" in said
    assert NOT_EXPLAINED in said
