"""What a few stories say more of the concern and whose case it is; and of people."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from api.demonstration.fuller import At, More, Value, more, other
from domain.allocation import AllocateCase, UnallocateCase
from domain.concern import (
    AddAllegation,
    Allegation,
    LinkReferral,
    ReceiveReferral,
    RecordCommunicationNeeds,
    RecordImmediateSafetyAction,
)
from domain.conclusion import ConcludeEnquiry
from domain.conference import ConveneConference
from domain.duty import CountConcern
from domain.handle import local_day
from domain.intake import (
    AcknowledgeReferral,
    ContactEmergencyServices,
    OverrideConsentToShare,
    RecordConsentToShare,
    ReportCrime,
    TransferCase,
)
from domain.person import RecordPersonDetails, RegisterPerson
from domain.reference import AddCaseReference
from domain.words import (
    AllegationRef,
    Code,
    DocumentRef,
    ExternalReference,
    Slug,
    WorkerRef,
)

_NEIGHBOUR: Final = Slug("neighbouring-council")
TAKEN_AWAY: Final = "Kept from going out by having their shoes taken away."


def document(at: At) -> DocumentRef:
    """Give the reference of a document that is kept elsewhere."""
    return DocumentRef(at.chance.ref())


def numbered(system: str, number: str) -> Value:
    """Give what another system calls it."""
    return lambda at: ExternalReference(system=Slug(system), id=at.words(number))


def whoever(at: At) -> WorkerRef:
    """Give whoever asks."""
    return at.step.actor.worker


def manager(at: At) -> WorkerRef:
    """Give whoever manages the team."""
    return at.story.team.manager.ref


# ------------------------------------------------------------------------------- the concern


def _first_of_other_type(at: At) -> Value:
    first, *rest = at.command.allegations
    return (replace(first, type=Code("other"), type_other=at.words(TAKEN_AWAY)), *rest)


def _one_more(at: At) -> Value:
    (first,) = at.before(ReceiveReferral)
    old = first.allegations[0]
    named = at.world.law.lists["abuse_type"]
    kind = Code("other" if "other" in named else "psychological")
    found = Allegation(
        ref=AllegationRef(at.chance.ref()),
        type=kind,
        type_other=at.words(TAKEN_AWAY) if kind == Code("other") else None,
        source=old.source,
        location=Code("other"),
        location_other=at.words("The changing room of the swimming baths."),
        detail=at.words("Told to the referrer by the adult."),
    )
    return (found,)


def _leads_nowhere(at: At) -> bool:
    return (
        not at.command.allegations
        and not at.story.conference
        and "repeats_singly" not in at.story.fails
        and not at.after(ConcludeEnquiry)
    )


def _says_nothing_more(at: At) -> bool:
    return not at.command.allegations and not at.story.conference and not at.story.fails


def _added(at: At) -> Value:
    return replace(at.command.allegation, type=Code("other"), type_other=at.words(TAKEN_AWAY))


_CONCERN: Final = (
    other(ReceiveReferral, "channel", "A note put through the door of the office."),
    other(ReceiveReferral, "referrer_role", "The driver of the community bus."),
    more(
        ReceiveReferral,
        where=lambda at: (
            at.command.referrer_role != "anonymous" and at.command.referrer_organisation is None
        ),
        other_authority=_NEIGHBOUR,
    ),
    more(
        ReceiveReferral,
        where=lambda at: (
            at.world.law.decides_abuse and at.story.goes_on == "enquiry" and not at.story.fails
        ),
        stage=Code("threshold_met"),
    ),
    more(
        ReceiveReferral,
        times=1,
        where=lambda at: (
            at.knows("abuse_type")
            and at.command.allegations[0].source != "known_self"
            and not at.story.conference
            and bool(at.after(ConcludeEnquiry))
        ),
        allegations=_first_of_other_type,
    ),
    other(LinkReferral, "channel", "Said in passing to the worker who had come to the house."),
    other(LinkReferral, "referrer_role", "The warden of the allotments."),
    more(
        LinkReferral,
        where=lambda at: at.command.referrer_role != "anonymous" and not at.story.fails,
        times=4,
        reason=Code("new_information"),
        referrer="Named in the form.",
        referrer_confidential=Code("yes"),
        external=lambda at: (numbered("police", "FB/40217")(at),),
    ),
    more(
        LinkReferral,
        where=lambda at: at.command.referrer_role in {"gp", "district_nurse", "other_health"},
        referrer_organisation=Slug("gp-practice"),
    ),
    more(LinkReferral, where=_leads_nowhere, times=1, allegations=_one_more),
    more(
        LinkReferral,
        where=lambda at: at.knows("abuse_type") and _says_nothing_more(at),
        allegations=_one_more,
    ),
    more(AddAllegation, times=1, where=lambda at: at.knows("abuse_type"), allegation=_added),
    other(
        RecordImmediateSafetyAction, "action", "A neighbour with a key stays the night.", times=2
    ),
    more(
        RecordImmediateSafetyAction,
        where=lambda at: bool(at.after(ConveneConference)),
        conference_needed=True,
    ),
    other(RecordCommunicationNeeds, "needs", "Nobody sits on the left, where hearing is poor."),
    more(
        RecordCommunicationNeeds,
        where=lambda at: "interpreter" in at.command.needs,
        times=4,
        language="Polish; reads English well.",
    ),
    more(
        AddCaseReference,
        times=2,
        reference=numbered("document-store", "DOC/20417"),
        target=1,  # a case begins with its referral
    ),
    more(CountConcern, reason="Came in on a Friday evening, and counts for the week it came in."),
    more(AcknowledgeReferral, times=4, note="Asked to ring again if anything changes."),
    other(ContactEmergencyServices, "services", "The coastguard, since the adult was out at sea."),
    more(
        ContactEmergencyServices,
        times=4,
        where=lambda at: at.command.services_other is None,
        external=numbered("police", "IN/58113"),
        reason="Shouting could be heard over the telephone.",
    ),
    more(ReportCrime, times=4, note="The bed linen was kept, as the police asked."),
    more(
        RecordConsentToShare,
        times=9,
        where=lambda at: at.command.answer == "given_in_part",
        limits="Not with the brother, and nothing about money.",
    ),
    other(OverrideConsentToShare, "ground", "A grandchild stays there at weekends."),
    other(
        TransferCase,
        "reason",
        "Moved house while it was being looked into.",
        rationale="They have taken it on from the day of the move.",
    ),
    more(TransferCase, times=4, continuing="Visits go on from here until theirs begin."),
)

# --------------------------------------------------------------------------- whose case it is


def _in_six_weeks(at: At) -> Value:
    return local_day(at.step.moment) + timedelta(weeks=6)


_ALLOCATION: Final = (
    more(
        AllocateCase,
        times=3,
        where=lambda at: at.command.reason == "worker_left",
        reason=Code("absence_cover"),
        cover_until=_in_six_weeks,
    ),
    other(AllocateCase, "reason", "Speaks Polish, as the adult does."),
    other(UnallocateCase, "reason", "The post is vacant since the team was divided."),
)

# ---------------------------------------------------------------------------------- people


def _with_details(**said: str) -> Value:
    def details(at: At) -> Any:  # noqa: ANN401 — of a person
        return replace(at.command.details, **{name: at.words(text) for name, text in said.items()})

    return details


def _gender(at: At) -> str:
    told = at.command.details.gender or at.before(RegisterPerson)[0].details.gender
    return str(told.text)


def _registered(at: At) -> bool:
    return any(one.details.address is not None for one in at.before(RegisterPerson))


def _reached(at: At) -> Value:
    """Say what they are called at home, and how they are reached; the numbers are nobody's."""
    short = at.chance.one(_SHORT.get(_gender(at), ("Jo",)))
    return _with_details(
        known_as=short,
        language=at.chance.one(("English", "English and Welsh", "English and Polish")),
        telephone=f"01632 960{at.chance.between(100, 999)}",
        email=f"{short.lower()}{at.chance.between(10, 99)}@fabledon.example",
        gp=at.chance.one(("The Sandlemere practice", "The surgery in Mossgarth Street")),
    )(at)


