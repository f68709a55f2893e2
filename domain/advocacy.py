"""An advocate for the adult: whether one is needed, who came, what they said, what was answered.

An advocate's words are the adult's voice, never a professional's opinion (R191). That advocacy was
considered and explained stands in `assessment`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.episode import each, same, within
from domain.finding import Finding
from domain.known import Known
from domain.outcome_known import may_follow
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, after, found, mark, recorded
from domain.when import in_words
from domain.words import Code, ConferenceRef, Fact, Passage, PersonRef, Slug, listed

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstantialDifficultyAssessed:
    """Whether the adult can take part unaided, and whether anybody suitable helps (B.1).

    Not the same as capacity: an adult with capacity may have substantial difficulty.
    """

    result: Code = listed("substantial_difficulty")
    areas: tuple[Code, ...] = listed("difficulty_area")
    appropriate_person: Code = listed("yes_no_not_known")
    person: PersonRef | None = None
    evidence: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvocateAppointed:
    """An advocate works for the adult from the day this occurred, and under which law."""

    basis: Code = listed("advocate_basis")
    organisation: Slug | None = None
    advocate: PersonRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvocacyReferralMade:
    """An advocacy service was asked (R112)."""

    organisation: Slug | None = None
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvocacyAccepted:
    """The adult wants an advocate (R188)."""

    organisation: Slug | None = None
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvocacyDeclined:
    """The adult does not want an advocate (R188); why, in their words where given."""

    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvocateContributed:
    """The advocate spoke or wrote for the adult; `response` is the meeting's (R191, R192)."""

    conference: ConferenceRef | None = None
    part: int | None = None
    organisation: Slug | None = None
    speaks_for: Code = listed("speaks_for")
    views: Passage | None = None
    own_words: bool
    response: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvocateChallengeRecorded:
    """The advocate objected to something on the adult's behalf, and what was answered (R193)."""

    conference: ConferenceRef | None = None
    part: int | None = None
    organisation: Slug | None = None
    challenge: Passage | None = None
    response: Passage | None = None


