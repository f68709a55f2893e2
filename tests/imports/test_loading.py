"""Lines recorded once, whatever happens; and given back as they came."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.chronologies import loading
from api.chronologies.writing import to_csv, to_lines
from api.routes.timeline import Which, timeline
from domain.correction import (
    ApproveErasure,
    ChronologyEntryRecorded,
    EntryAnnotated,
    ErasePersonalData,
)
from domain.handle import Ask
from domain.refusal import Refused
from domain.when import on_day
from domain.words import Actor, CaseRef, Code, Fact, Particulars, Personal
from tests.imports.conftest import CHRONOLOGIES, NOW, Importer

MR_H = CHRONOLOGIES / "mr-h.csv"
ALL = sorted(CHRONOLOGIES.glob("*.csv"))
HARD = """\
Seq,Start date,End date,Start time,End time,Agency,Source of information,Person(s),Event,\
Adult seen and heard,Response / outcome,Decision and rationale,Recorded at,Agency comment,\
Significance,Known to,Assertion\r
1,2006-10-29,2006-10-29,01:30 GMT,02:15,police,"Log, p. 3",N; officer 1,"=2+3 said ""stop""
on two lines",Seen alone,None taken,Not stated,2006-11,Expected practice was another,\
A turning point,housing: by 2006-12; council: ?2007,Opinion\r
2,?~2006-11/2006-12,from 2007,,?noon,gp,Letter,,Text with ümlauts and \N{SNOWMAN},,,,,,,,\r
2,unknown,,,,gp,Letter,,The same line,,,,,,,,\r
2,unknown,,,,gp,Letter,,The same line,,,,,,,,\r
"""


def facts_of(importer: Importer, case: CaseRef) -> list[Fact[Any]]:
    """Everything recorded of a case."""
    return importer.office.handler.case(case)[1]


def exported(importer: Importer, case: CaseRef) -> str:
    """The timeline of a case as CSV."""
    facts = facts_of(importer, case)
    entries = timeline(facts, Which(by=NOW.date()))
    return to_csv(to_lines(entries, facts, importer.office.jurisdiction))


def test_every_line_becomes_one_entry(importer: Importer) -> None:
    """Each row is an entry of the case, with its own number, sealed under the adult's key."""
    where, loaded = importer.into(MR_H)
    facts = facts_of(importer, where.case)
    assert (loaded.added, loaded.already, loaded.refused) == (17, 0, [])
    assert {type(fact.event) for fact in facts} == {ChronologyEntryRecorded}
    assert [fact.event.number for fact in facts] == list(range(1, 18))
    assert {fact.event.text.about for fact in facts} == {where.adult}


def test_a_chronology_keeps_its_adult(importer: Importer) -> None:
    """Under the name of one, another adult's chronology is refused, and the adult's own is not."""
    one, other = importer.adult(), importer.adult()
    where, _ = importer.into(MR_H, loading.new_target(importer.office, b"2026/17", one))
    assert where.adult == one
    tail = importer.office.record.log.tail()
    with pytest.raises(Refused) as refused:
        loading.new_target(importer.office, b"2026/17", other)
    assert refused.value.code == "other_adult"
    for adult in (one, None):
        again = loading.new_target(importer.office, b"2026/17", adult)
        assert (again.case, again.adult, again.new) == (where.case, one, False)
    assert importer.office.record.log.tail() == tail


def test_the_same_file_again_adds_nothing(importer: Importer) -> None:
    """Loading a file twice leaves the record as it was after the first time."""
    where, _ = importer.into(MR_H)
    tail = importer.office.record.log.tail()
    again, loaded = importer.into(MR_H)
    assert (again.case, loaded.added, loaded.already) == (where.case, 0, 17)
    assert importer.office.record.log.tail() == tail


def test_a_longer_file_adds_only_what_is_new(importer: Importer, tmp_path: Path) -> None:
    """A line put in between adds one entry, although every number after it has changed."""
    where, _ = importer.into(MR_H)
    rows = list(csv.reader(MR_H.read_text("utf-8").splitlines()))
    new = ["", "2005-06", "", "", "", "Housing", "File note", "Mr H", "A letter.", *[""] * 8]
    rows = [rows[0], *([str(at), *row[1:]] for at, row in enumerate([*rows[1:3], new, *rows[3:]]))]
    path = tmp_path / "longer.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    _, loaded = importer.into(path, loading.target(importer.office, where.case))
    assert (loaded.added, loaded.already) == (1, 17)


class Killed(BaseException):
    """The process ends here."""


def test_an_import_killed_between_two_lines_goes_on(importer: Importer) -> None:
    """Whatever was recorded before the end stays, and the same import records the rest once."""
    sheet, read = importer.read(MR_H)
    where = loading.new_target(importer.office, sheet.digest, None)

    def die(done: int, _all: int) -> None:
        if done == 5:
            raise Killed

    with pytest.raises(Killed):
        loading.load(
            importer.office,
            where,
            read.entries,
            actor=importer.manager,
            tell=die,
        )
    assert len(facts_of(importer, where.case)) == 5
    _, loaded = importer.into(MR_H)
    assert (loaded.added, loaded.already) == (12, 5)


