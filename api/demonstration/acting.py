"""Beside the last chapters: what is agreed about a plan, and how it is watched; who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.demonstration import phrases
from api.demonstration.calibration import COUNCIL
from api.demonstration.chance import Chance
from api.demonstration.conferring import Meeting
from api.demonstration.pending import Naming
from api.demonstration.telling import Telling
from domain.action import AgreeAction, AgreeSupportService, OfferCarerAssessment
from domain.agreement import (
    AgreeContingency,
    AgreePlanSharing,
    AssignMonitoringResponsibility,
    DelegateReviewToCareManagement,
    DesignatePlanCoordinator,
    RecordAdultPlanInvolvement,
    SeekAdultPlanViews,
)
from domain.answering import DecideCarerDisclosure, RaiseIssue, RespondToIssue
from domain.monitoring import SetReviewDate
from domain.oversight import ChangePlanUrgently, Effect, MonitorPlan, RatifyPlanChange
from domain.plan import RecordPlanNotAgreed
from domain.plan_copies import PermitRelease, SendPlanToNominee, WithholdPlanFromAdult
from domain.words import ActionRef, Code, IssueRef, Slug

if TYPE_CHECKING:
    from api.demonstration.afterwards import Planned

_STEPS: Final = (Code("in_person"),)


def disagree(tale: Telling, meeting: Meeting) -> None:
    """Record that somebody does not agree with the plan as it was first put."""
    if not tale.turn("plan_disputed"):
        return
    with tale.by_itself("disputed") as chance:
        who = chance.drawn({"adult": 3, "agency": 2})
        against = RecordPlanNotAgreed(
            conference=meeting.conference,
            disagreed=who,
            organisation=tale.world.figures.health if who == Code("agency") else None,
            reason=tale.words(phrases.DISSENT) if chance.whether(0.85) else None,
            next_step=tale.words(phrases.PARTS),
        )
        tale.ask(against, meeting.minute_taker)


def agree_more(tale: Telling, meeting: Meeting, made: Planned) -> None:
    """Agree one by one what stands beside the terms of a plan."""
    with tale.by_itself("agreed") as chance:
        ref, plan, chair = meeting.conference, made.plan, meeting.chair
        if tale.turn("coordinated"):
            named = DesignatePlanCoordinator(
                plan=plan, conference=ref, coordinator=tale.holder.ref, starts=tale.day
            )
            tale.ask(named, chair)
            watched = AssignMonitoringResponsibility(
                plan=plan, conference=ref, organisation=COUNCIL, worker=tale.manager.ref
            )
            tale.ask(watched, chair)
        if tale.turn("contingency"):
            ready = AgreeContingency(
                plan=plan,
                conference=ref,
                trigger=tale.words(phrases.RELATIVES),
                measure=tale.words(phrases.CONTINGENCY),
                owner=COUNCIL,
            )
            tale.ask(ready, chair)
        if tale.turn("plan_shared"):
            told = AgreePlanSharing(
                plan=plan,
                conference=ref,
                organisation=tale.world.figures.health,
                role=Code("other_health"),
                content=Code("actions_only"),
                basis=Code("adults_consent"),
            )
            tale.ask(told, chair)
        _with_adult(tale, meeting, made, chance)
        _services(tale, meeting, chance)
        if tale.turn("date_set"):
            dated = SetReviewDate(
                plan=plan, reason=Code("plan_may_not_reduce_risk"), on=made.review_on
            )
            tale.ask(dated, tale.manager)
        if tale.turn("delegated"):
            handed = DelegateReviewToCareManagement(
                plan=plan,
                conference=ref,
                process=Code("care_management"),
                delegated_to=COUNCIL,
                agreed_by=meeting.agencies,
                next_on=made.review_on,
                rationale=tale.words(phrases.CLOSING),
            )
            tale.ask(handed, chair)


def _with_adult(tale: Telling, meeting: Meeting, made: Planned, chance: Chance) -> None:
    if tale.turn("plan_views"):
        sought = SeekAdultPlanViews(
            plan=made.plan,
            conference=meeting.conference,
            steps=_STEPS,
            result=Code("sought_expressed"),
            views=tale.words(phrases.VIEWS),
        )
        tale.ask(sought)
        part = RecordAdultPlanInvolvement(
            plan=made.plan,
            conference=meeting.conference,
            involvement=chance.drawn({"made_it_together": 3, "chose_parts": 4, "consulted": 3}),
            contributions=tale.words(phrases.PARTS),
        )
        tale.ask(part, meeting.minute_taker)


def _services(tale: Telling, meeting: Meeting, chance: Chance) -> None:
    ref = meeting.conference
    if tale.turn("one_action"):
        also = AgreeAction(
            action=ActionRef(chance.ref()),
            conference=ref,
            target=Code("adult"),
            kind=Code("information"),
            description=tale.words(phrases.ACTIONS["support"]),
            owner=COUNCIL,
            due=tale.working_day(tale.day, 10),
            horizon=Code("immediate"),
        )
        tale.ask(also)
    if tale.turn("service"):
        given = AgreeSupportService(
            conference=ref,
            beneficiary=Code("adult"),
            service=chance.drawn({"care_at_home": 4, "day_service": 2, "telecare": 2}),
            provider=COUNCIL,
            planned_start=tale.working_day(tale.day, 5),
        )
        tale.ask(given)
    if tale.turn("carer"):
        offered = OfferCarerAssessment(
            conference=ref, answer=chance.drawn({"accepted": 4, "declined": 2, "considering": 1})
        )
        tale.ask(offered)


def oversee(tale: Telling, meeting: Meeting, made: Planned) -> None:
    """Say at a later meeting what the plan achieves, and stand by what was changed since."""
    if made.changed:
        with tale.by_itself("ratified") as chance:
            decided = RatifyPlanChange(
                plan=made.plan,
                change=0,  # looked up: the latest change
                conference=meeting.conference,
                decision=chance.drawn({"ratified": 4, "ratified_with_changes": 1}),
                rationale=tale.words(phrases.CLOSING),
            )
            event = "plan-changed-urgently"
            tale.ask(Naming(command=decided, field="change", event=event), meeting.chair)
        made.changed = False
    if tale.turn("watched"):
        with tale.by_itself("watched") as chance:
            first = made.actions[0].action
            effect = chance.drawn({"effective": 5, "partly_effective": 4, "not_effective": 1})
            seen = MonitorPlan(
                plan=made.plan,
                conference=meeting.conference,
                effect=effect,
                actions=(Effect(action=first, effect=effect),),
                note=tale.words(phrases.RISKS),
            )
            tale.ask(seen, meeting.minute_taker)


def change_at_once(tale: Telling, made: Planned) -> None:
    """Change a plan between meetings, where the nation has a rule for that."""
    if not tale.world.law.lists["urgent_change_reason"] or not tale.turn("changed"):
        return
    with tale.by_itself("changed") as chance:
        tale.wait(2, 8)
        changed = ChangePlanUrgently(
            plan=made.plan,
            reason=chance.drawn({"service_failed": 3, "new_harm": 2, "adults_circumstances": 2}),
            change=tale.words(phrases.ACTIONS["safety"]) if chance.whether(0.9) else None,
            manager=tale.manager.ref,
        )
        tale.ask(changed, tale.manager)
        made.changed = True


def tell_others(tale: Telling, meeting: Meeting, made: Planned | None) -> None:
    """Let somebody the adult chose have the plan; decide on a carer; answer what is raised."""
    with tale.by_itself("others") as chance:
        if made is not None and tale.capable and tale.turn("nominee"):
            somebody = tale.words(phrases.FRIENDS)
            unlisted = chance.of("nominee").whether(0.4)
            role = Code("other" if unlisted else "supporter")
            in_words = tale.passage("The warden of the almshouses.") if unlisted else None
            house = Slug("almshouse-trust") if unlisted else None
            allowed = PermitRelease(
                what=Code("plan"),
                role=role,
                role_other=in_words,
                organisation=house,
                basis=Code("adults_permission"),
                rationale=somebody,
            )
            tale.ask(allowed, meeting.chair)
            sent = SendPlanToNominee(
                plan=made.plan,
                role=role,
                role_other=in_words,
                organisation=house,
                name=somebody,
                basis=Code("adults_permission"),
                outside=chance.of("outside").whether(0.3),
            )
            tale.ask(Naming(command=sent, field="authority", event="release-permitted"))
        if tale.turn("carer_told"):
            decided = DecideCarerDisclosure(
                conference=meeting.conference,
                decided_by=tale.manager.ref,
                decided_role=Code("managing_officer"),
                pach_information=chance.drawn({"none": 3, "safety_only": 2}),
                basis=Code("adults_permission"),
                rationale=tale.words(phrases.VIEWS),
            )
            tale.ask(decided, tale.manager)
        if tale.turn("raised"):
            _raise(tale, meeting, chance)


def _raise(tale: Telling, meeting: Meeting, chance: Chance) -> None:
    """Take down what the adult or the family is not content with; in some stories unanswered."""
    with tale.aside():
        tale.wait(3, 15)
        ref = IssueRef(chance.ref())
        said = RaiseIssue(
            issue=ref,
            conference=meeting.conference,
            about=chance.drawn({"minutes": 3, "plan": 2, "conduct": 1, "enquiry": 3}),
            raised_by=chance.drawn({"adult": 3, "family": 3}),
            words=tale.words(phrases.ISSUES),
        )
        tale.ask(said)
        if tale.fail("issue_unanswered"):
            return
        tale.wait(2, 10)
        answered = RespondToIssue(
            issue=ref,
            outcome=chance.drawn({"explained": 5, "changed": 3}),
            response=tale.words(phrases.ANSWERED),
            answered_by=tale.manager.ref,
        )
        tale.ask(answered, tale.manager)


def withhold_plan(tale: Telling, made: Planned) -> None:
    """Keep the plan from the adult, because where they live it would be read by others."""
    if tale.turn("plan_withheld"):
        with tale.by_itself("plan_withheld"):
            kept = WithholdPlanFromAdult(
                plan=made.plan, reason=Code("raises_risk"), risk_basis=tale.words(phrases.READ)
            )
            tale.ask(kept, tale.manager)
