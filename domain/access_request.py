"""A person asks for their own data: received, answered in a month, and how that month is counted.

UK GDPR, Articles 12, 12A and 15: a month from receipt, to the next working day where it ends on
none; two months more where it is complex; and not counting the days on which proof of identity, or
what is asked for, had to be waited for (L1 to L4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.manifest import PRIVILEGED, Given, Withheld, check_entries, criticised
from domain.refusal import NotFound, Refused
from domain.stage import (
    Context,
    Looking,
    Mark,
    due_by,
    due_from,
    found,
    mark,
    months_after,
    passed,
    recorded,
    set_then,
    working,
)
from domain.told import certainly_before
from domain.waiting import LIMITS, days_waited
from domain.when import in_words
from domain.words import (
    Code,
    Digest,
    DocumentRef,
    Due,
    Fact,
    Passage,
    PersonRef,
    RequestRef,
    listed,
)

_DAY = timedelta(days=1)
_LONG = 12  # months: ours, no source has one

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAccessRequestReceived:
    """Somebody asked for what is held about `about`, who may be anybody the case names (L1)."""

    request: RequestRef
    about: PersonRef | None = None
    requester: Code = listed("access_requester")
    identity_proved: Code = listed("yes_no_not_recorded")
    scope: Passage | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAccessClockStopped:
    """Something was asked of the requester, without which it cannot be answered."""

    request: RequestRef
    reason: Code = listed("clock_stopped")
    asked: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAccessClockRestarted:
    """They answered; `due` leaves out the days waited, which it names as skipped."""

    request: RequestRef
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAccessExtended:
    """Two months more are needed, and whether they were told so within the first."""

    request: RequestRef
    reason: Code = listed("extension_reason")
    rationale: Passage | None = None
    told: Code = listed("yes_no_not_recorded")
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAccessRequestAnswered:
    """What was given and what was not, entry by entry; `digest` is of all that was given (L2, L3).

    `document` is all of it, as it was kept, so that it can be opened from here.
    `told_of_complaint` is whether they were told that they may complain to the commissioner.
    """

    request: RequestRef
    about: PersonRef | None = None
    outcome: Code = listed("access_outcome")
    manifest: tuple[Given, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    digest: Digest | None = None
    document: DocumentRef | None = None
    method: Code = listed("sending_method")
    rationale: Passage | None = None
    told_of_complaint: Code = listed("yes_no_not_recorded")


Event: TypeAlias = (
    SubjectAccessRequestReceived
    | SubjectAccessClockStopped
    | SubjectAccessClockRestarted
    | SubjectAccessExtended
    | SubjectAccessRequestAnswered
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: by when it is to be answered, and what its clock was stopped for."""

    about: PersonRef | None
    due: Due | None
    at: Mark
    first_due: date | None = None  # before any extension: they are told of one by then
    stopped: Mark | None = None
    for_identity: bool = False  # what it stands for since then, or also
    proved: bool = True  # but where it is said that who they are was not, and no proof came since
    waited: tuple[date, ...] = ()
    restarts: tuple[tuple[Mark, Mark], ...] = ()  # each, after its stop
    extended: Mark | None = None
    told: bool = False  # of the extension
    answered: Mark | None = None
    number: int = 0  # the entry of the answer
    outcome: Code | None = None
    manifest: tuple[Given, ...] = ()
    given: frozenset[int] = frozenset()  # the entries it gives or keeps back
    kept_back: frozenset[int] = frozenset()
    again: Mapping[date, frozenset[int]] = field(default_factory=dict)  # kept back until that day


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The requests, and what was answered without its ground."""

    requests: Mapping[RequestRef, Request] = field(default_factory=dict)
    ungrounded: Mapping[RequestRef, Mark] = field(default_factory=dict)
    unproved: Mapping[RequestRef, Mark] = field(default_factory=dict)
    untold: Mapping[RequestRef, Mark] = field(default_factory=dict)
    to_unproved: Mapping[RequestRef, Mark] = field(default_factory=dict)  # proof was waited for
    unexplained: Mapping[RequestRef, Mark] = field(default_factory=dict)  # extensions


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact; of a request that is not understood to be of this case, nothing."""
    event, at = fact.event, mark(fact)
    ref = event.request
    if isinstance(event, SubjectAccessRequestReceived):
        due = event.due
        first = None if due is None else due.on
        proved = event.identity_proved != "no"
        one = Request(about=event.about, due=due, at=at, first_due=first, proved=proved)
        return replace(state, requests={**state.requests, ref: one})
    if ref not in state.requests:
        return state
    one = state.requests[ref]
    match event:
        case SubjectAccessClockStopped():
            proof = one.for_identity or event.reason == "identity"
            one = replace(one, stopped=one.stopped or at, for_identity=proof)
        case SubjectAccessClockRestarted(due=due):
            first = one.first_due if one.extended or due is None else due.on
            waited = (*one.waited, *days_waited(one.stopped, fact.occurred.first_day))
            again = () if one.stopped is None else ((one.stopped, at),)
            one = replace(
                one,
                stopped=None,
                for_identity=False,
                proved=one.proved or one.for_identity,
                due=due,
                first_due=first,
                waited=waited,
                restarts=(*one.restarts, *again),
            )
        case SubjectAccessExtended(due=due, rationale=rationale):
            told = event.told == "yes"
            one = replace(
                one, due=due or one.due, extended=one.extended or at, told=told or one.told
            )
            if rationale is None and event.reason == "not_recorded":
                state = replace(state, unexplained={**state.unexplained, ref: at})
        case SubjectAccessRequestAnswered():
            if one.for_identity and event.outcome in {"given", "given_in_part"}:
                state = replace(state, to_unproved={**state.to_unproved, ref: at})
            one = replace(_as_answered(one, event), answered=at, number=fact.version)
            state = _answered(state, event, at)
        case _:
            assert_never(event)
    return replace(state, requests={**state.requests, ref: one})


