"""How a return is filed, shown as it was filed, and compared: arguments and options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final

import typer

from api.commands.options import AsAt, Asking, BasisText, Json, On, Purpose, Role, Then

Year = Annotated[
    str, typer.Argument(help="The financial year, such as 2025-26; last: the last that ended.")
]
Number = Annotated[
    int | None, typer.Option("--filing", min=1, metavar="N", help="Which filing; else the last.")
]


def file_return(
    year: Year,
    *,
    note: Annotated[
        str | None, typer.Option(help="To whom it went, or why again; about nobody.")
    ] = None,
    as_at: AsAt = None,
    json: Json = False,
    role: Role = None,
    purpose: Purpose = "statistics",
) -> None:
    """File the whole return of a year, exact, as it is known: it is kept as it is for good.

    Where a return is by quarters each is filed by itself, such as 2025-Q1. Filed again it
    stands beside the filing before. The document has a key of its own, which no case's forgetting
    takes.
    """
    from api.commands import filing  # noqa: PLC0415 — loaded when it is asked for

    filing.file(Asking(role=role, purpose=purpose), year, Then(as_at=as_at), note, json=json)


def show_return(
    year: Year,
    table: Annotated[str | None, typer.Argument(help="Such as SG1f; left out, all.")] = None,
    *,
    filed: Annotated[
        bool, typer.Option("--filed", help="As it was filed; nothing is reckoned again.")
    ] = False,
    number: Number = None,
    cases: Annotated[
        bool, typer.Option("--cases", help="Show which cases each figure counts.")
    ] = False,
    as_at: AsAt = None,
    on: On = None,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "statistics",
) -> None:
    """Show a return as it was filed (--filed), or a table of it as it is reckoned now.

    With --filed and --json these are the bytes that were filed, whose SHA-256 the log holds. With
    --filed and --as-at it is the last that was filed by then.
    """
    from api.commands import filing, returns  # noqa: PLC0415 — as above

    asking = Asking(role=role, purpose=purpose, basis=basis)
    then = Then(as_at=as_at, on=on)
    if filed or number is not None:
        wanted = filing.Wanted(number=number, cases=cases, json=json)
        filing.show_filed(asking, year, table, then, wanted)
        return
    form = returns.Form(rounded=False, cases=cases, csv=False, json=json)
    returns.show_return(asking, year, table, then, form)


def diff(
    year: Year,
    *,
    number: Number = None,
    as_at: AsAt = None,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "statistics",
) -> None:
    """Explain, case by case, what moved since a return was filed, and by which entries.

    With --as-at and no --filing: since the last that was filed by then.
    """
    from api.commands import filing  # noqa: PLC0415 — as above

    asking = Asking(role=role, purpose=purpose, basis=basis)
    filing.show_difference(asking, year, number, Then(as_at=as_at), json=json)


def end_keeping(
    year: Year,
    *,
    number: Number = None,
    approve: Annotated[
        bool, typer.Option("--approve", help="Approve it only; somebody else erases it then.")
    ] = False,
    authority: Annotated[
        str, typer.Option(metavar="GROUND", help="On what ground, as the nation lists them.")
    ] = "retention_ended",
    role: Role = None,
    purpose: Purpose = "records_management",
) -> None:
    """Erase what was filed for good, once the time it is kept for has ended. It takes two people.

    One approves (--approve), another erases. A legal hold on a case that it can tell of, being of
    the days it covers, stops it. That it was filed, when and of which days stays, and its SHA-256.
    """
    from api.commands import filing  # noqa: PLC0415 — as above

    asking = Asking(role=role, purpose=purpose)
    filing.end_keeping(asking, year, number, authority, approve=approve)


FILING: Final[Mapping[str, Callable[..., None]]] = {
    "return file": file_return,
    "return show": show_return,
    "return diff": diff,
    "return end": end_keeping,
}


def add_filing(app: typer.Typer) -> None:
    """Add them to the command line, each by its two words."""
    for name, asked in FILING.items():
        app.command(name)(asked)
