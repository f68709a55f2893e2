"""What follows from what happened: views of the record, which may be deleted and made again.

`ALL` is every projection the laws hold for; `people` stands apart, since it is made with a key.
"""

from __future__ import annotations

from typing import Final

from projections.caseload import CASELOAD
from projections.chronology import CHRONOLOGY
from projections.decisions import DECISIONS
from projections.large_scale import LARGE_SCALE
from projections.naming import NAMING
from projections.participation import PARTICIPATION
from projections.projection import Projection
from projections.returns.facts import FACTS, PEOPLE
from projections.returns.inquiries import INQUIRIES
from projections.reviews import REVIEWS

ALL: Final[tuple[Projection, ...]] = (
    CHRONOLOGY,
    CASELOAD,
    REVIEWS,
    FACTS,
    PEOPLE,
    INQUIRIES,
    NAMING,
    PARTICIPATION,
    LARGE_SCALE,
    DECISIONS,
)
