"""What lets the adult come to a conference: access, safety, and whom they wish to bring.

That the adult was invited, told and heard stands in `involvement`; what both say is read together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.words import (
    Code,
    ConferenceRef,
    Fact,
    ParticipantRef,
    Passage,
    PersonRef,
    WorkerRef,
    listed,
)

NO_NEED: Final = frozenset({Code("none")})
# Needs that no venue meets: R28.
SPOKEN: Final = frozenset({Code("interpreter"), Code("sign_language")})
# Reasons of not inviting that do not stand beside an adult found safe to come, and wishing to.
AGAINST_SAFETY: Final = frozenset({"safety", "adults_wish", "not_recorded"})
COMPANIONS: Final = frozenset({"supporter", "family", "carer", "advocate", "representative"})

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessArrangementsMade:
    """The venue was considered for what the adult needs to get in, and to follow (R27, R28).

    `access_needs` are what was found, `adjustments` what was arranged; `language` and
    `communication_aids` in words.
    """

    conference: ConferenceRef
    venue: Passage | None = None
    access_needs: tuple[Code, ...] = listed("need")
    access_needs_other: Passage | None = None
    adjustments: tuple[Code, ...] = listed("attendance_support")
    adjustments_other: Passage | None = None
    interpreter: Code = listed("yes_no_not_recorded")
    language: Passage | None = None
    communication_aids: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultAttendanceSafetyAssessed:
    """Whether it is safe for the adult to attend, and whether they wish to (R47).

    `part` is the part of the conference it is about; None for all of it.
    """

    conference: ConferenceRef
    part: int | None = None
    safe_to_attend: Code = listed("yes_no_not_known")
    wishes_to_attend: Code = listed("yes_no_not_known")
    assessed_by: WorkerRef
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultSupporterRequested:
    """The adult wishes to bring somebody (R51).

    `supporter` names them within this conference, as an invitation does: the one who answers this
    request bears the same reference. `reason_not_invited` where they were not to be asked.
    """

    conference: ConferenceRef
    supporter: ParticipantRef
    person: PersonRef | None = None
    name: Passage | None = None
    relationship: Passage | None = None
    reason_not_invited: Passage | None = None


Event: TypeAlias = AccessArrangementsMade | AdultAttendanceSafetyAssessed | AdultSupporterRequested

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety:
    """One assessment of whether the adult can safely attend."""

    safe: Code
    wishes: Code
    explained: bool
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Enabling:
    """What was done so that the adult can come to one conference."""

    needs: frozenset[Code] = frozenset()
    adjustments: frozenset[Code] = frozenset()
    arranged: bool = False
    venue: bool = False  # looked at, and found to do
    safety: Mapping[int | None, Safety] = field(default_factory=dict)  # the last of each part
    supporters: Mapping[ParticipantRef, tuple[Mark, bool]] = field(default_factory=dict)

    @property
    def asked_of_attending(self) -> bool:
        """Whether the adult's wish to attend is recorded with an assessment of safety."""
        return any(one.wishes in {"yes", "no"} for one in self.safety.values())

    @property
    def unsafe_explained(self) -> bool:
        """Whether attending was found not to be safe, with the reason."""
        return any(one.safe == "no" and one.explained for one in self.safety.values())

    @property
    def safe_and_wished(self) -> Mark | None:
        """Where a part was found safe to attend and the adult wished to; None where none was."""
        marks = (
            one.at for one in self.safety.values() if one.safe == "yes" and one.wishes == "yes"
        )
        return next(marks, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was done for each conference."""

    enablings: Mapping[ConferenceRef, Enabling] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    ref = fact.event.conference
    noted = _noted(state.enablings.get(ref, Enabling()), fact.event, mark(fact))
    return State(enablings={**state.enablings, ref: noted})


def _noted(one: Enabling, event: Event, at: Mark) -> Enabling:
    match event:
        case AccessArrangementsMade():
            return replace(
                one,
                needs=one.needs | (set(event.access_needs) - NO_NEED),
                adjustments=one.adjustments | set(event.adjustments),
                arranged=one.arranged or _arranges(event),
                venue=one.venue or event.venue is not None,
            )
        case AdultAttendanceSafetyAssessed():
            safety = Safety(
                safe=event.safe_to_attend,
                wishes=event.wishes_to_attend,
                explained=event.rationale is not None,
                at=at,
            )
            return replace(one, safety={**one.safety, event.part: safety})
        case AdultSupporterRequested(supporter=supporter, reason_not_invited=reason):
            asked = (at, reason is not None)
            return replace(one, supporters={**one.supporters, supporter: asked})
        case _:
            assert_never(event)


def _arranges(event: AccessArrangementsMade) -> bool:
    """Say whether anything is arranged beside the venue."""
    spoken = event.communication_aids is not None or event.language is not None
    return bool(event.adjustments or spoken or event.interpreter == "yes")


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeAccessArrangements:
    """Note what the adult needs of the venue and the meeting, and what is arranged."""

    conference: ConferenceRef
    venue: Passage | None = None
    access_needs: tuple[Code, ...] = listed("need", default=())
    access_needs_other: Passage | None = None
    adjustments: tuple[Code, ...] = listed("attendance_support", default=())
    adjustments_other: Passage | None = None
    interpreter: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    language: Passage | None = None
    communication_aids: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessAdultAttendanceSafety:
    """Note whether it is safe for the adult to attend, and whether they wish to."""

    conference: ConferenceRef
    part: int | None = None
    safe_to_attend: Code = listed("yes_no_not_known")
    wishes_to_attend: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    assessed_by: WorkerRef | None = None  # by default whoever performed it
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAdultSupporter:
    """Note whom the adult wishes to bring."""

    conference: ConferenceRef
    supporter: ParticipantRef
    person: PersonRef | None = None
    name: Passage | None = None
    relationship: Passage | None = None
    reason_not_invited: Passage | None = None


Command: TypeAlias = MakeAccessArrangements | AssessAdultAttendanceSafety | RequestAdultSupporter


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference was never convened in this case.
    """
    if command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case MakeAccessArrangements():
            return (recorded(AccessArrangementsMade, command),)
        case AssessAdultAttendanceSafety():
            assessor = command.assessed_by or context.performed_by
            return (recorded(AdultAttendanceSafetyAssessed, command, assessed_by=assessor),)
        case RequestAdultSupporter():
            return (recorded(AdultSupporterRequested, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:  # noqa: ARG001
    """Criticise what was not done so that the adult could come."""
    for ref in known.sittings:
        yield from _access(ref, state.enablings.get(ref, Enabling()), known)
        yield from _supporters(ref, state.enablings.get(ref, Enabling()), known)
    for ref, one in state.enablings.items():
        yield from _safe(ref, one, known)


def _access(ref: ConferenceRef, one: Enabling, known: Known) -> Iterator[Finding]:
    """Ask for arrangements where needs are recorded and the adult might have come (R27, R28)."""
    part = known.involvements.get(ref)
    to_come = part is not None and part.invited is not None and part.declined is None
    if not (to_come or known.sittings[ref].adult_attended):
        return  # asked of an adult who was to come, or came
    needs = one.needs | known.access_needs(known.sittings[ref].held)
    arranged = one.arranged or bool(part and part.arranged)
    if not needs or arranged or (one.venue and not needs & SPOKEN):
        return
    words = "The adult's needs of access or communication are recorded, and nothing was arranged."
    at = known.sittings[ref].held
    yield found("access_not_arranged", "R27 R28", "medium", words, at=at, subject=ref)


def _supporters(ref: ConferenceRef, one: Enabling, known: Known) -> Iterator[Finding]:
    """Ask after whom the adult wished to bring: invited, or why not (R51)."""
    part, roster = known.involvements.get(ref), known.rosters.get(ref)
    invited = {} if roster is None else roster.invited
    came = {line.role for _, line in known.sittings[ref].attendances if line.present}
    # Somebody invited as a supporter who answers no request by name may be the one asked for.
    spare = {who for who, it in invited.items() if it.role == "supporter"} - set(one.supporters)
    answered = bool(spare) or "supporter" in came
    words = "The adult wished to bring somebody, who was not invited; no reason is recorded."
    code, held = "supporter_not_invited", known.sittings[ref].held.when
    for supporter, (at, explained) in one.supporters.items():
        if supporter not in invited and not (explained or answered):
            yield found(code, "R51", "medium", words, at=at, since=held, subject=ref)
    wished = None if part is None else part.wished_supporter
    companions = {it.role for it in invited.values()} | came
    arranged = part is not None and "supporter" in part.arranged
    if wished is not None and not (one.supporters or companions & COMPANIONS or arranged):
        yield found(code, "R51", "medium", words, at=wished, since=held, subject=ref)


def _safe(ref: ConferenceRef, one: Enabling, known: Known) -> Iterator[Finding]:
    """Ask why an adult found safe to attend, and wishing to, was not invited (R47)."""
    part, at = known.involvements.get(ref), one.safe_and_wished
    if part is None or part.not_invited is None or part.invited is not None or at is None:
        return
    if part.not_invited_reason in AGAINST_SAFETY:
        words = "The adult wished to attend, was found safe to, and was not invited."
        at = part.not_invited
        yield found("not_invited_though_safe", "R47", "medium", words, at=at, subject=ref)
