"""Scotland: the Adult Support and Protection National Minimum Dataset, by financial quarter.

Full collection since April 2024. The list of its 19 indicators (Annex 1 of the technical report of
2024-25) and its workbook were not seen: what is known of them by other pages is here under its own
number, what is known to exist without its number under a name, and the rest is named as unknown.
Each table says in `cites` what was read, what follows from it (derived) and what is a choice of
this record, to be held against the workbook before anything is submitted. Scottish figures are not
to be compared with England's; the definitions differ.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from projections.returns.dataset import USING, WITHOUT
from projections.returns.scotland.inquiring import (
    action_after,
    client_group,
    harm,
    using_powers,
    without_powers,
)
from projections.returns.scotland.people import ages, genders
from projections.returns.scotland.protecting import conferences, large_scale, orders, plans
from projections.returns.scotland.referring import referrals, sources
from projections.returns.scotland.restating import restated, unknown
from projections.returns.scotland.words import ROUNDED
from projections.returns.table import Table

_TABLES: Final[tuple[Table, ...]] = (
    referrals,
    sources,
    without_powers,
    using_powers,
    action_after("10", WITHOUT),
    action_after("11", USING),
    harm("15a", WITHOUT),
    harm("15b", USING),
    client_group("17a", WITHOUT),
    client_group("17b", USING),
    ages,
    genders,
    conferences,
    plans,
    orders,
    large_scale,
    restated,
    unknown,
)
TABLES: Final = tuple(replace(one, notes=(*one.notes, ROUNDED)) for one in _TABLES)
