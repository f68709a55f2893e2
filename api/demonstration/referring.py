"""The first chapter of every story: a concern comes in, is allocated and decided upon."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from api.demonstration import phrases
from api.demonstration.calibration import (
    LARGE_SCALE_DAYS,
    POLICE,
    WAITING_DAYS,
    WAITING_WORKING_DAYS,
)
from api.demonstration.people import another_person
from api.demonstration.taking_in import answer_referrer, pass_on, start_inquiring
from api.demonstration.telling import Telling
from domain.allocation import AllocateCase
from domain.closure import CloseCase
from domain.concern import (
    Allegation,
    LinkReferral,
    ReceiveReferral,
    RecordCommunicationNeeds,
    RecordImmediateSafetyAction,
)
from domain.duty import CountConcern, Criterion, DecideDuty
from domain.feedback import DecideAgainstFeedback, GiveFeedback
from domain.handle import local_day
from domain.person import AddExternalReference, Details, RecordPersonDetails, RegisterPerson
from domain.when import on_day
from domain.words import AllegationRef, Code, ExternalReference, Personal, Slug

_PLACES: Final = {
    "own_home": "home",
    "in_the_community": "home",
    "community_service": "care",
    "care_home_nursing": "care",
    "care_home_residential": "care",
    "hospital_acute": "hospital",
    "hospital_mental_health": "hospital",
    "hospital_community": "hospital",
}
_CHANNELS: Final = {"telephone": 5, "email": 3, "form": 6, "letter": 0.3, "in_person": 0.5}
_AGENCIES: Final = {
    "police": POLICE,
    "ambulance": Slug("ambulance"),
    "care_home": Slug("care-provider"),
    "home_care": Slug("care-provider"),
    "gp": Slug("gp-practice"),
    "housing_not_council": Slug("housing"),
}
_VIEWS: Final = {
    "agrees": 0.66,
    "no_view": 0.1,
    "disagrees": 0.04,
    "could_not_be_asked": 0.08,
    "not_asked": 0.08,
    "not_recorded": 0.04,
}
_IN_CONFIDENCE: Final = {"yes": 0.05, "no": 0.65, "not_known": 0.1, "not_recorded": 0.2}
_WAITING: Final = timedelta(days=WAITING_DAYS)
_ALONE: Final = {"self_neglect", "self_harm"}


def refer(tale: Telling) -> None:
    """Receive the concern, see to what cannot wait, and give it to somebody."""
    tale.at(tale.received)
    if not tale.registered:
        adult = tale.adult
        register = RegisterPerson(person=adult.ref, details=adult.details, external=adult.external)
        tale.ask(register, stream=adult.ref)
        learn_more(tale)
    tale.allegations = _allegations(tale)
    tale.large_scale = _of_a_large_scale_enquiry(tale)
    _receive(tale)
    answer_referrer(tale)
    if tale.chance.whether(0.15):
        tale.ask(RecordCommunicationNeeds(needs=(_need(tale),)))
    if tale.chance.whether(0.12):
        _make_safe(tale)
    if tale.day > local_day(tale.world.until) - _WAITING and tale.fail("waiting_list"):
        tale.wait(*WAITING_WORKING_DAYS)
    first = Code("first_allocation")
    tale.ask(AllocateCase(worker=tale.holder.ref, team=tale.team.name, reason=first), tale.manager)


def learn_more(tale: Telling) -> None:
    """Record what other systems call the adult, and what was learned of them a little later."""
    chance, adult = tale.chance, tale.adult
    with tale.aside():
        if chance.whether(0.35):
            number = Personal(adult.ref, f"CS-{chance.between(100000, 999999)}")
            reference = ExternalReference(system=Slug("case-system"), id=number)
            administrator = tale.world.staff.administrator
            tale.ask(AddExternalReference(reference=reference), administrator, stream=adult.ref)
        if chance.whether(0.15):
            tale.wait(1, 10)
            learned = Details(
                telephone=Personal(adult.ref, f"01632 960{chance.between(100, 999)}"),  # nobody's
                language=Personal(adult.ref, chance.one(phrases.LANGUAGES)),
            )
            tale.ask(RecordPersonDetails(details=learned), stream=adult.ref)


def _of_a_large_scale_enquiry(tale: Telling) -> bool:
    """Whether what is alleged here is looked into with what is alleged of others in one home."""
    day = (tale.received - local_day(tale.world.begins)).days
    at_home = any(one.location.startswith("care_home") for one in tale.allegations)
    in_time = any(first <= day < last for first, last in LARGE_SCALE_DAYS)
    return tale.goes_on == Code("enquiry") and at_home and in_time


def _allegations(tale: Telling) -> tuple[Allegation, ...]:
    """Deal what is alleged; several things in one place, each of a type of its own."""
    decks = tale.world.decks
    place = decks["location"].draw()
    kind = _PLACES.get(place, "home")
    dealt: dict[str, Allegation] = {}
    for _ in range(int(decks["number"].draw())):
        harm = decks["type"].draw()
        source = decks[f"source-{kind}"].draw()
        if harm in _ALONE:
            source = Code("known_self")
        elif harm == Code("domestic"):
            source = Code("known_relative")
        other = Personal(tale.case, "A friend's house.") if place == Code("other") else None
        dealt[harm] = Allegation(
            ref=AllegationRef(tale.chance.ref()),
            type=harm,
            source=source,
            location=place,
            location_other=other,
            detail=tale.words(phrases.DETAILS) if tale.chance.whether(0.6) else None,
        )
    return tuple(dealt.values())


def _receive(tale: Telling) -> None:
    chance = tale.chance
    referrer = tale.world.decks["referrer"].draw()
    police = referrer == Code("police")
    told = chance.drawn({"yes": 0.74, "no": 0.16, "not_known": 0.10})
    explained = told == Code("no") and chance.whether(0.8)
    agency = _AGENCIES.get(referrer)
    harm = tale.allegations[0].type
    tale.ask(
        ReceiveReferral(
            adult=tale.adult.ref,
            channel=Code("police_report") if police else chance.drawn(_CHANNELS),
            referrer=None if referrer == Code("anonymous") else tale.passage("Named in the form."),
            referrer_role=referrer,
            referrer_confidential=chance.drawn(_IN_CONFIDENCE),
            received=on_day(tale.received),
            adult_told=told,
            adult_not_told_reason=tale.passage("It could raise the risk.") if explained else None,
            allegations=tale.allegations,
            account=tale.words(phrases.ACCOUNTS.get(harm, phrases.ACCOUNT)),
            external=_police_reference(tale) if police else (),
        ),
        occurred=on_day(tale.received),
        known_to=(agency,) if agency else (),
    )


def _police_reference(tale: Telling) -> tuple[ExternalReference, ...]:
    number = tale.passage(f"FB/{tale.chance.between(10000, 99999)}")
    return (ExternalReference(system=Slug("police"), id=number),)


def _need(tale: Telling) -> Code:
    return tale.chance.drawn(
        {"interpreter": 2, "hearing_loop": 2, "large_print": 2, "easy_read": 3}
    )


def _make_safe(tale: Telling) -> None:
    action = tale.chance.drawn(
        {
            "support_increased": 5,
            "contact_prevented": 3,
            "medical_attention": 2,
            "moved_to_safety": 1,
        }
    )
    tale.ask(RecordImmediateSafetyAction(action=action, by=Slug("council")))


def refer_again(tale: Telling) -> None:
    """Join a further referral to the open case."""
    tale.referrals += 1
    tale.ask(
        LinkReferral(
            channel=tale.chance.drawn(_CHANNELS),
            referrer_role=tale.chance.drawn(tale.world.figures.referrers),
            received=on_day(tale.day),
            account=tale.words(phrases.RELATIVES),
        )
    )


def decide(tale: Telling) -> None:
    """Count the concern and decide whether there is a duty to enquire."""
    if tale.chance.whether(0.12):
        tale.wait(2, 9)
    else:
        tale.pace("begin")
    figures, law = tale.world.figures, tale.world.law
    rule = Code(next(iter(law.lists["counting_rule"])))
    tale.ask(CountConcern(counted=True, rule=rule))
    met = tale.goes_on == "enquiry"
    answers = [Code("yes")] * len(law.criteria)
    if not met:
        answers[tale.chance.between(0, len(answers) - 1)] = tale.chance.drawn(
            {"no": 9, "not_known": 1}
        )
    disposal = None
    if not met and tale.chance.whether(0.95):
        disposal = tale.chance.drawn(figures.disposals)
    rationale = tale.words(phrases.DUTY_MET if met else phrases.DUTY_NOT_MET)
    tale.ask(
        DecideDuty(
            criteria=tuple(
                Criterion(criterion=criterion, answer=answer)
                for criterion, answer in zip(law.criteria, answers, strict=True)
            ),
            result=Code(figures.results[tale.goes_on]),
            disposal=disposal,
            decided_on=tale.day,
            rationale=None if tale.fail("no_rationale") else rationale,
        ),
        tale.manager,
    )
    if met:
        start_inquiring(tale)
    else:
        pass_on(tale, disposal)


def tell_referrer(tale: Telling, content: str) -> None:
    """Tell each who referred, or say why not; in some stories neither."""
    if tale.fail("no_feedback"):
        return
    audience = Code("referrer")
    against, method = tale.chance.whether(0.06), Code("not_recorded")
    if not against:
        method = tale.chance.drawn({"email": 5, "telephone": 4, "letter": 1})
    for _ in range(tale.referrals):
        if against:
            why = Code("confidentiality")
            because = tale.passage("The adult asked that nobody else be told.")
            tale.ask(DecideAgainstFeedback(audience=audience, reason=why, rationale=because))
        else:
            tale.ask(GiveFeedback(audience=audience, content=Code(content), method=method))


def close(tale: Telling, how: str) -> None:
    """Close the case, having told whoever referred."""
    tell_referrer(tale, "received_only" if how == "none" else "limited")
    if tale.fail("left_open"):
        return
    tale.closed = True
    asked = Code("could_not_be_asked") if tale.died else tale.chance.drawn(_VIEWS)
    tale.ask(
        CloseCase(
            reason=Code("died" if tale.died else tale.world.figures.closings[how]),
            views=asked,
            views_words=tale.words(phrases.CLOSING_VIEWS) if asked == Code("agrees") else None,
            rationale=tale.words(phrases.CLOSING) if tale.chance.whether(0.93) else None,
            review_considered=tale.chance.drawn({"yes": 0.85, "not_recorded": 0.15}),
            contact_given=tale.chance.drawn({"yes": 0.9, "not_recorded": 0.1}),
        ),
        tale.manager,
    )


def name_another(tale: Telling) -> None:
    """Register the person alleged to have caused harm, where anybody is known."""
    sources = {one.source for one in tale.allegations} - {Code("known_self"), Code("not_recorded")}
    by_name = any(source.startswith(("known", "provider")) for source in sources)
    if by_name and tale.chance.whether(0.6):
        tale.pach, details = another_person(tale.chance)
        tale.ask(RegisterPerson(person=tale.pach, details=details), stream=tale.pach)
