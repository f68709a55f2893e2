"""`holdfast timeline export`: a timeline as a file, and the key to its pseudonyms as another."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from api.clocks import UnreadableError, read_day
from api.commands import show
from api.commands.desk import at_desk, reference
from api.commands.options import Asking, Then
from api.forms import labels
from api.timelines.asked import KINDS, Asked, Naming, Period
from api.timelines.producing import Produced, produce
from domain.jurisdictions import Jurisdiction
from domain.refusal import Refused
from domain.words import ReviewRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which timeline, into which file, as typed."""

    where: Path
    cases: tuple[str, ...]
    persons: tuple[str, ...]
    since: str | None
    until: str | None
    before_period: bool
    review: str | None
    pseudonyms: bool
    named: bool
    key_file: Path | None
    gaps: int | None
    format: str | None
    json: bool


def export(asking: Asking, then: Then, wanted: Wanted) -> None:
    """Write the timeline, and its key apart; keep both, and record that it was given out.

    Raises:
        Refused: a file of that name is there, an option is not understood, or the role may not.
        NotFound: there is no such case or person, or there was none by then.
    """
    if then.on is not None and then.known_to is None:
        raise Refused("option", "usage", "--on says by when an agency knew: give --known-to too.")
    kind, file, key_file = _files(wanted)
    with at_desk(asking) as desk:
        asked = Asked(
            cases=tuple(reference(one, "case") for one in wanted.cases),
            persons=tuple(reference(one, "person") for one in wanted.persons),
            period=Period(since=_day("--from", wanted.since), until=_day("--to", wanted.until)),
            before_period=wanted.before_period,
            clocks=desk.clocks(then),
            naming=_naming(wanted),
            gaps=wanted.gaps,
            review=None if wanted.review is None else ReviewRef(reference(wanted.review, "review")),
            kind=kind,
        )
        made, rests = produce(desk.reader, asked, desk.basis), desk.rests()
        nation = desk.office.jurisdiction
        if made.key is not None:  # first: a file whose key was lost could not be read back
            write(key_file, made.key, private=True)
        write(file, made.content)
    _tell(made, {"file": str(file), "key_file": made.key and str(key_file)}, wanted, nation)
    if not wanted.json:
        rests.foot()


def _files(wanted: Wanted) -> tuple[str, Path, Path]:
    """The kind of file, where it goes, and where its key does. Raises Refused: one is there."""
    folder = wanted.where.is_dir()
    kind = wanted.format or ("csv" if folder else wanted.where.suffix.lower().removeprefix("."))
    if kind not in KINDS:
        said = "--format is" if wanted.format else "The file is to end in"
        raise Refused("option", "usage", f"{said} one of {', '.join(KINDS)}.")
    file = wanted.where / f"timeline.{kind}" if folder else wanted.where
    key_file = wanted.key_file or file.with_name(f"{file.name}.key.json")
    if wanted.key_file is not None and not wanted.pseudonyms:
        raise Refused("option", "usage", "--key-file goes with --pseudonyms.")
    # Before anything is kept or recorded of it.
    if file.exists() or (wanted.pseudonyms and key_file.exists()) or file == key_file:
        raise Refused("option", "usage", "A file of that name is there already.")
    for one in (file, key_file) if wanted.pseudonyms else (file,):
        if not one.parent.is_dir():
            raise Refused("option", "usage", "There is no such folder to write into.")
    return kind, file, key_file


def _naming(wanted: Wanted) -> Naming:
    if wanted.pseudonyms and wanted.named:
        raise Refused("option", "usage", "Choose one of --pseudonyms and --named.")
    if wanted.pseudonyms:
        return Naming.PSEUDONYMS
    return Naming.NAMED if wanted.named else Naming.RECORDED


def _day(option: str, text: str | None) -> date | None:
    try:
        return None if text is None else read_day(option, text)
    except UnreadableError as wrong:
        raise Refused("option", "usage", f"{option}: {wrong.words}") from None


def write(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file that was not there. Raises Refused: somebody made one meanwhile."""
    mode = 0o600 if private else 0o666
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        words = "A file of that name was made meanwhile; what was given out is kept in its cases."
        raise Refused("option", "usage", words) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _tell(made: Produced, files: Mapping[str, Any], wanted: Wanted, nation: Jurisdiction) -> None:
    if wanted.json:
        show.as_json({**files, **made.answer()})
        return
    told = made.answer()
    report = told["report"]
    rows: list[tuple[str, show.Cell]] = [
        (labels.code("timeline", name, nation), value)
        for name, value in {
            **files,
            "sha256": told["sha256"],
            "as_at": told["basis"]["as_at"],
        }.items()
        if value
    ]
    for name in ("lines", "uncertain", "without_source", "may_tell_the_same", "withheld"):
        value = report[name]
        listed = ", ".join(map(str, value)) or None if isinstance(value, list) else value
        rows.append((labels.code("timeline", name, nation), listed))
    rows.append((labels.code("timeline", "silences", nation), len(report["silences"])))
    for name, count in report["left_out"].items():
        rows.append((labels.code("timeline", f"left_out_{name}", nation), count))
    show.lines(rows)
    for one in told["given_out"]:
        show.say(f"Recorded and kept: entry {one['version']} of {one['case']}.")
    for words in report["notes"]:
        show.say(words)
