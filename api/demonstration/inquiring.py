"""Beside the second chapter: planned with others, the adult met and heard, agencies asked."""

from __future__ import annotations

from typing import Final

from api.demonstration import phrases
from api.demonstration.calibration import COUNCIL, POLICE
from api.demonstration.people import another_person
from api.demonstration.telling import Telling
from domain.advocacy import (
    AppointAdvocate,
    AssessSubstantialDifficulty,
    RecordAdvocacyAccepted,
    RecordAdvocacyDeclined,
    ReferForAdvocacy,
)
from domain.best_interests import IdentifyKeyDecisionMaker, RecordBestInterestsDecision
from domain.causing import (
    CauseEnquiry,
    ChallengeCausedEnquiry,
    CloseLargeScaleEnquiry,
    ConcludeInvestigation,
    OpenLargeScaleEnquiry,
    OpenParallelProcess,
    ReceiveCausedEnquiry,
)
from domain.contact import AssessNeed, ExplainRiskToAdult, RecordAdultSeen
from domain.information import (
    ReceiveAgencyReport,
    RecordInformationNotProvided,
    RequestAgencyReport,
)
from domain.linking import LinkLargeScaleEnquiry, UnlinkLargeScaleEnquiry
from domain.person import RegisterPerson
from domain.planning import (
    AgreeInterimPlan,
    AppointSecondPerson,
    HoldInterAgencyReferralDiscussion,
    HoldPlanningMeeting,
)
from domain.when import When, on_day
from domain.words import Code, EnquiryRef, LargeScaleRef, PlanRef, ReportRef, Slug

HOME: Final = Slug("tansybrook-house")  # a care home that is not
_ADVOCATES: Final = Slug("advocacy-service")
_METHODS: Final = {"telephone": 4, "video": 4, "meeting": 2}


def plan_enquiry(tale: Telling, enquiry: EnquiryRef) -> None:
    """Speak with the other agencies, say who goes, and what holds meanwhile."""
    health = tale.world.figures.health
    if tale.turn("discussed"):
        with tale.by_itself("discussed") as chance:
            spoke = HoldInterAgencyReferralDiscussion(
                method=chance.drawn(_METHODS),
                agencies=(COUNCIL, POLICE, health),
                decision=chance.drawn({"enquire": 6, "enquire_jointly": 3}),
                rationale=tale.words(phrases.DUTY_MET),
            )
            tale.ask(spoke, known_to=(POLICE, health))
    if tale.turn("planned"):
        with tale.by_itself("planned") as chance:
            met = HoldPlanningMeeting(
                method=chance.drawn(_METHODS),
                agencies=(COUNCIL, health),
                chair=tale.manager.ref,
                decision=Code("enquire"),
                tasks=tale.words(phrases.TASKS),
                rationale=tale.words(phrases.DUTY_MET),
            )
            tale.ask(met, tale.manager)
    if tale.world.law.lists["second_person_role"] and tale.turn("second_person"):
        with tale.by_itself("second_person") as chance:
            role = chance.drawn({"social_worker": 5, "nurse": 3, "council_officer": 2})
            beside = AppointSecondPerson(enquiry=enquiry, role=role, organisation=COUNCIL)
            tale.ask(beside)
    if tale.turn("interim"):
        with tale.by_itself("interim") as chance:
            measures = (chance.drawn({"support_increased": 5, "contact_prevented": 3}),)
            held = AgreeInterimPlan(
                plan=PlanRef(chance.ref()),
                measures=measures,
                description=tale.words(phrases.ACTIONS["safety"]),
                agreed_with=Code("adult" if tale.capable else "best_interests"),
            )
            tale.ask(held)
    if tale.turn("parallel"):
        with tale.by_itself("parallel") as chance:
            kind = chance.drawn({"police": 5, "complaint": 3, "disciplinary": 2, "coroner": 0.2})
            runs = OpenParallelProcess(
                kind=kind,
                organisation=POLICE if kind == Code("police") else None,
                effect=chance.drawn({"continues": 5, "joint": 2, "waits": 1}),
                rationale=tale.words(phrases.PARALLEL),
            )
            tale.ask(runs)


def cause_enquiry(tale: Telling, enquiry: EnquiryRef) -> None:
    """Have somebody else enquire, where the nation's law knows that; take in what they found."""
    if not tale.world.law.lists["caused_body"] or not tale.turn("caused"):
        return
    with tale.by_itself("caused") as chance:
        body, to = chance.one(
            (("nhs", tale.world.figures.health), ("provider", Slug("care-provider")))
        )
        due = tale.working_day(tale.day, 20)
        caused = CauseEnquiry(
            enquiry=enquiry,
            to=to,
            body=Code(body),
            scope=tale.words(phrases.TASKS),
            due_on=due,
        )
        tale.ask(caused, known_to=(to,))
        tale.caused = to
        tale.caused_again = chance.whether(0.35)


