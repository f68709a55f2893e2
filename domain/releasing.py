"""What goes round of a meeting besides its minutes, and what has to be weighed before they do.

The minutes themselves, and the ledger of their copies, stand in `minutes`; who is still without
them, and whether what was approved, kept and sent are the same, is said here; who holds a copy of
minutes that were replaced, in `replaced`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, assert_never

from domain.copies import Sent, WrittenUp
from domain.copies_sent import beyond, by_invitation, owed, owners, without
from domain.episode import same
from domain.finding import Finding
from domain.grid import Part
from domain.hours import done_late
from domain.kept_from import decisions_given, minutes_given
from domain.known import Known, Sat
from domain.refusal import NotFound
from domain.replaced import replaced
from domain.stage import Context, Looking, Mark, after, due_by, found, mark, recorded
from domain.when import in_words
from domain.words import (
    Code,
    ConferenceRef,
    Due,
    Fact,
    ParticipantRef,
    Passage,
    Slug,
    WorkerRef,
    listed,
    numbering,
)

_ADULT = "adult"

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Somebody to whom the decisions of a meeting went."""

    participant: ParticipantRef | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    method: Code = listed("sending_method", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsCirculated:
    """What a meeting decided, and who does what, went round before its minutes (R156).

    `decisions` are the case versions of the decisions told; `due` is the day they were due.
    """

    conference: ConferenceRef
    recipients: tuple[Told, ...]
    decisions: tuple[int, ...] = numbering(default=())
    due: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesShareRiskAssessed:
    """What risk there is in somebody having the minutes (R164); by default the adult."""

    conference: ConferenceRef
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    result: Code = listed("share_risk")
    rationale: Passage | None = None
    assessed_by: WorkerRef


Event: TypeAlias = DecisionsCirculated | MinutesShareRiskAssessed

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One assessment of the risk in sharing minutes with the adult."""

    result: Code
    explained: bool
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What decisions went round and when, and what was weighed before minutes did."""

    told: Mapping[ConferenceRef, tuple[tuple[Mark, DecisionsCirculated], ...]] = field(
        default_factory=dict
    )
    weighed: Mapping[ConferenceRef, tuple[Weighed, ...]] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case DecisionsCirculated(conference=ref) as event:
            told = (*state.told.get(ref, ()), (at, event))
            return replace(state, told={**state.told, ref: told})
        case MinutesShareRiskAssessed(conference=ref) as event:
            if event.role != _ADULT:
                return state
            one = Weighed(result=event.result, explained=event.rationale is not None, at=at)
            weighed = (*state.weighed.get(ref, ()), one)
            return replace(state, weighed={**state.weighed, ref: weighed})
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class CirculateDecisions:
    """Send round what a meeting decided, before its minutes."""

    conference: ConferenceRef
    recipients: tuple[Told, ...]
    decisions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessMinutesShareRisk:
    """Assess the risk in somebody having the minutes."""

    conference: ConferenceRef
    role: Code = listed("participant_role", default=Code(_ADULT))
    role_other: Passage | None = None
    result: Code = listed("share_risk")
    rationale: Passage | None = None
    assessed_by: WorkerRef | None = None  # by default whoever performed it


Command: TypeAlias = CirculateDecisions | AssessMinutesShareRisk


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
        case CirculateDecisions():
            sitting = known.sittings.get(command.conference)
            due = None if sitting is None else sitting.decisions_due
            return (recorded(DecisionsCirculated, command, due=due),)
        case AssessMinutesShareRisk():
            by = command.assessed_by or context.performed_by
            return (recorded(MinutesShareRiskAssessed, command, assessed_by=by),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise decisions not told in time, risk not weighed, masters astray, the left out."""
    for ref, sitting in known.sittings.items():
        told = state.told.get(ref, ())
        yield from _in_time(ref, tuple(at for at, _ in told), sitting, known, context)
        for at, event in told:
            yield from decisions_given(ref, event.decisions, event.recipients, at, known)
        kept = known.written_up.get(ref)
        kept = None if kept is None else by_invitation(ref, kept, known)
        if kept is not None and kept.approved_sendings:
            yield from _missed(ref, kept, sitting, known, context)
        if kept is not None and kept.approvals:
            yield from _kept(ref, kept, known)
            yield from replaced(ref, kept, known)
        if kept is not None and kept.sent:
            yield from _of_the_master(ref, kept, known)
            yield from _weighed(ref, state.weighed.get(ref, ()), kept)
            yield from beyond(ref, kept, sitting, known)
            yield from minutes_given(ref, kept, known)
            yield from _contributors(ref, kept, sitting, known)
            yield from _regulators(ref, kept, sitting, known, context)


def _in_time(
    ref: ConferenceRef, told: tuple[Mark, ...], sitting: Sat, known: Known, context: Looking
) -> Iterator[Finding]:
    """Ask that decisions go round by when they are due, where a limit is set (R156).

    By the hour where both are recorded to one, else by the day.
    """
    due = sitting.decisions_due
    if due is None:
        return
    if not told:
        if due.on < context.on:
            words = f"The decisions were due by {due_by(due)} and have not been circulated."
            code, at = "decisions_not_circulated", sitting.held
            yield found(code, "R156", "medium", words, at=at, since=due, subject=ref)
        return
    begun = _over(ref, sitting, known)
    first = told[0]
    if all(at.first is not None and done_late(at, due, begun, context) for at in told):
        words = f"The decisions were due by {due_by(due)} and were circulated after that time, "
        words += f"the first {'at the earliest ' if first.when.uncertain else ''}on "
        words += f"{in_words(first.first)}." if first.first else "a day not certain."
        one = found("decisions_late", "R156", "low", words, at=told[0], since=due, subject=ref)
        yield one.once("decisions_not_circulated", sitting.held.position)


def _over(ref: ConferenceRef, sitting: Sat, known: Known) -> Mark:
    """Where a meeting was held, with its end where that is told of a part, else with its time."""
    told = (
        part
        for _, event in _met(ref, known)
        for part in (*getattr(event, "parts", ()), getattr(event, "part", None))
    )
    # A copy names the parts it covers by their numbers.
    parts = (one for one in told if isinstance(one, Part))
    ends = [one.ended for one in parts if one.ended is not None]
    ended = {one.latest: one for one in ends if one.latest is not None}
    return replace(sitting.held, when=ended[max(ended)]) if ended else sitting.held


def _weighed(
    ref: ConferenceRef, weighed: tuple[Weighed, ...], kept: WrittenUp
) -> Iterator[Finding]:
    """Ask what risk there is in the adult's copy before it goes (R164)."""
    for one in weighed:
        if one.result == "not_safe" and not one.explained:
            words = "That the adult should not have the minutes is recorded without its reason."
            code = "share_risk_unexplained"
            yield found(code, "R164 R154", "low", words, at=one.at, subject=ref)
    for at in sorted({at for at, one in kept.sent if one.role == _ADULT}, key=_position):
        before = [one for one in weighed if after(at, one.at)]
        if not before:
            words = "A copy went to the adult and the risk in it is not recorded as assessed."
            yield found("share_risk_not_assessed", "R164", "low", words, at=at, subject=ref)
        elif _last(before).result == "not_safe":
            words = "A copy went to the adult after it was assessed that this is not safe."
            yield found("shared_against_assessment", "R164", "high", words, at=at, subject=ref)


def _last(weighed: list[Weighed]) -> Weighed:
    """What was weighed last, by its day where that is certain."""
    last = weighed[0]
    for one in weighed[1:]:
        last = one if after(one.at, last.at) else last
    return last


def _kept(ref: ConferenceRef, kept: WrittenUp, known: Known) -> Iterator[Finding]:
    """Ask that what was last approved is what was handed in and kept, by its digest (R152)."""
    handed_in: dict[Any, set[Any]] = {}
    document = master = None
    for name, event in _met(ref, known):
        if name == "minutes-drafted":
            handed_in.setdefault(event.document, set()).add(event.digest)
        elif name == "minutes-approved":
            document, master = event.document, event.master
    if any(master in digests for digests in handed_in.values()):
        return
    at = kept.approvals[-1]
    if handed_in.get(document, set()) - {None}:
        words = "The minutes approved are not what was handed in as their draft."
        yield found("approved_not_as_drafted", "R152", "medium", words, at=at, subject=ref)
        return
    words = "The minutes approved are not among the documents kept of the case."
    yield found("master_not_kept", "R152", "low", words, at=at, subject=ref)


def _of_the_master(ref: ConferenceRef, kept: WrittenUp, known: Known) -> Iterator[Finding]:
    """Ask that each copy is of minutes approved before it went, and differs as recorded (R152).

    One that is not is refused when it is sent (I6); so this is where an approval was withdrawn
    since, or where a copy is neither the master nor a redacted copy made of it (R165, I7).
    """
    approved, produced = set[Any](), set[tuple[Any, Any]]()
    sendings = iter(dict.fromkeys(at for at, _ in kept.sent))
    for name, event in _met(ref, known):
        if name == "minutes-approved":
            approved.add(event.master)
        elif name == "redacted-copy-produced":
            produced.add((event.source, event.copy))
        recipients = event.recipients if name == "minutes-circulated" else ()
        if not recipients:
            continue
        at = next(sendings)
        masters = [one for one in recipients if not one.unapproved_draft]
        if any(one.source not in approved for one in masters):
            words = "A copy was sent of minutes that do not stand as approved."
            code = "circulated_not_the_master"
            yield found(code, "R152 R157", "high", words, at=at, subject=ref)
        whole = {(one.source, one.copy) for one in masters if one.copy != one.source}
        if whole - produced:
            words = "A copy differs from the approved minutes; what it leaves out is not recorded."
            yield found("copy_unaccounted_for", "R152 R165", "low", words, at=at, subject=ref)


def _missed(
    ref: ConferenceRef, kept: WrittenUp, sitting: Sat, known: Known, context: Looking
) -> Iterator[Finding]:
    """Say who ought to have the minutes and neither has them nor was refused (R157, R164).

    Asked once the minutes themselves have gone round; whoever has a draft is asked after apart.
    """
    at, told = kept.approved_sendings[0], [one for _, one in kept.sent]
    answered = {one.participant for one in (*told, *kept.withheld)}
    whose = {(one.role, one.organisation) for one in (*told, *kept.withheld)}
    those = owed(ref, sitting, known)
    unnamed = {(role, to) for role, to in those.others if not {(role, to), (role, None)} & whose}
    missing = len(those.named - answered) + len(unnamed)
    if missing:
        roles = context.jurisdiction.lists["participant_role"]
        who = without(those.named - answered, unnamed, (known.rosters.get(ref), sitting), roles)
        words = f"Of those invited or present, {_have(missing)} neither the minutes nor a refusal: "
        words += f"{who}."
        code = "minutes_not_sent"
        yield found(code, "R157 R158", "medium", words, at=at, subject=ref, counted=missing)
    yield from _adults(ref, {role for role, _ in whose}, sitting, known, at)


def _adults(
    ref: ConferenceRef, roles: set[Code], sitting: Sat, known: Known, at: Mark
) -> Iterator[Finding]:
    """Ask for the adult's copy or a refusal, where they came or were invited (R157, R164).

    Of minutes of a meeting they were not at, a representative's copy will do.
    """
    if sitting.adult_attended:
        if _ADULT not in roles:
            words = "The adult attended; the minutes were neither shared with them nor withheld."
            yield found("adult_without_minutes", "R164", "medium", words, at=at, subject=ref)
        return
    involved = known.involvements.get(ref)
    invited = involved is not None and involved.invited is not None
    if invited and not roles & {_ADULT, "representative"}:
        words = "The adult was invited; the minutes were neither shared with them nor withheld."
        yield found("invited_adult_without_minutes", "R157", "medium", words, at=at, subject=ref)


def _have(count: int) -> str:
    """`one has`, `2 have`."""
    return "one has" if count == 1 else f"{count} have"


def _contributors(
    ref: ConferenceRef, kept: WrittenUp, sitting: Sat, known: Known
) -> Iterator[Finding]:
    """Ask that every agency that takes on part of the plan has the minutes (R158)."""
    answered = {one.organisation for _, one in kept.sent}
    answered |= {one.organisation for one in kept.withheld}
    # Of those who were there it is asked by name (R157).
    answered |= {line.organisation for _, line in sitting.attendances if line.present}
    missing = len(owners(ref, known) - answered - {None})
    if missing:
        words = f"Of the agencies that took on part of the plan, {_have(missing)} no minutes."
        code, at = "plan_contributor_without_minutes", kept.sent[0][0]
        yield found(code, "R158", "medium", words, at=at, subject=ref, counted=missing)


def _regulators(
    ref: ConferenceRef, kept: WrittenUp, sitting: Sat, known: Known, context: Looking
) -> Iterator[Finding]:
    """Ask that each regulator to whom the meeting refers has the minutes (R159, R160).

    That of care also where a provider of care is a source of what is alleged; a barring body is
    none, and is sent its referral alone (R133).
    """
    bodies = {
        event.body
        for name, event in _met(ref, known)
        if name == "regulatory-referral-decided" and event.decision == "make"
    } - {"barring"}
    of_care = bodies.intersection(context.jurisdiction.care_regulators)
    lines = [*(one for _, one in kept.sent), *kept.withheld]
    lines += [line for _, line in sitting.attendances if line.present]
    has = any(one.role == "cqc" for one in lines)
    others = {_who(one) for _, one in kept.sent if one.basis == "regulator" and one.role != "cqc"}
    without = len(bodies - of_care) + bool(of_care and not has) - len(others)
    code, at = "regulator_without_minutes", kept.sent[0][0]
    if without > 0:
        words = f"Of the regulators to whom the meeting refers, {_have(without)} no minutes."
        yield found(code, "R159 R160", "low", words, at=at, subject=ref)
    elif _of_a_provider(ref, sitting, known, context) and not (has or others):
        words = "A provider of care is a source of what is alleged, and the regulator of care has "
        words += "no minutes."
        yield found(code, "R159", "low", words, at=at, subject=ref)


def _of_a_provider(ref: ConferenceRef, sitting: Sat, known: Known, context: Looking) -> bool:
    """Whether a conference, not a core group, met over something alleged of a provider of care."""
    groups, convened = context.jurisdiction.groups["source_of_risk"], known.conferences.get(ref)
    return (convened is None or convened.kind != "core_group") and any(
        groups.get(one.source) == "service_provider"
        and after(sitting.held, one.at)
        and same(one.at, sitting.held, known)
        for one in known.allegations.values()
    )


def _who(one: Sent) -> tuple[object, ...]:
    """Tell one holder of copies from another."""
    if one.participant is not None:
        return (one.participant,)
    return (one.role, one.organisation, one.person)


def _met(ref: ConferenceRef, known: Known) -> Iterator[tuple[str, Any]]:
    """Every event of a meeting, with its stored name, which says what fields it has."""
    yield from known.met(ref)


def _position(at: Mark) -> int:
    return at.position
