"""The office: a record opened and ready to be asked. Every door opens this one, and adds nothing.

Steps, in order: the embedded database (or the server named), the schema, the start-up checks, the
master key and keyring, the two logs, the opening event, the nation's law and the calendar.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID

import psycopg
from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool

from api import copied
from api.clock import SystemClock, entropy, new_reference
from api.keys import log_keys, open_keys
from api.lookups import ViewLookups
from api.reaching import reached
from api.settings import Settings, usable
from api.workers import Workers
from domain import stored
from domain.access import ProofGiven, RecordViewed, SearchMade
from domain.authority_stream import Policies, open_record
from domain.erasure import Erasure, tell_lost
from domain.handle import Handler
from domain.jurisdictions import jurisdictions
from domain.opening import RecordOpened, Simulation
from domain.record.documents import Documents
from domain.record.drafts import Drafts
from domain.record.keyring import Keyring
from domain.record.log import Clock, Log
from domain.record.migration import (
    SCHEMA_VERSION,
    Migrated,
    authority_of,
    bring_up,
    check,
    check_login,
    migrate,
    watch,
)
from domain.record.proof.lives import Incarnation, incarnations, unfounded
from domain.record.record import Part, Record
from domain.record.server import EmbeddedServer, ServerSettings
from domain.refusal import Conflict, Refused
from domain.when import instant
from domain.words import Actor, Code, Particulars, Personal, Slug, WorkerRef
from domain.worker import WorkerRegistered
from projections.returns.england.councils import MADE_UP

DATABASE: Final = "holdfast"
LOGIN: Final = "holdfast_app"
SUPERUSER: Final = "postgres"
SYSTEM: Final = Slug("holdfast")
Say = Callable[[str], None]


class Database:
    """Where the record's database is, and how to connect to it in each role."""

    def __init__(self, settings: Settings, say: Say = lambda _line: None) -> None:
        self._settings = settings
        self._say = say
        self._server: EmbeddedServer | None = None
        if settings.embedded:
            self._server = EmbeddedServer(
                ServerSettings(
                    root=settings.data / "postgresql",
                    binaries=settings.postgres_bin,
                    progress=say,
                )
            )

    def start(self) -> None:
        """Start, or attach to, the embedded server; nothing to do for a named one."""
        if self._server is not None:
            with usable("HOLDFAST_DATA", self._settings.data):
                self._settings.data.mkdir(parents=True, exist_ok=True)
                self._server.start()

    def stop(self) -> None:
        """Let go of the embedded server; the last that uses it stops it."""
        if self._server is not None:
            self._server.stop()

    def lost(self) -> bool:
        """Whether the embedded server has ended and nobody is left to start it again."""
        return self._server is not None and self._server.lost()

    def recover(self) -> bool:
        """Start a lost server again where it was killed; whether it is up. Raises ServerError."""
        return self._server is not None and self._server.recover()

    def bring_up(self) -> None:
        """Make the embedded database's schema, or bring an older release's up to date.

        One of this release is left as it is, whatever was done to it: the checks refuse that.
        Nothing is done to a database that is named, which is migrated by its owner alone.
        """
        if self._server is None:
            return
        self._create()
        owner = self._server.conninfo(DATABASE, SUPERUSER)
        done = bring_up(owner, authority=new_reference(), login=LOGIN)
        if done is not None and done.before is not None:
            self._say(f"the schema was brought up from version {done.before} to {SCHEMA_VERSION}")

    def migrate(self, *, restoring: bool = False) -> Migrated:
        """Bring the schema up to date and put back what guards it, as the owner."""
        owner, login, password = self.owner(), LOGIN, None
        if self._server is None:
            named = conninfo_to_dict(self._settings.database_url or "")
            login, password = str(named.get("user") or LOGIN), named.get("password")
        return migrate(
            owner,
            authority=new_reference(),
            login=login,
            password=None if password is None else str(password),
            restoring=restoring,
        )

    def owner(self) -> str:
        """The connection string of the database's owner; the embedded database is made.

        Raises:
            Refused: none is named, or it is not let in; with the remedy.
        """
        if self._server is not None:
            self._create()
            return self._server.conninfo(DATABASE, SUPERUSER)
        owner = self._settings.owner_url
        if owner is None:
            raise Refused(
                "owner-url",
                "start-up",
                "set HOLDFAST_OWNER_URL to an account that may create roles and schemas",
            )
        with reached(owner, "HOLDFAST_OWNER_URL"):
            pass  # only to say what stands in the way
        return owner

    def reach(self) -> None:
        """See whether the application's login is let in, and may put on its roles.

        Raises:
            Refused: it is not, or the server is too old; with the remedy.
            psycopg.OperationalError: the server is away.
        """
        with reached(self.login(), "DATABASE_URL") as conn:
            check_login(conn)

    def conninfo(self, role: str) -> str:
        """The connection string of the application's login with one role on."""
        # Without compiling queries: none of ours runs as long as that takes, and the planner, which
        # guesses too many rows of an ended time range, would have it done.
        options = f"-c role={role} -c jit=off"
        return make_conninfo(self.login(), options=options, application_name="holdfast")

    def connect(self, role: str) -> Connection[Any]:
        """An autocommit connection in a role."""
        return psycopg.connect(self.conninfo(role), autocommit=True)

    def login(self) -> str:
        """The connection string of the application's login."""
        if self._server is not None:
            return self._server.conninfo(DATABASE, LOGIN)
        return self._settings.database_url or ""

    def _create(self) -> None:
        assert self._server is not None, "only the embedded server's database is made here"  # noqa: S101 — a programmer's proof
        with psycopg.connect(self._server.conninfo("postgres", SUPERUSER), autocommit=True) as conn:
            conn.execute("SELECT pg_advisory_lock(%s)", (0x486F6C64,))
            found = conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
            if found.fetchone() is None:
                conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


