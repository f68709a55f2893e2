"""Which lines of a chronology a case has already: told by their words, opened for it.

Nothing that is reckoned from words is kept to know them again: what stays in the log when a passage
is forgotten would let whoever holds the keys try words against it. So a line whose words were
erased is not known again by them. It is known by what stands beside them in clear, and a new line
that could be it is refused: what was erased does not come back by a file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from api.chronologies.entries import PASSAGES, Entry, Written, place_of
from api.chronologies.sheet import RowError
from domain.correction import ChronologyEntryRecorded, EntryAnnotated
from domain.words import Fact, Forgotten, Passage, Personal, Slug

SOURCE: Final = Slug("chronology")
SIGNIFICANCE: Final = "significance"
_ERASED: Final = (
    "a line of this agency and time was erased in this case, and this may be it: if it is another, "
    "record it by itself"
)


class Standing:
    """The imported lines of a case, each of which is one line of a file and no more."""

    def __init__(self) -> None:
        # By what they say, and how they write agencies: versions not yet found again, in order.
        self._lines: dict[bytes, dict[Written, deque[int]]] = {}
        self._places: set[bytes] = set()  # where words were erased
        self._notes: set[tuple[int, str]] = set()
        self._used: set[int] = set()

    def read(self, facts: Iterable[Fact[Any]]) -> None:
        """Look at the case as it now stands; what was found again stays so."""
        self._lines, self._places, self._notes = {}, set(), set()
        self.add(facts)

    def forget(self) -> None:
        """Let go of every word; which lines of the file were found stays."""
        self.read(())

    def add(self, facts: Iterable[Fact[Any]]) -> None:
        """Look at what others recorded in the case after that."""
        for fact in facts:
            event = fact.event
            if isinstance(event, EntryAnnotated):  # also one that was noted here: it was given out
                if event.kind == SIGNIFICANCE and isinstance(event.text, Personal):
                    self._notes.add((event.target, event.text.text.strip()))
            elif isinstance(event, ChronologyEntryRecorded) and fact.header.source == SOURCE:
                self._take(fact, event)

    def version(self, entry: Entry) -> int | None:
        """The version at which a line stands already; the same line twice is two.

        One that writes its agencies otherwise is another, as one with any other word changed is;
        but for where that is not known, of a line or of what stands.
        """
        alike = self._lines.get(entry.content(), {})
        written = _found(alike, entry.written)
        if written is None:
            return None
        version = alike[written].popleft()
        if not alike[written]:
            del alike[written]
        return self.took(version)

    def took(self, version: int) -> int:
        """Remember that a line of the file is this one."""
        self._used.add(version)
        return version

    def refuses(self, entry: Entry) -> RowError | None:
        """What is wrong with a line that is not there: it may be one whose words were erased."""
        if entry.place() not in self._places:
            return None
        return RowError(row=entry.row, column="the row", remedy=_ERASED)

    def noted(self, version: int, text: str) -> bool:
        """Whether an entry has a note with these words already."""
        return (version, text) in self._notes

    def note(self, version: int, text: str) -> None:
        """Remember that an entry has a note with these words."""
        self._notes.add((version, text))

    def _take(self, fact: Fact[Any], event: ChronologyEntryRecorded) -> None:
        header = fact.header
        place = place_of(
            event.agency,
            event.assertion,
            header.known_to,
            times=(header.occurred, event.ended, header.source_recorded),
        )
        passages = {name: getattr(event, name) for name in PASSAGES}
        agency, known_to = event.agency_written, event.known_to_written
        if any(isinstance(one, Forgotten) for one in (*passages.values(), agency, known_to)):
            self._places.add(place)
        elif fact.version not in self._used:
            said = {name: one and one.text for name, one in passages.items()}
            content = place + orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
            written = (_text(agency), _text(known_to))
            self._lines.setdefault(content, {}).setdefault(written, deque()).append(fact.version)


def _text(passage: Passage | None) -> str | None:
    return passage.text if isinstance(passage, Personal) else None


def _found(alike: Mapping[Written, object], written: Written) -> Written | None:
    """Which of some lines that say the same is written so, or may be."""
    if written in alike:
        return written

    def may_be(other: Written) -> bool:
        return all(
            one == theirs or None in {one, theirs}
            for one, theirs in zip(written, other, strict=True)
        )

    return next(filter(may_be, alike), None)