def _as_answered(one: Request, event: SubjectAccessRequestAnswered) -> Request:
    """A request with the entries that its answer gives or keeps back, and until when."""
    again = dict[date, frozenset[int]]()
    for each in event.withheld:
        if each.review_on is not None:
            again[each.review_on] = again.get(each.review_on, frozenset()) | {*each.entries}
    kept = frozenset(entry for each in event.withheld for entry in each.entries)
    given = kept | {each.entry for each in event.manifest}
    one = replace(one, given=given, kept_back=kept, again=again)
    return replace(one, outcome=event.outcome, manifest=event.manifest)


def _answered(state: State, event: SubjectAccessRequestAnswered, at: Mark) -> State:
    """Remember what an answer leaves open."""
    ref, kept_back = event.request, event.outcome in {"given_in_part", "refused"}
    grounds = [one.ground for one in event.withheld if one.ground != "not_recorded"]
    if (kept_back and not grounds) or len(grounds) < len(event.withheld):
        state = replace(state, ungrounded={**state.ungrounded, ref: at})
    if event.outcome in {"given", "given_in_part"} and event.digest is None:
        state = replace(state, unproved={**state.unproved, ref: at})
    if kept_back and event.told_of_complaint != "yes":
        state = replace(state, untold={**state.untold, ref: at})
    return state


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveSubjectAccessRequest:
    """Take in a request; it occurred when it was received."""

    request: RequestRef
    about: PersonRef | None = None
    requester: Code = listed("access_requester", default=Code("not_recorded"))
    identity_proved: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    scope: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopSubjectAccessClock:
    """Ask the requester for something without which it cannot be answered."""

    request: RequestRef
    reason: Code = listed("clock_stopped")
    asked: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartSubjectAccessClock:
    """Record that they answered."""

    request: RequestRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendSubjectAccess:
    """Take two months more."""

    request: RequestRef
    reason: Code = listed("extension_reason", default=Code("not_recorded"))
    rationale: Passage | None = None
    told: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSubjectAccessRequest:
    """Answer a request."""

    request: RequestRef
    outcome: Code = listed("access_outcome")
    manifest: tuple[Given, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    digest: Digest | None = None
    document: DocumentRef | None = None
    method: Code = listed("sending_method", default=Code("not_recorded"))
    rationale: Passage | None = None
    told_of_complaint: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))


