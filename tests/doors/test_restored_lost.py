"""In a restored record only what its lost erasures took is lost: it was recorded at its start."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import orjson
import psycopg
import pytest

from api.office import Office
from api.proving import newest_head, up_to_date
from domain.access import ForgettingsLost
from domain.record.encoding import passages
from domain.record.proof.checking import Publication
from domain.record.proof.publishing import Folder
from domain.record.proof.standalone import verify as standalone
from domain.record.record import Part
from domain.record.verification import verify as check
from domain.when import instant
from domain.words import Code, Particulars
from tests.conftest import OWNER
from tests.doors.conftest import Doors
from tests.doors.copied import Place, both, empty_place, newest, opened, restored
from tests.doors.test_copies import (  # noqa: F401 — `outside` and `place` are fixtures
    outside,
    place,
    proved,
)
from tests.doors.test_erasure import NAME, erase
from tests.doors.test_receipts import made


def forged(office: Office, keys: list[UUID], *, subject: bool) -> None:
    """Destroy keys that nobody forgot, and list them as a lost erasure's, as a superuser may."""
    server = office.database.login().replace("holdfast_app", OWNER)
    with psycopg.connect(server, autocommit=True) as conn:
        gone = "DELETE FROM keyring.data_key WHERE id = ANY(%s) RETURNING subject"
        (about, *_rest) = conn.execute(gone, (keys,)).fetchall()
        if subject:
            conn.execute("INSERT INTO keyring.destroyed VALUES (%s, 9, true)", about)
        else:
            conn.execute("INSERT INTO keyring.gone SELECT unnest(%s::uuid[])", (keys,))


@pytest.mark.parametrize("subject", [True, False])
def test_a_key_is_not_passed_off_as_a_lost_erasures(
    doors: Doors,
    place: Place,  # noqa: F811
    outside: Path,  # noqa: F811
    *,
    subject: bool,
) -> None:
    """What the lost erasures took was recorded at the first start: no other key is theirs."""
    case, other = doors.case(doors.person(name=NAME)), doors.case(doors.person(name="Ben Example"))
    backup, keys = both(doors, outside)
    erase(doors, case, "case", 1)
    newest(doors, keys)
    restored(place, backup, keys)
    with opened(place) as there:
        assert (proved(there.office)["cases"].ok, proved(there.office)["cases"].lost) == (True, 1)
        (row,) = there.office.record.log.stream(UUID(other))
        sealed = [UUID(one["key"]) for one in passages(orjson.loads(row.payload)["data"])]
        forged(there.office, sealed, subject=subject)
    with opened(place) as there:  # starting again takes nothing of it for lost
        found = proved(there.office)["cases"]
        assert (found.ok, found.lost, found.missing) == (False, 1, len(sealed))
        where = f"position {row.position}: the passage at {other}/1"
        assert all(one.startswith(where) for one in found.problems)


def told_lost(office: Office, about: Sequence[UUID], command: UUID | None = None) -> int:
    """Say what a second incarnation lost, as whoever may append can; give where that stands."""
    command = command or uuid5(office.authority, "forgettings lost 2")
    told = ForgettingsLost(incarnation=2, subjects=tuple(about))
    appended = office.readings.append(
        [Part(uuid5(command, "stream"), 0, (told,))],
        actor=office.system_actor,
        particulars=Particulars(
            occurred=instant(office.readings.now()), purpose=Code("records_management")
        ),
        command=command,
        digest=command.bytes * 2,
    )
    return appended.last


@pytest.mark.parametrize("empty", [True, False])
def test_what_is_told_before_any_restoring_is_a_fault_and_believed_in_no_restored_record(
    doors: Doors,
    place: Place,  # noqa: F811
    outside: Path,  # noqa: F811
    *,
    empty: bool,
) -> None:
    """A list under the very command of the first start excuses nothing, and hides nothing (L9)."""
    case, other = doors.case(doors.person(name=NAME)), doors.case(doors.person(name="Ben Example"))
    assert proved(doors.office)["readings"].ok
    position = told_lost(doors.office, [] if empty else [UUID(other)])
    named = f"position {position}: it tells what erasures a restoring lost"
    found = proved(doors.office)["readings"]
    assert [one[: len(named)] for one in found.problems] == [named]
    assert found.first == (position, position)
    assert up_to_date(doors.office, "readings").size == position
    backup, keys = both(doors, outside)
    erase(doors, case, "case", 1)
    newest(doors, keys)
    restored(place, backup, keys)
    with opened(place) as there:
        found = proved(there.office)["cases"]
        assert (found.ok, found.lost) == (True, 1)  # the first start told it all the same
        (row,) = there.office.record.log.stream(UUID(other))
        sealed = [UUID(one["key"]) for one in passages(orjson.loads(row.payload)["data"])]
        forged(there.office, sealed, subject=True)
    with opened(place) as there:
        found = proved(there.office)["cases"]
        assert (found.ok, found.lost, found.missing) == (False, 1, len(sealed))
        assert len(proved(there.office)["readings"].problems) == 1


