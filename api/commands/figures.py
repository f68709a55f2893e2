"""`holdfast figures`: counts for dashboards, as a table, as CSV or as JSON."""

from __future__ import annotations

import sys

from api.commands import show
from api.commands.desk import at_desk
from api.commands.following import up_to_date
from api.commands.options import Asking, Then
from api.routes.figures import as_csv, described, found_of, read
from domain.refusal import Refused
from projections import ALL
from projections.figures import FIGURES
from projections.returns.longform import SIMULATED
from projections.returns.longform import stamp as stamp_of


def show_figures(asking: Asking, name: str | None, then: Then, *, csv: bool, json: bool) -> None:
    """Show one figure, or which there are. Raises Refused, NotFound."""
    if json and csv:
        raise Refused("option", "usage", "Choose one of --json and --csv.")
    if name is None:
        _list(asking, json=json)
        return
    found = found_of(name)
    with at_desk(asking) as desk:
        desk.must("caseload")
        clocks = desk.clocks(then)
        up_to_date(desk.office, tuple(one for one in ALL if one.name in found.of))
        rows, as_at = read(desk.office, found, clocks)
        desk.viewed("caseload", as_at=as_at)
        stamp = SIMULATED if desk.office.simulated else None
        rests = desk.rests()
    if csv:
        sys.stdout.write(as_csv(found, rows, stamp))
        rests.beside()
    elif json:
        made_up = {} if stamp is None else {"stamp": stamp}
        told = [{**dict(zip(found.columns, row, strict=True)), **made_up} for row in rows]
        rests.json({**described(found), "stamp": stamp, "as_at": as_at, "rows": told})
    else:
        title = f"{found.says} As known at position {as_at}, judged by {clocks.on}"
        show.table(title, found.columns, rows, stamp=stamp or "")
        rests.foot()


def _list(asking: Asking, *, json: bool) -> None:
    with at_desk(asking) as desk:
        desk.must("caseload")
        simulated = desk.office.simulated
    if json:
        made_up = stamp_of(simulated=simulated)
        show.as_json([{**described(one), **made_up} for one in FIGURES.values()])
        return
    rows = [(one.name, one.says) for one in FIGURES.values()]
    titles = ("Name", "What it says")
    show.table("Figures", titles, rows, stamp=SIMULATED if simulated else "")
