"""Holding a log to the heads that were signed of it, to its stored tree, and to what was published.

What the database says of itself is compared only where it could be believed: a head by its
signature, a published leaf by the checkpoint above it. A head that whoever holds the database could
have made anew counts as kept elsewhere only if it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from psycopg import Connection, sql

from domain.record.merkle import Frontier
from domain.record.migration import LOGS
from domain.record.proof.checkpoint import open_checkpoint, read_checkpoint
from domain.record.proof.lives import Incarnation, incarnations
from domain.record.proof.note import Verifier, read_note
from domain.record.proof.place import Place
from domain.record.proof.policy import Policy, demand, exchanged, fewest, read_policy
from domain.record.proof.publishing import CHECKPOINT, POLICY, VKEYS
from domain.record.proof.strict import Wrong
from domain.record.proof.tiles import TileReader
from domain.record.proof.tree import HEIGHT, TILE

Blame = Callable[[str], None]
_AUTHORITY = slice(8, 24)  # where an entry names it (`domain.record.envelope`)


@dataclass(slots=True)
class Publication:
    """What was published of a log, in a folder that lies here or was kept elsewhere.

    `kept`: whether it was out of reach of whoever has the database, so that it shows what no one
    else's word does. What is wrong with such a folder itself, a file that was not copied or not
    whole, is no fault of the record's, and stands in `amiss`; and so does what vouches for the
    record by now otherwise than it did then: another key, fewer witnesses, or others.
    """

    name: str
    place: Place
    kept: bool
    size: int = 0
    root: bytes = b""
    there: bool = False  # whether a checkpoint lies there, such as it may be
    origin: str = ""
    until: int | None = None  # where a restore left it behind: what it went on from
    policy: Policy | None = None  # where one lies there and can be read; else one of no witness
    amiss: list[str] = field(default_factory=list)
    _reader: TileReader | None = None
    _tile: tuple[int, list[bytes]] = (-1, [])

    def read(self, blame: Blame, keys: Mapping[str, str], authority: UUID | None = None) -> bool:
        """Read its checkpoint; whether there is one that a key of the log signed.

        `keys` are the log's own, origin → vkey; what they did not sign is blamed. Where the record
        no longer has an incarnation of its own (`authority`), the folder's key is gone by: so the
        first entry that is another one is found all the same.
        """
        raw = self.place.get(CHECKPOINT)
        self.there = raw is not None
        if raw is None:
            return False
        try:
            told = read_checkpoint(read_note(raw)[0])
        except Wrong as error:
            self.broken(blame, f"what {self.name} publishes as a checkpoint does not hold: {error}")
            return False
        theirs = self._keys()
        reader = TileReader(self.place.get, {told.size: told.root})
        if told.origin in keys and _signed(raw, keys[told.origin]):
            self._beside(raw, list(keys.values()), blame)
        elif told.origin in keys and not (self.kept and _signed(raw, theirs.get(told.origin))):
            words = f"what {self.name} publishes as a checkpoint is not signed by the log's key"
            self.broken(blame, words)
            return False
        elif told.origin in keys:
            words = f"was published under another key of {told.origin} than the record has now"
            told_of = f"gone: {theirs[told.origin]}; new: {keys[told.origin]}"
            self.amiss.append(f"{self.name} {words}; {told_of}")
            self._beside(raw, list(theirs.values()), blame)
        elif not _signed(raw, theirs.get(told.origin)) or _another(reader, told.size, authority):
            blame(f"what {self.name} publishes is another log's, {told.origin}")
            return False
        else:
            words = f"the record no longer has the incarnation {told.origin} of its log"
            blame(f"{words}, under which {self.name} was published: it was removed")
        self.size, self.root, self._reader = told.size, told.root, reader
        self.origin = told.origin
        return True

    def broken(self, blame: Blame, words: str) -> None:
        """What was kept elsewhere is at fault itself; what is published here the record is."""
        (self.amiss.append if self.kept else blame)(words)

    def _keys(self) -> dict[str, str]:
        """The keys that lie there, origin → vkey; none where they cannot be read."""
        found = {}
        for line in (self.place.get(VKEYS) or b"").decode("utf-8", "replace").splitlines():
            with suppress(Wrong):
                found[Verifier.from_vkey(line).name] = line
        return found

    def _beside(self, checkpoint: bytes, keys: Sequence[str], blame: Blame) -> None:
        """Hold the keys and the policy that lie there to the log's keys and to the checkpoint."""
        vkeys, raw = self.place.get(VKEYS), self.place.get(POLICY)
        if vkeys is not None:
            told = vkeys.decode("utf-8", "replace").splitlines()
            if not told or told != keys[: len(told)]:
                whole = len(told) == len(self._keys()) and told
                words = f"what {self.name} publishes as the log's keys are not its keys"
                (blame if whole and not self.kept else partial(self.broken, blame))(words)
        if raw is None:
            self.policy = Policy(quorum=None)
            return
        try:
            policy = read_policy(raw)
            if {one.verifier.vkey for one in policy.logs} - set(keys):
                words = f"the policy that {self.name} publishes names another log's key"
                self.broken(blame, words)
            demand(checkpoint, policy)
            self.policy = policy
        except Wrong as error:
            self.broken(blame, f"the policy that {self.name} publishes does not hold: {error}")

    def leaf(self, index: int) -> bytes | None:
        """The leaf published at an index, from 0; None beyond its end.

        Raises Wrong where its tiles do not hold.
        """
        if self._reader is None or index >= (self.size if self.until is None else self.until):
            return None
        number, at = divmod(index, TILE)
        if self._tile[0] != number:
            self._tile = number, self._reader.leaves(number, self.size)
        return self._tile[1][at]


