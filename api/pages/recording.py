"""Recording by form: one page a command, made from its schema, and the page that lists them.

A form that cannot be recorded is kept as a draft and shown again with all that was typed; where it
cannot even be shown, it is given back to be sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.clock import new_reference
from api.forms.again import before, remember
from api.forms.asking import Came, Turned, ask, position_of
from api.forms.fields import COMMAND, asked_of
from api.forms.files import without_file
from api.forms.guarding import HEADERS, check_origin, check_token
from api.forms.keeping import drop, keep, take_in
from api.forms.labels import title
from api.forms.place import BEGUN, Opened, Place, check, closed, look, place_of
from api.forms.reading import Reading, checked, read
from api.forms.sending import Arrived, arrived, unread
from api.forms.sheet import Sheet, Wrong, focus_of, reaching
from api.forms.stages import groups
from api.forms.typed import ROW, Typed
from api.forms.untouched import unsaid
from api.pages.page import RESTRICTED, kept, reader_of, render, said, with_purpose
from api.problems import KINDS, Problem, headers_of, invalid, problem_of
from api.routes.door import Reader, check_query, office_of
from api.tag import Tag
from domain.catalogue import CASE, PERSON

router: Final = APIRouter(include_in_schema=False)
# What an address may fill in beforehand: what says nothing of anybody by itself.
_PREFILLED: Final = frozenset({"reference", "number", "digest"})
_SAVED: Final = "/drafts?saved=yes"
_OTHER_DRAFT: Final = (
    "A draft of this form, saved from another page with other words, is kept: it is no part of "
    "what was recorded."
)
_MEANWHILE: Final = (
    "Somebody recorded here since you opened this form. While reading is restricted, what it is "
    "is not shown: record this again if it is to stand all the same."
)
_KEPT: Final = "What you typed is kept as a draft. Nothing is recorded yet."
_SIGNED_OUT: Final = "You are not signed in any more: sign in in another window of this browser."
_NOT_KEPT: Final = (
    "What you typed could not be kept as a draft: it names somebody whose data were erased."
)


async def _ours(request: Request) -> Arrived:
    """What was sent of a form of ours; of one that another site had a browser send, nothing."""
    try:
        check_origin(request)
    except Problem as problem:
        return await unread(request, problem)
    return await arrived(request)


SentForm = Annotated[Arrived, Depends(_ours)]


def _place(request: Request) -> Place:
    """What a form's address says it is recorded of. Raises NotFound."""
    for kind in (CASE, PERSON):
        if kind in request.path_params:
            return place_of(kind, request.path_params[kind])
    return BEGUN


def page(request: Request, make: Callable[[], Response]) -> Response:
    """A page, or the problem that it met, as a page."""
    try:
        answer = make()
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        answer = said(request, problem)
    answer.headers.update(HEADERS)
    return answer


# ------------------------------------------------------------------------------ what there is


@router.get("/record")
@router.get("/cases/{case}/record")
@router.get("/persons/{person}/record")
def what_to_record(request: Request) -> Response:
    """What may be recorded here by whoever asks, by stage."""
    return page(request, lambda: _listed(request))


def _listed(request: Request) -> Response:
    check_query(request, {"purpose"})
    reader, place = reader_of(request), _place(request)
    opened = look(reader, place)
    return render(
        "record.html",
        reader.office,
        called=opened.called,
        back=with_purpose(request, place.at) if place.at else "",
        groups=groups(
            reader.actor.role,
            place.kind,
            reader.office.jurisdiction,
            here=place.here,
            query=kept(request, "purpose"),
        ),
    )


# ------------------------------------------------------------------------------------- a form


@router.get("/record/{command}")
@router.get("/cases/{case}/record/{command}")
@router.get("/persons/{person}/record/{command}")
def form(request: Request, command: str) -> Response:
    """The form of a command, empty but for what its address fills in."""
    return page(request, lambda: _fresh(request, command))


