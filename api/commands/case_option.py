"""How `holdfast case` is asked: its arguments and options. What it does imports more."""

from __future__ import annotations

from typing import Annotated, Final

import typer
from typer._click.exceptions import UsageError  # typer's own click, not the package

from api.commands.options import (
    AsAt,
    Asking,
    AsOf,
    BasisText,
    EveryFinding,
    Json,
    KnownTo,
    On,
    Purpose,
    Role,
)
from api.commands.options import Then as Clocks

_SHOW: Final = "show"


def case(
    context: typer.Context,
    reference: Annotated[
        str, typer.Argument(metavar="[show] CASE", help="Its reference, a UUID; show: as a story.")
    ],
    shown: Annotated[str | None, typer.Argument(hidden=True)] = None,
    *,
    as_at: AsAt = None,
    as_of: AsOf = None,
    known_to: KnownTo = None,
    on: On = None,
    all_findings: EveryFinding = False,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "safeguarding",
) -> None:
    """Show where a case stands, and what the sources would criticise in it.

    `case show CASE` tells it as a story instead: how it came in, what was decided, what each said,
    what came of it, in sentences that each name the position of their entry.
    """
    from api.commands import cases, storytelling  # noqa: PLC0415 — loaded when they are asked for

    asking = Asking(role=role, purpose=purpose, basis=basis)
    then = Clocks(as_at=as_at, on=on, as_of=as_of, known_to=known_to)
    if (reference == _SHOW) == (shown is None):
        raise UsageError("case, or case show", context)
    if shown is not None and not json:
        storytelling.tell_case(asking, shown, then)
    else:
        cases.show_case(asking, shown or reference, then, every=all_findings, json=json)
