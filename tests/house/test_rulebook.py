"""The rulebook and the rules table: nothing is cited that is not there, and the book is current."""

from __future__ import annotations

import re

from domain import catalogue
from domain.procedure import rules
from tests.rulebook import BOOK, CITED, OUTSIDE, ROOT, book, paragraphs

# What the table names and nobody can record yet: a name leaves this list with the event it awaits.
AWAITED = {
    "AdultRaisedIssue",
    "CarerDisclosureDecided",
    "ConcernsSharedWithAuthority",
    "DbsReferralDutyIdentified",
    "DbsReferralMade",
    "IssueResponded",
    "OrganisationalChangeImplemented",
    "OrganisationalChangeRecommended",
    "RegulatorNotified",
    "RiskOutcomeRecorded",
    "SarReferred",
    "SeriousIncidentProcessStarted",
}


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


def test_every_event_the_table_names_can_be_recorded() -> None:
    """Each event of the rules table is in the catalogue under its own name, or awaited by name."""
    known = {kind.cls.__name__ for kind in catalogue.EVENTS.values()}
    named = {event for one in rules().values() for event in one.events}
    assert named - known == AWAITED
