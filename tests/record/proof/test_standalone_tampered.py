"""The stand-alone verifier finds each tampering, and names where it begins."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.record.proof.policy import read_policy
from domain.record.proof.strict import Malformed
from tests.record.proof import standalone_folder as made
from tests.record.proof.standalone_asked import HEADS, ask, found, holds
from tests.record.proof.standalone_folder import Side, side, write


@pytest.fixture
def log() -> Side:
    """A log of 520 entries with contents, and a few checkpoints."""
    return side(520, contents=True, heads=HEADS)


# ---------------------------------------------------------------------------------------- tampering


def swap(raw: list[Any], one: int, other: int) -> None:
    """Let two positions change places."""
    raw[one - 1], raw[other - 1] = raw[other - 1], raw[one - 1]


def renumbered(raw: list[bytes], first: int) -> None:
    """Give each entry from a position on the number of its place, as a careful forger would."""
    for index in range(first - 1, len(raw)):
        raw[index] = raw[index][:24] + struct.pack(">q", index + 1) + raw[index][32:]


def patched(at: int, layout: str, value: int | bytes) -> Callable[[Side], None]:
    """Change a field of the entry at position 270."""

    def change(log: Side) -> None:
        data = bytearray(log.raw[269])
        struct.pack_into(layout, data, at, value)
        log.raw[269] = bytes(data)

    return change


def delete(log: Side) -> None:
    """One is taken out, the rest moves up."""
    del log.raw[269]
    assert log.contents is not None
    del log.contents[269]


def delete_renumbered(log: Side) -> None:
    """One is taken out, the rest is given new positions."""
    delete(log)
    renumbered(log.raw, 270)


def insert(log: Side) -> None:
    """One of a stream's own is put between, and the rest moved."""
    assert log.contents is not None
    log.raw.insert(269, log.raw[262])
    log.contents.insert(269, log.contents[262])
    renumbered(log.raw, 270)


def reorder(log: Side) -> None:
    """Two neighbours change places, with their positions put right."""
    swap(log.raw, 270, 277)
    renumbered(log.raw, 270)


def swapped_streams(log: Side) -> None:
    """Two cases' entries change places: each now says it is of the other's stream."""
    one, other = log.raw[269], log.raw[270]
    log.raw[269] = one[:32] + other[32:48] + one[48:]
    log.raw[270] = other[:32] + one[32:48] + other[48:]


def payload(log: Side) -> None:
    """A payload reads otherwise."""
    assert log.contents is not None
    header, text = log.contents[269]
    log.contents[269] = header, text.replace(b'"number":269', b'"number":270')


def header(log: Side) -> None:
    """A header reads otherwise."""
    assert log.contents is not None
    text, other = log.contents[269]
    log.contents[269] = text.replace(b"note-taken", b"note-hidden"), other


BEFORE = made.BEGAN - 1
TAMPERED: list[tuple[str, Callable[[Side], None], str, int]] = [
    ("payload", payload, "contents", 270),
    ("header", header, "contents", 270),
    ("another position", patched(24, ">q", 271), "entries", 270),
    ("deleted", delete, "entries", 270),
    ("deleted and renumbered", delete_renumbered, "entries", 276),
    ("inserted", insert, "entries", 270),
    ("reordered", reorder, "entries", 270),
    ("streams swapped", swapped_streams, "entries", 270),
    ("backdated", patched(56, ">q", BEFORE), "entries", 270),
    ("another authority's", patched(8, "16s", bytes(16)), "entries", 270),
    ("another log's", patched(6, ">H", 2), "entries", 270),
    ("another magic", patched(0, "4s", b"HFSX"), "entries", 270),
]


@pytest.mark.parametrize(
    ("change", "kind", "position"),
    [one[1:] for one in TAMPERED],
    ids=[one[0] for one in TAMPERED],
)
def test_what_was_signed_with_the_real_key_is_still_found(
    log: Side, tmp_path: Path, change: Callable[[Side], None], kind: str, position: int
) -> None:
    """The whole folder made anew and signed with the real key: the entries themselves tell."""
    change(log)
    log.heads = [(1, 100)]
    write(tmp_path, log)
    found([tmp_path, "--vkey", log.vkey], kind, position)


