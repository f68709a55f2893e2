"""The rulebook and the rules table: nothing is cited that is not there, and the book is current."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys

from _pytest.mark import ParameterSet

from domain import catalogue
from domain.procedure import rules
from tests.rulebook import (
    BOOK,
    CITED,
    OUTSIDE,
    ROOT,
    Outcomes,
    Paragraph,
    book,
    paragraphs,
)

# What the table names and nobody can record yet: a name leaves this list with the event it awaits.
AWAITED: set[str] = set()


def test_the_table_holds_every_rule_once() -> None:
    """The table has R1 to R216 in order, each with its line in a source document."""
    assert list(rules()) == [f"R{number}" for number in range(1, 217)]
    assert [one.id for one in rules().values() if not re.fullmatch(r"[AB]\d+", one.seed)] == []


def test_the_book_is_current() -> None:
    """RULEBOOK.md says what the tests say (`make rules` writes it)."""
    assert BOOK.read_text("utf-8") == book()


def test_every_paragraph_states_a_law() -> None:
    """Each test of the rulebook has its law as docstring: one sentence, or few."""
    assert [one.node for one in paragraphs() if "/spec/" in one.node and not one.law] == []


def test_those_that_prove_a_rule_can_be_run_alone() -> None:
    """`-m rules` finds the tests that cite one, and leaves out the others."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "rules"]
    done = subprocess.run(
        [*command, "tests/spec/enquiry/test_causing.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "test_what_was_caused_comes_back" in done.stdout


def test_what_is_cited_stands_in_the_table() -> None:
    """No test, and no line of the domain, cites a rule that there is not."""
    sources = [path for room in ("domain", "tests/spec") for path in (ROOT / room).rglob("*.py")]
    found = {(path.name, one) for path in sources for one in CITED.findall(path.read_text("utf-8"))}
    assert sorted((name, one) for name, one in found if one not in rules()) == []


def test_few_rules_ask_nothing_of_a_record() -> None:
    """At most eight rules lie outside, each in the table and none of them proved by a test."""
    proved = {number for one in paragraphs() for number in one.rules}
    assert len(OUTSIDE) <= 8
    assert set(OUTSIDE) <= set(rules()) - proved
    assert all(re.search(r"\w{3}", why) for why in OUTSIDE.values())


def test_what_is_claimed_of_each_has_a_case_of_each() -> None:
    """A test that claims a range of rules has a parameter for each of them, and for no other."""
    for one in paragraphs():
        if one.each:
            path, _, name = one.node.partition("::")
            module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
            cases = [
                str(case.id)
                for mark in getattr(module, name).pytestmark
                if mark.name == "parametrize"
                for case in mark.args[1]
                if isinstance(case, ParameterSet)
            ]
            numbers = [found[0] for case in cases if (found := re.match(r"R\d{1,3}(?=-)", case))]
            assert sorted(numbers) == sorted(one.each), one.node


def test_a_range_counts_only_by_its_cases() -> None:
    """Of a range, only a rule whose own case ran and passed is proved."""
    one = Paragraph(
        node="t.py::test",
        chapter="",
        section="",
        law="",
        rules=("R1", "R2"),
        each=frozenset({"R2"}),
    )
    outcomes = Outcomes()
    outcomes.passed.add(one.node)
    assert (outcomes.proves(one, "R1"), outcomes.proves(one, "R2")) == (True, False)
    outcomes.cases.add((one.node, "R2"))
    assert outcomes.proves(one, "R2")
    outcomes.failed.add(one.node)
    assert not outcomes.proves(one, "R2")


def test_every_event_the_table_names_can_be_recorded() -> None:
    """Each event of the rules table is in the catalogue under its own name, or awaited by name."""
    known = {kind.cls.__name__ for kind in catalogue.EVENTS.values()}
    named = {event for one in rules().values() for event in one.events}
    assert named - known == AWAITED
