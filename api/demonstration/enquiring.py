"""The second chapter: an enquiry opened, carried on with the adult, reported and concluded."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from api.demonstration import phrases
from api.demonstration.calibration import COUNCIL, LATE_CAPACITY_DAYS, POLICE
from api.demonstration.ending import before_closing, look_again, settle_risks
from api.demonstration.inquiring import (
    HOME,
    ask_agencies,
    cause_enquiry,
    decide_for,
    end_investigation,
    give_voice,
    hear_agencies,
    leave_home,
    link_home,
    meet_adult,
    plan_enquiry,
    take_back,
)
from api.demonstration.referring import close, name_another
from api.demonstration.taking_in import allege_more
from api.demonstration.telling import Telling
from domain.allocation import AllocateCase, AppointOfficer, UnallocateCase
from domain.assessment import (
    AssessRisk,
    ConsiderAdvocacy,
    ConsiderSupportServices,
    EvaluateDesiredOutcome,
    GiveAdvocacyInformation,
    RecordCapacityDecision,
    RecordDesiredOutcome,
)
from domain.closure import CloseCase, ProposeClosure
from domain.conclusion import (
    CeaseEnquiryAtAdultsRequest,
    ConcludeEnquiry,
    RiskFound,
    RiskNotFound,
    Triple,
)
from domain.conference import DecideConferenceNotRequired
from domain.correction import RecordChronologyEntry
from domain.enquiry import (
    IdentifyPach,
    OpenEnquiry,
    SubmitInvestigationReport,
    UseInvestigatoryPower,
)
from domain.outcome import RecordAdultOutcome, RecordAdultSatisfaction, RecordPachOutcome
from domain.when import When, on_day, read
from domain.words import Code, EnquiryRef, OutcomeRef, ReportRef, Slug

_REASONS: Final = {"worker_left": 4, "workload": 3, "transfer": 2}
_ACHIEVED: Final = {
    "expressed_fully_achieved": "fully_achieved",
    "expressed_partly_achieved": "partly_achieved",
    "expressed_not_achieved": "not_achieved",
}
# What follows for an adult found not to be at risk: no more of what went on for one who is.
_ONGOING: Final = Code("met_ongoing")
_OVER: Final = Code("not_met_other_support")
_WITHOUT: Final = {"asked_none_expressed": "none_expressed", "not_asked": "not_asked"}
_ADULT_OUTCOMES: Final = {
    "increased_monitoring": 4,
    "care_package_change": 4,
    "plan_or_risk_review": 3,
    "advocacy_imca_referral": 1,
}
_PACH_OUTCOMES: Final = {
    "continued_monitoring": 4,
    "training_or_treatment": 3,
    "disciplinary_action": 2,
    "police_action": 1,
}


def begin(tale: Telling) -> None:
    """Open the enquiry and say who leads it."""
    tale.pace("begin")
    tale.enquiry = EnquiryRef(tale.chance.ref())
    kind = Code(tale.world.figures.kinds[tale.goes_on])
    scope = tale.passage(phrases.LARGE_SCALE) if tale.large_scale else None
    tale.ask(
        OpenEnquiry(
            enquiry=tale.enquiry,
            kind=kind,
            opened_on=tale.day,
            large_scale=tale.large_scale,
            scope=scope,
        )
    )
    tale.ask(
        AppointOfficer(officer=tale.holder.ref, organisation=COUNCIL, authorised=Code("yes")),
        tale.manager,
    )
    link_home(tale, tale.enquiry)
    plan_enquiry(tale, tale.enquiry)
    if tale.fail("unallocated"):
        _leave_unallocated(tale)
    name_another(tale)
    if tale.pach is not None:
        refs = tuple(one.ref for one in tale.allegations)
        tale.ask(
            IdentifyPach(
                person=tale.pach,
                allegations=refs,
                employer=HOME if tale.large_scale else None,
                adult_at_risk=Code("no"),
            )
        )


def _leave_unallocated(tale: Telling) -> None:
    """Take the case from its worker, and give it to another only weeks later."""
    tale.wait(1, 5)
    tale.ask(UnallocateCase(reason=tale.chance.drawn(_REASONS)), tale.manager)
    tale.wait(8, 40)
    others = [one for one in tale.team.practitioners if one != tale.holder]
    tale.holder = tale.chance.one(others)
    why = Code("worker_left")
    tale.ask(AllocateCase(worker=tale.holder.ref, team=tale.team.name, reason=why), tale.manager)


def gather(tale: Telling, *, powers: bool) -> None:
    """See the adult: what they want, what they can decide, who can help, how great the risk is."""
    tale.pace("gather")
    seen = on_day(tale.day)
    if tale.fail("recorded_late"):
        tale.wait(6, 25)
    if powers:
        power = tale.chance.drawn({"visit": 4, "interview": 4, "records": 2})
        use = UseInvestigatoryPower(enquiry=_enquiry(tale), power=power, officer=tale.holder.ref)
        tale.ask(use, occurred=seen)
    meet_adult(tale, seen)
    ask_outcomes(tale, seen)
    if not tale.fail("capacity_late"):
        assess_capacity(tale)
    advocacy = tale.chance.drawn({"offered_declined": 4, "not_needed": 3, "advocate_appointed": 3})
    alone = advocacy != "advocate_appointed"
    if alone and not tale.capable:
        advocacy = Code("appropriate_person")
    considered = ConsiderAdvocacy(
        decision=advocacy,
        substantial_difficulty=Code("no" if alone and tale.capable else "yes"),
        rationale=tale.passage(phrases.SPEAKS_ALONE) if advocacy == "not_needed" else None,
    )
    tale.ask(considered, occurred=seen)
    tale.ask(GiveAdvocacyInformation(access_explained=Code("yes")), occurred=seen)
    give_voice(tale, advocacy)
    services = (tale.chance.drawn({"care_at_home": 5, "day_service": 2, "money_management": 2}),)
    tale.ask(ConsiderSupportServices(services=services), occurred=seen)
    assess_risk(tale)
    if tale.turn("alleged"):
        allege_more(tale)
    ask_agencies(tale)
    cause_enquiry(tale, _enquiry(tale))
    if tale.world.decks["imported"].draw() == Code("yes"):
        import_chronology(tale)


def ask_outcomes(tale: Telling, seen: When) -> None:
    """Ask the adult what they want, where the enquiry ends with an answer to that."""
    if tale.asked in _ACHIEVED:
        tale.outcomes = [OutcomeRef(tale.chance.ref()) for _ in range(tale.chance.between(1, 2))]
    for outcome in tale.outcomes:
        wish = tale.words(phrases.OUTCOMES)
        said = RecordDesiredOutcome(
            asked=Code("expressed"), outcome=outcome, words=wish, expressed_by=Code("adult")
        )
        tale.ask(said, occurred=seen)
    if tale.asked in _WITHOUT:
        tale.ask(RecordDesiredOutcome(asked=Code(_WITHOUT[tale.asked])), occurred=seen)


def assess_capacity(tale: Telling) -> None:
    """Record whether the adult can decide about their own safety."""
    answer = Code("has_capacity") if tale.capable else Code("lacks_capacity")
    tale.ask(
        RecordCapacityDecision(
            decision=Code("own_safety"),
            answer=answer,
            assessed_by=tale.holder.ref,
            assessor_role=Code("social_worker"),
            evidence=tale.words(phrases.CAPACITY if tale.capable else phrases.LACKS),
        )
    )
    decide_for(tale)


def assess_risk(tale: Telling) -> None:
    """Record how great the risk is and how likely to return."""
    explained = tale.chance.whether(0.95)
    tale.risk = tale.chance.drawn({"low": 2, "medium": 5, "high": 3})
    tale.ask(
        AssessRisk(
            level=tale.risk,
            recurrence=tale.chance.drawn({"possible": 5, "likely": 4, "not_assessed": 0.4}),
            rationale=tale.words(phrases.RISKS) if explained else None,
        )
    )


def import_chronology(tale: Telling) -> None:
    """Take in what another agency wrote of years before, at times it did not all know exactly."""
    chance, year = tale.chance, tale.received.year
    month, other = (f"{year - 1}-{chance.between(1, 12):02}" for _ in range(2))
    times = (
        "unknown",
        "20XX",
        f"{year - 2}?",
        f"{month}~",
        f"{other}-{chance.between(1, 28):02}",
        f"{year - 1}",
    )
    agency = chance.one(tuple(phrases.IMPORTED))
    kept = [when for when in times if chance.whether(0.75)] or [times[-1]]
    written = on_day(tale.last_working_day(tale.received - timedelta(days=chance.between(3, 30))))
    for number, when in enumerate(kept, 1):
        assertion, text = chance.one(phrases.IMPORTED[agency])
        entry = RecordChronologyEntry(
            agency=Slug(agency),
            text=tale.passage(text),
            source=tale.passage(phrases.IMPORTED_FROM),
            number=number,
            assertion=Code(assertion),
        )
        tale.ask(
            entry,
            occurred=read(when),
            known_to=(Slug(agency),),
            source=Slug(agency),
            source_recorded=written,
        )


def fall_silent(tale: Telling, low: int, high: int) -> None:
    """Record nothing for that many days."""
    tale.at(tale.day.fromordinal(tale.day.toordinal() + tale.chance.between(low, high)))


def report(tale: Telling) -> None:
    """Hand in what was found."""
    tale.pace("report")
    hear_agencies(tale)
    take_back(tale, _enquiry(tale))
    tale.report = ReportRef(tale.chance.ref())
    whole = tale.chance.whether(0.93)
    tale.wishes_told = tale.asked != "not_asked"  # nobody reports what nobody asked
    tale.ask(
        SubmitInvestigationReport(
            report=tale.report,
            author=tale.holder.ref,
            organisation=COUNCIL,
            covers=tuple(one.ref for one in tale.allegations),
            states_wishes=Code(("yes" if whole else "not_recorded") if tale.wishes_told else "no"),
            proposes_outcomes=Code("yes"),
            content=tale.chance.digest(),
            summary=tale.words(phrases.REPORTS),
        ),
        known_to=(POLICE,) if tale.chance.whether(0.3) else (),
    )
    end_investigation(tale, _enquiry(tale), tale.report)


def decide_against_conference(tale: Telling) -> None:
    """Say that no conference is needed, and why."""
    tale.wait(1, 4)
    why = tale.chance.drawn({"resolved": 6, "not_occurred": 3, "other_process": 1})
    because = tale.words(phrases.CLOSING) if tale.chance.whether(0.85) else None
    tale.ask(DecideConferenceNotRequired(reason=why, rationale=because), tale.manager)


def catch_up_on_capacity(tale: Telling) -> None:
    """Assess capacity long after it was needed, where it was not done in time."""
    if tale.fail("capacity_late"):
        due = tale.received.toordinal() + tale.chance.between(*LATE_CAPACITY_DAYS)
        tale.at(tale.day.fromordinal(max(tale.day.toordinal(), due)))
        assess_capacity(tale)


def conclude(tale: Telling, *, at_risk: bool = True) -> None:
    """End the enquiry with the answers the returns ask for; `at_risk` as a meeting found."""
    tale.wait(2, 15)
    if tale.died:
        tale.ask(_conclusion(tale, at_risk=at_risk), tale.manager)
        return
    catch_up_on_capacity(tale)
    for outcome in tale.outcomes:
        status = Code(_ACHIEVED[tale.asked])
        adult = Code("adult")
        tale.ask(EvaluateDesiredOutcome(outcome=outcome, status=status, evaluated_by=adult))
    tale.ask(RecordAdultOutcome(outcomes=(tale.chance.drawn(_ADULT_OUTCOMES),)))
    if tale.pach is not None:
        result = tale.chance.drawn(_PACH_OUTCOMES)
        tale.ask(RecordPachOutcome(outcomes=(result,)))
    if tale.chance.whether(0.85):
        satisfied = tale.chance.drawn({"yes": 6, "partly": 3, "no": 1})
        tale.ask(RecordAdultSatisfaction(satisfied=satisfied))
    settle_risks(tale)
    leave_home(tale)
    tale.ask(_conclusion(tale, at_risk=at_risk), tale.manager)
    if look_again(tale, _enquiry(tale)):
        tale.ask(_conclusion(tale, at_risk=at_risk), tale.manager)


def _conclusion(tale: Telling, *, at_risk: bool) -> ConcludeEnquiry:
    decks, law = tale.world.decks, tale.world.law
    groups = sorted({law.groups["source_of_risk"][one.source] for one in tale.allegations})
    found: list[RiskFound] = []
    rest: list[RiskNotFound] = []
    for group in groups:
        answer = decks["risk"].draw()
        if answer in law.lists["risk_identified"]:
            became = decks["risk_outcome"].draw()
            found.append(RiskFound(source=Code(group), action=answer, outcome=became))
        else:
            rest.append(RiskNotFound(source=Code(group), assessment=answer))
    action = decks["action"].draw() if "action" in decks else None
    if not at_risk and action == _ONGOING:
        action = _OVER
    return ConcludeEnquiry(
        enquiry=_enquiry(tale),
        concluded_on=tale.day,
        triples=_triples(tale),
        risks_found=tuple(found),
        risks_not_found=tuple(rest),
        capacity=Code(tale.capacity),
        outcomes=Code(tale.asked),
        primary_support_reason=decks["support_reason"].draw(),
        health_conditions=(tale.adult.condition,),
        action=action,
        rationale=tale.words(phrases.CLOSING),
    )


def _triples(tale: Telling) -> tuple[Triple, ...]:
    return tuple(
        Triple(
            type=one.type,
            source=one.source,
            location=one.location,
            location_other=one.location_other,
        )
        for one in tale.allegations
    )


def cease(tale: Telling) -> None:
    """End it because the adult asked; in some stories without asking any further."""
    tale.pace("gather")
    explored = not tale.fail("refusal_unexplored")
    if explored:
        assess_capacity(tale)
        assess_risk(tale)
    yes = Code("yes" if explored else "not_recorded")
    enquiry = _enquiry(tale)
    tale.ask(
        CeaseEnquiryAtAdultsRequest(
            enquiry=enquiry,
            requested_on=tale.day,
            coercion_considered=yes,
            others_at_risk_considered=yes,
            rationale=tale.words(phrases.REFUSED) if explored else None,
        )
    )
    why = DecideConferenceNotRequired(
        reason=Code("adult_request"), rationale=tale.words(phrases.REFUSED)
    )
    tale.ask(why, tale.manager)
    law = tale.world.law
    groups = sorted({law.groups["source_of_risk"][one.source] for one in tale.allegations})
    ceased = Code("ceased")
    tale.ask(
        ConcludeEnquiry(
            enquiry=enquiry,
            concluded_on=tale.day,
            triples=_triples(tale),
            risks_not_found=tuple(RiskNotFound(source=Code(g), assessment=ceased) for g in groups),
            capacity=Code("did_not_lack" if explored else "not_known"),
            outcomes=Code("not_asked"),
            primary_support_reason=tale.world.decks["support_reason"].draw(),
            health_conditions=(tale.adult.condition,),
            rationale=tale.passage(phrases.AS_ASKED) if explored else None,
        ),
        tale.manager,
    )
    agreed = Code("agrees")
    tale.closed = True
    tale.ask(CloseCase(reason=Code("adults_request"), views=agreed), tale.manager)


def finish(tale: Telling, how: str) -> None:
    """Propose the closing and close."""
    tale.wait(5, 75)
    reason = Code("died" if tale.died else tale.world.figures.closings[how])
    tale.ask(ProposeClosure(reason=reason, rationale=tale.words(phrases.CLOSING)))
    before_closing(tale)
    tale.wait(1, 4)
    close(tale, how)


def _enquiry(tale: Telling) -> EnquiryRef:
    if tale.enquiry is None:
        raise ValueError("an enquiry is opened before it is carried on")
    return tale.enquiry
