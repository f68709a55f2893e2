"""The files of one PostgreSQL cluster: made whole, opened safely, never half believed.

Everything here happens under the lock of server.py, while no server of this folder is running,
except `postmaster`, which only looks.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from domain.record.binaries import Binaries
from domain.record.premises import PORT, Premises, room_left, sync_folder, write
from domain.record.server_error import ServerError, explain

SUPERUSER = "postgres"
_NEW = "data.new-"
_ROOM_BYTES = 200 * 1024 * 1024  # an empty cluster takes 40 MB, and its log grows at once
_NO_PROCESS = 2**31 - 2  # larger than any pid a system gives out

# Sizes for our load; `extra` may choose others.
_LOAD = {"shared_buffers": "128MB", "max_connections": "100", "wal_level": "replica"}

# Not to be chosen: what makes a COMMIT lasting, what keeps strangers out, and what keeps recorded
# words out of the log. Given on the command line, where no file in the data folder overrides them.
_FIXED = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "zero_damaged_pages": "off",
    "ignore_checksum_failure": "off",
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    # In the data folder instead of /dev/shm: that is 64 MB in containers, and logging out may
    # empty it (RemoveIPC).
    "dynamic_shared_memory_type": "mmap",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_destination": "stderr",
    "log_filename": "postgres-%Y-%m-%d-%H%M%S.log",
    "log_rotation_size": "5MB",  # supervisor.py keeps the newest 20
    "log_rotation_age": "1d",
    "log_line_prefix": "%m [%p] %u@%d ",
    # `log` is above `error`: an error's own text can quote a value ('invalid input syntax for type
    # date: "…"'). The client that made the error is told in full; the log gets what PostgreSQL
    # itself has to say (starts, stops, crashes, recovery, refused log-ins).
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# Settings that would move the files these settings are about.
_PLACES = {
    "config_file",
    "data_directory",
    "external_pid_file",
    "hba_file",
    "ident_file",
    "log_directory",
    "unix_socket_directories",
    "wal_sync_method",
}


def check_extra(extra: Mapping[str, str]) -> None:
    """Refuse settings that would weaken the record. Raises ServerError.

    Names are compared as PostgreSQL reads them: any case, and `-` for `_`.
    """
    for name in extra:
        if name.lower().replace("-", "_") in _FIXED.keys() | _PLACES:
            raise ServerError(
                f"the setting {name} is not open to choice, because the record's durability or "
                "secrecy hangs on it: leave it out of `extra`"
            )


def check_major(data: Path, binaries: Binaries) -> None:
    """Refuse a data folder that another major version made. Reads only. Raises ServerError."""
    try:
        made_by = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return
    if made_by != str(binaries.major):
        raise ServerError(
            f"{data} was made by PostgreSQL {made_by}, and these programs are {binaries.version}: "
            f"dump it with {made_by} (pg_dumpall) and restore it into a new data folder"
        )


def create(premises: Premises, binaries: Binaries) -> None:
    """Make the cluster if there is none. A crash at any point leaves none, or a whole one.

    initdb works in a folder with a name of its own and the last step is a rename. Its own, because
    the initdb of a start that was killed may still be writing into the folder of that start.
    """
    for left in premises.home.glob(f"{_NEW}*"):
        shutil.rmtree(left, ignore_errors=True)
    if (premises.data / "PG_VERSION").exists():
        return
    if room_left(premises.home) < _ROOM_BYTES:
        raise ServerError(explain("No space left on device", premises.home))
    fresh = Path(tempfile.mkdtemp(prefix=_NEW, dir=premises.home))
    account = premises.account
    if account.drop:
        os.chown(fresh, account.uid, account.gid, follow_symlinks=False)
    made = account.run(
        binaries.program("initdb"),
        f"--pgdata={fresh}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--auth-local=peer",
        "--auth-host=reject",
        "--no-instructions",
    )
    if made.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise ServerError(explain(made.stderr or made.stdout, premises.home))
    fresh.rename(premises.data)
    sync_folder(premises.home)


def admit(premises: Premises) -> None:
    """Write who may connect: this account of the system, in any role, over the socket only.

    Outside the data folder, because root must not write where another account could put a link,
    and at every start, because the account that starts Holdfast may be another one than last time.
    """
    names = (
        {premises.account.name} if not premises.account.drop else {premises.account.name, "root"}
    )
    mode = 0o644 if premises.account.drop else 0o600
    rules = "local all all peer map=holdfast\nlocal replication all peer map=holdfast\n"
    write(premises.home / "pg_hba.conf", rules, mode)
    lines = (f'holdfast "{name}" all\n' for name in sorted(names))
    write(premises.home / "pg_ident.conf", "".join(lines), mode)


def command(premises: Premises, binaries: Binaries, extra: Mapping[str, str]) -> list[str]:
    """Give the server's command line. Later settings win, so the fixed ones come last."""
    settings = {
        **_LOAD,
        **extra,
        **_FIXED,
        "hba_file": str(premises.home / "pg_hba.conf"),
        "ident_file": str(premises.home / "pg_ident.conf"),
        "unix_socket_directories": str(premises.sockets),
        "log_directory": str(premises.log),
    }
    if sys.platform == "darwin":
        # fsync there only reaches the drive's cache.
        settings["wal_sync_method"] = "fsync_writethrough"
    options = (part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
    return [binaries.program("postgres"), "-D", str(premises.data), *options]


def postmaster(premises: Premises) -> int | None:
    """Give the pid of the living server of this data folder, or None."""
    pid = _first_line_pid(premises.data / "postmaster.pid")
    return pid if pid is not None and _serves(pid, premises.data) else None


def was_killed(premises: Premises) -> bool:
    """Whether the server that last ran here, and runs no more, did not end in good order.

    PostgreSQL removes `postmaster.pid` as it ends, however fast it was asked to.
    """
    return (premises.data / "postmaster.pid").exists()


def disarm(premises: Premises) -> None:
    """Let PostgreSQL start although the pid in its lock files is in use, by something else.

    PostgreSQL refuses to start while the process named in `postmaster.pid` exists. After a crash
    that can be a zombie nobody has reaped, or a stranger that got the number (after a reboot, or in
    a container, where numbers are small). The file is not deleted: its other lines name the shared
    memory, by which PostgreSQL notices surviving processes of the old server. Only the pid is
    changed, to one that no process has.
    """
    for file in (premises.data / "postmaster.pid", premises.sockets / f".s.PGSQL.{PORT}.lock"):
        pid = _first_line_pid(file)
        if pid is not None and _serves(pid, premises.data):
            return  # ours after all: PostgreSQL's refusal is right
        if file.exists():
            rest = file.read_text().splitlines()[1:]
            text = "\n".join([str(_NO_PROCESS), *rest]) + "\n"
            # As PostgreSQL's account: root must not write where that account could put a link.
            premises.account.run("/bin/sh", "-c", 'cat >"$1"', "sh", file, given=text)


def tail(premises: Premises) -> str:
    """Give the end of what the server said, before and after it opened its own log."""
    logs = sorted(premises.log.glob("postgres-*.log"))[-1:]
    return "".join(_end_of(file) for file in (*logs, premises.start_log))


def end_server(pid: int, *, at_once: bool) -> None:
    """Ask a server that has no supervisor for a fast (SIGINT) or immediate (SIGQUIT) shutdown."""
    try:
        os.kill(pid, signal.SIGQUIT if at_once else signal.SIGINT)
    except ProcessLookupError:
        return


def _end_of(file: Path) -> str:
    try:
        return file.read_bytes()[-2000:].decode(errors="replace")
    except FileNotFoundError:
        return ""


def _first_line_pid(file: Path) -> int | None:
    try:
        lines = file.read_text().splitlines()
    except FileNotFoundError:
        return None
    # A single-user backend writes its pid with a minus sign.
    return abs(int(lines[0])) if lines and lines[0].lstrip("-").isdigit() else None


def _serves(pid: int, data: Path) -> bool:
    """Whether `pid` is a living process, not a zombie, started as `postgres -D data`."""
    process = Path(f"/proc/{pid}")
    if not Path("/proc/self/stat").exists():
        return _serves_without_proc(pid, data)
    try:
        state = (process / "stat").read_text().rsplit(")", 1)[1].split()[0]
        words = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    named = os.fsencode(data)
    return state != "Z" and (b"-D", named) in pairwise(words)


def _serves_without_proc(pid: int, data: Path) -> bool:
    said = subprocess.run(  # noqa: S603 - macOS has no /proc; ps takes a number from us
        ["/bin/ps", "-o", "stat=,command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    state, _, line = said.partition(" ")
    return bool(state) and not state.startswith("Z") and f" -D {data} " in f"{line} "
