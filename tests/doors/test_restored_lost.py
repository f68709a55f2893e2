"""In a restored record only what its lost erasures took is lost: it was recorded at its start."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import orjson
import psycopg
import pytest

from api.office import Office
from domain.record.encoding import passages
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
