"""The decisions of a meeting, where they go to whoever is alleged to have caused harm."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.enquiry import PachIdentified
from domain.feedback import PachFeedbackDecided
from domain.invitation import ParticipantInvited
from domain.plan_copies import ReleasePermitted
from domain.releasing import DecisionsCirculated, Told
from domain.words import Code, ParticipantRef, PersonRef
from tests.controls import (
    ADULT,
    CONFERENCE,
    OFFICER,
    PACH,
    POLICE,
    SISTER,
    a_conference,
    a_held_conference,
    a_referral,
    ref,
)
from tests.given import Given, at, given

RULES = ("R156", "R165", "R166", "R172")

CODE = "decisions_to_pach"
THEIRS = ParticipantRef(ref(56))
IDENTIFIED = PachIdentified(person=PACH, allegations=(), adult_at_risk=Code("not_known"))
INVITED = ParticipantInvited(
    conference=CONFERENCE, participant=THEIRS, role=Code("family"), person=PACH, parts=(2,)
)
TO_THEM = Told(participant=THEIRS, role=Code("family"))
SENT = DecisionsCirculated(conference=CONFERENCE, recipients=(TO_THEM,), due=None)
DECIDED = PachFeedbackDecided(
    conference=CONFERENCE,
    audience=Code("pach"),
    pach=PACH,
    content=Code("outcome"),
    assignee=OFFICER,
)


def met(*more: object, invited: object = INVITED) -> Given:
    """Give a conference held after they were identified and asked to a part, and these."""
    identified, held = at("2026-11-10", IDENTIFIED), at("2026-11-23", a_held_conference())
    return given(a_referral(), identified, a_conference(), invited, held, *more)


def test_decisions_sent_to_them_undecided() -> None:
    """They have all that was decided, and nobody decided what they are to be told (R172, R165)."""
    met(at("2026-11-24", SENT)).then_finding(CODE, severity="high")


@pytest.mark.parametrize("pach", [PACH, None], ids=["named", "the-only-one"])
def test_what_the_meeting_decided_that_they_are_told(pach: PersonRef | None) -> None:
    """A decision of the meeting that they hear its outcome is how it was arranged (R172)."""
    decided = replace(DECIDED, pach=pach)
    met(decided, at("2026-11-24", SENT)).then_no_finding(CODE)
    with_plan = replace(decided, content=Code("outcome_and_plan"))
    met(with_plan, at("2026-11-24", SENT)).then_no_finding(CODE)
    # It was the meeting's, however late somebody wrote it down.
    met(at("2026-11-24", SENT), at("2026-11-25", decided)).then_no_finding(CODE)


@pytest.mark.parametrize("content", ["none", "received_only", "limited"])
def test_a_decision_that_they_hear_less(content: str) -> None:
    """That they hear nothing, or a part of it, is no decision that they have all of it (R165)."""
    met(replace(DECIDED, content=Code(content)), at("2026-11-24", SENT)).then_finding(CODE)


def test_some_decisions_alone() -> None:
    """Where they hear a part, decisions named one by one may be that part, none of them is not."""
    some = replace(SENT, decisions=(4,))
    limited = replace(DECIDED, content=Code("limited"))
    met(limited, at("2026-11-24", some)).then_no_finding(CODE)
    nothing = replace(DECIDED, content=Code("none"))
    met(nothing, at("2026-11-24", some)).then_finding(CODE)


def test_a_decision_about_somebody_else() -> None:
    """What another person, an employer, or another meeting's audience is told says nothing."""
    another = replace(IDENTIFIED, person=SISTER)
    met(another, replace(DECIDED, pach=SISTER), at("2026-11-24", SENT)).then_finding(CODE)
    met(another, replace(DECIDED, pach=None), at("2026-11-24", SENT)).then_finding(CODE)
    employer = replace(DECIDED, audience=Code("employer"))
    met(employer, at("2026-11-24", SENT)).then_finding(CODE)


def test_minutes_permitted_to_them() -> None:
    """Whoever may have the minutes, by a permission that names them, may have what they hold."""
    permitted = ReleasePermitted(
        what=Code("minutes"), person=PACH, role=Code("family"), basis=Code("chairs_permission")
    )
    met(permitted, at("2026-11-24", SENT)).then_no_finding(CODE)
    met(replace(permitted, person=SISTER), at("2026-11-24", SENT)).then_finding(CODE)


def test_decisions_sent_to_others() -> None:
    """To the police, to a relative who is not alleged, and to the adult it is the usual way."""
    police = replace(SENT, recipients=(Told(role=Code("police"), organisation=POLICE),))
    met(at("2026-11-24", police)).then_no_finding(CODE)
    met(at("2026-11-24", SENT), invited=replace(INVITED, person=SISTER)).then_no_finding(CODE)
    met(at("2026-11-24", SENT), invited=replace(INVITED, person=ADULT)).then_no_finding(CODE)


def test_who_was_identified_only_afterwards() -> None:
    """Whoever was identified after they were sent was not known as alleged then (R172)."""
    held, sent = at("2026-11-23", a_held_conference()), at("2026-11-24", SENT)
    later = at("2026-12-10", IDENTIFIED)
    given(a_referral(), a_conference(), INVITED, held, sent, later).then_no_finding(CODE)
