"""Receipts: what is read, what is refused, what is proved."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.record.merkle import leaf_hash
from domain.record.proof.checkpoint import CosignatureSigner, Head, checkpoint_text
from domain.record.proof.note import Signer, sign
from domain.record.proof.policy import Policy, PolicyLog, Witness
from domain.record.proof.receipt import (
    EXTRA_BYTES,
    Receipt,
    read_receipt,
    receipt_text,
    verify_receipt,
)
from domain.record.proof.strict import Malformed, Unproved
from tests.record.proof.naive import mth, path

LOG = Signer("log.example/cases/1", bytes(32))
WITNESS = CosignatureSigner("w.example", bytes([1]) * 32, 1_700_000_000)
TRUSTING = Policy(logs=(PolicyLog(LOG.verifier),), quorum=None)
STRICT = Policy(
    logs=TRUSTING.logs, witnesses=(Witness("w", WITNESS.verifier),), quorum="w"
)  # the witness has to have cosigned
# The specification's sample: its base64 is cut with dots in places, so only its shape is here.
ENTRIES = [b"entry %d" % n for n in range(100)]


def made(index: int, size: int, *, extra: bytes | None = None, witness: bool = False) -> Receipt:
    """Make a receipt of an entry in the tree of the first `size`."""
    leaves = [leaf_hash(entry) for entry in ENTRIES[:size]]
    text = checkpoint_text(Head(LOG.name, size, mth(leaves)))
    note = sign(text, [LOG, WITNESS] if witness else [LOG])
    return Receipt(index, tuple(path(index, leaves)), note, extra)


@given(st.integers(1, len(ENTRIES)), st.data())
def test_a_receipt_proves_its_entry_and_no_other(size: int, data: st.DataObject) -> None:
    """A receipt written and read again proves the entry it was made for, and no other."""
    index = data.draw(st.integers(0, size - 1))
    receipt = read_receipt(receipt_text(made(index, size, extra=b"who knows")))
    assert receipt == made(index, size, extra=b"who knows")
    assert verify_receipt(receipt, ENTRIES[index], TRUSTING).size == size
    with pytest.raises(Unproved, match=f"index {index} of the tree"):
        verify_receipt(receipt, ENTRIES[index] + b"!", TRUSTING)
    if size > 1:
        other = replace(receipt, index=(index + 1) % size)
        with pytest.raises(Unproved, match=r"does not fit its tree|is not the one at"):
            verify_receipt(other, ENTRIES[index], TRUSTING)
        with pytest.raises(Unproved, match="too short"):
            verify_receipt(replace(receipt, path=receipt.path[:-1]), ENTRIES[index], TRUSTING)
    long = replace(receipt, path=(*receipt.path, bytes(32)))
    with pytest.raises(Unproved, match="too long"):
        verify_receipt(long, ENTRIES[index], TRUSTING)


def test_the_form_is_the_specified_one() -> None:
    """The lines of a receipt are those of the specification's sample, in their order."""
    receipt = made(4, 7, extra=b"extra", witness=True)
    lines = receipt_text(receipt).decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra ZXh0cmE=", "index 4"]
    assert lines[3:6] == [b64encode(step).decode() for step in receipt.path]
    assert lines[6:9] == ["", LOG.name, "7"]
    assert receipt_text(receipt).endswith(receipt.checkpoint)
    assert read_receipt(receipt_text(made(4, 7))) == made(4, 7)
    assert read_receipt(receipt_text(made(4, 7, extra=b"x"))).extra == b"x"
    alone = receipt_text(made(0, 1)).decode()
    assert alone.startswith(f"c2sp.org/tlog-proof@v1\nindex 0\n\n{LOG.name}\n1\n")


