"""A record brought back from any copy of its log and the newest copy of its keyring."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psycopg
import pytest

from api import copies
from api.commands.keeping import LOGS
from api.office import Office
from api.proving import newest_head
from api.proving import proved as proved_by
from domain import stored
from domain.erasure import Erasures, lost, restorings_told
from domain.record import backup as backups
from domain.record import binaries
from domain.record.migration import RESTORING
from domain.record.proof.checking import Publication
from domain.record.proof.lives import incarnations
from domain.record.proof.publishing import Folder
from domain.record.verification import Report, verify
from domain.refusal import Corrupt, Refused
from tests.conftest import OWNER, Database
from tests.doors.conftest import Doors, settings_for
from tests.doors.copied import Place, both, empty_place, newest, opened, restored
from tests.doors.test_erasing_a_person import erased
from tests.doors.test_erasure import ACCOUNT, NAME, erase, told
from tests.doors.test_receipts import made

LATER = "The neighbour rang again."


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder that is not in the one of the record."""
    return tmp_path_factory.mktemp("outside")


@pytest.fixture
def place(doors: Doors, database: Database, outside: Path) -> Iterator[Place]:
    """Give an empty place with the master key of the doors' record."""
    master = doors.office.settings.master_key_file.read_bytes()
    with empty_place(database, outside / "place", master) as one:
        yield one


def annotated(doors: Doors, case: str, text: str, version: int) -> None:
    """Say more about a case's first entry."""
    body = {"command": {"target": 1, "kind": "supplementary", "text": text}}
    answer = doors.post(f"/v1/cases/{case}/annotate-entry", body, version=version)
    assert answer.status_code == 201, answer.text


def proved(office: Office) -> dict[str, Report]:
    """Verify both logs with everything there is."""
    lives = office.lives()
    erasures = Erasures(office.record)
    accounts = {
        "cases": erasures.accounts(),
        "readings": restorings_told(office.readings.log, lives),
    }
    with office.database.connect("holdfast_writer") as conn:
        known: dict[str, Any] = {
            "catalogue": stored,
            "keyring": office.keyring,
            "erased": erasures.until,
            "lost": partial(lost, office.readings.log, lives),
        }
        return {log: verify(conn, log, accounts=accounts[log], **known) for log in LOGS}


def test_a_record_is_restored_as_it_was(doors: Doors, place: Place, outside: Path) -> None:
    """A restored record tells what it told, has the roots it had, and is guarded as before."""
    adult = doors.person(name=NAME)
    case = doors.case(adult)
    before = proved(doors.office)
    backup, keys = both(doors, outside)
    done = restored(place, backup, keys)
    assert {log: root for log, (_, root) in done.manifest.logs.items()} == {
        log: one.root for log, one in before.items()
    }
    with opened(place) as there:  # start-up looks at every guard
        there.office.look_at_guards()
        assert there.office.stopped is None
        assert ACCOUNT in told(there, case)
        assert NAME in there.get(f"/v1/persons/{adult}").text
        assert all(one.ok for one in proved(there.office).values())
        annotated(there, case, LATER, 1)
        assert LATER in told(there, case)
        assert there.office.worker_reference("a", "b") == doors.office.worker_reference("a", "b")


def test_what_was_forgotten_after_the_backup_stays_forgotten(
    doors: Doors, place: Place, outside: Path
) -> None:
    """A backup from before a forgetting, with the newest keyring, opens nothing of it (L9).

    The log verifies, what was destroyed is counted, and the erasures that this log lost are named.
    """
    adult, other = doors.person(name=NAME), doors.person(name="Ben Example")
    case, kept = doors.case(adult), doors.case(other)
    alone = doors.case(other, account="A single word.")
    backup, keys = both(doors, outside)
    annotated(doors, kept, LATER, 1)  # newer than the backup: its key does no harm
    erase(doors, case, "case", 1)
    erase(doors, case, "person", 3)
    erase(doors, alone, "passage", 1, target=1)
    newest(doors, keys)

    done = restored(place, backup, keys)

    assert set(done.keys.unrecorded) == {UUID(case), UUID(adult)}
    with opened(place) as there:
        assert ACCOUNT not in told(there, case)
        assert NAME not in there.get(f"/v1/persons/{adult}").text
        assert "A single word." not in told(there, alone)
        assert ACCOUNT in told(there, kept)
        found = proved(there.office)["cases"]
        assert (found.ok, found.missing) == (True, 0)
        assert (found.forgotten, found.lost) == (0, 3)  # the log does not say that it was
        assert there.office.keyring.destroyed(UUID(case))
        assert there.office.erasure.carry_out() == 0


