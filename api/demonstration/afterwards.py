"""The last chapters: findings and plan, minutes sent, core groups, reviews, and the end."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import uuid5

from api.demonstration import phrases
from api.demonstration.acting import change_at_once, oversee, withhold_plan
from api.demonstration.calibration import COUNCIL, LATE_MINUTES_WEEKS
from api.demonstration.conferring import (
    Meeting,
    convene,
    hear,
    hold,
    involve,
    settle,
    write_instead,
)
from api.demonstration.minuting import keep_notes, question, withhold, write_passages
from api.demonstration.preparing import prepare
from api.demonstration.telling import Telling
from api.demonstration.weighing import set_going, weigh
from domain.amending import ConsiderPreviousMinutes
from domain.conference import ConveneConference
from domain.determination import (
    ConsiderProtectionOrder,
    DecideResidualConcernAction,
    DetermineAdultAtRiskStatus,
    FindOnAllegation,
)
from domain.feedback import GiveFeedback
from domain.minutes import (
    ApproveMinutes,
    CirculateMinutes,
    DraftMinutes,
    ProduceRedactedCopy,
    Recipient,
    Redaction,
)
from domain.monitoring import CompleteAction, DecidePachAction, EndPlan, ReviewPlan
from domain.plan import Action, AgreePlan, DecidePlanNotRequired, RevisePlan, Sharing, Terms
from domain.plan_copies import SendPlanToAdult
from domain.releasing import AssessMinutesShareRisk, CirculateDecisions, Told
from domain.stage import months_after
from domain.when import on_day
from domain.words import ActionRef, Code, Digest, DocumentRef, PlanRef, Slug

DOUBTFUL: Final = {"not_substantiated", "inconclusive"}
_CORE_GROUP: Final = timedelta(weeks=4)
_MOST_REVIEWS: Final = 6
_LATER_REVIEWS: Final = 13  # weeks apart, after the first


@dataclass(slots=True, kw_only=True)
class Planned:
    """A plan as it stands in the story."""

    plan: PlanRef
    version: int
    actions: tuple[Action, ...]
    review_on: date
    changed: bool = False  # between meetings, and not yet stood by


def find(tale: Telling, meeting: Meeting, *, at_risk: bool = True) -> None:
    """Find on each allegation, or determine the adult's status, as the nation does."""
    law, chance, chair = tale.world.law, tale.chance, meeting.chair
    ref = meeting.conference
    if law.decides_abuse:
        for one in tale.allegations:
            finding = tale.world.decks["finding"].draw()
            rationale = None if tale.fail("no_rationale") else tale.words(phrases.FINDINGS)
            made = FindOnAllegation(
                conference=ref,
                allegation=one.ref,
                finding=finding,
                rationale=rationale,
                decided_by=meeting.agencies,
            )
            tale.ask(made, chair)
            if finding in DOUBTFUL and chance.whether(0.9):
                action = tale.words(phrases.RESIDUAL)
                left = DecideResidualConcernAction(
                    conference=ref, allegation=one.ref, action=action
                )
                tale.ask(left, chair)
    if law.considers_protection_orders:
        order = chance.drawn({"none_in_particular": 8, "banning": 1, "assessment": 1})
        decision = chance.drawn({"not_apply": 8, "keep_under_review": 2, "apply": 0.3})
        because = tale.words(phrases.RISKS)
        tale.ask(
            ConsiderProtectionOrder(
                conference=ref, order=order, decision=decision, rationale=because
            ),
            chair,
        )
        determine(tale, meeting, at_risk=at_risk)
    if tale.pach is not None:
        kind = chance.drawn({"assessment": 4, "disciplinary": 2, "police": 1, "support": 2})
        about = DecidePachAction(
            action=ActionRef(chance.ref()), conference=ref, kind=kind, owner=COUNCIL
        )
        tale.ask(about, chair)


