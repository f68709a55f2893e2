"""What a meeting agreed to have done, as one table: what, by whom, by when, and for which wish."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from api.chronologies.writing import said
from api.minutes.grid import agency_cell
from api.minutes.left_out import low
from api.minutes.page import Table
from api.pages.words import day as day_in_words
from api.story.saying import Voice
from domain.plan import Action, Terms
from domain.words import Fact

HEADS: Final = ("No", "What is to be done", "By whom", "By when", "What it is for")
ONE_ACTION: Final = "action-agreed"


def actions(told: Iterable[Fact[Any]], voice: Voice) -> Table | None:
    """Every action of plans and of actions agreed alone; None where there is none."""
    agreed: list[Action | Any] = []
    for one in told:
        terms = getattr(one.event, "terms", None)
        agreed += terms.actions if isinstance(terms, Terms) else ()
        agreed += [one.event] if one.header.name == ONE_ACTION else []
    rows = tuple(
        (
            str(number),
            _what(one, voice),
            _owner(one, voice),
            "" if one.due is None else day_in_words(one.due),
            "" if one.outcome is None else voice.things.get(one.outcome, ""),
        )
        for number, one in enumerate(agreed, start=1)
    )
    return Table(heads=HEADS, rows=rows) if rows else None


def _owner(action: Any, voice: Voice) -> str:  # noqa: ANN401 — as of `_what`
    """The agency that is to do it, and in person whom."""
    agencies = [] if action.owner is None else [agency_cell(action.owner)]
    worker = action.owner_worker
    told = [*agencies, *([] if worker is None else [voice.worker(worker)])]
    return ", ".join(told)


def _what(action: Any, voice: Voice) -> str:  # noqa: ANN401 — one of a plan, or agreed alone
    kind = (
        said(action.kind_other)
        if action.kind_other is not None
        else voice.nation.label("action_kind", action.kind)
    )
    target = voice.nation.label("action_target", action.target)
    why = getattr(action, "rationale", None)
    told = "" if action.description is None else f" {said(action.description)}"
    reasons = "" if why is None else f" The reasons: {said(why)}"
    return f"{target}: {low(kind)}.{told}{reasons}"
