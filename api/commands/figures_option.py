"""How `holdfast figures` is asked: its arguments and options. What it does imports more."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.options import AsAt, Asking, BasisText, Json, On, Purpose, Role, Then


def figures(
    name: Annotated[
        str | None, typer.Argument(help="Which; left out, they are named with what each says.")
    ] = None,
    *,
    as_at: AsAt = None,
    on: On = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "statistics",
) -> None:
    """Show a figure for dashboards: counts that name no case, no person and no worker."""
    from api.commands import figures  # noqa: PLC0415 — loaded when it is asked for

    asking, then = Asking(role=role, purpose=purpose, basis=basis), Then(as_at=as_at, on=on)
    figures.show_figures(asking, name, then, csv=csv, json=json)
