"""Publishing: the folder of every size is whole, through any failing step, and never goes back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import psycopg
import pytest

from domain.record.envelope import envelope
from domain.record.merkle import root_of
from domain.record.migration import LOGS
from domain.record.proof.checkpoint import open_checkpoint, read_checkpoint, read_checkpoints
from domain.record.proof.note import Verifier, read_note
from domain.record.proof.publishing import CHECKPOINT, Folder, Publisher
from domain.record.proof.tiles import TileReader, entries_paths, tile_paths
from domain.record.proof.tree import TILE
from domain.refusal import Corrupt
from tests.conftest import AUTHORITY
from tests.record.conftest import House
from tests.record.proof.conftest import ORIGIN, fill, integrator


class Failing:
    """A place whose nth change fails, before it was made or after it."""

    def __init__(self, place: Folder, fails: int, *, made: bool) -> None:
        self._place, self._left, self._made = place, fails, made

    def get(self, path: str) -> bytes | None:
        """Look."""
        return self._place.get(path)

    def under(self, path: str) -> list[str]:
        """List."""
        return self._place.under(path)

    def put(self, path: str, raw: bytes) -> None:
        """Put, or fail."""
        self._step(lambda: self._place.put(path, raw))

    def together(self) -> AbstractContextManager[None]:
        """Put several."""
        return self._place.together()

    def move(self, path: str, to: str) -> None:
        """Move, or fail."""
        self._step(lambda: self._place.move(path, to))

    def drop(self, path: str) -> None:
        """Drop, or fail."""
        self._step(lambda: self._place.drop(path))

    def locked(self) -> AbstractContextManager[None]:
        """Have it for oneself."""
        return self._place.locked()

    def _step(self, change: Callable[[], None]) -> None:
        self._left -= 1
        if self._left or self._made:
            change()
        if not self._left:
            raise OSError("the disk is gone")


def grown(house: House, folder: Path, counts: list[int]) -> list[bytes]:
    """Record, integrate and publish, so many entries at a time."""
    leaves: list[bytes] = []
    for count in counts:
        leaves = fill(house, count)
        publish(house, Folder(folder))
    return leaves


def publish(house: House, place: Folder | Failing) -> None:
    """Do what the leader does once."""
    with house.connect("holdfast_integrator") as conn:
        one = integrator(conn)
        while not one.lead(ORIGIN):
            pass
        one.integrate()
        head = one.head() or one.newest()
        Publisher(conn, "cases", place).publish(head)


def check(house: House, folder: Path, leaves: list[bytes]) -> None:
    """A reader who has the folder alone finds the whole tree and every entry of it."""
    place = Folder(folder)
    vkey = (folder / "vkeys").read_text().splitlines()[-1]
    head, _ = open_checkpoint(place.get(CHECKPOINT) or b"", [Verifier.from_vkey(vkey)])
    assert (head.origin, head.size, head.root) == (ORIGIN, len(leaves), root_of(leaves))
    for path in (*tile_paths(head.size), *entries_paths(head.size)):
        assert place.get(path) is not None
    reader = TileReader(place.get, {head.size: head.root})
    rows = house.log().read(0, limit=head.size + 1)
    for index in range(-(-head.size // TILE)):
        for at, entry in enumerate(reader.entries(index, head.size), index * TILE):
            assert entry == envelope(LOGS["cases"], AUTHORITY, rows[at])


def test_a_reader_finds_the_whole_tree(house: House, tmp_path: Path) -> None:
    """At sizes about those of full tiles everything a checkpoint covers lies beside it."""
    folder = tmp_path / "cases"
    for count in (1, 1, TILE - 3, 1, 1, TILE - 1, 2 * TILE + 3):
        check(house, folder, grown(house, folder, [count]))
    assert not list(folder.glob("tile/0/000.p")), "what a full tile begins with is gone"


def test_every_head_stays_published(house: House, tmp_path: Path) -> None:
    """Whoever kept an earlier checkpoint finds it again, and that the tree goes on from it."""
    folder = tmp_path / "cases"
    leaves = grown(house, folder, [3, 4, 5])
    place = Folder(folder)
    verifier = Verifier.from_vkey((folder / "vkeys").read_text().strip())
    notes = read_checkpoints(place.get("heads/1/000") or b"")
    for size, raw in zip((3, 7, 12), notes, strict=True):
        head, _ = open_checkpoint(raw, [verifier])
        assert (head.size, head.root) == (size, root_of(leaves[:size]))


@pytest.mark.parametrize("made", [False, True], ids=["failed", "failed though made"])
def test_any_step_may_fail(house: House, tmp_path: Path, made: bool) -> None:  # noqa: FBT001 — a parameter
    """Whichever change of the folder fails, its checkpoint is the old or the new one, and whole."""
    folder = tmp_path / "cases"
    first = grown(house, folder, [TILE - 2])
    leaves = fill(house, TILE + 5)
    for step in range(1, 60):
        try:
            publish(house, Failing(Folder(folder), step, made=made))
        except OSError:
            there = open_size(folder)
            check(house, folder, leaves[:there])
            assert there in {len(first), len(leaves)}
            continue
        break
    else:
        pytest.fail("there is no end of steps")
    assert step > 8
    check(house, folder, leaves)


def open_size(folder: Path) -> int:
    """The size that the folder's checkpoint says."""
    return int((folder / CHECKPOINT).read_text().splitlines()[1])


