"""The meetings of the Scottish year: the initial conference, core groups, reviews.

Everybody in it is invented.
"""

from __future__ import annotations

from typing import Final

from tests.doors.scripted import Json
from tests.doors.scripts.asked import New, Paper, Step, The, Who, each, hour, step
from tests.doors.scripts.scotland_inquiry import AGENCIES

# Four weeks from meeting to meeting; a review within three months takes a core group's place.
CORE_GROUPS: Final = (
    ("2024-03-27", "partly_effective", "The door is mended; he still stands in the street."),
    ("2024-04-24", "effective", "Nobody has been in since the order."),
    ("2024-06-19", "effective", "She goes to the shop by herself again."),
    ("2024-07-17", "effective", "The bank asks her, and she answers."),
    ("2024-09-11", "partly_effective", "The order ended; he was seen once, at the bus stop."),
    ("2024-10-09", "effective", "He has moved to another town."),
    ("2024-12-04", "effective", "A quiet month."),
    ("2024-12-31", "effective", "She had her sister for Christmas."),
)
REVIEWS: Final = (
    ("2024-05-22", "at_risk", "The order keeps him away, and nothing else yet does."),
    ("2024-08-14", "at_risk", "What holds when the order ends is not tried yet."),
    ("2024-11-06", "at_risk", "He has gone, and three months are to show it."),
    ("2025-01-28", "not_at_risk", "He is gone, the door is hers, and she manages her money."),
)
GUESTS: Final = (
    ("chair", "chair", "council", "Shona Lammer"),
    ("minute taker", "minute_taker", "council", "Eck Fala"),
    ("officer", "investigating_officer", "council", "Morna Teviot"),
    ("police", "agency_manager", "police", "Sergeant Iain Carrick"),
    ("nurse", "agency_manager", "health-board", "Mhairi Lorne"),
    ("landlord", "agency_manager", "calder-housing", "Calum Esk"),
    ("advocate", "advocate", "tay-advocacy", "Isla Roan"),
)
BANNED: Final = "2024-03-08"
BAN_ENDS: Final = "2024-09-06"


def called(name: str, kind: str, reason: str, asked: str, day: str) -> list[Step]:
    """Call a meeting: who leads it, who is asked, and what she is told of it."""
    meeting: Json = {"conference": The(name)}
    return [
        step(
            asked,
            "manager",
            "convene-conference",
            conference=New(name),
            kind=kind,
            reason=reason,
            planned_for=day,
            convened_role="lead_agency_manager",
            agencies=AGENCIES,
        ),
        step(
            asked,
            "manager",
            "appoint-chair",
            **meeting,
            chair=Who("chair"),
            role="operations_manager",
            organisation="council",
            agency="social_work",
        ),
        step(
            asked,
            "manager",
            "appoint-minute-taker",
            **meeting,
            minute_taker=Who("minute_taker"),
            organisation="council",
        ),
        *each(
            asked,
            "practitioner",
            "invite-participant",
            [
                {
                    "participant": New(f"{who}, {name}"),
                    "role": role,
                    "organisation": agency,
                    "name": called,
                }
                for who, role, agency, called in GUESTS
            ],
            **meeting,
        ),
        *_told(name, asked),
    ]


def _told(name: str, asked: str) -> list[Step]:
    """Ask her to a meeting, tell her of it, and arrange what she needs."""
    meeting: Json = {"conference": The(name)}
    return [
        step(
            asked,
            "practitioner",
            "invite-adult",
            **meeting,
            method="easy_read",
            supports=["advocate"],
        ),
        step(
            asked,
            "practitioner",
            "inform-adult-of-conference",
            **meeting,
            method="in_person",
            purpose_explained=True,
            attendees_named=True,
        ),
        step(
            asked,
            "practitioner",
            "record-adult-attendance-view",
            **meeting,
            wishes_to_attend="yes",
            wishes_supporter="no",
        ),
        step(
            asked,
            "practitioner",
            "arrange-adult-support",
            **meeting,
            needs=["advocate", "breaks"],
            arranged=["advocate", "breaks", "quiet_space"],
        ),
    ]


def parts(name: str, day: str, adult_took: str) -> list[Json]:
    """Give the one part of a meeting, with her and everybody in it."""
    return [
        {
            "number": 1,
            "reason": "whole",
            "started": hour(day, "14:00"),
            "ended": hour(day, "15:10"),
            "attendances": [
                {"role": "adult", "attendance": "attended", "participation": adult_took},
                *(
                    {
                        "participant": The(f"{who}, {name}"),
                        "role": role,
                        "organisation": agency,
                        "attendance": "attended",
                        "delegated_authority": "yes",
                        "participation": _TOOK[who],
                    }
                    for who, role, agency, _called_so in GUESTS
                ),
            ],
        }
    ]


