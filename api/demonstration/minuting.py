"""Minutes in the making: the notes kept, each passage and who stands by it, what is questioned."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from api.demonstration import phrases
from api.demonstration.calibration import COUNCIL
from api.demonstration.chance import Chance
from api.demonstration.conferring import Guest, Meeting
from api.demonstration.telling import Telling
from domain.amending import AcceptMinuteAmendment, RefuseMinuteAmendment, RequestMinuteAmendment
from domain.drafting import AttestMinutePassage, KeepRawNotes, WriteMinutePassage
from domain.minutes import ApproveMinutes, DraftMinutes, WithholdMinutes
from domain.when import on_day
from domain.words import AmendmentRef, Code, DocumentRef, Slug

_FORMS: Final = {"handwritten": 5, "typed": 4, "recording": 1}
_PASSAGES: Final = (  # where it stands, and how it was made
    ("adults_words", {"verbatim": 1}),
    ("discussion", {"typed": 4, "dictated": 1, "ai_drafted": 2}),
    ("decisions", {"from_record": 3, "typed": 2}),
)
_TOOL: Final = Slug("drafting-tool")


def keep_notes(tale: Telling, meeting: Meeting, document: DocumentRef) -> None:
    """Keep the notes as they were taken; in some stories they went with whoever took them."""
    if not meeting.core_group and tale.fail_here("notes_lost"):
        return
    with tale.by_itself("notes") as chance:
        kept = KeepRawNotes(
            conference=meeting.conference, document=document, form=chance.drawn(_FORMS)
        )
    tale.ask(kept, meeting.minute_taker, occurred=on_day(meeting.planned))


def write_passages(tale: Telling, meeting: Meeting) -> None:
    """Write some minutes passage by passage, and have the chair stand by each of them.

    In some stories a passage comes from somebody who was there for a party, and nobody does.
    """
    if meeting.core_group or not tale.turn("by_passage"):
        return
    with tale.by_itself("passages") as chance:
        for number, (section, origins) in enumerate(_PASSAGES, 1):
            origin = chance.drawn(origins)
            made = WriteMinutePassage(
                conference=meeting.conference,
                number=number,
                section=Code(section),
                text=tale.words(phrases.PASSAGES[section]),
                origin=origin,
                tool=_TOOL if origin == Code("ai_drafted") else None,
            )
            tale.ask(made, meeting.minute_taker)
        numbers = tuple(range(1, len(_PASSAGES) + 1))
        tale.ask(AttestMinutePassage(conference=meeting.conference, numbers=numbers), meeting.chair)
        if tale.fail("comments_inserted"):
            put_in = WriteMinutePassage(
                conference=meeting.conference,
                number=len(_PASSAGES) + 1,
                section=Code("discussion"),
                text=tale.words(phrases.INSERTED),
                origin=Code("supplied"),
                organisation=_speaker(chance, meeting).organisation,
            )
            tale.ask(put_in, meeting.minute_taker)


def _speaker(chance: Chance, meeting: Meeting) -> Guest:
    """One of those who came, of another agency where there is one."""
    came = [one for one in meeting.guests if one.came]
    return chance.one([one for one in came if one.organisation != COUNCIL] or came)


def question(tale: Telling, meeting: Meeting, draft: DraftMinutes) -> None:
    """Have somebody ask for an amendment, and the chair answer; in some stories without reasons."""
    if meeting.core_group or not tale.turn("amended"):
        return
    with tale.by_itself("amendment") as chance:
        ref, speaker = AmendmentRef(chance.ref()), _speaker(chance, meeting)
        tale.wait(2, 8)
        wanted = RequestMinuteAmendment(
            conference=meeting.conference,
            amendment=ref,
            participant=speaker.participant,
            role=speaker.role,
            organisation=speaker.organisation,
            wanted=tale.words(phrases.AMENDMENTS),
            reason=tale.words(phrases.AMENDED_BECAUSE),
        )
        tale.ask(wanted, tale.world.staff.administrator, known_to=(speaker.organisation,))
        bare = tale.fail("amendment_refused")
        answer = Code("refused") if bare else chance.drawn({"accepted": 6, "refused": 3, "none": 1})
        if answer == Code("none"):
            return
        tale.wait(1, 8)
        if answer == Code("refused"):
            reason = None if bare else tale.words(phrases.NOT_AMENDED)
            refused = RefuseMinuteAmendment(
                conference=meeting.conference, amendment=ref, reason=reason
            )
            tale.ask(refused, meeting.chair)
            return
        accepted = AcceptMinuteAmendment(
            conference=meeting.conference, amendment=ref, reason=tale.words(phrases.AMENDED)
        )
        tale.ask(accepted, meeting.chair)
        again = replace(draft, document=DocumentRef(chance.ref()), digest=chance.digest())
        tale.ask(again, meeting.minute_taker)
        if again.digest is not None:
            approved = ApproveMinutes(
                conference=meeting.conference, document=again.document, master=again.digest
            )
            tale.ask(approved, meeting.chair)


def withhold(tale: Telling, meeting: Meeting) -> None:
    """Keep the minutes from somebody, and say why."""
    if meeting.core_group or tale.pach is None or not tale.turn("withheld"):
        return
    with tale.by_itself("withheld") as chance:
        kept_from = WithholdMinutes(
            conference=meeting.conference,
            role=Code("provider"),
            organisation=Slug("care-provider"),
            reason=chance.drawn({"criminal_investigation": 2, "confidentiality": 3}),
            rationale=tale.words(phrases.WITHHELD),
        )
        tale.ask(kept_from, meeting.chair)
