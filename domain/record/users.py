"""Who uses a folder's server: `root/users`, locked shared by each user and alone by who ends it.

The kernel lets go of a lock when the last process that holds its descriptor dies, however it dies,
so nobody is counted who has gone. One descriptor is held by two: the supervisor inherits that of
whoever started it (supervisor.py), and asks through it, once its application has gone, whether
anybody else is left. A failed attempt lets go of what was held before; that is said here plainly,
because systems differ in it.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_SUPERVISED = "supervised"


def opened(root: Path) -> int:
    """Give a descriptor of the file of users; it stands for one user. Whoever asked closes it."""
    return os.open(root / "users", os.O_CREAT | os.O_RDWR, 0o600)


def join(users: int) -> bool:
    """Be one of the users. False while somebody ends the server: wait, then look again."""
    return taken(users, shared=True)


def alone(users: int) -> bool:
    """Keep everybody out, if nobody else uses the server. False: somebody does, or ends it."""
    if taken(users):
        return True
    leave(users)
    return False


def leave(users: int) -> None:
    """Be a user no more."""
    fcntl.flock(users, fcntl.LOCK_UN)


def taken(descriptor: int, *, shared: bool = False) -> bool:
    """Lock a file if that can be done at once; whether it was."""
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def supervised(root: Path) -> Iterator[int]:
    """Open the lock that the supervisor inherits: held as long as it lives, whoever dies first."""
    descriptor = os.open(root / _SUPERVISED, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def unsupervised(root: Path) -> bool:
    """Whether no supervisor lives at this moment."""
    try:
        with supervised(root) as descriptor:
            return taken(descriptor, shared=True)
    except OSError:
        return True  # the folder itself has gone
