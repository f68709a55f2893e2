"""One folder, several who publish in it: two services, or a service and an export."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from domain.record.merkle import root_of
from domain.record.proof.checkpoint import read_checkpoint
from domain.record.proof.exporting import export
from domain.record.proof.integrating import Head, head_of
from domain.record.proof.note import read_note
from domain.record.proof.publishing import CHECKPOINT, Busy, Folder, Publisher
from tests.conftest import AUTHORITY
from tests.house.tracked import ROOT
from tests.record.conftest import House
from tests.record.proof.conftest import ORIGIN, fill, integrator
from tests.record.proof.test_publishing import check, grown, open_size, publish


class Slow(Folder):
    """A place in which another publishes whole, in the moment before a checkpoint is put."""

    between: Callable[[], None]

    def put(self, path: str, raw: bytes) -> None:
        """Put, once the other had its turn."""
        if path == CHECKPOINT:
            self.between()
        super().put(path, raw)


@contextmanager
def holding(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process has the folder, until the end."""
    code = (
        "import sys; from pathlib import Path; from domain.record.proof.publishing import Folder\n"
        "with Folder(Path(sys.argv[1])).locked():\n"
        "    print('has it', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "has it"
        yield process
        if process.stdin is not None and process.poll() is None:
            process.stdin.close()


def a_head(house: House, size: int, incarnation: int = 1) -> Head:
    """A head that was signed before."""
    with house.connect("holdfast_integrator") as conn:
        found = head_of(conn, "cases", incarnation, size)
    assert found is not None
    return found


def test_an_older_checkpoint_never_replaces_a_newer_one(house: House, tmp_path: Path) -> None:
    """Whoever is slow with an older head waits for nobody to overtake it, or finds it was."""
    folder = tmp_path / "cases"
    grown(house, folder, [3, 4])
    older = a_head(house, 3)
    (folder / CHECKPOINT).unlink()
    slow = Slow(folder)
    other = Thread(target=publish, args=(house, Folder(folder)))

    def overtaken() -> None:
        other.start()
        other.join(1.0)

    slow.between = overtaken
    with house.connect("holdfast_integrator") as conn:
        Publisher(conn, "cases", slow).publish(older)
    other.join()
    assert open_size(folder) == 7
    with house.connect("holdfast_integrator") as conn:
        Publisher(conn, "cases", Folder(folder)).publish(older)
    assert open_size(folder) == 7


def test_a_head_of_an_older_incarnation_puts_nothing_aside(house: House, tmp_path: Path) -> None:
    """Whoever still publishes for a life that a restore ended does not undo the next one."""
    folder = tmp_path / "cases"
    grown(house, folder, [5])
    older = a_head(house, 5)
    with house.connect("holdfast_integrator") as conn:
        integrator(conn).begin_again(lambda number: f"council.example/cases/{number}")
    leaves = fill(house, 1)
    publish(house, Folder(folder))
    before = (folder / CHECKPOINT).read_bytes()
    with house.connect("holdfast_integrator") as conn:
        Publisher(conn, "cases", Folder(folder)).publish(older)
    assert (folder / CHECKPOINT).read_bytes() == before
    head = read_checkpoint(read_note(before)[0])
    assert (head.origin, head.root) == ("council.example/cases/2", root_of(leaves))
    assert not (folder / "superseded" / "2").exists()


def test_who_finds_the_folder_taken_waits_and_then_says_so(house: House, tmp_path: Path) -> None:
    """A folder that another holds is waited for; too long, and it is said, with nothing written."""
    folder = tmp_path / "cases"
    grown(house, folder, [3])
    leaves = fill(house, 2)
    with holding(folder):
        with pytest.raises(Busy, match="another process"):
            publish(house, Folder(folder, patience_s=0.3))
        assert open_size(folder) == 3
        waiting = Thread(target=publish, args=(house, Folder(folder)))
        waiting.start()
        time.sleep(0.3)
        assert waiting.is_alive()
    waiting.join(20)
    check(house, folder, leaves)


def test_who_is_killed_holds_nothing(house: House, tmp_path: Path) -> None:
    """A killed process leaves no lock behind, and what it had half written goes."""
    folder = tmp_path / "cases"
    grown(house, folder, [3])
    (folder / ".part-left").write_bytes(b"half")
    leaves = fill(house, 2)
    with holding(folder) as process:
        process.kill()
        process.wait()
        publish(house, Folder(folder, patience_s=2.0))
    check(house, folder, leaves)
    assert not list(folder.rglob("*.part*"))


def test_many_at_once_leave_a_whole_folder(house: House, tmp_path: Path) -> None:
    """Several who publish different heads at once: the newest stands, and nothing half."""
    folder = tmp_path / "cases"
    leaves = grown(house, tmp_path / "first", [100, 90, 80, 70])
    failed: list[BaseException] = []

    def one(size: int) -> None:
        try:
            with house.connect("holdfast_integrator") as conn:
                Publisher(conn, "cases", Folder(folder)).publish(a_head(house, size))
        except BaseException as error:
            failed.append(error)
            raise

    threads = [Thread(target=one, args=(size,)) for size in (340, 100, 270, 340, 190, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    check(house, folder, leaves)
    assert not list(folder.rglob("*.part*"))


def test_an_export_holds_its_folder_and_leaves_nothing_of_it(house: House, tmp_path: Path) -> None:
    """What is handed over has no file that its manifest does not name, nor one half written."""
    folder = tmp_path / "out"
    grown(house, tmp_path / "first", [3])
    heads = {"cases": a_head(house, 3)}

    def hand_over(*, patience_s: float = 10.0) -> None:
        with house.connect("holdfast_integrator") as conn:
            export(
                conn,
                folder,
                heads,
                authority=AUTHORITY,
                release="0",
                contents=False,
                patience_s=patience_s,
            )

    folder.mkdir()
    (folder / ".part-of-a-killed-one").write_bytes(b"half")
    hand_over()
    assert not [one for one in folder.rglob("*") if one.name.startswith(".")]
    done = subprocess.run(
        [sys.executable, str(folder / "verify.py"), str(folder)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout
    with holding(folder), pytest.raises(Busy):
        hand_over(patience_s=0.2)
    hand_over()
    assert ORIGIN in (folder / "cases" / CHECKPOINT).read_text()
