"""Checkpoints and cosignatures: the specification's examples, and what is refused."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.record.merkle import EMPTY_ROOT
from domain.record.proof.checkpoint import (
    CosignatureSigner,
    CosignatureVerifier,
    Head,
    checkpoint_text,
    cosigned,
    cosigned_at,
    open_checkpoint,
    read_checkpoint,
)
from domain.record.proof.note import Signer, read_note, sign
from domain.record.proof.strict import LARGEST, Malformed, Unproved

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
TEXT = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"
EXAMPLE = (
    f"{TEXT}\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q"
    "1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2o"
    "yin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
LOG = Signer("example.com/behind-the-sofa", bytes(32))
WITNESS = CosignatureSigner("witness.example.com/w1", bytes(range(32)), 1_679_315_147)


def test_the_example_of_the_specification_is_read() -> None:
    """The printed checkpoint is read field by field, and written as it was."""
    text, signatures = read_note(EXAMPLE.encode())
    head = read_checkpoint(text)
    assert head == Head("example.com/behind-the-sofa", 20852163, b64decode(ROOT))
    assert checkpoint_text(head) == text == TEXT
    assert [one.name for one in signatures] == [LOG.name, WITNESS.name]
    assert "".join(one.line for one in signatures) == EXAMPLE.partition("\n\n")[2]


def test_the_cosignature_of_the_example_has_its_time() -> None:
    """The time of the printed cosignature is the one that the printed message names."""
    _, (_, cosignature) = read_note(EXAMPLE.encode())
    assert cosigned_at(cosignature.payload) == 1679315147
    assert cosigned(TEXT, 1679315147) == f"cosignature/v1\ntime 1679315147\n{TEXT}".encode()


def test_a_cosigned_checkpoint_is_opened() -> None:
    """The log's signature and the witness's are both verified, each by its kind of key."""
    note = sign(TEXT, [LOG, WITNESS])
    head, opened = open_checkpoint(note, [LOG.verifier, WITNESS.verifier])
    assert (head.size, opened.names) == (20852163, (LOG.name, WITNESS.name))
    assert cosigned_at(opened.verified[1].payload) == WITNESS.time
    assert CosignatureVerifier.from_vkey(WITNESS.vkey) == WITNESS.verifier


def test_a_cosignature_is_of_its_time_and_text() -> None:
    """A cosignature whose time was changed, or that was put under another head, does not hold."""
    (cosignature,) = read_note(sign(TEXT, [WITNESS]))[1]
    later = replace(cosignature, payload=(1).to_bytes(8, "big") + cosignature.payload[8:])
    beyond = replace(cosignature, payload=b"\xff" * 8 + cosignature.payload[8:])
    short = replace(cosignature, payload=cosignature.payload[:8])
    for spoilt in (later, beyond, short):
        note = sign(TEXT, [LOG], already=[spoilt])
        with pytest.raises(Unproved, match="w1 does not fit"):
            open_checkpoint(note, [LOG.verifier, WITNESS.verifier])
    moved = sign(TEXT.replace("20852163", "20852164"), [LOG], already=[cosignature])
    with pytest.raises(Unproved, match="w1 does not fit"):
        open_checkpoint(moved, [LOG.verifier, WITNESS.verifier])


def test_a_note_signature_is_no_cosignature() -> None:
    """One key has another number for each kind, so a signature is never taken for the other."""
    plain = Signer(WITNESS.name, WITNESS.seed)
    assert plain.verifier.public == WITNESS.verifier.public
    assert plain.key_id != WITNESS.key_id
    with pytest.raises(Unproved, match="nobody"):
        open_checkpoint(sign(TEXT, [plain]), [WITNESS.verifier])
    with pytest.raises(Malformed, match="not a cosigner"):
        CosignatureVerifier.from_vkey(plain.vkey)


def test_a_witness_signs_checkpoints_only_and_at_a_time() -> None:
    """Anything that is not a checkpoint is not cosigned, nor is one without a time."""
    with pytest.raises(Malformed, match="fewer than 3 lines"):
        WITNESS.sign(b"hello\n")
    for time in (0, -1, LARGEST + 1):
        with pytest.raises(Malformed, match="time"):
            replace(WITNESS, time=time)
    with pytest.raises(Malformed, match="too short"):
        cosigned_at(bytes(8))
    with pytest.raises(Malformed, match="space or a plus"):
        replace(WITNESS, name="a witness")
    with pytest.raises(Malformed, match="space or a plus"):
        CosignatureVerifier("a witness", bytes(32))
    last = replace(WITNESS, time=LARGEST)
    assert last.verifier.verify(TEXT.encode(), last.sign(TEXT.encode()))
    assert "\\x01\\x02" not in repr(WITNESS)


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    st.integers(1, LARGEST),
    st.binary(min_size=32, max_size=32),
)
def test_a_head_is_read_as_it_was_written(origin: str, size: int, root: bytes) -> None:
    """Any head that can be is written and read again the same."""
    head = Head(origin, size, root, ("an extension", "and another"))
    assert read_checkpoint(checkpoint_text(head)) == head


def test_an_empty_tree_has_the_empty_root() -> None:
    """A head of no leaves has the hash of nothing, and no other."""
    head = Head("a.example", 0, EMPTY_ROOT)
    assert read_checkpoint(checkpoint_text(head)) == head
    with pytest.raises(Malformed, match="empty tree"):
        Head("a.example", 0, bytes(32))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "does not end in a newline"),
        (TEXT[:-1], "does not end in a newline"),
        ("a.example\n1\n", "fewer than 3 lines"),
        (f"\n1\n{ROOT}\n", "the origin of the checkpoint is empty"),
        (f"a\x01\n1\n{ROOT}\n", "control character"),
        (f"a.example\n01\n{ROOT}\n", "leading zeros"),
        (f"a.example\n00\n{ROOT}\n", "leading zeros"),
        (f"a.example\n-1\n{ROOT}\n", "not a decimal"),
        (f"a.example\n+1\n{ROOT}\n", "not a decimal"),
        (f"a.example\n 1\n{ROOT}\n", "not a decimal"),
        (f"a.example\n1_0\n{ROOT}\n", "not a decimal"),
        (f"a.example\n٣\n{ROOT}\n", "not a decimal"),
        (f"a.example\n\n{ROOT}\n", "not a decimal"),
        (f"a.example\n0x1\n{ROOT}\n", "not a decimal"),
        (f"a.example\n{2**63}\n{ROOT}\n", "more than 9223372036854775807"),
        (f"a.example\n{'9' * 5000}\n{ROOT}\n", "more than 9223372036854775807"),
        (f"a.example\n0\n{ROOT}\n", "empty tree"),
        ("a.example\n1\nnot base64\n", "root of the checkpoint is not base64"),
        (f"a.example\n1\n{ROOT[:-1]}\n", "not base64"),
        (f"a.example\n1\n{ROOT.replace('I=', 'J=')}\n", "bits or padding"),
        (f"a.example\n1\n{b64encode(bytes(31)).decode()}\n", "31 bytes, not 32"),
        (f"a.example\n1\n{ROOT}\n\n", "an extension of the checkpoint is empty"),
    ],
)
def test_a_malformed_checkpoint_is_refused(text: str, words: str) -> None:
    """What is not a checkpoint is refused in words that say why."""
    with pytest.raises(Malformed, match=words):
        read_checkpoint(text)


@pytest.mark.parametrize(
    "head",
    [
        ("", 1, bytes(32)),
        ("two\nlines", 1, bytes(32)),
        ("a.example", -1, bytes(32)),
        ("a.example", 2**63, bytes(32)),
        ("a.example", 1, bytes(33)),
    ],
)
def test_a_head_that_cannot_be_is_not_made(head: tuple[str, int, bytes]) -> None:
    """A head that no checkpoint could be read as is not made."""
    with pytest.raises(Malformed):
        Head(*head)
