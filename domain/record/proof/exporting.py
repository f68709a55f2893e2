"""The proof as a folder to hand over: both logs as they are published, and what checks them.

Anybody may have it: no entry names a person, an event or a place. With contents, the header and
payload of every entry lie beside it, what is personal still sealed: that is for somebody entitled.

The manifest is written last: a folder without one is no export. A folder that holds an earlier
export of the same record is gone on with, so that what was handed over grows and is not made anew.
Broken off anywhere, a file lies there that says so, and no entry is taken for one that was lost.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
from psycopg import Connection, sql

from domain.record.migration import LOGS
from domain.record.proof.anchoring import of_these
from domain.record.proof.checkpoint import (
    checkpoints,
    open_checkpoint,
    read_checkpoint,
    read_checkpoints,
)
from domain.record.proof.headed import files, known
from domain.record.proof.integrating import Head
from domain.record.proof.lives import incarnations
from domain.record.proof.note import Verifier, read_note
from domain.record.proof.policy import Policy
from domain.record.proof.publishing import LOCK, PART, PATIENCE_S, Folder, Publisher
from domain.record.proof.strict import Wrong, b64
from domain.record.proof.tiles import entries_path
from domain.record.proof.tree import TILE
from domain.refusal import Corrupt

FORMAT: Final = "holdfast-proof@v1"
MANIFEST: Final = "manifest.json"
CONTENTS: Final = "contents"
VERIFIER: Final = Path(__file__).with_name("standalone")
HANDED: Final = ("verify.py", "README.txt")
UNDER_WAY: Final = f"{PART}export"  # there while a folder is no whole export
_LAID_OUT: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_TREE: Final = r"(?:x\d{3}/)*\d{3}"
_TILES: Final = rf"tile/(?:entries|[0-7])/{_TREE}(?:\.p/[1-9]\d{{0,2}})?"
_LIFE: Final = r"[1-9]\d{0,8}"
_WRITTEN: Final = re.compile(  # of each log: what an export writes, or `README.txt` names, 5
    rf"checkpoint|vkeys|policy|{_TILES}|continued/{_LIFE}|heads/{_LIFE}/{_TREE}|{CONTENTS}/{_TREE}"
    rf"|superseded/{_LIFE}/(?:checkpoint|{_TILES})"
    rf"|anchors/(?:tsa\.pem|{_LIFE}/(?:0|[1-9]\d{{0,18}})(?:\.tsr)?)",
    re.ASCII,
)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export holds: the head of each log, how many files, the digest of their manifest.

    `left_out`: time-stamps that are of none of its heads and stayed behind, by path: why.
    """

    heads: Mapping[str, Head]
    files: int
    manifest: bytes
    left_out: Mapping[str, str]


def export(
    conn: Connection[Any],
    folder: Path,
    heads: Mapping[str, Head],
    *,
    authority: UUID,
    release: str,
    contents: bool,
    policy: Policy | None = None,
    published: Path | None = None,
    progress: Progress = lambda _log, _done, _all: None,
    patience_s: float = PATIENCE_S,
) -> Exported:
    """Write the proof of both logs up to these heads into a folder.

    Args:
        conn: of the integrator, in autocommit.
        folder: empty, not there, or an earlier export of this record.
        heads: the head of each log to export up to.
        authority: whose record it is.
        release: of Holdfast, for whoever reads the manifest.
        contents: whether headers and payloads go along.
        policy: whose witnesses cosigned these heads.
        published: where the service publishes, a folder a log: the heads there go along, also those
            that a restored database knows nothing of.
        progress: hears of each log, how many of how many entries.
        patience_s: how long another who writes there is waited for.

    Raises:
        Busy: another process is exporting or publishing there.
        Corrupt: an entry is missing, or the folder holds what this record does not go on from.
        OSError: the folder cannot be written.
    """
    place = Folder(folder, patience_s=patience_s)
    with place.locked(keep=UNDER_WAY):
        place.move(MANIFEST, UNDER_WAY)
        place.put(UNDER_WAY, b"")
        place.drop_file(MANIFEST)  # one that was put back beside what says that there is none yet
        there: dict[str, Head] = {}
        left_out: dict[str, str] = {}
        for log, head in heads.items():
            told, inner = _told(log, progress), Folder(folder / log, patience_s=patience_s)
            _without_wrong_stamps(inner)
            publisher = Publisher(conn, log, inner, policy=policy, progress=told)
            there[log] = publisher.publish(head)
            left_out |= {f"{log}/{path}": why for path, why in publisher.left_out.items()}
            if published is not None:
                _carried(conn, log, Folder(published / log), inner)
            if contents:
                _contents(conn, log, inner, there[log].size, told)
            elif (folder / log / CONTENTS).exists():
                shutil.rmtree(folder / log / CONTENTS)  # of an export for somebody who was entitled
        for name in HANDED:
            place.put(name, (VERIFIER / name).read_bytes())
        files = dict(_digests(folder))
        manifest = {
            "format": FORMAT,
            "authority": str(authority),
            "release": release,
            "with_entries": contents,
            "logs": {log: _as_told(conn, log, head) for log, head in there.items()},
            "files": files,
            "left_out": left_out,
        }
        raw = orjson.dumps(manifest, option=_LAID_OUT)
        place.put(UNDER_WAY, raw)
        place.move(UNDER_WAY, MANIFEST)  # one or the other lies there, whatever happens between
        return Exported(
            heads=there, files=len(files), manifest=sha256(raw).digest(), left_out=left_out
        )


