"""Minutes in the making: the notes as they were taken, and where each passage came from.

A passage says how it was made and by whom, and stands for nobody until somebody attests it. Whoever
attests it attests that wording: written anew, it is to be attested anew. What becomes of the draft
stands in `minutes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known, Sat, WrittenUp
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, found, mark, passed, recorded
from domain.when import in_words
from domain.words import (
    AmendmentRef,
    Code,
    ConferenceRef,
    Digest,
    DocumentRef,
    Fact,
    Passage,
    Slug,
    WorkerRef,
    listed,
    numbering,
)

AT_ONCE: Final = timedelta(days=1)  # a meeting may end late in the day
_BY_TOOL: Final = "ai_drafted"

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class RawNotesKept:
    """The notes taken at a meeting were kept as they were, before anything was made of them (R16).

    `document` names them, and `digest` what they were; None where they are kept elsewhere.
    """

    conference: ConferenceRef
    document: DocumentRef
    digest: Digest | None = None
    form: Code = listed("notes_form")
    kept_by: WorkerRef


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutePassageWritten:
    """A passage of the minutes, how it was made and by whom (R150, R153, R154).

    `number` is its place; one written later under the same number stands instead. `part` is the
    part of the meeting it tells of, None all of it. `tool` drafted it, where one did.
    `organisation` is the agency whose words it is. `amendment` is the accepted request it carries
    out.
    """

    conference: ConferenceRef
    number: int
    section: Code = listed("minutes_section")
    part: int | None = None
    text: Passage
    origin: Code = listed("passage_origin")
    tool: Slug | None = None
    written_by: WorkerRef
    organisation: Slug | None = None
    amendment: AmendmentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutePassageAttested:
    """Somebody stands by the wording of passages (R150, R152).

    `versions` are the case versions of the events that wrote it, as it was at that time.
    """

    conference: ConferenceRef
    numbers: tuple[int, ...]
    versions: tuple[int, ...] = numbering()
    attested_by: WorkerRef


Event: TypeAlias = RawNotesKept | MinutePassageWritten | MinutePassageAttested

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A passage as it stands."""

    version: int
    origin: Code
    tool: Slug | None
    at: Mark
    attested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What there is of one conference's minutes in the making."""

    notes: tuple[Mark, ...] = ()
    passages: Mapping[int, Written] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The minutes of a case's conferences in the making."""

    drafts: Mapping[ConferenceRef, Draft] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    ref = fact.event.conference
    draft = _noted(state.drafts.get(ref, Draft()), fact)
    return State(drafts={**state.drafts, ref: draft})


def _noted(draft: Draft, fact: Fact[Event]) -> Draft:
    at = mark(fact)
    match fact.event:
        case RawNotesKept():
            return replace(draft, notes=(*draft.notes, at))
        case MinutePassageWritten() as event:
            written = Written(version=fact.version, origin=event.origin, tool=event.tool, at=at)
            return replace(draft, passages={**draft.passages, event.number: written})
        case MinutePassageAttested(versions=versions):
            passages = {
                number: replace(one, attested=one.attested or one.version in versions)
                for number, one in draft.passages.items()
            }
            return replace(draft, passages=passages)
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRawNotes:
    """Keep the notes of a meeting as they were taken."""

    conference: ConferenceRef
    document: DocumentRef
    digest: Digest | None = None
    form: Code = listed("notes_form", default=Code("not_recorded"))
    kept_by: WorkerRef | None = None  # by default whoever performed it


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteMinutePassage:
    """Write a passage of the minutes, or write it anew."""

    conference: ConferenceRef
    number: int
    section: Code = listed("minutes_section", default=Code("discussion"))
    part: int | None = None
    text: Passage
    origin: Code = listed("passage_origin", default=Code("not_recorded"))
    tool: Slug | None = None
    written_by: WorkerRef | None = None  # by default whoever performed it
    organisation: Slug | None = None
    amendment: AmendmentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestMinutePassage:
    """Stand by passages as they are worded now."""

    conference: ConferenceRef
    numbers: tuple[int, ...]
    attested_by: WorkerRef | None = None  # by default whoever performed it


