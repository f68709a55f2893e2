"""What people type, and what is said of it where it is no answer: in words that need no schema."""

from __future__ import annotations

import pytest

from api.forms.reading import read
from api.forms.typed import Typed
from tests.doors.conftest import Doors
from tests.doors.filling import get_form, problems, send
from tests.doors.test_forms import WORDS, names


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("North Team", "north-team"),
        ("  Police - Scotland ", "police-scotland"),
        ("St Mary's & All Saints", "st-marys-and-all-saints"),
        ("north-team", "north-team"),
        ("Müller", "Müller"),  # the schema says what it may hold
        ("a.b", "a.b"),
        ("   ", None),
    ],
)
def test_a_short_name_is_taken_as_people_write_it(typed: str, taken: str | None) -> None:
    """Capitals, spaces and apostrophes are no mistake; what cannot be a short name is said so."""
    body = read("receive-agency-report", Typed((("command.agency", typed),))).body
    assert body["command"].get("agency") == taken


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("command.kind", "no_such_kind", "Choose one of the answers that are shown."),
        ("command.kind", "No Such Kind", "Choose one of the answers that are shown."),
        ("command.target", "the first", "Choose an entry, or give its version in figures"),
        ("command.target", "99", "This case has no entry of that number."),
        ("command.target.other", "2", "Choose one, or give another reference, not both."),
        ("command.text", " ", "Write something here."),
        ("command.text.about", "Ann", "This is not a whole reference"),
        ("occurred.month", "13", "Give the date in figures"),
        ("performed_organisation", "07700 900123", "Use letters, figures and spaces"),
        ("occurred.year", "9999", "There is no such day, or it lies too far from the present"),
        ("source", "07700 900123", "Use letters, figures and spaces"),
        ("purpose", "curiosity", "Choose one of the answers that are shown."),
        ("causation", "0", "This is a position of the record"),
        ("known_to.0.agency", "police", "Give the date, or what is known of it."),
    ],
)
def test_each_kind_of_field_says_what_is_wrong_with_it_in_plain_words(
    shared: Doors, field: str, value: str, said: str
) -> None:
    """What a schema says to systems is said to people in words of their own, at the field."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/annotate-entry")
    pairs = form.pairs(command__target="1", command__kind="supplementary", command__text=WORDS)
    sent = [*(one for one in pairs if one[0] != field), (field, value)]
    answer = send(shared, form, "record", sent)
    assert answer.status_code in {404, 422}, answer.text
    (line,) = problems(answer)
    assert said in line, line
    assert 'href="#' in line
    assert names(shared, case) == ["referral-received"]


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ({0: "chair", 2: "police"}, ["chair", "police"]),
        ({1: "chair"}, ["chair"]),
        ({}, []),
    ],
)
def test_a_line_that_nobody_filled_in_is_left_out(typed: dict[int, str], lines: list[str]) -> None:
    """What a form has chosen in a row until somebody answers does not make it one that is told."""
    part = "command.part"
    grid = {f"{part}.attendances.{row}.delegated_authority": "not_stated" for row in range(3)}
    told = {f"{part}.attendances.{row}.role": role for row, role in typed.items()}
    body = read("hold-conference-part", Typed((*grid.items(), *told.items()))).body["command"]
    found = body.get("part", {}).get("attendances", [])
    assert [one["role"] for one in found] == lines
