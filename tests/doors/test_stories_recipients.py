"""Whom something went to, as a sentence has it: with the article that a role wants."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from api.editions import editions
from domain.catalogue import EVENTS
from domain.jurisdictions import jurisdictions
from domain.when import read
from domain.words import Code, Digest
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


@each(jurisdictions())
def test_a_copy_is_of_the_minutes_approved_on_a_day(law: str) -> None:
    """Of each recipient the story says which minutes they have, and that others are since."""
    approved = stored.example(EVENTS["minutes-approved"].cls, count(1))
    old, new = Digest("a" * 64), Digest("b" * 64)
    made = [
        fact("minutes-approved", replace(approved, master=master), read(day))
        for master, day in ((old, "2026-12-03"), (new, "2027-01-14"), (new, "2027-01-20"))
    ]
    teller = replace(voice(jurisdictions()[law]), editions=editions(made))
    event = stored.example(EVENTS["minutes-circulated"].cls, count(1))
    (to,) = event.recipients
    copies = tuple(
        replace(to, source=source, unapproved_draft=draft)
        for source, draft in ((old, False), (new, False), (old, True))
    )
    _, lines = teller.say(fact("minutes-circulated", replace(event, recipients=copies)))
    assert ", of the minutes approved on 3 December 2026, replaced since" in lines[0]
    assert ", of the minutes approved on 14 January 2027" in lines[1]
    assert "replaced" not in lines[1]
    assert ", a draft not approved" in lines[2]
    assert "of the minutes approved" not in lines[2]