@pytest.mark.parametrize("change", [one[1] for one in TAMPERED], ids=[one[0] for one in TAMPERED])
def test_a_forged_entry_does_not_fit_what_is_published(
    log: Side, tmp_path: Path, change: Callable[[Side], None]
) -> None:
    """The forger has no key: bundles and contents are changed alone, and the tiles tell."""
    write(tmp_path / "real", log)
    change(log)
    write(tmp_path / "forged", log)
    for name in ("tile/entries", "contents"):
        shutil.rmtree(tmp_path / "real/cases" / name)
        shutil.copytree(tmp_path / "forged/cases" / name, tmp_path / "real/cases" / name)
    made.manifest(tmp_path / "real", log)
    code, said = ask(tmp_path / "real", "--vkey", log.vkey)
    assert code == 1
    assert said["first_bad"] == {"cases": [270, 270]}


def test_a_fork_signed_anew_is_found_by_a_kept_head(log: Side, tmp_path: Path) -> None:
    """Without a kept head nothing is seen, and it is said; with two, between which it begins."""
    new = write(tmp_path / "new", made.forked(log))
    for size in (256, 300):
        made.put(tmp_path / f"kept-{size}", log.checkpoint(1, size, log.leaves))
    assert holds(new, "--vkey", log.vkey)
    assert any("behind position 0" in one for one in ask(new)[1]["not_proved"])
    words: list[object] = [new, "--vkey", log.vkey, "--head", tmp_path / "kept-300"]
    found(words, "heads", 1, "one of 1 to 300")
    found([*words, "--head", tmp_path / "kept-256"], "heads", 257, "one of 257 to 300")
    holds(new, "--head", tmp_path / "kept-256")


def test_a_fork_beside_the_old_checkpoints_is_found(log: Side, tmp_path: Path) -> None:
    """The checkpoints of before were left in heads/."""
    old, new = write(tmp_path / "old", log), write(tmp_path / "new", made.forked(log))
    shutil.copytree(old / "cases/heads", new / "cases/heads", dirs_exist_ok=True)
    made.manifest(new, log)
    found([new], "heads", 257, "one of 257 to 300")


def test_a_tail_that_is_cut_is_found_by_a_kept_head(log: Side, tmp_path: Path) -> None:
    """The log ends earlier and is signed so: a kept head says there was more."""
    write(tmp_path / "old", log)
    new = write(tmp_path / "new", side(399, heads=[(1, 100)], contents=True))
    kept = tmp_path / "old/cases/checkpoint"
    found([new, "--vkey", log.vkey, "--head", kept], "heads", 400, "end of the log is missing")
    holds(new, "--vkey", log.vkey)


def test_an_older_incarnation_that_had_more_is_named(log: Side, tmp_path: Path) -> None:
    """A backup was restored: what had been published after it is gone, and is not hidden."""
    log.continued, log.heads = {2: 256}, [(1, 256), (2, 520)]
    folder = write(tmp_path, log)
    proved = holds(folder, "--vkey", log.vkey)
    assert any("2 incarnations go on" in one for one in proved)
    other = Side(raw=made.forked(log).raw, heads=[(1, 300)])
    other.raw = other.raw[:300]
    kept = tmp_path.parent / f"{tmp_path.name}-kept"
    made.put(kept, other.checkpoint(1, 300, other.leaves))
    words: list[object] = [folder, "--vkey", log.vkey, "--head", kept]
    found(words, "incarnations", 257, "rolled back", "gone or others")
    log.heads.append((1, 300))
    write(folder, log)
    code, said = ask(folder)
    assert (code, said["faults"]) == (7, [])
    assert (
        "goes on from 256: those at positions 257 to 300 may be gone or others" in said["amiss"][0]
    )


def test_an_incarnation_goes_on_from_the_right_root(log: Side, tmp_path: Path) -> None:
    """continued/2 names origin, size and root of the one before; all three are looked at."""
    log.continued = {2: 256}
    log.heads = [(1, 256)]
    folder = write(tmp_path, log)
    name = folder / "cases/continued/2"
    right = name.read_text("utf-8")
    name.write_text(right.replace("\n256\n", "\n255\n"), "utf-8")
    made.manifest(folder, log)
    found([folder], "incarnations", 1, "incarnation 2 went on from")
    name.write_text(right.replace("cases/1", "cases/7"), "utf-8")
    found([folder], "files", 1, "does not name the incarnation before it")
    name.unlink()
    found([folder], "files", 1, "continued/2 is missing")


# ------------------------------------------------------------------------------------- tiles, files


