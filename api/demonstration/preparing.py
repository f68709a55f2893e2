"""Beside the third chapter, before a meeting: its room, parts and papers, and who comes."""

from __future__ import annotations

from typing import Final

from api.demonstration import phrases
from api.demonstration.calibration import COUNCIL
from api.demonstration.chance import Chance
from api.demonstration.conferring import Meeting
from api.demonstration.pending import Naming
from api.demonstration.people import another_person
from api.demonstration.telling import Telling
from domain.dividing import (
    AgreeAlternativeArrangement,
    ExcludeParticipant,
    PlanConferencePart,
    UninviteParticipant,
)
from domain.enabling import (
    AssessAdultAttendanceSafety,
    MakeAccessArrangements,
    RequestAdultSupporter,
)
from domain.invitation import DecideFamilyAttendance, InviteParticipant
from domain.involvement import NominateAdultRepresentative, WithdrawNomination
from domain.person import RegisterPerson
from domain.tabling import (
    PermitReportShare,
    ReportRecipient,
    SetReportConfidentiality,
    ShareReport,
    TableChronology,
    TableReport,
)
from domain.when import When, between
from domain.words import Code, ParticipantRef, PersonRef, Slug

_ARRANGEMENTS: Final = {"attendees_only": 5, "read_at_meeting": 3, "summary_only": 1}


def prepare(tale: Telling, meeting: Meeting) -> None:
    """Lay out the meeting, lay its papers on the table, and see who is to come."""
    if meeting.core_group:
        return
    with tale.by_itself("prepared") as chance:
        if meeting.divided:
            _plan_parts(tale, meeting, chance)
        if tale.turn("room"):
            room = MakeAccessArrangements(
                conference=meeting.conference,
                venue=tale.words(phrases.VENUES),
                adjustments=(chance.drawn({"breaks": 3, "accessible_venue": 3, "remote": 2}),),
                interpreter=Code("no"),
            )
            tale.ask(room, tale.world.staff.administrator)
        if meeting.adult_came and tale.turn("safe_to_come"):
            safe = AssessAdultAttendanceSafety(
                conference=meeting.conference,
                safe_to_attend=Code("yes"),
                wishes_to_attend=Code("yes"),
                assessed_by=tale.holder.ref,
                rationale=tale.words(phrases.SAFE),
            )
            tale.ask(safe)
        if tale.large_scale and meeting.kind == Code("initial"):
            apart = tale.words(phrases.HOME_APART_MEETING)
            tale.ask(
                AgreeAlternativeArrangement(conference=meeting.conference, arrangement=apart),
                tale.manager,
            )
        _not_to_come(tale, meeting, chance)
        _bring(tale, meeting, chance)
        _papers(tale, meeting, chance)


def _plan_parts(tale: Telling, meeting: Meeting, chance: Chance) -> None:
    for part, reason in ((1, "third_party_information"), (2, "with_adult")):
        laid = PlanConferencePart(
            conference=meeting.conference,
            part=part,
            reason=Code(reason),
            professionals_only=part == 1,
            rationale=tale.words(phrases.PARTED) if chance.whether(0.9) else None,
        )
        tale.ask(laid)


def _not_to_come(tale: Telling, meeting: Meeting, chance: Chance) -> None:
    """Take back an invitation, or leave somebody out."""
    if tale.turn("uninvited"):
        _invite_and(tale, meeting, chance, excluded=False)
    if tale.turn("excluded"):
        _invite_and(tale, meeting, chance, excluded=True)


def _invite_and(tale: Telling, meeting: Meeting, chance: Chance, *, excluded: bool) -> None:
    ref, who = meeting.conference, ParticipantRef(chance.ref())
    asked = InviteParticipant(
        conference=ref, participant=who, role=Code("housing"), organisation=Slug("housing")
    )
    if not excluded:
        tale.ask(asked, tale.world.staff.administrator)
        why = chance.drawn({"replaced": 4, "invited_in_error": 2, "adults_wish": 1})
        rationale = tale.words(phrases.UNINVITED)
        back = UninviteParticipant(conference=ref, participant=who, reason=why, rationale=rationale)
        tale.ask(back, tale.world.staff.administrator)
        return
    friend = InviteParticipant(conference=ref, participant=who, role=Code("supporter"))
    tale.ask(friend, tale.world.staff.administrator)
    out = ExcludeParticipant(
        conference=ref,
        participant=who,
        reason=chance.drawn({"adults_wish": 3, "conflict_of_interest": 2}),
        rationale=tale.words(phrases.EXCLUDED),
        excluded_by=meeting.chair.ref,
    )
    tale.ask(out, meeting.chair)


