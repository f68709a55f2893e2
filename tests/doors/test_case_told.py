"""A case told as a story: every event has its sentence, and each sentence opens to its entry."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from api.commands.wording import what_happened
from api.forms import labels
from api.story.items import ITEMS, THINGS
from api.story.saying import FORGOTTEN, SENTENCES, Voice
from api.story.templates import named, read
from domain.catalogue import CASE, EVENTS
from domain.jurisdictions import Jurisdiction, jurisdictions
from domain.when import When, unknown
from domain.when import read as read_time
from domain.words import Code, Fact, Forgotten, Header, Personal, Slug, WorkerRef
from tests.each import each
from tests.stored import __main__ as stored
from tests.told import told

NOBODY = WorkerRef(UUID(int=7))
RAW = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{40}|\w_\w|not-stated")
ILL = re.compile(r" [.,;:)]|\( |\(\)|\.\.|  |\{|\}|\[\]|: *\.|None|\ba [aeiou]|\bA [aeiou]")
POSITIONS = {(UUID(int=1), number): number + 100 for number in range(400)}
EVERY_CODE = 24  # the longest list whose codes all stand in a choice of a sentence


def voice(nation: Jurisdiction, adult: UUID | None = None) -> Voice:
    """Give somebody who tells, and may name nobody but workers."""
    return Voice(
        nation=nation,
        worker=lambda _: "Somebody who records",
        person=lambda _: None,
        adult=adult,
        case=UUID(int=1),
        positions=POSITIONS,
    )


def fact(name: str, event: Any, occurred: When | None = None) -> Fact[Any]:  # noqa: ANN401
    """Give an event as an entry."""
    header = Header(
        name=name,
        version=1,
        occurred=occurred or unknown(),
        recorded_by=NOBODY,
        performed_by=NOBODY,
        role=Code("practitioner"),
        organisation=Slug("council"),
        purpose=Code("safeguarding"),
        correlation=UUID(int=1),
        command=UUID(int=2),
    )
    return Fact(event, header, UUID(int=1), 1, 1, datetime(2026, 11, 2, tzinfo=UTC))


def with_codes(value: Any, nation: Jurisdiction, at: int) -> Any:  # noqa: ANN401
    """Give the same value with another code of each list, the same for the same number."""

    def of(one: dataclasses.Field[Any], content: Any) -> Any:  # noqa: ANN401
        codes = tuple(nation.lists.get(one.metadata.get("list", ""), ()))
        if codes and isinstance(content, Code):
            return Code(codes[at % len(codes)])
        if isinstance(content, tuple):
            return tuple(of(one, member) for member in content)
        if dataclasses.is_dataclass(content) and not isinstance(content, Personal | When):
            return with_codes(content, nation, at)
        return (at % 2 == 0) if isinstance(content, bool) else content

    changed = {one.name: of(one, getattr(value, one.name)) for one in dataclasses.fields(value)}
    return dataclasses.replace(value, **changed)


def bare(value: Any) -> Any:  # noqa: ANN401
    """Give the same event saying as little as its shape allows."""
    changed: dict[str, Any] = {}
    for one in dataclasses.fields(value):
        content = getattr(value, one.name)
        if isinstance(content, tuple):
            changed[one.name] = ()
        elif str(one.type).endswith("| None") and not one.name.endswith("_other"):  # I11
            changed[one.name] = None
    return dataclasses.replace(value, **changed)


def passages(value: Any) -> Iterator[str]:  # noqa: ANN401
    """Every passage in an event."""
    for one in dataclasses.fields(value):
        content = getattr(value, one.name)
        for member in content if isinstance(content, tuple) else (content,):
            if isinstance(member, Personal):
                yield member.text
            elif dataclasses.is_dataclass(member) and not isinstance(member, When):
                yield from passages(member)


def unsaid(template: str) -> set[str]:
    """Give the fields a template deliberately does not say."""
    return set(re.findall(r"\{-(\w+)\}", template))


# ------------------------------------------------------------------------------ every sentence


def test_every_event_of_the_catalogue_has_its_sentence() -> None:
    """Whatever can be recorded can be told, and no sentence is of an event there is not."""
    assert set(SENTENCES) == set(EVENTS)


@each(EVENTS)
def test_a_sentence_names_only_what_its_event_has(name: str) -> None:
    """A place in a sentence is a field of its event, or a word of the nation."""
    has = {one.name for one in dataclasses.fields(EVENTS[name].cls)}
    assert {one for one in named(read(SENTENCES[name])) if not one.startswith("term.")} <= has
    if name in THINGS:
        assert THINGS[name][0] in has


@each(EVENTS, jurisdictions().values())
def test_an_event_is_told_in_words(name: str, nation: Jurisdiction) -> None:
    """No code, reference or digest is shown as it is stored, whatever codes the event has."""
    event, teller = stored.example(EVENTS[name].cls, count(1)), voice(nation)
    for at in range(EVERY_CODE):
        for shape in (with_codes(event, nation, at), bare(with_codes(event, nation, at))):
            said, lines = teller.say(fact(name, shape))
            for one in (said, *lines):
                assert not RAW.search(one), one
                assert not ILL.search(one.strip()), one
                assert one.strip()[-1] in ".”:?]", one
                assert one.strip()[0].isupper() or not one.strip()[0].isalpha(), one


@pytest.mark.parametrize("nation", jurisdictions().values(), ids=lambda one: str(one.code))
def test_nothing_is_told_in_words_made_of_a_name(
    nation: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no sentence names is called as on forms and pages, in the story and in the terminal."""
    others = {
        code for one in jurisdictions().values() for each in one.lists.values() for code in each
    }

    def made(name: str) -> str:  # of a code of an example that the other nation alone has
        assert name == "plain_code" or name in others, f"no row for {name}"
        return name

    monkeypatch.setattr(labels, "_plain", made)
    teller = voice(nation)
    for name, kind in EVENTS.items():
        event = stored.example(kind.cls, count(1))
        for at in range(2):
            entry = fact(name, with_codes(event, nation, at))
            assert teller.say(entry)[0]
            line = what_happened(entry, nation)
            imported = name == "chronology-entry-recorded"  # told in its own words
            assert imported or line.startswith(labels.title(name, nation))


