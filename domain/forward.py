"""A case begun elsewhere and brought into this record: what it rests on, and what is not judged.

What was done about it before stands in another system, of which a list tells only a part. So its
entries are recorded as that list has them, each with its source, and nothing is criticised that may
lie before: neither what was done then, nor the want of what may have been done then. What follows
is judged as in any other case, and what was overdue is asked for anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, TypeAlias

from domain.finding import Finding
from domain.known import Known
from domain.lasting import REVIEW_ANEW, latest_of
from domain.policy import HELD
from domain.refusal import Refused
from domain.review_date import NO_REVIEW, seen_to
from domain.stage import Context, Looking, Mark, mark, recorded
from domain.when import LONDON, When, in_words, instant, on_day
from domain.words import (
    Code,
    ConferenceRef,
    Due,
    ExternalReference,
    Fact,
    Passage,
    PersonRef,
    Slug,
    listed,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing a case list may tell: whether it was asked for, and what it says (procedure C.3).

    `answer` keeps apart what stands there, what is said not to be known, what was asked for and is
    blank, and what the list has no column for. `entered`: an entry of its own follows, with the
    time; else `stated` is that time as it stands, which no entry can hold. `words` are what stands
    there beside it, such as the name of a worker.
    """

    what: Code = listed("brought_matter")
    answer: Code = listed("brought_answer")
    entered: bool = False
    stated: When | None = None
    words: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBroughtForward:
    """A case that another system kept so far goes on in this record (R12; procedure B.9, C.3).

    `reference` is that system with what it calls the case; the entries that follow name the system
    as their source. `stage` is how far it says the case had come; `author` who wrote it down there.
    """

    adult: PersonRef
    reference: ExternalReference
    stage: Code = listed("brought_stage")
    team: Slug | None = None
    matters: tuple[Matter, ...]
    author: Passage | None = None
    notes: Passage | None = None


Event: TypeAlias = CaseBroughtForward

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """Where a case was brought forward, from which system, and what its list did not ask."""

    at: Mark
    moment: datetime
    system: Slug
    not_asked: frozenset[Code]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Whether the case was brought forward, and which others were that are read in it."""

    adult: PersonRef | None = None
    own: Brought | None = None
    others: tuple[Brought, ...] = ()

    @property
    def every(self) -> tuple[Brought, ...]:
        """The case's own, and those of cases read in it."""
        return self.others if self.own is None else (self.own, *self.others)

    @property
    def brought_at(self) -> When | None:
        """When the case itself was brought forward."""
        return None if self.own is None else instant(self.own.moment)

    def told_by(self, fact: Fact[object]) -> bool:
        """Whether a fact is of what another system kept before: it names that as its source."""
        return any(fact.header.source == one.system for one in self.every)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact; that of another case has a negative version."""
    event = fact.event
    one = Brought(
        at=mark(fact),
        moment=fact.recorded_at,
        system=event.reference.system,
        not_asked=frozenset(it.what for it in event.matters if it.answer == "not_asked"),
    )
    if fact.version < 0:
        return replace(state, others=(*state.others, one))
    return replace(state, adult=event.adult, own=one)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class BringCaseForward:
    """Begin a case that another system kept so far; its entries are recorded after it."""

    adult: PersonRef
    reference: ExternalReference
    stage: Code = listed("brought_stage", default=Code("not_recorded"))
    team: Slug | None = None
    matters: tuple[Matter, ...] = ()
    author: Passage | None = None
    notes: Passage | None = None


Command: TypeAlias = BringCaseForward


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,  # noqa: ARG001
) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        Refused: the case has begun here (I1), so that what it lacks is to be criticised.
    """
    if known.begun:
        words = "This case has begun in this record already; bring forward only what has not."
        raise Refused("case_exists", "I1", words)
    return (recorded(CaseBroughtForward, command),)


# ----------------------------------------------------------------------------------- findings

