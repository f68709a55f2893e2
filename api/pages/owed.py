"""What stands open in a case and is due by a day: what the findings will call late, once it passes.

One source: whatever rule will say that a day passed without what was due by it says so of a day far
ahead, too. What is late already and done is said of any day, and is not open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Final

from api.forms import labels
from domain.finding import Finding
from domain.jurisdictions import Jurisdiction
from domain.stage import at_latest
from domain.words import Due, Fact

Judge = Callable[[date], Iterable[Finding]]

_FAR: Final = 100  # years: longer than anything is kept
# How what is due is called, by the finding that would say it is overdue. What none is named for
# here is called by the entry that it hangs on.
_CALLED: Final[Mapping[str, str]] = {
    "accuracy_challenge_open": "answer to a challenge to accuracy",
    "access_overdue": "answer to a request for access",
    "action_overdue": "an action that was agreed",
    "amendment_unanswered": "answer to a request to amend the minutes",
    "audit_remedy_overdue": "what an audit asked for",
    "barring_referral_not_made": "referral to the {barring}",
    "capacity_late": "a record of whether the adult has capacity",
    "caused_enquiry_not_returned": "answer of the body that was caused to enquire",
    "conference_overdue": "{conference}",
    "core_group_overdue": "next {core_group}",
    "decisions_not_circulated": "decisions of a conference, to be circulated",
    "duty_not_decided": "{duty}",
    "enquiry_overdue": "{enquiry}",
    "feedback_overdue": "telling the adult the outcome",
    "information_not_received": "information that was asked for",
    "investigation_without_conference": "{conference}, after the investigation",
    "minutes_overdue": "minutes of a conference",
    "order_end_not_recorded": "end of a protection order",
    "order_not_carried_out": "carrying out of a protection order",
    "plan_review_overdue": "review of the {plan}",
    "rectification_overdue": "decision on a request to put the record right",
    "regulatory_referral_overdue": "referral to a regulator or professional body",
    "report_not_received": "a report that was asked for",
    "report_without_conference": "{conference}, after the {report}",
    "retention_review_overdue": "review of whether the case is still needed",
    "review_decision_late": "decision about a statutory review",
    "review_overdue": "next {review_conference}",
}
# Of these the day is one that somebody set, and stored as no due date.
_BY_A_DAY: Final = frozenset({"action_overdue", "regulatory_referral_overdue"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Something due by a day: how it is called, the day, and the entry it hangs on, if on one."""

    what: str
    due: Due | date
    day: date
    position: int | None
    overdue: bool


def owed(
    judge: Judge, on: date, facts: Iterable[Fact[Any]], nation: Jurisdiction
) -> tuple[Owed, ...]:
    """What is due in a case and not done, the earliest first; `on` is the day it is judged by."""
    far = [one for one in judge(_years_after(on, _FAR)) if _day(one) is not None]
    first = min((day for one in far if (day := _day(one)) is not None), default=None)
    if first is None:
        return ()
    always = {_key(one) for one in judge(first)}
    by_position = {fact.position: fact for fact in facts}
    found = dict[tuple[str, date, str | None, int | None], Owed]()
    for one in far:
        day = _day(one)
        if day is None or _key(one) in always:
            continue
        what = _called(one, by_position, nation)
        found[what, day, one.subject, one.position] = Owed(
            what=what,
            due=_reckoned(one, day, by_position),
            day=day,
            position=one.position,
            overdue=day < on,
        )
    return tuple(sorted(found.values(), key=lambda it: (it.day, it.what)))


def _years_after(day: date, years: int) -> date:
    return day.replace(year=min(day.year + years, date.max.year), day=min(day.day, 28))


def _day(one: Finding) -> date | None:
    """By which day something was due that a finding speaks of; None where it speaks of none."""
    if one.due is not None:
        return one.due
    by_a_day = str(one.code) in _BY_A_DAY and one.since is not None
    return one.since.last_day if by_a_day and one.since is not None else None


def _key(one: Finding) -> tuple[object, ...]:
    return (one.code, one.position, one.subject, one.which, _day(one))


def _called(one: Finding, facts: Mapping[int, Fact[Any]], nation: Jurisdiction) -> str:
    called = _CALLED.get(str(one.code))
    if called is not None:
        return called.format_map(nation.terms)
    fact = None if one.position is None else facts.get(one.position)
    told = "this case" if fact is None else labels.title(fact.header.name, nation)
    return f"what is due by “{told}”"


def _reckoned(one: Finding, day: date, facts: Mapping[int, Fact[Any]]) -> Due | date:
    """The due date as it stands in the record: of the entry it hangs on, else of another."""
    own = None if one.position is None else facts.get(one.position)
    for fact in (*((own,) if own is not None else ()), *facts.values()):
        for due in _dues(fact.event):
            if due.on == day and at_latest(due) == one.at_latest:
                return due
    return day


def _dues(value: object) -> Iterator[Due]:
    """Every due date in an event."""
    if isinstance(value, Due):
        yield value
    elif isinstance(value, tuple):
        for member in value:
            yield from _dues(member)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _dues(getattr(value, one.name))
