"""The command line: a door like any other. Each command is a few lines; what it does is elsewhere.

Exit codes: 0 done · 1 unwell, or something nobody foresaw · 2 refused, or not understood · 3 not
found · 4 somebody else recorded first · 5 the database is away · 6 the record does not prove itself
· 7 it does, and a folder that was kept from it is not whole, or asked for more witnesses (verify)
· 130 stopped by Ctrl-C. Errors are one line on standard error, without personal data.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import traceback
from functools import cache
from pathlib import Path
from typing import Annotated, Final

import typer
from typer._click.core import Command
from typer._click.exceptions import ClickException  # typer's own click, not the package

from api.commands import copying_options, proof_option
from api.commands.audit_option import audits, decisions, replay, trace
from api.commands.case_option import case
from api.commands.figures_option import figures
from api.commands.filing_option import FILING, add_filing
from api.commands.findings_option import findings
from api.commands.import_options import imports
from api.commands.large_scale_option import large_scale
from api.commands.minutes_option import minutes
from api.commands.options import (
    AsAt,
    Asking,
    AsOf,
    BasisText,
    Json,
    KnownTo,
    On,
    Purpose,
    Role,
    Then,
)
from api.commands.outputs_option import OUTPUTS
from api.commands.policy_option import policies
from api.commands.retention_option import retention
from api.commands.return_option import annual_return
from api.commands.timeline_option import TIMELINE, add_timelines

_TWO_WORDS: Final = {*TIMELINE, *OUTPUTS, *FILING}  # and the first is a command by itself
app: Final = typer.Typer(
    name="holdfast",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="The record of adult safeguarding case conferences. Every reading leaves a trace.",
)
add_timelines(app)
add_filing(app)
keys: Final = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(imports, name="import", help="Take in what others recorded.")
app.add_typer(policies, name="policy", help="By what this authority is judged.")
app.add_typer(keys, name="keys", help="Keys that open what is sealed.")
app.add_typer(audits, name="audit", help="Draw cases to audit.")
for asked in (minutes, findings, large_scale, figures, retention, replay, decisions, trace):
    app.command()(asked)


# -------------------------------------------------------------------------------------- running


@app.command()
def serve() -> None:
    """Serve the API and the pages, until told to stop."""
    from api.commands import running

    running.serve()


@app.command()
def demo() -> None:
    """Load a made-up authority and serve it on 127.0.0.1; Ctrl-C stops everything."""
    from api.commands import running

    running.demo()


@app.command()
def project() -> None:
    """Follow the record and keep the views, until told to stop."""
    from api.commands import running

    running.project()


@app.command()
def migrate(
    *,
    sign_restored: Annotated[
        bool,
        typer.Option(
            "--sign-restored",
            help="Then sign for a restore by an earlier release, which signed nothing.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Make the database's schema, or bring it up to date."""
    from api.commands import running

    running.migrate(json=json, sign_restored=sign_restored)


