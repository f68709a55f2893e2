"""The key that signs the heads of a log: one secret, under a name for each origin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.record.proof.checkpoint import Head, checkpoint_text
from domain.record.proof.lives import beginning
from domain.record.proof.note import Signer, sign


@dataclass(frozen=True, slots=True)
class HeadSigner:
    """Signs the heads of one origin, whose name the key bears."""

    signer: Signer

    @property
    def vkey(self) -> str:
        """The public half as it is handed to others."""
        return self.signer.vkey

    def head(self, size: int, root: bytes) -> bytes:
        """The checkpoint of a tree of `size` leaves with that root, signed."""
        return sign(checkpoint_text(Head(self.signer.name, size, root)), [self.signer])

    def begins(self, continued: tuple[str, int, bytes], began_us: int) -> bytes:
        """What a life of this origin begins with that goes on from a head: a signed note."""
        return sign(beginning(self.signer.name, continued, began_us), [self.signer])


def head_signers(seed: bytes) -> Callable[[str], HeadSigner]:
    """The signer for each origin, of one secret of 32 bytes."""
    return lambda origin: HeadSigner(Signer(origin, seed))
