"""The English case before its conference: called, laid out in two parts, prepared with the adult.

Everybody in it is invented.
"""

from __future__ import annotations

from typing import Final

from tests.doors.scripted import Json
from tests.doors.scripts.asked import At, Criticism, New, Paper, Step, The, Who, each, hour, step
from tests.doors.scripts.england_enquiry import AGENCIES, HELD

PLACE: Final = "The quiet room of the Larkfield Library, on the ground floor."
# Whom to ask: a name of the story's own, the role, the agency, what they are called.
GUESTS: Final = (
    ("chair", "chair", "council", "Femi Adair"),
    ("minute taker", "minute_taker", "council", "Lowri Penn"),
    ("officer", "investigating_officer", "council", "Oona Strake"),
    ("lawyer", "legal", "council", "Tamsin Orrell"),
    ("police", "police", "police", "Detective Sergeant Dilys Marr"),
    ("police manager", "agency_manager", "police", "Inspector Hugh Sallow"),
    ("nurse", "other_health", "health-trust", "Sunniva Hale"),
    ("health manager", "agency_manager", "health-trust", "Grace Oduya"),
    ("provider", "agency_manager", "meadow-home-care", "Petra Lisle"),
    ("GP", "gp", "larkfield-practice", "Dr Anselm Roe"),
)
_BOTH: Final = {"parts": [1, 2]}

_CALLED: Final = [
    step(
        "2025-01-29",
        "manager",
        "convene-conference",
        conference=New("conference"),
        kind="initial",
        reason="outcome_of_enquiry",
        planned_for=HELD,
        convened_role="lead_agency_manager",
        agencies=AGENCIES,
        rationale="The report is in, and four agencies have a part in what comes next.",
    ),
    step(
        "2025-01-29",
        "manager",
        "appoint-chair",
        conference=The("conference"),
        chair=Who("chair"),
        role="independent_chair",
        organisation="council",
        agency="social_work",
        basis="independent",
        line_management_link="no",
    ),
    step(
        "2025-01-29",
        "manager",
        "appoint-minute-taker",
        conference=The("conference"),
        minute_taker=Who("minute_taker"),
        organisation="council",
    ),
    *each(
        "2025-01-29",
        "practitioner",
        "invite-participant",
        [
            {
                "participant": New(who),
                "role": role,
                "organisation": agency,
                "name": name,
                # Bet and Ivor are asked to the second part alone.
                **_BOTH,
            }
            for who, role, agency, name in GUESTS
        ],
        conference=The("conference"),
    ),
    step(
        "2025-01-30",
        "chair",
        "plan-conference-part",
        conference=The("conference"),
        part=1,
        reason="criminal_investigation",
        professionals_only=True,
        planned_start=hour(HELD, "10:00"),
        planned_end=hour(HELD, "10:45"),
        rationale="The police have not yet decided whether to look further into the money.",
    ),
    step(
        "2025-01-30",
        "chair",
        "plan-conference-part",
        conference=The("conference"),
        part=2,
        reason="with_adult",
        planned_start=hour(HELD, "11:00"),
        planned_end=hour(HELD, "12:30"),
        rationale="She wants to be there, and wants her son to hear it from everybody.",
    ),
]

