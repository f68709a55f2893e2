"""Every checkpoint ever published stays there, in few files, through restores; its stamp too."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.record.merkle import root_of
from domain.record.proof.anchoring import Anchor, keep
from domain.record.proof.checkpoint import (
    checkpoints_path,
    open_checkpoint,
    read_checkpoint,
    read_checkpoints,
)
from domain.record.proof.exporting import VERIFIER
from domain.record.proof.integrating import Head, newest
from domain.record.proof.note import Verifier, read_note
from domain.record.proof.publishing import Folder, Publisher
from domain.record.proof.tree import TILE
from domain.refusal import Corrupt
from tests.record.conftest import House
from tests.record.proof.conftest import ORIGIN, fill, integrator
from tests.record.proof.test_publishing import grown, publish
from tests.record.proof.test_standalone import stamp, tsa

SECOND = "council.example/cases/2"


def cut_to(house: House, size: int) -> None:
    """Put an older state back, as whoever restores a backup does."""
    house.damaged = True
    with psycopg.connect(house.database.conninfo(), autocommit=True) as conn:
        for table in ("cases", "head", "signed_head", "anchor"):
            conn.execute(f"ALTER TABLE record.{table} DISABLE TRIGGER ALL")
        for table in ("anchor", "signed_head", "head"):
            conn.execute(f"DELETE FROM record.{table} WHERE size > {size}")
        conn.execute(f'DELETE FROM record.cases WHERE "position" > {size}')
        conn.execute("ALTER TABLE record.cases ENABLE ALWAYS TRIGGER dense")


def begun_again(house: House) -> None:
    """Begin the next incarnation."""
    with house.connect("holdfast_integrator") as conn:
        integrator(conn).begin_again(lambda number: f"council.example/cases/{number}")


def stamped(house: House, authority: Path) -> tuple[Head, bytes]:
    """Keep a stamp of the newest head, by the authority in a folder."""
    with house.connect("holdfast_integrator") as conn:
        head = newest(conn, "cases")
        assert head is not None
        note, made = authority / "note", authority / "made.tsr"
        note.write_bytes(head.note)
        stamp(authority, note, made)
        raw = made.read_bytes()
        anchor = Anchor(incarnation=head.incarnation, size=head.size, stamp=raw)
        keep(conn, "cases", anchor, datetime.now(UTC))
        return head, raw


def sizes(folder: Path, path: str) -> list[int]:
    """The sizes of the checkpoints in a file of them."""
    notes = read_checkpoints((folder / path).read_bytes())
    return [read_checkpoint(read_note(one)[0]).size for one in notes]


def verified(folder: Path, *words: str) -> dict[str, Any]:
    """What the verifier of one file says of a published folder that holds this log alone."""
    asked = [sys.executable, str(VERIFIER / "verify.py"), str(folder), "--json", *words]
    done = subprocess.run(asked, capture_output=True, check=False)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_heads_lie_beside_the_entries_they_end_in(house: House, tmp_path: Path) -> None:
    """As many files as bundles of entries at most, however many heads were signed."""
    folder = tmp_path / "cases"
    counts = [*[1] * 20, TILE - 20, 1, 3, 2 * TILE]
    leaves = grown(house, folder, counts)
    files = sorted(one.relative_to(folder).as_posix() for one in (folder / "heads").rglob("*"))
    assert files == ["heads/1", "heads/1/000", "heads/1/001", "heads/1/003"]
    assert sizes(folder, "heads/1/000") == [*range(1, 21), TILE]
    assert sizes(folder, "heads/1/001") == [TILE + 1, TILE + 4]
    verifier = Verifier.from_vkey((folder / "vkeys").read_text().strip())
    for path in files[1:]:
        for one in read_checkpoints((folder / path).read_bytes()):
            head, _ = open_checkpoint(one, [verifier])
            assert head.root == root_of(leaves[: head.size])
    found = verified(tmp_path)
    assert found["exit"] == 0, found
    assert any("24 checkpoints beside the newest" in one for one in found["proved"])


def test_a_place_that_is_new_is_given_all_of_them(house: House, tmp_path: Path) -> None:
    """An export has every head that was ever signed, as the published folder has."""
    grown(house, tmp_path / "cases", [3, TILE, 1, TILE])
    publish(house, Folder(tmp_path / "other"))
    for path in ("heads/1/000", "heads/1/001", "heads/1/002"):
        raw = (tmp_path / "cases" / path).read_bytes()
        assert (tmp_path / "other" / path).read_bytes() == raw


def test_a_restore_takes_no_published_head_away(house: House, tmp_path: Path) -> None:
    """What the restored record knows nothing of stays among the heads of its incarnation."""
    folder = tmp_path / "cases"
    grown(house, folder, [5, 4])
    cut_to(house, 5)
    begun_again(house)
    fill(house, 1)
    publish(house, Folder(folder))
    assert sizes(folder, "heads/1/000") == [5, 9]
    assert sizes(folder, "heads/2/000") == [6]
    found = verified(tmp_path)
    assert found["exit"] == 7
    assert any("rolled back" in one for one in found["amiss"])


def test_what_are_no_heads_is_not_written_over(house: House, tmp_path: Path) -> None:
    """Where something else lies among the heads, it is said, and it stays."""
    folder = tmp_path / "cases"
    grown(house, folder, [5])
    before = (folder / "checkpoint").read_bytes()
    (folder / "heads/1/000").write_bytes(b"\x00\x00\x00\x04oops")
    fill(house, 1)
    with pytest.raises(Corrupt, match="heads/1/000"):
        publish(house, Folder(folder))
    assert (folder / "checkpoint").read_bytes() != before
    assert (folder / "heads/1/000").read_bytes() == b"\x00\x00\x00\x04oops"


def test_no_head_is_larger_than_the_checkpoint_at_any_moment(house: House, tmp_path: Path) -> None:
    """Whoever verifies after a kill is not told that the log was cut off; later it is made good."""

    class Cut(Folder):
        """A disk that is gone once the checkpoint is there, or just before."""

        after: bool

        def put(self, path: str, raw: bytes) -> None:
            if path == "checkpoint":
                if self.after:
                    super().put(path, raw)
                raise OSError("the disk is gone")
            super().put(path, raw)

    folder = tmp_path / "cases"
    grown(house, folder, [5])
    for after in (False, True):
        for count in (3, 2 * TILE):
            fill(house, count)
            place = Cut(folder)
            place.after = after
            with pytest.raises(OSError, match="gone"):
                publish(house, place)
            assert verified(tmp_path)["exit"] == 0
    fill(house, TILE)
    publish(house, Folder(folder))
    found = verified(tmp_path)
    assert found["exit"] == 0
    assert any("6 checkpoints beside the newest" in one for one in found["proved"])


def test_stamps_of_two_incarnations_at_one_size_both_stand(house: House, tmp_path: Path) -> None:
    """A restored log may be stamped at a size that the one before was stamped at."""
    tsa(tmp_path)
    folder = tmp_path / "cases"
    grown(house, folder, [5, 4])
    first, early = stamped(house, tmp_path)
    publish(house, Folder(folder))
    assert (folder / "anchors/1/9.tsr").read_bytes() == early
    cut_to(house, 5)
    begun_again(house)
    fill(house, 4)
    publish(house, Folder(folder))
    second, late = stamped(house, tmp_path)
    publish(house, Folder(folder))
    assert (first.size, second.size) == (9, 9)
    assert second.origin == SECOND
    for number, head, raw in ((1, first, early), (2, second, late)):
        assert (folder / f"anchors/{number}/9").read_bytes() == head.note
        assert (folder / f"anchors/{number}/9.tsr").read_bytes() == raw


def test_a_stamp_is_published_though_its_head_was_before(house: House, tmp_path: Path) -> None:
    """The authority answered later, or after another leader: its stamp is put there then."""
    tsa(tmp_path)
    folder = tmp_path / "cases"
    grown(house, folder, [5])
    head, _ = stamped(house, tmp_path)
    with house.connect("holdfast_integrator") as conn:
        one = Publisher(conn, "cases", Folder(folder))
        one.publish(head)
        one.publish(head)
    assert (folder / "anchors/1/5").read_bytes() == head.note
    assert head.origin == ORIGIN
    assert checkpoints_path(1, 5) == "heads/1/000"
    assert checkpoints_path(12, 1000 * TILE + 1) == "heads/12/x001/000"