def test_an_erasure_that_a_restored_log_lost_does_not_stand_for_the_next(
    doors: Doors, place: Place, outside: Path
) -> None:
    """Recorded again, it is carried out again; a case reopened since loses what is new, too."""
    case, person = doors.case(doors.person(name=NAME)), doors.person(name=NAME)
    backup, keys = both(doors, outside)
    erase(doors, case, "case", 1)
    assert erased(doors, person) == (201, "")
    newest(doors, keys)
    restored(place, backup, keys)
    with opened(place) as there:
        assert erased(there, person) == (201, "")
        assert erased(there, person, 3) == (422, "erased")
        assert proved(there.office)["cases"].ok
        erase(there, case, "case", 1)
        body = {"command": {"reason": "new_information", "rationale": "It happened again."}}
        answer = there.post(f"/v1/cases/{case}/reopen-case", body, version=3)
        assert answer.status_code == 201, answer.text
        assert "It happened again." in told(there, case)
        erase(there, case, "case", 4)
        assert "It happened again." not in told(there, case)


def test_erasures_of_the_backup_are_not_carried_out_twice(
    doors: Doors, place: Place, outside: Path
) -> None:
    """What was erased and reopened before the backup keeps what was recorded since."""
    case = doors.case(doors.person(name=NAME))
    erase(doors, case, "case", 1)
    body = {"command": {"reason": "new_information", "rationale": "It happened again."}}
    assert doors.post(f"/v1/cases/{case}/reopen-case", body, version=3).status_code == 201
    backup, keys = both(doors, outside)
    assert restored(place, backup, keys).keys.unrecorded == ()
    with opened(place) as there:
        assert there.office.erasure.carry_out() == 0
        assert "It happened again." in told(there, case)
        assert ACCOUNT not in told(there, case)