def _bring(tale: Telling, meeting: Meeting, chance: Chance) -> None:
    """Let the adult name somebody to come with them or to speak for them, or a relative ask to."""
    ref = meeting.conference
    if meeting.adult_came and tale.turn("supporter"):
        who = ParticipantRef(chance.ref())
        wished = RequestAdultSupporter(
            conference=ref, supporter=who, relationship=tale.words(phrases.FRIENDS)
        )
        tale.ask(wished)
        friend = InviteParticipant(conference=ref, participant=who, role=Code("supporter"))
        tale.ask(friend, tale.world.staff.administrator)
    if tale.turn("nominated"):
        somebody = _somebody(tale, chance)
        tale.ask(
            NominateAdultRepresentative(
                conference=ref,
                person=somebody,
                scope=Code("attend_and_speak"),
                alleged_to_have_caused_harm=Code("no"),
            )
        )
        if chance.whether(0.4):
            reason = tale.words(phrases.NO_ADVOCATE)
            tale.ask(WithdrawNomination(conference=ref, withdrawn_by=Code("adult"), reason=reason))
    if tale.turn("family"):
        who = ParticipantRef(chance.ref())
        asked = InviteParticipant(
            conference=ref, participant=who, role=Code("family"), reason=tale.words(phrases.FAMILY)
        )
        tale.ask(asked, tale.world.staff.administrator)
        decided = DecideFamilyAttendance(
            conference=ref,
            participant=who,
            decision=Code("not_attend"),
            basis=Code("adult_wish"),
            alleged_to_have_caused_harm=Code("no"),
            rationale=tale.words(phrases.FAMILY_NOT),
        )
        tale.ask(decided, meeting.chair)


def _somebody(tale: Telling, chance: Chance) -> PersonRef:
    person, details = another_person(chance)
    tale.ask(RegisterPerson(person=person, details=details), stream=person)
    return person


def _papers(tale: Telling, meeting: Meeting, chance: Chance) -> None:
    """Lay the report and a chronology on the table, and say how they are kept in confidence."""
    ref = meeting.conference
    if tale.report is not None and meeting.kind == Code("initial") and tale.turn("tabled"):
        laid = TableReport(
            conference=ref,
            report=tale.report,
            kind=Code("investigation"),
            organisation=COUNCIL,
            content=chance.digest(),
        )
        tale.ask(laid, meeting.minute_taker)
        if chance.whether(0.85):
            kept = SetReportConfidentiality(
                conference=ref,
                report=tale.report,
                arrangement=chance.drawn(_ARRANGEMENTS),
                return_or_destroy=chance.drawn({"return": 3, "destroy": 3, "keep": 2}),
                set_by=meeting.chair.ref,
            )
            tale.ask(kept, meeting.chair)
        if chance.whether(0.3):
            _share(tale, meeting, chance)
    if meeting.kind != Code("initial"):
        return
    expected = tale.world.law.expects_chronology
    if expected and tale.fail("chronology_missing"):
        return
    if expected or tale.turn("chronology"):
        tale.ask(
            TableChronology(
                conference=ref,
                multi_agency=Code("yes" if chance.whether(0.5) else "no"),
                covers_from=_years_before(tale),
                content=chance.digest(),
            ),
            meeting.minute_taker,
        )


def _years_before(tale: Telling) -> When:
    year = tale.received.year
    return between(tale.received.replace(year=year - 2, day=1), tale.received.replace(day=1))


def _recipient(tale: Telling, chance: Chance) -> ReportRecipient:
    """Choose who has it: the council's lawyer, somebody on no list, or whoever speaks for them."""
    if tale.advocate is not None and chance.whether(0.5):
        return ReportRecipient(role=Code("advocate"), person=tale.advocate)
    if chance.whether(0.4):
        return ReportRecipient(
            role=Code("other"),
            role_other=tale.passage("A psychologist, asked what the report means for the adult."),
            name=tale.passage("Dr Merrick Yarrowgate"),
        )
    return ReportRecipient(role=Code("legal"), organisation=COUNCIL)


def _share(tale: Telling, meeting: Meeting, chance: Chance) -> None:
    """Send the report to somebody who is not asked to the meeting, as the chair allowed."""
    if tale.report is None:
        return
    to = _recipient(tale, chance.of("recipient"))
    permitted = PermitReportShare(
        conference=meeting.conference,
        report=tale.report,
        recipient=to,
        permitted_by=meeting.chair.ref,
        rationale=tale.words(phrases.PERMITTED) if chance.whether(0.9) else None,
    )
    tale.ask(permitted, meeting.chair)
    sent = ShareReport(
        conference=meeting.conference,
        report=tale.report,
        recipient=to,
        outside=chance.of("outside").whether(0.3),
    )
    by_leave = Naming(command=sent, field="permission", event="report-share-permitted")
    tale.ask(by_leave, tale.world.staff.administrator)
