"""How a whole return is checked, explained and given out: arguments and options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from api.commands.options import AsAt, Asking, BasisText, Json, On, Purpose, Role, Then

Year = Annotated[
    str, typer.Argument(help="The financial year, such as 2025-26; last: the last that ended.")
]
Published = Annotated[
    bool, typer.Option("--published", help="Rounded and suppressed, as it is published.")
]
Council = Annotated[
    str | None, typer.Option(metavar="CODE", help="The council's code, as the collection has it.")
]
NewFile = Annotated[Path, typer.Argument(metavar="FILE", help="Made anew.")]


def export_return(
    year: Year,
    file: NewFile,
    *,
    format: Annotated[  # noqa: A002 — the option's name
        str | None, typer.Option(help="csv, xlsx or json; else as the file is called.")
    ] = None,
    published: Published = False,
    council: Council = None,
    filed: Annotated[
        bool, typer.Option("--filed", help="As it was filed; nothing is reckoned again.")
    ] = False,
    number: Annotated[
        int | None,
        typer.Option("--filing", min=1, metavar="N", help="Which filing; else the last."),
    ] = None,
    as_at: AsAt = None,
    on: On = None,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "statistics",
) -> None:
    """Write the whole return of a year into a file: long form, an Excel workbook, or JSON.

    Exact figures are restricted: they are to be sent, and not to be published.
    """
    from api.commands import outputs  # noqa: PLC0415 — loaded when it is asked for

    wanted = outputs.Wanted(
        file=file,
        format=format,
        published=published,
        council=council,
        filed=filed or number is not None,
        number=number,
    )
    then = Then(as_at=as_at, on=on)
    outputs.export(Asking(role=role, purpose=purpose, basis=basis), year, then, wanted)


def check_return(
    year: Year,
    *,
    signed: Annotated[
        bool | None,
        typer.Option("--signed/--unsigned", help="Whether the sign-off sheet is complete."),
    ] = None,
    commented: Annotated[
        list[str] | None,
        typer.Option(metavar="TABLE", help="A comment says why it differs; may be repeated."),
    ] = None,
    percent: Annotated[
        int | None, typer.Option(min=0, max=1000, help="From how much on a figure varies; else 25.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 for anything that is to be looked at.")
    ] = False,
    as_at: AsAt = None,
    on: On = None,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "statistics",
) -> None:
    """Check a return before it is sent: rules, exceptions, and what varies from the year before.

    Exits with 1 where a hard rule does not hold, so that the return would be refused.
    """
    from api.commands import outputs  # noqa: PLC0415 — as above

    wanted = outputs.Checking(
        signed=signed, commented=tuple(commented or ()), percent=percent, strict=strict, json=json
    )
    asking, then = Asking(role=role, purpose=purpose, basis=basis), Then(as_at=as_at, on=on)
    raise typer.Exit(outputs.check_return(asking, year, then, wanted))


def explain_return(
    year: Year,
    table: Annotated[str, typer.Argument(help="Such as SG2a.")],
    category: Annotated[str, typer.Argument(help="Its row, such as 'Physical Abuse'.")],
    subcategory: Annotated[
        str | None, typer.Argument(help="Its column, such as 'Service Provider'; else each.")
    ] = None,
    *,
    enquiry_type: Annotated[
        str | None, typer.Option(help="Such as 'Section 42 Enquiries'; else each.")
    ] = None,
    as_at: AsAt = None,
    on: On = None,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "statistics",
) -> None:
    """Say why a figure is what it is: cases and entries it counts, and what nearly counted."""
    from api.commands import outputs  # noqa: PLC0415 — as above
    from api.returns.explaining import Asked  # noqa: PLC0415 — as above

    asked = Asked(
        table=table, category=category, subcategory=subcategory, enquiry_type=enquiry_type
    )
    asking, then = Asking(role=role, purpose=purpose, basis=basis), Then(as_at=as_at, on=on)
    outputs.explain(asking, year, then, asked, json=json)


def report(
    year: Year,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="Ends in .html or .pdf, made anew; else both are made here."
        ),
    ] = None,
    *,
    commentary: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A text for each chapter, in Markdown headed by them."),
    ] = None,
    as_at: AsAt = None,
    on: On = None,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "statistics",
) -> None:
    """Write the public annual report of a year, as a page of HTML and as an accessible PDF.

    Its figures are suppressed and rounded, and none can be worked out from the others; what the
    commentary says is not looked at for figures.
    """
    from api.commands import reporting  # noqa: PLC0415 — as above

    then = Then(as_at=as_at, on=on)
    reporting.report(Asking(role=role, purpose=purpose, basis=basis), year, then, file, commentary)


OUTPUTS: Final[Mapping[str, Callable[..., None]]] = {
    "return export": export_return,
    "return check": check_return,
    "return explain": explain_return,
    "return report": report,
}
