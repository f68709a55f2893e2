"""`holdfast minutes`: the minutes of a conference drafted from the record, as a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid5

import orjson

from api.clock import new_reference
from api.commands import show
from api.commands.desk import Desk, at_desk, reference
from api.commands.options import Asking, Then
from api.minutes.drafted import Copy, Drafted, cases_of, drafted
from api.minutes.files import MEDIA, file_of
from api.minutes.page import rests_on
from api.routes.people import names_open
from api.standing import Stands, stands
from domain.handle import Ask
from domain.minutes import DraftMinutes
from domain.record.encoding import passages
from domain.refusal import Refused
from domain.when import instant
from domain.words import Code, ConferenceRef, DocumentRef, Particulars


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which minutes, for whom, into which file, as typed; `keep` hands them in as a draft."""

    case: str
    conference: str
    file: Path
    parts: tuple[int, ...]
    copy: int | None
    keep: bool


def make_minutes(asking: Asking, wanted: Wanted) -> None:
    """Write the minutes; with `keep`, keep them sealed too, and record them as a draft.

    Raises:
        Refused: the file is of no kind made here or stands there already, or the role may not.
        NotFound: there is no such case, conference, part or copy.
    """
    kind = wanted.file.suffix.lower().removeprefix(".")
    if kind not in MEDIA:
        raise Refused("option", "usage", "The file is to end in .docx or .pdf.")
    if wanted.keep and (wanted.parts or wanted.copy is not None):
        raise Refused("option", "usage", "A draft is of the whole: leave out --part and --copy.")
    if wanted.file.exists():  # before anything is kept of it
        raise Refused("option", "usage", "A file of that name is there already.")
    with at_desk(asking) as desk:
        case = reference(wanted.case, "case")
        desk.must("case", case)
        ref = ConferenceRef(reference(wanted.conference, "conference"))
        found = stands(desk.office, case, desk.clocks(Then()))
        desk.opened(found.now, case)
        desk.viewed("document", case=case, among=cases_of(found, ref))
        copy = Copy(parts=wanted.parts, redacted_at=wanted.copy)
        person = names_open(desk.reader, (*found.facts, *found.understood), found.clocks.as_at)
        made = drafted(desk.office, found, ref, copy, person=person)
        page = replace(made.page, basis=rests_on(desk.basis.named()))
        content = file_of(page, kind, desk.office.settings.fonts)
        if wanted.keep:
            version = keep(desk, found, ref, (content, MEDIA[kind]), made)
            show.say(f"Kept sealed, and recorded as a draft: entry {version} of {case}.")
        try:
            with wanted.file.open("xb") as file:
                file.write(content)
        except FileExistsError:
            raise Refused("option", "usage", "A file of that name is there already.") from None
        rests = desk.rests()
    show.say(f"Written: {len(made.page.sections)} sections, {len(content)} bytes.")
    rests.foot()


def keep(
    desk: Desk, found: Stands, ref: ConferenceRef, file: tuple[bytes, str], made: Drafted
) -> int:
    """Keep a draft, forgotten with any passage in it and anybody it names; record it handed in."""
    content, media = file
    office, case, command = desk.office, found.facts[0].stream, new_reference()
    document = DocumentRef(uuid5(command, "document"))
    rows = office.record.log.at(made.used)
    keys = {
        UUID(sealed["key"])
        for row in rows
        for sealed in passages(orjson.loads(row.payload)["data"])
    }
    about = sorted({case, *(row.stream for row in rows), *made.named})
    living = office.keyring.find(keys)  # those forgotten already are shown as forgotten
    digest = office.documents.keep(
        document,
        content,
        media,
        case=case,
        about=about,
        passages=living,
        by=desk.actor,
        purpose=desk.reader.purpose,
    )
    answer = office.handler.handle(
        Ask(
            command=DraftMinutes(
                conference=ref,
                document=document,
                digest=digest,
                form=Code("not_recorded"),
                from_record=True,
            ),
            stream=case,
            expected_version=len(found.facts),
            actor=desk.actor,
            particulars=Particulars(occurred=instant(office.clock.now())),
            id=command,
            digest=bytes.fromhex(digest),
        )
    )
    return answer.version
