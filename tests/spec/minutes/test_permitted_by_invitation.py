"""Two people of one role and no agency: what is permitted to one lets the other have nothing."""

from __future__ import annotations

from dataclasses import replace

from domain.invitation import ParticipantInvited
from domain.minutes import MinutesCirculated
from domain.plan_copies import PlanSentToNominee, ReleasePermitted, SendPlanToNominee
from domain.words import Code, ParticipantRef
from tests.controls import CONFERENCE, PACH, SISTER, ref, words
from tests.given import Given
from tests.spec.minutes.test_circulating import APPROVED, DRAFTED, TO_GP, held, send
from tests.spec.minutes.test_telling_people import AGREED

RULES = ("R162", "R167")

HERS, HIS = ParticipantRef(ref(71)), ParticipantRef(ref(72))
INVITED = ParticipantInvited(
    conference=CONFERENCE, participant=HERS, role=Code("family"), person=SISTER
)
HIM = replace(INVITED, participant=HIS, person=PACH)
UNKNOWN = replace(INVITED, participant=HIS, person=None, name=words("A cousin"))
PERMITTED = ReleasePermitted(
    what=Code("minutes"), person=SISTER, role=Code("family"), basis=Code("adults_permission")
)
TO_HER = replace(TO_GP, participant=HERS, role=Code("family"), organisation=None)
TO_HIM = replace(TO_HER, participant=HIS)


def asked(other: ParticipantInvited, permission: ReleasePermitted = PERMITTED) -> Given:
    """Give minutes of a meeting to which both were asked, and the permission behind them."""
    return held(INVITED, other, DRAFTED, APPROVED, permission)


def test_a_permission_for_a_person_is_for_their_invitation() -> None:
    """Whoever is sent it as they were invited is the person the permission names (I8, R162)."""
    history = asked(HIM)
    by = history.case.version
    history.when(send(replace(TO_HER, authority=by))).then_recorded(MinutesCirculated)
    sent = history.when(send(replace(TO_HER, authority=by), outside=True))
    sent.then_no_finding("released_without_authority")


def test_it_is_not_for_another_invitation_of_the_same_role() -> None:
    """Another relative, known or called by name alone, has nothing by it (I8, R162)."""
    for other in (HIM, UNKNOWN):
        history = asked(other)
        by = history.case.version
        history.when(send(replace(TO_HIM, authority=by))).then_refused("I8")
        sent = history.when(send(replace(TO_HIM, authority=by), outside=True))
        sent.then_finding("released_without_authority", severity="high")


def test_a_permission_that_names_nobody_is_for_the_role() -> None:
    """Given to a role, it is for whoever comes in it: who is meant alone is named (R162)."""
    history = asked(HIM, replace(PERMITTED, person=None))
    for one in (TO_HER, TO_HIM):
        named = replace(one, authority=history.case.version)
        history.when(send(named)).then_recorded(MinutesCirculated)


def test_the_plan_likewise() -> None:
    """A plan sent to somebody as they were invited goes by the permission for them (R162)."""
    permission = replace(PERMITTED, what=Code("plan"))
    history = held(INVITED, HIM, AGREED, permission)
    send_plan = SendPlanToNominee(
        plan=AGREED.plan,
        participant=HERS,
        role=Code("family"),
        basis=Code("adults_permission"),
        authority=history.case.version,
    )
    history.when(send_plan).then_recorded(PlanSentToNominee)
    history.when(replace(send_plan, participant=HIS)).then_refused("I8")
