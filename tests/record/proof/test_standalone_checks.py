"""Every check of the stand-alone verifier is held by a tampering that it alone finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.record.proof import standalone_folder as made
from tests.record.proof.standalone_asked import HEADS, found, holds
from tests.record.proof.standalone_folder import Side, side, write


def rewritten(folder: Path, change: Callable[[list[made.Entry]], None]) -> Path:
    """Write a log whose entries were changed before they were hashed and signed."""
    some = made.entries(300)
    change(some)
    texts = [(one.header, one.payload) for one in some]
    return write(folder, Side(raw=[one.packed() for one in some], contents=texts))


def again(some: list[made.Entry]) -> None:
    """The command at 271 is that of 1 to 3, recorded again."""
    first = json.loads(some[0].header)["command"]["id"]
    for one in some[270:273]:
        header = json.loads(one.header)
        header["command"]["id"] = first
        one.header = made.canonical(header)


def test_a_command_recorded_twice_is_found(tmp_path: Path) -> None:
    """By its id, which each header has: the second time is named."""
    found([rewritten(tmp_path, again)], "contents", 271, "recorded before")


def test_without_a_second_time_it_is_proved(tmp_path: Path) -> None:
    """With the contents it is shown that no command was recorded twice; without them it is not."""
    with_contents = holds(write(tmp_path / "a", side(30, contents=True)))
    assert any("none recorded twice" in one for one in with_contents)
    assert not any("twice" in one for one in holds(write(tmp_path / "b", side(30))))


@pytest.fixture
def log() -> Side:
    """A log of 520 entries and a few checkpoints."""
    return side(520, heads=HEADS)


def no_name(some: list[made.Entry]) -> None:
    """An event has no name."""
    some[269].header = some[269].header.replace(b'"name":"note-taken"', b'"name":7')


def no_events(some: list[made.Entry]) -> None:
    """A command says that it has no events."""
    some[270].header = some[270].header.replace(b'"events":3', b'"events":0')


def broken_off(some: list[made.Entry]) -> None:
    """The last command has fewer events than it says."""
    some[297].header = some[297].header.replace(b'"events":3', b'"events":4')


@pytest.mark.parametrize(
    ("change", "position", "says"),
    [
        (no_name, 270, "not in its form"),
        (no_events, 271, "not in its form"),
        (broken_off, 300, "the last command lacks events"),
    ],
)
def test_headers_have_their_form(
    tmp_path: Path, change: Callable[[list[made.Entry]], None], position: int, says: str
) -> None:
    """Even where the entry commits to them."""
    found([rewritten(tmp_path, change)], "contents", position, says)


def test_what_is_no_file_or_too_long_is_not_read(log: Side, tmp_path: Path) -> None:
    """A folder in a file's place, and a checkpoint of two million bytes."""
    folder = write(tmp_path, log)
    (folder / "cases/tile/0/001").unlink()
    (folder / "cases/tile/0/001").mkdir()
    found([folder], "tree", 257, "no ordinary file")
    (folder / "cases/checkpoint").write_bytes(b"a" * 2_000_000)
    found([folder], "files", 1, "has more than")


def replaced(folder: Path, path: str, old: str, new: str) -> None:
    """Put other words into a file of the folder."""
    file = folder / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("path", "change", "says"),
    [
        ("cases/checkpoint", ("\n520\n", "\n0520\n"), "no number as it is written here"),
        ("cases/checkpoint", ("\u2014 ", "- "), "a line of its signatures"),
        ("cases/vkeys", ("/cases/1+", "/cases/2+"), "its number is not its own"),
    ],
)
def test_notes_and_keys_have_one_form(
    log: Side, tmp_path: Path, path: str, change: tuple[str, str], says: str
) -> None:
    """A number with a zero before it, a signature without its dash, a key under another name."""
    folder = write(tmp_path, log)
    replaced(folder, path, *change)
    found([folder], "files", 1, says)


def test_a_manifest_has_its_form_and_names_the_tree_that_is_there(
    log: Side, tmp_path: Path
) -> None:
    """A root of 31 bytes is no root; another size is another tree."""
    folder = write(tmp_path, log)
    said = json.loads((folder / "manifest.json").read_text("utf-8"))
    for change, says in (
        ({"size": 519}, "names another tree"),
        ({"root": made.b64(bytes(31))}, "not in its form"),
        ({"size": -1}, "not in its form"),
    ):
        logs = {"cases": {**said["logs"]["cases"], **change}}
        made.put(folder / "manifest.json", json.dumps({**said, "logs": logs}))
        found([folder], "manifest", None, says)


def test_incarnations_are_named_one_after_another(log: Side, tmp_path: Path) -> None:
    """A key of the second in the first place, and a newest checkpoint that is the first's."""
    log.continued, log.heads = {2: 256}, [(1, 256), (2, 520)]
    folder = write(tmp_path, log)
    keys = (folder / "cases/vkeys").read_text("utf-8").splitlines()
    (folder / "cases/vkeys").write_text(f"{keys[1]}\n", "utf-8")
    found([folder], "files", 1, "key 1 is named")
    (folder / "cases/vkeys").write_text("\n".join([*keys, ""]), "utf-8")
    made.put(folder / "cases/checkpoint", log.checkpoint(1, 520, log.leaves))
    found([folder], "signature", None, "not of the newest incarnation")


def test_a_kept_head_of_an_origin_that_is_not_named(log: Side, tmp_path: Path) -> None:
    """You have a key and a head of the second incarnation, which the folder hides."""
    folder = write(tmp_path / "f", log)
    log.continued = {2: 256}
    made.put(tmp_path / "head", log.checkpoint(2, 300, log.leaves))
    words: list[object] = [folder, "--vkey", side(1).vkey, "--vkey", log.vkey]
    found([*words, "--head", tmp_path / "head"], "heads", None, "an origin that the folder does")


def test_a_receipt_holds_for_its_place_and_its_quorum(log: Side, tmp_path: Path) -> None:
    """Too long a proof, a tree that ends before it, another position, and too few witnesses."""
    made.put(tmp_path / "e", log.raw[269])
    words: list[object] = ["--vkey", log.vkey, "--receipt", tmp_path / "r", "--entry"]
    right = log.receipt(269, 300)
    made.put(tmp_path / "r", right)
    holds(*words, tmp_path / "e")
    step = right.split("\n")[2]
    for old, new, says in (
        (step, made.b64(bytes(32)), "not the one it was given for"),
        ("\n\n", f"\n{step}\n\n", "too long"),
        ("index 269\n", "index 300\n", "its tree ends before"),
    ):
        made.put(tmp_path / "r", right.replace(old, new, 1))
        found([*words, tmp_path / "e"], "receipt", None, says)
    policy = f"log {log.vkey}\nwitness w {made.vkey('w', made.secret('w'), 4)}\nquorum w\n"
    made.put(tmp_path / "p", policy)
    made.put(tmp_path / "r", right)
    found([*words, tmp_path / "e", "--policy", tmp_path / "p"], "receipt", None, "quorum")
    log.raw[269] = log.raw[268]
    made.put(tmp_path / "r", log.receipt(269))
    made.put(tmp_path / "e", log.raw[269])
    found([*words, tmp_path / "e"], "receipt", None, "does not name its own position")
