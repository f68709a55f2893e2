"""The third chapter: a meeting called, prepared with the adult, and held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from api.demonstration import phrases
from api.demonstration.calibration import COUNCIL, POLICE
from api.demonstration.chance import Chance
from api.demonstration.people import Worker
from api.demonstration.telling import Telling
from domain.assessment import AssessRisk
from domain.conference import (
    CancelConference,
    ConveneConference,
    RecordDelayReason,
    RescheduleConference,
)
from domain.determination import RecordDissent
from domain.feedback import AssignFeedback, DecidePachFeedback, NameChallengeContact
from domain.grid import Attendance, Part
from domain.hearing import (
    ConsiderReport,
    DecideFurtherConference,
    PresentAdultViews,
    RecordAgencyPosition,
)
from domain.invitation import (
    AppointChair,
    AppointMinuteTaker,
    InviteParticipant,
    ReceiveApologies,
    ReceiveWrittenContribution,
)
from domain.involvement import (
    ArrangeAdultSupport,
    DecideNotToInviteAdult,
    InformAdultOfConference,
    InviteAdult,
    RecordAdultAttendanceView,
    RecordAdultDeclinedAttendance,
    RecordAdultViews,
)
from domain.sitting import (
    HoldConference,
    HoldCoreGroup,
    RecordAdultNonAttendance,
    RecordAttendance,
)
from domain.when import on_day
from domain.words import Code, ConferenceRef, ParticipantRef, Slug

_OTHERS: Final = (
    (Slug("care-provider"), Code("provider")),
    (POLICE, Code("police")),
    (Slug("housing"), Code("housing")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody invited: under which reference, as what, for whom, and whether they came."""

    participant: ParticipantRef
    role: Code
    organisation: Slug
    came: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting as it was prepared, and what its record needs to know."""

    conference: ConferenceRef
    kind: str
    planned: date
    chair: Worker
    minute_taker: Worker
    guests: tuple[Guest, ...]
    divided: bool
    adult_came: bool
    unexplained: bool  # nobody recorded why the adult was not there

    @property
    def core_group(self) -> bool:
        """Whether it is a core group, which monitors a plan and decides little."""
        return self.kind == Code("core_group")

    @property
    def agencies(self) -> tuple[Slug, ...]:
        """The agencies that were there, each once."""
        return tuple(
            dict.fromkeys([COUNCIL, *(one.organisation for one in self.guests if one.came)])
        )


def convene(tale: Telling, kind: str, planned: date, reason: str) -> Meeting:
    """Call a meeting for a day, name who leads it, and invite everybody."""
    chance, world = tale.chance, tale.world
    big = kind != Code("core_group")
    adult_comes = chance.whether(0.62 if big else 0.75)
    meeting = Meeting(
        conference=ConferenceRef(chance.ref()),
        kind=kind,
        planned=planned,
        chair=chance.one(world.staff.chairs),
        minute_taker=chance.one(world.staff.minute_takers),
        guests=_guests(tale, big=big),
        divided=_divided(chance, kind),
        adult_came=adult_comes,
        unexplained=big and not adult_comes and tale.fail("absence_unexplained"),
    )
    _call(tale, meeting, reason)
    return meeting


def _divided(chance: Chance, kind: str) -> bool:
    """Whether a part is held without the adult: of some first meetings, and of a few reviews."""
    if kind == Code("review"):
        return chance.of("divided").whether(0.06)
    return kind == Code("initial") and chance.whether(0.2)


def _call(tale: Telling, meeting: Meeting, reason: str) -> None:
    """Ask for the meeting, its chair and minute taker, and its invitations."""
    ref, world = meeting.conference, tale.world
    tale.ask(
        ConveneConference(
            conference=ref,
            kind=Code(meeting.kind),
            reason=Code(reason),
            planned_for=on_day(meeting.planned),
            convened_role=Code("lead_agency_manager"),
            large_scale=tale.large_scale,
            agencies=tuple(dict.fromkeys(one.organisation for one in meeting.guests)),
            rationale=tale.words(phrases.DUTY_MET) if meeting.kind == Code("initial") else None,
        ),
        tale.manager,
    )
    role = world.law.chair_roles[0]
    chair = AppointChair(
        conference=ref,
        chair=meeting.chair.ref,
        role=role,
        organisation=COUNCIL,
        agency=Code("social_work"),
        basis=Code("senior" if tale.large_scale else "usual"),
    )
    tale.ask(chair, tale.manager)
    taker = meeting.minute_taker.ref
    tale.ask(
        AppointMinuteTaker(conference=ref, minute_taker=taker, organisation=COUNCIL), tale.manager
    )
    for guest in meeting.guests:
        invited = InviteParticipant(
            conference=ref,
            participant=guest.participant,
            role=guest.role,
            organisation=guest.organisation,
        )
        tale.ask(invited, world.staff.administrator)


def _guests(tale: Telling, *, big: bool) -> tuple[Guest, ...]:
    """Choose who is asked: the officer, health, and one or two more."""
    chance = tale.chance
    asked = [
        (COUNCIL, Code("investigating_officer")),
        (tale.world.figures.health, Code("other_health")),
        *chance.mixed(_OTHERS)[: chance.between(1, 2) if big else 1],
    ]
    return tuple(
        Guest(
            participant=ParticipantRef(chance.ref()),
            role=role,
            organisation=agency,
            came=number < 2 or chance.whether(0.8),  # noqa: PLR2004 — the council and health come
        )
        for number, (agency, role) in enumerate(asked)
    )


def involve(tale: Telling, meeting: Meeting) -> None:
    """Bring the adult into the meeting, or decide not to."""
    stays = not (meeting.core_group or meeting.adult_came or meeting.unexplained)
    tale.left_out = stays and tale.turn("not_invited")
    before, now = len(tale.steps), tale.now
    _invite(tale, meeting)
    if tale.left_out:  # drawn all the same, so that what is told after stays as it is
        del tale.steps[before:]
        tale.now = now
        _leave_out(tale, meeting)


def _invite(tale: Telling, meeting: Meeting) -> None:
    """Invite the adult, tell them what it is, ask whether they wish to come, and hear them."""
    ref, chance = meeting.conference, tale.chance
    how = chance.drawn({"in_person": 6, "telephone": 2, "letter": 1, "easy_read": 1})
    tale.ask(InviteAdult(conference=ref, method=how, parts=(2,) if meeting.divided else ()))
    named = chance.whether(0.92)
    tale.ask(
        InformAdultOfConference(
            conference=ref, purpose_explained=True, attendees_named=named, method=how
        )
    )
    if meeting.adult_came and chance.whether(0.25):
        need = (chance.drawn({"transport": 4, "breaks": 2, "interpreter": 1, "advocate": 2}),)
        tale.ask(ArrangeAdultSupport(conference=ref, needs=need, arranged=need))
    wishes = Code("yes" if meeting.adult_came else "no")
    tale.ask(RecordAdultAttendanceView(conference=ref, wishes_to_attend=wishes))
    if not meeting.adult_came and not meeting.unexplained:
        reason = tale.words(phrases.DECLINES)
        tale.ask(RecordAdultDeclinedAttendance(conference=ref, method=how, reason=reason))
        views = tale.words(phrases.VIEWS)
        tale.ask(RecordAdultViews(conference=ref, method=how, views=views, own_words=True))


def _leave_out(tale: Telling, meeting: Meeting) -> None:
    """Decide not to invite the adult, say why, and ask for their views elsewhere."""
    with tale.by_itself("left_out"):
        because = tale.words(phrases.LEFT_OUT)
        left = DecideNotToInviteAdult(
            conference=meeting.conference, reason=Code("safety"), rationale=because
        )
        tale.ask(left, tale.manager)
        views = tale.words(phrases.VIEWS)
        heard = RecordAdultViews(
            conference=meeting.conference, method=Code("in_person"), views=views, own_words=True
        )
        tale.ask(heard)


def write_instead(tale: Telling, meeting: Meeting) -> None:
    """Take in the apologies and the writing of those who will not come."""
    for guest in meeting.guests:
        if not guest.came:
            ref, who = meeting.conference, guest.participant
            tale.ask(ReceiveApologies(conference=ref, participant=who))
            if tale.chance.whether(0.75):
                summary = tale.words(phrases.REPORTS)
                wrote = ReceiveWrittenContribution(
                    conference=ref,
                    participant=who,
                    organisation=guest.organisation,
                    summary=summary,
                )
                tale.ask(wrote, known_to=(guest.organisation,))


def hold(tale: Telling, meeting: Meeting) -> None:
    """Hold the meeting on its day: who was there in which part."""
    tale.at(meeting.planned)
    parts = _parts(tale, meeting)
    recorder, chair = meeting.minute_taker, meeting.chair
    if meeting.core_group:
        effect = tale.chance.drawn({"effective": 5, "partly_effective": 4, "not_effective": 1})
        held = HoldCoreGroup(conference=meeting.conference, parts=parts, effect=effect)
        tale.ask(held, recorder, done_by=chair)
    else:
        held_all = HoldConference(conference=meeting.conference, parts=parts)
        tale.ask(held_all, recorder, done_by=chair)
    if tale.advocate is not None and not meeting.core_group:
        _late_line(tale, meeting)
    if not meeting.adult_came and not meeting.unexplained:
        declined = Code("not_invited_safety" if tale.left_out else "declined")
        why = RecordAdultNonAttendance(conference=meeting.conference, reason=declined)
        tale.ask(why, recorder)


def _late_line(tale: Telling, meeting: Meeting) -> None:
    """Add the line of the advocate, who was at no agency's table."""
    with tale.by_itself("line"):
        line = Attendance(
            role=Code("advocate"),
            organisation=Slug("advocacy-service"),
            attendance=Code("attended"),
        )
        part = 2 if meeting.divided else 1
        came = RecordAttendance(conference=meeting.conference, part=part, line=line)
        tale.ask(came, meeting.minute_taker)