def determine(tale: Telling, meeting: Meeting, *, at_risk: bool) -> None:
    """Determine whether the adult is, or continues to be, at risk of harm."""
    law = tale.world.law
    tale.ask(
        DetermineAdultAtRiskStatus(
            conference=meeting.conference,
            status=Code("at_risk" if at_risk else "not_at_risk"),
            criteria_met=law.criteria if at_risk else law.criteria[:1],
            rationale=tale.words(phrases.RISKS),
        ),
        meeting.chair,
    )


def _review_day(tale: Telling, *, first: bool) -> date:
    """Give the day of the next review: the nation's weeks on, never later than its limit."""
    if "review_conference" in tale.world.law.limits:
        return tale.last_working_day(months_after(tale.day, 3))
    weeks = tale.world.figures.weeks_to_review if first else _LATER_REVIEWS
    return tale.last_working_day(tale.day + timedelta(weeks=weeks))


def plan(tale: Telling, meeting: Meeting) -> Planned:
    """Agree a plan with the adult."""
    chance = tale.chance
    owners = {"safety": COUNCIL, "support": COUNCIL, "involvement": COUNCIL}
    if Slug("care-provider") in meeting.agencies:
        owners["safety"] = Slug("care-provider")
    kinds = ("safety", "support", "involvement")[: chance.between(2, 3)]
    actions = tuple(
        Action(
            action=ActionRef(chance.ref()),
            target=Code("adult"),
            kind=Code(kind),
            description=tale.words(phrases.ACTIONS[kind]),
            owner=owners[kind],
            due=tale.working_day(tale.day, chance.between(5, 20)),
            horizon=Code("immediate" if kind == Code("safety") else "longer_term"),
            outcome=tale.outcomes[0] if number == 0 and tale.outcomes else None,
        )
        for number, kind in enumerate(kinds)
    )
    made = Planned(
        plan=PlanRef(chance.ref()),
        version=1,
        actions=actions,
        review_on=_review_day(tale, first=True),
    )
    terms = _terms(tale, made)
    tale.ask(AgreePlan(plan=made.plan, conference=meeting.conference, terms=terms), meeting.chair)
    return made


def _terms(tale: Telling, made: Planned) -> Terms:
    chance = tale.chance
    undated = tale.fail("no_review_date")
    return Terms(
        agreed_with=Code("adult" if tale.capable else "best_interests"),
        aim=chance.drawn({"minimise": 3, "remove": 1}),
        actions=made.actions,
        coordinator=tale.holder.ref,
        monitored_by=COUNCIL,
        contingency=tale.words(phrases.CONTINGENCY) if chance.whether(0.92) else None,
        sharing=(
            Sharing(organisation=COUNCIL, role=Code("managing_officer"), content=Code("full")),
        ),
        views_sought=Code("sought_expressed"),
        adults_part=tale.words(phrases.PARTS),
        review=Code("not_decided" if undated else "dated"),
        review_on=None if undated else made.review_on,
    )


def write_up(tale: Telling, meeting: Meeting) -> None:
    """Draft, approve and circulate the minutes; in some stories weeks after they were due."""
    with tale.aside():
        _write_up(tale, meeting)


def _write_up(tale: Telling, meeting: Meeting) -> None:
    chance, ref, taker = tale.chance, meeting.conference, meeting.minute_taker
    document, master = DocumentRef(chance.ref()), chance.digest()
    met = on_day(meeting.planned)
    keep_notes(tale, meeting, DocumentRef(uuid5(document, "notes")))
    if "decisions_circulated" in tale.world.law.limits:
        told = CirculateDecisions(conference=ref, recipients=_told(meeting))
        tale.ask(told, taker, occurred=met)
    tale.wait(1, 4)
    form = Code("multi_agency")
    draft = DraftMinutes(
        conference=ref, document=document, form=form, digest=master, from_record=True
    )
    tale.ask(draft, taker)
    write_passages(tale, meeting)
    if not meeting.core_group and tale.fail_here("minutes_late"):
        weeks = chance.between(*LATE_MINUTES_WEEKS)
        tale.at(meeting.planned + timedelta(weeks=weeks))
    else:
        tale.wait(1, 2)
    chair = meeting.chair
    approved = ApproveMinutes(conference=ref, document=document, master=master)
    tale.ask(approved, chair)
    recipients = _recipients(tale, meeting, master)
    tale.ask(CirculateMinutes(conference=ref, recipients=recipients), taker)
    withhold(tale, meeting)
    question(tale, meeting, draft)


