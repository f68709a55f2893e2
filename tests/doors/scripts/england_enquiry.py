"""The English case from the concern to the report of the enquiry.

Everybody in it is invented.
"""

from __future__ import annotations

from typing import Final

from tests.doors.scripts.asked import New, Own, Paper, Step, The, Who, each, step

RECEIVED: Final = "2025-01-06"  # a Monday
HELD: Final = "2025-02-10"
PEOPLE: Final = {
    "adult": {"name": "Nora Pellow", "date_of_birth": "1938-04-11", "gender": "female"},
    "son": {"name": "Ivor Pellow", "date_of_birth": "1966-09-30"},
    "neighbour": {"name": "Bet Tranmer"},
}
WORKERS: Final = {
    "practitioner": "Oona Strake",
    "manager": "Judith Vane",
    "chair": "Femi Adair",
    "minute_taker": "Lowri Penn",
}
AGENCIES: Final = ["council", "police", "health-trust", "meadow-home-care"]

_CAME_IN: Final = [
    step(
        RECEIVED,
        "practitioner",
        "receive-referral",
        adult=The("adult"),
        received=RECEIVED,
        channel="telephone",
        referrer="Sunniva Hale",
        referrer_role="district_nurse",
        referrer_organisation="health-trust",
        adult_told="yes",
        consent="given",
        account="Tablets for nine days are untouched, and cash was drawn on days she was in bed.",
        allegations=[
            {
                "ref": New("neglect"),
                "type": "neglect",
                "source": "known_relative",
                "location": "own_home",
                "detail": "Her son, who gives her the tablets, left them untouched for nine days.",
            },
            {
                "ref": New("money"),
                "type": "financial",
                "source": "known_relative",
                "location": "own_home",
                "detail": "Cash of 1,140 pounds was drawn with her card in December.",
            },
        ],
    ),
    step(
        RECEIVED,
        "practitioner",
        "record-immediate-safety-action",
        action="medical_attention",
        by="health-trust",
        description="The GP saw her the same afternoon and put the tablets right.",
    ),
    step(
        RECEIVED,
        "practitioner",
        "record-communication-needs",
        needs=["hearing_loop", "large_print"],
    ),
    step(RECEIVED, "practitioner", "acknowledge-referral", method="telephone"),
    step(
        RECEIVED,
        "practitioner",
        "record-consent-to-share",
        answer="given",
        given_by="adult",
        recipients=["police", "health-trust", "meadow-home-care"],
    ),
    step("2025-01-07", "practitioner", "count-concern", counted=True, rule="framework_2020"),
    step(
        "2025-01-07",
        "manager",
        "decide-duty",
        criteria=[
            {"criterion": one, "answer": "yes"}
            for one in ("needs_care_and_support", "abuse_or_neglect", "unable_to_protect")
        ],
        result="section_42",
        decided_on="2025-01-07",
        rationale="She depends on her son for her tablets and cannot get to the bank herself.",
    ),
    step(
        "2025-01-07",
        "practitioner",
        "open-enquiry",
        enquiry=New("enquiry"),
        kind="section_42",
        opened_on="2025-01-07",
        scope="The tablets since November, and the money since October.",
    ),
    step(
        "2025-01-07",
        "manager",
        "allocate-case",
        worker=Who("practitioner"),
        team="north-team",
        reason="first_allocation",
    ),
    step(
        "2025-01-07",
        "manager",
        "appoint-officer",
        officer=Who("practitioner"),
        organisation="council",
        authorised="yes",
    ),
    step(
        "2025-01-07",
        "practitioner",
        "identify-pach",
        person=The("son"),
        allegations=[The("neglect"), The("money")],
        adult_at_risk="no",
    ),
]

