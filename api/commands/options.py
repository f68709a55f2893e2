"""What commands share of their options; imports nothing of ours, since `--help` reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

EveryFinding = Annotated[
    bool,
    typer.Option(
        "--all",
        help="All findings, not only those high and unanswered; of a case those cleared too.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks and why."""

    role: str | None = None
    purpose: str = "safeguarding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """The clocks of a question, as typed (`api.clocks`)."""

    as_at: str | None = None
    on: str | None = None
    as_of: str | None = None
    known_to: str | None = None
