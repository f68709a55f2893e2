"""`holdfast import cases`: what a case list holds, what is wrong with it, its cases recorded."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from api.caselists.columns import CASE_LIST, COLUMNS, EXAMPLE, TITLE
from api.caselists.loading import Found, Loaded, Loading, Looking
from api.caselists.rows import Read, read_rows
from api.chronologies.dates import write_date
from api.chronologies.sheet import RowError, Sheet, read_sheet, safe_out
from api.commands import show
from api.commands.desk import ISSUER, Desk, at_desk
from api.commands.following import up_to_date
from api.commands.importing import NOT_READ, columns_not_read
from api.commands.options import Asking
from api.forms import labels
from api.watching import Watch
from domain.authority import may
from domain.jurisdictions import Jurisdiction
from domain.refusal import Refused
from domain.words import Slug, named
from projections.people import people

NEEDED: Final = (  # what the rows of a list may ask for
    *("register-person", "bring-case-forward", "receive-referral", "decide-duty"),
    *("allocate-case", "appoint-officer", "open-enquiry", "conclude-enquiry"),
    *("convene-conference", "hold-conference", "hold-core-group", "agree-plan"),
    *("set-review-date", "close-case"),
)
_CLEAR: Final = (
    "The system and the teams stand in clear in the record for ever: see that none of them is a "
    "person's name."
)
_CHANGED: Final = (
    "Rows that changed were not recorded: what stands in the record is corrected there, case by "
    "case."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The options of one import."""

    file: Path | None
    system: str | None
    template: bool
    dry_run: bool
    keep_good: bool
    json: bool


def import_cases(asking: Asking, wanted: Wanted) -> int:
    """Import a case list, or say what importing it would do.

    Returns: 0 where every row is in the record (or, dry, could be), 2 where one is wrong or says
        something else than the record.
    """
    if wanted.template:
        _template()
        return 0
    if wanted.file is None:
        raise Refused("option", "usage", "Name a file, or ask for one to fill in by --template.")
    system = _system(wanted.system)
    sheet = read_sheet(wanted.file, CASE_LIST)
    with at_desk(asking, begins=not wanted.dry_run) as desk:
        read = read_rows(
            sheet,
            jurisdiction=desk.office.jurisdiction,
            now=desk.office.clock.now(),
            system=system,
        )
        _check_role(desk)
        up_to_date(desk.office, (people(desk.office.wrapping.search_key()),))
        looking = Looking(desk.office, desk.reader, desk.office.settings.oidc_issuer or ISSUER)
        found = looking.at(read.rows)
        perhaps = looking.perhaps_known(found)
        errors = [*read.errors, *(one.wrong for one in found if one.wrong is not None)]
        loaded = None
        if not (wanted.dry_run or (errors and not wanted.keep_good)):
            loaded = _load(desk, looking, found)
            errors.extend(loaded.refused)
    answer = _answer(sheet, read, found, errors, loaded)
    answer["perhaps_known_already"] = [{"row": row, what: which} for row, what, which in perhaps]
    _report(wanted, found, answer, desk.office.jurisdiction)
    return 2 if errors or answer["changed"] else 0


def _template() -> None:
    """Print a file to fill in: every heading, and one made-up row that shows how cells look."""
    writer = csv.writer(sys.stdout)
    writer.writerow([one.title for one in COLUMNS])
    writer.writerow([safe_out(EXAMPLE.get(one.name, "")) for one in COLUMNS])


def _system(text: str | None) -> Slug | None:
    try:
        return None if text is None else named(text)
    except ValueError as error:
        raise Refused("option", "usage", f"--system: {error}.") from None


def _check_role(desk: Desk) -> None:
    """Whether the whole list may be recorded, asked before any of it is."""
    if not all(may(desk.actor.role, name) for name in NEEDED):
        words = "This role may not record a list of cases: --role manager may."
        raise Refused("not_permitted", "authority", words)


def _load(desk: Desk, looking: Looking, found: Sequence[Found]) -> Loaded:
    """Record the rows, watching the record; where it is cut short, say how far it came.

    Raises:
        Refused: a guard of the log is gone, before the first row or between two; or the role.
        ServerError, Unavailable: the database is away; the same import goes on later.
    """
    watch, far = Watch(desk.office, show.tell), 0
    with show.progress("bringing forward", aloud=True) as tell:

        def step(done: int, rows: int) -> None:
            nonlocal far
            far = done
            tell(done, rows)
            watch.look()

        try:
            return Loading(looking, desk.actor).all(found, step)
        except BaseException:
            show.tell(
                f"Cut short: {far} of {len(found)} rows were gone through. Once what is said next "
                "is mended, run the same import again: it records the rest."
            )
            raise


