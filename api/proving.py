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
from collections.abc import Callable
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
from api.office import Database, Office
from api.settings import Settings, unusable, usable
from api.witnessing import asking, authority_of_time, policy_of
from domain.record.envelope import envelope, to_us
from domain.record.log import Log, Unavailable
from domain.record.migration import LOGS
from domain.record.proof.anchoring import Anchor, keep, last_anchored_us, stamped
from domain.record.proof.integrating import (
    Head,
    Integrator,
    NotDurable,
    covering,
    incarnations,
    newest,
)
from domain.record.proof.note import Verifier, open_note
from domain.record.proof.policy import unmet
from domain.record.proof.publishing import Folder, Publisher
from domain.record.proof.receipt import Receipt, receipt_text
from domain.record.proof.signing import HeadSigner, head_signers
from domain.record.proof.strict import Wrong
from domain.record.proof.tree import Tree
from domain.record.proof.witness import Elsewhere, cosignature
from domain.refusal import Corrupt, NotFound, Refused

INTEGRATOR: Final = "holdfast_integrator"
LOGGER: Final = logging.getLogger("holdfast")
HEAD_EVERY_S: Final = 2.0
NOTICE_S: Final = 0.5  # the longest a new entry waits where its notice was lost
STILL_S: Final = 30.0  # before what only a human can mend is tried again
RETRY_S: Final = 2.0  # before the lead, or a database that is away, is asked for again
ANCHOR_EVERY_US: Final = 24 * 3600 * 1_000_000
ANCHOR_RETRY_S: Final = 600.0  # after an authority that did not answer
_KEY_BYTES: Final = 32
_FILE: Final = "HOLDFAST_LOG_KEY_FILE"


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
        place = Folder(office.settings.proof / log)
        self._publisher = Publisher(conn, log, place, policy=self._policy)
        self._time = authority_of_time(office.settings)
        self._clock = SystemClock()
        self._tried: float | None = None  # when a stamp was asked for last
        self._cosigned: dict[str, int] = {}  # by witness, the size of the last head it cosigned
        self._published = -1

    def lead(self) -> bool:
        """Whether this one leads from now on. Raises what the integrator's does."""
        lives = incarnations(self._conn, self._log)
        ours = origin_of(self._office, self._log, max(1, len(lives)))
        if lives and self._office.settings.origin and lives[-1].origin != ours:
            raise unusable(
                "HOLDFAST_ORIGIN",
                f"the heads of {self._log} are signed as {lives[-1].origin}; this names {ours}: "
                "put back the name they were begun with, or leave the setting out. Nothing is "
                "signed until then; recording goes on",
            )
        return self._integrator.lead(origin_of(self._office, self._log))

    def step(self, *, head: bool) -> None:
        """Take in what is new; with `head` sign and publish it too."""
        self._integrator.integrate()
        if not head:
            return
        made = self._integrator.head() or newest(self._conn, self._log)
        if made is not None and self._anchored(made):
            self._published = -1  # with its stamp
        if made is not None and made.size != self._published:
            with usable("HOLDFAST_PROOF", self._office.settings.proof):
                self._publisher.publish(made)
            self._published = made.size

    def _anchored(self, head: Head) -> bool:
        """Have a head stamped by the time-stamp authority, one a day; whether it was now."""
        if self._time is None:
            return False
        now, last = self._clock.now(), last_anchored_us(self._conn, self._log)
        if last is not None and to_us(now) - last < ANCHOR_EVERY_US:
            return False
        if self._tried is not None and self._clock.monotonic() - self._tried < ANCHOR_RETRY_S:
            return False
        self._tried = self._clock.monotonic()
        ask, roots = self._time
        try:
            stamp, _ = stamped(head.note, ask, roots)
        except (Wrong, OSError) as error:
            LOGGER.warning("no head of %s was stamped: %s", self._log, told(error))
            return False
        anchor = Anchor(incarnation=head.incarnation, size=head.size, stamp=stamp)
        keep(self._conn, self._log, anchor, now)
        return True

    def _witnessed(self, note: bytes, size: int) -> bytes:
        """A head with the cosignatures of whoever answers, if they are enough.

        Raises:
            NotWitnessed: they are not enough; ask again.
            Elsewhere: a witness knows a tree that this log does not go on from.
        """
        policy = self._policy
        if policy is None or not policy.witnesses:
            return note
        tree = Tree(self._conn, self._log)
        for one in policy.witnesses:
            try:
                signature = cosignature(
                    one,
                    asking(one),
                    note,
                    size,
                    old=self._cosigned.get(one.name, 0),
                    consistency=lambda old: tree.consistency(old, size),
                )
            except Elsewhere:
                self._conn.execute("SELECT")  # without its connection another one leads by now
                raise
            except (Wrong, OSError) as error:
                LOGGER.warning(
                    "the witness %s cosigned no head of %s: %s", one.name, self._log, told(error)
                )
                continue
            self._cosigned[one.name] = size
            note += signature.line.encode()
        log = Verifier.from_vkey(self._integrator.vkey)
        opened = open_note(note, [log, *policy.verifiers])
        why = unmet(opened, policy, logs=[log])
        if why is not None:
            raise NotWitnessed(why)
        return note


