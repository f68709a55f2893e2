"""What a few stories say more of the enquiry: what was learned, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from api.chronologies.dates import write_date
from api.demonstration.fuller import At, More, Value, looked_up, more, other
from api.demonstration.fuller_coming import TAKEN_AWAY, document, numbered, whoever
from domain.advocacy import RecordAdvocacyAccepted, ReferForAdvocacy
from domain.assessment import (
    AssessRisk,
    ConsiderSupportServices,
    GiveAdvocacyInformation,
    RecordCapacityDecision,
)
from domain.best_interests import IdentifyKeyDecisionMaker, RecordBestInterestsDecision
from domain.causing import (
    CauseEnquiry,
    OpenLargeScaleEnquiry,
    OpenParallelProcess,
    ReceiveCausedEnquiry,
)
from domain.concern import (
    ReceiveReferral,
)
from domain.conclusion import CeaseEnquiryAtAdultsRequest, ConcludeEnquiry, RecordRiskOutcome
from domain.contact import AssessNeed
from domain.correction import RecordChronologyEntry
from domain.enquiry import (
    IdentifyPach,
    OpenEnquiry,
    SubmitInvestigationReport,
    UseInvestigatoryPower,
)
from domain.information import (
    ReceiveAgencyReport,
    RecordInformationNotProvided,
)
from domain.outcome import RecordAdultOutcome, RecordAdultSatisfaction, RecordPachOutcome
from domain.planning import AgreeInterimPlan, AppointSecondPerson
from domain.when import between
from domain.words import (
    Code,
    KnownTo,
    Slug,
)


def _of_other_type(at: At) -> bool:
    return any(
        one.type == "other" for came in at.before(ReceiveReferral) for one in came.allegations
    )


def _triples(at: At) -> Value:
    """Count the first under the same words as it came in under."""
    first, *rest = at.command.triples
    return (replace(first, type=Code("other"), type_other=at.words(TAKEN_AWAY)), *rest)


# ------------------------------------------------------------------------------- the enquiry


def _by_worker(at: At) -> bool:
    return bool(at.command.assessor_role == "social_worker")


def _to(at: At) -> Value:
    return at.after(CauseEnquiry)[0].to


_ENQUIRY: Final = (
    more(OpenEnquiry, where=lambda at: bool(at.after(CauseEnquiry)), caused_to=_to),
    more(
        UseInvestigatoryPower,
        share=0.7,
        where=lambda at: at.command.power == "interview",
        told_may_refuse=Code("yes"),
    ),
    more(IdentifyPach, share=0.3, lacks_capacity=Code("no")),
    more(
        SubmitInvestigationReport,
        share=0.4,
        author_role=Code("social_worker"),
        document=document,
        version=1,
    ),
    other(
        SubmitInvestigationReport,
        "author_role",
        "A retired ward sister, asked to read the charts.",
        where=lambda at: not at.story.conference,
    ),
    other(
        RecordCapacityDecision,
        "assessor_role",
        "A speech and language therapist, with pictures.",
        where=_by_worker,
    ),
    more(GiveAdvocacyInformation, share=0.4, method=Code("in_person")),
    other(ConsiderSupportServices, "services", "The parish's visitors, who come on Thursdays."),
    more(AssessRisk, share=0.15, method=Code("with_adult"), assessed_by=whoever),
    other(AssessRisk, "method", "A walk through the house, room by room."),
    other(OpenParallelProcess, "kind", "The landlord's own inquiry into the warden."),
    more(
        OpenParallelProcess,
        times=4,
        where=lambda at: at.command.kind == "police",
        external=numbered("police", "CR/33018"),
    ),
    other(AppointSecondPerson, "role", "The community psychiatric nurse."),
    more(
        AppointSecondPerson,
        where=lambda at: at.command.role in {"social_worker", "council_officer"},
        person=lambda at: at.story.team.practitioners[0].ref,
    ),
    other(AgreeInterimPlan, "measures", "The cooker is switched off at the wall at night."),
    more(
        AgreeInterimPlan,
        times=1,
        agreed_with=Code("not_agreed"),
        not_agreed_reason="The adult does not wish anybody to come before noon.",
    ),
    other(AssessNeed, "needs", "Somebody to read the post aloud."),
    more(ReceiveAgencyReport, times=6, document=document),
    other(RecordInformationNotProvided, "reason", "The surgery had closed and its notes moved."),
    more(ReferForAdvocacy, times=4, note="A woman, if possible, and not on a Monday."),
    more(RecordAdvocacyAccepted, times=4, note="Begins with a visit next week."),
    other(CauseEnquiry, "body", "The almshouse trust, which employs the warden."),
    more(
        CauseEnquiry,
        times=1,
        where=lambda at: not at.story.fails and bool(at.after(ReceiveCausedEnquiry)),
        returned=lambda at: at.step.particulars.occurred,
        challenged="They answered the same day, and named nobody they had asked.",
    ),
    more(ReceiveCausedEnquiry, times=4, document=document),
    other(OpenLargeScaleEnquiry, "reason", "Five calls from one corridor within a month."),
    other(IdentifyKeyDecisionMaker, "decision", "Whether the lock is changed.", times=1),
    more(
        IdentifyKeyDecisionMaker,
        times=1,
        where=lambda at: at.command.decision != "other",
        person=None,
        worker=whoever,
        authority=Code("best_interests"),
    ),
    more(
        RecordBestInterestsDecision,
        times=3,
        where=lambda at: (
            at.command.authority == "attorney" and bool(at.before(IdentifyKeyDecisionMaker))
        ),
        maker=lambda at: at.before(IdentifyKeyDecisionMaker)[-1].person,
        worker=None,
    ),
    more(
        RecordBestInterestsDecision,
        times=3,
        where=lambda at: (
            at.command.decision == "minutes_recipient" and at.command.maker is not None
        ),
        recipient=lambda at: at.command.maker,
    ),
    other(RecordBestInterestsDecision, "consulted", "The neighbour who has the key."),
    other(
        RecordBestInterestsDecision,
        "decision",
        "Whether the lock is changed.",
        where=lambda at: at.command.decision == "minutes_recipient",
        decided="The lock is changed, and two neighbours have a key.",
    ),
)


# ------------------------------------------------------------------- other agencies' chronologies


def _span(at: At) -> Value:
    day = at.step.particulars.occurred.day or at.story.received
    return between(day + timedelta(days=3), day + timedelta(days=5))


def _dated(at: At) -> bool:
    return at.step.particulars.occurred.day is not None


def _as_written(agency: Slug) -> str:
    """An agency in ordinary words, as another agency's chronology has it."""
    return agency.replace("-", " ").capitalize()


