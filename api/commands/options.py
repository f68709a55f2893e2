"""What commands share of their options; imports nothing of ours, since `--help` reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

AsAt = Annotated[
    str | None,
    typer.Option(
        metavar="DAY|POSITION",
        help="As it was known at the end of that day (2026-11-02, or -500d for so many days ago).",
    ),
]
On = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="The day to judge by; else that of --as-of, --as-at, today."),
]
AsOf = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="As it was true at the end of that day, as known by now."),
]
KnownTo = Annotated[
    str | None,
    typer.Option(metavar="AGENCY", help="Only what that agency can have known by --on."),
]
BasisText = Annotated[
    str | None,
    typer.Option(
        "--basis",
        metavar="BASIS",
        help="Answer by this basis, as an answer named it: the same bytes within a release.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Role = Annotated[
    str | None,
    typer.Option(help="Act in this role; else manager, or administrator of a server's record."),
]
Purpose = Annotated[str, typer.Option(help="Why you read; it is recorded with the reading.")]
EveryFinding = Annotated[
    bool,
    typer.Option(
        "--all",
        help="All findings, not only those high and unanswered; of a case those cleared too.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks, why, and by which basis (`api.basis`); None: by what is so now."""

    role: str | None = None
    purpose: str = "safeguarding"
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """The clocks of a question, as typed (`api.clocks`)."""

    as_at: str | None = None
    on: str | None = None
    as_of: str | None = None
    known_to: str | None = None