Command: TypeAlias = (
    ReceiveSubjectAccessRequest
    | StopSubjectAccessClock
    | RestartSubjectAccessClock
    | ExtendSubjectAccess
    | AnswerSubjectAccessRequest
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: no such request was received in this case, or an entry is not of it.
        Refused: a reference is used twice, an answered request is answered again, or a clock is
            started that does not stand.
    """
    one = state.requests.get(command.request)
    if isinstance(command, ReceiveSubjectAccessRequest):
        if one is not None:
            words = "A request stands under this reference: choose another."
            raise Refused("reference_used", "I12", words, field="request")
        due = working(due_from("subject_access", context.occurred, context), context.calendar)
        return (recorded(SubjectAccessRequestReceived, command, due=due),)
    if one is None:
        raise NotFound("There is no such request in this case.", field="request")
    if one.answered is not None:
        words = "This request was answered: correct the answer, or take in another request."
        raise Refused("already_answered", "I12", words, field="request")
    match command:
        case StopSubjectAccessClock():
            return (recorded(SubjectAccessClockStopped, command),)
        case RestartSubjectAccessClock():
            due = _restarted(one, context)
            return (recorded(SubjectAccessClockRestarted, command, due=due),)
        case ExtendSubjectAccess():
            due = _reckoned(one, one.waited, context, extended=True)
            return (recorded(SubjectAccessExtended, command, due=due),)
        case AnswerSubjectAccessRequest(manifest=manifest):
            names = {each.entry: known.event_at(each.entry) for each in manifest}
            check_entries(manifest, names)
            return (recorded(SubjectAccessRequestAnswered, command, about=one.about),)
        case _:
            assert_never(command)


def _restarted(one: Request, context: Context) -> Due | None:
    """The due date without the days waited so far."""
    if one.stopped is None:
        words = "The time for this request runs: it can be started again once it was stopped."
        raise Refused("clock_runs", "I12", words, field="request")
    waited = (*one.waited, *days_waited(one.stopped, context.occurred.first_day))
    return _reckoned(one, waited, context, extended=one.extended is not None)


def _reckoned(
    one: Request, waited: tuple[date, ...], context: Context, *, extended: bool
) -> Due | None:
    """Count from receipt anew: the months, the days waited, and on to a working day."""
    first = one.due
    if first is None:
        return None
    due = context.calendar.due(LIMITS[extended], first.start)
    if due is None:
        return None
    on = due.on + _DAY * len(waited)
    return working(replace(due, on=on, skipped=waited, started=first.started), context.calendar)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise answers that are late, or keep something back without its ground."""
    for ref, one in state.requests.items():
        yield from _late(ref, one, context)
        yield from _early(ref, one)
        yield from _left(ref, one, state, known, context)
        yield from _given(ref, one, known)
    for marks, code, rules, severity, words in (
        (
            state.ungrounded,
            "access_withheld_without_ground",
            "L2 R154",
            "high",
            "Something was kept back from a person who asked for their data, without a ground.",
        ),
        (
            state.unproved,
            "access_given_without_digest",
            "L22",
            "low",
            "A person was given their data without a digest of what was given.",
        ),
        (
            state.to_unproved,
            "access_given_before_identity",
            "L1",
            "high",
            "A person was given data while proof of who they are was waited for.",
        ),
        (
            state.untold,
            "access_complaint_not_told",
            "L1",
            "low",
            "Data were kept back; that the person was told of the right to complain is not there.",
        ),
        (
            state.unexplained,
            "access_extension_unexplained",
            "L1 R154",
            "medium",
            "The time to answer a request for access was extended; the reason is not recorded.",
        ),
    ):
        for ref, at in marks.items():
            yield found(code, rules, severity, words, at=at, subject=ref)


def _given(ref: RequestRef, one: Request, known: Known) -> Iterator[Finding]:
    """Criticise what was given as what is disclosed is, to whom, and that nothing was there."""
    at = one.answered
    if at is None:
        return
    if one.outcome in {"given", "given_in_part"}:
        secret = any(known.event_at(each.entry) == PRIVILEGED for each in one.manifest)
        out, kept = one.manifest, one.kept_back
        yield from criticised(out, secret=secret, at=at, subject=ref, kept_back=kept)
        if not one.proved and not one.for_identity:
            words = "Data were given to whoever asked for them; that it was proved who they are is "
            words += "recorded as not so."
            yield found("access_given_unproved", "L1", "high", words, at=at, subject=ref)
    about_adult = one.about is not None and one.about == known.adult
    if one.outcome == "nothing_held" and about_adult and not known.erased:
        words = "A request for access was answered that nothing is held, in the record of a case "
        words += "about that person."
        yield found("access_nothing_held", "L1 L2", "medium", words, at=at, subject=ref)


def _early(ref: RequestRef, one: Request) -> Iterator[Finding]:
    """Of an answer from before its request was received, one day is wrong (R150)."""
    at = one.answered
    if at is not None and one.at.stated and certainly_before(at.when, one.at.when):
        words = "A request for access is dated as answered before it was received."
        yield found("access_answered_before_received", "R150", "low", words, at=at, subject=ref)


def _left(
    ref: RequestRef, one: Request, state: State, known: Known, context: Looking
) -> Iterator[Finding]:
    """Ask after what was kept back until a day that has passed, and a clock that stands for a year.

    It was looked at again where a later answer gives or keeps back one of the entries, or something
    is noted beside this answer, or it is corrected.
    """
    at = one.answered
    if known.erased:
        return  # nothing is left to look at, and nothing more can be recorded
    if at is not None and one.number not in known.beside.values():
        later = [it for it in state.requests.values() if _after(at, it.answered)]
        for on, entries in one.again.items():
            if context.on > on and all(entries.isdisjoint(it.given) for it in later):
                words = f"Something was kept back from a person until {in_words(on)}; that it was "
                words += "looked at again is not recorded."
                due, code = set_then(on, at), "withheld_not_reviewed"
                yield found(code, "L2", "low", words, at=at, since=due, subject=ref)
    stood = None if one.stopped is None else one.stopped.last
    if one.stopped is not None and stood is not None and at is None:
        until = months_after(stood, _LONG)
        if context.on > until:
            words = "The time to answer a request for access has stood still for a year, by "
            words += f"{in_words(until)}."
            since, code = passed(one.stopped, until), "access_clock_stands"
            yield found(code, "L1", "low", words, at=one.stopped, since=since, subject=ref)


def _after(at: Mark, other: Mark | None) -> bool:
    return other is not None and other.position > at.position


def _late(ref: RequestRef, one: Request, context: Looking) -> Iterator[Finding]:
    """Ask for the answer by its day, and for an extension to be told within the first month."""
    extended, told_by = one.extended, one.first_due
    if extended is not None and told_by is not None and (extended.first or told_by) > told_by:
        words = "The time to answer a request was extended after the first month had passed, which "
        words += f"ended on {in_words(told_by)}."
        code = "access_extended_late"
        yield found(code, "L1", "medium", words, at=extended, subject=ref)
    if extended is not None and not one.told:
        words = "The time to answer a request was extended; that the person was told is not there."
        yield found("access_extension_not_told", "L1", "medium", words, at=extended, subject=ref)
    due = one.due
    if due is None or (one.stopped is not None and (one.stopped.first or due.on) <= due.on):
        return  # the clock stands, and stood before the day had passed
    if one.answered is None and context.on > due.on:
        words = f"A request for access was to be answered by {due_by(due)}; no answer is recorded."
        code = "access_overdue"
        yield found(code, "L1", "high", words, at=one.at, since=due, subject=ref)
    if one.answered is not None and (one.answered.first or due.on) > due.on:
        words = f"A request for access was due by {due_by(due)} and was answered on "
        words += f"{in_words(one.answered.first or due.on)}."
        code = "access_answered_late"
        said = found(code, "L1", "medium", words, at=one.answered, since=due, subject=ref)
        yield said.once("access_overdue", one.at.position)
