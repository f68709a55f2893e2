"""Beside the third chapter, at a meeting: what else it weighed, and what it set going."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from api.demonstration import phrases
from api.demonstration.calibration import COUNCIL
from api.demonstration.chance import Chance
from api.demonstration.conferring import Meeting
from api.demonstration.telling import Telling
from domain.action import ConsiderNoFurtherAction, RequestInformation
from domain.advice import (
    ConsiderLegalAdvice,
    ConsiderProceedings,
    ConsiderRegulatoryAction,
    DecideRegulatoryReferral,
    MakeRegulatoryReferral,
    ObtainLegalAdvice,
    RecordProceedingsOutcome,
)
from domain.advocacy import RecordAdvocateChallenge, RecordAdvocateContribution
from domain.agenda import ConsiderAgendaItem
from domain.barring import IdentifyDbsReferralDuty, RecordDbsReferral
from domain.hearing import ConsiderReport, RecordAgencyAgreement
from domain.learning import (
    RecommendOrganisationalChange,
    ReportOrganisationalChange,
    StartSeriousIncidentProcess,
)
from domain.monitoring import ReviewPachActions
from domain.provider import NotifyRegulator, ShareConcernsWithAuthority
from domain.sharing import DecideInformationSharing, ShareInformation
from domain.words import (
    BarringDutyRef,
    ChangeRef,
    Code,
    ProceedingsRef,
    RegulatoryReferralRef,
    Slug,
)

_ITEMS: Final = ("legal_advice", "statutory_or_regulatory_action", "further_sharing")
_OUTCOMES: Final = {"considered": 6, "decided": 2, "not_applicable": 2}
PROVIDER: Final = Slug("care-provider")


def weigh(tale: Telling, meeting: Meeting) -> None:
    """Hear the agencies and the advocate, and weigh what the agenda has beside the plan."""
    if meeting.core_group:
        return
    with tale.by_itself("weighed") as chance:
        _agencies(tale, meeting, chance)
        _advocate(tale, meeting, chance)
        _agenda(tale, meeting, chance)
        _law(tale, meeting, chance)
        if tale.turn("nothing_further"):
            bare = tale.fail("not_done_unexplained")
            nothing = ConsiderNoFurtherAction(
                conference=meeting.conference,
                considered=Code("both"),
                rationale=None if bare else tale.words(phrases.NOTHING_FURTHER),
            )
            tale.ask(nothing, meeting.minute_taker)
        elif tale.turn("found_out"):
            asked = RequestInformation(
                conference=meeting.conference,
                organisation=tale.world.figures.health,
                what=tale.words(phrases.TASKS),
                due=tale.working_day(tale.day, 15),
            )
            tale.ask(asked, meeting.minute_taker)


def _agencies(tale: Telling, meeting: Meeting, chance: Chance) -> None:
    """Consider what the agencies wrote, once; and ask whether each agrees."""
    for agency in tale.reported:
        if chance.whether(0.85):
            heard = ConsiderReport(
                conference=meeting.conference, kind=Code("agency"), organisation=agency
            )
            tale.ask(heard, meeting.minute_taker)
    tale.reported = []
    if tale.turn("agreed"):
        for agency in meeting.agencies:
            agrees = chance.drawn({"yes": 9, "no": 1})
            agreed = RecordAgencyAgreement(
                conference=meeting.conference,
                organisation=agency,
                matters=(Code("risk"), Code("plan")),
                agrees=agrees,
                dissent=tale.words(phrases.DISSENT) if agrees == Code("no") else None,
            )
            tale.ask(agreed, meeting.minute_taker)


def _advocate(tale: Telling, meeting: Meeting, chance: Chance) -> None:
    if tale.advocate is None or not chance.whether(0.7):
        return
    spoke = RecordAdvocateContribution(
        conference=meeting.conference,
        speaks_for=Code("adult"),
        views=tale.words(phrases.VIEWS),
        own_words=chance.whether(0.5),
        response=tale.words(phrases.ANSWERED) if chance.whether(0.85) else None,
    )
    tale.ask(spoke, meeting.minute_taker)
    if tale.turn("challenged"):
        against = RecordAdvocateChallenge(
            conference=meeting.conference,
            challenge=tale.words(phrases.CHALLENGES),
            response=tale.words(phrases.ANSWERED),
        )
        tale.ask(against, meeting.minute_taker)


def _agenda(tale: Telling, meeting: Meeting, chance: Chance) -> None:
    if not tale.turn("agenda"):
        return
    for item in _ITEMS:
        outcome = chance.drawn(_OUTCOMES)
        because = tale.words(phrases.NOT_APPLICABLE) if chance.whether(0.85) else None
        gone_through = ConsiderAgendaItem(
            conference=meeting.conference,
            item=Code(item),
            outcome=outcome,
            discussion=tale.words(phrases.PASSAGES["discussion"]),
            reason=because if outcome == Code("not_applicable") else None,
        )
        tale.ask(gone_through, meeting.minute_taker)


def _law(tale: Telling, meeting: Meeting, chance: Chance) -> None:
    """Weigh what lawyers, regulators and courts are for."""
    if tale.turn("legal"):
        decision = chance.drawn({"not_needed": 7, "needed": 3})
        because = tale.words(phrases.LEGAL) if chance.whether(0.85) else None
        weighed = ConsiderLegalAdvice(
            conference=meeting.conference, decision=decision, rationale=because
        )
        tale.ask(weighed, meeting.minute_taker)
        if decision == Code("needed"):
            came = ObtainLegalAdvice(
                conference=meeting.conference,
                organisation=COUNCIL,
                advice=tale.words(phrases.ADVICE),
                privileged=Code("yes"),
            )
            tale.ask(came, tale.manager)
    if tale.turn("proceedings"):
        ref = ProceedingsRef(chance.ref())
        begun = ConsiderProceedings(
            proceedings=ref,
            conference=meeting.conference,
            kind=chance.drawn({"criminal": 3, "disciplinary": 3, "civil": 1}),
            status=Code("pending"),
            rationale=tale.words(phrases.PARALLEL),
        )
        tale.ask(begun, meeting.minute_taker)
        if chance.whether(0.7):
            with tale.aside():
                tale.wait(20, 90)
                end = chance.drawn({"insufficient_evidence": 4, "withdrawn": 2})
                tale.ask(RecordProceedingsOutcome(proceedings=ref, outcome=end))


def set_going(tale: Telling, meeting: Meeting) -> None:
    """Tell those who watch over providers and their staff, and ask what is to change."""
    about_provider = any(one.source.startswith("provider") for one in tale.allegations)
    if not about_provider or meeting.kind != Code("initial"):
        if meeting.kind == Code("review") and tale.pach is not None and tale.turn("pach_reviewed"):
            with tale.by_itself("pach_reviewed"):
                looked = ReviewPachActions(
                    conference=meeting.conference, pach=tale.pach, result=Code("nothing_more")
                )
                tale.ask(looked, meeting.minute_taker)
        return
    with tale.by_itself("set_going") as chance:
        _regulators(tale, meeting, chance)
        if tale.pach is not None and tale.turn("barring"):
            _barring(tale, meeting, chance)
        if tale.turn("change"):
            _changes(tale, meeting, chance)
        if tale.turn("incident"):
            begun = StartSeriousIncidentProcess(
                conference=meeting.conference,
                lead_organisation=tale.world.figures.health,
                referred_by=COUNCIL,
                grounds=(Code("interagency_working"),),
                rationale=tale.words(phrases.INCIDENT),
            )
            tale.ask(begun, tale.manager)


def _regulators(tale: Telling, meeting: Meeting, chance: Chance) -> None:
    body = Code(tale.world.law.care_regulators[0])
    ref = meeting.conference
    if tale.turn("regulator"):
        said = NotifyRegulator(
            conference=ref,
            body=body,
            provider=PROVIDER,
            notified_by=COUNCIL,
            summary=tale.words(phrases.FACTS),
        )
        tale.ask(said, tale.manager)
        if chance.of("landlord").whether(0.25):
            _also(tale, said)
    if tale.turn("regulatory"):
        weighed = ConsiderRegulatoryAction(
            conference=ref,
            body=Code("nursing_and_midwifery"),
            decision=Code("needed"),
            rationale=tale.words(phrases.FACTS),
        )
        tale.ask(weighed, meeting.minute_taker)
        referral = RegulatoryReferralRef(chance.ref())
        decided = DecideRegulatoryReferral(
            referral=referral,
            conference=ref,
            body=Code("nursing_and_midwifery"),
            decision=Code("make"),
            owner=COUNCIL,
            due=tale.working_day(tale.day, 10),
            rationale=tale.words(phrases.FACTS),
        )
        if chance.of("referral").whether(0.3):
            not_made = replace(decided, decision=Code("not_make"), owner=None, due=None)
            tale.ask(not_made, meeting.chair)
            _authorities(tale, meeting)
            return
        tale.ask(decided, meeting.chair)
        with tale.aside():
            tale.wait(2, 9)
            made = MakeRegulatoryReferral(
                referral=referral, body=Code("nursing_and_midwifery"), made_by=COUNCIL
            )
            tale.ask(made, tale.manager)
    _authorities(tale, meeting)


def _authorities(tale: Telling, meeting: Meeting) -> None:
    """Tell another council that places people with the same provider."""
    if tale.turn("authorities"):
        told = ShareConcernsWithAuthority(
            conference=meeting.conference,
            authority=Slug("neighbouring-council"),
            provider=PROVIDER,
            facts_only=Code("yes"),
            content=(Code("fact"),),
            necessity=tale.words(phrases.NEEDED),
            shared_by=COUNCIL,
            summary=tale.words(phrases.FACTS),
        )
        tale.ask(told, meeting.chair)


def _also(tale: Telling, said: NotifyRegulator) -> None:
    """Tell somebody else who watches over the house, and is on no list."""
    with tale.by_itself("also"):
        inspector = tale.passage("The inspector of houses let to several people.")
        also = replace(said, body=Code("other"), body_other=inspector)
        tale.ask(also, tale.manager)


def _barring(tale: Telling, meeting: Meeting, chance: Chance) -> None:
    """Say that a provider must refer somebody, and that it has."""
    duty = BarringDutyRef(chance.ref())
    ground = Code("harm_test" if tale.world.law.decides_abuse else "harmed")
    arises = IdentifyDbsReferralDuty(
        duty=duty,
        conference=meeting.conference,
        provider=PROVIDER,
        person=tale.pach,
        permission_withdrawn=Code("yes"),
        grounds=(ground,),
        due_on=tale.working_day(tale.day, 20),
        rationale=tale.words(phrases.FACTS),
    )
    tale.ask(arises, tale.manager)
    with tale.aside():
        tale.wait(5, 18)
        made = RecordDbsReferral(
            duty=duty,
            provider=PROVIDER,
            made_by=PROVIDER,
            person=tale.pach,
            confirmed=Code("yes"),
        )
        tale.ask(made, tale.manager)


def _changes(tale: Telling, meeting: Meeting, chance: Chance) -> None:
    ref = ChangeRef(chance.ref())
    wanted = RecommendOrganisationalChange(
        change=ref,
        conference=meeting.conference,
        areas=(chance.drawn({"staffing": 3, "training": 3, "risk_monitoring": 2}),),
        organisation=PROVIDER,
        owner=PROVIDER,
        due=tale.working_day(tale.day, 60),
        source=Code("conference"),
        description=tale.words(phrases.CHANGES),
    )
    tale.ask(wanted, meeting.chair)
    if chance.whether(0.95):
        with tale.aside():
            tale.wait(20, 58)
            done = ReportOrganisationalChange(
                change=ref,
                result=chance.drawn({"partly_done": 2, "done": 1}),
                account=tale.words(phrases.HOME_BETTER),
            )
            tale.ask(done, tale.manager)


def share_on(tale: Telling, meeting: Meeting) -> None:
    """Decide what more is to be shared, and share it."""
    if meeting.core_group or not tale.turn("shared"):
        return
    with tale.by_itself("shared") as chance:
        to = tale.world.figures.health
        decided = DecideInformationSharing(
            conference=meeting.conference,
            item=Code("risk_assessment"),
            organisation=to,
            decision=chance.drawn({"share": 4, "share_part": 1}),
            basis=chance.drawn({"adults_consent": 4, "safeguarding": 2}),
            necessity=tale.words(phrases.NEEDED) if chance.whether(0.9) else None,
        )
        tale.ask(decided, meeting.chair)
        sent = ShareInformation(
            conference=meeting.conference,
            item=Code("risk_assessment"),
            shared_by=COUNCIL,
            organisation=to,
            basis=Code("safeguarding"),
            summary=tale.words(phrases.FACTS),
        )
        tale.ask(sent, meeting.minute_taker, known_to=(to,))
