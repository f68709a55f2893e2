"""How `holdfast timeline export` is asked: its arguments and options. What it does imports more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import AsAt, Asking, Json, Role, Then


def export(
    where: Annotated[
        Path, typer.Argument(metavar="FILE|FOLDER", help="Made anew: .csv, .xlsx, .docx or .json.")
    ],
    *,
    case: Annotated[
        list[str] | None, typer.Option("--case", metavar="CASE", help="A case; may be repeated.")
    ] = None,
    person: Annotated[
        list[str] | None,
        typer.Option(metavar="PERSON", help="A person, with every case about them; the same."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="The first day of the period.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="The last day of the period.")
    ] = None,
    before_period: Annotated[
        bool,
        typer.Option(
            "--before-period", help="Also what came before it and was noted as significant."
        ),
    ] = False,
    known_to: Annotated[
        str | None,
        typer.Option(metavar="AGENCY", help="Only what that agency can have known by --on."),
    ] = None,
    on: Annotated[
        str | None, typer.Option(metavar="DAY", help="By when it knew; else --as-at, or today.")
    ] = None,
    as_at: AsAt = None,
    purpose: Annotated[
        str, typer.Option(help="What it is for; pseudonyms are the same within one.")
    ] = "review",
    review: Annotated[
        str | None, typer.Option(metavar="REVIEW", help="Which review; its own pseudonyms.")
    ] = None,
    pseudonyms: Annotated[
        bool, typer.Option("--pseudonyms", help="Nobody by name; the key in a file of its own.")
    ] = False,
    named: Annotated[
        bool, typer.Option("--named", help="Say by name whom each entry names.")
    ] = False,
    key_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where the key goes; else beside the timeline."),
    ] = None,
    gaps: Annotated[
        int | None,
        typer.Option(min=1, metavar="DAYS", help="A line for each silence of so many days."),
    ] = None,
    format: Annotated[  # noqa: A002 — the option's name
        str | None, typer.Option(help="csv, xlsx, docx or json; else as the file is called.")
    ] = None,
    json: Json = False,
    role: Role = None,
) -> None:
    """Give out a timeline for a review, in the columns that `import chronology` reads.

    Several cases and persons come in one order. Each line says where it stands; one without a
    source says so. The file is kept sealed, and it is recorded in each case that it was given out.
    """
    from api.commands import exporting  # noqa: PLC0415 — typesetting is loaded when it is asked for

    wanted = exporting.Wanted(
        where=where,
        cases=tuple(case or ()),
        persons=tuple(person or ()),
        since=since,
        until=until,
        before_period=before_period,
        review=review,
        pseudonyms=pseudonyms,
        named=named,
        key_file=key_file,
        gaps=gaps,
        format=format,
        json=json,
    )
    exporting.export(
        Asking(role=role, purpose=purpose), Then(as_at=as_at, on=on, known_to=known_to), wanted
    )
