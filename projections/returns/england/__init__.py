"""England: the Safeguarding Adults Collection (annual, by financial year), table by table.

The guidance announced no change of the template for 2024-25 and 2025-26; what it said for 2023-24
was not seen, and that year has the same tables. A year that differs is a tuple of its own, so that
what was filed before can be made again.

A table's `notes` say what the sources seen do not. "From memory" is nobody's statement but ours,
"derived" follows from what they say, and "not seen" is open: each is to be held against the
template before a return is filed.
"""

from __future__ import annotations

from typing import Final

from projections.returns.england import sg1, sg2, sg3, sg5
from projections.returns.table import Table

TABLES: Final[tuple[Table, ...]] = (*sg1.TABLES, *sg2.TABLES, *sg3.TABLES, *sg5.TABLES)
