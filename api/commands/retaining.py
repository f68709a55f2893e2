"""`holdfast retention`: how long cases are kept, and what is to be done next."""

from __future__ import annotations

from api.commands import show
from api.commands.desk import at_desk
from api.commands.following import up_to_date
from api.commands.options import Asking, Then
from api.commands.views import team_of
from api.copied import STALE, standing
from api.retaining import STANDINGS, TO_BE_DONE, Listed, Row, listed, looked, told
from domain.jurisdictions import Jurisdiction
from domain.kept_until import NEXT
from domain.refusal import Refused
from projections.caseload import CASELOAD


def show_retention(
    asking: Asking, then: Then, stands: str | None, team: str | None, *, json: bool
) -> None:
    """Show the cases that stand at one thing, or all but those kept until a day to come.

    Raises:
        Refused: this role may not read it, or an option is not understood.
    """
    if stands not in {None, *STANDINGS}:
        raise Refused("option", "usage", f"--stands is one of {', '.join(STANDINGS)}.")
    asked = TO_BE_DONE if stands is None else (str(stands),)
    with at_desk(asking) as desk:
        desk.must("retention")
        clocks = desk.clocks(then)
        up_to_date(desk.office, (CASELOAD,))
        found = listed(desk.reader, clocks, team=team_of(team), standings=asked)
        looked(desk.reader, found, found.rows)
        copy = standing(desk.office.settings, desk.office.wrapping)
        rests, nation = desk.rests(), desk.office.jurisdiction
    if json:
        rests.json(
            {
                "as_at": found.as_at,
                "on": clocks.on,
                "cases": [told(one) for one in found.rows],
                "counts": {one: found.counts.get(one, 0) for one in (*STANDINGS, "open")},
                "restricted": found.restricted,
            }
        )
        _told_of_copy(copy)
        return
    show.table(
        f"How long cases are kept, judged by {clocks.on.isoformat()}",
        ("Case", "Standing", "Class", "Look again by", "Use by", "Team", "Next"),
        [_row(one, nation) for one in found.rows],
    )
    for name in dict.fromkeys(one.kept.stands for one in found.rows):
        show.say(f"{NEXT[name].title}: {NEXT[name].words}")
    show.say(_counted(found))
    _told_of_copy(copy)
    rests.foot()


def _told_of_copy(standing: str) -> None:
    """Beside the answer, since it is of now, whatever the answer is of."""
    if standing == "stale":
        show.tell(STALE)


def _row(row: Row, nation: Jurisdiction) -> tuple[show.Cell, ...]:
    found = row.kept
    kind, due = found.retention_class, found.review_due
    return (
        str(row.case),
        found.step.title,
        None if kind is None else nation.label("retention_class", kind),
        None if due is None else due.on,
        min((one.use_by for one in found.approvals), default=None),
        row.held.team,
        found.command,
    )


def _counted(found: Listed) -> str:
    """How many stand at each, of all that were asked about."""
    each = [f"{found.counts[one]} {NEXT[one].title.lower()}" for one in NEXT if found.counts[one]]
    said = f"As known at position {found.as_at}: {', '.join(each) or 'no cases'}"
    if found.restricted:
        said += f"; {found.restricted} restricted, not shown"
    return f"{said}."