def gone(log: str, published: Sequence[Publication]) -> None:
    """Say where nothing is published by now: what lay there held the log to its word."""
    for one in published:
        if not one.there:
            one.amiss.append(
                f"{one.name} has no checkpoint of {log}, though heads of it were signed: it was"
                " taken away, or nothing could be published there since"
            )


def rolled_back(
    lives: Sequence[Incarnation],
    published: Sequence[Publication],
    blame: Callable[..., None],
    behind: dict[int, int],
) -> None:
    """Say of what was kept that a restore began again before its end, as `verify.py` does.

    It is compared up to there alone: what was recorded since is other entries, and no other fault.
    `lives` are those that somebody with the key began. What lies in the published folder is no
    fault: it is published anew with the next head, and what it has more is told as left `behind`.
    """
    for one in published:
        at = next((n for n, life in enumerate(lives, 1) if life.origin == one.origin), len(lives))
        went_on = [life.continued[1] for life in lives[at:] if life.continued is not None]
        if not went_on or min(went_on) >= one.size:
            continue
        one.until = min(went_on)
        if not one.kept:
            ended = lives[at - 1].number
            behind[ended] = max(one.size, behind.get(ended, 0))
            continue
        blame(
            "kept",
            f"position {one.until + 1}: rolled back: an incarnation had published more than the"
            f" next went on from: {one.size} entries ({one.name}), not {one.until}. The record was"
            " restored from an older copy: ask who did and why, and have what was recorded in"
            " between recorded again (README.txt of an export, 3)",
            one.until + 1,
        )


def otherwise(conn: Connection[Any], log: str, published: Sequence[Publication]) -> None:
    """Say where fewer witnesses, or others, are asked for now than when a folder was kept.

    Whether that was for a good reason nothing that is published tells: a head keeps the signatures
    it was given, and not the policy of its day. Until when that was met, they do tell.
    """
    now = next((one.policy for one in published if not one.kept), None)
    for one in published:
        if not one.kept or now is None or one.policy is None:
            continue
        few, before = fewest(now), fewest(one.policy)
        gone, new = exchanged(one.policy, now)
        told = "".join(f"; gone: {each}" for each in gone)
        told += "".join(f"; new: {each}" for each in new)
        if few >= before and not told:
            continue
        words = f"rests on other witnesses than that of {one.name}"
        if few < before:
            words = f"asks for {few} witnesses, that of {one.name} asked for {before}"
        met = f"the newest head that meets that one is of {_met(conn, log, one.policy)} entries"
        one.amiss.append(f"the policy that is published now {words}{told}; {met}")


def _met(conn: Connection[Any], log: str, policy: Policy) -> int:
    """How many entries the newest head has that a policy believes, whichever key of ours it has."""
    ours = [Verifier.from_vkey(one.vkey) for one in incarnations(conn, log)]
    notes = conn.execute(
        "SELECT note FROM record.signed_head WHERE log = %s ORDER BY incarnation DESC, size DESC",
        (LOGS[log],),
        binary=True,
    )
    for (note,) in notes:
        with suppress(Wrong):
            return demand(bytes(note), policy, logs=ours).size
    return 0


def _signed(raw: bytes, vkey: str | None) -> bool:
    try:
        return vkey is not None and bool(open_checkpoint(raw, [Verifier.from_vkey(vkey)]))
    except Wrong:
        return False