def _known_as_written(known_to: Sequence[KnownTo]) -> str:
    told = (f"{_as_written(one.agency)} since {write_date(one.since)}" for one in known_to)
    return "; ".join(told)


_CHRONOLOGY: Final = (
    more(
        RecordChronologyEntry,
        share=0.12,
        people="The adult; a sister; the caller, who gave no name.",
        seen="Seen at the door; not spoken with alone.",
        response="Rang back the same day.",
        decision="No further visit was thought to be needed.",
        comment="Written from memory the week after.",
        whose="The duty nurse.",
        agency_written=lambda at: _as_written(at.command.agency),
        known_to_written=lambda at: _known_as_written(at.step.particulars.known_to),
    ),
    more(
        RecordChronologyEntry,
        times=6,
        where=_dated,
        ended=_span,
        start_time="About nine in the evening.",
        end_time="Before midnight.",
    ),
    more(
        RecordChronologyEntry,
        times=6,
        where=lambda at: bool(at.before(IdentifyPach)),
        persons=lambda at: (at.story.adult, at.before(IdentifyPach)[0].person),
    ),
)

# ------------------------------------------------------------------------ what came of it


def _first_alleged(at: At) -> Value:
    (came_in,) = at.before(ReceiveReferral)[:1]
    return came_in.allegations[0].ref


def _by_provider(at: At) -> bool:
    came_in = at.before(ReceiveReferral)
    return bool(came_in) and any(
        one.source.startswith("provider") for one in came_in[0].allegations
    )


_OUTCOMES: Final = (
    other(
        RecordAdultOutcome, "outcomes", "Moved to the flat above a sister's, as the adult wished."
    ),
    more(RecordAdultOutcome, share=0.2, where=_by_provider, allegation=_first_alleged),
    other(RecordPachOutcome, "outcomes", "Moved out, and writes once a week."),
    more(RecordPachOutcome, times=3, where=_by_provider, subject=Code("provider")),
    more(RecordPachOutcome, share=0.2, where=_by_provider, allegation=_first_alleged),
    more(
        RecordAdultSatisfaction,
        satisfied=Code("not_asked"),
        reason_not_asked="In hospital, and too unwell to be asked that week.",
    ),
    more(
        RecordRiskOutcome,
        where=lambda at: at.command.outcome == "remained",
        action=Code("no_action_taken"),
    ),
    more(
        ConcludeEnquiry,
        where=lambda at: (
            at.knows("health_condition")
            and not at.story.fails
            and "none" not in at.command.health_conditions
        ),
        health_conditions=lambda at: (*at.command.health_conditions, Code("other")),
        health_conditions_other="A tremor that no doctor has named yet.",
    ),
    more(ConcludeEnquiry, times=9, where=_of_other_type, triples=_triples),
    more(
        CeaseEnquiryAtAdultsRequest,
        times=9,
        where=lambda at: bool(at.before(RecordCapacityDecision)),
        capacity_decision=looked_up("capacity_decision", "capacity-decision-recorded"),
    ),
)

ENQUIRY: Final[tuple[More, ...]] = (*_ENQUIRY, *_CHRONOLOGY, *_OUTCOMES)
