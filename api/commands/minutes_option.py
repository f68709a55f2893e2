"""How `holdfast minutes` is asked: its arguments and options. What it does imports more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import Asking, BasisText


def minutes(
    case: Annotated[str, typer.Argument(metavar="CASE", help="Its reference, a UUID.")],
    conference: Annotated[str, typer.Argument(metavar="CONFERENCE", help="Its reference.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Made anew: .docx or .pdf.")],
    *,
    part: Annotated[
        list[int] | None, typer.Option(min=1, help="A part the copy covers; again for another.")
    ] = None,
    copy: Annotated[
        int | None,
        typer.Option(min=1, metavar="NO", help="The entry that says what the copy leaves out."),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep it sealed too, and record it as a draft.")
    ] = False,
    basis: BasisText = None,
    role: Annotated[str | None, typer.Option(help="Act in this role.")] = None,
    purpose: Annotated[str, typer.Option(help="Why you read: a code of the list purpose.")] = (
        "safeguarding"
    ),
) -> None:
    """Draft the minutes of a conference from the record: the same bytes by the same basis.

    A copy for somebody names the parts they attended; what it leaves out says withheld, on what
    ground and by whose decision.
    """
    from api.commands import minuting  # noqa: PLC0415 — typesetting is loaded when it is asked for

    wanted = minuting.Wanted(
        case=case,
        conference=conference,
        file=file,
        parts=tuple(sorted(set(part or ()))),
        copy=copy,
        keep=keep,
    )
    minuting.make_minutes(Asking(role=role, purpose=purpose, basis=basis), wanted)