def _told(meeting: Meeting) -> tuple[Told, ...]:
    """Tell everybody invited what was decided."""
    return tuple(
        Told(
            participant=one.participant,
            role=one.role,
            organisation=one.organisation,
            method=Code("secure_email"),
        )
        for one in meeting.guests
    )


def _recipients(tale: Telling, meeting: Meeting, master: Digest) -> tuple[Recipient, ...]:
    """Send a copy to everybody invited, and to the adult only of the part they came to.

    Whoever was away has none of a part for professionals only.
    """
    away = meeting.divided and not all(one.came for one in meeting.guests)
    part = _leave_out_part(tale, meeting, master) if away else master
    recipients = [
        Recipient(
            participant=one.participant,
            role=one.role,
            organisation=one.organisation,
            parts=(2,) if meeting.divided and not one.came else (),
            copy=master if one.came else part,
            source=master,
            method=Code("secure_email"),
            basis=Code("information_sharing"),
        )
        for one in meeting.guests
    ]
    if meeting.adult_came:
        copy = master
        tale.ask(AssessMinutesShareRisk(conference=meeting.conference, result=Code("safe")))
        if meeting.divided:
            copy = part if away else _leave_out_part(tale, meeting, master)
        recipients.append(
            Recipient(
                role=Code("adult"),
                person=tale.adult.ref,
                parts=(2,) if meeting.divided else (),
                copy=copy,
                source=master,
                method=Code("post"),
                basis=Code("attended"),
            )
        )
    return tuple(recipients)


def _leave_out_part(tale: Telling, meeting: Meeting, master: Digest) -> Digest:
    """Make a copy without the part that the adult, and whoever was away, was not in."""
    by_itself = tale.by_itself("copy") if meeting.kind == Code("review") else nullcontext()
    with by_itself:
        copy = tale.chance.digest()
        by = meeting.chair.ref
        left_out = (Redaction(ground=Code("part_not_attended"), part=1, decided_by=by),)
        made = ProduceRedactedCopy(
            conference=meeting.conference, source=master, copy=copy, redactions=left_out
        )
        tale.ask(made, meeting.minute_taker)
    return copy


def tell_adult(tale: Telling, made: Planned | None) -> None:
    """Tell the adult the outcome, and give them the plan."""
    tale.wait(0, 2)
    if not tale.fail_here("no_feedback"):
        content = Code("outcome_and_plan" if made else "outcome")
        how = tale.chance.drawn({"in_person": 5, "telephone": 2, "through_advocate": 1})
        tale.ask(GiveFeedback(audience=Code("adult"), content=content, method=how))
    if made is not None:
        if tale.chance.whether(0.93):
            tale.ask(SendPlanToAdult(plan=made.plan, method=Code("by_hand")))
        else:
            withhold_plan(tale, made)


def do_without_plan(tale: Telling, meeting: Meeting) -> None:
    """Decide that no plan is needed."""
    because = tale.words(phrases.CLOSING)
    none = DecidePlanNotRequired(
        conference=meeting.conference, reason=Code("no_risk"), rationale=because
    )
    tale.ask(none, meeting.chair)
    settle(tale, meeting, further=False)
    tell_adult(tale, None)
    write_up(tale, meeting)