def take_back(tale: Telling, enquiry: EnquiryRef) -> None:
    """Receive what somebody else found; send it back where it does not answer the questions."""
    to = tale.caused
    if to is None or tale.fail("caused_not_returned"):
        return
    with tale.by_itself("returned"):
        again = tale.caused_again
        if again:
            poor = ReceiveCausedEnquiry(enquiry=enquiry, to=to, sufficient=Code("no"))
            tale.ask(poor, known_to=(to,))
            tale.wait(1, 3)
            tale.ask(
                ChallengeCausedEnquiry(
                    enquiry=enquiry,
                    to=to,
                    reason=tale.words(phrases.CHALLENGED),
                    asked=tale.words(phrases.TASKS),
                    due_on=tale.working_day(tale.day, 10),
                ),
                known_to=(to,),
            )
            tale.wait(4, 9)
        full = ReceiveCausedEnquiry(
            enquiry=enquiry, to=to, sufficient=Code("yes"), summary=tale.words(phrases.REPORTS)
        )
        tale.ask(full, known_to=(to,))


def link_home(tale: Telling, enquiry: EnquiryRef) -> None:
    """Say which enquiry into a home this is part of."""
    if not tale.large_scale:
        return
    with tale.by_itself("large") as chance:
        opened = OpenLargeScaleEnquiry(
            enquiry=enquiry,
            reason=Code("several_adults"),
            provider=HOME,
            adults=chance.between(3, 6),
            lead=tale.manager.ref,
            lead_organisation=COUNCIL,
            rationale=tale.words((phrases.LARGE_SCALE,)),
        )
        tale.ask(opened, tale.manager)
        tale.home = LargeScaleRef(tale.world.homes[tale.received.year])
        linked = LinkLargeScaleEnquiry(
            large_scale=tale.home,
            provider=HOME,
            adult_told=chance.drawn({"yes": 4, "not_recorded": 1}),
            rationale=tale.words((phrases.LARGE_SCALE,)),
        )
        tale.ask(linked, tale.manager)


def leave_home(tale: Telling) -> None:
    """End the part of this case in the enquiry into a home."""
    if tale.home is None:
        return
    with tale.by_itself("left"):
        _leave(tale, tale.home)


def _leave(tale: Telling, home: LargeScaleRef) -> None:
    ended = CloseLargeScaleEnquiry(
        provider=HOME,
        outcome=tale.words(phrases.HOME_BETTER),
        rationale=tale.words(phrases.CLOSING),
    )
    tale.ask(ended, tale.manager)
    if tale.turn("unlinked"):
        apart = UnlinkLargeScaleEnquiry(large_scale=home, rationale=tale.words(phrases.HOME_APART))
        tale.ask(apart, tale.manager)


def meet_adult(tale: Telling, seen: When) -> None:
    """See the adult, ask what they need, explain what could happen."""
    if tale.turn("seen"):
        with tale.by_itself("seen") as chance:
            alone = chance.drawn({"yes": 8, "no": 2})
            why = tale.words(phrases.NOT_ALONE) if alone == Code("no") else None
            met = RecordAdultSeen(
                alone=alone,
                not_alone_reason=why,
                place=tale.allegations[0].location
                if tale.allegations[0].location_other is None
                else Code("own_home"),
                by=tale.holder.ref,
                organisation=COUNCIL,
                account=tale.words(phrases.VIEWS),
            )
            tale.ask(met, occurred=seen)
    if tale.turn("need"):
        with tale.by_itself("need") as chance:
            needs = (chance.drawn({"personal_care": 4, "company": 3, "mobility": 2, "money": 2}),)
            assessed = AssessNeed(needs=needs, summary=tale.words(phrases.NEEDS))
            tale.ask(assessed, occurred=seen)
    if tale.turn("explained"):
        with tale.by_itself("explained") as chance:
            told = ExplainRiskToAdult(
                risks=tale.words(phrases.RISKS),
                by=tale.holder.ref,
                method=chance.drawn({"in_person": 8, "easy_read": 1, "through_interpreter": 1}),
                sensitive=Code("yes"),
            )
            tale.ask(told, occurred=seen)


