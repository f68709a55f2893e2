"""Somebody says that the record is not right: asked, decided in a month, and whoever holds it told.

A mistake may stay in a record that shows both it and its correction, and an opinion is not wrong
because somebody disagrees, if it says whose it is (L5). Who must be told is read from what was
circulated, not remembered by anybody (UK GDPR, Articles 16 and 19; L6).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.manifest import Holder, Recipient, recipients
from domain.refusal import NotFound, Refused
from domain.stage import (
    Context,
    Looking,
    Mark,
    due_by,
    due_from,
    found,
    mark,
    recorded,
    working,
)
from domain.when import in_words
from domain.words import (
    Code,
    Digest,
    Due,
    Fact,
    Passage,
    PersonRef,
    RequestRef,
    WorkerRef,
    listed,
    numbering,
)

_PUT_RIGHT = "granted"  # in part is not as asked: the rest wants its reasons
_REFUSED = "refused"
_BESIDE = frozenset({"record-corrected", "entry-annotated"})

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationRequested:
    """Somebody asked for entries to be put right (L5); `targets` are their case versions.

    `assertion` is what kind of statement it is about: an opinion is judged otherwise than a fact.
    """

    request: RequestRef
    asked_by: Code = listed("correction_asked_by")
    person: PersonRef | None = None
    targets: tuple[int, ...] = numbering()
    assertion: Code = listed("assertion_kind")
    text: Passage | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationDecided:
    """What was decided, what was recorded for it, and whom to tell (L5, L6).

    `entries` are the case versions of the corrections, or of the statements put beside the entries;
    `recipients` is made by the rules: who was given something of the case after the first of the
    entries was recorded. None are named where nothing was put right.
    """

    request: RequestRef
    decision: Code = listed("rectification_decision")
    entries: tuple[int, ...] = numbering(default=())
    rationale: Passage | None = None
    decided_by: WorkerRef
    told_of_complaint: Code = listed("yes_no_not_recorded")
    recipients: tuple[Recipient, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientTold:
    """Somebody who holds a copy was told what was put right, or why they were not (L6)."""

    request: RequestRef
    recipient: int
    method: Code = listed("sending_method")
    not_told_because: Passage | None = None


Event: TypeAlias = RectificationRequested | RectificationDecided | RecipientTold

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One decision on a request, with whom it named to be told."""

    at: Mark
    decision: Code
    explained: bool
    told_of_complaint: bool
    entries: tuple[int, ...]
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request and what came of it.

    The first decision answers it, the last says what is decided. `told` is each who was told since,
    by the decision that stood then, counted from 0, and their number under it.
    """

    targets: tuple[int, ...]
    due: Due | None
    at: Mark
    decisions: tuple[Decided, ...] = ()
    told: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was asked to be put right."""

    requests: Mapping[RequestRef, Request] = field(default_factory=dict)

    @property
    def put_right(self) -> frozenset[int]:
        """The entries of which a decision, as it stands, names whom to tell."""
        decided = (one for one in self.requests.values() if one.decisions)
        granted = (one for one in decided if one.decisions[-1].decision != _REFUSED)
        return frozenset(target for one in granted for target in one.targets)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact; of a request that is not understood to be of this case, nothing."""
    event, at = fact.event, mark(fact)
    ref = event.request
    if isinstance(event, RectificationRequested):
        one = Request(targets=event.targets, due=event.due, at=at)
        return replace(state, requests={**state.requests, ref: one})
    if ref not in state.requests:
        return state
    one = state.requests[ref]
    match event:
        case RectificationDecided():
            decided = Decided(
                at=at,
                decision=event.decision,
                explained=event.rationale is not None,
                told_of_complaint=event.told_of_complaint == "yes",
                entries=event.entries,
                recipients=event.recipients,
            )
            one = replace(one, decisions=(*one.decisions, decided))
        case RecipientTold(recipient=number):
            said = event.method != "not_recorded" or event.not_told_because is not None
            if said and one.decisions:
                one = replace(one, told=(*one.told, (len(one.decisions) - 1, number)))
        case _:
            assert_never(event)
    return replace(state, requests={**state.requests, ref: one})


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRectification:
    """Take in a request; it occurred when it was received."""

    request: RequestRef
    asked_by: Code = listed("correction_asked_by", default=Code("not_recorded"))
    person: PersonRef | None = None
    targets: tuple[int, ...]
    assertion: Code = listed("assertion_kind", default=Code("not_stated"))
    text: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRectification:
    """Decide a request; whoever performed it decided, unless `decided_by` says."""

    request: RequestRef
    decision: Code = listed("rectification_decision")
    entries: tuple[int, ...] = ()
    rationale: Passage | None = None
    decided_by: WorkerRef | None = None
    told_of_complaint: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TellRecipient:
    """Record that somebody who holds a copy was told; `recipient` is their number."""

    request: RequestRef
    recipient: int
    method: Code = listed("sending_method", default=Code("not_recorded"))
    not_told_because: Passage | None = None


Command: TypeAlias = RequestRectification | DecideRectification | TellRecipient


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: no such request, entry, correction or recipient in this case.
        Refused: a reference is used twice, or a request names no entry.
    """
    one = state.requests.get(command.request)
    if isinstance(command, RequestRectification):
        return (_requested(command, one, context),)
    if one is None:
        raise NotFound("There is no such request in this case.", field="request")
    match command:
        case DecideRectification(entries=entries):
            for place, entry in enumerate(entries):
                if known.event_at(entry) not in _BESIDE:
                    words = "That entry is no correction and no note of this case: name those."
                    raise NotFound(words, field=f"entries[{place}]")
            by = command.decided_by or context.performed_by
            changed = command.decision != _REFUSED
            since = min(map(known.position_at, one.targets))
            tell = recipients(known.given_out, since) if changed else ()
            return (recorded(RectificationDecided, command, decided_by=by, recipients=tell),)
        case TellRecipient(recipient=number):
            if not one.decisions or number not in _holders(one, len(one.decisions) - 1, known):
                words = "Nobody of that number holds a copy: the decision lists who does, from 1."
                raise NotFound(words, field="recipient")
            return (recorded(RecipientTold, command),)
        case _:
            assert_never(command)


