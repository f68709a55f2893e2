"""The record's proof beside its recording: each log's tree made, its heads signed and published.

A thread for each log, in the process that follows for the views: whoever records does not wait for
it. One process leads at a time; the others stand ready. New entries are in the tree within a second
and under a signed head within `HEAD_EVERY_S` while somebody leads.

What stops it stops the proof and nothing else: recording goes on, `/health` says how far the proof
has come, and the trouble is told, since only a human can decide what to do about it.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID

import psycopg
from psycopg import Connection

from api.clock import SystemClock, entropy
from api.guard import told
from api.keys import in_reach
from api.office import Database, Office
from api.settings import Settings, unusable, usable
from api.stamping import LONGEST_S, Stamping
from api.troubles import Telling
from api.witnessing import NotWitnessed, Witnesses, policy_of
from domain.quorum import tell
from domain.record.envelope import envelope
from domain.record.log import Log, Unavailable
from domain.record.migration import LOGS
from domain.record.proof.headed import hold
from domain.record.proof.integrating import Head, Integrator, NotDurable, covering, newest
from domain.record.proof.lives import incarnations
from domain.record.proof.note import Verifier, open_note
from domain.record.proof.policy import unmet
from domain.record.proof.publishing import Busy, Folder, Publisher
from domain.record.proof.receipt import Receipt, leads, receipt_text
from domain.record.proof.restorings import lives_there
from domain.record.proof.signing import HeadSigner, head_signers
from domain.record.proof.strict import Unproved
from domain.record.proof.tree import Tree
from domain.record.proof.witness import Elsewhere
from domain.refusal import Corrupt, NotFound, Refused

INTEGRATOR: Final = "holdfast_integrator"
LOGGER: Final = logging.getLogger("holdfast")
HEAD_EVERY_S: Final = 2.0
# How often new entries are taken in. At once as each is recorded, by the notices that the views
# follow, cost eight who record at once a quarter of what they could; twice a second costs next to
# nothing and is within the second that is promised.
TAKE_IN_S: Final = 0.5
STILL_S: Final = 30.0  # before what only a human can mend is tried again
RETRY_S: Final = 2.0  # before the lead, or a database that is away, is asked for again
_KEY_BYTES: Final = 32
_FILE: Final = "HOLDFAST_LOG_KEY_FILE"
_SINCE: Final = re.compile(r"/since-\d{8}T\d{12}Z(?=/)")


def origin_of(office: Office, log: str, number: int = 1) -> str:
    """The name of a log's incarnation, which says nothing about anybody."""
    return named(office.settings, office.authority, log, number)


def named(settings: Settings, authority: UUID, log: str, number: int) -> str:
    """As `origin_of`, of a record that is not opened yet."""
    return f"{settings.origin or f'holdfast.invalid/{authority}'}/{log}/{number}"


def signers(settings: Settings, *, begun: bool) -> Callable[[str], HeadSigner]:
    """The key that signs heads; made where none was ever signed.

    Args:
        settings: where its file is.
        begun: whether heads were signed, so that another key would be another log's.

    Raises:
        Refused: the file is missing, not to be read, or no key; with the remedy.
    """
    path = settings.log_key_file
    try:
        _refuse_readable(path)
        seed = path.read_bytes()
    except FileNotFoundError:
        if begun:
            words = (
                "there is no file in this place: put back the key file that this record's heads "
                "are signed with, from where its copy is kept. Recording goes on without it"
            )
            raise unusable(_FILE, words) from None
        seed = _new_key(path)
    except OSError as error:
        raise unusable(_FILE, f"this cannot be read ({error.strerror})") from None
    if len(seed) != _KEY_BYTES:
        raise unusable(_FILE, f"a key file has {_KEY_BYTES} bytes, this one has {len(seed)}")
    return head_signers(seed)


def _refuse_readable(path: Path) -> None:
    """Whoever can read the key can sign as this record, and nobody sees the difference.

    Raises OSError, Refused.
    """
    if in_reach(path):
        raise unusable(
            _FILE,
            "other accounts of this machine can reach the key that signs this record: "
            f"`chmod 600 {path}`, and think of who may have read it. Recording goes on without it",
        )


