"""A return of many cases, as the benchmark fills and asks it: it counts what was told, no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import orjson
import psycopg
import pytest

from api.clock import entropy
from api.office import Office
from api.returns.making import Made, make, one_cell, one_table
from benchmarks.cases import Place
from benchmarks.council import Size
from benchmarks.returns import YEAR, fill, office_of
from domain.record.remembered import Remembered
from domain.record.server import EmbeddedServer
from domain.refusal import NotFound
from projections.projection import stored_names
from projections.rebuild import prepare
from projections.returns.england.counting import young
from projections.returns.facts import FACTS, PEOPLE
from projections.returns.table import Filled, Table
from tests.conftest import AUTHORITY, LOGIN, OWNER

SMALL = Size(
    first=date(2025, 2, 1),
    last=date(2025, 6, 30),
    until=date(2025, 9, 30),
    concerns=600,
    enquiries=200,
)


@dataclass(frozen=True, slots=True)
class Many:
    """An authority of some hundred cases, with its return."""

    office: Office
    made: Made

    def told(self, name: str) -> list[tuple[Any, dict[str, Any]]]:
        """Give the stream and the fields of every event of a name, as the log has them."""
        rows = self.office.record.log.read(0, limit=100_000, names=stored_names((name,)))
        return [(row.stream, orjson.loads(row.payload)["data"]) for row in rows]

    def values(self, table: str) -> dict[tuple[str, str], int]:
        """Give a table's figures by enquiry type and category."""
        found = Counter[tuple[str, str]]()
        for one in self.made.cells:
            if one.table == table:
                found[one.enquiry_type, one.category] += one.value or 0
        return dict(found)


@pytest.fixture(scope="module")
def many(
    server: EmbeddedServer, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Many]:
    """Give an authority filled as the benchmark fills its own, and asked as it asks."""
    name, folder = f"t_{uuid4().hex}", tmp_path_factory.mktemp("keys")
    with psycopg.connect(server.conninfo("postgres", OWNER), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template_database}".encode())
        place = Place(server.conninfo(name, LOGIN), AUTHORITY)
        prepare(place.connect, (FACTS, PEOPLE))
        with office_of(fill(place, folder / "keyring.json", entropy(32), SMALL)) as office:
            yield Many(office, make(office, YEAR, None))
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_every_figure_of_activity_is_what_the_log_says(many: Many) -> None:
    """Concerns, enquiries begun and concluded are those of the year and of adults in the log."""
    children = {str(one) for one in young(many.made.facts)}
    left_out = {stream for stream, _ in many.told("record-corrected")} | {
        stream for stream, data in many.told("referral-received") if data["adult"] in children
    }
    received = [
        stream
        for stream, data in many.told("referral-received")
        if data["received"]["edtf"] >= "2025-04-01" and stream not in left_out
    ]
    opened = {
        data["enquiry"]: data
        for stream, data in many.told("enquiry-opened")
        if stream not in left_out
    }
    kinds = Counter(one["kind"] for one in opened.values() if one["opened_on"] >= "2025-04-01")
    assert list(many.values("SG1f").values()) == [
        len(received), kinds["section_42"], kinds["other_enquiry"],
    ]  # fmt: skip
    lacked = Counter(
        opened[one["enquiry"]]["kind"]
        for _, one in many.told("enquiry-concluded")
        if one["enquiry"] in opened
        and one["concluded_on"] >= "2025-04-01"
        and one["capacity"].startswith("lacked")
    )
    block = ("Concluded Section 42 Enquiries", "Yes, they lacked capacity")
    assert many.values("SG3a")[block] == lacked["section_42"] > 0
    assert children


def test_sealed_details_are_opened_with_their_own_keys(many: Many) -> None:
    """Each adult of a concern is in one age band, and not known is no more than is not told."""
    adults = {data["adult"] for _, data in many.told("referral-received")}
    untold = {
        str(stream)
        for stream, data in many.told("person-registered")
        if "date_of_birth" not in data["details"]
    }
    bands = {
        category: value
        for (metric, category), value in many.values("SG1a").items()
        if metric == "Safeguarding Concerns"
    }
    assert 0 < sum(bands.values()) <= len(adults)
    assert bands["Not Known"] < sum(bands.values()) / 10 + len(untold & adults)


def alone_as_in(many: Many, made: Made) -> None:
    """Hold each table, and the fullest figure of each of its enquiry types, to the whole return."""
    for table, filled in made.tables:
        assert one_table(many.office, YEAR, table, None, only=True).filled == filled, table.code
        alone = make(many.office, YEAR, None, only=table.code)
        assert alone.tables == ((table, filled),), table.code
        figures_as_in(many, table, filled)


def figures_as_in(many: Many, table: Table, filled: Filled) -> None:
    """Hold the fullest figure of each enquiry type of a table, read alone, to the table."""
    fullest = {
        one.enquiry_type: number
        for number, one in sorted(
            enumerate(filled.cells, start=1), key=lambda each: each[1].value or 0
        )
    }
    for number in fullest.values():
        alone = one_cell(many.office, YEAR, table, number, None)
        assert alone.cell == filled.cells[number - 1], (table.code, number)
        assert alone.remarks == filled.remarks, table.code


def test_a_table_alone_is_the_same_table(many: Many) -> None:
    """A table for which only what it needs is read is the one that the whole return has."""
    for table, filled in many.made.tables:
        assert one_table(many.office, YEAR, table, None, only=True).filled == filled, table.code
        alone = make(many.office, YEAR, None, only=table.code)
        assert alone.tables == ((table, filled),), table.code


@pytest.mark.parametrize("least", [1, 10**6], ids=["remembered", "opened each time"])
def test_a_figure_alone_is_the_same_figure(
    many: Many, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fullest figure of each enquiry type, for which only what it needs is read and opened.

    It counts what the whole return counts there, and says the same of it.
    """
    keyring = many.office.keyring
    held = Remembered(many.office.pool, keyring._wrapping, entropy, least=least)
    monkeypatch.setattr(keyring, "remembered", held)
    for table, filled in many.made.tables:
        figures_as_in(many, table, filled)
    with pytest.raises(NotFound):
        one_cell(many.office, YEAR, table, len(filled.cells) + 1, None)


def test_with_cases_forgotten_a_table_and_a_figure_alone_are_the_same(
    many: Many, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is read, what is known no more of a case counts as not known, and is said alike."""
    gone = dict.fromkeys({one.case for one in many.made.facts.concluded[::10]}, False)
    ever = lambda of=None: None if of is None else gone  # noqa: E731 — as where there are very many
    monkeypatch.setattr(many.office.keyring, "ever_destroyed", ever)
    made = make(many.office, YEAR, None)
    assert {table.code for table, filled in made.tables if filled.lost} == {
        table.code for table, _ in made.tables if not table.code.startswith("SG5")
    }
    alone_as_in(many, made)