Event: TypeAlias = (
    SubstantialDifficultyAssessed
    | AdvocateAppointed
    | AdvocacyReferralMade
    | AdvocacyAccepted
    | AdvocacyDeclined
    | AdvocateContributed
    | AdvocateChallengeRecorded
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Whether an advocate is needed, who came of it, and what they said where."""

    assessed: tuple[tuple[Mark, bool], ...] = ()  # in difficulty, without an appropriate person
    answers: tuple[Mark, ...] = ()  # each step that shows advocacy considered
    told: tuple[Mark, ...] = ()  # where the adult answered an offer, and so knows of it
    provided: tuple[Mark, ...] = ()  # where an advocate was appointed or a service asked
    appointed: tuple[Mark, ...] = ()
    declined: tuple[Mark, ...] = ()
    spoke: frozenset[ConferenceRef | None] = frozenset()
    spoke_at: tuple[Mark, ...] = ()
    unanswered: dict[ConferenceRef | None, Mark] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case SubstantialDifficultyAssessed(result=result, appropriate_person=person):
            alone = result == "yes" and person != "yes"
            return replace(state, assessed=(*state.assessed, (at, alone)))
        case AdvocateAppointed() | AdvocacyReferralMade():
            came = (at,) if isinstance(fact.event, AdvocateAppointed) else ()
            state = replace(state, appointed=(*state.appointed, *came))
            return replace(state, answers=(*state.answers, at), provided=(*state.provided, at))
        case AdvocacyAccepted():
            told = (*state.told, at)
            return replace(state, answers=(*state.answers, at), told=told)
        case AdvocacyDeclined():
            told = (*state.told, at)
            declined = (*state.declined, at)
            return replace(state, answers=(*state.answers, at), told=told, declined=declined)
        case AdvocateContributed() as event:
            return _spoke(state, event, at)
        case AdvocateChallengeRecorded():
            return state
        case _:
            assert_never(fact.event)


def _spoke(state: State, event: AdvocateContributed, at: Mark) -> State:
    """Remember what the advocate said, and whether anybody answered; an answer may come later."""
    ref = event.conference
    open_ones = {one: where for one, where in state.unanswered.items() if one != ref}
    if event.response is None:
        open_ones[ref] = state.unanswered.get(ref, at)
    spoke, spoke_at = state.spoke | {ref}, (*state.spoke_at, at)
    return replace(state, spoke=spoke, spoke_at=spoke_at, unanswered=open_ones)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessSubstantialDifficulty:
    """Note whether the adult can take part unaided."""

    result: Code = listed("substantial_difficulty")
    areas: tuple[Code, ...] = listed("difficulty_area", default=())
    appropriate_person: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    person: PersonRef | None = None
    evidence: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointAdvocate:
    """Note that an advocate works for the adult."""

    basis: Code = listed("advocate_basis", default=Code("not_recorded"))
    organisation: Slug | None = None
    advocate: PersonRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferForAdvocacy:
    """Note that an advocacy service was asked."""

    organisation: Slug | None = None
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdvocacyAccepted:
    """Note that the adult wants an advocate."""

    organisation: Slug | None = None
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdvocacyDeclined:
    """Note that the adult does not want an advocate."""

    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdvocateContribution:
    """Note what the advocate said for the adult, and what was answered."""

    conference: ConferenceRef | None = None
    part: int | None = None
    organisation: Slug | None = None
    speaks_for: Code = listed("speaks_for", default=Code("adult"))
    views: Passage | None = None
    own_words: bool = False
    response: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdvocateChallenge:
    """Note what the advocate objected to, and what was answered."""

    conference: ConferenceRef | None = None
    part: int | None = None
    organisation: Slug | None = None
    challenge: Passage | None = None
    response: Passage | None = None


Command: TypeAlias = (
    AssessSubstantialDifficulty
    | AppointAdvocate
    | ReferForAdvocacy
    | RecordAdvocacyAccepted
    | RecordAdvocacyDeclined
    | RecordAdvocateContribution
    | RecordAdvocateChallenge
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: the conference was never convened in this case.
    """
    del state, context
    match command:
        case AssessSubstantialDifficulty():
            return (recorded(SubstantialDifficultyAssessed, command),)
        case AppointAdvocate():
            return (recorded(AdvocateAppointed, command),)
        case ReferForAdvocacy():
            return (recorded(AdvocacyReferralMade, command),)
        case RecordAdvocacyAccepted():
            return (recorded(AdvocacyAccepted, command),)
        case RecordAdvocacyDeclined():
            return (recorded(AdvocacyDeclined, command),)
        case RecordAdvocateContribution(conference=ref):
            _in_this_case(ref, known)
            return (recorded(AdvocateContributed, command),)
        case RecordAdvocateChallenge(conference=ref):
            _in_this_case(ref, known)
            return (recorded(AdvocateChallengeRecorded, command),)
        case _:
            assert_never(command)


def _in_this_case(conference: ConferenceRef | None, known: Known) -> None:
    if conference is not None and conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say what the sources would criticise in how the adult was given a voice."""
    yield from _not_appointed(state, known, context)
    yield from _not_answered(state, known)
    yield from _not_referred(state, known)


_PROVIDED = frozenset({"advocate_appointed", "referred", "offered_accepted", "offered_declined"})
_SUPPORTED = frozenset({"advocate_appointed", "offered_declined", "appropriate_person"})


def _not_appointed(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """R2, R24: by the conference, or the end, an adult in substantial difficulty is not alone.

    A duty in law where the nation has the test (Care Act 2014, section 68). What was said when
    advocacy was considered counts as if it were said here. Who was asked, or accepted, has not come
    yet: that excuses until the conference. Who came after it was not there.
    """
    if not context.jurisdiction.lists["substantial_difficulty"]:
        return
    answers = known.advocacy_answers
    said = [one.at for one in answers if one.decision == "advocate_appointed"]
    advocates = (*said, *state.appointed, *state.spoke_at)
    helped = [one.at for one in answers if one.decision in _SUPPORTED]
    ends = [sitting.held for sitting in known.sittings.values()]
    ends += [*known.enquiries_concluded.values()]
    ends += [] if known.concluded is None else [known.concluded]
    for in_difficulty in _in_difficulty(state, known):
        support = within((*helped, *advocates, *state.declined), in_difficulty, known)
        alone = [
            end
            for end in ends
            if after(end, in_difficulty)
            and same(in_difficulty, end, known)
            and not any(may_follow(end, one) for one in support)
        ]
        if alone:
            words = (
                "The adult had substantial difficulty in taking part; neither an advocate nor an "
                "appropriate person to support them is recorded"
            )
            came = [at.first for at in within(advocates, in_difficulty, known) if at.first]
            words += f" by then: an advocate came on {in_words(min(came))}." if came else "."
            yield found("advocate_not_appointed", "R2 R24", "high", words, at=in_difficulty)


def _in_difficulty(state: State, known: Known) -> Iterator[Mark]:
    """Where it was said of each episode, last, that the adult is in difficulty and alone.

    What was said when advocacy was considered counts where that was not assessed by itself, or not
    found.
    """
    answers = known.advocacy_answers
    said = [one.at for one in answers if one.substantial_difficulty == "yes"]
    marks = (*(at for at, _ in state.assessed), *said)
    alone = {at.position for at, alone in state.assessed if alone}
    for episode in each(sorted(marks, key=lambda at: at.position), known):
        assessed = [at for at, _ in state.assessed if at in episode]
        last = [assessed[-1]] if assessed and assessed[-1].position in alone else []
        yield from (last or [at for at in said if at in episode])[-1:]


def _not_answered(state: State, known: Known) -> Iterator[Finding]:
    """R192: what an advocate says for the adult has an answer, wherever it is recorded."""
    words = "An advocate spoke for the adult; what was answered is not recorded."
    for ref, at in state.unanswered.items():
        heard = None if ref is None else known.hearings.get(ref)
        if heard is None or not heard.advocate_answered:
            yield found("advocate_unanswered", "R192", "low", words, at=at, subject=ref)
    for one, hearing in known.hearings.items():
        put = None if hearing.advocate_answered or one in state.spoke else hearing.advocate
        if put is not None:
            yield found("advocate_unanswered", "R192", "low", words, at=put, subject=one)


def _not_referred(state: State, known: Known) -> Iterator[Finding]:
    """R112: that the adult is referred for advocacy is followed by the referral."""
    given = [one.at for one in known.advocacy_answers if one.decision in _PROVIDED]
    for one in known.adult_outcomes:
        referred = within((*state.provided, *given), one.at, known)
        if "advocacy_imca_referral" in one.codes and not referred:
            words = "Referral for advocacy is recorded as an outcome; the referral itself is not."
            yield found("advocacy_referral_missing", "R112", "low", words, at=one.at)
