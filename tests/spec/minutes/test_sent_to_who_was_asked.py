"""Minutes and whoever was asked and did not come: sending them, or saying why not, is well."""

from __future__ import annotations

from dataclasses import replace

from domain.grid import Attendance, Part
from domain.invitation import ParticipantInvited
from domain.involvement import AdultInvited
from domain.minutes import MinutesWithheld, Recipient
from domain.plan import Action, PlanAgreed, Terms
from domain.sitting import ConferenceHeld
from domain.words import ActionRef, Code, ParticipantRef, PersonRef
from tests.controls import (
    CONFERENCE,
    HEALTH,
    PARTICIPANT,
    PLAN,
    POLICE,
    a_conference,
    a_conference_without_adult,
    a_held_conference,
    a_referral,
    attendance,
    ref,
)
from tests.given import Given, at, given
from tests.spec.minutes.test_circulating import (
    APPROVED,
    COPY,
    DRAFTED,
    MASTER,
    TO_ADULT,
    send,
    sent,
)

RULES = ("R157", "R158", "R164", "R165")
BEYOND = frozenset({"copy_beyond_parts", "part_not_attended", "released_without_authority"})
MISSED = frozenset(
    {
        *("minutes_not_sent", "plan_contributor_without_minutes", "adult_without_minutes"),
        "invited_adult_without_minutes",
    }
)
ASKED = ParticipantInvited(
    conference=CONFERENCE, participant=PARTICIPANT, role=Code("gp"), organisation=HEALTH
)
TO_GP = Recipient(
    participant=PARTICIPANT, role=Code("gp"), organisation=HEALTH, copy=MASTER, source=MASTER
)
# Whoever came has theirs.
CAME = tuple(
    Recipient(role=Code(role), organisation=to, copy=MASTER, source=MASTER)
    for role, to in (("investigating_officer", None), ("police", POLICE))
)
GONE = Attendance(
    participant=PARTICIPANT, role=Code("gp"), organisation=HEALTH, attendance=Code("apology")
)


def whole() -> ConferenceHeld:
    """Give a meeting in one part, to which the GP did not come."""
    return a_held_conference(CONFERENCE, GONE)


def in_parts(*, apart: bool) -> ConferenceHeld:
    """Give a meeting in two parts, the GP in neither, the adult in the second."""
    first = Part(
        number=1,
        reason=Code("criminal_investigation"),
        professionals_only=apart,
        attendances=(*(attendance(one) for one in ("chair", "investigating_officer")), GONE),
    )
    first = replace(first, attendances=(*first.attendances, attendance("police", POLICE)))
    second = replace(whole().parts[0], number=2, reason=Code("with_adult"))
    return replace(whole(), parts=(first, second))


def held(meeting: ConferenceHeld, *asked: object) -> Given:
    """Begin with a meeting, who was asked to it, and its approved minutes."""
    begun = (a_referral(), a_conference(), *(asked or (ASKED,)))
    return given(*begun, at("2026-11-23", meeting), DRAFTED, APPROVED)


def said(history: Given) -> set[Code]:
    """What is said of what was sent to whom, and to whom not."""
    return {one.code for one in history.findings()} & (BEYOND | MISSED)


def test_to_whom_was_asked_they_may_go() -> None:
    """The minutes are owed to who was asked (R157): sent is well, and so is refused; else not."""
    history = held(whole())
    assert said(history.also(sent(TO_ADULT, *CAME))) == {"minutes_not_sent"}
    assert said(history.also(sent(TO_ADULT, *CAME, TO_GP))) == set()
    unnamed = replace(TO_GP, participant=None)
    assert not said(history.also(sent(TO_ADULT, *CAME, unnamed))) & BEYOND
    refused = MinutesWithheld(
        conference=CONFERENCE,
        participant=PARTICIPANT,
        role=Code("gp"),
        reason=Code("third_party"),
    )
    assert said(history.also(refused, sent(TO_ADULT, *CAME))) == set()


def test_to_whom_was_asked_as_a_person_they_may_go_by_that() -> None:
    """A copy to a person is one to the invitation of that person (R157), and to no other."""
    somebody, another = PersonRef(ref(71)), PersonRef(ref(72))
    history = held(whole(), replace(ASKED, person=somebody))
    theirs = replace(TO_GP, participant=None, role=Code("other_health"), person=somebody)
    assert said(history.also(sent(TO_ADULT, *CAME, theirs))) == set()
    missed = said(history.also(sent(TO_ADULT, *CAME, replace(theirs, person=another))))
    assert missed & MISSED == {"minutes_not_sent"}