def test_the_policy_decides_whose_signature_counts() -> None:
    """A checkpoint that the quorum did not cosign, or that a stranger signed, proves nothing."""
    assert verify_receipt(made(3, 9, witness=True), ENTRIES[3], STRICT).size == 9
    with pytest.raises(Unproved, match="quorum of w is not met"):
        verify_receipt(made(3, 9), ENTRIES[3], STRICT)
    stranger = Policy(logs=(PolicyLog(Signer(LOG.name, bytes([5]) * 32).verifier),), quorum=None)
    with pytest.raises(Unproved, match="nobody whose key was given"):
        verify_receipt(made(3, 9), ENTRIES[3], stranger)
    nobody = Policy(quorum=None)
    assert verify_receipt(made(3, 9), ENTRIES[3], nobody, logs=[LOG.verifier]).size == 9


GOOD = receipt_text(made(4, 7, extra=b"extra")).decode()
STEP = GOOD.split("\n")[3]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no empty line"),
        (GOOD.replace("@v1", "@v2"), "does not begin with"),
        ("\n" + GOOD, "does not begin with|no signature|not say"),
        (GOOD.replace("index 4\n", ""), "does not say which entry"),
        ("c2sp.org/tlog-proof@v1\n\n" + GOOD.partition("\n\n")[2], "does not say which entry"),
        (GOOD.replace("index 4", "index  4"), "not a decimal"),
        (GOOD.replace("index 4", "index 04"), "leading zeros"),
        (GOOD.replace("index 4", "index -4"), "not a decimal"),
        (GOOD.replace("index 4", "index 7"), "a tree without that entry"),
        (GOOD.replace("index 4", f"index {2**63}"), "more than"),
        (GOOD.replace("index 4", "Index 4"), "does not say which entry"),
        (GOOD.replace("extra ZXh0cmE=", "extra ZXh0cmE"), "not base64"),
        (GOOD.replace("extra ZXh0cmE=", "extra ZXh0cmF="), "bits or padding"),
        (GOOD.replace("extra ZXh0cmE=", "extra "), "or not there"),
        (GOOD.replace("extra ZXh0cmE=\n", "extra ZXh0cmE=\nextra ZXh0cmE=\n"), "not say which"),
        (GOOD.replace("extra ZXh0cmE=\nindex 4", "index 4\nextra ZXh0cmE="), "not base64"),
        (GOOD.replace(STEP, STEP[:-4]), "not base64|bytes, not 32"),
        (GOOD.replace(STEP, b64encode(bytes(33)).decode()), "33 bytes, not 32"),
        (GOOD.replace(STEP, f"{STEP}\n" * 64 + STEP), "more than 63 steps"),
        (GOOD.replace(STEP, f"{STEP}\n"), "no signature|fewer than|not a decimal"),
        (GOOD.replace("\n", "\r\n"), "control character"),
        (GOOD[:-1], "does not end in a newline"),
        (GOOD.partition("\n\n")[0] + "\n\n", "no empty line"),
    ],
)
def test_a_malformed_receipt_is_refused(text: str, words: str) -> None:
    """What is not a receipt is refused in words that say why."""
    with pytest.raises(Malformed, match=words):
        read_receipt(text.encode())


def test_what_cannot_be_a_receipt_is_not_made() -> None:
    """An index, a step or an addition that no receipt can hold is refused when it is made."""
    good = made(4, 7)
    for change in (
        {"index": -1},
        {"path": (bytes(31),)},
        {"extra": b""},
        {"extra": bytes(EXTRA_BYTES + 1)},
        {"checkpoint": b"nothing"},
    ):
        with pytest.raises(Malformed):
            replace(good, **change)
    most = replace(good, extra=bytes(EXTRA_BYTES))
    assert read_receipt(receipt_text(most)) == most


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_changed_byte_never_proves_another_entry(place: int, byte: int) -> None:
    """Whatever byte of a receipt is changed, it proves its own entry or nothing, and says so."""
    raw = bytearray(GOOD.encode())
    raw[place] = byte
    try:
        receipt = read_receipt(bytes(raw))
        head = verify_receipt(receipt, ENTRIES[4], TRUSTING)
    except (Malformed, Unproved):
        return
    assert (receipt.index, head) == (4, verify_receipt(made(4, 7), ENTRIES[4], TRUSTING))
