"""An event in words, made from its fields: its name, its codes by their labels, its passages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Final

from api.chronologies.dates import write_date
from api.chronologies.writing import said, sentence
from domain.correction import ChronologyEntryRecorded
from domain.jurisdictions import Jurisdiction
from domain.when import When
from domain.words import Due, Fact, Forgotten, Personal, Slug

_QUIET: Final = {"not_recorded", "not_stated", "not_known", "not_considered"}


def agency_of(fact: Fact[Any]) -> str:
    """Whose entry it is: the agency an imported line came from, else who recorded it."""
    if isinstance(fact.event, ChronologyEntryRecorded):
        return "-" if fact.event.agency == "not-stated" else fact.event.agency
    return fact.header.organisation


def what_happened(fact: Fact[Any], jurisdiction: Jurisdiction) -> str:
    """One event as a line of text."""
    event = fact.event
    if isinstance(event, ChronologyEntryRecorded):
        ended = [] if event.ended is None else [f"until {write_date(event.ended)}"]
        more = [said(one) for one in (event.seen, event.response, event.decision) if one]
        return " · ".join([said(event.text), *ended, *more, f"({said(event.source)})"])
    return " · ".join([sentence(fact.header.name), *said_of(event, jurisdiction)])


def said_of(value: Any, jurisdiction: Jurisdiction) -> Iterator[str]:  # noqa: ANN401 — any event
    """What the fields of a value say, in their order; references and silence say nothing."""
    for one in fields(value):
        content = getattr(value, one.name)
        name, listed = one.name.replace("_", " "), one.metadata.get("list")
        for member in content if isinstance(content, tuple) else (content,):
            match member:
                case Personal() | Forgotten() if listed is None:
                    yield f"{name}: {said(member)}"
                case str() if listed is not None and member not in _QUIET:
                    yield f"{name}: {jurisdiction.label(listed, member)}"
                case Slug():
                    yield f"{name}: {member}"
                case Due(on=on):
                    yield f"{name}: {on.isoformat()}"
                case When() | date():
                    yield f"{name}: {write_date(member) if isinstance(member, When) else member}"
                case True:
                    yield name
                case _ if is_dataclass(member) and not isinstance(member, Personal | Forgotten):
                    yield from said_of(member, jurisdiction)
                case _:
                    pass
