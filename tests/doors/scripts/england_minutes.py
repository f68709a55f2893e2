"""The English case after its conference: minutes, copies, what people were told, the plan.

Everybody in it is invented.
"""

from __future__ import annotations

from typing import Any, Final

from tests.doors.scripted import Json
from tests.doors.scripts.asked import At, New, Paper, Step, The, Who, step
from tests.doors.scripts.england_invited import GUESTS

MASTER: Final = Paper("the approved minutes of the conference")
COPY: Final = Paper("the copy of the second part")
_AT: Final[Json] = {"conference": The("conference")}


def _took(day: str, command: str, /, **fields: Any) -> Step:  # noqa: ANN401 — any JSON
    """Give a step of the minute taker's."""
    return step(day, "minute_taker", command, **_AT, **fields)


UNSHARED: Final = "The bank's pictures may show somebody else at the machine, a Mr Gorse."
SPOKEN: Final = "I will not be moved like a parcel, and I will not have him shouted at."
_WRITTEN: Final = [
    step(
        "2025-02-11",
        "practitioner",
        "give-feedback",
        **_AT,
        audience="adult",
        content="outcome_and_plan",
        method="in_person",
        detail="She asked that the nurse use the back door, and nothing else.",
    ),
    step("2025-02-11", "practitioner", "send-plan-to-adult", plan=The("plan"), method="by_hand"),
    step(
        "2025-02-11",
        "practitioner",
        "give-feedback",
        **_AT,
        audience="pach",
        content="limited",
        method="in_person",
    ),
    step(
        "2025-02-11",
        "practitioner",
        "give-feedback",
        audience="referrer",
        content="limited",
        method="telephone",
    ),
    _took(
        "2025-02-12",
        "write-minute-passage",
        number=1,
        section="discussion",
        part=1,
        text="The police said what the bank holds, and asked that it stay in the room.",
        origin="typed",
    ),
    _took(
        "2025-02-12",
        "write-minute-passage",
        number=2,
        section="discussion",
        part=1,
        text=UNSHARED,
        origin="typed",
    ),
    _took(
        "2025-02-12",
        "write-minute-passage",
        number=3,
        section="discussion",
        part=2,
        text=SPOKEN,
        origin="verbatim",
    ),
    _took(
        "2025-02-12",
        "write-minute-passage",
        number=4,
        section="discussion",
        part=2,
        text="Her son said he had muddled the boxes, and was sorry, and wants to be shown.",
        origin="ai_drafted",
        tool="north-drafter",
    ),
    _took(
        "2025-02-12",
        "write-minute-passage",
        number=5,
        section="discussion",
        part=2,
        text="Meadow Home Care said she had refused on two mornings.",
        origin="typed",
    ),
    step("2025-02-12", "chair", "attest-minute-passage", **_AT, numbers=[1, 2, 3, 4, 5]),
    _took(
        "2025-02-12",
        "draft-minutes",
        document=New("draft"),
        form="multi_agency",
        digest=Paper("the draft"),
        decisions=[At("agree-plan"), At("decide-further-conference")],
        from_record=True,
    ),
    step(
        "2025-02-13",
        "practitioner",
        "request-minute-amendment",
        **_AT,
        amendment=New("amendment"),
        participant=The("provider"),
        role="agency_manager",
        organisation="meadow-home-care",
        passage=5,
        wanted="That the two mornings are 4 and 5 December.",
        reason="The rota has them.",
    ),
    step(
        "2025-02-14",
        "chair",
        "accept-minute-amendment",
        **_AT,
        amendment=The("amendment"),
        reason="The rota was seen at the meeting.",
    ),
    _took(
        "2025-02-14",
        "write-minute-passage",
        number=5,
        section="discussion",
        part=2,
        text="Meadow Home Care said she had refused on 4 and 5 December.",
        origin="typed",
        amendment=The("amendment"),
    ),
    step("2025-02-14", "chair", "attest-minute-passage", **_AT, numbers=[5]),
    _took(
        "2025-02-14",
        "draft-minutes",
        document=New("minutes"),
        form="multi_agency",
        digest=MASTER,
        from_record=True,
    ),
    step("2025-02-17", "chair", "approve-minutes", **_AT, document=The("minutes"), master=MASTER),
]

