"""The stand-alone verifier: honest folders hold, and what was not proved is said."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.record.proof.standalone import verify
from tests.record.proof import standalone_folder as made
from tests.record.proof.standalone_asked import HEADS, ask, found, holds
from tests.record.proof.standalone_folder import Side, side, write

HERE = Path(verify.__file__ or "")


@pytest.fixture
def log() -> Side:
    """A log of 520 entries with contents, and a few checkpoints."""
    return side(520, contents=True, heads=HEADS)


# ------------------------------------------------------------------------------------------- honest


@settings(max_examples=25)
@given(
    size=st.one_of(st.integers(0, 700), st.sampled_from([0, 1, 255, 256, 257, 511, 512, 513])),
    data=st.data(),
)
def test_honest_folders_hold(size: int, data: st.DataObject) -> None:
    """Whatever the size, the checkpoints and the incarnations: nothing is found."""
    inner = sorted(data.draw(st.sets(st.integers(0, size), max_size=4)))
    cut = data.draw(st.sampled_from([None, *inner]))
    heads = [(1 if cut is None or one <= cut else 2, one) for one in [*inner, size]]
    continued = {} if cut is None else {2: cut}
    contents = data.draw(st.booleans())
    cases = side(size, contents=contents, heads=heads, continued=continued)
    readings = side(3, name="readings", contents=contents)
    with TemporaryDirectory() as name:
        folder = write(Path(name) / "f", cases, readings)
        holds(folder)
        holds(folder, "--vkey", cases.vkey, "--vkey", readings.vkey)
        holds(folder, "--log", "readings", "--vkey", readings.vkey)


def test_a_tree_of_three_levels_holds(tmp_path: Path) -> None:
    """65,537 entries: a full tile of level 1, and one hash in level 2."""
    big = side(65_537, heads=[(1, 65_535), (1, 65_536), (1, 65_537)])
    write(tmp_path, big)
    assert (tmp_path / "cases/tile/2/000.p/1").stat().st_size == 32
    assert any("65537 entries hash to the root" in one for one in holds(tmp_path))
    data = bytearray((tmp_path / "cases/tile/1/000").read_bytes())
    data[32 * 200] ^= 1
    (tmp_path / "cases/tile/1/000").write_bytes(data)
    made.manifest(tmp_path, big)
    found([tmp_path], "tree", 200 * 256 + 1, "tile/1/000")


def test_what_is_not_proved_is_said(tmp_path: Path) -> None:
    """Where the key came from, what nobody can prove, and what more a kept head would prove."""
    cases = side(5)
    write(tmp_path / "f", cases)
    shutil.copy(tmp_path / "f/cases/checkpoint", tmp_path / "kept")
    _, said = ask(tmp_path / "f")
    told = "\n".join(said["not_proved"])
    for words in ("taken from the folder", cases.vkey, "never was leaves no trace", "is true"):
        assert words in told
    _, said = ask(tmp_path / "f", "--vkey", cases.vkey, "--head", tmp_path / "kept")
    told = "\n".join(said["not_proved"])
    assert "taken from the folder" not in told
    assert "kept elsewhere" not in told


# ------------------------------------------------------------------------- receipts, time, contents


def test_a_receipt_holds_for_its_entry_alone(log: Side, tmp_path: Path) -> None:
    """With the folder or without, for the entry it was given for, at its place."""
    folder = write(tmp_path / "f", log)
    (tmp_path / "r").write_text(log.receipt(269, 300), "utf-8")
    (tmp_path / "e").write_bytes(log.raw[269])
    (tmp_path / "other").write_bytes(log.raw[270])
    words: list[object] = ["--vkey", log.vkey, "--receipt", tmp_path / "r", "--entry"]
    assert any("position 270 of the 300" in one for one in holds(*words, tmp_path / "e"))
    holds(folder, *words, tmp_path / "e")
    holds(folder, *words[2:], tmp_path / "e")
    found([*words, tmp_path / "other"], "receipt", None, "not the one it was given for")
    new = write(tmp_path / "new", made.forked(log))
    found([new, *words, tmp_path / "e"], "heads", 1, "one of 1 to 300")
    steps = log.receipt(269, 300).split("\n")
    (tmp_path / "r").write_text("\n".join(steps[:3] + steps[4:]), "utf-8")
    found([*words, tmp_path / "e"], "receipt", None)


def tsa(folder: Path) -> None:
    """Make a time-stamping authority of our own."""
    (folder / "tsa.cnf").write_text(
        "[req]\ndistinguished_name=dn\n[dn]\n[tsa]\nextendedKeyUsage=critical,timeStamping\n"
        "[conf]\nserial=serial\ncrypto_device=builtin\nsigner_digest=sha256\n"
        "default_policy=1.2.3.4\ndigests=sha256\naccuracy=secs:1\ness_cert_id_alg=sha256\n",
        "utf-8",
    )
    (folder / "serial").write_text("01\n", "utf-8")
    for line in (
        "req -x509 -newkey rsa:2048 -nodes -subj /CN=ca -keyout ca.key -out ca.pem -days 2",
        "req -newkey rsa:2048 -nodes -subj /CN=tsa -keyout tsa.key -out tsa.csr -config tsa.cnf",
        (
            "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2"
            " -extfile tsa.cnf -extensions tsa -out tsa.pem"
        ),
    ):
        subprocess.run(["openssl", *line.split()], cwd=folder, check=True, capture_output=True)


def stamp(folder: Path, data: Path, to: Path) -> None:
    """Have a file time-stamped."""
    for line in (
        f"ts -query -data {data} -sha256 -cert -out q.tsq",
        (
            f"ts -reply -config tsa.cnf -section conf -queryfile q.tsq -signer tsa.pem"
            f" -inkey tsa.key -out {to}"
        ),
    ):
        subprocess.run(["openssl", *line.split()], cwd=folder, check=True, capture_output=True)


def test_time_stamps_hold(log: Side, tmp_path: Path) -> None:
    """By openssl, over the bytes of the checkpoint named, under the root certificate given."""
    folder = write(tmp_path / "f", log)
    tsa(tmp_path)
    anchors = folder / "cases/anchors"
    made.put(anchors / "1/300", log.checkpoint(1, 300, log.leaves))
    made.put(anchors / "tsa.pem", (tmp_path / "tsa.pem").read_bytes())
    stamp(tmp_path, anchors / "1/300", anchors / "1/300.tsr")
    made.manifest(folder, log)
    proved = holds(folder, "--tsa-ca", tmp_path / "ca.pem")
    assert any("1 time-stamps hold: entries 1 to 300" in one for one in proved)
    assert any("--tsa-ca" in one for one in ask(folder)[1]["not_proved"])
    tsa(tmp_path)
    found([folder, "--tsa-ca", tmp_path / "ca.pem"], "anchors", None, "refuses")
    for other, says in (
        (log.checkpoint(1, 256, log.leaves), "of another place"),
        (made.forked(log).checkpoint(1, 300, made.forked(log).leaves), "signed for"),
    ):
        (anchors / "1/300").write_text(other, "utf-8")
        code, said = ask(folder, "--tsa-ca", tmp_path / "ca.pem")
        assert code == 1
        assert any(says in one["says"] for one in said["faults"])
    (anchors / "1/300").write_text(log.checkpoint(1, 300, log.leaves), "utf-8")
    (anchors / "1/300.tsr").write_bytes(b"\x30\x80nothing")
    found([folder, "--tsa-ca", tmp_path / "ca.pem"], "anchors", None, "no time-stamp")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"kind"', ' "kind"', "canonical"),
        ('"number":269', '"number":269.0', "not in its form"),
        ('"number":269', '"number":269,"number":269', "canonical"),
        ('"binds"', '"bonds"', "a passage is not in its form"),
        ("/notes/0/text", "/notes/1/text", "for another place"),
        ('"data"', '"date"', "salt"),
    ],
)
def test_contents_have_their_form(tmp_path: Path, old: str, new: str, says: str) -> None:
    """Even where the entry commits to them: canonical, sealed for their place, bound to a key."""
    some = made.entries(300)
    some[269].payload = some[269].payload.replace(old.encode(), new.encode())
    texts = [(one.header, one.payload) for one in some]
    folder = write(tmp_path, Side(raw=[one.packed() for one in some], contents=texts))
    found([folder], "contents", 270, says)


def test_commands_are_whole(tmp_path: Path) -> None:
    """Their events stand together, as many as the first says."""
    some = made.entries(300)
    some[269].header = some[271].header
    folder = write(
        tmp_path,
        Side(raw=[e.packed() for e in some], contents=[(e.header, e.payload) for e in some]),
    )
    found([folder], "contents", 270, "does not follow its command")


# ------------------------------------------------------------------------------------ at an address


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_words: object) -> None:
        """Be silent."""


class Elsewhere(BaseHTTPRequestHandler):
    """Sends everybody to another host."""

    def do_GET(self) -> None:
        """Redirect."""
        self.send_response(302)
        self.send_header("Location", "http://localhost:1/manifest.json")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Be silent."""


