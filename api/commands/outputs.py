"""`holdfast return export`, `check` and `explain`: a whole return given out, checked, explained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.commands import show
from api.commands.desk import Desk, at_desk
from api.commands.exporting import write
from api.commands.filing import filed_by
from api.commands.following import up_to_date
from api.commands.options import Asking, Then
from api.commands.returns import last_ended, span_of
from api.filing import filing, kept
from api.minutes.page import rests_on
from api.returns import explaining, files
from api.returns.checking import (
    NO_RULES,
    OUTCOMES,
    Checks,
    Shown,
    check,
    heading,
    shown_to,
    told,
)
from api.returns.councils import listed
from api.returns.councils import named as name_of_council
from api.returns.making import ALSO_READ, MADE_UP, Made, council_code, make
from api.returns.opening import ruled
from api.returns.publishing import given, published
from api.routes.people import restricted_among
from domain.refusal import Refused
from projections.returns.england.naming import RULE as COUNCIL_RULE
from projections.returns.guarding import Protected
from projections.returns.longform import SIMULATED, Exact, stamp
from projections.returns.reading import views
from projections.returns.validation import FAILED
from projections.returns.variance import PERCENT

_LAST: Final = "last"
FORGOTTEN: Final = "[forgotten]"
_RESTRICTED: Final = "{} more are restricted, and are not shown."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Into which file a return goes, as typed."""

    file: Path
    format: str | None
    published: bool
    council: str | None
    filed: bool = False
    number: int | None = None  # which filing; None: the last


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """What goes with the figures that are checked, as typed."""

    signed: bool | None
    commented: tuple[str, ...]
    percent: int | None
    strict: bool
    json: bool


def made_at(desk: Desk, year: str, then: Then, *, only: str | None = None) -> Made:
    """The return of a year as typed, or one table of it, by the clocks.

    Raises Refused, NotFound, Behind.
    """
    typed = None if year == _LAST else span_of(year)
    desk.must("return")
    of = last_ended(desk.today) if typed is None else typed
    clocks = desk.clocks(then)
    also = () if only is not None else ALSO_READ
    up_to_date(desk.office, (*views(desk.office.jurisdiction.code), *also))
    return make(desk.office, of, clocks.as_at, only=only, besides=only is None)


def export(asking: Asking, year: str, then: Then, wanted: Wanted) -> None:
    """Write a return into a file that is not there yet.

    Raises:
        Refused: a file of that name is there, or an option is not understood.
        NotFound: the nation has no return for that year here.
    """
    kind = wanted.format or wanted.file.suffix.lower().removeprefix(".")
    if kind not in files.MEDIA:
        said = "--format is" if wanted.format else "The file is to end in"
        raise Refused("option", "usage", f"{said} one of {', '.join(files.MEDIA)}.")
    if wanted.file.exists():
        raise Refused("option", "usage", "A file of that name is there already.")
    if not wanted.file.parent.is_dir():
        raise Refused("option", "usage", "There is no such folder to write into.")
    council = council_code(wanted.council)
    if wanted.filed:
        _export_filed(asking, year, then, wanted, kind, council)
        return
    with at_desk(asking) as desk:
        made = made_at(desk, year, then)
        code = council or desk.office.council
        figures: Exact | Protected = made.exact(code)
        if wanted.published:
            figures = published(desk.office, made.of, made.cells, made.as_at, council=code)
        on_list = listed(desk.office, made.of.year)
        found = check(made, made.sent(council=code, listed=on_list))
        telling = kind == "xlsx" and not wanted.published
        shown = shown_to(desk.reader, found.unready if telling else ())
        desk.viewed("return", among={one.case for one in shown.exceptions}, as_at=made.as_at)
        rests, line = desk.rests(), rests_on(desk.basis.named())
        name = name_of_council(desk.office, made.of.year, code)
        content = files.file_of(
            kind, made, figures, checks=found, shown=shown, basis=line, council=name
        )
    write(wanted.file, content, private=not wanted.published)
    said = f"{MADE_UP} " if made.simulated else ""
    show.say(f"{said}{wanted.file}: {len(figures.figures)} figures of {made.label}.")
    for one in found.rules:
        if one.rule.number == COUNCIL_RULE.number and one.outcome == FAILED:
            show.tell(f"{one.rule.number}: {one.faults[0].says}. {one.rule.remedy}")
    rests.beside()


def _export_filed(  # noqa: PLR0917 — as `export`
    asking: Asking, year: str, then: Then, wanted: Wanted, kind: str, council: str
) -> None:
    """Write a return as it was filed into a file. Raises Refused, NotFound."""
    with at_desk(asking) as desk:
        desk.must("return")
        of = last_ended(desk.today) if year == _LAST else span_of(year)
        found = filing(desk.office, of, wanted.number, filed_by(desk, then))
        filed = kept(desk.office, found)
        named = filed.heading.get("council")
        if council and named and council != named:
            words = f"What was filed names council {named}: leave --council out."
            raise Refused("option", "usage", words)
        figures = given(desk.office, found, filed, public=wanted.published, council=council or None)
        desk.viewed("return", as_at=found.event.as_at)
        name = name_of_council(desk.office, of.year, figures.council)
        content = files.file_of_filing(kind, found, filed, figures, council=name)
    write(wanted.file, content, private=not wanted.published)
    said = f"{MADE_UP} " if found.simulated else ""
    count = len(figures.figures)
    show.say(f"{said}{wanted.file}: {count} figures of {of.name}, filing {found.number}.")
    if not named and figures.council:
        show.tell(f"What was filed names no council: {figures.council} is of this file alone.")


