"""The annual returns: which tables each nation asks for, by the first year they stand so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.words import Code
from projections.returns import england, scotland
from projections.returns.england import adding as english
from projections.returns.england import councils, naming
from projections.returns.england.agreeing import agreeing
from projections.returns.facts import Facts
from projections.returns.guarding import Law
from projections.returns.longform import Place
from projections.returns.periods import Span
from projections.returns.scotland import adding as scottish
from projections.returns.table import Filled, Table
from projections.returns.unready import Unready
from projections.returns.validation import RULES, Rule

# Nation → financial year → how many councils submit its return, where that is known.
COUNCILS: Final[Mapping[Code, Mapping[int, int]]] = {ENGLAND.code: councils.COUNCILS}
# Nation → first financial year (2025 is 2025-26) → its tables, until a later year has its own.
RETURNS: Final[Mapping[Code, Mapping[int, tuple[Table, ...]]]] = {
    ENGLAND.code: {2023: england.TABLES},
    SCOTLAND.code: {2024: scotland.TABLES},
}
# Nations whose return is by financial quarter; a year of it is the sum of its quarters.
QUARTERLY: Final = frozenset({SCOTLAND.code})

# Nation → what of the figures of its return adds up, as whoever reads them published knows too.
LAWS: Final[Mapping[Code, Callable[[Mapping[Place, int]], list[Law]]]] = {
    ENGLAND.code: english.laws,
    SCOTLAND.code: scottish.laws,
}
# Nation → what is checked of its return before it is sent; of Scotland's no rule was obtained.
CHECKED: Final[Mapping[Code, tuple[Rule, ...]]] = {ENGLAND.code: (*RULES, naming.RULE)}
# Nation → what of the answers in its return cannot all be so, by case and entry.
AGREEING: Final[Mapping[Code, Callable[[Facts], Iterable[Unready]]]] = {ENGLAND.code: agreeing}
# Nation → a table of our own that stands beside its return in the public report, and is not filed.
BESIDE: Final[Mapping[Code, tuple[Table, ...]]] = {ENGLAND.code: (english.crossed,)}


def tables(nation: Code, year: int) -> tuple[Table, ...]:
    """The tables of a nation's return for a financial year; none where it has none here."""
    years = RETURNS.get(nation, {})
    since = max((first for first in years if first <= year), default=None)
    return () if since is None else years[since]


def tables_of(nation: Code, span: Span) -> tuple[Table, ...]:
    """The tables of a year, or of a quarter where the nation's return has quarters."""
    if span.quarter is not None and nation not in QUARTERLY:
        return ()
    return tables(nation, span.year)


def whole(nation: Code, year: int, facts: Facts) -> Mapping[str, Filled]:
    """Every table of a return, by its code, filled from facts that were read once."""
    return {one.code: one.filled(facts) for one in tables(nation, year)}