# He could not come, and was permitted the one report that concerns him.
_WITH_REPORT: Final[Json] = {
    "reports": [The("nurse's report")],
    "report_permission": At("permit-report-share"),
}
_SENT: Final = [
    step(
        "2025-02-17",
        "practitioner",
        "assess-minutes-share-risk",
        **_AT,
        role="adult",
        result="safe_redacted",
        assessed_by=Who("practitioner"),
        rationale="Her own part is safe with her; who else the bank saw is not hers to know.",
    ),
    step(
        "2025-02-17",
        "chair",
        "produce-redacted-copy",
        **_AT,
        source=MASTER,
        copy=COPY,
        redactions=[
            {"ground": "part_not_attended", "part": 1, "decided_by": Who("chair")},
            {"ground": "third_party", "passages": [2], "decided_by": Who("chair")},
            {
                "ground": "criminal_investigation",
                "sections": ["pach"],
                "decided_by": Who("manager"),
            },
        ],
    ),
    step(
        "2025-02-17",
        "manager",
        "decide-carer-disclosure",
        **_AT,
        carer=The("son"),
        decided_by=Who("manager"),
        decided_role="managing_officer",
        pach_information="outcome_only",
        basis="adults_permission",
        rationale="He is the person alleged; what the police do is theirs to tell.",
    ),
    step(
        "2025-02-17",
        "chair",
        "permit-release",
        what="minutes",
        role="gp",
        organisation="larkfield-practice",
        basis="chairs_permission",
        rationale="He could not come, and looks after her.",
    ),
    step(
        "2025-02-17",
        "chair",
        "permit-release",
        what="minutes",
        person=The("son"),
        role="family",
        basis="adults_permission",
        pach_information="What was found, and no more.",
        rationale="She wants him to have what he heard.",
    ),
    step(
        "2025-02-18",
        "minute_taker",
        "circulate-minutes",
        **_AT,
        recipients=[
            *(
                {
                    "participant": The(who),
                    "role": role,
                    "organisation": agency,
                    "copy": MASTER,
                    "source": MASTER,
                    "method": "secure_email",
                    "basis": "information_sharing",
                    **(_WITH_REPORT if who == "GP" else {}),
                }
                for who, role, agency, _name in GUESTS
            ),
            {
                "role": "adult",
                "person": The("adult"),
                "parts": [2],
                "copy": COPY,
                "source": MASTER,
                "method": "by_hand",
                "basis": "attended",
            },
            {
                "participant": The("son there"),
                "role": "family",
                "person": The("son"),
                "parts": [2],
                "copy": COPY,
                "source": MASTER,
                "method": "post",
                "basis": "adults_permission",
                "authority": At("permit-release"),
            },
        ],
    ),
    step(
        "2025-02-18",
        "chair",
        "permit-release",
        what="minutes",
        person=The("neighbour"),
        role="supporter",
        basis="adults_permission",
        rationale="She wants Bet to keep a copy for her.",
    ),
    step(
        "2025-02-18",
        "minute_taker",
        "circulate-minutes",
        **_AT,
        recipients=[
            {
                "participant": The("friend"),
                "role": "supporter",
                "person": The("neighbour"),
                "parts": [2],
                "copy": COPY,
                "source": MASTER,
                "method": "by_hand",
                "basis": "adults_permission",
                "authority": At("permit-release"),
            },
        ],
    ),
    step(
        "2025-02-20",
        "practitioner",
        "raise-issue",
        issue=New("issue"),
        **_AT,
        plan=The("plan"),
        about="plan",
        raised_by="adult",
        words="Nine is too early. I am an old woman. Half past.",
    ),
    step(
        "2025-02-21",
        "practitioner",
        "respond-to-issue",
        issue=The("issue"),
        outcome="changed",
        response="The nurse comes at half past nine from Monday.",
        answered_by=Who("chair"),
    ),
    step("2025-02-12", "practitioner", "complete-action", action=The("tablets"), result="done"),
    step("2025-02-21", "practitioner", "complete-action", action=The("statement"), result="done"),
    step("2025-02-24", "practitioner", "complete-action", action=The("visits"), result="done"),
    step(
        "2025-03-10",
        "practitioner",
        "receive-agency-report",
        agency="police",
        report=New("pictures"),
        summary="The pictures show her son and nobody else.",
    ),
    step(
        "2025-03-10",
        "practitioner",
        "record-proceedings-outcome",
        proceedings=The("criminal proceedings"),
        outcome="insufficient_evidence",
        decided_on="2025-03-10",
        note="She says she gave it to him, and he says so too.",
    ),
    step(
        "2025-03-10",
        "practitioner",
        "complete-action",
        action=The("police interview"),
        result="done",
    ),
    step(
        "2025-03-14", "practitioner", "complete-action", action=The("carer's course"), result="done"
    ),
]

MINUTES: Final[list[Step]] = [*_WRITTEN, *_SENT]
