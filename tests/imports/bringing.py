"""Lists of cases to bring forward, and somebody who brings them, for the tests of imports."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.caselists.columns import CASE_LIST
from api.caselists.loading import Found, Loaded, Loading, Looking
from api.caselists.rows import Read, read_rows
from api.chronologies.sheet import Sheet, read_sheet
from api.commands.following import up_to_date
from api.office import Office
from api.register import Register
from api.routes.door import Reader
from domain.forward import CaseBroughtForward
from domain.handle import Ask
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.when import instant
from domain.words import (
    Actor,
    Code,
    Fact,
    Particulars,
    Slug,
)
from projections.people import people
from tests.controls import ref
from tests.imports.conftest import NOW

SYSTEM = "case-system"
TODAY = NOW.date()
OPEN = {
    "Case reference": "S-1",
    "Person reference": "P-1",
    "Name": "Violet Example",
    "Date of birth": "1941-05-06",
    "Stage": "Plan",
    "Received": "2026-03-02",
    "Allegations": "Neglect and acts of omission | Service provider: private | Own home",
    "Duty decided": "2026-03-03",
    "Duty result": "Section 42 enquiry",
    "Enquiry opened": "2026-03-04",
    "Enquiry concluded": "2026-04-20",
    "Worker": "Some Worker",
    "Worker ID": "w-12",
    "Team": "North Team",
    "Last conference": "2026-04",
    "Conference kind": "Initial conference",
    "Plan agreed": "2026-04-20",
    "Review due": "2027-01-20",
    "Author": "Some Author",
    "Recorded": "2026-03-05",
    "Notes": "Known to the team for long.",
}
CLOSED = {
    "Case reference": "S-2",
    "Person reference": "P-2",
    "Stage": "Closed",
    "Received": "2024",
    "Closed": "?2025-02-03",
    "Closed because": "It was looked at by somebody else",
}


@dataclass(frozen=True, slots=True)
class Lists:
    """Writes lists of cases into a folder, and reads them by a nation's law; asks no record."""

    folder: Path
    nation: Jurisdiction

    def file(self, *rows: dict[str, str], columns: Sequence[str] | None = None) -> Path:
        """Write a list: its columns are those of any row, unless they are named."""
        titles = columns or list(dict.fromkeys(name for row in rows for name in row))
        path = self.folder / "cases.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, titles, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def read(self, path: Path) -> tuple[Sheet, Read]:
        """Read a list."""
        sheet = read_sheet(path, CASE_LIST)
        return sheet, read_rows(sheet, jurisdiction=self.nation, now=NOW, system=Slug(SYSTEM))


@dataclass(frozen=True, slots=True)
class Bringer(Lists):
    """Brings lists of cases into the office, as the command line does."""

    office: Office
    manager: Actor

    def looking(self) -> Looking:
        """Somebody who looks up how rows stand to the record."""
        key = self.office.wrapping.search_key()
        up_to_date(self.office, (people(key),))
        reader = Reader(office=self.office, actor=self.manager, purpose=Code("safeguarding"))
        return Looking(self.office, reader, "local")

    def found(self, *rows: dict[str, str], columns: Sequence[str] | None = None) -> list[Found]:
        """How rows stand to the record; none of them is wrong in itself."""
        _, read = self.read(self.file(*rows, columns=columns))
        assert read.errors == ()
        return self.looking().at(read.rows)

    def bring(self, *rows: dict[str, str], columns: Sequence[str] | None = None) -> Loaded:
        """Bring rows forward."""
        _, read = self.read(self.file(*rows, columns=columns))
        assert read.errors == ()
        looking = self.looking()
        return Loading(looking, self.manager).all(looking.at(read.rows))

    def facts(self, reference: str = "S-1") -> list[Fact[Any]]:
        """Everything recorded of the case another system calls so."""
        streams = Register(self.office).referred(SYSTEM, reference)
        (case,) = [one for one in streams if self._is_case(one)]
        return self.office.handler.case(case)[1]

    def _is_case(self, stream: Any) -> bool:  # noqa: ANN401 — a reference
        return isinstance(self.office.record.facts(stream)[0].event, CaseBroughtForward)

    def findings(self, facts: list[Fact[Any]], on: date = TODAY) -> list[str]:
        """What is criticised of a case by a day."""
        case, _ = self.office.handler.case(facts[0].stream)
        return sorted(one.code for one in self.office.handler.findings(case, on))

    def ask(self, stream: Any, command: object, *, version: int, number: int) -> None:  # noqa: ANN401 — a reference
        """Record something by hand."""
        self.office.handler.handle(
            Ask(
                command=command,
                stream=stream,
                expected_version=version,
                actor=self.manager,
                particulars=Particulars(occurred=instant(NOW)),
                id=ref(7000 + number),
                digest=b"d" * 32,
            )
        )


@pytest.fixture
def bringer(office: Office, manager: Actor, tmp_path: Path) -> Bringer:
    """Give somebody who brings cases forward."""
    return Bringer(tmp_path, office.jurisdiction, office, manager)


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    """Give somebody who writes and reads lists of an English council."""
    return Lists(tmp_path, ENGLAND)


def one(facts: list[Fact[Any]], kind: type) -> Fact[Any]:
    """The one fact of a kind."""
    (found,) = (fact for fact in facts if isinstance(fact.event, kind))
    return found
