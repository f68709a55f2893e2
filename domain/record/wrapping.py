"""The file of wrapping keys, and how one key wraps another.

The file is small, replaced whole, and never written by two processes at once (a lock beside it).
Every wrapping is AES-256-GCM with the place of the wrapped key as associated data, so that a row
cannot be put in another's place: nonce (12 bytes) ‖ ciphertext ‖ tag.
"""

from __future__ import annotations

import hmac
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias
from uuid import UUID, uuid5

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.record.sealing import KEY_BYTES, NONCE_BYTES, b64, unb64
from domain.refusal import Corrupt, Refused

if sys.platform != "win32":
    import fcntl

Entropy: TypeAlias = Callable[[int], bytes]
_WRAPPING: Final = b"holdfast/wrapping/v1\n"
_SUBJECT: Final = b"holdfast/subject/v1\n"
_DATA: Final = b"holdfast/data/v1\n"
_LOG: Final = b"holdfast/log-key/v1\n"
_SEARCH: Final = "search"
_COPIES: Final = b"holdfast/copies/v1\n"
_EPOCH: Final = re.compile(r"[1-9][0-9]{0,17}")


class KeyTrouble(Corrupt):
    """A key file is not the one of these rows, or is damaged; the log itself is not in doubt."""


class OtherMaster(KeyTrouble):
    """The master key opens nothing of the file."""


class EpochGone(KeyTrouble):
    """The file does not hold the epoch a row was wrapped under: moved on, or an old copy."""


def wrap(key: AESGCM, secret: bytes, place: bytes, entropy: Entropy) -> bytes:
    """A key as it may lie in a row or a file."""
    nonce = entropy(NONCE_BYTES)
    return nonce + key.encrypt(nonce, secret, place)


def unwrap(key: AESGCM, wrapped: bytes, place: bytes) -> bytes:
    """The inverse of `wrap`. Raises Corrupt: another key, or a row moved to another place."""
    try:
        return key.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], place)
    except InvalidTag:
        raise Corrupt(
            "a key does not open with the one it should be wrapped with: its row is damaged or was "
            "moved, or keyring.json is that of another record"
        ) from None


def subject_place(subject: UUID, generation: int) -> bytes:
    """What a subject's wrapped key is bound to."""
    return _SUBJECT + subject.bytes + b"%d" % generation


def data_place(number: UUID) -> bytes:
    """What a passage's wrapped key is bound to."""
    return _DATA + number.bytes


def log_place() -> bytes:
    """What the wrapped key that signs heads is bound to, in a copy of the keyring."""
    return _LOG


def requests_secret(subject: UUID) -> UUID:
    """The number of the secret with which requests about a subject are told apart."""
    return uuid5(subject, "requests")


def drafts_secret(subject: UUID) -> UUID:
    """The number of the secret with which drafts about, or by, a subject are sealed."""
    return uuid5(subject, "drafts")


def _tag(search_key: bytes, what: bytes, data: Iterable[bytes]) -> bytes:
    reckoned = hmac.new(hmac.digest(search_key, _COPIES + what, "sha256"), digestmod="sha256")
    for part in data:
        reckoned.update(part)
    return reckoned.digest()


def _damaged() -> KeyTrouble:
    return KeyTrouble("keyring.json is damaged: restore its newest copy")


