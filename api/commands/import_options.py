"""How `holdfast import` is asked: its commands and their options. What they do imports more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from api.commands.options import Asking, Json, Role

imports: Final = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only say what would be recorded and what is wrong.")
]
KeepGood = Annotated[
    bool, typer.Option("--keep-good", help="Record the good rows even where others are wrong.")
]


@imports.command("chronology")
def import_chronology(
    file: Annotated[Path, typer.Argument(help="A CSV file or an Excel workbook (.xlsx).")],
    *,
    case: Annotated[
        str | None, typer.Option(metavar="CASE", help="Record its lines in this case.")
    ] = None,
    new_case: Annotated[
        bool, typer.Option("--new-case", help="Make a case, or go on with that of --reference.")
    ] = False,
    named: Annotated[
        str | None,
        typer.Option(
            "--reference",
            metavar="TEXT",
            help="What you call this chronology, such as its number; the same leads to the same.",
        ),
    ] = None,
    adult: Annotated[
        str | None,
        typer.Option(metavar="PERSON", help="Whom a new case is about; else somebody unnamed."),
    ] = None,
    agency: Annotated[
        str | None, typer.Option(help="Whose chronology it is, where no column says so.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be recorded and what is wrong.")
    ] = False,
    keep_good: Annotated[
        bool, typer.Option("--keep-good", help="Record the good rows even where others are wrong.")
    ] = False,
    json: Json = False,
    role: Role = None,
) -> None:
    """Record the lines of an integrated chronology; running it again adds only what is new.

    Columns: Seq, Start date, End date, Start time, End time, Agency, Source of information,
    Person(s), Event, Adult seen and heard, Response / outcome, Decision and rationale, Recorded at,
    Agency comment, Significance, Known to, Assertion. Start date, source and event are needed.
    Put ? before a date that is uncertain and ~ before one that is approximate.
    """
    from api.commands import importing  # noqa: PLC0415 — what reads files is loaded when it is asked for

    wanted = importing.Wanted(
        file=file,
        case=case,
        new_case=new_case,
        reference=named,
        adult=adult,
        agency=agency,
        dry_run=dry_run,
        keep_good=keep_good,
        json=json,
    )
    raise typer.Exit(importing.import_chronology(Asking(role=role), wanted))


@imports.command("cases")
def import_cases(
    file: Annotated[
        Path | None, typer.Argument(help="A CSV file or an Excel workbook (.xlsx).")
    ] = None,
    *,
    system: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which system it is from, where no column says so."),
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Print a file to fill in, with a made-up row.")
    ] = False,
    dry_run: DryRun = False,
    keep_good: KeepGood = False,
    json: Json = False,
    role: Role = None,
) -> None:
    """Bring forward the open and closed cases of another system, each row a case; as a manager.

    Running it again adds only what is new, and goes on where it was cut short; a row that changed
    is reported and changes nothing. Columns: Case reference (needed), Source system, Person
    reference, NHS number, CHI number, Name, Date of birth, Stage, Received, Allegations (type |
    source | location; ...), Duty decided, Duty result, Enquiry opened, Enquiry kind, Enquiry
    concluded, Officer, Officer ID, Officer appointed, Worker, Worker ID (as the identity provider
    calls them), Team, Allocated, Last conference, Conference kind, Last core group, Plan agreed,
    Plan kind, Review due, Closed, Closed because, Author, Recorded, Notes.

    Leave out a column that was not asked for, leave a cell empty where nothing stands there, and
    write XXXX or unknown where it is not known; 2024-05, 2024 and ?2024-05-06 are dates too.
    """
    from api.commands import bringing  # noqa: PLC0415 — what reads files is loaded when it is asked for

    wanted = bringing.Wanted(
        file=file,
        system=system,
        template=template,
        dry_run=dry_run,
        keep_good=keep_good,
        json=json,
    )
    raise typer.Exit(bringing.import_cases(Asking(role=role), wanted))
