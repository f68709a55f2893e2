"""The options of `holdfast export-proof`."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.options import Asking, Json, Role


def export_proof(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="Empty, or an earlier export.")],
    *,
    with_entries: Annotated[
        bool, typer.Option("--with-entries", help="With what each entry holds, still sealed.")
    ] = False,
    recipient: Annotated[
        str | None, typer.Option(metavar="AGENCY", help="Who has it: needed with --with-entries.")
    ] = None,
    json: Json = False,
    role: Role = None,
    purpose: Annotated[
        str | None,
        typer.Option(help="Why; needed with --with-entries, else audit. It is recorded."),
    ] = None,
) -> None:
    """Write the proof into a folder that says nothing about anybody, and what checks it beside it.

    `python verify.py` in it needs nothing of ours. With entries it is for an auditor: to whom it
    was given, for what, and what exactly stands in the log of readings.
    """
    from api.commands import proving  # noqa: PLC0415 — what is not asked for is not loaded

    given = proving.given(recipient, purpose) if with_entries else None
    asking = Asking(role=role, purpose=purpose or "audit")
    raise typer.Exit(proving.export_proof(asking, folder, given, json=json))