def _parts(tale: Telling, meeting: Meeting) -> tuple[Part, ...]:
    """Draw up the attendance of each part; the adult comes to the second of two."""
    came, yes = Code("attended"), Code("yes")
    professionals = tuple(
        Attendance(
            participant=guest.participant,
            role=guest.role,
            organisation=guest.organisation,
            attendance=came if guest.came else Code("apology"),
            delegated_authority=yes if guest.came else Code("not_stated"),
        )
        for guest in meeting.guests
    )
    chair = Attendance(
        role=Code("chair"), organisation=COUNCIL, attendance=came, delegated_authority=yes
    )
    adult = Attendance(
        role=Code("adult"),
        attendance=came if meeting.adult_came else Code("absent"),
        participation=tale.words(phrases.PARTS) if meeting.adult_came else None,
    )
    everybody = (adult, chair, *professionals)
    if not meeting.divided:
        return (Part(number=1, reason=Code("whole"), attendances=everybody),)
    chance = tale.chance.of("apart") if meeting.kind == Code("review") else tale.chance
    apart = Part(
        number=1,
        reason=chance.drawn({"criminal_investigation": 1, "third_party_information": 2}),
        professionals_only=True,
        attendances=(chair, *professionals),
    )
    return (apart, Part(number=2, reason=Code("with_adult"), attendances=everybody))


