"""What a form says: plain English at every field, answer and heading, in the nation's own terms."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from api.forms.choices import Choices, roles
from api.forms.drawing import Drawing, Node
from api.forms.fields import BESIDE, Field, fields_of
from api.forms.labels import lead, row_of, table, title
from api.forms.stages import HEADINGS, groups, stage_of
from api.forms.typed import Typed
from domain.authority import ROLES
from domain.catalogue import AUTHORITY, CASE, COMMANDS, PERSON
from domain.jurisdictions import Jurisdiction, jurisdictions

WITH_A_FORM = [name for name, kind in COMMANDS.items() if kind.stream != AUTHORITY]
NATIONS = list(jurisdictions().values())
BOTH = pytest.mark.parametrize("nation", NATIONS, ids=[one.code for one in NATIONS])
# Code shows itself by an underscore, a mark of quotation for code, a place left open, two words
# written as one with a capital, and words that only a programmer says.
CODE = re.compile(r"[_`{}]|[a-z][A-Z]|\b(pach|ref|uuid|digest|slug|boolean|null|tuple)\b")
OF_THE_OTHER = {"england": re.compile(r"[Ii]nquir"), "scotland": re.compile(r"[Ee]nquir")}
# What the law itself calls so, or what only the other nation has.
LEFT_AS_IT_IS = re.compile(
    "duty to inquire|begin to inquire|inquiry into a death|public inquiry|inquest or inquiry",
    re.IGNORECASE,
)


def fields(members: tuple[Field, ...]) -> Iterator[Field]:
    """Give every field, and those within it."""
    for one in members:
        yield one
        yield from fields(one.members)


def drawn(name: str, nation: Jurisdiction) -> tuple[Node, ...]:
    """Give the nodes of a command's form, in a case that holds nothing yet."""
    drawing = Drawing(
        typed=Typed(), wrong={}, choices=Choices(by={}), roles=roles(nation), nation=nation
    )
    return (*drawing.command(name), *drawing.beside())


def said(node: Node) -> Iterator[str]:
    """Give all that a node says but its hint, which may be empty."""
    yield node.label
    yield from (one.label for one in node.options)
    if node.look != "file":  # its parts are hidden
        yield from (one.label for one in node.parts)
    if node.other is not None:
        yield node.other.label


def wrong(text: str, nation: Jurisdiction) -> str:
    """Say what a reader would stumble over; empty where nothing."""
    if not text.strip():
        return "it says nothing"
    if (found := CODE.search(text)) is not None:
        return f"{found[0]!r} in {text!r}"
    other = OF_THE_OTHER[nation.code].search(LEFT_AS_IT_IS.sub("", text))
    return "" if other is None else f"the other nation's word in {text!r}"


@BOTH
def test_every_form_says_all_in_plain_words(nation: Jurisdiction) -> None:
    """No label, answer or hint is empty, shows code, or is the other nation's word."""
    found = []
    for name in WITH_A_FORM:
        for node in (each for one in drawn(name, nation) for each in one.whole()):
            texts = [*said(node), *([node.hint] if node.hint else [])]
            found += [(name, node.name, what) for one in texts if (what := wrong(one, nation))]
            if not node.label[:1].isupper():
                found.append((name, node.name, f"{node.label!r} begins with no capital"))
    assert found == []


@BOTH
def test_a_conference_is_offered_as_what_the_nation_holds(nation: Jurisdiction) -> None:
    """A core group is a kind of meeting to choose only where the nation has core groups."""
    (kind,) = [one for one in drawn("convene-conference", nation) if one.name.endswith("kind")]
    offered = {one.value for one in kind.options}
    assert {"initial", "review"} <= offered
    assert ("core_group" in offered) is nation.core_groups


@BOTH
def test_fields_side_by_side_are_told_apart(nation: Jurisdiction) -> None:
    """No two fields of one form, or of one group in it, have the same label."""
    found = []
    for name in WITH_A_FORM:
        nodes = drawn(name, nation)
        rooms = [nodes, *(each.members for one in nodes for each in one.whole())]
        for room in rooms:
            labels = [one.label for one in room]
            found += [(name, one) for one in set(labels) if labels.count(one) > 1]
    assert found == []


def test_every_field_has_a_label_that_was_read_through() -> None:
    """A field stands in api/forms/labels.csv: its name alone is what a programmer calls it."""
    missing = {
        f"{one.owner}.{one.name}"
        for members in (BESIDE, *(fields_of(name) for name in COMMANDS))
        for one in fields(members)
        if row_of(one.owner, one.name.removesuffix("_other")) is None
    }
    assert missing == set()


def test_what_a_description_says_of_a_field_is_said_on_its_form() -> None:
    """A field that its command's docstring speaks of has a hint, or a label that says it."""
    silent = {
        f"{one.owner}.{one.name}"
        for name in WITH_A_FORM
        for one in fields(fields_of(name))
        if one.doc and not (row_of(one.owner, one.name) or ("", ""))[1]
    }
    assert silent == set()


def used() -> set[str]:
    """Give every row of the table that a form may come to."""
    found = set(COMMANDS) | {"about.about"}
    for members in (BESIDE, *(fields_of(name) for name in COMMANDS)):
        for one in fields(members):
            found |= {one.name, f"{one.owner}.{one.name}"}
    return found


@BOTH
def test_every_form_is_called_what_it_does(nation: Jurisdiction) -> None:
    """Titles are plain, differ, and were read through; so is what is said below them."""
    found = []
    for name in WITH_A_FORM:
        found += [
            (name, what)
            for one in (title(name, nation), lead(name, nation))
            if (what := wrong(one, nation))
        ]
    assert found == []
    titles = [title(name, nation) for name in COMMANDS]
    assert len(set(titles)) == len(titles)
    assert set(COMMANDS) <= set(table())


@BOTH
def test_the_page_of_forms_has_plain_headings(nation: Jurisdiction) -> None:
    """No stage is called by its module, and each has commands."""
    assert set(HEADINGS) == {stage_of(name) for name in COMMANDS}
    headings = {
        one.title
        for role in ROLES
        for kind in (None, CASE, PERSON)
        for one in groups(role, kind, nation, here="", query="")
    }
    assert [what for one in headings if (what := wrong(one, nation))] == []