def test_of_a_part_for_professionals_only_the_chair_decides() -> None:
    """Who was asked and came to no part may have those the adult may, and no other (R165, G5)."""
    apart = held(in_parts(apart=True))
    to_adult = replace(TO_ADULT, copy=COPY, parts=(2,))
    assert said(apart.also(sent(to_adult, *CAME, TO_GP))) == {"copy_beyond_parts"}
    theirs = replace(TO_GP, copy=COPY, parts=(2,))
    assert said(apart.also(sent(to_adult, *CAME, theirs))) == set()
    together = held(in_parts(apart=False))
    assert said(together.also(sent(to_adult, *CAME, TO_GP))) == set()


def test_who_was_asked_to_one_part_may_have_that_part() -> None:
    """An invitation to the second part alone is none to the first (R157, R165)."""
    history = held(in_parts(apart=False), replace(ASKED, parts=(2,)))
    to_adult = replace(TO_ADULT, copy=COPY, parts=(2,))
    assert said(history.also(sent(to_adult, *CAME, TO_GP))) == {"copy_beyond_parts"}
    theirs = replace(TO_GP, copy=COPY, parts=(2,))
    assert said(history.also(sent(to_adult, *CAME, theirs))) == set()


def test_who_was_not_asked_may_not_have_them() -> None:
    """Somebody in no part whom nobody asked has no copy without permission (R157, R165)."""
    history = held(whole())
    stranger = replace(TO_GP, participant=ParticipantRef(ref(56)), role=Code("housing"))
    assert said(history.also(sent(TO_ADULT, *CAME, TO_GP, stranger))) == {"copy_beyond_parts"}


def test_an_agency_with_part_of_the_plan_has_them() -> None:
    """Whoever takes on part of the plan has the minutes, though they did not come (R158)."""
    action = Action(
        action=ActionRef(ref(68)), target=Code("adult"), kind=Code("safety"), owner=HEALTH
    )
    agreed = PlanAgreed(
        plan=PLAN,
        version=1,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=Terms(actions=(action,)),
        review_due=None,
    )
    begun = (a_referral(), a_conference(), at("2026-11-23", a_held_conference()), agreed)
    history = given(*begun, DRAFTED, APPROVED)
    theirs = replace(TO_GP, participant=None)
    assert said(history.also(sent(TO_ADULT, *CAME))) == {"plan_contributor_without_minutes"}
    assert said(history.also(sent(TO_ADULT, *CAME, theirs))) == set()
    assert said(history.also(sent(TO_ADULT, *CAME)).also(sent(theirs))) == set()


def test_an_adult_who_was_asked_may_have_them() -> None:
    """An adult invited who did not come has the minutes or a refusal, and no other part (R157)."""
    invited = AdultInvited(conference=CONFERENCE, method=Code("letter"), supports=())
    history = held(a_conference_without_adult(), invited)
    assert said(history.also(sent(*CAME))) == {"invited_adult_without_minutes"}
    assert said(history.also(sent(*CAME, TO_ADULT))) == set()
    uninvited = given(
        a_referral(), a_conference(), at("2026-11-23", a_conference_without_adult()), DRAFTED
    ).also(APPROVED)
    assert said(uninvited.also(sent(*CAME))) == set()
    assert said(uninvited.also(sent(*CAME, TO_ADULT))) == {"part_not_attended"}
    first = in_parts(apart=True)
    alone = replace(
        first,
        parts=tuple(
            replace(part, attendances=tuple(it for it in part.attendances if it.role != "adult"))
            for part in first.parts
        ),
    )
    apart = held(alone, invited)
    assert said(apart.also(sent(*CAME, TO_ADULT))) == {"part_not_attended"}
    assert said(apart.also(sent(*CAME, replace(TO_ADULT, copy=COPY, parts=(2,))))) == set()
    second = held(alone, replace(invited, parts=(2,)))
    assert said(second.also(sent(*CAME, replace(TO_ADULT, copy=COPY, parts=(2,))))) == set()
    assert history.when(send(TO_ADULT)).events


def test_one_is_told_as_one() -> None:
    """Whoever reads that somebody is without the minutes reads it of one, or of several (R157)."""

    def told(history: Given, code: str) -> list[str]:
        return [one.words for one in history.findings() if one.code == code]

    one = held(whole()).also(sent(TO_ADULT, *CAME))
    (words,) = told(one, "minutes_not_sent")
    told_of = "Of those invited or present, one has neither the minutes nor a refusal: "
    assert words == f"{told_of}GP (health-board)."
    several = held(whole()).also(sent(TO_ADULT))
    (words,) = told(several, "minutes_not_sent")
    assert " have neither the minutes nor a refusal: " in words
