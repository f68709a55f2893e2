"""What a few stories say besides, which no story comes to by chance: asked after something else.

Only of stories that had not ended: an entry of the others may be named by its number afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from api.demonstration.calibration import COUNCIL
from api.demonstration.chance import Chance
from api.demonstration.fuller import At, Where, places, spread
from api.demonstration.pending import Naming
from api.demonstration.telling import Step, Story, World
from domain.action import AgreeAction
from domain.advice import ConsiderRegulatoryAction, DecideRegulatoryReferral
from domain.advocacy import AppointAdvocate, RecordAdvocateChallenge, RecordAdvocateContribution
from domain.dividing import ExcludeParticipant, PlanConferencePart
from domain.feedback import AssignFeedback, DecideAgainstFeedback, DecidePachFeedback
from domain.grid import Attendance
from domain.handle import local_day
from domain.invitation import InviteParticipant
from domain.learning import RecommendOrganisationalChange, StartSeriousIncidentProcess
from domain.minutes import ApproveMinutes, CirculateMinutes, DraftMinutes, WithholdMinutes
from domain.monitoring import CompleteAction, ReviewPlan
from domain.oversight import ChangePlanUrgently, RatifyPlanChange
from domain.person import CorrectPersonRecord, RecordPersonDetails
from domain.sitting import HoldConference, RecordAttendance
from domain.tabling import PermitReportShare, ReportRecipient, ShareReport, TableReport
from domain.when import on_day
from domain.words import (
    ActionRef,
    Actor,
    ChangeRef,
    Code,
    ParticipantRef,
    RegulatoryReferralRef,
    Slug,
)

_APART: Final = timedelta(seconds=7)
_HOUSING: Final = Slug("housing")
_PROVIDER: Final = Slug("care-provider")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked besides: by whom, how many days on; or `beside` what is asked at a moment.

    By default by whoever asked the first, at once.
    """

    command: object
    by: Actor | None = None
    days: int = 0
    beside: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Also:
    """What is asked after a kind of command, in up to so many stories that `where` agrees to."""

    after: type
    asks: Callable[[At], Sequence[Asked]]
    where: Where
    times: int = 1


def ask_also(
    world: World, chance: Chance, stories: Sequence[Story], rows: Sequence[Also]
) -> list[Story]:
    """Give the same stories, a few of them with what is asked besides."""
    told = list(stories)
    for number, row in enumerate(rows):
        of_its_own = chance.of(number, row.after.__name__)
        found = [
            at
            for at in places(world, of_its_own, told, row.after)
            if not at.story.whole and row.where(at)
        ]
        for at in spread(of_its_own.mixed(found), row.times):
            where = next(n for n, one in enumerate(told) if one.case == at.story.case)
            more = [one for one in _steps(at, row) if one.moment <= world.until]
            steps = sorted((*told[where].steps, *more), key=lambda one: one.moment)
            told[where] = replace(told[where], steps=tuple(steps))
    return told


def _steps(at: At, row: Also) -> Iterator[Step]:
    for number, one in enumerate(row.asks(at), 1):
        moment = (one.beside or at.step.moment) + timedelta(days=one.days) + number * _APART
        yield replace(
            at.step,
            moment=moment,
            command=one.command,
            actor=one.by or at.step.actor,
            particulars=replace(at.step.particulars, occurred=on_day(local_day(moment))),
        )


# ------------------------------------------------------------------- of a meeting in two parts


def _of_two_parts(at: At) -> bool:
    return at.divided


def _meeting(at: At) -> Any:  # noqa: ANN401 — the reference of a meeting
    return at.command.conference


def _agreed(at: At) -> Sequence[Asked]:
    action, day = ActionRef(at.chance.ref()), local_day(at.step.moment)
    agreed = AgreeAction(
        action=action,
        conference=_meeting(at),
        target=Code("adult"),
        kind=Code("information"),
        description=at.words("A card with the numbers to ring, in large print."),
        owner=COUNCIL,
        due=day + timedelta(days=14),
        horizon=Code("immediate"),
    )
    done = CompleteAction(action=action, result=Code("done"))
    return (Asked(command=agreed), Asked(command=done, days=7))


def _changes(at: At) -> Sequence[Asked]:
    wanted = RecommendOrganisationalChange(
        change=ChangeRef(at.chance.ref()),
        conference=_meeting(at),
        areas=(Code("training"),),
        organisation=_PROVIDER,
        owner=_PROVIDER,
        due=local_day(at.world.until) + timedelta(days=90),
        source=Code("conference"),
        description=at.words("Whoever works at night learns whom to ring, and when."),
    )
    return (Asked(command=wanted),)


