"""What pages say beside forms: entries and their fields in words that stand in one table."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Iterator
from functools import cache
from types import NoneType
from typing import Any
from uuid import UUID

import orjson
import pytest

from api.forms import labels
from api.pages import words
from api.pages.page import CLOCKS
from domain.authority import ROLES
from domain.catalogue import EVENTS
from domain.finding import SEVERITIES
from domain.jurisdictions import Jurisdiction
from domain.person import Details
from domain.record.encoding import kebab
from domain.recording import commands_recording
from domain.reference import DOCUMENTS
from domain.when import When
from domain.words import Due, ExternalReference, Forgotten, Personal
from tests.house.test_form_words import BOTH, NATIONS, wrong
from tests.house.test_form_words import used as used_by_forms
from tests.house.tracked import ROOT, tracked
from tests.stored.test_stored import FOLDER, loaded

# What a value of these holds is said as one thing, and not field by field.
WHOLE = {Personal, Forgotten, Due, When, ExternalReference}
QUERY = {
    *("cursor", "team", "worker", "purpose", "rule", "severity", "show", "overdue", "format"),
    *("seed", "size", "which", "from", "to", "kind", "by", "correlation", "after"),
}
# A name made into words where it stands, or a code written large as if it were one.
MADE_HERE = re.compile(r"""\.replace\(["'][_-]["']|\|\s*(capitalize|title|replace)\b""")
# An option of the terminal is no word, and what no row has is made of its name in one place.
NO_CODE = {
    ("api/commands/desk.py", """option = f"--{wrong.clock.replace('_', '-')}\""""),
    ("api/forms/labels.py", 'said = name.replace("_", " ").replace("-", " ")'),
}
SAYING = (
    *("api/pages/", "api/story/", "api/commands/", "api/chronologies/", "api/routes/"),
    *("api/forms/", "api/caselists/", "api/minutes/", "api/timelines/"),
)


# What the terminal tells of an import, dry or not, and of how far views are behind.
TOLD = {
    "import": (
        *(
            "added",
            "agencies",
            "agencies_kept_as_one",
            "already_there",
            "authors_notes",
            "brought_forward",
            "case",
        ),
        *("columns_not_known", "completed", "encoding", "entries", "new_case", "not_asked"),
        *("noted", "reading_ended", "rows", "sheets_not_read", "systems", "teams"),
        *("would_add", "would_bring_forward", "would_complete"),
    ),
    "counts": ("not_decided", "receiving", "sending"),
    "lag": (
        *("view", "position", "events_behind", "seconds_behind", "followed", "stopped_before"),
        *("event", "error"),
    ),
    "timeline": (
        *(
            "as_at",
            "origin",
            "root",
            "release",
            "policy",
            "cases",
            "persons",
            "from",
            "to",
            "before_period",
        ),
        *("known_to", "known_on", "gaps", "purpose", "naming", "names_as_at", "file", "key_file"),
        *("sha256", "lines", "uncertain", "without_source", "may_tell_the_same", "withheld"),
        *("silences", "notes", "left_out_before_period", "left_out_after_period"),
        *("left_out_withdrawn", "left_out_not_known_to_agency", "left_out_given_out"),
    ),
}


def types_in(hint: Any) -> Iterator[Any]:  # noqa: ANN401 — an annotation is any object
    """Give every type that an annotation is made of."""
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    inner = typing.get_args(hint)
    if inner:
        for one in inner:
            yield from types_in(one)
    elif hint not in {NoneType, Ellipsis}:
        yield hint


def told(cls: type[Any], owner: str) -> Iterator[tuple[str, str]]:
    """Give every field that is shown of an event or a value, of those in it, and whose."""
    hints = typing.get_type_hints(cls)
    for one in dataclasses.fields(cls):
        kinds = set(types_in(hints[one.name]))
        # A reference is not shown, nor what the rules keep by a name of their own.
        if kinds != {UUID} and ("derived" not in one.metadata or one.name in {"fields", "field"}):
            yield owner, one.name
        for kind in kinds:
            if dataclasses.is_dataclass(kind) and kind not in WHOLE and isinstance(kind, type):
                yield from told(kind, kebab(kind.__name__))


@cache
def every() -> frozenset[tuple[str, str]]:
    """Every field that a page may show, with whose it is."""
    found = {one for name, kind in EVENTS.items() for one in told(kind.cls, name)}
    return frozenset(found | set(told(Details, "details")))


def of_nation(name: str, nation: Jurisdiction) -> bool:
    """Whether an entry can stand in a record of a nation."""
    by = commands_recording(name)
    own = {nation.duty_event, nation.enquiry_event, nation.officer_event}
    others = {
        event
        for one in NATIONS
        for event in (one.duty_event, one.enquiry_event, one.officer_event)
        if event not in own
    }
    return name not in others and (not by or any(nation.has(one) for one in by))


def test_every_entry_and_its_fields_are_called_by_the_table() -> None:
    """Names alone are what a programmer calls them: each has a row that was read through."""
    assert set(EVENTS) - set(labels.table()) == set()
    missing = {
        f"{owner}.{name}"
        for owner, name in every()
        if labels.row_of(owner, name.removesuffix(labels.OTHER)) is None
    }
    assert missing == set()


@BOTH
def test_what_pages_call_entries_is_plain_and_the_nations_own(nation: Jurisdiction) -> None:
    """No title nor label of an entry shows code, or is the other nation's word."""
    said = [(name, labels.title(name, nation)) for name in EVENTS if of_nation(name, nation)]
    for owner, name in sorted(every()):
        if owner not in EVENTS or of_nation(owner, nation):
            said.append((f"{owner}.{name}", labels.label(owner, name, nation)))
    assert [(name, what) for name, text in said if (what := wrong(text, nation))] == []


@BOTH
def test_fields_of_an_entry_are_told_apart(nation: Jurisdiction) -> None:
    """No two fields of one entry, or of one value in it, are called the same."""
    rooms: dict[str, list[str]] = {}
    for owner, name in sorted(every()):
        rooms.setdefault(owner, []).append(labels.label(owner, name, nation))
    twice = {
        (owner, one) for owner, called in rooms.items() for one in called if called.count(one) > 1
    }
    assert twice == set()


@pytest.fixture
def held_to_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where a word is made of a name, since no row has one."""

    def made(name: str) -> str:
        assert name == "plain_code", f"no row for {name}"  # of an example that is frozen
        return name

    monkeypatch.setattr(labels, "_plain", made)


@BOTH
@pytest.mark.usefixtures("held_to_the_table")
def test_an_entry_is_shown_without_a_word_made_of_a_name(nation: Jurisdiction) -> None:
    """Of every entry there can be, nothing on a page is called by its name in the record."""
    examples = sorted(FOLDER.glob("*.json"))
    assert len(examples) >= len(EVENTS)
    for path in examples:
        name, _, version = path.stem.rpartition(".v")
        event = loaded(name, int(version), orjson.loads(path.read_bytes()))
        assert labels.title(name, nation)
        said = [one.label for one in words.lines(event, name, nation)]
        assert [one for one in said if re.search(r"_|\{", one)] == [], name


@BOTH
@pytest.mark.usefixtures("held_to_the_table")
def test_codes_that_no_list_has_are_called_by_the_table(nation: Jurisdiction) -> None:
    """Limits, stages, severities and roles are words too, and no page makes them of names."""
    limits = {one for one in nation.limits if one not in nation.lists["time_limit"]}
    stages = {"concern", "enquiry", "conference", "plan", "closed"}
    for of, codes in {"limit": limits, "stage": stages, "severity": set(SEVERITIES)}.items():
        assert all(not wrong(labels.code(of, one, nation), nation) for one in codes)
    for of, names in TOLD.items():
        assert all(not wrong(labels.code(of, one, nation), nation) for one in names)
    assert all(labels.role(one, nation) for one in ROLES)


def _made() -> set[tuple[str, str]]:
    """Every line of what pages, the story and the terminal say that makes a word of a name."""
    pages = [
        name
        for name in tracked()
        if name.startswith("api/templates/") or (name.startswith(SAYING) and name.endswith(".py"))
    ]
    assert len(pages) > 50
    return {
        (name, line.strip())
        for name in pages
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if MADE_HERE.search(line)
    }


def test_nothing_said_makes_a_word_of_a_name() -> None:
    """Pages, the story and the terminal take what they call things from the table and the lists."""
    assert _made() == NO_CODE


def summary_keys() -> set[str]:
    """Give the names under which the terminal tells where a case stands."""
    return {name.removeprefix("summary.") for name in labels.table() if name.startswith("summary.")}


def used() -> set[str]:
    """Give every row of the table that pages beside forms may come to."""
    limits = {
        f"limit.{one}"
        for nation in NATIONS
        for one in nation.limits
        if one not in nation.lists["time_limit"]
    }
    stages = {f"stage.{one}" for one in ("concern", "enquiry", "conference", "plan", "closed")}
    query = {f"query.{one}" for one in {*QUERY, *CLOCKS, "entry", "recorded"}}
    summary = {f"summary.{one}" for one in summary_keys()}
    told = {f"{of}.{one}" for of, names in TOLD.items() for one in names}
    external = {f"external.{one}" for one in {"case", *DOCUMENTS.values()}}
    fields = {row for owner, name in every() for row in (name, f"{owner}.{name}")}
    return (
        set(EVENTS)
        | fields
        | limits
        | stages
        | query
        | summary
        | told
        | external
        | {f"severity.{one}" for one in SEVERITIES}
    )


def test_the_table_of_labels_has_no_row_that_nothing_uses() -> None:
    """A field, a command or an entry that is gone takes its words with it."""
    assert set(labels.table()) - used() - used_by_forms() == set()
