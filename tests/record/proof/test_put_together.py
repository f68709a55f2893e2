"""Files put together are safe before what promises them, and a disk is waited for once each."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from domain.record.proof import publishing
from domain.record.proof.publishing import CHECKPOINT, Folder
from domain.record.proof.tree import TILE
from tests.record.conftest import House
from tests.record.proof.conftest import fill
from tests.record.proof.test_publishing import check, publish

Step = tuple[str, str]


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[Step]:
    """Give what is asked of the disk from here on: which file is put, and what is waited for."""
    done: list[Step] = []
    put, wait = os.replace, os.fsync

    def replace(source: Any, target: Any) -> None:  # noqa: ANN401 — as os has it
        done.append(("put", os.fspath(target)))
        put(source, target)

    def fsync(descriptor: int) -> None:
        done.append(("wait", str(Path(f"/proc/self/fd/{descriptor}").readlink())))
        wait(descriptor)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(os, "fsync", fsync)
    return done


def demand_order(done: list[Step], folder: Path) -> None:
    """Before a checkpoint is put, whatever was put before it is waited for, and its folder then."""
    at = done.index(("put", str(folder / CHECKPOINT)))
    for place, (what, path) in enumerate(done[:at]):
        if what == "put":
            assert ("wait", str(Path(path).parent)) in done[place:at], path


def test_a_checkpoint_is_put_when_all_that_it_covers_is_safe(
    house: House, tmp_path: Path, steps: list[Step]
) -> None:
    """The bytes of each file before its name, the names before the checkpoint; each folder once."""
    folder = tmp_path / "cases"
    leaves = fill(house, 3 * TILE + 5)
    publish(house, Folder(folder))
    check(house, folder, leaves)
    demand_order(steps, folder)
    before = steps[: steps.index(("put", str(folder / CHECKPOINT)))]
    put = [path for what, path in before if what == "put"]
    parts = [path for what, path in before if what == "wait" and "/.part-" in path]
    assert len(put) > 10
    first = before.index(("put", put[0]))
    assert len([one for one in before[:first] if "/.part-" in one[1]]) == len(put), "all written"
    assert len(parts) == len(put) + 1, "each once, and the checkpoint's own bytes"
    settled = [path for what, path in before[first:] if what == "wait" and "/.part-" not in path]
    bundles = str(folder / "tile/entries")
    assert settled.count(bundles) <= 2, "once for its three bundles, and for the folder in it"


def test_more_than_are_written_at_once_are_all_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: list[Step]
) -> None:
    """However many there are, few are open; one that is put twice is as it was put last."""
    monkeypatch.setattr(publishing, "_TOGETHER", 4)
    place = Folder(tmp_path / "there")
    with place.together():
        for number in range(10):
            place.put(f"a/{number}", b"%d" % number)
        place.put("a/9", b"again")
    assert [place.get(f"a/{number}") for number in (0, 8, 9)] == [b"0", b"8", b"again"]
    assert not list((tmp_path / "there").glob(".*"))
    assert len([one for one in steps if one[0] == "put"]) == 11


def descriptors() -> int:
    """How many files this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_what_fails_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is full its room is given back, and what lay there stays."""
    place = Folder(tmp_path)
    place.put("a", b"before")
    open_ones = descriptors()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    def both() -> None:
        with place.together():
            place.put("a", b"after")
            place.put("b", b"after")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            both()
    assert (place.get("a"), place.get("b")) == (b"before", None)
    assert [one.name for one in tmp_path.iterdir()] == ["a"]
    assert descriptors() == open_ones, "and nothing stays open"
    place.put("a", b"after")
    assert place.get("a") == b"after"
