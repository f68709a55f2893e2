"""Whom something went to, as a sentence has it: with the article that a role wants."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from domain.catalogue import EVENTS
from domain.jurisdictions import jurisdictions
from domain.words import Code
from tests.doors.test_case_told import fact, voice
from tests.each import each
from tests.stored import __main__ as stored


@each(jurisdictions())
def test_a_plan_goes_to_the_supporter(law: str) -> None:
    """A role is no name: somebody is sent it as the supporter of the adult."""
    name = "plan-sent-to-nominee"
    event = stored.example(EVENTS[name].cls, count(1))
    event = replace(event, participant=None, role=Code("supporter"), role_other=None)
    assert (
        "was sent to the supporter of the adult"
        in voice(jurisdictions()[law]).say(fact(name, event))[0]
    )


@each(jurisdictions())
def test_a_report_goes_to_the_advocate(law: str) -> None:
    """The same of a report, permitted and passed on."""
    for name in ("report-share-permitted", "report-shared"):
        event = stored.example(EVENTS[name].cls, count(1))
        to = replace(event.recipient, participant=None, role=Code("advocate"), role_other=None)
        said = voice(jurisdictions()[law]).say(fact(name, replace(event, recipient=to)))[0]
        assert "to the independent advocate" in said, said
