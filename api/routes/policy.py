"""By what an authority is judged: its own policy over the nation's, as known and as in force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.clocks import Clocks
from api.forms import labels
from api.office import Office
from api.routes.door import PROBLEM, ActorOf, OfficeOf, StandingOf, etag
from domain.jurisdictions import Jurisdiction, Limit
from domain.policy import Policy, differences, in_force, laid_over
from domain.stage import OTHER

router: Final = APIRouter(prefix="/v1/policy", tags=["views"], responses=PROBLEM)


@router.get("", operation_id="policy")
def policy(office: OfficeOf, _actor: ActorOf, standing: StandingOf) -> Response:
    """The time limits and days in force `on` a day, of what was adopted by `as_at`.

    `policy` is the version that due dates and findings name. Of each limit `whose` says where it
    comes from: the nation's default, the authority's own (`local`), with how it differs from that
    default (`shorter`, `longer`, `not_comparable`, `added`, `same`), or a law's. `policies` are all
    that were adopted, the last in force of each day holding. Nothing here is about anybody, so
    looking leaves no trace. Send the version as If-Match to adopt another (`adopt-policy`).
    """
    body = told(office, standing)
    return JSONResponse(body, headers=etag(body["version"]))


def told(office: Office, clocks: Clocks) -> dict[str, Any]:
    """The same as JSON, for every door."""
    adopted, nation = office.policies.adopted(clocks.as_at), office.jurisdiction
    held = in_force(adopted.policies, clocks.on)
    law = laid_over(nation, held)
    return {
        "as_at": clocks.asked_at,
        "on": clocks.on.isoformat(),
        "version": adopted.version,
        "policy": law.policy,
        "nation": nation.policy,
        "in_force": None if held is None else _adopted(held),
        "limits": list(_limits(nation, held)),
        "repeat_referrals": law.repeat_referrals,
        "repeat_window_months": law.repeat_window_months,
        "chair_roles": _chairs(law, held),
        "days": list(_days(office, held)),
        "policies": [_adopted(one) for one in adopted.policies],
    }


def _chairs(law: Jurisdiction, held: Policy | None) -> dict[str, Any]:
    """In which posts somebody may chair, in words, and who says so (R17)."""
    own = held is not None and bool(held.chair_roles)
    roles = {str(one): law.label("chair_role", one) for one in law.chair_roles}
    if own and OTHER in roles:
        roles[OTHER] = "; ".join(sorted(law.chair_posts or ())) or roles[OTHER]
    return {
        "roles": roles,
        "whose": "local" if own else "nation",
    }


def _adopted(one: Policy) -> dict[str, Any]:
    """A policy that was adopted, with the position of its entry."""
    return {
        "version": one.version,
        "effective": one.effective.isoformat(),
        "document": one.document,
        "position": one.adopted,
    }


def _limits(nation: Jurisdiction, held: Policy | None) -> Iterator[dict[str, Any]]:
    """Every limit of that day, in the order in which they are listed; those of a law last."""
    law = laid_over(nation, held)
    kinds = {} if held is None else {one.limit: one.kind for one in differences(nation, held)}
    own, may_set = {} if held is None else held.limits, nation.lists["time_limit"]
    for name in (*may_set, *sorted(law.limits.keys() - may_set.keys())):
        if name not in law.limits:
            continue
        default = nation.limits.get(name)
        yield {
            "name": name,
            "label": may_set.get(name) or labels.code("limit", name, nation),
            **limit(law.limits[name]),
            "whose": "local" if name in own else "nation" if name in may_set else "law",
            "differs": kinds.get(name, "same") if name in own else None,
            "nation": None if default is None or name not in own else limit(default),
        }


def limit(one: Limit) -> dict[str, Any]:
    """How long, from when, and who says so."""
    return {
        "amount": one.amount,
        "unit": str(one.unit),
        "counted_from": one.counted_from,
        "cite": one.cite,
    }


def _days(office: Office, held: Policy | None) -> Iterator[dict[str, Any]]:
    """The days that are otherwise than the nation's, in order, and who says so."""
    policies = office.policies
    closed, worked = ({}, frozenset()) if held is None else (held.closed, held.worked)
    for day in sorted({*closed, *worked, *policies.closed, *policies.worked}):
        own = day in closed or day in worked
        shut = day in closed if own else day in policies.closed
        why = (closed if own else policies.closed).get(day)
        whose = "policy" if own else "setting"
        yield {"day": day.isoformat(), "closed": shut, "reason": why, "whose": whose}
