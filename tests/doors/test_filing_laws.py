"""The laws of what was filed, through the filing itself: corrected after, and forgotten after.

What moves over facts of any authority is told thing by thing: `test_returns_laws_in_time`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from api.clock import FixedClock
from api.clocks import Clocks
from api.filed_since import since_filed
from api.filing import filing, kept, whole_return
from api.office import Office
from projections.returns.difference import FORGETTING, Difference
from projections.returns.england import words as said
from projections.returns.filed import FiledReturn
from projections.returns.periods import Span
from tests.conftest import Database
from tests.doors.conftest import Doors, opened_doors
from tests.doors.scripted import an_office
from tests.doors.test_erasing_a_person import erased
from tests.doors.test_erasure import erase
from tests.doors.test_filing import FILINGS, MANAGER, file
from tests.projections.conftest import Told, Views
from tests.projections.test_returns_laws_in_time import a_case, case_of, explains, more_of, seldom

OF: Final = Span(year=2025)
NOW: Final = Clocks(as_at=None, on=date(2026, 11, 2))
few = settings(seldom, max_examples=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsFiled:
    """What there is of a filing: as the door gives it, as it lies kept, as it is read back."""

    given: bytes
    content: bytes | None
    sha256: str
    read: FiledReturn


@dataclass(slots=True)
class Council:
    """An office with a record that is told events, and every return that it has filed."""

    doors: Doors
    views: Views
    filed: dict[int, AsFiled] = field(default_factory=dict)

    @property
    def office(self) -> Office:
        """The office."""
        return self.doors.office

    def file(self) -> int:
        """File the return of 2025-26 and keep what there is of it; give its number."""
        number: int = file(self.doors)["filing"]
        self.filed[number] = self.now_of(number)
        return number

    def now_of(self, number: int) -> AsFiled:
        """Give what there is of a filing now."""
        one = filing(self.office, OF, number)
        document = self.office.documents.read(one.event.document, self.office.authority)
        return AsFiled(
            given=self.doors.get(f"{FILINGS}/{number}", **MANAGER).content,
            content=document.content,
            sha256=one.event.sha256,
            read=kept(self.office, one),
        )

    def explained(self, number: int) -> Difference:
        """Give what moved since a filing, held to the tables as they are now."""
        self.doors.catch_up()
        differs, _ = since_filed(self.office, filing(self.office, OF, number), NOW)
        whole, _ = whole_return(self.office, OF, NOW)
        now = {table.code: filled for table, filled in whole}
        explains(differs, self.filed[number].read, now)
        return differs

    def stands(self) -> None:
        """Hold every filing there was to what was filed."""
        for number, filed in self.filed.items():
            assert self.now_of(number) == filed
            assert sha256(filed.given).hexdigest() == filed.sha256

    def version(self, stream: UUID) -> int:
        """Give how much there is of a case or a person."""
        return len(self.office.record.log.stream(stream))


@pytest.fixture
def council(database: Database, tmp_path: Path) -> Iterator[Council]:
    """Give a council whose clock stands in November 2026."""
    with (
        an_office(database, tmp_path, "england", "2026-11-02") as office,
        opened_doors(office) as doors,
    ):
        clock = office.clock
        assert isinstance(clock, FixedClock)
        views = Views(database, office.pool, office.wrapping, office.record, clock)
        yield Council(doors, views)


def some_cases(draw: Any) -> list[list[Told]]:  # noqa: ANN401 — as Hypothesis draws
    """Give one to three cases, each with the registration of its adult first."""
    return [a_case(draw) for _ in range(draw(st.integers(1, 3)))]


@few
@for_all(st.data())
def test_law_6_a_correction_moves_what_is_so_and_not_what_was_filed(
    council: Council, data: st.DataObject
) -> None:
    """Of no filing a byte is another once more was recorded; what is so now moves, and is told."""
    begun, another = some_cases(data.draw), a_case(data.draw)
    since = more_of(data.draw(st.sampled_from(begun))[0], data.draw)
    council.views.tell(*chain(*begun))
    number = council.file()
    council.views.tell(*since, *another)
    assert council.explained(number).moved
    council.stands()


@few
@for_all(st.data())
def test_law_10_forgetting_somebody_alters_nothing_that_was_filed(
    council: Council, data: st.DataObject
) -> None:
    """Of no filing a byte is another once somebody it counts was erased; now they are not known."""
    begun = some_cases(data.draw)
    chosen = data.draw(st.sampled_from(begun))[0]
    case, adult = case_of(chosen), chosen.stream
    assert adult is not None
    council.views.tell(*chain(*begun))
    number = council.file()
    erase(council.doors, str(case), "case", council.version(case))
    assert erased(council.doors, str(adult), council.version(adult)) == (201, "")
    differs = council.explained(number)
    assert {one.table for one in differs.moved} == {"SG1a", "SG1b", "SG1c"}
    for one in differs.moved:
        assert one.subject == adult
        assert {category for _, category, _ in one.now} <= {said.NOT_KNOWN, said.UNDECLARED}
        assert {each.name for each in one.by} & FORGETTING
    council.stands()
