"""What a conference is to consider, in the order of the procedure, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from api.chronologies.writing import said
from api.minutes.contents import ITEM_ABOUT_HARM
from api.minutes.page import Table
from domain.agenda import CONCLUDING, AgendaItemConsidered, shown
from domain.jurisdictions import Jurisdiction
from domain.words import Code, Fact

HEADS: Final = ("No", "To be considered", "What became of it", "What was said")
_ELSEWHERE: Final = "Considered: see what was found, decided and agreed"
_NOWHERE: Final = "Nothing is recorded of it"


def considered(
    met: Sequence[Fact[Any]],
    kind: Code,
    nation: Jurisdiction,
    withheld: Callable[[], str | None],
) -> tuple[Table | None, set[int]]:
    """The considerations as a table (R64 to R85), with the versions of the entries it is made of.

    Of a conference that concludes, all of the nation's agenda; of any other, what is recorded.
    `withheld` says in whose place the item about the person alleged to have caused harm stands,
    where the copy is not to have it.
    """
    last: dict[Code, Fact[Any]] = {
        one.event.item: one for one in met if isinstance(one.event, AgendaItemConsidered)
    }
    elsewhere = {item for one in met for item in shown(one.header.name, one.event)}
    agenda: Mapping[str, str] = nation.lists["agenda_item"]
    asked = nation.agenda if kind in CONCLUDING else ()
    items = [one for one in agenda if one in asked or one in last]
    if not items:
        return None, set()
    rows, used = list[tuple[str, ...]](), set[int]()
    for number, item in enumerate(items, start=1):
        fact = last.get(Code(item))
        cut = withheld() if item == ITEM_ABOUT_HARM else None
        if cut is not None:
            became, words = cut, ""
        elif fact is not None:
            used.add(fact.version)
            became, words = nation.label("agenda_outcome", fact.event.outcome), _words(fact.event)
        else:
            became, words = (_ELSEWHERE if item in elsewhere else _NOWHERE), ""
        rows.append((str(number), agenda[item], became, words))
    return Table(heads=HEADS, rows=tuple(rows)), used


def _words(event: AgendaItemConsidered) -> str:
    reason = None if event.reason is None else f"The reason: {said(event.reason)}"
    told = None if event.discussion is None else said(event.discussion)
    return " ".join(filter(None, (told, reason)))
