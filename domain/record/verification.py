"""Reads a whole log again and says what that proves, and what it cannot.

Every row is fetched once, in order, and everything is reckoned anew from the stored bytes; nothing
is believed because the database says it. Memory grows with the number of streams, not of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeAlias
from uuid import UUID

import orjson
from psycopg import Connection, sql

from domain.record.encoding import Catalogue, canonical, placed
from domain.record.envelope import Row, leaves_of
from domain.record.keyring import Keyring
from domain.record.lawful import UNREADABLE, Accounts, Erased, Fate, Forgettings, Lost
from domain.record.migration import LOGS, authority_of
from domain.record.proof.checking import (
    Publication,
    Tiled,
    gone,
    otherwise,
    rolled_back,
    signed_heads,
    stored_tree,
    twice,
)
from domain.record.proof.headed import heads_there
from domain.record.proof.integrating import newest
from domain.record.proof.lives import Incarnation, incarnations, unfounded
from domain.record.proof.restorings import left_behind, not_shown
from domain.record.proof.strict import Wrong
from domain.record.sealing import SALT_BYTES, key_of, unb64, unseal, well_formed
from domain.refusal import Corrupt
from domain.words import Forgotten

NAMED: Final = 100  # problems that are named; all are counted
_BATCH: Final = 2000
_Sealed: TypeAlias = tuple[int, Mapping[str, Any]]  # the position of a passage, and the passage
_REWRITTEN: Final = (
    "that no entry was rewritten together with its leaf, or the end cut off: only a tree head that"
    " was kept elsewhere finds that, and none was given"
)
_LEAVES: Final = "every entry and its leaf agree, and the tree is made of these leaves"
_SEALED: Final = "what is personal is sealed, each passage where it was sealed"
_KEPT: Final = "up to the tree heads kept elsewhere nothing was changed or cut off"
_SIGNED: Final = "the log contains every tree head that was signed of it"
_LYING: Final = "it contains every head that lies in the published folder"
_BUT_BEHIND: Final = f"{_LYING}, but for those that a restoring left behind"
_SINCE: Final = (
    "that no entry newer than the tree heads kept elsewhere was rewritten together with its leaf"
)
_VERY_HEAD: Final = (
    "that what was kept is of before: it stands at the very head that is verified: nothing newer is"
    " proved by it, and nothing at all if it was copied from what is verified"
)
_FORGOTTEN: Final = "each passage opens, or was lawfully forgotten"
_BUT_LOST: Final = "each passage opens, or was lawfully forgotten, but for those that were lost"
_LISTED: Final = "each passage opens, or is listed as forgotten"
_LOST: Final = (
    "that the {} passages an erasure lost with the end of the log took were lawfully forgotten: the"
    " record was restored from a copy older than that"
)
_CANNOT: Final = (
    "that everything that happened was recorded, or recorded truly",
    "that recorded_at is right: only that it never runs backwards",
)


@dataclass(slots=True)
class Report:
    """What a verification found. `size` leaves, `root` the tree hash of 32 bytes over them."""

    log: str
    size: int = 0
    root: bytes = b""
    problems: list[str] = field(default_factory=list)
    problem_count: int = 0
    wrong: dict[str, int] = field(default_factory=dict)  # how many problems of each kind
    amiss: list[str] = field(default_factory=list)  # with what was kept, or asks for less by now
    behind: list[str] = field(default_factory=list)  # what a restoring left of what was published
    kept: int | None = None  # entries in the largest tree kept elsewhere that the log contains
    first: tuple[int, int] | None = None  # between which positions the first bad one is
    passages: int = 0
    forgotten: int = 0
    lost: int = 0  # forgotten by erasures that a restored log does not hold
    missing: int = 0  # passages without a key that nobody forgot
    proved: list[str] = field(default_factory=list)
    not_proved: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing inconsistent was found; what that does not show is in `not_proved`."""
        return self.problem_count == 0

    def demand(self) -> None:
        """Raise Corrupt where anything inconsistent was found."""
        if not self.ok:
            named = "; ".join(self.problems[:5])
            raise Corrupt(f"the log of {self.log} has {self.problem_count} problem(s): {named}")

    def blame(self, kind: str, problem: str, at: int | None = None, until: int = 0) -> None:
        """Count a problem of a kind, and name it while there are few.

        `at` and `until`: the position that is bad, or between which two the first bad one is.
        """
        self.problem_count += 1
        self.wrong[kind] = self.wrong.get(kind, 0) + 1
        if len(self.problems) < NAMED:
            self.problems.append(problem)
        if at is not None:
            self._first(at, max(at, until))

    def _first(self, at: int, until: int) -> None:
        """The earliest counts, and of two of which one is within the other, the more exact."""
        if self.first is None:
            self.first = at, until
            return
        low, high = self.first
        within, around = low <= at <= until <= high, at <= low <= high <= until
        if within or (not around and at < low):
            self.first = at, until


