"""How `holdfast return` is asked: its arguments and options. What it does imports more."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.options import AsAt, Asking, BasisText, Json, On, Purpose, Role, Then


def annual_return(
    year: Annotated[
        str,
        typer.Argument(
            help="The financial year, such as 2025-26, or a quarter where the nation's return has "
            "them, such as 2025-Q3; last: the last year that ended."
        ),
    ],
    table: Annotated[
        str | None, typer.Argument(help="Such as SG1f; left out, the tables are named.")
    ] = None,
    *,
    as_at: AsAt = None,
    on: On = None,
    published: Annotated[
        bool, typer.Option("--published", help="Rounded and suppressed, as it is published.")
    ] = False,
    cases: Annotated[
        bool, typer.Option("--cases", help="Show which cases each figure counts.")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, one line a figure.")] = False,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "statistics",
) -> None:
    """Show a table of the annual return; every figure opens to its cases."""
    from api.commands import returns  # noqa: PLC0415 — loaded when it is asked for

    form = returns.Form(rounded=published, cases=cases, csv=csv, json=json)
    then = Then(as_at=as_at, on=on)
    returns.show_return(Asking(role=role, purpose=purpose, basis=basis), year, table, then, form)