def hear(tale: Telling, meeting: Meeting) -> None:
    """Put the adult's views, consider the report and the risk, and ask each agency."""
    ref, taker, chance = meeting.conference, meeting.minute_taker, tale.chance
    presenter = Code("adult" if meeting.adult_came else "key_worker")
    views = tale.words(phrases.VIEWS)
    own = PresentAdultViews(conference=ref, presenter_role=presenter, views=views, own_words=True)
    tale.ask(own, taker)
    report = ConsiderReport(
        conference=ref,
        kind=Code("investigation"),
        organisation=COUNCIL,
        stated_wishes=Code("yes" if tale.wishes_told else "no"),
        proposed_outcomes=Code("yes"),
    )
    tale.ask(report, taker)
    before, tale.risk = tale.risk, chance.drawn({"low": 3, "medium": 5, "high": 2})
    risk = AssessRisk(
        conference=ref,
        level=tale.risk,
        before=before,
        recurrence=chance.drawn({"unlikely": 2, "possible": 5, "likely": 3}),
        rationale=tale.words(phrases.RISKS),
    )
    tale.ask(risk, meeting.chair)
    for agency in meeting.agencies:
        disagrees = agency != COUNCIL and chance.whether(0.07)
        position = Code("disagrees" if disagrees else "agrees")
        stood = RecordAgencyPosition(conference=ref, organisation=agency, position=position)
        tale.ask(stood, taker)
        if disagrees:
            role = next(one.role for one in meeting.guests if one.organisation == agency)
            reasons = tale.words(phrases.DISSENT)
            apart = RecordDissent(conference=ref, organisation=agency, role=role, reasons=reasons)
            tale.ask(apart, taker)


