"""How `holdfast timeline export` is asked: its arguments and options. What it does imports more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from api.commands.options import AsAt, Asking, BasisText, Json, KnownTo, Role, Then

Where = Annotated[
    Path, typer.Argument(metavar="FILE|FOLDER", help="Made anew: .csv, .xlsx, .docx or .json.")
]
Case = Annotated[
    list[str] | None, typer.Option("--case", metavar="CASE", help="A case; may be repeated.")
]
Person = Annotated[
    list[str] | None,
    typer.Option("--person", metavar="PERSON", help="A person, with every case about them."),
]
Since = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="The first day of the period.")
]
Until = Annotated[str | None, typer.Option("--to", metavar="DAY", help="The last day of it.")]
Before = Annotated[
    bool,
    typer.Option("--before-period", help="Also what came before and was noted as significant."),
]
On = Annotated[
    str | None, typer.Option(metavar="DAY", help="By when it knew; else --as-at, or today.")
]
Purpose = Annotated[str, typer.Option(help="What it is for; pseudonyms are the same within one.")]
Review = Annotated[
    str | None, typer.Option(metavar="REVIEW", help="Which review it is for: its own pseudonyms.")
]
Hidden = Annotated[
    bool, typer.Option("--pseudonyms", help="Nobody by name; the key in a file of its own.")
]
Named = Annotated[bool, typer.Option("--named", help="Say by name whom each entry names.")]
KeyFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Where the key goes; else beside the timeline.")
]
Gaps = Annotated[
    int | None, typer.Option(min=1, metavar="DAYS", help="A line for each silence of so many days.")
]
Format = Annotated[
    str | None, typer.Option(help="csv, xlsx, docx or json; else as the file is called.")
]


def export(
    where: Where,
    *,
    case: Case = None,
    person: Person = None,
    since: Since = None,
    until: Until = None,
    before_period: Before = False,
    known_to: KnownTo = None,
    on: On = None,
    as_at: AsAt = None,
    purpose: Purpose = "review",
    review: Review = None,
    pseudonyms: Hidden = False,
    named: Named = False,
    key_file: KeyFile = None,
    gaps: Gaps = None,
    format: Format = None,  # noqa: A002 — the option's name
    json: Json = False,
    basis: BasisText = None,
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
        Asking(role=role, purpose=purpose, basis=basis),
        Then(as_at=as_at, on=on, known_to=known_to),
        wanted,
    )


def names(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A timeline with pseudonyms.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Made anew, of the same kind.")],
    *,
    key_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Its key; else FILE.key.json beside it.")
    ] = None,
) -> None:
    """Put the names back into a timeline with pseudonyms, by its key.

    Nothing is read from the record. A file that was written in since is named as far as each
    pseudonym stands for one person.
    """
    from api.commands import renaming  # noqa: PLC0415 — as above

    renaming.put_names_back(file, out, key_file)


TIMELINE: Final[Mapping[str, Callable[..., None]]] = {
    "timeline export": export,
    "timeline names": names,
}


def add_timelines(app: typer.Typer) -> None:
    """Add them to the command line, each by its two words."""
    for name, asked in TIMELINE.items():
        app.command(name)(asked)
