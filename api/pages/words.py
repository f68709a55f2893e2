"""How facts are said to people: days, uncertain times, codes and passages as words."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, assert_never
from uuid import UUID

from api.forms import labels
from api.forms.fields import MARKS
from domain import when
from domain.calendar import PolicyCalendar
from domain.corrected import Followed
from domain.finding import Finding
from domain.jurisdictions import Jurisdiction
from domain.procedure import rules
from domain.record.encoding import kebab
from domain.review_date import CORE_GROUP, CYCLE
from domain.stage import CHOSEN, at_latest
from domain.when import LONDON, When
from domain.words import Due, ExternalReference, Forgotten, Personal

FORGOTTEN: Final = "[forgotten]"
_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_TERMS: Final = {"review": "review_conference"}  # of what is reviewed, where named otherwise
_OF_AN_ENTRY: Final = {"fields", "field"}  # names in an entry of what is told there


def day(value: date | None) -> str:
    """`2 November 2026`; a dash where there is none."""
    return "–" if value is None else when.in_words(value)


def moment(value: datetime) -> str:
    """`2 November 2026, 14:30` in the United Kingdom."""
    local = value.astimezone(LONDON)
    return f"{day(local.date())}, {local:%H:%M}"


def time(value: When) -> str:
    """A time as precisely as it is known and no more; what is uncertain begins with `?`."""
    if value.unknown:
        return "? not known"
    text = value.text
    if "/" in text:
        first, _, last = text.partition("/")
        match first, last:
            case "", _:
                return f"? by {_part(last)}"
            case "..", _:
                return f"? always up to {_part(last)}"
            case _, "":
                return f"? from {_part(first)}"
            case _, "..":
                return f"? from {_part(first)} on, with no end"
            case _:
                pass
        return f"? {_part(first)} to {_part(last)}"
    return f"? {_part(text)}" if value.uncertain else _part(text)


def due(value: Due) -> str:
    """`2 November 2026`; of a day reckoned from a time that is not certain, that it is the latest.

    From when it was reckoned is said too, as it was stated; and where that was corrected, by which
    entry, and what was due before.
    """
    if isinstance(value, Followed):
        before = f", in place of {day(value.supersedes.on)}" if value.supersedes else ""
        return f"{_due(value)}{before} (by the correction at position {value.corrected_by})"
    return _due(value)


def _due(value: Due) -> str:
    if not at_latest(value) or value.started is None:
        return day(value.on)
    if value.started.unknown:
        told = f"counted from {day(value.start)}, when it was recorded; its own day is not known"
        return f"{day(value.on)} at the latest ({told})"
    since = time(value.started).removeprefix("? ")
    return f"{day(value.on)} at the latest (counted from {since}, which is not one certain day)"


def reckoned(value: Due, nation: Jurisdiction, days: PolicyCalendar | None = None) -> str:
    """The same with how it was reckoned: the limit, from when, the days passed over, by what.

    Days passed over are weekdays; weekends go without saying. A day somebody chose is that day.
    Where the day itself is no working day by the calendar of `days`, that is said too; and of a
    core group, when a review takes its place (`domain.lateness.with_review`).
    """
    if value.rule == CHOSEN:
        return due(value)
    limit = nation.lists["time_limit"].get(value.rule) or labels.code("limit", value.rule, nation)
    told = [limit] if value.started else [limit, f"from {day(value.start)}"]
    if value.skipped:
        told.append(f"not counted: {', '.join(map(day, value.skipped))}")
    told.append(f"calendar {value.calendar}")
    if value.policy is not None:
        told.append(f"policy {value.policy}")
    if value.rule == CORE_GROUP and CYCLE in nation.limits:
        review = nation.terms["review_conference"]
        told.append(f"within a fortnight before a {review} is due, with that")
    if days is not None:
        told += landing(value, days)
    return f"{due(value)}; {'; '.join(told)}"


def landing(value: Due, days: PolicyCalendar) -> list[str]:
    """That a due date falls on no working day, and the working days beside it, if it does so."""
    found = days.landing(value)
    if found is None:
        return []
    beside = f"the working days beside it are {day(found.before)} and {day(found.after)}"
    return [f"this is no working day ({found.why}): {beside}"]


def latest(value: date | None, *, at_latest: bool) -> str:
    """`2 November 2026`, and that it is the latest day it can be where it is."""
    return f"{day(value)} at the latest" if at_latest and value is not None else day(value)


def edtf(text: str) -> str:
    """A stored time's text, said likewise."""
    return time(when.read(text))