def _incident(at: At) -> Sequence[Asked]:
    begun = StartSeriousIncidentProcess(
        conference=_meeting(at),
        lead_organisation=at.world.figures.health,
        referred_by=COUNCIL,
        grounds=(Code("interagency_working"),),
        rationale=at.words("Two agencies each took it that the other had rung."),
    )
    return (Asked(command=begun),)


def _not_referred(at: At) -> Sequence[Asked]:
    body = Code("nursing_and_midwifery")
    why = at.words("Nobody on that register was on duty in those weeks.")
    weighed = ConsiderRegulatoryAction(
        conference=_meeting(at), body=body, decision=Code("not_needed"), rationale=why
    )
    decided = DecideRegulatoryReferral(
        referral=RegulatoryReferralRef(at.chance.ref()),
        conference=_meeting(at),
        body=body,
        decision=Code("not_make"),
        rationale=why,
    )
    return (Asked(command=weighed), Asked(command=decided))


def _challenged(at: At) -> Sequence[Asked]:
    against = RecordAdvocateChallenge(
        conference=_meeting(at),
        challenge=at.words("The adult was asked about the visits, and not about the money."),
        response=at.words("The chair asked then and there, and the answer is in the plan."),
    )
    return (Asked(command=against),)


def _changed_before(at: At) -> bool:
    agreed = [one for one in at.story.steps if getattr(one.command, "plan", None) == _plan(at)]
    return (
        at.divided
        and bool(at.before(RatifyPlanChange))
        and agreed[0].moment < _before(at) - timedelta(days=7)
    )


def _plan(at: At) -> Any:  # noqa: ANN401 — the reference of a plan
    return at.command.plan


_SINCE_DAYS: Final = 7


def _before(at: At) -> datetime:
    return at.step.moment - timedelta(days=_SINCE_DAYS)


def _ratified(at: At) -> Sequence[Asked]:
    changed = ChangePlanUrgently(
        plan=_plan(at),
        reason=Code("service_failed"),
        change=at.words("A worker goes in each evening until the agency has somebody."),
        manager=at.story.team.manager.ref,
    )
    decided = RatifyPlanChange(
        plan=_plan(at),
        change=0,  # looked up
        conference=_meeting(at),
        decision=Code("ratified"),
        rationale=at.words("Nobody could wait for the meeting, and it has held since."),
    )
    named = Naming(command=decided, field="change", event="plan-changed-urgently")
    manager = at.story.team.manager.actor
    return (
        Asked(command=changed, by=manager, days=-_SINCE_DAYS),
        Asked(command=named),
    )


def _kept_out(at: At) -> Sequence[Asked]:
    """Ask somebody to one part alone: they come to it, and have no minutes of the meeting."""
    who = ParticipantRef(at.chance.ref())
    asked = InviteParticipant(
        conference=_meeting(at), participant=who, role=Code("housing"), organisation=_HOUSING
    )
    chair = _chair(at)
    out = ExcludeParticipant(
        conference=_meeting(at),
        participant=who,
        parts=(2,),
        reason=Code("adults_wish"),
        rationale=at.words("The adult does not wish the landlord to hear how they live."),
        excluded_by=chair.worker,
    )
    held, sent = _later(at, HoldConference), _later(at, CirculateMinutes)
    there = RecordAttendance(
        conference=_meeting(at),
        part=1,
        line=Attendance(
            participant=who,
            role=Code("housing"),
            organisation=_HOUSING,
            attendance=Code("attended"),
            delegated_authority=Code("yes"),
            participation=at.words(
                "Told what the landlord knows, and left before the second part."
            ),
        ),
    )
    withheld = WithholdMinutes(
        conference=_meeting(at),
        participant=who,
        role=Code("housing"),
        organisation=_HOUSING,
        reason=Code("confidentiality"),
        rationale=at.words("Is told by letter what concerns the house, and nothing else."),
    )
    return (
        Asked(command=asked),
        Asked(command=out, by=chair),
        Asked(command=there, by=held.actor, beside=held.moment),
        Asked(command=withheld, by=chair, beside=sent.moment),
    )


def _later(at: At, kind: type) -> Step:
    """Give where something is asked of the same meeting later."""
    return next(
        one
        for one in at.story.steps[at.number + 1 :]
        if isinstance(one.command, kind)
        and getattr(one.command, "conference", None) == _meeting(at)
    )


