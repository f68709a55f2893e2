"""How `holdfast policy` is asked: its commands and their options. What they do imports more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from api.commands.options import AsAt, Asking, BasisText, Json, On, Purpose, Role, Then

policies: Final = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@policies.command("show")
def show(
    *,
    as_at: AsAt = None,
    on: On = None,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
) -> None:
    """Show the time limits and office days in force, and which policies were adopted.

    A limit is the nation's default, the authority's own, or a law's.
    """
    from api.commands import policy  # noqa: PLC0415 — loaded when it is asked for

    policy.show_policy(Asking(role=role, basis=basis), Then(as_at=as_at, on=on), json=json)


@policies.command("adopt")
def adopt(
    file: Annotated[Path, typer.Argument(help="The policy, the whole of it, in TOML.")],
    *,
    effective: Annotated[
        str | None,
        typer.Option("--from", metavar="DAY", help="The day it holds from, not that in the file."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would change, and what is wrong.")
    ] = False,
    json: Json = False,
    role: Role = None,
    purpose: Purpose = "records_management",
) -> None:
    """Adopt a policy: what it leaves out is the nation's. It changes no date already recorded.

    The file has version, effective, document, worked = [days], and the tables [limits] (of each:
    amount, unit, cite), [repeat_referrals] (count, months) and [closed] (a day = "why"). Limits:
    duty_decision, enquiry, initial_conference, conference_after_report, report_before_conference,
    decisions_circulated, minutes_circulated, amendment_answered, feedback_to_adult, core_group,
    review_conference, erasure_approval, retention_... Units: hours, calendar_days, working_days,
    weeks, months.
    """
    from api.commands import policy  # noqa: PLC0415 — as above

    wanted = policy.Wanted(file=file, effective=effective, dry_run=dry_run, json=json)
    raise typer.Exit(policy.adopt_policy(Asking(role=role, purpose=purpose), wanted))
