"""`holdfast large-scale`: the large-scale enquiries there are, and the cases of one."""

from __future__ import annotations

import dataclasses

from api.commands import show
from api.commands.desk import at_desk, reference
from api.commands.following import up_to_date
from api.commands.options import Asking, Then
from api.commands.views import say_restricted
from api.forms import labels
from api.routes.large_scale import every, every_case, opened, told
from projections.caseload import CASELOAD
from projections.large_scale import LARGE_SCALE


def show_enquiries(asking: Asking, then: Then, *, json: bool) -> None:
    """Show every enquiry that links a case."""
    with at_desk(asking) as desk:
        desk.must("caseload")
        clocks = desk.clocks(then)
        up_to_date(desk.office, (LARGE_SCALE,))
        as_at, found = every(desk.reader, clocks.as_at)
        rests, nation = desk.rests(), desk.office.jurisdiction
    if json:
        rests.json({"as_at": as_at, "enquiries": [dataclasses.asdict(one) for one in found]})
        return
    show.table(
        nation.worded("Large-scale enquiries"),
        (nation.worded("Enquiry"), "Provider", "Cases", "Since"),
        [
            (str(one.large_scale), ", ".join(one.providers) or "-", one.cases, one.since)
            for one in found
        ],
    )
    rests.foot()


def show_cases(asking: Asking, typed: str, then: Then, *, json: bool) -> None:
    """Show the cases of one enquiry.

    Raises:
        NotFound: what was typed is no reference.
    """
    large_scale = reference(typed, "large-scale enquiry")
    with at_desk(asking) as desk:
        desk.must("caseload")
        clocks = desk.clocks(then)
        up_to_date(desk.office, (LARGE_SCALE, CASELOAD))
        as_at, found = every_case(desk.reader, large_scale, clocks.as_at)
        rows = opened(desk.reader, found, as_at)
        rests, nation = desk.rests(), desk.office.jurisdiction
    restricted = len(found) - len(rows)
    if json:
        cases = [told(one) for one in rows]
        head = {"as_at": as_at, "large_scale": large_scale}
        rests.json({**head, "cases": cases, "restricted": restricted})
        return
    show.table(
        nation.worded(f"Cases of the large-scale enquiry {large_scale}"),
        ("Case", "Read in", "Stage", "Provider", "Linked"),
        [
            (
                str(one.case),
                "-" if one.read_in is None else str(one.read_in),
                "-" if one.stage is None else labels.code("stage", one.stage, nation),
                one.provider or "-",
                one.linked_on,
            )
            for one in rows
        ],
    )
    say_restricted(restricted)
    rests.foot()