@keys.command("new")
def keys_new(file: Annotated[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write a new master key, for a record that does not exist yet."""
    from api.commands import running

    running.new_key(file)


keys.command("backup")(copying_options.keys_backup)
keys.command("restore")(copying_options.keys_restore)
keys.command("rotate")(copying_options.keys_rotate)


@app.command()
def lag(
    *,
    at_most: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Exit with 1 where a view is later.")
    ] = None,
    json: Json = False,
) -> None:
    """Say how far each view is behind the record."""
    from api.commands import running

    raise typer.Exit(running.lag(at_most=at_most, json=json))


@app.command()
def bench(*, json: Json = False) -> None:
    """Run the benchmarks of a checkout."""
    from api.commands import running

    raise typer.Exit(running.bench(json=json))


# -------------------------------------------------------------------------------------- reading


app.command()(case)


@app.command()
def timeline(
    reference: Annotated[str, typer.Argument(metavar="CASE", help="Its reference, a UUID.")],
    *,
    as_at: AsAt = None,
    as_of: AsOf = None,
    known_to: KnownTo = None,
    on: On = None,
    json: Json = False,
    csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV in the columns that `import` reads.")
    ] = False,
    gaps: Annotated[
        int | None, typer.Option(min=1, metavar="DAYS", help="Show silences of so many days.")
    ] = None,
    between: Annotated[
        tuple[int, int] | None,
        typer.Option(metavar="NO NO", help="Reckon how long it was from one entry to another."),
    ] = None,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "safeguarding",
) -> None:
    """Show everything recorded of a case, in the order in which it happened."""
    from api.commands import cases

    asking = Asking(role=role, purpose=purpose, basis=basis)
    asked = cases.Asked(json=json, csv=csv, gaps=gaps, between=between)
    then = Then(as_at=as_at, on=on, as_of=as_of, known_to=known_to)
    cases.show_timeline(asking, reference, then, asked)


@app.command()
def readings(
    reference: Annotated[
        str | None, typer.Argument(metavar="CASE", help="Its reference, a UUID.")
    ] = None,
    *,
    person: Annotated[
        str | None,
        typer.Option(metavar="REFERENCE", help="Of a person, and of every case that names them."),
    ] = None,
    as_at: AsAt = None,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "audit",
) -> None:
    """Show who looked at a case or a person, when and why; asking leaves its own trace."""
    from api.commands import cases

    asking, then = Asking(role=role, purpose=purpose, basis=basis), Then(as_at=as_at)
    cases.show_readings(asking, reference, person, then, json=json)


@app.command()
def concerns(
    reference: Annotated[str, typer.Argument(metavar="PERSON", help="Their reference, a UUID.")],
    *,
    as_at: AsAt = None,
    on: On = None,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "safeguarding",
) -> None:
    """Show every concern about one adult, in whichever of their cases it stands."""
    from api.commands import concerns

    asking, then = Asking(role=role, purpose=purpose, basis=basis), Then(as_at=as_at, on=on)
    concerns.show_concerns(asking, reference, then, json=json)


@app.command()
def caseload(
    *,
    team: Annotated[str | None, typer.Option(help="Only this team's.")] = None,
    worker: Annotated[str | None, typer.Option(help="Only this worker's (a reference).")] = None,
    as_at: AsAt = None,
    on: On = None,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "safeguarding",
) -> None:
    """Show who holds which open cases, and since when nobody does."""
    from api.commands import views

    asking = Asking(role=role, purpose=purpose, basis=basis)
    views.show_caseload(asking, Then(as_at=as_at, on=on), team=team, worker=worker, json=json)


@app.command()
def reviews(
    *,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only those past their day, or without one.")
    ] = False,
    team: Annotated[str | None, typer.Option(help="Only this team's.")] = None,
    worker: Annotated[str | None, typer.Option(help="Only this worker's (a reference).")] = None,
    as_at: AsAt = None,
    as_of: AsOf = None,
    known_to: KnownTo = None,
    on: On = None,
    json: Json = False,
    basis: BasisText = None,
    role: Role = None,
    purpose: Purpose = "safeguarding",
) -> None:
    """Show what of which cases is to be reviewed, and what was never reviewed at all."""
    from api.commands import views

    views.show_reviews(
        Asking(role=role, purpose=purpose, basis=basis),
        Then(as_at=as_at, on=on, as_of=as_of, known_to=known_to),
        late=overdue,
        team=team,
        worker=worker,
        json=json,
    )


app.command("return")(annual_return)
for words, asked in OUTPUTS.items():
    app.command(words)(asked)


# -------------------------------------------------------------------------------------- keeping


@app.command()
def verify(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[FOLDER|ADDRESS]", help="A published proof instead: any record's, no database."
        ),
    ] = None,
    *,
    head: Annotated[
        list[str] | None,
        typer.Option(metavar="LOG:SIZE:ROOT", help="A tree head kept elsewhere; may be repeated."),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(metavar="FOLDER", help="An export kept elsewhere; may be repeated."),
    ] = None,
    views: Annotated[
        bool, typer.Option("--views", help="Compare each view with a rebuild of it, too.")
    ] = False,
    json: Json = False,
    role: Role = None,
) -> None:
    """Read the whole record again and say what that shows; exits with 6 where something is wrong.

    With 7 where only what was kept (--against) is not whole, or was vouched for by another key or
    other witnesses: README.txt of each export (3) has the table, and what to do then.
    Whether rows were rewritten together with their leaves, only a head kept elsewhere shows.
    """
    from api.commands import keeping, proving

    if target is not None:
        code = proving.verify_published(
            target, against=against or (), of_a_database=bool(head or views), json=json
        )
        raise typer.Exit(code)
    code = keeping.prove(
        Asking(role=role), heads=head or (), against=against or (), views=views, json=json
    )
    raise typer.Exit(code)


@app.command()
def rebuild(
    projection: Annotated[
        list[str] | None,
        typer.Argument(metavar="[VIEW]...", help="Which; all if none is named."),
    ] = None,
    *,
    json: Json = False,
    role: Role = None,
) -> None:
    """Make views anew from the record, while people go on reading the old ones."""
    from api.commands import keeping

    keeping.rebuild(Asking(role=role), projection or (), json=json)


@app.command()
def receipt(
    position: Annotated[int, typer.Argument(min=1, metavar="POSITION", help="In the log.")],
    *,
    log: Annotated[str, typer.Option(help="cases or readings.")] = "cases",
    out: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Put the receipt and its entry there.")
    ] = None,
) -> None:
    """Give the receipt of an entry: that it stands in the record's signed tree, for who keeps it.

    The file is `c2sp.org/tlog-proof@v1`; the entry it proves are 128 bytes beside it. Neither says
    anything about anybody.
    """
    from api.commands import proving

    proving.receipt(Asking(), log, position, out)


app.command("export-proof")(proof_option.export_proof)
app.command()(copying_options.backup)
app.command()(copying_options.restore)


# ----------------------------------------------------------------------------- taking things in


@app.command()
def refer(
    case: Annotated[str, typer.Argument(metavar="CASE", help="Its reference, a UUID.")],
    system: Annotated[
        str, typer.Argument(metavar="SYSTEM", help="The other system, such as police.")
    ],
    identifier: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="What it says there; - or nothing: standard input."),
    ] = None,
    *,
    document: Annotated[
        int | None,
        typer.Option(min=1, metavar="NO", help="Of the document that entry of the case brought."),
    ] = None,
    json: Json = False,
    role: Role = None,
    purpose: Purpose = "safeguarding",
) -> None:
    """Record what another system calls a case, or a document in it.

    The same of the same thing is recorded once. An ID typed here can be seen in a shell's history
    and in the list of processes: leave it out to be asked for it.
    """
    from api.commands import referring

    named = referring.Named(case=case, system=system, identifier=identifier, document=document)
    referring.refer(Asking(role=role, purpose=purpose), named, json=json)


# --------------------------------------------------------------------------------- from outside


def main() -> None:
    """Run the command line and exit with its code."""
    # First of all: a shell starts what it runs in the background with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(run(sys.argv[1:]))


@cache
def _command() -> Command:
    """The whole of it, made of its parts once in a process."""
    return typer.main.get_command(app)


def run(arguments: list[str]) -> int:
    """Run one command; returns its exit code."""
    if (two := " ".join(arguments[:2])) in _TWO_WORDS:  # `timeline CASE` stays as it is
        arguments = [two, *arguments[2:]]
    if (twice := _standing_twice(arguments)) is not None:
        print(f"holdfast: {twice} stands here more than once. --help says more.", file=sys.stderr)  # noqa: T201 — it is a command line
        return 2
    try:
        done = _command().main(args=arguments, prog_name="holdfast", standalone_mode=False)
        sys.stdout.flush()
    except typer.Exit as ended:
        return ended.exit_code
    except ClickException as misunderstood:
        return _misunderstood(misunderstood)
    except (KeyboardInterrupt, typer.Abort):
        return 128 + signal.SIGINT
    except BrokenPipeError:  # whoever read our answer has read enough, as `head` does
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 — every error becomes one line and a code
        return _explain(error)
    return done if isinstance(done, int) else 0


_ONCE: Final = frozenset({"--as-at", "--on", "--as-of", "--known-to", "--role", "--purpose"})


def _standing_twice(arguments: list[str]) -> str | None:
    """An option that says what is asked and stands twice: which was meant nobody can know."""
    named = [one.partition("=")[0] for one in arguments]
    return next((one for one in named if one in _ONCE and named.count(one) > 1), None)


_MISUNDERSTOOD: Final = {
    "MissingParameter": "something is missing",
    "NoSuchOption": "there is no such option",
    "BadOptionUsage": "an option lacks its value",
    "BadParameter": "this is not of the kind that is needed",
}


def _misunderstood(error: ClickException) -> int:
    """Say what was not understood without repeating it: people type names by mistake."""
    context, parameter = getattr(error, "ctx", None), getattr(error, "param", None)
    what = "there is no such command, or a word too many"
    what = _MISUNDERSTOOD.get(type(error).__name__, what)
    where = "" if parameter is None else f" ({parameter.name})"
    usage = "" if context is None else f" {' '.join(context.get_usage().split())}."
    print(f"holdfast: {what}{where}.{usage} --help says more.", file=sys.stderr)  # noqa: T201 — it is a command line
    return error.exit_code


def _terminate(_number: int, _frame: object) -> None:
    """SIGTERM: unwind as Ctrl-C does, so that the database is let go of in order."""
    raise SystemExit(128 + signal.SIGTERM)


def _explain(error: Exception) -> int:
    """Say an error in one line; returns the exit code."""
    from api.commands.trouble import explain

    code, line = explain(error)
    if line is None:
        # The message of an error nobody foresaw may hold what was being recorded: place and kind.
        at = traceback.extract_tb(error.__traceback__)[-1]
        line = (
            f"something went wrong inside holdfast: {type(error).__name__} at "
            f"{Path(at.filename).name}:{at.lineno}; nothing was half-recorded"
        )
    print(f"holdfast: {line}", file=sys.stderr)  # noqa: T201 — it is a command line
    return code
