"""A case: the stages' states side by side, replayed from its facts, and asked as one.

Stages never import one another; what one needs of another it reads here, through
`domain.known.Known`. The laws that concern every stage (I3, I11, I13, I14) are held here, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import reduce
from typing import Any, Final

import domain.access_request
import domain.action
import domain.advice
import domain.agenda
import domain.agreement
import domain.allocation
import domain.amending
import domain.answered
import domain.answering
import domain.assessment
import domain.auditing
import domain.barring
import domain.best_interests
import domain.closing
import domain.closure
import domain.concern
import domain.conclusion
import domain.conference
import domain.correction
import domain.determination
import domain.disclosing
import domain.dividing
import domain.drafting
import domain.duty
import domain.enabling
import domain.enquiry
import domain.erased
import domain.excepting
import domain.feedback
import domain.forward
import domain.hearing
import domain.invitation
import domain.involvement
import domain.joining
import domain.learning
import domain.linking
import domain.minutes
import domain.monitoring
import domain.order
import domain.outcome
import domain.oversight
import domain.plan
import domain.plan_copies
import domain.provider
import domain.rectifying
import domain.reference
import domain.releasing
import domain.retaining
import domain.reviewing
import domain.sharing
import domain.sitting
import domain.tabling
from domain.alleged import left_on_file
from domain.finding import Finding, merged
from domain.led_elsewhere import owed_here
from domain.ledger import given_out
from domain.living import life, seen_in, told_in
from domain.of_another import disclosed_amiss, given_amiss, to_be_told
from domain.once import taken
from domain.order_of_days import agreed_then, approved_early, decided_then, out_of_order
from domain.outcome_known import check_wished
from domain.parted import in_halves
from domain.performing import still_unmet, unrecognised
from domain.reasons import still_unreasoned, unexplained
from domain.redated import DATED
from domain.refusal import NotFound, Refused, no_entry
from domain.silence import broken, silence_before
from domain.stage import Context, Looking, before_closure, check_codes, check_happened, mark
from domain.stages import OF_COMMAND, OF_EVENT, STAGES, Command, Event, members
from domain.still_to_come import missing
from domain.stranded import left_behind
from domain.told import questioned, told_apart
from domain.whole import Case
from domain.words import (
    ConferenceRef,
    Fact,
    numbered,
)

__all__ = ["Case", "decide", "evolve", "findings", "initial", "replay"]

initial: Final = Case()

# What a case may begin with; to everything else a case without facts does not exist. A chronology
# may be taken in before, or without, a referral; a case kept elsewhere so far is brought forward.
_BEGINNING: Final = frozenset(
    {
        domain.concern.ReceiveReferral,
        domain.correction.RecordChronologyEntry,
        domain.forward.BringCaseForward,
    }
)

# I13: what an erased case still takes: being reopened, and what governs the record and holds no
# personal data.
_AFTER_ERASURE: Final = frozenset(
    {
        domain.closure.ReopenCase,
        domain.correction.PlaceLegalHold,
        domain.correction.LiftLegalHold,
        domain.correction.UnrestrictProcessing,
        domain.correction.ApproveErasure,
        domain.correction.ErasePersonalData,
    }
)

# I14: what a closed case still takes, whenever it happened.
_AFTER_CLOSING: Final = frozenset(
    {
        domain.closure.ReopenCase,
        domain.conference.CancelConference,  # of one that was called; no new one, nor another day
        domain.assessment.EvaluateDesiredOutcome,
        domain.outcome.RecordAdultOutcome,
        domain.outcome.RecordPachOutcome,
        domain.outcome.RecordAdultSatisfaction,
        domain.monitoring.CompleteAction,
        domain.monitoring.EndPlan,  # of a plan that was left to go on
        domain.concern.LinkReferral,  # so that a new one is seen beside the old
        domain.best_interests.RecordBestInterestsDecision,  # whether minutes may go to somebody
        domain.monitoring.ExplainOverdueAction,
        domain.advice.RecordProceedingsOutcome,
        domain.advice.MakeRegulatoryReferral,
        domain.sharing.ShareInformation,
        domain.barring.RecordDbsReferral,
        domain.conclusion.RecordRiskOutcome,
        domain.learning.StartSeriousIncidentProcess,
        domain.learning.ReportOrganisationalChange,
        *domain.order.AFTERWARDS,
        *members(domain.answering.Command),
        *members(domain.provider.Command),
        *members(domain.minutes.Command),
        *members(domain.drafting.Command),
        *members(domain.amending.Command),
        *members(domain.releasing.Command),
        *members(domain.feedback.Command),
        *members(domain.plan_copies.Command),
        *members(domain.correction.Command),
        *members(domain.reference.Command),
        *members(domain.reviewing.Command),
        *members(domain.auditing.Command),
        *members(domain.rectifying.Command),
        *members(domain.access_request.Command),
        *members(domain.disclosing.Command),
        *members(domain.retaining.Command),
        *members(domain.excepting.Command),
        *members(domain.answered.Command),
        *members(domain.joining.Command),
        *members(domain.linking.Command),
    }
)

# By what the parts of a meeting are planned and told: a number may be new there.
_MAKING_PARTS: Final = frozenset({"dividing", "sitting", "drafting"})

# What a case that is read in another still takes: what governs its own entries.
_WHILE_MERGED: Final = frozenset(
    {
        *members(domain.correction.Command),
        *members(domain.joining.Command),
        *members(domain.rectifying.Command),
        *members(domain.access_request.Command),
        *members(domain.disclosing.Command),
        *members(domain.retaining.Command),
        *members(domain.excepting.Command),
        *members(domain.reference.Command),
    }
)


def evolve(case: Case, fact: Fact[Event], *, elsewhere: bool = False, twice: bool = False) -> Case:
    """Remember one fact of the case, or of another that is read in it (`joined`).

    One that is read `elsewhere`, or was withdrawn, keeps its place here, and does nothing. A
    referral of a concern that was entered `twice` is no further one.
    """
    if not elsewhere:
        before, case = case.concern, _evolved(case, fact)
        if twice:
            case = case.but(concern=_referred_once(before, case.concern))
    if took := taken(fact):
        case = case.but(taken={**case.taken, fact.version: took})
    if fact.header.name in DATED:
        case = case.but(dated={**case.dated, fact.version: fact})
    if fact.version < 0:
        return case.but(brought_names={**case.brought_names, fact.version: fact.header.name})
    return case.but(
        version=fact.version,
        names=(*case.names, fact.header.name),
        kinds=(*case.kinds, type(fact.event)),
        positions=(*case.positions, fact.position),
    )


def _evolved(case: Case, fact: Fact[Event]) -> Case:
    """Let the fact's stage remember it, and what the case keeps of all of them."""
    name = OF_EVENT[type(fact.event)]
    state = STAGES[name].evolve(getattr(case, name), fact)
    if fact.version < 0 and name == "concern":
        state = _still_about(case.concern, state)
    changes: dict[str, Any] = {name: state}
    conference: ConferenceRef | None = getattr(fact.event, "conference", None)
    if conference is not None:
        met = (*case.met(conference), (fact.header.name, fact.event))
        changes["meetings"] = {**case.meetings, conference: met}
        met_at = (*case.met_at(conference), (fact.version, fact.header.name))
        changes["meetings_at"] = {**case.meetings_at, conference: met_at}
    if isinstance(fact.event, domain.correction.RecordCorrected | domain.correction.EntryAnnotated):
        changes["beside"] = {**case.beside, fact.version: fact.event.target}
    if case.forward.told_by(fact):
        changes["told_before"] = case.told_before | {fact.position}
    return case.but(
        apart=(*case.apart, *told_apart(fact)),
        decided_then=decided_then(case.decided_then, fact),
        agreed_then=agreed_then(case.agreed_then, fact),
        given_amiss=(*case.given_amiss, *given_amiss(fact, case.correction.corrections)),
        strangers=still_unmet(case.strangers, fact),
        unreasoned=still_unreasoned(case.unreasoned, fact, case.names),
        silences=(*case.silences, *silence_before(case.last, fact, closed=case.closed)),
        deaths=(*case.deaths, *told_in(fact)),
        signs_of_life=(*case.signs_of_life, *seen_in(fact)),
        last=None if case.last is None and fact.version < 0 else mark(fact),
        given_out=(*case.given_out, *given_out(fact)),
        **changes,
    )


