"""Another master key, without touching the log or a row: only the keyring file is written anew.

Steps: the new key file, durable · the keyring wrapped by it, in place of the old one by one rename.
Until that rename the old key file opens the record and the new one nothing; from then on the other
way round. Killed anywhere, the same command says which it is, and ends what is left to do.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Final

import psycopg

from api.clock import entropy
from api.keys import (
    KEYRING,
    MASTER_BYTES,
    in_reach,
    read_master_key,
    without_leftovers,
    write_key,
)
from api.office import Database
from api.settings import Settings, usable
from domain.record.forgetting import alone
from domain.record.wrapping import WrappingKeys
from domain.refusal import Refused

Step = Callable[[str], None]
_LOOKS: Final = 10
_PAUSE_S: Final = 0.2
_OTHERS: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND usename = session_user AND application_name = 'holdfast' AND pid <> pg_backend_pid()"
)


def rotate(
    settings: Settings,
    new: Path,
    *,
    say: Callable[[str], None] = lambda _line: None,
    step: Step = lambda _what: None,
) -> bool:
    """Wrap the keyring by the key in `new`, made if it is not there; whether that was left to do.

    Raises:
        Refused: processes have the record open, a key file is not what it has to be, or neither
            opens the record; with the remedy.
    """
    new = new.absolute()
    old_key = read_master_key(settings, begun=True)
    with usable("HOLDFAST_KEYS", settings.keys):
        if not (settings.keys / KEYRING).exists():
            raise Refused("no-keyring", "L9", "There is no keyring here yet: nothing to rotate.")
    database = Database(settings, say)
    database.start()
    try:
        database.reach()
        with psycopg.connect(database.login(), autocommit=True) as conn:
            _refuse_in_use(conn)
        with database.connect("holdfast_keeper") as keeper, alone(keeper):
            return _rotate(settings, old_key, new, step)
    finally:
        database.stop()


def _rotate(settings: Settings, old_key: bytes, new: Path, step: Step) -> bool:
    file = settings.keys / KEYRING
    old, new_key = WrappingKeys(file, old_key, entropy), _made(settings, new, old_key)
    step("made")
    fresh = WrappingKeys(file, new_key, entropy)
    if fresh.opens():
        return False
    if not old.opens():
        raise Refused(
            "keys",
            "L9",
            "Neither the key file in use nor the new one opens this record's keyring: put back the "
            "key file it was made with (HOLDFAST_MASTER_KEY_FILE). Nothing was changed.",
        )
    old.rewrap(new_key)
    step("wrapped")
    return True


def _made(settings: Settings, new: Path, old_key: bytes) -> bytes:
    """The key of the new file; one that a run left which was killed is used."""
    try:
        if new.exists() and new.stat().st_size == 0:
            new.unlink()  # of a run that was killed before it wrote
        without_leftovers(new)
        if not new.exists():
            write_key(new)
        if in_reach(new):
            raise Refused(
                "file",
                "L9",
                "Other accounts of this machine can reach this file, and would open this record "
                f"with it: `chmod 600 {new}`, and think of who may have read it, or name a new "
                "file. Nothing was changed.",
            )
        key = new.read_bytes()
    except OSError as error:
        raise Refused(
            "file", "L9", f"This file cannot be used ({error.strerror}): name another."
        ) from None
    if len(key) != MASTER_BYTES:
        raise Refused("file", "L9", "In this place is something else, no key: name another.")
    if key == old_key:
        raise Refused("same-key", "L9", "This is the key in use: name a new file.")
    with suppress(OSError):  # where it does not lie here, it is no file of anybody's choice
        if key == settings.log_key_file.read_bytes():
            raise Refused(
                "same-key",
                "L9",
                "This is the key that signs the record's heads: it opens nothing. Name a new file.",
            )
    return key


def _refuse_in_use(conn: psycopg.Connection[tuple[int]]) -> None:
    for _ in range(_LOOKS):  # who has just stopped is still seen for a moment
        row = conn.execute(_OTHERS).fetchone()
        if row is None or not row[0]:
            return
        Event().wait(_PAUSE_S)
    raise Refused(
        "in-use",
        "L9",
        "Holdfast is running on this record and knows the old key alone: stop `serve` and "
        "`project`, rotate, and start them with the new key file.",
    )
