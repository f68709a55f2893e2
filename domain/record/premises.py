"""Where the embedded PostgreSQL lives on this machine, and as which account of the system.

An ordinary user: everything is in the folder asked for (`root`), and PostgreSQL runs as that user.

The administrator (root): PostgreSQL refuses to run as root, so it alone changes to an account
without rights: the owner of an existing data folder, else the one asked for, else `postgres`, else
`nobody`. That account has to be able to reach the files. Where it cannot (a clone under /root, or
under any folder of mode 0700), nobody's folder is opened for it. The cluster is kept in
/var/lib/holdfast/<name made from the path> instead, `root` gets a small file `database-is-at` that
says so, and the folder there a file `belongs-to` that says whose it is. Three rules follow:

* data that is in `root` already is never shadowed by an empty database elsewhere: if the account
  cannot reach it, the start is refused with the remedy;
* `root` may be moved (the two files find each other), but a copy of it is refused, because two
  folders would write to one database;
* when `root` was deleted and made anew, it begins with an empty database, and what is left of the
  old one is set aside under a new name, not deleted.

In `root`: `lock` (who owns), `users` (whether any process uses the server), `supervised` (whether a
supervisor lives), `database-is-at`. In the
home (`root` or that other folder): `data`, `run` (the socket), `log`, `start.log`, `pg_hba.conf`,
`pg_ident.conf`, and `bin-…` if the account could not reach the programs either.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from domain.record.server_error import ELSEWHERE, ServerError

if sys.platform != "win32":
    import pwd

SHELTER = Path("/var/lib/holdfast")
POINTER = "database-is-at"
BACK_POINTER = "belongs-to"
PORT = 5432  # part of the socket's file name; nothing listens on the network
_SOCKET_BYTES = 100  # sun_path holds 108 bytes on Linux, 104 on macOS
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of the operating system; `drop`: we are root and PostgreSQL has to become it."""

    name: str
    uid: int
    gid: int
    drop: bool

    def run(self, *command: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a program as this account, with an environment that holds none of our secrets."""
        return subprocess.run(  # noqa: S603 - our own commands, as lists; no shell splits them
            command,
            input=given,
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            env=_ENVIRONMENT,
            umask=0o077,
            user=self.uid if self.drop else None,
            group=self.gid if self.drop else None,
            extra_groups=[] if self.drop else None,
            check=False,
        )

    def reaches(self, path: Path) -> bool:
        """Whether this account may enter the folder, or execute the file, asked of the kernel."""
        return (
            not self.drop or self.run("/bin/sh", "-c", 'test -x "$1"', "sh", path).returncode == 0
        )

    def give(self, folder: Path) -> None:
        """Make a folder that only this account may enter; refuse one that is another's."""
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {self.uid, os.geteuid()}:
            raise ServerError(f"{folder} belongs to another account: have it removed, {ELSEWHERE}")
        if self.drop:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)
        folder.chmod(0o700)


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """The folder asked for, the home of the cluster (often the same), and PostgreSQL's account."""

    root: Path
    home: Path
    account: Account

    @property
    def data(self) -> Path:
        """The cluster itself (PGDATA); it exists only when it is complete."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """The folder PostgreSQL rotates its log in."""
        return self.home / "log"

    @property
    def start_log(self) -> Path:
        """What was said before PostgreSQL opened its own log; begun anew at each start."""
        return self.home / "start.log"

    @property
    def sockets(self) -> Path:
        """The socket's folder, of mode 0700 and with its owner checked, wherever it is.

        Not in the home if that path is too long for a socket, or has a comma, where libpq would
        read two hosts.
        """
        run = self.home / "run"
        if len(os.fsencode(run / f".s.PGSQL.{PORT}")) <= _SOCKET_BYTES and "," not in str(run):
            return run
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        # A fixed place, because TMPDIR may differ between two processes that share one server.
        return Path("/tmp") / f"holdfast-{self.account.uid}-{name}"  # noqa: S108 - see `give`


def find(root: Path, wished: str | None) -> Premises:
    """Where things are or would be, reading only: for those who attach."""
    home = home_of(root)
    return Premises(root=root, home=home, account=_account(home / "data", wished))


def home_of(root: Path) -> Path:
    """Give the folder that `root`'s pointer names, else `root`."""
    try:
        return Path((root / POINTER).read_text().splitlines()[0])
    except FileNotFoundError:
        return root
    except IndexError:
        raise ServerError(f"{root / POINTER} is empty: restore it from a backup") from None