# What is said to be wanting after looking through all that the case holds: before it was brought
# forward, it may have been there.
OF_THE_WHOLE_CASE: Final = frozenset(
    {
        *("absent_unheard", "advocacy_access_not_explained", "advocacy_not_considered"),
        *("advocacy_not_explained", "advocacy_referral_missing", "advocate_not_appointed"),
        *("agency_not_asked", "agency_not_invited", "barring_outcome_without_referral"),
        *("barring_referral_awaited", "barring_referral_not_made"),
        *("closed_without_views", "disposal_not_recorded"),
        *("allegation_without_outcome", "capacity_late"),
        *("case_never_allocated", "caused_enquiry_without_lead"),
        *("carer_disclosure_not_decided", "carer_not_considered", "ceased_without_capacity"),
        *("adults_request_not_recorded", "ceased_without_risk", "views_without_capacity"),
        *("closed_on_request_without_capacity", "closed_on_request_without_risk"),
        *("held_before_referral", "closed_before_referral"),
        "duty_decided_before_referral",
        *("concluded_without_conference", "declined_without_capacity", "family_without_capacity"),
        "master_not_kept",
        *("minutes_without_decision", "need_not_assessed", "no_initial_conference"),
        *("no_plan_despite_risk", "no_report"),
        *("nobody_decides", "order_granted_against_refusal", "order_sought_against_refusal"),
        *("outcomes_not_asked", "owner_not_invited", "pach_not_decided"),
        *("plan_ended_on_request_unexplored", "plan_shared_beyond", "plan_views_not_sought"),
        "plan_not_person_centred",
        *("plan_without_adult", "plan_without_beginning"),
        *(
            "progress_not_complex",
            "referrer_not_told",
            "referrer_told_late",
            "refusal_without_capacity",
        ),
        *("repeats_dealt_with_singly", "residual_concern"),  # a risk of none before answers it
        "retention_class_missing",
        *("regulator_not_notified", "review_not_considered", "review_not_referred"),
        *("risk_not_assessed", "risk_not_explained", "satisfaction_missing"),
        *("services_not_considered", "shared_without_decision", "support_not_considered"),
        "voice_not_enabled",
    }
)
# What a conference wants of its preparation: one called before may have had it.
OF_PREPARATION: Final = frozenset(
    {
        *("access_not_arranged", "adult_not_invited", "agency_without_manager"),
        *("attendees_not_named", "chair_large_scale", "confidentiality_not_set"),
        *("family_came_undecided", "family_without_basis", "no_chair", "no_chronology"),
        *("no_minute_taker", "not_invited_unexplained", "officer_not_invited"),
        *("purpose_not_explained", "report_not_tabled", "supporter_not_invited"),
        *("support_not_arranged", "views_not_obtained", "wish_not_asked"),
        "worker_not_invited",
    }
)
# What an allegation wants that was made before: an earlier conference may have found on it.
OF_ALLEGATIONS: Final = frozenset({"allegation_not_found_on"})
# What is judged by what the list tells of: where it was not asked, nothing can be said.
RESTS_ON: Final = {
    "case_never_allocated": "allocation",
    "conference_late": "conference",
    "conference_overdue": "conference",
    "core_group_late": "core_group",
    "core_group_overdue": "core_group",
    "duty_decided_late": "duty",
    "duty_not_decided": "duty",
    "enquiry_late": "conclusion",
    "enquiry_overdue": "conclusion",
    "inquiry_started_late": "duty",
    "no_plan_since_brought": "plan",
    "plan_review_late": "review",
    "plan_review_overdue": "review",
    "review_late": "conference",
    "review_overdue": "conference",
}
# What wants an answer to an entry: to one about the time before it may have come before.
OF_ITS_ENTRY: Final = frozenset({"duty_without_enquiry"})
# What of these is asked anew of each episode: of a later one, what was before says nothing.
ASKED_ANEW: Final = frozenset(
    {
        *("adults_request_not_recorded", "advocacy_access_not_explained"),
        *("advocacy_not_considered", "advocacy_not_explained"),
        *("advocacy_referral_missing", "advocate_not_appointed", "agency_not_asked"),
        *("capacity_late", "carer_not_considered", "ceased_without_capacity"),
        "ceased_without_risk",
        *("closed_on_request_without_capacity", "closed_on_request_without_risk"),
        *("closed_without_views", "concluded_without_conference", "no_initial_conference"),
        *("no_report", "outcomes_not_asked", "refusal_without_capacity", "referrer_not_told"),
        "referrer_told_late",
        *("regulator_not_notified", "review_not_considered", "review_not_referred"),
        *("risk_not_explained", "satisfaction_missing", "services_not_considered"),
        "support_not_considered",
    }
)
# What was overdue as the case came, and goes on so: nothing is said of the time before, and it is
# asked for anew within one limit from then, the first of these that the law of that day has.
OVERDUE: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "case_never_allocated": (
        (HELD,),
        "no worker is recorded as holding it, and no officer as leading its enquiry",
    ),
    "conference_overdue": (
        ("initial_conference", "conference_after_report"),
        "no conference is recorded as held",
    ),
    "core_group_overdue": (("core_group",), "no core group is recorded since"),
    "duty_not_decided": (("duty_decision",), "no decision on the duty to enquire is recorded"),
    "enquiry_overdue": (
        ("enquiry",),
        "neither the report nor the end of the enquiry is recorded",
    ),
    "plan_review_overdue": (REVIEW_ANEW, "no review of the plan is recorded since"),
    "review_overdue": (("review_conference",), "no review conference is recorded since"),
}
_DATED: Final = "plan_review_overdue"  # past a date that the list told, whatever else it asked
_OF_PLANS: Final = frozenset({"core_group_overdue", "review_overdue", _DATED})
# What hangs on an entry about this record itself, and has no time of its own.
OF_THIS_RECORD: Final = frozenset({"answer_unexplained"})


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Nothing of its own: to have been begun elsewhere is no fault."""
    del state, known, context
    yield from ()


def judged(one: Finding, state: State, known: Known, told: Collection[int]) -> bool:
    """Whether what a finding criticises certainly follows what was brought forward.

    `told` are the positions of entries about the time before, of this case and those read in it.
    """
    if not state.every:
        return True
    if _found_before(one, known, told):
        return False
    if one.code in OF_THE_WHOLE_CASE and not _anew(one, known, told):
        return False
    before = one.position in told
    if state.own is None and not before:
        return True
    last = _last(state)
    if before and one.code in OF_ITS_ENTRY:
        return False
    if before and RESTS_ON.get(one.code) in last.not_asked:
        return False
    if one.since is None and not before:
        return one.code in OF_THIS_RECORD
    return _follows(one.since, last.moment) and not _prepared_before(one, known, last)


def owed_reviews(state: State, known: Known) -> Mapping[ConferenceRef, Due]:
    """By when each conference set the next review, where that is owed for certain: R182.

    As `judged` has it: what may have been kept before the case was brought forward is not.
    """
    called, told = known.conferences, known.told_before
    return {
        ref: one.next_review
        for ref, one in known.sittings.items()
        if one.next_review is not None
        and (ref not in called or called[ref].kind not in NO_REVIEW)
        and _owed(one.next_review, state, before=one.held.position in told)
    }


def _owed(due: Due, state: State, *, before: bool) -> bool:
    if not state.every or (state.own is None and not before):
        return True
    last = _last(state)
    asked = not before or RESTS_ON["review_overdue"] not in last.not_asked
    return asked and _follows(on_day(due.on), last.moment)


def asked_anew(
    one: Finding, state: State, known: Known, told: Collection[int], context: Looking
) -> Finding | None:
    """Say that what was overdue as the case came still was one limit later (R12; C.3).

    Of whatever office's calendar; not where the case, or what it is asked of, ended by then, nor
    where its list did not ask whether it was done, nor a review of a plan seen to in another way.
    """
    own, (names, what) = state.own, OVERDUE.get(one.code, ((), ""))
    if own is None or (one.code != _DATED and RESTS_ON.get(one.code) in own.not_asked):
        return None
    law = context.law_of(own.at.position, instant(own.moment))
    last = latest_of(names, law, _day(own.moment))
    if last is None or (one.code == _DATED and seen_to(one.subject, known)):
        return None
    if one.since is not None:  # of what began here only later
        last = max(last, one.since.last_day or last)
    if context.on <= last or _over_by(last, one, known, told):
        return None
    words = f"The case was brought from another system; {what} by {in_words(last)}."
    due = None if one.due is None else last
    return replace(one, words=words, since=on_day(last), due=due, policy=Slug(law.policy))


def _over_by(last: date, one: Finding, known: Known, told: Collection[int]) -> bool:
    """Whether the case was closed by a day, also for a time, or every plan of it had ended."""
    ended = [it.closed for it in known.episodes if it.closed.position not in told]
    ended += [] if known.closed_at is None else [known.closed_at]
    if any(at.first is None or at.first <= last for at in ended):
        return True
    of = one.subject if one.code == _DATED else None
    plans = (known.plans_ended.get(ref) for ref in known.plans if of in {None, str(ref)})
    return one.code in _OF_PLANS and all(
        at is not None and (at.first is None or at.first <= last) for at in plans
    )


def _anew(one: Finding, known: Known, told: Collection[int]) -> bool:
    """Whether it is asked of an episode that began after a closing which this record has.

    By the order of entry: what was entered of the time before, however late, is of no later one.
    """
    return one.code in ASKED_ANEW and any(
        it.closed.position not in told
        and it.reopened.position not in told
        and it.reopened.position < (one.position or 0)
        for it in known.episodes
    )


def _follows(since: When | None, moment: datetime) -> bool:
    """Whether a time is later for certain; of the same day, only where its moment is known."""
    if since is None or since.earliest is None:
        return False
    return since.earliest >= moment or (since.first_day or date.min) > _day(moment)


def _found_before(one: Finding, known: Known, told: Collection[int]) -> bool:
    """Whether it asks for a finding on an allegation that was made before."""
    if one.code not in OF_ALLEGATIONS:
        return False
    return any(
        str(ref) == one.subject and alleged.at.position in told
        for ref, alleged in known.allegations.items()
    )


def _prepared_before(one: Finding, known: Known, brought: Brought) -> bool:
    """Whether it asks after the preparation of a conference that may have been called before."""
    if one.code not in OF_PREPARATION:
        return False
    return any(
        str(ref) == one.subject and not _follows(called.convened.when, brought.moment)
        for ref, called in known.conferences.items()
    )


def _last(state: State) -> Brought:
    """Where the case was brought forward; else where the last that is read in it was."""
    return state.own or max(state.every, key=lambda it: it.moment)


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()
