"""What somebody typed and did not record, kept as a draft of their own."""

from __future__ import annotations

from api.forms.place import BEGUN, Opened, Place
from api.forms.reading import Reading, read
from api.forms.sheet import OURS, Sheet
from api.forms.typed import Typed
from api.routes.door import Reader
from api.tag import Tag
from domain.catalogue import COMMANDS
from domain.record.drafts import Draft
from domain.refusal import Refused

_VERSION = "version"


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