def test_a_log_that_does_not_go_on_is_not_published(house: House, tmp_path: Path) -> None:
    """Over a checkpoint that the log does not contain nothing is published."""
    folder = tmp_path / "cases"
    grown(house, folder, [5])
    promised = (folder / CHECKPOINT).read_bytes()
    house.damaged = True
    with psycopg.connect(house.database.conninfo(), autocommit=True) as conn:
        for table in ("cases", "head", "signed_head"):
            conn.execute(f"ALTER TABLE record.{table} DISABLE TRIGGER ALL")
        conn.execute("DELETE FROM record.signed_head; DELETE FROM record.head")
        conn.execute("UPDATE record.cases SET payload = '\\x00' WHERE \"position\" = 2")
    with pytest.raises(Corrupt, match="the log does not go on from it"):
        publish(house, Folder(folder))
    assert (folder / CHECKPOINT).read_bytes() == promised


def test_another_logs_folder_is_left_alone(house: House, tmp_path: Path) -> None:
    """A folder in which another log is published is not this one's to write in."""
    place = Folder(tmp_path / "cases")
    fill(house, 2)
    other = "other.example/cases/1"
    with house.connect("holdfast_integrator") as conn:
        one = integrator(conn)
        assert one.lead(other)
        one.integrate()
        head = one.head()
        assert head is not None
    place.put(CHECKPOINT, head.note.replace(b"other.example", b"third.example"))
    with house.connect("holdfast_integrator") as conn, pytest.raises(Corrupt, match="another log"):
        Publisher(conn, "cases", place).publish(head)


def test_a_restored_log_begins_again_for_all_to_see(house: House, tmp_path: Path) -> None:
    """Another incarnation says from which head it goes on; what lay there stays beside it."""
    folder = tmp_path / "cases"
    leaves = grown(house, folder, [5, 4])
    before = (folder / CHECKPOINT).read_bytes()
    house.damaged = True
    with psycopg.connect(house.database.conninfo(), autocommit=True) as conn:  # an older backup
        for table in ("cases", "head", "signed_head"):
            conn.execute(f"ALTER TABLE record.{table} DISABLE TRIGGER ALL")
        conn.execute("DELETE FROM record.signed_head WHERE size > 5")
        conn.execute("DELETE FROM record.head WHERE size > 5")
        conn.execute('DELETE FROM record.cases WHERE "position" > 5')
        conn.execute("ALTER TABLE record.cases ENABLE ALWAYS TRIGGER dense")
    second = "council.example/cases/2"
    with house.connect("holdfast_integrator") as conn:
        begun = integrator(conn).begin_again(lambda _number: second)
    assert begun.continued == (ORIGIN, 5, root_of(leaves[:5]))
    leaves = fill(house, 1)
    publish(house, Folder(folder))
    head = read_checkpoint(read_note((folder / CHECKPOINT).read_bytes())[0])
    assert (head.origin, head.size, head.root) == (second, 6, root_of(leaves))
    assert (folder / "superseded" / "1" / CHECKPOINT).read_bytes() == before
    assert (folder / "continued" / "2").read_text().splitlines()[:2] == [ORIGIN, "5"]
    assert len((folder / "vkeys").read_text().splitlines()) == 2


def test_an_older_state_put_back_without_a_restore_is_not_published(
    house: House, tmp_path: Path
) -> None:
    """A log that is shorter than what was published of it stands still until somebody decides."""
    folder = tmp_path / "cases"
    grown(house, folder, [5, 4])
    before = (folder / CHECKPOINT).read_bytes()
    house.damaged = True
    with psycopg.connect(house.database.conninfo(), autocommit=True) as conn:
        for table in ("cases", "head", "signed_head"):
            conn.execute(f"ALTER TABLE record.{table} DISABLE TRIGGER ALL")
        conn.execute("DELETE FROM record.signed_head WHERE size > 5")
        conn.execute("DELETE FROM record.head WHERE size > 5")
        conn.execute('DELETE FROM record.cases WHERE "position" > 5')
        conn.execute("ALTER TABLE record.cases ENABLE ALWAYS TRIGGER dense")
    fill(house, 1)
    with pytest.raises(Corrupt, match="an older state was put back"):
        publish(house, Folder(folder))
    assert (folder / CHECKPOINT).read_bytes() == before
