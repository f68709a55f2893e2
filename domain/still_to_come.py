"""What a meeting has not done yet: it is not asked of one that is to go on on a later day.

A conference may meet in parts on several days (R29). What the record does not show of it is missing
once that part was held, or its day has passed without it; until then it may come. What
the adult is asked to waits for a part that is open to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from domain.facets import Laid, Sat
from domain.finding import Finding
from domain.known import Known
from domain.stage import Mark
from domain.when import When
from domain.words import ConferenceRef

Told = Mapping[ConferenceRef, Mapping[int, Mark]]

# What the meeting would hear, find or decide, or who would come to it.
_OF_THE_MEETING: Final = frozenset(
    {
        *("agenda_incomplete", "allegation_not_found_on", "carer_not_considered"),
        *("employer_feedback_not_decided", "feedback_not_assigned", "fewer_than_two_agencies"),
        *("further_action_not_considered", "further_not_decided", "legal_advice_not_considered"),
        *("need_not_assessed", "no_plan_decision", "no_plan_since_brought", "officer_absent"),
        *("orders_not_considered", "pach_feedback_not_decided", "pach_not_decided"),
        *("participation_not_recorded", "plan_not_monitored", "plan_not_reviewed"),
        *("position_not_recorded", "previous_minutes_not_considered", "report_not_considered"),
        *("risk_not_assessed", "services_not_considered", "status_not_determined"),
        "views_not_presented",
    }
)
# That the adult comes to it: to a part that is open to them.
_OF_THE_ADULT: Final = frozenset(
    {"absence_unexplained", "no_challenge_contact", "no_part_for_adult"}
)


def waited_for(parts: Iterable[When], held: Mark, closed: Mark | None) -> When | None:
    """Until when a meeting was to go on after the day it was held; None where it was not to.

    `parts` are those planned and not held, by when they were to begin. Nobody waits for a part once
    the case is closed.
    """
    later = [one for one in parts if _follows(one, held)]
    if not later:
        return None
    last = max(later, key=lambda one: one.last_day or date.min)
    if closed is not None and closed.position > held.position:
        over = closed.when.last_day
        if over is None or (last.last_day is not None and over <= last.last_day):
            return closed.when
    return last


def _follows(start: When, held: Mark) -> bool:
    """Whether a part was to begin on a later day than the meeting was held."""
    return start.last_day is not None and held.last is not None and start.last_day > held.last


def still_ahead(until: When, on: date, closed: Mark | None) -> bool:
    """Whether what was waited for may still come by a day."""
    return closed is None and until.last_day is not None and until.last_day >= on


def missing(one: Finding, known: Known, told: Told, on: date) -> Finding | None:
    """A finding of what a meeting lacks, since when it does; None while that may still come.

    `told` has where each part of a meeting is recorded as held.
    """
    if one.code not in _OF_THE_MEETING | _OF_THE_ADULT:
        return one
    for ref, sitting in known.sittings.items():
        layout = known.layouts.get(ref)
        if sitting.held.position != one.position or layout is None:
            continue
        later = _later(one, sitting, layout)
        ahead = [start for number, start in later.items() if number not in sitting.part_numbers]
        until = waited_for(ahead, sitting.held, known.closed_at)
        if until is not None and still_ahead(until, on, known.closed_at):
            return None
        came = [at for number, at in told.get(ref, {}).items() if number in later]
        went_on = max(came, key=lambda at: at.position, default=None)
        since = until or (None if went_on is None else went_on.when)
        return one if since is None else replace(one, since=None if since.unknown else since)
    return one


def _later(one: Finding, sitting: Sat, layout: Laid) -> dict[int, When]:
    """When the parts of a later day are to begin that may bring what a finding asks for."""
    shut = layout.closed_parts if one.code in _OF_THE_ADULT else frozenset[int]()
    return {
        number: start
        for number, start in layout.starts.items()
        if number not in shut and _follows(start, sitting.held)
    }
