"""Holds every document to the log: each that was entered is there, and each that is there was.

Apart from the logs' own verification, which says whether the entries can be believed: an entry that
was rewritten or cut off is found there, by whatever finds that of any entry.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import orjson
from psycopg_pool import ConnectionPool

from domain.record.documents import Documents
from domain.record.entered import NAME, Entry, entry_of, other_digest
from domain.record.envelope import Row
from domain.record.lawful import UNREADABLE, Fate, Forgettings
from domain.record.log import Log
from domain.refusal import Corrupt

_PAGE: Final = 1000
_NOBODY: Final = UUID(int=0)  # whom a key is about that was gone before it was entered
_LAST: Final = (
    'SELECT coalesce(max("position"), 0) FROM record.readings',
    'SELECT coalesce(max("position"), 0) FROM record.cases',
)
_KEPT: Final = (
    "each document that the log of readings says was kept is there as it was kept, opens or was"
    " lawfully forgotten, and there is no other"
)
_BUT: Final = ", but for those that are counted apart"
_TAKEN: Final = (
    "that the {} documents kept before this release made entries of them were not changed before"
    " they were taken into the log"
)
_LOST: Final = (
    "that the {} documents an erasure lost with the end of the log took were lawfully forgotten:"
    " the record was restored from a copy older than that"
)
_UNKNOWN: Final = (
    "that the {} documents that were forgotten before they were taken into the log were lawfully"
    " forgotten"
)
_NAMED: Final = (
    "each digest that an entry of a case holds of a document that is kept here is that document's"
)
_ELSEWHERE: Final = (
    "what is in the documents that {} entries of cases name and that are not kept here: another"
    " system has them, or nobody"
)
_CUT_SHORT: Final = (
    "what is in the {} documents that no entry names and nothing opens: what each was kept for was"
    " cut short, and its key with it"
)


@dataclass(slots=True)
class Papers:
    """What was found of the documents.

    `first` is the position, in the log of readings, of the first entry whose document is not as it
    was kept. `elsewhere` is how many events of cases name a document that is not kept here;
    `cut_short` how many documents no event names and no key was ever there for: each was about
    itself alone, kept closed until the event that names it (`Documents.keep_closed`).
    """

    count: int = 0
    entered: int = 0
    taken_in: int = 0
    forgotten: int = 0
    lost: int = 0
    unknown: int = 0  # forgotten before they were taken into the log
    elsewhere: int = 0
    cut_short: int = 0
    first: int | None = None
    problems: list[str] = field(default_factory=list)
    proved: list[str] = field(default_factory=list)
    not_proved: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing inconsistent was found."""
        return not self.problems

    def blame(self, problem: str, position: int | None = None) -> None:
        """Name a problem, and the position of the entry it is found by."""
        self.problems.append(problem)
        if position is not None and (self.first is None or position < self.first):
            self.first = position


def verify_documents(
    documents: Documents,
    pool: ConnectionPool[Any],
    readings: Log,
    forgettings: Callable[[Callable[[str], None]], Forgettings],
    *,
    cases: Log | None = None,
    naming: Mapping[str, Collection[str]] | None = None,
) -> Papers:
    """Hold each document to its entry in the log of readings, and open it, one after another.

    Args:
        documents: the record's.
        pool: of the writer.
        readings: the log that has the entries.
        forgettings: what keys that are gone are held to, given what to tell of trouble.
        cases: with `naming`, the log whose events name documents.
        naming: events that name a document, by their stored name, and their fields with a digest.

    Returns: what was found; nothing is raised for it.
    """
    papers = Papers()
    check = _Check(papers, documents, forgettings(papers.blame))
    there, told, named = _moment(pool)
    papers.count = len(there)
    entries: dict[UUID, Entry] = {}
    for row in _rows(readings, [NAME], told):
        papers.entered += 1
        try:
            entry = entry_of(row)
        except Corrupt as error:
            papers.blame(str(error), row.position)
            continue
        number = entry.said.document
        if number in entries:
            papers.blame(f"{entry.place}: an earlier entry says that it was kept", entry.position)
            continue
        entries[number] = entry
        papers.taken_in += entry.said.taken_in
        check.hold(entry)
    for one in sorted(there.keys() - entries.keys()):
        papers.blame(f"document {one}: no entry of the log says that it was kept", there[one])
    if cases is None or not naming:
        check.blame_closed(check.closed)
    else:
        check.compare(_rows(cases, list(naming), named), naming, entries)
    _say(papers, named=cases is not None and bool(naming))
    return papers


