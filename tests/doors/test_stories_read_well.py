"""What any story reads like: days in words, nobody named twice in one breath, no code as stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest

from api.story.saying import Voice
from domain.catalogue import EVENTS
from domain.jurisdictions import jurisdictions
from domain.words import Code
from tests.doors.retold import Story
from tests.doors.scripts.asked import Tale
from tests.doors.scripts.england_case import TALE as ENGLISH
from tests.doors.scripts.reading import read_back
from tests.doors.scripts.scotland_year import YEAR
from tests.doors.test_case_told import fact, voice
from tests.doors.test_script_england import tale as english
from tests.doors.test_script_scotland import year as scottish
from tests.each import each
from tests.stored import __main__ as stored
from tests.told import told

QUOTED = re.compile(r"“[^”]*”")
NAME = "Nora Repname"
NAMED_TWICE = (
    "adult-representative-nominated",
    "adult-supporter-requested",
    "plan-sent-to-nominee",
)
ILL = {
    "a day as it is stored": re.compile(r"(?<![\w-])\d{4}-\d\d(-\d\d)?(?![\w-])"),
    "a code as it is stored": re.compile(r"\w_\w"),
    "a time as it is stored": re.compile(r"\d\dT\d\d:\d\d"),
}
# `Nora Repname: “Nora Repname”`, `Nora Repname, Nora Repname`
TWICE = re.compile(r"\b([A-Z][\w'-]*(?: [A-Z][\w'-]*)+)(?: \([^)]*\))?[:,]? “?\1”?(?!\w)")


IN_PERSON = re.compile(r"“([^“”]+)”[^“”.]* in the person of \1")


def ills(text: str) -> Iterator[str]:
    """Give what reads ill; what somebody typed is theirs, and counts only as a name said twice."""
    plain = QUOTED.sub("“”", text)
    for what, pattern in ILL.items():
        yield from (f"{what}: {found[0]}" for found in pattern.finditer(plain))
    for again in (TWICE, IN_PERSON):
        yield from (f"named twice: {found[0]}" for found in again.finditer(text))


def test_what_reads_ill_is_noticed() -> None:
    """The law sees what it is for, and leaves alone what was typed."""
    assert [*ills("Due by 2026-11-02.")]
    assert [*ills("It was not_recorded.")]
    assert [*ills("Somebody: Nora Repname: “Nora Repname”.")]
    assert [*ills("“Bet Tranmer” was invited as supporter, in the person of Bet Tranmer.")]
    assert [*ills("Sent to Bet Tranmer (supporter of the adult), Bet Tranmer – by post.")]
    assert not [*ills("Said: “by 2026-11-02, see note_1”, on 2 November 2026.")]
    assert not [*ills("Nora Repname (family member): attended. Nora Reed was there.")]


def _named(nation_voice: Voice) -> Voice:
    """Give a teller who may name everybody, and knows them all by one name."""
    return replace(nation_voice, person=lambda _: NAME)


@each(NAMED_TWICE, jurisdictions())
def test_whoever_is_known_and_written_down_by_one_name_is_named_once(name: str, law: str) -> None:
    """A person's own record and the entry may say the same name: it is quoted, once."""
    nation = jurisdictions()[law]
    event = stored.example(EVENTS[name].cls, count(1))
    if hasattr(event, "participant"):
        event = replace(event, participant=None)
    for typed in (NAME, NAME.lower(), f" {NAME} "):
        same = replace(event, name=replace(event.name, text=typed))
        said = _named(voice(nation)).say(fact(name, same))[0]
        assert said.lower().count(NAME.lower()) == 1, said
    other = replace(event, name=replace(event.name, text="Norah R."))
    said = _named(voice(nation)).say(fact(name, other))[0]
    assert NAME in said  # two names that differ are both said
    assert "“Norah R.”" in said


@pytest.mark.parametrize("nation", ["england", "scotland"])
def test_a_whole_authority_is_told_and_criticised_in_words(nation: str) -> None:
    """Every sentence and every finding of the made-up authority, in the story as it is printed."""
    authority = told(nation, seed=2014, count=60)
    for story in authority.plan.stories:
        teller = voice(authority.law, story.adult)
        teller.learn(authority.facts[story.case])
        for one in authority.facts[story.case]:
            said, lines = teller.say(one)
            for words in (said, *lines):
                assert not [*ills(words)], words
        for found in authority.findings(story):
            assert not [*ills(found.words)], found.words


@pytest.mark.parametrize(
    ("tale", "story"),
    [(ENGLISH, english), (YEAR, scottish)],
    ids=["england", "scotland"],
)
def test_a_scripted_case_is_printed_in_words(
    request: pytest.FixtureRequest, tale: Tale, story: Story
) -> None:
    """The whole page of `case show`, with its findings and their answers."""
    with read_back(request, tale, story) as reading:
        assert not [*ills(reading.story())]
        assert not [*ills(reading.story("--on", "2030-01-01"))]


@each(["minutes-circulated", "report-shared", "plan-sent-to-nominee"])
def test_what_was_sent_without_this_system_says_so(name: str) -> None:
    """Outside is outside this system (I8): who was there, and who was not, is another question."""
    law = jurisdictions()["england"]
    event = stored.example(EVENTS[name].cls, count(1))
    said = {
        one: voice(law).say(fact(name, replace(event, outside=one)))[0] for one in (True, False)
    }
    assert "outside this system" in said[True]
    assert "outside" not in said[False]
    assert not [one for one in said.values() if "not there" in one or "not at the" in one]


def test_a_list_whose_parts_have_commas_is_told_apart() -> None:
    """Where a label has a comma of its own, semicolons stand between them."""
    law = jurisdictions()["england"]
    event = stored.example(EVENTS["access-arrangements-made"].cls, count(1))
    adjustments = tuple(map(Code, ("transport", "breaks", "accessible_venue")))
    shape = replace(event, adjustments=adjustments)
    said = voice(law).say(fact("access-arrangements-made", shape))[0]
    assert "arranged: transport; breaks, or more time; and accessible venue" in said