def _another(reader: TileReader, size: int, authority: UUID | None) -> bool:
    """Whether what is published there is not this authority's, by its first entry."""
    if authority is None or not size:
        return True
    with suppress(Wrong):
        return reader.entries(0, size)[0][_AUTHORITY] != authority.bytes
    return False  # not to be told: the folder is not whole


def twice(conn: Connection[Any], log: str, blame: Callable[[str, str], None]) -> None:
    """Name each command that was recorded more than once."""
    query = sql.SQL(
        "SELECT command_id FROM {} WHERE command_id IS NOT NULL"
        " GROUP BY command_id HAVING count(*) > 1"
    ).format(sql.Identifier("record", log))
    for (command,) in conn.execute(query):
        blame("twice", f"command {command} was recorded more than once")


class Tiled(Frontier):
    """A growing tree whose full tiles are held to the roots that are stored of them.

    Each is met where it is reckoned anyway: this costs no more than the tree itself.
    """

    __slots__ = ("_blame", "_stored")

    def __init__(
        self, stored: dict[tuple[int, int], bytes], blame: Callable[[str, int, int], None]
    ) -> None:
        """`blame` is told what is wrong, and between which positions it begins."""
        super().__init__()
        self._stored = stored
        self._blame = blame

    def add(self, leaf: bytes, *, height: int = 0) -> None:
        """Take in the next leaf."""
        assert not height, "leaf by leaf"  # noqa: S101 — a programmer's proof
        carry, size, peaks = leaf, self.size, self._peaks
        while size & 1:
            carry = sha256(b"\x01" + peaks.pop() + carry).digest()
            size >>= 1
            height += 1
            if not height % HEIGHT:
                self._full(height // HEIGHT, size, carry)
        peaks.append(carry)
        self.size += 1

    def _full(self, level: int, index: int, root: bytes) -> None:
        if self._stored.pop((level, index), root) != root:
            first = index * TILE**level + 1
            words = f"the stored tree is not made of the entries from position {first} on"
            self._blame(words, first, first + TILE**level - 1)

    def finish(self) -> None:
        """Blame what is stored beyond the leaves there are."""
        if self._stored:
            words = "the stored tree covers entries that are missing: the log was cut off"
            self._blame(words, self.size + 1, self.size + 1)


def stored_tree(conn: Connection[Any], log: str) -> dict[tuple[int, int], bytes]:
    """Every stored root of a full tile, by level and index."""
    rows = conn.execute(
        'SELECT level, "index", hash FROM record.subtree WHERE log = %s', (LOGS[log],), binary=True
    )
    return {(level, index): bytes(found) for level, index, found in rows}


def signed_heads(
    conn: Connection[Any],
    log: str,
    every: Sequence[Incarnation],
    made_up: Sequence[Incarnation],
    blame: Blame,
) -> dict[int, bytes]:
    """The heads that the database has of a log, size → root; what does not fit together is blamed.

    Every head of every incarnation: the log has to contain them all, but for those that a restored
    log began before. `made_up` are those that nobody with the key began.
    """
    for one_up in made_up:
        blame(
            f"incarnation {one_up.number} was begun by nobody who has the key that signs: it was"
            " put into the database by hand, and the log was restored by nobody"
        )
    lives = {one.number: one for one in every}
    found: dict[int, bytes] = {}
    for incarnation, size, root, note in _rows(conn, log):
        one, later = lives.get(incarnation), lives.get(incarnation + 1)
        if found.setdefault(size, root) != root:
            blame(f"two heads of {size} entries were signed, with different roots")
        if one is None:
            blame(f"the head of {size} entries is of an incarnation that was removed")
        if note is None or one is None:
            continue
        try:
            head, _ = open_checkpoint(note, [Verifier.from_vkey(one.vkey)])
        except Wrong as error:
            blame(f"the signed head of {size} entries does not hold: {error}")
            continue
        if (head.origin, head.size, head.root) != (one.origin, size, root):
            blame(f"the signed head of {size} entries is another than the one beside it")
        if later is not None and later.continued is not None and size > later.continued[1]:
            blame(f"a head of {size} entries was signed before the log went on from fewer")
    return found


def _rows(conn: Connection[Any], log: str) -> Iterator[tuple[int, int, bytes, bytes | None]]:
    rows = conn.execute(
        "SELECT h.incarnation, h.size, h.root, s.note FROM record.head h"
        " LEFT JOIN record.signed_head s USING (log, incarnation, size)"
        " WHERE h.log = %s ORDER BY h.incarnation, h.size",
        (LOGS[log],),
        binary=True,
    )
    for incarnation, size, root, note in rows:
        yield incarnation, size, bytes(root), None if note is None else bytes(note)
