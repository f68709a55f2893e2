"""Who holds something of a case: read from every event that gave somebody something (L6).

The stages each know their own sendings; a case keeps them in one list here, so that a correction
can reach everybody.
"""

from __future__ import annotations

from typing import Any

from domain.access_request import SubjectAccessRequestAnswered
from domain.disclosing import DisclosureMade
from domain.manifest import Holder
from domain.minutes import MinutesCirculated
from domain.plan_copies import PlanSentToAdult, PlanSentToNominee
from domain.releasing import DecisionsCirculated
from domain.sharing import InformationShared
from domain.stage import Mark, mark
from domain.tabling import ReportShared
from domain.words import Code, Fact, ParticipantRef, PersonRef, Slug

_ADULT = Code("adult")


def given_out(fact: Fact[Any]) -> tuple[Holder, ...]:
    """Who was given something by a fact; nobody, by most."""
    event, at = fact.event, mark(fact)
    match event:
        case MinutesCirculated(recipients=copies):
            return tuple(
                _sent(
                    "minutes",
                    at,
                    one,
                    one.participant,
                    person=one.person,
                    copy=one.copy,
                    source=one.source,
                    draft=one.unapproved_draft,
                )
                for one in copies
            )
        case DecisionsCirculated(recipients=told):
            return tuple(_sent("decisions", at, one, one.participant) for one in told)
        case PlanSentToAdult():
            return (Holder(what=Code("plan"), at=at, role=_ADULT),)
        case PlanSentToNominee(participant=who, person=person):
            return (_sent("plan", at, event, who, person=person),)
        case ReportShared(recipient=one):
            return (_sent("report", at, one, one.participant),)
        case InformationShared(organisation=None, role=None):
            return ()  # told to the meeting: its minutes say the same
        case InformationShared():
            return (_sent("information", at, event, None),)
        case DisclosureMade(organisation=organisation):
            return (_listed("disclosure", at, event, organisation=organisation),)
        case SubjectAccessRequestAnswered(digest=digest, about=about) if digest is not None:
            return (_listed("subject_access", at, event, person=about),)
        case _:
            return ()


def _listed(
    what: str,
    at: Mark,
    event: DisclosureMade | SubjectAccessRequestAnswered,
    *,
    organisation: Slug | None = None,
    person: PersonRef | None = None,
) -> Holder:
    """Whoever was given what a manifest lists; without one, nobody said what."""
    return Holder(
        what=Code(what),
        at=at,
        organisation=organisation,
        person=person,
        copy=event.digest,
        entries=tuple(one.entry for one in event.manifest) or None,
    )


def _sent(what: str, at: Mark, to: Any, participant: ParticipantRef | None, **more: Any) -> Holder:  # noqa: ANN401 — every sending has these fields
    """Whoever a sending went to, by what all sendings say of that."""
    return Holder(
        what=Code(what),
        at=at,
        organisation=to.organisation,
        role=to.role,
        role_other=to.role_other,
        participant=participant,
        **more,
    )
