"""What a conference is to consider, in the order of the procedure, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from api.chronologies.writing import said
from api.minutes.contents import ITEM_ABOUT_HARM
from api.minutes.left_out import LeftOut
from api.minutes.page import Table
from domain.agenda import CONCLUDING, AgendaItemConsidered, shown
from domain.jurisdictions import Jurisdiction
from domain.words import Code, Fact

HEADS: Final = ("No", "To be considered", "What became of it", "What was said")
_ELSEWHERE: Final = "Considered: see what was found, decided and agreed"
_NOWHERE: Final = "Nothing is recorded of it"


def considered(
    met: Sequence[Fact[Any]],
    kind: Code | None,
    nation: Jurisdiction,
    left_out: LeftOut,
) -> tuple[Table | None, set[int]]:
    """The considerations as a table (R64 to R85), with the positions of the entries it is made of.

    Of a conference that concludes, all of the nation's agenda; of any other, what is recorded. An
    item that was taken in more than one part has a row for each. What the copy is not to have says
    so in its place.
    """
    last: dict[str, dict[int | None, Fact[Any]]] = {}
    for one in met:
        if isinstance(one.event, AgendaItemConsidered):
            last.setdefault(one.event.item, {})[one.event.part] = one
    elsewhere = {item: one for one in met for item in shown(one.header.name, one.event)}
    elsewhere |= {
        item: one
        for one in met
        if left_out.entry(one) is None
        for item in shown(one.header.name, one.event)
    }
    agenda: Mapping[str, str] = nation.lists["agenda_item"]
    asked = nation.agenda if kind in CONCLUDING else ()
    items = [one for one in agenda if one in asked or one in last]
    if not items:
        return None, set()
    rows, used = list[tuple[str, ...]](), set[int]()
    for number, item in enumerate(items, start=1):
        for part, fact in sorted(last.get(item, {None: None}).items(), key=_by_part):
            harm = left_out.harm(part) if item == ITEM_ABOUT_HARM else None
            cut, words = harm or left_out.part(part), ""
            if cut is not None and (fact is not None or item in elsewhere):
                became = cut
            elif fact is not None:
                used.add(fact.position)
                became = nation.label("agenda_outcome", fact.event.outcome)
                words = _words(fact.event)
            elif item in elsewhere:
                became = left_out.entry(elsewhere[item]) or _ELSEWHERE
            else:
                became = _NOWHERE
            rows.append((str(number), agenda[item], became, words))
    return Table(heads=HEADS, rows=tuple(rows)), used


def _by_part(taken: tuple[int | None, object]) -> int:
    return taken[0] or 0


def _words(event: AgendaItemConsidered) -> str:
    reason = None if event.reason is None else f"The reason: {said(event.reason)}"
    told = None if event.discussion is None else said(event.discussion)
    return " ".join(filter(None, (told, reason)))
