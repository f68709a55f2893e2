"""Which commands may be recorded, by stage in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.forms.labels import lead, title
from api.routes.commands import BEGINNING
from domain.authority import may
from domain.catalogue import COMMANDS
from domain.jurisdictions import Jurisdiction

HEADINGS: Final[Mapping[str, str]] = {
    "concern": "The concern",
    "duty": "Whether to enquire",
    "allocation": "Who holds the case",
    "enquiry": "The enquiry",
    "assessment": "What was found out with the adult",
    "conference": "A conference called or put off",
    "invitation": "Who leads a conference and who is asked",
    "involvement": "The adult's part, before the meeting",
    "enabling": "What lets the adult come",
    "dividing": "How a conference is laid out",
    "sitting": "The meeting, and who was there",
    "tabling": "Reports before a conference",
    "hearing": "What a conference heard",
    "agenda": "The agenda",
    "determination": "What a conference found",
    "outcome": "What came of it",
    "plan": "The plan",
    "monitoring": "The plan carried out and reviewed",
    "agreement": "What is agreed about the plan",
    "action": "Actions and services, one at a time",
    "advice": "Legal advice, regulators and courts",
    "sharing": "Sharing information",
    "oversight": "The plan between conferences",
    "order": "Protection orders and warrants",
    "minutes": "The minutes",
    "feedback": "Telling people",
    "plan_copies": "Copies of the plan, and who may have what",
    "conclusion": "How the enquiry ends",
    "closure": "The end of the case",
    "correction": "The record itself: corrections, notes, holds, erasure",
    "reference": "What other systems call it",
    "intake": "What is done as a concern comes in",
    "causing": "Enquiries by others, and what runs beside",
    "planning": "Planning the enquiry",
    "contact": "Meeting the adult",
    "information": "Reports between agencies",
    "advocacy": "Advocacy",
    "best_interests": "Best interests",
    "barring": "Referral for barring",
    "learning": "What is to be learnt",
    "provider": "A provider, and those who regulate it",
    "answering": "What the adult raises afterwards",
    "drafting": "Minutes in the making",
    "amending": "Minutes questioned",
    "releasing": "What goes round besides the minutes",
    "closing": "Before the case is closed",
    "reviewing": "A statutory review",
    "auditing": "The case looked at afterwards",
    "rectifying": "Somebody says the record is not right",
    "access_request": "A person asks for their data",
    "disclosing": "Given to a court, the police or a regulator",
    "retaining": "How long the case is kept",
    "excepting": "Access by exception",
    "answered": "Findings answered",
    "joining": "Cases merged and split",
    "linking": "Cases of one enquiry into a service",
    "person": "The person",
    "forward": "A case that another system kept so far",
    "adopting": "The authority's own policy",
    "filing": "The authority's returns",
}


# What begins a case by importing it: asked of a case that has begun, it is always refused.
WITHOUT_FORM: Final = frozenset({"bring-case-forward"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A command that may be recorded: where its form is, what it is called, what it says."""

    at: str
    title: str
    lead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The commands of a stage that somebody may record."""

    id: str
    title: str
    commands: tuple[Listed, ...]


def stage_of(name: str) -> str:
    """The stage a command belongs to."""
    return COMMANDS[name].cls.__module__.rpartition(".")[2]


def groups(
    role: str, kind: str | None, nation: Jurisdiction, *, here: str, query: str
) -> list[Group]:
    """What a role may record of a kind of stream (None: what begins one), in the catalogue's order.

    What the nation's procedure has no step for is left out. `here` is the address that the forms
    stand under, `query` what each link keeps.
    """
    found: dict[str, list[Listed]] = {}
    for name, one in COMMANDS.items():
        begins = name in BEGINNING
        if begins is not (kind is None) or not may(role, name) or not nation.has(name):
            continue
        if (kind is not None and one.stream != kind) or name in WITHOUT_FORM:
            continue
        listed = Listed(
            at=f"{here}/{name}{query and '?'}{query}",
            title=title(name, nation),
            lead=lead(name, nation),
        )
        found.setdefault(stage_of(name), []).append(listed)
    return [
        Group(
            id=stage,
            title=nation.worded(HEADINGS[stage]),
            commands=tuple(commands),
        )
        for stage, commands in found.items()
    ]
