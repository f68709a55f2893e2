"""An event in words, made from its fields: its name, its codes by their labels, its passages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Final

from api.chronologies.dates import write_date
from api.chronologies.writing import agency_said, said
from api.forms import labels
from domain.correction import ChronologyEntryRecorded
from domain.jurisdictions import Jurisdiction
from domain.record.encoding import kebab
from domain.when import When
from domain.words import Due, Fact, Forgotten, Passage, Personal, Slug

Words = Callable[[Passage], str]
_QUIET: Final = {"not_recorded", "not_stated", "not_known", "not_considered"}


def agency_of(fact: Fact[Any]) -> str:
    """Whose entry it is: the agency an imported line came from, else who recorded it."""
    if isinstance(fact.event, ChronologyEntryRecorded):
        return agency_said(fact.event)
    return fact.header.organisation


def what_happened(fact: Fact[Any], jurisdiction: Jurisdiction, words: Words = said) -> str:
    """One event as a line of text; `words` as in `said_of`."""
    event, name = fact.event, fact.header.name
    if isinstance(event, ChronologyEntryRecorded):
        ended = [] if event.ended is None else [f"until {write_date(event.ended)}"]
        text = words(event.text)
        more = [words(one) for one in (event.seen, event.response, event.decision) if one]
        source = "" if event.source is None else words(event.source)
        return " · ".join([text, *ended, *more, f"({source})"])
    title = labels.title(name, jurisdiction)
    return " · ".join([title, *said_of(event, name, jurisdiction, words)])


def said_of(
    value: Any,  # noqa: ANN401 — any event
    owner: str,
    jurisdiction: Jurisdiction,
    words: Words = said,
) -> Iterator[str]:
    """What the fields of a value say, in their order; references and silence say nothing.

    `owner` is the name an entry is stored under, or what else the table of words has the fields of.
    `words` gives what people wrote, asked once for each passage, in the order of what is said.
    """
    for one in fields(value):
        content = getattr(value, one.name)
        for member in content if isinstance(content, tuple) else (content,):
            if is_dataclass(member) and not isinstance(member, Personal | Forgotten | Due | When):
                yield from said_of(member, kebab(type(member).__name__), jurisdiction, words)
            elif told := _told(member, one.metadata.get("list"), jurisdiction, words):
                yield f"{labels.before(owner, one.name, jurisdiction)} {told}"


def _told(value: Any, listed: str | None, jurisdiction: Jurisdiction, words: Words) -> str:  # noqa: ANN401
    """A single value in words; nothing where it is a reference, a number, or silence."""
    match value:
        case Personal() | Forgotten():
            return "" if listed is not None else words(value)
        case str() if listed is not None:
            return "" if value in _QUIET else labels.listed(listed, value, jurisdiction)
        case Slug():
            return value
        case Due(on=on):
            return on.isoformat()
        case When():
            return write_date(value)
        case date():
            return str(value)
        case True:
            return "Yes"
        case _:
            return ""
