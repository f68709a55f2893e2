"""`holdfast import chronology`: what a file holds, what is wrong with it, its lines recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from api.chronologies import loading
from api.chronologies.dates import write_date
from api.chronologies.entries import Read, read_entries
from api.chronologies.sheet import RowError, Sheet, read_sheet
from api.commands import show
from api.commands.desk import Desk, at_desk, reference
from api.commands.options import Asking
from api.forms import labels
from api.watching import Watch
from domain.authority import may
from domain.jurisdictions import Jurisdiction
from domain.refusal import Refused
from domain.words import CaseRef, PersonRef, Slug, named

_UNNAMED: Final = (
    "Say by --reference what you call this chronology, such as its number in your own system, "
    "never a name: the same reference leads to the same case when you mend a row and import again."
)
_ANOTHER: Final = (
    "The case of that --reference has none of this file's lines: it may be another chronology."
)
_MENDED: Final = (
    "What the case has of an earlier file stays. Where a row was mended, its line as it was stands "
    "beside the new one until a correction withdraws it."
)


NOT_READ: Final = "columns_not_known"  # of an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The options of one import."""

    file: Path
    case: str | None
    new_case: bool
    reference: str | None
    adult: str | None
    agency: str | None
    dry_run: bool
    keep_good: bool
    json: bool


def import_chronology(asking: Asking, wanted: Wanted) -> int:
    """Import a file, or say what importing it would do.

    Returns: 0 where every line is in the record (or, dry, could be), 2 where a row is wrong.
    """
    if (wanted.case is None) != wanted.new_case:
        raise Refused("option", "usage", "Give either --case CASE or --new-case.")
    _check_reference(wanted)
    sheet = read_sheet(wanted.file)
    with at_desk(asking, begins=not wanted.dry_run) as desk:
        read = read_entries(
            sheet,
            jurisdiction=desk.office.jurisdiction,
            now=desk.office.clock.now(),
            agency=_agency(wanted.agency),
        )
        _check_role(desk, read)
        where = _target(desk, wanted, sheet)
        if wanted.dry_run or (read.errors and not wanted.keep_good):
            return _dry(desk, wanted, sheet, read, where)
        _refuse_another(desk, wanted, read, where)
        loaded = _load(desk, where, read)
    errors = [*read.errors, *loaded.refused]
    counts = {"added": loaded.added, "already there": loaded.already, "noted": loaded.noted}
    _report(wanted.json, _answer(where, sheet, read, errors, counts), desk.office.jurisdiction)
    return 2 if errors else 0


def _check_reference(wanted: Wanted) -> None:
    """Whether a new case is called something, by which it is met again when a row is mended."""
    stated = wanted.reference is not None and bool(wanted.reference.strip())
    if stated and not wanted.new_case:
        raise Refused("option", "usage", "--reference goes with --new-case: --case names the case.")
    if wanted.new_case and not stated and not wanted.dry_run:
        raise Refused("option", "usage", f"{_UNNAMED} Nothing was recorded.")


def _refuse_another(desk: Desk, wanted: Wanted, read: Read, where: loading.Target) -> None:
    """Hold a file none of whose lines its case has: it may be another chronology. Raises Refused.

    What was recorded in the wrong case could only be withdrawn, line by line.
    """
    if not wanted.new_case or where.new or not read.entries:
        return
    known = [already for _, already, _ in loading.check(desk.office, where, read.entries)]
    if not any(known):
        raise Refused(
            "another_chronology",
            "C.4",
            f"{_ANOTHER} Give another --reference; or, if it is the same, --case {where.case}.",
        )


def _load(desk: Desk, where: loading.Target, read: Read) -> loading.Loaded:
    """Record the lines, watching the record; where it is cut short, say how far it came.

    Raises:
        Refused: a guard of the log is gone, before the first line or between two; or as `load`.
        ServerError, Unavailable: the database is away; the same import goes on later.
    """
    watch, far = Watch(desk.office, show.tell), 0
    with show.progress("recording") as tell:

        def step(done: int, lines: int) -> None:
            nonlocal far
            far = done
            tell(done, lines)
            watch.look()

        try:
            return loading.load(desk.office, where, read.entries, actor=desk.actor, tell=step)
        except BaseException:
            show.tell(
                f"Cut short: {far} of {len(read.entries)} lines stand in case {where.case}. Once "
                "what is said next is mended, run the same import again: it records the rest."
            )
            raise


def _agency(text: str | None) -> Slug | None:
    try:
        return None if text is None else named(text)
    except ValueError as error:
        raise Refused("option", "usage", f"--agency: {error}.") from None


def _check_role(desk: Desk, read: Read) -> None:
    """Whether the whole file may be recorded, asked before any of it is."""
    role = desk.actor.role
    needed = {"record-chronology-entry"}
    if any(entry.significance for entry in read.entries):
        needed.add("annotate-entry")
    if not all(may(role, name) for name in needed):
        raise Refused(
            "not_permitted",
            "authority",
            "This role may not record all of this file: --role practitioner or manager may.",
        )