def _new_key(path: Path) -> bytes:
    """A new key in its file; another process's, where that came first."""
    with usable(_FILE, path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_name(f".{path.name}.{entropy(8).hex()}")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(entropy(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, path)  # whole, and never over another's
        except FileExistsError:
            pass
        finally:
            part.unlink()
        folder = os.open(path.parent, os.O_RDONLY)  # a head is signed with it: it has to last
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return path.read_bytes()


class Prover:
    """Makes and publishes one log's proof, once it leads. For one thread."""

    def __init__(self, office: Office, log: str, conn: Connection[Any]) -> None:
        """`conn` is the integrator's, in autocommit; it is the prover's from now on."""
        self._office = office
        self._log = log
        self._conn = conn
        self._policy = policy_of(office.settings)
        begun = conn.execute("SELECT EXISTS (SELECT FROM record.incarnation)").fetchone() == (True,)
        signs = signers(office.settings, begun=begun)
        self._integrator = Integrator(
            conn, log, clock=SystemClock(), signs=signs, witnessed=self._witnessed
        )
        self._place = Folder(office.settings.proof / log)
        self._publisher = Publisher(conn, log, self._place, policy=self._policy)
        self._stamping = Stamping(office.settings, log)
        self._witnesses = None
        if self._policy is not None and self._policy.witnesses:
            self._witnesses = Witnesses(self._policy, log)
        self._published = -1

    def lead(self, *, vouching: bool = False) -> bool:
        """Whether this one leads from now on. As the integrator's, and raises what that does."""
        lives = incarnations(self._conn, self._log)
        ours = origin_of(self._office, self._log, max(1, len(lives)))
        if lives and self._office.settings.origin and _SINCE.sub("", lives[-1].origin) != ours:
            raise unusable(
                "HOLDFAST_ORIGIN",
                f"the heads of {self._log} are signed as {lives[-1].origin}; this names {ours}: "
                "put back the name they were begun with, or leave the setting out. Nothing is "
                "signed until then; recording goes on",
            )
        if not self._integrator.lead(origin_of(self._office, self._log), vouching=vouching):
            return False
        tell(self._office.readings, self._policy, self._office.system_actor)
        hold(self._conn, self._log, self._place)  # what is signed from now on goes on from there
        if len(lives) > 1:
            with suppress(OSError):  # told when a head is published there
                self._publisher.tell()
        return True

    def step(self, *, head: bool) -> None:
        """Take in what is new; with `head` sign and publish it too.

        Raises:
            NotWitnessed: too few witnesses cosigned it; ask again.
            NotDurable: the standby did not confirm it; ask again.
            Unpublished: it is signed, and cannot be written where it is published; ask again.
            Corrupt, Elsewhere: the log is another than what was signed of it.
        """
        self._integrator.integrate()
        if not head:
            return
        made = self._integrator.head() or newest(self._conn, self._log)
        if made is None:
            return
        if self._stamping.taken(self._conn):
            self._published = -1  # with its stamp
        self._stamping.ask(self._conn, made)
        if made.size != self._published:
            self._publish(made)

    def settle(self) -> None:
        """Wait for the stamp that was asked for, if one was, and publish it. Raises Unpublished."""
        if self._stamping.taken(self._conn, wait_s=LONGEST_S):
            head = newest(self._conn, self._log)
            assert head is not None, "one was stamped"  # noqa: S101 — a programmer's proof
            self._publish(head)

    def _publish(self, head: Head) -> None:
        try:
            self._published = self._publisher.publish(head).size
        except Busy as error:
            raise Unpublished(str(error)) from None
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise Unpublished(
                f"HOLDFAST_PROOF: this place cannot be used ({why}): let this account read and "
                "write it, make room, or name another. Heads are signed and receipts given without "
                "it; it is tried again"
            ) from None

    @property
    def failing(self) -> dict[str, str]:
        """The witnesses that cosigned nothing when they were last asked, and how they failed."""
        return {} if self._witnesses is None else self._witnesses.troubles

    @property
    def unstamped(self) -> str | None:
        """Why no head was stamped when that was asked for last, in one word; None: nothing is."""
        return self._stamping.trouble

    def _witnessed(self, note: bytes, size: int) -> bytes:
        """A head with the cosignatures of whoever answers, if they are enough.

        Raises:
            NotWitnessed: they are not enough; ask again.
            Elsewhere: a witness knows a tree that this log does not go on from.
        """
        policy, witnesses = self._policy, self._witnesses
        if policy is None or witnesses is None:
            return note
        log = Verifier.from_vkey(self._integrator.vkey)
        tree = Tree(self._conn, self._log)
        try:
            return witnesses.cosigned(
                note,
                size,
                consistency=lambda old: tree.consistency(old, size),
                unmet=lambda found: unmet(
                    open_note(found, [log, *policy.verifiers]), policy, logs=[log]
                ),
            )
        except Elsewhere:
            self._conn.execute("SELECT")  # without its connection another one leads by now
            raise


def begin_again(
    settings: Settings, database: Database, authority: UUID, *, lived: Callable[[int], bool]
) -> None:
    """Begin another incarnation of each log: what a restore does, for all to see.

    It keeps the name that the last one had, whatever the setting says. From then on heads are
    signed under another number, which says from which head it goes on; what was recorded after that
    head and is not there any more can be seen by whoever kept a newer one. Where the key that
    signed is lost, the next incarnation is under a new one. Begun once: asked again before anything
    was signed, it stays, unless anything was recorded in it: `lived` is asked that of the last
    incarnation of the readings by its number.

    Raises:
        Corrupt: a log does not contain its last head.
        Unavailable: the proof is being made by another process.
        Refused: the key file is not to be read, or no key.
    """
    with database.connect(INTEGRATOR) as conn:
        again = lived(len(incarnations(conn, "readings")))
    for log in LOGS:
        with database.connect(INTEGRATOR) as conn:
            lives = incarnations(conn, log)
            signs = signers(settings, begun=False)
            one = Integrator(conn, log, clock=SystemClock(), signs=signs)
            first = lives[-1].origin if lives else named(settings, authority, log, 1)
            published = partial(lives_there, Folder(settings.proof / log), log)
            one.begin_again(partial(_next_name, first), elsewhere=published, lived=again)


def _next_name(origin: str, number: int) -> str:
    """The name of another incarnation of the same log: it keeps what it was called.

    With the moment, which two that restore apart have each of their own: with one key, the number
    alone would let both sign under one name.
    """
    if number == 1:
        return origin
    name, log, _ = _SINCE.sub("", origin).rsplit("/", 2)
    return f"{name}/since-{SystemClock().now():%Y%m%dT%H%M%S%fZ}/{log}/{number}"


class Unpublished(Exception):  # noqa: N818 — what it is, not that it is an error
    """A head is signed, and nothing can be written where it is to be published."""


class Proving:
    """The threads of both logs; use as a context manager."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._stop = Event()
        self._clock = SystemClock()
        self._threads = [
            Thread(target=self._prove, args=(log,), name=f"prove-{log}", daemon=True)
            for log in LOGS
        ]

    def __enter__(self) -> Self:
        for one in self._threads:
            one.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        for one in self._threads:
            one.join(RETRY_S * 5)

    def _prove(self, log: str) -> None:
        """Until told to stop: lead, or wait for the lead; begin again after a lost connection."""
        told_of = Telling(log)
        while not self._stop.is_set():
            kind, wait = "interrupted", RETRY_S
            try:
                with self._office.database.connect(INTEGRATOR) as conn:
                    self._led(log, conn, told_of)
                continue  # told to stop
            except (Corrupt, Elsewhere, Refused) as trouble:
                kind, wait = _kind(trouble), STILL_S  # what a human mended is gone on with
                told_of.trouble(logging.ERROR, f"the proof of {log} stands still: {trouble}")
            except NotDurable:
                kind = "standby"
                words = f"the standby did not confirm: no head of {log} is signed yet"
                told_of.trouble(logging.WARNING, words)
            except (psycopg.Error, OSError) as error:
                words = f"the proof of {log} is interrupted: {told(error)}"
                told_of.trouble(logging.WARNING, words)
            except Exception as error:  # noqa: BLE001 — this thread is the only one that proves
                kind, wait = "failed", STILL_S
                told_of.trouble(logging.ERROR, f"the proof of {log} failed: {told(error)}")
            with (
                suppress(psycopg.Error, OSError, Refused),
                self._office.database.connect(INTEGRATOR) as conn,
            ):
                told_of.keep(conn, kind, {})
            self._stop.wait(wait)

    def _led(self, log: str, conn: Connection[Any], told_of: Telling) -> None:
        prover = Prover(self._office, log, conn)
        while not prover.lead():
            if self._stop.wait(RETRY_S):
                return
        headed: float | None = None
        while not self._stop.is_set():
            now = self._clock.monotonic()
            due = headed is None or now - headed >= HEAD_EVERY_S
            self._step(prover, conn, told_of, head=due)
            if due:
                headed = now
            self._stop.wait(TAKE_IN_S)

    def _step(self, prover: Prover, conn: Connection[Any], told_of: Telling, *, head: bool) -> None:
        """A step of whoever leads, who goes on leading through what will pass."""
        kind = None
        try:
            prover.step(head=head)
        except NotWitnessed as trouble:
            kind = "witnesses"
            words = f"no head of {told_of.log} is published: {trouble}"
            told_of.trouble(logging.WARNING, words)
        except Unpublished as trouble:
            kind = "folder"
            words = f"no head of {told_of.log} is published: {trouble}"
            told_of.trouble(logging.ERROR, words)
        else:
            if head:
                told_of.well()
        if head:
            told_of.keep(conn, kind, prover.failing, prover.unstamped)


def _kind(trouble: Exception) -> str:
    """What stops a proof until somebody mends it, as /health names it (`api.troubles.Standing`)."""
    if isinstance(trouble, Elsewhere):
        return "witness-differs"
    if isinstance(trouble, Refused):
        return "setting" if trouble.code == "setting" else "log-key"
    return "log-differs"


def receipt(office: Office, log: str, position: int) -> tuple[bytes, bytes] | None:
    """A receipt for what was recorded at a position, and the entry it proves; None: not yet.

    The same for ever once it was given: it is of the first head that covers the position.

    Raises:
        NotFound: nothing was recorded at this position.
        Corrupt: by what is stored it does not lead to its head, so it is not given.
    """
    rows = _log(office, log).at([position])
    if not rows:
        raise NotFound("nothing was recorded at this position")
    with office.pool.connection() as conn:
        head = covering(conn, log, position)
        if head is None:
            return None
        path = Tree(conn, log).inclusion(position - 1, head.size)
    found = Receipt(index=position - 1, path=tuple(path), checkpoint=head.note)
    entry = envelope(LOGS[log], office.authority, rows[0])
    try:
        leads(found, entry)
    except Unproved as error:
        raise Corrupt(f"no receipt of {log} {position} can be given: {error}") from None
    return receipt_text(found), entry


def proved(office: Office, log: str, position: int) -> tuple[bytes, bytes]:
    """As `receipt`, making the head where nobody leads who would.

    Raises:
        NotFound: nothing was recorded at this position.
        Unavailable: whoever leads has not made a head in time.
        Corrupt, Refused: as `Prover.lead`.
    """
    clock, began = SystemClock(), SystemClock().monotonic()
    while (found := receipt(office, log, position)) is None:
        with office.database.connect(INTEGRATOR) as conn:
            prover = Prover(office, log, conn)
            if prover.lead():
                try:
                    _made(prover)
                except (NotWitnessed, NotDurable) as trouble:
                    raise Unavailable(f"no head of {log} is published yet: {trouble}") from None
                except Elsewhere as trouble:
                    raise Corrupt(str(trouble)) from None
                continue
        if clock.monotonic() - began > HEAD_EVERY_S * 5:
            raise Unavailable(f"no head of {log} covers this position yet: ask again in a moment")
        Event().wait(TAKE_IN_S)
    return found


def _made(prover: Prover) -> None:
    """Make a head for whoever needs one now; whoever follows publishes it, if that fails here."""
    try:
        prover.step(head=True)
        prover.settle()
    except Unpublished as trouble:
        LOGGER.warning("%s", trouble)


def up_to_date(office: Office, log: str) -> Head:
    """A head that covers all that is recorded now, made here where nobody leads who would.

    Raises what `proved` raises.
    """
    tail, clock = _log(office, log).tail(), SystemClock()
    began = clock.monotonic()
    while True:
        with office.database.connect(INTEGRATOR) as conn:
            head, lives = newest(conn, log), incarnations(conn, log)
            if head is not None and head.size >= tail and head.incarnation == len(lives):
                return head
            prover = Prover(office, log, conn)
            if prover.lead():
                _made(prover)
                continue
        if clock.monotonic() - began > HEAD_EVERY_S * 5:
            raise Unavailable(f"no head covers the whole log of {log} yet: ask again in a moment")
        Event().wait(TAKE_IN_S)


def newest_head(office: Office, log: str) -> Head | None:
    """The last signed head of a log."""
    with office.pool.connection() as conn:
        return newest(conn, log)


def _log(office: Office, log: str) -> Log:
    return {"cases": office.record, "readings": office.readings}[log].log
