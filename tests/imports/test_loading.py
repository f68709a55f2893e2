from __future__ import annotations

from domain.correction import ChronologyEntryRecorded
from tests.imports.conftest import CHRONOLOGIES, Importer


def test_every_line_is_recorded_once(importer: Importer) -> None:
    """Each row becomes one entry of the case, in its own order."""
    where, loaded = importer.into(CHRONOLOGIES / "mr-h.csv")
    _case, facts = importer.office.handler.case(where.case)
    assert loaded.added == 17
    assert [fact.event.number for fact in facts] == list(range(1, 18))
    assert {type(fact.event) for fact in facts} == {ChronologyEntryRecorded}
    assert loaded.refused == []
