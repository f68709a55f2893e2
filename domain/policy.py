"""An authority's own policy over the nation's default, version after version.

A policy is never edited: a later one supersedes it from its own effective day. Which one holds is
asked of a day, and of the policies known then, so that what was judged by one stays judged by it.
What a policy asks may be shorter than the nation's default or longer: both hold, and
`differences` says which, since local practice is recorded and flagged rather than refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from domain.calendar import Calendar
from domain.jurisdictions import Jurisdiction, Limit
from domain.refusal import Refused
from domain.words import Due, Slug

# The least and the most days one of a unit can be: working days have at most weekends between.
_DAYS: Final[Mapping[str, tuple[float, float]]] = {
    "hours": (1 / 24, 1 / 24),
    "calendar_days": (1, 1),
    "working_days": (1, 7),
    "weeks": (7, 7),
    "months": (28, 31),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What an authority decided for itself, from `effective` on, both days of the calendar.

    `limits` lays time limits over the nation's by name, each citing the local document. `closed`
    are days its office is shut besides the nation's holidays, with the reason; `worked` are public
    holidays it works. A count or window of repeat referrals that is None is the nation's (G16).
    """

    version: Slug
    effective: date
    limits: Mapping[str, Limit] = field(default_factory=dict)
    closed: Mapping[date, str] = field(default_factory=dict)
    worked: frozenset[date] = frozenset()
    repeat_referrals: int | None = None
    repeat_window_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where a policy departs from the nation's default: `shorter`, `longer` or `not_comparable`.

    `not_comparable` are units of which neither is certainly the longer (a month, twenty working
    days); `added` is a limit the nation does not have.
    """

    limit: str
    kind: str
    nation: Limit | None
    local: Limit


def in_force(known: Iterable[Policy], day: date) -> Policy | None:
    """Which policy holds on a day, of those known, in the order they were adopted.

    None before the first. Of two effective on one day the one adopted later holds.
    """
    held: Policy | None = None
    for one in known:
        if one.effective <= day and (held is None or one.effective >= held.effective):
            held = one
    return held


def laid_over(nation: Jurisdiction, policy: Policy | None) -> Jurisdiction:
    """Lay a policy over a nation's value: the law stays, the limits it names are its own.

    `policy` of the result names both versions, so that whatever is judged by it says so.
    """
    if policy is None:
        return nation
    return replace(
        nation,
        policy=f"{nation.policy}/{policy.version}",
        limits={**nation.limits, **policy.limits},
        repeat_referrals=_own(policy.repeat_referrals, nation.repeat_referrals),
        repeat_window_months=_own(policy.repeat_window_months, nation.repeat_window_months),
    )


def check(policy: Policy) -> None:
    """Refuse what cannot be reckoned with; a short or a long limit is neither.

    Raises:
        Refused: `no_such_limit` for an amount below one or an unknown unit, `no_such_day` for a
            day that is both closed and worked; each names the field and says what to do.
    """
    for name, limit in policy.limits.items():
        if limit.amount < 1 or limit.unit not in _DAYS:
            units = ", ".join(_DAYS)
            raise Refused(
                "no_such_limit",
                "policy",
                f"A limit is one or more of these units: {units}.",
                field=f"limits.{name}",
            )
        if not limit.cite.strip():
            raise Refused(
                "no_such_limit",
                "policy",
                "A limit has to cite the local document it stands in.",
                field=f"limits.{name}.cite",
            )
    for name, count in (
        ("repeat_referrals", policy.repeat_referrals),
        ("repeat_window_months", policy.repeat_window_months),
    ):
        if count is not None and count < 1:
            raise Refused("no_such_limit", "G16", "This has to be one or more.", field=name)
    if policy.worked.intersection(policy.closed):
        raise Refused(
            "no_such_day",
            "policy",
            "A day is said to be closed and to be worked: leave it out of one of them.",
            field="closed",
        )


def differences(nation: Jurisdiction, policy: Policy) -> Iterator[Difference]:
    """Say where a policy departs from the nation's default, by name of the limit."""
    for name, local in sorted(policy.limits.items()):
        default = nation.limits.get(name)
        kind = "added" if default is None else _compared(local, default)
        if kind != "same":
            yield Difference(limit=name, kind=kind, nation=default, local=local)


class PolicyCalendar:
    """The working days of an authority under its policies (implements `words.WorkingDays`).

    A limit is reckoned by the policy that holds on the day it starts, to its end, also where
    another takes effect in between; the calendar's name in the due date tells which it was.
    """

    def __init__(self, nation: Jurisdiction, known: Sequence[Policy] = ()) -> None:
        """`known` are the policies in the order they were adopted, each under its own version.

        Raises:
            ValueError: two have one version, so that a due date could not say which it was.
        """
        if len({one.version for one in known}) < len(known):
            raise ValueError("two policies have one version")
        self._nation = nation
        self._known = tuple(known)
        self._calendars: dict[Slug | None, Calendar] = {}

    def due(self, rule: str, start: date) -> Due:
        """Reckon the limit `rule` from `start`, by the policy of that day.

        Raises:
            KeyError: neither policy nor nation has such a limit (a programmer's error).
        """
        policy = in_force(self._known, start)
        due = self._of(policy).due(rule, start)
        if policy is None:
            return due
        return replace(due, calendar=Slug(f"{due.calendar}/{policy.version}"))

    def works(self, day: date) -> bool:
        """Whether the authority's office works on that day, by the policy of that day."""
        return self._of(in_force(self._known, day)).works(day)

    def _of(self, policy: Policy | None) -> Calendar:
        key = None if policy is None else policy.version
        if key not in self._calendars:
            law = laid_over(self._nation, policy)
            closed, worked = (policy.closed, policy.worked) if policy else ({}, frozenset[date]())
            self._calendars[key] = Calendar(law, closed=closed, worked=worked)
        return self._calendars[key]


def _own(local: int | None, nation: int | None) -> int | None:
    return nation if local is None else local


def _compared(local: Limit, nation: Limit) -> str:
    """Compare two limits; units that differ only where one is certainly the longer."""
    if local.unit == nation.unit:
        ours, theirs = local.amount, nation.amount
        return "same" if ours == theirs else "shorter" if ours < theirs else "longer"
    if local.unit not in _DAYS or nation.unit not in _DAYS:
        return "not_comparable"
    least, most = (local.amount * one for one in _DAYS[local.unit])
    low, high = (nation.amount * one for one in _DAYS[nation.unit])
    return "shorter" if most < low else "longer" if least > high else "not_comparable"
