"""The adult's part in a conference, before it meets: invited, told, supported, heard, or declining.

The seed procedures' "Involving the adult". Whether the adult came stands in `sitting`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, assert_never

from domain.episode import within
from domain.finding import Finding
from domain.known import Known, Sat
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, could_precede, found, mark, recorded
from domain.words import Code, ConferenceRef, Fact, Passage, PersonRef, Slug, listed

# Capacity for one of these speaks of coming to the meeting: R49.
OF_ATTENDING: Final = frozenset({Code("attending_conference"), Code("own_safety")})

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultInvited:
    """The adult was invited, and to which parts; none means all of it (R2, R36, R47, R207)."""

    conference: ConferenceRef
    method: Code = listed("contact_method")
    parts: tuple[int, ...] = ()
    supports: tuple[Code, ...] = listed("attendance_support")
    supports_other: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultNotInvited:
    """It was decided not to invite the adult, and why (R2, R47, R207)."""

    conference: ConferenceRef
    reason: Code = listed("adult_not_invited_reason")
    reason_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultInformedOfConference:
    """The adult was told what the conference is for and who will be there (R25, R26)."""

    conference: ConferenceRef
    purpose_explained: bool
    attendees_named: bool
    method: Code = listed("contact_method")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultSupportArranged:
    """What would help the adult take part, and what was arranged (R24, R27, R28, R209).

    `needs` not met by `arranged` are findings once the conference has been held; `provider` is who
    gives the support.
    """

    conference: ConferenceRef
    needs: tuple[Code, ...] = listed("attendance_support")
    needs_other: Passage | None = None
    arranged: tuple[Code, ...] = listed("attendance_support")
    arranged_other: Passage | None = None
    provider: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultAttendanceViewRecorded:
    """Whether the adult wishes to attend, and to bring somebody (R50, R51)."""

    conference: ConferenceRef
    wishes_to_attend: Code = listed("yes_no_not_known")
    wishes_supporter: Code = listed("yes_no_not_known")
    view: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultRepresentativeNominated:
    """The adult named somebody to attend on their behalf (R52)."""

    conference: ConferenceRef
    person: PersonRef | None = None
    name: Passage | None = None
    scope: Code = listed("representative_scope")
    alleged_to_have_caused_harm: Code = listed("yes_no_not_known")
    override_reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationWithdrawn:
    """Whoever was to attend on the adult's behalf is not to any more (R52)."""

    conference: ConferenceRef
    withdrawn_by: Code = listed("expressed_by")
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultDeclinedAttendance:
    """The adult does not wish to attend (R53); how and why, in the adult's words where given."""

    conference: ConferenceRef
    method: Code = listed("contact_method")
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultViewsObtained:
    """The adult's views were sought before the meeting (R53)."""

    conference: ConferenceRef
    method: Code = listed("contact_method")
    views: Passage | None = None
    own_words: bool


