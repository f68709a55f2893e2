"""What a few stories say more of a meeting: who is asked, how it is held, what is heard in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from api.demonstration.calibration import COUNCIL
from api.demonstration.fuller import At, More, Value, looked_up, more, other
from api.demonstration.fuller_coming import document, manager, numbered
from domain.advocacy import RecordAdvocateChallenge, RecordAdvocateContribution
from domain.agenda import ConsiderAgendaItem
from domain.best_interests import RecordBestInterestsDecision
from domain.concern import LinkReferral
from domain.conference import (
    CancelConference,
    ConveneConference,
    DecideConferenceNotRequired,
    RescheduleConference,
)
from domain.determination import RecordDissent
from domain.dividing import (
    AgreeAlternativeArrangement,
    ExcludeParticipant,
    PlanConferencePart,
    UninviteParticipant,
)
from domain.duty import DecideDuty
from domain.enabling import MakeAccessArrangements, RequestAdultSupporter
from domain.enquiry import IdentifyPach, OpenEnquiry
from domain.grid import Attendance
from domain.handle import local_day
from domain.hearing import ConsiderReport, PresentAdultViews, RecordAgencyAgreement
from domain.invitation import (
    AppointChair,
    DecideFamilyAttendance,
    InviteParticipant,
    ReceiveWrittenContribution,
)
from domain.involvement import (
    ArrangeAdultSupport,
    DecideNotToInviteAdult,
    InviteAdult,
    NominateAdultRepresentative,
)
from domain.sitting import (
    HoldConference,
    HoldCoreGroup,
    RecordAdultNonAttendance,
    RecordAttendance,
)
from domain.tabling import SetReportConfidentiality, TableChronology, TableReport
from domain.words import Code, PersonRef, Slug

KEEPER: Final = "The keeper of the allotments."


def _enquiry(at: At) -> Value:
    return at.before(OpenEnquiry)[-1].enquiry


def _report(at: At) -> Value:
    return at.before(TableReport)[-1].report


# ------------------------------------------------------------------------- called and prepared


def _asked_role(at: At) -> bool:
    return bool(at.command.role == "housing" and at.after(HoldConference))


def _a_day_before(at: At) -> Value:
    return local_day(at.step.moment) - timedelta(days=2)


def _others_of_the_home(at: At) -> Value:
    adults = dict.fromkeys(
        one.adult
        for one in at.stories
        if any(isinstance(step.command, AgreeAlternativeArrangement) for step in one.steps)
    )
    return tuple(PersonRef(one) for one in adults if one != at.story.adult)[:3]


def _has_pach(at: At) -> bool:
    return bool(at.before(IdentifyPach))


def _pach(at: At) -> Value:
    return at.before(IdentifyPach)[-1].person


_CALLED: Final = (
    more(
        ConveneConference,
        share=0.5,
        where=lambda at: bool(at.before(OpenEnquiry)),
        enquiry=_enquiry,
    ),
    more(
        ConveneConference,
        times=3,
        where=lambda at: at.command.kind == "initial" and at.story.conference,
        complex_case=True,
    ),
    other(
        DecideConferenceNotRequired,
        "reason",
        "A meeting about the house as a whole takes place instead.",
    ),
    more(
        DecideConferenceNotRequired,
        times=6,
        where=lambda at: at.command.reason in {"not_occurred", "resolved"},
        evidence_basis="Two accounts, the record of visits, and what was seen in the house.",
    ),
    other(RescheduleConference, "reason", "The road was under water."),
    other(CancelConference, "reason", "The building was closed after a fire alarm."),
    more(
        AppointChair,
        times=6,
        rationale="Has chaired for other families in the street, and knows the agencies.",
    ),
    other(
        InviteParticipant,
        "role",
        KEEPER,
        where=_asked_role,
        times=3,
    ),
    other(
        InviteParticipant,
        "role",
        KEEPER,
        where=lambda at: at.command.role == "housing" and bool(at.after(HoldCoreGroup)),
        times=4,
    ),
    more(
        InviteParticipant,
        where=lambda at: at.command.role == "investigating_officer",
        share=0.5,
        worker=lambda at: at.story.team.practitioners[0].ref,
    ),
    more(ReceiveWrittenContribution, share=0.3, document=document),
    other(InviteAdult, "supports", "The dog may come too."),
    other(
        DecideNotToInviteAdult,
        "reason",
        "Abroad with a daughter until the spring.",
        rationale="Is rung each week, and hears then what was said.",
    ),
    other(ArrangeAdultSupport, "needs", "A chair that is high enough to get up from."),
    other(
        ArrangeAdultSupport,
        "arranged",
        "The chair is brought from home.",
        where=lambda at: at.command.needs_other is not None,
    ),
    more(
        ArrangeAdultSupport,
        times=4,
        where=lambda at: "transport" in at.command.arranged,
        provider=Slug("community-bus"),
    ),
    more(
        NominateAdultRepresentative,
        times=2,
        person=None,
        name="Osbert Tansley, from the reading circle.",
    ),
    more(
        NominateAdultRepresentative,
        times=1,
        where=lambda at: at.command.person is not None and _has_pach(at),
        alleged_to_have_caused_harm=Code("yes"),
        override_reason="The adult wishes it all the same, and a worker sits with them.",
    ),
    other(MakeAccessArrangements, "access_needs", "A door that opens without being pushed."),
    other(MakeAccessArrangements, "adjustments", "The meeting begins after the bus has come."),
    more(
        MakeAccessArrangements,
        times=3,
        where=lambda at: at.command.access_needs_other is None,
        access_needs=(Code("communication_aid"),),
        language="Urdu, through an interpreter who is no relative.",
        communication_aids="A board with pictures.",
        interpreter=Code("yes"),
    ),
    more(
        RequestAdultSupporter,
        times=1,
        name="Winifred Sorrel, who lives next door.",
    ),
    more(
        RequestAdultSupporter,
        times=1,
        where=lambda at: at.command.name is None,
        reason_not_invited="Is away that week, and was rung instead.",
    ),
    more(
        PlanConferencePart,
        times=2,
        where=lambda at: at.command.professionals_only,
        reason=Code("criminal_investigation"),
        police=numbered("police", "CR/70412"),
    ),
    more(
        PlanConferencePart,
        times=3,
        where=lambda at: at.command.professionals_only and _has_pach(at),
        pach=_pach,
    ),
    more(
        PlanConferencePart,
        times=3,
        where=lambda at: at.command.reason == "third_party_information" and _has_pach(at),
        third_party=_pach,
    ),
    more(AgreeAlternativeArrangement, times=4, adults_affected=_others_of_the_home),
    other(UninviteParticipant, "reason", "Has left the agency."),
    other(ExcludeParticipant, "reason", "Is to give evidence in another matter."),
)

# ------------------------------------------------------------------- whether a relative comes

_FAMILY: Final = (
    more(
        DecideFamilyAttendance,
        times=2,
        relationship="A niece.",
        wish_recorded_on=_a_day_before,
        appropriateness=Code("yes"),
    ),
    more(
        DecideFamilyAttendance,
        times=1,
        where=lambda at: at.command.relationship is None,
        relationship="A son, who is the attorney.",
        decision=Code("attend"),
        basis=Code("lpa"),
        attorney_kind=Code("welfare"),
        registered=Code("yes"),
        order_reference="The stamped copy, page 1.",
        authority_scope=Code("welfare"),
        authority_verified=Code("yes"),
        verified_by=manager,
        appropriateness=Code("yes"),
        rationale="Decides with the adult about care, and brings what was agreed before.",
    ),
    more(
        DecideFamilyAttendance,
        times=3,
        where=lambda at: bool(at.before(RecordBestInterestsDecision)),
        basis=Code("best_interests"),
        best_interests_decision=looked_up(
            "best_interests_decision", "best-interests-decision-recorded"
        ),
    ),
)

# -------------------------------------------------------------------------------- as it was held


def unlisted(at: At) -> set[object]:
    """Whoever was invited to a meeting as something that is on no list."""
    return {one.participant for one in at.before(InviteParticipant) if one.role == "other"}


def _renamed(at: At) -> Value:
    """Say of somebody who was there what they were invited as."""

    def line(one: Attendance) -> Attendance:
        if one.participant not in unlisted(at):
            return one
        return replace(one, role=Code("other"), role_other=at.words(KEEPER))

    return tuple(
        replace(part, attendances=tuple(map(line, part.attendances))) for part in at.command.parts
    )


def _unlisted_came(at: At) -> bool:
    there = (line.participant for part in at.command.parts for line in part.attendances)
    return not unlisted(at).isdisjoint(there)


def _alone(at: At) -> Value:
    """Have a core group of the agencies alone, where the adult was not there."""
    return tuple(
        replace(
            part,
            professionals_only=True,
            reason=Code("third_party_information"),
            attendances=tuple(one for one in part.attendances if one.role != "adult"),
        )
        for part in at.command.parts
    )


def _with_words(at: At) -> Value:
    return replace(
        at.command.line,
        delegated_authority=Code("yes"),
        participation=at.words("Spoke for the adult, and read out what had been written down."),
    )


def _by_invitation(at: At) -> Value:
    """Let a line answer an invitation that the grid of the day left out: they did not come."""
    asked = [
        one
        for one in at.before(InviteParticipant)
        if one.conference == at.command.conference and one.role == "supporter"
    ]
    return replace(
        at.command.line,
        participant=asked[-1].participant,
        role=Code("supporter"),
        organisation=None,
        attendance=Code("apology"),
        delegated_authority=Code("not_stated"),
        participation=None,
    )


def _asked_with_them(at: At) -> bool:
    return any(
        one.conference == at.command.conference and one.role == "supporter"
        for one in at.before(InviteParticipant)
    ) and not at.before(ExcludeParticipant)


def _line_of_other(at: At) -> Value:
    return replace(
        at.command.line,
        role=Code("other"),
        role_other=at.words("Brought the adult, and stayed at their wish."),
        organisation=Slug("community-bus"),
    )


_HELD: Final = (
    more(HoldConference, times=9, where=_unlisted_came, parts=_renamed),
    more(
        HoldConference,
        share=0.7,
        where=lambda at: bool(at.before(HoldConference)),
        progress_summary="Two of the three actions are done, and the visits have been kept.",
    ),
    more(HoldCoreGroup, times=9, where=_unlisted_came, parts=_renamed),
    more(
        HoldCoreGroup,
        times=1,
        where=lambda at: any(
            line.role == "adult" and not line.present
            for part in at.command.parts
            for line in part.attendances
        ),
        parts=_alone,
    ),
    more(
        RecordAttendance,
        times=4,
        where=lambda at: at.command.line.participation is None,
        line=_with_words,
    ),
    more(RecordAttendance, times=2, where=_asked_with_them, line=_by_invitation),
    more(RecordAttendance, times=1, line=_line_of_other),
    other(
        RecordAdultNonAttendance,
        "reason",
        "Stayed at home for the man who mends the boiler.",
        where=lambda at: at.command.reason == "declined",
    ),
    more(
        RecordAdultNonAttendance,
        share=0.3,
        told_by=Code("worker"),
        detail="Said so that morning, and asked to be rung afterwards.",
    ),
)

# ------------------------------------------------------------------------------ papers and views

_HEARD: Final = (
    more(TableReport, times=6, document=document, tabled_version=2),
    more(TableChronology, times=6, document=document),
    other(SetReportConfidentiality, "arrangement", "Read in the room, one page at a time."),
    other(
        PresentAdultViews,
        "presenter_role",
        "The warden, whom the adult asked to.",
        where=lambda at: at.command.presenter_role == "adult",
    ),
    more(
        PresentAdultViews,
        times=3,
        where=lambda at: at.command.presenter_role == "key_worker",
        views="That somebody is there in the evening; the rest I keep to myself.",
        chose_not_to_share=Code("yes"),
    ),
    more(
        ConsiderReport,
        share=0.5,
        where=lambda at: (
            at.command.kind == "investigation"
            and any(one.conference == at.command.conference for one in at.before(TableReport))
        ),
        report=_report,
        document=document,
    ),
    more(
        RecordAgencyAgreement,
        times=2,
        where=lambda at: at.command.organisation != COUNCIL,
        agrees=Code("no"),
        dissent="Agrees with the plan, and holds the risk to be higher.",
    ),
    more(
        ConsiderAgendaItem,
        times=4,
        where=lambda at: bool(at.before(TableReport)),
        reports=lambda at: (_report(at),),
    ),
    other(RecordDissent, "role", KEEPER),
    more(
        RecordAdvocateContribution,
        times=3,
        where=lambda at: not at.command.own_words,
        speaks_for=Code("adult_uninstructed"),
    ),
    more(RecordAdvocateChallenge, times=4, organisation=Slug("advocacy-service")),
)

MEETING: Final[tuple[More, ...]] = (*_CALLED, *_FAMILY, *_HELD, *_HEARD)


def _officer(at: At) -> Value:
    return next(
        (
            one.participant
            for one in at.before(InviteParticipant)
            if one.conference == at.command.conference and one.role == "investigating_officer"
        ),
        None,
    )


# After all other rows: each draws by its number.
LAST: Final = (
    more(
        PresentAdultViews,
        where=lambda at: at.command.presenter_role == "key_worker" and _officer(at) is not None,
        times=6,
        presenter=_officer,
    ),
    more(
        PresentAdultViews,
        where=lambda at: at.command.presenter_role == "other",
        presenter_name="Hester Marlow",
    ),
    more(
        DecideDuty,
        times=6,
        evidence=(1,),  # the referral
        options="A visit by the nurse, and no enquiry; it would leave the other resident unasked.",
    ),
    more(
        DecideConferenceNotRequired,
        times=6,
        evidence=(1,),
        options="A meeting of the two agencies without minutes.",
    ),
    more(
        LinkReferral,
        times=4,
        adult_told=Code("yes"),
        consent=Code("given"),
        other_authority=Slug("neighbouring-council"),
    ),
    more(
        LinkReferral,
        where=lambda at: at.command.adult_told == "not_recorded",
        adult_told=Code("no"),
        adult_not_told_reason="Whoever it is about answers the telephone there.",
    ),
)
