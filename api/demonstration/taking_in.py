"""Beside the first chapter: a concern acknowledged, told to others, passed on, sent elsewhere."""

from __future__ import annotations

from typing import Final

from api.demonstration import phrases
from api.demonstration.calibration import COUNCIL, POLICE
from api.demonstration.telling import Telling
from domain.concern import AddAllegation, Allegation
from domain.intake import (
    AcknowledgeReferral,
    ContactEmergencyServices,
    OverrideConsentToShare,
    RecordConsentToShare,
    RedirectConcern,
    ReportCrime,
    StartDutyToInquire,
    TransferCase,
)
from domain.reference import AddCaseReference
from domain.words import AllegationRef, Code, ExternalReference, Slug

_CRIMES: Final = frozenset({"physical", "sexual", "financial", "domestic", "modern_slavery"})
_NEIGHBOUR: Final = Slug("neighbouring-council")


def answer_referrer(tale: Telling) -> None:
    """Tell whoever referred that it came in; what can be asked at once, and told at once."""
    if tale.turn("acknowledged"):
        with tale.by_itself("acknowledged") as chance:
            how = chance.drawn({"email": 6, "telephone": 3, "letter": 1})
            tale.ask(AcknowledgeReferral(method=how))
    if tale.turn("consent"):
        _ask_consent(tale)
    grave = {one.type for one in tale.allegations} & _CRIMES
    if grave and tale.turn("crime"):
        _report(tale)
    if tale.turn("numbered"):
        with tale.by_itself("numbered") as chance:
            number = tale.passage(f"AS-{chance.between(100000, 999999)}")
            reference = ExternalReference(system=Slug("case-system"), id=number)
            tale.ask(AddCaseReference(reference=reference), tale.world.staff.administrator)


def _ask_consent(tale: Telling) -> None:
    """Ask whether it may be shared; where the answer is no, sometimes share it for a reason."""
    with tale.by_itself("consent") as chance:
        answer = chance.drawn({"given": 6, "given_in_part": 1, "refused": 2, "no_answer": 1})
        tale.ask(RecordConsentToShare(answer=answer, given_by=Code("adult"), recipients=(POLICE,)))
        if answer == Code("refused") and chance.whether(0.6):
            ground = chance.drawn({"others_at_risk": 3, "crime": 2, "vital_interests": 1})
            tale.ask(
                OverrideConsentToShare(
                    ground=ground,
                    reason=tale.words(phrases.OVERRIDDEN) if chance.whether(0.8) else None,
                    recipients=(POLICE,),
                    adult_told=chance.drawn({"yes": 3, "no": 1}),
                )
            )


def _report(tale: Telling) -> None:
    """Tell the police of what may be a crime; in some stories ring for help first."""
    with tale.by_itself("crime") as chance:
        if chance.whether(0.4):
            called = ContactEmergencyServices(services=(Code("police"),), by=COUNCIL)
            tale.ask(called)
        told = ReportCrime(
            to=POLICE,
            by=COUNCIL,
            allegations=tuple(one.ref for one in tale.allegations),
            external=ExternalReference(
                system=Slug("police"), id=tale.passage(f"CR/{chance.between(10000, 99999)}")
            ),
            adult_agreed=chance.drawn({"yes": 7, "no": 1, "not_known": 2}),
        )
        tale.ask(told, known_to=(POLICE,))


def start_inquiring(tale: Telling) -> None:
    """Say that the duty to inquire has begun, where the nation has it apart from the decision."""
    if tale.world.law.lists["inquiry_urgency"] and tale.turn("started"):
        with tale.by_itself("started") as chance:
            urgency = chance.drawn({"usual": 8, "immediate": 2})
            tale.ask(StartDutyToInquire(urgency=urgency, grounds=tale.words(phrases.DUTY_MET)))


def pass_on(tale: Telling, disposal: str | None) -> None:
    """Send a concern that is no safeguarding enquiry to whoever it is for."""
    if disposal not in {None, "none"} and tale.turn("redirected"):
        with tale.by_itself("redirected") as chance:
            onward = RedirectConcern(
                to=Code(disposal or "none"),
                organisation=Slug("advice-centre") if disposal == "external_agency" else None,
                adult_told=chance.drawn({"yes": 8, "not_known": 2}),
                referrer_told=chance.drawn({"yes": 7, "not_known": 3}),
                rationale=tale.words(phrases.DUTY_NOT_MET) if chance.whether(0.85) else None,
            )
            tale.ask(onward, tale.manager)
    if tale.turn("transferred"):
        with tale.by_itself("transferred") as chance:
            moved = TransferCase(
                authority=_NEIGHBOUR,
                reason=chance.drawn({"abuse_occurred_there": 2, "adult_lives_there": 2}),
                counted_by=Code("receiving"),
                accepted=chance.drawn({"yes": 4, "not_known": 1}),
                rationale=tale.words(phrases.TRANSFERRED),
            )
            tale.ask(moved, tale.manager)


def allege_more(tale: Telling, *, kept: bool = True) -> None:
    """Add what came to light later; what is not `kept` in mind nobody finds on."""
    with tale.by_itself("alleged") as chance:
        first = tale.allegations[0]
        others = [one for one in phrases.ACCOUNTS if one in tale.world.figures.types]
        harm = chance.one([one for one in others if one not in {a.type for a in tale.allegations}])
        found = Allegation(
            ref=AllegationRef(chance.ref()),
            type=Code(harm),
            source=first.source,
            location=first.location,
            location_other=first.location_other,
            detail=tale.words(phrases.DETAILS),
        )
        tale.ask(AddAllegation(allegation=found))
        if kept:
            tale.allegations = (*tale.allegations, found)
