"""How `holdfast retention` is asked: its options. What it does imports more."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.options import AsAt, Asking, BasisText, Json, On, Purpose, Role, Then


def retention(
    *,
    stands: Annotated[
        str | None,
        typer.Option(
            metavar="STANDING",
            help="Only approved, to_approve, due, class_missing, undated, held, kept or forgotten.",
        ),
    ] = None,
    team: Annotated[str | None, typer.Option(help="Only this team's cases.")] = None,
    as_at: AsAt = None,
    on: On = None,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "records_management",
) -> None:
    """Show which cases are to be looked at again, on hold, approved or forgotten, and what next."""
    from api.commands import retaining  # noqa: PLC0415 — loaded when it is asked for

    asking = Asking(role=role, purpose=purpose, basis=basis)
    retaining.show_retention(asking, Then(as_at=as_at, on=on), stands, team, json=json)