@dataclass(slots=True)
class _Check:
    """The state of one pass."""

    papers: Papers
    documents: Documents
    forgettings: Forgettings
    # What is wrong with documents if an event names them, each by its entry.
    closed: dict[UUID, tuple[Entry, str]] = field(default_factory=dict)

    def hold(self, entry: Entry) -> None:
        """Hold what is stored to its entry, and open it or account for its keys."""
        row = self.documents.stored(entry.said.document)
        trouble = entry.trouble(row)
        if row is None or trouble is not None:
            self.papers.blame(trouble or entry.place, entry.position)
            return
        try:
            opened = self.documents.open(row).content is not None
        except Corrupt as error:
            self.papers.blame(f"position {entry.position}: {error}", entry.position)
            return
        if not opened:
            self._account_for(entry)

    def _account_for(self, entry: Entry) -> None:
        """One key that was lawfully destroyed forgets the document; any other is missing."""
        keys = {one.key: one.about for one in entry.said.shares}
        gone = keys.keys() - self.documents.living(keys)
        as_at = entry.said.as_at or 0
        fates = self.forgettings.of({key: (keys[key] or _NOBODY, as_at) for key in gone})
        bad = False
        for key, fate in sorted(fates.items()):
            if fate in {Fate.FORGOTTEN, Fate.LOST} or keys[key] is None:
                continue
            bad = True
            words = f"{entry.place}: its key {key} is missing, and {fate.value}"
            if fate is Fate.MISSING and [*keys.values()] == [entry.said.document]:
                self.closed[entry.said.document] = entry, words  # it may never have had one
            else:
                self.papers.blame(words, entry.position)
        if bad:
            return
        self.papers.forgotten += 1
        if Fate.FORGOTTEN not in fates.values():
            lost = Fate.LOST in fates.values()
            self.papers.lost += lost
            self.papers.unknown += not lost

    def blame_closed(self, named: Collection[UUID]) -> None:
        """Of those that may never have had a key: blame what an event names, count the others."""
        for number, (entry, words) in self.closed.items():
            if number in named:
                self.papers.blame(words, entry.position)
        self.papers.cut_short = len(self.closed.keys() - set(named))

    def compare(
        self,
        rows: Iterable[Row],
        naming: Mapping[str, Collection[str]],
        kept: Mapping[UUID, Entry],
    ) -> None:
        """Hold each document to the digests that events of cases hold of it.

        Counts the events that name one, by a digest or else by its number, that is not kept here.
        """
        digests, named = frozenset(one.said.digest for one in kept.values()), set[UUID]()
        for row in rows:
            try:
                pairs = list(_pairs(orjson.loads(row.payload)["data"], naming[row.name]))
            except UNREADABLE:
                continue  # the log's own verification names it
            others = [held for number, held in pairs if number not in kept]
            self.papers.elsewhere += any(digests.isdisjoint(held) for held in others)
            named.update(number for number, _held in pairs)
            for number, held in pairs:
                entry = kept.get(number)
                if entry is not None and held - {entry.said.digest}:
                    words = f"{entry.place}: {other_digest(row.position)}"
                    self.papers.blame(words, entry.position)
        self.blame_closed(named)


def _pairs(data: Any, fields: Collection[str]) -> Iterator[tuple[UUID, set[str]]]:  # noqa: ANN401 — JSON
    """Each document that an event names, also in a manifest, and the digests it holds of it."""
    rows = [row for rows in data.values() if isinstance(rows, list) for row in rows]
    for one in (data, *(row for row in rows if isinstance(row, dict))):
        if one.get("document") is not None:
            held = (one.get(name) for name in ([*fields] if one is data else ["digest"]))
            yield UUID(one["document"]), {each for each in held if each is not None}


def _moment(pool: ConnectionPool[Any]) -> tuple[dict[UUID, int | None], int, int]:
    """Which documents are there, and how far the log of readings and that of cases are, at once.

    What is kept, entered and named from then on is left to the next time.
    """
    with pool.connection() as conn, conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        there = dict(conn.execute("SELECT id, kept_at FROM record.document ORDER BY id").fetchall())
        last = [conn.execute(one).fetchone() for one in _LAST]
    told, named = (0 if row is None else int(row[0]) for row in last)
    return there, told, named


def _rows(log: Log, names: Collection[str], upto: int) -> Iterator[Row]:
    after = 0
    while rows := log.read(after, upto=upto, names=names, limit=_PAGE):
        yield from rows
        after = rows[-1].position


def _say(papers: Papers, *, named: bool) -> None:
    """In sentences, what was proved, and what was not."""
    said = papers.proved if papers.ok else papers.not_proved
    apart = papers.lost or papers.unknown or papers.cut_short
    kept = f"{_KEPT}{_BUT}" if apart else _KEPT
    said.extend((kept, _NAMED) if named else (kept,))
    for count, sentence in (
        (papers.taken_in, _TAKEN),
        (papers.lost, _LOST),
        (papers.unknown, _UNKNOWN),
        (papers.elsewhere, _ELSEWHERE),
        (papers.cut_short, _CUT_SHORT),
    ):
        if count:
            papers.not_proved.append(sentence.format(count))
