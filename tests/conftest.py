"""What every test may ask for: a PostgreSQL server, a migrated database, nothing skipped in CI.

One embedded server serves a whole run. Under xdist the controller starts it before its workers and
tells them where it is, so it is never a worker's exit that stops it; without xdist the first test
that needs one starts it. A test that asks for `database` gets a copy of the migrated template of
its own, so no test sees what another wrote.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql

from domain.record.migration import migrate
from domain.record.server import EmbeddedServer, ServerSettings
from tests.rulebook import cited

pytest.register_assert_rewrite("tests.given", "tests.controls")
# A law is no less true on a busy machine: how long an example takes is measured in benchmarks/.
settings.register_profile("holdfast", deadline=None)
settings.load_profile("holdfast")

IN_CI = os.environ.get("HOLDFAST_CI") == "1"
OWNER = "postgres"
LOGIN = "holdfast_app"
AUTHORITY = UUID("00000000-0000-4000-8000-000000000001")
ROOT_ONLY = "only root can become another account"  # the reason of those tests
TEMPLATE_LOCK = 0x686F6C64
MEMORY = Path("/dev/shm")  # noqa: S108 — a folder of our own is made in it, with a random name
ROOM = 4 * 1024**3  # bytes; a run needs less than half
_ROOT = pytest.StashKey[Path]()
_OWN = pytest.StashKey[Path]()  # where this process made it
_SERVER = pytest.StashKey[EmbeddedServer]()


@dataclass(frozen=True, slots=True)
class Database:
    """One test's own database, and how to connect to it as any role."""

    server: EmbeddedServer
    name: str

    def conninfo(self, user: str = OWNER) -> str:
        """Give the libpq connection string for this database as `user`."""
        return self.server.conninfo(self.name, user)


def make_template(server: EmbeddedServer) -> str:
    """Make the database every test's own is copied from, and return its name.

    Called once a run, under a lock, on a server without the template.
    """
    name = "holdfast_template_new"
    with _admin(server) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    migrate(server.conninfo(name, OWNER), authority=AUTHORITY, login=LOGIN)
    return name


def copy_database(connection: psycopg.Connection[tuple[object, ...]], name: str, of: str) -> None:
    """Make a database that is a copy of another.

    Its files are copied, not written through the log: to make and drop it takes half the time.
    """
    connection.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(name), sql.Identifier(of)
        )
    )


def _admin(server: EmbeddedServer) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server.conninfo("postgres", OWNER), autocommit=True)


def _start(config: pytest.Config) -> EmbeddedServer:
    """Start the run's server, or attach to the one the controller started."""
    if _SERVER not in config.stash:
        told: dict[str, str] = getattr(config, "workerinput", {})
        # A server that somebody else keeps, for many short runs one after another (mutation tests).
        elsewhere = told.get("holdfast_root") or os.environ.get("HOLDFAST_TEST_SERVER")
        root = Path(elsewhere or tempfile.mkdtemp(prefix="holdfast-tests-", dir=in_memory()))
        if elsewhere is None:
            # mkdtemp's 0700 would shut out the account root hands PostgreSQL to.
            root.chmod(0o755)
            config.stash[_OWN] = root
        config.stash[_ROOT] = root
        config.stash[_SERVER] = EmbeddedServer(ServerSettings(root=root / "server")).start()
    return config.stash[_SERVER]


@cache
def in_memory() -> Path | None:
    """Where files lie in memory, if there is room; None: wherever temporary files go.

    The server waits for its disk as in life (fsync is on), and every test's own database is made
    and dropped there: on a slow disk that is half of a run. A process that is killed leaves what
    the system had of it, in memory as on a disk, and no test stops the machine; before an issue
    closes, the servers that tests start for themselves lie on the disk all the same (`own_files`).
    """
    try:
        free = shutil.disk_usage(MEMORY).free
    except OSError:
        return None
    return MEMORY if free >= ROOM and os.access(MEMORY, os.W_OK) else None


def own_files() -> Path | None:
    """Where the files of a test's own server go: by `make test-long` on the disk."""
    return None if os.environ.get("HOLDFAST_TESTS_ON_DISK") == "1" else in_memory()