def settle(root: Path, wished: str | None, say: Say) -> Premises:
    """Decide where the cluster is kept. Only for who holds the lock in `root`.

    Raises ServerError for a copied `root`, a home that is gone, data out of the account's reach.
    """
    premises = find(root, wished)
    account = premises.account
    if premises.home != root:
        _claim(premises)
    elif (root / "data").exists():
        if not account.reaches(root):
            raise ServerError(
                f"the account {account.name}, which PostgreSQL runs as, cannot reach the data in "
                f"{root} any more: give it back the right to enter the folders above, {ELSEWHERE}"
            )
    elif not account.reaches(root):
        premises = Premises(root=root, home=_shelter(root, say), account=account)
        if not account.reaches(premises.home):
            raise ServerError(
                f"the account {account.name} can reach neither {root} nor {premises.home}: give it "
                f"the right to enter the folders above one of them, {ELSEWHERE}"
            )
        say(f"{root} cannot be reached by {account.name}: its database is in {premises.home}")
    account.give(premises.sockets)
    account.give(premises.log)
    return premises


def _account(data: Path, wished: str | None) -> Account:
    """PostgreSQL's account: us, or for root the data's owner, the one asked for, a harmless one."""
    euid = os.geteuid()
    if euid != 0:
        return _entry(euid, drop=False)
    if data.exists() and (owner := data.stat().st_uid) != 0:
        return _entry(owner, drop=True)
    for name in (wished,) if wished else ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return _entry(entry.pw_uid, drop=True)
    raise ServerError(
        f"PostgreSQL does not run as root, and there is no account "
        f"{wished or 'postgres or nobody'} to run it as: name one that exists, start Holdfast as "
        f"an ordinary user, {ELSEWHERE}"
    )


def _entry(uid: int, *, drop: bool) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise ServerError(
            f"account number {uid} has no name on this system, and PostgreSQL needs one: "
            f"add it to the system's accounts, {ELSEWHERE}"
        ) from None
    return Account(name=entry.pw_name, uid=uid, gid=entry.pw_gid, drop=drop)


def _shelter(root: Path, say: Say) -> Path:
    """Make the home of a `root` that PostgreSQL's account cannot reach (root only).

    The home first, the pointer last: a crash between leaves an empty home, which is set aside. The
    other order would make a lost home look like a new one, and a lost record like an empty one.
    """
    SHELTER.mkdir(mode=0o711, parents=True, exist_ok=True)
    found = SHELTER.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise ServerError(
            f"{SHELTER} has to be a folder that only root can write: correct that, choose a data "
            f"folder that PostgreSQL's account can reach, {ELSEWHERE}"
        )
    SHELTER.chmod(0o711)  # ours, whatever the umask was; entering is not listing
    home = SHELTER / hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    if home.exists():
        aside = next(
            path for n in range(1, sys.maxsize) if not (path := Path(f"{home}.left-{n}")).exists()
        )
        home.rename(aside)
        say(f"{root} was made anew; the database of the folder it replaces is kept in {aside}")
    home.mkdir(mode=0o711)
    home.chmod(0o711)
    write(home / BACK_POINTER, f"{root}\n", 0o600)
    write(
        root / POINTER,
        f"{home}\nPostgreSQL's account cannot enter this folder, so the database is kept there. "
        "Back up both.\n",
        0o600,
    )
    return home


def _claim(premises: Premises) -> None:
    """Check that the home the pointer names is there and is this folder's alone."""
    root, home = premises.root, premises.home
    if not home.is_dir():
        raise ServerError(
            f"{root / POINTER} says that the database is in {home}, and there is nothing: bring it "
            f"back from a backup, or remove that file to begin with an empty database"
        )
    mark = home / BACK_POINTER
    other = Path(mark.read_text().strip()) if mark.exists() else root
    if other == root:
        return
    try:
        copied = home_of(other) == home
    except (OSError, ServerError):
        copied = False
    if copied:
        raise ServerError(
            f"{root} is a copy of {other}, whose database is in {home}: use the original, or "
            f"remove {root / POINTER} to begin with an empty database here"
        )
    write(mark, f"{root}\n", 0o600)  # the folder was moved


def write(path: Path, text: str, mode: int) -> None:
    """Replace a small file whole: after a crash there is the old one or the new one."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    with os.fdopen(descriptor, "w") as file:
        os.fchmod(descriptor, mode)
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def room_left(folder: Path) -> int:
    """Free bytes on the disk that holds `folder`."""
    return shutil.disk_usage(folder).free
