"""What forms and pages call things: commands, entries, fields and hints, as a social worker would.

The words stand in one table that was read through, `labels.csv`: `name` is a command's name, an
entry's, a field's, or a field's within one of these or a value (`agree-action.kind`), which goes
before. A field of an entry is called what the command that records it calls it. `limit.`, `stage.`,
`severity.`, `query.`, `summary.`, `import.`, `counts.` and `lag.` go before the codes that no list
of a nation's has. `{plan}` stands for the nation's own term. Tests hold every field of every form
and entry to a row of it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from domain.authority import ROLES
from domain.catalogue import COMMANDS, EVENTS, command_name
from domain.jurisdictions import Jurisdiction
from domain.recording import commands_recording

OTHER: Final = "_other"
_TABLE: Final = Path(__file__).with_name("labels.csv")
_ARTICLE: Final = re.compile(r"\b([Aa]) (?=[aeioAEIO])")


@cache
def table() -> Mapping[str, tuple[str, str]]:
    """Every name with its label and its hint, as they stand before a nation's words."""
    with _TABLE.open(encoding="utf-8", newline="") as rows:
        return {row["name"]: (row["label"], row["hint"]) for row in csv.DictReader(rows)}


@cache
def row_of(owner: str, name: str) -> tuple[str, str] | None:
    """The label and the hint of a field of a command, an entry or a value; None where none is."""
    places = (f"{one}.{name}" for one in (owner, *commands_recording(owner)))
    return next((table()[one] for one in (*places, name) if one in table()), None)


def label(owner: str, name: str, nation: Jurisdiction) -> str:
    """What a field is called. What stands beside a list's answers asks which other one."""
    if name.endswith(OTHER):
        asked = label(owner, name.removesuffix(OTHER), nation)
        return f"{asked}{'' if asked.endswith('?') else ':'} if another, say which"
    found = row_of(owner, name)
    return _plain(name) if found is None else _said(found[0], nation)


def called(name: str) -> str:
    """What a field is called, whoever's it is, where no nation is known."""
    found = row_of("", name)
    return _plain(name) if found is None else found[0]


def before(owner: str, name: str, nation: Jurisdiction) -> str:
    """What a field is called before what is told of it, `Their role:` or `Who was told?`.

    Another answer than a list's is told as the answer that it is to what was asked.
    """
    asked = label(owner, name.removesuffix(OTHER), nation)
    return asked if asked.endswith("?") else f"{asked}:"


def detail(name: str, nation: Jurisdiction) -> str:
    """What an entry's field is called where entries tell which of them they speak of."""
    return label("", name, nation).removesuffix("?")


def listed(of: str, value: str, nation: Jurisdiction) -> str:
    """What a code of a list is called; one that is in it no more, in words all the same."""
    return nation.lists.get(of, {}).get(value) or _plain(value)


def hint(owner: str, name: str, nation: Jurisdiction) -> str:
    """What helps to answer; empty where the label says all."""
    found = row_of(owner, name)
    return "" if found is None else _said(found[1], nation)


def title(name: str, nation: Jurisdiction) -> str:
    """What a form is called by its command's name, or an entry by the name it is stored under."""
    found = table().get(name)
    return _plain(name) if found is None else _said(found[0], nation)


def recorded(command: object, nation: Jurisdiction) -> str:
    """What the entry is called that a command is asked for: the nation's own, else the first."""
    own = (nation.duty_event, nation.enquiry_event, nation.officer_event)
    name = command_name(command)
    return title(next(one for one in (*own, *EVENTS) if name in commands_recording(one)), nation)


def code(of: str, value: str, nation: Jurisdiction) -> str:
    """What a code is called that no list of a nation's has: of a `limit`, `stage` or `import`."""
    found = table().get(f"{of}.{value}")
    return _plain(value) if found is None else _said(found[0], nation)


def role(value: str, nation: Jurisdiction) -> str:
    """What somebody acted as: a role here, or one of a list of roles."""
    lists = (nation.lists[name] for name in sorted(nation.lists) if name.endswith("_role"))
    return ROLES.get(value) or next((one[value] for one in lists if value in one), _plain(value))


def lead(command: str, nation: Jurisdiction) -> str:
    """What a command's description says first, without what it says of fields by their names."""
    said = (COMMANDS[command].cls.__doc__ or "").strip().split("\n\n")[0]
    first, *more = " ".join(said.split()).split("; ")
    told = "; ".join([first.replace("`", ""), *(one for one in more if "`" not in one)])
    for word, plain in {"event": "entry", "abuse": nation.terms["harm"]}.items():
        told = re.sub(rf"\b{word}\b", plain, told)
    return nation.worded(f"{told.rstrip('.')}.")


def _said(text: str, nation: Jurisdiction) -> str:
    """A row's words with the nation's own terms in them."""
    said = _ARTICLE.sub(r"\1n ", nation.worded(text.format_map(nation.terms)))
    return said[:1].upper() + said[1:]


def _plain(name: str) -> str:
    """A name that no row has, as words: of a record that an earlier or a later release made."""
    said = name.replace("_", " ").replace("-", " ")
    return said[:1].upper() + said[1:]
