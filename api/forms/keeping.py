"""What somebody typed and did not record, kept as a draft of their own; files, with their case."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Final
from uuid import UUID

from api.forms.files import Chosen, takes_file, with_file
from api.forms.limits import FILE_EMPTY, FILE_TOO_LARGE
from api.forms.place import BEGUN, Opened, Place
from api.forms.reading import Reading, read
from api.forms.sending import Arrived
from api.forms.sheet import OURS, Sheet
from api.forms.typed import Typed
from api.problems import invalid
from api.routes.documents import MEDIA, UNKNOWN
from api.routes.door import Reader
from api.tag import Tag
from api.values import derived
from domain.catalogue import CASE, COMMANDS
from domain.record.drafts import Draft
from domain.refusal import Refused

_VERSION: Final = "version"


def keep(sheet: Sheet, opened: Opened, reading: Reading | None = None) -> bool:
    """Keep a form as it stands; whether it was. Not where somebody it is about was erased."""
    office = sheet.reader.office
    named = (reading or read(sheet.name, sheet.typed)).about
    known = {one for one in named if office.record.log.stream(one)}
    pairs = (*sheet.typed.without(OURS).pairs, (_VERSION, str(sheet.seen)))
    try:
        office.drafts.save(
            sheet.key,
            Typed(pairs).draft(),
            owner=sheet.reader.actor.worker,
            command=sheet.name,
            stream=sheet.place.stream,
            about=opened.about | known,
        )
    except Refused:
        return False
    return True


def drop(sheet: Sheet) -> None:
    """Keep it no longer."""
    sheet.reader.office.drafts.discard(sheet.key, sheet.reader.actor.worker)


def sheet_of(reader: Reader, draft: Draft, content: bytes, query: str) -> Sheet:
    """The form that a draft was kept of, as it stood."""
    typed = Typed.of_draft(content)
    return Sheet(
        reader=reader,
        place=place_of_draft(draft),
        name=draft.command,
        key=draft.id,
        seen=Tag.read(typed.one(_VERSION) or "0"),
        typed=typed.without(OURS),
        query=query,
    )


def place_of_draft(draft: Draft) -> Place:
    """What a draft would be recorded of."""
    kind = COMMANDS.get(draft.command)  # None where a later release has no such command
    if draft.stream is None or kind is None:
        return BEGUN
    return Place(kind=kind.stream, stream=draft.stream)


def take_in(sheet: Sheet, sent: Arrived) -> Sheet:
    """Keep the files of a form that was sent, each sealed with its case; give the form with them.

    A form that was sent twice keeps a file once. What is wrong with a file is said at its field.

    Raises:
        NotFound: there is no such case.
        Problem: `restricted`; `invalid` for a file that the form has no field for.
        Refused: the case, or who it is about, was erased (I13).
    """
    if not sent.files:
        return sheet
    if sheet.place.kind != CASE or not all(takes_file(sheet.name, x.place) for x in sent.files):
        raise invalid("", "This form has no field for a file.")
    case = _case_of(sheet)
    state, _facts = sheet.reader.office.handler.case(case)
    sheet.reader.may_open(state, case)
    typed, unfit = sheet.typed, dict(sheet.unfit)
    for one in sent.files:
        if one.content:
            typed = _with(sheet, typed, one, one.content)
        else:
            unfit[one.place] = FILE_TOO_LARGE if one.content is None else FILE_EMPTY
    sent.kept(typed)
    return replace(sheet, typed=typed, unfit=unfit)


def _case_of(sheet: Sheet) -> UUID:
    if sheet.place.stream is None:
        raise invalid("", "This form has no field for a file.")
    return sheet.place.stream


def _with(sheet: Sheet, typed: Typed, one: Chosen, content: bytes) -> Typed:
    """What was typed, with a file kept: its number is the same for the same file of a form."""
    case = _case_of(sheet)
    number = derived(sheet.key, f"{one.place} {sha256(content).hexdigest()}")
    media = one.media if one.media in MEDIA else UNKNOWN
    digest = sheet.reader.office.documents.keep(
        number,
        content,
        media,
        case=case,
        about=[case],
        by=sheet.reader.actor,
        purpose=sheet.reader.purpose,
    )
    told = (str(number), str(digest), one.name, str(len(content)))
    return with_file(typed, one.place, told)