_ENQUIRY: Final = [
    step(
        "2025-01-08",
        "practitioner",
        "hold-planning-meeting",
        method="video",
        agencies=["council", "police", "health-trust"],
        chair=Who("manager"),
        decision="enquire",
        tasks="Oona sees her alone; the police ask the bank; the trust checks the tablets.",
        rationale="Nobody has spoken with her alone yet.",
    ),
    step(
        "2025-01-09",
        "practitioner",
        "record-adult-seen",
        alone="yes",
        place="own_home",
        by=Who("practitioner"),
        organisation="council",
        account="He is a good lad. He gets muddled with the tablets and I do not like to say.",
    ),
    step(
        "2025-01-09",
        "practitioner",
        "record-desired-outcome",
        asked="expressed",
        outcome=Own("wish"),
        words="I want to stay in my own home and I want my money where I can see it.",
        expressed_by="adult",
    ),
    step(
        "2025-01-09",
        "practitioner",
        "record-capacity-decision",
        decision="own_safety",
        answer="has_capacity",
        assessed_by=Who("practitioner"),
        assessor_role="social_worker",
        evidence="She said what could happen if nothing changes, and weighed it.",
        support="The hearing loop was on, and it was done in two short talks.",
    ),
    step(
        "2025-01-09",
        "practitioner",
        "record-capacity-decision",
        decision="other",
        decision_other="Whether Ivor keeps a key to the house",
        answer="has_capacity",
        assessed_by=Who("practitioner"),
        assessor_role="social_worker",
        evidence="She said why he has one, and what she would do if he lost it.",
    ),
    step(
        "2025-01-09",
        "practitioner",
        "assess-substantial-difficulty",
        result="no",
        appropriate_person="yes",
        person=The("neighbour"),
        evidence="She followed all of it with the loop on.",
    ),
    step(
        "2025-01-09",
        "practitioner",
        "consider-advocacy",
        decision="offered_declined",
        substantial_difficulty="no",
        rationale="She would rather have Bet beside her.",
    ),
    step(
        "2025-01-09",
        "practitioner",
        "give-advocacy-information",
        access_explained="yes",
        note="The large-print leaflet was left with her.",
    ),
    step(
        "2025-01-09",
        "practitioner",
        "assess-risk",
        level="high",
        recurrence="likely",
        factors="The tablets thin her blood; nobody else sees whether she takes them.",
        rationale="Nine days without them could have cost her life.",
    ),
    step(
        "2025-01-09",
        "practitioner",
        "agree-interim-plan",
        plan=New("interim plan"),
        measures=["support_increased"],
        description="Meadow Home Care gives the tablets each morning from tomorrow.",
        agreed_with="adult",
        review_on=HELD,
    ),
    *each(
        "2025-01-09",
        "practitioner",
        "request-agency-report",
        [{"agency": one} for one in AGENCIES[1:]],
        due_on="2025-01-24",
    ),
    step(
        "2025-01-22",
        "practitioner",
        "receive-agency-report",
        agency="police",
        report=New("police report"),
        summary="The bank shows eleven withdrawals with her card; he says she asked him to.",
    ),
    step(
        "2025-01-23",
        "practitioner",
        "receive-agency-report",
        agency="health-trust",
        report=New("nurse's report"),
        summary="Her blood was out of range on 3 January and back in range on 20 January.",
    ),
    step(
        "2025-01-24",
        "practitioner",
        "receive-agency-report",
        agency="meadow-home-care",
        report=New("provider's report"),
        summary="Every morning visit since 10 January was made, and the tablets given.",
    ),
    step(
        "2025-01-27",
        "practitioner",
        "submit-investigation-report",
        report=New("pharmacist's report"),
        kind="specialist",
        organisation="health-trust",
        author_role="health",
        covers=[The("neglect")],
        summary="One dose, at the same hour each day, would be as good and is harder to muddle.",
    ),
    step(
        "2025-01-28",
        "practitioner",
        "submit-investigation-report",
        report=New("report"),
        author=Who("practitioner"),
        organisation="council",
        covers=[The("neglect"), The("money")],
        states_wishes="yes",
        proposes_outcomes="yes",
        content=Paper("the report of the enquiry"),
        summary="Tablets were missed because he was muddled; of the money 640 pounds has no story.",
        told=("police", "health-trust"),
    ),
]

ENQUIRY: Final[list[Step]] = [*_CAME_IN, *_ENQUIRY]