Command: TypeAlias = KeepRawNotes | WriteMinutePassage | AttestMinutePassage


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference, the passage or the accepted amendment is not of this case.
        Refused: a passage has no place of its own: its number is less than one (I1).
    """
    if command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    draft = state.drafts.get(command.conference, Draft())
    match command:
        case KeepRawNotes():
            keeper = command.kept_by or context.performed_by
            return (recorded(RawNotesKept, command, kept_by=keeper),)
        case WriteMinutePassage():
            return (_write(command, known, context),)
        case AttestMinutePassage(numbers=numbers):
            if not numbers or not set(numbers) <= draft.passages.keys():
                words = "There is no such passage in the minutes of this conference."
                raise NotFound(words, field="numbers")
            versions = tuple(draft.passages[one].version for one in numbers)
            by = command.attested_by or context.performed_by
            return (recorded(MinutePassageAttested, command, versions=versions, attested_by=by),)
        case _:
            assert_never(command)


def _write(command: WriteMinutePassage, known: Known, context: Context) -> MinutePassageWritten:
    """Write a passage in its place."""
    if command.number < 1:
        words = "A passage has a place of its own: number passages from 1."
        raise Refused("no_place", "I1", words, field="number")
    if command.amendment is not None and command.amendment not in known.amendments_accepted:
        raise NotFound("There is no such accepted amendment in this case.", field="amendment")
    writer = command.written_by or context.performed_by
    return recorded(MinutePassageWritten, command, written_by=writer)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise notes not kept, passages of unknown making, and decisions left out."""
    for ref, sitting in known.sittings.items():
        draft = state.drafts.get(ref, Draft())
        yield from _notes(ref, draft, sitting, context)
        yield from _passages(ref, draft, known.written_up.get(ref))
        yield from _decisions(ref, known)


def _notes(ref: ConferenceRef, draft: Draft, sitting: Sat, context: Looking) -> Iterator[Finding]:
    """Ask for the notes as they were taken, at once (R16)."""
    by = sitting.held.last
    if by is None:
        return
    if not draft.notes:
        if context.on > by + AT_ONCE:
            words = "The notes taken at the meeting were to be kept by "
            words += f"{in_words(by + AT_ONCE)}, and are not recorded as kept."
            code, at = "raw_notes_not_kept", sitting.held
            last = passed(at, by + AT_ONCE)
            yield found(code, "R16 R150", "low", words, at=at, since=last, subject=ref)
        return
    first = [at.first for at in draft.notes]
    if None not in first and min(one for one in first if one) > by + AT_ONCE:
        words = "The notes taken at the meeting were to be kept by "
        words += f"{in_words(by + AT_ONCE)}, a day after it, and were kept later."
        yield found("raw_notes_late", "R16 R150", "low", words, at=draft.notes[0], subject=ref)


def _passages(ref: ConferenceRef, draft: Draft, kept: WrittenUp | None) -> Iterator[Finding]:
    """Ask each passage how it was made, and an approved one who stands by it (R150, R152)."""
    unsaid = [
        one.at
        for one in draft.passages.values()
        if one.origin == "not_recorded" or (one.origin == _BY_TOOL and one.tool is None)
    ]
    if unsaid:
        words = f"How {len(unsaid)} of the passages of the minutes were made is not recorded."
        code, at, counted = "passage_origin_missing", unsaid[0], len(unsaid)
        yield found(code, "R150", "low", words, at=at, subject=ref, counted=counted)
    if kept is None or not kept.approvals:
        return
    bare = [one for one in draft.passages.values() if not one.attested]
    for code, severity, which in (
        ("passage_unattested", "low", [one for one in bare if one.origin != _BY_TOOL]),
        ("drafted_passage_unattested", "medium", [one for one in bare if one.origin == _BY_TOOL]),
    ):
        if which:
            by_tool = " drafted by a tool" if code.startswith("drafted") else ""
            those = "one passage" if len(which) == 1 else f"{len(which)} passages"
            words = f"Approved minutes have {those}{by_tool} that nobody attested."
            at = kept.approvals[-1]
            counted = len(which)
            yield found(code, "R150 R152", severity, words, at=at, subject=ref, counted=counted)


def _decisions(ref: ConferenceRef, known: Known) -> Iterator[Finding]:
    """Ask that the minutes record each decision of the meeting (R153)."""
    kept = known.written_up.get(ref)
    if kept is None or kept.drafted is None:
        return
    missing = len(set(known.decided_at(ref)) - set(kept.decisions))
    if missing:
        those = "one decision" if missing == 1 else f"{missing} decisions"
        words = f"The minutes do not say that they record {those} of the meeting."
        code, at = "decision_not_in_minutes", kept.drafted
        yield found(code, "R153", "medium", words, at=at, subject=ref, counted=missing)
