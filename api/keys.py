"""The key files as a start finds them: the master key and the keyring, or what to do about them.

Where a record was begun its keys are somewhere, and a new one would open nothing: a key is made,
and to make one is advised, only where there is no record yet. Every other way ends with putting
back the file that was there.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from psycopg import Connection

from api.clock import entropy
from api.settings import Settings, unusable, usable
from domain.record.keyring import WrappingKeys, open_keyring
from domain.record.premises import sync_folder
from domain.record.proof.note import Verifier
from domain.record.proof.signing import head_signers
from domain.record.wrapping import KeyTrouble
from domain.refusal import Refused

KEYRING: Final = "keyring.json"
MASTER_BYTES: Final = 32
_SALT_BYTES: Final = 8  # of the name of a file that is being written
_OTHERS: Final = 0o077  # what group and others may do
_FILE: Final = "HOLDFAST_MASTER_KEY_FILE"
_FOLDER: Final = "HOLDFAST_KEYS"


def open_keys(settings: Settings, keeper: Connection[Any]) -> WrappingKeys:
    """The wrapping keys, at one epoch with the rows of the database; made where all is new.

    `keeper` is in autocommit.

    Raises:
        Refused: a key file is missing, another record's, damaged or not to be read; with the
            remedy.
    """
    begun = _begun(settings, keeper)
    with usable(_FOLDER, settings.keys):
        wrapping = WrappingKeys(
            settings.keys / KEYRING, read_master_key(settings, begun=begun), entropy
        )
        try:
            open_keyring(keeper, wrapping)
            wrapping.search_key()
        except KeyTrouble as trouble:
            raise Refused("keys", "start-up", f"{_FOLDER}, {_FILE}: {trouble}") from None
    return wrapping


def read_master_key(settings: Settings, *, begun: bool) -> bytes:
    """The master key; made for a new embedded record, and then only.

    `begun`: whether there is a record that was begun with some key.

    Raises:
        Refused: it is missing, not to be read, or no key; with the remedy.
    """
    try:
        key = settings.master_key_file.read_bytes()
    except FileNotFoundError:
        if begun:
            raise unusable(
                _FILE,
                "there is no file in this place: put back the key file this record was made with, "
                "from where its copy is kept; no other opens what is recorded",
            ) from None
        if not settings.embedded:
            raise unusable(
                _FILE,
                "there is no file in this place: make a key for this new record with "
                "`holdfast keys new FILE`",
            ) from None
        make_master_key(settings)
        key = settings.master_key_file.read_bytes()
    except OSError as error:
        raise unusable(
            _FILE,
            f"this cannot be read ({error.strerror}): name the key file, and let this account "
            "read it",
        ) from None
    if len(key) != MASTER_BYTES:
        raise unusable(
            _FILE, f"a key file has {MASTER_BYTES} bytes, this one has {len(key)}: {_mend(begun)}"
        )
    return key


def _mend(begun: bool) -> str:  # noqa: FBT001 — the one thing it depends on
    if begun:
        return (
            "restore the key file this record was made with, from where its copy is kept. No new "
            "key opens what is recorded; keep this file until the right one is back"
        )
    return "make one for this new record with `holdfast keys new FILE`"


def make_master_key(settings: Settings) -> None:
    """Write a new master key that only this account can read; never over an existing one.

    Raises:
        Refused: a folder cannot be made or written.
    """
    with usable(_FOLDER, settings.keys):
        settings.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = settings.master_key_file
    with usable(_FILE, path):
        write_key(path)


def write_key(path: Path) -> None:
    """Write a new key into a file that is not there. Raises OSError, FileExistsError among them."""
    write_bytes(path, entropy(MASTER_BYTES))


def write_bytes(path: Path, key: bytes) -> None:
    """Write a key into a file that is not there, for this account alone. Raises as `write_key`.

    It is there whole, or not at all, and never over another's.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{entropy(_SALT_BYTES).hex()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)
    finally:
        part.unlink()
    sync_folder(path.parent)


def without_leftovers(path: Path) -> None:
    """Take away what `write_bytes` had half done beside a file when it was killed: copies of keys.

    Only where nobody else writes that file meanwhile. Raises OSError.
    """
    part = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{{2 * _SALT_BYTES}}}")
    left = list[Path]()
    with suppress(FileNotFoundError, PermissionError):  # a folder that is not ours to look into
        left += (one for one in path.parent.iterdir() if part.fullmatch(one.name))
    for one in left:
        one.unlink()
    if left:
        sync_folder(path.parent)


def in_reach(path: Path) -> bool:
    """Whether other accounts can reach a key file that is this account's to mend.

    As ssh does: what is another account's, as a secret that is mounted for this one, is that one's
    to mend, except by root. Raises OSError.
    """
    found, us = path.stat(), os.geteuid()
    return bool(found.st_mode & _OTHERS) and us in {found.st_uid, 0}


def log_keys(settings: Settings) -> tuple[bytes, ...]:
    """The public half of the key that signs heads here; none where it does not lie here."""
    with suppress(OSError):
        seed = settings.log_key_file.read_bytes()
        if len(seed) == MASTER_BYTES:
            return (Verifier.from_vkey(head_signers(seed)("log").vkey).public,)
    return ()


def _begun(settings: Settings, keeper: Connection[Any]) -> bool:
    """Whether anything was ever wrapped for this record, by the database or by the folder."""
    row = keeper.execute("SELECT EXISTS (SELECT FROM keyring.epoch)").fetchone()
    with usable(_FOLDER, settings.keys):
        return (row is not None and bool(row[0])) or (settings.keys / KEYRING).exists()
