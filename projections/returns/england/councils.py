"""How many councils submit the return, by the year it is of: the list changes, and is versioned so.

Councils with adult social services responsibilities, as each year's publication or notice counts
them. A year that is not here was not seen; which councils they are, no source seen lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

COUNCILS: Final[Mapping[int, int]] = {
    2018: 152,
    2019: 151,
    2020: 151,
    2021: 152,
    2022: 152,
    2024: 153,  # the letter of September 2024
    2025: 153,  # the notice of September 2025
}
