"""How `holdfast large-scale` is asked: its options. What it does imports more."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.options import AsAt, Asking, BasisText, Json, Purpose, Role, Then


def large_scale(
    reference: Annotated[
        str | None, typer.Argument(metavar="[REF]", help="One enquiry's cases: its reference.")
    ] = None,
    *,
    as_at: AsAt = None,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "safeguarding",
) -> None:
    """Show the large-scale enquiries there are, or the cases that one of them links."""
    from api.commands import large_scale as shows  # noqa: PLC0415 — loaded when it is asked for

    asking, then = Asking(role=role, purpose=purpose, basis=basis), Then(as_at=as_at)
    if reference is None:
        shows.show_enquiries(asking, then, json=json)
    else:
        shows.show_cases(asking, reference, then, json=json)
