"""The stand-alone verifier says the same of a restored record from a folder and an address."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.record.proof.standalone_asked import ask, found, holds
from tests.record.proof.standalone_folder import Side, put, secret, side, signature, vkey, write
from tests.record.proof.test_standalone import served

WITNESS = "witness.example/w"
QUORUM = f"witness w {vkey(WITNESS, secret('w'), 4)}\nquorum w\n"


class OneKey(Side):
    """A log whose incarnations are signed by one key, under a name for each."""

    def key(self, incarnation: int) -> Ed25519PrivateKey:
        """Its key, of whichever incarnation."""
        assert incarnation
        return secret("one")


def restored(folder: Path, heads: list[tuple[int, int]]) -> OneKey:
    """Write a log that was restored at 256 entries, as it is published: without a manifest."""
    log = OneKey(raw=side(520).raw, heads=heads, continued={2: 256})
    log.write(folder)
    before = (folder / "cases/continued/2").read_text()
    text = f"{before}goes on as {log.origin(2)} since 2026-11-02T09:00:00Z\n"
    put(folder / "cases/continued/2", f"{text}\n{signature(log.origin(2), log.key(2), text)}")
    return log


@pytest.mark.parametrize("heads", [[(1, 256), (1, 300)], [(1, 256)]])
def test_an_address_refutes_what_the_folder_does(
    tmp_path: Path, heads: list[tuple[int, int]]
) -> None:
    """Where no manifest says which heads lie there, those are asked for that may be."""
    restored(tmp_path, heads)
    folder = ask(tmp_path)
    with served(partial(SimpleHTTPRequestHandler, directory=str(tmp_path))) as url:
        address = ask(url)
    assert (address[0], address[1]["amiss"]) == (folder[0], folder[1]["amiss"])
    behind = [
        "those at positions 257 to 300 may be gone or others" in one for one in folder[1]["amiss"]
    ]
    assert (folder[0], behind) == ((7, [True]) if len(heads) > 1 else (0, []))
    for _, said in (folder, address):
        told = "incarnation 2 goes on since 2026-11-02T09:00:00Z from 256 entries"
        assert any(one.endswith(told) for one in said["not_proved"])


@pytest.mark.parametrize("spoil", [lambda text: text.replace("T09", "T10"), lambda text: text[:-6]])
def test_a_restoring_is_signed(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    """From where and since when an incarnation goes on was signed by its key."""
    restored(tmp_path, [(1, 256)])
    name = tmp_path / "cases/continued/2"
    name.write_text(spoil(name.read_text()))
    assert ask(tmp_path)[0] == 1


def test_a_key_of_the_incarnation_before_is_told_from_a_strangers(tmp_path: Path) -> None:
    """Who has the key of the first incarnation hears that the same one signs as another by now."""
    log = restored(tmp_path, [(1, 256)])
    mine = vkey(log.origin(1), log.key(1))
    words = ("another incarnation, under the same public key, that goes on from 256 entries",)
    found([tmp_path, "--vkey", mine], "signature", None, *words, log.vkey)
    assert holds(tmp_path, "--vkey", mine, "--vkey", log.vkey)


@pytest.mark.parametrize(("unwitnessed", "code"), [(set(), 0), ({256}, 7)])
def test_a_quorum_answers_for_what_went_before_a_restoring(
    tmp_path: Path, unwitnessed: set[int], code: int
) -> None:
    """A witness knows nothing of the origin before: the head gone on from has its word, or not."""
    log = side(520, heads=[(1, 256), (2, 520)], policy=QUORUM, witnesses={WITNESS: secret("w")})
    log.continued, log.unwitnessed = {2: 256}, unwitnessed
    folder, policy = write(tmp_path / "f", log), tmp_path / "policy"
    policy.write_text(QUORUM)
    answered, said = ask(folder, "--policy", policy)
    assert answered == code
    words = ["a witness knows nothing of it" in one for one in said["amiss"]]
    assert words == [True] * bool(code)
