"""Scotland's dataset over the API: a quarter, and what its figures count."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.office import Office
from tests.conftest import Database
from tests.doors.conftest import Doors
from tests.doors.scripted import an_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    """Give a Scottish office."""
    with an_office(database, tmp_path, "scotland", "2026-11-02") as opened:
        yield opened


def test_a_quarter_of_the_dataset(doors: Doors) -> None:
    """A quarter has its days and figures that open to cases; a year has them too (R145)."""
    case = doors.case(received="2026-10-30")
    listed = doors.get("/v1/returns/2026-Q3").json()
    assert (listed["year"], listed["quarter"]) == (2026, 3)
    assert "15a" in [one["code"] for one in listed["tables"]]
    table = doors.get("/v1/returns/2026-Q3/1").json()
    assert (table["first"], table["last"]) == ("2026-10-01", "2026-12-31")
    (cell,) = table["cells"]
    opened = doors.get(cell["links"]["counted"]).json()
    assert [one["case"] for one in opened["counted"]] == [case]
    values = [doors.get(f"/v1/returns/{of}/1").json()["cells"][0]["value"] for of in (2026, 2025)]
    assert values == [1, 0]
    unknown = doors.get("/v1/returns/2026-Q3/unknown").json()["cells"]
    assert {(one["value"], one["published"]) for one in unknown} == {(None, "[x]")}
    assert doors.get("/v1/returns/2026-Q5/1").status_code == 422
    assert doors.get("/v1/returns/2023-Q3/1").status_code == 404