def settle(tale: Telling, meeting: Meeting, *, further: bool) -> None:
    """Decide on a further meeting and who tells the adult and the person of concern."""
    ref, chair = meeting.conference, meeting.chair
    decision = Code("needed" if further else "not_needed")
    why = tale.passage(phrases.MEET_AGAIN if further else phrases.NOT_AGAIN)
    tale.ask(DecideFurtherConference(conference=ref, decision=decision, rationale=why), chair)
    holder = tale.holder.ref
    tale.ask(AssignFeedback(conference=ref, audience=Code("adult"), assignee=holder), chair)
    if not meeting.adult_came and not meeting.unexplained:
        contact = tale.passage("The chair, by telephone or letter.")
        named = NameChallengeContact(conference=ref, contact=contact, told_adult=Code("yes"))
        tale.ask(named, chair)
    if tale.pach is not None:
        because = tale.passage("Only that the enquiry has ended, as the adult asked.")
        told = DecidePachFeedback(
            conference=ref, content=Code("limited"), rationale=because, assignee=holder
        )
        tale.ask(told, chair)
        if tale.large_scale or tale.chance.of("employer").whether(0.15):
            _tell_employer(tale, meeting)


def _tell_employer(tale: Telling, meeting: Meeting) -> None:
    """Decide too what whoever employs the person of concern is told."""
    with tale.by_itself("employer"):
        told = DecidePachFeedback(
            conference=meeting.conference,
            audience=Code("employer"),
            organisation=Slug("care-provider"),
            content=Code("limited"),
            rationale=tale.passage("That the enquiry has ended, and which shifts it was about."),
            assignee=tale.manager.ref,
        )
        tale.ask(told, meeting.chair)


def call_off(tale: Telling, meeting: Meeting, reason: str) -> None:
    """Cancel a meeting before its day."""
    tale.wait(1, 2)
    off = CancelConference(conference=meeting.conference, reason=Code(reason))
    tale.ask(off, tale.manager)


def put_off(tale: Telling, meeting: Meeting) -> Meeting:
    """Move a meeting to a later day, mostly so that the adult can come."""
    later = tale.working_day(meeting.planned, tale.chance.between(2, 8))
    why = tale.chance.drawn({"adult": 5, "agency": 3, "chair": 2})
    moved = RescheduleConference(
        conference=meeting.conference, planned_for=on_day(later), reason=why
    )
    tale.ask(moved)
    return replace(meeting, planned=later)


def explain_delay(tale: Telling, meeting: Meeting) -> None:
    """Say why the meeting comes later than it should."""
    reason = tale.words(phrases.DELAYS)
    tale.ask(RecordDelayReason(conference=meeting.conference, reason=reason))
