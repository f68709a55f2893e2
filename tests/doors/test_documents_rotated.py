"""Documents open under another master key as they did under the one before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from api import rotating
from api.office import Office
from tests.conftest import Database
from tests.doors.conftest import Cli, opened_doors, settings_for
from tests.doors.test_documents import NOTES, a_place, named, put


def test_documents_open_under_another_master_key(
    database: Database, tmp_path: Path, cli: Cli
) -> None:
    """What was kept before is given out afterwards, and verified; what is kept then, too."""
    settings = settings_for(database, tmp_path)
    with Office(settings) as office, opened_doors(office) as doors:
        case, path, conference = a_place(doors)
        kept = put(doors, path).json()
        named(doors, case, conference, kept)
    new = tmp_path / "new.key"
    assert rotating.rotate(settings, new)
    with Office(replace(settings, master_key_file=new)) as office, opened_doors(office) as doors:
        assert doors.client.get(path).content == NOTES
        assert put(doors, path).status_code == 200
        another, later, meeting = a_place(doors)
        named(doors, another, meeting, put(doors, later).json())
        assert doors.client.get(later).content == NOTES
    settings.master_key_file.write_bytes(new.read_bytes())
    said = cli("verify", "--json")
    assert (said.code, said.json["documents"]["count"]) == (0, 2)
    assert said.json["documents"]["problems"] == []