Event: TypeAlias = (
    AdultInvited
    | AdultNotInvited
    | AdultInformedOfConference
    | AdultSupportArranged
    | AdultAttendanceViewRecorded
    | AdultRepresentativeNominated
    | NominationWithdrawn
    | AdultDeclinedAttendance
    | AdultViewsObtained
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominee:
    """Who is to attend on the adult's behalf, as far as the rules ask."""

    person: PersonRef | None
    alleged: Code
    overridden: bool
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Involvement:
    """What was done for the adult's part in one conference."""

    invited: Mark | None = None
    not_invited: Mark | None = None
    thought_of: tuple[Mark, ...] = ()  # each invitation, and each decision not to invite
    not_invited_reason: Code | None = None
    not_invited_explained: bool = False
    purpose_explained: tuple[Mark, ...] = ()
    attendees_named: tuple[Mark, ...] = ()
    needs: frozenset[Code] = frozenset()
    arranged: frozenset[Code] = frozenset()
    wishes: tuple[Mark, ...] = ()  # where it is known whether they wish to attend
    wished_supporter: Mark | None = None
    nominee: Nominee | None = None
    declined: Mark | None = None
    views: tuple[Mark, ...] = ()

    @property
    def represented(self) -> bool:
        """Whether the adult named somebody to attend on their behalf."""
        return self.nominee is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The adult's part in each conference."""

    involvements: Mapping[ConferenceRef, Involvement] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    ref = fact.event.conference
    part = _noted(state.involvements.get(ref, Involvement()), fact.event, mark(fact))
    return State(involvements={**state.involvements, ref: part})


def _noted(part: Involvement, event: Event, at: Mark) -> Involvement:
    match event:
        case AdultInvited(supports=supports):
            arranged = part.arranged | set(supports)
            return replace(part, invited=at, thought_of=(*part.thought_of, at), arranged=arranged)
        case AdultNotInvited(reason=reason, rationale=rationale):
            return replace(
                part,
                not_invited=at,
                thought_of=(*part.thought_of, at),
                not_invited_reason=reason,
                not_invited_explained=rationale is not None,
            )
        case AdultInformedOfConference():
            return _informed(part, event, at)
        case AdultSupportArranged(needs=needs, arranged=arranged):
            return replace(
                part, needs=part.needs | set(needs), arranged=part.arranged | {*arranged}
            )
        case AdultAttendanceViewRecorded():
            return _wished(part, event, at)
        case AdultRepresentativeNominated():
            nominee = Nominee(
                person=event.person,
                alleged=event.alleged_to_have_caused_harm,
                overridden=event.override_reason is not None,
                at=at,
            )
            return replace(part, nominee=nominee)
        case NominationWithdrawn():
            return replace(part, nominee=None)
        case AdultDeclinedAttendance():
            return replace(part, declined=at, wishes=(*part.wishes, at))
        case AdultViewsObtained():
            return replace(part, views=(*part.views, at))
        case _:
            assert_never(event)


def _wished(part: Involvement, event: AdultAttendanceViewRecorded, at: Mark) -> Involvement:
    """Remember whether the adult wishes to come; who does now has not declined any more."""
    known = event.wishes_to_attend in {"yes", "no"}
    return replace(
        part,
        wishes=(*part.wishes, at) if known else part.wishes,
        wished_supporter=at if event.wishes_supporter == "yes" else None,
        declined=None if event.wishes_to_attend == "yes" else part.declined,
    )


def _informed(part: Involvement, event: AdultInformedOfConference, at: Mark) -> Involvement:
    explained = (at,) if event.purpose_explained else ()
    named = (at,) if event.attendees_named else ()
    return replace(
        part,
        purpose_explained=(*part.purpose_explained, *explained),
        attendees_named=(*part.attendees_named, *named),
    )


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteAdult:
    """Invite the adult."""

    conference: ConferenceRef
    method: Code = listed("contact_method", default=Code("not_recorded"))
    parts: tuple[int, ...] = ()
    supports: tuple[Code, ...] = listed("attendance_support", default=())
    supports_other: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideNotToInviteAdult:
    """Decide not to invite the adult, and say why."""

    conference: ConferenceRef
    reason: Code = listed("adult_not_invited_reason", default=Code("not_recorded"))
    reason_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InformAdultOfConference:
    """Note that the adult was told of the conference."""

    conference: ConferenceRef
    purpose_explained: bool
    attendees_named: bool
    method: Code = listed("contact_method", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangeAdultSupport:
    """Note what the adult needs in order to take part, and what is arranged."""

    conference: ConferenceRef
    needs: tuple[Code, ...] = listed("attendance_support", default=())
    needs_other: Passage | None = None
    arranged: tuple[Code, ...] = listed("attendance_support", default=())
    arranged_other: Passage | None = None
    provider: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdultAttendanceView:
    """Note whether the adult wishes to attend."""

    conference: ConferenceRef
    wishes_to_attend: Code = listed("yes_no_not_known")
    wishes_supporter: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    view: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NominateAdultRepresentative:
    """Note whom the adult wants to attend on their behalf."""

    conference: ConferenceRef
    person: PersonRef | None = None
    name: Passage | None = None
    scope: Code = listed("representative_scope", default=Code("not_recorded"))
    alleged_to_have_caused_harm: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    override_reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawNomination:
    """Note that whoever was nominated is not to attend on the adult's behalf any more."""

    conference: ConferenceRef
    withdrawn_by: Code = listed("expressed_by", default=Code("not_recorded"))
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdultDeclinedAttendance:
    """Note that the adult does not wish to attend."""

    conference: ConferenceRef
    method: Code = listed("contact_method", default=Code("not_recorded"))
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdultViews:
    """Note the adult's views, given before the meeting."""

    conference: ConferenceRef
    method: Code = listed("contact_method", default=Code("not_recorded"))
    views: Passage | None = None
    own_words: bool = False


Command: TypeAlias = (
    InviteAdult
    | DecideNotToInviteAdult
    | InformAdultOfConference
    | ArrangeAdultSupport
    | RecordAdultAttendanceView
    | NominateAdultRepresentative
    | WithdrawNomination
    | RecordAdultDeclinedAttendance
    | RecordAdultViews
)


_RECORDED: Final[Mapping[type[Command], type[Event]]] = {
    InviteAdult: AdultInvited,
    DecideNotToInviteAdult: AdultNotInvited,
    InformAdultOfConference: AdultInformedOfConference,
    ArrangeAdultSupport: AdultSupportArranged,
    RecordAdultAttendanceView: AdultAttendanceViewRecorded,
    NominateAdultRepresentative: AdultRepresentativeNominated,
    WithdrawNomination: NominationWithdrawn,
    RecordAdultDeclinedAttendance: AdultDeclinedAttendance,
    RecordAdultViews: AdultViewsObtained,
}


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,  # noqa: ARG001
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference was never convened in this case.
    """
    if command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    return (recorded(_RECORDED[type(command)], command),)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:  # noqa: ARG001
    """Criticise how the adult was brought into each conference."""
    for ref, part in state.involvements.items():
        yield from _nominee(ref, part, known)
        if part.not_invited is not None and part.invited is None:
            yield from _not_invited(ref, part, known)
        yield from _capacity(ref, part, known)
    for ref, sitting in known.sittings.items():
        yield from _held(ref, state.involvements.get(ref, Involvement()), sitting, known)


def _capacity(ref: ConferenceRef, part: Involvement, known: Known) -> Iterator[Finding]:
    """Ask of a refusal to come that capacity for that was recorded by the meeting (R49).

    Not before the refusal: that may be what gave cause to look at it.
    """
    sitting = known.sittings.get(ref)
    if part.declined is None:
        return
    of_it = (one.at for one in known.capacity_recorded if one.decision in OF_ATTENDING)
    recorded_ = bool(within(of_it, part.declined, known))
    if sitting is not None:
        recorded_ = known.capacity_of(OF_ATTENDING, sitting.held)
    if not recorded_:
        words = "The adult declined to attend; no decision about their capacity for that is "
        words += "recorded."
        at = part.declined
        yield found("declined_without_capacity", "R49", "medium", words, at=at, subject=ref)


def _nominee(ref: ConferenceRef, part: Involvement, known: Known) -> Iterator[Finding]:
    """Ask whether the nominee is said, or known in the case, to be alleged to cause harm (R52)."""
    one = part.nominee
    if one is None or one.overridden:
        return
    if one.alleged == "yes" or one.person in known.pach:
        words = "The adult's nominee is recorded as alleged to have caused harm; no reason given."
        yield found("nominee_alleged", "R52", "high", words, at=one.at, subject=ref)


def _not_invited(ref: ConferenceRef, part: Involvement, known: Known) -> Iterator[Finding]:
    """Ask for the reason of not inviting, given with the decision or as unsafe (R47, R207)."""
    enabling = known.enablings.get(ref)
    if enabling is not None and enabling.unsafe_explained:
        return
    if part.not_invited_reason == "not_recorded" or not part.not_invited_explained:
        words = "The adult was not invited, and the record does not explain the reason."
        at = part.not_invited
        yield found("not_invited_unexplained", "R2 R47 R207", "medium", words, at=at, subject=ref)


def _held(ref: ConferenceRef, part: Involvement, sitting: Sat, known: Known) -> Iterator[Finding]:
    """Look back from the meeting at what should have come before it."""
    at, enabling = sitting.held, known.enablings.get(ref)
    asked = enabling is not None and enabling.asked_of_attending
    adjusted = frozenset[Code]() if enabling is None else enabling.adjustments
    if not any(could_precede(one.when, at.when) for one in part.thought_of):
        words = "The conference was held; neither an invitation to the adult before it nor a "
        words += "reason against one is recorded."
        yield found("adult_not_invited", "R2 R36 R47", "medium", words, at=at, subject=ref)
    if not any(could_precede(one.when, at.when) for one in part.purpose_explained):
        words = "The record does not show the adult being told the purpose in advance."
        yield found("purpose_not_explained", "R25", "medium", words, at=at, subject=ref)
    if not any(could_precede(one.when, at.when) for one in part.attendees_named):
        words = "The record does not show the adult being told in advance who would be there."
        yield found("attendees_not_named", "R26", "low", words, at=at, subject=ref)
    asked = asked or any(could_precede(one.when, at.when) for one in part.wishes)
    if part.not_invited is None and not asked:
        words = "The record does not show, from before it, whether the adult wished to attend."
        yield found("wish_not_asked", "R50", "low", words, at=at, subject=ref)
    if sitting.adult_attended and part.needs - part.arranged - adjusted:
        words = "Support the adult needs to take part was recorded and not arranged."
        yield found("support_not_arranged", "R24 R27 R28", "medium", words, at=at, subject=ref)
    heard = any(could_precede(one.when, at.when) for one in part.views)
    if part.declined is not None and not heard and not sitting.adult_attended:
        words = "The adult declined to attend and was not asked for views before the meeting."
        code, since = "views_not_obtained", at.when
        yield found(code, "R53", "medium", words, at=part.declined, since=since, subject=ref)