_TOOK: Final = {
    "chair": "Led it, and gave her the first and the last word.",
    "minute taker": "Took the notes.",
    "officer": "Said what the visits showed.",
    "police": "Said what the police know.",
    "nurse": "Said how she is.",
    "landlord": "Said how the house stands.",
    "advocate": "Spoke for her where she asked.",
}


def written(name: str, held: str, drafted: str, sent: str) -> list[Step]:
    """Draft, approve and send the minutes of a meeting, to everybody and to her."""
    meeting: Json = {"conference": The(name)}
    return [
        step(
            held,
            "minute_taker",
            "keep-raw-notes",
            **meeting,
            document=New(f"notes, {name}"),
            form="typed",
        ),
        step(
            held,
            "minute_taker",
            "circulate-decisions",
            **meeting,
            recipients=[
                {"role": role, "organisation": agency, "method": "secure_email"}
                for _who, role, agency, _called_so in GUESTS
            ],
        ),
        *_minuted(name, drafted, sent),
    ]


def _minuted(name: str, drafted: str, sent: str) -> list[Step]:
    """Tell her what came of it, and write, approve and send the minutes."""
    meeting: Json = {"conference": The(name)}
    master = Paper(f"the minutes of the {name}")
    return [
        step(
            drafted,
            "practitioner",
            "give-feedback",
            **meeting,
            audience="adult",
            content="outcome_and_plan",
            method="in_person",
        ),
        step(
            drafted,
            "minute_taker",
            "draft-minutes",
            **meeting,
            document=New(f"minutes, {name}"),
            form="authority",
            digest=master,
            from_record=True,
        ),
        step(
            drafted,
            "chair",
            "approve-minutes",
            **meeting,
            document=The(f"minutes, {name}"),
            master=master,
        ),
        step(
            drafted,
            "practitioner",
            "assess-minutes-share-risk",
            **meeting,
            role="adult",
            result="safe",
            assessed_by=Who("practitioner"),
        ),
        step(
            sent,
            "minute_taker",
            "circulate-minutes",
            **meeting,
            recipients=[
                *(
                    {
                        "participant": The(f"{who}, {name}"),
                        "role": role,
                        "organisation": agency,
                        "copy": master,
                        "source": master,
                        "method": "secure_email",
                        "basis": "information_sharing",
                    }
                    for who, role, agency, _called_so in GUESTS
                ),
                {
                    "role": "adult",
                    "person": The("adult"),
                    "copy": master,
                    "source": master,
                    "method": "read_aloud",
                    "basis": "attended",
                },
            ],
        ),
    ]


def heard(name: str, day: str, views: str, response: str) -> list[Step]:
    """Hear her, her advocate, the report of the inquiry and every agency."""
    meeting: Json = {"conference": The(name)}
    return [
        step(
            day,
            "chair",
            "present-adult-views",
            **meeting,
            presenter_role="adult",
            views=views,
            own_words=True,
            response=response,
        ),
        step(
            day,
            "chair",
            "record-advocate-contribution",
            **meeting,
            organisation="tay-advocacy",
            speaks_for="adult",
            views="She asks that nobody speaks of her as if she were out.",
            response="The chair said so to the room.",
        ),
        step(
            day,
            "chair",
            "explain-risk-to-adult",
            **meeting,
            by=Who("practitioner"),
            method="in_person",
            risks="That he may come back.",
            sensitive="yes",
        ),
        step(
            day,
            "chair",
            "consider-report",
            **meeting,
            kind="investigation",
            organisation="council",
            stated_wishes="yes",
            proposed_outcomes="yes",
        ),
        *each(
            day,
            "chair",
            "consider-report",
            [{"organisation": one} for one in AGENCIES[1:]],
            **meeting,
            kind="agency",
        ),
        *each(
            day,
            "chair",
            "record-agency-position",
            [{"organisation": one} for one in (*AGENCIES, "tay-advocacy")],
            **meeting,
            position="agrees",
        ),
        *each(
            day,
            "chair",
            "record-agency-agreement",
            [{"organisation": one} for one in AGENCIES],
            **meeting,
            matters=["risk", "need", "plan"],
            agrees="yes",
        ),
    ]
