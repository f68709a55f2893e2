"""A restored record holds its documents to the log it has: what a lost erasure took is no fault."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

from api import copies
from api.office import Office
from tests.doors.conftest import opened_doors
from tests.doors.copied import newest
from tests.doors.test_documents import a_place, named, put
from tests.doors.test_erasure import erase
from tests.doors.test_receipts import made
from tests.doors.test_restored_forgotten import Ask, ask, in_folder

__all__ = ["ask"]  # a fixture of this file too


def test_documents_of_an_older_backup_are_whole_or_lost_to_an_erasure(
    tmp_path: Path,
    ask: Ask,
) -> None:
    """What the newest keyring lacks is said to be lost, and what was not forgotten opens."""
    first, second = tmp_path / "first", tmp_path / "second"
    backup, keys = tmp_path / "backups" / "monday", tmp_path / "apart" / "keyring.copy"
    backup.parent.mkdir()
    keys.parent.mkdir()
    settings = in_folder(first)
    with Office(settings) as office, opened_doors(office) as doors:
        case, path, conference = a_place(doors)
        named(doors, case, conference, put(doors, path).json())
        _other, elsewhere, _conference = a_place(doors)
        assert put(doors, elsewhere, b"Another file.").status_code == 201
        made(office)
        copies.back_up(settings, office, backup)
        newest(doors, keys)
        erase(doors, case, "case", 3)
        # Kept after the copy: neither the row nor its entry is in the backup.
        assert put(doors, f"{elsewhere[:-36]}{uuid4()}", b"A later file.").status_code == 201
        made(office)

    (second / "keys").mkdir(parents=True)
    (second / "keys" / "master.key").write_bytes(settings.master_key_file.read_bytes())
    said = ask(second, "restore", str(backup), "--keys", str(keys))
    assert said.code == 0, said.err
    answer = ask(second, "verify", "--json")
    papers = json.loads(answer.out)["documents"]
    assert (answer.code, papers["problems"]) == (0, [])
    told = ("count", "entered", "forgotten", "lost", "unknown")
    assert [papers[one] for one in told] == [2, 2, 1, 1, 0]
    assert any("lost with the end of the log" in one for one in papers["not_proved"])
