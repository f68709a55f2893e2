"""`holdfast serve`, `demo`, `project`, `migrate`, `keys new`, `lag` and `bench`."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Final

from api.commands import show
from api.commands.desk import at_desk
from api.commands.following import follow, how_far, seconds_behind, stopped
from api.commands.options import Asking
from api.forms import labels
from api.keys import write_key
from api.office import Database, Office
from api.proving import INTEGRATOR, Prover
from api.settings import Settings, read_settings, usable
from api.views import every
from domain.record.migration import LOGS, SCHEMA_VERSION, Migrated, check
from domain.refusal import Refused
from projections import ALL
from projections.rebuild import prepare

_DEMONSTRATIONS: Final = {"england": "english", "scotland": "scottish"}


def project() -> None:
    """Follow the record until told to stop.

    Raises:
        Unavailable: a view stopped before.
        Refused: a guard of the log is gone; with the remedy.
        ServerError: the embedded database was told to end; with the remedy.
    """
    with Office(read_settings(), say=show.tell) as office:
        views = every(office)
        show.tell(f"following the record for {len(views)} views")
        poisons = follow(office, views)
        if poisons:
            raise stopped("of a projection", poisons[0])


def migrate(*, json: bool, sign_restored: bool = False) -> None:
    """Bring the database's schema up to date, and make the views' tables.

    Raises:
        Refused: a start is still refused, by what no migration mends; said after what was done.
    """
    done, still = _migrated()
    if json:
        show.as_json(
            {
                "authority": str(done.authority),
                "schema_version": SCHEMA_VERSION,
                "guards_put_back": list(done.guards),
            }
        )
    else:
        show.say(f"The schema is up to date. Authority {done.authority}.")
        if done.guards:
            show.say(
                f"Put back, having been missing, disabled or altered: the guard "
                f"{', '.join(done.guards)}. Run `holdfast verify`."
            )
        if still is not None:
            show.say("A start is still refused, by what `holdfast migrate` does not mend:")
    if still is not None:
        raise still
    if sign_restored:
        _sign_restored()


def _sign_restored() -> None:
    """Sign a head of each log, also of a last incarnation that an earlier release began unsigned.

    Raises:
        Refused: whoever asks has not the key; or a service is running, which has the lead.
    """
    with Office(read_settings(), say=show.tell) as office:
        for log in LOGS:
            with office.database.connect(INTEGRATOR) as conn:
                prover = Prover(office, log, conn)
                if not prover.lead(vouching=True):
                    words = "The proof is being made by another process: stop the service first."
                    raise Refused("in-use", "start-up", words)
                prover.step(head=True)
            show.tell(f"Signed: a head of {log}.")


def _migrated() -> tuple[Migrated, Refused | None]:
    """What was done, and what refuses a start all the same."""
    settings = read_settings()
    database = Database(settings, show.tell)
    database.start()
    try:
        with usable("HOLDFAST_KEYS", settings.keys):
            settings.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        done = database.migrate()
        database.reach()
        prepare(lambda: database.connect("holdfast_projector"), ALL)
        try:
            with database.connect("holdfast_writer") as conn:
                check(conn, settings.environ)
        except Refused as still:
            return done, still
    finally:
        database.stop()
    return done, None


def new_key(file: Path) -> None:
    """Write a new master key, readable by this account alone; never over a file that is there."""
    try:
        write_key(file)
    except FileExistsError:
        raise Refused("exists", "L9", "This file is there: a key is never written over.") from None
    except OSError as error:
        raise Refused(
            "file", "L9", f"This file cannot be written ({error.strerror}): name another."
        ) from None
    show.say("A new master key was written. Keep a copy elsewhere: without it no passage opens.")


def lag(*, at_most: float | None, json: bool) -> int:
    """Say how far each view is behind. Returns 1 where one is further than that, or stopped."""
    with at_desk(Asking()) as desk:
        now = desk.office.clock.now()
        nation, found = desk.office.jurisdiction, how_far(desk.office, every(desk.office))
    rows = [
        {
            "view": one.projection,
            "position": one.position,
            "events_behind": one.lag,
            "seconds_behind": round(seconds_behind(one, now), 1),
            "followed": one.followed,
            "stopped_before": one.stopped_at,
            "event": one.event,
            "error": one.error,
        }
        for one in found
    ]
    if json:
        show.as_json(rows)
    else:
        titles = [labels.code("lag", name, nation) for name in rows[0]] if rows else []
        words = {True: "yes", False: "no"}
        cells = [
            tuple(words[v] if isinstance(v, bool) else v for v in row.values()) for row in rows
        ]
        show.table("Views", titles, cells)  # type: ignore[arg-type]  # each is a cell
    if at_most is None:
        return 0
    late = any(one.stopped_at is not None or seconds_behind(one, now) > at_most for one in found)
    return 1 if late else 0


def bench(*, json: bool) -> int:
    """Run the benchmarks of this checkout. Raises Refused where there are none."""
    home = Path(__file__).resolve().parents[2]
    if not (home / "benchmarks" / "__main__.py").exists():
        raise Refused(
            "no-benchmarks", "usage", "The benchmarks are in a checkout only: run it from there."
        )
    command = [sys.executable, "-m", "benchmarks", *(["--json"] if json else [])]
    return subprocess.run(command, cwd=home, check=False).returncode  # noqa: S603 — our own program


def serve() -> None:
    """Serve the API and the pages until told to stop."""
    settings = read_settings()
    if settings.demo is None:
        _serve(settings, lambda: None)
    else:
        _with_demonstration(settings, settings.demo, lambda: None)


def demo() -> None:
    """Load the demonstration where it is not complete, then serve it on this machine alone."""
    settings = read_settings()
    if not settings.embedded:
        raise Refused(
            "demo", "start-up", "`holdfast demo` uses a database of its own: unset DATABASE_URL."
        )
    settings = replace(settings, host="127.0.0.1", development_identity=True, oidc_issuer=None)
    nation = settings.demo or _DEMONSTRATIONS[settings.nation]
    _with_demonstration(settings, nation, lambda: _three_things(settings))


def _with_demonstration(settings: Settings, nation: str, ready: Callable[[], None]) -> None:
    """Load and serve on one start of the embedded database, which is stopped last."""
    database = Database(settings, show.tell)
    # The web framework takes as long to import as the database to start: side by side.
    Thread(target=import_module, args=("api.serving",), daemon=True).start()
    database.start()
    try:
        _load(settings, nation)
        _serve(settings, ready)
    finally:
        database.stop()


def _load(settings: Settings, nation: str) -> None:
    from api.demonstration.load import load  # noqa: PLC0415 — only where one is asked for

    with show.progress("loading the demonstration", aloud=True) as tell:
        load(settings, nation=nation, progress=tell)


def _serve(settings: Settings, ready: Callable[[], None]) -> None:
    from api.serving import serve as run  # noqa: PLC0415 — FastAPI and uvicorn

    run(settings, ready=ready)


def _three_things(settings: Settings) -> None:
    place = f"http://{settings.host}:{settings.port}"
    for line in (
        f"Holdfast is on {place}, with made-up people only. Ctrl-C stops everything.",
        f"  1. Open {place}/ and follow a case; ask for its timeline as known on an earlier day.",
        f"  2. In another terminal: {program()} caseload --as-at -500d",
        f"  3. Prove the whole record: {program()} verify",
    ):
        show.tell(line)


def program() -> str:
    """How to call this program again from the same folder: as it was called now."""
    called = sys.argv[0]
    return shlex.quote(called) if Path(called).name == "holdfast" else ".venv/bin/holdfast"
