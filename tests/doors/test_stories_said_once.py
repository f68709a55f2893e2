"""A story says who, says it once, and says what is on no list in the place where it was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any, Final

from domain.catalogue import EVENTS
from domain.jurisdictions import jurisdictions
from domain.manifest import Given
from domain.when import on_day
from domain.words import Code, Personal, Slug
from tests.doors.test_case_told import fact, voice
from tests.each import each
from tests.stored import __main__ as stored

LAW: Final = jurisdictions()["england"]
IN_WORDS: Final = "The bus waits"


def example(name: str, **said: Any) -> Any:  # noqa: ANN401 — an event
    """Give an example of an event, saying this."""
    return replace(stored.example(EVENTS[name].cls, count(1)), **said)


def words(text: str) -> Personal:
    """Make a passage."""
    return Personal(stored.example(EVENTS["case-closed"].cls, count(1)).rationale.about, text)


def say(name: str, event: Any) -> tuple[str, list[str]]:  # noqa: ANN401 — an event
    """Tell an entry."""
    return voice(LAW).say(fact(name, event))


def test_what_is_on_no_list_stands_among_the_others() -> None:
    """`transport and other (“The bus waits”)` is a form read aloud."""
    event = example(
        "access-arrangements-made",
        adjustments=(Code("transport"), Code("other")),
        adjustments_other=words(IN_WORDS),
    )
    said = say("access-arrangements-made", event)[0]
    assert f"arranged: transport and “{IN_WORDS}”" in said
    assert "other" not in said.lower().replace("another", "")
    assert said.count(IN_WORDS) == 1


@each(["referral-received", "referral-linked"])
def test_whoever_referred_is_called_what_was_said(name: str) -> None:
    """Where no list has the role of the referrer, the words stand in its place."""
    event = example(name, referrer_role=Code("other"), referrer_role_other=words("The bus driver"))
    assert "Who referred: “The bus driver”" in say(name, event)[0]


def test_what_is_alleged_is_called_what_was_said() -> None:
    """So too a type of harm that is on no list."""
    event = example("allegation-added")
    alleged = replace(event.allegation, type=Code("other"), type_other=words("Shoes taken away"))
    said, lines = say("allegation-added", replace(event, allegation=alleged))
    told = " ".join((said, *lines))
    assert "lleged: “Shoes taken away”; " in told
    assert told.count("Shoes taken away") == 1


def test_why_something_was_left_out_is_said_once() -> None:
    """A ground of no list is its words alone."""
    cut = Given(
        entry=1,
        form=Code("redacted"),
        ground=Code("other"),
        ground_other=words("The number of the key safe"),
    )
    lines = say("disclosure-made", example("disclosure-made", manifest=(cut,)))[1]
    assert [line for line in lines if "– “The number of the key safe”" in line]
    assert "other" not in " ".join(lines).lower().replace("another", "")


def test_minutes_are_safe_with_somebody_who_has_an_article() -> None:
    """`the supporter of the adult`, as `the adult`."""
    name = "minutes-share-risk-assessed"
    event = example(name, role=Code("supporter"), role_other=None)
    assert "to the supporter of the adult was assessed" in say(name, event)[0]
    assert "to the adult was assessed" in say(name, replace(event, role=Code("adult")))[0]


def test_whoever_holds_it_is_named_where_they_are_told() -> None:
    """Not `somebody`: who it is was said where it was decided, and is said again."""
    decided = example("rectification-decided")
    holder = replace(
        decided.recipients[0],
        role=Code("police"),
        role_other=None,
        organisation=Slug("police"),
        person=None,
        what=Code("minutes"),
    )
    decided = replace(decided, recipients=(holder,))
    told = example(
        "recipient-told",
        request=decided.request,
        recipient=holder.number,
        not_told_because=None,
    )
    teller = voice(LAW)
    teller.learn([fact("rectification-decided", decided)])
    said = teller.say(fact("recipient-told", told))[0]
    assert said.startswith("What came of the request was told to the police (minutes)")
    untold = replace(told, not_told_because=words("Has sent it back"))
    said = teller.say(fact("recipient-told", untold))[0]
    assert said.startswith("What came of the request was not told to the police (minutes)")
    assert "Why not: “Has sent it back”" in said
    assert say("recipient-told", told)[0].startswith(
        "What came of the request was told to somebody who holds it"
    )


def test_a_day_that_stands_before_a_sentence_is_not_said_in_it_again() -> None:
    """`7 January 2025: … was opened on 7 January 2025`; of another day it says so."""
    day = date(2025, 1, 7)
    for name, field in (
        ("section42-duty-decided", "decided_on"),
        ("enquiry-opened", "opened_on"),
        ("enquiry-concluded", "concluded_on"),
        ("enquiry-ceased-at-adults-request", "requested_on"),
    ):
        recorded = fact(name, example(name, **{field: day}))
        header = replace(recorded.header, occurred=on_day(day))
        assert "7 January 2025" not in voice(LAW).say(replace(recorded, header=header))[0], name
        header = replace(recorded.header, occurred=on_day(day + timedelta(days=1)))
        assert "7 January 2025" in voice(LAW).say(replace(recorded, header=header))[0], name


def test_an_action_about_somebody_is_told_apart_from_another() -> None:
    """Of two actions about one person each is called by what it is, where it says so."""
    decided = example("pach-action-decided", description=words("The police speak with him"))
    done = example("action-completed", action=decided.action)
    teller = voice(LAW)
    teller.learn([fact("pach-action-decided", decided)])
    said = teller.say(fact("action-completed", done))[0]
    assert "The action “The police speak with him” about the person alleged" in said
    teller.learn([fact("pach-action-decided", replace(decided, description=None))])
    said = teller.say(fact("action-completed", done))[0]
    assert "The action about the person alleged" in said


@each(["advocate", "interpreter"])
def test_somebody_who_supports_has_an_article(who: str) -> None:
    """`with an advocate`, and not `with advocate`."""
    event = example("adult-invited", supports=(Code(who),), supports_other=None)
    assert "with an " in say("adult-invited", event)[0]