def _anew(at: At) -> Value:
    """Say it all anew, as the practice has it."""
    born = at.before(RegisterPerson)[0].details.date_of_birth.text
    return _with_details(
        name="Ines Marrowby-Foxtarn",
        known_as="Nessie",
        date_of_birth=born,
        gender="female",
        ethnicity="white",
        accommodation="supported",
        address="14 Specimen Lane, Fabledon",
        postcode="ZZ99 3ZZ",
        email="nessie@fabledon.example",
        gp="The Sandlemere practice",
    )(at)


_SHORT: Final = {
    "female": ("Peg", "Netta", "Dolly", "Josie", "Win"),
    "male": ("Sandy", "Mac", "Ted", "Jock", "Bertie"),
}
_PEOPLE: Final = (
    more(
        RegisterPerson,
        times=12,
        where=lambda at: at.command.details.address is not None,
        details=_reached,
    ),
    more(
        RegisterPerson,
        where=lambda at: at.command.details.address is not None,
        details=_with_details(
            accommodation="other", accommodation_other="A narrow boat, moored for the winter."
        ),
    ),
    more(
        RecordPersonDetails,
        times=1,
        where=lambda at: _registered(at) and _gender(at) == "female",
        told_by=Slug("gp-practice"),
        details=_anew,
    ),
    more(
        RecordPersonDetails,
        times=1,
        where=lambda at: _registered(at) and at.command.told_by is None,
        details=_with_details(
            gender="other",
            gender_other="Prefers another word.",
            accommodation="other",
            accommodation_other="A caravan on the farm.",
        ),
    ),
)

COMING: Final[tuple[More, ...]] = (*_CONCERN, *_ALLOCATION, *_PEOPLE)
