"""A reproducible sample of cases to audit, as they were known at a position."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query

from api.clocks import Typed
from api.problems import invalid
from api.routes.caseload import team_of
from api.routes.door import PROBLEM, BasisOf, ReaderOf, based, clocks_read
from api.routes.waiting import Wait
from api.sampling import METHOD, MOST, sample

router: Final = APIRouter(tags=["audit"], responses=PROBLEM)
MOST_SEED: Final = 2**53 - 1


@router.get("/v1/audits/sample", operation_id="audit-sample")
def drawn(
    reader: ReaderOf,
    basis: BasisOf,
    wait: Wait,
    *,
    seed: Annotated[int, Query(ge=0, le=MOST_SEED, description="Any number; note it.")],
    size: Annotated[int, Query(ge=1, le=MOST, description="How many cases.")],
    as_at: Annotated[
        str | None,
        Query(description="As known then: a position, or a day (its end). A basis says it too."),
    ] = None,
    team: Annotated[str | None, Query(description="Only this team's.")] = None,
    which: Annotated[Literal["open", "closed", "all"], Query()] = "all",
) -> dict[str, Any]:
    """Draw cases to audit: the same seed, position and record give the same cases anywhere.

    They are ordered by HMAC-SHA-256 of the reference of each under `holdfast/sample/v1/SEED`, and
    the first `size` are drawn; `order` is that of each. `audit-case` records the audit of one, with
    `seed` and `as_at`. A case that is closed to this reader is drawn too, and says `restricted`.
    """
    reader.may("caseload")
    if as_at is None and basis.given is None:
        raise invalid("/query/as_at", "Say as_at, or send the basis it is asked again by: note it.")
    clocks = based(basis, clocks_read(reader.office, Typed(as_at=as_at)), None)
    is_open = None if which == "all" else which == "open"
    found = sample(
        reader,
        seed=seed,
        size=size,
        as_at=clocks.as_at,
        team=team_of(team),
        is_open=is_open,
        wait=wait,
    )
    return {
        "method": METHOD,
        "seed": seed,
        "as_at": found.as_at,
        "size": size,
        "team": team,
        "which": which,
        "basis": basis.named(),
        "population": found.population,
        "cases": found.rows,
    }
