"""An authority's own policy, as it is adopted in the authority's own stream, version after version.

It stands beside the opening of the record, since it is neither of a case nor of a person. What each
version asks, and which of them holds on a day, is said in `policy`; who reckons by it, in `stage`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

from domain.jurisdictions import COUNTED_BACK, Jurisdiction, Limit, jurisdictions
from domain.policy import Policy, check, posts
from domain.refusal import Refused
from domain.stage import Context, check_codes, check_happened, recorded
from domain.words import Code, Fact, Forgotten, Passage, Personal, Slug, listed

_FORGOTTEN: Final = "[forgotten]"
_PLANNED: Final = "the day the conference is planned for, and back"

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLimit:
    """A time limit of the authority's own: how long, in what unit, and where its policy says so.

    What it is counted from is the procedure's, and not the authority's to change.
    """

    name: Code = listed("time_limit")
    amount: int
    unit: Code = listed("time_unit")
    cite: Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDay:
    """A day the office is shut besides the public holidays, and why."""

    day: date
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAdopted:
    """An authority adopted a policy, the whole of it, for every day from `effective` on (G14, G16).

    It supersedes what was adopted before from that day. What it leaves out is the nation's, also
    where an earlier policy said something of it. `document` is what the local policy is called,
    `chair_roles` in which posts somebody may chair (R17); `chair_roles_other` those on no list.
    """

    version: Slug
    effective: date
    document: Passage | None = None
    limits: tuple[OwnLimit, ...] = ()
    closed: tuple[ClosedDay, ...] = ()
    worked: tuple[date, ...] = ()
    repeat_referrals: int | None = None
    repeat_window_months: int | None = None
    chair_roles: tuple[Code, ...] = listed("chair_role", default=())
    chair_roles_other: Passage | None = None


Event: TypeAlias = PolicyAdopted

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What an authority adopted so far, in order; `version` is that of its stream."""

    policies: tuple[Policy, ...] = ()
    version: int = 0


State: TypeAlias = Adopted
initial: Final = Adopted()


def evolve(state: Adopted, fact: Fact[Any]) -> Adopted:
    """Remember one fact of the authority's stream; its opening says nothing of policies."""
    more = (policy_of(fact.event, fact.position),) if isinstance(fact.event, PolicyAdopted) else ()
    return Adopted(policies=(*state.policies, *more), version=fact.version)


def replay(facts: Iterable[Fact[Any]]) -> Adopted:
    """What was adopted by these facts of the authority's stream."""
    state = initial
    for fact in facts:
        state = evolve(state, fact)
    return state


def policy_of(told: PolicyAdopted | AdoptPolicy, position: int = 0) -> Policy:
    """Give the policy that an event or a command tells, as it is reckoned by."""
    return Policy(
        version=told.version,
        effective=told.effective,
        limits={one.name: _limit(one) for one in told.limits},
        closed={one.day: _said(one.reason) or "the office is closed" for one in told.closed},
        worked=frozenset(told.worked),
        document=_said(told.document),
        repeat_referrals=told.repeat_referrals,
        repeat_window_months=told.repeat_window_months,
        chair_roles=told.chair_roles,
        chair_posts=_posts(told.chair_roles_other),
        adopted=position,
    )


def _limit(one: OwnLimit) -> Limit:
    """A limit with what it is counted from, which the nations that have one say."""
    nations: Iterable[Jurisdiction] = jurisdictions().values()
    known = [nation.limits[one.name] for nation in nations if one.name in nation.limits]
    counted_from = _PLANNED if one.name in COUNTED_BACK else "the day its class says"
    counted_from = known[0].counted_from if known else counted_from
    return Limit(
        amount=one.amount, unit=one.unit, counted_from=counted_from, cite=_said(one.cite) or ""
    )


def _posts(passage: Passage | None) -> frozenset[str] | None:
    """The posts on no list in which somebody may chair; None where it was forgotten which."""
    if isinstance(passage, Forgotten):
        return None
    return frozenset() if passage is None else posts(passage.text)


def _said(passage: Passage | None) -> str | None:
    if passage is None:
        return None
    return passage.text if isinstance(passage, Personal) else _FORGOTTEN


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptPolicy:
    """Adopt a policy of the authority's own, the whole of it, from a day on."""

    version: Slug
    effective: date
    document: Passage | None = None
    limits: tuple[OwnLimit, ...] = ()
    closed: tuple[ClosedDay, ...] = ()
    worked: tuple[date, ...] = ()
    repeat_referrals: int | None = None
    repeat_window_months: int | None = None
    chair_roles: tuple[Code, ...] = listed("chair_role", default=())
    chair_roles_other: Passage | None = None


Command: TypeAlias = AdoptPolicy


def decide(command: Command, state: Adopted, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    A limit shorter or longer than the nation's is neither refused nor changed, and a policy may be
    adopted after its day: what was reckoned before stays as it was.

    Raises:
        Refused: a code is not in its list (I11); there is a policy of that version (I1); a limit
            or a day stands twice, or cannot be reckoned with (`policy.check`).
    """
    check_happened(context, command)
    check_adoptable(command, state, context.jurisdiction)
    return (recorded(PolicyAdopted, command),)


def check_adoptable(command: AdoptPolicy, state: Adopted, nation: Jurisdiction) -> None:
    """Hold a policy to what can be reckoned by. Raises Refused, as `decide` says."""
    check_codes(command, nation)
    if command.version in {one.version for one in state.policies}:
        words = "There is a policy of that version: a due date could not say which of them it was."
        raise Refused("policy_exists", "I1", words, field="version")
    _refuse_twice("limits", (one.name for one in command.limits))
    _refuse_twice("closed", (one.day for one in command.closed))
    _refuse_twice("worked", command.worked)
    _refuse_twice("chair_roles", command.chair_roles)
    check(policy_of(command))


def _refuse_twice(field: str, told: Iterable[object]) -> None:
    """Of two limits of one name, or two entries of one day, nobody could say which holds."""
    twice = [one for one, times in Counter(told).items() if times > 1]
    if twice:
        words = "The same stands here twice: leave one of them out."
        raise Refused("told_twice", "I11", words, field=f"{field}.{twice[0]}")