def _part(text: str) -> str:
    """One side of a range, or the whole of a time."""
    plain = text.rstrip("?~%")
    about = "about " if text[-1] in "~%" else ""
    if "T" in plain:
        instant = when.read(plain).earliest
        return about + (plain if instant is None else moment(instant))
    if found := _MONTH.fullmatch(plain):
        return about + when.month_in_words(int(found[1]), int(found[2]))
    try:
        return about + day(date.fromisoformat(plain))
    except ValueError:
        return about + plain


def cited(one: Finding) -> str:
    """`R53 (A72), L13`: each rule of a finding with the line of the source it stands in."""
    table = rules()
    seeds = {rule: f" ({table[rule].seed})" for rule in one.rules if rule in table}
    return ", ".join(f"{rule}{seeds.get(rule, '')}" for rule in one.rules)


def reviewed(what: str, nation: Jurisdiction) -> str:
    """What is to be looked at again, `Review conference`, as the nation calls it."""
    return capital(nation.terms[_TERMS.get(what, what)])


def capital(text: str) -> str:
    """Words as they begin a line; what else is written large stays so."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Line:
    """One line about an entry: what it says of what; `personal` text is shown apart."""

    label: str
    text: str
    personal: bool = False


def lines(
    value: object,
    owner: str,
    nation: Jurisdiction,
    before: str = "",
    place: Callable[[int], int | None] | None = None,
    *,
    days: PolicyCalendar | None = None,
) -> Iterator[Line]:
    """What an entry says, field by field; references, which mean nothing to a reader, left out.

    `owner` is the name an entry is stored under, or what else a table of words has the fields of.
    What names an entry by its version in its own case is said by the position `place` gives.
    """
    if not dataclasses.is_dataclass(value):
        return
    for one in dataclasses.fields(value):
        content = getattr(value, one.name)
        if not _told(content) or ("derived" in one.metadata and one.name not in _OF_AN_ENTRY):
            continue
        if content is False and one.name in MARKS:  # nobody marked it, which says nothing
            continue
        called = labels.label(owner, one.name, nation)
        name = f"{before}: {called}" if before else called
        if one.name in _OF_AN_ENTRY:
            told = [
                labels.label("", each, nation).removesuffix("?")
                for each in ((content,) if isinstance(content, str) else content)
            ]
            yield Line(name, "; ".join(told))
        elif "entry" in one.metadata and place is not None:
            yield from _entries(content, name, place)
        else:
            yield from _line(content, name, nation, one.metadata.get("list"), place, days=days)


def _told(content: object) -> bool:
    """Whether a value says anything to a reader: something is there, and not a reference alone."""
    if isinstance(content, tuple):
        return any(_told(one) for one in content)
    return content is not None and not isinstance(content, UUID)


def _entries(
    content: int | tuple[int, ...] | None, name: str, place: Callable[[int], int | None]
) -> Iterator[Line]:
    """Entries as whoever reads a page finds them."""
    numbers = content if isinstance(content, tuple) else () if content is None else (content,)
    places = [place(one) for one in numbers]
    told = ["an entry not shown here" if one is None else f"position {one}" for one in places]
    if told:
        yield Line(name, ", ".join(told))


def _line(
    content: Any,  # noqa: ANN401 — any field of an event
    name: str,
    nation: Jurisdiction,
    listed: str | None,
    place: Callable[[int], int | None] | None = None,
    *,
    days: PolicyCalendar | None = None,
) -> Iterator[Line]:
    match content:
        case None | () | UUID():
            return
        case ExternalReference(system=system, id=identifier):
            yield from _line(identifier, f"{name} ({system})", nation, None)
        case Due():
            yield Line(name, reckoned(content, nation, days))
        case Personal() | Forgotten() | str() | bool() | int() | date() | When():
            personal = isinstance(content, Personal | Forgotten)
            yield Line(name, _said(content, nation, listed), personal=personal)
        case tuple() if all(isinstance(one, str) for one in content):
            yield Line(name, ", ".join(_said(one, nation, listed) for one in content))
        case tuple():
            for number, one in enumerate(content, start=1):
                which = f"{name}, number {number}" if len(content) > 1 else name
                yield from _line(one, which, nation, listed, place, days=days)
        case _:
            yield from lines(content, kebab(type(content).__name__), nation, name, place, days=days)


def _said(
    content: Personal | Forgotten | str | bool | int | date | When,  # noqa: FBT001 — one of many kinds
    nation: Jurisdiction,
    listed: str | None,
) -> str:
    """A single value as words."""
    match content:
        case Forgotten():
            return FORGOTTEN
        case Personal(text=text):
            return text if listed is None else nation.label(listed, text)
        case str():
            return str(content) if listed is None else nation.label(listed, content)
        case bool():
            return "Yes" if content else "No"
        case datetime():
            return moment(content)
        case date():
            return day(content)
        case When():
            return time(content)
        case int():
            return str(content)
        case _:
            assert_never(content)