def verify(
    conn: Connection[Any],
    log: str,
    *,
    catalogue: Catalogue | None = None,
    keyring: Keyring | None = None,
    erased: Erased | None = None,
    lost: Lost | None = None,
    accounts: Accounts | None = None,
    heads: Mapping[int, bytes] | None = None,
    published: Sequence[Publication] = (),
    progress: Callable[[int, int], None] | None = None,
    ours: Collection[bytes] | None = None,
) -> Report:
    """Read a log again, its rows as one snapshot, and prove what can be proved.

    Args:
        conn: of the writer or the projector, outside a transaction.
        log: `cases` or `readings`.
        catalogue: with it, contents are read too: names, headers, commands, passages' form.
        keyring: with both, every passage whose key exists is opened.
        erased: with all three, every key that is gone is held to the record's erasures. Asked after
            a key was found to be gone, since an erasure is recorded before it is carried out.
        lost: what erasures took that a restoring lost; without it what the keyring lists as such.
        accounts: what entries of this log have to rest on, to be looked at too.
        heads: tree heads kept elsewhere, size → root: the log must still contain them.
        published: folders in which the log was published: it must go on from each.
        progress: told how many entries were read, and how many there are.
        ours: public keys of the record's own: a restoring under another was made up.

    Returns: the report; nothing is raised for what is found.
    """
    report = Report(log)
    check = _Check(report, authority_of(conn), catalogue, keyring, erased, lost, dict(heads or {}))
    with conn.transaction():
        check.prepare(conn, published, ours)
        twice(conn, log, report.blame)
        total = _size(conn, log)
        check.head()  # of no entry at all: a new record has such a one too
        for rows in _batches(conn, log):
            check.batch(rows)
            if progress is not None:
                progress(check.tree.size, total)
    check.account(accounts)
    check.finish(compared=bool(heads) or any(one.kept for one in check.published))
    report.amiss = [words for one in published for words in one.amiss]
    report.behind = list(left_behind(check.lives, check.behind))
    return report


def _whose(one: Publication) -> str:
    """Of which kind it is that something published is not so."""
    return "kept" if one.kept else "published"


def _size(conn: Connection[Any], log: str) -> int:
    query = sql.SQL('SELECT coalesce(max("position"), 0) FROM {}')
    row = conn.execute(query.format(sql.Identifier("record", log))).fetchone()
    return 0 if row is None else int(row[0])


def _batches(conn: Connection[Any], log: str) -> Iterator[list[tuple[Any, ...]]]:
    """The rows, the next of them fetched while those before are looked at."""
    query = sql.SQL(
        'SELECT "position", uuid_send(stream), version, recorded_us, name, header, payload, leaf,'
        " authority,"
        ' command_id, command_digest, command_events FROM {} ORDER BY "position"'
    ).format(sql.Identifier("record", log))
    with conn.cursor(name="verification") as cursor:
        cursor.execute(query, binary=True)
        with ThreadPoolExecutor(1) as beside:
            coming = beside.submit(cursor.fetchmany, _BATCH)
            while rows := coming.result():
                coming = beside.submit(cursor.fetchmany, _BATCH)
                yield rows


