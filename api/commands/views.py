"""`holdfast caseload`, `reviews` and `return`: what follows from the record, over all cases."""

from __future__ import annotations

import dataclasses
from typing import Final

from api.commands import show
from api.commands.desk import Desk, at_desk, reference
from api.commands.following import up_to_date
from api.commands.options import Asking, Then
from api.forms import labels
from api.pages import words
from api.routes.caseload import total_of
from api.routes.people import open_among
from api.routes.reviews import Whose, cases_of, left_out, lines_of, opened_of, reviews_by
from api.routes.waiting import viewing
from domain.jurisdictions import Jurisdiction
from domain.refusal import Refused
from domain.words import Slug
from projections.caseload import CASELOAD, Caseload, Held, caseload
from projections.refold import Review
from projections.reviews import REVIEWS


def show_caseload(
    asking: Asking, then: Then, *, team: str | None, worker: str | None, json: bool
) -> None:
    """Show the open cases of a team, of a worker, or of everybody."""
    with at_desk(asking) as desk:
        desk.must("caseload")
        clocks = desk.clocks(then)
        up_to_date(desk.office, (CASELOAD,))
        with viewing(desk.office, (CASELOAD.name,), clocks.as_at) as (conn, as_at):
            found = caseload(
                conn,
                on=clocks.on,
                as_at=clocks.as_at,
                team=team_of(team),
                worker=None if worker is None else reference(worker, "worker"),
            )
        rows = open_among(desk.reader, found.rows)
        known, restricted = {one.case for one in rows}, len(found.rows) - len(rows)
        desk.viewed("caseload", among=known, as_at=as_at)
        stages, rests = _stages(desk), desk.rests()
    if json:
        totals = tuple(total_of(one, known) for one in found.totals)
        answer = dataclasses.asdict(Caseload(rows=tuple(rows), totals=totals))
        rests.json({"on": clocks.on, "as_at": as_at, **answer, "restricted": restricted})
        return
    show.table(
        f"Open cases, judged by {clocks.on.isoformat()}",
        ("Case", "Stage", "Team", "Worker", "Received", "Days unallocated", "Last entry"),
        [_held(row, stages) for row in rows],
    )
    say_restricted(restricted)
    show.table(
        "By team and worker",
        ("Team", "Worker", "Cases", "Days unallocated"),
        [
            (one.team or "-", _short(one.worker), one.count, one.unallocated_days)
            for one in found.totals
        ],
    )
    rests.foot()


def show_reviews(
    asking: Asking,
    then: Then,
    *,
    late: bool,
    team: str | None,
    worker: str | None,
    json: bool,
) -> None:
    """Show what is to be reviewed; or only what is past its day, or has none."""
    with at_desk(asking) as desk:
        desk.must("caseload")
        clocks = desk.clocks(then)
        up_to_date(desk.office, (REVIEWS,))
        whose = Whose(
            team=team_of(team), worker=None if worker is None else reference(worker, "worker")
        )
        as_at, every = reviews_by(desk.office, clocks, whose, overdue=late)
        found = opened_of(desk.reader, every)
        restricted = lines_of(every) - lines_of(found)
        desk.viewed("caseload", among=cases_of(found), as_at=as_at)
        rests = desk.rests()
    if json:
        rests.json(
            {
                **clocks.told(),
                "as_at": as_at,
                "overdue_only": late,
                "reviews": [
                    {**dataclasses.asdict(one), "overdue": one.overdue} for one in found.rows
                ],
                "left_out": [left_out(one) for one in found.left_out],
                "restricted": restricted,
            }
        )
        return
    title = "Reviews past their day, or without one" if late else "Reviews"
    show.table(
        f"{title}, judged by {clocks.on.isoformat()}",
        ("Case", "Of", "Standing", "Days", "Due", "Since", "Last held", "Team", "Worker"),
        [_review(one, desk.office.jurisdiction) for one in found.rows],
    )
    say_restricted(restricted)
    if found.left_out:
        show.table(
            "Left out, not certain by then",
            ("Case", "Position", "Entry", "When"),
            [
                (
                    str(one.case),
                    one.position,
                    labels.title(one.name, desk.office.jurisdiction),
                    one.occurred.text,
                )
                for one in found.left_out
            ],
        )
    rests.foot()


def say_restricted(restricted: int) -> None:
    """Say of how many lines nothing is shown."""
    if restricted:
        of = "1 is of a case that is" if restricted == 1 else f"{restricted} are of cases that are"
        show.say(f"{of} restricted, and nothing of {'it' if restricted == 1 else 'them'} is shown.")


_WHY: Final = {
    "past_due": "past its day",
    "never_reviewed": "never reviewed",
    "no_date": "no date set",
    "to_come": "to come",
}


def _review(one: Review, nation: Jurisdiction) -> tuple[show.Cell, ...]:
    return (
        str(one.case),
        words.reviewed(one.what, nation),
        f"led by {one.led_by}" if one.led_by else _WHY[one.why],
        one.days,
        one.due_on,
        one.since,
        one.reviewed_on,
        one.team or "-",
        _short(one.worker),
    )


def _held(row: Held, stages: dict[str, str]) -> tuple[show.Cell, ...]:
    return (
        str(row.case),
        stages.get(row.stage, row.stage),
        row.team or "-",
        f"{_short(row.worker)}, led by {row.led_by}" if row.led_by else _short(row.worker),
        row.received_on or f"? {row.received}",
        f"{row.unallocated_days}{'+' if row.at_least else ''}",
        row.last_event_on,
    )


def _stages(desk: Desk) -> dict[str, str]:
    return dict(desk.office.jurisdiction.terms)


def _short(reference: object) -> str:
    """Nobody, or enough of a reference to tell two workers apart; --json has the whole."""
    return "nobody" if reference is None else str(reference)[:8]


def team_of(text: str | None) -> Slug | None:
    """A team as it was typed. Raises Refused."""
    try:
        return None if text is None else Slug(text)
    except ValueError:
        raise Refused("option", "usage", "--team is a team, such as north-team.") from None
