"""Asking a witness to cosign a head (c2sp.org/tlog-witness v1.0.0): what is sent, what comes back.

A witness keeps the last head it saw of a log and cosigns only what goes on from that: with its key
in a policy's quorum, whoever holds the log's own key can show nobody a shorter tree, or another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from domain.record.proof.note import Signature, open_note
from domain.record.proof.policy import Witness
from domain.record.proof.strict import Malformed, Unproved, Wrong, b64, number

PATH: Final = "add-checkpoint"
ANSWER_BYTES: Final = 100_000
_MOST_HASHES: Final = 63
_OK, _CONFLICT, _INCONSISTENT = 200, 409, 422
Ask = Callable[[bytes], tuple[int, bytes]]  # the body of a request -> status and body of the answer


class Elsewhere(Wrong):
    """A witness knows a tree that this log does not go on from: it was cut off, or forked."""


def request(old: int, path: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The body that asks for a cosignature.

    Args:
        old: the size of the last head that the witness is thought to know, 0 for none.
        path: that the tree goes on from that size, hashes of 32 bytes.
        checkpoint: signed by the log.
    """
    if len(path) > _MOST_HASHES:
        raise Malformed(f"a consistency proof has more than {_MOST_HASHES} hashes")
    lines = [f"old {old}", *map(b64, path), ""]
    return "".join(f"{line}\n" for line in lines).encode("ascii") + checkpoint


def cosignature(
    witness: Witness,
    ask: Ask,
    checkpoint: bytes,
    size: int,
    *,
    old: int,
    consistency: Callable[[int], Sequence[bytes]],
) -> Signature:
    """Have a head cosigned.

    Args:
        witness: whose signature is wanted.
        ask: sends it the body of a request.
        checkpoint: of `size` entries, signed by the log.
        size: of the tree.
        old: the size that the witness cosigned last, as far as we know.
        consistency: the proof that the tree goes on from an older size.

    Raises:
        Elsewhere: the witness knows a larger tree of this log, or another of a size we have.
        Unproved: it does not sign, or another signed.
        Malformed: its answer is not in form.
    """
    status, body = ask(request(old, consistency(old), checkpoint))
    if status == _CONFLICT:
        known = number(body.decode("ascii", "replace").removesuffix("\n"), "the witness's size")
        if known > size:
            raise Elsewhere(
                f"the witness {witness.name} cosigned a tree of {known} entries, and there are "
                f"{size} here: the log was cut off, or an older state was put back"
            )
        old = known  # somebody asked in our place, or an answer of its was lost
        status, body = ask(request(old, consistency(old), checkpoint))
    if status == _INCONSISTENT:
        raise Elsewhere(
            f"the witness {witness.name} knows another tree of {old} entries than this log had: it "
            "was rewritten or forked"
        )
    if status != _OK:
        raise Unproved(f"the witness {witness.name} answered {status}")
    note = open_note(checkpoint + body, [witness.verifier])
    return note.verified[0]