class WrappingKeys:
    """The file of wrapping keys by epoch, each wrapped by the master key; one epoch at rest."""

    def __init__(self, path: Path, master: bytes, entropy: Entropy) -> None:
        if len(master) != KEY_BYTES:
            raise Refused(
                "master-key",
                "L9",
                f"a master key has {KEY_BYTES} bytes and this one has {len(master)}: restore the "
                "key file from its copy; `holdfast keys new` is for a new record alone",
            )
        self._path = path
        self._master = AESGCM(master)
        self._entropy = entropy
        self._lock = Lock()
        self._keys: dict[int, AESGCM] = {}
        self._read_from: tuple[int, ...] = ()

    def search_key(self) -> bytes:
        """The key of name-search tokens and of workers' references (HMAC-SHA-256).

        Made once and kept through every change of the master key and of the epoch, since workers'
        references are reckoned from it.
        """
        with self._lock:
            stored = self._stored()
            if _SEARCH not in stored:
                with self._alone():
                    stored = self._stored()
                    if _SEARCH not in stored:
                        stored[_SEARCH] = self._wrapped(self._entropy(KEY_BYTES), _SEARCH)
                        self._write(stored)
            return self._opened(stored)[_SEARCH]

    def of(self, epoch: int) -> AESGCM:
        """The wrapping key of an epoch. Raises EpochGone if the file does not hold it."""
        with self._lock:
            self._refresh()
            if epoch not in self._keys:
                raise EpochGone(
                    f"wrapping key {epoch} is gone: use the newest copy of the keyring file"
                )
            return self._keys[epoch]

    def epochs(self) -> list[int]:
        """The epochs the file holds now; two only while a forgetting is under way."""
        with self._lock:
            self._refresh()
            return sorted(self._keys)

    def add(self, epoch: int) -> None:
        """Make a new wrapping key, durable before this returns. An epoch is never made twice."""
        with self._lock, self._alone():
            stored = self._stored()
            if str(epoch) in stored:
                raise Corrupt(f"wrapping key {epoch} was made before")
            stored[str(epoch)] = self._wrapped(self._entropy(KEY_BYTES), str(epoch))
            self._write(stored)

    def keep_only(self, epoch: int) -> None:
        """Destroy every other wrapping key. After this, older copies of the rows are unreadable."""
        with self._lock, self._alone():
            stored = self._stored()
            if str(epoch) not in stored:
                raise EpochGone(f"wrapping key {epoch} is gone: nothing else was destroyed")
            kept = {str(epoch), _SEARCH}
            self._write({name: wrapped for name, wrapped in stored.items() if name in kept})

    def rewrap(self, new_master: bytes) -> None:
        """Change the master key: the log and the rows stay as they are.

        The file is replaced in one step, so that at any moment either the old master key opens it
        or the new one does. Once this returns the old one opens nothing.
        """
        with self._lock, self._alone():
            stored = self._stored()
            secrets = self._opened(stored)
            self._master = AESGCM(new_master)
            self._write({name: self._wrapped(secret, name) for name, secret in secrets.items()})

    def opens(self) -> bool:
        """Whether the master key is the one of the file. Raises KeyTrouble where it is damaged."""
        try:
            with self._lock:
                self._opened(self._stored())
        except OtherMaster:
            return False
        return True

    def stored(self, epoch: int) -> dict[str, str]:
        """What the file holds for one epoch, as it lies there, wrapped; it opens.

        Raises EpochGone.
        """
        self.search_key()
        with self._lock:
            stored = self._stored()
            self._opened(stored)
            if str(epoch) not in stored:
                raise EpochGone(f"wrapping key {epoch} is gone: use the newest copy of the keyring")
            return {name: stored[name] for name in (str(epoch), _SEARCH)}

    def is_at(self, stored: Mapping[str, str]) -> bool:
        """Whether the file holds exactly these. Raises KeyTrouble where it is damaged."""
        with self._lock:
            return self._stored() == dict(stored)

    def put_back(self, stored: Mapping[str, str]) -> None:
        """Replace the file by what `stored` gave. Raises KeyTrouble, and then nothing is changed.

        What the file held before is no more: a copy is put back because it is the newest.
        """
        with self._lock, self._alone():
            self._opened(stored)
            self._write(stored)

    def tag(self, what: bytes, data: Iterable[bytes]) -> bytes:
        """What only whoever has master key and file could have put on this data: 32 bytes.

        Of a key made from the search key, which every change of the other keys leaves as it is.
        """
        return _tag(self.search_key(), what, data)

    def tag_of(self, stored: Mapping[str, str], what: bytes, data: Iterable[bytes]) -> bytes:
        """As `tag`, by the keys that `stored` once gave. Raises KeyTrouble."""
        opened = self._opened(stored)
        if _SEARCH not in opened:
            raise _damaged()
        return _tag(opened[_SEARCH], what, data)

    def key_of(self, stored: Mapping[str, str], epoch: int) -> AESGCM:
        """The wrapping key of an epoch, by what `stored` once gave. Raises KeyTrouble."""
        opened = self._opened(stored)
        if str(epoch) not in opened:
            raise _damaged()
        return AESGCM(opened[str(epoch)])

    def _refresh(self) -> None:
        """Read the file again if it was replaced: what another process destroyed is not kept."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._keys, self._read_from = {}, ()
            return
        read_from = (found.st_ino, found.st_mtime_ns, found.st_size)
        if read_from != self._read_from:
            opened = self._opened(self._stored())
            self._keys = {int(name): AESGCM(opened[name]) for name in opened if name != _SEARCH}
            self._read_from = read_from

    def _wrapped(self, secret: bytes, name: str) -> str:
        return b64(wrap(self._master, secret, _WRAPPING + name.encode(), self._entropy))

    def _opened(self, stored: Mapping[str, str]) -> dict[str, bytes]:
        """Every key of the file. Raises KeyTrouble: of another master key, or damaged."""
        opened: dict[str, bytes] = {}
        for name, wrapped in stored.items():
            with suppress(Corrupt, ValueError):  # ValueError: no base64, or too short
                opened[name] = unwrap(self._master, unb64(wrapped), _WRAPPING + name.encode())
        if stored and not opened:
            raise OtherMaster(
                "the master key is not the one of this record, whose keyring.json it does not "
                "open: put back the key file this record was made with"
            )
        if len(opened) < len(stored):
            raise _damaged()
        return opened

    def _stored(self) -> dict[str, str]:
        try:
            stored = orjson.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except orjson.JSONDecodeError:
            raise _damaged() from None
        if not isinstance(stored, dict) or not all(
            (name == _SEARCH or _EPOCH.fullmatch(name)) and isinstance(wrapped, str)
            for name, wrapped in stored.items()
        ):
            raise _damaged()
        return stored

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Between reading the file and replacing it, no other process does either."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        guard = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if sys.platform != "win32":
                fcntl.flock(guard, fcntl.LOCK_EX)
            yield
        finally:
            os.close(guard)

    def _write(self, stored: Mapping[str, str]) -> None:
        """Replace the file atomically: a crash leaves the old one or the new one."""
        fresh = self._path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(orjson.dumps(stored, option=orjson.OPT_SORT_KEYS))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._read_from = ()