def _chair(at: At) -> Actor:
    """Give whoever leads the meeting: they say there who tells whom."""
    return _later(at, AssignFeedback).actor


def _led(at: At) -> bool:
    return (
        at.divided
        and at.command.part == max(one.part for one in _planned(at))
        and any(one.conference == _meeting(at) for one in at.after(AssignFeedback))
        and any(one.conference == _meeting(at) for one in at.after(CirculateMinutes))
    )


def _planned(at: At) -> list[Any]:
    parts = [*at.before(PlanConferencePart), at.command, *at.after(PlanConferencePart)]
    return [one for one in parts if one.conference == _meeting(at)]


_DIVIDED: Final = (
    Also(after=AssignFeedback, where=_of_two_parts, asks=_agreed),
    Also(after=AssignFeedback, where=_of_two_parts, asks=_changes),
    Also(after=AssignFeedback, where=_of_two_parts, asks=_incident),
    Also(after=AssignFeedback, where=_of_two_parts, asks=_not_referred),
    Also(after=RecordAdvocateContribution, where=_of_two_parts, asks=_challenged),
    Also(after=ReviewPlan, where=_changed_before, asks=_ratified),
    Also(after=PlanConferencePart, where=_led, asks=_kept_out),
)


# ----------------------------------------------------------------------- of any other meeting


def _not_told(at: At) -> Sequence[Asked]:
    against = DecideAgainstFeedback(
        conference=_meeting(at),
        audience=Code("employer"),
        reason=Code("confidentiality"),
        rationale=at.words("Works there no longer, and nothing was found of that time."),
    )
    return (Asked(command=against),)


def _draft(at: At) -> Sequence[Asked]:
    """Send somebody who was there the draft, before it is approved."""
    later = next(one for one in at.after(CirculateMinutes) if one.conference == _meeting(at))
    first = next(one for one in later.recipients if one.organisation is not None)
    copy = replace(
        first,
        copy=at.chance.digest(),
        source=at.command.digest,
        unapproved_draft=True,
        reports=(),
    )
    sent = CirculateMinutes(conference=_meeting(at), recipients=(copy,))
    return (Asked(command=sent),)


def _approved_later(at: At) -> bool:
    return (
        at.command.digest is not None
        and any(one.conference == _meeting(at) for one in at.after(ApproveMinutes))
        and any(
            one.conference == _meeting(at) and any(to.organisation for to in one.recipients)
            for one in at.after(CirculateMinutes)
        )
        and bool(at.story.fails)
    )


def _to_advocate(at: At) -> Sequence[Asked]:
    """Let whoever speaks for the adult read the report, though they do not come."""
    to = ReportRecipient(role=Code("advocate"), person=at.before(AppointAdvocate)[-1].advocate)
    chair = _chair(at)
    allowed = PermitReportShare(
        conference=_meeting(at),
        report=at.command.report,
        recipient=to,
        permitted_by=chair.worker,
        rationale=at.words("Is to go through it with the adult beforehand."),
    )
    sent = ShareReport(conference=_meeting(at), report=at.command.report, recipient=to)
    named = Naming(command=sent, field="permission", event="report-share-permitted")
    return (Asked(command=allowed, by=chair), Asked(command=named))


def _spoken_for(at: At) -> bool:
    return any(one.advocate is not None for one in at.before(AppointAdvocate)[-1:]) and any(
        one.conference == _meeting(at) for one in at.after(AssignFeedback)
    )


def _of_another(at: At) -> Sequence[Asked]:
    """Take back what was told of somebody else, who has the same name."""
    taken_back = CorrectPersonRecord(
        target=0,  # looked up
        reason=Code("wrong_person"),
        asked_by=Code("adult"),
        understood=at.words("The number is that of somebody else of the same name."),
        withdrawn=True,
    )
    named = Naming(command=taken_back, field="target", event="person-details-recorded")
    return (Asked(command=named, days=2),)


def _once(at: At) -> bool:
    return sum(isinstance(one.command, RecordPersonDetails) for one in at.story.steps) == 1


_OTHER: Final = (
    Also(after=TableReport, where=_spoken_for, asks=_to_advocate),
    Also(after=RecordPersonDetails, where=_once, asks=_of_another),
    Also(
        after=DecidePachFeedback,
        where=lambda at: at.command.audience != "employer",
        asks=_not_told,
        times=2,
    ),
    Also(after=DraftMinutes, where=_approved_later, asks=_draft),
)

ALSO: Final[tuple[Also, ...]] = (*_DIVIDED, *_OTHER)