@pytest.mark.parametrize(
    ("name", "at", "position"),
    [
        ("tile/0/001", 32 * 13, 270),
        ("tile/0/002.p/8", 0, 513),
        ("tile/0/001.p/44", 32 * 13, 270),
        ("tile/1/000.p/2", 32, 257),
        ("tile/1/000.p/1", 0, 1),
    ],
)
def test_a_wrong_tile_is_found(
    log: Side, tmp_path: Path, name: str, at: int, position: int
) -> None:
    """Of any level, full or in part, of this size or of an earlier one."""
    folder = write(tmp_path, log)
    data = bytearray((folder / "cases" / name).read_bytes())
    data[at] ^= 1
    (folder / "cases" / name).write_bytes(data)
    found([folder], "manifest", None, name)
    made.manifest(folder, log)
    found([folder], "tree", position, name)
    (folder / "cases" / name).unlink()
    code, said = ask(folder)
    assert code == 1
    assert any("a file of the manifest is missing" in one["says"] for one in said["faults"])


def test_a_wrong_bundle_of_an_earlier_size_is_found(log: Side, tmp_path: Path) -> None:
    """Who read the log then was shown other entries."""
    folder = write(tmp_path, log)
    name = folder / "cases/tile/entries/001.p/44"
    name.write_bytes(name.read_bytes()[:-1] + b"!")
    made.manifest(folder, log)
    found([folder], "tree", 300, "tile/entries/001.p/44")


def test_an_entry_taken_out_of_its_bundle_is_named(tmp_path: Path) -> None:
    """The bundle is one short, or ends within an entry, or has one too many."""
    log = side(520, heads=HEADS)
    folder = write(tmp_path, log)
    name = folder / "cases/tile/entries/001"
    right = name.read_bytes()
    for wrong, position in (
        (right[: 130 * 13] + right[130 * 14 :], 270),
        (right[:-1], 512),
        (right + right[-130:], 513),
    ):
        name.write_bytes(wrong)
        code, said = ask(folder)
        assert code == 1
        assert said["first_bad"] == {"cases": [position, position]}
        assert any("does not hold 256 entries" in one["says"] for one in said["faults"])


def test_the_manifest_names_files_changed_missing_and_added(log: Side, tmp_path: Path) -> None:
    """Each by its path."""
    folder = write(tmp_path, log)
    (folder / "README.txt").write_text("other\n", "utf-8")
    found([folder], "manifest", None, "not the one of the manifest: README.txt")
    (folder / "README.txt").unlink()
    found([folder], "manifest", None, "missing: README.txt")
    (folder / "cases/more").write_text("more\n", "utf-8")
    found([folder], "manifest", None, "not in the manifest: cases/more")
    (folder / "manifest.json").write_text('{"format": 1}', "utf-8")
    found([folder], "manifest", None, "manifest.json is not in its form")
    (folder / "manifest.json").unlink()
    code, said = ask(folder)
    assert code == 0
    assert any("no manifest" in one for one in said["not_proved"])


def test_what_lies_behind_the_checkpoint_is_said(log: Side, tmp_path: Path) -> None:
    """A publisher killed before the checkpoint leaves more: no fault, and not hidden."""
    folder = write(tmp_path, log)
    made.put(folder / "cases/tile/0/002.p/9", b"?" * 288)
    made.manifest(folder, log)
    code, said = ask(folder)
    assert code == 0
    assert any("1 files say that belong to no tree" in one for one in said["not_proved"])


# --------------------------------------------------------------------------------------- signatures


def test_a_checkpoint_without_a_signature_or_with_another_keys(log: Side, tmp_path: Path) -> None:
    """Nobody's, another's, another's under the same name, and one that does not hold."""
    folder = write(tmp_path, log)
    name = folder / "cases/checkpoint"
    right = name.read_text("utf-8")
    text = right.split("\n\n")[0] + "\n"
    other = made.signature(log.origin(1), made.secret("other"), text)
    elsewhere = made.signature("example.org/x", log.key(1), text)
    bent = right[:-6] + ("A" if right[-6] != "A" else "B") + right[-5:]
    for wrong in (other, elsewhere):
        name.write_text(f"{text}\n{wrong}", "utf-8")
        found([folder, "--vkey", log.vkey], "signature", None, "no known key")
    for wrong in (text, f"{text}\n", bent, right.replace("\n520\n", "\n519\n")):
        name.write_text(wrong, "utf-8")
        assert ask(folder, "--vkey", log.vkey)[0] == 1
    name.write_text(right + other, "utf-8")
    made.manifest(folder, log)
    holds(folder, "--vkey", log.vkey)