@contextmanager
def a_folder() -> Iterator[Path]:
    """Give a folder for a test's own server, which the account root hands PostgreSQL to can reach.

    pytest's own is closed to all but us.
    """
    with tempfile.TemporaryDirectory(
        prefix="holdfast-test-", dir=own_files(), ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Start the server in xdist's controller, once, and tell each worker where it is."""
    config: pytest.Config = node.config  # type: ignore[attr-defined]  # xdist has no types
    _start(config)
    node.workerinput["holdfast_root"] = str(config.stash[_ROOT])  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the server; its owner stops it and removes its files."""
    if _SERVER in config.stash:
        config.stash[_SERVER].stop()
        del config.stash[_SERVER]
    # Also when the start failed: its reason has been told, its files serve nobody.
    if _OWN in config.stash:
        shutil.rmtree(config.stash[_OWN], ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a CI run that skipped anything: there, every law has what it needs.

    But what only root can do, an ordinary user cannot be asked to show.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not IN_CI:
        return  # a worker has no reporter: the controller counts for all
    skipped = [
        one
        for one in reporter.stats.get("skipped", [])
        if os.geteuid() == 0 or ROOT_ONLY not in str(one.longrepr)
    ]
    if skipped:
        reporter.write_line(f"HOLDFAST_CI=1: {len(skipped)} skipped test(s), none may be", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what was imported, which stays anyhow.

    And let it look for the rest less often: a tenth of a run is its looking.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20)


# What tells a whole story or starts several servers, and would be waited for if it came last.
LONGEST = (
    "test_script_england",
    "test_script_scotland",
    "test_forgotten_walked",
    "test_accessible",
    "test_readme_tour",
    "test_watching",
    "test_demonstration",
)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """Mark each test with the rules its docstring names: `-m rules` runs those that prove one.

    And begin with the longest, one at the head of what each worker is given first.
    """
    for item in items:
        if isinstance(item, pytest.Function) and (numbers := cited(item.function.__doc__)):
            item.add_marker(pytest.mark.rules(*numbers))
    yield  # what `-m` leaves out goes, by these marks too
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1 and not config.option.collectonly:
        items[:] = _longest_first(items, workers)


def _longest_first(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Give the tests as `--dist worksteal` divides them, each part with some of the longest."""
    by_file = {name: [one for one in items if one.path.stem == name] for name in LONGEST}
    first = [list[pytest.Item]() for _ in range(workers)]
    for number, name in enumerate(LONGEST):
        first[number % workers] += by_file[name]
    others = iter([one for one in items if one.path.stem not in by_file])
    ends = [len(items) * part // workers for part in range(workers + 1)]
    parts = zip(first, pairwise(ends), strict=True)
    return [
        one
        for head, (start, end) in parts
        for one in (*head, *islice(others, max(0, end - start - len(head))))
    ] + list(others)


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> EmbeddedServer:
    """Give the embedded PostgreSQL of this run; durability is on, as in life."""
    return _start(pytestconfig)


@pytest.fixture(scope="session")
def template_database(server: EmbeddedServer) -> str:
    """Give the name of the migrated template, made by the first process that asks."""
    return once(server, "holdfast_template", make_template)


def once(server: EmbeddedServer, name: str, make: Callable[[EmbeddedServer], str]) -> str:
    """Give a database of the run, made by the first process that asks; `make` gives another name.

    Renamed when complete: a template whose making failed is never copied from.
    """
    with _admin(server) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (TEMPLATE_LOCK,))
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        if found.fetchone() is None:
            made = sql.Identifier(make(server))
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(made, sql.Identifier(name))
            )
    return name


@contextmanager
def a_database(server: EmbeddedServer, template: str) -> Iterator[Database]:
    """Give a copy of a template; it is dropped afterwards."""
    name = f"t_{uuid4().hex}"
    with _admin(server) as connection:
        copy_database(connection, name, template)
        yield Database(server=server, name=name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def database(server: EmbeddedServer, template_database: str) -> Iterator[Database]:
    """Give an empty, migrated database of this test's own; it is dropped afterwards."""
    with a_database(server, template_database) as made:
        yield made