def _fresh(request: Request, name: str) -> Response:
    reader, place = reader_of(request), _place(request)
    check(reader, place, name)
    filled = {one.name for one in asked_of(name) if one.kind in _PREFILLED}
    check_query(request, {"purpose", *filled})
    sent = ((one, request.query_params.get(one, "")) for one in sorted(filled))
    typed = Typed(tuple((f"{COMMAND}.{one}", value) for one, value in sent if value))
    opened = look(reader, place)
    sheet = Sheet(
        reader=reader,
        place=place,
        name=name,
        key=new_reference(),
        seen=opened.seen,
        typed=typed,
        query=kept(request, "purpose"),
    )
    return sheet.shown(opened, before=before(request))


@router.post("/record/{command}")
@router.post("/cases/{case}/record/{command}")
@router.post("/persons/{person}/record/{command}")
def sent(request: Request, command: str, form: SentForm) -> Response:
    """A form that was sent: recorded, changed, kept, or discarded, by its button."""
    return page(request, lambda: _sent(request, command, form))


def _sent(request: Request, name: str, form: Arrived) -> Response:
    check_query(request, {"purpose"})
    check_origin(request)
    if form.problem is not None and form.problem.kind == "body-too-large":
        return _too_large(request, form.problem)
    try:
        return _done(request, name, form)
    except Exception as error:
        problem = problem_of(error)
        if problem is None or problem.kind == "not-ours":
            raise
        return _given_back(request, form, problem)


def _too_large(request: Request, problem: Problem) -> Response:
    """What is said of a form that is too large to be taken in, even as a draft."""
    answer = render("too_large.html", office_of(request), 413, detail=problem.detail)
    answer.headers.update(headers_of(problem))
    return answer


def _done(request: Request, name: str, form: Arrived) -> Response:
    reader, place = reader_of(request), _place(request)
    sheet = _sheet(request, reader, place, name, form.typed)
    check_token(sheet.secret, reader.actor, sheet.key, sheet.here, sheet.typed.one("token"))
    check(reader, place, name)
    button, _, where = sheet.typed.one("do").partition(":")
    if button == "discard-now":
        return RedirectResponse(
            with_purpose(request, place.here) if drop(sheet) else "/drafts", 303
        )
    sheet = take_in(sheet, form)
    if button == "discard":
        return _asked_again(sheet)
    if button in {"record", "record-now"}:
        return _recorded(request, sheet, asked=button == "record-now")
    opened = look(reader, place)
    if button == "save" and not sheet.unfit and (saved := keep(sheet, opened)):
        apart = f"&apart={saved.apart}" if saved.apart else ""
        return RedirectResponse(f"{_SAVED}{apart}", 303)
    return _changed(sheet, opened, button, where)


def _asked_again(sheet: Sheet, template: str = "discard.html", words: str = "") -> Response:
    """Whether all that was typed is to go, since nothing brings it back.

    Or whether it is to be recorded, though it says nothing.
    """
    office = sheet.reader.office
    pairs = sheet.typed.without(["do"]).pairs
    return render(
        template, office, title=_called(sheet), action=sheet.action, pairs=pairs, words=words
    )


def _called(sheet: Sheet) -> str:
    return title(sheet.name, sheet.reader.office.jurisdiction)


def _sheet(request: Request, reader: Reader, place: Place, name: str, typed: Typed) -> Sheet:
    """The form as it was sent. Raises Problem `not-ours` for one that has no id or version."""
    try:
        key, seen = UUID(typed.one("key")), Tag.read(typed.one("version"))
    except ValueError:
        raise Problem("not-ours") from None
    query = kept(request, "purpose")
    return Sheet(
        reader=reader,
        place=place,
        name=name,
        key=key,
        seen=seen,
        typed=typed,
        query=query,
        edition=typed.one("draft"),
    )


def _changed(sheet: Sheet, opened: Opened, button: str, where: str) -> Response:
    """The form with a row more or less, or as it is; kept as it stands."""
    typed, focus = sheet.typed, ""
    if button == "add":
        typed = typed.with_row(where)
        focus = f"{where}.{typed.rows(where) - 1}"
    elif button == "remove":
        where, _, number = where.rpartition(".")
        if not ROW.fullmatch(number):
            raise invalid("", "There is no such row.")
        typed = typed.without_row(where, int(number))
        focus = f"{where}.{max(0, int(number) - 1)}"
    elif button == "put-aside":
        typed, focus = without_file(typed, where), where
    changed = replace(sheet, typed=typed)
    saved = keep(changed, opened)
    at = focus_of(sheet.name, focus, changed, opened) if focus else ""
    told = _NOT_KEPT if saved is None else _KEPT
    return (saved or changed).shown(opened, notices=[told], focus=at)