def test_what_a_restoring_lost_is_told_once(
    doors: Doors,
    place: Place,  # noqa: F811
    outside: Path,  # noqa: F811
) -> None:
    """What is told a second time of one incarnation is a fault, and excuses nothing."""
    case, other = doors.case(doors.person(name=NAME)), doors.case(doors.person(name="Ben Example"))
    backup, keys = both(doors, outside)
    erase(doors, case, "case", 1)
    newest(doors, keys)
    restored(place, backup, keys)
    with opened(place) as there:
        assert all(one.ok for one in proved(there.office).values())
        position = told_lost(there.office, [UUID(other)], uuid4())
        assert proved(there.office)["readings"].first == (position, position)
        (row,) = there.office.record.log.stream(UUID(other))
        sealed = [UUID(one["key"]) for one in passages(orjson.loads(row.payload)["data"])]
        forged(there.office, sealed, subject=True)
    with opened(place) as there:
        assert not proved(there.office)["cases"].ok


@pytest.mark.parametrize("headed", [True, False])
def test_a_second_restoring_tells_what_it_lost(
    doors: Doors,
    place: Place,  # noqa: F811
    outside: Path,  # noqa: F811
    tmp_path: Path,
    *,
    headed: bool,
) -> None:
    """Each restoring that was started is an incarnation, also where the last signed no head."""
    cases = [doors.case(doors.person(name=f"{one} Example")) for one in ("Ann", "Ben", "Cara")]
    master = place.settings.master_key_file.read_bytes()
    with ExitStack() as all_of_it:
        at, here = doors, place
        for lost, case in enumerate(cases[:2], 1):
            if headed:
                made(at.office)
            folder = outside / str(lost)
            folder.mkdir()
            backup, keys = both(at, folder)
            erase(at, case, "case", 1)
            newest(at, keys)
            restored(here, backup, keys)
            at = all_of_it.enter_context(opened(here))
            found = proved(at.office)
            assert (found["cases"].ok, found["cases"].lost) == (True, lost), found
            assert len(at.office.lives()) == lost + 1
            here = all_of_it.enter_context(
                empty_place(place.database, tmp_path / str(lost), master)
            )


def test_the_same_backup_restored_twice_signs_nothing_under_one_name(
    doors: Doors,
    place: Place,  # noqa: F811
    outside: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    """Beside what the first published it is the next; where nothing tells of it, another name."""
    doors.case(doors.person(name=NAME))
    made(doors.office)
    size = doors.office.record.log.tail()
    backup, keys = both(doors, outside)
    master = place.settings.master_key_file.read_bytes()
    shutil.copytree(doors.office.settings.proof, place.settings.proof)
    restored(place, backup, keys)
    with opened(place) as there:
        there.person(name="Ben Example")
        made(there.office)
        first = there.office.lives()[-1]
    with empty_place(place.database, tmp_path / "again", master) as again:
        shutil.copytree(place.settings.proof, again.settings.proof)
        restored(again, backup, keys)
        with opened(again) as there:
            there.person(name="Cara Example")
            made(there.office)
            head = newest_head(there.office, "cases")
            assert head is not None
            assert (head.incarnation, head.size) == (3, size + 1)
            own = Publication("here", Folder(again.settings.proof / "cases"), kept=False)
            with there.office.database.connect("holdfast_writer") as conn:
                found = check(conn, "cases", published=[own])
            assert (found.problems, len(found.behind)) == ([], 1)
        assert standalone.main([str(again.settings.proof), "--log", "cases"]) == 7
    with empty_place(place.database, tmp_path / "elsewhere", master) as other:
        restored(other, backup, keys)
        with opened(other) as there:
            assert there.office.lives()[-1].origin != first.origin