def give_voice(tale: Telling, advocacy: str) -> None:
    """Say whether the adult has difficulty in taking part, and who speaks for them."""
    appointed = advocacy == "advocate_appointed"
    if tale.world.law.lists["substantial_difficulty"] and tale.turn("difficulty"):
        with tale.by_itself("difficulty") as chance:
            difficulty = appointed or not tale.capable
            result = Code("yes" if difficulty else "no")
            areas = (chance.drawn({"using_or_weighing": 4, "retaining": 3, "understanding": 2}),)
            judged = AssessSubstantialDifficulty(
                result=result,
                areas=areas if difficulty else (),
                appropriate_person=Code("no" if appointed else "yes"),
                evidence=tale.words(phrases.FOLLOWS if difficulty else phrases.CAPACITY),
            )
            tale.ask(judged)
    if appointed:
        with tale.by_itself("advocate") as chance:
            if chance.whether(0.5):
                tale.ask(ReferForAdvocacy(organisation=_ADVOCATES), known_to=(_ADVOCATES,))
            basis = Code("care_act" if tale.world.law.decides_abuse else "asp")
            if chance.whether(0.6):  # of the others the service alone is known
                tale.advocate, details = another_person(chance)
                tale.ask(
                    RegisterPerson(person=tale.advocate, details=details), stream=tale.advocate
                )
            tale.ask(
                AppointAdvocate(basis=basis, organisation=_ADVOCATES, advocate=tale.advocate),
                known_to=(_ADVOCATES,),
            )
            if chance.whether(0.6):
                tale.ask(RecordAdvocacyAccepted(organisation=_ADVOCATES))
    elif advocacy == "offered_declined" and tale.turn("advocate_declined"):
        with tale.by_itself("declined"):
            tale.ask(RecordAdvocacyDeclined(reason=tale.words(phrases.NO_ADVOCATE)))


def decide_for(tale: Telling) -> None:
    """Say who decides for an adult who cannot, and what they decided."""
    if tale.capable or not tale.turn("decided_for"):
        return
    with tale.by_itself("decided_for") as chance:
        authority = chance.drawn({"best_interests": 6, "attorney": 3})
        if authority == Code("attorney"):
            attorney, details = another_person(chance)
            tale.ask(RegisterPerson(person=attorney, details=details), stream=attorney)
            maker = IdentifyKeyDecisionMaker(
                decision=Code("own_safety"),
                person=attorney,
                authority=authority,
                verified=Code("yes"),
            )
            tale.ask(maker)
        for decision in ("own_safety", "minutes_recipient"):
            made = RecordBestInterestsDecision(
                decision=Code(decision),
                authority=authority,
                worker=tale.holder.ref,
                decided=tale.words(phrases.DECIDED_FOR),
                consulted=(Code("adult"), chance.drawn({"family": 5, "carer": 2, "gp": 2})),
                imca=chance.drawn({"yes": 2, "no": 3, "not_considered": 1}),
                rationale=tale.words(phrases.CLOSING) if chance.whether(0.9) else None,
            )
            tale.ask(made)


def ask_agencies(tale: Telling) -> None:
    """Ask health, and sometimes the police, for what they know."""
    if not tale.turn("agencies_asked"):
        return
    with tale.by_itself("agencies") as chance:
        tale.asked_of = [tale.world.figures.health, *((POLICE,) if chance.whether(0.3) else ())]
        for agency in tale.asked_of:
            wanted = RequestAgencyReport(
                agency=agency,
                subject=tale.words(phrases.TASKS),
                due_on=tale.working_day(tale.day, 15),
            )
            tale.ask(wanted, known_to=(agency,))


def hear_agencies(tale: Telling) -> None:
    """Take in what the agencies wrote, or that they do not."""
    with tale.by_itself("answered") as chance:
        for agency in tale.asked_of:
            answer = chance.drawn({"report": 75, "not_provided": 15, "silence": 10})
            if answer == Code("report"):
                came = ReceiveAgencyReport(
                    agency=agency,
                    report=ReportRef(chance.ref()),
                    content=chance.digest(),
                    summary=tale.words(phrases.REPORTS),
                )
                tale.ask(came, known_to=(agency,))
                tale.reported.append(agency)
            elif answer == Code("not_provided"):
                reason = chance.drawn({"no_response": 4, "not_held": 3, "refused": 1})
                explained = tale.words(phrases.NOT_PROVIDED)
                tale.ask(
                    RecordInformationNotProvided(
                        agency=agency, reason=reason, explanation=explained
                    )
                )


def end_investigation(tale: Telling, enquiry: EnquiryRef, report: ReportRef) -> None:
    """Say that the looking into it is over."""
    if tale.turn("investigation_ended"):
        with tale.by_itself("over"):
            over = ConcludeInvestigation(
                enquiry=enquiry, report=report, summary=tale.words(phrases.REPORTS)
            )
            tale.ask(over, occurred=on_day(tale.day))