def _recorded(request: Request, sheet: Sheet, *, asked: bool) -> Response:
    """Record it; or show the form again with what is wrong.

    What would say nothing is recorded where whoever sends it was `asked` about that.
    """
    reading = read(sheet.name, sheet.typed)
    reading.wrong.update(sheet.unfit)
    body, nowhere = checked(sheet.name, reading)
    if body is None:
        came = Turned(kind="invalid", status=422, general=[Wrong(words=one) for one in nowhere])
        return _wrong(sheet, reading, came)
    if not asked and (said := unsaid(sheet.name, reading.body)):
        return _asked_again(sheet, "unsaid.html", said)
    answer = ask(sheet, reading, body, request)
    if isinstance(answer, Turned):
        return _wrong(sheet, reading, answer)
    if not drop(sheet):
        answer = replace(answer, notes=[*answer.notes, (_OTHER_DRAFT, f"/drafts/{sheet.key}")])
    return _told(request, sheet, answer)


def _told(request: Request, sheet: Sheet, came: Came) -> Response:
    """Lead to what was recorded; where there is something to say first, say it."""
    kind = sheet.place.kind or (CASE if sheet.name == "receive-referral" else PERSON)
    at = with_purpose(request, f"/{kind}s/{came.stream}", recorded=str(came.position))
    readable = sheet.reader.reads("case" if kind == CASE else "details")
    readable = readable and not closed(sheet.reader, sheet.place)
    answer: Response
    if readable and not came.notes:
        answer = RedirectResponse(at, 303)
    else:
        answer = render(
            "done.html",
            sheet.reader.office,
            title=_called(sheet),
            notes=came.notes,
            at=at if readable else "",
        )
    remember(answer, request, f"/{kind}s/{came.stream}", came.position)
    return answer


def _wrong(sheet: Sheet, reading: Reading, turned: Turned) -> Response:
    """The form again with all that was typed, kept as a draft; read anew, with its trace."""
    opened = look(sheet.reader, sheet.place)
    general = list(turned.general)
    if turned.kind == "stale-version":
        # Else the page says what was recorded meanwhile.
        general = [Wrong(words=_MEANWHILE)] if opened.closed else []
    if turned.kind == "key-reused":
        general = [_sent_before(sheet)]
        sheet = sheet.renewed()
    saved = keep(sheet, opened, reading)
    return (saved or sheet).shown(
        opened,
        status=turned.status,
        wrong=reading.wrong,
        general=general,
        notices=[_NOT_KEPT if saved is None else _KEPT],
    )


def _sent_before(sheet: Sheet) -> Wrong:
    """What is said of a form that was recorded before, and has been changed since."""
    position = position_of(sheet)
    at = f"{sheet.place.at}?entry={position}#entry-{position}" if sheet.place.at else ""
    said = (
        "This form was recorded before, as it stood then. What you changed since is kept below: "
        "record it only if it is to stand beside that."
    )
    return Wrong(words=said, at=at)


def _given_back(request: Request, form: Arrived, problem: Problem) -> Response:
    """All that was typed, to be sent again once what is wrong has been mended.

    A file that was not kept cannot be given back: what is sent again then leads to the form.
    """
    lost = [one.name for one in form.files]
    kind, office, shut = KINDS[problem.kind], office_of(request), problem.kind == "restricted"
    detail = RESTRICTED if shut else problem.detail or kind.remedy
    answer = render(
        "again.html",
        office,
        kind.status,
        title=kind.title,
        detail=_SIGNED_OUT if problem.kind == "not-identified" else detail,
        action=with_purpose(request, request.url.path),
        purposes=reaching(office.jurisdiction, request.url.path) if shut else {},
        pairs=form.typed.without(["do"]).pairs if lost else form.typed.pairs,
        lost=lost,
    )
    answer.headers.update(headers_of(problem))
    return answer
