"""What takes a living adult: it is not asked of the time after their death.

A case is replayed without the adult's own record: it knows of a death by what is told of it here,
and not of which day. Whoever may read that record beside it tells the case what stands there alone
(`died_told`), with its day. Else the kindest reading counts: the adult may have died on the day
after the last thing that shows them alive, and nothing asked of a later day is said. What was asked
by then stays, and `about_adult` says what was overdue before the day of the death.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from domain.finding import Finding
from domain.known import Known
from domain.stage import Mark, mark
from domain.words import ConferenceRef, Fact

# By which entries a death is told, and by which codes of which of their fields.
_TELLING: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "adult-non-attendance-recorded": ("reason", frozenset({"deceased"})),
    "case-closed": ("reason", frozenset({"died"})),
    "conference-cancelled": ("reason", frozenset({"died"})),
    "conference-not-required": ("reason", frozenset({"died"})),
    "plan-ended": ("reason", frozenset({"died"})),
    "plan-not-required": ("reason", frozenset({"died"})),
    "sar-referred": (
        "criteria",
        frozenset(
            {
                "died",
                "died_alleged_homicide",
                "died_harm_or_neglect",
                "died_suicide_or_accident",
            }
        ),
    ),
}
# What is done with the adult, who was alive on that day.
_WITH_THEM: Final = frozenset(
    {
        *("adult-attendance-view-recorded", "adult-declined-attendance", "adult-seen"),
        *("adult-views-obtained", "desired-outcome-expressed", "risk-explained-to-adult"),
    }
)
OF_THE_LIVING: Final = frozenset(
    {
        # Of the enquiry: what they are asked, told and helped with.
        *("adult_not_told_without_reason", "advocacy_access_not_explained"),
        *("advocacy_not_considered", "advocacy_not_explained", "advocacy_referral_missing"),
        *("advocate_not_appointed", "capacity_late", "interim_plan_not_agreed"),
        *("large_scale_adult_not_told", "need_not_assessed", "outcomes_not_asked"),
        *("satisfaction_missing", "satisfaction_not_asked", "services_not_considered"),
        "support_not_considered",
        # Of a conference: that they come, or are heard.
        *("absence_unexplained", "access_not_arranged", "adult_not_invited"),
        *("attendees_not_named", "declined_without_capacity", "family_without_capacity"),
        *("no_part_for_adult", "not_invited_though_safe", "not_invited_unexplained"),
        *("purpose_not_explained", "support_not_arranged", "supporter_not_invited"),
        *("views_by_another", "views_not_obtained", "views_not_presented"),
        *("views_without_capacity", "wish_not_asked"),
        # Of what it decides for them, and of what they are told.
        *("adult_without_minutes", "feedback_not_assigned", "invited_adult_without_minutes"),
        *("no_challenge_contact", "no_safety_action", "order_not_applied_for"),
        *("order_not_carried_out", "orders_not_considered", "plan_not_agreed"),
        *("plan_not_person_centred", "plan_not_sent", "plan_views_not_sought"),
        *("plan_without_adult", "status_not_determined"),
    }
)
_TELLING_THEM: Final = "R169"  # of `feedback_late` and `feedback_overdue`: who was to be told
_FEEDBACK: Final = frozenset({"feedback_late", "feedback_overdue"})
_DOUBTED: Final = frozenset("?~%")  # a time stated with a doubt that its bounds do not have
_MINUTES: Final = frozenset({"adult_without_minutes", "invited_adult_without_minutes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """Where a death is told, and of which meeting: it came before that."""

    at: Mark
    conference: ConferenceRef | None = None


def told_in(fact: Fact[Any]) -> tuple[Death, ...]:
    """Give the death of the adult, where an entry tells of it."""
    field, codes = _TELLING.get(fact.header.name, ("", frozenset[str]()))
    said = getattr(fact.event, field, None) if field else None
    if not codes & set(said if isinstance(said, tuple) else (said,)):
        return ()
    return (Death(at=mark(fact), conference=getattr(fact.event, "conference", None)),)


def seen_in(fact: Fact[Any]) -> tuple[Mark, ...]:
    """Give where an entry shows the adult alive."""
    return (mark(fact),) if fact.header.name in _WITH_THEM else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What a case knows of whether its adult lives: the first day a death is told of, and signs."""

    told: date | None = None
    last_sign: date | None = None

    def owed(self, one: Finding, known: Known) -> bool:
        """Whether what a finding asks was owed to an adult who may not have died by then."""
        feedback = one.code in _FEEDBACK and _TELLING_THEM in one.rules
        if self.told is None or not (feedback or one.code in OF_THE_LIVING):
            return True
        day = _owed_on(one, known)
        return day is not None and self.last_sign is not None and day <= self.last_sign


def life(deaths: tuple[Death, ...], signs: tuple[Mark, ...], known: Known) -> Life:
    """Say when a death was told of first, and when the adult was last shown alive before.

    A meeting that was held shows it, unless it, or something before it, tells of the death.
    """
    elsewhere = (at for at in (known.died_beside, known.died_told) if at is not None)
    every = (*deaths, *(Death(at=at) for at in elsewhere))
    days = [day for one in every for day in _days(one, known)]
    if not days:
        return Life()
    told = min(days)
    marks = (*signs, *(one.held for one in known.sittings.values()))
    alive = [at.first for at in marks if at.first is not None and at.first < told]
    alive += [day for day in (_until(known.died_told),) if day is not None and day < told]
    return Life(told=told, last_sign=max(alive, default=None))


def _until(died: Mark | None) -> date | None:
    """The last day on which somebody certainly lived whose own record tells when they died."""
    if died is None or died.first is None or died.when.text[-1:] in _DOUBTED:
        return None
    return died.first - timedelta(days=1)


def _days(one: Death, known: Known) -> Iterator[date]:
    """Give the days on which somebody knew of the death: told, or of a meeting it came before."""
    met = None if one.conference is None else known.sittings.get(one.conference)
    for at in (one.at, *(() if met is None else (met.held,))):
        day = at.first or at.last
        if day is not None:
            yield day


def _owed_on(one: Finding, known: Known) -> date | None:
    """Give the day on which something was owed: of a copy of minutes, when those were due."""
    if one.code in _MINUTES:
        for ref, sitting in known.sittings.items():
            if str(ref) == one.subject and sitting.minutes_due is not None:
                return sitting.minutes_due.on
    if one.due is not None:
        return one.due
    return None if one.since is None else one.since.first_day
