"""An authority's own policy over the nation's default, version after version.

A policy is never edited: a later one supersedes it from its own effective day. Which one holds is
asked of a day, and of the policies known then, so that what was judged by one stays judged by it.
What a policy asks may be shorter than the nation's default or longer: both hold, and
`differences` says which, since local practice is recorded and flagged rather than refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from domain.jurisdictions import Jurisdiction, Limit
from domain.refusal import Refused
from domain.words import Code, Slug

# The least and the most days one of a unit can be: working days have at most weekends between.
_DAYS: Final[Mapping[str, tuple[float, float]]] = {
    "hours": (1 / 24, 1 / 24),
    "calendar_days": (1, 1),
    "working_days": (1, 7),
    "weeks": (7, 7),
    "months": (28, 31),
}
# A limit on how long something lasts, compared when somebody asks, and not reckoned to a day.
SILENCE: Final = "nothing_recorded"
UNENQUIRED: Final = "enquiry_opened"
HELD: Final = "case_held"  # or who leads for the council what others find out
TOLD: Final = "referrer_told"
CLASSED: Final = "class_of_retention"
# Judged as they pass, by no calendar.
LASTING: Final = frozenset({SILENCE, UNENQUIRED, HELD, TOLD, CLASSED})
_LASTING_UNITS: Final = ("calendar_days", "weeks", "months")
_CENTURY: Final = 36525  # days: what is longer no calendar reckons, and nobody waits for


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What an authority decided for itself, from `effective` on, both days of the calendar.

    `limits` lays time limits over the nation's by name, each citing the local document. `closed`
    are days its office is shut besides the nation's holidays, with the reason; `worked` are public
    holidays it works. A count or window of repeat referrals that is None is the nation's (G16), as
    are the posts in which somebody may chair where `chair_roles` names none (R17); with `other`
    they are those of `chair_posts` too, as `posts` gives them.
    `adopted` is the position at which it was recorded: before that nobody knew of it.
    """

    version: Slug
    effective: date
    limits: Mapping[str, Limit] = field(default_factory=dict)
    closed: Mapping[date, str] = field(default_factory=dict)
    worked: frozenset[date] = frozenset()
    repeat_referrals: int | None = None
    repeat_window_months: int | None = None
    chair_roles: tuple[Code, ...] = ()
    chair_posts: frozenset[str] | None = frozenset()
    document: str | None = None  # what the local policy is called
    adopted: int = 0


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


def posts(text: str) -> frozenset[str]:
    """Give the posts a text names, with a semicolon between two, written alike."""
    return frozenset(filter(None, (" ".join(one.split()).casefold() for one in text.split(";"))))


def in_force(known: Iterable[Policy], day: date) -> Policy | None:
    """Which policy holds on a day, of those known, in the order they were adopted.

    None before the first. Of two effective on one day the one adopted later holds.
    """
    held: Policy | None = None
    for one in known:
        if one.effective <= day and (held is None or one.effective >= held.effective):
            held = one
    return held


def known_by(policies: Iterable[Policy], position: int | None) -> tuple[Policy, ...]:
    """Give the policies that were adopted before a position; None: all of them."""
    return tuple(one for one in policies if position is None or one.adopted < position)


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
        chair_roles=policy.chair_roles or nation.chair_roles,
        chair_posts=policy.chair_posts if policy.chair_roles else nation.chair_posts,
    )


def check(policy: Policy) -> None:
    """Refuse what cannot be reckoned with; a short or a long limit is neither.

    Raises:
        Refused: `no_such_limit` for an amount below one, longer than a century, or in an unknown
            unit, `no_such_day` for a day that is both closed and worked; each names the field and
            says what to do.
    """
    for name, limit in policy.limits.items():
        most = limit.amount * _DAYS[limit.unit][1] if limit.unit in _DAYS else _CENTURY + 1
        if limit.amount < 1 or most > _CENTURY:
            units = ", ".join(_DAYS)
            raise Refused(
                "no_such_limit",
                "policy",
                f"A limit is one or more of these units, and no more than a century: {units}.",
                field=f"limits.{name}",
            )
        if name in LASTING and limit.unit not in _LASTING_UNITS:
            units = ", ".join(_LASTING_UNITS)
            raise Refused(
                "no_such_limit",
                "policy",
                f"How long that may last is counted in one of these units: {units}.",
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
        if count is not None and not 1 <= count <= _CENTURY // _DAYS["months"][1]:
            words = "This has to be one or more, and no more than a century has months."
            raise Refused("no_such_limit", "policy", words, field=name)
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