class Office:
    """A record, opened. Use as a context manager; safe for many threads."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        simulated: Simulation | None = None,
        made_up_only: bool = False,
        say: Say = lambda _line: None,
    ) -> None:
        """Whose record, by the settings; `simulated` is what an empty one is opened as.

        `made_up_only`: refuse a record that is not simulated, and leave an empty one empty.
        """
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.database = Database(settings, say)
        self._say = say
        self._simulated = simulated
        self._made_up_only = made_up_only
        self._stack = ExitStack()
        self._known_workers: set[UUID] = set()
        self.stopped: str | None = None  # why nothing more is recorded; None while it is

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _open(self) -> None:
        self.database.start()
        self._stack.callback(self.database.stop)
        self.database.bring_up()
        self.database.reach()
        with self.database.connect("holdfast_writer") as conn:
            self.authority = authority_of(conn)
            check(conn, self.settings.environ)
        with self.database.connect("holdfast_keeper") as conn:
            self.wrapping = open_keys(self.settings, conn)
        self._search_key = self.wrapping.search_key()
        self.pool: ConnectionPool[Any] = self._stack.enter_context(
            ConnectionPool(
                self.database.conninfo("holdfast_writer"),
                min_size=2,
                max_size=20,
                timeout=5.0,  # how long somebody waits for an answer while the database is away
                kwargs={"autocommit": True},
                open=True,
            )
        )
        self.keyring = Keyring(self.pool, self.wrapping, entropy)
        self.record = self._record("cases", self.clock)
        # Readings happen in real time, whatever time the cases are told in.
        self.readings = self._record("readings", SystemClock())
        self.documents = Documents(self.pool, self.keyring, entropy, self.readings)
        self.workers = Workers(self.record)
        self.drafts = Drafts(self.pool, self.keyring, SystemClock(), entropy)
        self.opening = self._opened()
        self._refuse_half_told()
        self._take_in()
        self._tell_lost()
        self.jurisdiction = jurisdictions()[self.opening.nation]
        self.policies = Policies(
            record=self.record,
            nation=self.jurisdiction,
            closed=dict.fromkeys(self.settings.closed_days, "the authority's office is closed"),
            worked=self.settings.worked_days,
        )
        self.erasure = Erasure(
            self.record,
            lambda: self.database.connect("holdfast_keeper"),
            self.wrapping,
            entropy,
        )
        self._carry_out()
        self.handler = Handler(
            self.record,
            self.jurisdiction,
            self.policies,
            self.clock,
            ViewLookups(self),
            carry_out=self._carry_out,
        )

    @property
    def system_actor(self) -> Actor:
        """Holdfast itself, for what no person did."""
        return Actor(
            worker=WorkerRef(self.authority), role=Code("administrator"), organisation=SYSTEM
        )

    @property
    def simulated(self) -> bool:
        """Whether everything here is made up, and must say so on every page."""
        return self.opening.simulated is not None

    @property
    def council(self) -> str:
        """Its code in the return; a made-up one where all is made up; none where none is set."""
        return self.settings.council or (MADE_UP if self.simulated else "")

    @property
    def half_told(self) -> bool:
        """Whether this is a made-up history that was not told to its end.

        Its last entry is recorded at its last moment, and time runs forward only: the tail tells.
        """
        if self.opening.simulated is None:
            return False
        (last,) = self.record.log.at([self.record.log.tail()])
        return last.recorded_at < self.opening.simulated.until

    def worker(self, issuer: str, subject: str, name: str | None, actor_role: Code) -> WorkerRef:
        """The reference of whoever an identity provider vouches for; registered at first sight.

        The same person has the same for ever.
        """
        worker = self.worker_reference(issuer, subject)
        if worker not in self._known_workers:
            if not self.record.log.stream(worker):
                self._register(worker, issuer, subject, name, actor_role)
            self._known_workers.add(worker)
        return worker

    def worker_reference(self, issuer: str, subject: str) -> WorkerRef:
        """The reference of a worker, also of one who was never here.

        It is reckoned under a key, so that nobody without the key can tell whose it is.
        """
        message = f"worker\x1f{issuer}\x1f{subject}".encode()
        digest = hmac.new(self._search_key, message, hashlib.sha256).digest()
        return WorkerRef(UUID(bytes=digest[:16], version=5))

    def look_at_guards(self) -> None:
        """Look again whether the log is guarded as at the start; record nothing more if not.

        That stays so until the next start, also where the guard is put back meanwhile: what came
        in between nobody vouches for. A database that is away is looked at the next time; one that
        does not let the login in any more could not be watched, so nothing more is recorded either.
        """
        if self.stopped is not None:
            return
        try:
            self.database.reach()
            with self.database.connect("holdfast_writer") as conn:
                watch(conn)
        except Refused as refused:
            self.stopped = (
                f"Nothing more is recorded until Holdfast is started again: {refused.detail}"
            )
            for record in (self.record, self.readings):
                record.log.stop_appending(self.stopped)
        except psycopg.OperationalError:
            return

    def viewed(
        self, actor: Actor, events: Sequence[RecordViewed | SearchMade | ProofGiven], purpose: Code
    ) -> None:
        """Leave the trace of one reading, durable before anything is shown (promise 6)."""
        # A stream of its own for every reading: readers never wait for, or conflict with, another.
        command = new_reference()
        self.readings.append(
            [Part(new_reference(), 0, tuple(events))],
            actor=actor,
            particulars=Particulars(occurred=instant(SystemClock().now()), purpose=purpose),
            command=command,
            digest=command.bytes * 2,
        )

    def _carry_out(self) -> None:
        """Carry out every erasure recorded, and remove what nothing opens any more.

        The copy of the keyring too: one from before still opens what was forgotten.
        """
        self.erasure.carry_out()
        self.drafts.sweep()
        copied.renew(self.settings, self.database, self.wrapping)

    def _take_in(self) -> None:
        """Enter in the log the documents that were kept before they were entered, once."""
        count = self.documents.take_in(self.system_actor, Code("records_management"))
        if count:
            self._say(f"{count} documents kept by an earlier release were taken into the log")

    def lives(self) -> list[Incarnation]:
        """The incarnations of the log of readings, but for those that nobody with the key began."""
        with self.pool.connection() as conn:
            lives = incarnations(conn, "readings")
            made_up = unfounded(conn, "readings", lives, log_keys(self.settings))
        return [one for one in lives if one not in made_up]

    def _tell_lost(self) -> None:
        """Record, once, what a restored record had forgotten by erasures that it lost."""
        lives = self.lives()
        if len(lives) > 1:
            tell_lost(self.record, self.readings, self.pool.connection, lives, self.system_actor)

    def _opened(self) -> RecordOpened:
        """How the record was opened; now, where it is empty. Raises Refused for a real one."""
        if self._made_up_only and self._simulated is None and not self.record.log.at([1]):
            raise _real_one()
        opening = open_record(
            self.record,
            nation=Code(self.settings.nation),
            actor=self.system_actor,
            command=new_reference(),
            simulated=self._simulated,
        )
        if self._made_up_only and opening.simulated is None:
            raise _real_one()
        return opening

    def _refuse_half_told(self) -> None:
        """Nothing happens in real time before a made-up history ended: it could not be told on."""
        if self.half_told and not self.clock.simulated:
            raise Refused(
                "half-told",
                "demonstration",
                "the demonstration is still being loaded into this record, or its load was cut "
                "short: let it finish, or go on with it by `holdfast demo` (for a database that is "
                "named: `holdfast serve` with HOLDFAST_DEMO)",
            )

    def _record(self, name: str, clock: Clock) -> Record:
        log = Log(
            name,
            authority=self.authority,
            connect=lambda: self.database.connect("holdfast_writer"),
            pool=self.pool,
            clock=clock,
        )
        self._stack.callback(log.close)
        return Record(log, self.keyring, stored, clock, entropy)

    def _register(
        self, worker: WorkerRef, issuer: str, subject: str, name: str | None, role: Code
    ) -> None:
        event = WorkerRegistered(
            issuer=Personal(worker, issuer),
            subject=Personal(worker, subject),
            name=None if name is None else Personal(worker, name),
        )
        actor = Actor(worker=worker, role=role, organisation=SYSTEM)
        command = new_reference()
        try:
            self.record.append(
                [Part(worker, 0, (event,))],
                actor=actor,
                particulars=Particulars(
                    occurred=instant(self.clock.now()), purpose=Code("records_management")
                ),
                command=command,
                digest=command.bytes * 2,
            )
        except Conflict:
            return  # another thread registered the same worker a moment ago


def _real_one() -> Refused:
    return Refused(
        "identity",
        "start-up",
        "the development identity is for the made-up people of `holdfast demo`, and this record is "
        "not made up: set HOLDFAST_OIDC_ISSUER and unset HOLDFAST_DEVELOPMENT_IDENTITY",
    )
