"""An import of many lines: none costs more than another, and nothing it keeps outlives a key."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import domain.case
from api.chronologies import loading
from api.remembering import RememberingRecord
from domain.correction import AnnotateEntry
from domain.reading import as_understood
from domain.record.keyring import forget
from domain.refusal import Conflict
from domain.words import Forgotten, Personal
from tests.imports.conftest import CHRONOLOGIES, Importer
from tests.imports.test_loading import MR_H, erase_line, facts_of


def run_into(importer: Importer, where: loading.Target) -> loading._Loading:
    """Begin an import into a case."""
    return loading._Loading(importer.office, where, uuid4(), importer.manager)


def kept_passages(run: loading._Loading) -> set[str]:
    """Every text about a person that an import holds, of what it read or wrote."""
    facts = [fact for each in run._record._kept.values() for fact in each]
    texts = (getattr(fact.event, "text", None) for fact in facts)
    return {one.text for one in texts if isinstance(one, Personal)}


def test_a_line_is_replayed_once(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many lines stand before it, a line has the case remember one more and no other."""
    evolve, remembered = domain.case.evolve, list[int]()

    def counted(*given: Any, **more: Any) -> Any:  # noqa: ANN401 — those of evolve
        remembered.append(given[1].version)
        return evolve(*given, **more)

    monkeypatch.setattr(domain.case, "evolve", counted)
    _, loaded = importer.into(MR_H)
    assert loaded.added == 17
    assert sorted(remembered) == list(range(1, 17))


def test_of_what_others_record_only_that_is_read(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a conflict the case is not read again, but what was recorded since."""
    where, _ = importer.into(MR_H)
    _, ours = importer.read(CHRONOLOGIES / "june.csv")
    run = run_into(importer, loading.target(importer.office, where.case))
    run.line(ours.entries[0])
    importer.into(CHRONOLOGIES / "ms-s.csv", loading.target(importer.office, where.case))
    opened = list[int]()
    whole = RememberingRecord.open

    def counted(record: RememberingRecord, rows: Any) -> Any:  # noqa: ANN401 — those of open
        rows = list(rows)
        opened.append(len(rows))
        return whole(record, rows)

    monkeypatch.setattr(RememberingRecord, "open", counted)
    for entry in ours.entries[1:]:
        run.line(entry)
    assert opened == [9]
    facts = facts_of(importer, where.case)
    assert len(facts) == 17 + 9 + 8
    record = importer.office.record
    assert run._resuming(run._record, where.case, run._record.facts(where.case)) == as_understood(
        record, where.case, facts
    )


def test_a_note_that_meets_a_newer_version_is_recorded_after_it(
    importer: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Significance is not taken for recorded where recording it came too late."""
    path = tmp_path / "c.csv"
    path.write_text(
        "Date,Agency,Source,Event,Significance\n2006-07-06,police,log,A call.,High\n", "utf-8"
    )
    asked, ask = list[object](), loading._Loading._ask

    def too_late(run: loading._Loading, command: object, particulars: Any) -> Any:  # noqa: ANN401 — those of _ask
        asked.append(command)
        if isinstance(command, AnnotateEntry) and len(asked) == 2:
            raise Conflict(run._where.case, 1, 2)
        return ask(run, command, particulars)

    monkeypatch.setattr(loading._Loading, "_ask", too_late)
    where, loaded = importer.into(path)
    assert (loaded.added, loaded.noted) == (1, 1)
    assert len(facts_of(importer, where.case)) == 2


def test_a_line_erased_meanwhile_is_kept_nowhere(importer: Importer) -> None:
    """Once its key is gone, an import that had read it has its words no more, and adds none."""
    where, _ = importer.into(MR_H)
    _, read = importer.read(MR_H)
    run = run_into(importer, loading.target(importer.office, where.case))
    run.line(read.entries[0])
    gone = read.entries[2].text
    assert gone in kept_passages(run)
    erase_line(importer, where, 3)
    for entry in read.entries[1:]:
        run.line(entry)
    assert gone not in kept_passages(run)
    assert (run.loaded.added, run.loaded.already) == (0, 16)
    assert [one.row for one in run.loaded.refused] == [read.entries[2].row]


def test_a_person_forgotten_meanwhile_is_kept_nowhere(importer: Importer) -> None:
    """Where nothing of it stands in the case, the keyring tells: the next line finds them gone."""
    where, _ = importer.into(MR_H)
    _, read = importer.read(CHRONOLOGIES / "june.csv")
    office = importer.office
    run = run_into(importer, loading.target(office, where.case))
    run.line(read.entries[0])
    assert where.adult is not None
    with office.database.connect("holdfast_keeper") as conn:
        forget(conn, office.wrapping, office.keyring._entropy, subjects=[where.adult])
    run.line(read.entries[1])
    assert kept_passages(run) == set()
    facts = run._record.facts(where.case)
    assert all(isinstance(fact.event.text, Forgotten) for fact in facts)
    assert [one.row for one in run.loaded.refused] == [read.entries[1].row]
    assert len(facts_of(importer, where.case)) == 18


def test_an_import_that_ends_keeps_nothing(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it came to its end or was cut short, its memory of the case is dropped with it."""
    runs = list[loading._Loading]()
    begin = loading._Loading.__init__

    def noted(run: loading._Loading, *given: Any) -> None:  # noqa: ANN401 — those of _Loading
        runs.append(run)
        begin(run, *given)

    monkeypatch.setattr(loading._Loading, "__init__", noted)
    where, _ = importer.into(MR_H)
    _, read = importer.read(CHRONOLOGIES / "june.csv")

    def stop(done: int, _all: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loading.load(importer.office, where, read.entries, actor=importer.manager, tell=stop)
    assert len(runs) == 2
    for run in runs:
        assert kept_passages(run) == set()
        assert run._resuming._came is None
        assert not run._standing._lines
