"""Every finding the rules can raise is proved in the rulebook: where it fires, where not, how."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.finding import SEVERITIES
from domain.procedure import rules
from tests.codes import DOMAIN, codes, lacking, named
from tests.raised import findings, refusals


def test_every_code_can_be_read() -> None:
    """No finding has a code that stands nowhere in the rules, and each is of one module."""
    assert len(codes()) > 250


def test_every_finding_is_shown_where_it_fires_and_where_it_does_not() -> None:
    """Each code is named by a test of the rulebook as raised, and by one as not raised."""
    assert lacking(named(codes())) == {}


def test_every_finding_has_its_row() -> None:
    """How each code is raised in a case stands in the table, and no code that no rule has."""
    of_people = {"person.py", "about_adult.py"}
    of_cases = {code for code, module in codes().items() if module not in of_people}
    assert {one.code for one in findings()} == of_cases
    for one in findings():
        assert one.severity in SEVERITIES, one
        cited = one.rules.removesuffix(" ...").split()
        assert cited, one
        assert all(rule in rules() or re.fullmatch(r"[LI]\d+", rule) for rule in cited), one


def test_every_refusal_of_the_table_is_in_the_rules() -> None:
    """Each row of the refusals has a code that stands in the rules, and cites what refuses it."""
    text = "".join(path.read_text("utf-8") for path in DOMAIN.glob("*.py"))
    for one in refusals():
        assert f'"{one.code}"' in text, one
        assert re.fullmatch(r"[GILR]\d+|policy", one.rule), one


READ = """
from x import found

def findings(state, after):
    code = "one_thing" if state else "other_thing"
    yield found(code, "R1")
    for code, words in _lines(state):
        yield found(code, "R2", words)
    missing = []
    missing.append(("not_there", "it"))
    for code, _what in missing:
        yield found(code, "R3")
    yield found("plainly_said", "R4")


class Told:
    def findings(self):
        yield found("in_a_class", "R5")


def _lines(state):
    if state:
        yield ("in_a_helper", "words")
    return
"""
TESTED = """
CODE = "one_thing"


def test_a():
    given().then_finding(CODE)
    given().then_no_finding("other_thing")


@pytest.mark.parametrize(("field", "code"), [(1, "not_there"), (2, "in_a_helper")])
def test_b(field, code):
    (given().then_finding if field else given().then_no_finding)(code)


def test_c():
    codes = {one.code for one in given().findings()}
    assert not codes & {"plainly_said"}
    assert "other_thing" in codes
"""


def test_codes_and_expectations_are_read_as_they_are_written(tmp_path: Path) -> None:
    """What is read of the rules and of the tests is what stands there, and no more."""
    (tmp_path / "stage.py").write_text(READ)
    (tmp_path / "test_stage.py").write_text(TESTED)
    every = codes(tmp_path)
    assert set(every) == {
        *("one_thing", "other_thing", "in_a_helper", "not_there", "plainly_said", "in_a_class"),
    }
    assert lacking(named(every, tmp_path)) == {
        "in_a_class": "raised and not raised",
        "one_thing": "not raised",
        "plainly_said": "raised",
    }


def test_a_code_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """A code made in a way that cannot be read is an error with its place, and no silence."""
    (tmp_path / "stage.py").write_text('def findings(s):\n    yield found(s.code, "R1")\n')
    with pytest.raises(ValueError, match=r"stage\.py:2"):
        codes(tmp_path)
