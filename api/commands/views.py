"""`holdfast caseload`, `reviews` and `return`: what follows from the record, over all cases."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any, Final

from api.commands import show
from api.commands.desk import Desk, at_desk, reference
from api.commands.following import up_to_date
from api.commands.options import Asking, Then
from domain.refusal import Refused
from domain.words import Slug
from projections.caseload import CASELOAD, Held, caseload
from projections.reviews import REVIEWS, Overdue
from projections.reviews import overdue as reviews_due


def show_caseload(
    asking: Asking, then: Then, *, team: str | None, worker: str | None, json: bool
) -> None:
    """Show the open cases of a team, of a worker, or of everybody."""
    with at_desk(asking) as desk:
        desk.must("caseload")
        standing = desk.standing(then.as_at, then.on)
        up_to_date(desk.office, (CASELOAD,))
        desk.viewed("caseload", as_at=standing.as_at)
        with desk.office.pool.connection() as conn:
            found = caseload(
                conn,
                on=standing.on,
                as_at=standing.as_at,
                team=_team(team),
                worker=None if worker is None else reference(worker, "worker"),
            )
        stages = _stages(desk)
    if json:
        show.as_json({"on": standing.on, "as_at": standing.as_at, **dataclasses.asdict(found)})
        return
    show.table(
        f"Open cases, judged by {standing.on.isoformat()}",
        ("Case", "Stage", "Team", "Worker", "Received", "Days unallocated", "Last entry"),
        [_held(row, stages) for row in found.rows],
    )
    show.table(
        "By team and worker",
        ("Team", "Worker", "Cases", "Days unallocated"),
        [
            (one.team or "-", _short(one.worker), one.count, one.unallocated_days)
            for one in found.totals
        ],
    )


def show_reviews(
    asking: Asking,
    then: Then,
    *,
    late: bool,
    team: str | None,
    worker: str | None,
    json: bool,
) -> None:
    """Show what is to be reviewed; or only what is past its day, or was never reviewed."""
    with at_desk(asking) as desk:
        desk.must("caseload")
        standing = desk.standing(then.as_at, then.on)
        up_to_date(desk.office, (REVIEWS,))
        desk.viewed("caseload", as_at=standing.as_at)
        with desk.office.pool.connection() as conn:
            found = reviews_due(
                conn,
                on=standing.on if late else date.max,
                as_at=standing.as_at,
                team=_team(team),
                worker=None if worker is None else reference(worker, "worker"),
            )
    answers = [_review(one, standing.on) for one in found]
    if json:
        show.as_json(
            {"on": standing.on, "as_at": standing.as_at, "reviews": answers, "overdue_only": late}
        )
        return
    rows = [
        (
            str(one["case"]),
            _WHY[one["why"]],
            one["days_late"],
            one["due_on"],
            one["since"],
            one["reviewed_on"],
            one["team"] or "-",
            _short(one["worker"]),
        )
        for one in answers
    ]
    title = "Reviews past their day or never held" if late else "Reviews to come or to catch up on"
    show.table(
        f"{title}, judged by {standing.on.isoformat()}",
        ("Case", "Why", "Days", "Due", "To review since", "Last held", "Team", "Worker"),
        rows,
    )


_WHY: Final = {
    "past_due": "past its day",
    "never_reviewed": "never reviewed",
    "to_come": "to come",
}


def _review(one: Overdue, on: date) -> dict[str, Any]:
    """One case, its days counted to the day judged by; how late, or 0 where it is to come."""
    answer = dataclasses.asdict(one)
    del answer["days"]
    begun = one.due_on or one.since
    days = 0 if begun is None else max(0, (on - begun).days)
    why = one.why if one.due_on is None or one.due_on < on else "to_come"
    return {**answer, "why": why, "days_late": days}


def _held(row: Held, stages: dict[str, str]) -> tuple[show.Cell, ...]:
    return (
        str(row.case),
        stages.get(row.stage, row.stage),
        row.team or "-",
        _short(row.worker),
        row.received_on or f"? {row.received}",
        row.unallocated_days,
        row.last_event_on,
    )


def _stages(desk: Desk) -> dict[str, str]:
    return dict(desk.office.jurisdiction.terms)


def _short(reference: object) -> str:
    """Nobody, or enough of a reference to tell two workers apart; --json has the whole."""
    return "nobody" if reference is None else str(reference)[:8]


def _team(text: str | None) -> Slug | None:
    try:
        return None if text is None else Slug(text)
    except ValueError:
        raise Refused("option", "usage", "--team is a team, such as north-team.") from None