def test_somebody_else_recording_meanwhile_is_no_harm(importer: Importer) -> None:
    """A line that meets a newer version of the case is recorded after it, not lost."""
    where, _ = importer.into(MR_H)
    sheet, read = importer.read(CHRONOLOGIES / "june.csv")
    run = loading._Loading(
        importer.office, loading.target(importer.office, where.case), where.case, importer.manager
    )
    importer.into(CHRONOLOGIES / "ms-s.csv", loading.target(importer.office, where.case))
    for entry in read.entries:
        run.line(entry)
    assert (run.loaded.added, run.loaded.refused) == (8, [])
    assert len(facts_of(importer, where.case)) == 17 + 9 + 8
    assert len(sheet.rows) == 8


def test_a_role_that_may_not_is_turned_away_before_the_first_line(
    importer: Importer, manager: Actor
) -> None:
    """An analyst records nothing: the refusal is not repeated line by line."""
    sheet, read = importer.read(MR_H)
    where = loading.new_target(importer.office, sheet.digest, None)
    analyst = replace(manager, role=Code("analyst"))
    tail = importer.office.record.log.tail()
    with pytest.raises(Refused, match="authority"):
        loading.load(importer.office, where, read.entries, actor=analyst)
    assert importer.office.record.log.tail() == tail


def test_significance_is_a_note_beside_the_entry(importer: Importer, tmp_path: Path) -> None:
    """A reviewer's view is dated when it was noted, apart from the entry, which is as it was."""
    path = tmp_path / "hard.csv"
    path.write_text(HARD, encoding="utf-8", newline="")
    where, loaded = importer.into(path)
    facts = facts_of(importer, where.case)
    (note,) = [fact for fact in facts if isinstance(fact.event, EntryAnnotated)]
    assert (loaded.added, loaded.noted) == (4, 1)
    assert (note.event.target, note.event.kind) == (1, "significance")
    assert note.occurred.earliest == NOW


def entry_cells(facts: Sequence[Fact[Any]]) -> list[tuple[object, ...]]:
    """What two cases must agree on: every field of every entry and what its header says of it."""

    def plain(value: object) -> object:
        return value.text if isinstance(value, Personal) else value

    return [
        (
            fact.header.occurred,
            fact.header.source_recorded,
            fact.header.known_to,
            *(
                plain(getattr(fact.event, name))
                for name in ChronologyEntryRecorded.__slots__
                if name != "persons"
            ),
        )
        for fact in (told.fact for told in timeline(facts, Which(by=NOW.date())))
        if isinstance(fact.event, ChronologyEntryRecorded)
    ]


@pytest.mark.parametrize("path", [*ALL, None], ids=lambda path: path.stem if path else "hard")
def test_an_exported_timeline_imports_as_the_same(
    importer: Importer, tmp_path: Path, path: Path | None
) -> None:
    """Out and in again, each date, doubt, text, source and place is the same; so is the file."""
    if path is None:
        path = tmp_path / "hard.csv"
        path.write_text(HARD, encoding="utf-8", newline="")
    first, _ = importer.into(path)
    out = tmp_path / "out.csv"
    out.write_text(exported(importer, first.case), encoding="utf-8", newline="")
    second, _ = importer.into(out)
    assert second.case != first.case
    assert entry_cells(facts_of(importer, second.case)) == entry_cells(
        facts_of(importer, first.case)
    )
    assert exported(importer, second.case) == out.read_bytes().decode()


def test_an_exported_timeline_adds_nothing_to_its_own_case(
    importer: Importer, tmp_path: Path
) -> None:
    """A case's own export holds no line that the case has not."""
    where, _ = importer.into(MR_H)
    out = tmp_path / "out.csv"
    out.write_text(exported(importer, where.case), encoding="utf-8", newline="")
    _, loaded = importer.into(out, loading.target(importer.office, where.case))
    assert (loaded.added, loaded.already) == (0, 17)


UNWRITTEN: dict[str, Any] = {"agency_written": None, "known_to_written": None}
TWO_FORMS = """\
Start date,Agency,Source of information,Event\r
2006,"Police, Health",Log,A call.\r
2006,Police / Health,Log,A call.\r
"""


@pytest.mark.parametrize(
    ("there", "again"), [("earlier", "now"), ("now", "earlier"), ("earlier", "earlier")]
)
def test_a_line_is_known_again_where_a_release_did_not_keep_how_agencies_are_written(
    importer: Importer, there: str, again: str
) -> None:
    """Taken in by an earlier release, or read from its export, it is the same line."""
    sheet, read = importer.read(MR_H)
    where = loading.new_target(importer.office, sheet.digest, None)
    as_then = [replace(one, **UNWRITTEN) for one in read.entries]
    entries = {"earlier": as_then, "now": read.entries}
    for release, added in ((there, 17), (again, 0)):
        loaded = loading.load(importer.office, where, entries[release], actor=importer.manager)
        assert (loaded.added, loaded.already) == (added, 17 - added)


