"""Of an entry or a time, what is said of it in the minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from api.minutes.left_out import low
from api.pages.words import day as day_in_words
from api.story.saying import agency
from api.story.saying import time as time_in_words
from domain.advice import LegalAdviceObtained
from domain.assessment import CapacityDecisionRecorded
from domain.grid import Part
from domain.invitation import ChairAppointed
from domain.jurisdictions import Jurisdiction
from domain.meeting_times import part_times
from domain.plan import Terms
from domain.sitting import CoreGroupHeld, Sitting
from domain.stage import Mark
from domain.tabling import ReportShared
from domain.when import LONDON, When
from domain.words import Code, Forgotten

_NOT_RECORDED: Final = "not_recorded"


def without(event: Any) -> Any:  # noqa: ANN401 — any event
    """The event without what stands elsewhere in the minutes, or in none."""
    terms = getattr(event, "terms", None)
    if isinstance(terms, Terms):
        due = getattr(event, "review_due", None)
        if due is not None and due.on == terms.review_on:  # the day that the terms have
            event = replace(event, review_due=None)
        return replace(event, terms=replace(terms, actions=()))
    if isinstance(event, LegalAdviceObtained) and event.privileged != "no":
        return replace(event, advice=None)
    if isinstance(event, CapacityDecisionRecorded):  # what was found, and not how
        return replace(event, evidence=None, support=None)
    if isinstance(event, CoreGroupHeld):  # who was there, and what is due, stand elsewhere
        return replace(event, parts=(), minutes_due=None, next_core_group=None, decisions_due=None)
    if isinstance(event, ReportShared):
        return replace(event, permission=None)  # which says it itself, just before
    return event


def chair_again(event: ChairAppointed) -> ChairAppointed:
    """The naming of the chair without what the head of the minutes says of them."""
    return replace(event, role=Code(_NOT_RECORDED), role_other=None, agency=Code(_NOT_RECORDED))


def chair(event: ChairAppointed, name: str, nation: Jurisdiction) -> str:
    """Who led the meeting, in which role, for whom, and of what kind that agency is (R15, R194).

    A kind that is not recorded is not said: whom they came for is.
    """
    unrecorded = event.role == _NOT_RECORDED
    role = "role not recorded" if unrecorded else low(nation.label("chair_role", event.role))
    own = event.role_other  # a post on no list, in words
    if own is not None:
        role = str(own) if isinstance(own, Forgotten) else own.text
    kind = nation.label("chair_agency", event.agency)
    of = "" if event.agency == _NOT_RECORDED else f" ({low(kind)})"
    return f"Chair: {name} ({role}), for {agency(event.organisation)}{of}."


def parts_apart(sitting: Sitting, told: Mapping[int, Mark]) -> Mapping[int, date]:
    """The parts of a meeting that were on another certain day than it, each with that day.

    `told` is where each part is recorded as held.
    """
    own = {number: at for number, at in told.items() if at.position != sitting.held.position}
    days = dict[int, date]()
    for part in sitting.parts:
        times = part_times(part, own.get(part.number))
        if times and times[0].day not in {None, sitting.held.day} and not times[0].uncertain:
            days[part.number] = times[0].day
    return days


def in_parts(parts: Sequence[Part], apart: Mapping[int, date]) -> str:
    """In how many parts a meeting was, and which of them were on another day."""
    days = [f"part {number} on {day_in_words(day)}" for number, day in sorted(apart.items())]
    return "" if len(parts) == 1 else ", ".join([f", in {len(parts)} parts", *days])


def clock(value: When, day: date | None) -> str:
    """A time inside the day of the meeting: its hour alone."""
    moment = value.earliest
    if "T" not in value.text or moment is None or value.uncertain:
        return time_in_words(value)
    local = moment.astimezone(LONDON)
    return f"{local:%H:%M}" if local.date() == day else time_in_words(value)
