"""The stand-alone verifier, given what is no proof at all: an answer, and never a traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.record.proof.standalone import verify
from tests.record.proof import standalone_folder as made
from tests.record.proof.standalone_asked import HEADS, ask, found
from tests.record.proof.standalone_folder import Side, side, write


@pytest.fixture
def log() -> Side:
    """A log of 520 entries with contents, and a few checkpoints."""
    return side(520, contents=True, heads=HEADS)


def test_links_and_paths_out_of_the_folder_are_refused(log: Side, tmp_path: Path) -> None:
    """A link is not followed, and a path of the manifest does not lead out."""
    folder = write(tmp_path / "f", log)
    name = folder / "cases/tile/0/001"
    (tmp_path / "out").write_bytes(name.read_bytes())
    name.unlink()
    name.symlink_to(tmp_path / "out")
    found([folder], "tree", 257, "by a link")
    folder = write(tmp_path / "g", log)
    said = json.loads((folder / "manifest.json").read_text("utf-8"))
    for path in ("../out", "/etc/passwd", "cases/../../out", "a\x00b"):
        said["files"] = {path: "0" * 64}
        (folder / "manifest.json").write_text(json.dumps(said), "utf-8")
        code, told = ask(folder)
        assert code == 1
        assert "passwd is" not in json.dumps(told)


HOSTILE = [
    b"", b"\n", b"\xff\xfe\x00", b"[" * 100_000, b'{"a":' * 50_000, b"\xff" * 40_000, b"\x00" * 9,
    b"9" * 5000, b"\x1b[2J\n\n\xe2\x80\x94 a b\n", b"a\n9223372036854775807\nAAAA\n\n", b"\n\n",
]  # fmt: skip


@settings(max_examples=60)
@given(data=st.data())
def test_no_folder_crashes_it(data: st.DataObject) -> None:
    """Whatever stands in its files: an answer, an exit code, and never a traceback."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "f"
        shutil.copytree(hostile_template(), folder)
        files = sorted(one for one in folder.rglob("*") if one.is_file())
        for _ in range(data.draw(st.integers(1, 3))):
            file = data.draw(st.sampled_from(files))
            raw = file.read_bytes()
            at = data.draw(st.integers(0, len(raw)))
            match data.draw(st.sampled_from(["cut", "put", "whole", "flip"])):
                case "cut":
                    raw = raw[:at]
                case "put":
                    raw = raw[:at] + data.draw(st.binary(max_size=8)) + raw[at:]
                case "flip":
                    raw = raw[:at] + bytes(b ^ 0x80 for b in raw[at : at + 1]) + raw[at + 1 :]
                case _:
                    raw = data.draw(st.sampled_from(HOSTILE))
            file.write_bytes(raw)
        code, _ = ask(folder)
        assert code in {0, 1, 2}
        (folder / "manifest.json").unlink()
        ask(folder)


_TEMPLATE: list[TemporaryDirectory[str]] = []


def hostile_template() -> Path:
    """Make the folder that is bent, once."""
    if not _TEMPLATE:
        _TEMPLATE.append(TemporaryDirectory())
        cases = side(260, contents=True, heads=[(1, 5), (2, 257)], continued={2: 7})
        write(Path(_TEMPLATE[0].name) / "f", cases, side(2, name="readings", contents=True))
    return Path(_TEMPLATE[0].name) / "f"


@given(st.binary(max_size=400))
def test_no_file_of_your_own_crashes_it(raw: bytes) -> None:
    """A head, receipt, entry or policy that is none: exit 2, or 1."""
    with TemporaryDirectory() as name:
        (Path(name) / "x").write_bytes(raw)
        for option in ("--head", "--policy", "--tsa-ca"):
            assert ask(hostile_template(), option, Path(name) / "x")[0] in {0, 1, 2}
        ask(hostile_template(), "--receipt", Path(name) / "x", "--entry", Path(name) / "x")


def test_what_cannot_be_read_is_exit_2(tmp_path: Path, log: Side) -> None:
    """No folder, nothing in it, another scheme, no such file, a key of no log."""
    for words in (
        [tmp_path / "none"],
        [tmp_path],
        ["ftp://example.org/x"],
        ["file:///etc"],
        ["http://127.0.0.1:9/x"],
        [hostile_template(), "--head", tmp_path / "none"],
        [hostile_template(), "--vkey", "a+b+c"],
    ):
        assert ask(*words)[0] == 2
    stranger = made.vkey("example.org/x", log.key(1))
    found([hostile_template(), "--vkey", stranger], "signature", None, "of no log here")
    with pytest.raises(SystemExit) as usage:
        verify.main(["--receipt", "x"])
    assert usage.value.code == 2