def _still_about(before: domain.concern.State, after: domain.concern.State) -> domain.concern.State:
    """Another case's referral does not say whose case this is, nor what is due in it by when."""
    after = replace(after, adult=before.adult)
    if before.adult is None:
        return after
    return replace(
        after,
        decision_due=before.decision_due,
        asked_again=before.asked_again,
        conference_due=before.conference_due,
        capacity_due=before.capacity_due,
    )


def _referred_once(
    before: domain.concern.State, after: domain.concern.State
) -> domain.concern.State:
    """What a referral alleges, and not that there was another."""
    return replace(after, counted=before.counted)


def replay(
    facts: Iterable[Fact[Event]],
    elsewhere: frozenset[int] = frozenset(),
    twice: frozenset[int] = frozenset(),
) -> Case:
    """The case as these facts make it; they are all of it, in order.

    `elsewhere` are the versions that are read in another case or nowhere any more, `twice` the
    positions of what counts already (`joined.read` gives all three).
    """

    def remember(case: Case, fact: Fact[Event]) -> Case:
        again = fact.position in twice
        return evolve(case, fact, elsewhere=fact.version in elsewhere, twice=again)

    return reduce(remember, facts, initial)


def decide(command: Command, case: Case, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        Refused: a code is not in its list (I11), the thing has not happened yet (I3), the case is
            closed or read in another (I14), or erased (I13), or the stage refuses.
        NotFound: the case has not begun, a meeting has no part of that number, or the case has no
            entry of a number that is named.
    """
    check_codes(command, context.jurisdiction)
    check_happened(context, command)
    _check_begun(command, case)
    _check_not_erased(command, case)
    _check_here(command, case)
    _check_open(command, case, context)
    _check_part(command, case)
    if not isinstance(command, domain.assessment.RecordDesiredOutcome):  # which says one
        check_wished(command, case)
    if isinstance(command, domain.answered.AnswerFinding) and context.raised is None:
        looking = Looking(
            on=context.today, jurisdiction=context.jurisdiction, policies=context.policies
        )
        context = replace(context, raised=tuple(findings(case, looking)))
    name = OF_COMMAND[type(command)]
    decided: tuple[Event, ...] = STAGES[name].decide(command, getattr(case, name), case, context)
    _check_entries(command, decided, case)
    return decided


_PERMISSIONS: Final = frozenset({"authority", "permission", "report_permission"})


def _check_entries(command: Command, decided: tuple[Event, ...], case: Case) -> None:
    """Hold the entries a command names to those of its case: no later event could mend that.

    What the rules found themselves is there; a passage of a person's is an entry of theirs. What
    went to somebody by a permission that is none has gone to them: it is recorded, and criticised.
    """
    of_person = getattr(command, "person", None) is not None and isinstance(
        command, domain.erased.Approving
    )
    for event in () if of_person else decided:
        for field, version in numbered(event):
            top = field.partition(".")[0].partition("[")[0]
            named = getattr(command, top, None) == getattr(event, top)
            named = named and field.rpartition(".")[2] not in _PERMISSIONS
            if named and case.event_at(version) is None:
                raise no_entry(field)


def findings(case: Case, looking: Looking) -> Iterator[Finding]:
    """Everything the sources would criticise in the case, judged by the day given.

    What several rules say of one fact is one finding; each has the answer it was given. Of a case
    brought forward, nothing that may lie before that is criticised (`forward`); nothing is asked of
    an adult who may have died by then (`living`), of a meeting that goes on (`still_to_come`), or
    of what another authority leads by then (`led_elsewhere`).
    """
    answers, lived = case.answered.answers, life(case.deaths, case.signs_of_life, case)
    told, every = case.sitting.told, _criticised(case, looking)
    lacked = (missing(one, case, told, looking.on) for one in every)
    led = case.led_elsewhere
    asked = (
        one for one in lacked if one is not None and lived.owed(one, case) and owed_here(one, led)
    )
    for found in merged(asked):
        one: Finding | None = found
        if not domain.forward.judged(found, case.forward, case, case.told_before):
            one = domain.forward.asked_anew(found, case.forward, case, case.told_before, looking)
        if one is not None:
            words = looking.jurisdiction.worded(one.words)
            judged = replace(one, words=words, answer=one.answer_of(answers))
            yield looking.judged(judged)


def _criticised(case: Case, looking: Looking) -> Iterator[Finding]:
    for name, stage in STAGES.items():
        yield from stage.findings(getattr(case, name), case, looking)
    yield from questioned(case.apart)
    yield from unrecognised(case.strangers)
    yield from unexplained(case.unreasoned)
    yield from broken(case.silences, case.last, case, looking)
    yield from left_on_file(case, looking)
    yield from out_of_order(case)
    yield from approved_early(case)
    yield from disclosed_amiss(case.given_amiss)
    of_others, put_right = case.correction.corrections, case.rectifying.put_right
    yield from to_be_told(of_others, case.given_out, put_right, case.position_at)
    yield from in_halves(case.parted)
    yield from left_behind(case.stranded)


def _check_begun(command: Command, case: Case) -> None:
    """A case without facts takes only what begins a case."""
    if case.version == 0 and type(command) not in _BEGINNING:
        raise NotFound("There is no such case.")


def _check_not_erased(command: Command, case: Case) -> None:
    """I13: nothing new about a person whose data were erased, except reopening with a new key."""
    if case.erased and type(command) not in _AFTER_ERASURE:
        raise Refused("erased", "I13", "The data of this case were erased; reopen it first.")


def _check_here(command: Command, case: Case) -> None:
    """I14: a case that is read in another takes no more of what is read there."""
    if case.merged_into is not None and type(command) not in _WHILE_MERGED:
        words = "This case is read in another: record it there, or end the merge first."
        raise Refused("merged", "I14", words)


def _check_part(command: Command, case: Case) -> None:
    """Hold what is said to have fallen in a part of a meeting to a part that meeting had."""
    part, sitting = getattr(command, "part", None), None
    if isinstance(part, int) and OF_COMMAND[type(command)] not in _MAKING_PARTS:
        sitting = case.sittings.get(getattr(command, "conference", None))  # type: ignore[arg-type]  # None is no key
    if sitting is not None and part not in sitting.part_numbers:
        words = "That conference had no such part: name one of those it was held in."
        raise NotFound(words, field="part")


def _check_open(command: Command, case: Case, context: Context) -> None:
    """I14: a closed case takes what belongs to what it holds, and what came before its end."""
    if type(command) in _AFTER_CLOSING:
        return
    # Of what nobody knows when it was asked for, the day it is for has to do.
    unknown = context.occurred.earliest is None
    day = getattr(command, "planned_for", context.occurred) if unknown else context.occurred
    if before_closure(day, case.closed_at):
        return
    raise Refused("case_closed", "I14", "The case is closed; reopen it to record what came after.")