def test_a_field_is_told_under_what_its_form_calls_it() -> None:
    """A field that a sentence does not name has its label before it; a question is answered."""
    england = jurisdictions()["england"]
    event = stored.example(EVENTS["dissent-recorded"].cls, count(1))
    said, _lines = voice(england).say(fact("dissent-recorded", event))
    asked = labels.label("record-dissent", "role", england)
    assert asked == "In which role they spoke"
    assert f"{asked}: “" in said
    question = labels.label("record-adult-seen", "alone", england)
    assert question.endswith("?")
    seen = stored.example(EVENTS["adult-seen"].cls, count(1))
    line = what_happened(fact("adult-seen", seen), england)
    assert f"{question} Yes" in line


@each([one for one, kind in EVENTS.items() if kind.stream == CASE])
def test_no_passage_of_an_entry_is_left_out(name: str) -> None:
    """What somebody wrote is quoted as it was written, also where a code leaves no place for it."""
    nation = jurisdictions()["england"]
    event = stored.example(EVENTS[name].cls, count(1))
    for at in (0, 1, -1):
        shape = with_codes(event, nation, at)
        said, lines = voice(nation).say(fact(name, shape))
        for passage in passages(shape):
            assert f"“{passage}”" in " ".join((said, *lines)), passage


def test_every_member_of_an_event_has_its_words() -> None:
    """What stands inside an event is told as carefully as the event."""
    inside: set[str] = set()

    def look(value: Any) -> None:  # noqa: ANN401
        for one in dataclasses.fields(value):
            content = getattr(value, one.name)
            for member in content if isinstance(content, tuple) else (content,):
                if dataclasses.is_dataclass(member):
                    inside.add(type(member).__name__)
                    look(member)

    for kind in EVENTS.values():
        look(stored.example(kind.cls, count(1)))
    # `Share`: which keys a document needs, in the log of readings, is told to nobody.
    assert inside - {"Personal", "When", "Due", "ExternalReference", "Share"} <= set(ITEMS)


def test_what_was_forgotten_is_said_to_be() -> None:
    """A passage whose key is gone stands in its place as forgotten, never as nothing."""
    cls = EVENTS["entry-annotated"].cls
    event = dataclasses.replace(stored.example(cls, count(1)), text=Forgotten(UUID(int=1)))
    said, _ = voice(jurisdictions()["england"]).say(fact("entry-annotated", event))
    assert FORGOTTEN in said


def test_a_time_inside_a_sentence_is_as_uncertain_as_it_is() -> None:
    """A month that is about right is no day, and what is not known is said not to be."""
    cls = EVENTS["conference-rescheduled"].cls
    event = stored.example(cls, count(1))
    nation = jurisdictions()["scotland"]
    for text, words in (
        ("2026-03~", "about March 2026 (uncertain)"),
        ("unknown", "a time that is not known"),
        ("2026-03-02", "2 March 2026"),
    ):
        shape = dataclasses.replace(event, planned_for=read_time(text))
        assert f"moved to {words}" in voice(nation).say(fact("conference-rescheduled", shape))[0]


@pytest.mark.parametrize("nation", ["england", "scotland"])
def test_a_whole_authority_is_told_in_words(nation: str) -> None:
    """Every entry of the made-up authority is told, and nothing in it shows as it is stored."""
    authority = told(nation, seed=2014, count=60)
    for story in authority.plan.stories:
        facts = authority.facts[story.case]
        teller = voice(authority.law, story.adult)
        teller.learn(facts)
        for one in facts:
            said, lines = teller.say(one)
            for words in (said, *lines):
                assert not RAW.search(words), words
                assert not ILL.search(words.strip()), words