def _target(desk: Desk, wanted: Wanted, sheet: Sheet) -> loading.Target:
    """Where the lines go. What stands there is compared with them: a look that leaves its trace.

    A dry run leaves it as any other does, since its answer tells what the case holds already.
    """
    if wanted.case is not None:
        if wanted.adult is not None:
            raise Refused("option", "usage", "--adult goes with --new-case: a case has its adult.")
        case = CaseRef(reference(wanted.case, "case"))
        _looked_at(desk, case)
        return loading.target(desk.office, case)
    adult = None if wanted.adult is None else PersonRef(reference(wanted.adult, "person"))
    # A dry run may be unnamed: the file itself, which no real run is called by, stands in.
    called = (wanted.reference or "").strip().casefold().encode()
    where = loading.new_target(desk.office, called or sheet.digest, adult)
    if adult is not None:
        desk.reader.viewed("person", person=adult)
    if not where.new:
        _looked_at(desk, where.case)
    return where


def _looked_at(desk: Desk, case: CaseRef) -> None:
    """Leave the trace of a look at a case. Raises NotFound or Refused."""
    known, _facts = desk.office.handler.case(case)
    desk.opened(known, case)
    desk.viewed("case", case=case)


def _dry(desk: Desk, wanted: Wanted, sheet: Sheet, read: Read, where: loading.Target) -> int:
    """Say what a real run would do; nothing of the file is recorded."""
    known = list(loading.check(desk.office, where, read.entries))
    errors = [*read.errors, *(wrong for _, _, wrong in known if wrong is not None)]
    new = [entry for entry, already, wrong in known if not already and wrong is None]
    there = sum(already for _, already, _ in known)
    counts = {"would add": len(new), "already there": there, "added": 0}
    _report(wanted.json, _answer(where, sheet, read, errors, counts), desk.office.jurisdiction)
    if not wanted.json and wanted.dry_run:
        rows = [
            (entry.row, write_date(entry.occurred), entry.agency, entry.text[:100]) for entry in new
        ]
        show.table("Would be recorded", ("Row", "Start", "Agency", "Event"), rows)
        if wanted.new_case and wanted.reference is None:
            show.tell(_UNNAMED)
        elif wanted.new_case and not where.new and read.entries:
            show.tell(_MENDED if there else _ANOTHER)
        show.tell(
            "Agencies stand in clear in the record for ever: see that none of them is a person's "
            "name. Write a relative as family, and who they are in the text."
        )
    if read.errors and not wanted.dry_run and not wanted.json:
        show.tell("Nothing was recorded. Mend the rows, or record the others with --keep-good.")
    return 2 if errors else 0


def _answer(
    where: loading.Target,
    sheet: Sheet,
    read: Read,
    errors: Sequence[RowError],
    counts: Mapping[str, int],
) -> dict[str, Any]:
    return {
        "case": str(where.case),
        "new_case": where.new,
        "rows": len(sheet.rows),
        **{name.replace(" ", "_"): count for name, count in counts.items()},
        "agencies": sorted(_agencies(read)),
        "agencies_kept_as_one": list(read.as_one),
        "authors_notes": list(read.notes),
        NOT_READ: list(sheet.ignored),
        "reading_ended": sheet.ended,
        "encoding": sheet.encoding,
        "sheets_not_read": list(sheet.unread),
        "errors": [
            {"row": one.row, "column": one.column, "remedy": one.remedy}
            for one in sorted(errors, key=lambda one: one.row)
        ],
    }


def columns_not_read(answer: Mapping[str, Any], nation: Jurisdiction) -> None:
    """Say of each column that is not read which it is, and what to do: a line each."""
    if answer[NOT_READ]:
        rows = [(one,) for one in answer[NOT_READ]]
        show.table(labels.code("import", NOT_READ, nation), ("Which, and what to do",), rows)


def _agencies(read: Read) -> set[Slug]:
    """Whoever the lines say they are from, or known to: names that stand in clear."""
    return {
        name for one in read.entries for name in (one.agency, *(k.agency for k in one.known_to))
    }


def _report(json: bool, answer: Mapping[str, Any], nation: Jurisdiction) -> None:  # noqa: FBT001 — the flag of the command
    if json:
        show.as_json(answer)
        return
    words = {True: "yes", False: None}
    pairs: list[tuple[str, show.Cell]] = []
    for name, value in answer.items():
        if isinstance(value, bool):
            shown: show.Cell = words[value]
        elif isinstance(value, list):
            shown = ", ".join(map(str, value)) or None
        else:
            shown = value
        if name not in {"errors", NOT_READ}:
            pairs.append((labels.code("import", name, nation), shown))
    show.lines(pairs)
    columns_not_read(answer, nation)
    if answer["errors"]:
        rows = [tuple(one.values()) for one in answer["errors"]]
        show.table("Rows to mend", ("Row", "Column", "What to do"), rows)