@contextmanager
def served(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve on a port of this machine."""
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_address_is_verified_like_a_folder(log: Side, tmp_path: Path) -> None:
    """Files are fetched; another host is not followed."""
    folder = write(tmp_path, log)
    with served(partial(Quiet, directory=str(folder))) as address:
        assert any("4 checkpoints" in one for one in holds(address, "--vkey", log.vkey))
        (folder / "cases/tile/0/000").write_bytes(bytes(8192))
        found([address], "tree", 1, "tile/0/000")
    with served(Elsewhere) as address:
        code, said = ask(address)
        assert code == 2
        assert "elsewhere" in said["verdict"]


# -------------------------------------------------------------------------------------- stand-alone


def test_it_stands_alone() -> None:
    """Python 3.9, the standard library and cryptography: nothing of ours."""
    text = HERE.read_text("utf-8")
    tree = ast.parse(text, feature_version=(3, 9))
    names = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
            if isinstance(node, ast.ImportFrom) and not node.level
            else ["."]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert names - set(sys.stdlib_module_names) == {"cryptography"}
    assert max(map(len, text.splitlines())) <= 120
    assert [one.name for one in HERE.parent.iterdir() if one.suffix == ".py"] == ["verify.py"]


def test_it_runs_as_a_copied_file(log: Side, tmp_path: Path) -> None:
    """Copied to an export and run by itself, it says the same in words."""
    shutil.copy(HERE, tmp_path / "verify.py")
    folder = write(tmp_path / "f", log)
    words = [sys.executable, "-I", str(tmp_path / "verify.py"), str(folder)]
    told = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("PROVED")
    assert "\nProved:\n" in told.stdout
    assert "\nNot proved:\n" in told.stdout
    (folder / "cases/tile/0/001").write_bytes(b"")
    told = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/")
    assert (told.returncode, told.stderr) == (1, "")
    assert told.stdout.startswith("DOES NOT HOLD")
    assert "first bad position in cases: 257" in told.stdout
