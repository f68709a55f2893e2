"""A backup that is to have its keys beside: no place for the keys, and none is begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doors.conftest import Cli


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder that is not in the one of the record."""
    return tmp_path_factory.mktemp("outside")


def test_a_place_for_the_keys_that_cannot_be_used_is_refused_in_words(
    cli: Cli, outside: Path
) -> None:
    """No such folder, or something else in the place: said as of the backup's own, none begun."""
    (outside / "kept").mkdir()
    (outside / "kept" / "letter.txt").write_text("Dear all,")
    folder = outside / "copies" / "backup"
    said = cli("backup", str(outside / "nowhere" / "backup"))
    assert said.code == 2
    assert "This place cannot be used (No such file or directory)" in said.err
    (outside / "copies").mkdir()
    for place, words in (
        (outside / "nowhere" / "keyring.copy", "cannot be used (No such file or directory)"),
        (outside / "kept" / "letter.txt", "another file: it is no copy"),
        (outside / "kept" / "letter.txt" / "keyring.copy", "cannot be used (Not a directory)"),
    ):
        said = cli("backup", str(folder), "--keys", str(place))
        assert said.code == 2, said
        assert words in said.err, said
        assert "something went wrong" not in said.err
        assert not list((outside / "copies").iterdir())
        assert not (outside / "nowhere").exists()
    assert (outside / "kept" / "letter.txt").read_text() == "Dear all,"


def test_a_backup_and_its_keys_are_written_to_places_apart(cli: Cli, outside: Path) -> None:
    """Where both places are there, both are written."""
    (outside / "copies").mkdir()
    (outside / "kept").mkdir()
    file = outside / "kept" / "keyring.copy"
    said = cli("backup", str(outside / "copies" / "backup"), "--keys", str(file))
    assert said.code == 0, said
    assert file.exists()
