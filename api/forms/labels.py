"""What a form calls things: commands, fields and hints, each as a social worker would say it.

The words stand in one table that was read through, `labels.csv`: `name` is a command's name, a
field's, or a field's within one command or value (`agree-action.kind`), which goes before. `{plan}`
stands for the nation's own term. A test holds every field of every form to a row of it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from api.pages import words
from domain.catalogue import COMMANDS
from domain.jurisdictions import Jurisdiction

OTHER: Final = "_other"
_TABLE: Final = Path(__file__).with_name("labels.csv")
_ARTICLE: Final = re.compile(r"\b([Aa]) (?=[aeioAEIO])")


@cache
def table() -> Mapping[str, tuple[str, str]]:
    """Every name with its label and its hint, as they stand before a nation's words."""
    with _TABLE.open(encoding="utf-8", newline="") as rows:
        return {row["name"]: (row["label"], row["hint"]) for row in csv.DictReader(rows)}


def row_of(owner: str, name: str) -> tuple[str, str] | None:
    """The label and the hint of a field of a command or value; None where nobody wrote them."""
    return table().get(f"{owner}.{name}") or table().get(name)


def label(owner: str, name: str, nation: Jurisdiction) -> str:
    """What a field is called. What stands beside a list's answers asks which other one."""
    if name.endswith(OTHER):
        asked = label(owner, name.removesuffix(OTHER), nation)
        return f"{asked}{'' if asked.endswith('?') else ':'} if another, say which"
    found = row_of(owner, name)
    return words.field(name, nation) if found is None else _said(found[0], nation)


def hint(owner: str, name: str, nation: Jurisdiction) -> str:
    """What helps to answer; empty where the label says all."""
    found = row_of(owner, name)
    return "" if found is None else _said(found[1], nation)


def title(command: str, nation: Jurisdiction) -> str:
    """What a form is called, by its command's name."""
    found = table().get(command)
    return words.command(command, nation) if found is None else _said(found[0], nation)


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
