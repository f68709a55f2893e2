"""What somebody typed and did not record, kept as a draft of their own; files, with their case."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Final
from uuid import UUID

from api.clock import new_reference
from api.forms.files import Chosen, takes_file, with_file
from api.forms.limits import FILE_CLOSED, FILE_EMPTY, FILE_TOO_LARGE
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
from domain.refusal import NotFound, Refused

_VERSION: Final = "version"


def keep(sheet: Sheet, opened: Opened, reading: Reading | None = None) -> Sheet | None:
    """Keep a form as it stands; the form as it is kept. None where somebody it is about was erased.

    Where its draft was saved from another page since this one was drawn, it is kept as a draft of
    its own, and `apart` says from which: neither is lost, and the same words are kept once.
    """
    office = sheet.reader.office
    named = (reading or read(sheet.name, sheet.typed)).about
    known = {one for one in named if office.record.log.stream(one)}
    content = _content(sheet)

    def saved(number: UUID, after: str) -> str | None:
        return office.drafts.save(
            number,
            content,
            owner=sheet.reader.actor.worker,
            command=sheet.name,
            stream=sheet.place.stream,
            about=opened.about | known,
            after=after,
        )

    try:
        edition = saved(sheet.key, sheet.edition)
        if edition is not None:
            return replace(sheet, edition=edition)
        own = derived(sheet.key, f"draft {sha256(content).hexdigest()}")
        if (edition := saved(own, "")) is None:  # it was gone on with since, as a draft of its own
            own = new_reference()
            edition = saved(own, "")
    except Refused:
        return None
    return replace(sheet, key=own, edition=edition or "", apart=sheet.key)


def drop(sheet: Sheet) -> bool:
    """Keep it no longer; whether nothing is left of it.

    What was saved from another page since this one was drawn stays, unless it is the same words.
    """
    drafts, owner = sheet.reader.office.drafts, sheet.reader.actor.worker
    if drafts.discard(sheet.key, owner, sheet.edition):
        return True
    try:
        there, content = drafts.open(sheet.key, owner)
    except NotFound:  # forgotten, or away meanwhile
        return True
    return content == _content(sheet) and drafts.discard(sheet.key, owner, there.edition)


def _content(sheet: Sheet) -> bytes:
    """What is kept of a form."""
    pairs = (*sheet.typed.without(OURS).pairs, (_VERSION, str(sheet.seen)))
    return Typed(pairs).draft()


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
        edition=draft.edition,
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
        Problem: `invalid` for a file that the form has no field for.
        Refused: the case, or who it is about, was erased (I13).
    """
    if not sent.files:
        return sheet
    if sheet.place.kind != CASE or not all(takes_file(sheet.name, x.place) for x in sent.files):
        raise invalid("", "This form has no field for a file.")
    case = _case_of(sheet)
    state, _facts = sheet.reader.office.handler.case(case)
    closed = sheet.reader.closed(state, case)
    typed, unfit = sheet.typed, dict(sheet.unfit)
    for one in sent.files:
        if closed:
            unfit[one.place] = FILE_CLOSED
        elif one.content:
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
