"""How `replay`, `decisions`, `audit sample` and `trace` are asked. What they do imports more."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from api.commands.options import AsAt, Asking, BasisText, Json, Purpose, Role, Then

audits: Final = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
MOST_SEED: Final = 2**53 - 1
_CASE = typer.Argument(metavar="CASE", help="Its reference, a UUID.")


def replay(
    reference: Annotated[str, _CASE],
    *,
    as_at: AsAt = None,
    full: Annotated[
        bool, typer.Option("--full", help="The whole state before and after, not what differs.")
    ] = False,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "audit",
) -> None:
    """Go through a case entry by entry: state before, entry, state after, findings raised then."""
    from api.commands import replaying  # noqa: PLC0415 — loaded when it is asked for

    asking = Asking(role=role, purpose=purpose, basis=basis)
    replaying.show_replay(asking, reference, Then(as_at=as_at), full=full, json=json)


def decisions(
    *,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="From this day.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="To this day.")] = None,
    team: Annotated[str | None, typer.Option(help="Only of this team's cases.")] = None,
    kind: Annotated[
        str | None, typer.Option(help="Only of this kind, such as plan, or of this entry's name.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="ROLE", help="Only taken in this role.")] = None,
    start: Annotated[
        int, typer.Option("--after", min=0, max=10_000_000, help="Leave out so many of them.")
    ] = 0,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most.")] = 100,
    as_at: AsAt = None,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "audit",
) -> None:
    """Show the decisions in all cases, in order: who, in which role, what, why, on what."""
    from api.commands import deciding  # noqa: PLC0415 — loaded when it is asked for

    asked = deciding.Asked(
        first=first, last=last, team=team, kind=kind, by=by, start=start, limit=limit, json=json
    )
    deciding.show_decisions(
        Asking(role=role, purpose=purpose, basis=basis), Then(as_at=as_at), asked
    )


@audits.command("sample")
def sample(
    *,
    seed: Annotated[int, typer.Option(min=0, max=MOST_SEED, help="Any number; note it.")],
    as_at: Annotated[
        str, typer.Option(metavar="DAY|POSITION", help="As known at the end of that day.")
    ],
    size: Annotated[int, typer.Option(min=1, max=1000, help="How many cases.")],
    team: Annotated[str | None, typer.Option(help="Only this team's.")] = None,
    is_open: Annotated[
        bool | None, typer.Option("--open/--closed", help="Only open, or only closed ones.")
    ] = None,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "audit",
) -> None:
    """Draw cases to audit: the same seed, position and record draw the same on any machine."""
    from api.commands import auditing  # noqa: PLC0415 — loaded when it is asked for

    asked = auditing.Asked(seed=seed, size=size, team=team, is_open=is_open, json=json)
    auditing.show_sample(Asking(role=role, purpose=purpose, basis=basis), Then(as_at=as_at), asked)


@audits.callback()
def _audits() -> None:
    """So that `sample` is named: of a group with one command it would be the group itself."""


def trace(
    correlation: Annotated[str, typer.Argument(metavar="CORRELATION", help="A UUID.")],
    *,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "audit",
) -> None:
    """Show every entry of both logs with a correlation, each below the one that caused it."""
    from api.commands import tracing  # noqa: PLC0415 — loaded when it is asked for

    tracing.show_trace(Asking(role=role, purpose=purpose, basis=basis), correlation, json=json)