def check_return(asking: Asking, year: str, then: Then, wanted: Checking) -> int:
    """Show what is to be looked at; returns 1 where the return would be refused as it is."""
    with at_desk(asking) as desk:
        made = made_at(desk, year, then)
        sent = made.sent(
            signed=wanted.signed,
            commented=wanted.commented,
            percent=PERCENT if wanted.percent is None else wanted.percent,
            council=desk.office.council,
            listed=listed(desk.office, made.of.year),
        )
        found = check(made, sent)
        shown = shown_to(desk.reader, found.unready)
        desk.viewed("return", among={one.case for one in shown.exceptions}, as_at=made.as_at)
        rests = desk.rests()
    code = 1 if found.refused or (wanted.strict and not found.clean) else 0
    if wanted.json:
        rests.json(told(made, found, shown))
        return code
    _stamped(made)
    _rules(made, found)
    _exceptions(shown, _stamp(made))
    _variance(made, found)
    if found.rules:
        show.say("A hard rule does not hold." if found.refused else "No hard rule is broken.")
    rests.foot()
    return code


def _stamped(made: Made) -> None:
    if made.simulated:
        show.say(MADE_UP)


def _stamp(made: Made) -> str:
    return SIMULATED if made.simulated else ""


def _rules(made: Made, found: Checks) -> None:
    rows = [
        (
            one.rule.number,
            "hard" if one.rule.hard else "soft",
            OUTCOMES[one.outcome],
            one.rule.holds,
            one.rule.basis,
        )
        for one in found.rules
    ]
    if not rows:
        show.say(NO_RULES)
        return
    title = f"Rules for the return of {made.label}, as known at position {made.as_at}"
    show.table(
        title,
        ("Rule", "Strength", "Outcome", "What has to hold", "Basis"),
        rows,
        stamp=_stamp(made),
    )
    for one in found.rules:
        for fault in one.faults:
            show.say(f"{one.rule.number}: {fault.says}")
        if one.outcome == FAILED:
            show.say(f"{one.rule.number}, what to do: {one.rule.remedy}")
        for missing in one.missing:
            show.say(f"{one.rule.number} not checked: {missing}")


def _exceptions(shown: Shown, stamp: str) -> None:
    rows = [
        (one.kind, one.table, str(one.case), one.position, one.says, one.remedy)
        for one in shown.exceptions
    ]
    titles = ("Kind", "Table", "Case", "Position", "What", "What to do")
    show.table("To be put right before it is sent", titles, rows, stamp=stamp)
    if shown.restricted:
        show.say(_RESTRICTED.format(shown.restricted))


def _variance(made: Made, found: Checks) -> None:
    rows = [
        (
            one.place.said(),
            one.last,
            one.now,
            "" if one.percent is None else f"{one.percent:+} %",
        )
        for one in found.variance
    ]
    title = f"What differs from the year before by more than {found.sent.percent} %"
    show.table(title, ("Figure", "Then", "Now", "Change"), rows, stamp=_stamp(made))
    show.say(made.compared)


def explain(asking: Asking, year: str, then: Then, asked: explaining.Asked, *, json: bool) -> None:
    """Show what figures count and what they nearly did, with the rule."""
    with at_desk(asking) as desk:
        made = made_at(desk, year, then, only=asked.table)
        table, filled, figures = explaining.found(desk.reader, made, asked)
        cases = explaining.cases_of(figures)
        closed = restricted_among(desk.reader, cases)
        desk.viewed("return", among=cases - closed, as_at=made.as_at)
        found = explaining.explained(desk.office, figures, closed)
        rests = desk.rests()
    if json:
        rests.json(
            {
                **heading(made),
                "table": table.code,
                "title": table.title,
                "cites": table.cites,
                "notes": filled.remarks,
                "figures": [
                    {
                        **explaining.named(one.cell),
                        **stamp(simulated=made.simulated),
                        "counted": one.counted.told(),
                        "near": [each.told() for each in one.near],
                    }
                    for one in found
                ],
            }
        )
        return
    _stamped(made)
    show.say(f"{table.code} {table.title}. {table.cites}.")
    for note in filled.remarks:
        show.say(note)
    for one in found:
        place = (one.cell.enquiry_type, one.cell.category, one.cell.subcategory)
        _group(
            f"{' · '.join(each for each in place if each)}: {one.cell.value}",
            one.counted,
            _stamp(made),
        )
        for near in one.near:
            _group(f"Not counted, {near.why}: {near.count}", near, _stamp(made))
    rests.foot()


def _decided(line: explaining.Line) -> str:
    """By which rule it counts or does not, and the entry that says so."""
    by = line.decided
    return " ".join(
        [ruled(line.rule, line.edition), *(() if by is None else (f"({by.event}, {by.position})",))]
    )


def _group(title: str, group: explaining.Group, stamp: str) -> None:
    lines: Sequence[explaining.Line] = group.lines
    rows = [
        (
            *(str(one.case), str(one.subject), one.position, one.event, one.recorded_on),
            *(_decided(one), FORGOTTEN if one.forgotten else ""),
        )
        for one in lines
    ]
    titles = ("Case", "Subject", "Position", "Entry", "Recorded on", "Decided", "Since")
    show.table(title, titles, rows, stamp=stamp)
    more = group.count - len(lines) - group.restricted - group.forgotten
    if more > 0:
        show.say(f"{more} more are not shown here.")
    if group.forgotten:
        show.say(f"{group.forgotten} more were forgotten, and are named nowhere here.")
    if group.restricted:
        show.say(_RESTRICTED.format(group.restricted))
