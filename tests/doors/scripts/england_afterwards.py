"""After the English meeting: a service that came late, a plan for a friend, a word put right.

Everybody in it is invented.
"""

from __future__ import annotations

from typing import Final

from tests.doors.scripts.asked import At, New, Step, The, each, step

RECIPIENTS: Final = 11  # whoever has minutes of the review, or the plan, of after those words
AFTERWARDS: Final[list[Step]] = [
    step(
        "2025-02-19",
        "manager",
        "permit-release",
        what="plan",
        person=The("neighbour"),
        role="supporter",
        basis="adults_permission",
        rationale="Bet reads it to her when her eyes are bad.",
    ),
    step(
        "2025-02-19",
        "practitioner",
        "send-plan-to-nominee",
        plan=The("plan"),
        participant=The("friend"),
        role="supporter",
        person=The("neighbour"),
        basis="adults_permission",
        authority=At("permit-release"),
    ),
    step(
        "2025-03-04",
        "practitioner",
        "explain-overdue-action",
        action=The("rest"),
        reason="other",
        reason_other="The carer who was to begin has hurt her wrist",
        expected="2025-03-17",
        note="Somebody else takes the first afternoon, on the eleventh.",
    ),
    step(
        "2025-03-17",
        "practitioner",
        "complete-action",
        action=The("rest"),
        result="done",
        note="He went to the match.",
    ),
    step(
        "2025-04-14",
        "practitioner",
        "request-rectification",
        request=New("put right"),
        asked_by="adult",
        person=The("adult"),
        targets=[At("raise-issue")],
        assertion="opinion",
        text="I said a slow woman. I never said old.",
    ),
    step(
        "2025-04-16",
        "practitioner",
        "annotate-entry",
        target=At("raise-issue"),
        kind="supplementary",
        text="Mrs Pellow says that her words were: I am a slow woman.",
    ),
    step(
        "2025-04-16",
        "manager",
        "decide-rectification",
        request=The("put right"),
        decision="statement_added",
        entries=[At("annotate-entry")],
        rationale="Nobody wrote it down as she said it; her own words stand beside it now.",
        told_of_complaint="yes",
    ),
    *each(
        "2025-04-17",
        "practitioner",
        "tell-recipient",
        [{"recipient": number} for number in range(1, RECIPIENTS)],
        request=The("put right"),
        method="secure_email",
    ),
    step(
        "2025-04-17",
        "practitioner",
        "tell-recipient",
        request=The("put right"),
        recipient=RECIPIENTS,
        not_told_because="Has sent the copy back, and kept none.",
    ),
]
