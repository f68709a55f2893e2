"""What was opened together and is soon asked again, sealed anew in this process's memory.

Each figure of a return rests on what is told of the same tens of thousands of people, and whoever
reads one figure reads the next. What was opened for one is remembered as rows of the keyring are
kept: sealed under the wrapping key of the epoch, which every forgetting destroys. So once
anything is forgotten, by whichever process, nothing is remembered any more. A passage that lies
there otherwise since is opened anew, and found out. It is written nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, TypeAlias

import orjson
from psycopg_pool import ConnectionPool

from domain.record.wrapping import Entropy, WrappingKeys, unwrap, wrap
from domain.refusal import Corrupt

LEAST: Final = 1_000  # passages asked together; of fewer it does not pay to remember any
_MOST: Final = 400_000  # passages
Said: TypeAlias = Sequence[Any]  # what a passage says, and the mark of the form it had (`mark`)
_PLACE: Final = b"holdfast/remembered/v1\n"


@dataclass(frozen=True, slots=True)
class _Held:
    epoch: int
    numbers: frozenset[str]
    sealed: bytes


def mark(sealed: Mapping[str, Any]) -> int:
    """Tells a passage as it lies sealed from itself altered since; of this process alone.

    By Python's own hash of texts, whose key nobody outside the process has. Raises Corrupt.
    """
    try:
        return hash((sealed["at"], sealed["nonce"], sealed["sealed"], sealed["binds"]))
    except (KeyError, TypeError):
        raise Corrupt("a sealed passage is not in the form we seal in") from None


class Remembered:
    """What passages say by the numbers of their keys, for as long as no key is destroyed.

    The numbers are as they are written in what is sealed: to make references of them all would take
    longer than to open what is remembered.
    """

    def __init__(
        self,
        pool: ConnectionPool[Any],
        wrapping: WrappingKeys,
        entropy: Entropy,
        *,
        least: int = LEAST,
        most: int = _MOST,
    ) -> None:
        self._pool = pool
        self._wrapping = wrapping
        self._entropy = entropy
        self._least = least
        self._most = most
        self._held: _Held | None = None
        self._lock = Lock()

    def epoch(self, numbers: Collection[str]) -> int | None:
        """The epoch in force; None where so few are asked that none is remembered.

        Asked before passages are opened, and handed to `keep` with what they say.
        """
        if len(numbers) < self._least:
            return None
        with self._pool.connection() as conn:
            row = conn.execute("SELECT max(epoch) FROM keyring.epoch").fetchone()
        epoch: int | None = row[0] if row else None
        return epoch

    def of(self, numbers: Collection[str], epoch: int | None) -> Mapping[str, Said]:
        """All that is remembered in the epoch in force, where any of some passages is."""
        with self._lock:
            held = self._held
            if epoch is None or held is None:
                return {}
            if held.epoch != epoch:
                self._held = None  # something was forgotten since
                return {}
        return {} if held.numbers.isdisjoint(numbers) else self._opened(held)

    def keep(self, texts: Mapping[str, Said], epoch: int | None) -> None:
        """Remember what passages say that were opened after `epoch` was found in force."""
        if epoch is None or not texts:
            return
        with self._lock:
            held = self._held
            known = self._opened(held) if held is not None and held.epoch == epoch else {}
            whole = {**known, **texts} if len(known) + len(texts) <= self._most else texts
            if len(whole) > self._most:
                return
            try:
                key = self._wrapping.of(epoch)
            except Corrupt:  # something was forgotten meanwhile, or the file is none
                self._held = None
                return
            self._held = _Held(
                epoch=epoch,
                numbers=frozenset(whole),
                sealed=wrap(key, orjson.dumps(whole), _PLACE + b"%d" % epoch, self._entropy),
            )

    def _opened(self, held: _Held) -> Mapping[str, Said]:
        """What is held; nothing once its key was destroyed, or cannot be read."""
        try:
            key = self._wrapping.of(held.epoch)
            text = unwrap(key, held.sealed, _PLACE + b"%d" % held.epoch)
        except Corrupt:
            return {}
        said: dict[str, Said] = orjson.loads(text)
        return said