def _answer(
    sheet: Sheet,
    read: Read,
    found: Sequence[Found],
    errors: Sequence[RowError],
    loaded: Loaded | None,
) -> dict[str, Any]:
    """What is told of an import: counts, and by row and column what is wrong, changed or noted."""
    good = [one for one in found if one.wrong is None]
    counts: dict[str, int] = {
        "would bring forward": sum(one.new for one in good),
        "would complete": sum(one.resumed for one in good),
        "already there": sum(one.there and not one.missing for one in good),
    }
    if loaded is not None:
        counts = {
            "brought forward": loaded.brought,
            "completed": loaded.completed,
            "already there": loaded.already,
            "entries": loaded.entries,
        }
    return {
        "rows": len(sheet.rows),
        **{name.replace(" ", "_"): count for name, count in counts.items()},
        "systems": sorted({one.system for one in read.rows}),
        "teams": sorted({one.team for one in read.rows if one.team is not None}),
        "not_asked": [one.title for one in COLUMNS if one.name not in sheet.columns],
        NOT_READ: list(sheet.ignored),
        "reading_ended": sheet.ended,
        "encoding": sheet.encoding,
        "sheets_not_read": list(sheet.unread),
        "errors": [
            {"row": one.row, "column": one.column, "remedy": one.remedy}
            for one in sorted(errors, key=lambda one: one.row)
        ],
        "changed": [
            {"row": one.row.row, "columns": [TITLE[name] for name in one.changed]}
            for one in good
            if one.changed
        ],
        "notes": [
            {"row": row, "column": TITLE[column], "note": note}
            for one in good
            if not one.there
            for row, column, note in _notes(one)
        ],
    }


def _notes(one: Found) -> list[tuple[int, str, str]]:
    """What is to be known of a row before it is recorded, though nothing of it is wrong."""
    row = one.row.row
    notes = [] if one.made is None else [(row, *note) for note in one.made.notes]
    if one.whom is None:
        return notes
    known = "the record has something else of this person: it stays as it is"
    notes += [(row, column, known) for column in one.whom.differs]
    if not one.whom.new:
        unheard = "the record does not have it of this person: add it there, if it is theirs"
        notes += [(row, column, unheard) for column in one.whom.unknown_numbers]
    if not {"person", "nhs", "chi"} & one.row.cells.keys():
        notes.append((row, "person", "nothing tells who this is: somebody new is made known"))
    return notes


def _report(
    wanted: Wanted, found: Sequence[Found], answer: Mapping[str, Any], nation: Jurisdiction
) -> None:
    if wanted.json:
        show.as_json(answer)
        return
    lists = ("errors", "changed", "notes", "perhaps_known_already", NOT_READ)
    show.lines(
        [
            (
                labels.code("import", name, nation),
                (", ".join(map(str, value)) or None) if isinstance(value, list) else value,
            )
            for name, value in answer.items()
            if name not in lists
        ]
    )
    columns_not_read(answer, nation)
    if answer["errors"]:
        rows = [tuple(one.values()) for one in answer["errors"]]
        show.table("Rows to mend", ("Row", "Column", "What to do"), rows)
    if answer["changed"]:
        rows = [(one["row"], ", ".join(one["columns"])) for one in answer["changed"]]
        show.table("Rows that say something else than the record", ("Row", "Columns"), rows)
        show.tell(_CHANGED)
    if answer["perhaps_known_already"]:
        rows = [
            (one["row"], one.get("person") or f"row {one['like_row']}")
            for one in answer["perhaps_known_already"]
        ]
        show.table("Of the same name and birth, under another reference", ("Row", "See"), rows)
    if answer["notes"]:
        rows = [tuple(one.values()) for one in answer["notes"]]
        show.table("To be known", ("Row", "Column", "Note"), rows)
    if wanted.dry_run:
        show.table(
            "Would be recorded", ("Row", "Received", "Team", "Entries"), _would(found, nation)
        )
        show.tell(_CLEAR)
    elif answer["errors"] and "would_bring_forward" in answer:
        show.tell("Nothing was recorded. Mend the rows, or record the others with --keep-good.")


def _would(found: Sequence[Found], nation: Jurisdiction) -> list[tuple[int, str, str | None, str]]:
    """What each row would record, without a word of whom it is about."""
    return [
        (
            one.row.row,
            write_date(one.row.times["received"]) if "received" in one.row.times else "",
            one.row.team,
            ", ".join(labels.recorded(step.command, nation) for step in one.missing),
        )
        for one in found
        if one.missing and one.wrong is None
    ]