def carry_out(tale: Telling, made: Planned) -> None:
    """See to the actions of the plan, most of them in time."""
    with tale.aside():
        for one in sorted(made.actions, key=lambda action: action.due or tale.day):
            if one.due is not None and not tale.chance.whether(0.08):
                tale.at(tale.last_working_day(one.due))
                result = tale.chance.drawn({"done": 9, "partly_done": 1})
                tale.ask(CompleteAction(action=one.action, result=result))


def meet_again(tale: Telling, kind: str, day: date) -> Meeting:
    """Call, prepare and hold a later meeting on a day."""
    tale.at(max(tale.day, tale.last_working_day(day - timedelta(days=9))))
    reason = "review" if kind == Code("review") else "progress_check"
    meeting = convene(tale, kind, max(day, tale.working_day(tale.day, 1)), reason)
    involve(tale, meeting)
    write_instead(tale, meeting)
    prepare(tale, meeting)
    hold(tale, meeting)
    return meeting


def monitor(tale: Telling, made: Planned) -> None:
    """Hold core groups every four weeks until the review, where the nation has them."""
    if not tale.world.law.core_groups:
        return
    day = tale.last_working_day(tale.day + _CORE_GROUP)
    while day < made.review_on - timedelta(weeks=2):
        change_at_once(tale, made)
        meeting = meet_again(tale, "core_group", day)
        oversee(tale, meeting, made)
        write_up(tale, meeting)
        day = tale.last_working_day(meeting.planned + _CORE_GROUP)


def review(tale: Telling, made: Planned) -> None:
    """Review the plan until it can end; in some stories, never."""
    for number in range(1, _MOST_REVIEWS + 1):
        if tale.fail("no_review_date") or tale.fail("review_never_held"):
            return
        meeting = meet_again(tale, "review", made.review_on)
        ends = number == _MOST_REVIEWS or tale.chance.whether(0.2)
        _look_back(tale, meeting)
        hear(tale, meeting)
        weigh(tale, meeting)
        oversee(tale, meeting, made)
        set_going(tale, meeting)
        if not tale.world.law.decides_abuse:
            determine(tale, meeting, at_risk=not ends)
        result = Code("ended" if ends else "revised")
        looked = ReviewPlan(plan=made.plan, conference=meeting.conference, result=result)
        tale.ask(looked, tale.manager)
        _decide_plan(tale, meeting, made, ends=ends)
        if tale.pach is not None:
            act = ActionRef(tale.chance.ref())
            none = DecidePachAction(action=act, conference=meeting.conference, kind=Code("none"))
            tale.ask(none, meeting.chair)
        settle(tale, meeting, further=not ends)
        tell_adult(tale, None if ends else made)
        write_up(tale, meeting)
        if ends:
            return
        monitor(tale, made)


def _look_back(tale: Telling, meeting: Meeting) -> None:
    """Agree that the minutes of the meeting before are accurate."""
    held = [one.command for one in tale.steps if isinstance(one.command, ConveneConference)]
    earlier = [one.conference for one in held if one.conference != meeting.conference]
    if earlier:
        agreed = ConsiderPreviousMinutes(conference=meeting.conference, previous=earlier[-1])
        tale.ask(agreed, meeting.chair)


def _decide_plan(tale: Telling, meeting: Meeting, made: Planned, *, ends: bool) -> None:
    """Put the next version in place, or decide that no plan is needed any more."""
    ref, chair = meeting.conference, meeting.chair
    because = tale.words(phrases.CLOSING)
    if ends:
        over = DecidePlanNotRequired(conference=ref, reason=Code("no_risk"), rationale=because)
        tale.ask(over, chair)
        why = Code("risk_removed" if tale.world.law.decides_abuse else "not_at_risk")
        tale.ask(EndPlan(plan=made.plan, reason=why, rationale=because), chair)
        return
    made.version += 1
    made.review_on = _review_day(tale, first=False)
    tale.ask(
        RevisePlan(
            plan=made.plan,
            version=made.version,
            conference=ref,
            reason=tale.words(phrases.RISKS),
            terms=_terms(tale, made),
        ),
        tale.manager,
    )