def test_the_key_of_the_folder_is_not_the_one_you_have(log: Side, tmp_path: Path) -> None:
    """A folder signed throughout with another key holds in itself, and not with --vkey."""
    forged = side(20, seed="forger")
    folder = write(tmp_path, forged)
    holds(folder)
    found([folder, "--vkey", log.vkey], "signature", None, "no known key")
    renamed = side(20, base="example.org/other", seed="forger")
    folder = write(tmp_path / "renamed", renamed)
    found([folder, "--vkey", log.vkey], "signature", None, "none of the keys given")


def test_an_earlier_checkpoint_has_to_be_signed(log: Side, tmp_path: Path) -> None:
    """In heads/, as in any other place, and it has to be the one its name says."""
    folder = write(tmp_path, log)
    name = folder / "cases/heads/1/001"
    right = log.checkpoint(1, 300, log.leaves)
    unsigned = right.split("\n\n")[0] + "\n\n"
    for text, says in (
        (unsigned, "heads/1/001"),
        (log.checkpoint(1, 256, log.leaves), "of another place"),
        (log.checkpoint(2, 300, log.leaves), "of another place"),
    ):
        made.put(name, made.framed(text.encode()))
        made.manifest(folder, log)
        found([folder], "heads", None, says)
    made.put(name, made.framed(right.encode())[:-1])
    made.manifest(folder, log)
    found([folder], "heads", None, "do not end where it does")
    made.put(name, made.framed(right.encode()))
    made.manifest(folder, log)
    holds(folder)
    made.put(folder / "cases/heads/1/3000", right)
    made.manifest(folder, log)
    found([folder], "heads", None, "named otherwise")


def test_witnesses_have_to_be_a_quorum(tmp_path: Path) -> None:
    """Two of three, by the folder's policy or by one of your own."""
    keys = {f"witness.example/{i}": made.secret(f"w{i}") for i in range(3)}
    lines = [f"witness w{i} {made.vkey(n, k, 4)}" for i, (n, k) in enumerate(keys.items())]
    policy = "\n".join([*lines, "group g 2 w0 w1 w2", "quorum g", ""])
    cases = side(20, policy=policy, witnesses=dict(list(keys.items())[:2]))
    folder = write(tmp_path / "f", cases)
    assert any("the quorum of the policy" in one for one in holds(folder))
    (tmp_path / "all").write_text(
        f"log {cases.vkey}\n" + policy.replace("g 2", "g all").replace("w2 wit", "w2 wit"), "utf-8"
    )
    found([folder, "--policy", tmp_path / "all"], "witnesses", None, "not met")
    (tmp_path / "any").write_text(f"log {cases.vkey}\n" + policy.replace("g 2", "g any"), "utf-8")
    holds(folder, "--policy", tmp_path / "any")
    (tmp_path / "bad").write_text("quorum nobody\n", "utf-8")
    assert ask(folder, "--policy", tmp_path / "bad")[0] == 2
    cases.witnesses = dict(list(keys.items())[:1])
    found([write(tmp_path / "g", cases)], "witnesses", None, "not met")
    name = folder / "cases/checkpoint"
    text = name.read_text("utf-8")
    line = made.cosignature("witness.example/1", made.secret("w1"), text.split("\n\n")[0])
    name.write_text(text + line, "utf-8")
    assert ask(folder)[0] == 1


@pytest.mark.parametrize(
    "groups",
    [
        "group g any w0 w1\ngroup q 2 g w0 w2\nquorum q\n",  # w0 is a member of both
        "witness again {again}\ngroup q 2 w0 again w1 w2\nquorum q\n",  # and here its key is
    ],
)
def test_a_witness_counts_once_in_a_policy(tmp_path: Path, groups: str) -> None:
    """A quorum of two that one witness meets alone is no policy, as for the record itself."""
    keys = {f"witness.example/{i}": made.secret(f"w{i}") for i in range(3)}
    vkeys = [made.vkey(name, key, 4) for name, key in keys.items()]
    lines = "".join(f"witness w{i} {one}\n" for i, one in enumerate(vkeys))
    policy = lines + groups.format(again=vkeys[0])
    cases = side(20, policy=policy, witnesses=dict(list(keys.items())[:1]))
    assert ask(write(tmp_path / "f", cases))[0] != 0
    with pytest.raises(Malformed):
        read_policy(policy.encode())
