"""Returns as they were filed: exactly what was handed over, and what moved since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field
from starlette.responses import Response

from api.filed import Filing
from api.filed_since import since_filed, unexplained
from api.filing import (
    file_return,
    filing,
    filings,
    forgotten,
    kept,
    run_of,
)
from api.problems import invalid
from api.returns import files
from api.returns.councils import named
from api.returns.opening import lines, opens, page_of, parted_moves
from api.returns.publishing import given
from api.routes.commands import Running, SentOf, command_id, running_of
from api.routes.door import PROBLEM, AsAt, BasisOf, On, Reader, ReaderOf, StandingOf
from api.routes.paging import PagedStanding, PagedThen, Paging
from api.routes.people import open_among, restricted_among
from api.routes.returns import Year, period_of, span_in
from api.schema import Strict
from domain.holds import holding_filed
from domain.refusal import NotFound
from domain.words import blank
from projections.returns.difference import FORGETTING, Moved, Place
from projections.returns.filed import FiledReturn, FiledTable
from projections.returns.longform import stamp
from projections.returns.table import Cell, LeftOut

router: Final = APIRouter(prefix="/v1/returns", tags=["returns"], responses=PROBLEM)
Number = Annotated[int, Path(ge=1, le=1000, description="Which filing of the period, from 1.")]
Which = Annotated[int, Path(ge=1, le=100_000, description="Which cell of the table, from 1.")]
_MOST: Final = 10_000
FORGOTTEN: Final = (
    "Of {} counted then, details were lawfully forgotten since: they stay counted as they were"
    " filed, and figures reckoned now have them as not known."
)


class ToFile(Strict):
    """What is said of a filing: to whom it went, or why it is filed again. About nobody."""

    note: str | None = Field(default=None, max_length=_MOST)


@router.post(
    "/{year}/filings",
    operation_id="file-return",
    status_code=201,
    responses={200: {"description": "It was filed before, by the same request."}},
)
def file(  # noqa: PLR0917 — what a request is made of
    year: Year,
    body: ToFile,
    reader: ReaderOf,
    standing: StandingOf,
    basis: BasisOf,
    sent: SentOf,
    running: Annotated[Running, Depends(running_of)],
    as_at: AsAt = None,
    on: On = None,
) -> Response:
    """File the whole return of a year, exact, as it is known `as_at`: it is kept as it is for good.

    Of a period that is over, also as known `as_at`; of a quarter where a return is by quarters, and
    of none of its years. One that breaks a hard rule of the collection is filed nonetheless:
    `broken` names the rules, and what is filed says where. It lies sealed under a key of its own,
    which no case's forgetting takes. A return filed again stands beside those before it.
    """
    note = None if body.note is None or blank(body.note) else body.note
    if body.note is not None and note is None:
        raise invalid("/note", "There is nothing in this: leave it out.")
    office, of = reader.office, span_in(year)
    command = command_id(reader.actor, sent.key, office.wrapping.search_key())
    said = [of.text, body.note, str(reader.purpose)]
    run = run_of(office, command, said, note, as_at=as_at, on=on, basis=basis.given)
    with running.alone(command):
        done, before = file_return(reader, of, standing, basis, run)
    links = _links(done)
    headers = {"Location": links["self"], "Cache-Control": "no-store"}
    if before:
        headers = {"Idempotency-Replayed": "true", "Cache-Control": "no-store"}
    return _json({**done.told(), "links": links}, 200 if before else 201, headers)


@router.get("/{year}/filings", operation_id="return-filings")
def every(year: Year, reader: ReaderOf, page: PagedThen) -> Response:
    """Every filing of a period, the first first: each says when, by whom and of which position.

    `forgotten`: its time of keeping ended and what was filed was erased; that it was filed stays.
    An erasure names its `entry` as `target`, and is sent with `version` as If-Match. `held` are the
    cases it can tell of that a legal hold stands on: while there is one, nothing of it is erased.
    """
    reader.may("return")
    log = reader.office.record.log
    of = span_in(year)
    found = filings(reader.office, of, page.clocks.as_at)
    part = page.part(found)
    held = {one.number: holding(reader, one, page.clocks.looked_at) for one in part}
    among = {case for opened, _ in held.values() for case in opened}
    reader.viewed("return", among=among, as_at=page.clocks.as_at)
    as_at = page.clocks.as_at or 0
    body = {
        **period_of(of),
        **stamp(simulated=reader.office.simulated),
        "filings": [
            {
                **one.told(),
                "held": dict(zip(("cases", "restricted"), held[one.number], strict=True)),
                "links": _links(one),
            }
            for one in part
        ],
        "count": len(found),
        "next": page.next(as_at, len(found)),
        "version": len(log.stream(reader.office.authority)),
    }
    return _json(body)


@router.get("/{year}/filings/{number}", operation_id="return-filing")
def one(year: Year, number: Number, reader: ReaderOf) -> Response:
    """What was filed, byte for byte as it was: nothing is reckoned again.

    `Holdfast-Filed` is the SHA-256 of these bytes that the log holds. They name no case; the cells
    of each table, numbered from 1 in their order, open at `…/cells/{table}/{cell}`.
    """
    reader.may("return")
    found = filing(reader.office, span_in(year), number)
    reader.viewed("return", as_at=found.event.as_at)
    filed = kept(reader.office, found)
    headers = {"Holdfast-Filed": found.event.sha256, "Cache-Control": "no-store"}
    return Response(filed.figures, media_type="application/json", headers=headers)


@router.get("/{year}/filings/{number}/cells/{table}/{cell}", operation_id="return-filing-cell")
def cell(  # noqa: PLR0917 — what a figure is asked by
    year: Year, number: Number, table: str, cell: Which, reader: ReaderOf, page: PagedStanding
) -> Response:
    """What a figure counted as it was filed, page by page, but for cases closed to this reader.

    One that was forgotten since stays counted, and says so: `forgotten`; in a row that is a detail
    of a person it is named no more.
    """
    reader.may("return")
    found = filing(reader.office, span_in(year), number, page.clocks.looked_at)
    filed = kept(reader.office, found).table(table)
    if filed is None or cell > len(filed.filled.cells):
        raise NotFound("Nothing was filed under that number.")
    figure = filed.filled.cells[cell - 1]
    said = {
        "enquiry_type": figure.enquiry_type,
        "category": figure.category,
        "subcategory": figure.subcategory,
        "value": figure.value,
        "voluntary": figure.voluntary,
    }
    return _opened(reader, found, filed, figure, said, page)


@router.get(
    "/{year}/filings/{number}/left-out/{table}/{which}", operation_id="return-filing-left-out"
)
def left_out(  # noqa: PLR0917 — what it is asked by
    year: Year, number: Number, table: str, which: Which, reader: ReaderOf, page: PagedStanding
) -> Response:
    """What a table left out for one reason as it was filed, page by page, as its figures open.

    Reasons are numbered from 1, in the order in which they were filed.
    """
    reader.may("return")
    found = filing(reader.office, span_in(year), number, page.clocks.looked_at)
    filed = kept(reader.office, found).table(table)
    if filed is None or which > len(filed.filled.left_out):
        raise NotFound("Nothing was filed under that number.")
    group = filed.filled.left_out[which - 1]
    said = {"why": group.why, "value": len(group.counted)}
    return _opened(reader, found, filed, group, said, page)


def _opened(  # noqa: PLR0917 — what is opened, and how it is told
    reader: Reader,
    found: Filing,
    filed: FiledTable,
    group: Cell | LeftOut,
    said: dict[str, Any],
    page: Paging,
) -> Response:
    part = page_of(reader, page, group, filed=True)
    reader.viewed("return", among=(each.case for each in part.opened), as_at=found.event.as_at)
    body = {
        **_heading(found),
        "table": filed.code,
        **said,
        "notes": filed.filled.remarks,
        "counted": lines(reader.office, part.opened, part.forgotten),
        "count": len(group.counted),
        "restricted": part.restricted,
        "next": page.next(page.clocks.as_at or 0, len(group.counted)),
    }
    return _json(body)


@router.get("/{year}/filings/{number}/export", operation_id="return-filing-export")
def export(
    year: Year,
    number: Number,
    reader: ReaderOf,
    *,
    format: Annotated[Literal["csv", "xlsx", "json"], Query()] = "csv",  # noqa: A002 — its name
    figures: Annotated[
        Literal["exact", "published"],
        Query(description="Exact, and restricted; or as they may be published."),
    ] = "exact",
) -> Response:
    """What was filed as a file: CSV in long form, an Excel workbook, or JSON. Nothing is reckoned.

    Published figures are guarded with a table that is in no return, as known where it was filed.
    """
    reader.may("return")
    found = filing(reader.office, span_in(year), number)
    filed = kept(reader.office, found)
    which = given(reader.office, found, filed, public=figures == "published")
    reader.viewed("return", as_at=found.event.as_at)
    council = named(reader.office, found.of.year, which.council)
    content = files.file_of_filing(format, found, filed, which, council=council)
    name = files.name_of(format, found.of.name, which, found.number)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=files.MEDIA[format], headers=headers)


@router.get("/{year}/filings/{number}/difference", operation_id="return-difference")
def moved(year: Year, number: Number, reader: ReaderOf, page: PagedStanding) -> Response:
    """What moved since a filing, case by case: out of which cells, into which, by which entries.

    `as_at` is no less than that of the filing, which is always named here: `filings?as_at=` lists
    those filed by then, the last of them last. `cells` are the figures that are another now;
    `moved` is paged, but for cases closed to this reader. What was forgotten since is `forgotten`:
    what was told of it then is not known any more, nor who it was where that was a detail of them.
    """
    reader.may("return")
    found = filing(reader.office, span_in(year), number)
    differs, as_at = since_filed(reader.office, found, page.clocks)
    named, bare = parted_moves(reader.office, differs.moved)
    gone = [one for one in page.part(bare, before=len(named)) if opens(reader, one)]
    part = page.part([*named, *bare])
    opened = open_among(reader, [one for one in page.part(named) if opens(reader, one)])
    reader.viewed("return", among=cases_told(reader, opened), as_at=as_at)
    body = {
        **_heading(found),
        "now_as_at": as_at,
        "cells": [
            {
                "table": one.table,
                **_place(one.place),
                "filed": one.filed,
                "now": one.now,
                **stamp(simulated=reader.office.simulated),
            }
            for one in differs.changed
        ],
        "lacking": list(differs.lacking),
        "moved": moves(reader, opened, gone),
        "count": len(differs.moved),
        "restricted": len(part) - len(opened) - len(gone),
        "next": page.next(as_at, len(differs.moved)),
        "notes": notes(reader, found, differs.moved, bare),
    }
    return _json(body)


def holding(reader: Reader, one: Filing, as_at: int | None = None) -> tuple[list[UUID], int]:
    """The cases whose legal hold keeps what was filed; and how many are closed to this reader."""
    office = reader.office
    if one.erased is not None:
        return [], 0
    held = holding_filed(office.record, office.authority, one.fact.version, as_at=as_at)
    closed = restricted_among(reader, held)
    return sorted(held - closed), len(held & closed)


def moves(
    reader: Reader, rows: Sequence[Moved], bare: Sequence[Moved] = ()
) -> list[dict[str, Any]]:
    """What moved, as it is told; no entry of a case that is closed to this reader.

    `bare` is told last, and of no reference: also of the forgetting that moved it only what it was.
    """
    streams = {each.stream for one in rows for each in one.by if each.stream is not None}
    others = _others(rows) - unnamed_among(reader, _others(rows))
    closed = restricted_among(reader, streams)
    gone = forgotten(reader.office, (part for one in rows for part in (one.case, one.subject)))
    made_up = stamp(simulated=reader.office.simulated)

    def told(one: Moved, who: Mapping[str, Any]) -> dict[str, Any]:
        named = others if who["case"] else frozenset[UUID]()

        def why(words: str | None, other: UUID | None) -> str | None:
            return f"{words}: {other}" if words and other in named else words

        return {
            "table": one.table,
            "from": [_place(each) for each in one.was],
            "to": [_place(each) for each in one.now],
            "left_out": why(one.left_out, one.counted_in),
            "was_left_out": why(one.was_left_out, one.was_counted_in),
            **who,
            **made_up,
        }

    def who(one: Moved) -> dict[str, Any]:
        return {
            "case": one.case,
            "subject": one.subject,
            "by": [
                {"position": each.position, "name": each.name}
                for each in one.by
                if each.stream not in closed
            ],
            "forgotten": bool({one.case, one.subject} & gone),
            "links": {"case": f"/v1/cases/{one.case}"},
        }

    def nobody(one: Moved) -> dict[str, Any]:
        names = sorted({each.name for each in one.by if each.name in FORGETTING})
        by = [{"position": None, "name": name} for name in names]
        return {"case": None, "subject": None, "by": by, "forgotten": True, "links": {}}

    return [*(told(one, who(one)) for one in rows), *(told(one, nobody(one)) for one in bare)]


def _others(rows: Iterable[Moved]) -> set[UUID]:
    """The cases by which adults are counted whose own is read as one with them."""
    either = (each for one in rows for each in (one.counted_in, one.was_counted_in))
    return {each for each in either if each is not None}


def unnamed_among(reader: Reader, cases: Collection[UUID]) -> frozenset[UUID]:
    """Which of these cases are not named beside another: closed to this reader, or forgotten."""
    return restricted_among(reader, cases) | forgotten(reader.office, cases)


def cases_told(reader: Reader, rows: Sequence[Moved]) -> set[UUID]:
    """Every case that is named where these are told, for the trace."""
    others = _others(rows)
    return {one.case for one in rows} | (others - unnamed_among(reader, others))


def notes(reader: Reader, found: Filing, rows: Sequence[Moved], bare: Sequence[Moved]) -> list[str]:
    """What is to be known of a difference: what was forgotten since, and what no entry explains.

    `bare` are those of the rows that are told of no reference.
    """
    without = sum(not one.by for one in rows)
    said = [f"{without} of what moved: {unexplained(reader.office, found)}."] if without else []
    streams: set[UUID] = {part for one in rows for part in (one.case, one.subject)}
    gone = forgotten(reader.office, streams)
    whole = (one for one in rows if {one.case, one.subject} & gone)
    count = len({(one.case, one.subject) for one in (*whole, *bare)})
    return [FORGOTTEN.format(count), *said] if count else said


def figures_of(filed: FiledReturn) -> list[tuple[str, str, str, str, int | None]]:
    """The cells of a filed return, in its own order."""
    return [
        (one.code, each.enquiry_type, each.category, each.subcategory, each.value)
        for one in filed.tables
        for each in one.filled.cells
    ]


def _heading(found: Filing) -> dict[str, Any]:
    told = found.told()
    names = ("filing", "stamp", "annual_return", "year", "first", "last", "as_at", "sha256")
    return {name: told[name] for name in names}


def _place(place: Place) -> dict[str, str]:
    return dict(zip(("enquiry_type", "category", "subcategory"), place, strict=True))


def _links(one: Filing) -> dict[str, str]:
    here = f"/v1/returns/{one.of.text}/filings/{one.number}"
    return {
        "self": here,
        "difference": f"{here}/difference",
        "receipt": f"/v1/receipts/cases/{one.fact.position}",
    }


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:  # noqa: ANN401 — any JSON
    return Response(orjson.dumps(body), status, headers, media_type="application/json")