@dataclass(slots=True)
class _Check:
    """The state of one pass."""

    report: Report
    authority: UUID
    catalogue: Catalogue | None
    keyring: Keyring | None
    erased: Erased | None
    lost: Lost | None
    heads: dict[int, bytes]
    tree: Tiled = field(init=False)
    signed: dict[int, bytes] = field(default_factory=dict)  # heads the database has, size → root
    lying: dict[int, bytes] = field(default_factory=dict)  # heads that only the folder has
    published: list[Publication] = field(default_factory=list)
    headed: bool = False  # whether any was signed
    lives: list[Incarnation] = field(default_factory=list)  # but for those that nobody began
    behind: dict[int, int] = field(default_factory=dict)  # what of which was published and is gone
    forgettings: Forgettings | None = None
    accounts: Accounts | None = None
    wanted: frozenset[int] = frozenset()  # sizes of trees whose roots are compared
    parted: dict[str, bool] = field(default_factory=dict)  # publications no longer compared entry
    # by entry, and whether an entry was named in which they differ
    position: int = 0
    recorded_us: int | None = None
    versions: dict[bytes, int] = field(default_factory=dict)  # by stream
    command: UUID | None = None
    left: int = 0  # events still to come of the present command
    known: set[str] = field(default_factory=set)  # names the catalogue has
    held: int = 0  # entries in the largest tree that is as it was signed

    def prepare(
        self,
        conn: Connection[Any],
        published: Sequence[Publication],
        ours: Collection[bytes] | None,
    ) -> None:
        """Read what was signed, what is stored of the tree, and what was published."""
        log, blame = self.report.log, self.report.blame
        lives = incarnations(conn, log)
        made_up = unfounded(conn, log, lives, ours)
        self.signed = signed_heads(conn, log, lives, made_up, partial(blame, "signed"))
        self.headed = bool(self.signed)
        for one in published:
            if not one.kept:
                there = heads_there(conn, log, one.place, partial(blame, _whose(one)), ours)
                self.lying |= there.held
                self.behind |= there.behind
        self.wanted = frozenset({*self.heads, *self.signed, *self.lying})
        self.tree = Tiled(stored_tree(conn, log), partial(blame, "tree"))
        self.lives = [one for one in lives if one not in made_up]
        keys = {one.origin: one.vkey for one in lives}
        self.published = [
            one for one in published if one.read(partial(blame, _whose(one)), keys, self.authority)
        ]
        otherwise(conn, log, self.published)
        rolled_back(self.lives, self.published, blame, self.behind)
        # Who deletes the heads that were signed leaves the incarnation under which they were.
        # A restored record publishes anew, in a place of its own, once it signs under the next one.
        head = newest(conn, log)
        if lives and (not self.signed or (head and head.incarnation == lives[-1].number)):
            gone(log, [one for one in published if not one.kept and one not in self.published])

    def batch(self, rows: Sequence[tuple[Any, ...]]) -> None:
        sealed: list[_Sealed] = []
        expected = leaves_of(LOGS[self.report.log], self.authority, rows)
        for each, reckoned in zip(rows, expected, strict=True):
            position, stream, version, recorded_us = each[:4]
            leaf, authority = each[7], each[8]
            self._order(position, stream, version, recorded_us)
            if authority != self.authority:
                self._blame("leaf", position, "it is another authority's")
            if reckoned != leaf:
                self._blame("leaf", position, "it does not hash to its leaf")
            self.tree.add(leaf)
            if self.published:
                self._published(position, leaf)
            if self.tree.size in self.wanted:
                self.head()
            if self.catalogue is not None:
                row = Row(position, UUID(bytes=stream), *each[2:8])
                self._contents(row, each[9:], sealed, self.catalogue)
        if self.keyring is not None:
            self._open(sealed, self.keyring)

    def account(self, accounts: Accounts | None) -> None:
        """Blame the entries that do not rest on what they have to."""
        self.accounts = accounts
        try:
            for position, what in () if accounts is None else accounts.wrong():
                self._blame("accounts", position, what)
        except (Corrupt, *UNREADABLE) as error:
            words = f"what entries rest on cannot be read ({type(error).__name__})"
            self.report.blame("accounts", words)

    def finish(self, *, compared: bool) -> None:
        report = self.report
        report.size, report.root = self.tree.size, self.tree.root()
        self.signed.pop(0, None)
        # Of trees of one size the one that was kept elsewhere says the most.
        missing = dict.fromkeys(self.signed, "signed")
        missing |= dict.fromkeys([max(self.lying)] if self.lying else (), "published")
        still = [one for one in self.published if one.until is None]
        missing |= {one.size: _whose(one) for one in sorted(still, key=_whose)[::-1]}
        missing |= dict.fromkeys(self.heads, "kept")
        for size in sorted(one for one in missing if one > report.size):
            words = f"there was a tree of {size} entries: the end of the log is missing"
            self._blame(missing[size], report.size + 1, words)
        self.tree.finish()
        if self.left:
            words = f"the last command lacks {self.left} of its events"
            report.blame("contents", words, report.size + 1)
        report.not_proved.extend((*_CANNOT, *not_shown(self.lives)))
        if (report.kept or 0) < report.size:
            report.not_proved.insert(0, _SINCE if compared else _REWRITTEN)
        elif report.kept is not None:
            report.not_proved.append(_VERY_HEAD)
        contents = self.catalogue is not None
        if report.lost:
            report.not_proved.append(_LOST.format(report.lost))
        keys = contents and self.keyring is not None
        forgotten = _BUT_LOST if report.lost else _FORGOTTEN
        own = any(not one.kept for one in self.published)
        for looked, kinds, sentence in (
            (True, "leaf tree", _LEAVES),
            (True, "order", "positions run from 1 without a gap, and each stream's versions too"),
            (True, "twice", "no command was recorded twice"),
            (self.headed, "signed", _SIGNED),
            *([(True, "published", _BUT_BEHIND if self.behind else _LYING)] if own else ()),
            (contents, "form contents", "names, headers and commands belong together"),
            (contents, "form sealed", _SEALED),
            (keys, "form sealed keys", forgotten if self.erased or not keys else _LISTED),
            *([(True, "accounts", self.accounts.holds)] if self.accounts else ()),
            *([(True, "kept", _KEPT)] if compared else ()),
        ):
            if sentence == _SIGNED and not self.headed:
                continue
            holds = looked and not any(kind in report.wrong for kind in kinds.split())
            (report.proved if holds else report.not_proved).append(sentence)

    def _blame(self, kind: str, position: int, what: str) -> None:
        self.report.blame(kind, f"position {position}: {what}", position)

    def _order(self, position: int, stream: bytes, version: int, recorded_us: int) -> None:
        if position != self.position + 1:
            words = f"position {position} follows {self.position}"
            self.report.blame("order", words, self.position + 1)
        self.position = position
        before = self.versions.get(stream)
        if version not in {0, 1} if before is None else version != before + 1:
            self._blame("order", position, f"version {version} follows {before} in its stream")
        self.versions[stream] = version
        if self.recorded_us is not None and recorded_us < self.recorded_us:
            self._blame("order", position, "it was recorded before the entry before it")
        self.recorded_us = recorded_us

    def _published(self, position: int, leaf: bytes) -> None:
        """Blame the first entry that was published otherwise."""
        for one in self.published:
            if one.name not in self.parted:
                there = None
                try:
                    there = one.leaf(self.tree.size - 1)
                except Wrong as error:
                    blame = partial(self.report.blame, _whose(one))
                    one.broken(blame, f"what {one.name} publishes does not hold: {error}")
                    self.parted[one.name] = False
                if there is not None and there != leaf:
                    self._blame(_whose(one), position, f"another entry stands here in {one.name}")
                    self.parted[one.name] = True
            if (
                one.kept
                and self.tree.size == one.size
                and one.until is None
                and not self.parted.get(one.name)
            ):
                self._kept(one)

    def _kept(self, one: Publication) -> None:
        """Hold the tree to a checkpoint that was kept: it tells without any tile beside it."""
        if one.root == self.tree.root():
            self.report.kept = max(self.report.kept or 0, one.size)
        else:
            words = f"the tree of {one.size} entries had another root in {one.name}"
            self.report.blame("kept", words, (self.report.kept or 0) + 1, one.size)

    def head(self) -> None:
        """Hold the tree as it is so far to the heads of its size, kept or signed."""
        size = self.tree.size
        kept, signed = self.heads.pop(size, None), self.signed.pop(size, None)
        lay = self.lying.pop(size, None)
        if kept is None and signed is None and lay is None:
            return
        root = self.tree.root()
        if lay not in {None, root, signed}:
            words = f"the tree of {size} entries had another root in a head that lies published"
            self.report.blame("published", words, self.held + 1, size)
        if kept == root:
            self.report.kept = max(self.report.kept or 0, size)
        if kept is not None and kept != root:
            words = f"the tree of {size} entries had another root"
            self.report.blame("kept", words, (self.report.kept or 0) + 1, size)
        elif signed is not None and signed != root:
            words = f"the tree of {size} entries had another root when it was signed"
            self.report.blame("signed", words, self.held + 1, size)
        elif root in {signed, lay}:
            self.held = size

    def _contents(
        self,
        row: Row,
        command: Sequence[Any],
        sealed: list[_Sealed],
        catalogue: Catalogue,
    ) -> None:
        where = row.position
        try:
            header, payload = orjson.loads(row.header), orjson.loads(row.payload)
            if canonical(header) != row.header or canonical(payload) != row.payload:
                self._blame("contents", where, "its bytes are not in canonical form")
            if row.name not in self.known:
                catalogue.resolve(header["name"])
                self.known.add(row.name)
            if f"{header['name']}.v{header['v']}" != row.name:
                self._blame("contents", where, "its name is not the one in its header")
            if not len(unb64(header["salt"])) == len(unb64(payload["salt"])) == SALT_BYTES:
                self._blame("contents", where, f"its salt is not {SALT_BYTES} bytes")
            self._belongs(where, header["command"], command)
            found = list(placed(payload["data"], f"{row.stream}/{row.version}"))
        except UNREADABLE as error:
            why = type(error).__name__
            self._blame("form", where, f"its content cannot be read ({why})")
            return
        for passage, place in found:
            self.report.passages += 1
            if well_formed(passage, place):
                sealed.append((row.position, passage))
            else:
                self._blame("sealed", where, "a passage was moved here, or is not in our form")

    def _belongs(self, where: int, said: Mapping[str, Any], columns: Sequence[Any]) -> None:
        """The command in the header, in the columns, and in the events before it agree."""
        number, digest, events = columns
        named = UUID(said["id"])
        first = "digest" in said or "events" in said or number is not None
        if first:
            wrong = number != named or digest.hex() != said["digest"] or events != said["events"]
            if wrong or self.left or events < 1:
                self._blame("contents", where, "its command is not the one in its header")
            self.command, self.left = named, events - 1
        else:
            if named != self.command or self.left < 1:
                self._blame("contents", where, "it does not follow the first event of its command")
            self.left = max(self.left - 1, 0)

    def _open(self, sealed: Sequence[_Sealed], keyring: Keyring) -> None:
        """Open each passage; one whose key does not open is named, and the rest goes on."""
        keys, closed = keyring.find_each({key_of(passage) for _, passage in sealed})
        missing: dict[UUID, _Sealed] = {}
        for position, passage in sealed:
            number = key_of(passage)
            try:
                if number in closed:
                    raise closed[number]
                opened = unseal(passage, keys.get(number))
            except Corrupt as error:
                what = f"the passage at {passage['at']}, key {number}: {error}"
                self._blame("keys", position, what)
                continue
            if isinstance(opened, Forgotten):
                missing[number] = position, passage
        if missing:
            self._account_for(missing, keyring)

    def _account_for(self, missing: Mapping[UUID, _Sealed], keyring: Keyring) -> None:
        """A key that is gone was destroyed by a forgetting that an erasure names, or is missing."""
        report = self.report
        if self.forgettings is None:
            self.forgettings = Forgettings(
                keyring, self.erased, len(self.lives) > 1, self.lost, partial(report.blame, "keys")
            )
        about = {key: (UUID(one["about"]), position) for key, (position, one) in missing.items()}
        for key, fate in self.forgettings.of(about).items():
            position, passage = missing[key]
            if fate is Fate.FORGOTTEN:
                report.forgotten += 1
            elif fate is Fate.LOST:
                report.lost += 1
            else:
                report.missing += 1
                what = f"the passage at {passage['at']}: its key {key} is missing"
                self._blame("keys", position, f"{what}, and {fate.value}")