def test_two_ways_to_write_an_agency_stay_apart(importer: Importer, tmp_path: Path) -> None:
    """Lines that differ in that alone are two, each given back as it was, whichever came first."""
    path, longer = tmp_path / "one.csv", tmp_path / "two.csv"
    path.write_text("".join(TWO_FORMS.splitlines(keepends=True)[:2]), encoding="utf-8", newline="")
    longer.write_text(TWO_FORMS, encoding="utf-8", newline="")
    where, _ = importer.into(path)
    for added in (1, 0):
        assert importer.into(longer, where)[1].added == added
    rows = list(csv.DictReader(exported(importer, where.case).splitlines()))
    assert [one["Agency"] for one in rows] == ["Police, Health", "Police / Health"]


def whatever_stays(importer: Importer) -> set[bytes]:
    """Whatever in the log is reckoned from something: the ids and digests of commands, streams."""
    with importer.office.pool.connection() as conn:
        rows = conn.execute(
            "SELECT command_digest, uuid_send(command_id), uuid_send(stream) FROM record.cases"
            " WHERE command_id IS NOT NULL"
        ).fetchall()
    return {bytes(value) for row in rows for value in row}


def test_no_word_is_reckoned_with(importer: Importer) -> None:
    """Nothing the log keeps of a line follows from its words, whatever keys somebody holds.

    The same lines read into two cases leave nothing alike in either, nor in the keyring a secret.
    """
    with importer.office.pool.connection() as conn:
        before = whatever_stays(importer)
        first, _ = importer.into(MR_H)
        left = whatever_stays(importer) - before
        again, _ = importer.into(MR_H, loading.new_target(importer.office, b"another", first.adult))
        right = whatever_stays(importer) - before - left
        secrets = conn.execute(
            "SELECT count(*) FROM keyring.data_key WHERE substr(id::text, 15, 1) <> '4'"
        ).fetchone()
    assert again.case != first.case
    assert len(left) > 2 * 17
    assert len(right) > 2 * 17
    assert secrets == (0,)
    sheet, _read = importer.read(MR_H)
    whole = loading._reference(importer.office.authority.bytes, b"case", sheet.digest)
    assert whole.bytes not in left | right


def erase_line(importer: Importer, where: loading.Target, version: int) -> None:
    """Erase the passages of one entry alone, which another manager has approved."""
    office = importer.office
    other = replace(
        importer.manager, worker=office.worker("local", "another", None, Code("manager"))
    )
    line: dict[str, Any] = {
        "scope": Code("passage"),
        "retention_class": Code("imported"),
        "authority": Code("recorded_unlawfully"),
        "target": version,
    }
    there = len(office.record.log.stream(where.case))
    for number, (actor, command) in enumerate(
        (
            (other, ApproveErasure(**line)),
            (importer.manager, ErasePersonalData(**line, approvals=(there + 1,))),
        )
    ):
        identity = uuid4()
        office.handler.handle(
            Ask(
                command=command,
                stream=where.case,
                expected_version=there + number,
                actor=actor,
                particulars=Particulars(occurred=on_day(NOW.date())),
                id=identity,
                digest=identity.bytes * 2,
            )
        )


def test_a_line_that_was_erased_does_not_come_back_by_its_file(importer: Importer) -> None:
    """One line's passages erased, the others are known again and that one is refused, not added."""
    where, _ = importer.into(MR_H)
    erase_line(importer, where, 3)
    tail = importer.office.record.log.tail()
    _, read = importer.read(MR_H)
    dry = list(loading.check(importer.office, where, read.entries))
    assert [entry.row for entry, _, wrong in dry if wrong is not None] == [read.entries[2].row]
    assert sum(already for _, already, _ in dry) == 16

    _, loaded = importer.into(MR_H, loading.target(importer.office, where.case))

    assert (loaded.added, loaded.already) == (0, 16)
    (refused,) = loaded.refused
    assert (refused.row, "erased" in refused.remedy) == (read.entries[2].row, True)
    assert importer.office.record.log.tail() == tail
    rows = list(csv.DictReader(exported(importer, where.case).splitlines()))
    assert [(one["Seq"], one["Agency"]) for one in rows[1:4]] == [
        ("2", "Adult social care"),
        ("3", read.entries[2].agency),  # how it was written is forgotten with the line
        ("4", "Adult social care"),
    ]


def test_a_line_others_read_in_meanwhile_is_not_added_again(importer: Importer) -> None:
    """Two at once read the same file into one case: every line is there once."""
    where, _ = importer.into(CHRONOLOGIES / "june.csv")
    _, read = importer.read(MR_H)
    into = loading.target(importer.office, where.case)
    first = loading._Loading(importer.office, into, uuid4(), importer.manager)
    second = loading._Loading(importer.office, into, uuid4(), importer.manager)
    for entry in read.entries:
        first.line(entry)
        second.line(entry)
    assert (first.loaded.added, second.loaded.added) == (17, 0)
    assert second.loaded.already == 17
    assert len(facts_of(importer, where.case)) == 8 + 17
