"""By what every finding clears: a table beside the rulebook, each row proved by one of its tests.

A finding is answered by an entry that brings what was missing. In `tests/spec/clearing.csv` each
code has the kinds of entry with which it ceases, and a test of the rulebook in whose history it
does; or else the reason why no entry but a correction ends it, which somebody has to write.
`tests/house/test_clearing.py` runs those tests again, and holds what they show to the table.

    python -m tests.clearing [TEST ...]   the table anew, from what these tests show, or all of the
                                          rulebook's: a code that none of them ends keeps its row,
                                          and wants a reason where it has neither proof nor that
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from hypothesis import currently_in_test_context

from domain.catalogue import CASE, EVENTS
from domain.cleared import RECORDED, cleared
from domain.stage import Looking
from tests.controls import CASE as THE_CASE

if TYPE_CHECKING:
    from domain.finding import Finding
    from domain.words import Digest
    from tests.given import Given

SPEC: Final = Path(__file__).parents[1] / "spec"
TABLE: Final = SPEC / "clearing.csv"
# Why no entry that says something more ends a finding; a correction of what it hangs on does.
REASONS: Final[Mapping[str, str]] = {
    "entry": "what an entry leaves out, or says beside another, is put right by correcting it",
    "done": "what was done, or was so, at that time is not undone by what comes afterwards",
    "joined": "it ceases with an entry of another case: see governing/test_reading_as_one.py",
    "late": "what came after its day was late, whatever is recorded since",
}
NAMES: Final = ("code", "by", "proof", "stands")
MANY: Final = 6  # kinds of entry: what ceases with more of them ceases with any that says it
ANY: Final = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """By what findings of a code cease, and the test that shows it; else why they stand."""

    by: frozenset[str] = frozenset()
    proof: str = ""
    stands: str = ""


@dataclass(slots=True)
class Shown:
    """With what entries findings of each code ceased, and in the histories of which tests."""

    by: dict[str, dict[str, set[str]]] = field(default_factory=dict)  # code → entry → tests
    before: list[tuple[str, Given, dict[Digest, Finding]]] = field(default_factory=list)

    def look(self, history: Given, found: Iterable[Finding]) -> None:
        """See what stood earlier in a history and ceased with an entry that says something.

        Also what stood in a history that the test looked at before, and does not in one that goes
        on from it, judged by that day or a later one.
        """
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        if currently_in_test_context():
            return
        stands = {one.identity: one for one in found}
        self.before = [one for one in self.before if one[0] == test]
        for _, earlier, stood in self.before:
            for key in stood.keys() - stands.keys() if _goes_on(earlier, history) else ():
                entry = history.facts[len(earlier.facts)].header.name
                self._ceased(stood[key], stands.values(), entry, test)
        self.before.append((test, history, stands))
        if any(EVENTS[fact.header.name].stream != CASE for fact in history.facts):
            return
        looking = Looking(
            on=history.judged_on or history.day,
            jurisdiction=history.jurisdiction,
            policies=history.policies,
        )
        for one in cleared(UUID(int=THE_CASE.int), {THE_CASE: history.facts}, looking):
            if one.by is not None and one.how == RECORDED:
                self._ceased(one.finding, stands.values(), one.by.header.name, test)

    def _ceased(self, was: Finding, stands: Iterable[Finding], entry: str, test: str) -> None:
        """Keep that it ceased, if nothing of its code and subject stands in its place."""
        grown = any((it.code, it.subject) == (was.code, was.subject) for it in stands)
        if not grown and entry != "record-corrected":
            self.by.setdefault(was.code, {}).setdefault(entry, set()).add(test)


def _goes_on(earlier: Given, later: Given) -> bool:
    """Whether a history goes on from another, and is not judged by an earlier day."""
    length, days = len(earlier.facts), [one.judged_on or one.day for one in (earlier, later)]
    return (
        length < len(later.facts)
        and days[0] <= days[1]
        and earlier.jurisdiction is later.jurisdiction
        and earlier.policies == later.policies
        and later.facts[:length] == earlier.facts
    )


# One while somebody wants to see every history, with what is said of it.
watching: list[Callable[[Given, Iterable[Finding]], None]] = []


def rows() -> Mapping[str, Clearing]:
    """The rows of the table, by code."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Clearing(
                by=frozenset(row["by"].split()), proof=row["proof"], stands=row["stands"]
            )
            for row in csv.DictReader(file)
        }


def write(shown: Shown, codes: Iterable[str], to: Path = TABLE) -> None:
    """Write a table anew; what stands in it of a code is kept where nothing else is shown."""
    before = rows() if to == TABLE and to.exists() else {}
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(NAMES)
        for code in sorted(codes):
            entries = shown.by.get(code, {})
            was = before.get(code, Clearing())
            tests = sorted({test for some in entries.values() for test in some})
            proof = was.proof or next(iter(tests), "")
            kinds = _kinds({*entries, *was.by})
            writer.writerow((code, kinds, proof, "" if proof else was.stands))


def _kinds(entries: Iterable[str]) -> str:
    kinds = sorted(entries)
    return ANY if len(kinds) > MANY or ANY in kinds else " ".join(kinds)