def test_a_backup_holds_no_key_and_no_draft(doors: Doors, outside: Path) -> None:
    """Of the keyring and the desk a backup has the tables and not one row."""
    case = doors.case(doors.person(name=NAME))
    doors.office.drafts.save(
        UUID(case), b"a draft", owner=UUID(case), command="close-case", stream=None, about=()
    )
    backup, _ = both(doors, outside)
    bare = f"t_bare_{UUID(case).hex[:8]}"
    server = doors.office.database.login()
    with psycopg.connect(server.replace("holdfast_app", OWNER), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {bare}")
        try:
            there = psycopg.conninfo.make_conninfo(admin.info.dsn, dbname=bare)
            programs = binaries.clients(None)
            whole = backups.Manifest(
                authority=UUID(int=0),
                made="",
                release="",
                schema=0,
                epoch=0,
                documents=0,
                logs={},
                files={},
            )
            backups.load(
                there, programs, backup, whole, tell=lambda _done, _total: None, environ={}
            )
            with psycopg.connect(there) as conn:
                for table in (
                    "keyring.epoch",
                    "keyring.subject_key",
                    "keyring.data_key",
                    "keyring.destroyed",
                    "keyring.gone",
                    "desk.draft",
                ):
                    assert conn.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
                assert conn.execute("SELECT count(*) > 1 FROM record.cases").fetchone() == (True,)
        finally:
            admin.execute(f"DROP DATABASE {bare} WITH (FORCE)")


def test_an_older_keyring_is_refused(doors: Doors, place: Place, outside: Path) -> None:
    """A copy of the keyring from before a forgetting that the backup knows is not taken."""
    case = doors.case(doors.person(name=NAME))
    _, old = both(doors, outside / "one")
    before = old.read_bytes()  # as another copy of it, of which nobody told this record
    erase(doors, case, "case", 1)
    (outside / "two").mkdir()
    backup, _ = both(doors, outside / "two")
    old.write_bytes(before)
    with pytest.raises(Refused, match="older than the backup"):
        restored(place, backup, old)
    with pytest.raises(Refused, match="is older"):
        copies.restore_keys(doors.office.settings, old, say=lambda _line: None)
    assert ACCOUNT not in told(doors, case)


def test_a_keyring_older_than_the_backup_is_found_and_made_up_for(
    doors: Doors, place: Place, outside: Path
) -> None:
    """Passages whose key is missing are named, not called forgotten; a newer copy mends it."""
    case = doors.case(doors.person(name=NAME))
    _, keys = both(doors, outside / "one")
    annotated(doors, case, LATER, 1)
    (outside / "two").mkdir()
    backup, newer = both(doors, outside / "two")
    restored(place, backup, keys)
    with opened(place) as there:
        found = proved(there.office)["cases"]
        assert (found.ok, found.missing, found.forgotten) == (False, 1, 0)
        assert f"{case}/2/text" in found.problems[0]
        assert "nobody forgot it" in found.problems[0]
    back = copies.restore_keys(place.settings, newer, say=lambda _line: None)
    assert (back.added, back.dropped) == (1, 0)
    with opened(place) as there:
        assert proved(there.office)["cases"].ok
        assert LATER in told(there, case)


def test_a_lost_keyring_file_is_put_back(doors: Doors, outside: Path, database: Database) -> None:
    """The newest copy brings back a keyring file that is gone, and changes no row."""
    case = doors.case(doors.person(name=NAME))
    _, keys = both(doors, outside)
    settings = doors.office.settings
    (settings.keys / "keyring.json").unlink()
    done = copies.restore_keys(settings, keys, say=lambda _line: None)
    assert (done.added, done.dropped, done.unrecorded) == (0, 0, ())
    with Office(settings_for(database, doors.office.settings.data)) as office:
        assert proved(office)["cases"].ok
        assert office.record.log.stream(UUID(case))


def test_a_whole_machine_set_back_forgets_again_by_the_newest_keyring(
    doors: Doors, database: Database, outside: Path
) -> None:
    """Rows and file from before a forgetting give way to the newest copy of the keyring."""
    case = doors.case(doors.person(name=NAME))
    settings = doors.office.settings
    _, older = both(doors, outside / "one")
    before = (settings.keys / "keyring.json").read_bytes()
    with psycopg.connect(database.conninfo(OWNER)) as conn:
        rows = conn.execute("SELECT * FROM keyring.subject_key").fetchall()
        data = conn.execute("SELECT * FROM keyring.data_key").fetchall()
    erase(doors, case, "case", 1)
    keys = older.with_name("newer.copy")
    newest(doors, keys)
    set_back(database, rows, data)
    (settings.keys / "keyring.json").write_bytes(before)
    done = copies.restore_keys(settings, keys, say=lambda _line: None)
    assert done.dropped > 0
    with Office(settings_for(database, doors.office.settings.data)) as office:
        found = proved(office)["cases"]
        assert (found.ok, found.forgotten) == (True, 1)


def set_back(
    database: Database, rows: list[tuple[object, ...]], data: list[tuple[object, ...]]
) -> None:
    """Bring the keyring's rows back to what they were, as an older copy of the files does."""
    with psycopg.connect(database.conninfo(OWNER)) as conn:
        conn.execute("DELETE FROM keyring.data_key")
        conn.execute("DELETE FROM keyring.subject_key")
        conn.execute("DELETE FROM keyring.epoch")
        conn.execute("ALTER TABLE keyring.destroyed DISABLE TRIGGER append_only")
        conn.execute("DELETE FROM keyring.destroyed")
        conn.execute("ALTER TABLE keyring.destroyed ENABLE ALWAYS TRIGGER append_only")
        conn.execute("INSERT INTO keyring.epoch VALUES (1)")
        for table, all_ in (("subject_key", rows), ("data_key", data)):
            for row in all_:
                conn.execute(f"INSERT INTO keyring.{table} VALUES (%s, %s, %s, %s)", row)


@pytest.mark.parametrize("harm", ["dump", "manifest", "missing", "swapped"])
def test_an_altered_backup_is_refused(doors: Doors, place: Place, outside: Path, harm: str) -> None:
    """A backup that is not what was written is not restored, whatever its sums say."""
    doors.case(doors.person(name=NAME))
    backup, keys = both(doors, outside)
    dump, manifest = backup / "database.dump", backup / "manifest.json"
    if harm == "dump":
        content = bytearray(dump.read_bytes())
        content[-1] ^= 1
        dump.write_bytes(content)
    elif harm == "missing":
        dump.unlink()
    else:
        said = orjson.loads(manifest.read_bytes())
        if harm == "manifest":
            said["epoch"] = 0
        else:
            dump.write_bytes(dump.read_bytes() + b" ")
            size, digest = backups._digest(dump)
            said["files"]["database.dump"] = {"bytes": size, "sha256": digest}
        manifest.write_bytes(orjson.dumps(said))
    with pytest.raises(Refused, match="altered"):
        restored(place, backup, keys)


def test_an_altered_keyring_is_refused(doors: Doors, place: Place, outside: Path) -> None:
    """A copy of the keyring that lacks a line, or has another, is not put back."""
    case = doors.case(doors.person(name=NAME))
    erase(doors, case, "case", 1)
    backup, keys = both(doors, outside)
    lines = keys.read_bytes().splitlines(keepends=True)
    without = [one for one in lines if not one.startswith(b'["destroyed"')]
    for altered in (without, lines[:-1], lines[:1], []):
        keys.write_bytes(b"".join(altered))
        with pytest.raises(Refused):
            restored(place, backup, keys)


def test_a_backup_is_held_to_a_head_kept_elsewhere(
    doors: Doors, place: Place, outside: Path
) -> None:
    """A head that the backed-up log does not contain stops the restoring, and nothing opens."""
    doors.case(doors.person(name=NAME))
    backup, keys = both(doors, outside)
    with pytest.raises(Corrupt):
        restored(place, backup, keys, heads={"cases": {2: bytes(32)}})
    with pytest.raises(Refused, match="being restored"):
        Office(place.settings).__enter__()
    restored(place, backup, keys)


def test_a_place_that_is_not_empty_is_refused(doors: Doors, outside: Path) -> None:
    """A backup is never restored over a record."""
    doors.case(doors.person(name=NAME))
    backup, keys = both(doors, outside)
    owner = psycopg.conninfo.make_conninfo(doors.office.database.login(), user=OWNER)
    settings = replace(doors.office.settings, owner_url=owner)
    with pytest.raises(Refused, match="There is a record in this database already"):
        copies.restore(settings, backup, keys, heads={}, say=lambda _line: None)


def test_copies_lie_apart(doors: Doors, outside: Path) -> None:
    """The keyring's copy is refused beside, in or under a backup, and a backup beside that copy."""
    doors.case(doors.person(name=NAME))
    backup, keys = both(doors, outside / "here")
    for file in (backup.parent / "keys", backup / "keys", doors.office.settings.data / "keys.copy"):
        with pytest.raises(Refused, match="never lie together"):
            newest(doors, file)
        assert not file.exists()
    dumps = outside / "dumps"
    dumps.mkdir()
    (dumps / "nightly").write_bytes(b"PGDMP and so on")
    with pytest.raises(Refused, match="never lie together"):
        newest(doors, dumps / "keys")
    with pytest.raises(Refused, match="never lie together"):
        copies.back_up(doors.office.settings, doors.office, keys.parent / "tuesday")


def test_the_older_copy_is_destroyed(doors: Doors, outside: Path) -> None:
    """The one copy is replaced, and what it was is overwritten where it lay."""
    case = doors.case(doors.person(name=NAME))
    _, keys = both(doors, outside)
    with keys.open("rb") as older:  # as a link beside would keep it
        before = older.read()
        erase(doors, case, "case", 1)
        newest(doors, keys)
        older.seek(0)
        assert older.read() == bytes(len(before))
    assert [one.name for one in keys.parent.iterdir()] == [keys.name]
    assert keys.stat().st_mode & 0o077 == 0


def test_nothing_else_is_replaced_by_a_copy(doors: Doors, outside: Path) -> None:
    """A file that is no copy of this record's keyring is left as it is."""
    doors.case(doors.person(name=NAME))
    other = outside / "apart" / "notes.txt"
    other.parent.mkdir()
    other.write_text("mine")
    with pytest.raises(Refused, match="another file"):
        newest(doors, other)
    assert other.read_text() == "mine"


class KilledError(BaseException):
    """What stands for kill -9: nothing after it runs but what the system does itself."""


def killing(at: str) -> Callable[[str], None]:
    """Give a step that ends the run when it comes to one."""

    def step(what: str) -> None:
        if what == at:
            raise KilledError

    return step


STEPS = ("begun", "loaded", "migrated", "verified", "rows", "file", "begun again", "ended")


@pytest.mark.parametrize("at", STEPS)
def test_a_restoring_that_is_cut_short_begins_anew(
    doors: Doors, place: Place, outside: Path, at: str
) -> None:
    """Ended at any step, nothing opens what is half there, and the same command does all of it."""
    case = doors.case(doors.person(name=NAME))
    backup, keys = both(doors, outside)
    with pytest.raises(KilledError):
        restored(place, backup, keys, step=killing(at))
    if at != "ended":
        with pytest.raises(Refused, match="being restored"):
            Office(place.settings).__enter__()
        restored(place, backup, keys)
    with opened(place) as there:
        assert ACCOUNT in told(there, case)
        assert all(one.ok for one in proved(there.office).values())
    with psycopg.connect(place.database.conninfo(OWNER)) as conn:
        assert (
            conn.execute("SELECT FROM pg_namespace WHERE nspname = %s", (RESTORING,)).fetchone()
            is None
        )


@pytest.mark.parametrize("at", ["dumped", "complete"])
def test_a_backup_is_complete_or_absent(doors: Doors, outside: Path, at: str) -> None:
    """Cut short, there is no backup of that name; the next run clears what was left."""
    doors.case(doors.person(name=NAME))
    folder = outside / "backups" / "monday"
    folder.parent.mkdir()
    office = doors.office
    with pytest.raises(KilledError):
        copies.back_up(office.settings, office, folder, step=killing(at))
    assert not folder.exists()
    copies.back_up(office.settings, office, folder)
    assert [one.name for one in folder.parent.iterdir()] == ["monday"]
    assert sorted(one.name for one in folder.iterdir()) == ["database.dump", "manifest.json"]
    with pytest.raises(Refused, match="is there already"):
        copies.back_up(office.settings, office, folder)


def test_a_restored_record_begins_again_for_all_to_see(
    doors: Doors, place: Place, outside: Path
) -> None:
    """Its heads have another name and say what they go on from; older receipts still hold."""
    doors.case(doors.person(name=NAME))
    made(doors.office)
    text, entry = proved_by(doors.office, "cases", 1)
    backup, keys = both(doors, outside)
    size = doors.office.record.log.tail()
    doors.person(name=NAME)  # recorded after the backup, and lost with it
    made(doors.office)
    lost = newest_head(doors.office, "cases")
    assert lost is not None
    shutil.copytree(doors.office.settings.proof, place.settings.proof)
    restored(place, backup, keys)
    with opened(place) as there:
        own = Publication("here", Folder(place.settings.proof / "cases"), kept=False)
        with there.office.database.connect("holdfast_writer") as conn:
            found = verify(conn, "cases", published=[own])
        assert (found.problems, len(found.behind)) == ([], 1)  # before it is published anew
        there.person(name=NAME)
        made(there.office)
        head = newest_head(there.office, "cases")
        assert head is not None
        assert (head.incarnation, head.origin.rpartition("/")[2]) == (2, "2")
        with there.office.pool.connection() as conn:
            (_, second) = incarnations(conn, "cases")
        assert second.continued is not None
        assert second.continued[1] == size
        assert proved_by(there.office, "cases", 1) == (text, entry)
        assert proved(there.office)["cases"].ok
        with there.office.database.connect("holdfast_writer") as conn:
            kept = verify(conn, "cases", heads={lost.size: lost.root})
        assert not kept.ok, "whoever kept a newer head sees that it is not there any more"