def _as_told(conn: Connection[Any], log: str, head: Head) -> dict[str, Any]:
    """A log as the manifest has it."""
    return {
        "number": LOGS[log],
        "origins": [one.origin for one in incarnations(conn, log)],
        "size": head.size,
        "root": b64(head.root),
    }


def _without_wrong_stamps(place: Folder) -> None:
    """Take away what an earlier export had as a time-stamp and is none of the head beside it."""
    for path in place.under("anchors"):
        if path.endswith(".tsr"):
            try:
                of_these(place.get(path) or b"", place.get(path.removesuffix(".tsr")) or b"")
            except Wrong:
                place.drop_file(path)
                place.drop_file(path.removesuffix(".tsr"))


def _carried(conn: Connection[Any], log: str, there: Folder, inner: Folder) -> None:
    """Put the heads that lie published and the database lacks beside those that it has.

    One that no key of the log signed is not handed on; `holdfast verify` names it. Of two of one
    size both go along, since that is the proof of a fork.
    """
    keys = {one.number: Verifier.from_vkey(one.vkey) for one in incarnations(conn, log)}
    for number, bundle, path in files(there):
        if number not in keys:
            continue
        lacking = set(_notes(there, path)) - known(conn, log, number, bundle)
        more = {note for note in lacking if _is_of(note, keys[number])}
        already = set(_notes(inner, path))
        if more - already:
            notes = sorted(more | already, key=lambda note: (_size(note), note))
            inner.put(path, checkpoints(notes))


def _notes(place: Folder, path: str) -> list[bytes]:
    with suppress(Wrong):
        return read_checkpoints(place.get(path) or b"")
    return []


def _size(note: bytes) -> int:
    return read_checkpoint(read_note(note)[0]).size


def _is_of(note: bytes, verifier: Verifier) -> bool:
    with suppress(Wrong):
        return open_checkpoint(note, [verifier])[0].origin == verifier.name
    return False


def amiss_in(folder: Path) -> list[tuple[str, str]]:
    """Each file of an export that is not as its manifest names it: its path, and what is amiss.

    A folder as it is published has no manifest, and is none of which a part is missing.
    """
    place = Folder(folder)
    raw = place.get(MANIFEST)
    if raw is None:
        handed = any((folder / name).exists() for name in HANDED)
        return [(MANIFEST, "is missing")] if handed else []
    try:
        named = {str(path): str(digest) for path, digest in orjson.loads(raw)["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return [(MANIFEST, "cannot be read")]
    return [(path, what) for path, digest in named.items() if (what := _amiss(place, path, digest))]


def _amiss(place: Folder, path: str, digest: str) -> str:
    if path.startswith("/") or ".." in path.split("/"):
        return f"is named by {MANIFEST}, and is no path within the folder"
    try:
        raw = place.get(path)
    except (OSError, ValueError) as error:
        return f"cannot be read ({type(error).__name__})"
    if raw is None:
        return "is missing"
    whole = sha256(raw).hexdigest() == digest
    return "" if whole else f"is not the one that {MANIFEST} names"


def _told(log: str, progress: Progress) -> Callable[[int, int], None]:
    return lambda done, whole: progress(log, done, whole)


def _contents(
    conn: Connection[Any], log: str, place: Folder, size: int, progress: Callable[[int, int], None]
) -> None:
    """Header and payload of every entry, by the bundles of the entries themselves."""
    query = sql.SQL(
        'SELECT header, payload FROM record.{} WHERE "position" > %s AND "position" <= %s'
        ' ORDER BY "position"'
    ).format(sql.Identifier(log))
    for start in range(0, size, TILE):
        end = min(start + TILE, size)
        path = entries_path(start // TILE).replace("tile/entries", CONTENTS, 1)
        rows = conn.execute(query, (start, end), binary=True).fetchall()
        if len(rows) != end - start:
            raise Corrupt(f"entries of {log} are missing before position {end}")
        place.put(path, b"".join(_framed(row) for row in rows))
        progress(end, size)


def _framed(parts: Sequence[bytes]) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    """The files of an export that its manifest names: none that somebody else put there."""
    strange = set(foreign(folder))
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_file() and path not in strange and path != MANIFEST and not _passing(path):
            yield path, sha256(file.read_bytes()).hexdigest()


def foreign(folder: Path) -> list[str]:
    """What lies in a folder and no export writes, by path; a link, wherever it leads, is none."""
    found = ((one, one.relative_to(folder).as_posix()) for one in sorted(folder.rglob("*")))
    return [path for one, path in found if one.is_symlink() or not (one.is_dir() or _ours(path))]


def _ours(path: str) -> bool:
    log, _, rest = path.partition("/")
    of_a_log = log in LOGS and _WRITTEN.fullmatch(rest) is not None
    return of_a_log or path in {MANIFEST, *HANDED} or _passing(path)


def _passing(path: str) -> bool:
    """Whether it is of an export that is under way, or was broken off."""
    above, _, name = path.rpartition("/")
    return above in {"", *LOGS} and (name == LOCK or name.startswith(PART))
