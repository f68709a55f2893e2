"""An export that was broken off is no whole one, and not taken for one that was tampered with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from domain.record.proof.exporting import MANIFEST, export
from domain.record.proof.publishing import LOCK, Folder
from tests.conftest import AUTHORITY
from tests.record.conftest import House
from tests.record.proof.standalone_asked import HEADS, ask, holds
from tests.record.proof.standalone_folder import side, write
from tests.record.proof.test_publishing import grown
from tests.record.proof.test_publishing_shared import a_head

Harm = Callable[[Path], object]


def lacking(*paths: str) -> Harm:
    """Take files away that had not come yet."""

    def harm(folder: Path) -> None:
        for one in paths:
            (folder / one).unlink()

    return harm


def short(folder: Path) -> None:
    """Leave contents that were written for an earlier size."""
    (folder / "cases/contents/002").write_bytes((folder / "cases/contents/002").read_bytes()[:-9])


def changed(folder: Path) -> None:
    """Change an entry."""
    file = folder / "cases/tile/entries/001"
    raw = bytearray(file.read_bytes())
    raw[-1] ^= 1
    file.write_bytes(raw)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an export with contents that has come to its end but for its manifest."""
    cases = side(520, contents=True, heads=HEADS)
    folder = write(
        tmp_path_factory.mktemp("whole") / "f", cases, side(3, name="readings", contents=True)
    )
    (folder / MANIFEST).unlink()
    return folder


@pytest.mark.parametrize(
    ("harm", "left", "code"),
    [
        (lacking("cases/contents/002"), LOCK, 2),
        (lacking("cases/contents/001", "readings/checkpoint"), ".part-export", 2),
        (lacking("readings/checkpoint"), LOCK, 2),
        (lacking("cases/checkpoint", "readings/checkpoint"), LOCK, 2),
        (short, LOCK, 2),
        (lacking(), LOCK, 2),
        (changed, LOCK, 1),  # it contradicts what was signed
        (lacking("cases/contents/002"), "cases/.lock", 1),  # of whoever publishes there
        (lacking(), "cases/.part-1", 0),
    ],
)
def test_what_was_not_written_to_its_end_is_no_whole_export(
    whole: Path, tmp_path: Path, harm: Harm, left: str, code: int
) -> None:
    """It says to export again, with a code of its own, unless what is there contradicts itself."""
    folder = tmp_path / "f"
    shutil.copytree(whole, folder)
    (folder / left).touch()
    harm(folder)
    keys = [(whole / log / "vkeys").read_text().strip() for log in ("cases", "readings")]
    found, said = ask(folder, *(f"--vkey={key}" for key in keys))
    assert found == code, said
    assert ("no whole export" in said["verdict"]) == (code == 2)
    assert code != 2 or said["proved"] == []


@pytest.mark.parametrize(
    ("left", "content", "code"), [(LOCK, b"", 0), (LOCK, b"x", 1), (".lock2", b"", 1)]
)
def test_what_a_whole_export_left_of_its_lock_is_said_and_is_no_fault(
    tmp_path: Path, left: str, content: bytes, code: int
) -> None:
    """Killed once its manifest is there, or about to begin again, it leaves an empty file."""
    folder = write(tmp_path / "f", side(3, heads=[]), side(3, name="readings"))
    (folder / left).write_bytes(content)
    found, said = ask(folder)
    assert found == code, said
    assert any("empty .lock" in one for one in said["proved"]) == (code == 0)


def test_broken_off_at_any_step_an_export_says_so_and_is_gone_on_with(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a disk is full or the command is stopped; asked again, the folder is whole.

    Also broken off once more as it begins again, where the disk is still full.
    """
    folder, put = tmp_path / "out", Folder.put
    grown(house, tmp_path / "first", [3, 300])
    left = -1

    def one_more(self: Folder, path: str, raw: bytes) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise OSError(28, "No space left on device")
        put(self, path, raw)

    monkeypatch.setattr(Folder, "put", one_more)

    def handed_over(size: int) -> None:
        with house.connect("holdfast_integrator") as conn:
            heads = {"cases": a_head(house, size)}
            export(conn, folder, heads, authority=AUTHORITY, release="0", contents=False)

    handed_over(3)
    for at in range(1, 99):
        for left in (at, 1):
            with suppress(OSError):
                handed_over(303)
            if left > 0:
                break
        if left > 0:
            break
        code, said = ask(folder)
        assert (code, said["faults"]) == (2, []), (at, said)
    assert at > 8
    left = -1
    handed_over(303)
    holds(folder)


def test_no_manifest_names_what_no_export_wrote(house: House, tmp_path: Path) -> None:
    """Whoever put a file there vouches for it: the manifest does not, and it stays where it is."""
    folder = tmp_path / "out"
    grown(house, tmp_path / "first", [300])
    strange = {"a.docx", "cases/tile/0/note.txt", "cases/heads/1/x", "more/checkpoint", ".hidden"}
    for path in strange:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"strange")
    with house.connect("holdfast_integrator") as conn:
        heads = {"cases": a_head(house, 300)}
        export(conn, folder, heads, authority=AUTHORITY, release="0", contents=True)
    named = set(json.loads((folder / MANIFEST).read_bytes())["files"])
    there = {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}
    assert there - named == strange | {MANIFEST}