def begin_again(settings: Settings, database: Database, authority: UUID) -> None:
    """Begin another incarnation of each log: what a restore does, for all to see.

    It keeps the name that the last one had, whatever the setting says. From then on heads are
    signed under another number, which says from which head it goes on; what was recorded after that
    head and is not there any more can be seen by whoever kept a newer one. Where the key that
    signed is lost, the next incarnation is under a new one. Begun once: asked again before anything
    was signed, it stays.

    Raises:
        Corrupt: a log does not contain its last head.
        Unavailable: the proof is being made by another process.
        Refused: the key file is not to be read, or no key.
    """
    for log in LOGS:
        with database.connect(INTEGRATOR) as conn:
            lives = incarnations(conn, log)
            signs = signers(settings, begun=False)
            one = Integrator(conn, log, clock=SystemClock(), signs=signs)
            one.begin_again(
                partial(_next_name, lives[-1].origin)
                if lives
                else partial(named, settings, authority, log)
            )


def _next_name(origin: str, number: int) -> str:
    """The name of another incarnation of the same log: it keeps what it was called."""
    return f"{origin.rpartition('/')[0]}/{number}"


class NotWitnessed(Exception):  # noqa: N818 — what it is, not that it is an error
    """Too few witnesses cosigned a head: it is not published yet."""


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
        stands = ""  # what was told of a trouble, once
        while not self._stop.is_set():
            try:
                with self._office.database.connect(INTEGRATOR) as conn:
                    self._led(log, conn)
            except (Corrupt, Elsewhere, Refused) as trouble:
                if str(trouble) != stands:
                    stands = str(trouble)
                    LOGGER.error("the proof of %s stands still: %s", log, trouble)  # noqa: TRY400 — told in full
                self._stop.wait(STILL_S)  # what a human mended is gone on with
            except NotWitnessed as trouble:
                LOGGER.warning("no head of %s is published: %s", log, trouble)
            except NotDurable:
                LOGGER.warning("the standby did not confirm: no head of %s is signed yet", log)
            except (psycopg.Error, OSError) as error:
                LOGGER.warning("the proof of %s is interrupted: %s", log, told(error))
            self._stop.wait(RETRY_S)

    def _led(self, log: str, conn: Connection[Any]) -> None:
        prover = Prover(self._office, log, conn)
        while not prover.lead():
            if self._stop.wait(RETRY_S):
                return
        conn.execute(f"LISTEN record_{log}".encode())
        headed: float | None = None
        while not self._stop.is_set():
            now = self._clock.monotonic()
            due = headed is None or now - headed >= HEAD_EVERY_S
            prover.step(head=due)
            if due:
                headed = now
            for _ in conn.notifies(timeout=NOTICE_S, stop_after=1):
                pass


def receipt(office: Office, log: str, position: int) -> tuple[bytes, bytes] | None:
    """A receipt for what was recorded at a position, and the entry it proves; None: not yet.

    The same for ever once it was given: it is of the first head that covers the position.

    Raises:
        NotFound: nothing was recorded at this position.
    """
    rows = _log(office, log).at([position])
    if not rows:
        raise NotFound("nothing was recorded at this position")
    with office.pool.connection() as conn:
        head = covering(conn, log, position)
        if head is None:
            return None
        path = Tree(conn, log).inclusion(position - 1, head.size)
    text = receipt_text(Receipt(index=position - 1, path=tuple(path), checkpoint=head.note))
    return text, envelope(LOGS[log], office.authority, rows[0])


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
                    prover.step(head=True)
                except (NotWitnessed, NotDurable) as trouble:
                    raise Unavailable(f"no head of {log} is published yet: {trouble}") from None
                except Elsewhere as trouble:
                    raise Corrupt(str(trouble)) from None
                continue
        if clock.monotonic() - began > HEAD_EVERY_S * 5:
            raise Unavailable(f"no head of {log} covers this position yet: ask again in a moment")
        Event().wait(NOTICE_S)
    return found


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
                prover.step(head=True)
                continue
        if clock.monotonic() - began > HEAD_EVERY_S * 5:
            raise Unavailable(f"no head covers the whole log of {log} yet: ask again in a moment")
        Event().wait(NOTICE_S)


def newest_head(office: Office, log: str) -> Head | None:
    """The last signed head of a log."""
    with office.pool.connection() as conn:
        return newest(conn, log)


def _log(office: Office, log: str) -> Log:
    return {"cases": office.record, "readings": office.readings}[log].log