def _requested(
    command: RequestRectification, one: Request | None, context: Context
) -> RectificationRequested:
    if one is not None:
        words = "A request stands under this reference: choose another."
        raise Refused("reference_used", "I12", words, field="request")
    if not command.targets:
        words = "Name the entries that are said not to be right, by their versions in the case."
        raise Refused("no_target", "I12", words, field="targets")
    due = working(due_from("rectification", context.occurred, context), context.calendar)
    return recorded(RectificationRequested, command, due=due)


# ------------------------------------------------------------------------- what came of a decision

_Copy: TypeAlias = tuple[int, int]  # where it was given, and which of those given there


def _carried_out(one: Request, known: Known) -> int | None:
    """Where a request was first carried out; None where it was not.

    By a correction of an entry asked about, or a statement beside it: one that a decision names, or
    that follows the first that granted something. What corrects an entry of another case that is
    read here stands there: of such, what is named counts.
    """
    granted = [each.at.position for each in one.decisions if each.decision != _REFUSED]
    named = {entry for each in one.decisions for entry in each.entries}
    touching = {entry for entry, target in known.beside.items() if target in one.targets}
    if any(target < 0 for target in one.targets):
        touching |= named & known.beside.keys()
    places = ((entry, known.position_at(entry)) for entry in touching)
    return min(
        (at for entry, at in places if entry in named or (granted and at > granted[0])),
        default=None,
    )


def _holders(one: Request, number: int, known: Known) -> Mapping[int, _Copy]:
    """Whom to tell by a decision, by their numbers: who was named, and who had a copy since.

    Since then a copy holds what was not right until that was put right, and afterwards where it is
    of the same bytes as one before: then they follow those named, in order.
    """
    decided = one.decisions[number]
    copies = dict[int, _Copy]()
    for each in decided.recipients:
        beside = sum(at == each.sent_at for at, _ in copies.values())
        copies[each.number] = (each.sent_at, beside)
    if decided.decision == _REFUSED:
        return copies
    done = _carried_out(one, known)
    bytes_ = {each.copy for each in decided.recipients}
    for key, holder in _keyed(known.given_out):
        if holder.at.position > decided.at.position and _unchanged(holder, done, bytes_):
            copies[len(copies) + 1] = key
            bytes_.add(holder.copy)
    return copies


def _unchanged(one: Holder, done: int | None, before: set[Digest | None]) -> bool:
    """Whether a copy is of the record as it was before it was put right."""
    if done is None or one.at.position < done:
        return True
    return one.copy is not None and one.copy in before


def _keyed(holders: tuple[Holder, ...]) -> Iterator[tuple[_Copy, Holder]]:
    given = dict[int, int]()
    for one in holders:
        place = one.at.position
        yield (place, given.get(place, 0)), one
        given[place] = given.get(place, 0) + 1


def _to_tell(one: Request, known: Known) -> frozenset[_Copy]:
    """Which copies are those of somebody to be told by the last decision, and not told by any."""
    by = [_holders(one, number, known) for number in range(len(one.decisions))]
    told = {by[decision].get(number) for decision, number in one.told}
    return frozenset(by[-1].values()) - told


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise requests decided late or without reasons, and recipients nobody told."""
    for ref, one in state.requests.items():
        yield from _late(ref, one, context)
        if not one.decisions:
            continue
        last = one.decisions[-1]
        if last.decision != _PUT_RIGHT and not last.explained:
            words = "The record was not put right as asked; the reasons are not recorded."
            code = "rectification_refused_unexplained"
            yield found(code, "L5 R154", "medium", words, at=last.at, subject=ref)
        if last.decision != _PUT_RIGHT and not last.told_of_complaint:
            words = "The record was not put right as asked; that the person was told of the right "
            words += "to complain is not recorded."
            code = "rectification_complaint_not_told"
            yield found(code, "L5", "low", words, at=last.at, subject=ref)
        if last.decision != _REFUSED and _carried_out(one, known) is None:
            words = "A request to put the record right was granted; no correction of what it is "
            words += "about, or statement beside that, is named or follows."
            code = "rectification_not_carried_out"
            yield found(code, "L5", "medium", words, at=last.at, subject=ref)
        if counted := len(_to_tell(one, known)):
            are = "1 is" if counted == 1 else f"{counted} are"
            words = f"Of those who hold a copy, {are} not recorded as told what was put right."
            code = "recipients_not_told"
            yield found(code, "L6", "medium", words, at=last.at, subject=ref, counted=counted)


def _late(ref: RequestRef, one: Request, context: Looking) -> Iterator[Finding]:
    """Ask for a decision within the month."""
    due = one.due
    if due is None:
        return
    decided = one.decisions[0].at if one.decisions else None
    if decided is None and context.on > due.on:
        words = f"A request to put the record right was due by {due_by(due)} and is not decided."
        code = "rectification_overdue"
        yield found(code, "L5", "high", words, at=one.at, since=due, subject=ref)
    if decided is not None and (decided.first or due.on) > due.on:
        words = f"A request to put the record right was due by {due_by(due)} and decided on "
        words += f"{in_words(decided.first or due.on)}."
        code = "rectification_late"
        said = found(code, "L5", "medium", words, at=decided, since=due, subject=ref)
        yield said.once("rectification_overdue", one.at.position)
