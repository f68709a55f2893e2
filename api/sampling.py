"""A sample of cases to audit that anybody can draw again (procedure C.8).

Every case there was at a position is put in the order of HMAC-SHA-256, its key the text
`holdfast/sample/v1/` and the seed in decimal, its message the case's reference as it is written
(36 characters, lower case); the first of them are the sample. So a larger one begins with the
smaller one, no two seeds favour the same cases, and a shell can check it:
`printf %s CASE | openssl dgst -sha256 -hmac holdfast/sample/v1/SEED`.

What is drawn never depends on who draws it: a case that is closed to whoever asks is drawn as any
other, and said to be closed to them. A case read in another (merged) is drawn with that.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from api.routes.door import Reader
from api.routes.people import restricted_among
from api.routes.waiting import BRIEFLY_S, viewing
from projections.caseload import CASELOAD, Kept, kept

METHOD: Final = "holdfast/sample/v1"
MOST: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The cases drawn, in their order, of so many there were at a position."""

    as_at: int
    population: int
    rows: list[dict[str, Any]]


def order(seed: int, case: UUID) -> bytes:
    """Where a case stands in the drawing of a seed: the least come first."""
    return hmac.digest(f"{METHOD}/{seed}".encode(), str(case).encode(), "sha256")


def drawn(seed: int, cases: Iterable[Kept], size: int) -> list[Kept]:
    """The sample of a seed among some cases, as large as is asked, or as there are cases."""
    return sorted(cases, key=lambda one: order(seed, one.case))[:size]


def sample(
    reader: Reader,
    *,
    seed: int,
    size: int,
    as_at: int | None,
    team: str | None = None,
    is_open: bool | None = None,
    wait: float = BRIEFLY_S,
) -> Sample:
    """Draw a sample of the cases of a team or of all, open, closed or both; leaves the trace.

    Raises:
        Behind: the caseload has not come to the position asked about.
    """
    with viewing(reader.office, (CASELOAD.name,), as_at, wait=wait) as (conn, position):
        every = kept(conn, as_at=position, team=team, is_open=is_open)
    found = drawn(seed, every, size)
    closed = restricted_among(reader, {one.case for one in found})
    reader.viewed("sample", among=(one.case for one in found), as_at=position)
    rows = [
        {
            "number": number,
            "case": str(one.case),
            "order": order(seed, one.case).hex(),
            "open": one.open,
            "team": one.team,
            "restricted": one.case in closed,
            "links": {
                "case": f"/v1/cases/{one.case}?as_at={position}",
                "replay": f"/v1/cases/{one.case}/replay?as_at={position}",
            },
        }
        for number, one in enumerate(found, start=1)
    ]
    return Sample(as_at=position, population=len(every), rows=rows)
