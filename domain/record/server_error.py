"""What can go wrong with the embedded PostgreSQL, said so that the reader knows what to do next."""

from __future__ import annotations

import errno
from pathlib import Path

ELSEWHERE = "or set DATABASE_URL to use a PostgreSQL server that runs elsewhere"


class ServerError(Exception):
    """The embedded server cannot be had. The message names the remedy and no recorded content.

    Folder and account names may appear in it; PostgreSQL's own lines may be quoted, because the
    server is told to keep statements, parameters and rows out of its log (see cluster.py).
    """


# Words of the system or of PostgreSQL → the remedy. The first match wins.
_REMEDIES = (
    (
        ("No space left on device", "Disk quota exceeded"),
        "the disk that holds {where} is full: free some space there and start again",
    ),
    (
        ("Read-only file system",),
        "{where} is on a read-only file system: choose a data folder that can be written",
    ),
    (
        ("failed to map segment", "cannot be executed"),
        (
            "PostgreSQL's programs cannot be executed where they are, most likely because the file "
            "system is mounted noexec: install Holdfast on one that allows execution, " + ELSEWHERE
        ),
    ),
    (
        ("Cannot allocate memory", "could not map anonymous shared memory"),
        "there is not enough free memory for PostgreSQL (about 200 MB): free some, " + ELSEWHERE,
    ),
    (
        ("pre-existing shared memory block",),
        (
            "processes of an earlier PostgreSQL still work in {where}: wait until they have ended, "
            "then start again"
        ),
    ),
)


def explain(said: str, where: Path) -> str:
    """Give the remedy for what a program said, then its last lines. `where`: the data folder."""
    last = "\n".join(said.strip().splitlines()[-6:])
    for signs, remedy in _REMEDIES:
        if any(sign in said for sign in signs):
            return f"{remedy.format(where=where)}\n{last}"
    return (
        f"PostgreSQL did not start in {where}: look at the reason below and at its log, "
        f"{ELSEWHERE}\n{last or '(it said nothing)'}"
    )


def explain_os_error(trouble: OSError, where: Path) -> str:
    """Give the remedy for a refusal by the operating system while looking after `where`."""
    place = trouble.filename or where
    match trouble.errno:
        case errno.EACCES | errno.EPERM:
            return (
                f"this account may not use {place}: start Holdfast as the account that made it, "
                f"choose another data folder, {ELSEWHERE}"
            )
        case errno.ENOTDIR | errno.EEXIST:
            return f"{place} is not a folder: choose another data folder"
        case _:
            return explain(f"{trouble.strerror}: {place}", where)
