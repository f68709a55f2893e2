"""Which events are decisions: every name is in the catalogue, and nothing decided is left out."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from domain import whole
from domain.catalogue import CASE, EVENTS
from domain.decisions import Decision, decisions
from domain.procedure import rules
from domain.reasons import ASKED

DECIDED = re.compile(r"-(decided|determined|considered)$")
# Considered, and no decision of what is to be: what a meeting went through.
GONE_THROUGH = {
    "agenda-item-considered",
    "previous-minutes-considered",
    "report-considered",
    "support-services-considered",
}
PARAGRAPH = re.compile(r"B\.3\.(10|[1-9])|C\.[78]|L[0-9]{1,2}")


@pytest.mark.parametrize("row", decisions().values(), ids=decisions())
def test_every_decision_is_an_event_and_every_field_its_own(row: Decision) -> None:
    """A name of the table is in the catalogue, of a case, and has the fields the table names."""
    kind = EVENTS[row.event]
    assert kind.stream == CASE
    assert set(row.fields) <= {one.name for one in fields(kind.cls)}
    assert row.fields or row.source


@pytest.mark.parametrize("row", decisions().values(), ids=decisions())
def test_every_decision_has_its_source(row: Decision) -> None:
    """Each row says where it is from: a rule there is, a law, or a paragraph of the procedure."""
    assert row.source
    for one in row.source:
        assert one in rules() or PARAGRAPH.fullmatch(one), one


def test_nothing_that_is_decided_is_left_out() -> None:
    """What is called decided, what minutes count as decisions, what owes reasons: all are there."""
    named = {name for name, kind in EVENTS.items() if kind.stream == CASE and DECIDED.search(name)}
    known = decisions().keys()
    assert named - known == GONE_THROUGH
    assert known >= whole._DECISIONS
    assert {one.event for one in ASKED.values()} <= known


def test_whatever_states_a_rationale_is_a_decision_or_is_none() -> None:
    """An event with a field called rationale is in the table, or is said here to be no decision."""
    stating = {
        name
        for name, kind in EVENTS.items()
        if kind.stream == CASE and any(one.name == "rationale" for one in fields(kind.cls))
    }
    assert stating - decisions().keys() == {
        "parallel-process-opened",  # another's process
        "risk-assessed",  # an assessment
        "support-services-considered",
    }