_ADULT: Final = [
    step(
        "2025-01-31",
        "practitioner",
        "invite-adult",
        conference=The("conference"),
        method="in_person",
        parts=[2],
        supports=["supporter", "transport"],
    ),
    step(
        "2025-01-31",
        "practitioner",
        "inform-adult-of-conference",
        conference=The("conference"),
        method="in_person",
        purpose_explained=True,
        attendees_named=True,
    ),
    step(
        "2025-01-31",
        "practitioner",
        "record-adult-attendance-view",
        conference=The("conference"),
        wishes_to_attend="yes",
        wishes_supporter="yes",
        view="I will come if Bet comes with me, and I want Ivor there.",
    ),
    step(
        "2025-01-31",
        "practitioner",
        "request-adult-supporter",
        conference=The("conference"),
        supporter=New("friend"),
        person=The("neighbour"),
        relationship="Her neighbour of thirty years",
    ),
    step(
        "2025-01-31",
        "practitioner",
        "invite-participant",
        conference=The("conference"),
        participant=The("friend"),
        role="supporter",
        person=The("neighbour"),
        name="Bet Tranmer",
        parts=[2],
        reason="She asked for her.",
    ),
    step(
        "2025-01-31",
        "practitioner",
        "invite-participant",
        conference=The("conference"),
        participant=New("son there"),
        role="family",
        person=The("son"),
        name="Ivor Pellow",
        parts=[2],
        reason="It is her express wish.",
    ),
    step(
        "2025-01-31",
        "chair",
        "decide-family-attendance",
        conference=The("conference"),
        participant=The("son there"),
        decision="attend_part",
        basis="adult_wish",
        alleged_to_have_caused_harm="yes",
        rationale="She asked for it twice, alone, and the police see no harm in the second part.",
    ),
    step(
        "2025-01-31",
        "chair",
        "answer-finding",
        finding=Criticism("family_alleged"),
        result="explained",
        reason="Her express wish, weighed with the police; he is in the second part alone.",
    ),
    step(
        "2025-02-03",
        "practitioner",
        "assess-adult-attendance-safety",
        conference=The("conference"),
        part=2,
        safe_to_attend="yes",
        wishes_to_attend="yes",
        assessed_by=Who("practitioner"),
        rationale="She sits between Bet and Oona, and can leave by a word agreed with the chair.",
    ),
    step(
        "2025-02-03",
        "practitioner",
        "make-access-arrangements",
        conference=The("conference"),
        venue=PLACE,
        access_needs=["hearing_loop", "large_print", "step_free_access"],
        adjustments=["accessible_venue", "transport", "breaks"],
    ),
    step(
        "2025-02-03",
        "practitioner",
        "arrange-adult-support",
        conference=The("conference"),
        needs=["supporter", "breaks", "transport"],
        arranged=["supporter", "breaks", "transport"],
    ),
    step(
        "2025-02-04",
        "practitioner",
        "record-adult-views",
        conference=The("conference"),
        method="in_person",
        views="I am not frightened of him. I am frightened of being moved.",
        own_words=True,
    ),
]

_PAPERS: Final = [
    step(
        "2025-02-05",
        "practitioner",
        "table-report",
        conference=The("conference"),
        report=The("report"),
        kind="investigation",
        organisation="council",
        content=Paper("the report of the enquiry"),
    ),
    *each(
        "2025-02-05",
        "practitioner",
        "table-report",
        [
            {"report": The("police report"), "organisation": "police"},
            {"report": The("nurse's report"), "organisation": "health-trust"},
            {"report": The("provider's report"), "organisation": "meadow-home-care"},
        ],
        conference=The("conference"),
        kind="agency",
    ),
    step(
        "2025-02-05",
        "practitioner",
        "table-report",
        conference=The("conference"),
        report=The("pharmacist's report"),
        kind="specialist",
        organisation="health-trust",
    ),
    step(
        "2025-02-05",
        "chair",
        "set-report-confidentiality",
        conference=The("conference"),
        arrangement="attendees_only",
        return_or_destroy="return",
        set_by=Who("chair"),
    ),
    step(
        "2025-02-06",
        "practitioner",
        "receive-apologies",
        conference=The("conference"),
        participant=The("GP"),
        reason="Surgery that morning.",
    ),
    step(
        "2025-02-06",
        "practitioner",
        "receive-written-contribution",
        conference=The("conference"),
        participant=The("GP"),
        organisation="larkfield-practice",
        summary="She should have the blood-thinner at the same hour each day, for good.",
    ),
    step(
        "2025-02-06",
        "chair",
        "permit-report-share",
        conference=The("conference"),
        report=The("nurse's report"),
        recipient={
            "participant": The("GP"),
            "role": "gp",
            "organisation": "larkfield-practice",
        },
        permitted_by=Who("chair"),
        rationale="He treats her for what it is about, and cannot come.",
    ),
    step(
        "2025-02-06",
        "practitioner",
        "share-report",
        conference=The("conference"),
        report=The("nurse's report"),
        recipient={
            "participant": The("GP"),
            "role": "gp",
            "organisation": "larkfield-practice",
        },
        permission=At("permit-report-share"),
    ),
]

PREPARED: Final[list[Step]] = [*_CALLED, *_ADULT, *_PAPERS]


def line(who: str, role: str, agency: str | None, took: str, how: str = "attended") -> Json:
    """Give a line of the attendance grid: with the part they took, and authority to decide."""
    said: Json = {"participant": The(who), "role": role, "attendance": how}
    if agency is not None:
        said |= {"organisation": agency, "delegated_authority": "yes"}
    return {**said, "participation": took} if took else said
