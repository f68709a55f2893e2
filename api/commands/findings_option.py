"""How `holdfast findings` is asked: its options. What it does imports more."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.options import AsAt, Asking, BasisText, Json, On, Purpose, Role, Then


def findings(
    *,
    team: Annotated[str | None, typer.Option(help="Only this team's cases.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only of this rule, such as R53.")] = None,
    severity: Annotated[str | None, typer.Option(help="Only high, medium or low.")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also those that are not high, or are answered.")
    ] = False,
    start: Annotated[
        int,
        typer.Option("--from", min=0, max=1_000_000, help="Begin with the case of this place."),
    ] = 0,
    as_at: AsAt = None,
    on: On = None,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "safeguarding",
) -> None:
    """Show what the sources would criticise over open cases: what is high and unanswered."""
    from api.commands import criticising  # noqa: PLC0415 — loaded when it is asked for

    asked = criticising.Asked(
        team=team, rule=rule, severity=severity, every=every, start=start, json=json
    )
    then = Then(as_at=as_at, on=on)
    criticising.show_findings(Asking(role=role, purpose=purpose, basis=basis), then, asked)
